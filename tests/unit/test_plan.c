/* Plans: steps in order with both directions, titles, ids, reversal, renames; see diff/plan.c and
 * diff/step.c. */

#include "core/fact.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static void shows(struct arena *mem, const char *from, const char *to, const char *want)
{
    assert_str(toy_steps(toy_plan(mem, from, to), mem), want);
}

static void equal_schemas_need_no_steps(void **state)
{
    struct plan *p = toy_plan(*state, "make box:a", "make box:a");
    assert_int_equal(p->n, 0);
    assert_ptr_equal(p->eng, &engine_toy);
}

static void each_step_has_a_title_and_both_directions(void **state)
{
    struct arena *mem = *state;
    shows(mem, "make box:a\nmake link:l", "make box:a color=blue {slot:s}\nmake wire:w body=x",
          "drop link l = drop link:l | make link:l\n"
          "change box a = set box:a color=blue | set box:a color=\n"
          "add slot a.s = add box:a/slot:s | drop box:a/slot:s\n"
          "create wire w = make wire:w body=x | drop wire:w\n");
    shows(mem, "make box:z\nmake link:l", "make box:z\nmake link:l goes=box:z",
          "drop link l (made again later) = drop link:l | make link:l\n"
          "create link l = make link:l goes=box:z | drop link:l\n");
}

static void a_rebuild_is_titled_by_what_it_does(void **state)
{
    struct arena *mem = *state;
    struct plan *p = toy_plan(mem, "make box:a {slot:s} {slot:t} {slot:u} {slot:v} {seal:k rule=r}",
                              "make box:a {slot:s lined=true} {slot:x}");
    assert_int_equal(p->n, 1);
    assert_str(p->v[0].title, "rebuild box a: drop seal k, change slot s, drop slot t and 3 more");
    p = toy_plan(mem, "make box:a", "make box:a {seal:#1 rule=r}");
    assert_str(p->v[0].title, "rebuild box a: add seal");
    p = toy_plan(mem, "make box:a name=A", "make box:a name=A {seal:k rule=r}");
    assert_str(p->v[0].title, "rebuild box A: add seal k");
}

/* Each step sees the states around itself, not FROM and TO. */
static void states_are_those_of_the_moment(void **state)
{
    shows(*state, "make box:a {slot:s}", "make box:a color=blue {slot:s size=9} {slot:t}",
          "change box a = set box:a color=blue | set box:a color=\n"
          "change slot a.s = set box:a/slot:s size=9 | rebuild box:a color=blue {slot:s}; check "
          "box:a\n"
          "add slot a.t = add box:a/slot:t | drop box:a/slot:t\n");
}

static void a_state_is_the_steps_so_far(void **state)
{
    struct arena *mem = *state;
    struct plan *p = toy_plan(mem, "make box:a\nmake link:l\nmake box:z",
                              "make box:a color=blue\nmake link:l goes=box:a\nmake box:z");
    struct view first = plan_state(p, 0, mem), second = plan_state(p, 1, mem);
    struct view third = plan_state(p, 2, mem), last = plan_state(p, 3, mem);
    assert_int_equal(p->n, 3);
    assert_non_null(view_get(&first, STR("link:l")));
    assert_null(view_get(&second, STR("link:l")));
    assert_null(view_get(&third, STR("link:l")));
    assert_str(obj_raw(view_get(&second, STR("box:a")), "color"), NULL);
    assert_str(obj_raw(view_get(&third, STR("box:a")), "color"), "\"blue\"");
    assert_str(obj_raw(view_get(&last, STR("link:l")), "goes"), "[\"box:a\"]");
    assert_non_null(view_get(&last, STR("box:z")));
}

static enum reversal reversal(struct arena *mem, const char *from, const char *to)
{
    struct plan *p = toy_plan(mem, from, to);
    assert_int_equal(p->n, 1);
    return p->v[0].rev;
}

static void how_well_a_step_comes_back(void **state)
{
    struct arena *mem = *state;
    const char *three = "make box:a {slot:s} {slot:t} {slot:u}";
    assert_int_equal(reversal(mem, "", "make box:a"), REV_EXACT);
    assert_int_equal(reversal(mem, "make box:a", ""), REV_SCHEMA);
    assert_int_equal(reversal(mem, three, "make box:a {slot:s} {slot:u}"), REV_SCHEMA);
    assert_int_equal(reversal(mem, "make box:a {slot:s}", "make box:a {slot:s size=3}"), REV_CLOSE);
    assert_int_equal(reversal(mem, "make box:a {slot:s}", "make box:a {slot:s size=9}"), REV_EXACT);
    assert_int_equal(reversal(mem, "", "make gate:g"), REV_NONE);
    assert_int_equal(reversal(mem, "make gate:g", "make gate:g width=3"), REV_NONE);
}

/* A slot that holds nothing comes back, but at the end. */
static void order_alone_may_be_lost(void **state)
{
    struct arena *mem = *state;
    struct kind_desc slot = toy_slot_kind;
    struct engine eng = engine_toy;
    const struct kind_desc *kinds[9];
    struct plan *p;
    struct err e;
    memcpy(kinds, engine_toy.kinds, sizeof kinds);
    slot.flags &= ~(unsigned)KF_DATA;
    kinds[1] = &slot;
    eng.kinds = kinds;
    struct catalog *a = toy_read(mem, "make box:a {slot:s} {slot:t}");
    struct catalog *b = toy_read(mem, "make box:a {slot:t}");
    a->eng = b->eng = &eng;
    assert_ok(toy_try_plan(mem, a, b, &p, &e), e);
    assert_int_equal(p->v[0].rev, REV_ORDER);
}

static void no_way_back_fails_and_says_why(void **state)
{
    struct arena *mem = *state;
    struct plan *p = toy_plan(mem, "", "make gate:g");
    assert_str(p->v[0].rev_why, "gate g: there is no statement for it");
    assert_str(toy_steps(p, mem), "create gate g = make gate:g | fail why='gate g: there is no "
                                  "statement for it'\n");
    struct engine eng = engine_toy;
    struct catalog *a = toy_read(mem, ""), *b = toy_read(mem, "make gate:g");
    struct err e;
    eng.lang = LANG_COMMAND;
    a->eng = b->eng = &eng;
    assert_ok(toy_try_plan(mem, a, b, &p, &e), e);
    assert_int_equal(p->v[0].back[0].lang, LANG_COMMAND);
    eng.refuse = NULL;
    a->eng = b->eng = &eng;
    assert_ok(toy_try_plan(mem, a, b, &p, &e), e);
    assert_int_equal(p->v[0].nback, 0);
    assert_int_equal(p->v[0].rev, REV_NONE);
}

static void hazards_of_both_directions(void **state)
{
    struct plan *p = toy_plan(*state, "make box:a {slot:s}", "make box:a {slot:s size=9}");
    assert_int_equal(p->v[0].nhz, 0);
    assert_int_equal(p->v[0].nback_hz, 2);
    assert_int_equal(p->v[0].back_hz[0].code, HZ_REWRITE);
    assert_int_equal(p->v[0].back_hz[1].code, HZ_CONVERT);
}

/* What is lost is called by the engine's word for it. */
static void words_for_what_is_held(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a"), *b = toy_read(mem, "");
    struct engine eng = engine_toy;
    struct plan *p = toy_plan(mem, "make box:a", "");
    struct err e;
    assert_str(p->v[0].hz[0].detail, "its rows are lost");
    eng.row_word = "pea";
    a->eng = b->eng = &eng;
    assert_ok(toy_try_plan(mem, a, b, &p, &e), e);
    assert_str(p->v[0].hz[0].detail, "its peas are lost");
}

static void settings_stand_around_the_transaction(void **state)
{
    struct arena *mem = *state;
    struct plan *p =
        toy_plan_in(mem, "make lamp:x", "make lamp:x lit=true deep=2", F_DEFAULT | F_PRAGMAS);
    struct strbuf b = sb_new(mem, 0);
    uint32_t n;
    bool own;
    struct stmt *list = step_script(p, &p->v[0], false, mem, &n, &own);
    assert_true(own);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&b, "%.*s\n", STR_ARG(list[i].text));
    assert_str(sb_view(&b), "quiet value=on\ndeepen lamp:x deep=2\nbegin\nset lamp:x lit=true\n"
                            "check lamp:x\ncommit\nquiet value=off\n");
    p = toy_plan(mem, "", "make box:a");
    assert_false(step_own_tx(&p->v[0]));
}

static void an_id_is_of_the_change_alone(void **state)
{
    struct arena *mem = *state;
    struct plan *one = toy_plan(mem, "make box:a", "make box:a color=blue");
    struct plan *same = toy_plan(mem, "make box:a\nmake box:b\nmake link:l",
                                 "make link:z\nmake box:b\nmake box:a color=blue");
    struct plan *other = toy_plan(mem, "make box:a", "make box:a color=green");
    struct plan *back = toy_plan(mem, "make box:a color=blue", "make box:a");
    struct plan *drop = toy_plan(mem, "make box:a color=blue", "");
    struct plan *make = toy_plan(mem, "", "make box:a color=blue");
    struct plan *greener = toy_plan(mem, "make box:a color=green", "make box:a color=blue");
    const struct step *again = NULL;
    for (uint32_t i = 0; i < same->n; i++)
        if (str_eq(same->v[i].subject, STR("box:a")))
            again = &same->v[i];
    assert_non_null(again);
    assert_true(hash_eq(one->v[0].id, again->id));
    const struct plan *all[] = {one, other, back, drop, make, greener};
    for (size_t i = 0; i < 6; i++)
        for (size_t k = i + 1; k < 6; k++)
            assert_false(hash_eq(all[i]->v[0].id, all[k]->v[0].id));
}

static unsigned repeat_after(struct arena *mem, const char *const *seen, uint32_t n)
{
    struct plan *p = toy_plan(mem, "", "make box:a");
    struct strbuf id = sb_new(mem, 0);
    struct str list[8];
    hash_hex(&id, p->v[0].id, 16);
    for (uint32_t i = 0; i < n; i++)
        list[i] = arena_printf(mem, "%.*s%s", STR_ARG(sb_view(&id)), seen[i]);
    plan_mark_repeats(p, list, n, mem);
    return p->v[0].repeat;
}

static void ids_that_were_seen_are_numbered(void **state)
{
    struct arena *mem = *state;
    assert_int_equal(repeat_after(mem, NULL, 0), 0);
    assert_int_equal(repeat_after(mem, (const char *[]){""}, 1), 2);
    assert_int_equal(repeat_after(mem, (const char *[]){" (make box a)"}, 1), 2);
    assert_int_equal(repeat_after(mem, (const char *[]){"", ".3 (x)", ".2"}, 3), 4);
    assert_int_equal(repeat_after(mem, (const char *[]){"0", ".x", ".1000000", ".-4"}, 4), 0);
    struct plan *p = toy_plan(mem, "", "make box:a");
    struct str other = STR("0123456789abcdef");
    p->v[0].repeat = 7;
    plan_mark_repeats(p, &other, 1, mem);
    assert_int_equal(p->v[0].repeat, 0);
}

static void errors_name_the_object(void **state)
{
    struct arena *mem = *state;
    struct plan *p;
    struct err e;
    assert_err(toy_try_plan(mem, toy_read(mem, "make gate:g"), toy_read(mem, ""), &p, &e), e,
               E_UNSUPPORTED_CHANGE);
    struct catalog *loop = cat_new(mem, &engine_toy, F_DEFAULT, STR("loop"));
    struct fact f;
    for (int i = 0; i < 2; i++) {
        fact_begin(&f, loop, "link", STR(""), i ? STR("x") : STR("y"));
        fact_dep(&f, i ? STR("link:y") : STR("link:x"));
        fact_end(&f);
    }
    assert_ok(cat_finish(loop, &e), e);
    assert_err(toy_try_plan(mem, toy_read(mem, ""), loop, &p, &e), e, E_CYCLE);
}

/* The link in another color. */
static const struct obj *colored(const struct catalog *from, struct arena *mem, const struct obj *o,
                                 const char *color)
{
    struct obj *copy = NEW(mem, struct obj);
    struct str goes = obj_raw(o, "goes");
    *copy = *o;
    copy->a = arena_printf(mem, "{\"color\":\"%s\"%s%.*s}", color, goes.n ? ",\"goes\":" : "",
                           STR_ARG(goes));
    copy->hash = obj_hash(from->eng, copy, from->facets);
    return copy;
}

/* Links change by way of white, where they are looked at; they come white and go grey. */
static uint32_t by_way_of_white(const struct change *c, const struct catalog *from, bool online,
                                struct arena *mem, const struct obj **between)
{
    if (!str_eq(path_kind(change_obj(c)->path), STR("link")) || online)
        return 0;
    between[0] = colored(from, mem, change_obj(c), c->op == OP_DROP ? "grey" : "white");
    between[1] = between[0];
    return c->op == OP_ALTER ? 2 : 1;
}

static int staged(struct arena *mem, struct engine *eng, const char *from, const char *to,
                  struct plan **out)
{
    struct catalog *a = toy_read(mem, from), *b = toy_read(mem, to);
    struct err e;
    *eng = engine_toy;
    eng->stages = by_way_of_white;
    a->eng = b->eng = eng;
    int rc = toy_try_plan(mem, a, b, out, &e);
    assert_ok(rc, e);
    return rc;
}

static void one_change_in_several_steps(void **state)
{
    struct arena *mem = *state;
    struct engine eng;
    struct plan *p;
    staged(mem, &eng, "make link:l color=red", "make link:l color=blue", &p);
    assert_str(toy_steps(p, mem),
               "change link l, step 1 of 3 = set link:l color=white | set link:l color=red\n"
               "change link l, step 2 of 3 = set link:l color=white | set link:l color=white\n"
               "change link l, step 3 of 3 = set link:l color=blue | set link:l color=white\n");
    for (uint32_t i = 0; i < 3; i++)
        assert_false(hash_eq(p->v[i].id, p->v[(i + 1) % 3].id));
    struct view v = plan_state(p, 2, mem);
    assert_str(obj_raw(view_get(&v, STR("link:l")), "color"), "\"white\"");
    v = plan_state(p, 3, mem);
    assert_str(obj_raw(view_get(&v, STR("link:l")), "color"), "\"blue\"");
    /* what it is on the way to tells one check from another */
    struct plan *other;
    staged(mem, &eng, "make link:l color=red", "make link:l color=green", &other);
    assert_true(hash_eq(p->v[0].id, other->v[0].id));
    assert_false(hash_eq(p->v[1].id, other->v[1].id));
}

/* More steps than there are changes: all stay in order. */
static void many_changes_in_several_steps(void **state)
{
    struct arena *mem = *state;
    struct strbuf from = sb_new(mem, 0), to = sb_new(mem, 0);
    struct engine eng;
    struct plan *p;
    for (int i = 10; i < 50; i++) {
        sb_printf(&from, "make link:l%d color=red\n", i);
        sb_printf(&to, "make link:l%d color=blue\n", i);
    }
    staged(mem, &eng, from.p, to.p, &p);
    assert_int_equal(p->n, 3 * 40);
    for (uint32_t i = 0; i < p->n; i++)
        assert_str(p->v[i].title,
                   arena_printf(mem, "change link l%u, step %u of 3", i / 3 + 10, i % 3 + 1).p);
}

static void what_comes_and_goes_has_stages_too(void **state)
{
    struct arena *mem = *state;
    struct engine eng;
    struct plan *p;
    staged(mem, &eng, "make link:l color=red\nmake box:a", "make link:n color=blue\nmake box:b",
           &p);
    assert_str(toy_steps(p, mem),
               "drop link l, first half = set link:l color=grey | set link:l color=red\n"
               "drop link l, second half = drop link:l | make link:l color=grey\n"
               "create box b = make box:b | drop box:b\n"
               "create link n, first half = make link:n color=white | drop link:n\n"
               "create link n, second half = set link:n color=blue | set link:n color=white\n"
               "drop box a = drop box:a | make box:a\n");
    /* what is made anew goes at once, and comes by itself */
    staged(mem, &eng, "make box:a\nmake link:l color=red",
           "make box:a\nmake link:l color=red goes=box:a", &p);
    assert_int_equal(p->n, 3);
    assert_str(p->v[0].title, "drop link l (made again later)");
    assert_str(p->v[1].title, "create link l, first half");
    assert_null(p->v[0].members[0].after);
    assert_int_equal(p->v[1].members[0].change->op, OP_ADD);
    struct view v = plan_state(p, 1, mem);
    assert_null(view_get(&v, STR("link:l")));
}

static int breaks(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    return err_set(e, E_LIMIT, "no more");
}

/* An engine whose boxes are made and renamed by other rows. */
struct other_engine {
    struct engine eng;
    struct kind_desc box;
    const struct kind_desc *kinds[9];
};

static void with_box(struct other_engine *o, const struct alter *create,
                     const struct alter *rename_it)
{
    o->eng = engine_toy;
    o->box = toy_box_kind;
    memcpy(o->kinds, engine_toy.kinds, sizeof o->kinds);
    o->box.create = create;
    o->box.rename = rename_it;
    o->kinds[0] = &o->box;
    o->eng.kinds = o->kinds;
}

static void an_error_of_a_forward_handler_ends_it(void **state)
{
    struct arena *mem = *state;
    static const struct alter broken = {.name = "broken", .fn = breaks};
    struct other_engine o;
    struct catalog *a = toy_read(mem, ""), *b = toy_read(mem, "make box:a");
    struct plan *p;
    struct err e;
    with_box(&o, &broken, NULL);
    a->eng = b->eng = &o.eng;
    assert_err(toy_try_plan(mem, a, b, &p, &e), e, E_LIMIT);
}

static int rename_plan(struct arena *mem, struct catalog *from, struct catalog *between,
                       const struct catalog *to, struct plan **out, struct err *e)
{
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, 2);
    struct plan_rename *r = NEW(mem, struct plan_rename);
    states[0] = from;
    states[1] = between;
    r->before = cat_find(from, STR("box:a"));
    r->after = obj_renamed(mem, from->eng, r->before, STR("B"));
    struct plan_request req = {.states = states,
                               .renames = r,
                               .nrenames = 1,
                               .to = to,
                               .facets = F_DEFAULT,
                               .changes = toy_diff(mem, between, to)};
    return plan_make(&req, mem, out, e);
}

static void a_confirmed_rename_is_the_first_step(void **state)
{
    struct arena *mem = *state;
    struct plan *p;
    struct err e;
    assert_ok(rename_plan(mem, toy_read(mem, "make box:a {slot:s}"),
                          toy_read(mem, "make box:b name=B {slot:s}"),
                          toy_read(mem, "make box:b name=B color=blue {slot:s}"), &p, &e),
              e);
    assert_str(toy_steps(p, mem), "rename box a to B = rename box:a to=B | rename box:b to=a\n"
                                  "change box B = set box:b color=blue | set box:b color=\n");
    assert_int_equal(p->nrenames, 1);
    assert_int_equal(p->v[0].rev, REV_EXACT);
    assert_str(p->v[0].subject, "box:a");
    struct view v = plan_state(p, 1, mem);
    assert_null(view_get(&v, STR("box:a")));
    assert_non_null(view_get(&v, STR("box:b/slot:s")));
}

static void a_rename_may_be_refused(void **state)
{
    struct arena *mem = *state;
    static const struct alter broken = {.name = "broken", .fn = breaks};
    struct other_engine o;
    struct catalog *a = toy_read(mem, "make box:a"), *b = toy_read(mem, "make box:b name=B");
    struct plan *p;
    struct err e;
    with_box(&o, toy_box_kind.create, &broken);
    a->eng = b->eng = &o.eng;
    assert_err(rename_plan(mem, a, b, b, &p, &e), e, E_LIMIT);
}

#ifdef SNAP_TEST_HOOKS
static void broken_plans_for_the_proof(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a"), *b = toy_read(mem, "make box:b name=B");
    struct plan *p;
    struct err e;
    plan_break_alter = "box.rename";
    assert_ok(rename_plan(mem, a, b, b, &p, &e), e);
    assert_str(toy_steps(p, mem), "rename box a to B =  | rename box:b to=a\n");
    plan_break_back = true;
    assert_ok(rename_plan(mem, a, b, b, &p, &e), e);
    assert_str(toy_steps(p, mem), "rename box a to B = rename box:a to=B | \n");
    plan_break_alter = "box.make";
    shows(mem, "make box:z", "", "drop box z = drop box:z | \n");
    plan_break_back = false;
    shows(mem, "", "make box:z", "create box z =  | drop box:z\n");
    plan_break_alter = NULL;
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_schemas_need_no_steps),
        TEST(each_step_has_a_title_and_both_directions),
        TEST(a_rebuild_is_titled_by_what_it_does),
        TEST(states_are_those_of_the_moment),
        TEST(a_state_is_the_steps_so_far),
        TEST(how_well_a_step_comes_back),
        TEST(order_alone_may_be_lost),
        TEST(no_way_back_fails_and_says_why),
        TEST(hazards_of_both_directions),
        TEST(words_for_what_is_held),
        TEST(settings_stand_around_the_transaction),
        TEST(an_id_is_of_the_change_alone),
        TEST(ids_that_were_seen_are_numbered),
        TEST(errors_name_the_object),
        TEST(one_change_in_several_steps),
        TEST(many_changes_in_several_steps),
        TEST(what_comes_and_goes_has_stages_too),
        TEST(an_error_of_a_forward_handler_ends_it),
        TEST(a_confirmed_rename_is_the_first_step),
        TEST(a_rename_may_be_refused),
#ifdef SNAP_TEST_HOOKS
        TEST(broken_plans_for_the_proof),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
