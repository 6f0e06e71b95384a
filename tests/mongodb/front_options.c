/* Collections and views: what documentdb has no behaviour for is kept among their options. */

#include "tests/mongodb/front.h"

static const char *const triple[] = {"validator", "validationLevel", "validationAction", NULL};
/* Kept as they are given, and listed so. */
static const char *const verbatim[] = {"storageEngine", "indexOptionDefaults", "encryptedFields",
                                       NULL};
/* Kept, but not as they are given. */
static const char *const shaped[] = {
    "capped",      "size",           "max",
    "timeseries",  "collation",      "expireAfterSeconds",
    "autoIndexId", "clusteredIndex", "changeStreamPreAndPostImages",
    NULL};

bool kept_read(struct front *f, const char *db, const char *name, struct kept *k)
{
    *k = (struct kept){0};
    PGresult *r = front_sql(f,
                            "select options, view_definition, validator is not null, collection_id "
                            "from documentdb_api_catalog.collections "
                            "where database_name = $1 and collection_name = $2",
                            2, (const char *const[]){db, name});
    if (!r)
        return false;
    bson_init(&k->options);
    bson_init(&k->definition);
    if (PQntuples(r) == 1) {
        k->found = true;
        front_document(r, 0, &k->options);
        k->view = front_document(r, 1, &k->definition);
        k->has_validator = *PQgetvalue(r, 0, 2) == 't';
        snprintf(k->id, sizeof k->id, "%s", PQgetvalue(r, 0, 3));
    }
    PQclear(r);
    return true;
}

bool kept_write(struct front *f, const char *db, const char *name, const struct kept *k)
{
    char *options = bson_count_keys(&k->options) ? front_hex(&k->options) : NULL;
    char *definition = k->view ? front_hex(&k->definition) : NULL;
    bool done = front_do(f,
                         "update documentdb_api_catalog.collections set options = "
                         "$3::documentdb_core.bson, view_definition = $4::documentdb_core.bson "
                         "where database_name = $1 and collection_name = $2",
                         4, (const char *const[]){db, name, options, definition});
    bson_free(options);
    bson_free(definition);
    return done;
}

void kept_free(struct kept *k)
{
    if (k->options.len)
        bson_destroy(&k->options);
    if (k->definition.len)
        bson_destroy(&k->definition);
}

/* Every member is told, as MongoDB 7 does. */
bool front_collation(struct front *f, const bson_t *given, bson_t *out)
{
    const char *locale = doc_text(given, "locale");
    if (!locale)
        return front_refuse(f, 40414, "collation.locale is missing%s", "");
    bson_t all = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&all, "locale", locale);
    BSON_APPEND_BOOL(&all, "caseLevel", false);
    BSON_APPEND_UTF8(&all, "caseFirst", "off");
    BSON_APPEND_INT32(&all, "strength", 3);
    BSON_APPEND_BOOL(&all, "numericOrdering", false);
    BSON_APPEND_UTF8(&all, "alternate", "non-ignorable");
    BSON_APPEND_UTF8(&all, "maxVariable", "punct");
    BSON_APPEND_BOOL(&all, "normalization", false);
    BSON_APPEND_BOOL(&all, "backwards", !strcmp(locale, "fr_CA"));
    BSON_APPEND_UTF8(&all, "version", "57.1");
    bson_iter_t it;
    bson_iter_init(&it, given);
    while (bson_iter_next(&it)) {
        if (!doc_has(&all, bson_iter_key(&it))) {
            bson_destroy(&all);
            return front_refuse(f, 40415, "BSON field 'collation.%s' is an unknown field",
                                bson_iter_key(&it));
        }
        doc_set(&all, bson_iter_key(&it), &it);
    }
    bson_concat(out, &all);
    bson_destroy(&all);
    return true;
}

static void copy_member(bson_t *out, const bson_t *from, const char *key)
{
    bson_iter_t it;
    if (bson_iter_init_find(&it, from, key))
        bson_append_iter(out, key, -1, &it);
}

static bool put_capped(struct front *f, const bson_t *command, bson_t *out)
{
    if (!doc_truth(command, "capped")) {
        if (doc_has(command, "size") || doc_has(command, "max"))
            return front_refuse(f, 72, "the 'capped' field needs to be true for size and max%s",
                                "");
        return true;
    }
    if (!doc_truth(command, "size"))
        return front_refuse(f, 72, "the 'size' field is required when 'capped' is true%s", "");
    BSON_APPEND_BOOL(out, "capped", true);
    copy_member(out, command, "size");
    copy_member(out, command, "max");
    return true;
}

static bool put_timeseries(struct front *f, const bson_t *command, bson_t *out)
{
    bson_t given, all;
    if (!doc_child(command, "timeseries", &given))
        return true;
    if (!doc_text(&given, "timeField"))
        return front_refuse(f, 40414, "timeseries.timeField is missing%s", "");
    BSON_APPEND_DOCUMENT_BEGIN(out, "timeseries", &all);
    copy_member(&all, &given, "timeField");
    copy_member(&all, &given, "metaField");
    if (doc_has(&given, "bucketRoundingSeconds")) {
        copy_member(&all, &given, "bucketRoundingSeconds");
        copy_member(&all, &given, "bucketMaxSpanSeconds");
    } else {
        const char *granularity = doc_text(&given, "granularity");
        granularity = granularity ? granularity : "seconds";
        BSON_APPEND_UTF8(&all, "granularity", granularity);
        BSON_APPEND_INT32(&all, "bucketMaxSpanSeconds",
                          !strcmp(granularity, "hours")     ? 2592000
                          : !strcmp(granularity, "minutes") ? 86400
                                                            : 3600);
    }
    bson_append_document_end(out, &all);
    return true;
}

static bool put_clustered(struct front *f, const bson_t *command, bson_t *out)
{
    bson_t given, all;
    if (!doc_child(command, "clusteredIndex", &given))
        return true;
    if (!doc_truth(&given, "unique"))
        return front_refuse(f, 72, "clusteredIndex.unique must be true%s", "");
    const char *name = doc_text(&given, "name");
    BSON_APPEND_DOCUMENT_BEGIN(out, "clusteredIndex", &all);
    BSON_APPEND_INT32(&all, "v", 2);
    copy_member(&all, &given, "key");
    BSON_APPEND_UTF8(&all, "name", name ? name : "_id_");
    BSON_APPEND_BOOL(&all, "unique", true);
    bson_append_document_end(out, &all);
    return true;
}

/* What a command wants to be kept, in the order that it is listed in. */
static bool options_of(struct front *f, const bson_t *command, bson_t *out)
{
    bson_t child, all;
    bson_iter_t it;
    if (!put_capped(f, command, out) || !put_timeseries(f, command, out) ||
        !put_clustered(f, command, out))
        return false;
    if (bson_iter_init_find(&it, command, "expireAfterSeconds")) {
        if (!doc_has(out, "timeseries") && !doc_has(out, "clusteredIndex"))
            return front_refuse(f, 72, "'expireAfterSeconds' is only supported on time series %s",
                                "collections or clustered ones");
        BSON_APPEND_INT64(out, "expireAfterSeconds", bson_iter_as_int64(&it));
    }
    if (doc_child(command, "changeStreamPreAndPostImages", &child) && doc_truth(&child, "enabled"))
        copy_member(out, command, "changeStreamPreAndPostImages");
    for (const char *const *key = verbatim; *key; key++)
        copy_member(out, command, *key);
    if (!doc_child(command, "collation", &child))
        return true;
    const char *locale = doc_text(&child, "locale");
    if (locale && !strcmp(locale, "simple"))
        return true;
    BSON_APPEND_DOCUMENT_BEGIN(out, "collation", &all);
    bool right = front_collation(f, &child, &all);
    bson_append_document_end(out, &all);
    return right;
}

static bool for_documentdb(const char *key)
{
    return !key_common(key) && !key_among(key, shaped) && !key_among(key, verbatim);
}

static bool no_validator(const char *key)
{
    return !key_among(key, triple);
}

/* Words of documentdb for a validator that MongoDB takes. */
static bool lacks(const struct front *f)
{
    static const char *const words[] = {
        "title", "additionalProperties", "dependencies", "patternProperties", "allOf",  "anyOf",
        "oneOf", "not supported",        "maximum size", "errorAndLog",       "dotted", NULL};
    for (const char *const *w = words; *w; w++)
        if (strstr(f->error, *w))
            return true;
    return false;
}

/* The three members as they are listed. */
static void put_triple(bson_t *out, const bson_t *from)
{
    copy_member(out, from, "validator");
    const char *level = doc_text(from, "validationLevel");
    const char *action = doc_text(from, "validationAction");
    BSON_APPEND_UTF8(out, "validationLevel", level ? level : "strict");
    BSON_APPEND_UTF8(out, "validationAction", action ? action : "error");
}

static bool create_by_sql(struct front *f, const char *db, const bson_t *spec)
{
    char *hex = front_hex(spec);
    bool done = front_do(f,
                         "select documentdb_api.create_collection_view($1, "
                         "$2::documentdb_core.bson)",
                         2, (const char *const[]){db, hex});
    bson_free(hex);
    return done;
}

/* Beside what documentdb made. */
static bool keep_options(struct front *f, const char *db, const char *name, const bson_t *options)
{
    struct kept k;
    bson_iter_t it;
    if (bson_empty(options))
        return true;
    if (!kept_read(f, db, name, &k))
        return false;
    bson_iter_init(&it, options);
    while (bson_iter_next(&it))
        doc_set(k.view ? &k.definition : &k.options, bson_iter_key(&it), &it);
    bool done = kept_write(f, db, name, &k);
    kept_free(&k);
    return done;
}

static bool same_options(struct front *f, const char *db, const char *name, const bson_t *options)
{
    struct kept k;
    if (!kept_read(f, db, name, &k))
        return false;
    bson_t have = BSON_INITIALIZER, collation;
    if (k.view) {
        if (doc_child(&k.definition, "collation", &collation))
            copy_member(&have, &k.definition, "collation");
    } else {
        doc_copy(&have, &k.options, no_validator);
    }
    bool same = !k.found || bson_equal(&have, options);
    bson_destroy(&have);
    kept_free(&k);
    return same || front_refuse(f, 48, "namespace %s already exists, but with other options", name);
}

static bool create(struct front *f, const char *db, const char *name, const bson_t *command,
                   bson_t *options)
{
    bson_t spec = BSON_INITIALIZER, plain = BSON_INITIALIZER;
    doc_copy(&spec, command, for_documentdb);
    doc_copy(&plain, &spec, no_validator);
    bool done = options_of(f, command, options) && same_options(f, db, name, options) &&
                front_do(f, "savepoint whole", 0, NULL);
    if (done && !create_by_sql(f, db, &spec)) {
        done = lacks(f) && doc_has(&spec, "validator") &&
               front_do(f, "rollback to savepoint whole", 0, NULL) && create_by_sql(f, db, &plain);
        put_triple(options, command);
    }
    bson_destroy(&spec);
    bson_destroy(&plain);
    return done && keep_options(f, db, name, options);
}

static bool ok(bson_t *out)
{
    return BSON_APPEND_DOUBLE(out, "ok", 1.0);
}

bool front_create(struct front *f, const char *db, const bson_t *command, bson_t *out)
{
    bson_t options = BSON_INITIALIZER;
    const char *name = doc_text(command, "create");
    bool done = front_do(f, "begin", 0, NULL) && create(f, db, name, command, &options);
    /* a failed commit would be a failure; that of a rollback is none of the client's */
    if (done)
        done = front_do(f, "commit", 0, NULL);
    else
        PQclear(PQexec(f->sql, "rollback"));
    bson_destroy(&options);
    return done && ok(out);
}

static bool set_size(struct front *f, struct kept *k, const char *key, const bson_iter_t *it)
{
    if (!doc_truth(&k->options, "capped"))
        return front_refuse(f, 72, "collMod.%s is only for capped collections", key);
    if (!strcmp(key, "cappedMax") && bson_iter_as_int64(it) <= 0)
        doc_set(&k->options, "max", NULL);
    else
        doc_set(&k->options, strcmp(key, "cappedMax") != 0 ? "size" : "max", it);
    return true;
}

static int rank(const char *granularity)
{
    return !granularity ? -1 : !strcmp(granularity, "hours") ? 2 : !strcmp(granularity, "minutes");
}

/* They only grow. */
static bool set_timeseries(struct front *f, struct kept *k, const bson_t *given)
{
    bson_t have, all = BSON_INITIALIZER, made = BSON_INITIALIZER;
    bson_iter_t it;
    if (!doc_child(&k->options, "timeseries", &have))
        return front_refuse(f, 72, "collMod.timeseries is only for time series%s", "");
    const char *was = doc_text(&have, "granularity"), *now = doc_text(given, "granularity");
    if (now && rank(now) < rank(was))
        return front_refuse(f, 72, "granularity cannot be lowered to %s", now);
    doc_copy(&all, &have, NULL);
    bson_iter_init(&it, given);
    while (bson_iter_next(&it))
        doc_set(&all, bson_iter_key(&it), &it);
    if (now)
        doc_set(&all, "bucketRoundingSeconds", NULL);
    else
        doc_set(&all, "granularity", NULL);
    bson_t wrapped = BSON_INITIALIZER;
    BSON_APPEND_DOCUMENT(&wrapped, "timeseries", &all);
    bool right = put_timeseries(f, &wrapped, &made);
    if (right && bson_iter_init_find(&it, &made, "timeseries"))
        doc_set(&k->options, "timeseries", &it);
    bson_destroy(&all);
    bson_destroy(&made);
    bson_destroy(&wrapped);
    return right;
}

static bool set_expiry(struct front *f, struct kept *k, const bson_iter_t *it)
{
    if (!doc_has(&k->options, "timeseries") && !doc_has(&k->options, "clusteredIndex"))
        return front_refuse(f, 72, "collMod.expireAfterSeconds is only for time series and %s",
                            "clustered collections");
    doc_set(&k->options, "expireAfterSeconds", NULL);
    if (!BSON_ITER_HOLDS_UTF8(it)) /* "off" */
        BSON_APPEND_INT64(&k->options, "expireAfterSeconds", bson_iter_as_int64(it));
    return true;
}

/* Those members of a collMod that are kept by the front. */
static bool set_kept(struct front *f, const bson_t *command, struct kept *k)
{
    bson_iter_t it;
    bson_t child;
    bool right = true;
    bson_iter_init(&it, command);
    while (right && bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        if (!strcmp(key, "cappedSize") || !strcmp(key, "cappedMax")) {
            right = set_size(f, k, key, &it);
        } else if (!strcmp(key, "expireAfterSeconds")) {
            right = set_expiry(f, k, &it);
        } else if (!strcmp(key, "timeseries") && doc_child(command, key, &child)) {
            right = set_timeseries(f, k, &child);
        } else if (!strcmp(key, "changeStreamPreAndPostImages") &&
                   doc_child(command, key, &child)) {
            if (k->view || doc_has(&k->options, "timeseries"))
                return front_refuse(f, 72, "%s is only for collections", key);
            doc_set(&k->options, key, doc_truth(&child, "enabled") ? &it : NULL);
        }
    }
    return right;
}

static bool passed_on(const char *key)
{
    static const char *const ours[] = {"cappedSize",
                                       "cappedMax",
                                       "expireAfterSeconds",
                                       "timeseries",
                                       "changeStreamPreAndPostImages",
                                       NULL};
    return !key_among(key, ours);
}

/* The validator of a collection stands among the options where documentdb does not take it. */
static bool set_validator(struct front *f, const char *db, const char *name, const bson_t *command,
                          struct kept *k)
{
    bson_t pass = BSON_INITIALIZER, reply, all = BSON_INITIALIZER;
    bool kept = doc_has(&k->options, "validator"), given = doc_has(command, "validator");
    doc_copy(&pass, command, passed_on);
    /* what is not given stays as it is */
    for (const char *const *key = triple; *key; key++)
        if (kept && !doc_has(&pass, *key))
            copy_member(&pass, &k->options, *key);
    bool done = (!kept || given) && front_run(f, &pass, &reply);
    if (done) {
        for (const char *const *key = triple; kept && *key; key++)
            doc_set(&k->options, *key, NULL);
    } else if (kept || (given && lacks(f))) {
        put_triple(&all, &pass);
        bson_iter_t it;
        bson_iter_init(&it, &all);
        while (bson_iter_next(&it))
            doc_set(&k->options, bson_iter_key(&it), &it);
        done = front_do(f,
                        "update documentdb_api_catalog.collections set validator = null, "
                        "validation_level = null, validation_action = null "
                        "where database_name = $1 and collection_name = $2",
                        2, (const char *const[]){db, name});
    }
    bson_destroy(&pass);
    bson_destroy(&all);
    return done;
}

static bool set_view(struct front *f, const bson_t *command, struct kept *k)
{
    bson_t reply;
    if (!front_run(f, command, &reply))
        return false;
    for (const char *const *key = (const char *const[]){"viewOn", "pipeline", NULL}; *key; key++) {
        bson_iter_t it;
        if (bson_iter_init_find(&it, command, *key))
            doc_set(&k->definition, *key, &it);
    }
    return true;
}

static bool has_any(const bson_t *doc, const char *const *keys)
{
    for (; *keys; keys++)
        if (doc_has(doc, *keys))
            return true;
    return false;
}

bool front_collmod(struct front *f, const char *db, const bson_t *command, bson_t *out)
{
    const char *name = doc_text(command, "collMod");
    struct kept k;
    if (!kept_read(f, db, name, &k))
        return false;
    bson_t reply;
    bool done;
    if (!k.found)
        done = front_run(f, command, &reply); /* says so */
    else if (k.view && doc_has(command, "viewOn"))
        done = set_view(f, command, &k) && kept_write(f, db, name, &k);
    else if (!k.view && has_any(command, triple))
        done = set_kept(f, command, &k) && set_validator(f, db, name, command, &k) &&
               kept_write(f, db, name, &k);
    else {
        bson_t pass = BSON_INITIALIZER;
        doc_copy(&pass, command, passed_on);
        done =
            set_kept(f, command, &k) && front_run(f, &pass, &reply) && kept_write(f, db, name, &k);
        bson_destroy(&pass);
    }
    kept_free(&k);
    return done && ok(out);
}
