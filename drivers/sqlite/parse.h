#ifndef SNAP_DRIVERS_SQLITE_PARSE_H
#define SNAP_DRIVERS_SQLITE_PARSE_H

/*
 * CREATE statements as they stand in sqlite_schema, taken apart. Only this text holds names of
 * constraints, CHECKs, ON CONFLICT, DEFERRABLE, MATCH and expressions. Texts that are compared are
 * canonical (canon.h); `src` texts are the clause as it was written, without comments around it.
 * Names are without quotes and not folded. A statement that is not understood gives false.
 */

#include "core/strbuf.h"

struct lite_names;

struct lite_conflict {
    struct str word; /* "replace", or absent when the text says nothing */
};

struct lite_column {
    struct str name;
    struct str type;               /* canonical; "" when there is none */
    struct str dflt;               /* canonical; absent: none */
    struct str collate, generated; /* canonical; absent */
    bool notnull, stored;
    struct str notnull_conflict;
    /* names of the column's own constraints, in the order of lite_clause_names; absent
     * where unnamed */
    struct str constraint_name[5];
    struct str src; /* name, type and clauses, less those that are constraints of their own */
};
extern const char *const lite_clause_names[5];

enum lite_constraint_kind { LITE_PRIMARY_KEY, LITE_UNIQUE, LITE_CHECK, LITE_FOREIGN_KEY };

struct lite_constraint {
    enum lite_constraint_kind kind;
    struct str name;   /* absent: unnamed */
    struct str *terms; /* PRIMARY KEY, UNIQUE: canonical; FOREIGN KEY: folded names */
    uint32_t nterms;
    struct str expr; /* CHECK, canonical */
    struct str conflict;
    bool autoincrement;
    bool inline_desc;        /* column PRIMARY KEY DESC, which makes no rowid alias */
    struct str ref_table;    /* as written */
    struct str *ref_columns; /* as written */
    uint32_t nref_columns;
    struct str on_delete, on_update, match, deferrable; /* lower case words, absent when not said */
    int column; /* index of the column that it is written at, -1: at the table */
    struct str src;
};

struct lite_table {
    struct str name;
    struct lite_column *columns;
    struct lite_constraint *constraints;
    uint32_t ncolumns, nconstraints;
    bool strict, without_rowid;
};
/* `mem` holds the result, which also points into sql. */
bool lite_parse_table(struct arena *mem, struct str sql, struct lite_table *out);

struct lite_index {
    struct str name, table;
    bool unique;
    struct str *terms; /* canonical */
    uint32_t nterms;
    struct str where; /* text as written, absent */
};
/* `known`: names of the table's columns. */
bool lite_parse_index(struct arena *mem, struct str sql, const struct lite_names *known,
                      struct lite_index *out);

struct lite_view {
    struct str name;
    struct str *columns; /* as written */
    uint32_t ncolumns;
    struct str query; /* as written */
};
bool lite_parse_view(struct arena *mem, struct str sql, struct lite_view *out);

struct lite_trigger {
    struct str name, table;
    struct str timing;   /* "before", "after", "instead of"; absent when not said */
    struct str event;    /* "insert", "update", "delete" */
    struct str *columns; /* UPDATE OF, folded */
    uint32_t ncolumns;
    bool for_each_row; /* said */
    struct str when;   /* as written, absent */
    struct str body;   /* from BEGIN to END, as written */
};
bool lite_parse_trigger(struct arena *mem, struct str sql, struct lite_trigger *out);

struct lite_virtual {
    struct str name, module; /* module folded */
    struct str *args;        /* trimmed, as written */
    uint32_t nargs;
};
bool lite_parse_virtual(struct arena *mem, struct str sql, struct lite_virtual *out);

#endif
