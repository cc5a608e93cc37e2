"""Writes the oracle for whole numbers and truth values: sums, extrema and their positions, and what is added to what.

"reductions": [{"operation", "dtype", "axes", "keepsAxes", "input", "expected"}], "positions": [{"operation", "dtype",
"axis", "input", "expected"}], "arithmetic": [{"operation", "dtype", "left", "right", "expected"}]. A tensor is
{"shape", "numbers", "dtype"}. Positions of truth values, which PyTorch refuses, are those of the same numbers as bytes; of
equals the first is expected, and the script stops where PyTorch does not answer that.
"""
import torch

from fixture import generator, write

KINDS = {"int64": torch.int64, "int32": torch.int32, "int8": torch.int8, "uint8": torch.uint8, "bool": torch.bool}
NAMES = {kind: name for name, kind in KINDS.items()}
REDUCTIONS, POSITIONS, ARITHMETIC = [], [], []
SCATTERED = torch.tensor([[0, 2, 1, 0], [0, 2, 2, 1]])


def whole(values):
    return {"shape": list(values.shape), "numbers": [int(number) for number in values.reshape(-1).tolist()],
            "dtype": NAMES[values.dtype]}


def drawn(name, dtype, shape):
    low, high = {"bool": (0, 2), "uint8": (0, 256), "int8": (-128, 128)}.get(dtype, (-1000, 1000))
    return torch.randint(low, high, shape, generator=generator(f"{name} {dtype} {shape}")).to(KINDS[dtype])


def reduced(operation, values, axes, keeps=False):
    function = {"sum": torch.sum, "max": torch.amax, "min": torch.amin}[operation]
    expected = function(values, axes, keepdim=keeps)
    REDUCTIONS.append({"operation": operation, "dtype": NAMES[values.dtype], "axes": axes, "keepsAxes": keeps,
                       "input": whole(values), "expected": whole(expected)})


def reductions():
    for dtype in KINDS:
        for operation in ("sum", "max", "min"):
            for shape, axes, keeps in (
                ((5,), [0], False), ((3, 4), [0], True), ((3, 4), [-1], False), ((2, 3, 4), [0, 2], False),
                ((2, 3, 4), [-2, -1], True), ((2, 3), [0, 1], False), ((1, 4, 1), [1], False), ((0, 3), [1], False),
                ((3, 0), [0], True)):
                reduced(operation, drawn(operation, dtype, shape), axes, keeps)
        reduced("sum", drawn("sum", dtype, (0, 3)), [0])
        reduced("sum", drawn("sum", dtype, (2, 0)), [0, 1], True)
    reduced("sum", torch.tensor([[2**63 - 1, 2], [3, -4]]), [0, 1])
    reduced("sum", torch.full((300,), 127, dtype=torch.int8), [0])
    reduced("max", torch.tensor([2**62, 2**62 + 1, 2**62 - 1]), [0])
    reduced("min", torch.tensor([-2**62, -2**62 - 1, -2**62 + 1]), [0])


def positions(operation, values, axis):
    numbers = values.to(torch.uint8) if values.dtype == torch.bool else values
    found = getattr(numbers, operation)(axis)
    extremum = (numbers.amax if operation == "argmax" else numbers.amin)(axis, keepdim=True)
    first = (numbers == extremum).to(torch.int64).argmax(axis)
    if not torch.equal(found, first):
        raise ValueError(f"{operation} of {NAMES[values.dtype]}: PyTorch does not answer the first of equals")
    POSITIONS.append({"operation": operation, "dtype": NAMES[values.dtype], "axis": axis, "input": whole(values),
                      "expected": whole(found)})


def places():
    for dtype in KINDS:
        for operation in ("argmax", "argmin"):
            for shape, axis in (((7,), 0), ((3, 5), -1), ((3, 5), 0), ((2, 3, 4), 1), ((0, 3), 1)):
                positions(operation, drawn(operation, dtype, shape), axis)
            ties = torch.randint(0, 2, (4, 9), generator=generator(f"ties {operation}")).to(KINDS[dtype])
            for axis in (0, -1):
                positions(operation, ties, axis)


def arithmetic():
    functions = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul}
    for dtype in ("int64", "int32", "int8", "uint8"):
        ends = torch.iinfo(KINDS[dtype])
        edge = torch.tensor([ends.max, ends.max - 1, ends.min, ends.min + 1, 3], dtype=KINDS[dtype])
        for operation, function in functions.items():
            pairs = [(drawn("left", dtype, left), drawn("right", dtype, right)) for left, right in (
                ((5,), (5,)), ((2, 1, 3), (4, 1)), ((3,), ()), ((0, 3), (3,)), ((), ()))]
            for left, right in pairs + [(edge, edge), (edge, edge.flip(0))]:
                ARITHMETIC.append({"operation": operation, "dtype": dtype, "left": whole(left), "right": whole(right),
                                   "expected": whole(function(left, right))})
        # Row by row to the rows that SCATTERED names, some of them twice, and past the end of the kind.
        target = torch.full((3, 4), ends.max - 1, dtype=KINDS[dtype])
        addend = torch.arange(1, 9).reshape(2, 4).to(KINDS[dtype])
        ARITHMETIC.append({"operation": "scatterAdd", "dtype": dtype, "left": whole(target), "right": whole(addend),
                           "expected": whole(target.scatter_add(0, SCATTERED, addend))})


for group in (reductions, places, arithmetic):
    group()
write("AviaryAutogradTests", "whole_numbers", __file__, {
    "reductions": REDUCTIONS, "positions": POSITIONS, "arithmetic": ARITHMETIC})
print(f"{len(REDUCTIONS)} reductions, {len(POSITIONS)} positions, {len(ARITHMETIC)} of two")
