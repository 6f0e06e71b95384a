/* What a check looked at, from the head of its state; see sight.h. */

#include "history/sight.h"

#include "core/data.h"
#include "core/pattern.h"

static uint32_t texts(struct str list, struct arena *mem, const struct str **out)
{
    struct jc_iter it = jc_iter(list);
    struct str key, value, *v = NEW_ARRAY(mem, struct str, jc_count(list));
    uint32_t n = 0;
    while (jc_next(&it, &key, &value))
        v[n++] = arena_str(mem, jc_text(mem, value));
    *out = v;
    return n;
}

static struct cut read_cut(struct str raw, struct arena *mem)
{
    struct cut out = {0};
    const struct str *map;
    if (texts(jc_get(raw, "map"), mem, &map) == 2) {
        out.from = path_join(mem, STR(""), STR("schema"), map[0]);
        out.to = path_join(mem, STR(""), STR("schema"), map[1]);
    }
    out.ninclude = texts(jc_get(raw, "include"), mem, &out.include);
    out.nexclude = texts(jc_get(raw, "exclude"), mem, &out.exclude);
    out.ndata = texts(jc_get(raw, "data"), mem, &out.data);
    return out;
}

int sight_of(struct history *h, struct str head, struct arena *mem, struct sight *out,
             struct err *e)
{
    struct err ignored;
    *out = (struct sight){0};
    if (!jc_surely(head, NULL) && jc_check(mem, head, &ignored))
        return store_damaged(h->store, "the head of a state cannot be read", e);
    struct str name = jc_text(mem, jc_get(head, "engine"));
    for (size_t i = 0; h->engines[i]; i++)
        if (str_eq_c(name, h->engines[i]->name))
            out->eng = h->engines[i];
    struct str cuts = jc_get(head, "cuts");
    if (!jc_is_list(cuts))
        cuts = arena_printf(mem, "[%.*s]", STR_ARG(jc_get(head, "scope")));
    out->captured = head_captured(head, mem);
    out->facets = head_facets(head, mem);
    out->model = jc_int(jc_get(head, "model"));
    out->key = arena_printf(mem, "%.*s %u %lld %.*s", STR_ARG(name), out->captured,
                            (long long)out->model, STR_ARG(cuts));
    out->cuts = NEW_ARRAY(mem, struct cut, jc_count(cuts));
    struct str key, raw;
    for (struct jc_iter it = jc_iter(cuts); jc_next(&it, &key, &raw);)
        out->cuts[out->ncuts++] = read_cut(raw, mem);
    return 0;
}

int sights_load(struct history *h, int64_t env, uint32_t nstates, struct arena *mem,
                struct sights *out, struct err *e)
{
    static const char sql[] = "SELECT b.text FROM state s JOIN body b ON b.id = s.head WHERE "
                              "s.env = $1 ORDER BY s.id";
    struct store *s = h->store;
    const struct store_arg arg = A_NUM(env);
    struct rows *r;
    *out = (struct sights){0};
    int rc = s->ops->query(s, sql, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct sight one;
        uint32_t at = 0;
        rc = sight_of(h, s->ops->text(r, 0), mem, &one, e);
        while (!rc && at < out->n && !str_eq(out->v[at].key, one.key))
            at++;
        if (!rc && at == out->n)
            VEC_PUSH(mem, *out, one);
        if (out->nof == out->of_cap)
            out->of = vec_grow(mem, out->of, &out->of_cap, sizeof *out->of);
        out->of[out->nof++] = at;
    }
    s->ops->done(r);
    if (!rc && out->nof != nstates)
        rc = store_damaged(s, "the head of a state is missing", e);
    out->plain = out->n <= 1;
    for (uint32_t i = 0; out->plain && out->n && i < out->v[0].ncuts; i++)
        out->plain = !out->v[0].cuts[i].ninclude;
    return rc;
}

/* Rows are read where the first filter names their table: those that come later cut what is there.
 */
static bool looks_at_row(const struct sight *v, struct str table, struct arena *tmp)
{
    const struct cut *cut = v->cuts;
    while (cut < v->cuts + v->ncuts && !str_is_null(cut->from))
        cut++;
    if (cut == v->cuts + v->ncuts)
        return false;
    struct data_want want = {.names = cut->data, .n = cut->ndata};
    return data_wants(&want, v->eng, table, tmp);
}

bool sight_looks(const struct sight *v, struct str path, struct arena *tmp)
{
    struct str table;
    int kind = v->eng ? engine_kind(v->eng, path_kind(path)) : -1;
    if (kind < 0)
        return false;
    if (!(v->eng->kinds[kind]->facet & v->captured))
        return false;
    if (data_is_row(v->eng, path, &table) && !looks_at_row(v, table, tmp))
        return false;
    for (uint32_t i = 0; i < v->ncuts; i++) {
        const struct cut *cut = &v->cuts[i];
        if (pattern_covers(v->eng, cut->exclude, cut->nexclude, path, tmp) ||
            (cut->ninclude && !pattern_covers(v->eng, cut->include, cut->ninclude, path, tmp)))
            return false;
    }
    return true;
}

struct str sight_origin(const struct sight *v, struct str path)
{
    for (uint32_t i = 0; i < v->ncuts; i++)
        if (!str_is_null(v->cuts[i].to) && path_within(path, v->cuts[i].to))
            return v->cuts[i].from;
    for (uint32_t i = 0; i < v->ncuts; i++)
        if (!str_is_null(v->cuts[i].from) && path_within(path, v->cuts[i].from))
            return STR_NULL;
    return STR("");
}

static void put_words(struct strbuf *out, const char *option, const struct str *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        sb_printf(out, "%s%s %.*s", out->n ? " " : "", option, STR_ARG(v[i]));
}

struct str sight_words(const struct sight *v, const struct sight *before, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < v->ncuts; i++) {
        const struct cut *cut = &v->cuts[i];
        if (!str_is_null(cut->from))
            sb_printf(&b, "%s--map-schema %.*s=%.*s", b.n ? " " : "",
                      STR_ARG(path_name(mem, cut->from)), STR_ARG(path_name(mem, cut->to)));
        put_words(&b, "--include", cut->include, cut->ninclude);
        put_words(&b, "--exclude", cut->exclude, cut->nexclude);
        put_words(&b, "--data", cut->data, cut->ndata);
    }
    if (!b.n)
        sb_c(&b, "everything");
    if (before && before->captured != v->captured) {
        sb_c(&b, ", facets ");
        facet_list(&b, v->captured);
    }
    if (before && before->model != v->model)
        sb_printf(&b, ", model %lld of snap", (long long)v->model);
    return sb_view(&b);
}
