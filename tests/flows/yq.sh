#!/bin/sh
# Builds mikefarah's yq 4.45.4 into BUILD/yq/yq, once. Debian's package of that name is another program.
# A Go older than 1.21 cannot fetch what it lacks by itself: a newer toolchain comes as a module then,
# checked against Go's checksum database. Nothing is left outside BUILD.
# usage: yq.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/yq"
into=$(cd "$1/yq" && pwd)
version=v4.45.4
toolchain=golang.org/toolchain@v0.0.1-go1.25.4.linux-$(dpkg --print-architecture 2>/dev/null || echo amd64)
case $("$into/yq" --version 2>/dev/null || :) in *"$version") exit 0 ;; esac

command -v go >/dev/null 2>&1 || "$here/../packages.sh" test
export GOPATH="$into/path" GOCACHE="$into/cache" GOFLAGS=-modcacherw GOBIN="$into/new"
go=go
minor=$(go version | sed 's/.*go1\.\([0-9]*\).*/\1/')
if [ "$minor" -lt 21 ]; then
    echo "yq: Go 1.$minor fetches a newer one"
    mkdir -p "$into/fetch"
    (cd "$into/fetch" && printf 'module fetch\ngo 1.19\n' > go.mod && go mod download "$toolchain")
    GOROOT=$into/path/pkg/mod/$toolchain
    chmod +x "$GOROOT"/bin/* "$GOROOT"/pkg/tool/*/*
    export GOROOT GOTOOLCHAIN=local
    go=$GOROOT/bin/go
else
    export GOTOOLCHAIN=auto
fi
echo "yq: building $version"
"$go" install -trimpath "github.com/mikefarah/yq/v4@$version" || {
    sleep 5
    "$go" install -trimpath "github.com/mikefarah/yq/v4@$version"
}
mv "$into/new/yq" "$into/yq"
rm -rf "$into/path" "$into/cache" "$into/new" "$into/fetch"
