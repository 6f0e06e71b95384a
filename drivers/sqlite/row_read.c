/* Reads the rows of tables that --data names, each value by the class that it is stored in. */

#include "drivers/sqlite/live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sql/row.h"

static void put_blob(struct strbuf *out, const unsigned char *p, size_t n)
{
    sb_c(out, "x'");
    for (size_t i = 0; i < n; i++)
        sb_printf(out, "%02x", p[i]);
    sb_char(out, '\'');
}

/* The shortest text that is read as the same number, and as no integer. */
static void put_real(struct strbuf *out, double value)
{
    char text[40];
    if (isinf(value)) {
        sb_c(out, value < 0 ? "-9e999" : "9e999");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    sb_c(out, text);
    if (!strpbrk(text, ".e"))
        sb_c(out, ".0");
}

/* Other control characters would not survive all ways that a script takes. */
static bool is_plain(struct str text)
{
    bool plain = str_is_utf8(text);
    for (size_t i = 0; i < text.n && plain; i++)
        plain = (unsigned char)text.p[i] >= ' ' || text.p[i] == '\t' || text.p[i] == '\n';
    return plain;
}

static void put_literal(struct strbuf *out, sqlite3_stmt *x, int i)
{
    struct str text;
    switch (sqlite3_column_type(x, i)) {
    case SQLITE_INTEGER:
        sb_int(out, sqlite3_column_int64(x, i));
        return;
    case SQLITE_FLOAT:
        put_real(out, sqlite3_column_double(x, i));
        return;
    case SQLITE_BLOB:
        put_blob(out, sqlite3_column_blob(x, i), (size_t)sqlite3_column_bytes(x, i));
        return;
    default:
        text = lite_column_text(x, i);
        if (is_plain(text)) {
            sql_literal(out, &lite_dialect, text);
            return;
        }
        sb_c(out, "CAST(");
        put_blob(out, (const unsigned char *)text.p, text.n);
        sb_c(out, " AS TEXT)");
    }
}

/* A key's value as it is, but a text where numbers may stand too, what is no text, and a text that
 * looks like such a one, as it is written in SQL: 1 and '1' are two rows then, and 'a' and x'61'.
 */
static struct str plain_text(sqlite3_stmt *x, int i, const struct obj *column, struct str literal,
                             struct arena *mem)
{
    bool is_text = sqlite3_column_type(x, i) == SQLITE_TEXT; /* asked before it is made one */
    bool only_text = str_eq(obj_text(mem, column, "affinity"), STR("text"));
    struct str text = is_text ? lite_column_text(x, i) : STR_NULL;
    bool like_sql =
        str_starts(text, STR("x'")) || str_starts(text, STR("CAST(")) || str_starts(text, STR("'"));
    return is_text && only_text && str_is_utf8(text) && !like_sql ? text : literal;
}

static int one_row(struct row_tables *all, struct row_table *t, sqlite3_stmt *x, struct arena *mem,
                   struct err *e)
{
    struct str *literals = NEW_ARRAY(mem, struct str, t->ncolumns);
    struct str *texts = NEW_ARRAY(mem, struct str, t->ncolumns);
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        struct strbuf b = sb_new(mem, 0);
        if (sqlite3_column_type(x, (int)i) == SQLITE_NULL)
            continue;
        put_literal(&b, x, (int)i);
        literals[i] = sb_view(&b);
        texts[i] = plain_text(x, (int)i, t->columns[i].fact, literals[i], mem);
    }
    return row_add(all, t, literals, texts, e);
}

static int read_table(struct session *s, struct row_tables *all, struct row_table *t, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct strbuf sql = sb_new(mem, 0);
    sqlite3_stmt *x = NULL;
    sb_c(&sql, "SELECT ");
    for (uint32_t i = 0; i < t->ncolumns; i++)
        sql_fmt(&sql, &lite_dialect, i ? ", %I" : "%I", obj_name(mem, t->columns[i].fact));
    sql_fmt(&sql, &lite_dialect, " FROM %I", obj_name(mem, cat_find(all->cat, t->path)));
    int rc = lite_prepare(s, sb_view(&sql).p, &x, e);
    while (!rc) {
        struct arena_mark mark = arena_mark(mem);
        int step = lite_step(s, x, e);
        if (step == 1)
            rc = one_row(all, t, x, mem, e);
        arena_release(mem, mark);
        if (step != 1) {
            rc = step;
            break;
        }
    }
    sqlite3_finalize(x);
    arena_free(mem);
    return rc;
}

int lite_read_data(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
{
    struct row_tables all;
    struct arena *mem = arena_new(0);
    int rc = row_tables(cat, &scope->data, mem, &all, e);
    for (uint32_t i = 0; i < all.v.n && !rc; i++)
        rc = read_table(s, &all, &all.v.v[i], e);
    if (!rc)
        row_facts(&all);
    arena_free(mem);
    return rc;
}
