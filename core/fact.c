/* Builder of canonical facts; see fact.h. */

#include "core/fact.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

void fact_begin(struct fact *f, struct catalog *cat, const char *kind, struct str parent,
                struct str name)
{
    int k = engine_kind(cat->eng, str_c(kind));
    if (k < 0)
        BUG(kind);
    memset(f, 0, sizeof *f);
    f->cat = cat;
    f->kind = cat->eng->kinds[k];
    f->kind_index = (uint16_t)k;
    if (f->kind->nattrs > FACT_MAX_ATTRS)
        BUG("too many attribute rows");
    f->path = path_join(cat->tmp, parent, str_c(kind), name);
}

void fact_raw(struct fact *f, const char *attr, struct str canonical)
{
    const struct attr_desc *row = kind_attr(f->kind, str_c(attr));
    if (!row)
        BUG(attr);
    bool is_default = row->dflt && str_eq_c(canonical, row->dflt);
    bool is_false = row->type == A_BOOL && str_eq(canonical, STR("false"));
    if (!is_default && !is_false)
        f->val[row - f->kind->attrs] = canonical;
}

void fact_text(struct fact *f, const char *attr, struct str value)
{
    if (str_is_null(value))
        return;
    struct strbuf b = sb_new(f->cat->tmp, 0);
    esc_json(&b, value);
    fact_raw(f, attr, sb_view(&b));
}

void fact_bool(struct fact *f, const char *attr, bool value)
{
    fact_raw(f, attr, value ? STR("true") : STR("false"));
}

void fact_int(struct fact *f, const char *attr, int64_t value)
{
    fact_raw(f, attr, arena_printf(f->cat->tmp, "%lld", (long long)value));
}

void fact_list(struct fact *f, const char *attr, const struct str *items, size_t n)
{
    if (!n)
        return;
    struct strbuf b = sb_new(f->cat->tmp, 0);
    jc_put_list(&b, items, n);
    fact_raw(f, attr, sb_view(&b));
}

void fact_src_raw(struct fact *f, const char *key, struct str canonical)
{
    if (f->nsrc == f->src_cap)
        f->src = vec_grow(f->cat->tmp, f->src, &f->src_cap, sizeof *f->src);
    f->src[f->nsrc++] = (struct src_entry){key, canonical};
}

void fact_src(struct fact *f, const char *key, struct str value)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    if (str_is_null(value))
        return;
    esc_json(&b, value);
    fact_src_raw(f, key, sb_view(&b));
}

void fact_src_list(struct fact *f, const char *key, const struct str *items, size_t n)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    jc_put_list(&b, items, n);
    fact_src_raw(f, key, sb_view(&b));
}

void fact_dep(struct fact *f, struct str path)
{
    for (uint32_t i = 0; i < f->ndeps; i++)
        if (str_eq(f->deps[i], path))
            return;
    if (f->ndeps == f->deps_cap)
        f->deps = vec_grow(f->cat->tmp, f->deps, &f->deps_cap, sizeof *f->deps);
    f->deps[f->ndeps++] = path;
}

static int by_path(const void *a, const void *b)
{
    return path_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct src_entry *)a)->key, ((const struct src_entry *)b)->key);
}

/* The keys in their order, whatever order they came in: a reader refuses another. */
static struct str put_src(struct fact *f)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    if (!f->nsrc)
        return STR_NULL;
    qsort(f->src, f->nsrc, sizeof *f->src, by_key);
    sb_char(&b, '{');
    for (uint32_t i = 0; i < f->nsrc; i++) {
        jc_put_key(&b, str_c(f->src[i].key));
        sb_str(&b, f->src[i].value);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

void fact_end(struct fact *f)
{
    struct strbuf a = sb_new(f->cat->tmp, 0), deps = sb_new(f->cat->tmp, 0);
    sb_char(&a, '{');
    for (size_t i = 0; i < f->kind->nattrs; i++) {
        if (str_is_null(f->val[i]))
            continue;
        jc_put_key(&a, str_c(f->kind->attrs[i].name));
        sb_str(&a, f->val[i]);
    }
    sb_char(&a, '}');
    if (f->ndeps) {
        qsort(f->deps, f->ndeps, sizeof *f->deps, by_path);
        jc_put_list(&deps, f->deps, f->ndeps);
    }
    struct obj o = {.path = f->path,
                    .a = sb_view(&a),
                    .src = put_src(f),
                    .deps = f->ndeps ? sb_view(&deps) : STR_NULL,
                    .kind = f->kind_index,
                    .flags = (uint16_t)f->flags};
    cat_add(f->cat, &o);
}
