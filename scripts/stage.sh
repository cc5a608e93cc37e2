#!/usr/bin/env bash
# Runs one stage of `make test` and prints its seconds:  scripts/stage.sh NAME COMMAND…
name=$1; shift
start=$SECONDS
echo "== $name"
"$@"
status=$?
echo "== $name: $((SECONDS - start)) s"
exit $status
