#!/bin/sh
# Changelogs put behind master changelogs of every style, by snap and by yq, and run by the real
# Liquibase on SQLite. Counts in the last line.
# usage: append.sh BUILD [--every]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: append.sh BUILD [--every]" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
shift
"$here/../liquibase/setup.sh" "$build"
"$here/yq.sh" "$build"
exec python3 -B "$here/append.py" "$build" "$@"
