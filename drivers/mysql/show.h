#ifndef SNAP_DRIVERS_MYSQL_SHOW_H
#define SNAP_DRIVERS_MYSQL_SHOW_H

/*
 * What SHOW CREATE TABLE says, taken apart. The text is the server's own and regular: one line for
 * each column, key and constraint, then the options. What is not known makes the whole not
 * understood; whether it was read right is asked by writing it down again (table.c).
 */

#include "drivers/mysql/text.h"

struct my_column {
    struct str name, type;       /* "int(10) unsigned zerofill" */
    struct str charset, collate; /* as far as they are written; absent: not */
    struct str dflt, on_update;  /* as written: 'x', 5, NULL, (uuid()); absent: none */
    struct str generated;        /* expression; or ROW START, ROW END */
    struct str check;            /* MariaDB: the column's own CHECK */
    struct str comment;
    struct str srid;    /* number */
    struct str options; /* the rest as written: COLUMN_FORMAT, STORAGE, ENGINE_ATTRIBUTE ... */
    bool stored, notnull, null_written, auto_increment, invisible, unversioned;
    struct str text; /* the line */
};

struct my_key {
    struct str name;   /* absent: the primary key */
    struct str type;   /* "", UNIQUE, FULLTEXT, SPATIAL, VECTOR, PRIMARY */
    struct str *parts; /* as written: `a`(10) DESC */
    uint32_t nparts;
    struct str comment;
    struct str options; /* as written: USING BTREE, KEY_BLOCK_SIZE=8, WITH PARSER `ngram` */
    bool hidden;        /* INVISIBLE, IGNORED */
    struct str text;
};

struct my_foreign_key {
    struct str name;
    struct str *columns, *ref_columns;
    uint32_t ncolumns, nref;
    struct str ref_schema, ref_table; /* ref_schema absent: the same */
    struct str on_delete, on_update;  /* as written; absent: not */
    struct str text;
};

struct my_check {
    struct str name, expr;
    bool not_enforced;
    struct str text;
};

struct my_period {
    struct str name, from, to; /* SYSTEM_TIME or a name */
    struct str text;
};

struct my_option {
    struct str key, value; /* upper case where the server's are; value as written */
};

struct my_table {
    struct str name;
    VEC(struct my_column) columns;
    VEC(struct my_key) keys;
    VEC(struct my_foreign_key) foreign_keys;
    VEC(struct my_check) checks;
    VEC(struct my_period) periods;
    VEC(struct my_option) options; /* ENGINE, AUTO_INCREMENT, CHARSET, COLLATE, COMMENT ... */
    struct str partition;          /* behind PARTITION BY; absent: none */
    bool versioned;                /* WITH SYSTEM VERSIONING */
};

/* False: not understood; *where is then the line. Texts point into `text` or live in mem. */
bool my_show_table(struct arena *mem, struct str text, struct my_table *out, struct str *where);
/* Value of an option, or absent. */
struct str my_option(const struct my_table *t, const char *key);

#endif
