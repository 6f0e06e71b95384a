/*
 * Columns: ADD, DROP and RENAME COLUMN where SQLite can do them in place; every other change of a
 * column is a rebuild of its table.
 */

#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"

static struct str folded_name(struct arena *mem, const struct obj *column)
{
    return path_name(mem, column->path);
}

/* Whether a DEFAULT is one that ADD COLUMN takes for a table with rows: a literal, with a sign or
 * without, or a lone name (a string). Functions, also CURRENT_*, are not. */
static bool is_constant(struct arena *mem, struct str dflt)
{
    struct lexer l = lex_open(dflt);
    struct tok t = lex_next(&l);
    (void)mem;
    if (tok_is_op(t, "-") || tok_is_op(t, "+"))
        t = lex_next(&l);
    bool word = t.type == T_QUOTED || tok_is(t, "true") || tok_is(t, "false");
    bool literal = t.type == T_NUMBER || t.type == T_STRING || t.type == T_BLOB;
    return (word || literal) && lex_next(&l).type == T_END;
}

/* A constraint that is written at the column of this name, which may be empty. */
static bool is_written_at(struct arena *mem, const struct obj *o, struct str name)
{
    struct str at = obj_src(mem, o, "column");
    return !str_is_null(at) && str_eq(at, name);
}

/* What else stands in the table after the change lets the new column come by ADD COLUMN: no key
 * over it, and constraints that name it are written at it (they ride along). */
static bool constraints_allow_add(const struct ddl *d, struct str table, struct str name,
                                  struct str dflt)
{
    struct view_iter it = view_iter(d->after, table);
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        bool here = is_written_at(d->mem, o, name);
        if (str_eq(kind, STR("primary_key")) || str_eq(kind, STR("unique"))) {
            if (lite_terms_hold(d->mem, obj_raw(o, "columns"), name))
                return false;
        } else if (str_eq(kind, STR("foreign_key"))) {
            /* with foreign keys on, ADD COLUMN wants DEFAULT NULL for a REFERENCES */
            if (lite_terms_hold(d->mem, obj_raw(o, "columns"), name) && (!here || dflt.n))
                return false;
        } else if (str_eq(kind, STR("check"))) {
            if (!here && lite_mentions(d->mem, obj_text(d->mem, o, "expr"), name))
                return false;
        }
    }
    return true;
}

/* Where the order of columns counts, only a last column may be added. */
static bool is_last(const struct ddl *d, const struct obj *column)
{
    uint32_t n;
    const struct obj **all = lite_columns(d->mem, d->after, path_parent(column->path), &n);
    return n && all[n - 1] == column;
}

/* Place of a column among those of a state that also stand in the other, from 0. */
static uint32_t place_of(const struct ddl *d, const struct view *v, const struct view *also,
                         struct str path)
{
    uint32_t n, place = 0;
    const struct obj **all = lite_columns(d->mem, v, path_parent(path), &n);
    for (uint32_t i = 0; i < n && !str_eq(all[i]->path, path); i++)
        place += view_get(also, all[i]->path) != NULL;
    return place;
}

/* The index that SQLite makes by itself for a key shows the places of its columns
 * (PRAGMA index_xinfo), so a key's column must not stand elsewhere than wanted. */
static bool keys_keep_place(const struct ddl *d, const struct obj *column)
{
    struct str table = path_parent(column->path);
    struct view_iter it = view_iter(d->after, table);
    uint32_t n, all_places;
    const struct obj **all = lite_columns(d->mem, d->after, table, &all_places), *o;
    /* without a rowid the table is such an index itself, over all its columns */
    if (is_last(d, column) || obj_true(view_get(d->after, table), "without_rowid"))
        return is_last(d, column);
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        if (!str_eq(kind, STR("primary_key")) && !str_eq(kind, STR("unique")))
            continue;
        for (n = 0; n < all_places; n++)
            if (lite_terms_hold(d->mem, obj_raw(o, "columns"), folded_name(d->mem, all[n])) &&
                n != place_of(d, d->before, d->after, all[n]->path))
                return false;
    }
    return true;
}

static bool add_applies(const struct ddl *d, const struct change *c)
{
    const struct obj *col = c->after;
    struct str table = path_parent(col->path), name = folded_name(d->mem, col);
    struct str dflt = obj_text(d->mem, col, "default");
    if (!str_is_null(dflt) && !is_constant(d->mem, dflt))
        return false;
    if (obj_true(col, "stored"))
        return false;
    if (obj_true(col, "notnull") && str_is_null(dflt) && str_is_null(obj_raw(col, "generated")))
        return false;
    if (((d->facets & F_ORDER) && !is_last(d, col)) || !keys_keep_place(d, col))
        return false;
    return constraints_allow_add(d, table, name, dflt);
}

static int column_add(struct ddl *d, const struct change *c, struct err *e)
{
    struct str table = path_parent(c->after->path);
    const struct obj *owner = view_get(d->after, table);
    struct strbuf def = sb_new(d->mem, 0);
    (void)e;
    sb_str(&def, obj_src(d->mem, c->after, "def"));
    lite_inline_constraints(&def, d->after, c->after);
    lite_ddl(d, 0, "ALTER TABLE %I ADD COLUMN %S", obj_name(d->mem, owner), sb_view(&def));
    if (!is_last(d, c->after))
        d->order_differs = true;
    lite_refresh_full_text(d, table, false);
    return 0;
}

static bool drop_applies(const struct ddl *d, const struct change *c)
{
    struct str table = path_parent(c->before->path), name = folded_name(d->mem, c->before);
    struct view_iter it = view_iter(d->before, table);
    const struct obj *o;
    uint32_t n;
    if (!lite_all_resolve(d->mem, d->before) || !lite_all_resolve(d->mem, d->after) ||
        lite_has_quoted_strings(d->mem, d->before) || lite_has_quoted_strings(d->mem, d->after))
        return false;
    (void)lite_columns(d->mem, d->before, table, &n);
    if (n < 2)
        return false;
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        bool here = is_written_at(d->mem, o, name);
        bool key = str_eq(kind, STR("primary_key")) || str_eq(kind, STR("unique"));
        if (key && lite_terms_hold(d->mem, obj_raw(o, "columns"), name))
            return false;
        if (str_eq(kind, STR("foreign_key")) && !here &&
            lite_terms_hold(d->mem, obj_raw(o, "columns"), name))
            return false;
        if (str_eq(kind, STR("check")) && !here &&
            lite_mentions(d->mem, obj_text(d->mem, o, "expr"), name))
            return false;
        if (str_eq(kind, STR("column")) && o != c->before &&
            lite_mentions(d->mem, obj_text(d->mem, o, "generated"), name))
            return false;
    }
    return true;
}

static int column_drop(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *owner = view_get(d->before, path_parent(c->before->path));
    (void)e;
    lite_ddl(d, 0, "ALTER TABLE %I DROP COLUMN %I", obj_name(d->mem, owner),
             obj_name(d->mem, c->before));
    if (!obj_true(c->before, "stored") && !str_is_null(obj_raw(c->before, "generated")))
        return 0;
    ddl_hazard(d, HZ_REWRITE, owner->path, "DROP COLUMN rewrites every row");
    return 0;
}

static int column_rename(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *owner = view_get(d->before, path_parent(c->before->path));
    struct str table = obj_name(d->mem, owner);
    struct str from = obj_name(d->mem, c->before), to = obj_name(d->mem, c->after);
    if (!lite_all_resolve(d->mem, d->before)) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "column %.*s.%.*s: SQLite renames nothing while a view or trigger is broken",
                STR_ARG(table), STR_ARG(from));
        return err_hint(e, "mend or drop the views and triggers that name missing things first");
    }
    if (lite_has_quoted_strings(d->mem, d->before)) {
        err_set(
            e, E_UNSUPPORTED_CHANGE,
            "column %.*s.%.*s: RENAME COLUMN would rewrite strings in double quotes all over the "
            "schema",
            STR_ARG(table), STR_ARG(from));
        return err_hint(e, "write such strings of views, triggers and conditions in single quotes "
                           "first");
    }
    lite_ddl(d, 0, "ALTER TABLE %I RENAME COLUMN %I TO %I", table, from, to);
    lite_typed_rename_column(d, table, from, to);
    return 0;
}

/* A foreign key names the column as one of the parent's: RENAME COLUMN would respell it there. */
static bool is_referenced(const struct ddl *d, const struct view *v, const struct obj *column)
{
    struct str table = path_name(d->mem, path_parent(column->path));
    struct view_iter it = view_iter(v, STR(""));
    const struct obj *o;
    while ((o = view_next(&it))) {
        uint32_t n;
        if (!str_eq(path_kind(o->path), STR("foreign_key")) ||
            !str_eq_fold(obj_text(d->mem, o, "ref_table"), table))
            continue;
        struct str *names = lite_list(d->mem, obj_raw(o, "ref_columns"), &n);
        for (uint32_t i = 0; i < n; i++)
            if (str_eq_fold(names[i], folded_name(d->mem, column)))
                return true;
    }
    return false;
}

/* A view or trigger says the name: RENAME COLUMN would respell it there. */
static bool is_mentioned(const struct ddl *d, const struct obj *column)
{
    struct view_iter it = view_iter(d->before, STR(""));
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        bool body = str_eq(kind, STR("view")) || str_eq(kind, STR("trigger"));
        if (body && lite_mentions(d->mem, obj_src(d->mem, o, "sql"), folded_name(d->mem, column)))
            return true;
    }
    return false;
}

static bool recase_applies(const struct ddl *d, const struct change *c)
{
    return !is_mentioned(d, c->before) && lite_all_resolve(d->mem, d->before) &&
           lite_all_resolve(d->mem, d->after) && !lite_has_quoted_strings(d->mem, d->before) &&
           !is_referenced(d, d->before, c->before) && !is_referenced(d, d->after, c->before);
}

static bool column_computed(const struct obj *o)
{
    return !str_is_null(obj_raw(o, "generated"));
}

static void column_brief(const struct obj *o, struct strbuf *out)
{
    struct str names[] = {obj_text(out->mem, o, "type"), obj_text(out->mem, o, "default"),
                          obj_text(out->mem, o, "collate"), obj_text(out->mem, o, "generated")};
    sb_str(out, names[0]);
    if (!str_is_null(names[2]))
        sb_printf(out, "%scollate %.*s", out->n ? " " : "", STR_ARG(names[2]));
    if (obj_true(o, "notnull"))
        sb_printf(out, "%snot null", out->n ? " " : "");
    if (!str_is_null(names[1]))
        sb_printf(out, "%sdefault %.*s", out->n ? " " : "", STR_ARG(names[1]));
    if (!str_is_null(names[3]))
        sb_printf(out, "%sas (%.*s)%s", out->n ? " " : "", STR_ARG(names[3]),
                  obj_true(o, "stored") ? " stored" : "");
}

static const struct alter add = {.name = "column.add",
                                 .fn = column_add,
                                 .applies = add_applies,
                                 .other = &lite_rebuild,
                                 .doc = "ALTER TABLE ADD COLUMN"};
static const struct alter drop = {.name = "column.drop",
                                  .fn = column_drop,
                                  .applies = drop_applies,
                                  .other = &lite_rebuild,
                                  .hazard = HZ_REWRITE,
                                  .doc = "ALTER TABLE DROP COLUMN"};
static const struct alter rename_column = {
    .name = "column.rename", .fn = column_rename, .doc = "ALTER TABLE RENAME COLUMN"};
static const struct alter recase = {.name = "column.recase",
                                    .fn = column_rename,
                                    .applies = recase_applies,
                                    .other = &lite_rebuild,
                                    .doc = "ALTER TABLE RENAME COLUMN"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"affinity",         A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, AF_DERIVED, "how values are stored; follows from the type"},
    {"collate",          A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "COLLATE"},
    {"constraint_names", A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "names given to the column's own clauses"},
    {"default",          A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_FILLS, "DEFAULT, without outer parentheses"},
    {"generated",        A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_FILLS, "expression of a generated column"},
    {"name",             A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &recase,       1, true,  0, "the name as spelled, where it has capitals"},
    {"notnull",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "NOT NULL"},
    {"notnull_conflict", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "ON CONFLICT of NOT NULL"},
    {"stored",           A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "generated and STORED"},
    {"type",             A_TYPE, CMP_VALUE, F_STRUCTURE, "\"\"", &lite_rebuild, 1, true, 0, "declared type, lower case"},
};
/* clang-format on */

const struct kind_desc lite_column_kind = {
    .name = "column",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 21,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &add,
    .drop = &drop,
    .rename = &rename_column,
    .brief = column_brief,
    .computed = column_computed,
    .ordered_by = "columns",
    .doc = "column of a table",
};
