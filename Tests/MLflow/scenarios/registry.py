"""The model registry through the client: models, versions, stages, aliases, tags."""
import mlflow
from rest import API, REST

START = 1_700_000_000_000


def _source(client, name):
    """A run with something like a model in it, and the source that points there."""
    experiment = client.get_experiment_by_name("registry")
    identifier = experiment.experiment_id if experiment else client.create_experiment("registry")
    run = client.create_run(identifier, START, run_name=name).info
    client.log_text(run.run_id, "weights", "model/weights.txt")
    return run.run_id, f"{run.artifact_uri}/model"


def models(client, log):
    log.call("create", client.create_registered_model, "bare")
    log.call("create with everything", client.create_registered_model, "whole", {"a": "1", "b": ""}, "What it is.")
    log.call("get", client.get_registered_model, "whole")
    log.call("create again", client.create_registered_model, "whole")
    log.call("update", client.update_registered_model, "whole", "Something else.")
    log.call("update with nothing", client.update_registered_model, "whole", "")
    log.call("set tag", client.set_registered_model_tag, "whole", "c", "3")
    log.call("set tag again", client.set_registered_model_tag, "whole", "c", 4)
    log.call("delete tag", client.delete_registered_model_tag, "whole", "a")
    log.call("delete tag again", client.delete_registered_model_tag, "whole", "a")
    log.call("after the tags", client.get_registered_model, "whole")
    log.call("rename", client.rename_registered_model, "whole", "renamed")
    log.call("by the old name", client.get_registered_model, "whole")
    log.call("by the new name", client.get_registered_model, "renamed")
    log.call("rename to a taken name", client.rename_registered_model, "renamed", "bare")
    log.call("rename to itself", client.rename_registered_model, "renamed", "renamed")
    log.call("delete", client.delete_registered_model, "renamed")
    log.call("delete again", client.delete_registered_model, "renamed")
    log.call("deleted", client.get_registered_model, "renamed")
    log.call("create with the name of the deleted", client.create_registered_model, "renamed")
    for name in ["größe 数 ☃", " spaces ", "a.b", "a-b_c", "n" * 256]:
        log.call(f"create {name[:20]!r}", client.create_registered_model, name)
        log.call(f"get {name[:20]!r}", lambda: client.get_registered_model(name).name == name)


def versions(client, log):
    run, source = _source(client, "versions")
    client.create_registered_model("net")
    log.call("first", client.create_model_version, "net", source, run)
    log.call("second", client.create_model_version, "net", source, run, {"a": "1"}, "http://link", "What it is.")
    log.call("third, without a run", client.create_model_version, "net", "s3://bucket/model")
    for version in ["1", 2, "3"]:
        log.call(f"get {version}", client.get_model_version, "net", version)
        log.call(f"location of {version}", client.get_model_version_download_uri, "net", version)
    log.call("update", client.update_model_version, "net", "1", "Described.")
    log.call("set tag", client.set_model_version_tag, "net", "1", "k", "v")
    log.call("set tag again", client.set_model_version_tag, "net", "1", "k", 5)
    log.call("delete tag", client.delete_model_version_tag, "net", "2", "a")
    log.call("delete tag again", client.delete_model_version_tag, "net", "2", "a")
    log.call("after the tags", client.get_model_version, "net", "1")
    log.call("model", client.get_registered_model, "net")
    log.call("delete", client.delete_model_version, "net", "3")
    log.call("delete again", client.delete_model_version, "net", "3")
    log.call("deleted", client.get_model_version, "net", "3")
    log.call("location of the deleted", client.get_model_version_download_uri, "net", "3")
    log.call("next after a deleted one", lambda: client.create_model_version("net", source, run).version)
    log.call("rename the model", client.rename_registered_model, "net", "network")
    log.call("version by the new name", client.get_model_version, "network", "1")
    log.call("version by the old name", client.get_model_version, "net", "1")
    log.call("delete the model", client.delete_registered_model, "network")
    log.call("version of the deleted model", client.get_model_version, "network", "1")
    client.create_registered_model("network")
    log.call("first of a model made anew", lambda: client.create_model_version("network", source, run).version)


def stages(client, log):
    run, source = _source(client, "stages")
    client.create_registered_model("staged")
    for _ in range(4):
        client.create_model_version("staged", source, run)
    for version, stage, archive in [
            ("1", "Staging", False), ("2", "staging", False), ("3", "PRODUCTION", False), ("2", "Production", True),
            ("3", "Production", True), ("1", "None", False), ("1", "Archived", False), ("4", "Archived", True),
            ("4", "Retired", False), ("9", "Staging", False), ("4", "", False)]:
        log.call(f"{version} to {stage}, archive {archive}", client.transition_model_version_stage,
                 "staged", version, stage, archive)
        log.call(f"stages after {version} to {stage}, archive {archive}", lambda: {
            version.version: version.current_stage for version in client.search_model_versions("name = 'staged'")})
    for wanted in [None, [], ["Production"], ["production", "None"], ["Staging", "Archived"], ["Retired"]]:
        log.call(f"latest of {wanted}", lambda: sorted(
            [version.current_stage, version.version] for version in client.get_latest_versions("staged", wanted)))
    log.call("latest of no model", client.get_latest_versions, "missing")
    log.call("model", client.get_registered_model, "staged")


def aliases(client, log):
    run, source = _source(client, "aliases")
    client.create_registered_model("aliased")
    for _ in range(3):
        client.create_model_version("aliased", source, run)
    log.call("set", client.set_registered_model_alias, "aliased", "champion", "1")
    log.call("set a second", client.set_registered_model_alias, "aliased", "challenger", 1)
    log.call("by alias", client.get_model_version_by_alias, "aliased", "champion")
    log.call("move", client.set_registered_model_alias, "aliased", "champion", "2")
    log.call("moved", lambda: client.get_model_version_by_alias("aliased", "champion").version)
    for alias in ["latest", "LATEST", "missing", "Champion"]:
        log.call(f"by {alias}", client.get_model_version_by_alias, "aliased", alias)
    log.call("model", client.get_registered_model, "aliased")
    log.call("version", client.get_model_version, "aliased", "1")
    log.call("delete", client.delete_registered_model_alias, "aliased", "challenger")
    log.call("delete again", client.delete_registered_model_alias, "aliased", "challenger")
    log.call("delete the version", client.delete_model_version, "aliased", "2")
    log.call("by the alias of a deleted version", client.get_model_version_by_alias, "aliased", "champion")
    log.call("aliases after that", lambda: client.get_registered_model("aliased").aliases)
    for alias in ["a-b_C9", "a b", "a.b", "a/b", "größe", "", "latest", "Latest", "v1", "V23", "v", "v1a", "1",
                  "n" * 255, "n" * 256]:
        log.call(f"set {alias[:20]!r} of {len(alias)}", client.set_registered_model_alias, "aliased", alias, "1")
    log.call("on a version that is not there", client.set_registered_model_alias, "aliased", "x", "9")
    log.call("on a model that is not there", client.set_registered_model_alias, "missing", "x", "1")
    log.call("delete of a model that is not there", client.delete_registered_model_alias, "missing", "x")
    log.call("aliases at the end", lambda: sorted(client.get_registered_model("aliased").aliases.items()))
    client.create_registered_model("without versions")
    log.call("latest without versions", client.get_model_version_by_alias, "without versions", "latest")


def copies_and_registration(client, log):
    run, source = _source(client, "copies")
    client.create_registered_model("origin")
    first = client.create_model_version("origin", source, run)
    log.call("copy", client.copy_model_version, f"models:/origin/{first.version}", "copy")
    log.call("copy of the copy", client.copy_model_version, "models:/copy/1", "again")
    log.call("location of the copy", client.get_model_version_download_uri, "again", "1")
    client.set_registered_model_alias("origin", "best", "1")
    log.call("copy by alias", client.copy_model_version, "models:/origin@best", "copy")
    log.call("copy of none", client.copy_model_version, "models:/origin/9", "copy")
    log.call("copy of what is no model", client.copy_model_version, source, "copy")
    log.call("register by a URI", mlflow.register_model, source, "registered", tags={"k": "v"})
    log.call("register by a runs URI", mlflow.register_model, f"runs:/{run}/model", "registered")
    log.call("register by a runs URI of nothing", mlflow.register_model, f"runs:/{run}/missing", "registered")
    log.call("register into a bad name", mlflow.register_model, source, "a/b")
    log.call("what is registered", lambda: [
        version.version for version in client.search_model_versions("name = 'registered'",
                                                                    order_by=["version_number"])])
    model = client.create_logged_model(client.get_run(run).info.experiment_id, "logged", run)
    client.finalize_logged_model(model.model_id, "READY")
    log.call("version of a logged model", client.create_model_version, "registered", f"models:/{model.model_id}", run,
             model_id=model.model_id)
    log.call("its location", lambda: client.get_model_version_download_uri(
        "registered", client.get_latest_versions("registered")[0].version) == model.artifact_location)
    log.call("tags of the logged model", lambda: client.get_logged_model(model.model_id).tags)


def on_the_wire(client, log):
    rest = REST(client.tracking_uri)
    run, source = _source(client, "wire")
    name = {"name": "wired"}
    log.value("create", rest.post(f"{API}/registered-models/create", name | {
        "description": "d", "tags": [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}]}))
    log.value("version", rest.post(f"{API}/model-versions/create", name | {
        "source": source, "run_id": run, "tags": [{"key": "k", "value": "v"}]}))
    log.value("alias", rest.post(f"{API}/registered-models/alias", name | {"alias": "best", "version": "1"}))
    log.value("by alias", rest.get(f"{API}/registered-models/alias", ("name", "wired"), ("alias", "best")))
    log.value("model", rest.get(f"{API}/registered-models/get", ("name", "wired")))
    log.value("get version", rest.get(f"{API}/model-versions/get", ("name", "wired"), ("version", "1")))
    log.value("latest by POST", rest.post(f"{API}/registered-models/get-latest-versions", name))
    log.value("latest by GET",
              rest.get(f"{API}/registered-models/get-latest-versions", ("name", "wired"), ("stages", "None")))
    log.value("stage", rest.post(f"{API}/model-versions/transition-stage", name | {
        "version": "1", "stage": "Staging", "archive_existing_versions": False}))
    log.value("update", rest.patch(f"{API}/registered-models/update", name | {"description": "e"}))
    log.value("update version", rest.patch(f"{API}/model-versions/update", name | {"version": "1", "description": "f"}))
    log.value("search", rest.get(f"{API}/registered-models/search", ("filter", "name = 'wired'")))
    log.value("search versions", rest.get(f"{API}/model-versions/search", ("filter", "name = 'wired'")))
    log.value("location", rest.get(f"{API}/model-versions/get-download-uri", ("name", "wired"), ("version", "1")))
    log.value("file of the version", rest.get(
        "/model-versions/get-artifact", ("name", "wired"), ("version", "1"), ("path", "weights.txt")))
    log.value("file that leads out", rest.get(
        "/model-versions/get-artifact", ("name", "wired"), ("version", "1"), ("path", "../weights.txt")))
    log.value("delete the alias", rest.delete(f"{API}/registered-models/alias", name | {"alias": "best"}))
    log.value("delete the version", rest.delete(f"{API}/model-versions/delete", name | {"version": "1"}))
    log.value("delete", rest.delete(f"{API}/registered-models/delete", name))
