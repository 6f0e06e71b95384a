/* Extended JSON to typed trees: the JSON of it; see value.h. Strict: RFC 8259 and no more. */

#include <stdlib.h>
#include <string.h>

#include "drivers/mongodb/decimal.h"
#include "drivers/mongodb/ejson.h"

/* A wrapper adds levels to the text that the value has not: code with a scope doubles them. */
enum { TEXT_DEPTH = 2 * MV_MAX_DEPTH + 4 };

struct parser {
    struct arena *mem;
    struct str text;
    size_t at;
    unsigned depth, deepest;
    struct err *e;
};

static int bad_at(struct parser *p, size_t at, const char *what)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < p->text.n; i++) {
        column++;
        if (p->text.p[i] == '\n') {
            line++;
            column = 1;
        }
    }
    err_set(p->e, E_NOT_UNDERSTOOD, "Extended JSON that cannot be read: %s at line %zu, column %zu",
            what, line, column);
    return err_hint(p->e, "write it as MongoDB Extended JSON v2");
}

static int bad(struct parser *p, const char *what)
{
    return bad_at(p, p->at, p->at < p->text.n ? what : "the text ends too early");
}

static char peek(const struct parser *p)
{
    return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

static void skip_blanks(struct parser *p)
{
    for (char c = peek(p); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(p))
        p->at++;
}

static bool accept(struct parser *p, char c)
{
    if (peek(p) != c)
        return false;
    p->at++;
    return true;
}

static int take_hex(struct parser *p, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = ascii_lower(peek(p));
        if (ascii_is_digit(c))
            *out = *out << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *out = *out << 4 | (uint32_t)(c - 'a' + 10);
        else
            return bad(p, "\\u without four hexadecimal digits");
        p->at++;
    }
    return 0;
}

static void put_utf8(struct strbuf *out, uint32_t cp)
{
    static const uint32_t limits[] = {0x80, 0x800, 0x10000};
    static const unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned more = 0;
    while (more < 3 && cp >= limits[more])
        more++;
    sb_char(out, (char)(unsigned char)(lead[more] | cp >> (6 * more)));
    while (more-- > 0)
        sb_char(out, (char)(unsigned char)(0x80 | (cp >> (6 * more) & 0x3f)));
}

/* What follows \u; a character beyond the first plane is two of them. */
static int take_unicode(struct parser *p, struct strbuf *out)
{
    size_t from = p->at - 2;
    uint32_t cp, low;
    if (take_hex(p, &cp))
        return -1;
    if (cp >= 0xd800 && cp < 0xdc00) {
        if (!accept(p, '\\') || !accept(p, 'u'))
            return bad_at(p, from, "half of a surrogate pair");
        if (take_hex(p, &low))
            return -1;
        if (low < 0xdc00 || low > 0xdfff)
            return bad_at(p, from, "half of a surrogate pair");
        cp = 0x10000 + ((cp & 0x3ff) << 10 | (low & 0x3ff));
    } else if (cp >= 0xdc00 && cp <= 0xdfff) {
        return bad_at(p, from, "half of a surrogate pair");
    }
    put_utf8(out, cp);
    return 0;
}

static int take_escape(struct parser *p, struct strbuf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(p);
    const char *hit = c ? strchr(from, c) : NULL;
    if (hit) {
        p->at++;
        sb_char(out, to[hit - from]);
        return 0;
    }
    if (c != 'u')
        return bad(p, "an unknown escape");
    p->at++;
    return take_unicode(p, out);
}

/* A string; the text itself where it holds no escape, otherwise a copy. */
static int take_string(struct parser *p, struct str *out)
{
    struct strbuf copy = sb_new(p->mem, p->text.n);
    if (!accept(p, '"'))
        return bad(p, "a string was expected");
    size_t start = p->at, from = p->at;
    for (;;) {
        if (p->at >= p->text.n)
            return bad_at(p, start - 1, "a string without an end");
        unsigned char c = (unsigned char)p->text.p[p->at];
        if (c < 0x20)
            return bad(p, "a control character in a string");
        if (c != '"' && c != '\\') {
            p->at++;
            continue;
        }
        struct str plain = str_sub(p->text, from, p->at);
        if (!str_is_utf8(plain))
            return bad_at(p, from, "text that is no UTF-8");
        p->at++;
        if (c == '"' && from == start) {
            *out = plain;
            return 0;
        }
        sb_str(&copy, plain);
        if (c == '"')
            break;
        if (take_escape(p, &copy))
            return -1;
        from = p->at;
    }
    *out = sb_view(&copy);
    return 0;
}

static size_t take_digits(struct parser *p)
{
    size_t from = p->at;
    while (ascii_is_digit(peek(p)))
        p->at++;
    return p->at - from;
}

static int take_number(struct parser *p, struct mv *v)
{
    size_t from = p->at;
    bool whole = true;
    accept(p, '-');
    if (!accept(p, '0') && !take_digits(p))
        return bad(p, "a value was expected");
    if (accept(p, '.')) {
        whole = false;
        if (!take_digits(p))
            return bad(p, "a digit was expected");
    }
    if (accept(p, 'e') || accept(p, 'E')) {
        whole = false;
        if (!accept(p, '+'))
            accept(p, '-');
        if (!take_digits(p))
            return bad(p, "a digit was expected");
    }
    struct str text = str_sub(p->text, from, p->at);
    if (!whole) {
        v->type = MV_DOUBLE;
        return mg_double_read(text, &v->d) ? 0
                                           : bad_at(p, from, "a number beyond the largest double");
    }
    if (!str_int(text, &v->i))
        return bad_at(p, from, "a whole number beyond 64 bits");
    v->type = v->i >= INT32_MIN && v->i <= INT32_MAX ? MV_INT32 : MV_INT64;
    return 0;
}

static int take_word(struct parser *p, struct mv *v)
{
    static const struct {
        const char *word;
        enum mv_type type;
        int64_t i;
    } words[] = {{"true", MV_BOOL, 1}, {"false", MV_BOOL, 0}, {"null", MV_NULL, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str word = str_c(words[i].word);
        if (!str_starts(str_from(p->text, p->at), word))
            continue;
        p->at += word.n;
        v->type = words[i].type;
        v->i = words[i].i;
        return 0;
    }
    return bad(p, "a value was expected");
}

static int take_value(struct parser *p, struct mv *v);

static int take_list(struct parser *p, struct mv *v)
{
    v->type = MV_ARRAY;
    skip_blanks(p);
    if (accept(p, ']'))
        return 0;
    for (;;) {
        struct mv *m = mv_new(p->mem, MV_NULL);
        if (take_value(p, m))
            return -1;
        mv_add(v, STR_NULL, m);
        if (accept(p, ']'))
            return 0;
        if (!accept(p, ','))
            return bad(p, "a comma or ] was expected");
    }
}

/* Whether a key stands twice. */
static bool has_twin(struct arena *mem, const struct mv *doc)
{
    enum { FEW = 12 };
    bool twin = false;
    if (doc->n <= FEW) {
        for (const struct mv *a = doc->first; a; a = a->next)
            for (const struct mv *b = a->next; b; b = b->next)
                if (str_eq(a->key, b->key))
                    return true;
        return false;
    }
    struct arena_mark mark = arena_mark(mem);
    struct str *keys = NEW_ARRAY(mem, struct str, doc->n);
    size_t n = 0;
    for (const struct mv *m = doc->first; m; m = m->next)
        keys[n++] = m->key;
    qsort(keys, n, sizeof *keys, str_order);
    for (size_t i = 1; i < n && !twin; i++)
        twin = str_eq(keys[i - 1], keys[i]);
    arena_release(mem, mark);
    return twin;
}

static int take_member(struct parser *p, struct mv *v)
{
    struct str key;
    skip_blanks(p);
    size_t at = p->at;
    if (take_string(p, &key))
        return -1;
    if (str_chr(key, '\0') < key.n)
        return bad_at(p, at, "a key with a NUL");
    skip_blanks(p);
    if (!accept(p, ':'))
        return bad(p, "a colon was expected");
    struct mv *m = mv_new(p->mem, MV_NULL);
    if (take_value(p, m))
        return -1;
    mv_add(v, key, m);
    return 0;
}

static int take_object(struct parser *p, struct mv *v)
{
    size_t from = p->at - 1;
    v->type = MV_DOCUMENT;
    skip_blanks(p);
    if (accept(p, '}'))
        return 0;
    for (;;) {
        if (take_member(p, v))
            return -1;
        if (accept(p, '}'))
            break;
        if (!accept(p, ','))
            return bad(p, "a comma or } was expected");
    }
    if (has_twin(p->mem, v))
        return bad_at(p, from, "an object with a key that stands twice");
    const char *wrong = mg_unwrap(p->mem, v);
    return wrong ? bad_at(p, from, wrong) : 0;
}

static int take_nested(struct parser *p, struct mv *v)
{
    if (++p->depth > TEXT_DEPTH)
        return bad(p, "a value that is nested too deeply");
    if (p->depth > p->deepest)
        p->deepest = p->depth;
    int rc = accept(p, '{') ? take_object(p, v) : accept(p, '[') ? take_list(p, v) : -1;
    p->depth--;
    return rc;
}

/* A value with the blanks around it. */
static int take_value(struct parser *p, struct mv *v)
{
    int rc;
    skip_blanks(p);
    char c = peek(p);
    if (c == '{' || c == '[') {
        rc = take_nested(p, v);
    } else if (c == '"') {
        v->type = MV_STRING;
        rc = take_string(p, &v->text);
    } else if (c == '-' || ascii_is_digit(c)) {
        rc = take_number(p, v);
    } else {
        rc = take_word(p, v);
    }
    skip_blanks(p);
    return rc;
}

static bool is_deeper(const struct mv *v, unsigned levels)
{
    if (v->type != MV_DOCUMENT && v->type != MV_ARRAY && v->type != MV_CODE_SCOPE)
        return false;
    if (!levels)
        return true;
    for (const struct mv *m = v->first; m; m = m->next)
        if (is_deeper(m, levels - 1))
            return true;
    return false;
}

int mv_from_json(struct arena *mem, struct str text, struct mv **out, struct err *e)
{
    struct parser p = {.mem = mem, .text = text, .e = e};
    struct mv *v = mv_new(mem, MV_NULL);
    if (take_value(&p, v))
        return -1;
    if (p.at < text.n)
        return bad(&p, "text after the value");
    if (p.deepest > MV_MAX_DEPTH && is_deeper(v, MV_MAX_DEPTH))
        return bad_at(&p, 0, "a value that is nested too deeply");
    *out = v;
    return 0;
}

bool mv_has_json(struct arena *mem, const struct mv *v)
{
    struct arena_mark mark = arena_mark(mem);
    struct strbuf text = sb_new(mem, 0);
    struct mv *again;
    struct err e;
    mv_put_json(&text, v);
    bool same =
        !text.over && mv_from_json(mem, sb_view(&text), &again, &e) == 0 && mv_same(v, again);
    arena_release(mem, mark);
    return same;
}
