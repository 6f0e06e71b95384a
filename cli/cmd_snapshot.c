/* snap snapshot SRC -o FILE */

#include "cli/context.h"

#include <stdlib.h>
#include <string.h>

/* A schema as a script: the plan from nothing to it. */
static int as_script(struct context *ctx, const struct catalog *cat, const struct emitter *em,
                     struct str path, struct err *e)
{
    const struct catalog *empty = cat_new(ctx->mem, cat->eng, cat->facets, STR("empty"));
    struct changes *changes;
    struct plan *plan;
    struct strbuf out = sb_new(ctx->mem, 0);
    ((struct catalog *)(uintptr_t)empty)->captured = ~0u;
    if (em->use & EMIT_PICTURE) {
        struct emit_in whole = {.mem = ctx->mem, .to = cat};
        if (cat->nledger)
            warn(ctx, "%u objects are not modelled and not in the picture; the first is %.*s %.*s",
                 cat->nledger, STR_ARG(cat->ledger[0].kind), STR_ARG(cat->ledger[0].name));
        if (em->run(&whole, &out, NULL, e))
            return -1;
        return context_write(ctx, path, sb_view(&out), false, e);
    }
    if (emitter_fits(em, cat->eng, e))
        return -1;
    if (cat->nledger)
        return err_set(e, E_UNMODELLED, "a script of %.*s would lack %.*s %.*s (%.*s)",
                       STR_ARG(cat->label), STR_ARG(cat->ledger[0].kind),
                       STR_ARG(cat->ledger[0].name), STR_ARG(cat->ledger[0].why));
    if (diff_catalogs(empty, cat, cat->facets, ctx->mem, &changes, e))
        return -1;
    struct plan_request req = {
        .changes = changes, .states = &empty, .to = cat, .facets = cat->facets};
    struct emit_in in = {.mem = ctx->mem, .changes = changes};
    if (plan_make(&req, ctx->mem, &plan, e))
        return -1;
    in.plan = plan;
    if (em->run(&in, &out, NULL, e))
        return -1;
    return context_write(ctx, path, sb_view(&out), false, e);
}

/* The form that Liquibase takes as offline:ENGINE?snapshot=FILE. */
static bool is_liquibase(struct str format)
{
    return str_eq(format, STR("liquibase-json")) || str_eq(format, STR("liquibase-yaml"));
}

static int as_liquibase(struct context *ctx, const struct catalog *cat, struct str path,
                        struct err *e)
{
    struct strbuf out = sb_new(ctx->mem, 0), lacks = sb_new(ctx->mem, 0);
    bool yaml = str_eq(opt(ctx, OPT_FORMAT), STR("liquibase-yaml"));
    if (liquibase_write(cat, yaml, ctx->mem, &out, &lacks, e) ||
        context_write(ctx, path, sb_view(&out), false, e))
        return -1;
    if (lacks.n && !ctx->quiet)
        fprintf(stderr,
                "Liquibase's form has no words for %.*s; metadata.snap holds them for snap\n",
                STR_ARG(sb_view(&lacks)));
    return 0;
}

static int write_snapshot(struct context *ctx, const struct catalog *cat, struct str path,
                          struct err *e)
{
    struct out *o;
    const char *file = path.n ? arena_cstr(ctx->mem, path) : "-";
    if (context_check_output(ctx, path, opt_on(ctx, OPT_REFRESH), e))
        return -1;
    int rc = out_open(ctx->mem, file, &o, e);
    if (!rc)
        rc = snapshot_write(cat, o, e);
    if (!rc)
        rc = out_commit(o, e);
    out_abort(o);
    return rc;
}

static int refresh(struct context *ctx, const struct source_spec *spec, struct err *e)
{
    struct str text;
    struct catalog *cat;
    if (spec->kind != SRC_SNAPSHOT || str_eq(spec->live.place, STR("-")))
        return err_set(e, E_USAGE, "--refresh wants a snapshot file, not %.*s",
                       STR_ARG(spec->label));
    if (file_read(arena_cstr(ctx->mem, spec->live.place), (size_t)1 << 30, ctx->mem, &text, e) ||
        snapshot_read_lenient(text, spec->label, all_engines, ctx->mem, &cat, e))
        return -1;
    return write_snapshot(ctx, cat, opt(ctx, OPT_OUTPUT), e);
}

int snapshot_format(struct context *ctx, const struct emitter **em, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT), file = opt(ctx, OPT_OUTPUT);
    struct strbuf names = sb_new(ctx->mem, 0);
    *em = NULL;
    if (is_liquibase(name))
        return 0;
    bool snapshot = !name.n || str_eq(name, STR("json"));
    const struct emitter *other = emitter_by_ext(file, EMIT_DIFF | EMIT_CHANGELOG);
    *em = name.n ? emitter_find(name, EMIT_SNAPSHOT | EMIT_PICTURE)
                 : emitter_by_ext(file, EMIT_SNAPSHOT | EMIT_PICTURE);
    if (*em || (snapshot && (name.n || !other || str_ends(file, STR(".json")))))
        return 0;
    if (snapshot) {
        err_set(e, E_UNKNOWN_FORMAT, "the ending of %.*s tells no format of snap %s", STR_ARG(file),
                ctx->cmd.command->name);
        return err_hint(e, "-f json writes a snapshot there whatever its ending");
    }
    emitter_names(&names, EMIT_SNAPSHOT | EMIT_PICTURE);
    err_set(e, E_UNKNOWN_FORMAT, "snap %s has no format %.*s", ctx->cmd.command->name,
            STR_ARG(name));
    return err_hint(e, "formats: json (the snapshot format), liquibase-json, liquibase-yaml, %.*s",
                    STR_ARG(sb_view(&names)));
}

int snapshot_as(struct context *ctx, const struct catalog *cat, const struct emitter *em,
                struct err *e)
{
    struct str path = opt(ctx, OPT_OUTPUT);
    if (em)
        return as_script(ctx, cat, em, path, e);
    if (is_liquibase(opt(ctx, OPT_FORMAT)))
        return as_liquibase(ctx, cat, path, e);
    return write_snapshot(ctx, cat, path, e);
}

static int run(struct context *ctx, struct source_spec *spec, struct opened *o,
               const struct emitter *em, struct err *e)
{
    unsigned facets;
    if (context_open_one(ctx, spec, true, &facets, o, e) || source_catalog(o, ctx->mem, e) ||
        context_check_filters(ctx, o, NULL, facets, e))
        return -1;
    bool filtered = ctx->filter.ninclude || ctx->filter.nexclude;
    if (filtered && (o->scope.ninclude || o->scope.nexclude))
        return err_set(e, E_SCOPE_PARTIAL, "%.*s was made with --include or --exclude already",
                       STR_ARG(spec->label));
    if (context_ledger(ctx, o->catalog, e) || snapshot_as(ctx, o->catalog, em, e))
        return -1;
    if (!em && !is_liquibase(opt(ctx, OPT_FORMAT)))
        say(ctx, "%u facts", o->catalog->n);
    return 0;
}

int cmd_snapshot(struct context *ctx, struct err *e)
{
    struct str text = opt(ctx, OPT_URL);
    struct source_spec spec;
    struct opened o = {0};
    const struct emitter *em;
    if (str_is_null(text) == (ctx->cmd.nargs == 0))
        return err_set(e, E_USAGE, "snap snapshot: name one source, as argument or with --url");
    text = ctx->cmd.nargs ? str_c(ctx->cmd.args[0]) : text;
    if (snapshot_format(ctx, &em, e) || context_source(ctx, text, &spec, e) ||
        context_check_outputs(ctx, e))
        return -1;
    if (opt_on(ctx, OPT_REFRESH))
        return refresh(ctx, &spec, e);
    int rc = run(ctx, &spec, &o, em, e);
    source_close(&o);
    return rc;
}
