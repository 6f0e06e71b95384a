#!/bin/sh
# Every pair of golden/postgresql on every version of the server, with the proof, and then from each
# version to the next and from the first to the last; counts at the end.
# usage: postgresql_versions.sh SNAP [VERSION...]
set -u
snap=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -gt 0 ] || set -- 12 13 14 15 16 17 18
failed=0
summary=
bins=
for v; do
    bin=$("$here/servers" bin "$v") || exit 3
    bins=$bins${bins:+:}$bin
done
client=$("$here/servers" client) || exit 3
running=
urls=
trap 'for dir in $running; do "$here/servers" stop "$dir"; done' EXIT
for v; do
    dir=$(mktemp -u /dev/shm/snap-versions.XXXXXX)
    port=$(python3 -B "$here/live/ports.py")
    url=$("$here/servers" postgresql "$dir" "$port" "$v") || exit 3
    running="$running $dir"
    urls="$urls $v=$url"
    # Debian's own releases of a version keep a mark in attoptions, which only their pg_dump leaves out
    of=$client
    bin=$("$here/servers" bin "$v")
    [ -x "$bin/pg_dump" ] && of=$bin
    log=$(SNAP_POSTGRESQL_BIN=$bins "$here/live/postgresql.py" "$snap" "$here/../golden/postgresql" \
        --server "$url" --client "$of" --prove 2>&1) || failed=$((failed + 1))
    printf '%s\n' "$log"
    summary="$summary$(printf '%s\n' "$log" | tail -n 1)
"
done
if [ $# -gt 1 ]; then
    # shellcheck disable=SC2086
    log=$(PATH=$client:$PATH SNAP_POSTGRESQL_BIN=$bins "$here/live/postgresql_across.py" "$snap" \
        "$here/../golden/postgresql" $urls 2>&1) || failed=$((failed + 1))
    printf '%s\n' "$log"
    summary="$summary$(printf '%s\n' "$log" | tail -n 1)
"
fi
printf '\n%s%d runs failed\n' "$summary" $failed
[ $failed -eq 0 ]
