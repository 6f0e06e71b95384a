/* snap verify CHANGES --from SRC [--to SRC] */

#include "cli/context.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

enum { MAX_CHANGELOG = 256 << 20 };

static int read_changes(struct context *ctx, const struct engine *eng, struct replay *out,
                        struct err *e)
{
    const char *path = ctx->cmd.args[0];
    struct str text, back = STR_NULL, rollback = opt(ctx, OPT_ROLLBACK);
    struct err none;
    if (context_no_database(path, &none))
        return err_set(e, E_CHANGELOG_SYNTAX, "%s is a database and no changelog", path);
    if (file_read(path, MAX_CHANGELOG, ctx->mem, &text, e))
        return -1;
    if (rollback.n && file_read(arena_cstr(ctx->mem, rollback), MAX_CHANGELOG, ctx->mem, &back, e))
        return -1;
    if (changelog_read(text, back, str_c(path), eng, ctx->mem, out, e))
        return -1;
    /* a script is one step, named by its file */
    bool script = out->n == 1 && str_eq_c(out->v[0].id, path);
    if (!script || rollback.n)
        return 0;
    err_set(e, E_USAGE, "%s is a script: --rollback is wanted with it", path);
    const char *ext = engine_script_ext(eng);
    return err_hint(e, "snap verify up%s --rollback down%s --from SRC", ext, ext);
}

static int open_sides(struct context *ctx, struct sides *s, bool *has_to, struct err *e)
{
    struct str to = opt(ctx, OPT_TO);
    *has_to = to.n > 0;
    if (*has_to)
        return context_sides(ctx, opt(ctx, OPT_FROM), to, s, e);
    *s = (struct sides){0};
    if (context_source(ctx, opt(ctx, OPT_FROM), &s->spec[0], e))
        return -1;
    if (context_open_one(ctx, &s->spec[0], false, &s->facets, &s->opened[0], e))
        return -1;
    return context_check_filters(ctx, &s->opened[0], NULL, s->facets, e);
}

static int run(struct context *ctx, struct sides *s, bool has_to, struct err *e)
{
    struct replay replay;
    struct verify_report r;
    if (source_catalog(&s->opened[0], ctx->mem, e) ||
        (has_to && source_catalog(&s->opened[1], ctx->mem, e)))
        return -1;
    struct catalog *from = s->opened[0].catalog, *to = has_to ? s->opened[1].catalog : NULL;
    if (read_changes(ctx, from->eng, &replay, e))
        return -1;
    struct verify_options vo = context_verify(ctx, s);
    if (verify_replay(&replay, from, to, &vo, ctx->mem, &r, e)) {
        if (e->code == E_VERIFY_FAILED)
            err_hint(e, "the changelog does not do, or undo, what it should");
        return -1;
    }
    if (ctx->quiet)
        return 0;
    struct strbuf b = sb_new(ctx->mem, 0), safe = sb_new(ctx->mem, 0);
    sb_printf(&b, "%s: %u step%s applied, each undone and applied again, all undone",
              ctx->cmd.args[0], r.steps, r.steps == 1 ? "" : "s");
    if (r.data_dependent)
        sb_printf(&b, "; %u needed empty tables", r.data_dependent);
    esc_terminal(&safe, sb_view(&b));
    sb_cut(&b, 0);
    if (to) {
        sb_char(&safe, '\n');
        sb_printf(&b, "reaches %.*s", STR_ARG(s->spec[1].label));
    }
    sb_c(&b, ", fingerprint ");
    hash_hex(&b, r.fingerprint, 8);
    esc_terminal(&safe, sb_view(&b));
    sb_char(&safe, '\n');
    return context_write(ctx, STR("-"), sb_view(&safe), false, e);
}

int cmd_verify(struct context *ctx, struct err *e)
{
    struct sides s = {0};
    bool has_to;
    if (!opt(ctx, OPT_FROM).n) {
        err_set(e, E_USAGE, "snap verify: --from is wanted");
        return err_hint(e, "snap verify changelog.yaml --from prod --to dev");
    }
    int rc = open_sides(ctx, &s, &has_to, e) ? -1 : run(ctx, &s, has_to, e);
    sides_close(&s);
    return rc;
}
