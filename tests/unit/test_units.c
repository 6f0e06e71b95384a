/* From changes to units of work; see diff/units.c. */

#include "diff/internal.h"

#include <string.h>

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static struct planner *planned(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct err e;
    struct planner *p =
        toy_planner(mem, toy_read_in(mem, from, facets), toy_read_in(mem, to, facets));
    assert_ok(plan_units(p, &e), e);
    return p;
}

static struct str units(struct arena *mem, const char *from, const char *to)
{
    return toy_units(planned(mem, from, to, F_DEFAULT), NULL);
}

static void no_changes_no_units(void **state)
{
    assert_str(units(*state, "make box:a", "make box:a"), "");
}

static void one_change_one_unit(void **state)
{
    assert_str(units(*state, "make box:a\nmake box:b", "make box:a color=blue\nmake box:c"),
               "box:a: alter box:a\nbox:b: drop box:b\nbox:c: create box:c\n");
}

static void inline_children_are_written_by_their_parent(void **state)
{
    struct arena *mem = *state;
    assert_str(units(mem, "", "make box:a {slot:s} {seal:k rule=r}\nmake box:a/tag:x"),
               "box:a: create box:a, create box:a/seal:k, create box:a/slot:s\n"
               "box:a/tag:x: create box:a/tag:x\n");
    assert_str(units(mem, "make box:a", "make box:a {slot:s}\nmake box:a/tag:x"),
               "box:a/slot:s: create box:a/slot:s\nbox:a/tag:x: create box:a/tag:x\n");
}

static void cascading_children_die_with_their_parent(void **state)
{
    struct arena *mem = *state;
    const char *full = "make box:a {slot:s} {seal:k rule=r}\nmake box:a/tag:x";
    assert_str(units(mem, full, ""),
               "box:a: drop box:a, drop box:a/seal:k, drop box:a/slot:s, drop box:a/tag:x\n");
    assert_str(units(mem, full, "make box:a {slot:s} {seal:k rule=r}"),
               "box:a/tag:x: drop box:a/tag:x\n");
}

static void what_cannot_be_altered_is_replaced(void **state)
{
    struct arena *mem = *state;
    struct planner *p = planned(mem, "make box:a\nmake link:l goes=box:a",
                                "make box:a\nmake link:l color=blue", F_DEFAULT);
    assert_str(toy_units(p, NULL), "link:l: drop link:l\nlink:l: create link:l\n");
    assert_true(p->items.v[0].replace);
    assert_int_not_equal(p->items.v[0].unit[0], p->items.v[0].unit[1]);
}

static void what_lies_below_comes_along(void **state)
{
    struct arena *mem = *state;
    /* s changes, t stays, u goes, v is new; the tag stays, the badge changes in place elsewhere */
    assert_str(
        units(mem, "make box:a {slot:s} {slot:t} {slot:u}\nmake box:a/tag:x\nmake box:b {slot:z}",
              "make box:a material=oak {slot:s label=l} {slot:t} {slot:v}\n"
              "make box:a/tag:x\nmake box:b {slot:z}"),
        "box:a: drop box:a, drop box:a/slot:s, drop box:a/slot:t, drop box:a/slot:u, "
        "drop box:a/tag:x\n"
        "box:a: create box:a, create box:a/slot:s, create box:a/slot:t, create box:a/slot:v\n"
        "box:a/tag:x: create box:a/tag:x\n");
    assert_str(units(mem, "make box:a\nmake box:a/tag:x pinned=true",
                     "make box:a material=oak\nmake box:a/tag:x"),
               "box:a: drop box:a, drop box:a/tag:x\nbox:a: create box:a\n"
               "box:a/tag:x: create box:a/tag:x\n");
}

static void one_call_for_an_owner(void **state)
{
    struct arena *mem = *state;
    struct planner *p =
        planned(mem, "make box:a {slot:s} {slot:t}\nmake box:b {slot:s}",
                "make box:a {slot:s lined=true} {slot:t size=3}\nmake box:b {slot:s lined=true}",
                F_DEFAULT);
    assert_str(toy_units(p, NULL), "!box:a: alter box:a/slot:s, alter box:a/slot:t\n"
                                   "!box:b: alter box:b/slot:s\n");
    assert_string_equal(p->units.v[0].alter->name, "box.rebuild");
    assert_int_equal(p->units.v[0].rank, toy_box_kind.rank);
}

static void what_the_call_can_do_goes_into_it(void **state)
{
    /* adding z and growing s could be done in place; the label is not in the chain of the call */
    assert_str(units(*state, "make box:a {slot:s} {slot:t} {slot:u}",
                     "make box:a {slot:s size=9} {slot:t lined=true} {slot:u label=l} {slot:z}"),
               "!box:a: alter box:a/slot:t, alter box:a/slot:s, create box:a/slot:z, alter box:a\n"
               "box:a/slot:u: alter box:a/slot:u\n");
}

/* The box's fact holds the order of its slots: no step may turn it before the slots are there. */
static void the_owners_own_change_goes_into_its_call(void **state)
{
    assert_str(units(*state, "make box:a {slot:s} {slot:t}",
                     "make box:a color=blue {slot:s lined=true} {slot:u}"),
               "!box:a: alter box:a/slot:s, alter box:a, drop box:a/slot:t, create box:a/slot:u\n");
    assert_str(units(*state, "make box:a {slot:s} {slot:t}", "make box:a color=blue {slot:t}"),
               "box:a: alter box:a\nbox:a/slot:s: drop box:a/slot:s\n");
}

static void an_owner_whose_facts_change_is_a_member(void **state)
{
    struct arena *mem = *state;
    struct planner *p = planned(mem, "make box:a {slot:s} {slot:t}\nmake box:z",
                                "make box:a {slot:s lined=true} {slot:n} {slot:t}\nmake box:z "
                                "color=blue",
                                F_DEFAULT);
    assert_str(toy_units(p, NULL), "!box:a: alter box:a/slot:s, create box:a/slot:n, alter box:a\n"
                                   "box:z: alter box:z\n");
    /* items are by path again */
    for (uint32_t i = 1; i < p->items.n; i++)
        assert_true(path_cmp(item_obj(p, i - 1)->path, item_obj(p, i)->path) < 0);
    assert_int_equal(item_find(p, STR("box:a")), 0);
    assert_int_equal(item_find(p, STR("box:b")), NO_UNIT);
}

static void riders_go_with_their_carrier(void **state)
{
    struct arena *mem = *state;
    const char *bare = "make box:a {slot:s}";
    const char *sealed = "make box:a {slot:s} {slot:t} {seal:k rule=r slot=t}";
    assert_str(units(mem, bare, sealed),
               "box:a/slot:t: create box:a/slot:t, create box:a/seal:k\n");
    assert_str(units(mem, sealed, bare), "box:a/slot:t: drop box:a/slot:t, drop box:a/seal:k\n");
    /* on a slot that is there already it is a matter of the rebuild */
    assert_str(units(mem, "make box:a {slot:s} {slot:t}", sealed), "!box:a: create box:a/seal:k\n");
}

static void a_rider_follows_its_carrier_into_the_call(void **state)
{
    struct arena *mem = *state;
    assert_str(units(mem, "make box:a {slot:s}",
                     "make box:a {slot:s lined=true} {slot:t} {seal:k rule=r slot=t}"),
               "!box:a: alter box:a/slot:s, create box:a/slot:t, create box:a/seal:k, "
               "alter box:a\n");
}

static void refused_by_name(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *from, *to, *msg;
    } cases[] = {
        {"make gate:g", "", "gate g: there is no statement to drop it"},
        {"make gate:g code=1", "make gate:g code=2", "gate g: there is no statement to change it"},
        {"make gate:g width=2", "make gate:g width=1",
         "gate g: there is no statement to change it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        struct planner *p =
            toy_planner(mem, toy_read(mem, cases[i].from), toy_read(mem, cases[i].to));
        assert_err(plan_units(p, &e), e, E_UNSUPPORTED_CHANGE);
        assert_string_equal(e.msg, cases[i].msg);
    }
}

static void owners_of_paths(void **state)
{
    struct planner *p = planned(*state, "", "", F_DEFAULT);
    assert_str(owner_of(p, STR("box:a/slot:s")), "box:a");
    assert_str(owner_of(p, STR("box:a/tag:x")), "box:a/tag:x");
    assert_str(owner_of(p, STR("box:a")), "box:a");
    assert_str(owner_of(p, STR("comet:a")), "comet:a");
}

static void ranks_order_drops_backwards_and_rows_last(void **state)
{
    struct planner *p = planned(*state, "make box:a {slot:s}\nmake link:l\nmake box:b {slot:s}",
                                "make box:b\nmake wire:w", F_DEFAULT);
    assert_str(toy_units(p, NULL), "box:a: drop box:a, drop box:a/slot:s\n"
                                   "box:b/slot:s: drop box:b/slot:s\n"
                                   "link:l: drop link:l\nwire:w: create wire:w\n");
    assert_int_equal(p->units.v[0].rank, 390);
    assert_int_equal(p->units.v[1].rank, -20);
    assert_int_equal(p->units.v[2].rank, -40);
    assert_int_equal(p->units.v[3].rank, 50);
    assert_int_equal(p->units.v[1].position, 1);
}

/* The toy engine with links of another row. */
struct other_engine {
    struct engine eng;
    struct kind_desc link;
    const struct kind_desc *kinds[9];
};

static struct planner *planned_otherwise(struct arena *mem, struct other_engine *o,
                                         const char *from, const char *to)
{
    struct catalog *a = toy_read(mem, from), *b = toy_read(mem, to);
    o->eng = engine_toy;
    memcpy(o->kinds, engine_toy.kinds, sizeof o->kinds);
    for (size_t i = 0; i < engine_toy.nkinds; i++)
        if (o->kinds[i] == &toy_link_kind)
            o->kinds[i] = &o->link;
    o->eng.kinds = o->kinds;
    a->eng = b->eng = &o->eng;
    return toy_planner(mem, a, b);
}

/* A new index before the old one goes; what is made anew has no choice. */
static void a_late_drop_waits_for_creates(void **state)
{
    struct arena *mem = *state;
    struct other_engine o = {.link = toy_link_kind};
    struct err e;
    o.link.flags |= KF_LATE_DROP;
    struct planner *p =
        planned_otherwise(mem, &o, "make box:a\nmake link:l\nmake link:m\nmake wire:v",
                          "make link:k\nmake link:m goes=link:k\nmake wire:w");
    uint32_t *order;
    bool *stuck;
    assert_ok(plan_units(p, &e), e);
    plan_edges(p);
    assert_ok(plan_order(p, &order, &stuck, &e), e);
    assert_str(toy_units(p, order),
               "wire:v: drop wire:v\nlink:k: create link:k\nwire:w: create wire:w\n"
               "link:l: drop link:l\nlink:m: drop link:m\nlink:m: create link:m\n"
               "box:a: drop box:a\n");
}

static bool may_not(const struct ddl *d, const struct change *c)
{
    (void)c;
    return !d->recreate;
}

static int says_no(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    return err_set(e, E_UNSUPPORTED_CHANGE, "no command changes it");
}

/* In place it is a refusal; a plan that may do so makes the object anew, either way. */
static void made_anew_where_the_plan_may(void **state)
{
    struct arena *mem = *state;
    static const struct alter anew = {
        .name = "anew", .fn = says_no, .applies = may_not, .other = &alter_replace};
    struct attr_desc attrs[2] = {toy_link_kind.attrs[0], toy_link_kind.attrs[1]};
    struct other_engine o = {.link = toy_link_kind};
    const char *from = "make link:l", *to = "make link:l color=blue";
    struct err e;
    struct plan *plan;
    attrs[0].alter = &anew;
    o.link.attrs = attrs;
    struct planner *p = planned_otherwise(mem, &o, from, to);
    assert_ok(plan_units(p, &e), e);
    assert_str(toy_units(p, NULL), "link:l: alter link:l\n");
    p = planned_otherwise(mem, &o, from, to);
    assert_err(plan_make(p->req, mem, &plan, &e), e, E_UNSUPPORTED_CHANGE);
    struct plan_request req = *p->req;
    req.recreate = true;
    p->req = &req;
    assert_ok(plan_units(p, &e), e);
    assert_str(toy_units(p, NULL), "link:l: drop link:l\nlink:l: create link:l\n");
    assert_ok(plan_make(&req, mem, &plan, &e), e);
    assert_int_equal(plan->n, 2);
}

/* A handler sees what the request says. */
static int asks(struct ddl *d, const struct change *c, struct err *e)
{
    (void)c;
    if (!d->recreate)
        return err_set(e, E_LIMIT, "not told");
    return 0;
}

static void handlers_are_told(void **state)
{
    struct arena *mem = *state;
    static const struct alter told = {.name = "told", .fn = asks};
    struct other_engine o = {.link = toy_link_kind};
    struct plan *plan;
    struct err e;
    o.link.create = &told;
    struct plan_request req = *planned_otherwise(mem, &o, "", "make link:l")->req;
    assert_err(plan_make(&req, mem, &plan, &e), e, E_LIMIT);
    req.recreate = true;
    assert_ok(plan_make(&req, mem, &plan, &e), e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_changes_no_units),
        TEST(one_change_one_unit),
        TEST(inline_children_are_written_by_their_parent),
        TEST(cascading_children_die_with_their_parent),
        TEST(what_cannot_be_altered_is_replaced),
        TEST(what_lies_below_comes_along),
        TEST(one_call_for_an_owner),
        TEST(what_the_call_can_do_goes_into_it),
        TEST(the_owners_own_change_goes_into_its_call),
        TEST(an_owner_whose_facts_change_is_a_member),
        TEST(riders_go_with_their_carrier),
        TEST(a_rider_follows_its_carrier_into_the_call),
        TEST(refused_by_name),
        TEST(owners_of_paths),
        TEST(ranks_order_drops_backwards_and_rows_last),
        TEST(a_late_drop_waits_for_creates),
        TEST(made_anew_where_the_plan_may),
        TEST(handlers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
