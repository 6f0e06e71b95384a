#ifndef SNAP_DRIVERS_SQLITE_LIQUIBASE_H
#define SNAP_DRIVERS_SQLITE_LIQUIBASE_H

/* Liquibase snapshots of this engine; see struct engine. */

#include "core/lb_snapshot.h"
#include "drivers/sqlite/sqlite.h"

int lite_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e);
bool lite_liquibase_holds(const struct kind_desc *kind, const struct attr_desc *attr);
extern const char *const lite_liquibase_part[];
bool lite_liquibase_same(const struct obj *twin, const struct kind_desc *kind,
                         const struct attr_desc *attr, struct str told, struct str other,
                         struct arena *mem);
void lite_liquibase_settle(struct catalog *cat, const struct catalog *other, struct arena *mem);

#endif
