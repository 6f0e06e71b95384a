#ifndef SNAP_CLI_BLAME_H
#define SNAP_CLI_BLAME_H

/*
 * Who made a change that two checks lie around: what deployers wrote down in between is held
 * against it. A changeSet whose id is that of the very step which the change is, is the one; one
 * that names the object is a guess, and so is each of those that were deployed in between.
 */

#include "cli/history.h"

enum blame_by {
    BLAME_EXACT,  /* the id is that of the step */
    BLAME_NAMED,  /* one alone names the object: a guess */
    BLAME_ONE_OF, /* any of these: a guess */
    BLAME_HAND,   /* nothing was deployed in between */
    BLAME_HIDDEN, /* the role may not read what deployers wrote down */
    BLAME_BEFORE, /* it was there at the first check */
};
struct blame {
    enum blame_by by;
    const struct deployed *v;
    uint32_t n;
};

struct blamer;
/* `deep`: plans are made between the states, to know the ids of their steps. */
struct blamer *blamer_new(struct context *ctx, struct history *h, struct str env,
                          const struct engine *eng, bool deep);
int blame_event(struct blamer *b, const struct history_event *ev, struct blame *out, struct err *e);

/* How well a row of a deployer names the object of a path; 0: not at all. */
unsigned blame_score(const struct engine *eng, const struct deployed *d, struct str path,
                     struct arena *mem);
/* Lines for people, each behind `indent` blanks, at most 100 columns. */
void blame_text(struct strbuf *out, const struct blame *b, size_t indent, struct arena *mem);
/* "by":"changeset","certain":true,"deployed":[...] */
void blame_json(struct strbuf *out, const struct blame *b, struct arena *mem);
/* A member of an open JSON object; what is no UTF-8 is written as its bytes. Absent: null. */
void blame_put_text(struct strbuf *out, const char *key, struct str text, struct arena *mem);
struct blame_text {
    const char *key;
    struct str text;
};
/* The same of several. */
void blame_put_texts(struct strbuf *out, const struct blame_text *v, size_t n, struct arena *mem);

#endif
