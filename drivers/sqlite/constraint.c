/*
 * PRIMARY KEY, UNIQUE, CHECK and FOREIGN KEY: facts from the CREATE text. SQLite cannot add or drop
 * one, so each is a matter of the table's rebuild, except where it is written at a column that
 * comes or goes by itself: then it rides along.
 */

#include "core/hash.h"
#include "drivers/sqlite/sqlite.h"

/* A CHECK or FOREIGN KEY that is written at a column which this very plan adds or drops in place
 * needs no statement: the column's clause has it. */
static struct str rides_on(const struct ddl *d, const struct change *c)
{
    const struct obj *o = change_obj(c);
    struct str column = obj_src(d->mem, o, "column");
    if (str_is_null(column))
        return STR_NULL;
    struct str path = path_join(d->mem, path_parent(o->path), STR("column"), column);
    bool there = view_get(d->before, path) != NULL, then = view_get(d->after, path) != NULL;
    return c->op == OP_ADD && !there && then    ? path
           : c->op == OP_DROP && there && !then ? path
                                                : STR_NULL;
}

static const struct alter ride = {.name = "constraint.ride",
                                  .rides = rides_on,
                                  .other = &lite_rebuild,
                                  .doc = "part of ADD or DROP COLUMN"};

static void put_columns(const struct obj *o, struct strbuf *out)
{
    uint32_t n;
    struct str *names = lite_list(out->mem, obj_raw(o, "columns"), &n);
    sb_char(out, '(');
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            sb_c(out, ", ");
        sb_str(out, names[i]);
    }
    sb_char(out, ')');
}

static void key_brief(const struct obj *o, struct strbuf *out)
{
    put_columns(o, out);
    if (obj_true(o, "autoincrement"))
        sb_c(out, " autoincrement");
    if (!str_is_null(obj_raw(o, "conflict")))
        sb_printf(out, " on conflict %.*s", STR_ARG(obj_text(out->mem, o, "conflict")));
}

static void check_brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "(%.*s)", STR_ARG(obj_text(out->mem, o, "expr")));
}

static void foreign_key_brief(const struct obj *o, struct strbuf *out)
{
    struct str words[] = {obj_text(out->mem, o, "on_delete"), obj_text(out->mem, o, "on_update"),
                          obj_text(out->mem, o, "deferrable")};
    put_columns(o, out);
    sb_c(out, " references ");
    lite_canon_name(out, lite_fold(out->mem, obj_text(out->mem, o, "ref_table")));
    if (words[0].n)
        sb_printf(out, " on delete %.*s", STR_ARG(words[0]));
    if (words[1].n)
        sb_printf(out, " on update %.*s", STR_ARG(words[1]));
    if (words[2].n)
        sb_printf(out, " %.*s", STR_ARG(words[2]));
}

/* clang-format off */
static const struct attr_desc primary_key_attrs[] = {
    {"autoincrement", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "AUTOINCREMENT"},
    {"columns",       A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "terms of the key"},
    {"conflict",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "ON CONFLICT"},
    {"constraint",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "its name, where it has one"},
    {"not_alias",     A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "INTEGER PRIMARY KEY DESC at the column: no alias of the rowid"},
};
static const struct attr_desc unique_attrs[] = {
    {"columns",  A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "terms of the key"},
    {"conflict", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "ON CONFLICT"},
};
static const struct attr_desc check_attrs[] = {
    {"conflict", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "ON CONFLICT (SQLite reads it and forgets it)"},
    {"expr",     A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, AF_GUARDS, "condition"},
};
static const struct attr_desc foreign_key_attrs[] = {
    {"columns",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "columns of the child"},
    {"deferrable",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "DEFERRABLE clause"},
    {"match",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, false, 0, "MATCH name"},
    {"on_delete",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  0, "ON DELETE action"},
    {"on_update",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  0, "ON UPDATE action"},
    {"ref_columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "columns of the parent, where named, as spelled"},
    {"ref_table",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &lite_rebuild, 1, true,  AF_GUARDS, "the parent, as spelled"},
};
/* clang-format on */

#define CONSTRAINT_KIND(variable, tag, attributes, more_flags, brief_of, text)                     \
    const struct kind_desc variable = {                                                            \
        .name = tag,                                                                               \
        .parents = "table",                                                                        \
        .flags = KF_INLINE | KF_CASCADE | KF_GUARDS | (more_flags),                                \
        .rank = 22,                                                                                \
        .facet = F_STRUCTURE,                                                                      \
        .attrs = attributes,                                                                       \
        .nattrs = sizeof attributes / sizeof *attributes,                                          \
        .create = &ride,                                                                           \
        .drop = &ride,                                                                             \
        .brief = brief_of,                                                                         \
        .doc = text,                                                                               \
    }
CONSTRAINT_KIND(lite_primary_key_kind, "primary_key", primary_key_attrs, 0, key_brief,
                "primary key of a table");
CONSTRAINT_KIND(lite_unique_kind, "unique", unique_attrs, 0, key_brief, "UNIQUE constraint");
CONSTRAINT_KIND(lite_check_kind, "check", check_attrs, 0, check_brief, "CHECK constraint");
CONSTRAINT_KIND(lite_foreign_key_kind, "foreign_key", foreign_key_attrs, KF_SOFT, foreign_key_brief,
                "foreign key");

/* What makes an unnamed constraint this one and no other: an edit of a foreign key's actions is
 * then a change of it and not a drop and an add. */
static struct str identity(struct arena *mem, const struct lite_constraint *k)
{
    struct strbuf b = sb_new(mem, 0);
    if (k->kind == LITE_CHECK)
        return k->expr;
    jc_put_list(&b, k->terms, k->nterms);
    if (k->kind == LITE_FOREIGN_KEY)
        sb_str(&b, lite_fold(mem, k->ref_table));
    return sb_view(&b);
}

/* The name of a constraint in its path: its own, or # and a hash; with an ordinal among equals,
 * since SQLite takes the same name twice. A real name that begins with # gets a second one. */
static struct str path_name_of(struct catalog *cat, const struct lite_constraint *k,
                               const char *tag, struct str table, const struct lite_names *taken)
{
    struct strbuf b = sb_new(cat->tmp, 0);
    if (k->kind == LITE_PRIMARY_KEY) {
        sb_char(&b, '#');
    } else if (str_is_null(k->name)) {
        sb_char(&b, '#');
        hash_hex(&b, hash_bytes(identity(cat->tmp, k)), 16);
    } else {
        if (str_starts(k->name, STR("#")))
            sb_char(&b, '#');
        sb_str(&b, lite_fold(cat->tmp, k->name));
    }
    size_t base = b.n;
    for (unsigned ordinal = 2;; ordinal++) {
        struct str name = arena_str(cat->tmp, sb_view(&b));
        if (!lite_names_has(taken, path_join(cat->tmp, table, str_c(tag), name)))
            return name;
        sb_cut(&b, base);
        sb_printf(&b, "#%u", ordinal);
    }
}

static void key_attrs(struct fact *f, const struct lite_table *t, const struct lite_constraint *k)
{
    fact_list(f, "columns", k->terms, k->nterms);
    fact_text(f, "conflict", k->conflict);
    if (k->kind == LITE_UNIQUE)
        return;
    fact_bool(f, "autoincrement", k->autoincrement);
    if (!str_is_null(k->name))
        fact_text(f, "constraint", lite_fold(f->cat->tmp, k->name));
    bool integer = k->column >= 0 && str_eq(t->columns[k->column].type, STR("integer"));
    fact_bool(f, "not_alias", k->inline_desc && integer);
}

static void foreign_key_fact_attrs(struct fact *f, const struct lite_constraint *k,
                                   struct str table)
{
    struct str parent = lite_top_path(f->cat->tmp, "table", k->ref_table);
    fact_list(f, "columns", k->terms, k->nterms);
    fact_text(f, "deferrable", k->deferrable);
    fact_text(f, "match", k->match);
    fact_text(f, "on_delete", k->on_delete);
    fact_text(f, "on_update", k->on_update);
    fact_list(f, "ref_columns", k->ref_columns, k->nref_columns);
    fact_text(f, "ref_table", k->ref_table);
    if (!str_eq(parent, table))
        fact_dep(f, parent);
}

void lite_constraint_facts(struct catalog *cat, const struct lite_table *t, struct str table)
{
    static const char *const tags[] = {"primary_key", "unique", "check", "foreign_key"};
    struct lite_names *taken = lite_names_new(cat->tmp);
    for (uint32_t i = 0; i < t->nconstraints; i++) {
        const struct lite_constraint *k = &t->constraints[i];
        struct fact f;
        fact_begin(&f, cat, tags[k->kind], table,
                   path_name_of(cat, k, tags[k->kind], table, taken));
        lite_names_add(taken, f.path);
        if (k->kind == LITE_CHECK) {
            fact_text(&f, "conflict", k->conflict);
            fact_text(&f, "expr", k->expr);
        } else if (k->kind == LITE_FOREIGN_KEY) {
            foreign_key_fact_attrs(&f, k, table);
        } else {
            key_attrs(&f, t, k);
        }
        if (k->column >= 0)
            fact_src(&f, "column", lite_fold(cat->tmp, t->columns[k->column].name));
        fact_src(&f, "def", k->src);
        fact_end(&f);
    }
}

void lite_inline_constraints(struct strbuf *out, const struct view *v, const struct obj *column)
{
    struct str name = path_name(out->mem, column->path);
    struct view_iter it = view_iter(v, path_parent(column->path));
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str at = obj_src(out->mem, o, "column");
        if (str_is_null(at) || !str_eq(at, name)) /* a column's name may be empty */
            continue;
        sb_char(out, ' ');
        sb_str(out, obj_src(out->mem, o, "def"));
    }
}
