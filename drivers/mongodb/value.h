#ifndef SNAP_DRIVERS_MONGODB_VALUE_H
#define SNAP_DRIVERS_MONGODB_VALUE_H

/*
 * A BSON value as a tree, with the types that MongoDB tells apart and keys in their order: what an
 * option, a validator or a pipeline is made of. Needs no client library.
 *
 * Types and their bytes: the BSON specification 1.1. Text form: MongoDB Extended JSON v2.
 */

#include "core/err.h"
#include "core/strbuf.h"

enum mv_type {
    MV_DOUBLE = 1,
    MV_STRING = 2,
    MV_DOCUMENT = 3,
    MV_ARRAY = 4,
    MV_BINARY = 5,
    MV_UNDEFINED = 6,
    MV_OBJECTID = 7,
    MV_BOOL = 8,
    MV_DATE = 9,
    MV_NULL = 10,
    MV_REGEX = 11,
    MV_DBPOINTER = 12,
    MV_CODE = 13,
    MV_SYMBOL = 14,
    MV_CODE_SCOPE = 15,
    MV_INT32 = 16,
    MV_TIMESTAMP = 17,
    MV_INT64 = 18,
    MV_DECIMAL = 19,
    MV_MAXKEY = 127,
    MV_MINKEY = 255,
};

/* Deeper values are refused, not cut. Servers take 100 levels, and some 180 in what they keep. */
enum { MV_MAX_DEPTH = 250 };

/* One value; its texts and members live in the arena of who made it, or where it was read from. */
struct mv {
    enum mv_type type;
    struct str key;  /* of a member of a document; absent: in an array, or at the top */
    struct str text; /* string, code, symbol; pattern of a regex; namespace of a DBPointer; the raw
                        bytes of a binary, ObjectId (12) and decimal (16, little endian) */
    struct str more; /* options of a regex; the ObjectId of a DBPointer */
    int64_t i; /* int32, int64, bool, date (ms since 1970); subtype of a binary; of a timestamp the
                  seconds << 32 | increment, as unsigned */
    double d;
    struct mv *first, *last, *next; /* members of a document or array; scope of a code */
    uint32_t n;                     /* how many members */
};

/* Reads one BSON document (length and all, exactly these bytes). E_NOT_UNDERSTOOD: cut short,
 * lengths that do not fit, an unknown type, text that is no UTF-8, a NUL in it where BSON has none,
 * too deep. A key that stands twice is kept twice. Strings may hold NUL. */
int mv_from_bson(struct arena *mem, struct str bytes, struct mv **out, struct err *e);
/* Reads one value of Extended JSON, canonical or relaxed, as the drivers do: a bare whole number
 * is an int32, or an int64 where it does not fit; one with a point or exponent a double. `{"$oid":
 * ...}` and the other wrappers of the specification (also the old `{"$binary": "...", "$type":
 * "00"}`, `{"$uuid": ...}` and a $date of a number) are the value that they mean; `{"$regex": ...}`
 * of a query stays a document. What is no wrapper stays a document. E_NOT_UNDERSTOOD with the place
 * in the text. A key that stands twice is refused. */
int mv_from_json(struct arena *mem, struct str text, struct mv **out, struct err *e);
/* Appends the BSON of a document. */
void mv_put_bson(struct strbuf *out, const struct mv *doc);
/* Appends canonical Extended JSON on one line, without blanks; but an int32 is a bare number, which
 * every reader takes for one. `${` is written \u0024{, controls, DEL and U+2028, U+2029 as \uXXXX,
 * other text as it is. */
void mv_put_json(struct strbuf *out, const struct mv *v);
/* The same on lines of their own, indented by two blanks a level; what fits on a line of 80 bytes
 * stays on one. For people, and for line diffs. */
void mv_put_pretty(struct strbuf *out, const struct mv *v);
struct str mv_json(struct arena *mem, const struct mv *v);
struct str mv_pretty(struct arena *mem, const struct mv *v);
/* Whether the Extended JSON of a value reads back as the value: not so for a document that looks
 * like a wrapper or holds a key twice, and what is too deep. */
bool mv_has_json(struct arena *mem, const struct mv *v);
/* Whether EJSON.parse(text, {relaxed: false}) of mongosh reads it back too. It puts keys that are
 * whole numbers in front of others (in an index key as well), takes `{"$regex": "a"}` for a regular
 * expression and drops what stands beside it, and has no undefined, no DBPointer and no DBRef of
 * another order. `{"$regex": p, "$options": o}` and `{"$regex": p}` alone count as read back. */
bool mv_has_js(const struct mv *v);

/* Makers; keys and texts are not copied. */
struct mv *mv_new(struct arena *mem, enum mv_type type);
struct mv *mv_int(struct arena *mem, int64_t i); /* int32, or int64 where it does not fit */
struct mv *mv_bool(struct arena *mem, bool b);
struct mv *mv_text(struct arena *mem, struct str text); /* a string */
/* A copy of a value, not of its texts. */
struct mv *mv_copy(struct arena *mem, const struct mv *v);
/* Appends to a document or array; `v` must be nobody else's member. Returns v. */
struct mv *mv_add(struct mv *to, struct str key, struct mv *v);
/* Takes a member of this key out; it is NULL where there is none. */
struct mv *mv_take(struct mv *doc, const char *key);

/* The first member of a key, or NULL, also where v is no document or NULL. */
const struct mv *mv_get(const struct mv *v, const char *key);
const struct mv *mv_get_str(const struct mv *v, struct str key);
bool mv_is_number(const struct mv *v); /* int32, int64, double, decimal */
/* The number as an integer: false where it is none within 64 bits (NaN, 2.5, a decimal that is not
 * whole). */
bool mv_whole(const struct mv *v, int64_t *out);
/* Truth as servers have it: bool, or a number other than 0; false where v is NULL. */
bool mv_truth(const struct mv *v);
/* The text of a string, absent for anything else. */
struct str mv_string(const struct mv *v);
/* The number in its shortest exact words: 1, -0.5, 1e300, NaN; "" for what is no number. */
void mv_put_number(struct strbuf *out, const struct mv *v);
/* Same types, same values, same keys in the same order. NaN equals NaN, -0.0 is not 0.0. */
bool mv_same(const struct mv *a, const struct mv *b);
/* Total order of texts of mv_put_json, for sets. */
int mv_cmp(struct arena *mem, const struct mv *a, const struct mv *b);

#endif
