"""Writes the oracle for the cross entropy of pixels, sequences and volumes: output and gradients of small cases.

The form is that of `operation_case` in fixture.py; the labels stand in "attributes", the weights of the classes in
"constants". "batchMean" is the sum over the number of images, which PyTorch's function does not name.
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, whole, write

CASES = []


def case(name, shape, dtype="f64", weighted=False, ignored=None, smoothing=0.0, reduction="mean"):
    name = f"{name} in {dtype}"
    source = generator(name)
    places = (shape[0], *shape[2:])
    labels = torch.randint(0, shape[1], places, generator=source)
    if ignored is not None:
        labels[torch.rand(places, generator=source) < 0.4] = ignored
    logits = normal(source, shape, dtype)
    weights = normal(source, (shape[1],), dtype).detach().abs() + 0.25 if weighted else None

    def function(x):
        loss = F.cross_entropy(
            x, labels, weight=weights, ignore_index=-100 if ignored is None else ignored, label_smoothing=smoothing,
            reduction="sum" if reduction == "batchMean" else reduction)
        return loss / shape[0] if reduction == "batchMean" else loss

    attributes = {"labels": whole(labels), "smoothing": smoothing, "reduction": reduction}
    if ignored is not None:
        attributes["ignoredLabel"] = ignored
    CASES.append(operation_case(
        name, "pixelCrossEntropy", function, [logits], source, dtype, attributes, constants=[weights] if weighted else ()))


for dtype in ("f64", "f32"):
    case("images", (2, 3, 2, 2), dtype)
    case("images, weighted, some ignored, smoothed", (2, 4, 3, 1), dtype, True, 255, 0.1)
case("images, each pixel for itself", (2, 3, 2, 2), reduction="none", ignored=-1)
case("images, added up", (1, 3, 2, 3), reduction="sum", weighted=True)
case("images, over their number", (3, 2, 2, 1), reduction="batchMean")
case("sequences", (2, 5, 3), smoothing=0.2)
case("volumes, each place for itself", (1, 3, 2, 1, 2), reduction="none")
case("one class", (2, 1, 2, 2))
write("AviaryAutogradTests", "pixel_losses", __file__, {"cases": CASES})
print(f"{len(CASES)} cases")
