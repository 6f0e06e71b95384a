/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/sqlite/sqlite.h"

static struct str name_of(struct arena *mem, const struct obj *table)
{
    return lite_text(mem, "%I", obj_name(mem, table));
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    static const struct row_dialect dialect = {&lite_dialect, name_of, NULL};
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(lite, write_rows, 24);
