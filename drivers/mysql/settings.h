#ifndef SNAP_DRIVERS_MYSQL_SETTINGS_H
#define SNAP_DRIVERS_MYSQL_SETTINGS_H

/* Settings of a server under which a proof runs. Pure half. */

#include "drivers/mysql/mysql.h"

enum { MY_SETTINGS = 11 };
struct my_settings {
    struct str v[MY_SETTINGS]; /* absent: the server does not know it, or nobody has asked */
};

/* Asks for all of them: rows of name and value. */
struct str my_settings_query(struct arena *mem);
/* Takes one row; others than ours are passed over. The text is not copied. */
void my_setting(struct my_settings *s, struct str name, struct str value);
/* Into `src` of the fact of the database. */
void my_put_settings(struct fact *f, const struct my_settings *s);
/* Those of a catalog, which may be NULL. False: it has none. */
bool my_get_settings(const struct catalog *cat, struct arena *mem, struct my_settings *out);
/* "name = value" for SET SESSION, of the i-th; "" where a session has none of its own, absent
 * behind the last. */
struct str my_set_setting(struct arena *mem, const struct my_settings *s, size_t i);
/* Value by name, or absent. */
struct str my_setting_of(const struct my_settings *s, const char *name);

#endif
