/*
 * Introspection: sqlite_schema read in one transaction, each CREATE text parsed, and what the
 * parser says of a table held against SQLite's own PRAGMAs. A table where the two differ is not
 * understood: it goes to the ledger and is never planned.
 */

#include <stdlib.h>
#include <string.h>

#include "drivers/sqlite/live.h"

enum { MAX_TRIES = 5 };

struct parsed_table {
    struct str folded;
    const struct lite_row *row;
    struct lite_table table;
    struct lite_names *columns;
    bool understood;
};

struct introspection {
    struct session *s;
    struct catalog *cat;
    const struct scope *scope;
    struct lite_rows rows;
    struct parsed_table *tables; /* by folded name */
    uint32_t ntables;
    struct lite_names *paths; /* of tables, views and columns, for deps */
    struct lite_deps *deps;
};

/* Names of tables as SQLite classes them. */
struct listed {
    struct lite_names *shadow, *view, *virtual_table;
};

static void class_table(const struct listed *l, struct str type, struct str name)
{
    struct lite_names *set = str_eq(type, STR("shadow"))    ? l->shadow
                             : str_eq(type, STR("view"))    ? l->view
                             : str_eq(type, STR("virtual")) ? l->virtual_table
                                                            : NULL;
    if (set)
        lite_names_add(set, name);
}

/* Runs a query once for each top object that is asked for (its folded name is ?1), or once for all.
 */
typedef void row_fn(struct introspection *in, sqlite3_stmt *stmt, void *ctx);
static int each_row(struct introspection *in, const char *all, const char *one, row_fn *fn,
                    void *ctx, struct err *e)
{
    uint32_t n = in->scope->only ? in->scope->nonly : 1;
    sqlite3_stmt *stmt;
    int rc = lite_prepare(in->s, in->scope->only ? one : all, &stmt, e);
    for (uint32_t i = 0; !rc && i < n; i++) {
        if (in->scope->only) {
            struct str name = path_name(in->s->mem, in->scope->only[i]);
            sqlite3_reset(stmt);
            sqlite3_bind_text(stmt, 1, name.p, (int)name.n, SQLITE_STATIC);
        }
        while ((rc = lite_step(in->s, stmt, e)) == 1)
            fn(in, stmt, ctx);
    }
    sqlite3_finalize(stmt);
    return rc;
}

static void on_listed(struct introspection *in, sqlite3_stmt *stmt, void *ctx)
{
    (void)in;
    class_table(ctx, lite_column_text(stmt, 1), lite_column_text(stmt, 0));
}

static int read_table_list(struct introspection *in, struct listed *out, struct err *e)
{
    out->shadow = lite_names_new(in->s->mem);
    out->view = lite_names_new(in->s->mem);
    out->virtual_table = lite_names_new(in->s->mem);
    return each_row(in, "SELECT name, type FROM pragma_table_list WHERE schema = 'main'",
                    "SELECT name, type FROM pragma_table_list(?1) WHERE schema = 'main'", on_listed,
                    out, e);
}

static bool is_internal(struct str name)
{
    return name.n >= 7 && str_eq_fold(str_sub(name, 0, 7), STR("sqlite_"));
}

static void not_understood(struct introspection *in, const struct lite_row *row, const char *why)
{
    char kind[32];
    struct str on = STR_NULL, table = lite_fold(in->cat->mem, row->table);
    if (!str_eq(row->type, STR("table")) && !str_eq(row->type, STR("view")))
        on = lite_top_path(in->cat->mem, row->view ? "view" : "table", table);
    snprintf(kind, sizeof kind, "%.*s", STR_ARG(row->type));
    cat_add_ledger(in->cat, arena_cstr(in->cat->mem, str_c(kind)), row->name, on, row->sql, why);
}

static void on_object(struct introspection *in, sqlite3_stmt *stmt, void *ctx)
{
    struct arena *mem = in->s->mem;
    const struct listed *listed = ctx;
    struct lite_row row = {.type = arena_str(mem, lite_column_text(stmt, 0)),
                           .name = arena_str(mem, lite_column_text(stmt, 1)),
                           .table = arena_str(mem, lite_column_text(stmt, 2)),
                           .sql = arena_str(mem, lite_column_text(stmt, 3))};
    struct str table = lite_fold(mem, row.table), name = lite_fold(mem, row.name);
    if (is_internal(row.name))
        return; /* the index of a constraint, or SQLite's own table */
    row.shadow = lite_names_has(listed->shadow, table);
    if (str_is_null(row.sql)) {
        if (!row.shadow)
            not_understood(in, &row, "it has no CREATE text");
        return;
    }
    row.virtual_table = lite_names_has(listed->virtual_table, name) ||
                        str_eq_fold(str_sub(row.sql, 0, 15), STR("CREATE VIRTUAL "));
    row.view = lite_names_has(listed->view, table);
    if (!row.shadow)
        VEC_PUSH(mem, in->rows, row);
}

static int read_rows(struct introspection *in, struct listed *listed, struct err *e)
{
    return each_row(
        in, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid",
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE lower(tbl_name) = ?1 "
        "ORDER BY rowid",
        on_object, listed, e);
}

static bool wanted(const struct introspection *in, struct str table)
{
    struct str folded = lite_fold(in->s->mem, table);
    if (!in->scope->only)
        return true;
    for (uint32_t i = 0; i < in->scope->nonly; i++)
        if (str_eq(path_name(in->s->mem, in->scope->only[i]), folded))
            return true;
    return false;
}

static int by_folded(const void *a, const void *b)
{
    return str_cmp(((const struct parsed_table *)a)->folded,
                   ((const struct parsed_table *)b)->folded);
}

static struct parsed_table *find_table(const struct introspection *in, struct str folded)
{
    struct parsed_table key = {.folded = folded};
    return in->ntables ? bsearch(&key, in->tables, in->ntables, sizeof key, by_folded) : NULL;
}

static void add_path(struct introspection *in, const char *kind, struct str name)
{
    lite_names_add(in->paths, lite_top_path(in->s->mem, kind, name));
}

static void parse_tables(struct introspection *in)
{
    struct arena *mem = in->s->mem;
    in->tables = NEW_ARRAY(mem, struct parsed_table, in->rows.n);
    for (uint32_t i = 0; i < in->rows.n; i++) {
        const struct lite_row *row = &in->rows.v[i];
        if (str_eq(row->type, STR("view")))
            add_path(in, "view", row->name);
        if (!str_eq(row->type, STR("table")))
            continue;
        add_path(in, row->virtual_table ? "virtual_table" : "table", row->name);
        if (row->virtual_table || (in->scope->no_deps && !wanted(in, row->name)))
            continue;
        struct parsed_table *t = &in->tables[in->ntables++];
        *t = (struct parsed_table){.folded = lite_fold(mem, row->name), .row = row};
        t->columns = lite_names_new(mem);
        t->understood = str_is_utf8(row->sql) && lite_parse_table(mem, row->sql, &t->table);
        for (uint32_t k = 0; t->understood && k < t->table.ncolumns; k++) {
            struct str name = t->table.columns[k].name;
            lite_names_add(t->columns, name);
            lite_names_add(in->paths, path_join(mem, lite_top_path(mem, "table", row->name),
                                                STR("column"), lite_fold(mem, name)));
        }
    }
    if (in->ntables)
        qsort(in->tables, in->ntables, sizeof *in->tables, by_folded);
}

/* PRAGMA table_xinfo of one column against what the parser says. */
static const char *column_differs(const struct introspection *in, const struct parsed_table *t,
                                  sqlite3_stmt *x, uint32_t at)
{
    struct arena *mem = in->s->mem;
    if (at >= t->table.ncolumns)
        return "SQLite has more columns than its CREATE text was read to have";
    const struct lite_column *col = &t->table.columns[at];
    struct strbuf type = sb_new(mem, 0), dflt = sb_new(mem, 0);
    lite_canon_type(&type, lite_column_text(x, 2));
    if (sqlite3_column_type(x, 4) != SQLITE_NULL)
        lite_canon_default(&dflt, lite_column_text(x, 4));
    int hidden = sqlite3_column_int(x, 6), pk = sqlite3_column_int(x, 5);
    bool notnull = sqlite3_column_int(x, 3) != 0;
    if (!str_eq(lite_column_text(x, 1), col->name))
        return "the name of a column was read differently";
    if (!str_eq(sb_view(&type), col->type))
        return "the type of a column was read differently";
    if (!str_eq(sb_view(&dflt), col->dflt))
        return "the default of a column was read differently";
    /* Columns of the key are NOT NULL by themselves where the key is no alias of the rowid. */
    bool by_key = pk && (t->table.without_rowid || t->table.strict);
    if (notnull != col->notnull && !(by_key && notnull))
        return "NOT NULL of a column was read differently";
    bool generated = !str_is_null(col->generated);
    if (generated != (hidden >= 2) || (generated && col->stored != (hidden == 3)))
        return "the generated clause of a column was read differently";
    return NULL;
}

static int check_columns(struct introspection *in, sqlite3_stmt *x, struct parsed_table *t,
                         const char **why, struct err *e)
{
    uint32_t n = 0;
    int rc;
    sqlite3_reset(x);
    sqlite3_bind_text(x, 1, t->row->name.p, (int)t->row->name.n, SQLITE_STATIC);
    while ((rc = lite_step(in->s, x, e)) == 1 && !*why)
        *why = column_differs(in, t, x, n++);
    if (rc < 0)
        return -1;
    if (!*why && n != t->table.ncolumns)
        *why = "SQLite has fewer columns than its CREATE text was read to have";
    return 0;
}

/* PRAGMA foreign_key_list counts from the key that was written last. */
static int check_foreign_keys(struct introspection *in, sqlite3_stmt *x, struct parsed_table *t,
                              const char **why, struct err *e)
{
    const struct lite_constraint **keys =
        NEW_ARRAY(in->s->mem, const struct lite_constraint *, t->table.nconstraints);
    uint32_t nkeys = 0, expected = 0, rows = 0;
    int rc;
    for (uint32_t i = 0; i < t->table.nconstraints; i++)
        if (t->table.constraints[i].kind == LITE_FOREIGN_KEY) {
            keys[nkeys++] = &t->table.constraints[i];
            expected += t->table.constraints[i].nterms;
        }
    sqlite3_reset(x);
    sqlite3_bind_text(x, 1, t->row->name.p, (int)t->row->name.n, SQLITE_STATIC);
    while ((rc = lite_step(in->s, x, e)) == 1) {
        uint32_t id = (uint32_t)sqlite3_column_int(x, 0), seq = (uint32_t)sqlite3_column_int(x, 1);
        rows++;
        if (id >= nkeys || seq >= keys[nkeys - 1 - id]->nterms ||
            !str_eq_fold(lite_column_text(x, 2), keys[nkeys - 1 - id]->ref_table) ||
            !str_eq_fold(lite_column_text(x, 3), keys[nkeys - 1 - id]->terms[seq]))
            *why = "a foreign key was read differently";
    }
    if (rc == 0 && !*why && rows != expected)
        *why = "the foreign keys were read differently";
    return rc;
}

static int check_tables(struct introspection *in, struct err *e)
{
    sqlite3_stmt *columns = NULL, *keys = NULL;
    int rc = lite_prepare(in->s,
                          "SELECT cid, name, type, \"notnull\", dflt_value, pk, hidden FROM "
                          "pragma_table_xinfo(?1)",
                          &columns, e);
    if (!rc)
        rc = lite_prepare(in->s,
                          "SELECT id, seq, \"table\", \"from\" FROM pragma_foreign_key_list(?1)",
                          &keys, e);
    for (uint32_t i = 0; !rc && i < in->ntables; i++) {
        struct parsed_table *t = &in->tables[i];
        const char *why = t->understood ? NULL : "its CREATE text was not understood";
        if (!wanted(in, t->row->name))
            continue;
        if (!why)
            rc = check_columns(in, columns, t, &why, e);
        if (!rc && !why)
            rc = check_foreign_keys(in, keys, t, &why, e);
        t->understood = !why;
        if (!rc && why)
            not_understood(in, t->row, why);
    }
    sqlite3_finalize(columns);
    sqlite3_finalize(keys);
    return rc;
}

/* Columns of a virtual table that a SELECT shows; none when its module is not there. */
static uint32_t virtual_columns(struct introspection *in, struct str name, struct str **out)
{
    static const char sql[] = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    sqlite3_stmt *x = NULL;
    VEC(struct str) names = {0};
    if (sqlite3_prepare_v2(in->s->db, sql, -1, &x, NULL) == SQLITE_OK) {
        sqlite3_bind_text(x, 1, name.p, (int)name.n, SQLITE_STATIC);
        while (sqlite3_step(x) == SQLITE_ROW) {
            struct str one = arena_str(in->s->mem, lite_column_text(x, 0));
            VEC_PUSH(in->s->mem, names, one);
        }
    }
    lite_passed_over(in->s);
    sqlite3_finalize(x);
    *out = names.v;
    return names.n;
}

/* The row of sqlite_sequence, when counters are asked for. */
static struct str sequence_of(struct introspection *in, struct str name)
{
    sqlite3_stmt *x = NULL;
    struct str value = STR("");
    if (!(in->scope->facets & F_COUNTERS) ||
        sqlite3_prepare_v2(in->s->db, "SELECT seq FROM sqlite_sequence WHERE name = ?1", -1, &x,
                           NULL) != SQLITE_OK)
        return value;
    sqlite3_bind_text(x, 1, name.p, (int)name.n, SQLITE_STATIC);
    if (sqlite3_step(x) == SQLITE_ROW)
        value = arena_printf(in->s->mem, "%lld", (long long)sqlite3_column_int64(x, 0));
    lite_passed_over(in->s);
    sqlite3_finalize(x);
    return value;
}

static bool body_facts(struct introspection *in, const struct lite_row *row)
{
    uint32_t n = 0;
    struct str *deps = in->deps ? lite_deps_of(in->deps, row, &n) : NULL;
    if (str_eq(row->type, STR("view")))
        return lite_view_facts(in->cat, row->sql, deps, n);
    return lite_trigger_facts(in->cat, row->sql, row->view, deps, n);
}

static void one_row(struct introspection *in, const struct lite_row *row)
{
    struct str table = lite_fold(in->s->mem, row->table), *columns;
    struct parsed_table *t = find_table(in, table);
    bool ok = str_is_utf8(row->sql) && str_is_utf8(row->name);
    if (t && !t->understood) {
        if (row != t->row)
            not_understood(in, row, "its table is not understood");
        return;
    }
    if (!ok) {
        not_understood(in, row, "its text is not UTF-8");
        return;
    }
    if (str_eq(row->type, STR("table")) && row->virtual_table) {
        uint32_t n = virtual_columns(in, row->name, &columns);
        ok = lite_virtual_facts(in->cat, row->sql, columns, n, in->paths);
    } else if (str_eq(row->type, STR("table"))) {
        ok = t != NULL;
        if (ok)
            lite_table_facts(in->cat, &t->table, sequence_of(in, row->name));
    } else if (str_eq(row->type, STR("index"))) {
        ok = t && lite_index_facts(in->cat, row->sql, t->columns);
    } else {
        ok = body_facts(in, row);
    }
    if (!ok)
        not_understood(in, row, "its CREATE text was not understood");
}

static int read_pragmas(struct introspection *in, struct err *e)
{
    static const char *const names[] = {"application_id", "auto_vacuum", "encoding", "page_size",
                                        "user_version"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char sql[64];
        sqlite3_stmt *x;
        snprintf(sql, sizeof sql, "PRAGMA main.%s", names[i]);
        if (in->scope->only && !wanted(in, str_c(names[i])))
            continue;
        if (lite_prepare(in->s, sql, &x, e))
            return -1;
        int rc = lite_step(in->s, x, e);
        if (rc == 1) {
            lite_pragma_fact(in->cat, names[i], arena_str(in->s->mem, lite_column_text(x, 0)));
            rc = lite_step(in->s, x, e); /* fails where a value could not be made a text */
        }
        sqlite3_finalize(x);
        if (rc < 0)
            return -1;
    }
    return 0;
}

static bool has_bodies(const struct introspection *in)
{
    for (uint32_t i = 0; i < in->rows.n; i++)
        if ((str_eq(in->rows.v[i].type, STR("view")) ||
             str_eq(in->rows.v[i].type, STR("trigger"))) &&
            wanted(in, in->rows.v[i].table))
            return true;
    return false;
}

static int read_once(struct session *s, const struct scope *scope, struct catalog *cat,
                     struct err *e)
{
    struct introspection in = {.s = s, .cat = cat, .scope = scope};
    struct listed listed;
    in.paths = lite_names_new(s->mem);
    if (read_table_list(&in, &listed, e) || read_rows(&in, &listed, e))
        return -1;
    parse_tables(&in);
    if (check_tables(&in, e))
        return -1;
    if (!scope->no_deps && has_bodies(&in)) {
        in.deps = lite_deps_open(s, &in.rows, in.paths, e);
        if (!in.deps)
            return -1;
    }
    cat->tmp = s->mem;
    for (uint32_t i = 0; i < in.rows.n; i++) {
        struct arena_mark mark = arena_mark(s->mem);
        if (wanted(&in, in.rows.v[i].table))
            one_row(&in, &in.rows.v[i]);
        arena_release(s->mem, mark);
    }
    int rc = lite_deps_close(in.deps, e);
    if (!rc)
        rc = lite_starved(s, e);
    if (!rc)
        rc = read_pragmas(&in, e);
    if (!rc && scope->data.n)
        rc = lite_read_data(s, scope, cat, e);
    cat->tmp = cat->mem;
    return rc;
}

/* A file that was opened as immutable must be what it was; SQLite does not look. */
static bool has_moved(const struct session *s)
{
    struct stat now, wal;
    char path[4200];
    if (!s->guarded)
        return false;
    snprintf(path, sizeof path, "%s-wal", s->path);
    if (stat(s->path, &now) != 0 || (stat(path, &wal) == 0 && wal.st_size > 0))
        return true;
    return now.st_size != s->stat.st_size || now.st_ino != s->stat.st_ino ||
           now.st_mtim.tv_sec != s->stat.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != s->stat.st_mtim.tv_nsec;
}

int lite_introspect(struct session *s, const struct scope *scope, struct catalog *cat,
                    struct err *e)
{
    cat->version = arena_printf(cat->mem, "SQLite %s", sqlite3_libversion());
    struct err ended;
    struct arena_mark mark = arena_mark(s->mem);
    bool own = sqlite3_get_autocommit(s->db) != 0;
    if (own && lite_exec(s, "BEGIN", e))
        return -1;
    int rc = read_once(s, scope, cat, e);
    arena_release(s->mem, mark);
    /* An open one would keep later reads at this state. */
    if (own && lite_exec(s, "COMMIT", rc ? &ended : e))
        rc = -1;
    if (!rc && has_moved(s))
        return err_set(e, E_TORN, "%.*s was written to while it was read", STR_ARG(s->label));
    return rc;
}
