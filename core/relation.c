/* Facts in words that mean the same in every engine; see relation.h. */

#include "core/relation.h"

static const struct {
    const char *kinds;
    enum role role;
} roles[] = {
    {"table,virtual_table,collection", ROLE_TABLE},
    {"view,matview", ROLE_VIEW},
    {"column", ROLE_COLUMN},
    {"primary_key", ROLE_PRIMARY_KEY},
    {"unique", ROLE_UNIQUE},
    {"index,search_index", ROLE_INDEX},
    {"foreign_key", ROLE_FOREIGN_KEY},
    {"check,exclude", ROLE_CHECK},
    {"trigger", ROLE_TRIGGER},
    {"function,procedure,aggregate,package,package_body,event", ROLE_ROUTINE},
    {"sequence", ROLE_SEQUENCE},
    {"enum,domain,composite,range,base_type", ROLE_TYPE},
};

enum role role_of(const struct engine *eng, const struct obj *o)
{
    struct str tag = str_c(obj_kind(eng, o)->name);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (word_in(roles[i].kinds, tag))
            return roles[i].role;
    return ROLE_OTHER;
}

struct term relation_term(struct str column)
{
    return (struct term){.text = column, .column = column};
}

struct term *relation_terms(const struct obj *o, const char *attr, struct arena *mem, uint32_t *n)
{
    struct str list = obj_raw(o, attr), key, raw;
    struct jc_iter it = jc_iter(list);
    struct term *terms = NEW_ARRAY(mem, struct term, jc_count(list));
    *n = 0;
    while (jc_next(&it, &key, &raw))
        terms[(*n)++] = relation_term(jc_text(mem, raw));
    return terms;
}

static struct str lower(struct arena *mem, struct str s)
{
    struct str copy = arena_str(mem, s);
    for (size_t i = 0; i < copy.n; i++)
        ((char *)(uintptr_t)copy.p)[i] = ascii_lower(copy.p[i]);
    return copy;
}

static void foreign_key(const struct catalog *cat, const struct obj *o, struct arena *mem,
                        struct relation *r)
{
    struct str table = obj_text(mem, o, "ref_table"), list = obj_raw(o, "ref_columns"), key, raw;
    struct jc_iter it = jc_iter(list);
    struct str above = path_parent(path_parent(o->path));
    if (!str_is_null(table))
        r->ref = path_join(mem, above, STR("table"), cat->eng->fold(mem, table));
    r->ref_columns = NEW_ARRAY(mem, struct str, jc_count(list));
    while (jc_next(&it, &key, &raw))
        r->ref_columns[r->nref++] = cat->eng->fold(mem, jc_text(mem, raw));
    r->on_delete = lower(mem, obj_text(mem, o, "on_delete"));
    r->on_update = lower(mem, obj_text(mem, o, "on_update"));
}

static struct str first_of(struct arena *mem, const struct obj *o, const char *const *attrs)
{
    for (; *attrs; attrs++)
        if (!str_is_null(obj_raw(o, *attrs)))
            return obj_text(mem, o, *attrs);
    return STR_NULL;
}

struct relation relation_of(const struct catalog *cat, const struct obj *o, struct arena *mem)
{
    static const char *const texts[] = {"query", "expr", "def", "body", NULL};
    struct relation r = {.role = role_of(cat->eng, o)};
    if (!path_is_unnamed(o->path))
        r.name = obj_name(mem, o);
    r.comment = obj_text(mem, o, "comment");
    r.unique = obj_true(o, "unique") || r.role == ROLE_UNIQUE || r.role == ROLE_PRIMARY_KEY;
    if (r.role >= ROLE_PRIMARY_KEY && r.role <= ROLE_FOREIGN_KEY)
        r.terms = relation_terms(o, "columns", mem, &r.nterms);
    r.where = obj_text(mem, o, "where");
    if (r.role == ROLE_COLUMN) {
        r.type = obj_text(mem, o, "type");
        r.dflt = obj_text(mem, o, "default");
        r.generated = obj_text(mem, o, "generated");
        r.notnull = obj_true(o, "notnull");
    }
    if (r.role == ROLE_FOREIGN_KEY)
        foreign_key(cat, o, mem, &r);
    if (r.role == ROLE_VIEW || r.role == ROLE_CHECK || r.role == ROLE_TRIGGER ||
        r.role == ROLE_ROUTINE)
        r.text = first_of(mem, o, texts);
    if (cat->eng->relate)
        cat->eng->relate(cat, o, mem, &r);
    return r;
}

const struct obj **relation_columns(const struct catalog *cat, const struct obj *table,
                                    struct arena *mem, uint32_t *n)
{
    uint32_t from = cat_lower(cat, table->path), end = from;
    while (end < cat->n && path_within(cat->v[end].path, table->path))
        end++;
    const struct obj **list = NEW_ARRAY(mem, const struct obj *, end - from);
    struct jc_iter it = jc_iter(obj_raw(table, "columns"));
    struct str key, raw;
    *n = 0;
    while (*n < end - from && jc_next(&it, &key, &raw)) {
        struct str name = cat->eng->fold(mem, jc_text(mem, raw));
        const struct obj *o = cat_find(cat, path_join(mem, table->path, STR("column"), name));
        if (o)
            list[(*n)++] = o;
    }
    uint32_t named = *n;
    for (uint32_t i = from; i < end; i++) {
        const struct obj *o = &cat->v[i];
        uint32_t k = 0;
        if (role_of(cat->eng, o) != ROLE_COLUMN || !str_eq(path_parent(o->path), table->path))
            continue;
        while (k < named && list[k] != o)
            k++;
        if (k == named && *n < end - from)
            list[(*n)++] = o;
    }
    return list;
}
