#ifndef SNAP_DRIVERS_SQL_TOLD_H
#define SNAP_DRIVERS_SQL_TOLD_H

/* Whether what a Liquibase snapshot tells may be what the other side says: the same thing goes
 * through a driver of JDBC, which loses quotes, casts and qualifiers. */

#include "core/arena.h"

/* The same tokens, but for qualifiers that stand on one side alone. Casts may be written `::`. */
bool told_words(struct str a, struct str b);
/* Two numbers of one value, in any notation: 1.50, '1.5', 1.5E0. */
bool told_number(struct str a, struct str b, struct arena *mem);
/* Without parentheses around the whole. */
struct str told_bare(struct str text);
/* The text of a whole string literal, unquoted; anything else is given back as it is. */
struct str told_literal(struct str text, struct arena *mem);

#endif
