/* snap check FROM TO, snap check SRC: the rules of snap.yml, judged on facts and on the steps of
 * the plan. */

#include "cli/context.h"

typedef void put_fn(const struct policy_report *r, struct strbuf *out, struct arena *mem);

static int find_format(const struct context *ctx, put_fn **out, struct err *e)
{
    static const struct {
        const char *name;
        put_fn *put;
    } formats[] = {{"text", policy_text}, {"json", policy_json}, {"markdown", policy_markdown}};
    struct str name = opt(ctx, OPT_FORMAT), file = opt(ctx, OPT_OUTPUT);
    if (!name.n)
        name = str_ends(file, STR(".json")) ? STR("json")
               : str_ends(file, STR(".md")) ? STR("markdown")
                                            : STR("text");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq_c(name, formats[i].name)) {
            *out = formats[i].put;
            return 0;
        }
    err_set(e, E_UNKNOWN_FORMAT, "snap check has no format %.*s", STR_ARG(name));
    return err_hint(e, "formats: text, json, markdown");
}

static int check_rules(const struct context *ctx, struct err *e)
{
    return ctx->config.check.n
               ? 0
               : err_set(e, E_NO_RULES, "%.*s",
                         STR_ARG(ctx->config.path.n ? ctx->config.path : STR("no snap.yml")));
}

/* The environment that a change is for: --env, or FROM where that is one of snap.yml. */
static int find_env(const struct context *ctx, struct str from, struct str *out, struct err *e)
{
    struct str named = opt(ctx, OPT_ENV);
    *out = named.n ? named : config_env(&ctx->config, from) ? from : STR_NULL;
    if (!named.n || config_env(&ctx->config, named))
        return 0;
    return err_set(e, E_UNKNOWN_ENV, "--env %.*s: snap.yml has no such environment",
                   STR_ARG(named));
}

static int write_report(struct context *ctx, const struct policy_report *r, put_fn *put,
                        struct err *e)
{
    struct strbuf out = sb_new(ctx->mem, 0);
    struct str file = opt(ctx, OPT_OUTPUT);
    put(r, &out, ctx->mem);
    if (out.over)
        return err_set(e, E_LIMIT, "the report is larger than 1 GiB");
    bool quiet = ctx->quiet && (!file.n || str_eq(file, STR("-")));
    if (!quiet && context_write(ctx, file, sb_view(&out), true, e))
        return -1;
    return r->errors ? 1 : 0;
}

static int judge_change(struct context *ctx, struct sides *s, struct str env, put_fn *put,
                        struct err *e)
{
    struct policy_report *r;
    struct plan *plan;
    if (context_plan(ctx, s, &plan, e))
        return -1;
    if (opt_on(ctx, OPT_OPA_INPUT)) {
        struct strbuf out = sb_new(ctx->mem, 0);
        policy_opa_plan(plan, env, &out, ctx->mem);
        if (out.over)
            return err_set(e, E_LIMIT, "the document is larger than 1 GiB");
        return context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&out), true, e);
    }
    return policy_judge_plan(&ctx->config.check, plan, env, ctx->mem, &r, e)
               ? -1
               : write_report(ctx, r, put, e);
}

static int check_change(struct context *ctx, put_fn *put, struct err *e)
{
    struct str from, to, env;
    struct sides s = {0};
    if (context_from_to(ctx, &from, &to, e) || find_env(ctx, from, &env, e) ||
        (!opt_on(ctx, OPT_OPA_INPUT) && check_rules(ctx, e)))
        return -1;
    int rc = context_sides(ctx, from, to, &s, e) ? -1 : judge_change(ctx, &s, env, put, e);
    sides_close(&s);
    return rc;
}

static int check_state(struct context *ctx, put_fn *put, struct err *e)
{
    struct source_spec spec;
    struct opened o = {0};
    struct policy_report *r;
    unsigned facets;
    if (opt_on(ctx, OPT_OPA_INPUT) || opt(ctx, OPT_ENV).n) {
        err_set(e, E_USAGE, "%s is about a change", opt(ctx, OPT_ENV).n ? "--env" : "--opa-input");
        return err_hint(e, "give both sides: snap check FROM TO");
    }
    if (check_rules(ctx, e) || context_source(ctx, str_c(ctx->cmd.args[0]), &spec, e) ||
        context_check_outputs(ctx, e))
        return -1;
    int rc = context_open_one(ctx, &spec, false, &facets, &o, e) ||
                     source_catalog(&o, ctx->mem, e) ||
                     context_check_filters(ctx, &o, NULL, facets, e) ||
                     context_ledger(ctx, o.catalog, e) ||
                     policy_judge_state(&ctx->config.check, o.catalog, ctx->mem, &r, e)
                 ? -1
                 : write_report(ctx, r, put, e);
    source_close(&o);
    return rc;
}

int cmd_check(struct context *ctx, struct err *e)
{
    put_fn *put = NULL;
    if (find_format(ctx, &put, e))
        return -1;
    return ctx->cmd.nargs == 1 ? check_state(ctx, put, e) : check_change(ctx, put, e);
}
