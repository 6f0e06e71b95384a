#!/bin/sh
# Runs every unit test program in a folder; prints how many tests ran. Any failure fails.
set -u
folder=$1
programs=0 tests=0 failed=0
for p in "$folder"/test_*; do
    case $p in *.o|*.d|*.gcno|*.gcda) continue ;; esac
    out=$(CMOCKA_MESSAGE_OUTPUT=tap "$p" 2>&1)
    rc=$?
    n=$(printf '%s\n' "$out" | grep -c '^ok')
    programs=$((programs + 1)) tests=$((tests + n))
    if [ $rc -ne 0 ] || [ "$n" -eq 0 ]; then
        failed=$((failed + 1))
        printf '%s failed (%s)\n%s\n' "$(basename "$p")" $rc "$out"
    fi
done
printf 'unit: %s tests in %s programs, %s programs failed\n' $tests $programs $failed
[ $failed -eq 0 ] && [ $tests -gt 0 ]
