"""Writes the oracles for the positions of the greatest and of the least element along an axis.

"cases": [{"name", "operation", "axis", "input": tensor, "shape", "positions"}], `shape` and `positions` with the axis gone.
Of equal elements the first is expected, and where there is NaN the first NaN; the script stops where PyTorch does not
answer that.
"""
import torch

from fixture import generator, normal, tensor, write

NAN, INFINITY = float("nan"), float("inf")
EXTREME = {"argmax": torch.Tensor.amax, "argmin": torch.Tensor.amin}


def case(operation, name, values, axis, dtype):
    positions = getattr(values, operation)(axis)
    extreme = values.isnan() | (values == EXTREME[operation](values, axis, keepdim=True))
    first = extreme.to(torch.int64).cumsum(axis).eq(1).logical_and(extreme).to(torch.int64).argmax(axis)
    if not torch.equal(positions, first):
        raise ValueError(f"{operation}, {name}: PyTorch does not answer the first of equals")
    return {
        "name": f"{name} along {axis} in {dtype}", "operation": operation, "axis": axis,
        "input": tensor(values, dtype, finite=not values.isnan().any()),
        "shape": list(positions.shape), "positions": positions.reshape(-1).tolist(),
    }


def cases(operation, shapes, axes, special):
    """`axes` gives the axes of a shape."""
    for dtype in ("f32", "f64"):
        for shape in shapes:
            for axis in axes(shape):
                name = f"{list(shape)}"
                values = normal(generator(f"{operation} {name} {dtype}"), shape, dtype).detach()
                yield case(operation, name, values, axis, dtype)
        ties = torch.randint(0, 3, (4, 9), generator=generator(f"{operation} ties {dtype}")).to(torch.float64)
        for axis in (0, 1):
            yield case(operation, "ties of [4, 9]", ties, axis, dtype)
            yield case(operation, "NaN", torch.tensor(special, dtype=torch.float64), axis, dtype)
        if operation == "argmax":
            below = -1 - torch.arange(6, dtype=torch.float64).reshape(2, 3)
            yield case(operation, "all below zero", below, 1, dtype)
        yield case(operation, "no rows", torch.zeros((0, 3), dtype=torch.float64), 1, dtype)


write("AviaryTensorsTests", "argmax", __file__, {"cases": list(cases(
    "argmax", ((1,), (7,), (3, 5), (2, 1, 4), (2, 3, 4, 3)), lambda shape: (0, -1, len(shape) // 2),
    [[1, NAN, 2], [NAN, INFINITY, NAN], [-INFINITY, -INFINITY, NAN], [3, 4, -INFINITY]]))})
write("AviaryTensorsTests", "argmin", __file__, {"cases": list(cases(
    "argmin", ((1,), (3, 5), (2, 3, 4, 3)), lambda shape: (0, -1),
    [[1, NAN, 2], [NAN, -INFINITY, NAN], [INFINITY, INFINITY, NAN], [3, 4, INFINITY]]))})
