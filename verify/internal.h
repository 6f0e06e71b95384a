#ifndef SNAP_VERIFY_INTERNAL_H
#define SNAP_VERIFY_INTERNAL_H

/* What the files of verify/ share. */

#include "verify/verify.h"

/* A copy of the catalog in which nothing is marked as ignored. */
struct catalog *cat_unfiltered(const struct catalog *cat, struct arena *mem);
/* A step of a plan as statements in the order in which they run, with a transaction around them
 * where the step does not bring its own. */
void plan_replay_step(const struct plan *p, uint32_t i, struct arena *mem, struct replay_step *out);
/* Runs one direction; the message says what the server said and of which statement. */
int run_statements(const struct engine *eng, struct session *s, const struct replay_step *step,
                   bool back, struct err *e);
struct str first_difference(const struct changes *c, struct arena *mem);

#endif
