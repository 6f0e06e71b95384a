#ifndef SNAP_DRIVERS_POSTGRESQL_SCRIPT_H
#define SNAP_DRIVERS_POSTGRESQL_SCRIPT_H

/* Scripts and single statements as text. Pure. */

#include "drivers/postgresql/postgresql.h"

/* Behind a quoted text or comment that begins at `at`; at itself where none does. */
size_t pg_skip_quoted(struct str s, size_t at);
/* See split, spell and shell of struct engine. */
bool pg_split(struct script *script, struct str *stmt);
/* Whether a statement holds BEGIN ATOMIC, whose END pgjdbc 42.7 does not see. */
bool pg_has_block(struct str text);
bool pg_spell(struct str sql, struct strbuf *out);
void pg_shell(struct str sql, struct strbuf *out);
/* The first line for psql before the next statement that does something to a schema or its rows, as
 * \i does; absent where there is none. */
struct str pg_psql_line(struct str script);

#endif
