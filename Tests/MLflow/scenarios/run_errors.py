"""What is refused of runs, their params, metrics and tags, in which words."""
from rest import API, REST

START = 1_700_000_000_000
NOBODY = "0123456789abcdef0123456789abcdef"
KEYS = [
    "fine", "a/b", "a b", "a.b", "a-b", "a:b", "ключ", "naïve", "數", "k" * 250, "k" * 251, "", " ", "a#b", "a?b", "a%b",
    "a\\b", "a\"b", "a'b", "a;b", "a=b", "a\nb", "a\tb", "☃", ".", "..", "../x", "/x", "a/", "a//b", "a/./b", "a/../b",
    "...", "..x", "./a", "a/..",
]


def keys(client, log):
    run = client.create_run(client.create_experiment("keys"), START, run_name="keys").info.run_id
    for number, key in enumerate(KEYS):
        shown = f"{number} {key[:12]!r}"
        log.call(f"metric {shown}", client.log_metric, run, key, 1.0, timestamp=5, step=0)
        log.call(f"param {shown}", client.log_param, run, key, "v")
        log.call(f"tag {shown}", client.set_tag, run, key, "v")
    data = client.get_run(run).data
    for kind in ["metrics", "params", "tags"]:
        log.value(f"stored {kind}", sorted(key for key in getattr(data, kind) if not key.startswith("mlflow.")))


def values(client, log):
    run = client.create_run(client.create_experiment("values"), START, run_name="values").info.run_id
    for length in [500, 5999, 6000, 6001, 10000]:
        log.call(f"param of {length}", lambda: bool(client.log_param(run, f"p{length}", "v" * length)))
        log.call(f"tag of {length}", client.set_tag, run, f"t{length}", "v" * length)
    log.call("tag of 8001", client.set_tag, run, "t8001", "v" * 8001)
    data = client.get_run(run).data
    log.value("lengths of params", {key: len(value) for key, value in data.params.items()})
    log.value("lengths of tags", {key: len(value) for key, value in data.tags.items()})
    for value in [None, "", True, "1.5", "nan", "Infinity", "much", [1], 10**400]:
        log.call(f"metric of {str(value)[:20]!r}", client.log_metric, run, "m", value, timestamp=5, step=0)
    for time in [0, -1, 2**63 - 1, 2**63, 1.5]:
        log.call(f"metric at {time}", client.log_metric, run, "time", 1, timestamp=time, step=0)
    for step in [0, -1, 2**63 - 1, -2**63, 2**63, 1.5]:
        log.call(f"metric of step {step}", client.log_metric, run, "step", 1, timestamp=5, step=step)
    log.call("times", client.get_metric_history, run, "time")
    log.call("steps", client.get_metric_history, run, "step")


def params_stay(client, log):
    run = client.create_run(client.create_experiment("params"), START, run_name="params").info.run_id
    log.call("first", client.log_param, run, "rate", 0.1)
    log.call("same", client.log_param, run, "rate", "0.1")
    log.call("other", client.log_param, run, "rate", 0.2)
    log.call("empty", client.log_param, run, "empty", "")
    log.call("empty again", client.log_param, run, "empty", "")
    log.call("empty to full", client.log_param, run, "empty", "x")
    log.call("quotes", client.log_param, run, "quotes", "it's \"so\"")
    log.call("other quotes", client.log_param, run, "quotes", "'")
    log.call("case matters", client.log_param, run, "Rate", "1")
    log.call("params", lambda: client.get_run(run).data.params)


def runs_that_are_not_there(client, log):
    for run in [NOBODY, "short", "", "has space", "a/b"]:
        log.call(f"get {run!r}", client.get_run, run)
        log.call(f"metric {run!r}", client.log_metric, run, "m", 1.0, timestamp=5, step=0)
        log.call(f"param {run!r}", client.log_param, run, "p", 1)
        log.call(f"tag {run!r}", client.set_tag, run, "t", "v")
        log.call(f"delete tag {run!r}", client.delete_tag, run, "t")
        log.call(f"delete {run!r}", client.delete_run, run)
        log.call(f"restore {run!r}", client.restore_run, run)
        log.call(f"terminate {run!r}", client.set_terminated, run)
        log.call(f"history {run!r}", client.get_metric_history, run, "m")
        log.call(f"artifacts {run!r}", client.list_artifacts, run)


WRONG = [
    ("runs/create", {"experiment_id": 0}), ("runs/create", {"experiment_id": "0", "start_time": "soon"}),
    ("runs/create", {"experiment_id": "0", "tags": "k"}),
    ("runs/create", {"experiment_id": "0", "tags": [{"value": "v"}]}),
    ("runs/create", {"experiment_id": "0", "run_name": 5}), ("runs/create", {"experiment_id": "0", "user_id": ["a"]}),
    ("runs/update", {}), ("runs/update", {"run_id": 5}), ("runs/update", {"run_id": NOBODY, "end_time": "x"}),
    ("runs/delete", {}), ("runs/delete", {"run_id": None}), ("runs/restore", {}), ("runs/restore", {"run_id": ""}),
    ("runs/log-metric", {}), ("runs/log-metric", {"run_id": "RUN"}), ("runs/log-metric", {"run_id": "RUN", "key": "m"}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": 1.0}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": "x", "timestamp": 5}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": True, "timestamp": 5}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": [1], "timestamp": 5}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": 1, "timestamp": "x"}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": 1, "timestamp": -1}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": 1, "timestamp": 5, "step": "x"}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": 1, "timestamp": 5, "step": 1.5}),
    ("runs/log-metric", {"run_id": "RUN", "key": 5, "value": 1, "timestamp": 5}),
    ("runs/log-metric", {"run_id": "RUN", "key": "m", "value": "NaN", "timestamp": "5", "step": "7"}),
    ("runs/log-metric", {"run_uuid": "RUN", "key": "m", "value": 2, "timestamp": 6}),
    ("runs/log-parameter", {"run_id": "RUN"}), ("runs/log-parameter", {"run_id": "RUN", "key": "p", "value": 5}),
    ("runs/log-parameter", {"run_id": "RUN", "key": "without"}), ("runs/log-parameter", {"key": "p", "value": "1"}),
    ("runs/log-parameter", {"run_id": "RUN", "key": {"a": 1}, "value": "1"}),
    ("runs/set-tag", {"run_id": "RUN", "value": "v"}), ("runs/set-tag", {"run_id": "RUN", "key": "t", "value": 1}),
    ("runs/set-tag", {"run_id": "RUN", "key": "without"}), ("runs/set-tag", {}), ("runs/delete-tag", {"run_id": "RUN"}),
    ("runs/delete-tag", {"key": "k"}), ("runs/delete-tag", {"run_id": "RUN", "key": ""}),
]


def wrong_requests(client, log):
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("wrong"), START, run_name="wrong").info.run_id
    # Both ids have their numbers before one of the servers makes runs that the other refuses.
    log.value(f"before, without {NOBODY}", rest.get(f"{API}/runs/get", ("run_id", run)))
    for path, fields in WRONG:
        body = {key: run if value == "RUN" else value for key, value in fields.items()}
        log.value(f"{path} {fields}", rest.post(f"{API}/{path}", body))
    log.value("get without a run", rest.get(f"{API}/runs/get"))
    log.value("get of an empty run", rest.get(f"{API}/runs/get", ("run_id", "")))
    log.value("left", rest.get(f"{API}/runs/get", ("run_id", run)))
