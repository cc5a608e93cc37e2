"""Writes the oracle for convolution: output and gradients by source, weights and bias of small cases.

The form is that of operations.py. Padding is [top, bottom, left, right], applied by `F.pad` before `F.conv2d`, which
knows only two numbers; stride and dilation are [height, width].
Layouts: images [N, C, H, W], weights [out, in / groups, height, width].
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


def case(name, image, outputs, kernel, dtype="f32", stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1,
         bias=True):
    name = f"{name}, {dtype}"
    source = generator(name)
    shapes = [image, (outputs, image[1] // groups, *kernel)] + ([(outputs,)] if bias else [])
    inputs = [normal(source, shape, dtype) for shape in shapes]
    top, bottom, left, right = padding
    CASES.append(operation_case(
        name, "convolution",
        lambda x, *more: F.conv2d(F.pad(x, (left, right, top, bottom)), *more, stride=stride, dilation=dilation,
                                  groups=groups), inputs, source, dtype,
        {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups}))


def both(*arguments, **more):
    case(*arguments, **more)
    case(*arguments, **more, dtype="f64")


def single():
    case("one channel, 3x3", (1, 1, 5, 3), 2, (3, 3), padding=(1, 1, 1, 1))
    case("one channel to one, 1x1, no bias", (2, 1, 3, 3), 1, (1, 1), bias=False)
    case("one pixel, 9 to 10 channels", (1, 9, 1, 1), 10, (1, 1))
    case("5x3", (1, 2, 4, 3), 2, (5, 3), padding=(2, 2, 1, 1))
    case("1x3, stride 1 and 2", (1, 3, 2, 5), 4, (1, 3), stride=(1, 2), bias=False)
    case("2x2, 9 to 3 channels", (1, 9, 2, 3), 3, (2, 2))
    both("stride 2, a row and a column left over", (1, 2, 6, 4), 2, (3, 3), stride=(2, 2))
    case("stride 3 and 2, rows left over, 8 to 3 channels", (1, 8, 3, 3), 3, (1, 2), stride=(3, 2))
    case("dilation 2", (1, 1, 6, 5), 2, (3, 3), padding=(2, 2, 2, 2), dilation=(2, 2), bias=False)
    both("dilation 1 and 2", (1, 2, 3, 4), 2, (2, 2), dilation=(1, 2))
    both("asymmetric padding", (1, 1, 4, 3), 2, (3, 3), padding=(0, 2, 1, 3))
    case("asymmetric padding, stride 2", (2, 2, 4, 3), 3, (3, 2), stride=(2, 2), padding=(1, 0, 0, 2), bias=False)


def grouped():
    both("groups 2", (1, 4, 3, 3), 2, (3, 3), padding=(1, 1, 1, 1), groups=2)
    case("groups 3, stride 2", (1, 6, 4, 3), 3, (3, 2), stride=(2, 2), groups=3, bias=False)
    case("groups 2 of 8 channels", (1, 16, 2, 1), 16, (1, 1), groups=2)
    case("groups of 2 to 3 channels, dilation 2", (1, 4, 4, 2), 6, (2, 1), dilation=(2, 1), groups=2)


def depthwise():
    case("depthwise", (2, 3, 3, 3), 3, (3, 3), padding=(1, 1, 1, 1), groups=3)
    both("depthwise, multiplier 2", (1, 2, 3, 3), 4, (3, 2), padding=(1, 1, 1, 1), groups=2)
    case("depthwise of 9 channels, dilation 2, no bias", (1, 9, 3, 2), 9, (2, 1), dilation=(2, 2), groups=9, bias=False)
    case("depthwise of 8 channels, stride 2", (1, 8, 3, 3), 8, (2, 2), stride=(2, 2), padding=(1, 0, 0, 1), groups=8)
    case("depthwise 5x5, asymmetric padding", (1, 2, 3, 3), 2, (5, 5), padding=(2, 1, 3, 2), groups=2)


def empty():
    both("no images", (0, 1, 4, 3), 2, (3, 3), padding=(1, 1, 1, 1))
    case("no images, groups 2", (0, 4, 4, 3), 2, (3, 3), groups=2, bias=False)


for group in (single, grouped, depthwise, empty):
    group()
write("AviaryAutogradTests", "convolution", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
