/* Mistakes in changelogs: each rule finds its own, and nothing in what is right. */

#include "changelog/lint.h"
#include "tests/harness/unit.h"

/* "RULE:LINE" of all findings, those of warnings with a question mark. */
static struct str found(struct arena *mem, const char *name, const char *text)
{
    struct master m;
    struct findings all = {0};
    struct err e = {0};
    struct strbuf b = sb_new(mem, 0);
    assert_ok(master_of_text(str_c(text), str_c(name), str_c(name), mem, &m, &e), e);
    log_lint(&m, STR("onebase,twobase"), mem, &all);
    for (uint32_t i = 0; i < all.n; i++)
        sb_printf(&b, "%s%s%s:%u", i ? " " : "", all.v[i].rule, all.v[i].error ? "" : "?",
                  all.v[i].line);
    return sb_view(&b);
}

#define LOG "databaseChangeLog:\n"
#define SET(id, rest) "- changeSet:\n    id: " id "\n    author: a\n" rest
#define SQL(text) "    changes:\n    - sql: {sql: \"" text "\", splitStatements: false}\n"
#define EMPTY "    rollback: empty\n"
#define NONE SQL("A") EMPTY

static void of_one_set(void **state)
{
    static const char *const rows[][2] = {
        {SET("\"x\"", NONE), ""},
        {"- changeSet:\n    author: a\n" NONE, "missing-id:2"},
        {"- changeSet:\n    id: x\n" NONE, "missing-author:2"},
        {SET("007", NONE), "name-changed:3"},
        {SET("1.10", NONE), "name-changed:3"},
        {SET("2020-01-01", NONE), "name-changed:3"},
        {SET("yes", NONE), "name-changed:3"},
        {SET("'007'", NONE), ""},
        {SET("7", NONE), ""},
        {SET("1-2", NONE), ""},
        {SET("1.2.3", NONE), ""},
        {SET("\"NULL\"", NONE), "null-name:3"},
        {SET("x", "    contexts: dev\n" NONE), "unknown-key:5"},
        {SET("x", "    changes:\n    - sql: {sql: A, splitStatement: false}\n" EMPTY),
         "unknown-key:6"},
        {"- changeset: {id: 1}\n", "unknown-key:2"},
        {SET("x", SQL("A")), "missing-rollback:2"},
        {SET("x", "    changes:\n    - createTable: {tableName: t}\n"), ""},
        {SET("x", "    changes:\n    - dropTable: {tableName: t}\n"), "missing-rollback:2"},
        {SET("x", "    changes:\n    - createTable: {tableName: t}\n    - sql: A\n"),
         "missing-rollback:2"},
        {SET("x", SQL("A") "    rollback:\n"), "void-rollback?:7"},
        {SET("x", SQL("A") "    rollback: not required\n"), "rollback-text:7"},
        {SET("x", SQL("A") "    rollback: drop x; drop y\n"), "rollback-text?:7"},
        {SET("x", SQL("A") "    rollback: drop x;\n"), ""},
        {SET("x", ""), "no-changes?:2"},
        {SET("x", SQL("A; B") EMPTY), "several-statements?:6"},
        {SET("x", SQL("A -- ;\\n ; -- c") EMPTY), ""},
        {SET("x", SQL("INSERT INTO t VALUES ('a;b', $x$;$x$)") EMPTY), ""},
        {SET("x", SQL("CREATE TRIGGER g AFTER INSERT ON t BEGIN A; B; END") EMPTY), ""},
        {SET("x", SQL("A ${b}") EMPTY), "parameter?:6"},
        {SET("x", SQL("A ${${snap.d}}${${snap.d}}snap.d}}b} $x #{y} ${ z") EMPTY), ""},
        {"- property: {name: B, value: c}\n" SET("x", SQL("A ${b}") EMPTY), ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(found(*state, "m.yaml", arena_printf(*state, LOG "%s", rows[i][0]).p),
                   rows[i][1]);
}

static void filters(void **state)
{
    static const char *const rows[][2] = {
        {"    contextFilter: dev and !prod, (test or not x)\n", ""},
        {"    contextFilter: a and !a\n", "unreachable:5"},
        {"    context: (a or b) and not a and NOT B\n", "unreachable:5"},
        {"    contextFilter: a and\n", "unreachable:5"},
        {"    contextFilter: [a, b]\n", "filter-list:5"},
        {"    labels: a, jira-7\n", ""},
        {"    labels: a and b\n", "unreachable:5"},
        {"    labels: '!a'\n", "unreachable:5"},
        {"    labels: [a, b]\n", "filter-list:5"},
        {"    dbms: onebase, !twobase, oracle\n", ""},
        {"    dbms: onebse\n", "unknown-dbms:5"},
        {"    dbms: twobase,\n", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(
            found(*state, "m.yaml", arena_printf(*state, LOG SET("x", "%s" NONE), rows[i][0]).p),
            rows[i][1]);
}

#define TABLE(id, more)                                                                            \
    "- changeSet: {id: " id ", author: a" more ", changes: [{createTable: {tableName: t, "         \
    "columns: [{column: {name: c}}]}}]}\n"
#define COLUMN(id, more)                                                                           \
    "- changeSet: {id: " id ", author: a" more ", changes: [{addColumn: {tableName: t, columns: "  \
    "[{column: {name: C}}]}}]}\n"
#define DROP(id)                                                                                   \
    "- changeSet: {id: " id                                                                        \
    ", author: a, rollback: empty, changes: [{dropTable: {tableName: t}}]}\n"
#define VIEW(id, how)                                                                              \
    "- changeSet: {id: " id ", author: a, rollback: empty, changes: [{sql: \"CREATE " how          \
    "VIEW v AS x\"}]}\n"

static void of_several(void **state)
{
    static const char *const rows[][2] = {
        {TABLE("1", "") COLUMN("2", ""), "column-twice:3"},
        {COLUMN("1", "") COLUMN("2", ""), "column-twice:3"},
        {COLUMN("1", ", dbms: onebase") COLUMN("2", ", dbms: twobase"), ""},
        {COLUMN("1", ", context: x") COLUMN("2", ", context: y"), ""},
        {TABLE("1", "") TABLE("2", ""), "column-twice:3 made-twice:3"},
        {TABLE("1", "") DROP("2") TABLE("3", ""),
         "touched-twice?:3 touched-twice?:4 touched-twice?:4"},
        {VIEW("1", "") VIEW("2", ""), "made-twice:3"},
        {VIEW("1", "") VIEW("2", "OR REPLACE "), "touched-twice?:3"},
        {VIEW("1", "") DROP("1"), "duplicate-id:3"},
        {VIEW("1", "") DROP("'1'"), "duplicate-id:3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(found(*state, "m.yaml", arena_printf(*state, LOG "%s", rows[i][0]).p),
                   rows[i][1]);
}

static void other_forms(void **state)
{
    assert_str(found(*state, "m.sql",
                     "--liquibase formatted sql\n\n--changeset a:1 dbms:onebase "
                     "splitStatements:false\nA; B\n--rollback empty\n--changeset a:1\nC\n"),
               "several-statements?:3 duplicate-id:6 missing-rollback:6");
    assert_str(found(*state, "m.xml",
                     "<databaseChangeLog>\n<changeSet id=\"1\" author=\"a\" contexts=\"x\"><sql>A"
                     "</sql><rollback/></changeSet></databaseChangeLog>"),
               "unknown-key:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(of_one_set), TEST(filters), TEST(of_several),
                                       TEST(other_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
