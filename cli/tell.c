/* People are told of drift that nobody has told them of: once for each finding, after it is written
 * down. What could not be sent is not marked, so the next check sends it again. */

#include "cli/tell.h"

enum { NOTIFY_MS = 60000 };

static bool is_told(const struct history_finding *v, uint32_t n, struct hash128 id)
{
    for (uint32_t i = 0; i < n; i++)
        if (v[i].told && hash_eq(v[i].id, id))
            return true;
    return false;
}

static int open_history(struct context *ctx, const struct drift_result *r, enum history_use use,
                        struct history **out, struct err *e)
{
    struct history_options opt = {
        .engines = all_engines, .use = use, .quick = true, .timeout_ms = budget_timeout(ctx)};
    if (budget_lock_wait(ctx, &opt.lock_wait_ms, e))
        return -1;
    return history_open(r->target.history, &opt, ctx->mem, out, e);
}

/* The findings that fail the run, and of these the ones to tell of. Without a history each run
 * tells of all. */
static int find_news(struct context *ctx, const struct drift_result *r, struct message *msg,
                     struct err *e)
{
    const struct drift_findings *f = r->found;
    const struct drift_finding **news = NEW_ARRAY(ctx->mem, const struct drift_finding *, f->n + 1);
    const struct drift_finding **all = NEW_ARRAY(ctx->mem, const struct drift_finding *, f->n + 1);
    struct history_finding *open = NULL;
    uint32_t nopen = 0;
    if (r->recorded && !opt_on(ctx, OPT_RENOTIFY)) {
        struct history *h;
        struct str when;
        if (open_history(ctx, r, HISTORY_READ, &h, e))
            return -1;
        int rc = history_open_findings(h, r->target.env, ctx->mem, &open, &nopen, &when, e);
        history_close(h);
        if (rc)
            return -1;
    }
    for (uint32_t i = 0; i < f->n; i++) {
        const struct drift_finding *with = drift_carrier(f, i);
        with = with && with->fails ? with : NULL;
        if (!f->v[i].fails)
            continue;
        msg->news.open += !with;
        if (is_told(open, nopen, f->v[i].id))
            continue;
        all[msg->nall++] = &f->v[i];
        if (!with || is_told(open, nopen, with->id))
            news[msg->news.n++] = &f->v[i];
    }
    msg->news.v = news;
    msg->all = all;
    return 0;
}

static int mark_told(struct context *ctx, const struct message *msg, struct err *e)
{
    const struct drift_result *r = msg->result;
    struct history *h;
    if (!r->recorded)
        return 0;
    struct hash128 *ids = NEW_ARRAY(ctx->mem, struct hash128, msg->nall);
    for (uint32_t i = 0; i < msg->nall; i++)
        ids[i] = msg->all[i]->id;
    if (open_history(ctx, r, HISTORY_WRITE, &h, e))
        return -1;
    int rc = history_told(h, r->target.env, ids, msg->nall, e);
    history_close(h);
    return rc;
}

static const struct emitter *find_format(struct str format, struct err *e)
{
    const struct emitter *em = emitter_find(format, EMIT_DIFF);
    if (!em)
        err_set(e, E_UNKNOWN_FORMAT, "notify_format: snap drift has no format %.*s",
                STR_ARG(format));
    return em;
}

int tell_check(struct context *ctx, const struct drift_target *target, struct err *e)
{
    const struct config_tell *t = target->known ? &target->known->drift.tell : NULL;
    if (t && t->notify_format.n && !find_format(t->notify_format, e))
        return -1;
    return t && t->webhook ? webhook_check(ctx, t, e) : 0;
}

static int report_in(struct context *ctx, const struct drift_result *r, struct str format,
                     struct strbuf *out, struct err *e)
{
    const struct emitter *em = find_format(format, e);
    if (!em)
        return -1;
    if ((em->use & EMIT_PICTURE) && !(r->from && r->live)) {
        err_set(e, E_UNKNOWN_FORMAT, "notify_format: %.*s shows whole schemas", STR_ARG(format));
        return err_hint(e, "give -f %.*s too, or choose another format", STR_ARG(format));
    }
    return drift_report(ctx, em, r, false, false, out, e);
}

/* The words of the command: --notify, or snap.yml's. */
static char **command(struct context *ctx, const struct config_tell *t, struct str *folder)
{
    struct str program = opt(ctx, OPT_NOTIFY);
    uint32_t n = program.n ? 1 : t ? t->nnotify : 0;
    char **argv = NEW_ARRAY(ctx->mem, char *, n + 1);
    *folder = program.n ? STR("") : ctx->config.folder;
    for (uint32_t i = 0; i < n; i++)
        argv[i] = arena_cstr(ctx->mem, program.n ? program : t->notify[i]);
    return n ? argv : NULL;
}

static int tell_command(struct context *ctx, char **argv, struct str folder,
                        const struct config_tell *t, const struct message *msg, struct err *e)
{
    struct strbuf text = sb_new(ctx->mem, 0);
    struct str format = t && t->notify_format.n ? t->notify_format : STR("text");
    if (report_in(ctx, msg->result, format, &text, e))
        return -1;
    return notify_run(ctx->mem, argv, folder, msg, sb_view(&text), e);
}

static int tell_webhook(struct context *ctx, const struct config_tell *t, const struct message *msg,
                        struct err *e)
{
    struct strbuf body = sb_new(ctx->mem, 0);
    if (t->form == WEBHOOK_SLACK)
        tell_slack(&msg->news, &body);
    else if (t->form == WEBHOOK_TEAMS)
        tell_teams(&msg->news, &body);
    else if (report_in(ctx, msg->result, STR("json"), &body, e))
        return -1;
    return webhook_send(ctx, t, msg, sb_view(&body), e);
}

int drift_tell(struct context *ctx, const struct drift_result *r, struct err *e)
{
    const struct config_tell *t = r->target.known ? &r->target.known->drift.tell : NULL;
    struct message msg = {.result = r, .news.env = r->target.env};
    struct str folder;
    struct err other;
    char **argv = command(ctx, t, &folder);
    if (!r->found || !r->fails || (!argv && !(t && t->webhook)))
        return 0;
    if (r->target.history.n && !r->recorded) /* nor could it be written down that they were told */
        return 0;
    if (find_news(ctx, r, &msg, e))
        return -1;
    if (!msg.news.n)
        return 0;
    msg.end_ms = clock_ms() + budget_left(ctx, NOTIFY_MS);
    int rc = argv ? tell_command(ctx, argv, folder, t, &msg, e) : 0;
    /* one that fails does not keep the other from being told; the first error is the one said */
    if (t && t->webhook && (!rc || e->code == E_NOTIFY_FAILED)) {
        msg.end_ms = clock_ms() + budget_left(ctx, NOTIFY_MS);
        if (tell_webhook(ctx, t, &msg, rc ? &other : e))
            rc = -1;
    }
    return rc ? rc : mark_told(ctx, &msg, e);
}

/* The first error is the command's; another one is said at once. */
static int keep(struct err *e, bool *failed, const struct err *one)
{
    if (*failed)
        fprintf(stderr, "snap: %s: %s\n", err_name(one->code), one->msg);
    else
        *e = *one;
    *failed = true;
    return -1;
}

struct tell_env drift_told(struct arena *mem, const struct drift_result *r)
{
    struct str time = r->time;
    struct err none;
    if (!time.n && drift_now(mem, &time, &none))
        time = STR("1970-01-01T00:00:00Z");
    return (struct tell_env){.name = r->target.env,
                             .known = r->why.code == E_OK,
                             .found = r->found,
                             .changes = r->changes,
                             .time = time,
                             .ms = r->ms};
}

static int put_nagios(struct context *ctx, const struct drift_result *v, uint32_t n,
                      const struct err *e, struct strbuf *out)
{
    struct tell_env *told = NEW_ARRAY(ctx->mem, struct tell_env, n);
    for (uint32_t i = 0; i < n; i++)
        told[i] = drift_told(ctx->mem, &v[i]);
    return tell_nagios(told, n, e, out);
}

int drift_after(struct context *ctx, const struct drift_result *v, uint32_t n, int status,
                struct err *e)
{
    bool failed = status < 0, stop = failed && e->code == E_INTERRUPTED;
    struct err one;
    for (uint32_t i = 0; i < n; i++)
        if (v[i].late.code != E_OK) {
            status = keep(e, &failed, &v[i].late);
            stop = stop || v[i].late.code == E_INTERRUPTED;
        }
    if (!stop) {
        if (drift_metrics(ctx, v, n, &one))
            status = keep(e, &failed, &one);
        for (uint32_t i = 0; i < n; i++) {
            if (n > 1)
                budget_go_on(ctx, v[i].ms);
            if (drift_tell(ctx, &v[i], &one))
                status = keep(e, &failed, &one);
        }
    }
    if (!opt_on(ctx, OPT_NAGIOS))
        return status;
    struct strbuf line = sb_new(ctx->mem, 0);
    status = put_nagios(ctx, v, n, failed ? e : NULL, &line);
    return context_write(ctx, STR("-"), sb_view(&line), false, e) ? -1 : status;
}
