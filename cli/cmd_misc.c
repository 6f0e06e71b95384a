/* snap env, features, version, help. */

#include "cli/context.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"
#include "core/suggest.h"

#ifndef SNAP_VERSION
#define SNAP_VERSION "0.1.0"
#endif

static int print(struct context *ctx, const struct strbuf *b, bool page, struct err *e)
{
    return context_write(ctx, STR("-"), sb_view(b), page, e) ? -1 : 0;
}

static void env_line(const struct context *ctx, const struct config_env *env, struct strbuf *b)
{
    char *source = arena_cstr(ctx->mem, env->source);
    redact_urls(source);
    esc_terminal(b, env->name);
    sb_pad(b, ' ', env->name.n < 16 ? 16 - env->name.n : 1);
    esc_terminal(b, str_c(source));
    if (env->drift.baseline.n) {
        sb_c(b, "  baseline ");
        esc_terminal(b, env->drift.baseline);
    }
    sb_c(b, env->is_protected ? "  protected\n" : "\n");
}

static int env_list(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    for (uint32_t i = 0; i < ctx->config.nenvs; i++)
        env_line(ctx, &ctx->config.envs[i], &b);
    return print(ctx, &b, false, e);
}

/* Opens one environment and says what is there. */
static int env_test_one(struct context *ctx, struct str name, struct strbuf *b, struct err *e)
{
    struct source_spec spec;
    struct opened o = {0};
    unsigned facets;
    int64_t start = clock_ms();
    if (context_source(ctx, name, &spec, e))
        return -1;
    int rc = context_open_one(ctx, &spec, false, &facets, &o, e);
    if (!rc)
        rc = source_catalog(&o, ctx->mem, e);
    source_close(&o);
    if (rc)
        return -1;
    esc_terminal(b, name);
    sb_pad(b, ' ', name.n < 16 ? 16 - name.n : 1);
    sb_c(b, "ok  ");
    esc_terminal(b, o.catalog->version);
    sb_printf(b, "  %u facts", o.catalog->n);
    if (ctx->verbose)
        sb_printf(b, "  %lld ms", (long long)(clock_ms() - start));
    sb_char(b, '\n');
    return 0;
}

static int env_test(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    uint32_t failed = 0, n = ctx->cmd.nargs > 1 ? ctx->cmd.nargs - 1 : ctx->config.nenvs;
    struct err first = {0};
    for (uint32_t i = 0; i < n; i++) {
        struct str name =
            ctx->cmd.nargs > 1 ? str_c(ctx->cmd.args[i + 1]) : ctx->config.envs[i].name;
        struct err one;
        if (env_test_one(ctx, name, &b, &one) == 0)
            continue;
        first = failed++ ? first : one;
        if (n == 1)
            break; /* the error says it */
        esc_terminal(&b, name);
        sb_pad(&b, ' ', name.n < 16 ? 16 - name.n : 1);
        sb_printf(&b, "%s  %s\n", err_name(one.code), one.msg);
    }
    if (print(ctx, &b, false, e))
        return -1;
    if (!failed)
        return 0;
    *e = first;
    return n == 1 ? -1 : err_set(e, E_PARTIAL, "%u of %u environments failed", failed, n);
}

static int env_grants(struct context *ctx, struct err *e)
{
    struct source_spec spec;
    struct strbuf b = sb_new(ctx->mem, 0);
    if (context_source(ctx, str_c(ctx->cmd.args[1]), &spec, e))
        return -1;
    if (spec.kind != SRC_LIVE || !spec.eng->grants) {
        err_set(e, E_BAD_VALUE, "%.*s is read without a role of a server", STR_ARG(spec.label));
        return err_hint(e, "name an environment or the URL of a database on a server");
    }
    spec.eng->grants(&spec.live, ctx->mem, &b);
    return print(ctx, &b, false, e);
}

int cmd_env(struct context *ctx, struct err *e)
{
    struct str what = str_c(ctx->cmd.args[0]);
    if (str_is_null(ctx->config.path) &&
        !((str_eq(what, STR("test")) || str_eq(what, STR("grants"))) && ctx->cmd.nargs > 1)) {
        err_set(e, E_NO_CONFIG, "there is no snap.yml here or above");
        return err_hint(e, "examples/snap.yml shows one; -c names another file");
    }
    if (str_eq(what, STR("list")) && ctx->cmd.nargs == 1)
        return env_list(ctx, e);
    if (str_eq(what, STR("test")))
        return env_test(ctx, e);
    if (str_eq(what, STR("grants")) && ctx->cmd.nargs == 2)
        return env_grants(ctx, e);
    err_set(e, E_USAGE, "snap env: list, test or grants ENV is wanted, not %.*s", STR_ARG(what));
    return err_hint(e, "snap env list; snap env test [ENV...]; snap env grants ENV");
}

int cmd_version(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    sb_printf(&b, "snap %s\nsnapshot format %d\nengines:", SNAP_VERSION, SNAPSHOT_FORMAT);
    for (const struct engine *const *eng = all_engines; *eng; eng++)
        sb_printf(&b, " %s%s", (*eng)->name, (*eng)->live ? "" : " (snapshots only)");
    sb_char(&b, '\n');
    return print(ctx, &b, false, e);
}

int cmd_features(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    struct str engine = ctx->cmd.nargs ? str_c(ctx->cmd.args[0]) : STR("");
    struct str format = opt(ctx, OPT_FORMAT);
    bool markdown = str_eq(format, STR("markdown")), known = !engine.n;
    if (format.n && !markdown && !str_eq(format, STR("text")))
        return err_set(e, E_UNKNOWN_FORMAT, "snap features has the formats text and markdown");
    for (const struct engine *const *eng = all_engines; *eng; eng++)
        known = known || str_eq_c(engine, (*eng)->name);
    if (!known)
        return err_set(e, E_UNKNOWN_ENGINE, "this build has no engine %.*s", STR_ARG(engine));
    features_text(&b, engine, markdown);
    return print(ctx, &b, true, e);
}

static int no_topic(const struct context *ctx, struct str topic, struct err *e)
{
    struct strbuf names = sb_new(ctx->mem, 0);
    sb_c(&names, "man,errors,hazards,options");
    for (size_t i = 0; i < command_count; i++)
        sb_printf(&names, ",%s", commands[i].name);
    for (unsigned i = 1; i < ERR_COUNT; i++) {
        enum err_code code = (enum err_code)i;
        sb_printf(&names, ",%s", err_name(code));
    }
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        sb_printf(&names, ",%s", hazard_name(code));
    }
    struct str near = suggest_word(topic, sb_view(&names).p);
    err_set(e, E_UNKNOWN_COMMAND, "there is no help about %.*s", STR_ARG(topic));
    return near.n ? err_hint(e, "did you mean snap help %.*s?", STR_ARG(near)) : -1;
}

int cmd_help(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    struct str topic = ctx->cmd.nargs ? str_c(ctx->cmd.args[0]) : STR("");
    const struct command *c = topic.n ? command_find(topic) : NULL;
    if (!topic.n)
        help_overview(&b);
    else if (str_eq(topic, STR("man")))
        man_page(&b);
    else if (str_eq(topic, STR("errors")))
        topic_errors(&b);
    else if (str_eq(topic, STR("hazards")))
        topic_hazards(&b);
    else if (str_eq(topic, STR("options")))
        topic_options(&b);
    else if (c)
        help_command(c, &b);
    else if (!topic_error(topic, &b) && !topic_hazard(topic, &b))
        return no_topic(ctx, topic, e);
    return print(ctx, &b, true, e);
}
