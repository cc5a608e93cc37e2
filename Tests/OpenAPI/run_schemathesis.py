#!/usr/bin/env python3
"""Runs schemathesis against `aviary serve` on a store of its own: a server error, an answer that is not as
`web/api/openapi.json` says, and wrong input that is taken are failures.

    AVIARY=.build/release/aviary Tests/OpenAPI/run_schemathesis.py .venv-openapi

What stands behind the environment goes to schemathesis, as `--seed 7` or `--include-path /api/v1/runs`.
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../EndToEnd"))
from program import Server, environment  # noqa: E402
from seed import Seeds  # noqa: E402


def main():
    venv, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, Server(os.path.join(folder, "store")) as server:
        seeds = Seeds(server.base)
        shutil.copy(os.path.join(HERE, "schemathesis.toml"), folder)
        for name, values in [("runs", seeds.runs), ("logged-models", seeds.models)]:
            with open(os.path.join(folder, f"{name}.txt"), "w", encoding="utf-8") as file:
                file.write("".join(f'"{value}"\n' for value in values))
        done = subprocess.run(
            [os.path.abspath(os.path.join(venv, "bin", "schemathesis")), "run",
             f"{server.base}/api/v1/openapi.json", "--url", server.base, *options],
            cwd=folder, env=environment(SCHEMATHESIS_HOOKS=os.path.join(HERE, "hooks.py")))
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
