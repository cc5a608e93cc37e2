"""Runs the real program for the end-to-end tests."""
import json
import os
import re
import signal
import subprocess
import time
import urllib.request

PROGRAM = os.environ.get("AVIARY", os.path.join(os.path.dirname(__file__), "../../.build/release/aviary"))
PROGRAM = os.path.abspath(PROGRAM)


def environment(**changes):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVIARY", "MLFLOW"))}
    return clean | changes


def aviary(*arguments, status=0, cwd=None, **changes):
    """Runs a command to its end and gives (standard output, standard error)."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=600, cwd=cwd,
        env=environment(**changes))
    assert done.returncode == status, f"{arguments}: status {done.returncode}, expected {status}\n{done.stderr}"
    return done.stdout, done.stderr


def started(*arguments, cwd=None):
    return subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
        env=environment())


def runs(store):
    return json.loads(aviary("runs", "list", "--json", "--store", store)[0])


def eventually(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"did not come true within {seconds} s")


class Server:
    """`aviary serve` on a free port, stopped at the end of a `with` block."""

    def __init__(self, store):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", "--store", str(store)], stdout=subprocess.PIPE,
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
