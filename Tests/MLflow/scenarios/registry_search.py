"""Which registered models and versions a search finds, in which order, page by page."""
import time

from rest import API, REST

START = 1_700_000_000_000

MODELS = [
    ("alpha", {"team": "red", "a b": "x"}), ("beta", {"team": "blue"}), ("Gamma", {"team": "Red", "note": "100%"}),
    ("delta_1", {}), ("prompt", {"mlflow.prompt.is_prompt": "true", "team": "red"}),
]

MODEL_FILTERS = [
    None, "", "name = 'alpha'", "name != 'alpha'", "name LIKE '%a'", "name LIKE 'g%'", "name ILIKE 'g%'",
    "name LIKE 'delta_1'", "name IN ('alpha', 'beta')", "name NOT IN ('alpha')", "tags.team = 'red'",
    "tag.team = 'red'", "tags.team != 'red'", "tags.team LIKE 'R%'", "tags.team ILIKE 'r%'", "tags.`a b` = 'x'",
    "tags.note LIKE '100%'", "name LIKE '%a' AND tags.team = 'red'", "tags.team = 'red' AND tags.team LIKE 'r%'",
    "tags.team = 'red' AND tags.team = 'blue'", "tags.`mlflow.prompt.is_prompt` = 'true'",
    "tags.`mlflow.prompt.is_prompt` = 'false'", "tags.`mlflow.prompt.is_prompt` != 'true'",
    "tags.`mlflow.prompt.is_prompt` != 'false'", "name=\"alpha\"",
    # refused, or so one would think
    "name", "name =", "foo", "foo bar", "name > 'a'", "name = 5", "name = alpha", "name IN ()", "name IN (5)",
    "name IS NULL", "tags.team > 'a'", "tags.team IN ('red')", "tags.team = 5", "tags.team IS NULL", "run_id = 'a'",
    "foo.bar = 'a'", "metrics.a > 1", "attributes.name = 'alpha'", "model.name = 'alpha'", "name = 'a' OR name = 'b'",
    "NOT name = 'a'", "(name = 'alpha')", "name = 'a'; name = 'b'", "'alpha' = name", "last_updated_timestamp > 0",
    "description = 'x'", "name == 'alpha'", "name = 'a' AND", "AND name = 'a'", "name = 'it''s'",
]

MODEL_ORDERS = [
    None, [], ["name"], ["name ASC"], ["name DESC"], ["timestamp"], ["timestamp DESC"], ["last_updated_timestamp"],
    ["last_updated_timestamp DESC", "name"], ["name asc"], ["name UP"], ["foo"], ["tags.team"], ["creation_timestamp"],
    [""], ["name, timestamp"], ["name", "name"], ["attributes.name"], ["`name`"],
]

VERSION_FILTERS = [
    None, "", "name = 'alpha'", "name != 'alpha'", "name LIKE '%a'", "name ILIKE 'G%'", "name IN ('alpha', 'Gamma')",
    "name NOT IN ('alpha')", "run_id = 'RUN'", "run_id != 'RUN'", "run_id IN ('RUN', 'x')", "run_id LIKE '%'",
    "run_id NOT IN ('RUN')", "source_path = 's3://bucket/two'", "source_path LIKE 's3%'",
    "source_path != 's3://bucket/two'", "version_number = 1", "version_number > 1", "version_number <= 2",
    "version_number != 1", "tags.k = 'v'", "tag.k = 'v'", "tags.k != 'v'", "tags.k LIKE 'V%'", "tags.k ILIKE 'V%'",
    "name = 'alpha' AND version_number = 2", "name = 'alpha' AND tags.k = 'v' AND run_id = 'RUN'",
    "version_number = '1'", "tags.k = 'v' AND tags.j = 'w'",
    # refused, or so one would think
    "name", "name = 5", "name > 'a'", "foo = 'a'", "version_number = 1.5", "version_number = 'a'",
    "version_number LIKE '1'", "version_number IN (1)", "source_path IN ('a')", "source_path > 'a'", "run_id > 'a'",
    "run_id IN ()", "run_id = abc", "tags.k > 'a'", "tags.k IN ('v')", "tags.k IS NULL", "version = 1", "source = 'a'",
    "status = 'READY'", "current_stage = 'None'", "name = 'a' OR name = 'b'", "attributes.name = 'alpha'",
    "attribute.name = 'alpha'", "foo bar", "creation_timestamp > 0", "NOT name = 'a'", "(name = 'alpha')",
    "name = 'a'; name = 'b'",
]

VERSION_ORDERS = [
    None, [], ["name"], ["name DESC"], ["version_number"], ["version_number DESC", "name"], ["creation_timestamp"],
    ["creation_timestamp DESC"], ["last_updated_timestamp DESC"], ["name", "version_number DESC"], ["foo"], ["name UP"],
    ["timestamp"], ["run_id"], ["tags.k"], [""], ["version"], ["name", "name"],
]


def _made(client):
    rest = REST(client.tracking_uri)
    run = client.create_run(client.create_experiment("registry"), START, run_name="registry").info
    for name, tags in MODELS:
        # The client itself would refuse to make a prompt in this way.
        rest.post(f"{API}/registered-models/create", {
            "name": name, "tags": [{"key": key, "value": value} for key, value in tags.items()]})
        # The orders by time are in milliseconds.
        time.sleep(0.005)
    inside = f"{run.artifact_uri}/model"
    for name, source, owner, tags in [
            ("alpha", inside, run.run_id, {"k": "v", "j": "w"}), ("beta", "s3://bucket/one", None, {}),
            ("alpha", "s3://bucket/two", None, {"k": "V"}), ("Gamma", inside, run.run_id, {"k": "x"}),
            ("alpha", "s3://bucket/three", None, {}), ("delta_1", "s3://bucket/gone", None, {"k": "v"})]:
        client.create_model_version(name, source, owner, tags)
        time.sleep(0.005)
    client.delete_model_version("delta_1", "1")
    return run.run_id


def models(client, log):
    _made(client)
    for text in MODEL_FILTERS:
        log.call(f"{text}", lambda: [model.name for model in client.search_registered_models(text)])
    for order in MODEL_ORDERS:
        log.call(f"order {order}",
                 lambda: [model.name for model in client.search_registered_models(order_by=order)])
    log.call("whole", client.search_registered_models, "name = 'alpha'")


def versions(client, log):
    run = client.search_runs([client.get_experiment_by_name("registry").experiment_id])[0].info.run_id
    for text in VERSION_FILTERS:
        log.call(f"{text}", lambda: [
            f"{version.name} {version.version}" for version in client.search_model_versions(
                text and text.replace("RUN", run), order_by=["name", "version_number"])])
    for order in VERSION_ORDERS:
        log.call(f"order {order}", lambda: [
            f"{version.name} {version.version}" for version in client.search_model_versions(order_by=order)])
    log.call("whole", client.search_model_versions, "name = 'Gamma'")


def pages(client, log):
    for number in range(5):
        client.create_registered_model(f"page {number}")
        client.create_model_version("page 0", f"s3://bucket/page{number}")
    for count in [1, 2, 5, 9, 100]:
        log.call(f"models by {count}", _pages, lambda **named: client.search_registered_models(
            max_results=count, **named), lambda model: model.name)
        log.call(f"versions by {count}", _pages, lambda **named: client.search_model_versions(
            max_results=count, order_by=["name", "version_number"], **named),
            lambda version: f"{version.name} {version.version}")
    for count in [0, -1, 1000, 1001, 200000, 200001]:
        log.call(f"{count} models", lambda: len(client.search_registered_models(max_results=count)))
        log.call(f"{count} versions", lambda: len(client.search_model_versions(max_results=count)))
    for token in ["nonsense", "e30="]:
        log.call(f"models from {token}", lambda: len(client.search_registered_models(page_token=token)))
        log.call(f"versions from {token}", lambda: len(client.search_model_versions(page_token=token)))


def _pages(search, shown):
    found, page = [], None
    while page is None or page.token:
        page = search(page_token=page and page.token)
        found.append([shown(item) for item in page])
    return found
