"""How the oracles draw numbers and write fixtures.

A fixture is one JSON object: "head" (script, versions), then what the script says. A tensor is
{"shape": […], "values": […], "dtype": "f32" | "f64"}, row-major; an f32 has 9 significant digits, an f64 has
17: both come back to the same bits. Every answer is computed in f64 from inputs that are exact in the stated
dtype and rounded once, at the end, so that a test's tolerance is spent on our rounding and not on PyTorch's.
"""
import json
import math
import pathlib
import platform
import zlib

import numpy
import torch

torch.set_num_threads(1)
TESTS = pathlib.Path(__file__).resolve().parent.parent
DTYPES = {"f32": torch.float32, "f64": torch.float64}
DIGITS = {"f32": 9, "f64": 17}


class Literal(float):
    """A number that keeps the digits it is written with."""

    def __new__(cls, text):
        value = float.__new__(cls, text)
        value.text = text
        return value

    def __repr__(self):
        return self.text


def generator(name):
    """A generator seeded by a name: a case added in between changes no other case."""
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def normal(source, shape, dtype="f32", scale=1.0, shift=0.0):
    """Normal numbers, exact in `dtype`, held in f64 and wanting a gradient."""
    drawn = torch.randn(shape, generator=source, dtype=torch.float64) * scale + shift
    return drawn.to(DTYPES[dtype]).to(torch.float64).requires_grad_(True)


def number(value, dtype="f64"):
    value = float(value.detach() if isinstance(value, torch.Tensor) else value)
    if not math.isfinite(value):
        raise ValueError(f"a fixture holds finite numbers only, not {value}")
    if dtype == "f32":
        value = float(numpy.float32(value))
    return Literal(format(value, f".{DIGITS[dtype]}g"))


def tensor(values, dtype="f32"):
    values = values.detach()
    flat = [number(value, dtype) for value in values.reshape(-1).tolist()]
    return {"shape": list(values.shape), "values": flat, "dtype": dtype}


def encode(value, indent=0):
    """JSON with a line for each object of a list of objects, and lists of numbers on one line."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {encode(item, indent + 1)}" for key, item in value.items()]
        separator = ",\n" + " " * (indent + 1) if indent < 2 else ", "
        return "{" + separator.join(parts) + "}"
    if isinstance(value, (list, tuple)):
        nested = any(isinstance(item, dict) for item in value)
        return "[" + (",\n" + " " * indent if nested else ", ").join(encode(item, indent + 1) for item in value) + "]"
    return json.dumps(value)


def write(module, name, script, content):
    """Writes Tests/<module>/Fixtures/<name>.json."""
    head = {
        "script": f"Tests/Oracles/{pathlib.Path(script).name}",
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    path = TESTS / module / "Fixtures" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(encode({"head": head, **content}) + "\n")
    print(f"{path.relative_to(TESTS)}: {path.stat().st_size} bytes")
