/* snap drift [ENV...]: quiet when nothing moved, so that cron sends no mail. */

#include "cli/changelog_source.h"
#include "cli/history.h"
#include "cli/many.h"
#include "cli/resolve.h"
#include "cli/tell.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/escape.h"

static int find_format(struct context *ctx, const struct emitter **out, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT);
    struct strbuf names = sb_new(ctx->mem, 0);
    const struct emitter *by_ext = emitter_by_ext(opt(ctx, OPT_OUTPUT), EMIT_DIFF);
    *out = !name.n && by_ext ? by_ext : emitter_find(name.n ? name : STR("text"), EMIT_DIFF);
    if (*out)
        return 0;
    emitter_names(&names, EMIT_DIFF);
    err_set(e, E_UNKNOWN_FORMAT, "snap drift has no format %.*s", STR_ARG(name));
    return err_hint(e, "formats: %.*s", STR_ARG(sb_view(&names)));
}

/* The live state into the baseline's file. */
static int update(struct context *ctx, const struct drift_target *t, struct err *e)
{
    struct str baseline = t->baseline;
    struct source_spec live;
    struct opened o = {0};
    struct out *out = NULL;
    unsigned facets;
    bool file = !str_starts(baseline, STR("git:")) && !str_starts(baseline, STR("offline:")) &&
                !history_is_source(baseline) && !changelog_is_source(baseline) &&
                !str_eq(baseline, STR("-")) && !str_eq(baseline, STR("empty"));
    if (!file)
        return err_set(e, E_USAGE, "--update-baseline: %.*s is no file that can be written",
                       STR_ARG(baseline));
    if (context_source(ctx, t->source, &live, e) || context_check_output(ctx, baseline, false, e))
        return -1;
    if (!live.eng)
        return err_set(e, E_USAGE, "--update-baseline: %.*s is no live database", STR_ARG(t->env));
    if (access(arena_cstr(ctx->mem, baseline), F_OK) == 0) {
        struct source_spec old;
        if (context_source(ctx, baseline, &old, e) || old.kind != SRC_SNAPSHOT)
            return err_set(e, E_PROTECTED,
                           "--update-baseline: %.*s is no snapshot and stays as "
                           "it is",
                           STR_ARG(baseline));
    }
    if (context_facets(ctx, live.eng, &facets, e))
        return -1;
    int rc = context_open(ctx, &live, facets, &o, e);
    if (!rc)
        rc = source_catalog(&o, ctx->mem, e);
    if (!rc)
        rc = out_open(ctx->mem, arena_cstr(ctx->mem, baseline), &out, e);
    if (!rc)
        rc = snapshot_write(o.catalog, out, e);
    if (!rc)
        rc = out_commit(out, e);
    out_abort(out);
    source_close(&o);
    if (!rc)
        say(ctx, "%.*s: baseline %.*s written", STR_ARG(t->env), STR_ARG(baseline));
    return rc;
}

/* Reports of the targets, one behind the other. */
struct reports {
    const struct emitter *em;
    struct strbuf text;
    bool to_file; /* a file tells of every target, so that last night's report does not stay */
    bool several;
    struct drift_result *results; /* of the targets checked so far */
    uint32_t n;
};

int drift_report(struct context *ctx, const struct emitter *em, const struct drift_result *one,
                 bool color, bool part, struct strbuf *out, struct err *e)
{
    struct strbuf title = sb_new(ctx->mem, 0);
    if (one->fails) {
        sb_c(&title, "drift: ");
        esc_terminal(&title, one->target.env);
        sb_c(&title, " is not what its baseline says");
    }
    struct emit_in in = {.mem = ctx->mem,
                         .changes = one->changes,
                         .from = one->from,
                         .to = one->live,
                         .color = color,
                         .findings = one->found,
                         .part = part,
                         .title = one->fails ? sb_view(&title).p : NULL};
    return em->run(&in, out, NULL, e);
}

static int add_report(struct context *ctx, struct reports *r, const struct drift_result *one,
                      struct err *e)
{
    if (r->several)
        sb_c(&r->text, r->em->several[r->text.n > 0]);
    return drift_report(ctx, r->em, one, ctx->color && !r->to_file, r->several, &r->text, e);
}

/* A rule that somebody should look at, on a night without a report. */
static void say_note(const struct context *ctx, const struct drift_target *t,
                     const struct rule_note *n)
{
    static const char *const words[] = {"has expired", "is not used", "fits more than it may"};
    say(ctx, "%.*s: the rule for %.*s %s", STR_ARG(t->env), STR_ARG(n->rule->match),
        words[n->what]);
}

/* What a night without a report has seen. */
static void say_quiet(const struct context *ctx, const struct drift_target *t,
                      const struct drift_result *one)
{
    const struct drift_findings *f = one->found;
    uint32_t pending = drift_count(f, VERDICT_PENDING, false);
    uint32_t moved = drift_count(f, VERDICT_DRIFT, false) + drift_count(f, VERDICT_CONFLICT, false);
    if (pending)
        say(ctx, "%.*s: %u pending", STR_ARG(t->env), pending);
    if (moved && !one->fails)
        say(ctx, "%.*s: %u that --fail-on leaves out", STR_ARG(t->env), moved);
    for (uint32_t i = 0; i < f->nnotes; i++)
        say_note(ctx, t, &f->notes[i]);
}

/* One environment: 0 or 1, or -1 with the error set; what it found goes to the reports. */
static int check_one(struct context *ctx, struct reports *r, const struct drift_target *t,
                     struct err *e)
{
    struct drift_result *one = &r->results[r->n++];
    struct drift_target target = *t;
    target.whole = (r->em->use & EMIT_PICTURE) || opt(ctx, OPT_RESOLVE).n;
    budget_anew(ctx);
    if (drift_check(ctx, &target, one, e))
        return -1;
    if (one->found)
        say_quiet(ctx, t, one);
    if (one->found && (one->fails || r->to_file) && add_report(ctx, r, one, e))
        return -1;
    if (one->found && opt(ctx, OPT_RESOLVE).n && resolve_write(ctx, one, opt(ctx, OPT_RESOLVE), e))
        return -1;
    return one->fails;
}

struct targets {
    struct drift_target *v;
    uint32_t n;
};

static int find_targets(struct context *ctx, struct targets *t, struct err *e)
{
    const struct config *c = &ctx->config;
    t->v = NEW_ARRAY(ctx->mem, struct drift_target, ctx->cmd.nargs + c->nenvs);
    for (uint32_t i = 0; i < ctx->cmd.nargs; i++)
        if (drift_target(ctx, str_c(ctx->cmd.args[i]), &t->v[t->n++], e))
            return -1;
    for (uint32_t i = 0; !ctx->cmd.nargs && i < c->nenvs; i++)
        if (c->envs[i].drift.given && drift_target(ctx, c->envs[i].name, &t->v[t->n++], e))
            return -1;
    if (t->n)
        return 0;
    err_set(e, E_USAGE, "snap drift: nothing to check");
    return err_hint(e, "name an environment and its baseline, or write drift: in snap.yml");
}

static int check_fail_on(const struct context *ctx, struct err *e)
{
    struct fail_on checked;
    return fail_on_parse(opt(ctx, OPT_FAIL_ON), &checked, e);
}

/* Two live states do not go into one file. */
static int check_baselines(const struct context *ctx, const struct targets *t, struct err *e)
{
    for (uint32_t i = 0; opt_on(ctx, OPT_UPDATE_BASELINE) && i < t->n; i++)
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(t->v[i].baseline, t->v[k].baseline))
                return err_set(e, E_USAGE, "--update-baseline: %.*s is the baseline of %.*s too",
                               STR_ARG(t->v[i].baseline), STR_ARG(t->v[k].env));
    return 0;
}

/* Each target by itself: one that fails does not keep the others from being checked. */
static int check_all(struct context *ctx, struct reports *r, const struct targets *t, struct err *e)
{
    uint32_t failed = 0, drifted = 0;
    struct err first = {0};
    for (uint32_t i = 0; i < t->n; i++) {
        struct err one;
        int rc = opt_on(ctx, OPT_UPDATE_BASELINE) ? update(ctx, &t->v[i], &one)
                                                  : check_one(ctx, r, &t->v[i], &one);
        drifted += rc == 1;
        if (rc >= 0)
            continue;
        if (one.code == E_INTERRUPTED || t->n == 1) {
            *e = one;
            return -1;
        }
        failed++;
        first = failed == 1 ? one : first;
        struct strbuf name = sb_new(ctx->mem, 0);
        esc_terminal(&name, t->v[i].env);
        fprintf(stderr, "snap: %s: %s: %s\n", sb_view(&name).p, err_name(one.code), one.msg);
        if (one.hint[0])
            fprintf(stderr, "      %s\n", one.hint);
    }
    if (!failed)
        return drifted ? 1 : 0;
    char why[600];
    snprintf(why, sizeof why, "%.590s", first.msg);
    return err_set(e, E_PARTIAL, "%u of %u targets could not be checked; the first: %s", failed,
                   t->n, why);
}

int cmd_drift(struct context *ctx, struct err *e)
{
    if (opt(ctx, OPT_TARGETS).n)
        return cmd_many(ctx, e);
    if (opt(ctx, OPT_SHARD).n || opt_on(ctx, OPT_RESUME))
        return err_set(e, E_USAGE, "snap drift: %s goes with --targets",
                       opt(ctx, OPT_SHARD).n ? "--shard" : "--resume");
    struct targets t = {0};
    struct str path = opt(ctx, OPT_OUTPUT);
    struct reports r = {.text = sb_new(ctx->mem, 0), .to_file = path.n && !str_eq(path, STR("-"))};
    if (opt_on(ctx, OPT_UPDATE_BASELINE) && (r.to_file || opt_on(ctx, OPT_NAGIOS))) {
        err_set(e, E_USAGE, "snap drift: --update-baseline compares nothing, so %s",
                r.to_file ? "-o has no report" : "--nagios has nothing to tell");
        return err_hint(e, "it writes the file that --baseline or snap.yml names");
    }
    if (find_format(ctx, &r.em, e) || check_fail_on(ctx, e) || find_targets(ctx, &t, e) ||
        check_baselines(ctx, &t, e))
        return -1;
    r.several = t.n > 1;
    if (r.several && !r.em->several[0]) {
        err_set(e, E_USAGE, "format %s holds one report, and %u were asked for", r.em->name, t.n);
        return err_hint(e, "name one environment at a time, each with its own -o");
    }
    if (r.several && opt(ctx, OPT_RESOLVE).n) {
        err_set(e, E_USAGE, "--resolve is about one environment, and %u were asked for", t.n);
        return err_hint(e, "name it: snap drift ENV --resolve DIR");
    }
    r.results = NEW_ARRAY(ctx->mem, struct drift_result, t.n);
    for (uint32_t i = 0; i < t.n; i++)
        if (tell_check(ctx, &t.v[i], e))
            return -1;
    if (budget_begin(ctx, e))
        return -1;
    int status = check_all(ctx, &r, &t, e);
    if (r.several && r.text.n)
        sb_c(&r.text, r.em->several[2]);
    if (r.text.n && (r.to_file || !(ctx->quiet || opt_on(ctx, OPT_NAGIOS)))) {
        struct err writing;
        if (context_write(ctx, path, sb_view(&r.text), true, &writing)) {
            /* who is told of drift is told where the report has no room, too */
            if (status < 0)
                fprintf(stderr, "snap: %s: %s\n", err_name(e->code), e->msg);
            *e = writing;
            status = -1;
        }
    }
    return drift_after(ctx, r.results, r.n, status, e);
}
