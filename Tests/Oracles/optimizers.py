"""Writes the oracle for the adaptive optimizers, the further schedules, clipping by value and the moving average.

"trajectories": [{"name", "optimizer", "attributes", "start": [tensor], "gradients": [[tensor or null]], "rates",
"values": [[tensor]]}]: `values[t]` are the parameters after the step on `gradients[t]` at `rates[t]`; a parameter whose
gradient is null is left out of that step. The gradients are multiplied by "gradientScale" first.
"schedules": [{"name", "schedule", "attributes", "learningRates"}], entry t is used in step t, t from 0.
"plateaus": [{"name", "attributes", "metrics", "learningRates"}], entry t holds after metric t.
"limits": [{"name", "maximum", "gradients": [tensor], "clipped": [tensor]}].
"averages": [{"name", "decay", "values": [tensor], "averages": [tensor]}], entry t is the average after update t.
"""
import warnings

import torch
from torch.optim import lr_scheduler
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from fixture import generator, normal, number, tensor, write

warnings.filterwarnings("ignore", message=".*lr_scheduler.*")
warnings.filterwarnings("ignore", message=".*epoch parameter.*")

RATES = [0.05, 0.05, 0.02, 0.01]
# The second parameter of the third step has no gradient.
SKIPPED = (2, 1)


def trajectory(name, kind, make, dtype, scale=1.0, spread=1.0, **attributes):
    source = generator(name + dtype)
    shapes = [(1,), (5,)]
    start = [normal(source, shape, dtype).detach() for shape in shapes]
    gradients = [[normal(source, shape, dtype, spread).detach() for shape in shapes] for _ in RATES]
    gradients[SKIPPED[0]][SKIPPED[1]] = None
    parameters = [torch.nn.Parameter(value.clone()) for value in start]
    optimizer = make(parameters)
    values = []
    for rate, row in zip(RATES, gradients):
        optimizer.param_groups[0]["lr"] = rate
        for parameter, gradient in zip(parameters, row):
            parameter.grad = None if gradient is None else gradient * scale
        optimizer.step()
        values.append([tensor(parameter, dtype) for parameter in parameters])
    return {
        "name": f"{name} in {dtype}", "optimizer": kind, "attributes": {"gradientScale": scale, **attributes},
        "start": [tensor(value, dtype) for value in start],
        "gradients": [[None if gradient is None else tensor(gradient, dtype) for gradient in row] for row in gradients],
        "rates": RATES, "values": values,
    }


def adam(name, dtype, decoupled=False, betas=(0.9, 0.999), eps=1e-8, decay=0.0, scale=1.0, spread=1.0):
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    return trajectory(
        name, kind.__name__, lambda parameters: kind(parameters, betas=betas, eps=eps, weight_decay=decay), dtype,
        scale, spread, firstMomentDecay=betas[0], secondMomentDecay=betas[1], epsilon=eps, weightDecay=decay)


def adagrad(name, dtype, rate_decay=0.0, decay=0.0, initial=0.0, eps=1e-10):
    return trajectory(
        name, "Adagrad", lambda parameters: torch.optim.Adagrad(
            parameters, lr_decay=rate_decay, weight_decay=decay, initial_accumulator_value=initial, eps=eps),
        dtype, rateDecay=rate_decay, weightDecay=decay, initialSum=initial, epsilon=eps)


def rmsprop(name, dtype, alpha=0.99, eps=1e-8, momentum=0.0, centered=False, decay=0.0):
    return trajectory(
        name, "RMSprop", lambda parameters: torch.optim.RMSprop(
            parameters, alpha=alpha, eps=eps, momentum=momentum, centered=centered, weight_decay=decay),
        dtype, smoothing=alpha, epsilon=eps, momentum=momentum, centered=centered, weightDecay=decay)


def trajectories(dtype):
    return [
        adam("Adam", dtype),
        adam("Adam with L2 and scaled gradients", dtype, betas=(0.8, 0.95), decay=0.1, scale=0.25),
        adam("Adam where epsilon decides", dtype, eps=1e-3, spread=1e-3),
        adam("Adam without memory", dtype, betas=(0.0, 0.0), eps=0.1),
        adam("AdamW", dtype, decoupled=True, decay=0.5),
        adagrad("Adagrad", dtype),
        adagrad("Adagrad with everything", dtype, rate_decay=0.3, decay=0.1, initial=0.2, eps=1e-2),
        rmsprop("RMSprop", dtype),
        rmsprop("RMSprop with momentum", dtype, alpha=0.9, momentum=0.8),
        rmsprop("RMSprop centered", dtype, alpha=0.9, centered=True),
        rmsprop("RMSprop with everything", dtype, alpha=0.8, eps=1e-2, momentum=0.5, centered=True, decay=0.1),
    ]


def schedule(name, kind, make, peak, count, entries=None, **attributes):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    scheduler = make(optimizer)
    learning_rates = []
    for _ in range(entries or count):
        learning_rates.append(number(optimizer.param_groups[0]["lr"]))
        scheduler.step()
    return {
        "name": name, "schedule": kind, "attributes": {"peak": peak, "stepCount": count, **attributes},
        "learningRates": learning_rates,
    }


def warmed(next_scheduler, warm_up, start):
    def make(optimizer):
        first = lr_scheduler.LinearLR(optimizer, start_factor=start, total_iters=warm_up)
        return lr_scheduler.SequentialLR(optimizer, [first, next_scheduler(optimizer)], milestones=[warm_up])

    return make


def schedules():
    return [
        schedule("step decay", "stepDecay", lambda o: lr_scheduler.StepLR(o, 3, 0.5), 0.4, 10, interval=3, factor=0.5),
        schedule(
            "step decay each step", "stepDecay", lambda o: lr_scheduler.StepLR(o, 1), 1.0, 4, interval=1, factor=0.1),
        schedule(
            "linear down, two steps past the end", "linear",
            lambda o: lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.2, total_iters=8), 0.3, 8, 10,
            startShare=1.0, endShare=0.2),
        schedule(
            "linear up", "linear", lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, end_factor=0.9, total_iters=5),
            2.0, 5, startShare=0.1, endShare=0.9),
        schedule(
            "polynomial, two steps past the end", "polynomial",
            lambda o: lr_scheduler.PolynomialLR(o, total_iters=7, power=2.0), 0.5, 7, 9, power=2.0),
        schedule(
            "a root, which is a polynomial of 0.5", "polynomial",
            lambda o: lr_scheduler.PolynomialLR(o, total_iters=6, power=0.5), 0.5, 6, power=0.5),
        schedule(
            "warm-up, then cosine", "warmUp cosine",
            warmed(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=8), 4, 0.25), 0.8, 12, warmUpCount=4,
            startShare=0.25),
        schedule(
            "warm-up, then step decay", "warmUp stepDecay",
            warmed(lambda o: lr_scheduler.StepLR(o, 2, 0.3), 3, 0.01), 1.0, 11, warmUpCount=3, startShare=0.01,
            interval=2, factor=0.3),
        schedule(
            "warm-up, then polynomial", "warmUp polynomial",
            warmed(lambda o: lr_scheduler.PolynomialLR(o, total_iters=9, power=1.0), 1, 0.5), 0.1, 10, warmUpCount=1,
            startShare=0.5, power=1.0),
    ]


def plateau(
        name, metrics, aim="least", start=1.0, factor=0.1, patience=10, threshold=1e-4, cooldown=0, minimum=0.0,
        absolute=False):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=start)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="min" if aim == "least" else "max", factor=factor, patience=patience, threshold=threshold,
        threshold_mode="abs" if absolute else "rel", cooldown=cooldown, min_lr=minimum)
    learning_rates = []
    for metric in metrics:
        scheduler.step(metric)
        learning_rates.append(number(optimizer.param_groups[0]["lr"]))
    return {
        "name": name,
        "attributes": {
            "aim": aim, "start": start, "factor": factor, "patience": patience, "threshold": threshold,
            "cooldown": cooldown, "minimum": minimum, "isAbsolute": absolute},
        "metrics": [number(metric) for metric in metrics], "learningRates": learning_rates,
    }


def plateaus():
    falling = [1.0, 0.8, 0.79, 0.81, 0.8, 0.78, 0.785, 0.784, 0.783, 0.6, 0.61, 0.6, 0.6, 0.6, 0.6, 0.6]
    return [
        plateau("a loss", falling, factor=0.5, patience=2),
        plateau("a loss that has to fall by a tenth", falling, factor=0.5, patience=1, threshold=0.1),
        plateau("a loss with pauses", falling, factor=0.3, patience=0, cooldown=2),
        plateau("an accuracy", [1 - value / 2 for value in falling], "greatest", 0.1, 0.1, 1, 1e-2),
        plateau("a loss that has to fall by 0.05", falling, factor=0.5, patience=1, threshold=0.05, absolute=True),
        plateau(
            "an accuracy that has to rise by 0.02", [1 - value / 2 for value in falling], "greatest", 0.1, 0.5, 1, 0.02,
            absolute=True),
        plateau("a floor", [1.0] * 8, factor=0.1, patience=0, minimum=0.005),
        plateau("falls that are too small", [1.0] * 8, start=1e-7, factor=0.5, patience=0),
        plateau("a metric below zero", [-1.0, -1.00001, -1.5, -1.5, -1.4, -1.6], factor=0.5, patience=0),
    ]


def limit(name, maximum, dtype):
    source = generator(name)
    gradients = [normal(source, shape, dtype, 2.0).detach() for shape in [(1,), (3, 4), (5,)]]
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    torch.nn.utils.clip_grad_value_(parameters, maximum)
    return {
        "name": name, "maximum": maximum, "gradients": [tensor(gradient, dtype) for gradient in gradients],
        "clipped": [tensor(parameter.grad, dtype) for parameter in parameters],
    }


class Held(torch.nn.Module):
    """A model of one parameter."""

    def __init__(self, value):
        super().__init__()
        self.weight = torch.nn.Parameter(value)


def average(decay, dtype, count=5):
    name = f"decay {decay} in {dtype}"
    source = generator(name)
    values = [normal(source, (3,), dtype).detach() for _ in range(count)]
    model = Held(torch.zeros(3, dtype=torch.float64))
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    averages = []
    for value in values:
        model.weight.data.copy_(value)
        averaged.update_parameters(model)
        averages.append(tensor(averaged.module.weight, dtype))
    return {
        "name": name, "decay": decay, "values": [tensor(value, dtype) for value in values], "averages": averages}


write("AviaryOptimizersTests", "adaptive", __file__, {
    "trajectories": trajectories("f64") + trajectories("f32"),
    "schedules": schedules(),
    "plateaus": plateaus(),
    "limits": [
        limit("some beyond", 1.5, "f64"), limit("all beyond", 0.001, "f64"), limit("none beyond, f32", 50.0, "f32"),
        limit("some beyond, f32", 0.5, "f32"),
    ],
    "averages": [average(decay, dtype) for dtype in ("f64", "f32") for decay in (0.999, 0.9, 0.3, 0.0)],
})
