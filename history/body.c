/*
 * A catalog in pieces of text. A body is the attributes, the needs and the engine's own text of one
 * fact, each on a line: canonical JSON holds no line end. A head is what a snapshot's first line
 * says.
 */

#include "core/escape.h"
#include "history/store.h"

struct str body_of(const struct obj *o, struct strbuf *b)
{
    sb_cut(b, 0);
    sb_str(b, o->a);
    if (o->deps.n || o->src.n) {
        sb_char(b, '\n');
        sb_str(b, o->deps);
    }
    if (o->src.n) {
        sb_char(b, '\n');
        sb_str(b, o->src);
    }
    return sb_view(b);
}

bool body_cut(struct str body, struct obj *o)
{
    struct str deps = STR_NULL, src = STR_NULL;
    o->a = STR_NULL;
    if (!str_cut(&body, '\n', &o->a))
        return false;
    if (body.n)
        str_cut(&body, '\n', &deps);
    if (body.n)
        src = body;
    o->deps = deps.n ? deps : STR_NULL;
    o->src = src.n ? src : STR_NULL;
    return o->a.n >= 2 && o->a.p[0] == '{' && o->a.p[o->a.n - 1] == '}';
}

static void put_text(struct strbuf *b, const char *key, struct str value)
{
    jc_put_key(b, str_c(key));
    esc_json(b, value);
}

static void put_facets(struct strbuf *b, const char *key, unsigned facets)
{
    jc_put_key(b, str_c(key));
    sb_char(b, '"');
    facet_list(b, facets);
    sb_char(b, '"');
}

struct str head_of(const struct catalog *cat, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '{');
    put_facets(&b, "captured", cat->captured);
    /* where it is more than the scope says */
    if (cat->cuts.n && !str_eq(str_sub(cat->cuts, 1, cat->cuts.n - 1), cat->scope)) {
        jc_put_key(&b, STR("cuts"));
        sb_str(&b, cat->cuts);
    }
    put_text(&b, "engine", str_c(cat->eng->name));
    put_facets(&b, "facets", cat->facets);
    jc_put_key(&b, STR("liquibase"));
    sb_c(&b, cat->liquibase ? "true" : "false");
    jc_put_key(&b, STR("model"));
    sb_int(&b, cat->model);
    jc_put_key(&b, STR("scope"));
    sb_str(&b, cat->scope);
    put_text(&b, "version", cat->version);
    sb_char(&b, '}');
    return sb_view(&b);
}

struct str ledger_of(const struct catalog *cat, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '[');
    for (uint32_t i = 0; i < cat->nledger; i++) {
        const struct ledger_entry *l = &cat->ledger[i];
        sb_c(&b, i ? ",{\"hash\":\"" : "{\"hash\":\"");
        hash_hex(&b, l->hash, HASH_HEX);
        sb_char(&b, '"');
        put_text(&b, "kind", l->kind);
        put_text(&b, "name", l->name);
        if (!str_is_null(l->on))
            put_text(&b, "on", l->on);
        put_text(&b, "why", l->why);
        sb_char(&b, '}');
    }
    sb_char(&b, ']');
    return sb_view(&b);
}

static void read_ledger(struct catalog *cat, struct str ledger)
{
    struct str key, entry;
    cat->ledger_cap = (uint32_t)jc_count(ledger);
    cat->ledger = NEW_ARRAY(cat->mem, struct ledger_entry, cat->ledger_cap);
    for (struct jc_iter it = jc_iter(ledger); jc_next(&it, &key, &entry);) {
        struct ledger_entry *l = &cat->ledger[cat->nledger++];
        struct str on = jc_get(entry, "on");
        l->kind = jc_text(cat->mem, jc_get(entry, "kind"));
        l->name = jc_text(cat->mem, jc_get(entry, "name"));
        l->why = jc_text(cat->mem, jc_get(entry, "why"));
        l->on = str_is_null(on) ? STR_NULL : jc_text(cat->mem, on);
        (void)hash_parse(jc_text(cat->mem, jc_get(entry, "hash")), &l->hash);
    }
}

static unsigned facets_of(struct str head, const char *key, struct arena *mem)
{
    unsigned out = 0;
    struct str bad, list = jc_text(mem, jc_get(head, key));
    return list.n && facet_parse(list, 0, &out, &bad) ? out : 0;
}

unsigned head_captured(struct str head, struct arena *mem)
{
    struct err ignored;
    return jc_check(mem, head, &ignored) ? 0 : facets_of(head, "captured", mem);
}

unsigned head_facets(struct str head, struct arena *mem)
{
    struct err ignored;
    return jc_check(mem, head, &ignored) ? 0 : facets_of(head, "facets", mem);
}

int catalog_begin(struct history *h, struct str head, struct str ledger, struct str label,
                  struct arena *mem, struct catalog **out, struct err *e)
{
    const struct engine *eng = NULL;
    if (jc_check(mem, head, e) || jc_check(mem, ledger, e))
        return store_damaged(h->store, "the head of a state cannot be read", e);
    struct str name = jc_text(mem, jc_get(head, "engine"));
    for (size_t i = 0; h->engines[i]; i++)
        if (str_eq_c(name, h->engines[i]->name))
            eng = h->engines[i];
    if (!eng)
        return err_set(e, E_UNKNOWN_ENGINE, "%.*s: it is a schema of the engine %.*s",
                       STR_ARG(label), STR_ARG(name));
    int64_t model = jc_int(jc_get(head, "model"));
    if (model > eng->model)
        return err_set(e, E_HISTORY_VERSION,
                       "%.*s was written with model %lld of %s; this snap knows %d", STR_ARG(label),
                       (long long)model, eng->name, eng->model);
    struct catalog *cat = cat_new(mem, eng, facets_of(head, "facets", mem), label);
    cat->captured = facets_of(head, "captured", mem);
    cat->model = (uint16_t)model;
    cat->version = jc_text(mem, jc_get(head, "version"));
    cat->scope = arena_str(mem, jc_get(head, "scope"));
    cat->cuts = arena_str(mem, jc_get(head, "cuts"));
    cat->liquibase = jc_is_true(jc_get(head, "liquibase"));
    read_ledger(cat, ledger);
    *out = cat;
    return 0;
}
