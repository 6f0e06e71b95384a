#ifndef SNAP_DRIVERS_SQL_DEPLOYED_H
#define SNAP_DRIVERS_SQL_DEPLOYED_H

/*
 * The bookkeeping tables of deployers, as their releases have made them: a column that came later
 * may be missing. Facts: Liquibase's DATABASECHANGELOG, Flyway's flyway_schema_history.
 */

#include "core/deployed.h"
#include "drivers/sql/sqlfmt.h"

enum deployed_field {
    DEPLOYED_ID,
    DEPLOYED_AUTHOR,
    DEPLOYED_FILE,
    DEPLOYED_DEPLOYMENT,
    DEPLOYED_TEXT,
    DEPLOYED_WHEN,
    DEPLOYED_HOW,
    DEPLOYED_ORDER,
    DEPLOYED_DONE, /* false: it failed */
    DEPLOYED_FIELDS
};

struct deployer {
    const char *tool, *table;             /* table in lower case */
    const char *columns[DEPLOYED_FIELDS]; /* in lower case; NULL: the tool has none such */
};
/* The last row has no tool. */
enum { DEPLOYER_LIQUIBASE, DEPLOYER_FLYWAY };
extern const struct deployer deployers[];

/* Appends SELECT ... FROM `from`, a column for each field, NULL where the table lacks it; `have`:
 * the names of its columns. false: it is not the deployer's table, it has no id. */
bool deployed_select(struct strbuf *out, const struct sql_dialect *dia, const struct deployer *d,
                     const struct str *have, uint32_t nhave, struct str from);
/* One row of that. */
struct deployed deployed_row(const struct deployer *d, const struct str *values);
/* Hands the id alone on; ctx: a struct deployed_ids. */
struct deployed_ids {
    void (*put)(void *ctx, struct str id);
    void *ctx;
};
void deployed_put_id(void *ctx, const struct deployed *d);

#endif
