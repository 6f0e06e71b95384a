#ifndef SNAP_VERIFY_VERIFY_H
#define SNAP_VERIFY_VERIFY_H

/*
 * Proof: a plan or a changelog is replayed on a scratch database that was built from FROM and
 * filled with rows. After every step the schema that is read back must be the state that was
 * planned; each step is undone and done again at once, and at the end all are undone. Rows of what
 * stays must stay.
 */

#include "changelog/changelog.h"
#include "diff/diff.h"
#include "snapshot/snapshot.h"

struct verify_options {
    unsigned facets;
    unsigned timeout_ms;
    const struct source *place; /* of scratch databases, see struct scratch_want */
    const struct filter *filter;
    const struct filter *scope[2]; /* of files on the two sides: cut from the other too; or NULL */
    void (*progress)(void *ctx, uint32_t done, uint32_t all); /* or NULL */
    void *progress_ctx;
    /* Of a file: the plan that the sides give and, for each step of the file, the step of that plan
     * that it stands for, or UINT32_MAX; so it is known which rows and values it may lose. NULL:
     * there is none. */
    const struct plan *like;
    const uint32_t *like_step;
    bool outside; /* another program works on the scratch database */
    bool record;  /* what each step did is wanted, see struct step_record */
};

/* How plain the rows had to be that let a step pass. */
enum proof_rows { ROWS_ODD, ROWS_PLAIN, ROWS_SMALL, ROWS_NONE };
const char *proof_rows_name(enum proof_rows r);

/* What a proof saw of a step. The fingerprints are those of the whole schema, in the facets and
 * filters of the options: before it, after it, and when it was undone. */
struct step_record {
    struct hash128 before, after, undone;
    bool is_after, is_undone; /* it came so far */
    uint64_t rows;            /* that were there when it began */
    enum proof_rows kind;
};

struct verify_report {
    uint32_t steps;
    uint32_t statements;        /* run in all */
    uint32_t tables;            /* that held rows */
    uint32_t one_way;           /* steps that nothing undoes */
    uint32_t data_dependent;    /* directions of steps that only passed without rows */
    struct hash128 fingerprint; /* of the state reached */
    struct hash128 undone;      /* of the state when all was undone as far as there is a way */
    struct str server;          /* version of the scratch database */
    struct step_record *record; /* one for each step, where they are wanted; else NULL */
};

/* Adds hazards DATA_DEPENDENT to the plan's steps where rows stopped them. Errors: E_CANNOT_VERIFY
 * (nothing is proven, nothing is disproven), E_VERIFY_FAILED (names the step and the difference).
 */
int verify_plan(struct plan *plan, const struct catalog *from, const struct catalog *to,
                const struct verify_options *opt, struct arena *mem, struct verify_report *out,
                struct err *e);
/* The same for a changelog that was read from a file; `to` may be NULL. */
int verify_replay(const struct replay *replay, const struct catalog *from, const struct catalog *to,
                  const struct verify_options *opt, struct arena *mem, struct verify_report *out,
                  struct err *e);

/* Another program that runs changelogs. Each call runs it once on a database and says in *e
 * (E_VERIFY_FAILED) what it answered when it failed. */
enum outside_call {
    OUTSIDE_ONE,  /* one changeSet ahead */
    OUTSIDE_ALL,  /* all that are left */
    OUTSIDE_BACK, /* the last one back */
};
struct outside {
    int (*run)(void *ctx, enum outside_call call, const struct reach *at, struct err *e);
    void *ctx;
};
struct outside_report {
    uint32_t steps;  /* that it ran */
    uint32_t undone; /* that were undone one by one, each to where it came from */
    struct hash128 fingerprint;
};
/* The changelog as that program runs it: ahead one by one, back one by one, ahead all at once, on a
 * scratch database without rows. What it leads to must be `to` (NULL: anything), and each way back
 * must lead to the state before. E_CANNOT_VERIFY, E_VERIFY_FAILED, which names the changeSet. */
int verify_outside(const struct outside *by, const struct catalog *from, const struct catalog *to,
                   const struct verify_options *opt, struct arena *mem, struct outside_report *out,
                   struct err *e);

/* Runs the steps of a plan on a scratch database with rows, watches what they do to the objects of
 * FROM, and holds that against the plan's effects. One entry of *out for each step; *differ counts
 * those that do. E_CANNOT_VERIFY where the engine cannot be watched or a step does not run. */
int verify_probe(const struct plan *plan, const struct catalog *from, const struct catalog *to,
                 const struct verify_options *opt, struct arena *mem, struct probed **out,
                 uint32_t *differ, struct err *e);

/* A rename that the user confirmed: "column orders.note" or "orders.note" -> new name. */
struct rename_spec {
    struct str from, to; /* as written */
};
struct rename_list {
    struct rename_spec *v;
    uint32_t n;
};
/* Tries the renames, one after the other, on a scratch database: states[i + 1] is what was read
 * after the first i + 1. One whose new name another still has comes after that one's; names in a
 * circle take one more rename, to a name for a while: *list is then a list of its own, in the order
 * that was taken. *states has list->n + 1 entries, *renames list->n. E_RENAME_UNKNOWN,
 * E_CANNOT_VERIFY, E_UNSUPPORTED_CHANGE. */
int verify_renames(const struct catalog *from, struct rename_list *list,
                   const struct verify_options *opt, struct arena *mem,
                   const struct catalog ***states, struct plan_rename **renames, struct err *e);

/* Whether `from` holds exactly one object of the old name that can be renamed, and `to` one of the
 * new name (or not even what it lay in, which may have another name there). `to` NULL: not known.
 */
bool verify_rename_applies(const struct catalog *from, const struct catalog *to,
                           const struct rename_spec *spec, struct arena *mem);
/* E_RENAME_UNKNOWN when `to` has nothing under a new name after all renames. */
int verify_renames_reach(const struct catalog *to, const struct rename_list *list,
                         const struct plan_rename *renames, struct arena *mem, struct err *e);

/* Whether two servers' versions write one schema down in different words. */
bool verify_levels_differ(const struct engine *eng, struct str a, struct str b, bool *first_older);
/* A side made from a Liquibase snapshot, completed (source_complete), with the words of a scratch
 * server where it differs from the other side; *out is NULL where there is nothing to say. Any
 * error means that it stays as it is. */
int verify_liquibase(const struct catalog *cat, const struct catalog *other,
                     const struct verify_options *opt, struct arena *mem, struct catalog **out,
                     struct err *e);
/*
 * `cat` as a server of the version of `like` writes it down: by way of a scratch server of that
 * version, where words differ. What the own server of cat cannot tell is taken from like.
 * E_UNSUPPORTED_CHANGE when the server of like is older and cannot hold it; E_CANNOT_COMPARE when
 * words differ and there is no such server.
 */
int verify_restate(const struct catalog *cat, const struct catalog *like,
                   const struct verify_options *opt, struct arena *mem, struct catalog **out,
                   struct err *e);

/* A scratch database that holds the catalog; E_CANNOT_VERIFY when it does not read back as it. */
int scratch_build(const struct catalog *cat, const struct catalog *to,
                  const struct verify_options *opt, struct arena *mem, struct session **out,
                  struct err *e);
/* Reads a scratch database: all of it, or the top objects `only`. */
int scratch_read(const struct engine *eng, struct session *s, const struct verify_options *opt,
                 const struct str *only, uint32_t nonly, bool deps, struct arena *mem,
                 struct catalog **out, struct err *e);

#endif
