/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/mysql/mysql.h"

static struct str name_of(struct arena *mem, const struct obj *table)
{
    return my_text(mem, "%I", my_name(mem, table->path));
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    static const struct row_dialect dialect = {&my_dialect, name_of, NULL};
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(my, write_rows, 24);
