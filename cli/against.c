/* snap changelog --against MASTER: what that changelog already holds is left out, and no id of it,
 * or of what FROM has run, is given again. */

#include "cli/masters.h"

#include "emit/emit.h"

struct settling {
    struct context *ctx;
    struct arena *mem;
    struct str *seen; /* ids that FROM has run, then those of the master */
    uint32_t nseen, cap;
    uint32_t nrun; /* how many of them FROM has run */
    struct master master, own;
};

static void put_seen(void *ctx, struct str id)
{
    struct settling *w = ctx;
    if (w->nseen == w->cap)
        w->seen = vec_grow(w->mem, w->seen, &w->cap, sizeof *w->seen);
    w->seen[w->nseen++] = arena_str(w->mem, id);
}

/* Ids that a deployer has recorded in FROM: Liquibase skips an id that it has seen. */
static int read_run(struct settling *w, const struct sides *s, struct err *e)
{
    const struct live_ops *live = s->eng->live;
    struct session *session = NULL;
    if (s->spec[0].kind != SRC_LIVE || !live || !live->applied)
        return 0;
    struct source src = s->spec[0].live;
    src.timeout_ms = w->ctx->timeout_ms;
    int rc = live->open(&src, w->mem, &session, e);
    if (!rc)
        rc = live->applied(session, put_seen, w, e);
    live->close(session);
    w->nrun = w->nseen;
    return rc;
}

/* The plan as changeSets, in the model in which the master is read: one for each step, in order. */
static int read_own(struct settling *w, const struct emit_in *in, struct err *e)
{
    const struct emitter *em = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG);
    struct emit_in plain = *in;
    struct strbuf text = sb_new(w->mem, 0);
    plain.ids = NULL;
    plain.tag = STR("");
    if (em->run(&plain, &text, NULL, e) ||
        master_of_text(sb_view(&text), STR("own.yaml"), STR("own.yaml"), w->mem, &w->own, e))
        return -1;
    return ALWAYS(w->own.n == in->plan->n) ? 0 : -1;
}

static bool has_run(const struct settling *w, struct str id)
{
    for (uint32_t i = 0; i < w->nrun; i++)
        if (str_eq(w->seen[i], id))
            return true;
    return false;
}

/* What of the master is still to be run: what FROM has not, where it tells; else all of it. */
static struct master still_to_run(const struct settling *w)
{
    struct master left = w->master;
    left.sets = NEW_ARRAY(w->mem, struct log_set, w->master.n);
    left.n = 0;
    for (uint32_t i = 0; i < w->master.n; i++)
        if (!has_run(w, w->master.sets[i].id))
            left.sets[left.n++] = w->master.sets[i];
    return left;
}

/* Whether the master, or what of it is still to be run, holds the step and does not go on to change
 * the same objects. It is known by what it does, or by its hash in an id: "ID", "ID.2",
 * "ID (words)", "TICKET-ID". */
static bool is_held(const struct settling *w, const struct master *m, const struct step *s,
                    const struct log_set *own)
{
    struct strbuf hash = sb_new(w->mem, 0);
    uint32_t last = m->n;
    hash_hex(&hash, s->id, 16);
    for (uint32_t i = 0; i < m->n; i++)
        if (log_same(&m->sets[i], own) ||
            (str_find(m->sets[i].id, sb_view(&hash)) < m->sets[i].id.n &&
             log_meet(&m->sets[i], own)))
            last = i;
    return last < m->n && !log_overtaken(m, last, own);
}

static void leave_out(struct settling *w, struct emit_in *in, uint32_t *left_out)
{
    struct plan *rest = NEW(w->mem, struct plan);
    const struct master left = still_to_run(w);
    *rest = *in->plan;
    rest->v = NEW_ARRAY(w->mem, struct step, in->plan->n);
    rest->n = rest->nrenames = 0;
    for (uint32_t i = 0; i < in->plan->n; i++) {
        if (is_held(w, &left, &in->plan->v[i], &w->own.sets[i]))
            continue;
        rest->nrenames += i < in->plan->nrenames;
        rest->v[rest->n++] = in->plan->v[i];
    }
    *left_out = in->plan->n - rest->n;
    if (*left_out)
        in->plan = rest;
}

int ids_settle(struct context *ctx, const struct sides *s, struct emit_in *in, uint32_t *left_out,
               struct err *e)
{
    struct settling w = {.ctx = ctx, .mem = ctx->mem};
    struct str against = opt(ctx, OPT_AGAINST);
    *left_out = 0;
    if (read_run(&w, s, e))
        return -1;
    if (against.n) {
        if (context_master(ctx, against, false, &w.master, e) || read_own(&w, in, e))
            return -1;
        leave_out(&w, in, left_out);
        for (uint32_t i = 0; i < w.master.n; i++)
            put_seen(&w, w.master.sets[i].id);
    }
    struct plan *plan = NEW(ctx->mem, struct plan);
    *plan = *in->plan;
    plan_mark_repeats(plan, w.seen, w.nseen, ctx->mem);
    in->plan = plan;
    return ids_make(ctx, plan, w.seen, w.nseen, &in->ids, e);
}
