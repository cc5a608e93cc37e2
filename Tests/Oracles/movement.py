"""Writes the oracle for operations that move, choose, reduce and contract: output and gradients of small cases.

The form is that of `operation_case` in fixture.py; "indices" and "mask" stand in "attributes", tensors of integers. Where
an operation has positions beside its values ("indices" of a sort), they are in "further".
"""
import torch
import torch.nn.functional as F

from fixture import generator, normal, operation_case, whole, write

CASES = []


def case(name, operation, function, shapes, dtype="f64", inputs=None, positions=None, finite=True, **attributes):
    """Draws inputs of `shapes` unless given, runs `function` forward and backward, and adds the case."""
    if dtype == "f32":
        name += " in f32"
    source = generator(name)
    inputs = inputs or [normal(source, shape, dtype) for shape in shapes]
    CASES.append(operation_case(
        name, operation, function, inputs, source, dtype, attributes, finite=finite,
        further=[] if positions is None else [positions(*inputs)]))


def both(name, operation, *arguments, **more):
    """In f64; in f32 too where products take another way there, elsewhere for an operation's first case."""
    is_first = all(known["operation"] != operation for known in CASES)
    case(name, operation, *arguments, **more)
    if is_first or operation in ("einsum", "batchedProduct"):
        case(name, operation, *arguments, dtype="f32", **more)


def image(operation, function, shapes=((1, 3, 2, 2),), **more):
    """In f32 with four axes, which is where channels can lie in blocks; 3 channels leave a block half filled."""
    case(f"{operation} of an image", operation, function, shapes, dtype="f32", **more)


def moved_images():
    image("slice", lambda x: x[:, 1:3, :, 0:2:2], ranges=[[0, 1, 1], [1, 3, 1], [0, 2, 1], [0, 2, 2]])
    image("concatenate", lambda *x: torch.cat(x, 1), [(1, 3, 1, 2), (1, 2, 1, 2)], axis=1)
    image("stack", lambda *x: torch.stack(x, 1), [(1, 3, 1, 2), (1, 3, 1, 2)], axis=1)
    image("split", lambda x: x[:, 0:1] * x[:, 2:3], counts=[1, 1, 1], axis=1)
    image("broadcast", lambda x: x.expand(2, 3, 2, 2), [(1, 3, 1, 2)], shape=[2, 3, 2, 2])
    image("pad", lambda x: F.pad(x, (1, 0, 0, 1, 1, 2), value=1.5), padding=[[0, 0], [1, 2], [0, 1], [1, 0]], value=1.5)
    image("flip", lambda x: x.flip([1, 3]), axes=[1, 3])
    image("squeeze", lambda x: x.squeeze(2), [(2, 3, 1, 2)], axis=2)
    image("unsqueeze", lambda x: x.unsqueeze(1), axis=1)
    image("transpose", lambda x: x.transpose(1, 3), axes=[1, 3])
    image("permute", lambda x: x.permute(0, -1, 1, 2), axes=[0, -1, 1, 2])
    indices = drawn("indices of an image", 3, (1, 2, 2, 2))
    image("gather", lambda x: x.gather(1, indices), indices=whole(indices), axis=1)
    image("scatterAdd", lambda x, y: x.scatter_add(1, indices, y), [(1, 3, 2, 2), (1, 2, 2, 2)], indices=whole(indices),
          axis=1)
    places = torch.tensor([2, 0, 2, 1])
    image("indexSelect", lambda x: x.index_select(1, places), indices=whole(places), axis=1)
    mask = drawn("mask of an image", 2, (3, 1, 2))
    image("where", lambda x, y: torch.where(mask.bool(), x, y), [(1, 3, 2, 2), (1, 3, 1, 2)], mask=whole(mask))
    image("maskedFill", lambda x: x.masked_fill(mask.bool(), -2.5), mask=whole(mask), value=-2.5)
    image("sort", lambda x: x.sort(-1, True)[0], [(1, 3, 1, 3)], positions=lambda x: x.sort(-1, True)[1], descending=True)
    image("topK", lambda x: x.topk(2)[0], [(1, 3, 1, 3)], positions=lambda x: x.topk(2)[1], count=2)
    image("cumulativeSum", lambda x: x.cumsum(1), axis=1)


def reduced_images():
    for operation, function, more in (
        ("max", torch.amax, {}), ("min", torch.amin, {}), ("logSumExp", torch.logsumexp, {}),
        ("variance", lambda x, axes, keep: torch.var(x, axes, correction=0, keepdim=keep), {"correction": 0})):
        image(operation, lambda x: function(x, (2, 3), True), axes=[2, 3], keepsAxes=True, **more)
    image("einsum", lambda x, y: torch.einsum("nchw,ndhw->ncd", x, y), [(1, 3, 2, 1), (1, 2, 2, 1)],
          equation="nchw,ndhw->ncd")
    image("batchedProduct", torch.matmul, [(1, 3, 1, 2), (1, 3, 2, 2)])


def sliced(shape, ranges):
    index = tuple(slice(first, end, step) for first, end, step in ranges)
    both(f"slice {shape} by {ranges}", "slice", lambda x: x[index], [shape], ranges=[list(r) for r in ranges])


def movement():
    sliced((5,), [(1, 4, 1)])
    sliced((5, 4), [(0, 5, 2), (1, 4, 2)])
    sliced((2, 3, 5), [(0, 2, 1), (2, 3, 1)])
    sliced((3, 4), [(1, 1, 1)])
    sliced((0, 4), [(0, 0, 1), (1, 3, 1)])
    sliced((1, 7, 1), [(0, 1, 1), (1, 6, 3)])
    for shapes, axis in ((((3,), (2,)), 0), (((2, 3), (2, 1), (2, 0)), 1), (((1, 2, 3), (2, 2, 3)), 0),
                         (((2, 3, 1), (2, 3, 2)), -1), (((0, 3), (0, 2)), -1), (((0, 3), (2, 3)), -2)):
        both(f"concatenate {shapes} along {axis}", "concatenate", lambda *x: torch.cat(x, axis), shapes, axis=axis)
    for shape, count, axis in (((3,), 2, 0), ((2, 3), 3, 1), ((2, 3), 2, -1), ((), 3, 0), ((0, 3), 2, -2),
                               ((1, 1), 1, 0)):
        both(f"stack {count} of {shape} along {axis}", "stack", lambda *x: torch.stack(x, axis), [shape] * count,
             axis=axis)
    # Both outer parts are used, the middle one is not: its gradient is zero.
    both("split (2, 5, 3) along 1", "split", lambda x: x[:, 0:1] * x[:, 4:5], [(2, 5, 3)], counts=[1, 3, 1], axis=1)
    both("split (0, 5) along -1", "split", lambda x: x[:, 0:1] * x[:, 4:5], [(0, 5)], counts=[1, 3, 1], axis=-1)
    for before, after in (((3,), (2, 3)), ((2, 1, 2), (2, 3, 2)), ((1,), (1, 1, 5)), ((), (2, 3)), ((1, 3), (0, 3)),
                          ((1, 1), (3, 0)), ((3, 1), (1, 3, 2))):
        both(f"broadcast {before} to {after}", "broadcast", lambda x: x.expand(after), [before], shape=list(after))
    for shape, padding in (((3,), [(1, 2)]), ((2, 3), [(0, 1), (2, 0)]), ((0, 2), [(1, 1), (0, 1)]),
                           ((1, 2, 2, 1), [(0, 0), (1, 0), (0, 1), (0, 2)])):
        flat = [number for pair in reversed(padding) for number in pair]
        both(f"pad {shape} by {padding}", "pad", lambda x: F.pad(x, flat, value=1.5), [shape],
             padding=[list(pair) for pair in padding], value=1.5)
    for shape, axes in (((5,), [0]), ((2, 3, 2), [0, 2]), ((2, 3), [-1]), ((0, 3), [0, 1]), ((1, 5, 1), [-3, -2])):
        both(f"flip {shape} along {axes}", "flip", lambda x: x.flip(axes), [shape], axes=axes)
    both("squeeze (2, 1, 3) at 1", "squeeze", lambda x: x.squeeze(1), [(2, 1, 3)], axis=1)
    both("squeeze (1, 0) at -2", "squeeze", lambda x: x.squeeze(-2), [(1, 0)], axis=-2)
    case("squeeze (2, 3, 1) at -1", "squeeze", lambda x: x.squeeze(-1), [(2, 3, 1)], axis=-1)
    for axis in (0, 2, -1):
        both(f"unsqueeze (0, 3) at {axis}", "unsqueeze", lambda x: x.unsqueeze(axis), [(0, 3)], axis=axis)
        case(f"unsqueeze (2, 3) at {axis}", "unsqueeze", lambda x: x.unsqueeze(axis), [(2, 3)], axis=axis)
    both("transpose axes -2 and 0 of (0, 1, 3)", "transpose", lambda x: x.transpose(-2, 0), [(0, 1, 3)], axes=[-2, 0])
    case("transpose axes 1 and -1 of (1, 3, 2, 2)", "transpose", lambda x: x.transpose(1, -1), [(1, 3, 2, 2)],
         axes=[1, -1])


    for shape, axes in (((2, 3, 4), [0, -1, 1]), ((2, 3, 1, 2), [-1, -4, 2, -3]), ((0, 2), [-1, 0]), ((3,), [-1]), ((), [])):
        both(f"permute {shape} by {axes}", "permute", lambda x: x.permute(axes), [shape], axes=axes)


def drawn(name, high, shape):
    return torch.randint(0, high, shape, generator=generator(f"indices of {name}"))


def indexing():
    for shape, chosen, axis in (((5,), (3,), 0), ((2, 3), (2, 4), 1), ((3, 3), (4, 2), 0), ((2, 3, 2), (2, 4, 1), -2),
                                ((3, 2), (0, 2), 0), ((0, 3), (0, 5), -1), ((1, 5), (1, 7), -1)):
        name = f"gather {chosen} of {shape} along {axis}"
        indices = drawn(name, shape[axis], chosen)
        both(name, "gather", lambda x: x.gather(axis, indices), [shape], indices=whole(indices), axis=axis)
        both(name.replace("gather", "scatterAdd"), "scatterAdd", lambda x, y: x.scatter_add(axis, indices, y),
             [shape, chosen], indices=whole(indices), axis=axis)
    indices = drawn("scatterAdd of a larger source", 3, (2, 2))
    both("scatterAdd (2, 2) of (3, 4) along 0", "scatterAdd", lambda x, y: x.scatter_add(0, indices, y[:2, :2]),
         [(3, 2), (3, 4)], indices=whole(indices), axis=0)
    for shape, count, axis in (((3, 2), 5, 0), ((2, 4), 3, -1), ((2, 3, 2), 4, 1), ((3, 2), 0, 0), ((0, 3), 2, -1),
                               ((1, 5), 3, -2)):
        name = f"indexSelect {count} of {shape} along {axis}"
        indices = drawn(name, shape[axis], (count,))
        both(name, "indexSelect", lambda x: x.index_select(axis, indices), [shape], indices=whole(indices), axis=axis)
    for mask_shape, a, b in (((3, 2), (3, 2), (3, 2)), ((3, 1), (2,), (2, 3, 2)), ((2, 3, 2), (3, 1), ()),
                             ((1,), (5,), (5,)), ((0, 3), (3,), (1, 1)), ((2, 1), (1, 3), (2, 3))):
        name = f"where {mask_shape} of {a} and {b}"
        mask = drawn(name, 2, mask_shape)
        both(name, "where", lambda x, y: torch.where(mask.bool(), x, y), [a, b], mask=whole(mask))
    for shape, mask_shape in (((3, 2), (3, 2)), ((2, 3, 2), (3, 1)), ((2, 3), ()), ((0, 3), (3,)), ((1, 1), (1,))):
        name = f"maskedFill {shape} by {mask_shape}"
        mask = drawn(name, 2, mask_shape)
        both(name, "maskedFill", lambda x: x.masked_fill(mask.bool(), -2.5), [shape], mask=whole(mask), value=-2.5)
    for shape in ((7,), (2, 5), (2, 2, 3), (2, 1), (0, 3), (3, 0)):
        for descending in (False, True):
            both(f"sort {shape}, {'descending' if descending else 'ascending'}", "sort",
                 lambda x: torch.sort(x, -1, descending)[0],
                 [shape], positions=lambda x: torch.sort(x, -1, descending)[1], descending=descending)
    for shape, count in (((7,), 3), ((2, 5), 1), ((2, 2, 3), 3), ((2, 3), 0), ((0, 3), 2), ((1, 1), 1)):
        both(f"topK {count} of {shape}", "topK", lambda x: x.topk(count)[0], [shape],
             positions=lambda x: x.topk(count)[1], count=count)
    for shape, count in (((7,), 3), ((2, 5), 4), ((2, 3), 0), ((0, 3), 2), ((1, 1), 1)):
        both(f"topK {count} least of {shape}", "topK", lambda x: x.topk(count, largest=False)[0], [shape],
             positions=lambda x: x.topk(count, largest=False)[1], count=count, largest=False)
    equal = torch.tensor([[1, 2, 2, 0, 1], [3, 3, 3, 3, 3]], dtype=torch.float64).requires_grad_(True)
    for descending in (False, True):
        case(f"sort of equals, {'descending' if descending else 'ascending'}", "sort",
             lambda x: torch.sort(x, dim=-1, descending=descending, stable=True)[0], None, inputs=[equal],
             positions=lambda x: torch.sort(x, dim=-1, descending=descending, stable=True)[1], descending=descending)
    for shape, axis in (((5,), 0), ((3, 2), 0), ((2, 3, 2), 1), ((2, 3), -1), ((0, 2), 0), ((2, 0), -1), ((1, 5, 1), -2)):
        both(f"cumulativeSum of {shape} along {axis}", "cumulativeSum", lambda x: x.cumsum(axis), [shape], axis=axis)


def extremum(along_one, along_several):
    """`max` and `min` over axes: of equals along one axis the first gets the gradient, along several they share it."""
    return lambda x, axes, keep: (
        along_one(x, axes[0], keep)[0] if len(axes) == 1 else along_several(x, axes, keep))


def defined_log_sum_exp(x):
    """Of rows. PyTorch's gradient is made of its output, which beside 1e20 has no digits left for the logarithm."""
    greatest = x.amax(1, keepdim=True).detach()
    return greatest.squeeze(1) + (x - greatest).exp().sum(1).log()


def reductions():
    functions = [
        ("max", extremum(torch.max, torch.amax), {}), ("min", extremum(torch.min, torch.amin), {}),
        ("logSumExp", lambda x, axes, keep: torch.logsumexp(x, axes, keep), {}),
        ("variance", lambda x, axes, keep: torch.var(x, axes, correction=0, keepdim=keep), {"correction": 0}),
        ("variance", lambda x, axes, keep: torch.var(x, axes, correction=1, keepdim=keep), {"correction": 1})]
    for operation, function, more in functions:
        for shape, axes, keep in (((5,), [0], False), ((3, 2), [0], True), ((2, 3), [-1], False),
                                  ((2, 3, 2), [0, 2], True), ((1, 3, 2), [1], False),
                                  ((3, 0, 2), [2], False), ((2, 3), [0, 1], False), ((3, 2, 1), [-3, -2], True),
                                  ((0, 3), [-1], True)):
            note = f" less {more['correction']}" if more else ""
            both(f"{operation}{note} of {shape} over {axes}{', kept' if keep else ''}", operation,
                 lambda x: function(x, axes, keep), [shape], axes=axes, keepsAxes=keep, **more)
    for shape, correction in (((3, 1), 1), ((1, 2), 3), ((2, 0), 0)):
        both(f"variance less {correction} of {shape}, too few", "variance",
             lambda x: torch.var(x, [1], correction=correction), [shape], axes=[1], keepsAxes=False, correction=correction,
             finite=False)
    equal = torch.tensor([[1, 3, 3], [2, 2, 2]], dtype=torch.float64).requires_grad_(True)
    tied = torch.tensor([[1, 3, 3], [3, 2, 1]], dtype=torch.float64).requires_grad_(True)
    blocks = torch.tensor([[[2, 2], [0, 2]], [[-1, 5], [5, -1]]], dtype=torch.float64).requires_grad_(True)
    for operation, function, _ in functions[:2]:
        case(f"{operation} of equals", operation, lambda x: function(x, [1], False), None, inputs=[equal], axes=[1],
             keepsAxes=False)
        case(f"{operation} of equals along two axes", operation, lambda x: function(x, [0, 1], False), None, inputs=[tied],
             axes=[0, 1], keepsAxes=False)
        case(f"{operation} of equals along one axis", operation, lambda x: function(x, [-1], True), None, inputs=[tied],
             axes=[-1], keepsAxes=True)
        case(f"{operation} of equals along the outer axes", operation, lambda x: function(x, [-1, 0], True), None,
             inputs=[blocks], axes=[-1, 0], keepsAxes=True)
        case(f"{operation} of equals along two axes", operation, lambda x: function(x, [0, 1], False), None, dtype="f32",
             inputs=[tied], axes=[0, 1], keepsAxes=False)
    case("logSumExp far from zero", "logSumExp", lambda x: torch.logsumexp(x * 1, [1], False), None,
         inputs=[torch.tensor([[800.0, 801, 799], [-900, -905, -901]], dtype=torch.float64).requires_grad_(True)],
         axes=[1], keepsAxes=False)
    for dtype in ("f64", "f32"):
        case("logSumExp of large numbers", "logSumExp", defined_log_sum_exp, None, dtype,
             [torch.tensor([[2.0**66] * 3, [-(2.0**66)] * 3, [1e4, 1e4 + 1, 1e4 - 1], [2.0**66, -(2.0**66), 0]],
                           dtype=torch.float64).requires_grad_(True)], axes=[1], keepsAxes=False)
        # Without a row of nothing but minus infinity, whose gradient is NaN in PyTorch and 0 here.
        case("logSumExp of infinite numbers", "logSumExp", lambda x: torch.logsumexp(x, [1], False), None, dtype,
             [torch.tensor([[1, torch.inf, 3], [1, -torch.inf, 2], [torch.inf, -torch.inf, torch.inf], [1, 2, 4],
                            [1, torch.nan, 2]], dtype=torch.float64).requires_grad_(True)], finite=False, axes=[1],
             keepsAxes=False)
    both("logSumExp of nothing", "logSumExp", lambda x: torch.logsumexp(x, [1], False), [(2, 0)], axes=[1],
         keepsAxes=False, finite=False)
    case("logSumExp over an empty batch's columns", "logSumExp", lambda x: torch.logsumexp(x, [1], True), [(0, 3)],
         axes=[1], keepsAxes=True)


def contractions():
    for equation, left, right in (
        ("nqhd,nkhd->nhqk", (2, 3, 2, 2), (2, 1, 2, 2)), ("nhqk,nkhd->nqhd", (1, 2, 3, 2), (1, 2, 2, 3)),
        ("ij,jk->ik", (2, 3), (3, 2)), ("ij,kj->ki", (2, 3), (4, 3)), ("i,j->ij", (3,), (2,)), ("i,i->", (5,), (5,)),
        ("bi,bi->b", (2, 3), (2, 3)), ("ij,ij->ji", (2, 3), (2, 3)), ("ijk,j->k", (2, 3, 2), (3,)),
        ("ij,kl->jk", (2, 3), (2, 2)), (",ij->ji", (), (2, 3)),
        ("bqc,bchw->bqhw", (1, 3, 2), (1, 2, 3, 1)), ("ni,nj->ij", (0, 2), (0, 3)),
        ("bij,bjk->bik", (0, 2, 3), (0, 3, 1)), ("bi,bi->b", (3, 0), (3, 0)), ("ij,jk->ik", (1, 1), (1, 1)),
        ("ij,jk->ik", (2, 1), (3, 4)), ("bi,bi->b", (1, 3), (2, 1)), ("bij,bjk->ik", (1, 2, 3), (4, 3, 1))):
        both(f"einsum {equation} of {left} and {right}", "einsum", lambda x, y: torch.einsum(equation, x, y), [left, right],
             equation=equation)
    for left, right in (((2, 3, 2), (2, 2, 3)), ((3, 2), (2, 2, 1)), ((2, 1, 1, 3), (2, 3, 2)), ((1, 1, 1), (3, 1, 1)),
                        ((2, 3), (3, 2)), ((0, 2, 3), (0, 3, 2)), ((2, 2, 0), (2, 0, 3)), ((2, 1, 3), (3, 2)),
                        ((2, 0, 3), (3, 4))):
        both(f"batchedProduct {left} x {right}", "batchedProduct", torch.matmul, [left, right])


for name, groups in (
    ("movement", (movement, indexing, moved_images)), ("reductions", (reductions, contractions, reduced_images))):
    CASES.clear()
    for group in groups:
        group()
    write("AviaryAutogradTests", name, __file__, {"cases": CASES})
    print(f"{len(CASES)} cases")
