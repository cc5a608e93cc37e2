"""The registry of models."""
from differences.words import HALF, LOGIC, NO_SQL

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
        "mlflow": r"sources \| (15 models:/origin/Production|36 file://host/m) of .*: "
                  r"(body\.(error_class|error_code|sqlstate)|status) = .*",
        "aviary": r"sources \| (15 models:/origin/Production|36 file://host/m) of .*: "
                  r"(body\.(error_class|error_code|sqlstate)|status) = .*",
        "reason": "A source that cannot be is a 4xx in MLflow's words; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"sources \| (23|28|29|30|33|44) .*: body\.message = .* Set the MLFLOW_ALLOWED_.*",
        "aviary": r"sources \| (23|28|29|30|33|44) .*: body\.message = .* scheme: it names a host, .*",
        "reason": "A source that names a host is refused in words that name no setting; MLflow's name settings of its "
                  "server.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"sources \| (39|40|41|43|50) .*: body\.message = .*\. To use a local .*",
        "aviary": r"sources \| (39|40|41|43|50) .*: body\.message = .*\. To use a local .*",
        "reason": "Messages show a path as it was given; MLflow's show where it would lie on the server.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"wrong_requests \| GET registered-models/search\?max_results=-1: (body\..*|status) = .*",
        "aviary": r"wrong_requests \| GET registered-models/search\?max_results=-1: (body\..*|status) = .*",
        "reason": "A page of fewer than no models is refused; MLflow gives an empty one whose token leads nowhere.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"pages \| -1 models: = 0",
        "aviary": r"pages \| -1 models: (error_code|message|raised) = .*",
        "reason": "A page of fewer than no models is refused; MLflow gives an empty one whose token leads nowhere.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"(models \| (44|45|46)|versions \| (49|54|55)) .*: (error_code|message|raised) = .*",
        "aviary": r"(models \| (44|45|46)|versions \| (49|54|55)) .*: (= \[\]|\[\d\] = .*)",
        "reason": LOGIC,
    },
    {
        "scenario": "registry_search",
        "mlflow": r"models \| (52|53) .*: = \[\]",
        "aviary": r"models \| (52|53) .*: (error_code|message|raised) = .*",
        "reason": HALF,
    },
    {
        "scenario": "registry_search",
        "mlflow": r"(models \| (34|38)|versions \| 44) .* IS NULL: (error_code|message|raised) = .*",
        "aviary": r"(models \| (34|38)|versions \| 44) .* IS NULL: (error_code|message|raised) = .*",
        "reason": "IS NULL, which the registry has not, is a 400 that says so; MLflow answers 500, and clients try "
                  "again.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"(models \| order 16|versions \| order 17) .*: (error_code|message|raised) = .*",
        "aviary": r"(models \| order 16|versions \| order 17) .*: (error_code|message|raised) = .*",
        "reason": "An order that names a key twice is a 400; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"versions \| (45|46|order 16) .*: message = .*",
        "aviary": r"versions \| (45|46|order 16) .*: message = .*Invalid attribute key .*",
        "reason": "A word of SQL is a key as others are, and the message says which keys there are; MLflow cannot read "
                  "it.",
    },
]
