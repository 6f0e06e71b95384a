/* Rows as facts: names of tables, how rows read, and the order in which a plan writes them. */

#include "core/data.h"
#include "diff/diff.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static const struct str names[] = {{"t", 1}};
static const struct data_want want = {names, 1, 0};

static int read_rows(struct arena *mem, const char *sql, const struct data_want *w,
                     struct catalog **out, struct err *e)
{
    const unsigned facets = F_DEFAULT | F_DATA;
    struct scratch_want scratch = {0};
    struct scope scope = {.facets = facets, .data = *w};
    struct session *s;
    *out = cat_new(mem, &engine_sqlite, facets, STR("a.db"));
    assert_ok(engine_sqlite.live->scratch(&scratch, mem, &s, e), *e);
    assert_ok(engine_sqlite.live->script(s, str_c(sql), STR("a.sql"), e), *e);
    int rc = engine_sqlite.live->introspect(s, &scope, *out, e);
    engine_sqlite.live->close(s);
    return rc ? rc : cat_finish(*out, e);
}

static struct plan *plan_of(struct arena *mem, const char *from, const char *to,
                            const struct backfill *given)
{
    struct catalog *a, *b;
    struct changes *c;
    struct plan *plan;
    struct err e;
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, 1);
    assert_ok(read_rows(mem, from, &want, &a, &e), e);
    assert_ok(read_rows(mem, to, &want, &b, &e), e);
    assert_ok(diff_catalogs(a, b, a->facets, mem, &c, &e), e);
    states[0] = a;
    struct plan_request req = {.changes = c,
                               .states = states,
                               .to = b,
                               .facets = a->facets,
                               .backfill = given,
                               .nbackfill = given ? 1 : 0};
    assert_ok(plan_make(&req, mem, &plan, &e), e);
    return plan;
}

/* The INSERT, UPDATE and DELETE of all steps, a line each. */
static struct str writes(struct arena *mem, const struct plan *p, bool back)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++) {
        const struct step *s = &p->v[back ? p->n - 1 - i : i];
        for (uint32_t k = 0; k < (back ? s->nback : s->nfwd); k++) {
            struct str text = back ? s->back[k].text : s->fwd[k].text;
            if (!str_starts(text, STR("INSERT")) && !str_starts(text, STR("UPDATE")) &&
                !str_starts(text, STR("DELETE")))
                continue;
            sb_str(&b, text);
            sb_c(&b, "\n");
        }
    }
    return sb_view(&b);
}

static void assert_writes(const char *from, const char *to, const char *ahead, const char *back)
{
    struct arena *mem = arena_new(0);
    struct plan *p = plan_of(mem, from, to, NULL);
    assert_string_equal(arena_cstr(mem, writes(mem, p, false)), ahead);
    assert_string_equal(arena_cstr(mem, writes(mem, p, true)), back);
    arena_free(mem);
}

static void a_table_is_named_in_three_ways(void **state)
{
    struct arena *mem = arena_new(0);
    const struct engine *eng = &engine_sqlite;
    struct str path = STR("table:t"), table;
    (void)state;
    assert_true(data_name_fits(STR("T"), eng, path, mem));
    assert_true(data_name_fits(STR("table:t"), eng, path, mem));
    assert_true(data_name_fits(STR("table t"), eng, path, mem));
    assert_true(data_name_fits(STR("a.t"), eng, STR("table:a.t"), mem));
    assert_false(data_name_fits(STR("tt"), eng, path, mem));
    assert_false(data_name_fits(STR(""), eng, path, mem));
    assert_false(data_name_fits(STR("t"), eng, STR("view:t"), mem));
    assert_true(data_is_row(eng, STR("table:t/rows:#/row:1"), &table));
    assert_true(str_eq(table, path));
    assert_true(data_is_row(eng, STR("table:t/rows:#"), &table));
    assert_true(str_eq(table, path));
    assert_false(data_is_row(eng, STR("table:t/column:a"), &table));
    assert_false(data_is_row(eng, path, &table));
    arena_free(mem);
}

static void a_value_keeps_its_class(void **state)
{
    struct arena *mem = arena_new(0);
    struct catalog *cat;
    struct err e;
    (void)state;
    assert_ok(read_rows(mem,
                        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, g AS (a || 'x'));"
                        "INSERT INTO t (id, a) VALUES (1, 1), (2, '1'), (3, 1.0), (4, x'31'), (5, "
                        "NULL), (6, 'it''s'), (7, CAST(x'4100' AS TEXT)), (8, 0.1), (9, 9e999);",
                        &want, &cat, &e),
              e);
    static const char *const wanted[] = {
        "{\"values\":{\"a\":\"1\",\"id\":\"1\"}}",
        "{\"values\":{\"a\":\"'1'\",\"id\":\"2\"}}",
        "{\"values\":{\"a\":\"1.0\",\"id\":\"3\"}}",
        "{\"values\":{\"a\":\"x'31'\",\"id\":\"4\"}}",
        "{\"values\":{\"id\":\"5\"}}",
        "{\"values\":{\"a\":\"'it''s'\",\"id\":\"6\"}}",
        "{\"values\":{\"a\":\"CAST(x'4100' AS TEXT)\",\"id\":\"7\"}}",
        "{\"values\":{\"a\":\"0.1\",\"id\":\"8\"}}",
        "{\"values\":{\"a\":\"9e999\",\"id\":\"9\"}}"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct obj *o = cat_find(cat, arena_printf(mem, "table:t/rows:#/row:%zu", i + 1));
        assert_non_null(o);
        assert_string_equal(arena_cstr(mem, o->a), wanted[i]);
    }
    arena_free(mem);
}

static void a_blob_is_no_text_in_a_key(void **state)
{
    struct arena *mem = arena_new(0);
    struct catalog *cat;
    struct err e;
    static const char *const wanted[] = {"a", "x'61'", "'x''61'''", "'''a'''", "'CAST(x)'"};
    (void)state;
    assert_ok(read_rows(mem,
                        "CREATE TABLE t (k TEXT PRIMARY KEY);"
                        "INSERT INTO t VALUES ('a'), (x'61'), ('x''61'''), ('''a'''), ('CAST(x)');",
                        &want, &cat, &e),
              e);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_non_null(
            cat_find(cat, path_join(mem, STR("table:t/rows:#"), STR("row"), str_c(wanted[i]))));
    arena_free(mem);
}

static void rows_without_a_key_are_refused(void **state)
{
    struct arena *mem = arena_new(0);
    struct catalog *cat;
    struct err e;
    const struct data_want two = {names, 1, 2};
    (void)state;
    assert_int_equal(
        read_rows(mem, "CREATE TABLE t (a); INSERT INTO t VALUES (1);", &want, &cat, &e), -1);
    assert_int_equal(e.code, E_DATA_NO_KEY);
    assert_int_equal(read_rows(mem, "CREATE TABLE t (a PRIMARY KEY); INSERT INTO t VALUES (NULL);",
                               &want, &cat, &e),
                     -1);
    assert_int_equal(e.code, E_DATA_NO_KEY);
    assert_int_equal(
        read_rows(mem, "CREATE TABLE t (a PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3);", &two,
                  &cat, &e),
        -1);
    assert_int_equal(e.code, E_LIMIT);
    assert_ok(read_rows(mem, "CREATE TABLE t (a);", &want, &cat, &e), e);
    assert_null(cat_find(cat, STR("table:t/rows:#")));
    arena_free(mem);
}

#define T "CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, boss REFERENCES t (id));"

static void values_are_freed_before_they_are_taken(void **state)
{
    (void)state;
    assert_writes(T "INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', NULL);",
                  T "INSERT INTO t VALUES (1, 'b', NULL), (2, 'c', NULL), (3, 'a', NULL);",
                  "UPDATE t SET u = 'c' WHERE id = 2\n"
                  "UPDATE t SET u = 'b' WHERE id = 1\n"
                  "INSERT INTO t (id, u, boss) VALUES (3, 'a', NULL)\n",
                  "DELETE FROM t WHERE id = 3\n"
                  "UPDATE t SET u = 'a' WHERE id = 1\n"
                  "UPDATE t SET u = 'b' WHERE id = 2\n");
}

static void a_swap_goes_by_way_of_null(void **state)
{
    (void)state;
    assert_writes(T "INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', NULL);",
                  T "INSERT INTO t VALUES (1, 'b', NULL), (2, 'a', NULL);",
                  "UPDATE t SET u = NULL WHERE id = 1\n"
                  "UPDATE t SET u = 'a' WHERE id = 2\n"
                  "UPDATE t SET u = 'b' WHERE id = 1\n",
                  "UPDATE t SET u = NULL WHERE id = 1\n"
                  "UPDATE t SET u = 'b' WHERE id = 2\n"
                  "UPDATE t SET u = 'a' WHERE id = 1\n");
}

static void who_is_pointed_at_comes_first_and_goes_last(void **state)
{
    (void)state;
    assert_writes(T, T "INSERT INTO t VALUES (1, NULL, 2), (2, NULL, NULL);",
                  "INSERT INTO t (id, u, boss) VALUES (2, NULL, NULL)\n"
                  "INSERT INTO t (id, u, boss) VALUES (1, NULL, 2)\n",
                  "DELETE FROM t WHERE id = 1\n"
                  "DELETE FROM t WHERE id = 2\n");
    assert_writes(T, T "INSERT INTO t VALUES (1, NULL, 2), (2, NULL, 1);",
                  "INSERT INTO t (id, u, boss) VALUES (1, NULL, NULL)\n"
                  "INSERT INTO t (id, u, boss) VALUES (2, NULL, 1)\n"
                  "UPDATE t SET boss = 2 WHERE id = 1\n",
                  "UPDATE t SET boss = NULL WHERE id = 1\n"
                  "DELETE FROM t WHERE id = 2\n"
                  "DELETE FROM t WHERE id = 1\n");
}

static void rows_go_with_columns_that_come_and_go(void **state)
{
    (void)state;
    assert_writes("CREATE TABLE t (id INTEGER PRIMARY KEY, was TEXT);"
                  "INSERT INTO t VALUES (1, 'x'), (2, 'y');",
                  "CREATE TABLE t (id INTEGER PRIMARY KEY, is_new TEXT);"
                  "INSERT INTO t VALUES (1, 'p'), (3, 'r');",
                  "DELETE FROM t WHERE id = 2\n"
                  "UPDATE t SET is_new = 'p' WHERE id = 1\n"
                  "INSERT INTO t (id, is_new) VALUES (3, 'r')\n",
                  "DELETE FROM t WHERE id = 3\n"
                  "UPDATE t SET was = 'x' WHERE id = 1\n"
                  "INSERT INTO t (id, was) VALUES (2, 'y')\n");
}

/* A value of a column that comes is written in the step that brings it: its way back has the old
 * ones. */
static void a_row_joins_the_step_of_its_column(void **state)
{
    struct arena *mem = arena_new(0);
    struct plan *p = plan_of(mem,
                             "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);"
                             "INSERT INTO t VALUES (1, 'x'), (2, 'y');",
                             "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);"
                             "INSERT INTO t VALUES (1, 'x', 'p'), (2, 'z', 'q');",
                             NULL);
    (void)state;
    assert_int_equal(p->n, 2);
    assert_str(p->v[0].fwd[p->v[0].nfwd - 1].text, "UPDATE t SET b = 'p' WHERE id = 1");
    assert_str(p->v[1].fwd[0].text, "UPDATE t SET a = 'z', b = 'q' WHERE id = 2");
    arena_free(mem);
}

/* The hazards of all steps, a line each. */
static struct str hazards(struct arena *mem, const struct plan *p)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nhz; k++) {
            const struct hazard *h = &p->v[i].hz[k];
            sb_printf(&b, "%s %.*s: %.*s\n", hazard_name(h->code), STR_ARG(h->object),
                      STR_ARG(h->detail));
        }
    return sb_view(&b);
}

static void assert_hazards(const char *schema, const char *from, const char *to, const char *told)
{
    struct arena *mem = arena_new(0);
    struct plan *p = plan_of(mem, arena_printf(mem, "%s%s", schema, from).p,
                             arena_printf(mem, "%s%s", schema, to).p, NULL);
    assert_string_equal(arena_cstr(mem, hazards(mem, p)), told);
    arena_free(mem);
}

static void triggers_that_fire_are_named(void **state)
{
    static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE log (x);"
                                 "CREATE TRIGGER one AFTER INSERT ON t BEGIN SELECT 1; END;"
                                 "CREATE TRIGGER two AFTER DELETE ON t BEGIN SELECT 1; END;";
    (void)state;
    assert_hazards(schema, "", "INSERT INTO t VALUES (1);",
                   "TRIGGERS_FIRE table t: trigger t.one, trigger t.two\n");
    assert_hazards(schema, "", "", "");
}

static void what_foreign_keys_do_elsewhere_is_told(void **state)
{
    static const char schema[] =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, v UNIQUE, w NOT NULL UNIQUE);"
        "CREATE TABLE a (id INTEGER PRIMARY KEY, p CONSTRAINT k REFERENCES t ON DELETE CASCADE);"
        "CREATE TABLE b (p CONSTRAINT k REFERENCES a (id) ON DELETE SET NULL);"
        "CREATE TABLE c (p CONSTRAINT k REFERENCES t (u) ON UPDATE CASCADE);"
        "CREATE TABLE d (p CONSTRAINT k REFERENCES t (v) ON UPDATE CASCADE);"
        "CREATE TABLE e (p CONSTRAINT k REFERENCES t);";
    static const char rows[] = "INSERT INTO t VALUES (1, 1, 1, 1), (2, 2, 2, 2);";
    static const char cascades[] =
        "DATA_LOSS table a: foreign key a.k, ON DELETE cascade: rows that point at rows which go "
        "are deleted\n"
        "DATA_LOSS table b: foreign key b.k, ON DELETE set null: what points at rows which go is "
        "lost\n";
    (void)state;
    assert_hazards(schema, rows, "INSERT INTO t VALUES (1, 1, 1, 1);", cascades);
    assert_hazards(schema, rows, "INSERT INTO t VALUES (1, 1, 1, 2), (2, 2, 2, 1);", cascades);
    assert_hazards(schema, rows, "INSERT INTO t VALUES (1, 7, 1, 1), (2, 2, 2, 2);",
                   "CONVERT table c: foreign key c.k, ON UPDATE cascade: what points at values "
                   "that change changes too\n");
    assert_hazards(schema, rows, "INSERT INTO t VALUES (1, 1, 2, 1), (2, 2, 1, 2);",
                   "DATA_LOSS table d: foreign key d.k, ON UPDATE cascade: what points at values "
                   "that change is lost\n");
    assert_hazards(schema, "", rows, "");
}

static void what_is_given_fills_a_new_column(void **state)
{
    struct arena *mem = arena_new(0);
    const struct backfill given = {STR("table:u/column:b"), STR("'open'")};
    struct plan *p = plan_of(mem, "CREATE TABLE u (a);", "CREATE TABLE u (a, b NOT NULL);", &given);
    struct plan *none =
        plan_of(mem, "CREATE TABLE u (a);", "CREATE TABLE u (a, b NOT NULL);", NULL);
    (void)state;
    assert_true(str_find(writes(mem, p, false), STR("('open')")) < writes(mem, p, false).n);
    assert_true(str_find(writes(mem, none, false), STR("open")) == writes(mem, none, false).n);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_named_in_three_ways),
        TEST(a_value_keeps_its_class),
        TEST(a_blob_is_no_text_in_a_key),
        TEST(rows_without_a_key_are_refused),
        TEST(values_are_freed_before_they_are_taken),
        TEST(a_swap_goes_by_way_of_null),
        TEST(who_is_pointed_at_comes_first_and_goes_last),
        TEST(rows_go_with_columns_that_come_and_go),
        TEST(a_row_joins_the_step_of_its_column),
        TEST(triggers_that_fire_are_named),
        TEST(what_foreign_keys_do_elsewhere_is_told),
        TEST(what_is_given_fills_a_new_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
