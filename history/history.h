#ifndef SNAP_HISTORY_HISTORY_H
#define SNAP_HISTORY_HISTORY_H

/*
 * What drift checks saw, kept: states of environments, of which each stores only the facts that
 * changed, each text once; open findings; who deployed what. One SQLite file, or a schema of a
 * PostgreSQL database; the same calls for both.
 *
 * Times are UTC texts "2026-11-22T02:00:00Z"; they sort as bytes.
 */

#include "core/deployed.h"
#include "core/drift.h"

struct history;

enum history_use { HISTORY_READ, HISTORY_WRITE };

struct history_options {
    const struct engine *const *engines; /* NULL ends */
    enum history_use use;
    unsigned lock_wait_ms; /* a writer waits for another so long */
    bool quick;            /* no full integrity check */
    unsigned timeout_ms;   /* of a server: to connect, and for each statement, 2 s at least; 0: no
                              bound of ours */
};
/* Opens a history: the path of a file, or a URL postgresql://... For writing it is made where it is
 * missing, its folder too. E_NO_SUCH_FILE (reading), E_HISTORY_LOCKED: another run writes;
 * E_HISTORY_CORRUPT: the hint says how to mend it; E_HISTORY_VERSION: of a newer snap;
 * E_NOT_A_DATABASE; E_WRITE_FAILED; E_TIMEOUT. A reader never waits for a writer and never sees
 * half a run. */
int history_open(struct str place, const struct history_options *opt, struct arena *mem,
                 struct history **out, struct err *e);
void history_close(struct history *h); /* NULL is allowed; what was not recorded is not there */

/* A finding that is open when a check ends. */
struct history_finding {
    struct hash128 id;
    struct str path, object; /* object: for people */
    unsigned facet;
    enum drift_verdict verdict;
    enum drift_severity severity;
    struct str since, not_before; /* filled by drift/; since of a fresh one is the run's time */
    /* The object when baseline and live last agreed on it. */
    bool base_known, base_there;
    struct str base_a;
    unsigned base_facets;
    bool passed; /* a rule lets it pass */
    bool told;   /* notified of, see history_told */
};
/* One check of one environment. */
struct history_run {
    struct str env, time;
    struct str source, baseline; /* labels, without secrets */
    const struct catalog *live;  /* NULL: it could not be read, and `failed` says why */
    struct str failed;           /* name of the error, or absent */
    const struct history_finding *findings;
    uint32_t nfindings;
    const struct deployed *deployed; /* all that the bookkeeping table holds */
    uint32_t ndeployed;
    struct hash128 baseline_fingerprint;
};
/* Writes the run down, in one transaction, durable at return: a state with the facts that changed,
 * or, where nothing did, only the time. A run whose time is not after the last one of the
 * environment is E_HISTORY_TIME. E_WRITE_FAILED, E_HISTORY_LOCKED, E_HISTORY_CORRUPT. */
int history_record(struct history *h, const struct history_run *run, struct err *e);
/* The findings of these ids have been told: once for each. */
int history_told(struct history *h, struct str env, const struct hash128 *ids, uint32_t n,
                 struct err *e);

/* Keeps `states` of the newest states of the environment (absent: of each) and all that are younger
 * than `days` (0: no such bound), merges what is older into the oldest kept, and gives the room
 * back, not at every call where one state goes at a time. E_HISTORY_LOCKED, E_WRITE_FAILED. */
int history_keep(struct history *h, struct str env, uint32_t states, uint32_t days, struct str now,
                 struct err *e);
/* Whether it is sound: every state's fingerprint is that of its facts. E_HISTORY_CORRUPT. */
int history_check(struct history *h, struct err *e);
/* Makes a whole history in the place of a damaged file, of all states that are whole in it. Nothing
 * is done where it is sound. E_HISTORY_LOCKED; E_NOT_A_DATABASE: not even its head can be read, or
 * it is none; E_WRITE_FAILED; E_NO_CLIENT: it is no file. */
struct history_repaired {
    bool sound;            /* it was */
    uint64_t states, lost; /* that it holds now; that were there and are not whole */
    struct str kept_as;    /* the name that the damaged file has now */
};
int history_repair(struct str place, const struct history_options *opt, struct arena *mem,
                   struct history_repaired *out, struct err *e);

/* The environments, by name. */
struct history_env {
    struct str name;
    struct str engine, version;     /* of the last state */
    struct str first, last;         /* times of the first and last check that could read it */
    struct str failed, failed_time; /* of the last check where that failed, or absent */
    uint64_t runs, states;
    struct hash128 fingerprint, baseline_fingerprint;
    uint32_t open[VERDICT_CONFLICT + 1]; /* findings of the last check that no rule lets pass */
    uint32_t passed;
    struct str source, baseline;
};
int history_envs(struct history *h, struct arena *mem, struct history_env **out, uint32_t *n,
                 struct err *e);
/* The states of an environment, oldest first. E_HISTORY_NONE: there is no such environment. */
struct history_state {
    uint64_t id;
    struct str first, last; /* the checks that saw it, from first to last */
    struct str not_before;  /* the last check before; absent: there was none */
    uint64_t runs;
    struct hash128 fingerprint;
    uint64_t facts;
    uint32_t added, dropped, changed; /* events of it, see history_log */
    struct str version;
    /* What its checks looked at, for people: "--exclude table:b". Absent: the same as those of the
     * state before. */
    struct str rescoped;
};
int history_states(struct history *h, struct str env, struct arena *mem, struct history_state **out,
                   uint32_t *n, struct err *e);
/* The state in effect at a time; absent: the newest. A time may be cut short: "2026-11-01" is its
 * end, 23:59:59. E_HISTORY_NONE: nothing is that old. *at, where not NULL, tells the state. */
int history_catalog(struct history *h, struct str env, struct str time, struct arena *mem,
                    struct catalog **out, struct history_state *at, struct err *e);

/* One change of one object as the checks saw it: told where two checks looked at it that may lie
 * apart, with others in between that did not. */
struct history_event {
    uint64_t state;
    struct str time, not_before; /* it came between these two checks */
    enum op op; /* OP_ADD with not_before absent: no check before had looked at it, as in the first
                   state */
    struct str path;
    struct str kind;                  /* tag */
    struct str before, after;         /* attributes, canonical JSON; absent where it is not there */
    struct str src_before, src_after; /* the engine's own text of them, as in struct obj */
};
/* What happened to the object of a path and what is below it (absent: to everything), newest first;
 * at most `most` (0: all). */
int history_log(struct history *h, struct str env, struct str path, uint32_t most,
                struct arena *mem, struct history_event **out, uint32_t *n, struct err *e);
/* Paths of objects that a name for people may mean: "orders", "public.orders", "table:orders",
 * "index orders.note_idx", at any time. */
int history_find(struct history *h, struct str env, struct str name, struct arena *mem,
                 struct str **paths, uint32_t *n, struct err *e);

/* The last state of one object, and the facets that the check of it compared. *known is false where
 * no check could read the environment, the last one had no baseline, or the last one that could
 * read did not look at the object: what was only seen is nothing that both sides agreed on. */
int history_last(struct history *h, struct str env, struct str path, struct arena *mem, bool *known,
                 bool *there, struct str *a, unsigned *facets, struct err *e);
/* The findings that were open after the last check, by path; *time of it, absent: none yet. */
int history_open_findings(struct history *h, struct str env, struct arena *mem,
                          struct history_finding **out, uint32_t *n, struct str *time,
                          struct err *e);
/* The time of the last check of an environment, whether it could read it or not; absent: none. For
 * a writer, whose own run has to be later. */
int history_checked(struct history *h, struct str env, struct str *time, struct err *e);
/* What deployers wrote, first seen by a check after `after` and not after `until` (absent: no
 * bound), in the order in which they ran. */
int history_deployments(struct history *h, struct str env, struct str after, struct str until,
                        struct arena *mem, struct deployed **out, uint32_t *n, struct err *e);

#endif
