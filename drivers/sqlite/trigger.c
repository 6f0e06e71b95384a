/* Triggers of tables and views: a change of one is a drop and a create. */

#include "drivers/sqlite/sqlite.h"

static int trigger_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lite_ddl_src(d, c->after);
    return 0;
}

static int trigger_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lite_ddl(d, 0, "DROP TRIGGER %I", obj_name(d->mem, c->before));
    return 0;
}

static void trigger_brief(const struct obj *o, struct strbuf *out)
{
    struct str timing = obj_text(out->mem, o, "timing"), event = obj_text(out->mem, o, "event");
    uint32_t n;
    struct str *columns = lite_list(out->mem, obj_raw(o, "columns"), &n);
    sb_printf(out, "%.*s %.*s", STR_ARG(timing.n ? timing : STR("before")), STR_ARG(event));
    for (uint32_t i = 0; i < n; i++)
        sb_printf(out, "%s%.*s", i ? ", " : " of ", STR_ARG(columns[i]));
}

static const struct alter create = {
    .name = "trigger.create", .fn = trigger_create, .doc = "CREATE TRIGGER"};
static const struct alter drop = {
    .name = "trigger.drop", .fn = trigger_drop, .doc = "DROP TRIGGER"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"body",         A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "BEGIN ... END"},
    {"columns",      A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns of UPDATE OF"},
    {"event",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "insert, update or delete"},
    {"for_each_row", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "FOR EACH ROW is said"},
    {"name",         A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "the name as spelled, where it has capitals"},
    {"timing",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "before, after or instead of, where said"},
    {"when",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "WHEN condition"},
};
/* clang-format on */

const struct kind_desc lite_trigger_kind = {
    .name = "trigger",
    .parents = "table,view",
    .flags = KF_CASCADE | KF_SOFT, /* SQLite looks at the body only when it fires */
    .rank = 50,
    .facet = F_STRUCTURE,
    .names = "/trigger",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = trigger_brief,
    .doc = "trigger",
};

static void put_canonical(struct fact *f, const char *attr, struct str text)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    if (str_is_null(text))
        return;
    lite_canon(&b, text, NULL);
    fact_text(f, attr, sb_view(&b));
}

bool lite_trigger_facts(struct catalog *cat, struct str sql, bool on_view, const struct str *deps,
                        uint32_t ndeps)
{
    struct lite_trigger t;
    if (!lite_parse_trigger(cat->tmp, sql, &t))
        return false;
    struct fact f;
    struct str folded = lite_fold(cat->tmp, t.name);
    fact_begin(&f, cat, "trigger", lite_top_path(cat->tmp, on_view ? "view" : "table", t.table),
               folded);
    put_canonical(&f, "body", t.body);
    fact_list(&f, "columns", t.columns, t.ncolumns);
    fact_text(&f, "event", t.event);
    fact_bool(&f, "for_each_row", t.for_each_row);
    if (!str_eq(folded, t.name))
        fact_text(&f, "name", t.name);
    fact_text(&f, "timing", t.timing);
    put_canonical(&f, "when", t.when);
    fact_src(&f, "sql", lite_statement(sql));
    for (uint32_t i = 0; i < ndeps; i++)
        fact_dep(&f, deps[i]);
    fact_end(&f);
    return true;
}
