/* Scratch databases: building one from facts, reading one back. */

#include "verify/internal.h"

#include "core/version.h"

int scratch_read(const struct engine *eng, struct session *s, const struct verify_options *opt,
                 const struct str *only, uint32_t nonly, bool deps, struct arena *mem,
                 struct catalog **out, struct err *e)
{
    struct scope scope = {opt->facets, only, nonly, !deps, {0}};
    if (opt->filter)
        scope.data = opt->filter->data;
    *out = cat_new(mem, eng, opt->facets, STR("the scratch database"));
    if (eng->live->introspect(s, &scope, *out, e) || cat_finish(*out, e))
        return -1;
    return 0;
}

static bool lasts(const struct engine *eng, const struct change *c)
{
    int kind = engine_kind(eng, path_kind(change_obj(c)->path));
    return kind >= 0 && (eng->kinds[kind]->flags & KF_LASTS);
}

/* A side of another server (see verify_restate) in the words in which the server of
 * the scratch database writes down what means the same; else as it is. */
static int in_words_of(const struct catalog **want, const struct catalog *read, struct arena *mem,
                       struct err *e)
{
    struct str version = (*want)->version, own = version_own(version);
    if (!(*want)->eng->carries || str_eq(own, version))
        return 0;
    struct catalog *copy = cat_unfiltered(*want, mem);
    copy->version = own;
    copy->eng->carry(copy, read, mem);
    *want = copy;
    return cat_finish(copy, e);
}

int scratch_diff(const struct catalog *want, const struct catalog *read, unsigned facets,
                 struct arena *mem, struct changes **out, struct err *e)
{
    uint32_t n = 0;
    if (in_words_of(&want, read, mem, e) || diff_catalogs(want, read, facets, mem, out, e))
        return -1;
    struct changes *c = *out;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->v[i].op != OP_ADD || !lasts(c->eng, &c->v[i]))
            c->v[n++] = c->v[i];
    c->n = n;
    return 0;
}

/* First difference of two schemas for people, or absent. */
struct str first_difference(const struct changes *c, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    if (!c->n)
        return STR_NULL;
    const struct change *one = &c->v[0];
    static const char *const words[] = {" is missing", " is still there", " differs"};
    obj_human(&b, change_obj(one));
    /* from: what was wanted; to: what was read */
    sb_c(&b, one->op == OP_DROP ? words[0] : one->op == OP_ADD ? words[1] : words[2]);
    for (uint32_t i = 0; i < one->nattrs && i < 1; i++) {
        struct str want = one->attrs[i].before, got = one->attrs[i].after;
        sb_printf(&b, " in %s: wanted %.*s, got %.*s", one->attrs[i].attr->name,
                  STR_ARG(want.n ? want : STR("nothing")), STR_ARG(got.n ? got : STR("nothing")));
    }
    if (c->n > 1)
        sb_printf(&b, ", and %u more", c->n - 1);
    return sb_view(&b);
}

/* What a test breaks is the plan that is to be proven, not the database that it is proven on. */
static int plan_whole(const struct plan_request *req, struct arena *mem, struct plan **out,
                      struct err *e)
{
#ifdef SNAP_TEST_HOOKS
    const char *broken = plan_break_alter;
    plan_break_alter = NULL;
    int rc = plan_make(req, mem, out, e);
    plan_break_alter = broken;
    return rc;
#else
    return plan_make(req, mem, out, e);
#endif
}

int scratch_fill(const struct catalog *cat, struct session *s, const struct verify_options *opt,
                 struct arena *mem, bool *ran, struct err *e)
{
    const struct catalog *empty = cat_new(mem, cat->eng, opt->facets, STR("empty"));
    struct catalog *all = cat_unfiltered(cat, mem);
    struct changes *changes;
    struct plan *plan;
    struct err why;
    /* Every facet that the facts hold is built: what is not compared now may matter to a step. */
    unsigned left_out = (F_STATS | F_COUNTERS) & ~opt->facets;
    unsigned facets = cat->captured & ~left_out;
    ((struct catalog *)(uintptr_t)empty)->captured = ~0u;
    if (diff_catalogs(empty, all, facets, mem, &changes, e))
        return -1;
    struct plan_request req = {.changes = changes, .states = &empty, .to = all, .facets = facets};
    if (plan_whole(&req, mem, &plan, &why))
        return err_set(e, E_CANNOT_VERIFY, "%s: %s", err_name(why.code), why.msg);
    *ran = true;
    for (uint32_t i = 0; i < plan->n; i++) {
        struct replay_step step;
        plan_replay_step(plan, i, mem, &step);
        if (run_statements(cat->eng, s, &step, false, &why)) {
            if (why.code != E_VERIFY_FAILED) {
                *e = why;
                return -1;
            }
            return err_set(e, E_CANNOT_VERIFY, "building %.*s on a scratch database: %.*s: %s",
                           STR_ARG(cat->label), STR_ARG(plan->v[i].title), why.msg);
        }
    }
    return 0;
}

int scratch_build(const struct catalog *cat, const struct catalog *to,
                  const struct verify_options *opt, struct arena *mem, struct session **out,
                  struct err *e)
{
    const struct engine *eng = cat->eng;
    struct scratch_want want = {.from = cat,
                                .to = to,
                                .timeout_ms = opt->timeout_ms,
                                .place = opt->place,
                                .outside = opt->outside};
    struct catalog *read, *all = cat_unfiltered(cat, mem);
    struct changes *changes;
    bool ran = false;
    *out = NULL;
    if (!eng->live)
        return err_set(e, E_CANNOT_VERIFY, "this build has no client library for %s", eng->title);
    if (eng->live->scratch(&want, mem, out, e) || scratch_fill(cat, *out, opt, mem, &ran, e) ||
        scratch_read(eng, *out, opt, NULL, 0, false, mem, &read, e))
        return -1;
    if (scratch_diff(all, read, opt->facets, mem, &changes, e))
        return -1;
    if (changes->n)
        return err_set(e, E_CANNOT_VERIFY,
                       "the scratch database made from %.*s does not read back as it: %.*s",
                       STR_ARG(cat->label), STR_ARG(first_difference(changes, mem)));
    return 0;
}
