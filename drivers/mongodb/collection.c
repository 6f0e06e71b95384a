/* Collections: their options as facts. Their commands: collection_ddl.c. */

#include "drivers/mongodb/mongodb.h"

#include <string.h>

/* Options that say nothing about the schema: what servers of old listed for every collection. */
#define NOISE "autoIndexId,flags,idIndex,uuid,recordIdsReplicated"

enum { SIZE_STEP = 256, MIN_SIZE = 4096 };

/* Servers before 7.0 round a size up; so the number written and the number listed are one. */
static int64_t rounded(int64_t size)
{
    if (size < MIN_SIZE)
        size = MIN_SIZE;
    return size > INT64_MAX - SIZE_STEP ? size : (size + SIZE_STEP - 1) / SIZE_STEP * SIZE_STEP;
}

/* Documented since 5.0. */
int64_t mg_default_span(struct str granularity)
{
    return str_eq(granularity, STR("hours"))     ? 2592000
           : str_eq(granularity, STR("minutes")) ? 86400
                                                 : 3600;
}

static void time_series_facts(struct fact *f, const struct mv *t)
{
    struct str granularity = mv_string(mv_get(t, "granularity"));
    int64_t span;
    if (!t)
        return;
    fact_text(f, "time_field", mv_string(mv_get(t, "timeField")));
    fact_text(f, "meta_field", mv_string(mv_get(t, "metaField")));
    if (!str_is_null(granularity) && !str_eq(granularity, STR("seconds")))
        fact_text(f, "granularity", granularity);
    bool custom = mv_get(t, "bucketRoundingSeconds") && str_is_null(granularity);
    if (mv_whole(mv_get(t, "bucketMaxSpanSeconds"), &span) &&
        (custom || span != mg_default_span(granularity)))
        fact_int(f, "bucket_max_span", span);
    if (custom)
        mg_fact_whole(f, "bucket_rounding", mv_get(t, "bucketRoundingSeconds"));
}

/* The key of a clustered collection is always {_id: 1}, unique. */
static struct str clustered_of(struct arena *mem, const struct mv *v)
{
    struct mv *out;
    struct str name;
    if (!v || v->type != MV_DOCUMENT)
        return STR_NULL;
    out = mv_copy(mem, v);
    mv_take(out, "v");
    name = mv_string(mv_get(out, "name"));
    if (str_eq(name, STR("_id_")))
        mv_take(out, "name");
    return mg_canon_other(mem, out);
}

/* Which fields are encrypted and how they can be asked for; not by which keys, which are each
 * environment's own, nor where the state is kept. */
static struct str encrypted_of(struct arena *mem, const struct mv *v)
{
    struct mv *out = mv_new(mem, MV_ARRAY);
    const struct mv *fields = mv_get(v, "fields");
    if (!v)
        return STR_NULL;
    for (const struct mv *m = fields ? fields->first : NULL; m; m = m->next) {
        struct mv *field = mv_copy(mem, m);
        mv_take(field, "keyId");
        mv_add(out, STR_NULL, field);
    }
    return mv_json(mem, out);
}

static void validator_facts(struct fact *f, const struct mv *o)
{
    struct arena *mem = f->cat->tmp;
    struct str level = mv_string(mv_get(o, "validationLevel"));
    struct str action = mv_string(mv_get(o, "validationAction"));
    fact_text(f, "validator", mg_pretty(mem, mg_canon_query(mem, mv_get(o, "validator"))));
    if (!str_eq(level, STR("strict")))
        fact_text(f, "check_level", level);
    if (!str_eq(action, STR("error")))
        fact_text(f, "on_invalid", action);
}

/* Options that are read, by what they must be, and the members of those that are documents and read
 * member by member. */
enum { DOC, WORD, NUMBER, TRUTH };
static const struct known {
    const char *key, *members;
    int is;
} known[] = {
    {"capped", NULL, TRUTH},
    {"changeStreamPreAndPostImages", "enabled", DOC},
    {"clusteredIndex", NULL, DOC},
    {"collation", NULL, DOC},
    {"encryptedFields", "fields,escCollection,ecocCollection,eccCollection", DOC},
    {"expireAfterSeconds", NULL, NUMBER},
    {"max", NULL, NUMBER},
    {"size", NULL, NUMBER},
    {"storageEngine", NULL, DOC},
    {"timeseries", "timeField,metaField,granularity,bucketMaxSpanSeconds,bucketRoundingSeconds",
     DOC},
    {"validationAction", NULL, WORD},
    {"validationLevel", NULL, WORD},
    {"validator", NULL, DOC},
};

static bool is_as_known(const struct known *k, const struct mv *m)
{
    int64_t n;
    return k->is == DOC      ? m->type == MV_DOCUMENT
           : k->is == WORD   ? m->type == MV_STRING
           : k->is == NUMBER ? mv_whole(m, &n)
                             : m->type == MV_BOOL || mv_is_number(m);
}

static void put_other(struct mv *out, const struct known *k, struct arena *mem, const struct mv *m)
{
    if (!k || !is_as_known(k, m)) {
        mv_add(out, m->key, mv_copy(mem, m));
        return;
    }
    for (const struct mv *s = k->members ? m->first : NULL; s; s = s->next)
        if (!mg_drops_key(s, k->members))
            mv_add(out, arena_printf(mem, "%s.%.*s", k->key, STR_ARG(s->key)), mv_copy(mem, s));
}

/* Options, and members of options, that this snap does not know: kept and compared as they are. */
static struct mv *others_of(struct arena *mem, const struct mv *o)
{
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = o ? o->first : NULL; m; m = m->next) {
        const struct known *k = NULL;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (str_eq_c(m->key, known[i].key))
                k = &known[i];
        if (!mg_drops_key(m, NOISE) && mg_is_set(m))
            put_other(out, k, mem, m);
    }
    return out;
}

/* What `create` takes to make it: the server's own words, less what says nothing. */
static struct mv *options_to_emit(struct arena *mem, const struct mv *o)
{
    struct mv *out = mv_new(mem, MV_DOCUMENT), *storage = NULL, *t;
    bool validated = mg_is_set(mv_get(o, "validator"));
    for (const struct mv *m = o ? o->first : NULL; m; m = m->next) {
        bool level = mg_drops_key(m, "validationLevel,validationAction");
        if (mg_drops_key(m, NOISE) || !mg_is_set(m) ||
            str_eq(m->key, STR("changeStreamPreAndPostImages")))
            continue;
        if (level && !validated &&
            (str_eq(mv_string(m), STR("strict")) || str_eq(mv_string(m), STR("error"))))
            continue;
        if (mg_drops_key(m, "encryptedFields,storageEngine"))
            continue;
        t = mv_add(out, m->key, mv_copy(mem, m));
        if (str_eq(m->key, STR("collation")))
            mv_take(t, "version"); /* a server takes none but its own */
        int64_t span;
        if (str_eq(m->key, STR("timeseries")) &&
            mv_whole(mv_get(t, "bucketMaxSpanSeconds"), &span) && mv_get(t, "granularity") &&
            span == mg_default_span(mv_string(mv_get(t, "granularity")))) {
            mv_take(t, "bucketMaxSpanSeconds");
            mv_take(t, "bucketRoundingSeconds");
        }
    }
    storage = mg_storage_engine(mem, mv_get(o, "storageEngine"));
    if (storage)
        mv_add(out, STR("storageEngine"), storage);
    if (mv_truth(mv_get(mv_get(o, "changeStreamPreAndPostImages"), "enabled")))
        mv_add(out, STR("changeStreamPreAndPostImages"),
               mv_copy(mem, mv_get(o, "changeStreamPreAndPostImages")));
    return out;
}

void mg_collection_fact(struct catalog *cat, const struct mg_listed *c)
{
    struct arena *mem = cat->tmp;
    const struct mv *o = c->options;
    struct mv *emitted = options_to_emit(mem, o), *others = others_of(mem, o);
    struct fact f;
    if (!mg_fact_can(cat, "collection", c->name, STR_NULL, emitted))
        return;
    fact_begin(&f, cat, "collection", STR(""), c->name);
    fact_bool(&f, "capped", mv_truth(mv_get(o, "capped")));
    int64_t size;
    if (mv_truth(mv_get(o, "capped")) && mv_whole(mv_get(o, "size"), &size))
        fact_int(&f, "size", rounded(size));
    if (mv_whole(mv_get(o, "max"), &size) && size > 0)
        fact_int(&f, "max", size);
    fact_text(&f, "collation", mg_canon_collation(mem, mv_get(o, "collation")));
    validator_facts(&f, o);
    time_series_facts(&f, mv_get(o, "timeseries"));
    mg_fact_whole(&f, "expire_after", mv_get(o, "expireAfterSeconds"));
    fact_text(&f, "clustered", clustered_of(mem, mv_get(o, "clusteredIndex")));
    fact_bool(&f, "images", mv_truth(mv_get(mv_get(o, "changeStreamPreAndPostImages"), "enabled")));
    fact_text(&f, "encrypted_fields", encrypted_of(mem, mv_get(o, "encryptedFields")));
    fact_text(&f, "storage_engine",
              mg_canon_other(mem, mg_storage_engine(mem, mv_get(o, "storageEngine"))));
    fact_text(&f, "options", mg_canon_other(mem, others));
    fact_src(&f, "options", mv_json(mem, emitted));
    fact_end(&f);
}

static void collection_brief(const struct obj *o, struct strbuf *out)
{
    struct arena *mem = out->mem;
    const char *comma = "";
    if (obj_true(o, "capped")) {
        sb_printf(out, "capped at %.*s bytes", STR_ARG(obj_raw(o, "size")));
        if (obj_raw(o, "max").n)
            sb_printf(out, " and %.*s documents", STR_ARG(obj_raw(o, "max")));
        comma = ", ";
    }
    if (obj_raw(o, "time_field").n) {
        sb_printf(out, "%stime series by %.*s", comma, STR_ARG(obj_text(mem, o, "time_field")));
        comma = ", ";
    }
    if (obj_raw(o, "clustered").n) {
        sb_printf(out, "%sclustered", comma);
        comma = ", ";
    }
    if (obj_raw(o, "validator").n)
        sb_printf(out, "%swith a validator", comma);
}

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"bucket_max_span",   A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "seconds in one bucket of a time series, where set apart"},
    {"bucket_rounding",   A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "seconds to which the begin of a bucket is rounded"},
    {"capped",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "of fixed size: the oldest documents go"},
    {"check_level",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "which documents are held against it, unless strict"},
    {"clustered",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "documents lie in the order of _id"},
    {"collation",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "default collation, with all its parts"},
    {"encrypted_fields",  A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "fields of Queryable Encryption, without their keys"},
    {"expire_after",      A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "seconds after which documents go"},
    {"granularity",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "of a time series, unless seconds"},
    {"images",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "change streams have pre- and post-images"},
    {"max",               A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "most documents of a capped collection"},
    {"meta_field",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "field that tells one time series from another"},
    {"on_invalid", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "what becomes of a document that does not fit, unless error"},
    {"options",           A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "options that snap does not know, as they are"},
    {"size",              A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "most bytes of a capped collection"},
    {"storage_engine",    A_EXPR, CMP_VALUE, F_STORAGE,   NULL, &mg_immutable,  1, false, 0, "words for the storage engine"},
    {"time_field",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "field with the time, of a time series"},
    {"validator",         A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &mg_collection_modify, 1, false, 0, "what documents must be like"},
};
/* clang-format on */

const struct kind_desc mg_collection_kind = {
    .name = "collection",
    .parents = "",
    .flags = KF_DATA,
    .rank = 10,
    .facet = F_STRUCTURE,
    .names = "/namespace",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &mg_collection_create,
    .drop = &mg_collection_drop,
    .brief = collection_brief,
    .doc = "collection, with its options",
};
