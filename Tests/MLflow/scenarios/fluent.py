"""The functions that most training scripts call, with the state that they keep for themselves."""
import math

import mlflow


def choosing_an_experiment(client, log):
    log.call("a new name", mlflow.set_experiment, "chosen")
    log.call("the same name", mlflow.set_experiment, "chosen")
    log.call("by id", mlflow.set_experiment, experiment_id="0")
    log.call("an id that is not there", mlflow.set_experiment, experiment_id="4711")
    log.call("by name", mlflow.get_experiment_by_name, "chosen")
    log.call("a name that is not there", mlflow.get_experiment_by_name, "never made")
    gone = mlflow.create_experiment("gone", tags={"kind": "short-lived"})
    log.call("delete", mlflow.delete_experiment, gone)
    log.call("a deleted one", mlflow.set_experiment, "gone")
    log.call("tag", mlflow.set_experiment, "chosen") and log.call("set", mlflow.set_experiment_tag, "owner", "Ada")
    log.call("set several", mlflow.set_experiment_tags, {"stage": "first", "owner": "Grace"})
    log.call("delete tag", mlflow.delete_experiment_tag, "stage")
    log.call("after the tags", mlflow.get_experiment_by_name, "chosen")
    log.call("search", mlflow.search_experiments, order_by=["name"])


def a_whole_run(client, log):
    mlflow.set_experiment("whole")
    with mlflow.start_run(run_name="first", description="what it is", tags={"team": "vision"}) as active:
        run = active.info.run_id
        log.call("started", client.get_run, run)
        _parameters(log)
        _metrics(log)
        _tags(log)
    log.call("ended", client.get_run, run)
    log.call("by mlflow.get_run", mlflow.get_run, run)
    for key in ["loss", "accuracy", "nan", "infinity", "minus infinity", "a/b c.d-e:f", "ключ"]:
        log.call(f"history of {key}", client.get_metric_history, run, key)


def _parameters(log):
    log.call("param", mlflow.log_param, "rate", 0.1)
    log.call("param again", mlflow.log_param, "rate", 0.1)
    log.call("param changed", mlflow.log_param, "rate", 0.2)
    log.call("params", mlflow.log_params, {
        "layers": [16, 32], "bias": True, "none": None, "empty": "", "größe": "naïve 数", "a/b c.d-e:f": "any key",
        "dictionary": {"b": 1}, "quotes": "'single' \"double\" \\ \n newline"})
    log.call("params changed", mlflow.log_params, {"bias": False, "other": 1})


def _metrics(log):
    for step, value in enumerate([2.5, 1.25, 0.625]):
        mlflow.log_metric("loss", value, step=step, timestamp=1_700_000_000_000 + step)
    log.call("metrics", mlflow.log_metrics, {"accuracy": 0.5, "a/b c.d-e:f": 1e-300}, step=3,
             timestamp=1_700_000_000_100)
    log.call("metric without a step", mlflow.log_metric, "accuracy", 1)
    log.call("nan", mlflow.log_metric, "nan", math.nan, step=-1, timestamp=5)
    log.call("infinity", mlflow.log_metric, "infinity", math.inf, step=2**40, timestamp=5)
    log.call("minus infinity", mlflow.log_metric, "minus infinity", -math.inf, timestamp=5)
    log.call("metric of letters", mlflow.log_metric, "ключ", -0.0, timestamp=5)
    log.call("no number", mlflow.log_metric, "loss", "much")


def _tags(log):
    log.call("tag", mlflow.set_tag, "release", "1.0")
    log.call("tag again", mlflow.set_tag, "release", 2)
    log.call("tags", mlflow.set_tags, {"a": "1", "b": None, "mlflow.note.content": "*changed*"})
    log.call("delete tag", mlflow.delete_tag, "a")
    log.call("delete tag again", mlflow.delete_tag, "a")


def runs_within_runs(client, log):
    mlflow.set_experiment("nested")
    with mlflow.start_run(run_name="parent") as parent:
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_metric("depth", 1, timestamp=5)
            with mlflow.start_run(run_name="grandchild", nested=True, parent_run_id=child.info.run_id) as grandchild:
                mlflow.log_metric("depth", 2, timestamp=5)
        log.call("a second that is not nested", mlflow.start_run)
    log.call("parent", client.get_run, parent.info.run_id)
    log.call("child", client.get_run, child.info.run_id)
    log.call("parent of the child", lambda: mlflow.get_parent_run(child.info.run_id).info.run_name)
    log.call("parent of the grandchild", lambda: mlflow.get_parent_run(grandchild.info.run_id).info.run_name)
    log.call("parent of the parent", mlflow.get_parent_run, parent.info.run_id)
    log.call("children", lambda: [run.info.run_name for run in mlflow.search_runs(
        filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", output_format="list")])


def ways_to_end(client, log):
    mlflow.set_experiment("ends")
    for status in ["FINISHED", "FAILED", "KILLED", "SCHEDULED", "RUNNING", "EXPLODED"]:
        run = mlflow.start_run(run_name=status.lower()).info.run_id
        log.call(f"end as {status}", mlflow.end_run, status)
        log.call(f"ended as {status}", lambda: _state(client, run))
        mlflow.end_run()
    try:
        with mlflow.start_run(run_name="raises") as active:
            raise ArithmeticError("on purpose")
    except ArithmeticError:
        log.call("after an exception", lambda: _state(client, active.info.run_id))


def _state(client, run):
    info = client.get_run(run).info
    return {"status": info.status, "ended": info.end_time is not None, "stage": info.lifecycle_stage}


def going_on_with_a_run(client, log):
    mlflow.set_experiment("resumed")
    with mlflow.start_run(run_name="begun") as active:
        run = active.info.run_id
        mlflow.log_metric("loss", 1.0, step=1, timestamp=5)
    with mlflow.start_run(run_id=run, tags={"resumed": "yes"}):
        log.call("running again", lambda: _state(client, run))
        mlflow.log_metric("loss", 0.5, step=2, timestamp=6)
        mlflow.log_param("late", 1)
    log.call("ended again", client.get_run, run)
    log.call("history", client.get_metric_history, run, "loss")
    log.call("one that is not there", mlflow.start_run, run_id="0123456789abcdef0123456789abcdef")
    log.call("delete", mlflow.delete_run, run)
    log.call("a deleted one", mlflow.start_run, run_id=run)


def writing_beside(client, log):
    mlflow.set_experiment("asynchronous")
    with mlflow.start_run(run_name="beside") as active:
        mlflow.log_param("first", 1, synchronous=False).wait()
        mlflow.log_params({"second": 2, "third": 3}, synchronous=False).wait()
        mlflow.log_metric("loss", 1.5, step=1, timestamp=5, synchronous=False).wait()
        mlflow.log_metrics({"loss": 1.0, "accuracy": 0.5}, step=2, timestamp=6, synchronous=False).wait()
        mlflow.set_tag("tag", "value", synchronous=False).wait()
        mlflow.set_tags({"one": "1", "two": "2"}, synchronous=False).wait()
        mlflow.flush_async_logging()
    log.call("written", client.get_run, active.info.run_id)
    log.call("history", client.get_metric_history, active.info.run_id, "loss")


def looking_for_runs(client, log):
    experiment = mlflow.set_experiment("found").experiment_id
    for number in range(4):
        with mlflow.start_run(run_name=f"run {number}", tags={"parity": "odd" if number % 2 else "even"}):
            mlflow.log_metric("score", number, timestamp=5)
            mlflow.log_param("number", number)

    def names(**named):
        found = mlflow.search_runs(output_format="list", **({"order_by": ["attributes.run_name"]} | named))
        return [run.info.run_name for run in found]

    log.call("of the active experiment", names)
    log.call("of an experiment by id", names, experiment_ids=[experiment])
    log.call("of an experiment by name", names, experiment_names=["found"])
    log.call("of all experiments", names, search_all_experiments=True, filter_string="metrics.score >= 2")
    log.call("by metric", names, filter_string="metrics.score > 1", order_by=["metrics.score DESC"])
    log.call("by tag", names, filter_string="tags.parity = 'odd'")
    log.call("two at most", names, max_results=2)
    log.call("a name that is not there", names, experiment_names=["never made"])
    log.call("last active", lambda: mlflow.last_active_run().info.run_name)
