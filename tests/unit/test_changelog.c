/* Changelogs read back for the replay: what is taken, and what is refused because Liquibase would
 * run something else. */

#include "changelog/changelog.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int read_log(struct arena *mem, const char *text, const char *label, struct replay *out,
                    struct err *e)
{
    *e = (struct err){0};
    return changelog_read(str_c(text), STR_NULL, str_c(label), &engine_sqlite, mem, out, e);
}

/* "id: statement; statement | statement of the rollback" */
static struct str shown(struct arena *mem, const struct replay *r)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->n; i++) {
        const struct replay_step *s = &r->v[i];
        sb_printf(&b, "%s%.*s:", i ? "\n" : "", STR_ARG(s->id));
        for (uint32_t k = 0; k < s->nfwd; k++)
            sb_printf(&b, " %.*s;", STR_ARG(s->fwd[k].text));
        sb_c(&b, s->no_rollback ? " none" : " |");
        for (uint32_t k = 0; k < s->nback; k++)
            sb_printf(&b, " %.*s;", STR_ARG(s->back[k].text));
    }
    return sb_view(&b);
}

#define SQL(t) "    - sql: {sql: \"" t "\", splitStatements: false, stripComments: false}\n"
#define SET(id) "- changeSet:\n    id: " id "\n    author: a\n"
#define LOG "databaseChangeLog:\n"

static void sound(void **state)
{
    static const char *const rows[][2] = {
        {"databaseChangeLog: []\n", ""},
        {LOG SET("one") "    changes:\n" SQL("CREATE TABLE t (a)"),
         "one: BEGIN IMMEDIATE; CREATE TABLE t (a); COMMIT; none"},
        {LOG SET("one") "    runInTransaction: false\n    changes:\n" SQL(
             "VACUUM") "    rollback: []\n",
         "one: VACUUM; none"},
        {LOG SET("x") "    changes:\n" SQL("DROP TABLE t;") "    rollback: empty\n",
         "x: BEGIN IMMEDIATE; DROP TABLE t; COMMIT; none"},
        {LOG SET("x") "    changes:\n" SQL("A") SQL("B") "    rollback:\n" SQL("C") SQL("D"),
         "x: BEGIN IMMEDIATE; A; B; COMMIT; | BEGIN IMMEDIATE; C; D; COMMIT;"},
        {LOG SET("x") "    changes:\n" SQL("A") SET("y") "    changes:\n" SQL("B"),
         "x: BEGIN IMMEDIATE; A; COMMIT; none\ny: BEGIN IMMEDIATE; B; COMMIT; none"},
        {LOG SET("t") "    changes:\n    - tagDatabase: {tag: v1}\n",
         "t: BEGIN IMMEDIATE; COMMIT; none"},
        {LOG "- property: {name: snap.d, value: \"${\", global: false}\n  changeSet:\n    id: x\n"
             "    changes:\n" SQL("SELECT '${${snap.d}}${${snap.d}}snap.d}}x}'"),
         "x: BEGIN IMMEDIATE; SELECT '${x}'; COMMIT; none"},
        {"{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"j\", \"author\": \"a\", \"changes\": "
         "[{\"sql\": {\"sql\": \"A\", \"splitStatements\": false}}]}}]}",
         "j: BEGIN IMMEDIATE; A; COMMIT; none"},
        {"{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"p\", \"author\": \"a\", \"changes\": "
         "[{\"sql\": {\"sql\": \"\\uD83D\\uDE00 \\\\uD83D \\u00e9\", \"splitStatements\": "
         "false}}]}}]}",
         "p: BEGIN IMMEDIATE; \xf0\x9f\x98\x80 \\uD83D \xc3\xa9; COMMIT; none"},
        {"\xef\xbb\xbf" LOG SET("bom") "    changes:\n" SQL("A"),
         "bom: BEGIN IMMEDIATE; A; COMMIT; none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct replay r;
        struct err e;
        assert_ok(read_log(*state, rows[i][0], "x.yaml", &r, &e), e);
        assert_str(shown(*state, &r), rows[i][1]);
    }
}

/* Change types become the statements that Liquibase was recorded to run. */
static void change_types(void **state)
{
    static const char *const rows[][2] = {
        {"    - createView: {viewName: v, selectQuery: \"SELECT 1\"}\n",
         "CREATE VIEW v AS SELECT 1"},
        {"    - createView: {fullDefinition: false, selectQuery: \"SELECT 1\", viewName: v}\n",
         "CREATE VIEW v AS SELECT 1"},
        {"    - dropView: {viewName: v}\n", "DROP VIEW v"},
        {"    - createIndex: {columns: [{column: {name: b}}], indexName: i, tableName: t, unique: "
         "true}\n",
         "CREATE UNIQUE INDEX i ON t (b)"},
        {"    - createIndex:\n        columns:\n        - column: {name: b, descending: true}\n"
         "        - column: {name: c}\n        indexName: i\n        tableName: t\n",
         "CREATE INDEX i ON t (b DESC, c)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct replay r;
        struct err e;
        struct str log = arena_printf(*state, LOG SET("x") "    changes:\n%s", rows[i][0]);
        assert_ok(read_log(*state, log.p, "x.yaml", &r, &e), e);
        assert_int_equal(r.v[0].nfwd, 3);
        struct str got = r.v[0].fwd[1].text;
        struct strbuf plain = sb_new(*state, 0);
        for (size_t k = 0; k < got.n; k++)
            if (got.p[k] != '"' && got.p[k] != '`')
                sb_char(&plain, got.p[k]);
        assert_str(sb_view(&plain), rows[i][1]);
    }
}

#define CHANGE(text) LOG SET("x") "    changes:\n" text
static const struct {
    const char *text;
    enum err_code code;
    const char *says;
} faults[] = {
    {"a: b\n", E_CHANGELOG_SYNTAX, "no changelog"},
    {"databaseChangeLog: 7\n", E_CHANGELOG_SYNTAX, "no changelog"},
    {"[1]", E_CHANGELOG_SYNTAX, "no changelog"},
    {"databaseChangeLog: [", E_CHANGELOG_SYNTAX, "line"},
    {LOG "- include: {file: x}\n", E_CHANGELOG_FOREIGN, "line 2: an item that snap does not"},
    {LOG "- preConditions: []\n", E_CHANGELOG_FOREIGN, "line 2"},
    {LOG "- property: {name: snap.d, value: \"${\"}\n", E_CHANGELOG_FOREIGN, "no changeSet"},
    {LOG "- property: {name: x, value: y}\n", E_CHANGELOG_FOREIGN, "does not replay"},
    {LOG "- property: {name: snap.d, value: y}\n", E_CHANGELOG_FOREIGN, "does not replay"},
    {LOG "- words\n", E_CHANGELOG_FOREIGN, "no changeSet"},
    {LOG SET("x") "    runOnChange: true\n    changes: []\n", E_CHANGELOG_FOREIGN, "line 5"},
    {LOG SET("x") "    dbms: sqlite, other\n    changes: []\n", E_CHANGELOG_FOREIGN, "another"},
    {LOG SET("x") "    dbms: []\n    changes: []\n", E_CHANGELOG_FOREIGN, "another engine"},
    {LOG SET("x"), E_CHANGELOG_FOREIGN, "wants an id and changes"},
    {LOG "- changeSet: {changes: []}\n", E_CHANGELOG_FOREIGN, "wants an id"},
    {LOG "- changeSet: {id: [x], changes: []}\n", E_CHANGELOG_FOREIGN, "wants an id"},
    {LOG SET("x") "    changes: {}\n", E_CHANGELOG_FOREIGN, "a list of changes"},
    {CHANGE("    - words\n"), E_CHANGELOG_FOREIGN,
     "line 6: a change that snap cannot replay, in changeSet x"},
    {CHANGE("    - {}\n"), E_CHANGELOG_FOREIGN, "a change that snap cannot replay"},
    {CHANGE("    - sql: A\n"), E_CHANGELOG_FOREIGN, "a change that snap cannot replay"},
    {CHANGE("    - {sql: {sql: A}, dropView: {viewName: v}}\n"), E_CHANGELOG_FOREIGN, "change"},
    {CHANGE("    - sql: {sql: A}\n"), E_CHANGELOG_FOREIGN, "splitStatements must be false"},
    {CHANGE("    - sql: {sql: A, splitStatements: true}\n"), E_CHANGELOG_FOREIGN, "must be false"},
    {CHANGE("    - sql: {splitStatements: false}\n"), E_CHANGELOG_FOREIGN, "without text"},
    {CHANGE("    - sql: {sql: [A], splitStatements: false}\n"), E_CHANGELOG_FOREIGN, "text"},
    {CHANGE("    - sql: {sql: A, dbms: x, splitStatements: false}\n"), E_CHANGELOG_FOREIGN, "key"},
    {CHANGE("    - sql: {sql: A, endDelimiter: x}\n"), E_CHANGELOG_FOREIGN, "a key of sql"},
    {CHANGE(SQL("A; B")), E_CHANGELOG_FOREIGN, "more than one statement"},
    {CHANGE(SQL(" ")), E_CHANGELOG_FOREIGN, "without a statement"},
    {CHANGE(SQL("-- only words")), E_CHANGELOG_FOREIGN, "without a statement"},
    {CHANGE(SQL("SELECT '${x}'")), E_CHANGELOG_FOREIGN, "a ${parameter}"},
    {CHANGE(SQL("SELECT '${${snap.d}}'")), E_CHANGELOG_FOREIGN, "a ${parameter}"},
    {CHANGE("    - dropView: {viewName: \"${v}\"}\n"), E_CHANGELOG_FOREIGN, "cannot replay"},
    {CHANGE("    - loadData: {file: x.csv}\n"), E_CHANGELOG_FOREIGN, "a change type"},
    {CHANGE("    - createView: {viewName: v, selectQuery: S, fullDefinition: true}\n"),
     E_CHANGELOG_FOREIGN, "change type"},
    {CHANGE("    - dropView: {viewName: v, more: 1}\n"), E_CHANGELOG_FOREIGN, "change type"},
    {CHANGE("    - createView: {viewName: v, selectQuery: S, replaceIfExists: true}\n"),
     E_CHANGELOG_FOREIGN, "change type"},
    {CHANGE("    - createIndex: {columns: [{column: {name: x}}], indexName: i, tableName: t, "
            "clustered: true}\n"),
     E_CHANGELOG_FOREIGN, "change type"},
    {CHANGE("    - dropView: {viewName: [v]}\n"), E_CHANGELOG_FOREIGN, "cannot replay"},
    {CHANGE("    - x: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1}\n"),
     E_CHANGELOG_FOREIGN, "cannot replay"},
    {CHANGE("    - createIndex: {columns: [{column: {}}], indexName: i, tableName: t}\n"),
     E_CHANGELOG_FOREIGN, "a column without a name"},
    {CHANGE("    - createIndex: {columns: [x], indexName: i, tableName: t}\n"), E_CHANGELOG_FOREIGN,
     "a column without a name"},
    {CHANGE("    - createIndex: {columns: [{column: {name: \"${x}\"}}], indexName: i}\n"),
     E_CHANGELOG_FOREIGN, "a column without a name"},
    {CHANGE("    - createIndex: {columns: [{column: {name: x, type: int}}], indexName: i}\n"),
     E_CHANGELOG_FOREIGN, "a key of column"},
    {CHANGE(SQL("A")) "    rollback: all\n", E_CHANGELOG_FOREIGN, "a list of changes"},
    {CHANGE(SQL("A")) "    rollback:\n" SQL("B; C"), E_CHANGELOG_FOREIGN, "line 8"},
    {CHANGE(SQL("A")) "    id: y\n", E_CHANGELOG_SYNTAX, "twice"},
};

static void refused(void **state)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct replay r;
        struct err e;
        int rc = read_log(*state, faults[i].text, "x.yaml", &r, &e);
        if (rc != -1 || e.code != faults[i].code || !says(&e, faults[i].says))
            fail_msg("%s: %d %s: %s", faults[i].text, rc, err_name(e.code), e.msg);
    }
}

static void scripts(void **state)
{
    struct arena *mem = *state;
    const struct engine *eng = &engine_sqlite;
    struct replay r;
    struct err e = {0};
    assert_ok(
        read_log(mem, ".bail on\n-- words\nBEGIN IMMEDIATE;\nA;\nCOMMIT;\n", "up.sql", &r, &e), e);
    assert_str(shown(mem, &r), "up.sql: BEGIN IMMEDIATE; A; COMMIT; none");
    assert_ok(changelog_read(STR("A;"), STR("B; C"), STR("up.sql"), eng, mem, &r, &e), e);
    assert_str(shown(mem, &r), "up.sql: A; | B; C;");
    assert_ok(changelog_read(STR("-- nothing\n"), STR("B"), STR("up.sql"), eng, mem, &r, &e), e);
    assert_int_equal(r.n, 0);
    /* without an ending the text tells */
    assert_ok(read_log(mem, "A;", "-", &r, &e), e);
    assert_str(shown(mem, &r), "-: A; none");
    assert_ok(read_log(mem, "databaseChangeLog: []", "-", &r, &e), e);
    assert_int_equal(r.n, 0);
    assert_err(read_log(mem, "A;", "x.yml", &r, &e), e, E_CHANGELOG_SYNTAX);
    assert_err(read_log(mem, "A;", "x.json", &r, &e), e, E_CHANGELOG_SYNTAX);
    assert_err(
        changelog_read(STR("databaseChangeLog: []"), STR("B"), STR("x.yaml"), eng, mem, &r, &e), e,
        E_USAGE);
    assert_true(says(&e, "--rollback goes with a script"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sound),
        TEST(change_types),
        TEST(refused),
        TEST(scripts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
