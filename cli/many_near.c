/* Which of the larger groups an odd one is nearest to, and what differs: each pair is compared by a
 * worker, by one database of each group. */

#include "cli/many.h"

#include "cli/pool.h"
#include "cli/tell.h"
#include "core/escape.h"
#include "core/record.h"

struct pair {
    uint32_t from, to; /* groups; changes turn `from` into `to` */
};
struct near_run {
    struct many *m;
    struct pair *pairs;
};

static const struct target *stands_for(const struct many *m, uint32_t group)
{
    return &m->targets.v[m->of[m->groups[group].first]];
}

static int open_side(const struct many *m, uint32_t group, struct sides *s, int i,
                     struct context *own, unsigned *facets, struct err *e)
{
    const struct target *t = stands_for(m, group);
    if (target_context(m->ctx, t, own, e))
        return -1;
    budget_anew(own);
    return many_open(own, t, &s->spec[i], facets, &s->opened[i], e);
}

/* Both are hashed in the facets of both. */
static int same_facets(struct sides *s, const unsigned *facets, struct arena *mem, struct err *e)
{
    s->facets = facets[0] & facets[1];
    for (int i = 0; i < 2; i++) {
        struct catalog *cat = s->opened[i].catalog;
        if (cat->facets == s->facets)
            continue;
        cat->facets = s->facets;
        if (cat_finish(cat, e))
            return -1;
        *s->opened[i].stream = stream_of_catalog(cat, mem);
    }
    return 0;
}

static int compare(const struct many *m, const struct pair *p, struct sides *s,
                   struct changes **changes, struct err *e)
{
    struct context own[2];
    unsigned facets[2];
    if (open_side(m, p->from, s, 0, &own[0], &facets[0], e) ||
        open_side(m, p->to, s, 1, &own[1], &facets[1], e))
        return -1;
    if (s->spec[0].eng != s->spec[1].eng)
        return err_set(e, E_ENGINE_MISMATCH, "%.*s is %s and %.*s is %s", STR_ARG(s->spec[0].label),
                       s->spec[0].eng->title, STR_ARG(s->spec[1].label), s->spec[1].eng->title);
    s->eng = s->spec[0].eng;
    if (same_facets(s, facets, m->ctx->mem, e) || context_align(&own[1], s, e) ||
        diff_catalogs(s->opened[0].catalog, s->opened[1].catalog, s->facets, m->ctx->mem, changes,
                      e))
        return -1;
    return context_ledgers(m->ctx, *changes, e);
}

/* The first lines of the text; *left: how many there are behind them. */
static struct str first_lines(struct str text, uint32_t *left)
{
    size_t end = 0;
    uint32_t lines = 0;
    *left = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\n')
            continue;
        lines++;
        if (lines <= MANY_LINES)
            end = i + 1;
        else
            ++*left;
    }
    return str_sub(text, 0, end);
}

static int put_text(const struct many *m, const struct changes *c, const struct sides *s,
                    struct strbuf *out, struct err *e)
{
    struct str name = m->format == MANY_JSON_FORMAT ? STR("json") : STR("text");
    const struct emitter *em = emitter_find(name, EMIT_DIFF);
    struct strbuf text = sb_new(m->ctx->mem, 0);
    struct emit_in in = {
        .mem = m->ctx->mem, .changes = c, .from = s->opened[0].catalog, .to = s->opened[1].catalog};
    uint32_t left = 0;
    if (em->run(&in, &text, NULL, e))
        return -1;
    struct str shown = sb_view(&text);
    if (m->format != MANY_JSON_FORMAT)
        shown = first_lines(shown, &left);
    else if (shown.n > MANY_JSON)
        shown = STR(""); /* the number alone */
    record_number(out, "left", left);
    record_text(out, "text", shown);
    return 0;
}

static void work(const struct near_run *r, uint32_t job, bool texts, struct strbuf *out)
{
    struct sides s = {0};
    struct changes *c;
    struct err e;
    sb_char(out, '{');
    int rc = compare(r->m, &r->pairs[job], &s, &c, &e);
    if (!rc)
        record_number(out, "changes", emit_count(c, r->m->ctx->mem));
    if (!rc && texts)
        rc = put_text(r->m, c, &s, out, &e);
    if (rc) {
        sb_cut(out, 1);
        record_error(out, "error", &e);
    }
    sb_char(out, '}');
    sides_close(&s);
}

/* In a worker. */
static void count_pair(void *arg, uint32_t job, struct strbuf *out)
{
    work(arg, job, false, out);
}

static void show_pair(void *arg, uint32_t job, struct strbuf *out)
{
    work(arg, job, true, out);
}

/* Fewer changes are nearer; of two that are as near, the larger group. */
static int take_count(void *arg, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct near_run *r = arg;
    const struct pair *p = &r->pairs[job];
    struct many_near *near = &r->m->near[p->to];
    struct err failed;
    (void)e;
    if (why || record_to_error(jc_get(record, "error"), r->m->ctx->mem, &failed))
        return 0; /* shown where no other is near */
    uint32_t n = (uint32_t)jc_int(jc_get(record, "changes"));
    if (near->shown && (n > near->changes || (n == near->changes && p->from > near->group)))
        return 0;
    near->shown = true;
    near->group = p->from;
    near->changes = n;
    return 0;
}

static int take_text(void *arg, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct near_run *r = arg;
    struct many_near *near = &r->m->near[r->pairs[job].to];
    struct arena *mem = r->m->ctx->mem;
    struct err failed;
    (void)e;
    near->shown = true;
    if (why)
        err_set(&failed, E_PARTIAL, "%s", why);
    if (why || record_to_error(jc_get(record, "error"), mem, &failed)) {
        near->why = NEW(mem, struct err);
        *near->why = failed;
        return 0;
    }
    near->changes = (uint32_t)jc_int(jc_get(record, "changes"));
    near->left = (uint32_t)jc_int(jc_get(record, "left"));
    near->text = arena_str(mem, jc_text(mem, jc_get(record, "text")));
    return 0;
}

int many_near(struct many *m, unsigned workers, struct err *e)
{
    uint32_t shown = m->ngroups < MANY_SHOWN + 1 ? m->ngroups : MANY_SHOWN + 1, n = 0;
    struct near_run r = {.m = m};
    r.pairs = NEW_ARRAY(m->ctx->mem, struct pair, mul_size(shown, MANY_NEAR));
    for (uint32_t to = 1; to < shown; to++)
        for (uint32_t from = 0; from < to && from < MANY_NEAR; from++)
            r.pairs[n++] = (struct pair){from, to};
    struct pool counts = {workers, n, &r, count_pair, take_count};
    int rc = pool_run(&counts, m->ctx->mem, e);
    if (rc)
        return rc;
    for (n = 0; n + 1 < shown; n++)
        r.pairs[n] = (struct pair){m->near[n + 1].group, n + 1};
    struct pool texts = {workers, n, &r, show_pair, take_text};
    return pool_run(&texts, m->ctx->mem, e);
}
