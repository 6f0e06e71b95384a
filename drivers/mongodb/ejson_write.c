/* Typed trees as Extended JSON; see value.h. Forms: the specification of Extended JSON v2. */

#include <inttypes.h>
#include <string.h>

#include "drivers/mongodb/decimal.h"
#include "drivers/mongodb/value.h"

enum { WIDTH = 80, INDENT = 2 };

struct writer {
    struct strbuf *out;
    const char *colon, *comma; /* with a blank after them, or without */
    size_t limit;              /* nothing is added from here on; SIZE_MAX: none */
};

/* The length of the UTF-8 character at s[i], and its code. The text is UTF-8. */
static size_t character(struct str s, size_t i, uint32_t *cp)
{
    unsigned char c = (unsigned char)s.p[i];
    size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *cp = c & mask[len];
    for (size_t k = 1; k < len && i + k < s.n; k++)
        *cp = *cp << 6 | ((unsigned char)s.p[i + k] & 0x3f);
    return len;
}

/* What may not stand in a file as it is: controls, what ends a line for YAML or JavaScript, what a
 * YAML file may not hold, and what turns the direction of text around. */
static bool is_hidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x061c ||
           (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xffff) ||
           (cp >= 0xe0000 && cp <= 0xe007f);
}

static void put_escape(struct strbuf *out, uint32_t cp)
{
    static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    const char *hit = cp && cp < 0x80 ? strchr(shorts, (int)cp) : NULL;
    if (hit)
        sb_printf(out, "\\%c", hit[1]);
    else if (cp > 0xffff)
        sb_printf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd7c0 + (cp >> 10), 0xdc00 + (cp & 0x3ff));
    else
        sb_printf(out, "\\u%04" PRIx32, cp);
}

static void put_text(struct strbuf *out, struct str s)
{
    size_t from = 0, len;
    uint32_t cp;
    sb_char(out, '"');
    for (size_t i = 0; i < s.n; i += len) {
        unsigned char c = (unsigned char)s.p[i];
        len = 1;
        if (c > '$' && c < 0x7f && c != '\\')
            continue;
        cp = c;
        if (c >= 0x80)
            len = character(s, i, &cp);
        bool parameter = c == '$' && i + 1 < s.n && s.p[i + 1] == '{';
        if (c != '"' && c != '\\' && !parameter && !is_hidden(cp))
            continue;
        sb_str(out, str_sub(s, from, i));
        put_escape(out, cp);
        from = i + len;
    }
    sb_str(out, str_from(s, from));
    sb_char(out, '"');
}

static void put_hex(struct strbuf *out, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        sb_printf(out, "%02x", (unsigned char)bytes.p[i]);
}

static void put_base64(struct strbuf *out, struct str s)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++)
            v = v << 8 | (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
        char four[4];
        for (size_t k = 0; k < 4; k++)
            four[k] = i + k > s.n ? '=' : letters[v >> (18 - 6 * k) & 0x3f];
        sb_put(out, four, 4);
    }
}

/* {"$name": or a further member. */
static void open_key(const struct writer *w, char before, const char *key)
{
    if (before == ',')
        sb_c(w->out, w->comma);
    else
        sb_char(w->out, before);
    sb_char(w->out, '"');
    sb_c(w->out, key);
    sb_char(w->out, '"');
    sb_c(w->out, w->colon);
}

static void put_oid(const struct writer *w, struct str bytes)
{
    open_key(w, '{', "$oid");
    sb_char(w->out, '"');
    put_hex(w->out, bytes);
    sb_c(w->out, "\"}");
}

static void put_number(const struct writer *w, const struct mv *v)
{
    struct strbuf *out = w->out;
    if (v->type == MV_INT32) {
        sb_int(out, v->i);
        return;
    }
    open_key(w, '{',
             v->type == MV_INT64    ? "$numberLong"
             : v->type == MV_DOUBLE ? "$numberDouble"
                                    : "$numberDecimal");
    sb_char(out, '"');
    if (v->type == MV_INT64)
        sb_int(out, v->i);
    else if (v->type == MV_DOUBLE)
        mg_double_put(out, v->d);
    else
        mg_decimal_put(out, (const unsigned char *)v->text.p);
    sb_c(out, "\"}");
}

static void put_date(const struct writer *w, const struct mv *v)
{
    open_key(w, '{', "$date");
    open_key(w, '{', "$numberLong");
    sb_char(w->out, '"');
    sb_int(w->out, v->i);
    sb_c(w->out, "\"}}");
}

static void put_timestamp(const struct writer *w, const struct mv *v)
{
    uint64_t both = (uint64_t)v->i;
    open_key(w, '{', "$timestamp");
    open_key(w, '{', "t");
    sb_int(w->out, (int64_t)(both >> 32));
    open_key(w, ',', "i");
    sb_int(w->out, (int64_t)(both & 0xffffffff));
    sb_c(w->out, "}}");
}

static void put_binary(const struct writer *w, const struct mv *v)
{
    open_key(w, '{', "$binary");
    open_key(w, '{', "base64");
    sb_char(w->out, '"');
    put_base64(w->out, v->text);
    sb_char(w->out, '"');
    open_key(w, ',', "subType");
    sb_printf(w->out, "\"%02x\"}}", (unsigned)v->i & 0xff);
}

static void put_regex(const struct writer *w, const struct mv *v)
{
    open_key(w, '{', "$regularExpression");
    open_key(w, '{', "pattern");
    put_text(w->out, v->text);
    open_key(w, ',', "options");
    put_text(w->out, v->more);
    sb_c(w->out, "}}");
}

static void put_dbpointer(const struct writer *w, const struct mv *v)
{
    open_key(w, '{', "$dbPointer");
    open_key(w, '{', "$ref");
    put_text(w->out, v->text);
    open_key(w, ',', "$id");
    put_oid(w, v->more);
    sb_c(w->out, "}}");
}

static void put_named_text(const struct writer *w, const char *key, struct str text)
{
    open_key(w, '{', key);
    put_text(w->out, text);
}

/* A value that is no document and no array. */
static void put_scalar(const struct writer *w, const struct mv *v)
{
    switch (v->type) {
    case MV_STRING:
        put_text(w->out, v->text);
        break;
    case MV_BOOL:
        sb_c(w->out, v->i ? "true" : "false");
        break;
    case MV_BINARY:
        put_binary(w, v);
        break;
    case MV_UNDEFINED:
        open_key(w, '{', "$undefined");
        sb_c(w->out, "true}");
        break;
    case MV_OBJECTID:
        put_oid(w, v->text);
        break;
    case MV_DATE:
        put_date(w, v);
        break;
    case MV_REGEX:
        put_regex(w, v);
        break;
    case MV_DBPOINTER:
        put_dbpointer(w, v);
        break;
    case MV_CODE:
    case MV_SYMBOL:
        put_named_text(w, v->type == MV_CODE ? "$code" : "$symbol", v->text);
        sb_char(w->out, '}');
        break;
    case MV_TIMESTAMP:
        put_timestamp(w, v);
        break;
    case MV_MINKEY:
    case MV_MAXKEY:
        open_key(w, '{', v->type == MV_MINKEY ? "$minKey" : "$maxKey");
        sb_c(w->out, "1}");
        break;
    case MV_NULL:
        sb_c(w->out, "null");
        break;
    default:
        put_number(w, v);
    }
}

static bool is_full(const struct writer *w)
{
    return w->out->over || w->out->n > w->limit;
}

static void put_flat(const struct writer *w, const struct mv *v, unsigned depth)
{
    bool list = v->type == MV_ARRAY, code = v->type == MV_CODE_SCOPE;
    /* What cannot fit is not written out only to be cut off again, at each level anew. */
    if (v->text.n > w->limit || w->out->n > w->limit - v->text.n) {
        sb_pad(w->out, ' ', w->limit < w->out->n ? 0 : w->limit + 1 - w->out->n);
        return;
    }
    if (v->type != MV_DOCUMENT && !list && !code) {
        put_scalar(w, v);
        return;
    }
    /* What is made by hand may be deeper than what is read; not without end. */
    if (++depth > 2 * MV_MAX_DEPTH)
        w->out->over = true;
    if (code) {
        put_named_text(w, "$code", v->text);
        open_key(w, ',', "$scope");
        put_flat(w, v->first, depth);
        sb_char(w->out, '}');
        return;
    }
    sb_char(w->out, list ? '[' : '{');
    for (const struct mv *m = v->first; m && !is_full(w); m = m->next) {
        if (m != v->first)
            sb_c(w->out, w->comma);
        if (!list) {
            put_text(w->out, m->key);
            sb_c(w->out, w->colon);
        }
        put_flat(w, m, depth);
    }
    sb_char(w->out, list ? ']' : '}');
}

void mv_put_json(struct strbuf *out, const struct mv *v)
{
    struct writer w = {.out = out, .colon = ":", .comma = ",", .limit = SIZE_MAX};
    put_flat(&w, v, 0);
}

static void new_line(struct strbuf *out, unsigned depth)
{
    sb_char(out, '\n');
    sb_pad(out, ' ', (size_t)depth * INDENT);
}

/* Puts a value at column `column`, with `after` bytes to come on its last line. */
static void put_lines(struct strbuf *out, const struct mv *v, unsigned depth, size_t line)
{
    struct writer w = {.out = out, .colon = ": ", .comma = ", ", .limit = SIZE_MAX};
    bool list = v->type == MV_ARRAY;
    size_t from = out->n;
    if (!v->first || (v->type != MV_DOCUMENT && !list)) {
        put_flat(&w, v, depth);
        return;
    }
    if (depth >= 2 * MV_MAX_DEPTH)
        out->over = true;
    w.limit = line + WIDTH - 1; /* a comma may follow */
    put_flat(&w, v, depth);
    if (!is_full(&w))
        return;
    sb_cut(out, from);
    sb_char(out, list ? '[' : '{');
    for (const struct mv *m = v->first; m && !out->over; m = m->next) {
        size_t start = out->n + 1;
        new_line(out, depth + 1);
        if (!list) {
            put_text(out, m->key);
            sb_c(out, w.colon);
        }
        put_lines(out, m, depth + 1, start);
        if (m->next)
            sb_char(out, ',');
    }
    new_line(out, depth);
    sb_char(out, list ? ']' : '}');
}

void mv_put_pretty(struct strbuf *out, const struct mv *v)
{
    put_lines(out, v, 0, out->n);
}
