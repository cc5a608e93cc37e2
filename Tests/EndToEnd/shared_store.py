"""Two trainers, a server, a page and a lister on one store for a minute: `make shared-store`, on a quiet machine.

Prints the steps per second of one trainer alone and of two together, and fails if a point is missing or doubled,
anything reports an error, a point takes longer than two seconds to the disk, the page stands still, or two together
fall below 0.6 of one alone.
"""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from program import PROGRAM, Server, environment, eventually, runs

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPE = ["train", "resnet8-fashion-mnist", "--set", "training.epochs=100"]


def trainer(store, seed):
    return subprocess.Popen(
        [PROGRAM, *RECIPE, "--set", f"training.seed={seed}", "--store", store], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, env=environment())


def steps(store):
    return sum(run["metrics"].get("train/loss", {"step": -1})["step"] + 1 for run in runs(store))


def rate(store, seconds):
    first, begin = steps(store), time.monotonic()
    time.sleep(seconds)
    return (steps(store) - first) / (time.monotonic() - begin)


def stop(processes):
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130 and "error" not in errors, errors


class Watcher(threading.Thread):
    """Does one thing over and over until it is told to stop; what went wrong there is raised by `end`."""

    def __init__(self, turn):
        super().__init__(daemon=True)
        self.turn, self.over, self.failure, self.turns, self.longest = turn, threading.Event(), None, 0, 0.0
        self.start()

    def run(self):
        try:
            while not self.over.is_set():
                begin = time.monotonic()
                self.turn()
                self.turns += 1
                self.longest = max(self.longest, time.monotonic() - begin)
        except BaseException as failure:  # noqa: raised again in the main thread
            self.failure = failure

    def end(self):
        self.over.set()
        self.join()
        if self.failure:
            raise self.failure


class Lag:
    """How long any point was on its way to the disk, seen from outside: up to a look (20 ms) more than it was."""

    def __init__(self, store):
        self.path, self.longest, self.seen, self.database = f"file:{store}/aviary.db?mode=ro", 0.0, {}, None

    def look(self):
        self.database = self.database or sqlite3.connect(self.path, uri=True)
        loss = self.database.execute("SELECT id FROM series WHERE key = 'train/loss'").fetchall()
        for (series,) in loss:
            points = self.database.execute(
                "SELECT step, timestamp FROM point WHERE series = ? AND step > ? ORDER BY step",
                (series, self.seen.get(series, -1))).fetchall()
            if points and series in self.seen:
                self.longest = max(self.longest, time.time() - points[0][1] / 1000)
            if points:
                self.seen[series] = points[-1][0]
        time.sleep(0.02)


def page_is_live(server, run):
    browser = subprocess.run(
        [os.environ.get("BROWSER_PYTHON", sys.executable), os.path.join(HERE, "browser_test.py"),
         "--base", server.base, "--run", run["id"], "--while-training", "30", "--only-live"],
        capture_output=True, text=True, timeout=120)
    assert browser.returncode == 0, browser.stdout + browser.stderr


def check_points(store):
    database = sqlite3.connect(f"file:{store}/aviary.db?mode=ro", uri=True)
    rows = database.execute(
        "SELECT series.key, count(*), count(DISTINCT step), max(step) FROM point "
        "JOIN series ON series.id = point.series WHERE key LIKE 'train/%' GROUP BY series.id").fetchall()
    assert len(rows) == 6 and all(count == distinct == last + 1 for _, count, distinct, last in rows), rows


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "alone")
        one = trainer(store, 0)
        time.sleep(5)
        alone = rate(store, seconds / 2)
        stop([one])

        store = os.path.join(folder, "together")
        both = [trainer(store, 0), trainer(store, 1)]
        eventually(lambda: os.path.exists(f"{store}/aviary.db") and len(runs(store)) == 2 and steps(store) > 20)
        with Server(store) as server:
            def look():
                assert len(runs(store)) == 2 and len(server.json("/api/v1/runs")["runs"]) == 2
                time.sleep(0.1)

            lag = Lag(store)
            lister, clock = Watcher(look), Watcher(lag.look)
            together = rate(store, seconds)
            for run in runs(store):
                page_is_live(server, run)
            lister.end()
            clock.end()
            stop(both)
            assert server.json("/api/v1/runs")["runs"] == runs(store)
        check_points(store)
        print(json.dumps({
            "alone_steps_per_second": round(alone, 2), "together_steps_per_second": round(together, 2),
            "ratio": round(together / alone, 3), "lists": lister.turns,
            "longest_list_seconds": round(lister.longest, 3), "longest_write_seconds": round(lag.longest, 3)}))
        assert together >= 0.6 * alone and lag.longest < 2


if __name__ == "__main__":
    main()
