/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/postgresql/column.h"
#include "drivers/postgresql/postgresql.h"

/* A column GENERATED ALWAYS AS IDENTITY takes a value only so. */
static const char *overriding(const struct obj *column)
{
    return str_eq(obj_raw(column, "identity"), STR("\"ALWAYS\"")) ? "OVERRIDING SYSTEM VALUE"
                                                                  : NULL;
}

static const struct row_dialect dialect = {&pg_dialect, pg_id, overriding};

void pg_fill_nulls(struct ddl *d, const struct change *c)
{
    if (c->before && c->after)
        row_fill_nulls(&dialect, d, c->before, c->after);
}

bool pg_column_filled(struct ddl *d, const struct obj *o)
{
    struct str table = pg_table_of(d->mem, o->path), name = pg_last(d->mem, o->path);
    bool brings = obj_raw(o, "generated").n || obj_raw(o, "identity").n ||
                  obj_raw(o, "notnull_name").n ||
                  view_get(d->after, path_join(d->mem, o->path, STR("default"), STR("#")));
    struct str value = !obj_true(o, "notnull") || brings || pg_table_is_new(d, o->path)
                           ? STR_NULL
                           : row_fill_value(&dialect, d, o);
    struct obj half = *o;
    if (str_is_null(value))
        return false;
    if (str_is_null(row_backfill(d, o))) /* a CASE of quoted values is a text */
        value = pg_text(d->mem, "CAST(%S AS %S)", value, obj_text(d->mem, o, "type"));
    half.a = obj_with(d->mem, d->eng, o, "notnull", STR_NULL);
    pg_ddl(d, 0, "ALTER TABLE %S ADD COLUMN %S", table, pg_column_clause(d, d->after, &half));
    pg_ddl(d, 0, "UPDATE %S SET %S = %S", table, name, value);
    pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S SET NOT NULL", table, name);
    return true;
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(pg, write_rows, 46);
