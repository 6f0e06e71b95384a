/* Rules that let findings pass, what fails a run, presets, severities and identities; see drift/.
 * The small engine has tables with a comment, columns and checks. */

#include "core/drift.h"
#include "drift/drift.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static const struct obj *obj(struct arena *mem, const char *path, const char *a)
{
    struct obj *o = NEW(mem, struct obj);
    *o = mini_obj(path, a);
    return o;
}

/* A table that came with two columns, one that lost its comment and changed, one that went. */
static struct changes *changes(struct arena *mem)
{
    struct changes *c = NEW(mem, struct changes);
    c->eng = &engine_mini;
    c->facets = F_DEFAULT;
    c->n = 5;
    c->v = NEW_ARRAY(mem, struct change, c->n);
    c->v[0] = (struct change){.op = OP_ADD, .after = obj(mem, "table:came", "{}")};
    c->v[1] = (struct change){.op = OP_ADD, .after = obj(mem, "table:came/column:a", "{}")};
    c->v[2] = (struct change){.op = OP_ADD, .after = obj(mem, "table:came/column:b", "{}")};
    c->v[3] = (struct change){.op = OP_ALTER,
                              .before = obj(mem, "table:moved", "{\"comment\":\"x\"}"),
                              .after = obj(mem, "table:moved", "{\"strict\":true}")};
    c->v[4] = (struct change){
        .op = OP_DROP, .before = obj(mem, "table:went", "{}"), .hazards = 1u << HZ_DATA_LOSS};
    for (uint32_t i = 0; i < c->n; i++)
        c->v[i].facets = F_STRUCTURE;
    c->v[3].facets = F_STRUCTURE | F_COMMENTS;
    return c;
}

static struct drift_findings *judge(struct arena *mem, const struct ignore_rule *rules, uint32_t n,
                                    const char *fail_on)
{
    struct drift_findings *out;
    struct err e;
    struct drift_request req = {.changes = changes(mem),
                                .rules = rules,
                                .nrules = n,
                                .env = STR("prod"),
                                .now = STR("2026-06-30T23:59:59Z")};
    assert_ok(fail_on_parse(str_c(fail_on), &req.fail_on, &e), e);
    assert_ok(drift_judge(&req, mem, &out, &e), e);
    return out;
}

static uint32_t failing(const struct drift_findings *f)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n; i++)
        n += f->v[i].fails;
    return n;
}

static void one_finding_for_each_facet(void **state)
{
    struct drift_findings *f = judge(*state, NULL, 0, NULL);
    assert_int_equal(f->n, 6);
    assert_int_equal(f->v[3].facet, F_STRUCTURE);
    assert_int_equal(f->v[4].facet, F_COMMENTS);
    assert_ptr_equal(f->v[3].change, f->v[4].change);
    assert_int_equal(f->v[4].severity, SEV_NOTE);
    assert_int_equal(f->v[5].severity, SEV_ERROR);
    for (uint32_t i = 0; i < f->n; i++)
        assert_int_equal(f->v[i].verdict, VERDICT_DRIFT);
    assert_int_equal(failing(f), 6);
    assert_int_equal(drift_count(f, VERDICT_DRIFT, false), 6);
    assert_false(f->has_history);
}

/* The identity is that of path, facet and both states, and no other. */
static void identities_are_their_own(void **state)
{
    struct drift_findings *f = judge(*state, NULL, 0, NULL), *again = judge(*state, NULL, 0, NULL);
    for (uint32_t i = 0; i < f->n; i++) {
        assert_true(hash_eq(f->v[i].id, again->v[i].id));
        for (uint32_t k = 0; k < i; k++)
            assert_false(hash_eq(f->v[i].id, f->v[k].id));
    }
}

static void what_fails(void **state)
{
    static const struct {
        const char *words;
        uint32_t fails;
    } rows[] = {
        {"drift", 6},       {"breaking", 3},
        {"destructive", 1}, {"note", 6},
        {"warning", 5},     {"error", 5},
        {"comments", 1},    {"structure,comments", 6},
        {"acl", 0},         {"comments,error", 0},
        {"never", 0},       {"breaking,destructive", 3},
        {"pending", 6},     {" drift , breaking", 3},
        {"owner,acl", 0},   {"structure,destructive", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t got = failing(judge(*state, NULL, 0, rows[i].words));
        if (got != rows[i].fails)
            fail_msg("%s: %u fail, wanted %u", rows[i].words, got, rows[i].fails);
    }
}

static void words_that_are_none(void **state)
{
    struct fail_on out;
    struct err e;
    (void)state;
    assert_err(fail_on_parse(STR("brekaing"), &out, &e), e, E_BAD_VALUE);
    assert_non_null(strstr(e.hint, "did you mean breaking?"));
    assert_err(fail_on_parse(STR("drift,,error"), &out, &e), e, E_BAD_VALUE);
    assert_err(fail_on_parse(STR(""), &out, &e), e, E_BAD_VALUE);
}

#define RULE(text) .match = {text, sizeof text - 1}, .reason = {"why", 3}

static void a_rule_lets_pass_what_is_below_its_object(void **state)
{
    static const struct ignore_rule rule = {RULE("table:CAME"), .most = 1};
    struct drift_findings *f = judge(*state, &rule, 1, NULL);
    assert_ptr_equal(f->v[0].rule, &rule);
    assert_ptr_equal(f->v[2].rule, &rule);
    assert_null(f->v[3].rule);
    assert_int_equal(failing(f), 3);
    assert_int_equal(f->nnotes, 0);
    assert_int_equal(drift_count(f, VERDICT_DRIFT, true), 3);
}

static void facets_ops_and_environments_narrow_a_rule(void **state)
{
    static const struct str other[] = {{"dev", 3}}, here[] = {{"dev", 3}, {"prod", 4}};
    static const struct ignore_rule rules[] = {
        {RULE("table:*"), .facets = F_COMMENTS},
        {RULE("table:*"), .ops = 1u << OP_DROP, .envs = here, .nenvs = 2},
        {RULE("table:*"), .envs = other, .nenvs = 1},
        {RULE("column:*.b")},
    };
    struct drift_findings *f = judge(*state, rules, 4, NULL);
    assert_null(f->v[0].rule);
    assert_null(f->v[1].rule);
    assert_ptr_equal(f->v[2].rule, &rules[3]);
    assert_null(f->v[3].rule);
    assert_ptr_equal(f->v[4].rule, &rules[0]);
    assert_ptr_equal(f->v[5].rule, &rules[1]);
    assert_int_equal(f->nnotes, 0); /* the third is not for this environment */
}

static void the_last_day_of_a_rule_counts(void **state)
{
    struct ignore_rule rule = {RULE("table:moved"), .expires = STR("2026-06-30")};
    assert_int_equal(failing(judge(*state, &rule, 1, NULL)), 4);
    rule.expires = STR("2026-06-29");
    struct drift_findings *f = judge(*state, &rule, 1, NULL);
    assert_int_equal(failing(f), 6);
    assert_int_equal(f->nnotes, 1);
    assert_int_equal(f->notes[0].what, RULE_EXPIRED);
    assert_int_equal(f->notes[0].count, 2);
    assert_ptr_equal(f->notes[0].rule, &rule);
}

/* A rule that fits more than it may lets nothing pass; the next one is asked. */
static void a_rule_that_is_exceeded_lets_nothing_pass(void **state)
{
    static const struct ignore_rule rules[] = {
        {RULE("table:*"), .most = 3}, {RULE("table:went")}, {RULE("table:nowhere")}};
    struct drift_findings *f = judge(*state, rules, 3, NULL);
    assert_null(f->v[0].rule);
    assert_ptr_equal(f->v[5].rule, &rules[1]);
    assert_int_equal(f->nnotes, 2);
    assert_int_equal(f->notes[0].what, RULE_EXCEEDED);
    assert_int_equal(f->notes[0].count, 4); /* came, moved twice, went */
    assert_int_equal(f->notes[1].what, RULE_UNUSED);
    assert_ptr_equal(f->notes[1].rule, &rules[2]);
}

static void presets_have_rules_of_their_own(void **state)
{
    struct strbuf names = sb_new(*state, 0);
    uint32_t n;
    drift_preset_names(&names);
    static const char *const all[] = {"liquibase", "flyway",     "gh-ost",  "pt-osc",
                                      "vitess",    "pg_partman", "postgis", "timescaledb"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct ignore_rule *rules = drift_preset(str_c(all[i]), &n);
        assert_non_null(rules);
        assert_true(str_find(sb_view(&names), str_c(all[i])) < names.n);
        for (uint32_t k = 0; k < n; k++) {
            assert_str(rules[k].preset, all[i]);
            assert_true(rules[k].reason.n > 0);
        }
    }
    assert_null(drift_preset(STR("nothing"), &n));
    assert_int_equal(n, 0);
}

static void a_preset_is_never_unused(void **state)
{
    uint32_t n;
    const struct ignore_rule *rules = drift_preset(STR("gh-ost"), &n);
    assert_int_equal(judge(*state, rules, n, NULL)->nnotes, 0);
    assert_true(
        drift_rule_fits(&engine_mini, &rules[0], STR("table:_orders_gho/column:a"), *state));
    assert_false(drift_rule_fits(&engine_mini, &rules[0], STR("table:orders"), *state));
}

static void a_diff_has_no_third_state(void **state)
{
    struct drift_findings *out;
    struct err e;
    struct drift_request req = {.changes = changes(*state), .all_diff = true};
    assert_ok(drift_judge(&req, *state, &out, &e), e);
    assert_int_equal(drift_count(out, VERDICT_DIFFERS, false), 6);
    assert_int_equal(failing(out), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_finding_for_each_facet),
        TEST(identities_are_their_own),
        TEST(what_fails),
        TEST(words_that_are_none),
        TEST(a_rule_lets_pass_what_is_below_its_object),
        TEST(facets_ops_and_environments_narrow_a_rule),
        TEST(the_last_day_of_a_rule_counts),
        TEST(a_rule_that_is_exceeded_lets_nothing_pass),
        TEST(presets_have_rules_of_their_own),
        TEST(a_preset_is_never_unused),
        TEST(a_diff_has_no_third_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
