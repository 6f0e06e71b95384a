/* Lines of SHOW GRANTS: what a role sees of a database, and what it lacks. */

#include "drivers/mysql/visible.h"
#include "tests/harness/unit.h"

#define FOUR "GRANT SELECT, SHOW VIEW, EVENT, TRIGGER ON "
enum { ALL_BUT_ROUTINES = MY_SEES_ALL & ~MY_SEES_ROUTINES };

static struct my_grants given(struct arena *mem, bool has_proc, bool literal,
                              const char *const *lines)
{
    struct my_grants g = {.has_proc = has_proc, .literal = literal};
    for (; *lines; lines++)
        my_add_grant(mem, &g, str_c(*lines), STR("my_db"));
    return g;
}

static unsigned sees(struct arena *mem, bool has_proc, bool literal, const char *const *lines)
{
    struct my_grants g = given(mem, has_proc, literal, lines);
    return my_sees(&g);
}

#define SEES(has_proc, literal, ...)                                                               \
    sees(*state, has_proc, literal, (const char *const[]){__VA_ARGS__, NULL})

static void scopes(void **state)
{
    assert_int_equal(SEES(true, false, "GRANT USAGE ON *.* TO `u`@`%`"), 0);
    assert_int_equal(SEES(true, false, FOUR "`my_db`.* TO `u`@`%`"), ALL_BUT_ROUTINES);
    assert_int_equal(SEES(true, false, FOUR "*.* TO `u`@`%`"), MY_SEES_ALL);
    assert_int_equal(SEES(true, false, FOUR "`my_db`.`t` TO `u`@`%`"), 0);
    assert_int_equal(SEES(true, false, "GRANT SELECT (`a`, `b`), TRIGGER ON `my_db`.* TO `u`@`%`"),
                     MY_SEES_TRIGGERS);
    assert_int_equal(SEES(true, false, "GRANT ALL PRIVILEGES ON `my_db`.* TO `u`@`%`"),
                     MY_SEES_ALL);
    assert_int_equal(SEES(true, false, "GRANT `SELECT`@`%` TO `u`@`%`"), 0);
    assert_int_equal(SEES(true, false, "GRANT PROXY ON ''@'%' TO 'root'@'localhost'"), 0);
    assert_int_equal(SEES(true, false, "GRANT EXECUTE ON PROCEDURE `my_db`.`p` TO `u`@`%`"), 0);
    /* mysql.proc is a table of routines where there is one */
    assert_int_equal(SEES(true, false, "GRANT SELECT ON `mysql`.`proc` TO `u`@`%`"),
                     MY_SEES_ROUTINES);
    assert_int_equal(SEES(false, false, "GRANT SELECT ON `mysql`.* TO `u`@`%`"), 0);
    assert_int_equal(SEES(false, false, "GRANT SHOW_ROUTINE ON *.* TO `u`@`%`"), MY_SEES_ROUTINES);
}

static void patterns(void **state)
{
    assert_int_equal(SEES(true, false, FOUR "`my\\_db%`.* TO `u`@`%`"), ALL_BUT_ROUTINES);
    assert_int_equal(SEES(true, false, FOUR "`%d_`.* TO `u`@`%`"), ALL_BUT_ROUTINES);
    assert_int_equal(SEES(true, false, FOUR "`my\\_db\\%`.* TO `u`@`%`"), 0);
    assert_int_equal(SEES(true, false, FOUR "`my_d`.* TO `u`@`%`"), 0);
    /* the pattern that is less wild is the only one */
    assert_int_equal(
        SEES(true, false, FOUR "`my%`.* TO `u`@`%`", "GRANT SELECT ON `my\\_db`.* TO `u`@`%`"),
        MY_SEES_TABLES);
    assert_int_equal(
        SEES(true, false, "GRANT SELECT ON `my\\_db`.* TO `u`@`%`", FOUR "`my%`.* TO `u`@`%`"),
        MY_SEES_TABLES);
    assert_int_equal(
        SEES(true, false, FOUR "`my_d%`.* TO `u`@`%`", "GRANT SELECT ON `my_db`.* TO `u`@`%`"),
        MY_SEES_TABLES);
    /* each role for itself */
    assert_int_equal(
        SEES(true, false, FOUR "`my%`.* TO `r`", "GRANT SELECT ON `my_db`.* TO `u`@`%`"),
        ALL_BUT_ROUTINES);
    /* names, not patterns */
    assert_int_equal(SEES(false, true, FOUR "`my_db`.* TO `u`@`%`"), ALL_BUT_ROUTINES);
    assert_int_equal(SEES(false, true, FOUR "`my\\_db`.* TO `u`@`%`"), 0);
    assert_int_equal(SEES(false, true, FOUR "`my%`.* TO `u`@`%`"), 0);
}

static void revokes(void **state)
{
    assert_int_equal(
        SEES(false, true, FOUR "*.* TO `u`@`%`", "REVOKE TRIGGER ON `my_db`.* FROM `u`@`%`"),
        MY_SEES_ALL & ~MY_SEES_TRIGGERS);
    assert_int_equal(
        SEES(false, true, FOUR "*.* TO `u`@`%`", "REVOKE SELECT ON `my_db`.* FROM `u`@`%`"),
        MY_SEES_ALL & ~MY_SEES_TABLES & ~MY_SEES_ROUTINES);
    assert_int_equal(
        SEES(false, true, FOUR "*.* TO `u`@`%`", "REVOKE SELECT ON `other`.* FROM `u`@`%`"),
        MY_SEES_ALL);
    assert_int_equal(SEES(false, true, "REVOKE EVENT ON `my_db`.* FROM `u`@`%`",
                          FOUR "*.* TO `u`@`%`", "GRANT EVENT ON `my_db`.* TO `u`@`%`"),
                     MY_SEES_ALL);
}

static void lacks(struct arena *mem, const char *want, const struct my_grants *g, unsigned sees)
{
    struct strbuf out = sb_new(mem, 0);
    my_missing(&out, g, sees, STR("my_db"), STR("'u'@'%'"));
    assert_str(sb_view(&out), want);
}

static void missing(void **state)
{
    struct my_grants g = {.has_proc = true};
    lacks(*state,
          "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `my_db`.* TO 'u'@'%'; GRANT SELECT ON "
          "mysql.proc TO 'u'@'%'",
          &g, 0);
    lacks(*state, "GRANT EVENT ON `my_db`.* TO 'u'@'%'", &g, MY_SEES_ALL & ~MY_SEES_EVENTS);
    g.has_proc = false;
    lacks(*state, "GRANT SHOW_ROUTINE ON *.* TO 'u'@'%'", &g, ALL_BUT_ROUTINES);
    /* a grant by name hides one by a pattern */
    g.by_pattern = true;
    lacks(*state, "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `my\\_db`.* TO 'u'@'%'", &g,
          MY_SEES_ALL & ~MY_SEES_EVENTS);
}

static unsigned reads(struct arena *mem, const char *first, const char *second)
{
    const char *const lines[] = {first, second, NULL};
    struct my_grants g = given(mem, true, false, lines);
    return my_reads_grants(&g);
}

static void tables_of_grants(void **state)
{
    struct strbuf out = sb_new(*state, 0);
    assert_int_equal(reads(*state, FOUR "`my_db`.* TO `u`@`%`", NULL), 0);
    assert_int_equal(reads(*state, "GRANT SELECT ON *.* TO `u`@`%`", NULL), MY_HOLDS_ALL);
    assert_int_equal(reads(*state, "GRANT INSERT ON *.* TO `u`@`%`", NULL), 0);
    assert_int_equal(reads(*state, "GRANT SELECT ON `mysql`.* TO `u`@`%`", NULL), MY_HOLDS_ALL);
    assert_int_equal(reads(*state, "GRANT SELECT ON `mysql`.`db` TO `u`@`%`",
                           "GRANT SELECT ON `mysql`.`procs_priv` TO `u`@`%`"),
                     MY_HOLDS_DB | MY_HOLDS_ROUTINES);
    assert_int_equal(reads(*state, "GRANT SELECT (`User`) ON `mysql`.`db` TO `u`@`%`", NULL), 0);
    assert_int_equal(
        reads(*state, "GRANT SELECT ON *.* TO `u`@`%`", "REVOKE SELECT ON `mysql`.* FROM `u`@`%`"),
        0);
    my_missing_grants(&out, MY_HOLDS_DB | MY_HOLDS_TABLES, STR("'u'@'%'"));
    assert_str(sb_view(&out), "GRANT SELECT ON mysql.columns_priv TO 'u'@'%'; "
                              "GRANT SELECT ON mysql.procs_priv TO 'u'@'%'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(scopes), TEST(patterns), TEST(revokes), TEST(missing),
                                       TEST(tables_of_grants)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
