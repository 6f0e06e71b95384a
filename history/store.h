#ifndef SNAP_HISTORY_STORE_H
#define SNAP_HISTORY_STORE_H

/*
 * Where a history lies: what the two kinds of database have in common, as a small table of
 * operations over SQL. Statements number their parameters $1, $2, ... in the order of their first
 * appearance, which both take; integers have 64 bits, hashes are 16 bytes, texts UTF-8.
 *
 * The tables, the same in both:
 *     env      one row an environment, with what its last check said
 *     path     each path once; body: each body of a fact, head and ledger once, by hash
 *     state    what an environment was like from check to check, numbered from 1 in each
 *     fact     env, path, body, the state that first had it so, and the first that had not
 *     finding  open ones, and those that are closed with the time of it
 *     deployed what deployers wrote, with the check that first saw it
 */

#include "history/history.h"

struct store_arg {
    enum { ARG_INT, ARG_TEXT, ARG_HASH } type;
    int64_t i;
    struct str s; /* absent: NULL */
    struct hash128 h;
};
#define A_NUM(v) ((struct store_arg){.type = ARG_INT, .i = (int64_t)(v)})
#define A_STR(v) ((struct store_arg){.type = ARG_TEXT, .s = (v)})
#define A_ID(v) ((struct store_arg){.type = ARG_HASH, .h = (v)})

enum { STORE_MAX_ARGS = 20, STORE_FORMAT = 1 };

struct store;
struct rows; /* of a backend */

struct store_ops {
    /* Runs a statement that gives no rows; it may fail only at the next call. The text of `sql` is
     * a constant. */
    int (*exec)(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                struct err *e);
    /* The same for one that writes exactly one row: another number is E_HISTORY_CORRUPT. */
    int (*exec_one)(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                    struct err *e);
    /* One that gives rows; rows_done in any case. */
    int (*query)(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                 struct rows **out, struct err *e);
    /* 1 a row, 0 the end, -1. */
    int (*next)(struct rows *r, struct err *e);
    /* Texts live until the next row. NULL is the absent text, or 0. */
    int64_t (*num)(struct rows *r, int column);
    struct str (*text)(struct rows *r, int column);
    void (*done)(struct rows *r); /* NULL is allowed */
    /* A transaction that writes to an environment (absent: to all). E_HISTORY_LOCKED. */
    int (*begin)(struct store *s, struct str env, struct err *e);
    /* Durable at return. */
    int (*commit)(struct store *s, struct err *e);
    void (*rollback)(struct store *s); /* without one it does nothing */
    /* Before `begin`, or after it: bodies and paths that facts will name, in any order, none twice.
     * What stays behind of a run that died is taken by history_keep. */
    int (*put_texts)(struct store *s, const char *sql, const struct str *texts, uint32_t n,
                     struct err *e);
    /* Gives back room that is free. Outside a transaction. */
    int (*shrink)(struct store *s, struct err *e);
    /* MAY. Whether the database itself is sound. */
    int (*sound)(struct store *s, struct err *e);
    void (*close)(struct store *s);
};
struct store {
    const struct store_ops *ops;
    struct arena *mem;
    struct str label;
    bool writes;
    const char *mend; /* what to do where it is damaged */
};

/* What a handle saw of an environment before it writes to it. */
struct seen {
    struct str env, checked;
};
struct history {
    struct store *store;
    struct arena *mem;
    const struct engine *const *engines;
    VEC(struct seen) seen;
};

/* The backends. */
int hlite_open(struct str path, const struct history_options *opt, struct arena *mem,
               struct store **out, struct err *e);
int hlite_repair(struct str path, const struct history_options *opt, struct arena *mem,
                 struct history_repaired *out, struct err *e);
int hpg_open(struct str url, const struct history_options *opt, struct arena *mem,
             struct store **out, struct err *e);

/* sql.c: short forms. */
/* The key of a text: SHA-256, cut. */
struct hash128 text_key(struct str text);
struct hash128 rows_hash(struct store *s, struct rows *r, int column);
/* Copies. */
struct str rows_str(struct store *s, struct rows *r, int column, struct arena *mem);
/* Runs a query and takes its first row; *got false where there is none. The caller calls
 * ops->done in any case. */
int store_row(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
              struct rows **out, bool *got, struct err *e);
/* The number of an environment. E_HISTORY_NONE. */
int env_number(struct history *h, struct str env, int64_t *out, struct err *e);
/* Notes what this handle knows of the environment when it first asks. */
int env_seen(struct history *h, struct str env, struct err *e);
/* A damaged content that the database itself did not notice. Returns -1. */
int store_damaged(const struct store *s, const char *what, struct err *e);
/* The same for what was to write one row and did not. */
int store_not_one(const struct store *s, struct err *e);

/* body.c: a catalog in pieces of text, and back. */
/* What is kept of a fact; valid until the next write to `b`, which it empties. */
struct str body_of(const struct obj *o, struct strbuf *b);
/* Cuts one apart; the texts lie in `body`. False when it is none. */
bool body_cut(struct str body, struct obj *o);
struct str head_of(const struct catalog *cat, struct arena *mem);
struct str ledger_of(const struct catalog *cat, struct arena *mem);
/* The facets that the facts of a state with this head hold. */
unsigned head_captured(struct str head, struct arena *mem);
/* Those that were compared, of which there may be fewer, and more. */
unsigned head_facets(struct str head, struct arena *mem);
/* An empty catalog of that head and ledger. E_UNKNOWN_ENGINE, E_HISTORY_VERSION,
 * E_HISTORY_CORRUPT. */
int catalog_begin(struct history *h, struct str head, struct str ledger, struct str label,
                  struct arena *mem, struct catalog **out, struct err *e);

/* check.c: the states of an environment whose facts do not give their fingerprints. */
int env_check(struct history *h, struct str env, struct arena *mem, uint64_t **lost,
              uint32_t *nlost, struct err *e);

/* deployed.c: a text that a database of any kind takes; one that is not UTF-8 or holds a NUL is
 * shown as \xNN. */
struct str store_plain(struct str text, struct arena *mem);

/* finding.c: within the transaction of a record. */
int findings_record(struct history *h, int64_t env, const struct history_run *run, struct err *e);
int deployed_record(struct history *h, int64_t env, const struct history_run *run, struct err *e);

#endif
