#!/bin/sh
# Every pair of golden/mysql on MariaDB 11.8, what a role sees there, and one schema on it and on Debian's
# MariaDB; counts at the end.
# usage: mysql_versions.sh SNAP
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ -n "${SNAP_TEST_MARIADB_NEW_URL:-}" ] || exec "$here/../servers" run --mariadb --mariadb-11.8 "$0" "$@"
failed=0
run() {
    "$@" || failed=$((failed + 1))
}
run "$here/mysql.py" "$1" "$here/../../golden/mysql" --server "$SNAP_TEST_MARIADB_NEW_URL"
run "$here/mysql_visible.py" "$1" --server "$SNAP_TEST_MARIADB_NEW_URL"
run "$here/mysql_same.py" "$1" "$SNAP_TEST_MARIADB_URL" "$SNAP_TEST_MARIADB_NEW_URL"
printf '%d runs failed\n' $failed
[ $failed -eq 0 ]
