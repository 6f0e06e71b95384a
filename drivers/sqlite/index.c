/* Indexes: a change of one is a drop and a create. */

#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"

static int index_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lite_index parsed;
    (void)e;
    lite_ddl_src(d, c->after);
    if (lite_parse_index(d->mem, obj_src(d->mem, c->after, "sql"), NULL, &parsed))
        lite_typed_index(d, &parsed);
    if (d->origin && !cat_find(d->origin, path_parent(c->after->path)))
        return 0; /* the table is new and holds no rows */
    if (obj_true(c->after, "unique"))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
                   "fails when two rows are equal in the key");
    ddl_hazard(d, HZ_INDEX_BUILD, c->after->path, "the table is read whole");
    return 0;
}

static int index_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = obj_name(d->mem, c->before);
    (void)e;
    lite_ddl(d, 0, "DROP INDEX %I", name);
    lite_typed_name(d, "dropIndex", "indexName", name);
    return 0;
}

static void index_brief(const struct obj *o, struct strbuf *out)
{
    uint32_t n;
    struct str *terms = lite_list(out->mem, obj_raw(o, "columns"), &n);
    sb_c(out, obj_true(o, "unique") ? "unique (" : "(");
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            sb_c(out, ", ");
        sb_str(out, terms[i]);
    }
    sb_char(out, ')');
    struct str where = obj_text(out->mem, o, "where");
    if (where.n)
        sb_printf(out, " where %.*s", STR_ARG(where));
}

static const struct alter create = {
    .name = "index.create", .fn = index_create, .doc = "CREATE INDEX"};
static const struct alter drop = {.name = "index.drop", .fn = index_drop, .doc = "DROP INDEX"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "terms: columns or expressions, COLLATE, desc"},
    {"name",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "the name as spelled, where it has capitals"},
    {"unique",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  AF_GUARDS, "UNIQUE"},
    {"where",   A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "condition of a partial index"},
};
/* clang-format on */

const struct kind_desc lite_index_kind = {
    .name = "index",
    .parents = "table",
    .flags = KF_CASCADE,
    .rank = 30,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = index_brief,
    .doc = "index",
};

bool lite_index_facts(struct catalog *cat, struct str sql, const struct lite_names *columns)
{
    struct lite_index x;
    if (!lite_parse_index(cat->tmp, sql, columns, &x))
        return false;
    struct fact f;
    struct str folded = lite_fold(cat->tmp, x.name);
    fact_begin(&f, cat, "index", lite_top_path(cat->tmp, "table", x.table), folded);
    fact_list(&f, "columns", x.terms, x.nterms);
    if (!str_eq(folded, x.name))
        fact_text(&f, "name", x.name);
    fact_bool(&f, "unique", x.unique);
    if (!str_is_null(x.where)) {
        struct strbuf where = sb_new(cat->tmp, 0);
        lite_canon(&where, x.where, columns);
        fact_text(&f, "where", sb_view(&where));
    }
    fact_src(&f, "sql", lite_statement(sql));
    fact_end(&f);
    return true;
}
