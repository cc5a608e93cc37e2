"""Writes the oracle for the assignment of least cost: scipy's linear_sum_assignment.

"cases": [{"name", "cost": tensor, "rows", "columns", "total"}]: row `rows[i]` has `columns[i]`, rows ascending. Of ties
the same choice is expected, which keeps a training equal to one that asks scipy.
"""
import scipy
import torch
from scipy.optimize import linear_sum_assignment

from fixture import generator, number, tensor, write

SQUARE = [(1, 1), (2, 2), (3, 3), (4, 4), (7, 7), (12, 12)]
SHAPES = SQUARE + [(1, 5), (5, 1), (3, 8), (8, 3), (5, 6), (11, 4), (0, 3), (4, 0)]


def case(name, cost, dtype):
    rows, columns = linear_sum_assignment(cost.numpy())
    return {
        "name": f"{name} {list(cost.shape)} in {dtype}", "cost": tensor(cost, dtype), "rows": rows.tolist(),
        "columns": columns.tolist(), "total": number(cost.numpy()[rows, columns].sum()),
    }


def drawn(name, shape, dtype):
    """Normal numbers, or whole ones among a few, where many assignments cost the same."""
    source = generator(f"{name}{shape}{dtype}")
    if name == "normal":
        cost = torch.randn(shape, generator=source, dtype=torch.float64)
    else:
        cost = torch.randint(-2, 3, shape, generator=source).to(torch.float64)
    return (cost.to(torch.float32) if dtype == "f32" else cost).to(torch.float64)


cases = [
    case(name, drawn(name, shape, dtype), dtype)
    for name in ("normal", "tied") for dtype in ("f64", "f32") for shape in SHAPES
]
for shape in [(4, 4), (2, 5), (5, 2)]:
    cases.append(case("equal", torch.full(shape, 3.0, dtype=torch.float64), "f64"))
# Costs whose differences are small beside them, and far apart in size.
cases.append(case("far", 1e6 + drawn("normal", (6, 6), "f64"), "f64"))
scales = torch.logspace(-8, 8, 6, dtype=torch.float64)
cases.append(case("scaled", drawn("normal", (6, 6), "f64") * scales, "f64"))
write("AviaryTensorsTests", "assignment", __file__, {"scipy": scipy.__version__, "cases": cases})
