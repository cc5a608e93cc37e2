"""Starts MLflow's own server and Aviary's on fresh stores, and stops them."""
import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../EndToEnd"))
from program import PROGRAM, environment  # noqa: E402

# On a machine with other work, MLflow alone imports for minutes.
START_SECONDS = 300
STOP_SECONDS = 20


class ServerFailed(Exception):
    """A server did not come up; the message has what it said."""


class Server:
    """A server in a temporary folder and a process group of its own, for the time of a `with` block."""

    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix=f"conformance-{self.name}-")
        self.folder = self.temporary.name
        self.base = f"http://127.0.0.1:{free_port()}"
        self.output = os.path.join(self.folder, "output.txt")
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                self.command(), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=self.folder,
                env=self.environment(), start_new_session=True)
        try:
            self.wait_until_healthy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # The group: MLflow's command is a parent of the processes that serve.
        self.signal_group(signal.SIGTERM)
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self.signal_group(signal.SIGKILL)
        self.process.wait(timeout=STOP_SECONDS)
        self.temporary.cleanup()

    def signal_group(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def wait_until_healthy(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ServerFailed(f"{self.name} ended with status {self.process.returncode}:\n{self.said()}")
            try:
                with urllib.request.urlopen(f"{self.base}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise ServerFailed(f"{self.name} did not answer /health within {START_SECONDS} s:\n{self.said()}")

    def said(self):
        with open(self.output, encoding="utf-8", errors="replace") as output:
            return output.read()[-4000:]

    @property
    def port(self):
        return self.base.rpartition(":")[2]


class MLflowServer(Server):
    name = "mlflow"

    def __init__(self, venv):
        self.venv = venv

    def command(self):
        return [
            os.path.join(self.venv, "bin", "mlflow"), "server", "--host", "127.0.0.1", "--port", self.port,
            "--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db", "--serve-artifacts",
            "--artifacts-destination", os.path.join(self.folder, "artifacts"), "--workers", "1"]

    def __enter__(self):
        super().__enter__()
        self.copy("mlflow.db", "empty.db")
        return self

    def renew(self):
        """Gives the running server the store that it began with: it takes many seconds of computing to start."""
        self.copy("empty.db", "mlflow.db")
        shutil.rmtree(os.path.join(self.folder, "artifacts"), ignore_errors=True)

    def copy(self, source, target):
        # SQLite's own copy holds its locks, so that the server meets either the old or the new.
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder, source))) as whole, \
                contextlib.closing(sqlite3.connect(os.path.join(self.folder, target))) as copy:
            whole.backup(copy)

    def environment(self):
        # Job execution starts further processes, which no scenario needs.
        return environment(
            PATH=os.path.join(self.venv, "bin") + os.pathsep + os.environ["PATH"], HOME=self.folder, TZ="UTC",
            MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")


class AviaryServer(Server):
    name = "aviary"

    def command(self):
        return [PROGRAM, "serve", "--port", self.port, "--store", os.path.join(self.folder, "store")]

    def environment(self):
        return environment(HOME=self.folder, TZ="UTC")


class MLflowServers:
    """Several of MLflow's own, as many as scenarios run at a time; each scenario meets an empty store."""

    def __init__(self, venv):
        self.venv = venv
        self.running = contextlib.ExitStack()
        self.idle = []

    @contextlib.contextmanager
    def one(self):
        try:
            server = self.idle.pop()
        except IndexError:  # asking first whether there is one would race with another thread
            server = self.running.enter_context(MLflowServer(self.venv))
        server.renew()
        yield server
        self.idle.append(server)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
