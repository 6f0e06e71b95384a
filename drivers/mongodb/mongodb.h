#ifndef SNAP_DRIVERS_MONGODB_MONGODB_H
#define SNAP_DRIVERS_MONGODB_MONGODB_H

/*
 * What the rooms of the MongoDB driver share. One room per kind of object: its row, the facts made
 * from what a server lists, its commands and hazards. Nothing here needs the client library; the
 * live half is conn.c, connect.c, read.c, rows.c and scratch.c.
 */

#include "core/ddl.h"
#include "core/fact.h"
#include "drivers/mongodb/canon.h"
#include "drivers/mongodb/value.h"

extern const struct engine engine_mongodb;

extern const struct kind_desc mg_collection_kind, mg_index_kind, mg_view_kind, mg_search_index_kind,
    mg_sharding_kind, mg_zone_kind, mg_role_kind, mg_user_kind;

/* One entry of listCollections, parsed. */
struct mg_listed {
    struct str name;
    bool view;
    const struct mv *options; /* a document, or NULL */
};
/* Whether a listed name is no part of a schema: system.*, state collections of encrypted ones,
 * bookkeeping of a deployer. */
bool mg_is_internal(struct str name);

/* Facts of one collection, and of one view. A view's needs are found among `all` (sorted by name).
 * What cannot be written as text and read back goes to the ledger. */
void mg_collection_fact(struct catalog *cat, const struct mg_listed *c);
void mg_view_fact(struct catalog *cat, const struct mg_listed *v, const struct mg_listed *all,
                  uint32_t n);
/* One document of listIndexes of the collection; the index over _id of its own is passed over.
 * `building` (it came with indexBuildInfo): it is named in the ledger and is no fact. */
void mg_index_fact(struct catalog *cat, const struct mg_listed *collection, const struct mv *spec,
                   bool building);
/* One document of $listSearchIndexes. */
void mg_search_index_fact(struct catalog *cat, struct str collection, const struct mv *doc);
/* A collection's document of config.collections (key, unique ...), and of config.tags. */
void mg_sharding_fact(struct catalog *cat, struct str collection, const struct mv *doc);
void mg_zone_fact(struct catalog *cat, struct str collection, const struct mv *tag);
/* One document of rolesInfo with privileges, and of usersInfo. */
void mg_role_fact(struct catalog *cat, const struct mv *doc);
void mg_user_fact(struct catalog *cat, const struct mv *doc);

/* Path of a top object. */
struct str mg_path(struct arena *mem, const char *kind, struct str name);
/* A command as a document to add members to: {verb: name}. */
struct mv *mg_command(struct arena *mem, const char *verb, struct str name);
/* Appends a command to d. */
void mg_ddl(struct ddl *d, const struct mv *command);
/* The value that a key of an object's `src` holds as Extended JSON, or NULL. */
struct mv *mg_src(struct arena *mem, const struct obj *o, const char *key);

#endif
