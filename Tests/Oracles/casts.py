"""Casts between element kinds, from PyTorch: bit patterns of bf16 and f16, integers as they are cut off."""
import struct

import torch

from fixture import write

NUMBERS = [
    0.0, -0.0, 1.0, -1.5, 1.00390625, 1.01171875, 1.0078125, 3.14159274, 65504.0, 65519.996, 65520.0, 70000.0,
    -1e-8, 5.9604645e-8, 2.98e-8, 6.1035e-5, 1e-40, 3.3895314e38, 3.4e38, 0.333333343, 123456.789, 255.5, -128.7, 2.5,
    float("inf"), float("-inf"),
]


def patterns(kind):
    """The bits that each number has in a kind of two bytes."""
    return torch.tensor(NUMBERS, dtype=torch.float32).to(kind).view(torch.int16).to(torch.int64).bitwise_and(0xFFFF).tolist()


def main():
    bits = [struct.unpack("<I", struct.pack("<f", x))[0] for x in torch.tensor(NUMBERS).tolist()]
    finite = [x for x in NUMBERS if abs(x) < 2**31]
    integers = [0, 1, -1, 127, 128, 255, 256, -129, 2**31 - 1, 2**31, -2**31 - 1, 2**40 + 5]
    whole = torch.tensor(integers)
    write("AviaryTensorsTests", "casts", __file__, {
        "bits": bits, "bf16": patterns(torch.bfloat16), "f16": patterns(torch.float16),
        "finite": [float(x) for x in torch.tensor(finite).tolist()],
        "cutOff": torch.tensor(finite).to(torch.int64).tolist(),
        "integers": integers, "int32": whole.to(torch.int32).tolist(), "int8": whole.to(torch.int8).tolist(),
        "uint8": whole.to(torch.uint8).tolist(), "bool": whole.to(torch.bool).to(torch.int64).tolist(),
    })


if __name__ == "__main__":
    main()
