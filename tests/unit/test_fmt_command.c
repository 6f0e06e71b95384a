/* A plan of commands as a Liquibase changelog and as a script for mongosh, and both read again; see
 * emit/command.c and emit/fmt_mongosh.c. */

#include "changelog/changelog.h"
#include "core/command.h"
#include "core/escape.h"
#include "emit/command.h"
#include "emit/emit.h"
#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

/* STR for what stands outside of functions. */
#define S(lit)                                                                                     \
    {                                                                                              \
        "" lit, sizeof(lit) - 1                                                                    \
    }

/* {"create": name, ...options} */
static bool typed_command(const struct typed *t, struct strbuf *out)
{
    if (!str_eq_c(STR("createCollection"), t->name) || t->nkeys != 2)
        return false;
    struct strbuf options = sb_new(out->mem, 0);
    bool sound = command_line(t->key[1].value, &options);
    sb_printf(out, "{\"create\":\"%.*s\",%.*s", STR_ARG(t->key[0].value),
              STR_ARG(str_from(sb_view(&options), 1)));
    return sound;
}

static const struct engine eng = {
    .lang = LANG_COMMAND,
    .name = "docs",
    .title = "Docs",
    .dbms = "docs",
    .script_run = "shell --file SCRIPT",
    .typed_sql = typed_command,
};

static const struct typed make_typed = {
    .name = "createCollection",
    .nkeys = 2,
    .key = {{"collectionName", S("o's"), false},
            {"options", S("{\"validator\":{\"a\":\"$\\u007bx}\"}}"), false}}};

#define LONG                                                                                       \
    "{\"createIndexes\":\"orders\",\"indexes\":[{\"key\":{\"a\":1,\"b\":-1},\"name\":\"a_1_b_-"    \
    "1\","                                                                                         \
    "\"unique\":true,\"partialFilterExpression\":{\"words\":\"long enough ${x} \xe2\x80\xae\"}}]}"

static struct stmt make_it[] = {
    {LANG_COMMAND, S("{\"create\":\"o's\",\"validator\":{\"a\":\"$\\u007bx}\"}}"), 0, &make_typed}};
static struct stmt drop_it[] = {{LANG_COMMAND, S("{\"drop\":\"o's\"}"), 0, NULL}};
static struct stmt index_it[] = {{LANG_COMMAND, S(LONG), 0, NULL}};
static struct stmt unindex_it[] = {
    {LANG_COMMAND, S("{\"collMod\":\"orders\",\"index\":{\"name\":\"x\",\"hidden\":true}}"), 0,
     NULL},
    {LANG_COMMAND, S("{\"dropIndexes\":\"orders\",\"index\":\"a\\\\b\"}"), 0, NULL}};
static struct stmt move_it[] = {
    {LANG_COMMAND, S("{\"renameCollection\":\"d.a\",\"to\":\"d.b\"}"), ST_ADMIN, NULL}};
static struct stmt refuse_it[] = {{LANG_COMMAND, S("{\"refused\":1}"), 0, NULL}};

/* Four steps: made by a change type, an index on several lines, on the admin database, a check. */
static struct plan *plan_of(struct arena *mem)
{
    struct plan *p = NEW(mem, struct plan);
    struct changes *c = NEW(mem, struct changes);
    struct member *m = NEW(mem, struct member);
    struct hazard *hz = NEW(mem, struct hazard);
    struct obj *o = NEW(mem, struct obj);
    *o = mini_obj("table:t", "{}");
    *m = (struct member){.after = o};
    *hz = (struct hazard){HZ_INDEX_BUILD, STR("index a"), STR("read\nwhole"), STR("table:t")};
    *c = (struct changes){.eng = &eng, .from.label = STR("a\xe2\x80\xa8"), .to.label = STR("b")};
    *p = (struct plan){.eng = &eng, .changes = c, .v = NEW_ARRAY(mem, struct step, 4), .n = 4};
    p->v[0] = (struct step){.fwd = make_it, .nfwd = 1, .back = drop_it, .nback = 1};
    p->v[1] = (struct step){
        .fwd = index_it, .nfwd = 1, .back = unindex_it, .nback = 2, .hz = hz, .nhz = 1};
    p->v[2] =
        (struct step){.fwd = move_it, .nfwd = 1, .back = refuse_it, .nback = 1, .rev = REV_NONE};
    p->v[3] = (struct step){.fwd = drop_it, .nfwd = 1};
    for (uint32_t i = 0; i < 4; i++) {
        p->v[i].members = m;
        p->v[i].nmembers = 1;
        p->v[i].subject = o->path;
        p->v[i].title = arena_printf(mem, "step %u", i);
        p->v[i].id.hi = i;
    }
    return p;
}

static struct str written(const char *format, struct plan *p, const struct emit_in *how,
                          struct arena *mem, struct str *back)
{
    struct emit_in in = *how;
    in.mem = mem;
    in.plan = p;
    in.changes = p->changes;
    return emitted(emitter_find(str_c(format), EMIT_CHANGELOG), &in, back);
}

#define HEAD(n)                                                                                    \
    "- changeSet:\n    id: \"000000000000000" n "\"\n    author: \"me\"\n    comment: \"step " n   \
    "\"\n    dbms: \"docs\"\n    changes:\n"

static const char changelog[] = "databaseChangeLog:\n" HEAD("0") //
    "    - createCollection:\n"
    "        collectionName: \"o's\"\n"
    "        options: |2-\n"
    "          {\"validator\": {\"a\": \"$\\u007bx}\"}}\n"
    "    rollback:\n"
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\"drop\": \"o's\"}\n"
    "# INDEX_BUILD: index a: read\\x0awhole\n" HEAD("1") //
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\n"
    "            \"createIndexes\": \"orders\",\n"
    "            \"indexes\": [\n"
    "              {\n"
    "                \"key\": {\"a\": 1, \"b\": -1},\n"
    "                \"name\": \"a_1_b_-1\",\n"
    "                \"unique\": true,\n"
    "                \"partialFilterExpression\": {\"words\": \"long enough \\u0024{x} \\u202E\"}\n"
    "              }\n"
    "            ]\n"
    "          }\n"
    "    rollback:\n"
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\"collMod\": \"orders\", \"index\": {\"name\": \"x\", \"hidden\": true}}\n"
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\"dropIndexes\": \"orders\", \"index\": \"a\\\\b\"}\n"
    "# there is no rollback\n" HEAD("2") //
    "    - adminCommand:\n"
    "        command: |2-\n"
    "          {\"renameCollection\": \"d.a\", \"to\": \"d.b\"}\n"
    "    rollback:\n"
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\"refused\": 1}\n" HEAD("3") //
    "    - runCommand:\n"
    "        command: |2-\n"
    "          {\"drop\": \"o's\"}\n"
    "    rollback:\n"
    "    - empty: {}\n";

/* What a rollback takes of what was there before. */
static void a_rollback_that_loses(void **state)
{
    struct emit_in in = {.author = STR("me")};
    struct plan *p = plan_of(*state);
    struct obj there = mini_obj("table:t", "{}");
    struct member m = {.before = &there, .after = &there};
    struct hazard hz[] = {{HZ_INDEX_BUILD, STR("index a"), STR("read"), STR("table:t")},
                          {HZ_DATA_LOSS, STR("table t"), STR("rows\nare deleted"), STR("table:t")}};
    for (uint32_t i = 0; i < 3; i++) { /* the third has no rollback */
        p->v[i].back_hz = hz;
        p->v[i].nback_hz = 2;
    }
    p->v[0].members = p->v[2].members = &m; /* the second has made the table */
    struct str text = written("liquibase-yaml", p, &in, *state, NULL);
    struct str line = STR("databaseChangeLog:\n# rollback: DATA_LOSS: table t: rows\\x0aare "
                          "deleted\n- changeSet:\n");
    assert_true(str_starts(text, line));
    assert_true(str_find(str_from(text, line.n), STR("# rollback:")) == text.n - line.n);
}

static void a_changelog(void **state)
{
    struct emit_in in = {.author = STR("me")};
    assert_str(written("liquibase-yaml", plan_of(*state), &in, *state, NULL), changelog);
    in.allow_lossy = true;
    struct str text = written("liquibase-yaml", plan_of(*state), &in, *state, NULL);
    assert_true(str_find(text, STR("refused")) == text.n);
    in.sql_only = true;
    text = written("liquibase-yaml", plan_of(*state), &in, *state, NULL);
    assert_true(str_find(text, STR("createCollection")) == text.n);
}

/* A name that the change type could not carry is one of a command. */
static void typed_or_not(void **state)
{
    static const struct {
        const char *name;
        bool typed;
    } rows[] = {{"a b.c-$x", true},  {"${x}", false},   {" a", false}, {"a\t", false},
                {"\xc3\xa4", false}, {"null", false},   {"", false},   {"a\nb", false},
                {"NULL", false},     {"nullable", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct val *list = val_new(*state, NULL, NULL, VAL_LIST);
        struct typed t = make_typed;
        struct stmt s = make_it[0];
        t.key[0].value = str_c(rows[i].name);
        s.typed = &t;
        command_change(*state, list, &s, true);
        if (rows[i].typed != str_eq(list->first->first->key, STR("createCollection")))
            fail_msg("%s: %.*s", rows[i].name, STR_ARG(list->first->first->key));
    }
}

static const char script[] =
    "// Turns a\\xe2\\x80\\xa8 into b\n"
    "// Run it with: shell --file SCRIPT\n"
    "// proof: words\\x0aprocess.exit()\n"
    "\n"
    "// step 1: step 0\n"
    "db.runCommand(EJSON.parse('{\"create\": \"o\\'s\", \"validator\": {\"a\": "
    "\"$\\\\u007bx}\"}}', {relaxed: false}));\n"
    "\n"
    "// step 2: step 1\n"
    "// ! INDEX_BUILD: index a: read\\x0awhole\n"
    "db.runCommand(EJSON.parse([\n"
    "  '{',\n"
    "  '  \"createIndexes\": \"orders\",',\n"
    "  '  \"indexes\": [',\n"
    "  '    {',\n"
    "  '      \"key\": {\"a\": 1, \"b\": -1},',\n"
    "  '      \"name\": \"a_1_b_-1\",',\n"
    "  '      \"unique\": true,',\n"
    "  '      \"partialFilterExpression\": {\"words\": \"long enough \\\\u0024{x} \\\\u202E\"}',\n"
    "  '    }',\n"
    "  '  ]',\n"
    "  '}',\n"
    "].join(''), {relaxed: false}));\n"
    "\n"
    "// step 3: step 2\n"
    "db.adminCommand(EJSON.parse('{\"renameCollection\": \"d.a\", \"to\": \"d.b\"}', {relaxed: "
    "false}));\n"
    "\n"
    "// step 4: step 3\n"
    "db.runCommand(EJSON.parse('{\"drop\": \"o\\'s\"}', {relaxed: false}));\n";

static const char unscript[] =
    "// Takes back what turned a\\xe2\\x80\\xa8 into b\n"
    "// Run it with: shell --file SCRIPT\n"
    "// proof: words\\x0aprocess.exit()\n"
    "\n"
    "// step 4: undo: step 3\n"
    "// nothing to do\n"
    "\n"
    "// step 3: undo: step 2\n"
    "db.runCommand(EJSON.parse('{\"refused\": 1}', {relaxed: false}));\n"
    "\n"
    "// step 2: undo: step 1\n"
    "db.runCommand(EJSON.parse('{\"collMod\": \"orders\", \"index\": {\"name\": \"x\", \"hidden\": "
    "true}}', {relaxed: false}));\n"
    "db.runCommand(EJSON.parse('{\"dropIndexes\": \"orders\", \"index\": \"a\\\\\\\\b\"}', "
    "{relaxed: false}));\n"
    "\n"
    "// step 1: undo: step 0\n"
    "db.runCommand(EJSON.parse('{\"drop\": \"o\\'s\"}', {relaxed: false}));\n";

static void a_script(void **state)
{
    struct emit_in in = {.proof = STR("proof: words\nprocess.exit()")};
    struct str back, text = written("mongosh", plan_of(*state), &in, *state, &back);
    assert_str(text, script);
    assert_str(back, unscript);
    in.allow_lossy = true;
    written("mongosh", plan_of(*state), &in, *state, &back);
    assert_true(str_find(back, STR("refused")) == back.n);
    assert_true(str_find(back, STR("// impossible, and left empty on request\n")) < back.n);
    struct plan *p = plan_of(*state);
    p->n = 0;
    assert_true(str_ends(written("mongosh", p, &in, *state, &back), STR("// 0 changes\n")));
}

/* What is read again is the commands as they were but for escapes. */
static void same(struct arena *mem, const struct stmt *got, const struct stmt *want, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf safe = sb_new(mem, 0);
        esc_json_text(&safe, want[i].text);
        assert_true(str_eq(got[i].text, sb_view(&safe)));
        assert_int_equal(got[i].flags, want[i].flags);
        assert_int_equal(got[i].lang, LANG_COMMAND);
    }
}

static void reads_back(void **state)
{
    struct arena *mem = *state;
    struct plan *p = plan_of(mem);
    for (int how = 0; how < 2; how++) {
        struct emit_in in = {.author = STR("me"), .sql_only = how};
        struct str text = written("liquibase-yaml", p, &in, mem, NULL);
        struct replay r;
        struct err e;
        assert_false(acts_on_terminal(text));
        assert_ok(changelog_read(text, STR_NULL, STR("x.yaml"), &eng, mem, &r, &e), e);
        assert_int_equal(r.n, 4);
        for (uint32_t i = 0; i < 4; i++) {
            assert_int_equal(r.v[i].nfwd, 1);
            assert_int_equal(r.v[i].nback, p->v[i].nback);
            same(mem, r.v[i].fwd, p->v[i].fwd, 1);
            same(mem, r.v[i].back, p->v[i].back, p->v[i].nback);
        }
    }
    struct emit_in in = {.author = STR("me")};
    struct str back, text = written("mongosh", p, &in, mem, &back);
    struct replay r;
    struct err e;
    assert_false(acts_on_terminal(text) || acts_on_terminal(back));
    assert_ok(changelog_read(text, back, STR("x.js"), &eng, mem, &r, &e), e);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.v[0].nfwd, 4);
    assert_int_equal(r.v[0].nback, 4);
    for (uint32_t i = 0; i < 4; i++)
        same(mem, &r.v[0].fwd[i], p->v[i].fwd, 1);
    same(mem, r.v[0].back, refuse_it, 1);
    same(mem, &r.v[0].back[1], unindex_it, 2);
}

/* Nothing that a database holds ends a string or a line, whichever way it is written. */
static void hostile_texts(void **state)
{
    struct arena *mem = *state;
    for (uint32_t i = 0; nasty[i]; i++) {
        struct strbuf name = sb_new(mem, 0), text = sb_new(mem, 0);
        struct str back;
        esc_json(&name, str_c(nasty[i]));
        sb_printf(&text, "{\"drop\":%.*s}", STR_ARG(sb_view(&name)));
        struct stmt s = {LANG_COMMAND, sb_view(&text), 0, NULL};
        struct plan *p = plan_of(mem);
        p->n = 1;
        p->v[0].fwd = p->v[0].back = &s;
        p->v[0].title = str_c(nasty[i]);
        struct emit_in in = {.author = STR("me"), .comment = str_c(nasty[i])};
        struct str yaml = written("liquibase-yaml", p, &in, mem, NULL);
        struct str js = written("mongosh", p, &in, mem, &back);
        struct replay r;
        struct err e;
        assert_false(acts_on_terminal(yaml) || acts_on_terminal(js));
        assert_ok(changelog_read(yaml, STR_NULL, STR("x.yaml"), &eng, mem, &r, &e), e);
        same(mem, r.v[0].fwd, &s, 1);
        assert_ok(changelog_read(js, back, STR("x.js"), &eng, mem, &r, &e), e);
        same(mem, r.v[0].fwd, &s, 1);
        same(mem, r.v[0].back, &s, 1);
    }
}

static bool keeps_no_numbers(struct str command, struct arena *mem)
{
    (void)mem;
    return str_find(command, STR("a_1_b_-1")) == command.n;
}

/* What the shell would make something else of is refused, in either direction. */
static void what_the_shell_loses(void **state)
{
    struct arena *mem = *state;
    struct engine other = eng;
    struct plan *p = plan_of(mem);
    struct emit_in in = {.mem = mem, .plan = p, .changes = p->changes};
    struct strbuf out = sb_new(mem, 0), second = sb_new(mem, 0);
    const struct emitter *shell = emitter_find(STR("mongosh"), EMIT_CHANGELOG);
    struct err e;
    other.shell_keeps = keeps_no_numbers;
    p->eng = &other;
    assert_err(shell->run(&in, &out, &second, &e), e, E_UNSUPPORTED_CHANGE);
    assert_true(says(&e, "step 1: a value") && says(&e, "--format liquibase-yaml"));
    p->v[1].back = index_it;
    p->v[1].nback = 1;
    p->v[1].fwd = drop_it;
    assert_err(shell->run(&in, &out, &second, &e), e, E_UNSUPPORTED_CHANGE);
    assert_ok(shell->run(&in, &out, NULL, &e), e);
}

static void lines(void **state)
{
    static const struct {
        size_t width;
        const char *json, *want;
    } rows[] = {
        {10, "{}", "{}"},
        {1, "{}", "{}"},
        {9, "{\"a\":1}", "{\"a\": 1}"},
        {8, "{\"a\":1}", "{\n  \"a\": 1\n}"},
        {12, "{\"a\":[1,2],\"b\":[]}", "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}"},
        {14, "{\"a\":[1,2],\"b\":[]}", "{\n  \"a\": [1, 2],\n  \"b\": []\n}"},
        {6, "{\"a\":\"[{,:}]\\\"\"}", "{\n  \"a\": \"[{,:}]\\\"\"\n}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0), one = sb_new(*state, 0);
        command_lines(&b, str_c(rows[i].json), rows[i].width);
        assert_str(sb_view(&b), rows[i].want);
        assert_true(command_line(sb_view(&b), &one));
        assert_str(sb_view(&one), rows[i].json);
    }
}

static void of_one_language(void **state)
{
    struct err e;
    struct engine sql = eng;
    const struct emitter *yaml = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG);
    const struct emitter *shell = emitter_by_ext(STR("x.js"), EMIT_SNAPSHOT);
    const struct emitter *script_of_sql = emitter_find(STR("sql"), EMIT_ROLLBACK);
    (void)state;
    sql.lang = LANG_SQL;
    assert_ok(emitter_fits(yaml, &eng, &e) || emitter_fits(yaml, &sql, &e), e);
    assert_ok(emitter_fits(shell, &eng, &e) || emitter_fits(script_of_sql, &sql, &e), e);
    assert_err(emitter_fits(script_of_sql, &eng, &e), e, E_UNKNOWN_FORMAT);
    assert_true(says(&e, "--format mongosh"));
    assert_err(emitter_fits(shell, &sql, &e), e, E_UNKNOWN_FORMAT);
    assert_true(says(&e, "--format sql"));
}

#define LOG "databaseChangeLog:\n- changeSet:\n    id: x\n    changes:\n"
static void what_is_not_replayed(void **state)
{
    static const struct {
        const char *text, *label;
        const struct engine *eng;
        const char *says;
    } rows[] = {
        {LOG "    - sql: {sql: A, splitStatements: false}\n", "x.yaml", &eng, "of SQL"},
        {LOG "    - runCommand: {command: \"{}\"}\n", "x.yaml", &engine_sqlite, "a command"},
        {LOG "    - runCommand: {command: \"{a: 1}\"}\n", "x.yaml", &eng, "no document"},
        {LOG "    - runCommand: {command: '{\"a\": \"${b}\"}'}\n", "x.yaml", &eng, "${parameter}"},
        {LOG "    - runCommand: {command: {a: 1}}\n", "x.yaml", &eng, "nothing else"},
        {LOG "    - runCommand: {command: \"{}\", x: 1}\n", "x.yaml", &eng, "nothing else"},
        {LOG "    - runCommand: {x: 1, command: \"{}\"}\n", "x.yaml", &eng, "nothing else"},
        {LOG "    - adminCommand: {}\n", "x.yaml", &eng, "a command is wanted"},
        {LOG "    - dropCollection: {collectionName: a}\n", "x.yaml", &eng, "a change type"},
        {LOG "    - empty: {a: b}\n", "x.yaml", &eng, "a change type"},
        {"db.t.drop()\n", "x.js", &eng, "x.js line 1"},
        {"DROP TABLE t", "x.sql", &eng, "commands and no SQL"},
        {"db.t.drop()\n", "x.js", &engine_sqlite, "are SQL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct replay r;
        struct err e = {0};
        if (!changelog_read(str_c(rows[i].text), STR_NULL, str_c(rows[i].label), rows[i].eng,
                            *state, &r, &e))
            fail_msg("%s", rows[i].text);
        assert_int_equal(e.code, E_CHANGELOG_FOREIGN);
        if (!says(&e, rows[i].says))
            fail_msg("%s: %s", rows[i].text, e.msg);
    }
    struct replay r;
    struct err e;
    assert_ok(
        changelog_read(STR(LOG "    - empty: {}\n"), STR_NULL, STR("x.yaml"), &eng, *state, &r, &e),
        e);
    assert_int_equal(r.v[0].nfwd, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rollback_that_loses),
        TEST(a_changelog),
        TEST(typed_or_not),
        TEST(a_script),
        TEST(reads_back),
        TEST(hostile_texts),
        TEST(what_the_shell_loses),
        TEST(lines),
        TEST(of_one_language),
        TEST(what_is_not_replayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
