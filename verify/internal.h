#ifndef SNAP_VERIFY_INTERNAL_H
#define SNAP_VERIFY_INTERNAL_H

/* What the files of verify/ share. */

#include "verify/verify.h"

/* A copy of the catalog in which nothing is marked as ignored. */
struct catalog *cat_unfiltered(const struct catalog *cat, struct arena *mem);
/* A copy without the tables whose rows are facts: no rows are laid there, and none counted. */
struct catalog *cat_without_data(const struct catalog *cat, const struct verify_options *opt,
                                 struct arena *mem);
/* Takes out what differs in values of columns that the plan brings, takes or changes: between its
 * steps these are on their way. */
void without_transit(const struct plan *plan, struct changes *c, struct arena *mem);
/* Marks what the options, and the scopes of both sides, leave out of what was read. */
int cat_cut(struct catalog *cat, const struct verify_options *opt, struct err *e);
/* A step of a plan as statements in the order in which they run, with a transaction around them
 * where the step does not bring its own. */
void plan_replay_step(const struct plan *p, uint32_t i, struct arena *mem, struct replay_step *out);
/* Runs one direction; the message says what the server said and of which statement. */
int run_statements(const struct engine *eng, struct session *s, const struct replay_step *step,
                   bool back, struct err *e);

/* tops.c. Objects as engine_top has them, sorted and each once after tops_sort. */
struct tops {
    struct str *v;
    uint32_t n, cap;
};
void tops_sort(struct tops *t);
bool tops_hold(const struct tops *t, struct str top);

/* Digests of rows, in path order. */
struct digest {
    struct str path, text;
};
struct digests {
    struct arena *mem;
    struct digest *v;
    uint32_t n, cap;
};
int rows_digest(const struct engine *eng, struct session *s, const struct catalog *cat,
                struct arena *mem, struct digests *out, struct err *e);
/* The digest counts the rows of a thing that holds them. */
bool rows_is_count(const struct engine *eng, struct str path);
enum { MOST_PLAIN = 2 }; /* of rows, see live_ops.refill */

/* A direction of a step; plan NULL: of a file. */
struct rows_step {
    const struct plan *plan;
    uint32_t i;
    bool back;
};
/* What stands on both sides of a step must hold the same rows, and no values may go, but where a
 * hazard of the step says so. */
int rows_compare(const struct rows_step *st, const struct engine *eng, const struct digests *before,
                 const struct digests *after, struct err *e);

/* That one top object needs another, or is needed by it. */
struct top_edge {
    struct str from, to;
};

struct prover {
    const struct engine *eng;
    const struct verify_options *opt;
    struct arena *mem;
    struct session *s;
    struct plan *plan;           /* NULL when a file is replayed */
    const struct replay *replay; /* of a file */
    struct catalog **seen;       /* of a file: states as they were read, 0..n */
    uint32_t n;
    bool full;           /* read everything after every step */
    struct catalog *now; /* then: what is there, in now_mem; NULL: not read yet */
    struct arena *now_mem;
    VEC(struct top_edge) edges; /* sorted; where not everything is read */
    unsigned plain;             /* how plain the rows are that lie there now */
    unsigned least;             /* at the begin of each step; above MOST_PLAIN: no rows */
    bool half_done;             /* a step was stopped behind something that stays */
    bool *emptied;              /* steps that needed empty tables */
    struct verify_report *report;
};

/* How many tables a step needs empty: those that it touches, or, where it touches a type of their
 * columns, all. */
enum emptied { NONE_EMPTY, TOUCHED_EMPTY, ALL_EMPTY };

/* lay.c. Everything that is there now; NULL on error. */
struct catalog *lay_read(struct prover *p, struct arena *mem, struct err *e);
/* Objects that a step of the plan touches. */
struct tops lay_touched(const struct prover *p, uint32_t i, struct arena *mem);
/* Puts rows into cat's tables; more plain than MOST_PLAIN: none. */
int lay_rows(const struct prover *p, const struct catalog *cat, unsigned plain, struct err *e);
/* Other rows everywhere. */
int lay_anew(struct prover *p, unsigned plain, struct arena *mem, struct err *e);
/* Takes rows away for a step, and puts them back after it. */
int lay_none(struct prover *p, uint32_t i, enum emptied which, struct arena *mem, struct err *e);
int lay_back(struct prover *p, uint32_t i, enum emptied which, struct arena *mem, struct err *e);

/* Makes the catalog's objects in a scratch database; *ran: statements were run. */
int scratch_fill(const struct catalog *cat, struct session *s, const struct verify_options *opt,
                 struct arena *mem, bool *ran, struct err *e);
/* What was wanted against what was read; what lasts (KF_LASTS) may still be there. */
int scratch_diff(const struct catalog *want, const struct catalog *read, unsigned facets,
                 struct arena *mem, struct changes **out, struct err *e);
struct str first_difference(const struct changes *c, struct arena *mem);

/* record.c. What a transition of step i did, where that is wanted. */
struct transition {
    const struct catalog *was, *is;
    const struct digests *before;
    bool emptied;
};
int record_step(const struct prover *p, uint32_t i, bool back, const struct transition *t,
                struct err *e);

#endif
