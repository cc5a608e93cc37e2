"""Writes the oracle for activations, norms, embedding and losses: output and gradients of small cases.

"cases": [{"name", "operation", "attributes", "inputs", "constants", "output", "upstream", "gradients"}]: as in
operations.py, with "constants" for what takes part without a gradient (targets, weights of classes); "indices" are
int64, with their shape (`operation_case` in fixture.py). torchvision's losses are written out here from its sources (torchvision/ops, 0.28), because
the oracle of the operations has no torchvision.
"""
import math

import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, write

CASES = []
REDUCTIONS = ("mean", "sum", "none")
# Held exactly by f32 and bf16.
LARGE = 2.0**66
INFINITE = [[1.0, math.inf, 3.0], [1.0, -math.inf, 2.0], [-math.inf] * 3, [math.inf, -math.inf, 0.0], [1.0, 2.0, 4.0]]


def case(name, operation, function, shapes, attributes=None, dtype="f64", scales=None, constants=(), inputs=None,
         finite=True):
    """Draws inputs of `shapes` (or takes `inputs`), runs `function` on them both ways, and adds the case."""
    source = generator(name)
    scales = scales or [1.0] * len(shapes)
    inputs = inputs or [normal(source, shape, dtype, scale) for shape, scale in zip(shapes, scales)]
    CASES.append(operation_case(
        name, operation, function, inputs, source, dtype, attributes, constants=constants, finite=finite))


def both(name, *arguments, **named):
    """The case in both kinds."""
    for dtype in ("f64", "f32"):
        case(f"{name} in {dtype}", *arguments, dtype=dtype, **named)


def given(values):
    """Numbers that both kinds hold exactly."""
    return torch.tensor(values, dtype=torch.float64).requires_grad_(True)


def uniform(name, shape):
    """Numbers in (0, 1), exact in both kinds."""
    drawn = torch.rand(shape, generator=generator(name), dtype=torch.float64)
    return drawn.to(torch.float32).to(torch.float64)


def activations():
    for operation, function, attributes in (
        ("gelu", F.gelu, {"form": "erf"}),
        ("gelu", lambda x: F.gelu(x, approximate="tanh"), {"form": "tanh"}),
        ("silu", F.silu, {}),
        ("softplus", lambda x: -F.logsigmoid(-x), {}),
        ("relu6", F.relu6, {}),
        ("leakyReLU", F.leaky_relu, {"negativeSlope": 0.01}),
        ("leakyReLU", lambda x: F.leaky_relu(x, 0.3), {"negativeSlope": 0.3}),
        ("hardswish", F.hardswish, {}),
    ):
        name = " ".join([operation, *(str(value) for value in attributes.values())])
        both(f"{name} of 3x5", operation, function, [(3, 5)], attributes, scales=[3.0])
        case(f"{name} of one", operation, function, [(1, 1, 1)], attributes)
        both(f"{name} of an empty batch", operation, function, [(0, 7)], attributes)
        case(f"{name} of a scalar", operation, function, [()], attributes)
        case(f"{name} far from zero", operation, function, [(2, 5)], attributes, scales=[30.0])
        case(f"{name} of an image", operation, function, [(1, 3, 2, 3)], attributes, scales=[3.0], dtype="f32")
    corners = given([-6.5, -3.0, -1.0, 0.0, 1.5, 3.0, 6.0, 6.5])
    for operation, function, attributes in (
        ("relu6", F.relu6, {}), ("leakyReLU", F.leaky_relu, {"negativeSlope": 0.01}), ("hardswish", F.hardswish, {})):
        case(f"{operation} at its corners", operation, function, [], attributes, inputs=[corners])
    wild = given([math.nan, math.inf, -math.inf, 1.0])
    for operation, function in (("relu", F.relu), ("relu6", F.relu6)):
        both(f"{operation} of what is no number", operation, function, [], {}, inputs=[wild], finite=False)


def softmaxes():
    for operation, function in (("softmax", F.softmax), ("logSoftmax", F.log_softmax)):
        for shape, axis in (((5,), 0), ((2, 2, 3), 1), ((3, 1, 2), 0), ((1, 3, 2, 3), -1), ((1, 5, 3, 1), 1), ((3, 1), -1),
                            ((0, 5), -1), ((2, 0, 3), -3), ((2, 0), 1)):
            both(f"{operation} of {shape} along {axis}", operation, lambda x: function(x, axis), [shape],
                 {"axis": axis}, scales=[1.5])
        # So many rows that in some two logits lie close: a gradient of saturated rows alone is rounding and nothing else.
        case(f"{operation} of wide logits", operation, lambda x: function(x, 1), [(16, 5)], {"axis": 1}, "f32", [40.0])
        # Equal numbers so large that nothing is left of the logarithm of their sum beside them.
        both(f"{operation} of large equals", operation, lambda x: function(x, 1), [], {"axis": 1},
             inputs=[given([[LARGE] * 3, [-LARGE] * 3, [-(2.0**100)] * 3, [1.0, 2.0, 4.0]])])
        both(f"{operation} of infinite numbers", operation, lambda x: function(x, 1), [], {"axis": 1},
             inputs=[given(INFINITE)], finite=False)
    both("softmax of large numbers", "softmax", lambda x: F.softmax(x, 1), [], {"axis": 1},
         inputs=[given([[LARGE, -LARGE, LARGE], [0.0, LARGE, LARGE]])])


def norms():
    for shape in ((1, 7), (3, 5), (2, 2, 7), (1, 1, 3, 5), (7,), (0, 5), (2, 0, 3)):
        width = shape[-1]
        both(f"layerNorm of {shape}", "layerNorm",
             lambda x, w, b: F.layer_norm(x, (width,), w, b), [shape, (width,), (width,)], {"epsilon": 1e-5})
    case("layerNorm without bias", "layerNorm", lambda x, w: F.layer_norm(x, (5,), w), [(3, 5), (5,)], {"epsilon": 1e-5})
    case("layerNorm without weight", "layerNorm", lambda x: F.layer_norm(x, (5,)), [(3, 5)], {"epsilon": 1e-5})
    case("layerNorm, wide epsilon", "layerNorm",
         lambda x, w, b: F.layer_norm(x, (5,), w, b, 0.1), [(3, 5), (5,), (5,)], {"epsilon": 0.1})
    for shape, groups in (((2, 6, 1, 3), 3), ((2, 3, 2, 3), 1), ((3, 4, 1, 3), 4), ((1, 2, 1, 3), 1), ((1, 18, 1, 2), 3),
                          ((0, 6, 3, 5), 3)):
        channels = shape[1]
        both(f"groupNorm of {shape} in {groups} groups", "groupNorm",
             lambda x, w, b: F.group_norm(x, groups, w, b), [shape, (channels,), (channels,)],
             {"groups": groups, "epsilon": 1e-5})
    case("groupNorm without weight", "groupNorm", lambda x: F.group_norm(x, 2), [(2, 4, 1, 3)],
         {"groups": 2, "epsilon": 1e-5})


def embeddings():
    for indices, rows, width, padding in (([2, 0, 2, 4], 5, 3, None), ([[1, 1, 3], [0, 3, 2]], 4, 1, None),
                                          ([[1, 0, 3], [0, 3, 2]], 4, 3, 0), (2, 3, 7, None), ([1, 1], 2, 5, 1), ([], 3, 2, None),
                                          ([[], []], 3, 2, 1), ([2, 0, 2, 1], 3, 2, -1),
                                          ([2, 0, 2, 1], 3, 2, -3)):
        ids = torch.tensor(indices, dtype=torch.int64)
        attributes = {"indices": ids.reshape(-1).tolist(), "indexShape": list(ids.shape)}
        if padding is not None:
            attributes["paddingIndex"] = padding
        both(f"embedding of {indices} of {rows}, padding {padding}", "embedding",
             lambda w: F.embedding(ids, w, padding), [(rows, width)], attributes)


def differences():
    for reduction, shapes in (("mean", ((2, 3),)), ("sum", ((2, 3), (0, 3))), ("none", ((1, 3, 1, 2), (0, 3)))):
        for operation, function, attributes in (
            ("absoluteError", F.l1_loss, {}),
            ("squaredError", F.mse_loss, {}),
            ("smoothL1", F.smooth_l1_loss, {"beta": 1.0}),
            ("smoothL1", lambda *a, **n: F.smooth_l1_loss(*a, beta=0.3, **n), {"beta": 0.3}),
            ("smoothL1", lambda *a, **n: F.smooth_l1_loss(*a, beta=0.0, **n), {"beta": 0.0}),
        ):
            for shape in shapes:
                name = f"{operation} {attributes.get('beta', '')} of {shape}, {reduction}"
                target = normal(generator(name + " target"), shape, "f32").detach()
                both(name, operation, lambda x: function(x, target, reduction=reduction), [shape],
                     {**attributes, "reduction": reduction}, constants=[target], finite=0 not in shape)
    for operation, function in (("absoluteError", F.l1_loss), ("squaredError", F.mse_loss), ("smoothL1", F.smooth_l1_loss)):
        none = torch.zeros(0, 3, dtype=torch.float64)
        both(f"{operation} of nothing, mean", operation, lambda x: function(x, none), [(0, 3)],
             {"beta": 1.0, "reduction": "mean"}, constants=[none], finite=False)
    # Where element and target are the same.
    target = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    for operation, function in (("absoluteError", F.l1_loss), ("smoothL1", F.smooth_l1_loss)):
        case(f"{operation} of equal numbers", operation, lambda x: function(x, target, reduction="sum"), [],
             {"reduction": "sum", "beta": 1.0}, constants=[target], inputs=[given([1.0, -1.0, 0.5])])


def binary_losses():
    """How the elements' losses are reduced is one function for all: each reduction once, and the mean with all else."""
    hard = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]], dtype=torch.float64)
    soft = uniform("soft targets", (2, 3))
    weight = (uniform("positive weights", (3,)) * 3 + 0.5).to(torch.float32).to(torch.float64)
    for kind, target, reduction, scale in (("hard", hard, "mean", 1.0), ("soft", soft, "sum", 1.0),
                                           ("soft", soft, "none", 1.0), ("hard", hard, "none", 40.0),
                                           ("one", soft[:1, :1], "none", 1.0)):
        shape, wide = tuple(target.shape), ", wide logits" if scale > 1 else ""
        for weights in ([], [weight[:shape[1]]]):
            both(f"binaryCrossEntropy, {kind} targets{', weighted' if weights else ''}, {reduction}{wide}",
                 "binaryCrossEntropy",
                 lambda x: F.binary_cross_entropy_with_logits(
                     x, target, reduction=reduction, pos_weight=weights[0] if weights else None),
                 [shape], {"reduction": reduction}, scales=[scale], constants=[target, *weights])
        for alpha, gamma in ((0.25, 2.0), (None, 2.0), (0.6, 0.5), (0.25, 0.0)) if kind == "hard" else ((0.6, 0.5),):
            attributes = {"gamma": gamma, "reduction": reduction}
            if alpha is not None:
                attributes["alpha"] = alpha
            both(f"focalLoss {alpha} {gamma}, {kind} targets, {reduction}{wide}", "focalLoss",
                 lambda x: reduced(sigmoid_focal_loss(x, target, alpha, gamma), reduction), [shape],
                 attributes, scales=[min(scale, 5.0)], constants=[target])


    image = uniform("soft targets of an image", (1, 3, 1, 2))
    case("binaryCrossEntropy of an image", "binaryCrossEntropy",
         lambda x: F.binary_cross_entropy_with_logits(x, image, reduction="none"), [(1, 3, 1, 2)], {"reduction": "none"},
         "f32", constants=[image])
    case("focalLoss of an image", "focalLoss", lambda x: sigmoid_focal_loss(x, image, 0.25, 2.0), [(1, 3, 1, 2)],
         {"alpha": 0.25, "gamma": 2.0, "reduction": "none"}, "f32", constants=[image])
    none = torch.zeros(0, 5, dtype=torch.float64)
    for reduction in ("mean", "none"):
        both(f"binaryCrossEntropy of nothing, {reduction}", "binaryCrossEntropy",
             lambda x: F.binary_cross_entropy_with_logits(x, none, reduction=reduction), [(0, 5)],
             {"reduction": reduction}, constants=[none], finite=False)
        both(f"focalLoss of nothing, {reduction}", "focalLoss",
             lambda x: reduced(sigmoid_focal_loss(x, none, 0.25, 2.0), reduction), [(0, 5)],
             {"alpha": 0.25, "gamma": 2.0, "reduction": reduction}, constants=[none], finite=False)


def reduced(losses, reduction):
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[reduction]()


def sigmoid_focal_loss(inputs, targets, alpha, gamma):
    """torchvision/ops/focal_loss.py, with alpha None where its own says -1."""
    p = torch.sigmoid(inputs)
    cross_entropy = F.binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    # torchvision takes 1 - p_t from p alone; here from both sides, so that the answer has its digits.
    missed = p * (1 - targets) + torch.sigmoid(-inputs) * targets
    loss = cross_entropy * missed**gamma
    return loss if alpha is None else (alpha * targets + (1 - alpha) * (1 - targets)) * loss


def divergences():
    for reduction in (*REDUCTIONS, "batchmean"):
        target = F.softmax(normal(generator("divergence " + reduction), (2, 3)).detach(), 1)
        target[1] = torch.tensor([0.0, 1.0, 0.0])
        target = target.to(torch.float32).to(torch.float64)
        both(f"klDivergence, {reduction}", "klDivergence",
             lambda x: F.kl_div(x, target, reduction=reduction), [(2, 3)],
             {"reduction": "batchMean" if reduction == "batchmean" else reduction}, constants=[target])
        none = torch.zeros(0, 1, dtype=torch.float64)
        both(f"klDivergence of nothing, {reduction}", "klDivergence",
             lambda x: F.kl_div(x, none, reduction=reduction), [(0, 1)],
             {"reduction": "batchMean" if reduction == "batchmean" else reduction}, constants=[none], finite=False)


def cross_entropies():
    """What a mean divides by depends on weights, smoothing and ignored labels; sum and none are asked with all of them."""
    labels = [3, -100, 0, 2]
    weights = (uniform("class weights", (4,)) * 2 + 0.25).to(torch.float32).to(torch.float64)
    for reduction in REDUCTIONS:
        for smoothing in (0.0, 0.1):
            for weight in (None, weights):
                for ignored in (-100, 2):
                    if reduction != "mean" and (ignored == -100 or (smoothing > 0) != (weight is not None)):
                        continue
                    used = [1 if label == -100 and ignored == 2 else label for label in labels]
                    named = {"weight": weight, "ignore_index": ignored, "label_smoothing": smoothing}
                    both(
                        f"crossEntropy, {reduction}, smoothing {smoothing}, "
                        f"{'no ' if weight is None else ''}weights, ignoring {ignored}", "crossEntropy",
                        lambda x: F.cross_entropy(x, torch.tensor(used), reduction=reduction, **named), [(4, 4)],
                        {"labels": used, "ignoredLabel": ignored, "smoothing": smoothing, "reduction": reduction},
                        constants=[] if weight is None else [weight])
    case("crossEntropy of one row", "crossEntropy", lambda x: F.cross_entropy(x, torch.tensor([1])), [(1, 3)],
         {"labels": [1], "ignoredLabel": -100, "smoothing": 0.0, "reduction": "mean"})
    for reduction in REDUCTIONS:
        both(f"crossEntropy of no rows, {reduction}", "crossEntropy",
             lambda x: F.cross_entropy(x, torch.zeros(0, dtype=torch.int64), reduction=reduction), [(0, 3)],
             {"labels": [], "ignoredLabel": -100, "smoothing": 0.0, "reduction": reduction}, finite=False)
    # Nobody counts, or those who do weigh nothing together: 0 / 0.
    weightless = torch.cat([torch.zeros(1, dtype=torch.float64), weights[1:]])
    for what, used, weight in (("only ignored labels", [-100] * 3, None), ("only ignored labels", [-100] * 3, weights),
                               ("labels of weight 0", [0, -100, 0], weightless)):
        for reduction in REDUCTIONS:
            for smoothing in (0.0, 0.1):
                if reduction != "mean" and (smoothing == 0 or weight is None):
                    continue
                both(
                    f"crossEntropy of {what}, {reduction}, smoothing {smoothing}, "
                    f"{'no ' if weight is None else ''}weights", "crossEntropy",
                    lambda x: F.cross_entropy(
                        x, torch.tensor(used), weight=weight, label_smoothing=smoothing, reduction=reduction), [(3, 4)],
                    {"labels": used, "ignoredLabel": -100, "smoothing": smoothing, "reduction": reduction},
                    constants=[] if weight is None else [weight], finite=reduction != "mean")
    extreme_cross_entropies()
    for rows, width, temperature in ((1, 3, 1.0), (5, 3, 1.0), (7, 4, 0.2), (0, 3, 1.0)):
        both(f"inBatchSoftmax {rows}x{width} at {temperature}", "inBatchSoftmax",
             lambda u, v: F.cross_entropy(u @ v.T / temperature, torch.arange(rows)), [(rows, width)] * 2,
             {"temperature": temperature}, finite=rows > 0)


def extreme_cross_entropies():
    """Logits that are large and equal, or infinite, each row for itself."""
    equal = [[LARGE] * 4, [-LARGE] * 4, [2.0**100] * 4, [1.0, 2.0, 4.0, -1.0], [7.0] * 4]
    weights = torch.tensor([0.5, 0.0, 2.0, 1.5], dtype=torch.float64)
    for smoothing in (0.0, 0.1, 1.0):
        for weight in (None, weights):
            note = f"smoothing {smoothing}, {'no ' if weight is None else ''}weights"
            constants = [] if weight is None else [weight]

            def extreme(name, logits, labels, weight, constants, finite):
                both(f"crossEntropy of {name}, {note}", "crossEntropy",
                     lambda x: F.cross_entropy(x, torch.tensor(labels), weight=weight, label_smoothing=smoothing,
                                               reduction="none"), [],
                     {"labels": labels, "smoothing": smoothing, "reduction": "none"}, constants=constants,
                     inputs=[given(logits)], finite=finite)

            extreme("large equals", equal, [0, 3, 2, 1, 0], weight, constants, True)
            # No class of weight 0: beside a logit of minus infinity PyTorch has NaN there, where we have 0.
            some = None if weight is None else weight[[0, 2, 3]]
            extreme("infinite logits", INFINITE, [0, 2, 1, 0, 1], some, constants and [some], False)
            extreme("one class", [[LARGE], [-5.0]], [0, 0], None if weight is None else weight[:1],
                    constants and [weight[:1]], True)
    unlikely = [[1.0, -math.inf, 2.0], [LARGE, 0.0, LARGE]]
    both("crossEntropy of ruled out labels", "crossEntropy",
         lambda x: F.cross_entropy(x, torch.tensor([1, 0]), reduction="none"), [],
         {"labels": [1, 0], "smoothing": 0.0, "reduction": "none"}, inputs=[given(unlikely)], finite=False)


def box_losses():
    # Overlapping, apart, one inside the other, of other forms.
    predicted = [[0.0, 0.0, 2.0, 3.0], [0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 2.0, 1.5], [3.0, 0.0, 3.5, 6.0]]
    target = [[1.0, 1.0, 3.0, 2.5], [2.0, 3.0, 4.0, 3.5], [0.0, 0.0, 3.0, 4.0], [0.0, 1.0, 7.0, 2.0]]
    # torch.max of two equal numbers shares the gradient between them: an equal edge shows whether we do.
    equal, wanted_equal = [[0.0, 1.0, 2.0, 4.0], [0.25, 0.5, 3.0, 2.0]], [[0.0, 2.0, 3.0, 4.0], [0.25, 0.625, 3.125, 2.0]]
    for kind in ("iou", "generalized", "distance", "complete"):
        for name, boxes, wanted, reduction in (
            ("boxes", predicted, target, "mean"), ("one box", predicted[:1], target[:1], "sum"),
            ("equal edges", equal, wanted_equal, "none"), ("no boxes", [], [], "none")):
            wanted = torch.tensor(wanted, dtype=torch.float64).reshape(-1, 4)
            both(f"boxLoss {kind} of {name}, {reduction}", "boxLoss",
                 lambda p: reduced(box_loss(p, wanted, kind), reduction), [],
                 {"kind": kind, "reduction": reduction}, constants=[wanted],
                 inputs=[torch.tensor(boxes, dtype=torch.float64).reshape(-1, 4).requires_grad_(True)])


def box_loss(predicted, target, kind, eps=1e-7):
    """torchvision/ops/{giou,diou,ciou}_loss.py."""
    x1, y1, x2, y2 = predicted.unbind(-1)
    x1g, y1g, x2g, y2g = target.unbind(-1)
    xkis1, ykis1 = torch.max(x1, x1g), torch.max(y1, y1g)
    xkis2, ykis2 = torch.min(x2, x2g), torch.min(y2, y2g)
    intersection = torch.zeros_like(x1)
    mask = (ykis2 > ykis1) & (xkis2 > xkis1)
    intersection[mask] = (xkis2[mask] - xkis1[mask]) * (ykis2[mask] - ykis1[mask])
    union = (x2 - x1) * (y2 - y1) + (x2g - x1g) * (y2g - y1g) - intersection
    iou = intersection / (union + eps)
    xc1, yc1 = torch.min(x1, x1g), torch.min(y1, y1g)
    xc2, yc2 = torch.max(x2, x2g), torch.max(y2, y2g)
    if kind == "iou":
        return 1 - iou
    if kind == "generalized":
        area = (xc2 - xc1) * (yc2 - yc1)
        return 1 - (iou - (area - union) / (area + eps))
    diagonal = (xc2 - xc1) ** 2 + (yc2 - yc1) ** 2 + eps
    centres = ((x2 + x1) / 2 - (x1g + x2g) / 2) ** 2 + ((y2 + y1) / 2 - (y1g + y2g) / 2) ** 2
    distance = 1 - iou + centres / diagonal
    if kind == "distance":
        return distance
    v = (4 / math.pi**2) * (torch.atan((x2g - x1g) / (y2g - y1g)) - torch.atan((x2 - x1) / (y2 - y1))) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return distance + alpha * v


def boxes():
    for shape in ((3, 4), (2, 1, 4), (0, 4), (4,)):
        both(f"cornerBoxes of {shape}", "cornerBoxes",
             lambda x: torch.cat([x[..., :2] - x[..., 2:] / 2, x[..., :2] + x[..., 2:] / 2], -1), [shape])


for name, groups in (
    ("activations", (activations, softmaxes)), ("norms", (norms, embeddings, boxes)),
    ("losses", (differences, binary_losses, divergences, cross_entropies, box_losses))):
    CASES.clear()
    for group in groups:
        group()
    write("AviaryAutogradTests", name, __file__, {"cases": CASES})
    print(f"{len(CASES)} cases")
