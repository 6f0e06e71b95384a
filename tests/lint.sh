#!/bin/sh
# make lint: format, layers, headers that compile alone, length of functions and files, stale docs,
# clang-tidy. Prints what is wrong and fails; says what it did.
set -u
build=$1
bad=0
fail() { bad=1; printf 'lint: %s\n' "$*"; }

# The format is that of clang-format 14 (Debian 12); other versions break lines elsewhere.
format=clang-format
if ! $format --version 2>/dev/null | grep -q 'version 14\.'; then
    format=$build/venv/bin/clang-format
    [ -x "$format" ] || { python3 -m venv "$build/venv" &&
        "$build/venv/bin/pip" -q install clang-format==14.0.6; } || fail 'no clang-format 14'
fi
files=$(git ls-files '*.c' '*.h')
out=$($format --dry-run $files 2>&1 | grep 'warning:' | head -20)
[ -z "$out" ] || fail "make format would change:
$out"

sh tests/layers.sh || fail 'the layers are crossed'

# Each header alone.
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -include core/banned.h \
-Wall -Wextra -Wpedantic -Werror -fsyntax-only $(pkg-config --cflags libpq libmariadb libmongoc-1.0) -x c"
for h in $(git ls-files '*.h' | grep -v core/banned.h); do
    printf '#include "%s"\n' "$h" | cc $flags - || fail "$h does not compile alone"
    guard=SNAP_$(printf '%s' "$h" | tr 'a-z/.-' 'A-Z___')
    grep -q "^#ifndef $guard\$" "$h" || fail "$h: the guard is not $guard"
done

python3 tests/length.py $files || fail 'too long'

# Tabs, blanks at line ends, and paths of a machine have no place in the tree.
out=$(git grep -nIP '[ \t]+$' -- '*.c' '*.h' '*.sh' '*.py' '*.md' '*.def' Makefile | head -5)
[ -z "$out" ] || fail "blanks at line ends: $out"
out=$(git grep -nIE '(/root/|/home/[a-z]+/|/tmp/bash)' -- ':!tests/lint.sh' | head -5)
[ -z "$out" ] || fail "paths of a machine: $out"
out=$(git grep -nIwE 'TODO|FIXME|XXX|HACK' -- '*.c' '*.h' '*.sh' '*.py' ':!tests/lint.sh' | head -5)
[ -z "$out" ] || fail "unfinished: $out"

# Every file of C begins by saying what it is for.
for f in $(git ls-files '*.c'); do
    head -c 2 "$f" | grep -q '^/\*' || fail "$f does not begin with what it is for"
done

# Documents that are made from the tables.
rm -rf "$build/docs" && mkdir -p "$build/docs"
if sh tests/docs.sh "$build/snap" "$build/docs"; then
    for d in "$build"/docs/*.md; do
        cmp -s "$d" "docs/$(basename "$d")" || fail "docs/$(basename "$d") is stale: make docs"
    done
else
    fail 'the documents cannot be made'
fi

if [ "${SNAP_LINT_TIDY:-1}" = 1 ]; then
    sh tests/tidy.sh "$build" || fail 'clang-tidy'
fi
n=$(printf '%s\n' $files | wc -l)
[ $bad -eq 0 ] && printf 'lint: %s files of C are clean\n' "$n"
exit $bad
