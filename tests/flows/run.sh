#!/bin/sh
# The three flows of the guide as a user types them: a look at two environments, the nightly drift line
# of a crontab, and a hand-made change that becomes a changelog, is merged by yq and run by the real
# Liquibase. Counts in the last line.
# usage: run.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || { echo "usage: run.sh BUILD" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
"$here/../liquibase/setup.sh" "$build"
"$here/yq.sh" "$build"
exec python3 -B "$here/main.py" "$build"
