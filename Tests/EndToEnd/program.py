"""Runs the real program for the end-to-end tests."""
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.request

PROGRAM = os.environ.get("AVIARY", os.path.join(os.path.dirname(__file__), "../../.build/release/aviary"))
PROGRAM = os.path.abspath(PROGRAM)


# Kernels that were chosen beside other programs are nobody's: the choices of all tests go into a cache of their own.
CACHE = tempfile.TemporaryDirectory()


def environment(**changes):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVIARY", "MLFLOW"))}
    return clean | {"XDG_CACHE_HOME": CACHE.name} | changes


def aviary(*arguments, status=0, cwd=None, seconds=600, **changes):
    """Runs a command to its end and gives (standard output, standard error)."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=seconds, cwd=cwd,
        env=environment(**changes))
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stderr}"
    return done.stdout, done.stderr


def complaint(*arguments, **changes):
    """The one line with which a command is refused."""
    output, errors = aviary(*arguments, status=1, seconds=120, **changes)
    assert output == "" and errors.startswith("error: ") and errors.count("\n") == 1, f"{arguments}: {output}{errors}"
    return errors.strip()


def started(*arguments, cwd=None, **changes):
    # Tests that run under nohup hand down a hang-up that is ignored, and the program would rightly go on.
    return subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
        env=environment(**changes), preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))


def runs(store):
    return json.loads(aviary("runs", "list", "--json", "--store", store)[0])


def asked(store, sql, *values):
    """What SQLite itself finds in a store's file."""
    database = sqlite3.connect(f"file:{store}/aviary.db?mode=ro", uri=True)
    try:
        return database.execute(sql, values).fetchall()
    finally:
        database.close()


def recorded_steps(store, run):
    """The steps of each series of a run, in order, as they stand in the store."""
    found = {}
    for key, step in asked(
            store, "SELECT series.key, point.step FROM point JOIN series ON series.id = point.series "
            "JOIN run ON run.id = series.run WHERE run.uuid = ? ORDER BY point.step", run):
        found.setdefault(key, []).append(step)
    return found


def eventually(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"did not come true within {seconds} s")


@contextlib.contextmanager
def damaged_checkpoint(store, run, damage):
    """For a while, a run's checkpoint is one whose header went through `damage`."""
    path = os.path.join(store, "checkpoints", f"{run}.safetensors")
    with open(path, "rb") as file:
        whole = file.read()
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8:8 + length])
    damage(header)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + whole[8 + length:])
    try:
        yield
    finally:
        with open(path, "wb") as file:
            file.write(whole)


class FolderTests(unittest.TestCase):
    """Tests with a folder of their own, and the name of a store in it that is not there yet."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.store = folder.name, os.path.join(folder.name, "store")


class Server:
    """`aviary serve` on a free port, stopped at the end of a `with` block."""

    def __init__(self, store, *arguments):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", "--store", str(store), *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=environment())

    def __enter__(self):
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.base = found.group()
                return self
        raise AssertionError("the server did not name its address")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=20) as answer:
            return answer.read()

    def json(self, path, body=None):
        request = urllib.request.Request(self.base + path)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def put(self, path, content):
        request = urllib.request.Request(self.base + path, data=content, method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()
