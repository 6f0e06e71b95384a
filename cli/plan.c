/* The plan that turns FROM into TO, with the renames that the user has confirmed. */

#include "cli/context.h"

static bool split_rename(struct str text, struct str sep, struct rename_spec *out)
{
    size_t at = str_find(text, sep);
    if (at == text.n)
        return false;
    *out =
        (struct rename_spec){str_trim(str_sub(text, 0, at)), str_trim(str_from(text, at + sep.n))};
    return out->from.n && out->to.n;
}

int context_renames(struct context *ctx, const struct catalog *from, const struct catalog *to,
                    struct rename_list *out, struct err *e)
{
    const struct option_values *v = &ctx->cmd.given;
    VEC(struct rename_spec) list = {0};
    struct rename_spec one;
    for (uint32_t i = 0; i < v->n[OPT_RENAME]; i++) {
        if (!split_rename(v->v[OPT_RENAME][i], STR("="), &one))
            return err_set(e, E_BAD_VALUE, "--rename %.*s: want OLD=NEW",
                           STR_ARG(v->v[OPT_RENAME][i]));
        VEC_PUSH(ctx->mem, list, one);
    }
    for (uint32_t i = 0; i < ctx->config.nrenames; i++) {
        if (!split_rename(ctx->config.renames[i], STR("->"), &one))
            return err_set(e, E_BAD_VALUE, "%.*s: renames: %.*s: want OLD -> NEW",
                           STR_ARG(ctx->config.path), STR_ARG(ctx->config.renames[i]));
        if (verify_rename_applies(from, to, &one, ctx->mem))
            VEC_PUSH(ctx->mem, list, one);
    }
    *out = (struct rename_list){list.v, list.n};
    return 0;
}

/* Options that not every engine has a use for. */
static int check_forms(const struct context *ctx, const struct engine *eng, struct err *e)
{
    bool online = opt_on(ctx, OPT_ONLINE) && !eng->online_head;
    if (online || (opt_on(ctx, OPT_RECREATE) && !eng->recreates)) {
        err_set(e, E_USAGE, "%s: there are no such forms for %s",
                online ? "--online" : "--recreate", eng->title);
        return err_hint(e, "leave it out");
    }
    return 0;
}

int context_plan(struct context *ctx, struct sides *s, struct plan **plan, struct err *e)
{
    struct rename_list list;
    const struct catalog **states;
    struct plan_rename *renames;
    struct changes *changes;
    if (check_forms(ctx, s->eng, e))
        return -1;
    struct verify_options vo = context_verify(ctx, s);
    if (source_catalog(&s->opened[0], ctx->mem, e) || source_catalog(&s->opened[1], ctx->mem, e))
        return -1;
    for (int i = 0; i < 2; i++)
        if (s->opened[i].partial)
            return err_set(e, E_SCOPE_PARTIAL,
                           "%.*s was made with --include or --exclude of parts "
                           "of objects",
                           STR_ARG(s->spec[i].label));
    struct catalog *from = s->opened[0].catalog, *to = s->opened[1].catalog;
    if (context_renames(ctx, from, to, &list, e) ||
        verify_renames(from, &list, &vo, ctx->mem, &states, &renames, e) ||
        verify_renames_reach(to, &list, renames, ctx->mem, e) ||
        diff_catalogs(states[list.n], to, s->facets, ctx->mem, &changes, e) ||
        context_ledgers(ctx, changes, e))
        return -1;
    struct plan_request req = {.changes = changes,
                               .states = states,
                               .renames = renames,
                               .nrenames = list.n,
                               .to = to,
                               .facets = s->facets,
                               .online = opt_on(ctx, OPT_ONLINE),
                               .recreate = opt_on(ctx, OPT_RECREATE)};
    if (context_data_parents(from, ctx->mem, e) || context_data_parents(to, ctx->mem, e) ||
        context_backfill(ctx, from, to, &req, e))
        return -1;
    return plan_make(&req, ctx->mem, plan, e);
}
