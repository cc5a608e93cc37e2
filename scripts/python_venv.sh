#!/usr/bin/env bash
# Makes a Python environment of what a file of requirements pins, and makes it anew when the file changes:
#   scripts/python_venv.sh DIR REQUIREMENTS
set -euo pipefail
venv=${1:?usage: python_venv.sh DIR REQUIREMENTS}
requirements=${2:?usage: python_venv.sh DIR REQUIREMENTS}
cmp -s "$requirements" "$venv/requirements.txt" && exit 0

rm -rf "$venv"
python3 -m venv "$venv"
if ! "$venv/bin/pip" install -q -r "$requirements"; then
    # PyPI has no build of PyTorch that is marked as for the CPU; the plain one computes the same there.
    grep -q '^torch==.*+cpu' "$requirements" || exit 1
    echo "aviary: no index here offers a '+cpu' build; taking plain torch" >&2
    sed 's/^\(torch==.*\)+cpu/\1/' "$requirements" >"$venv/plain.txt"
    "$venv/bin/pip" install -q -r "$venv/plain.txt"
fi
cp "$requirements" "$venv/requirements.txt"
