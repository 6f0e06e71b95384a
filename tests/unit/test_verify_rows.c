/* Rows in the proof: what may change by the hazards of a step, and which rows are tried; see
 * verify/rows.c and verify/verify.c. */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

static const struct filter no_filter;

/* What a proof needs, and what it gave. */
struct proof {
    struct catalog *from, *to;
    struct plan *plan;
    struct verify_options opt;
    struct verify_report report;
    struct err e;
};

static int toy_setup(void **state)
{
    toy_faults = (struct toy_faults){0};
    return arena_setup(state);
}
/* Every session is closed again, whatever went wrong. */
static int toy_teardown(void **state)
{
    toy_faults = (struct toy_faults){0};
    arena_teardown(state);
    return toy_sessions != 0;
}
#define TOY_TEST(name) cmocka_unit_test_setup_teardown(name, toy_setup, toy_teardown)

static struct proof proof_in(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct proof p = {.from = toy_read_in(mem, from, facets), .to = toy_read_in(mem, to, facets)};
    p.opt = (struct verify_options){.facets = facets, .filter = &no_filter};
    assert_ok(toy_try_plan(mem, p.from, p.to, &p.plan, &p.e), p.e);
    return p;
}

static struct proof proof_of(struct arena *mem, const char *from, const char *to)
{
    return proof_in(mem, from, to, F_DEFAULT);
}

static int prove(struct proof *p, struct arena *mem)
{
    return verify_plan(p->plan, p->from, p->to, &p->opt, mem, &p->report, &p->e);
}

static void fails(struct arena *mem, struct proof *p, enum err_code code, const char *msg)
{
    assert_err(prove(p, mem), p->e, code);
    assert_string_equal(p->e.msg, msg);
}

static void on_engine(struct proof *p, struct engine *eng, struct live_ops *live)
{
    *eng = engine_toy;
    *live = toy_live;
    eng->live = live;
    p->from->eng = p->to->eng = p->plan->eng = eng;
}

static void what_is_lost_must_be_told(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a {slot:s} {slot:t}", "make box:a color=x {slot:s}");
    assert_ok(prove(&p, mem), p.e);
    for (uint32_t i = 0; i < p.plan->n; i++)
        p.plan->v[i].nhz = 0;
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
    assert_non_null(strstr(p.e.msg, "the values of slot a.t are lost, and no hazard says so"));
}

static void what_is_told_may_be_lost(void **state)
{
    struct arena *mem = *state;
    struct hazard told = {.code = HZ_DATA_LOSS, .path = STR("box:a")};
    struct proof p = proof_of(mem, "make box:a {slot:s}", "make box:a color=x {slot:s}");
    toy_faults = (struct toy_faults){.lose = "set box:a color=x"};
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
    p.plan->v[0].hz = &told;
    p.plan->v[0].nhz = 1;
    assert_ok(prove(&p, mem), p.e);
    told.path = STR("box:b");
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
    /* values of another type are no rows */
    told = (struct hazard){.code = HZ_CONVERT, .path = STR("box:a")};
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
    toy_faults = (struct toy_faults){.after = "set box:a color=x", .also = "spoil box:a/slot:s"};
    assert_ok(prove(&p, mem), p.e);
}

static unsigned refills[8], nrefills;

static int refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e)
{
    refills[nrefills++ % 8] = plain;
    return toy_live.fill(s, cat, e);
}

static void plainer_rows_are_tried_before_none(void **state)
{
    struct arena *mem = *state;
    struct engine eng;
    struct live_ops live;
    struct proof p = proof_of(mem, "make box:a {slot:s}", "make box:a color=x {slot:s}");
    on_engine(&p, &eng, &live);
    live.refill = refill;
    nrefills = 0;
    toy_faults = (struct toy_faults){.fail = "set box:a color=x", .once = true};
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(nrefills, 1);
    assert_int_equal(refills[0], 1);
    assert_int_equal(p.report.data_dependent, 0); /* it had rows */
    assert_int_equal(p.plan->v[0].nhz, 1);
    assert_int_equal(p.plan->v[0].hz[0].code, HZ_DATA_DEPENDENT);
    /* and they are looked at, like any */
    toy_faults = (struct toy_faults){.lose = "set box:a color=x"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, change box a: the rows of box a changed: 2 rows, then 0 rows");
}

static void no_rows_are_the_last_resort(void **state)
{
    struct arena *mem = *state;
    struct engine eng;
    struct live_ops live;
    struct proof p = proof_of(mem, "make box:a {slot:s}\nmake box:b\nmake box:c",
                              "make box:a {slot:s} {seal:k rule=empty}\nmake box:b color=x\n"
                              "make box:c");
    on_engine(&p, &eng, &live);
    live.refill = refill;
    nrefills = 0;
    assert_ok(prove(&p, mem), p.e);
    assert_true(nrefills >= 2);
    assert_int_equal(refills[0], 1);
    assert_int_equal(refills[1], 2);
    assert_int_equal(p.report.data_dependent, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOY_TEST(what_is_lost_must_be_told),
        TOY_TEST(what_is_told_may_be_lost),
        TOY_TEST(plainer_rows_are_tried_before_none),
        TOY_TEST(no_rows_are_the_last_resort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
