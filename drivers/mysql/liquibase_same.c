/*
 * What a Liquibase snapshot of this engine leaves open, and so what it takes from the side that it
 * is compared with; see struct engine.
 */

#include <string.h>

#include "core/escape.h"
#include "drivers/mysql/liquibase.h"
#include "drivers/sql/lex.h"
#include "drivers/sql/told.h"

const char *const my_liquibase_part[] = {
    "column.default: NULL or the text NULL; a function or a text of its words",
    "column.type: widths of numbers, fractions of seconds, ZEROFILL, tinyint(1) or bit",
    "foreign_key.on_delete: NO ACTION or RESTRICT",
    "foreign_key.on_update: NO ACTION or RESTRICT",
    "index: of expressions, for foreign keys, all but one of those on the same columns",
    "index.parts: lengths",
    "index.type: FULLTEXT or SPATIAL",
    "primary_key.parts: lengths",
    "sequence.def: cache",
    "view.query: character sets of literals, parentheses around joins, databases of names",
    NULL,
};

bool my_liquibase_holds(const struct kind_desc *kind, const struct attr_desc *attr)
{
    static const struct {
        const struct kind_desc *kind;
        const char *attrs;
    } told[] = {
        {&my_table_kind, "columns,comment"},
        {&my_column_kind, "auto_increment,comment,default,notnull,on_update,type"},
        {&my_primary_key_kind, "parts"},
        {&my_index_kind, "parts,type"},
        {&my_foreign_key_kind, "columns,on_delete,on_update,ref_columns,ref_schema,ref_table"},
        {&my_sequence_kind, "def"},
        {&my_view_kind, "query"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i].kind == kind)
            return !attr || word_in(told[i].attrs, str_c(attr->name));
    return false;
}

/* A type without what the metadata lose: the width of whole numbers and of years, fractions of
 * times, zeros in front; a bit and a small number for a truth are one. */
static struct str loose_type(struct str type, struct arena *mem)
{
    static const char wide[] = "tinyint,smallint,mediumint,int,bigint,year,time,timestamp,"
                               "datetime,double,float,bit";
    size_t open = str_chr(type, '('), close = str_chr(type, ')');
    struct str word = str_sub(type, 0, open < type.n ? open : str_chr(type, ' '));
    struct strbuf b = sb_new(mem, 0);
    if (str_eq_c(type, "tinyint(1)") || str_eq_c(type, "bit(1)"))
        return STR("bit");
    sb_str(&b, word);
    struct str tail = open < type.n ? str_from(type, close + 1) : str_from(type, word.n);
    if (open < type.n && !word_in(wide, word))
        sb_str(&b, str_sub(type, open, close + 1));
    size_t zeros = str_find(tail, STR(" zerofill"));
    sb_str(&b, str_sub(tail, 0, zeros));
    return sb_view(&b);
}

static bool same_type(struct str told, struct str other, struct arena *mem)
{
    bool list = str_starts(told, STR("enum(")) || str_starts(told, STR("set("));
    size_t comma = str_find(told, STR("(")), theirs = str_find(other, STR("("));
    if (list || str_eq(told, other))
        return str_eq(told, other);
    bool both = comma < told.n && theirs < other.n;
    bool fraction =
        both && (str_starts(told, STR("datetime(")) || str_starts(told, STR("timestamp(")) ||
                 str_starts(told, STR("double(")));
    return !fraction && str_eq(loose_type(told, mem), loose_type(other, mem));
}

/* 0x00 and x'00' as the bytes that they stand for. */
static bool hex_bytes(struct str s, struct arena *mem, struct str *out)
{
    static const char hex[] = "0123456789abcdef";
    struct strbuf b = sb_new(mem, 0);
    if (!str_starts(s, STR("0x")) && !str_starts(s, STR("x'")))
        return false;
    s = str_sub(s, 2, s.p[0] == 'x' ? s.n - 1 : s.n);
    for (size_t i = 0; i + 1 < s.n; i += 2) {
        const char *x = s.p[i] ? strchr(hex, ascii_lower(s.p[i])) : NULL;
        const char *y = s.p[i + 1] ? strchr(hex, ascii_lower(s.p[i + 1])) : NULL;
        if (!x || !y)
            return false;
        sb_char(&b, (char)((x - hex) << 4 | (y - hex)));
    }
    *out = sb_view(&b);
    return true;
}

/* The same of a whole string literal, whatever character set stands in front. */
static bool literal_bytes(struct str s, struct arena *mem, struct str *out)
{
    struct my_lex l = {s, 0};
    struct my_tok t = my_next(&l);
    if (hex_bytes(s, mem, out))
        return true;
    if (t.type == MY_WORD && t.text.p[0] == '_')
        t = my_next(&l);
    if (t.type != MY_STRING || my_next(&l).type != MY_END)
        return false;
    *out = my_unquote(mem, t);
    return true;
}

static bool same_default(const struct obj *twin, struct str told, struct str other,
                         struct arena *mem)
{
    struct str a = told_bare(told), b = told_bare(other), x = STR_NULL, y = STR_NULL;
    bool none = !told.n || str_eq_c(told, "NULL"), nothing = !other.n || str_eq_c(other, "NULL");
    bool text = literal_bytes(b, mem, &y);
    if (none || nothing)
        return none && (nothing || (text && str_eq_c(y, "NULL"))); /* 'NULL' is told as NULL */
    enum told_value sort = told_value_of(obj_text(mem, twin, "type"));
    bool literals = literal_bytes(a, mem, &x) && text;
    if (literals && str_eq(x, y))
        return true;
    if (sort != TOLD_TEXT && told_same_value(sort, a, b, mem))
        return true;
    /* what came without its quotes */
    return (!literals && told_words(a, b)) || (text && str_eq(a, y));
}

/* `name`(5) as `name` */
static struct str loose_part(struct str part, struct arena *mem)
{
    size_t tick = part.n;
    while (tick && part.p[tick - 1] != '`')
        tick--;
    struct str tail = str_from(part, tick);
    bool prefix = tail.n > 2 && tail.p[0] == '(';
    struct str rest = prefix ? str_from(tail, str_chr(tail, ')') + 1) : tail;
    return arena_printf(mem, "%.*s%.*s", STR_ARG(str_sub(part, 0, tick)), STR_ARG(rest));
}

static bool same_parts(struct str a, struct str b, struct arena *mem)
{
    struct jc_iter x = jc_iter(a), y = jc_iter(b);
    struct str key, v, w;
    if (jc_count(a) != jc_count(b))
        return false;
    while (jc_next(&x, &key, &v) && jc_next(&y, &key, &w))
        if (!str_eq(loose_part(jc_text(mem, v), mem), loose_part(jc_text(mem, w), mem)))
            return false;
    return true;
}

/* A sequence's numbers but for its cache and engine. */
static bool same_sequence(struct str a, struct str b)
{
    size_t x = str_find(a, STR(" cache ")), y = str_find(b, STR(" cache "));
    bool c = str_find(a, STR(" nocycle")) < a.n, d = str_find(b, STR(" nocycle")) < b.n;
    if (y == b.n)
        y = str_find(b, STR(" nocache"));
    return c == d && str_eq(str_sub(a, 0, x), str_sub(b, 0, y));
}

/* Literals with their quotes doubled, as the tokens that are compared have them. */
static struct str doubled_quotes(struct str text, struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        bool escape = inside && text.p[i] == '\\' && i + 1 < text.n;
        if (escape && text.p[i + 1] == '\'')
            sb_char(&out, '\'');
        else
            sb_char(&out, text.p[i]);
        if (escape)
            sb_char(&out, text.p[++i]);
        else if (text.p[i] == '\'')
            inside = !inside;
    }
    return sb_view(&out);
}

/* A query without the parentheses around joins, which VIEW_DEFINITION leaves out (MySQL 9.7). */
static struct str without_joins(struct str query, struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    struct lexer l = lex_open(doubled_quotes(query, mem));
    VEC(bool) open = {0};
    bool from = false;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        bool select = tok_is(lex_peek(&l), "select"), drop = false;
        if (tok_is_op(t, "(")) {
            drop = from && !select;
            VEC_PUSH(mem, open, drop);
        } else if (tok_is_op(t, ")") && open.n)
            drop = open.v[--open.n];
        /* a character set in front of a literal, which that leaves out too */
        if (t.type == T_WORD && t.text.p[0] == '_' && lex_peek(&l).type == T_STRING)
            continue;
        from = tok_is(t, "from") || tok_is(t, "join") || (drop && tok_is_op(t, "("));
        if (!drop)
            sb_printf(&out, "%.*s ", STR_ARG(t.text));
    }
    return sb_view(&out);
}

bool my_liquibase_same(const struct obj *twin, const struct kind_desc *kind,
                       const struct attr_desc *attr, struct str told, struct str other,
                       struct arena *mem)
{
    struct str name = str_c(attr->name);
    struct str a = jc_text(mem, told), b = jc_text(mem, other);
    if (kind == &my_foreign_key_kind && str_starts(name, STR("on_")))
        return (!a.n || str_eq_c(a, "RESTRICT")) &&
               (!b.n || str_eq_c(b, "RESTRICT") || str_eq_c(b, "NO ACTION"));
    if (str_eq_c(name, "default"))
        return same_default(twin, a, b, mem);
    if (str_eq_c(name, "parts"))
        return same_parts(told, other, mem);
    if (kind == &my_index_kind && str_eq_c(name, "type"))
        return !told.n && (str_eq_c(b, "FULLTEXT") || str_eq_c(b, "SPATIAL"));
    if (!told.n || !other.n)
        return false;
    if (kind == &my_column_kind && str_eq_c(name, "type"))
        return same_type(a, b, mem);
    if (str_eq_c(name, "def"))
        return same_sequence(a, b);
    if (str_eq_c(name, "query"))
        return told_words(without_joins(a, mem), without_joins(b, mem));
    return str_eq_c(name, "on_update") && told_words(a, b);
}

/* Keys that no list of indexes holds: of texts and places, over expressions, and those that the
 * server made for a foreign key. */
static bool untold_index(const struct catalog *cat, const struct obj *o, struct arena *mem)
{
    struct str type = obj_text(mem, o, "type"), table = path_parent(o->path), key, part;
    if (type.n && !str_eq_c(type, "UNIQUE"))
        return true;
    struct jc_iter it = jc_iter(obj_raw(o, "parts"));
    while (jc_next(&it, &key, &part))
        if (str_find(jc_text(mem, part), STR("`")) != 0)
            return true;
    for (uint32_t i = cat_lower(cat, table); i < cat->n && path_within(cat->v[i].path, table);
         i++) {
        struct jc_iter mine = jc_iter(obj_raw(o, "parts"));
        struct jc_iter theirs = jc_iter(obj_raw(&cat->v[i], "columns"));
        struct str column;
        bool serves = my_is_kind(&cat->v[i], "foreign_key");
        while (serves && jc_next(&theirs, &key, &column))
            serves = jc_next(&mine, &key, &part) &&
                     str_eq(jc_text(mem, part), my_text(mem, "`%S`", jc_text(mem, column)));
        if (serves && !type.n)
            return true;
    }
    return false;
}

/* A new table has what tables of the other side's database get. */
static void settle_table(struct catalog *cat, struct obj *o, const struct obj *db,
                         struct arena *mem)
{
    struct str engine = db ? obj_src(mem, db, "default_storage_engine") : STR_NULL;
    struct strbuf raw = sb_new(mem, 0);
    static const char *const attrs[] = {"charset", "collation"};
    if (!my_is_kind(o, "table") || obj_raw(o, "engine").n)
        return;
    esc_json(&raw, engine.n ? engine : STR("InnoDB"));
    o->a = obj_with(mem, cat->eng, o, "engine", sb_view(&raw));
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs && db; i++)
        o->a = obj_with(mem, cat->eng, o, attrs[i], obj_raw(db, attrs[i]));
}

/* DEFAULT NULL goes with a column that may be NULL; that it is written is told by neither. */
static void settle_column(struct catalog *cat, struct obj *o, const struct obj *twin,
                          struct arena *mem)
{
    bool notnull = obj_true(o, "notnull");
    struct str dflt = obj_raw(o, "default");
    if (!my_is_kind(o, "column") || !twin || notnull == obj_true(twin, "notnull"))
        return;
    if (notnull && str_eq_c(dflt, "\"NULL\""))
        o->a = obj_with(mem, cat->eng, o, "default", STR_NULL);
    else if (!notnull && !dflt.n && !obj_raw(o, "generated").n && !obj_true(o, "auto_increment"))
        o->a = obj_with(mem, cat->eng, o, "default", STR("\"NULL\""));
}

void my_liquibase_settle(struct catalog *cat, const struct catalog *other, struct arena *mem)
{
    VEC(const struct obj *) more = {0};
    const struct obj *db = cat_find(other, STR("database:database"));
    for (uint32_t i = 0; i < cat->n; i++) {
        settle_table(cat, &cat->v[i], db, mem);
        settle_column(cat, &cat->v[i], cat_find(other, cat->v[i].path), mem);
    }
    for (uint32_t i = 0; i < other->n; i++) {
        const struct obj *o = &other->v[i];
        if (my_is_kind(o, "index") && !cat_find(cat, o->path) &&
            cat_find(cat, path_parent(o->path)) && untold_index(cat, o, mem))
            VEC_PUSH(mem, more, o);
    }
    for (uint32_t i = 0; i < more.n; i++)
        cat_add_own(cat, more.v[i]);
}
