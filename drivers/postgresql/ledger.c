/*
 * The ledger: every object of the catalogs that somebody has made is held against the facts, and
 * what is none of them is named. So a kind that no query reads cannot be passed over.
 */

#include "drivers/postgresql/ledger.h"

#include "drivers/sql/query.h"

static uint32_t number(struct str s)
{
    int64_t n = 0;
    return str_int(s, &n) ? (uint32_t)n : 0;
}

struct taking {
    struct catalog *cat;
    struct strbuf *missing;
    pg_path_of *path_of;
    const void *ctx;
};

/* A row of kind, name, text, why and what it hangs on. */
static int put_entry(void *ctx, const PGresult *row, struct err *e)
{
    struct taking *t = ctx;
    struct catalog *cat = t->cat;
    struct str v[7];
    (void)e;
    for (int i = 0; i < 7; i++)
        v[i] = pg_value(row, 0, i);
    struct str on = t->path_of(t->ctx, number(v[4]), number(v[5]), (int32_t)number(v[6]));
    cat_add_ledger(cat, arena_cstr(cat->mem, v[0]), arena_str(cat->mem, v[1]), on, v[2],
                   arena_cstr(cat->mem, v[3]));
    return 0;
}

static int note_missing(void *ctx, const PGresult *row, struct err *e)
{
    struct taking *t = ctx;
    uint32_t class = number(pg_value(row, 0, 0)), oid = number(pg_value(row, 0, 1));
    (void)e;
    if (str_is_null(t->path_of(t->ctx, class, oid, 0)))
        sb_printf(t->missing, "%s(%u::oid, %u::oid)", t->missing->n ? ", " : "", class, oid);
    return 0;
}

int pg_take_ledger(struct session *s, struct strbuf *missing, struct catalog *cat,
                   pg_path_of *path_of, const void *ctx, struct err *e)
{
    struct taking t = {cat, missing, path_of, ctx};
    return pg_pipe_take(s, note_missing, &t, e) || pg_pipe_take(s, put_entry, &t, e) ? -1 : 0;
}

int pg_name_missing(struct session *s, struct strbuf *missing, struct catalog *cat,
                    struct arena *mem, pg_path_of *path_of, const void *ctx, struct err *e)
{
    struct taking t = {cat, missing, path_of, ctx};
    if (!missing->n)
        return 0;
    struct str sql = arena_printf(mem, "WITH missing(class, oid) AS (VALUES %.*s)\n%s",
                                  STR_ARG(sb_view(missing)),
                                  sql_query(mem, "postgresql", "unmodelled", s->version));
    if (pg_pipe_open(s, e) || pg_pipe_send(s, sql.p, e) || pg_pipe_sync(s, e))
        return -1;
    int rc = pg_pipe_take(s, put_entry, &t, e);
    pg_pipe_skip(s);
    return pg_pipe_close(s, e) ? -1 : rc;
}
