/* One environment checked: both sides read, compared, judged by what earlier checks have seen, and
 * written down. */

#include "cli/drift.h"

#include <stdlib.h>
#include <time.h>

int drift_now(struct arena *mem, struct str *out, struct err *e)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = (int64_t)time(NULL);
    struct tm tm;
    char text[40];
    if (epoch && *epoch && !str_int(str_c(epoch), &seconds))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no number: %s", epoch);
    time_t t = (time_t)seconds;
    if (seconds < 0 || !gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 ||
        !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no time");
    *out = arena_str(mem, str_c(text));
    return 0;
}

int drift_target(struct context *ctx, struct str env, struct drift_target *out, struct err *e)
{
    const struct config_env *known = config_env(&ctx->config, env);
    *out = (struct drift_target){.env = env, .known = known, .baseline = opt(ctx, OPT_BASELINE)};
    if (!out->baseline.n && known)
        out->baseline = known->drift.baseline;
    if (out->baseline.n)
        return 0;
    err_set(e, E_USAGE, "snap drift: %.*s has no baseline", STR_ARG(env));
    return err_hint(e,
                    "name one: --baseline FILE, or drift: {%.*s: {baseline: FILE}} in "
                    "snap.yml",
                    STR_ARG(env));
}

/* The path of the baseline where it is a file whose lines can be shown. */
static struct str file_of(const struct sides *s)
{
    const struct source_spec *spec = &s->spec[0];
    bool file = spec->kind == SRC_SNAPSHOT && !str_eq(spec->live.place, STR("-"));
    return file ? spec->live.place : spec->kind == SRC_GIT ? spec->path : STR_NULL;
}

static int judge(struct context *ctx, const struct drift_target *t, const struct sides *s,
                 struct drift_result *out, struct err *e)
{
    struct str given = opt(ctx, OPT_FAIL_ON);
    struct drift_findings *found;
    struct drift_request req = {.changes = out->changes,
                                .rules = ctx->config.ignore,
                                .nrules = ctx->config.nignore,
                                .severities = t->known ? &t->known->drift.severity : NULL,
                                .env = t->env,
                                .now = out->time,
                                .baseline = file_of(s)};
    if (str_is_null(given) && t->known)
        given = t->known->drift.fail_on;
    if (fail_on_parse(given, &req.fail_on, e) || drift_judge(&req, ctx->mem, &found, e))
        return -1;
    out->found = found;
    for (uint32_t i = 0; i < found->n; i++)
        out->fails = out->fails || found->v[i].fails;
    return 0;
}

static int compare(struct context *ctx, const struct drift_target *t, struct sides *s,
                   struct drift_result *out, struct err *e)
{
    struct changes *c;
    int rc = context_sides(ctx, t->baseline, t->env, s, e);
    if (!rc && t->whole)
        rc =
            source_catalog(&s->opened[0], ctx->mem, e) || source_catalog(&s->opened[1], ctx->mem, e)
                ? -1
                : diff_catalogs(s->opened[0].catalog, s->opened[1].catalog, s->facets, ctx->mem, &c,
                                e);
    else if (!rc)
        rc = diff_streams(s->opened[0].stream, s->opened[1].stream, s->facets, ctx->mem, &c, e);
    if (rc || context_ledgers(ctx, c, e))
        return -1;
    out->changes = c;
    out->from = s->opened[0].catalog;
    out->live = s->opened[1].catalog;
    out->fingerprint = c->to.fingerprint;
    return 0;
}

int drift_check(struct context *ctx, const struct drift_target *target, struct drift_result *out,
                struct err *e)
{
    struct sides s = {0};
    int64_t start = clock_ms();
    *out = (struct drift_result){.target = *target};
    int rc = drift_now(ctx->mem, &out->time, e);
    if (!rc)
        rc = compare(ctx, target, &s, out, e);
    if (!rc)
        rc = judge(ctx, target, &s, out, e);
    sides_close(&s);
    out->ms = clock_ms() - start;
    if (rc)
        out->why = *e;
    return rc;
}
