"""Writes the oracle for scaled dot-product attention and the layers around it.

attention.json has the form of `operation_case` in fixture.py: inputs are query, key and value, the mask if there is one is
a constant, "maskKind" among the attributes is "bool", "uint8" or "real". A mask of truth values is written as 0 and 1.

self_attention.json has that form too: the one input is what a product gave, queries, keys and values side by side along
the last axis; "heads" is among the attributes.

attention_layers.json, "layers": [{"name", "kind", "settings", "state": {name: tensor}, "inputs", "masks":
{name: tensor}, "isCausal", "output", "upstream", "gradients", "stateGradients": {name: tensor}}]. Masks say what takes
part; PyTorch's modules are given the opposite.
"""
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

from fixture import DTYPES, generator, normal, operation_case, tensor, write

CASES, SELF_CASES, LAYERS = [], [], []
MASKS = {
    "none": None,
    "of keys": (True, lambda b, h, q, k: (b, 1, 1, k)),
    "of pairs": (True, lambda b, h, q, k: (q, k)),
    "of queries": (True, lambda b, h, q, k: (q, 1)),
    "of heads": (False, lambda b, h, q, k: (h, 1, 1)),
    "of keys, added": (False, lambda b, h, q, k: (k,)),
    "whole": (True, lambda b, h, q, k: (b, h, q, k)),
    "whole, added": (False, lambda b, h, q, k: (b, h, q, k)),
    "of one": (True, lambda b, h, q, k: (1, 1, 1, 1)),
}


def attention(query, key, value, mask, causal, scale):
    """PyTorch's, where a mask may have fewer axes and stand beside causality."""
    mask = mask if mask is None else mask.reshape((1,) * (4 - mask.dim()) + tuple(mask.shape))
    if causal and mask is not None:
        seen = torch.ones(query.shape[2], key.shape[2], dtype=torch.bool).tril()
        hidden = torch.zeros(seen.shape, dtype=torch.float64).masked_fill(~seen, float("-inf"))
        mask, causal = (mask & seen if mask.dtype == torch.bool else mask + hidden), False
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal, scale=scale)


def case(name, extents, mask="none", causal=False, scale=None, dtype="f64", kind="bool"):
    """`extents` are batch, heads, queries, keys, depth, width."""
    b, h, q, k, d, e = extents
    name = f"{name} {extents}, mask {mask}{', causal' if causal else ''} in {dtype}"
    source = generator(name)
    inputs = [normal(source, shape, dtype) for shape in ((b, h, q, d), (b, h, k, d), (b, h, k, e))]
    given, written = None, []
    if MASKS[mask]:
        is_truth, shape = MASKS[mask][0], MASKS[mask][1](b, h, q, k)
        drawn = normal(source, shape, dtype).detach()
        given = drawn > -0.5 if is_truth else drawn
        kind = kind if is_truth else "real"
        written = [given.to(torch.float64)]
    attributes = {"maskKind": kind if written else None, "isCausal": causal, "scale": scale}
    CASES.append(operation_case(
        name, "attention", lambda q, k, v: attention(q, k, v, given, causal, scale), inputs, source, dtype, attributes,
        constants=written))


def defined(query, key, value, mask, scale, dtype):
    """The definition, with scores that are rounded to `dtype` and zeros where no key takes part.

    Not PyTorch's own: its flash kernel, which the CPU takes by default, keeps the logarithm of the sum in one number with
    the greatest score, and so has gradients K times too large where a finite mask hides all K keys.
    """
    scores = (query @ key.transpose(-1, -2) * scale + mask).to(DTYPES[dtype]).to(torch.float64)
    nobody = scores.isneginf().all(-1, keepdim=True)
    return scores.masked_fill(nobody, 0).softmax(-1).masked_fill(nobody, 0) @ value


def quarters(source, shape):
    """Multiples of a quarter: products of some of them, halved, stay exact beside -1e4 in f32, and rounding to bf16
    changes nothing."""
    return torch.randint(-6, 7, shape, generator=source).to(torch.float64).div(4).requires_grad_(True)


def hiding(fill, which, queries, keys):
    """A mask `[Q, K]` that is added: `fill` where a key is hidden, of all keys of a query, of some or of none."""
    hidden = torch.zeros(queries, keys, dtype=torch.bool)
    if which == "all":
        hidden[:] = True
    else:
        hidden[0], hidden[1, 1:], hidden[3] = True, True, True
    mask = torch.zeros(queries, keys, dtype=torch.float64).masked_fill(hidden, fill)
    if which == "some, one not at all":
        # A query whose keys are partly impossible, and one that sees none.
        mask[0, ::2] = float("-inf")
        mask[3] = float("-inf")
    return mask


def hidden_case(fill, which, extents, dtype):
    """All keys of a query hidden by a large number, as Hugging Face's masks hide them: they share it evenly."""
    b, h, q, k, d, e = extents
    name = f"hidden by {fill}, {which} {extents} in {dtype}"
    source, scale = generator(name), 0.5
    inputs = [quarters(source, shape) for shape in ((b, h, q, d), (b, h, k, d), (b, h, k, e))]
    mask = hiding(torch.finfo(DTYPES[dtype]).min if fill == "the least number" else fill, which, q, k)
    agree_with_pytorch(name, inputs, mask, scale, dtype)
    CASES.append(operation_case(
        name, "attention", lambda q, k, v: defined(q, k, v, mask, scale, dtype), inputs, source, dtype,
        {"maskKind": "real", "isCausal": False, "scale": scale}, constants=[mask]))


def agree_with_pytorch(name, inputs, mask, scale, dtype):
    """Stops where the definition and PyTorch's own way of it, which holds all scores, differ."""
    def both_ways(function, kind):
        given = [value.detach().to(kind).requires_grad_(True) for value in inputs]
        output = function(*given)
        return [value.detach().to(torch.float64) for value in (output, *torch.autograd.grad(output.sum(), given))]

    with sdpa_kernel(SDPBackend.MATH):
        theirs = both_ways(lambda q, k, v: F.scaled_dot_product_attention(
            q, k, v, attn_mask=mask.to(DTYPES[dtype]), scale=scale), DTYPES[dtype])
    ours = both_ways(lambda q, k, v: defined(q, k, v, mask, scale, dtype), torch.float64)
    for found, expected in zip(ours, theirs):
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-5 * max(1, float(expected.abs().max())),
                                   msg=lambda text: f"{name}: {text}")


def hidden_attentions():
    for dtype in ("f64", "f32"):
        for fill in ("the least number", -1e9, -1e4, float("-inf")):
            hidden_case(fill, "some", (1, 2, 4, 5, 2, 1), dtype)
        hidden_case("the least number", "some, one not at all", (1, 1, 4, 5, 2, 2), dtype)
        hidden_case(-1e9, "all", (1, 1, 2, 3, 2, 2), dtype)
    # Past two blocks of 64 keys.
    hidden_case("the least number", "all", (1, 1, 2, 130, 1, 1), "f32")


def self_case(name, extents, mask="none", causal=False, scale=None, dtype="f64"):
    """`extents` are batch, heads, positions, depth."""
    b, h, positions, d = extents
    name = f"{name} {extents}, mask {mask}{', causal' if causal else ''} in {dtype}"
    source = generator(name)
    projected = normal(source, (b, positions, 3 * h * d), dtype)
    given, written = None, []
    if MASKS[mask]:
        is_truth, shape = MASKS[mask][0], MASKS[mask][1](b, h, positions, positions)
        drawn = normal(source, shape, dtype).detach()
        given = drawn > -0.5 if is_truth else drawn
        written = [given.to(torch.float64)]

    def function(x):
        query, key, value = x.unflatten(2, (3, h, d)).permute(2, 0, 3, 1, 4)
        return attention(query, key, value, given, causal, scale).transpose(1, 2).flatten(2)

    kind = ("bool" if MASKS[mask][0] else "real") if written else None
    attributes = {"heads": h, "maskKind": kind, "isCausal": causal, "scale": scale}
    SELF_CASES.append(operation_case(name, "selfAttention", function, [projected], source, dtype, attributes,
                                     constants=written))


def self_hidden_case(extents, dtype):
    """A member of whose positions all are hidden, as padding, by the least number there is."""
    b, h, positions, d = extents
    name = f"all positions hidden {extents} in {dtype}"
    source, scale = generator(name), 0.5
    projected = quarters(source, (b, positions, 3 * h * d))
    mask = torch.zeros(b, 1, 1, positions, dtype=torch.float64)
    mask[0] = torch.finfo(DTYPES[dtype]).min

    def function(x):
        query, key, value = x.unflatten(2, (3, h, d)).permute(2, 0, 3, 1, 4)
        return defined(query, key, value, mask, scale, dtype).transpose(1, 2).flatten(2)

    attributes = {"heads": h, "maskKind": "real", "isCausal": False, "scale": scale}
    SELF_CASES.append(operation_case(name, "selfAttention", function, [projected], source, dtype, attributes,
                                     constants=[mask]))


def self_attentions():
    for dtype in ("f64", "f32"):
        self_case("plain", (2, 2, 3, 2), dtype=dtype)
        self_case("one head of odd depth", (1, 1, 4, 3), scale=0.3, dtype=dtype)
        self_case("masked", (2, 2, 3, 2), "of keys", dtype=dtype)
        self_case("masked", (2, 2, 3, 2), "whole, added", causal=True, dtype=dtype)
        self_case("one position", (2, 3, 1, 2), dtype=dtype)
        self_case("no member", (0, 2, 3, 2), dtype=dtype)
        self_hidden_case((2, 2, 3, 2), dtype)
    # Past a block of 64 positions; past a vector of 16 columns.
    self_case("long", (1, 2, 70, 2), "of keys", dtype="f32")
    self_case("wide", (1, 2, 5, 18), causal=True, dtype="f32")


def attentions():
    for dtype in ("f64", "f32"):
        # A causal one sees one key, whose probability is 1: a gradient of 0 says nothing about rounding.
        case("one query", (1, 1, 1, 5, 3, 2), dtype=dtype)
        for causal in (False, True):
            case("odd", (1, 3, 3, 5, 2, 1), causal=causal, dtype=dtype)
            case("more queries", (1, 1, 7, 3, 2, 3), causal=causal, dtype=dtype)
        for number, mask in enumerate(name for name in MASKS if name != "none"):
            case("masked", (2, 2, 3, 4, 2, 1), mask, mask in ("of keys", "of heads", "whole, added"), dtype=dtype,
                 kind=("bool", "uint8")[number // 2 % 2])
        case("scaled", (1, 2, 2, 3, 4, 1), scale=0.3, dtype=dtype)
        case("no member", (0, 2, 3, 4, 2, 3), dtype=dtype)
        case("no query", (2, 1, 0, 4, 2, 3), dtype=dtype)
    # Past a block of 64 queries and two of 64 keys; past vectors of 16 columns.
    case("long", (1, 1, 70, 130, 1, 1), "of keys", dtype="f32", kind="uint8")
    case("long", (1, 1, 70, 70, 1, 1), causal=True, dtype="f32")
    case("wide", (1, 1, 2, 3, 19, 17), dtype="f32")


def drawn(module, name):
    """The module in f64 with every parameter drawn anew, exact in f32: no zeros and ones that would hide mistakes."""
    source = generator(name)
    module = module.to(torch.float64).train()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(normal(source, parameter.shape, scale=0.5))
    return module, source


def layer(name, kind, module, settings, shapes, run, masks=None, causal=False):
    module, source = drawn(module, name)
    inputs = [normal(source, shape) for shape in shapes]
    output = run(module, *inputs)
    upstream = normal(source, output.shape).detach()
    state = dict(module.named_parameters())
    found = torch.autograd.grad(output, [*inputs, *state.values()], upstream)
    LAYERS.append({
        "name": name,
        "kind": kind,
        "settings": settings,
        "state": {key: tensor(value) for key, value in state.items()},
        "inputs": [tensor(value) for value in inputs],
        "masks": {key: tensor(value.to(torch.float64)) for key, value in (masks or {}).items()},
        "isCausal": causal,
        "output": tensor(output),
        "upstream": tensor(upstream),
        "gradients": [tensor(value) for value in found[:len(inputs)]],
        "stateGradients": {key: tensor(value) for key, value in zip(state, found[len(inputs):])},
    })


def layers():
    width, heads, hidden = 4, 2, 3
    keys = torch.tensor([[True, True, True, False], [True, False, True, True]])
    pairs = torch.tensor([[True, False, True, True], [True, True, True, False], [False, True, True, True]])
    hidden_later = ~torch.ones(4, 4, dtype=torch.bool).tril()
    plain = {"width": width, "heads": heads}
    layer("self-attention with a mask of keys", "attention",
          torch.nn.MultiheadAttention(width, heads, batch_first=True), plain, [(2, 4, width)],
          lambda m, x: m(x, x, x, key_padding_mask=~keys, need_weights=False)[0], {"keys": keys})
    layer("attention of three inputs, both masks, no bias", "attention",
          torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True), {**plain, "hasBias": False},
          [(2, 3, width), (2, 4, width), (2, 4, width)],
          lambda m, q, k, v: m(q, k, v, key_padding_mask=~keys, attn_mask=~pairs, need_weights=False)[0],
          {"keys": keys, "pairs": pairs})
    for first, activation in ((False, "relu"), (True, "gelu")):
        settings = {**plain, "hidden": hidden, "activation": activation, "normalisesFirst": first}
        made = dict(dim_feedforward=hidden, dropout=0, activation=activation, batch_first=True, norm_first=first)
        layer(f"encoder layer, {activation}", "encoder", torch.nn.TransformerEncoderLayer(width, heads, **made),
              settings, [(2, 4, width)], lambda m, x: m(x, src_key_padding_mask=~keys), {"keys": keys})
        layer(f"decoder layer, {activation}", "decoder", torch.nn.TransformerDecoderLayer(width, heads, **made),
              settings, [(2, 4, width), (2, 4, width)],
              lambda m, x, memory: m(x, memory, tgt_mask=hidden_later, memory_key_padding_mask=~keys),
              {"memoryKeys": keys}, causal=True)


attentions()
hidden_attentions()
self_attentions()
layers()
write("AviaryAutogradTests", "attention", __file__, {"cases": CASES})
write("AviaryAutogradTests", "self_attention", __file__, {"cases": SELF_CASES})
write("AviaryModelsTests", "attention_layers", __file__, {"layers": LAYERS})
