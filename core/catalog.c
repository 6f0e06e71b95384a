/* Sorted facts, look-up, hashes, and the overlay that shows a state between two steps. */

#include "core/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

struct catalog *cat_new(struct arena *mem, const struct engine *eng, unsigned facets,
                        struct str label)
{
    struct catalog *cat = NEW(mem, struct catalog);
    cat->eng = eng;
    cat->mem = mem;
    cat->tmp = mem;
    cat->facets = facets;
    cat->captured = F_CAPTURED | facets;
    cat->model = eng->model;
    cat->label = arena_str(mem, label);
    cat->version = STR("");
    cat->scope = STR("{}");
    return cat;
}

void cat_add(struct catalog *cat, const struct obj *o)
{
    struct obj copy = *o;
    copy.path = arena_str(cat->mem, o->path);
    copy.a = arena_str(cat->mem, o->a);
    copy.src = arena_str(cat->mem, o->src);
    copy.deps = arena_str(cat->mem, o->deps);
    cat_add_own(cat, &copy);
}

void cat_add_own(struct catalog *cat, const struct obj *o)
{
    if (cat->n == cat->cap)
        cat->v = vec_grow(cat->mem, cat->v, &cat->cap, sizeof *cat->v);
    cat->v[cat->n++] = *o;
}

static void add_entry(struct catalog *cat, const char *kind, struct str name, struct str on,
                      struct hash128 hash, const char *why)
{
    struct strbuf safe = sb_new(cat->mem, 0);
    esc_terminal(&safe, name);
    if (cat->nledger == cat->ledger_cap)
        cat->ledger = vec_grow(cat->mem, cat->ledger, &cat->ledger_cap, sizeof *cat->ledger);
    cat->ledger[cat->nledger++] =
        (struct ledger_entry){str_c(kind), sb_view(&safe), hash, arena_str(cat->mem, on),
                              arena_str(cat->mem, str_c(why))};
}

void cat_add_ledger(struct catalog *cat, const char *kind, struct str name, struct str on,
                    struct str text, const char *why)
{
    add_entry(cat, kind, name, on, hash_bytes(text), why);
}

void cat_name_outside(struct catalog *cat, const char *kind, struct str name, const char *why)
{
    add_entry(cat, kind, name, STR_NULL, (struct hash128){0}, why);
}

static int by_path(const void *x, const void *y)
{
    return path_cmp(((const struct obj *)x)->path, ((const struct obj *)y)->path);
}

static int by_kind_name(const void *x, const void *y)
{
    const struct ledger_entry *a = x, *b = y;
    int c = str_cmp(a->kind, b->kind);
    return c ? c : str_cmp(a->name, b->name);
}

int cat_finish(struct catalog *cat, struct err *e)
{
    struct hasher *h = hasher_new(cat->mem);
    if (cat->n)
        qsort(cat->v, cat->n, sizeof *cat->v, by_path);
    if (cat->nledger)
        qsort(cat->ledger, cat->nledger, sizeof *cat->ledger, by_kind_name);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        if (i && str_eq(o->path, cat->v[i - 1].path))
            return err_set(e, E_SNAPSHOT_DUPLICATE, "%.*s holds %.*s twice", STR_ARG(cat->label),
                           STR_ARG(o->path));
        o->hash = obj_hash(cat->eng, o, cat->facets);
        if (!(o->flags & OBJ_IGNORED) && obj_in_facets(cat->eng, o, cat->facets))
            fingerprint_add(h, o->path, o->hash);
    }
    cat->fingerprint = hasher_done(h);
    return 0;
}

uint32_t cat_lower(const struct catalog *cat, struct str path)
{
    uint32_t lo = 0, hi = cat->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(cat->v[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct obj *cat_find(const struct catalog *cat, struct str path)
{
    uint32_t i = cat_lower(cat, path);
    return i < cat->n && str_eq(cat->v[i].path, path) ? &cat->v[i] : NULL;
}

const struct kind_desc *obj_kind(const struct engine *eng, const struct obj *o)
{
    return eng->kinds[o->kind];
}

struct str engine_top(const struct engine *eng, struct str path)
{
    for (size_t end = 0;;) {
        end += str_chr(str_from(path, end), '/');
        struct str head = str_sub(path, 0, end);
        int kind = engine_kind(eng, path_kind(head));
        if (end >= path.n || kind < 0 || !(eng->kinds[kind]->flags & KF_HOLDER))
            return head;
        end++;
    }
}

int engine_kind(const struct engine *eng, struct str tag)
{
    for (size_t i = 0; i < eng->nkinds; i++)
        if (str_eq_c(tag, eng->kinds[i]->name))
            return (int)i;
    return -1;
}

static bool all_in_facets(const struct kind_desc *k, unsigned facets)
{
    for (size_t i = 0; i < k->nattrs; i++)
        if (!(k->attrs[i].facet & facets))
            return false;
    return true;
}

/* The next attribute of a body that is in the facets, as "key":value; a key that is not known is.
 */
static bool next_kept(struct jc_iter *it, const struct kind_desc *kind, unsigned facets,
                      struct str *out)
{
    struct str key, value;
    while (jc_next(it, &key, &value)) {
        const struct attr_desc *attr = kind_attr(kind, key);
        if (attr && !(attr->facet & facets))
            continue;
        *out = str_range(key.p - 1, value.p + value.n);
        return true;
    }
    return false;
}

struct hash128 obj_hash(const struct engine *eng, const struct obj *o, unsigned facets)
{
    const struct kind_desc *kind = obj_kind(eng, o);
    if (all_in_facets(kind, facets))
        return hash_bytes(o->a);
    char buf[512];
    size_t used = 0, need = 2;
    struct str one;
    for (struct jc_iter it = jc_iter(o->a); next_kept(&it, kind, facets, &one);)
        need += one.n + 1;
    /* Short bodies, the rule, are put together on the stack; long ones in memory of their own. */
    struct arena *mem = need > sizeof buf ? arena_new(0) : NULL;
    char *p = mem ? arena_alloc(mem, need) : buf;
    p[used++] = '{';
    for (struct jc_iter it = jc_iter(o->a); next_kept(&it, kind, facets, &one);) {
        if (used > 1)
            p[used++] = ',';
        memcpy(p + used, one.p, one.n);
        used += one.n;
    }
    p[used++] = '}';
    struct hash128 h = hash_bytes((struct str){p, used});
    arena_free(mem);
    return h;
}

bool obj_in_facets(const struct engine *eng, const struct obj *o, unsigned facets)
{
    const struct kind_desc *kind = obj_kind(eng, o);
    if (kind->facet & facets)
        return true;
    for (size_t i = 0; i < kind->nattrs; i++)
        if ((kind->attrs[i].facet & facets) && !str_is_null(obj_raw(o, kind->attrs[i].name)))
            return true;
    return false;
}

struct str obj_raw(const struct obj *o, const char *attr)
{
    return o ? jc_get(o->a, attr) : STR_NULL;
}

struct str obj_text(struct arena *a, const struct obj *o, const char *attr)
{
    return jc_text(a, obj_raw(o, attr));
}

bool obj_true(const struct obj *o, const char *attr)
{
    return jc_is_true(obj_raw(o, attr));
}

struct str obj_src(struct arena *a, const struct obj *o, const char *key)
{
    return jc_text(a, jc_get(o->src, key));
}

struct str obj_with(struct arena *a, const struct engine *eng, const struct obj *o,
                    const char *attr, struct str raw)
{
    const struct kind_desc *kind = obj_kind(eng, o);
    struct strbuf b = sb_new(a, 0);
    sb_char(&b, '{');
    for (size_t i = 0; i < kind->nattrs; i++) {
        const char *name = kind->attrs[i].name;
        struct str value = strcmp(name, attr) == 0 ? raw : obj_raw(o, name);
        if (str_is_null(value))
            continue;
        jc_put_key(&b, str_c(name));
        sb_str(&b, value);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

struct str obj_name(struct arena *a, const struct obj *o)
{
    struct str name = obj_text(a, o, "name");
    return str_is_null(name) ? path_name(a, o->path) : name;
}

void obj_human(struct strbuf *out, const struct obj *o)
{
    struct str kind = path_kind(o->path), parent = path_parent(o->path);
    bool unnamed = path_is_unnamed(o->path);
    for (size_t i = 0; i < kind.n; i++)
        sb_char(out, kind.p[i] == '_' ? ' ' : kind.p[i]);
    sb_c(out, unnamed ? " of " : " ");
    if (str_eq(path_name_raw(parent), STR("#")))
        parent = path_parent(parent);
    if (parent.n)
        path_dotted(out, parent);
    if (unnamed)
        return;
    if (parent.n)
        sb_char(out, '.');
    path_quote_name(out, kind, obj_name(out->mem, o));
}

void fingerprint_add(struct hasher *h, struct str path, struct hash128 hash)
{
    unsigned char bytes[17] = {0};
    for (size_t i = 0; i < 16; i++)
        bytes[i + 1] = (unsigned char)((i < 8 ? hash.hi : hash.lo) >> (56 - 8 * (i % 8)));
    hasher_add(h, path);
    hasher_add(h, (struct str){(const char *)bytes, sizeof bytes});
}

/* First overlay entry whose path is not below `path` in order. */
static uint32_t over_lower(const struct view *v, struct str path)
{
    uint32_t lo = 0, hi = v->nover;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(v->over[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

const struct obj *view_get(const struct view *v, struct str path)
{
    uint32_t i = over_lower(v, path);
    if (i < v->nover && str_eq(v->over[i].path, path))
        return v->over[i].obj;
    return cat_find(v->base, path);
}

struct view_iter view_iter(const struct view *v, struct str top)
{
    return (struct view_iter){v, top, cat_lower(v->base, top), over_lower(v, top)};
}

const struct obj *view_next(struct view_iter *it)
{
    const struct view *v = it->view;
    for (;;) {
        const struct obj *base = it->at < v->base->n ? &v->base->v[it->at] : NULL;
        const struct view_entry *over = it->over_at < v->nover ? &v->over[it->over_at] : NULL;
        if (base && it->top.n && !path_within(base->path, it->top))
            base = NULL;
        if (over && it->top.n && !path_within(over->path, it->top))
            over = NULL;
        if (!base && !over)
            return NULL;
        int c = !base ? 1 : !over ? -1 : path_cmp(base->path, over->path);
        it->at += c <= 0;
        it->over_at += c >= 0;
        if (c < 0)
            return base;
        if (over->obj)
            return over->obj;
    }
}
