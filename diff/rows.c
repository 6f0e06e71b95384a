/*
 * Rows that are facts, in a plan. The rows of one table that go are one unit, those that change a
 * second, those that come a third: what goes is out before columns come or rules change, what comes
 * is put into the table as it will be.
 */

#include "diff/internal.h"

bool unit_is_rows(const struct planner *p, const struct unit *u)
{
    int kind = engine_kind(p->eng, path_kind(u->subject));
    return u->at_owner && kind >= 0 && (p->eng->kinds[kind]->flags & KF_ROWS);
}

static bool is_rows(const struct planner *p, struct str path)
{
    int kind = engine_kind(p->eng, path_kind(path));
    return kind >= 0 && (p->eng->kinds[kind]->flags & KF_ROWS);
}

uint32_t plan_rows_unit(struct planner *p, uint32_t item, enum part part, const struct alter *alter)
{
    struct str owner = owner_of(p, item_obj(p, item)->path);
    if (!is_rows(p, owner))
        return NO_UNIT;
    for (uint32_t i = 0; i < p->units.n; i++)
        if (p->units.v[i].at_owner && p->units.v[i].rows == part &&
            str_eq(p->units.v[i].subject, owner))
            return i;
    struct unit u = {.subject = owner, .at_owner = true, .alter = alter, .rows = part};
    int rank = p->eng->kinds[engine_kind(p->eng, path_kind(owner))]->rank;
    u.rank = part == PART_DROP ? -rank : rank;
    VEC_PUSH(p->mem, p->units, u);
    return p->units.n - 1;
}

/* Units that make a column of the table, or take it away, which only one end of the plan has. */
static uint32_t column_unit(const struct planner *p, struct str table, struct str key,
                            enum part *part)
{
    struct str name = jc_text(p->mem, arena_printf(p->mem, "\"%.*s\"", STR_ARG(key)));
    uint32_t item = item_find(p, path_join(p->mem, table, STR("column"), name));
    if (item == NO_UNIT || p->items.v[item].replace || p->items.v[item].change->op == OP_ALTER)
        return NO_UNIT;
    *part = p->items.v[item].change->op == OP_ADD ? PART_CREATE : PART_DROP;
    return p->items.v[item].unit[*part == PART_CREATE];
}

/* The raw value of a key as it stands in the JSON, or absent. */
static struct str raw_of(struct str map, struct str wanted)
{
    struct jc_iter it = jc_iter(map);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (str_eq(key, wanted))
            return raw;
    return STR_NULL;
}

/* The one unit of columns that all differences of a row lie in; NO_UNIT: there are others. */
static uint32_t unit_of_row(const struct planner *p, const struct change *c)
{
    uint32_t unit = NO_UNIT;
    enum part part = PART_ALTER, first = PART_ALTER;
    struct str table = path_parent(path_parent(c->after->path));
    for (uint32_t i = 0; i < c->nattrs; i++)
        for (int side = 0; side < 2; side++) {
            struct jc_iter it = jc_iter(side ? c->attrs[i].after : c->attrs[i].before);
            struct str other = side ? c->attrs[i].before : c->attrs[i].after, key, raw;
            while (jc_next(&it, &key, &raw)) {
                if (str_eq(raw_of(other, key), raw))
                    continue;
                uint32_t of = column_unit(p, table, key, &part);
                if (of == NO_UNIT || (unit != NO_UNIT && (of != unit || part != first)))
                    return NO_UNIT;
                unit = of;
                first = part;
            }
        }
    return unit;
}

/* The unit that both makes and takes columns of the table, as one ALTER TABLE or a rebuild does:
 * rows that change can be neither before it nor behind. */
static uint32_t unit_of_both(const struct planner *p, struct str table)
{
    uint32_t made = NO_UNIT, gone = NO_UNIT;
    for (uint32_t i = 0; i < p->items.n; i++) {
        struct str path = item_obj(p, i)->path;
        unsigned flags = item_kind(p, i)->flags;
        if (!str_eq(path_parent(path), table) || !(flags & KF_INLINE) || !(flags & KF_DATA))
            continue;
        made = p->items.v[i].change->op == OP_ADD ? p->items.v[i].unit[1] : made;
        gone = p->items.v[i].change->op == OP_DROP ? p->items.v[i].unit[0] : gone;
    }
    return made == gone ? made : NO_UNIT;
}

void plan_rows_join(struct planner *p)
{
    for (uint32_t u = 0; u < p->units.n; u++) {
        uint32_t kept = 0;
        if (!unit_is_rows(p, &p->units.v[u]) || p->units.v[u].rows != PART_ALTER)
            continue;
        uint32_t both = unit_of_both(p, path_parent(p->units.v[u].subject));
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++) {
            struct unit_member um = p->units.v[u].members.v[m];
            uint32_t to = both != NO_UNIT ? both : unit_of_row(p, p->items.v[um.item].change);
            if (to == NO_UNIT) {
                p->units.v[u].members.v[kept++] = um;
                continue;
            }
            VEC_PUSH(p->mem, p->units.v[to].members, um);
            p->items.v[um.item].unit[0] = to;
        }
        p->units.v[u].members.n = kept;
    }
}

static void add_edge(struct planner *p, uint32_t before, uint32_t after, bool soft)
{
    struct edge e = {before, after, soft};
    if (before != after && before != NO_UNIT && after != NO_UNIT)
        VEC_PUSH(p->mem, p->edges, e);
}

/* A rule for rows comes with the change: it holds for what the rows will be. */
static bool guards(const struct change *c)
{
    for (uint32_t i = 0; i < c->nattrs; i++)
        if ((c->attrs[i].attr->flags & AF_GUARDS) && !str_is_null(c->attrs[i].after))
            return true;
    return false;
}

/* Rows go while their columns are all there; they change when the new ones are there too, and come
 * when the old ones are gone. */
static void column_edges(struct planner *p, uint32_t rows, uint32_t item, enum part part)
{
    const struct change *c = p->items.v[item].change;
    uint32_t unit = p->items.v[item].unit[part == PART_CREATE];
    enum part what = p->units.v[rows].rows;
    if (part == PART_CREATE && what != PART_DROP)
        add_edge(p, unit, rows, false);
    else if (part == PART_DROP && what == PART_CREATE)
        add_edge(p, unit, rows, true);
    else if (part == PART_DROP)
        add_edge(p, rows, unit, false);
    else if (part == PART_CREATE || guards(c) || what == PART_DROP)
        add_edge(p, rows, unit, true);
    else
        add_edge(p, unit, rows, true);
}

/* The rows come to a table that is new, or that tells them apart by another key. */
static bool come_anew(const struct planner *p, uint32_t rows)
{
    uint32_t item = item_find(p, p->units.v[rows].subject);
    return p->units.v[rows].rows == PART_CREATE && item != NO_UNIT &&
           (p->items.v[item].change->op == OP_ADD || p->items.v[item].replace);
}

/* Keys, indexes, triggers: out of the way before rows change, and there after. Keys are there
 * before rows that come anew, which fit them, and are told apart by them. */
static void other_edges(struct planner *p, uint32_t rows, uint32_t item, enum part part)
{
    uint32_t unit = p->items.v[item].unit[part == PART_CREATE];
    bool key = word_in("primary_key,unique,index", str_c(item_kind(p, item)->name));
    if (part == PART_CREATE && key && come_anew(p, rows))
        add_edge(p, unit, rows, true);
    else if (part == PART_CREATE)
        add_edge(p, rows, unit, true);
    if (part == PART_DROP)
        add_edge(p, unit, rows, true);
}

/* What lies elsewhere and needs the table, a foreign key that points at it. */
static bool points_at(const struct planner *p, uint32_t item, enum part part, struct str table)
{
    const struct change *c = p->items.v[item].change;
    const struct obj *o = part == PART_CREATE ? c->after : c->before;
    struct jc_iter it = jc_iter(o ? o->deps : STR_NULL);
    struct str key, raw;
    if (!(item_kind(p, item)->flags & KF_GUARDS))
        return false;
    while (jc_next(&it, &key, &raw))
        if (path_within(jc_text(p->mem, raw), table))
            return true;
    return false;
}

static void item_edges(struct planner *p, uint32_t rows, struct str table, uint32_t item)
{
    struct str path = item_obj(p, item)->path, other;
    unsigned flags = item_kind(p, item)->flags;
    bool within = path_within(path, table) && path.n > table.n;
    if (data_is_row(p->eng, path, &other))
        return;
    const struct item *it = &p->items.v[item];
    const bool has[] = {[PART_DROP] = it->change->op == OP_DROP || it->replace,
                        [PART_CREATE] = it->change->op == OP_ADD || it->replace,
                        [PART_ALTER] = it->change->op == OP_ALTER && !it->replace};
    for (int part = PART_DROP; part <= PART_ALTER; part++) {
        if (!has[part])
            continue;
        if (within && (flags & KF_INLINE) && (flags & KF_DATA))
            column_edges(p, rows, item, (enum part)part);
        else if (within || points_at(p, item, (enum part)part, table))
            other_edges(p, rows, item, (enum part)part);
    }
}

/* Rows of one table: those that go free values, then those that change, for those that come. */
static void same_table(struct planner *p, uint32_t a)
{
    for (uint32_t b = 0; b < p->units.n; b++) {
        const struct unit *x = &p->units.v[a], *y = &p->units.v[b];
        static const int turn[] = {[PART_DROP] = 0, [PART_ALTER] = 1, [PART_CREATE] = 2};
        if (unit_is_rows(p, y) && y->members.n && str_eq(x->subject, y->subject) &&
            turn[x->rows] < turn[y->rows])
            add_edge(p, a, b, true);
    }
}

void plan_rows_edges(struct planner *p)
{
    for (uint32_t u = 0; u < p->units.n; u++) {
        if (!unit_is_rows(p, &p->units.v[u]) || !p->units.v[u].members.n)
            continue;
        same_table(p, u);
        for (uint32_t i = 0; i < p->items.n; i++)
            item_edges(p, u, path_parent(p->units.v[u].subject), i);
    }
}
