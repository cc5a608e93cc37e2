#!/usr/bin/env python3
"""Measures what this machine can do at most, with the peer's own kernels; one JSON line.

Products: 2048 x 2048 x 2048 in f32 and bf16, GFLOP/s. Memory: `a += b` over 2^26 numbers of four bytes, whose three
streams (read a, read b, write a) are counted, GB/s. Of ten repeats each, the best.
"""
import argparse
import time

import torch

from measurements import show

EXTENT = 2048
NUMBERS = 1 << 26
REPEATS = 10


def least_seconds(action):
    action()
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


def gflops(dtype):
    left, right = (torch.randn(EXTENT, EXTENT).to(dtype) for _ in range(2))
    output = torch.empty(EXTENT, EXTENT, dtype=dtype)
    return 2 * EXTENT**3 / least_seconds(lambda: torch.mm(left, right, out=output)) / 1e9


def gigabytes():
    left, right = torch.ones(NUMBERS), torch.ones(NUMBERS)
    return 3 * 4 * NUMBERS / least_seconds(lambda: left.add_(right)) / 1e9


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(options.parse_args().threads)
    show(dict(
        f32_gflops=round(gflops(torch.float32), 1), bf16_gflops=round(gflops(torch.bfloat16), 1),
        gigabytes_per_second=round(gigabytes(), 1)))


if __name__ == "__main__":
    main()
