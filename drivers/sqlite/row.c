/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/sqlite/sqlite.h"

static struct str name_of(struct arena *mem, const struct obj *table)
{
    return lite_text(mem, "%I", obj_name(mem, table));
}

static const struct row_dialect dialect = {&lite_dialect, name_of, NULL};

struct str lite_filled(struct ddl *d, const struct obj *before, const struct obj *after)
{
    struct str value;
    if (!obj_true(after, "notnull") || !str_is_null(obj_raw(after, "generated")))
        return STR_NULL;
    if (!before && str_is_null(obj_raw(after, "default")))
        return row_fill_value(&dialect, d, after);
    value = row_backfill(d, after);
    if (!before || obj_true(before, "notnull") || str_is_null(value))
        return STR_NULL;
    return lite_text(d->mem, "coalesce(%I, (%S))", obj_name(d->mem, before), value);
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(lite, write_rows, 24);
