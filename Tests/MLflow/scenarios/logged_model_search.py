"""Which logged models a search finds, in which order, and what it refuses."""
import time

from rest import API, REST

START = 1_700_000_000_000

MODELS = [
    ("alpha", "agent", {"lr": "0.1", "opt": "sgd"}, {"team": "red"}, {("acc", None): 0.5, ("loss", None): 1.0}),
    ("beta", "agent", {"lr": "0.01", "opt": "adam"}, {"team": "blue"},
     {("acc", "digits"): 0.75, ("acc", "letters"): 0.25}),
    ("gamma", "llm", {"lr": "0.1", "a b": "q"}, {"team": "Red", "a b": "x"}, {("acc", "digits"): 0.9}),
    ("Delta", None, {}, {}, {("loss", "letters"): -1.0}), ("epsilon", "llm", {"lr": "1"}, {"note": "100%"}, {}),
]

FILTERS = [
    None, "", "name = 'alpha'", "name != 'alpha'", "name LIKE '%a'", "name ILIKE 'd%'", "name LIKE 'd%'",
    "attributes.name = 'beta'", "name IN ('alpha', 'beta')", "name NOT IN ('alpha', 'beta')", "model_type = 'agent'",
    "attributes.model_type != 'agent'", "model_type LIKE 'll%'", "status = 'READY'", "status = 2", "status != 1",
    "attributes.status > 1", "source_run_id = 'RUN'", "source_run_id != 'RUN'", "source_run_id IN ('RUN')",
    "experiment_id = 'EXPERIMENT'", "creation_timestamp > 0", "creation_time > 0", "creation_timestamp < 5",
    "last_updated_timestamp > 0", "last_updated_timestamp = 0", "params.lr = '0.1'", "params.lr != '0.1'",
    "params.opt LIKE '%d%'", "params.opt ILIKE 'SGD'", "params.lr IN ('0.1', '1')", "params.lr NOT IN ('0.1')",
    "params.`a b` = 'q'", "params.\"a b\" = 'q'", "tags.team = 'red'", "tags.team != 'red'", "tags.team ILIKE 'red'",
    "tags.team IN ('red', 'blue')", "tags.`a b` = 'x'", "tags.note LIKE '100%'", "metrics.acc > 0.3",
    "metrics.acc = 0.25", "metrics.acc < 0.5", "metrics.acc >= 0.9", "metrics.acc != 0.5", "metrics.loss <= 0",
    "metrics.missing > 0", "metrics.acc > 0.3 AND params.lr = '0.1'",
    "name = 'alpha' AND tags.team = 'red' AND metrics.loss = 1", "params.lr = 0.1",
    "name = 'alpha' and model_type = 'agent'",
    # refused, or so one would think
    "name", "name =", "foo", "foo bar", "foo = 'a'", "attribute.name = 'alpha'", "metric.acc > 1", "param.lr = '1'",
    "tag.team = 'red'", "model.name = 'a'", "attributes.foo = 'a'", "metrics.acc > 'a'", "metrics.acc LIKE 'a'",
    "params.lr > '1'", "tags.team > 'a'", "name > 'a'", "name = 5", "name = alpha", "status > 'READY'",
    "status = 'FOO'", "creation_timestamp > 'a'", "creation_timestamp IN ('5')", "name = 'a' OR name = 'b'",
    "NOT name = 'a'", "(name = 'alpha')", "name = 'a'; name = 'b'", "name IN ()", "name IN (5)", "name IS NULL",
    "params.lr IS NULL", "tags.team IS NOT NULL", "name = 'a' AND", "'alpha' = name", "name == 'alpha'",
    "metrics.acc > 0.5 0.6", "artifact_uri LIKE '%'", "metrics.a.b > 1", "metrics.`a > 1", "name = 'it''s'",
]

ORDERS = [
    None, [{"field_name": "name"}], [{"field_name": "name", "ascending": False}], [{"field_name": "attributes.name"}],
    [{"field_name": "creation_timestamp"}], [{"field_name": "creation_time", "ascending": False}],
    [{"field_name": "last_updated_timestamp", "ascending": False}],
    [{"field_name": "model_type"}, {"field_name": "name"}], [{"field_name": "metrics.acc"}],
    [{"field_name": "metrics.acc", "ascending": False}], [{"field_name": "metrics.acc", "dataset_name": "digits"}],
    [{"field_name": "metrics.acc", "ascending": False, "dataset_name": "letters", "dataset_digest": "d-letters"}],
    [{"field_name": "metrics.acc", "dataset_name": "digits", "dataset_digest": "other"}],
    [{"field_name": "metrics.missing"}], [{"field_name": "status"}, {"field_name": "name"}],
    [{"field_name": "source_run_id"}, {"field_name": "name"}], [{"field_name": "params.lr"}],
    [{"field_name": "tags.team"}], [{"field_name": "foo"}], [{"field_name": "attributes.foo"}],
    [{"field_name": "metric.acc"}], [{"field_name": ""}], [{"ascending": True}], [{"field_name": "name DESC"}],
    [{"field_name": "experiment_id"}, {"field_name": "name"}], [{"field_name": "name", "dataset_name": "digits"}],
    [{"field_name": "metrics.acc", "dataset_digest": "d-digits"}],
]

DATASETS = [
    [], [{"dataset_name": "digits"}], [{"dataset_name": "letters"}],
    [{"dataset_name": "digits"}, {"dataset_name": "letters"}],
    [{"dataset_name": "digits", "dataset_digest": "d-digits"}], [{"dataset_name": "digits", "dataset_digest": "other"}],
    [{"dataset_name": "missing"}], [{"dataset_digest": "d-digits"}], [{}],
]


def _made(client):
    experiment = client.create_experiment("models")
    run = client.create_run(experiment, START, run_name="models").info.run_id
    for number, (name, kind, params, tags, metrics) in enumerate(MODELS):
        model = client.create_logged_model(experiment, name, run if number % 2 else None, tags, params, kind).model_id
        for step, ((key, dataset), value) in enumerate(metrics.items()):
            client.log_metric(
                run, key, value, timestamp=5 + number + step, step=step, model_id=model, dataset_name=dataset,
                dataset_digest=dataset and f"d-{dataset}")
        if number != 4:
            client.finalize_logged_model(model, "READY")
        # The default order is that of creation, in milliseconds.
        time.sleep(0.005)
    return experiment, run


def _names(client, experiment, **named):
    return [model.name for model in client.search_logged_models([experiment], **named)]


def filters(client, log):
    experiment, run = _made(client)
    for text in FILTERS:
        asked = text and text.replace("RUN", run).replace("EXPERIMENT", experiment)
        log.call(f"{text}", lambda: sorted(_names(client, experiment, filter_string=asked)))


def orders(client, log):
    experiment = client.get_experiment_by_name("models").experiment_id
    for order in ORDERS:
        log.call(f"{order}", _names, client, experiment, order_by=order)
    # Ids are drawn by lot, hence no names here.
    ids = [model.model_id for model in client.search_logged_models([experiment], order_by=[{"field_name": "model_id"}])]
    log.value("by id", ids == sorted(ids))


def data_sets(client, log):
    experiment = client.get_experiment_by_name("models").experiment_id
    for datasets in DATASETS:
        for text in ["", "metrics.acc > 0.3", "name LIKE '%a'"]:
            log.call(f"{datasets} with {text!r}", lambda: sorted(
                _names(client, experiment, datasets=datasets, filter_string=text)))


def pages(client, log):
    experiment = client.get_experiment_by_name("models").experiment_id
    other = client.create_experiment("other models")
    for count in [1, 2, 5, 6]:
        log.call(f"pages of {count}", _pages, client, experiment, count)
    for count in [0, -1, 1001, 50001]:
        log.call(f"a page of {count}", lambda: len(client.search_logged_models([experiment], max_results=count)))
    token = client.search_logged_models([experiment], max_results=1, filter_string="name != 'x'").token
    log.call("the token for another filter", lambda: len(client.search_logged_models([experiment], page_token=token)))
    log.call("the token for other experiments", lambda: len(client.search_logged_models(
        [other], filter_string="name != 'x'", page_token=token)))
    log.call("the token for another order", lambda: len(client.search_logged_models(
        [experiment], filter_string="name != 'x'", order_by=[{"field_name": "name"}], page_token=token)))
    log.call("a token that is none", lambda: len(client.search_logged_models([experiment], page_token="nonsense")))
    log.call("no experiments", lambda: len(client.search_logged_models([])))
    log.call("experiments without models", lambda: len(client.search_logged_models([other])))
    log.call("an experiment that is not there", lambda: len(client.search_logged_models(["4711"])))


def _pages(client, experiment, count):
    found, page = [], None
    while page is None or page.token:
        page = client.search_logged_models(
            [experiment], max_results=count, order_by=[{"field_name": "name"}], page_token=page and page.token)
        found.append([model.name for model in page])
    return found


def on_the_wire(client, log):
    rest = REST(client.tracking_uri)
    experiment = client.get_experiment_by_name("models").experiment_id
    log.value("whole", rest.post(f"{API}/logged-models/search", {
        "experiment_ids": [experiment], "filter": "name = 'gamma'"}))
    for body in [
            {}, {"experiment_ids": "0"}, {"experiment_ids": ["0"], "filter": 5},
            {"experiment_ids": ["0"], "max_results": "x"},
            {"experiment_ids": ["0"], "order_by": ["name"]}, {"experiment_ids": ["0"], "datasets": "digits"},
            {"experiment_ids": ["0"], "order_by": [{"field_name": "name", "ascending": "yes"}]},
            {"experiment_ids": ["abc"]}]:
        log.value(f"{body}", rest.post(f"{API}/logged-models/search", body))
