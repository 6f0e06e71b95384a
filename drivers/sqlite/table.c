/*
 * Tables: CREATE TABLE from facts, DROP, the change of a name's case, confirmed renames. Everything
 * else that happens to a table is a rebuild (rebuild.c) or a column's own ALTER (column.c).
 */

#include "core/escape.h"
#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"

static int table_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = obj_name(d->mem, c->after), sequence = obj_raw(c->after, "sequence");
    (void)e;
    ddl_stmt(d, lite_create_table(d->mem, d->after, c->after->path, name), 0);
    if ((d->facets & F_COUNTERS) && sequence.n)
        lite_ddl(d, 0, "INSERT INTO sqlite_sequence (name, seq) VALUES (%L, %S)", name, sequence);
    return 0;
}

/* With foreign keys on, DROP TABLE first deletes the rows: that cascades to the children, and fails
 * where a key of the table itself does not fit its parent. */
static bool drop_touches_keys(struct ddl *d, const struct obj *table)
{
    struct view_iter it = view_iter(d->before, table->path);
    const struct obj *o;
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("foreign_key")) &&
            !lite_foreign_key_fits(d->mem, d->before, o))
            return true;
    return lite_is_parent(d->before, table->path);
}

static int table_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = obj_name(d->mem, c->before);
    (void)e;
    if (drop_touches_keys(d, c->before))
        lite_foreign_keys_off(d);
    lite_ddl(d, 0, "DROP TABLE %I", name);
    lite_typed_name(d, "dropTable", "tableName", name);
    return 0;
}

static int table_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct str from = obj_name(d->mem, c->before), to = obj_name(d->mem, c->after);
    if (!lite_all_resolve(d->mem, d->before)) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "table %.*s: SQLite renames nothing while a view or trigger is broken",
                STR_ARG(from));
        return err_hint(e, "mend or drop the views and triggers that name missing things first");
    }
    lite_ddl(d, 0, "ALTER TABLE %I RENAME TO %I", from, to);
    lite_typed_rename(d, "renameTable", from, to);
    return 0;
}

/* Only the case of the name differs: SQLite takes the two names for one and refuses a direct
 * RENAME, so it goes by way of a third name. With foreign keys off and the legacy form of RENAME,
 * what stands in other objects' texts stays as it is; there the name fits in any case. */
static int table_recase(struct ddl *d, const struct change *c, struct err *e)
{
    struct str from = obj_name(d->mem, c->before), to = obj_name(d->mem, c->after);
    struct str temp = lite_free_name(d, "_snap_new_", from);
    (void)e;
    lite_foreign_keys_off(d);
    lite_ddl(d, 0, "PRAGMA legacy_alter_table = on");
    lite_ddl(d, 0, "ALTER TABLE %I RENAME TO %I", from, temp);
    lite_ddl(d, 0, "ALTER TABLE %I RENAME TO %I", temp, to);
    lite_ddl(d, 0, "PRAGMA legacy_alter_table = off");
    return 0;
}

static bool recase_applies(const struct ddl *d, const struct change *c)
{
    return !lite_names_itself(d->mem, d->before, c->before->path);
}

static int sequence_set(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = obj_name(d->mem, c->after);
    struct str value = obj_raw(c->after, "sequence");
    (void)e;
    lite_ddl(d, 0, "DELETE FROM sqlite_sequence WHERE name = %L", name);
    if (value.n)
        lite_ddl(d, 0, "INSERT INTO sqlite_sequence (name, seq) VALUES (%L, %S)", name, value);
    return 0;
}

static void table_brief(const struct obj *o, struct strbuf *out)
{
    if (obj_true(o, "strict"))
        sb_c(out, "strict");
    if (obj_true(o, "without_rowid"))
        sb_c(out, out->n ? ", without rowid" : "without rowid");
}

static const struct alter create = {
    .name = "table.create", .fn = table_create, .doc = "CREATE TABLE"};
static const struct alter drop = {.name = "table.drop", .fn = table_drop, .doc = "DROP TABLE"};
static const struct alter rename_table = {
    .name = "table.rename", .fn = table_rename, .doc = "ALTER TABLE RENAME TO"};
static const struct alter recase = {.name = "table.recase",
                                    .fn = table_recase,
                                    .applies = recase_applies,
                                    .other = &lite_rebuild,
                                    .doc = "ALTER TABLE RENAME TO, twice"};
static const struct alter sequence = {
    .name = "table.sequence", .fn = sequence_set, .doc = "writes sqlite_sequence"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"columns",       A_LIST, CMP_ORDER, F_ORDER,     NULL, &lite_rebuild, 1, true,  0, "names of the columns, in order"},
    {"name",          A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &recase,       1, true,  0, "the name as spelled, where it has capitals"},
    {"sequence",      A_INT,  CMP_VALUE, F_COUNTERS,  NULL, &sequence,     1, false, 0, "AUTOINCREMENT high-water mark"},
    {"strict",        A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "STRICT: values must have the column's type"},
    {"without_rowid", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "WITHOUT ROWID: stored in the primary key"},
};
/* clang-format on */

const struct kind_desc lite_table_kind = {
    .name = "table",
    .parents = "",
    .flags = KF_DATA,
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &rename_table,
    .brief = table_brief,
    .doc = "ordinary table",
};

struct str lite_top_path(struct arena *mem, const char *kind, struct str name)
{
    return path_join(mem, STR(""), str_c(kind), lite_fold(mem, name));
}

static struct str folded_name_attr(struct arena *mem, struct str name)
{
    return str_eq(name, lite_fold(mem, name)) ? STR_NULL : name;
}

static void column_facts(struct catalog *cat, const struct lite_column *col, struct str table)
{
    struct fact f;
    fact_begin(&f, cat, "column", table, lite_fold(cat->tmp, col->name));
    fact_text(&f, "affinity", str_c(lite_affinity(col->type)));
    fact_text(&f, "collate", col->collate);
    fact_text(&f, "default", col->dflt);
    fact_text(&f, "generated", col->generated);
    fact_text(&f, "name", folded_name_attr(cat->tmp, col->name));
    fact_bool(&f, "notnull", col->notnull);
    fact_text(&f, "notnull_conflict", col->notnull_conflict);
    fact_bool(&f, "stored", col->stored);
    fact_text(&f, "type", col->type);
    struct strbuf names = sb_new(cat->tmp, 0);
    for (size_t i = 0; i < 5; i++) {
        if (str_is_null(col->constraint_name[i]))
            continue;
        if (!names.n)
            sb_char(&names, '{');
        jc_put_key(&names, str_c(lite_clause_names[i]));
        esc_json(&names, lite_fold(cat->tmp, col->constraint_name[i]));
    }
    if (names.n) {
        sb_char(&names, '}');
        fact_raw(&f, "constraint_names", sb_view(&names));
    }
    fact_src(&f, "def", col->src);
    fact_end(&f);
}

void lite_table_facts(struct catalog *cat, const struct lite_table *t, struct str sequence_value)
{
    struct str path = lite_top_path(cat->tmp, "table", t->name);
    struct str *names = NEW_ARRAY(cat->tmp, struct str, t->ncolumns);
    struct fact f;
    fact_begin(&f, cat, "table", STR(""), lite_fold(cat->tmp, t->name));
    for (uint32_t i = 0; i < t->ncolumns; i++)
        names[i] = lite_fold(cat->tmp, t->columns[i].name);
    fact_list(&f, "columns", names, t->ncolumns);
    fact_text(&f, "name", folded_name_attr(cat->tmp, t->name));
    if (sequence_value.n)
        fact_raw(&f, "sequence", sequence_value);
    fact_bool(&f, "strict", t->strict);
    fact_bool(&f, "without_rowid", t->without_rowid);
    fact_end(&f);
    for (uint32_t i = 0; i < t->ncolumns; i++)
        column_facts(cat, &t->columns[i], path);
    lite_constraint_facts(cat, t, path);
}

const struct obj **lite_columns(struct arena *mem, const struct view *v, struct str table,
                                uint32_t *n)
{
    const struct obj *t = view_get(v, table), *o;
    VEC(const struct obj *) rest = {0};
    struct view_iter it = view_iter(v, table);
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("column")))
            VEC_PUSH(mem, rest, o);
    const struct obj **list = NEW_ARRAY(mem, const struct obj *, rest.n);
    *n = 0;
    /* First those that the table's own list names, in its order; then what was added to it. */
    uint32_t nnames;
    struct str *names = lite_list(mem, t ? obj_raw(t, "columns") : STR_NULL, &nnames);
    for (uint32_t i = 0; i < nnames; i++) {
        o = view_get(v, path_join(mem, table, STR("column"), names[i]));
        if (o)
            list[(*n)++] = o;
    }
    uint32_t listed = *n;
    for (uint32_t i = 0; i < rest.n; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < listed && !seen; k++)
            seen = list[k] == rest.v[i];
        if (!seen)
            list[(*n)++] = rest.v[i];
    }
    return list;
}

struct str lite_create_table(struct arena *mem, const struct view *v, struct str path,
                             struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    const struct obj *t = view_get(v, path), *o;
    uint32_t n;
    const struct obj **columns = lite_columns(mem, v, path, &n);
    sql_fmt(&b, &lite_dialect, "CREATE TABLE %I (", name);
    for (uint32_t i = 0; i < n; i++) {
        sb_c(&b, i ? ",\n  " : "\n  ");
        sb_str(&b, obj_src(mem, columns[i], "def"));
        lite_inline_constraints(&b, v, columns[i]);
    }
    struct view_iter it = view_iter(v, path);
    while ((o = view_next(&it))) {
        bool constraint =
            !str_is_null(jc_get(o->src, "def")) && !str_eq(path_kind(o->path), STR("column"));
        struct str column = obj_src(mem, o, "column");
        bool at_column =
            !str_is_null(column) && view_get(v, path_join(mem, path, STR("column"), column));
        if (!constraint || at_column)
            continue;
        sb_c(&b, ",\n  ");
        sb_str(&b, obj_src(mem, o, "def"));
    }
    sb_c(&b, "\n)");
    if (obj_true(t, "without_rowid"))
        sb_c(&b, obj_true(t, "strict") ? " WITHOUT ROWID, STRICT" : " WITHOUT ROWID");
    else if (obj_true(t, "strict"))
        sb_c(&b, " STRICT");
    return sb_view(&b);
}
