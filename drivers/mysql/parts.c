/* What stands behind PARTITION BY, taken apart; see parts.h. */

#include "drivers/mysql/parts.h"
#include "drivers/mysql/partition.h"

static void put_word(struct strbuf *out, struct my_tok t)
{
    if (out->n)
        sb_char(out, ' ');
    sb_str(out, t.type == MY_NAME ? my_unquote(out->mem, t) : t.text);
}

struct str my_words(struct arena *mem, struct str text)
{
    struct strbuf out = sb_new(mem, 0);
    struct my_lex l = {text, 0};
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        put_word(&out, t);
    return sb_view(&out);
}

static void read_values(struct arena *mem, struct my_part *p)
{
    struct str rest = p->bound, one;
    VEC(struct str) values = {0};
    while (my_cut(&rest, &one))
        VEC_PUSH(mem, values, my_words(mem, one));
    p->values = values.v;
    p->nvalues = values.n;
}

static bool read_part(struct arena *mem, enum my_scheme scheme, struct str text, struct my_part *p)
{
    struct my_lex l = {text, 0};
    *p = (struct my_part){.text = text, .form = my_words(mem, text)};
    if (!my_take(&l, "PARTITION"))
        return false;
    p->name = my_unquote(mem, my_next(&l));
    if (scheme == MY_BY_RANGE)
        return my_take(&l, "VALUES LESS THAN") &&
               (my_parens(&l, &p->bound) || (p->bound = my_next(&l).text, true));
    if (scheme != MY_BY_LIST)
        return true;
    if (my_take(&l, "VALUES IN") && my_parens(&l, &p->bound)) {
        read_values(mem, p);
        return true;
    }
    return p->takes_rest = my_take(&l, "DEFAULT");
}

/* As the server names them where their number is all that is said. */
static void count_parts(struct arena *mem, struct my_parts *p, int64_t n, struct str engine)
{
    p->counted = true;
    p->n = (uint32_t)n;
    p->v = NEW_ARRAY(mem, struct my_part, p->n + 1);
    for (uint32_t i = 0; i < p->n; i++) {
        p->v[i].name = arena_printf(mem, "p%u", i);
        p->v[i].text = arena_printf(mem, "PARTITION p%u ENGINE = %.*s", i, STR_ARG(engine));
        p->v[i].form = p->v[i].text;
    }
}

static bool list_parts(struct arena *mem, struct my_parts *p, struct str list)
{
    VEC(struct my_part) all = {0};
    struct str text;
    struct my_part one;
    while (my_cut(&list, &text)) {
        if (!read_part(mem, p->scheme, text, &one))
            return false;
        VEC_PUSH(mem, all, one);
    }
    p->v = all.v;
    p->n = all.n;
    return all.n > 0;
}

static enum my_scheme scheme_of(struct str text)
{
    struct my_lex l = {text, 0};
    my_take(&l, "LINEAR");
    struct my_tok t = my_next(&l);
    return my_is(t, "RANGE")                     ? MY_BY_RANGE
           : my_is(t, "LIST")                    ? MY_BY_LIST
           : my_is(t, "HASH") || my_is(t, "KEY") ? MY_BY_HASH
           : my_is(t, "SYSTEM_TIME")             ? MY_BY_TIME
                                                 : MY_BY_OTHER;
}

bool my_read_parts(struct arena *mem, struct str text, struct str engine, struct my_parts *p)
{
    struct strbuf head = sb_new(mem, 0);
    struct my_lex l = {text, 0};
    struct str inside;
    int64_t n;
    *p = (struct my_parts){.scheme = scheme_of(text)};
    for (struct my_tok t = my_peek(&l); t.type != MY_END; t = my_peek(&l)) {
        struct my_lex past = l;
        if (my_take(&l, "PARTITIONS")) {
            if (!str_int(my_next(&l).text, &n) || n < 1 || n > 65536)
                return false;
            count_parts(mem, p, n, engine);
        } else if (my_parens(&past, &inside) &&
                   my_is(my_peek(&(struct my_lex){inside, 0}), "PARTITION")) {
            if (!list_parts(mem, p, inside))
                return false;
            l = past;
        } else {
            put_word(&head, my_next(&l));
        }
    }
    p->head = sb_view(&head);
    return p->scheme != MY_BY_OTHER && p->n > 0;
}

bool my_takes_any_row(struct arena *mem, struct str text)
{
    struct my_parts p = {.scheme = scheme_of(text)};
    if (p.scheme == MY_BY_HASH || p.scheme == MY_BY_TIME)
        return true;
    if (!my_read_parts(mem, text, STR(""), &p))
        return false;
    for (uint32_t i = 0; i < p.n && p.scheme == MY_BY_LIST; i++)
        if (p.v[i].takes_rest)
            return true;
    return p.scheme == MY_BY_RANGE &&
           str_starts(my_words(mem, p.v[p.n - 1].bound), STR("MAXVALUE"));
}

/* ---- bounds ---- */

/* Texts of one form that digits alone tell apart: dates. */
static int compare_digits(struct str a, struct str b)
{
    int found = 0;
    if (a.n != b.n || !a.n || a.p[0] != '\'')
        return MY_UNKNOWN;
    for (size_t i = 0; i < a.n; i++) {
        if (a.p[i] == b.p[i])
            continue;
        if (!ascii_is_digit(a.p[i]) || !ascii_is_digit(b.p[i]))
            return MY_UNKNOWN;
        if (!found)
            found = a.p[i] < b.p[i] ? -1 : 1;
    }
    return found;
}

static int compare_one(struct str a, struct str b)
{
    int64_t x, y;
    if (str_eq(a, b))
        return 0;
    if (str_eq_fold_c(a, "MAXVALUE"))
        return 1;
    if (str_eq_fold_c(b, "MAXVALUE"))
        return -1;
    if (str_int(a, &x) && str_int(b, &y))
        return x < y ? -1 : 1;
    return compare_digits(a, b);
}

int my_compare_bounds(struct str a, struct str b)
{
    struct str x, y;
    while (my_cut(&a, &x)) {
        int one = my_cut(&b, &y) ? compare_one(x, y) : MY_UNKNOWN;
        if (one)
            return one;
    }
    return 0;
}
