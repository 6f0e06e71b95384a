/* snap diff FROM TO */

#include "cli/drift.h"
#include "cli/matrix.h"

enum { DEFAULT_LIKENESS = 60 };

/* Changes with the confirmed renames taken first: these are named in the report and not diffed. */
struct compared {
    struct changes *changes;
    const struct catalog *from; /* what they begin with: only where catalogs were made */
    const struct plan_rename *renames;
    uint32_t nrenames;
};

/* For people: one that had a name for a while was renamed once. The list that is left, in place. */
static uint32_t without_stops(struct plan_rename *v, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = 0;
        while (k < kept && !str_eq(v[k].after->path, v[i].before->path))
            k++;
        if (k < kept)
            v[k].after = v[i].after;
        else
            v[kept++] = v[i];
    }
    return kept;
}

/* Whether a format is asked for that has the use. */
static bool any_format(const struct context *ctx, enum emit_use use)
{
    const struct option_values *v = &ctx->cmd.given;
    const struct emitter *em = emitter_by_ext(opt(ctx, OPT_OUTPUT), EMIT_DIFF);
    bool any = em && (em->use & use) && !v->n[OPT_FORMAT];
    for (uint32_t i = 0; i < v->n[OPT_FORMAT]; i++) {
        struct str name = v->v[OPT_FORMAT][i];
        em = emitter_find(str_sub(name, 0, str_chr(name, '=')), EMIT_DIFF);
        any = any || (em && (em->use & use));
    }
    return any;
}

static int compare(struct context *ctx, struct sides *s, struct compared *out, struct err *e)
{
    bool any = ctx->cmd.given.n[OPT_RENAME] || ctx->config.nrenames;
    *out = (struct compared){0};
    if (!any && any_format(ctx, EMIT_PICTURE)) {
        if (source_catalog(&s->opened[0], ctx->mem, e) ||
            source_catalog(&s->opened[1], ctx->mem, e))
            return -1;
        out->from = s->opened[0].catalog;
        return diff_catalogs(out->from, s->opened[1].catalog, s->facets, ctx->mem, &out->changes,
                             e);
    }
    if (!any)
        return diff_streams(s->opened[0].stream, s->opened[1].stream, s->facets, ctx->mem,
                            &out->changes, e);
    struct rename_list list;
    const struct catalog **states;
    struct plan_rename *renames;
    struct verify_options vo = context_verify(ctx, s);
    if (source_catalog(&s->opened[0], ctx->mem, e) || source_catalog(&s->opened[1], ctx->mem, e) ||
        context_renames(ctx, s->opened[0].catalog, s->opened[1].catalog, &list, e) ||
        verify_renames(s->opened[0].catalog, &list, &vo, ctx->mem, &states, &renames, e) ||
        verify_renames_reach(s->opened[1].catalog, &list, renames, ctx->mem, e) ||
        diff_catalogs(states[list.n], s->opened[1].catalog, s->facets, ctx->mem, &out->changes, e))
        return -1;
    out->from = states[list.n];
    out->nrenames = without_stops(renames, list.n);
    out->renames = renames;
    out->changes->from.fingerprint = s->opened[0].catalog->fingerprint;
    return 0;
}

static int likeness(const struct context *ctx, unsigned *percent, struct err *e)
{
    struct str value = opt(ctx, OPT_FIND_RENAMES);
    int64_t n;
    *percent = DEFAULT_LIKENESS;
    if (str_is_null(value) || str_eq(value, STR("true")))
        return 0;
    if (str_ends(value, STR("%")))
        value.n--;
    if (value.n && value.p[0] == '=')
        value = str_from(value, 1);
    if (!str_int(value, &n) || n < 1 || n > 100)
        return err_set(e, E_BAD_VALUE, "-M takes a percentage from 1 to 100, not %.*s",
                       STR_ARG(value));
    *percent = (unsigned)n;
    return 0;
}

static int write_one(struct context *ctx, struct emit_in *in, struct str format, struct err *e)
{
    size_t eq = str_chr(format, '=');
    struct str name = str_sub(format, 0, eq), file = str_from(format, eq + 1);
    const struct emitter *em = emitter_find(name, EMIT_DIFF);
    struct strbuf out = sb_new(ctx->mem, 0), names = sb_new(ctx->mem, 0);
    if (!em) {
        emitter_names(&names, EMIT_DIFF);
        err_set(e, E_UNKNOWN_FORMAT, "snap diff has no format %.*s", STR_ARG(name));
        return err_hint(e, "formats: %.*s", STR_ARG(sb_view(&names)));
    }
    if (in->detail != DETAIL_FULL && !str_eq(name, STR("text"))) {
        err_set(e, E_USAGE, "format %s has no short form", em->name);
        return err_hint(e, "--stat and --name-status go with -f text");
    }
    file = file.n ? file : opt(ctx, OPT_OUTPUT);
    if (ctx->quiet && (!file.n || str_eq(file, STR("-"))))
        return 0;
    struct emit_in one = *in;
    one.color = ctx->color && !file.n;
    one.findings = em->use & EMIT_FINDINGS ? in->findings : NULL;
    if (em->run(&one, &out, NULL, e))
        return -1;
    if (out.over)
        return err_set(e, E_LIMIT, "the report is larger than 1 GiB");
    return context_write(ctx, file, sb_view(&out), true, e);
}

static int write_reports(struct context *ctx, struct emit_in *in, struct err *e)
{
    const struct option_values *v = &ctx->cmd.given;
    const struct emitter *by_ext = emitter_by_ext(opt(ctx, OPT_OUTPUT), EMIT_DIFF);
    if (!v->n[OPT_FORMAT])
        return write_one(ctx, in, by_ext ? str_c(by_ext->name) : STR("text"), e);
    for (uint32_t i = 0; i < v->n[OPT_FORMAT]; i++)
        if (write_one(ctx, in, v->v[OPT_FORMAT][i], e))
            return -1;
    return 0;
}

/* Exit status by --fail-on. */
static int status_of(const struct context *ctx, const struct changes *c, uint32_t renames,
                     struct err *e)
{
    struct str what = opt(ctx, OPT_FAIL_ON);
    bool breaking = renames > 0, destructive = false;
    for (uint32_t i = 0; i < c->n; i++) {
        breaking = breaking || c->v[i].op != OP_ADD;
        destructive = destructive || (c->v[i].hazards & 1u << HZ_DATA_LOSS);
    }
    if (str_is_null(what) || str_eq(what, STR("drift")))
        return c->n || renames ? 1 : 0;
    if (str_eq(what, STR("breaking")))
        return breaking;
    if (str_eq(what, STR("destructive")))
        return destructive;
    return err_set(e, E_BAD_VALUE, "--fail-on takes drift, breaking or destructive, not %.*s",
                   STR_ARG(what));
}

static struct str *rename_lines(struct context *ctx, const struct compared *c)
{
    struct str *lines = NEW_ARRAY(ctx->mem, struct str, c->nrenames);
    for (uint32_t i = 0; i < c->nrenames; i++) {
        struct strbuf b = sb_new(ctx->mem, 0);
        obj_human(&b, c->renames[i].before);
        sb_c(&b, " renamed to ");
        const struct obj *now = c->renames[i].after;
        path_quote_name(&b, path_kind(now->path), obj_name(ctx->mem, now));
        lines[i] = sb_view(&b);
    }
    return lines;
}

/* What a program is told of the changes: severities, and ids that stay. */
static int judge(struct context *ctx, const struct sides *s, const struct changes *c,
                 const struct drift_findings **out, struct err *e)
{
    struct drift_findings *found;
    struct drift_request req = {
        .changes = c, .env = c->to.label, .baseline = drift_file_of(ctx, s), .all_diff = true};
    if (!any_format(ctx, EMIT_FINDINGS))
        return 0;
    if (fail_on_parse(opt(ctx, OPT_FAIL_ON), &req.fail_on, e) ||
        drift_judge(&req, ctx->mem, &found, e))
        return -1;
    *out = found;
    return 0;
}

static int run(struct context *ctx, struct sides *s, struct err *e)
{
    struct compared c;
    unsigned percent;
    int64_t start = clock_ms();
    if (likeness(ctx, &percent, e) || compare(ctx, s, &c, e) || context_ledgers(ctx, c.changes, e))
        return -1;
    say(ctx, "compared in %lld ms", (long long)(clock_ms() - start));
    diff_rename_hints(c.changes, percent, ctx->mem);
    int status = status_of(ctx, c.changes, c.nrenames, e);
    if (status < 0)
        return status;
    struct emit_in in = {.mem = ctx->mem,
                         .changes = c.changes,
                         .from = c.from,
                         .to = s->opened[1].catalog,
                         .show_hints = true,
                         .renames = rename_lines(ctx, &c),
                         .nrenames = c.nrenames};
    in.detail = opt_on(ctx, OPT_NAME_STATUS) ? DETAIL_NAMES
                : opt_on(ctx, OPT_STAT)      ? DETAIL_STAT
                                             : DETAIL_FULL;
    return judge(ctx, s, c.changes, &in.findings, e) || write_reports(ctx, &in, e) ? -1 : status;
}

int cmd_diff(struct context *ctx, struct err *e)
{
    struct str from, to;
    struct sides s = {0};
    if (opt_on(ctx, OPT_MATRIX))
        return cmd_matrix(ctx, e);
    if (ctx->cmd.nargs > 2) {
        err_set(e, E_USAGE, "snap diff: too many arguments");
        return err_hint(e, "usage: snap diff FROM TO; of several sources: --matrix");
    }
    if (context_from_to(ctx, &from, &to, e))
        return -1;
    int rc = context_sides(ctx, from, to, &s, e) ? -1 : run(ctx, &s, e);
    sides_close(&s);
    return rc;
}
