/* What deployers have written down in their tables. They make them where the connection's objects
 * go, so every schema is looked through; no such table: they have not been here. */

#include "drivers/sql/deployed.h"

#include "drivers/postgresql/rows.h"

typedef void row_fn(void *ctx, const struct deployed *d);

static int read_table(struct session *s, const struct deployer *d, struct str table,
                      const struct str *columns, uint32_t n, row_fn *put, void *ctx, struct err *e)
{
    struct strbuf sql = sb_new(s->mem, 0);
    struct str values[DEPLOYED_FIELDS];
    PGresult *r;
    if (!deployed_select(&sql, &pg_dialect, d, columns, n, table))
        return 0;
    if (pg_query(s, sql.p, &r, e))
        return -1;
    for (int row = 0; row < PQntuples(r); row++) {
        for (int i = 0; i < DEPLOYED_FIELDS; i++)
            values[i] = pg_value(r, row, i);
        struct deployed one = deployed_row(d, values);
        put(ctx, &one);
    }
    PQclear(r);
    return 0;
}

/* `readable`: of what the account may not read the rest is read, without the id a table is hidden;
 * else it is an error. */
static int read_tables(struct session *s, const struct deployer *d, bool readable, row_fn *put,
                       void *ctx, struct err *e)
{
    const struct deployed hidden = deployed_hidden(d->tool);
    VEC(struct str) columns = {0};
    PGresult *r;
    struct str sql = pg_text(
        s->mem,
        "SELECT c.oid::pg_catalog.regclass::text, a.attname, "
        "pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AND "
        "pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') "
        "FROM pg_catalog.pg_class c JOIN "
        "pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.relname = %L AND a.attnum > 0 "
        "AND NOT a.attisdropped AND c.relkind = 'r' AND c.relpersistence <> 't' "
        "ORDER BY c.oid",
        str_c(d->table));
    if (pg_query(s, sql.p, &r, e))
        return -1;
    int rc = 0;
    bool shown = true;
    for (int i = 0; !rc && i < PQntuples(r); i++) {
        struct str table = pg_value(r, i, 0), column = pg_value(r, i, 1);
        bool may = !readable || str_eq_c(pg_value(r, i, 2), "t");
        if (may)
            VEC_PUSH(s->mem, columns, column);
        else if (str_eq_fold_c(column, d->columns[DEPLOYED_ID]))
            shown = false;
        if (i + 1 < PQntuples(r) && str_eq(pg_value(r, i + 1, 0), table))
            continue;
        if (shown)
            rc = read_table(s, d, table, columns.v, columns.n, put, ctx, e);
        else
            put(ctx, &hidden);
        columns.n = 0;
        shown = true;
    }
    PQclear(r);
    return rc;
}

int pg_deployments(struct session *s, row_fn *put, void *ctx, struct err *e)
{
    for (const struct deployer *d = deployers; d->tool; d++)
        if (read_tables(s, d, true, put, ctx, e))
            return -1;
    return 0;
}

int pg_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_tables(s, &deployers[DEPLOYER_LIQUIBASE], false, deployed_put_id, &ids, e);
}

int pg_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_tables(s, &deployers[DEPLOYER_FLYWAY], false, deployed_put_id, &ids, e);
}
