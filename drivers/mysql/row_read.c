/*
 * Reads the rows of tables that --data names. Each value becomes a literal that means the same
 * whatever the session's sql_mode, time zone (but for the hour that its clock shows twice) and
 * character set are.
 */

#include <string.h>

#include "drivers/mysql/live.h"
#include "drivers/sql/row.h"

enum form {
    FORM_TEXT,
    FORM_NUMBER,
    FORM_BINARY,
    FORM_FLOAT, /* shown with six digits: as a double it is shown whole */
    FORM_BIT,
    FORM_TIME, /* a moment, shown in the time zone of the session */
};

static enum form form_of(struct arena *mem, const struct obj *column)
{
    struct str word = my_type_word(obj_text(mem, column, "type"));
    if (word_in("tinyint,smallint,mediumint,int,bigint,decimal,double,year", word))
        return FORM_NUMBER;
    if (word_in("binary,varbinary,tinyblob,blob,mediumblob,longblob,geometry,point,linestring,"
                "polygon,multipoint,multilinestring,multipolygon,geometrycollection,"
                "geomcollection,vector",
                word))
        return FORM_BINARY;
    return str_eq(word, STR("float"))       ? FORM_FLOAT
           : str_eq(word, STR("bit"))       ? FORM_BIT
           : str_eq(word, STR("timestamp")) ? FORM_TIME
                                            : FORM_TEXT;
}

static void put_hex(struct strbuf *out, const char *before, struct str text)
{
    sb_c(out, before);
    sb_c(out, "x'");
    for (size_t i = 0; i < text.n; i++)
        sb_printf(out, "%02x", (unsigned char)text.p[i]);
    sb_char(out, '\'');
}

/* A backslash is one or an escape as the session has it, so a text that holds one stands by its
 * bytes. */
static void put_text(struct strbuf *out, struct str text)
{
    bool plain = str_is_utf8(text);
    for (size_t i = 0; i < text.n && plain; i++)
        plain = text.p[i] != '\\' && (unsigned char)text.p[i] >= ' ' && text.p[i] != 0x7f;
    if (!plain) {
        put_hex(out, "_utf8mb4 ", text);
        return;
    }
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        sb_char(out, text.p[i]);
        if (text.p[i] == '\'')
            sb_char(out, '\'');
    }
    sb_char(out, '\'');
}

static struct str literal(struct arena *mem, enum form form, struct str text)
{
    struct strbuf b = sb_new(mem, 0);
    if (str_is_null(text))
        return text;
    switch (form) {
    case FORM_NUMBER:
    case FORM_FLOAT:
        return str_eq(text, STR("-0")) ? STR("-0e0") : text; /* -0 is the integer 0 */
    case FORM_BIT:
        sb_printf(&b, "b'%.*s'", STR_ARG(text));
        break;
    case FORM_TIME:
        /* number 0 is no moment: it stands for the date 0000-00-00 */
        if (str_eq(str_sub(text, 0, str_chr(text, '.')), STR("0")))
            sb_c(&b, "'0000-00-00 00:00:00'");
        else
            sb_printf(&b, "FROM_UNIXTIME(%.*s)", STR_ARG(text));
        break;
    case FORM_BINARY:
        if (text.n)
            put_hex(&b, "", text);
        else
            sb_c(&b, "''");
        break;
    case FORM_TEXT:
        put_text(&b, text);
        break;
    }
    return sb_view(&b);
}

struct taking {
    struct row_tables *all;
    struct row_table *t;
    struct arena *mem;
};

static int take_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                    unsigned n, struct err *e)
{
    struct taking *k = ctx;
    struct arena_mark mark = arena_mark(k->mem);
    struct str *texts = NEW_ARRAY(k->mem, struct str, n);
    struct str *literals = NEW_ARRAY(k->mem, struct str, n);
    (void)index;
    for (unsigned i = 0; i < n; i++) {
        enum form form = form_of(k->mem, k->t->columns[i].fact);
        struct str text = row[i] ? (struct str){row[i], lengths[i]} : STR_NULL;
        literals[i] = literal(k->mem, form, text);
        texts[i] = form == FORM_BINARY || !str_is_utf8(text) ? literals[i] : text;
    }
    int rc = row_add(k->all, k->t, literals, texts, e);
    arena_release(k->mem, mark);
    return rc;
}

static struct str query(struct row_tables *all, struct row_table *t)
{
    static const char *const shown[] = {
        [FORM_TEXT] = "%s%I",         [FORM_NUMBER] = "%s%I",
        [FORM_BINARY] = "%s%I",       [FORM_FLOAT] = "%s%I * 1e0",
        [FORM_BIT] = "%sBIN(%I + 0)", [FORM_TIME] = "%sUNIX_TIMESTAMP(%I)",
    };
    uint64_t limit = all->want->limit ? all->want->limit : DATA_LIMIT;
    struct strbuf sql = sb_new(all->mem, 0);
    sb_c(&sql, "SELECT ");
    for (uint32_t i = 0; i < t->ncolumns; i++)
        sql_fmt(&sql, &my_dialect, shown[form_of(all->mem, t->columns[i].fact)], i ? ", " : "",
                obj_name(all->mem, t->columns[i].fact));
    sql_fmt(&sql, &my_dialect, " FROM %I LIMIT %d", my_name(all->mem, t->path), (int64_t)limit + 1);
    return sb_view(&sql);
}

static int read_table(struct session *s, struct row_tables *all, struct row_table *t, struct err *e)
{
    struct taking k = {all, t, arena_new(0)};
    int rc = my_batch(s, query(all, t), take_row, &k, e);
    arena_free(k.mem);
    if (!rc || e->code != E_NO_PRIVILEGE)
        return rc;
    struct strbuf name = sb_new(all->mem, 0);
    char why[300];
    snprintf(why, sizeof why, "%.280s", e->msg);
    path_human(&name, t->path);
    err_set(e, E_HIDDEN, "--data: the role may not see all of %.*s: %s", STR_ARG(sb_view(&name)),
            why);
    return err_hint(e, "GRANT SELECT on the whole table");
}

/* One picture of the rows of all tables. */
int my_read_data(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
{
    struct row_tables all;
    struct arena *mem = arena_new(0);
    int rc = row_tables(cat, &scope->data, mem, &all, e);
    if (!rc && all.v.n)
        rc = my_query(s, STR("START TRANSACTION WITH CONSISTENT SNAPSHOT"), NULL, e);
    for (uint32_t i = 0; i < all.v.n && !rc; i++)
        rc = read_table(s, &all, &all.v.v[i], e);
    if (!rc && all.v.n)
        rc = my_query(s, STR("COMMIT"), NULL, e);
    if (!rc)
        row_facts(&all);
    arena_free(mem);
    return rc;
}
