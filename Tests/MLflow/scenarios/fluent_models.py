"""Logged models through the functions that keep an active model, which want the full package."""
import mlflow


def models_of_a_script(client, log):
    mlflow.set_experiment("models")
    with mlflow.start_run(run_name="fluent"):
        model = mlflow.create_external_model(name="elsewhere", params={"a": "1"}, tags={"t": "x"}, model_type="llm")
        log.call("external", mlflow.get_logged_model, model.model_id)
        log.call("active", lambda: mlflow.get_active_model_id())
        log.call("set active", lambda: mlflow.set_active_model(model_id=model.model_id).name)
        mlflow.log_metric("linked", 0.5, step=1, timestamp=5)
        log.call("linked", lambda: [
            [point.key, point.value, point.step] for point in mlflow.get_logged_model(model.model_id).metrics])
        mlflow.clear_active_model()
        initialized = mlflow.initialize_logged_model(name="begun")
        log.call("begun", lambda: initialized.status)
        log.call("finalized", lambda: mlflow.finalize_logged_model(initialized.model_id, "READY").status)
    log.call("tags", mlflow.set_logged_model_tags, model.model_id, {"u": "y"})
    log.call("delete tag", mlflow.delete_logged_model_tag, model.model_id, "t")
    log.call("search", lambda: sorted(
        found.name for found in mlflow.search_logged_models(output_format="list")))
    log.call("last", lambda: mlflow.last_logged_model().name)
