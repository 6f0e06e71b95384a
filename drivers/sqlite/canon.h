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

/* ASCII letters in lower case: SQLite compares names so. */
struct str lite_fold(struct arena *a, struct str name);

/* A set of names, folded. */
struct lite_names;
struct lite_names *lite_names_new(struct arena *a);
void lite_names_add(struct lite_names *set, struct str name);
bool lite_names_has(const struct lite_names *set, struct str folded);

/* An expression, query or body. `known`: the names in reach (NULL: none). A quoted word that is not
 * known may be a string (SQLite takes "x" for 'x' where no column fits), so its case stays; so does
 * the case of a name after AS, which SELECT shows as the head of a column. */
void lite_canon(struct strbuf *out, struct str text, const struct lite_names *known);
/* A name as it stands in canonical text: quoted only where it must be. */
void lite_canon_name(struct strbuf *out, struct str folded);
/* A DEFAULT without its outer parentheses; nothing for NULL. A lone name is a string there and keeps
 * its case. */
void lite_canon_default(struct strbuf *out, struct str text);
/* A data type: "varchar(10)". */
void lite_canon_type(struct strbuf *out, struct str text);
/* The affinity of a canonical type (https://sqlite.org/datatype3.html 3.1). */
const char *lite_affinity(struct str canonical_type);
/* The text without parentheses that wrap all of it, and without blanks around. */
struct str lite_unwrap(struct str text);

#endif
