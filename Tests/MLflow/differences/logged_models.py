"""Logged models, and the search of them."""
from differences.words import LOGIC, NO_SQL, RAISED, among

# Filters of `logged_model_search`.
LOGICAL = among("name = 'a' OR name = 'b'", "NOT name = 'a'", "(name = 'alpha')")
UNREAD = among(
    "foo = 'a'", "attributes.foo = 'a'", "metrics.acc > 'a'", "creation_timestamp > 'a'", "'alpha' = name",
    "artifact_uri LIKE '%'")
LENIENT = among("name IN ()", "name IN (5)", "name = 'a' AND")

LOGGED_MODELS = [
    {
        "scenario": "logged_models",
        "mlflow": r"ending \| patched with \{'status': ('X'|99)\}: .*",
        "aviary": r"ending \| patched with \{'status': ('X'|99)\}: "
                  r"(body\.(error_class|error_code|message|sqlstate)|status) = .*",
        "reason": "An unknown status is refused; MLflow sets one that means nothing.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| params same: .*",
        "aviary": r"tags_and_params \| params same: (body = \{\}|status = 200)",
        "reason": "A param of a logged model may be given again with the value that it has, as a client does after an "
                  "answer was lost; MLflow refuses it.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| params changed: body\.message = .*IntegrityError.*",
        "aviary": r"tags_and_params \| params changed: body\.message = \"param 'p' was logged as '1' and cannot .*",
        "reason": NO_SQL,
    },
    {
        "scenario": "logged_models",
        "mlflow": r"metrics \| of no model: message = .*IntegrityError.*",
        "aviary": r"metrics \| of no model: message = \"BAD_REQUEST: Logged model with ID '.*' not found\.\"",
        "reason": NO_SQL,
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| delete one with a slash: (message|raised) = .*",
        "aviary": r"tags_and_params \| delete one with a slash: (message|raised) = .*",
        "reason": "An unknown address is answered in JSON; MLflow answers a page.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"wrong_requests \| params that are none: body\.message = .*",
        "aviary": r"wrong_requests \| params that are none: body\.message = .*",
        "reason": "A field that is missing is told before one that is wrong; MLflow tells the wrong one.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": rf"filters \| {LOGICAL}: {RAISED}",
        "aviary": rf"filters \| {LOGICAL}: (= \[\]|\[\d\] = .*)",
        "reason": LOGIC,
    },
    {
        "scenario": "logged_model_search",
        "mlflow": rf"(filters \| {UNREAD}|pages \| a token that is none): {RAISED}",
        "aviary": rf"(filters \| {UNREAD}|pages \| a token that is none): {RAISED}",
        "reason": "What a search of logged models cannot read is a 400 that says what is wrong; MLflow answers 500, "
                  "and clients try again.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": rf"filters \| {LENIENT}: (= \[\]|error_code = .*|message = .*)",
        "aviary": rf"filters \| {LENIENT}: {RAISED}",
        "reason": "An empty list, a list of numbers and an AND at the end are refused for logged models as for runs; "
                  "MLflow refuses them for runs alone.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"filters \| params\.\"a b\" = 'q': = \[\]",
        "aviary": r"filters \| params\.\"a b\" = 'q': \[0\] = \"gamma\"",
        "reason": "A key in double quotes is the key, as in filters of runs; MLflow keeps the quotes as a part of it.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"data_sets \| \[(\{'dataset_name': '(digits|letters)'\}(, )?)+\] with .*: = \[\]",
        "aviary": r"data_sets \| \[(\{'dataset_name': '(digits|letters)'\}(, )?)+\] with .*: \[\d\] = .*",
        "reason": "A data set without a digest is any of that name; MLflow documents it so, and its server looks "
                  "for points without a digest.",
    },
    {
        "scenario": "scikit_learn",
        "mlflow": r"evaluating \| found by data set: = \[\]",
        "aviary": r"evaluating \| found by data set: \[0\] = \"iris\"",
        "reason": "A data set without a digest is any of that name; MLflow documents it so, and its server looks "
                  "for points without a digest.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"pages \| a page of -1: = 0",
        "aviary": r"pages \| a page of -1: (error_code|message|raised) = .*",
        "reason": "A negative page size is refused, as it is of runs; MLflow gives an empty page.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"on_the_wire \| \{.*'order_by': \[('name'|\{.*'ascending': 'yes'\})\]\}: "
                  r"(body|body\.(error_class|message|sqlstate)|status) = .*",
        "aviary": r"on_the_wire \| \{.*'order_by': \[('name'|\{.*'ascending': 'yes'\})\]\}: "
                  r"(body\.(error_class|error_code|message|sqlstate)|status) = .*",
        "reason": "What has the wrong type is refused inside of lists too; MLflow takes it, or answers 500.",
    },
]
