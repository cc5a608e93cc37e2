"""Runs through `MlflowClient`: making, changing, deleting, restoring."""
from mlflow.entities import ViewType
from rest import API, REST

START = 1_700_000_000_000


def creating(client, log):
    experiment = client.create_experiment("creating")
    log.call("with nothing", client.create_run, experiment)
    log.call("with a time", client.create_run, experiment, start_time=START, run_name="timed")
    log.call("with the time 0", client.create_run, experiment, start_time=0, run_name="zero")
    log.call("with a name", client.create_run, experiment, START, {"a": "1", "b": ""}, "named")
    log.call("named by a tag", client.create_run, experiment, START, {"mlflow.runName": "by tag"})
    log.call("named by both", client.create_run, experiment, START, {"mlflow.runName": "same"}, "same")
    log.call("with names that differ", client.create_run, experiment, START, {"mlflow.runName": "A"}, "B")
    log.call("with an empty name", lambda: bool(client.create_run(experiment, START, run_name="").info.run_name))
    log.call("with a user", client.create_run, experiment, START, {"mlflow.user": "ada"}, "users")
    log.call("with a long name", client.create_run, experiment, START, run_name="n" * 1000)
    log.call("with a long tag", lambda: len(client.create_run(
        experiment, START, {"long": "v" * 9000}, "long tag").data.tags["long"]))
    log.call("in no experiment", client.create_run, "4711")
    log.call("in what is no experiment", client.create_run, "abc")


def as_the_wire_has_it(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("wire")
    run = client.create_run(experiment, START, {"b": "2", "a": "1"}, "on the wire").info.run_id
    log.value("running", rest.get(f"{API}/runs/get", ("run_id", run)))
    client.log_metric(run, "loss", 0.5, timestamp=7, step=3)
    client.log_param(run, "rate", "0.1")
    client.set_terminated(run, "FINISHED", end_time=START + 5000)
    log.value("ended", rest.get(f"{API}/runs/get", ("run_id", run)))
    log.value("by its older name", rest.get(f"{API}/runs/get", ("run_uuid", run)))
    log.value("updated", rest.post(f"{API}/runs/update", {"run_id": run, "status": "FAILED", "end_time": START + 9}))
    log.value("updated with nothing", rest.post(f"{API}/runs/update", {"run_id": run}))
    log.value("status as a number", rest.post(f"{API}/runs/update", {"run_id": run, "status": 3}))
    log.value("a status that is none", rest.post(f"{API}/runs/update", {"run_id": run, "status": "EXPLODED"}))
    log.value("made", rest.post(f"{API}/runs/create", {
        "experiment_id": experiment, "user_id": "grace", "start_time": str(START), "run_name": "raw",
        "tags": [{"key": "k", "value": "v"}, {"key": "no value"}]}))
    log.value("made without an experiment", rest.post(f"{API}/runs/create", {"run_name": "nowhere"}))


def changing(client, log):
    experiment = client.create_experiment("changing")
    run = client.create_run(experiment, START, run_name="before").info.run_id
    log.call("rename", client.update_run, run, name="after")
    log.call("renamed", client.get_run, run)
    log.call("status", client.update_run, run, status="SCHEDULED")
    log.call("with the status", lambda: client.get_run(run).info)
    log.call("rename to nothing", client.update_run, run, name="")
    log.call("still named", lambda: client.get_run(run).info.run_name)
    log.call("renamed by a tag", client.set_tag, run, "mlflow.runName", "tagged")
    log.call("named by the tag", lambda: client.get_run(run).info.run_name)
    log.call("delete the tag", client.delete_tag, run, "mlflow.runName")
    log.call("without the tag", client.get_run, run)
    log.call("bad status", client.update_run, run, status="EXPLODED")
    for status in [None, "FAILED", "KILLED", "FINISHED"]:
        log.call(f"terminate as {status}", client.set_terminated, run, status, START + 77)
        log.call(f"terminated as {status}", lambda: client.get_run(run).info)


def deleting_and_restoring(client, log):
    experiment = client.create_experiment("deleting")
    run = client.create_run(experiment, START, run_name="goes").info.run_id
    kept = client.create_run(experiment, START + 1, run_name="stays").info.run_id
    client.log_metric(run, "loss", 1.0, timestamp=5)
    client.log_param(run, "rate", 1)
    log.call("delete", client.delete_run, run)
    log.call("deleted", client.get_run, run)
    log.call("delete again", client.delete_run, run)
    log.call("delete what is not there", client.delete_run, "0123456789abcdef0123456789abcdef")
    for name, write in _writes(client, run).items():
        log.call(f"{name} on a deleted run", write)
    log.call("history of a deleted run", client.get_metric_history, run, "loss")
    for view in ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]:
        log.call(f"view {view}", lambda: [
            found.info.run_name for found in client.search_runs([experiment], run_view_type=getattr(ViewType, view))])
    log.call("restore", client.restore_run, run)
    log.call("restored", client.get_run, run)
    log.call("restore again", client.restore_run, run)
    log.call("restore one that was never deleted", client.restore_run, kept)
    log.call("restore what is not there", client.restore_run, "0123456789abcdef0123456789abcdef")
    for name, write in _writes(client, run).items():
        log.call(f"{name} on a restored run", write)


def _writes(client, run):
    return {
        "metric": lambda: client.log_metric(run, "loss", 0.5, timestamp=6, step=1, synchronous=True),
        "param": lambda: client.log_param(run, "momentum", 0.9, synchronous=True),
        "tag": lambda: client.set_tag(run, "k", "v"),
        "delete tag": lambda: client.delete_tag(run, "k"),
        "batch": lambda: client.log_batch(run, params=[], metrics=[], tags=[]),
        "update": lambda: client.update_run(run, "FINISHED", "other"),
        "terminate": lambda: client.set_terminated(run, "FINISHED", START + 5),
        "text": lambda: client.log_text(run, "text", "note.txt"),
    }


def tags(client, log):
    run = client.create_run(client.create_experiment("tags"), START, run_name="tags").info.run_id
    log.call("set", client.set_tag, run, "k", "v")
    log.call("set again", client.set_tag, run, "k", "w")
    log.call("empty", client.set_tag, run, "empty", "")
    log.call("number", client.set_tag, run, "number", 1.5)
    log.call("unicode", client.set_tag, run, "größe", "数 ☃ \u0000 end")
    log.call("of a model", client.set_tag, run, "mlflow.note.content", "# A note")
    log.call("delete", client.delete_tag, run, "k")
    log.call("delete again", client.delete_tag, run, "k")
    log.call("tags", lambda: client.get_run(run).data.tags)


def parents(client, log):
    experiment = client.create_experiment("parents")
    parent = client.create_run(experiment, START, run_name="parent").info.run_id
    child = client.create_run(experiment, START, {"mlflow.parentRunId": parent}, "child").info.run_id
    orphan = client.create_run(
        experiment, START, {"mlflow.parentRunId": "0123456789abcdef0123456789abcdef"}, "orphan").info.run_id
    log.call("of the child", lambda: client.get_parent_run(child).info.run_name)
    log.call("of the parent", client.get_parent_run, parent)
    log.call("of the orphan", client.get_parent_run, orphan)
    log.call("delete the parent", client.delete_run, parent)
    log.call("the child after that", lambda: client.get_run(child).info.lifecycle_stage)
