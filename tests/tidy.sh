#!/bin/sh
# clang-tidy over the product: what finds bugs; no matters of taste. $1: build folder; with "analyze" behind it the
# analyzer too, which takes many times as long: make tidy.
set -u
checks='-*,bugprone-*,-bugprone-easily-swappable-parameters'
[ "${2:-}" != analyze ] || checks="$checks,clang-analyzer-*"
checks="$checks,-bugprone-reserved-identifier,-bugprone-assignment-in-if-condition"
checks="$checks,-bugprone-narrowing-conversions,-bugprone-branch-clone,-bugprone-macro-parentheses"
checks="$checks,-bugprone-sizeof-expression"
# It does not see across files that a call which failed leaves its result unset, or that a va_list was
# begun, so what it says of these is not of use.
checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
checks="$checks,-clang-analyzer-core.NullDereference,-clang-analyzer-core.CallAndMessage"
checks="$checks,-clang-analyzer-core.NonNullParamChecker,-clang-analyzer-valist.Uninitialized"
checks="$checks,-clang-analyzer-core.UndefinedBinaryOperatorResult"
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DSNAP_WITH_SQLITE -DSNAP_WITH_POSTGRESQL -DSNAP_WITH_MYSQL
-DSNAP_WITH_MONGODB -DSNAP_VERSION=\"0\" -I. -include core/banned.h $(pkg-config --cflags libpq libmariadb)
$(pkg-config --cflags libmongoc-1.0 2>/dev/null || pkg-config --cflags mongoc2)"
out=$(git ls-files '*.c' | grep -v '^tests/' |
      xargs -P "$(nproc)" -n 4 sh -c 'checks=$1; flags=$2; shift 2
          clang-tidy --quiet --checks="$checks" "$@" -- $flags 2>/dev/null' tidy "$checks" "$flags" |
      grep -E 'warning:|error:' | sort -u)
[ -z "$out" ] && exit 0
printf '%s\n' "$out"
exit 1
