"""Two trainers, a server and a lister on one store for a minute: `make shared-store`, on a quiet machine.

Prints the steps per second of one trainer alone and of two together, and fails if a point is missing or doubled,
anything reports an error, or two together fall below 0.6 of one alone.
"""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from program import PROGRAM, Server, environment, runs

RECIPE = ["train", "resnet8-fashion-mnist", "--set", "training.epochs=100"]


def trainer(store, seed):
    return subprocess.Popen(
        [PROGRAM, *RECIPE, "--set", f"training.seed={seed}", "--store", store], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, env=environment())


def steps(store):
    return sum(run["metrics"].get("train/loss", {"step": -1})["step"] + 1 for run in runs(store))


def rate(store, seconds, between=lambda: None):
    first, begin = steps(store), time.monotonic()
    while time.monotonic() < begin + seconds:
        between()
    return (steps(store) - first) / (time.monotonic() - begin)


def stop(processes):
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130 and "error" not in errors, errors


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "alone")
        one = trainer(store, 0)
        time.sleep(5)
        alone = rate(store, seconds / 2, lambda: time.sleep(0.5))
        stop([one])

        store = os.path.join(folder, "together")
        both = [trainer(store, 0), trainer(store, 1)]
        time.sleep(5)
        with Server(store) as server:
            longest = 0.0

            def look():
                nonlocal longest
                begin = time.monotonic()
                listed = runs(store)
                longest = max(longest, time.monotonic() - begin)
                assert len(listed) == 2 and len(server.json("/api/v1/runs")["runs"]) == 2
                time.sleep(0.5)

            together = rate(store, seconds, look)
            stop(both)
            assert server.json("/api/v1/runs")["runs"] == runs(store)
        database = sqlite3.connect(f"file:{store}/aviary.db?mode=ro", uri=True)
        rows = database.execute(
            "SELECT series.key, count(*), count(DISTINCT step), max(step) FROM point "
            "JOIN series ON series.id = point.series WHERE key LIKE 'train/%' GROUP BY series.id").fetchall()
        assert len(rows) == 6 and all(count == distinct == last + 1 for _, count, distinct, last in rows), rows
        print(json.dumps({
            "alone_steps_per_second": round(alone, 2), "together_steps_per_second": round(together, 2),
            "ratio": round(together / alone, 3), "longest_list_seconds": round(longest, 3)}))
        assert together >= 0.6 * alone


if __name__ == "__main__":
    main()
