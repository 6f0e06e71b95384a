/* The proof of a plan whose statements are commands, and in which one change takes several steps.
 */

#include <string.h>

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

/* A link changes by way of white, where it is looked at. */
static uint32_t by_way_of_white(const struct change *c, const struct catalog *from, bool online,
                                struct arena *mem, const struct obj **between)
{
    struct obj *half = NEW(mem, struct obj);
    (void)online;
    if (c->op != OP_ALTER || !str_eq(path_kind(c->after->path), STR("link")))
        return 0;
    *half = *c->before;
    half->a = STR("{\"color\":\"white\"}");
    half->hash = obj_hash(from->eng, half, from->facets);
    between[0] = between[1] = half;
    return 2;
}

/* No transaction is put around commands; the states between the steps of one change are checked
 * like any other, and a step without a way back, since it has changed nothing, has one. */
static void commands_in_several_steps(void **state)
{
    static const struct filter none;
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, "make box:a {slot:s}\nmake link:l color=red");
    struct catalog *to = toy_read(mem, "make box:b\nmake link:l color=blue");
    struct verify_options opt = {.facets = F_DEFAULT, .filter = &none};
    struct verify_report report;
    struct engine eng = engine_toy;
    struct plan *p;
    struct err e;
    eng.lang = LANG_COMMAND;
    eng.begin = eng.commit = NULL;
    eng.stages = by_way_of_white;
    from->eng = to->eng = &eng;
    assert_ok(toy_try_plan(mem, from, to, &p, &e), e);
    assert_int_equal(p->n, 5);
    unsigned before = toy_statements;
    assert_ok(verify_plan(p, from, to, &opt, mem, &report, &e), e);
    assert_int_equal(report.steps, 5);
    assert_true(hash_eq(report.fingerprint, to->fingerprint));
    /* 2 build FROM, each of 5 steps runs forward twice and back twice */
    assert_int_equal(toy_statements - before, 2 + 4 * 5);
    for (uint32_t i = 0; i < p->n; i++) {
        assert_int_equal(p->v[i].fwd[0].lang, LANG_COMMAND);
        if (str_ends(p->v[i].title, STR("step 2 of 3")))
            p->v[i].nback = 0;
    }
    assert_ok(verify_plan(p, from, to, &opt, mem, &report, &e), e);
    /* a state between that is not what the plan says */
    toy_faults = (struct toy_faults){.skip = "set link:l color=white"};
    assert_err(verify_plan(p, from, to, &opt, mem, &report, &e), e, E_VERIFY_FAILED);
    assert_non_null(strstr(e.msg, "step 1 of 3"));
    toy_faults = (struct toy_faults){0};
    assert_int_equal(toy_sessions, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(commands_in_several_steps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
