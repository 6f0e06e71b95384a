/*
 * Facts of a Liquibase snapshot of this engine (4.28 and 5.0 with Connector/J 9.4 and MariaDB's
 * 3.5 were looked at), in the words of SHOW CREATE as far as the drivers' metadata keep them. What
 * they lose: width of numbers, fractions of times, the text of generated columns, lengths of key
 * parts, and all that my_liquibase_holds leaves out.
 */

#include "drivers/mysql/liquibase.h"

#include <string.h>

struct reading {
    const struct lb_snapshot *in;
    struct catalog *cat;
    struct arena *mem;
    struct err *e;
    bool mariadb;
};

/* A type of the metadata; columnSize says something for some only. */
static struct str type_of(const struct reading *r, const struct lb_map *type)
{
    static const char sized[] = "varchar,char,binary,varbinary,decimal,nvarchar,nchar";
    struct str told = lb_text(type, "typeName");
    struct strbuf b = sb_new(r->mem, 0);
    int64_t size = 0, digits = 0;
    if (str_chr(told, '(') < told.n) { /* ENUM('a','b'): its values keep their case */
        size_t open = str_chr(told, '(');
        for (size_t i = 0; i < told.n; i++)
            sb_char(&b, i < open ? ascii_lower(told.p[i]) : told.p[i]);
        return sb_view(&b);
    }
    for (size_t i = 0; i < told.n; i++)
        sb_char(&b, ascii_lower(told.p[i]));
    struct str name = sb_view(&b);
    bool has_size = lb_int(type, "columnSize", &size) && size > 0;
    bool has_digits = lb_int(type, "decimalDigits", &digits) && digits >= 0;
    if (str_eq_c(name, "boolean") || str_eq_c(name, "bool") || (str_eq_c(name, "bit") && size == 1))
        return STR("tinyint(1)");
    struct str word = str_sub(name, 0, str_chr(name, ' '));
    bool fraction = (str_eq_c(word, "datetime") || str_eq_c(word, "timestamp")) && size <= 6;
    bool real = (str_eq_c(word, "double") || str_eq_c(word, "float")) && has_digits;
    struct str tail = str_from(name, word.n);
    struct strbuf out = sb_new(r->mem, 0);
    sb_str(&out, word);
    if (has_size && (word_in(sized, word) || fraction || real || str_eq_c(word, "bit"))) {
        sb_printf(&out, "(%lld", (long long)size);
        if (real || str_eq_c(word, "decimal"))
            sb_printf(&out, ",%lld", (long long)digits);
        sb_char(&out, ')');
    }
    sb_str(&out, tail);
    return sb_view(&out);
}

static bool is_number(const struct lb_value *v)
{
    static const char classes[] = "Integer,BigInteger,Long,Short,BigDecimal,Double,Float";
    return word_in(classes, v->class);
}

/* MariaDB's driver keeps the text between the quotes of a literal as it stands, with quotes
 * doubled; MySQL's undoes it. */
static struct str literal(const struct reading *r, struct str text)
{
    bool paired = r->mariadb;
    for (size_t i = 0; i < text.n && paired; i++)
        if (text.p[i] == '\'')
            paired = ++i < text.n && text.p[i] == '\'';
    return paired ? my_text(r->mem, "'%S'", text) : my_text(r->mem, "%L", text);
}

static bool is_null(const struct lb_value *v)
{
    return !v || (v->type == LB_TEXT && str_eq_fold_c(v->text, "NULL") &&
                  (str_eq_c(v->class, "DatabaseFunction") || !v->class.n));
}

/* "x on update y", where the rule is; *update is y or absent. */
static struct str cut_update(struct str text, struct str *update)
{
    static const struct str words = {" on update ", 11};
    *update = STR_NULL;
    for (size_t i = 0; i + words.n <= text.n; i++)
        if (str_eq_fold(str_sub(text, i, i + words.n), words)) {
            *update = str_from(text, i + words.n);
            return str_sub(text, 0, i);
        }
    return text;
}

static void put_default(const struct reading *r, struct fact *f, const struct lb_value *v,
                        struct str type)
{
    struct str update, text;
    if (v->type == LB_BOOL) {
        fact_text(f, "default", v->yes ? STR("1") : STR("0"));
        return;
    }
    if (is_number(v)) {
        fact_text(f, "default",
                  r->mariadb ? v->text : arena_printf(r->mem, "'%.*s'", STR_ARG(v->text)));
        return;
    }
    bool bits = str_starts(type, STR("bit"));
    if (!str_eq_c(v->class, "DatabaseFunction")) {
        fact_text(f, "default",
                  bits ? arena_printf(r->mem, "b'%.*s'", STR_ARG(v->text)) : literal(r, v->text));
        return;
    }
    text = cut_update(v->text, &update);
    fact_text(f, "on_update", update);
    bool call = str_chr(text, '(') < text.n && !str_starts(text, STR("(")) &&
                !str_eq_fold_c(str_sub(text, 0, 17), "CURRENT_TIMESTAMP");
    if (str_starts(text, STR("0X")))
        text = arena_printf(r->mem, "0x%.*s", STR_ARG(str_from(text, 2)));
    fact_text(f, "default",
              call && !r->mariadb ? arena_printf(r->mem, "(%.*s)", STR_ARG(text)) : text);
}

/* Types that have no default without words on MySQL. */
static bool no_default(struct str type)
{
    static const char words[] = "text,tinytext,mediumtext,longtext,blob,tinyblob,mediumblob,"
                                "longblob";
    return word_in(words, str_sub(type, 0, str_chr(type, ' ')));
}

static int read_column(struct reading *r, struct str path, const struct lb_object *c)
{
    const struct lb_map *type = lb_map(&c->attrs, "type");
    const struct lb_value *dflt = lb_get(&c->attrs, "defaultValue");
    struct str name, words;
    struct fact f;
    if (lb_need_text(r->in, c, "name", &name, r->e))
        return -1;
    if (!type || !lb_text(type, "typeName").n)
        return lb_bad(r->in, c, "has no type with a", "typeName", r->e);
    words = type_of(r, type);
    bool notnull = !lb_bool(&c->attrs, "nullable", true);
    fact_begin(&f, r->cat, "column", path, name);
    fact_bool(&f, "auto_increment", lb_map(&c->attrs, "autoIncrementInformation") != NULL);
    fact_text(&f, "comment", lb_text(&c->attrs, "remarks"));
    fact_bool(&f, "notnull", notnull);
    fact_text(&f, "type", words);
    if (!is_null(dflt))
        put_default(r, &f, dflt, words);
    else if (!notnull && (r->mariadb || !no_default(words)))
        fact_text(&f, "default", STR("NULL"));
    fact_end(&f);
    return 0;
}

static struct str quoted(struct reading *r, struct str name)
{
    struct strbuf b = sb_new(r->mem, 0);
    sb_char(&b, '`');
    for (size_t i = 0; i < name.n; i++)
        sb_printf(&b, "%s%c", name.p[i] == '`' ? "`" : "", name.p[i]);
    sb_char(&b, '`');
    return sb_view(&b);
}

static struct str *names_of(struct reading *r, const struct lb_object *const *cols, uint32_t n,
                            bool quotes)
{
    struct str *v = NEW_ARRAY(r->mem, struct str, n);
    for (uint32_t i = 0; i < n; i++) {
        v[i] = lb_text(&cols[i]->attrs, "name");
        if (quotes)
            v[i] = quoted(r, v[i]);
    }
    return v;
}

static int read_tables(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *t; (t = lb_next(r->in, "Table", &at));) {
        struct str name;
        struct fact f;
        uint32_t n;
        if (lb_need_text(r->in, t, "name", &name, r->e))
            return -1;
        const struct lb_object *const *cols = lb_columns(r->in, t, r->mem, &n);
        fact_begin(&f, r->cat, "table", STR(""), name);
        fact_list(&f, "columns", names_of(r, cols, n, false), n);
        fact_text(&f, "comment", lb_text(&t->attrs, "remarks"));
        fact_end(&f);
        for (uint32_t i = 0; i < n; i++)
            if (read_column(r, my_top(r->mem, "table", name), cols[i]))
                return -1;
    }
    return 0;
}

static int table_of(struct reading *r, const struct lb_object *o, const char *attr,
                    struct str *path)
{
    const struct lb_object *table;
    struct str name;
    if (lb_need_ref(r->in, o, attr, &table, r->e) ||
        lb_need_text(r->in, table, "name", &name, r->e))
        return -1;
    *path = my_top(r->mem, "table", name);
    return 0;
}

static int read_primary_keys(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *k; (k = lb_next(r->in, "PrimaryKey", &at));) {
        struct str path;
        struct fact f;
        uint32_t n;
        if (table_of(r, k, "table", &path))
            return -1;
        const struct lb_object *const *cols = lb_refs(k, "columns", r->mem, &n);
        if (!n)
            return lb_bad(r->in, k, "refers to no columns by its attribute", "columns", r->e);
        fact_begin(&f, r->cat, "primary_key", path, STR("#"));
        fact_list(&f, "parts", names_of(r, cols, n, true), n);
        fact_end(&f);
    }
    return 0;
}

static int read_indexes(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *x; (x = lb_next(r->in, "Index", &at));) {
        struct str name, path;
        struct fact f;
        uint32_t n;
        if (lb_need_text(r->in, x, "name", &name, r->e) || table_of(r, x, "table", &path))
            return -1;
        if (str_eq_c(name, "PRIMARY"))
            continue;
        const struct lb_value *items = lb_list(&x->attrs, "columns", &n);
        struct str *parts = NEW_ARRAY(r->mem, struct str, n);
        for (uint32_t i = 0; i < n; i++) {
            const struct lb_map *c =
                items[i].type == LB_MAP ? lb_map(&items[i].map, "column") : NULL;
            c = items[i].type == LB_REF ? &items[i].ref->attrs : c;
            parts[i] = quoted(r, lb_text(c, "name"));
            if (lb_bool(c, "descending", false))
                parts[i] = arena_printf(r->mem, "%.*s DESC", STR_ARG(parts[i]));
        }
        fact_begin(&f, r->cat, "index", path, name);
        fact_list(&f, "parts", parts, n);
        if (lb_bool(&x->attrs, "unique", false))
            fact_text(&f, "type", STR("UNIQUE"));
        fact_end(&f);
    }
    return 0;
}

/* A key whose index is not told apart from it. */
static int read_uniques(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *k; (k = lb_next(r->in, "UniqueConstraint", &at));) {
        struct str name, path;
        struct fact f;
        uint32_t n;
        if (lb_ref(&k->attrs, "backingIndex"))
            continue;
        if (lb_need_text(r->in, k, "name", &name, r->e) || table_of(r, k, "table", &path))
            return -1;
        const struct lb_object *const *cols = lb_refs(k, "columns", r->mem, &n);
        fact_begin(&f, r->cat, "index", path, name);
        fact_list(&f, "parts", names_of(r, cols, n, true), n);
        fact_text(&f, "type", STR("UNIQUE"));
        fact_end(&f);
    }
    return 0;
}

static struct str rule_of(struct str told)
{
    return str_eq_c(told, "importedKeyCascade")      ? STR("CASCADE")
           : str_eq_c(told, "importedKeySetNull")    ? STR("SET NULL")
           : str_eq_c(told, "importedKeySetDefault") ? STR("SET DEFAULT")
                                                     : STR_NULL;
}

static int read_foreign_keys(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *k; (k = lb_next(r->in, "ForeignKey", &at));) {
        struct str name, path, other;
        struct fact f;
        uint32_t n, m;
        if (lb_need_text(r->in, k, "name", &name, r->e) ||
            table_of(r, k, "foreignKeyTable", &path) || table_of(r, k, "primaryKeyTable", &other))
            return -1;
        const struct lb_object *const *cols = lb_refs(k, "foreignKeyColumns", r->mem, &n);
        const struct lb_object *const *theirs = lb_refs(k, "primaryKeyColumns", r->mem, &m);
        if (!n || n != m)
            return lb_bad(r->in, k, "does not pair the columns of its attribute",
                          "foreignKeyColumns", r->e);
        struct str *mine = names_of(r, cols, n, false), *refs = names_of(r, theirs, m, false);
        const struct lb_object *table = lb_ref(&k->attrs, "primaryKeyTable");
        struct str schema = lb_schema_of(r->in, table, STR(""));
        fact_begin(&f, r->cat, "foreign_key", path, name);
        fact_list(&f, "columns", mine, n);
        fact_text(&f, "on_delete", rule_of(lb_text(&k->attrs, "deleteRule")));
        fact_text(&f, "on_update", rule_of(lb_text(&k->attrs, "updateRule")));
        fact_list(&f, "ref_columns", refs, m);
        if (!str_eq(schema, lb_schema_of(r->in, k, STR(""))))
            fact_text(&f, "ref_schema", schema);
        fact_text(&f, "ref_table", my_name(r->mem, other));
        for (uint32_t i = 0; i < n; i++)
            fact_dep(&f, my_column_path(r->mem, path, mine[i]));
        fact_dep(&f, other);
        for (uint32_t i = 0; i < m; i++)
            fact_dep(&f, my_column_path(r->mem, other, refs[i]));
        fact_end(&f);
    }
    return 0;
}

static int read_sequences(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *s; (s = lb_next(r->in, "Sequence", &at));) {
        struct str name;
        struct fact f;
        int64_t start = 1, min = 1, max = INT64_MAX - 1, step = 1, cache = 1000;
        if (lb_need_text(r->in, s, "name", &name, r->e))
            return -1;
        lb_int(&s->attrs, "startValue", &start);
        lb_int(&s->attrs, "minValue", &min);
        lb_int(&s->attrs, "maxValue", &max);
        lb_int(&s->attrs, "incrementBy", &step);
        lb_int(&s->attrs, "cacheSize", &cache);
        fact_begin(&f, r->cat, "sequence", STR(""), name);
        fact_text(&f, "def",
                  my_text(r->mem,
                          "start with %d minvalue %d maxvalue %d increment by %d cache %d "
                          "%s ENGINE=InnoDB",
                          start, min, max, step, cache,
                          lb_bool(&s->attrs, "willCycle", false) ? "cycle" : "nocycle"));
        fact_end(&f);
    }
    return 0;
}

/* Its text without the name of its own database, as SHOW CREATE has it. */
static struct str without_schema(struct reading *r, struct str text, struct str schema)
{
    struct str own = arena_printf(r->mem, "%.*s.", STR_ARG(quoted(r, schema)));
    struct strbuf b = sb_new(r->mem, 0);
    char quote = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (!quote && schema.n && str_starts(str_from(text, i), own)) {
            i += own.n - 1;
            continue;
        }
        sb_char(&b, text.p[i]);
        if (quote && text.p[i] == '\\' && quote != '`' && i + 1 < text.n)
            sb_char(&b, text.p[++i]);
        else if (quote == text.p[i])
            quote = 0;
        else if (!quote && str_chr(STR("'\"`"), text.p[i]) < 3)
            quote = text.p[i];
    }
    return sb_view(&b);
}

static int read_views(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *v; (v = lb_next(r->in, "View", &at));) {
        struct str name, query;
        struct fact f;
        if (lb_need_text(r->in, v, "name", &name, r->e) ||
            lb_need_text(r->in, v, "definition", &query, r->e))
            return -1;
        query = without_schema(r, str_trim(query), lb_schema_of(r->in, v, STR("")));
        fact_begin(&f, r->cat, "view", STR(""), name);
        fact_text(&f, "algorithm", STR("UNDEFINED"));
        fact_text(&f, "query", query);
        fact_text(&f, "security", STR("DEFINER"));
        fact_end(&f);
    }
    return 0;
}

int my_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e)
{
    bool mariadb = str_eq_fold_c(in->short_name, "mariadb");
    struct reading r = {in, out, out->mem, e, mariadb};
    struct str number = in->product_version;
    out->version = number.n ? arena_printf(out->mem, "%s %.*s", mariadb ? "MariaDB" : "MySQL",
                                           STR_ARG(str_sub(number, 0, str_chr(number, '-'))))
                            : arena_printf(out->mem, "%s %d.%d", mariadb ? "MariaDB" : "MySQL",
                                           in->major, in->minor);
    return read_tables(&r) || read_primary_keys(&r) || read_indexes(&r) || read_uniques(&r) ||
                   read_foreign_keys(&r) || read_sequences(&r) || read_views(&r)
               ? -1
               : 0;
}
