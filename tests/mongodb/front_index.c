/* Indexes: what documentdb refuses of them is written into its catalog beside what it takes. */

#include "tests/mongodb/front.h"

enum { MAX_INDEXES = 64 };

/* One index of a createIndexes. */
struct wanted {
    const char *name;
    bson_t key;
    bson_t collation; /* with all members; empty: none */
    bson_t extra;     /* of index_options: hidden, prepareUnique, versions, collation */
    bool unique;      /* to be told so, without an index that holds it */
    bool row_only;    /* documentdb has no such index */
    bool there;       /* it is no news */
};

/* What documentdb gets of a specification; `collation` is told by itself. */
static bool plain_member(const char *key)
{
    static const char *const ours[] = {"hidden", "prepareUnique", "collation",
                                       "2dsphereIndexVersion", NULL};
    return !key_among(key, ours);
}

static bool not_unique(const char *key)
{
    return plain_member(key) && strcmp(key, "unique") != 0;
}

/* A kind of key: text, 2d ... take no collation. */
static bool takes_collation(const bson_t *key)
{
    bson_iter_t it;
    bson_iter_init(&it, key);
    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it) && strcmp(bson_iter_utf8(&it, NULL), "hashed") != 0)
            return false;
    return true;
}

static bool is_simple(const bson_t *collation)
{
    const char *locale = doc_text(collation, "locale");
    return locale && !strcmp(locale, "simple");
}

static bool wanted_collation(struct front *f, const bson_t *spec, const struct kept *k,
                             struct wanted *w)
{
    bson_t given;
    if (doc_child(spec, "collation", &given))
        return is_simple(&given) || front_collation(f, &given, &w->collation);
    if (doc_child(&k->options, "collation", &given) && takes_collation(&w->key))
        bson_concat(&w->collation, &given);
    return true;
}

/* documentdb compounds neither wildcards nor 2dsphere. */
static bool is_row_only(const bson_t *key)
{
    bson_iter_t it;
    bool alone = false;
    bson_iter_init(&it, key);
    while (bson_iter_next(&it)) {
        const char *name = bson_iter_key(&it);
        size_t n = strlen(name);
        alone = alone || (n >= 3 && !strcmp(name + n - 3, "$**")) ||
                (BSON_ITER_HOLDS_UTF8(&it) && !strcmp(bson_iter_utf8(&it, NULL), "2dsphere"));
    }
    bool text = bson_iter_init(&it, key);
    while (text && bson_iter_next(&it))
        text = !BSON_ITER_HOLDS_UTF8(&it) || strcmp(bson_iter_utf8(&it, NULL), "text") != 0;
    return alone && text && bson_count_keys(key) > 1;
}

/* Splits a specification; `pass` gets what goes to documentdb. */
static bool want(struct front *f, const bson_t *spec, const struct kept *k, struct wanted *w,
                 bson_t *pass)
{
    bson_iter_t it;
    *w = (struct wanted){.name = doc_text(spec, "name")};
    bson_init(&w->collation);
    bson_init(&w->extra);
    if (!w->name || !doc_child(spec, "key", &w->key)) {
        doc_copy(pass, spec, NULL); /* is refused there */
        bson_init(&w->key);
        return true;
    }
    if (!wanted_collation(f, spec, k, w))
        return false;
    bool collated = !bson_empty(&w->collation);
    w->unique = collated && doc_truth(spec, "unique");
    w->row_only = is_row_only(&w->key);
    doc_copy(pass, spec, w->unique ? not_unique : plain_member);
    if (collated) {
        BSON_APPEND_DOCUMENT(&w->extra, "collation", &w->collation);
        bson_t alone = BSON_INITIALIZER;
        BSON_APPEND_UTF8(&alone, "locale", doc_text(&w->collation, "locale"));
        if (bson_iter_init_find(&it, &w->collation, "strength"))
            bson_append_iter(&alone, NULL, 0, &it);
        BSON_APPEND_DOCUMENT(pass, "collation", &alone);
        bson_destroy(&alone);
    }
    if (bson_iter_init_find(&it, spec, "2dsphereIndexVersion"))
        bson_append_iter(&w->extra, NULL, 0, &it);
    if (doc_truth(spec, "hidden"))
        BSON_APPEND_BOOL(&w->extra, "hidden", true);
    if (doc_truth(spec, "prepareUnique"))
        BSON_APPEND_BOOL(&w->extra, "prepareUnique", true);
    return true;
}

/* Members of index_options of an index: what is there, and `extra`. */
static bool patch(struct front *f, const struct kept *k, const struct wanted *w)
{
    bson_t options;
    bson_iter_t it;
    PGresult *r = front_sql(f,
                            "select (index_spec).index_options from "
                            "documentdb_api_catalog.collection_indexes where collection_id = $1 "
                            "and (index_spec).index_name = $2",
                            2, (const char *const[]){k->id, w->name});
    if (!r || PQntuples(r) != 1) {
        PQclear(r);
        return front_refuse(f, 1, "index %s is not in the catalog", w->name);
    }
    front_document(r, 0, &options);
    PQclear(r);
    bson_iter_init(&it, &w->extra);
    while (bson_iter_next(&it))
        doc_set(&options, bson_iter_key(&it), &it);
    char *hex = front_hex(&options);
    bool done =
        front_do(f,
                 "update documentdb_api_catalog.collection_indexes set index_spec.index_options = "
                 "$3::documentdb_core.bson, index_spec.index_is_unique = "
                 "nullif((index_spec).index_is_unique is true or $4::bool, false) "
                 "where collection_id = $1 and (index_spec).index_name = $2",
                 4, (const char *const[]){k->id, w->name, hex, w->unique ? "t" : "f"});
    bson_free(hex);
    bson_destroy(&options);
    return done;
}

/* An index that is in the catalog only. */
static bool insert_row(struct front *f, const struct kept *k, const struct wanted *w,
                       const bson_t *spec)
{
    bson_t child;
    char *key = front_hex(&w->key), *extra = bson_empty(&w->extra) ? NULL : front_hex(&w->extra);
    char *partial = doc_child(spec, "partialFilterExpression", &child) ? front_hex(&child) : NULL;
    char *projection = doc_child(spec, "wildcardProjection", &child) ? front_hex(&child) : NULL;
    bool done =
        front_do(f,
                 "insert into documentdb_api_catalog.collection_indexes "
                 "(collection_id, index_spec, index_is_valid) values ($1, row($2, $3, $4, $5, "
                 "nullif($6::bool, false), null, 2, null, null, $7)"
                 "::documentdb_api_catalog.index_spec_type, true)",
                 7,
                 (const char *const[]){k->id, w->name, key, partial, projection,
                                       doc_truth(spec, "sparse") ? "t" : "f", extra});
    bson_free(key);
    bson_free(extra);
    bson_free(partial);
    bson_free(projection);
    return done;
}

/* Where an index of that name is in the catalog already: 1, and it has the same key; -1: another.
 */
static int there(struct front *f, const struct kept *k, const struct wanted *w)
{
    bson_t key;
    PGresult *r = front_sql(f,
                            "select (index_spec).index_key from "
                            "documentdb_api_catalog.collection_indexes where collection_id = $1 "
                            "and (index_spec).index_name = $2",
                            2, (const char *const[]){k->id, w->name});
    int found = 0;
    if (r && PQntuples(r) == 1) {
        front_document(r, 0, &key);
        found = bson_equal(&key, &w->key) ? 1 : -1;
        bson_destroy(&key);
    }
    PQclear(r);
    return found;
}

/* What is known only here: documentdb judges the rest. */
static bool judge(struct front *f, const struct kept *k, struct wanted *w)
{
    int found = k->found && (w->row_only || !bson_empty(&w->extra)) ? there(f, k, w) : 0;
    w->there = found > 0;
    return found >= 0 || front_refuse(f, 86, "an existing index has the name %s", w->name);
}

static bool member_of_command(const char *key)
{
    return strcmp(key, "indexes") != 0;
}

/* Sends what documentdb takes on; `n` wanted ones, `pass` their specifications. */
static bool send_on(struct front *f, const bson_t *command, const struct wanted *w,
                    const bson_t *pass, uint32_t n, bson_t *out)
{
    bson_t all = BSON_INITIALIZER, array, reply;
    char key[16];
    uint32_t count = 0;
    doc_copy(&all, command, member_of_command);
    BSON_APPEND_ARRAY_BEGIN(&all, "indexes", &array);
    for (uint32_t i = 0; i < n; i++)
        if (!w[i].row_only && !w[i].there) {
            snprintf(key, sizeof key, "%u", count++);
            BSON_APPEND_DOCUMENT(&array, key, &pass[i]);
        }
    bson_append_array_end(&all, &array);
    bool done = count == 0 || front_run(f, &all, &reply);
    bson_destroy(&all);
    if (done && count > 0)
        bson_copy_to_excluding_noinit(&reply, out, "ok", NULL);
    if (!done && strstr(f->error, "exclusion constraint"))
        f->code = 11000;
    if (done)
        BSON_APPEND_DOUBLE(out, "ok", 1.0);
    return done;
}

static bool make_collection(struct front *f, const char *db, const char *name)
{
    return front_do(f, "select documentdb_api.create_collection($1, $2)", 2,
                    (const char *const[]){db, name});
}

bool front_create_indexes(struct front *f, const char *db, const bson_t *command, bson_t *out)
{
    static struct wanted w[MAX_INDEXES];
    static bson_t pass[MAX_INDEXES], spec[MAX_INDEXES];
    const char *name = doc_text(command, "createIndexes");
    struct kept k;
    bson_t indexes;
    bson_iter_t it;
    uint32_t n = 0;
    if (!kept_read(f, db, name, &k))
        return false;
    bool done = doc_child(command, "indexes", &indexes) ||
                front_refuse(f, 40414, "createIndexes.indexes is missing%s", "");
    done = done && (bson_count_keys(&indexes) <= MAX_INDEXES ||
                    front_refuse(f, 67, "more than %d indexes at once", MAX_INDEXES));
    if (done && bson_iter_init(&it, &indexes))
        while (done && bson_iter_next(&it)) {
            const uint8_t *bytes = NULL;
            uint32_t size = 0;
            if (BSON_ITER_HOLDS_DOCUMENT(&it))
                bson_iter_document(&it, &size, &bytes);
            if (!bytes || !bson_init_static(&spec[n], bytes, size)) {
                done = front_refuse(f, 14, "an index is no document%s", "");
                break;
            }
            bson_init(&pass[n]);
            done = want(f, &spec[n], &k, &w[n], &pass[n]) && judge(f, &k, &w[n]);
            n++;
        }
    bool view = k.view;
    done = done && send_on(f, command, w, pass, n, out);
    if (done && !k.found && !view) {
        kept_free(&k);
        done = kept_read(f, db, name, &k);
        if (done && !k.found)
            done = make_collection(f, db, name) && kept_read(f, db, name, &k);
    }
    for (uint32_t i = 0; done && i < n; i++)
        if (w[i].there)
            continue;
        else if (w[i].row_only)
            done = insert_row(f, &k, &w[i], &spec[i]);
        else if (!bson_empty(&w[i].extra))
            done = patch(f, &k, &w[i]);
    for (uint32_t i = 0; i < n; i++) {
        bson_destroy(&w[i].collation);
        bson_destroy(&w[i].extra);
        bson_destroy(&pass[i]);
    }
    kept_free(&k);
    return done;
}

/* The index that a collMod names: its row. */
struct row {
    char id[24], name[1024];
    bson_t key, options;
    bool unique;
    char seconds[24]; /* "": no TTL */
};

static bool find_row(struct front *f, const struct kept *k, const bson_t *index, struct row *row)
{
    bson_t pattern;
    const char *name = doc_text(index, "name");
    char *key = doc_child(index, "keyPattern", &pattern) ? front_hex(&pattern) : NULL;
    PGresult *r = front_sql(
        f,
        "select index_id, (index_spec).index_key, (index_spec).index_options, "
        "(index_spec).index_is_unique, (index_spec).index_expire_after_seconds, "
        "(index_spec).index_name from documentdb_api_catalog.collection_indexes where "
        "collection_id = $1 and case when $2::text is not null then (index_spec).index_name = $2 "
        "else (index_spec).index_key::text = $3::documentdb_core.bson::text end",
        3, (const char *const[]){k->id, name, key});
    bson_free(key);
    if (!r)
        return false;
    int n = PQntuples(r);
    if (n == 1) {
        front_document(r, 1, &row->key);
        front_document(r, 2, &row->options);
        row->unique = *PQgetvalue(r, 0, 3) == 't';
        snprintf(row->id, sizeof row->id, "%s", PQgetvalue(r, 0, 0));
        snprintf(row->seconds, sizeof row->seconds, "%s", PQgetvalue(r, 0, 4));
        snprintf(row->name, sizeof row->name, "%s", PQgetvalue(r, 0, 5));
    }
    PQclear(r);
    if (n > 1)
        return front_refuse(f, 181, "more than one index has this key%s", "");
    return n == 1 || front_refuse(f, 27, "cannot find index %s", name ? name : "of this key");
}

static bool write_row(struct front *f, const struct kept *k, const struct row *row)
{
    char *options = bson_empty(&row->options) ? NULL : front_hex(&row->options);
    bool done = front_do(
        f,
        "update documentdb_api_catalog.collection_indexes set index_spec.index_options = "
        "$3::documentdb_core.bson, index_spec.index_is_unique = nullif($4::bool, false), "
        "index_spec.index_expire_after_seconds = nullif($5, '')::int "
        "where collection_id = $1 and index_id = $2",
        5, (const char *const[]){k->id, row->id, options, row->unique ? "t" : "f", row->seconds});
    bson_free(options);
    return done;
}

static bool set_flag(struct row *row, const bson_t *index, const char *key, bson_t *out)
{
    char member[32];
    bson_iter_t it;
    bool now = doc_truth(index, key), was = doc_truth(&row->options, key);
    snprintf(member, sizeof member, "%s_old", key);
    BSON_APPEND_BOOL(out, member, was);
    snprintf(member, sizeof member, "%s_new", key);
    BSON_APPEND_BOOL(out, member, now);
    bson_iter_init_find(&it, index, key);
    doc_set(&row->options, key, now ? &it : NULL);
    return true;
}

static bool set_ttl(struct front *f, struct row *row, const bson_iter_t *it, bson_t *out)
{
    if (!*row->seconds && (bson_count_keys(&row->key) != 1 || !takes_collation(&row->key)))
        return front_refuse(f, 72, "TTL indexes are single-field indexes: %s", row->name);
    if (*row->seconds)
        BSON_APPEND_INT64(out, "expireAfterSeconds_old", strtoll(row->seconds, NULL, 10));
    snprintf(row->seconds, sizeof row->seconds, "%lld", (long long)bson_iter_as_int64(it));
    return BSON_APPEND_INT64(out, "expireAfterSeconds_new", bson_iter_as_int64(it));
}

/* Whether two documents have the same values in the fields of the key. */
static bool has_duplicates(struct front *f, const char *db, const char *name, const bson_t *key)
{
    bson_t command = BSON_INITIALIZER, pipeline, stage, group, id, reply, cursor, batch;
    bson_iter_t it;
    int n = 0;
    BSON_APPEND_UTF8(&command, "aggregate", name);
    BSON_APPEND_ARRAY_BEGIN(&command, "pipeline", &pipeline);
    BSON_APPEND_DOCUMENT_BEGIN(&pipeline, "0", &stage);
    BSON_APPEND_DOCUMENT_BEGIN(&stage, "$group", &group);
    BSON_APPEND_DOCUMENT_BEGIN(&group, "_id", &id);
    bson_iter_init(&it, key);
    while (bson_iter_next(&it)) {
        char as[16], path[256];
        snprintf(as, sizeof as, "k%d", n++);
        snprintf(path, sizeof path, "$%s", bson_iter_key(&it));
        BSON_APPEND_UTF8(&id, as, path);
    }
    bson_append_document_end(&group, &id);
    BCON_APPEND(&group, "n", "{", "$sum", BCON_INT32(1), "}");
    bson_append_document_end(&stage, &group);
    bson_append_document_end(&pipeline, &stage);
    BCON_APPEND(&pipeline, "1", "{", "$match", "{", "n", "{", "$gt", BCON_INT32(1), "}", "}", "}");
    bson_append_array_end(&command, &pipeline);
    BCON_APPEND(&command, "cursor", "{", "}", "$db", BCON_UTF8(db));
    bool found = front_run(f, &command, &reply) && doc_child(&reply, "cursor", &cursor) &&
                 doc_child(&cursor, "firstBatch", &batch) && !bson_empty(&batch);
    bson_destroy(&command);
    return found;
}

static bool set_unique(struct front *f, const char *db, const char *name, struct row *row,
                       bson_t *out)
{
    if (row->unique)
        return true;
    if (!doc_truth(&row->options, "prepareUnique"))
        return front_refuse(f, 72, "index %s must be prepared with prepareUnique first", row->name);
    if (has_duplicates(f, db, name, &row->key))
        return front_refuse(f, 359, "cannot convert index %s to unique: duplicates", row->name);
    row->unique = true;
    doc_set(&row->options, "prepareUnique", NULL);
    return BSON_APPEND_BOOL(out, "unique_new", true);
}

static bool modify(struct front *f, const char *db, const char *name, const bson_t *index,
                   struct row *row, bson_t *out)
{
    bson_iter_t it;
    if (!strcmp(row->name, "_id_"))
        return front_refuse(f, 2, "the index %s cannot be changed", row->name);
    if (doc_has(index, "prepareUnique") &&
        (doc_has(index, "hidden") || doc_has(index, "expireAfterSeconds")))
        return front_refuse(f, 72, "prepareUnique stands alone: %s", row->name);
    if (doc_has(index, "hidden"))
        set_flag(row, index, "hidden", out);
    if (doc_has(index, "prepareUnique"))
        set_flag(row, index, "prepareUnique", out);
    if (bson_iter_init_find(&it, index, "expireAfterSeconds") && !set_ttl(f, row, &it, out))
        return false;
    if (doc_has(index, "unique") && !doc_truth(index, "unique"))
        return front_refuse(f, 2, "unique cannot be set to false: %s", row->name);
    return !doc_has(index, "unique") || set_unique(f, db, name, row, out);
}

bool front_collmod_index(struct front *f, const char *db, const bson_t *command, bson_t *out)
{
    const char *name = doc_text(command, "collMod");
    struct kept k;
    struct row row = {0};
    bson_t index;
    bool done =
        kept_read(f, db, name, &k) &&
        ((k.found && !k.view) || front_refuse(f, k.view ? 166 : 26, "no collection %s", name)) &&
        (doc_child(command, "index", &index) || front_refuse(f, 14, "index is no document%s", ""));
    bson_init(&row.key);
    bson_init(&row.options);
    done = done && find_row(f, &k, &index, &row) && modify(f, db, name, &index, &row, out) &&
           (doc_truth(command, "dryRun") || write_row(f, &k, &row));
    bson_destroy(&row.key);
    bson_destroy(&row.options);
    kept_free(&k);
    return done && BSON_APPEND_DOUBLE(out, "ok", 1.0);
}
