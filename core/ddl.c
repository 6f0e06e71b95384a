/* Collecting statements and hazards; see ddl.h. */

#include "core/ddl.h"

#include <stdarg.h>

void ddl_stmt(struct ddl *d, struct str text, unsigned flags)
{
    enum lang lang = d->eng ? d->eng->lang : LANG_SQL;
    struct stmt s = {.lang = lang, .text = text, .flags = flags};
    VEC_PUSH(d->mem, d->stmts, s);
}

void ddl_typed(struct ddl *d, const struct typed *t)
{
    struct typed *copy = NEW(d->mem, struct typed);
    *copy = *t;
    d->stmts.v[d->stmts.n - 1].typed = copy;
}

void ddl_hazard(struct ddl *d, enum hazard_code code, struct str path, const char *fmt, ...)
{
    struct strbuf object = sb_new(d->mem, 0);
    va_list ap;
    const struct obj *o = view_get(d->before, path);
    o = o ? o : view_get(d->after, path);
    if (o)
        obj_human(&object, o);
    else
        path_human(&object, path);
    va_start(ap, fmt);
    struct hazard h = {code, sb_view(&object), arena_vprintf(d->mem, fmt, ap), path};
    va_end(ap);
    VEC_PUSH(d->mem, d->hazards, h);
}
