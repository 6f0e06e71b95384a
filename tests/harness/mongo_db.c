/* Random databases, and the facts of one. */

#include "tests/harness/mongo_db.h"

#include <stdlib.h>

#include "drivers/mongodb/mongodb.h"

/* A name that no change is made to. */
static struct str fixed(struct spec *s, const char *prefix)
{
    return arena_printf(s->mem, "%s%u", prefix, ++s->serial);
}

static struct mv *put(struct mv *to, const char *key, struct mv *v)
{
    return mv_add(to, str_c(key), v);
}

static struct mv *text(struct spec *s, const char *words)
{
    return mv_text(s->mem, str_c(words));
}

/* Said or left out. */
static void perhaps(struct spec *s, struct mv *to, const char *key, struct mv *v)
{
    if (spec_how(s, 2))
        put(to, key, v);
}

static void flag(struct spec *s, struct mv *to, const char *key, bool on)
{
    if (spec_point(s, key))
        on = !on;
    if (on)
        put(to, key, mv_bool(s->mem, true));
    else
        perhaps(s, to, key, mv_bool(s->mem, false));
}

/* --- indexes --- */

static struct mv *direction(struct spec *s)
{
    int64_t i = spec_what(s, 3) ? 1 : -1;
    if (spec_point(s, "direction"))
        i = -i;
    return spec_int(s, spec_how(s, 4) ? i : 5 * i);
}

static void swap_first(struct spec *s, struct mv *doc)
{
    struct mv *first = mv_take(doc, arena_cstr(s->mem, doc->first->key));
    mv_add(doc, first->key, first);
}

static void plain_index(struct spec *s, struct mv *x, struct mv *key)
{
    uint32_t n = 1 + spec_what(s, 3);
    for (uint32_t i = 0; i < n; i++) {
        struct str field = spec_name(s, "f");
        mv_add(key, field, direction(s));
    }
    if (n > 1 && spec_point(s, "order of keys"))
        swap_first(s, key);
    flag(s, x, "unique", spec_what(s, 4) == 0);
    flag(s, x, "sparse", spec_what(s, 4) == 0);
    if (n == 1 && spec_what(s, 3) == 0)
        put(x, "expireAfterSeconds", spec_number(s));
    else if (n == 1 && spec_point(s, "TTL"))
        put(x, "expireAfterSeconds", mv_int(s->mem, 60));
    if (spec_what(s, 4) == 0)
        put(x, "partialFilterExpression", spec_query(s, 0, false));
}

static void text_index(struct spec *s, struct mv *x, struct mv *key)
{
    struct mv *weights = put(x, "weights", mv_new(s->mem, MV_DOCUMENT));
    if (spec_what(s, 2))
        mv_add(key, fixed(s, "before"), direction(s));
    put(key, "_fts", text(s, "text"));
    put(key, "_ftsx", spec_int(s, 1));
    if (spec_what(s, 2))
        mv_add(key, fixed(s, "behind"), direction(s));
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--) {
        struct str field = spec_name(s, "t");
        mv_add(weights, field, i == 1 ? spec_int(s, 1) : spec_number(s));
    }
    spec_shuffle(s, weights);
    if (spec_point(s, "language"))
        put(x, "default_language", text(s, "french"));
    else
        perhaps(s, x, "default_language", text(s, "english"));
    perhaps(s, x, "language_override", text(s, "language"));
    put(x, "textIndexVersion", spec_int(s, 3));
}

static void wildcard_index(struct spec *s, struct mv *x, struct mv *key)
{
    if (spec_what(s, 2)) {
        put(key, "$**", spec_int(s, 1));
        put(x, "wildcardProjection", spec_projection(s));
    } else {
        struct str below = spec_name(s, "f");
        mv_add(key, arena_printf(s->mem, "%.*s.$**", STR_ARG(below)), spec_int(s, 1));
    }
}

static void place_index(struct spec *s, struct mv *x, struct mv *key)
{
    bool sphere = spec_what(s, 2);
    struct str field = spec_name(s, "f");
    mv_add(key, field, text(s, sphere ? "2dsphere" : "2d"));
    if (sphere) {
        perhaps(s, x, "2dsphereIndexVersion", spec_int(s, 3));
        return;
    }
    if (spec_point(s, "bits"))
        put(x, "bits", spec_int(s, 20));
    else
        perhaps(s, x, "bits", spec_int(s, 26));
    perhaps(s, x, "min", spec_int(s, -180));
    perhaps(s, x, "max", spec_int(s, 180));
}

static struct mv *index_spec(struct spec *s, bool *has_text)
{
    struct mv *x = mv_new(s->mem, MV_DOCUMENT), *key = put(x, "key", mv_new(s->mem, MV_DOCUMENT));
    uint32_t kind = spec_what(s, 8);
    if (kind == 0 && !*has_text) {
        text_index(s, x, key);
        *has_text = true;
    } else if (kind == 1) {
        wildcard_index(s, x, key);
    } else if (kind == 2) {
        place_index(s, x, key);
    } else if (kind == 3) {
        struct str field = spec_name(s, "f");
        mv_add(key, field, text(s, "hashed"));
    } else {
        plain_index(s, x, key);
    }
    if (kind > 3 && spec_what(s, 4) == 0)
        put(x, "collation", spec_collation(s));
    else if (kind > 3 && spec_how(s, 4) == 0)
        put(put(x, "collation", mv_new(s->mem, MV_DOCUMENT)), "locale", text(s, "simple"));
    flag(s, x, "hidden", spec_what(s, 6) == 0);
    mv_add(x, STR("name"), mv_text(s->mem, fixed(s, "i")));
    perhaps(s, x, "v", spec_int(s, 2));
    perhaps(s, x, "background", mv_bool(s->mem, true));
    perhaps(s, x, "ns", text(s, "db.c"));
    if (spec_how(s, 3) == 0)
        put(put(x, "storageEngine", mv_new(s->mem, MV_DOCUMENT)), "enableOrderedIndex",
            mv_bool(s->mem, true));
    spec_shuffle(s, x);
    return x;
}

/* --- collections --- */

enum { SIZE_STEP = 256 };

static void capped(struct spec *s, struct mv *o)
{
    int64_t size = SIZE_STEP * (16 + (int64_t)spec_what(s, 1000));
    if (spec_point(s, "size"))
        size += (int64_t)SIZE_STEP * 5000;
    put(o, "capped", mv_bool(s->mem, true));
    put(o, "size", spec_int(s, size - spec_how(s, SIZE_STEP)));
    if (spec_what(s, 2))
        put(o, "max", spec_number(s));
    else if (spec_point(s, "max"))
        put(o, "max", mv_int(s->mem, 7));
}

static void time_series(struct spec *s, struct mv *o)
{
    static const struct {
        const char *name;
        int64_t span;
    } of[] = {{"seconds", 3600}, {"minutes", 86400}, {"hours", 2592000}};
    struct mv *t = put(o, "timeseries", mv_new(s->mem, MV_DOCUMENT));
    uint32_t i = spec_what(s, 3);
    if (spec_point(s, "granularity"))
        i = (i + 1) % 3;
    put(t, "timeField", mv_text(s->mem, spec_name(s, "t")));
    if (spec_what(s, 2))
        put(t, "metaField", mv_text(s->mem, spec_name(s, "m")));
    if (i || spec_how(s, 2)) {
        put(t, "granularity", text(s, of[i].name));
        perhaps(s, t, "bucketMaxSpanSeconds", spec_int(s, of[i].span));
    }
    spec_shuffle(s, t);
}

static void clustered(struct spec *s, struct mv *o)
{
    struct mv *c = put(o, "clusteredIndex", mv_new(s->mem, MV_DOCUMENT));
    put(put(c, "key", mv_new(s->mem, MV_DOCUMENT)), "_id", spec_int(s, 1));
    put(c, "unique", mv_bool(s->mem, true));
    if (spec_point(s, "clustered"))
        put(c, "name", text(s, "other"));
    else
        perhaps(s, c, "name", text(s, "_id_"));
    perhaps(s, c, "v", spec_int(s, 2));
    spec_shuffle(s, c);
}

static void one_of_two(struct spec *s, struct mv *o, const char *key, const char *standard,
                       const char *other)
{
    bool is = spec_what(s, 3) == 0;
    if (spec_point(s, key))
        is = !is;
    if (is)
        put(o, key, text(s, other));
    else
        perhaps(s, o, key, text(s, standard));
}

static void validation(struct spec *s, struct mv *o)
{
    if (spec_what(s, 3)) {
        put(o, "validator", spec_query(s, spec_what(s, 4) == 0, true));
        one_of_two(s, o, "validationLevel", "strict", "moderate");
        one_of_two(s, o, "validationAction", "error", "warn");
        return;
    }
    perhaps(s, o, "validator", mv_new(s->mem, MV_DOCUMENT));
    perhaps(s, o, "validationLevel", text(s, "strict"));
    perhaps(s, o, "validationAction", text(s, "error"));
}

static void expiry(struct spec *s, struct mv *o)
{
    if (spec_what(s, 2))
        put(o, "expireAfterSeconds", spec_number(s));
    else if (spec_point(s, "expireAfterSeconds"))
        put(o, "expireAfterSeconds", mv_int(s->mem, 60));
}

static void storage(struct spec *s, struct mv *o)
{
    bool set = spec_what(s, 6) == 0;
    if (!set && spec_how(s, 2))
        return;
    struct mv *engine = put(o, "storageEngine", mv_new(s->mem, MV_DOCUMENT));
    struct mv *tiger = put(engine, "wiredTiger", mv_new(s->mem, MV_DOCUMENT));
    put(tiger, "configString", set ? mv_text(s->mem, spec_name(s, "x=")) : text(s, ""));
}

static struct mv *collection(struct spec *s)
{
    struct mv *o = mv_new(s->mem, MV_DOCUMENT);
    uint32_t kind = spec_what(s, 8);
    if (kind == 0) {
        capped(s, o);
    } else if (kind == 1) {
        time_series(s, o);
        expiry(s, o);
    } else if (kind == 2) {
        clustered(s, o);
        expiry(s, o);
    }
    if (kind != 1) {
        struct mv *images = mv_new(s->mem, MV_DOCUMENT);
        flag(s, images, "enabled", spec_what(s, 4) == 0);
        put(o, "changeStreamPreAndPostImages", images);
        validation(s, o);
    }
    if (spec_what(s, 4) == 0)
        put(o, "collation", spec_collation(s));
    else if (spec_how(s, 4) == 0)
        put(put(o, "collation", mv_new(s->mem, MV_DOCUMENT)), "locale", text(s, "simple"));
    storage(s, o);
    perhaps(s, o, "autoIndexId", mv_bool(s->mem, true));
    perhaps(s, o, "flags", spec_int(s, 1));
    spec_shuffle(s, o);
    return o;
}

/* --- databases --- */

static void add_collection(struct spec *s, struct mv *db)
{
    struct mv *c = mv_add(db, fixed(s, "c"), mv_new(s->mem, MV_DOCUMENT));
    put(c, "options", collection(s));
    struct mv *indexes = put(c, "indexes", mv_new(s->mem, MV_ARRAY));
    bool has_text = false;
    for (uint32_t i = spec_what(s, 3); i > 0; i--)
        mv_add(indexes, STR_NULL, index_spec(s, &has_text));
    if (s->one_in && indexes->n > 1 && spec_point(s, "names of indexes")) {
        struct mv *one = mv_take(indexes->first, "name");
        mv_add(indexes->first, one->key, mv_take(indexes->last, "name"));
        mv_add(indexes->last, one->key, one);
    }
    if (spec_point(s, "an index")) {
        struct mv *x = mv_add(indexes, STR_NULL, mv_new(s->mem, MV_DOCUMENT));
        put(put(x, "key", mv_new(s->mem, MV_DOCUMENT)), "more", mv_int(s->mem, 1));
        put(x, "name", text(s, "more"));
    }
    spec_shuffle(s, indexes);
}

static void add_view(struct spec *s, struct mv *db)
{
    struct str on = spec_what(s, 3) ? db->first->key : STR("nowhere");
    struct mv *v = mv_add(db, fixed(s, "v"), mv_new(s->mem, MV_DOCUMENT));
    bool other = s->one_in && spec_point(s, "a view that is a collection");
    struct mv *o = put(v, "view", mv_new(s->mem, MV_DOCUMENT));
    put(o, "viewOn", mv_text(s->mem, spec_point(s, "viewOn") ? STR("elsewhere") : on));
    put(o, "pipeline", spec_pipeline(s, 1));
    if (spec_what(s, 4) == 0)
        put(o, "collation", spec_collation(s));
    spec_shuffle(s, o);
    if (other) {
        mv_take(v, "view");
        put(v, "options", mv_new(s->mem, MV_DOCUMENT));
    }
}

struct mv *spec_database(struct spec *s)
{
    struct mv *db = mv_new(s->mem, MV_DOCUMENT);
    add_collection(s, db);
    if (spec_what(s, 3) == 0)
        add_collection(s, db);
    if (spec_what(s, 3) == 0)
        add_view(s, db);
    if (spec_point(s, "a collection"))
        put(put(db, "more", mv_new(s->mem, MV_DOCUMENT)), "options", mv_new(s->mem, MV_DOCUMENT));
    if (spec_point(s, "a view")) {
        struct mv *v = put(put(db, "more_v", mv_new(s->mem, MV_DOCUMENT)), "view",
                           mv_new(s->mem, MV_DOCUMENT));
        put(v, "viewOn", text(s, "nowhere"));
        put(v, "pipeline", mv_new(s->mem, MV_ARRAY));
    }
    spec_shuffle(s, db);
    return db;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct mg_listed *)a)->name, ((const struct mg_listed *)b)->name);
}

struct catalog *mongo_facts(struct arena *mem, const struct mv *db, const char *version)
{
    struct catalog *cat = cat_new(mem, &engine_mongodb, engine_mongodb.facets, STR("db"));
    struct mg_listed *list = NEW_ARRAY(mem, struct mg_listed, db->n);
    uint32_t n = 0;
    struct err e = {0};
    cat->version = str_c(version);
    for (const struct mv *m = db->first; m; m = m->next) {
        const struct mv *view = mv_get(m, "view");
        list[n++] = (struct mg_listed){m->key, view != NULL, view ? view : mv_get(m, "options")};
    }
    if (n)
        qsort(list, n, sizeof *list, by_name);
    for (uint32_t i = 0; i < n; i++) {
        const struct mv *indexes = mv_get(mv_get_str(db, list[i].name), "indexes");
        if (list[i].view)
            mg_view_fact(cat, &list[i], list, n);
        else
            mg_collection_fact(cat, &list[i]);
        for (const struct mv *x = indexes ? indexes->first : NULL; x; x = x->next)
            mg_index_fact(cat, &list[i], x, false);
    }
    if (cat_finish(cat, &e))
        BUG("a random database is no catalog");
    return cat;
}
