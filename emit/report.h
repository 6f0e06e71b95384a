#ifndef SNAP_EMIT_REPORT_H
#define SNAP_EMIT_REPORT_H

/* Changes as people read them: grouped by the object that owns them. Shared by the report formats.
 */

#include "core/emitter.h"

struct report_line {
    const struct change *change;
    const struct rename_hint *hint; /* of an add that looks like a drop under another name */
};
struct report_group {
    struct str top;             /* path of the owner */
    const struct change *whole; /* the owner comes, goes or changes itself; or NULL */
    struct report_line *lines;  /* below it, less what comes or goes with it */
    uint32_t nlines;
    uint32_t inside;  /* facts that come or go with it */
    unsigned hazards; /* of all, as bits */
};
struct report {
    struct report_group *groups;
    uint32_t ngroups;
    uint32_t added, changed, dropped, destructive;
    uint32_t renamed; /* set by the format: confirmed renames are no changes of a diff */
};

struct report report_make(const struct changes *c, struct arena *mem);
/* "4 columns, 1 index" of what an owner that comes or goes brings along. */
void report_inside(struct strbuf *out, const struct changes *c, const struct report_group *g);
/* Name of an object below its owner; nothing for an unnamed constraint. */
struct str report_name(const struct obj *o, struct arena *mem);
/* The tag of a kind for people: "foreign key". */
void report_kind(struct strbuf *out, struct str tag);
/* One line about what an object is; nothing when its kind has nothing to say. */
struct str report_brief(const struct changes *c, const struct obj *o, struct arena *mem);
/* An attribute's value for people: text without quotes, lists as (a, b), "none" for absent; an
 * absent name is the object's own, which has no capitals. */
void report_value(struct strbuf *out, const struct change *c, const struct attr_desc *row,
                  struct str raw);
/* A count and its word: "1 change", "2 changes". */
void report_count(struct strbuf *out, uint64_t n, const char *word);
/* "1 rename; 7 changes in 3 objects: 3 added, 2 changed, 2 dropped (1 destructive)" */
void report_summary(struct strbuf *out, const struct report *r);
/* What one of the sides, a Liquibase snapshot, does not tell, so that it is not compared: "check,
 * trigger and 40 more"; nothing where there is none. `part`: what it tells in part. */
void report_untold(struct strbuf *out, const struct changes *c, bool part);

/* Lines of two texts: ' ' kept, '-' only in the first, '+' only in the second. */
struct diff_line {
    char mark;
    struct str text;
};
struct diff_line *report_line_diff(struct str a, struct str b, struct arena *mem, uint32_t *n);
/* The texts to compare for a change of a body: the engine's own where there are. */
void report_bodies(const struct change *c, const struct attr_change *a, struct arena *mem,
                   struct str *before, struct str *after);

#endif
