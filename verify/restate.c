/*
 * Sides of different server versions: one of them is made on a scratch server of the other's
 * version and read back, so that both are in one server's words before they are compared.
 */

#include "verify/internal.h"

#include "core/version.h"

static unsigned level_of(const struct catalog *cat)
{
    return cat->eng->level ? cat->eng->level(cat->version) : 0;
}

/* Attributes that a server of that level cannot tell are taken to be what the other side has. */
static void take_untold(struct catalog *cat, const struct catalog *other, unsigned level,
                        struct arena *mem)
{
    const struct engine *eng = cat->eng;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        const struct obj *twin = cat_find(other, o->path);
        const struct kind_desc *kind = obj_kind(eng, o);
        for (size_t k = 0; twin && k < kind->nattrs; k++) {
            const char *name = kind->attrs[k].name;
            if (!eng->tells(level, kind, &kind->attrs[k]) &&
                !str_eq(obj_raw(o, name), obj_raw(twin, name)))
                o->a = obj_with(mem, eng, o, name, obj_raw(twin, name));
        }
    }
}

/* The same side: its name, what is left out of it, what is not modelled in it. */
static int dress(struct catalog *cat, const struct catalog *was, const struct catalog *like,
                 struct arena *mem, struct err *e)
{
    cat->label = was->label;
    cat->scope = was->scope;
    cat->captured = was->captured;
    cat->ledger = was->ledger;
    cat->nledger = was->nledger;
    cat->version = version_as(mem, was->version, like->version);
    if (cat->eng->tells && level_of(was) < level_of(like))
        take_untold(cat, like, level_of(was), mem);
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *old = cat_find(was, cat->v[i].path);
        if (old)
            cat->v[i].flags |= old->flags & OBJ_IGNORED;
    }
    return cat_finish(cat, e);
}

/* What was made holds the same objects as what was wanted; their words may differ. */
static int same_paths(const struct catalog *want, const struct catalog *got, struct arena *mem,
                      struct err *e)
{
    struct changes *c;
    if (diff_catalogs(want, got, want->facets, mem, &c, e))
        return -1;
    for (uint32_t i = 0; i < c->n; i++) {
        struct strbuf name = sb_new(mem, 0);
        if (c->v[i].op == OP_ALTER)
            continue;
        obj_human(&name, change_obj(&c->v[i]));
        return err_set(e, E_CANNOT_COMPARE, "%.*s on %.*s: %.*s %s", STR_ARG(want->label),
                       STR_ARG(got->version), STR_ARG(sb_view(&name)),
                       c->v[i].op == OP_ADD ? "comes with it" : "is lost");
    }
    return 0;
}

/* A text that each server writes in its own words. */
static const struct attr_change *wording(const struct change *c)
{
    for (uint32_t i = 0; i < c->nattrs; i++) {
        enum attr_type type = c->attrs[i].attr->type;
        if (type == A_EXPR || type == A_BODY || type == A_TYPE)
            return &c->attrs[i];
    }
    return NULL;
}

/* Without a scratch server of the version: words that are equal are the same; where they differ,
 * nobody can tell. */
static int by_words(const struct changes *c, const struct catalog *like, struct err *why,
                    struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < c->n; i++) {
        struct strbuf name = sb_new(mem, 0);
        if (!wording(&c->v[i]))
            continue;
        char words[400];
        snprintf(words, sizeof words, "%.399s", why->msg);
        obj_human(&name, change_obj(&c->v[i]));
        err_set(e, E_CANNOT_COMPARE,
                "%.*s: %s is written differently by the two servers, and cannot be written down by "
                "%.*s: %s",
                STR_ARG(sb_view(&name)), wording(&c->v[i])->attr->name, STR_ARG(like->version),
                words);
        return -1;
    }
    return 0;
}

/* Made on a scratch server and read back; *built: such a server was there. */
static int remake(struct catalog *want, const struct catalog *like,
                  const struct verify_options *opt, struct arena *mem, bool *built,
                  struct catalog **out, struct err *e)
{
    const struct engine *eng = want->eng;
    struct scratch_want place = {.from = want, .timeout_ms = opt->timeout_ms, .place = opt->place};
    struct session *s = NULL;
    *built = false;
    int rc = eng->live->scratch(&place, mem, &s, e);
    if (!rc) {
        rc = scratch_fill(want, s, opt, mem, built, e);
        if (!rc)
            rc = scratch_read(eng, s, opt, NULL, 0, true, mem, out, e);
        *built = *built || !rc;
    }
    if (!rc && level_of(*out) != level_of(like)) {
        *built = false;
        rc = err_set(e, E_CANNOT_VERIFY, "no server of the version of %.*s is installed",
                     STR_ARG(like->version));
    }
    eng->live->close(s);
    return rc;
}

int verify_restate(const struct catalog *cat, const struct catalog *like,
                   const struct verify_options *opt, struct arena *mem, struct catalog **out,
                   struct err *e)
{
    struct catalog *want = cat_unfiltered(cat, mem), *plain;
    struct changes *c;
    struct err why;
    bool built;
    cat->eng->carry(want, like, mem);
    want->version = like->version;
    plain = cat_unfiltered(want, mem);
    if (dress(plain, cat, like, mem, e) || diff_catalogs(plain, like, opt->facets, mem, &c, e))
        return -1;
    *out = plain;
    if (!c->n || cat->eng->carries)
        return 0; /* the same words, or differences */
    if (cat->eng->live && cat_finish(want, e))
        return -1;
    if (!cat->eng->live)
        err_set(&why, E_NO_CLIENT, "this build has no client library for %s", cat->eng->title);
    else if (remake(want, like, opt, mem, &built, out, &why) == 0)
        return same_paths(want, *out, mem, e) || dress(*out, cat, like, mem, e) ? -1 : 0;
    else if (built)
        return err_set(e, level_of(cat) > level_of(like) ? E_UNSUPPORTED_CHANGE : E_CANNOT_COMPARE,
                       "%.*s for a server of the version of %.*s: %s", STR_ARG(cat->label),
                       STR_ARG(like->version), why.msg);
    else if (why.code != E_CANNOT_VERIFY && why.code != E_VERIFY_FAILED) {
        *e = why;
        return -1;
    }
    *out = plain;
    return by_words(c, like, &why, mem, e);
}

bool verify_levels_differ(const struct engine *eng, struct str a, struct str b, bool *first_older)
{
    unsigned x = eng->level ? eng->level(a) : 0, y = eng->level ? eng->level(b) : 0;
    *first_older = x < y;
    return x && y && x != y;
}
