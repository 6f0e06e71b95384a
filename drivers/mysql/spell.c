/*
 * Statements as Liquibase and the drivers leave them. It takes carriage returns out of SQL and ends
 * at a control character that stands outside quotes and comments; MySQL's driver takes {fn in a
 * name for an escape of JDBC (tried on 4.28 and 5.0.4, Connector/J 9.4, MariaDB's 3.5). The text
 * of a program is a fact byte by byte and has no other spelling, so what would change is not
 * written.
 */

#include "drivers/mysql/mysql.h"

/* A control character other than TAB and LF that no quotes and no comment hold, or a carriage
 * return in them. */
static bool has_control(struct str text, bool code)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\r' || (code && ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)))
            return true;
    }
    return false;
}

/* Blanks between tokens: as they are, but for comments in them. */
static bool gap_is_kept(struct str gap)
{
    bool comment = str_find(gap, STR("/*")) < gap.n || str_find(gap, STR("--")) < gap.n ||
                   str_chr(gap, '#') < gap.n;
    return !has_control(gap, !comment);
}

static bool is_escape(struct str name)
{
    static const char *const words[] = {"d", "t", "ts", "fn", "oj", "escape", "call", "?"};
    for (size_t at = str_chr(name, '{'); at < name.n;) {
        struct str rest = str_trim(str_from(name, at + 1));
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_eq_fold_c(str_sub(rest, 0, str_c(words[i]).n), words[i]))
                return true;
        at += 1 + str_chr(str_from(name, at + 1), '{');
    }
    return false;
}

bool my_spell(struct str sql, struct strbuf *out)
{
    struct my_lex l = {sql, 0};
    size_t end = 0;
    for (;;) {
        struct my_tok t = my_next(&l);
        bool quoted = t.type == MY_NAME || t.type == MY_STRING;
        if (!gap_is_kept(str_sub(sql, end, t.type == MY_END ? sql.n : t.at)))
            return false;
        if (t.type == MY_END)
            break;
        if (has_control(t.text, !quoted) || (t.type == MY_NAME && is_escape(t.text)))
            return false;
        end = l.at;
    }
    sb_str(out, sql);
    return true;
}
