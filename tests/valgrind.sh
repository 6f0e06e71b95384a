#!/bin/sh
# Valgrind over the golden cases that need no server: no error, no leak, no suppression.
# usage: valgrind.sh BUILD [EVERY]: of so many cases one; valgrind.sh BUILD CASE: that one
set -u
build=$1
snap=$PWD/$build/hooks/snap
every=1
case ${2:-1} in [1-9]*) every=${2:-1} ;; esac
if [ $# -eq 1 ] || [ "$every" = "$2" ]; then
    log=$build/valgrind.log
    find golden/sqlite -mindepth 1 -maxdepth 1 -type d | sort |
        awk "NR % $every == 0" | xargs -P "$(nproc)" -n 1 "$0" "$build" > "$log"
    grep -v '^done ' "$log"
    cases=$(grep -c '^done ' "$log") bad=$(grep -c '^WRONG ' "$log")
    printf 'valgrind: %s cases, %s runs with errors\n' "$cases" "$bad"
    [ "$bad" -eq 0 ] && [ "$cases" -gt 0 ]
    exit
fi

case=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() {
    valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible "$snap" "$@" >"$work/out" 2>"$work/err"
    [ $? -ne 99 ] || { printf 'WRONG %s: %s\n' "$case" "$*"; head -n 40 "$work/err"; }
}
for side in from to; do
    sqlite3 "$work/$side.db" < "$case/$side.sql" > /dev/null 2>&1
    [ -f "$work/$side.db" ] || : > "$work/$side.db"
done
check snapshot "$work/from.db" -o "$work/from.json"
check diff "$work/from.json" "$work/to.db"
check changelog "$work/from.db" "$work/to.db" -o "$work/diff.yaml"
[ ! -f "$work/diff.yaml" ] || check verify "$work/diff.yaml" --from "$work/from.db"
echo "done $case"
