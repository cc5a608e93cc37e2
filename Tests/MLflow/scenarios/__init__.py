"""What an MLflow client does, a module for each subject, in order of use.

A public function of a module is a scenario: it takes `(client, log)`, does something and writes down what it saw. Those
of a module share a store, so each makes its own experiments and gives starting times where order depends on them.
"""

NAMES = [
    "fluent", "experiments", "runs", "run_errors", "search", "search_errors", "metrics", "batches", "datasets",
    "artifacts", "artifact_paths", "logged_models", "logged_model_search", "registry", "registry_search",
    "registry_errors", "wire", "limits", "not_there", "fluent_models", "tables_and_images", "scikit_learn",
]

# These want more than `mlflow-skinny` brings.
FULL_PACKAGE = {"fluent_models", "tables_and_images", "scikit_learn"}
