"""What the full package writes for its pages: tables, figures, images, arrays."""
import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd


def _paths(client, run, path=None):
    return [file.path for file in client.list_artifacts(run, path)]


def tables(client, log):
    mlflow.set_experiment("tables")
    with mlflow.start_run(run_name="table") as active:
        run = active.info.run_id
        log.call("log", mlflow.log_table, {"a": [1, 2], "b": ["x", "ü"]}, "results/t.json")
        log.call("append", mlflow.log_table, pd.DataFrame({"a": [3], "b": ["z"]}), "results/t.json")
        log.call("another", mlflow.log_table, {"c": [True]}, "u.json")
    log.call("content", mlflow.artifacts.load_dict, f"runs:/{run}/results/t.json")
    log.call("load", mlflow.load_table, "results/t.json", [run])
    log.call("load with the run", lambda: mlflow.load_table("u.json", extra_columns=["run_id"]))
    log.call("tags", lambda: client.get_run(run).data.tags)
    log.call("load what is missing", mlflow.load_table, "missing.json", [run])


def figures_and_images(client, log):
    mlflow.set_experiment("images")
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    with mlflow.start_run(run_name="image") as active:
        run = active.info.run_id
        figure, axes = plt.subplots()
        axes.plot([1, 2])
        log.call("figure", mlflow.log_figure, figure, "plots/line.png")
        log.call("image in a file", mlflow.log_image, pixels, "plots/pixels.png")
        for step in [0, 1]:
            log.call(f"image of step {step}", mlflow.log_image, pixels, key="some/key", step=step, timestamp=5,
                     synchronous=True)
        log.call("image with both", mlflow.log_image, pixels, "plots/pixels.png", key="k")
    log.call("plots", _paths, client, run, "plots")
    log.call("images", lambda: sorted(
        [path.split("%")[0].split("+")[:3], path.rpartition(".")[2]] for path in _paths(client, run, "images")))
    log.call("the same pixels", lambda: bool(
        (np.asarray(mlflow.artifacts.load_image(f"runs:/{run}/plots/pixels.png"))[..., :3] == pixels).all()))
    log.call("tags", lambda: client.get_run(run).data.tags)


def data_sets(client, log):
    mlflow.set_experiment("data")
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0, 1, 0]})
    with mlflow.start_run(run_name="data") as active:
        log.call("pandas", mlflow.log_input,
                 mlflow.data.from_pandas(frame, source="s3://bucket/t.csv", name="frame", targets="y"),
                 "training", {"origin": "generated"})
        log.call("numpy", mlflow.log_input, mlflow.data.from_numpy(np.arange(6.0).reshape(2, 3), name="array"), "test")
        log.call("again", mlflow.log_inputs, [mlflow.data.from_pandas(frame, source="s3://bucket/t.csv", name="frame",
                                                                      targets="y")], ["training"], [None])
    run = client.get_run(active.info.run_id)
    log.value("inputs", sorted(run.inputs.dataset_inputs, key=lambda entry: entry.dataset.name))
    log.call("source", lambda: mlflow.data.get_source(sorted(
        run.inputs.dataset_inputs, key=lambda entry: entry.dataset.name)[1]).uri)
    log.call("found by data set", lambda: list(mlflow.search_runs(
        filter_string="dataset.name = 'frame' AND dataset.context = 'training'")["tags.mlflow.runName"]))


def runs_as_a_table(client, log):
    experiment = mlflow.set_experiment("frame").experiment_id
    for number in range(3):
        with mlflow.start_run(run_name=f"row {number}", tags={"t": "x"} if number else None):
            mlflow.log_params({"p": number})
            mlflow.log_metric("m", number / 2, timestamp=5)
    found = mlflow.search_runs([experiment], order_by=["params.p DESC"])
    log.value("columns", sorted(found.columns))
    log.value("params", list(found["params.p"]))
    log.value("metrics", list(found["metrics.m"]))
    log.value("status", list(found["status"]))
    log.value("tags", [str(value) for value in found["tags.t"]])
    log.call("nothing", lambda: len(mlflow.search_runs([experiment], "params.p = 'none'")))
