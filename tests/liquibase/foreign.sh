#!/bin/sh
# Products that snap knows through Liquibase snapshots only: see foreign.py. Needs a JDK and Maven.
# usage: foreign.sh BUILD [--accept]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/setup.sh" "$1"
"$here/setup.sh" "$1" memory
exec python3 -B "$here/foreign.py" "$@"
