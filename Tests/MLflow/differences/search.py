"""Searches of experiments and of runs: filters, orders, pages."""
from differences.words import HALF, LOGIC, RAISED, REFUSED, SERVER_FAILS, WRONG_TYPE, among

WORDS = ("What a filter or an order has wrong is shown as Aviary's grammar parts it; MLflow shows it as a parser of SQL "
         "does.")
NUMBER_KEY = "A key may be a number, or end with one; MLflow cannot read it."
UNREADABLE = ("What a search of runs cannot read is a 400 that says what is wrong; MLflow answers 500, and clients try "
              "again.")

# Filters of `search_errors`.
UNPARSED = among(
    "metrics.loss BETWEEN 1 AND 2", "metrics.loss > 1e", "metrics.a b > 1", "params.lr = 'a", "params.lr NOT NULL",
    "tags.a b = 'x'", "run_id NOT ('a')", "-- comment", "metrics.a > 1 -- comment", "/* c */ metrics.a > 1",
    "SELECT * FROM runs", "metrics.`a > 1", ".a > 1", "params.a = NULL", "params.a != NULL",
    "tags.a = 'x' && tags.b = 'y'")
HALVED = among(
    "run_id IN ('a' 'b')", "metrics.a > 1 metrics.b > 1", "metrics.a > 1 AND", "AND metrics.a > 1",
    "metrics.a > 1 AND AND metrics.b > 1")
LOGICAL = among(
    "metrics.a > 1 OR metrics.b > 1", "NOT metrics.a > 1", "(metrics.a > 1)", "(metrics.a > 1) AND (metrics.b > 1)")

SEARCH = [
    {
        "scenario": "experiments",
        "mlflow": rf"searching \| filter name like 'Search%': {RAISED}",
        "aviary": r"searching \| filter name like 'Search%': \[0\] = \"Search c\"",
        "reason": "Operators are read in small letters too; MLflow wants capitals in a search of experiments.",
    },
    {
        "scenario": "experiments",
        "mlflow": rf"searching \| filter (.* OR .*|NOT .*|\(.*\)): {RAISED}",
        "aviary": r"searching \| filter (.* OR .*|NOT .*|\(.*\)): \[\d+\] = .*",
        "reason": LOGIC,
    },
    {
        "scenario": "experiments",
        "mlflow": r"searching \| filter name = search: message = .*",
        "aviary": r"searching \| filter name = search: message = .*not quoted.*",
        "reason": WORDS,
    },
    {
        "scenario": "experiments",
        "mlflow": r"searching \| filter (name = 'a' AND: = \[\]|AND: \[\d+\] = .*)",
        "aviary": rf"searching \| filter (name = 'a' )?AND: {RAISED}",
        "reason": HALF,
    },
    {
        "scenario": "search",
        "mlflow": rf"filters \| tags\.v\.1 = 'x': {RAISED}",
        "aviary": r"filters \| tags\.v\.1 = 'x': \[0\] = \"gamma\"",
        "reason": NUMBER_KEY,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"filters \| metrics\.1 > 1: {RAISED}",
        "aviary": r"filters \| metrics\.1 > 1: = \[\]",
        "reason": NUMBER_KEY,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"(filters \| {UNPARSED}|orders \| ASC): message = .*",
        "aviary": rf"(filters \| {UNPARSED}|orders \| ASC): message = \"INVALID_PARAMETER_VALUE: "
                  r"Invalid (clause\(s\) in filter string: |(clause\(s\) in filter string|attribute key) ).*",
        "reason": WORDS,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"(filters \| run_id IN \(a\)|orders \| twice .*"
                  rf"|counts_and_tokens \| (token ☃|experiment '9{{20}}')): {RAISED}",
        "aviary": rf"(filters \| run_id IN \(a\)|orders \| twice .*"
                  rf"|counts_and_tokens \| (token ☃|experiment '9{{20}}')): {RAISED}",
        "reason": UNREADABLE,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"filters \| {HALVED}: = \[\]",
        "aviary": rf"filters \| {HALVED}: {RAISED}",
        "reason": HALF,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"filters \| {LOGICAL}: {RAISED}",
        "aviary": rf"filters \| {LOGICAL}: (= \[\]|\[0\] = \"one\")",
        "reason": LOGIC,
    },
    {
        "scenario": "search_errors",
        "mlflow": r"orders \| metrics\.: \[0\] = \"one\"",
        "aviary": rf"orders \| metrics\.: {RAISED}",
        "reason": "An order by a key without letters is refused; MLflow takes it for a metric that no run has.",
    },
    {
        "scenario": "search_errors",
        "mlflow": r"on_the_wire \| \{('experiment_ids': \[0\]|.*'max_results': 1\.5|.*'page_token': 5)\}: "
                  r"(body = \{\}|body\.runs\[0\]\..*|status = 200)",
        "aviary": rf"on_the_wire \| \{{('experiment_ids': \[0\]|.*'max_results': 1\.5|.*'page_token': 5)\}}: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"on_the_wire \| \{{.*'max_results': None\}}: {SERVER_FAILS}",
        "aviary": r"on_the_wire \| \{.*'max_results': None\}: (body\.runs\[0\]\..*|status = 200)",
        "reason": "A number that is null is as good as missing; MLflow answers 500, and clients try again.",
    },
]
