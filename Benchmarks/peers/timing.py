"""Times steps and forward passes in PyTorch."""
import torch
import torch.nn.functional as F

import measurements
from workloads import DRAWN_EVERY_STEP, WORKLOADS, autocast, in_layout

PEER = f"torch {torch.__version__}"


def prepare(threads):
    torch.set_num_threads(threads)
    torch.manual_seed(0)


def configuration(measurement, layout, is_compiled):
    words = ([] if layout == "plain" else [layout]) + ["compiled" if is_compiled else "eager"]
    return " ".join(words)


def timed(measurement, layout, is_compiled, repeats):
    workload = WORKLOADS[measurement.workload]
    model = in_layout(workload.model(measurement.variant, drops=True), layout)
    called = torch.compile(model) if is_compiled else model
    make = training if measurement.batch is None else inference
    found = make(measurement, workload, model, called, layout, repeats)
    return measurements.row(PEER, measurement, configuration(measurement, layout, is_compiled), found)


def training(measurement, workload, model, called, layout, repeats):
    def draw():
        return in_layout(workload.inputs(workload.batch), layout)

    fixed = None if measurement.workload in DRAWN_EVERY_STEP else draw()
    labels = workload.labels(workload.batch)
    optimizers = workload.optimizers(model)

    def step():
        inputs = draw() if fixed is None else fixed
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        with autocast(measurement):
            loss = F.cross_entropy(called(inputs), labels)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()

    return measurements.times(step, repeats)


def inference(measurement, workload, model, called, layout, repeats):
    model.eval()
    inputs = in_layout(workload.inputs(measurement.batch), layout)
    # One autocast around all passes: weights are rounded once, not for every pass.
    with torch.inference_mode(), autocast(measurement):
        return measurements.times(lambda: called(inputs), repeats)
