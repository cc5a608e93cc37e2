#!/usr/bin/env python3
"""Compares Aviary with PyTorch (and onnxruntime) on this machine: first their numbers, then their speed.

    make bench ARGS='--only resnet18-cifar,bert-mini --rounds 5'

Both programs start from the same exported weights and batches, without dropout. Where a loss or a gradient differs by
more than comparison/equality.py allows, no ratio is printed but what differs. Then they are timed in turn, round by
round, each measurement in a process of its own, with dropout and the workload's own learning rate.

The status is 0 where every check held and every program ran. `AVIARY_BENCHMARKS` and `PEER_PYTHON` name other programs.
"""
import argparse
import datetime
import json
import os
import platform
import sys

from comparison import equality, table
from comparison.programs import Aviary, ONNXRuntime, ProgramFailed, Torch, machine_limit, peers

# A peer's configuration stays in the rounds after the first where it was this near to the best.
NEAR_BEST = 1.15


def arguments():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", metavar="NAMES", help="only these workloads, with commas between")
    options.add_argument("--variants", default="", metavar="NAMES", help="only these variants, with commas between")
    options.add_argument("--inference", action="store_true", help="forward passes as well")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--repeats", type=int, default=7, help="steps a round; short ones 20 times as many")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--no-compile", action="store_true", help="leave torch.compile out of the first round")
    options.add_argument("--check-only", action="store_true", help="compare numbers, and time nothing")
    options.add_argument("--folder", default=".bench", help="for exported files and results.json")
    given = options.parse_args()
    if given.rounds < 1 or given.repeats < 1:
        options.error("--rounds and --repeats: at least 1")
    if not 1 <= given.threads <= len(os.sched_getaffinity(0)):
        options.error(f"--threads {given.threads}: this machine has {len(os.sched_getaffinity(0))} processors")
    return given


def filters(given):
    words = [word for flag in ("only", "variants") if (value := getattr(given, flag)) for word in (f"--{flag}", value)]
    return words + ["--inference"] * given.inference


def say(text):
    print(text, file=sys.stderr, flush=True)


class Comparison:
    def __init__(self, given):
        self.given = given
        self.folder = os.path.abspath(given.folder)
        self.exported = os.path.join(self.folder, "exported")
        self.aviary = Aviary(given.threads, os.path.join(self.folder, "cache"))
        self.keys = self.aviary.keys(*filters(given))
        known = set(Torch(given.threads, "nchw").keys("--inference"))
        if strange := [key for key in self.keys if key not in known]:
            raise ProgramFailed(f"the peer knows nothing of {strange}")
        self.peers = {key: peers(key, given.threads, self.exported, not given.no_compile) for key in self.keys}
        self.problems = {}  # what differs or failed, by key
        self.dropped = []  # configurations of a peer that failed beside others that ran
        self.rows = {key: [] for key in self.keys}
        self.limits = []

    def note(self, key, sentences):
        if sentences:
            self.problems.setdefault(key, []).extend(sentences)
            for sentence in sentences:
                say(f"{key.workload} {key.variant}: {sentence}")

    def prepare(self):
        self.choose_kernels()
        self.check()

    def check(self):
        """Compares the numbers of every measurement with PyTorch's, and of forward passes with onnxruntime's too."""
        os.makedirs(self.exported, exist_ok=True)
        self.aviary.export(self.exported, *filters(self.given))
        for key in self.timed_keys():
            try:
                own = self.aviary.check(key, self.exported)
                checked = [self.peers[key][0]]
                for peer in self.peers[key]:
                    if isinstance(peer, ONNXRuntime):
                        peer.export(key)
                        checked.append(peer)
                for peer in checked:
                    self.note(key, equality.differences(own, peer.check(key, self.exported)))
            except ProgramFailed as failure:
                self.note(key, [str(failure)])
            say(f"{key.workload} {key.variant}: {'DIFFERS' if key in self.problems else 'equal'}")

    def timed_keys(self):
        return [key for key in self.keys if key not in self.problems]

    def choose_kernels(self):
        """Times them anew, in processes that are not measured: it takes memory and seconds. What is checked and what is
        timed afterwards runs on these."""
        self.aviary.forget_kernels()
        for key in self.timed_keys():
            try:
                self.aviary.time(key, 1)
            except ProgramFailed as failure:
                self.note(key, [str(failure)])
        say(f"{len(self.aviary.kernels())} kernels are chosen")

    def run_round(self, number):
        self.limits.append(machine_limit(self.given.threads))
        for key in self.timed_keys():
            turns = [self.aviary, *self.peers[key]]
            # Whoever is first in one round is last in the next.
            for program in turns if number % 2 == 0 else reversed(turns):
                self.time(key, program, number)
            if number == 0 and key not in self.problems:
                self.peers[key] = self.near_best(key)

    def time(self, key, program, number):
        try:
            row = program.time(key, self.given.repeats)
        except ProgramFailed as failure:
            self.fail(key, program, str(failure))
            return
        self.rows[key].append((program, row | dict(round=number)))
        say(f"round {number + 1}: {json.dumps(row)}")

    def fail(self, key, program, why):
        """One way of a peer less, or no ratio where it was the last, or Aviary."""
        others = [peer for peer in self.peers[key] if peer != program]
        if program == self.aviary or not others:
            return self.note(key, [why])
        self.peers[key] = others
        self.dropped.append(f"{key.workload} {key.variant}: {program} is left out: {why}")
        say(self.dropped[-1])

    def near_best(self, key):
        found = [(program, row["median_ms"]) for program, row in self.rows[key] if program != self.aviary]
        best = min(milliseconds for _, milliseconds in found)
        near = [program for program, milliseconds in found if milliseconds <= NEAR_BEST * best]
        return [program for program in self.peers[key] if program in near]

    def lines(self):
        work = Torch(self.given.threads, "nchw").work(*filters(self.given))
        for key in self.timed_keys():
            own = [row for program, row in self.rows[key] if program == self.aviary]
            others = [row for program, row in self.rows[key] if program != self.aviary]
            yield table.line(key, own, others, work[key], self.limits)

    def report(self, lines):
        """Prints the table, and writes everything that was measured into results.json."""
        cells = [table.cells(line) for line in lines]
        cells += [table.without_ratio(key, "no ratio: see above") for key in self.keys if key in self.problems]
        print(table.markdown(cells))
        results = dict(
            date=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            processor=processor(), threads=self.given.threads, limits=self.limits, lines=lines,
            problems={" ".join(key): sentences for key, sentences in self.problems.items()},
            dropped=self.dropped, kernels=self.aviary.kernels(),
            rows=[row for found in self.rows.values() for _, row in found])
        path = os.path.join(self.folder, "results.json")
        with open(path, "w") as file:
            json.dump(results, file, indent=1)
        say(f"written: {path}")


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main():
    given = arguments()
    comparison = Comparison(given)
    comparison.prepare()
    if not given.check_only:
        for number in range(given.rounds):
            comparison.run_round(number)
        comparison.report(list(comparison.lines()))
    return 1 if comparison.problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProgramFailed as failure:
        sys.exit(str(failure))
