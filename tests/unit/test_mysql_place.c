/* What a URL of MySQL or MariaDB tells without a connection. */

#include "drivers/mysql/mysql.h"
#include "snapshot/snapshot.h"
#include "tests/harness/unit.h"

static const struct engine *const engines[] = {&engine_mysql, NULL};

static void one_server(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"mysql://h/a", "mariadb://h:3306/b", true},
        {"mysql://u:p@h/a", "mysql://v@H/a", true},
        {"mysql://h:1/a", "mysql://h:2/a", false},
        {"mysql://h/a", "mysql://i/a", false},
        {"mysql://localhost/a", "mysql://127.0.0.1/a", true},
        {"mysql://[::1]/a", "mysql:///a", true},
        {"mysql://[fe80::1]:3307/a", "mysql://[fe80::1]:3307/b", true},
        {"mysql://[fe80::1]:3307/a", "mysql://[fe80::2]:3307/b", false},
        /* behind a socket is any port */
        {"mysql:///a?socket=/run/s", "mysql://localhost:3311/b", true},
        {"mysql:///a?socket=/run/s", "mysql://h/b", false},
        {"mysql://u%40v@h/a", "mysql://h/a", true},
    };
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec a, b;
        assert_ok(source_parse(str_c(rows[i].a), engines, *state, &a, &e), e);
        assert_ok(source_parse(str_c(rows[i].b), engines, *state, &b, &e), e);
        assert_int_equal(my_same_server(&a.live, &b.live, *state), rows[i].same);
        assert_int_equal(my_same_server(&b.live, &a.live, *state), rows[i].same);
    }
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

static void reading_role(void **state)
{
    static const struct {
        const char *url, *user, *database;
        bool show_routine, proc;
    } rows[] = {
        {"mysql://app@h/shop", "'app'@'%'", "`shop`", true, true},
        {"mysql://root:x@h/a%60b", "'snap_ro'@'%'", "`a``b`", true, true},
        {"mysql://h/shop", "'snap_ro'@'%'", "`shop`", true, true},
        {"mariadb://it%27s@h/shop", "'it''s'@'%'", "`shop`", false, true},
        {"jdbc:mysql://h/shop", "'snap_ro'@'%'", "`shop`", true, false},
    };
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec s;
        struct strbuf out = sb_new(*state, 0);
        assert_ok(source_parse(str_c(rows[i].url), engines, *state, &s, &e), e);
        my_reading_role(&s.live, *state, &out);
        struct str text = sb_view(&out);
        assert_true(holds(text, arena_cstr(*state, my_text(*state, "CREATE USER IF NOT EXISTS %S;",
                                                           str_c(rows[i].user)))));
        assert_true(
            holds(text, arena_cstr(*state, my_text(*state,
                                                   "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON "
                                                   "%S.* TO",
                                                   str_c(rows[i].database)))));
        assert_int_equal(holds(text, "SHOW_ROUTINE"), rows[i].show_routine);
        assert_int_equal(holds(text, "ON mysql.proc TO"), rows[i].proc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(one_server), TEST(reading_role)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
