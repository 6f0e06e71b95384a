#ifndef SNAP_EMIT_PICTURE_H
#define SNAP_EMIT_PICTURE_H

/*
 * A schema as people draw it: tables with columns and keys, and what points where; of one catalog,
 * or of two with what changes marked. Shared by the formats that show a schema.
 */

#include "core/relation.h"
#include "emit/report.h"

enum mark { MARK_SAME, MARK_ADDED, MARK_DROPPED, MARK_CHANGED };

/* One object, as it stands in TO, or in FROM where it goes. */
struct pic_part {
    const struct obj *obj;
    enum mark mark; /* MARK_CHANGED: it, or something below it */
    struct relation rel;
};

struct pic_column {
    struct pic_part part;
    bool primary, foreign, unique;
};

struct pic_table {
    struct pic_part part;
    struct str title;           /* sales.orders, as people write it */
    struct pic_column *columns; /* in their order, those that go last */
    uint32_t ncolumns;
    struct pic_part *parts; /* all else directly below it, by rank */
    uint32_t nparts;
};

/* A foreign key between two tables that are both there. */
struct pic_link {
    uint32_t from, to; /* tables: who points, at whom */
    const struct pic_part *key;
    bool one;      /* at most one row points at each: its columns are a key too */
    bool optional; /* a row need not point: one of its columns may be NULL */
};

struct picture {
    const struct engine *eng;
    const struct changes *changes;   /* NULL: of one catalog */
    const struct catalog *from, *to; /* from is NULL then */
    struct pic_table *tables;        /* by path */
    struct pic_link *links;          /* by path of the key */
    struct pic_part *others;         /* at the top and no tables: views, routines; by path */
    struct pic_part *inside;         /* all that lies below one of these; by path */
    uint32_t ntables, nlinks, nothers, ninside;
    struct arena *mem;
};

/* `from` and `changes` are NULL for one catalog. What a filter leaves out is left out. */
struct picture picture_make(const struct catalog *from, const struct catalog *to,
                            const struct changes *changes, struct arena *mem);
/* The picture that a format is asked for. */
struct picture picture_of(const struct emit_in *in);
/* What of a change people want to read next to the object: "type text → int, not null"; nothing
 * where the mark says all. */
void picture_what(struct strbuf *out, const struct picture *p, const struct pic_part *part);
/* What lies below an object that is no table: indexes of a view, its triggers; *n of it. */
const struct pic_part *picture_inside(const struct picture *p, struct str path, uint32_t *n);
/* The next attribute of the object, from *at on, that nothing else on its page shows; NULL: none.
 */
const char *picture_setting(const struct picture *p, const struct pic_part *part, size_t *at,
                            struct strbuf *value);
/* "(a, lower(b) DESC)" as in the engine's words. */
void picture_terms(struct strbuf *out, const struct relation *r);
/* Index of the table with that path, or p->ntables. */
uint32_t picture_table(const struct picture *p, struct str path);
/* The column of that name in paths, or NULL. */
const struct pic_column *picture_column(const struct picture *p, uint32_t table, struct str name);
/* The columns that a foreign key points at: its own list, else the primary key of the table; *n
 * of them. */
struct str *picture_ref_columns(const struct picture *p, const struct pic_link *link, uint32_t *n);
/* Chooses tables for a picture of at most `max`: all, or else those that change with what they
 * point at and who points at them, in that order; a true for each that is in. */
bool *picture_choose(const struct picture *p, uint32_t max, uint32_t *left_out);
/* "added", "dropped", "changed", "" */
const char *mark_word(enum mark mark);

#endif
