"""Writes the oracle for gradients that are rows of a table, and for the optimizers that step only those.

sparse_gradients.json, "cases": [{"name", "rowCount", "paddingIndex" or null, "ids", "idShape", "upstream", "rows",
"values"}]: PyTorch's coalesced gradient of an embedding with sparse=True.

sparse_optimizers.json, "trajectories": [{"name", "optimizer", "oracle", "attributes", "start", "steps": [{"ids",
"upstream"}], "rates", "values": [tensor]}]: `values[t]` is the table after the step on the gradient that rows `upstream`
give at `ids` (equal ids add up), at `rates[t]`. "oracle" says whose numbers they are: PyTorch's sparse form, or, where it
has none, the rule in NumPy, one row at a time, with a state that only the steps of its row change.
"""
import numpy
import torch
from torch.nn import functional as F

from fixture import generator, normal, tensor, write

torch.sparse.check_sparse_tensor_invariants.enable()
ROWS, WIDTH = 7, 2
RATES = [0.05, 0.05, 0.02, 0.01, 0.03]
# Row 6 is never looked up, row 4 in the last step alone, row 1 rests in between; equal ids stand apart and together.
IDS = [[2, 0, 2, 1], [5, 5, 3], [0], [2, 3, 2, 2, 0], [4, 1, 5, 1]]


def draw(name, dtype):
    source = generator(name + dtype)
    start = normal(source, (ROWS, WIDTH), dtype).detach()
    return start, [normal(source, (len(ids), WIDTH), dtype).detach() for ids in IDS]


def trajectory(name, optimizer, oracle, dtype, walk, **attributes):
    start, upstream = draw(name, dtype)
    values = walk(start, upstream)
    return {
        "name": f"{name} in {dtype}", "optimizer": optimizer, "oracle": oracle, "attributes": attributes,
        "start": tensor(start, dtype),
        "steps": [{"ids": ids, "upstream": tensor(rows, dtype)} for ids, rows in zip(IDS, upstream)],
        "rates": RATES, "values": [tensor(value, dtype) for value in values],
    }


def by_torch(make, scale=1.0):
    def walk(start, upstream):
        table = torch.nn.Parameter(start.clone())
        optimizer = make([table])
        values = []
        for ids, rows, rate in zip(IDS, upstream, RATES):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad()
            (F.embedding(torch.tensor(ids), table, sparse=True) * rows * scale).sum().backward()
            assert table.grad.is_sparse
            optimizer.step()
            values.append(table.detach().clone())
        return values

    return walk


def by_row(rule, scale=1.0):
    """`rule(p, g, state, t, rate)` gives the new row; `state` is that row's own, `t` the step of the whole table."""

    def walk(start, upstream):
        table = start.numpy().copy()
        states = [{} for _ in range(ROWS)]
        values = []
        for t, (ids, rows, rate) in enumerate(zip(IDS, upstream.copy(), RATES), 1):
            sums = {}
            for place, row in enumerate(ids):
                sums[row] = sums.get(row, 0) + rows[place].numpy()
            for row, gradient in sums.items():
                table[row] = rule(table[row], scale * gradient, states[row], t, rate)
            values.append(torch.from_numpy(table.copy()))
        return values

    return walk


def sgd(momentum, decay, nesterov):
    def rule(p, g, state, t, rate):
        g = g + decay * p
        m = state["m"] = momentum * state.get("m", 0) + g
        return p - rate * (g + momentum * m if nesterov else m)

    return rule


def adam(decay, beta1=0.9, beta2=0.999, eps=1e-8, decoupled=False):
    def rule(p, g, state, t, rate):
        g = g if decoupled else g + decay * p
        m = state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * g
        v = state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * g * g
        first, second = 1 - beta1**t, numpy.sqrt(1 - beta2**t)
        if decoupled:  # torch.optim.AdamW
            return p * (1 - rate * decay) - rate / first * m / (numpy.sqrt(v) / second + eps)
        return p - rate * second / first * m / (numpy.sqrt(v) + eps)  # torch.optim.SparseAdam

    return rule


def adagrad(decay, rate_decay, initial, eps):
    def rule(p, g, state, t, rate):
        g = g + decay * p
        s = state["s"] = state.get("s", initial) + g * g
        return p - rate / (1 + (t - 1) * rate_decay) * g / (numpy.sqrt(s) + eps)

    return rule


def rmsprop(alpha, eps, momentum, centered, decay):
    def rule(p, g, state, t, rate):
        g = g + decay * p
        v = state["v"] = alpha * state.get("v", 0) + (1 - alpha) * g * g
        a = state["a"] = alpha * state.get("a", 0) + (1 - alpha) * g
        step = g / (numpy.sqrt(v - a * a if centered else v) + eps)
        m = state["m"] = momentum * state.get("m", 0) + step
        return p - rate * (m if momentum > 0 else step)

    return rule


def sgd_case(name, dtype, momentum=0.0, decay=0.0, nesterov=False, scale=1.0):
    lazily = momentum > 0 or decay > 0
    walk = by_row(sgd(momentum, decay, nesterov), scale) if lazily else by_torch(
        lambda parameters: torch.optim.SGD(parameters, lr=1.0), scale)
    return trajectory(
        name, "SGD", "NumPy" if lazily else "PyTorch", dtype, walk, momentum=momentum, weightDecay=decay,
        nesterov=nesterov, gradientScale=scale)


def adam_case(name, dtype, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0, scale=1.0):
    walk = by_row(adam(decay, beta1, beta2, eps), scale) if decay > 0 else by_torch(
        lambda parameters: torch.optim.SparseAdam(parameters, betas=(beta1, beta2), eps=eps), scale)
    return trajectory(
        name, "Adam", "NumPy" if decay > 0 else "PyTorch", dtype, walk, firstMomentDecay=beta1,
        secondMomentDecay=beta2, epsilon=eps, weightDecay=decay, gradientScale=scale)


def adamw_case(name, dtype, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    return trajectory(
        name, "AdamW", "NumPy", dtype, by_row(adam(decay, beta1, beta2, eps, decoupled=True)), firstMomentDecay=beta1,
        secondMomentDecay=beta2, epsilon=eps, weightDecay=decay, gradientScale=1.0)


def adagrad_case(name, dtype, decay=0.0, rate_decay=0.0, initial=0.0, eps=1e-10):
    walk = by_row(adagrad(decay, rate_decay, initial, eps)) if decay > 0 else by_torch(
        lambda parameters: torch.optim.Adagrad(
            parameters, lr_decay=rate_decay, initial_accumulator_value=initial, eps=eps))
    return trajectory(
        name, "Adagrad", "NumPy" if decay > 0 else "PyTorch", dtype, walk, weightDecay=decay, rateDecay=rate_decay,
        initialSum=initial, epsilon=eps, gradientScale=1.0)


def rmsprop_case(name, dtype, alpha=0.99, eps=1e-8, momentum=0.0, centered=False, decay=0.0):
    return trajectory(
        name, "RMSprop", "NumPy", dtype, by_row(rmsprop(alpha, eps, momentum, centered, decay)), smoothing=alpha,
        epsilon=eps, momentum=momentum, centered=centered, weightDecay=decay, gradientScale=1.0)


def trajectories(dtype):
    return [
        sgd_case("SGD", dtype),
        sgd_case("SGD on scaled gradients", dtype, scale=0.25),
        sgd_case("SGD with momentum and decay", dtype, momentum=0.9, decay=0.1),
        sgd_case("SGD in Nesterov's form", dtype, momentum=0.8, nesterov=True),
        adam_case("Adam", dtype),
        adam_case("Adam where epsilon decides", dtype, beta1=0.8, beta2=0.95, eps=0.1, scale=0.5),
        adam_case("Adam with L2", dtype, beta2=0.95, eps=1e-3, decay=0.2),
        adamw_case("AdamW", dtype, decay=0.5),
        adamw_case("AdamW where epsilon decides", dtype, beta2=0.95, eps=0.1),
        adagrad_case("Adagrad", dtype),
        adagrad_case("Adagrad with a falling rate", dtype, rate_decay=0.3, initial=0.2, eps=1e-2),
        adagrad_case("Adagrad with decay", dtype, decay=0.1, initial=0.1),
        rmsprop_case("RMSprop", dtype),
        rmsprop_case("RMSprop with everything", dtype, alpha=0.8, eps=1e-2, momentum=0.5, centered=True, decay=0.1),
    ]


def check_against_dense():
    """The rules by row are PyTorch's dense ones where every row is looked up in every step."""
    every = list(range(ROWS))
    makers = [
        (sgd(0.9, 0.1, False), lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9, weight_decay=0.1)),
        (sgd(0.8, 0.1, True), lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.8, weight_decay=0.1, nesterov=True)),
        (adam(0.5, decoupled=True), lambda p: torch.optim.AdamW(p, weight_decay=0.5)),
        (adagrad(0.1, 0.3, 0.2, 1e-2), lambda p: torch.optim.Adagrad(
            p, weight_decay=0.1, lr_decay=0.3, initial_accumulator_value=0.2, eps=1e-2)),
        (rmsprop(0.8, 1e-2, 0.5, True, 0.1), lambda p: torch.optim.RMSprop(
            p, alpha=0.8, eps=1e-2, momentum=0.5, centered=True, weight_decay=0.1)),
        (rmsprop(0.9, 1e-8, 0.0, False, 0.0), lambda p: torch.optim.RMSprop(p, alpha=0.9)),
    ]
    source = generator("every row")
    start = normal(source, (ROWS, WIDTH), "f64").detach()
    gradients = [normal(source, (ROWS, WIDTH), "f64").detach() for _ in RATES]
    for rule, make in makers:
        parameter, table = torch.nn.Parameter(start.clone()), start.numpy().copy()
        optimizer, states = make([parameter]), [{} for _ in every]
        for t, (gradient, rate) in enumerate(zip(gradients, RATES), 1):
            optimizer.param_groups[0]["lr"] = rate
            parameter.grad = gradient.clone()
            optimizer.step()
            for row in every:
                table[row] = rule(table[row], gradient[row].numpy(), states[row], t, rate)
        assert numpy.allclose(table, parameter.detach().numpy(), rtol=1e-12, atol=1e-12), optimizer


def gradient_case(name, count, ids, padding=None, dtype="f64", width=4):
    source = generator(name + dtype)
    ids = torch.tensor(ids, dtype=torch.int64)
    table = torch.nn.Parameter(torch.zeros(count, width, dtype=torch.float64))
    upstream = normal(source, (*ids.shape, width), dtype).detach()
    F.embedding(ids, table, padding, sparse=True).backward(upstream)
    gradient = table.grad.coalesce()
    return {
        "name": f"{name} in {dtype}", "rowCount": count, "paddingIndex": padding, "ids": ids.reshape(-1).tolist(),
        "idShape": list(ids.shape), "upstream": tensor(upstream, dtype), "rows": gradient.indices()[0].tolist(),
        "values": tensor(gradient.values(), dtype),
    }


def gradient_cases(dtype):
    far = [4095, 2048, 2047, 4095, 0, 70_000, 2048 * 3, 70_000, 4095, 99_999]
    return [
        gradient_case("one id", 3, [2], None, dtype, 1),
        gradient_case("equal ids apart and together", 6, [[5, 1, 5], [5, 0, 1]], None, dtype),
        gradient_case("a padding", 5, [[1, 0, 3], [0, 3, 2]], 0, dtype),
        gradient_case("nothing but padding", 5, [3, 3], 3, dtype),
        gradient_case("no ids", 5, [], None, dtype),
        gradient_case("rows far apart", 100_000, far, None, dtype, 3),
    ]


check_against_dense()
write("AviaryTensorsTests", "sparse_gradients", __file__, {
    "cases": gradient_cases("f64") + gradient_cases("f32")})
write("AviaryOptimizersTests", "sparse_optimizers", __file__, {
    "trajectories": trajectories("f64") + [
        sgd_case("SGD with momentum and decay", "f32", momentum=0.9, decay=0.1), adam_case("Adam", "f32"),
        adamw_case("AdamW", "f32", decay=0.5), adagrad_case("Adagrad", "f32"),
        rmsprop_case("RMSprop with everything", "f32", 0.8, 1e-2, 0.5, True, 0.1),
    ]})
