/* What is asked of a server about relations while a plan is explained: their sizes, and what a
 * transaction does to them. */

#include "drivers/postgresql/conn.h"

#include <string.h>

#include "drivers/postgresql/locks.h"

/* The object of a row of pg_class. */
static struct str path_of(struct arena *mem, struct str schema, struct str name, struct str kind)
{
    const char *tag = kind.p[0] == 'v'   ? "view"
                      : kind.p[0] == 'm' ? "matview"
                      : kind.p[0] == 'S' ? "sequence"
                                         : "table";
    struct str path = path_join(mem, STR(""), STR("schema"), schema);
    return path_join(mem, path, str_c(tag), name);
}

#define RELATIONS                                                                                  \
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN "            \
    "('r', 'p', 'm', 'v', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

/* A partitioned table is as large as its partitions together. Rows: what the last ANALYZE or VACUUM
 * has counted. */
int pg_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e)
{
    PGresult *r;
    struct arena *mem = arena_new(0);
    int rc = pg_query(
        s,
        "SELECT n.nspname, c.relname, c.relkind, "
        "CASE WHEN c.relkind = 'p' THEN (SELECT CASE WHEN min(p.reltuples) >= 0 THEN "
        "sum(p.reltuples)::bigint ELSE -1 END FROM pg_partition_tree(c.oid) t JOIN pg_class p ON "
        "p.oid = t.relid WHERE t.isleaf) ELSE c.reltuples::bigint END, "
        "CASE WHEN c.relkind = 'p' THEN (SELECT sum(pg_total_relation_size(t.relid)) FROM "
        "pg_partition_tree(c.oid) t WHERE t.isleaf) ELSE pg_total_relation_size(c.oid) "
        "END " RELATIONS " AND c.relkind IN ('r', 'p', 'm') ORDER BY c.oid",
        &r, e);
    for (uint32_t i = 0; i < n; i++)
        v[i].rows = v[i].bytes = -1;
    for (int row = 0; !rc && row < PQntuples(r); row++) {
        struct str path =
            path_of(mem, pg_value(r, row, 0), pg_value(r, row, 1), pg_value(r, row, 2));
        for (uint32_t i = 0; i < n; i++) {
            if (!str_eq(v[i].path, path))
                continue;
            if (!str_int(pg_value(r, row, 3), &v[i].rows))
                v[i].rows = -1;
            if (!str_int(pg_value(r, row, 4), &v[i].bytes))
                v[i].bytes = -1;
        }
    }
    if (!rc)
        PQclear(r);
    arena_free(mem);
    return rc;
}

/* Relations with their file and how often they were read whole or by an index. */
static int ask(struct session *s, PGresult **out, struct err *e)
{
    return pg_query(s,
                    "SELECT c.oid, c.relfilenode, pg_stat_get_xact_numscans(c.oid) + (SELECT "
                    "coalesce(sum(pg_stat_get_xact_numscans(i.indexrelid)), 0) FROM pg_index i "
                    "WHERE i.indrelid = c.oid), n.nspname, c.relname, c.relkind " RELATIONS
                    " ORDER BY c.oid",
                    out, e);
}

/* Away from UTC: there the server rewrites more. */
int pg_watch(struct session *s, struct err *e)
{
    PQclear(s->watched);
    s->watched = NULL;
    return pg_exec(s, "SET LOCAL timezone = 'America/New_York'", e) || ask(s, &s->watched, e) ? -1
                                                                                              : 0;
}

static int64_t number(const PGresult *r, int row, int column)
{
    int64_t n = 0;
    (void)str_int(pg_value(r, row, column), &n);
    return n;
}

/* The strongest lock of this session on each relation that was there. */
static void put_locks(const PGresult *was, const PGresult *held, struct effect *v)
{
    for (int i = 0; i < PQntuples(held); i++) {
        enum pg_lock lock = pg_lock_mode(pg_value(held, i, 1));
        for (int row = 0; row < PQntuples(was); row++)
            if (str_eq(pg_value(was, row, 0), pg_value(held, i, 0)) && v[row].level < (int)lock) {
                v[row].level = (int)lock;
                v[row].lock = pg_lock_name(lock);
                v[row].blocks = pg_lock_blocks(lock);
            }
    }
}

static void put_changes(const PGresult *was, const PGresult *is, struct effect *v)
{
    for (int i = 0, row = 0; i < PQntuples(is); i++) {
        while (row < PQntuples(was) && number(was, row, 0) < number(is, i, 0))
            row++;
        if (row == PQntuples(was) || number(was, row, 0) != number(is, i, 0))
            continue;
        if (number(was, row, 1) != number(is, i, 1))
            v[row].flags |= FX_REWRITE;
        if (number(was, row, 2) != number(is, i, 2))
            v[row].flags |= FX_SCAN;
    }
}

int pg_watched(struct session *s, struct arena *mem, struct effect **out, uint32_t *n,
               struct err *e)
{
    PGresult *held, *is;
    const PGresult *was = s->watched;
    if (pg_query(s,
                 "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = "
                 "'relation' AND granted AND database = (SELECT oid FROM pg_database WHERE datname "
                 "= current_database())",
                 &held, e))
        return -1;
    if (ask(s, &is, e)) {
        PQclear(held);
        return -1;
    }
    struct effect *v = NEW_ARRAY(mem, struct effect, (uint32_t)PQntuples(was) + 1);
    put_locks(was, held, v);
    put_changes(was, is, v);
    *out = v;
    *n = 0;
    for (int row = 0; row < PQntuples(was); row++) {
        struct effect one = v[row];
        one.path =
            path_of(mem, pg_value(was, row, 3), pg_value(was, row, 4), pg_value(was, row, 5));
        if (pg_value(was, row, 5).p[0] ==
            'S') /* its table's columns use it, and its file is one row */
            one.flags = FX_BESIDES;
        if (one.level || (one.flags & ~(unsigned)FX_BESIDES))
            v[(*n)++] = one;
    }
    PQclear(held);
    PQclear(is);
    return 0;
}
