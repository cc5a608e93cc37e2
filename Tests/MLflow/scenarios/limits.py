"""What is larger than Aviary takes, and next to it what is not."""
from rest import API, REST


def _told(answer):
    body = answer["body"] if isinstance(answer["body"], dict) else {}
    return {"status": answer["status"], "message": body.get("message")}


def lengths(client, log):
    """Texts for which MLflow has no length, or one that its store does not hold to."""
    rest = REST(client.tracking_uri)
    client.create_registered_model("short")
    for length in [500, 501]:
        log.value(f"a model's name of {length}", _told(rest.post(
            f"{API}/registered-models/create", {"name": "n" * length})))
    for length in [2048, 2049]:
        log.value(f"a version's source of {length}", _told(rest.post(
            f"{API}/model-versions/create", {"name": "short", "source": "s3://b/" + "s" * (length - 7)})))
    for length in [256, 257]:
        log.value(f"a user of {length}", _told(rest.post(
            f"{API}/runs/create", {"experiment_id": "0", "user_id": "u" * length})))
    for length in [8000, 8001]:
        log.value(f"a logged model's name of {length}", _told(rest.post(
            f"{API}/logged-models", {"experiment_id": "0", "name": "n" * length})))
    for kind in ["params", "tags"]:
        for length in [255, 256]:
            log.value(f"a key of {length} in a logged model's {kind}", _told(rest.post(f"{API}/logged-models", {
                "experiment_id": "0", kind: [{"key": "k" * length, "value": "v"}]})))
        for length in [1048575, 1048576]:
            log.value(f"a value of {length} in a logged model's {kind}", _told(rest.post(f"{API}/logged-models", {
                "experiment_id": "0", kind: [{"key": "k", "value": "v" * length}]})))


def bodies(client, log):
    rest = REST(client.tracking_uri)
    run = client.create_run("0", 5, run_name="bodies").info.run_id
    for size in [7, 9]:
        log.value(f"a tag of {size} MiB", _told(rest.post(
            f"{API}/runs/set-tag", {"run_id": run, "key": "k", "value": "v" * (size << 20)})))
    for size in [14, 17]:
        log.value(f"a batch of {size} MiB", _told(rest.post(f"{API}/runs/log-batch", {
            "run_id": run, "tags": [{"key": "k", "value": "v" * (size << 20)}]})))


def searches(client, log):
    rest = REST(client.tracking_uri)
    client.create_run("0", 5, run_name="searched")
    for count in [200, 201]:
        log.value(f"{count} comparisons", _told(rest.post(f"{API}/runs/search", {
            "experiment_ids": ["0"], "filter": " AND ".join(f"metrics.m{n} > 1" for n in range(count))})))
    for size in [16384, 16385]:
        log.value(f"a filter of {size} bytes", _told(rest.post(f"{API}/runs/search", {
            "experiment_ids": ["0"], "filter": "tags.t = '" + "v" * (size - 11) + "'"})))
    for depth in [64, 65]:
        log.value(f"{depth} parentheses", _told(rest.post(f"{API}/runs/search", {
            "experiment_ids": ["0"], "filter": "(" * depth + "metrics.m > 1" + ")" * depth})))
    for count in [64, 65]:
        log.value(f"{count} keys to order by", _told(rest.post(f"{API}/runs/search", {
            "experiment_ids": ["0"], "order_by": [f"metrics.m{n}" for n in range(count)]})))


def places(client, log):
    """Where an experiment's files may be, if that is a server."""
    rest = REST(client.tracking_uri)
    for place in ["mlflow-artifacts://host:5000/x", "mlflow-artifacts://host/x", "mlflow-artifacts:///x",
                  "mlflow-artifacts:/x", "http://host:5000/api/2.0/mlflow-artifacts/artifacts/x"]:
        log.value(place, _told(rest.post(f"{API}/experiments/create", {
            "name": place.replace("/", " "), "artifact_location": place})))
