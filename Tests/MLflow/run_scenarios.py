#!/usr/bin/env python3
"""Runs the same scripts with the real MLflow client against MLflow's own server and against Aviary's, and wants the
same output from both.

    AVIARY=.build/release/aviary Tests/MLflow/run_scenarios.py --client .venv-mlflow --server .venv-mlflow

Each module of `scenarios/` meets a fresh store of each server. What they see is compared line by line, after
`normalise.py` put placeholders for ids and times, and less what `differences/` lists. The status is 1 where something
else differs, where a listed difference is none, or where a scenario does not come to its end.
"""
import argparse
import concurrent.futures
import glob
import os
import subprocess
import sys
import tempfile
import time

from comparison import Allowance, compared
from differences import DIFFERENCES
from normalise import Normaliser
from scenarios import FULL_PACKAGE, NAMES
from servers import PROGRAM, AviaryServer, MLflowServers, ServerFailed, environment

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIO_SECONDS = 240


def main():
    given = arguments()
    sides = ["mlflow"] * (not given.aviary_only) + ["aviary"] * (not given.mlflow_only)
    tasks = [(client, name) for client in given.client for name in chosen(given, client)]
    allowance = Allowance(DIFFERENCES)
    good = True
    with MLflowServers(given.server) as mlflow, concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        servers = {"mlflow": mlflow.one, "aviary": AviaryServer}
        # From the last to the first, as the longest stands last.
        pending = [[pool.submit(performed, name, client, servers[side]) for side in sides] for client,
                   name in tasks[::-1]]
        for (client, name), futures in zip(tasks, pending[::-1]):
            performances = {side: future.result() for side, future in zip(sides, futures)}
            keep(performances, os.path.join(given.logs, os.path.basename(client)) if given.logs else None, name)
            good &= judged(name, client, performances, allowance)
    if len(sides) == 2:
        unused = allowance.unused({name for _, name in tasks})
        print(*(f"differences: {line}\n" for line in unused), sep="", end="")
        good &= not unused
    return 0 if good else 1


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", metavar="NAMES", help="only these scenarios, with commas between")
    options.add_argument("--client", action="append", metavar="VENV", help="the environment of a client, several times")
    options.add_argument("--server", default=".venv-mlflow", metavar="VENV", help="the environment of MLflow's server")
    options.add_argument("--jobs", type=int, default=os.cpu_count(), help="scenarios at a time")
    options.add_argument("--logs", metavar="FOLDER", help="keep the normalised logs, as FOLDER/CLIENT/SERVER/NAME.log")
    alone = options.add_mutually_exclusive_group()
    alone.add_argument("--mlflow-only", action="store_true", help="print what MLflow's server gives, compare nothing")
    alone.add_argument("--aviary-only", action="store_true", help="print what Aviary's server gives, compare nothing")
    given = options.parse_args()
    # Absolute, as they are run from other folders; no links followed, as a venv's Python is one.
    given.client = [os.path.abspath(venv) for venv in given.client or [".venv-mlflow"]]
    given.server = os.path.abspath(given.server)
    for venv in given.client + [given.server] * (not given.aviary_only):
        if not os.path.exists(os.path.join(venv, "bin", "python")):
            options.error(f"{venv} is not a Python environment; make mlflow-venvs makes those")
    if not given.mlflow_only and not os.path.exists(PROGRAM):
        options.error(f"{PROGRAM} is not there; make build makes it, AVIARY names another")
    unknown = set(filter(None, given.only.split(","))) - set(NAMES)
    if unknown:
        options.error(f"--only: no scenario {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return given


def chosen(given, client):
    wanted = [name for name in NAMES if not given.only or name in given.only.split(",")]
    if glob.glob(os.path.join(client, "lib", "python*", "site-packages", "sklearn")):
        return wanted
    left_out = [name for name in wanted if name in FULL_PACKAGE]
    if left_out:
        print(f"left out, as {client} has the small client: {', '.join(left_out)}")
    return [name for name in wanted if name not in FULL_PACKAGE]


class Performance:
    """The normalised lines of a scenario on one server, and what went wrong outside of them."""

    def __init__(self, lines, trouble, seconds):
        self.lines = lines
        self.trouble = trouble
        self.seconds = seconds


def performed(name, client, served):
    try:
        with served() as server, tempfile.TemporaryDirectory(prefix="conformance-client-") as folder:
            return played(name, server, client, folder)
    except ServerFailed as failure:
        return Performance([], str(failure), 0)


def played(name, server, client, folder):
    begin = time.monotonic()
    log = os.path.join(folder, "log.txt")
    process = subprocess.Popen(
        [os.path.join(client, "bin", "python"), os.path.join(HERE, "perform.py"), name, log],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, cwd=folder,
        env=client_environment(server, folder))
    try:
        said, _ = process.communicate(timeout=SCENARIO_SECONDS)
        trouble = f"the client ended with status {process.returncode}:\n{said[-4000:]}" if process.returncode else ""
    except subprocess.TimeoutExpired:
        process.kill()
        trouble = f"the client was stopped after {SCENARIO_SECONDS} s:\n{process.communicate()[0][-4000:]}"
    return Performance(normalised(log, server, client, folder), trouble, time.monotonic() - begin)


def client_environment(server, folder):
    # A retry is for a connection that was closed, and does not wait; hashes are fixed as messages show their order.
    return environment(
        MLFLOW_TRACKING_URI=server.base, MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true",
        MLFLOW_HTTP_REQUEST_MAX_RETRIES="2", MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR="0",
        MLFLOW_HTTP_REQUEST_BACKOFF_JITTER="0", MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT="true", LOGNAME="conformance",
        HOME=folder, TMPDIR=folder, TZ="UTC",
        PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", GIT_PYTHON_REFRESH="quiet", MPLBACKEND="agg")


def normalised(log, server, client, folder):
    if not os.path.exists(log):
        return []
    literals = {
        server.base: "<server>", f"port={server.port}": "port=<port>", server.folder: "<server's folder>",
        folder: "<client's folder>", HERE: "<scenarios>",
        client: "<client's environment>"}
    with open(log, encoding="utf-8") as file:
        return Normaliser(literals, now=time.time() * 1000).lines(file.read())


def keep(performances, folder, name):
    for side, performance in performances.items() if folder else []:
        os.makedirs(os.path.join(folder, side), exist_ok=True)
        with open(os.path.join(folder, side, f"{name}.log"), "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in performance.lines)


def judged(name, client, performances, allowance):
    """Prints what is to be said about a scenario, and gives whether it is as it should be."""
    title = f"{name} with {os.path.basename(client)}"
    for side, performance in performances.items():
        if performance.trouble:
            print(f"{title}: on {side}: {performance.trouble}")
    sound = not any(performance.trouble for performance in performances.values())
    if len(performances) == 1:
        [performance] = performances.values()
        print(f"{title}: {len(performance.lines)} lines in {performance.seconds:.1f} s", file=sys.stderr)
        print(*performance.lines, sep="\n", flush=True)
        return sound and bool(performance.lines)
    mlflow, aviary = performances["mlflow"], performances["aviary"]
    difference = compared(name, mlflow.lines, aviary.lines, allowance)
    verdict = f"{len(difference) - 2} lines differ" if difference else f"{len(mlflow.lines)} lines agree"
    print(f"{title}: {verdict} ({mlflow.seconds:.1f} s on MLflow's server, {aviary.seconds:.1f} s on Aviary's)")
    print(*(f"{line}\n" for line in difference), sep="", end="", flush=True)
    return sound and bool(mlflow.lines) and not difference


if __name__ == "__main__":
    sys.exit(main())
