#!/bin/sh
# Fetches what the tests need of the real Liquibase into BUILD/liquibase/VERSION (jars and the
# compiled runner), once: what is there already is not fetched again, and no network is used then.
# "mongodb": the one with the extension for MongoDB, which is kept apart: it changes how createIndex works.
# "flyway": Flyway with its runner, in BUILD/liquibase/flyway-10.22.0.
# usage: setup.sh BUILD [mongodb|flyway]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/liquibase"
cache=$(cd "$1/liquibase" && pwd)
# one at a time: tests that run side by side both need it
exec 9> "$cache/lock"
flock 9

# Maven keeps its own files below the build folder too, so that a clean clone and a used one do the same.
fetch() {
    mvn -q -B "-Dmaven.repo.local=$cache/maven" -f "$pom" \
        "-Dliquibase.version=$1" "-DoutputDirectory=$2" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies < /dev/null > "$cache/maven.log" || { cat "$cache/maven.log"; return 1; }
}

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
