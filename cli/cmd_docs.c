/* snap docs SRC -o DIR: pages of a schema in a folder that belongs to them. */

#include "cli/folder.h"

static const struct folder_form folder = {
    ".snap-docs", "Pages that snap docs has made; it removes those that are no longer wanted.\n",
    "snap docs"};

struct job {
    struct context *ctx;
    const struct catalog *cat;
    const struct pages_form *form;
};

static int put_pages(void *arg, bool names, page_fn *put, void *ctx, struct err *e)
{
    const struct job *j = arg;
    (void)names;
    return pages_write(j->cat, j->form, j->ctx->mem, put, ctx, e);
}

static int run(struct context *ctx, struct source_spec *spec, const struct pages_form *form,
               struct opened *o, struct err *e)
{
    unsigned facets;
    if (context_open_one(ctx, spec, true, &facets, o, e) || source_catalog(o, ctx->mem, e) ||
        context_check_filters(ctx, o, NULL, facets, e) || context_ledger(ctx, o->catalog, e))
        return -1;
    if (o->catalog->nledger)
        warn(ctx, "%u objects are not modelled and have no page; the first is %.*s %.*s",
             o->catalog->nledger, STR_ARG(o->catalog->ledger[0].kind),
             STR_ARG(o->catalog->ledger[0].name));
    struct job job = {ctx, o->catalog, form};
    return folder_write(ctx, &folder, put_pages, &job, e);
}

int cmd_docs(struct context *ctx, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT);
    const struct pages_form *form = pages_find(name.n ? name : STR("html"));
    struct source_spec spec;
    struct opened o = {0};
    if (!form) {
        err_set(e, E_UNKNOWN_FORMAT, "snap docs has no format %.*s", STR_ARG(name));
        return err_hint(e, "formats: %s", pages_names);
    }
    if (folder_named(ctx, &folder, e) || context_source(ctx, str_c(ctx->cmd.args[0]), &spec, e))
        return -1;
    int rc = run(ctx, &spec, form, &o, e);
    source_close(&o);
    return rc;
}
