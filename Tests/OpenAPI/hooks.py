"""What schemathesis knows of the search language, and of what is in the store that `seed.py` filled."""
import schemathesis
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="'\"\\\0"), max_size=20)
NUMBERS = st.one_of(st.integers(-10**6, 10**6), st.floats(-1e6, 1e6)).map(str)


def numbers(*keys):
    operators = st.sampled_from(["<", "<=", "=", "!=", ">=", ">"])
    return st.tuples(st.sampled_from(keys), operators, NUMBERS).map(" ".join)


def times(*keys):
    moments = st.integers(0, 1000).map(lambda hours: f"now() - {hours}h")
    return st.tuples(st.sampled_from(keys), st.sampled_from(["<", ">="]), moments).map(" ".join)


def comparisons(*keys):
    quoted = TEXTS.map(lambda text: f"'{text}'")
    lists = st.lists(quoted, min_size=1, max_size=3).map(lambda texts: f"({', '.join(texts)})")
    operators = st.sampled_from(["=", "!=", "LIKE", "NOT LIKE", "ILIKE"])
    keys = st.sampled_from(keys)
    return (st.tuples(keys, operators, quoted) | st.tuples(keys, st.sampled_from(["IN", "NOT IN"]), lists)
            | st.tuples(keys, st.sampled_from(["IS NULL", "IS NOT NULL"]))).map(" ".join)


def metrics():
    return numbers("metrics.loss", "metrics.`train/loss`")


def filters(tests):
    factors = tests | tests.map(lambda test: f"NOT ({test})")
    joints = st.sampled_from([" AND ", " OR "])
    return st.tuples(joints, st.lists(factors, max_size=4)).map(lambda pair: pair[0].join(pair[1]))


def orders(*clauses):
    # Each key in one direction: it stands in an order once.
    return st.sampled_from(clauses)


for kind, filter_, order in [
    ("experiment", filters(comparisons("name", "tags.team") | times("creation_time")),
     orders("name", "creation_time DESC")),
    ("run", filters(comparisons("params.lr", "tags.team", "attributes.run_name") | metrics() | numbers("params.lr")
                    | times("start_time")),
     orders("metrics.loss", "params.lr DESC", "start_time ASC")),
    ("registered-model", filters(comparisons("name", "tags.team") | times("creation_timestamp")),
     orders("name", "last_updated_timestamp DESC")),
    ("model-version", filters(comparisons("name", "run_id", "tags.team") | numbers("tags.team")),
     orders("name ASC", "version_number DESC")),
    ("logged-model", filters(comparisons("name", "status", "params.p", "tags.team") | metrics() | numbers("params.p")),
     orders("name", "metrics.loss DESC")),
]:
    schemathesis.openapi.format(f"{kind}-filter", filter_)
    schemathesis.openapi.format(f"{kind}-order", order)


@schemathesis.hook
def filter_query(context, query):
    # Whatever is no filter is thought to be wrong, and an empty one is not: it is as good as none.
    return not query or not any(query.get(name) in ("", [], [""]) for name in ("filter", "order"))
