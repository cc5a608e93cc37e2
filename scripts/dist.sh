#!/usr/bin/env bash
# Packs an installed tree into dist/aviary-VERSION-linux-ARCH.tar.gz, with its SHA-256 beside it; `make dist` calls it.
# The same tree gives the same bytes: names sorted, one owner, the time of the last commit.
#   scripts/dist.sh STAGE
set -euo pipefail
stage=${1:?usage: dist.sh STAGE}
program=$stage/bin/aviary

if ldd "$program" | grep -E 'not found|libswift|libFoundation' >&2; then
    echo "aviary: the program needs the libraries above, which a machine without Swift does not have" >&2
    exit 1
fi
version=$("$program" --version)
strip -o "$program.stripped" "$program"
if [ "$("$program.stripped" --version)" != "$version" ]; then
    echo "aviary: the stripped program does not run" >&2
    exit 1
fi
mv "$program.stripped" "$program"
weights=$(env -u AVIARY_ZOO "$program" zoo verify)
if grep -vF "$(realpath "$stage")/share/aviary/zoo/" <<<"$weights" >&2; then
    echo "aviary: the weights above are not those beside the program" >&2
    exit 1
fi

name=aviary-$version-linux-$(uname -m)
cp LICENSE README.md "$stage"
rm -rf "dist/$name"
mv "$stage" "dist/$name"
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
tar --create --directory dist --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$time" \
    --mode='u=rwX,go=rX' "$name" | gzip --best --no-name >"dist/$name.tar.gz"
rm -rf "dist/$name"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
du -h "dist/$name.tar.gz"
