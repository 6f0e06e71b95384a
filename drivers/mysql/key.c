/* Primary keys and indexes. What happens to them is part of their table's ALTER TABLE (alter.c). */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/table.h"

static bool is_primary(const struct obj *o)
{
    return my_is_kind(o, "primary_key");
}

void my_put_key(struct strbuf *out, const struct obj *o, bool mariadb)
{
    uint32_t n;
    struct str *parts = my_list(out->mem, obj_raw(o, "parts"), &n);
    struct str type = obj_text(out->mem, o, "type"), comment = obj_text(out->mem, o, "comment");
    struct str options = obj_text(out->mem, o, "options");
    if (is_primary(o))
        sb_c(out, "PRIMARY ");
    else if (type.n)
        sb_printf(out, "%.*s ", STR_ARG(type));
    sb_c(out, "KEY ");
    if (!is_primary(o)) {
        my_put_name(out, my_name(out->mem, o->path));
        sb_char(out, ' ');
    }
    sb_char(out, '(');
    for (uint32_t i = 0; i < n; i++) {
        sb_c(out, i ? "," : "");
        sb_str(out, parts[i]);
    }
    sb_char(out, ')');
    if (options.n)
        sb_printf(out, " %.*s", STR_ARG(options));
    if (comment.n) {
        sb_c(out, " COMMENT ");
        my_put_string(out, comment);
    }
    if (obj_true(o, "hidden"))
        sb_c(out, mariadb ? " IGNORED" : " INVISIBLE");
}

static bool has_quiet_option(struct arena *mem, const struct obj *o)
{
    struct str options = obj_text(mem, o, "options");
    return str_find(options, STR("WITH PARSER")) < options.n ||
           str_find(options, STR("KEY_BLOCK_SIZE")) < options.n;
}

bool my_key_differs(const struct obj *a, const struct obj *b)
{
    return !my_same_attr(a, b, "parts") || !my_same_attr(a, b, "type") ||
           !my_same_attr(a, b, "options") || !my_same_attr(a, b, "comment");
}

bool my_keys_look_alike(struct arena *mem, const struct obj *a, const struct obj *b)
{
    return my_same_attr(a, b, "parts") && my_same_attr(a, b, "type") &&
           my_same_attr(a, b, "comment") && (has_quiet_option(mem, a) || has_quiet_option(mem, b));
}

bool my_key_comments(const struct obj *a, const struct obj *b)
{
    return a && b && my_same_attr(a, b, "parts") && my_same_attr(a, b, "type") &&
           my_same_attr(a, b, "options");
}

/* The key has exactly these columns, whole and ascending. */
static bool is_of_columns(struct arena *mem, const struct obj *key, const struct str *columns,
                          uint32_t n)
{
    uint32_t nparts;
    struct str *parts = my_list(mem, obj_raw(key, "parts"), &nparts);
    for (uint32_t i = 0; i < n && nparts == n; i++) {
        struct strbuf name = sb_new(mem, 0);
        my_put_name(&name, columns[i]);
        if (!str_eq(sb_view(&name), parts[i]))
            return false;
    }
    return nparts == n;
}

/* Named as the server names a key that it makes by itself: as the first column, with a number where
 * that is taken. */
static bool is_named_by_server(struct arena *mem, const struct obj *key, struct str first)
{
    struct str name = my_name(mem, key->path);
    return str_starts(name, first) && (name.n == first.n || name.p[first.n] == '_') &&
           !obj_raw(key, "type").n && !obj_raw(key, "options").n && !obj_raw(key, "comment").n;
}

/* One of the foreign key's own name is made again under it, and would only be seen again. */
static bool is_implicit_for(struct arena *mem, const struct obj *key, const struct obj *fk)
{
    uint32_t n;
    struct str *columns = my_list(mem, obj_raw(fk, "columns"), &n);
    return n && is_of_columns(mem, key, columns, n) &&
           (is_named_by_server(mem, key, columns[0]) ||
            (obj_true(key, "hidden") &&
             str_eq(path_name(mem, key->path), path_name(mem, fk->path))));
}

static bool same_key(const struct obj *a, const struct obj *b)
{
    return b && !my_key_differs(a, b);
}

static void put_again(struct strbuf *out, const struct obj *key, bool mariadb)
{
    sb_c(out, out->n ? ", DROP INDEX " : "DROP INDEX ");
    my_put_name(out, my_name(out->mem, key->path));
    sb_c(out, ", ADD ");
    my_put_key(out, key, mariadb);
}

/* A key comes that begins like this one. */
static bool yields(struct ddl *d, const struct obj *key, const char *kind)
{
    uint32_t n;
    struct str parts = obj_raw(key, "parts");
    const struct obj **list = my_below(d->mem, d->after, path_parent(key->path), kind, &n);
    for (uint32_t i = 0; i < n; i++)
        if (!same_key(list[i], view_get(d->before, list[i]->path)) &&
            str_starts(obj_raw(list[i], "parts"), str_sub(parts, 0, parts.n - 1)))
            return true;
    return false;
}

/* A foreign key of the table in either state of the whole is on these columns. */
static bool is_under_foreign_key(struct ddl *d, const struct obj *key)
{
    const struct catalog *const sides[] = {d->origin, d->goal};
    for (size_t s = 0; s < 2; s++) {
        struct view side = {.base = sides[s]};
        uint32_t n = 0;
        const struct obj **list =
            side.base ? my_below(d->mem, &side, path_parent(key->path), "foreign_key", &n) : NULL;
        for (uint32_t i = 0; i < n; i++)
            if (is_implicit_for(d->mem, key, list[i]))
                return true;
    }
    return false;
}

struct str my_kept_keys(struct ddl *d, struct str table, const struct obj *fk)
{
    struct strbuf out = sb_new(d->mem, 0);
    uint32_t n;
    const struct obj **keys = my_below(d->mem, d->before, table, "index", &n);
    for (uint32_t i = 0; i < n; i++) {
        if (!same_key(keys[i], view_get(d->after, keys[i]->path)))
            continue;
        if (fk ? is_implicit_for(d->mem, keys[i], fk)
               : (yields(d, keys[i], "index") || yields(d, keys[i], "primary_key")) &&
                     is_under_foreign_key(d, keys[i]))
            put_again(&out, keys[i], my_for_mariadb(d));
    }
    return sb_view(&out);
}

void my_name_equals(struct ddl *d, const struct obj *was, const struct obj *is)
{
    static const char *const kinds[] = {"primary_key", "index"};
    struct str collation = obj_text(d->mem, is, "collation");
    struct strbuf part = sb_new(d->mem, 0);
    uint32_t n, nparts;
    if (my_same_attr(was, is, "collation") || !collation.n || str_ends(collation, STR("_bin")))
        return;
    my_put_name(&part, my_name(d->mem, is->path));
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct obj **list = my_below(d->mem, d->after, path_parent(is->path), kinds[k], &n);
        for (uint32_t i = 0; i < n; i++) {
            struct str *parts = my_list(d->mem, obj_raw(list[i], "parts"), &nparts);
            bool names = false;
            for (uint32_t j = 0; j < nparts; j++)
                names = names || str_starts(parts[j], sb_view(&part));
            if (names && (k == 0 || str_eq(obj_raw(list[i], "type"), STR("\"UNIQUE\""))))
                my_depends(d, list[i]->path, "fails where two values become equal");
        }
    }
}

void my_key_facts(struct catalog *cat, const struct my_key *k, struct str table)
{
    bool primary = str_eq(k->type, STR("PRIMARY"));
    struct fact f;
    fact_begin(&f, cat, primary ? "primary_key" : "index", table, primary ? STR("#") : k->name);
    if (k->comment.n)
        fact_text(&f, "comment", k->comment);
    if (!primary)
        fact_bool(&f, "hidden", k->hidden);
    if (k->options.n)
        fact_text(&f, "options", k->options);
    fact_list(&f, "parts", k->parts, k->nparts);
    if (!primary && k->type.n)
        fact_text(&f, "type", k->type);
    fact_end(&f);
}

static void key_brief(const struct obj *o, struct strbuf *out)
{
    struct strbuf text = sb_new(out->mem, 0);
    my_put_key(&text, o, false);
    size_t at = str_find(sb_view(&text), STR("("));
    struct str type = obj_text(out->mem, o, "type");
    if (type.n)
        sb_printf(out, "%.*s ", STR_ARG(type));
    sb_str(out, str_from(sb_view(&text), at));
}

static int index_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct my_work w = {0};
    (void)e;
    my_note(&w, MY_RENAME_INDEX);
    my_alter(d, path_parent(c->before->path), &w,
             my_text(d->mem, "RENAME INDEX %I TO %I", my_name(d->mem, c->before->path),
                     my_name(d->mem, c->after->path)));
    my_restate_checks(d, path_parent(c->after->path));
    return 0;
}

static bool index_guards(const struct obj *o)
{
    return str_eq(obj_raw(o, "type"), STR("\"UNIQUE\""));
}

static const struct alter rename_index = {
    .name = "index.rename", .fn = index_rename, .doc = "ALTER TABLE RENAME INDEX"};

/* clang-format off */
static const struct attr_desc index_attrs[] = {
    {"comment", A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &my_alter_table, 1, false, 0, "COMMENT"},
    {"hidden",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "INVISIBLE, IGNORED"},
    {"options", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "USING, WITH PARSER, KEY_BLOCK_SIZE and others, as written"},
    {"parts",   A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "columns, prefixes and expressions"},
    {"type",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "UNIQUE, FULLTEXT, SPATIAL, VECTOR"},
};
static const struct attr_desc primary_attrs[] = {
    {"comment", A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &my_alter_table, 1, false, 0, "COMMENT"},
    {"options", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "USING, KEY_BLOCK_SIZE and others, as written"},
    {"parts",   A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "columns and prefixes"},
};
/* clang-format on */

const struct kind_desc my_index_kind = {
    .name = "index",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 23,
    .facet = F_STRUCTURE,
    .attrs = index_attrs,
    .nattrs = sizeof index_attrs / sizeof *index_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .rename = &rename_index,
    .brief = key_brief,
    .guards = index_guards,
    .doc = "index or unique key of a table",
};

const struct kind_desc my_primary_key_kind = {
    .name = "primary_key",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_GUARDS,
    .rank = 22,
    .facet = F_STRUCTURE,
    .attrs = primary_attrs,
    .nattrs = sizeof primary_attrs / sizeof *primary_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .brief = key_brief,
    .doc = "primary key of a table",
};
