"""Writes the oracle for batch norm with a residual sum and a ReLU behind it: output and gradients of small cases.

The form is that of operations.py. Inputs are x [N, C, H, W], scale [C], shift [C] and, with "residual", what is added, of
the shape of x. With "twice" the output goes on along two ways, 3 y - y, so that two gradients come back to it.
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


def case(name, shape, dtype="f32", training=True, residual=False, relu=False, twice=False, wants=None):
    name = f"{name}, {dtype}"
    source = generator(name)
    channels = shape[1]
    inputs = [normal(source, shape, dtype, scale=2.0, shift=1.0), normal(source, (channels,), dtype, scale=0.3, shift=1.0),
              normal(source, (channels,), dtype, scale=0.3)]
    if residual:
        inputs.append(normal(source, shape, dtype))
    constants = []
    if not training:
        constants = [normal(source, (channels,), dtype).detach(),
                     normal(source, (channels,), dtype, scale=0.1, shift=1.5).detach().abs()]
    epsilon = 1e-3

    def summed(x, scale, shift, *more):
        mean, variance = [value.clone() for value in constants] or (None, None)
        y = F.batch_norm(x, mean, variance, scale, shift, training, eps=epsilon)
        return y + more[0] if more else y

    if residual and relu:
        # Away from the kink, on whose other side inputs of two bytes would come to lie.
        with torch.no_grad():
            sums = summed(*inputs)
            inputs[3] += torch.where(sums.abs() < 0.1, 0.2 * torch.where(sums < 0, -1, 1), 0)

    def function(*inputs):
        y = summed(*inputs)
        y = torch.relu(y) if relu else y
        return 3 * y - y if twice else y

    CASES.append(operation_case(
        name, "batchNorm", function, inputs, source, dtype,
        {"epsilon": epsilon, "activation": "relu" if relu else "none", "twice": twice}, wants, constants))


for dtype in ("f32", "f64"):
    for training in (True, False):
        mode = "training" if training else "evaluation"
        case(f"{mode}, ReLU", (3, 2, 2, 2), dtype, training, relu=True)
        case(f"{mode}, residual", (2, 3, 1, 2), dtype, training, residual=True)
        case(f"{mode}, residual and ReLU", (2, 3, 2, 2), dtype, training, residual=True, relu=True)
        case(f"{mode}, two ways", (2, 3, 2, 1), dtype, training, twice=True)
        case(f"{mode}, residual and ReLU, two ways", (3, 2, 1, 2), dtype, training, residual=True, relu=True, twice=True)
case("a row more than a block, residual and ReLU", (2, 17, 2, 1), residual=True, relu=True)
case("residual that wants no gradient, ReLU", (3, 2, 2, 1), residual=True, relu=True, wants=[True, True, True, False])
case("no images, residual and ReLU", (0, 3, 2, 2), training=False, residual=True, relu=True, twice=True)
write("AviaryAutogradTests", "batch_norm", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
