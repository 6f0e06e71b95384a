#!/bin/sh
# Installs the Debian packages that a build ("build") or the tests ("test") need and that are missing;
# says which before it does. By root, or by sudo.
set -eu
what=${1:-build}
build="gcc make pkg-config libc6-dev libsqlite3-dev libpq-dev libmariadb-dev libmongoc-dev libjansson-dev libyaml-dev libxxhash-dev nettle-dev libexpat1-dev
libcurl4-openssl-dev sqlite3"
# clang-format and clang-tidy: lint; cmocka: unit tests; sqlite3-tools: sqldiff, the peer of make bench;
# postgresql: servers for the tests; JDK and Maven: the real Liquibase; Go and npm, where there are none: yq, FerretDB, mongosh; chromium: looks at pages;
# systemd: reads the units of examples/run
test="clang-format clang-tidy clang libclang-rt-14-dev libcmocka-dev python3 python3-venv valgrind git
sqlite3-tools default-jdk-headless maven gcovr debootstrap time postgresql postgresql-contrib mariadb-server-core
mariadb-client-core openssl chromium systemd"
case $what in
build) want=$build ;;
test) want="$build $test"
      command -v npm >/dev/null 2>&1 || want="$want npm"
      command -v go >/dev/null 2>&1 || want="$want golang-go" ;;
*) echo "usage: packages.sh build|test" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null 2>&1; then
    echo "packages: this is no Debian; what is needed: $want" | tr '\n' ' '
    echo
    exit 0
fi
missing=
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q '^install ok installed' || {
        # A JDK or a compiler that came another way serves as well.
        case $p in
        default-jdk-headless) command -v javac >/dev/null 2>&1 && continue ;;
        maven) command -v mvn >/dev/null 2>&1 && continue ;;
        gcc|make|python3|git) command -v "$p" >/dev/null 2>&1 && continue ;;
        libclang-rt-14-dev) apt-cache show "$p" >/dev/null 2>&1 || continue ;;
        esac
        missing="$missing $p"
    }
done
[ -n "$missing" ] || exit 0
root=
[ "$(id -u)" -eq 0 ] || root=sudo
echo "packages: installing$missing"
$root apt-get -q update >/dev/null
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends $missing >/dev/null
echo "packages: done"
