#ifndef SNAP_CORE_RELATION_H
#define SNAP_CORE_RELATION_H

/*
 * What a fact is in words that mean the same in every engine: tables, columns, keys, and what they
 * point at. For pictures, rules and other formats; no plan is made from it.
 *
 * The kind's tag and the attributes of core/vocab.def tell most of it. Where an engine keeps a
 * thing in words of its own, its hook (`relate` of struct engine) fills in the rest.
 */

#include "core/catalog.h"

enum role {
    ROLE_OTHER,
    ROLE_TABLE, /* holds rows or documents */
    ROLE_VIEW,
    ROLE_COLUMN,
    ROLE_PRIMARY_KEY,
    ROLE_UNIQUE, /* a constraint; a unique index is ROLE_INDEX with `unique` */
    ROLE_INDEX,
    ROLE_FOREIGN_KEY,
    ROLE_CHECK, /* also other conditions on rows: EXCLUDE */
    ROLE_TRIGGER,
    ROLE_ROUTINE,
    ROLE_SEQUENCE,
    ROLE_TYPE,
};

/* One term of a key: a column, or an expression over some. */
struct term {
    struct str text;    /* as the engine writes it, with its direction: "lower(a) DESC" */
    struct str column;  /* its name as it stands in the column's path; absent: an expression, or a
                           part of the column's value */
    struct str part_of; /* the column of whose value it is a part; or absent */
    bool desc;
};

/* Texts live in the arena that was handed in, or in the catalog. What an object does not have is
 * absent. */
struct relation {
    enum role role;
    struct str name; /* as spelled; absent: it has none */
    struct str comment;
    struct str whole; /* of a partition: path of the table whose rows it holds a part of */
    /* of keys and indexes, and the columns of a foreign key */
    struct term *terms;
    uint32_t nterms;
    bool unique;
    bool special; /* an index that does not find rows by equal values of its first columns: full
                     text, spatial, BRIN, one that is hidden or not valid */
    bool extra;   /* an index has more to it than terms and condition: other columns, options */
    struct str where;
    /* of a foreign key */
    struct str ref;          /* path of the table it points at, there or not */
    struct str *ref_columns; /* names as in paths; none where the primary key is meant */
    uint32_t nref;
    struct str on_delete, on_update; /* "cascade", "set null": lower case; absent: no action */
    /* of a column */
    struct str type, dflt, generated;
    bool notnull;
    bool counts; /* the server numbers the rows: identity, serial, AUTO_INCREMENT */
    /* a view's query, a check's condition, a routine's or trigger's text */
    struct str text;
};

/* What the object is. `cat` is where it and what belongs to it stand. */
struct relation relation_of(const struct catalog *cat, const struct obj *o, struct arena *mem);
/* Its role alone, by its kind. */
enum role role_of(const struct engine *eng, const struct obj *o);
/* Columns of a table in their order, as facts; *n of them. Those that the table's own list does not
 * name come last, by path. */
const struct obj **relation_columns(const struct catalog *cat, const struct obj *table,
                                    struct arena *mem, uint32_t *n);
/* A term that is the whole column of this name. */
struct term relation_term(struct str column);
/* Terms of the columns of a list attribute that holds plain names. */
struct term *relation_terms(const struct obj *o, const char *attr, struct arena *mem, uint32_t *n);

#endif
