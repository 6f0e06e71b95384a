#ifndef SNAP_DRIVERS_MONGODB_CANON_H
#define SNAP_DRIVERS_MONGODB_CANON_H

/*
 * Normal forms: two values that mean the same to every server give the same text, so that one
 * schema has one fingerprint on all of them. The text is that of mv_put_json. Never written out to
 * a server: what is emitted is the wanted side's own value.
 */

#include "drivers/mongodb/value.h"

/* A query: a validator or a partialFilterExpression. Absent for NULL and for {}.
 * - members of a query document, of a $jsonSchema and of its `properties` stand in order of keys;
 *   operands of $and, $or, $nor and members of $in, $nin, $all, `required`, `enum`, `bsonType` are
 *   sets (sorted, once each); an $and of plain members is those members;
 * - a literal document (implicit $eq, operand of $eq, $ne ..., member of `enum`) keeps its order;
 * - numbers within it are compared as numbers: 1, 1.0 and NumberLong(1) are one, but not
 *   those within a document or array that is a member of $in, $nin or enum;
 * - keywords of a $jsonSchema that say their default are left out;
 * - {"$regex": p, "$options": o}, alone, is the regular expression; `bsonType: ["int"]` is
 *   `bsonType: "int"`;
 * - `keyId` of `encrypt` and `encryptMetadata` is [] whatever the key: each environment has its
 * own. A string stays: it is a place in the document. */
struct str mg_canon_query(struct arena *mem, const struct mv *query);
/* Whether a $jsonSchema of the validator (may be NULL) names a key, at any depth: such a validator
 * is not to be written out, the keys of another environment are of no use. */
bool mg_has_keys(const struct mv *validator);
/* A pipeline: order and types count; but the two spellings of a regular expression are one, and so
 * are those of the numbers of $limit, $skip and $sort. */
struct str mg_canon_pipeline(struct arena *mem, const struct mv *pipeline);
/* A collation with all its defaults filled in, less `version`; absent for NULL and for the locale
 * "simple". */
struct str mg_canon_collation(struct arena *mem, const struct mv *collation);
/* A wildcardProjection: {field: bool} in order of fields, with `_id` as it is by default filled in;
 * absent for NULL and {}. */
struct str mg_canon_projection(struct arena *mem, const struct mv *projection);
/* Any option that snap knows nothing about: keys in order of bytes at the top level, all else as it
 * is; numbers that are whole as whole numbers. Absent for NULL and {}. */
struct str mg_canon_other(struct arena *mem, const struct mv *doc);
/* The same with the keys of documents in order at all depths; arrays keep theirs. For what is a map
 * wherever it is a document: the definition of a search index, a privilege. */
struct str mg_canon_definition(struct arena *mem, const struct mv *doc);

#endif
