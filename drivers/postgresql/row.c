/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/postgresql/postgresql.h"

/* A column GENERATED ALWAYS AS IDENTITY takes a value only so. */
static const char *overriding(const struct obj *column)
{
    return str_eq(obj_raw(column, "identity"), STR("\"ALWAYS\"")) ? "OVERRIDING SYSTEM VALUE"
                                                                  : NULL;
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    static const struct row_dialect dialect = {&pg_dialect, pg_id, overriding};
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(pg, write_rows, 46);
