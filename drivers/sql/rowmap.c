/* Result rows to facts; see rowmap.h. */

#include "drivers/sql/rowmap.h"

#include <string.h>

void rowmap_begin(struct rowmap *m, struct catalog *cat, const char *const *names, uint32_t n)
{
    if (n > ROWMAP_MAX)
        BUG("a query with too many columns");
    *m = (struct rowmap){.cat = cat, .n = n};
    for (uint32_t i = 0; i < n; i++)
        m->name[i] = names[i];
}

int rowmap_column(const struct rowmap *m, const char *name)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (strcmp(m->name[i], name) == 0)
            return (int)i;
    return -1;
}

static bool is_segment(const char *name)
{
    size_t n = strlen(name);
    return n > 1 && name[n - 1] == ':';
}

/* Kind and name of the last segment that is there; the path of those before it. */
static const char *last_segment(const struct rowmap *m, const struct str *values,
                                struct str *parent, struct str *name)
{
    const char *last = NULL;
    *parent = STR("");
    for (uint32_t i = 0; i < m->n; i++) {
        if (!is_segment(m->name[i]) || str_is_null(values[i]))
            continue;
        if (last)
            *parent =
                path_join(m->cat->tmp, *parent, str_sub(str_c(last), 0, strlen(last) - 1), *name);
        last = m->name[i];
        *name = values[i];
    }
    return last;
}

static int put_json(struct fact *f, const char *attr, struct str value, struct err *e)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    if (jc_canon(value, &b, e))
        return -1;
    if (jc_count(sb_view(&b)))
        fact_raw(f, attr, sb_view(&b));
    return 0;
}

static int put(struct fact *f, const char *attr, struct str value, struct err *e)
{
    const struct attr_desc *row = kind_attr(f->kind, str_c(attr));
    int64_t number;
    if (!row)
        BUG(attr);
    switch (row->type) {
    case A_BOOL:
        fact_bool(f, attr, str_eq(value, STR("t")) || str_eq(value, STR("true")));
        return 0;
    case A_INT:
        if (!str_int(value, &number))
            return err_set(e, E_NOT_UNDERSTOOD, "%.*s: %s: %.*s is no number", STR_ARG(f->path),
                           attr, STR_ARG(value));
        fact_int(f, attr, number);
        return 0;
    case A_LIST:
    case A_SET:
    case A_MAP:
        return put_json(f, attr, value, e);
    default:
        fact_text(f, attr, value);
        return 0;
    }
}

int rowmap_fact(const struct rowmap *m, const struct str *values, struct fact *out, struct err *e)
{
    struct str parent, name = STR_NULL;
    const char *last = last_segment(m, values, &parent, &name);
    if (!last)
        BUG("a row without a path");
    char *kind = arena_cstr(m->cat->tmp, str_sub(str_c(last), 0, strlen(last) - 1));
    fact_begin(out, m->cat, kind, parent, name);
    for (uint32_t i = 0; i < m->n; i++) {
        const char *attr = m->name[i];
        if (is_segment(attr) || attr[0] == '!' || str_is_null(values[i]))
            continue;
        if (attr[0] == '.')
            fact_src(out, attr + 1, values[i]);
        else if (put(out, attr, values[i], e))
            return -1;
    }
    return 0;
}
