/* What a statement does to a table, found out by trying: the first ALGORITHM and LOCK that the
 * server takes, and whether the table's rows were written anew. */

#include "drivers/mysql/live.h"

#include <mysqld_error.h>

#include "core/step.h"
#include "drivers/mysql/algorithm.h"

/* Numbers in the storage engine: of a table, or of its partitions. */
struct storage {
    uint64_t *id;
    uint32_t n;
};

/* False: not told. */
static bool storage_of(struct session *s, struct str table, struct arena *mem, struct storage *out)
{
    struct err ignored;
    MYSQL_RES *r = NULL;
    MYSQL_ROW row;
    VEC(uint64_t) all = {0};
    bool plain = true;
    for (size_t i = 0; i < table.n; i++)
        plain = plain &&
                (ascii_is_alpha(table.p[i]) || ascii_is_digit(table.p[i]) || table.p[i] == '_');
    const char *from = s->mariadb ? "innodb_sys_tables" : "innodb_tables";
    if (plain && my_query(s,
                          my_text(mem,
                                  "SELECT CAST(table_id AS CHAR) FROM information_schema.%s "
                                  "WHERE name = CONCAT(DATABASE(), '/', %L) OR name LIKE "
                                  "CONCAT(DATABASE(), '/', %L, '#p#%%')",
                                  from, table, table),
                          &r, &ignored) == 0)
        while ((row = mysql_fetch_row(r)))
            VEC_PUSH(mem, all, row[0] ? strtoull(row[0], NULL, 10) : 0);
    mysql_free_result(r);
    *out = (struct storage){all.v, all.n};
    return all.n > 0;
}

/* One of the first is not among the second. */
static bool lacks(const struct storage *a, const struct storage *b)
{
    for (uint32_t i = 0; i < a->n; i++) {
        bool there = false;
        for (uint32_t k = 0; k < b->n; k++)
            there = there || a->id[i] == b->id[k];
        if (!there)
            return true;
    }
    return false;
}

/* The server cannot do it that way: a dearer one may do. */
static bool is_refused(unsigned code)
{
    return code == ER_ALTER_OPERATION_NOT_SUPPORTED ||
           code == ER_ALTER_OPERATION_NOT_SUPPORTED_REASON;
}

/* Without the way that an online plan asks for, which would stand above ours. */
static struct str bare(struct str sql)
{
    static const enum my_way ways[] = {MY_INSTANT, MY_INPLACE};
    for (size_t i = 0; i < 2; i++) {
        struct str end = str_c(my_way_name(ways[i]));
        struct str head = str_trim(str_sub(sql, 0, sql.n - (end.n < sql.n ? end.n : sql.n)));
        if (str_ends(sql, end) && str_ends(head, STR(",")))
            return str_sub(head, 0, head.n - 1);
    }
    return sql;
}

/* What takes nothing beside it, and on MariaDB no way. */
static bool is_on_parts(struct str clauses)
{
    static const char *const heads[] = {"ADD PARTITION", "DROP PARTITION", "REORGANIZE PARTITION",
                                        "COALESCE PARTITION"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct my_lex l = {clauses, 0};
        if (my_take(&l, heads[i]))
            return true;
    }
    return false;
}

/* ALTER TABLE `t` clauses; false for another statement. */
static bool take_alter(struct arena *mem, struct str sql, struct str *table, struct str *clauses)
{
    static const enum my_way ways[] = {MY_INSTANT, MY_INPLACE};
    sql = bare(sql);
    struct my_lex l = {sql, 0};
    if (!my_take(&l, "ALTER TABLE"))
        return false;
    *table = my_unquote(mem, my_next(&l));
    *clauses = str_trim(str_from(sql, l.at));
    for (size_t i = 0; i < 2; i++) {
        struct str head = my_text(mem, "%s, ", my_way_name(ways[i]));
        if (str_starts(*clauses, head))
            *clauses = str_from(*clauses, head.n);
    }
    return true;
}

static struct str in_way(struct arena *mem, struct str table, struct str clauses, enum my_way way)
{
    struct my_lex l = {clauses, 0};
    bool comma = !my_is(my_peek(&l), "PARTITION") && !my_is(my_peek(&l), "REMOVE");
    return my_text(mem, "ALTER TABLE %I %s%s %S", table, my_way_name(way), comma ? "," : "",
                   clauses);
}

static void found(struct effect *out, struct str path, enum my_way way, bool told, bool anew)
{
    *out = (struct effect){.path = path,
                           .level = (int)way,
                           .lock = my_way_name(way),
                           .flags = FX_LOOKUP | (told ? 0 : FX_DOUBT)};
    if (told && anew)
        out->flags |= FX_REWRITE;
}

int my_tried(struct session *s, const struct stmt *stmt, struct arena *mem, struct effect **out,
             uint32_t *n, struct err *e)
{
    struct str table, clauses;
    struct storage was, is;
    *n = 0;
    if (!take_alter(mem, stmt->text, &table, &clauses))
        return my_scratch_exec(s, stmt, e);
    bool had = storage_of(s, table, mem, &was), parts = is_on_parts(clauses);
    for (enum my_way way = MY_INSTANT; way <= MY_COPY; way++) {
        struct stmt one = {.lang = LANG_SQL, .text = in_way(mem, table, clauses, way)};
        if (parts && s->mariadb)
            one.text = my_text(mem, "ALTER TABLE %I %S", table, clauses);
        if (my_scratch_exec(s, &one, e)) {
            if (e->code == E_VERIFY_FAILED && is_refused(mysql_errno(s->db)))
                continue;
            return -1;
        }
        /* from or to an engine that has no such numbers it is another table, too */
        bool has = storage_of(s, table, mem, &is), told = had || has;
        bool anew = had != has || (had && lacks(&was, &is) && lacks(&is, &was));
        /* taken and not heeded, as MariaDB does where the engine or the scheme of partitions
         * changes */
        if (anew && way == MY_INSTANT)
            way = MY_COPY;
        /* writes wait as long as it copies partitions */
        if (parts && s->mariadb)
            way = anew ? MY_SHARED : MY_INPLACE;
        *out = NEW(mem, struct effect);
        found(*out, my_top(mem, "table", table), way, told, anew);
        *n = 1;
        return 0;
    }
    return my_scratch_exec(s, stmt, e);
}
