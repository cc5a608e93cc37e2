"""Computes from exported weights and batches what the other program computes too: equality comes before speed."""
import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import measurements
from workloads import WORKLOADS, autocast, load_batches, load_weights

STEPS = 20
RATE_FACTOR = 0.01


def check(measurement, folder):
    """What `--check` prints; the tensors beside it are in a file of the folder `torch` there."""
    workload = WORKLOADS[measurement.workload]
    model = workload.model(measurement.variant, drops=False)
    load_weights(model, folder, measurement.workload)
    batches = load_batches(folder, measurement.workload)
    if measurement.batch is None:
        losses, tensors = train(measurement, workload, model, batches)
    else:
        losses, tensors = [], {"output": output(measurement, model, batches[0][0][: measurement.batch])}
    path = os.path.join(folder, "torch", f"{measurement.workload}.{measurements.name(measurement)}.safetensors")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    save_file(tensors, path)
    return dict(
        peer=f"torch {torch.__version__}", workload=measurement.workload, variant=measurements.name(measurement),
        kind=measurements.kind(measurement), losses=losses, tensors=path)


def train(measurement, workload, model, batches):
    """The losses of the steps, and what the first left: every gradient and every running statistic."""
    optimizers = workload.optimizers(model)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = workload.rate * RATE_FACTOR
    losses, tensors = [], {}
    for number in range(STEPS):
        inputs, labels = batches[number % len(batches)]
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        with autocast(measurement):
            loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        if number == 0:
            tensors = first_step(model)
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
    return losses, tensors


def first_step(model):
    found = {f"gradient/{name}": dense(parameter.grad) for name, parameter in model.named_parameters()}
    return found | {f"statistic/{name}": buffer.clone() for name, buffer in model.named_buffers()}


def dense(gradient):
    return (gradient.to_dense() if gradient.is_sparse else gradient).clone().contiguous()


def output(measurement, model, inputs):
    model.eval()
    with torch.inference_mode(), autocast(measurement):
        return model(inputs).float().clone()
