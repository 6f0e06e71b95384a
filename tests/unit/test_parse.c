/* CREATE TABLE taken apart; see drivers/sqlite/parse.h. */

#include "drivers/sqlite/parse.h"
#include "tests/harness/unit.h"

static struct lite_table table(struct arena *mem, const char *sql)
{
    struct lite_table t;
    if (!lite_parse_table(mem, str_c(sql), &t))
        fail_msg("is not understood: %s", sql);
    return t;
}

static struct lite_column column(struct arena *mem, const char *clauses)
{
    struct str sql = arena_printf(mem, "CREATE TABLE t (%s)", clauses);
    return table(mem, arena_cstr(mem, sql)).columns[0];
}

static struct lite_constraint constraint(struct arena *mem, const char *clauses)
{
    struct str sql = arena_printf(mem, "CREATE TABLE t (a, b, %s)", clauses);
    struct lite_table t = table(mem, arena_cstr(mem, sql));
    assert_int_equal(t.nconstraints, 1);
    return t.constraints[0];
}

/* A constraint at the column a. */
static struct lite_constraint at_column(struct arena *mem, const char *clause)
{
    struct str sql = arena_printf(mem, "CREATE TABLE t (A INTEGER %s)", clause);
    struct lite_table t = table(mem, arena_cstr(mem, sql));
    assert_int_equal(t.nconstraints, 1);
    assert_int_equal(t.constraints[0].column, 0);
    return t.constraints[0];
}

static struct str joined(struct arena *mem, const struct str *v, uint32_t n)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&b, "%s%.*s", i ? "|" : "", STR_ARG(v[i]));
    return sb_view(&b);
}

static void the_name_and_the_options(void **state)
{
    static const struct {
        const char *sql, *name;
        bool strict, without_rowid;
    } rows[] = {
        {"CREATE TABLE t(a)", "t", false, false},
        {"create table \"T b\" (a);", "T b", false, false},
        {"CREATE TABLE IF NOT EXISTS main.[x] (a)", "x", false, false},
        {"CREATE TEMP TABLE t (a)", "t", false, false},
        {"CREATE TEMPORARY TABLE t (a)", "t", false, false},
        {"CREATE TABLE 't' (a) STRICT", "t", true, false},
        {"CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID", "t", false, true},
        {"CREATE TABLE t (a PRIMARY KEY) without rowid , Strict ;", "t", true, true},
        {"CREATE TABLE t (a PRIMARY KEY) strict, without rowid", "t", true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lite_table t = table(*state, rows[i].sql);
        assert_str(t.name, rows[i].name);
        assert_int_equal(t.strict, rows[i].strict);
        assert_int_equal(t.without_rowid, rows[i].without_rowid);
        assert_int_equal(t.ncolumns, 1);
    }
}

static void names_and_types(void **state)
{
    static const char *const rows[][3] = {
        {"a", "a", ""},
        {"A INTEGER", "A", "integer"},
        {"\"a b\" VARCHAR ( 10 )", "a b", "varchar(10)"},
        {"a DECIMAL(10, -2) NOT NULL", "a", "decimal(10,-2)"},
        {"a DOUBLE PRECISION", "a", "double precision"},
        {"a \"My Type\"", "a", "my type"},
        {"'a' int", "a", "int"},
        {"a key", "a", "key"},
        {"a \"int\" x", "a", "int"},
        {"a int generated", "a", "int generated"},
        {"a generated AS (1)", "a", "generated"},
        {"a int generated always", "a", "int"},
        {"a generated always", "a", ""},
        {"a int generated always as (1)", "a", "int"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lite_column c = column(*state, rows[i][0]);
        assert_str(c.name, rows[i][1]);
        assert_str(c.type, rows[i][2]);
    }
}

static void clauses_of_a_column(void **state)
{
    struct arena *mem = *state;
    struct lite_column c = column(mem, "a");
    assert_false(c.notnull || c.stored);
    assert_true(str_is_null(c.dflt) && str_is_null(c.collate) && str_is_null(c.generated));
    c = column(mem, "a text COLLATE \"NoCase\" NOT NULL ON CONFLICT Fail DEFAULT 'x'");
    assert_str(c.collate, "nocase");
    assert_true(c.notnull);
    assert_str(c.notnull_conflict, "fail");
    assert_str(c.dflt, "'x'");
    c = column(mem, "a AS (B + 1), B");
    assert_str(c.generated, "b + 1");
    assert_false(c.stored);
    c = column(mem, "a int GENERATED ALWAYS AS ( lower(\"b\") ) STORED, b");
    assert_str(c.generated, "lower(b)");
    assert_true(c.stored);
    assert_false(column(mem, "a AS (1) VIRTUAL").stored);
    assert_true(str_is_null(column(mem, "a NULL ON CONFLICT IGNORE").notnull_conflict));
    assert_false(column(mem, "a NULL").notnull);
}

static void defaults_of_a_column(void **state)
{
    static const char *const rows[][2] = {
        {"a DEFAULT 1", "1"},           {"a DEFAULT -1", "- 1"},     {"a DEFAULT +1", "+ 1"},
        {"a DEFAULT (1 + 2)", "1 + 2"}, {"a DEFAULT x", "\"x\""},    {"a DEFAULT \"X\"", "\"X\""},
        {"a DEFAULT true", "true"},     {"a DEFAULT x'00'", "x'00'"}};
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(column(mem, rows[i][0]).dflt, rows[i][1]);
    assert_true(str_is_null(column(mem, "a DEFAULT NULL").dflt));
    assert_true(str_is_null(column(mem, "a DEFAULT (null)").dflt));
}

static void names_of_clauses(void **state)
{
    struct lite_column c =
        column(*state, "a CONSTRAINT c1 COLLATE x CONSTRAINT c2 DEFAULT 1 CONSTRAINT \"C 4\" NOT "
                       "NULL CONSTRAINT c5 NULL CONSTRAINT gone, b CONSTRAINT c3 AS (1)");
    static const char *const want[] = {"c1", "c2", NULL, "C 4", "c5"};
    for (size_t i = 0; i < 5; i++)
        if (want[i])
            assert_str(c.constraint_name[i], want[i]);
        else
            assert_true(str_is_null(c.constraint_name[i]));
    assert_str(column(*state, "a CONSTRAINT c3 AS (1)").constraint_name[2], "c3");
    assert_string_equal(lite_clause_names[2], "generated");
    assert_string_equal(lite_clause_names[3], "not null");
}

static void the_text_of_a_column_is_without_its_constraints(void **state)
{
    struct arena *mem = *state;
    struct lite_table t = table(mem, "CREATE TABLE t (a /* x */ INT NOT NULL UNIQUE CONSTRAINT d "
                                     "DEFAULT 1 CHECK (a > 0) COLLATE nocase -- end\n, b)");
    assert_str(t.columns[0].src, "a /* x */ INT NOT NULL CONSTRAINT d DEFAULT 1 COLLATE nocase");
    assert_int_equal(t.nconstraints, 2);
    assert_str(t.constraints[0].src, "UNIQUE");
    assert_str(t.constraints[1].src, "CHECK (a > 0)");
    assert_str(t.columns[1].src, "b");
}

static void keys_at_a_column(void **state)
{
    struct arena *mem = *state;
    struct lite_constraint k = at_column(mem, "PRIMARY KEY");
    assert_int_equal(k.kind, LITE_PRIMARY_KEY);
    assert_str(joined(mem, k.terms, k.nterms), "a");
    assert_false(k.autoincrement || k.inline_desc);
    assert_true(str_is_null(k.name) && str_is_null(k.conflict));
    k = at_column(mem, "CONSTRAINT Pk PRIMARY KEY ASC ON CONFLICT Replace AUTOINCREMENT");
    assert_str(k.name, "Pk");
    assert_str(k.conflict, "replace");
    assert_true(k.autoincrement);
    assert_str(joined(mem, k.terms, k.nterms), "a");
    k = at_column(mem, "PRIMARY KEY DESC");
    assert_true(k.inline_desc);
    assert_str(joined(mem, k.terms, k.nterms), "a desc");
    k = at_column(mem, "UNIQUE ON CONFLICT IGNORE");
    assert_int_equal(k.kind, LITE_UNIQUE);
    assert_str(k.conflict, "ignore");
    struct lite_table t = table(mem, "CREATE TABLE t (\"A b\" UNIQUE)");
    assert_str(t.constraints[0].terms[0], "\"a b\"");
}

static void keys_of_a_table(void **state)
{
    struct arena *mem = *state;
    struct lite_constraint k = constraint(
        mem,
        "CONSTRAINT k PRIMARY KEY (A, \"B\" COLLATE \"NoCase\" DESC, c ASC) ON CONFLICT ROLLBACK");
    assert_int_equal(k.kind, LITE_PRIMARY_KEY);
    assert_int_equal(k.column, -1);
    assert_str(k.name, "k");
    assert_str(joined(mem, k.terms, k.nterms), "a|b collate nocase desc|c");
    assert_str(k.conflict, "rollback");
    k = constraint(mem, "PRIMARY KEY (a AUTOINCREMENT)");
    assert_true(k.autoincrement);
    assert_str(joined(mem, k.terms, k.nterms), "a");
    k = constraint(mem, "UNIQUE (b, a) ON CONFLICT FAIL");
    assert_int_equal(k.kind, LITE_UNIQUE);
    assert_str(joined(mem, k.terms, k.nterms), "b|a");
    assert_str(k.conflict, "fail");
    assert_str(k.src, "UNIQUE (b, a) ON CONFLICT FAIL");
}

static void checks(void **state)
{
    struct arena *mem = *state;
    struct lite_constraint k = constraint(mem, "CONSTRAINT c CHECK ( A>0 AND \"B\"<> \"No\" )");
    assert_int_equal(k.kind, LITE_CHECK);
    assert_str(k.expr, "a > 0 and b <> \"No\"");
    assert_str(constraint(mem, "CHECK (T.A > RowId) ON CONFLICT fail").expr, "t.a > rowid");
    assert_str(constraint(mem, "CHECK (a) ON CONFLICT fail").conflict, "fail");
    assert_str(at_column(mem, "CHECK(\"a\" IN (1))").expr, "a in (1)");
    assert_str(constraint(mem, "CHECK (\"OID\" = \"_RowId_\")").expr, "oid = _rowid_");
}

static void foreign_keys(void **state)
{
    struct arena *mem = *state;
    struct lite_constraint k =
        constraint(mem, "FOREIGN KEY (A, \"b\") REFERENCES \"P q\" (X, y) ON DELETE SET NULL ON "
                        "UPDATE CASCADE MATCH Full NOT DEFERRABLE INITIALLY immediate");
    assert_int_equal(k.kind, LITE_FOREIGN_KEY);
    assert_str(joined(mem, k.terms, k.nterms), "a|b");
    assert_str(k.ref_table, "P q");
    assert_str(joined(mem, k.ref_columns, k.nref_columns), "X|y");
    assert_str(k.on_delete, "set null");
    assert_str(k.on_update, "cascade");
    assert_str(k.match, "full");
    assert_str(k.deferrable, "not deferrable initially immediate");
    k = at_column(mem, "REFERENCES p ON UPDATE NO ACTION ON DELETE SET DEFAULT");
    assert_str(joined(mem, k.terms, k.nterms), "a");
    assert_int_equal(k.nref_columns, 0);
    assert_str(k.on_update, "no action");
    assert_str(k.on_delete, "set default");
    assert_true(str_is_null(k.match) && str_is_null(k.deferrable));
    /* SQLite takes ON INSERT and does nothing with it */
    k = at_column(mem, "REFERENCES p ON INSERT RESTRICT");
    assert_true(str_is_null(k.on_delete) && str_is_null(k.on_update));
}

static void deferrable_may_stand_apart(void **state)
{
    struct arena *mem = *state;
    struct lite_table t = table(mem, "CREATE TABLE t (a REFERENCES p NOT NULL DEFERRABLE INITIALLY "
                                     "DEFERRED)");
    assert_str(t.constraints[0].deferrable, "deferrable initially deferred");
    assert_str(t.constraints[0].src, "REFERENCES p DEFERRABLE INITIALLY DEFERRED");
    assert_true(t.columns[0].notnull);
    assert_str(at_column(mem, "REFERENCES p NOT DEFERRABLE").deferrable, "not deferrable");
}

static void a_name_with_nothing_behind_it_is_forgotten(void **state)
{
    struct arena *mem = *state;
    struct lite_table t = table(mem, "CREATE TABLE t (a CONSTRAINT x CONSTRAINT y UNIQUE, "
                                     "CONSTRAINT z, CONSTRAINT w)");
    assert_int_equal(t.nconstraints, 1);
    assert_str(t.constraints[0].name, "y");
}

static void the_comma_between_constraints_may_be_missing(void **state)
{
    struct lite_table t = table(*state, "CREATE TABLE t (a, b, UNIQUE (a) UNIQUE (b) CHECK (a), "
                                        "CONSTRAINT f FOREIGN KEY (a) REFERENCES p)");
    assert_int_equal(t.ncolumns, 2);
    assert_int_equal(t.nconstraints, 4);
    assert_str(t.constraints[3].name, "f");
}

static void what_is_not_understood(void **state)
{
    static const char *const bad[] = {"",
                                      "CREATE",
                                      "SELECT 1",
                                      "CREATE VIEW t (a)",
                                      "CREATE TABLE",
                                      "CREATE TABLE t",
                                      "CREATE TABLE t (",
                                      "CREATE TABLE t (a",
                                      "CREATE TABLE t ()",
                                      "CREATE TABLE t (a,)",
                                      "CREATE TABLE t (a) x",
                                      "CREATE TABLE t (a) WITHOUT x",
                                      "CREATE TABLE t (a); x",
                                      "CREATE TABLE t AS SELECT 1",
                                      "CREATE TABLE t (a 'b)",
                                      "CREATE TABLE t (a NOT)",
                                      "CREATE TABLE t (a PRIMARY)",
                                      "CREATE TABLE t (a CHECK)",
                                      "CREATE TABLE t (a CHECK (b)",
                                      "CREATE TABLE t (a REFERENCES)",
                                      "CREATE TABLE t (a REFERENCES p ON)",
                                      "CREATE TABLE t (a REFERENCES p ON DELETE)",
                                      "CREATE TABLE t (a REFERENCES p ON DELETE 1)",
                                      "CREATE TABLE t (a UNIQUE ON x)",
                                      "CREATE TABLE t (a UNIQUE ON CONFLICT 1)",
                                      "CREATE TABLE t (a DEFAULT)",
                                      "CREATE TABLE t (a AS b)",
                                      "CREATE TABLE t (a + 1)",
                                      "CREATE TABLE t (a GENERATED ALWAYS AS 1)",
                                      "CREATE TABLE t (a, UNIQUE)",
                                      "CREATE TABLE t (a, UNIQUE ())",
                                      "CREATE TABLE t (a, UNIQUE (a b c) x)",
                                      "CREATE TABLE t (a, FOREIGN (a))",
                                      "CREATE TABLE t (a, FOREIGN KEY (a))",
                                      "CREATE TABLE t (a, CONSTRAINT c b)",
                                      "CREATE TABLE t (a, UNIQUE (a), b)",
                                      "CREATE TABLE t (a DEFERRABLE)",
                                      "CREATE TABLE t (a UNIQUE, b NOT DEFERRABLE)",
                                      "CREATE TABLE t (UNIQUE (a))",
                                      "CREATE TABLE IF t (a)",
                                      "CREATE TABLE t (1)"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lite_table t;
        if (lite_parse_table(*state, str_c(bad[i]), &t))
            fail_msg("passes for a table: %s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_name_and_the_options),
        TEST(names_and_types),
        TEST(clauses_of_a_column),
        TEST(defaults_of_a_column),
        TEST(names_of_clauses),
        TEST(the_text_of_a_column_is_without_its_constraints),
        TEST(keys_at_a_column),
        TEST(keys_of_a_table),
        TEST(checks),
        TEST(foreign_keys),
        TEST(deferrable_may_stand_apart),
        TEST(a_name_with_nothing_behind_it_is_forgotten),
        TEST(the_comma_between_constraints_may_be_missing),
        TEST(what_is_not_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
