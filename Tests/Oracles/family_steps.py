"""Writes the oracle for ten training steps of a small model of each family's kind, and for what the detector needs.

family_steps.json, for "convolutional", "encoder", "detector" and "towers": {"parameterCount", "keys", "rates",
"losses", "watched": [{"key", "first", "last"}], "float32Deviation"}. A loss is that before its step; "first" and "last"
are norms of a parameter's gradient in steps 1 and 10, before clipping. Weights are those of training_step.py's formula;
the running statistics of the detector's norms, numbered among themselves, are 0.2 * (2 u(500 + k, i) - 1) for a mean
and one more for a variance; the detector's queries are 8 times the formula's, so that they answer differently. What is
drawn for part p of the batch of step t, counted from 0, has the stream 1000 + 10 t + p, and for the detector, whose
matchings are then far from ties, 1000 + 10 (52 + t) + p:

    convolutional   images 3 u - 1; label of image j: (3 j + t) mod 10
    encoder         ids 4 + floor(93 u); of row i the first LENGTHS[i] count, others are 0. Where u of part 1 is below
                    0.25, the word is a label and its id becomes 3; other labels are -100. Segment 1 begins at 6.
    detector        images 3 u - 1, zeros outside of EXTENTS[i] (rows, columns); image i has BOXES[(t + i) mod 3] boxes,
                    box j of all has class floor(4 u(part 1, j)) and, from part 2, 0.3 + 0.4 u twice, 0.1 + 0.4 u twice
    towers          ids floor(count * u) of a user, of its kind, of an item, of its kind: parts 0 to 3

All is computed in f64. "float32Deviation" is how far PyTorch's own f32 lies from that, relative to each loss and each
norm: the script fails where a test's tolerance is less than ten times as much. It also fails where the best matching of
an image is so near the second best that rounding might choose another.

set_prediction.json: "positions" of a mask, the generalised overlap of each box with each other, "overlaps", and the
"corners" of boxes given by "centred".
"""
import itertools
import math

import numpy
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment

from family_models import MaskedLanguageModel, SmallDETR, TwoTower, sine_positions
from fixture import generator, number, tensor, write
from training_step import SmallImageResNet, drawn, uniform

STEPS = 10
TOLERANCES = {"losses": 1e-4, "gradientNorms": 1e-3}
LENGTHS = [12, 9, 7, 12]
EXTENTS, BOXES = [(16, 16), (16, 12), (12, 16)], [2, 0, 3]
NO_OBJECT = 0.1
COSTS = {"class": 1, "distance": 5, "overlap": 2}
# Twenty times what f32 moves a cost by.
MARGIN = 2e-4


def batch(step, part, *shape):
    return uniform(1000 + 10 * step + part, math.prod(shape)).reshape(shape)


def filled(model):
    """Weights by the formula."""
    model = model.to(torch.float64)
    with torch.no_grad():
        for stream, (key, parameter) in enumerate(model.named_parameters()):
            parameter.copy_(drawn(key, tuple(parameter.shape), stream))
        real = [(key, buffer) for key, buffer in model.named_buffers() if buffer.is_floating_point()]
        for stream, (key, buffer) in enumerate(real):
            if isinstance(model, SmallDETR):
                values = 0.2 * (2 * uniform(500 + stream, buffer.numel()) - 1) + key.endswith("var")
                buffer.copy_(values.to(torch.float32))
        if isinstance(model, SmallDETR):
            model.query_embed.weight *= 8
    return model.train()


class Convolutional:
    watched = ["stem.conv.weight", "stages.1.0.norm2.weight", "head.weight", "head.bias"]
    limit = None

    def __init__(self, dtype):
        self.dtype, self.model = dtype, filled(SmallImageResNet(1)).to(dtype)
        self.optimizers = [torch.optim.SGD(
            self.model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4, nesterov=True)]
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizers[0], max_lr=0.05, total_steps=STEPS, cycle_momentum=False)

    def loss(self, step):
        images = (3 * batch(step, 0, 8, 1, 28, 28) - 1).to(torch.float32).to(self.dtype)
        labels = torch.tensor([(3 * j + step) % 10 for j in range(8)])
        return F.cross_entropy(self.model(images), labels, label_smoothing=0.1)


class Encoder:
    watched = [
        "bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight",
        "bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.1.output.LayerNorm.weight",
        "cls.predictions.bias"]
    limit = 1.0

    def __init__(self, dtype):
        self.model = filled(MaskedLanguageModel()).to(dtype)
        named = list(self.model.named_parameters())
        self.optimizers = [torch.optim.AdamW([
            {"params": [p for _, p in named if p.ndim > 1]},
            {"params": [p for _, p in named if p.ndim == 1], "weight_decay": 0.0}], lr=1e-3, weight_decay=0.01)]
        # As transformers' get_linear_schedule_with_warmup.
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizers[0], lambda step: step / 2 if step < 2 else (STEPS - step) / (STEPS - 2))

    def loss(self, step):
        count, length = len(LENGTHS), 12
        mask = torch.arange(length) < torch.tensor(LENGTHS)[:, None]
        words = (4 + (93 * batch(step, 0, count, length)).floor()).long()
        hidden = mask & (batch(step, 1, count, length) < 0.25)
        labels = words.masked_fill(~hidden, -100)
        ids = words.masked_fill(hidden, 3).masked_fill(~mask, 0)
        segments = (torch.arange(length) >= 6).long().expand(count, length)
        return F.cross_entropy(self.model(ids, segments, mask).flatten(0, 1), labels.flatten(), ignore_index=-100)


class Detector:
    first_batch = 52
    watched = [
        "backbone.0.body.conv1.weight", "input_proj.bias", "query_embed.weight", "bbox_embed.layers.0.weight",
        "transformer.encoder.layers.0.self_attn.in_proj_weight",
        "transformer.decoder.layers.1.multihead_attn.out_proj.weight", "class_embed.weight"]
    limit = 0.1

    def __init__(self, dtype):
        self.dtype, self.model = dtype, filled(SmallDETR()).to(dtype)
        learning = [(key, p) for key, p in self.model.named_parameters() if p.requires_grad]
        self.optimizers = [torch.optim.AdamW([
            {"params": [p for key, p in learning if not key.startswith("backbone.")]},
            {"params": [p for key, p in learning if key.startswith("backbone.")], "lr": 1e-4}],
            lr=1e-3, weight_decay=1e-4)]
        self.schedule = None

    def loss(self, step):
        mask = torch.zeros(3, 16, 16, dtype=torch.bool)
        for image, (rows, columns) in enumerate(EXTENTS):
            mask[image, :rows, :columns] = True
        images = (3 * batch(self.first_batch + step, 0, 3, 3, 16, 16) - 1).to(torch.float32).to(self.dtype)
        targets = self.targets(step)
        return sum(set_loss(logits, boxes, targets) for logits, boxes in self.model(images * mask[:, None], mask))

    def targets(self, step):
        counts = [BOXES[(step + image) % 3] for image in range(3)]
        classes = (4 * batch(self.first_batch + step, 1, sum(counts))).floor().long()
        shift, spread = torch.tensor([0.3, 0.3, 0.1, 0.1], dtype=torch.float64), 0.4
        boxes = shift + spread * batch(self.first_batch + step, 2, sum(counts), 4)
        boxes = boxes.to(torch.float32).to(self.dtype)
        return list(zip(classes.split(counts), boxes.split(counts)))


class Towers:
    watched = ["users.tables.0.weight", "items.tables.1.weight", "users.mlp.0.weight", "items.mlp.1.bias"]
    limit, schedule = None, None

    def __init__(self, dtype):
        self.model = filled(TwoTower()).to(dtype)
        named = list(self.model.named_parameters())
        self.optimizers = [
            torch.optim.SparseAdam([p for key, p in named if "tables" in key], lr=1e-2),
            torch.optim.Adam([p for key, p in named if "tables" not in key], lr=1e-2)]

    def loss(self, step):
        counts = [50, 7, 80, 11]
        columns = [(count * batch(step, part, 16)).floor().long() for part, count in enumerate(counts)]
        users, items = self.model(torch.stack(columns[:2], dim=1), torch.stack(columns[2:], dim=1))
        return F.cross_entropy(users @ items.T / 0.1, torch.arange(16))


def corners(boxes):
    centre, half = boxes[:, :2], boxes[:, 2:] / 2
    return torch.cat([centre - half, centre + half], dim=1)


def overlaps(boxes, others):
    """The generalised intersection over union of each of `boxes` with each of `others`, by corners."""
    def area(box):
        return (box[..., 2:] - box[..., :2]).prod(dim=-1)

    def between(low, high):
        return torch.cat([low, high], dim=-1)

    one, other = boxes[:, None], others[None]
    lower, upper = torch.maximum, torch.minimum
    common = between(lower(one[..., :2], other[..., :2]), upper(one[..., 2:], other[..., 2:]))
    shared = (common[..., 2:] - common[..., :2]).clamp(min=0).prod(dim=-1)
    around = area(between(upper(one[..., :2], other[..., :2]), lower(one[..., 2:], other[..., 2:])))
    union = area(one) + area(other) - shared
    return shared / union - (around - union) / around


def matching(logits, boxes, target):
    """The queries of an image's boxes; fails where another choice costs nearly as little."""
    classes, wanted = target
    cost = -COSTS["class"] * logits.softmax(1)[:, classes] + COSTS["distance"] * torch.cdist(boxes, wanted, p=1) \
        - COSTS["overlap"] * overlaps(corners(boxes), corners(wanted))
    cost = cost.detach().to(torch.float64).numpy()
    rows, columns = linear_sum_assignment(cost)
    best, count = cost[rows, columns].sum(), len(classes)
    if count:
        choices = itertools.permutations(range(len(cost)), count)
        sums = sorted(cost[list(chosen), range(count)].sum() for chosen in choices)
        assert abs(sums[0] - best) < 1e-9 and sums[1] - best > MARGIN, f"a matching won by {sums[1] - best} only"
    return rows, columns


def set_loss(logits, boxes, targets):
    """DETR's loss of one layer's answers: classes, distances and overlaps of the matched boxes."""
    classes = torch.full(logits.shape[:2], logits.shape[2] - 1)
    chosen, wanted = [], []
    for image, target in enumerate(targets):
        rows, columns = matching(logits[image], boxes[image], target)
        classes[image, rows] = target[0][columns]
        chosen.append(boxes[image, rows])
        wanted.append(target[1][columns])
    chosen, wanted = torch.cat(chosen), torch.cat(wanted)
    weights = torch.ones(logits.shape[2], dtype=logits.dtype)
    weights[-1] = NO_OBJECT
    missed = 1 - overlaps(corners(chosen), corners(wanted)).diagonal()
    return F.cross_entropy(logits.flatten(0, 1), classes.flatten(), weight=weights) \
        + COSTS["distance"] * F.l1_loss(chosen, wanted, reduction="sum") / len(wanted) \
        + COSTS["overlap"] * missed.sum() / len(wanted)


def dense(gradient):
    return gradient.coalesce().to_dense() if gradient.is_sparse else gradient


def trained(family):
    losses, norms, rates, clipped = [], [], [], 0
    named = dict(family.model.named_parameters())
    for step in range(STEPS):
        loss = family.loss(step)
        for optimizer in family.optimizers:
            optimizer.zero_grad()
        loss.backward()
        losses.append(float(loss.detach()))
        norms.append([float(dense(named[key].grad).norm()) for key in family.watched])
        rates.append(family.optimizers[0].param_groups[0]["lr"])
        if family.limit:
            learning = [p for p in named.values() if p.requires_grad]
            clipped += bool(torch.nn.utils.clip_grad_norm_(learning, family.limit) > family.limit)
        for optimizer in family.optimizers:
            optimizer.step()
        if family.schedule:
            family.schedule.step()
    assert not family.limit or clipped > 0, "no step was clipped"
    return losses, norms, rates


def relative(exact, rounded):
    exact, rounded = numpy.array(exact), numpy.array(rounded)
    return float((abs(exact - rounded) / abs(exact)).max())


def measured(make):
    exact = make(torch.float64)
    losses, norms, rates = trained(exact)
    in_singles = trained(make(torch.float32))
    deviation = {
        "losses": relative(losses, in_singles[0]),
        "gradientNorms": relative([norms[0], norms[-1]], [in_singles[1][0], in_singles[1][-1]]),
    }
    for what, value in deviation.items():
        assert 10 * value <= TOLERANCES[what], f"{make.__name__}: PyTorch's f32 is {value} from f64 in its {what}"
    return {
        "parameterCount": sum(parameter.numel() for parameter in exact.model.parameters()),
        "keys": list(exact.model.state_dict()), "rates": [number(rate) for rate in rates],
        "losses": [number(loss) for loss in losses],
        "watched": [
            {"key": key, "first": number(first), "last": number(last)}
            for key, first, last in zip(exact.watched, norms[0], norms[-1])],
        "float32Deviation": {what: number(value, "f32") for what, value in deviation.items()},
    }


def set_prediction():
    mask = torch.ones(2, 3, 4, dtype=torch.bool)
    mask[1, 2:], mask[1, :, 3:] = False, False
    source = generator("boxes")
    low = torch.rand(5, 2, generator=source, dtype=torch.float64)
    extent = 0.1 + torch.rand(5, 2, generator=source, dtype=torch.float64)
    boxes = torch.cat([low, low + extent], dim=1).to(torch.float32).to(torch.float64)
    boxes[4] = boxes[1] + 4  # apart from all others
    boxes = torch.cat([boxes, torch.tensor([[0.25, 0.25, 0.5, 0.5], [0, 0, 1, 1], [0.5, 0.25, 0.75, 0.5]])])
    return {
        "mask": {"shape": list(mask.shape), "values": mask.flatten().int().tolist()},
        "positions": tensor(sine_positions(mask, 8)),
        "boxes": tensor(boxes[:5], "f32"), "others": tensor(boxes[3:], "f32"),
        "overlaps": tensor(overlaps(boxes[:5].float().double(), boxes[3:].float().double())),
        "centred": tensor(torch.tensor([[0.5, 0.5, 0.25, 0.5], [0.75, 0.25, 0.5, 0.125]])),
        "corners": tensor(corners(torch.tensor([[0.5, 0.5, 0.25, 0.5], [0.75, 0.25, 0.5, 0.125]]))),
    }


if __name__ == "__main__":
    write("AviaryModelsTests", "family_steps", __file__, {
        "convolutional": measured(Convolutional), "encoder": measured(Encoder), "detector": measured(Detector),
        "towers": measured(Towers)})
    write("AviaryModelsTests", "set_prediction", __file__, set_prediction())
