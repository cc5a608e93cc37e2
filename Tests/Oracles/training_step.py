"""Writes the oracle for whole models: two steps of SGD on ResNet-8, the 784-128-128-10 perceptron, a patch encoder.

Nothing large is stored, because both sides make the same numbers:

    u(stream, i) = (mix(stream * 2^32 + i) >> 40) / 2^24, exact in f32, 0 <= u < 1
    mix(n): z = (n + 1) * 0x9E3779B97F4A7C15; z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB; z ^ z >> 31          (modulo 2^64; SplitMix64 at n)

and with k the number of a parameter among the parameters in key order (running statistics not counted), entry i is,
computed in f64 and rounded to f32:

    two axes or more:   sqrt(6 / fanIn) * (2 u(k, i) - 1)      fanIn = all axes but the first
    "…norm….weight":    1 + 0.2 * (2 u(k, i) - 1)          in any case of letters
    any other:          0.2 * (2 u(k, i) - 1)
    input:              3 u(1000, i) - 1
    label of image j:   3 j mod 10

"lossAfter" is the loss in training mode after both steps, "evaluation" the same model in evaluation mode.
"steps": for each step the loss before it and, after `optimizer`'s update, what is kept of each tensor: its L2 norm,
its sum and the five entries that are farthest from 0 (index in row-major order). Gradients are those of the mean loss, without weight decay.
Computed in f64; "float32Deviation" is how far PyTorch's own f32 lies from that, relative to each tensor's norm.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from fixture import number, tensor, write

OPTIMIZER = {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 1e-4}
INPUT_STREAM, MASK = 1000, (1 << 64) - 1


class Norm(nn.BatchNorm2d):
    """Batch norm with PyTorch's defaults: epsilon 1e-5, momentum 0.1."""


class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, width, 3, 1, 1, bias=False), Norm(width)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Block(nn.Module):
    def __init__(self, inward, outward, stride):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(inward, outward, 3, stride, 1, bias=False), Norm(outward)
        self.conv2, self.norm2 = nn.Conv2d(outward, outward, 3, 1, 1, bias=False), Norm(outward)
        self.side = (outward - inward) // 2

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        shortcut = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.side, self.side)) if self.side else x
        return F.relu(y + shortcut)


class SmallImageResNet(nn.Module):
    """6n+2 layers, identity shortcuts padded with zero channels (He et al. 2015, 4.2, option A)."""

    def __init__(self, blocks):
        super().__init__()
        self.stem, stages, inward = Stem(16), [], 16
        for width in (16, 32, 64):
            stage = []
            for _ in range(blocks):
                stage.append(Block(inward, width, 1 if inward == width else 2))
                inward = width
            stages.append(nn.Sequential(*stage))
        self.stages, self.head = nn.Sequential(*stages), nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)).mean((2, 3)))


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 128), nn.Sigmoid(), nn.Linear(128, 10))

    def forward(self, x):
        return self.layers(x)


class PatchEncoder(nn.Module):
    """Dosovitskiy et al. 2021, equations 1 to 4; the mean of all tokens answers, and nothing is dropped."""

    def __init__(self, image, patch, layers, width, heads, hidden):
        super().__init__()
        channels, rows, columns = image
        self.patch = patch
        self.positions = nn.Parameter(torch.empty(rows // patch * (columns // patch), width))
        self.embedding = nn.Linear(channels * patch * patch, width)
        self.layers = nn.ModuleList(nn.TransformerEncoderLayer(
            width, heads, hidden, dropout=0, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 10)

    def forward(self, x):
        patches = F.unfold(x, self.patch, stride=self.patch).transpose(1, 2)  # [N, L, C P²]
        x = self.embedding(patches) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x).mean(1))


def uniform(stream, count):
    values = []
    for i in range(count):
        z = ((stream << 32) + i + 1) * 0x9E3779B97F4A7C15 & MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        values.append(((z ^ z >> 31) >> 40) / (1 << 24))
    return torch.tensor(values, dtype=torch.float64)


def drawn(key, shape, stream):
    spread = 2 * uniform(stream, math.prod(shape)) - 1
    if len(shape) >= 2:
        values = math.sqrt(6 / math.prod(shape[1:])) * spread
    elif "norm" in key.lower() and key.endswith("weight"):
        values = 1 + 0.2 * spread
    else:
        values = 0.2 * spread
    return values.to(torch.float32).to(torch.float64).reshape(shape)


def kept(key, values):
    """What the fixture holds of one tensor."""
    flat = values.detach().to(torch.float64).reshape(-1)
    indices = sorted(flat.abs().topk(min(5, len(flat))).indices.tolist())
    return {
        "key": key, "norm": number(flat.norm(), "f32"), "sum": number(flat.sum(), "f32"),
        "entries": [{"index": i, "value": number(flat[i], "f32")} for i in indices],
    }


def trained(make, shape, dtype):
    """Two steps. Gives the fixture's part and all tensors seen, for the comparison of f32 with f64."""
    model = make().to(torch.float64)
    with torch.no_grad():
        for stream, (key, parameter) in enumerate(model.named_parameters()):
            parameter.copy_(drawn(key, tuple(parameter.shape), stream))
    model = model.to(dtype)
    images = (3 * uniform(INPUT_STREAM, math.prod(shape)) - 1).to(torch.float32).to(dtype).reshape(shape)
    labels = torch.tensor([3 * j % 10 for j in range(shape[0])])
    optimizer = torch.optim.SGD(
        model.parameters(), lr=OPTIMIZER["learningRate"], momentum=OPTIMIZER["momentum"],
        weight_decay=OPTIMIZER["weightDecay"])
    steps, seen = [], {"losses": [], "logits": [], "gradients": [], "parameters": [], "statistics": []}
    for _ in range(2):
        logits = model(images)
        loss = F.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        gradients = [(key, parameter.grad.clone()) for key, parameter in model.named_parameters()]
        optimizer.step()
        parameters = [(key, parameter.detach().clone()) for key, parameter in model.named_parameters()]
        statistics = [(key, value.clone()) for key, value in model.named_buffers()]
        steps.append({
            "loss": number(loss, "f32"), "logits": tensor(logits),
            "gradients": [kept(*item) for item in gradients],
            "parametersAfter": [kept(*item) for item in parameters],
            "statisticsAfter": [kept(*item) for item in statistics],
        })
        seen["losses"].append(loss.detach())
        seen["logits"].append(logits.detach())
        seen["gradients"] += [value for _, value in gradients]
        seen["parameters"] += [value for _, value in parameters]
        seen["statistics"] += [value for _, value in statistics]
    with torch.no_grad():
        evaluated = model.eval()(images)
        after = F.cross_entropy(model.train()(images), labels)
    seen["losses"].append(after)
    seen["logits"].append(evaluated)
    return {
        "steps": steps, "lossAfter": number(after, "f32"),
        "evaluation": {"loss": number(F.cross_entropy(evaluated, labels), "f32"), "logits": tensor(evaluated)},
    }, seen, list(model.state_dict())


def distance(exact, rounded):
    return float((rounded.double() - exact).norm() / max(float(exact.double().norm()), 1e-12))


def write_model(name, model, make, shape, script=__file__):
    content, exact, keys = trained(make, shape, torch.float64)
    _, rounded, _ = trained(make, shape, torch.float32)
    deviation = {
        group: number(max(map(distance, exact[group], rounded[group])), "f32") for group in exact if exact[group]
    }
    print(name, {group: float(value) for group, value in deviation.items()}, [float(loss) for loss in exact["losses"]])
    write("AviaryModelsTests", name, script, {
        "model": model, "inputShape": list(shape), "labels": [3 * j % 10 for j in range(shape[0])],
        "parameterCount": sum(parameter.numel() for parameter in make().parameters()),
        "keys": keys, "optimizer": OPTIMIZER, "float32Deviation": deviation, **content,
    })


if __name__ == "__main__":
    write_model("resnet8_step", "resnet8", lambda: SmallImageResNet(1), (4, 1, 28, 28))
    write_model("mlp_step", "mlp", Perceptron, (4, 784))
    # Six patches of 48 numbers: rows, columns and channels that are mistaken for each other show.
    write_model(
        "patch_encoder_step", "patch-encoder", lambda: PatchEncoder((3, 8, 12), 4, 2, 16, 2, 32), (4, 3, 8, 12))
