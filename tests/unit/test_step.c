/* States of a plan between its steps, and the order in which a step's statements run. */

#include "core/step.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static struct str walk(struct arena *mem, struct view v)
{
    struct strbuf b = sb_new(mem, 0);
    struct view_iter it = view_iter(&v, STR(""));
    const struct obj *o;
    while ((o = view_next(&it)))
        sb_printf(&b, "%.*s=%.*s;", STR_ARG(o->path), STR_ARG(o->a));
    return sb_view(&b);
}

static struct catalog *from(struct arena *mem)
{
    struct catalog *cat = mini_cat(mem);
    struct err e = {0};
    mini_add(cat, "table:a", "{}");
    mini_add(cat, "table:a/check:c", "{\"expr\":\"1\"}");
    mini_add(cat, "table:b", "{}");
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static void states(void **state)
{
    struct catalog *cat = from(*state);
    const struct catalog *read[] = {cat};
    struct obj c2 = mini_obj("table:a/check:c", "{\"expr\":\"2\"}"), n = mini_obj("table:n", "{}"),
               a2 = mini_obj("table:a", "{\"strict\":true}");
    const struct obj *c1 = cat_find(cat, c2.path), *b = cat_find(cat, STR("table:b")),
                     *a1 = cat_find(cat, a2.path);
    /* The check goes, its table changes, a table comes and another goes, the check comes again. */
    struct member one[] = {{NULL, c1, NULL}}, two[] = {{NULL, a1, &a2}},
                  three[] = {{NULL, NULL, &n}, {NULL, b, NULL}}, four[] = {{NULL, NULL, &c2}};
    struct step steps[] = {{.members = one, .nmembers = 1},
                           {.members = two, .nmembers = 1},
                           {.members = three, .nmembers = 2},
                           {.members = four, .nmembers = 1}};
    struct plan p = {.eng = &engine_mini, .v = steps, .n = 4, .states = read};
    static const char *const want[] = {
        "table:a={};table:a/check:c={\"expr\":\"1\"};table:b={};",
        "table:a={};table:b={};",
        "table:a={\"strict\":true};table:b={};",
        "table:a={\"strict\":true};table:n={};",
        "table:a={\"strict\":true};table:a/check:c={\"expr\":\"2\"};table:n={};",
    };
    for (uint32_t i = 0; i <= 4; i++)
        assert_str(walk(*state, plan_state(&p, i, *state)), want[i]);
}

static void states_after_renames(void **state)
{
    struct catalog *cat = from(*state), *renamed = mini_cat(*state);
    struct err e = {0};
    mini_add(renamed, "table:z", "{}");
    assert_ok(cat_finish(renamed, &e), e);
    const struct catalog *read[] = {cat, renamed};
    struct obj n = mini_obj("table:n", "{}");
    /* What a rename step lists as its members is in the state that was read after it. */
    struct member one[] = {{NULL, cat_find(cat, STR("table:a")), &renamed->v[0]}},
                  two[] = {{NULL, NULL, &n}};
    struct step steps[] = {{.members = one, .nmembers = 1}, {.members = two, .nmembers = 1}};
    struct plan p = {.eng = &engine_mini, .v = steps, .n = 2, .nrenames = 1, .states = read};
    struct view v = plan_state(&p, 0, *state);
    assert_ptr_equal(v.base, cat);
    assert_int_equal(v.nover, 0);
    assert_str(walk(*state, plan_state(&p, 1, *state)), "table:z={};");
    assert_str(walk(*state, plan_state(&p, 2, *state)), "table:n={};table:z={};");
}

static void a_plan_of_nothing(void **state)
{
    struct catalog *cat = from(*state);
    const struct catalog *read[] = {cat};
    struct step nothing = {0};
    struct plan p = {.eng = &engine_mini, .v = &nothing, .n = 1, .states = read};
    struct str all = walk(*state, (struct view){cat, NULL, 0});
    assert_true(str_eq(walk(*state, plan_state(&p, 0, *state)), all));
    assert_true(str_eq(walk(*state, plan_state(&p, 1, *state)), all));
}

/* A rollback that takes away what its step has made tells nothing; what was there before does. */
static void rows_that_a_rollback_loses(void **state)
{
    struct obj there = mini_obj("table:t", "{}"), made = mini_obj("table:n", "{}");
    struct obj column = mini_obj("table:t/column:c", "{}");
    struct member m[] = {{NULL, &there, &there}, {NULL, NULL, &made}, {NULL, NULL, &column}};
    struct step s = {.members = m, .nmembers = 3};
    static const struct {
        enum hazard_code code;
        const char *path;
        bool loses;
    } rows[] = {
        {HZ_DATA_LOSS, "table:t", true},           {HZ_INDEX_BUILD, "table:t", false},
        {HZ_DATA_LOSS, "table:n", false},          {HZ_DATA_LOSS, "table:n/column:c", false},
        {HZ_DATA_LOSS, "table:t/column:c", false}, {HZ_DATA_LOSS, "table:t/column:d", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hazard h = {.code = rows[i].code, .path = str_c(rows[i].path)};
        if (step_back_loses(&s, &h) != rows[i].loses)
            fail_msg("%s %s", hazard_name(rows[i].code), rows[i].path);
    }
}

#define STMT(t, f)                                                                                 \
    {                                                                                              \
        .lang = LANG_SQL, .text = {t, sizeof t - 1}, .flags = (f)                                  \
    }

static struct str script(struct arena *mem, const struct step *s, bool back, bool want_own_tx)
{
    const struct plan p = {.eng = &engine_mini};
    struct strbuf b = sb_new(mem, 0);
    uint32_t n;
    bool own_tx = !want_own_tx;
    struct stmt *list = step_script(&p, s, back, mem, &n, &own_tx);
    assert_int_equal(own_tx, want_own_tx);
    assert_int_equal(step_own_tx(s), want_own_tx);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(list[i].text));
    return sb_view(&b);
}

static void plain_statements(void **state)
{
    struct stmt fwd[] = {STMT("late1", ST_LATE), STMT("a", 0), STMT("check", ST_CHECK),
                         STMT("late2", ST_LATE | ST_CHECK), STMT("b", 0)};
    struct stmt back[] = {STMT("c", 0)};
    struct step s = {.fwd = fwd, .nfwd = 5, .back = back, .nback = 1};
    assert_str(script(*state, &s, false, false), "a check b late1 late2");
    assert_str(script(*state, &s, true, false), "c");
    s = (struct step){0};
    assert_str(script(*state, &s, false, false), "");
}

static void settings_stand_around_the_transaction(void **state)
{
    struct stmt fwd[] = {STMT("late", ST_LATE), STMT("off", ST_SETTING), STMT("a", 0),
                         STMT("on", ST_SETTING_END), STMT("b", 0)};
    struct stmt back[] = {STMT("c", 0), STMT("d", 0)};
    struct step s = {.fwd = fwd, .nfwd = 5, .back = back, .nback = 2};
    assert_str(script(*state, &s, false, true), "off BEGIN a b late COMMIT on");
    /* The other direction is outside a surrounding transaction too, so it brings its own. */
    assert_str(script(*state, &s, true, true), "BEGIN c d COMMIT");
}

static void one_statement_needs_no_transaction(void **state)
{
    struct stmt fwd[] = {STMT("off", ST_SETTING), STMT("a", 0), STMT("on", ST_SETTING_END)};
    struct stmt back[] = {STMT("c", 0)};
    struct step s = {.fwd = fwd, .nfwd = 3, .back = back, .nback = 1};
    assert_str(script(*state, &s, false, true), "off a on");
    assert_str(script(*state, &s, true, true), "c");
}

static void what_cannot_stand_in_a_transaction(void **state)
{
    struct stmt fwd[] = {STMT("a", 0), STMT("vacuum", ST_NO_TX), STMT("b", 0)};
    struct stmt back[] = {STMT("on", ST_SETTING_END)};
    struct step s = {.fwd = fwd, .nfwd = 3};
    assert_str(script(*state, &s, false, true), "vacuum BEGIN a b COMMIT");
    assert_str(script(*state, &s, true, true), "");
    /* A flag in the way back counts as much. */
    struct step t = {.fwd = fwd, .nfwd = 1, .back = back, .nback = 1};
    assert_str(script(*state, &t, false, true), "a");
    assert_str(script(*state, &t, true, true), "on");
}

static void the_typed_form_comes_along(void **state)
{
    const struct typed t = {.name = "createView"};
    struct stmt fwd[] = {{.lang = LANG_COMMAND, .text = STR("x"), .typed = &t}};
    const struct plan p = {.eng = &engine_mini};
    struct step s = {.fwd = fwd, .nfwd = 1};
    uint32_t n;
    bool own_tx;
    struct stmt *list = step_script(&p, &s, false, *state, &n, &own_tx);
    assert_int_equal(n, 1);
    assert_ptr_equal(list[0].typed, &t);
    assert_int_equal(list[0].lang, LANG_COMMAND);
}

/* Where an engine has no transactions, none is put around. */
static void no_transaction_without_a_begin(void **state)
{
    struct engine eng = engine_mini;
    struct stmt fwd[] = {STMT("on", ST_SETTING), STMT("a", 0), STMT("b", 0)};
    struct step s = {.fwd = fwd, .nfwd = 3};
    const struct plan p = {.eng = &eng};
    uint32_t n;
    bool own_tx;
    step_script(&p, &s, false, *state, &n, &own_tx);
    assert_int_equal(n, 5);
    eng.begin = eng.commit = NULL;
    struct stmt *list = step_script(&p, &s, false, *state, &n, &own_tx);
    assert_int_equal(n, 3);
    assert_str(list[2].text, "b");
}

static void the_object_of_a_change(void **state)
{
    struct obj a = mini_obj("table:a", "{}"), b = mini_obj("table:a", "{\"strict\":true}");
    const struct change add = {.op = OP_ADD, .after = &b}, drop = {.op = OP_DROP, .before = &a},
                        alter = {.op = OP_ALTER, .before = &a, .after = &b};
    (void)state;
    assert_ptr_equal(change_obj(&add), &b);
    assert_ptr_equal(change_obj(&drop), &a);
    assert_ptr_equal(change_obj(&alter), &b);
}

static void names_of_reversals(void **state)
{
    (void)state;
    assert_string_equal(reversal_name(REV_EXACT), "exact");
    assert_string_equal(reversal_name(REV_ORDER), "order");
    assert_string_equal(reversal_name(REV_CLOSE), "close");
    assert_string_equal(reversal_name(REV_SCHEMA), "schema");
    assert_string_equal(reversal_name(REV_NONE), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(states),
                                       TEST(states_after_renames),
                                       TEST(rows_that_a_rollback_loses),
                                       TEST(a_plan_of_nothing),
                                       TEST(plain_statements),
                                       TEST(settings_stand_around_the_transaction),
                                       TEST(one_statement_needs_no_transaction),
                                       TEST(what_cannot_stand_in_a_transaction),
                                       TEST(the_typed_form_comes_along),
                                       TEST(no_transaction_without_a_begin),
                                       TEST(the_object_of_a_change),
                                       TEST(names_of_reversals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
