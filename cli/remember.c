/* What a drift check asks of its history, and what it writes there. */

#include "cli/remember.h"

#include "cli/keep.h"
#include "cli/tell.h"

#include <stdlib.h>
#include <time.h>

#include "core/pattern.h"

bool filter_takes(const struct filter *f, const struct engine *eng, struct str path,
                  struct arena *mem)
{
    int kind = engine_kind(eng, path_kind(path));
    bool holder = kind >= 0 && (eng->kinds[kind]->flags & KF_HOLDER);
    /* what only holds others comes along with any of them */
    return !pattern_covers(eng, f->exclude, f->nexclude, path, mem) &&
           (!f->ninclude || holder || pattern_covers(eng, f->include, f->ninclude, path, mem));
}

static int last_state(void *ctx, struct str path, struct arena *mem, struct agreed *out,
                      struct err *e)
{
    const struct memory *r = ctx;
    *out = (struct agreed){0};
    return history_last(r->history, r->env, path, mem, &out->known, &out->there, &out->a,
                        &out->facets, e);
}

static void take_open(struct memory *r, struct arena *mem)
{
    struct open_finding *open = NEW_ARRAY(mem, struct open_finding, r->nopen);
    for (uint32_t i = 0; i < r->nopen; i++) {
        const struct history_finding *f = &r->open[i];
        open[i] = (struct open_finding){.id = f->id,
                                        .path = f->path,
                                        .object = f->object,
                                        .facet = f->facet,
                                        .verdict = f->verdict,
                                        .since = f->since,
                                        .not_before = f->not_before,
                                        .base = {.known = f->base_known,
                                                 .there = f->base_there,
                                                 .a = f->base_a,
                                                 .facets = f->base_facets}};
    }
    r->memory.open = open;
    r->memory.nopen = r->nopen;
}

static int read_memory(struct memory *r, struct arena *mem, struct err *e)
{
    int rc = history_open_findings(r->history, r->env, mem, &r->open, &r->nopen,
                                   &r->memory.last_time, e);
    if (rc && e->code != E_HISTORY_NONE)
        return -1;
    if (rc)
        r->nopen = 0;
    take_open(r, mem);
    r->memory.ctx = r;
    r->memory.last = last_state;
    return 0;
}

/* Now; two checks in one second of the clock would have one time: the second one waits for the
 * next. */
static int time_after(struct arena *mem, struct str last, struct str *out, struct err *e)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    struct timespec tick = {0, 50000000};
    for (int tries = 0; tries < 30; tries++) {
        if (drift_now(mem, out, e))
            return -1;
        if (!last.n || (epoch && *epoch) || !str_eq(last, *out))
            return 0;
        nanosleep(&tick, NULL);
    }
    return 0;
}

/* What was read before another check read and wrote would be told as what came after that. */
static int check_began(const struct drift_target *t, struct str began, struct str last,
                       struct str now, struct err *e)
{
    if (!began.n || !last.n || str_cmp(last, began) <= 0 || str_cmp(last, now) >= 0)
        return 0;
    err_set(e, E_HISTORY_LOCKED, "another check of %.*s was written while it was read",
            STR_ARG(t->env));
    return err_hint(e, "nothing of this one was written down: check again");
}

int memory_begin(struct context *ctx, const struct drift_target *t, struct str began,
                 struct memory *r, struct str *time, struct err *e)
{
    struct history_options opt = {
        .engines = all_engines, .use = HISTORY_WRITE, .timeout_ms = budget_timeout(ctx)};
    struct str last;
    *r = (struct memory){.env = t->env};
    if (budget_lock_wait(ctx, &opt.lock_wait_ms, e) ||
        history_open(t->history, &opt, ctx->mem, &r->history, e) || read_memory(r, ctx->mem, e) ||
        history_checked(r->history, t->env, &last, e) || time_after(ctx->mem, last, time, e) ||
        check_began(t, began, last, *time, e)) {
        memory_close(r);
        return -1;
    }
    return 0;
}

void memory_close(struct memory *r)
{
    history_close(r->history);
    r->history = NULL;
}

struct rows {
    struct arena *mem;
    struct deployed *v;
    uint32_t n, cap;
};

static void put_deployed(void *ctx, const struct deployed *d)
{
    struct rows *rows = ctx;
    struct deployed copy = *d;
    struct str *texts[] = {&copy.tool,       &copy.id,   &copy.author, &copy.file,
                           &copy.deployment, &copy.text, &copy.when,   &copy.how};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_str(rows->mem, *texts[i]);
    VEC_PUSH(rows->mem, *rows, copy);
}

/* What deployers have written down in the database that was read. */
static int read_deployed(struct context *ctx, const struct source_spec *spec, struct rows *out,
                         struct err *e)
{
    const struct live_ops *live = spec->eng ? spec->eng->live : NULL;
    struct session *session = NULL;
    *out = (struct rows){.mem = ctx->mem};
    if (spec->kind != SRC_LIVE || !live || !live->deployments)
        return 0;
    struct source src = spec->live;
    src.timeout_ms = budget_timeout(ctx);
    int rc = live->open(&src, ctx->mem, &session, e);
    if (!rc)
        rc = live->deployments(session, put_deployed, out, e);
    live->close(session);
    return rc;
}

static struct history_finding row_of(const struct drift_finding *f, struct arena *mem)
{
    const struct obj *o = change_obj(f->change);
    struct strbuf human = sb_new(mem, 0);
    obj_human(&human, o);
    return (struct history_finding){.id = f->id,
                                    .path = o->path,
                                    .object = sb_view(&human),
                                    .facet = f->facet,
                                    .verdict = f->verdict,
                                    .severity = f->severity,
                                    .since = f->since,
                                    .not_before = f->not_before,
                                    .base_known = f->base.known,
                                    .base_there = f->base.there,
                                    .base_a = f->base.a,
                                    .base_facets = f->base.facets,
                                    .passed = f->rule != NULL};
}

/* The findings that are open now: those of this check, and those that it could not see. */
static uint32_t open_now(const struct memory *r, const struct drift_request *req,
                         const struct drift_findings *found, struct arena *mem,
                         struct history_finding **out)
{
    uint32_t n = 0, nfound = found ? found->n : 0;
    struct history_finding *rows = NEW_ARRAY(mem, struct history_finding, nfound + r->nopen);
    for (uint32_t i = 0; i < nfound; i++)
        rows[n++] = row_of(&found->v[i], mem);
    for (uint32_t i = 0; i < r->nopen; i++) {
        bool unseen = !found || !drift_looked_at(req, &r->memory.open[i]);
        bool told = r->open[i].told;
        if (unseen)
            rows[n++] = r->open[i];
        for (uint32_t k = 0; told && k < nfound; k++)
            if (hash_eq(rows[k].id, r->open[i].id))
                rows[k].told = true;
    }
    *out = rows;
    return n;
}

int memory_write(struct context *ctx, struct memory *r, const struct drift_request *req,
                 const struct drift_findings *found, const struct source_spec *spec,
                 const struct catalog *live, struct err *e)
{
    struct rows deployed;
    struct history_finding *rows;
    if (read_deployed(ctx, spec, &deployed, e))
        return -1;
    for (uint32_t i = 0; i < deployed.n; i++) /* a row of each check, since it hides the new ones */
        if (deployed_is_hidden(&deployed.v[i])) {
            deployed.v[i].when = req->now;
            say(ctx, "%.*s: the role may not read what %.*s wrote down", STR_ARG(r->env),
                STR_ARG(deployed.v[i].tool));
        }
    struct history_run run = {.env = r->env,
                              .time = req->now,
                              .source = spec->label,
                              .baseline = req->changes ? req->changes->from.label : STR_NULL,
                              .live = live,
                              .deployed = deployed.v,
                              .ndeployed = deployed.n};
    if (req->changes)
        run.baseline_fingerprint = req->changes->from.fingerprint;
    run.nfindings = open_now(r, req, found, ctx->mem, &rows);
    run.findings = rows;
    uint32_t states, days;
    if (keep_parse(opt(ctx, OPT_KEEP), &states, &days, e))
        return -1;
    return history_record(r->history, &run, e);
}

int memory_keep(struct context *ctx, struct memory *r, struct str now, struct err *e)
{
    if (!keep_after(ctx, r->history, r->env, now, e))
        return 0;
    return err_wrap(e,
                    "%.*s: the check is written down, and the history could not be cut to --keep",
                    STR_ARG(r->env));
}

/* What says nothing of the database: how snap was called, and the history itself. */
static bool is_ours(enum err_code code)
{
    return err_exit_code(code) == 2 || code == E_INTERRUPTED || code == E_HISTORY_LOCKED ||
           code == E_HISTORY_CORRUPT || code == E_HISTORY_VERSION || code == E_HISTORY_TIME ||
           code == E_HISTORY_NONE || code == E_WRITE_FAILED;
}

void memory_failure(struct context *ctx, const struct drift_target *t, const struct err *why)
{
    struct memory r;
    struct err passed_over;
    struct str time;
    if (!t->history.n || is_ours(why->code) ||
        memory_begin(ctx, t, STR_NULL, &r, &time, &passed_over))
        return;
    struct history_run run = {.env = t->env,
                              .time = time,
                              .source = t->env,
                              .baseline = context_shown(ctx, t->baseline),
                              .failed = str_c(err_name(why->code)),
                              .findings = r.open,
                              .nfindings = r.nopen};
    if (history_record(r.history, &run, &passed_over))
        say(ctx, "%.*s: the failure could not be written down: %s", STR_ARG(t->env),
            passed_over.msg);
    memory_close(&r);
}
