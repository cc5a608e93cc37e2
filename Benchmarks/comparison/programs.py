"""Runs the programs that are compared, each measurement in a process of its own."""
import collections
import dataclasses
import glob
import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "..", "peers")
AVIARY = os.environ.get("AVIARY_BENCHMARKS", os.path.join(HERE, "../../.build-bench/release/aviary-benchmarks"))
PEER_PYTHON = os.environ.get("PEER_PYTHON", os.path.join(HERE, "../../.venv-peer/bin/python"))

# Rows of both programs belong together by this.
Key = collections.namedtuple("Key", "workload variant kind")


def key(row):
    return Key(row["workload"], row["variant"], row["kind"])


class ProgramFailed(Exception):
    pass


def rows(command, threads, **variables):
    """The JSON lines that a command prints."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), **variables)
    # Set on some machines for the sake of another program; each library chooses its kernels by itself here.
    environment.pop("OPENBLAS_CORETYPE", None)
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    except FileNotFoundError as problem:
        raise ProgramFailed(f"{command[0]} is not there; make bench makes it") from problem
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise ProgramFailed(f"status {done.returncode} of {' '.join(command)}\n{last}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def row(command, threads, **variables):
    found = rows(command, threads, **variables)
    if len(found) != 1:
        raise ProgramFailed(f"{len(found)} rows, not one, of {' '.join(command)}")
    return found[0]


def selection(key):
    words = ["--only", key.workload, "--variants", key.variant]
    return words + ["--inference"] * (key.kind == "infer")


@dataclasses.dataclass(frozen=True)
class Aviary:
    """Aviary, which keeps its choices of kernels in a folder of the comparison's own."""

    threads: int
    cache: str

    def command(self, *arguments):
        return [AVIARY, "--threads", str(self.threads), *arguments]

    def keys(self, *filters):
        return [key(found) for found in self.rows("--list", *filters)]

    def export(self, folder, *filters):
        self.rows("--export", folder, *filters)

    def check(self, key, folder):
        return self.row("--check", folder, *selection(key))

    def time(self, key, repeats):
        return self.row("--repeats", str(repeats), *selection(key))

    def rows(self, *arguments):
        return rows(self.command(*arguments), self.threads, XDG_CACHE_HOME=self.cache)

    def row(self, *arguments):
        return row(self.command(*arguments), self.threads, XDG_CACHE_HOME=self.cache)

    def forget_kernels(self):
        folder = os.path.join(self.cache, "aviary")
        if os.path.exists(folder):
            shutil.rmtree(folder)

    def kernels(self):
        """What was chosen, a line for each question."""
        lines = []
        for path in glob.glob(os.path.join(self.cache, "aviary/kernels/*.tsv")):
            with open(path) as file:
                lines += file.read().splitlines()
        return lines


def peer_command(script, *arguments):
    return [PEER_PYTHON, os.path.join(PEERS, script), *arguments]


@dataclasses.dataclass(frozen=True)
class Torch:
    """PyTorch in one layout, eager or compiled."""

    threads: int
    layout: str
    is_compiled: bool = False

    def command(self, *arguments):
        words = ["--threads", str(self.threads), "--layouts", self.layout]
        return peer_command("torch_peer.py", *words, *["--compile"] * self.is_compiled, *arguments)

    def keys(self, *filters):
        return [key(found) for found in rows(self.command("--list", *filters), self.threads)]

    def work(self, *filters):
        return {key(found): found for found in rows(self.command("--work", *filters), self.threads)}

    def check(self, key, folder):
        return row(self.command("--check", folder, *selection(key)), self.threads)

    def time(self, key, repeats):
        return row(self.command("--repeats", str(repeats), *selection(key)), self.threads)


@dataclasses.dataclass(frozen=True)
class ONNXRuntime:
    """onnxruntime on what PyTorch exported."""

    threads: int
    folder: str

    def command(self, key, *arguments):
        words = [self.folder, "--threads", str(self.threads), "--only", key.workload, "--variants", key.variant]
        return peer_command("onnx_peer.py", *words, *arguments)

    def export(self, key):
        rows(self.command(key, "--export"), self.threads)

    def check(self, key, folder):
        return row(self.command(key, "--check"), self.threads)

    def time(self, key, repeats):
        return row(self.command(key, "--repeats", str(repeats)), self.threads)


def machine_limit(threads):
    return row(peer_command("machine_limit.py", "--threads", str(threads)), threads)


def peers(key, threads, folder, compiles):
    """Every way in which a measurement is made by others; the first is the one whose numbers are checked."""
    is_image = key.workload.startswith("resnet")
    layouts = ["nchw", "nhwc"] if is_image else ["plain"]
    found = [Torch(threads, layout) for layout in layouts]
    if compiles:
        found += [Torch(threads, layout, is_compiled=True) for layout in layouts]
    if key.kind == "infer" and key.variant.startswith("f32"):
        found.append(ONNXRuntime(threads, folder))
    return found
