"""The protocol itself: probes, addresses, JSON, what counts as a value."""
from differences.words import EMPTY, REFUSED, SERVER_FAILS, WRONG_TYPE

NO_JSON = ("A body that is no JSON as RFC 8259 has it, has a key twice or begins with a byte order mark is refused in "
           "words that say where; MLflow takes it for an empty one, or picks a value.")
NO_ENDPOINT = ("An unknown endpoint is a 404 in JSON, whether the address or the method is wrong; MLflow answers 405 "
               "or a page.")

PROBES = [
    {
        "scenario": "wire",
        "mlflow": r"probes \| version: body = \"a page of HTML\"",
        "aviary": r"probes \| version: body = \"\d+\.\d+\.\d+\"",
        "reason": "The version is Aviary's own, as plain text; MLflow's has the type of a page.",
    },
    {
        "scenario": "wire",
        "mlflow": r"probes \| server-info: body\.(features_enabled\.gateway|presigned_upload_\w+_supported) = true",
        "aviary": r"probes \| server-info: body\.(features_enabled\.gateway|presigned_upload_\w+_supported) = false",
        "reason": "The gateway to language models and uploads to presigned addresses are not there, and said not to be; "
                  "MLflow has them.",
    },
    {
        "scenario": "wire",
        "mlflow": r"probes \| (server-features: body = \"a page of HTML\"|(DELETE|GET|PUT|POST) /api/2\.0/mlflow"
                  r"/(experiments/get|runs/create): = 405)",
        "aviary": r"probes \| (server-features: body\..*|(DELETE|GET|PUT|POST) /api/2\.0/mlflow"
                  r"/(experiments/get|runs/create): = 404)",
        "reason": NO_ENDPOINT,
    },
    {
        "scenario": "wire",
        "mlflow": r"probes \| GET /api/2\.0/mlflow/experiments/get/: = 404",
        "aviary": r"probes \| GET /api/2\.0/mlflow/experiments/get/: = 400",
        "reason": "A slash at the end of an address is overlooked; MLflow takes it for another address.",
    },
]

BODIES = [
    {
        "scenario": "wire",
        "mlflow": r"bodies \| (spaces|no JSON|invalid UTF-8|NaN|trailing|a lone surrogate): body\.message = .*",
        "aviary": r"bodies \| (spaces|no JSON|invalid UTF-8|NaN|trailing|a lone surrogate): "
                  r"body\.message = \"the body is no JSON: .* at byte \d+\"",
        "reason": NO_JSON,
    },
    {
        "scenario": "wire",
        "mlflow": r"bodies \| (a name twice|a byte order mark): (body\.experiment_id = .*|status = 200)",
        "aviary": rf"bodies \| (a name twice|a byte order mark): {REFUSED}",
        "reason": NO_JSON,
    },
    {
        "scenario": "wire",
        "mlflow": r"bodies \| made: \"(second|marked)\" = \"active\"",
        "reason": NO_JSON,
    },
    {
        "scenario": "wire",
        "mlflow": rf"bodies \| (a list|a number|text|deep): {SERVER_FAILS}",
        "aviary": rf"bodies \| (a list|a number|text|deep): {REFUSED}",
        "reason": "A body that is no object, or nests deeper than 64, is a 400 that says so; MLflow answers 500, and "
                  "clients try again.",
    },
    {
        "scenario": "wire",
        "mlflow": r"bodies \| a tag that is none: body\.message = .*",
        "aviary": r"bodies \| a tag that is none: body\.message = .*'tags\[0\]'.*",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "wire",
        "mlflow": rf"kinds_of_content \| POST of 'APPLICATION/JSON': {REFUSED}",
        "aviary": r"kinds_of_content \| POST of 'APPLICATION/JSON': (body\.experiment_id = .*|status = 200)",
        "reason": "The name of a kind of content may have capitals; MLflow wants small letters.",
    },
]

# The texts of `numbers` that MLflow takes for something else, for an integer and for a number.
STEPS = r"step (5\.5|\"5\.0\"|\" 5\"|\"1e3\"|true|\[\]|\"?9223372036854775808\"?|1e400)"
VALUES = r"value (\" 5\"|true|\[\]|1e400)"
SIZES = r"max_results (5\.5|\"5\.0\"|\" 5\"|\"1e3\"|true|\[\]|\"?9223372036854775808\"?|-9223372036854775808|1e400)"

NUMBERS = [
    {
        "scenario": "wire",
        "mlflow": rf"numbers \| ({STEPS}|{VALUES}|{SIZES}): ({EMPTY}|{SERVER_FAILS}|body\.message = .*)",
        "aviary": rf"numbers \| ({STEPS}|{VALUES}|{SIZES}): {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "wire",
        "mlflow": rf"numbers \| stored of ({STEPS}|{VALUES}): items\[0\]\..*",
        "aviary": rf"numbers \| stored of ({STEPS}|{VALUES}): items = \[\]",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "wire",
        "mlflow": rf"numbers \| max_results null: {SERVER_FAILS}",
        "aviary": rf"numbers \| max_results null: {EMPTY}",
        "reason": "A number that is null is as good as missing; MLflow answers 500, and clients try again.",
    },
]

QUESTIONS = [
    {
        "scenario": "wire",
        "mlflow": rf"questions \| get '\?experimentId=0': {REFUSED}",
        "aviary": r"questions \| get '\?experimentId=0': (body\.experiment\..*|status = 200)",
        "reason": "Names of fields in camel case are read in queries too; MLflow reads them in bodies alone.",
    },
    {
        "scenario": "wire",
        "mlflow": r"questions \| get '\?experiment_id=0&x=%ff': (body\.experiment\..*|status = 200)",
        "aviary": rf"questions \| get '\?experiment_id=0&x=%ff': {REFUSED}",
        "reason": "What is no UTF-8 is refused; MLflow puts question marks for it.",
    },
    {
        "scenario": "wire",
        "mlflow": r"questions \| a flag '(1|yes|)': (body\.model\..*|status = 200)",
        "aviary": rf"questions \| a flag '(1|yes|)': {REFUSED}",
        "reason": "A flag that is neither true nor false is refused; MLflow takes any text.",
    },
]

WIRE = PROBES + BODIES + NUMBERS + QUESTIONS
