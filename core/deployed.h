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
    struct str how;        /* "EXECUTED", "RERAN", "MARK_RAN", "FAILED"; Flyway: "SQL", "FAILED";
                              "HIDDEN": no row, the account may not read them */
    uint64_t order;        /* ORDEREXECUTED, installed_rank */
};

/* Stands for all rows of a table that is there and that the account may not read. */
static inline struct deployed deployed_hidden(const char *tool)
{
    return (struct deployed){.tool = str_c(tool), .id = STR(""), .how = STR("HIDDEN")};
}
static inline bool deployed_is_hidden(const struct deployed *d)
{
    return str_eq_c(d->how, "HIDDEN");
}

#endif
