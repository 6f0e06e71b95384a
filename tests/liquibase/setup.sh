#!/bin/sh
# Fetches what the tests need of the real Liquibase into BUILD/liquibase/VERSION (jars and the
# compiled runner), once: what is there already is not fetched again, and no network is used then.
# usage: setup.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/liquibase"
cache=$(cd "$1/liquibase" && pwd)
# one at a time: tests that run side by side both need it
exec 9> "$cache/lock"
flock 9

# Maven keeps its own files below the build folder too, so that a clean clone and a used one do the same.
fetch() {
    mvn -q -B "-Dmaven.repo.local=$cache/maven" -f "$here/pom.xml" \
        "-Dliquibase.version=$1" "-DoutputDirectory=$2" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies < /dev/null > "$cache/maven.log" || { cat "$cache/maven.log"; return 1; }
}

# One version, whole or not there: made in a folder beside it and renamed.
for version in 4.28.0 5.0.4; do
    into=$cache/$version
    if [ ! -f "$into/done" ] || ! cmp -s "$here/pom.xml" "$into/done"; then
        echo "liquibase: fetching $version"
        rm -rf "$into" "$into.new"
        mkdir -p "$into.new"
        fetch $version "$into.new" || { sleep 5; fetch $version "$into.new"; }
        cp "$here/pom.xml" "$into.new/done"
        mv "$into.new" "$into"
    fi
    if [ ! -f "$into/Runner.class" ] || [ "$here/Runner.java" -nt "$into/Runner.class" ]; then
        javac -nowarn -cp "$into/*" -d "$into" "$here/Runner.java"
    fi
done
