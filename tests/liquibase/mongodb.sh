#!/bin/sh
# The changelogs of BUILD/snap through the real Liquibase with its extension for MongoDB: on the server of the
# surrounding run, else on its own.
# usage: mongodb.sh BUILD [PART...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: mongodb.sh BUILD [PART...]" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
shift
"$here/setup.sh" "$build" mongodb
[ -z "${SNAP_TEST_MONGODB_URL:-}" ] || exec python3 -B "$here/mongodb.py" "$build" "$@"
exec "$here/../servers" run --mongodb python3 -B "$here/mongodb.py" "$build" "$@"
