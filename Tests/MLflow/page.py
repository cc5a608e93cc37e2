#!/usr/bin/env python3
"""Writes docs/mlflow-differences.md from the reasons in `differences/`; `test_page.py` holds the two to each other."""
import os

from differences import DIFFERENCES, FAMILIES

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "mlflow-differences.md")
HEAD = """# Where Aviary differs from MLflow on purpose

An MLflow client works with Aviary's server as with MLflow's own: `make mlflow-conformance` runs the same scripts against
both and wants the same output. What follows is all that differs in those scripts beside times, ids and the order of
sets. Each row is the reason of one or more entries in `Tests/MLflow/differences`, and an entry that no longer describes
a difference fails the run.

`Tests/MLflow/page.py` writes this page; change the entries, and not the page.
"""
# What each scenario asks of the server.
WHERE = {
    "artifact_paths": "paths of files",
    "artifacts": "files of runs",
    "batches": "`runs/log-batch`, `runs/log-model`",
    "datasets": "`runs/log-inputs`, `runs/outputs`, `experiments/search-datasets`",
    "experiments": "`experiments/…`",
    "limits": "every endpoint",
    "logged_model_search": "`logged-models/search`",
    "logged_models": "`logged-models/…`",
    "metrics": "`runs/log-metric`, `metrics/get-history…`",
    "not_there": "`traces/…`, `datasets/…`, `scorers/…`, `webhooks/…`, `/graphql`",
    "registry": "`registered-models/…`, `model-versions/…`",
    "registry_errors": "`registered-models/…`, `model-versions/…`",
    "registry_search": "`registered-models/search`, `model-versions/search`",
    "run_errors": "`runs/…`",
    "runs": "`runs/…`",
    "scikit_learn": "`logged-models/search`",
    "search": "`runs/search`",
    "search_errors": "`runs/search`",
    "wire": "every endpoint",
}
SPLIT = "; MLflow"


def page():
    sections = [f"## {family}\n\n{table(entries)}" for family, entries in FAMILIES.items()]
    return "\n".join([HEAD, *sections])


def table(entries):
    rows = {}
    for entry in entries:
        rows.setdefault(entry["reason"], set()).add(WHERE[entry["scenario"]])
    lines = ["| Where | Aviary | MLflow |", "|---|---|---|"]
    for reason, places in rows.items():
        aviary, mlflow = halves(reason)
        lines.append(f"| {', '.join(sorted(places))} | {aviary} | {mlflow} |")
    return "\n".join(lines) + "\n"


def halves(reason):
    """What Aviary does, and what MLflow does, as two sentences."""
    aviary, _, mlflow = reason.partition(SPLIT)
    return f"{aviary}.", f"MLflow{mlflow}"


def unsplit():
    """Reasons that do not say what each of the two does."""
    return sorted({entry["reason"] for entry in DIFFERENCES if entry["reason"].count(SPLIT) != 1})


if __name__ == "__main__":
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page())
