"""Writes the oracle for arithmetic, products, batch norm, shapes and sums: output and gradients of small cases.

"cases": [{"name", "operation", "attributes", "inputs", "output", "upstream", "gradients"}]: `gradients[i]` is
d(sum(output * upstream)) / d(inputs[i]), or null where the input wants none (`operation_case` in fixture.py). Seeds come
from the names. Softmax has its cases in activations_norms_losses.py, pooling in pooling.py, convolution in convolution.py.
Shapes are as small as a case allows: 17 is one more than a vector and than a block of channels, 3 channels leave a block
half filled.
Layouts: images [N, C, H, W], convolution weights [out, in, H, W], linear weights [out, in].
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


def case(name, operation, function, shapes, attributes=None, dtype="f32", scales=None, shifts=None, wants=None,
         finite=True):
    """Draws inputs of `shapes`, runs `function` on them forward and backward, and adds the case."""
    source = generator(name)
    scales, shifts = scales or [1.0] * len(shapes), shifts or [0.0] * len(shapes)
    inputs = [normal(source, shape, dtype, scale, shift) for shape, scale, shift in zip(shapes, scales, shifts)]
    return finish(name, operation, function, inputs, source, attributes, dtype, wants, finite=finite)


def finish(name, operation, function, inputs, source, attributes=None, dtype="f32", wants=None, **more):
    CASES.append(operation_case(
        name, operation, function, inputs, source, dtype, attributes, wants, **more))


def positive(name, operation, function, shapes, dtype="f32", which=0):
    """As `case`, with input number `which` between 0.5 and about 4."""
    source = generator(name)
    inputs = [normal(source, shape, dtype) for shape in shapes]
    drawn = inputs[which].detach().abs() + 0.5
    kept = torch.float32 if dtype == "f32" else torch.float64
    inputs[which] = drawn.to(kept).to(torch.float64).requires_grad_(True)
    finish(name, operation, function, inputs, source, dtype=dtype)


def elementwise():
    for operation, function in (
        ("add", torch.add), ("subtract", torch.subtract), ("multiply", torch.multiply), ("divide", torch.divide)):
        for a, b in (((19,), (19,)), ((2, 1, 3), (3,)), ((2, 1), (1, 2, 3)), ((2, 1, 2), (1, 3, 1)), ((2, 3), ()),
                     ((1, 3, 2, 1), (1, 3, 2, 1)), ((1, 3, 1, 2), (3, 1, 1)), ((0, 3), (3,)), ((1, 3), (0, 1))):
            positive(f"{operation} of {a} and {b}", operation, function, [a, b], which=1)
        for a, b in (((2, 1, 2), (3, 1)), ((1, 3, 1), (2, 1, 2)), ((), ()), ((0, 3), (3,))):
            positive(f"{operation} of {a} and {b} in f64", operation, function, [a, b], "f64", which=1)
    for operation, function in (
        ("negate", torch.neg), ("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("exp", torch.exp)):
        for shape in ((19,), (1, 3, 2, 1), (0, 5), ()):
            case(f"{operation} of {shape}", operation, function, [shape])
        for shape in ((2, 3), (1, 1), (0, 5)):
            case(f"{operation} of {shape} in f64", operation, function, [shape], dtype="f64")
    for shape in ((2, 3), (1, 3, 2, 1), (1, 1), (0, 5), ()):
        positive(f"log of {shape}", "log", torch.log, [shape])
    positive("log in f64", "log", torch.log, [(2, 3)], dtype="f64")
    for shape in ((1, 3, 2, 1), (0, 5), ()):
        case(f"power 3 of {shape}", "power", lambda x: x**3, [shape], {"exponent": 3})
    case("sigmoid far from zero", "sigmoid", torch.sigmoid, [(3, 4)], scales=[30.0])
    case("tanh far from zero", "tanh", torch.tanh, [(3, 4)], scales=[10.0])
    for exponent in (0, 1, 2, 3, 4):
        for dtype in ("f32", "f64"):
            suffix = "" if dtype == "f32" else " in f64"
            case(f"power {exponent}{suffix}", "power", lambda x: x**exponent, [(5,)], {"exponent": exponent}, dtype)


def products():
    for m, k, n in ((1, 1, 1), (3, 5, 2), (2, 17, 3), (1, 33, 2), (17, 2, 1), (0, 5, 2), (3, 0, 2), (3, 2, 0)):
        case(f"matmul {m}x{k}x{n}", "matmul", torch.matmul, [(m, k), (k, n)])
    for m, k, n in ((2, 3, 2), (1, 5, 1), (0, 3, 2), (2, 0, 3)):
        case(f"matmul {m}x{k}x{n} in f64", "matmul", torch.matmul, [(m, k), (k, n)], dtype="f64")
    for batch, inward, outward in ((1, 1, 1), (3, 5, 2), (2, 17, 3), (17, 2, 1), (0, 5, 2), (3, 0, 2)):
        case(f"linear {batch}x{inward}x{outward}", "linear", F.linear, [(batch, inward), (outward, inward), (outward,)])
    for batch, inward, outward in ((2, 3, 2), (1, 5, 1), (0, 3, 2), (2, 0, 3)):
        case(f"linear {batch}x{inward}x{outward} in f64", "linear", F.linear,
             [(batch, inward), (outward, inward), (outward,)], dtype="f64")


def convolution(name, batch, inward, outward, height, width, kernel, stride, padding, wants=None):
    case(
        name, "conv2d", lambda x, w: F.conv2d(x, w, stride=stride, padding=padding),
        [(batch, inward, height, width), (outward, inward, kernel, kernel)],
        {"stride": stride, "padding": padding}, scales=[1.0, (inward * kernel * kernel) ** -0.5], wants=wants)


def convolutions():
    """In the short form; geometry is for convolution.py, wide blocks of channels for `ConvolutionKernelTests`."""
    convolution("conv2d 3x3, 1 to 17 channels", 1, 1, 17, 2, 3, 3, 1, 1)
    convolution("conv2d 3x3, the network's input wants no gradient", 2, 1, 3, 4, 3, 3, 1, 1, [False, True])
    convolution("conv2d 3x3, 3 to 16 channels, stride 2, even size", 2, 3, 16, 2, 4, 3, 2, 1)
    convolution("conv2d 3x3, 17 to 2 channels, stride 2", 1, 17, 2, 3, 2, 3, 2, 1)
    convolution("conv2d 1x1, 16 to 3 channels, stride 2", 1, 16, 3, 3, 3, 1, 2, 0)


def batch_norms():
    for batch, channels, size in ((4, 3, 3), (3, 17, 1), (3, 5, 1)):
        name = f"batchNorm training, {batch} images of {channels} channels, {size}x{size}"
        batch_norm(name, batch, channels, size, True)
    batch_norm("batchNorm training far from zero", 3, 3, 2, True, shift=20.0)
    batch_norm("batchNorm evaluation, 17 channels", 1, 17, 1, False)
    batch_norm("batchNorm evaluation of no images", 0, 5, 3, False)
    batch_norm("batchNorm evaluation of one pixel", 1, 1, 1, False)
    for dtype in ("f32", "f64"):
        batch_norm(f"batchNorm training, uneven, {dtype}", 3, 2, 2, True, dtype=dtype)
        batch_norm(f"batchNorm evaluation, uneven, {dtype}", 2, 3, 2, False, dtype=dtype)


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


def short_pools():
    """In the short form, a window and a stride; the rest is for pooling.py."""
    for kernel, stride, padding, shape in ((2, 2, 0, (1, 3, 5, 4)), (3, 2, 1, (1, 17, 3, 2)), (2, 2, 0, (0, 3, 4, 4))):
        window = {"kernel": kernel, "stride": stride, "padding": padding}
        case(f"maxPool2d {shape} by {kernel}, {stride}, {padding}", "maxPool2d",
             lambda x: F.max_pool2d(x, kernel, stride, padding), [shape], window)
        case(f"averagePool2d {shape} by {kernel}, {stride}, {padding}", "averagePool2d",
             lambda x: F.avg_pool2d(x, kernel, stride, padding), [shape], window)


def losses():
    for smoothing in (0.0, 0.1):
        for batch, classes, scale in ((1, 2, 1.0), (3, 5, 1.0), (5, 4, 40.0)):
            labels = [(7 * i + 3) % classes for i in range(batch)]
            wide = ", wide logits" if scale > 1 else ""
            case(
                f"softmaxCrossEntropy {batch}x{classes}, smoothing {smoothing}{wide}", "softmaxCrossEntropy",
                lambda x: F.cross_entropy(x, torch.tensor(labels), label_smoothing=smoothing),
                [(batch, classes)], {"labels": labels, "labelSmoothing": smoothing}, scales=[scale])
    for dtype in ("f32", "f64"):
        labels = [2, 0, 4]
        case(f"softmaxCrossEntropy 3x5 in {dtype}", "softmaxCrossEntropy",
             lambda x: F.cross_entropy(x, torch.tensor(labels), label_smoothing=0.1),
             [(3, 5)], {"labels": labels, "labelSmoothing": 0.1}, dtype)
        case(f"softmaxCrossEntropy of no rows in {dtype}", "softmaxCrossEntropy",
             lambda x: F.cross_entropy(x, torch.zeros(0, dtype=torch.int64)), [(0, 3)],
             {"labels": [], "labelSmoothing": 0.0}, dtype, finite=False)


def shapes():
    for old, new in (((2, 3, 2), (6, 2)), ((6,), (1, 2, 3)), ((1, 17, 1, 2), (1, 34)), ((0, 3, 4), (0, 12)),
                     ((2, 0), (0, 5)), ((1, 1), ())):
        case(f"reshape {old} to {new}", "reshape", lambda x: x.reshape(new), [old], {"shape": list(new)})
    for shape, axes in (((3, 5), (1, 0)), ((2, 3, 2), (2, 0, 1)), ((1, 3, 2, 2), (0, 2, 1, 3)), ((0, 3), (1, 0))):
        case(f"transpose {shape} by {axes}", "transpose", lambda x: x.permute(axes), [shape], {"axes": list(axes)})
    case("reshape in f64", "reshape", lambda x: x.reshape(3, 2), [(2, 3)], {"shape": [3, 2]}, "f64")
    case("transpose in f64", "transpose", lambda x: x.permute(2, 0, 1), [(2, 1, 3)], {"axes": [2, 0, 1]}, "f64")
    for dtype in ("f32", "f64"):
        for operation, function in (("sum", torch.sum), ("mean", torch.mean)):
            for shape, axes, kept in (
                ((3, 5), (0, 1), False), ((2, 3, 2), (0, 2), False), ((2, 3, 2), (1,), True), ((2, 3, 2), (-3, -1), True),
                ((1, 5, 1), (0, 2), False), ((0, 3), (1,), False), ((3, 0, 2), (-1,), True), ((0, 3), (0, 1), True),
                ((1, 17, 1, 3), (2, 3), False)):
                if dtype == "f64" and len(shape) == 4:  # for the blocks of channels, which f64 has not
                    continue
                is_mean_of_none = operation == "mean" and 0 in (shape[axis] for axis in axes)
                name = f"{operation} of {shape} over {axes}{', axes kept' if kept else ''}, {dtype}"
                case(name, operation, lambda x: function(x, axes, keepdim=kept), [shape],
                     {"axes": list(axes), "keepsAxes": kept}, dtype, finite=not is_mean_of_none)


def shortcuts():
    for shape, outward in (((1, 17, 3, 2), 19), ((2, 3, 5, 4), 5), ((0, 2, 4, 4), 4), ((1, 1, 1, 1), 1)):
        shortcut(f"identityPadShortcut of {shape} to {outward} channels", shape, outward)
    for shape, outward in (((2, 1, 5, 3), 3), ((1, 2, 2, 1), 4)):
        shortcut(f"identityPadShortcut of {shape} to {outward} channels in f64", shape, outward, "f64")


def shortcut(name, shape, channels, dtype="f32"):
    side = (channels - shape[1]) // 2
    case(name, "identityPadShortcut", lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, side, side)), [shape],
         {"outputChannels": channels, "stride": 2}, dtype)


for name, groups in (("arithmetic", (elementwise, shapes)),
                     ("operations", (products, convolutions, batch_norms, short_pools, losses, shortcuts))):
    CASES.clear()
    for group in groups:
        group()
    write("AviaryAutogradTests", name, __file__, {"cases": CASES})
    print(f"{len(CASES)} cases")
