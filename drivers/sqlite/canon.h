#ifndef SNAP_DRIVERS_SQLITE_CANON_H
#define SNAP_DRIVERS_SQLITE_CANON_H

/*
 * SQLite text in one spelling: comments, blanks, quotes around names and the case of keywords and
 * names are gone; literals stay. Two clauses mean the same when their canonical texts are equal.
 */

#include "core/strbuf.h"
#include "drivers/sql/sqlfmt.h"

/* Quoting of names. Every keyword is quoted. */
extern const struct sql_dialect lite_dialect;
bool lite_is_keyword(struct str name);
/* engine.reserved: of the keywords, those that are no name without quotes. */
bool lite_reserved(struct str version, struct str name);

/* ASCII letters in lower case: SQLite compares names so. */
struct str lite_fold(struct arena *a, struct str name);

/* A set of names, folded. */
struct lite_names;
struct lite_names *lite_names_new(struct arena *a);
void lite_names_add(struct lite_names *set, struct str name);
bool lite_names_has(const struct lite_names *set, struct str folded);

/* An expression, query or body.
 * With `known` (the names in reach of a table's expressions): these are folded, and a quoted word
 * that is not among them is a string, which SQLite takes "x" for where no name fits, so it stays as
 * it is. Without: names keep their case, since a body may mean a string by "x" and shows the case
 * of names after AS as heads of columns; names of functions, types and collations are folded. */
void lite_canon(struct strbuf *out, struct str text, const struct lite_names *known);
/* A name as it stands in canonical text: quoted only where it must be. */
void lite_canon_name(struct strbuf *out, struct str folded);
/* A DEFAULT without its outer parentheses; nothing for NULL. A lone name is a string there and
 * keeps its case. */
void lite_canon_default(struct strbuf *out, struct str text);
/* A data type: "varchar(10)". */
void lite_canon_type(struct strbuf *out, struct str text);
/* The affinity of a canonical type (https://sqlite.org/datatype3.html 3.1). */
const char *lite_affinity(struct str canonical_type);
/* The text without parentheses that wrap all of it, and without blanks around. */
struct str lite_unwrap(struct str text);

#endif
