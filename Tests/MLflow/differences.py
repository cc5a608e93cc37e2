"""Where Aviary answers otherwise than MLflow on purpose.

An entry is a dictionary:

- `scenario`: the module's name, as in `scenarios/search.py`;
- `mlflow`, `aviary`: regular expressions for the whole of a line that only the one or only the other log has; an entry
  with one of the two alone excuses lines of that side alone;
- `reason`: why, in a sentence that the documentation can have.

An entry that excuses no line any more is a mistake as well: what the documentation says must be so.
"""

LOGGED_MODELS = [
    {
        "scenario": "logged_models",
        "mlflow": r"ending \| patched with \{'status': ('X'|99)\}: .*",
        "aviary": r"ending \| patched with \{'status': ('X'|99)\}: (body\.error_code|body\.message|status) = .*",
        "reason": "A status that is none is refused; MLflow sets one that means nothing.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| params same: .*",
        "aviary": r"tags_and_params \| params same: (body = \{\}|status = 200)",
        "reason": "A param of a logged model may be given again with the value that it has: a client does that when it "
                  "tries again after an answer was lost.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| params changed: body\.message = .*IntegrityError.*",
        "aviary": r"tags_and_params \| params changed: body\.message = \"param 'p' was logged as '1' and cannot .*",
        "reason": "Messages say which param would change, and no SQL.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"metrics \| of no model: message = .*IntegrityError.*",
        "aviary": r"metrics \| of no model: message = \"BAD_REQUEST: Logged model with ID '.*' not found\.\"",
        "reason": "Messages say which logged model is not there, and no SQL.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"tags_and_params \| delete one with a slash: (message|raised) = .*",
        "aviary": r"tags_and_params \| delete one with a slash: (message|raised) = .*",
        "reason": "An address that is none is answered in JSON; MLflow answers a page.",
    },
    {
        "scenario": "logged_models",
        "mlflow": r"wrong_requests \| params that are none: body\.message = .*",
        "aviary": r"wrong_requests \| params that are none: body\.message = .*",
        "reason": "A field that is missing is said to be missing also where another field is wrong.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"filters \| (73|74|75) .*: (error_code|message|raised) = .*",
        "aviary": r"filters \| (73|74|75) .*: (= \[\]|\[\d\] = .*)",
        "reason": "Filters take OR, NOT and parentheses everywhere.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"(filters \| (55|61|62|71|83|86) .*|pages \| a token that is none): "
                  r"(error_code|message|raised) = .*",
        "aviary": r"(filters \| (55|61|62|71|83|86) .*|pages \| a token that is none): "
                  r"(error_code|message|raised) = .*",
        "reason": "What a search of logged models cannot read is a 400 that says what is wrong; MLflow answers 500, "
                  "and clients try again.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"filters \| (77|78|82) .*: (= \[\]|error_code = .*|message = .*)",
        "aviary": r"filters \| (77|78|82) .*: (error_code|message|raised) = .*",
        "reason": "An empty list, a list of numbers and an AND at the end are refused for logged models as MLflow "
                  "refuses them for runs.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"filters \| 33 .*: = \[\]",
        "aviary": r"filters \| 33 .*: \[0\] = \"gamma\"",
        "reason": "A key in double quotes is the key, as in filters of runs.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"data_sets \| \[(\{'dataset_name': '(digits|letters)'\}(, )?)+\] with .*: = \[\]",
        "aviary": r"data_sets \| \[(\{'dataset_name': '(digits|letters)'\}(, )?)+\] with .*: \[\d\] = .*",
        "reason": "A data set without a digest is any of that name, as MLflow documents it; its server looks for "
                  "points without a digest.",
    },
    {
        "scenario": "scikit_learn",
        "mlflow": r"evaluating \| found by data set: = \[\]",
        "aviary": r"evaluating \| found by data set: \[0\] = \"iris\"",
        "reason": "A data set without a digest is any of that name, as MLflow documents it; its server looks for "
                  "points without a digest.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"pages \| a page of -1: = 0",
        "aviary": r"pages \| a page of -1: (error_code|message|raised) = .*",
        "reason": "A page of less than no logged models is refused, as it is of runs.",
    },
    {
        "scenario": "logged_model_search",
        "mlflow": r"on_the_wire \| \{.*'order_by': \[('name'|\{.*'ascending': 'yes'\})\]\}: "
                  r"(body|body\.message|status) = .*",
        "aviary": r"on_the_wire \| \{.*'order_by': \[('name'|\{.*'ascending': 'yes'\})\]\}: "
                  r"(body\.error_code|body\.message|status) = .*",
        "reason": "What has the wrong type is refused inside of lists too.",
    },
]

DIFFERENCES = LOGGED_MODELS
