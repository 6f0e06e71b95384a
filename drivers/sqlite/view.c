/* Views: a change of one is a drop and a create. */

#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"

static int view_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lite_view parsed;
    (void)e;
    lite_ddl_src(d, c->after);
    if (lite_parse_view(d->mem, obj_src(d->mem, c->after, "sql"), &parsed) && !parsed.ncolumns)
        lite_typed_view(d, parsed.name, parsed.query);
    return 0;
}

static int view_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = obj_name(d->mem, c->before);
    (void)e;
    lite_ddl(d, 0, "DROP VIEW %I", name);
    lite_typed_name(d, "dropView", "viewName", name);
    return 0;
}

static const struct alter create = {.name = "view.create", .fn = view_create, .doc = "CREATE VIEW"};
static const struct alter drop = {.name = "view.drop", .fn = view_drop, .doc = "DROP VIEW"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true, 0, "names given to its columns"},
    {"name",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true, 0, "the name as spelled, where it has capitals"},
    {"query",   A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true, 0, "the SELECT"},
};
/* clang-format on */

const struct kind_desc lite_view_kind = {
    .name = "view",
    .parents = "",
    .flags = KF_SOFT, /* SQLite looks at the body only when it is used */
    .rank = 40,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "view",
};

bool lite_view_facts(struct catalog *cat, struct str sql, const struct str *deps, uint32_t ndeps)
{
    struct lite_view v;
    if (!lite_parse_view(cat->tmp, sql, &v))
        return false;
    struct fact f;
    struct str folded = lite_fold(cat->tmp, v.name);
    struct strbuf query = sb_new(cat->tmp, 0);
    fact_begin(&f, cat, "view", STR(""), folded);
    fact_list(&f, "columns", v.columns, v.ncolumns);
    if (!str_eq(folded, v.name))
        fact_text(&f, "name", v.name);
    lite_canon(&query, v.query, NULL);
    fact_text(&f, "query", sb_view(&query));
    fact_src(&f, "sql", lite_statement(sql));
    for (uint32_t i = 0; i < ndeps; i++)
        fact_dep(&f, deps[i]);
    fact_end(&f);
    return true;
}
