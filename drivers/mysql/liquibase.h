#ifndef SNAP_DRIVERS_MYSQL_LIQUIBASE_H
#define SNAP_DRIVERS_MYSQL_LIQUIBASE_H

/* Liquibase snapshots of this engine; see struct engine. */

#include "core/lb_snapshot.h"
#include "drivers/mysql/mysql.h"

int my_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e);
bool my_liquibase_holds(const struct kind_desc *kind, const struct attr_desc *attr);
extern const char *const my_liquibase_part[];
bool my_liquibase_same(const struct obj *twin, const struct kind_desc *kind,
                       const struct attr_desc *attr, struct str told, struct str other,
                       struct arena *mem);
void my_liquibase_settle(struct catalog *cat, const struct catalog *other, struct arena *mem);

#endif
