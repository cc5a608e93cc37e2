"""Writes the oracle for functions of each element, choices between elements, repetitions, comparisons and orders.

"cases" have the form of `operation_case` in fixture.py. "masks": [{"operation", "dtype", "left", "right", "expected"}] compare or
combine; "whole": [{"operation", "dtype", "axis", …, "input", "expected", "positions"}] order and add whole numbers;
"made" are tensors from nothing. All of these hold whole numbers as {"shape", "numbers"}.
"""
import torch

from fixture import generator, normal, operation_case, tensor, write

CASES, MASKS, WHOLE, MADE = [], [], [], []


def whole(values):
    return {"shape": list(values.shape), "numbers": [int(number) for number in values.reshape(-1).tolist()]}


def case(name, operation, function, inputs, dtypes=("f64", "f32"), positions=None, **attributes):
    """Runs `function` forward and backward on inputs of a shape or given numbers, and adds the case for each kind."""
    for dtype in dtypes:
        source = generator(name)
        drawn = [normal(source, given, dtype) if isinstance(given, tuple) else given(source, dtype) for given in inputs]
        CASES.append(operation_case(
            f"{name} in {dtype}", operation, function, drawn, source, dtype, attributes,
            further=[] if positions is None else [positions(*drawn)]))


def given(numbers, shape=None):
    values = torch.tensor(numbers, dtype=torch.float64)
    return lambda source, dtype: (values if shape is None else values.reshape(shape)).clone().requires_grad_(True)


def positive(shape):
    return lambda source, dtype: (normal(source, shape, dtype).detach().abs() + 0.125).float().double().requires_grad_()


def functions():
    for shape in ((5,), (2, 1, 3), (), (0, 3)):
        kinds = ("f64", "f32") if shape == (5,) else ("f64",)
        case(f"absolute {shape}", "absolute", torch.abs, [shape], kinds)
        case(f"sine {shape}", "sine", torch.sin, [shape], kinds)
        case(f"cosine {shape}", "cosine", torch.cos, [shape], kinds)
        case(f"squareRoot {shape}", "squareRoot", torch.sqrt, [positive(shape)], kinds)
        case(f"reciprocalSquareRoot {shape}", "reciprocalSquareRoot", torch.rsqrt, [positive(shape)], kinds)
    case("absolute around zero", "absolute", torch.abs, [given([-2.0, 0.0, 3.0])])
    # -0.5 and 0.75 stand at the ends: their gradient passes.
    numbers = given([-2.0, -0.5, 0.0, 0.75, 1.0])
    for low, high in ((-0.5, 0.75), (-0.5, None), (None, 0.75)):
        ends = {key: value for key, value in (("low", low), ("high", high)) if value is not None}
        case(f"clamp from {low} to {high}", "clamp", lambda x: x.clamp(low, high), [numbers], **ends)
    for shape in ((2, 1, 3), (0, 3)):
        case(f"clamp {shape}", "clamp", lambda x: x.clamp(-0.5, 0.75), [shape], low=-0.5, high=0.75)
    for operation, function in (("maximum", torch.maximum), ("minimum", torch.minimum)):
        for left, right in (((4,), (4,)), ((2, 1, 3), (4, 1)), ((3,), ()), ((1,), (2, 1)), ((0, 3), (3,))):
            case(f"{operation} of {left} and {right}", operation, function, [left, right])
        case(f"{operation} of equals", operation, function, [given([1.0, 2.0, 3.0, 2.0]), given([2.0])])


def images():
    """In f32 with four axes, which is where channels can lie in blocks; 3 channels leave a block half filled."""
    for operation, function, given in (
        ("absolute", torch.abs, (1, 3, 2, 2)), ("sine", torch.sin, (1, 3, 2, 2)), ("cosine", torch.cos, (1, 3, 2, 2)),
        ("squareRoot", torch.sqrt, positive((1, 3, 2, 2))),
        ("reciprocalSquareRoot", torch.rsqrt, positive((1, 3, 2, 2)))):
        image(operation, function, [given])
    image("clamp", lambda x: x.clamp(-0.5, 0.75), low=-0.5, high=0.75)
    image("maximum", torch.maximum, [(1, 3, 2, 2), (3, 1, 1)])
    image("minimum", torch.minimum, [(1, 3, 2, 2), (1, 3, 2, 2)])
    image("tile", lambda x: x.tile((1, 2, 1, 2)), counts=[1, 2, 1, 2])
    image("repeat", lambda x: x.repeat_interleave(2, 1), count=2, axis=1)
    image("roll", lambda x: x.roll(1, 1), count=1, axis=1)
    image("splitInto", lambda x: x[:, 0:1] * x[:, 2:3], count=3, axis=1)
    places = torch.tensor([2, 0]).reshape(1, 2, 1, 1)
    image("scatter", lambda x, y: x.scatter(1, places, y), [(1, 3, 1, 1), (1, 2, 1, 1)], indices=whole(places), axis=1)
    image("sort", lambda x: x.sort(1)[0], positions=lambda x: x.sort(1)[1], axis=1, descending=False)
    image("topK", lambda x: x.topk(2, 1)[0], positions=lambda x: x.topk(2, 1)[1], axis=1, count=2)


def image(operation, function, inputs=((1, 3, 2, 2),), **more):
    case(f"{operation} of an image", operation, function, inputs, ("f32",), **more)


def repetitions():
    for shape, counts in (((3,), (2,)), ((2, 3), (1, 2)), ((2,), (3, 2)), ((1, 2), (2, 1)), ((2, 3), (0, 1)), ((), (2,))):
        case(f"tile {shape} by {counts}", "tile", lambda x: x.tile(counts), [shape], ("f64",), counts=list(counts))
    for shape, count, axis in (((3,), 2, 0), ((2, 3), 3, 1), ((2, 3, 2), 2, -2), ((1, 2), 0, 1)):
        case(f"repeat {shape} {count} times along {axis}", "repeat", lambda x: x.repeat_interleave(count, axis), [shape],
             ("f64",), count=count, axis=axis)
    for shape, count, axis in (((5,), 2, 0), ((2, 3), -1, 1), ((3, 2), 7, 0), ((2, 4), 4, -1), ((0, 2), 1, 0)):
        case(f"roll {shape} by {count} along {axis}", "roll", lambda x: x.roll(count, axis), [shape], ("f64",),
             count=count, axis=axis)
    for shape, axis in (((2, 6), -1), ((2, 3, 1), 1), ((0, 6), 1)):
        case(f"split {shape} into 3", "splitInto", lambda x: x.chunk(3, axis)[0] * x.chunk(3, axis)[2], [shape], ("f64",),
             count=3, axis=axis)
    for shape, chosen, axis, given in (
        ((4,), (2,), 0, None), ((3, 4), (2, 4), 0, None), ((2, 3, 4), (2, 2, 3), -2, None), ((3, 2), (0, 2), 0, None),
        ((3, 4), (2, 3), 1, (3, 5))):
        name = f"scatter {chosen} into {shape} along {axis}" + (f" of {given}" if given else "")
        # Places named once only: which of several stays is not defined.
        order = torch.rand(*chosen[:axis % len(shape)], shape[axis], *chosen[axis % len(shape) + 1:],
                           generator=generator(f"indices of {name}")).argsort(axis)
        indices = order.narrow(axis, 0, chosen[axis])
        # PyTorch has no gradient by a larger source; by its part there is one.
        part = tuple(slice(extent) for extent in chosen)
        case(name, "scatter", lambda x, y: x.scatter(axis, indices, y[part]), [shape, given or chosen],
             indices=whole(indices), axis=axis)


def orders():
    for shape, axis in (((4, 3), 0), ((2, 5, 3), -2), ((3, 1), 0), ((2, 0), 0)):
        for descending in (False, True):
            case(f"sort {shape} along {axis}, {'descending' if descending else 'ascending'}", "sort",
                 lambda x: x.sort(axis, descending)[0], [shape], ("f64",),
                 positions=lambda x: x.sort(axis, descending)[1], axis=axis, descending=descending)
    for shape, count, axis in (((4, 3), 2, 0), ((2, 5, 3), 3, 1), ((3, 2), 0, -2)):
        case(f"topK {count} of {shape} along {axis}", "topK", lambda x: x.topk(count, axis)[0], [shape], ("f64",),
             positions=lambda x: x.topk(count, axis)[1], axis=axis, count=count)


INTEGERS = {"int64": torch.int64, "int32": torch.int32, "int8": torch.int8, "uint8": torch.uint8, "bool": torch.bool}


def whole_numbers():
    for dtype, kind in INTEGERS.items():
        for shape, axis in (((7,), 0), ((2, 4), 0), ((3, 5), -1), ((0, 2), 1)):
            source = generator(f"whole {dtype} {shape}")
            low, high = (0, 2) if dtype == "bool" else (0, 9) if dtype == "uint8" else (-5, 6)
            values = torch.randint(low, high, shape, generator=source).to(kind)
            for descending in (False, True):
                found = torch.sort(values, dim=axis, descending=descending, stable=True)
                WHOLE.append({"operation": "sort", "dtype": dtype, "axis": axis, "descending": descending,
                              "input": whole(values), "expected": whole(found[0]), "positions": whole(found[1])})
            WHOLE.append({"operation": "cumulativeSum", "dtype": dtype, "axis": axis, "input": whole(values),
                          "expected": whole(values.cumsum(axis))})
    large = torch.tensor([2**53, 1, 1, -3], dtype=torch.int64)
    WHOLE.append({"operation": "cumulativeSum", "dtype": "int64", "axis": 0, "input": whole(large),
                  "expected": whole(large.cumsum(0))})
    ids = torch.tensor([[2, 0], [3, 3]])
    WHOLE.append({"operation": "oneHot", "dtype": "int64", "axis": 0, "classes": 4, "input": whole(ids),
                  "expected": whole(torch.nn.functional.one_hot(ids, 4))})


def masks():
    for dtype in ("f64", "f32", "int64", "uint8"):
        for left, right in (((5,), (5,)), ((2, 1, 3), (2, 1)), ((0, 2), ())):
            source = generator(f"masks {dtype} {left} {right}")
            a, b = (torch.randint(0, 3, shape, generator=source) for shape in (left, right))
            for name, function in (("equal", torch.eq), ("unequal", torch.ne), ("below", torch.lt),
                                   ("atMost", torch.le), ("above", torch.gt), ("atLeast", torch.ge)):
                MASKS.append({"operation": name, "dtype": dtype, "left": whole(a), "right": whole(b),
                              "expected": whole(function(a, b))})
    for dtype in ("bool", "uint8"):
        for left, right in (((4,), (4,)), ((2, 1), (3,)), ((0, 3), (3,))):
            source = generator(f"logic {dtype} {left} {right}")
            a, b = (torch.randint(0, 2 if dtype == "bool" else 3, shape, generator=source) for shape in (left, right))
            for name, function in (("and", torch.logical_and), ("or", torch.logical_or),
                                   ("not", lambda a, b: torch.logical_not(a))):
                MASKS.append({"operation": name, "dtype": dtype, "left": whole(a), "right": whole(b),
                              "expected": whole(function(a, b))})


def made():
    for first, end, step in ((0, 5, 1), (-3, 8, 4), (2, 2, 1), (0, 7, 7)):
        MADE.append({"operation": "range", "first": first, "end": end, "step": step,
                     "expected": whole(torch.arange(first, end, step))})
    for first, last, count in ((0, 1, 5), (-2, 3, 4), (4, -4, 7), (3, 9, 1), (1, 2, 0)):
        MADE.append({"operation": "evenlySpaced", "first": first, "end": last, "step": count,
                     "spaced": tensor(torch.linspace(first, last, count, dtype=torch.float64), "f64")})


for group in (functions, images, repetitions, orders, whole_numbers, masks, made):
    group()
write("AviaryAutogradTests", "elementwise", __file__, {"cases": CASES, "masks": MASKS, "whole": WHOLE, "made": MADE})
print(f"{len(CASES)} cases, {len(MASKS)} masks, {len(WHOLE)} of whole numbers, {len(MADE)} made")
