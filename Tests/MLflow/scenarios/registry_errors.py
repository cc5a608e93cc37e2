"""What the registry refuses, in which words."""
from rest import API, REST

START = 1_700_000_000_000


def names(client, log):
    for name in ["", " ", "a/b", "a:b", "a\\b", ".", "..", "../x", "n" * 257, "a\nb", "a%b", "a#b", "a?b", "/x", "a\"b",
                 "☃"]:
        log.call(f"create {name[:20]!r}", client.create_registered_model, name)
    client.create_registered_model("fine")
    for name in ["", "a/b", "a:b", "..", "n" * 257]:
        log.call(f"rename to {name[:20]!r}", client.rename_registered_model, "fine", name)
        log.call(f"get {name[:20]!r}", client.get_registered_model, name)


def what_is_not_there(client, log):
    client.create_registered_model("present")
    for name, call in {
            "get": client.get_registered_model, "delete": client.delete_registered_model,
            "latest": client.get_latest_versions}.items():
        log.call(f"model: {name}", call, "absent")
    log.call("model: update", client.update_registered_model, "absent", "d")
    log.call("model: rename", client.rename_registered_model, "absent", "other")
    log.call("model: set tag", client.set_registered_model_tag, "absent", "k", "v")
    log.call("model: delete tag", client.delete_registered_model_tag, "absent", "k")
    log.call("model: by alias", client.get_model_version_by_alias, "absent", "a")
    log.call("model: create version", client.create_model_version, "absent", "s3://bucket/x")
    for name in ["absent", "present"]:
        for version in ["1", "0", "-1", "x", "1.5", "99999999999999999999"]:
            log.call(f"{name} {version}: get", client.get_model_version, name, version)
        log.call(f"{name}: update", client.update_model_version, name, "1", "d")
        log.call(f"{name}: delete", client.delete_model_version, name, "1")
        log.call(f"{name}: set tag", client.set_model_version_tag, name, "1", "k", "v")
        log.call(f"{name}: delete tag", client.delete_model_version_tag, name, "1", "k")
        log.call(f"{name}: location", client.get_model_version_download_uri, name, "1")
        log.call(f"{name}: stage", client.transition_model_version_stage, name, "1", "Staging")


def tags(client, log):
    client.create_registered_model("tagged")
    client.create_model_version("tagged", "s3://bucket/x")
    for key, value in [
            ("k" * 250, "v"), ("k" * 251, "v"), ("k", "v" * 100000), ("k", "v" * 100001), ("", "v"), ("a#b", "v"),
            ("../a", "v"),
            ("empty", ""), ("none", None), ("größe", "数")]:
        shown = f"{key[:8]!r} of {len(key)}, value of {len(value) if value is not None else None}"
        log.call(f"model: {shown}", client.set_registered_model_tag, "tagged", key, value)
        log.call(f"version: {shown}", client.set_model_version_tag, "tagged", "1", key, value)
    log.call("stored",
             lambda: sorted([key[:8], len(value)] for key, value in client.get_registered_model("tagged").tags.items()))
    log.call("stored of the version", lambda: sorted(
        [key[:8], len(value)] for key, value in client.get_model_version("tagged", "1").tags.items()))
    log.call("create with a bad tag", client.create_registered_model, "bad tag", {"a#b": "v"})
    log.call("version with a bad tag", client.create_model_version, "tagged", "s3://bucket/y", tags={"a#b": "v"})
    log.call("version by a stage", client.set_model_version_tag, "tagged", None, "k", "v", "None")


SOURCES = [
    "ROOT/model", "ROOT", "ROOT/", "ROOT/a/../model", "ROOT/../../other", "ROOT/%2e%2e/x", "ROOT/%252e%252e/x",
    "runs:/RUN/model", "runs:/RUN", "runs:/RUN/../x", "runs:/OTHER/model", "runs://host/RUN/model", "models:/origin/1",
    "models:/origin/9", "models:/origin@best", "models:/origin/Production", "models:/MODEL", "models:/m-" + "0" * 32,
    "models://host/origin/1", "models:/", "models:/origin", "mlflow-artifacts:/", "mlflow-artifacts:/0/other",
    "mlflow-artifacts://host/0/x", "s3://bucket/model", "s3://bucket/../model", "s3://bucket/a/../model",
    "gs://bucket/m", "https://host/m", "https://host/../m",
    "http://host/api/2.0/mlflow-artifacts/artifacts/ROOTPATH/model", "dbfs:/m", "dbfs:/../m", "hdfs://host/m",
    "file:///tmp/m", "file:/etc/passwd", "file://host/m", "/tmp/model", "/etc", "relative/model", "./model", "../model",
    "C:\\model", "model", "ftp://host/m", "s3://bucket/%2e%2e/m", "s3://bucket/a%00b", "s3:bucket",
    "s3://bucket/m?x=..", "s3://bucket/m#../x", " ", "",
]


def sources(client, log):
    """Every source without a run, with its run and with another."""
    experiment = client.create_experiment("sources")
    run = client.create_run(experiment, START, run_name="owner").info
    other = client.create_run(experiment, START + 1, run_name="other").info.run_id
    model = client.create_logged_model(experiment, "logged", run.run_id).model_id
    client.create_registered_model("origin")
    client.create_model_version("origin", f"{run.artifact_uri}/model", run.run_id)
    client.set_registered_model_alias("origin", "best", "1")
    client.create_registered_model("target")
    rest = REST(client.tracking_uri)
    for text in SOURCES:
        source = text.replace("ROOTPATH", run.artifact_uri.removeprefix("mlflow-artifacts:/")).replace(
            "ROOT", run.artifact_uri).replace("RUN", run.run_id).replace("OTHER", other).replace("MODEL", model)
        for owner, fields in [
                ("nobody", {}), ("its run", {"run_id": run.run_id}), ("another run", {"run_id": other}),
                ("its model", {"model_id": model}), ("an unknown run", {"run_id": "0" * 32})]:
            answer = rest.post(f"{API}/model-versions/create", {"name": "target", "source": source} | fields)
            log.value(f"{text} of {owner}", _told(answer))


def _told(answer):
    """A refusal as it is; of a version only what follows from its source, as all have the rest."""
    version = answer["body"].get("model_version") if isinstance(answer["body"], dict) else None
    if version is None:
        return answer
    return {key: version.get(key) for key in ["source", "run_id", "model_id", "status"]} | {"status": answer["status"]}


WRONG = [
    ("POST", "registered-models/create", {}), ("POST", "registered-models/create", {"name": 5}),
    ("POST", "registered-models/create", {"name": "a", "tags": "t"}),
    ("POST", "registered-models/create", {"name": None}),
    ("POST", "registered-models/create", {"name": "b", "description": 5}), ("PATCH", "registered-models/update", {}),
    ("POST", "registered-models/rename", {"name": "wrong"}), ("POST", "registered-models/rename", {"new_name": "x"}),
    ("DELETE", "registered-models/delete", {}), ("POST", "registered-models/get-latest-versions", {}),
    ("POST", "registered-models/get-latest-versions", {"name": "wrong", "stages": "None"}),
    ("POST", "registered-models/set-tag", {"name": "wrong"}), ("POST", "registered-models/set-tag", {"key": "k"}),
    ("POST", "registered-models/set-tag", {"name": "wrong", "key": "k", "value": 5}),
    ("POST", "registered-models/set-tag", {"name": "wrong", "key": "no value"}),
    ("DELETE", "registered-models/delete-tag", {"name": "wrong"}),
    ("POST", "registered-models/alias", {"name": "wrong"}),
    ("POST", "registered-models/alias", {"name": "wrong", "alias": "a"}),
    ("POST", "registered-models/alias", {"name": "wrong", "alias": "a", "version": 1}),
    ("DELETE", "registered-models/alias", {"name": "wrong"}), ("POST", "model-versions/create", {"name": "wrong"}),
    ("POST", "model-versions/create", {"source": "s3://b/x"}),
    ("POST", "model-versions/create", {"name": "wrong", "source": 5}),
    ("POST", "model-versions/create", {"name": "wrong", "source": "s3://b/x", "run_id": 5}),
    ("PATCH", "model-versions/update", {"name": "wrong"}), ("DELETE", "model-versions/delete", {"name": "wrong"}),
    ("POST", "model-versions/transition-stage", {"name": "wrong", "version": "1"}),
    ("POST", "model-versions/transition-stage", {"name": "wrong", "version": "1", "stage": "Staging"}),
    ("POST", "model-versions/transition-stage",
     {"name": "wrong", "version": "1", "stage": "Staging", "archive_existing_versions": "yes"}),
    ("POST", "model-versions/set-tag", {"name": "wrong", "version": "1"}),
    ("POST", "model-versions/set-tag", {"name": "wrong", "version": "1", "key": "no value"}),
    ("POST", "model-versions/set-tag", {"name": "wrong", "version": 1, "key": "k", "value": "v"}),
    ("DELETE", "model-versions/delete-tag", {"name": "wrong", "version": "1"}),
]


def wrong_requests(client, log):
    rest = REST(client.tracking_uri)
    client.create_registered_model("wrong")
    client.create_model_version("wrong", "s3://bucket/x")
    for method, path, body in WRONG:
        log.value(f"{method} {path} {body}", rest.post(f"{API}/{path}", body, method))
    for path in ["registered-models/get", "registered-models/alias", "model-versions/get",
                 "model-versions/get-download-uri",
                 "registered-models/alias?name=wrong", "model-versions/get?name=wrong",
                 "registered-models/search?max_results=x",
                 "model-versions/search?max_results=x", "registered-models/search?max_results=-1"]:
        log.value(f"GET {path}", rest.get(f"{API}/{path}"))
