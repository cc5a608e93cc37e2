"""Fixture for the loss scale: PyTorch's GradScaler over given sequences of finite and infinite gradients.

    .venv-oracle/bin/python Tests/Oracles/loss_scale.py

A sequence is a text of marks: "." a step whose gradient is finite, "!" one whose gradient is infinite, "?" one whose
gradient is NaN. Written are the scale and the growth counter after each step, and whether the optimizer stepped.
Factors are such that every scale is exact in single precision, in which GradScaler holds it.
"""
import torch

from fixture import number, write

GRADIENTS = {".": 1.0, "!": float("inf"), "?": float("nan")}


def sequence(name, marks, start=65536.0, growth=2.0, backoff=0.5, interval=2000):
    scaler = torch.amp.GradScaler(
        "cpu", init_scale=start, growth_factor=growth, backoff_factor=backoff, growth_interval=interval)
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0)
    scales, counters, stepped = [], [], []
    for mark in marks:
        before = weight.detach().clone()
        weight.grad = scaler.scale(torch.ones(1)) * GRADIENTS[mark]
        scaler.step(optimizer)
        scaler.update()
        scales.append(number(scaler.get_scale()))
        counters.append(scaler._get_growth_tracker())
        stepped.append(not torch.equal(before, weight.detach()))
    return {
        "name": name, "marks": marks, "start": number(start), "growth": number(growth),
        "backoff": number(backoff), "interval": interval, "scales": scales, "counters": counters,
        "stepped": stepped,
    }


if __name__ == "__main__":
    write("AviaryTrainingTests", "loss_scale", __file__, {"sequences": [
        sequence("grows after an interval of good steps", "." * 7, interval=3),
        sequence("shrinks at infinity and at NaN", "!.?.!!"),
        sequence("an infinite gradient begins the count anew", "..!...!....", interval=4),
        sequence("grows at every step", "....", interval=1),
        sequence("other factors", "..!..?....", start=1024.0, growth=4.0, backoff=0.25, interval=2),
        sequence("does not shrink below a fraction where nothing stops it", "!!!", start=1.0),
        sequence("does not grow past single precision", "....!..", start=2.0 ** 126, interval=1),
    ]})
