/*
 * Data types in one spelling: "nvarchar(50)", "NUMBER(10, 2)". A snapshot holds name and size
 * apart, and gives some types a size that no statement takes (Liquibase's ColumnSnapshotGenerator).
 */

#include "drivers/liquibase/liquibase.h"

static bool has_word(const char *list, struct arena *mem, struct str name)
{
    return list && word_in(list, lq_fold_case(mem, name));
}

static void put_size(const struct lq_reader *r, const struct lb_map *type, struct str name,
                     struct strbuf *out)
{
    const struct lq_dialect *d = r->dialect;
    int64_t size = 0, digits = 0;
    bool sized = lb_int(type, "columnSize", &size), scaled = lb_int(type, "decimalDigits", &digits);
    struct str unit = lb_text(type, "columnSizeUnit");
    if (has_word(d->unsized, r->mem, name) || (d->sized && !has_word(d->sized, r->mem, name)))
        return;
    if (has_word(d->fractions, r->mem, name)) {
        /* either of the two holds the digits; a size of a date's length does not */
        if (!scaled && sized && size <= 9)
            digits = size, scaled = true;
        if (scaled)
            sb_printf(out, "(%lld)", (long long)digits);
        else if (sized)
            sb_c(out, "(0)");
        return;
    }
    if (!sized)
        return;
    if (size < 0 || (d->max_size && size >= d->max_size))
        sb_c(out, "(max)");
    else if (scaled && digits)
        sb_printf(out, "(%lld, %lld)", (long long)size, (long long)digits);
    else if (unit.n && has_word(d->in_units, r->mem, name))
        sb_printf(out, "(%lld %.*s)", (long long)size, STR_ARG(unit));
    else
        sb_printf(out, "(%lld)", (long long)size);
}

struct str lq_type(const struct lq_reader *r, const struct lb_object *column)
{
    const struct lb_map *type = lb_map(&column->attrs, "type");
    struct str name = type ? lb_text(type, "typeName") : lb_text(&column->attrs, "type");
    struct strbuf out = sb_new(r->mem, 0);
    if (!name.n)
        return STR_NULL;
    if (r->dialect->type_name)
        name = r->dialect->type_name(r->mem, name);
    sb_str(&out, name);
    if (type && str_chr(name, '(') == name.n)
        put_size(r, type, name, &out);
    return sb_view(&out);
}

struct str lq_size_left_out(const struct lq_reader *r, const struct lb_object *column)
{
    enum { LARGEST = 2147483647 }; /* and so no size */
    const struct lq_dialect *d = r->dialect;
    const struct lb_map *type = lb_map(&column->attrs, "type");
    struct str name = type ? lb_text(type, "typeName") : STR_NULL;
    int64_t size;
    if (!d->one_size || !name.n || str_chr(name, '(') < name.n ||
        has_word(d->sized, r->mem, name) || has_word(d->one_size, r->mem, name))
        return STR_NULL;
    if (!lb_int(type, "columnSize", &size) || size <= 0 || size >= LARGEST)
        return STR_NULL;
    return lb_text(type, "columnSize");
}
