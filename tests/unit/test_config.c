/* snap.yml: what it may hold, each fault with its line, where it is found. */

#include "cli/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int parse(struct arena *mem, const char *text, bool open_to_others, struct config *out,
                 struct err *e)
{
    struct config_file file = {STR("snap.yml"), STR("/etc/app"), open_to_others};
    *e = (struct err){0};
    return config_parse(str_c(text), &file, all_engines, mem, out, e);
}

static void everything(void **state)
{
    static const char text[] = "version: 1\n"
                               "defaults:\n"
                               "  timeout: 30s\n"
                               "  include: ['table:a', 'table:b']\n"
                               "  facets: [structure, order]\n"
                               "  label-filter: x\n"
                               "environments:\n"
                               "  dev: {url: 'sqlite:dev.db?immutable=1'}\n"
                               "  prod: {snapshot: ../prod.json, protected: true}\n"
                               "  abs: {url: /a.db, protected: false}\n"
                               "drift:\n"
                               "  prod: {baseline: 'git:main:a.json'}\n"
                               "  dev: {baseline: base.json}\n"
                               "renames:\n"
                               "- a -> b\n"
                               "- c -> d\n";
    struct config c;
    struct err e;
    assert_ok(parse(*state, text, true, &c, &e), e);
    assert_int_equal(c.nenvs, 3);
    assert_str(config_env(&c, STR("dev"))->source, "sqlite:/etc/app/dev.db?immutable=1");
    assert_str(config_env(&c, STR("prod"))->source, "/etc/app/../prod.json");
    assert_true(config_env(&c, STR("prod"))->is_protected);
    assert_str(config_env(&c, STR("prod"))->drift.baseline, "git:main:a.json");
    assert_str(config_env(&c, STR("dev"))->drift.baseline, "/etc/app/base.json");
    assert_str(config_env(&c, STR("abs"))->source, "/a.db");
    assert_false(config_env(&c, STR("abs"))->is_protected);
    assert_true(str_is_null(config_env(&c, STR("abs"))->drift.baseline));
    assert_null(config_env(&c, STR("de")));
    assert_str(c.defaults.v[OPT_TIMEOUT][0], "30s");
    assert_int_equal(c.defaults.n[OPT_INCLUDE], 2);
    assert_str(c.defaults.v[OPT_INCLUDE][1], "table:b");
    assert_int_equal(c.defaults.n[OPT_FACETS], 1);
    assert_str(c.defaults.v[OPT_FACETS][0], "structure,order");
    assert_str(c.defaults.v[OPT_LABELS][0], "x");
    assert_int_equal(c.nrenames, 2);
    assert_str(c.renames[1], "c -> d");
}

static void little(void **state)
{
    static const char *const texts[] = {"",
                                        "# words\n",
                                        "{}",
                                        "version: 1",
                                        "renames: a -> b",
                                        "environments: {}",
                                        "renames: []",
                                        "---\nversion: 1\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct config c;
        struct err e;
        assert_ok(parse(*state, texts[i], true, &c, &e), e);
        assert_int_equal(c.nenvs, 0);
        assert_int_equal(c.nrenames, i == 4);
    }
}

static void faults(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"version: 1\nx: ]\n", E_CONFIG_KEY, "line 2: unknown key x"},
        {"version: ]\n", E_CONFIG_SYNTAX, "snap.yml line 1: "},
        {"version: 1\n\n'x\n", E_CONFIG_SYNTAX, "line "},
        {"version: 1\nversion: 1\n", E_CONFIG_KEY, "line 2: version stands twice"},
        {"version: 2\n", E_BAD_VALUE, "line 1: version 2"},
        {"version: [1]\n", E_CONFIG_SYNTAX, "line 1: a plain value"},
        {"words\n", E_CONFIG_SYNTAX, "line 1: a mapping"},
        {"- a\n", E_CONFIG_SYNTAX, "line 1: a mapping"},
        {"[a]: 1\n", E_CONFIG_SYNTAX, "line 1: a key is wanted"},
        {"evironments: {}\n", E_CONFIG_KEY, "did you mean environments?"},
        {"zzzzzz: {}\n", E_CONFIG_KEY, "known keys: version"},
        {"defaults: {timout: 1}\n", E_CONFIG_KEY, "did you mean timeout?"},
        {"defaults: {config: x}\n", E_CONFIG_KEY, "unknown key config"},
        {"defaults: {help: true}\n", E_CONFIG_KEY, "unknown key help"},
        {"defaults: {timeout: {a: b}}\n", E_CONFIG_SYNTAX, "line 1: a value or a list"},
        {"defaults:\n  include:\n  - [a]\n", E_CONFIG_SYNTAX, "line 3: a plain value"},
        {"defaults: 7\n", E_CONFIG_SYNTAX, "line 1: a mapping"},
        {"environments: {a: {url: b, urll: c}}\n", E_CONFIG_KEY, "did you mean url?"},
        {"environments:\n  a:\n    url: b\n    url: c\n", E_CONFIG_KEY, "line 4: url stands twice"},
        {"environments:\n  a: {url: b, snapshot: c}\n", E_CONFIG_SYNTAX,
         "line 2: an environment has"},
        {"environments:\n  a: {}\n", E_CONFIG_KEY, "line 2: environment a has neither"},
        {"environments:\n  a: {url: ''}\n", E_CONFIG_KEY, "line 2: environment a has neither"},
        {"environments:\n  a: {url: b, protected: 1}\n", E_BAD_VALUE, "line 2: protected"},
        {"environments:\n  a: {url: {}}\n", E_CONFIG_SYNTAX, "line 2: a plain value"},
        {"drift: {a: {baseline: x}}\n", E_CONFIG_KEY, "line 1: a is no environment"},
        {"environments: {b: {url: c}}\ndrift: {a: {baseline: x}}\n", E_CONFIG_KEY,
         "line 2: unknown environment a"},
        {"environments: {a: {url: b}}\ndrift:\n  a: {basline: x}\n", E_CONFIG_KEY,
         "did you mean baseline?"},
        {"environments: {a: {url: b}}\ndrift:\n  a: {baseline: []}\n", E_CONFIG_SYNTAX, "line 3"},
        {"renames: [{}]\n", E_CONFIG_SYNTAX, "line 1: a plain value"},
        {"defaults: &a {timeout: 1s}\nenvironments: *a\n", E_CONFIG_SYNTAX, "line 2: aliases"},
        {"defaults: {include: [[[[[[[[[[a", E_CONFIG_SYNTAX, "line 1"},
        {"environments:\n  a: {url: b, password: c}\n", E_CONFIG_KEY,
         "line 2: unknown key password"},
        {"environments:\n  a: {url: b, password_env: X, password_file: y}\n", E_CONFIG_SYNTAX,
         "line 2: one of password_env"},
        {"environments:\n  a: {url: b, password_command: {}}\n", E_CONFIG_SYNTAX, "line 2"},
        {"version: 1\n---\nversion: 1\n", E_CONFIG_SYNTAX, "line 2: one document only"},
        {"version: 1\n...\n%YAML 1.1\n", E_CONFIG_SYNTAX, "line"},
        {"version: 1\n\n\x01\n", E_CONFIG_SYNTAX, "line 3: "},
        {"version: 1\n\n\n\xff\n", E_CONFIG_SYNTAX, "line 4: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        struct err e;
        if (parse(*state, rows[i].text, true, &c, &e) != -1 || e.code != rows[i].code ||
            !says(&e, rows[i].says))
            fail_msg("%s: %s %s %s", rows[i].text, err_name(e.code), e.msg, e.hint);
    }
}

static void depth(void **state)
{
    struct config c;
    struct err e;
    assert_err(parse(*state, "defaults: {include: [{a: {b: {c: {d: {e: f}}}}}]}", true, &c, &e), e,
               E_CONFIG_SYNTAX);
    assert_int_equal(parse(*state, "{version: 1}", true, &c, &e), 0);
}

static void passwords(void **state)
{
    static const char *const secret[] = {"pg://u:p@h/d", "pg://:p@h", "pg://u:p:q@h"};
    static const char *const plain[] = {"pg://u@h/d", "pg://h:5432/d", "sqlite:a:b@c", "a:b@c"};
    for (size_t i = 0; i < 7; i++) {
        const char *url = i < 3 ? secret[i] : plain[i - 3];
        struct str text = arena_printf(*state, "environments:\n  a: {url: '%s'}\n", url);
        struct config c;
        struct err e;
        assert_int_equal(parse(*state, text.p, true, &c, &e), i < 3 ? -1 : 0);
        assert_true(i >= 3 || (e.code == E_CONFIG_SECRET && says(&e, "line 2: environment a")));
        assert_ok(parse(*state, text.p, false, &c, &e), e);
    }
}

static void finding(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *sub = folder_path(mem, folder, "sub"), cwd[4096];
    char *path = folder_path(mem, folder, "snap.yml");
    struct config c;
    struct err e = {0};
    assert_non_null(getcwd(cwd, sizeof cwd));
    assert_int_equal(mkdir(sub, 0755), 0);
    assert_int_equal(chdir(sub), 0);
    assert_ok(config_load(STR(""), all_engines, mem, &c, &e), e);
    assert_true(str_is_null(c.path)); /* none is fine */
    file_put(path, "environments: {a: {url: 'pg://u:p@h'}, b: {url: b.db}}\n");
    chmod(path, 0644);
    assert_err(config_load(STR(""), all_engines, mem, &c, &e), e, E_CONFIG_SECRET);
    chmod(path, 0600);
    assert_ok(config_load(STR(""), all_engines, mem, &c, &e), e);
    assert_true(str_ends(c.path, STR("/snap.yml")));
    assert_true(str_ends(config_env(&c, STR("b"))->source, STR("/b.db")));
    assert_ok(config_load(STR("../snap.yml"), all_engines, mem, &c, &e), e);
    assert_str(config_env(&c, STR("b"))->source, "../b.db");
    assert_int_equal(chdir(folder), 0);
    assert_ok(config_load(STR("snap.yml"), all_engines, mem, &c, &e), e);
    assert_str(config_env(&c, STR("b"))->source, "./b.db");
    assert_err(config_load(STR("none.yml"), all_engines, mem, &c, &e), e, E_NO_CONFIG);
    assert_err(config_load(STR("sub"), all_engines, mem, &c, &e), e, E_CONFIG_SYNTAX);
    struct strbuf big = sb_new(mem, 0);
    sb_char(&big, '#');
    sb_pad(&big, 'x', 1 << 20);
    file_put(path, sb_view(&big).p);
    assert_err(config_load(STR(""), all_engines, mem, &c, &e), e, E_CONFIG_SYNTAX);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(config_load(STR(""), all_engines, mem, &c, &e), 0);
    assert_int_equal(chdir(cwd), 0);
    rmdir(sub);
    folder_remove(mem, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything), TEST(little), TEST(faults), TEST(depth), TEST(passwords), TEST(finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
