"""scikit-learn as most scripts use it: autologging, a model logged, registered, loaded, asked."""
import os

import mlflow
import numpy as np
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

IRIS = load_iris()
# Where a model's requirements are not given, a process of its own finds them out for many seconds: once is enough.
REQUIREMENTS = ["scikit-learn"]


def _tree(client, run, path=None):
    found = []
    for file in client.list_artifacts(run, path):
        found += _tree(client, run, file.path) if file.is_dir else [file.path]
    return found


def autologging(client, log):
    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog()
    try:
        with mlflow.start_run(run_name="automatic") as active:
            model = LogisticRegression(C=0.5, max_iter=200).fit(IRIS.data, IRIS.target)
            log.value("score", model.score(IRIS.data, IRIS.target))
        mlflow.sklearn.autolog(log_models=False)
        LogisticRegression(max_iter=150).fit(IRIS.data, IRIS.target)
    finally:
        mlflow.sklearn.autolog(disable=True)
    run = client.get_run(active.info.run_id)
    log.value("params", run.data.params)
    log.value("metrics", run.data.metrics)
    log.value("tags", {key: value for key, value in run.data.tags.items() if key != "mlflow.log-model.history"})
    log.value("artifacts", _tree(client, active.info.run_id))
    log.value("data sets", [[entry.dataset.name, entry.dataset.digest, entry.dataset.source_type, entry.dataset.schema,
                             entry.dataset.profile, entry.tags] for entry in run.inputs.dataset_inputs])
    log.value("models", [output.step for output in run.outputs.model_outputs])
    logged = client.get_logged_model(run.outputs.model_outputs[0].model_id)
    _described(log, "logged model", logged)
    log.call("runs", lambda: len(mlflow.search_runs(output_format="list")))
    loaded = mlflow.sklearn.load_model(f"models:/{logged.model_id}")
    log.value("predicts the same", bool((loaded.predict(IRIS.data) == model.predict(IRIS.data)).all()))


def _described(log, label, model):
    log.value(label, {
        "name": model.name, "status": model.status, "model_type": model.model_type, "params": model.params,
        "source_run_id": model.source_run_id, "artifact_location": model.artifact_location, "tags": sorted(model.tags),
        "metrics": sorted([point.key, point.value, str(point.dataset_name)] for point in model.metrics or [])})


def logging_a_model(client, log):
    mlflow.set_experiment("logged")
    model = LogisticRegression(max_iter=200).fit(IRIS.data, IRIS.target)
    with mlflow.start_run(run_name="logged") as active:
        mlflow.log_params({"C": 1.0})
        mlflow.log_metric("before", 0.5, step=1, timestamp=5)
        info = mlflow.sklearn.log_model(
            model, name="iris", signature=infer_signature(IRIS.data, model.predict(IRIS.data)),
            input_example=IRIS.data[:2],
            pip_requirements=REQUIREMENTS, registered_model_name="flowers", params={"depth": 3},
            tags={"kind": "linear"}, metadata={"owner": "Ada"})
        mlflow.log_metric("after", 0.75, step=2, timestamp=6)
    log.value("info", [info.flavors["sklearn"]["serialization_format"], info.registered_model_version, info.model_uri])
    run = client.get_run(active.info.run_id)
    log.value("outputs", [output.step for output in run.outputs.model_outputs])
    log.value("artifacts of the run", _tree(client, active.info.run_id))
    _described(log, "logged model", client.get_logged_model(info.model_id))
    log.value("artifacts of the model", sorted(
        file.path for file in mlflow.artifacts.list_artifacts(f"models:/{info.model_id}")))
    log.call("registered", client.get_registered_model, "flowers")
    log.call("version", client.get_model_version, "flowers", "1")
    log.call("logged tags", lambda: client.get_logged_model(info.model_id).tags["mlflow.modelVersions"])


def registering_and_loading(client, log):
    mlflow.set_experiment("registered")
    expected = None
    with mlflow.start_run(run_name="registered") as active:
        for c in [0.1, 1.0]:
            model = LogisticRegression(C=c, max_iter=200).fit(IRIS.data, IRIS.target)
            info = mlflow.sklearn.log_model(model, name="iris", pip_requirements=REQUIREMENTS)
            expected = model.predict_proba(IRIS.data)
            log.call(f"register {c}", mlflow.register_model, info.model_uri, "loaded", tags={"c": str(c)})
    client.set_registered_model_alias("loaded", "best", "2")
    client.transition_model_version_stage("loaded", "2", "Production")
    run = active.info.run_id
    for uri in [
            "models:/loaded/2", "models:/loaded@best", "models:/loaded/latest",
            "models:/loaded/Production", f"runs:/{run}/iris", info.model_uri]:
        log.call(f"load {uri.replace(run, 'RUN').replace(info.model_id, 'MODEL')} {uri == info.model_uri}",
                 lambda: bool(
            np.allclose(mlflow.sklearn.load_model(uri).predict_proba(IRIS.data), expected)))
    log.call("as a function", lambda: mlflow.pyfunc.load_model("models:/loaded@best").predict(IRIS.data[:5]))
    for uri in ["models:/loaded/9", "models:/loaded@worst", "models:/missing/1", "models:/m-" + "0" * 32,
                f"runs:/{run}/missing"]:
        log.call(f"load {uri.replace(run, 'RUN')}", mlflow.sklearn.load_model, uri)
    log.call("register from the run", lambda: mlflow.register_model(f"runs:/{run}/iris", "from run").version)
    log.call("flavors", lambda: sorted(mlflow.models.get_model_info("models:/loaded/2").flavors))


def saving_and_logging_files(client, log):
    mlflow.set_experiment("saved")
    model = StandardScaler().fit(IRIS.data)
    with mlflow.start_run(run_name="saved") as active:
        mlflow.sklearn.save_model(model, "scaler", pip_requirements=REQUIREMENTS)
        mlflow.log_artifacts("scaler", "scaler")
    log.value("artifacts", _tree(client, active.info.run_id))
    log.call("load", lambda: bool(np.allclose(
        mlflow.sklearn.load_model(f"runs:/{active.info.run_id}/scaler").mean_, model.mean_)))
    log.value("local", sorted(os.listdir("scaler")))


def evaluating(client, log):
    mlflow.set_experiment("evaluated")
    model = LogisticRegression(max_iter=200).fit(IRIS.data, IRIS.target)
    with mlflow.start_run(run_name="evaluated") as active:
        info = mlflow.sklearn.log_model(model, name="iris", pip_requirements=REQUIREMENTS)
        data = mlflow.data.from_numpy(IRIS.data, targets=IRIS.target, name="iris data")
        mlflow.log_input(data, "evaluation", model=None)
        mlflow.log_metrics({"accuracy": model.score(IRIS.data, IRIS.target)}, step=0, timestamp=5, dataset=data,
                           model_id=info.model_id)
    log.call("model's metrics", lambda: [
        [point.key, point.value, point.dataset_name, point.dataset_digest]
        for point in client.get_logged_model(info.model_id).metrics])
    log.call("found by data set", lambda: [found.name for found in mlflow.search_logged_models(
        filter_string="metrics.accuracy > 0.5", datasets=[{"dataset_name": "iris data"}], output_format="list")])
    log.call("run", lambda: client.get_run(active.info.run_id).data.metrics)
