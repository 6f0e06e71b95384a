/* A changelog as a source. Files are replayed one after the other, each as a whole: one that has
 * changeSets of its own and includes others is refused. */

#include "cli/changelog_source.h"

#include <string.h>

#include "changelog/changelog.h"
#include "cli/masters.h"
#include "cli/tell.h"

#define PREFIX "changelog:"

bool changelog_is_source(struct str text)
{
    return str_starts(text, STR(PREFIX));
}

int changelog_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e)
{
    *out = (struct source_spec){.kind = SRC_CATALOG, .label = arena_str(ctx->mem, text)};
    out->live.text = out->label;
    out->path = str_from(out->label, strlen(PREFIX));
    if (out->path.n)
        return 0;
    err_set(e, E_BAD_VALUE, "%.*s names no file", STR_ARG(text));
    return err_hint(e, "write changelog:db/changelog.yaml");
}

/* The files that hold changeSets, in the order in which these run. */
static int files_of(const struct master *m, struct arena *mem, const struct log_file ***out,
                    uint32_t *n, struct err *e)
{
    const struct log_file **files = NEW_ARRAY(mem, const struct log_file *, m->n);
    *n = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        const struct log_set *s = &m->sets[i];
        if (s->contexts.n)
            return err_set(e, E_CHANGELOG_FOREIGN, "%.*s line %u: a changeSet of contexts %.*s",
                           STR_ARG(s->in->path), s->line, STR_ARG(s->contexts));
        if (*n && files[*n - 1] == s->in)
            continue;
        for (uint32_t k = 0; k < *n; k++)
            if (files[k] == s->in)
                return err_set(e, E_CHANGELOG_FOREIGN,
                               "%.*s line %u: an include stands between changeSets",
                               STR_ARG(s->in->path), s->line);
        files[(*n)++] = s->in;
    }
    *out = files;
    return 0;
}

static int run(const struct engine *eng, struct session *s, const struct replay *replay,
               struct err *e)
{
    for (uint32_t i = 0; i < replay->n; i++)
        for (uint32_t k = 0; k < replay->v[i].nfwd; k++)
            if (eng->live->exec(s, &replay->v[i].fwd[k], e))
                return err_wrap(e, "changeSet %.*s", STR_ARG(replay->v[i].id));
    return 0;
}

static int run_files(struct context *ctx, const struct engine *eng, struct session *s,
                     const struct source_spec *spec, struct err *e)
{
    struct master m;
    const struct log_file **files = NULL;
    uint32_t n;
    if (context_master(ctx, spec->path, false, &m, e) || files_of(&m, ctx->mem, &files, &n, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        struct replay replay;
        if (changelog_read(files[i]->doc.text, STR_NULL, files[i]->path, eng, ctx->mem, &replay,
                           e) ||
            run(eng, s, &replay, e))
            return -1;
    }
    return 0;
}

int changelog_build(struct context *ctx, struct source_spec *spec, unsigned facets,
                    const struct catalog *like, struct err *e)
{
    const struct engine *eng = spec->eng;
    struct scratch_want want = {
        .timeout_ms = budget_timeout(ctx), .place = context_place(ctx, eng), .like = like};
    struct scope scope = {.facets = facets, .data = ctx->filter.data};
    struct session *s = NULL;
    if (spec->kind != SRC_CATALOG || spec->catalog)
        return 0;
    if (!eng->live)
        return err_set(e, E_NO_CLIENT, "this build has no client library for %s, and %.*s is run",
                       eng->title, STR_ARG(spec->label));
    struct catalog *cat = cat_new(ctx->mem, eng, facets, spec->label);
    int rc = eng->live->scratch(&want, ctx->mem, &s, e);
    if (!rc)
        rc = run_files(ctx, eng, s, spec, e);
    if (!rc)
        rc = eng->live->introspect(s, &scope, cat, e);
    eng->live->close(s);
    if (!rc)
        rc = cat_finish(cat, e);
    if (!rc)
        spec->catalog = cat;
    return rc;
}
