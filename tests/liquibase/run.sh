#!/bin/sh
# The changelogs of BUILD/snap through the real Liquibase, an old version and a new one, on SQLite
# (PART: main.py) and on a PostgreSQL of its own. Needs a JDK,
# Maven and python3; the first run fetches the jars (setup.sh). Counts in the last line.
# On MySQL and MariaDB: mysql.sh.
# usage: run.sh BUILD [PART...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: run.sh BUILD [PART...]" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
shift
"$here/setup.sh" "$build"
python3 -B "$here/main.py" "$build" "$@"
[ $# -eq 0 ] || exit 0
# that of the surrounding run, else one of its own
[ -z "${SNAP_TEST_POSTGRESQL_URL:-}" ] || exec python3 -B "$here/postgresql.py" "$build"
exec "$here/../servers" run python3 -B "$here/postgresql.py" "$build"
