"""Where Aviary answers otherwise than MLflow on purpose.

An entry is a dictionary:

- `scenario`: the module's name, as in `scenarios/search.py`;
- `mlflow`, `aviary`: regular expressions for the whole of a line that only the one or only the other log has; an entry
  with one of the two alone excuses lines of that side alone;
- `reason`: why, in a sentence that the documentation can have.

An entry that excuses no line any more is a mistake as well: what the documentation says must be so.
"""

DIFFERENCES = []
