#!/bin/sh
# Every test that make check runs, in three lanes side by side, one for the servers of each kind; counts at the end.
# The slowest take a share of their cases here (--every, --enough, --share), and all of them in make full. Coverage runs much
# of it once more: make cover. A test that does not run is a failure.
# usage: check.sh BUILD [LANE]: postgresql, mysql (and MariaDB), or rest: what needs no server, and MongoDB
set -u
# A shell starts what it runs in the background with SIGINT and SIGQUIT ignored, and snap honours that;
# the tests send these signals.
[ -n "${SNAP_CHECK:-}" ] || SNAP_CHECK=1 exec python3 -c 'import os, signal, sys
for s in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_DFL)
os.execvp("sh", ["sh"] + sys.argv[1:])' "$0" "$@"
unset SNAP_CHECK
export PYTHONDONTWRITEBYTECODE=1
build=$1
mkdir -p "$build"
summary=$build/check.summary
some=${SNAP_CHECK_EVERY:-4} # every case: 1
share=$([ "$some" = 1 ] || echo --share)
enough=$([ "$some" = 1 ] || echo --enough 3)
step() {
    name=$1
    shift
    start=$(date +%s)
    log=$build/check-$name.log
    if "$@" > "$log" 2>&1; then state=ok; else state=FAILED; fi
    line=$(tail -n 1 "$log")
    # in one piece: the other lane prints too
    {
        printf '%-12s %-6s %4ss  %s\n' "$name" "$state" $(($(date +%s) - start)) "$line"
        [ $state = ok ] || tail -n 60 "$log"
    } > "$log.end"
    cat "$log.end"
    echo "$name $state: $line" >> "$summary"
}

lane() {
    # shellcheck disable=SC2086 # more than one server
    tests/servers run $1 "$0" "$build" "$2" || echo "$2 FAILED: the lane did not end" >> "$summary"
}

postgresql() {
    step pgrandom tests/random/postgresql.py "$build/snap" 10 1 --prove 20 --case 21-enums-composites --case 22-domains-ranges \
        --case 25-columns --case 26-constraints --case 30-views --case 31-functions --case 34-policies-grants --case 44-type-everywhere
    step postgresql tests/live/postgresql.py "$build/snap" golden/postgresql
    step pgsanitized tests/live/postgresql.py "$build/debug/snap" golden/postgresql --every $some
    step pgusage tests/live/postgresql_usage.py "$build/debug/snap"
    step churn tests/live/churn.py "$build/debug/snap" postgresql
    step pgscopes python3 -B tests/live/scopes.py "$build/debug/snap" --engine postgresql
    step pgverify tests/live/postgresql_verify.py "$build/debug/snap" golden/postgresql
    step visible tests/live/postgresql_visible.py "$build/snap" golden/postgresql --every $some
    step ledger tests/live/postgresql_ledger.py "$build/snap"
    step wrong tests/live/postgresql_wrong.py "$build/snap"
    step torn tests/live/postgresql_torn.py "$build/snap" --count 100
    step locks tests/live/postgresql_locks.py "$build/snap" --every $(((some + 1) / 2))
    step trips tests/live/postgresql_trips.py "$build/debug/snap"
    step proof tests/live/postgresql_proof.py "$build/snap"
    step scripts tests/live/postgresql_scripts.py "$build/debug/snap"
    step hostile tests/live/postgresql_hostile.py "$build/snap"
    step liquibase tests/liquibase/run.sh "$build"
    step formats tests/liquibase/formats.py "$build" --engine postgresql
    step written tests/liquibase/written.py "$build" --engine sqlite,postgresql
    step pgsnapshots tests/liquibase/snapshots.py "$build" --engine postgresql
    step flows tests/flows/run.sh "$build" --engine sqlite,postgresql
    step pgevidence python3 -B tests/live/evidence.py "$build/debug/snap" --servers --engine postgresql
    step data python3 -B tests/live/data.py "$build/debug/snap" "$build" --engine sqlite,postgresql
    step check tests/live/check.py "$build/snap" "$build" --engine sqlite,postgresql
    step pgstore tests/live/history.py "$build/debug/tests/tools/history" "$build/snap" --postgresql
    step pgmany tests/live/many.py "$build/snap" --engine postgresql
    step log python3 -B tests/live/log.py "$build/snap" "$build" --engine postgresql
    step pgexits tests/live/drift_exits.py "$build/snap" --postgresql
}

mongodb() {
    step mgsame python3 -B tests/live/mongodb_same.py "$build/snap"
    step mgvisible python3 -B tests/live/mongodb_visible.py "$build/snap"
    step mgfaults python3 -B tests/live/mongodb_faults.py "$build/debug/snap"
    step mgvalgrind python3 -B tests/live/mongodb_faults.py "$build/hooks/snap" --valgrind
    step mgscale python3 -B tests/live/mongodb_scale.py "$build/snap"
    step mgfacets python3 -B tests/live/mongodb_facets.py "$build/debug/snap"
    step mgbounds python3 -B tests/live/mongodb_bounds.py "$build/debug/snap"
    step mgusage python3 -B tests/live/mongodb_usage.py "$build/debug/snap"
    step mgmeaning python3 -B tests/live/mongodb_meaning.py
    step mgscripts python3 -B tests/live/mongodb_scripts.py "$build/snap"
    step mginfer python3 -B tests/live/mongodb_infer.py "$build/snap"
    step mgevidence python3 -B tests/live/mongodb_evidence.py "$build/snap"
    step mgsecure tests/live/mongodb_secure.py "$build/snap"
    step mgliquibase tests/liquibase/mongodb.sh "$build"
}

rest() {
    step unit make --no-print-directory unit
    step golden tests/golden.py "$build/debug/snap" golden
    step append tests/flows/append.sh "$build"
    step foreign tests/liquibase/foreign.sh "$build"
    step files tests/live/sqlite_files.py "$build/debug/snap"
    step sources tests/live/sources.py "$build/debug/snap"
    step outputs tests/live/outputs.py "$build/debug/snap"
    step cli tests/live/wrong_input.py "$build/debug/snap"
    step usage tests/live/usage.py "$build/debug/snap"
    step commands tests/live/cli.py "$build/debug/snap"
    step nights tests/live/nights.py "$build/debug/snap"
    step scopes python3 -B tests/live/scopes.py "$build/debug/snap" --engine sqlite
    step resolve tests/live/resolve.py "$build/debug/snap"
    step many tests/live/many.py "$build/snap"
    step mutations tests/live/altered.py "$build/snap" golden --count 60
    step evidence sh -c 'tests/liquibase/setup.sh "$1" cli && python3 -B tests/live/evidence.py "$1/debug/snap" --liquibase "$1/liquibase/liquibase"' sh "$build"
    step history sh -c 'tests/liquibase/setup.sh "$1" && python3 -B tests/live/log.py "$1/debug/snap" "$1" --engine sqlite,mongodb' sh "$build"
    step tell tests/live/tell.py "$build/debug/snap" "$build"
    step exits tests/live/drift_exits.py "$build/debug/snap"
    step where python3 -B tests/live/where.py "$build/snap" "$build"
    step pictures python3 -B tests/live/pictures.py "$build/debug/snap" "$build"
    step reports python3 -B tests/live/reports.py "$build/debug/snap" "$build"
    step site python3 -B tests/live/site.py "$build/debug/snap" "$build"
    # shellcheck disable=SC2086 # two words or none
    step store tests/live/history.py "$build/debug/tests/tools/history" "$build/snap"
    step broken tests/live/broken.py "$build/hooks/snap" $enough
    step random python3 tests/random/run.py "$build/snap" 100 1
    step fault env FAULT="300 400" tests/fault/run.sh "$build"
    step fuzz tests/fuzz/run.sh "$build" same
    step valgrind tests/valgrind.sh "$build" $some
    step bombs tests/liquibase/bombs.py "$build/snap"
    mongodb
}

mysql() {
    # shellcheck disable=SC2086 # or none
    step mysql tests/live/mysql.py "$build/snap" golden/mysql $share
    # shellcheck disable=SC2086
    step mysanitized tests/live/mysql.py "$build/debug/snap" golden/mysql --every $some $share
    step myusage tests/live/mysql_usage.py "$build/debug/snap"
    step mychurn tests/live/churn.py "$build/debug/snap" mariadb
    step mysame tests/live/mysql_same.py "$build/snap"
    step myvisible tests/live/mysql_visible.py "$build/snap"
    step mygrants tests/live/mysql_grants.py "$build/snap"
    step mywrong tests/live/mysql_wrong.py "$build/snap"
    # shellcheck disable=SC2086
    step mylocks tests/live/mysql_locks.py "$build/snap" $share
    step mytrips tests/live/mysql_trips.py "$build/snap"
    step myrandom tests/random/mysql.py "$build/snap" 12 1 --prove 20 --seconds 15 --case 01-indexes --case 02-generated --case 04-checks \
        --case 05-foreign-key-types --case 08-charsets --case 10-order --case 13-views --case 15-triggers --case 24-restated
    step mysettings tests/live/mysql_settings.py "$build/snap"
    step myliquibase tests/liquibase/mysql.sh "$build"
    step myformats tests/liquibase/formats.py "$build" --engine sqlite,mariadb
    step mywritten tests/liquibase/written.py "$build" --engine mysql,mariadb
    step mysnapshots tests/liquibase/snapshots.py "$build" --engine sqlite,mariadb,mysql
    step pipeline tests/flows/run.sh "$build" --engine mariadb,mysql pipeline
    step mydata python3 -B tests/live/data.py "$build/debug/snap" "$build" --engine mariadb,mysql
    step myevidence python3 -B tests/live/evidence.py "$build/debug/snap" --servers --engine mariadb,mysql
    step mycheck tests/live/check.py "$build/snap" "$build" --engine mysql,mariadb
    step mylog python3 -B tests/live/log.py "$build/snap" "$build" --engine mariadb,mysql
    step mytorn tests/live/mysql_torn.py "$build/snap"
}

case ${2:-} in
'')
    rm -f "$summary"
    # the lanes share what some steps fetch and build
    make --no-print-directory WERROR=-Werror "$build/front"
    lane --postgresql postgresql &
    first=$!
    lane '--mysql --mariadb' mysql &
    second=$!
    lane --mongodb rest
    wait $first $second
    ;;
postgresql | mysql | rest) "$2" ;;
*) echo "usage: check.sh BUILD [LANE]" >&2; exit 2 ;;
esac
[ -z "${2:-}" ] || exit 0
echo
grep -v '^[^ ]* FAILED' "$summary"
# last, and once more with what they said: who sees the end of this sees why
grep '^[^ ]* FAILED' "$summary" | while read -r name line; do
    printf '\n%s %s\n' "$name" "$line"
    grep -aE 'FAIL|failed|rror|not ok|wrong' "$build/check-$name.log" | tail -n 12 | cut -c 1-300
    tail -n 12 "$build/check-$name.log" | cut -c 1-300
done
failed=$(grep -c '^[^ ]* FAILED' "$summary")
echo "check: $failed of $(wc -l < "$summary") steps failed"
[ "$failed" -eq 0 ]
