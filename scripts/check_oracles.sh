#!/usr/bin/env bash
# Lets every oracle write its fixtures anew, in a copy, and compares them with the committed ones (compare_fixtures.py).
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$(realpath -m "${1:?usage: check_oracles.sh DIR, the environment of the oracles; made where it is not there}")
[ -x "$venv/bin/python" ] || Tests/Oracles/make_oracle_venv.sh "$venv"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r Tests "$copy/Tests"
# What no script writes any more must be missed, hence the copy begins without.
grep -rlZ --include='*.json' '"script": "Tests/Oracles/' "$copy/Tests" | xargs -0 rm -f

failed=0
for script in "$copy"/Tests/Oracles/*.py; do
    name=$(basename "$script")
    [ "$name" = fixture.py ] && continue
    if ! (cd "$copy/Tests/Oracles" && "$venv/bin/python" "$name") >"$copy/log" 2>&1; then
        echo "Tests/Oracles/$name failed:"
        cat "$copy/log"
        failed=1
    fi
done
for folder in Tests/*/Fixtures; do
    scripts/compare_fixtures.py "$folder" "$copy/$folder" || failed=1
done
[ $failed = 0 ] && echo "every fixture is what its script writes, but for last digits"
exit $failed
