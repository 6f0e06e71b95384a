#ifndef SNAP_TESTS_MONGODB_STORE_H
#define SNAP_TESTS_MONGODB_STORE_H

/* What the scripted server holds: databases with what they list, read from a fixture or made. */

#include <stdbool.h>
#include <stdint.h>

#include <bson/bson.h>

struct list {
    bson_t **v;
    uint32_t n, cap;
};
struct coll {
    const char *name;
    bool view;
    bson_t *doc;          /* its entry of listCollections */
    struct list indexes;  /* entries of listIndexes; {spec, indexBuildInfo} for one being built */
    struct list search;   /* entries of $listSearchIndexes */
    struct list document; /* what find gives */
};
struct db {
    const char *name;
    struct coll *colls;
    uint32_t n, cap;
    bson_t *authorized; /* an array of names: what authorizedCollections shows; NULL: everything */
};
struct store {
    bson_t *fixture;
    struct db *dbs;
    uint32_t n;
};

/* Reads a fixture (Extended JSON); ends the program with a message where it is wrong. */
void store_load(struct store *s, const char *path);
/* A server of the newest kind with one database, `app`, of so many collections with so many
 * indexes beside the one over _id; every change-th collection is another (0: none). */
void store_generate(struct store *s, unsigned collections, unsigned indexes, unsigned change);
/* NULL: there is none. */
const struct db *store_db(const struct store *s, const char *name);
const struct coll *db_coll(const struct db *d, const char *name);
/* A document or array at the fixture's top; false: none. `out` is a view of it. */
bool store_member(const struct store *s, const char *key, bson_t *out);
bool bson_sub(const bson_t *doc, const char *key, bson_t *out);
const char *bson_text(const bson_t *doc, const char *key); /* NULL: no string there */
bool bson_flag(const bson_t *doc, const char *key);        /* there and true */
int64_t bson_number(const bson_t *doc, const char *key, int64_t otherwise);

#endif
