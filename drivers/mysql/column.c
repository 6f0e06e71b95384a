/* Columns: their facts, and their clause as SHOW CREATE has it. All that happens to a column is
 * part of its table's ALTER TABLE (alter.c). */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/table.h"

/* `table`: its collation, which MySQL shows at a column that has it from there; written at the
 * column it would be the column's own. */
static void put_charset(struct strbuf *out, const struct obj *o, struct str table)
{
    struct str charset = obj_text(out->mem, o, "charset"),
               collate = obj_text(out->mem, o, "collate");
    if (!charset.n && str_eq(collate, table))
        return;
    if (charset.n)
        sb_printf(out, " CHARACTER SET %.*s", STR_ARG(charset));
    if (collate.n)
        sb_printf(out, " COLLATE %.*s", STR_ARG(collate));
}

static void put_generated(struct strbuf *out, const struct obj *o)
{
    struct str expr = obj_text(out->mem, o, "generated");
    bool row = str_eq(expr, STR("ROW START")) || str_eq(expr, STR("ROW END"));
    if (row)
        sb_printf(out, " GENERATED ALWAYS AS %.*s", STR_ARG(expr));
    else if (expr.n)
        sb_printf(out, " GENERATED ALWAYS AS (%.*s) %s", STR_ARG(expr),
                  obj_true(o, "stored") ? "STORED" : "VIRTUAL");
}

static void put_value(struct strbuf *out, const struct obj *o, const char *attr, const char *words)
{
    struct str value = obj_text(out->mem, o, attr);
    if (!str_is_null(value))
        sb_printf(out, " %s %.*s", words, STR_ARG(value));
}

static void put_comment(struct strbuf *out, const struct obj *o)
{
    struct str comment = obj_text(out->mem, o, "comment");
    if (!comment.n)
        return;
    sb_c(out, " COMMENT ");
    my_put_string(out, comment);
}

/* MySQL writes a null-able timestamp as NULL, MariaDB too; a generated one has neither. */
static void put_null(struct strbuf *out, const struct obj *o)
{
    if (obj_true(o, "notnull"))
        sb_c(out, " NOT NULL");
    else if (obj_true(o, "null_written"))
        sb_c(out, " NULL");
}

static void put_flag(struct strbuf *out, const struct obj *o, const char *attr, const char *words)
{
    if (obj_true(o, attr))
        sb_printf(out, " %s", words);
}

/* How the column is stored, which stands before its default; other options stand at the end. */
static bool is_early(struct str options)
{
    return str_starts(options, STR("COLUMN_FORMAT")) || str_starts(options, STR("STORAGE"));
}

static void put_clauses(struct strbuf *out, const struct obj *o, struct str table, bool mariadb)
{
    my_put_name(out, my_name(out->mem, o->path));
    sb_char(out, ' ');
    sb_str(out, obj_text(out->mem, o, "type"));
    put_charset(out, o, table);
    put_generated(out, o);
    if (mariadb) {
        put_null(out, o);
        put_flag(out, o, "invisible", "INVISIBLE");
    } else {
        put_null(out, o);
        put_value(out, o, "srid", "SRID");
    }
    struct str options = obj_text(out->mem, o, "options"), check = obj_text(out->mem, o, "check");
    if (is_early(options))
        sb_printf(out, " %.*s", STR_ARG(options));
    put_value(out, o, "default", "DEFAULT");
    put_flag(out, o, "unversioned", "WITHOUT SYSTEM VERSIONING");
    put_value(out, o, "on_update", "ON UPDATE");
    put_flag(out, o, "auto_increment", "AUTO_INCREMENT");
    if (!mariadb)
        put_flag(out, o, "invisible", "INVISIBLE");
    put_comment(out, o);
    if (options.n && !is_early(options))
        sb_printf(out, " %.*s", STR_ARG(options));
    if (!str_is_null(check))
        sb_printf(out, " CHECK (%.*s)", STR_ARG(check));
}

void my_put_column(struct strbuf *out, const struct view *v, const struct obj *o)
{
    const struct obj *table = view_get(v, path_parent(o->path));
    put_clauses(out, o, obj_text(out->mem, table, "collation"), false);
}

enum my_family my_family_of(struct str type)
{
    static const struct {
        const char *words;
        enum my_family family;
    } rows[] = {
        {"uuid", MY_UUID},
        {"inet4", MY_INET4},
        {"inet6", MY_INET6},
        {"geometry,point,linestring,polygon,multipoint,multilinestring,multipolygon,"
         "geometrycollection,geomcollection",
         MY_GEOMETRIES},
        {"tinyint,smallint,mediumint,int,bigint,decimal,float,double,bit,date,datetime,timestamp,"
         "time,year",
         MY_NUMBERS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (word_in(rows[i].words, my_type_word(type)))
            return rows[i].family;
    return MY_TEXTS;
}

/* MySQL writes no DEFAULT NULL at a text. */
static bool has_defaults(struct str type)
{
    return !word_in("tinytext,text,mediumtext,longtext,tinyblob,blob,mediumblob,longblob",
                    my_type_word(type));
}

void my_put_bare(struct strbuf *out, const struct obj *o)
{
    if (obj_true(o, "notnull") || obj_true(o, "auto_increment") || obj_raw(o, "generated").n ||
        obj_raw(o, "default").n || !has_defaults(obj_text(out->mem, o, "type")))
        return;
    sb_c(out, out->n ? ", ALTER COLUMN " : "ALTER COLUMN ");
    my_put_name(out, my_name(out->mem, o->path));
    sb_c(out, " DROP DEFAULT");
}

bool my_follows_table(const struct ddl *d, const struct obj *was, const struct obj *is)
{
    static const char *const rest[] = {
        "type",      "collate",   "collation", "generated", "stored",         "default", "notnull",
        "on_update", "invisible", "comment",   "options",   "auto_increment", "srid"};
    const struct obj *old = view_get(d->before, path_parent(was->path)),
                     *new = view_get(d->after, path_parent(is->path));
    if (my_for_mariadb(d) || str_eq(obj_raw(old, "charset"), obj_raw(new, "charset")) ||
        obj_raw(was, "collate").n)
        return false;
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (!str_eq(obj_raw(was, rest[i]), obj_raw(is, rest[i])))
            return false;
    return true;
}

void my_put_inheriting(struct ddl *d, struct my_inheriting *list, const struct obj *o)
{
    const struct obj *table = view_get(d->after, path_parent(o->path));
    if (obj_raw(o, "charset").n && !obj_raw(o, "collate").n &&
        !str_eq(obj_raw(o, "charset"), obj_raw(table, "charset")))
        VEC_PUSH(d->mem, *list, o);
}

/* Its clause without the character set. */
static struct str without_charset(struct ddl *d, const struct obj *o)
{
    struct strbuf whole = sb_new(d->mem, 0);
    struct str head =
        my_text(d->mem, "%I %S", my_name(d->mem, o->path), obj_text(d->mem, o, "type"));
    struct str charset = my_text(d->mem, " CHARACTER SET %S", obj_text(d->mem, o, "charset"));
    my_put_column(&whole, d->after, o);
    return my_text(d->mem, "%S%S", head, str_from(sb_view(&whole), head.n + charset.n));
}

void my_alter_inheriting(struct ddl *d, struct str table, const struct my_inheriting *list)
{
    const struct obj *o = view_get(d->after, table);
    struct str collation = obj_text(d->mem, o, "collation");
    struct my_work w = {0};
    if (!list->n)
        return;
    my_note(&w, MY_TABLE_CHARSET);
    for (uint32_t i = 0; i < list->n; i++)
        my_alter(d, table, &w,
                 my_text(d->mem, "MODIFY COLUMN %S, DEFAULT CHARSET=%S",
                         without_charset(d, list->v[i]), obj_text(d->mem, list->v[i], "charset")));
    my_alter(d, table, &w,
             my_text(d->mem, "DEFAULT CHARSET=%S%s%S", obj_text(d->mem, o, "charset"),
                     collation.n ? " COLLATE=" : "", collation));
}

void my_alter_bare(struct ddl *d, struct str table, struct str clauses)
{
    struct my_work w = {0};
    my_note(&w, MY_SET_DEFAULT);
    if (clauses.n)
        my_alter(d, table, &w, clauses);
}

void my_show_column(struct strbuf *out, const struct obj *o, bool mariadb)
{
    put_clauses(out, o, STR_NULL, mariadb);
}

void my_column_facts(struct catalog *cat, const struct my_column *c, struct str table,
                     struct str collation)
{
    struct fact f;
    fact_begin(&f, cat, "column", table, c->name);
    fact_bool(&f, "auto_increment", c->auto_increment);
    fact_text(&f, "charset", c->charset);
    fact_text(&f, "check", c->check);
    fact_text(&f, "collate", c->collate);
    fact_text(&f, "collation", collation);
    if (c->comment.n)
        fact_text(&f, "comment", c->comment);
    fact_text(&f, "default", c->dflt);
    fact_text(&f, "generated", c->generated);
    fact_bool(&f, "invisible", c->invisible);
    fact_bool(&f, "notnull", c->notnull);
    fact_bool(&f, "null_written", c->null_written);
    fact_text(&f, "on_update", c->on_update);
    if (c->options.n)
        fact_text(&f, "options", c->options);
    fact_text(&f, "srid", c->srid);
    fact_bool(&f, "stored", c->stored);
    fact_text(&f, "type", c->type);
    fact_bool(&f, "unversioned", c->unversioned);
    fact_end(&f);
}

static bool column_computed(const struct obj *o)
{
    return !str_is_null(obj_raw(o, "generated"));
}

static void column_brief(const struct obj *o, struct strbuf *out)
{
    struct strbuf text = sb_new(out->mem, 0), name = sb_new(out->mem, 0);
    my_show_column(&text, o, false);
    my_put_name(&name, my_name(out->mem, o->path));
    sb_str(out, str_from(sb_view(&text), name.n + 1));
}

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"auto_increment", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "AUTO_INCREMENT"},
    {"charset",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "CHARACTER SET, where it is written"},
    {"check",          A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, AF_GUARDS, "the column's own CHECK (MariaDB)"},
    {"collate",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "COLLATE, where it is written"},
    {"collation",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_column, 1, false, AF_CONVERTS, "collation in effect"},
    {"comment",        A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &my_alter_table,  1, false, 0, "COMMENT"},
    {"default",        A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, true,  0, "DEFAULT, as the server writes it"},
    {"generated",      A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, true,  0, "expression of a generated column"},
    {"invisible",      A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "INVISIBLE"},
    {"notnull",        A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_column, 1, true,  AF_GUARDS, "NOT NULL"},
    {"null_written",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, AF_DERIVED, "NULL is written: a timestamp"},
    {"on_update",      A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "ON UPDATE"},
    {"options",        A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &my_alter_table,  1, false, 0, "COLUMN_FORMAT, STORAGE, attributes of the storage engine"},
    {"srid",           A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, AF_GUARDS, "spatial reference system (MySQL)"},
    {"stored",         A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "generated and STORED"},
    {"type",           A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_column, 1, true,  AF_CONVERTS, "data type, as the server writes it"},
    {"unversioned",    A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table,  1, false, 0, "WITHOUT SYSTEM VERSIONING"},
};
/* clang-format on */

const struct kind_desc my_column_kind = {
    .name = "column",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 21,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .rename = &my_rename_column,
    .brief = column_brief,
    .computed = column_computed,
    .ordered_by = "columns",
    .doc = "column of a table",
};
