/* Master changelogs: includes as Liquibase follows them, changeSets of all forms, what they do. */

#include "changelog/master.h"
#include "tests/harness/unit.h"

struct file {
    const char *path, *text;
};
static const struct file *files;

static int read_file(void *unused, struct str path, struct arena *mem, struct str *text,
                     struct err *e)
{
    (void)unused;
    (void)mem;
    for (const struct file *f = files; f->path; f++)
        if (str_eq_c(path, f->path)) {
            *text = str_c(f->text);
            return 0;
        }
    return err_set(e, E_NO_SUCH_FILE, "%.*s", STR_ARG(path));
}

static int list_files(void *unused, struct str path, struct arena *mem, struct str **names,
                      uint32_t *n, struct err *e)
{
    VEC(struct str) found = {0};
    (void)unused;
    for (const struct file *f = files; f->path; f++) {
        struct str rest = str_c(f->path);
        if (!str_starts(rest, path) || rest.n == path.n || rest.p[path.n] != '/')
            continue;
        rest = str_from(rest, path.n + 1);
        size_t slash = str_chr(rest, '/');
        rest = str_sub(rest, 0, slash < rest.n ? slash + 1 : slash);
        bool known = false;
        for (uint32_t i = 0; i < found.n; i++)
            known = known || str_eq(found.v[i], rest);
        if (!known)
            VEC_PUSH(mem, found, rest);
    }
    *names = found.v;
    *n = found.n;
    return found.n ? 0 : err_set(e, E_NO_SUCH_FILE, "%.*s", STR_ARG(path));
}

static const struct log_io io = {NULL, read_file, list_files};

/* "path:id:line ..." of all changeSets, then the rules of what is wrong, or the error's name. */
static struct str sets(struct arena *mem, const struct file *all, const char *path, bool lenient)
{
    struct master m;
    struct err e = {0};
    struct strbuf b = sb_new(mem, 0);
    files = all;
    if (master_read(str_c(path), STR(""), &io, lenient, mem, &m, &e))
        return arena_printf(mem, "%s", err_name(e.code));
    for (uint32_t i = 0; i < m.n; i++)
        sb_printf(&b, "%s%.*s:%.*s:%u", i ? " " : "", STR_ARG(m.sets[i].file),
                  STR_ARG(m.sets[i].id), m.sets[i].line);
    for (uint32_t i = 0; i < m.ntroubles; i++)
        sb_printf(&b, " %s:%u", m.troubles[i].rule, m.troubles[i].line);
    return sb_view(&b);
}

#define ONE(id) "databaseChangeLog:\n- changeSet: {id: " id ", author: a}\n"
#define FOLLOW(file) "databaseChangeLog:\n- include: {file: " file "}\n"

static void includes(void **state)
{
    static const struct file all[] = {
        {"m.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: a}\n- include:\n    file: "
                   "db/x.yaml\n- changeSet: {id: 2, author: a}\n- includeAll: {path: db/all}\n"},
        {"db/x.yaml", "databaseChangeLog:\n- include: {file: all/../y.json, "
                      "relativeToChangelogFile: true}\n- changeSet: {id: 3, author: a}\n"},
        {"db/y.json", "{\"databaseChangeLog\": [\n{\"changeSet\": {\"id\": \"4\"}}]}"},
        {"db/all/b.yaml", ONE("b")},
        {"db/all/a/z.sql", "--liquibase formatted sql\n--changeset a:z\nA\n"},
        {"db/all/B.xml", "<databaseChangeLog logicalFilePath=\"logical\">\n<changeSet id=\"B\"/>"
                         "<changeSet id=\"C\" logicalFilePath=\"own\"/></databaseChangeLog>"},
        {"db/all/raw.sql", "SELECT 1;\n"},
        {"db/all/README.md", "none"},
        {0, 0},
    };
    assert_str(sets(*state, all, "m.yaml", false),
               "m.yaml:1:2 db/y.json:4:2 db/x.yaml:3:3 m.yaml:2:5 logical:B:2 own:C:2 "
               "db/all/a/z.sql:z:2 db/all/b.yaml:b:2 db/all/raw.sql:raw:1");
    assert_str(sets(*state, all, "./db/../m.yaml", false), "NO_SUCH_FILE");
}

static void wrong_includes(void **state)
{
    static const struct file all[] = {
        {"none.yaml", "databaseChangeLog:\n- include: {file: no.yaml}\n- changeSet: {id: 1}\n"},
        {"self.yaml", FOLLOW("self.yaml")},
        {"a.yaml", FOLLOW("b.yaml")},
        {"b.yaml", FOLLOW("a.yaml")},
        {"out.yaml", FOLLOW("../x.yaml")},
        {"empty.yaml", "databaseChangeLog:\n- includeAll: {path: nowhere}\n"},
        {"may.yaml",
         "databaseChangeLog:\n- includeAll: {path: nowhere, errorIfMissingOrEmpty: false}\n"},
        {"class.yaml", "databaseChangeLog:\n- includeAll: {path: d, filter: com.Filter}\n"},
        {"bad.yaml", FOLLOW("broken.yaml")},
        {"broken.yaml", "databaseChangeLog: [\n"},
        {0, 0},
    };
    static const char *const rows[][2] = {{"none.yaml", "none.yaml:1:3 missing-file:2"},
                                          {"self.yaml", " include-cycle:2"},
                                          {"a.yaml", " include-cycle:2"},
                                          {"out.yaml", " outside:2"},
                                          {"empty.yaml", " missing-file:2"},
                                          {"class.yaml", " include:2"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_str(sets(*state, all, rows[i][0], true), rows[i][1]);
        assert_str(sets(*state, all, rows[i][0], false), "CHANGELOG_INCLUDE");
    }
    assert_str(sets(*state, all, "may.yaml", false), "");
    assert_str(sets(*state, all, "bad.yaml", true), "CHANGELOG_SYNTAX");
}

/* Includes that go deeper and deeper, and files that are included again and again. */
static void bounds(void **state)
{
    enum { DEEP = 40 };
    struct file deep[DEEP + 1] = {{0, 0}};
    struct arena *mem = *state;
    for (int i = 0; i < DEEP; i++) {
        deep[i].path = arena_printf(mem, "%d.yaml", i).p;
        deep[i].text =
            arena_printf(mem, "databaseChangeLog:\n- include: {file: %d.yaml}\n", i + 1).p;
    }
    assert_str(sets(mem, deep, "0.yaml", true), "LIMIT");
    struct strbuf many = sb_new(mem, 0);
    sb_c(&many, "databaseChangeLog:\n");
    for (int i = 0; i < 200; i++)
        sb_c(&many, "- include: {file: 1.yaml}\n");
    struct file wide[] = {
        {"0.yaml", sb_view(&many).p}, {"1.yaml", NULL}, {"2.yaml", ONE("x")}, {0, 0}};
    struct strbuf again = sb_new(mem, 0);
    sb_c(&again, "databaseChangeLog:\n");
    for (int i = 0; i < 200; i++)
        sb_c(&again, "- include: {file: 2.yaml}\n");
    wide[1].text = sb_view(&again).p;
    assert_str(sets(mem, wide, "0.yaml", true), "LIMIT");
}

/* The same thing in every form has the same content. */
static void forms_are_one(void **state)
{
    static const char *const rows[][2] = {
        {"m.yaml", "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n"
                   "    - createIndex:\n        unique: true\n        tableName: t\n        "
                   "indexName: i\n        columns:\n        - column: {name: c, descending: true}\n"
                   "    - sql: {sql: \"A '${${snap.d}}${${snap.d}}snap.d}}x}';\\r\\n\", "
                   "splitStatements: false}\n    rollback:\n    - sql: B\n"},
        {"m.json", "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"1\", \"author\": \"a\", "
                   "\"changes\": [{\"createIndex\": {\"indexName\": \"i\", \"tableName\": \"t\", "
                   "\"unique\": \"true\", \"columns\": [{\"column\": {\"descending\": true, "
                   "\"name\": \"c\"}}]}}, {\"sql\": \"A '${x}'\"}], \"rollback\": [{\"sql\": "
                   "{\"sql\": \"B\"}}]}}]}"},
        {"m.xml", "<databaseChangeLog><changeSet id='1' author='a'><comment>x</comment>"
                  "<createIndex indexName='i' tableName='t' unique='true'><column name='c' "
                  "descending='true'/></createIndex><sql splitStatements='false'><![CDATA[A '${x}'"
                  "]]></sql><rollback><sql>B</sql></rollback></changeSet></databaseChangeLog>"},
    };
    struct master first, m;
    struct err e = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(master_of_text(str_c(rows[i][1]), str_c(rows[i][0]), STR("m"), *state, &m, &e),
                  e);
        assert_int_equal(m.n, 1);
        assert_int_equal(m.sets[0].rollback, ROLLBACK_LIST);
        if (!i)
            first = m;
        assert_true(log_same(&first.sets[0], &m.sets[0]));
    }
}

static enum log_rollback rollback_of(struct arena *mem, const char *name, const char *text)
{
    struct master m;
    struct err e = {0};
    assert_ok(master_of_text(str_c(text), str_c(name), STR("m"), mem, &m, &e), e);
    assert_int_equal(m.n, 1);
    return m.sets[0].rollback;
}

static void rollbacks(void **state)
{
    static const struct {
        const char *text;
        enum log_rollback want;
    } rows[] = {{"", ROLLBACK_ABSENT},
                {"    rollback:\n", ROLLBACK_VOID},
                {"    rollback: []\n", ROLLBACK_VOID},
                {"    rollback: ''\n", ROLLBACK_VOID},
                {"    rollback: EMPTY\n", ROLLBACK_EMPTY},
                {"    rollback:\n    - empty\n", ROLLBACK_EMPTY},
                {"    rollback: {empty: {}}\n", ROLLBACK_EMPTY},
                {"    rollback: drop table x\n", ROLLBACK_TEXT},
                {"    rollback: {changeSetId: 1, changeSetAuthor: a}\n", ROLLBACK_OTHER},
                {"    rollback:\n    - sql: x\n", ROLLBACK_LIST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = arena_printf(
            *state, "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n%s", rows[i].text);
        assert_int_equal(rollback_of(*state, "m.yaml", text.p), rows[i].want);
    }
    assert_int_equal(rollback_of(*state, "m.sql",
                                 "--liquibase formatted sql\n--changeset a:1\nA\n--rollback empty"),
                     ROLLBACK_EMPTY);
    assert_int_equal(rollback_of(*state, "m.sql",
                                 "--liquibase formatted sql\n--changeset a:1\nA\n/* liquibase "
                                 "rollback\nB\nC */\nD"),
                     ROLLBACK_LIST);
    assert_int_equal(rollback_of(*state, "m.xml",
                                 "<databaseChangeLog><changeSet id='1'><sql>A</sql>"
                                 "<rollback>B</rollback></changeSet></databaseChangeLog>"),
                     ROLLBACK_TEXT);
}

/* "verb kind name@parent; ..." */
static struct str touched(struct arena *mem, const char *sql)
{
    static const char *const verbs[] = {"+", "-", "~", "="};
    struct touches t = {0};
    struct strbuf b = sb_new(mem, 0);
    touch_sql(str_c(sql), mem, &t);
    for (uint32_t i = 0; i < t.n; i++)
        sb_printf(&b, "%s%s%s %.*s%s%.*s", i ? "; " : "", verbs[t.v[i].verb], t.v[i].kind,
                  STR_ARG(t.v[i].name), t.v[i].parent.n ? "@" : "", STR_ARG(t.v[i].parent));
    return sb_view(&b);
}

static void statements(void **state)
{
    static const char *const rows[][2] = {
        {"CREATE TABLE \"T\" (id int PRIMARY KEY, \"b c\" text DEFAULT ',', CHECK (a > (1)), d)",
         "+table t; +column id@t; +column b c@t; +column d@t"},
        {"create unique index concurrently if not exists i on only s.\"T\" (a)", "~index i@t"},
        {"CREATE INDEX ON t (a)", ""},
        {"/* x */ DROP INDEX -- y\n IF EXISTS i; drop view s.v", "-index i; -view v"},
        {"ALTER TABLE only s.t ADD COLUMN a int DEFAULT (1, 2), DROP b, ALTER COLUMN c SET NOT "
         "NULL",
         "+column a@t; -column b@t; ~column c@t"},
        {"alter table `t` add constraint x check (a), add primary key (b), rename to u",
         "+constraint x@t; +primary key t@t; -table t; +table u"},
        {"ALTER TABLE t RENAME COLUMN a TO b", "-column a@t; +column b@t"},
        {"CREATE OR REPLACE FUNCTION f() RETURNS int AS $x$ DROP TABLE q; $x$", "~routine f"},
        {"CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "+trigger g@t"},
        {"INSERT INTO t VALUES ('CREATE TABLE x (a)')", "=rows t@t"},
        {"drop table if exists a, s.b cascade; DROP FUNCTION f(int, text), g",
         "-table a; -table b; -routine f; -routine g"},
        {"RENAME TABLE a TO b, `c` TO d", "-table a; +table b; -table c; +table d"},
        {"ALTER TABLE t ADD UNIQUE KEY k (a, b), DROP INDEX l, DROP PRIMARY KEY, ADD CHECK (a), "
         "RENAME INDEX m TO n, COMMENT = 'x'",
         "+index k@t; -index l@t; -primary key t@t; =table t; -index m@t; +index n@t; =table t"},
        {"ALTER TABLE t ADD FOREIGN KEY f (a) REFERENCES u (b), DROP FOREIGN KEY g",
         "+constraint f@t; -constraint g@t"},
        {"ALTER TABLE ONLY s.t ENABLE ROW LEVEL SECURITY", "=table t"},
        {"COMMENT ON COLUMN s.\"T\".c IS 'x'; COMMENT ON TABLE t IS ''; comment on policy p on t "
         "is "
         "'y'; comment on extension e is 'z'",
         "=column c@t; =table t; =policy p@t; =other extension e"},
        {"GRANT SELECT (a), UPDATE ON t, u TO x; revoke usage on schema s from y; GRANT a TO b",
         "=table t; =table u; =schema s; =other grant"},
        {"UPDATE ONLY t SET a = 1; DELETE FROM s.u; INSERT OR REPLACE INTO v VALUES (1)",
         "=rows t@t; =rows u@u; =rows v@v"},
        {"CREATE EXTENSION IF NOT EXISTS e SCHEMA s; DROP EXTENSION e",
         "=other extension e; =other "
         "extension e"},
        {"CREATE EVENT TRIGGER g ON x EXECUTE FUNCTION f()", "=other event trigger"},
        {"CREATE EVENT e ON SCHEDULE AT now() DO DELETE FROM t", "+event e"},
        {"CREATE PROCEDURE p() BEGIN DELETE FROM t; IF 1 THEN CALL q; END IF; END", "+routine p"},
        {"SET lock_timeout = 1; SELECT 1; DO $$ BEGIN END $$", "=other do"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(touched(*state, rows[i][0]), rows[i][1]);
}

#define ADD(id)                                                                                    \
    "- changeSet:\n    id: " id "\n    author: a\n    changes:\n    - addColumn: {tableName: t, "  \
    "columns: [{column: {name: c, type: int}}]}\n"
#define DROP(id)                                                                                   \
    "- changeSet:\n    id: " id "\n    author: a\n    changes:\n    - dropColumn: {tableName: T, " \
    "columnName: C}\n"
#define INDEX(id)                                                                                  \
    "- changeSet:\n    id: " id                                                                    \
    "\n    author: a\n    changes:\n    - sql: CREATE INDEX i ON t (c)\n"

static enum log_standing stands(struct arena *mem, const char *master, const char *diff)
{
    struct master m, d;
    struct err e = {0};
    const struct log_set *which;
    struct str a = arena_printf(mem, "databaseChangeLog:\n%s", master);
    struct str b = arena_printf(mem, "databaseChangeLog:\n%s", diff);
    assert_ok(master_of_text(a, STR("m.yaml"), STR("m"), mem, &m, &e), e);
    assert_ok(master_of_text(b, STR("d.yaml"), STR("m"), mem, &d, &e), e);
    return log_stands(&m, &d.sets[0], &which);
}

/* The same change again is pending, unless it was taken back meanwhile. */
static void standing(void **state)
{
    assert_int_equal(stands(*state, INDEX("1"), ADD("2")), STANDS_NOWHERE);
    assert_int_equal(stands(*state, ADD("1"), ADD("2")), STANDS_THERE);
    assert_int_equal(stands(*state, ADD("1") INDEX("2"), ADD("3")), STANDS_THERE);
    assert_int_equal(stands(*state, ADD("1") DROP("2"), ADD("3")), STANDS_OVERTAKEN);
    assert_int_equal(stands(*state, ADD("1") DROP("2") ADD("3"), ADD("4")), STANDS_THERE);
    assert_int_equal(stands(*state, ADD("1") "    contextFilter: x\n", ADD("2")), STANDS_NOWHERE);
    assert_int_equal(stands(*state, ADD("1") "    dbms: x\n", ADD("2") "    dbms: y\n"),
                     STANDS_NOWHERE);
    assert_int_equal(stands(*state, ADD("1") "    dbms: x\n", ADD("2")), STANDS_THERE);
    assert_int_equal(stands(*state, ADD("1") "    dbms: x, y\n", ADD("2") "    dbms: z , Y\n"),
                     STANDS_THERE);
}

#define SAY(id, sql)                                                                               \
    "- changeSet:\n    id: " id "\n    author: a\n    changes:\n    - sql: \"" sql "\"\n"
#define KEY(id)                                                                                    \
    "- changeSet:\n    id: " id "\n    author: a\n    changes:\n    - addPrimaryKey: {tableName: " \
    "t, columnNames: c}\n"
#define RUN(id, command)                                                                           \
    "- changeSet:\n    id: " id                                                                    \
    "\n    author: a\n    changes:\n    - runCommand: {command: '" command "'}\n"

/* What was said, said otherwise, and is to be said again is no longer pending. */
static void said_again(void **state)
{
    static const struct {
        const char *first, *later;
        enum log_standing want;
    } rows[] = {
        {SAY("1", "COMMENT ON TABLE t IS 'x'"), SAY("2", "COMMENT ON TABLE t IS 'y'"),
         STANDS_OVERTAKEN},
        {SAY("1", "COMMENT ON TABLE t IS 'x'"), SAY("2", "COMMENT ON TABLE u IS 'y'"),
         STANDS_THERE},
        {SAY("1", "CREATE TABLE t (a int)"), SAY("2", "GRANT SELECT ON t TO x"), STANDS_THERE},
        {SAY("1", "GRANT SELECT ON t TO x"), SAY("2", "REVOKE SELECT ON t FROM x"),
         STANDS_OVERTAKEN},
        {SAY("1", "ALTER TABLE t COMMENT = 'x'"), SAY("2", "ALTER TABLE t COMMENT = ''"),
         STANDS_OVERTAKEN},
        {SAY("1", "INSERT INTO t VALUES (1)"), SAY("2", "DELETE FROM t"), STANDS_OVERTAKEN},
        {SAY("1", "CREATE INDEX i ON t (a)"), SAY("2", "DROP TABLE u, t"), STANDS_OVERTAKEN},
        {SAY("1", "ALTER TABLE t ADD a int"), SAY("2", "RENAME TABLE t TO u"), STANDS_OVERTAKEN},
        {SAY("1", "CREATE EXTENSION e"), SAY("2", "DROP EXTENSION e"), STANDS_OVERTAKEN},
        {SAY("1", "CREATE EXTENSION e"), SAY("2", "CREATE EXTENSION f"), STANDS_THERE},
        {KEY("1"), SAY("2", "DROP TABLE t"), STANDS_OVERTAKEN},
        {RUN("1", "{\"collMod\": \"c\", \"x\": 1}"), RUN("2", "{\"collMod\": \"c\", \"x\": 2}"),
         STANDS_OVERTAKEN},
        {RUN("1", "{\"collMod\": \"c\", \"x\": 1}"), RUN("2", "{\"collMod\": \"d\", \"x\": 2}"),
         STANDS_THERE},
        {RUN("1", "{\"collMod\": \"c\"}"), RUN("2", "{ \"drop\": \"c\" }"), STANDS_OVERTAKEN},
        {RUN("1", "{\"create\": \"c\"}"), RUN("2", "{\"drop\": \"c\"}"), STANDS_OVERTAKEN},
        {RUN("1", "{\"create\": \"c\"}"), RUN("2", "{\"createIndexes\": \"c\"}"), STANDS_THERE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str master = arena_printf(*state, "%s%s", rows[i].first, rows[i].later);
        assert_int_equal(stands(*state, master.p, rows[i].first), rows[i].want);
    }
}

/* What runs elsewhere, or may be passed over without a word, holds nothing. */
static void only_sometimes(void **state)
{
    static const struct {
        const char *more;
        enum log_standing want;
    } rows[] = {
        {"    dbms: '!x'\n", STANDS_NOWHERE},
        {"    dbms: '!y'\n", STANDS_THERE},
        {"    dbms: none\n", STANDS_NOWHERE},
        {"    dbms: all\n", STANDS_THERE},
        {"    ignore: true\n", STANDS_NOWHERE},
        {"    ignore: false\n", STANDS_THERE},
        {"    failOnError: false\n", STANDS_NOWHERE},
        {"    runOnChange: true\n", STANDS_THERE},
        {"    preConditions:\n    - onFail: MARK_RAN\n    - dbms: {type: x}\n", STANDS_NOWHERE},
        {"    preConditions: {onError: continue}\n", STANDS_NOWHERE},
        {"    preConditions:\n    - onFail: HALT\n    - dbms: {type: x}\n", STANDS_THERE},
        {"    modifySql:\n    - append: {value: x}\n", STANDS_NOWHERE},
        {"    context: x\n", STANDS_NOWHERE},
        {"    labels: x\n", STANDS_THERE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str master = arena_printf(*state, ADD("1") "%s", rows[i].more);
        assert_int_equal(stands(*state, master.p, ADD("2") "    dbms: x\n"), rows[i].want);
    }
}

/* The contexts under which each set runs, with a ? where it may be passed over. */
static void filters_of_includes(void **state)
{
    static const struct file all[] = {
        {"m.yaml",
         "databaseChangeLog:\n- contextFilter: root\n- include: {file: a.yaml, context: x}"
         "\n- includeAll: {path: d, contextFilter: z}\n- include: {file: b.sql, ignore: "
         "true}\n- changeSet: {id: 5, author: a, contextFilter: w}\n"},
        {"a.yaml", "databaseChangeLog:\n- changeSet: {id: 1, author: a}\n"
                   "- changeSet: {id: 2, author: a, context: y}\n"},
        {"d/c.xml", "<databaseChangeLog context='file'><changeSet id='3' author='a'/>"
                    "</databaseChangeLog>"},
        {"b.sql", "--liquibase formatted sql\n--changeset a:4\n--preconditions onFail:WARN\nA\n"
                  "--changeset a:6\n--preconditions onFail:MARK_RAN onError:HALT\nA\n"},
        {0}};
    struct master m;
    struct err e = {0};
    struct strbuf b = sb_new(*state, 0);
    files = all;
    assert_ok(master_read(STR("m.yaml"), STR(""), &io, false, *state, &m, &e), e);
    for (uint32_t i = 0; i < m.n; i++)
        sb_printf(&b, "%.*s=%.*s%s;", STR_ARG(m.sets[i].id), STR_ARG(m.sets[i].contexts),
                  m.sets[i].skips ? "?" : "");
    assert_str(sb_view(&b), "1=x;2=(x) and (y);3=(z) and (file);4=?;6=?;5=w;");
    assert_ok(master_of_text(str_c(all[3].text), STR("b.sql"), STR("b.sql"), *state, &m, &e), e);
    assert_false(m.sets[0].skips);
    assert_true(m.sets[1].skips);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(includes),       TEST(wrong_includes),     TEST(bounds),   TEST(forms_are_one),
        TEST(rollbacks),      TEST(statements),         TEST(standing), TEST(said_again),
        TEST(only_sometimes), TEST(filters_of_includes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
