/* Rows for the proof: put some into every table that takes them, and tell later whether they are
 * still all there. */

#include "drivers/sqlite/live.h"

#include <string.h>

#include "core/hash.h"

enum { MAX_LITERALS = 3, MAX_CHECKED = 4, MAX_COLUMNS = 900 };

/* A column that an INSERT may name. */
struct fill_column {
    struct str name;
    const char *affinity;
    bool notnull;
    struct str literal[MAX_LITERALS]; /* that a CHECK names beside it, as SQL */
    uint32_t nliterals;
};
struct fill_table {
    struct fill_column *v;
    uint32_t n;
};

static struct fill_table columns_of(struct session *s, struct str table)
{
    static const char sql[] = "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) "
                              "WHERE hidden = 0";
    VEC(struct fill_column) list = {0};
    sqlite3_stmt *x = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &x, NULL) == SQLITE_OK) {
        sqlite3_bind_text(x, 1, table.p, (int)table.n, SQLITE_STATIC);
        while (sqlite3_step(x) == SQLITE_ROW) {
            struct strbuf type = sb_new(s->mem, 0);
            lite_canon_type(&type, lite_column_text(x, 1));
            struct fill_column col = {.name = arena_str(s->mem, lite_column_text(x, 0)),
                                      .affinity = lite_affinity(sb_view(&type)),
                                      .notnull =
                                          sqlite3_column_int(x, 2) || sqlite3_column_int(x, 3)};
            VEC_PUSH(s->mem, list, col);
        }
    }
    sqlite3_finalize(x);
    return (struct fill_table){list.v, list.n};
}

static void add_literals(struct fill_column *col, struct str expr)
{
    struct lexer l = lex_open(expr);
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l))
        if ((t.type == T_STRING || t.type == T_NUMBER) && col->nliterals < MAX_LITERALS)
            col->literal[col->nliterals++] = t.text;
}

/* Values that a CHECK lists are the best guess at what it lets in. */
static void find_literals(struct session *s, const struct catalog *cat, struct str table,
                          struct fill_table *t)
{
    for (uint32_t i = cat_lower(cat, table); i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        if (!path_within(o->path, table))
            break;
        struct str expr = obj_text(s->mem, o, "expr");
        for (uint32_t k = 0; expr.n && k < t->n; k++)
            if (lite_mentions(s->mem, expr, lite_fold(s->mem, t->v[k].name)))
                add_literals(&t->v[k], expr);
    }
}

static void put_text(struct strbuf *out, const char *affinity, int i)
{
    if (affinity[0] == 't')
        sb_printf(out, "'v%d'", i);
    else if (affinity[0] == 'b')
        sb_printf(out, "x'%02d'", i);
    else if (affinity[0] == 'r')
        sb_printf(out, "%d.5", i);
    else
        sb_printf(out, "%d", i);
}

/* Values of row number `i`: 1..3, some of every kind; the last row leaves out what may be NULL. Bit
 * k of `checked`: the k-th column with literals takes one of them. */
static struct str row_values(struct session *s, const struct fill_table *t, int i, unsigned checked)
{
    struct strbuf out = sb_new(s->mem, 0);
    unsigned bit = 1;
    for (uint32_t k = 0; k < t->n; k++) {
        const struct fill_column *col = &t->v[k];
        sb_c(&out, k ? ", " : "");
        bool literal = col->nliterals && (checked & bit);
        bit <<= col->nliterals ? 1 : 0;
        if (literal)
            sb_str(&out, col->literal[(uint32_t)(i - 1) % col->nliterals]);
        else if (i == 3 && !col->notnull)
            sb_c(&out, "NULL");
        else
            put_text(&out, col->affinity, i);
    }
    return sb_view(&out);
}

/* Inserts row i in the first way that its constraints let in; a row that none does is no row for
 * the proof. */
static void insert_row(struct session *s, struct str table, struct str names,
                       const struct fill_table *t, int i)
{
    unsigned checked = 0;
    for (uint32_t k = 0; k < t->n; k++)
        checked += t->v[k].nliterals > 0;
    unsigned ways = 1u << (checked < MAX_CHECKED ? checked : MAX_CHECKED);
    for (unsigned way = 0; way < ways; way++) {
        struct str sql = lite_text(s->mem, "INSERT INTO %I (%S) VALUES (%S)", table, names,
                                   row_values(s, t, i, way));
        if (sqlite3_exec(s->db, sql.p, NULL, NULL, NULL) == SQLITE_OK)
            return;
    }
}

static void fill_table(struct session *s, const struct catalog *cat, const struct obj *o)
{
    struct str table = obj_name(s->mem, o);
    struct fill_table t = columns_of(s, table);
    struct strbuf names = sb_new(s->mem, 0);
    if (!t.n || t.n > MAX_COLUMNS)
        return;
    find_literals(s, cat, o->path, &t);
    for (uint32_t k = 0; k < t.n; k++)
        sql_fmt(&names, &lite_dialect, k ? ", %I" : "%I", t.v[k].name);
    for (int i = 1; i <= 3; i++)
        insert_row(s, table, sb_view(&names), &t, i);
}

static bool holds_rows(const struct obj *o)
{
    struct str kind = path_kind(o->path);
    return str_eq(kind, STR("table")) || str_eq(kind, STR("virtual_table"));
}

int lite_fill(struct session *s, const struct catalog *cat, struct err *e)
{
    (void)e;
    /* Triggers and foreign keys would spread, or refuse, what is put in. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_exec(s->db, "PRAGMA foreign_keys = off; BEGIN", NULL, NULL, NULL);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct arena_mark mark = arena_mark(s->mem);
        if (holds_rows(&cat->v[i]))
            fill_table(s, cat, &cat->v[i]);
        arena_release(s->mem, mark);
    }
    /* High-water marks above the rows that are there must survive too. */
    sqlite3_exec(s->db, "UPDATE sqlite_sequence SET seq = seq + 100", NULL, NULL, NULL);
    sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return 0;
}

int lite_empty(struct session *s, const struct catalog *cat, struct err *e)
{
    struct err none;
    (void)e;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    for (uint32_t i = 0; i < cat->n; i++)
        if (holds_rows(&cat->v[i]))
            (void)lite_scratch_exec(
                s, lite_text(s->mem, "DELETE FROM %I", obj_name(s->mem, &cat->v[i])), &none);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return 0;
}

/* Sum of the hashes of a query's rows, which no order changes; *rows counts them. False when it
 * cannot run. */
static bool digest_query(struct session *s, struct str sql, struct hasher *h, int64_t *rows,
                         struct hash128 *sum)
{
    sqlite3_stmt *x = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &x, NULL);
    *rows = 0;
    *sum = (struct hash128){0, 0};
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(x);
        if (rc != SQLITE_ROW)
            break;
        hasher_reset(h);
        for (int i = 0; i < sqlite3_column_count(x); i++) {
            char type = (char)sqlite3_column_type(x, i);
            hasher_add(h, (struct str){&type, 1});
            hasher_add(h, lite_column_text(x, i));
            hasher_add(h, STR("\n"));
        }
        struct hash128 one = hasher_done(h);
        sum->hi += one.hi;
        sum->lo += one.lo;
        ++*rows;
    }
    sqlite3_finalize(x);
    return rc == SQLITE_DONE;
}

struct digester {
    struct session *s;
    const struct catalog *cat;
    struct arena *mem;
    struct hasher *h;
    void (*put)(void *ctx, struct str path, struct str digest);
    void *ctx;
};

static void put_digest(const struct digester *d, struct str path, struct str sql)
{
    int64_t rows;
    struct hash128 sum;
    struct strbuf text = sb_new(d->mem, 0);
    if (!digest_query(d->s, sql, d->h, &rows, &sum))
        return;
    sb_printf(&text, "%lld rows ", (long long)rows);
    hash_hex(&text, sum, 16);
    d->put(d->ctx, path, sb_view(&text));
}

/* What names the rows of a table: its rowid, as the column that is one or hidden. A digest by it
 * has its own path for each, so that only like is compared with like. Absent: WITHOUT ROWID. */
static struct str row_name(const struct digester *d, const struct obj *table)
{
    static const char *const words[] = {"rowid", "oid", "_rowid_"};
    struct view v = {d->cat, NULL, 0};
    struct str alias = lite_rowid_alias(d->mem, &v, table->path);
    if (obj_true(table, "without_rowid") || !str_eq(path_kind(table->path), STR("table")))
        return STR_NULL;
    if (!str_is_null(alias))
        return path_name(d->mem, alias);
    for (size_t i = 0; i < 3; i++)
        if (!cat_find(d->cat, path_join(d->mem, table->path, STR("column"), str_c(words[i]))))
            return str_c(words[i]);
    return STR_NULL;
}

/* The number of rows and the high-water mark. */
static void digest_table(const struct digester *d, const struct obj *o)
{
    struct str name = obj_name(d->mem, o);
    put_digest(d, o->path, lite_text(d->mem, "SELECT 1 FROM %I", name));
    const struct obj *key =
        cat_find(d->cat, path_join(d->mem, o->path, STR("primary_key"), STR("#")));
    if (obj_true(key, "autoincrement"))
        put_digest(d, path_join(d->mem, o->path, STR("sequence"), STR("seq")),
                   lite_text(d->mem,
                             "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %L",
                             name));
}

/* The values, and which row each stands in. */
static void digest_column(const struct digester *d, const struct obj *o)
{
    const struct obj *table = cat_find(d->cat, path_parent(o->path));
    struct str by = row_name(d, table), column = obj_name(d->mem, o);
    struct str name = obj_name(d->mem, table);
    put_digest(d, o->path, lite_text(d->mem, "SELECT %I FROM %I", column, name));
    if (!str_is_null(by))
        put_digest(d, path_join(d->mem, o->path, STR("by"), by),
                   lite_text(d->mem, "SELECT %I, %I FROM %I", by, column, name));
}

int lite_digest(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e)
{
    struct digester d = {s, cat, mem, hasher_new(mem), put, ctx};
    (void)e;
    for (uint32_t i = 0; i < cat->n; i++) {
        if (holds_rows(&cat->v[i]))
            digest_table(&d, &cat->v[i]);
        /* a generated value follows from others, which may be converted */
        if (str_eq(path_kind(cat->v[i].path), STR("column")) &&
            str_is_null(obj_raw(&cat->v[i], "generated")))
            digest_column(&d, &cat->v[i]);
    }
    return 0;
}
