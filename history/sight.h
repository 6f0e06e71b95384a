#ifndef SNAP_HISTORY_SIGHT_H
#define SNAP_HISTORY_SIGHT_H

/*
 * What a check looked at, and what may be said of two checks that did not look at the same: an
 * object that was only not looked at was not dropped.
 */

#include "history/store.h"

/* A filter that was applied, or a schema that was read under another name. */
struct cut {
    struct str from, to; /* paths of the schema; absent: a filter */
    const struct str *include, *exclude, *data;
    uint32_t ninclude, nexclude, ndata;
};
struct sight {
    struct str key;           /* differs where anything below does */
    const struct engine *eng; /* NULL: one that this build does not know */
    unsigned captured;
    unsigned facets; /* that were compared; no part of the key */
    int64_t model;
    struct cut *cuts;
    uint32_t ncuts;
};
struct sights {
    struct sight *v;
    uint32_t n, cap;
    uint32_t *of; /* of each state, in their order */
    uint32_t nof, of_cap;
    bool plain; /* one sight, in which what is not there was looked for */
};
/* The sight that the head of a state tells. E_HISTORY_CORRUPT. */
int sight_of(struct history *h, struct str head, struct arena *mem, struct sight *out,
             struct err *e);
/* Those of all states of an environment. E_HISTORY_CORRUPT. */
int sights_load(struct history *h, int64_t env, uint32_t nstates, struct arena *mem,
                struct sights *out, struct err *e);
/* Whether what is not there under this path was looked for. With --include it is not, where only an
 * object below it would have brought it along. */
bool sight_looks(const struct sight *v, struct str path, struct arena *tmp);
/* The schema whose objects stand under this path: another one than the path says where it was read
 * under another name; "" for what is in none; absent: its own is read under another name. */
struct str sight_origin(const struct sight *v, struct str path);
/* "--exclude table:b --data t", "everything"; with what is captured where `before`, which may be
 * NULL, did not capture the same. */
struct str sight_words(const struct sight *v, const struct sight *before, struct arena *mem);

/* One row of fact: the object had this body from `since` on, and from `until` on it had not. */
struct range {
    struct str path, a, src;
    int64_t since, until; /* until 0: still */
};
struct ranges {
    struct range *v;
    uint32_t n, cap;
};
struct events {
    struct history_event *v;
    uint32_t n, cap;
};
/* Without what is counted anew where sights differ. */
int states_load(struct history *h, int64_t env, struct arena *mem, struct history_state **out,
                uint32_t *n, struct err *e);
/* What moved in the state `from` or later, by path and state. */
int all_ranges(struct history *h, int64_t env, int64_t from, struct arena *mem, struct ranges *out,
               struct err *e);
/* The events of whole ranges over states that did not look at the same, in no order. */
void sights_events(const struct sights *sights, const struct history_state *states, uint32_t n,
                   const struct ranges *in, struct arena *mem, struct events *out);

#endif
