#!/bin/sh
# Fault injection for snapshot, diff and changelog on a schema of 20 objects, under AddressSanitizer
# and its leak checker: each read, write, fsync, rename and allocation fails once.
# $1: build folder. FAULT="START STRIDE": of the allocations, from START on only every STRIDE-th.
# FAULT_MODE=release: without the sanitizers, many times as fast.
set -u
mode=${FAULT_MODE:-debug}
build=$1
dir=$build/fault
program=$PWD/$dir/fault
snap=$PWD/$build/$mode/snap
mkdir -p "$dir"
make --no-print-directory MODE=$mode "$build/$mode/snap" >/dev/null || exit 1
wraps=-Wl,--wrap=malloc,--wrap=read,--wrap=write,--wrap=fsync,--wrap=rename
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -g -O1"
[ "$mode" = release ] || flags="$flags -fsanitize=address,undefined -fno-sanitize-recover=all"
mongoc=libmongoc-1.0
pkg-config --exists "$mongoc" || mongoc=mongoc2
libs="jansson yaml-0.1 expat libxxhash nettle sqlite3 libpq libmariadb $mongoc"
cc $flags -include core/banned.h -Dmain=snap_main -c cli/main.c -o "$dir/main.o" || exit 1
cc $flags $wraps -o "$program" tests/fault/fault.c "$dir/main.o" \
    $(find "$build/$mode" -name '*.o' ! -path '*/tests/*' ! -path '*/cli/main.o') \
    $(pkg-config --cflags --libs $libs) -lm || exit 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sqlite3 "$work/from.db" < tests/fault/from.sql || exit 1
sqlite3 "$work/to.db" < tests/fault/to.sql || exit 1
cd "$work" || exit 1
"$snap" snapshot from.db -o a.json && "$snap" snapshot to.db -o b.json || exit 1
bad=0 tried=0 runs=0
one() {
    lines=$("$program" "$@" 2>&1) || bad=$((bad + 1))
    printf '%s\n' "$lines"
    n=$(printf '%s\n' "$lines" | sed -n 's/^fault: .*: \([0-9]*\) failed.*/\1/p')
    tried=$((tried + ${n:-0})) runs=$((runs + 1))
}
# The parent waits for every child, so its time is longer than that of a run.
for kind in read write fsync rename alloc; do
    every='1 1'
    [ $kind != alloc ] || every=${FAULT:-1 1}
    one $kind snap.json $every snapshot from.db --timeout 10000s -o snap.json
    # a diff reads, and writes its report
    one $kind diff.json $every diff from.db to.db --timeout 10000s -f json -o diff.json
    one $kind diff.json $every diff a.json b.json -f json -o diff.json
    one $kind diff.yaml $every changelog from.db to.db --timeout 10000s -o diff.yaml
done
printf 'fault: %s faults in %s runs, %s runs wrong\n' $tried $runs $bad
[ $bad -eq 0 ] && [ $tried -gt 100 ]
