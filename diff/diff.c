/* The merge join of two streams of facts, and the comparison of two facts by attribute rows. */

#include "diff/internal.h"

#include <string.h>

#include "core/compare.h"

/* The last fact of a side whose kind orders children: those that follow ask it for their place. */
struct ordering {
    struct strbuf path, list;
};

struct join {
    struct arena *mem;
    const struct engine *eng;
    unsigned facets;
    const char **orders; /* by kind: the list attribute that orders children */
    struct stream *side[2];
    struct obj obj[2];
    struct str line[2];
    int have[2]; /* 1: obj holds a fact, 0: at the end */
    struct ordering ordering[2];
    struct changes *out;
    uint32_t cap;
    uint32_t holder; /* from 1: place in out of the change to what only holds others; or 0 */
    bool holds_ignored;
};

/* Which list attribute of a kind orders children, by kind; NULL for most. */
static const char **ordering_kinds(const struct engine *eng, struct arena *mem)
{
    const char **attr = NEW_ARRAY(mem, const char *, eng->nkinds);
    for (size_t parent = 0; parent < eng->nkinds; parent++)
        for (size_t i = 0; i < eng->nkinds; i++)
            if (eng->kinds[i]->ordered_by &&
                word_in(eng->kinds[i]->parents, str_c(eng->kinds[parent]->name)))
                attr[parent] = eng->kinds[i]->ordered_by;
    return attr;
}

static int advance(struct join *j, int s, struct err *e)
{
    j->have[s] = j->side[s]->next(j->side[s], &j->obj[s], &j->line[s], e);
    if (j->have[s] < 0)
        return -1;
    const char *attr = j->have[s] ? j->orders[j->obj[s].kind] : NULL;
    if (attr) {
        struct ordering *o = &j->ordering[s];
        sb_cut(&o->path, 0);
        sb_cut(&o->list, 0);
        sb_str(&o->path, j->obj[s].path);
        sb_str(&o->list, obj_raw(&j->obj[s], attr));
    }
    return 0;
}

static int check(struct join *j, int s, struct err *e)
{
    struct stream *st = j->side[s];
    return st->check ? st->check(st, &j->obj[s], j->line[s], e) : 0;
}

static const struct obj *keep(struct join *j, const struct obj *o)
{
    struct obj *copy = NEW(j->mem, struct obj);
    *copy = *o;
    copy->path = arena_str(j->mem, o->path);
    copy->a = arena_str(j->mem, o->a);
    copy->src = arena_str(j->mem, o->src);
    copy->deps = arena_str(j->mem, o->deps);
    return copy;
}

static uint32_t position_of(const struct join *j, int s, const struct obj *o)
{
    const struct ordering *ord = &j->ordering[s];
    struct jc_iter it = jc_iter(sb_view(&ord->list));
    struct str key, value, name = path_name(j->mem, o->path);
    uint32_t n = 0;
    if (!obj_kind(j->eng, o)->ordered_by || !str_eq(path_parent(o->path), sb_view(&ord->path)))
        return 0;
    while (jc_next(&it, &key, &value)) {
        n++;
        if (str_eq(jc_text(j->mem, value), name))
            return n;
    }
    return 0;
}

static void push(struct join *j, const struct change *c)
{
    struct changes *out = j->out;
    if (out->n == j->cap)
        out->v = vec_grow(j->mem, out->v, &j->cap, sizeof *out->v);
    out->v[out->n++] = *c;
}

/* What is not compared stays, and with it what holds it: that one is not dropped, and not new where
 * nothing else is in it. */
static void leave_holder(struct join *j)
{
    struct changes *out = j->out;
    uint32_t at = j->holder;
    bool drop = at && out->v[at - 1].op == OP_DROP;
    if (at && j->holds_ignored && (drop || out->n == at)) {
        out->n--;
        for (uint32_t i = at - 1; i < out->n; i++)
            out->v[i] = out->v[i + 1];
    }
    j->holder = 0;
    j->holds_ignored = false;
}

static void note_holder(struct join *j, int s, const struct obj *o)
{
    const struct change *c = j->holder ? &j->out->v[j->holder - 1] : NULL;
    if (c && !path_within(o->path, change_obj(c)->path))
        leave_holder(j);
    else if (c && (o->flags & OBJ_IGNORED) && (s == 1) == (c->op == OP_ADD))
        j->holds_ignored = true;
}

/* An object that only one side has counts for the facet of its kind, which is structure for nearly
 * all, and not for the facets of its attributes: with --facets comments, a table that the other
 * side does not have is no difference, whatever its comment. */
static int only_on(struct join *j, int s, struct err *e)
{
    const struct obj *o = &j->obj[s];
    if (check(j, s, e))
        return -1;
    note_holder(j, s, o);
    if (!(o->flags & OBJ_IGNORED) && (obj_kind(j->eng, o)->facet & j->facets)) {
        const struct obj *kept = keep(j, o);
        struct change c = {.op = s ? OP_ADD : OP_DROP,
                           .before = s ? NULL : kept,
                           .after = s ? kept : NULL,
                           .facets = (unsigned)obj_kind(j->eng, o)->facet,
                           .position = position_of(j, s, o)};
        push(j, &c);
        if (obj_kind(j->eng, o)->flags & KF_HOLDER)
            j->holder = j->out->n;
    }
    return advance(j, s, e);
}

/* Compares two facts of one path; a change when an attribute in a facet in effect differs. */
static void compare(struct join *j)
{
    const struct kind_desc *kind = obj_kind(j->eng, &j->obj[0]);
    VEC(struct attr_change) attrs = {0};
    const struct obj *before = NULL, *after = NULL;
    struct change c = {.op = OP_ALTER};
    for (size_t i = 0; i < kind->nattrs; i++) {
        const struct attr_desc *row = &kind->attrs[i];
        if (!(row->facet & j->facets) ||
            attr_same(row, obj_raw(&j->obj[0], row->name), obj_raw(&j->obj[1], row->name)))
            continue;
        before = before ? before : keep(j, &j->obj[0]);
        after = after ? after : keep(j, &j->obj[1]);
        struct attr_change a = {row, obj_raw(before, row->name), obj_raw(after, row->name)};
        VEC_PUSH(j->mem, attrs, a);
        c.facets |= (unsigned)row->facet;
    }
    if (!attrs.n)
        return;
    c.before = before;
    c.after = after;
    c.attrs = attrs.v;
    c.nattrs = attrs.n;
    c.position = position_of(j, 1, after);
    push(j, &c);
}

/* The hash over the facets compared; the stream has it at hand when it reads in the same ones. */
static struct hash128 hash_in(const struct join *j, int s)
{
    bool at_hand = j->side[s]->facets == j->facets;
    return at_hand ? j->obj[s].hash : obj_hash(j->eng, &j->obj[s], j->facets);
}

static int both(struct join *j, struct err *e)
{
    bool same_line = !str_is_null(j->line[0]) && str_eq(j->line[0], j->line[1]);
    if (check(j, 0, e) || (!same_line && check(j, 1, e)))
        return -1;
    bool ignored = ((j->obj[0].flags | j->obj[1].flags) & OBJ_IGNORED) != 0;
    note_holder(j, 0, &j->obj[0]);
    if (!same_line && !ignored && !hash_eq(hash_in(j, 0), hash_in(j, 1)))
        compare(j);
    return advance(j, 0, e) || advance(j, 1, e) ? -1 : 0;
}

static void fill_side(struct side *side, const struct stream *s, struct arena *mem)
{
    side->label = arena_str(mem, s->label);
    side->version = arena_str(mem, s->version);
    side->objects = s->count;
    side->fingerprint = s->fingerprint;
    side->ledger = s->nledger;
    side->untold = arena_str(mem, s->untold);
}

/* The entry at *i or the next one that is of the schema, or NULL. */
static const struct ledger_entry *entry_at(const struct stream *s, uint32_t *i)
{
    struct hash128 outside = {0};
    while (*i < s->nledger && hash_eq(s->ledger[*i].hash, outside))
        ++*i;
    return *i < s->nledger ? &s->ledger[*i] : NULL;
}

static void compare_ledgers(struct join *j)
{
    const struct stream *a = j->side[0], *b = j->side[1];
    for (uint32_t x = 0, y = 0;;) {
        const struct ledger_entry *p = entry_at(a, &x), *q = entry_at(b, &y);
        if (!p && !q)
            return;
        int c = !p ? 1 : !q ? -1 : str_cmp(p->kind, q->kind);
        c = c || !p || !q ? c : str_cmp(p->name, q->name);
        if (c == 0 && hash_eq(p->hash, q->hash)) {
            x++;
            y++;
            continue;
        }
        const struct ledger_entry *odd = c <= 0 ? p : q;
        j->out->ledgers_differ = true;
        j->out->ledger_why = arena_printf(j->mem, "%.*s %.*s (%.*s)", STR_ARG(odd->kind),
                                          STR_ARG(odd->name), STR_ARG(odd->why));
        return;
    }
}

/* Whether a new column brings a value for the rows: its own, or that of a fact written inside it.
 */
static bool brings_value(const struct changes *all, uint32_t i)
{
    const struct obj *o = all->v[i].after;
    for (uint32_t k = i; k < all->n && path_within(change_obj(&all->v[k])->path, o->path); k++) {
        const struct kind_desc *kind = obj_kind(all->eng, change_obj(&all->v[k]));
        for (size_t a = 0; a < kind->nattrs; a++)
            if ((kind->attrs[a].flags & AF_FILLS) &&
                !str_is_null(obj_raw(all->v[k].after, kind->attrs[a].name)))
                return true;
    }
    return false;
}

/* Something new that every row must fit, in a table that is there. A column that comes with a
 * default fits. */
static bool rows_may_stop(const struct kind_desc *kind, const struct changes *all, uint32_t at)
{
    const struct change *c = &all->v[at];
    if (c->after && kind->guards && !kind->guards(c->after))
        return false;
    if (c->op == OP_ADD && ((kind->flags & KF_GUARDS) || kind->guards))
        return true;
    for (uint32_t i = 0; c->op == OP_ALTER && i < c->nattrs; i++)
        if ((c->attrs[i].attr->flags & AF_GUARDS) && !str_is_null(c->attrs[i].after))
            return true;
    for (size_t i = 0; c->op == OP_ADD && i < kind->nattrs; i++)
        if ((kind->attrs[i].flags & AF_GUARDS) && obj_true(c->after, kind->attrs[i].name))
            return !brings_value(all, at);
    return false;
}

/* The changes as states. What holds no rows and is not written in its parent (a view, an index) is
 * out of the way while others change: a plan drops it before and makes it after. */
static void changes_as_views(const struct changes *c, struct arena *mem, struct view views[2])
{
    const struct catalog *none = cat_new(mem, c->eng, c->facets, STR(""));
    struct view_entry *from = NEW_ARRAY(mem, struct view_entry, c->n);
    struct view_entry *to = NEW_ARRAY(mem, struct view_entry, c->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct change *one = &c->v[i];
        if (!(obj_kind(c->eng, change_obj(one))->flags & (KF_INLINE | KF_DATA)))
            continue;
        from[n] = (struct view_entry){change_obj(one)->path, one->before};
        to[n++] = (struct view_entry){change_obj(one)->path, one->after};
    }
    views[0] = (struct view){none, from, n};
    views[1] = (struct view){none, to, n};
}

/* Bits of the hazards that follow from the change itself, without asking for a plan. */
static void add_hazards(struct changes *c, struct arena *mem)
{
    struct view views[2];
    changes_as_views(c, mem, views);
    struct ddl d = {
        .mem = mem, .eng = c->eng, .before = &views[0], .after = &views[1], .facets = c->facets};
    for (uint32_t i = 0; i < c->n; i++) {
        struct change *one = &c->v[i];
        const struct kind_desc *kind = obj_kind(c->eng, change_obj(one));
        const struct obj *parent =
            view_get(one->after ? d.after : d.before, path_parent(change_obj(one)->path));
        bool with_parent = parent && one->op != OP_ALTER &&
                           view_get(one->after ? d.before : d.after, parent->path) == NULL;
        bool inside = (kind->flags & KF_INLINE) && with_parent;
        if (one->op == OP_DROP && obj_holds_data(kind, one->before))
            one->hazards |= 1u << HZ_DATA_LOSS;
        if (inside)
            continue; /* comes or goes with its parent */
        if (!with_parent && rows_may_stop(kind, c, i))
            one->hazards |= 1u << HZ_DATA_DEPENDENT;
        for (uint32_t k = 0; k < (one->op == OP_ALTER ? one->nattrs : 1); k++) {
            struct str carrier;
            const struct alter *alter = one->op == OP_ADD    ? kind->create
                                        : one->op == OP_DROP ? kind->drop
                                                             : one->attrs[k].attr->alter;
            alter = alter ? alter_resolve(&d, alter, one, &carrier) : NULL;
            if (alter && alter->hazard)
                one->hazards |= 1u << alter->hazard;
            if (alter && alter->tells && str_is_null(carrier))
                one->hazards |= alter->tells(&d, one);
            if (alter && alter->loses && alter->loses(&d, one))
                one->hazards |= 1u << HZ_DATA_LOSS;
        }
    }
}

static int begin(struct join *j, struct err *e)
{
    if (j->side[0]->eng != j->side[1]->eng)
        return err_set(e, E_ENGINE_MISMATCH, "%.*s is %s and %.*s is %s",
                       STR_ARG(j->side[0]->label), j->side[0]->eng->title,
                       STR_ARG(j->side[1]->label), j->side[1]->eng->title);
    for (int s = 0; s < 2; s++) {
        unsigned missing = j->facets & ~j->side[s]->captured;
        j->ordering[s] = (struct ordering){sb_new(j->mem, 0), sb_new(j->mem, 0)};
        if (missing)
            return err_set(e, E_FACET_MISSING, "%.*s does not hold the facet %s",
                           STR_ARG(j->side[s]->label), facet_name(missing & (~missing + 1)));
    }
    return advance(j, 0, e) || advance(j, 1, e) ? -1 : 0;
}

int diff_streams(struct stream *from, struct stream *to, unsigned facets, struct arena *mem,
                 struct changes **out, struct err *e)
{
    struct join j = {.mem = mem, .eng = from->eng, .facets = facets, .side = {from, to}};
    j.orders = ordering_kinds(j.eng, mem);
    j.out = NEW(mem, struct changes);
    j.out->eng = from->eng;
    j.out->facets = facets;
    if (begin(&j, e))
        return -1;
    while (j.have[0] || j.have[1]) {
        int c = !j.have[0] ? 1 : !j.have[1] ? -1 : path_cmp(j.obj[0].path, j.obj[1].path);
        if (c == 0 ? both(&j, e) : only_on(&j, c > 0, e))
            return -1;
    }
    leave_holder(&j);
    fill_side(&j.out->from, from, mem);
    fill_side(&j.out->to, to, mem);
    compare_ledgers(&j);
    add_hazards(j.out, mem);
    *out = j.out;
    return 0;
}

int diff_catalogs(const struct catalog *from, const struct catalog *to, unsigned facets,
                  struct arena *mem, struct changes **out, struct err *e)
{
    struct stream a = stream_of_catalog(from, mem), b = stream_of_catalog(to, mem);
    return diff_streams(&a, &b, facets, mem, out, e);
}
