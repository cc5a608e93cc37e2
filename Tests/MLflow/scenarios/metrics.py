"""Histories of metrics: which points are kept, in which order, whole, paged, sampled."""
import math

from mlflow.entities import Metric
from rest import AJAX, API, REST

START = 1_700_000_000_000


def points(client, log):
    run = client.create_run(client.create_experiment("points"), START, run_name="points").info.run_id
    logged = [
        (1.0, 10, 0), (2.0, 20, 1), (3.0, 15, 5), (4.0, 30, 2),  # steps and times out of order
        (1.0, 10, 0), (1.0, 10, 0),                              # the same point again
        (1.5, 10, 0), (1.0, 11, 0), (9.0, 5, -3),                # another value, another time, a negative step
    ]
    for value, time, step in logged:
        client.log_metric(run, "m", value, timestamp=time, step=step)
    log.call("history", client.get_metric_history, run, "m")
    log.call("latest", lambda: client.get_run(run).data.metrics)
    log.value("latest on the wire", REST(client.tracking_uri).get(f"{API}/runs/get", ("run_id", run)))
    log.call("history of another key", client.get_metric_history, run, "other")


def special_values(client, log):
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("special"), START, run_name="special").info.run_id
    for step, value in enumerate([
            math.nan, math.inf, -math.inf, 1.7976931348623157e308, 5e-324, -0.0, 0.1 + 0.2, 1e22, 123456789012345678]):
        client.log_metric(run, "m", value, timestamp=5, step=step)
        client.log_metric(run, f"single {step}", value, timestamp=5, step=0)
    log.call("history", client.get_metric_history, run, "m")
    log.value("history on the wire", rest.get(f"{API}/metrics/get-history", ("run_id", run), ("metric_key", "m")))
    log.call("run", lambda: client.get_run(run).data.metrics)
    log.value("run on the wire", rest.get(f"{API}/runs/get", ("run_id", run)))
    for value in ["NaN", "Infinity", "-Infinity", "1.5", "nan", "inf", ""]:
        log.value(f"posted {value!r}", rest.post(f"{API}/runs/log-metric", {
            "run_id": run, "key": f"posted {value}", "value": value, "timestamp": 5}))
        log.call(f"stored {value!r}", client.get_metric_history, run, f"posted {value}")
    client.log_metric(run, "order", 1.0, timestamp=5, step=0)
    for value in [math.nan, 2.0, -math.inf, math.nan, math.inf]:
        client.log_metric(run, "order", value, timestamp=5, step=0)
        log.call(f"latest after {value} of {len(client.get_metric_history(run, 'order'))}",
                 lambda: client.get_run(run).data.metrics["order"])
    log.call("values at one step", client.get_metric_history, run, "order")


def _series(client, run, key, count):
    points = [Metric(key, math.sin(step), START + step, step) for step in range(count)]
    for begin in range(0, count, 1000):
        client.log_batch(run, metrics=points[begin:begin + 1000])


def paged(client, log):
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("paged"), START, run_name="paged").info.run_id
    _series(client, run, "m", 11)
    for count in [1, 4, 11, 12]:
        log.call(f"pages of {count}", lambda: _pages(rest, run, count))
    for count in ["0", "-1", "x", "25001", "9223372036854775808"]:
        log.call(f"{count} results", lambda: _counted(rest.get(
            f"{API}/metrics/get-history", ("run_id", run), ("metric_key", "m"), ("max_results", count))))
    for token in ["nonsense", "e30="]:
        log.call(f"token {token}", lambda: _counted(rest.get(
            f"{API}/metrics/get-history", ("run_id", run), ("metric_key", "m"), ("max_results", 5),
            ("page_token", token))))
    log.call("no key", rest.get, f"{API}/metrics/get-history", ("run_id", run))
    log.call("no run", rest.get, f"{API}/metrics/get-history", ("metric_key", "m"))
    log.call("a run that is not there", rest.get, f"{API}/metrics/get-history", ("run_id", "0" * 32),
             ("metric_key", "m"))
    log.call("by its older name", rest.get, f"{API}/metrics/get-history", ("run_uuid", run), ("metric_key", "m"))


def _counted(answer):
    """The answer, with the steps of its points for the points."""
    metrics = answer["body"].get("metrics") if isinstance(answer["body"], dict) else None
    if metrics is None:
        return answer
    return answer | {"body": answer["body"] | {"metrics": [[point["step"], point["value"]] for point in metrics]}}


def _pages(rest, run, count):
    found, token = [], []
    while True:
        answer = rest.get(
            f"{API}/metrics/get-history", ("run_id", run), ("metric_key", "m"), ("max_results", count), *token)["body"]
        found.append([point["step"] for point in answer.get("metrics", [])])
        if "next_page_token" not in answer:
            return found
        token = [("page_token", answer["next_page_token"])]


def in_bulk(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("bulk")
    # Answers are ordered by run id, which is drawn by lot: what is compared is each run's own points.
    runs = [client.create_run(experiment, START + n, run_name=f"bulk {n}").info.run_id for n in range(3)]
    for run, count in zip(runs, [3, 5, 0]):
        _series(client, run, "m", count)
    path = f"{AJAX}/metrics/get-history-bulk"
    asked = [("run_id", run) for run in runs]
    log.call("all", lambda: _by_run(rest.get(path, *asked, ("metric_key", "m")), runs))
    log.call("one run", rest.get, path, ("run_id", runs[0]), ("metric_key", "m"))
    log.call("two points of one run", rest.get, path, ("run_id", runs[1]), ("metric_key", "m"), ("max_results", 2))
    log.call("without points", rest.get, path, ("run_id", runs[2]), ("metric_key", "m"))
    log.call("no key", rest.get, path, *asked)
    log.call("no runs", rest.get, path, ("metric_key", "m"))
    log.call("101 runs", rest.get, path, *[("run_id", f"{n:032x}") for n in range(101)], ("metric_key", "m"))
    for count in ["0", "-1", "x", "25001"]:
        log.call(f"{count} results", rest.get, path, ("run_id", runs[0]), ("metric_key", "m"), ("max_results", count))


def _by_run(answer, runs):
    return {f"run {number}": [
        [point["step"], point["timestamp"], point["value"]]
        for point in answer["body"].get("metrics", []) if point["run_id"] == run] for number, run in enumerate(runs)}


def in_intervals(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("intervals")
    runs = [client.create_run(experiment, START + n, run_name=f"interval {n}").info.run_id for n in range(3)]
    for run, count in zip(runs, [10, 23, 0]):
        _series(client, run, "m", count)
    for value in [5.0, 4.0]:
        client.log_metric(runs[0], "m", value, timestamp=START + 4, step=4)
    path = f"{API}/metrics/get-history-bulk-interval"
    both = [("run_ids", runs[0]), ("run_ids", runs[1]), ("metric_key", "m")]
    log.call("all", lambda: _by_run(rest.get(path, *both), runs))
    for count in [1, 2, 3, 5, 7, 10, 12, 22, 23, 24, 2500]:
        log.call(f"{count} of each", lambda: _by_run(rest.get(path, *both, ("max_results", count)), runs))
    for start, end in [(0, 5), (4, 4), (3, 100), (50, 60), (-5, 2)]:
        log.call(f"from {start} to {end}", lambda: _by_run(
            rest.get(path, *both, ("start_step", start), ("end_step", end)), runs))
    log.call("4 from 2 to 20", lambda: _by_run(
        rest.get(path, *both, ("start_step", 2), ("end_step", 20), ("max_results", 4)), runs))
    log.call("one point whole", rest.get, path, ("run_ids", runs[0]), ("metric_key", "m"), ("max_results", 1))
    log.call("without points", rest.get, path, ("run_ids", runs[2]), ("metric_key", "m"))
    for count in ["0", "-1", "2501", "x"]:
        log.call(f"{count} results", rest.get, path, *both, ("max_results", count))
    log.call("backwards", rest.get, path, *both, ("start_step", 5), ("end_step", 1))
    log.call("a start alone", rest.get, path, *both, ("start_step", 5))
    log.call("an end alone", rest.get, path, *both, ("end_step", 5))
    log.call("no key", rest.get, path, *both[:2])
    log.call("no runs", rest.get, path, ("metric_key", "m"))
    log.call("101 runs", rest.get, path, *[("run_ids", f"{n:032x}") for n in range(101)], ("metric_key", "m"))
    log.call("under its other address", lambda: rest.get(
        f"{AJAX}/metrics/get-history-bulk-interval", *both)["status"])
