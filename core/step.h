#ifndef SNAP_CORE_STEP_H
#define SNAP_CORE_STEP_H

/*
 * A plan is a path of states: S0 = FROM, S1 ... Sn = TO. A step is the transition from one to the
 * next, with the statements of both directions.
 */

#include "core/change.h"

enum stmt_flag {
    ST_SETTING = 1 << 0,     /* of the session, before the transaction begins */
    ST_SETTING_END = 1 << 1, /* puts a setting back, after the transaction */
    ST_LATE = 1 << 2,        /* at the end of the step, after what is made again (checks) */
    ST_NO_TX = 1 << 3,       /* cannot stand in a transaction */
    ST_LOCAL = 1 << 5,       /* a setting that ends with the transaction: at its begin */
    ST_COMMIT = 1 << 6,      /* what it makes can be used after the commit only */
    ST_CHECK = 1 << 4,       /* guards only: changes nothing, stops when something is wrong */
    ST_ADMIN = 1 << 7,       /* LANG_COMMAND: runs on the database for the server itself */
};

/* A statement as one of Liquibase's change types. Values are plain text. */
struct typed_key {
    const char *key;
    struct str value;
    bool is_bool; /* written without quotes */
};
struct typed_column {
    struct str name;
    bool descending;
};
struct typed {
    const char *name; /* "createIndex" */
    struct typed_key key[8];
    uint32_t nkeys;
    struct typed_column *columns;
    uint32_t ncolumns;
};

struct stmt {
    enum lang lang;
    struct str text;
    unsigned flags;            /* enum stmt_flag */
    const struct typed *typed; /* the same thing as a change type, where that is proven; or NULL */
};

struct hazard {
    enum hazard_code code;
    struct str object; /* for people: "table orders" */
    struct str detail; /* what exactly */
    struct str path;   /* of the object */
};

/* What a statement does to an object that was there before the step, while it runs. */
enum effect_flag {
    FX_REWRITE = 1 << 0, /* every row is written again */
    FX_SCAN = 1 << 1,    /* every row is read */
    FX_INDEX = 1 << 2,   /* an index is built from all rows */
    FX_LOOKUP = 1 << 3,  /* rows may be read one by one: nothing is said about a scan */
    FX_DOUBT = 1 << 4,   /* it may be that no row is written again: what is there does not tell */
    FX_BESIDES = 1 << 5, /* foretold or seen, it need not be both: not all of such are looked at */
};
struct effect {
    struct str path;    /* of the object */
    uint32_t stmt;      /* place among the step's statements */
    int level;          /* strength of the lock, the engine's own scale; 0: none, 1: the weakest */
    const char *lock;   /* its name */
    const char *blocks; /* who waits for it */
    unsigned flags;     /* enum effect_flag */
    const char *note;   /* what it hangs on, or NULL */
    const char *safer;  /* the safer form, or NULL */
    struct str body;    /* the change alone, for tools that make it on a copy; absent: none */
};

/* How well a step's rollback restores. */
enum reversal {
    REV_EXACT,  /* everything */
    REV_ORDER,  /* all but the order of columns */
    REV_CLOSE,  /* the rows, but not their hidden rowids, counters or the spelling of values */
    REV_SCHEMA, /* the schema, not the rows or values that were lost */
    REV_NONE,   /* impossible */
};
const char *reversal_name(enum reversal r);

/* Phases of an online plan: what works with both the old and the new programs, and what comes when
 * the old ones are gone. */
enum phase { PHASE_NONE, PHASE_EXPAND, PHASE_CONTRACT };
const char *phase_name(enum phase p);

/* A change's part in one step: what stands before and after this step. (An object that is dropped
 * and created again is a member of two steps.) */
struct member {
    const struct change *change;
    const struct obj *before, *after;
};

struct step {
    struct hash128 id;
    unsigned repeat; /* 2, 3 ... where the target has seen the id before; else 0 */
    struct str title;
    struct str subject; /* path of what it is about */
    struct member *members;
    uint32_t nmembers;
    struct stmt *fwd, *back;
    uint32_t nfwd, nback;
    struct hazard *hz, *back_hz;
    uint32_t nhz, nback_hz;
    struct effect *fx, *back_fx;
    uint32_t nfx, nback_fx;
    enum reversal rev;
    enum phase phase;
    struct str rev_why; /* REV_NONE: why */
};

/* What a probe has found about a step. */
struct probed {
    const char *not_why; /* why the step was not watched, or NULL */
    struct effect *seen;
    uint32_t nseen;
    struct str *differs; /* lines for people: what was foretold, and what was seen instead */
    uint32_t ndiffers;
};

struct plan {
    const struct engine *eng;
    const struct changes *changes;
    struct step *v;
    uint32_t n;
    /* The first nrenames steps are confirmed renames; states[i] is what was read after i of them
     * (states[0] is FROM). The steps after them start from states[nrenames]. */
    uint32_t nrenames;
    bool online; /* each step is a transaction of its own, or stands outside of any */
    const struct catalog **states;
    const struct catalog *to;
};

/* State Si of a plan as a view; 0 <= i <= n. `mem` holds the overlay. */
struct view plan_state(const struct plan *p, uint32_t i, struct arena *mem);

/* The statements of one direction of a step in the order in which they run: settings, the
 * transaction's begin where the step brings its own, the body, the late ones, commit, settings put
 * back. *own_tx tells whether they must run outside a surrounding transaction. */
struct stmt *step_script(const struct plan *p, const struct step *s, bool back, struct arena *mem,
                         uint32_t *n, bool *own_tx);
/* True when either direction of the step must run outside a surrounding transaction. */
bool step_own_tx(const struct step *s);
/* Whether a hazard of the step's rollback loses rows or values of what was there before the step:
 * that what the step itself has made goes again is no news. */
bool step_back_loses(const struct step *s, const struct hazard *h);

#endif
