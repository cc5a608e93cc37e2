"""The registry of models."""
from differences.words import HALF, LOGIC, NO_SQL, RAISED, among

# Sources of `registry_errors`, and filters of `registry_search`.
IMPOSSIBLE = among("models:/origin/Production", "file://host/m")
OF_HOSTS = among(
    "mlflow-artifacts://host/0/x", "https://host/m", "https://host/../m",
    "http://host/api/2.0/mlflow-artifacts/artifacts/ROOTPATH/model", "hdfs://host/m", "ftp://host/m")
LOCAL = among("relative/model", "./model", "../model", "model", " ")
LOGICAL = among("name = 'a' OR name = 'b'", "NOT name = 'a'", "(name = 'alpha')")
HALVED = among("name = 'a' AND", "AND name = 'a'")
WORDS_OF_SQL = among("version = 1", "source = 'a'", "order ['version']")

REGISTRY = [
    {
        "scenario": "registry",
        "mlflow": r"models \| rename to a taken name: message = .*IntegrityError.*",
        "aviary": r"models \| rename to a taken name: message = .* already exists\.\"",
        "reason": NO_SQL,
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"names \| rename to 'n+': message = .*IntegrityError.*",
        "aviary": r"names \| rename to 'n+': message = .* already exists\.\"",
        "reason": NO_SQL,
    },
    {
        "scenario": "registry",
        "mlflow": r"stages \| 4 to Archived, archive True: (error_code|message|raised) = .*",
        "aviary": r"stages \| 4 to Archived, archive True: (error_code|message|raised) = .*",
        "reason": "To archive others for a stage that is not in use is a 400 that says so; MLflow answers 500, and "
                  "clients try again.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"what_is_not_there \| (absent|present) 9{20}: get: (error_code|message|raised) = .*",
        "aviary": r"what_is_not_there \| (absent|present) 9{20}: get: (error_code|message|raised) = .*",
        "reason": "A version whose number no 64 bits hold is not there; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": rf"sources \| {IMPOSSIBLE} of .*: "
                  r"(body\.(error_class|error_code|sqlstate)|status) = .*",
        "aviary": rf"sources \| {IMPOSSIBLE} of .*: "
                  r"(body\.(error_class|error_code|sqlstate)|status) = .*",
        "reason": "A source that cannot be is a 4xx in MLflow's words; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": rf"sources \| {OF_HOSTS} of .*: body\.message = .* Set the MLFLOW_ALLOWED_.*",
        "aviary": rf"sources \| {OF_HOSTS} of .*: body\.message = .* scheme: it names a host, .*",
        "reason": "A source that names a host is refused in words that name no setting; MLflow's name settings of its "
                  "server.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": rf"sources \| {LOCAL} of .*: body\.message = .*\. To use a local .*",
        "aviary": rf"sources \| {LOCAL} of .*: body\.message = .*\. To use a local .*",
        "reason": "Messages show a path as it was given; MLflow's show where it would lie on the server.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"wrong_requests \| GET registered-models/search\?max_results=-1: (body\..*|status) = .*",
        "aviary": r"wrong_requests \| GET registered-models/search\?max_results=-1: (body\..*|status) = .*",
        "reason": "A negative page size is refused; MLflow gives an empty page whose token leads nowhere.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"pages \| -1 models: = 0",
        "aviary": r"pages \| -1 models: (error_code|message|raised) = .*",
        "reason": "A negative page size is refused; MLflow gives an empty page whose token leads nowhere.",
    },
    {
        "scenario": "registry_search",
        "mlflow": rf"(models|versions) \| {LOGICAL}: {RAISED}",
        "aviary": rf"(models|versions) \| {LOGICAL}: (= \[\]|\[\d\] = .*)",
        "reason": LOGIC,
    },
    {
        "scenario": "registry_search",
        "mlflow": rf"models \| {HALVED}: = \[\]",
        "aviary": rf"models \| {HALVED}: {RAISED}",
        "reason": HALF,
    },
    {
        "scenario": "registry_search",
        "mlflow": rf"(models|versions) \| .* IS NULL: {RAISED}",
        "aviary": rf"(models|versions) \| .* IS NULL: {RAISED}",
        "reason": "IS NULL, which the registry has not, is a 400 that says so; MLflow answers 500, and clients try "
                  "again.",
    },
    {
        "scenario": "registry_search",
        "mlflow": rf"(models|versions) \| order \['name', 'name'\]: {RAISED}",
        "aviary": rf"(models|versions) \| order \['name', 'name'\]: {RAISED}",
        "reason": "An order that names a key twice is a 400; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_search",
        "mlflow": rf"versions \| {WORDS_OF_SQL}: message = .*",
        "aviary": rf"versions \| {WORDS_OF_SQL}: message = .*Invalid attribute key .*",
        "reason": "A word of SQL is a key as others are, and the message says which keys there are; MLflow cannot read "
                  "it.",
    },
]
