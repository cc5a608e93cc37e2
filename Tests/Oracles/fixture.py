"""How the oracles draw numbers and write fixtures.

A fixture is one JSON object: "head" (script, versions), then what the script says. A tensor is
{"shape": […], "values": […], "dtype": "f32" | "f64"}, row-major; an f32 has 9 significant digits, an f64 has
17: both come back to the same bits; an answer that is not finite (the mean of nothing) is the string "NaN", "Infinity"
or "-Infinity". A tensor of no elements has its shape and no values. Every answer is computed in f64 from inputs that are exact in the stated
dtype and rounded once, at the end, so that a test's tolerance is spent on our rounding and not on PyTorch's.
"""
import json
import math
import pathlib
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


def number(value, dtype="f64", finite=True):
    value = float(value.detach() if isinstance(value, torch.Tensor) else value)
    if not math.isfinite(value):
        if finite:
            raise ValueError(f"not finite: {value}; say finite=False where that is PyTorch's answer")
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if dtype == "f32":
        value = float(numpy.float32(value))
    return Literal(format(value, f".{DIGITS[dtype]}g"))


def tensor(values, dtype="f32", finite=True):
    values = values.detach()
    flat = [number(value, dtype, finite) for value in values.reshape(-1).tolist()]
    return {"shape": list(values.shape), "values": flat, "dtype": dtype}


def operation_case(name, operation, function, inputs, source, dtype, attributes=None, wants=None, constants=(),
                   further=(), finite=True):
    """A case of an operation as `Tests/Support/OperationCase.swift` reads it: runs `function` both ways.

    `wants` says which inputs want a gradient, `constants` take part without one, `further` are answers beside the
    output. "smooth" is false where PyTorch's own gradient is not that of differences (corners, equal numbers,
    constants by decree); "lowPrecision" is true in f32 where inputs rounded to bf16 change neither output nor gradients
    by more than 0.5 % of the greatest.
    """
    wants = wants or [True] * len(inputs)
    output = function(*inputs)
    upstream = normal(source, output.shape, dtype).detach()
    asked = [value for value, want in zip(inputs, wants) if want]
    gradients = torch.autograd.grad(output, asked, upstream)
    answers = iter(gradients)
    case = {
        "name": name, "operation": operation, "attributes": attributes or {},
        "inputs": [tensor(value, dtype, finite) for value in inputs],
        "output": tensor(output, dtype, finite), "upstream": tensor(upstream, dtype),
        "gradients": [tensor(next(answers), dtype, finite) if want else None for want in wants],
    }
    if constants:
        # A mask that is added to scores may be infinite.
        case["constants"] = [tensor(value, dtype, finite=False) for value in constants]
    if further:
        case["further"] = [whole(value) for value in further]
    if dtype == "f64" and finite and not agrees_with_differences(function, asked, wants, inputs, upstream, gradients):
        case["smooth"] = False
    if dtype == "f32" and finite and bears_rounding(function, inputs, wants, output, upstream, gradients):
        case["lowPrecision"] = True
    return case


def whole(values):
    """A tensor of integers."""
    return {"shape": list(values.shape), "values": values.reshape(-1).tolist(), "dtype": "int64"}


def agrees_with_differences(function, asked, wants, inputs, upstream, gradients):
    """Whether central differences of step 1e-5 give the same gradients, to 1e-7 of the greatest."""
    def loss(which, element, shift):
        moved = [value.detach().clone() for value in inputs]
        moved[which].view(-1)[element] += shift
        return (function(*moved) * upstream).sum()

    answers = iter(gradients)
    for which, want in enumerate(wants):
        if not want:
            continue
        gradient = next(answers).reshape(-1)
        found = [(loss(which, i, 1e-5) - loss(which, i, -1e-5)) / 2e-5 for i in range(inputs[which].numel())]
        room = 1e-7 * gradient.abs().max() if found else 0
        room += 1e-10 * (function(*inputs) * upstream).abs().sum().detach()
        if any(abs(difference - exact) > room for difference, exact in zip(found, gradient)):
            return False
    return True


def bears_rounding(function, inputs, wants, output, upstream, gradients):
    """Whether inputs rounded to bf16 leave output and gradients where they are, to 0.5 % of the greatest; not so
    where f16 does not hold the inputs."""
    if any(value.numel() and value.abs().max() > torch.finfo(torch.float16).max for value in inputs):
        return False

    def round(value):
        return value.detach().to(torch.bfloat16).to(torch.float64)

    rounded = [round(value).requires_grad_(True) for value in inputs]
    again = function(*rounded)
    asked = [value for value, want in zip(rounded, wants) if want]
    pairs = [(again, output), *zip(torch.autograd.grad(again, asked, round(upstream)), gradients)]
    return all(a.numel() == 0 or (a - b).abs().max() <= 5e-3 * b.abs().max() for a, b in pairs)


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
    }
    path = TESTS / module / "Fixtures" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(encode({"head": head, **content}) + "\n")
    print(f"{path.relative_to(TESTS)}: {path.stat().st_size} bytes")
