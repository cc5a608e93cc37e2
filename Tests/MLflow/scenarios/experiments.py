"""Experiments through `MlflowClient`."""
from mlflow.entities import ViewType


def creating(client, log):
    ada = log.call("create", _created, client, "ada")
    log.call("get", client.get_experiment, ada["experiment_id"])
    log.call("get the default", client.get_experiment, "0")
    full = log.call(
        "create with everything", _created, client, "with all", artifact_location="mlflow-artifacts:/elsewhere",
        tags={"a": "1", "long": "x" * 1000, "größe": "naïve"})
    log.call("get with everything", client.get_experiment, full["experiment_id"])
    log.call("get by name", client.get_experiment_by_name, "with all")
    log.call("get by a name that is not there", client.get_experiment_by_name, "nobody")
    for name in [" spaces around ", "слово 数 ☃", "with 'quotes' and \"more\"", "a/b:c%d", "n" * 500]:
        made = log.call(f"create {name[:30]}", _created, client, name)
        log.call(f"get {name[:30]}", lambda: client.get_experiment(made["experiment_id"]).name == name)


def _created(client, name, **named):
    return {"experiment_id": client.create_experiment(name, **named)}


def refusals_of_creating(client, log):
    client.create_experiment("twice")
    log.call("a name twice", client.create_experiment, "twice")
    log.call("no name", client.create_experiment, "")
    log.call("a name of spaces", client.create_experiment, "   ")
    log.call("a name too long", client.create_experiment, "n" * 501)
    log.call("a tag key too long", client.create_experiment, "tag key", tags={"k" * 251: "v"})
    log.call("a tag value too long", client.create_experiment, "tag value", tags={"k": "v" * 20001})
    log.call("a tag key of bad characters", client.create_experiment, "tag name", tags={"k?": "v"})
    for location in [
            "mlflow-artifacts:/a#b", "mlflow-artifacts:/a;b", "mlflow-artifacts:/a?b=../c", "runs:/abc/model",
            "models:/name/1", "mlflow-artifacts:/../up", "s3://bucket/a/../../b"]:
        log.call(f"location {location}", client.create_experiment, f"at {location}", artifact_location=location)
    log.call("what is there", lambda: sorted(found.name for found in client.search_experiments()))


def getting_what_is_not_there(client, log):
    for identifier in ["4711", "abc", "-1", "1.5", " 0", "99999999999999999999"]:
        log.call(f"get {identifier}", client.get_experiment, identifier)
        log.call(f"delete {identifier}", client.delete_experiment, identifier)
        log.call(f"restore {identifier}", client.restore_experiment, identifier)
        log.call(f"rename {identifier}", client.rename_experiment, identifier, "other")
        log.call(f"tag {identifier}", client.set_experiment_tag, identifier, "k", "v")


def renaming_deleting_restoring(client, log):
    one, two = client.create_experiment("one"), client.create_experiment("two")
    run = client.create_run(one, start_time=1_700_000_000_000, run_name="inside").info.run_id
    log.call("rename", client.rename_experiment, one, "uno")
    log.call("renamed", client.get_experiment, one)
    log.call("rename to the same", client.rename_experiment, one, "uno")
    log.call("rename to a taken name", client.rename_experiment, one, "two")
    log.call("rename to nothing", client.rename_experiment, one, "")
    log.call("rename to a long name", client.rename_experiment, one, "n" * 501)
    log.call("delete", client.delete_experiment, one)
    log.call("deleted", client.get_experiment, one)
    log.call("its run", lambda: client.get_run(run).info.lifecycle_stage)
    log.call("deleted, by name", lambda: client.get_experiment_by_name("uno").lifecycle_stage)
    log.call("delete again", client.delete_experiment, one)
    log.call("rename a deleted one", client.rename_experiment, one, "other")
    log.call("tag a deleted one", client.set_experiment_tag, one, "k", "v")
    log.call("a run in a deleted one", client.create_run, one)
    log.call("a name that a deleted one has", client.create_experiment, "uno")
    log.call("rename to a name that a deleted one has", client.rename_experiment, two, "uno")
    log.call("restore", client.restore_experiment, one)
    log.call("restored", client.get_experiment, one)
    log.call("its run after that", lambda: client.get_run(run).info.lifecycle_stage)
    log.call("restore again", client.restore_experiment, one)
    log.call("delete the default", client.delete_experiment, "0")
    log.call("the default", client.get_experiment, "0")
    log.call("restore the default", client.restore_experiment, "0")


def tags(client, log):
    tagged = client.create_experiment("tagged", tags={"first": "1"})
    log.call("set", client.set_experiment_tag, tagged, "second", "2")
    log.call("set again", client.set_experiment_tag, tagged, "second", "zwei")
    log.call("set a number", client.set_experiment_tag, tagged, "third", 3)
    log.call("set an empty one", client.set_experiment_tag, tagged, "empty", "")
    log.call("set a long one", client.set_experiment_tag, tagged, "k" * 250, "v" * 20000)
    log.call("key too long", client.set_experiment_tag, tagged, "k" * 251, "v")
    log.call("value too long", client.set_experiment_tag, tagged, "k", "v" * 20001)
    log.call("no key", client.set_experiment_tag, tagged, "", "v")
    log.call("key of bad characters", client.set_experiment_tag, tagged, "a#b", "v")
    log.call("delete", client.delete_experiment_tag, tagged, "first")
    log.call("delete again", client.delete_experiment_tag, tagged, "first")
    log.call("tags", lambda: {key[:20]: len(value) for key, value in client.get_experiment(tagged).tags.items()})


FILTERS = [
    "", "name = 'search b'", "name != 'search b'", "name LIKE 'search%'", "name like 'Search%'", "name ILIKE 'SEARCH%'",
    "name LIKE 'search _'", "attribute.name = 'search a'", "attributes.name = 'search a'", "tags.color = 'red'",
    "tag.color = 'red'", "tags.color != 'red'", "tags.color LIKE 'r%'", "tags.color ILIKE 'R%'",
    "tags.`two words` = 'x'", "tags.\"two words\" = 'x'", "name LIKE 'search%' AND tags.color = 'blue'",
    "tags.color IS NULL", "tags.color IS NOT NULL", "tags.color is not null and name LIKE 'search%'",
    "creation_time > 0", "creation_time <= 1000", "last_update_time >= 1", "last_update_time != 4",
    "experiment_id = '0'", "experiment_id != '0'", "experiment_id IN ('0', '77')", "experiment_id NOT IN ('0')",
    "name = \"search a\"", "name = 'search a' OR name = 'search b'", "NOT name = 'search a'", "(name = 'search a')",
    "name", "name = ", "name = search", "name > 'a'", "name IN ('search a')", "name = 5", "creation_time = '5'",
    "creation_time LIKE '5'", "creation_time > 1.5", "experiment_id > '0'", "experiment_id IN ()", "tags.color > 'a'",
    "tags.color = 5", "tags.color IN ('red')", "metrics.loss > 1", "params.a = '1'", "foo = 'a'", "foo.bar = 'a'",
    "name = 'a'; name = 'b'", "name = 'a' AND", "AND", "'a' = name", "name == 'search a'", "lifecycle_stage = 'active'",
    "name = 'it''s'", "name IS NULL",
]
ORDERS = [
    ["name"], ["name ASC"], ["name DESC"], ["experiment_id"], ["experiment_id DESC"], ["creation_time DESC", "name"],
    ["last_update_time", "name DESC"], ["attribute.name"], ["attributes.name desc"], [], ["tags.color"], ["foo"],
    ["name UP"], ["name ASC DESC"], ["name", "name"], [""], ["metrics.loss"], ["`name`"],
]


def searching(client, log):
    for name, color in [("search a", "red"), ("search b", "blue"), ("Search c", None), ("search d", "Red")]:
        made = client.create_experiment(name, tags={"color": color} if color else {"two words": "x"})
    client.delete_experiment(made)
    for text in FILTERS:
        log.call(f"filter {text}",
                 lambda: sorted(found.name for found in client.search_experiments(filter_string=text)))
    for order in ORDERS:
        log.call(f"order {order}", lambda: [found.name for found in client.search_experiments(order_by=order)])
    for view in ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]:
        kind = getattr(ViewType, view)
        log.call(f"view {view}", lambda: [found.name for found in client.search_experiments(kind, order_by=["name"])])


def paging(client, log):
    for number in range(7):
        client.create_experiment(f"page {number}")
    for count in [1, 3, 7, 8, 50000]:
        log.call(f"pages of {count}", lambda: _pages(client, count))
    for count in [0, -1, 50001]:
        log.call(f"a page of {count}", client.search_experiments, max_results=count)
    for token in ["nonsense", "bm9uc2Vuc2U=", "e30=", "eyJvZmZzZXQiOiAibiJ9"]:
        log.call(f"token {token}", lambda: len(client.search_experiments(page_token=token)))


def _pages(client, count):
    pages, page = [], None
    while page is None or page.token:
        page = client.search_experiments(max_results=count, order_by=["name"], page_token=page and page.token)
        pages.append([found.name for found in page])
    return pages
