/* The option file of MySQL's clients. */

#include "drivers/mysql/optfile.h"
#include "tests/harness/unit.h"

static void same(struct str got, const char *want)
{
    if (!want)
        assert_true(str_is_null(got));
    else
        assert_true(str_eq_c(got, want));
}

static void logins(void **state)
{
    static const struct {
        const char *text, *user, *password, *host;
    } rows[] = {
        {"", NULL, NULL, NULL},
        {"user=a\n[mysql]\nuser=b\n", NULL, NULL, NULL},
        {"[client]\nuser = a\npassword=p w # c\n host=h", "a", "p w", "h"},
        {"[client]\r\nuser=a\r\n[mysqldump]\npassword=x\n[client-server]\npassword=y", "a", "y",
         NULL},
        {"[client]\n#user=a\n;user=b\nuser\npassword=\n", NULL, "", NULL},
        {"[client]\npassword=\"a#b\\\\c\\sd\" # e\nuser='it\"s'", "it\"s", "a#b\\c d", NULL},
        {"[client]\npassword='open\nuser=\\q\\", "\\q\\", "open", NULL},
        {"[client\nuser=a\n[client]\nuser=b\nuser=c", "c", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct my_login l = my_option_file(str_c(rows[i].text), *state);
        same(l.user, rows[i].user);
        same(l.password, rows[i].password);
        same(l.host, rows[i].host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(logins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
