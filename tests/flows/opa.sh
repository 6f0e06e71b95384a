#!/bin/sh
# Builds Open Policy Agent 1.10.1 into BUILD/opa/opa, once; who comes meanwhile waits.
# usage: opa.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=1.10.1
mkdir -p "$1/opa"
exec 9> "$1/opa/lock"
flock 9
case $("$1/opa/opa" version 2>/dev/null || :) in *"Version: $version"*) exit 0 ;; esac
echo "opa: building $version"
"$here/../go_build.sh" "$1/opa" "github.com/open-policy-agent/opa@v$version"
