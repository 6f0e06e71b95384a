/* snap infer SRC, snap infer FROM TO: what rows hold where no schema says it. */

#include "cli/context.h"

enum { DEFAULT_SAMPLE = 1000, MAX_REPORT = 1 << 28 };

struct looked {
    const struct engine *eng;
    struct str report;
};

static bool is_report(struct str text)
{
    return str_starts(text, STR("{\"snap_infer\":"));
}

/* A file that -o wrote; false: the source is something else. */
static bool read_report(struct context *ctx, struct str name, struct looked *out, struct err *e)
{
    struct err why;
    struct str text;
    (void)e;
    if (file_read(arena_cstr(ctx->mem, name), MAX_REPORT, ctx->mem, &text, &why) ||
        !is_report(text))
        return false;
    struct str rest = str_from(text, str_find(text, STR("\"engine\":\""))), word;
    rest = str_from(rest, sizeof "\"engine\":\"" - 1);
    word = str_sub(rest, 0, str_chr(rest, '"'));
    for (const struct engine *const *p = all_engines; *p; p++)
        if (str_eq_c(word, (*p)->name) && (*p)->infer)
            *out = (struct looked){*p, text};
    return out->eng != NULL;
}

/* It names the file; what is in it is told later. */
static int check_report(struct context *ctx, struct str name, const struct looked *side,
                        struct err *e)
{
    struct strbuf unused = sb_new(ctx->mem, 0);
    if (side->eng->infer->show(side->report, ctx->mem, &unused, e) == 0)
        return 0;
    err_wrap(e, "%.*s", STR_ARG(name));
    return err_hint(e, "snap infer SOURCE -o FILE writes it");
}

/* What holds rows and is not filtered out. */
static void find_paths(struct context *ctx, const struct catalog *cat, struct infer_want *want)
{
    struct str *paths = NEW_ARRAY(ctx->mem, struct str, cat->n);
    for (uint32_t i = 0; i < cat->n; i++)
        if (obj_holds_data(obj_kind(cat->eng, &cat->v[i]), &cat->v[i]) &&
            !(cat->v[i].flags & OBJ_IGNORED))
            paths[want->npaths++] = cat->v[i].path;
    want->paths = paths;
}

static int look(struct context *ctx, struct source_spec *spec, struct infer_want *want,
                struct looked *out, struct err *e)
{
    struct opened o = {0};
    struct session *session = NULL;
    struct strbuf report = sb_new(ctx->mem, 0);
    const struct live_ops *live = spec->eng->live;
    unsigned facets;
    int rc = context_open_one(ctx, spec, true, &facets, &o, e);
    if (!rc)
        rc = source_catalog(&o, ctx->mem, e);
    if (!rc)
        rc = context_check_filters(ctx, &o, NULL, facets, e);
    if (!rc) {
        struct source src = spec->live;
        src.timeout_ms = ctx->timeout_ms;
        find_paths(ctx, o.catalog, want);
        rc = live->open(&src, ctx->mem, &session, e);
    }
    if (!rc)
        rc = live->infer(session, want, ctx->mem, &report, e);
    live->close(session);
    source_close(&o);
    *out = (struct looked){spec->eng, sb_view(&report)};
    return rc;
}

static int open_side(struct context *ctx, struct str name, struct infer_want want,
                     struct looked *out, struct err *e)
{
    struct source_spec spec;
    *out = (struct looked){0};
    if (read_report(ctx, name, out, e))
        return check_report(ctx, name, out, e);
    if (context_source(ctx, name, &spec, e))
        return -1;
    if (spec.kind != SRC_LIVE || !spec.eng->infer) {
        err_set(e, E_USAGE, "%.*s: not a live database whose documents need no schema",
                STR_ARG(spec.label));
        return err_hint(e, "snap infer is for MongoDB, and for reports that it wrote with -o");
    }
    if (!spec.eng->live || !spec.eng->live->infer)
        return err_set(e, E_NO_CLIENT, "this build has no client library for %s", spec.eng->title);
    return look(ctx, &spec, &want, out, e);
}

static int find_want(const struct context *ctx, struct infer_want *want, bool *json, struct err *e)
{
    struct str n = opt(ctx, OPT_SAMPLE), format = opt(ctx, OPT_FORMAT);
    int64_t number = DEFAULT_SAMPLE;
    if (n.n && opt_on(ctx, OPT_CENSUS))
        return err_set(e, E_USAGE, "--sample and --census do not go together");
    if (n.n && (!str_int(n, &number) || number < 1))
        return err_set(e, E_BAD_VALUE, "--sample wants a number of rows, not %.*s", STR_ARG(n));
    *want = (struct infer_want){.sample = opt_on(ctx, OPT_CENSUS) ? 0 : (uint64_t)number};
    *json = str_eq(format, STR("json")) || (!format.n && opt(ctx, OPT_OUTPUT).n);
    if (!format.n || *json || str_eq(format, STR("text")))
        return 0;
    err_set(e, E_UNKNOWN_FORMAT, "snap infer has no format %.*s", STR_ARG(format));
    return err_hint(e, "formats: text, json");
}

/* Before a server is asked. */
static int check_two(const struct context *ctx, struct err *e)
{
    if (opt_on(ctx, OPT_PROPOSE_VALIDATOR))
        return err_set(e, E_USAGE, "--propose-validator wants one source");
    if (!str_eq(opt(ctx, OPT_FORMAT), STR("json")))
        return 0;
    err_set(e, E_USAGE, "--format json wants one source");
    return err_hint(e, "what differs between two is listed as text");
}

static int one(struct context *ctx, const struct looked *side, bool json, struct err *e)
{
    struct strbuf out = sb_new(ctx->mem, 0);
    if (opt_on(ctx, OPT_PROPOSE_VALIDATOR)) {
        if (side->eng->infer->propose(side->report, ctx->mem, &out, e))
            return -1;
    } else if (json) {
        sb_str(&out, side->report);
    } else if (side->eng->infer->show(side->report, ctx->mem, &out, e)) {
        return -1;
    }
    return context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&out), true, e);
}

static int two(struct context *ctx, const struct looked *sides, struct err *e)
{
    struct strbuf out = sb_new(ctx->mem, 0);
    uint32_t n = 0;
    struct str file = opt(ctx, OPT_OUTPUT);
    bool quiet = ctx->quiet && (!file.n || str_eq(file, STR("-")));
    if (sides[0].eng != sides[1].eng)
        return err_set(e, E_ENGINE_MISMATCH, "the sides are of %s and %s", sides[0].eng->title,
                       sides[1].eng->title);
    if (sides[0].eng->infer->compare(sides[0].report, sides[1].report, ctx->mem, &out, &n, e) ||
        (!quiet && context_write(ctx, file, sb_view(&out), true, e)))
        return -1;
    return n ? 1 : 0;
}

int cmd_infer(struct context *ctx, struct err *e)
{
    struct looked sides[2];
    struct infer_want want;
    bool json;
    if (find_want(ctx, &want, &json, e) || context_check_outputs(ctx, e) ||
        (ctx->cmd.nargs == 2 && check_two(ctx, e)))
        return -1;
    for (uint32_t i = 0; i < ctx->cmd.nargs; i++)
        if (open_side(ctx, str_c(ctx->cmd.args[i]), want, &sides[i], e))
            return -1;
    return ctx->cmd.nargs == 2 ? two(ctx, sides, e) : one(ctx, &sides[0], json, e);
}
