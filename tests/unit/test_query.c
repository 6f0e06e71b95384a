/* Built-in queries: lines by version of the server; see drivers/sql/query.h. */

#include "drivers/sql/query.h"

#include <string.h>

#include "tests/harness/unit.h"

static bool holds(const char *text, const char *words)
{
    return text && strstr(text, words);
}

static void lines_are_for_versions(void **state)
{
    char *old = sql_query(*state, "postgresql", "publication", 12);
    char *middle = sql_query(*state, "postgresql", "publication", 13);
    char *new = sql_query(*state, "postgresql", "publication", 18);
    assert_false(holds(old, "publish_via_partition_root"));
    assert_true(holds(middle, "publish_via_partition_root"));
    assert_true(holds(new, "publish_generated_columns"));
    assert_false(holds(middle, "publish_generated_columns"));
    old = sql_query(*state, "postgresql", "publication_schema", 14);
    new = sql_query(*state, "postgresql", "publication_schema", 15);
    assert_true(holds(old, "WHERE false"));
    assert_false(holds(old, "pg_publication_namespace"));
    assert_false(holds(new, "WHERE false"));
    assert_true(holds(new, "pg_publication_namespace"));
}

static void other_names_have_no_query(void **state)
{
    assert_null(sql_query(*state, "postgresql", "nothing", 15));
    assert_null(sql_query(*state, "nobody", "table", 15));
    assert_non_null(sql_query(*state, "postgresql", "table", 15));
}

static void every_query_is_one_statement_in_every_version(void **state)
{
    unsigned n = 0;
    for (const struct sql_query *q = sql_queries; q->text; q++, n++)
        for (int version = 12; version <= 18; version++) {
            char *text = sql_query(*state, q->engine, q->name, version);
            assert_non_null(text);
            assert_false(str_ends(str_trim(str_c(text)), STR(";")));
            assert_true(holds(text, "SELECT "));
        }
    assert_true(n > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(lines_are_for_versions),
                                       TEST(other_names_have_no_query),
                                       TEST(every_query_is_one_statement_in_every_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
