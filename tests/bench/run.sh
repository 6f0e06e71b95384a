#!/bin/sh
# make bench: time and memory of snap beside its peers, as ratios within one run. $1: build folder.
set -eu
build=$1
mkdir -p "$build/bench"
cc -O2 -o "$build/bench/empty" tests/bench/empty.c -Wl,--no-as-needed \
    $(pkg-config --cflags --libs sqlite3 libpq libmariadb jansson yaml-0.1 libxxhash nettle)
python3 tests/bench/bench.py "$build/snap" "$build/bench"
python3 tests/bench/mongodb.py "$build/snap" "$build/bench/empty" "$build/bench"
make --no-print-directory MODE=release "$build/release/tests/tools/history"
tests/servers run python3 tests/bench/history.py "$build/release/tests/tools/history" "$build/snap" "$build/bench"
tests/servers run python3 tests/bench/postgresql.py "$build/snap" "$build/bench/empty" "$build/bench"
exec tests/servers run --mysql --mariadb python3 tests/bench/mysql.py "$build/snap" "$build/bench/empty" "$build/bench"
