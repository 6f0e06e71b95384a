#!/bin/sh
# Builds mikefarah's yq 4.45.4 into BUILD/yq/yq, once. Debian's package of that name is another program.
# usage: yq.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=v4.45.4
case $("$1/yq/yq" --version 2>/dev/null || :) in *"$version") exit 0 ;; esac
echo "yq: building $version"
exec "$here/../go_build.sh" "$1/yq" "github.com/mikefarah/yq/v4@$version"
