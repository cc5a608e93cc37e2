"""What schemathesis knows of the search language, and of what is in the store that `seed.py` filled."""
import schemathesis
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="'\"\\\0"), max_size=20)
NUMBERS = st.one_of(st.integers(-10**6, 10**6), st.floats(-1e6, 1e6)).map(str)


def comparisons(*keys):
    quoted = TEXTS.map(lambda text: f"'{text}'")
    operators = st.sampled_from(["=", "!=", "LIKE", "ILIKE"])
    return st.tuples(st.sampled_from(keys), operators, quoted).map(" ".join)


def metrics():
    operators = st.sampled_from(["<", "<=", "=", "!=", ">=", ">"])
    return st.tuples(st.sampled_from(["metrics.loss", "metrics.`train/loss`"]), operators, NUMBERS).map(" ".join)


def filters(tests):
    return st.lists(tests, max_size=4).map(" AND ".join)


def orders(*clauses):
    # Each key in one direction: it stands in an order once.
    return st.sampled_from(clauses)


for kind, filter_, order in [
    ("run", filters(comparisons("params.lr", "tags.team", "attributes.run_name") | metrics()),
     orders("metrics.loss", "params.lr DESC", "start_time ASC")),
    ("registered-model", filters(comparisons("name", "tags.team")), orders("name", "last_updated_timestamp DESC")),
    ("model-version", filters(comparisons("name", "run_id", "tags.team")), orders("name ASC", "version_number DESC")),
    ("logged-model", filters(comparisons("name", "params.p", "tags.team") | metrics()), orders("name", "metrics.loss DESC")),
]:
    schemathesis.openapi.format(f"{kind}-filter", filter_)
    schemathesis.openapi.format(f"{kind}-order", order)


@schemathesis.hook
def filter_query(context, query):
    # Whatever is no filter is thought to be wrong, and an empty one is not: it is as good as none.
    return not query or not any(query.get(name) in ("", [], [""]) for name in ("filter", "order"))
