#ifndef SNAP_CLI_MANY_H
#define SNAP_CLI_MANY_H

/* snap drift --targets: many databases checked by worker processes, equal ones put into groups, the
 * odd ones shown against the nearest group. many.c checks, many_near.c finds what is nearest,
 * many_show.c tells. */

#include "cli/targets.h"
#include "drift/drift.h"

enum {
    MANY_NEAR = 8,    /* the largest groups, among which the nearest is looked for */
    MANY_SHOWN = 100, /* odd groups of which the changes are shown */
    MANY_LINES = 40,  /* lines of the changes of one */
    MANY_JSON = 256 << 10,
};
enum many_format { MANY_TEXT, MANY_MARKDOWN, MANY_JSON_FORMAT };

/* What came of a target. */
struct many_result {
    bool known;
    struct err *why;  /* NULL, or why it could not be checked */
    struct err *late; /* NULL, or what failed once it was: somebody was not told, --keep */
    struct hash128 key;
    struct hash128 fingerprint;
    bool judged; /* against a baseline */
    bool fails;
    uint32_t drift, conflict, pending, passed;
    struct str version;
};
/* What an odd group has to do with the nearest one. */
struct many_near {
    bool shown;       /* there is a text, or an error */
    uint32_t group;   /* the nearest */
    uint32_t changes; /* that turn it into this one */
    struct err *why;  /* NULL, or why they could not be compared */
    struct str text;  /* of the format */
    uint32_t left;    /* lines that are not in it */
};
struct many {
    struct context *ctx;
    struct target_list targets;
    struct many_result *results; /* one for each target */
    struct group_member *members;
    uint32_t *of; /* of each member, the target */
    uint32_t nmembers;
    struct group *groups;
    uint32_t ngroups;
    struct many_near *near; /* one for each group; of the first, nothing */
    enum many_format format;
    struct journal *journal; /* NULL: none could be kept */
    uint32_t failed, late;
    bool fails;
};

/* Fills m->near. 1 in a worker, as pool_run. */
int many_near(struct many *m, unsigned workers, struct err *e);
void many_show(const struct many *m, struct strbuf *out);
/* Opens a target alone, in the facets in effect. */
int many_open(struct context *own, const struct target *t, struct source_spec *spec,
              unsigned *facets, struct opened *o, struct err *e);
int cmd_many(struct context *ctx, struct err *e);

#endif
