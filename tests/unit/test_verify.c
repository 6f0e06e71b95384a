/* The proof: forward, back, forward, all back; what it finds when the executor misbehaves; see
 * verify/verify.c, verify/run.c and verify/scratch.c. */

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/interrupt.h"
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

static const char from_script[] =
    "make box:a {slot:s} {slot:t}\nmake box:a/tag:x text=p on=t\n"
    "make box:b\nmake link:l goes=box:a\nmake wire:w body='see box:b'\n"
    "make box:gone {slot:s}";
static const char to_script[] =
    "make box:a color=blue {slot:s size=3 lined=true} {slot:t label=z} {slot:u} "
    "{seal:k rule=r slot=u}\nmake box:a/tag:x text=q on=u\nmake box:b material=oak {slot:n}\n"
    "make box:c name=C\nmake link:l goes=box:c,box:a\nmake wire:w body='see box:c'";

static void a_good_plan_is_proven(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, from_script, to_script);
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.report.steps, p.plan->n);
    assert_true(p.report.steps > 6);
    assert_int_equal(p.report.tables, 3);
    assert_int_equal(p.report.data_dependent, 0);
    assert_true(p.report.statements > 4 * p.report.steps);
    assert_true(hash_eq(p.report.fingerprint, p.to->fingerprint));
}

static void the_way_back_of_that_plan_too(void **state)
{
    struct proof p = proof_of(*state, to_script, from_script);
    assert_ok(prove(&p, *state), p.e);
}

static void no_steps_are_proven_as_well(void **state)
{
    struct proof p = proof_of(*state, from_script, from_script);
    assert_ok(prove(&p, *state), p.e);
    assert_int_equal(p.report.statements, 0);
    assert_true(hash_eq(p.report.fingerprint, p.from->fingerprint));
}

static void note_progress(void *ctx, uint32_t done, uint32_t all)
{
    struct strbuf *b = ctx;
    sb_printf(b, "%u/%u ", done, all);
}

static void each_step_runs_three_times_and_back(void **state)
{
    struct arena *mem = *state;
    struct strbuf told = sb_new(mem, 0);
    struct proof p =
        proof_of(mem, "make box:a\nmake box:b", "make box:a color=x\nmake box:b color=x");
    p.opt.progress = note_progress;
    p.opt.progress_ctx = &told;
    toy_statements = 0;
    assert_ok(prove(&p, mem), p.e);
    assert_str(sb_view(&told), "1/4 2/4 3/4 4/4 ");
    /* two steps of begin, set, commit: forward, back, forward, back; and two boxes were built */
    assert_int_equal(p.report.statements, 2 * 4 * 3);
    assert_int_equal(toy_statements, 2 * 4 * 3 + 2 * 3);
}

static void steps_outside_a_transaction(void **state)
{
    struct proof p =
        proof_in(*state, "make lamp:x deep=1\nmake box:b",
                 "make lamp:x deep=2 lit=true\nmake box:b color=x", F_DEFAULT | F_PRAGMAS);
    assert_ok(prove(&p, *state), p.e);
    struct proof back = proof_in(*state, "make lamp:x deep=2 lit=true", "", F_DEFAULT | F_PRAGMAS);
    assert_ok(prove(&back, *state), back.e);
}

/* They are not part of a schema unless asked for; then they are built and compared. */
static void counters_are_proven_where_asked_for(void **state)
{
    struct proof p =
        proof_in(*state, "make box:a hits=3", "make box:a hits=5 color=x", F_DEFAULT | F_COUNTERS);
    assert_ok(prove(&p, *state), p.e);
    p = proof_of(*state, "make box:a hits=3", "make box:a hits=5 color=x");
    assert_ok(prove(&p, *state), p.e);
}

static void order_that_cannot_come_back_is_no_failure(void **state)
{
    struct proof p =
        proof_of(*state, "make box:a {slot:s} {slot:t} {slot:u}", "make box:a {slot:s} {slot:u}");
    assert_ok(prove(&p, *state), p.e);
    p = proof_in(*state, "make box:a {slot:s} {slot:t} {slot:u}", "make box:a {slot:u} {slot:s}",
                 F_DEFAULT | F_ORDER);
    assert_ok(prove(&p, *state), p.e);
}

static void a_step_without_effect_is_named(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a\nmake link:l", "make box:a color=blue");
    toy_faults.skip = "set box:a";
    fails(mem, &p, E_VERIFY_FAILED,
          "step 2 of 2, change box a: box a differs in color: wanted \"blue\", got nothing");
    toy_faults.skip = "drop link:l";
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 2, drop link l: link l is still there");
}

static void a_way_back_without_effect_is_named(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a\nmake link:l", "make box:a color=blue");
    toy_faults = (struct toy_faults){.skip = "set box:a", .spare = 1};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 2 of 2, undoing: change box a: box a differs in color: wanted nothing, got "
          "\"blue\"");
    toy_faults = (struct toy_faults){.skip = "make link:l", .spare = 1}; /* not when it is built */
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 2, undoing: drop link l: link l is missing");
    toy_faults = (struct toy_faults){.skip = "make link:l", .spare = 2}; /* at the very end */
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 2, undoing: drop link l: link l is missing");
}

static void residue_elsewhere_is_named(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a\nmake box:z", "make box:a color=blue\nmake box:z");
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "make wire:left"};
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 1, change box a: wire left is still there");
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "set box:z color=x note=y"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, change box a: box z differs in color: wanted nothing, got \"x\"");
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "make box:m {slot:n} {slot:o}"};
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 1, change box a: box m is still there, and 2 more");
}

static void a_statement_that_fails_is_shown(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a", "make box:a color=blue");
    toy_faults.fail = "set box:a";
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, change box a: the toy is broken (in: set box:a color=blue)");
    struct proof lengthy =
        proof_of(mem, "make box:a",
                 "make box:a "
                 "color=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    assert_err(prove(&lengthy, mem), lengthy.e, E_VERIFY_FAILED);
    assert_non_null(strstr(lengthy.e.msg, "bbb ...)"));
}

static void another_error_in_the_middle_is_passed_on(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a", "make box:a color=blue");
    toy_faults = (struct toy_faults){.fail = "set box:a", .code = E_TIMEOUT};
    fails(mem, &p, E_TIMEOUT, "the toy is broken");
}

static void rows_that_go_are_found(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a {slot:s}", "make box:a color=blue {slot:s}");
    toy_faults.lose = "set box:a";
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, change box a: the rows of box a changed: 2 rows, then 0 rows");
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "spoil box:a/slot:s"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, change box a: the rows of slot a.s changed: 12345678, then spoilt");
}

static void values_may_change_where_a_conversion_is_told(void **state)
{
    struct arena *mem = *state;
    struct proof p =
        proof_of(mem, "make box:a {slot:s} {slot:t}", "make box:a {slot:s size=3} {slot:t}");
    assert_ok(prove(&p, mem), p.e);
    toy_faults = (struct toy_faults){.after = "rebuild box:a", .also = "spoil box:a/slot:t"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, rebuild box a: change slot s: the rows of slot a.t changed: 12345678, "
          "then spoilt");
    toy_faults = (struct toy_faults){.lose = "rebuild box:a"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 1, rebuild box a: change slot s: the rows of box a changed: 2 rows, then 0 "
          "rows");
}

static void what_only_the_rows_stop_is_a_hazard(void **state)
{
    struct arena *mem = *state;
    struct proof p =
        proof_of(mem, "make box:a {slot:s}", "make box:a {slot:s} {seal:k rule=empty}");
    uint32_t had = p.plan->v[0].nhz;
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.report.data_dependent, 1); /* then no rows could be put in again */
    assert_int_equal(p.plan->v[0].nhz, had + 1);
    assert_int_equal(p.plan->v[0].hz[had].code, HZ_DATA_DEPENDENT);
    assert_str(p.plan->v[0].hz[had].object, "rebuild box a: add seal k");
    assert_non_null(strstr(p.plan->v[0].hz[had].detail.p, "the rows break the rule of"));
    /* the plan knows already */
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.plan->v[0].nhz, had + 1);
    assert_int_equal(p.report.data_dependent, 1);
}

static void the_same_on_the_way_back(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a {slot:s}", "make box:a color=x {slot:s}");
    toy_faults = (struct toy_faults){.fail = "set box:a color=", .spare = 1, .once = true};
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.report.data_dependent, 1);
    assert_int_equal(p.plan->v[0].nhz, 0);
    assert_int_equal(p.plan->v[0].nback_hz, 1);
}

static void without_a_way_back_it_goes_on(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_in(mem, "make box:a\nmake lamp:n",
                              "make lamp:n\nmake box:a color=x\nmake gate:g", F_DEFAULT);
    assert_int_equal(p.plan->v[1].rev, REV_NONE);
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.report.one_way, 1);
    assert_int_equal(p.report.statements,
                     3 * 3 + 3); /* the gate once; nothing behind it is undone */
    assert_true(hash_eq(p.report.fingerprint, p.to->fingerprint));
}

static void an_end_that_is_not_the_wanted_one(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a", "make box:a color=x");
    p.to = toy_read(mem, "make box:a color=y");
    fails(mem, &p, E_VERIFY_FAILED,
          "at the end it is not the wanted state: box a differs in color: wanted \"y\", got \"x\"");
    p.to = NULL;
    assert_ok(prove(&p, mem), p.e);
}

static void filtered_facts_are_built_and_not_compared(void **state)
{
    struct arena *mem = *state;
    static const struct str out[] = {{"link:*", 6}};
    struct filter f = {.exclude = out, .nexclude = 1};
    struct proof p = {.from = toy_read(mem, "make box:a\nmake link:l goes=box:a"),
                      .to = toy_read(mem, "make box:a color=x\nmake link:m")};
    p.opt = (struct verify_options){.facets = F_DEFAULT, .filter = &f};
    filter_apply(&f, p.from);
    filter_apply(&f, p.to);
    assert_ok(cat_finish(p.from, &p.e), p.e);
    assert_ok(cat_finish(p.to, &p.e), p.e);
    assert_ok(toy_try_plan(mem, p.from, p.to, &p.plan, &p.e), p.e);
    assert_int_equal(p.plan->n, 1);
    assert_ok(prove(&p, mem), p.e);
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "drop link:l"};
    fails(mem, &p, E_VERIFY_FAILED, "step 1 of 1, change box a: link l is missing");
}

static void a_scratch_that_does_not_read_back(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a {slot:s}\nmake link:l", "make box:a");
    toy_faults.skip = "make link:l";
    fails(mem, &p, E_CANNOT_VERIFY,
          "the scratch database made from toy does not read back as it: link l is missing");
    toy_faults = (struct toy_faults){.also_empty = "make wire:w"};
    fails(mem, &p, E_CANNOT_VERIFY,
          "the scratch database made from toy does not read back as it: wire w is still there");
}

static void a_scratch_that_cannot_be_built(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a {slot:s}\nmake link:l", "make box:a");
    toy_faults.fail = "make link:l";
    fails(mem, &p, E_CANNOT_VERIFY,
          "building toy on a scratch database: create link l: the toy is broken (in: make link:l)");
    toy_faults.code = E_OUT_OF_MEMORY;
    fails(mem, &p, E_OUT_OF_MEMORY, "the toy is broken");
    toy_faults = (struct toy_faults){.no_scratch = true};
    fails(mem, &p, E_CANNOT_VERIFY, "there is no room for a scratch database");
    toy_faults = (struct toy_faults){.also_empty = "drop box:none"};
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
}

/* Facts that no order can build, and facts of another engine's build. */
static void from_that_cannot_be_planned(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make link:x\nmake link:y", "make link:x\nmake link:y color=z");
    p.from->v[0].deps = STR("[\"link:y\"]");
    p.from->v[1].deps = STR("[\"link:x\"]");
    fails(mem, &p, E_CANNOT_VERIFY, "CYCLE: these need one another: link x, link y");
    p.opt.facets = F_DEFAULT | F_COUNTERS;
    p.from->v[0].deps = STR_NULL;
    assert_err(prove(&p, mem), p.e, E_FACET_MISSING);
}

static void on_engine(struct proof *p, struct engine *eng, struct live_ops *live)
{
    *eng = engine_toy;
    *live = toy_live;
    eng->live = live;
    p->from->eng = p->to->eng = p->plan->eng = eng;
}

static void an_engine_may_lack_parts(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, from_script, to_script);
    struct engine eng;
    struct live_ops live;
    on_engine(&p, &eng, &live);
    live.fill = NULL;
    live.empty = NULL;
    live.rows = NULL;
    live.reset = NULL;
    assert_ok(prove(&p, mem), p.e);
    assert_int_equal(p.report.tables, 0);
    toy_faults = (struct toy_faults){.fail = "set box:a color=blue"};
    assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
    toy_faults = (struct toy_faults){0};
    eng.begin = NULL; /* commits by itself */
    assert_ok(prove(&p, mem), p.e);
    eng.live = NULL;
    fails(mem, &p, E_CANNOT_VERIFY, "this build has no client library for Toy");
}

/* The n-th call of one of the live operations fails, for each n until none is left to fail. */
static unsigned fail_each(struct arena *mem, struct proof *p, unsigned *countdown)
{
    for (unsigned n = 1;; n++) {
        *countdown = n;
        int rc = prove(p, mem);
        assert_int_equal(toy_sessions, 0);
        if (rc == 0)
            return n - 1;
        assert_int_equal(p->e.code, E_BUSY);
        assert_true(n < 1000);
    }
}

static void every_call_may_fail(void **state)
{
    struct arena *mem = *state;
    struct proof p =
        proof_of(mem, "make box:a {slot:s}\nmake link:l",
                 "make box:a color=x {slot:s} {seal:k rule=empty}\nmake link:l goes=box:a");
    /* of what was built, before the first transition, after each and a failure, at the ends */
    assert_int_equal(fail_each(mem, &p, &toy_faults.read_fails), 1 + 1 + 4 * 3 + 2 + 2 + 1);
    assert_int_equal(p.report.steps, 3);
    toy_faults.read_fails = 0;
    assert_true(fail_each(mem, &p, &toy_faults.rows_fails) > 10);
    toy_faults.rows_fails = 0;
    assert_int_equal(fail_each(mem, &p, &toy_faults.fill_fails), 2);
    toy_faults.fill_fails = 0;
    assert_int_equal(fail_each(mem, &p, &toy_faults.empty_fails), 1);
}

/* So many facts that a step reads only what it touches. */
static struct proof large(struct arena *mem)
{
    struct strbuf one = sb_new(mem, 0), two;
    for (unsigned i = 0; i < 20; i++) {
        sb_printf(&one, "make box:b%02u", i);
        for (unsigned k = 0; k < 80; k++)
            sb_printf(&one, " {slot:s%02u}", k);
        sb_char(&one, '\n');
    }
    two = sb_new(mem, 0);
    sb_str(&two, sb_view(&one));
    sb_c(&two, "set box:b03 color=blue\nset box:b04/slot:s07 label=z\nset box:b04/slot:s08 "
               "label=z\nset box:b04 color=x\n");
    return proof_of(mem, one.p, two.p);
}

static void a_large_schema_is_read_in_parts(void **state)
{
    struct arena *mem = *state;
    struct proof p = large(mem);
    assert_true(p.from->n + p.to->n > 3000);
    assert_ok(prove(&p, mem), p.e);
    toy_faults.skip = "set box:b03";
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 4, change box b03: box b03 differs in color: wanted \"blue\", got nothing");
}

static void harm_elsewhere_in_a_large_schema_is_named_on_a_second_look(void **state)
{
    struct arena *mem = *state;
    struct proof p = large(mem);
    toy_faults =
        (struct toy_faults){.after = "set box:b03", .also = "set box:b11/slot:s01 size=99"};
    fails(mem, &p, E_VERIFY_FAILED,
          "step 1 of 4, change box b03: slot b11.s01 differs in size: wanted nothing, got 99");
    /* the second look finds nothing: the first finding stands */
    toy_faults.once = true;
    fails(mem, &p, E_VERIFY_FAILED,
          "at the end it is not the wanted state: slot b11.s01 differs in size: wanted nothing, "
          "got 99");
    /* only on the last way back: the end fits, FROM does not */
    toy_faults = (struct toy_faults){
        .after = "set box:b03", .also = "set box:b11/slot:s01 size=99", .spare = 3, .once = true};
    fails(mem, &p, E_VERIFY_FAILED,
          "after undoing everything it is not as before: slot b11.s01 differs in size: wanted "
          "nothing, got 99");
}

static struct stmt *sentences(struct arena *mem, const char *script, uint32_t *n)
{
    struct script rest = {.rest = str_c(script)};
    struct stmt *list = NEW_ARRAY(mem, struct stmt, 9);
    for (*n = 0; engine_toy.split(&rest, &list[*n].text); ++*n)
        ;
    return list;
}

static struct replay replay_of(struct arena *mem, const char *const (*steps)[2], uint32_t n)
{
    struct replay r = {NEW_ARRAY(mem, struct replay_step, n), n};
    for (uint32_t i = 0; i < n; i++) {
        r.v[i].id = arena_printf(mem, "file %u", i + 1);
        r.v[i].fwd = sentences(mem, steps[i][0], &r.v[i].nfwd);
        r.v[i].back = sentences(mem, steps[i][1], &r.v[i].nback);
    }
    return r;
}

static void a_changelog_is_replayed(void **state)
{
    struct arena *mem = *state;
    static const char *const good[][2] = {
        {"set box:a color=x", "set box:a color="},
        {"make box:b;make link:l goes=box:b", "drop link:l;drop box:b"}};
    static const char *const stale[][2] = {{"set box:a color=x", "set box:a color="},
                                           {"make box:b;make link:l", "drop box:b"}};
    static const char *const picky[][2] = {
        {"rebuild box:a {slot:s} {seal:k rule=empty}", "rebuild box:a {slot:s}"}};
    struct proof p = proof_of(mem, "make box:a {slot:s}",
                              "make box:a color=x {slot:s}\nmake box:b\nmake link:l goes=box:b");
    struct replay r = replay_of(mem, good, 2);
    assert_ok(verify_replay(&r, p.from, p.to, &p.opt, mem, &p.report, &p.e), p.e);
    assert_true(hash_eq(p.report.fingerprint, p.to->fingerprint));
    assert_ok(verify_replay(&r, p.from, NULL, &p.opt, mem, &p.report, &p.e), p.e);
    assert_err(verify_replay(&r, p.from, p.from, &p.opt, mem, &p.report, &p.e), p.e,
               E_VERIFY_FAILED);
    assert_non_null(strstr(p.e.msg, "at the end it is not the wanted state: box a differs"));
    /* values of any make may change, rows may not go */
    toy_faults = (struct toy_faults){.after = "set box:a", .also = "spoil box:a/slot:s"};
    assert_ok(verify_replay(&r, p.from, p.to, &p.opt, mem, &p.report, &p.e), p.e);
    toy_faults = (struct toy_faults){.lose = "set box:a"};
    assert_err(verify_replay(&r, p.from, p.to, &p.opt, mem, &p.report, &p.e), p.e, E_VERIFY_FAILED);
    toy_faults = (struct toy_faults){0};
    r = replay_of(mem, stale, 2);
    assert_err(verify_replay(&r, p.from, NULL, &p.opt, mem, &p.report, &p.e), p.e, E_VERIFY_FAILED);
    assert_string_equal(p.e.msg, "step 2 of 2, undoing: file 2: link l is still there");
    r = replay_of(mem, picky, 1);
    assert_ok(verify_replay(&r, p.from, NULL, &p.opt, mem, &p.report, &p.e), p.e);
    assert_int_equal(p.report.data_dependent, 1);
    toy_faults.read_fails = 2; /* the state before the first step */
    assert_err(verify_replay(&r, p.from, NULL, &p.opt, mem, &p.report, &p.e), p.e, E_BUSY);
}

/* The flag cannot be taken back, so a child has it. */
static void a_signal_ends_it(void **state)
{
    struct arena *mem = *state;
    struct proof p = proof_of(mem, "make box:a", "make box:a color=x");
    pid_t child = fork();
    if (child == 0) {
        interrupt_install();
        raise(SIGINT);
        int rc = prove(&p, mem);
        bool good = rc == -1 && p.e.code == E_INTERRUPTED && toy_sessions == 0;
        arena_free(mem);
        exit(good ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#ifdef SNAP_TEST_HOOKS
static void a_broken_handler_is_noticed(void **state)
{
    struct arena *mem = *state;
    static const char *const names[] = {"box.make", "box.drop",   "box.paint", "box.rebuild",
                                        "slot.add", "slot.label", "tag.make",  "make",
                                        "drop",     "wire.retext"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int back = 0; back < 2; back++) {
            const char *from =
                "make box:a {slot:s}\nmake box:p {slot:s} {slot:r}\nmake box:g\nmake link:l\n"
                "make wire:w body=x\nmake box:a/tag:x\nmake box:q {slot:s}";
            const char *to = "make box:a {slot:s} {slot:t}\nmake box:p color=x {slot:s label=z}\n"
                             "make box:n\nmake link:m\nmake wire:w body=y\nmake box:a/tag:y\n"
                             "make box:q {slot:s lined=true}";
            struct proof p;
            plan_break_alter = names[i];
            plan_break_back = back != 0;
            p = proof_of(mem, from, to);
            plan_break_alter = NULL;
            assert_err(prove(&p, mem), p.e, E_VERIFY_FAILED);
            assert_int_equal(strstr(p.e.msg, "undoing") != NULL, back);
        }
    plan_break_back = false;
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOY_TEST(a_good_plan_is_proven),
        TOY_TEST(the_way_back_of_that_plan_too),
        TOY_TEST(no_steps_are_proven_as_well),
        TOY_TEST(each_step_runs_three_times_and_back),
        TOY_TEST(steps_outside_a_transaction),
        TOY_TEST(counters_are_proven_where_asked_for),
        TOY_TEST(order_that_cannot_come_back_is_no_failure),
        TOY_TEST(a_step_without_effect_is_named),
        TOY_TEST(a_way_back_without_effect_is_named),
        TOY_TEST(residue_elsewhere_is_named),
        TOY_TEST(a_statement_that_fails_is_shown),
        TOY_TEST(another_error_in_the_middle_is_passed_on),
        TOY_TEST(rows_that_go_are_found),
        TOY_TEST(values_may_change_where_a_conversion_is_told),
        TOY_TEST(what_only_the_rows_stop_is_a_hazard),
        TOY_TEST(the_same_on_the_way_back),
        TOY_TEST(without_a_way_back_it_goes_on),
        TOY_TEST(an_end_that_is_not_the_wanted_one),
        TOY_TEST(filtered_facts_are_built_and_not_compared),
        TOY_TEST(a_scratch_that_does_not_read_back),
        TOY_TEST(a_scratch_that_cannot_be_built),
        TOY_TEST(from_that_cannot_be_planned),
        TOY_TEST(an_engine_may_lack_parts),
        TOY_TEST(every_call_may_fail),
        TOY_TEST(a_large_schema_is_read_in_parts),
        TOY_TEST(harm_elsewhere_in_a_large_schema_is_named_on_a_second_look),
        TOY_TEST(a_changelog_is_replayed),
        TOY_TEST(a_signal_ends_it),
#ifdef SNAP_TEST_HOOKS
        TOY_TEST(a_broken_handler_is_noticed),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
