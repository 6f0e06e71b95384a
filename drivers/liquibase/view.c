/* Views. */

#include "drivers/liquibase/liquibase.h"

#include "drivers/sql/lex.h"

/* Some products keep the whole CREATE VIEW, others the query alone. */
static bool is_whole(struct str text)
{
    struct lexer l = lex_open(text);
    return tok_is(lex_next(&l), "create");
}

static int put_view(struct ddl *d, const struct obj *o, bool replace)
{
    struct lq_change x = lq_begin_change(d, "createView");
    struct str text = obj_src(d->mem, o, "query");
    lq_bool_key(&x, "fullDefinition", is_whole(text));
    if (d->facets & F_COMMENTS)
        lq_text_key(&x, "remarks", obj_text(d->mem, o, "comment"));
    if (replace)
        lq_bool_key(&x, "replaceIfExists", true);
    lq_schema_key(&x, "schemaName", o->path);
    lq_text_key(&x, "selectQuery", text);
    lq_text_key(&x, "viewName", obj_name(d->mem, o));
    lq_put(&x);
    return 0;
}

static int view_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return put_view(d, c->after, false);
}

static int view_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return put_view(d, c->after, true);
}

static bool can_replace(const struct ddl *d, const struct change *c)
{
    (void)c;
    return lq_dialect(d->eng)->views_replace;
}

static int view_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropView");
    (void)e;
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_text_key(&x, "viewName", obj_name(d->mem, c->before));
    lq_put(&x);
    return 0;
}

static int view_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "renameView");
    (void)e;
    lq_text_key(&x, "newViewName", obj_name(d->mem, c->after));
    lq_text_key(&x, "oldViewName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_put(&x);
    return 0;
}

LQ_ALTER(create, "view.create", view_create, "createView");
LQ_ALTER(drop, "view.drop", view_drop, "dropView");
LQ_ALTER(renamed, "view.rename", view_rename, "renameView");
static const struct alter query = {.name = "view.query",
                                   .fn = view_replace,
                                   .applies = can_replace,
                                   .other = &alter_replace,
                                   .doc = "createView with replaceIfExists"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    LQ_COMMENT(&query),
    LQ_NAME(&renamed),
    {"query", A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &query, 1, true, 0, "its query, or the whole CREATE VIEW"},
};
/* clang-format on */

const struct kind_desc lq_view_kind = {
    .name = "view",
    .parents = ",schema",
    .flags = KF_SOFT | KF_GRANTED,
    .rank = 60,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &renamed,
    .doc = "view",
};
