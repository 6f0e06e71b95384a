/* One transition as statements, either way; see diff/render.c. */

#include "diff/internal.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

/* A transition of all changes between two schemas in one step: "forward | back". */
struct shot {
    struct rendered fwd, back;
    struct catalog *from, *to;
    struct member *members;
    uint32_t n;
};

static int shoot(struct arena *mem, struct shot *s, bool back, unsigned facets,
                 struct rendered *out, struct err *e)
{
    struct view before = {s->from, NULL, 0}, after = {s->to, NULL, 0};
    struct transition t = {.eng = &engine_toy,
                           .before = &before,
                           .after = &after,
                           .members = s->members,
                           .nmembers = s->n,
                           .facets = facets,
                           .origin = s->from,
                           .back = back};
    return render_transition(&t, mem, out, e);
}

static struct shot members_of(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct shot s = {.from = toy_read_in(mem, from, facets), .to = toy_read_in(mem, to, facets)};
    struct changes *c = toy_diff(mem, s.from, s.to);
    s.members = NEW_ARRAY(mem, struct member, c->n);
    for (s.n = 0; s.n < c->n; s.n++)
        s.members[s.n] = (struct member){&c->v[s.n], c->v[s.n].before, c->v[s.n].after};
    return s;
}

static struct shot shot_in(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct shot s = members_of(mem, from, to, facets);
    struct err e;
    assert_ok(shoot(mem, &s, false, facets, &s.fwd, &e), e);
    assert_ok(shoot(mem, &s, true, facets, &s.back, &e), e);
    return s;
}

static struct str text_of(struct arena *mem, const struct rendered *r)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->nstmts; i++) {
        sb_str(&b, r->stmts[i].text);
        sb_char(&b, '\n');
    }
    return sb_view(&b);
}

static void shows(struct arena *mem, const char *from, const char *to, const char *fwd,
                  const char *back)
{
    struct shot s = shot_in(mem, from, to, F_DEFAULT);
    assert_str(text_of(mem, &s.fwd), fwd);
    assert_str(text_of(mem, &s.back), back);
}

static void no_members_no_statements(void **state)
{
    shows(*state, "make box:a", "make box:a", "", "");
}

static void both_ways(void **state)
{
    struct arena *mem = *state;
    shows(mem, "make box:a", "make box:a color=blue", "set box:a color=blue\n",
          "set box:a color=\n");
    shows(mem, "", "make box:a note='it''s {x}' {slot:s size=3}",
          "make box:a note='it''s {x}' {slot:s size=3}\n", "drop box:a\n");
}

static void several_alters_of_one_change(void **state)
{
    shows(*state, "make box:a color=x note=p", "make box:a color=y note=q",
          "set box:a color=y\nset box:a note=q\n", "set box:a color=x\nset box:a note=p\n");
}

static void drops_before_creates_each_in_its_order(void **state)
{
    shows(*state, "make box:a {slot:p} {slot:q}\nmake box:b\nmake link:l",
          "make box:a {slot:z} {slot:y}\nmake box:c\nmake wire:w",
          "drop link:l\ndrop box:a/slot:q\ndrop box:a/slot:p\ndrop box:b\n"
          "make box:c\nadd box:a/slot:z\nadd box:a/slot:y\nmake wire:w\n",
          "drop wire:w\ndrop box:a/slot:y\ndrop box:a/slot:z\ndrop box:c\n"
          "make box:b\nadd box:a/slot:p\nadd box:a/slot:q\nmake link:l\n");
}

static void what_dies_or_comes_with_a_parent_has_no_statement(void **state)
{
    shows(*state, "make box:a {slot:s} {seal:k rule=r slot=s}\nmake box:a/tag:x text=t", "",
          "drop box:a\n", "make box:a {slot:s} {seal:k rule=r slot=s}\nmake box:a/tag:x text=t\n");
}

static void the_owner_is_called_once_and_its_tags_are_made_again(void **state)
{
    struct arena *mem = *state;
    struct shot s =
        shot_in(mem, "make box:a {slot:s} {slot:t}\nmake box:a/tag:x text=t\nmake box:b",
                "make box:a {slot:s lined=true} {slot:t size=3} {seal:k rule=r}\n"
                "make box:a/tag:x text=t\nmake box:b",
                F_DEFAULT);
    assert_str(text_of(mem, &s.fwd),
               "rebuild box:a {slot:s lined=true} {slot:t size=3} {seal:k rule=r}\ncheck box:a\n"
               "make box:a/tag:x text=t\n");
    assert_str(text_of(mem, &s.back),
               "rebuild box:a {slot:s} {slot:t}\ncheck box:a\nmake box:a/tag:x text=t\n");
    /* nothing new came with the tag, and it is no change of its own */
    assert_int_equal(s.fwd.nhazards, 2);
    assert_int_equal(s.fwd.hazards[0].code, HZ_REWRITE);
    assert_str(s.fwd.hazards[0].object, "box a");
    assert_int_equal(s.fwd.hazards[1].code, HZ_CONVERT);
    assert_int_equal(s.back.nhazards, 1);
    assert_null(s.fwd.stmts[2].typed);
    assert_int_equal(s.fwd.stmts[1].flags, ST_LATE | ST_CHECK);
}

static void a_tag_on_one_side_only_is_not_made_again(void **state)
{
    shows(
        *state, "make box:a {slot:s}\nmake box:a/tag:old",
        "make box:a {slot:s lined=true}\nmake box:a/tag:new",
        "drop box:a/tag:old\nmake box:a/tag:new\nrebuild box:a {slot:s lined=true}\ncheck box:a\n",
        "drop box:a/tag:new\nmake box:a/tag:old\nrebuild box:a {slot:s}\ncheck box:a\n");
}

static void two_owners_two_calls(void **state)
{
    shows(*state, "make box:a {slot:s}\nmake box:b {slot:s}",
          "make box:a {slot:s lined=true}\nmake box:b {slot:s lined=true}",
          "rebuild box:a {slot:s lined=true}\ncheck box:a\n"
          "rebuild box:b {slot:s lined=true}\ncheck box:b\n",
          "rebuild box:a {slot:s}\ncheck box:a\nrebuild box:b {slot:s}\ncheck box:b\n");
}

static void the_call_does_what_leads_to_it(void **state)
{
    /* the new slot and the bigger one are in the rebuild, the label is not */
    shows(*state, "make box:a {slot:s} {slot:t} {slot:u}",
          "make box:a {slot:s size=9} {slot:t lined=true} {slot:u label=l} {slot:v}",
          "rebuild box:a {slot:s size=9} {slot:t lined=true} {slot:u label=l} {slot:v}\n"
          "check box:a\nset box:a/slot:u label=l\n",
          "rebuild box:a {slot:s} {slot:t} {slot:u}\ncheck box:a\nset box:a/slot:u label=\n");
}

static void a_change_may_be_made_in_part_by_the_call(void **state)
{
    /* the label is not in its chain; growing is, on the way back */
    shows(
        *state, "make box:a {slot:s}", "make box:a {slot:s label=l lined=true size=3}",
        "set box:a/slot:s label=l\nrebuild box:a {slot:s label=l lined=true size=3}\ncheck box:a\n",
        "set box:a/slot:s label=\nrebuild box:a {slot:s}\ncheck box:a\n");
}

static void what_rides_has_no_statement(void **state)
{
    shows(*state, "make box:a {slot:s}", "make box:a {slot:s} {slot:t} {seal:k rule=r slot=t}",
          "add box:a/slot:t {seal:k rule=r slot=t}\n", "drop box:a/slot:t\n");
}

static void each_direction_finds_its_own_way(void **state)
{
    /* growing is in place, the way back is not */
    shows(*state, "make box:a {slot:s}", "make box:a {slot:s size=9}", "set box:a/slot:s size=9\n",
          "rebuild box:a {slot:s}\ncheck box:a\n");
}

static void an_order_that_cannot_come_back_is_told(void **state)
{
    struct arena *mem = *state;
    const char *from = "make box:a {slot:s} {slot:t} {slot:u}",
               *to = "make box:a {slot:s} {slot:u}";
    struct shot s = shot_in(mem, from, to, F_DEFAULT);
    assert_str(text_of(mem, &s.back), "add box:a/slot:t\n");
    assert_true(s.back.order_differs);
    assert_false(s.fwd.order_differs);
    s = shot_in(mem, from, to, F_DEFAULT | F_ORDER);
    assert_str(text_of(mem, &s.back), "rebuild box:a {slot:s} {slot:t} {slot:u}\ncheck box:a\n");
    assert_false(s.back.order_differs);
}

static void rows_that_go_are_a_hazard(void **state)
{
    struct arena *mem = *state;
    struct shot s = shot_in(mem, "make box:a {slot:s}\nmake box:b {slot:s}\nmake link:l",
                            "make box:b", F_DEFAULT);
    assert_int_equal(s.fwd.nhazards, 2);
    assert_str(s.fwd.hazards[0].object, "slot b.s");
    assert_str(s.fwd.hazards[0].detail, "its values are lost");
    assert_str(s.fwd.hazards[1].object, "box a");
    assert_str(s.fwd.hazards[1].detail, "its rows are lost");
    assert_int_equal(s.back.nhazards, 0);
}

static void no_way_in_one_direction(void **state)
{
    struct arena *mem = *state;
    struct shot s = members_of(mem, "", "make gate:g", F_DEFAULT);
    struct rendered r;
    struct err e;
    assert_ok(shoot(mem, &s, false, F_DEFAULT, &r, &e), e);
    assert_err(shoot(mem, &s, true, F_DEFAULT, &r, &e), e, E_UNSUPPORTED_CHANGE);
    assert_string_equal(e.msg, "gate g: there is no statement for it");
}

/* An error of a handler comes out, wherever it is called. */
static int breaks(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    return err_set(e, E_LIMIT, "no more");
}

static void errors_of_handlers_come_out(void **state)
{
    struct arena *mem = *state;
    struct alter broken = *toy_tag_kind.create, at_box = broken;
    struct kind_desc tag = toy_tag_kind, box = toy_box_kind;
    const struct kind_desc *kinds[9];
    struct engine eng = engine_toy;
    struct rendered r;
    struct err e;
    broken.fn = at_box.fn = breaks;
    at_box.at_owner = true;
    tag.create = &broken;
    box.create = &at_box;
    memcpy(kinds, engine_toy.kinds, sizeof kinds);
    kinds[0] = &box;
    kinds[3] = &tag;
    eng.kinds = kinds;
    static const char *const pairs[][2] = {
        {"make box:a", "make box:a\nmake box:a/tag:x"}, /* the task's own */
        {"make box:a {slot:s}\nmake box:a/tag:x",
         "make box:a {slot:s lined=true}\nmake box:a/tag:x"}, /* made again */
        {"", "make box:a"},                                   /* at the owner */
    };
    for (size_t i = 0; i < 3; i++) {
        struct shot s = members_of(mem, pairs[i][0], pairs[i][1], F_DEFAULT);
        struct view before = {s.from, NULL, 0}, after = {s.to, NULL, 0};
        struct transition t = {.eng = &eng,
                               .before = &before,
                               .after = &after,
                               .members = s.members,
                               .nmembers = s.n,
                               .facets = F_DEFAULT};
        assert_err(render_transition(&t, mem, &r, &e), e, E_LIMIT);
    }
}

#ifdef SNAP_TEST_HOOKS
static void a_broken_handler_says_nothing_in_its_direction(void **state)
{
    struct arena *mem = *state;
    const char *from = "make box:a {slot:s}\nmake box:a/tag:x";
    const char *to = "make box:a color=blue {slot:s lined=true}\nmake box:a/tag:x";
    plan_break_alter = "box.paint";
    shows(mem, from, to,
          "rebuild box:a color=blue {slot:s lined=true}\ncheck box:a\n"
          "make box:a/tag:x\n",
          "set box:a color=\nrebuild box:a {slot:s}\ncheck box:a\nmake box:a/tag:x\n");
    plan_break_back = true;
    shows(mem, from, to,
          "set box:a color=blue\nrebuild box:a color=blue {slot:s lined=true}\n"
          "check box:a\nmake box:a/tag:x\n",
          "rebuild box:a {slot:s}\ncheck box:a\nmake box:a/tag:x\n");
    plan_break_alter = "box.rebuild";
    shows(mem, "make box:a {slot:s}", "make box:a {slot:s lined=true}",
          "rebuild box:a {slot:s lined=true}\ncheck box:a\n", "");
    plan_break_alter = NULL;
    plan_break_back = false;
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_members_no_statements),
        TEST(both_ways),
        TEST(several_alters_of_one_change),
        TEST(drops_before_creates_each_in_its_order),
        TEST(what_dies_or_comes_with_a_parent_has_no_statement),
        TEST(the_owner_is_called_once_and_its_tags_are_made_again),
        TEST(a_tag_on_one_side_only_is_not_made_again),
        TEST(two_owners_two_calls),
        TEST(the_call_does_what_leads_to_it),
        TEST(a_change_may_be_made_in_part_by_the_call),
        TEST(what_rides_has_no_statement),
        TEST(each_direction_finds_its_own_way),
        TEST(an_order_that_cannot_come_back_is_told),
        TEST(rows_that_go_are_a_hazard),
        TEST(no_way_in_one_direction),
        TEST(errors_of_handlers_come_out),
#ifdef SNAP_TEST_HOOKS
        TEST(a_broken_handler_says_nothing_in_its_direction),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
