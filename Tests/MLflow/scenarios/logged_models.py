"""Logged models: making, changing, tags, params, metrics, deleting."""
import mlflow
from mlflow.entities import LoggedModelParameter, LoggedModelStatus, Metric
from rest import API, REST

START = 1_700_000_000_000
NOBODY = "m-" + "0" * 32


def _run(client, name):
    experiment = client.create_experiment(name)
    return experiment, client.create_run(experiment, START, run_name=name).info.run_id


def creating(client, log):
    experiment, run = _run(client, "creating")
    log.call("bare", client.create_logged_model, experiment)
    log.call("named", client.create_logged_model, experiment, "net")
    log.call("the same name", client.create_logged_model, experiment, "net")
    model = log.call("with everything", client.create_logged_model, experiment, "whole", run,
                     {"color": "red", "empty": ""},
                     {"lr": "0.1", "b": 2}, "agent")
    log.call("got", client.get_logged_model, model.model_id)
    log.call("many params", lambda: client.create_logged_model(
        experiment, "many", params={f"p{number:03}": str(number) for number in range(250)}).params)
    for name in ["", " ", "a/b", "a:b", "a.b", "a%b", 'a"b', "a'b", "größe 数", "a b-c_d", "n" * 500, "n" * 501]:
        log.call(f"name {name[:20]!r} of {len(name)}", client.create_logged_model, experiment, name)
    log.call("in no experiment", client.create_logged_model, "4711", "net")
    log.call("in what is no experiment", client.create_logged_model, "abc", "net")
    log.call("of no run", client.create_logged_model, experiment, "orphan", "0" * 32)
    log.call("long param", client.create_logged_model, experiment, "long", params={"p": "v" * 6001})
    log.call("long param key", client.create_logged_model, experiment, "long key", params={"k" * 251: "v"})
    log.call("long tag", client.create_logged_model, experiment, "long tag", tags={"t": "v" * 8001})
    log.call("bad param key", client.create_logged_model, experiment, "bad param", params={"a#b": "v"})
    log.call("bad tag key", client.create_logged_model, experiment, "bad tag", tags={"a#b": "v"})
    client.delete_experiment(experiment)
    log.call("in a deleted experiment", client.create_logged_model, experiment, "late")


def ending(client, log):
    experiment, _ = _run(client, "ending")
    model = client.create_logged_model(experiment, "net").model_id
    for status in ["READY", "FAILED", LoggedModelStatus.READY, LoggedModelStatus.PENDING]:
        log.call(f"finalize as {status!r}", client.finalize_logged_model, model, status)
    log.call("finalized", client.get_logged_model, model)
    log.call("with a status that is none", client.finalize_logged_model, model, "DONE")
    log.call("one that is not there", client.finalize_logged_model, NOBODY, "READY")
    rest = REST(client.tracking_uri)
    for body in [{"status": "LOGGED_MODEL_READY"}, {"status": 3}, {"status": "X"}, {}, {"status": 99}]:
        log.value(f"patched with {body}", rest.patch(f"{API}/logged-models/{model}", {"model_id": model} | body))


def tags_and_params(client, log):
    experiment, _ = _run(client, "tags")
    rest = REST(client.tracking_uri)
    model = client.create_logged_model(experiment, "net", tags={"a": "1"}, params={"p": "1"}).model_id
    log.call("set", client.set_logged_model_tags, model, {"a": "2", "b": "x", "n": 5})
    log.call("delete", client.delete_logged_model_tag, model, "a")
    log.call("delete again", client.delete_logged_model_tag, model, "a")
    log.call("delete one with a slash", client.delete_logged_model_tag, model, "x/y")
    log.call("set on none", client.set_logged_model_tags, NOBODY, {"a": "1"})
    log.call("delete on none", client.delete_logged_model_tag, NOBODY, "a")
    log.call("set nothing", client.set_logged_model_tags, model, {})
    log.call("set a bad key", client.set_logged_model_tags, model, {"a#b": "1"})
    log.call("set a long value", client.set_logged_model_tags, model, {"long": "v" * 8001})
    for name, params in [
            ("new", {"q": "2", "a": "3"}), ("same", {"p": "1"}), ("changed", {"p": "9"}), ("empty", {"e": ""}),
            ("long", {"long": "v" * 6001})]:
        log.call(f"params {name}", rest.post, f"{API}/logged-models/{model}/params", {
            "model_id": model, "params": [{"key": key, "value": value} for key, value in params.items()]})
    log.call("fluent params", lambda: mlflow.log_model_params({"fluent": 1}, model_id=model))
    log.call("of none", rest.post, f"{API}/logged-models/{NOBODY}/params", {"params": [{"key": "k", "value": "v"}]})
    log.call("model", client.get_logged_model, model)
    log.value("on the wire", rest.get(f"{API}/logged-models/{model}"))


def metrics(client, log):
    experiment, run = _run(client, "metrics")
    model = client.create_logged_model(experiment, "net", run).model_id
    other = client.create_logged_model(experiment, "other", run).model_id
    log.call("one", client.log_metric, run, "acc", 0.5, timestamp=5, step=1, model_id=model, dataset_name="digits",
             dataset_digest="d1")
    log.call("later", client.log_metric, run, "acc", 0.75, timestamp=6, step=2, model_id=model, dataset_name="digits",
             dataset_digest="d1")
    log.call("on other data", client.log_metric, run, "acc", 0.25, timestamp=7, step=2, model_id=model,
             dataset_name="letters", dataset_digest="d2")
    log.call("without data", client.log_metric, run, "loss", 1.5, timestamp=5, step=0, model_id=model)
    log.call("without a model", client.log_metric, run, "plain", 1.0, timestamp=5, step=0)
    log.call("of another model", client.log_metric, run, "acc", 1.0, timestamp=8, step=3, model_id=other)
    log.call("a batch", client.log_batch, run, [
        Metric("batch", 1.0, 5, 0, model_id=model, dataset_name="digits", dataset_digest="d1"),
        Metric("batch", 2.0, 6, 1, model_id=model), Metric("batch", 3.0, 7, 2)])
    log.call("model", lambda: _points(client.get_logged_model(model).metrics))
    log.call("other model", lambda: _points(client.get_logged_model(other).metrics))
    log.call("run", lambda: client.get_run(run).data.metrics)
    for key in ["acc", "loss", "batch"]:
        log.call(f"history of {key}", client.get_metric_history, run, key)
    wire = REST(client.tracking_uri).get(f"{API}/runs/get", ("run_id", run))["body"]["run"]
    log.value("run on the wire", wire.get("data"))
    # The last of this section, as only one of the servers names the id, which takes a number.
    log.call("of no model", client.log_metric, run, "none", 1.0, timestamp=5, step=0, model_id=NOBODY)


def _points(points):
    return sorted(([point.key, point.value, point.timestamp, point.step, str(point.dataset_name),
                    str(point.dataset_digest),
                    point.run_id, point.model_id] for point in points or []), key=lambda point: point[:6])


def outputs(client, log):
    experiment, run = _run(client, "outputs")
    first = client.create_logged_model(experiment, "first", run)
    second = client.create_logged_model(experiment, "second", run)
    log.call("log", client.log_outputs, run, [
        mlflow.entities.LoggedModelOutput(first.model_id, 0), mlflow.entities.LoggedModelOutput(second.model_id, 7)])
    log.call("run", lambda: sorted(
        ([output.model_id == first.model_id, output.step] for output in client.get_run(run).outputs.model_outputs)))
    log.call("input", client.log_inputs, run, None, [mlflow.entities.LoggedModelInput(first.model_id)])
    log.call("inputs", lambda: client.get_run(run).inputs.model_inputs)


def artifacts_of_a_model(client, log):
    experiment, run = _run(client, "artifacts")
    rest = REST(client.tracking_uri)
    model = client.create_logged_model(experiment, "net", run)
    with open("weights.bin", "wb") as file:
        file.write(b"weights")
    log.call("log", client.log_model_artifact, model.model_id, "weights.bin")
    log.call("list", lambda: [[file.path, file.is_dir, file.file_size]
                              for file in client.list_logged_model_artifacts(model.model_id)])
    log.call("list by URI", lambda: [file.path for file in mlflow.artifacts.list_artifacts(
        f"models:/{model.model_id}")])
    log.call("download", lambda: open(mlflow.artifacts.download_artifacts(
        f"models:/{model.model_id}/weights.bin"), "rb").read())
    path = f"{API}/logged-models/{model.model_id}/artifacts/directories"
    log.value("directories", rest.get(path))
    log.value("a directory", rest.get(path, ("artifact_directory_path", "missing")))
    log.value("a path that leads out", rest.get(path, ("artifact_directory_path", "../..")))
    log.value("a file", rest.get(
        f"/ajax-api/2.0/mlflow/logged-models/{model.model_id}/artifacts/files", ("artifact_file_path", "weights.bin")))
    log.value("directories of none", rest.get(f"{API}/logged-models/{NOBODY}/artifacts/directories"))


def deleting(client, log):
    experiment, run = _run(client, "deleting")
    rest = REST(client.tracking_uri)
    model = client.create_logged_model(experiment, "net", run).model_id
    log.call("get none", client.get_logged_model, NOBODY)
    log.call("get what is no id", client.get_logged_model, "net")
    log.call("delete", client.delete_logged_model, model)
    log.call("deleted", client.get_logged_model, model)
    log.value("deleted ones allowed", rest.get(f"{API}/logged-models/{model}", ("allow_deleted", "true")))
    log.call("found", lambda: len(client.search_logged_models([experiment])))
    log.call("delete again", client.delete_logged_model, model)
    log.call("delete none", client.delete_logged_model, NOBODY)
    log.call("finalize", client.finalize_logged_model, model, "READY")
    log.call("tag", client.set_logged_model_tags, model, {"a": "1"})
    log.call("metric", client.log_metric, run, "m", 1.0, timestamp=5, step=0, model_id=model)


def wrong_requests(client, log):
    rest = REST(client.tracking_uri)
    experiment, _ = _run(client, "wrong")
    model = client.create_logged_model(experiment, "net").model_id
    for body in [
            {}, {"experiment_id": 5}, {"experiment_id": experiment, "name": 5},
            {"experiment_id": experiment, "params": "p"},
            {"experiment_id": experiment, "name": ""}, {"experiment_id": experiment, "tags": [{"value": "v"}]},
            {"name": "net"}, {"experiment_id": experiment, "name": "ok", "tags": [{"key": "k", "value": "v"}]}]:
        shown = {key: value for key, value in body.items() if key != "experiment_id" or value == 5}
        log.value(f"create {len(body)} {shown}", rest.post(f"{API}/logged-models", body))
    log.value("tags that are none", rest.patch(f"{API}/logged-models/{model}/tags", {"tags": "t"}))
    log.value("a tag without a key", rest.patch(f"{API}/logged-models/{model}/tags", {"tags": [{"value": "v"}]}))
    log.value("params that are none", rest.post(f"{API}/logged-models/{model}/params", {"params": 5}))
    log.value("101 params", rest.post(f"{API}/logged-models/{model}/params", {
        "params": [{"key": f"k{number}", "value": "v"} for number in range(101)]}))
    log.call("params", lambda: len(client.get_logged_model(model).params))
    log.call("linked params", lambda: client.create_logged_model(
        experiment, "typed", params={LoggedModelParameter("k", "v").key: "v"}).params)
