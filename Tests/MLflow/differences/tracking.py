"""Experiments, runs, metrics, batches and data sets."""
from differences.words import EMPTY, NO_SQL, RAISED, REFUSED, SERVER_FAILS, SPACES, WRONG_TYPE, among

INCOMPLETE = ("A data set without name, digest, source or its type, and a tag without a key or a value, are refused; "
              "MLflow stores empty ones.")
# Requests of `run_errors`.
TYPES_OF_RUNS = among(
    "runs/create {'experiment_id': '0', 'tags': 'k'}", "runs/create {'experiment_id': '0', 'user_id': ['a']}",
    "runs/log-metric {'run_id': 'RUN', 'key': 'm', 'value': True, 'timestamp': 5}",
    "runs/log-metric {'run_id': 'RUN', 'key': 'm', 'value': [1], 'timestamp': 5}",
    "runs/log-metric {'run_id': 'RUN', 'key': 'm', 'value': 1, 'timestamp': 5, 'step': 1.5}")
NO_KEY = among("runs/create {'experiment_id': '0', 'tags': [{'value': 'v'}]}")
# Entries of `batches`.
TYPES_OF_ENTRIES = among(
    "metrics {'value': 'x'}", "metrics {'value': 'True'}", "metrics {'timestamp': 'x'}", "metrics {'step': 'x'}",
    "metrics {'step': '1.5'}", "params {'value': '5'}", "tags {'value': '5'}", "tags {'value': \"{'a': 1}\"}")
TYPES_OF_KEYS = among("metrics {'key': '5'}", "params {'key': '5'}")

EXPERIMENTS = [
    {
        "scenario": "experiments",
        "mlflow": r"(refusals_of_creating \| a name twice|renaming_deleting_restoring \| (rename to a taken name"
                  r"|(rename to )?a name that a deleted one has)): message = .*IntegrityError.*",
        "aviary": r"(refusals_of_creating \| a name twice|renaming_deleting_restoring \| (rename to a taken name"
                  r"|(rename to )?a name that a deleted one has)): message = .* already.*",
        "reason": NO_SQL,
    },
    {
        "scenario": "experiments",
        "mlflow": rf"getting_what_is_not_there \| \w+ 9{{20}}: {RAISED}",
        "aviary": rf"getting_what_is_not_there \| \w+ 9{{20}}: {RAISED}",
        "reason": "An experiment's id that 64 bits do not hold is a 400 that says so; MLflow answers 500, and clients "
                  "try again.",
    },
    {
        "scenario": "experiments",
        "mlflow": rf"renaming_deleting_restoring \| rename a deleted one: {RAISED}",
        "aviary": rf"renaming_deleting_restoring \| rename a deleted one: {RAISED}",
        "reason": "Renaming an experiment in the trash is a 400 in MLflow's words; MLflow answers 500, and clients try "
                  "again.",
    },
]

RUNS = [
    {
        "scenario": "runs",
        "mlflow": r"creating \| with a long tag: = 9000",
        "aviary": r"creating \| with a long tag: = 8000",
        "reason": "A tag of a new run is cut to 8000 characters, as it is in a batch; MLflow keeps it whole.",
    },
    {
        "scenario": "runs",
        "mlflow": r"as_the_wire_has_it \| made without an experiment: body\.(error_code|message) = .*",
        "aviary": r"as_the_wire_has_it \| made without an experiment: body\.(error_code|message) = .*'experiment_id'.*"
                  r"|as_the_wire_has_it \| made without an experiment: body\.error_code = \"INVALID_PARAMETER_VALUE\"",
        "reason": "A run that names no experiment is refused for the field that is missing; MLflow answers with the "
                  "SQL that failed.",
    },
    {
        "scenario": "runs",
        "mlflow": r"changing \| without the tag: data\.tags = \{\}",
        "aviary": r"changing \| without the tag: data\.tags\.mlflow\.runName = \"tagged\"",
        "reason": "A run's name and its tag `mlflow.runName` are one value, which stays when the tag is deleted; MLflow "
                  "has two and deletes one of them.",
    },
    {
        "scenario": "runs",
        "mlflow": r"tags \| (unicode: = null|tags: größe = .*)",
        "aviary": rf"tags \| unicode: {RAISED}",
        "reason": "A tag's value with a NUL character is refused; MLflow stores it.",
    },
    {
        "scenario": "run_errors",
        "mlflow": rf"wrong_requests \| {TYPES_OF_RUNS}: (body\.run\..*|{EMPTY}|{SERVER_FAILS})",
        "aviary": rf"wrong_requests \| {TYPES_OF_RUNS}: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "run_errors",
        "mlflow": rf"wrong_requests \| {NO_KEY}: (body\.run\..*|status = 200)",
        "aviary": rf"wrong_requests \| {NO_KEY}: {REFUSED}",
        "reason": "A tag of a new run has a key; MLflow stores one without.",
    },
]

METRICS = [
    {
        "scenario": "metrics",
        "mlflow": rf"special_values \| posted '(nan|inf)': {EMPTY}",
        "aviary": rf"special_values \| posted '(nan|inf)': {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "metrics",
        "mlflow": r"special_values \| stored '(nan|inf)': items\[0\]\..*",
        "aviary": r"special_values \| stored '(nan|inf)': items = \[\]",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "metrics",
        "mlflow": r"special_values \| values at one step: items\[[01]\]\.value = .*",
        "aviary": r"special_values \| values at one step: items\[[01]\]\.value = .*",
        "reason": "Among points of one step and time a NaN stands first; MLflow puts it where a 0 would stand.",
    },
    {
        "scenario": "metrics",
        "mlflow": r"paged \| (x|9223372036854775808) results: (body\.metrics\[\d+\]\[[01]\] = .*|status = 200)",
        "aviary": rf"paged \| (x|9223372036854775808) results: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "metrics",
        "mlflow": rf"in_bulk \| x results: {SERVER_FAILS}",
        "aviary": rf"in_bulk \| x results: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "metrics",
        "mlflow": r"in_bulk \| -1 results: (body\.metrics\[\d+\]\..*|status = 200)",
        "aviary": rf"in_bulk \| -1 results: {REFUSED}",
        "reason": "A negative number of points is refused; MLflow leaves away as many at the end.",
    },
]

BATCHES = [
    {
        "scenario": "batches",
        "mlflow": rf"one_bad_entry \| ({TYPES_OF_ENTRIES}: {EMPTY}|stored of {TYPES_OF_ENTRIES}: \[\d\] = [123])",
        "aviary": rf"one_bad_entry \| ({TYPES_OF_ENTRIES}: {REFUSED}"
                  rf"|stored of {TYPES_OF_ENTRIES}: \[\d\] = [01])",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "batches",
        "mlflow": rf"one_bad_entry \| {TYPES_OF_KEYS}: body\.message = .*",
        "aviary": rf"one_bad_entry \| {TYPES_OF_KEYS}: body\.message = .* Value was of type 'int'\..*",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "batches",
        "mlflow": rf"runs_refused \| a metric that is none: {SERVER_FAILS}",
        "aviary": rf"runs_refused \| a metric that is none: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "batches",
        "mlflow": r"the_legacy_model_note \| tags: mlflow\.log-model\.history = .*",
        "aviary": r"the_legacy_model_note \| tags: mlflow\.log-model\.history = .*",
        "reason": SPACES,
    },
]

DATA_SETS = [
    {
        "scenario": "datasets",
        "mlflow": r"summaries \| no list: body\.message = .*",
        "aviary": r"summaries \| no list: body\.message = .* Value was of type 'str'\..*",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "datasets",
        "mlflow": rf"lengths \| source_type of 501 in a dataset: {EMPTY}"
                  r"|lengths \| stored, source_type of 501 in a dataset: = 1",
        "aviary": rf"lengths \| source_type of 501 in a dataset: {REFUSED}"
                  r"|lengths \| stored, source_type of 501 in a dataset: = 0",
        "reason": "The type of a data set's source has at most 500 characters; MLflow's has as many as one likes.",
    },
    {
        "scenario": "datasets",
        "mlflow": rf"refusals \| \w+ a number: {EMPTY}",
        "aviary": rf"refusals \| \w+ a number: {REFUSED}",
        "reason": WRONG_TYPE,
    },
    {
        "scenario": "datasets",
        "mlflow": rf"refusals \| ((without|empty) (name|digest)|without (source|source_type|a data set)"
                  rf"|tag without a (key|value)): {EMPTY}",
        "aviary": rf"refusals \| ((without|empty) (name|digest)|without (source|source_type|a data set)"
                  rf"|tag without a (key|value)): {REFUSED}",
        "reason": INCOMPLETE,
    },
    {
        "scenario": "datasets",
        "mlflow": r"refusals \| stored: \[\d+\]\..*",
        "aviary": r"refusals \| stored: \[\d\]\..*",
        "reason": INCOMPLETE,
    },
    {
        "scenario": "datasets",
        "mlflow": r"models_in_and_out \| out again: body\.(error_code|message) = .*",
        "aviary": r"models_in_and_out \| out again: body\.(error_code = \"INVALID_PARAMETER_VALUE\""
                  r"|message = .* cannot move to 4\")",
        "reason": "A model that a run names as its output a second time, at another step, is refused in words; MLflow "
                  "answers with the SQL that failed.",
    },
    {
        "scenario": "datasets",
        "mlflow": rf"models_in_and_out \| out, without an id: {EMPTY}",
        "aviary": rf"models_in_and_out \| out, without an id: {REFUSED}",
        "reason": "An output without a model's id is refused; MLflow stores it.",
    },
]

TRACKING = EXPERIMENTS + RUNS + METRICS + BATCHES + DATA_SETS
