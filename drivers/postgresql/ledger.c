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

/* Rows of kind, name, text, why and what it hangs on. */
static int put_entries(struct session *s, struct catalog *cat, const char *sql, pg_path_of *path_of,
                       const void *ctx, struct err *e)
{
    PGresult *res;
    if (pg_query(s, sql, &res, e))
        return -1;
    for (int row = 0; row < PQntuples(res); row++) {
        struct str v[7];
        for (int i = 0; i < 7; i++)
            v[i] = pg_value(res, row, i);
        struct str on = path_of(ctx, number(v[4]), number(v[5]), (int32_t)number(v[6]));
        cat_add_ledger(cat, arena_cstr(cat->mem, v[0]), arena_str(cat->mem, v[1]), on, v[2],
                       arena_cstr(cat->mem, v[3]));
    }
    PQclear(res);
    return 0;
}

int pg_read_ledger(struct session *s, struct catalog *cat, struct arena *mem, pg_path_of *path_of,
                   const void *ctx, struct err *e)
{
    PGresult *res;
    struct strbuf missing = sb_new(mem, 0);
    if (pg_query(s, sql_query(mem, "postgresql", "inventory", s->version), &res, e))
        return -1;
    for (int row = 0; row < PQntuples(res); row++) {
        uint32_t class = number(pg_value(res, row, 0)), oid = number(pg_value(res, row, 1));
        if (str_is_null(path_of(ctx, class, oid, 0)))
            sb_printf(&missing, "%s(%u::oid, %u::oid)", missing.n ? ", " : "", class, oid);
    }
    PQclear(res);
    if (missing.n) {
        struct strbuf sql = sb_new(mem, 0);
        sb_printf(&sql, "WITH missing(class, oid) AS (VALUES %.*s)\n%s",
                  STR_ARG(sb_view(&missing)), sql_query(mem, "postgresql", "unmodelled", s->version));
        if (put_entries(s, cat, arena_cstr(mem, sb_view(&sql)), path_of, ctx, e))
            return -1;
    }
    return put_entries(s, cat, sql_query(mem, "postgresql", "ledger", s->version), path_of, ctx, e);
}
