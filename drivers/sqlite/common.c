/* What the rooms of the driver share: statements, lists, and questions about a state. */

#include "drivers/sqlite/sqlite.h"

#include <stdarg.h>

void lite_ddl(struct ddl *d, unsigned flags, const char *fmt, ...)
{
    struct strbuf b = sb_new(d->mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &lite_dialect, fmt, ap);
    va_end(ap);
    ddl_stmt(d, sb_view(&b), flags);
}

struct str lite_text(struct arena *mem, const char *fmt, ...)
{
    struct strbuf b = sb_new(mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &lite_dialect, fmt, ap);
    va_end(ap);
    return sb_view(&b);
}

struct str lite_statement(struct str sql)
{
    struct lexer l = lex_open(sql);
    size_t end = 0;
    struct tok first = lex_peek(&l);
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l))
        end = t.at + t.text.n;
    return end ? str_sub(sql, first.at, end) : STR("");
}

void lite_ddl_src(struct ddl *d, const struct obj *o)
{
    ddl_stmt(d, lite_statement(obj_src(d->mem, o, "sql")), 0);
}

struct str *lite_list(struct arena *mem, struct str raw, uint32_t *n)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value, *list = NEW_ARRAY(mem, struct str, jc_count(raw));
    *n = 0;
    while (jc_next(&it, &key, &value))
        list[(*n)++] = jc_text(mem, value);
    return list;
}

bool lite_mentions(struct arena *mem, struct str canonical, struct str folded)
{
    struct lexer l = lex_open(canonical);
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l))
        if ((t.type == T_WORD || t.type == T_QUOTED) && str_eq_fold(tok_name(mem, t), folded))
            return true;
    return false;
}

bool lite_terms_hold(struct arena *mem, struct str raw, struct str folded)
{
    uint32_t n;
    struct str *terms = lite_list(mem, raw, &n);
    for (uint32_t i = 0; i < n; i++) {
        struct lexer l = lex_open(terms[i]);
        struct tok t = lex_next(&l);
        /* names in a foreign key's list are plain text, in a key's they are canonical */
        if (str_eq(terms[i], folded) || str_eq_fold(tok_name(mem, t), folded))
            return true;
    }
    return false;
}

static bool deps_exist(struct arena *mem, const struct view *v, const struct obj *o)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str dep = jc_text(mem, raw);
        if (str_starts(dep, STR("!")) || !view_get(v, dep))
            return false;
    }
    return true;
}

bool lite_all_resolve(struct arena *mem, const struct view *v)
{
    struct view_iter it = view_iter(v, STR(""));
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        bool body = str_eq(kind, STR("view")) || str_eq(kind, STR("trigger"));
        if (body && !deps_exist(mem, v, o))
            return false;
    }
    return true;
}

static bool has_quote(struct str s)
{
    return str_chr(s, '"') < s.n;
}

/* The part of an object's own text in which "x" may be a string: not the DEFAULT of a column, nor
 * the names in front. */
static struct str quoted_part(struct arena *mem, const struct obj *o)
{
    struct str kind = path_kind(o->path), def = obj_src(mem, o, "def");
    if (str_eq(kind, STR("check")))
        return has_quote(def) ? def : STR("");
    if (str_eq(kind, STR("column")))
        return has_quote(def) && !str_is_null(obj_raw(o, "generated")) ? def : STR("");
    if (str_eq(kind, STR("index")) || str_eq(kind, STR("view")) || str_eq(kind, STR("trigger"))) {
        struct str sql = obj_src(mem, o, "sql");
        return has_quote(sql) ? sql : STR("");
    }
    return STR("");
}

static bool names_unknown(struct arena *mem, struct str text, const struct lite_names *known)
{
    struct lexer l = lex_open(text);
    struct tok prev = {.type = T_END};
    for (struct tok t = lex_next(&l); t.type != T_END; prev = t, t = lex_next(&l))
        if (t.type == T_QUOTED && t.text.p[0] == '"' && !tok_is(prev, "constraint") &&
            !tok_is(prev, "as") && !lite_names_has(known, lite_fold(mem, tok_name(mem, t))))
            return true;
    return false;
}

bool lite_has_quoted_strings(struct arena *mem, const struct view *v)
{
    struct view_iter it = view_iter(v, STR(""));
    struct lite_names *known = NULL;
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str text = quoted_part(mem, o);
        if (text.n && !known) {
            struct view_iter all = view_iter(v, STR(""));
            known = lite_names_new(mem);
            for (const struct obj *n = view_next(&all); n; n = view_next(&all))
                lite_names_add(known, path_name(mem, n->path));
        }
        if (text.n && names_unknown(mem, text, known))
            return true;
    }
    return false;
}

bool lite_is_parent(const struct view *v, struct str table_path)
{
    struct view_iter it = view_iter(v, STR(""));
    const struct obj *o;
    struct arena *mem = arena_new(0);
    bool found = false;
    struct str folded = path_name(mem, table_path);
    while (!found && (o = view_next(&it)))
        found = str_eq(path_kind(o->path), STR("foreign_key")) &&
                !path_within(o->path, table_path) &&
                str_eq_fold(obj_text(mem, o, "ref_table"), folded);
    arena_free(mem);
    return found;
}

void lite_foreign_keys_off(struct ddl *d)
{
    /* Left off: turning it on could change a connection that had it off. */
    lite_ddl(d, ST_SETTING, "PRAGMA foreign_keys = off");
}

static bool is_taken(struct arena *mem, const struct view *v, struct str folded)
{
    static const char *const kinds[] = {"table", "view", "virtual_table"};
    for (size_t i = 0; i < 3; i++)
        if (view_get(v, path_join(mem, STR(""), str_c(kinds[i]), folded)))
            return true;
    struct view_iter it = view_iter(v, STR(""));
    const struct obj *o;
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("index")) && str_eq(path_name(mem, o->path), folded))
            return true;
    return false;
}

struct str lite_free_name(struct ddl *d, const char *prefix, struct str name)
{
    for (unsigned i = 1;; i++) {
        struct str free = i == 1 ? arena_printf(d->mem, "%s%.*s", prefix, STR_ARG(name))
                                 : arena_printf(d->mem, "%s%u_%.*s", prefix, i, STR_ARG(name));
        struct str folded = lite_fold(d->mem, free);
        if (!is_taken(d->mem, d->before, folded) && !is_taken(d->mem, d->after, folded))
            return free;
    }
}

struct str lite_stored_as(struct arena *mem, const struct view *v, const struct obj *column)
{
    const struct obj *table = view_get(v, path_parent(column->path));
    bool any =
        table && obj_true(table, "strict") && str_eq(obj_text(mem, column, "type"), STR("any"));
    return any ? STR("blob") : obj_text(mem, column, "affinity");
}

struct str lite_rowid_alias(struct arena *mem, const struct view *v, struct str table)
{
    const struct obj *key = view_get(v, path_join(mem, table, STR("primary_key"), STR("#")));
    const struct obj *t = view_get(v, table);
    uint32_t n;
    if (!key || !t || obj_true(t, "without_rowid") || obj_true(key, "not_alias"))
        return STR_NULL;
    struct str *terms = lite_list(mem, obj_raw(key, "columns"), &n);
    struct lexer l = lex_open(n == 1 ? terms[0] : STR(""));
    struct str name = tok_name(mem, lex_next(&l));
    struct str path = path_join(mem, table, STR("column"), name);
    const struct obj *column = n == 1 && name.n ? view_get(v, path) : NULL;
    bool integer = column && str_eq(obj_text(mem, column, "type"), STR("integer"));
    return integer ? path : STR_NULL;
}

void lite_check(struct ddl *d, unsigned flags, struct str message, struct str count)
{
    /* json_extract with a bad path is the one way to raise an error with a text of one's own in a
     * single SELECT; the count keeps it from being computed before the condition is known. */
    lite_ddl(d, flags | ST_CHECK, "SELECT json_extract('{}', %L || n) FROM (%S) WHERE n > 0",
             message, count);
}
