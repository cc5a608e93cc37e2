#!/usr/bin/env python3
"""Compares what a recipe reaches in f32, bf16 and f16, over a few seeds.

    Benchmarks/precision.py FOLDER [--recipe resnet8-fashion-mnist] [--seeds 0 1 2] [--set KEY=VALUE …]

Trains each precision with each seed into the store FOLDER/store, one after the other, and prints the test accuracies,
their means, and how far each mean is from that of f32. Runs that have finished are not made again, and one that was
interrupted goes on: call it again after Ctrl-C. `AVIARY` names the program, .build/release/aviary unless given.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("AVIARY", os.path.join(HERE, "../.build/release/aviary"))
PRECISIONS = ("f32", "bf16", "f16")
# How far a mean may be below that of f32, in points.
ALLOWED = {"bf16": 0.3, "f16": 0.5}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--recipe", default="resnet8-fashion-mnist")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="for every run")
    return parser.parse_args()


def runs(store):
    """Every run of the store, the newest first."""
    if not os.path.exists(os.path.join(store, "aviary.db")):
        return []
    command = [PROGRAM, "runs", "list", "--json", "--limit", "1000", "--store", store]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def wanted(settings):
    """The settings by key, as a run's params have them; f32 is what a recipe has without saying so."""
    chosen = dict(setting.split("=", 1) for setting in settings)
    if chosen["training.precision"] == "f32":
        del chosen["training.precision"]
    return chosen


def equal(param, value):
    """A param has a number as Swift writes it: 0.1 for .1."""
    try:
        return float(param) == float(value)
    except (TypeError, ValueError):
        return param == value


def is_of(run, chosen):
    same = all(equal(run["params"].get(key), value) for key, value in chosen.items())
    return same and run["params"].get("training.precision") == chosen.get("training.precision")


def finished(store, name, chosen):
    """The run of that name if it has finished, with exactly these settings."""
    for run in runs(store):
        if run["name"] == name and run["status"] == "FINISHED":
            if not is_of(run, chosen):
                sys.exit(f"{store} has a run {name} with other settings than {chosen}; take another folder")
            return run
    return None


def train(store, name, recipe, settings):
    """Trains the run, or goes on with it where it stopped, and gives it when it has finished."""
    chosen = wanted(settings)
    if run := finished(store, name, chosen):
        return run
    command = [PROGRAM, "train", "--store", store]
    begun = next((run for run in runs(store) if run["name"] == name and is_of(run, chosen)), None)
    checkpoint = begun and os.path.join(store, "checkpoints", f"{begun['id']}.safetensors")
    if checkpoint and os.path.exists(checkpoint):
        command += ["--resume", begun["id"]]
    else:
        command += [recipe, "--name", name, "--experiment", "precision"]
        for setting in settings:
            command += ["--set", setting]
    status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    if status != 0:
        sys.exit(f"{name} ended with status {status}; call this again to go on")
    return finished(store, name, chosen)


def accuracy(run):
    return 100 * run["metrics"]["test/accuracy"]["last"]


def report(found):
    """A line for each precision: the accuracies, their mean, its distance from f32's."""
    reference = statistics.mean(found["f32"])
    print("precision  mean %   of each seed" + " " * 12 + "from f32, points")
    isAllowed = True
    for precision, values in found.items():
        mean = statistics.mean(values)
        each = " ".join(f"{value:.2f}" for value in values)
        print(f"{precision:9}  {mean:6.3f}  {each:22}  {mean - reference:+.3f}")
        isAllowed = isAllowed and reference - mean <= ALLOWED.get(precision, 0)
    return isAllowed


def main():
    given = arguments()
    store = os.path.join(given.folder, "store")
    os.makedirs(given.folder, exist_ok=True)
    found = {precision: [] for precision in PRECISIONS}
    # Seed by seed: what there is after an interrupt can be compared.
    for seed in given.seeds:
        for precision in PRECISIONS:
            settings = [*given.set, f"training.precision={precision}", f"training.seed={seed}"]
            run = train(store, f"{precision}-seed{seed}", given.recipe, settings)
            found[precision].append(accuracy(run))
            print(f"{run['name']}: {found[precision][-1]:.2f} %", flush=True)
    if not report(found):
        sys.exit("a mean is further below f32's than it may be: " + str(ALLOWED))


if __name__ == "__main__":
    main()
