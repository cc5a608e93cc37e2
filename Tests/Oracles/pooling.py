"""Writes the oracle for pooling: windows per axis with padding, dilation and rounding up, bins, whole planes.

A case's "window" is {"rows": [extent, stride, padding, dilation], "columns": the same, "roundsUp"}; "size" is that of
the bins. The form is otherwise that of `operation_case` in fixture.py.
"""
import math

import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


def case(name, operation, function, shape, finite=True, **attributes):
    """Draws an input of `shape`, runs `function` forward and backward in f64, and adds the case.

    With two channels, in f32 too.
    """
    for dtype in ("f64", "f32") if shape[1] == 2 else ("f64",):
        source = generator(name)
        CASES.append(operation_case(
            f"{name} in {dtype}", operation, function, [normal(source, shape, dtype)], source, dtype, attributes,
            finite=finite))


def numbers(rows, columns):
    """Extent, stride, padding and dilation of both axes, as PyTorch takes them."""
    return [list(pair) for pair in zip(rows, columns)]


def windows():
    for shape, rows, columns, rounds_up in (
        ((1, 2, 5, 4), (3, 2, 1, 1), (3, 2, 1, 1), False),
        ((2, 1, 5, 6), (2, 2, 0, 1), (3, 1, 1, 1), True),
        ((1, 1, 6, 7), (3, 2, 0, 1), (2, 3, 1, 1), True),
        ((1, 3, 1, 1), (1, 1, 0, 1), (1, 1, 0, 1), False),
        ((1, 1, 1, 7), (1, 2, 0, 1), (2, 2, 1, 1), True),
        ((1, 1, 4, 4), (2, 3, 1, 1), (2, 3, 1, 1), True),
        ((1, 1, 7, 6), (2, 1, 1, 3), (3, 2, 1, 2), False),
        ((1, 1, 8, 7), (2, 3, 0, 2), (2, 3, 1, 2), True),
        ((1, 1, 5, 5), (5, 1, 2, 1), (5, 1, 2, 1), False),
        ((1, 1, 2, 5), (3, 2, 0, 1), (4, 3, 2, 1), True),
        ((0, 2, 4, 4), (2, 2, 0, 1), (2, 2, 0, 1), False),
    ):
        extent, stride, padding, dilation = numbers(rows, columns)
        window = {"rows": list(rows), "columns": list(columns), "roundsUp": rounds_up}
        name = f"{shape} by {rows}, {columns}{', rounded up' if rounds_up else ''}"
        case(f"maxPool {name}", "maxPool",
             lambda x: F.max_pool2d(x, extent, stride, padding, dilation, rounds_up), shape, window=window)
        if dilation != [1, 1]:
            continue
        for counts in (True, False) if any(padding) else (True,):
            case(f"averagePool {name}, padding {'' if counts else 'not '}counted", "averagePool",
                 lambda x: F.avg_pool2d(x, extent, stride, padding, rounds_up, counts), shape, window=window,
                 countsPadding=counts)


def windows_without_a_pixel():
    """Windows that step over a small image.

    `max_pool2d` answers -infinity there, and its backward writes beyond the image (PyTorch 2.13: memory is corrupted).
    So the oracle pads by -infinity first, where such a gradient ends in the padding.
    """
    for shape, rows, columns, rounds_up in (
        ((1, 2, 1, 4), (2, 1, 1, 2), (2, 1, 0, 1), False),
        ((2, 2, 3, 2), (2, 1, 1, 1), (2, 1, 1, 3), False),
        ((1, 3, 1, 1), (2, 1, 1, 2), (2, 1, 1, 2), False),
        ((1, 2, 5, 1), (3, 2, 1, 1), (3, 5, 1, 2), True),
    ):
        extent, stride, padding, dilation = numbers(rows, columns)

        def pooled(x):
            top, left = padding
            # Behind the image as far as a window that is rounded up may hang over.
            bottom, right = (p + s - 1 if rounds_up else p for p, s in zip(padding, stride))
            padded = F.pad(x, (left, right, top, bottom), value=-math.inf)
            return F.max_pool2d(padded, extent, stride, 0, dilation)

        drawn = torch.randn(shape, generator=generator("window without a pixel"))
        direct = F.max_pool2d(drawn, extent, stride, padding, dilation, rounds_up)
        assert torch.equal(pooled(drawn), direct) and (direct == -math.inf).any()
        case(f"maxPool {shape} by {rows}, {columns}{', rounded up' if rounds_up else ''}, without a pixel", "maxPool",
             pooled, shape, finite=False,
             window={"rows": list(rows), "columns": list(columns), "roundsUp": rounds_up})


def bins():
    for shape, size in (((1, 2, 6, 4), (3, 2)), ((1, 1, 7, 5), (3, 4)), ((1, 1, 3, 2), (4, 5)), ((1, 3, 1, 1), (1, 1)),
                        ((1, 1, 1, 5), (2, 3)), ((1, 2, 5, 3), (1, 1)), ((0, 2, 4, 5), (2, 2))):
        # PyTorch refuses an empty batch in `adaptive_max_pool2d` of some releases: no element, no bin, no number.
        case(f"adaptiveAveragePool {shape} to {size}", "adaptiveAveragePool",
             lambda x: F.adaptive_avg_pool2d(x, size), shape, size=list(size))
        case(f"adaptiveMaxPool {shape} to {size}", "adaptiveMaxPool",
             lambda x: F.adaptive_max_pool2d(x, size), shape, size=list(size))
    for shape in ((2, 2, 3, 2), (1, 1, 1, 1), (0, 2, 3, 3)):
        case(f"globalAveragePool {shape}", "globalAveragePool", lambda x: x.mean((2, 3)), shape)
        case(f"globalMaxPool {shape}", "globalMaxPool", lambda x: F.adaptive_max_pool2d(x, 1).flatten(1), shape)


windows()
windows_without_a_pixel()
bins()
write("AviaryAutogradTests", "pooling", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
