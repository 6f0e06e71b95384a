/*
 * What views and triggers need, asked of SQLite itself: the schema is built on a scratch database,
 * the statement that would use the body is prepared, and the authorizer tells which tables and
 * columns it reads and writes. A body that does not prepare needs something that is not there.
 */

#include "drivers/sqlite/live.h"

#include <string.h>

#include "core/interrupt.h"

struct lite_deps {
    struct session *own, *scratch;
    const struct lite_rows *rows;
    const struct lite_names *paths;
    struct str subject; /* folded name of the view or trigger that is asked about */
    struct str *found;
    uint32_t n, cap;
};

static void add(struct lite_deps *d, struct str path)
{
    struct arena *mem = d->own->mem;
    for (uint32_t i = 0; i < d->n; i++)
        if (str_eq(d->found[i], path))
            return;
    if (d->n == d->cap)
        d->found = vec_grow(mem, d->found, &d->cap, sizeof *d->found);
    d->found[d->n++] = arena_str(mem, path);
}

/* The top object of a name, as a path that exists; or absent. */
static struct str path_of(struct lite_deps *d, struct str name)
{
    static const char *const kinds[] = {"table", "view", "virtual_table"};
    for (size_t i = 0; i < 3; i++) {
        struct str path = lite_top_path(d->own->mem, kinds[i], name);
        if (lite_names_has(d->paths, path))
            return path;
    }
    return STR_NULL;
}

static int authorize(void *ctx, int action, const char *table, const char *column, const char *db,
                     const char *by)
{
    struct lite_deps *d = ctx;
    struct str path;
    (void)db;
    bool reads = action == SQLITE_READ || action == SQLITE_UPDATE;
    bool writes = action == SQLITE_INSERT || action == SQLITE_DELETE;
    if ((!reads && !writes) || !by || !table || !str_eq_fold(str_c(by), d->subject))
        return SQLITE_OK;
    path = path_of(d, str_c(table));
    if (str_is_null(path) ||
        (str_eq(path_kind(path), STR("view")) && str_eq_fold(str_c(table), d->subject)))
        return SQLITE_OK;
    add(d, path);
    if (reads && column && *column) {
        struct str one =
            path_join(d->own->mem, path, STR("column"), lite_fold(d->own->mem, str_c(column)));
        if (lite_names_has(d->paths, one))
            add(d, one);
    }
    return SQLITE_OK;
}

struct lite_deps *lite_deps_open(struct session *s, const struct lite_rows *rows,
                                 const struct lite_names *paths, struct err *e)
{
    struct lite_deps *d = NEW(s->mem, struct lite_deps);
    *d = (struct lite_deps){.own = s, .rows = rows, .paths = paths};
    d->scratch = lite_scratch_open(s->mem, ":memory:", e);
    if (!d->scratch)
        return NULL;
    for (uint32_t i = 0; i < rows->n; i++) {
        struct err none;
        bool table = str_eq(rows->v[i].type, STR("table"));
        if (table || str_eq(rows->v[i].type, STR("view")))
            (void)lite_scratch_exec(d->scratch, rows->v[i].sql,
                                    &none); /* what fails is not there */
    }
    return d;
}

/* Compiles and forgets. NULL or SQLite's words. */
static const char *prepare(struct lite_deps *d, struct str sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3_set_authorizer(d->scratch->db, authorize, d);
    int rc = sqlite3_prepare_v2(d->scratch->db, sql.p, (int)sql.n, &stmt, NULL);
    if (rc != SQLITE_OK)
        lite_passed_over(d->scratch);
    sqlite3_finalize(stmt);
    sqlite3_set_authorizer(d->scratch->db, NULL, NULL);
    return rc == SQLITE_OK ? NULL : sqlite3_errmsg(d->scratch->db);
}

/* The first column of a table or view that an UPDATE may name. */
static struct str updatable(struct lite_deps *d, struct str table)
{
    static const char sql[] = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    sqlite3_stmt *x = NULL;
    struct str name = STR("rowid");
    if (sqlite3_prepare_v2(d->scratch->db, sql, -1, &x, NULL) == SQLITE_OK) {
        sqlite3_bind_text(x, 1, table.p, (int)table.n, SQLITE_STATIC);
        if (sqlite3_step(x) == SQLITE_ROW)
            name = arena_str(d->own->mem, lite_column_text(x, 0));
    }
    lite_passed_over(d->scratch);
    sqlite3_finalize(x);
    return name;
}

/* A statement that fires the trigger. */
static struct str firing(struct lite_deps *d, const struct lite_trigger *t)
{
    struct arena *mem = d->own->mem;
    if (str_eq(t->event, STR("insert")))
        return lite_text(mem, "INSERT INTO %I DEFAULT VALUES", t->table);
    if (str_eq(t->event, STR("delete")))
        return lite_text(mem, "DELETE FROM %I", t->table);
    struct str column = t->ncolumns ? t->columns[0] : updatable(d, t->table);
    return lite_text(mem, "UPDATE %I SET %I = NULL", t->table, column);
}

static const char *ask_trigger(struct lite_deps *d, const struct lite_row *row)
{
    struct lite_trigger t;
    struct err why;
    if (!lite_parse_trigger(d->own->mem, row->sql, &t))
        return "its text is not understood";
    if (lite_scratch_exec(d->scratch, row->sql, &why))
        return "it cannot be made";
    for (uint32_t i = 0; i < t.ncolumns; i++) {
        struct str path = path_join(d->own->mem, path_of(d, t.table), STR("column"), t.columns[i]);
        if (lite_names_has(d->paths, path))
            add(d, path);
    }
    const char *failed = prepare(d, firing(d, &t));
    char *kept = failed ? arena_cstr(d->own->mem, str_c(failed)) : NULL;
    (void)lite_scratch_exec(d->scratch, lite_text(d->own->mem, "DROP TRIGGER %I", t.name), &why);
    return kept;
}

/* A body that does not prepare: what its words name is the best that can be said. */
static void by_words(struct lite_deps *d, const struct lite_row *row)
{
    struct lexer l = lex_open(row->sql);
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        if (t.type != T_WORD && t.type != T_QUOTED)
            continue;
        struct str name = tok_name(d->own->mem, t), path = path_of(d, name);
        if (!str_is_null(path) && !str_eq_fold(name, d->subject))
            add(d, path);
    }
}

struct str *lite_deps_of(struct lite_deps *d, const struct lite_row *row, uint32_t *n)
{
    bool view = str_eq(row->type, STR("view"));
    d->found = NULL;
    d->n = *n = d->cap = 0;
    /* Views that hold one another many times over take long to prepare, and SQLite asks nobody
     * meanwhile (before 3.41). */
    if (interrupt_seen() || (d->own->deadline_ms && clock_ms() > d->own->deadline_ms))
        d->scratch->starved = SQLITE_INTERRUPT;
    if (d->scratch->starved)
        return NULL;
    d->subject = lite_fold(d->own->mem, row->name);
    const char *failed = view ? prepare(d, lite_text(d->own->mem, "SELECT 1 FROM %I", row->name))
                              : ask_trigger(d, row);
    if (failed) {
        by_words(d, row);
        add(d, arena_printf(d->own->mem, "!%s", failed));
    }
    *n = d->n;
    return d->found;
}

int lite_deps_close(struct lite_deps *d, struct err *e)
{
    int rc = d ? lite_starved(d->scratch, e) : 0;
    if (d)
        lite_close(d->scratch);
    return rc;
}
