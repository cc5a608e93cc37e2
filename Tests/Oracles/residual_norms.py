"""Writes the oracle for layer norms of a residual sum, without dropout: output and gradients of small cases.

"cases" as in operations.py. Of `residualSumAndLayerNorm` the output is both results side by side along the last axis.
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []


def case(name, operation, shape, epsilon=1e-5, weight=True, bias=True):
    """A case in f64 and one in f32."""
    shapes = [shape, shape] + [shape[-1:]] * (weight + bias)

    def function(x, residual, *parameters):
        total = residual + x
        scale = parameters[0] if weight else None
        normalised = F.layer_norm(total, shape[-1:], scale, parameters[-1] if bias else None, epsilon)
        return normalised if operation == "residualLayerNorm" else torch.cat([total, normalised], -1)

    for dtype in ("f64", "f32"):
        source = generator(f"{name} in {dtype}")
        inputs = [normal(source, extents, dtype) for extents in shapes]
        attributes = {"epsilon": epsilon, "hasWeight": weight, "hasBias": bias}
        CASES.append(operation_case(f"{name} in {dtype}", operation, function, inputs, source, dtype, attributes))


for operation in ("residualLayerNorm", "residualSumAndLayerNorm"):
    for shape in ((1, 7), (3, 5), (2, 2, 17), (1, 2, 3, 5), (7,), (0, 5)):
        case(f"{operation} of {shape}", operation, shape)
    case(f"{operation} without bias", operation, (3, 5), bias=False)
    case(f"{operation} without weight", operation, (3, 5), weight=False)
    case(f"{operation} of the sum alone", operation, (3, 5), weight=False, bias=False)
    case(f"{operation}, wide epsilon", operation, (3, 5), epsilon=0.1)
write("AviaryAutogradTests", "residual_norms", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
