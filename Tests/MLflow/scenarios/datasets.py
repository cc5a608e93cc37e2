"""Data sets that runs name as their inputs, and the models they name as inputs and outputs."""
from mlflow.entities import Dataset, DatasetInput, InputTag
from rest import AJAX, API, REST

START = 1_700_000_000_000


def _input(name, digest, context=None, **parts):
    tags = [InputTag("mlflow.data.context", context)] if context else []
    return DatasetInput(Dataset(name, digest, parts.pop("source_type", "local"), parts.pop("source", "{}"), **parts),
                        tags)


def _inputs(client, run):
    found = client.get_run(run).inputs.dataset_inputs
    return sorted(
        ({"dataset": dict(entry.dataset), "tags": {tag.key: tag.value for tag in entry.tags}} for entry in found),
        key=lambda entry: (entry["dataset"]["name"], entry["dataset"]["digest"]))


def logging(client, log):
    experiment = client.create_experiment("logging")
    run = client.create_run(experiment, START, run_name="inputs").info.run_id
    other = client.create_run(experiment, START, run_name="other").info.run_id
    log.call("one", client.log_inputs, run, [_input(
        "digits", "d1", "train", source_type="http", source='{"url": "http://x"}', schema='{"a": 1}',
        profile='{"rows": 5}')])
    log.call("logged", _inputs, client, run)
    log.call("the same with another context and source", client.log_inputs, run,
             [_input("digits", "d1", "test", source="[]")])
    log.call("as it was", _inputs, client, run)
    log.call("another digest", client.log_inputs, run, [_input("digits", "d2", "test"), _input("letters", "d1")])
    log.call("one twice in a request", client.log_inputs, run,
             [_input("twice", "t", "train"), _input("twice", "t", "test")])
    log.call("nothing", client.log_inputs, run, [])
    log.call("all", _inputs, client, run)
    log.call("in another run", client.log_inputs, other, [_input("digits", "d1", "eval", source="other")])
    log.call("of the other run", _inputs, client, other)
    log.call("several tags", client.log_inputs, other, [DatasetInput(
        Dataset("tagged", "t", "local", "{}"), [InputTag("mlflow.data.context", "x"), InputTag("color", "red")])])
    log.call("with the tags", _inputs, client, other)


def summaries(client, log):
    rest = REST(client.tracking_uri)
    one, two = client.create_experiment("summaries one"), client.create_experiment("summaries two")
    for experiment, inputs in [
            (one, [_input("digits", "d1", "train"), _input("bare", "b")]), (one, [_input("digits", "d1", "train")]),
            (one, [_input("digits", "d1", "test")]), (two, [_input("letters", "l1", "train")])]:
        client.log_inputs(client.create_run(experiment, START).info.run_id, inputs)
    path = f"{AJAX}/experiments/search-datasets"
    for name, ids in [("one", [one]), ("two", [two]), ("both", [one, two]), ("the default", ["0"]),
                      ("missing", ["4711"])]:
        log.call(name, lambda: _summaries(rest.post(path, {"experiment_ids": ids})))
    log.value("none", rest.post(path, {"experiment_ids": []}))
    log.value("nothing", rest.post(path, {}))
    log.value("21", rest.post(path, {"experiment_ids": [str(number) for number in range(21)]}))
    log.value("no list", rest.post(path, {"experiment_ids": "0"}))
    gone = client.search_runs([two])[0].info.run_id
    client.delete_run(gone)
    log.call("of a deleted run", lambda: _summaries(rest.post(path, {"experiment_ids": [two]})))


def _summaries(answer):
    if isinstance(answer["body"], dict) and "dataset_summaries" in answer["body"]:
        answer["body"]["dataset_summaries"].sort(key=lambda entry: [str(entry.get(key)) for key in ["name", "context"]])
    return answer


LENGTHS = [
    ({"name": "n" * 500}, {}), ({"name": "n" * 501}, {}), ({"digest": "d" * 36}, {}), ({"digest": "d" * 37}, {}),
    ({"source_type": "s" * 501}, {}), ({"source": "s" * 65535}, {}), ({"source": "s" * 65536}, {}),
    ({"schema": "s" * 1048575}, {}), ({"schema": "s" * 1048576}, {}), ({"profile": "p" * 16777215}, {}),
    ({"profile": "p" * 16777216}, {}), ({}, {"key": "k" * 255}), ({}, {"key": "k" * 256}), ({}, {"value": "v" * 500}),
    ({}, {"value": "v" * 501}),
]


def lengths(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("lengths")
    for dataset, tag in LENGTHS:
        run = client.create_run(experiment, START, run_name="lengths").info.run_id
        entry = {
            "dataset": {"name": "n", "digest": "d", "source_type": "t", "source": "s"} | dataset,
            "tags": [{"key": "k", "value": "v"} | tag]}
        name = ", ".join(f"{key} of {len(value)}" for key, value in (dataset | tag).items())
        log.value(f"{name} in a {'dataset' if dataset else 'tag'}", rest.post(
            f"{API}/runs/log-inputs", {"run_id": run, "datasets": [entry]}))
        log.value(f"stored, {name} in a {'dataset' if dataset else 'tag'}", len(_inputs(client, run)))


def refusals(client, log):
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("refusals"), START, run_name="refusals").info.run_id
    good = {"name": "n", "digest": "d", "source_type": "t", "source": "s"}
    for field in [*good, "schema"]:
        without = {key: value for key, value in good.items() if key != field}
        log.value(f"without {field}", _posted(rest, run, {"dataset": without}))
        log.value(f"empty {field}", _posted(rest, run, {"dataset": good | {"name": f"empty {field}", field: ""}}))
        log.value(f"{field} a number", _posted(rest, run, {"dataset": good | {field: 5}}))
    log.value("without a data set", _posted(rest, run, {"tags": []}))
    log.value("tag without a key", _posted(rest, run, {"dataset": good, "tags": [{"value": "v"}]}))
    log.value("tag without a value", _posted(rest, run, {"dataset": good, "tags": [{"key": "k"}]}))
    log.value("no list", rest.post(f"{API}/runs/log-inputs", {"run_id": run, "datasets": good}))
    log.value("no run", rest.post(f"{API}/runs/log-inputs", {"datasets": [{"dataset": good}]}))
    for other in ["0" * 32, "../x", "a b", "", "-a"]:
        log.value(f"run {other!r}", _posted(rest, other, {"dataset": good}))
    log.call("stored", _inputs, client, run)
    client.delete_run(run)
    log.value("deleted run", _posted(rest, run, {"dataset": good | {"name": "late"}}))


def _posted(rest, run, entry):
    return rest.post(f"{API}/runs/log-inputs", {"run_id": run, "datasets": [entry]})


def models_in_and_out(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("models")
    run = client.create_run(experiment, START, run_name="models").info.run_id
    model = client.create_logged_model(experiment, "net", run).model_id
    log.value("in", rest.post(f"{API}/runs/log-inputs", {"run_id": run, "models": [{"model_id": model}]}))
    log.value("in again", rest.post(f"{API}/runs/log-inputs", {"run_id": run, "models": [{"model_id": model}]}))
    log.value("out", rest.post(f"{API}/runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": 3}]}))
    log.value("out again",
              rest.post(f"{API}/runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": 4}]}))
    log.call("run", client.get_run, run)
    log.value("on the wire", rest.get(f"{API}/runs/get", ("run_id", run))["body"]["run"])
    log.value("in, one that is not there", rest.post(
        f"{API}/runs/log-inputs", {"run_id": run, "models": [{"model_id": "m-" + "0" * 32}]}))
    log.value("out, one that is not there", rest.post(
        f"{API}/runs/outputs", {"run_id": run, "models": [{"model_id": "m-" + "1" * 32, "step": 1}]}))
    log.value("out, without models", rest.post(f"{API}/runs/outputs", {"run_id": run}))
    log.value("out, without a run", rest.post(f"{API}/runs/outputs", {"models": [{"model_id": model, "step": 1}]}))
    log.value("out, without an id", rest.post(f"{API}/runs/outputs", {"run_id": run, "models": [{"step": 1}]}))
    log.value("out of no run", rest.post(
        f"{API}/runs/outputs", {"run_id": "0" * 32, "models": [{"model_id": model, "step": 1}]}))
