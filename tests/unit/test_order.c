/* The order of units: needs, names, circles; see diff/order.c. */

#include "diff/internal.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static int try_order(struct planner *p, struct str *out, struct err *e)
{
    uint32_t *order;
    if (plan_units(p, e))
        return -1;
    plan_edges(p);
    bool *stuck;
    if (plan_order(p, &order, &stuck, e))
        return -1;
    *out = toy_units(p, order);
    return 0;
}

static struct str ordered_in(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct str text = STR_NULL;
    struct err e;
    assert_ok(
        try_order(toy_planner(mem, toy_read_in(mem, from, facets), toy_read_in(mem, to, facets)),
                  &text, &e),
        e);
    return text;
}

static struct str ordered(struct arena *mem, const char *from, const char *to)
{
    return ordered_in(mem, from, to, F_DEFAULT);
}

/* What goes may still be used by programs that are not new yet. */
static void online_what_narrows_comes_last(void **state)
{
    struct arena *mem = *state;
    const char *from = "make box:a\nmake link:l", *to = "make box:a\nmake wire:w body=x";
    struct planner *p = toy_planner(mem, toy_read(mem, from), toy_read(mem, to));
    struct plan_request req = *p->req;
    struct str text;
    struct err e;
    assert_str(ordered(mem, from, to), "link:l: drop link:l\nwire:w: create wire:w\n");
    req.online = true;
    p->req = &req;
    assert_ok(try_order(p, &text, &e), e);
    assert_str(text, "wire:w: create wire:w\nlink:l: drop link:l\n");
    assert_int_equal(p->units.v[0].phase + p->units.v[1].phase, PHASE_EXPAND + PHASE_CONTRACT);
}

/* A catalog of facts as they are given: "path attributes deps", which no toy database would hold.
 */
static struct catalog *facts(struct arena *mem, const char *const *lines)
{
    struct catalog *cat = cat_new(mem, &engine_toy, F_DEFAULT, STR("facts"));
    struct err e;
    for (; *lines; lines++) {
        struct str rest = str_c(*lines), part[3] = {STR_NULL, STR("{}"), STR_NULL};
        for (int i = 0; i < 3 && str_cut(&rest, ' ', &part[i]); i++)
            ;
        struct obj o = {.path = part[0], .a = part[1], .deps = part[2]};
        o.kind = (uint16_t)engine_kind(&engine_toy, path_kind(o.path));
        cat_add(cat, &o);
    }
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static void nothing_to_order(void **state)
{
    assert_str(ordered(*state, "", ""), "");
}

static void without_needs_rank_then_place_then_path(void **state)
{
    struct arena *mem = *state;
    assert_str(ordered(mem, "make box:a",
                       "make box:a {slot:z} {slot:y}\nmake wire:w\nmake box:c\n"
                       "make box:b\nmake link:l"),
               "box:b: create box:b\nbox:c: create box:c\n"
               "box:a/slot:z: create box:a/slot:z\nbox:a/slot:y: create box:a/slot:y\n"
               "link:l: create link:l\nwire:w: create wire:w\n");
}

static void drops_go_backwards_and_rows_last(void **state)
{
    assert_str(
        ordered(*state,
                "make box:a\nmake box:b {slot:s}\nmake box:b/tag:x\nmake link:l\nmake wire:w",
                "make box:b\nmake box:c"),
        "wire:w: drop wire:w\nlink:l: drop link:l\nbox:b/tag:x: drop box:b/tag:x\n"
        "box:b/slot:s: drop box:b/slot:s\nbox:c: create box:c\nbox:a: drop box:a\n");
}

static void what_is_needed_is_made_first(void **state)
{
    struct arena *mem = *state;
    assert_str(ordered(mem, "",
                       "make box:z\nmake link:q goes=box:z\nmake link:b goes=link:q\n"
                       "make link:a goes=link:b"),
               "box:z: create box:z\nlink:q: create link:q\nlink:b: create link:b\n"
               "link:a: create link:a\n");
    /* against the ranks: a box after the wire that it would need */
    static const char *const to[] = {"box:a {} [\"wire:w\"]", "wire:w", NULL};
    struct str text = STR_NULL;
    struct err e;
    assert_ok(try_order(toy_planner(mem, toy_read(mem, ""), facts(mem, to)), &text, &e), e);
    assert_str(text, "wire:w: create wire:w\nbox:a: create box:a\n");
}

static void what_needs_is_dropped_first(void **state)
{
    struct arena *mem = *state;
    assert_str(
        ordered(mem,
                "make box:z\nmake link:a goes=box:z\nmake link:b goes=link:a\n"
                "make link:c goes=link:b",
                ""),
        "link:c: drop link:c\nlink:b: drop link:b\nlink:a: drop link:a\nbox:z: drop box:z\n");
    static const char *const from[] = {"box:a", "box:b {} [\"box:a\"]", "box:c {} [\"box:b\"]",
                                       NULL};
    struct str text = STR_NULL;
    struct err e;
    assert_ok(try_order(toy_planner(mem, facts(mem, from), toy_read(mem, "")), &text, &e), e);
    assert_str(text, "box:c: drop box:c\nbox:b: drop box:b\nbox:a: drop box:a\n");
}

static void a_tag_waits_for_its_slot(void **state)
{
    struct arena *mem = *state;
    const char *bare = "make box:a {slot:s}";
    const char *tagged = "make box:a {slot:s} {slot:t}\nmake box:a/tag:x on=t";
    assert_str(ordered(mem, bare, tagged),
               "box:a/slot:t: create box:a/slot:t\nbox:a/tag:x: create box:a/tag:x\n");
    assert_str(ordered(mem, tagged, bare),
               "box:a/tag:x: drop box:a/tag:x\nbox:a/slot:t: drop box:a/slot:t\n");
}

static void the_call_for_an_owner_counts_for_all_below(void **state)
{
    assert_str(ordered_in(*state, "make box:a {slot:s}\nmake box:a/tag:y",
                          "make box:a {slot:t} {slot:s}\nmake box:a/tag:x on=t\nmake box:a/tag:y "
                          "pinned=true",
                          F_DEFAULT | F_ORDER),
               "!box:a: create box:a/slot:t, alter box:a\n"
               "box:a/tag:x: create box:a/tag:x\nbox:a/tag:y: alter box:a/tag:y\n");
}

static void an_alter_comes_after_what_it_newly_needs(void **state)
{
    struct arena *mem = *state;
    static const char *const from[] = {"box:a {} [\"box:b\"]", "box:b", NULL};
    static const char *const to[] = {"box:a {\"color\":\"blue\"} [\"wire:w\"]", "wire:w", NULL};
    struct str text = STR_NULL;
    struct err e;
    assert_ok(try_order(toy_planner(mem, facts(mem, from), facts(mem, to)), &text, &e), e);
    assert_str(text, "wire:w: create wire:w\nbox:a: alter box:a\nbox:b: drop box:b\n");
    /* what it needs as before holds nothing up: paint goes by rank, before the link's own change */
    assert_str(
        ordered(mem, "make box:b\nmake link:l goes=box:b\nmake link:k goes=link:l",
                "make box:b\nmake link:l goes=box:b color=x\nmake link:k goes=link:l color=y"),
        "link:k: alter link:k\nlink:l: alter link:l\n");
}

static void a_replace_is_dropped_then_created(void **state)
{
    struct arena *mem = *state;
    assert_str(ordered(mem, "make box:a\nmake link:l goes=box:a",
                       "make box:a\nmake box:b\nmake link:l goes=box:b"),
               "link:l: drop link:l\nbox:b: create box:b\nlink:l: create link:l\n");
    /* box and tag: ranks alone would make the new tag before the old box is gone */
    assert_str(ordered(mem, "make box:a {slot:s}\nmake box:a/tag:x",
                       "make box:a material=oak {slot:s}\nmake box:a/tag:x\nmake box:a/badge:y"),
               "box:a: drop box:a, drop box:a/slot:s, drop box:a/tag:x\n"
               "box:a: create box:a, create box:a/slot:s\n"
               "box:a/badge:y: create box:a/badge:y\nbox:a/tag:x: create box:a/tag:x\n");
}

static void a_name_is_freed_before_it_is_taken(void **state)
{
    struct arena *mem = *state;
    assert_str(ordered(mem, "make box:n", "make wire:n"),
               "box:n: drop box:n\nwire:n: create wire:n\n");
    assert_str(ordered(mem, "make box:a\nmake box:a/badge:n\nmake box:b\nmake box:b/badge:m",
                       "make box:a\nmake box:a/tag:n\nmake box:b\nmake box:b/badge:m\n"
                       "make box:b/badge:n"),
               "box:a/badge:n: drop box:a/badge:n\nbox:b/badge:n: create box:b/badge:n\n"
               "box:a/tag:n: create box:a/tag:n\n");
    /* kinds that share no word may share the name */
    assert_str(ordered(mem, "make box:n", "make gate:n"),
               "gate:n: create gate:n\nbox:n: drop box:n\n");
}

static void soft_needs_order_where_they_can(void **state)
{
    assert_str(ordered(*state, "", "make wire:b\nmake wire:a body='see wire:b'"),
               "wire:b: create wire:b\nwire:a: create wire:a\n");
}

static void soft_needs_give_way_in_a_circle(void **state)
{
    struct arena *mem = *state;
    static const char *const circle[] = {"link:l {} [\"wire:a\"]", "wire:a {} [\"wire:b\"]",
                                         "wire:b {} [\"wire:a\"]", "wire:c {} [\"wire:b\"]", NULL};
    struct catalog *to = facts(mem, circle);
    struct str text = STR_NULL;
    struct err e;
    assert_ok(try_order(toy_planner(mem, toy_read(mem, ""), to), &text, &e), e);
    /* the hard need of the link stands */
    assert_str(text, "wire:a: create wire:a\nlink:l: create link:l\nwire:b: create wire:b\n"
                     "wire:c: create wire:c\n");
    assert_ok(try_order(toy_planner(mem, to, toy_read(mem, "")), &text, &e), e);
    assert_str(text, "wire:c: drop wire:c\nlink:l: drop link:l\nwire:a: drop wire:a\n"
                     "wire:b: drop wire:b\n");
}

static void hard_circles_are_refused_by_name(void **state)
{
    struct arena *mem = *state;
    static const char *const to[] = {"box:a", "link:x {} [\"link:y\"]", "link:y {} [\"link:z\"]",
                                     "link:z {} [\"link:x\"]", NULL};
    struct str text;
    struct err e;
    assert_err(try_order(toy_planner(mem, toy_read(mem, ""), facts(mem, to)), &text, &e), e,
               E_CYCLE);
    assert_string_equal(e.msg, "these need one another: link x, link y, link z");
    assert_err(try_order(toy_planner(mem, facts(mem, to), toy_read(mem, "")), &text, &e), e,
               E_CYCLE);
}

static void needs_of_what_is_not_there_do_not_count(void **state)
{
    static const char *const to[] = {"link:x {} [\"!no_box\",\"comet:y\"]", NULL};
    struct str text = STR_NULL;
    struct err e;
    struct arena *mem = *state;
    assert_ok(try_order(toy_planner(mem, toy_read(mem, ""), facts(mem, to)), &text, &e), e);
    assert_str(text, "link:x: create link:x\n");
}

static void a_need_below_an_object_waits_for_all_that_is_written_in_it(void **state)
{
    struct arena *mem = *state;
    static const char *const from[] = {"box:a {\"slots\":[\"s\"]}", "box:a/slot:s", NULL};
    static const char *const to[] = {"box:a {\"slots\":[\"s\",\"t\"]}", "box:a/slot:s",
                                     "box:a/slot:t", "lamp:l {} [\"box:a\"]", NULL};
    struct str text = STR_NULL;
    struct err e;
    struct catalog *a = facts(mem, from), *b = facts(mem, to);
    a->facets = b->facets = F_DEFAULT | F_PRAGMAS;
    assert_ok(try_order(toy_planner(mem, a, b), &text, &e), e);
    /* a lamp's rank is below a slot's */
    assert_str(text, "box:a/slot:t: create box:a/slot:t\nlamp:l: create lamp:l\n");
}

/* Many units through the heap, against the ranks' own order. */
static void a_long_queue_is_sorted(void **state)
{
    struct arena *mem = *state;
    struct strbuf script = sb_new(mem, 0), want = sb_new(mem, 0);
    for (unsigned i = 0; i < 97; i++)
        sb_printf(&script, "make box:b%02u\n", (i * 31) % 97);
    for (unsigned i = 0; i < 97; i++)
        sb_printf(&want, "box:b%02u: create box:b%02u\n", i, i);
    assert_str(ordered(mem, "", script.p), want.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(online_what_narrows_comes_last),
        TEST(nothing_to_order),
        TEST(without_needs_rank_then_place_then_path),
        TEST(drops_go_backwards_and_rows_last),
        TEST(what_is_needed_is_made_first),
        TEST(what_needs_is_dropped_first),
        TEST(a_tag_waits_for_its_slot),
        TEST(the_call_for_an_owner_counts_for_all_below),
        TEST(an_alter_comes_after_what_it_newly_needs),
        TEST(a_replace_is_dropped_then_created),
        TEST(a_name_is_freed_before_it_is_taken),
        TEST(soft_needs_order_where_they_can),
        TEST(soft_needs_give_way_in_a_circle),
        TEST(hard_circles_are_refused_by_name),
        TEST(needs_of_what_is_not_there_do_not_count),
        TEST(a_need_below_an_object_waits_for_all_that_is_written_in_it),
        TEST(a_long_queue_is_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
