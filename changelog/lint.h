#ifndef SNAP_CHANGELOG_LINT_H
#define SNAP_CHANGELOG_LINT_H

/*
 * Mistakes in changelogs that Liquibase tells late or never. What it does with each was tried with
 * 4.28 and 5.0; ARCHITECTURE.md has the list.
 */

#include "changelog/master.h"

struct finding {
    bool error; /* else a warning: right in some places */
    const char *rule;
    const struct log_file *in;
    unsigned line;
    struct str text;
};
struct findings {
    struct finding *v;
    uint32_t n, cap;
};

/* All findings of a master that was read leniently, in the order of files and lines. `dbms`: words
 * for engines that are known, comma separated. */
void log_lint(const struct master *m, struct str dbms, struct arena *mem, struct findings *out);

/* Parts of it. */
struct lint {
    const struct master *m;
    struct str dbms;
    struct arena *mem;
    struct findings *out;
    VEC(struct str) properties; /* names of those of all files */
};
void lint_say(struct lint *l, bool error, const char *rule, const struct log_file *in,
              unsigned line, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Labels, contexts and dbms that no run takes. */
void lint_filters(struct lint *l, const struct log_set *s);
/* Objects that several sets make or touch. */
void lint_objects(struct lint *l);
/* Whether a context expression can be true at all; false too for one that cannot be read. */
bool lint_can_be_true(struct str expression);
/* Number of statements of a text, as far as quotes, comments and bodies tell. */
unsigned lint_statements(struct str sql);

#endif
