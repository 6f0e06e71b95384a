/*
 * Collections: their options. What collMod changes goes out as one collMod; the rest is for the
 * life of a collection.
 */

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

static bool is_set(const struct mv *v)
{
    return v && !(v->type == MV_DOCUMENT && !v->n) && v->type != MV_NULL;
}

/* The storage engine's words, less those that say nothing. */
static struct mv *storage_of(struct arena *mem, const struct mv *v)
{
    struct mv *out;
    if (!v || v->type != MV_DOCUMENT)
        return NULL;
    out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next) {
        const struct mv *words = mv_get(m, "configString");
        bool empty = words && m->n == 1 && !mv_string(words).n;
        if (!empty && is_set(m) && !str_eq(m->key, STR("enableOrderedIndex")))
            mv_add(out, m->key, mv_copy(mem, m));
    }
    return out->n ? out : NULL;
}

struct mv *mg_storage_engine(struct arena *mem, const struct mv *v)
{
    return storage_of(mem, v);
}

/* The span of a bucket that a granularity has by itself (tried on none: documented since 5.0). */
static int64_t default_span(struct str granularity)
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
        (custom || span != default_span(granularity)))
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

#define KNOWN                                                                                      \
    "capped,size,max,collation,validator,validationLevel,validationAction,timeseries,"             \
    "expireAfterSeconds,clusteredIndex,changeStreamPreAndPostImages,encryptedFields,"              \
    "storageEngine"

/* Options that this snap does not know: kept and compared as they are. */
static struct mv *others_of(struct arena *mem, const struct mv *o)
{
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = o ? o->first : NULL; m; m = m->next)
        if (!mg_drops_key(m, NOISE) && !mg_drops_key(m, KNOWN))
            mv_add(out, m->key, mv_copy(mem, m));
    return out;
}

/* What `create` takes to make it: the server's own words, less what says nothing. */
static struct mv *options_to_emit(struct arena *mem, const struct mv *o)
{
    struct mv *out = mv_new(mem, MV_DOCUMENT), *storage = NULL, *t;
    bool validated = is_set(mv_get(o, "validator"));
    for (const struct mv *m = o ? o->first : NULL; m; m = m->next) {
        bool level = mg_drops_key(m, "validationLevel,validationAction");
        if (mg_drops_key(m, NOISE) || !is_set(m) ||
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
            span == default_span(mv_string(mv_get(t, "granularity")))) {
            mv_take(t, "bucketMaxSpanSeconds");
            mv_take(t, "bucketRoundingSeconds");
        }
    }
    storage = storage_of(mem, mv_get(o, "storageEngine"));
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
              mg_canon_other(mem, storage_of(mem, mv_get(o, "storageEngine"))));
    fact_text(&f, "options", mg_canon_other(mem, others));
    fact_src(&f, "options", mv_json(mem, emitted));
    fact_end(&f);
}

/* --- commands --- */

static struct mv *options_of(struct arena *mem, const struct obj *o)
{
    struct mv *v = mg_src(mem, o, "options");
    return v ? v : mv_new(mem, MV_DOCUMENT);
}

/* `createCollection` of Liquibase merges its options into the command unfiltered. */
static void put_typed(struct ddl *d, struct str name, const struct mv *options)
{
    struct typed t = {.name = "createCollection"};
    t.key[t.nkeys++] = (struct typed_key){"collectionName", name, false};
    if (options->n)
        t.key[t.nkeys++] = (struct typed_key){"options", mv_json(d->mem, options), false};
    ddl_typed(d, &t);
}

void mg_put_create(struct ddl *d, const struct obj *o)
{
    struct str name = mg_name(d->mem, o);
    struct mv *command = mg_command(d->mem, "create", name), *options = options_of(d->mem, o);
    for (const struct mv *m = options->first; m; m = m->next)
        mv_add(command, m->key, mv_copy(d->mem, m));
    mg_ddl(d, command);
    put_typed(d, name, options);
}

static int collection_create(struct ddl *d, const struct change *c, struct err *e)
{
    if (obj_raw(c->after, "encrypted_fields").n) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "collection %.*s: it has encrypted fields, whose keys are no part of a schema",
                STR_ARG(mg_name(d->mem, c->after)));
        return err_hint(e, "make it by the driver's createEncryptedCollection, or leave it out by "
                           "--exclude");
    }
    mg_put_create(d, c->after);
    return 0;
}

/* Views that stay and read what goes: servers let them, and they are empty then. */
static void dangling(struct ddl *d, struct str path)
{
    struct str missing = arena_printf(d->mem, "!collection %.*s", STR_ARG(path_name(d->mem, path)));
    struct strbuf raw = sb_new(d->mem, 0), names = sb_new(d->mem, 0);
    jc_put_list(&raw, &missing, 1);
    struct str want = str_sub(sb_view(&raw), 1, raw.n - 1);
    for (uint32_t i = d->goal ? cat_lower(d->goal, STR("view:")) : 0; d->goal && i < d->goal->n;
         i++) {
        const struct obj *o = &d->goal->v[i];
        if (!str_starts(o->path, STR("view:")))
            break;
        if (jc_has(o->deps, want))
            sb_printf(&names, "%s%.*s", names.n ? ", " : "", STR_ARG(mg_name(d->mem, o)));
    }
    if (names.n)
        ddl_hazard(d, HZ_DANGLING, path, "read by %.*s", STR_ARG(sb_view(&names)));
}

/* What stands under its name afterwards is a view: the documents would go for a name. */
static bool becomes_view(const struct ddl *d, const struct obj *o)
{
    return d->goal && mg_is_there(d, o->path) &&
           cat_find(d->goal, mg_path(d->mem, "view", mg_name(d->mem, o)));
}

static int collection_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = mg_name(d->mem, c->before);
    if (becomes_view(d, c->before) && !d->recreate) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "collection %.*s: it becomes a view, and its documents would be lost",
                STR_ARG(name));
        return err_hint(e, "--recreate drops it all the same; copy its documents first");
    }
    mg_ddl(d, mg_command(d->mem, "drop", name));
    dangling(d, c->before->path);
    return 0;
}

static void put_validator(struct mv *command, struct arena *mem, const struct obj *o)
{
    struct mv *options = options_of(mem, o);
    const struct mv *validator = mv_get(options, "validator");
    struct str level = obj_text(mem, o, "check_level");
    struct str action = obj_text(mem, o, "on_invalid");
    mv_add(command, STR("validator"),
           validator ? mv_copy(mem, validator) : mv_new(mem, MV_DOCUMENT));
    mv_add(command, STR("validationLevel"), mv_text(mem, level.n ? level : STR("strict")));
    mv_add(command, STR("validationAction"), mv_text(mem, action.n ? action : STR("error")));
}

static const struct attr_change *changed(const struct change *c, const char *attr)
{
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (str_eq_c(str_c(c->attrs[i].attr->name), attr) &&
            !str_eq(obj_raw(c->before, attr), obj_raw(c->after, attr)))
            return &c->attrs[i];
    return NULL;
}

static bool shrinks(const struct change *c, const char *attr)
{
    struct str was = obj_raw(c->before, attr), is = obj_raw(c->after, attr);
    if (!is.n || str_eq(was, is))
        return false; /* no limit any more */
    return !was.n || jc_int(is) < jc_int(was);
}

/* Which of the changes delete documents by themselves. */
static bool collmod_loses(const struct ddl *d, const struct change *c)
{
    bool images = obj_true(c->before, "images") && !obj_true(c->after, "images");
    (void)d;
    return shrinks(c, "size") || shrinks(c, "max") || shrinks(c, "expire_after") || images;
}

static void collmod_hazards(struct ddl *d, const struct change *c)
{
    struct str path = c->after->path;
    if (shrinks(c, "size") || shrinks(c, "max"))
        ddl_hazard(d, HZ_DATA_LOSS, path, "the oldest documents beyond the limit are deleted");
    if (shrinks(c, "expire_after"))
        ddl_hazard(d, HZ_DATA_LOSS, path, "documents older than %.*s seconds are deleted at once",
                   STR_ARG(obj_raw(c->after, "expire_after")));
    if (obj_true(c->before, "images") && !obj_true(c->after, "images"))
        ddl_hazard(d, HZ_DATA_LOSS, path, "the stored pre- and post-images are deleted");
    if (changed(c, "validator") && obj_raw(c->after, "validator").n && mg_is_there(d, path))
        ddl_hazard(d, HZ_OLD_DOCUMENTS, path,
                   "the new validator is not held against what is there");
}

static int no_way_back(struct ddl *d, const struct change *c, const char *attr, struct err *e)
{
    return err_set(e, E_UNSUPPORTED_CHANGE, "collection %.*s: a server only raises its %s",
                   STR_ARG(mg_name(d->mem, c->after)), attr);
}

static int coarseness(const struct obj *o)
{
    struct str word = obj_raw(o, "granularity");
    return str_eq(word, STR("\"hours\"")) ? 2 : str_eq(word, STR("\"minutes\"")) ? 1 : 0;
}

/* Buckets grow and never shrink: granularity only gets coarser, spans longer. */
static bool buckets_grow(const struct obj *before, const struct obj *after)
{
    struct str was = obj_raw(before, "bucket_max_span"), is = obj_raw(after, "bucket_max_span");
    if (!was.n && !is.n)
        return coarseness(after) >= coarseness(before);
    int64_t had = was.n ? jc_int(was) : default_span(STR("seconds"));
    return is.n && jc_int(is) >= had && !coarseness(after);
}

static int put_time_series(struct ddl *d, const struct change *c, struct mv *command, struct err *e)
{
    struct mv *t = mv_new(d->mem, MV_DOCUMENT);
    struct str span = obj_raw(c->after, "bucket_max_span");
    struct str granularity = obj_text(d->mem, c->after, "granularity");
    if (!buckets_grow(c->before, c->after))
        return no_way_back(d, c, span.n ? "bucket span" : "granularity", e);
    if (span.n) {
        mv_add(t, STR("bucketMaxSpanSeconds"), mv_int(d->mem, jc_int(span)));
        mv_add(t, STR("bucketRoundingSeconds"), mv_int(d->mem, jc_int(span)));
    } else {
        mv_add(t, STR("granularity"),
               mv_text(d->mem, granularity.n ? granularity : STR("seconds")));
    }
    mv_add(command, STR("timeseries"), t);
    return 0;
}

static int put_limits(struct ddl *d, const struct change *c, struct mv *command, struct err *e)
{
    struct str max = obj_raw(c->after, "max"), size = obj_raw(c->after, "size");
    const struct mv *exact = mv_get(options_of(d->mem, c->after), "size");
    bool capped = changed(c, "size") || changed(c, "max");
    if (capped && mg_is_before(d->origin, 6, 0)) {
        err_set(e, E_UNSUPPORTED_CHANGE,
                "collection %.*s: before 6.0 no command changes the limits of a capped collection",
                STR_ARG(mg_name(d->mem, c->after)));
        return err_hint(e, "--recreate drops it and makes it anew, without its documents");
    }
    if (changed(c, "size"))
        mv_add(command, STR("cappedSize"),
               exact ? mv_copy(d->mem, exact) : mv_int(d->mem, jc_int(size)));
    if (changed(c, "max"))
        mv_add(command, STR("cappedMax"), mv_int(d->mem, max.n ? jc_int(max) : 0));
    if (changed(c, "expire_after")) {
        struct str seconds = obj_raw(c->after, "expire_after");
        mv_add(command, STR("expireAfterSeconds"),
               seconds.n ? mv_int(d->mem, jc_int(seconds)) : mv_text(d->mem, STR("off")));
    }
    return 0;
}

/* One collMod for all that differs: it takes them together, and takes all or none. */
static int collmod(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command = mg_command(d->mem, "collMod", mg_name(d->mem, c->after));
    if (changed(c, "validator") || changed(c, "check_level") || changed(c, "on_invalid"))
        put_validator(command, d->mem, c->after);
    if (changed(c, "images")) {
        struct mv *images = mv_new(d->mem, MV_DOCUMENT);
        mv_add(images, STR("enabled"), mv_bool(d->mem, obj_true(c->after, "images")));
        mv_add(command, STR("changeStreamPreAndPostImages"), images);
    }
    if (put_limits(d, c, command, e))
        return -1;
    bool buckets =
        changed(c, "granularity") || changed(c, "bucket_max_span") || changed(c, "bucket_rounding");
    if (buckets && put_time_series(d, c, command, e))
        return -1;
    mg_ddl(d, command);
    collmod_hazards(d, c);
    return 0;
}

/* Both sides are capped, of one time series and so on; what is not is changed by no collMod. */
static bool stays_in_kind(const struct ddl *d, const struct change *c)
{
    static const char *const kinds[] = {"capped", "time_field", "clustered"};
    const struct obj *from = d->origin ? cat_find(d->origin, c->after->path) : NULL;
    const struct obj *to = d->goal ? cat_find(d->goal, c->after->path) : NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!str_eq(obj_raw(c->before, kinds[i]), obj_raw(c->after, kinds[i])))
            return false;
    bool buckets =
        changed(c, "granularity") || changed(c, "bucket_max_span") || changed(c, "bucket_rounding");
    return !buckets || !from || !to || buckets_grow(from, to);
}

static unsigned collmod_tells(struct ddl *d, const struct change *c)
{
    (void)d;
    return changed(c, "validator") && obj_raw(c->after, "validator").n ? 1u << HZ_OLD_DOCUMENTS : 0;
}

static const struct alter alter_collmod = {.name = "collection.modify",
                                           .fn = collmod,
                                           .applies = stays_in_kind,
                                           .other = &mg_immutable,
                                           .loses = collmod_loses,
                                           .tells = collmod_tells,
                                           .doc = "collMod"};
static const struct alter create = {
    .name = "collection.create", .fn = collection_create, .doc = "create"};
static const struct alter drop = {.name = "collection.drop", .fn = collection_drop, .doc = "drop"};

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
    {"bucket_max_span",   A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "seconds in one bucket of a time series, where set apart"},
    {"bucket_rounding",   A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "seconds to which the begin of a bucket is rounded"},
    {"capped",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "of fixed size: the oldest documents go"},
    {"check_level",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "which documents are held against it, unless strict"},
    {"clustered",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "documents lie in the order of _id"},
    {"collation",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "default collation, with all its parts"},
    {"encrypted_fields",  A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "fields of Queryable Encryption, without their keys"},
    {"expire_after",      A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "seconds after which documents go"},
    {"granularity",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "of a time series, unless seconds"},
    {"images",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "change streams have pre- and post-images"},
    {"max",               A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "most documents of a capped collection"},
    {"meta_field",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "field that tells one time series from another"},
    {"on_invalid", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "what becomes of a document that does not fit, unless error"},
    {"options",           A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "options that snap does not know, as they are"},
    {"size",              A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "most bytes of a capped collection"},
    {"storage_engine",    A_EXPR, CMP_VALUE, F_STORAGE,   NULL, &mg_immutable,  1, false, 0, "words for the storage engine"},
    {"time_field",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &mg_immutable,  1, false, 0, "field with the time, of a time series"},
    {"validator",         A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &alter_collmod, 1, false, 0, "what documents must be like"},
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
    .create = &create,
    .drop = &drop,
    .brief = collection_brief,
    .doc = "collection, with its options",
};
