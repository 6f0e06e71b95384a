/* Opening what a command compares: both sides, aligned and in the same words. */

#include "cli/changelog_source.h"
#include "cli/tell.h"

#include <string.h>
#include <sys/stat.h>

const struct source *context_place(const struct context *ctx, const struct engine *eng)
{
    for (uint32_t i = 0; i < ctx->config.nscratch; i++)
        if (ctx->config.scratch[i].eng == eng && !str_is_null(ctx->config.scratch[i].url))
            return &ctx->scratch[i].live;
    return NULL;
}

static struct source_options options_of(const struct context *ctx, const struct engine *eng,
                                        unsigned facets)
{
    return (struct source_options){.engines = all_engines,
                                   .filter = &ctx->filter,
                                   .facets = facets,
                                   .timeout_ms = budget_timeout(ctx),
                                   .place = context_place(ctx, eng)};
}

/* `ahead` is what source_ahead has opened, `like` what a script is compared with, or NULL. */
static int open_with(struct context *ctx, struct source_spec *spec, unsigned facets,
                     struct session *ahead, const struct catalog *like, struct opened *out,
                     struct err *e)
{
    struct source_options so = options_of(ctx, spec->eng, facets);
    int64_t start = clock_ms();
    so.ahead = ahead;
    so.like = like;
    if (filter_check(&ctx->filter, spec->eng, e) || changelog_build(ctx, spec, facets, like, e) ||
        source_open(spec, &so, ctx->mem, out, e))
        return -1;
    say(ctx, "opened %.*s in %lld ms", STR_ARG(spec->label), (long long)(clock_ms() - start));
    return 0;
}

int context_open(struct context *ctx, struct source_spec *spec, unsigned facets, struct opened *out,
                 struct err *e)
{
    return open_with(ctx, spec, facets, NULL, NULL, out, e);
}

static int hint_engines(const struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    for (const struct engine *const *eng = all_engines; *eng; eng++)
        if ((*eng)->lang == LANG_SQL) /* what scripts of commands end with tells */
            sb_printf(&b, "%s%s:schema.sql", b.n ? " or " : "", (*eng)->name);
    return err_hint(e, "write the engine in front: %.*s", STR_ARG(sb_view(&b)));
}

/* A snapshot tells its engine only when it is opened; so does what git shows. */
static int settle_engines(struct context *ctx, struct sides *s, struct err *e)
{
    for (int i = 0; i < 2; i++) {
        struct source_spec *spec = &s->spec[i];
        bool file = spec->kind == SRC_SNAPSHOT || spec->kind == SRC_GIT;
        if (!file)
            continue;
        if (context_open(ctx, spec, 0, &s->opened[i], e))
            return -1;
        spec->eng = s->opened[i].stream->eng;
    }
    for (int i = 0; i < 2; i++)
        if (!s->spec[i].eng)
            s->spec[i].eng = s->spec[!i].eng;
    bool script = s->spec[0].kind == SRC_SCRIPT || s->spec[1].kind == SRC_SCRIPT;
    for (int i = 0; i < 2 && script && !all_engines[1]; i++)
        if (!s->spec[i].eng)
            s->spec[i].eng = all_engines[0]; /* the only one that this build has */
    if (!s->spec[0].eng) {
        err_set(e, E_ENGINE_UNCLEAR, "which engine are %.*s and %.*s for?",
                STR_ARG(s->spec[0].label), STR_ARG(s->spec[1].label));
        return hint_engines(ctx, e);
    }
    if (s->spec[0].eng != s->spec[1].eng)
        return err_set(e, E_ENGINE_MISMATCH, "%.*s is %s and %.*s is %s", STR_ARG(s->spec[0].label),
                       s->spec[0].eng->title, STR_ARG(s->spec[1].label), s->spec[1].eng->title);
    s->eng = s->spec[0].eng;
    return 0;
}

static int check_same(const struct sides *s, struct err *e)
{
    struct stat a, b;
    if (str_eq(s->spec[0].live.place, STR("-")) && str_eq(s->spec[1].live.place, STR("-")))
        return err_set(e, E_SAME_SOURCE, "both sides are standard input");
    if (!source_stat(&s->spec[0], &a) || !source_stat(&s->spec[1], &b) || a.st_ino != b.st_ino ||
        a.st_dev != b.st_dev)
        return 0;
    return err_set(e, E_SAME_SOURCE, "%.*s and %.*s are the same file", STR_ARG(s->spec[0].label),
                   STR_ARG(s->spec[1].label));
}

static bool is_read(const struct sides *s, int i)
{
    const struct opened *o = &s->opened[i];
    /* standard input is read once; its hashes are made anew where they count */
    return o->stream &&
           (o->stream->facets == s->facets ||
            ((o->reader || o->stream->liquibase) && str_eq(s->spec[i].live.place, STR("-"))));
}

/* Whether its facts are those of a scratch database that a script or a changelog makes. */
static bool is_made(const struct source_spec *spec)
{
    return spec->kind == SRC_SCRIPT || (spec->kind == SRC_CATALOG && !spec->catalog);
}

/* The other side of a script, which is opened first; NULL where it is one too. */
static int like_of(struct context *ctx, struct sides *s, int i, const struct catalog **like,
                   struct err *e)
{
    bool known = is_made(&s->spec[i]) && !is_made(&s->spec[!i]);
    *like = NULL;
    if (known && source_catalog(&s->opened[!i], ctx->mem, e))
        return -1;
    *like = known ? s->opened[!i].catalog : NULL;
    return 0;
}

/* The sides that are not read yet; of two live ones the second one's server answers while the first
 * one is read. */
static int open_sides(struct context *ctx, struct sides *s, struct err *e)
{
    struct source_options so = options_of(ctx, s->eng, s->facets);
    struct session *ahead[2] = {NULL, NULL};
    int rc = 0;
    if (s->spec[0].kind == SRC_LIVE && s->spec[1].kind == SRC_LIVE)
        rc = filter_check(&ctx->filter, s->eng, e) ||
             source_ahead(&s->spec[0], &so, ctx->mem, &ahead[0], e) ||
             source_ahead(&s->spec[1], &so, ctx->mem, &ahead[1], e);
    int first = is_made(&s->spec[0]);
    for (int k = 0; k < 2 && !rc; k++) {
        int i = k ? !first : first;
        struct session *mine = ahead[i];
        const struct catalog *like;
        if (is_read(s, i))
            continue;
        source_close(&s->opened[i]);
        ahead[i] = NULL;
        rc = like_of(ctx, s, i, &like, e) ||
             open_with(ctx, &s->spec[i], s->facets, mine, like, &s->opened[i], e);
    }
    for (int i = 0; i < 2; i++)
        if (ahead[i])
            s->eng->live->close(ahead[i]);
    return rc ? -1 : 0;
}

/* Servers of different versions write one schema down in different words: a report shows both as
 * the newer does; a plan is for FROM's server, so TO is put into that one's. */
static int restate(struct context *ctx, struct sides *s, struct err *e)
{
    bool first_older, plans = !(ctx->cmd.command->bit & (C_DIFF | C_DRIFT));
    struct catalog *cat;
    if (!verify_levels_differ(s->eng, s->opened[0].stream->version, s->opened[1].stream->version,
                              &first_older))
        return 0;
    int which = first_older && !plans ? 0 : 1;
    struct verify_options vo = context_verify(ctx, s);
    struct opened *one = &s->opened[which], *other = &s->opened[!which];
    if (source_catalog(one, ctx->mem, e) || source_catalog(other, ctx->mem, e) ||
        verify_restate(one->catalog, other->catalog, &vo, ctx->mem, &cat, e))
        return -1;
    one->catalog = cat;
    *one->stream = stream_of_catalog(cat, ctx->mem);
    return 0;
}

int context_align(struct context *ctx, struct sides *s, struct err *e)
{
    for (int i = 0; i < 2 && (s->facets & F_DATA); i++)
        if (source_rows(&s->opened[i], &ctx->filter.data, ctx->mem, e))
            return -1;
    if (source_align(&s->opened[0], &s->opened[1], ctx->mem, e) || context_complete(ctx, s, e) ||
        restate(ctx, s, e) || context_check_data(ctx, &s->opened[0], &s->opened[1], e))
        return -1;
    return context_check_filters(ctx, &s->opened[0], &s->opened[1], s->facets, e);
}

int context_sides(struct context *ctx, struct str from, struct str to, struct sides *out,
                  struct err *e)
{
    *out = (struct sides){0};
    if (context_source(ctx, from, &out->spec[0], e) || context_source(ctx, to, &out->spec[1], e) ||
        check_same(out, e) || context_check_outputs(ctx, e) || settle_engines(ctx, out, e) ||
        context_facets(ctx, out->eng, &out->facets, e) || open_sides(ctx, out, e))
        return -1;
    unsigned asked = out->facets;
    if (context_untold(ctx, &out->opened[0], &out->opened[1], &out->facets, e))
        return -1;
    bool file = out->opened[0].reader || out->opened[1].reader; /* hashed by the facets asked for */
    if (out->facets != asked && file && open_sides(ctx, out, e))
        return -1;
    return context_align(ctx, out, e);
}

int context_open_one(struct context *ctx, struct source_spec *spec, bool own, unsigned *facets,
                     struct opened *out, struct err *e)
{
    bool file = spec->kind == SRC_SNAPSHOT || spec->kind == SRC_GIT;
    if (file && context_open(ctx, spec, 0, out, e))
        return -1;
    const struct engine *eng = file ? out->stream->eng : spec->eng;
    if (!eng && !all_engines[1])
        eng = all_engines[0];
    if (!eng) {
        err_set(e, E_ENGINE_UNCLEAR, "which engine is %.*s for?", STR_ARG(spec->label));
        return hint_engines(ctx, e);
    }
    spec->eng = eng;
    if (context_facets(ctx, eng, facets, e))
        return -1;
    bool asked = !own || opt(ctx, OPT_FACETS).n || ctx->filter.data.n;
    if (file && (!asked || out->stream->facets == *facets))
        return 0;
    if (file && str_eq(spec->live.place, STR("-"))) {
        /* standard input is read once: its hashes are made anew */
        if (source_catalog(out, ctx->mem, e))
            return -1;
        out->catalog->facets = *facets;
        return cat_finish(out->catalog, e);
    }
    source_close(out);
    return context_open(ctx, spec, *facets, out, e) || context_untold(ctx, out, NULL, facets, e) ||
                   context_check_data(ctx, out, NULL, e)
               ? -1
               : 0;
}

void sides_close(struct sides *s)
{
    source_close(&s->opened[0]);
    source_close(&s->opened[1]);
}
