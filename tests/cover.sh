#!/bin/sh
# Coverage of lines by the unit tests, the golden cases and the tests of files, input and servers. Lines that end
# in /* uncovered: why */ are exceptions: counted and printed. Those of PostgreSQL run beside the others: what
# each counts is added up. $1: build folder.
set -u
build=$1
out=$build/cover
make --no-print-directory MODE=cover "$out/snap" unit-programs || exit 1
find "$out" -name '*.gcda' -delete
live() {
    tests/live/postgresql.py "$out/snap" golden/postgresql || return 1
    for t in usage scripts locks wrong; do tests/live/postgresql_$t.py "$out/snap" || return 1; done
}
# What the background runs has SIGINT ignored: only what asks for it back may stand there.
live > "$build/cover-live.log" 2>&1 &
live=$!
good=true
sh tests/run_unit.sh "$out/tests/unit" || good=false
tests/golden.py "$out/snap" golden || good=false
for t in sqlite_files wrong_input usage cli outputs sources; do tests/live/$t.py "$out/snap" || good=false; done
tests/liquibase/setup.sh "$build" cli || good=false
python3 -B tests/live/check.py "$out/snap" || good=false
python3 -B tests/live/data.py "$out/snap" "$build" || good=false
python3 -B tests/live/pictures.py "$out/snap" "$build" || good=false
python3 -B tests/live/evidence.py "$out/snap" --liquibase "$build/liquibase/liquibase" || good=false
for t in flows/append liquibase/foreign; do SNAP=$out/snap tests/$t.sh "$build" || good=false; done
tests/liquibase/snapshots.py "$build" "$out/snap" || good=false
python3 tests/random/run.py "$out/snap" 20 1 || good=false
tests/live/mysql.py "$out/snap" golden/mysql || good=false
for t in usage same grants visible wrong locks; do tests/live/mysql_$t.py "$out/snap" || good=false; done
for t in usage infer visible facets bounds faults; do python3 -B tests/live/mongodb_$t.py "$out/snap" || good=false; done
wait $live || good=false
cat "$build/cover-live.log"
$good && python3 tests/cover.py "$out"
