/* snap explain FROM TO: what the plan does to a database while it runs. */

#include <stdlib.h>

#include "cli/context.h"

static int by_path(const void *a, const void *b)
{
    const struct rel_size *x = a, *y = b;
    return path_cmp(x->path, y->path);
}

/* The sizes of what is touched, where FROM is a database that can be asked. */
static int ask_sizes(struct context *ctx, const struct sides *s, struct explain *in, struct err *e)
{
    const struct live_ops *live = s->eng->live;
    const struct plan *p = in->plan;
    struct session *session = NULL;
    uint32_t all = 0, n = 0, kept = 0;
    if (s->spec[0].kind != SRC_LIVE || !live || !live->sizes)
        return 0;
    for (uint32_t i = 0; i < p->n; i++)
        all += p->v[i].nfx;
    struct rel_size *v = NEW_ARRAY(ctx->mem, struct rel_size, all + 1);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nfx; k++)
            v[n++].path = p->v[i].fx[k].path;
    qsort(v, n, sizeof *v, by_path);
    for (uint32_t i = 0; i < n; i++)
        if (!kept || !str_eq(v[kept - 1].path, v[i].path))
            v[kept++] = v[i];
    struct source src = s->spec[0].live;
    src.timeout_ms = ctx->timeout_ms;
    int rc = live->open(&src, ctx->mem, &session, e);
    if (!rc)
        rc = live->sizes(session, v, kept, e);
    live->close(session);
    in->sizes = v;
    in->nsizes = kept;
    return rc;
}

static int find_format(const struct context *ctx, bool *json, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT);
    *json = str_eq(name, STR("json"));
    if (!name.n || *json || str_eq(name, STR("text")))
        return 0;
    err_set(e, E_UNKNOWN_FORMAT, "snap explain has no format %.*s", STR_ARG(name));
    return err_hint(e, "formats: text, json");
}

static int run(struct context *ctx, struct sides *s, bool json, struct err *e)
{
    struct plan *plan;
    struct strbuf out = sb_new(ctx->mem, 0);
    uint32_t differ = 0;
    if (context_plan(ctx, s, &plan, e))
        return -1;
    struct explain in = {.mem = ctx->mem, .plan = plan};
    struct verify_options vo = context_verify(ctx, s);
    struct probed *probed = NULL;
    if (ask_sizes(ctx, s, &in, e) ||
        (opt_on(ctx, OPT_PROBE) && verify_probe(plan, s->opened[0].catalog, s->opened[1].catalog,
                                                &vo, ctx->mem, &probed, &differ, e)))
        return -1;
    in.probed = probed;
    (json ? explain_json : explain_text)(&in, &out);
    if (context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&out), true, e))
        return -1;
    if (!differ)
        return 0;
    return err_set(e, E_PROBE_DIFFERS, "%u of %u steps did something else than foretold", differ,
                   plan->n);
}

int cmd_explain(struct context *ctx, struct err *e)
{
    struct str from, to;
    struct sides s = {0};
    bool json;
    if (find_format(ctx, &json, e) || context_from_to(ctx, &from, &to, e))
        return -1;
    int rc = context_sides(ctx, from, to, &s, e) ? -1 : run(ctx, &s, json, e);
    sides_close(&s);
    return rc;
}
