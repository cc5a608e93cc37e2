"""Writes the oracle for the position of the greatest element along an axis.

"cases": [{"name", "operation", "axis", "input": tensor, "shape", "positions"}], `shape` and `positions` with the axis gone.
Of equal elements the first is expected, and where there is NaN the first NaN; the script stops where PyTorch does not
answer that.
"""
import torch

from fixture import generator, normal, tensor, write


def case(name, values, axis, dtype):
    positions = values.argmax(axis)
    greatest = values.isnan() | (values == values.amax(axis, keepdim=True))
    first = greatest.to(torch.int64).cumsum(axis).eq(1).logical_and(greatest).to(torch.int64).argmax(axis)
    if not torch.equal(positions, first):
        raise ValueError(f"{name}: PyTorch does not answer the first of equals")
    return {
        "name": f"{name} along {axis} in {dtype}", "operation": "argmax", "axis": axis,
        "input": tensor(values, dtype, finite=not values.isnan().any()),
        "shape": list(positions.shape), "positions": positions.reshape(-1).tolist(),
    }


def cases():
    for dtype in ("f32", "f64"):
        for shape in ((1,), (7,), (3, 5), (2, 1, 4), (2, 3, 4, 3)):
            for axis in (0, -1, len(shape) // 2):
                name = f"{list(shape)}"
                yield case(name, normal(generator(f"argmax {name} {dtype}"), shape, dtype).detach(), axis, dtype)
        for axis in (0, 1):
            draws = torch.randint(0, 3, (4, 9), generator=generator(f"argmax ties {dtype}"))
            yield case("ties of [4, 9]", draws.to(torch.float64), axis, dtype)
        yield case("all below zero", -1 - torch.arange(6, dtype=torch.float64).reshape(2, 3), 1, dtype)
        nan, inf = float("nan"), float("inf")
        for axis in (0, 1):
            special = [[1, nan, 2], [nan, inf, nan], [-inf, -inf, nan], [3, 4, -inf]]
            yield case("NaN", torch.tensor(special, dtype=torch.float64), axis, dtype)
        yield case("no rows", torch.zeros((0, 3), dtype=torch.float64), 1, dtype)


write("AviaryTensorsTests", "argmax", __file__, {"cases": list(cases())})
