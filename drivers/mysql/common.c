/* Names, quoting, and what the rooms ask of a state. */

#include "drivers/mysql/mysql.h"

#include <stdarg.h>
#include <string.h>

#include "core/escape.h"

/* Every name is quoted: what is a keyword differs from server to server. */
static bool always(struct str name)
{
    (void)name;
    return true;
}

const struct sql_dialect my_dialect = {
    .quote = '`', .is_keyword = always, .literal = my_put_string};

struct str my_text(struct arena *mem, const char *fmt, ...)
{
    struct strbuf b = sb_new(mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &my_dialect, fmt, ap);
    va_end(ap);
    return sb_view(&b);
}

void my_ddl(struct ddl *d, unsigned flags, const char *fmt, ...)
{
    struct strbuf b = sb_new(d->mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &my_dialect, fmt, ap);
    va_end(ap);
    ddl_stmt(d, sb_view(&b), flags);
}

void my_escapes(struct ddl *d, struct str text, bool begin)
{
    if (str_chr(text, '\\') == text.n)
        return;
    if (begin) {
        my_ddl(d, 0, "SET @snap_escapes = @@SESSION.sql_mode");
        my_ddl(d, 0,
               "SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')");
    } else {
        my_ddl(d, 0, "SET SESSION sql_mode = @snap_escapes");
    }
}

void my_put_stmt(struct ddl *d, struct str text)
{
    my_escapes(d, text, true);
    ddl_stmt(d, text, 0);
    my_escapes(d, text, false);
}

void my_assign(struct ddl *d, const char *variable, struct str value)
{
    my_ddl(d, 0, "SET @snap_%s = @@SESSION.%s", variable, variable);
    my_ddl(d, 0, "SET SESSION %s = %S", variable, value);
}

void my_restore(struct ddl *d, const char *variable)
{
    my_ddl(d, 0, "SET SESSION %s = @snap_%s", variable, variable);
}

void my_set(struct ddl *d, const struct obj *o, const char *attr, const char *variable)
{
    struct str value = obj_text(d->mem, o, attr);
    if (!str_is_null(value))
        my_assign(d, variable, my_text(d->mem, "%L", value));
}

void my_unset(struct ddl *d, const struct obj *o, const char *attr, const char *variable)
{
    if (!str_is_null(obj_text(d->mem, o, attr)))
        my_restore(d, variable);
}

struct str my_name(struct arena *mem, struct str path)
{
    return path_name(mem, path);
}

struct str *my_list(struct arena *mem, struct str raw, uint32_t *n)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value, *list = NEW_ARRAY(mem, struct str, jc_count(raw));
    *n = 0;
    while (jc_next(&it, &key, &value))
        list[(*n)++] = jc_text(mem, value);
    return list;
}

void my_map_begin(struct strbuf *out)
{
    sb_char(out, '{');
}

void my_map_put(struct strbuf *out, struct str key, struct str value)
{
    jc_put_key(out, key);
    esc_json(out, value);
}

struct str my_map_end(struct strbuf *out)
{
    struct strbuf canon = sb_new(out->mem, 0);
    struct err e;
    sb_char(out, '}');
    /* a key that stands twice is the one way to fail */
    return jc_canon(sb_view(out), &canon, &e) || out->n == 2 ? STR_NULL : sb_view(&canon);
}

struct str my_key_text(struct arena *mem, struct str raw_key)
{
    return jc_text(mem, arena_printf(mem, "\"%.*s\"", STR_ARG(raw_key)));
}

struct str my_top(struct arena *mem, const char *kind, struct str name)
{
    return path_join(mem, STR(""), str_c(kind), name);
}

struct str my_column_path(struct arena *mem, struct str table, struct str column)
{
    return path_join(mem, table, STR("column"), column);
}

const struct obj **my_below(struct arena *mem, const struct view *v, struct str table,
                            const char *kind, uint32_t *n)
{
    VEC(const struct obj *) list = {0};
    struct view_iter it = view_iter(v, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (str_eq(path_kind(o->path), str_c(kind)) && str_eq(path_parent(o->path), table))
            VEC_PUSH(mem, list, o);
    *n = list.n;
    return list.v;
}

/* First those that the table's own list names, in its order; then what was added to it. */
const struct obj **my_columns(struct arena *mem, const struct view *v, struct str table,
                              uint32_t *n)
{
    uint32_t all, nnames, put = 0;
    const struct obj *t = view_get(v, table), **rest = my_below(mem, v, table, "column", &all);
    const struct obj **list = NEW_ARRAY(mem, const struct obj *, all);
    struct str *names = my_list(mem, t ? obj_raw(t, "columns") : STR_NULL, &nnames);
    for (uint32_t i = 0; i < nnames; i++) {
        const struct obj *o = view_get(v, my_column_path(mem, table, names[i]));
        if (o)
            list[put++] = o;
    }
    for (uint32_t i = 0, listed = put; i < all; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < listed && !seen; k++)
            seen = list[k] == rest[i];
        if (!seen)
            list[put++] = rest[i];
    }
    *n = put;
    return list;
}

bool my_same_attr(const struct obj *a, const struct obj *b, const char *attr)
{
    return str_eq(obj_raw(a, attr), obj_raw(b, attr));
}

bool my_is_kind(const struct obj *o, const char *kind)
{
    return str_eq(path_kind(o->path), str_c(kind));
}

bool my_is_virtual(const struct obj *o)
{
    return o && obj_raw(o, "generated").n && !obj_true(o, "stored");
}

struct str my_type_word(struct str type)
{
    size_t end = 0;
    while (end < type.n && (ascii_is_alpha(type.p[end]) || ascii_is_digit(type.p[end])))
        end++;
    return str_sub(type, 0, end);
}

struct str my_charset_of(struct str collation)
{
    return str_sub(collation, 0, str_chr(collation, '_'));
}

int64_t my_char_width(struct str charset)
{
    return word_in("utf8mb4,utf16,utf16le,utf32,gb18030", charset)     ? 4
           : word_in("utf8mb3,utf8,ujis,eucjpms", charset)             ? 3
           : word_in("ucs2,gbk,big5,sjis,cp932,euckr,gb2312", charset) ? 2
                                                                       : 1;
}

bool my_is_mariadb(const struct catalog *cat)
{
    return cat && str_starts(cat->version, STR("MariaDB"));
}

bool my_for_mariadb(const struct ddl *d)
{
    return my_is_mariadb(d->origin) || my_is_mariadb(d->goal) || my_is_mariadb(d->before->base) ||
           my_is_mariadb(d->after->base);
}

struct str my_definer(struct my_lex *l)
{
    struct my_lex copy = *l;
    if (!my_take(&copy, "DEFINER") || !my_is_op(my_next(&copy), '='))
        return STR_NULL;
    size_t from = my_peek(&copy).at;
    my_next(&copy);
    if (my_is(my_peek(&copy), "@")) {
        my_next(&copy);
        my_next(&copy);
    }
    *l = copy;
    return str_trim(str_sub(l->sql, from, l->at));
}
