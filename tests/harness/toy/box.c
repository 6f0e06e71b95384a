/*
 * Boxes and what is written inside them. A slot is added and taken away in place where that gives
 * the wanted order; a seal comes and goes with its slot or by the rebuild of the box, which keeps
 * the rows and loses the tags.
 */

#include "tests/harness/toy/toy.h"

static void put_inner(struct strbuf *out, const struct obj *o)
{
    struct str kind = path_kind(o->path), name = path_name_raw(o->path);
    sb_printf(out, " {%.*s:%.*s", STR_ARG(kind), STR_ARG(name));
    toy_put_attrs(out, o);
    sb_char(out, '}');
}

/* Slots of a box: those that its list names, then what was added to it. */
static const struct obj **slots_of(struct arena *mem, const struct view *v, struct str box,
                                   uint32_t *n)
{
    VEC(const struct obj *) list = {0};
    struct jc_iter names = jc_iter(obj_raw(view_get(v, box), "slots"));
    struct view_iter it = view_iter(v, box);
    struct str key, raw;
    const struct obj *o;
    while (jc_next(&names, &key, &raw)) {
        o = view_get(v, path_join(mem, box, STR("slot"), jc_text(mem, raw)));
        if (o)
            VEC_PUSH(mem, list, o);
    }
    uint32_t listed = list.n;
    while ((o = view_next(&it))) {
        bool seen = !str_eq(path_kind(o->path), STR("slot"));
        for (uint32_t i = 0; i < listed && !seen; i++)
            seen = list.v[i] == o;
        if (!seen)
            VEC_PUSH(mem, list, o);
    }
    *n = list.n;
    return list.v;
}

static void put_box(struct ddl *d, struct strbuf *out, const struct obj *box)
{
    uint32_t n;
    const struct obj **slots = slots_of(d->mem, d->after, box->path, &n), *o;
    struct view_iter it = view_iter(d->after, box->path);
    sb_str(out, box->path);
    toy_put_attrs(out, box);
    for (uint32_t i = 0; i < n; i++)
        put_inner(out, slots[i]);
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("seal")))
            put_inner(out, o);
}

static int make_box(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    (void)e;
    sb_c(&b, "make ");
    put_box(d, &b, c->after);
    toy_stmt(d, &b, 0);
    return 0;
}

static int64_t size_of(const struct obj *slot)
{
    struct str raw = obj_raw(slot, "size");
    return str_is_null(raw) ? 8 : jc_int(raw);
}

static int rebuild(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t n;
    const struct obj **slots = slots_of(d->mem, d->after, d->owner, &n);
    if (c || !view_get(d->before, d->owner))
        return err_set(e, E_UNSUPPORTED_CHANGE, "a rebuild is one call for a box that stands");
    sb_c(&b, "rebuild ");
    put_box(d, &b, view_get(d->after, d->owner));
    toy_stmt(d, &b, 0);
    ddl_stmt(d, arena_printf(d->mem, "check %.*s", STR_ARG(d->owner)), ST_LATE | ST_CHECK);
    ddl_hazard(d, HZ_REWRITE, d->owner, "every row is copied");
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *was = view_get(d->before, slots[i]->path);
        if (was && size_of(slots[i]) < size_of(was))
            ddl_hazard(d, HZ_CONVERT, was->path, "its values are cut to %d",
                       (int)size_of(slots[i]));
    }
    return 0;
}
static const struct alter rebuild_box = {.name = "box.rebuild",
                                         .fn = rebuild,
                                         .at_owner = true,
                                         .recreates = "tag,badge",
                                         .hazard = HZ_REWRITE,
                                         .doc = "the box is made anew"};

static int paint(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "color");
}
static int count_hits(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "hits");
}
static int respell(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "name");
}
static int note(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "note");
}

/* clang-format off */
static const struct alter make_a_box = {.name = "box.make", .fn = make_box};
static const struct alter drop_a_box = {.name = "box.drop", .fn = toy_drop};
static const struct alter rename_a_box = {.name = "box.rename", .fn = toy_rename};
static const struct alter paint_a_box = {.name = "box.paint", .fn = paint};
static const struct alter count_a_box = {.name = "box.count", .fn = count_hits};
static const struct alter respell_a_box = {.name = "box.respell", .fn = respell};
static const struct alter note_a_box = {.name = "box.note", .fn = note};

static const struct attr_desc box_attrs[] = {
    {"color",    A_TEXT, CMP_VALUE, F_STRUCTURE, "\"red\"", &paint_a_box,   1, false, 0, "color"},
    {"hits",     A_INT,  CMP_VALUE, F_COUNTERS,  NULL,      &count_a_box,   1, false, 0, "moves by itself"},
    {"material", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL,      NULL,           1, false, 0, "cannot be changed"},
    {"name",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL,      &respell_a_box, 1, true,  0, "spelling"},
    {"note",     A_TEXT, CMP_VALUE, F_COMMENTS,  NULL,      &note_a_box,    1, false, 0, "comment"},
    {"slots",    A_LIST, CMP_ORDER, F_ORDER,     NULL,      &rebuild_box,   1, false, 0, "names of the slots, in order"},
};
/* clang-format on */

const struct kind_desc toy_box_kind = {
    .name = "box",
    .parents = "",
    .flags = KF_DATA,
    .rank = 10,
    .facet = F_STRUCTURE,
    .names = "/thing",
    .attrs = box_attrs,
    .nattrs = sizeof box_attrs / sizeof *box_attrs,
    .create = &make_a_box,
    .drop = &drop_a_box,
    .rename = &rename_a_box,
    .doc = "holds slots",
};

static bool is_last(const struct ddl *d, const struct obj *slot)
{
    uint32_t n;
    const struct obj **all = slots_of(d->mem, d->after, path_parent(slot->path), &n);
    return str_eq(all[n - 1]->path, slot->path);
}

static bool add_applies(const struct ddl *d, const struct change *c)
{
    return !(d->facets & F_ORDER) || is_last(d, c->after);
}

static int add_slot(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct view_iter it = view_iter(d->after, path_parent(c->after->path));
    struct str name = path_name(d->mem, c->after->path);
    const struct obj *o;
    (void)e;
    sb_printf(&b, "add %.*s", STR_ARG(c->after->path));
    toy_put_attrs(&b, c->after);
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("seal")) && str_eq(obj_text(d->mem, o, "slot"), name))
            put_inner(&b, o);
    toy_stmt(d, &b, 0);
    d->order_differs = d->order_differs || !is_last(d, c->after);
    return 0;
}

/* A slot that a seal stands on goes alone only where the seal goes too. */
static bool drop_applies(const struct ddl *d, const struct change *c)
{
    struct view_iter it = view_iter(d->before, path_parent(c->before->path));
    struct str name = path_name(d->mem, c->before->path);
    const struct obj *o;
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("seal")) && str_eq(obj_text(d->mem, o, "slot"), name) &&
            view_get(d->after, o->path))
            return false;
    return true;
}

static bool grow_applies(const struct ddl *d, const struct change *c)
{
    (void)d;
    return size_of(c->after) > size_of(c->before);
}
static int grow(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "size");
}
static int label(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "label");
}

/* clang-format off */
static const struct alter add_a_slot = {.name = "slot.add", .fn = add_slot, .applies = add_applies, .other = &rebuild_box};
static const struct alter drop_a_slot = {.name = "slot.drop", .fn = toy_drop, .applies = drop_applies, .other = &rebuild_box};
static const struct alter rename_a_slot = {.name = "slot.rename", .fn = toy_rename};
static const struct alter grow_a_slot = {.name = "slot.grow", .fn = grow, .applies = grow_applies, .other = &rebuild_box};
static const struct alter label_a_slot = {.name = "slot.label", .fn = label};

static const struct attr_desc slot_attrs[] = {
    {"label", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &label_a_slot, 1, false, 0,           "in place"},
    {"lined", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &rebuild_box,  1, false, 0,           "by the rebuild"},
    {"size",  A_INT,  CMP_VALUE, F_STRUCTURE, "8",  &grow_a_slot,  1, false, AF_CONVERTS, "grows in place"},
};
/* clang-format on */

const struct kind_desc toy_slot_kind = {
    .name = "slot",
    .parents = "box",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 20,
    .facet = F_STRUCTURE,
    .attrs = slot_attrs,
    .nattrs = sizeof slot_attrs / sizeof *slot_attrs,
    .create = &add_a_slot,
    .drop = &drop_a_slot,
    .rename = &rename_a_slot,
    .ordered_by = "slots",
    .doc = "part of a box",
};

/* A seal that stands on a slot which this plan adds or takes away needs no statement. */
static struct str rides_on(const struct ddl *d, const struct change *c)
{
    const struct obj *o = change_obj(c);
    struct str slot = obj_text(d->mem, o, "slot");
    if (str_is_null(slot))
        return STR_NULL;
    struct str path = path_join(d->mem, path_parent(o->path), STR("slot"), slot);
    bool there = view_get(d->before, path) != NULL, then = view_get(d->after, path) != NULL;
    bool rides = c->op == OP_ADD ? !there && then : c->op == OP_DROP && there && !then;
    return rides ? path : STR_NULL;
}

/* clang-format off */
static const struct alter ride = {.name = "seal.ride", .rides = rides_on, .other = &rebuild_box};

static const struct attr_desc seal_attrs[] = {
    {"rule", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &rebuild_box, 1, false, 0, "what holds"},
    {"slot", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &rebuild_box, 1, false, 0, "slot that it stands on"},
};
/* clang-format on */

const struct kind_desc toy_seal_kind = {
    .name = "seal",
    .parents = "box",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 25,
    .facet = F_STRUCTURE,
    .attrs = seal_attrs,
    .nattrs = sizeof seal_attrs / sizeof *seal_attrs,
    .create = &ride,
    .drop = &ride,
    .doc = "condition on a box",
};
