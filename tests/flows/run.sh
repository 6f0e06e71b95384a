#!/bin/sh
# The three flows of the guide as a user types them: a look at two environments, the nightly drift line
# of a crontab, and a hand-made change that becomes a changelog, is merged by yq and run by the real
# Liquibase; and a delivery pipeline on the servers of the surrounding run. Counts in the last line.
# usage: run.sh BUILD [--engine NAME,...] [PART...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: run.sh BUILD [--engine NAME,...] [PART...]" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
shift
"$here/../liquibase/setup.sh" "$build"
"$here/yq.sh" "$build"
exec python3 -B "$here/main.py" "$build" "$@"
