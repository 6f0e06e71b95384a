#!/bin/sh
# The dependency rule: which folder may include what, and where engines may be named. Prints each
# violation; silent when there is none.
set -u
bad=0
say() { bad=1; printf 'layers: %s\n' "$*"; }

# Includes of ours in a folder that are not among the allowed patterns.
only() {
    folder=$1 allowed=$2
    for f in $(git ls-files "$folder/*.c" "$folder/*.h" | grep -E "^$folder/[^/]*$"); do
        grep -nE '^#include "' "$f" | sed -E 's/^([0-9]+):#include "([^"]+)".*/\1 \2/' |
        while read -r line path; do
            printf '%s\n' "$path" | grep -qE "^($allowed)$" || printf '%s:%s includes %s\n' "$f" "$line" "$path"
        done
    done
}
# System headers that only some files may include.
library() {
    header=$1 allowed=$2
    git grep -lE "^#include <$header>" -- '*.c' '*.h' | grep -vE "^($allowed)$" |
        sed "s|\$| includes <$header>|"
}

out=$(
    only core 'core/.*'
    only diff 'core/.*|diff/.*'
    only markup 'core/.*|markup/.*'
    only snapshot 'core/.*|markup/.*|snapshot/.*'
    only changelog 'core/.*|markup/.*|changelog/.*'
    only policy 'core/.*|policy/.*'
    only drift 'core/.*|drift/.*'
    only history 'core/.*|history/.*'
    only emit 'core/.*|emit/.*'
    only verify 'core/.*|verify/.*|changelog/changelog\.h|snapshot/snapshot\.h|diff/diff\.h'
    only cli 'core/.*|cli/.*|markup/.*|changelog/(changelog|doc|master|append|lint)\.h|snapshot/snapshot\.h|diff/diff\.h|emit/(emit|matrix|pages|site|tell)\.h|policy/policy\.h|drift/drift\.h|history/history\.h|verify/(verify|evidence)\.h'
    only drivers/sql 'core/.*|drivers/sql/.*'
    for d in drivers/*/; do
        d=${d%/} shared=
        case $d in
        drivers/sql) continue ;;
        drivers/mssql | drivers/oracle | drivers/foreign) shared='|drivers/liquibase/.*' ;;
        esac
        only "$d" "core/.*|drivers/sql/.*|$d/.*$shared"
    done
    library jansson.h 'core/json\.c|tests/bench/empty\.c'
    library xxhash.h 'core/hash\.c|tests/bench/empty\.c'
    library 'nettle/sha2.h' 'core/sha256\.c'
    library yaml.h 'markup/yaml_(tree|file)\.c|cli/config\.c|tests/.*'
    library expat.h 'markup/xml_tree\.c'
    library curl/curl.h 'cli/webhook\.c'
    library sqlite3.h 'history/lite\.h|drivers/sqlite/live\.h|tests/.*'
    library libpq-fe.h 'history/pg\.h|drivers/postgresql/conn\.h|tests/.*'
    library mysql.h 'drivers/mysql/live\.h|tests/.*'
    library 'mongoc/mongoc.h' 'drivers/mongodb/live\.h|tests/.*'
    library errmsg.h 'drivers/mysql/conn(ect)?\.c'
)
[ -z "$out" ] || { printf '%s\n' "$out" | sed 's/^/layers: /'; bad=1; }

# The client library is reached through live.h, by the live half only.
out=$(git grep -l '"drivers/sqlite/live.h"' -- 'drivers/sqlite/*.c' |
      grep -vE '/(live|read|deployed|deps|scratch|row_read|rows)\.c$'
      git grep -l '"drivers/postgresql/conn.h"' -- 'drivers/postgresql/*.c' |
      grep -vE '/(ask|conn|connect|deployed|ledger|read|reach|server|scratch|row_read|rows|watch)\.c$'
      git grep -l '"drivers/mysql/live.h"' -- 'drivers/mysql/*.c' |
      grep -vE '/(conn|connect|deployed|read|reach|row_read|rows|scratch|server|watch)\.c$'
      git grep -l '"drivers/mongodb/live.h"' -- 'drivers/mongodb/*.c' |
      grep -vE '/(conn|connect|deployed|guard|infer|read|rows|scratch|wire)\.c$')
[ -z "$out" ] || say "the pure half includes the client library: $out"

# Engines are named in drivers/, golden/, tests/ and docs only; a shell's name is that of a format.
out=$(git grep -niE 'sqlite|postgres|mysql|mariadb|mongo' -- core markup diff drift emit policy verify snapshot changelog |
      sed -E 's/mongosh//g' | grep -iE ':.*(sqlite|postgres|mysql|mariadb|mongo)' |
      grep -viE 'MongoDB command|offline:|sqlite:schema\.sql')
[ -z "$out" ] || say "an engine is named outside its folder:
$out"

# Memory comes from the arena, output from cli/, the end from main.
out=$(git grep -nE '[^_a-z.](malloc|calloc|realloc|strdup)\(' -- '*.c' ':!tests' | grep -v '^core/arena\.c')
[ -z "$out" ] || say "memory not from an arena: $out"
out=$(git grep -nE '[^_a-z](printf|puts|fputs|putchar)\(' -- '*.c' ':!tests' ':!cli' | grep -vE '^core/err\.c')
[ -z "$out" ] || say "prints outside cli/: $out"
out=$(git grep -nE '[^_a-z]exit\(' -- '*.c' ':!tests' | grep -vE '^core/arena\.c')
[ -z "$out" ] || say "ends the program: $out"
exit $bad
