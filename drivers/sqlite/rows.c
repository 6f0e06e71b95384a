/* Rows for the proof: put some into every table that takes them, and tell later whether they are
 * still all there. */

#include "drivers/sqlite/live.h"

#include <string.h>

#include "core/hash.h"

enum { MAX_LITERALS = 3, MAX_CHECKED = 4, MAX_COLUMNS = 900 };

/* How telling the rows are; each manner falls back to a later one for a row that is refused. */
enum manner {
    ODD,    /* values that a change of type shows by: '007', '1e3', 1.0, x'31' */
    NORMAL, /* by type; the last row leaves out what may be NULL */
    FULL,   /* the same without NULLs */
    NUMBERS /* 1, 2, 3 in every column, which fit more types and each other */
};
static const char *const odd_values[] = {"'007'", "'1e3'", "1.0", "x'31'"};
enum { FIRST_ODD = 11, LAST_ODD = 14 }; /* numbers of the rows that hold them */

/* A column that an INSERT may name. */
struct fill_column {
    struct str name;
    const char *affinity;
    bool notnull, takes_any; /* takes_any: keeps values of many types, or spellings of numbers */
    struct str literal[MAX_LITERALS]; /* that a CHECK names beside it, as SQL */
    uint32_t nliterals;
};
struct fill_table {
    struct fill_column *v;
    uint32_t n;
};

/* A column of the key may hold NULL, but in tables where SQLite itself says that it may not. */
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
                                      .notnull = sqlite3_column_int(x, 2)};
            col.takes_any = col.affinity[0] == 't' || col.affinity[0] == 'b' ||
                            str_eq(sb_view(&type), STR("any"));
            VEC_PUSH(s->mem, list, col);
        }
    }
    lite_passed_over(s);
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

static void put_value(struct strbuf *out, const struct fill_column *col, int i, enum manner manner)
{
    if (manner == ODD && col->takes_any)
        sb_c(out, odd_values[i - FIRST_ODD]);
    else if (manner == NORMAL && i == 3 && !col->notnull)
        sb_c(out, "NULL");
    else if (manner == NUMBERS)
        sb_printf(out, "%d", i);
    else
        put_text(out, col->affinity, i);
}

/* Values of row number `i`. Bit k of `checked`: the k-th column with literals takes one of them. */
static struct str row_values(struct session *s, const struct fill_table *t, int i,
                             enum manner manner, unsigned checked)
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
        else
            put_value(&out, col, i, manner);
    }
    return sb_view(&out);
}

/* Inserts row i in the first way that its constraints let in; a row that none does is no row for
 * the proof. */
static bool insert_row(struct session *s, struct str table, struct str names,
                       const struct fill_table *t, int i, enum manner manner)
{
    unsigned checked = 0;
    for (uint32_t k = 0; k < t->n; k++)
        checked += t->v[k].nliterals > 0;
    unsigned ways = 1u << (checked < MAX_CHECKED ? checked : MAX_CHECKED);
    for (unsigned way = 0; way < ways; way++) {
        struct str sql = lite_text(s->mem, "INSERT INTO %I (%S) VALUES (%S)", table, names,
                                   row_values(s, t, i, manner, way));
        if (sqlite3_exec(s->db, sql.p, NULL, NULL, NULL) == SQLITE_OK)
            return true;
        lite_passed_over(s);
    }
    return false;
}

static void insert_rows(struct session *s, struct str table, struct str names,
                        const struct fill_table *t, enum manner manner)
{
    bool odd = false;
    for (uint32_t k = 0; k < t->n; k++)
        odd = odd || t->v[k].takes_any;
    for (int i = 1; i <= 3; i++)
        if (!insert_row(s, table, names, t, i, manner) && manner == NUMBERS)
            (void)insert_row(s, table, names, t, i, FULL);
    for (int i = FIRST_ODD; i <= LAST_ODD && odd && manner == NORMAL; i++)
        if (!insert_row(s, table, names, t, i, ODD))
            (void)insert_row(s, table, names, t, i, NORMAL);
}

static void fill_table(struct session *s, const struct catalog *cat, const struct obj *o,
                       enum manner manner)
{
    struct view v = {cat, NULL, 0};
    struct str table = obj_name(s->mem, o), alias = lite_rowid_alias(s->mem, &v, o->path);
    struct fill_table t = columns_of(s, table);
    struct strbuf names = sb_new(s->mem, 0);
    if (!t.n || t.n > MAX_COLUMNS)
        return;
    find_literals(s, cat, o->path, &t);
    for (uint32_t k = 0; k < t.n; k++) {
        struct str name = lite_fold(s->mem, t.v[k].name);
        /* there NULL is a number that SQLite gives */
        if (!str_is_null(alias) && str_eq(name, path_name(s->mem, alias)))
            t.v[k].notnull = true;
        sql_fmt(&names, &lite_dialect, k ? ", %I" : "%I", t.v[k].name);
    }
    insert_rows(s, table, sb_view(&names), &t, manner);
}

static bool holds_rows(const struct obj *o)
{
    struct str kind = path_kind(o->path);
    return str_eq(kind, STR("table")) || str_eq(kind, STR("virtual_table"));
}

/* Where the marks themselves are compared, rows would raise them. */
static bool keeps_marks(struct session *s, const struct catalog *cat, const struct obj *o)
{
    struct str key = path_join(s->mem, o->path, STR("primary_key"), STR("#"));
    return (cat->captured & F_COUNTERS) && obj_true(cat_find(cat, key), "autoincrement");
}

static bool is_full_text(struct session *s, struct str sql)
{
    struct lite_virtual v;
    return lite_parse_virtual(s->mem, sql, &v) && str_starts(v.module, STR("fts"));
}

/* Puts the index of every full-text table in step with its text, which another table may hold. */
static void rebuild_indexes(struct session *s)
{
    static const char sql[] = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND "
                              "rootpage = 0";
    sqlite3_stmt *x = NULL;
    VEC(struct str) names = {0};
    if (sqlite3_prepare_v2(s->db, sql, -1, &x, NULL) == SQLITE_OK)
        while (sqlite3_step(x) == SQLITE_ROW)
            if (is_full_text(s, arena_str(s->mem, lite_column_text(x, 1)))) {
                struct str name = arena_str(s->mem, lite_column_text(x, 0));
                VEC_PUSH(s->mem, names, name);
            }
    lite_passed_over(s);
    sqlite3_finalize(x);
    for (uint32_t i = 0; i < names.n; i++) {
        struct str text =
            lite_text(s->mem, "INSERT INTO %I (%I) VALUES ('rebuild')", names.v[i], names.v[i]);
        /* one without content cannot be, nor one whose content is not there for a moment */
        if (sqlite3_exec(s->db, text.p, NULL, NULL, NULL))
            lite_passed_over(s);
    }
}

static int fill_all(struct session *s, const struct catalog *cat, enum manner manner, struct err *e)
{
    struct arena_mark all = arena_mark(s->mem);
    /* Triggers and foreign keys would spread, or refuse, what is put in. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    int rc = lite_exec(s, "PRAGMA foreign_keys = off; BEGIN", e);
    for (uint32_t i = 0; !rc && i < cat->n; i++) {
        struct arena_mark mark = arena_mark(s->mem);
        if (holds_rows(&cat->v[i]) && !keeps_marks(s, cat, &cat->v[i]))
            fill_table(s, cat, &cat->v[i], manner);
        arena_release(s->mem, mark);
    }
    /* High-water marks above the rows that are there must survive too; there may be no such table.
     */
    bool raise = !rc && !(cat->captured & F_COUNTERS);
    if (raise &&
        sqlite3_exec(s->db, "UPDATE sqlite_sequence SET seq = seq + 100", NULL, NULL, NULL))
        lite_passed_over(s);
    if (!rc)
        rebuild_indexes(s);
    if (!rc)
        rc = lite_exec(s, "COMMIT", e);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    arena_release(s->mem, all);
    return rc ? rc : lite_starved(s, e);
}

int lite_fill(struct session *s, const struct catalog *cat, struct err *e)
{
    return fill_all(s, cat, NORMAL, e);
}

int lite_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e)
{
    return fill_all(s, cat, plain == 1 ? FULL : NUMBERS, e);
}

/* Full text without content of its own cannot be deleted row by row. */
static void empty_table(struct session *s, const struct obj *o)
{
    struct str name = obj_name(s->mem, o);
    struct str all = lite_text(s->mem, "INSERT INTO %I (%I) VALUES ('delete-all')", name, name);
    struct str rows = lite_text(s->mem, "DELETE FROM %I", name);
    bool text = str_eq(path_kind(o->path), STR("virtual_table")) &&
                str_eq(obj_text(s->mem, o, "module"), STR("fts5"));
    if (text && sqlite3_exec(s->db, all.p, NULL, NULL, NULL) == SQLITE_OK)
        return;
    /* A virtual table may be one that cannot be emptied: the digest shows what is left. */
    if (sqlite3_exec(s->db, rows.p, NULL, NULL, NULL))
        lite_passed_over(s);
}

int lite_empty(struct session *s, const struct catalog *cat, struct err *e)
{
    /* Other tables keep their rows, whatever these mean to them. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    int rc = lite_exec(s, "PRAGMA foreign_keys = off", e);
    for (uint32_t i = 0; !rc && i < cat->n; i++)
        if (holds_rows(&cat->v[i]))
            empty_table(s, &cat->v[i]);
    rebuild_indexes(s);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return rc ? rc : lite_starved(s, e);
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
    if (rc != SQLITE_DONE)
        lite_passed_over(s);
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

/* What names the rows of a table: its rowid, under a word that no column hides or as the column
 * that it is. Absent: WITHOUT ROWID. */
static struct str row_name(const struct digester *d, const struct obj *table)
{
    static const char *const words[] = {"rowid", "oid", "_rowid_"};
    struct view v = {d->cat, NULL, 0};
    struct str alias = lite_rowid_alias(d->mem, &v, table->path);
    if (obj_true(table, "without_rowid"))
        return STR_NULL;
    if (!str_is_null(alias))
        return path_name(d->mem, alias);
    for (size_t i = 0; i < 3; i++)
        if (!cat_find(d->cat, path_join(d->mem, table->path, STR("column"), str_c(words[i]))))
            return str_c(words[i]);
    return STR_NULL;
}

/* The number of rows, and the high-water mark where it is no attribute that is compared. */
static void digest_table(const struct digester *d, const struct obj *o)
{
    struct str name = obj_name(d->mem, o);
    put_digest(d, o->path, lite_text(d->mem, "SELECT 1 FROM %I", name));
    const struct obj *key =
        cat_find(d->cat, path_join(d->mem, o->path, STR("primary_key"), STR("#")));
    if (obj_true(key, "autoincrement") && !(d->cat->captured & F_COUNTERS))
        put_digest(d, path_join(d->mem, o->path, STR("sequence"), STR("seq")),
                   lite_text(d->mem,
                             "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %L",
                             name));
}

/* The values, and which row each stands in. */
static void digest_values(const struct digester *d, struct str path, struct str table,
                          struct str column, struct str by)
{
    put_digest(d, path, lite_text(d->mem, "SELECT %I FROM %I", column, table));
    if (!str_is_null(by))
        put_digest(d, path_join(d->mem, path, STR("by"), STR("rowid")),
                   lite_text(d->mem, "SELECT %I, %I FROM %I", by, column, table));
}

static void digest_column(const struct digester *d, const struct obj *o)
{
    const struct obj *table = cat_find(d->cat, path_parent(o->path));
    digest_values(d, o->path, obj_name(d->mem, table), obj_name(d->mem, o), row_name(d, table));
}

/* Whether the index of a full-text table fits its text, wherever that is. Nothing is said of one
 * that cannot be asked, as while its content has other columns than it. */
static void digest_index(const struct digester *d, const struct obj *o)
{
    struct str name = obj_name(d->mem, o);
    bool fts5 = str_eq(obj_text(d->mem, o, "module"), STR("fts5"));
    struct str sql = lite_text(d->mem, "INSERT INTO %I (%I%S) VALUES ('integrity-check'%S)", name,
                               name, fts5 ? STR(", rank") : STR(""), fts5 ? STR(", 1") : STR(""));
    int rc = sqlite3_exec(d->s->db, sql.p, NULL, NULL, NULL);
    struct str path = path_join(d->mem, o->path, STR("full_text"), STR("index"));
    if (rc == SQLITE_OK)
        d->put(d->ctx, path, STR("the index fits"));
    else if ((rc & 0xff) == SQLITE_CORRUPT)
        d->put(d->ctx, path, STR("the index does not fit"));
    else
        lite_passed_over(d->s);
}

/* Columns of virtual tables are no facts. One that shows another table's text holds none. */
static void digest_virtual(const struct digester *d, const struct obj *o)
{
    struct str name = obj_name(d->mem, o), module = obj_text(d->mem, o, "module");
    uint32_t n;
    struct str *columns = lite_list(d->mem, jc_get(o->src, "columns"), &n);
    bool text = str_starts(module, STR("fts"));
    if (text)
        digest_index(d, o);
    for (uint32_t i = 0; i < n && !lite_is_external(d->mem, o); i++)
        digest_values(d, path_join(d->mem, o->path, STR("column"), lite_fold(d->mem, columns[i])),
                      name, columns[i], text ? STR("rowid") : STR_NULL);
}

int lite_digest(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e)
{
    struct digester d = {s, cat, mem, hasher_new(mem), put, ctx};
    if (s->scratch && !sqlite3_get_autocommit(s->db))
        return err_set(e, E_VERIFY_FAILED, "a transaction was left open");
    for (uint32_t i = 0; i < cat->n; i++) {
        if (holds_rows(&cat->v[i]))
            digest_table(&d, &cat->v[i]);
        if (str_eq(path_kind(cat->v[i].path), STR("virtual_table")))
            digest_virtual(&d, &cat->v[i]);
        /* a generated value follows from others, which may be converted */
        if (str_eq(path_kind(cat->v[i].path), STR("column")) &&
            str_is_null(obj_raw(&cat->v[i], "generated")))
            digest_column(&d, &cat->v[i]);
    }
    return lite_starved(s, e);
}
