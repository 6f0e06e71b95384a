#!/bin/sh
# snap's main job on the shop: what differs, the changelog with its proof, the changelog applied and
# taken back. $1: snap, $2: a folder to work in.
set -eu
snap=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
examples=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
cd "$2"
rm -f prod.db dev.db diff.yaml up.sql down.sql
say() { printf '\n$ %s\n' "$*"; }

sqlite3 prod.db < "$examples/shop/prod.sql"
sqlite3 prod.db < "$examples/shop/rows.sql"
sqlite3 dev.db < "$examples/shop/dev.sql"

say snap diff prod.db dev.db
"$snap" diff prod.db dev.db --color always --no-pager || [ $? -eq 1 ]

say snap changelog prod.db dev.db -o diff.yaml --author demo
"$snap" changelog prod.db dev.db -o diff.yaml --author demo

say cat diff.yaml
cat diff.yaml

say snap verify diff.yaml --from prod.db --to dev.db
"$snap" verify diff.yaml --from prod.db --to dev.db

say 'snap changelog prod.db dev.db -o up.sql --rollback-output down.sql; sqlite3 prod.db < up.sql'
"$snap" changelog prod.db dev.db -o up.sql --rollback-output down.sql
sqlite3 prod.db < up.sql
"$snap" diff prod.db dev.db
printf '%s orders are still there\n' "$(sqlite3 prod.db 'SELECT count(*) FROM orders')"
