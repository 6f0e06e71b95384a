/*
 * Facts of a Liquibase snapshot of this engine (4.28 and 5.0 with sqlite-jdbc 3.50 were looked
 * at): the CREATE texts are written down again from what is told, and read as those of a database
 * are. Unnamed UNIQUE constraints are told by their automatic indexes alone; COLLATE, CHECK,
 * triggers, generated columns, DESC and WHERE of indexes, and indexes over expressions are not.
 */

#include "drivers/sqlite/liquibase.h"

#include <stdlib.h>

struct reading {
    const struct lb_snapshot *in;
    struct catalog *cat;
    struct arena *mem;
    struct err *e;
};

enum { UNSIZED = 2000000000 };

/* The driver adds the digits behind the point to the size. */
static void put_type(struct strbuf *out, const struct lb_map *type)
{
    int64_t size, digits;
    struct str name = lb_text(type, "typeName");
    sb_str(out, name);
    if (!name.n || !lb_int(type, "columnSize", &size) || size >= UNSIZED || size <= 0 ||
        str_chr(name, '(') < name.n)
        return;
    if (lb_int(type, "decimalDigits", &digits) && digits >= 0 && digits < size)
        sb_printf(out, "(%lld,%lld)", (long long)(size - digits), (long long)digits);
    else
        sb_printf(out, "(%lld)", (long long)size);
}

/* The text between the quotes of a literal comes as it stands, with quotes doubled. */
static void put_literal(struct strbuf *out, struct str text)
{
    bool paired = true;
    for (size_t i = 0; i < text.n && paired; i++)
        if (text.p[i] == '\'')
            paired = ++i < text.n && text.p[i] == '\'';
    if (paired)
        sb_printf(out, "'%.*s'", STR_ARG(text));
    else
        sql_literal(out, &lite_dialect, text);
}

static bool is_whole(struct str expr)
{
    struct lexer l = lex_open(expr);
    int depth = 0;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        depth += tok_is_op(t, "(") ? 1 : tok_is_op(t, ")") ? -1 : 0;
        if (depth < 0 || t.type == T_BAD || tok_is_op(t, ";"))
            return false;
    }
    return depth == 0 && expr.n;
}

static int put_default(struct reading *r, struct strbuf *out, const struct lb_object *c)
{
    static const char numbers[] = "Integer,BigInteger,Long,Short,BigDecimal,Double,Float";
    const struct lb_value *v = lb_get(&c->attrs, "defaultValue");
    if (!v || (v->type == LB_TEXT && v->class.n && str_eq_fold_c(v->text, "NULL")))
        return 0;
    sb_c(out, " DEFAULT ");
    if (v->type == LB_BOOL)
        sb_c(out, v->yes ? "true" : "false");
    else if (word_in(numbers, v->class) && str_chr(v->text, ' ') == v->text.n)
        sb_str(out, v->text);
    else if (!str_eq_c(v->class, "DatabaseFunction"))
        put_literal(out, v->text);
    else if (!is_whole(v->text))
        return lb_bad(r->in, c, "holds no expression as its attribute", "defaultValue", r->e);
    else
        sb_printf(out, "(%.*s)", STR_ARG(v->text));
    return 0;
}

/* The name of a column of a key; the driver takes words behind it for a part of it. */
static void put_name(struct strbuf *out, struct str name)
{
    static const char *const behind[] = {" desc", " asc", " collate "};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        size_t at = str_find(lite_fold(out->mem, name), str_c(behind[i]));
        if (at && at < name.n) {
            sql_fmt(out, &lite_dialect, "%I", str_sub(name, 0, at));
            sb_str(out, str_from(name, at));
            return;
        }
    }
    sql_fmt(out, &lite_dialect, "%I", name);
}

static void put_columns(struct strbuf *out, const struct lb_object *const *cols, uint32_t n)
{
    sb_c(out, "(");
    for (uint32_t i = 0; i < n; i++) {
        struct str name = lb_text(&cols[i]->attrs, "name");
        sb_c(out, i ? ", " : "");
        if (lb_ref(&cols[i]->attrs, "relation") && lb_map(&cols[i]->attrs, "type"))
            sql_fmt(out, &lite_dialect, "%I", name);
        else
            put_name(out, name);
    }
    sb_c(out, ")");
}

/* The one column that is the key and counts up, or NULL. */
static const struct lb_object *counter(const struct reading *r, const struct lb_object *pk)
{
    uint32_t n = 0;
    const struct lb_object *const *cols = pk ? lb_refs(pk, "columns", r->mem, &n) : NULL;
    const struct lb_map *type = n == 1 ? lb_map(&cols[0]->attrs, "type") : NULL;
    return type && str_eq_fold_c(lb_text(type, "typeName"), "integer") &&
                   lb_map(&cols[0]->attrs, "autoIncrementInformation")
               ? cols[0]
               : NULL;
}

static int put_column(struct reading *r, struct strbuf *out, const struct lb_object *c, bool counts)
{
    const struct lb_map *type = lb_map(&c->attrs, "type");
    struct str name;
    if (lb_need_text(r->in, c, "name", &name, r->e))
        return -1;
    sql_fmt(out, &lite_dialect, "%I ", name);
    put_type(out, type);
    if (put_default(r, out, c))
        return -1;
    if (!lb_bool(&c->attrs, "nullable", true))
        sb_c(out, " NOT NULL");
    if (counts)
        sb_c(out, " PRIMARY KEY AUTOINCREMENT");
    return 0;
}

static void put_primary_key(struct reading *r, struct strbuf *out, const struct lb_object *pk)
{
    uint32_t n;
    const struct lb_object *const *cols = lb_refs(pk, "columns", r->mem, &n);
    struct str name = lb_text(&pk->attrs, "name");
    if (!n)
        return;
    sb_c(out, ", ");
    if (name.n)
        sql_fmt(out, &lite_dialect, "CONSTRAINT %I ", name);
    sb_c(out, "PRIMARY KEY ");
    put_columns(out, cols, n);
}

static const char *rule_of(struct str told)
{
    return str_eq_c(told, "importedKeyCascade")      ? "CASCADE"
           : str_eq_c(told, "importedKeySetNull")    ? "SET NULL"
           : str_eq_c(told, "importedKeySetDefault") ? "SET DEFAULT"
           : str_eq_c(told, "importedKeyRestrict")   ? "RESTRICT"
                                                     : NULL;
}

static int put_foreign_keys(struct reading *r, struct strbuf *out, const struct lb_object *table)
{
    uint32_t count;
    const struct lb_object *const *keys = lb_refs(table, "outgoingForeignKeys", r->mem, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct lb_object *k = keys[i], *parent;
        uint32_t n, m;
        struct str name = lb_text(&k->attrs, "name");
        const char *on_delete = rule_of(lb_text(&k->attrs, "deleteRule"));
        const char *on_update = rule_of(lb_text(&k->attrs, "updateRule"));
        const struct lb_object *const *cols = lb_refs(k, "foreignKeyColumns", r->mem, &n);
        const struct lb_object *const *theirs = lb_refs(k, "primaryKeyColumns", r->mem, &m);
        if (lb_need_ref(r->in, k, "primaryKeyTable", &parent, r->e))
            return -1;
        if (!n || n != m)
            return lb_bad(r->in, k, "does not pair the columns of its attribute",
                          "foreignKeyColumns", r->e);
        if (m > 1 && theirs[0] == theirs[1]) /* several keys of one column, told as one */
            return lb_bad(r->in, k, "is told together with others in one; see its",
                          "primaryKeyColumns", r->e);
        sb_c(out, ", ");
        if (name.n)
            sql_fmt(out, &lite_dialect, "CONSTRAINT %I ", name);
        sb_c(out, "FOREIGN KEY ");
        put_columns(out, cols, n);
        sql_fmt(out, &lite_dialect, " REFERENCES %I", lb_text(&parent->attrs, "name"));
        put_columns(out, theirs, m);
        if (on_delete)
            sb_printf(out, " ON DELETE %s", on_delete);
        if (on_update)
            sb_printf(out, " ON UPDATE %s", on_update);
    }
    return 0;
}

static bool is_automatic(struct str name)
{
    return str_starts(name, STR("sqlite_autoindex_"));
}

/* The columns of an index by their names; false where one of them is none. */
static bool put_terms(struct strbuf *out, const struct lb_object *index)
{
    uint32_t n;
    const struct lb_value *items = lb_list(&index->attrs, "columns", &n);
    sb_c(out, "(");
    for (uint32_t i = 0; i < n; i++) {
        const struct lb_map *c = items[i].type == LB_MAP ? lb_map(&items[i].map, "column") : NULL;
        c = items[i].type == LB_REF ? &items[i].ref->attrs : c;
        struct str name = lb_text(c, "name");
        if (!name.n)
            return false;
        sql_fmt(out, &lite_dialect, "%s%I%s", i ? ", " : "", name,
                lb_bool(c, "descending", false) ? " DESC" : "");
    }
    sb_c(out, ")");
    return n;
}

/* Whether an index is over the columns of the key, whose index it then is. */
static bool is_of_key(struct reading *r, const struct lb_object *index, const struct lb_object *pk)
{
    struct strbuf a = sb_new(r->mem, 0), b = sb_new(r->mem, 0);
    uint32_t n = 0, m;
    const struct lb_object *const *cols = pk ? lb_refs(pk, "columns", r->mem, &n) : NULL;
    const struct lb_value *items = lb_list(&index->attrs, "columns", &m);
    for (uint32_t i = 0; i < n && n == m && items[i].type == LB_MAP; i++) {
        struct str name = lite_fold(r->mem, lb_text(&cols[i]->attrs, "name"));
        sb_str(&a, str_sub(name, 0, str_chr(name, ' ')));
        sb_str(&b, lite_fold(r->mem, lb_text(lb_map(&items[i].map, "column"), "name")));
        sb_c(&a, "\n");
        sb_c(&b, "\n");
    }
    return a.n && str_eq(sb_view(&a), sb_view(&b));
}

/* UNIQUE constraints by their automatic indexes, which the primary key has too. */
static void put_uniques(struct reading *r, struct strbuf *out, const struct lb_object *table,
                        const struct lb_object *pk)
{
    uint32_t n;
    const struct lb_object *const *list = lb_refs(table, "indexes", r->mem, &n);
    const struct lb_object *backing = pk ? lb_ref(&pk->attrs, "backingIndex") : NULL;
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf terms = sb_new(r->mem, 0);
        bool key = backing ? list[i] == backing : is_of_key(r, list[i], pk);
        if (!key && is_automatic(lb_text(&list[i]->attrs, "name")) && put_terms(&terms, list[i]))
            sb_printf(out, ", UNIQUE %.*s", STR_ARG(sb_view(&terms)));
    }
}

static int read_table(struct reading *r, const struct lb_object *t)
{
    const struct lb_object *pk = lb_ref(&t->attrs, "primaryKey");
    const struct lb_object *counts = counter(r, pk);
    struct strbuf sql = sb_new(r->mem, 0);
    struct lite_table table;
    struct str name;
    uint32_t n;
    if (lb_need_text(r->in, t, "name", &name, r->e))
        return -1;
    const struct lb_object *const *cols = lb_columns(r->in, t, r->mem, &n);
    sql_fmt(&sql, &lite_dialect, "CREATE TABLE %I (", name);
    for (uint32_t i = 0; i < n; i++) {
        sb_c(&sql, i ? ", " : "");
        if (put_column(r, &sql, cols[i], cols[i] == counts))
            return -1;
    }
    if (pk && !counts)
        put_primary_key(r, &sql, pk);
    put_uniques(r, &sql, t, pk);
    if (put_foreign_keys(r, &sql, t))
        return -1;
    sb_char(&sql, ')');
    if (!n || !lite_parse_table(r->mem, sb_view(&sql), &table))
        return lb_bad(r->in, t, "cannot be written down from its", n ? "columns" : "(no) columns",
                      r->e);
    lite_table_facts(r->cat, &table, STR(""));
    return 0;
}

static int read_indexes(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *x; (x = lb_next(r->in, "Index", &at));) {
        const struct lb_object *table;
        struct strbuf sql = sb_new(r->mem, 0);
        struct lite_names *names = lite_names_new(r->mem);
        struct str name;
        uint32_t n;
        if (lb_need_text(r->in, x, "name", &name, r->e) ||
            lb_need_ref(r->in, x, "table", &table, r->e))
            return -1;
        if (is_automatic(name))
            continue;
        const struct lb_object *const *cols = lb_columns(r->in, table, r->mem, &n);
        for (uint32_t i = 0; i < n; i++)
            lite_names_add(names, lb_text(&cols[i]->attrs, "name"));
        sql_fmt(&sql, &lite_dialect, "CREATE %sINDEX %I ON %I ",
                lb_bool(&x->attrs, "unique", false) ? "UNIQUE " : "", name,
                lb_text(&table->attrs, "name"));
        if (!put_terms(&sql, x) || !lite_index_facts(r->cat, sb_view(&sql), names))
            return lb_bad(r->in, x, "cannot be written down from its", "columns", r->e);
    }
    return 0;
}

static int read_views(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *v; (v = lb_next(r->in, "View", &at));) {
        struct str name, query;
        if (lb_need_text(r->in, v, "name", &name, r->e) ||
            lb_need_text(r->in, v, "definition", &query, r->e))
            return -1;
        /* of a view with names for its columns the whole statement is told */
        bool whole = str_eq_fold_c(str_sub(query, 0, 7), "create ");
        struct str sql = whole ? query : lite_text(r->mem, "CREATE VIEW %I AS %S", name, query);
        if (!lite_view_facts(r->cat, sql, NULL, 0))
            return lb_bad(r->in, v, "holds no query as its attribute", "definition", r->e);
    }
    return 0;
}

/* Whether the snapshot tells tables with all of these endings behind the name. */
static bool has_all(const struct str *names, uint32_t n, struct str name, const char *const *ends,
                    struct arena *mem)
{
    for (; *ends; ends++) {
        struct str one = arena_printf(mem, "%.*s%s", STR_ARG(name), *ends);
        if (!bsearch(&one, names, n, sizeof one, str_order))
            return false;
    }
    return true;
}

/* A virtual table, by the tables that its module keeps behind it; they are told as tables. */
static bool is_virtual(const struct reading *r, const struct str *names, uint32_t n,
                       struct str name)
{
    static const char *const fts5[] = {"_data", "_idx", "_config", NULL};
    static const char *const fts4[] = {"_segments", "_segdir", NULL};
    static const char *const rtree[] = {"_node", "_rowid", "_parent", NULL};
    return has_all(names, n, name, fts5, r->mem) || has_all(names, n, name, fts4, r->mem) ||
           has_all(names, n, name, rtree, r->mem);
}

static bool is_shadow(const struct reading *r, const struct str *names, uint32_t n, struct str name)
{
    size_t at = name.n;
    while (at && name.p[at - 1] != '_')
        at--;
    return at > 1 && is_virtual(r, names, n, str_sub(name, 0, at - 1));
}

static int read_tables(struct reading *r)
{
    VEC(struct str) names = {0};
    uint32_t at = 0;
    for (const struct lb_object *t; (t = lb_next(r->in, "Table", &at));)
        VEC_PUSH(r->mem, names, lb_text(&t->attrs, "name"));
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, str_order);
    at = 0;
    for (const struct lb_object *t; (t = lb_next(r->in, "Table", &at));) {
        struct str name = lb_text(&t->attrs, "name");
        if (is_virtual(r, names.v, names.n, name))
            cat_name_outside(r->cat, "virtual_table", name, "its module is not told");
        else if (!is_shadow(r, names.v, names.n, name) && read_table(r, t))
            return -1;
    }
    return 0;
}

int lite_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e)
{
    struct reading r = {in, out, out->mem, e};
    out->version = in->product_version.n
                       ? arena_printf(out->mem, "SQLite %.*s", STR_ARG(in->product_version))
                       : STR("SQLite");
    return read_tables(&r) || read_indexes(&r) || read_views(&r) ? -1 : 0;
}
