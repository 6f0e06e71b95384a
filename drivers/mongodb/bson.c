/* BSON to and from typed trees; see value.h. Layout: the BSON specification 1.1. */

#include <inttypes.h>
#include <string.h>

#include "drivers/mongodb/decimal.h"
#include "drivers/mongodb/ejson.h"

enum {
    OID_BYTES = 12,
    OLD_BINARY = 2, /* a subtype whose bytes have a length of their own in front */
};

/* What is left of the innermost document: `at` is relative to `all`, whose end is the document's.
 */
struct reader {
    struct arena *mem;
    const char *start; /* of everything, for messages */
    struct str rest;
    unsigned depth;
    struct err *e;
};

static int bad(struct reader *r, const char *what)
{
    err_set(r->e, E_NOT_UNDERSTOOD, "BSON that cannot be read: %s at byte %td", what,
            r->rest.p - r->start);
    return err_hint(r->e, "run it again; if it stays so, please report it with the server's "
                          "version");
}

static int take(struct reader *r, size_t n, struct str *out)
{
    if (r->rest.n < n)
        return bad(r, "cut short");
    *out = str_sub(r->rest, 0, n);
    r->rest = str_from(r->rest, n);
    return 0;
}

static uint64_t little(struct str s)
{
    uint64_t v = 0;
    for (size_t i = s.n; i-- > 0;)
        v = v << 8 | (unsigned char)s.p[i];
    return v;
}

static int take_int32(struct reader *r, int32_t *out)
{
    struct str s = STR_NULL;
    if (take(r, 4, &s))
        return -1;
    *out = (int32_t)(uint32_t)little(s);
    return 0;
}

static int take_int64(struct reader *r, int64_t *out)
{
    struct str s = STR_NULL;
    if (take(r, 8, &s))
        return -1;
    *out = (int64_t)little(s);
    return 0;
}

/* UTF-8 where a NUL is a character like others. */
static bool is_utf8(struct str s)
{
    struct str part;
    while (s.n) {
        size_t n = str_chr(s, '\0');
        part = str_sub(s, 0, n);
        if (!str_is_utf8(part))
            return false;
        s = str_from(s, n + 1);
    }
    return true;
}

/* Text up to a NUL. */
static int take_cstring(struct reader *r, struct str *out)
{
    size_t n = str_chr(r->rest, '\0');
    if (n == r->rest.n)
        return bad(r, "a name without an end");
    *out = str_sub(r->rest, 0, n);
    if (!str_is_utf8(*out))
        return bad(r, "a name that is no UTF-8");
    r->rest = str_from(r->rest, n + 1);
    return 0;
}

static int take_string(struct reader *r, struct str *out)
{
    int32_t n;
    if (take_int32(r, &n))
        return -1;
    if (n < 1 || (size_t)n > r->rest.n)
        return bad(r, "a string whose length does not fit");
    if (r->rest.p[n - 1] != '\0')
        return bad(r, "a string without an end");
    *out = str_sub(r->rest, 0, (size_t)n - 1);
    if (!is_utf8(*out))
        return bad(r, "a string that is no UTF-8");
    r->rest = str_from(r->rest, (size_t)n);
    return 0;
}

static int take_binary(struct reader *r, struct mv *v)
{
    int32_t n, inner;
    struct str subtype;
    if (take_int32(r, &n) || take(r, 1, &subtype))
        return -1;
    v->i = (unsigned char)subtype.p[0];
    if (n < 0 || (size_t)n > r->rest.n)
        return bad(r, "a binary whose length does not fit");
    if (v->i == OLD_BINARY) {
        if (n < 4 || take_int32(r, &inner))
            return bad(r, "a binary whose length does not fit");
        n -= 4;
        if (inner != n)
            return bad(r, "a binary of two lengths");
    }
    return take(r, (size_t)n, &v->text);
}

static int take_members(struct reader *r, struct mv *v);

/* A document within another one, or the outermost. */
static int take_document(struct reader *r, struct mv *v)
{
    struct reader inner = *r;
    int32_t n;
    if (take_int32(&inner, &n))
        return -1;
    if (n < 5 || (size_t)n > r->rest.n)
        return bad(r, "a document whose length does not fit");
    if (r->rest.p[n - 1] != '\0')
        return bad(r, "a document without an end");
    if (++inner.depth > MV_MAX_DEPTH)
        return bad(r, "a document that is nested too deeply");
    inner.rest = str_sub(r->rest, 4, (size_t)n - 1);
    r->rest = str_from(r->rest, (size_t)n);
    return take_members(&inner, v);
}

static int take_code_scope(struct reader *r, struct mv *v)
{
    struct reader inner = *r;
    int32_t n;
    if (take_int32(&inner, &n))
        return -1;
    if (n < 4 || (size_t)n > r->rest.n)
        return bad(r, "code whose length does not fit");
    inner.rest = str_sub(r->rest, 4, (size_t)n);
    if (take_string(&inner, &v->text))
        return -1;
    struct mv *scope = mv_new(r->mem, MV_DOCUMENT);
    if (take_document(&inner, scope))
        return -1;
    if (inner.rest.n)
        return bad(&inner, "code whose length does not fit");
    mv_add(v, STR_NULL, scope);
    r->rest = str_from(r->rest, (size_t)n);
    return 0;
}

static int take_number(struct reader *r, struct mv *v)
{
    int32_t small;
    if (v->type == MV_DECIMAL)
        return take(r, MG_DECIMAL_BYTES, &v->text);
    if (v->type == MV_INT32) {
        int rc = take_int32(r, &small);
        v->i = rc ? 0 : small;
        return rc;
    }
    if (take_int64(r, &v->i))
        return -1;
    if (v->type == MV_DOUBLE) {
        memcpy(&v->d, &v->i, sizeof v->d);
        v->i = 0;
    }
    return 0;
}

static int take_bool(struct reader *r, struct mv *v)
{
    struct str s;
    if (take(r, 1, &s))
        return -1;
    v->i = (unsigned char)s.p[0];
    return v->i > 1 ? bad(r, "a boolean that is neither true nor false") : 0;
}

static int take_regex(struct reader *r, struct mv *v)
{
    if (take_cstring(r, &v->text) || take_cstring(r, &v->more))
        return -1;
    v->more = mg_sorted_letters(r->mem, v->more);
    return 0;
}

static int take_value(struct reader *r, struct mv *v)
{
    switch (v->type) {
    case MV_DOUBLE:
    case MV_DATE:
    case MV_INT32:
    case MV_TIMESTAMP:
    case MV_INT64:
    case MV_DECIMAL:
        return take_number(r, v);
    case MV_STRING:
    case MV_CODE:
    case MV_SYMBOL:
        return take_string(r, &v->text);
    case MV_DOCUMENT:
    case MV_ARRAY:
        return take_document(r, v);
    case MV_BINARY:
        return take_binary(r, v);
    case MV_OBJECTID:
        return take(r, OID_BYTES, &v->text);
    case MV_BOOL:
        return take_bool(r, v);
    case MV_REGEX:
        return take_regex(r, v);
    case MV_DBPOINTER:
        return take_string(r, &v->text) || take(r, OID_BYTES, &v->more) ? -1 : 0;
    case MV_CODE_SCOPE:
        return take_code_scope(r, v);
    case MV_UNDEFINED:
    case MV_NULL:
    case MV_MINKEY:
    case MV_MAXKEY:
        return 0;
    }
    return bad(r, "a value of an unknown type");
}

static int take_members(struct reader *r, struct mv *to)
{
    struct str type, key;
    while (r->rest.n) {
        if (take(r, 1, &type) || take_cstring(r, &key))
            return -1;
        struct mv *v = mv_new(r->mem, (enum mv_type)(unsigned char)type.p[0]);
        if (take_value(r, v))
            return -1;
        mv_add(to, to->type == MV_ARRAY ? STR_NULL : key, v);
    }
    return 0;
}

int mv_from_bson(struct arena *mem, struct str bytes, struct mv **out, struct err *e)
{
    struct reader r = {.mem = mem, .start = bytes.p, .rest = bytes, .e = e};
    struct mv *doc = mv_new(mem, MV_DOCUMENT);
    if (take_document(&r, doc))
        return -1;
    if (r.rest.n)
        return bad(&r, "bytes after the end");
    *out = doc;
    return 0;
}

static void put_little(struct strbuf *out, uint64_t v, size_t n)
{
    char bytes[8];
    for (size_t i = 0; i < n; i++, v >>= 8)
        bytes[i] = (char)(unsigned char)v;
    sb_put(out, bytes, n);
}

static void put_cstring(struct strbuf *out, struct str s)
{
    sb_str(out, s);
    sb_char(out, '\0');
}

static void put_string(struct strbuf *out, struct str s)
{
    put_little(out, s.n + 1, 4);
    put_cstring(out, s);
}

/* Writes the length of what stands from `at` on into the four bytes there. */
static void put_length(struct strbuf *out, size_t at)
{
    if (out->over)
        return;
    uint64_t n = out->n - at;
    for (size_t i = 0; i < 4; i++, n >>= 8)
        out->p[at + i] = (char)(unsigned char)n;
}

static void put_members(struct strbuf *out, const struct mv *v, unsigned depth);

static void put_code_scope(struct strbuf *out, const struct mv *v, unsigned depth)
{
    size_t at = out->n;
    put_little(out, 0, 4);
    put_string(out, v->text);
    put_members(out, v->first, depth);
    put_length(out, at);
}

static void put_binary(struct strbuf *out, const struct mv *v)
{
    size_t extra = v->i == OLD_BINARY ? 4 : 0;
    put_little(out, v->text.n + extra, 4);
    sb_char(out, (char)(unsigned char)v->i);
    if (extra)
        put_little(out, v->text.n, 4);
    sb_str(out, v->text);
}

static void put_fixed(struct strbuf *out, const struct mv *v)
{
    uint64_t bits = (uint64_t)v->i;
    switch (v->type) {
    case MV_DOUBLE:
        memcpy(&bits, &v->d, sizeof bits);
        put_little(out, bits, 8);
        break;
    case MV_BOOL:
        put_little(out, bits, 1);
        break;
    case MV_INT32:
        put_little(out, bits, 4);
        break;
    default:
        put_little(out, bits, 8);
    }
}

static void put_value(struct strbuf *out, const struct mv *v, unsigned depth)
{
    switch (v->type) {
    case MV_DOUBLE:
    case MV_BOOL:
    case MV_INT32:
    case MV_DATE:
    case MV_TIMESTAMP:
    case MV_INT64:
        put_fixed(out, v);
        break;
    case MV_STRING:
    case MV_CODE:
    case MV_SYMBOL:
        put_string(out, v->text);
        break;
    case MV_DOCUMENT:
    case MV_ARRAY:
        put_members(out, v, depth);
        break;
    case MV_BINARY:
        put_binary(out, v);
        break;
    case MV_OBJECTID:
    case MV_DECIMAL:
        sb_str(out, v->text);
        break;
    case MV_REGEX:
        put_cstring(out, v->text);
        put_cstring(out, v->more);
        break;
    case MV_DBPOINTER:
        put_string(out, v->text);
        sb_str(out, v->more);
        break;
    case MV_CODE_SCOPE:
        put_code_scope(out, v, depth);
        break;
    case MV_UNDEFINED:
    case MV_NULL:
    case MV_MINKEY:
    case MV_MAXKEY:
        break;
    }
}

/* A document or array that is made by hand may be deeper than what is read; not without end. */
static void put_members(struct strbuf *out, const struct mv *v, unsigned depth)
{
    size_t at = out->n;
    uint32_t i = 0;
    if (++depth > 2 * MV_MAX_DEPTH)
        out->over = true;
    put_little(out, 0, 4);
    for (const struct mv *m = v->first; m && !out->over; m = m->next) {
        sb_char(out, (char)(unsigned char)m->type);
        if (v->type == MV_ARRAY)
            sb_printf(out, "%" PRIu32, i++);
        else
            sb_str(out, m->key);
        sb_char(out, '\0');
        put_value(out, m, depth);
    }
    sb_char(out, '\0');
    put_length(out, at);
}

void mv_put_bson(struct strbuf *out, const struct mv *doc)
{
    put_members(out, doc, 0);
}
