/* What of a catalog has a form in Liquibase's snapshots; see liquibase_form.h. */

#include "snapshot/liquibase_form.h"

#include <string.h>

struct said *form_of(const struct writing *w, const struct obj *o)
{
    return &w->said[o - w->cat->v];
}

void form_rest(struct writing *w)
{
    arena_release(w->mem, w->empty);
}

bool form_plain(struct str text)
{
    size_t at = str_find(text, STR("!{"));
    if (at < text.n && str_find(str_from(text, at), STR("}")) < text.n - at)
        return false;
    return !str_starts(text, STR("liquibase.")) && !str_starts(text, STR("com.datical."));
}

struct str form_schema(struct writing *w, struct str path)
{
    struct str first = path;
    for (struct str up = path_parent(first); up.n; up = path_parent(up))
        first = up;
    return str_eq(path_kind(first), STR("schema")) ? path_name(w->mem, first) : STR_NULL;
}

struct lb_words form_words(struct writing *w, const struct obj *o, const struct relation *r)
{
    struct lb_words words = {.counts = r->counts};
    if (w->cat->eng->to_liquibase)
        w->cat->eng->to_liquibase(w->cat, o, r, w->mem, &words);
    return words;
}

const struct obj *form_column(struct writing *w, struct str table, struct str name)
{
    return cat_find(w->cat, path_join(w->mem, table, STR("column"), name));
}

bool form_has(const struct writing *w, const struct obj *o)
{
    return o && form_of(w, o)->form;
}

const struct obj **form_target(struct writing *w, const struct relation *r, uint32_t *n)
{
    const struct obj *table = r->ref.n ? cat_find(w->cat, r->ref) : NULL;
    const struct obj **v = NEW_ARRAY(w->mem, const struct obj *, r->nref + r->nterms);
    *n = 0;
    for (uint32_t i = 0; table && i < r->nref; i++)
        v[(*n)++] = form_column(w, r->ref, r->ref_columns[i]);
    for (const struct obj *o = table;
         o && !r->nref && o < w->cat->v + w->cat->n && path_within(o->path, table->path); o++) {
        const struct relation *key = &form_of(w, o)->r;
        for (uint32_t i = 0;
             key->role == ROLE_PRIMARY_KEY && key->nterms == r->nterms && i < key->nterms; i++)
            v[(*n)++] = form_column(w, r->ref, key->terms[i].column);
    }
    for (uint32_t i = 0; i < *n; i++)
        if (!form_has(w, v[i]))
            return NULL;
    return *n == r->nterms && *n ? v : NULL;
}

/* Whether an object of this role has a form; its name must have one, too, and what it lies in. */
static bool find_form(struct writing *w, const struct obj *o)
{
    static const unsigned parts = 1u << ROLE_COLUMN | 1u << ROLE_PRIMARY_KEY | 1u << ROLE_UNIQUE |
                                  1u << ROLE_INDEX | 1u << ROLE_FOREIGN_KEY;
    const struct said *s = form_of(w, o);
    const struct relation *r = &s->r;
    struct str schema = form_schema(w, o->path);
    if ((o->flags & OBJ_IGNORED) || s->left_out || (!str_is_null(r->name) && !form_plain(r->name)))
        return false;
    if (r->role == ROLE_TABLE || r->role == ROLE_VIEW || r->role == ROLE_SEQUENCE)
        return str_is_null(schema) || form_plain(schema);
    if (!(parts & (1u << r->role)) || !form_has(w, s->owner) ||
        form_of(w, s->owner)->r.role != ROLE_TABLE)
        return false;
    for (uint32_t i = 0; i < r->nterms; i++) {
        struct str name = r->terms[i].column;
        const struct obj *c = str_is_null(name) ? NULL : form_column(w, s->owner->path, name);
        if (!form_has(w, c) && (c || r->role != ROLE_INDEX))
            return false;
    }
    uint32_t n;
    return r->role != ROLE_FOREIGN_KEY || form_target(w, r, &n);
}

/* All that is asked for again and again. Columns stand before the keys of their table, and foreign
 * keys need those of others. */
static void prepare(struct writing *w)
{
    const struct catalog *cat = w->cat;
    w->said = NEW_ARRAY(w->keep, struct said, cat->n);
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        struct said *s = &w->said[i];
        s->r = relation_of(cat, o, w->keep);
        s->owner = cat_find(cat, path_parent(o->path));
        struct lb_words words = form_words(w, o, &s->r);
        s->elsewhere = words.elsewhere;
        s->by_rowid = words.by_rowid;
        s->is_constraint = words.is_constraint;
        s->left_out = words.left_out;
        form_rest(w);
    }
    for (uint32_t i = 0; i < cat->n; i++) {
        uint32_t n = 0;
        const struct obj **columns = NULL;
        if (w->said[i].r.role == ROLE_TABLE)
            columns = relation_columns(cat, &cat->v[i], w->mem, &n);
        for (uint32_t k = 0; k < n; k++)
            form_of(w, columns[k])->place = k + 1;
        form_rest(w);
    }
    for (int foreign = 0; foreign < 2; foreign++)
        for (uint32_t i = 0; i < cat->n; i++, form_rest(w))
            if ((w->said[i].r.role == ROLE_FOREIGN_KEY) == foreign)
                w->said[i].form = find_form(w, &cat->v[i]);
}

void form_begin(struct writing *w, const struct catalog *cat)
{
    *w = (struct writing){.cat = cat, .keep = arena_new(0), .mem = arena_new(0)};
    w->empty = arena_mark(w->mem);
    prepare(w);
}

void form_end(struct writing *w)
{
    arena_free(w->mem);
    arena_free(w->keep);
}

/* Whether an object is told of by nothing: what is below such a one does not count again, and what
 * is below a column comes with it. A schema is told by its name alone. */
static bool is_lacking(const struct writing *w, uint32_t i)
{
    const struct obj *o = &w->cat->v[i];
    const struct said *s = &w->said[i];
    if (s->form || s->elsewhere || (o->flags & OBJ_IGNORED))
        return false;
    if (str_eq(path_kind(o->path), STR("schema")))
        return !form_plain(path_name(w->mem, o->path));
    if (!s->owner)
        return true;
    if (str_eq(path_kind(s->owner->path), STR("schema")))
        return form_plain(path_name(w->mem, s->owner->path));
    return form_has(w, s->owner) && form_of(w, s->owner)->r.role != ROLE_COLUMN;
}

void form_lacks(struct writing *w, struct strbuf *lacks)
{
    const struct engine *eng = w->cat->eng;
    uint32_t *n = NEW_ARRAY(w->keep, uint32_t, eng->nkinds);
    for (uint32_t i = 0; i < w->cat->n; i++, form_rest(w))
        n[w->cat->v[i].kind] += is_lacking(w, i);
    for (size_t k = 0; k < eng->nkinds; k++)
        if (n[k])
            sb_printf(lacks, "%s%u %s", lacks->n ? ", " : "", n[k], eng->kinds[k]->name);
    if (w->texts)
        sb_printf(lacks, "%s%u text like \"liquibase.x\" or \"x!{y}\"", lacks->n ? ", " : "",
                  w->texts);
}
