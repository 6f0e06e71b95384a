/*
 * Virtual tables. Their shadow tables are the module's own and never facts. A change of arguments
 * is a drop and a create with the rows, or the index, brought back: for the modules that are known
 * here; for others it is refused by name.
 */

#include "drivers/sqlite/sqlite.h"

enum content { ROWS, INDEX_ONLY, EXTERNAL };

/* Modules of SQLite itself whose rows can be read and written back. */
static bool is_full_text(struct str module)
{
    return str_eq(module, STR("fts5")) || str_eq(module, STR("fts4")) ||
           str_eq(module, STR("fts3"));
}

static bool is_known(struct str module)
{
    return is_full_text(module) || str_eq(module, STR("rtree")) ||
           str_eq(module, STR("rtree_i32")) || str_eq(module, STR("geopoly"));
}

/* Where a full-text table keeps its text: in itself, nowhere (content=''), or in the table whose
 * name *other then holds. */
static enum content content_of(struct arena *mem, struct str module, const struct str *args,
                               uint32_t n, struct str *other)
{
    for (uint32_t i = 0; i < n && is_full_text(module); i++) {
        struct lexer l = lex_open(args[i]);
        if (!tok_is(lex_next(&l), "content") || !tok_is_op(lex_next(&l), "="))
            continue;
        *other = tok_name(mem, lex_next(&l));
        return other->n ? EXTERNAL : INDEX_ONLY;
    }
    return ROWS;
}

static enum content content_of_fact(struct arena *mem, const struct obj *o)
{
    uint32_t n;
    struct str *args = lite_list(mem, obj_raw(o, "args"), &n), other;
    return content_of(mem, obj_text(mem, o, "module"), args, n, &other);
}

static void rebuild_index(struct ddl *d, struct str name)
{
    lite_ddl(d, 0, "INSERT INTO %I (%I) VALUES ('rebuild')", name, name);
}

static int virtual_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lite_ddl_src(d, c->after);
    if (content_of_fact(d->mem, c->after) == EXTERNAL)
        rebuild_index(d, obj_name(d->mem, c->after));
    return 0;
}

static int virtual_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lite_ddl(d, 0, "DROP TABLE %I", obj_name(d->mem, c->before));
    return 0;
}

/* The columns that both have, as a list for SQL; rtree and full text have a rowid of their own. */
static struct str common_columns(struct ddl *d, const struct change *c)
{
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t nold, nnew;
    struct str *old = lite_list(d->mem, jc_get(c->before->src, "columns"), &nold);
    struct str *now = lite_list(d->mem, jc_get(c->after->src, "columns"), &nnew);
    if (is_full_text(obj_text(d->mem, c->after, "module")))
        sb_c(&b, "rowid");
    for (uint32_t i = 0; i < nnew; i++)
        for (uint32_t k = 0; k < nold; k++)
            if (str_eq_fold(now[i], old[k]))
                sql_fmt(&b, &lite_dialect, b.n ? ", %I" : "%I", now[i]);
    return sb_view(&b);
}

static int virtual_repopulate(struct ddl *d, const struct change *c, struct err *e)
{
    struct str from = obj_name(d->mem, c->before), to = obj_name(d->mem, c->after);
    struct str modules[] = {obj_text(d->mem, c->before, "module"),
                            obj_text(d->mem, c->after, "module")};
    for (size_t i = 0; i < 2; i++)
        if (!is_known(modules[i])) {
            err_set(e, E_UNSUPPORTED_CHANGE,
                    "virtual table %.*s: snap cannot bring the rows of module %.*s back",
                    STR_ARG(from), STR_ARG(modules[i]));
            return err_hint(e, "drop it and create it in two changelogs, and fill it by hand");
        }
    enum content before = content_of_fact(d->mem, c->before),
                 after = content_of_fact(d->mem, c->after);
    struct str hold = lite_free_name(d, "_snap_old_", from), columns = common_columns(d, c);
    bool copy = before != INDEX_ONLY && after == ROWS;
    if (copy && !columns.n) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "virtual table %.*s: no column is known on both sides, so its rows cannot be kept",
                STR_ARG(from));
        return err_hint(e, "drop it and create it in two changelogs, and fill it by hand");
    }
    if (copy)
        lite_ddl(d, 0, "CREATE TABLE %I AS SELECT %S FROM %I", hold, columns, from);
    lite_ddl(d, 0, "DROP TABLE %I", from);
    lite_ddl_src(d, c->after);
    if (copy) {
        lite_ddl(d, 0, "INSERT INTO %I (%S) SELECT %S FROM %I", to, columns, columns, hold);
        lite_ddl(d, 0, "DROP TABLE %I", hold);
    } else if (after == EXTERNAL) {
        rebuild_index(d, to);
    }
    if (before == INDEX_ONLY || after == INDEX_ONLY)
        ddl_hazard(d, HZ_DATA_LOSS, c->before->path,
                   "a full-text table without content cannot be filled from itself: it is empty "
                   "afterwards");
    else
        ddl_hazard(d, HZ_REPOPULATE, c->before->path, "the table is made anew and filled again");
    return 0;
}

static void virtual_brief(const struct obj *o, struct strbuf *out)
{
    uint32_t n;
    struct str *args = lite_list(out->mem, obj_raw(o, "args"), &n);
    sb_printf(out, "using %.*s", STR_ARG(obj_text(out->mem, o, "module")));
    for (uint32_t i = 0; i < n; i++)
        sb_printf(out, "%s%.*s", i ? ", " : " (", STR_ARG(args[i]));
    if (n)
        sb_char(out, ')');
}

static const struct alter create = {
    .name = "virtual.create", .fn = virtual_create, .doc = "CREATE VIRTUAL TABLE"};
static const struct alter drop = {.name = "virtual.drop", .fn = virtual_drop, .doc = "DROP TABLE"};
static const struct alter repopulate = {.name = "virtual.repopulate",
                                        .fn = virtual_repopulate,
                                        .hazard = HZ_REPOPULATE,
                                        .doc = "made anew and filled again"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"args",   A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &repopulate, 1, false, 0, "arguments of the module"},
    {"module", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &repopulate, 1, false, 0, "the module that implements it"},
    {"name",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &repopulate, 1, true,  0, "the name as spelled, where it has capitals"},
};
/* clang-format on */

const struct kind_desc lite_virtual_kind = {
    .name = "virtual_table",
    .parents = "",
    .flags = KF_DATA,
    .rank = 25,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = virtual_brief,
    .doc = "virtual table of a module such as fts5 or rtree",
};

bool lite_virtual_facts(struct catalog *cat, struct str sql, const struct str *columns,
                        uint32_t ncolumns)
{
    struct lite_virtual v;
    if (!lite_parse_virtual(cat->tmp, sql, &v))
        return false;
    struct fact f;
    struct str folded = lite_fold(cat->tmp, v.name);
    struct str *args = NEW_ARRAY(cat->tmp, struct str, v.nargs);
    fact_begin(&f, cat, "virtual_table", STR(""), folded);
    for (uint32_t i = 0; i < v.nargs; i++) {
        struct strbuf arg = sb_new(cat->tmp, 0);
        lite_canon(&arg, v.args[i], NULL);
        args[i] = sb_view(&arg);
    }
    fact_list(&f, "args", args, v.nargs);
    fact_text(&f, "module", v.module);
    if (!str_eq(folded, v.name))
        fact_text(&f, "name", v.name);
    struct str other;
    if (content_of(cat->tmp, v.module, args, v.nargs, &other) == EXTERNAL)
        fact_dep(&f, lite_top_path(cat->tmp, "table", other));
    if (ncolumns)
        fact_src_list(&f, "columns", columns, ncolumns);
    fact_src(&f, "sql", sql);
    fact_end(&f);
    return true;
}
