/* Rows for the proof: put some into every table that takes them, and tell later whether they are still
 * all there. */

#include "drivers/sqlite/live.h"

#include <string.h>

#include "core/hash.h"

/* A column that an INSERT may name. */
struct fill_column {
    struct str name;
    const char *affinity;
    bool notnull;
};
struct fill_table {
    struct fill_column *v;
    uint32_t n;
};

static struct fill_table columns_of(struct session *s, struct str table)
{
    static const char sql[] = "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) "
                              "WHERE hidden = 0";
    struct fill_table t = {0};
    VEC(struct fill_column) list = {0};
    sqlite3_stmt *x = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &x, NULL) == SQLITE_OK) {
        sqlite3_bind_text(x, 1, table.p, (int)table.n, SQLITE_STATIC);
        while (sqlite3_step(x) == SQLITE_ROW) {
            struct strbuf type = sb_new(s->mem, 0);
            lite_canon_type(&type, lite_column_text(x, 1));
            struct fill_column col = {arena_str(s->mem, lite_column_text(x, 0)),
                                      lite_affinity(sb_view(&type)),
                                      sqlite3_column_int(x, 2) || sqlite3_column_int(x, 3)};
            VEC_PUSH(s->mem, list, col);
        }
    }
    sqlite3_finalize(x);
    t.v = list.v;
    t.n = list.n;
    return t;
}

/* Values of row number `i`: 1..3, some of every kind; the last row leaves out what may be NULL. */
static void bind_row(sqlite3_stmt *x, const struct fill_table *t, int i)
{
    for (uint32_t k = 0; k < t->n; k++) {
        int at = (int)k + 1;
        const char *affinity = t->v[k].affinity;
        char text[16];
        snprintf(text, sizeof text, "v%d", i);
        if (i == 3 && !t->v[k].notnull)
            sqlite3_bind_null(x, at);
        else if (affinity[0] == 't')
            sqlite3_bind_text(x, at, text, -1, SQLITE_TRANSIENT);
        else if (affinity[0] == 'b')
            sqlite3_bind_blob(x, at, text, (int)strlen(text), SQLITE_TRANSIENT);
        else if (affinity[0] == 'r')
            sqlite3_bind_double(x, at, i + 0.5);
        else
            sqlite3_bind_int(x, at, i);
    }
}

static void fill_table(struct session *s, struct str table)
{
    struct fill_table t = columns_of(s, table);
    struct strbuf names = sb_new(s->mem, 0), marks = sb_new(s->mem, 0);
    sqlite3_stmt *x = NULL;
    for (uint32_t k = 0; k < t.n; k++) {
        sql_fmt(&names, &lite_dialect, k ? ", %I" : "%I", t.v[k].name);
        sb_c(&marks, k ? ", ?" : "?");
    }
    if (!t.n || t.n > 900)
        return;
    struct str sql = lite_text(s->mem, "INSERT INTO %I (%S) VALUES (%S)", table, sb_view(&names),
                               sb_view(&marks));
    for (int i = 1; i <= 3; i++) {
        if (sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &x, NULL) != SQLITE_OK)
            return;
        bind_row(x, &t, i);
        sqlite3_step(x); /* a row that a constraint refuses is no row for the proof */
        sqlite3_finalize(x);
        x = NULL;
    }
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
            fill_table(s, obj_name(s->mem, &cat->v[i]));
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

/* Hash of the first column of a query, over its rows; *rows counts them. False when it cannot run. */
static bool digest_query(struct session *s, struct str sql, struct hasher *h, int64_t *rows)
{
    sqlite3_stmt *x = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &x, NULL);
    hasher_reset(h);
    *rows = 0;
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(x);
        if (rc != SQLITE_ROW)
            break;
        char type = (char)sqlite3_column_type(x, 0);
        hasher_add(h, (struct str){&type, 1});
        hasher_add(h, lite_column_text(x, 0));
        hasher_add(h, STR("\n"));
        ++*rows;
    }
    sqlite3_finalize(x);
    return rc == SQLITE_DONE;
}

struct digester {
    struct session *s;
    struct arena *mem;
    struct hasher *h;
    void (*put)(void *ctx, struct str path, struct str digest);
    void *ctx;
};

static void put_digest(const struct digester *d, struct str path, struct str sql)
{
    int64_t rows;
    struct strbuf text = sb_new(d->mem, 0);
    if (!digest_query(d->s, sql, d->h, &rows))
        return;
    sb_printf(&text, "%lld rows ", (long long)rows);
    hash_hex(&text, hasher_done(d->h), 16);
    d->put(d->ctx, path, sb_view(&text));
}

/* The number of rows, their rowids where no column is one, and the high-water mark. */
static void digest_table(const struct digester *d, const struct obj *o, bool hidden_rowid)
{
    struct str name = obj_name(d->mem, o);
    put_digest(d, o->path, lite_text(d->mem, "SELECT 1 FROM %I", name));
    if (hidden_rowid)
        put_digest(d, path_join(d->mem, o->path, STR("rowid"), STR("rowid")),
                   lite_text(d->mem, "SELECT rowid FROM %I NOT INDEXED", name));
    put_digest(d, path_join(d->mem, o->path, STR("sequence"), STR("seq")),
               lite_text(d->mem, "SELECT max(seq) FROM sqlite_sequence WHERE name = %L", name));
}

static bool rowid_is_hidden(const struct catalog *cat, struct arena *mem, const struct obj *o)
{
    static const char *const words[] = {"rowid", "oid", "_rowid_"};
    struct view v = {cat, NULL, 0};
    if (obj_true(o, "without_rowid") || !str_eq(path_kind(o->path), STR("table")) ||
        !str_is_null(lite_rowid_alias(mem, &v, o->path)))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (cat_find(cat, path_join(mem, o->path, STR("column"), str_c(words[i]))))
            return false;
    return true;
}

int lite_digest(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e)
{
    struct digester d = {s, mem, hasher_new(mem), put, ctx};
    (void)e;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        if (holds_rows(o))
            digest_table(&d, o, rowid_is_hidden(cat, mem, o));
        if (!str_eq(path_kind(o->path), STR("column")))
            continue;
        const struct obj *table = cat_find(cat, path_parent(o->path));
        /* In the order of the rowids, which stay; a table without has no order that must. */
        put_digest(&d, o->path,
                   lite_text(mem,
                             obj_true(table, "without_rowid")
                                 ? "SELECT %I FROM %I ORDER BY 1 COLLATE BINARY"
                                 : "SELECT %I FROM %I NOT INDEXED",
                             obj_name(mem, o), obj_name(mem, table)));
    }
    return 0;
}
