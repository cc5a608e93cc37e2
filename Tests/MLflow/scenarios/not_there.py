"""What MLflow has beside tracking, models and files, and how a client does without."""
import mlflow
from rest import API, API3, REST


def addresses(client, log):
    rest = REST(client.tracking_uri)
    for name, answer in {
            "traces": rest.post(f"{API3}/traces/search", {"locations": [], "max_results": 1}),
            "evaluation data sets": rest.post(f"{API3}/datasets/search", {}),
            "scorers": rest.get(f"{API3}/scorers/list", ("experiment_id", "0")),
            "webhooks": rest.get(f"{API}/webhooks"),
            "GraphQL": rest.post("/graphql", {"query": "{ __typename }"})}.items():
        body = answer["body"]
        log.value(name, {"status": answer["status"], "code": body.get("error_code") if isinstance(body, dict) else ""})


def tracing(client, log):
    """A traced function runs, and the run that it stands in is recorded; the trace is not."""
    mlflow.set_tracking_uri(client.tracking_uri)
    experiment = mlflow.set_experiment("traced").experiment_id

    @mlflow.trace
    def doubled(number):
        return 2 * number

    with mlflow.start_run(run_name="traced") as run:
        log.call("result", doubled, 4)
        mlflow.log_metric("m", 1.0)
    mlflow.flush_trace_async_logging(terminate=True)
    found = client.get_run(run.info.run_id)
    log.value("run", [found.info.status, found.data.metrics])
    log.call("traces", lambda: len(client.search_traces(experiment_ids=[experiment])))
