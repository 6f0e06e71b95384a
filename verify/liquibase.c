/*
 * A schema of a Liquibase snapshot in the words of the server: drivers of JDBC spell expressions in
 * their own way and lose what the server adds by itself. Where such a side differs from the other,
 * it is made on a scratch database and read back, so that a spelling is no difference and a plan
 * ends where it was meant to.
 */

#include "verify/internal.h"

/* Facts that the other side has not, or not so. */
static uint32_t odd_ones(const struct catalog *cat, const struct catalog *other)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *twin = cat_find(other, cat->v[i].path);
        n += !twin || !str_eq(twin->a, cat->v[i].a);
    }
    return n;
}

/* Those facts as they were read back, and what came with them. */
static struct catalog *adopt(const struct catalog *cat, const struct catalog *other,
                             const struct catalog *read, struct arena *mem)
{
    struct catalog *out = cat_unfiltered(cat, mem);
    for (uint32_t i = 0; i < out->n; i++) {
        struct obj *o = &out->v[i];
        const struct obj *twin = cat_find(other, o->path), *now = cat_find(read, o->path);
        o->flags = cat->v[i].flags;
        if (!now || (twin && str_eq(twin->a, o->a)))
            continue;
        o->a = now->a;
        o->src = now->src;
        o->deps = now->deps;
    }
    return out;
}

static void add_news(struct catalog *out, const struct catalog *cat, const struct catalog *read)
{
    for (uint32_t i = 0; i < read->n; i++) {
        const struct obj *o = &read->v[i];
        struct str parent = path_parent(o->path);
        if (!cat_find(cat, o->path) && parent.n && cat_find(cat, parent))
            cat_add_own(out, o);
    }
}

/* The first fact that was not read back, or NULL. */
static const struct obj *lost(const struct catalog *cat, const struct catalog *read)
{
    for (uint32_t i = 0; i < cat->n; i++)
        if (!cat_find(read, cat->v[i].path))
            return &cat->v[i];
    return NULL;
}

int verify_liquibase(const struct catalog *cat, const struct catalog *other,
                     const struct verify_options *opt, struct arena *mem, struct catalog **out,
                     struct err *e)
{
    const struct engine *eng = cat->eng;
    struct scratch_want place = {
        .from = cat, .to = other, .timeout_ms = opt->timeout_ms, .place = opt->place};
    struct catalog *read = NULL;
    struct session *s = NULL;
    bool ran = false;
    *out = NULL;
    if (!cat->liquibase || other->liquibase || !odd_ones(cat, other))
        return 0;
    if (!eng->live)
        return err_set(e, E_NO_CLIENT, "this build has no client library for %s", eng->title);
    int rc = eng->live->scratch(&place, mem, &s, e);
    if (!rc)
        rc = scratch_fill(cat, s, opt, mem, &ran, e);
    if (!rc)
        rc = scratch_read(eng, s, opt, NULL, 0, true, mem, &read, e);
    eng->live->close(s);
    if (rc)
        return -1;
    const struct obj *gone = lost(cat, read);
    if (gone) {
        struct strbuf name = sb_new(mem, 0);
        obj_human(&name, gone);
        return err_set(e, E_CANNOT_VERIFY, "%.*s: %.*s was made and is not there",
                       STR_ARG(cat->label), STR_ARG(sb_view(&name)));
    }
    *out = adopt(cat, other, read, mem);
    add_news(*out, cat, read);
    (*out)->untold = cat->untold;
    (*out)->liquibase = true;
    return cat_finish(*out, e);
}
