"""Files of runs and of logged models."""
from differences.words import SPACES

ARTIFACTS = [
    {
        "scenario": "artifacts",
        "mlflow": r"a_backslash \| .*",
        "aviary": r"a_backslash \| .*",
        "reason": "A file's name has no backslash, which may separate folders where it is downloaded; MLflow takes it.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"(writing \| (put|upload) .*%5c.*|paths_through_the_client \| (log|download) 'a.*b\.txt'): .*"
                  r"|paths_through_the_client \| list '\.?': .*b\.txt\"",
        "aviary": r"(writing \| (put|upload) .*%5c.*|paths_through_the_client \| (log|download) 'a.*b\.txt'): .*",
        "reason": "A file's name has no backslash, which may separate folders where it is downloaded; MLflow takes it.",
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
        "reason": "A path that is not its own shortest form is a 400 in MLflow's words; MLflow answers 500, and clients "
                  "try again.",
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
        "reason": "Names that are refused are not there afterwards; MLflow's are.",
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"reading \| (bytes .*: body\.detail = .*|page's with (run_id=<id 1>)?: body = .*)",
        "aviary": r"reading \| (bytes|page's with) .*: body\..*",
        "reason": "Every error has a code and a message in JSON; MLflow's routes of files answer some without, or with "
                  "a page.",
    },
    {
        "scenario": "artifacts",
        "mlflow": r"in_parts \| parts sent: = 0"
                  r"|as_bytes \| mpu/(create|complete|abort): (body\.(error_code|message)|status) = .*",
        "aviary": r"in_parts \| parts sent: = 8"
                  r"|as_bytes \| mpu/create: (body\.(credentials\[[01]\]\..*|upload_id = .*)|status = 200)"
                  r"|as_bytes \| mpu/(complete|abort): (body\.\w+ = .*|status = 404)",
        "reason": "Files may be sent in parts; MLflow takes parts where its files are in a cloud, and sends clients away "
                  "where they are on its own disk.",
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
        "reason": SPACES,
    },
    {
        "scenario": "artifact_paths",
        "mlflow": r"paths_through_the_client \| list .*: message = .* Response text: .*\"Invalid path.*",
        "aviary": r"paths_through_the_client \| list .*: message = .* Response text: .*\"Invalid path.*",
        "reason": SPACES,
    },
]
