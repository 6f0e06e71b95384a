/* Rows of a result to facts by the names of their columns; see drivers/sql/rowmap.h. */

#include "drivers/sql/rowmap.h"

#include <string.h>

#include "tests/harness/crash.h"
#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static void the_last_segment_that_is_there_says_of_what_kind(void **state)
{
    static const char *const names[] = {"!class", "table:", "column:", "type", "notnull", ".raw"};
    struct catalog *cat = mini_cat(*state);
    struct rowmap m;
    struct fact f;
    struct err e = {0};
    struct str row[] = {STR("1259"), STR("a/b"), STR("c"), STR("int"), STR("t"), STR("INT")};
    rowmap_begin(&m, cat, names, 6);
    assert_int_equal(rowmap_column(&m, "type"), 3);
    assert_int_equal(rowmap_column(&m, "nothing"), -1);
    assert_ok(rowmap_fact(&m, row, &f, &e), e);
    fact_end(&f);
    assert_str(cat->v[0].path, "table:a~1b/column:c");
    assert_str(cat->v[0].a, "{\"notnull\":true,\"type\":\"int\"}");
    assert_str(cat->v[0].src, "{\"raw\":\"INT\"}");
    row[2] = row[3] = row[4] = row[5] = STR_NULL; /* sets nothing */
    assert_ok(rowmap_fact(&m, row, &f, &e), e);
    fact_end(&f);
    assert_str(cat->v[1].path, "table:a~1b");
    assert_true(str_is_null(cat->v[1].src));
}

static void values_by_the_type_of_their_attribute(void **state)
{
    static const char *const names[] = {"table:", "column:", "notnull", "position", "tags"};
    static const char *const rows[][4] = {
        {"t", "12", "[ \"z\" , \"a\" ]",
         "{\"notnull\":true,\"position\":12,\"tags\":[\"z\",\"a\"]}"},
        {"true", "-3", "[]", "{\"notnull\":true,\"position\":-3}"},
        {"f", NULL, NULL, "{}"}};
    struct catalog *cat = mini_cat(*state);
    struct rowmap m;
    rowmap_begin(&m, cat, names, 5);
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fact f;
        struct err e = {0};
        struct str row[] = {STR("t"), STR("c"), str_c(rows[i][0]), STR_NULL, STR_NULL};
        for (int k = 1; k < 3; k++)
            row[k + 2] = rows[i][k] ? str_c(rows[i][k]) : STR_NULL;
        assert_ok(rowmap_fact(&m, row, &f, &e), e);
        fact_end(&f);
        assert_str(cat->v[i].a, rows[i][3]);
    }
}

static void what_does_not_fit_is_not_understood(void **state)
{
    static const char *const names[] = {"table:", "column:", "position", "tags"};
    struct catalog *cat = mini_cat(*state);
    struct rowmap m;
    struct fact f;
    struct err e = {0};
    struct str row[] = {STR("t"), STR("c"), STR("many"), STR_NULL};
    rowmap_begin(&m, cat, names, 4);
    assert_err(rowmap_fact(&m, row, &f, &e), e, E_NOT_UNDERSTOOD);
    assert_non_null(strstr(e.msg, "table:t/column:c: position: many is no number"));
    row[2] = STR_NULL;
    row[3] = STR("[1");
    assert_int_equal(rowmap_fact(&m, row, &f, &e), -1);
}

struct wrong {
    struct arena *mem;
    const char *names[2];
};

static void a_row_of(void *arg)
{
    struct wrong *w = arg;
    struct rowmap m;
    struct fact f;
    struct err e;
    struct str row[] = {STR("a"), STR("b")};
    rowmap_begin(&m, mini_cat(w->mem), w->names, 2);
    (void)rowmap_fact(&m, row, &f, &e);
}

static void too_many(void *arg)
{
    const char *names[ROWMAP_MAX + 1];
    struct rowmap m;
    for (int i = 0; i <= ROWMAP_MAX; i++)
        names[i] = "x";
    rowmap_begin(&m, arg, names, ROWMAP_MAX + 1);
}

static void a_query_that_is_wrong_aborts(void **state)
{
    struct wrong unknown = {*state, {"table:", "shade"}}, nowhere = {*state, {"!a", "!b"}};
    char said[200];
    assert_true(aborts(a_row_of, &unknown, said, sizeof said));
    assert_non_null(strstr(said, "shade"));
    assert_true(aborts(a_row_of, &nowhere, said, sizeof said));
    assert_non_null(strstr(said, "a row without a path"));
    assert_true(aborts(too_many, mini_cat(*state), said, sizeof said));
    assert_non_null(strstr(said, "too many columns"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_last_segment_that_is_there_says_of_what_kind),
                                       TEST(values_by_the_type_of_their_attribute),
                                       TEST(what_does_not_fit_is_not_understood),
                                       TEST(a_query_that_is_wrong_aborts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
