/*
 * A Liquibase snapshot beside another schema: what it cannot tell is taken from there, so that
 * nothing is dropped for want of words. What it tells is never touched, but for the words: where
 * both sides may mean the same, the exact ones count.
 */

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"
#include "core/relation.h"
#include "snapshot/snapshot.h"

static bool holds(const struct engine *eng, const struct kind_desc *kind,
                  const struct attr_desc *attr)
{
    return !eng->liquibase_holds || eng->liquibase_holds(kind, attr);
}

/* Whether it takes the other side's value. */
static bool takes(const struct catalog *cat, const struct catalog *other, const struct obj *twin,
                  const struct attr_desc *attr, struct str told, struct arena *mem)
{
    const struct engine *eng = cat->eng;
    const struct kind_desc *kind = obj_kind(eng, twin);
    if (!holds(eng, kind, attr))
        return !other->liquibase;
    return eng->liquibase_same &&
           eng->liquibase_same(twin, kind, attr, told, obj_raw(twin, attr->name), mem);
}

/* Both lists of paths, each path once. */
static struct str merge_deps(struct arena *mem, struct str a, struct str b)
{
    struct strbuf out = sb_new(mem, 0);
    struct jc_iter it = jc_iter(b);
    struct str key, value;
    if (!a.n || !b.n)
        return a.n ? a : b;
    sb_str(&out, str_sub(a, 0, a.n - 1));
    while (jc_next(&it, &key, &value)) {
        struct jc_iter in = jc_iter(a);
        struct str k, v;
        bool twice = false;
        while (!twice && jc_next(&in, &k, &v))
            twice = str_eq(v, value);
        if (!twice) {
            sb_c(&out, out.n > 1 ? "," : "");
            sb_str(&out, value);
        }
    }
    sb_char(&out, ']');
    return sb_view(&out);
}

static void complete_fact(struct catalog *cat, struct obj *o, const struct catalog *other,
                          const struct obj *twin, struct arena *mem)
{
    const struct kind_desc *kind = obj_kind(cat->eng, o);
    for (size_t i = 0; i < kind->nattrs; i++) {
        const struct attr_desc *attr = &kind->attrs[i];
        struct str told = obj_raw(o, attr->name), theirs = obj_raw(twin, attr->name);
        if (!str_eq(told, theirs) && takes(cat, other, twin, attr, told, mem))
            o->a = obj_with(mem, cat->eng, o, attr->name, theirs);
    }
    if (str_eq(o->a, twin->a)) {
        o->src = twin->src;
        o->deps = twin->deps;
    } else if (!other->liquibase)
        o->deps = merge_deps(mem, o->deps, twin->deps);
}

/* Whether all that a fact of the other side needs, and lies below, stands here too. */
static bool stands(const struct catalog *cat, const struct catalog *more, const struct obj *o,
                   struct arena *mem)
{
    struct str parent = path_parent(o->path), key, value;
    struct jc_iter it = jc_iter(o->deps);
    if (parent.n && !cat_find(cat, parent) && !cat_find(more, parent))
        return false;
    while (o->deps.n && jc_next(&it, &key, &value)) {
        struct str path = jc_text(mem, value);
        if (path.n && path.p[0] != '!' && !cat_find(cat, path) && !cat_find(more, path))
            return false;
    }
    return true;
}

/* Whether a fact of the other side stands where the snapshot tells nothing: it is of a kind that is
 * not told, or below such an object that the snapshot does not have (a table of another schema, an
 * index of a materialized view). */
static bool is_untold(const struct catalog *cat, const struct catalog *other, const struct obj *o)
{
    for (; o && !cat_find(cat, o->path); o = cat_find(other, path_parent(o->path)))
        if (!holds(cat->eng, obj_kind(cat->eng, o), NULL))
            return true;
    return false;
}

/* Objects that the snapshot does not tell; those that hang on what is gone are gone. */
static int take_kinds(struct catalog *cat, const struct catalog *other, struct arena *mem,
                      struct err *e)
{
    struct catalog *more = cat_new(mem, cat->eng, cat->facets, cat->label);
    for (uint32_t i = 0; i < other->n; i++)
        if (is_untold(cat, other, &other->v[i]))
            cat_add_own(more, &other->v[i]);
    for (uint32_t left = more->n + 1; more->n < left;) {
        uint32_t n = 0;
        left = more->n;
        if (cat_finish(more, e))
            return -1;
        struct arena_mark mark = arena_mark(mem);
        bool *keep = NEW_ARRAY(mem, bool, more->n);
        for (uint32_t i = 0; i < more->n; i++)
            keep[i] = stands(cat, more, &more->v[i], mem);
        for (uint32_t i = 0; i < more->n; i++)
            if (keep[i])
                more->v[n++] = more->v[i];
        more->n = n;
        arena_release(mem, mark);
    }
    for (uint32_t i = 0; i < more->n; i++)
        cat_add_own(cat, &more->v[i]);
    return 0;
}

/* A key or an index as the snapshot tells it, before it takes the other side's words. */
struct told_key {
    struct str table; /* its path */
    struct relation r;
};
struct told_keys {
    struct told_key *v;
    uint32_t n, cap;
};

static void list_keys(const struct catalog *cat, struct arena *mem, struct told_keys *out)
{
    for (uint32_t i = 0; i < cat->n; i++) {
        enum role role = role_of(cat->eng, &cat->v[i]);
        struct told_key key = {.table = path_parent(cat->v[i].path)};
        if (role != ROLE_INDEX && role != ROLE_UNIQUE && role != ROLE_PRIMARY_KEY)
            continue;
        key.r = relation_of(cat, &cat->v[i], mem);
        VEC_PUSH(mem, *out, key);
    }
}

/* Columns that an index only brings along are told behind those of its key. */
static bool same_terms(const struct relation *told, const struct relation *r)
{
    bool same = r->nterms && (r->extra ? told->nterms >= r->nterms : told->nterms == r->nterms);
    for (uint32_t i = 0; same && i < r->nterms; i++) {
        const struct term *x = &told->terms[i], *y = &r->terms[i];
        bool columns = !str_is_null(x->column) && !str_is_null(y->column);
        same = columns ? str_eq(x->column, y->column) : str_eq(x->text, y->text);
    }
    return same;
}

/* Whether such snapshots tell some objects of the kind only. */
static bool in_part(const struct engine *eng, const struct kind_desc *kind)
{
    size_t n = strlen(kind->name);
    for (const char *const *part = eng->liquibase_part; part && *part; part++)
        if (strncmp(*part, kind->name, n) == 0 && (*part)[n] == ':')
            return true;
    return false;
}

/* Whether an index's condition may speak of a column that the snapshot does not have. */
static bool speaks_of_gone(const struct catalog *cat, const struct catalog *other,
                           const struct obj *o, const struct relation *r, struct arena *mem)
{
    struct str table = path_parent(o->path);
    for (uint32_t i = cat_lower(other, table);
         r->where.n && i < other->n && path_within(other->v[i].path, table); i++) {
        const struct obj *column = &other->v[i];
        if (role_of(other->eng, column) == ROLE_COLUMN && !cat_find(cat, column->path) &&
            (str_find(r->where, path_name(mem, column->path)) < r->where.n ||
             str_find(r->where, obj_name(mem, column)) < r->where.n))
            return true;
    }
    return false;
}

/* What is not told and hangs on an index that was taken, such as a replica identity. */
static int take_hangers(struct catalog *cat, const struct catalog *other, const struct obj *index,
                        struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < other->n; i++) {
        const struct obj *o = &other->v[i];
        struct jc_iter it = jc_iter(o->deps);
        struct str key, dep;
        bool hangs = false;
        while (o->deps.n && !hangs && jc_next(&it, &key, &dep))
            hangs = str_eq(jc_text(mem, dep), index->path);
        if (!hangs || !is_untold(cat, other, o) || !stands(cat, cat, o, mem))
            continue;
        cat_add_own(cat, o);
        if (cat_finish(cat, e))
            return -1;
    }
    return 0;
}

/* Of indexes and keys of the same columns Liquibase tells one (IndexComparator): the others may be
 * there, too. */
static int take_doubles(struct catalog *cat, const struct catalog *other,
                        const struct told_keys *keys, struct arena *mem, struct err *e)
{
    VEC(const struct obj *) more = {0};
    if (cat_finish(cat, e))
        return -1;
    for (uint32_t i = 0; i < other->n; i++) {
        const struct obj *o = &other->v[i];
        enum role role = role_of(other->eng, o);
        bool may_be = (role == ROLE_INDEX || role == ROLE_UNIQUE) && !cat_find(cat, o->path) &&
                      in_part(cat->eng, obj_kind(cat->eng, o)) && stands(cat, cat, o, mem);
        struct relation r = may_be ? relation_of(other, o, mem) : (struct relation){0};
        may_be = may_be && !speaks_of_gone(cat, other, o, &r, mem);
        for (uint32_t k = 0; may_be && k < keys->n; k++)
            if (str_eq(keys->v[k].table, path_parent(o->path)) && same_terms(&keys->v[k].r, &r)) {
                VEC_PUSH(mem, more, o);
                break;
            }
    }
    for (uint32_t i = 0; i < more.n; i++)
        cat_add_own(cat, more.v[i]);
    if (cat_finish(cat, e))
        return -1;
    for (uint32_t i = 0; i < more.n; i++)
        if (take_hangers(cat, other, more.v[i], mem, e))
            return -1;
    return 0;
}

static void put_untold(struct strbuf *b, const char *kind, const char *attr)
{
    sb_printf(b, "%s\"%s%s%s\"", b->n > 1 ? "," : "", kind, attr ? "." : "", attr ? attr : "");
}

/* The names of what such a snapshot does not tell: kinds, then kind.attribute; then what it tells
 * in part, and what lies highest in the other side and holds what it has nothing of. */
static struct str list_untold(const struct catalog *cat, const struct catalog *other,
                              struct arena *mem)
{
    const struct engine *eng = cat->eng;
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '[');
    for (size_t i = 0; i < eng->nkinds; i++)
        if (!holds(eng, eng->kinds[i], NULL))
            put_untold(&b, eng->kinds[i]->name, NULL);
    for (size_t i = 0; i < eng->nkinds; i++)
        for (size_t k = 0; k < eng->kinds[i]->nattrs; k++)
            if (holds(eng, eng->kinds[i], NULL) &&
                !holds(eng, eng->kinds[i], &eng->kinds[i]->attrs[k]))
                put_untold(&b, eng->kinds[i]->name, eng->kinds[i]->attrs[k].name);
    for (const char *const *part = eng->liquibase_part; part && *part; part++)
        put_untold(&b, *part, NULL);
    for (uint32_t i = 0; i + 1 < other->n && !other->liquibase; i++) {
        struct str path = other->v[i].path;
        if (path_parent(path).n || !path_within(other->v[i + 1].path, path) ||
            !is_untold(cat, other, &other->v[i]))
            continue;
        sb_c(&b, b.n > 1 ? "," : "");
        esc_json(&b, arena_printf(mem, "%.*s: nothing of it is told", STR_ARG(path)));
    }
    sb_char(&b, ']');
    return sb_view(&b);
}

int source_complete(struct catalog *cat, const struct catalog *other, struct arena *mem,
                    struct err *e)
{
    if (!cat->liquibase)
        return 0;
    struct str none = list_untold(cat, other, mem);
    struct told_keys keys = {0};
    list_keys(cat, mem, &keys);
    cat->untold = none.n > 2 ? none : STR_NULL;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *twin = cat_find(other, cat->v[i].path);
        if (twin)
            complete_fact(cat, &cat->v[i], other, twin, mem);
    }
    if (!other->liquibase && take_kinds(cat, other, mem, e))
        return -1;
    if (cat_finish(cat, e))
        return -1;
    if (cat->eng->liquibase_settle && !other->liquibase)
        cat->eng->liquibase_settle(cat, other, mem);
    if (!other->liquibase && take_doubles(cat, other, &keys, mem, e))
        return -1;
    return cat_finish(cat, e);
}
