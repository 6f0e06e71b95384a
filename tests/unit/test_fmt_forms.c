/* One plan in JSON, XML, formatted SQL and migrations: what is written, what is refused, and that
 * the same statements are read back. */

#include "changelog/changelog.h"
#include "changelog/forms.h"
#include "core/escape.h"
#include "emit/changeset.h"
#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int emit_to(const char *format, struct plan *p, const struct emit_in *how, struct arena *mem,
                   struct str *out, struct err *e)
{
    struct emit_in in = how ? *how : (struct emit_in){.author = STR("me")};
    struct strbuf b = sb_new(mem, 0);
    *e = (struct err){0};
    in.mem = mem;
    in.plan = p;
    in.changes = p->changes;
    int rc = emitter_find(str_c(format), EMIT_CHANGELOG)->run(&in, &b, NULL, e);
    *out = sb_view(&b);
    return rc;
}

static struct str written(const char *format, struct plan *p, const struct emit_in *how,
                          struct arena *mem)
{
    struct str text;
    struct err e;
    assert_ok(emit_to(format, p, how, mem, &text, &e), e);
    return text;
}

static void holds(struct str text, const char *part)
{
    if (str_find(text, str_c(part)) == text.n)
        fail_msg("<%s> is not in\n%.*s", part, STR_ARG(text));
}

static const char from[] = "CREATE TABLE t (a INT); CREATE VIEW w AS SELECT 1 AS a";
static const char to[] =
    "CREATE TABLE t (a INT, b TEXT DEFAULT '${x}<'); CREATE INDEX i ON t (b DESC);"
    "CREATE VIEW v AS SELECT 'a\nb]]>' AS a";
static const struct emit_in full = {.author = {"al", 2},
                                    .labels = {"l1,l2", 5},
                                    .contexts = {"c or d", 6},
                                    .created = {"2026-11-21 02:16+0000", 21},
                                    .proof = {"proof: a--b", 11},
                                    .id_description = true};

static void json(void **state)
{
    struct str text = written("liquibase-json", sql_plan(*state, from, to), &full, *state);
    assert_true(
        str_starts(text, STR("{\n  \"snap\": \"proof: a--b\",\n  \"databaseChangeLog\": [\n")));
    holds(text, "      \"property\": {\n        \"name\": \"snap.d\",\n        \"value\": \"${\",");
    holds(text,
          "        \"author\": \"al\",\n        \"comment\": \"create index t.i (INDEX_BUILD: ");
    holds(text, "        \"contextFilter\": \"c or d\",\n        \"created\": \"2026-11-21 "
                "02:16+0000\",\n        \"dbms\": \"sqlite\",\n        \"labels\": \"l1,l2\",\n");
    holds(text, "DEFAULT '${${snap.d}}${${snap.d}}snap.d}}x}<'\",");
    holds(text, "\"descending\": true,\n");
    holds(text, "\"SELECT 'a\\nb]]>' AS a\"");
    text = written("liquibase-json", sql_plan(*state, from, from), NULL, *state);
    assert_str(text, "{\n  \"databaseChangeLog\": []\n}\n");
}

static void xml(void **state)
{
    struct str text = written("liquibase-xml", sql_plan(*state, from, to), &full, *state);
    holds(text, "<!-- proof: a- -b -->\n<databaseChangeLog xmlns=");
    holds(text, "\n  <property name=\"snap.d\" value=\"${\" global=\"false\"/>\n");
    holds(text, " (addColumn columnName=b, tableName=t)\" author=\"al\" contextFilter=\"c or d\" "
                "created=\"2026-11-21 02:16+0000\" dbms=\"sqlite\" labels=\"l1,l2\">\n"
                "    <comment>add column t.b</comment>\n"
                "    <sql splitStatements=\"false\" stripComments=\"false\"><![CDATA[ALTER TABLE t "
                "ADD COLUMN b TEXT DEFAULT '${snap.d}x}<']]></sql>\n    <rollback>\n");
    holds(text, "    <createIndex indexName=\"i\" tableName=\"t\">\n"
                "      <column descending=\"true\" name=\"b\"/>\n    </createIndex>\n");
    holds(text,
          "<createView fullDefinition=\"false\" viewName=\"v\">SELECT 'a\nb]]&gt;' AS "
          "a</createView>\n    <rollback>\n      <dropView viewName=\"v\"/>\n    </rollback>\n");
}

static void formatted_sql(void **state)
{
    struct str text = written("liquibase-sql", sql_plan(*state, from, to), &full, *state);
    assert_true(str_starts(text, STR("--liquibase formatted sql\n-- proof: a--b\n"
                                     "--property name:snap.d value:${ global:false\n\n")));
    holds(text, " (addColumn columnName=b, tableName=t)\" created:\"2026-11-21 02:16+0000\" "
                "labels:\"l1,l2\" contextFilter:\"c or d\" dbms:sqlite "
                "rollbackSplitStatements:false splitStatements:false stripComments:false\n"
                "--comment add column t.b\nALTER TABLE t ADD COLUMN b TEXT DEFAULT '${snap.d}x}<'\n"
                "--rollback ALTER TABLE t DROP COLUMN b\n");
    /* quotes in the description of an id, which has none in its own part */
    text = written("liquibase-sql",
                   sql_plan(*state, "CREATE TABLE t (a)",
                            "CREATE TABLE t (a); CREATE TRIGGER \"x y\" "
                            "AFTER INSERT ON t BEGIN SELECT 1; END"),
                   &full, *state);
    holds(text, " (create trigger t.'x y')\" created:");
    /* several statements: each ends with a word that none of them holds */
    text = written(
        "liquibase-sql",
        sql_plan(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a CHECK (a <> 'SNAP_END'))"), NULL,
        *state);
    holds(text, " runInTransaction:false rollbackEndDelimiter:snap_end_1 endDelimiter:snap_end_1 "
                "rollbackSplitStatements:true splitStatements:true ");
    holds(text, "\nPRAGMA foreign_keys = off\nsnap_end_1\nSAVEPOINT snap\nsnap_end_1\n");
    holds(text, "\nRELEASE snap\nsnap_end_1\n--rollback PRAGMA foreign_keys = off\n--rollback "
                "snap_end_1\n");
}

static void refused(struct arena *mem, const char *format, const char *a, const char *b,
                    const struct emit_in *how, const char *why)
{
    struct str text;
    struct err e;
    assert_err(emit_to(format, sql_plan(mem, a, b), how, mem, &text, &e), e, E_UNSUPPORTED_CHANGE);
    if (!says(&e, why))
        fail_msg("%s does not say %s", e.msg, why);
}

/* What formatted SQL would read as something of its own. */
static void refused_in_sql(void **state)
{
    static const char *const rows[][2] = {
        {"CREATE VIEW v AS SELECT '\n--changeset a:b' AS a", "instruction"},
        {"CREATE VIEW v AS SELECT '\n -- Rollback x' AS a", "instruction"},
        {"CREATE VIEW v AS SELECT '\n- property x' AS a", "instruction"},
        {"CREATE VIEW v AS SELECT '\n/* liquibase rollback' AS a", "instruction"},
        {"CREATE VIEW v AS SELECT '\n--ignoreLines:start' AS a", "instruction"},
    };
    struct emit_in how = {.author = STR("a\"b")};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refused(*state, "liquibase-sql", "", rows[i][0], NULL, rows[i][1]);
    refused(*state, "liquibase-sql", "CREATE VIEW v AS SELECT 'changeSetId' AS a", "", NULL,
            "changeSetId");
    refused(*state, "liquibase-sql", "CREATE VIEW v AS SELECT '\xe2\x80\xa8' AS a", "", NULL,
            "line separator");
    refused(*state, "liquibase-sql", "CREATE TABLE t (a)", "CREATE TABLE t (a CHECK (a <> 'x\\'))",
            NULL, "open");
    refused(*state, "liquibase-sql", "", "CREATE TABLE t (a)", &how, "a quote");
    how = (struct emit_in){.author = STR("a"), .labels = STR("x dbms:y")};
    refused(*state, "liquibase-sql", "", "CREATE TABLE t (a)", &how, "name of an attribute");
    refused(*state, "liquibase-xml", "", "CREATE TABLE t (a CHECK (a <> '\x01'))", NULL,
            "control character");
    refused(*state, "flyway", "", "CREATE TABLE t (a CHECK (a <> '\xef\xbb\xbf'))", NULL, "U+FEFF");
}

static void tags(void **state)
{
    struct emit_in how = {.author = STR("a"), .tag = STR("v\"<1>")};
    struct str text;
    struct err e;
    struct plan *p = sql_plan(*state, "", "CREATE TABLE t (a)");
    holds(written("liquibase-xml", p, &how, *state),
          "    <tagDatabase tag=\"v&quot;&lt;1&gt;\"/>\n  </changeSet>\n</databaseChangeLog>\n");
    holds(written("liquibase-json", p, &how, *state), "\"tag\": \"v\\\"<1>\"");
    assert_err(emit_to("liquibase-sql", p, &how, *state, &text, &e), e, E_USAGE);
    assert_err(emit_to("flyway", p, &how, *state, &text, &e), e, E_USAGE);
}

static void migrations(void **state)
{
    struct emit_files files = {0};
    struct emit_in how = {.author = STR("a"), .files = &files, .version = 7};
    struct str text;
    struct err e;
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a); CREATE TABLE u (a)",
                              "CREATE TABLE t (a CHECK (a <> '${x}')); CREATE TABLE u (a, b);"
                              "CREATE VIEW v AS SELECT 1 AS a");
    assert_ok(emit_to("flyway", p, &how, *state, &text, &e), e);
    static const char *const names[] = {"V7__", "U7__", "V8__", "V8__", "U8__", "U8__"};
    struct strbuf all = sb_new(*state, 0);
    for (uint32_t i = 0; i < files.n; i++)
        sb_printf(&all, "[%.*s]\n%.*s", STR_ARG(files.v[i].name), STR_ARG(files.v[i].text));
    holds(sb_view(&all), "__rebuild_table_t_add_check.sql.conf]\nexecuteInTransaction=false\n"
                         "placeholderReplacement=false\n");
    holds(sb_view(&all), "SAVEPOINT snap;\n");
    holds(sb_view(&all), "\n-- undo: create view v\nDROP VIEW v;\n");
    holds(sb_view(&all), names[0]);
    holds(sb_view(&all), names[4]);
    how.comment = STR(" Ticket 12: it's ../done! ");
    files.n = 0;
    assert_ok(emit_to("flyway", p, &how, *state, &text, &e), e);
    holds(files.v[0].name, "__ticket_12_it_s_done.sql");
}

/* A statement that is one change, as engines have it that no server of ours runs. */
static void single_changes(void **state)
{
    static const char change[] =
        "{\"createTable\":{\"columns\":[{\"column\":{\"constraints\":{\"nullable\":false},"
        "\"name\":\"a<\",\"type\":\"int\"}},{\"column\":{\"name\":\"b\",\"type\":\"int\"}}],"
        "\"remarks\":\"x\\ny\",\"tableName\":\"t\"}}";
    struct plan *p = sql_plan(*state, "", "CREATE TABLE t (a)");
    struct engine eng = *p->eng;
    struct stmt fwd = {.lang = LANG_CHANGE, .text = str_c(change)};
    struct stmt back = {.lang = LANG_CHANGE, .text = STR("{\"dropTable\":{\"tableName\":\"t\"}}")};
    struct err e;
    struct str text;
    eng.lang = LANG_CHANGE;
    p->eng = &eng;
    p->v[0].fwd = &fwd;
    p->v[0].back = &back;
    p->v[0].nfwd = p->v[0].nback = 1;
    holds(
        written("liquibase-yaml", p, NULL, *state),
        "    - createTable:\n        columns:\n        - column:\n            constraints:\n"
        "              nullable: false\n            name: \"a<\"\n            type: \"int\"\n"
        "        - column:\n            name: \"b\"\n            type: \"int\"\n"
        "        remarks: \"x\\ny\"\n        tableName: \"t\"\n    rollback:\n    - dropTable:\n");
    holds(written("liquibase-xml", p, NULL, *state),
          "    <createTable remarks=\"x&#10;y\" tableName=\"t\">\n"
          "      <column name=\"a&lt;\" type=\"int\">\n        <constraints nullable=\"false\"/>\n"
          "      </column>\n      <column name=\"b\" type=\"int\"/>\n    </createTable>\n");
    holds(written("liquibase-json", p, NULL, *state), "\"nullable\": false\n");
    fwd.text = STR("[1]");
    assert_err(emit_to("liquibase-yaml", p, NULL, *state, &text, &e), e, E_UNSUPPORTED_CHANGE);
    assert_int_equal(emitter_fits(emitter_find(STR("liquibase-sql"), EMIT_CHANGELOG), &eng, &e),
                     -1);
    assert_true(says(&e, "Liquibase changes and no SQL"));
    assert_ok(emitter_fits(emitter_find(STR("liquibase-xml"), EMIT_CHANGELOG), &eng, &e), e);
}

/* Read back as the replay reads it, each statement is what it was. */
static void reads_back(void **state)
{
    static const char *const forms[][2] = {{"liquibase-json", "x.json"},
                                           {"liquibase-xml", "x.xml"},
                                           {"liquibase-sql", "x.sql"},
                                           {"liquibase-xml", "noext"},
                                           {"liquibase-sql", "noext"}};
    struct arena *mem = *state;
    struct plan *p = sql_plan(mem, from, to);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        struct emit_in in = {.author = STR("a ${b}"), .sql_only = true};
        struct str text = written(forms[f][0], p, &in, mem);
        struct replay r;
        struct err e = {0};
        assert_ok(changelog_read(text, STR_NULL, str_c(forms[f][1]), p->eng, mem, &r, &e), e);
        assert_int_equal(r.n, p->n);
        for (uint32_t i = 0; i < r.n; i++) {
            uint32_t n, nback;
            bool own;
            struct stmt *want = step_script(p, &p->v[i], false, mem, &n, &own);
            struct stmt *back = step_script(p, &p->v[i], true, mem, &nback, &own);
            assert_int_equal(r.v[i].nfwd, n + 2); /* and the transaction that Liquibase brings */
            assert_int_equal(r.v[i].nback, nback + 2);
            for (uint32_t k = 0; k < n; k++)
                assert_true(str_eq(r.v[i].fwd[k + 1].text, want[k].text));
            for (uint32_t k = 0; k < nback; k++)
                assert_true(str_eq(r.v[i].back[k + 1].text, back[k].text));
        }
    }
}

/* What Liquibase would run in another way than the replay. */
static void foreign(void **state)
{
    static const char *const rows[][3] = {
        {"x.xml", "<a/>", "no changelog: its root is a"},
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a'><sql>SELECT 1</sql></changeSet>"
         "</databaseChangeLog>",
         "splitStatements"},
        {"x.xml", "<databaseChangeLog><include file='b.xml'/></databaseChangeLog>", "line 1"},
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a' runAlways='true'/>"
         "</databaseChangeLog>",
         "runAlways"},
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a'><sql splitStatements='false'>"
         "SELECT '${x}'</sql></changeSet></databaseChangeLog>",
         "parameter"},
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a'><empty/><rollback changeSetId='2'/>"
         "</changeSet></databaseChangeLog>",
         "list of changes"},
        {"x.xml", "<databaseChangeLog><changeSet id='1' author='a'/></databaseChangeLog>",
         "an id and changes"},
        {"x.xml",
         "<databaseChangeLog contextFilter='x'><changeSet id='1' author='a'><empty/></changeSet>"
         "</databaseChangeLog>",
         "an item that snap does not replay"},
        /* a second rollback, and text beside changes */
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a'><empty/><rollback><empty/></rollback>"
         "<rollback>SELECT 1</rollback></changeSet></databaseChangeLog>",
         "splitStatements"},
        {"x.xml",
         "<databaseChangeLog><changeSet id='1' author='a'><empty/><rollback>SELECT 1<empty/>"
         "</rollback></changeSet></databaseChangeLog>",
         "splitStatements"},
        {"x.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1;", "line 2"},
        {"x.sql", "--liquibase formatted sql\n--changeset \"a\":\"1\"\nSELECT 1;", "endDelimiter"},
        {"x.sql",
         "--liquibase formatted sql\n--changeset \"a\":\"1\" splitStatements:false "
         "runOnChange:true\nSELECT 1",
         ""},
        {"x.sql",
         "--liquibase formatted sql\n--changeset \"a\":\"1\" splitStatements:false "
         "rollbackSplitStatements:false stripComments:false\nSELECT 1\n--  rollback x",
         "line 4"},
        {"x.sql", "--liquibase formatted sql\nSELECT 1", "before the first"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct replay r;
        struct err e = {0};
        int rc = changelog_read(str_c(rows[i][1]), STR_NULL, str_c(rows[i][0]), &engine_sqlite,
                                *state, &r, &e);
        if (rc != -1 || (!says(&e, rows[i][2]) && i != 3))
            fail_msg("%s: %d %s", rows[i][1], rc, e.msg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(json),           TEST(xml),        TEST(formatted_sql),
        TEST(refused_in_sql), TEST(tags),       TEST(migrations),
        TEST(single_changes), TEST(reads_back), TEST(foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
