/* What a source cannot tell. Facets: left out of the comparison by name, or the end of it where
 * they were asked for. Of Liquibase snapshots: taken from the other side. */

#include "cli/context.h"

/* The facets that --facets names, and does not take away. */
static unsigned asked_for(const struct context *ctx)
{
    struct str list = opt(ctx, OPT_FACETS), word;
    unsigned bits = 0;
    while (str_cut(&list, ',', &word)) {
        word = str_trim(word);
        bits |= facet_bit(str_starts(word, STR("+")) ? str_from(word, 1) : word);
    }
    return bits;
}

static bool holds_any(const struct opened *o, unsigned facets)
{
    for (uint32_t i = 0; o->catalog && i < o->catalog->n; i++)
        if (obj_in_facets(o->catalog->eng, &o->catalog->v[i], facets))
            return true;
    return !o->catalog;
}

/* `other`: what it is compared with, or NULL. */
static int untold(struct context *ctx, const struct opened *o, const struct opened *other,
                  unsigned missing, struct err *e)
{
    const struct catalog *cat = o->catalog;
    const char *facet = facet_name(missing & (~missing + 1));
    struct str why = cat && cat->unread.n ? cat->unread : STR("it does not hold the facet");
    struct str hint = cat ? cat->unread_hint : STR("");
    bool drift =
        ctx->cmd.command->bit == C_DRIFT && !(other && (missing & ~other->stream->captured));
    if ((missing & asked_for(ctx)) || (hint.n && drift)) {
        err_set(e, hint.n ? E_HIDDEN : E_FACET_MISSING, "%.*s: %s: %.*s", STR_ARG(o->stream->label),
                facet, STR_ARG(why));
        return hint.n ? err_hint(e, "%.*s", STR_ARG(hint))
                      : err_hint(e, "--facets -%s leaves them out", facet);
    }
    if (!hint.n && other && !holds_any(other, missing))
        return 0; /* neither side says anything */
    warn(ctx, "%.*s: %s is left out of the comparison: %.*s", STR_ARG(o->stream->label), facet,
         STR_ARG(why));
    if (hint.n)
        warn(ctx, "what would help: %.*s", STR_ARG(hint));
    return 0;
}

/* Hashes and fingerprint are over the facets compared. */
static int settle(struct context *ctx, struct opened *o, unsigned facets, struct err *e)
{
    if (!o->catalog || o->catalog->facets == facets)
        return 0;
    o->catalog->facets = facets;
    if (cat_finish(o->catalog, e))
        return -1;
    *o->stream = stream_of_catalog(o->catalog, ctx->mem);
    return 0;
}

int context_untold(struct context *ctx, struct opened *a, struct opened *b, unsigned *facets,
                   struct err *e)
{
    unsigned lacks[2] = {*facets & ~a->stream->captured, b ? *facets & ~b->stream->captured : 0};
    if (!(lacks[0] | lacks[1]))
        return 0;
    if ((lacks[0] && untold(ctx, a, b, lacks[0], e)) ||
        (lacks[1] && untold(ctx, b, a, lacks[1], e)))
        return -1;
    *facets &= ~(lacks[0] | lacks[1]);
    return settle(ctx, a, *facets, e) || (b && settle(ctx, b, *facets, e)) ? -1 : 0;
}

/* Where no server can tell, the words stay as Liquibase has them. */
static int in_server_words(struct context *ctx, struct sides *s, int i, struct err *e)
{
    struct verify_options vo = context_verify(ctx, s);
    struct catalog *said;
    if (s->eng->no_driver)
        return 0; /* nothing but snapshots is known of it: both sides have their words */
    if (!verify_liquibase(s->opened[i].catalog, s->opened[!i].catalog, &vo, ctx->mem, &said, e)) {
        s->opened[i].catalog = said ? said : s->opened[i].catalog;
        return 0;
    }
    if (e->code == E_INTERRUPTED || e->code == E_TIMEOUT)
        return -1;
    warn(ctx, "%.*s: its words are not those of a server: %s", STR_ARG(s->spec[i].label), e->msg);
    *e = (struct err){0};
    return 0;
}

int context_complete(struct context *ctx, struct sides *s, struct err *e)
{
    bool any = s->opened[0].stream->liquibase || s->opened[1].stream->liquibase;
    for (int i = 0; i < 2 && any; i++) {
        if (source_catalog(&s->opened[i], ctx->mem, e))
            return -1;
        s->opened[i].catalog->facets = s->facets;
        if (cat_finish(s->opened[i].catalog, e))
            return -1;
    }
    for (int i = 0; i < 2 && any; i++)
        if (source_complete(s->opened[i].catalog, s->opened[!i].catalog, ctx->mem, e))
            return -1;
    for (int i = 0; i < 2 && any; i++) {
        if (in_server_words(ctx, s, i, e))
            return -1;
        *s->opened[i].stream = stream_of_catalog(s->opened[i].catalog, ctx->mem);
    }
    return 0;
}
