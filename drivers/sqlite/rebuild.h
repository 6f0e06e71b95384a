#ifndef SNAP_DRIVERS_SQLITE_REBUILD_H
#define SNAP_DRIVERS_SQLITE_REBUILD_H

/* Guards of a rebuild: each stops the step, before anything is copied, when the rows do not fit. */

#include "drivers/sqlite/sqlite.h"

/* NULLs where NOT NULL comes, rows where a NOT NULL column without a value comes, duplicates where
 * a key comes, values of another type where STRICT comes. */
void lite_rebuild_checks(struct ddl *d, struct str table_path);
/* Rows without a parent, for foreign keys that come with this step. */
void lite_foreign_key_checks(struct ddl *d, struct str table_path);
/* Rows without a parent, for foreign keys that stay while a column of theirs, or of the key they
 * point at, is stored differently: no more of them may be there afterwards than were before. */
void lite_orphans_before(struct ddl *d, struct str table_path);
void lite_orphans_after(struct ddl *d, struct str table_path);

#endif
