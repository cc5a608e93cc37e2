"""What is larger than Aviary takes, and what is not there at all."""
from differences.words import RAISED

SMALLER = "(message = null|status = 200)"
TOLD = "(message = .*|status = 400)"
TOO_LARGE = "(message = \"the body is larger than .* bytes\"|status = 413)"
FAILS = r"(message = .*OperationalError.*|status = 503)"

LIMITS = [
    {
        "scenario": "limits",
        "mlflow": rf"lengths \| (a model's name of 501|a version's source of 2049|a user of 257): {SMALLER}",
        "aviary": rf"lengths \| (a model's name of 501|a version's source of 2049|a user of 257): {TOLD}",
        "reason": "A registered model's name has at most 500 characters, a version's source 2048, a user 256; "
                  "MLflow's store on SQLite takes longer ones.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"lengths \| a ((key|value) of \d+ in a )?logged model's (name of 8001|params|tags): {SMALLER}",
        "aviary": rf"lengths \| a ((key|value) of \d+ in a )?logged model's (name of 8001|params|tags): {TOLD}",
        "reason": "A logged model's name has at most 8000 characters, the keys of its params and tags 255, their "
                  "values 1,048,575; MLflow's store on SQLite takes longer ones.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"bodies \| a (tag of 9|batch of 17) MiB: {SMALLER}",
        "aviary": rf"bodies \| a (tag of 9|batch of 17) MiB: {TOO_LARGE}",
        "reason": "A request has at most 8 MiB, a batch 16, a list of data sets 32; MLflow's may have any size.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"searches \| (200|201) comparisons: {FAILS}",
        "aviary": r"searches \| (200 comparisons: (message = null|status = 200)"
                  r"|201 comparisons: (message = \"the filter has more than 200 comparisons\"|status = 400))",
        "reason": "A filter has at most 200 comparisons, and more is a 400 that says so; MLflow answers 503 to what "
                  "its database does not join, and clients try again.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"searches \| (a filter of 16385 bytes: {SMALLER}|(64|65) parentheses: {TOLD})",
        "aviary": rf"searches \| (a filter of 16385 bytes: {TOLD}|64 parentheses: {SMALLER}"
                  r"|65 parentheses: message = .*64.*)",
        "reason": "A filter has at most 16,384 bytes, a nesting of 64, and some seconds of time; MLflow's has no "
                  "limit.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"searches \| (64|65) keys to order by: {FAILS}",
        "aviary": r"searches \| (64 keys to order by: (message = null|status = 200)"
                  r"|65 keys to order by: (message = \"order_by has 65 clauses; at most 64 are .*|status = 400))",
        "reason": "An order has at most 64 keys, and more is a 400 that says so; MLflow answers 503 to what its "
                  "database does not join, and clients try again.",
    },
    {
        "scenario": "limits",
        "mlflow": r"places \| mlflow-artifacts://host.*: message = .*MLFLOW_ALLOWED_.*",
        "aviary": r"places \| mlflow-artifacts://host.*: message = .* kept by another server than this one\.\"",
        "reason": "A place of files on another server is refused in words that name no setting; MLflow's name settings "
                  "of its server.",
    },
    {
        "scenario": "limits",
        "mlflow": rf"places \| http://host.*: {TOLD}",
        "aviary": rf"places \| http://host.*: {SMALLER}",
        "reason": "An experiment's files may be on a server of another kind, which clients open and Aviary never does; "
                  "MLflow, which might open it, wants a setting for that.",
    },
]

NOT_THERE = [
    {
        "scenario": "not_there",
        "mlflow": r"addresses \| (traces|evaluation data sets|scorers|webhooks|GraphQL): (code = null|status = 200)",
        "aviary": r"addresses \| (traces|evaluation data sets|scorers|webhooks|GraphQL): "
                  r"(code = \"ENDPOINT_NOT_FOUND\"|status = 404)",
        "reason": "Traces, evaluation data sets, scorers, webhooks and GraphQL are not there, and a 404 says so; MLflow "
                  "has them.",
    },
    {
        "scenario": "not_there",
        "mlflow": r"tracing \| traces: = 1",
        "aviary": rf"tracing \| traces: {RAISED}",
        "reason": "A traced function runs and its run is recorded, without the trace; MLflow keeps the trace.",
    },
]
