/*
 * Fuzz target: normal forms of MongoDB values. The input is read as Extended JSON, or as BSON. The
 * normal form of a normal form is itself, and a document in another order of the keys that mean
 * nothing has the same one.
 */

#include "tests/fuzz/fuzz.h"

#include "drivers/mongodb/canon_parts.h"

typedef struct str canon_fn(struct arena *mem, const struct mv *v);

static void must_stay(struct arena *mem, canon_fn *fn, const struct mv *v)
{
    struct str once = fn(mem, v);
    struct mv *again;
    struct err e = {0};
    if (!str_is_null(once) && !str_is_utf8(once))
        BUG("a normal form that is no text");
    if (!once.n || !mv_has_json(mem, v))
        return;
    if (mv_from_json(mem, once, &again, &e) || !str_eq(fn(mem, again), once))
        BUG("a normal form that is not its own");
}

/* The members of the document at the top of a query, the other way round. */
static void must_not_count(struct arena *mem, const struct mv *v)
{
    struct mv *turned = mv_new(mem, MV_DOCUMENT);
    if (v->type != MV_DOCUMENT || !v->n)
        return;
    for (const struct mv *m = v->first; m; m = m->next) {
        struct mv *one = mv_copy(mem, m);
        one->next = turned->first;
        turned->first = one;
        turned->last = turned->last ? turned->last : one;
        turned->n++;
        if ((m->key.n && m->key.p[0] == '$') || mv_get_str(v, m->key) != m)
            return;
    }
    if (!str_eq(mg_canon_query(mem, v), mg_canon_query(mem, turned)))
        BUG("the order of fields counts");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static canon_fn *const forms[] = {mg_canon_query,      mg_canon_pipeline, mg_canon_collation,
                                      mg_canon_projection, mg_canon_other,    mg_canon_definition};
    struct arena *mem = arena_new(0);
    struct str input = fuzz_text(data, size);
    struct mv *v;
    struct err e = {0};
    if (mv_from_bson(mem, input, &v, &e) == 0 || mv_from_json(mem, input, &v, &e) == 0) {
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
            must_stay(mem, forms[i], v);
        must_not_count(mem, v);
    }
    arena_free(mem);
    return 0;
}
