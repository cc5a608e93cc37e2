"""Writes the oracle for the norms as layers: what their own settings do, and what a batch norm remembers.

"cases": [{"name", "layer", "attributes", "state": [named], "steps": [step], "evaluated": tensor}], where a named tensor
is {"key", "tensor"} and a step {"input", "upstream", "output", "inputGradient", "gradients": [named],
"statistics": [named]}: a pass in training, and the running statistics after it. "evaluated" is the output in evaluation
for the first step's input, after all steps. Computed in f64 from f32 inputs.
"""
import torch

from fixture import generator, normal, tensor, write


def named(pairs):
    return [{"key": key, "tensor": tensor(value)} for key, value in pairs]


def step(module, source, shape):
    x = normal(source, shape, scale=2.0, shift=0.5)
    upstream = normal(source, shape).detach()
    module.zero_grad()
    output = module(x)
    output.backward(upstream)
    return {
        "input": tensor(x), "upstream": tensor(upstream), "output": tensor(output), "inputGradient": tensor(x.grad),
        "gradients": named((key, parameter.grad) for key, parameter in module.named_parameters()),
        "statistics": named((key, value) for key, value in module.named_buffers() if key.startswith("running_")),
    }, x


def case(name, layer, module, shapes, **attributes):
    source = generator(name)
    module = module.to(torch.float64)
    with torch.no_grad():
        for value in [*module.parameters(), *(value for value in module.buffers() if value.is_floating_point())]:
            value.copy_(normal(source, value.shape, scale=0.3, shift=1.5))
    state = named((key, value) for key, value in module.state_dict().items() if value.is_floating_point())
    steps, first = [], None
    for shape in shapes:
        done, x = step(module, source, shape)
        steps.append(done)
        first = x if first is None else first
    with torch.no_grad():
        evaluated = module.eval()(first)
    return {
        "name": name, "layer": layer, "attributes": attributes,
        "state": state, "steps": steps, "evaluated": tensor(evaluated),
    }


def batch_norm(name, shapes, channels, epsilon=1e-5, momentum=0.1, **options):
    kind = torch.nn.BatchNorm2d if len(shapes[0]) == 4 else torch.nn.BatchNorm1d
    return case(
        name, "BatchNorm", kind(channels, eps=epsilon, momentum=momentum, **options), shapes, epsilon=epsilon,
        momentum=momentum)


def group_norm(name, shape, groups, epsilon=1e-5, affine=True):
    return case(
        name, "GroupNorm", torch.nn.GroupNorm(groups, shape[1], eps=epsilon, affine=affine), [shape], groups=groups,
        epsilon=epsilon)


def layer_norm(name, shape, epsilon=1e-5, affine=True, bias=True, axes=1):
    module = torch.nn.LayerNorm(shape[-axes:], eps=epsilon, elementwise_affine=affine, bias=bias)
    return case(name, "LayerNorm", module, [shape], epsilon=epsilon, axes=axes)


write("AviaryModelsTests", "norm_layers", __file__, {"cases": [
    batch_norm("batch norm with the usual settings", [(3, 4, 3, 5), (2, 4, 1, 3)], 4, 1e-5, 0.1),
    batch_norm("batch norm with an epsilon that shows and a short memory", [(4, 3, 2, 2), (1, 3, 3, 3)], 3, 0.25, 0.7),
    batch_norm("batch norm with a long memory", [(2, 17, 1, 2)], 17, 1e-3, 0.01),
    batch_norm("batch norm that keeps the last batch alone", [(3, 2, 2, 1)], 2, 1e-2, 1.0),
    batch_norm("batch norm of rows", [(6, 4), (3, 4)], 4, 0.25),
    batch_norm("batch norm of sequences", [(3, 17, 5), (1, 17, 3)], 17),
    batch_norm("batch norm of images without scale and shift", [(3, 2, 2, 3), (2, 2, 1, 3)], 2, affine=False),
    batch_norm("batch norm of rows that remembers nothing", [(5, 3), (4, 3)], 3, track_running_stats=False),
    batch_norm("batch norm of images with nothing of its own", [(2, 3, 2, 2), (3, 3, 2, 1)], 3, affine=False,
               track_running_stats=False),
    batch_norm("batch norm that remembers the mean of all batches", [(3, 2, 2, 2), (2, 2, 1, 3), (4, 2, 2, 1)], 2,
               momentum=None),
    batch_norm("batch norm of no images between others", [(3, 2, 2, 2), (0, 2, 2, 2), (2, 2, 1, 3)], 2),
    batch_norm("batch norm of no rows, and the mean of all batches", [(4, 3), (0, 3)], 3, momentum=None),
    group_norm("group norm of rows", (3, 6), 2),
    group_norm("group norm of sequences", (2, 6, 5), 3, 0.25),
    group_norm("group norm of volumes", (2, 4, 2, 3, 2), 2),
    group_norm("group norm of sequences without weight and bias", (2, 4, 3), 4, affine=False),
    group_norm("group norm with the usual settings", (2, 6, 3, 2), 3),
    group_norm("group norm with an epsilon that shows", (3, 4, 2, 2), 2, 0.25),
    group_norm("group norm without weight and bias", (2, 6, 1, 3), 2, 1e-3, affine=False),
    layer_norm("layer norm with the usual settings", (3, 7)),
    layer_norm("layer norm with an epsilon that shows, without bias", (2, 3, 5), 0.25, bias=False),
    layer_norm("layer norm without weight and bias", (4, 6), 1e-3, affine=False),
    layer_norm("layer norm of images", (2, 3, 2, 3), 0.1, axes=3),
    layer_norm("layer norm of planes without bias", (2, 3, 4, 1), axes=2, bias=False),
    layer_norm("layer norm of a whole matrix", (3, 4), axes=2),
]})
