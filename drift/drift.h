#ifndef SNAP_DRIFT_DRIFT_H
#define SNAP_DRIFT_DRIFT_H

/*
 * From changes between a baseline and a live database to findings: the verdict of three states,
 * rules that let findings pass, what fails a run, and groups of equal databases. Pure: reads no
 * file, asks no clock, knows no engine by name.
 */

#include "core/drift.h"

/* The verdict of one facet of one object; before and after as in struct change, NULL where it is
 * not there. An object that only one of them has is looked at in all `facets` compared. */
enum drift_verdict drift_verdict_of(const struct engine *eng, unsigned facet, unsigned facets,
                                    const struct agreed *base, const struct obj *before,
                                    const struct obj *after);

/* A finding of an earlier check that was open when that ended. */
struct open_finding {
    struct hash128 id;
    struct str path, object;
    unsigned facet;
    enum drift_verdict verdict;
    struct str since, not_before;
    struct agreed base; /* of its path */
};
/* What an earlier check left, asked of the history; ctx is its. All of it lives in `mem`. */
struct drift_memory {
    void *ctx;
    /* What the last check saw of the path: the state of live then. */
    int (*last)(void *ctx, struct str path, struct arena *mem, struct agreed *out, struct err *e);
    struct open_finding *open; /* sorted by path */
    uint32_t nopen;
    struct str last_time; /* of that check; absent: there was none */
};

/* What fails a run: --fail-on. */
struct fail_on {
    unsigned facets;           /* only these; 0: all */
    enum drift_severity least; /* this severe or worse */
    bool breaking;             /* only what is dropped or changed */
    bool destructive;          /* only what loses data */
    bool pending;              /* what is pending fails, too */
    bool never;                /* nothing does */
};
/* "drift", "breaking", "destructive", "note", "warning", "error", "pending", "never", names of
 * facets, or several with commas: facets widen one another, so do breaking and destructive; what is
 * of another sort narrows. "pending" adds what is pending. Absent: "drift". E_BAD_VALUE. */
int fail_on_parse(struct str text, struct fail_on *out, struct err *e);

/* Severities by facet, in the order of their bits: what comes with data loss is an error anyway. */
struct severities {
    enum drift_severity of[FACET_COUNT];
};
extern const struct severities severities_default;

struct drift_request {
    const struct changes *changes;     /* from the baseline to live */
    const struct drift_memory *memory; /* NULL: there is no history */
    const struct ignore_rule *rules;
    uint32_t nrules;
    const struct severities *severities; /* NULL: the default ones */
    struct fail_on fail_on;
    struct str env;
    struct str now; /* "2026-11-22T02:00:00Z": for rules that expire, and what is new; may be absent
                       where there is neither */
    struct str baseline; /* as in struct drift_findings */
    /* Whether the check looked at the path, which neither side need have; NULL: at every one. */
    bool (*looked_at)(void *ctx, struct str path);
    void *looked_ctx;
    bool all_diff; /* of a diff: every verdict is VERDICT_DIFFERS */
};
int drift_judge(const struct drift_request *req, struct arena *mem, struct drift_findings **out,
                struct err *e);

/* Whether the check could have seen the finding again: its facet was compared, its path looked at.
 * One that it could not is neither open nor resolved. */
bool drift_looked_at(const struct drift_request *req, const struct open_finding *f);

/* The rules of a preset by name, NULL where there is none such; a rule whose kind the engine does
 * not have fits nothing, and a preset's rule is never told as unused. */
const struct ignore_rule *drift_preset(struct str name, uint32_t *n);
/* "liquibase, flyway, gh-ost, ..." */
void drift_preset_names(struct strbuf *out);
/* Whether the rule fits the object of this path, its environment and the day aside. */
bool drift_rule_fits(const struct engine *eng, const struct ignore_rule *rule, struct str path,
                     struct arena *mem);
bool drift_rule_is_for(const struct ignore_rule *rule, struct str env);
/* Whether its last day is before `now`; that day counts. */
bool drift_rule_is_over(const struct ignore_rule *rule, struct str now);

/* Databases of a check of many, put into groups of equal fingerprints. */
struct group_member {
    struct str name;
    struct hash128 fingerprint;
    uint32_t group; /* filled in: index into the groups, largest group first, then by name */
};
struct group {
    uint32_t n;     /* members */
    uint32_t first; /* the first member by name, which stands for all */
};
/* *ngroups groups in the arena. */
struct group *drift_groups(struct group_member *v, uint32_t n, struct arena *mem,
                           uint32_t *ngroups);

#endif
