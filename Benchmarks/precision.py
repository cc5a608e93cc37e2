#!/usr/bin/env python3
"""Compares what two recipes reach in numbers of two bytes with what they reach in f32, over a few seeds.

    Benchmarks/precision.py FOLDER [--only resnet8|encoder] [--seeds 0 1 2] [--set KEY=VALUE …]

resnet8 is a convolutional network in f32, bf16 and f16, encoder a transformer's encoder of BERT-tiny's size in f32 and
bf16, both on Fashion-MNIST. Trains each precision with each seed into the store FOLDER/store, one after the other, and
prints the accuracies on the 10,000 test images, their means, and how far each mean is from that of f32. Runs that have
finished are not made again, and one that was interrupted goes on: call it again after Ctrl-C. `AVIARY` names the
program, .build/release/aviary unless given.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("AVIARY", os.path.join(HERE, "../.build/release/aviary"))


class Comparison(NamedTuple):
    recipe: str
    # Of its runs, before precision and seed.
    prefix: str
    # How far the mean of each precision may be below that of f32, in points.
    allowed: dict


COMPARISONS = {
    "resnet8": Comparison("resnet8-fashion-mnist", "", {"bf16": 0.3, "f16": 0.5}),
    "encoder": Comparison("patch-encoder-fashion-mnist", "encoder-", {"bf16": 0.4}),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--only", choices=COMPARISONS, help="one of the two; both unless given")
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


def is_of(run, recipe, chosen):
    same = all(equal(run["params"].get(key), value) for key, value in chosen.items())
    isSame = same and run["params"].get("training.precision") == chosen.get("training.precision")
    return isSame and run["tags"].get("aviary.recipe") == recipe


def finished(store, name, recipe, chosen):
    """The run of that name if it has finished, of this recipe with exactly these settings."""
    for run in runs(store):
        if run["name"] == name and run["status"] == "FINISHED":
            if not is_of(run, recipe, chosen):
                sys.exit(f"{store} has a run {name} that is not {recipe} with {chosen}; take another folder")
            return run
    return None


def train(store, name, recipe, settings):
    """Trains the run, or goes on with it where it stopped, and gives it when it has finished."""
    chosen = wanted(settings)
    if run := finished(store, name, recipe, chosen):
        return run
    command = [PROGRAM, "train", "--store", store]
    begun = next((run for run in runs(store) if run["name"] == name and is_of(run, recipe, chosen)), None)
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
    return finished(store, name, recipe, chosen)


def accuracy(run):
    return 100 * run["metrics"]["test/accuracy"]["last"]


def report(comparison, found):
    """A line for each precision: the accuracies, their mean, its distance from f32's. Whether all are allowed."""
    reference = statistics.mean(found["f32"])
    print(comparison.recipe)
    print("precision  mean %   of each seed" + " " * 12 + "from f32, points")
    isAllowed = True
    for precision, values in found.items():
        mean = statistics.mean(values)
        each = " ".join(f"{value:.2f}" for value in values)
        print(f"{precision:9}  {mean:6.3f}  {each:22}  {mean - reference:+.3f}")
        isAllowed = isAllowed and reference - mean <= comparison.allowed.get(precision, 0)
    return isAllowed


def accuracies(comparison, store, seeds, settings):
    """What each precision reaches, seed by seed: what there is after an interrupt can be compared."""
    found = {precision: [] for precision in ("f32", *comparison.allowed)}
    for seed in seeds:
        for precision in found:
            own = [*settings, f"training.precision={precision}", f"training.seed={seed}"]
            run = train(store, f"{comparison.prefix}{precision}-seed{seed}", comparison.recipe, own)
            found[precision].append(accuracy(run))
            print(f"{run['name']}: {found[precision][-1]:.2f} %", flush=True)
    return found


def main():
    given = arguments()
    store = os.path.join(given.folder, "store")
    os.makedirs(given.folder, exist_ok=True)
    missed = []
    for comparison in [COMPARISONS[given.only]] if given.only else COMPARISONS.values():
        found = accuracies(comparison, store, given.seeds, given.set)
        if not report(comparison, found):
            missed.append(f"{comparison.recipe}: a mean is further below f32's than it may be: {comparison.allowed}")
    if missed:
        sys.exit("\n".join(missed))


if __name__ == "__main__":
    main()
