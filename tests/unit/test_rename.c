/* Rename hints: shown, never assumed; see diff/rename.c. What a confirmed one becomes is in
 * test_plan.c and test_verify.c. */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

/* "box:a -> box:b 75" for each hint, the likeliest first. */
static struct str hints(struct arena *mem, const char *from, const char *to, unsigned percent)
{
    struct strbuf b = sb_new(mem, 0);
    struct changes *c = toy_diff(mem, toy_read(mem, from), toy_read(mem, to));
    diff_rename_hints(c, percent, mem);
    for (uint32_t i = 0; i < c->nhints; i++)
        sb_printf(&b, "%.*s -> %.*s %u\n", STR_ARG(c->v[c->hints[i].drop].before->path),
                  STR_ARG(c->v[c->hints[i].add].after->path), c->hints[i].percent);
    return sb_view(&b);
}

static void nothing_to_say(void **state)
{
    assert_str(hints(*state, "make box:a", "make box:a", 0), "");
    assert_str(hints(*state, "make box:a", "", 0), "");
    assert_str(hints(*state, "", "make box:a", 0), "");
}

static void the_same_slot_in_the_same_place(void **state)
{
    struct arena *mem = *state;
    struct changes *c = toy_diff(mem, toy_read(mem, "make box:a {slot:note size=3}"),
                                 toy_read(mem, "make box:a {slot:notes size=3}"));
    diff_rename_hints(c, 50, mem);
    assert_int_equal(c->nhints, 1);
    assert_str(c->hints[0].why, "same attributes, same place");
    assert_int_equal(c->hints[0].percent, 95); /* 50 + 25 + 80 / 4 */
    /* shown only: the changes are what they were */
    assert_str(toy_changes_text(mem, c), "- box:a/slot:note\n+ box:a/slot:notes\n");
}

static void places_and_names_weigh(void **state)
{
    struct arena *mem = *state;
    assert_str(hints(mem, "make box:a {slot:note} {slot:x}", "make box:a {slot:x} {slot:notes}", 0),
               "box:a/slot:note -> box:a/slot:notes 70\n");
    assert_str(hints(mem, "make box:a {slot:x}", "make box:a {slot:y}", 0),
               "box:a/slot:x -> box:a/slot:y 75\n");
    assert_str(hints(mem, "make box:a {slot:Ab}", "make box:a {slot:aB}", 0),
               "box:a/slot:Ab -> box:a/slot:aB 100\n");
}

static void other_attributes_weigh(void **state)
{
    struct arena *mem = *state;
    struct changes *c = toy_diff(mem, toy_read(mem, "make box:a {slot:p size=3 label=z}"),
                                 toy_read(mem, "make box:a {slot:q size=4 label=z}"));
    diff_rename_hints(c, 0, mem);
    assert_str(c->hints[0].why, "alike");
    assert_int_equal(c->hints[0].percent, 35); /* one of two, same place: 50 * 70 / 100 */
    diff_rename_hints(c, 36, mem);
    assert_int_equal(c->nhints, 0);
}

static void a_facet_out_of_effect_does_not_weigh(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:p note=one color=blue");
    struct catalog *b = toy_read(mem, "make box:q note=two color=blue");
    struct changes *c;
    struct err e;
    assert_ok(diff_catalogs(a, b, F_STRUCTURE, mem, &c, &e), e);
    diff_rename_hints(c, 0, mem);
    assert_str(c->hints[0].why, "same attributes");
    assert_int_equal(c->hints[0].percent, 50);
    c = toy_diff(mem, a, b);
    diff_rename_hints(c, 0, mem);
    assert_str(c->hints[0].why, "alike");
}

/* What a box holds weighs by itself, not once more by its list. */
static void a_list_that_orders_does_not_weigh(void **state)
{
    struct arena *mem = *state;
    unsigned facets = F_DEFAULT | F_ORDER;
    struct changes *c =
        toy_diff(mem, toy_read_in(mem, "make box:p color=x {slot:a} {slot:b}", facets),
                 toy_read_in(mem, "make box:q color=x {slot:a} {slot:c}", facets));
    diff_rename_hints(c, 0, mem);
    assert_int_equal(c->hints[0].percent, 50);
}

static void children_decide_for_a_box(void **state)
{
    struct arena *mem = *state;
    struct changes *c =
        toy_diff(mem, toy_read(mem, "make box:old {slot:p} {slot:q size=2} {slot:r} {slot:s}"),
                 toy_read(mem, "make box:new {slot:p} {slot:q size=3} {slot:r} {slot:t}"));
    diff_rename_hints(c, 0, mem);
    assert_int_equal(c->nhints, 1);
    assert_str(c->v[c->hints[0].drop].before->path, "box:old");
    assert_int_equal(c->hints[0].percent, 50);
    assert_str(c->hints[0].why, "50 % of what it holds is the same");
    /* one of them is empty */
    assert_str(hints(mem, "make box:old {slot:p}", "make box:new", 0), "box:old -> box:new 0\n");
}

static void each_is_taken_once_the_likeliest_first(void **state)
{
    struct arena *mem = *state;
    assert_str(hints(mem, "make box:a1 {slot:p} {slot:q}\nmake box:a2 {slot:p}",
                     "make box:b1 {slot:p}\nmake box:b2 {slot:p} {slot:q}", 10),
               "box:a1 -> box:b2 100\nbox:a2 -> box:b1 100\n");
    /* equal likeness: by path */
    assert_str(hints(mem, "make box:x\nmake box:y", "make box:p\nmake box:q", 10),
               "box:x -> box:p 50\nbox:y -> box:q 50\n");
    assert_str(hints(mem, "make box:x", "make box:p\nmake box:q", 10), "box:x -> box:p 50\n");
    assert_str(hints(mem, "make box:x\nmake box:y", "make box:p", 10), "box:x -> box:p 50\n");
}

static void only_what_can_be_renamed_within_one_parent(void **state)
{
    struct arena *mem = *state;
    assert_str(hints(mem, "make link:a", "make link:b", 0), "");       /* no rename */
    assert_str(hints(mem, "make wire:a body=x", "make box:a", 0), ""); /* other kinds */
    assert_str(hints(mem, "make box:a {slot:x}\nmake box:b", "make box:a\nmake box:b {slot:x}", 0),
               ""); /* other parents */
    /* with its parent gone it is part of that */
    assert_str(hints(mem, "make box:a {slot:x}", "make box:b {slot:y}", 0), "box:a -> box:b 0\n");
}

static void a_slot_of_a_box_with_other_changes(void **state)
{
    assert_str(hints(*state, "make box:a color=blue {slot:x size=1} {slot:z}\nmake box:b",
                     "make box:a {slot:y size=1} {slot:z}\nmake box:c", 60),
               "box:a/slot:x -> box:a/slot:y 75\n");
}

static void new_names(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *a, *to, *path, *want;
    } cases[] = {
        {"{}", "b", "box:b", "{}"},
        {"{}", "B", "box:b", "{\"name\":\"B\"}"},
        {"{\"color\":\"blue\"}", "B", "box:b", "{\"color\":\"blue\",\"name\":\"B\"}"},
        {"{\"note\":\"n\"}", "B", "box:b", "{\"name\":\"B\",\"note\":\"n\"}"},
        {"{\"name\":\"A\"}", "b", "box:b", "{}"},
        {"{\"color\":\"blue\",\"name\":\"A\",\"note\":\"n\"}", "C/d", "box:c~1d",
         "{\"color\":\"blue\",\"name\":\"C/d\",\"note\":\"n\"}"},
        {"{\"name\":\"A\"}", "Q\"", "box:q\"", "{\"name\":\"Q\\\"\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct obj o = {.path = STR("box:a"), .a = str_c(cases[i].a), .src = STR("{}")};
        const struct obj *r = obj_renamed(mem, &engine_toy, &o, str_c(cases[i].to));
        assert_str(r->path, cases[i].path);
        assert_str(r->a, cases[i].want);
        assert_str(r->src, "{}");
    }
    struct obj slot = {.path = STR("box:a/slot:s"), .a = STR("{}")};
    assert_str(obj_renamed(mem, &engine_toy, &slot, STR("t"))->path, "box:a/slot:t");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_say),
        TEST(the_same_slot_in_the_same_place),
        TEST(places_and_names_weigh),
        TEST(other_attributes_weigh),
        TEST(a_facet_out_of_effect_does_not_weigh),
        TEST(a_list_that_orders_does_not_weigh),
        TEST(children_decide_for_a_box),
        TEST(each_is_taken_once_the_likeliest_first),
        TEST(only_what_can_be_renamed_within_one_parent),
        TEST(a_slot_of_a_box_with_other_changes),
        TEST(new_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
