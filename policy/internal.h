#ifndef SNAP_POLICY_INTERNAL_H
#define SNAP_POLICY_INTERNAL_H

/* What the files of policy/ share. */

#include <regex.h>

#include "core/relation.h"
#include "policy/policy.h"

/* A pattern for names: an extended regular expression for the whole name, in which {table} and the
 * like stand for words of the object's own facts. */
struct name_pattern {
    struct str text; /* as the rule has it */
    bool ignore_case;
    struct str compiled; /* what `re` was made of; absent: nothing yet */
    regex_t re;
    unsigned cut; /* bytes behind which the server cuts a name; 0: it does not */
};
/* E_BAD_VALUE: it is no expression, or names an unknown placeholder. */
int name_pattern_check(struct str text, struct arena *mem, struct err *e);
/* Whether the name of `o` fits. *expected is the name that would, where the pattern says one; else
 * absent. */
int name_pattern_fits(struct name_pattern *p, const struct catalog *cat, const struct obj *o,
                      const struct relation *r, struct arena *mem, bool *fits, struct str *expected,
                      struct err *e);
void name_pattern_close(struct name_pattern *p);
/* The schema and the table that a path lies in, names as spelled; absent: none. */
struct str name_schema(const struct catalog *cat, struct str path, struct arena *mem);
struct str name_table(const struct catalog *cat, struct str path, struct arena *mem);
/* The name of a column, as spelled where it is there. */
struct str name_column(const struct catalog *cat, struct str table, struct str column,
                       struct arena *mem);
/* What a term of the key `o` is called in its name: its column, or the words of its expression
 * joined by _: lower(email) is lower_email. */
struct str name_term(const struct catalog *cat, const struct obj *o, const struct term *t,
                     struct arena *mem);

/* Whether a rule could be about objects of this kind of the engine, by its tables alone. */
bool policy_fits_kind(const struct policy_rule *rule, const struct engine *eng,
                      const struct kind_desc *kind);
/* Whether `only` and `except` let the rule look at the path. */
bool policy_looks_at(const struct policy_rule *rule, const struct engine *eng, struct str path,
                     struct arena *mem);
/* Findings of all rules about a state, in the order of the rules, then of paths. */
int policy_state(const struct policy *p, const struct catalog *cat, struct policy_report *r,
                 struct arena *mem, struct err *e);
/* Findings of the rules about steps. */
void policy_steps(const struct policy *p, const struct plan *plan, struct policy_report *r,
                  struct arena *mem);
void policy_add(struct policy_report *r, struct policy_finding f, struct arena *mem);
void policy_idle(struct policy_report *r, const struct policy_rule *rule, struct arena *mem);
/* Whether an index without anything but columns would be made by CREATE INDEX name ON table (a,b).
 */
bool policy_plain_index(const struct relation *r);

#endif
