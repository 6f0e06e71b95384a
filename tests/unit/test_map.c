/* Schemas read under another name: where texts call them, and where they only look like it. */

#include "snapshot/snapshot.h"
#include "tests/harness/unit.h"

extern const struct engine engine_postgresql, engine_sqlite;

static struct catalog *two_schemas(struct arena *mem)
{
    struct catalog *cat = cat_new(mem, &engine_postgresql, F_DEFAULT, STR("db"));
    const char *const paths[] = {"schema:a", "schema:ab", "schema:a/table:t"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct obj o = {.path = str_c(paths[i]), .a = STR("{}")};
        o.kind = (uint16_t)engine_kind(cat->eng, path_kind(o.path));
        cat_add(cat, &o);
    }
    return cat;
}

static int map_by(const struct filter *f, struct catalog *cat, struct err *e)
{
    *e = (struct err){0};
    if (cat_finish(cat, e) || filter_map(f, cat, e) || cat_finish(cat, e))
        return -1;
    filter_apply(f, cat);
    return filter_map_check(f, cat, e) || cat_finish(cat, e) ? -1 : 0;
}

static int map(struct catalog *cat, const char *from, const char *to, struct err *e)
{
    struct schema_map one = {str_c(from), str_c(to)};
    struct filter f = {.maps = &one, .nmaps = 1};
    return map_by(&f, cat, e);
}

/* A text of a table under schema `a`, read as `x`. */
static struct str mapped(struct arena *mem, const char *from, const char *text)
{
    struct catalog *cat = two_schemas(mem);
    struct err e;
    for (uint32_t i = 0; i < cat->n; i++)
        if (str_eq(cat->v[i].path, STR("schema:a/table:t")))
            cat->v[i].src = str_c(text);
    struct obj odd = {.path = str_c("schema:A"), .a = STR("{}")};
    odd.kind = (uint16_t)engine_kind(cat->eng, STR("schema"));
    cat_add(cat, &odd);
    assert_ok(map(cat, from, "x", &e), e);
    for (uint32_t i = 0; i < cat->n; i++)
        if (cat->v[i].src.n)
            return cat->v[i].src;
    return STR_NULL;
}

static void names_in_texts(void **state)
{
    static const char *const same[][2] = {
        {"{\"d\":\"a.t\"}", "{\"d\":\"x.t\"}"},
        {"{\"d\":\"nextval('a.s'::regclass)\"}", "{\"d\":\"nextval('x.s'::regclass)\"}"},
        {"{\"d\":\"select\\na.t, (a.u)\"}", "{\"d\":\"select\\nx.t, (x.u)\"}"},
        {"{\"d\":\"SET search_path TO 'a', 'ab'\"}", "{\"d\":\"SET search_path TO 'x', 'ab'\"}"},
        {"{\"d\":\"\\\"a\\\".t\"}", "{\"d\":\"x.t\"}"},
        {"[\"schema:a/table:t\",\"schema:a\"]", "[\"schema:x/table:t\",\"schema:x\"]"},
        /* these only look like it */
        {"{\"d\":\"ab.t, b.a.t, aa.t, $a.t, \\\"a.t\\\"\"}",
         "{\"d\":\"ab.t, b.a.t, aa.t, $a.t, \\\"a.t\\\"\"}"},
        {"[\"schema:ab/table:t\",\"schema:ab\"]", "[\"schema:ab/table:t\",\"schema:ab\"]"},
        {"{\"d\":\"a, 'ab', A.t\"}", "{\"d\":\"a, 'ab', A.t\"}"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_str(mapped(*state, "a", same[i][0]), same[i][1]);
    assert_str(mapped(*state, "A", "{\"d\":\"A.t, \\\"A\\\".t\"}"), "{\"d\":\"A.t, x.t\"}");
}

static void paths_and_what_is_below(void **state)
{
    struct catalog *cat = two_schemas(*state);
    struct err e;
    assert_ok(map(cat, "a", "x", &e), e);
    assert_non_null(cat_find(cat, STR("schema:x/table:t")));
    assert_non_null(cat_find(cat, STR("schema:ab")));
    assert_null(cat_find(cat, STR("schema:a")));
    /* one that is not there changes nothing */
    assert_ok(map(cat, "zz", "y", &e), e);
    assert_non_null(cat_find(cat, STR("schema:x")));
}

static void a_name_that_is_taken(void **state)
{
    struct err e;
    assert_err(map(two_schemas(*state), "a", "ab", &e), e, E_BAD_VALUE);
    struct catalog *none = cat_new(*state, &engine_sqlite, F_DEFAULT, STR("db"));
    assert_err(map(none, "a", "b", &e), e, E_BAD_VALUE);
}

/* The schemas a and ab, and a view of a. */
static struct catalog *with_view(struct arena *mem, const char *a, const char *deps)
{
    struct catalog *cat = two_schemas(mem);
    struct obj v = {.path = STR("schema:a/view:v"), .a = str_c(a), .deps = str_c(deps)};
    v.kind = (uint16_t)engine_kind(cat->eng, STR("view"));
    cat_add(cat, &v);
    return cat;
}

static void a_text_that_says_the_new_name_already(void **state)
{
    static const char *const says[][2] = {
        {"{\"query\":\"SELECT 1 FROM x.t\"}", ""},
        {"{\"query\":\"SELECT 1 FROM a.t, \\\"x\\\".t\"}", ""},
        {"{\"query\":\"SELECT 1 WHERE 'x' = current_schema()\"}", ""},
        {"{\"query\":\"SELECT x.a FROM a.t x\"}", ""}, /* an alias, which looks the same */
        {"{\"query\":\"SELECT 1\"}", "[\"schema:x/table:t\"]"},
    };
    static const char *const others[] = {
        "{\"query\":\"SELECT x FROM a.t, ax.t, b.x.t, x1.t, 'x1', \\\"x.\\\", X.t\"}", "{}"};
    struct err e;
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        assert_err(map(with_view(*state, says[i][0], says[i][1]), "a", "x", &e), e, E_BAD_VALUE);
        assert_non_null(strstr(e.msg, "--map-schema a=x: view x.v of db says x already"));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_ok(map(with_view(*state, others[i], ""), "a", "x", &e), e);
    /* nothing is renamed there */
    assert_ok(map(with_view(*state, says[0][0], ""), "zz", "x", &e), e);
    assert_ok(map(with_view(*state, "{\"query\":\"SELECT 1 FROM a.t, 'a'\"}", ""), "a", "a", &e),
              e);
    struct catalog *cat = two_schemas(*state);
    struct ledger_entry l = {.kind = STR("rule"), .name = STR("x.r"), .why = STR("")};
    cat->ledger = &l;
    cat->nledger = cat->ledger_cap = 1;
    assert_err(map(cat, "a", "x", &e), e, E_BAD_VALUE);
    assert_non_null(strstr(e.msg, "rule x.r of db"));
}

static void what_is_left_out_may_say_it(void **state)
{
    struct schema_map one = {STR("a"), STR("x")};
    struct str views[] = {STR("view:x.v")}, tables[] = {STR("table:*")};
    struct filter f = {.maps = &one, .nmaps = 1, .exclude = views, .nexclude = 1};
    const char *query = "{\"query\":\"SELECT 1 FROM x.t\"}";
    struct err e;
    assert_ok(map_by(&f, with_view(*state, query, ""), &e), e);
    f.exclude = tables;
    assert_err(map_by(&f, with_view(*state, query, ""), &e), e, E_BAD_VALUE);
}

static void one_map_after_another(void **state)
{
    struct schema_map maps[] = {{STR("ab"), STR("y")}, {STR("a"), STR("ab")}, {STR("y"), STR("z")}};
    struct filter f = {.maps = maps, .nmaps = 3};
    const char *both = "{\"query\":\"SELECT 1 FROM ab.t, a.t\"}";
    struct err e;
    struct catalog *cat = with_view(*state, both, "");
    assert_ok(map_by(&f, cat, &e), e);
    const struct obj *v = cat_find(cat, STR("schema:ab/view:v"));
    assert_non_null(v);
    assert_str(v->a, "{\"query\":\"SELECT 1 FROM z.t, ab.t\"}");
    /* the last of them is named */
    cat = with_view(*state, "{\"query\":\"SELECT 1 FROM z.t\"}", "");
    assert_err(map_by(&f, cat, &e), e, E_BAD_VALUE);
    assert_non_null(strstr(e.msg, "--map-schema y=z: view ab.v"));
    /* there and back */
    struct schema_map swap[] = {{STR("a"), STR("x")}, {STR("x"), STR("a")}};
    f = (struct filter){.maps = swap, .nmaps = 2};
    assert_ok(map_by(&f, with_view(*state, both, ""), &e), e);
    f = (struct filter){.maps = NEW_ARRAY(*state, struct schema_map, 256), .nmaps = 256};
    assert_err(map_by(&f, two_schemas(*state), &e), e, E_LIMIT);
}

static void schemas_that_differ_in_their_names_alone_are_the_same(void **state)
{
    struct err e;
    struct hash128 prints[2];
    for (int i = 0; i < 2; i++) {
        struct catalog *cat = cat_new(*state, &engine_postgresql, F_DEFAULT, STR("db"));
        struct obj s = {.path = i ? STR("schema:q") : STR("schema:p"), .a = STR("{}")};
        struct obj v = {.path = i ? STR("schema:q/view:v") : STR("schema:p/view:v"),
                        .a = i ? STR("{\"query\":\" SELECT t.a\\n   FROM q.t;\"}")
                               : STR("{\"query\":\" SELECT t.a\\n   FROM p.t;\"}")};
        s.kind = (uint16_t)engine_kind(cat->eng, STR("schema"));
        v.kind = (uint16_t)engine_kind(cat->eng, STR("view"));
        cat_add(cat, &s);
        cat_add(cat, &v);
        assert_ok(map(cat, i ? "q" : "p", "tenant", &e), e);
        prints[i] = cat->fingerprint;
    }
    assert_true(hash_eq(prints[0], prints[1]));
}

static void scopes_and_plain_names(void **state)
{
    struct schema_map one = {STR("a"), STR("x")};
    struct filter f = {.maps = &one, .nmaps = 1};
    struct str in[] = {STR("schema:a"), STR("schema:ab"), STR("table:a")};
    struct filter scope = {.include = in, .ninclude = 3};
    filter_map_scope(&f, &scope, *state);
    assert_str(scope.include[0], "schema:x");
    assert_str(scope.include[1], "schema:ab");
    assert_str(scope.include[2], "table:a");
    assert_true(name_is_plain(STR("_a9")));
    assert_false(name_is_plain(STR("9a")) || name_is_plain(STR("A")) || name_is_plain(STR("")) ||
                 name_is_plain(STR("a b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_in_texts),
        TEST(paths_and_what_is_below),
        TEST(a_name_that_is_taken),
        TEST(schemas_that_differ_in_their_names_alone_are_the_same),
        TEST(scopes_and_plain_names),
        TEST(a_text_that_says_the_new_name_already),
        TEST(what_is_left_out_may_say_it),
        TEST(one_map_after_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
