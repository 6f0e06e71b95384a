#ifndef SNAP_DRIVERS_SQL_ROW_H
#define SNAP_DRIVERS_SQL_ROW_H

/*
 * Reference rows as facts: below a table one fact of kind `rows` that holds one of kind `row` for
 * each. A row's attribute `values` is a map from columns (names as in paths) to SQL literals, less
 * NULLs and generated columns. Its name is its key. What it needs (deps) are rows that its foreign
 * keys point at. An engine gives its way of quoting and of reading; order and statements are here.
 */

#include "core/data.h"
#include "core/ddl.h"
#include "core/fact.h"
#include "drivers/sql/sqlfmt.h"

/* ---- statements ---- */

struct row_dialect {
    const struct sql_dialect *sql;
    /* The table as statements name it. */
    struct str (*table)(struct arena *mem, const struct obj *table);
    /* Words before VALUES where a column that the server numbers is given a value; or NULL. */
    const char *(*overriding)(const struct obj *column);
};
/* Writes what differs between the rows of d->owner before and after: rows that others need first,
 * values that are freed before they are taken. A circle of unique values, or of rows of one table,
 * is cut by a NULL, or by a row that goes and comes again. */
int row_write(const struct row_dialect *dia, struct ddl *d, struct err *e);

/* What was done to the rows of a table; columns (names as in paths) that were set, `freed` for
 * those that were NULL in between. */
struct row_set {
    struct str column;
    bool freed;
};
struct row_deeds {
    bool deletes;
    VEC(struct row_set) set;
};
/* Hazards of what that does elsewhere: triggers that fire, rows of tables that --data does not name
 * which foreign keys delete or change. */
void row_hazards(struct ddl *d, struct str table, const struct row_deeds *deeds);

/* "name='x', price=1": the first values. */
void row_brief(const struct obj *o, struct strbuf *out);

/* The two kinds of an engine, whose one function is `write`. */
#define ROW_KINDS(prefix, write, order)                                                            \
    static const struct alter prefix##_row_alter = {                                               \
        .name = "row.write", .fn = write, .at_owner = true, .doc = "INSERT, UPDATE, DELETE"};      \
    static const struct attr_desc prefix##_row_attrs[] = {                                         \
        {"values", A_MAP, CMP_VALUE, F_DATA, NULL, &prefix##_row_alter, 1, false, 0,               \
         "SQL literals by column, less NULLs"},                                                    \
    };                                                                                             \
    static const struct attr_desc prefix##_rows_attrs[] = {                                        \
        {"key", A_LIST, CMP_VALUE, F_DATA, NULL, NULL, 1, false, 0,                                \
         "columns by which rows are told apart"},                                                  \
    };                                                                                             \
    const struct kind_desc prefix##_rows_kind = {                                                  \
        .name = "rows",                                                                            \
        .parents = "table",                                                                        \
        .flags = KF_CASCADE | KF_ROWS,                                                             \
        .rank = order,                                                                             \
        .facet = F_DATA,                                                                           \
        .attrs = prefix##_rows_attrs,                                                              \
        .nattrs = 1,                                                                               \
        .create = &prefix##_row_alter,                                                             \
        .drop = &prefix##_row_alter,                                                               \
        .doc = "rows of a table that --data names",                                                \
    };                                                                                             \
    const struct kind_desc prefix##_row_kind = {                                                   \
        .name = "row",                                                                             \
        .parents = "rows",                                                                         \
        .flags = KF_CASCADE | KF_INLINE,                                                           \
        .rank = (order) + 1,                                                                       \
        .facet = F_DATA,                                                                           \
        .attrs = prefix##_row_attrs,                                                               \
        .nattrs = 1,                                                                               \
        .create = &prefix##_row_alter,                                                             \
        .drop = &prefix##_row_alter,                                                               \
        .brief = row_brief,                                                                        \
        .doc = "a row, by its key",                                                                \
    }

/* What the user gave for a column that takes no NULL: SQL, or absent. */
struct str row_backfill(const struct ddl *d, const struct obj *column);
/* A value of a new column for the rows that are there: what the user gave; else, of a table whose
 * rows are known, an expression that gives each of them its own and NULL to any other. Absent where
 * neither is there. */
struct str row_fill_value(const struct row_dialect *dia, struct ddl *d, const struct obj *column);
/* UPDATE that puts what the user gave where a column that takes no NULL any more holds one; nothing
 * where nothing was given. */
void row_fill_nulls(const struct row_dialect *dia, struct ddl *d, const struct obj *before,
                    const struct obj *after);

/* ---- reading ---- */

/* A foreign key of a table whose rows are read. */
struct row_ref {
    struct str table;                        /* path of the other one */
    struct str columns[16], ref_columns[16]; /* names as in paths */
    uint32_t n;
};
struct row_values {
    struct str *literals; /* by column; absent: NULL */
    struct str name;      /* the key */
};
struct row_column {
    const struct obj *fact;
    struct str name; /* as in paths */
    bool notnull;
};
struct row_table {
    struct str path;
    struct row_column *columns; /* without generated ones, in their order */
    uint32_t ncolumns;
    uint32_t *key; /* places among them */
    uint32_t nkey;
    struct row_ref *refs;
    uint32_t nrefs;
    VEC(struct str) unique; /* columns that a unique key is over */
    VEC(struct row_values) rows;
    uint64_t bytes;
};
struct row_tables {
    struct arena *mem;
    struct catalog *cat;
    const struct data_want *want;
    VEC(struct row_table) v;
};
/* The tables of the catalog, whose facts are complete, that `want` names. Sorts the catalog. One
 * without a key is refused when it holds rows: between the steps of a plan it may have none yet. */
int row_tables(struct catalog *cat, const struct data_want *want, struct arena *mem,
               struct row_tables *out, struct err *e);
/* Adds a row: literals and plain texts of the columns, in the order of t->columns; absent: NULL.
 * E_LIMIT, E_DATA_NO_KEY (NULL in the key). */
int row_add(struct row_tables *all, struct row_table *t, const struct str *literals,
            const struct str *texts, struct err *e);
/* Puts the facts of all that was added. */
void row_facts(struct row_tables *all);

#endif
