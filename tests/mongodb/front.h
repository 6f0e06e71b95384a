#ifndef SNAP_TESTS_MONGODB_FRONT_H
#define SNAP_TESTS_MONGODB_FRONT_H

/*
 * A process before FerretDB that makes it a fuller server for tests. It answers `create` by SQL,
 * since FerretDB leaves its options out, and keeps what documentdb has no behaviour for in
 * documentdb's own catalog, from where listCollections and listIndexes show it as it stands
 * ("stored only": capped, time series, clustered, collations, hidden and compound wildcard indexes
 * ...). Everything else goes on to FerretDB. All below was tried on FerretDB 2.7.0 and documentdb
 * 1.0-0.
 */

#include "tests/mongodb/wire.h"

#include <postgresql/libpq-fe.h>

/* One connection of a client. */
struct front {
    int client, server;
    const char *conninfo; /* of PostgreSQL */
    PGconn *sql;          /* made when it is first needed */
    struct wire ask, answer;
    char error[600]; /* of what failed last */
    int code;        /* and the server's number for it */
};

/* front.c: runs a command on the server behind; false: it is gone. The reply lives in f->answer
 * until the next call. */
bool front_call(struct front *f, const bson_t *command, bson_t *reply);
/* The same, where a refusal is a failure too: its number and words are kept. */
bool front_run(struct front *f, const bson_t *command, bson_t *reply);
/* Keeps number and words of an error; returns false. */
bool front_refuse(struct front *f, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* front_sql.c. Parameters: text, or NULL. NULL where it failed: number and words are kept. */
PGresult *front_sql(struct front *f, const char *query, int n, const char *const *params);
/* The same where no rows are wanted. */
bool front_do(struct front *f, const char *query, int n, const char *const *params);
/* A document as a parameter, for free(). */
char *front_hex(const bson_t *doc);
/* A column that holds a document; false where it is null. `doc` is to be destroyed. */
bool front_document(const PGresult *r, int column, bson_t *doc);

/* front_options.c: what is kept of a collection or view. */
struct kept {
    bool found, view;
    bson_t options;    /* what is listed beside validator, viewOn and pipeline */
    bson_t definition; /* of a view */
    bool has_validator;
    char id[24];
};
bool kept_read(struct front *f, const char *db, const char *name, struct kept *k);
bool kept_write(struct front *f, const char *db, const char *name, const struct kept *k);
void kept_free(struct kept *k);

/* The handlers: `command` with its `$db`. True: `out` holds the reply; else number and words are
 * kept. */
typedef bool handler(struct front *f, const char *db, const bson_t *command, bson_t *out);
handler front_create, front_collmod;
handler front_create_indexes, front_collmod_index;
/* The documents of a listing in `reply`, changed to what MongoDB shows. */
bool front_listed(struct front *f, const char *db, const bson_t *command, const bson_t *reply,
                  bson_t *out);

/* Appends a collation with all that MongoDB tells of it. */
bool front_collation(struct front *f, const bson_t *given, bson_t *out);

/* Members of a document. */
const char *doc_text(const bson_t *doc, const char *key); /* NULL: absent or no string */
bool doc_has(const bson_t *doc, const char *key);
bool doc_truth(const bson_t *doc, const char *key);                /* as servers have it */
bool doc_child(const bson_t *doc, const char *key, bson_t *child); /* a document or array */
/* Appends those members of `from` of which keep(key) says so; NULL: all. */
void doc_copy(bson_t *to, const bson_t *from, bool (*keep)(const char *key));
/* Replaces or appends a member; `from` may be NULL: takes it out. */
void doc_set(bson_t *doc, const char *key, const bson_iter_t *from);
bool key_among(const char *key, const char *const *list);
/* What any command may hold: $db, lsid, comment ... */
bool key_common(const char *key);

#endif
