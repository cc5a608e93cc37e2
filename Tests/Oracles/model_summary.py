"""Writes the oracle for summaries: what each layer of a model holds, makes and computes.

Shapes and parameters are told by forward hooks. Multiply-adds are PyTorch's own count (`FlopCounterMode`, two
floating-point operations each), asked for every module, so that norms, activations and pooling count nothing.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from course_layers import SharedHeadAttention
from fixture import write


class Stem(nn.Module):
    def __init__(self, inward):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(inward, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Block(nn.Module):
    def __init__(self, inward, outward, projects):
        super().__init__()
        self.stride = 1 if inward == outward else 2
        self.side = (outward - inward) // 2
        self.conv1 = nn.Conv2d(inward, outward, 3, self.stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outward)
        self.conv2, self.norm2 = nn.Conv2d(outward, outward, 3, 1, 1, bias=False), nn.BatchNorm2d(outward)
        if projects and self.side:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inward, outward, 1, self.stride, bias=False), nn.BatchNorm2d(outward))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        if hasattr(self, "shortcut"):
            return F.relu(y + self.shortcut(x))
        return F.relu(y + F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.side, self.side)))


class SmallImageResNet(nn.Module):
    """6n+2 layers; shortcuts padded with zeros, or projected."""

    def __init__(self, blocks, channels, projects):
        super().__init__()
        self.stem, stages, inward = Stem(channels), [], 16
        for width in (16, 32, 64):
            stages.append(nn.Sequential(*(
                Block(inward if index == 0 else width, width, projects) for index in range(blocks))))
            inward = width
        self.stages, self.head = nn.Sequential(*stages), nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)).mean((2, 3)))


def rows(model, run):
    shapes, found = {}, []
    for path, module in model.named_modules():
        module.register_forward_hook(lambda _, __, output, path=path: shapes.update({path: list(output.shape)}))
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        run(model.eval())
    flops = {name: sum(counts.values()) for name, counts in counter.get_flop_counts().items()}
    root = type(model).__name__
    for path, module in model.named_modules():
        own = sum(parameter.numel() for parameter in module.parameters(recurse=False))
        inside = flops.get(f"{root}.{path}" if path else root, 0)
        children = sum(
            flops.get(f"{root}.{path}.{name}" if path else f"{root}.{name}", 0) for name, _ in module.named_children())
        if own or inside > children:
            found.append({
                "path": path, "shape": shapes[path], "parameters": own, "multiplyAdds": (inside - children) // 2})
    return found


def summary(name, model, run):
    found = rows(model, run)
    print(name, sum(row["multiplyAdds"] for row in found), "multiply-adds")
    return {"name": name, "rows": found, "parameters": sum(p.numel() for p in model.parameters())}


write("AviaryLayersTests", "model_summary", __file__, {"models": [
    summary("resnet20", SmallImageResNet(3, 3, False), lambda model: model(torch.zeros(1, 3, 32, 32))),
    summary("resnet8", SmallImageResNet(1, 1, True), lambda model: model(torch.zeros(2, 1, 28, 28))),
    summary("attention", SharedHeadAttention(6, 2), lambda model: model(*[torch.zeros(2, 5, 6)] * 3)),
]})
