#ifndef SNAP_SNAPSHOT_LIQUIBASE_FORM_H
#define SNAP_SNAPSHOT_LIQUIBASE_FORM_H

/* What of a catalog has a form in Liquibase's snapshots, found once before one is written
 * (liquibase_write.c), and what its words leave out. */

#include "core/lb_words.h"
#include "core/relation.h"
#include "snapshot/scribe.h"

/* What is known of a fact before anything is written. */
struct said {
    struct relation r;
    const struct obj *owner;
    uint32_t place; /* of a column in its table, from 1 */
    bool form;      /* Liquibase's words hold it, in part at least */
    bool elsewhere, by_rowid, is_constraint, left_out; /* as in struct lb_words */
};

struct writing {
    const struct catalog *cat;
    struct arena *keep; /* lives as long as the writing */
    struct arena *mem;  /* what is only needed while one object is written */
    struct arena_mark empty;
    struct scribe s;
    struct str *schemas; /* names of schemas that hold what is written; the first is the default */
    uint32_t nschemas;
    struct said *said;
    uint32_t texts; /* that were left out, since Liquibase would take them for something else */
};

/* Looks at all facts of a finished catalog, which must live until form_end. */
void form_begin(struct writing *w, const struct catalog *cat);
void form_end(struct writing *w);
/* Gives back what lies in w->mem. */
void form_rest(struct writing *w);

struct said *form_of(const struct writing *w, const struct obj *o);
/* False for NULL. */
bool form_has(const struct writing *w, const struct obj *o);
/* False for what Liquibase takes for something else: "x!{y}" is a value of class y, and
 * "liquibase.z#1" a reference. */
bool form_plain(struct str text);
/* Name of the schema that a path lies in; absent where the engine's paths have none. */
struct str form_schema(struct writing *w, struct str path);
/* The engine's words for an object. */
struct lb_words form_words(struct writing *w, const struct obj *o, const struct relation *r);
/* A column by the path of its table and its name, or NULL. */
const struct obj *form_column(struct writing *w, struct str table, struct str name);
/* The columns that a foreign key points at, *n of them: the primary key's where it names none.
 * NULL: they are not there, or have no form. */
const struct obj **form_target(struct writing *w, const struct relation *r, uint32_t *n);
/* How many objects of each kind have no form, as "2 check, 1 trigger"; of texts, too. */
void form_lacks(struct writing *w, struct strbuf *lacks);

#endif
