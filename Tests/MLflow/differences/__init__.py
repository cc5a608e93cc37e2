"""Where Aviary answers otherwise than MLflow on purpose.

An entry is a dictionary:

- `scenario`: the module's name, as in `scenarios/search.py`;
- `mlflow`, `aviary`: regular expressions for the whole of a line that only the one or only the other log has; an entry
  with one of the two alone excuses lines of that side alone;
- `reason`: what Aviary does, and after `; MLflow` what MLflow does: `page.py` makes a row of the documentation of it.

An entry that excuses no line any more is a mistake as well: what the documentation says must be so.
"""
from differences.artifacts import ARTIFACTS
from differences.limits import LIMITS, NOT_THERE
from differences.logged_models import LOGGED_MODELS
from differences.registry import REGISTRY
from differences.search import SEARCH
from differences.tracking import TRACKING
from differences.wire import WIRE

FAMILIES = {
    "Experiments, runs, metrics, data sets": TRACKING,
    "Searches of experiments and runs": SEARCH,
    "Logged models": LOGGED_MODELS,
    "The registry of models": REGISTRY,
    "Files": ARTIFACTS,
    "The protocol": WIRE,
    "Limits": LIMITS,
    "What is not there": NOT_THERE,
}
DIFFERENCES = [entry for entries in FAMILIES.values() for entry in entries]
