/*
 * Statements respelled for those who run them. Liquibase takes carriage returns out of SQL, its
 * lexer knows no dollar quotes and ends at a control character that it finds outside quotes (tried
 * on 4.28 and 5.0.4); the JDBC driver takes ? outside quotes for a parameter. psql takes :name
 * outside quotes for a variable.
 */

#include "drivers/postgresql/script.h"

/* Length of the character at `at` where it is a control character other than TAB and LF, or none at
 * all; else 0. *code: which. */
static size_t control_at(struct str s, size_t at, unsigned *code)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    *code = p[0];
    if ((p[0] < 0x20 && p[0] != '\t' && p[0] != '\n') || p[0] == 0x7f)
        return 1;
    if (left > 1 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
        *code = p[1];
        return 2;
    }
    if (left > 2 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe) {
        *code = 0xff00u + p[2] + 0x40u;
        return 3;
    }
    return 0;
}

static bool has_control(struct str s)
{
    unsigned code;
    for (size_t i = 0; i < s.n; i++)
        if (control_at(s, i, &code))
            return true;
    return false;
}

/* Inside E'': `raw` text in which quotes and backslashes mean themselves; else one in which they
 * are escaped already. */
static void put_escaped(struct strbuf *out, struct str s, bool raw_quotes, bool raw_backslashes)
{
    unsigned code;
    for (size_t i = 0; i < s.n;) {
        bool escape = s.p[i] == '\\' && !raw_backslashes && i + 1 < s.n;
        size_t n = control_at(s, i + escape, &code);
        if (n) {
            /* a backslash before it says no more than the character */
            sb_printf(out, code == '\r' ? "\\r" : "\\u%04x", code);
        } else {
            n = 1;
            if (escape)
                sb_char(out, s.p[i]);
            else if ((s.p[i] == '\\' && raw_backslashes) || (s.p[i] == '\'' && raw_quotes))
                sb_char(out, s.p[i]);
            sb_char(out, s.p[i + escape]);
        }
        i += n + escape;
    }
}

/* U&"": a backslash begins a character's number. */
static void put_name(struct strbuf *out, struct str inside)
{
    unsigned code;
    sb_c(out, "U&\"");
    for (size_t i = 0; i < inside.n;) {
        size_t n = control_at(inside, i, &code);
        if (n)
            sb_printf(out, "\\%04X", code);
        else if (inside.p[i] == '\\')
            sb_c(out, "\\\\");
        else
            sb_char(out, inside.p[i]);
        i += n ? n : 1;
    }
    sb_char(out, '"');
}

/* The body of $tag$body$tag$. */
static struct str dollar_body(struct str quoted)
{
    size_t tag = str_chr(str_from(quoted, 1), '$') + 2;
    return str_sub(quoted, tag, quoted.n - tag);
}

/* What stands before a quote and is part of it: E, B, X, N, U&. */
static char prefix_of(struct str s, size_t at)
{
    char c = at > 0 ? ascii_lower(s.p[at - 1]) : ' ';
    bool alone = at < 2 || !(ascii_is_alpha(s.p[at - 2]) || ascii_is_digit(s.p[at - 2]) ||
                             s.p[at - 2] == '_' || s.p[at - 2] == '$');
    if (c == '&')
        return at > 1 && ascii_lower(s.p[at - 2]) == 'u' ? 'u' : ' ';
    return alone && (c == 'e' || c == 'b' || c == 'x' || c == 'n') ? c : ' ';
}

/* A quoted text [at, end) without control characters. False: it has a form that this engine's own
 * texts do not have. */
static bool put_quoted(struct strbuf *out, struct str s, size_t at, size_t end)
{
    struct str text = str_sub(s, at, end), inside = str_sub(text, 1, text.n - 1);
    char prefix = prefix_of(s, at);
    /* a server may be set to read '' as E'' */
    bool unclear = text.p[0] == '\'' && prefix == ' ' && str_chr(inside, '\\') < inside.n;
    if (!has_control(text) && !unclear) {
        sb_str(out, text);
        return true;
    }
    if (text.p[0] == '"') {
        if (prefix == 'u')
            return false;
        put_name(out, inside);
        return true;
    }
    if (text.p[0] == '\'' && prefix != ' ' && prefix != 'e')
        return false;
    /* 'a' and, behind a newline, 'b' are one text */
    if (text.p[0] == '\'' && str_starts(str_trim(str_from(s, end)), STR("'")))
        return false;
    sb_c(out, prefix == 'e' && text.p[0] == '\'' ? "'" : "E'");
    if (text.p[0] == '$')
        put_escaped(out, dollar_body(text), true, true);
    else
        put_escaped(out, inside, false, prefix != 'e');
    sb_char(out, '\'');
    return true;
}

static void put_comment(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        sb_char(out, text.p[i] == '\r' ? (text.p[0] == '-' ? ' ' : '\n') : text.p[i]);
}

/* A text that is no part of `text`, as the tag of a dollar quote. */
static struct str free_tag(struct arena *mem, struct str text)
{
    struct str tag = STR("$sql$");
    for (unsigned i = 1; str_find(text, tag) < text.n; i++)
        tag = arena_printf(mem, "$sql%u$", i);
    return tag;
}

/* What cannot stand in a block. */
static bool has_word(struct str s, const char *word)
{
    struct str want = str_c(word);
    for (size_t i = 0; i + want.n <= s.n;) {
        size_t past = pg_skip_quoted(s, i);
        if (past == i && str_eq_fold(str_sub(s, i, i + want.n), want))
            return true;
        i = past > i ? past : i + 1;
    }
    return false;
}

/* One statement whose ? are out of the driver's reach, since they stand in a text. */
static bool put_block(struct strbuf *out, struct str sql)
{
    struct str tag = free_tag(out->mem, sql), outer = STR("$snap$");
    if (has_word(sql, "concurrently") || str_find(sql, outer) < sql.n)
        return false;
    sb_printf(out, "DO %s BEGIN EXECUTE %.*s", outer.p, STR_ARG(tag));
    sb_str(out, sql);
    sb_printf(out, "%.*s; END %s", STR_ARG(tag), outer.p);
    return true;
}

bool pg_spell(struct str sql, struct strbuf *out)
{
    struct strbuf b = sb_new(out->mem, 0);
    bool parameter = false;
    unsigned code;
    for (size_t i = 0; i < sql.n;) {
        size_t past = pg_skip_quoted(sql, i);
        char c = sql.p[i];
        if (past > i && (c == '-' || c == '/')) {
            put_comment(&b, str_sub(sql, i, past));
        } else if (past > i) {
            if (!put_quoted(&b, sql, i, past))
                return false;
        } else {
            past = i + 1;
            parameter = parameter || c == '?';
            if (c == '\r' || c == '\f')
                c = '\n';
            else if (control_at(sql, i, &code))
                return false;
            sb_char(&b, c);
        }
        i = past;
    }
    if (parameter)
        return put_block(out, sb_view(&b));
    sb_str(out, sb_view(&b));
    return true;
}

/* A colon of a slice, a[1:n], is no colon of a variable when a blank follows. */
void pg_shell(struct str sql, struct strbuf *out)
{
    for (size_t i = 0; i < sql.n;) {
        size_t past = pg_skip_quoted(sql, i);
        char next = i + 1 < sql.n ? sql.p[i + 1] : ' ';
        bool lone = sql.p[i] == ':' && next != ':' && (i == 0 || sql.p[i - 1] != ':');
        if (past == i)
            past = i + 1;
        sb_str(out, str_sub(sql, i, past));
        if (lone && (ascii_is_alpha(next) || next == '_' || next == '"' || next == '\'' ||
                     next == '{' || (unsigned char)next >= 0x80))
            sb_char(out, ' ');
        i = past;
    }
}
