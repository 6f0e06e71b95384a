/*
 * What becomes of the values of a column whose type changes, told by name: a value that does not
 * fit stops the statement under a strict sql_mode, and others change without a word. Both servers
 * do the same but where a line says so.
 */

#include "drivers/mysql/algorithm.h"

enum family {
    INTEGER,
    BIT,
    YEAR,
    DECIMAL,
    REAL,
    TEXT,
    BYTES,
    LABELS,
    DATE,
    CLOCK,
    MOMENT,
    JSON,
    OTHER
};

struct type {
    enum family family;
    struct str text;    /* as the server writes it */
    bool is_unsigned;   /* of numbers */
    bool padded;        /* char, binary */
    int64_t size;       /* INTEGER, REAL: bytes; BIT: bits; DECIMAL: digits before the point; TEXT:
                           characters at most; BYTES: bytes at most; dates: digits of a second */
    int64_t scale;      /* DECIMAL: digits behind the point */
    struct str charset; /* of TEXT, LABELS */
};

/* ---- types ---- */

static const struct {
    const char *name;
    enum family family;
    int64_t size;
} names[] = {{"tinyint", INTEGER, 1},
             {"smallint", INTEGER, 2},
             {"mediumint", INTEGER, 3},
             {"int", INTEGER, 4},
             {"bigint", INTEGER, 8},
             {"bit", BIT, 1},
             {"year", YEAR, 0},
             {"decimal", DECIMAL, 10},
             {"float", REAL, 4},
             {"double", REAL, 8},
             {"char", TEXT, 1},
             {"varchar", TEXT, 1},
             {"tinytext", TEXT, 255},
             {"text", TEXT, 65535},
             {"mediumtext", TEXT, 16777215},
             {"longtext", TEXT, 4294967295},
             {"binary", BYTES, 1},
             {"varbinary", BYTES, 1},
             {"tinyblob", BYTES, 255},
             {"blob", BYTES, 65535},
             {"mediumblob", BYTES, 16777215},
             {"longblob", BYTES, 4294967295},
             {"enum", LABELS, 0},
             {"set", LABELS, 0},
             {"date", DATE, 0},
             {"time", CLOCK, 0},
             {"datetime", MOMENT, 0},
             {"timestamp", MOMENT, 0},
             {"json", JSON, 4294967295}};

/* Numbers in the parentheses of a type. */
static int numbers(struct str type, int64_t out[2])
{
    struct str rest = str_sub(type, str_chr(type, '(') + 1, str_chr(type, ')')), one;
    int n = 0;
    while (str_chr(type, '(') < type.n && n < 2 && my_cut(&rest, &one) && str_int(one, &out[n]))
        n++;
    return n;
}

static struct type type_of(struct arena *mem, const struct obj *o)
{
    struct type t = {.family = OTHER, .text = obj_text(mem, o, "type")};
    struct str word = my_type_word(t.text);
    int64_t in[2] = {0, 0};
    int n = numbers(t.text, in);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_eq_c(word, names[i].name))
            continue;
        t.family = names[i].family;
        t.size = names[i].size;
    }
    t.is_unsigned = str_find(t.text, STR("unsigned")) < t.text.n;
    t.padded = str_eq(word, STR("char")) || str_eq(word, STR("binary"));
    t.charset = my_charset_of(obj_text(mem, o, "collation"));
    if (t.family == DECIMAL) {
        t.scale = in[1];
        t.size = (n ? in[0] : 10) - in[1];
    } else if (n && t.family != INTEGER && t.family != REAL && t.family != LABELS) {
        t.size = in[0];
    }
    return t;
}

/* Every character of the one set is in the other. */
static bool holds(struct str has, struct str had)
{
    static const char all[] = "utf8mb4,utf16,utf16le,utf32,gb18030";
    if (str_eq(has, had) || str_eq_c(had, "ascii") || word_in(all, has))
        return true;
    return word_in("utf8mb3,utf8,ucs2", has) && !word_in(all, had);
}

/* Of an integer of so many bytes. */
static const int digits[] = {0, 3, 5, 8, 10, 0, 0, 0, 20};

/* Characters of a value at most, written down. */
static int64_t longest(const struct type *t)
{
    switch (t->family) {
    case INTEGER:
        return digits[t->size] + !t->is_unsigned;
    case YEAR:
        return 4;
    case DECIMAL:
        return t->size + t->scale + 3;
    case REAL:
        return 24;
    case DATE:
        return 10;
    case CLOCK:
        return t->size ? 11 + t->size : 10;
    case MOMENT:
        return t->size ? 20 + t->size : 19;
    default:
        return t->size;
    }
}

/* ---- labels ---- */

static struct str *labels_of(struct arena *mem, struct str type, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct my_lex l = {type, 0};
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        if (t.type == MY_STRING)
            VEC_PUSH(mem, list, my_unquote(mem, t));
    *n = list.n;
    return list.v;
}

enum fate { KEPT = 0, STOPS = 1, RENUMBERED = 2 };

static unsigned labels_fate(struct arena *mem, struct str was, struct str is)
{
    uint32_t n, m;
    struct str *a = labels_of(mem, was, &n), *b = labels_of(mem, is, &m);
    unsigned fate = str_eq(my_type_word(was), my_type_word(is)) ? KEPT : STOPS;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = 0;
        while (k < m && !str_eq(a[i], b[k]))
            k++;
        fate |= k == m ? STOPS : k != i ? RENUMBERED : KEPT;
    }
    return fate;
}

static int64_t longest_label(struct arena *mem, struct str type)
{
    uint32_t n;
    struct str *list = labels_of(mem, type, &n);
    int64_t most = 0, all = 0;
    for (uint32_t i = 0; i < n; i++) {
        most = (int64_t)list[i].n > most ? (int64_t)list[i].n : most;
        all += (int64_t)list[i].n + 1;
    }
    return str_starts(type, STR("set")) ? all : most;
}

/* ---- what becomes of them ---- */

struct fates {
    bool stops;          /* where a value does not fit */
    const char *becomes; /* what others change into; NULL: they stay */
};

static struct fates number_to_number(const struct type *a, const struct type *b)
{
    struct fates f = {.stops = b->is_unsigned && !a->is_unsigned};
    int64_t before = a->family == INTEGER ? digits[a->size] : a->size;
    if (a->family == INTEGER && b->family == INTEGER) {
        f.stops = a->is_unsigned == b->is_unsigned ? a->size > b->size
                                                   : !a->is_unsigned || a->size >= b->size;
    } else if (b->family == REAL) {
        f.stops = f.stops || (a->family == REAL && a->size > b->size);
        if (a->family == DECIMAL || a->size > b->size ||
            (a->family == INTEGER && a->size == b->size))
            f.becomes = "numbers of more digits than the new type holds are rounded";
    } else {
        if (a->family == REAL || a->scale > b->scale)
            f.becomes = "numbers are rounded to its decimals";
        f.stops = f.stops || a->family == REAL || b->family == INTEGER || before > b->size;
    }
    return f;
}

static struct fates to_text(struct arena *mem, const struct type *a, const struct type *b)
{
    struct fates f = {0};
    int64_t most = a->family == LABELS ? longest_label(mem, a->text) : longest(a);
    /* texts without a length are bounded in bytes */
    bool by_bytes = !b->padded && !str_starts(b->text, STR("varchar"));
    int64_t room = b->family == TEXT && by_bytes ? b->size / my_char_width(b->charset) : b->size;
    if (b->family == TEXT && by_bytes && str_ends(my_type_word(a->text), STR("text")) &&
        str_eq(a->charset, b->charset))
        room = b->size;
    if (b->family == BYTES && (a->family == TEXT || a->family == LABELS) &&
        !str_ends(my_type_word(a->text), STR("text")))
        most *= my_char_width(a->charset);
    f.stops = most > room;
    if (b->family == TEXT && (a->family == TEXT || a->family == LABELS))
        f.stops = f.stops || !holds(b->charset, a->charset);
    if (b->family == TEXT && (a->family == BYTES || a->family == BIT))
        f.stops = true;
    if (b->padded && !a->padded && b->family == TEXT && a->family == TEXT)
        f.becomes = "blanks at the end are lost";
    if (b->padded && b->family == BYTES && (!a->padded || a->size != b->size))
        f.becomes = "they are filled up with zero bytes";
    return f;
}

static struct fates date_to_date(const struct type *a, const struct type *b, bool mariadb)
{
    struct fates f = {0};
    if (a->family == CLOCK && b->family != CLOCK)
        f.becomes = "the day becomes that on which it runs";
    else if (a->family == MOMENT && b->family == DATE)
        f.becomes = "the time of day is lost";
    else if (a->family != CLOCK && b->family == CLOCK)
        f.becomes = "the day is lost";
    else if (a->size > b->size)
        f.becomes = mariadb ? "fractions of a second are cut" : "fractions of a second are rounded";
    f.stops = str_starts(b->text, STR("timestamp")) && !str_starts(a->text, STR("timestamp"));
    return f;
}

static bool is_number(enum family f)
{
    return f == INTEGER || f == DECIMAL || f == REAL;
}

static bool is_date(enum family f)
{
    return f == DATE || f == CLOCK || f == MOMENT;
}

static struct fates fates_of(struct arena *mem, const struct type *a, const struct type *b,
                             bool mariadb)
{
    if (is_number(a->family) && is_number(b->family))
        return number_to_number(a, b);
    if (is_date(a->family) && is_date(b->family))
        return date_to_date(a, b, mariadb);
    if ((b->family == TEXT || b->family == BYTES) && a->family != OTHER)
        return to_text(mem, a, b);
    if (a->family == BIT && b->family == BIT)
        return (struct fates){.stops = a->size > b->size};
    if (a->family == YEAR && b->family == INTEGER)
        return (struct fates){.stops = b->size < 2};
    if (a->family == BIT && b->family == INTEGER)
        return (struct fates){.stops = a->size > b->size * 8 - !b->is_unsigned};
    if (b->family == JSON)
        return (struct fates){true, "documents are written down anew"};
    if (a->family == LABELS && is_number(b->family))
        return (struct fates){true, "labels become their numbers"};
    if (b->family == LABELS)
        return (struct fates){true, is_number(a->family)
                                        ? "numbers become labels"
                                        : "texts become labels as those are spelled"};
    if (is_number(b->family))
        return (struct fates){true, "they become numbers, '007' becomes 7"};
    return (struct fates){true, "they are converted to the new type"};
}

void my_name_values(struct ddl *d, const struct obj *was, const struct obj *is)
{
    struct type a = type_of(d->mem, was), b = type_of(d->mem, is);
    if (a.family == LABELS && b.family == LABELS) {
        unsigned fate = labels_fate(d->mem, a.text, b.text);
        if ((fate & STOPS) || !holds(b.charset, a.charset))
            my_depends(d, is->path, "fails where a row holds a label that goes");
        if (fate & RENUMBERED)
            my_warns(
                d, HZ_REWRITE, is->path,
                "labels get other numbers: what sorts by them or uses numbers gives other rows");
        return;
    }
    if (str_eq(a.text, b.text) && str_eq(a.charset, b.charset))
        return;
    struct fates f = fates_of(d->mem, &a, &b, my_for_mariadb(d));
    if (f.stops)
        my_depends(d, is->path,
                   "fails where a value does not fit the new type; is cut under a lax sql_mode");
    if (f.becomes)
        my_warns(d, HZ_CONVERT, is->path, f.becomes);
}
