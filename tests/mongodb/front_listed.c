/* Listings, changed to what MongoDB shows. */

#include "tests/mongodb/front.h"

static bool not_id_index(const char *key)
{
    return strcmp(key, "idIndex") != 0;
}

static bool not_type(const char *key)
{
    return not_id_index(key) && strcmp(key, "type") != 0 && strcmp(key, "info") != 0;
}

/* A time series is a type of its own without an identity; these, views and clustered collections
 * have no index over _id of their own. */
static void collection(bson_t *out, const bson_t *listed)
{
    bson_t options;
    bool has = doc_child(listed, "options", &options);
    const char *type = doc_text(listed, "type");
    if (has && doc_has(&options, "timeseries")) {
        doc_copy(out, listed, not_type);
        BSON_APPEND_UTF8(out, "type", "timeseries");
        BCON_APPEND(out, "info", "{", "readOnly", BCON_BOOL(false), "}");
    } else {
        bool none = (type && !strcmp(type, "view")) || (has && doc_has(&options, "clusteredIndex"));
        doc_copy(out, listed, none ? not_id_index : NULL);
    }
}

/* The reply with its batch changed by `each`, which says whether a document stays. */
static void change_batch(const bson_t *reply, bson_t *out, void *ctx,
                         bool (*each)(void *ctx, bson_t *to, const bson_t *doc))
{
    bson_iter_t it, member, doc;
    bson_iter_init(&it, reply);
    while (bson_iter_next(&it)) {
        if (strcmp(bson_iter_key(&it), "cursor") != 0 || !bson_iter_recurse(&it, &member)) {
            if (strcmp(bson_iter_key(&it), "ok") != 0)
                bson_append_iter(out, NULL, 0, &it);
            continue;
        }
        bson_t cursor, batch;
        uint32_t n = 0;
        BSON_APPEND_DOCUMENT_BEGIN(out, "cursor", &cursor);
        while (bson_iter_next(&member)) {
            if (!BSON_ITER_HOLDS_ARRAY(&member) || !bson_iter_recurse(&member, &doc)) {
                bson_append_iter(&cursor, NULL, 0, &member);
                continue;
            }
            bson_append_array_begin(&cursor, bson_iter_key(&member), -1, &batch);
            while (bson_iter_next(&doc)) {
                const uint8_t *bytes;
                uint32_t size;
                char key[16];
                bson_t one, made = BSON_INITIALIZER;
                bson_iter_document(&doc, &size, &bytes);
                snprintf(key, sizeof key, "%u", n);
                if (bson_init_static(&one, bytes, size) && each(ctx, &made, &one)) {
                    BSON_APPEND_DOCUMENT(&batch, key, &made);
                    n++;
                }
                bson_destroy(&made);
            }
            bson_append_array_end(&cursor, &batch);
        }
        bson_append_document_end(out, &cursor);
    }
    BSON_APPEND_DOUBLE(out, "ok", 1.0);
}

static bool each_collection(void *ctx, bson_t *to, const bson_t *doc)
{
    (void)ctx;
    collection(to, doc);
    return true;
}

/* Time series have no index over _id; that of a clustered collection is told to be one. */
static bool each_index(void *ctx, bson_t *to, const bson_t *doc)
{
    const bson_t *options = ctx;
    bson_t clustered;
    const char *name = doc_text(doc, "name");
    bool id = name && !strcmp(name, "_id_");
    if (id && doc_has(options, "timeseries"))
        return false;
    if (id && doc_child(options, "clusteredIndex", &clustered)) {
        doc_copy(to, &clustered, NULL);
        BSON_APPEND_BOOL(to, "clustered", true);
    } else {
        doc_copy(to, doc, NULL);
    }
    return true;
}

bool front_listed(struct front *f, const char *db, const bson_t *command, const bson_t *reply,
                  bson_t *out)
{
    const char *of = doc_text(command, "listIndexes");
    struct kept k;
    if (!doc_truth(reply, "ok"))
        return false;
    if (doc_has(command, "listCollections")) {
        change_batch(reply, out, NULL, each_collection);
        return true;
    }
    if (!of || !kept_read(f, db, of, &k))
        return false;
    bool ours = doc_has(&k.options, "timeseries") || doc_has(&k.options, "clusteredIndex");
    if (ours)
        change_batch(reply, out, &k.options, each_index);
    kept_free(&k);
    return ours;
}
