/* A catalog as a stream of facts. */

#include "core/stream.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static void every_fact_in_order(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    struct obj o, hidden = mini_obj("table:hidden", "{}");
    struct str line = STR("x");
    hidden.flags = OBJ_IGNORED;
    cat->version = STR("Mini 1.2");
    mini_add(cat, "table:b", "{\"strict\":true}");
    mini_add(cat, "table:a", "{}");
    mini_add(cat, "row_counter:c", "{}");
    cat_add(cat, &hidden);
    cat_add_ledger(cat, "event", STR("e"), STR_NULL, STR("text"), "why");
    assert_ok(cat_finish(cat, &e), e);
    struct stream s = stream_of_catalog(cat, *state);
    assert_ptr_equal(s.eng, &engine_mini);
    assert_str(s.label, "mini.db");
    assert_str(s.version, "Mini 1.2");
    assert_int_equal(s.facets, F_DEFAULT);
    assert_int_equal(s.captured, F_CAPTURED | F_DEFAULT);
    assert_null(s.check);
    assert_int_equal(s.next(&s, &o, &line, &e), 1);
    assert_str(o.path, "row_counter:c");
    assert_true(str_is_null(line));
    assert_int_equal(s.count, 0); /* of no facet in effect */
    assert_int_equal(s.next(&s, &o, &line, &e), 1);
    assert_str(o.path, "table:a");
    assert_int_equal(s.count, 1);
    assert_int_equal(s.next(&s, &o, &line, &e), 1);
    assert_str(o.path, "table:b");
    assert_str(o.a, "{\"strict\":true}");
    assert_true(hash_eq(o.hash, hash_bytes(o.a)));
    assert_int_equal(s.next(&s, &o, &line, &e), 1);
    assert_int_equal(o.flags, OBJ_IGNORED);
    assert_int_equal(s.count, 2);
    assert_int_equal(s.next(&s, &o, &line, &e), 0);
    assert_int_equal(s.next(&s, &o, &line, &e), 0);
    assert_true(hash_eq(s.fingerprint, cat->fingerprint));
    assert_int_equal(s.nledger, 1);
    assert_str(s.ledger[0].name, "e");
}

static void of_nothing(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    struct obj o;
    struct str line;
    assert_ok(cat_finish(cat, &e), e);
    struct stream s = stream_of_catalog(cat, *state);
    assert_int_equal(s.next(&s, &o, &line, &e), 0);
    assert_int_equal(s.count, 0);
}

static void two_of_one_catalog(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    struct obj o;
    struct str line;
    mini_add(cat, "table:a", "{}");
    mini_add(cat, "table:b", "{}");
    assert_ok(cat_finish(cat, &e), e);
    struct stream one = stream_of_catalog(cat, *state), two = stream_of_catalog(cat, *state);
    assert_int_equal(one.next(&one, &o, &line, &e), 1);
    assert_int_equal(one.next(&one, &o, &line, &e), 1);
    assert_int_equal(two.next(&two, &o, &line, &e), 1);
    assert_str(o.path, "table:a");
    assert_int_equal(two.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(every_fact_in_order), TEST(of_nothing),
                                       TEST(two_of_one_catalog)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
