/* What deployers have written down in their tables of this database. No such table, or one without
 * an id: they have not been here. */

#include "drivers/sql/deployed.h"

#include <string.h>

#include "drivers/mysql/live.h"

typedef void row_fn(void *ctx, const struct deployed *d);

static int read_rows(struct session *s, const struct deployer *d, struct str sql, row_fn *put,
                     void *ctx, struct err *e)
{
    struct str values[DEPLOYED_FIELDS];
    MYSQL_RES *r;
    MYSQL_ROW row;
    if (my_query(s, sql, &r, e))
        return -1;
    while ((row = mysql_fetch_row(r))) {
        const unsigned long *lengths = mysql_fetch_lengths(r);
        for (int i = 0; i < DEPLOYED_FIELDS; i++)
            values[i] = (struct str){row[i], row[i] ? lengths[i] : 0};
        struct deployed one = deployed_row(d, values);
        put(ctx, &one);
    }
    mysql_free_result(r);
    return 0;
}

/* information_schema shows columns that the account may use in any way; what may not be read of
 * them is an error where `strict`, else none. */
static int read_table(struct session *s, const struct deployer *d, bool strict, row_fn *put,
                      void *ctx, struct err *e)
{
    struct strbuf sql = sb_new(s->mem, 0);
    VEC(struct str) columns = {0};
    struct str table = STR_NULL;
    MYSQL_RES *r;
    MYSQL_ROW row;
    if (my_query(s,
                 my_text(s->mem,
                         "SELECT table_name, column_name, LOCATE('select', LOWER(privileges)) FROM "
                         "information_schema.columns WHERE table_schema = DATABASE() AND "
                         "LOWER(table_name) = %L ORDER BY table_name",
                         str_c(d->table)),
                 &r, e))
        return -1;
    while ((row = mysql_fetch_row(r))) {
        struct str of = arena_str(s->mem, str_c(row[0]));
        if (!str_is_null(table) && !str_eq(table, of))
            break;
        table = of;
        if (strict || strcmp(row[2], "0") != 0)
            VEC_PUSH(s->mem, columns, arena_str(s->mem, str_c(row[1])));
    }
    mysql_free_result(r);
    if (!deployed_select(&sql, &my_dialect, d, columns.v, columns.n, my_text(s->mem, "%I", table)))
        return 0;
    return read_rows(s, d, sb_view(&sql), put, ctx, e);
}

int my_deployments(struct session *s, row_fn *put, void *ctx, struct err *e)
{
    for (const struct deployer *d = deployers; d->tool; d++)
        if (read_table(s, d, false, put, ctx, e))
            return -1;
    return 0;
}

int my_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_table(s, &deployers[DEPLOYER_LIQUIBASE], true, deployed_put_id, &ids, e);
}

int my_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                struct err *e)
{
    struct deployed_ids ids = {put, ctx};
    return read_table(s, &deployers[DEPLOYER_FLYWAY], true, deployed_put_id, &ids, e);
}
