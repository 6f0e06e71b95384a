/*
 * Virtual tables. Their shadow tables are the module's own and never facts. A change of arguments
 * is a drop and a create with the rows, or the index, brought back: for the modules that are known
 * here; for others it is refused by name.
 */

#include "drivers/sqlite/sqlite.h"

enum content { ROWS, INDEX_ONLY, EXTERNAL };
enum { MAX_VIEWS = 16 }; /* one over the other */

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

/* The value of an option among the module's arguments: content = 'page' gives page; absent when it
 * is not said. */
static struct str option_of(struct arena *mem, const struct str *args, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        struct lexer l = lex_open(args[i]);
        if (tok_is(lex_next(&l), name) && tok_is_op(lex_next(&l), "="))
            return tok_name(mem, lex_next(&l));
    }
    return STR_NULL;
}

/* Where a full-text table keeps its text: in itself, nowhere (content=''), or in the table whose
 * name *other then holds. */
static enum content content_of(struct arena *mem, struct str module, const struct str *args,
                               uint32_t n, struct str *other)
{
    *other = is_full_text(module) ? option_of(mem, args, n, "content") : STR_NULL;
    return str_is_null(*other) ? ROWS : other->n ? EXTERNAL : INDEX_ONLY;
}

static struct str option_of_fact(struct arena *mem, const struct obj *o, const char *name)
{
    uint32_t n;
    struct str *args = lite_list(mem, obj_raw(o, "args"), &n);
    return option_of(mem, args, n, name);
}

static enum content content_of_fact(struct arena *mem, const struct obj *o)
{
    uint32_t n;
    struct str *args = lite_list(mem, obj_raw(o, "args"), &n), other;
    return content_of(mem, obj_text(mem, o, "module"), args, n, &other);
}

bool lite_is_external(struct arena *mem, const struct obj *o)
{
    return content_of_fact(mem, o) == EXTERNAL;
}

/* Its columns, with the hidden one that FTS4 keeps the language of a row in. */
static struct str *columns_of(struct arena *mem, const struct obj *o, uint32_t *n)
{
    struct str *shown = lite_list(mem, jc_get(o->src, "columns"), n);
    struct str *all = NEW_ARRAY(mem, struct str, *n + 1);
    struct str language = str_eq(obj_text(mem, o, "module"), STR("fts4"))
                              ? option_of_fact(mem, o, "languageid")
                              : STR_NULL;
    for (uint32_t i = 0; i < *n; i++)
        all[i] = shown[i];
    if (language.n)
        all[(*n)++] = language;
    return all;
}

static bool holds(const struct str *names, uint32_t n, struct str name)
{
    bool found = false;
    for (uint32_t i = 0; i < n && !found; i++)
        found = str_eq_fold(names[i], name);
    return found;
}

static bool is_rowid_word(struct str name)
{
    return str_is_null(name) || str_eq_fold(name, STR("rowid")) || str_eq_fold(name, STR("oid")) ||
           str_eq_fold(name, STR("_rowid_"));
}

static bool has_column(struct arena *mem, const struct view *v, struct str table, struct str name)
{
    return view_get(v, path_join(mem, table, STR("column"), lite_fold(mem, name))) != NULL;
}

/* Where an external full-text table takes its text from in this state: path of a table or view, or
 * absent. */
static struct str source_of(struct arena *mem, const struct view *v, const struct obj *o)
{
    struct str other = option_of_fact(mem, o, "content");
    struct str table = lite_top_path(mem, "table", other), view = lite_top_path(mem, "view", other);
    return view_get(v, table) ? table : view_get(v, view) ? view : STR_NULL;
}

/* Whether its index can be made in this state: between two steps the source may lack a column that
 * it names. Whoever brings the column makes the index. */
static bool source_fits(struct arena *mem, const struct view *v, const struct obj *o)
{
    struct str source = source_of(mem, v, o), key = option_of_fact(mem, o, "content_rowid");
    uint32_t n;
    struct str *names = lite_list(mem, jc_get(o->src, "columns"), &n);
    if (!str_eq(path_kind(source), STR("table")))
        return !str_is_null(source) && lite_all_resolve(mem, v);
    bool all = is_rowid_word(key) ? !obj_true(view_get(v, source), "without_rowid")
                                  : has_column(mem, v, source, key);
    for (uint32_t i = 0; i < n && all; i++)
        all = has_column(mem, v, source, names[i]);
    return all;
}

static void rebuild_index(struct ddl *d, struct str name)
{
    lite_ddl(d, 0, "INSERT INTO %I (%I) VALUES ('rebuild')", name, name);
}

static int virtual_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lite_ddl_src(d, c->after);
    if (content_of_fact(d->mem, c->after) == EXTERNAL && source_fits(d->mem, d->after, c->after))
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
    struct str *old = columns_of(d->mem, c->before, &nold);
    struct str *now = columns_of(d->mem, c->after, &nnew);
    if (is_full_text(obj_text(d->mem, c->after, "module")))
        sb_c(&b, "rowid");
    for (uint32_t i = 0; i < nnew; i++)
        if (holds(old, nold, now[i]))
            sql_fmt(&b, &lite_dialect, b.n ? ", %I" : "%I", now[i]);
    return sb_view(&b);
}

/* Rows of its own that no copy brings along. */
static bool loses_rows(struct arena *mem, const struct change *c)
{
    enum content before = content_of_fact(mem, c->before), after = content_of_fact(mem, c->after);
    return before == INDEX_ONLY || after == INDEX_ONLY || (before == ROWS && after == EXTERNAL);
}

/* The next column of its own, from *at on, that is gone; absent: none. */
static struct str next_lost(struct arena *mem, const struct change *c, uint32_t *at)
{
    uint32_t nold, nnew;
    struct str *old = columns_of(mem, c->before, &nold);
    struct str *now = columns_of(mem, c->after, &nnew);
    while (content_of_fact(mem, c->before) == ROWS && *at < nold) {
        struct str name = old[(*at)++];
        if (!holds(now, nnew, name))
            return name;
    }
    return STR_NULL;
}

static bool repopulate_loses(const struct ddl *d, const struct change *c)
{
    uint32_t at = 0;
    return loses_rows(d->mem, c) || !str_is_null(next_lost(d->mem, c, &at));
}

static void loss_hazards(struct ddl *d, const struct change *c)
{
    struct str path = c->before->path;
    uint32_t at = 0;
    if (content_of_fact(d->mem, c->before) == ROWS &&
        content_of_fact(d->mem, c->after) == EXTERNAL) {
        ddl_hazard(d, HZ_DATA_LOSS, path, "its own text gives way to that of its content table");
        return;
    }
    if (loses_rows(d->mem, c)) {
        ddl_hazard(d, HZ_DATA_LOSS, path,
                   "a full-text table without content cannot be filled from itself: it is empty "
                   "afterwards");
        return;
    }
    for (struct str lost = next_lost(d->mem, c, &at); !str_is_null(lost);
         lost = next_lost(d->mem, c, &at))
        ddl_hazard(d, HZ_DATA_LOSS, path, "the values of its column %.*s are lost", STR_ARG(lost));
}

/* R-trees hold their bounds as integers or as floats, both of 32 bits. */
static void bound_hazards(struct ddl *d, const struct change *c)
{
    bool was = str_eq(obj_text(d->mem, c->before, "module"), STR("rtree_i32"));
    bool is = str_eq(obj_text(d->mem, c->after, "module"), STR("rtree_i32"));
    if (was != is)
        ddl_hazard(d, HZ_CONVERT, c->before->path,
                   is ? "bounds are stored as whole numbers"
                      : "bounds are stored as floats of 32 bits");
}

/* What was set by commands: FTS5 keeps it in a shadow table, in the form in which it takes it. */
static bool keeps_settings(struct ddl *d, const struct change *c)
{
    return str_eq(obj_text(d->mem, c->before, "module"), STR("fts5")) &&
           str_eq(obj_text(d->mem, c->after, "module"), STR("fts5"));
}

static void hold_settings(struct ddl *d, struct str from, struct str hold)
{
    lite_ddl(d, 0, "CREATE TABLE %I AS SELECT k, v FROM %I WHERE k <> 'version'", hold,
             arena_printf(d->mem, "%.*s_config", STR_ARG(from)));
}

static void put_settings(struct ddl *d, struct str to, struct str hold)
{
    lite_ddl(d, 0, "INSERT INTO %I (%I, rank) SELECT k, v FROM %I", to, to, hold);
    lite_ddl(d, 0, "DROP TABLE %I", hold);
}

/* Both modules must be known, and some column with them where rows are copied. */
static int refuse_unknown(struct ddl *d, const struct change *c, bool copy, struct err *e)
{
    struct str from = obj_name(d->mem, c->before);
    struct str modules[] = {obj_text(d->mem, c->before, "module"),
                            obj_text(d->mem, c->after, "module")};
    size_t i = is_known(modules[0]) ? 1 : 0;
    if (!is_known(modules[i]))
        err_set(e, E_UNSUPPORTED_CHANGE,
                "virtual table %.*s: snap cannot bring the rows of module %.*s back", STR_ARG(from),
                STR_ARG(modules[i]));
    else if (copy && !common_columns(d, c).n)
        err_set(e, E_UNSUPPORTED_CHANGE,
                "virtual table %.*s: no column is known on both sides, so its rows cannot be kept",
                STR_ARG(from));
    else
        return 0;
    return err_hint(e, "drop it and create it in two changelogs, and fill it by hand");
}

static int virtual_repopulate(struct ddl *d, const struct change *c, struct err *e)
{
    struct str from = obj_name(d->mem, c->before), to = obj_name(d->mem, c->after);
    enum content before = content_of_fact(d->mem, c->before),
                 after = content_of_fact(d->mem, c->after);
    struct str hold = lite_free_name(d, "_snap_old_", from), columns = common_columns(d, c);
    struct str settings = lite_free_name(d, "_snap_set_", from);
    bool copy = before != INDEX_ONLY && after == ROWS;
    if (refuse_unknown(d, c, copy, e))
        return -1;
    if (copy)
        lite_ddl(d, 0, "CREATE TABLE %I AS SELECT %S FROM %I", hold, columns, from);
    if (keeps_settings(d, c))
        hold_settings(d, from, settings);
    lite_ddl(d, 0, "DROP TABLE %I", from);
    lite_ddl_src(d, c->after);
    if (keeps_settings(d, c))
        put_settings(d, to, settings);
    if (copy) {
        lite_ddl(d, 0, "INSERT INTO %I (%S) SELECT %S FROM %I", to, columns, columns, hold);
        lite_ddl(d, 0, "DROP TABLE %I", hold);
    } else if (after == EXTERNAL && source_fits(d->mem, d->after, c->after)) {
        rebuild_index(d, to);
    }
    bound_hazards(d, c);
    loss_hazards(d, c);
    if (before != INDEX_ONLY && after != INDEX_ONLY)
        ddl_hazard(d, HZ_REPOPULATE, c->before->path, "the table is made anew and filled again%s",
                   str_eq(obj_text(d->mem, c->before, "module"), STR("fts4"))
                       ? ", without its automerge setting"
                       : "");
    return 0;
}

/* Whether the text of an external full-text table comes from the table, by itself or by views, all
 * of which is there. */
static bool draws_on(struct arena *mem, const struct view *v, struct str source, struct str table,
                     unsigned depth)
{
    const struct obj *o = view_get(v, source);
    bool found = str_eq(source, table);
    struct jc_iter it = jc_iter(o ? o->deps : STR_NULL);
    struct str key, raw;
    while (depth && o && !found && str_eq(path_kind(source), STR("view")) &&
           jc_next(&it, &key, &raw))
        found = draws_on(mem, v, path_top(jc_text(mem, raw)), table, depth - 1);
    return o && found;
}

/* Some column of the table is computed or stored in another way than it was. */
static bool values_change(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    const struct obj *o;
    bool changed = false;
    while (!changed && (o = view_next(&it))) {
        const struct obj *was = view_get(d->before, o->path);
        changed =
            str_eq(path_kind(o->path), STR("column")) && was &&
            (!str_eq(obj_raw(was, "generated"), obj_raw(o, "generated")) ||
             !str_eq(lite_stored_as(d->mem, d->before, was), lite_stored_as(d->mem, d->after, o)));
    }
    return changed;
}

/* Most schemas have none, and ADD COLUMN is no reason to read all of a large one. What the plan
 * itself makes comes after the columns. */
static bool has_virtual_tables(const struct catalog *cat)
{
    uint32_t at = cat_lower(cat, STR("virtual_table:"));
    return at < cat->n && str_eq(path_kind(cat->v[at].path), STR("virtual_table"));
}

void lite_refresh_full_text(struct ddl *d, struct str table, bool rowids)
{
    if (!has_virtual_tables(d->before->base))
        return;
    struct view_iter it = view_iter(d->after, STR(""));
    bool values = values_change(d, table);
    const struct obj *o;
    while ((o = view_next(&it))) {
        if (!str_eq(path_kind(o->path), STR("virtual_table")) || !view_get(d->before, o->path) ||
            content_of_fact(d->mem, o) != EXTERNAL)
            continue;
        struct str source = source_of(d->mem, d->after, o);
        bool by_rowid = str_eq(path_kind(source), STR("view")) ||
                        is_rowid_word(option_of_fact(d->mem, o, "content_rowid"));
        if (!draws_on(d->mem, d->after, source, table, MAX_VIEWS) ||
            !source_fits(d->mem, d->after, o) ||
            !(values || (rowids && by_rowid) || !source_fits(d->mem, d->before, o)))
            continue;
        rebuild_index(d, obj_name(d->mem, o));
        ddl_hazard(d, HZ_REPOPULATE, o->path, "its index is built anew from its content");
    }
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
                                        .loses = repopulate_loses,
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

/* The view of the name where there is one, else the table. */
static struct str source_path(struct arena *mem, struct str name, const struct lite_names *paths)
{
    struct str view = lite_top_path(mem, "view", name);
    return paths && lite_names_has(paths, view) ? view : lite_top_path(mem, "table", name);
}

bool lite_virtual_facts(struct catalog *cat, struct str sql, const struct str *columns,
                        uint32_t ncolumns, const struct lite_names *paths)
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
        fact_dep(&f, source_path(cat->tmp, other, paths));
    if (ncolumns)
        fact_src_list(&f, "columns", columns, ncolumns);
    fact_src(&f, "sql", lite_statement(sql));
    fact_end(&f);
    return true;
}
