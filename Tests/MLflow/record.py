"""What a scenario saw, as lines: one for each value, with the way to it, so that a difference is one line."""
import collections.abc
import dataclasses
import datetime
import enum
import functools
import json
import math
import os

PROPERTY_KINDS = (property, functools.cached_property)


class Log:
    """Writes down values and the outcome of calls, in order; labels are unique within a scenario."""

    def __init__(self, file):
        self.file = file
        self.section = ""
        self.labels = set()

    def begin(self, section):
        self.section = section
        self.labels = set()

    def value(self, label, value):
        if label in self.labels:
            raise ValueError(f"the label {label!r} is used twice in {self.section}")
        self.labels.add(label)
        for path, leaf in leaves(plain(value)):
            way = f" {path}" if path else ""
            self.file.write(f"{self.section} | {label}:{way} = {json.dumps(leaf, ensure_ascii=False)}\n")
        # A client that is stopped from outside must leave what it saw until then.
        self.file.flush()

    def call(self, label, function, *arguments, **named):
        """Calls and writes down what came back, or the exception; gives back what came back, else None."""
        try:
            result = function(*arguments, **named)
        except Exception as error:
            self.value(label, raised(error))
            return None
        self.value(label, result)
        return result


def raised(error):
    found = {"raised": type(error).__name__, "message": str(error)}
    if hasattr(error, "error_code"):
        found["error_code"] = error.error_code
    return found


def plain(value):
    """The value in terms of JSON; entities of the client become dictionaries of their properties."""
    if value is None or isinstance(value, (bool, int, str)):
        return value.name if isinstance(value, enum.Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, collections.abc.Sequence) and not isinstance(value, bytes):
        return page(value) if hasattr(value, "token") else [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    return plain_object(value)


def plain_object(value):
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if type(value).__module__.startswith("mlflow."):
        return {name: plain(getattr(value, name)) for name in properties(type(value))}
    if hasattr(value, "tolist"):  # NumPy's arrays and numbers
        return plain(value.tolist())
    if hasattr(value, "to_dict"):  # tables of pandas
        return plain(value.to_dict("records"))
    raise TypeError(f"a {type(value).__name__} has no plain form: {value!r}")


def properties(kind):
    return sorted(
        name for name in dir(kind) if not name.startswith("_") and isinstance(getattr(kind, name), PROPERTY_KINDS))


def page(items):
    # A page token is opaque: whether there is one is all that two servers can agree on.
    return {"items": [plain(item) for item in items], "more": bool(items.token)}


def leaves(value, path=""):
    """The values inside, with their paths; dictionaries in the order of their keys, as JSON objects have none."""
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from leaves(value[key], f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value
