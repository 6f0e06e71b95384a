#ifndef SNAP_TESTS_HARNESS_MINI_H
#define SNAP_TESTS_HARNESS_MINI_H

/* An engine of four kinds for tests of catalogs: tables only, it does nothing. Not registered. */

#include "core/catalog.h"

enum { MINI_TABLE, MINI_COLUMN, MINI_CHECK, MINI_COUNTER };
extern const struct engine engine_mini;

/* An object with this path and these attributes; its kind comes from the path. */
struct obj mini_obj(const char *path, const char *a);
/* A catalog with what is in force by default, named "mini.db". */
struct catalog *mini_cat(struct arena *mem);
/* Adds such an object. */
void mini_add(struct catalog *cat, const char *path, const char *a);

#endif
