#ifndef SNAP_EMIT_TOLD_H
#define SNAP_EMIT_TOLD_H

/*
 * Findings of a drift check, or of a judged diff, as reports tell them: the changes of each part,
 * the words, and one row for each where a program reads it. Shared by the formats.
 */

#include "core/emitter.h"

/* The changes of the part: a change is cut to the attributes of the facets that are in it; what is
 * pending has no hazards. What is told in another way than the object that holds it, as a conflict
 * in a table that was dropped, stands apart. */
struct changes *told_changes(const struct emit_in *in, enum drift_part part);

/* Rules that let something pass, in the order of what they first let pass, and how much. */
struct told_passed {
    const struct ignore_rule *rule;
    uint32_t n;
};
struct told_passed *told_passed(const struct drift_findings *f, struct arena *mem, uint32_t *n);

/* Raw text, which each format escapes as it must: */
/* "drift: prod is not what its baseline says (from base.json to prod)" */
struct str told_title(const struct emit_in *in);
/* "2 drift (1 new), 1 conflict; 3 pending, 2 let pass by rules; 1 resolved"; nothing where all is 0
 */
struct str told_counts(const struct emit_in *in);
/* "drift, error, new, came after 2026-11-21T02:00:00Z"; the facet where it is not the structure */
struct str told_verdict(const struct drift_finding *f, struct arena *mem);
/* "table:tmp_* (scratch tables; owner: dba; until 2026-12-31)" */
struct str told_rule(const struct ignore_rule *rule, struct arena *mem);
/* "expired: table:tmp_* (...) held until 2026-10-01 and would let 2 pass" */
struct str told_note(const struct rule_note *note, struct arena *mem);
/* "index orders.note_idx (drift since 2026-11-20T02:00:00Z)" */
struct str told_resolved(const struct resolved *r, struct arena *mem);

/* One finding for a program. */
struct told {
    const struct drift_finding *finding; /* NULL: a confirmed rename of a diff */
    struct str rule;                     /* facet and operation: "structure/drop" */
    struct str path;                     /* of the object; absent for a rename */
    struct str object;                   /* for people: "column orders.total" */
    struct str what;                     /* "type int -> bigint", "added: text not null" */
    struct hash128 id;
    enum drift_severity severity;
    enum drift_part part;
    uint32_t line; /* in the baseline's file, from 1, or 0 where there is none: of what came, that
                      of what it lies in, or the first */
};
/* One for each finding in their order, renames first; what comes or goes with an object that is
 * told in the same way is told with that. */
struct told *told_list(const struct emit_in *in, uint32_t *n);
/* Name and findings of who is told: the environment, or what the diff ends in. */
struct str told_env(const struct emit_in *in);

#endif
