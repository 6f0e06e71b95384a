#!/bin/sh
# Fetches what the tests need of the real Liquibase into BUILD/liquibase/VERSION (jars and the
# compiled runner), once: what is there already is not fetched again, and no network is used then.
# "memory": databases that run in the JVM.
# "mongodb": the one with the extension for MongoDB, which is kept apart: it changes how createIndex works.
# "flyway": Flyway with its runner, in BUILD/liquibase/flyway-10.22.0.
# "cli": the command line, in BUILD/liquibase/cli, and BUILD/liquibase/liquibase, which starts it on the newest jars.
# usage: setup.sh BUILD [mongodb|flyway|cli]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/liquibase"
cache=$(cd "$1/liquibase" && pwd)
[ "${2:-}" != cli ] || "$0" "$1"
# one at a time: tests that run side by side both need it
exec 9> "$cache/lock"
flock 9

# Maven keeps its own files below the build folder too, so that a clean clone and a used one do the same.
fetch() {
    mvn -q -B "-Dmaven.repo.local=$cache/maven" -f "$pom" \
        "-Dliquibase.version=$1" "-DoutputDirectory=$2" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies < /dev/null > "$cache/maven.log" || { cat "$cache/maven.log"; return 1; }
}

if [ "${2:-}" = memory ]; then
    pom=$here/memory.xml into=$cache/memory
    if [ ! -f "$into/done" ] || ! cmp -s "$pom" "$into/done"; then
        echo "liquibase: fetching memory"
        rm -rf "$into" "$into.new"
        mkdir -p "$into.new"
        fetch memory "$into.new" || { sleep 5; fetch memory "$into.new"; }
        cp "$pom" "$into.new/done"
        mv "$into.new" "$into"
    fi
    exit 0
fi

if [ "${2:-}" = cli ]; then
    pom=$here/cli.xml
    if [ ! -f "$cache/cli/done" ] || ! cmp -s "$pom" "$cache/cli/done"; then
        echo "liquibase: fetching cli"
        rm -rf "$cache/cli" "$cache/cli.new"
        mkdir -p "$cache/cli.new"
        fetch cli "$cache/cli.new" || { sleep 5; fetch cli "$cache/cli.new"; }
        cp "$pom" "$cache/cli.new/done"
        mv "$cache/cli.new" "$cache/cli"
    fi
    { echo '#!/bin/sh'
      echo '# The real Liquibase, as its own script starts it.'
      echo "exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp '$cache/cli/*:$cache/5.0.4/*' \\"
      echo '    liquibase.integration.commandline.LiquibaseCommandLine "$@"'; } > "$cache/liquibase.new"
    chmod +x "$cache/liquibase.new"
    mv "$cache/liquibase.new" "$cache/liquibase"
    exit 0
fi

# One version, whole or not there: made in a folder beside it and renamed.
runner=Runner
case ${2:-} in
mongodb) pom=$here/mongodb.xml versions=mongodb-5.0.1 ;;
flyway) pom=$here/flyway.xml versions=flyway-10.22.0 runner=FlywayRunner ;;
*) pom=$here/pom.xml versions='4.28.0 5.0.4' ;;
esac
for folder in $versions; do
    into=$cache/$folder
    version=${folder#mongodb-}
    if [ ! -f "$into/done" ] || ! cmp -s "$pom" "$into/done"; then
        echo "liquibase: fetching $folder"
        rm -rf "$into" "$into.new"
        mkdir -p "$into.new"
        fetch $version "$into.new" || { sleep 5; fetch $version "$into.new"; }
        cp "$pom" "$into.new/done"
        mv "$into.new" "$into"
    fi
    if [ ! -f "$into/$runner.class" ] || [ "$here/$runner.java" -nt "$into/$runner.class" ]; then
        javac -nowarn -cp "$into/*" -d "$into" "$here/$runner.java"
    fi
done
