#!/usr/bin/env bash
# Makes the environment that drives a real browser: Playwright from PyPI with the system's Chromium.
set -euo pipefail
venv=${1:?usage: browser_venv.sh DIR}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import playwright' 2>/dev/null || "$venv/bin/pip" install -q 'playwright==1.65.2'
