/* snap lint MASTER */

#include "cli/masters.h"

#include "changelog/lint.h"
#include "core/escape.h"

static void put_text(struct strbuf *out, const struct finding *f)
{
    esc_terminal(out, f->in->path);
    sb_printf(out, ":%u: %s: %s: ", f->line, f->error ? "error" : "warning", f->rule);
    esc_terminal(out, f->text);
    sb_char(out, '\n');
}

static void put_member(struct strbuf *out, const char *key, struct str value, const char *end)
{
    struct strbuf plain = sb_new(out->mem, 0);
    sb_printf(out, "\"%s\": ", key);
    esc_json(&plain, str_is_null(value) ? STR("") : value);
    esc_json_text(out, sb_view(&plain));
    sb_c(out, end);
}

static void put_json(struct strbuf *out, const struct master *m, const struct findings *all,
                     uint32_t errors)
{
    sb_printf(out, "{\"snap_lint\": 1, \"errors\": %u, \"warnings\": %u,\n\"findings\": [", errors,
              all->n - errors);
    for (uint32_t i = 0; i < all->n; i++) {
        const struct finding *f = &all->v[i];
        sb_c(out, i ? ",\n  {" : "\n  {");
        put_member(out, "file", f->in->path, ", ");
        sb_printf(out, "\"line\": %u, \"severity\": \"%s\", \"rule\": \"%s\", ", f->line,
                  f->error ? "error" : "warning", f->rule);
        put_member(out, "text", f->text, "}");
    }
    sb_c(out, "],\n\"changeSets\": [");
    for (uint32_t i = 0; i < m->n; i++) {
        const struct log_set *s = &m->sets[i];
        sb_c(out, i ? ",\n  {" : "\n  {");
        put_member(out, "id", s->id, ", ");
        put_member(out, "author", s->author, ", ");
        put_member(out, "path", s->file, ", ");
        put_member(out, "file", s->in->path, ", ");
        sb_printf(out, "\"line\": %u}", s->line);
    }
    sb_c(out, "]}\n");
}

static void put_all(struct strbuf *out, const struct context *ctx, const struct master *m,
                    const struct findings *all, uint32_t errors)
{
    uint32_t files = m->nfiles;
    for (uint32_t i = 0; i < all->n; i++)
        put_text(out, &all->v[i]);
    if (!ctx->quiet)
        sb_printf(out, "%u error%s, %u warning%s in %u changeSet%s of %u file%s\n", errors,
                  errors == 1 ? "" : "s", all->n - errors, all->n - errors == 1 ? "" : "s", m->n,
                  m->n == 1 ? "" : "s", files, files == 1 ? "" : "s");
}

int cmd_lint(struct context *ctx, struct err *e)
{
    struct master m;
    struct findings all = {0};
    struct strbuf dbms = sb_new(ctx->mem, 0), out = sb_new(ctx->mem, 0);
    struct str format = opt(ctx, OPT_FORMAT);
    uint32_t errors = 0;
    bool json = str_eq(format, STR("json"));
    if (format.n && !json && !str_eq(format, STR("text"))) {
        err_set(e, E_UNKNOWN_FORMAT, "snap lint has no format %.*s", STR_ARG(format));
        return err_hint(e, "formats: text, json");
    }
    for (size_t i = 0; all_engines[i]; i++)
        sb_printf(&dbms, "%s%s", i ? "," : "", all_engines[i]->dbms);
    if (context_no_database(ctx->cmd.args[0], e) ||
        context_master(ctx, str_c(ctx->cmd.args[0]), true, &m, e))
        return -1;
    log_lint(&m, sb_view(&dbms), ctx->mem, &all);
    for (uint32_t i = 0; i < all.n; i++)
        errors += all.v[i].error;
    if (json)
        put_json(&out, &m, &all, errors);
    else
        put_all(&out, ctx, &m, &all, errors);
    if (context_write(ctx, STR("-"), sb_view(&out), true, e))
        return -1;
    return errors || (all.n && opt_on(ctx, OPT_STRICT)) ? 1 : 0;
}
