#ifndef SNAP_DRIVERS_SQL_TOLD_H
#define SNAP_DRIVERS_SQL_TOLD_H

/* Whether what a Liquibase snapshot tells may be what the other side says: the same thing goes
 * through a driver of JDBC, which loses quotes, casts and qualifiers. */

#include "core/arena.h"

/* The same tokens, but for qualifiers that stand on one side alone. Casts may be written `::`. */
bool told_words(struct str a, struct str b);
/* What literals of a column stand for, by its type in SQL. */
enum told_value { TOLD_TEXT, TOLD_NUMBER, TOLD_TIME };
enum told_value told_value_of(struct str type);
/* Whether two literals are one value of that sort: numbers in any notation, times but for what
 * java.sql.Timestamp adds (`.0`, a T), texts by their bytes. */
bool told_same_value(enum told_value sort, struct str a, struct str b, struct arena *mem);
/* Without parentheses around the whole. */
struct str told_bare(struct str text);
/* The text of a whole string literal, unquoted; anything else is given back as it is. */
struct str told_literal(struct str text, struct arena *mem);

#endif
