"""Writes the oracle for initialisations: PyTorch's own fans, gains, bounds and deviations.

`torch.nn.init` is given a stand-in for a tensor that keeps what it is asked to draw, so the bounds and deviations
are PyTorch's numbers and not the moments of a sample. Moments of the truncated normal are computed here.
"""
import math

import torch
import torch.nn as nn
from torch.nn import init

from fixture import number, write


class Asked:
    """Has a tensor's extents and remembers the distribution that it is to be drawn from."""

    def __init__(self, shape):
        self.shape, self.asked = shape, None

    def dim(self):
        return len(self.shape)

    def ndimension(self):
        return len(self.shape)

    def size(self, axis=None):
        return self.shape if axis is None else self.shape[axis]

    def numel(self):
        return math.prod(self.shape)

    def uniform_(self, low, high, generator=None):
        self.asked = high
        return self

    def normal_(self, mean, deviation, generator=None):
        self.asked = deviation
        return self


def asked(shape, function, **settings):
    target = Asked(shape)
    function(target, **settings)
    return number(target.asked)


def fans(shape):
    incoming, outgoing = init._calculate_fan_in_and_fan_out(torch.empty(shape))
    return {
        "shape": list(shape), "incoming": incoming, "outgoing": outgoing,
        "linearBound": asked(shape, init.kaiming_uniform_, a=math.sqrt(5)),
        "kaimingUniformIncoming": asked(shape, init.kaiming_uniform_, nonlinearity="relu"),
        "kaimingUniformLeaky": asked(shape, init.kaiming_uniform_, a=0.2, mode="fan_out"),
        "kaimingNormalOutgoing": asked(shape, init.kaiming_normal_, mode="fan_out", nonlinearity="relu"),
        "kaimingNormalLeaky": asked(shape, init.kaiming_normal_, a=0.1),
        "xavierUniform": asked(shape, init.xavier_uniform_),
        "xavierNormalTanh": asked(shape, init.xavier_normal_, gain=init.calculate_gain("tanh")),
    }


def truncated(mean, deviation, low, high):
    """The mean and deviation of a normal distribution that is cut off at two bounds."""
    a, b = (low - mean) / deviation, (high - mean) / deviation
    density = lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    share = (math.erf(b / math.sqrt(2)) - math.erf(a / math.sqrt(2))) / 2
    shift = (density(a) - density(b)) / share
    spread = 1 + (a * density(a) - b * density(b)) / share - shift ** 2
    sample = init.trunc_normal_(
        torch.empty(400_000, dtype=torch.float64), mean, deviation, low, high,
        generator=torch.Generator().manual_seed(1))
    # The formulas describe what PyTorch draws: four deviations of the sample's mean.
    expected = mean + deviation * shift
    assert abs(sample.mean() - expected) < 4 * deviation * math.sqrt(spread / 400_000)
    return {
        "mean": number(mean), "deviation": number(deviation), "from": number(low), "to": number(high),
        "sampleMean": number(expected), "sampleDeviation": number(deviation * math.sqrt(spread)),
    }


write("AviaryLayersTests", "initialisations", __file__, {
    "fans": [fans(shape) for shape in [(10, 64), (64, 3, 7, 7), (32, 1, 3, 3), (5, 8, 3)]],
    "gains": {
        "linear": number(init.calculate_gain("linear")), "sigmoid": number(init.calculate_gain("sigmoid")),
        "tanh": number(init.calculate_gain("tanh")), "relu": number(init.calculate_gain("relu")),
        "leaky": number(init.calculate_gain("leaky_relu", 0.2)), "selu": number(init.calculate_gain("selu")),
    },
    "truncated": [truncated(0, 0.02, -2, 2), truncated(0, 1, -2, 2), truncated(0.5, 2, -1, 1)],
})
