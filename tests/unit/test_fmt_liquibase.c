/* A plan as a Liquibase changelog: what is written, and that the same statements are read back. */

#include "changelog/changelog.h"
#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int emit_to(struct plan *p, const struct emit_in *how, struct arena *mem, struct str *out,
                   struct err *e)
{
    struct emit_in in = how ? *how : (struct emit_in){.author = STR("snap")};
    struct strbuf b = sb_new(mem, 0);
    in.mem = mem;
    in.plan = p;
    in.changes = p->changes;
    int rc = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG)->run(&in, &b, NULL, e);
    *out = sb_view(&b);
    return rc;
}

static struct str yaml_of(struct plan *p, const struct emit_in *how, struct arena *mem)
{
    struct str text;
    struct err e = {0};
    assert_ok(emit_to(p, how, mem, &text, &e), e);
    return text;
}

/* Ids are hashes: not what these tests are about. */
static struct str without_ids(struct arena *mem, struct str text)
{
    struct strbuf b = sb_new(mem, 0);
    struct str rest = text, line;
    while (str_cut(&rest, '\n', &line))
        if (line.n || rest.n)
            sb_printf(&b, "%.*s\n",
                      STR_ARG(str_starts(line, STR("    id: ")) ? STR("    id") : line));
    return sb_view(&b);
}

static const char from[] = "CREATE TABLE t (a INT); CREATE VIEW w AS SELECT 1 AS a";
static const char to[] =
    "CREATE TABLE t (a INT, b TEXT DEFAULT '${x}'); CREATE INDEX i ON t (b DESC);"
    "CREATE VIEW v AS SELECT 'a\nb' AS a";

static const char changelog[] = "# proof:\\x0awords\n"
                                "databaseChangeLog:\n"
                                "- changeSet:\n"
                                "    id\n"
                                "    author: \"al\\\"ice\"\n"
                                "    comment: \"drop view w\"\n"
                                "    dbms: \"sqlite\"\n"
                                "    changes:\n"
                                "    - dropView:\n"
                                "        viewName: \"w\"\n"
                                "    rollback:\n"
                                "    - createView:\n"
                                "        fullDefinition: false\n"
                                "        selectQuery: \"SELECT 1 AS a\"\n"
                                "        viewName: \"w\"\n"
                                "  property: {name: snap.d, value: \"${\", global: false}\n"
                                "- changeSet:\n"
                                "    id\n"
                                "    author: \"al\\\"ice\"\n"
                                "    comment: \"add column t.b\"\n"
                                "    dbms: \"sqlite\"\n"
                                "    changes:\n"
                                "    - sql:\n"
                                "        sql: |2-\n"
                                "          ALTER TABLE t ADD COLUMN b TEXT DEFAULT "
                                "'${${snap.d}}${${snap.d}}snap.d}}x}'\n"
                                "        splitStatements: false\n"
                                "        stripComments: false\n"
                                "    rollback:\n"
                                "    - sql:\n"
                                "        sql: |2-\n"
                                "          ALTER TABLE t DROP COLUMN b\n"
                                "        splitStatements: false\n"
                                "        stripComments: false\n"
                                "# INDEX_BUILD: index t.i: the table is read whole\n"
                                "- changeSet:\n"
                                "    id\n"
                                "    author: \"al\\\"ice\"\n"
                                "    comment: \"create index t.i\"\n"
                                "    dbms: \"sqlite\"\n"
                                "    changes:\n"
                                "    - createIndex:\n"
                                "        columns:\n"
                                "        - column:\n"
                                "            descending: true\n"
                                "            name: \"b\"\n"
                                "        indexName: \"i\"\n"
                                "        tableName: \"t\"\n"
                                "    rollback:\n"
                                "    - dropIndex:\n"
                                "        indexName: \"i\"\n"
                                "- changeSet:\n"
                                "    id\n"
                                "    author: \"al\\\"ice\"\n"
                                "    comment: \"create view v\"\n"
                                "    dbms: \"sqlite\"\n"
                                "    changes:\n"
                                "    - createView:\n"
                                "        fullDefinition: false\n"
                                "        selectQuery: |2-\n"
                                "          SELECT 'a\n"
                                "          b' AS a\n"
                                "        viewName: \"v\"\n"
                                "    rollback:\n"
                                "    - dropView:\n"
                                "        viewName: \"v\"\n";

static void a_changelog(void **state)
{
    struct emit_in in = {.author = STR("al\"ice"), .proof = STR("proof:\nwords")};
    struct str text = yaml_of(sql_plan(*state, from, to), &in, *state);
    assert_str(without_ids(*state, text), changelog);
}

static void attributes(void **state)
{
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a, b)");
    struct emit_in in = {.author = STR("a"),
                         .labels = STR("l1,l2"),
                         .contexts = STR("c or d"),
                         .comment = STR("my ${words}"),
                         .created = STR("2026-11-21 02:16+0000"),
                         .tag = STR("v1"),
                         .id_description = true,
                         .sql_only = true};
    struct str text = yaml_of(p, &in, *state);
    assert_true(str_find(text, STR(" (addColumn columnName=b, tableName=t)\"\n    author: \"a\"\n"
                                   "    comment: \"my ${${snap.d}}${${snap.d}}snap.d}}words}\"\n"
                                   "    contextFilter: \"c or d\"\n"
                                   "    created: \"2026-11-21 02:16+0000\"\n"
                                   "    dbms: \"sqlite\"\n"
                                   "    labels: \"l1,l2\"\n"
                                   "    changes:\n")) < text.n);
    assert_true(str_ends(text, STR("\n- changeSet:\n    id: \"tag-v1\"\n    author: \"a\"\n"
                                   "    contextFilter: \"c or d\"\n"
                                   "    created: \"2026-11-21 02:16+0000\"\n"
                                   "    dbms: \"sqlite\"\n"
                                   "    labels: \"l1,l2\"\n    changes:\n"
                                   "    - tagDatabase:\n        tag: \"v1\"\n")));
    p->v[0].repeat = 3;
    text = yaml_of(p, &in, *state);
    assert_true(str_find(text, STR(".3 (addColumn")) < text.n);
}

static void sql_only(void **state)
{
    struct plan *p = sql_plan(*state, from, to);
    struct emit_in in = {.author = STR("a"), .sql_only = true};
    struct str text = yaml_of(p, &in, *state);
    assert_true(str_find(text, STR("createView")) == text.n);
    assert_true(str_find(text, STR("          CREATE VIEW v AS SELECT 'a\n          b' AS a\n")) <
                text.n);
}

static void descriptions(void **state)
{
    static const char *const rows[][3] = {
        {"", "CREATE TABLE t (a)", "(createTable tableName=t)"},
        {"CREATE TABLE t (a)", "", "(dropTable tableName=t)"},
        {"CREATE TABLE t (a)", "CREATE TABLE t (a TEXT)", "(alterTable tableName=t)"},
        {"CREATE TABLE t (a)",
         "CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
         "(create trigger t.g)"},
    };
    struct emit_in in = {.author = STR("a"), .id_description = true};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = yaml_of(sql_plan(*state, rows[i][0], rows[i][1]), &in, *state);
        if (str_find(text, str_c(rows[i][2])) == text.n)
            fail_msg("%s: %.*s", rows[i][2], STR_ARG(text));
    }
}

static void nothing(void **state)
{
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a)");
    assert_str(yaml_of(p, NULL, *state), "databaseChangeLog: []\n");
    struct emit_in in = {.author = STR("a"), .tag = STR("v")};
    assert_true(str_starts(yaml_of(p, &in, *state),
                           STR("databaseChangeLog:\n- changeSet:\n    id: \"tag-v\"")));
}

/* No way back: it fails by name, or is empty on request. */
static void lossy(void **state)
{
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a, b)");
    struct emit_in in = {.author = STR("a"), .allow_lossy = true};
    p->v[0].rev = REV_NONE;
    struct str text = yaml_of(p, &in, *state);
    assert_true(str_ends(text, STR("    rollback: empty\n")));
    assert_true(str_find(text, STR("# there is no rollback\n- changeSet:")) < text.n);
    in.allow_lossy = false;
    text = yaml_of(p, &in, *state);
    assert_true(str_find(text, STR("rollback: empty")) == text.n);
    p->v[0].nback = 0;
    assert_true(str_ends(yaml_of(p, &in, *state), STR("    rollback: empty\n")));
    p = sql_plan(*state, "CREATE TABLE t (a, b)", "CREATE TABLE t (a)");
    text = yaml_of(p, NULL, *state);
    assert_true(str_find(text, STR("# the rollback restores the schema and not the rows")) <
                text.n);
}

/* Liquibase takes carriage returns out of SQL: such a text is refused, or sent as it survives. */
static void carriage_returns(void **state)
{
    struct str text;
    struct err e = {0};
    struct plan *p = sql_plan(*state, "", "CREATE TABLE t (a TEXT DEFAULT 'x\r\ny')");
    assert_err(emit_to(p, NULL, *state, &text, &e), e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "carriage return") && says(&e, "--format sql"));
    p = sql_plan(*state, "", "CREATE VIEW v AS SELECT\r\n1 AS a");
    text = yaml_of(p, NULL, *state);
    assert_true(str_find(text, STR("\\x0D")) == text.n && str_chr(text, '\r') == text.n);
}

/* Read back as the replay reads it, each statement is what it was. */
static void reads_back(void **state)
{
    struct arena *mem = *state;
    struct plan *p = sql_plan(mem, nasty_sql(mem, false), nasty_sql(mem, true));
    for (int how = 0; how < 2; how++) {
        struct emit_in in = {.author = STR("a ${b}\x1b"),
                             .labels = STR("\xe2\x80\xae"),
                             .sql_only = how == 0,
                             .id_description = how};
        struct str text = yaml_of(p, &in, mem);
        struct replay r;
        struct err e = {0};
        for (size_t i = 0; i < text.n; i++)
            assert_true((unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n' || text.p[i] == '\t');
        assert_ok(changelog_read(text, STR_NULL, STR("x.yaml"), p->eng, mem, &r, &e), e);
        assert_int_equal(r.n, p->n);
        for (uint32_t i = 0; i < r.n; i++) {
            uint32_t n, nback;
            bool own;
            struct stmt *want = step_script(p, &p->v[i], false, mem, &n, &own);
            struct stmt *back = step_script(p, &p->v[i], true, mem, &nback, &own);
            uint32_t skip = r.v[i].nfwd == n + 2; /* the transaction that Liquibase brings */
            assert_int_equal(r.v[i].nfwd, n + 2 * skip);
            assert_true(r.v[i].id.n <= 255 + 40); /* less than 256 once ${ is itself again */
            for (uint32_t k = 0; how == 0 && k < n; k++)
                assert_true(str_eq(r.v[i].fwd[k + skip].text, want[k].text));
            for (uint32_t k = 0; how == 0 && k < nback; k++)
                assert_true(str_eq(r.v[i].back[k + skip].text, back[k].text));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_changelog), TEST(attributes), TEST(sql_only),         TEST(descriptions),
        TEST(nothing),     TEST(lossy),      TEST(carriage_returns), TEST(reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
