/*
 * From changes to units of work: what is replaced, what is part of its parent's step, what one call
 * does for a whole owner, what rides along.
 */

#include "diff/internal.h"

#include <stdlib.h>
#include <string.h>

const struct obj *item_obj(const struct planner *p, uint32_t item)
{
    return change_obj(p->items.v[item].change);
}

const struct kind_desc *item_kind(const struct planner *p, uint32_t item)
{
    return obj_kind(p->eng, item_obj(p, item));
}

uint32_t item_find(const struct planner *p, struct str path)
{
    uint32_t lo = 0, hi = p->items.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(item_obj(p, mid)->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < p->items.n && str_eq(item_obj(p, lo)->path, path) ? lo : NO_UNIT;
}

struct str owner_of(const struct planner *p, struct str path)
{
    for (;;) {
        int kind = engine_kind(p->eng, path_kind(path));
        struct str parent = path_parent(path);
        if (kind < 0 || !(p->eng->kinds[kind]->flags & KF_INLINE) || !parent.n)
            return path;
        path = parent;
    }
}

static int by_path(const void *a, const void *b)
{
    return path_cmp(change_obj(((const struct item *)a)->change)->path,
                    change_obj(((const struct item *)b)->change)->path);
}

static void add_item(struct planner *p, const struct change *c, bool replace, const char *rebuilds)
{
    struct item item = {c, replace, rebuilds, {NO_UNIT, NO_UNIT}};
    VEC_PUSH(p->mem, p->items, item);
}

/* The same change the other way round. */
static struct change reversed(const struct change *c, struct arena *mem)
{
    struct change back = *c;
    struct attr_change *attrs = NEW_ARRAY(mem, struct attr_change, c->nattrs);
    for (uint32_t i = 0; i < c->nattrs; i++)
        attrs[i] = (struct attr_change){c->attrs[i].attr, c->attrs[i].after, c->attrs[i].before};
    back.before = c->after;
    back.after = c->before;
    back.attrs = attrs;
    return back;
}

/* What makes each attribute's change, in one direction: whether any is a replace, and which kinds
 * of dependants must be out of the way of any. */
static bool look_at_alters(const struct planner *p, const struct change *c, bool back,
                           const char **rebuilds)
{
    struct ddl d = {.mem = p->mem,
                    .eng = p->eng,
                    .before = back ? &p->to_view : &p->from_view,
                    .after = back ? &p->from_view : &p->to_view,
                    .facets = p->req->facets,
                    .recreate = p->req->recreate,
                    .origin = p->from,
                    .goal = p->req->to};
    for (uint32_t i = 0; i < c->nattrs; i++) {
        struct str carrier;
        const struct alter *first = c->attrs[i].attr->alter;
        const struct alter *alter = first ? alter_resolve(&d, first, c, &carrier) : NULL;
        if (!first || alter == &alter_replace)
            return true;
        if (alter && alter->rebuilds && !(back && alter->rebuilds_ahead))
            *rebuilds = alter->rebuilds;
    }
    return false;
}

/* An attribute that no statement changes, in either direction: the object is dropped and created
 * again. */
static bool needs_replace(const struct planner *p, const struct change *c, const char **rebuilds)
{
    if (c->op != OP_ALTER)
        return false;
    struct change back = reversed(c, p->mem);
    return look_at_alters(p, c, false, rebuilds) || look_at_alters(p, &back, true, rebuilds);
}

static void sort_items(struct planner *p)
{
    if (p->items.n)
        qsort(p->items.v, p->items.n, sizeof *p->items.v, by_path);
}

/* What lies below a replaced object goes and comes back with it, changed or not. */
static void replace_subtrees(struct planner *p)
{
    uint32_t n = p->items.n;
    for (uint32_t i = 0; i < n; i++) {
        if (!p->items.v[i].replace)
            continue;
        struct view_iter it = view_iter(&p->from_view, item_obj(p, i)->path);
        for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
            const struct obj *now = cat_find(p->req->to, o->path);
            uint32_t known = NO_UNIT;
            for (uint32_t k = i + 1; k < n && known == NO_UNIT; k++) {
                if (!path_within(item_obj(p, k)->path, item_obj(p, i)->path))
                    break;
                if (str_eq(item_obj(p, k)->path, o->path))
                    known = k;
            }
            if (str_eq(o->path, item_obj(p, i)->path))
                continue;
            if (known != NO_UNIT) {
                struct item *child = &p->items.v[known];
                child->replace = child->replace || child->change->op == OP_ALTER;
            } else {
                struct change *same = NEW(p->mem, struct change);
                *same = (struct change){.op = OP_ALTER, .before = o, .after = now ? now : o};
                add_item(p, same, true, NULL);
            }
        }
    }
    sort_items(p);
}

/* Who needs what in FROM, by what is needed. */
struct dependant {
    struct str path;
    const struct obj *obj;
};
struct dependants {
    struct dependant *v;
    uint32_t n, cap;
};

static int by_needed(const void *a, const void *b)
{
    const struct dependant *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : path_cmp(x->obj->path, y->obj->path);
}

static struct dependants all_dependants(const struct planner *p)
{
    struct dependants list = {0};
    for (uint32_t i = 0; i < p->from->n; i++) {
        struct jc_iter it = jc_iter(p->from->v[i].deps);
        struct str key, raw;
        while (jc_next(&it, &key, &raw)) {
            struct dependant one = {jc_text(p->mem, raw), &p->from->v[i]};
            VEC_PUSH(p->mem, list, one);
        }
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_needed);
    return list;
}

static bool needs_within(const struct planner *p, const struct obj *o, struct str path)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (path_within(jc_text(p->mem, raw), path))
            return true;
    return false;
}

/* The dependant must be out of the way while what it needs goes. Whether that is news. */
static bool move_away(struct planner *p, const struct item *of, bool goes, const struct obj *o)
{
    struct str path = change_obj(of->change)->path;
    const struct obj *now = cat_find(p->req->to, o->path);
    uint32_t known = item_find(p, o->path);
    if (path_within(o->path, path))
        return false; /* goes along */
    if ((o->flags & OBJ_IGNORED) && (!now || !str_eq(now->a, o->a))) {
        if (!p->stays)
            p->stays = o, p->goes = change_obj(of->change);
        return false; /* nobody asked for it to go or to change */
    }
    if (!now || (obj_kind(p->eng, o)->flags & KF_SOFT))
        return false; /* dropped, or does not mind */
    if (known != NO_UNIT) {
        struct item *item = &p->items.v[known];
        bool leaves = item->change->op != OP_ALTER || item->replace || !needs_within(p, now, path);
        if (leaves || obj_holds_data(obj_kind(p->eng, o), o))
            return false; /* it is altered first, and needs it no more */
        item->replace = true;
        return true;
    }
    if (obj_holds_data(obj_kind(p->eng, o), o)) {
        if (goes && !p->stays)
            p->stays = o, p->goes = change_obj(of->change);
        return false;
    }
    struct change *same = NEW(p->mem, struct change);
    *same = (struct change){.op = OP_ALTER, .before = o, .after = now};
    add_item(p, same, true, NULL);
    sort_items(p);
    return true;
}

/* What needs something that goes, for a moment or for good, and stays itself: it is dropped before
 * and made again after. */
static void close_over_dependants(struct planner *p)
{
    struct dependants list = {0};
    bool news = false, first = true;
    for (uint32_t i = 0; i < p->items.n; i = news ? 0 : i + 1) {
        struct item item = p->items.v[i];
        bool goes = item.replace || item.change->op == OP_DROP;
        struct str path = change_obj(item.change)->path;
        news = false;
        if (!goes && !item.rebuilds)
            continue;
        if (first)
            list = all_dependants(p);
        first = false;
        uint32_t lo = 0, hi = list.n;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (path_cmp(list.v[mid].path, path) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (; lo < list.n && path_within(list.v[lo].path, path); lo++)
            if (goes || word_in(item.rebuilds, str_c(obj_kind(p->eng, list.v[lo].obj)->name)))
                news = move_away(p, &item, goes, list.v[lo].obj) || news;
        if (news)
            replace_subtrees(p);
    }
}

static bool has_part(const struct item *item, enum part part)
{
    enum op op = item->change->op;
    if (part == PART_DROP)
        return op == OP_DROP || item->replace;
    if (part == PART_CREATE)
        return op == OP_ADD || item->replace;
    return op == OP_ALTER && !item->replace;
}

/* Drops come first, last kinds before first ones, but for those that wait until what replaces them
 * is there. What holds rows goes at the very end, so that a plan that is stopped half way has lost
 * nothing. */
static int drop_rank(const struct kind_desc *kind)
{
    enum { AFTER_CREATES = 200, AT_THE_END = 400 };
    if ((kind->flags & KF_DATA) && !(kind->flags & KF_INLINE))
        return AT_THE_END - kind->rank;
    return (kind->flags & KF_LATE_DROP ? AFTER_CREATES : 0) - kind->rank;
}

static uint32_t new_unit(struct planner *p, uint32_t item, enum part part)
{
    const struct kind_desc *kind = item_kind(p, item);
    struct unit u = {.subject = item_obj(p, item)->path};
    u.position = p->items.v[item].change->position;
    if (part == PART_DROP)
        u.rank = drop_rank(kind);
    else /* a tie that changes makes room for those that come */
        u.rank = kind->rank - (part == PART_ALTER && (kind->flags & KF_TIE));
    VEC_PUSH(p->mem, p->units, u);
    return p->units.n - 1;
}

static void join_unit(struct planner *p, uint32_t item, enum part part, uint32_t unit)
{
    struct unit_member m = {item, part};
    VEC_PUSH(p->mem, p->units.v[unit].members, m);
    p->items.v[item].unit[part == PART_CREATE] = unit;
}

/* A dying parent takes its children along, a new parent's CREATE writes its inline ones. */
static bool goes_with_parent(const struct planner *p, uint32_t item, enum part part)
{
    unsigned need = part == PART_CREATE ? KF_INLINE : KF_CASCADE;
    if (part == PART_ALTER || !(item_kind(p, item)->flags & need))
        return false;
    uint32_t parent = item_find(p, path_parent(item_obj(p, item)->path));
    return parent != NO_UNIT && has_part(&p->items.v[parent], part);
}

/* The unit that carries this part because a parent's does. */
static uint32_t parents_unit(const struct planner *p, uint32_t item, enum part part)
{
    if (!goes_with_parent(p, item, part))
        return NO_UNIT;
    uint32_t parent = item_find(p, path_parent(item_obj(p, item)->path));
    return p->items.v[parent].unit[part == PART_CREATE];
}

/* The one call for an owner, made when first needed. */
static uint32_t owner_unit(struct planner *p, uint32_t item, enum part part,
                           const struct alter *alter)
{
    struct str owner = owner_of(p, item_obj(p, item)->path);
    uint32_t rows = plan_rows_unit(p, item, part, alter);
    if (rows != NO_UNIT)
        return rows;
    for (uint32_t i = 0; i < p->units.n; i++)
        if (p->units.v[i].at_owner && str_eq(p->units.v[i].subject, owner))
            return i;
    const struct obj *o = cat_find(p->from, owner);
    struct unit u = {.subject = owner, .at_owner = true, .alter = alter};
    u.rank = o ? obj_kind(p->eng, o)->rank : 0;
    VEC_PUSH(p->mem, p->units, u);
    return p->units.n - 1;
}

static const struct alter *first_alter(const struct planner *p, uint32_t item, enum part part,
                                       uint32_t attr)
{
    const struct kind_desc *kind = item_kind(p, item);
    if (part == PART_ALTER)
        return p->items.v[item].change->attrs[attr].attr->alter;
    return part == PART_CREATE ? kind->create : kind->drop;
}

static uint32_t alters_of(const struct planner *p, uint32_t item, enum part part)
{
    return part == PART_ALTER ? p->items.v[item].change->nattrs : 1;
}

static int refused(const struct planner *p, uint32_t item, struct err *e)
{
    struct strbuf name = sb_new(p->mem, 0);
    static const char *const verbs[] = {"create", "drop", "change"};
    obj_human(&name, item_obj(p, item));
    return err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: there is no statement to %s it",
                   STR_ARG(sb_view(&name)), verbs[p->items.v[item].change->op]);
}

/* A part that leaves with something else before its dying parent does. */
static bool leaves_before(const struct planner *p, const struct ddl *d, uint32_t item,
                          enum part part)
{
    const struct alter *drop = item_kind(p, item)->drop;
    if (part != PART_DROP || !drop || !drop->rides)
        return false;
    struct str carrier = drop->rides(d, p->items.v[item].change);
    return carrier.n && !str_eq(carrier, path_parent(item_obj(p, item)->path)) &&
           item_find(p, carrier) != NO_UNIT;
}

static bool is_placed(const struct planner *p, uint32_t item, enum part part)
{
    return p->items.v[item].unit[part == PART_CREATE] != NO_UNIT;
}

/* Puts one part into a unit; items that ride come later, when their carrier, which may ride itself,
 * has its unit. */
static int place(struct planner *p, const struct ddl *around, uint32_t item, enum part part,
                 bool riders, struct err *e)
{
    const struct ddl *d = &around[part];
    bool before = leaves_before(p, d, item, part);
    uint32_t unit = before ? NO_UNIT : parents_unit(p, item, part);
    if (unit != NO_UNIT) {
        if (!is_placed(p, item, part))
            join_unit(p, item, part, unit);
        return 0;
    }
    if (!riders && !before && goes_with_parent(p, item, part))
        return 0; /* whose parent rides: later */
    struct str carrier = STR_NULL;
    const struct alter *at_owner = NULL;
    for (uint32_t k = 0; k < alters_of(p, item, part); k++) {
        const struct alter *alter =
            alter_resolve(d, first_alter(p, item, part, k), p->items.v[item].change, &carrier);
        if (!alter)
            return refused(p, item, e);
        at_owner = alter->at_owner ? alter : at_owner;
    }
    if (!str_is_null(carrier) != riders)
        return 0;
    uint32_t by = riders ? item_find(p, carrier) : NO_UNIT;
    if (by != NO_UNIT)
        unit = p->items.v[by].unit[part == PART_CREATE] != NO_UNIT
                   ? p->items.v[by].unit[part == PART_CREATE]
                   : p->items.v[by].unit[part != PART_CREATE];
    else if (!riders || by == NO_UNIT)
        unit = at_owner ? owner_unit(p, item, part, at_owner) : new_unit(p, item, part);
    if (unit != NO_UNIT)
        join_unit(p, item, part, unit);
    return 0;
}

/* `around`: the states around each kind of part. */
static int place_all(struct planner *p, const struct ddl *around, bool riders, uint32_t *waiting,
                     struct err *e)
{
    static const enum part parts[] = {PART_DROP, PART_CREATE, PART_ALTER};
    *waiting = 0;
    for (uint32_t i = 0; i < p->items.n; i++)
        for (size_t k = 0; k < 3; k++) {
            if (!has_part(&p->items.v[i], parts[k]) || is_placed(p, i, parts[k]))
                continue;
            if (place(p, around, i, parts[k], riders, e))
                return -1;
            *waiting += !is_placed(p, i, parts[k]);
        }
    return 0;
}

/* A part that goes with its parent and also needs something that goes holds up the parent's drop:
 * it is dropped by itself, before. */
bool plan_split(struct planner *p, const bool *stuck)
{
    bool news = false;
    for (uint32_t u = 0, n = p->units.n; u < n; u++) {
        uint32_t kept = 0;
        for (uint32_t m = 0; stuck[u] && m < p->units.v[u].members.n; m++) {
            struct unit_member um = p->units.v[u].members.v[m];
            const struct obj *o = item_obj(p, um.item);
            unsigned flags = item_kind(p, um.item)->flags;
            bool apart = um.part == PART_DROP && (flags & KF_CASCADE) && !(flags & KF_INLINE) &&
                         o->deps.n && !str_eq(o->path, p->units.v[u].subject);
            if (apart)
                join_unit(p, um.item, PART_DROP, new_unit(p, um.item, PART_DROP));
            else
                p->units.v[u].members.v[kept++] = um;
            news = news || apart;
        }
        if (stuck[u])
            p->units.v[u].members.n = kept;
    }
    return news;
}

static bool can_absorb(const struct planner *p, uint32_t item, enum part part,
                       const struct alter *into)
{
    for (uint32_t k = 0; k < alters_of(p, item, part); k++)
        if (!alter_leads_to(first_alter(p, item, part, k), into))
            return false;
    return true;
}

/* Where an owner has its one call, what it can do as well goes into it: an ADD COLUMN beside a
 * rebuild would be a statement too many. So does the owner's own change, whoever makes it: its fact
 * holds the order of what the call makes, and must change with it. */
static void absorb(struct planner *p)
{
    for (uint32_t u = 0; u < p->units.n; u++) {
        struct unit *from = &p->units.v[u];
        if (from->at_owner || !from->members.n)
            continue;
        struct str owner = owner_of(p, from->subject);
        uint32_t into = 0;
        while (into < p->units.n &&
               !(p->units.v[into].at_owner && str_eq(p->units.v[into].subject, owner)))
            into++;
        bool all = into < p->units.n;
        for (uint32_t m = 0; all && !str_eq(from->subject, owner) && m < from->members.n; m++)
            all = can_absorb(p, from->members.v[m].item, from->members.v[m].part,
                             p->units.v[into].alter);
        for (uint32_t m = 0; all && m < from->members.n; m++)
            join_unit(p, from->members.v[m].item, from->members.v[m].part, into);
        if (all)
            from->members.n = 0;
    }
}

/* An owner that one call makes anew is a member itself, changed or not: the list of its columns is
 * then the new side's. */
static void add_owners(struct planner *p)
{
    for (uint32_t u = 0; u < p->units.n; u++) {
        if (!p->units.v[u].at_owner || item_find(p, p->units.v[u].subject) != NO_UNIT)
            continue;
        const struct obj *before = cat_find(p->from, p->units.v[u].subject);
        const struct obj *after = cat_find(p->req->to, p->units.v[u].subject);
        if (!before || !after || str_eq(before->a, after->a))
            continue;
        struct change *c = NEW(p->mem, struct change);
        *c = (struct change){.op = OP_ALTER, .before = before, .after = after};
        add_item(p, c, false, NULL);
        join_unit(p, p->items.n - 1, PART_ALTER, u);
    }
    /* unit numbers move with the items, members point at items by number: settle both */
    uint32_t *now = NEW_ARRAY(p->mem, uint32_t, p->items.n);
    struct item *old = NEW_ARRAY(p->mem, struct item, p->items.n);
    if (p->items.n)
        memcpy(old, p->items.v, p->items.n * sizeof *old);
    sort_items(p);
    for (uint32_t i = 0; i < p->items.n; i++)
        now[i] = item_find(p, change_obj(old[i].change)->path);
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++)
            p->units.v[u].members.v[m].item = now[p->units.v[u].members.v[m].item];
}

static int refused_for(const struct planner *p, struct err *e)
{
    struct strbuf stays = sb_new(p->mem, 0), goes = sb_new(p->mem, 0);
    obj_human(&stays, p->stays);
    obj_human(&goes, p->goes);
    if (p->stays->flags & OBJ_IGNORED) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "%.*s: it cannot be dropped or changed while %.*s needs it, which is left out of "
                "the comparison",
                STR_ARG(sb_view(&goes)), STR_ARG(sb_view(&stays)));
        return err_hint(e, "compare %.*s too, drop it by hand, or leave out %.*s as well",
                        STR_ARG(sb_view(&stays)), STR_ARG(sb_view(&goes)));
    }
    return err_set(e, E_UNSUPPORTED_CHANGE,
                   "%.*s: it cannot be dropped, not even to be made anew, while %.*s needs it and "
                   "holds data",
                   STR_ARG(sb_view(&goes)), STR_ARG(sb_view(&stays)));
}

/* FROM without what is dropped, for good or for a moment. */
static struct view without_drops(struct planner *p)
{
    struct view_entry *entries = NEW_ARRAY(p->mem, struct view_entry, p->items.n);
    for (uint32_t i = 0; i < p->items.n; i++)
        entries[i] = (struct view_entry){item_obj(p, i)->path, has_part(&p->items.v[i], PART_DROP)
                                                                   ? NULL
                                                                   : p->items.v[i].change->before};
    return (struct view){p->from, entries, p->items.n};
}

int plan_units(struct planner *p, struct err *e)
{
    for (uint32_t i = 0; i < p->req->changes->n; i++) {
        const char *rebuilds = NULL;
        bool replace = needs_replace(p, &p->req->changes->v[i], &rebuilds);
        add_item(p, &p->req->changes->v[i], replace, rebuilds);
    }
    replace_subtrees(p);
    close_over_dependants(p);
    if (p->stays)
        return refused_for(p, e);
    struct view between = without_drops(p);
    struct ddl d = {.mem = p->mem,
                    .eng = p->eng,
                    .before = &p->from_view,
                    .after = &p->to_view,
                    .facets = p->req->facets,
                    .recreate = p->req->recreate,
                    .origin = p->from,
                    .goal = p->req->to};
    struct ddl around[] = {d, d, d};
    around[PART_DROP].after = &between;
    around[PART_CREATE].before = &between;
    uint32_t waiting, before;
    if (place_all(p, around, false, &waiting, e))
        return -1;
    do {
        before = waiting;
        if (place_all(p, around, true, &waiting, e))
            return -1;
    } while (waiting && waiting < before);
    if (waiting)
        return err_set(e, E_CYCLE, "%u changes ride one another", waiting);
    absorb(p);
    plan_rows_join(p);
    add_owners(p);
    return 0;
}
