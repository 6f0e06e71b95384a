/* Commands as texts, and the script that holds them; see core/command.c. */

#include "core/command.h"

#include <string.h>

#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static void on_one_line(void **state)
{
    static const char *const rows[][2] = {
        {"{}", "{}"},
        {" {\n\t\"a\" : [ 1 , -2.5e+3, true,\r\n null ] , \"b c\" : { } }\n",
         "{\"a\":[1,-2.5e+3,true,null],\"b c\":{}}"},
        {"{\"a\": \" \\\" { } \\\\\", \"b\": \"\\u0024{x}\"}",
         "{\"a\":\" \\\" { } \\\\\",\"b\":\"\\u0024{x}\"}"},
        {"{\"a\": \"\xc3\xa4\"}", "{\"a\":\"\xc3\xa4\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        assert_true(command_line(str_c(rows[i][0]), &b));
        assert_str(sb_view(&b), rows[i][1]);
    }
}

static void what_is_no_command(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "x",
        "[]",
        "\"a\"",
        "{",
        "}",
        "{}}",
        "{} {}",
        "{}x",
        "{]",
        "{\"a\":[}",
        "{\"a}",
        "{\"a\\\"}",
        "{\"a\n\":1}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":e1}",
        "{\"a\":nul}",
        "{\"a\":+}",
        "{\"a\":1 2}",
        "{\"a\":NaN}",
        "{\"a\":1}//",
        "{\"a\":\"${b}\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":ObjectId()}",
        "{\"a\":\"\\",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        if (command_line(str_c(rows[i]), &b))
            fail_msg("%s: %.*s", rows[i], STR_ARG(sb_view(&b)));
    }
    struct strbuf deep = sb_new(*state, 0), out = sb_new(*state, 0);
    for (int i = 0; i < 600; i++)
        sb_c(&deep, "{\"a\":");
    assert_false(command_line(sb_view(&deep), &out));
    assert_false(command_line((struct str){"{\0}", 3}, &out));
}

static void a_script(void **state)
{
    static const char text[] =
        "// words\n\n  // more\n"
        "db.runCommand(EJSON.parse('{\"drop\": \"it\\'s \\\\\\\\ \"}', {relaxed: false}));\r\n"
        "db.adminCommand(EJSON.parse([\n"
        "  '{',\n\n"
        "  '  \"a\": 1,',\n"
        "  '  \"b\": 2'\n,\n"
        "].join(''), {relaxed: false}));\n"
        "db.runCommand(EJSON.parse(['{', '}',\n].join(''), {relaxed: false}));";
    struct command_script s = {.rest = str_c(text), .label = STR("x.js")};
    struct stmt one;
    struct err e;
    bool more;
    assert_ok(command_next(&s, *state, &one, &more, &e), e);
    assert_true(more);
    assert_str(one.text, "{\"drop\":\"it's \\\\ \"}");
    assert_int_equal(one.lang, LANG_COMMAND);
    assert_int_equal(one.flags, 0);
    assert_int_equal(s.line, 4);
    /* a comma that stands on a line of its own is nothing that is written */
    assert_err(command_next(&s, *state, &one, &more, &e), e, E_CHANGELOG_FOREIGN);
    assert_non_null(strstr(e.msg, "x.js line 10"));
}

static void both_calls(void **state)
{
    static const char text[] = "db.adminCommand(EJSON.parse([\n"
                               "  '{',\n"
                               "  '  \"a\": 1',\n"
                               "  '}',\n"
                               "].join(''), {relaxed: false}));\n"
                               "db.runCommand(EJSON.parse('{}', {relaxed: false}));\n//\n";
    struct command_script s = {.rest = str_c(text), .label = STR("x.js")};
    struct stmt one;
    struct err e;
    bool more;
    assert_ok(command_next(&s, *state, &one, &more, &e), e);
    assert_str(one.text, "{\"a\":1}");
    assert_int_equal(one.flags, ST_ADMIN);
    assert_ok(command_next(&s, *state, &one, &more, &e), e);
    assert_str(one.text, "{}");
    assert_int_equal(one.flags, 0);
    assert_ok(command_next(&s, *state, &one, &more, &e), e);
    assert_false(more);
}

/* Whatever else JavaScript may say is not replayed. */
static void other_lines(void **state)
{
    static const char *const rows[] = {
        "use test",
        "db.t.drop()",
        "db.runCommand({drop: 't'})",
        "/* x */",
        "db.runCommand(EJSON.parse('{}'));",
        "db.runCommand(EJSON.parse('{}', {relaxed: false})); db.t.drop()",
        "db.runCommand(EJSON.parse(\"{}\", {relaxed: false}));",
        "db.runCommand(EJSON.parse('{}' + x, {relaxed: false}));",
        "db.runCommand(EJSON.parse('\\x7b}', {relaxed: false}));",
        "db.runCommand(EJSON.parse('{}\\",
        "db.runCommand(EJSON.parse('{}",
        "db.runCommand(EJSON.parse([\n  '{}',\n",
        "db.runCommand(EJSON.parse([\n  {},\n",
        "db.runCommand(EJSON.parse([\n  '{}' x\n].join(''), {relaxed: false}));",
        "db.runCommand(EJSON.parse('[]', {relaxed: false}));",
        "other.runCommand(EJSON.parse('{}', {relaxed: false}));",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct command_script s = {.rest = str_c(rows[i]), .label = STR("x.js")};
        struct stmt one;
        struct err e = {0};
        bool more;
        if (!command_next(&s, *state, &one, &more, &e))
            fail_msg("%s", rows[i]);
        assert_int_equal(e.code, E_CHANGELOG_FOREIGN);
        assert_true(says(&e, "x.js line"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(on_one_line), TEST(what_is_no_command), TEST(a_script),
                                       TEST(both_calls), TEST(other_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
