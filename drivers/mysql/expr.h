#ifndef SNAP_DRIVERS_MYSQL_EXPR_H
#define SNAP_DRIVERS_MYSQL_EXPR_H

/*
 * Expressions and SELECTs as servers write them, in one form: equal forms mean the same. Redundant
 * parentheses are gone and those that operators imply are there, strings have no introducer of the
 * connection's character set, keywords and functions one spelling. For comparison only; nobody runs
 * it.
 */

#include "drivers/mysql/text.h"

struct str my_one_form(struct arena *mem, struct str text);

#endif
