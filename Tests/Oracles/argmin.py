"""Writes the oracle for the position of the least element along an axis.

"cases": [{"name", "operation", "axis", "input": tensor, "shape", "positions"}], `shape` and `positions` with the axis gone.
Of equal elements the first is expected, and where there is NaN the first NaN; the script stops where PyTorch does not
answer that.
"""
import torch

from fixture import generator, normal, tensor, write


def case(name, values, axis, dtype):
    positions = values.argmin(axis)
    least = values.isnan() | (values == values.amin(axis, keepdim=True))
    if not torch.equal(positions, least.to(torch.int64).argmax(axis)):
        raise ValueError(f"{name}: PyTorch does not answer the first of equals")
    return {
        "name": f"{name} along {axis} in {dtype}", "operation": "argmin", "axis": axis,
        "input": tensor(values, dtype, finite=False), "shape": list(positions.shape),
        "positions": positions.reshape(-1).tolist(),
    }


def cases():
    for dtype in ("f32", "f64"):
        for shape in ((1,), (3, 5), (2, 3, 4, 3)):
            for axis in (0, -1):
                name = f"{list(shape)}"
                yield case(name, normal(generator(f"argmin {name} {dtype}"), shape, dtype).detach(), axis, dtype)
        ties = torch.randint(0, 3, (4, 9), generator=generator(f"argmin ties {dtype}")).to(torch.float64)
        nan, inf = float("nan"), float("inf")
        special = torch.tensor([[1, nan, 2], [nan, -inf, nan], [inf, inf, nan], [3, 4, inf]], dtype=torch.float64)
        for axis in (0, 1):
            yield case("ties of [4, 9]", ties, axis, dtype)
            yield case("NaN", special, axis, dtype)
        yield case("no rows", torch.zeros((0, 3), dtype=torch.float64), 1, dtype)


write("AviaryTensorsTests", "argmin", __file__, {"cases": list(cases())})
