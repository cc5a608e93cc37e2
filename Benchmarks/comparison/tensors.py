"""Reads safetensors files with Python's own library alone."""
import array
import json
import math

TYPES = {"F32": "f", "I64": "q"}
# So many at a time: `math.dist` makes tuples of them.
STRETCH = 1 << 18


def read(path):
    """Each tensor of a file by its name: shape and numbers."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        begin = 8 + length
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            numbers = array.array(TYPES[entry["dtype"]])
            first, end = entry["data_offsets"]
            file.seek(begin + first)
            numbers.frombytes(file.read(end - first))
            found[name] = (entry["shape"], numbers)
    return found


def distance(left, right):
    """The Euclidean length of the difference of two arrays that are equally long."""
    parts = (
        math.dist(left[at : at + STRETCH], right[at : at + STRETCH]) for at in range(0, len(left), STRETCH))
    return math.hypot(*parts)


def norm(numbers):
    parts = (math.hypot(*numbers[at : at + STRETCH]) for at in range(0, len(numbers), STRETCH))
    return math.hypot(*parts)
