"""The protocol itself: probes, addresses, kinds of JSON, what counts as a value."""
import json

from rest import AJAX, API, API3, REST

START = 1_700_000_000_000
JSON = {"Content-Type": "application/json"}


def probes(client, log):
    rest = REST(client.tracking_uri)
    log.value("health", rest.get("/health"))
    log.value("version", rest.get("/version"))
    log.value("server-info", rest.get(f"{API3}/server-info"))
    log.value("server-features", rest.get(f"{API3}/server-features"))
    for method, path in [
            ("GET", f"{API}/nothing"), ("POST", f"{API}/nothing"), ("GET", "/api/2.0/nothing"),
            ("GET", "/api/9.9/mlflow/runs/get"),
            ("DELETE", f"{API}/experiments/get"), ("GET", f"{API}/runs/create"), ("PUT", f"{API}/runs/create"),
            ("GET", f"{API}/experiments/get/"), ("POST", f"{API}/experiments/get")]:
        log.value(f"{method} {path}", rest.send(method, path, b"{}", JSON)["status"])


def twins(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.create_experiment("twins")
    for prefix in [API, AJAX]:
        log.value(f"{prefix} get", rest.get(f"{prefix}/experiments/get", ("experiment_id", experiment)))
        log.value(f"{prefix} search", rest.post(f"{prefix}/runs/search", {"experiment_ids": [experiment]}))
        log.value(f"{prefix} list", rest.get(f"{prefix}-artifacts/artifacts"))
        log.value(f"{prefix} experiments by GET", rest.get(
            f"{prefix}/experiments/search", ("max_results", 1), ("order_by", "name DESC"),
            ("order_by", "experiment_id")))
        log.value(f"{prefix} models", rest.get(f"{prefix}/registered-models/search"))


BODIES = [
    ("nothing", b""), ("an object", b"{}"), ("spaces", b"  "), ("no JSON", b"{"), ("a list", b"[]"), ("a number", b"5"),
    ("null", b"null"), ("text", b'"text"'), ("JSON in text", json.dumps(json.dumps({"name": "in text"})).encode()),
    ("invalid UTF-8", b'{"name": "\xff"}'), ("NaN", b'{"name": NaN}'),
    ("trailing", b'{"name": "t"} x'), ("a lone surrogate", b'{"name": "\\ud800"}'),
    ("deep", b'{"x": ' + b"[" * 2000 + b"]" * 2000 + b"}"),
    ("an unknown field", b'{"name": "unknown field", "colour": {"a": [1]}}'),
    ("camel case", b'{"name": "camel", "artifactLocation": "s3://b/x"}'),
    ("both spellings", b'{"name": "both", "artifactLocation": "s3://b/x", "artifact_location": "s3://b/y"}'),
    ("null fields", b'{"name": "nulls", "artifact_location": null, "tags": null}'),
    ("a number for text", b'{"name": 5}'), ("a list for text", b'{"name": ["a"]}'),
    ("an object for text", b'{"name": {"b": 1, "a": 2}}'), ("true for text", b'{"name": true}'),
    ("no list of tags", b'{"name": "x", "tags": {"key": "k"}}'),
    ("a tag that is none", b'{"name": "x", "tags": ["k"]}'),
    ("a tag without a key", b'{"name": "tag without a key", "tags": [{"value": "v"}]}'),
    ("escapes", b'{"name": "\\u00e9\\n\\t\\/"}'),
    # Only one of the servers takes these.
    ("a name twice", b'{"name": "first", "name": "second"}'),
    ("a byte order mark", b'\xef\xbb\xbf{"name": "marked"}'),
]


def bodies(client, log):
    rest = REST(client.tracking_uri)
    for name, body in BODIES:
        log.value(name, rest.send("POST", f"{API}/experiments/create", body, JSON))
    log.call("made", lambda: {
        json.dumps(experiment.name): experiment.lifecycle_stage for experiment in client.search_experiments()})
    # What only one of the servers took would stand in later searches.
    for experiment in client.search_experiments():
        if experiment.name in {"second", "marked"}:
            client.delete_experiment(experiment.experiment_id)


def kinds_of_content(client, log):
    rest = REST(client.tracking_uri)
    for kind in [None, "application/json", "application/json; charset=utf-8", "text/plain",
                 "application/x-www-form-urlencoded",
                 "application/jsonx", "", "multipart/form-data", "APPLICATION/JSON"]:
        headers = {} if kind is None else {"Content-Type": kind}
        log.value(f"POST of {kind!r}", rest.send(
            "POST", f"{API}/experiments/create", json.dumps({"name": f"of {kind}"}).encode(), headers))
        log.value(f"PATCH of {kind!r}", rest.send(
            "PATCH", f"{API}/registered-models/update", b'{"name": "missing", "description": "d"}', headers))
    # As above.
    for experiment in client.search_experiments(filter_string="name LIKE 'of %'"):
        client.delete_experiment(experiment.experiment_id)


def numbers(client, log):
    """What counts as an integer and as a number, where a request has one."""
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("numbers"), START, run_name="numbers").info.run_id
    for number, text in enumerate(["5", '"5"', "5.0", "5.5", '"5.0"', '" 5"', '"x"', "1e3", '"1e3"', "true", "null", "[]",
                 "9223372036854775807",
                 "9223372036854775808", '"9223372036854775808"', "-9223372036854775808", "1e400", "-0"]):
        for kind, fields in [("step", f'"value": 1, "step": {text}'), ("value", f'"value": {text}')]:
            key = f"{kind} {number}"
            body = f'{{"run_id": "{run}", "key": "{key}", "timestamp": 5, {fields}}}'
            log.value(f"{kind} {text}", rest.send("POST", f"{API}/runs/log-metric", body.encode(), JSON))
            log.call(f"stored of {kind} {text}", client.get_metric_history, run, key)
        body = f'{{"experiment_ids": ["0"], "max_results": {text}}}'
        log.value(f"max_results {text}", rest.send("POST", f"{API}/runs/search", body.encode(), JSON))


def questions(client, log):
    rest = REST(client.tracking_uri)
    path = f"{API}/experiments/get"
    for query in ["", "?", "?experiment_id", "?experiment_id=", "?experiment_id=0&experiment_id=1", "?experimentId=0",
                  "?x=1",
                  "?experiment_id=0&x=%ff", "?experiment_id=%30", "?experiment_id=+0", "?experiment_id=0;x=1"]:
        log.value(f"get {query!r}", rest.get(path + query))
    model = client.create_logged_model(client.create_experiment("questions"), "asked").model_id
    for flag in ["true", "True", "TRUE", "false", "1", "yes", ""]:
        log.value(f"a flag {flag!r}", rest.get(f"{API}/logged-models/{model}", ("allow_deleted", flag)))
    for query in ["", "max_results=5", "max_results=x", "max_results=0", "view_type=ALL", "view_type=3",
                  "view_type=NONE",
                  "max_results=1&view_type=ACTIVE_ONLY&filter=name%20LIKE%20'%25'"]:
        log.value(f"search {query!r}", rest.get(f"{API}/experiments/search?{query}"))


def features_that_trackers_may_lack(client, log):
    rest = REST(client.tracking_uri)
    log.value("presigned upload",
              rest.post(f"{API}/artifacts/presigned-upload-url", {"run_id": "0" * 32, "path": "x"})["status"])
    log.value("upload by a form", rest.send("POST", f"{AJAX}/upload-artifact", b"x")["status"])
