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
/* `kind`: of what it is on, a collection or a view. */
void mg_search_index_fact(struct catalog *cat, const char *kind, struct str collection,
                          const struct mv *doc);
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
/* Name of an object, and of the collection that it lies below. */
struct str mg_name(struct arena *mem, const struct obj *o);
struct str mg_collection_of(struct arena *mem, const struct obj *o);
/* Whether a value can be written as text and read back; else it goes to the ledger. */
bool mg_fact_can(struct catalog *cat, const char *kind, struct str name, struct str on,
                 const struct mv *v);
/* An attribute that is a whole number; nothing where the value is none. */
void mg_fact_whole(struct fact *f, const char *attr, const struct mv *v);
/* A normal form on lines of its own. */
struct str mg_pretty(struct arena *mem, struct str canon);
/* Whether the member's key is in the comma separated list. */
bool mg_drops_key(const struct mv *v, const char *list);
/* Whether a catalog is of MongoDB itself; of one before a version (false for what is not known). */
bool mg_is_mongodb(const struct catalog *cat);
bool mg_is_before(const struct catalog *cat, unsigned major, unsigned minor);
/* Whether FROM holds the object. */
bool mg_is_there(const struct ddl *d, struct str path);
/* Words for the storage engine, less those that say nothing; or NULL. */
struct mv *mg_storage_engine(struct arena *mem, const struct mv *v);
/* Neither absent nor null nor an empty document. */
bool mg_is_set(const struct mv *v);
/* The words under a key of `src`, a document, from which commands are made. E_UNSUPPORTED_CHANGE:
 * there are none, or they are not those of the facts (a snapshot that was edited). */
int mg_need_src(struct arena *mem, const struct obj *o, const char *key, struct mv **out,
                struct err *e);
/* Appends the command that makes a collection or view. */
int mg_put_create(struct ddl *d, const struct obj *o, struct err *e);
/* The span of a bucket, in seconds, that a granularity has by itself. */
int64_t mg_default_span(struct str granularity);
/* collection_ddl.c */
extern const struct alter mg_collection_create, mg_collection_drop, mg_collection_modify;
/* Of what no command changes: refused by name, or dropped and made anew with --recreate. */
extern const struct alter mg_immutable;
/* effects.c, for struct engine. */
void mg_effects(struct ddl *d);
/* index_ddl.c */
extern const struct alter mg_index_create, mg_index_drop, mg_index_hide, mg_index_ttl,
    mg_index_convert;
/* States of an index on its way to unique; see engine.stages. */
uint32_t mg_index_stages(const struct change *c, const struct catalog *from, bool online,
                         struct arena *mem, const struct obj **between);

struct relation;
/* See struct engine. */
void mg_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r);

#endif
