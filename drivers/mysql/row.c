/* Rows of tables that --data names: their statements. */

#include "drivers/sql/row.h"
#include "drivers/mysql/mysql.h"

static struct str name_of(struct arena *mem, const struct obj *table)
{
    return my_text(mem, "%I", my_name(mem, table->path));
}

static const struct row_dialect dialect = {&my_dialect, name_of, NULL};

void my_backfill(struct ddl *d, struct str table, bool ahead)
{
    uint32_t n;
    const struct obj **is = my_columns(d->mem, d->after, table, &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *was = view_get(d->before, is[i]->path);
        struct str value = row_backfill(d, is[i]);
        bool own = obj_raw(is[i], "generated").n || obj_raw(is[i], "default").n ||
                   obj_true(is[i], "auto_increment");
        if (ahead && was)
            row_fill_nulls(&dialect, d, was, is[i]);
        else if (!ahead && !was && obj_true(is[i], "notnull") && !own && !str_is_null(value))
            my_ddl(d, 0, "UPDATE %I SET %I = (%S)", my_name(d->mem, table),
                   my_name(d->mem, is[i]->path), value);
    }
}

static int write_rows(struct ddl *d, const struct change *c, struct err *e)
{
    (void)c;
    return row_write(&dialect, d, e);
}

ROW_KINDS(my, write_rows, 24);
