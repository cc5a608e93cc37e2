"""What a search of runs refuses, in which words."""
from rest import API, REST

START = 1_700_000_000_000

FILTERS = [
    "foo bar", "foo", "metrics", "metrics.", "metrics.loss", "metrics.loss >", "metrics.loss > ", "> 1",
    "1 > metrics.loss", "metrics.loss > 'a'", "metrics.loss > '1'", "metrics.loss > abc", "metrics.loss > metrics.acc",
    "metrics.loss LIKE 'a'", "metrics.loss IN ('a')", "metrics.loss IS NULL", "metrics.loss IS NOT NULL",
    "metrics.loss == 1", "metrics.loss <> 1", "metrics.loss => 1", "metrics.loss > 1 2", "metrics.loss > 1,",
    "metrics.loss BETWEEN 1 AND 2", "metrics.loss > -", "metrics.loss > 1e", "metrics.a b > 1", "metrics.a-b > 1",
    "metrics.'loss' > 1", "metrics.1 > 1", "metrics.loss > 0x10", "params.lr = 0.1", "params.lr = abc",
    "params.lr > '1'", "params.lr IN ('1')", "params.lr = 'a", "params.lr = a'", "params.lr = `a`", "params.lr LIKE 5",
    "params.lr NOT LIKE 'a'", "params.lr IS", "params.lr IS NOT", "params.lr NOT NULL", "tags.team = red",
    "tags.team = 5", "tags.team > 'a'", "tags.team IN ('a')", "tags.team LIKE", "tags.a b = 'x'",
    "attributes.status = 5", "attributes.status = FINISHED", "attributes.status > 'a'",
    "attributes.status IN ('FINISHED')", "attributes.status IS NULL", "attributes.run_name IN ('a')",
    "attributes.run_name > 'a'", "attributes.start_time = 'a'", "attributes.start_time > abc",
    "attributes.start_time LIKE '1'", "attributes.start_time > 1.5", "attributes.start_time IN ('1')",
    "attributes.end_time IS NULL", "attributes.lifecycle_stage = 'active'", "attributes.experiment_id = '0'",
    "attributes.foo = 'a'", "foo = 'a'", "foo.bar = 'a'", "foo.bar.baz = 'a'", "run_id IN ()", "run_id IN",
    "run_id IN 'a'", "run_id IN (a)", "run_id IN (1, 2)", "run_id IN ('a' 'b')", "run_id IN ('a',)",
    "run_id IN ('a', 5)", "run_id IN ('a'", "run_id NOT ('a')", "run_id > 'a'", "run_id = 5", "dataset.foo = 'a'",
    "dataset.name > 'a'", "dataset.name = 5", "dataset.name IN (1)", "dataset.name IS NULL", "datasets.source = 'a'",
    "metrics.a > 1 OR metrics.b > 1", "NOT metrics.a > 1", "(metrics.a > 1)", "(metrics.a > 1) AND (metrics.b > 1)",
    "metrics.a > 1 metrics.b > 1", "metrics.a > 1 AND", "AND metrics.a > 1", "metrics.a > 1 AND AND metrics.b > 1",
    "metrics.a > 1; metrics.b > 1", "metrics.a > 1;", "-- comment", "metrics.a > 1 -- comment", "/* c */ metrics.a > 1",
    "SELECT * FROM runs", "'", "\"", "`", "(", ")", "metrics.`a > 1", "tags.`a``b` = 'x'", "tags.'a' = 'x'",
    "params.a = ''''", "params.a = 'it''s'", "params.a = 'a' 'b'", "=", "= =", "metrics..a > 1", ".a > 1",
    "model.a = 1", "attributes.`start time` > 1", "params.a = NULL", "params.a != NULL", "metrics.a = NaN",
    "metrics.a = Infinity", "metrics.a > inf", "metrics.a = true", "tags.a = 'x' && tags.b = 'y'",
]

ORDERS = [
    "foo", "foo.bar", "metrics", "metrics.", "metrics.loss UP", "metrics.loss ASC DESC", "metrics.loss, metrics.acc",
    "attributes.foo", "attributes.lifecycle_stage", "dataset.name", "datasets.digest DESC", "", " ", "ASC",
    "metrics.a b", "metrics.`a", "metrics.loss;", "run_id", "attributes.run_id DESC", "metrics.loss asc",
    "start_time Desc", "tags.a.b DESC",
]


def _experiment(client):
    experiment = client.create_experiment("errors")
    client.create_run(experiment, START, {"team": "red"}, "one")
    return experiment


def filters(client, log):
    experiment = _experiment(client)
    for text in FILTERS:
        log.call(text, lambda: [run.info.run_name for run in client.search_runs([experiment], text)])


def orders(client, log):
    experiment = client.get_experiment_by_name("errors").experiment_id
    for text in ORDERS:
        log.call(text, lambda: [
            run.info.run_name for run in client.search_runs([experiment], order_by=[text])])
    log.call("twice the same", client.search_runs, [experiment], order_by=["metrics.a", "metrics.a DESC"])
    log.call("twice the time", client.search_runs, [experiment], order_by=["start_time", "attributes.start_time"])
    log.call("twice by another name", client.search_runs, [experiment], order_by=["metric.a", "metrics.a"])


def counts_and_tokens(client, log):
    experiment = client.get_experiment_by_name("errors").experiment_id
    for count in [0, -1, 50000, 50001, 2**31, 2**63]:
        log.call(f"{count} results", lambda: len(client.search_runs([experiment], max_results=count)))
    for token in ["nonsense", "bm9uc2Vuc2U=", "e30=", "eyJvZmZzZXQiOiAibiJ9", "eyJvZmZzZXQiOiA1fQ==", "☃"]:
        log.call(f"token {token}", lambda: len(client.search_runs([experiment], page_token=token)))
    for identifier in ["abc", "-1", "", "1.5", "99999999999999999999"]:
        log.call(f"experiment {identifier!r}", lambda: len(client.search_runs([identifier])))


def on_the_wire(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.get_experiment_by_name("errors").experiment_id
    for fields in [
            {}, {"experiment_ids": []}, {"experiment_ids": "EXPERIMENT"}, {"experiment_ids": [0]},
            {"experiment_ids": ["EXPERIMENT"], "filter": 5}, {"experiment_ids": ["EXPERIMENT"], "order_by": "run_name"},
            {"experiment_ids": ["EXPERIMENT"], "max_results": "1"},
            {"experiment_ids": ["EXPERIMENT"], "max_results": "many"},
            {"experiment_ids": ["EXPERIMENT"], "max_results": 1.5},
            {"experiment_ids": ["EXPERIMENT"], "max_results": None},
            {"experiment_ids": ["EXPERIMENT"], "run_view_type": "NONE"},
            {"experiment_ids": ["EXPERIMENT"], "run_view_type": "DELETED_ONLY"},
            {"experiment_ids": ["EXPERIMENT"], "run_view_type": 3},
            {"experiment_ids": ["EXPERIMENT"], "run_view_type": 99},
            {"experiment_ids": ["EXPERIMENT"], "page_token": 5}, {"experimentIds": ["EXPERIMENT"], "maxResults": 1}]:
        named = {key: _with(experiment, value) for key, value in fields.items()}
        log.value(f"{fields}", rest.post(f"{API}/runs/search", named))


def _with(experiment, value):
    if isinstance(value, list):
        return [experiment if item == "EXPERIMENT" else item for item in value]
    return experiment if value == "EXPERIMENT" else value
