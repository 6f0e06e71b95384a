/* PostgreSQL's handlers without a server: facts in, the statements of both directions out. */

#include "diff/diff.h"
#include "drivers/postgresql/postgresql.h"
#include "tests/harness/unit.h"

struct line {
    const char *path, *a, *src;
};
enum { MOST = 8 };

static struct catalog *catalog(struct arena *mem, const struct line *v, const char *label)
{
    struct catalog *cat = cat_new(mem, &engine_postgresql, F_DEFAULT, str_c(label));
    struct err e = {0};
    for (int i = 0; i < MOST && v[i].path; i++) {
        struct obj o = {.path = str_c(v[i].path), .a = str_c(v[i].a), .src = STR_NULL};
        int kind = engine_kind(&engine_postgresql, path_kind(o.path));
        assert_true(kind >= 0);
        assert_ok(jc_check(mem, o.a, &e), e);
        if (v[i].src)
            o.src = str_c(v[i].src);
        o.kind = (uint16_t)kind;
        cat_add(cat, &o);
    }
    cat->captured = ~0u;
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

/* Forward, "--", back, a statement a line. */
static struct str statements(struct arena *mem, const struct line *from, const struct line *to)
{
    const struct catalog *a = catalog(mem, from, "a"), *b = catalog(mem, to, "b");
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, 1);
    struct strbuf out = sb_new(mem, 0);
    struct changes *c;
    struct plan *p;
    struct err e = {0};
    assert_ok(diff_catalogs(a, b, F_DEFAULT, mem, &c, &e), e);
    states[0] = a;
    struct plan_request req = {.changes = c, .states = states, .to = b, .facets = F_DEFAULT};
    assert_ok(plan_make(&req, mem, &p, &e), e);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nfwd; k++)
            sb_printf(&out, "%.*s\n", STR_ARG(p->v[i].fwd[k].text));
    sb_c(&out, "--\n");
    for (uint32_t i = p->n; i-- > 0;)
        for (uint32_t k = 0; k < p->v[i].nback; k++)
            sb_printf(&out, "%.*s\n", STR_ARG(p->v[i].back[k].text));
    return sb_view(&out);
}

static const char table_of_a[] = "{\"columns\":[\"a\"],\"owner\":\"me\"}";
#define SCHEMA                                                                                     \
    {                                                                                              \
        "schema:s", "{\"owner\":\"me\"}", NULL                                                     \
    }
#define TABLE                                                                                      \
    {                                                                                              \
        "schema:s/table:t", table_of_a, NULL                                                       \
    }
#define COLUMN                                                                                     \
    {                                                                                              \
        "schema:s/table:t/column:a", "{\"type\":\"integer\"}", NULL                                \
    }

static void labels_of_an_enum_are_added_where_they_stand(void **state)
{
    const struct line from[MOST] = {
        SCHEMA, {"schema:s/enum:e", "{\"labels\":[\"a\",\"c\"],\"owner\":\"me\"}", NULL}};
    const struct line to[MOST] = {
        SCHEMA, {"schema:s/enum:e", "{\"labels\":[\"a\",\"b\",\"c\"],\"owner\":\"me\"}", NULL}};
    struct str got = statements(*state, from, to);
    assert_true(str_find(got, STR("ALTER TYPE s.e ADD VALUE 'b' AFTER 'a'")) < got.n ||
                str_find(got, STR("ALTER TYPE s.e ADD VALUE 'b' BEFORE 'c'")) < got.n);
    /* a label cannot be taken out: the way back makes the type anew */
    assert_true(str_find(got, STR("('a', 'c')")) < got.n);
}

static void a_sequence_is_altered_in_place(void **state)
{
    const struct line from[MOST] = {
        SCHEMA, {"schema:s/sequence:q", "{\"increment\":1,\"owner\":\"me\"}", NULL}};
    const struct line to[MOST] = {
        SCHEMA,
        {"schema:s/sequence:q", "{\"comment\":\"it's\",\"increment\":5,\"owner\":\"me\"}", NULL}};
    struct str got = statements(*state, from, to);
    assert_true(str_find(got, STR("INCREMENT BY 5")) < got.n);
    assert_true(str_find(got, STR("COMMENT ON SEQUENCE s.q IS 'it''s'")) < got.n);
    assert_true(str_find(got, STR("COMMENT ON SEQUENCE s.q IS NULL")) < got.n);
    assert_true(str_find(got, STR("DROP SEQUENCE")) == got.n);
}

static void columns_and_keys_of_a_table(void **state)
{
    const struct line from[MOST] = {SCHEMA, TABLE, COLUMN};
    const struct line to[MOST] = {
        SCHEMA,
        TABLE,
        {"schema:s/table:t/check:c", "{\"def\":\"CHECK ((a > 0))\"}", NULL},
        {"schema:s/table:t/column:a", "{\"type\":\"bigint\"}", NULL},
        {"schema:s/table:t/primary_key:t_pkey", "{\"def\":\"PRIMARY KEY (a)\"}", NULL}};
    struct str got = statements(*state, from, to);
    static const char *const has[] = {"ALTER TABLE s.t ADD CONSTRAINT c CHECK ((a > 0))",
                                      "ALTER COLUMN a TYPE bigint",
                                      "ADD CONSTRAINT t_pkey PRIMARY KEY (a)",
                                      "DROP CONSTRAINT c",
                                      "ALTER COLUMN a TYPE integer",
                                      "DROP CONSTRAINT t_pkey"};
    for (size_t i = 0; i < sizeof has / sizeof *has; i++)
        if (str_find(got, str_c(has[i])) == got.n)
            fail_msg("%s is not in\n%.*s", has[i], STR_ARG(got));
}

static void an_index_is_made_anew_and_comes_back(void **state)
{
    const char *was = "{\"def\":\"CREATE INDEX i ON s.t USING btree (a)\"}";
    const char *is = "{\"def\":\"CREATE INDEX i ON s.t USING hash (a)\"}";
    const struct line from[MOST] = {SCHEMA, TABLE, COLUMN, {"schema:s/table:t/index:i", was, NULL}};
    const struct line to[MOST] = {SCHEMA, TABLE, COLUMN, {"schema:s/table:t/index:i", is, NULL}};
    struct str got = statements(*state, from, to);
    assert_str(got, "DROP INDEX s.i\nCREATE INDEX i ON s.t USING hash (a)\n--\n"
                    "DROP INDEX s.i\nCREATE INDEX i ON s.t USING btree (a)\n");
}

static void a_view_and_a_function_come_and_go(void **state)
{
    const struct line from[MOST] = {SCHEMA};
    const struct line to[MOST] = {
        SCHEMA,
        {"schema:s/function:f()",
         "{\"def\":\"CREATE OR REPLACE FUNCTION s.f()\\n RETURNS integer\\n LANGUAGE sql\\nAS "
         "$function$ SELECT 1 $function$\",\"owner\":\"me\",\"result\":\"integer\"}",
         "{\"id\":\"s.f()\"}"},
        {"schema:s/view:v",
         "{\"columns\":[\"x integer\"],\"owner\":\"me\",\"query\":\" SELECT 1 AS x;\"}", NULL}};
    struct str got = statements(*state, from, to);
    static const char *const has[] = {"FUNCTION s.f()",      "VIEW s.v",
                                      "SELECT 1 AS x",       "OWNER TO me",
                                      "DROP FUNCTION s.f()", "DROP VIEW s.v"};
    for (size_t i = 0; i < sizeof has / sizeof *has; i++)
        if (str_find(got, str_c(has[i])) == got.n)
            fail_msg("%s is not in\n%.*s", has[i], STR_ARG(got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(labels_of_an_enum_are_added_where_they_stand), TEST(a_sequence_is_altered_in_place),
        TEST(columns_and_keys_of_a_table), TEST(an_index_is_made_anew_and_comes_back),
        TEST(a_view_and_a_function_come_and_go)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
