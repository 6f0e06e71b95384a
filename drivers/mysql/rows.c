/* Rows for the proof: some into every table that takes them, whether they are all there still, and
 * how many rows a table has. */

#include "drivers/mysql/live.h"

#include <string.h>

enum { ROWS = 3 };

static bool is_table(const struct obj *o)
{
    return my_is_kind(o, "table");
}

/* A column that an INSERT may name. */
static bool is_plain_column(const struct obj *o, struct str table)
{
    return my_is_kind(o, "column") && path_within(o->path, table) &&
           str_is_null(obj_raw(o, "generated"));
}

/* Runs a statement that may fail for reasons of the rows. */
static int try(struct session *s, struct str sql, bool *done, struct err *e)
{
    *done = my_query(s, sql, NULL, e) == 0;
    return *done || my_is_statements(e) ? 0 : -1;
}

/* ---- values ---- */

/* The members of enum('a','b') or set(...) as they are written; *n of them. */
static struct str *members(struct arena *mem, struct str type, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct my_lex l = {type, 0};
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        if (t.type == MY_STRING)
            VEC_PUSH(mem, list, t.text);
    *n = list.n;
    return list.v;
}

static bool begins(struct str type, const char *words)
{
    struct str rest = str_c(words), one;
    while (str_cut(&rest, ',', &one))
        if (str_starts(type, one))
            return true;
    return false;
}

/* How rows look: with NULLs and odd values, without, the same small numbers everywhere. */
enum manner { NORMAL, TAME, PLAIN };

static struct str text_value(struct arena *mem, struct str type, int i, enum manner m)
{
    static const char *const odd[] = {"'007'", "'1e3'", "' x'"};
    size_t open = str_chr(type, '(');
    int64_t length = 0;
    str_int(str_sub(type, open + 1, str_chr(type, ')')), &length);
    if (m == NORMAL && i < ROWS && (length == 0 || length > 4))
        return str_c(odd[i % 3]);
    return arena_printf(mem, "'%d'", i);
}

static struct str value_of(struct arena *mem, struct str type, int i, enum manner m)
{
    uint32_t n;
    if (begins(type, "enum,set")) {
        struct str *list = members(mem, type, &n);
        return n ? list[m == PLAIN ? 0 : (uint32_t)i % n] : STR("''");
    }
    if (begins(type, "tinyint,smallint,mediumint,int,bigint,decimal,double,float"))
        return arena_printf(mem, "%d", i);
    if (begins(type, "bit"))
        return STR("1");
    if (begins(type, "year"))
        return arena_printf(mem, "%d", 2000 + i);
    if (begins(type, "date,timestamp"))
        return arena_printf(mem, "'2020-01-%02d'", i);
    if (begins(type, "time"))
        return arena_printf(mem, "'01:00:%02d'", i);
    if (begins(type, "json"))
        return arena_printf(mem, "'{\"a\": %d}'", i);
    if (begins(type, "uuid"))
        return arena_printf(mem, "'00000000-0000-0000-0000-%012d'", i);
    if (begins(type, "inet6"))
        return arena_printf(mem, "'::%d'", i);
    if (begins(type, "inet4"))
        return arena_printf(mem, "'10.0.0.%d'", i);
    if (begins(type, "geometrycollection,geomcollection"))
        return arena_printf(mem, "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(%d 1))')", i);
    if (begins(type, "linestring"))
        return arena_printf(mem, "ST_GeomFromText('LINESTRING(0 0,%d 1)')", i);
    if (begins(type, "polygon"))
        return arena_printf(mem, "ST_GeomFromText('POLYGON((0 0,%d 0,0 1,0 0))')", i);
    if (begins(type, "multi"))
        return STR("NULL");
    if (begins(type, "vector")) /* numbers of four bytes, as many as it says */
        return arena_printf(mem, "REPEAT(x'0000803f', %.*s)",
                            STR_ARG(str_from(str_sub(type, 0, str_chr(type, ')')), 7)));
    if (begins(type, "point,geometry"))
        return arena_printf(mem, "ST_GeomFromText('POINT(%d 1)')", i);
    return text_value(mem, type, i, m);
}

static struct str insert(struct arena *mem, const struct catalog *cat, const struct obj *table,
                         int i, enum manner m)
{
    struct strbuf names = sb_new(mem, 0), values = sb_new(mem, 0);
    for (uint32_t k = cat_lower(cat, table->path); k < cat->n; k++) {
        const struct obj *o = &cat->v[k];
        if (!path_within(o->path, table->path))
            break;
        if (!is_plain_column(o, table->path))
            continue;
        bool null = m == NORMAL && i == ROWS && !obj_true(o, "notnull");
        sb_c(&names, names.n ? ", " : "");
        my_put_name(&names, my_name(mem, o->path));
        sb_c(&values, values.n ? ", " : "");
        sb_str(&values, null ? STR("NULL") : value_of(mem, obj_text(mem, o, "type"), i, m));
    }
    return my_text(mem, "INSERT INTO %I (%S) VALUES (%S)", my_name(mem, table->path),
                   sb_view(&names), sb_view(&values));
}

/* ---- foreign keys ---- */

/* Rows that a foreign key would not have let in are taken out again. */
static struct str strays(struct arena *mem, const struct obj *fk)
{
    struct strbuf on = sb_new(mem, 0), set = sb_new(mem, 0);
    uint32_t n, m;
    struct str *mine = my_list(mem, obj_raw(fk, "columns"), &n);
    struct str *theirs = my_list(mem, obj_raw(fk, "ref_columns"), &m);
    for (uint32_t i = 0; i < n && i < m; i++) {
        sql_fmt(&on, &my_dialect, "%sp.%I = c.%I", i ? " AND " : "", theirs[i], mine[i]);
        sql_fmt(&set, &my_dialect, " AND c.%I IS NOT NULL", mine[i]);
    }
    return my_text(mem, "DELETE c FROM %I c LEFT JOIN %I p ON %S WHERE p.%I IS NULL%S",
                   my_name(mem, path_parent(fk->path)), obj_text(mem, fk, "ref_table"),
                   sb_view(&on), theirs[0], sb_view(&set));
}

static int take_strays(struct session *s, const struct catalog *cat, struct arena *mem,
                       struct err *e)
{
    bool done;
    for (int pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < cat->n; i++)
            if (str_eq(path_kind(cat->v[i].path), STR("foreign_key")) &&
                try(s, strays(mem, &cat->v[i]), &done, e))
                return -1;
    return 0;
}

/* ---- the interface ---- */

/* Where the counters themselves are compared, rows would raise them. */
static bool keeps_counter(const struct catalog *cat, uint32_t at)
{
    for (uint32_t k = at + 1; k < cat->n && path_within(cat->v[k].path, cat->v[at].path); k++)
        if ((cat->captured & F_COUNTERS) && obj_true(&cat->v[k], "auto_increment"))
            return true;
    return false;
}

static int fill_as(struct session *s, const struct catalog *cat, enum manner m, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = my_query(s, STR("SET SESSION foreign_key_checks = 0, sql_mode = 'STRICT_ALL_TABLES'"),
                      NULL, e);
    for (uint32_t i = 0; !rc && i < cat->n; i++) {
        bool fills = is_table(&cat->v[i]) && !keeps_counter(cat, i);
        for (int k = 1; !rc && fills && k <= ROWS; k++) {
            bool done = false;
            rc = try(s, insert(mem, cat, &cat->v[i], k, m), &done, e);
            if (!rc && !done && m == NORMAL)
                rc = try(s, insert(mem, cat, &cat->v[i], k, TAME), &done, e);
        }
    }
    if (!rc)
        rc = take_strays(s, cat, mem, e);
    arena_free(mem);
    return rc || my_reset(s, e) ? -1 : 0;
}

int my_fill(struct session *s, const struct catalog *cat, struct err *e)
{
    return fill_as(s, cat, NORMAL, e);
}

int my_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e)
{
    return my_empty(s, cat, e) || fill_as(s, cat, plain == 1 ? TAME : PLAIN, e) ? -1 : 0;
}

int my_empty(struct session *s, const struct catalog *cat, struct err *e)
{
    struct arena *mem = arena_new(0);
    bool done;
    int rc = my_query(s, STR("SET SESSION foreign_key_checks = 0"), NULL, e);
    for (uint32_t i = 0; !rc && i < cat->n; i++)
        if (is_table(&cat->v[i])) {
            struct str name = my_name(mem, cat->v[i].path);
            rc = try(s, my_text(mem, "DELETE FROM %I", name), &done, e);
            if (!rc && obj_true(&cat->v[i], "versioned"))
                rc = try(s, my_text(mem, "DELETE HISTORY FROM %I", name), &done, e);
        }
    arena_free(mem);
    return rc || my_reset(s, e) ? -1 : 0;
}

int my_digest(struct session *s, const struct catalog *cat, struct arena *mem,
              void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e)
{
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *t = &cat->v[i];
        struct strbuf sql = sb_new(mem, 0);
        VEC(struct str) paths = {0};
        MYSQL_RES *r = NULL;
        if (!is_table(t))
            continue;
        sb_c(&sql, "SELECT CONCAT(COUNT(*), ' rows')");
        for (uint32_t k = i + 1; k < cat->n && path_within(cat->v[k].path, t->path); k++)
            if (is_plain_column(&cat->v[k], t->path)) {
                struct str name = my_name(mem, cat->v[k].path);
                bool vector = begins(obj_text(mem, &cat->v[k], "type"), "vector");
                sql_fmt(&sql, &my_dialect,
                        vector ? ", CONCAT(COUNT(%I), ' values ', COALESCE(SUM(CRC32(HEX(%I))), 0))"
                               : ", CONCAT(COUNT(%I), ' values ', "
                                 "COALESCE(SUM(CRC32(HEX(CONCAT(%I)))), 0))",
                        name, name);
                VEC_PUSH(mem, paths, cat->v[k].path);
            }
        sql_fmt(&sql, &my_dialect, " FROM %I", my_name(mem, t->path));
        if (my_query(s, sb_view(&sql), &r, e))
            return -1;
        MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
        if (row)
            put(ctx, t->path, arena_str(mem, str_c(row[0])));
        for (uint32_t k = 0; row && k < paths.n; k++)
            put(ctx, paths.v[k], arena_str(mem, str_c(row[k + 1])));
        mysql_free_result(r);
    }
    return 0;
}

int my_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e)
{
    MYSQL_RES *r;
    MYSQL_ROW row;
    if (my_query(s,
                 STR("SELECT table_name, table_rows, data_length + index_length FROM "
                     "information_schema.tables WHERE table_schema = DATABASE()"),
                 &r, e))
        return -1;
    while ((row = mysql_fetch_row(r)))
        for (uint32_t i = 0; i < n; i++)
            if (str_eq(path_name(s->mem, path_top(v[i].path)), str_c(row[0]))) {
                str_int(str_c(row[1] ? row[1] : "-1"), &v[i].rows);
                str_int(str_c(row[2] ? row[2] : "-1"), &v[i].bytes);
            }
    mysql_free_result(r);
    return 0;
}
