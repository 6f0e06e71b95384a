#ifndef SNAP_CLI_JOURNAL_H
#define SNAP_CLI_JOURNAL_H

/* What an interrupted check of many has found out already: a file of lines, each with its hash in
 * front, which goes away when the check is done. A last line that is torn is not there. */

#include "core/err.h"
#include "core/hash.h"

struct journal;

enum { JOURNAL_HOURS = 24 };

struct journal_want {
    struct str folder;    /* made where it is missing */
    struct hash128 print; /* of everything that the results hang on */
    bool resume;          /* take what is there, if it is no older than JOURNAL_HOURS */
    int64_t now;          /* seconds of the clock */
    void (*take)(void *ctx, struct str record); /* each record that is there; valid for the call */
    void *ctx;
};
/* E_HISTORY_LOCKED: another run of the same targets is at work; E_WRITE_FAILED. */
int journal_open(const struct journal_want *want, struct arena *mem, struct journal **out,
                 struct err *e);
/* One line of text. It is durable soon, with those that come after it. NULL is allowed, here and
 * below. */
int journal_add(struct journal *j, struct str record, struct err *e);
/* Keeps the file, durably. */
void journal_close(struct journal *j);
/* The check is done: the file goes, and its folder where nothing else is in it. */
void journal_end(struct journal *j);

#endif
