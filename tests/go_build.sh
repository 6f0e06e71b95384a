#!/bin/sh
# Builds a program of a Go module into FOLDER. What was fetched and compiled for one is kept for the next, in
# FOLDER/../go. A Go older than 1.21 cannot fetch what it lacks by itself: a newer toolchain comes as a module then,
# checked against Go's checksum database.
# usage: go_build.sh FOLDER PACKAGE@VERSION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
into=$(cd "$1" && pwd)
tmp=$(mktemp -d "$into/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
toolchain=golang.org/toolchain@v0.0.1-go1.25.4.linux-$(dpkg --print-architecture 2>/dev/null || echo amd64)

command -v go >/dev/null 2>&1 || "$here/packages.sh" test
kept=$(dirname "$into")/go
export GOPATH="$kept/path" GOCACHE="$kept/cache" GOFLAGS=-modcacherw GOBIN="$tmp/new"
go=go
minor=$(go version | sed 's/.*go1\.\([0-9]*\).*/\1/')
if [ "$minor" -lt 21 ]; then
    echo "go: Go 1.$minor fetches a newer one"
    mkdir -p "$tmp/fetch"
    (cd "$tmp/fetch" && printf 'module fetch\ngo 1.19\n' > go.mod && go mod download "$toolchain")
    GOROOT=$kept/path/pkg/mod/$toolchain
    chmod +x "$GOROOT"/bin/* "$GOROOT"/pkg/tool/*/*
    export GOROOT GOTOOLCHAIN=local
    go=$GOROOT/bin/go
else
    export GOTOOLCHAIN=auto
fi
"$go" install -trimpath -ldflags='-s -w' "$2" || {
    sleep 5
    "$go" install -trimpath -ldflags='-s -w' "$2"
}
mv "$tmp"/new/* "$into/"
