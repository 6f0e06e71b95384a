/*
 * snap report [ENV...] -o DIR: pages of what the history holds, in a folder that belongs to them.
 *
 * Reads histories and no database. What is told of a time is the time of a check, so the same
 * history gives the same bytes.
 */

#include "cli/folder.h"
#include "emit/site.h"
#include "history/history.h"

#include <stdlib.h>

static const struct folder_form folder = {
    ".snap-report",
    "Pages that snap report has made; it removes those that are no longer wanted.\n",
    "snap report"};

struct job {
    struct context *ctx;
    VEC(struct history *) open;
    VEC(struct site_env) envs;
    VEC(struct history *) of; /* the history of each environment */
};

static const struct engine *engine_of(struct str name)
{
    for (const struct engine *const *p = all_engines; *p; p++)
        if (str_eq_c(name, (*p)->name))
            return *p;
    return NULL;
}

static void add_env(struct job *j, struct history *h, const struct history_env *env)
{
    struct site_env out = {.name = env->name,
                           .engine = env->engine,
                           .version = env->version,
                           .source = env->source,
                           .baseline = env->baseline,
                           .eng = engine_of(env->engine),
                           .first = env->first,
                           .last = env->last,
                           .failed = env->failed,
                           .failed_time = env->failed_time,
                           .runs = env->runs,
                           .states = env->states,
                           .fingerprint = env->fingerprint,
                           .baseline_fingerprint = env->baseline_fingerprint,
                           .passed = env->passed};
    for (size_t i = 0; i <= VERDICT_CONFLICT; i++)
        out.open[i] = env->open[i];
    VEC_PUSH(j->ctx->mem, j->envs, out);
    VEC_PUSH(j->ctx->mem, j->of, h);
}

static bool is_asked(const struct context *ctx, struct str env)
{
    for (uint32_t i = 0; i < ctx->cmd.nargs; i++)
        if (str_eq_c(env, ctx->cmd.args[i]))
            return true;
    return !ctx->cmd.nargs;
}

static bool has_env(const struct job *j, struct str name)
{
    for (uint32_t i = 0; i < j->envs.n; i++)
        if (str_eq(j->envs.v[i].name, name))
            return true;
    return false;
}

static int open_history(struct job *j, struct str place, struct err *e)
{
    struct history_options options = {.engines = all_engines, .use = HISTORY_READ, .quick = true};
    struct history *h;
    struct history_env *envs;
    uint32_t n;
    if (history_open(place, &options, j->ctx->mem, &h, e))
        return -1;
    VEC_PUSH(j->ctx->mem, j->open, h);
    if (history_envs(h, j->ctx->mem, &envs, &n, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_asked(j->ctx, envs[i].name))
            continue;
        if (has_env(j, envs[i].name)) {
            err_set(e, E_USAGE, "two histories have an environment %.*s", STR_ARG(envs[i].name));
            return err_hint(e, "name one history with --history");
        }
        add_env(j, h, &envs[i]);
    }
    return 0;
}

/* --history, or the histories of the environments in snap.yml, each once, or the one beside it. */
static int open_all(struct job *j, struct err *e)
{
    const struct config *c = &j->ctx->config;
    struct str given = opt(j->ctx, OPT_HISTORY);
    VEC(struct str) places = {0};
    if (str_eq(given, STR("none")))
        return err_set(e, E_USAGE, "snap report: without a history there is nothing to report");
    if (given.n)
        VEC_PUSH(j->ctx->mem, places, given);
    for (uint32_t i = 0; i < c->nenvs && !given.n; i++) {
        struct str place = c->envs[i].drift.history;
        bool twice = !place.n || !is_asked(j->ctx, c->envs[i].name);
        for (uint32_t k = 0; k < places.n; k++)
            twice = twice || str_eq(places.v[k], place);
        if (!twice)
            VEC_PUSH(j->ctx->mem, places, place);
    }
    if (!places.n)
        VEC_PUSH(j->ctx->mem, places,
                 arena_printf(j->ctx->mem, "%.*s/.snap/history.db",
                              STR_ARG(c->folder.n ? c->folder : STR("."))));
    for (uint32_t i = 0; i < places.n; i++)
        if (open_history(j, places.v[i], e))
            return -1;
    return 0;
}

static int check_asked(const struct job *j, struct err *e)
{
    const struct context *ctx = j->ctx;
    for (uint32_t i = 0; i < ctx->cmd.nargs; i++)
        if (!has_env(j, str_c(ctx->cmd.args[i])))
            return err_set(e, E_HISTORY_NONE, "the history holds no environment %s",
                           ctx->cmd.args[i]);
    return 0;
}

static int load_deployed(struct history *h, struct str env, struct site_state *s, struct arena *mem,
                         struct err *e)
{
    struct deployed *v;
    uint32_t n;
    int rc = history_deployments(h, env, s->not_before, s->first, mem, &v, &n, e);
    for (uint32_t i = 0; !rc && i < n; i++)
        if (!deployed_is_hidden(&v[i]))
            v[s->ndeployed++] = v[i];
    s->deployed = v;
    return rc;
}

static int load_states(struct history *h, struct str env, struct arena *mem,
                       struct site_detail *out, struct err *e)
{
    struct history_state *v;
    if (history_states(h, env, mem, &v, &out->nstates, e))
        return -1;
    struct site_state *states = NEW_ARRAY(mem, struct site_state, out->nstates);
    for (uint32_t i = 0; i < out->nstates; i++) {
        states[i] = (struct site_state){.id = v[i].id,
                                        .first = v[i].first,
                                        .last = v[i].last,
                                        .not_before = v[i].not_before,
                                        .runs = v[i].runs,
                                        .facts = v[i].facts,
                                        .fingerprint = v[i].fingerprint,
                                        .version = v[i].version,
                                        .rescoped = v[i].rescoped};
        /* with the first state everything is seen that was ever deployed */
        if (i && load_deployed(h, env, &states[i], mem, e))
            return -1;
    }
    out->states = states;
    return 0;
}

struct id_at {
    uint64_t id;
    uint32_t at;
};

static int by_id(const void *a, const void *b)
{
    const struct id_at *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static unsigned looked_of(const struct history_event *ev, const struct site_detail *d, uint32_t at)
{
    if (str_is_null(ev->not_before))
        return LOOKED_NEVER;
    return str_eq(ev->not_before, d->states[at].not_before) ? LOOKED_AT : LOOKED_EARLIER;
}

static int load_events(struct history *h, struct str env, struct arena *mem,
                       struct site_detail *out, struct err *e)
{
    struct history_event *v;
    uint32_t n;
    struct id_at *ids = NEW_ARRAY(mem, struct id_at, out->nstates);
    for (uint32_t i = 0; i < out->nstates; i++)
        ids[i] = (struct id_at){out->states[i].id, i};
    if (out->nstates)
        qsort(ids, out->nstates, sizeof *ids, by_id);
    if (history_log(h, env, STR_NULL, 0, mem, &v, &n, e))
        return -1;
    out->events = NEW_ARRAY(mem, struct site_event, n);
    for (uint32_t i = 0; i < n; i++) {
        struct id_at key = {v[i].state, 0}, *at = NULL;
        if (out->nstates)
            at = bsearch(&key, ids, out->nstates, sizeof *ids, by_id);
        if (at && at->at)
            out->events[out->nevents++] =
                (struct site_event){.state = at->at,
                                    .op = v[i].op,
                                    .path = v[i].path,
                                    .looked = looked_of(&v[i], out, at->at),
                                    .not_before = v[i].not_before,
                                    .before = v[i].before,
                                    .after = v[i].after,
                                    .src_before = v[i].src_before,
                                    .src_after = v[i].src_after};
    }
    return 0;
}

static int load_findings(struct history *h, struct str env, struct arena *mem,
                         struct site_detail *out, struct err *e)
{
    struct history_finding *v;
    struct str time;
    if (history_open_findings(h, env, mem, &v, &out->nfindings, &time, e))
        return -1;
    struct site_finding *findings = NEW_ARRAY(mem, struct site_finding, out->nfindings);
    for (uint32_t i = 0; i < out->nfindings; i++)
        findings[i] = (struct site_finding){.path = v[i].path,
                                            .object = v[i].object,
                                            .facet = v[i].facet,
                                            .verdict = v[i].verdict,
                                            .severity = v[i].severity,
                                            .since = v[i].since,
                                            .not_before = v[i].not_before,
                                            .passed = v[i].passed};
    out->findings = findings;
    return 0;
}

static int load(void *ctx, uint32_t i, struct arena *mem, struct site_detail *out, struct err *e)
{
    struct job *j = ctx;
    struct history *h = j->of.v[i];
    struct str env = j->envs.v[i].name;
    struct catalog *now = NULL;
    if (load_states(h, env, mem, out, e) || load_events(h, env, mem, out, e) ||
        load_findings(h, env, mem, out, e))
        return -1;
    if (out->nstates && history_catalog(h, env, STR_NULL, mem, &now, NULL, e))
        return -1;
    out->now = now;
    return 0;
}

static int put_pages(void *arg, bool names, page_fn *put, void *ctx, struct err *e)
{
    struct job *j = arg;
    struct site site = {
        .envs = j->envs.v, .nenvs = j->envs.n, .load = load, .ctx = j, .names = names};
    return site_write(&site, j->ctx->mem, put, ctx, e);
}

static int write_site(struct job *j, struct err *e)
{
    if (open_all(j, e) || check_asked(j, e))
        return -1;
    return folder_write(j->ctx, &folder, put_pages, j, e);
}

int cmd_report(struct context *ctx, struct err *e)
{
    struct job j = {.ctx = ctx};
    if (folder_named(ctx, &folder, e))
        return -1;
    int rc = write_site(&j, e);
    for (uint32_t i = 0; i < j.open.n; i++)
        history_close(j.open.v[i]);
    return rc;
}
