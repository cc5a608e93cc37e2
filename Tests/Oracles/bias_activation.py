"""Writes the oracle for bias and activation in one pass: output and gradients of `activation(x + bias)`.

The cases are as in operations.py; "activation" is `relu`, `gelu`, `tanhGELU`, `silu`, `sigmoid` or `tanh`. Dropout is left out: its random
numbers are Aviary's own, and a test holds the operation with dropout to its parts.
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

ACTIVATIONS = {
    "relu": F.relu, "gelu": F.gelu, "tanhGELU": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu,
    "sigmoid": torch.sigmoid, "tanh": torch.tanh,
}
# One more column than a vector and fewer, no rows, one number, images.
SHAPES = ((3, 5), (2, 17), (2, 2, 3), (0, 4), (1,), (1, 3, 2, 2))


def cases():
    found = []
    for activation, function in ACTIVATIONS.items():
        for shape in SHAPES:
            for dtype in ("f64", "f32"):
                name = f"{activation} of {shape} in {dtype}"
                source = generator(name)
                inputs = [normal(source, shape, dtype, 2.0), normal(source, shape[-1:], dtype)]
                found.append(operation_case(
                    name, "biasActivation", lambda x, bias: function(x + bias), inputs, source, dtype,
                    {"activation": activation}))
    return found


write("AviaryAutogradTests", "bias_activation", __file__, {"cases": cases()})
