"""What every peer shares: which measurements there are, a process for each, and the rows that are printed.

Imports nothing but Python's own, so that a process's peak memory is that of its framework.
"""
import argparse
import collections
import json
import statistics
import subprocess
import sys
import time

# `batch` is None for training, else the batch size of a forward pass.
Measurement = collections.namedtuple("Measurement", "workload variant batch")

IMAGES = ("resnet18-cifar", "resnet20-fashion")
# Of a millisecond or a few: they are timed this many times as often.
SHORT = {"two-tower": 20, "mlp-784": 20}
LOW_AND_SINGLE = ("f32", "bf16")
VARIANTS = {
    "resnet18-cifar": LOW_AND_SINGLE,
    "resnet20-fashion": LOW_AND_SINGLE,
    "bert-mini": LOW_AND_SINGLE,
    "two-tower": ("dense-adam", "sparse-adam"),
    "mlp-784": ("f32",),
}
INFERENCE_BATCHES = {"resnet18-cifar": (1, 64), "bert-mini": (1, 32)}


def name(measurement):
    """The variant as rows have it: f32, or f32-b1 for a forward pass of one."""
    batch = measurement.batch
    return measurement.variant if batch is None else f"{measurement.variant}-b{batch}"


def kind(measurement):
    return "train" if measurement.batch is None else "infer"


def all_measurements(inference):
    found = []
    for workload, variants in VARIANTS.items():
        found += [Measurement(workload, variant, None) for variant in variants]
        batches = INFERENCE_BATCHES.get(workload, ()) if inference else ()
        found += [Measurement(workload, variant, batch) for variant in variants for batch in batches]
    return found


def parser(description, repeats=7, has_threads=True):
    options = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", metavar="NAMES", help="only these workloads, with commas between")
    options.add_argument("--variants", default="", metavar="NAMES", help="only these variants, with commas between")
    options.add_argument("--repeats", type=int, default=repeats, help="how many steps are timed")
    if has_threads:
        options.add_argument("--threads", type=int, default=2)
    return options


def chosen(measurements, options):
    """Those that --only and --variants leave; stops at a name that there is not."""
    for flag, wanted, known in (
        ("--only", options.only, [m.workload for m in measurements]),
        ("--variants", options.variants, [name(m) for m in measurements]),
    ):
        for word in filter(None, wanted.split(",")):
            if word not in known:
                sys.exit(f"{flag} {word}: there is none; there are {', '.join(dict.fromkeys(known))}")
    workloads, variants = (set(filter(None, names.split(","))) for names in (options.only, options.variants))
    left = [
        m for m in measurements
        if (not workloads or m.workload in workloads) and (not variants or name(m) in variants)
    ]
    if not left:
        sys.exit(f"nothing is left of --only {options.only} --variants {options.variants}")
    return left


def each_in_its_own_process(script, measurements, arguments):
    """Runs `script` once for each, so that peak memory is that of one and no run warms another's caches."""
    for measurement in measurements:
        command = [sys.executable, script, "--only", measurement.workload, "--variants", name(measurement)]
        status = subprocess.run(command + arguments).returncode
        if status != 0:
            sys.exit(f"{measurement.workload} {name(measurement)}: status {status}")


def times(step, repeats):
    """The milliseconds of so many steps, in order, after two that warm up."""
    for _ in range(2):
        step()
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        found.append((time.perf_counter() - start) * 1e3)
    return sorted(found)


def peak_megabytes():
    """The most memory that this process has had resident, in 10^6 bytes.

    VmHWM of this program alone: `ru_maxrss` begins with what its parent had.
    """
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def row(peer, measurement, configuration, found):
    return dict(
        peer=peer, workload=measurement.workload, variant=name(measurement), kind=kind(measurement),
        configuration=configuration, median_ms=round(statistics.median(found), 3),
        min_ms=round(found[0], 3), peak_mb=round(peak_megabytes(), 1))


def show(value):
    print(json.dumps(value), flush=True)
