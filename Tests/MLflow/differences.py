"""Where Aviary answers otherwise than MLflow on purpose.

An entry is a dictionary:

- `scenario`: the module's name, as in `scenarios/search.py`;
- `mlflow`, `aviary`: regular expressions for the whole of a line that only the one or only the other log has; an entry
  with one of the two alone excuses lines of that side alone;
- `reason`: why, in a sentence that the documentation can have.

An entry that excuses no line any more is a mistake as well: what the documentation says must be so.
"""

REGISTRY = [
    {
        "scenario": "registry",
        "mlflow": r"models \| rename to a taken name: message = .*IntegrityError.*",
        "aviary": r"models \| rename to a taken name: message = .* already exists\.\"",
        "reason": "Messages have no SQL.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"names \| rename to 'n+': message = .*IntegrityError.*",
        "aviary": r"names \| rename to 'n+': message = .* already exists\.\"",
        "reason": "Messages have no SQL.",
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
        "mlflow": r"sources \| (15 models:/origin/Production|36 file://host/m) of .*: (body\.error_code|status) = .*",
        "aviary": r"sources \| (15 models:/origin/Production|36 file://host/m) of .*: (body\.error_code|status) = .*",
        "reason": "A source that cannot be is a 4xx in MLflow's words; MLflow answers 500, and clients try again.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"sources \| (23|28|29|30|33|44) .*: body\.message = .* Set the MLFLOW_ALLOWED_.*",
        "aviary": r"sources \| (23|28|29|30|33|44) .*: body\.message = .* scheme: it names a host, .*",
        "reason": "A source that names a host is refused in words that name no setting which Aviary has not.",
    },
    {
        "scenario": "registry_errors",
        "mlflow": r"sources \| (39|40|41|43|50) .*: body\.message = .*\. To use a local .*",
        "aviary": r"sources \| (39|40|41|43|50) .*: body\.message = .*\. To use a local .*",
        "reason": "Messages show a path as it was given, and not where it would lie on the server.",
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
        "reason": "Filters take OR, NOT and parentheses everywhere.",
    },
    {
        "scenario": "registry_search",
        "mlflow": r"models \| (52|53) .*: = \[\]",
        "aviary": r"models \| (52|53) .*: (error_code|message|raised) = .*",
        "reason": "An AND at the beginning or at the end is refused for models as MLflow refuses it for runs.",
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
        "reason": "Words of SQL are keys as others are: the message says which keys there are.",
    },
]

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


ARTIFACTS = [
    {
        "scenario": "artifacts",
        "mlflow": r"a_backslash \| .*",
        "aviary": r"a_backslash \| .*",
        "reason": "A file's name has no backslash: where it is downloaded it may separate folders.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"(writing \| (put|upload) .*%5c.*|paths_through_the_client \| (log|download) 'a.*b\.txt'): .*"
                  r"|paths_through_the_client \| list '\.?': .*b\.txt\"",
        "aviary": r"(writing \| (put|upload) .*%5c.*|paths_through_the_client \| (log|download) 'a.*b\.txt'): .*",
        "reason": "A file's name has no backslash: where it is downloaded it may separate folders.",
    },
    {
        "scenario": "artifacts",
        "mlflow": r"overwriting \| a (folder|file) where a .* is: .*",
        "aviary": r"overwriting \| a (folder|file) where a .* is: .*",
        "reason": "A file where a folder is, and a folder where a file is, are a 400 that says so; MLflow answers 500, "
                  "and clients try again.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"writing \| (put (/a|//a|~/x)|upload ~/x): .*|paths_through_the_client \| log 'a/': .*",
        "aviary": r"writing \| (put (/a|//a|~/x)|upload ~/x): .*|paths_through_the_client \| log 'a/': .*",
        "reason": "A file where a folder is, and a folder where a file is, are a 400 that says so; MLflow answers 500, "
                  "and clients try again.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"writing \| (put|upload) (\.|%2e|%23|\./a|a/\./b|/etc/passwd|%2fetc%2fpasswd|file:///etc/passwd"
                  r"|http://x/y): .*",
        "aviary": r"writing \| (put|upload) (\.|%2e|%23|\./a|a/\./b|/etc/passwd|%2fetc%2fpasswd|file:///etc/passwd"
                  r"|http://x/y): .*",
        "reason": "A path that is not its own shortest form is a 400 in MLflow's words; MLflow answers 500, and "
                  "clients try again.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"(writing|reading) \| .*(%00|%0a).*: .*",
        "aviary": r"(writing|reading) \| .*(%00|%0a).*: .*",
        "reason": "A file's name has no control characters; MLflow writes some of them out and leaves others away.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"(listing|reading|writing) \| .*(%c0%ae|%ff).*: .*",
        "aviary": r"(listing|reading|writing) \| .*(%c0%ae|%ff).*: .*",
        "reason": "What is no UTF-8 is refused; MLflow puts question marks for it.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"writing \| left of the run: body\.files.*",
        "aviary": r"writing \| left of the run: body\.files.*",
        "reason": "Names that are refused are not there afterwards.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"reading \| (bytes .*: body\.detail = .*|page's with (run_id=<id 2>)?: body = .*)",
        "aviary": r"reading \| (bytes|page's with) .*: body\..*",
        "reason": "Every error has a code and a message in JSON; MLflow's routes of files answer some without, or with "
                  "a page.",
    },
    {
        "scenario": "artifacts",
        "mlflow": r"as_bytes \| (get|put) a folder: body\.detail = .*",
        "aviary": r"as_bytes \| (get|put) a folder: body\..*",
        "reason": "Every error has a code and a message in JSON; MLflow's routes of files answer some without, or with "
                  "a page.",
    },
    {
        "scenario": "artifacts",
        "mlflow": r"logging \| list 'forest/\.\./data': message = .* Response text: .*\"Invalid path.*",
        "aviary": r"logging \| list 'forest/\.\./data': message = .* Response text: .*\"Invalid path.*",
        "reason": "JSON has no spaces between its parts.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"paths_through_the_client \| list .*: message = .* Response text: .*\"Invalid path.*",
        "aviary": r"paths_through_the_client \| list .*: message = .* Response text: .*\"Invalid path.*",
        "reason": "JSON has no spaces between its parts.",
    },
]

DIFFERENCES = REGISTRY + LOGGED_MODELS + ARTIFACTS
