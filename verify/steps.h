#ifndef SNAP_VERIFY_STEPS_H
#define SNAP_VERIFY_STEPS_H

/*
 * What the changeSets of a changelog are, without their texts: an id, and the SHA-256 of each
 * statement, both ways. Two such lists tell which changeSet is missing, stands twice, stands
 * elsewhere or was altered.
 */

#include "core/sha256.h"
#include "verify/verify.h"

struct step_sum {
    struct str id;
    struct str author;      /* or absent: not known */
    struct str title;       /* for people, or absent */
    struct str *fwd, *back; /* 64 hex digits of each statement */
    uint32_t nfwd, nback;
};
struct step_sums {
    struct step_sum *v;
    uint32_t n;
};
/* Of a changelog that was read; `titles` of the plan that it was made from, or NULL. */
void sums_of_replay(const struct replay *replay, const struct plan *titles, struct arena *mem,
                    struct step_sums *out);
/* Of a plan, for outputs that are not read back. */
void sums_of_plan(const struct plan *plan, struct arena *mem, struct step_sums *out);

enum finding_kind {
    FINDING_NONE,
    FINDING_TWICE,   /* an id stands a second time */
    FINDING_ALTERED, /* same id, other statements */
    FINDING_MISSING,
    FINDING_EXTRA, /* nothing wants it */
    FINDING_MOVED, /* it stands before one that it should come after */
};
struct finding {
    enum finding_kind kind;
    const struct step_sum *step;  /* the changeSet: of `want` where it is missing, else of `got` */
    const struct step_sum *other; /* FINDING_MOVED: what should come first */
    uint32_t stmt;                /* FINDING_ALTERED: number of the first statement, from 1; */
    uint32_t wanted, given;       /* where their numbers differ: 0, and the numbers */
    bool back;                    /* of the rollback */
    uint32_t more;                /* so many more changeSets differ */
    uint32_t same;                /* so many are the same */
};
/* Holds what is there against what should be. A changeSet under another id is the same where its
 * statements are. FINDING_NONE: nothing differs. */
struct finding sums_compare(const struct step_sums *want, const struct step_sums *got,
                            struct arena *mem);
/* Which of `want` each of `got` stands for, STEP_NONE: none. */
#define STEP_NONE UINT32_MAX
uint32_t *sums_pairs(const struct step_sums *want, const struct step_sums *got, struct arena *mem);
/* "changeSet 7f.. (add index x) is missing" */
void finding_text(const struct finding *f, struct strbuf *out);
/* The first changeSet whose id and author stood before; NULL: none. */
const struct step_sum *sums_twice(const struct step_sums *got, struct arena *mem);

#endif
