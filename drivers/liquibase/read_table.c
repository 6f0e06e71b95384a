/* Tables and columns of a Liquibase snapshot as facts. */

#include "drivers/liquibase/liquibase.h"

/* How a default is written: the key of Liquibase's change that takes it, its text, and how people
 * read it. */
struct written {
    const char *key;
    struct str text, shown;
};

static struct str in_quotes(struct arena *mem, struct str text)
{
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            sb_char(&b, '\'');
        sb_char(&b, text.p[i]);
    }
    sb_char(&b, '\'');
    return sb_view(&b);
}

/* By the class of the value (Liquibase's own choice: MissingTableChangeGenerator). */
static struct written default_of(const struct lq_reader *r, const struct lb_value *v)
{
    static const char numbers[] = "Integer,Long,Short,Byte,Double,Float,BigInteger,BigDecimal";
    static const char dates[] = "Date,Time,Timestamp";
    struct written w = {NULL, v->text, v->text};
    if (v->type == LB_BOOL || str_eq_c(v->class, "Boolean")) {
        bool yes = v->type == LB_BOOL ? v->yes : str_eq_fold_c(v->text, "true");
        w.text = w.shown = yes ? STR("true") : STR("false");
        w.key = "defaultValueBoolean";
    } else if (v->type != LB_TEXT) {
        return w;
    } else if (word_in(numbers, v->class)) {
        w.key = "defaultValueNumeric";
    } else if (word_in(dates, v->class)) {
        w.key = "defaultValueDate";
        w.shown = arena_printf(r->mem, "%.*s %.*s", STR_ARG(lq_fold_case(r->mem, v->class)),
                               STR_ARG(in_quotes(r->mem, v->text)));
    } else if (str_eq_c(v->class, "SequenceNextValueFunction")) {
        w.key = "defaultValueSequenceNext";
        w.shown = arena_printf(r->mem, "next value for %.*s", STR_ARG(v->text));
    } else if (str_eq_c(v->class, "DatabaseFunction")) {
        w.key = "defaultValueComputed";
    } else if (!v->class.n || str_eq_c(v->class, "String")) {
        w.key = "defaultValue";
        w.shown = in_quotes(r->mem, v->text);
    }
    return w;
}

static struct str usual_name(const struct lq_reader *r, const struct lb_object *o)
{
    const struct lb_object *table = lb_ref(&o->attrs, "relation");
    if (!table || !r->dialect->named_defaults)
        return STR_NULL;
    return arena_printf(r->mem, "DF_%.*s_%.*s", STR_ARG(lb_text(&table->attrs, "name")),
                        STR_ARG(lb_text(&o->attrs, "name")));
}

static void default_fact(const struct lq_reader *r, const struct lb_object *o, struct fact *f,
                         struct str path)
{
    const struct lb_value *v = lb_get(&o->attrs, "defaultValue");
    struct str name = lb_text(&o->attrs, "defaultValueConstraintName");
    struct written w = {NULL, STR_NULL, STR_NULL};
    /* DEFAULT NULL is no default: what dropDefaultValue leaves on some products */
    if (v && !(str_eq_c(v->class, "DatabaseFunction") && str_eq_fold_c(v->text, "NULL")))
        w = default_of(r, v);
    if (v && !w.key && !str_eq_fold_c(v->text, "NULL"))
        cat_add_ledger(r->cat, "attribute",
                       arena_printf(r->mem, "column.defaultValue of %.*s",
                                    STR_ARG(lb_text(&o->attrs, "name"))),
                       path, v->text, "a default of a class that snap does not know");
    if (!w.key)
        return;
    if (str_starts(w.text, STR("GENERATED ALWAYS AS "))) {
        fact_text(f, "generated", w.text);
        return;
    }
    fact_text(f, "default", w.shown);
    if (name.n && !str_eq(name, usual_name(r, o)) &&
        !r->dialect->made_up(LQ_DEFAULT, r->in->short_name, name))
        fact_text(f, "default_name", name);
    fact_src(f, "default", w.text);
    fact_src(f, "default_key", str_c(w.key));
}

static void identity_fact(const struct lb_object *o, struct fact *f)
{
    const struct lb_map *m = lb_map(&o->attrs, "autoIncrementInformation");
    struct str kind = m ? lb_text(m, "generationType") : STR_NULL;
    struct str by = m ? lb_text(m, "incrementBy") : STR_NULL;
    struct str start = m ? lb_text(m, "startWith") : STR_NULL;
    if (!m && !lb_bool(&o->attrs, "autoIncrement", false))
        return;
    fact_bool(f, "identity", true);
    if (by.n)
        fact_text(f, "identity_by", by);
    if (kind.n)
        fact_text(f, "identity_kind", kind);
    if (m)
        fact_bool(f, "identity_on_null", lb_bool(m, "defaultOnNull", false));
    if (start.n)
        fact_text(f, "identity_start", start);
}

static int column(const struct lq_reader *r, const struct lb_object *o, struct str table)
{
    static const char used[] = "defaultValue,defaultValueConstraintName,autoIncrementInformation,"
                               "autoIncrement,nullable,notNullConstraintName,remarks,computed,"
                               "validateNullable";
    static const char type_used[] = "typeName,columnSize,decimalDigits,characterOctetLength,radix,"
                                    "dataTypeId,columnSizeUnit";
    struct fact f;
    struct str name, type = lq_type(r, o), null_name = lb_text(&o->attrs, "notNullConstraintName");
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    if (!type.n)
        return lb_bad(r->in, o, "has no", "type", r->e);
    lq_begin(r, &f, "column", table, name);
    fact_text(&f, "comment", lb_text(&o->attrs, "remarks"));
    fact_bool(&f, "computed", lb_bool(&o->attrs, "computed", false));
    fact_bool(&f, "notnull", !lb_bool(&o->attrs, "nullable", true));
    fact_bool(&f, "notnull_lax", !lb_bool(&o->attrs, "validateNullable", true));
    if (null_name.n && !lb_bool(&o->attrs, "nullable", true) &&
        !r->dialect->made_up(LQ_NOT_NULL, r->in->short_name, null_name))
        fact_text(&f, "notnull_name", null_name);
    fact_text(&f, "type", type);
    struct str size = lq_size_left_out(r, o);
    if (size.n)
        cat_add_ledger(r->cat, "attribute",
                       arena_printf(r->mem, "column.type.columnSize of %.*s", STR_ARG(f.path)),
                       STR_NULL, size, "a size that snap does not write for this type");
    identity_fact(o, &f);
    default_fact(r, o, &f, f.path);
    fact_end(&f);
    lq_rest(r, o, used, f.path);
    if (lb_map(&o->attrs, "type"))
        lq_rest_of(r, o, lb_map(&o->attrs, "type"), "column.type", type_used, f.path);
    return 0;
}

static bool is_books(struct str name)
{
    return str_eq_fold_c(name, "DATABASECHANGELOG") ||
           str_eq_fold_c(name, "DATABASECHANGELOGLOCK") ||
           str_eq_fold_c(name, "flyway_schema_history");
}

static int table(const struct lq_reader *r, const struct lb_object *o)
{
    struct fact f;
    struct str name;
    uint32_t n;
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    if (is_books(name))
        return 0;
    const struct lb_object *const *columns = lb_columns(r->in, o, r->mem, &n);
    struct str *names = NEW_ARRAY(r->mem, struct str, n);
    struct str path = lq_path(r, "table", o);
    for (uint32_t i = 0; i < n; i++)
        names[i] = r->cat->eng->fold(r->mem, lb_text(&columns[i]->attrs, "name"));
    lq_begin(r, &f, "table", path_parent(path), name);
    fact_list(&f, "columns", names, n);
    fact_text(&f, "comment", lb_text(&o->attrs, "remarks"));
    fact_text(&f, "tablespace", lb_text(&o->attrs, "tablespace"));
    if (lb_text(&o->attrs, "temporary").n)
        fact_text(&f, "temporary", lb_text(&o->attrs, "temporary"));
    if (lb_text(&o->attrs, "duration").n)
        fact_text(&f, "on_commit", lb_text(&o->attrs, "duration"));
    fact_end(&f);
    lq_rest(r, o, "remarks,tablespace,temporary,duration", path);
    for (uint32_t i = 0; i < n; i++)
        if (column(r, columns[i], path))
            return -1;
    return 0;
}

int lq_read_tables(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Table", &at));)
        if (table(r, o))
            return -1;
    return 0;
}
