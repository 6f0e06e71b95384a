/*
 * What a Liquibase snapshot of this engine leaves open, and so what it takes from the side that it
 * is compared with; see struct engine.
 */

#include <string.h>

#include "core/escape.h"
#include "drivers/sql/told.h"
#include "drivers/sqlite/liquibase.h"

const char *const lite_liquibase_part[] = {
    "column.default: a word or a text, a number or its text, the T in a time",
    "foreign_key: names, and whether the columns there are named",
    "index: of expressions, all but one of those on the same columns",
    "index.columns: DESC, COLLATE",
    "primary_key.columns: DESC, COLLATE",
    "primary_key.constraint: a name that is given at the column",
    "unique: names",
    "unique.columns: DESC, COLLATE",
    NULL,
};

bool lite_liquibase_holds(const struct kind_desc *kind, const struct attr_desc *attr)
{
    static const struct {
        const struct kind_desc *kind;
        const char *attrs;
    } told[] = {
        {&lite_table_kind, "columns,name"},
        {&lite_column_kind, "affinity,default,name,notnull,type"},
        {&lite_primary_key_kind, "columns,constraint"},
        {&lite_unique_kind, "columns"},
        {&lite_foreign_key_kind, "columns,on_delete,on_update,ref_columns,ref_table"},
        {&lite_index_kind, "columns,name,unique"},
        {&lite_view_kind, "name,query"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i].kind == kind)
            return !attr || word_in(told[i].attrs, str_c(attr->name));
    return false;
}

/* Of a column without a type '1' and 1 are two values: which of them it is, is not told. */
static enum told_value value_of(const struct obj *column, struct arena *mem)
{
    if (told_value_of(lite_fold(mem, obj_text(mem, column, "type"))) == TOLD_TIME)
        return TOLD_TIME;
    return str_eq_c(obj_text(mem, column, "affinity"), "text") ? TOLD_TEXT : TOLD_NUMBER;
}

static bool same_default(const struct obj *twin, struct str told, struct str other,
                         struct arena *mem)
{
    struct str text = told_literal(told, mem);
    return told.n && other.n &&
           (told_words(told, other) || told_same_value(value_of(twin, mem), told, other, mem) ||
            told_words(told_bare(text), told_bare(other)));
}

/* Terms without DESC and COLLATE, which are not told. */
static bool same_terms(struct str a, struct str b, struct arena *mem)
{
    struct jc_iter x = jc_iter(a), y = jc_iter(b);
    struct str key, v, w;
    if (jc_count(a) != jc_count(b))
        return false;
    while (jc_next(&x, &key, &v) && jc_next(&y, &key, &w)) {
        struct lexer l = lex_open(jc_text(mem, v)), m = lex_open(jc_text(mem, w));
        struct tok p = lex_next(&l), q = lex_next(&m);
        bool more = lex_peek(&m).type != T_END && !tok_is(lex_peek(&m), "desc") &&
                    !tok_is(lex_peek(&m), "asc") && !tok_is(lex_peek(&m), "collate");
        if (more || !str_eq_fold(tok_name(mem, p), tok_name(mem, q)))
            return false;
    }
    return true;
}

bool lite_liquibase_same(const struct obj *twin, const struct kind_desc *kind,
                         const struct attr_desc *attr, struct str told, struct str other,
                         struct arena *mem)
{
    struct str name = str_c(attr->name);
    if (str_eq_c(name, "default"))
        return same_default(twin, jc_text(mem, told), jc_text(mem, other), mem);
    if (str_eq_c(name, "on_delete") || str_eq_c(name, "on_update"))
        return !told.n && str_eq_c(other, "\"no action\"");
    if (str_eq_c(name, "constraint"))
        return !told.n; /* a name given at the column is not told */
    if (str_eq_c(name, "ref_columns"))
        return !other.n; /* told though it is not written: the parent's key */
    if (str_eq_c(name, "ref_table"))
        return str_eq_fold(told, other);
    if (kind == &lite_primary_key_kind || kind == &lite_unique_kind || kind == &lite_index_kind)
        return str_eq_c(name, "columns") && same_terms(told, other, mem);
    return false;
}

struct settling {
    struct catalog *cat;
    const struct catalog *other;
    struct arena *mem;
    VEC(const struct obj *) named; /* of the other side, each for one unnamed constraint here */
};

static bool is_kind(const struct catalog *cat, const struct obj *o, const struct kind_desc *kind)
{
    return obj_kind(cat->eng, o) == kind;
}

static bool same_attr(const struct obj *a, const struct obj *b, const char *attr)
{
    return str_eq_fold(obj_raw(a, attr), obj_raw(b, attr));
}

static bool is_taken(const struct settling *s, const struct obj *twin)
{
    for (uint32_t i = 0; i < s->named.n; i++)
        if (s->named.v[i] == twin)
            return true;
    return cat_find(s->cat, twin->path) != NULL;
}

/* A constraint whose name is not told goes by its columns: it is the first of the other side that
 * the snapshot does not have by its name. NULL: there is none. */
static const struct obj *find_named(struct settling *s, const struct obj *o)
{
    const struct catalog *other = s->other;
    struct str table = path_parent(o->path);
    const struct kind_desc *kind = obj_kind(s->cat->eng, o);
    for (uint32_t i = cat_lower(other, table); i < other->n && path_within(other->v[i].path, table);
         i++) {
        const struct obj *twin = &other->v[i];
        if (is_kind(other, twin, kind) && !is_taken(s, twin) &&
            same_terms(obj_raw(o, "columns"), obj_raw(twin, "columns"), s->mem) &&
            same_attr(o, twin, "ref_table")) {
            VEC_PUSH(s->mem, s->named, twin);
            return twin;
        }
    }
    return NULL;
}

/* What such a constraint does not tell is as over there. */
static void take_untold(struct settling *s, struct obj *o, const struct obj *twin)
{
    static const char untold[] = "conflict,deferrable,match";
    const struct kind_desc *kind = obj_kind(s->cat->eng, o);
    for (size_t k = 0; k < kind->nattrs; k++) {
        const struct attr_desc *attr = &kind->attrs[k];
        struct str told = obj_raw(o, attr->name), theirs = obj_raw(twin, attr->name);
        if (word_in(untold, str_c(attr->name)) ||
            lite_liquibase_same(twin, kind, attr, told, theirs, s->mem))
            o->a = obj_with(s->mem, s->cat->eng, o, attr->name, theirs);
    }
}

/* Columns of a key are NOT NULL by themselves where the table has no rowid. */
static void settle_column(struct settling *s, struct obj *o, const struct obj *twin)
{
    struct str key = path_join(s->mem, path_parent(o->path), STR("primary_key"), STR("#"));
    const struct obj *pk = cat_find(s->other, key);
    if (obj_true(o, "notnull") && !obj_true(twin, "notnull") && pk &&
        lite_terms_hold(s->mem, obj_raw(pk, "columns"), path_name(s->mem, o->path)))
        o->a = obj_with(s->mem, s->cat->eng, o, "notnull", STR_NULL);
}

static void put_clause(struct strbuf *out, const struct obj *o, const char *attr,
                       const char *before, const char *behind)
{
    struct str text = obj_text(out->mem, o, attr);
    if (text.n)
        sb_printf(out, "%s%.*s%s", before, STR_ARG(text), behind);
}

static void put_list(struct strbuf *out, const struct obj *o, const char *attr, bool names)
{
    uint32_t n;
    struct str *items = lite_list(out->mem, obj_raw(o, attr), &n);
    sb_char(out, '(');
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(out, &lite_dialect, names ? "%s%I" : "%s%S", i ? ", " : "", items[i]);
    sb_char(out, ')');
}

static void say_column(struct strbuf *out, const struct obj *o)
{
    sql_fmt(out, &lite_dialect, "%I", obj_name(out->mem, o));
    put_clause(out, o, "type", " ", "");
    put_clause(out, o, "collate", " COLLATE ", "");
    if (obj_true(o, "notnull"))
        sb_c(out, " NOT NULL");
    put_clause(out, o, "notnull_conflict", " ON CONFLICT ", "");
    put_clause(out, o, "default", " DEFAULT (", ")");
    put_clause(out, o, "generated", " GENERATED ALWAYS AS (", ")");
    sb_c(out, obj_true(o, "stored") ? " STORED" : "");
}

static void say_key(struct strbuf *out, const struct obj *o, const char *word)
{
    put_clause(out, o, "constraint", "CONSTRAINT ", " ");
    if (!path_is_unnamed(o->path))
        sql_fmt(out, &lite_dialect, "CONSTRAINT %I ", path_name(out->mem, o->path));
    sb_printf(out, "%s ", word);
    put_list(out, o, "columns", false);
    put_clause(out, o, "conflict", " ON CONFLICT ", "");
}

static void say_foreign_key(struct strbuf *out, const struct obj *o)
{
    if (!path_is_unnamed(o->path))
        sql_fmt(out, &lite_dialect, "CONSTRAINT %I ", path_name(out->mem, o->path));
    sb_c(out, "FOREIGN KEY ");
    put_list(out, o, "columns", true);
    sql_fmt(out, &lite_dialect, " REFERENCES %I", obj_text(out->mem, o, "ref_table"));
    if (obj_raw(o, "ref_columns").n)
        put_list(out, o, "ref_columns", true);
    put_clause(out, o, "on_delete", " ON DELETE ", "");
    put_clause(out, o, "on_update", " ON UPDATE ", "");
    put_clause(out, o, "match", " MATCH ", "");
    put_clause(out, o, "deferrable", " ", "");
}

/* A key that counts up is written at its column. */
static bool say_counter(struct settling *s, struct obj *o)
{
    uint32_t n;
    struct str *cols = lite_list(s->mem, obj_raw(o, "columns"), &n);
    if (!obj_true(o, "autoincrement") || n != 1)
        return false;
    struct strbuf src = sb_new(s->mem, 0);
    sb_c(&src, "{\"column\":");
    esc_json(&src, lite_fold(s->mem, cols[0]));
    sb_c(&src, ",\"def\":\"PRIMARY KEY AUTOINCREMENT\"}");
    o->src = sb_view(&src);
    return true;
}

/* What a fact is written out by, from its attributes: some of them were taken from the other
 * side. */
static void say_again(struct settling *s, struct obj *o)
{
    const char *key = "def";
    struct strbuf text = sb_new(s->mem, 0), src = sb_new(s->mem, 0);
    if (is_kind(s->cat, o, &lite_column_kind)) {
        o->a = obj_with(s->mem, s->cat->eng, o, "constraint_names", STR_NULL);
        say_column(&text, o);
    } else if (is_kind(s->cat, o, &lite_primary_key_kind)) {
        if (say_counter(s, o))
            return;
        o->a = obj_with(s->mem, s->cat->eng, o, "not_alias", STR_NULL);
        say_key(&text, o, "PRIMARY KEY");
    } else if (is_kind(s->cat, o, &lite_unique_kind))
        say_key(&text, o, "UNIQUE");
    else if (is_kind(s->cat, o, &lite_foreign_key_kind))
        say_foreign_key(&text, o);
    else if (is_kind(s->cat, o, &lite_index_kind)) {
        key = "sql";
        sql_fmt(&text, &lite_dialect, "CREATE %sINDEX %I ON %I ",
                obj_true(o, "unique") ? "UNIQUE " : "", obj_name(s->mem, o),
                path_name(s->mem, path_parent(o->path)));
        put_list(&text, o, "columns", false);
        put_clause(&text, o, "where", " WHERE ", "");
    } else
        return;
    sb_printf(&src, "{\"%s\":", key);
    esc_json(&src, sb_view(&text));
    sb_char(&src, '}');
    o->src = sb_view(&src);
}

/* An index with a term that is no column is not told at all. */
static bool over_expression(const struct catalog *other, const struct obj *o, struct arena *mem)
{
    struct jc_iter it = jc_iter(obj_raw(o, "columns"));
    struct str key, term;
    while (jc_next(&it, &key, &term)) {
        struct lexer l = lex_open(jc_text(mem, term));
        struct str name = lite_fold(mem, tok_name(mem, lex_next(&l)));
        struct tok behind = lex_peek(&l);
        bool plain = behind.type == T_END || tok_is(behind, "desc") || tok_is(behind, "collate");
        if (!plain || !cat_find(other, path_join(mem, path_parent(o->path), STR("column"), name)))
            return true;
    }
    return false;
}

/* A virtual table and the tables behind it are told as if they were ordinary ones. */
static bool of_virtual(const struct settling *s, const struct obj *o)
{
    struct str name = path_name(s->mem, path_top(o->path));
    for (size_t n = name.n; n > 0; n--) {
        struct str path = path_join(s->mem, STR(""), STR("virtual_table"), str_sub(name, 0, n));
        if ((n == name.n || name.p[n] == '_') && cat_find(s->other, path))
            return str_eq_c(path_kind(path_top(o->path)), "table");
    }
    return false;
}

/* Checks and triggers were taken along; what speaks of a column that goes, goes with it. */
static bool of_gone_column(const struct settling *s, const struct obj *o)
{
    static const char *const texts[] = {"expr", "body", "when", "columns", "where"};
    struct str table = path_parent(o->path);
    bool taken = is_kind(s->cat, o, &lite_check_kind) || is_kind(s->cat, o, &lite_trigger_kind) ||
                 is_kind(s->cat, o, &lite_index_kind);
    for (uint32_t i = cat_lower(s->other, table);
         taken && i < s->other->n && path_within(s->other->v[i].path, table); i++) {
        const struct obj *column = &s->other->v[i];
        if (!is_kind(s->other, column, &lite_column_kind) || cat_find(s->cat, column->path))
            continue;
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            if (kind_attr(obj_kind(s->cat->eng, o), str_c(texts[k])) &&
                lite_mentions(s->mem, obj_text(s->mem, o, texts[k]),
                              path_name(s->mem, column->path)))
                return true;
    }
    return false;
}

void lite_liquibase_settle(struct catalog *cat, const struct catalog *other, struct arena *mem)
{
    struct settling s = {.cat = cat, .other = other, .mem = mem};
    struct obj *made = NEW_ARRAY(mem, struct obj, cat->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &made[n];
        const struct obj *twin = cat_find(other, cat->v[i].path);
        *o = cat->v[i];
        bool named = is_kind(cat, o, &lite_unique_kind) || is_kind(cat, o, &lite_foreign_key_kind);
        if (!twin && named && path_is_unnamed(o->path) && (twin = find_named(&s, o))) {
            o->path = twin->path;
            take_untold(&s, o, twin);
        }
        if (twin && is_kind(cat, o, &lite_column_kind))
            settle_column(&s, o, twin);
        if (twin && str_eq(o->a, twin->a))
            *o = *twin;
        else if (twin)
            say_again(&s, o);
        bool told = is_kind(cat, o, &lite_index_kind);
        if (told && obj_raw(o, "where").n && of_gone_column(&s, o)) {
            o->a = obj_with(mem, cat->eng, o, "where", STR_NULL);
            say_again(&s, o);
        }
        n += !of_virtual(&s, o) && (told || !of_gone_column(&s, o));
    }
    VEC(const struct obj *) more = {0};
    for (uint32_t i = 0; i < other->n; i++) {
        const struct obj *o = &other->v[i];
        if (is_kind(other, o, &lite_index_kind) && !cat_find(cat, o->path) &&
            cat_find(cat, path_parent(o->path)) && over_expression(other, o, mem) &&
            !of_gone_column(&s, o))
            VEC_PUSH(mem, more, o);
    }
    if (n)
        memcpy(cat->v, made, n * sizeof *made);
    cat->n = n;
    for (uint32_t i = 0; i < more.n; i++)
        cat_add_own(cat, more.v[i]);
}
