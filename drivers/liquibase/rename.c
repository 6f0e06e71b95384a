/* What a rename does to the facts of others, where no server can be asked: paths below it, lists of
 * columns, foreign keys. Texts of views and programs stay as they are. */

#include "drivers/liquibase/liquibase.h"

#include <stdlib.h>

struct move {
    struct str was, is;
};

struct renaming {
    const struct catalog *cat;
    struct arena *mem;
    VEC(struct move) moves;
};

static struct str moved(const struct renaming *r, struct str path)
{
    for (uint32_t i = 0; i < r->moves.n; i++)
        if (path_within(path, r->moves.v[i].was))
            path = arena_printf(r->mem, "%.*s%.*s", STR_ARG(r->moves.v[i].is),
                                STR_ARG(str_from(path, r->moves.v[i].was.n)));
    return path;
}

/* A list of column names with one of them under its new name. */
static struct str renamed_list(struct arena *mem, struct str raw, struct str was, struct str is)
{
    struct str *items = NEW_ARRAY(mem, struct str, jc_count(raw)), key, one;
    struct jc_iter it = jc_iter(raw);
    struct strbuf b = sb_new(mem, 0);
    uint32_t n = 0;
    while (jc_next(&it, &key, &one)) {
        items[n] = jc_text(mem, one);
        if (str_eq(items[n], was))
            items[n] = is;
        n++;
    }
    jc_put_list(&b, items, n);
    return sb_view(&b);
}

static void set_list(const struct renaming *r, struct obj *o, const char *attr, struct str was,
                     struct str is)
{
    struct str raw = obj_raw(o, attr);
    if (!str_is_null(raw))
        o->a = obj_with(r->mem, r->cat->eng, o, attr, renamed_list(r->mem, raw, was, is));
}

/* Path of the table that a foreign key points at. */
static struct str target(const struct renaming *r, const struct obj *o)
{
    struct str schema = obj_text(r->mem, o, "ref_schema");
    struct str up = path_parent(path_parent(o->path));
    if (!str_is_null(schema))
        up = schema.n ? path_join(r->mem, STR(""), STR("schema"), schema) : STR("");
    return path_join(r->mem, up, STR("table"), obj_text(r->mem, o, "ref_table"));
}

static void set_text(const struct renaming *r, struct obj *o, const char *attr, struct str text)
{
    struct strbuf list = sb_new(r->mem, 0);
    jc_put_list(&list, &text, 1);
    o->a = obj_with(r->mem, r->cat->eng, o, attr, str_sub(sb_view(&list), 1, list.n - 1));
}

/* The attributes of one object after the rename. */
static void attributes(const struct renaming *r, struct obj *o, const struct obj *before,
                       const struct obj *after)
{
    struct str was = path_name(r->mem, before->path), is = path_name(r->mem, after->path);
    struct str kind = path_kind(o->path), up = path_parent(o->path);
    bool column = str_eq(path_kind(before->path), STR("column"));
    struct str table = column ? path_parent(before->path) : before->path;
    bool refers = str_eq(kind, STR("foreign_key")) && str_eq(target(r, o), table);
    if (column && refers)
        set_list(r, o, "ref_columns", was, is);
    if (column && (str_eq(up, table) || str_eq(o->path, table))) {
        static const char *const lists[] = {"columns", "descending", "included"};
        for (size_t i = 0; i < 3; i++)
            set_list(r, o, lists[i], was, is);
    }
    if (!column && refers)
        set_text(r, o, "ref_table", is);
    if (!column && str_eq(kind, STR("trigger")) && str_eq(obj_text(r->mem, o, "table"), was) &&
        str_eq(up, path_parent(table)))
        set_text(r, o, "table", is);
}

/* A key without a name is called by what it is made of. */
static struct str content(const struct renaming *r, const struct obj *o)
{
    struct str columns = obj_raw(o, "columns");
    if (!str_eq(path_kind(o->path), STR("foreign_key")))
        return columns;
    return arena_printf(r->mem, "%.*s>%.*s%.*s", STR_ARG(columns), STR_ARG(target(r, o)),
                        STR_ARG(obj_raw(o, "ref_columns")));
}

static struct str unnamed(const struct renaming *r, const struct obj *o)
{
    struct strbuf id = sb_new(r->mem, 0);
    sb_char(&id, '#');
    hash_hex(&id, hash_bytes(content(r, o)), 8);
    return sb_view(&id);
}

static int by_path(const void *a, const void *b)
{
    return path_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str deps(const struct renaming *r, struct str raw)
{
    struct str *items = NEW_ARRAY(r->mem, struct str, jc_count(raw)), key, one;
    struct jc_iter it = jc_iter(raw);
    struct strbuf b = sb_new(r->mem, 0);
    uint32_t n = 0;
    if (str_is_null(raw))
        return raw;
    while (jc_next(&it, &key, &one))
        items[n++] = moved(r, jc_text(r->mem, one));
    if (n)
        qsort(items, n, sizeof *items, by_path);
    jc_put_list(&b, items, n);
    return sb_view(&b);
}

int lq_renamed(const struct catalog *cat, const struct obj *before, const struct obj *after,
               struct arena *mem, struct catalog **out, struct err *e)
{
    struct renaming r = {.cat = cat, .mem = mem};
    struct move first = {before->path, after->path};
    struct catalog *now = cat_new(mem, cat->eng, cat->facets, cat->label);
    struct obj *v = NEW_ARRAY(mem, struct obj, cat->n);
    if (!str_eq(first.was, first.is) && cat_find(cat, first.is))
        return err_set(e, E_UNSUPPORTED_CHANGE, "the new name is taken: %.*s", STR_ARG(first.is));
    VEC_PUSH(mem, r.moves, first);
    for (uint32_t i = 0; i < cat->n; i++) {
        v[i] = cat->v[i];
        if (str_eq(v[i].path, before->path))
            v[i].a = after->a;
        else
            attributes(&r, &v[i], before, after);
        v[i].path = moved(&r, v[i].path);
    }
    for (uint32_t i = 0; i < cat->n; i++) {
        struct str kind = path_kind(v[i].path);
        bool key = str_eq(kind, STR("unique")) || str_eq(kind, STR("foreign_key"));
        if (!key || !path_is_unnamed(v[i].path))
            continue;
        struct move m = {v[i].path,
                         path_join(mem, path_parent(v[i].path), kind, unnamed(&r, &v[i]))};
        v[i].path = m.is;
        if (!str_eq(m.was, m.is))
            VEC_PUSH(mem, r.moves, m);
    }
    for (uint32_t i = 0; i < cat->n; i++) {
        v[i].deps = deps(&r, v[i].deps);
        cat_add(now, &v[i]);
    }
    now->captured = cat->captured;
    now->model = cat->model;
    now->version = cat->version;
    now->scope = cat->scope;
    now->ledger = cat->ledger;
    now->nledger = cat->nledger;
    *out = now;
    return cat_finish(now, e);
}
