/* The command line: options from one table, wherever they stand, and what is said of wrong ones. */

#include "cli/options.h"

#include "core/strbuf.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

/* Words cut at blanks, as argv. */
static int parse(struct arena *mem, const char *line, struct cmdline *out, struct err *e)
{
    char *argv[32] = {arena_cstr(mem, STR("snap"))};
    int argc = 1;
    struct str rest = str_c(line), word;
    *e = (struct err){0};
    while (*line && str_cut(&rest, ' ', &word))
        argv[argc++] = arena_cstr(mem, word);
    return cmdline_parse(argc, argv, mem, out, e);
}

/* "command arg arg; OPTION=value ..." */
static struct str shown(struct arena *mem, const struct cmdline *c)
{
    struct strbuf b = sb_new(mem, 0);
    sb_c(&b, c->command->name);
    for (uint32_t i = 0; i < c->nargs; i++)
        sb_printf(&b, " %s", c->args[i]);
    for (size_t i = 0; i < option_row_count; i++)
        for (uint32_t k = 0; !option_rows[i].alias && k < c->given.n[option_rows[i].id]; k++)
            sb_printf(&b, "; %s=%.*s", option_rows[i].name,
                      STR_ARG(c->given.v[option_rows[i].id][k]));
    return sb_view(&b);
}

static void sound(void **state)
{
    static const char *const rows[][2] = {
        {"diff a b", "diff a b"},
        {"diff a b -q --stat", "diff a b; quiet=true; stat=true"},
        {"diff -q a --stat b", "diff a b; quiet=true; stat=true"},
        {"-q diff a b", "diff a b; quiet=true"},
        {"-qv diff a b", "diff a b; quiet=true; verbose=true"},
        {"-c x.yml --color never diff a b", "diff a b; config=x.yml; color=never"},
        {"--timeout 30s --include table:x diff a b", "diff a b; timeout=30s; include=table:x"},
        {"--timeout=30s diff a b", "diff a b; timeout=30s"},
        {"-cx.yml diff a b", "diff a b; config=x.yml"},
        {"--strict diff a b", "diff a b; strict=true"},
        {"diff -- -a --b", "diff -a --b"},
        {"diff - a", "diff - a"},
        {"diff a b -M", "diff a b; find-renames=true"},
        {"diff a b -M80", "diff a b; find-renames=80"},
        {"diff a b --find-renames=80", "diff a b; find-renames=80"},
        {"diff a b --include t:x --include t:y", "diff a b; include=t:x; include=t:y"},
        {"diff a b -f json -f text=x", "diff a b; format=json; format=text=x"},
        {"diff-changelog --url a --reference-url b --changelog-file c --label-filter d",
         "changelog; output=c; url=a; reference-url=b; labels=d"},
        {"changelog a b --generate-changeset-created-values --context-filter x --output-file y",
         "changelog a b; output=y; contexts=x; created-values=true"},
        {"changelog a b --generate-changeset-created-values=\"true\"",
         "changelog a b; created-values=\"true\""},
        {"snapshot a --snapshot-format json", "snapshot a; format=json"},
        {"snapshot --url a", "snapshot; url=a"},
        {"drift", "drift"},
        {"drift a b c", "drift a b c"},
        {"", "help"},
        {"--version", "version"},
        {"help diff", "help diff"},
        {"diff --help", "diff; help=true"},
        {"diff -h", "diff; help=true"},
        {"--help", "help; help=true"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cmdline c;
        struct err e;
        if (parse(*state, rows[i][0], &c, &e))
            fail_msg("%s: %s", rows[i][0], e.msg);
        assert_str(shown(*state, &c), rows[i][1]);
    }
}

static void wrong(void **state)
{
    static const struct {
        const char *line;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"dif a b", E_UNKNOWN_COMMAND, "did you mean snap diff?"},
        {"zzzzzz", E_UNKNOWN_COMMAND, "snap has no command zzzzzz"},
        {"DIFF a b", E_UNKNOWN_COMMAND, "DIFF"},
        {"diff a b --formt=json", E_UNKNOWN_OPTION, "did you mean --format?"},
        {"diff a b --reference-ulr x", E_UNKNOWN_OPTION, "did you mean --reference-url?"},
        {"diff a b --zzzzzz", E_UNKNOWN_OPTION, "snap help diff lists its options"},
        {"diff a b --author x", E_UNKNOWN_OPTION, "snap diff takes no --author"},
        {"diff a b --author=x", E_UNKNOWN_OPTION, "snap diff takes no --author"},
        {"diff a b --label-filter x", E_UNKNOWN_OPTION, "snap diff takes no --labels"},
        {"drift -M", E_UNKNOWN_OPTION, "snap drift takes no --find-renames"},
        {"diff a b -Z", E_UNKNOWN_OPTION, "-Z"},
        {"diff a b -qZ", E_UNKNOWN_OPTION, "-Z"},
        {"diff a b --quiet=yes", E_UNKNOWN_OPTION, "--quiet"},
        {"diff a b --format", E_USAGE, "--format needs a value"},
        {"diff a b -f", E_USAGE, "-f needs a value"},
        {"diff a", E_USAGE, "usage: snap diff FROM TO"},
        {"diff", E_USAGE, "an argument is missing"},
        {"changelog a b c", E_USAGE, "too many arguments"},
        {"snapshot a b", E_USAGE, "too many arguments"},
        {"version x", E_USAGE, "too many arguments"},
        {"completion", E_USAGE, "an argument is missing"},
        {"env", E_USAGE, "an argument is missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cmdline c;
        struct err e;
        if (parse(*state, rows[i].line, &c, &e) != -1 || e.code != rows[i].code ||
            !says(&e, rows[i].says))
            fail_msg("%s: %s %s %s", rows[i].line, err_name(e.code), e.msg, e.hint);
    }
}

static void variables(void **state)
{
    struct cmdline c;
    struct err e;
    setenv("SNAP_TIMEOUT", "5s", 1);
    setenv("SNAP_NO_PAGER", "true", 1);
    setenv("SNAP_FORMAT", "json", 1);
    setenv("SNAP_AUTHOR", "me", 1);
    setenv("SNAP_STYLE", "", 1);
    assert_ok(parse(*state, "diff a b --format text", &c, &e), e);
    assert_ok(options_from_env(&c, *state, &e), e);
    /* an option is stronger, and what the command does not take is not given */
    assert_str(shown(*state, &c), "diff a b; no-pager=true; timeout=5s; format=text");
    assert_ok(parse(*state, "changelog a b", &c, &e), e);
    assert_ok(options_from_env(&c, *state, &e), e);
    assert_str(shown(*state, &c),
               "changelog a b; no-pager=true; timeout=5s; format=json; author=me");
    unsetenv("SNAP_TIMEOUT");
    unsetenv("SNAP_NO_PAGER");
    unsetenv("SNAP_FORMAT");
    unsetenv("SNAP_AUTHOR");
    unsetenv("SNAP_STYLE");
}

/* The tables hold together. */
static void tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i], *found = option_by_name(str_c(row->name));
        assert_non_null(found);
        assert_false(found->alias);
        assert_int_equal(found->id, row->id);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(row->name, option_rows[k].name);
            assert_true(!row->letter || row->letter != option_rows[k].letter);
        }
        assert_true(row->alias ||
                    (row->commands && row->doc[0] && (row->arg == ARG_NONE) == !row->argname[0]));
    }
    assert_null(option_by_name(STR("nothing")));
    assert_null(option_by_name(STR("")));
    for (size_t i = 0; i < command_count; i++) {
        assert_ptr_equal(command_find(str_c(commands[i].name)), &commands[i]);
        assert_true(commands[i].doc[0] && commands[i].run && commands[i].examples[0]);
    }
    assert_ptr_equal(command_find(STR("diff-changelog")), command_find(STR("changelog")));
    assert_null(command_find(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(sound), TEST(wrong), TEST(variables), TEST(tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
