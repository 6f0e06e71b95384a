/* What a handler fills: statements, their typed form, hazards with the object's name for people. */

#include "core/ddl.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static void statements(void **state)
{
    struct ddl d = {.mem = *state};
    const struct typed t = {
        .name = "dropIndex", .nkeys = 1, .key = {{"indexName", STR("i"), false}}};
    for (int i = 0; i < 100; i++)
        ddl_stmt(&d, arena_printf(*state, "S%d", i), i == 3 ? ST_LATE | ST_CHECK : 0);
    ddl_typed(&d, &t);
    assert_int_equal(d.stmts.n, 100);
    assert_str(d.stmts.v[3].text, "S3");
    assert_int_equal(d.stmts.v[3].flags, ST_LATE | ST_CHECK);
    assert_int_equal(d.stmts.v[3].lang, LANG_SQL);
    assert_null(d.stmts.v[98].typed);
    /* A copy: the handler's own may lie on its stack. */
    assert_ptr_not_equal(d.stmts.v[99].typed, &t);
    assert_string_equal(d.stmts.v[99].typed->name, "dropIndex");
    assert_str(d.stmts.v[99].typed->key[0].value, "i");
}

/* A statement is in the engine's own language. */
static void commands(void **state)
{
    struct engine eng = engine_mini;
    struct ddl d = {.mem = *state, .eng = &eng};
    eng.lang = LANG_COMMAND;
    ddl_stmt(&d, STR("{}"), ST_ADMIN);
    assert_int_equal(d.stmts.v[0].lang, LANG_COMMAND);
    assert_int_equal(d.stmts.v[0].flags, ST_ADMIN);
}

static void hazards(void **state)
{
    struct catalog *before = mini_cat(*state), *after = mini_cat(*state);
    struct err e = {0};
    mini_add(before, "table:t", "{\"name\":\"T\"}");
    mini_add(after, "table:t", "{\"name\":\"tt\"}");
    mini_add(after, "table:u", "{\"name\":\"U\"}");
    assert_ok(cat_finish(before, &e), e);
    assert_ok(cat_finish(after, &e), e);
    const struct view vb = {before, NULL, 0}, va = {after, NULL, 0};
    struct ddl d = {.mem = *state, .eng = &engine_mini, .before = &vb, .after = &va};
    ddl_hazard(&d, HZ_DATA_LOSS, STR("table:t"), "%d rows", 7);
    ddl_hazard(&d, HZ_REWRITE, STR("table:u"), "all of it");
    ddl_hazard(&d, HZ_CONVERT, STR("table:gone/column:c"), "%s", "");
    assert_int_equal(d.hazards.n, 3);
    assert_int_equal(d.hazards.v[0].code, HZ_DATA_LOSS);
    assert_str(d.hazards.v[0].object, "table T");
    assert_str(d.hazards.v[0].detail, "7 rows");
    assert_int_equal(d.hazards.v[1].code, HZ_REWRITE);
    assert_str(d.hazards.v[1].object, "table U");
    assert_str(d.hazards.v[2].object, "column gone.c");
    assert_str(d.hazards.v[2].detail, "");
    assert_int_equal(d.stmts.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(statements), TEST(commands), TEST(hazards)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
