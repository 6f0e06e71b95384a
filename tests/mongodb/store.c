/* Fixtures of the scripted server: reading one, and making a large one. */

#include "tests/mongodb/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEWEST                                                                                     \
    "{'hello': {'ismaster': true, 'isWritablePrimary': true, 'maxBsonObjectSize': 16777216,"       \
    " 'maxMessageSizeBytes': 48000000, 'maxWriteBatchSize': 100000, 'minWireVersion': 0,"          \
    " 'maxWireVersion': 25, 'readOnly': false}, 'index_build_info': 'wrap',"                       \
    " 'buildInfo': {'version': '8.0.4', 'versionArray': [8, 0, 4, 0], 'modules': []},"             \
    " 'connectionStatus': {'authInfo': {'authenticatedUsers': [], 'authenticatedUserRoles': [],"   \
    " 'authenticatedUserPrivileges': []}}}"

static void *more(void *v, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap ? *cap * 2 : 8;
    v = realloc(v, *cap * size);
    if (!v)
        abort();
    return v;
}

static void list_add(struct list *l, bson_t *doc)
{
    l->v = more(l->v, l->n, &l->cap, sizeof *l->v);
    l->v[l->n++] = doc;
}

static void add_all(struct list *l, const bson_t *of, const char *key)
{
    bson_iter_t it;
    bson_t array, one;
    if (!bson_sub(of, key, &array) || !bson_iter_init(&it, &array))
        return;
    while (bson_iter_next(&it)) {
        const uint8_t *data;
        uint32_t len;
        bson_iter_document(&it, &len, &data);
        if (!bson_init_static(&one, data, len))
            abort();
        list_add(l, bson_copy(&one));
    }
}

static struct coll *db_add(struct db *d, bson_t *doc)
{
    d->colls = more(d->colls, d->n, &d->cap, sizeof *d->colls);
    struct coll *c = &d->colls[d->n++];
    const char *type = bson_text(doc, "type");
    *c = (struct coll){.doc = doc, .name = bson_text(doc, "name")};
    c->view = type && !strcmp(type, "view");
    return c;
}

bool bson_sub(const bson_t *doc, const char *key, bson_t *out)
{
    bson_iter_t it;
    const uint8_t *data;
    uint32_t len;
    if (!bson_iter_init_find(&it, doc, key))
        return false;
    if (BSON_ITER_HOLDS_ARRAY(&it))
        bson_iter_array(&it, &len, &data);
    else if (BSON_ITER_HOLDS_DOCUMENT(&it))
        bson_iter_document(&it, &len, &data);
    else
        return false;
    return bson_init_static(out, data, len);
}

const char *bson_text(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && BSON_ITER_HOLDS_UTF8(&it)
               ? bson_iter_utf8(&it, NULL)
               : NULL;
}

bool bson_flag(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && bson_iter_as_bool(&it);
}

int64_t bson_number(const bson_t *doc, const char *key, int64_t otherwise)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) ? bson_iter_as_int64(&it) : otherwise;
}

bool store_member(const struct store *s, const char *key, bson_t *out)
{
    return bson_sub(s->fixture, key, out);
}

const struct db *store_db(const struct store *s, const char *name)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (!strcmp(s->dbs[i].name, name))
            return &s->dbs[i];
    return NULL;
}

const struct coll *db_coll(const struct db *d, const char *name)
{
    unsigned at;
    /* those that are made stand in the order of their numbers */
    if (sscanf(name, "c%u", &at) == 1 && at < d->n && !strcmp(d->colls[at].name, name))
        return &d->colls[at];
    for (uint32_t i = 0; i < d->n; i++)
        if (!strcmp(d->colls[i].name, name))
            return &d->colls[i];
    return NULL;
}

/* {collections: [...], indexes: {name: [...]}, search: {...}, documents: {...}} */
static void load_db(struct db *d, const bson_t *from)
{
    struct list entries = {0};
    bson_t part;
    bson_iter_t it;
    add_all(&entries, from, "collections");
    for (uint32_t i = 0; i < entries.n; i++) {
        struct coll *c = db_add(d, entries.v[i]);
        if (!c->name)
            continue; /* one that is wrong on purpose */
        if (bson_sub(from, "indexes", &part))
            add_all(&c->indexes, &part, c->name);
        if (bson_sub(from, "search", &part))
            add_all(&c->search, &part, c->name);
    }
    if (bson_sub(from, "authorized", &part))
        d->authorized = bson_copy(&part);
    if (!bson_sub(from, "documents", &part) || !bson_iter_init(&it, &part))
        return;
    while (bson_iter_next(&it)) {
        const char *name = bson_iter_key(&it);
        if (!db_coll(d, name))
            db_add(d, BCON_NEW("name", name, "type", "collection", "options", "{", "}"));
        add_all(&((struct coll *)(uintptr_t)db_coll(d, name))->document, &part, name);
    }
}

void store_load(struct store *s, const char *path)
{
    bson_error_t error = {0};
    bson_iter_t it;
    bson_t dbs, one;
    bson_json_reader_t *r = bson_json_reader_new_from_file(path, &error);
    s->fixture = bson_new();
    if (!r || bson_json_reader_read(r, s->fixture, &error) != 1) {
        fprintf(stderr, "replay: %s: %s\n", path, error.message);
        exit(2);
    }
    bson_json_reader_destroy(r);
    if (!store_member(s, "databases", &dbs) || !bson_iter_init(&it, &dbs))
        return;
    s->dbs = calloc(bson_count_keys(&dbs), sizeof *s->dbs);
    while (bson_iter_next(&it)) {
        const char *name = bson_iter_key(&it);
        struct db *d = &s->dbs[s->n++];
        d->name = strdup(name);
        if (bson_sub(&dbs, name, &one))
            load_db(d, &one);
    }
}

/* One of the kinds of index that there are most of. */
static bson_t *make_index(unsigned i, bool other)
{
    char name[32], field[16];
    snprintf(field, sizeof field, "f%u", i);
    snprintf(name, sizeof name, "f%u_1", i);
    bson_t *x = BCON_NEW("v", BCON_INT32(2), "key", "{", field, BCON_INT32(other ? -1 : 1), "}",
                         "name", name);
    if (i % 5 == 1)
        BSON_APPEND_BOOL(x, "unique", true);
    if (i % 5 == 2)
        BSON_APPEND_INT32(x, "expireAfterSeconds", 3600);
    if (i % 5 == 3)
        BCON_APPEND(x, "partialFilterExpression", "{", field, "{", "$gt", BCON_INT32(0), "}", "}");
    return x;
}

void store_generate(struct store *s, unsigned collections, unsigned indexes, unsigned change)
{
    char json[sizeof NEWEST], name[24];
    memcpy(json, NEWEST, sizeof NEWEST);
    for (char *p = json; *p; p++)
        if (*p == '\'')
            *p = '"';
    s->fixture = bson_new_from_json((uint8_t *)json, -1, NULL);
    s->dbs = calloc(1, sizeof *s->dbs);
    s->n = 1;
    struct db *d = s->dbs;
    d->name = "app";
    for (unsigned i = 0; i < collections; i++) {
        uint8_t uuid[16] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        bool other = change && i % change == change / 2;
        snprintf(name, sizeof name, "c%06u", i);
        struct coll *c = db_add(
            d, BCON_NEW("name", name, "type", "collection", "options", "{", "validator", "{", "f0",
                        "{", "$type", BCON_UTF8("string"), "}", "}", "validationLevel", "strict",
                        "validationAction", other ? "warn" : "error", "}", "info", "{", "readOnly",
                        BCON_BOOL(false), "uuid", BCON_BIN(BSON_SUBTYPE_UUID, uuid, 16), "}",
                        "idIndex", "{", "v", BCON_INT32(2), "key", "{", "_id", BCON_INT32(1), "}",
                        "name", "_id_", "}"));
        list_add(&c->indexes, BCON_NEW("v", BCON_INT32(2), "key", "{", "_id", BCON_INT32(1), "}",
                                       "name", "_id_"));
        for (unsigned k = 0; k < indexes; k++)
            list_add(&c->indexes, make_index(k, other && k == 4));
    }
}
