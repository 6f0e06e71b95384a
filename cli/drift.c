/* One environment checked: both sides read, compared, judged by what earlier checks have seen, and
 * written down. */

#include "cli/remember.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/data.h"

/* What looked_at is asked with. */
struct look {
    struct context *ctx;
    struct sides *s;
};

int drift_now(struct arena *mem, struct str *out, struct err *e)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = (int64_t)time(NULL);
    if (epoch && *epoch && !str_int(str_c(epoch), &seconds))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no number: %s", epoch);
    *out = seconds < 0 ? STR_NULL : clock_utc(seconds, mem);
    if (str_is_null(*out))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no time");
    return 0;
}

/* Where the history is; absent: none is kept. */
static struct str place_of(const struct context *ctx, const struct config_env *known)
{
    struct str given = opt(ctx, OPT_HISTORY);
    if (str_is_null(given))
        return known && known->drift.given ? known->drift.history : STR_NULL;
    return str_eq(given, STR("none")) ? STR_NULL : given;
}

int drift_target(struct context *ctx, struct str env, struct drift_target *out, struct err *e)
{
    const struct config_env *known = config_env(&ctx->config, env);
    *out = (struct drift_target){.source = env,
                                 .env = context_shown(ctx, env),
                                 .known = known,
                                 .baseline = opt(ctx, OPT_BASELINE)};
    if (!out->baseline.n && known)
        out->baseline = known->drift.baseline;
    out->history = place_of(ctx, known);
    if (out->baseline.n || out->history.n)
        return 0;
    err_set(e, E_USAGE, "snap drift: %.*s has no baseline", STR_ARG(out->env));
    return err_hint(e,
                    "name one: --baseline FILE, or drift: {%.*s: {baseline: FILE}} in "
                    "snap.yml",
                    STR_ARG(out->env));
}

struct str drift_file_of(struct context *ctx, const struct sides *s)
{
    const struct source_spec *spec = &s->spec[0];
    bool file = spec->kind == SRC_SNAPSHOT && !str_eq(spec->live.place, STR("-"));
    struct str path = file ? spec->live.place : spec->kind == SRC_GIT ? spec->path : STR_NULL;
    char here[PATH_MAX];
    /* snap.yml names it from its own folder, a report from where the user stands */
    if (path.n && getcwd(here, sizeof here)) {
        struct str head = arena_printf(ctx->mem, "%s/", here);
        path = str_starts(path, head) ? str_from(path, head.n) : path;
    }
    /* who reads a report on code knows a file by its plain path alone */
    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    return path;
}

/* Whether a path is one that both sides were asked for: by the filters in effect, and by those of
 * snapshots. */
static bool looked_at(void *ctx, struct str path)
{
    const struct look *l = ctx;
    const struct filter *own = &l->ctx->filter;
    for (uint32_t i = 0; i < own->nmaps; i++)
        if (path_within(path, path_join(l->ctx->mem, STR(""), STR("schema"), own->maps[i].from)))
            return false; /* it is read under another name now */
    const struct catalog *live = l->s->opened[1].catalog;
    struct str table;
    if (data_is_row(l->s->eng, path, &table) &&
        !(live ? data_takes(&own->data, live, table, l->ctx->mem)
               : data_wants(&own->data, l->s->eng, table, l->ctx->mem)))
        return false;
    const struct filter *filters[] = {&l->ctx->filter, &l->s->opened[0].scope,
                                      &l->s->opened[1].scope};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (!filter_takes(filters[i], l->s->eng, path, l->ctx->mem))
            return false;
    return true;
}

static int judge(struct context *ctx, const struct drift_target *t, struct drift_request *req,
                 struct drift_result *out, struct err *e)
{
    struct str given = opt(ctx, OPT_FAIL_ON);
    struct drift_findings *found;
    req->rules = ctx->config.ignore;
    req->nrules = ctx->config.nignore;
    req->severities = t->known ? &t->known->drift.severity : NULL;
    if (str_is_null(given) && t->known)
        given = t->known->drift.fail_on;
    if (fail_on_parse(given, &req->fail_on, e) || drift_judge(req, ctx->mem, &found, e))
        return -1;
    out->found = found;
    for (uint32_t i = 0; i < found->n; i++)
        out->fails = out->fails || found->v[i].fails;
    return 0;
}

/* An empty file is an empty database to some engines. As a baseline it is one that was lost, and
 * all of live would be pending. */
static int check_baseline(const struct source_spec *spec, struct err *e)
{
    struct stat st;
    if (!source_stat(spec, &st) || !S_ISREG(st.st_mode) || st.st_size)
        return 0;
    err_set(e, E_NOT_A_DATABASE, "the baseline %.*s is an empty file", STR_ARG(spec->label));
    return err_hint(e, "write it anew: --update-baseline; `empty` is a schema with nothing in it");
}

static int compare(struct context *ctx, const struct drift_target *t, struct sides *s,
                   struct drift_result *out, struct err *e)
{
    struct changes *c;
    int rc = context_sides(ctx, t->baseline, t->source, s, e);
    if (!rc)
        rc = check_baseline(&s->spec[0], e);
    if (!rc && t->history.n)
        rc = source_catalog(&s->opened[1], ctx->mem, e);
    if (!rc && t->whole)
        rc = source_catalog(&s->opened[0], ctx->mem, e) ||
             source_catalog(&s->opened[1], ctx->mem, e);
    if (!rc)
        rc = diff_streams(s->opened[0].stream, s->opened[1].stream, s->facets, ctx->mem, &c, e);
    if (rc || context_ledgers(ctx, c, e))
        return -1;
    out->changes = c;
    out->from = s->opened[0].catalog;
    out->live = s->opened[1].catalog;
    out->fingerprint = c->to.fingerprint;
    return 0;
}

/* Without a baseline live is read alone. */
static int read_live(struct context *ctx, const struct drift_target *t, struct sides *s,
                     struct drift_result *out, struct err *e)
{
    if (t->baseline.n)
        return compare(ctx, t, s, out, e);
    if (context_source(ctx, t->source, &s->spec[1], e) ||
        context_open_one(ctx, &s->spec[1], false, &s->facets, &s->opened[1], e) ||
        source_catalog(&s->opened[1], ctx->mem, e))
        return -1;
    s->eng = s->spec[1].eng;
    out->live = s->opened[1].catalog;
    out->fingerprint = out->live->fingerprint;
    return 0;
}

/* Judged, written down, durable: in this order. */
static int settle(struct context *ctx, const struct drift_target *t, struct str began,
                  struct sides *s, struct drift_result *out, struct err *e)
{
    struct memory r = {0};
    struct look look = {ctx, s};
    bool keeps = t->history.n > 0;
    if (keeps ? memory_begin(ctx, t, began, &r, &out->time, e) : drift_now(ctx->mem, &out->time, e))
        return -1;
    struct drift_request req = {.changes = out->changes,
                                .memory = keeps ? &r.memory : NULL,
                                .env = t->env,
                                .now = out->time,
                                .baseline = drift_file_of(ctx, s),
                                .looked_at = looked_at,
                                .looked_ctx = &look};
    int rc = out->changes ? judge(ctx, t, &req, out, e) : 0;
    if (!rc && keeps)
        rc = memory_write(ctx, &r, &req, out->found, &s->spec[1], out->live, e);
    out->recorded = !rc && keeps;
    struct err late;
    if (out->recorded && memory_keep(ctx, &r, out->time, &late))
        out->late = late;
    memory_close(&r);
    return rc;
}

int drift_check(struct context *ctx, const struct drift_target *target, struct drift_result *out,
                struct err *e)
{
    struct sides s = {0};
    int64_t start = clock_ms();
    *out = (struct drift_result){.target = *target};
    struct str began;
    int rc = drift_now(ctx->mem, &began, e) || read_live(ctx, target, &s, out, e) ? -1 : 0;
    if (rc)
        memory_failure(ctx, target, e);
    else
        rc = settle(ctx, target, began, &s, out, e);
    sides_close(&s);
    out->sides = s;
    out->ms = clock_ms() - start;
    if (rc)
        out->why = *e;
    return rc;
}
