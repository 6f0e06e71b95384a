/* Catalogs: sorting, look-up, hashes and fingerprints by facet, the ledger, and overlays. */

#include "core/catalog.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static struct catalog *finished(struct arena *mem, const char *const (*rows)[2], size_t n)
{
    struct catalog *cat = mini_cat(mem);
    struct err e = {0};
    for (size_t i = 0; i < n; i++)
        mini_add(cat, rows[i][0], rows[i][1]);
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static const char *const shop[][2] = {
    {"table:b", "{\"name\":\"B\"}"},
    {"table:a-z", "{}"},
    {"table:a/column:y", "{\"type\":\"int\"}"},
    {"table:a", "{\"comment\":\"all of them\"}"},
    {"table:a/check:#1", "{\"expr\":\"x > 0\"}"},
    {"table:a/column:x", "{\"notnull\":true}"},
};
enum { NSHOP = sizeof shop / sizeof *shop };

static void a_new_one(void **state)
{
    char label[] = "x.db";
    struct catalog *cat = cat_new(*state, &engine_mini, F_STRUCTURE | F_STATS, str_c(label));
    label[0] = 'y';
    struct err e = {0};
    assert_str(cat->label, "x.db");
    assert_str(cat->scope, "{}");
    assert_str(cat->version, "");
    assert_int_equal(cat->facets, F_STRUCTURE | F_STATS);
    assert_int_equal(cat->captured, F_CAPTURED | F_STATS);
    assert_int_equal(cat->model, 7);
    assert_ptr_equal(cat->tmp, cat->mem);
    assert_ok(cat_finish(cat, &e), e);
    assert_true(hash_eq(cat->fingerprint, hash_bytes(STR(""))));
    assert_null(cat_find(cat, STR("table:a")));
    assert_int_equal(cat_lower(cat, STR("table:a")), 0);
}

static void facts_are_copied_or_not(void **state)
{
    char path[] = "table:a", a[] = "{}";
    struct catalog *cat = mini_cat(*state);
    struct obj o = mini_obj(path, a);
    cat_add(cat, &o);
    cat_add_own(cat, &o);
    path[6] = 'z';
    assert_str(cat->v[0].path, "table:a");
    assert_str(cat->v[1].path, "table:z");
    assert_ptr_equal(cat->v[1].a.p, a);
    assert_true(str_is_null(cat->v[0].src));
}

static void sorted_by_path(void **state)
{
    static const char *const want[] = {"table:a",          "table:a/check:#1", "table:a/column:x",
                                       "table:a/column:y", "table:a-z",        "table:b"};
    struct catalog *cat = finished(*state, shop, NSHOP);
    for (uint32_t i = 0; i < NSHOP; i++) {
        assert_str(cat->v[i].path, want[i]);
        assert_ptr_equal(cat_find(cat, str_c(want[i])), &cat->v[i]);
        assert_int_equal(cat_lower(cat, str_c(want[i])), i);
    }
    assert_null(cat_find(cat, STR("table:a/column:z")));
    assert_null(cat_find(cat, STR("")));
    assert_int_equal(cat_lower(cat, STR("")), 0);
    assert_int_equal(cat_lower(cat, STR("table:a/d:")), 4);
    assert_int_equal(cat_lower(cat, STR("view:x")), NSHOP);
}

static void twice_is_an_error(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    mini_add(cat, "table:a", "{}");
    mini_add(cat, "table:b", "{}");
    mini_add(cat, "table:a", "{\"strict\":true}");
    assert_err(cat_finish(cat, &e), e, E_SNAPSHOT_DUPLICATE);
    assert_string_equal(e.msg, "mini.db holds table:a twice");
}

static void the_order_of_adding_does_not_matter(void **state)
{
    struct catalog *one = finished(*state, shop, NSHOP), *other = mini_cat(*state);
    struct err e = {0};
    for (size_t i = NSHOP; i-- > 0;)
        mini_add(other, shop[i][0], shop[i][1]);
    assert_ok(cat_finish(other, &e), e);
    assert_true(hash_eq(one->fingerprint, other->fingerprint));
    assert_ok(cat_finish(other, &e), e);
    assert_true(hash_eq(one->fingerprint, other->fingerprint));
}

static struct hash128 print_of(struct arena *mem, unsigned facets, const char *path, const char *a,
                               unsigned flags)
{
    struct catalog *cat = cat_new(mem, &engine_mini, facets, STR("x"));
    struct obj o = mini_obj(path, a);
    struct err e = {0};
    mini_add(cat, "table:first", "{}");
    o.src = STR("{\"def\":\"x\"}");
    o.flags = (uint16_t)flags;
    cat_add(cat, &o);
    assert_ok(cat_finish(cat, &e), e);
    return cat->fingerprint;
}

static void what_the_fingerprint_covers(void **state)
{
    struct hash128 base = print_of(*state, F_DEFAULT, "table:t", "{}", 0);
    assert_false(hash_eq(base, print_of(*state, F_DEFAULT, "table:u", "{}", 0)));
    assert_false(hash_eq(base, print_of(*state, F_DEFAULT, "table:t", "{\"strict\":true}", 0)));
    assert_false(hash_eq(base, print_of(*state, F_DEFAULT, "table:t", "{\"comment\":\"c\"}", 0)));
    /* What is in no facet in effect, is ignored, or is of no kind in effect does not count. */
    assert_true(hash_eq(print_of(*state, F_STRUCTURE, "table:t", "{}", 0),
                        print_of(*state, F_STRUCTURE, "table:t", "{\"comment\":\"c\"}", 0)));
    struct hash128 without = print_of(*state, F_DEFAULT, "table:t", "{}", OBJ_IGNORED);
    assert_false(hash_eq(base, without));
    assert_true(hash_eq(without, print_of(*state, F_DEFAULT, "row_counter:t", "{}", 0)));
    assert_false(
        hash_eq(without, print_of(*state, F_DEFAULT | F_COUNTERS, "row_counter:t", "{}", 0)));
}

static void source_and_needs_do_not_count(void **state)
{
    struct obj o = mini_obj("table:t", "{\"name\":\"T\"}"), p = o;
    (void)state;
    p.src = STR("{\"def\":\"x\"}");
    p.deps = STR("[\"table:u\"]");
    assert_true(hash_eq(obj_hash(&engine_mini, &o, F_DEFAULT), hash_bytes(o.a)));
    assert_true(hash_eq(obj_hash(&engine_mini, &p, F_DEFAULT), hash_bytes(o.a)));
}

static void a_hash_leaves_out_other_facets(void **state)
{
    struct obj full = mini_obj("table:t/column:c", "{\"name\":\"C\",\"position\":3,\"tags\":[\"a\","
                                                   "\"b\"],\"type\":\"int\"}");
    struct obj less =
        mini_obj("table:t/column:c", "{\"name\":\"C\",\"tags\":[\"a\",\"b\"],\"type\":\"int\"}");
    struct obj none = mini_obj("table:t/column:c", "{}");
    const struct engine *eng = &engine_mini;
    (void)state;
    assert_true(hash_eq(obj_hash(eng, &full, F_STRUCTURE), hash_bytes(less.a)));
    assert_true(hash_eq(obj_hash(eng, &full, F_STRUCTURE | F_ORDER), hash_bytes(full.a)));
    assert_true(hash_eq(obj_hash(eng, &full, F_ORDER), hash_bytes(STR("{\"position\":3}"))));
    assert_true(hash_eq(obj_hash(eng, &none, F_STRUCTURE), hash_bytes(STR("{}"))));
    assert_true(hash_eq(obj_hash(eng, &full, F_ACL), hash_bytes(STR("{}"))));
}

static void a_hash_of_a_long_body(void **state)
{
    struct strbuf a = sb_new(*state, 0), b = sb_new(*state, 0);
    sb_c(&a, "{\"default\":\"");
    sb_pad(&a, 'x', 10000);
    sb_c(&a, "\"");
    sb_str(&b, sb_view(&a));
    sb_c(&a, ",\"position\":1}");
    sb_c(&b, "}");
    struct obj o = mini_obj("table:t/column:c", "");
    o.a = sb_view(&a);
    assert_true(hash_eq(obj_hash(&engine_mini, &o, F_STRUCTURE), hash_bytes(sb_view(&b))));
}

/* A newer snap may have written attributes that this one has no row for; they are kept. */
static void unknown_attributes_are_hashed(void **state)
{
    struct obj o = mini_obj("table:t", "{\"comment\":\"c\",\"zzz\":1}");
    (void)state;
    assert_true(hash_eq(obj_hash(&engine_mini, &o, F_STRUCTURE), hash_bytes(STR("{\"zzz\":1}"))));
}

static void more_attributes_than_any_kind_has(void **state)
{
    struct strbuf a = sb_new(*state, 0);
    sb_char(&a, '{');
    for (int i = 100; i < 165; i++) {
        jc_put_key(&a, arena_printf(*state, "k%d", i));
        sb_int(&a, i);
    }
    sb_char(&a, '}');
    struct obj o = mini_obj("table:t", "");
    o.a = sb_view(&a);
    /* none is known, so none is left out */
    assert_true(hash_eq(obj_hash(&engine_mini, &o, F_STRUCTURE), hash_bytes(o.a)));
}

static void the_ledger(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    char why[] = "not modelled";
    cat_add_ledger(cat, "sequence", STR("b"), STR_NULL, STR("CREATE b"), why);
    cat_add_ledger(cat, "sequence", STR("a\x1b"), STR_NULL, STR("CREATE a"), why);
    cat_add_ledger(cat, "event", (struct str){"z\0\xff", 3}, STR_NULL, STR("CREATE z"), why);
    for (int i = 0; i < 50; i++)
        cat_add_ledger(cat, "zone", arena_printf(*state, "%02d", i), STR_NULL, STR(""), why);
    why[0] = 'X';
    assert_ok(cat_finish(cat, &e), e);
    assert_int_equal(cat->nledger, 53);
    assert_str(cat->ledger[0].kind, "event");
    assert_str(cat->ledger[0].name, "z\\x00\\xff");
    assert_str(cat->ledger[1].name, "a\\x1b");
    assert_str(cat->ledger[2].name, "b");
    assert_str(cat->ledger[2].why, "not modelled");
    assert_true(hash_eq(cat->ledger[2].hash, hash_bytes(STR("CREATE b"))));
    assert_str(cat->ledger[52].name, "49");
    cat_name_outside(cat, "outside", STR("a"), why);
    assert_true(hash_eq(cat->ledger[53].hash, (struct hash128){0}));
}

static void kinds(void **state)
{
    struct obj o = mini_obj("table:t/column:c", "{}"), c = mini_obj("row_counter:c", "{}");
    (void)state;
    assert_int_equal(engine_kind(&engine_mini, STR("table")), MINI_TABLE);
    assert_int_equal(engine_kind(&engine_mini, STR("row_counter")), MINI_COUNTER);
    assert_int_equal(engine_kind(&engine_mini, STR("tabl")), -1);
    assert_int_equal(engine_kind(&engine_mini, STR("")), -1);
    assert_string_equal(obj_kind(&engine_mini, &o)->name, "column");
    struct obj said = mini_obj("table:t", "{\"comment\":\"x\"}");
    assert_true(obj_in_facets(&engine_mini, &said, F_COMMENTS));
    assert_false(obj_in_facets(&engine_mini, &o, F_COMMENTS));
    assert_true(obj_in_facets(&engine_mini, &o, F_DEFAULT));
    assert_false(obj_in_facets(&engine_mini, &o, F_ORDER));
    assert_false(obj_in_facets(&engine_mini, &c, F_DEFAULT));
}

static void attributes(void **state)
{
    struct obj o = mini_obj("table:t~1u", "{\"comment\":\"a\\nb\",\"strict\":true}");
    o.src = STR("{\"def\":\"CREATE \\\"t\\\"\"}");
    assert_str(obj_raw(&o, "comment"), "\"a\\nb\"");
    assert_str(obj_text(*state, &o, "comment"), "a\nb");
    assert_true(obj_true(&o, "strict"));
    assert_false(obj_true(&o, "comment"));
    assert_false(obj_true(&o, "name"));
    assert_true(str_is_null(obj_raw(&o, "name")));
    assert_true(str_is_null(obj_text(*state, &o, "name")));
    assert_true(str_is_null(obj_raw(NULL, "name")));
    assert_true(str_is_null(obj_text(*state, NULL, "name")));
    assert_false(obj_true(NULL, "strict"));
    assert_str(obj_src(*state, &o, "def"), "CREATE \"t\"");
    assert_true(str_is_null(obj_src(*state, &o, "sql")));
    assert_str(obj_name(*state, &o), "t/u");
    o.a = STR("{\"name\":\"T/U\"}");
    assert_str(obj_name(*state, &o), "T/U");
}

static struct str human(struct arena *mem, const char *path, const char *a)
{
    struct obj o = mini_obj(path, a);
    struct strbuf b = sb_new(mem, 0);
    obj_human(&b, &o);
    return sb_view(&b);
}

static void for_people(void **state)
{
    assert_str(human(*state, "table:t", "{}"), "table t");
    assert_str(human(*state, "table:t", "{\"name\":\"T\"}"), "table T");
    assert_str(human(*state, "table:t/column:c", "{\"name\":\"C c\"}"), "column t.\"C c\"");
    assert_str(human(*state, "table:my t/check:#1", "{}"), "check of \"my t\"");
    assert_str(human(*state, "row_counter:c", "{}"), "row counter c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_new_one),
                                       TEST(facts_are_copied_or_not),
                                       TEST(sorted_by_path),
                                       TEST(twice_is_an_error),
                                       TEST(the_order_of_adding_does_not_matter),
                                       TEST(what_the_fingerprint_covers),
                                       TEST(source_and_needs_do_not_count),
                                       TEST(a_hash_leaves_out_other_facets),
                                       TEST(a_hash_of_a_long_body),
                                       TEST(unknown_attributes_are_hashed),
                                       TEST(more_attributes_than_any_kind_has),
                                       TEST(the_ledger),
                                       TEST(kinds),
                                       TEST(attributes),
                                       TEST(for_people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
