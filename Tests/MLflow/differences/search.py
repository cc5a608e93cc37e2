"""Searches of experiments and of runs: filters, orders, pages."""
from differences.words import HALF, LOGIC, RAISED, REFUSED, SERVER_FAILS, WRONG_TYPE

WORDS = ("What a filter or an order has wrong is shown as Aviary's grammar parts it; MLflow shows it as a parser of SQL "
         "does.")
NUMBER_KEY = "A key may be a number, or end with one; MLflow cannot read it."
UNREADABLE = ("What a search of runs cannot read is a 400 that says what is wrong; MLflow answers 500, and clients try "
              "again.")

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
        "mlflow": rf"filters \| 51 .*: {RAISED}",
        "aviary": r"filters \| 51 .*: \[0\] = \"gamma\"",
        "reason": NUMBER_KEY,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"filters \| 28 .*: {RAISED}",
        "aviary": r"filters \| 28 .*: = \[\]",
        "reason": NUMBER_KEY,
    },
    {
        "scenario": "search_errors",
        "mlflow": r"(filters \| (22|24|25|34|41|47|76|95|96|97|98|104|113|116|117|122)|orders \| 13) .*: message = .*",
        "aviary": r"(filters \| (22|24|25|34|41|47|76|95|96|97|98|104|113|116|117|122)|orders \| 13) .*: "
                  r"message = \"INVALID_PARAMETER_VALUE: Invalid (clause\(s\) in filter string|attribute key) .*"
                  r"|filters \| (22|24|25|34|41|47|76|95|96|97|98|104|113|116|117|122) .*: "
                  r"message = \"INVALID_PARAMETER_VALUE: Invalid clause\(s\) in filter string: .*",
        "reason": WORDS,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"(filters \| 70 .*|orders \| twice .*|counts_and_tokens \| (token ☃|experiment '9{{20}}')): "
                  rf"{RAISED}",
        "aviary": rf"(filters \| 70 .*|orders \| twice .*|counts_and_tokens \| (token ☃|experiment '9{{20}}')): "
                  rf"{RAISED}",
        "reason": UNREADABLE,
    },
    {
        "scenario": "search_errors",
        "mlflow": r"filters \| (72|89|90|91|92) .*: = \[\]",
        "aviary": rf"filters \| (72|89|90|91|92) .*: {RAISED}",
        "reason": HALF,
    },
    {
        "scenario": "search_errors",
        "mlflow": rf"filters \| (85|86|87|88) .*: {RAISED}",
        "aviary": r"filters \| (85|86|87|88) .*: (= \[\]|\[0\] = \"one\")",
        "reason": LOGIC,
    },
    {
        "scenario": "search_errors",
        "mlflow": r"orders \| 3 metrics\.: \[0\] = \"one\"",
        "aviary": rf"orders \| 3 metrics\.: {RAISED}",
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
