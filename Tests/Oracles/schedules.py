"""Writes the oracle for the optimizers: SGD's paths, learning rates of the schedules, clipping by norm. All f64.

"trajectories": [{"name", "attributes", "start": [tensor], "gradients": [[tensor or null]], "values": [[tensor]]}],
`values[t]` are the parameters after the step on `gradients[t]`; a parameter whose gradient is null is left out of that
step. The gradients are multiplied by "gradientScale" first.
"schedules": [{"name", "schedule": "oneCycle" | "cosine", "attributes", "learningRates"}], entry t is used in step t,
t from 0.
"clipping": [{"name", "maximumNorm", "gradients": [tensor], "norm", "clipped": [tensor]}], `norm` is that of all
gradients together. In some a gradient has elements that are no finite numbers.
"""
import math
import warnings

import torch

from fixture import generator, normal, number, tensor, write

warnings.filterwarnings("ignore", message=".*lr_scheduler.step.*")

SHAPES, STEPS = [(7,), (2, 3)], 6
# The second parameter of the third step has no gradient.
SKIPPED = (2, 1)


def trajectory(name, learning_rate, momentum=0.0, nesterov=False, weight_decay=0.0, dtype="f64", scale=1.0):
    source = generator(name)
    start = [normal(source, shape, dtype).detach() for shape in SHAPES]
    gradients = [[normal(source, shape, dtype).detach() for shape in SHAPES] for _ in range(STEPS)]
    gradients[SKIPPED[0]][SKIPPED[1]] = None
    parameters = [torch.nn.Parameter(value.clone()) for value in start]
    optimizer = torch.optim.SGD(
        parameters, lr=learning_rate, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)
    values = []
    for row in gradients:
        for parameter, gradient in zip(parameters, row):
            parameter.grad = None if gradient is None else gradient * scale
        optimizer.step()
        values.append([tensor(parameter, dtype) for parameter in parameters])
    return {
        "name": name,
        "attributes": {
            "learningRate": learning_rate, "momentum": momentum, "nesterov": nesterov, "weightDecay": weight_decay,
            "gradientScale": scale},
        "start": [tensor(value, dtype) for value in start],
        "gradients": [[None if gradient is None else tensor(gradient, dtype) for gradient in row] for row in gradients],
        "values": values,
    }


def rates(make, count):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer)
    learning_rates = []
    for step in range(count):
        learning_rates.append(number(optimizer.param_groups[0]["lr"]))
        if step + 1 < count:
            schedule.step()
    return learning_rates


def one_cycle(maximum, count, fraction=0.3, divisor=25.0, final_divisor=1e4):
    return {
        "name": f"one cycle to {maximum} in {count} steps, warm-up {fraction}", "schedule": "oneCycle",
        "attributes": {
            "maximum": maximum, "stepCount": count, "warmupFraction": fraction, "divisor": divisor,
            "finalDivisor": final_divisor},
        "learningRates": rates(lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(
            optimizer, maximum, total_steps=count, pct_start=fraction, div_factor=divisor,
            final_div_factor=final_divisor, cycle_momentum=False), count),
    }


def cosine(initial, final, count):
    def make(optimizer):
        optimizer.param_groups[0]["lr"] = initial
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=count, eta_min=final)

    return {
        "name": f"cosine from {initial} to {final} in {count} steps", "schedule": "cosine",
        "attributes": {"initial": initial, "final": final, "stepCount": count},
        "learningRates": rates(make, count + 1),
    }


def clipping(name, maximum, shapes, scale, dtype="f64", special=()):
    source = generator(name)
    gradients = [normal(source, shape, dtype, scale).detach() for shape in shapes]
    for element, value in enumerate(special):
        gradients[0].view(-1)[element + 1] = value
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, maximum)
    finite = not special
    return {
        "name": name, "maximumNorm": maximum, "gradients": [tensor(gradient, dtype, finite) for gradient in gradients],
        "norm": number(norm, finite=finite),
        "clipped": [tensor(parameter.grad, dtype, finite) for parameter in parameters],
    }


write("AviaryOptimizersTests", "optimizers", __file__, {
    "trajectories": [
        trajectory("plain", 0.1),
        trajectory("momentum", 0.1, 0.9),
        trajectory("momentum with weight decay", 0.05, 0.9, weight_decay=0.01),
        trajectory("Nesterov", 0.1, 0.9, True),
        trajectory("Nesterov with weight decay", 0.05, 0.8, True, 0.02),
        trajectory("weight decay alone", 0.1, weight_decay=0.1),
        trajectory("momentum with weight decay in f32", 0.1, 0.9, weight_decay=1e-4, dtype="f32"),
        trajectory("Nesterov with scaled gradients", 0.1, 0.9, True, 0.01, scale=0.25),
        trajectory("everything in f32", 0.05, 0.8, True, 0.02, dtype="f32", scale=0.25),
    ],
    "schedules": [
        one_cycle(0.4, 20), one_cycle(0.1, 100), one_cycle(1.0, 7), one_cycle(0.2, 50, 0.1, 10.0, 100.0),
        cosine(0.1, 0.0, 20), cosine(0.5, 0.01, 9),
    ],
    "clipping": [
        clipping("too long", 1.0, [(3, 4), (5,)], 2.0),
        clipping("short enough", 100.0, [(3, 4), (5,)], 2.0),
        clipping("one gradient", 0.5, [(6,)], 1.0),
        clipping("too long in f32", 1.5, [(37,), (3, 5)], 2.0, "f32"),
        clipping("NaN", 1.0, [(3,), (2, 2)], 2.0, special=[math.nan]),
        clipping("infinite", 1.0, [(3,), (2, 2)], 2.0, special=[math.inf]),
        clipping("infinite either way", 100.0, [(4,), (2,)], 2.0, special=[-math.inf, math.inf]),
        clipping("infinite and NaN", 1.0, [(4,), (2,)], 2.0, special=[math.inf, math.nan]),
        clipping("infinite in f32", 1.0, [(3,), (2, 2)], 2.0, "f32", special=[math.inf]),
    ],
})
