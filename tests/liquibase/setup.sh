#!/bin/sh
# Fetches what the tests need of the real Liquibase into BUILD/liquibase/VERSION (jars and the
# compiled runner), once: what is there already is not fetched again, and no network is used then.
# usage: setup.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
build=$(cd "$1" && pwd)

# One version, whole or not there: made in a folder beside it and renamed.
fetch() {
    into=$build/liquibase/$1
    new=$into.new
    if [ ! -f "$into/done" ] || ! cmp -s "$here/pom.xml" "$into/done"; then
        echo "liquibase: fetching $1"
        rm -rf "$into" "$new"
        mkdir -p "$new"
        mvn -q -B -f "$here/pom.xml" "-Dliquibase.version=$1" "-DoutputDirectory=$new" \
            org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies < /dev/null
        cp "$here/pom.xml" "$new/done"
        mv "$new" "$into"
    fi
    if [ ! -f "$into/Runner.class" ] || [ "$here/Runner.java" -nt "$into/Runner.class" ]; then
        javac -nowarn -cp "$into/*" -d "$into" "$here/Runner.java"
    fi
}
for version in 4.28.0 5.0.4; do
    fetch $version
done
