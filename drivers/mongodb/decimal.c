/* Numbers and their texts; see decimal.h. */

#include "drivers/mongodb/decimal.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS = 34,   /* of a coefficient */
    BIAS = 6176,   /* of the exponent */
    EXP_MAX = 6111 /* with the coefficient as a whole number */
};

enum class { FINITE, INFINITE, NOT_A_NUMBER };

/* A decimal taken apart: (-1)^negative * digits * 10^exp, digits without zeros in front, of a zero
 * "0". */
struct parts {
    enum class class;
    bool negative;
    char digits[DIGITS + 1];
    int n, exp;
};

static uint64_t load64(const unsigned char *p)
{
    uint64_t v = 0;
    for (int i = 7; i >= 0; i--)
        v = v << 8 | p[i];
    return v;
}

static void store64(unsigned char *p, uint64_t v)
{
    for (int i = 0; i < 8; i++, v >>= 8)
        p[i] = (unsigned char)v;
}

/* Divides the number of four words, most significant first, by ten; returns the rest. */
static unsigned divide_by_ten(uint32_t w[4])
{
    uint64_t rest = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t v = rest << 32 | w[i];
        w[i] = (uint32_t)(v / 10);
        rest = v % 10;
    }
    return (unsigned)rest;
}

/* The digits of a coefficient; more than 34 are no canonical one, which counts as 0. */
static void take_digits(struct parts *p, uint64_t high, uint64_t low)
{
    uint32_t w[4] = {(uint32_t)(high >> 32), (uint32_t)high, (uint32_t)(low >> 32), (uint32_t)low};
    char reversed[40];
    int n = 0;
    while ((w[0] || w[1] || w[2] || w[3]) && n < (int)sizeof reversed)
        reversed[n++] = (char)('0' + divide_by_ten(w));
    if (n == 0 || n > DIGITS) {
        reversed[0] = '0';
        n = 1;
    }
    p->n = n;
    for (int i = 0; i < n; i++)
        p->digits[i] = reversed[n - 1 - i];
}

static struct parts take_apart(const unsigned char bytes[MG_DECIMAL_BYTES])
{
    uint64_t low = load64(bytes), high = load64(bytes + 8);
    struct parts p = {.negative = high >> 63};
    unsigned top = high >> 58 & 0x1f;
    if (top >= 0x1e) {
        p.class = top == 0x1e ? INFINITE : NOT_A_NUMBER;
        return p;
    }
    /* With the two top bits set the coefficient would start with binary 100: beyond 34 digits. */
    bool large = top >> 3 == 3;
    p.exp = (int)((large ? high >> 47 : high >> 49) & 0x3fff) - BIAS;
    if (large)
        take_digits(&p, 0, 0);
    else
        take_digits(&p, high & 0x1ffffffffffff, low);
    return p;
}

bool mg_decimal_same(const unsigned char a[MG_DECIMAL_BYTES],
                     const unsigned char b[MG_DECIMAL_BYTES])
{
    struct parts x = take_apart(a), y = take_apart(b);
    if (x.class != y.class || x.class == NOT_A_NUMBER)
        return x.class == y.class;
    return x.negative == y.negative && x.exp == y.exp && x.n == y.n &&
           memcmp(x.digits, y.digits, (size_t)x.n) == 0;
}

static void put_digits(struct strbuf *out, const char *digits, int from, int to)
{
    if (to > from)
        sb_put(out, digits + from, (size_t)(to - from));
}

/* digits * 10^exp without an exponent. */
static void put_plain(struct strbuf *out, const char *digits, int n, int exp)
{
    if (exp >= 0) {
        put_digits(out, digits, 0, n);
        sb_pad(out, '0', (size_t)exp);
    } else if (n + exp > 0) {
        put_digits(out, digits, 0, n + exp);
        sb_char(out, '.');
        put_digits(out, digits, n + exp, n);
    } else {
        sb_c(out, "0.");
        sb_pad(out, '0', (size_t) - (n + exp));
        put_digits(out, digits, 0, n);
    }
}

/* d.ddd, with the letter and the exponent after it. */
static void put_scientific(struct strbuf *out, const char *digits, int n, const char *letter,
                           int exp)
{
    put_digits(out, digits, 0, 1);
    if (n > 1)
        sb_char(out, '.');
    put_digits(out, digits, 1, n);
    sb_printf(out, "%s%d", letter, exp);
}

static bool put_special(struct strbuf *out, const struct parts *p)
{
    if (p->class == NOT_A_NUMBER)
        sb_c(out, "NaN");
    else if (p->class == INFINITE)
        sb_c(out, p->negative ? "-Infinity" : "Infinity");
    return p->class != FINITE;
}

void mg_decimal_put(struct strbuf *out, const unsigned char bytes[MG_DECIMAL_BYTES])
{
    struct parts p = take_apart(bytes);
    if (put_special(out, &p))
        return;
    if (p.negative)
        sb_char(out, '-');
    int adjusted = p.exp + p.n - 1;
    if (p.exp <= 0 && adjusted >= -6)
        put_plain(out, p.digits, p.n, p.exp);
    else
        put_scientific(out, p.digits, p.n, adjusted < 0 ? "E" : "E+", adjusted);
}

/* What a text of a number holds, before it has to fit: all of its digits. */
struct scan {
    bool negative, point, exponent;
    struct str whole, part; /* digits before and after the point */
    int64_t exp;
};

static struct str take_run(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && ascii_is_digit(rest->p[n]))
        n++;
    struct str run = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return run;
}

static bool take_one(struct str *rest, const char *any)
{
    if (!rest->n || !rest->p[0] || !strchr(any, rest->p[0]))
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

/* [+-]digits[.digits][e[+-]digits] with at least one digit before the exponent. */
static bool scan_number(struct str text, struct scan *s)
{
    *s = (struct scan){0};
    if (!take_one(&text, "+"))
        s->negative = take_one(&text, "-");
    s->whole = take_run(&text);
    s->point = take_one(&text, ".");
    if (s->point)
        s->part = take_run(&text);
    if (!s->whole.n && !s->part.n)
        return false;
    s->exponent = take_one(&text, "eE");
    if (s->exponent) {
        bool minus = !take_one(&text, "+") && take_one(&text, "-");
        struct str run = take_run(&text);
        if (!run.n)
            return false;
        /* A longer one is out of every range, and one digit more does not change that. */
        for (size_t i = 0; i < run.n && s->exp < 1000000000000000; i++)
            s->exp = s->exp * 10 + (run.p[i] - '0');
        s->exp = minus ? -s->exp : s->exp;
    }
    return text.n == 0;
}

static char digit_at(const struct scan *s, size_t i)
{
    return i < s->whole.n ? s->whole.p[i] : s->part.p[i - s->whole.n];
}

/* The digits in a decimal's limits; false where that would lose one. */
static bool fit(const struct scan *s, struct parts *p)
{
    size_t from = 0, to = s->whole.n + s->part.n;
    int64_t exp = s->exp - (int64_t)s->part.n;
    while (from + 1 < to && digit_at(s, from) == '0')
        from++;
    bool zero = digit_at(s, from) == '0';
    while (!zero && (to - from > DIGITS || exp < -BIAS) && digit_at(s, to - 1) == '0') {
        to--;
        exp++;
    }
    if (zero)
        exp = exp < -BIAS ? -BIAS : exp > EXP_MAX ? EXP_MAX : exp;
    p->negative = s->negative;
    p->n = (int)(to - from > DIGITS ? DIGITS + 1 : to - from);
    if (p->n > DIGITS || exp < -BIAS || exp > EXP_MAX + DIGITS)
        return false;
    for (int i = 0; i < p->n; i++)
        p->digits[i] = digit_at(s, from + (size_t)i);
    for (; exp > EXP_MAX && p->n < DIGITS; exp--)
        p->digits[p->n++] = '0';
    p->exp = (int)exp;
    return exp <= EXP_MAX;
}

static void multiply_add(uint64_t *high, uint64_t *low, unsigned digit)
{
    uint64_t a = (*low & 0xffffffff) * 10 + digit;
    uint64_t b = (*low >> 32) * 10 + (a >> 32);
    *low = b << 32 | (a & 0xffffffff);
    *high = *high * 10 + (b >> 32);
}

static bool read_special(struct str text, unsigned char bytes[MG_DECIMAL_BYTES])
{
    bool negative = take_one(&text, "-");
    if (!negative)
        take_one(&text, "+");
    bool nan = str_eq_fold_c(text, "nan");
    if (!nan && !str_eq_fold_c(text, "inf") && !str_eq_fold_c(text, "infinity"))
        return false;
    uint64_t sign = negative && !nan ? (uint64_t)1 << 63 : 0;
    store64(bytes, 0);
    store64(bytes + 8, sign | (nan ? (uint64_t)0x1f << 58 : (uint64_t)0x1e << 58));
    return true;
}

bool mg_decimal_read(struct str text, unsigned char bytes[MG_DECIMAL_BYTES])
{
    struct scan s;
    struct parts p = {0};
    if (read_special(text, bytes))
        return true;
    if (!scan_number(text, &s) || !fit(&s, &p))
        return false;
    uint64_t high = 0, low = 0;
    for (int i = 0; i < p.n; i++)
        multiply_add(&high, &low, (unsigned)(p.digits[i] - '0'));
    store64(bytes, low);
    store64(bytes + 8, (uint64_t)p.negative << 63 | (uint64_t)(p.exp + BIAS) << 49 | high);
    return true;
}

/* Without zeros at the end; a zero has the exponent 0. */
static void strip(struct parts *p)
{
    while (p->n > 1 && p->digits[p->n - 1] == '0') {
        p->n--;
        p->exp++;
    }
    if (p->digits[0] == '0')
        p->exp = 0;
}

bool mg_decimal_whole(const unsigned char bytes[MG_DECIMAL_BYTES], int64_t *out)
{
    struct parts p = take_apart(bytes);
    if (p.class != FINITE)
        return false;
    strip(&p);
    if (p.exp < 0 || p.n + p.exp > 19)
        return false;
    char text[24];
    int n = snprintf(text, sizeof text, "%s%.*s", p.negative ? "-" : "", p.n, p.digits);
    for (int i = 0; i < p.exp; i++)
        text[n++] = '0';
    return str_int((struct str){text, (size_t)n}, out);
}

/* A double is decided by this many digits, and whether anything but zeros follows. */
enum { EXACT_DIGITS = 780 };

/* strtod of the digits without a point, which depends on the locale. */
static double make_double(bool negative, const char *digits, size_t n, int64_t exp)
{
    char text[EXACT_DIGITS + 48];
    snprintf(text, sizeof text, "%s%.*se%" PRId64, negative ? "-" : "", (int)n, digits, exp);
    return strtod(text, NULL);
}

bool mg_double_read(struct str text, double *out)
{
    if (str_eq_c(text, "NaN")) {
        *out = (double)NAN;
        return true;
    }
    if (str_eq_c(text, "Infinity") || str_eq_c(text, "-Infinity")) {
        *out = text.p[0] == '-' ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    struct scan s;
    if (!scan_number(text, &s))
        return false;
    char digits[EXACT_DIGITS + 1];
    size_t from = 0, to = s.whole.n + s.part.n, n = 0;
    while (from + 1 < to && digit_at(&s, from) == '0')
        from++;
    while (from + n < to && n < EXACT_DIGITS) {
        digits[n] = digit_at(&s, from + n);
        n++;
    }
    int64_t exp = s.exp - (int64_t)s.part.n + (int64_t)(to - from - n);
    bool more = false;
    for (size_t i = from + n; i < to && !more; i++)
        more = digit_at(&s, i) != '0';
    if (more) {
        digits[n++] = '1';
        exp--;
    }
    *out = make_double(s.negative, digits, n, exp);
    return !isinf(*out);
}

/* A finite double as digits * 10^exp, rounded to so many digits, without zeros at the end. */
struct digits {
    char v[EXACT_DIGITS];
    int n, exp;
};

static struct digits round_to(double d, int count)
{
    struct digits r = {.n = 0};
    char text[EXACT_DIGITS + 40];
    snprintf(text, sizeof text, "%.*e", count - 1, fabs(d));
    char *p = text;
    for (; *p != 'e'; p++)
        if (ascii_is_digit(*p))
            r.v[r.n++] = *p;
    r.exp = (int)strtol(p + 1, NULL, 10) - (r.n - 1);
    while (r.n > 1 && r.v[r.n - 1] == '0') {
        r.n--;
        r.exp++;
    }
    return r;
}

static struct digits shortest(double d)
{
    /* All of 15 digits survive a normal double; below, fewer do. */
    int count = fabs(d) < DBL_MIN ? 1 : DBL_DIG;
    struct digits r = round_to(d, count);
    while (count < DBL_DECIMAL_DIG && make_double(false, r.v, (size_t)r.n, r.exp) != fabs(d))
        r = round_to(d, ++count);
    return r;
}

static bool put_named(struct strbuf *out, double d)
{
    if (isnan(d))
        sb_c(out, "NaN");
    else if (isinf(d))
        sb_c(out, d < 0 ? "-Infinity" : "Infinity");
    return isnan(d) || isinf(d);
}

/* Without an exponent where that is not much longer. */
static void put_short(struct strbuf *out, const char *digits, int n, int exp)
{
    int adjusted = exp + n - 1;
    if (adjusted >= -6 && adjusted < 18)
        put_plain(out, digits, n, exp);
    else
        put_scientific(out, digits, n, "e", adjusted);
}

/* Whether a double is an integer that int64 holds. */
static bool is_whole(double d)
{
    return d >= -0x1p63 && d < 0x1p63 && (double)(int64_t)d == d;
}

void mg_double_put(struct strbuf *out, double d)
{
    if (put_named(out, d))
        return;
    if (signbit(d))
        sb_char(out, '-');
    if (is_whole(d) && fabs(d) < 1e15) {
        sb_printf(out, "%" PRId64 ".0", (int64_t)fabs(d));
        return;
    }
    struct digits r = shortest(d);
    size_t from = out->n;
    put_short(out, r.v, r.n, r.exp);
    struct str put = str_from(sb_view(out), from);
    if (str_chr(put, '.') == put.n && str_chr(put, 'e') == put.n)
        sb_c(out, ".0");
}

void mg_double_words(struct strbuf *out, double d)
{
    if (put_named(out, d))
        return;
    if (is_whole(d)) {
        sb_int(out, (int64_t)d);
        return;
    }
    if (d < 0)
        sb_char(out, '-');
    struct digits r = shortest(d);
    put_short(out, r.v, r.n, r.exp);
}

void mg_decimal_words(struct strbuf *out, const unsigned char bytes[MG_DECIMAL_BYTES])
{
    struct parts p = take_apart(bytes);
    int64_t whole;
    if (put_special(out, &p))
        return;
    if (mg_decimal_whole(bytes, &whole)) {
        sb_int(out, whole);
        return;
    }
    strip(&p);
    double d = make_double(p.negative, p.digits, (size_t)p.n, p.exp);
    if (!isinf(d)) {
        struct digits exact = round_to(d, EXACT_DIGITS);
        if (exact.n == p.n && exact.exp == p.exp && memcmp(exact.v, p.digits, (size_t)p.n) == 0) {
            mg_double_words(out, d);
            return;
        }
    }
    if (p.negative)
        sb_char(out, '-');
    put_short(out, p.digits, p.n, p.exp);
    sb_char(out, 'm');
}
