#!/usr/bin/env python3
"""Times three of the workloads' training steps in MLX on the CPU; one JSON line a measurement.

    make bench-mlx ARGS='--only mlp-784'

It is what a Swift program on Linux would otherwise train with. MLX is made for Apple's GPUs, and its convolution and
attention on the CPU are plain loops: the two larger workloads take minutes, hence two repeats. MLX takes as many
threads as it likes.
"""
import os

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim

import measurements
from measurements import Measurement, show

MEASUREMENTS = [Measurement(name, "f32", None) for name in ("resnet20-fashion", "bert-mini", "mlp-784")]


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.norm1 = conv(inputs, outputs, 3, stride), nn.BatchNorm(outputs)
        self.conv2, self.norm2 = conv(outputs, outputs, 3), nn.BatchNorm(outputs)
        is_identity = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if is_identity else nn.Sequential(
            conv(inputs, outputs, 1, stride), nn.BatchNorm(outputs))

    def __call__(self, x):
        y = self.norm2(self.conv2(nn.relu(self.norm1(self.conv1(x)))))
        return nn.relu(y + self.shortcut(x))


class SmallImageResNet(nn.Module):
    """Of images `[N, H, W, C]`, the only layout that MLX has."""

    def __init__(self, widths, blocks, channels, classes=10):
        super().__init__()
        self.conv, self.norm = conv(channels, widths[0], 3), nn.BatchNorm(widths[0])
        inputs, self.blocks = widths[0], []
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            for index in range(count):
                self.blocks.append(ResidualBlock(inputs, width, 2 if stage > 0 and index == 0 else 1))
                inputs = width
        self.head = nn.Linear(inputs, classes)

    def __call__(self, x):
        x = nn.relu(self.norm(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((1, 2)))


class Encoder(nn.Module):
    def __init__(self, layers=4, width=256, heads=4, vocabulary=30_522, positions=512, classes=2, dropout=0.1):
        super().__init__()
        self.word, self.position = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.norm, self.dropout = nn.LayerNorm(width, eps=1e-12), nn.Dropout(dropout)
        self.layers = nn.TransformerEncoder(layers, width, heads, 4 * width, dropout, nn.gelu, norm_first=False)
        self.head = nn.Linear(width, classes)

    def __call__(self, ids):
        x = self.dropout(self.norm(self.word(ids) + self.position(mx.arange(ids.shape[1]))))
        return self.head(self.layers(x, None)[:, 0])


def resnet():
    images, labels = mx.random.normal((128, 28, 28, 1)), mx.random.randint(0, 10, (128,))
    return SmallImageResNet((16, 32, 64), (3, 3, 3), channels=1), images, labels, optim.SGD(0.1, 0.9, 5e-4)


def encoder():
    ids, labels = mx.random.randint(0, 30_522, (32, 128)), mx.random.randint(0, 2, (32,))
    return Encoder(), ids, labels, optim.AdamW(1e-4)


def perceptron():
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 128), nn.Sigmoid(), nn.Linear(128, 10))
    return model, mx.random.normal((64, 784)), mx.random.randint(0, 10, (64,)), optim.Adam(1e-3)


MAKERS = {"resnet20-fashion": resnet, "bert-mini": encoder, "mlp-784": perceptron}


def timed(measurement, repeats):
    model, inputs, labels, optimizer = MAKERS[measurement.workload]()
    gradient = nn.value_and_grad(
        model, lambda model, x, y: nn.losses.cross_entropy(model(x), y, reduction="mean"))

    def step():
        loss, gradients = gradient(model, inputs, labels)
        optimizer.update(model, gradients)
        mx.eval(model.parameters(), optimizer.state, loss)

    return measurements.times(step, repeats * measurements.SHORT.get(measurement.workload, 1))


def main():
    options = measurements.parser(__doc__, repeats=2, has_threads=False).parse_args()
    chosen = measurements.chosen(MEASUREMENTS, options)
    if len(chosen) > 1:
        passed_on = ["--repeats", str(options.repeats)]
        measurements.each_in_its_own_process(os.path.abspath(__file__), chosen, passed_on)
        return
    mx.set_default_device(mx.cpu)
    found = timed(chosen[0], options.repeats)
    show(measurements.row(f"mlx {mx.__version__}", chosen[0], "cpu", found))


if __name__ == "__main__":
    main()
