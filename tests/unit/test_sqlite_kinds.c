/* What the kinds of SQLite say besides statements: warnings, refusals, change types, short forms.
 */

#include "diff/diff.h"
#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str hazards(struct arena *mem, const struct plan *p)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nhz; k++)
            sb_printf(&b, "%s %.*s: %.*s\n", hazard_name(p->v[i].hz[k].code),
                      STR_ARG(p->v[i].hz[k].object), STR_ARG(p->v[i].hz[k].detail));
    return sb_view(&b);
}

static void warns(struct arena *mem, const char *from, const char *to, const char *want)
{
    assert_str(hazards(mem, sql_plan(mem, from, to)), want);
}

static const struct {
    const char *from, *to, *want;
} warnings[] = {
    {"CREATE TABLE t (a INT, b TEXT);",
     "CREATE TABLE t (a INT, b TEXT);CREATE UNIQUE INDEX i ON t (a)",
     "DATA_DEPENDENT index t.i: fails when two rows are equal in the key\n"
     "INDEX_BUILD index t.i: the table is read whole\n"},
    {"CREATE TABLE t (a INT, b TEXT);", "CREATE TABLE t (a INT)",
     "DATA_LOSS column t.b: its values are lost\n"
     "REWRITE table t: DROP COLUMN rewrites every row\n"},
    {"CREATE TABLE t (a, b AS (a))", "CREATE TABLE t (a)", ""},
    {"CREATE TABLE t (a, b TEXT)", "CREATE TABLE t (a, b INT)",
     "REWRITE table t: the table is made anew and every row is copied\n"
     "CONVERT column t.b: values are stored as integer instead of text\n"},
    {"CREATE TABLE t (a, b TEXT)", "CREATE TABLE t (a, b BLOB)",
     "REWRITE table t: the table is made anew and every row is copied\n"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
     "CREATE TABLE t (a INTEGER PRIMARY KEY)",
     "REWRITE table t: the table is made anew and every row is copied\n"
     "COUNTER_LOST table t: AUTOINCREMENT goes\n"},
    {"CREATE TABLE t (a INTEGER)", "CREATE TABLE t (a INTEGER PRIMARY KEY)",
     "DATA_DEPENDENT column t.a: a row that holds NULL stops it\n"
     "DATA_DEPENDENT column t.a: a value that is no whole number stops it\n"
     "DATA_DEPENDENT table t: two rows that are equal in the key stop it\n"
     "REWRITE table t: the table is made anew and every row is copied\n"
     "ROWID_CHANGES table t: column a becomes the rowid\n"},
    {"CREATE TABLE t (a PRIMARY KEY)", "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID",
     "DATA_DEPENDENT column t.a: a row that holds NULL stops it\n"
     "REWRITE table t: the table is made anew and every row is copied\n"
     "ROWID_CHANGES table t: its hidden rowids go\n"},
    {"CREATE TABLE t (a, b)", "CREATE TABLE t (a, b AS (a))",
     "REWRITE table t: the table is made anew and every row is copied\n"
     "DATA_LOSS column t.b: its values give way to the generated ones\n"},
    {"CREATE VIRTUAL TABLE f USING fts5(a, b)", "CREATE VIRTUAL TABLE f USING fts5(a)",
     "DATA_LOSS virtual table f: the values of its column b are lost\n"
     "REPOPULATE virtual table f: the table is made anew and filled again\n"},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(a, content='')",
     "DATA_LOSS virtual table f: a full-text table without content cannot be filled from itself: "
     "it is empty afterwards\n"},
    {"CREATE TABLE s (a);CREATE VIRTUAL TABLE f USING fts5(a)",
     "CREATE TABLE s (a);CREATE VIRTUAL TABLE f USING fts5(a, content='s')",
     "DATA_LOSS virtual table f: its own text gives way to that of its content table\n"
     "REPOPULATE virtual table f: the table is made anew and filled again\n"},
    {"CREATE VIRTUAL TABLE r USING rtree(id, x, y)",
     "CREATE VIRTUAL TABLE r USING rtree_i32(id, x, y)",
     "CONVERT virtual table r: bounds are stored as whole numbers\n"
     "REPOPULATE virtual table r: the table is made anew and filled again\n"},
    {"CREATE VIRTUAL TABLE r USING rtree_i32(id, x, y)",
     "CREATE VIRTUAL TABLE r USING rtree(id, x, y)",
     "CONVERT virtual table r: bounds are stored as floats of 32 bits\n"
     "REPOPULATE virtual table r: the table is made anew and filled again\n"},
    {"CREATE VIRTUAL TABLE f USING fts4(a)", "CREATE VIRTUAL TABLE f USING fts4(a, b)",
     "REPOPULATE virtual table f: the table is made anew and filled again, without its automerge "
     "setting\n"},
    {"CREATE TABLE s (a);CREATE VIRTUAL TABLE f USING fts5(a, content='s')",
     "CREATE TABLE s (a INT);CREATE VIRTUAL TABLE f USING fts5(a, content='s')",
     "REWRITE table s: the table is made anew and every row is copied\n"
     "CONVERT column s.a: values are stored as integer instead of blob\n"
     "REPOPULATE virtual table f: its index is built anew from its content\n"},
};
static void what_a_step_warns_of(void **state)
{
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++)
        warns(*state, warnings[i].from, warnings[i].to, warnings[i].want);
}

static int try_plan(struct arena *mem, const char *from, const char *to,
                    const struct plan_rename *renames, uint32_t n, struct plan **out, struct err *e)
{
    struct catalog *a = sql_catalog(mem, from, "from.db"), *b = sql_catalog(mem, to, "to.db");
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, n + 1);
    struct changes *c;
    for (uint32_t i = 0; i <= n; i++)
        states[i] = i ? b : a;
    assert_ok(diff_catalogs(states[n], b, a->facets, mem, &c, e), *e);
    struct plan_request req = {.changes = c,
                               .states = states,
                               .renames = renames,
                               .nrenames = n,
                               .to = b,
                               .facets = a->facets};
    return plan_make(&req, mem, out, e);
}

static void a_module_that_is_not_known_is_refused(void **state)
{
    struct plan *p;
    struct err e = {0};
    assert_err(try_plan(*state, "CREATE VIRTUAL TABLE f USING fts4aux(x)",
                        "CREATE VIRTUAL TABLE f USING fts4aux(y)", NULL, 0, &p, &e),
               e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "module fts4aux"));
    assert_err(try_plan(*state, "CREATE VIRTUAL TABLE f USING fts5(a)",
                        "CREATE VIRTUAL TABLE f USING fts4aux(y)", NULL, 0, &p, &e),
               e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "module fts4aux"));
    assert_err(try_plan(*state, "CREATE VIRTUAL TABLE r USING rtree(a, b, c)",
                        "CREATE VIRTUAL TABLE r USING rtree(d, e, f)", NULL, 0, &p, &e),
               e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "no column is known on both sides"));
}

static int rename_of(struct arena *mem, const char *from, const char *to, const char *path,
                     const char *new_path, struct plan **out, struct err *e)
{
    struct catalog *a = sql_catalog(mem, from, "from.db"), *b = sql_catalog(mem, to, "to.db");
    struct plan_rename r = {cat_find(a, str_c(path)), cat_find(b, str_c(new_path))};
    assert_non_null(r.before);
    assert_non_null(r.after);
    return try_plan(mem, from, to, &r, 1, out, e);
}

static void confirmed_renames(void **state)
{
    struct plan *p;
    struct err e = {0};
    assert_ok(rename_of(*state, "CREATE TABLE a (x)", "CREATE TABLE \"b c\" (x)", "table:a",
                        "table:b c", &p, &e),
              e);
    assert_str(p->v[0].fwd[0].text, "ALTER TABLE a RENAME TO \"b c\"");
    assert_str(p->v[0].back[0].text, "ALTER TABLE \"b c\" RENAME TO a");
    assert_null(p->v[0].fwd[0].typed);
    assert_ok(rename_of(*state, "CREATE TABLE a (x, z)", "CREATE TABLE a (y, z)",
                        "table:a/column:x", "table:a/column:y", &p, &e),
              e);
    assert_str(p->v[0].fwd[0].text, "ALTER TABLE a RENAME COLUMN x TO y");
    assert_str(p->v[0].back[0].text, "ALTER TABLE a RENAME COLUMN y TO x");
    assert_string_equal(p->v[0].fwd[0].typed->name, "renameColumn");
}

static void renames_that_sqlite_could_not_do(void **state)
{
    struct arena *mem = *state;
    static const char broken[] = "CREATE VIEW v AS SELECT 1 FROM gone;";
    static const char quoted[] = "CREATE VIEW v AS SELECT \"x y\";";
    struct plan *p;
    struct err e = {0};
    struct str from = arena_printf(mem, "%sCREATE TABLE a (x)", broken),
               to = arena_printf(mem, "%sCREATE TABLE b (x)", broken);
    assert_err(rename_of(mem, from.p, to.p, "table:a", "table:b", &p, &e), e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "a view or trigger is broken"));
    to = arena_printf(mem, "%sCREATE TABLE a (y)", broken);
    assert_err(rename_of(mem, from.p, to.p, "table:a/column:x", "table:a/column:y", &p, &e), e,
               E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "a view or trigger is broken"));
    from = arena_printf(mem, "%sCREATE TABLE a (x)", quoted);
    to = arena_printf(mem, "%sCREATE TABLE a (y)", quoted);
    assert_err(rename_of(mem, from.p, to.p, "table:a/column:x", "table:a/column:y", &p, &e), e,
               E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "strings in double quotes"));
}

/* One object of a schema, in few words. */
static void is_brief(struct arena *mem, const char *sql, const char *path, const char *want)
{
    struct catalog *cat = sql_catalog(mem, sql, "a.db");
    const struct obj *o = cat_find(cat, str_c(path));
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; !o && i < cat->n; i++)
        if (str_starts(cat->v[i].path, str_c(path)) && path_is_unnamed(cat->v[i].path))
            o = &cat->v[i];
    assert_non_null(o);
    obj_kind(cat->eng, o)->brief(o, &b);
    assert_str(sb_view(&b), want);
}

static const struct {
    const char *sql, *path, *want;
} briefs[] = {
    {"CREATE TABLE t (a)", "table:t", ""},
    {"CREATE TABLE t (a INT PRIMARY KEY) STRICT, WITHOUT ROWID", "table:t",
     "strict, without rowid"},
    {"CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID", "table:t", "without rowid"},
    {"CREATE TABLE t (a)", "table:t/column:a", ""},
    {"CREATE TABLE t (a INT COLLATE nocase NOT NULL DEFAULT 1)", "table:t/column:a",
     "int collate nocase not null default 1"},
    {"CREATE TABLE t (a NOT NULL)", "table:t/column:a", "not null"},
    {"CREATE TABLE t (a INT AS (1) STORED, b)", "table:t/column:a", "int as (1) stored"},
    {"CREATE TABLE t (a AS (b), b)", "table:t/column:a", "as (b)"},
    {"CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)", "table:t/primary_key:#",
     "(a) autoincrement"},
    {"CREATE TABLE t (a, b, CONSTRAINT k UNIQUE (a, b DESC) ON CONFLICT FAIL)", "table:t/unique:k",
     "(a, b desc) on conflict fail"},
    {"CREATE TABLE t (a CHECK (a > 0))", "table:t/check:", "(a > 0)"},
    {"CREATE TABLE t (a REFERENCES \"P x\" (y) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE)",
     "table:t/foreign_key:",
     "(a) references \"p x\" on delete cascade on update set null deferrable"},
    {"CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a, b DESC) WHERE a > 0", "table:t/index:i",
     "unique (a, b desc) where a > 0"},
    {"CREATE TABLE t (a); CREATE INDEX i ON t (a)", "table:t/index:i", "(a)"},
    {"CREATE TABLE t (a, b); CREATE TRIGGER tr UPDATE OF a, b ON t BEGIN SELECT 1; END",
     "table:t/trigger:tr", "before update of a, b"},
    {"CREATE TABLE t (a, b); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
     "table:t/trigger:tr", "after insert"},
    {"CREATE VIRTUAL TABLE f USING fts5(a, b)", "virtual_table:f", "using fts5 (a, b)"},
};
static void in_few_words(void **state)
{
    for (size_t i = 0; i < sizeof briefs / sizeof *briefs; i++)
        is_brief(*state, briefs[i].sql, briefs[i].path, briefs[i].want);
}

/* The change types of all steps, with the SQL that Liquibase runs for them. */
static struct str typed_of(struct arena *mem, const char *from, const char *to)
{
    struct plan *p = sql_plan(mem, from, to);
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nfwd; k++) {
            const struct typed *t = p->v[i].fwd[k].typed;
            if (!t)
                continue;
            sb_printf(&b, "%s: ", t->name);
            assert_true(p->eng->typed_sql(t, &b));
            sb_char(&b, '\n');
        }
    return sb_view(&b);
}

static void change_types(void **state)
{
    struct arena *mem = *state;
    assert_str(
        typed_of(mem, "CREATE TABLE t (a, b)",
                 "CREATE TABLE t (a, b); CREATE UNIQUE INDEX i ON t (a, b DESC); CREATE VIEW v "
                 "AS SELECT a FROM t"),
        "createIndex: CREATE UNIQUE INDEX i ON t (a, b DESC)\n"
        "createView: CREATE VIEW v AS SELECT a FROM t\n");
    assert_str(typed_of(mem,
                        "CREATE TABLE t (a); CREATE TABLE s (a); CREATE INDEX i ON s (a); CREATE "
                        "VIEW v AS SELECT a FROM s",
                        "CREATE TABLE s (a)"),
               "dropView: DROP VIEW v\ndropIndex: DROP INDEX i\ndropTable: DROP TABLE t\n");
    /* what has no place in the change type, or quotes of Liquibase's own */
    assert_str(
        typed_of(mem, "CREATE TABLE t (a, b)",
                 "CREATE TABLE t (a, b); CREATE INDEX i ON t (a + 1); CREATE INDEX j ON t (a) "
                 "WHERE b; CREATE INDEX \"k x\" ON t (a); CREATE VIEW \"v x\" AS SELECT 1; "
                 "CREATE VIEW w (a) AS SELECT 1"),
        "");
    assert_str(typed_of(mem, "CREATE TABLE \"t x\" (a)", ""), "");
}

static void change_types_that_are_not_known(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct typed t = {.name = "addColumn"};
    struct typed_column column = {STR("a"), false};
    assert_false(lite_typed_sql(&t, &b));
    t.name = "dropTable";
    assert_false(lite_typed_sql(&t, &b));
    t.key[t.nkeys++] = (struct typed_key){"tableName", STR("t"), false};
    assert_true(lite_typed_sql(&t, &b));
    t.key[t.nkeys++] = (struct typed_key){"cascadeConstraints", STR("true"), true};
    assert_false(lite_typed_sql(&t, &b));
    t = (struct typed){.name = "createIndex", .columns = &column, .ncolumns = 1};
    t.key[t.nkeys++] = (struct typed_key){"indexName", STR("i"), false};
    assert_false(lite_typed_sql(&t, &b));
    t = (struct typed){.name = "renameTable"};
    t.key[t.nkeys++] = (struct typed_key){"newTableName", STR("b"), false};
    t.key[t.nkeys++] = (struct typed_key){"oldTableName", STR("a"), false};
    sb_cut(&b, 0);
    assert_true(lite_typed_sql(&t, &b));
    assert_str(sb_view(&b), "ALTER TABLE a RENAME TO b");
}

static void a_name_that_nothing_has(void **state)
{
    struct arena *mem = *state;
    struct catalog *a =
        sql_catalog(mem, "CREATE TABLE _Snap_x (a); CREATE VIEW _snap_2_x AS SELECT 1", "a.db");
    struct catalog *b = sql_catalog(mem,
                                    "CREATE TABLE t (a); CREATE INDEX _snap_3_x ON t (a); CREATE "
                                    "VIRTUAL TABLE _snap_4_x USING fts5(a)",
                                    "b.db");
    struct view before = {a, NULL, 0}, after = {b, NULL, 0};
    struct ddl d = {.mem = mem, .before = &before, .after = &after};
    assert_str(lite_free_name(&d, "_snap_", STR("X")), "_snap_5_X");
    assert_str(lite_free_name(&d, "_snap_", STR("y")), "_snap_y");
}

static void what_is_stored_and_what_is_the_rowid(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = sql_catalog(
        mem,
        "CREATE TABLE s (a ANY) STRICT; CREATE TABLE l (a ANY); CREATE TABLE k (A INTEGER PRIMARY "
        "KEY); CREATE TABLE d (a INTEGER PRIMARY KEY DESC); CREATE TABLE i (a INT PRIMARY KEY); "
        "CREATE TABLE w (a INTEGER PRIMARY KEY) WITHOUT ROWID; CREATE TABLE m (a INTEGER, b, "
        "PRIMARY "
        "KEY (a, b))",
        "a.db");
    struct view v = {cat, NULL, 0};
    static const char *const none[] = {"table:s", "table:d", "table:i",
                                       "table:w", "table:m", "table:x"};
    assert_str(lite_stored_as(mem, &v, cat_find(cat, STR("table:s/column:a"))), "blob");
    assert_str(lite_stored_as(mem, &v, cat_find(cat, STR("table:l/column:a"))), "numeric");
    assert_str(lite_rowid_alias(mem, &v, STR("table:k")), "table:k/column:a");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(str_is_null(lite_rowid_alias(mem, &v, str_c(none[i]))));
}

static void names_in_canonical_texts(void **state)
{
    struct arena *mem = *state;
    assert_true(lite_mentions(mem, STR("a + \"b c\" > 'd'"), STR("b c")));
    assert_false(lite_mentions(mem, STR("a + \"b c\" > 'd'"), STR("d")));
    assert_false(lite_mentions(mem, STR("ab"), STR("a")));
    assert_true(lite_terms_hold(mem, STR("[\"a collate x desc\",\"\\\"b c\\\"\"]"), STR("b c")));
    assert_true(lite_terms_hold(mem, STR("[\"b c\"]"), STR("b c")));
    assert_false(lite_terms_hold(mem, STR("[\"a collate x\"]"), STR("x")));
    assert_str(lite_statement(STR(" /* a */ SELECT 1 -- b\n ; ")), "SELECT 1 -- b\n ;");
    assert_str(lite_statement(STR("-- nothing")), "");
}

/* Runs the plan on a database with rows. What stops it says so; NULL: nothing does. */
static void stops(struct arena *mem, const char *from, const char *rows, const char *to,
                  const char *words)
{
    const struct live_ops *live = engine_sqlite.live;
    struct plan *p = sql_plan(mem, from, to);
    struct scratch_want want = {0};
    struct session *s;
    struct err e = {0};
    int rc = 0;
    assert_ok(live->scratch(&want, mem, &s, &e), e);
    assert_ok(live->script(s, str_c(from), STR("from.sql"), &e), e);
    assert_ok(live->script(s, str_c(rows), STR("rows.sql"), &e), e);
    for (uint32_t i = 0; !rc && i < p->n; i++) {
        uint32_t n;
        bool own;
        struct stmt *script = step_script(p, &p->v[i], false, mem, &n, &own);
        for (uint32_t k = 0; !rc && k < n; k++)
            rc = live->exec(s, &script[k], &e);
    }
    live->close(s);
    if (words ? rc == 0 || !says(&e, words) : rc != 0)
        fail_msg("%s; %s; %s: <%s>, wanted <%s>", from, rows, to, rc ? e.msg : "",
                 words ? words : "");
}

static const struct {
    const char *from, *rows, *to, *words;
} guards[] = {
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES (NULL), (1)", "CREATE TABLE t (a NOT NULL)",
     "t.a becomes NOT NULL; rows that hold NULL: 1"},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a NOT NULL)", NULL},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a, b NOT NULL)",
     "b is NOT NULL and has no DEFAULT"},
    {"CREATE TABLE t (a)", "", "CREATE TABLE t (a, b NOT NULL)", NULL},
    {"CREATE TABLE t (a, b)", "INSERT INTO t VALUES (1, 2), (1, 2), (NULL, 2), (NULL, 2)",
     "CREATE TABLE t (a, b, UNIQUE (a, b DESC))", "a key over (a, b); values that stand twice: 1"},
    {"CREATE TABLE t (a, b)", "INSERT INTO t VALUES (1, 2), (1, 3), (NULL, 2), (NULL, 2)",
     "CREATE TABLE t (a, b, UNIQUE (a, b DESC))", NULL},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES ('x'), ('X')", "CREATE TABLE t (a UNIQUE)", NULL},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES ('x'), ('X')",
     "CREATE TABLE t (a COLLATE nocase UNIQUE)",
     "over (a COLLATE nocase); values that stand twice: 1"},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES ('x'), ('X')",
     "CREATE TABLE t (a, UNIQUE (a COLLATE nocase))",
     "over (a collate nocase); values that stand twice: 1"},
    {"CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES ('x')",
     "CREATE TABLE t (a INTEGER PRIMARY KEY)", "rows that hold no whole number: 1"},
    {"CREATE TABLE t (a INT)", "INSERT INTO t VALUES ('x')", "CREATE TABLE t (a INT) STRICT",
     "values of another type in t.a: 1"},
    {"CREATE TABLE t (a REAL)", "INSERT INTO t VALUES ('x')", "CREATE TABLE t (a REAL) STRICT",
     "values of another type in t.a: 1"},
    {"CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES (x'00')", "CREATE TABLE t (a TEXT) STRICT",
     "values of another type in t.a: 1"},
    {"CREATE TABLE t (a BLOB)", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a BLOB) STRICT",
     "values of another type in t.a: 1"},
    {"CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1), (NULL)", "CREATE TABLE t (a INT) STRICT",
     NULL},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a CHECK (a > 1))",
     "CHECK constraint failed"},
    {"CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a)", "INSERT INTO t VALUES (1)",
     "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p)", "rows without a parent: 1"},
    {"CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a)",
     "INSERT INTO t VALUES (1), (NULL); INSERT INTO p VALUES (1)",
     "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (a REFERENCES p)", NULL},
    {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "CREATE TABLE t (a REFERENCES gone (x))",
     "rows without a parent: 1"},
    {"CREATE TABLE p (x TEXT PRIMARY KEY); CREATE TABLE t (a TEXT REFERENCES p (x))",
     "INSERT INTO p VALUES ('01'); INSERT INTO t VALUES ('01')",
     "CREATE TABLE p (x TEXT PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p (x))",
     "rows that lose their parent by the new type: 1"},
    {"CREATE TABLE p (x TEXT PRIMARY KEY); CREATE TABLE t (a TEXT REFERENCES p)",
     "INSERT INTO p VALUES ('01'); INSERT INTO t VALUES ('01')",
     "CREATE TABLE p (x INT PRIMARY KEY); CREATE TABLE t (a TEXT REFERENCES p)", NULL},
    {"CREATE TABLE t (a PRIMARY KEY)", "INSERT INTO t VALUES (NULL)",
     "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID", "rows that hold NULL: 1"},
};
static void rows_that_do_not_fit_stop_a_step(void **state)
{
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        stops(*state, guards[i].from, guards[i].rows, guards[i].to, guards[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_step_warns_of),
        TEST(a_module_that_is_not_known_is_refused),
        TEST(confirmed_renames),
        TEST(renames_that_sqlite_could_not_do),
        TEST(in_few_words),
        TEST(change_types),
        TEST(change_types_that_are_not_known),
        TEST(rows_that_do_not_fit_stop_a_step),
        TEST(a_name_that_nothing_has),
        TEST(what_is_stored_and_what_is_the_rowid),
        TEST(names_in_canonical_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
