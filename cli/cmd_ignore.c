/* snap ignore list|explain OBJECT: the rules of snap.yml that let findings pass, and which of them
 * an object meets. */

#include "cli/drift.h"

#include "core/escape.h"
#include "core/pattern.h"

/* "line 12 of snap.yml", "preset gh-ost" */
static void put_place(struct strbuf *b, const struct ignore_rule *r)
{
    if (r->preset.n)
        sb_printf(b, "preset %.*s", STR_ARG(r->preset));
    else
        sb_printf(b, "line %u", r->line);
}

static void put_ops(struct strbuf *b, unsigned ops)
{
    static const char *const words[] = {"added", "dropped", "changed"};
    const char *sep = "";
    for (int i = OP_ADD; i <= OP_ALTER; i++)
        if (ops & 1u << i) {
            sb_printf(b, "%s%s", sep, words[i]);
            sep = ", ";
        }
}

static void put_envs(struct strbuf *b, const struct ignore_rule *r)
{
    for (uint32_t i = 0; i < r->nenvs; i++)
        sb_printf(b, "%s%.*s", i ? ", " : "", STR_ARG(r->envs[i]));
}

/* Under which conditions a rule that fits lets pass; nothing where there are none. */
static void put_conditions(struct strbuf *b, const struct ignore_rule *r)
{
    if (r->facets) {
        sb_c(b, ", only in ");
        facet_list(b, r->facets);
    }
    if (r->ops) {
        sb_c(b, ", only what is ");
        put_ops(b, r->ops);
    }
    if (r->most)
        sb_printf(b, ", at most %u at a time", r->most);
    if (r->expires.n)
        sb_printf(b, ", until %.*s", STR_ARG(r->expires));
}

static void put_why(struct strbuf *b, const struct ignore_rule *r)
{
    sb_printf(b, ": %.*s", STR_ARG(r->reason));
    if (r->owner.n)
        sb_printf(b, " (%.*s)", STR_ARG(r->owner));
    sb_char(b, '\n');
}

/* Each made safe for a terminal. */
static void put_lines(struct strbuf *out, struct str lines)
{
    struct str line;
    lines.n -= lines.n > 0; /* the end of the last one */
    while (str_cut(&lines, '\n', &line)) {
        esc_terminal(out, line);
        sb_char(out, '\n');
    }
}

static int list(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0), safe = sb_new(ctx->mem, 0);
    struct str now;
    if (drift_now(ctx->mem, &now, e))
        return -1;
    for (uint32_t i = 0; i < ctx->config.nignore; i++) {
        const struct ignore_rule *r = &ctx->config.ignore[i];
        put_place(&b, r);
        sb_printf(&b, "  %.*s", STR_ARG(r->match));
        put_conditions(&b, r);
        if (r->nenvs) {
            sb_c(&b, ", in ");
            put_envs(&b, r);
        }
        sb_c(&b, drift_rule_is_over(r, now) ? ", EXPIRED" : "");
        put_why(&b, r);
    }
    put_lines(&safe, sb_view(&b));
    return context_write(ctx, STR("-"), sb_view(&safe), true, e);
}

/* What is asked about, and of which environment. */
struct question {
    struct context *ctx;
    const struct config_env *env;
    struct str object, now;
    const struct engine *eng;
};

/* One rule and one object; *taken is the rule that surely takes it, so that no later one is asked.
 */
static void put_rule(const struct question *q, const struct ignore_rule *r, struct str path,
                     const struct ignore_rule **taken, struct strbuf *b)
{
    sb_c(b, "    ");
    put_place(b, r);
    sb_printf(b, "  %.*s  ", STR_ARG(r->match));
    if (!drift_rule_fits(q->eng, r, path, q->ctx->mem)) {
        sb_c(b, "is for other objects\n");
    } else if (!drift_rule_is_for(r, q->env->name)) {
        sb_c(b, "is for ");
        put_envs(b, r);
        sb_c(b, " alone\n");
    } else if (drift_rule_is_over(r, q->now)) {
        sb_printf(b, "has expired: %.*s was its last day\n", STR_ARG(r->expires));
    } else if (*taken) {
        sb_c(b, "is not asked: ");
        put_place(b, *taken);
        sb_c(b, " comes first\n");
    } else {
        sb_c(b, "lets it pass");
        put_conditions(b, r);
        put_why(b, r);
        *taken = r->facets || r->ops || r->most ? NULL : r;
    }
}

static void put_object(const struct question *q, const struct obj *o, struct strbuf *out)
{
    const struct config *c = &q->ctx->config;
    const struct ignore_rule *taken = NULL;
    struct strbuf b = sb_new(q->ctx->mem, 0);
    obj_human(&b, o);
    sb_printf(&b, " in %.*s\n", STR_ARG(q->env->name));
    for (uint32_t i = 0; i < c->nignore; i++)
        put_rule(q, &c->ignore[i], o->path, &taken, &b);
    sb_c(&b, c->nignore ? "" : "    snap.yml has no rules\n");
    put_lines(out, sb_view(&b));
}

/* Whether the words mean the object: its path, KIND:NAME, "KIND NAME", or its name alone. */
static bool is_meant(const struct question *q, const struct obj *o)
{
    struct arena *mem = q->ctx->mem;
    struct str text = q->object, kind = path_kind(o->path);
    if (str_eq(text, o->path))
        return true;
    bool has_kind = str_starts(text, kind) && text.n > kind.n &&
                    (text.p[kind.n] == ':' || text.p[kind.n] == ' ');
    struct str name = has_kind ? str_from(text, kind.n + 1) : text;
    struct str pattern = arena_printf(mem, "%.*s:%.*s", STR_ARG(kind), STR_ARG(name));
    return pattern_names(q->eng, pattern, o->path, mem);
}

/* Explains the objects of one source that are meant; *n of them. */
static int explain_in(struct question *q, struct str source, struct strbuf *out, uint32_t *n,
                      struct err *e)
{
    struct context *ctx = q->ctx;
    struct source_spec spec;
    struct opened o = {0};
    unsigned facets;
    int rc = context_source(ctx, source, &spec, e) ||
                     context_open_one(ctx, &spec, true, &facets, &o, e) ||
                     source_catalog(&o, ctx->mem, e)
                 ? -1
                 : 0;
    q->eng = rc ? NULL : o.catalog->eng;
    for (uint32_t i = 0; !rc && i < o.catalog->n; i++) {
        struct arena_mark mark = arena_mark(ctx->mem);
        bool meant = is_meant(q, &o.catalog->v[i]);
        arena_release(ctx->mem, mark);
        if (meant) {
            put_object(q, &o.catalog->v[i], out);
            ++*n;
        }
    }
    source_close(&o);
    return rc;
}

/* The environment of --env, or the only one. */
static int find_env(struct question *q, struct err *e)
{
    const struct config *c = &q->ctx->config;
    struct str name = opt(q->ctx, OPT_ENV);
    if (!name.n && c->nenvs == 1)
        name = c->envs[0].name;
    q->env = name.n ? config_env(c, name) : NULL;
    if (q->env)
        return 0;
    if (name.n)
        return err_set(e, E_UNKNOWN_ENV, "snap.yml has no environment %.*s", STR_ARG(name));
    err_set(e, E_USAGE, "snap ignore explain: in which environment?");
    return err_hint(e, "--env names it");
}

static int explain(struct context *ctx, struct err *e)
{
    struct question q = {.ctx = ctx, .object = str_c(ctx->cmd.args[1])};
    struct strbuf out = sb_new(ctx->mem, 0);
    uint32_t n = 0;
    if (find_env(&q, e) || drift_now(ctx->mem, &q.now, e) ||
        explain_in(&q, q.env->name, &out, &n, e))
        return -1;
    /* what live has lost stands in the baseline alone */
    if (!n && q.env->drift.baseline.n && explain_in(&q, q.env->drift.baseline, &out, &n, e))
        return -1;
    if (n)
        return context_write(ctx, STR("-"), sb_view(&out), true, e);
    err_set(e, E_PATTERN_UNKNOWN, "%.*s holds no object %.*s", STR_ARG(q.env->name),
            STR_ARG(q.object));
    return err_hint(e, "a name is orders, table:orders, or a path of snap snapshot");
}

int cmd_ignore(struct context *ctx, struct err *e)
{
    struct str what = str_c(ctx->cmd.args[0]);
    if (str_is_null(ctx->config.path)) {
        err_set(e, E_NO_CONFIG, "there is no snap.yml here or above");
        return err_hint(e, "its section ignore: holds the rules; -c names another file");
    }
    if (str_eq(what, STR("list")) && ctx->cmd.nargs == 1)
        return list(ctx, e);
    if (str_eq(what, STR("explain")) && ctx->cmd.nargs == 2)
        return explain(ctx, e);
    err_set(e, E_USAGE, "snap ignore: list or explain OBJECT is wanted, not %.*s", STR_ARG(what));
    return err_hint(e, "snap ignore list; snap ignore explain table:orders --env prod");
}
