#!/bin/sh
# make fresh: the README's commands on a machine that has nothing. Makes a bare Debian root with git and
# make only, by debootstrap and this machine's package sources, clones the project into it, and runs
# `make demo` there; CHECK=1: `make check` too. Needs root. $1: build folder, $2...: releases.
set -eu
build=$1
shift
[ "$(id -u)" -eq 0 ] || { echo 'fresh: needs root, for debootstrap and chroot' >&2; exit 2; }
mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[.*\] \)\?\(http[^ ]*debian\) .*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
done=0

enter() {
    chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        sh -c "$1" < /dev/null
}
leave() {
    umount "$root/proc" "$root/dev/pts" "$root/dev" 2>/dev/null || true
}
for release in "$@"; do
    root=$(mkdir -p "$build" && cd "$build" && pwd)/fresh-$release
    trap leave EXIT
    leave
    rm -rf "$root"
    echo "fresh: a bare $release from $mirror"
    debootstrap --variant=minbase --include=git,make,ca-certificates "$release" "$root" "$mirror" \
        > "$root.log" 2>&1 || { tail -n 5 "$root.log"; exit 1; }
    # What only this network has: its names, and the certificates it trusts.
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp /etc/hosts "$root/etc/hosts"
    cp -r /usr/local/share/ca-certificates "$root/usr/local/share/"
    find /etc/apt/apt.conf.d -name '*proxy*' -exec cp {} "$root/etc/apt/apt.conf.d/" \;
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount --bind /dev/pts "$root/dev/pts"
    enter 'update-ca-certificates > /dev/null 2>&1'
    git clone -q --no-hardlinks . "$root/srv/snap"
    enter 'cd /srv/snap && make demo' > "$root.log" 2>&1 || { tail -n 40 "$root.log"; exit 1; }
    echo "fresh: make demo passed on $release: $(grep -m 1 '^proof:' "$root.log")"
    if [ "${CHECK:-0}" = 1 ]; then
        enter 'cd /srv/snap && make check' > "$root.log" 2>&1 || { tail -n 80 "$root.log"; exit 1; }
        tail -n 20 "$root.log"
        echo "fresh: make check passed on $release"
    fi
    leave
    rm -rf "$root"
    done=$((done + 1))
done
echo "fresh: $done releases"
