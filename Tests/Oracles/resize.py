"""Writes the oracles for the resizing of images.

For images of bytes, AviaryDatasetsTests: PyTorch's bilinear with antialiasing, which is also Pillow's. "cases": [{"name", "width", "height", "channels", "bytes", "toWidth", "toHeight", "values": tensor}]: `bytes` and
`values` run by row, column, channel; `values` are not rounded to whole numbers.

For `interpolate`, AviaryAutogradTests: every mode, up and down, forward and backward, in the form of `operation_case` in fixture.py.

And at sides of some hundred pixels, where it shows whether places and weights are computed in the pixels' precision.
These are PyTorch's own answers in f32. Inputs and upstream gradients are `wave`; of outputs and gradients every third
number stands here. "cases": [{"name", "operation", "shape", "size", "alignsCorners", "antialias", "output": tensor,
"gradient": tensor}].
"""
import math

import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, tensor, write


def case(width, height, channels, to_width, to_height):
    name = f"{width}x{height}x{channels} to {to_width}x{to_height}"
    pixels = torch.randint(0, 256, (height, width, channels), generator=generator(name))
    resized = F.interpolate(
        pixels.permute(2, 0, 1)[None].double(), size=(to_height, to_width), mode="bilinear", align_corners=False,
        antialias=True)
    return {
        "name": name, "width": width, "height": height, "channels": channels, "bytes": pixels.reshape(-1).tolist(),
        "toWidth": to_width, "toHeight": to_height, "values": tensor(resized[0].permute(1, 2, 0)),
    }


write("AviaryDatasetsTests", "resize", __file__, {
    "cases": [
        case(8, 8, 1, 4, 4), case(9, 7, 1, 4, 3), case(5, 4, 3, 9, 11), case(6, 6, 1, 6, 6), case(16, 3, 3, 5, 8),
        case(1, 1, 1, 3, 2), case(7, 5, 1, 1, 1),
    ]
})


# mode, its name here, aligned corners, antialiasing
MODES = (
    ("nearest", "nearest", False, False), ("nearest-exact", "nearestExact", False, False), ("bilinear", "bilinear", False, False),
    ("bilinear", "bilinear", True, False), ("bilinear", "bilinear", False, True), ("bicubic", "bicubic", False, False),
    ("bicubic", "bicubic", True, False), ("bicubic", "bicubic", False, True),
    ("bilinear", "bilinear", True, True), ("bicubic", "bicubic", True, True),
)


def interpolation(mode, kind, corners, antialias, shape, size, dtype):
    name = (f"{kind}{', corners aligned' if corners else ''}{', antialiased' if antialias else ''} {shape} to {size}"
            f" in {dtype}")
    source = generator(name)
    x = normal(source, shape, dtype)
    options = {} if mode.startswith("nearest") else {"align_corners": corners, "antialias": antialias}
    return operation_case(
        name, kind, lambda x: F.interpolate(x, size=size, mode=mode, **options), [x], source, dtype,
        {"size": list(size), "alignsCorners": corners, "antialias": antialias})


write("AviaryAutogradTests", "resize", __file__, {
    "cases": [
        interpolation(*mode, shape, size, dtype) for mode in MODES
        for shape, size, dtype in (((1, 1, 3, 5), (5, 2), "f64"), ((1, 1, 3, 5), (5, 2), "f32"),
                                   ((1, 2, 5, 4), (3, 3), "f64"), ((2, 1, 1, 1), (2, 3), "f64"),
                                   ((1, 1, 5, 9), (1, 4), "f32"), ((1, 1, 3, 4), (3, 4), "f64"),
                                   ((1, 1, 2, 3), (3, 5), "f32"))
    ]
})


def wave(shape, seed):
    """Numbers between -1 and 1 that f32 holds exactly, as `ResizePrecisionTests.wave` makes them."""
    i = torch.arange(math.prod(shape))
    return (((i * 7919 + seed * 104729 + i * i % 31 * 613) % 2048).float() / 1024 - 1).reshape(shape)


def precision(mode, kind, corners, antialias, shape, size):
    x = wave(shape, 1).requires_grad_(True)
    y = F.interpolate(x, size=size, mode=mode, align_corners=corners, antialias=antialias)
    gradient, = torch.autograd.grad(y, x, wave(y.shape, 2))
    name = f"{kind}{', corners aligned' if corners else ''}{', antialiased' if antialias else ''} {shape} to {size}"
    return {
        "name": name, "operation": kind, "shape": list(shape), "size": list(size), "alignsCorners": corners,
        "antialias": antialias, "output": tensor(y.reshape(-1)[::3]), "gradient": tensor(gradient.reshape(-1)[::3]),
    }


write("AviaryAutogradTests", "resize_precision", __file__, {
    "cases": [
        precision(*mode, shape, size) for mode in MODES if not mode[0].startswith("nearest")
        for shape, size in (((1, 1, 1, 256), (1, 300)), ((1, 1, 266, 1), (200, 2)))
    ]
})
