/* What SHOW CREATE says, taken apart: what is not known is not understood, and named. */

#include "drivers/mysql/mysql.h"
#include "tests/harness/unit.h"

#define TABLE(body) "CREATE TABLE `t` (\n" body "\n) ENGINE=InnoDB"

/* Facts of a table, one a line; or "?" and the line that is not understood. */
static struct str table(struct arena *mem, const char *version, const char *text,
                        const char *collation)
{
    struct catalog *cat = cat_new(mem, &engine_mysql, F_DEFAULT | F_ORDER, STR("t"));
    struct strbuf b = sb_new(mem, 0);
    struct str collations[8], why = STR("");
    struct my_table t;
    cat->version = str_c(version);
    for (size_t i = 0; i < 8; i++)
        collations[i] = collation ? str_c(collation) : STR_NULL;
    uint32_t n = my_show_table(mem, str_c(text), &t, &why) ? t.columns.n : 0;
    if (n > 8 || !my_table_facts(cat, str_c(text), collations, n, &why)) {
        assert_int_equal(cat->n, 0);
        sb_printf(&b, "?%.*s", STR_ARG(why));
    }
    for (uint32_t i = 0; i < cat->n; i++)
        sb_printf(&b, "%.*s %.*s\n", STR_ARG(cat->v[i].path), STR_ARG(cat->v[i].a));
    return sb_view(&b);
}

static void broken_tables(void **state)
{
    static const char *const rows[][2] = {
        {"", "?"},
        {"DROP TABLE `t`", "?DROP TABLE `t`"},
        {"CREATE VIEW `t` AS\nSELECT 1", "?CREATE VIEW `t` AS"},
        {"CREATE TABLE `t`", "?CREATE TABLE `t`"},
        {"CREATE TABLE `t` (\n  `a` int", "?CREATE TABLE `t` ("},
        {TABLE("  `a` int WHATEVER"), "?`a` int WHATEVER"},
        {TABLE("  `a` int NOT"), "?`a` int NOT"},
        {TABLE("  `a` int GENERATED ALWAYS AS 5 VIRTUAL"),
         "?`a` int GENERATED ALWAYS AS 5 VIRTUAL"},
        {TABLE("  `a` int GENERATED ALWAYS AS (5)"), "?`a` int GENERATED ALWAYS AS (5)"},
        {TABLE("  `a` int CHECK `a` > 1"), "?`a` int CHECK `a` > 1"},
        {TABLE("  `a` int DEFAULT"), "?`a` int DEFAULT"},
        {TABLE("  `a` int ON UPDATE"), "?`a` int ON UPDATE"},
        {TABLE("  `a` int COMMENT"), "?`a` int COMMENT"},
        /* a byte 0 cannot be in a fact */
        {TABLE("  `a` int COMMENT 'x\\0'"), "?`a` int COMMENT 'x\\0'"},
        {TABLE("  `a` int,\n  KEY `x` (`a`) COMMENT 'x\\0'"), "?KEY `x` (`a`) COMMENT 'x\\0'"},
        {TABLE("  `a` int") " COMMENT='x\\0'", "? ENGINE=InnoDB COMMENT='x\\0'"},
        {TABLE("  `a` int CHARACTER SET"), "?`a` int CHARACTER SET"},
        {TABLE("  `a` int,\n  STRANGE `x` (`a`)"), "?STRANGE `x` (`a`)"},
        {TABLE("  `a` int,\n  UNIQUE `x` (`a`)"), "?UNIQUE `x` (`a`)"},
        {TABLE("  `a` int,\n  KEY `x`"), "?KEY `x`"},
        {TABLE("  `a` int,\n  KEY"), "?KEY"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` WHAT (`a`)"), "?CONSTRAINT `x` WHAT (`a`)"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` CHECK `a`"), "?CONSTRAINT `x` CHECK `a`"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` CHECK (`a` > 1) LATER"),
         "?CONSTRAINT `x` CHECK (`a` > 1) LATER"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` FOREIGN KEY `a`"), "?CONSTRAINT `x` FOREIGN KEY `a`"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` FOREIGN KEY (`a`)"),
         "?CONSTRAINT `x` FOREIGN KEY (`a`)"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES `u`"),
         "?CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES `u`"},
        {TABLE("  `a` int,\n  CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES `u` (`a`) MATCH FULL"),
         "?CONSTRAINT `x` FOREIGN KEY (`a`) REFERENCES `u` (`a`) MATCH FULL"},
        {TABLE("  `a` int,\n  PERIOD FOR `p` (`a`)"), "?PERIOD FOR `p` (`a`)"},
        {TABLE("  `a` int,\n  PERIOD FOR `p`"), "?PERIOD FOR `p`"},
        {"CREATE TABLE `t` (\n  `a` int\n) = 5", "? = 5"},
        /* understood, but another text would come of it */
        {TABLE("  `a` int(11) NOT NULL COMMENT 'a' DEFAULT 5"),
         "?`a` int(11) NOT NULL COMMENT 'a' DEFAULT 5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str got = table(*state, "MariaDB 10.11.19", rows[i][0], NULL);
        if (!str_eq_c(got, rows[i][1]))
            print_error("row %zu: %.*s\n", i, STR_ARG(got));
        assert_str(got, rows[i][1]);
    }
}

/* Whatever is cut off, it ends, and what is understood was a whole table. */
static void cut_tables(void **state)
{
    static const char text[] =
        "CREATE TABLE `a``b` (\n"
        "  `a` int(10) unsigned zerofill NOT NULL AUTO_INCREMENT COMMENT 'it''s \\\\ \\n',\n"
        "  `b` varchar(5) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x' CHECK (`b` <> ')'),\n"
        "  `c` int(11) GENERATED ALWAYS AS (`a` + 1) STORED INVISIBLE,\n"
        "  `d` timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),\n"
        "  PRIMARY KEY (`a`),\n"
        "  UNIQUE KEY `k` (`b`(3) DESC) USING BTREE COMMENT 'k' IGNORED,\n"
        "  FULLTEXT KEY `f` (`b`) /*!50100 WITH PARSER `ngram` */ ,\n"
        "  CONSTRAINT `x` FOREIGN KEY (`c`) REFERENCES `o`.`u` (`c`) ON DELETE SET NULL\n"
        ") ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=latin1 ROW_FORMAT=DYNAMIC COMMENT='c;'\n"
        " PARTITION BY HASH (`a`)\nPARTITIONS 4";
    struct my_table t;
    struct str why;
    for (size_t n = 0; n < sizeof text; n++) {
        /* of its own size, so that what reads behind the end is seen */
        struct str s = arena_str(*state, (struct str){text, n});
        if (my_show_table(*state, s, &t, &why)) {
            assert_int_equal(t.columns.n, 4);
            assert_int_equal(t.keys.n, 3);
            assert_int_equal(t.foreign_keys.n, 1);
        }
    }
    assert_true(my_show_table(*state, str_c(text), &t, &why));
    assert_str(t.name, "a`b");
    assert_str(t.columns.v[0].type, "int(10) unsigned zerofill");
    assert_str(t.columns.v[0].comment, "it's \\ \n");
    assert_str(t.columns.v[1].check, "`b` <> ')'");
    assert_true(t.columns.v[2].stored && t.columns.v[2].invisible);
    assert_str(t.columns.v[3].on_update, "current_timestamp(6)");
    assert_str(t.keys.v[1].parts[0], "`b`(3) DESC");
    assert_true(t.keys.v[1].hidden);
    assert_str(t.foreign_keys.v[0].ref_schema, "o");
    assert_str(my_option(&t, "ROW_FORMAT"), "DYNAMIC");
    assert_true(str_is_null(my_option(&t, "row_format")));
    assert_str(t.partition, "HASH (`a`)\nPARTITIONS 4");
}

static void whole_tables(void **state)
{
    assert_str(table(*state, "MySQL 9.7.4",
                     "CREATE TABLE `t` (\n  `p` point NOT NULL /*!80003 SRID 4326 */,\n  `h` int "
                     "DEFAULT NULL /*!80023 INVISIBLE */,\n  CONSTRAINT `c` CHECK ((`h` > 1)) "
                     "/*!80016 NOT ENFORCED */\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
                     "COLLATE=utf8mb4_0900_ai_ci",
                     NULL),
               "table:t {\"charset\":\"utf8mb4\",\"collation\":\"utf8mb4_0900_ai_ci\","
               "\"columns\":[\"p\",\"h\"],\"engine\":\"InnoDB\"}\n"
               "table:t/column:p {\"notnull\":true,\"srid\":\"4326\",\"type\":\"point\"}\n"
               "table:t/column:h {\"default\":\"NULL\",\"invisible\":true,\"type\":\"int\"}\n"
               "table:t/check:c {\"expr\":\"(`h` > 1)\",\"not_enforced\":true}\n");
    assert_str(table(*state, "MariaDB 10.11.19",
                     "CREATE TABLE `t` (\n  `a` date DEFAULT NULL,\n  `b` date DEFAULT NULL,\n"
                     "  PERIOD FOR `p` (`a`, `b`)\n) ENGINE=InnoDB DEFAULT CHARSET=latin1 "
                     "COLLATE=latin1_swedish_ci WITH SYSTEM VERSIONING",
                     NULL),
               "table:t {\"charset\":\"latin1\",\"collation\":\"latin1_swedish_ci\","
               "\"columns\":[\"a\",\"b\"],\"engine\":\"InnoDB\",\"versioned\":true}\n"
               "table:t/column:a {\"default\":\"NULL\",\"type\":\"date\"}\n"
               "table:t/column:b {\"default\":\"NULL\",\"type\":\"date\"}\n"
               "table:t/period:p {\"columns\":[\"a\",\"b\"]}\n");
}

static void views(void **state)
{
    static const struct {
        const char *text;
        bool known;
    } rows[] = {
        {"CREATE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY INVOKER VIEW `v` AS select 1 AS `x`",
         true},
        {"CREATE VIEW `db`.`v` (`a`,`b`) AS select 1,2 WITH LOCAL CHECK OPTION", true},
        {"CREATE VIEW `v` AS select 1 from `db`.`t` WITH CASCADED CHECK OPTION", true},
        {"", false},
        {"CREATE", false},
        {"CREATE ALGORITHM", false},
        {"CREATE DEFINER=`a`", false},
        {"CREATE TABLE `v` (a int)", false},
        {"CREATE VIEW `other` AS select 1", false},
        {"CREATE VIEW `v` select 1", false},
        {"CREATE VIEW `v` (`a` AS select 1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("v"));
        struct my_view v = {.name = STR("v"), .text = str_c(rows[i].text), .database = STR("db")};
        assert_int_equal(my_view_facts(cat, &v), rows[i].known);
        assert_int_equal(cat->n, rows[i].known);
    }
    struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("v"));
    struct my_view broken = {
        .name = STR("v"), .text = str_c(rows[2].text), .database = STR("db"), .broken = true};
    my_view_facts(cat, &broken);
    assert_str(obj_text(*state, &cat->v[0], "query"), "select 1 from `t`");
    assert_str(obj_text(*state, &cat->v[0], "check_option"), "CASCADED");
    assert_true(str_starts(cat->v[0].deps, STR("[\"!"))); /* broken */
}

/* Where a view holds a literal, the session that it was made in means something. */
static void sessions_of_views(void **state)
{
    static const char *const rows[][2] = {
        {"CREATE VIEW `v` AS select 'a' AS `a`", "utf8mb4_bin"},
        {"CREATE VIEW `v` AS select _latin1'a' AS `a`", NULL},
        {"CREATE VIEW `v` AS select `t`.`_x` AS `a`,1 AS `'b'` from `t`", NULL},
        {"CREATE VIEW `v` AS select _utf8mb4 'a' AS `a`,(`b` = 'x') AS `c` from `t`",
         "utf8mb4_bin"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("v"));
        struct my_view v = {.name = STR("v"),
                            .text = str_c(rows[i][0]),
                            .charset = STR("utf8mb4"),
                            .collation = STR("utf8mb4_bin"),
                            .database = STR("db")};
        assert_true(my_view_facts(cat, &v));
        assert_true(str_eq(obj_text(*state, &cat->v[0], "collation"), str_c(rows[i][1])));
        assert_int_equal(rows[i][1] != NULL, obj_raw(&cat->v[0], "charset").n > 0);
    }
}

static void programs(void **state)
{
    static const char *const kinds[] = {"procedure", "function", "event",
                                        "package",   "trigger",  "package_body"};
    static const char *const texts[] = {
        "", "CREATE", "CREATE DEFINER", "DROP x", "CREATE DEFINER=", "CREATE TRIGGER", "CREATE `"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("p"));
            struct my_program p = {.kind = kinds[i], .name = STR("p"), .table = STR("t")};
            p.text = str_c(texts[k]);
            assert_int_equal(my_program_facts(cat, &p), str_starts(p.text, STR("CREATE")));
        }
    struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("p"));
    struct my_program p = {.kind = "trigger", .name = STR("r"), .table = STR("t")};
    p.text = STR("CREATE DEFINER=\"a\"@\"%\" TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a=1");
    assert_true(my_program_facts(cat, &p));
    assert_str(obj_text(*state, &cat->v[0], "definer"), "`a`@`%`");
    assert_str(obj_text(*state, &cat->v[0], "group"), "BEFORE INSERT");
}

static void sequences(void **state)
{
    static const char *const texts[] = {"", "CREATE", "CREATE SEQUENCE", "CREATE TABLE `s`"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct catalog *cat = cat_new(*state, &engine_mysql, F_DEFAULT, STR("s"));
        my_sequence_facts(cat, STR("s"), str_c(texts[i]));
    }
    assert_str(my_own_sequences(*state,
                                STR("a DEFAULT nextval(`db`.`s`), b DEFAULT "
                                    "nextval(`o`.`s`), nextval(`db`)"),
                                STR("db")),
               "a DEFAULT nextval(`s`), b DEFAULT nextval(`o`.`s`), nextval(`db`)");
    assert_str(my_own_sequences(*state, STR("nextval("), STR("db")), "nextval(");
}

/* Tokens of a text, each in brackets; blanks and comments are gone. */
static void tokens(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"a /* b */ -- c\n# d\n1--e", "<a><1><-><-><e>"},
        {"/*!50100 a */ /*M!100100 b */", "<a><b>"},
        {"'a\\'b' \"c\"\"d\" `e``f", "<'a\\'b'><\"c\"\"d\"><`e``f>"},
        {"'open", "<'open>"},
        {"'\\", "<'\\>"},
        {"/* open", ""},
        {"/*", ""},
        {"/*!", ""},
        {"a--", "<a>"},
        {"*/a", "<a>"},
        {"@x.y$ \xc3\xa4;", "<@x.y$><\xc3\xa4><;>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct my_lex l = {str_c(rows[i][0]), 0};
        struct strbuf b = sb_new(*state, 0);
        for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
            sb_printf(&b, "<%.*s>", STR_ARG(t.text));
        assert_str(sb_view(&b), rows[i][1]);
        assert_int_equal(my_next(&l).type, MY_END);
    }
    struct my_lex l = {STR("'a\\nb\\q''c\\0' `a``b` 'open \"x"), 0};
    assert_true(str_eq(my_unquote(*state, my_next(&l)), (struct str){"a\nbq'c\0", 7}));
    assert_str(my_unquote(*state, my_next(&l)), "a`b");
    assert_str(my_unquote(*state, my_next(&l)), "open \"x");
    struct strbuf b = sb_new(*state, 0);
    my_put_string(&b, (struct str){"a\n\r\\'\0b", 7});
    my_put_name(&b, STR("a`b"));
    assert_str(sb_view(&b), "'a\\n\\r\\\\''\\0b'`a``b`");
    assert_str(my_uncommented(*state, STR(" a /*!50100 b */ c -- d\n")), "a b c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(broken_tables),     TEST(cut_tables), TEST(whole_tables), TEST(views),
        TEST(sessions_of_views), TEST(programs),   TEST(sequences),    TEST(tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
