"""Which runs a filter finds, in which order, page by page."""
import math

from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

START = 1_700_000_000_000
GREATEST = "1.7976931348623157e308"

RUNS = [
    ("alpha", {"loss": 0.5, "acc": 0.25, "a b": 1}, {"lr": "0.1", "opt": "sgd"}, {"team": "red", "note": "A first"}),
    ("beta", {"loss": 0.25, "acc": 0.5}, {"lr": "0.01", "opt": "adam"}, {"team": "blue"}),
    ("gamma", {"loss": math.nan, "acc": 0.75, "big": math.inf}, {"lr": "0.1", "opt": "Adam"},
     {"team": "Red", "v.1": "x"}),
    ("Delta", {"acc": 0.75, "big": -math.inf}, {"lr": "1e-3", "a b": "q"}, {"note": "a_first", "a b": "quoted"}),
    ("epsilon", {"loss": -1.0, "acc": 1.0}, {"opt": "sgd", "empty": ""}, {"team": "red", "note": "100%"}),
    ("zeta 100%", {"loss": 1e10, "big": 5}, {"lr": "0.2", "quote": "it's"}, {"team": "green", "note": "größe 数"}),
]

FILTERS = [
    "", " ", "metrics.loss > 0", "metrics.loss >= 0.25", "metrics.loss < 0.5", "metrics.loss <= 0.5",
    "metrics.loss = 0.5", "metrics.loss != 0.5", "metric.loss > -2", "metrics.loss > -1.5e0", "metrics.loss < 1e11",
    "metrics.acc = 0.75", "metrics.acc > 0.3 AND metrics.acc < 0.8", "metrics.acc > 0.3 and metrics.loss < 1",
    "metrics.big > 1000000", "metrics.big < 0", "metrics.`a b` > 0", "metrics.\"a b\" = 1", "metrics.missing > 0",
    "metrics.missing != 0", "params.lr = '0.1'", "param.lr = '0.1'", "parameter.lr = '0.1'", "parameters.lr = '0.1'",
    "params.lr != '0.1'", "params.lr = \"0.1\"", "params.opt = 'adam'", "params.opt LIKE 'a%'", "params.opt ILIKE 'a%'",
    "params.opt like '%d%'", "params.opt LIKE '_dam'", "params.opt IS NULL", "params.opt IS NOT NULL",
    "params.opt is null AND metrics.acc > 0.5", "params.missing IS NULL", "params.missing = 'x'",
    "params.missing != 'x'", "params.empty = ''", "params.`a b` = 'q'", "params.quote = \"it's\"",
    "params.opt != 'sgd'", "params.lr = '0.10'", "tags.team = 'red'", "tag.team = 'red'", "tags.team != 'red'",
    "tags.team LIKE 'R%'", "tags.team ILIKE 'R%'", "tags.team IS NULL", "tags.team IS NOT NULL",
    "tags.`a b` = 'quoted'", "tags.\"v.1\" = 'x'", "tags.v.1 = 'x'", "tags.note LIKE 'a_first'",
    "tags.note ILIKE 'A_FIRST'", "tags.note LIKE '100%'", "tags.note LIKE '%数'", "tags.note ILIKE 'GRÖSSE%'",
    "tags.note = 'größe 数'", "tags.mlflow.runName = 'alpha'", "tags.`mlflow.runName` LIKE '%a'",
    "attributes.run_name = 'alpha'", "attribute.run_name = 'alpha'", "attr.run_name = 'alpha'",
    "run.run_name = 'alpha'", "run_name = 'alpha'", "run_name != 'alpha'", "run_name LIKE '%eta'", "run_name LIKE 'd%'",
    "run_name ILIKE 'd%'", "attributes.`run name` = 'beta'", "attributes.`Run name` = 'beta'",
    "attributes.\"Run Name\" = 'beta'", "attributes.status = 'FINISHED'", "attributes.status = 'finished'",
    "status != 'FINISHED'", "status LIKE 'FIN%'", "status ILIKE 'fin%'", "attributes.user_id = 'ada'",
    "user_id LIKE 'a%'", "attributes.artifact_uri LIKE '%/artifacts'", "attributes.start_time > 1700000000001",
    "start_time >= 1700000000001", "start_time = 1700000000002", "start_time != 1700000000002",
    "attributes.created <= 1700000000001", "end_time > 1700000000101", "attributes.end_time < 1700000000103",
    "end_time != 0", "start_time > 1700000000001 AND params.lr = '0.1'", "run_id = 'ALPHA'",
    "attributes.run_id != 'ALPHA'", "run_id IN ('ALPHA', 'BETA')", "attributes.run_id in ('ALPHA')",
    "run_id NOT IN ('ALPHA', 'BETA')", "run_id IN ('nobody')", "run_id LIKE '%'", "dataset.name = 'digits'",
    "datasets.name = 'digits'", "dataset.name != 'digits'", "dataset.name LIKE 'dig%'", "dataset.name ILIKE 'DIG%'",
    "dataset.digest = 'd2'", "dataset.context = 'train'", "dataset.context LIKE 't%'",
    "dataset.name IN ('digits', 'letters')", "dataset.name NOT IN ('digits')", "dataset.digest IN ('d1')",
    "dataset.context IN ('test')", "dataset.context NOT IN ('test')",
    "dataset.name = 'digits' AND dataset.context = 'test'", "dataset.name = 'letters' AND dataset.context = 'train'",
    "metrics.acc > 0.1 AND params.lr = '0.1' AND tags.team ILIKE 'red' AND status = 'RUNNING'",
    "tags.team = 'red' AND tags.note IS NOT NULL AND params.opt = 'sgd'", "  tags.team   =   'red'  ",
    "TAGS.team = 'red'", "Tags.team = 'red'", "tags.team = 'red'\nAND\tparams.opt = 'sgd'",
]

ORDERS = [
    [], ["metrics.loss"], ["metrics.loss ASC"], ["metrics.loss DESC"], ["metrics.big DESC"], ["metrics.big"],
    ["metrics.acc DESC", "metrics.loss"], ["metrics.acc", "attributes.run_name DESC"], ["params.lr"],
    ["params.lr DESC"], ["param.opt", "start_time"], ["tags.team"], ["tags.team DESC", "start_time ASC"],
    ["tags.`a b`"], ["metrics.`a b` asc"], ["attributes.start_time"], ["start_time DESC"], ["attribute.end_time"],
    ["end_time DESC"], ["run_name"], ["attributes.run_name desc"], ["attributes.`Run Name`"], ["status", "run_name"],
    ["attributes.user_id", "created"], ["metrics.missing"], ["metrics.missing DESC", "run_name"],
    ["params.missing", "run_name"], ["tag.note"], ["attributes.artifact_uri IS NULL"], ["attributes.created DESC"],
]


def _made(client):
    experiment = client.create_experiment("search")
    ids = {}
    for number, (name, metrics, params, tags) in enumerate(RUNS):
        user = {"mlflow.user": "ada" if number % 2 else "grace"}
        run = client.create_run(experiment, START + number, tags | user, name).info.run_id
        client.log_batch(
            run, [Metric(key, value, 5, 0) for key, value in metrics.items()],
            [Param(key, value) for key, value in params.items()], [RunTag("extra", "1")])
        ids[name.upper()] = run
    for number, name in enumerate(["ALPHA", "BETA", "GAMMA", "DELTA"]):
        client.set_terminated(ids[name], ["FINISHED", "FAILED"][number % 2], START + 100 + number)
    for name, dataset, digest, context in [
            ("ALPHA", "digits", "d1", "train"), ("BETA", "digits", "d2", "test"), ("GAMMA", "letters", "d1", "train"),
            ("ALPHA", "letters", "d3", "test"), ("DELTA", "bare", "d4", None)]:
        tags = [InputTag("mlflow.data.context", context)] if context else []
        client.log_inputs(ids[name], [DatasetInput(Dataset(dataset, digest, "local", "{}"), tags)])
    return experiment, ids


def filters(client, log):
    experiment, ids = _made(client)
    for text in FILTERS:
        asked = text
        for name, run in ids.items():
            asked = asked.replace(f"'{name}'", f"'{run}'")
        log.call(text, lambda: sorted(
            run.info.run_name for run in client.search_runs([experiment], asked)))


def orders(client, log):
    experiment = client.get_experiment_by_name("search").experiment_id
    for order in ORDERS:
        log.call(f"{order}", lambda: [
            run.info.run_name for run in client.search_runs([experiment], order_by=order)])


def what_is_found(client, log):
    experiment = client.get_experiment_by_name("search").experiment_id
    log.call("whole runs", client.search_runs, [experiment])


def the_latest_value_counts(client, log):
    experiment = client.create_experiment("latest")
    run = client.create_run(experiment, START, run_name="many").info.run_id
    for step, time, value in [(1, 5, 10.0), (3, 4, 1.0), (2, 9, 20.0), (3, 4, 2.0), (3, 3, 30.0)]:
        client.log_metric(run, "m", value, timestamp=time, step=step)
    log.call("latest", lambda: client.get_run(run).data.metrics)
    for value in [1, 2, 10, 20, 30]:
        log.call(f"m = {value}", lambda: len(client.search_runs([experiment], f"metrics.m = {value}")))


def infinities(client, log):
    """MLflow keeps an infinity as the greatest double."""
    experiment = client.create_experiment("infinities")
    for name, value in [("up", math.inf), ("down", -math.inf), ("one", 1.0), ("none", math.nan)]:
        run = client.create_run(experiment, START, run_name=name).info.run_id
        client.log_metric(run, "m", value, 5, 0)
    for operator in ["=", "!=", ">", ">=", "<", "<="]:
        for number in [GREATEST, "-" + GREATEST, "1e308", "-1e308"]:
            text = f"metrics.m {operator} {number}"
            log.call(text, lambda: sorted(run.info.run_name for run in client.search_runs([experiment], text)))


def pages(client, log):
    one, two = client.create_experiment("page one"), client.create_experiment("page two")
    for number in range(9):
        client.create_run([one, two][number % 2], START + number // 3, {"n": str(number)}, f"run {number}")
    for count in [1, 2, 5, 9, 10]:
        log.call(f"pages of {count}", lambda: _pages(client, [one, two], count))
    log.call("one of both", lambda: _pages(client, [two], 3))
    log.call("filtered", lambda: _pages(client, [one, two], 2, filter_string="attributes.run_name != 'run 4'"))
    log.call("no experiments", client.search_runs, [])
    log.call("an experiment that is not there", client.search_runs, ["4711"])
    log.call("one that is there and one that is not", lambda: len(client.search_runs([one, "4711"])))
    log.call("an experiment twice", lambda: len(client.search_runs([one, one])))


def _pages(client, experiments, count, **named):
    found, page = [], None
    while page is None or page.token:
        page = client.search_runs(
            experiments, max_results=count, page_token=page and page.token, order_by=["attributes.run_name"], **named)
        found.append([run.info.run_name for run in page])
    return found
