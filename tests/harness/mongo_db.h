#ifndef SNAP_TESTS_HARNESS_MONGO_DB_H
#define SNAP_TESTS_HARNESS_MONGO_DB_H

/*
 * A MongoDB database as one document, what a server lists of it:
 *
 *     {"name": {"options": {...}, "indexes": [{...}, ...]}, "name": {"view": {...}}, ...}
 *
 * Random ones, their facts, and a server of ours that carries commands out on one.
 */

#include "core/catalog.h"
#include "tests/harness/mongo_spec.h"

/* A random database. How it is written: orders, types of numbers, and the noise of servers (what
 * they list though it is so by default). */
struct mv *spec_database(struct spec *s);
/* Its facts; `version`: "MongoDB 8.0.4". */
struct catalog *mongo_facts(struct arena *mem, const struct mv *db, const char *version);
/* Carries one command out on it, as MongoDB 7 does it: the words of what it refuses, or NULL. */
const char *mongo_run(struct arena *mem, struct mv *db, const struct mv *command);

#endif
