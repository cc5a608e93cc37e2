#!/usr/bin/env python3
"""Whether two folders hold the same fixtures, but for last digits: compare_fixtures.py COMMITTED WRITTEN

An oracle sums in an order that depends on the processor, so what it writes on another one differs in its last digits.
Numbers of one list (a tensor) may differ by 1e-5 of the greatest of them, as an operation in f32 may differ from its
oracle; a number alone by 1e-5, or of itself if it is above 1: among them are sums near 0 and what rounding came to. All
else, shapes and names and special values, is the same. Only how far PyTorch's own f32 lies from f64 is another figure on
every processor: it may be ten times the other. Prints what differs; the status is 1 then.
"""
import json
import math
import os
import sys

TOLERANCE = 1e-5
DEVIATION = "float32Deviation"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def magnitude(values):
    return max((abs(value) for value in values if is_number(value) and math.isfinite(value)), default=0)


def differences(old, new, place, scale=1.0):
    """What differs between two JSON values, a line each."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            compare = unlike_deviations if key == DEVIATION else differences
            yield from compare(old[key], new[key], f"{place}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        scale = magnitude(old)
        for index, (one, other) in enumerate(zip(old, new)):
            yield from differences(one, other, f"{place}[{index}]", scale)
    elif is_number(old) and is_number(new) and math.isfinite(old) and math.isfinite(new):
        if abs(old - new) > TOLERANCE * max(scale, abs(old)):
            yield f"{place}: {old} is committed, {new} written"
    elif old != new and not (old != old and new != new):
        yield f"{place}: not the same"


def unlike_deviations(old, new, place):
    """What differs between two sets of deviations, each a number above 0 or exactly 0, a line each."""
    if old.keys() != new.keys():
        yield f"{place}: not the same"
    for key in old.keys() & new.keys():
        if not old[key] / 10 <= new[key] <= old[key] * 10:
            yield f"{place}.{key}: {old[key]} is committed, {new[key]} written"


def files(folder):
    return {
        os.path.relpath(os.path.join(path, name), folder)
        for path, _, names in os.walk(folder) for name in names}


def main(committed, written):
    lines = [f"{name}: only in one of both" for name in sorted(files(committed) ^ files(written))]
    for name in sorted(files(committed) & files(written)):
        one, other = os.path.join(committed, name), os.path.join(written, name)
        with open(one, "rb") as first, open(other, "rb") as second:
            old, new = first.read(), second.read()
        if old == new:
            continue
        if name.endswith(".json"):
            lines += list(differences(json.loads(old), json.loads(new), name))[:5]
        else:
            lines.append(f"{name}: not the same bytes")
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
