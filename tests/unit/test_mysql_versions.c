/* One form of what two servers write, and facts of one server in the words of another. */

#include "drivers/mysql/expr.h"
#include "drivers/mysql/mysql.h"
#include "tests/harness/unit.h"

static void forms(void **state)
{
    static const char *const same[][2] = {
        {"((`a` > 0))", "`a` > 0"},
        {"((`b` < 10) and (`c` <> _utf8mb4'x'))", "`b` < 10 and `c` <> 'x'"},
        {"(`a` + (`b` * 2))", "`a` + `b` * 2"},
        {"((`a` is not null) or (`b` = _latin1'x'))", "`a` is not null or `b` = 'x'"},
        {"concat(`c`,_utf8mb4'x',upper(`c`))", "concat(`c`,'x',ucase(`c`))"},
        {"(curdate())", "curdate()"},
        {"CURRENT_TIMESTAMP", "current_timestamp()"},
        {"CURRENT_TIMESTAMP(6)", "current_timestamp(6)"},
        {"(case when (`a` > 1) then 2 else 3 end)", "case when `a` > 1 then 2 else 3 end"},
        {"((`a` between 1 and 2) and (`b` in (1,2)))", "`a` between 1 and 2 and `b` in (1,2)"},
        {"((`d` + interval 1 day) > 5)", "`d` + interval 1 day > 5"},
        {"select `x`.`a` AS `a` from (`p` `x` join `q` `y` on((`x`.`a` = `y`.`a`))) where "
         "((`y`.`c` = 'it\\'s') or (`y`.`c` is null))",
         "select `x`.`a` AS `a` from (`p` `x` join `q` `y` on(`x`.`a` = `y`.`a`)) where "
         "`y`.`c` = 'it''s' or `y`.`c` is null"},
    };
    static const char *const differ[][2] = {
        {"(`a` + `b`) * 2", "`a` + `b` * 2"},
        {"`a` - (`b` - `c`)", "`a` - `b` - `c`"},
        {"`a` > 0", "`a` >= 0"},
        {"`a` = 'x'", "`a` = 'X'"},
        {"`a` = _binary'x'", "`a` = 'x'"},
        {"`a` = _latin1'\xc3\xa4'", "`a` = '\xc3\xa4'"},
        {"`a` and (`b` or `c`)", "`a` and `b` or `c`"},
        {"not (`a` = 1)", "(not `a`) = 1"},
        {"`a` is null", "`a` is not null"},
        {"`a` like 'x'", "`a` not like 'x'"},
        {"`a` in (1,2)", "`a` in (1,3)"},
        {"f(`a`,`b`)", "f(`a`)"},
        {"select 1 from (select 2)", "select 1 from select 2"},
        {"'now'", "now()"},
        {"`now`", "now()"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_str(my_one_form(*state, str_c(same[i][0])),
                   arena_cstr(*state, my_one_form(*state, str_c(same[i][1]))));
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++)
        assert_false(str_eq(my_one_form(*state, str_c(differ[i][0])),
                            my_one_form(*state, str_c(differ[i][1]))));
    /* whatever it is, it ends */
    struct strbuf deep = sb_new(*state, 0);
    for (int i = 0; i < 1000; i++)
        sb_c(&deep, "(");
    assert_true(str_eq(my_one_form(*state, sb_view(&deep)), sb_view(&deep)));
    my_one_form(*state, STR(") , ( case when between and in not is"));
}

static void levels(void **state)
{
    (void)state;
    assert_int_equal(my_level(STR("MySQL 9.7.4")), 907);
    assert_int_equal(my_level(STR("MySQL 5.7.44")), 507);
    assert_int_equal(my_level(STR("MariaDB 10.11.19")), 101011);
    assert_int_equal(my_level(STR("MySQL 9.7.4 as MariaDB 11.8.2")), 101108);
    assert_int_equal(my_level(STR("MySQL")), 0);
    assert_int_equal(my_level(STR("")), 0);
}

struct words {
    const char *maria, *mysql; /* SHOW CREATE TABLE of the same table `t` */
};

static struct catalog *read(struct arena *mem, const char *version, const char *text)
{
    struct catalog *cat = cat_new(mem, &engine_mysql, F_DEFAULT | F_ORDER, str_c(version));
    struct str collations[3], why;
    struct err e;
    uint32_t n = 0;
    cat->version = str_c(version);
    for (struct str rest = str_c(text), line; str_cut(&rest, '\n', &line);)
        if (str_starts(line, STR("  `"))) {
            bool has = str_find(line, STR("varchar")) < line.n;
            bool json = str_find(line, STR("longtext")) < line.n;
            collations[n++] = json  ? STR("utf8mb4_bin")
                              : has ? STR("utf8mb4_general_ci")
                                    : STR_NULL;
        }
    assert_true(my_table_facts(cat, str_c(text), collations, n, &why));
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static struct str facts_of(struct arena *mem, const struct catalog *cat)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < cat->n; i++)
        sb_printf(&b, "%.*s %.*s\n", STR_ARG(cat->v[i].path), STR_ARG(cat->v[i].a));
    return sb_view(&b);
}

static void one_table_of_two_servers(void **state)
{
    static const struct words rows[] = {
        {"CREATE TABLE `t` (\n  `a` int(11) NOT NULL DEFAULT 5,\n  `b` year(4) DEFAULT NULL\n) "
         "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci",
         "CREATE TABLE `t` (\n  `a` int NOT NULL DEFAULT '5',\n  `b` year DEFAULT NULL\n) "
         "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci"},
        {"CREATE TABLE `t` (\n  `a` binary(3) DEFAULT x'610a00'\n) ENGINE=InnoDB DEFAULT "
         "CHARSET=latin1 COLLATE=latin1_swedish_ci",
         "CREATE TABLE `t` (\n  `a` binary(3) DEFAULT 'a\\n\\0'\n) ENGINE=InnoDB DEFAULT "
         "CHARSET=latin1"},
        {"CREATE TABLE `t` (\n  `a` varchar(5) DEFAULT 'x'\n) ENGINE=InnoDB DEFAULT "
         "CHARSET=latin1 COLLATE=latin1_swedish_ci",
         "CREATE TABLE `t` (\n  `a` varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci "
         "DEFAULT 'x'\n) ENGINE=InnoDB DEFAULT CHARSET=latin1"},
        {"CREATE TABLE `t` (\n  `a` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
         "CHECK (json_valid(`a`))\n) ENGINE=InnoDB DEFAULT CHARSET=latin1 "
         "COLLATE=latin1_swedish_ci",
         "CREATE TABLE `t` (\n  `a` json NOT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=latin1"},
        {"CREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL CHECK (`a` > 0),\n  `b` int(11) DEFAULT "
         "NULL,\n  CONSTRAINT `CONSTRAINT_1` CHECK (`b` > `a`)\n) ENGINE=InnoDB DEFAULT "
         "CHARSET=latin1 COLLATE=latin1_swedish_ci",
         "CREATE TABLE `t` (\n  `a` int DEFAULT NULL,\n  `b` int DEFAULT NULL,\n  CONSTRAINT "
         "`t_chk_1` CHECK ((`a` > 0)),\n  CONSTRAINT `t_chk_2` CHECK ((`b` > `a`))\n) "
         "ENGINE=InnoDB DEFAULT CHARSET=latin1"},
        {"CREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL,\n  KEY `k` (`a`) USING HASH,\n  "
         "CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `t` (`a`) ON DELETE NO ACTION\n) "
         "ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci",
         "CREATE TABLE `t` (\n  `a` int DEFAULT NULL,\n  KEY `k` (`a`),\n  CONSTRAINT `f` FOREIGN "
         "KEY (`a`) REFERENCES `t` (`a`) ON UPDATE RESTRICT\n) ENGINE=InnoDB DEFAULT "
         "CHARSET=latin1"},
    };
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int back = 0; back < 2; back++) {
            struct catalog *a = read(*state, "MariaDB 10.11.19", rows[i].maria);
            struct catalog *b = read(*state, "MySQL 9.7.4", rows[i].mysql);
            struct catalog *cat = back ? b : a, *like = back ? a : b;
            assert_false(str_eq(facts_of(*state, cat), facts_of(*state, like)));
            my_carry(cat, like, *state);
            assert_ok(cat_finish(cat, &e), e);
            assert_str(facts_of(*state, cat), arena_cstr(*state, facts_of(*state, like)));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(forms), TEST(levels), TEST(one_table_of_two_servers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
