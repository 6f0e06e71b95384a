#!/bin/sh
# The changelogs of BUILD/snap through the real Liquibase, an old version and a new one, on MySQL and
# MariaDB, and the same plans through the client: on the servers of the surrounding run, else on its own.
# usage: mysql.sh BUILD [PART...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: mysql.sh BUILD [PART...]" >&2; exit 2; }
mkdir -p "$1"
build=$(cd "$1" && pwd)
shift
"$here/setup.sh" "$build"
[ -z "${SNAP_TEST_MYSQL_URL:-}" ] || exec python3 -B "$here/mysql.py" "$build" "$@"
exec "$here/../servers" run --mysql --mariadb python3 -B "$here/mysql.py" "$build" "$@"
