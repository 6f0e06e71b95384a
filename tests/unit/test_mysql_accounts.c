/* Statements of scripts that have to do with accounts: what counts, and for whom. */

#include "drivers/mysql/grants.h"
#include "tests/harness/unit.h"

static void here(struct arena *mem, const char *database, const char *sql, const char *want)
{
    struct str text = str_c(sql), name = database ? str_c(database) : STR_NULL;
    assert_int_equal(my_granting(mem, &text, name), MY_GRANTS_HERE);
    assert_str(text, want);
}

static enum my_granting what(struct arena *mem, const char *sql)
{
    struct str text = str_c(sql);
    return my_granting(mem, &text, STR("app"));
}

static void own_database(void **state)
{
    here(*state, NULL, "GRANT SELECT ON * TO u", "GRANT SELECT ON  * TO u");
    here(*state, NULL, "GRANT SELECT ON t TO u", "GRANT SELECT ON  t TO u");
    here(*state, NULL, "grant select (`on`), insert on table `a.b` to u@'%'",
         "grant select (`on`), insert on table  `a.b` to u@'%'");
    here(*state, "app", "GRANT ALL ON app.* TO u", "GRANT ALL ON  * TO u");
    here(*state, "app", "GRANT ALL ON `app`.* TO u", "GRANT ALL ON  * TO u");
    here(*state, "app", "GRANT SELECT ON app.t TO u", "GRANT SELECT ON  t TO u");
    here(*state, "app", "REVOKE EXECUTE ON PROCEDURE `app`.`p``q` FROM u",
         "REVOKE EXECUTE ON PROCEDURE  `p``q` FROM u");
    here(*state, "app", "GRANT EXECUTE ON PACKAGE BODY app.p TO u",
         "GRANT EXECUTE ON PACKAGE BODY  p TO u");
}

static void elsewhere(void **state)
{
    static const char *const rows[] = {"GRANT SELECT ON *.* TO u",
                                       "GRANT ALL ON other.* TO u",
                                       "GRANT SELECT ON `other`.`app` TO u",
                                       "GRANT r TO u",
                                       "GRANT `ON` TO u",
                                       "REVOKE ALL PRIVILEGES, GRANT OPTION FROM u",
                                       "CREATE USER u IDENTIFIED BY 'x'",
                                       "CREATE ROLE r",
                                       "ALTER USER u ACCOUNT LOCK",
                                       "FLUSH PRIVILEGES",
                                       "GRANT SELECT ON",
                                       "GRANT"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(what(*state, rows[i]), MY_GRANTS_ELSEWHERE);
    assert_int_equal(what(*state, "CREATE TABLE granted (a int)"), MY_GRANTS_NOTHING);
    assert_int_equal(what(*state, "SET PASSWORD = 'x'"), MY_GRANTS_NOTHING);
    /* who does not say which database it is says nothing of one by name */
    struct str text = STR("GRANT SELECT ON app.* TO u");
    assert_int_equal(my_granting(*state, &text, STR_NULL), MY_GRANTS_ELSEWHERE);
}

static void grantees(void **state)
{
    uint32_t n;
    struct str *v = my_granted_to(*state,
                                  STR("GRANT SELECT ON t TO `a`@'%', 'b, c' IDENTIFIED BY "
                                      "'x', d WITH GRANT OPTION"),
                                  &n);
    assert_int_equal(n, 3);
    assert_str(v[0], "`a`@'%'");
    assert_str(v[1], "'b, c'");
    assert_str(v[2], "d");
    my_granted_to(*state, STR("REVOKE SELECT ON t FROM u"), &n);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(own_database), TEST(elsewhere), TEST(grantees)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
