/* Values for the rows of the proof, by type. Pure text: the server says whether it takes them. */

#include "drivers/postgresql/values.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 4 };

/* A type's values; %d is the number i, a digit. */
struct form {
    const char *types; /* names in pg_catalog or of well-known extensions, comma separated */
    const char *text;
};

static const struct form forms[] = {
    {"int2,int4,int8,oid,xid,xid8,cid,numeric,money", "%d"},
    {"float4,float8", "%d.5"},
    {"date", "2001-01-0%d"},
    {"timestamp,timestamptz", "2001-01-0%d 01:02:03.00%d"},
    {"time,timetz", "01:02:0%d"},
    {"interval", "%d days"},
    {"uuid", "00000000-0000-4000-8000-00000000000%d"},
    {"json,jsonb", "{\"k\": %d}"},
    {"jsonpath", "$.k%d"},
    {"xml", "<a>%d</a>"},
    {"bytea", "\\x0%d"},
    {"inet", "10.0.0.%d"},
    {"cidr", "10.0.%d.0/24"},
    {"macaddr", "08:00:2b:01:02:0%d"},
    {"macaddr8", "08:00:2b:01:02:03:04:0%d"},
    {"point", "(%d,%d)"},
    {"line", "{1,%d,1}"},
    {"lseg,path,polygon", "((0,0),(%d,%d))"},
    {"box", "(%d,%d),(0,0)"},
    {"circle", "<(0,0),%d>"},
    {"tsvector,tsquery", "w%d"},
    {"pg_lsn", "0/%d"},
    {"tid", "(0,%d)"},
    {"regclass", "pg_class"},
    {"regtype", "int4"},
    {"regnamespace", "pg_catalog"},
    {"regrole", "postgres"},
    {"hstore", "k=>%d"},
    {"ltree", "a.b%d"},
    {"geometry,geography", "POINT(%d %d)"},
};

static bool is_text(const struct fill_type *t)
{
    return word_in("text,varchar,bpchar,name,char,citext", t->name) ||
           str_eq(t->category, STR("S"));
}

static void quoted(struct strbuf *out, struct str text)
{
    sb_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            sb_char(out, '\\');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '"');
}

/* As long as the type lets it be; one letter is the number itself. */
static struct str text_value(struct arena *mem, const struct fill_type *t, int i, enum manner m)
{
    static const char *const odd[] = {"007", "1e3", " a ", ""};
    int64_t length = t->typmod > 4 && !str_eq(t->name, STR("text")) ? t->typmod - 4 : 0;
    if (str_eq(t->name, STR("char")))
        length = 1;
    struct str text = m == ODD       ? str_c(odd[i % 4])
                      : m == NUMBERS ? arena_printf(mem, "%d", i)
                      : length == 1  ? arena_printf(mem, "%d", i)
                                     : arena_printf(mem, "v%d", i);
    return length ? str_sub(text, 0, (size_t)length) : text;
}

static struct str bits(struct arena *mem, const struct fill_type *t, int i)
{
    struct strbuf b = sb_new(mem, 0);
    int64_t n = t->typmod > 0 ? t->typmod : 1;
    for (int64_t k = 0; k < n && k < 1024; k++)
        sb_char(&b, k < 8 && (i >> k) & 1 ? '1' : '0');
    return sb_view(&b);
}

/* A number that a precision may leave no room for: numeric(2,2) holds 0.01 to 0.99. */
static struct str number(struct arena *mem, const struct fill_type *t, int i, enum manner m)
{
    int64_t precision = (t->typmod - 4) >> 16, scale = (t->typmod - 4) & 0x7ff;
    if (t->typmod < 0)
        return arena_printf(mem, m == ODD ? "%d.250" : "%d", i);
    if (scale >= precision)
        return arena_printf(mem, "0.%d", i);
    return arena_printf(mem, m == ODD && scale ? "%d.5" : "%d", i);
}

static struct str by_form(struct arena *mem, const struct fill_type *t, int i)
{
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        if (!word_in(forms[k].types, t->name))
            continue;
        struct strbuf b = sb_new(mem, 0);
        for (const char *p = forms[k].text; *p; p++) {
            if (p[0] == '%' && p[1] == 'd') {
                sb_int(&b, i);
                p++;
            } else {
                sb_char(&b, *p);
            }
        }
        return sb_view(&b);
    }
    return STR_NULL;
}

static struct str value(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                        int i, enum manner m, int depth);

static struct str array(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                        int i, enum manner m, int depth)
{
    struct strbuf b = sb_new(mem, 0);
    struct fill_type element = *t;
    const struct fill_type *known = fill_type_find(all, t->element);
    if (!known || known->type == 'd') /* what a domain's CHECK lets in is not known */
        return STR("{}");
    element = *known;
    element.typmod = t->typmod;
    struct str one = value(mem, all, &element, i, m, depth + 1);
    if (str_is_null(one))
        return STR("{}");
    sb_char(&b, '{');
    quoted(&b, one);
    /* one that holds a NULL, and one of two */
    sb_c(&b, i == 2 ? ",NULL" : "");
    if (i == 3) {
        sb_char(&b, ',');
        quoted(&b, one);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

/* From i to the next; of numbers that lie apart, so that ranges do not overlap. */
static struct str range(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                        int i, int depth)
{
    struct strbuf b = sb_new(mem, 0);
    const struct fill_type *sub = fill_type_find(all, t->element);
    if (!sub)
        return STR("empty");
    struct str low = value(mem, all, sub, i, FULL, depth + 1);
    struct str high = value(mem, all, sub, i + 1, FULL, depth + 1);
    if (str_is_null(low) || str_is_null(high))
        return STR("empty");
    sb_c(&b, t->type == 'm' ? "{[" : "[");
    quoted(&b, low);
    sb_char(&b, ',');
    quoted(&b, high);
    sb_c(&b, t->type == 'm' ? ")}" : ")");
    return sb_view(&b);
}

static struct str value(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                        int i, enum manner m, int depth)
{
    const struct fill_type *base = t->type == 'd' ? fill_type_find(all, t->element) : NULL;
    if (depth > MAX_DEPTH)
        return STR_NULL;
    if (base) {
        struct fill_type copy = *base;
        copy.typmod = t->domain_typmod;
        return value(mem, all, &copy, i, m, depth + 1);
    }
    if (t->type == 'e')
        return t->nlabels ? t->labels[i == 1   ? 0
                                      : i == 2 ? t->nlabels - 1
                                               : t->nlabels / 2]
                          : STR_NULL;
    if (t->type == 'c') {
        struct strbuf b = sb_new(mem, 0);
        sb_char(&b, '(');
        sb_pad(&b, ',', t->nattrs ? t->nattrs - 1 : 0);
        sb_char(&b, ')');
        return sb_view(&b);
    }
    if (t->type == 'r' || t->type == 'm')
        return range(mem, all, t, i, depth);
    if (str_eq(t->category, STR("A")) && t->element.n)
        return array(mem, all, t, i, m, depth);
    if (str_eq(t->name, STR("bool")))
        return i & 1 ? STR("t") : STR("f");
    if (str_eq(t->name, STR("bit")) || str_eq(t->name, STR("varbit")))
        return bits(mem, t, i);
    if (str_eq(t->name, STR("numeric")))
        return number(mem, t, i, m);
    if (is_text(t))
        return text_value(mem, t, i, m);
    return by_form(mem, t, i);
}

struct str fill_value(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                      int i, enum manner m)
{
    return value(mem, all, t, i, m, 0);
}

static int by_oid(const void *a, const void *b)
{
    return str_cmp(((const struct fill_type *)a)->oid, ((const struct fill_type *)b)->oid);
}

void fill_types_sort(struct fill_types *all)
{
    if (all->n)
        qsort(all->v, all->n, sizeof *all->v, by_oid);
}

const struct fill_type *fill_type_find(const struct fill_types *all, struct str oid)
{
    struct fill_type key = {.oid = oid};
    return oid.n && all->n ? bsearch(&key, all->v, all->n, sizeof *all->v, by_oid) : NULL;
}
