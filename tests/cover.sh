#!/bin/sh
# Coverage of lines by the unit tests, the golden cases and the tests of files, input and servers. Lines that end
# in /* uncovered: why */ are exceptions: counted and printed. $1: build folder.
set -u
build=$1
out=$build/cover
make --no-print-directory MODE=cover "$out/snap" unit-programs || exit 1
find "$out" -name '*.gcda' -delete
sh tests/run_unit.sh "$out/tests/unit" || exit 1
tests/golden.py "$out/snap" golden || exit 1
tests/live/sqlite_files.py "$out/snap" || exit 1
tests/live/wrong_input.py "$out/snap" || exit 1
python3 tests/random/run.py "$out/snap" 20 1 || exit 1
tests/live/postgresql.py "$out/snap" golden/postgresql || exit 1
for t in usage scripts locks wrong; do tests/live/postgresql_$t.py "$out/snap" || exit 1; done
python3 tests/cover.py "$out"
