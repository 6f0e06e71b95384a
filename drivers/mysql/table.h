#ifndef SNAP_DRIVERS_MYSQL_TABLE_H
#define SNAP_DRIVERS_MYSQL_TABLE_H

/* What the rooms of a table's parts share: facts of what show.h has taken apart. */

#include "drivers/mysql/mysql.h"

void my_column_facts(struct catalog *cat, const struct my_column *c, struct str table,
                     struct str collation);
void my_key_facts(struct catalog *cat, const struct my_key *k, struct str table);
/* Whether a key has an option that MySQL does not look at where it compares two keys. */
bool my_has_quiet_option(struct arena *mem, const struct obj *key);
void my_check_facts(struct catalog *cat, const struct my_check *c, struct str table);
void my_period_facts(struct catalog *cat, const struct my_period *p, struct str table);
void my_foreign_key_facts(struct catalog *cat, const struct my_foreign_key *f, struct str table);

/* Before and behind a statement on a table: what the server refuses of it by its session's
 * settings, though the table is so already: zero dates as defaults, changes of what has a history.
 */
void my_permit(struct ddl *d, struct str table, bool begin);

/* What takes an option back to what a table has without it; NULL: nothing does. */
const char *my_reset_option(struct str key);

#endif
