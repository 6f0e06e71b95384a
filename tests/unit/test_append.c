/* ChangeSets behind those of a master: its bytes stay, whatever its style. */

#include "changelog/append.h"
#include "tests/harness/unit.h"

/* The result, or the name of the error. */
static struct str joined(struct arena *mem, const char *name, const char *master,
                         const char *diff_name, const char *diff)
{
    struct log_doc a, b;
    struct str out = STR("");
    struct err e = {0};
    if (log_doc_read(str_c(master), str_c(name), mem, &a, &e) ||
        log_doc_read(str_c(diff), str_c(diff_name), mem, &b, &e) ||
        append_text(&a, &b, mem, &out, &e))
        return arena_printf(mem, "%s", err_name(e.code));
    return out;
}

#define LOG "databaseChangeLog:\n"
#define ITEM(in, id)                                                                               \
    in "- changeSet:\n" in "    id: " id "\n" in "    author: a\n" in "    changes:\n" in          \
       "    - sql:\n" in "        sql: |2-\n" in "          A\n" in "            B\n" in           \
       "        splitStatements: false\n"
#define DIFF LOG ITEM("", "n")

struct row {
    const char *name, *master, *diff_name, *diff, *want;
};

static void try_all(struct arena *mem, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_str(joined(mem, rows[i].name, rows[i].master, rows[i].diff_name, rows[i].diff),
                   rows[i].want);
}
#define TRY(mem, rows) try_all((mem), (rows), sizeof(rows) / sizeof *(rows))

static void lines(void **state)
{
    static const struct row rows[] = {
        /* the same column, another column, comments, a missing line end */
        {"m.yaml", LOG ITEM("", "1"), "d.yaml", DIFF, LOG ITEM("", "1") ITEM("", "n")},
        {"m.yml", "# top\n" LOG "# first\n" ITEM("  ", "'1' # one") "  # end\n", "d.yaml", DIFF,
         "# top\n" LOG "# first\n" ITEM("  ", "'1' # one") "  # end\n" ITEM("  ", "n")},
        {"m.yaml", LOG "- changeSet: {id: 1, author: a, changes: []}", "d.yaml", DIFF,
         LOG "- changeSet: {id: 1, author: a, changes: []}\n" ITEM("", "n")},
        {"m.yaml", LOG ITEM("", "1"), "d.yaml", LOG ITEM("    ", "n"),
         LOG ITEM("", "1") ITEM("", "n")},
        /* the end of the document, another key, a comment of the added ones */
        {"m.yaml", "---\n" LOG ITEM("", "1") "\n...\n# x\n", "d.yaml", DIFF,
         "---\n" LOG ITEM("", "1") "\n" ITEM("", "n") "...\n# x\n"},
        {"m.yaml", LOG ITEM("", "1") "# of other\nother: 1\n", "d.yaml", DIFF,
         LOG ITEM("", "1") ITEM("", "n") "# of other\nother: 1\n"},
        {"m.yaml", LOG ITEM("  ", "1"), "d.yaml", "# proof\n" LOG "\n# note\n" ITEM("", "n"),
         LOG ITEM("  ", "1") "  # note\n" ITEM("  ", "n")},
        /* a byte order mark */
        {"m.yaml", "\xef\xbb\xbf" LOG ITEM("", "\"\xc3\xa9\""), "d.yaml", DIFF,
         "\xef\xbb\xbf" LOG ITEM("", "\"\xc3\xa9\"") ITEM("", "n")},
        /* the property stays with its changeSet */
        {"m.yaml", LOG ITEM("  ", "1"), "d.yaml",
         DIFF "  property: {name: snap.d, value: \"${\", global: false}\n",
         LOG ITEM("  ", "1") ITEM("  ", "n") "    property: {name: snap.d, value: \"${\", global: "
                                             "false}\n"},
    };
    TRY(*state, rows);
}

static void line_ends(void **state)
{
    static const struct row rows[] = {
        {"m.yaml", "databaseChangeLog:\r\n- changeSet:\r\n    id: 1\r\n    author: a", "d.yaml",
         "databaseChangeLog:\n- changeSet:\n    id: 2\n    author: a\n",
         "databaseChangeLog:\r\n- changeSet:\r\n    id: 1\r\n    author: a\r\n- changeSet:\r\n    "
         "id: 2\r\n    author: a\r\n"},
        {"m.yaml", "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n", "d.yaml",
         "databaseChangeLog:\r\n- changeSet:\r\n    id: 2\r\n    author: a\r\n",
         "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n- changeSet:\n    id: 2\n    "
         "author: a\n"},
    };
    TRY(*state, rows);
}

static void empty_ones(void **state)
{
    static const struct row rows[] = {
        {"m.yaml", "databaseChangeLog: []\n", "d.yaml", DIFF, DIFF},
        {"m.yaml", "databaseChangeLog:", "d.yaml", DIFF, DIFF},
        {"m.yaml", "databaseChangeLog: [ ] # none yet\n# more\n", "d.yaml", DIFF,
         "databaseChangeLog: # none yet\n# more\n" ITEM("", "n")},
        {"m.yaml", "databaseChangeLog: ~\nx: 1\n", "d.yaml", DIFF, DIFF "x: 1\n"},
        {"m.yaml", "{databaseChangeLog: }\n", "d.json",
         "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 1}}]}",
         "{databaseChangeLog: [\n  {\"changeSet\": {\"id\": 1}}\n]}\n"},
        {"m.json", "{\"databaseChangeLog\": []}\n", "d.json",
         "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 1}}, {\"changeSet\": {\"id\": 2}}]}",
         "{\"databaseChangeLog\": [\n  {\"changeSet\": {\"id\": 1}},\n  {\"changeSet\": {\"id\": "
         "2}}\n]}\n"},
        {"m.xml", "<databaseChangeLog/>\n", "d.xml",
         "<databaseChangeLog>\n  <changeSet id=\"1\"/>\n</databaseChangeLog>",
         "<databaseChangeLog>\n  <changeSet id=\"1\"/>\n</databaseChangeLog>\n"},
        {"m.sql", "", "d.sql", "--liquibase formatted sql\n--changeset a:1\nA\n",
         "--liquibase formatted sql\n--changeset a:1\nA\n"},
        {"m.yaml", LOG ITEM("", "1"), "d.yaml", "databaseChangeLog: []\n", LOG ITEM("", "1")},
    };
    TRY(*state, rows);
}

static void brackets(void **state)
{
    static const struct row rows[] = {
        {"m.json", "{\"databaseChangeLog\": [\n    {\"changeSet\": {\"id\": 1}}\n  ]\n}\n",
         "d.json", "{\n\"databaseChangeLog\": [\n  {\n    \"changeSet\": {\"id\": 2}\n  }\n]\n}\n",
         "{\"databaseChangeLog\": [\n    {\"changeSet\": {\"id\": 1}},\n    {\n      "
         "\"changeSet\": "
         "{\"id\": 2}\n    }\n  ]\n}\n"},
        {"m.json", "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 1}}]}", "d.json",
         "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 2}}]}",
         "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": 1}}, {\"changeSet\": {\"id\": 2}}]}"},
        /* two escapes that are one character, in the master's way and in the diff's */
        {"m.json",
         "\xef\xbb\xbf{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"\\ud83d\\uDE00 "
         "\\\\ud83d\\uD83D\\uDE00\"}}]}",
         "d.json", "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"\\uD83D\\uDE00\"}}]}",
         "\xef\xbb\xbf{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"\\ud83d\\uDE00 "
         "\\\\ud83d\\uD83D\\uDE00\"}}, {\"changeSet\": {\"id\": \"\\uD83D\\uDE00\"}}]}"},
        /* lines become brackets, brackets an item of a list in lines */
        {"m.yaml", "databaseChangeLog: [{changeSet: {id: 1}}]\n", "d.yaml",
         "databaseChangeLog:\n- changeSet:\n    id: \"2\"\n    x: [true, 7, ~, 007, "
         "a\\\"\xc3\xa9]\n",
         "databaseChangeLog: [{changeSet: {id: 1}}, {\"changeSet\": {\"id\": \"2\", \"x\": [true, "
         "7, "
         "\"~\", \"007\", \"a\\\\\\\"\\u00e9\"]}}]\n"},
        {"m.yaml", LOG "  - changeSet:\n      id: 1\n", "d.json",
         "{\"databaseChangeLog\": [{\"changeSet\":\n {\"id\": 2}}]}",
         LOG "  - changeSet:\n      id: 1\n  - {\"changeSet\":\n     {\"id\": 2}}\n"},
    };
    TRY(*state, rows);
}

#define ROOT "<databaseChangeLog xmlns=\"x\" xmlns:p=\"y\">\n"
#define END "</databaseChangeLog>\n"

static void other_forms(void **state)
{
    static const struct row rows[] = {
        {"m.xml", ROOT "  <changeSet id=\"1\"/> <!-- one -->\n" END, "d.xml",
         "<?xml version=\"1.0\"?>\n" ROOT "<!-- note -->\n  <changeSet id=\"2\"><sql>A\n  "
         "B</sql></changeSet>\n\n" END,
         ROOT
         "  <changeSet id=\"1\"/> <!-- one -->\n<!-- note -->\n  <changeSet id=\"2\"><sql>A\n  "
         "B</sql></changeSet>\n" END},
        {"m.xml", ROOT "<changeSet id=\"1\"/></databaseChangeLog>", "d.xml",
         ROOT "<changeSet id=\"2\"/>\n" END,
         ROOT "<changeSet id=\"1\"/>\n<changeSet id=\"2\"/>\n</databaseChangeLog>"},
        {"m.xml", "<databaseChangeLog>" END, "d.xml",
         ROOT "<changeSet id=\"2\"><p:x/></changeSet>" END, "CHANGELOG_FORM"},
        {"m.sql", "--liquibase formatted sql\n\n--changeset a:1\nA;", "d.sql",
         "-- liquibase formatted sql\n\n\n-- changeset a:2 labels:x\nB;\n--rollback C\n",
         "--liquibase formatted sql\n\n--changeset a:1\nA;\n\n-- changeset a:2 "
         "labels:x\nB;\n--rollback C\n"},
    };
    TRY(*state, rows);
}

static void refused(void **state)
{
    static const struct row rows[] = {
        {"m.yaml", LOG ITEM("", "1"), "d.xml", ROOT "<changeSet id=\"2\"/>" END, "CHANGELOG_FORM"},
        {"m.sql", "A;\n", "d.sql", "--liquibase formatted sql\n--changeset a:1\nA\n",
         "CHANGELOG_FORM"},
        {"m.yaml", LOG ITEM("", "1"), "d.yaml", LOG "- preConditions: []\n" ITEM("", "n"),
         "CHANGELOG_FORM"},
        {"m.yaml", LOG ITEM("", "1"), "d.yaml", LOG "- logicalFilePath: x\n" ITEM("", "n"),
         "CHANGELOG_FORM"},
        {"m.yaml", "databaseChangeLog: 7\n", "d.yaml", DIFF, "CHANGELOG_SYNTAX"},
        {"m.yaml", "x: 7\n", "d.yaml", DIFF, "CHANGELOG_SYNTAX"},
        {"m.yaml", LOG "- 7\n", "d.yaml", DIFF, "CHANGELOG_SYNTAX"},
        {"m.yaml", "\xff\xfe" LOG, "d.yaml", DIFF, "CHANGELOG_SYNTAX"},
        /* a comment that is not closed would swallow the rest */
        {"m.xml", ROOT "<changeSet id=\"1\"/>", "d.xml", ROOT "<changeSet id=\"2\"/>" END,
         "CHANGELOG_SYNTAX"},
        {"m.sql", "--liquibase formatted sql\n--changeset a:1\n/* liquibase rollback\nA", "d.sql",
         "--liquibase formatted sql\n--changeset a:2\nB\n", "CHANGELOG_FORM"},
    };
    TRY(*state, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(lines),    TEST(line_ends),   TEST(empty_ones),
                                       TEST(brackets), TEST(other_forms), TEST(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
