#!/usr/bin/env bash
# Installs the Debian packages that a task needs, only those missing.
#   scripts/setup.sh build|python|test|bench
set -euo pipefail
build=(libsqlite3-dev libdnnl-dev libopenblas-openmp-dev libcurl4-openssl-dev zlib1g-dev libturbojpeg0-dev libpng-dev
    dataset-fashion-mnist)
python=(python3-venv)
test=(nodejs node-typescript chromium curl)
bench=(g++ python3-dev)  # torch.compile writes C++ against Python.h
case "${1:-}" in
build) wanted=("${build[@]}") ;;
python) wanted=("${build[@]}" "${python[@]}") ;;
test) wanted=("${build[@]}" "${python[@]}" "${test[@]}") ;;
bench) wanted=("${build[@]}" "${python[@]}" "${bench[@]}") ;;
*) echo "usage: scripts/setup.sh build|python|test|bench" >&2; exit 64 ;;
esac

if ! command -v swift >/dev/null; then
    echo "aviary: no 'swift' on the PATH; install Swift 6.3 or newer from swift.org first" >&2
    exit 1
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "aviary: installing ${missing[*]}" >&2
as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "aviary: these Debian packages are missing and only root may install them:" >&2
        echo "    apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
