"""Writes the oracle for every differentiable operation: output and gradients of small cases.

"cases": [{"name", "operation", "attributes", "inputs", "output", "upstream", "gradients"}]: `gradients[i]` is
d(sum(output * upstream)) / d(inputs[i]), or null where the input wants none (`operation_case` in fixture.py). Seeds come
from the names.
Layouts: images [N, C, H, W], convolution weights [out, in, H, W], linear weights [out, in].
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


# What only moves elements.
MOVING = ("reshape", "transpose")


def case(name, operation, function, shapes, attributes=None, dtype="f32", scales=None, shifts=None, wants=None,
         finite=True):
    """Draws inputs of `shapes`, runs `function` on them forward and backward, and adds the case."""
    source = generator(name)
    scales, shifts = scales or [1.0] * len(shapes), shifts or [0.0] * len(shapes)
    inputs = [normal(source, shape, dtype, scale, shift) for shape, scale, shift in zip(shapes, scales, shifts)]
    return finish(name, operation, function, inputs, source, attributes, dtype, wants, finite=finite)


def finish(name, operation, function, inputs, source, attributes=None, dtype="f32", wants=None, **more):
    CASES.append(operation_case(
        name, operation, function, inputs, source, dtype, attributes, wants, arithmetic=operation not in MOVING, **more))


def positive(name, operation, function, shapes, dtype="f32", which=0):
    """As `case`, with input number `which` between 0.5 and about 4."""
    source = generator(name)
    inputs = [normal(source, shape, dtype) for shape in shapes]
    drawn = inputs[which].detach().abs() + 0.5
    kept = torch.float32 if dtype == "f32" else torch.float64
    inputs[which] = drawn.to(kept).to(torch.float64).requires_grad_(True)
    finish(name, operation, function, inputs, source, dtype=dtype)


def elementwise():
    pairs = [("add", torch.add), ("subtract", torch.subtract), ("multiply", torch.multiply)]
    for operation, function in pairs:
        case(f"{operation} of equal shapes", operation, function, [(3, 5), (3, 5)])
        case(f"{operation} broadcasts the right", operation, function, [(2, 3, 4), (4,)])
        case(f"{operation} broadcasts the left", operation, function, [(3, 1), (2, 3, 4)])
        case(f"{operation} broadcasts both sides", operation, function, [(2, 1, 4), (1, 3, 1)])
        case(f"{operation} with a scalar", operation, function, [(3, 5), ()])
        case(f"{operation} in f64", operation, function, [(2, 1, 4), (3, 1)], dtype="f64")
    for operation, function in (*pairs, ("divide", torch.divide)):
        for a, b in (((1, 1), (1, 1)), ((0, 3), (3,)), ((0, 3), (1, 3)), ((1, 3), (0, 1)), ((), ()), ((1, 7, 1), (5, 1, 3))):
            for dtype in ("f32", "f64"):
                positive(f"{operation} of {a} and {b} in {dtype}", operation, function, [a, b], dtype, which=1)
    positive("divide of equal shapes", "divide", torch.divide, [(3, 5), (3, 5)], which=1)
    positive("divide broadcasts the right", "divide", torch.divide, [(2, 3, 4), (4,)], which=1)
    positive("divide broadcasts the left", "divide", torch.divide, [(4,), (2, 3, 4)], which=1)
    positive("divide broadcasts both sides", "divide", torch.divide, [(2, 1, 4), (1, 3, 1)], which=1)
    positive("divide in f64", "divide", torch.divide, [(3, 5), (5,)], dtype="f64", which=1)
    unary = [
        ("negate", torch.neg), ("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("exp", torch.exp)]
    for operation, function in unary:
        case(operation, operation, function, [(5, 7)])
        case(f"{operation} in f64", operation, function, [(5, 7)], dtype="f64")
        for shape in ((1, 1), (0, 5), ()):
            for dtype in ("f32", "f64"):
                case(f"{operation} of {shape} in {dtype}", operation, function, [shape], dtype=dtype)
    for shape in ((1, 1), (0, 5), ()):
        positive(f"log of {shape}", "log", torch.log, [shape])
        case(f"power 3 of {shape}", "power", lambda x: x**3, [shape], {"exponent": 3})
    case("sigmoid far from zero", "sigmoid", torch.sigmoid, [(4, 8)], scales=[30.0])
    case("tanh far from zero", "tanh", torch.tanh, [(4, 8)], scales=[10.0])
    positive("log", "log", torch.log, [(5, 7)])
    positive("log in f64", "log", torch.log, [(5, 7)], dtype="f64")
    for exponent in (0, 1, 2, 3, 4):
        for dtype in ("f32", "f64"):
            suffix = "" if dtype == "f32" else " in f64"
            case(f"power {exponent}{suffix}", "power", lambda x: x**exponent, [(5, 7)], {"exponent": exponent}, dtype)


def products():
    for m, k, n in ((1, 1, 1), (3, 5, 7), (16, 33, 8), (1, 64, 10)):
        case(f"matmul {m}x{k}x{n}", "matmul", torch.matmul, [(m, k), (k, n)])
    case("matmul 3x5x7 in f64", "matmul", torch.matmul, [(3, 5), (5, 7)], dtype="f64")
    for batch, inward, outward in ((1, 1, 1), (4, 7, 5), (8, 32, 17)):
        case(f"linear {batch}x{inward}x{outward}", "linear", F.linear, [(batch, inward), (outward, inward), (outward,)])
    case("linear 4x7x5 in f64", "linear", F.linear, [(4, 7), (5, 7), (5,)], dtype="f64")
    for m, k, n in ((0, 5, 7), (3, 0, 7), (3, 5, 0), (0, 0, 0), (1, 7, 1)):
        for dtype in ("f32", "f64"):
            case(f"matmul {m}x{k}x{n}, {dtype}", "matmul", torch.matmul, [(m, k), (k, n)], dtype=dtype)
    for batch, inward, outward in ((0, 7, 5), (4, 0, 5), (1, 7, 1)):
        for dtype in ("f32", "f64"):
            case(f"linear {batch}x{inward}x{outward}, {dtype}", "linear", F.linear,
                 [(batch, inward), (outward, inward), (outward,)], dtype=dtype)


def convolution(name, batch, inward, outward, height, width, kernel, stride, padding, wants=None):
    case(
        name, "conv2d", lambda x, w: F.conv2d(x, w, stride=stride, padding=padding),
        [(batch, inward, height, width), (outward, inward, kernel, kernel)],
        {"stride": stride, "padding": padding}, scales=[1.0, (inward * kernel * kernel) ** -0.5], wants=wants)


def convolutions():
    convolution("conv2d 3x3, 1 to 16 channels", 2, 1, 16, 7, 7, 3, 1, 1)
    convolution("conv2d 3x3, the network's input wants no gradient", 2, 1, 16, 6, 6, 3, 1, 1, [False, True])
    convolution("conv2d 3x3, 3 to 16 channels", 1, 3, 16, 6, 6, 3, 1, 1)
    convolution("conv2d 3x3, 4 to 16 channels, 4 images", 4, 4, 16, 4, 4, 3, 1, 1)
    convolution("conv2d 3x3, 16 to 4 channels, uneven sides", 1, 16, 4, 5, 3, 3, 1, 1)
    convolution("conv2d 3x3, 16 to 3 channels, stride 2, odd size", 1, 16, 3, 7, 7, 3, 2, 1)
    convolution("conv2d 3x3, 3 to 16 channels, stride 2, even size", 1, 3, 16, 6, 6, 3, 2, 1)
    convolution("conv2d 3x3, no padding", 2, 3, 5, 6, 6, 3, 1, 0)
    convolution("conv2d 3x3, 3 to 5 channels, stride 2, no padding", 2, 3, 5, 7, 6, 3, 2, 0)
    convolution("conv2d 1x1, 16 to 17 channels, stride 2", 1, 16, 17, 3, 5, 1, 2, 0)
    convolution("conv2d 1x1, 32 to 5 channels", 1, 32, 5, 3, 3, 1, 1, 0)
    convolution("conv2d 1x1, 1 to 1 channels", 2, 1, 1, 3, 3, 1, 1, 0)


def batch_norms():
    for batch, channels, size in ((4, 3, 3), (2, 16, 4), (2, 32, 3), (3, 5, 1)):
        name = f"batchNorm training, {batch} images of {channels} channels, {size}x{size}"
        batch_norm(name, batch, channels, size, True)
    batch_norm("batchNorm training far from zero", 2, 16, 3, True, shift=20.0)
    for channels in (3, 16):
        batch_norm(f"batchNorm evaluation, {channels} channels", 2, channels, 3, False)
    batch_norm("batchNorm evaluation of no images", 0, 5, 3, False)
    batch_norm("batchNorm evaluation of one pixel", 1, 1, 1, False)
    for dtype in ("f32", "f64"):
        batch_norm(f"batchNorm training, uneven, {dtype}", 3, 5, 3, True, dtype=dtype)
        batch_norm(f"batchNorm evaluation, uneven, {dtype}", 3, 5, 3, False, dtype=dtype)


def batch_norm(name, batch, channels, size, training, shift=1.0, dtype="f32"):
    source = generator(name)
    inputs = [
        normal(source, (batch, channels, size, size), dtype, scale=2.0, shift=shift),
        normal(source, (channels,), dtype, scale=0.3, shift=1.0),
        normal(source, (channels,), dtype, scale=0.3),
    ]
    mean, variance = torch.zeros(channels, dtype=torch.float64), torch.ones(channels, dtype=torch.float64)
    if not training:
        mean = normal(source, (channels,), dtype).detach()
        variance = normal(source, (channels,), dtype, scale=0.1, shift=1.5).detach().abs()
    epsilon = 1e-5

    def function(x, weight, bias):
        # In training the call changes what it is given.
        return F.batch_norm(x, mean.clone(), variance.clone(), weight, bias, training, momentum=0.1, eps=epsilon)

    finish(name, "batchNormTraining" if training else "batchNormEvaluation", function, inputs, source,
           {"epsilon": epsilon, "momentum": 0.1}, dtype, constants=[] if training else [mean, variance])


def pools():
    for name, kernel, stride, padding, shape in (
        ("2x2", 2, 2, 0, (2, 3, 6, 6)), ("2x2, odd size", 2, 2, 0, (1, 3, 7, 5)),
        ("2x2, 16 channels", 2, 2, 0, (1, 16, 4, 4)),
        ("3x3, stride 2", 3, 2, 0, (2, 3, 7, 7)), ("3x3, stride 1", 3, 1, 0, (1, 2, 5, 5))):
        attributes = {"kernel": kernel, "stride": stride, "padding": padding}
        case(f"maxPool2d {name}", "maxPool2d", lambda x: F.max_pool2d(x, kernel, stride), [shape], attributes)
        case(f"averagePool2d {name}", "averagePool2d", lambda x: F.avg_pool2d(x, kernel, stride), [shape], attributes)
    padded = {"kernel": 3, "stride": 2, "padding": 1}
    case("maxPool2d 3x3, stride 2, padding 1", "maxPool2d", lambda x: F.max_pool2d(x, 3, 2, 1), [(1, 16, 6, 6)], padded)
    for shape in ((2, 3, 5, 4), (2, 16, 3, 3), (4, 64, 2, 2)):
        case(f"globalAveragePool, {shape[1]} channels", "globalAveragePool", lambda x: x.mean((2, 3)), [shape])
    for dtype in ("f32", "f64"):
        for shape in ((0, 3, 5, 4), (1, 1, 1, 1), (3, 5, 3, 1)):
            case(f"globalAveragePool of {shape} in {dtype}", "globalAveragePool", lambda x: x.mean((2, 3)), [shape],
                 dtype=dtype)
        window = {"kernel": 2, "stride": 2, "padding": 0}
        for shape in ((0, 3, 4, 4), (1, 1, 2, 3)):
            case(f"maxPool2d 2x2 of {shape} in {dtype}", "maxPool2d", lambda x: F.max_pool2d(x, 2, 2), [shape], window,
                 dtype)
            case(f"averagePool2d 2x2 of {shape} in {dtype}", "averagePool2d", lambda x: F.avg_pool2d(x, 2, 2), [shape],
                 window, dtype)


def losses():
    for smoothing in (0.0, 0.1):
        for batch, classes, scale in ((1, 2, 1.0), (6, 10, 1.0), (6, 10, 40.0)):
            labels = [(7 * i + 3) % classes for i in range(batch)]
            wide = ", wide logits" if scale > 1 else ""
            case(
                f"softmaxCrossEntropy {batch}x{classes}, smoothing {smoothing}{wide}", "softmaxCrossEntropy",
                lambda x: F.cross_entropy(x, torch.tensor(labels), label_smoothing=smoothing),
                [(batch, classes)], {"labels": labels, "labelSmoothing": smoothing}, scales=[scale])
    for dtype in ("f32", "f64"):
        suffix = "" if dtype == "f32" else " in f64"
        labels = [2, 0, 4]
        case(f"softmaxCrossEntropy 3x5{suffix or ', small'}", "softmaxCrossEntropy",
             lambda x: F.cross_entropy(x, torch.tensor(labels), label_smoothing=0.1),
             [(3, 5)], {"labels": labels, "labelSmoothing": 0.1}, dtype)
        case(f"softmax{suffix}", "softmax", lambda x: F.softmax(x, 1), [(5, 10)], {"axis": 1}, dtype, [3.0])
        case(f"logSoftmax{suffix}", "logSoftmax", lambda x: F.log_softmax(x, 1), [(5, 10)], {"axis": 1}, dtype, [3.0])
        for shape in ((0, 5), (1, 1), (3, 1)):
            case(f"softmax of {shape} in {dtype}", "softmax", lambda x: F.softmax(x, 1), [shape], {"axis": 1}, dtype)
            case(f"logSoftmax of {shape} in {dtype}", "logSoftmax", lambda x: F.log_softmax(x, 1), [shape], {"axis": 1},
                 dtype)
        case(f"softmaxCrossEntropy of no rows in {dtype}", "softmaxCrossEntropy",
             lambda x: F.cross_entropy(x, torch.zeros(0, dtype=torch.int64)), [(0, 3)],
             {"labels": [], "labelSmoothing": 0.0}, dtype, finite=False)
    # Sixteen rows, so that in some two logits lie close: a gradient of saturated rows alone is rounding and nothing else.
    case("softmax of wide logits", "softmax", lambda x: F.softmax(x, 1), [(16, 7)], {"axis": 1}, scales=[40.0])
    case("logSoftmax of wide logits", "logSoftmax", lambda x: F.log_softmax(x, 1), [(4, 7)], {"axis": 1}, scales=[40.0])


def shapes():
    for old, new in (((2, 3, 4), (6, 4)), ((2, 3, 4), (2, 12)), ((6,), (1, 2, 3)), ((2, 16, 2, 2), (2, 64))):
        case(f"reshape {old} to {new}", "reshape", lambda x: x.reshape(new), [old], {"shape": list(new)})
    for shape, axes in (((3, 5), (1, 0)), ((2, 3, 4), (0, 2, 1)), ((2, 3, 4), (2, 0, 1)), ((2, 3, 4, 2), (0, 2, 1, 3))):
        case(f"transpose {shape} by {axes}", "transpose", lambda x: x.permute(axes), [shape], {"axes": list(axes)})
    for operation, function in (("sum", torch.sum), ("mean", torch.mean)):
        for shape, axes, kept in (
            ((3, 5), (0, 1), False), ((3, 5), (0,), False), ((3, 5), (1,), True), ((2, 3, 4), (0, 2), False),
            ((2, 3, 4), (1,), True), ((2, 16, 3, 3), (2, 3), False)):
            for dtype in ("f32", "f64"):
                suffix = (", axes kept" if kept else "") + (" in f64" if dtype == "f64" else "")
                name = f"{operation} of {shape} over {axes}{suffix}"
                case(name, operation, lambda x: function(x, axes, keepdim=kept), [shape],
                     {"axes": list(axes), "keepsAxes": kept}, dtype)


    for old, new in (((0, 3, 4), (0, 12)), ((2, 0), (0, 5)), ((1, 1), ()), ((3, 1, 5), (5, 3))):
        case(f"reshape {old} to {new}", "reshape", lambda x: x.reshape(new), [old], {"shape": list(new)})
    for shape, axes in (((0, 3), (1, 0)), ((1, 3, 1), (2, 0, 1))):
        case(f"transpose {shape} by {axes}", "transpose", lambda x: x.permute(axes), [shape], {"axes": list(axes)})
    for operation, function in (("sum", torch.sum), ("mean", torch.mean)):
        for shape, axes, kept in (
            ((3, 5), (-1,), False), ((2, 3, 4), (-3, -1), True), ((2, 3, 4), (0, -1), False), ((1, 5, 1), (0, 2), False),
            ((0, 3), (1,), False), ((3, 0, 2), (-1,), True), ((2, 0), (-1,), False), ((0, 3), (0, 1), True)):
            for dtype in ("f32", "f64"):
                is_mean_of_none = operation == "mean" and 0 in (shape[axis] for axis in axes)
                name = f"{operation} of {shape} over {axes}{', axes kept' if kept else ''}, {dtype}"
                case(name, operation, lambda x: function(x, axes, keepdim=kept), [shape],
                     {"axes": list(axes), "keepsAxes": kept}, dtype, finite=not is_mean_of_none)


def shortcuts():
    for inward, outward, height, width in ((4, 8, 6, 6), (4, 8, 7, 5), (16, 32, 4, 4), (32, 64, 3, 3), (2, 6, 1, 1)):
        shortcut(f"identityPadShortcut, {inward} to {outward} channels, {height}x{width}", (2, inward, height, width),
                 outward)
    for dtype in ("f32", "f64"):
        for shape, outward in (((0, 2, 4, 4), 4), ((1, 1, 1, 1), 1), ((3, 1, 5, 3), 5)):
            shortcut(f"identityPadShortcut of {shape} to {outward} channels in {dtype}", shape, outward, dtype)


def shortcut(name, shape, channels, dtype="f32"):
    side = (channels - shape[1]) // 2
    case(name, "identityPadShortcut", lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, side, side)), [shape],
         {"outputChannels": channels, "stride": 2}, dtype)


for group in (elementwise, products, convolutions, batch_norms, pools, losses, shapes, shortcuts):
    group()
write("AviaryAutogradTests", "operations", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
