/* What a statement does to a table, found out by trying: the first ALGORITHM and LOCK that the
 * server takes, and whether the table's rows were written anew. */

#include "drivers/mysql/live.h"

#include <mysqld_error.h>

#include "core/step.h"
#include "drivers/mysql/algorithm.h"

/* Number of the table in the storage engine, another one when it was written anew; of a partitioned
 * one the sum. False: not told. */
static bool storage_id(struct session *s, struct str table, char *out, size_t size)
{
    struct err ignored;
    struct arena *mem = arena_new(0);
    MYSQL_RES *r = NULL;
    MYSQL_ROW row = NULL;
    bool plain = true, told = false;
    for (size_t i = 0; i < table.n; i++)
        plain = plain &&
                (ascii_is_alpha(table.p[i]) || ascii_is_digit(table.p[i]) || table.p[i] == '_');
    const char *from = s->mariadb ? "innodb_sys_tables" : "innodb_tables";
    if (plain && my_query(s,
                          my_text(mem,
                                  "SELECT CAST(SUM(table_id) AS CHAR) FROM information_schema.%s "
                                  "WHERE name = CONCAT(DATABASE(), '/', %L) OR name LIKE "
                                  "CONCAT(DATABASE(), '/', %L, '#p#%%')",
                                  from, table, table),
                          &r, &ignored) == 0)
        row = mysql_fetch_row(r);
    if (row && row[0]) {
        snprintf(out, size, "%s", row[0]);
        told = true;
    }
    mysql_free_result(r);
    arena_free(mem);
    return told;
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
        if (str_ends(sql, end) && str_ends(str_sub(sql, 0, sql.n - end.n), STR(", ")))
            return str_sub(sql, 0, sql.n - end.n - 2);
    }
    return sql;
}

/* ALTER TABLE `t` clauses, with the way in front of them; absent for another statement. */
static struct str in_way(struct arena *mem, struct str sql, enum my_way way, struct str *table)
{
    sql = bare(sql);
    struct my_lex l = {sql, 0};
    if (!my_take(&l, "ALTER TABLE"))
        return STR_NULL;
    *table = my_unquote(mem, my_next(&l));
    struct str head = str_sub(sql, 0, l.at), rest = str_from(sql, l.at);
    bool parts = my_is(my_peek(&l), "PARTITION") || my_is(my_peek(&l), "REMOVE");
    return my_text(mem, "%S %s%s%S", head, my_way_name(way), parts ? "" : ",", rest);
}

int my_tried(struct session *s, const struct stmt *stmt, struct arena *mem, struct effect **out,
             uint32_t *n, struct err *e)
{
    struct str table = STR_NULL;
    char was[32], is[32];
    *n = 0;
    if (str_is_null(in_way(mem, stmt->text, MY_INSTANT, &table)))
        return my_scratch_exec(s, stmt, e);
    bool told = storage_id(s, table, was, sizeof was);
    for (enum my_way way = MY_INSTANT; way <= MY_COPY; way++) {
        struct stmt one = {.lang = LANG_SQL, .text = in_way(mem, stmt->text, way, &table)};
        if (my_scratch_exec(s, &one, e)) {
            if (e->code == E_VERIFY_FAILED && is_refused(mysql_errno(s->db)))
                continue;
            return -1;
        }
        bool anew =
            told && (!storage_id(s, table, is, sizeof is) || !str_eq(str_c(was), str_c(is)));
        /* taken and not heeded, as MariaDB does where the engine or the partitions change */
        if (anew && way == MY_INSTANT)
            way = MY_COPY;
        *out = NEW(mem, struct effect);
        **out = (struct effect){.path = my_top(mem, "table", table),
                                .level = (int)way,
                                .lock = my_way_name(way),
                                .flags = FX_LOOKUP};
        if (!told)
            (*out)->flags |= FX_DOUBT;
        else if (anew)
            (*out)->flags |= FX_REWRITE;
        *n = 1;
        return 0;
    }
    return my_scratch_exec(s, stmt, e);
}
