/* What a plan is said to do against what its steps were seen to do; see verify/probe.c. The engine
 * is the toy with a watch on it that sees what a test says. */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

static const struct filter no_filter;

/* What the next watched transaction is seen to do, and how often something was watched. */
static struct effect sights[4];
static uint32_t nsights;
static unsigned watches;

static int watch(struct session *s, struct err *e)
{
    (void)s;
    (void)e;
    watches++;
    return 0;
}

static int watched(struct session *s, struct arena *mem, struct effect **out, uint32_t *n,
                   struct err *e)
{
    (void)s;
    (void)mem;
    (void)e;
    *out = sights;
    *n = nsights;
    return 0;
}

/* Plainer rows of the toy are none. */
static int refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e)
{
    (void)plain;
    return toy_live.empty(s, cat, e);
}

static int setup(void **state)
{
    toy_faults = (struct toy_faults){0};
    nsights = 0;
    watches = 0;
    return arena_setup(state);
}
static int teardown(void **state)
{
    arena_teardown(state);
    return toy_sessions != 0;
}
#define PROBE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

struct probe {
    struct catalog *from, *to;
    struct plan *plan;
    struct live_ops live;
    struct engine eng;
    struct probed *got;
    uint32_t differ;
    struct err e;
};

static struct probe *probe_of(struct arena *mem, const char *from, const char *to)
{
    struct probe *p = NEW(mem, struct probe);
    p->from = toy_read(mem, from);
    p->to = toy_read(mem, to);
    p->live = toy_live;
    p->live.watch = watch;
    p->live.watched = watched;
    p->live.refill = refill;
    p->eng = engine_toy;
    p->eng.live = &p->live;
    assert_ok(toy_try_plan(mem, p->from, p->to, &p->plan, &p->e), p->e);
    p->plan->eng = &p->eng;
    return p;
}

static int run(struct probe *p, struct arena *mem)
{
    const struct verify_options opt = {.facets = F_DEFAULT, .filter = &no_filter};
    return verify_probe(p->plan, p->from, p->to, &opt, mem, &p->got, &p->differ, &p->e);
}

static const struct effect none, some = {.level = 3, .lock = "SOME"},
                                 all = {.level = 8, .lock = "ALL"};

static struct effect on(const char *path, struct effect e, unsigned flags)
{
    e.path = str_c(path);
    e.flags = flags;
    return e;
}

/* One change of box:a: foretold is `want` (nothing without a path), seen is `got`. `says` is the
 * difference, or NULL. */
static void holds_against(struct arena *mem, struct effect want, struct effect got,
                          const char *says)
{
    struct probe *p = probe_of(mem, "make box:a", "make box:a color=x");
    assert_int_equal(p->plan->n, 1);
    p->plan->v[0].fx = &want;
    p->plan->v[0].nfx = want.path.n > 0;
    sights[0] = got;
    nsights = got.path.n > 0;
    assert_ok(run(p, mem), p->e);
    assert_null(p->got[0].not_why);
    assert_int_equal(p->got[0].ndiffers, says != NULL);
    assert_int_equal(p->differ, says != NULL);
    if (says)
        assert_str(p->got[0].differs[0], says);
}

static void as_foretold(void **state)
{
    holds_against(*state, on("box:a", all, FX_SCAN), on("box:a", all, FX_SCAN), NULL);
    assert_int_equal(watches, 1);
}

static void another_lock(void **state)
{
    holds_against(*state, on("box:a", some, 0), on("box:a", all, 0),
                  "box a: lock foretold: SOME, seen: ALL");
    holds_against(*state, on("box:a", some, 0), none, "box a: lock foretold: SOME, seen: none");
}

static void a_lock_that_nobody_foretold(void **state)
{
    holds_against(*state, none, on("box:a", all, 0), "box a: lock foretold: none, seen: ALL");
}

/* Who only looks takes the weakest one also where nobody would think of it; and what the step makes
 * is locked by nobody else. */
static void locks_that_are_no_difference(void **state)
{
    struct effect weak = {.level = 1, .lock = "WEAK"};
    holds_against(*state, none, on("box:a", weak, 0), NULL);
    holds_against(*state, none, on("box:new", all, 0), NULL);
}

static void a_rewrite(void **state)
{
    holds_against(*state, on("box:a", all, FX_REWRITE), on("box:a", all, 0),
                  "box a: rewrite foretold: yes, seen: no");
    holds_against(*state, on("box:a", all, 0), on("box:a", all, FX_REWRITE),
                  "box a: rewrite foretold: no, seen: yes");
    holds_against(*state, on("box:a", all, FX_REWRITE | FX_DOUBT), on("box:a", all, 0), NULL);
}

static void a_scan(void **state)
{
    holds_against(*state, on("box:a", all, FX_SCAN), on("box:a", all, 0),
                  "box a: scan foretold: yes, seen: no");
    holds_against(*state, on("box:a", all, 0), on("box:a", all, FX_SCAN),
                  "box a: scan foretold: no, seen: yes");
    holds_against(*state, on("box:a", all, FX_INDEX), on("box:a", all, FX_SCAN), NULL);
    holds_against(*state, on("box:a", all, FX_LOOKUP), on("box:a", all, FX_SCAN), NULL);
    holds_against(*state, on("box:a", all, FX_REWRITE), on("box:a", all, FX_REWRITE | FX_SCAN),
                  NULL);
}

/* The strongest lock of all statements, and everything that any of them does. */
static void statements_of_a_step_together(void **state)
{
    struct arena *mem = *state;
    struct probe *p = probe_of(mem, "make box:a\nmake box:b", "make box:a color=x\nmake box:b");
    struct effect want[] = {on("box:a", some, FX_SCAN), on("box:b", some, 0), on("box:a", all, 0)};
    p->plan->v[0].fx = want;
    p->plan->v[0].nfx = 3;
    sights[0] = on("box:a", all, FX_SCAN);
    nsights = 1;
    assert_ok(run(p, mem), p->e);
    assert_int_equal(p->got[0].ndiffers, 1);
    assert_str(p->got[0].differs[0], "box b: lock foretold: SOME, seen: none");
}

static void each_difference_is_named(void **state)
{
    struct arena *mem = *state;
    struct probe *p = probe_of(mem, "make box:a\nmake box:b", "make box:a color=x\nmake box:b");
    sights[0] = on("box:a", all, FX_SCAN);
    sights[1] = on("box:b", all, 0);
    nsights = 2;
    assert_ok(run(p, mem), p->e);
    assert_int_equal(p->differ, 1);
    assert_int_equal(p->got[0].ndiffers, 3);
    assert_str(p->got[0].differs[0], "box a: lock foretold: none, seen: ALL");
    assert_str(p->got[0].differs[1], "box a: scan foretold: no, seen: yes");
    assert_str(p->got[0].differs[2], "box b: lock foretold: none, seen: ALL");
}

static void outside_a_transaction_nothing_is_watched(void **state)
{
    struct arena *mem = *state;
    struct probe *p = probe_of(mem, "make box:a", "make box:a color=x");
    struct stmt *set = NEW(mem, struct stmt);
    *set = p->plan->v[0].fwd[0];
    set->flags |= ST_NO_TX;
    p->plan->v[0].fwd = set;
    sights[0] = on("box:a", all, 0);
    nsights = 1;
    assert_ok(run(p, mem), p->e);
    assert_int_equal(watches, 0);
    assert_string_equal(p->got[0].not_why, "it runs outside a transaction");
    assert_int_equal(p->differ, 0);
}

/* A box that is to be empty (rule=empty) takes no seal while it holds rows: with plainer ones, of
 * which the toy has none, it does. */
static void plainer_rows_where_rows_stop_a_step(void **state)
{
    struct probe *p =
        probe_of(*state, "make box:a {slot:s}", "make box:a {slot:s} {seal:k rule=empty slot=s}");
    assert_ok(run(p, *state), p->e);
    assert_int_equal(watches, 2);
}

static void a_step_that_does_not_run(void **state)
{
    struct probe *p = probe_of(*state, "make box:a", "make box:a color=x");
    toy_faults.fail = "set ";
    assert_err(run(p, *state), p->e, E_CANNOT_VERIFY);
    assert_string_equal(p->e.msg, "step 1, change box a: the toy is broken");
    /* the rows, two sorts of plainer ones, none */
    assert_int_equal(watches, 4);
}

static void a_server_that_goes_away(void **state)
{
    struct probe *p = probe_of(*state, "make box:a", "make box:a color=x");
    toy_faults.fail = "set ";
    toy_faults.code = E_BUSY;
    assert_err(run(p, *state), p->e, E_BUSY);
    assert_int_equal(watches, 1);
    toy_faults = (struct toy_faults){.empty_fails = 1};
    assert_err(run(p, *state), p->e, E_BUSY);
    toy_faults = (struct toy_faults){.no_scratch = true};
    assert_err(run(p, *state), p->e, E_CANNOT_VERIFY);
}

static void an_engine_that_cannot_be_watched(void **state)
{
    struct probe *p = probe_of(*state, "make box:a", "make box:a color=x");
    p->live.watch = NULL;
    assert_err(run(p, *state), p->e, E_CANNOT_VERIFY);
    assert_string_equal(p->e.msg, "Toy: its locks cannot be watched");
    assert_string_equal(p->e.hint, "leave out --probe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROBE_TEST(as_foretold),
        PROBE_TEST(another_lock),
        PROBE_TEST(a_lock_that_nobody_foretold),
        PROBE_TEST(locks_that_are_no_difference),
        PROBE_TEST(a_rewrite),
        PROBE_TEST(a_scan),
        PROBE_TEST(statements_of_a_step_together),
        PROBE_TEST(each_difference_is_named),
        PROBE_TEST(outside_a_transaction_nothing_is_watched),
        PROBE_TEST(plainer_rows_where_rows_stop_a_step),
        PROBE_TEST(a_step_that_does_not_run),
        PROBE_TEST(a_server_that_goes_away),
        PROBE_TEST(an_engine_that_cannot_be_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
