"""Fills a store through a server's MLflow routes with some of everything that the native interface shows."""
import json
import urllib.request


class Seeds:
    """What was made."""

    def __init__(self, base):
        self.base = base
        self.runs, self.models = [], []
        for name in ("vision", "speech"):
            experiment = self.ask("2.0/mlflow/experiments/create", name=name)["experiment_id"]
            for number in range(3):
                self.runs.append(self.run(experiment, number))
            self.models.append(self.logged_model(experiment, self.runs[-1]))
        for name in ("bird", "fish"):
            self.ask("2.0/mlflow/registered-models/create", name=name, tags=[{"key": "team", "value": "a"}])
            for model in self.models:
                self.ask("2.0/mlflow/model-versions/create", name=name, source=f"models:/{model}", model_id=model)
            self.ask("2.0/mlflow/registered-models/alias", name=name, alias="best", version="1")

    def run(self, experiment, number):
        run = self.ask("2.0/mlflow/runs/create", experiment_id=experiment, start_time=1_700_000_000_000 + number)
        run = run["run"]["info"]["run_id"]
        points = [{"key": key, "value": 1 / (step + 1), "step": step, "timestamp": 1_700_000_000_000 + step}
                  for key in ("loss", "train/loss") for step in range(100)]
        points.append({"key": "gone", "value": "NaN", "step": 0, "timestamp": 1_700_000_000_000})
        self.ask("2.0/mlflow/runs/log-batch", run_id=run, metrics=points, params=[{"key": "lr", "value": "0.1"}],
                 tags=[{"key": "team", "value": "a"}])
        self.send("PUT", f"2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/logs/console.log", b"a line\n")
        if number == 1:
            self.ask("2.0/mlflow/runs/update", run_id=run, status="FINISHED", end_time=1_700_000_100_000)
        return run

    def logged_model(self, experiment, run):
        model = self.ask("2.0/mlflow/logged-models", experiment_id=experiment, name="bird", source_run_id=run,
                         params=[{"key": "p", "value": "1"}], tags=[{"key": "team", "value": "a"}])
        model = model["model"]["info"]["model_id"]
        self.ask("2.0/mlflow/runs/log-metric", run_id=run, key="loss", value=0.5, step=1, timestamp=1_700_000_000_000,
                 model_id=model, dataset_name="d", dataset_digest="1")
        return model

    def ask(self, path, **fields):
        return json.loads(self.send("POST", path, json.dumps(fields).encode(), "application/json"))

    def send(self, method, path, body, content_type="application/octet-stream"):
        request = urllib.request.Request(
            f"{self.base}/api/{path}", body, {"Content-Type": content_type}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
