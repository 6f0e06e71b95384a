/* The wrappers of Extended JSON: documents that mean a value; see ejson.h. Forms: the specification
 * of Extended JSON v2, and those of v1 that it names as legacy. */

#include <string.h>

#include "drivers/mongodb/decimal.h"
#include "drivers/mongodb/ejson.h"

enum { OID_BYTES = 12, UUID_BYTES = 16, UUID_SUBTYPE = 4 };

/* The one string that a wrapper holds, or the member of an inner document; absent for others. */
static struct str only_text(const struct mv *doc)
{
    return doc->n == 1 ? mv_string(doc->first) : STR_NULL;
}

/* The document that a wrapper holds, of so many members; NULL for others. */
static const struct mv *only_document(const struct mv *doc, uint32_t members)
{
    const struct mv *m = doc->n == 1 ? doc->first : NULL;
    return m && m->type == MV_DOCUMENT && m->n == members ? m : NULL;
}

static void become(struct mv *v, enum mv_type type)
{
    v->type = type;
    v->first = v->last = NULL;
    v->n = 0;
}

static bool has_nul(struct str s)
{
    return str_chr(s, '\0') < s.n;
}

static int hex_digit(char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of pairs of hexadecimal digits, exactly n of them. */
static bool read_hex(struct arena *mem, struct str s, size_t n, struct str *out)
{
    if (s.n != 2 * n)
        return false;
    char *p = arena_alloc(mem, n + 1);
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(s.p[2 * i]), low = hex_digit(s.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        p[i] = (char)(unsigned char)(high << 4 | low);
    }
    *out = (struct str){p, n};
    return true;
}

static int base64_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0' + 52;
    if (ascii_is_alpha(c))
        return c >= 'a' ? c - 'a' + 26 : c - 'A';
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool read_base64(struct arena *mem, struct str s, struct str *out)
{
    if (str_is_null(s) || s.n % 4)
        return false;
    size_t pad = 0, n = 0;
    while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
        pad++;
    char *p = arena_alloc(mem, s.n / 4 * 3 + 1);
    for (size_t i = 0; i < s.n; i += 4) {
        uint32_t v = 0;
        for (size_t k = i; k < i + 4; k++) {
            int digit = k < s.n - pad ? base64_digit(s.p[k]) : 0;
            if (digit < 0)
                return false;
            v = v << 6 | (uint32_t)digit;
        }
        for (int shift = 16; shift >= 0; shift -= 8)
            p[n++] = (char)(unsigned char)(v >> shift);
    }
    *out = (struct str){p, n - pad};
    return true;
}

static bool unwrap_oid(struct arena *mem, struct mv *v)
{
    struct str bytes;
    if (!read_hex(mem, only_text(v), OID_BYTES, &bytes))
        return false;
    become(v, MV_OBJECTID);
    v->text = bytes;
    return true;
}

static bool unwrap_symbol(struct arena *mem, struct mv *v)
{
    (void)mem;
    struct str text = only_text(v);
    if (str_is_null(text))
        return false;
    become(v, MV_SYMBOL);
    v->text = text;
    return true;
}

static bool unwrap_int(struct arena *mem, struct mv *v)
{
    (void)mem;
    int64_t i;
    if (!str_int(only_text(v), &i) || i < INT32_MIN || i > INT32_MAX)
        return false;
    become(v, MV_INT32);
    v->i = i;
    return true;
}

static bool unwrap_long(struct arena *mem, struct mv *v)
{
    (void)mem;
    int64_t i;
    if (!str_int(only_text(v), &i))
        return false;
    become(v, MV_INT64);
    v->i = i;
    return true;
}

static bool unwrap_double(struct arena *mem, struct mv *v)
{
    (void)mem;
    double d;
    if (!mg_double_read(only_text(v), &d))
        return false;
    become(v, MV_DOUBLE);
    v->d = d;
    return true;
}

static bool unwrap_decimal(struct arena *mem, struct mv *v)
{
    unsigned char *bytes = arena_alloc(mem, MG_DECIMAL_BYTES);
    if (!mg_decimal_read(only_text(v), bytes))
        return false;
    become(v, MV_DECIMAL);
    v->text = (struct str){(const char *)bytes, MG_DECIMAL_BYTES};
    return true;
}

/* One or two hexadecimal digits. */
static bool read_subtype(struct str s, int64_t *out)
{
    *out = 0;
    if (s.n != 1 && s.n != 2)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        int digit = hex_digit(s.p[i]);
        if (digit < 0)
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

static bool unwrap_binary(struct arena *mem, struct mv *v)
{
    const struct mv *inner = only_document(v, 2);
    const struct mv *base64 = mv_get(inner ? inner : v, inner ? "base64" : "$binary");
    const struct mv *type = mv_get(inner ? inner : v, inner ? "subType" : "$type");
    struct str bytes;
    int64_t subtype;
    if (!inner && v->n != 2)
        return false;
    if (type && type->type == MV_INT32 && !inner && type->i >= 0 && type->i <= 255)
        subtype = type->i;
    else if (!read_subtype(mv_string(type), &subtype))
        return false;
    if (!read_base64(mem, mv_string(base64), &bytes))
        return false;
    become(v, MV_BINARY);
    v->text = bytes;
    v->i = subtype;
    return true;
}

static bool unwrap_uuid(struct arena *mem, struct mv *v)
{
    struct str s = only_text(v), bytes;
    char hex[2 * UUID_BYTES];
    size_t n = 0;
    if (s.n != 2 * UUID_BYTES + 4)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (s.p[i] == '-'))
            return false;
        if (!dash)
            hex[n++] = s.p[i];
    }
    if (!read_hex(mem, (struct str){hex, n}, UUID_BYTES, &bytes))
        return false;
    become(v, MV_BINARY);
    v->text = bytes;
    v->i = UUID_SUBTYPE;
    return true;
}

static bool unwrap_code(struct arena *mem, struct mv *v)
{
    (void)mem;
    const struct mv *code = mv_get(v, "$code");
    if (!code || code->type != MV_STRING || v->n > 2)
        return false;
    struct str text = code->text;
    struct mv *scope = v->n == 2 ? mv_take(v, "$scope") : NULL;
    if (v->n != 1 || (scope && scope->type != MV_DOCUMENT))
        return false;
    become(v, scope ? MV_CODE_SCOPE : MV_CODE);
    v->text = text;
    if (scope)
        mv_add(v, STR_NULL, scope);
    return true;
}

static bool read_uint32(const struct mv *v, uint32_t *out)
{
    if (!v || (v->type != MV_INT32 && v->type != MV_INT64) || v->i < 0 || v->i > UINT32_MAX)
        return false;
    *out = (uint32_t)v->i;
    return true;
}

static bool unwrap_timestamp(struct arena *mem, struct mv *v)
{
    (void)mem;
    const struct mv *inner = only_document(v, 2);
    uint32_t t, i;
    if (!read_uint32(mv_get(inner, "t"), &t) || !read_uint32(mv_get(inner, "i"), &i))
        return false;
    become(v, MV_TIMESTAMP);
    v->i = (int64_t)((uint64_t)t << 32 | i);
    return true;
}

struct str mg_sorted_letters(struct arena *mem, struct str s)
{
    bool sorted = true;
    for (size_t i = 1; i < s.n && sorted; i++)
        sorted = (unsigned char)s.p[i - 1] <= (unsigned char)s.p[i];
    for (size_t i = 0; i < s.n && !sorted; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return s;
    if (sorted)
        return s;
    char *p = arena_cstr(mem, s);
    for (size_t i = 1; i < s.n; i++)
        for (size_t k = i; k > 0 && p[k - 1] > p[k]; k--) {
            char c = p[k];
            p[k] = p[k - 1];
            p[k - 1] = c;
        }
    return (struct str){p, s.n};
}

static bool unwrap_regex(struct arena *mem, struct mv *v)
{
    const struct mv *inner = only_document(v, 2);
    struct str pattern = mv_string(mv_get(inner, "pattern"));
    struct str options = mv_string(mv_get(inner, "options"));
    if (str_is_null(pattern) || str_is_null(options) || has_nul(pattern) || has_nul(options))
        return false;
    become(v, MV_REGEX);
    v->text = pattern;
    v->more = mg_sorted_letters(mem, options);
    return true;
}

static bool unwrap_dbpointer(struct arena *mem, struct mv *v)
{
    (void)mem;
    const struct mv *inner = only_document(v, 2);
    struct str name = mv_string(mv_get(inner, "$ref"));
    const struct mv *id = mv_get(inner, "$id");
    if (str_is_null(name) || !id || id->type != MV_OBJECTID)
        return false;
    become(v, MV_DBPOINTER);
    v->text = name;
    v->more = id->text;
    return true;
}

static bool take_digits(struct str *s, size_t n, int64_t *out)
{
    *out = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(s->p[i]))
            return false;
        *out = *out * 10 + (s->p[i] - '0');
    }
    *s = str_from(*s, n);
    return true;
}

static bool take_char(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = str_from(*s, 1);
    return true;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar; false where there is none. */
static bool take_day(struct str *s, int64_t *days)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int64_t y, m, d;
    if (!take_digits(s, 4, &y) || !take_char(s, '-') || !take_digits(s, 2, &m) ||
        !take_char(s, '-') || !take_digits(s, 2, &d) || m < 1 || m > 12)
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (d < 1 || d > before[m] - before[m - 1] + (leap && m == 2))
        return false;
    int64_t past = y - 1; /* whole years since the year 1; -1 for the year 0 */
    int64_t leaps = y ? past / 4 - past / 100 + past / 400 : -1;
    *days = past * 365 + leaps + before[m - 1] + (leap && m > 2) + d - 1 - 719162;
    return true;
}

/* Z, +01:00, -0130 or +01, in minutes. */
static bool take_offset(struct str *s, int64_t *minutes)
{
    int64_t h, m = 0;
    *minutes = 0;
    if (take_char(s, 'Z'))
        return true;
    bool minus = take_char(s, '-');
    if ((!minus && !take_char(s, '+')) || !take_digits(s, 2, &h))
        return false;
    bool colon = take_char(s, ':');
    if ((colon || s->n) && !take_digits(s, 2, &m))
        return false;
    *minutes = minus ? -(h * 60 + m) : h * 60 + m;
    return h < 24 && m < 60;
}

/* Thousandths of a second after a point; digits beyond them are cut off, as drivers do. */
static bool take_fraction(struct str *s, int64_t *ms)
{
    int64_t digit, scale = 100;
    size_t n = 0;
    *ms = 0;
    if (!take_char(s, '.'))
        return true;
    for (; take_digits(s, 1, &digit); n++, scale /= 10)
        *ms += digit * scale;
    return n >= 1 && n <= 9;
}

/* Hours and minutes, and seconds where they stand. */
static bool take_clock(struct str *s, int64_t *ms)
{
    int64_t h, m, sec = 0, fraction = 0;
    if (!take_digits(s, 2, &h) || !take_char(s, ':') || !take_digits(s, 2, &m))
        return false;
    if (take_char(s, ':') && (!take_digits(s, 2, &sec) || !take_fraction(s, &fraction)))
        return false;
    *ms = ((h * 60 + m) * 60 + sec) * 1000 + fraction;
    return h < 24 && m < 60 && sec < 60;
}

/* A day alone is its start in UTC. */
static bool read_time(struct str s, int64_t *ms)
{
    int64_t days, clock = 0, offset = 0;
    if (!take_day(&s, &days))
        return false;
    if (s.n && (!take_char(&s, 'T') || !take_clock(&s, &clock) || !take_offset(&s, &offset)))
        return false;
    *ms = days * 86400000 + clock - offset * 60000;
    return !s.n;
}

static bool unwrap_date(struct arena *mem, struct mv *v)
{
    (void)mem;
    const struct mv *m = v->n == 1 ? v->first : NULL;
    int64_t ms;
    if (m && (m->type == MV_INT32 || m->type == MV_INT64))
        ms = m->i;
    else if (!read_time(mv_string(m), &ms))
        return false;
    become(v, MV_DATE);
    v->i = ms;
    return true;
}

static bool is_one(const struct mv *v)
{
    return v->n == 1 && v->first->type == MV_INT32 && v->first->i == 1;
}

static bool unwrap_minkey(struct arena *mem, struct mv *v)
{
    (void)mem;
    bool ok = is_one(v);
    if (ok)
        become(v, MV_MINKEY);
    return ok;
}

static bool unwrap_maxkey(struct arena *mem, struct mv *v)
{
    (void)mem;
    bool ok = is_one(v);
    if (ok)
        become(v, MV_MAXKEY);
    return ok;
}

static bool unwrap_undefined(struct arena *mem, struct mv *v)
{
    (void)mem;
    bool ok = v->n == 1 && v->first->type == MV_BOOL && v->first->i;
    if (ok)
        become(v, MV_UNDEFINED);
    return ok;
}

/* By name. $regex, $options, $type, $ref and $id are words of queries or of a DBRef, a document. */
static const struct {
    const char *key;
    bool (*unwrap)(struct arena *mem, struct mv *v);
    const char *wrong;
} wrappers[] = {
    {"$oid", unwrap_oid, "$oid is not 24 hexadecimal digits alone"},
    {"$numberInt", unwrap_int, "$numberInt is not the text of an int32 alone"},
    {"$numberLong", unwrap_long, "$numberLong is not the text of an int64 alone"},
    {"$numberDouble", unwrap_double, "$numberDouble is not the text of a double alone"},
    {"$numberDecimal", unwrap_decimal, "$numberDecimal is not the text of a decimal128 alone"},
    {"$date", unwrap_date, "$date is neither milliseconds nor an ISO 8601 time alone"},
    {"$binary", unwrap_binary, "$binary is not {\"base64\":..,\"subType\":..} alone"},
    {"$uuid", unwrap_uuid, "$uuid is not the text of a UUID alone"},
    {"$regularExpression", unwrap_regex,
     "$regularExpression is not {\"pattern\":..,\"options\":..} alone"},
    {"$timestamp", unwrap_timestamp, "$timestamp is not {\"t\":..,\"i\":..} alone"},
    {"$code", unwrap_code, "$code is not a text, alone or with a $scope"},
    {"$symbol", unwrap_symbol, "$symbol is not a text alone"},
    {"$dbPointer", unwrap_dbpointer, "$dbPointer is not {\"$ref\":..,\"$id\":..} alone"},
    {"$minKey", unwrap_minkey, "$minKey is not 1 alone"},
    {"$maxKey", unwrap_maxkey, "$maxKey is not 1 alone"},
    {"$undefined", unwrap_undefined, "$undefined is not true alone"},
};

const char *mg_unwrap(struct arena *mem, struct mv *doc)
{
    for (const struct mv *m = doc->first; m; m = m->next) {
        if (!m->key.n || m->key.p[0] != '$')
            continue;
        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
            if (str_eq_c(m->key, wrappers[i].key))
                return wrappers[i].unwrap(mem, doc) ? NULL : wrappers[i].wrong;
    }
    return NULL;
}
