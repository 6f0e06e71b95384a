/* Lists of changeSets held against one another, and evidences read back: see verify/steps.c,
 * verify/evidence.c and verify/evidence_read.c. */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/evidence.h"

/* "a b c" as steps of one statement each, named by letters; "a" has the statement a, "a=x" x, and
 * "a/x" the rollback x. */
static struct step_sums steps(struct arena *mem, const char *text)
{
    VEC(struct replay_step) list = {0};
    struct str rest = str_c(text), word;
    while (rest.n && str_cut(&rest, ' ', &word)) {
        struct replay_step one = {.id = str_sub(word, 0, 1), .nfwd = 1, .nback = 1};
        bool back = word.n > 1 && word.p[1] == '/';
        one.fwd = NEW(mem, struct stmt);
        one.back = NEW(mem, struct stmt);
        one.fwd->text = word.n > 1 && !back ? str_from(word, 2) : one.id;
        one.back->text = back ? str_from(word, 2) : STR("undo");
        VEC_PUSH(mem, list, one);
    }
    struct replay replay = {list.v, list.n};
    struct step_sums out;
    sums_of_replay(&replay, NULL, mem, &out);
    return out;
}

static struct str found(struct arena *mem, const char *want, const char *got)
{
    struct step_sums a = steps(mem, want), b = steps(mem, got);
    struct finding f = sums_compare(&a, &b, mem);
    struct strbuf out = sb_new(mem, 0);
    finding_text(&f, &out);
    return sb_view(&out);
}

static void what_differs_is_named(void **state)
{
    static const char *const rows[][3] = {
        {"a b c", "a b c", ""},
        {"a b c", "a c", "changeSet b is missing"},
        {"a b c", "b c", "changeSet a is missing"},
        {"a b c", "", "changeSet a is missing, and 2 more differ"},
        {"a b c", "a b b c", "changeSet b stands twice"},
        {"a b c", "a b c d", "changeSet d is none of the changes"},
        {"a b c", "a b=x c", "changeSet b was altered: statement 1 is another"},
        {"a b c", "a b/x c", "changeSet b was altered: statement 1 of its rollback is another"},
        {"a b c", "b a c", "changeSet b stands too early: before changeSet a"},
        {"a b c d", "a d c b", "changeSet d stands too early: before changeSet b"},
        {"a b c", "a x=b c", ""}, /* another id, the same statements */
        {"a b c", "x=c a b", "changeSet x stands too early: before changeSet a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(arena_cstr(*state, found(*state, rows[i][0], rows[i][1])), rows[i][2]);
}

static void an_author_tells_ids_apart(void **state)
{
    struct step_sums s = steps(*state, "a b a");
    assert_true(sums_twice(&s, *state) == &s.v[2]);
    s.v[0].author = STR("x");
    s.v[2].author = STR("y");
    assert_null(sums_twice(&s, *state));
}

struct proven {
    struct catalog *from, *to;
    struct plan *plan;
    struct verify_report report;
    struct step_sums sums;
    struct str text;
};

static const struct filter no_filter;

static struct proven prove(struct arena *mem, const char *from, const char *to)
{
    struct proven p = {.from = toy_read(mem, from), .to = toy_read(mem, to)};
    struct strbuf out = sb_new(mem, 0);
    struct err e = {0};
    struct verify_options opt = {.facets = F_DEFAULT, .filter = &no_filter, .record = true};
    assert_ok(toy_try_plan(mem, p.from, p.to, &p.plan, &e), e);
    assert_ok(verify_plan(p.plan, p.from, p.to, &opt, mem, &p.report, &e), e);
    sums_of_plan(p.plan, mem, &p.sums);
    struct evidence ev = {.command = "changelog",
                          .eng = p.from->eng,
                          .subject = {{STR("x.yaml"), sha256_hex(mem, STR("the file"))}},
                          .nsubject = 1,
                          .input = {{"from", STR("a\x1b[1m"), STR_NULL, p.from},
                                    {"to", STR("\xff"), sha256_hex(mem, STR("to")), p.to}},
                          .facets = F_DEFAULT,
                          .report = &p.report,
                          .plan = p.plan,
                          .sums = &p.sums};
    evidence_write(&ev, mem, &out);
    p.text = sb_view(&out);
    return p;
}

static void an_evidence_is_read_back(void **state)
{
    struct arena *mem = *state;
    struct proven p = prove(mem, "make box:a", "make box:a color=x\nmake box:b");
    struct evidence_read ev;
    struct err e = {0};
    assert_true(str_find(p.text, STR("\x1b")) == p.text.n);
    assert_ok(evidence_read(p.text, STR("e"), mem, &ev, &e), e);
    assert_int_equal(ev.sums.n, p.plan->n);
    assert_ok(evidence_check_changes(&ev, STR("the file"), STR_NULL, &p.sums, mem, &e), e);
    assert_ok(evidence_check_inputs(&ev, p.from, p.to, F_DEFAULT, mem, &e), e);
    assert_ok(evidence_check_replay(&ev, &p.report, mem, &e), e);
    struct proven again = prove(mem, "make box:a", "make box:a color=x\nmake box:b");
    assert_true(str_eq(again.text, p.text));
}

static void what_is_not_as_it_says(void **state)
{
    struct arena *mem = *state;
    struct proven p = prove(mem, "make box:a", "make box:a color=x\nmake box:b");
    struct catalog *other = toy_read(mem, "make box:z");
    struct evidence_read ev;
    struct err e = {0};
    assert_ok(evidence_read(p.text, STR("e"), mem, &ev, &e), e);
    assert_err(evidence_check_changes(&ev, STR("another"), STR_NULL, &p.sums, mem, &e), e,
               E_EVIDENCE_MISMATCH);
    assert_non_null(strstr(e.msg, "no statement differs, but the file does"));
    p.sums.n--;
    assert_err(evidence_check_changes(&ev, STR("another"), STR_NULL, &p.sums, mem, &e), e,
               E_EVIDENCE_MISMATCH);
    assert_non_null(strstr(e.msg, "is missing"));
    p.sums.n++;
    assert_err(evidence_check_inputs(&ev, other, p.to, F_DEFAULT, mem, &e), e, E_EVIDENCE_MISMATCH);
    assert_err(evidence_check_inputs(&ev, p.from, other, F_DEFAULT, mem, &e), e,
               E_EVIDENCE_MISMATCH);
    assert_err(evidence_check_inputs(&ev, p.from, p.to, F_STRUCTURE, mem, &e), e,
               E_EVIDENCE_MISMATCH);
    p.report.record[1].after.lo ^= 1;
    assert_err(evidence_check_replay(&ev, &p.report, mem, &e), e, E_EVIDENCE_MISMATCH);
    assert_true(str_starts(str_c(e.msg), arena_printf(mem, "changeSet %.*s: the state after it",
                                                      STR_ARG(p.sums.v[1].id))));
    p.report.record[1].after.lo ^= 1;
    p.report.undone.lo ^= 1;
    assert_err(evidence_check_replay(&ev, &p.report, mem, &e), e, E_EVIDENCE_MISMATCH);
}

/* Every text that is no evidence is refused by name. */
static void damaged_evidences(void **state)
{
    struct arena *mem = *state;
    struct proven p = prove(mem, "make box:a", "make box:b");
    static const char *const keys[] = {"_type",  "predicateType", "sha256", "fingerprint",
                                       "undone", "steps",         "id",     "before",
                                       "after",  "statements"};
    struct evidence_read ev;
    struct err e;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str key = arena_printf(mem, "\"%s\":", keys[i]);
        size_t at = str_find(p.text, key);
        assert_true(at < p.text.n);
        struct str text =
            arena_printf(mem, "%.*s\"x%.*s", (int)at, p.text.p, STR_ARG(str_from(p.text, at + 1)));
        assert_err(evidence_read(text, STR("e"), mem, &ev, &e), e, E_EVIDENCE_SYNTAX);
    }
    assert_err(evidence_read(str_sub(p.text, 0, p.text.n / 2), STR("e"), mem, &ev, &e), e,
               E_EVIDENCE_SYNTAX);
    assert_err(evidence_read(STR(""), STR("e"), mem, &ev, &e), e, E_EVIDENCE_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_differs_is_named),    TEST(an_author_tells_ids_apart),
        TEST(an_evidence_is_read_back), TEST(what_is_not_as_it_says),
        TEST(damaged_evidences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
