"""Writes the oracle for the layers of the deep-learning course and for the operations that they need.

A case of course_layers.json holds the state before (with the keys that our layer must have), the inputs, and what
PyTorch makes of them in training mode: outputs, gradients of Σ upstream · output by inputs and parameters, and the
running statistics afterwards. linear_axes.json and l2_normalised.json hold the two operations.

SharedHeadAttention applies its projections after the split into heads; the course's listing forgets the calls.
Its mask hides every key of one query: the scores are then all -1e20 and the weights equal.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from fixture import generator, normal, operation_case, tensor, write


class ResidualBlock(nn.Module):
    def __init__(self, inward, outward, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inward, outward, 3, stride, 1, bias=False), nn.BatchNorm2d(outward)
        self.conv2, self.bn2 = nn.Conv2d(outward, outward, 3, 1, 1, bias=False), nn.BatchNorm2d(outward)
        self.shortcut = nn.Sequential()
        if stride != 1 or inward != outward:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inward, outward, 1, stride, bias=False), nn.BatchNorm2d(outward))

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


class SharedHeadAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.width, self.heads, depth = width, heads, width // heads
        self.values, self.keys, self.queries = (nn.Linear(depth, depth, bias=False) for _ in range(3))
        self.fc_out = nn.Linear(width, width)

    def forward(self, value, key, query, mask=None):
        def split(x):
            return x.reshape(x.shape[0], x.shape[1], self.heads, -1)

        v, k, q = self.values(split(value)), self.keys(split(key)), self.queries(split(query))
        scores = torch.einsum("nqhd,nkhd->nhqk", q, k)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -1e20)
        weights = torch.softmax(scores / self.width ** 0.5, dim=3)
        return self.fc_out(torch.einsum("nhql,nlhd->nqhd", weights, v).reshape(query.shape))


class FeatureTwoTower(nn.Module):
    def __init__(self, users, items, hidden):
        super().__init__()
        self.user_tower, self.item_tower = (
            nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, hidden // 2))
            for features in (users, items))

    def forward(self, users, items):
        return F.normalize(self.user_tower(users), dim=1) @ F.normalize(self.item_tower(items), dim=1).T


class SimCLR(nn.Module):
    def __init__(self, encoder, features, hidden, projection):
        super().__init__()
        self.encoder = encoder
        self.projector = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, projection))

    def forward(self, first, second):
        return tuple(F.normalize(self.projector(self.encoder(view)), dim=1) for view in (first, second))


def fill(model, source):
    """Numbers exact in f32 everywhere; scales of norms around 1."""
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            is_scale = parameter.dim() == 1 and key.endswith("weight")
            parameter.copy_(normal(source, parameter.shape, scale=0.2 if is_scale else 0.5, shift=float(is_scale)))
    return model


def case(name, make, shapes, mask=None):
    source = generator(name)
    model = fill(make().double(), source)
    # Copies: the statistics move on, and some buffers are counters.
    before = {key: value.clone() for key, value in model.state_dict().items() if "num_batches" not in key}
    inputs = [normal(source, shape) for shape in shapes]
    outputs = model(*inputs) if mask is None else model(*inputs, mask)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    upstreams = [normal(source, output.shape).detach() for output in outputs]
    sum((output * upstream).sum() for output, upstream in zip(outputs, upstreams)).backward()
    after = {key: value for key, value in model.state_dict().items() if "running" in key}
    return {
        "name": name, "keys": list(model.state_dict()),
        "state": [{"key": key, "tensor": tensor(value)} for key, value in before.items()],
        "inputs": [tensor(x) for x in inputs],
        "mask": None if mask is None else {"shape": list(mask.shape), "values": mask.int().reshape(-1).tolist()},
        "outputs": [tensor(x) for x in outputs], "upstreams": [tensor(x) for x in upstreams],
        "inputGradients": [tensor(x.grad) for x in inputs],
        "gradients": [{"key": key, "tensor": tensor(value.grad)} for key, value in model.named_parameters()],
        "statistics": [{"key": key, "tensor": tensor(value)} for key, value in after.items()],
    }


def mask():
    visible = torch.tensor([1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0])
    return visible.reshape(2, 1, 3, 4)


def operation(name, kind, function, shapes, dtype, inputs=None, **attributes):
    source = generator(f"{name} {dtype}")
    inputs = inputs or [normal(source, shape, dtype) for shape in shapes]
    return operation_case(f"{name} in {dtype}", kind, function, inputs, source, dtype, attributes)


def short():
    """Vectors of ordinary length, of zeros, and shorter than epsilon 0.5."""
    rows = torch.tensor([[1.5, -2, 0.25], [0, 0, 0], [0.25, 0.125, -0.25]], dtype=torch.float64)
    return [rows.requires_grad_(True)]


if __name__ == "__main__":
    write("AviaryModelsTests", "course_layers", __file__, {"cases": [
        case("residual block with projection", lambda: ResidualBlock(3, 4, 2), [(2, 3, 5, 6)]),
        case("residual block", lambda: ResidualBlock(3, 3, 1), [(2, 3, 4, 3)]),
        case("shared-head attention", lambda: SharedHeadAttention(6, 2), [(2, 3, 6), (2, 3, 6), (2, 3, 6)]),
        case("shared-head attention with mask", lambda: SharedHeadAttention(6, 2),
             [(2, 4, 6), (2, 4, 6), (2, 3, 6)], mask()),
        case("feature two-tower", lambda: FeatureTwoTower(5, 3, 6), [(4, 5), (3, 3)]),
        case("SimCLR", lambda: SimCLR(nn.Linear(7, 5), 5, 8, 4), [(3, 7), (3, 7)]),
    ]})
    write("AviaryAutogradTests", "linear_axes", __file__, {"cases": [
        operation(f"linear {list(shape)}", "linear", F.linear, [shape, (4, 5), (4,)], dtype)
        for dtype in ("f32", "f64") for shape in [(5,), (3, 5), (2, 3, 5), (2, 1, 3, 5), (0, 3, 5)]
    ]})
    write("AviaryAutogradTests", "l2_normalised", __file__, {"cases": [
        entry for dtype in ("f32", "f64") for entry in [
            operation("last axis", "l2Normalised", lambda x: F.normalize(x, dim=-1), [(3, 5)], dtype, axis=-1),
            operation("middle axis", "l2Normalised", lambda x: F.normalize(x, dim=1), [(2, 4, 3)], dtype, axis=1),
            operation("image", "l2Normalised", lambda x: F.normalize(x, dim=1), [(1, 3, 1, 2)], dtype, axis=1),
            operation("no vectors", "l2Normalised", lambda x: F.normalize(x, dim=-1), [(0, 3)], dtype, axis=-1),
            operation("short vectors", "l2Normalised", lambda x: F.normalize(x, dim=1, eps=0.5), [], dtype, short(),
                      axis=1, epsilon=0.5),
        ]
    ]})
