/* Effects of a plan's steps, as they are foretold, against what a scratch server does. */

#include "core/interrupt.h"
#include "verify/internal.h"

struct prober {
    const struct engine *eng;
    const struct plan *plan;
    const struct verify_options *opt;
    struct arena *mem;
    struct session *s;
};

/* What is foretold of a path, over all statements of the step. */
static struct effect foretold(const struct step *s, struct str path)
{
    struct effect all = {.path = path};
    for (uint32_t i = 0; i < s->nfx; i++) {
        const struct effect *e = &s->fx[i];
        if (!str_eq(e->path, path))
            continue;
        if (e->level > all.level) {
            all.level = e->level;
            all.lock = e->lock;
        }
        all.flags |= e->flags;
    }
    return all;
}

static struct effect seen(const struct probed *p, struct str path)
{
    for (uint32_t i = 0; i < p->nseen; i++)
        if (str_eq(p->seen[i].path, path))
            return p->seen[i];
    return (struct effect){.path = path};
}

static void differ(const struct prober *p, struct probed *out, const char *what, struct str path,
                   const char *want, const char *got)
{
    struct strbuf b = sb_new(p->mem, 0);
    struct str *more = NEW_ARRAY(p->mem, struct str, out->ndiffers + 1);
    path_human(&b, path);
    sb_printf(&b, ": %s foretold: %s, seen: %s", what, want ? want : "none", got ? got : "none");
    for (uint32_t i = 0; i < out->ndiffers; i++)
        more[i] = out->differs[i];
    more[out->ndiffers++] = sb_view(&b);
    out->differs = more;
}

/* Who only looks takes the weakest lock, also where nobody would think of it: that it is taken
 * besides is no difference. A rewrite reads the rows in ways of its own. */
static void compare(const struct prober *p, struct probed *out, const struct effect *want,
                    const struct effect *got)
{
    unsigned rewrite = FX_REWRITE & (want->flags | got->flags);
    bool scan = (want->flags & (FX_SCAN | FX_INDEX)) != 0;
    if (want->level == 0 && got->level == 1)
        return;
    if (want->level != got->level)
        differ(p, out, "lock", want->path, want->lock, got->lock);
    if (((want->flags ^ got->flags) & FX_REWRITE) && !((want->flags | got->flags) & FX_DOUBT))
        differ(p, out, "rewrite", want->path, want->flags & FX_REWRITE ? "yes" : "no",
               got->flags & FX_REWRITE ? "yes" : "no");
    if (!rewrite && !((want->flags | got->flags) & FX_LOOKUP) &&
        scan != ((got->flags & FX_SCAN) != 0))
        differ(p, out, "scan", want->path, scan ? "yes" : "no", scan ? "no" : "yes");
}

static void compare_step(const struct prober *p, uint32_t step, struct probed *out)
{
    const struct step *s = &p->plan->v[step];
    uint32_t state = step < p->plan->nrenames ? step : p->plan->nrenames;
    for (uint32_t i = 0; i < s->nfx; i++) {
        bool first = true;
        for (uint32_t k = 0; k < i; k++)
            first = first && !str_eq(s->fx[k].path, s->fx[i].path);
        struct effect want = foretold(s, s->fx[i].path), got = seen(out, s->fx[i].path);
        if (first && (got.level || !(want.flags & FX_BESIDES)))
            compare(p, out, &want, &got);
    }
    for (uint32_t i = 0; i < out->nseen; i++) {
        struct effect want = foretold(s, out->seen[i].path);
        if (!want.level && !(out->seen[i].flags & FX_BESIDES) &&
            cat_find(p->plan->states[state], out->seen[i].path))
            compare(p, out, &want, &out->seen[i]);
    }
}

/* A transaction's begin or end, where the engine has any. */
static int exec_text(struct prober *p, const char *text, struct err *e)
{
    if (!text)
        return 0;
    struct stmt s = {.lang = LANG_SQL, .text = str_c(text)};
    return p->eng->live->exec(p->s, &s, e);
}

/* The statements of a step in a transaction, watched. */
static int run_watched(struct prober *p, const struct step *s, struct probed *out, struct err *e)
{
    const struct live_ops *live = p->eng->live;
    if ((live->reset && live->reset(p->s, e)) || exec_text(p, p->eng->begin, e) ||
        live->watch(p->s, e))
        return -1;
    for (unsigned late = 0; late < 2; late++)
        for (uint32_t i = 0; i < s->nfwd; i++)
            if (((s->fwd[i].flags & ST_LATE) != 0) == late && live->exec(p->s, &s->fwd[i], e))
                return -1;
    if (live->watched(p->s, p->mem, &out->seen, &out->nseen, e))
        return -1;
    return exec_text(p, p->eng->commit, e);
}

/* One more effect of a step: of several on a path the strongest lock, and all flags. */
static void add_seen(struct prober *p, struct probed *out, const struct effect *e)
{
    for (uint32_t i = 0; i < out->nseen; i++) {
        struct effect *had = &out->seen[i];
        if (!str_eq(had->path, e->path))
            continue;
        unsigned flags = had->flags | e->flags;
        if (e->level > had->level)
            *had = *e;
        had->flags = flags;
        return;
    }
    struct effect *more = NEW_ARRAY(p->mem, struct effect, out->nseen + 1);
    for (uint32_t i = 0; i < out->nseen; i++)
        more[i] = out->seen[i];
    more[out->nseen++] = *e;
    out->seen = more;
}

/* The statements of a step one by one, each tried in its forms. */
static int run_tried(struct prober *p, const struct replay_step *step, struct probed *out,
                     struct err *e)
{
    const struct live_ops *live = p->eng->live;
    if (live->reset && live->reset(p->s, e))
        return -1;
    out->nseen = 0;
    for (uint32_t i = 0; i < step->nfwd; i++) {
        struct effect *list;
        uint32_t n;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (live->tried(p->s, &step->fwd[i], p->mem, &list, &n, e))
            return -1;
        for (uint32_t k = 0; k < n; k++)
            add_seen(p, out, &list[k]);
    }
    return 0;
}

static bool in_transaction(const struct step *s)
{
    for (uint32_t i = 0; i < s->nfwd; i++)
        if (s->fwd[i].flags & (ST_SETTING | ST_SETTING_END | ST_NO_TX))
            return false;
    return true;
}

/* Other rows, or none. */
static int put_rows(struct prober *p, unsigned plain, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct catalog *all;
    const struct live_ops *live = p->eng->live;
    int rc = live->reset ? live->reset(p->s, e) : 0;
    if (!rc)
        rc = scratch_read(p->eng, p->s, p->opt, NULL, 0, false, mem, &all, e);
    if (!rc)
        all = cat_without_data(all, p->opt, mem);
    if (!rc)
        rc = live->empty(p->s, all, e);
    if (!rc && plain <= MOST_PLAIN)
        rc = plain ? live->refill(p->s, all, plain, e) : live->fill(p->s, all, e);
    arena_free(mem);
    return rc;
}

/* One step; where the rows stop it, with plainer ones, and at last with none. */
static int probe_step(struct prober *p, uint32_t i, struct probed *out, struct err *e)
{
    struct replay_step step;
    unsigned plain = 0;
    const struct step *s = &p->plan->v[i];
    plan_replay_step(p->plan, i, p->mem, &step);
    if (!p->eng->live->tried && !in_transaction(s))
        out->not_why = "it runs outside a transaction";
    for (;;) {
        int rc = out->not_why          ? run_statements(p->eng, p->s, &step, false, e)
                 : p->eng->live->tried ? run_tried(p, &step, out, e)
                                       : run_watched(p, s, out, e);
        if (!rc)
            return 0;
        if (e->code != E_VERIFY_FAILED || plain > MOST_PLAIN)
            return -1;
        if (put_rows(p, ++plain, e))
            return -1;
    }
}

static int probe_all(struct prober *p, const struct catalog *from, const struct catalog *to,
                     struct probed *out, uint32_t *differ_in, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = scratch_build(from, to, p->opt, mem, &p->s, e);
    if (!rc)
        rc = put_rows(p, 0, e);
    for (uint32_t i = 0; i < p->plan->n && !rc; i++) {
        rc = probe_step(p, i, &out[i], e);
        if (rc && e->code == E_VERIFY_FAILED) {
            char words[600];
            snprintf(words, sizeof words, "%.599s", e->msg);
            err_set(e, E_CANNOT_VERIFY, "step %u, %.*s: %s", i + 1, STR_ARG(p->plan->v[i].title),
                    words);
        }
        /* what a rename does is not told by every engine */
        if (!rc && !out[i].not_why && (i >= p->plan->nrenames || p->plan->v[i].nfx))
            compare_step(p, i, &out[i]);
        *differ_in += out[i].ndiffers > 0;
    }
    if (p->s)
        p->eng->live->close(p->s);
    arena_free(mem);
    return rc;
}

int verify_probe(const struct plan *plan, const struct catalog *from, const struct catalog *to,
                 const struct verify_options *opt, struct arena *mem, struct probed **out,
                 uint32_t *differ_in, struct err *e)
{
    const struct live_ops *live = plan->eng->live;
    struct prober p = {plan->eng, plan, opt, mem, NULL};
    *out = NEW_ARRAY(mem, struct probed, plan->n + 1);
    *differ_in = 0;
    if (!live || !(live->watch || live->tried) || !live->empty || !live->refill) {
        err_set(e, E_CANNOT_VERIFY, "%s: its locks cannot be watched", plan->eng->title);
        return err_hint(e, "leave out --probe");
    }
    return probe_all(&p, from, to, *out, differ_in, e);
}
