/*
 * What stands beside boxes: tags and badges (below one, not written inside it), links (need what
 * they go to), wires (name things in a body that may name one another in a circle), gates (no way
 * back), lamps (a facet of its own, set outside a transaction).
 */

#include "tests/harness/toy/toy.h"

static int make_tag(struct ddl *d, const struct change *c, struct err *e)
{
    struct typed t = {.name = "makeTag"};
    ddl_hazard(d, HZ_INDEX_BUILD, c->after->path, "the box is read whole");
    if (toy_make(d, c, e))
        return -1;
    ddl_typed(d, &t);
    return 0;
}
static int pin(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "pinned");
}

/* clang-format off */
static const struct alter make_a_tag = {.name = "tag.make", .fn = make_tag, .hazard = HZ_INDEX_BUILD};
static const struct alter make_any = {.name = "make", .fn = toy_make};
static const struct alter drop_any = {.name = "drop", .fn = toy_drop};
static const struct alter pin_a_tag = {.name = "tag.pin", .fn = pin, .hazard = HZ_REPOPULATE};

static const struct attr_desc tag_attrs[] = {
    {"on",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "slot"},
    {"pinned", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &pin_a_tag, 1, false, 0, "in place"},
    {"text",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "made anew"},
};
static const struct attr_desc badge_attrs[] = {
    {"text", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "made anew"},
};
/* clang-format on */

const struct kind_desc toy_tag_kind = {
    .name = "tag",
    .parents = "box",
    .flags = KF_CASCADE,
    .rank = 30,
    .facet = F_STRUCTURE,
    .names = "mark",
    .attrs = tag_attrs,
    .nattrs = sizeof tag_attrs / sizeof *tag_attrs,
    .create = &make_a_tag,
    .drop = &drop_any,
    .doc = "hangs on a box",
};

const struct kind_desc toy_badge_kind = {
    .name = "badge",
    .parents = "box",
    .flags = KF_CASCADE,
    .rank = 29,
    .facet = F_STRUCTURE,
    .names = "mark",
    .attrs = badge_attrs,
    .nattrs = sizeof badge_attrs / sizeof *badge_attrs,
    .create = &make_any,
    .drop = &drop_any,
    .doc = "shares its names with tags",
};

static int tint(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "color");
}
static int retext(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "body");
}

/* clang-format off */
static const struct alter tint_a_link = {.name = "link.tint", .fn = tint};
static const struct alter retext_a_wire = {.name = "wire.retext", .fn = retext};

static const struct attr_desc link_attrs[] = {
    {"color", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &tint_a_link, 1, false, 0, "in place"},
    {"goes",  A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "paths that must be there when it is made"},
};
static const struct attr_desc wire_attrs[] = {
    {"body", A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &retext_a_wire, 1, false, 0, "words; a path among them is a need"},
};
/* clang-format on */

const struct kind_desc toy_link_kind = {
    .name = "link",
    .parents = "",
    .rank = 40,
    .facet = F_STRUCTURE,
    .names = "/thing",
    .attrs = link_attrs,
    .nattrs = sizeof link_attrs / sizeof *link_attrs,
    .create = &make_any,
    .drop = &drop_any,
    .doc = "goes to other things",
};

const struct kind_desc toy_wire_kind = {
    .name = "wire",
    .parents = "",
    .flags = KF_SOFT,
    .rank = 50,
    .facet = F_STRUCTURE,
    .names = "/thing",
    .attrs = wire_attrs,
    .nattrs = sizeof wire_attrs / sizeof *wire_attrs,
    .create = &make_any,
    .drop = &drop_any,
    .doc = "names other things",
};

static bool widens(const struct ddl *d, const struct change *c)
{
    (void)d;
    return jc_int(obj_raw(c->after, "width")) > jc_int(obj_raw(c->before, "width"));
}
static int widen(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return toy_set(d, c, "width");
}

/* clang-format off */
static const struct alter never = {.name = "gate.never"};
static const struct alter widen_a_gate = {.name = "gate.widen", .fn = widen, .applies = widens};

static const struct attr_desc gate_attrs[] = {
    {"code",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &never,        1, false, 0, "nothing changes it"},
    {"width", A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &widen_a_gate, 1, false, 0, "only grows"},
};
/* clang-format on */

const struct kind_desc toy_gate_kind = {
    .name = "gate",
    .parents = "",
    .rank = 60,
    .facet = F_STRUCTURE,
    .attrs = gate_attrs,
    .nattrs = sizeof gate_attrs / sizeof *gate_attrs,
    .create = &make_any,
    .doc = "cannot be dropped",
};

static int light(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    ddl_stmt(d, STR("quiet value=on"), ST_SETTING);
    ddl_stmt(d, arena_printf(d->mem, "check %.*s", STR_ARG(c->after->path)), ST_LATE | ST_CHECK);
    toy_set(d, c, "lit");
    ddl_stmt(d, STR("quiet value=off"), ST_SETTING_END);
    return 0;
}
static int deepen(struct ddl *d, const struct change *c, struct err *e)
{
    struct str value = obj_raw(c->after, "deep");
    (void)e;
    ddl_stmt(d,
             arena_printf(d->mem, "deepen %.*s deep=%.*s", STR_ARG(c->after->path),
                          STR_ARG(toy_plain(d->mem, value))),
             ST_NO_TX);
    ddl_hazard(d, HZ_NO_TRANSACTION, c->after->path, "it stands alone");
    return 0;
}

/* clang-format off */
static const struct alter light_a_lamp = {.name = "lamp.light", .fn = light};
static const struct alter deepen_a_lamp = {.name = "lamp.deepen", .fn = deepen};

static const struct attr_desc lamp_attrs[] = {
    {"deep", A_INT,  CMP_VALUE, F_PRAGMAS, NULL, &deepen_a_lamp, 1, false, 0, "outside a transaction"},
    {"lit",  A_BOOL, CMP_VALUE, F_PRAGMAS, NULL, &light_a_lamp,  1, false, 0, "only when it is quiet"},
};
/* clang-format on */

const struct kind_desc toy_lamp_kind = {
    .name = "lamp",
    .parents = "",
    .rank = 5,
    .facet = F_PRAGMAS,
    .attrs = lamp_attrs,
    .nattrs = sizeof lamp_attrs / sizeof *lamp_attrs,
    .create = &make_any,
    .drop = &drop_any,
    .doc = "a setting",
};
