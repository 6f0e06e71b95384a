#ifndef SNAP_CORE_DRIFT_H
#define SNAP_CORE_DRIFT_H

/*
 * What a drift check found: each change between baseline and live, cut into facets, with a verdict,
 * a severity, and the rule of snap.yml that lets it pass. Made by drift/, kept by history/, told by
 * emit/.
 */

#include "core/change.h"

/* Three states decide: the baseline, what both last agreed on, and live. Every verdict is of one
 * facet of one object. */
enum drift_verdict {
    VERDICT_NONE,     /* baseline and live are the same */
    VERDICT_DIFFERS,  /* of a diff: there is no third state */
    VERDICT_DRIFT,    /* live has moved, or nothing is known of how it was */
    VERDICT_PENDING,  /* the baseline has moved, live has not followed: no drift */
    VERDICT_CONFLICT, /* both have moved, to different ends */
};
const char *verdict_name(enum drift_verdict v); /* "drift" */

enum drift_severity { SEV_NOTE, SEV_WARNING, SEV_ERROR };
const char *severity_name(enum drift_severity s); /* "note", "warning", "error" */
/* False where it is none of these words. */
bool severity_parse(struct str word, enum drift_severity *out);

/* Something that may differ: a row of ignore: in snap.yml, or of a preset. */
struct ignore_rule {
    struct str match;         /* KIND:GLOB, as in --exclude: the object and what is below it */
    struct str reason, owner; /* owner may be absent */
    struct str expires;       /* "2026-12-31", the last day on which it holds; absent: never */
    uint32_t most;            /* findings that it may let pass at a time; 0: any number */
    unsigned facets;          /* 0: all */
    unsigned ops;             /* bits 1 << enum op; 0: all */
    const struct str *envs;   /* only there; none: everywhere */
    uint32_t nenvs;
    struct str preset; /* of which it is a row; absent: of snap.yml itself */
    uint32_t line;     /* in snap.yml; 0 of a preset */
};

/* What both sides last agreed on, for one object: its attributes, or that it was not there. */
struct agreed {
    bool known; /* false: nothing is, as at the first check */
    bool there;
    struct str a;    /* its attributes, canonical JSON, where it was there */
    unsigned facets; /* that were looked at then; nothing is known of another */
};

struct drift_finding {
    const struct change *change; /* from the baseline to live */
    unsigned facet;              /* one bit; of an object that came or went the facet of its kind */
    enum drift_verdict verdict;
    enum drift_severity severity;
    /* Stays the same from night to night while the finding does: of environment-free things only,
     * path, facet, and hash of the facet before and after. */
    struct hash128 id;
    const struct ignore_rule *rule; /* that lets it pass; NULL: none */
    bool fails;                     /* it makes the run exit 1 */
    bool fresh;                     /* the last check did not see it, or there was none */
    /* UTC, "2026-11-22T02:00:00Z", or absent: the check that first saw it, and the last one that
     * did not. */
    struct str since, not_before;
    struct agreed base; /* of its object */
};

/* A rule that somebody should look at. */
struct rule_note {
    const struct ignore_rule *rule;
    enum { RULE_EXPIRED, RULE_UNUSED, RULE_EXCEEDED } what;
    /* Findings that it fits and no rule before it takes, whether it lets them pass or not; what
     * comes or goes with the object that holds it counts as one with that, what is pending not. */
    uint32_t count;
};

/* A finding of the last check that is none any more. */
struct resolved {
    struct hash128 id;
    struct str object; /* for people: "index orders.note_idx" */
    struct str path;
    unsigned facet;
    enum drift_verdict was;
    struct str since; /* as in struct drift_finding */
};

struct drift_findings {
    const struct changes *changes;
    struct drift_finding
        *v; /* in path order, the facets of one object in the order of their bits */
    uint32_t n;
    struct rule_note *notes;
    uint32_t nnotes;
    struct resolved *resolved;
    uint32_t nresolved;
    struct str env;      /* name of the environment, or the label of what was checked */
    struct str baseline; /* path of the baseline's file where it is one whose lines obj.line counts,
                            relative to where the user stands; or absent */
    struct str last;     /* UTC time of the last check; absent: this is the first */
    bool has_history;
};

/* How many have the verdict; passed ones only where `passed`. */
uint32_t drift_count(const struct drift_findings *f, enum drift_verdict v, bool passed);

/* Every finding belongs to one part: what somebody has to look at, what the baseline is ahead
 * with, what a rule lets pass. What fails the run is always in the first. */
enum drift_part { PART_OPEN, PART_PENDING, PART_PASSED };
enum drift_part drift_part(const struct drift_finding *f);
/* What it comes or goes with: a finding of something above it that is told in the same way; NULL:
 * it stands for itself. People read, and count, only those. */
const struct drift_finding *drift_carrier(const struct drift_findings *f, uint32_t i);
/* How many are in it; what comes or goes with an object that is told in the same way is one with
 * that. */
uint32_t drift_part_count(const struct drift_findings *f, enum drift_part part);
/* The findings of an object, in the order of their facets; NULL and 0 where there is none. */
const struct drift_finding *drift_of(const struct drift_findings *f, struct str path, uint32_t *n);

#endif
