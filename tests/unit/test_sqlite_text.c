/*
 * What is and what is no difference between two schemas of SQLite. Whatever the answer, the
 * fingerprints and the comparison must give the same one.
 */

#include "diff/diff.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

struct pair {
    const char *one, *two;
};

static bool is_same(struct arena *mem, const char *one, const char *two)
{
    struct catalog *a = sql_catalog(mem, one, "one.db"), *b = sql_catalog(mem, two, "two.db");
    struct changes *c;
    struct err e = {0};
    assert_ok(diff_catalogs(a, b, a->facets, mem, &c, &e), e);
    assert_int_equal(a->nledger + b->nledger, 0);
    bool equal = a->fingerprint.lo == b->fingerprint.lo && a->fingerprint.hi == b->fingerprint.hi;
    if (equal != (c->n == 0))
        fail_msg("the fingerprint and the comparison disagree: <%s> <%s>", one, two);
    return equal;
}

static const char *in_frame(struct arena *mem, const char *frame, const char *text)
{
    struct strbuf b = sb_new(mem, 0);
    for (; *frame; frame++)
        if (*frame == '@')
            sb_c(&b, text);
        else
            sb_char(&b, *frame);
    return arena_cstr(mem, sb_view(&b));
}

/* Each pair in the frame, where it stands for @. */
static void all(struct arena *mem, const char *frame, const struct pair *pairs, size_t n, bool same)
{
    for (size_t i = 0; i < n; i++)
        if (is_same(mem, in_frame(mem, frame, pairs[i].one), in_frame(mem, frame, pairs[i].two)) !=
            same)
            fail_msg("%s: <%s> <%s>", same ? "differ" : "are the same", pairs[i].one, pairs[i].two);
}
#define SAME(mem, frame, pairs) all((mem), (frame), (pairs), sizeof(pairs) / sizeof *(pairs), true)
#define DIFFER(mem, frame, pairs)                                                                  \
    all((mem), (frame), (pairs), sizeof(pairs) / sizeof *(pairs), false)

static const char table[] = "CREATE TABLE t (z INT, @)";

static void spelling_of_columns(void **state)
{
    static const struct pair pairs[] = {
        {"a int", "a INT"},
        {"a int", "a /* x */ Int -- y\n"},
        {"a int", "\"a\" int"},
        {"a int", "[a]  int"},
        {"a varchar(10)", "`a` VARCHAR ( 10 )"},
        {"a double precision", "a DOUBLE\n\tPRECISION"},
        {"a int", "a \"INT\""},
        {"a int not null default 1", "a int DEFAULT 1 NOT NULL"},
        {"a text collate nocase", "a TEXT COLLATE \"NoCase\""},
        {"a text default 'x' check (a <> '')", "a text check(A<>'')DEFAULT('x')"},
    };
    SAME(*state, table, pairs);
}

static void words_that_say_the_default(void **state)
{
    static const struct pair pairs[] = {
        {"a int", "a int NULL"},
        {"a int", "a int DEFAULT NULL"},
        {"a int", "a int DEFAULT (NULL)"},
        {"a int as (z + 1)", "a int GENERATED ALWAYS AS (z + 1) VIRTUAL"},
        {"a int primary key", "a int PRIMARY KEY ASC"},
        {"a int, unique (a)", "a int, UNIQUE (a ASC)"},
        {"a default 1", "a default (1)"},
        {"a default 1", "a default ((1))"},
        {"a int", "a int CONSTRAINT k"},
    };
    SAME(*state, table, pairs);
}

static void at_the_column_or_at_the_table(void **state)
{
    static const struct pair pairs[] = {
        {"a int unique", "a int, UNIQUE (a)"},
        {"a int primary key", "a int, PRIMARY KEY (\"A\")"},
        {"a int references p (x)", "a int, FOREIGN KEY (a) REFERENCES p (x)"},
        {"a int check (a > z)", "a int, CHECK (a > z)"},
        {"a int constraint k unique", "a int, CONSTRAINT K UNIQUE (a)"},
        {"a int unique references p (x)", "a int REFERENCES p (x) UNIQUE"},
        {"a int, unique (a), check (a > 1)", "a int, CHECK (a > 1), UNIQUE (a)"},
        {"a integer primary key autoincrement", "a integer, primary key (a autoincrement)"},
        {"a int references p (x) on delete cascade on update restrict",
         "a int references p (x) on update restrict on delete cascade"},
    };
    SAME(*state, "CREATE TABLE p (x PRIMARY KEY); CREATE TABLE t (z INT, @)", pairs);
}

static void columns_that_differ(void **state)
{
    static const struct pair pairs[] = {
        {"a int", "b int"},
        {"a int", "A int"},
        {"a int", "a integer"},
        {"a varchar(10)", "a varchar(11)"},
        {"a int", "a int not null"},
        {"a int not null", "a int not null on conflict ignore"},
        {"a int default 1", "a int"},
        {"a int default 1", "a int default 2"},
        {"a text default 'x'", "a text default 'X'"},
        {"a text default 'x'", "a text default 'x '"},
        {"a default 1", "a default '1'"},
        {"a default true", "a default 'true'"},
        {"a default current_date", "a default 'current_date'"},
        {"a text", "a text collate nocase"},
        {"a text collate nocase", "a text collate rtrim"},
        {"a text", "a text collate binary"},
        {"a int as (z)", "a int as (z) stored"},
        {"a int as (z + 1)", "a int as (z + 2)"},
        {"a int as (z)", "a int"},
        {"a int constraint n not null", "a int not null"},
    };
    DIFFER(*state, table, pairs);
}

static void constraints_that_differ(void **state)
{
    static const struct pair pairs[] = {
        {"a int unique", "a int"},
        {"a int unique", "a int primary key"},
        {"a int unique", "a int unique on conflict replace"},
        {"a int constraint k unique", "a int unique"},
        {"a int constraint k unique", "a int constraint l unique"},
        {"a int, unique (a, z)", "a int, unique (z, a)"},
        {"a int, unique (a)", "a int, unique (a desc)"},
        {"a int, unique (a)", "a int, unique (a collate nocase)"},
        {"a integer primary key", "a integer primary key desc"},
        {"a integer primary key", "a integer primary key autoincrement"},
        {"a int check (a > 1)", "a int check (a > 2)"},
        {"a int check (a > 1)", "a int check (a >= 1)"},
        {"a text check (a = 'x')", "a text check (a = 'X')"},
        {"a int check (a > 1)", "a int check ((a) > 1)"},
        {"a int references p (x)", "a int"},
        {"a int references p (x)", "a int references p"},
        {"a int references p (x)", "a int references q (x)"},
        {"a int references p (x)", "a int references p (y)"},
        {"a int references p (x)", "a int references p (x) on delete cascade"},
        {"a int references p (x)", "a int references p (x) on delete no action"},
        {"a int references p (x) on update cascade", "a int references p (x) on delete cascade"},
        {"a int references p (x)", "a int references p (x) match full"},
        {"a int references p (x)", "a int references p (x) deferrable initially deferred"},
        {"a int references p (x)", "a int references p (x) not deferrable"},
    };
    DIFFER(*state,
           "CREATE TABLE p (x UNIQUE, y UNIQUE); CREATE TABLE q (x UNIQUE); CREATE TABLE t "
           "(z INT, @)",
           pairs);
}

static void tables(void **state)
{
    static const struct pair same[] = {
        {"CREATE TABLE t (a int primary key, b int) WITHOUT ROWID, STRICT",
         "CREATE TABLE t (a int primary key, b int) strict, without rowid;"},
        {"CREATE TABLE t (a)", "create table if not exists main.\"t\" ( a )"},
        {"CREATE TABLE t (a, b)", "CREATE TABLE t (b, a)"}};
    static const struct pair other[] = {
        {"CREATE TABLE t (a)", "CREATE TABLE T (a)"},
        {"CREATE TABLE t (a)", "CREATE TABLE u (a)"},
        {"CREATE TABLE t (a)", "CREATE VIEW t AS SELECT 1 AS a"},
        {"CREATE TABLE t (a int)", "CREATE TABLE t (a int) STRICT"},
        {"CREATE TABLE t (a int primary key)", "CREATE TABLE t (a int primary key) WITHOUT ROWID"},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TABLE u (a)"},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a, b)"}};
    SAME(*state, "@", same);
    DIFFER(*state, "@", other);
}

static const char on_table[] = "CREATE TABLE t (a, b, \"c d\"); @";

static void indexes(void **state)
{
    static const struct pair same[] = {
        {"CREATE INDEX i ON t (a)", "create index if not exists main.[i] on \"t\" ( \"A\" ASC )"},
        {"CREATE INDEX i ON t (a, lower(b))", "CREATE INDEX i ON t(A,LOWER( \"b\" ))"},
        {"CREATE INDEX i ON t (a) WHERE a > 1", "CREATE INDEX i ON t (a) WHERE A>/* x */1"},
        {"CREATE INDEX i ON t (a COLLATE nocase)", "CREATE INDEX i ON t (a COLLATE [NOCASE])"}};
    static const struct pair other[] = {
        {"CREATE INDEX i ON t (a)", "CREATE INDEX I ON t (a)"},
        {"CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a)"},
        {"CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (b)"},
        {"CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a DESC)"},
        {"CREATE INDEX i ON t (a, b)", "CREATE INDEX i ON t (b, a)"},
        {"CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a COLLATE nocase)"},
        {"CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a) WHERE a"},
        {"CREATE INDEX i ON t (a) WHERE b = 'x'", "CREATE INDEX i ON t (a) WHERE b = 'X'"}};
    SAME(*state, on_table, same);
    DIFFER(*state, on_table, other);
}

static void views(void **state)
{
    static const struct pair same[] = {
        {"CREATE VIEW v AS SELECT a FROM t", "create view if not exists [v] as select a\nFROM t"},
        {"CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW v AS SELECT \"a\" FROM `t` -- end"},
        {"CREATE VIEW v AS SELECT LOWER(a) FROM t", "CREATE VIEW v AS SELECT lower( a ) FROM t"}};
    static const struct pair other[] = {
        {"CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW V AS SELECT a FROM t"},
        {"CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW v AS SELECT b FROM t"},
        {"CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW v AS SELECT A FROM t"},
        {"CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW v (a) AS SELECT a FROM t"},
        {"CREATE VIEW v (x) AS SELECT a FROM t", "CREATE VIEW v (X) AS SELECT a FROM t"},
        {"CREATE VIEW v AS SELECT 'x'", "CREATE VIEW v AS SELECT 'X'"},
        {"CREATE VIEW v AS SELECT 'x  y'", "CREATE VIEW v AS SELECT 'x y'"}};
    SAME(*state, on_table, same);
    DIFFER(*state, on_table, other);
}

static void triggers(void **state)
{
    static const struct pair same[] = {
        {"AFTER INSERT ON t BEGIN SELECT 1; END", "after insert on main.\"t\" begin select 1;end"},
        {"AFTER UPDATE OF a ON t WHEN new.a > 1 BEGIN SELECT 1; END",
         "AFTER UPDATE OF \"A\" ON t WHEN NEW.a>1 BEGIN /* x */ SELECT 1; END"}};
    static const struct pair other[] = {
        {"AFTER INSERT ON t BEGIN SELECT 1; END", "BEFORE INSERT ON t BEGIN SELECT 1; END"},
        {"INSERT ON t BEGIN SELECT 1; END", "BEFORE INSERT ON t BEGIN SELECT 1; END"},
        {"INSERT ON t BEGIN SELECT 1; END", "DELETE ON t BEGIN SELECT 1; END"},
        {"INSERT ON t BEGIN SELECT 1; END", "INSERT ON t FOR EACH ROW BEGIN SELECT 1; END"},
        {"INSERT ON t BEGIN SELECT 1; END", "INSERT ON t BEGIN SELECT 2; END"},
        {"INSERT ON t BEGIN SELECT 1; END", "INSERT ON t WHEN 1 BEGIN SELECT 1; END"},
        {"UPDATE ON t BEGIN SELECT 1; END", "UPDATE OF a ON t BEGIN SELECT 1; END"},
        {"UPDATE OF a, b ON t BEGIN SELECT 1; END", "UPDATE OF b ON t BEGIN SELECT 1; END"}};
    static const char frame[] = "CREATE TABLE t (a, b); CREATE TRIGGER tr @";
    SAME(*state, frame, same);
    DIFFER(*state, frame, other);
}

static void virtual_tables(void **state)
{
    static const struct pair same[] = {
        {"fts5(a, b)", "FTS5 ( \"a\" ,/* x */ b )"},
        {"fts5(a, tokenize = 'ascii')", "fts5(a,,tokenize='ascii')"}};
    static const struct pair other[] = {
        {"fts5(a)", "fts5(b)"},
        {"fts5(a, b)", "fts5(b, a)"},
        {"fts5(a)", "fts5(a UNINDEXED)"},
        {"fts5(a, tokenize = 'ascii')", "fts5(a, tokenize = 'porter')"},
        {"fts4(a)", "fts5(a)"}};
    SAME(*state, "CREATE VIRTUAL TABLE v USING @", same);
    DIFFER(*state, "CREATE VIRTUAL TABLE v USING @", other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spelling_of_columns),
        TEST(words_that_say_the_default),
        TEST(at_the_column_or_at_the_table),
        TEST(columns_that_differ),
        TEST(constraints_that_differ),
        TEST(tables),
        TEST(indexes),
        TEST(views),
        TEST(triggers),
        TEST(virtual_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
