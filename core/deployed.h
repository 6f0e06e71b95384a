#ifndef SNAP_CORE_DEPLOYED_H
#define SNAP_CORE_DEPLOYED_H

/* One row of a deployer's own bookkeeping: a changeSet or script that it has run on a database. */

#include "core/str.h"

struct deployed {
    struct str tool;       /* "liquibase", "flyway" */
    struct str id;         /* of the changeset, or the version; a repeatable script has none: "" */
    struct str author;     /* or who ran it */
    struct str file;       /* changelog or script */
    struct str deployment; /* Liquibase's DEPLOYMENT_ID, or absent */
    struct str text;       /* description */
    struct str when;       /* as the tool wrote it, in the time zone that it had; or absent */
    struct str how;        /* "EXECUTED", "RERAN", "MARK_RAN", "FAILED"; Flyway: "SQL", "FAILED" */
    uint64_t order;        /* ORDEREXECUTED, installed_rank */
};

#endif
