"""Batches: what they take, what they refuse, and what is stored of one that is refused."""
from mlflow.entities import Metric, Param, RunTag
from rest import API, REST

START = 1_700_000_000_000


def _run(client, name):
    return client.create_run(client.create_experiment(name), START, run_name=name).info.run_id


def taken(client, log):
    run = _run(client, "taken")
    log.call("everything", client.log_batch, run,
             [Metric("m", 1.0, 5, 0), Metric("m", 2.0, 6, 1), Metric("n", -1, 5, 0)],
             [Param("p", "1"), Param("q", "")], [RunTag("t", "1"), RunTag("mlflow.note.content", "note")])
    log.call("everything again", client.log_batch, run, [Metric("m", 1.0, 5, 0), Metric("m", 2.0, 6, 1)],
             [Param("p", "1")], [RunTag("t", "2")])
    log.call("nothing", client.log_batch, run)
    log.call("metrics of one key, out of order", client.log_batch, run, [
        Metric("k", value, time, step) for value, time, step in [(3, 9, 7), (1, 7, 9), (2, 8, 8), (2, 8, 8)]])
    log.call("more than a request holds", client.log_batch, run, [Metric("long", n, n, n) for n in range(2500)],
             [Param(f"many {n}", str(n)) for n in range(250)], [RunTag(f"many {n}", str(n)) for n in range(250)])
    log.call("run", client.get_run, run)
    log.call("k", client.get_metric_history, run, "k")
    log.call("long", lambda: [point.value for point in client.get_metric_history(run, "long")] == list(range(2500)))
    log.call("a name in a tag", client.log_batch, run, tags=[RunTag("mlflow.runName", "renamed")])
    log.call("renamed", lambda: client.get_run(run).info.run_name)
    log.call("long values", client.log_batch, run, [], [Param("long", "v" * 7000)], [RunTag("long", "v" * 9000)])
    log.call("cut", lambda: [len(client.get_run(run).data.params["long"]), len(client.get_run(run).data.tags["long"])])


def _metrics(count):
    return [{"key": f"m{n}", "value": n, "timestamp": 5, "step": 0} for n in range(count)]


def _pairs(count):
    return [{"key": f"k{n}", "value": "v"} for n in range(count)]


LIMITS = [
    ("1000 metrics", {"metrics": _metrics(1000)}), ("1001 metrics", {"metrics": _metrics(1001)}),
    ("100 params", {"params": _pairs(100)}), ("101 params", {"params": _pairs(101)}),
    ("100 tags", {"tags": _pairs(100)}), ("101 tags", {"tags": _pairs(101)}),
    ("1000 together", {"metrics": _metrics(800), "params": _pairs(100), "tags": _pairs(100)}),
    ("1001 together", {"metrics": _metrics(801), "params": _pairs(100), "tags": _pairs(100)}),
    ("too many of all", {"metrics": _metrics(1001), "params": _pairs(101), "tags": _pairs(101)}),
]


def limits(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("limits")
    for name, parts in LIMITS:
        run = client.create_run(experiment, START, run_name=name).info.run_id
        log.value(name, rest.post(f"{API}/runs/log-batch", {"run_id": run} | parts))
        data = client.get_run(run).data
        log.value(f"stored of {name}", [len(data.metrics), len(data.params), len(data.tags)])


GOOD = {
    "metrics": {"key": "m", "value": 1.0, "timestamp": 5, "step": 0}, "params": {"key": "p", "value": "1"},
    "tags": {"key": "t", "value": "1"}}
CHANGES = [
    ("metrics", {"key": None}), ("metrics", {"key": ""}), ("metrics", {"key": 5}), ("metrics", {"key": "a#b"}),
    ("metrics", {"key": "../a"}), ("metrics", {"key": "k" * 251}), ("metrics", {"value": None}),
    ("metrics", {"value": "x"}), ("metrics", {"value": True}), ("metrics", {"value": "NaN"}),
    ("metrics", {"timestamp": None}), ("metrics", {"timestamp": "x"}), ("metrics", {"timestamp": -1}),
    ("metrics", {"timestamp": "5"}), ("metrics", {"step": "x"}), ("metrics", {"step": None}),
    ("metrics", {"step": 1.5}), ("metrics", {"step": -7}), ("params", {"key": None}), ("params", {"key": ""}),
    ("params", {"key": 5}), ("params", {"key": "a#b"}), ("params", {"key": "/a"}), ("params", {"key": "k" * 251}),
    ("params", {"value": None}), ("params", {"value": 5}), ("params", {"value": ""}), ("tags", {"key": None}),
    ("tags", {"key": ""}), ("tags", {"key": "a#b"}), ("tags", {"key": "a//b"}), ("tags", {"key": "k" * 251}),
    ("tags", {"value": None}), ("tags", {"value": 5}), ("tags", {"value": {"a": 1}}),
]


def one_bad_entry(client, log):
    """A good entry of each kind, and beside them one that is not: which message, and what is stored of the others."""
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("bad")
    for number, (kind, change) in enumerate(CHANGES):
        run = client.create_run(experiment, START, run_name=f"bad {number}").info.run_id
        changed = {key: value for key, value in (GOOD[kind] | {"key": "bad"} | change).items() if value is not None}
        body = {"run_id": run} | {name: [entry] for name, entry in GOOD.items()}
        body[kind] = body[kind] + [changed]
        shown = {key: str(value)[:12] for key, value in change.items()}
        log.value(f"{kind} {shown}", rest.post(f"{API}/runs/log-batch", body))
        data = client.get_run(run).data
        log.value(f"stored of {kind} {shown}", [len(data.metrics), len(data.params), len(data.tags)])


def keys_of_the_same_letters(client, log):
    """The sign of the ohm and the letter omega, and a syllable in one and in two, are two keys each."""
    run = _run(client, "letters")
    keys = ["\u2126", "\u03a9", "\uac00", "\u1100\u1161"]
    log.call("logged", client.log_batch, run, [Metric(key, n, 5, 0) for n, key in enumerate(keys)],
             [Param(key, str(n)) for n, key in enumerate(keys)], [RunTag(key, str(n)) for n, key in enumerate(keys)])
    log.call("once more", client.log_metric, run, "\u03a9", 9.0, timestamp=6, step=1)
    data = client.get_run(run).data
    for kind in ["metrics", "params", "tags"]:
        log.value(kind, {ascii(key): value for key, value in getattr(data, kind).items() if not key.isascii()})
    log.call("history", lambda: [point.value for point in client.get_metric_history(run, "\u03a9")])


def params_in_conflict(client, log):
    rest = REST(client.tracking_uri)
    run = _run(client, "conflict")
    client.log_batch(run, params=[Param("a", "1"), Param("b", "2")])
    for name, params in [
            ("changed", [("a", "3")]), ("both changed", [("a", "3"), ("b", "4"), ("c", "5")]), ("same", [("a", "1")]),
            ("twice with one value", [("d", "1"), ("d", "1")]), ("twice with two values", [("e", "1"), ("e", "2")]),
            ("twice, and another twice", [("f", "1"), ("f", "1"), ("g", "1"), ("g", "2"), ("h", "1")])]:
        body = {
            "run_id": run, "params": [{"key": key, "value": value} for key, value in params],
            "metrics": [{"key": name, "value": 1, "timestamp": 5}], "tags": [{"key": name, "value": "1"}]}
        log.value(name, rest.post(f"{API}/runs/log-batch", body))
        data = client.get_run(run).data
        log.value(f"stored after {name}", {
            "params": data.params, "metrics": data.metrics, "tags": {key: value for key, value in data.tags.items()
                                                                      if not key.startswith("mlflow.")}})
    log.value("a tag twice", rest.post(f"{API}/runs/log-batch", {
        "run_id": run, "tags": [{"key": "t", "value": "1"}, {"key": "t", "value": "2"}]}))
    log.call("the last one", lambda: client.get_run(run).data.tags["t"])


def runs_refused(client, log):
    rest = REST(client.tracking_uri)
    deleted = _run(client, "deleted")
    client.delete_run(deleted)
    for name, run in [
            ("none", None), ("empty", ""), ("number", 5), ("unknown", "0" * 32), ("deleted", deleted), ("dots", "../x"),
            ("space", "a b"), ("long", "a" * 257), ("dash first", "-a")]:
        log.value(name, rest.post(f"{API}/runs/log-batch", {"run_id": run, "params": [{"key": "p", "value": "1"}]}))
    log.value("metrics that are no list", rest.post(f"{API}/runs/log-batch", {"run_id": deleted, "metrics": "m"}))
    log.value("metrics that are an object",
              rest.post(f"{API}/runs/log-batch", {"run_id": deleted, "metrics": {"key": "m"}}))
    log.value("a metric that is none", rest.post(f"{API}/runs/log-batch", {"run_id": deleted, "metrics": ["m"]}))


def the_legacy_model_note(client, log):
    rest = REST(client.tracking_uri)
    run = _run(client, "legacy model")
    note = '{"artifact_path": "m", "flavors": {}, "utc_time_created": "2023-01-01 00:00:00", "run_id": "%s"}' % run
    for name, body in [
            ("good", {"run_id": run, "model_json": note}), ("again", {"run_id": run, "model_json": note}),
            ("missing fields", {"run_id": run, "model_json": '{"artifact_path": "m"}'}),
            ("no JSON", {"run_id": run, "model_json": "{"}), ("no text", {"run_id": run, "model_json": {}}),
            ("nothing", {"run_id": run}), ("no run", {"model_json": note})]:
        log.value(name, rest.post(f"{API}/runs/log-model", body))
    log.call("tags", lambda: client.get_run(run).data.tags)
