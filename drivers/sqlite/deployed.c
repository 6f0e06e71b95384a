/* What deployers have written down in their tables. No such table, or one without an id: they have
 * not been here. Anything else that goes wrong hides what may be there, and is an error. */

#include "drivers/sql/deployed.h"

#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/live.h"

typedef void row_fn(void *ctx, const struct deployed *d);

static int read_table(struct session *s, const struct deployer *d, row_fn *put, void *ctx,
                      struct err *e)
{
    struct strbuf sql = sb_new(s->mem, 0);
    VEC(struct str) columns = {0};
    struct str values[DEPLOYED_FIELDS];
    sqlite3_stmt *stmt;
    int rc;
    sql_fmt(&sql, &lite_dialect, "SELECT name FROM pragma_table_info(%L)", str_c(d->table));
    if (lite_prepare(s, sql.p, &stmt, e))
        return -1;
    while ((rc = lite_step(s, stmt, e)) == 1)
        VEC_PUSH(s->mem, columns, arena_str(s->mem, lite_column_text(stmt, 0)));
    sqlite3_finalize(stmt);
    sb_cut(&sql, 0);
    if (rc || !deployed_select(&sql, &lite_dialect, d, columns.v, columns.n, str_c(d->table)))
        return rc;
    if (lite_prepare(s, sql.p, &stmt, e))
        return -1;
    while ((rc = lite_step(s, stmt, e)) == 1) {
        for (int i = 0; i < DEPLOYED_FIELDS; i++)
            values[i] = lite_column_text(stmt, i);
        struct deployed one = deployed_row(d, values);
        put(ctx, &one);
    }
    sqlite3_finalize(stmt);
    return rc;
}

int lite_deployments(struct session *s, row_fn *put, void *ctx, struct err *e)
{
    for (const struct deployer *d = deployers; d->tool; d++)
        if (read_table(s, d, put, ctx, e))
            return -1;
    return 0;
}

int lite_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_table(s, &deployers[DEPLOYER_LIQUIBASE], deployed_put_id, &ids, e);
}

int lite_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                  struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_table(s, &deployers[DEPLOYER_FLYWAY], deployed_put_id, &ids, e);
}
