/* The plan that turns FROM into TO, with the renames that the user has confirmed. */

#include "cli/context.h"

int context_plan(struct context *ctx, struct sides *s, struct plan **plan, struct err *e)
{
    struct rename_list list;
    const struct catalog **states;
    struct plan_rename *renames;
    struct changes *changes;
    bool online = opt_on(ctx, OPT_ONLINE);
    if (online && !s->eng->online_head) {
        err_set(e, E_USAGE, "--online: there are no such forms for %s", s->eng->title);
        return err_hint(e, "leave it out");
    }
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
    struct plan_request req = {changes, states, renames, list.n, to, s->facets, online};
    return plan_make(&req, ctx->mem, plan, e);
}
