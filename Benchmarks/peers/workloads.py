"""The benchmarks' workloads in PyTorch: model, data and update rule of each."""
import os

import torch
from safetensors.torch import load_file

import measurements
from models import Encoder, Perceptron, SmallImageResNet, TwoTower

CLASSES = 10
ROWS = 100_000
VOCABULARY, LENGTH = 30_522, 128


def sgd(model):
    return [torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4, fused=True)]


class Images:
    rate = 0.1

    def __init__(self, widths, blocks, channels, side, batch):
        self.extents, self.shape, self.batch = (widths, blocks, channels), (channels, side, side), batch

    def model(self, variant, drops):
        return SmallImageResNet(*self.extents, CLASSES)

    def inputs(self, count):
        return torch.randn(count, *self.shape)

    def labels(self, count):
        return torch.randint(0, CLASSES, (count,))

    optimizers = staticmethod(sgd)


class Tokens:
    rate, batch = 1e-4, 32

    def model(self, variant, drops):
        return Encoder(vocabulary=VOCABULARY, dropout=0.1 if drops else 0.0)

    def inputs(self, count):
        return torch.randint(0, VOCABULARY, (count, LENGTH))

    def labels(self, count):
        return torch.randint(0, 2, (count,))

    def optimizers(self, model):
        return [torch.optim.AdamW(model.parameters(), self.rate, fused=True)]


class Pairs:
    rate, batch = 1e-3, 1024

    def model(self, variant, drops):
        return TwoTower(ROWS, ROWS, sparse=variant == "sparse-adam")

    def inputs(self, count):
        return torch.randint(0, ROWS, (2, count))

    def labels(self, count):
        return torch.arange(count)

    def optimizers(self, model):
        tables = [model.user.weight, model.item.weight]
        if not model.user.sparse:
            return [torch.optim.Adam(model.parameters(), self.rate, fused=True)]
        towers = [*model.user_tower.parameters(), *model.item_tower.parameters()]
        return [torch.optim.SparseAdam(tables, self.rate), torch.optim.Adam(towers, self.rate, fused=True)]


class Rows:
    rate, batch = 1e-3, 64

    def model(self, variant, drops):
        return Perceptron()

    def inputs(self, count):
        return torch.randn(count, 784)

    def labels(self, count):
        return torch.randint(0, CLASSES, (count,))

    def optimizers(self, model):
        return [torch.optim.Adam(model.parameters(), self.rate, fused=True)]


WORKLOADS = {
    "resnet18-cifar": Images((64, 128, 256, 512), (2, 2, 2, 2), channels=3, side=32, batch=64),
    "resnet20-fashion": Images((16, 32, 64), (3, 3, 3), channels=1, side=28, batch=128),
    "bert-mini": Tokens(),
    "two-tower": Pairs(),
    "mlp-784": Rows(),
}
# Rows that the step itself draws anew.
DRAWN_EVERY_STEP = {"two-tower"}


def autocast(measurement):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=measurement.variant == "bf16")


def load_weights(model, folder, workload):
    model.load_state_dict(load_file(os.path.join(folder, f"{workload}.weights.safetensors")))


def load_batches(folder, workload):
    """The exported batches, in order: inputs and labels of each."""
    tensors = load_file(os.path.join(folder, f"{workload}.batches.safetensors"))
    count = len(tensors) // 2
    return [(tensors[f"inputs.{i}"], tensors[f"labels.{i}"]) for i in range(count)]


def layouts(measurement):
    return ("nchw", "nhwc") if measurement.workload in measurements.IMAGES else ("plain",)


def in_layout(value, layout):
    """A model or a batch of images with channels last where `layout` says so."""
    return value.to(memory_format=torch.channels_last) if layout == "nhwc" else value
