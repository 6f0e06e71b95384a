/* Reads the rows of tables that --data names, in the transaction in which the schema was read. */

#include "drivers/postgresql/conn.h"
#include "drivers/sql/row.h"

/* Types whose values stand in SQL as they are; others between quotes, which give a value of any:
 * -0 without quotes is 0, and 0.1 is not found in a column of real. */
static bool is_number(struct str type, struct str text)
{
    struct str word = str_sub(type, 0, str_chr(type, '('));
    if (!word_in("smallint,integer,bigint,numeric,oid", word))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!ascii_is_digit(text.p[i]) && text.p[i] != '.' && text.p[i] != '-')
            return false; /* NaN, Infinity */
    return text.n > 0;
}

static struct str literal(struct arena *mem, const struct obj *column, struct str text)
{
    struct str type = obj_text(mem, column, "type");
    struct strbuf b = sb_new(mem, 0);
    if (str_is_null(text) || is_number(type, text))
        return text;
    if (str_eq(type, STR("boolean")))
        return str_eq(text, STR("t")) ? STR("true") : STR("false");
    sql_literal(&b, &pg_dialect, text);
    return sb_view(&b);
}

static int take_rows(struct row_tables *all, struct row_table *t, const PGresult *r, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = 0;
    for (int row = 0; row < PQntuples(r) && !rc; row++) {
        struct arena_mark mark = arena_mark(mem);
        struct str *texts = NEW_ARRAY(mem, struct str, t->ncolumns);
        struct str *literals = NEW_ARRAY(mem, struct str, t->ncolumns);
        for (uint32_t i = 0; i < t->ncolumns; i++) {
            texts[i] = pg_value(r, row, (int)i);
            literals[i] = literal(mem, t->columns[i].fact, texts[i]);
        }
        rc = row_add(all, t, literals, texts, e);
        arena_release(mem, mark);
    }
    arena_free(mem);
    return rc;
}

/* What a policy, or a right that is missing, keeps back is unknown: row_security is off, so that
 * the server says so instead of leaving rows out. */
static int hidden(const struct row_tables *all, const struct row_table *t, struct err *e)
{
    struct strbuf name = sb_new(all->mem, 0);
    char why[300];
    if (e->code != E_NO_PRIVILEGE)
        return -1;
    snprintf(why, sizeof why, "%.280s", e->msg);
    path_human(&name, t->path);
    err_set(e, E_HIDDEN, "--data: the role may not see all rows of %.*s: %s",
            STR_ARG(sb_view(&name)), why);
    return err_hint(e, "GRANT SELECT on the whole table; where it has policies, BYPASSRLS too");
}

static int read_table(struct session *s, struct row_tables *all, struct row_table *t, struct err *e)
{
    const struct obj *table = cat_find(all->cat, t->path);
    struct strbuf sql = sb_new(all->mem, 0);
    uint64_t limit = all->want->limit ? all->want->limit : DATA_LIMIT;
    PGresult *r;
    sb_c(&sql, "SELECT ");
    for (uint32_t i = 0; i < t->ncolumns; i++)
        sql_fmt(&sql, &pg_dialect, i ? ", %I" : "%I", obj_name(all->mem, t->columns[i].fact));
    sql_fmt(&sql, &pg_dialect, " FROM %s%S LIMIT %d",
            str_is_null(obj_raw(table, "partition_by")) ? "ONLY " : "", pg_id(all->mem, table),
            (int64_t)limit + 1);
    if (pg_query(s, sb_view(&sql).p, &r, e))
        return hidden(all, t, e);
    int rc = take_rows(all, t, r, e);
    PQclear(r);
    return rc;
}

int pg_read_data(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
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
