/* MySQL's scripts: where a statement ends, and how one is written for the client. */

#include "drivers/mysql/mysql.h"
#include "tests/harness/unit.h"

/* The statements of a script, each in brackets. */
static struct str parts(struct arena *mem, const char *text)
{
    struct script rest = {.rest = str_c(text)};
    struct str one;
    struct strbuf b = sb_new(mem, 0);
    while (my_split(&rest, &one))
        sb_printf(&b, "<%.*s>", STR_ARG(one));
    return sb_view(&b);
}

static void statements(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" ;; \n; -- a", ""},
        {"a; b ;; c", "<a><b><c>"},
        {"-- a; b\n# c;\n/* ; */ d /* ; */ 'e;\\';' `f;` \";\"; g", //
         "<d /* ; */ 'e;\\';' `f;` \";\"><g>"},
        /* what the server may read as code stays with its marks */
        {"/*!40101 SET NAMES utf8 */;\n/*M!100616 SET a=1*/ ;b",
         "</*!40101 SET NAMES utf8 */></*M!100616 SET a=1*/><b>"},
        {"CREATE TABLE `a` (b int) /*!50100 PARTITION BY KEY() */;c",
         "<CREATE TABLE `a` (b int) /*!50100 PARTITION BY KEY() */><c>"},
        /* a delimiter holds until the next one */
        {"DELIMITER ;;\na; b;;\nc;;\n-- x\ndelimiter ;\nd; e", "<a; b><c><d><e>"},
        {"delimiter $$\na; END$$\nb$$\nDELIMITER //\nc$$;//d//", "<a; END><b><c$$;><d>"},
        {"DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t BEGIN "
         "SET a=1; END */;;\nDELIMITER ;\nb;",
         "</*!50003 CREATE*/ /*!50017 DEFINER=`r`@`%`*/ /*!50003 TRIGGER t BEGIN SET a=1; END "
         "*/><b>"},
        {"a\n;\nDELIMITER |\r\nb;c|\r\nDELIMITER ;\r\nd", "<a><b;c><d>"},
        {"SELECT delimiter x; b", "<SELECT delimiter x><b>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(parts(*state, rows[i][0]), rows[i][1]);
}

/* As changelogs and some tools have them: without a delimiter of their own. */
static void programs(void **state)
{
    static const char *const programs[] = {
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE PROCEDURE IF NOT EXISTS p() BEGIN IF a THEN b; END IF; END",
        "CREATE DEFINER=`a`@`%` FUNCTION f() RETURNS int BEGIN RETURN IF(a, 1, REPEAT('x', 2)); "
        "END",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.x > 1 THEN SET NEW.x = 1; END IF",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF (x) = 1 THEN a; ELSEIF b THEN "
        "c; ELSE IF(d) THEN e; END IF; END IF; END",
        "CREATE PROCEDURE p() x: BEGIN CASE a WHEN 1 THEN SELECT CASE b WHEN 1 THEN IF(a, 2, 3) "
        "ELSE 4 END; END CASE; WHILE a DO b; END WHILE; REPEAT a; UNTIL b END REPEAT; l: LOOP "
        "LEAVE "
        "l; END LOOP l; END x",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DROP TABLE IF EXISTS t; a; END",
        "CREATE OR REPLACE PACKAGE p AS PROCEDURE a; END",
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        bool package = i + 1 == sizeof programs / sizeof *programs;
        struct str text = arena_printf(*state, "%s%s", programs[i], package ? "" : "; SELECT 2");
        struct str want = arena_printf(*state, "<%s>%s", programs[i], package ? "" : "<SELECT 2>");
        assert_str(parts(*state, arena_cstr(*state, text)), arena_cstr(*state, want));
    }
}

static void for_the_shell(void **state)
{
    static const char *const rows[][2] = {
        {"CREATE TABLE a (b int)", "CREATE TABLE a (b int)"},
        {"CREATE PROCEDURE p() BEGIN a; END",
         "DELIMITER $$\nCREATE PROCEDURE p() BEGIN a; END\n$$\nDELIMITER "},
        {"CREATE PROCEDURE p() BEGIN '$$'; '$1$'; END",
         "DELIMITER $2$\nCREATE PROCEDURE p() BEGIN '$$'; '$1$'; END\n$2$\nDELIMITER "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        my_shell(str_c(rows[i][0]), &b);
        assert_str(sb_view(&b), rows[i][1]);
        sb_c(&b, ";\nc;");
        assert_str(parts(*state, arena_cstr(*state, sb_view(&b))),
                   arena_cstr(*state, arena_printf(*state, "<%s><c>", rows[i][0])));
    }
}

/* What Liquibase or a driver would change is not written. */
static void for_a_changelog(void **state)
{
    static const struct {
        const char *sql;
        bool kept;
    } rows[] = {
        {"CREATE PROCEDURE p()\nBEGIN\n\tSELECT '\x01?', `a\x02`; /* \x0b ? */ -- \x01\nEND", true},
        {"CREATE TABLE `a` (`b` varchar(3) DEFAULT '\\r {fn x}' COMMENT '${x}')", true},
        {"CREATE TABLE `x${y}` (`{a}` int)", true},
        {"CREATE PROCEDURE p() SELECT 'a\r\n'", false},
        {"CREATE PROCEDURE p()\r\nSELECT 1", false},
        {"CREATE PROCEDURE p() -- a\r\nSELECT 1", false},
        {"CREATE PROCEDURE p() SELECT 1 /* \r */", false},
        {"CREATE PROCEDURE p()\x0bSELECT 1", false},
        {"CREATE VIEW v AS SELECT 1 AS `{fn x}`", false},
        {"CREATE VIEW v AS SELECT 1 AS `{a}{ ts`", false},
        /* a control character: Liquibase knows no # and no name with a newline, and no string with
         * an escape of its own; a quote that it takes for one opens what follows */
        {"CREATE PROCEDURE p() # \x01\nSELECT 1", false},
        {"CREATE PROCEDURE p() SELECT 1 AS `a\n\x01`", false},
        {"CREATE PROCEDURE p() SELECT 1 AS `a\n'`, '\x01'", false},
        {"CREATE PROCEDURE p() # it's\nSELECT '\x01'", false},
        {"CREATE PROCEDURE p() SELECT '\\w', '\x01'", false},
        {"CREATE PROCEDURE p() SELECT '\\n\\'''\x01', \"\\\"\"\"\x01\"", true},
        {"CREATE PROCEDURE p() SELECT [a\x01]", true},
        {"CREATE PROCEDURE p() SELECT [1\x01]", false},
        {"CREATE PROCEDURE p() SELECT 1 /* \x01", false},
        {"CREATE PROCEDURE p() SELECT '\x01", false},
        {"CREATE PROCEDURE p() # \xc2\x85\n; # \xc2\xa0", true},
        {"CREATE PROCEDURE p() # \xc2\x81", false},
        {"CREATE PROCEDURE p() # \xef\xbf\xbf", false},
        {"CREATE PROCEDURE p() # \x7f", false},
        /* MySQL's driver knows no names */
        {"CREATE VIEW v AS SELECT '{d x}' AS `a'`, '{d x}' AS b", false},
        {"CREATE VIEW v AS SELECT '{d x}' AS `a'`, 1 AS `b'`, '{d x}' AS c", true},
        {"CREATE VIEW v AS SELECT 1 AS `x{`", true},
        {"CREATE VIEW v AS SELECT 1 AS `x{`, '}'", false},
        {"CREATE VIEW v AS SELECT 1 AS `}`, 'it''s {d x}', \"\\\"{d x}\"", true},
        {"SELECT 1 # {d x}\n, 2 /* {d x} */, 3 -- {d x}\n", true},
        {"SELECT 1 --{d x}\n", false},
        {"SELECT \\'{d x}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        assert_int_equal(my_spell(str_c(rows[i].sql), &b), rows[i].kept);
        assert_str(sb_view(&b), rows[i].kept ? rows[i].sql : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(statements), TEST(programs), TEST(for_the_shell),
                                       TEST(for_a_changelog)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
