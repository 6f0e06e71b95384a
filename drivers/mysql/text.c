/* Tokens and quoting; see text.h. */

#include "drivers/mysql/text.h"

#include <string.h>

static bool is_word_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' || c == '@' || c == '.' ||
           (unsigned char)c >= 0x80;
}

/* The mark that opens a version comment, with the blanks behind it; 0: none stands here. */
static size_t version_mark(struct str rest)
{
    size_t n = 3;
    if (str_starts(rest, STR("/*M!")))
        n = 4;
    else if (!str_starts(rest, STR("/*!")))
        return 0;
    while (n < rest.n && ascii_is_digit(rest.p[n]))
        n++;
    return n;
}

static size_t skip_blank(struct str s, size_t at)
{
    for (;;) {
        while (at < s.n && (ascii_is_space(s.p[at]) || s.p[at] == '\0'))
            at++;
        struct str rest = str_from(s, at);
        size_t mark = version_mark(rest);
        bool dashes = str_starts(rest, STR("--")) && (rest.n == 2 || ascii_is_space(rest.p[2]));
        if (mark) {
            at += mark;
        } else if (str_starts(rest, STR("*/"))) {
            at += 2;
        } else if (dashes || str_starts(rest, STR("#"))) {
            at += str_chr(rest, '\n');
        } else if (str_starts(rest, STR("/*"))) {
            size_t end = str_find(str_from(rest, 2), STR("*/"));
            at = end + 4 >= rest.n ? s.n : at + end + 4;
        } else {
            return at;
        }
        if (at >= s.n)
            return s.n;
    }
}

/* End of a quoted text that opens at `at`. A doubled quote stays inside, in strings a backslash
 * takes the next byte along. */
static size_t quoted_end(struct str s, size_t at)
{
    char q = s.p[at];
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] == '\\' && q != '`')
            i++;
        else if (s.p[i] == q && i + 1 < s.n && s.p[i + 1] == q)
            i++;
        else if (s.p[i] == q)
            return i + 1;
    }
    return s.n;
}

static size_t word_end(struct str s, size_t at)
{
    while (at < s.n && is_word_byte(s.p[at]))
        at++;
    return at;
}

struct my_tok my_next(struct my_lex *l)
{
    size_t at = skip_blank(l->sql, l->at), end = at + 1;
    struct my_tok t = {MY_OP, STR(""), at};
    if (at >= l->sql.n) {
        l->at = l->sql.n;
        t.type = MY_END;
        return t;
    }
    char c = l->sql.p[at];
    if (c == '`' || c == '\'' || c == '"') {
        t.type = c == '`' ? MY_NAME : MY_STRING;
        end = quoted_end(l->sql, at);
    } else if (is_word_byte(c)) {
        t.type = MY_WORD;
        end = word_end(l->sql, at);
    }
    t.text = str_sub(l->sql, at, end);
    l->at = end;
    return t;
}

struct my_tok my_peek(const struct my_lex *l)
{
    struct my_lex copy = *l;
    return my_next(&copy);
}

bool my_is(struct my_tok t, const char *keyword)
{
    return t.type == MY_WORD && str_eq_fold_c(t.text, keyword);
}

bool my_is_op(struct my_tok t, char c)
{
    return t.type == MY_OP && t.text.p[0] == c;
}

bool my_take(struct my_lex *l, const char *phrase)
{
    struct my_lex copy = *l;
    struct str rest = str_c(phrase), word;
    while (str_cut(&rest, ' ', &word)) {
        struct my_tok t = my_next(&copy);
        if (t.type != MY_WORD || !str_eq_fold(t.text, word))
            return false;
    }
    *l = copy;
    return true;
}

bool my_parens(struct my_lex *l, struct str *inside)
{
    struct my_lex copy = *l;
    struct my_tok t = my_next(&copy);
    size_t from = copy.at;
    if (!my_is_op(t, '('))
        return false;
    for (int depth = 1; depth;) {
        t = my_next(&copy);
        if (t.type == MY_END)
            return false;
        depth += my_is_op(t, '(') - my_is_op(t, ')');
    }
    *inside = str_sub(l->sql, from, t.at);
    *l = copy;
    return true;
}

static void put_escaped(struct strbuf *out, char c)
{
    static const char from[] = "0ntrbZ", to[] = "\0\n\t\r\b\032";
    const char *p = strchr(from, c);
    sb_char(out, p && c ? to[p - from] : c);
}

struct str my_unquote(struct arena *mem, struct my_tok t)
{
    if (t.type != MY_NAME && t.type != MY_STRING)
        return t.text;
    struct strbuf out = sb_new(mem, 0);
    char q = t.text.p[0];
    size_t end = t.text.n > 1 && t.text.p[t.text.n - 1] == q ? t.text.n - 1 : t.text.n;
    for (size_t i = 1; i < end; i++) {
        if (t.text.p[i] == '\\' && q != '`' && i + 1 < end)
            put_escaped(&out, t.text.p[++i]);
        else if (t.text.p[i] == q && i + 1 < end)
            sb_char(&out, t.text.p[i++]);
        else
            sb_char(&out, t.text.p[i]);
    }
    return sb_view(&out);
}

bool my_cut(struct str *rest, struct str *part)
{
    struct my_lex l = {*rest, 0};
    struct my_tok t;
    int depth = 0;
    if (!str_trim(*rest).n)
        return false;
    for (t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        depth += my_is_op(t, '(') - my_is_op(t, ')');
        if (!depth && my_is_op(t, ','))
            break;
    }
    *part = str_trim(str_sub(*rest, 0, t.at));
    *rest = str_from(*rest, t.type == MY_END ? rest->n : t.at + 1);
    return true;
}

struct str my_uncommented(struct arena *mem, struct str text)
{
    struct my_lex l = {text, 0};
    struct strbuf out = sb_new(mem, 0);
    size_t end = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        struct str gap = str_sub(text, end, t.at);
        bool blank = true;
        for (size_t i = 0; i < gap.n; i++)
            blank = blank && ascii_is_space(gap.p[i]);
        sb_str(&out, blank ? gap : STR(" "));
        sb_str(&out, t.text);
        end = l.at;
    }
    return str_trim(sb_view(&out));
}

void my_put_name(struct strbuf *out, struct str name)
{
    sb_char(out, '`');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '`')
            sb_char(out, '`');
        sb_char(out, name.p[i]);
    }
    sb_char(out, '`');
}

void my_put_string(struct strbuf *out, struct str text)
{
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '\0':
            sb_c(out, "\\0");
            break;
        case '\n':
            sb_c(out, "\\n");
            break;
        case '\r':
            sb_c(out, "\\r");
            break;
        case '\\':
            sb_c(out, "\\\\");
            break;
        case '\'':
            sb_c(out, "''");
            break;
        default:
            sb_char(out, text.p[i]);
        }
    }
    sb_char(out, '\'');
}
