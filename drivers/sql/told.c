/* Words that may mean the same; see told.h. */

#include "drivers/sql/told.h"

#include "core/kind.h"
#include "core/strbuf.h"
#include "drivers/sql/lex.h"

/* Casts apart from the types behind them, which would look like a parameter. */
static struct tok next(struct lexer *l)
{
    struct str rest;
    struct lexer was = *l;
    struct tok t = lex_next(l);
    rest = str_from(l->sql, t.at);
    if (t.type == T_END || !str_starts(rest, STR(":")) || t.text.n == 1)
        return t;
    *l = was;
    l->at = t.at + 1;
    t.type = T_OP;
    t.text = str_sub(rest, 0, 1);
    return t;
}

static struct tok unqualified(struct lexer *l, struct tok t)
{
    struct lexer ahead = *l;
    if (!tok_is_name(t) || !tok_is_op(next(&ahead), "."))
        return t;
    *l = ahead;
    return next(l);
}

bool told_words(struct str a, struct str b)
{
    struct lexer la = lex_open(a), lb = lex_open(b);
    for (;;) {
        struct tok x = next(&la), y = next(&lb);
        if (x.type != T_END && y.type != T_END && !str_eq_fold(x.text, y.text)) {
            struct lexer was_a = la, was_b = lb;
            struct tok bare = unqualified(&lb, y);
            if (!str_eq_fold(x.text, bare.text)) {
                lb = was_b;
                la = was_a;
                bare = y;
                x = unqualified(&la, x);
            }
            y = bare;
        }
        bool quoted = x.type == T_STRING || x.type == T_QUOTED;
        if (x.type == T_END && y.type == T_END)
            return true;
        if (x.type == T_END || y.type == T_END || x.type == T_BAD ||
            (quoted ? !str_eq(x.text, y.text) : !str_eq_fold(x.text, y.text)))
            return false;
    }
}

/* Sign, digits without zeros at the ends, and the power of ten behind them. */
static bool number_of(struct str s, struct arena *mem, struct strbuf *out)
{
    struct strbuf digits = sb_new(mem, 0);
    int64_t power = 0, exponent = 0;
    size_t i = 0;
    bool point = false, any = false;
    s = str_trim(told_literal(told_bare(s), mem));
    bool minus = s.n && s.p[0] == '-';
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_trim(str_from(s, 1));
    for (; i < s.n && (ascii_is_digit(s.p[i]) || (s.p[i] == '.' && !point)); i++) {
        point = point || s.p[i] == '.';
        if (s.p[i] == '.')
            continue;
        any = true;
        power -= point;
        if (digits.n || s.p[i] != '0')
            sb_char(&digits, s.p[i]);
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        if (!str_int(str_from(s, i + 1), &exponent) || exponent > 10000 || exponent < -10000)
            return false;
        i = s.n;
    }
    if (!any || i < s.n)
        return false;
    while (digits.n && digits.p[digits.n - 1] == '0') {
        sb_cut(&digits, digits.n - 1);
        power++;
    }
    sb_printf(out, "%s%.*se%lld", minus && digits.n ? "-" : "", STR_ARG(sb_view(&digits)),
              digits.n ? (long long)(power + exponent) : 0);
    return true;
}

static bool same_number(struct str a, struct str b, struct arena *mem)
{
    struct strbuf x = sb_new(mem, 0), y = sb_new(mem, 0);
    return number_of(a, mem, &x) && number_of(b, mem, &y) && str_eq(sb_view(&x), sb_view(&y));
}

/* 2026-01-02T03:04:05.60 as 2026-01-02 03:04:05.6 */
static struct str plain_time(struct str text, struct arena *mem)
{
    enum { DATE = 10 };
    text = told_literal(text, mem);
    size_t end = text.n;
    bool parted = text.n > DATE && text.p[DATE] == 'T';
    if (str_chr(text, '.') < text.n) {
        while (text.p[end - 1] == '0')
            end--;
        end -= text.p[end - 1] == '.';
    }
    text = str_sub(text, 0, end);
    return parted ? arena_printf(mem, "%.*s %.*s", DATE, text.p, STR_ARG(str_from(text, DATE + 1)))
                  : text;
}

enum told_value told_value_of(struct str type)
{
    static const char numbers[] =
        "tinyint,smallint,mediumint,int,integer,bigint,decimal,numeric,real,float,double,year,bit";
    static const char times[] = "date,time,timestamp,datetime";
    size_t n = 0;
    while (n < type.n && ascii_is_alpha(type.p[n]))
        n++;
    struct str word = str_sub(type, 0, n);
    return word_in(numbers, word) ? TOLD_NUMBER : word_in(times, word) ? TOLD_TIME : TOLD_TEXT;
}

bool told_same_value(enum told_value sort, struct str a, struct str b, struct arena *mem)
{
    if (sort == TOLD_NUMBER && same_number(a, b, mem))
        return true;
    if (sort == TOLD_TIME)
        return str_eq(plain_time(a, mem), plain_time(b, mem));
    return str_eq(told_literal(a, mem), told_literal(b, mem));
}

struct str told_bare(struct str text)
{
    for (;;) {
        struct lexer l = lex_open(str_trim(text));
        struct str inside;
        text = l.sql;
        if (!text.n || text.p[0] != '(' || !lex_parens(&l, &inside) || lex_next(&l).type != T_END)
            return text;
        text = inside;
    }
}

struct str told_literal(struct str text, struct arena *mem)
{
    struct lexer l = lex_open(str_trim(text));
    struct tok t = lex_next(&l);
    return t.type == T_STRING && lex_next(&l).type == T_END ? tok_name(mem, t) : text;
}
