#!/bin/sh
# Fuzzing of everything that reads what others wrote. Replays seeds and earlier finds, then fuzzes each
# target for a while. $1: build folder, $2: seconds for each target, or "same" for a number of inputs
# that are the same on every run. A find is kept in BUILD/fuzz/finds: give it a name in
# tests/fuzz/regressions/<target>/ once it is mended.
set -u
build=$1 seconds=$2
bad=0 targets=0 runs=0 replayed=0
limit="-max_total_time=$seconds"
if [ "$seconds" = same ]; then
    limit='-runs=12000 -seed=1'
    rm -rf "$build/fuzz/corpus"
fi
make --no-print-directory MODE=fuzz CC=clang WERROR= fuzz-programs || exit 1
mkdir -p "$build/fuzz/finds"
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    name=${target#fuzz_}
    program=$build/fuzz/tests/fuzz/$target
    mkdir -p "$build/fuzz/corpus/$name" "tests/fuzz/regressions/$name"
    old=$(find "tests/fuzz/regressions/$name" "tests/fuzz/seeds/$name" -type f)
    # The same files in the same order, and no new ones: a find that comes back is named.
    "$program" -artifact_prefix="$build/fuzz/finds/$name-" $old > "$build/fuzz/$name.log" 2>&1 &&
        replayed=$((replayed + $(printf '%s\n' "$old" | wc -l))) || {
        bad=$((bad + 1))
        tail -n 30 "$build/fuzz/$name.log"
        continue
    }
    dict=tests/fuzz/text.dict
    case $name in sql|parse|show) dict=tests/fuzz/sql.dict ;; bson|canon) dict=tests/fuzz/bson.dict ;; esac
    "$program" $limit -max_len=20000 -timeout=20 -rss_limit_mb=3000 \
        -dict=$dict -print_final_stats=1 -artifact_prefix="$build/fuzz/finds/$name-" \
        "$build/fuzz/corpus/$name" "tests/fuzz/seeds/$name" > "$build/fuzz/$name.log" 2>&1 || {
        bad=$((bad + 1))
        tail -n 60 "$build/fuzz/$name.log"
    }
    n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$name.log")
    printf '%-10s %9s inputs\n' "$name" "${n:-0}"
    runs=$((runs + ${n:-0})) targets=$((targets + 1))
done
printf 'fuzz: %s targets, %s inputs, %s old ones again, %s with finds\n' $targets $runs $replayed $bad
[ $bad -eq 0 ] && [ $targets -ge 8 ] && [ $runs -gt 1000 ]
