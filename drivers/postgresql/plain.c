/* Objects whose facts hold the server's whole CREATE (attribute `def`), or one that the query
 * builds. */

#include "drivers/postgresql/postgresql.h"

int pg_def_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S", obj_text(d->mem, c->after, "def"));
    pg_dress(d, pg_keyword(d->eng, c->after), pg_id(d->mem, c->after), c->after);
    return 0;
}

int pg_def_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP %s %S", pg_keyword(d->eng, c->before), pg_id(d->mem, c->before));
    return 0;
}
