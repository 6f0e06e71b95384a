/*
 * Facts of a Liquibase snapshot of this engine (4.28 and 5.0 with pgjdbc 42.7 were looked at), in
 * the words of the server as far as the driver's metadata keep them. What they lose: precision of
 * times, whose sequence a default names, and all that lb_holds of liquibase_same.c leaves out.
 */

#include "drivers/postgresql/liquibase.h"

#include <string.h>

#include "drivers/sql/lex.h"

static const struct {
    const char *jdbc, *server;
    bool sized, scaled;
} types[] = {
    {"int2", "smallint", false, false},
    {"int4", "integer", false, false},
    {"int8", "bigint", false, false},
    {"smallserial", "smallint", false, false},
    {"serial", "integer", false, false},
    {"bigserial", "bigint", false, false},
    {"float4", "real", false, false},
    {"float8", "double precision", false, false},
    {"bool", "boolean", false, false},
    {"varchar", "character varying", true, false},
    {"bpchar", "character", true, false},
    {"char", "\"char\"", false, false},
    {"varbit", "bit varying", true, false},
    {"bit", "bit", true, false},
    {"numeric", "numeric", true, true},
    {"timestamp", "timestamp without time zone", false, false},
    {"timestamptz", "timestamp with time zone", false, false},
    {"time", "time without time zone", false, false},
    {"timetz", "time with time zone", false, false},
    {"interval", "interval", false, false},
};

/* Types of the server that go by one name everywhere; others are somebody's own. */
static bool is_builtin(struct str name)
{
    static const char known[] =
        "text,date,uuid,json,jsonb,xml,bytea,name,money,inet,cidr,macaddr,macaddr8,oid,tsvector,"
        "tsquery,point,line,lseg,box,path,polygon,circle,int4range,int8range,numrange,tsrange,"
        "tstzrange,daterange,int4multirange,int8multirange,nummultirange,tsmultirange,"
        "tstzmultirange,datemultirange,regclass,regproc,regtype,regoper,regoperator,regprocedure,"
        "regconfig,regdictionary,regnamespace,regrole,regcollation,pg_lsn,pg_snapshot,"
        "txid_snapshot,xid,xid8,cid,tid,int2vector,oidvector,refcursor,jsonpath,aclitem,bit";
    return word_in(known, name);
}

static struct str server_type(const struct lb_map *type, struct str schema, struct arena *mem)
{
    struct str name = lb_text(type, "typeName"), tail = STR("");
    struct strbuf out = sb_new(mem, 0);
    int64_t size, digits;
    while (str_ends(name, STR("[]"))) {
        name = str_sub(name, 0, name.n - 2);
        tail = STR("[]");
    }
    size_t i = 0, n = sizeof types / sizeof *types;
    while (i < n && !str_eq_c(name, types[i].jdbc))
        i++;
    if (i < n)
        sb_c(&out, types[i].server);
    else if (is_builtin(name) || str_chr(name, '"') < name.n || str_chr(name, '.') < name.n ||
             str_chr(name, '(') < name.n || str_chr(name, ' ') < name.n)
        sb_str(&out, name);
    else
        sql_fmt(&out, &pg_dialect, "%I.%I", schema, name);
    if (i < n && types[i].sized && lb_int(type, "columnSize", &size) && size > 0 &&
        size < 2147483647) {
        sb_printf(&out, "(%lld", (long long)size);
        if (types[i].scaled && !lb_int(type, "decimalDigits", &digits))
            digits = 0;
        if (types[i].scaled) /* the driver does not know of digits below zero, which are 11 bits */
            sb_printf(&out, ",%lld", (long long)(digits > 1000 ? digits - 2048 : digits));
        sb_char(&out, ')');
    }
    sb_str(&out, tail);
    return sb_view(&out);
}

/* Liquibase keeps the text between a literal's quotes as it stands there, with quotes doubled. */
static void put_literal(struct strbuf *out, struct str text)
{
    bool paired = true;
    for (size_t i = 0; i < text.n && paired; i++)
        if (text.p[i] == '\'')
            paired = ++i < text.n && text.p[i] == '\'';
    if (paired)
        sb_printf(out, "'%.*s'", STR_ARG(text));
    else
        sql_literal(out, &pg_dialect, text);
}

static struct str without_size(struct str type)
{
    size_t at = str_chr(type, '(');
    return at < type.n && str_ends(type, STR(")")) ? str_sub(type, 0, at) : type;
}

/* What was a literal and came without its quotes: no expression begins so. */
static bool bare_literal(struct str text, struct str type)
{
    static const char cast_types[] = "json,jsonb,bytea,xml,inet,cidr,macaddr,point,box,money";
    return !text.n || str_chr(STR("{[\\<\""), text.p[0]) < 5 ||
           (word_in(cast_types, type) && ascii_is_digit(text.p[0]));
}

/* A literal with a newline comes as the server wrote it, with quotes and cast. */
static bool whole_literal(struct str text)
{
    struct lexer l = lex_open(text);
    return str_chr(text, '\n') < text.n && lex_next(&l).type == T_STRING &&
           str_starts(str_from(text, l.at), STR("::"));
}

static struct str default_of(const struct lb_value *v, struct str type, struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    struct str base = without_size(type);
    if (v->type == LB_BOOL)
        return v->yes ? STR("true") : STR("false");
    if (whole_literal(v->text) ||
        (str_eq_c(v->class, "DatabaseFunction") && !bare_literal(v->text, base)))
        return v->text;
    bool number = str_eq_c(v->class, "Integer") || str_eq_c(v->class, "BigInteger") ||
                  str_eq_c(v->class, "Long") || str_eq_c(v->class, "BigDecimal") ||
                  str_eq_c(v->class, "Double") || str_eq_c(v->class, "Float");
    if (number && v->text.n && v->text.p[0] != '-')
        return v->text;
    if (!number && !v->class.n && word_in("boolean,smallint,integer,bigint,numeric,real", base) &&
        str_chr(v->text, '(') < v->text.n)
        return v->text; /* a call, told as if it were a text */
    put_literal(&out, v->text);
    sb_printf(&out, "::%.*s", STR_ARG(base));
    return sb_view(&out);
}

struct reading {
    const struct lb_snapshot *in;
    struct catalog *cat;
    struct arena *mem;
    struct err *e;
};

static struct str schema_path(const struct reading *r, const struct lb_object *o)
{
    return path_join(r->mem, STR(""), STR("schema"), lb_schema_of(r->in, o, STR("public")));
}

static struct str relation_path(const struct reading *r, const struct lb_object *o,
                                const char *kind)
{
    return path_join(r->mem, schema_path(r, o), str_c(kind), lb_text(&o->attrs, "name"));
}

static void put_names(struct reading *r, struct strbuf *out, const struct lb_object *const *cols,
                      uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(out, &pg_dialect, "%s%I", i ? ", " : "", lb_text(&cols[i]->attrs, "name"));
    (void)r;
}

static void need_columns(struct reading *r, struct fact *f, struct str table,
                         const struct lb_object *const *cols, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fact_dep(f, path_join(r->mem, table, STR("column"), lb_text(&cols[i]->attrs, "name")));
}

static void read_schemas(struct reading *r)
{
    struct fact f;
    uint32_t at = 0, n = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Schema", &at)); n++) {
        struct str name = lb_text(&o->attrs, "name");
        fact_begin(&f, r->cat, "schema", STR(""), name.n ? name : STR("public"));
        if (!name.n || str_eq_c(name, "public"))
            fact_src(&f, "initial", STR("t"));
        fact_end(&f);
    }
    if (n)
        return;
    fact_begin(&f, r->cat, "schema", STR(""), STR("public"));
    fact_src(&f, "initial", STR("t"));
    fact_end(&f);
}

static bool has_sequence(const struct reading *r, struct str schema, struct str name)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Sequence", &at));)
        if (str_eq(lb_text(&o->attrs, "name"), name) && str_eq(schema_path(r, o), schema))
            return true;
    return false;
}

static void serial_sequence(struct reading *r, struct str schema, struct str seq, struct str type,
                            struct str column)
{
    struct fact f;
    fact_begin(&f, r->cat, "sequence", schema, seq);
    fact_text(&f, "cache", STR("1"));
    fact_text(&f, "increment", STR("1"));
    fact_text(&f, "max",
              str_eq_c(type, "smallint")  ? STR("32767")
              : str_eq_c(type, "integer") ? STR("2147483647")
                                          : STR("9223372036854775807"));
    fact_text(&f, "min", STR("1"));
    fact_text(&f, "start", STR("1"));
    fact_text(&f, "type", type);
    fact_end(&f);
    struct str path = path_join(r->mem, schema, STR("sequence"), seq);
    fact_begin(&f, r->cat, "owned_by", path, STR("#"));
    fact_text(&f, "column", pg_name(r->mem, column, 3));
    fact_dep(&f, column);
    fact_end(&f);
}

/* The sequence that serial makes; the snapshot leaves it out, where it is not one that another
 * column owns. */
static void serial(struct reading *r, const struct lb_object *table, struct str type,
                   struct str column, struct str name)
{
    struct str schema = schema_path(r, table);
    struct str seq = arena_printf(r->mem, "%.*s_%.*s_seq", STR_ARG(lb_text(&table->attrs, "name")),
                                  STR_ARG(name));
    struct str path = path_join(r->mem, schema, STR("sequence"), seq);
    struct str text = pg_name(r->mem, path, 2);
    struct fact f;
    if (!has_sequence(r, schema, seq))
        serial_sequence(r, schema, seq, type, column);
    struct strbuf value = sb_new(r->mem, 0);
    sb_c(&value, "nextval(");
    sql_literal(&value, &pg_dialect, text);
    sb_c(&value, "::regclass)");
    fact_begin(&f, r->cat, "default", column, STR("#"));
    fact_text(&f, "default", sb_view(&value));
    fact_dep(&f, path);
    fact_end(&f);
}

static void identity(struct reading *r, struct fact *f, struct str type)
{
    struct strbuf b = sb_new(r->mem, 0);
    const char *max = str_eq_c(type, "smallint")  ? "32767"
                      : str_eq_c(type, "integer") ? "2147483647"
                                                  : "9223372036854775807";
    fact_text(f, "identity", STR("BY DEFAULT"));
    sb_printf(&b,
              "{\"CACHE\":\"1\",\"INCREMENT BY\":\"1\",\"MAXVALUE\":\"%s\",\"MINVALUE\":\"1\","
              "\"NO CYCLE\":\"\",\"START WITH\":\"1\"}",
              max);
    fact_raw(f, "identity_options", sb_view(&b));
}

/* GENERATED ALWAYS AS expression STORED, where the default should be. */
static bool generated(const struct lb_value *v, struct str *out)
{
    static const struct str head = {"GENERATED ALWAYS AS ", 20}, tail = {" STORED", 7};
    if (!v || v->type != LB_TEXT || !str_starts(v->text, head) || !str_ends(v->text, tail))
        return false;
    *out = str_sub(v->text, head.n, v->text.n - tail.n);
    return true;
}

static int read_column(struct reading *r, const struct lb_object *table, struct str path,
                       const struct lb_object *c)
{
    const struct lb_map *type = lb_map(&c->attrs, "type");
    const struct lb_value *dflt = lb_get(&c->attrs, "defaultValue");
    struct str name, words, expr = STR_NULL;
    struct fact f;
    if (lb_need_text(r->in, c, "name", &name, r->e))
        return -1;
    if (!type || !lb_text(type, "typeName").n)
        return lb_bad(r->in, c, "has no type with a", "typeName", r->e);
    words = server_type(type, lb_schema_of(r->in, table, STR("public")), r->mem);
    bool counts = lb_map(&c->attrs, "autoIncrementInformation") != NULL;
    bool serials = str_ends(lb_text(type, "typeName"), STR("serial"));
    struct str column = path_join(r->mem, path, STR("column"), name);
    fact_begin(&f, r->cat, "column", path, name);
    fact_text(&f, "comment", lb_text(&c->attrs, "remarks"));
    if (generated(dflt, &expr))
        fact_text(&f, "generated", expr);
    if (counts && !serials)
        identity(r, &f, words);
    fact_bool(&f, "notnull", !lb_bool(&c->attrs, "nullable", true));
    fact_text(&f, "type", words);
    fact_end(&f);
    if (counts && serials)
        serial(r, table, words, column, name);
    else if (dflt && !counts && str_is_null(expr)) {
        fact_begin(&f, r->cat, "default", column, STR("#"));
        fact_text(&f, "default", default_of(dflt, words, r->mem));
        fact_end(&f);
    }
    return 0;
}

static int read_tables(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *t; (t = lb_next(r->in, "Table", &at));) {
        uint32_t n;
        struct str name, path;
        struct fact f;
        if (lb_need_text(r->in, t, "name", &name, r->e))
            return -1;
        const struct lb_object *const *cols = lb_columns(r->in, t, r->mem, &n);
        struct str *names = NEW_ARRAY(r->mem, struct str, n);
        for (uint32_t i = 0; i < n; i++)
            names[i] = lb_text(&cols[i]->attrs, "name");
        path = relation_path(r, t, "table");
        fact_begin(&f, r->cat, "table", schema_path(r, t), name);
        fact_list(&f, "columns", names, n);
        fact_text(&f, "comment", lb_text(&t->attrs, "remarks"));
        fact_text(&f, "partition_by", lb_text(&t->attrs, "partitionBy"));
        fact_end(&f);
        for (uint32_t i = 0; i < n; i++)
            if (read_column(r, t, path, cols[i]))
                return -1;
    }
    return 0;
}

static void put_deferrable(struct strbuf *def, const struct lb_object *o)
{
    if (lb_bool(&o->attrs, "deferrable", false))
        sb_c(def, " DEFERRABLE");
    if (lb_bool(&o->attrs, "initiallyDeferred", false))
        sb_c(def, " INITIALLY DEFERRED");
}

static int read_keys(struct reading *r, const char *class, const char *kind, const char *word)
{
    uint32_t at = 0;
    for (const struct lb_object *k; (k = lb_next(r->in, class, &at));) {
        const struct lb_object *table;
        struct strbuf def = sb_new(r->mem, 0);
        struct str name, path;
        struct fact f;
        uint32_t n;
        if (lb_need_text(r->in, k, "name", &name, r->e) ||
            lb_need_ref(r->in, k, "table", &table, r->e))
            return -1;
        const struct lb_object *const *cols = lb_refs(k, "columns", r->mem, &n);
        if (!n)
            return lb_bad(r->in, k, "refers to no columns by its attribute", "columns", r->e);
        path = relation_path(r, table, "table");
        sb_printf(&def, "%s (", word);
        put_names(r, &def, cols, n);
        sb_char(&def, ')');
        put_deferrable(&def, k);
        fact_begin(&f, r->cat, kind, path, name);
        fact_text(&f, "def", sb_view(&def));
        need_columns(r, &f, path, cols, n);
        fact_end(&f);
    }
    return 0;
}

static void put_rule(struct strbuf *def, const char *when, struct str rule)
{
    static const char *const rules[][2] = {{"importedKeyCascade", "CASCADE"},
                                           {"importedKeySetNull", "SET NULL"},
                                           {"importedKeySetDefault", "SET DEFAULT"},
                                           {"importedKeyRestrict", "RESTRICT"}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq_c(rule, rules[i][0]))
            sb_printf(def, " %s %s", when, rules[i][1]);
}

static int read_foreign_keys(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *k; (k = lb_next(r->in, "ForeignKey", &at));) {
        const struct lb_object *table, *other;
        struct strbuf def = sb_new(r->mem, 0);
        struct str name, path;
        struct fact f;
        uint32_t n, m;
        if (lb_need_text(r->in, k, "name", &name, r->e) ||
            lb_need_ref(r->in, k, "foreignKeyTable", &table, r->e) ||
            lb_need_ref(r->in, k, "primaryKeyTable", &other, r->e))
            return -1;
        const struct lb_object *const *cols = lb_refs(k, "foreignKeyColumns", r->mem, &n);
        const struct lb_object *const *theirs = lb_refs(k, "primaryKeyColumns", r->mem, &m);
        if (!n || n != m)
            return lb_bad(r->in, k, "does not pair the columns of its attribute",
                          "foreignKeyColumns", r->e);
        path = relation_path(r, table, "table");
        sb_c(&def, "FOREIGN KEY (");
        put_names(r, &def, cols, n);
        sb_printf(&def, ") REFERENCES %.*s(",
                  STR_ARG(pg_name(r->mem, relation_path(r, other, "table"), 2)));
        put_names(r, &def, theirs, m);
        sb_char(&def, ')');
        put_rule(&def, "ON UPDATE", lb_text(&k->attrs, "updateRule"));
        put_rule(&def, "ON DELETE", lb_text(&k->attrs, "deleteRule"));
        put_deferrable(&def, k);
        fact_begin(&f, r->cat, "foreign_key", path, name);
        fact_text(&f, "def", sb_view(&def));
        need_columns(r, &f, path, cols, n);
        need_columns(r, &f, relation_path(r, other, "table"), theirs, m);
        fact_end(&f);
    }
    return 0;
}

/* Whether the index is there for a key, whose fact brings it. */
static bool backs_key(const struct reading *r, const struct lb_object *index)
{
    static const char *const classes[] = {"PrimaryKey", "UniqueConstraint"};
    const struct lb_object *table = lb_ref(&index->attrs, "table"), *k;
    struct str name = lb_text(&index->attrs, "name");
    const struct lb_object *pk = table ? lb_ref(&table->attrs, "primaryKey") : NULL;
    uint32_t n = 0;
    if (pk &&
        (lb_ref(&pk->attrs, "backingIndex") == index || str_eq(lb_text(&pk->attrs, "name"), name)))
        return true;
    const struct lb_object *const *uc =
        table ? lb_refs(table, "uniqueConstraints", r->mem, &n) : NULL;
    for (uint32_t i = 0; i < n; i++)
        if (lb_ref(&uc[i]->attrs, "backingIndex") == index ||
            str_eq(lb_text(&uc[i]->attrs, "name"), name))
            return true;
    for (size_t i = 0; i < 2 && table && !pk && !n; i++)
        for (uint32_t at = 0; (k = lb_next(r->in, classes[i], &at));)
            if (lb_ref(&k->attrs, "backingIndex") == index)
                return true;
    return false;
}

static bool is_column(const struct lb_object *const *cols, uint32_t n, struct str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(lb_text(&cols[i]->attrs, "name"), name))
            return true;
    return false;
}

static void index_terms(struct reading *r, const struct lb_object *index,
                        const struct lb_object *table, struct strbuf *def, struct fact *f)
{
    uint32_t n, all;
    const struct lb_value *items = lb_list(&index->attrs, "columns", &n);
    const struct lb_object *const *cols = lb_columns(r->in, table, r->mem, &all);
    struct str path = relation_path(r, table, "table");
    for (uint32_t i = 0; i < n; i++) {
        const struct lb_map *c = items[i].type == LB_MAP ? lb_map(&items[i].map, "column") : NULL;
        c = items[i].type == LB_REF ? &items[i].ref->attrs : c;
        struct str name = lb_text(c, "name");
        sb_c(def, i ? ", " : "");
        if (is_column(cols, all, name)) {
            sql_fmt(def, &pg_dialect, "%I", name);
            fact_dep(f, path_join(r->mem, path, STR("column"), name));
        } else
            sb_str(def, name); /* an expression, as the server writes it */
        sb_c(def, lb_bool(c, "descending", false) ? " DESC" : "");
    }
}

static int read_indexes(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *x; (x = lb_next(r->in, "Index", &at));) {
        const struct lb_object *table;
        struct strbuf def = sb_new(r->mem, 0);
        struct str name, using = lb_text(&x->attrs, "using");
        struct fact f;
        if (lb_need_text(r->in, x, "name", &name, r->e) ||
            lb_need_ref(r->in, x, "table", &table, r->e))
            return -1;
        if (backs_key(r, x) || !str_eq_c(table->class, "Table"))
            continue;
        struct str path = relation_path(r, table, "table");
        fact_begin(&f, r->cat, "index", path, name);
        sql_fmt(&def, &pg_dialect, "CREATE %sINDEX %I ON %S ",
                lb_bool(&x->attrs, "unique", false) ? "UNIQUE " : "", name,
                pg_name(r->mem, path, 2));
        if (using.n) /* since 5.0 */
            sql_fmt(&def, &pg_dialect, "USING %S ", using);
        sb_char(&def, '(');
        index_terms(r, x, table, &def, &f);
        sb_char(&def, ')');
        fact_text(&f, "def", sb_view(&def));
        fact_end(&f);
    }
    return 0;
}

static int read_sequences(struct reading *r)
{
    static const char *const pairs[][2] = {{"cache", "cacheSize"},  {"increment", "incrementBy"},
                                           {"max", "maxValue"},     {"min", "minValue"},
                                           {"start", "startValue"}, {"type", "dataType"}};
    uint32_t at = 0;
    for (const struct lb_object *s; (s = lb_next(r->in, "Sequence", &at));) {
        struct str name;
        struct fact f;
        if (lb_need_text(r->in, s, "name", &name, r->e))
            return -1;
        fact_begin(&f, r->cat, "sequence", schema_path(r, s), name);
        fact_bool(&f, "cycle", lb_bool(&s->attrs, "willCycle", false));
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            struct str value = lb_text(&s->attrs, pairs[i][1]);
            if (!value.n && i != 3 && i != 2)
                value = i == 5 ? STR("bigint") : STR("1");
            fact_text(&f, pairs[i][0], value);
        }
        fact_end(&f);
    }
    return 0;
}

static int read_views(struct reading *r)
{
    uint32_t at = 0;
    for (const struct lb_object *v; (v = lb_next(r->in, "View", &at));) {
        struct str name, query;
        struct fact f;
        uint32_t n;
        if (lb_need_text(r->in, v, "name", &name, r->e) ||
            lb_need_text(r->in, v, "definition", &query, r->e))
            return -1;
        const struct lb_object *const *cols = lb_columns(r->in, v, r->mem, &n);
        struct str *items = NEW_ARRAY(r->mem, struct str, n);
        for (uint32_t i = 0; i < n; i++) {
            const struct lb_map *type = lb_map(&cols[i]->attrs, "type");
            struct strbuf b = sb_new(r->mem, 0);
            sql_fmt(&b, &pg_dialect, "%I ", lb_text(&cols[i]->attrs, "name"));
            sb_str(&b, server_type(type, lb_schema_of(r->in, v, STR("public")), r->mem));
            items[i] = sb_view(&b);
        }
        fact_begin(&f, r->cat, "view", schema_path(r, v), name);
        fact_list(&f, "columns", items, n);
        fact_text(&f, "comment", lb_text(&v->attrs, "remarks"));
        fact_text(&f, "query", arena_printf(r->mem, " %.*s", STR_ARG(str_trim(query))));
        fact_end(&f);
    }
    return 0;
}

int pg_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e)
{
    struct reading r = {in, out, out->mem, e};
    struct str number = in->product_version;
    out->version = number.n ? arena_printf(out->mem, "PostgreSQL %.*s",
                                           STR_ARG(str_sub(number, 0, str_chr(number, ' '))))
                            : arena_printf(out->mem, "PostgreSQL %d.%d", in->major, in->minor);
    read_schemas(&r);
    return read_tables(&r) || read_keys(&r, "PrimaryKey", "primary_key", "PRIMARY KEY") ||
                   read_keys(&r, "UniqueConstraint", "unique", "UNIQUE") || read_foreign_keys(&r) ||
                   read_indexes(&r) || read_sequences(&r) || read_views(&r)
               ? -1
               : 0;
}
