#ifndef SNAP_DRIVERS_POSTGRESQL_PART_NAME_H
#define SNAP_DRIVERS_POSTGRESQL_PART_NAME_H

/* Names of the keys and indexes that partitions have of what they are a part of. */

#include "drivers/postgresql/postgresql.h"

/* The part of another name that takes this one's place on the other side of the plan, in the same
 * partition and of the same whole; or NULL. */
const struct obj *pg_part_twin(const struct ddl *d, const struct obj *o);
/* What brings a new part: its twin's rename, the partition's change, or the whole's. */
struct str pg_part_comes(const struct ddl *d, const struct change *c);
/* What takes a part away; with a twin, the rename of the whole that it is a part of. */
struct str pg_part_goes(const struct ddl *d, const struct change *c);
/* What a change of the whole that it is a part of follows; absent where the part must be made anew
 * because another whole has taken the place of the old one. */
struct str pg_part_moves(const struct ddl *d, const struct change *c);
/* The rename of a part that both sides of the change need, each by its name; or absent. */
struct str pg_part_name_follows(const struct ddl *d, const struct change *c);
/* The drop of a part as a rename to its twin, with whatever else differs. */
bool pg_part_is_renamed(const struct ddl *d, const struct change *c);
int pg_part_rename(struct ddl *d, const struct change *c, struct err *e);
/* Whether it can be dropped alone: while its table is a partition it cannot. */
bool pg_part_is_free(const struct ddl *d, const struct change *c);
/* Makes, before the whole's constraint, those of its partitions whose names the server would not
 * choose; it takes them for parts. */
void pg_parts_named(struct ddl *d, const struct obj *whole);

#endif
