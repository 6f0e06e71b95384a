/* PostgreSQL's pure half: statements of a script, grants, expressions as they are written again. */

#include "drivers/postgresql/acl.h"
#include "snapshot/snapshot.h"
#include "tests/harness/unit.h"

/* The statements of a script, each in < >. */
static struct str split(struct arena *mem, const char *text)
{
    struct strbuf b = sb_new(mem, 0);
    struct script rest = {.rest = str_c(text)};
    struct str one;
    while (engine_postgresql.split(&rest, &one))
        sb_printf(&b, "<%.*s>", STR_ARG(one));
    return sb_view(&b);
}

static void statements_end_at_their_semicolon(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" ;; \n;", ""},
        {"SELECT 1", "<SELECT 1>"},
        {"SELECT 1; SELECT 2;", "<SELECT 1><SELECT 2>"},
        {"-- a; b\nSELECT 1; /* c; /* d; */ e; */ SELECT 2", "<SELECT 1><SELECT 2>"},
        {"SELECT 1 -- a;\n, 2;", "<SELECT 1 -- a;\n, 2>"},
        {"SELECT 'a;''b', \"c;\"\"d\"; SELECT 2", "<SELECT 'a;''b', \"c;\"\"d\"><SELECT 2>"},
        {"SELECT E'a\\';b'; SELECT 2", "<SELECT E'a\\';b'><SELECT 2>"},
        {"SELECT 'a\\'; SELECT 2", "<SELECT 'a\\'><SELECT 2>"},
        {"SELECT case'a\\'; SELECT 2", "<SELECT case'a\\'><SELECT 2>"},
        {"DO $$ a; b $$; DO $x_1$ ; $$ ; $x_1$; SELECT 3",
         "<DO $$ a; b $$><DO $x_1$ ; $$ ; $x_1$><SELECT 3>"},
        {"SELECT $1; SELECT 2", "<SELECT $1><SELECT 2>"},
        {"SELECT 'open; SELECT 2", "<SELECT 'open; SELECT 2>"},
        {"DO $$ open; SELECT 2", "<DO $$ open; SELECT 2>"},
        {"CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); SELECT 2",
         "<CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)><SELECT 2>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(split(*state, rows[i][0]), rows[i][1]);
}

static void a_body_of_sql_is_one_statement(void **state)
{
    static const char *const rows[][2] = {
        {"CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END; SELECT 2",
         "<CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END>"
         "<SELECT 2>"},
        {"CREATE PROCEDURE p() begin/* x */ atomic SELECT 1; end; SELECT 2",
         "<CREATE PROCEDURE p() begin/* x */ atomic SELECT 1; end><SELECT 2>"},
        {"BEGIN; CREATE TABLE atomic (begin int); END; SELECT 2",
         "<BEGIN><CREATE TABLE atomic (begin int)><END><SELECT 2>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(split(*state, rows[i][0]), rows[i][1]);
}

static void lines_for_psql_are_left_out(void **state)
{
    assert_str(split(*state, "\\connect a\nSELECT 1;\n\\restrict x;y\n-- c\nSELECT 2;\n\\q"),
               "<SELECT 1><SELECT 2>");
}

static void a_refusal_is_a_statement_that_fails(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    engine_postgresql.refuse(STR("it's no"), &b);
    assert_str(sb_view(&b),
               "DO $snap$ BEGIN RAISE EXCEPTION USING MESSAGE = 'it''s no'; END $snap$");
}

static void grants_are_what_differs_from_the_default(void **state)
{
    static const char *const rows[][5] = {
        /* list, default, owner, map, order */
        {"[\"me=arwd/me\"]", "[\"me=arwd/me\"]", "me", NULL, NULL},
        {"[\"me=arwd/me\",\"you=r/me\",\"=r/me\"]", "[\"me=arwd/me\"]", "me",
         "{\"public\":\"SELECT\",\"you\":\"SELECT\"}", "[\"\",\"you\",\"public\"]"},
        {"[\"you=wa*r/me\"]", "[\"me=r/me\"]", "me",
         "{\"\":\"\",\"you\":\"INSERT*,SELECT,UPDATE\"}", "[\"you\"]"},
        {"[\"me=r/me\",\"\\\"a=\\\"\\\"b\\\"=X/me\"]", "[\"me=r/me\"]", "me",
         "{\"a=\\\"b\":\"EXECUTE\"}", "[\"\",\"a=\\\"b\"]"},
        {"[\"me=r/me\",\"you=r*/me\",\"she=r/you\",\"she=w/me\"]", "[\"me=r/me\"]", "me",
         "{\"she\":\"SELECT by you; UPDATE\",\"you\":\"SELECT*\"}", "[\"\",\"you\",\"she\"]"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str order, map = pg_acl_map(*state, str_c(rows[i][0]), str_c(rows[i][1]),
                                           str_c(rows[i][2]), &order);
        if (!rows[i][3]) {
            assert_true(str_is_null(map) && str_is_null(order));
            continue;
        }
        assert_str(map, rows[i][3]);
        assert_str(order, rows[i][4]);
    }
    struct str order;
    assert_true(str_is_null(pg_acl_map(*state, STR_NULL, STR_NULL, STR("me"), &order)));
}

static void a_list_of_varchar_is_written_as_in(void **state)
{
    static const char *const rows[][2] = {
        {"CHECK (a > 0)", "CHECK (a > 0)"},
        {"CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y''z'::character "
         "varying])::text[])))",
         "CHECK (((a) IN ('x', 'y''z')))"},
        {"((f(a, b))::text <> ALL ((ARRAY['x'::character varying])::text[]))",
         "((f(a, b)) NOT IN ('x'))"},
        /* another type, or what stands in a text, stays */
        {"((a)::text = ANY ((ARRAY['x'::bpchar])::text[]))",
         "((a)::text = ANY ((ARRAY['x'::bpchar])::text[]))"},
        {"(' = ANY ((ARRAY['::text)", "(' = ANY ((ARRAY['::text)"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(pg_respell(*state, str_c(rows[i][0])), rows[i][1]);
}

static void paths_are_named_for_statements(void **state)
{
    struct str path = STR("schema:public/table:Or~1ders/column:select");
    assert_str(pg_name(*state, path, 2), "public.\"Or/ders\"");
    assert_str(pg_name(*state, path, 3), "public.\"Or/ders\".\"select\"");
    assert_str(pg_last(*state, path), "\"select\"");
    assert_str(pg_table_of(*state, path), "public.\"Or/ders\"");
}

static void a_server_is_known_by_host_and_port(void **state)
{
    static const struct engine *const engines[] = {&engine_postgresql, NULL};
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"postgresql://u:p@h/x", "postgres://h:5432/y?sslmode=require", true},
        {"postgresql://h/x", "postgresql://H/x", true},
        {"postgresql://h/x", "postgresql://h:5433/x", false},
        {"postgresql://h/x", "postgresql://i/x", false},
        {"postgresql://a:1,b:2/x", "jdbc:postgresql://b:2/y?user=u", true},
        {"postgresql://a:1,b:2/x", "postgresql://b:1/y", false},
        {"postgresql:///x?host=a,b&port=7", "postgresql://b:7/x", true},
        {"postgresql://h/x?host=i", "postgresql://h/x", false},
        {"postgresql://localhost/x", "postgresql://%2Frun%2Fpg/x", true},
        {"postgresql://[::1]:5/x", "postgresql://127.0.0.1:5/y", true},
        {"postgresql://[fe80::1]:5/x", "postgresql://[fe80::2]:5/y", false},
        {"postgresql:///x?service=s", "postgresql:///y?service=s", true},
        {"postgresql:///x?service=s", "postgresql://h/y", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec a, b;
        struct err e;
        assert_ok(source_parse(str_c(rows[i].a), engines, *state, &a, &e), e);
        assert_ok(source_parse(str_c(rows[i].b), engines, *state, &b, &e), e);
        assert_int_equal(pg_same_server(&a.live, &b.live, *state), rows[i].same);
        assert_int_equal(pg_same_server(&b.live, &a.live, *state), rows[i].same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(statements_end_at_their_semicolon),
                                       TEST(a_body_of_sql_is_one_statement),
                                       TEST(lines_for_psql_are_left_out),
                                       TEST(a_refusal_is_a_statement_that_fails),
                                       TEST(grants_are_what_differs_from_the_default),
                                       TEST(a_list_of_varchar_is_written_as_in),
                                       TEST(paths_are_named_for_statements),
                                       TEST(a_server_is_known_by_host_and_port)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
