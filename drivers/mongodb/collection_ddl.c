/*
 * Commands for collections. What collMod changes goes out as one collMod; the rest is for the life
 * of a collection.
 */

#include "drivers/mongodb/mongodb.h"

#include <string.h>

static bool must_not_recreate(const struct ddl *d, const struct change *c)
{
    (void)c;
    return !d->recreate;
}

static int refuse(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf name = sb_new(d->mem, 0), what = sb_new(d->mem, 0);
    obj_human(&name, change_obj(c));
    bool some = false; /* else one that collMod changes the other way only */
    for (uint32_t i = 0; i < c->nattrs; i++)
        some = some || c->attrs[i].attr->alter == &mg_immutable;
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (!some || c->attrs[i].attr->alter == &mg_immutable)
            sb_printf(&what, "%s%s", what.n ? ", " : "", c->attrs[i].attr->name);
    err_set(e, E_UNSUPPORTED_CHANGE,
            some ? "%.*s: no command changes its %.*s" : "%.*s: a server only raises its %.*s",
            STR_ARG(sb_view(&name)), STR_ARG(sb_view(&what)));
    return err_hint(e, "--recreate drops it and makes it anew without its documents; --exclude "
                       "leaves it out");
}

const struct alter mg_immutable = {.name = "collection.refuse",
                                   .fn = refuse,
                                   .applies = must_not_recreate,
                                   .other = &alter_replace,
                                   .doc = "refused, or with --recreate drop and create"};

/* `createCollection` of Liquibase merges its options into the command unfiltered. */
static void put_typed(struct ddl *d, struct str name, const struct mv *options)
{
    struct typed t = {.name = "createCollection"};
    t.key[t.nkeys++] = (struct typed_key){"collectionName", name, false};
    if (options->n)
        t.key[t.nkeys++] = (struct typed_key){"options", mv_json(d->mem, options), false};
    ddl_typed(d, &t);
}

/* Since which version of MongoDB `create` and collMod take an option. */
static const struct {
    const char *key;
    unsigned major, minor;
} since[] = {
    {"timeseries", 5, 0},      {"expireAfterSeconds", 5, 0},           {"clusteredIndex", 5, 3},
    {"encryptedFields", 6, 0}, {"changeStreamPreAndPostImages", 6, 0}, {"cappedSize", 6, 0},
    {"cappedMax", 6, 0}};

static int check_version(const struct ddl *d, const struct mv *command, struct err *e)
{
    for (const struct mv *m = command->first; m; m = m->next)
        for (size_t i = 0; i < sizeof since / sizeof *since; i++)
            if (str_eq_c(m->key, since[i].key) &&
                mg_is_before(d->origin, since[i].major, since[i].minor))
                return err_set(e, E_UNSUPPORTED_CHANGE,
                               "collection %.*s: servers before %u.%u do not know %s",
                               STR_ARG(mv_string(command->first)), since[i].major, since[i].minor,
                               since[i].key);
    return 0;
}

int mg_put_create(struct ddl *d, const struct obj *o, struct err *e)
{
    struct str name = mg_name(d->mem, o);
    struct mv *command = mg_command(d->mem, "create", name), *options;
    if (mg_need_src(d->mem, o, "options", &options, e))
        return -1;
    for (const struct mv *m = options->first; m; m = m->next)
        mv_add(command, m->key, mv_copy(d->mem, m));
    if (check_version(d, command, e))
        return -1;
    mg_ddl(d, command);
    put_typed(d, name, options);
    return 0;
}

/* Since 6.3 a time series gets an index over its fields by itself. It is taken away, so that each
 * step leads to what its facts say; where it is wanted it comes by its own. */
static void drop_default_index(struct ddl *d, const struct obj *o)
{
    struct str meta = obj_text(d->mem, o, "meta_field"), at = obj_text(d->mem, o, "time_field");
    if (!meta.n || !mg_is_mongodb(d->origin) || mg_is_before(d->origin, 6, 3))
        return;
    struct str name = arena_printf(d->mem, "%.*s_1_%.*s_1", STR_ARG(meta), STR_ARG(at));
    struct str path = path_join(d->mem, o->path, STR("index"), name);
    struct mv *command = mg_command(d->mem, "dropIndexes", mg_name(d->mem, o));
    mv_add(command, STR("index"), mv_text(d->mem, name));
    if (!view_get(d->after, path))
        mg_ddl(d, command);
}

static int foreign_keys(const struct ddl *d, const struct obj *o, struct err *e)
{
    err_set(
        e, E_UNSUPPORTED_CHANGE,
        "collection %.*s: its validator names keys of encryption, which are each environment's own",
        STR_ARG(mg_name(d->mem, o)));
    return err_hint(e, "make it by hand with the keys of that environment, or leave it out by "
                       "--exclude");
}

/* Whether what is to be made has keys that are not FROM's own. */
static bool has_foreign_keys(const struct ddl *d, const struct obj *o)
{
    const struct obj *own = d->origin ? cat_find(d->origin, o->path) : NULL;
    const struct mv *validator = mv_get(mg_src(d->mem, o, "options"), "validator");
    return validator && mg_has_keys(validator) && !(own && str_eq(own->src, o->src));
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
    if (has_foreign_keys(d, c->after))
        return foreign_keys(d, c->after, e);
    if (mg_put_create(d, c->after, e))
        return -1;
    drop_default_index(d, c->after);
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

/* The full triple. Keys of encryption are each environment's own: those of another one are never
 * written, and where the validator stays it is the words that are there. */
static int put_validator(struct ddl *d, struct mv *command, const struct change *c, struct err *e)
{
    struct arena *mem = d->mem;
    struct mv *options;
    const struct obj *own = d->origin ? cat_find(d->origin, c->after->path) : NULL;
    const struct obj *words = !own || changed(c, "validator") ? c->after : own;
    if (mg_need_src(mem, words, "options", &options, e))
        return -1;
    const struct mv *validator = mv_get(options, "validator");
    struct str level = obj_text(mem, c->after, "check_level");
    struct str action = obj_text(mem, c->after, "on_invalid");
    if (own && validator && mg_has_keys(validator) && !str_eq(words->src, own->src))
        return foreign_keys(d, c->after, e);
    mv_add(command, STR("validator"),
           validator ? mv_copy(mem, validator) : mv_new(mem, MV_DOCUMENT));
    mv_add(command, STR("validationLevel"), mv_text(mem, level.n ? level : STR("strict")));
    mv_add(command, STR("validationAction"), mv_text(mem, action.n ? action : STR("error")));
    return 0;
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
    static const char *const words[] = {"seconds", "minutes", "hours"};
    struct str was = obj_raw(before, "bucket_max_span"), is = obj_raw(after, "bucket_max_span");
    if (!was.n && !is.n)
        return coarseness(after) >= coarseness(before);
    int64_t had = was.n ? jc_int(was) : mg_default_span(str_c(words[coarseness(before)]));
    return is.n && jc_int(is) >= had && !coarseness(after) &&
           jc_int(obj_raw(after, "bucket_rounding")) >= jc_int(obj_raw(before, "bucket_rounding"));
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

static void put_limits(struct ddl *d, const struct change *c, struct mv *command)
{
    struct str max = obj_raw(c->after, "max"), size = obj_raw(c->after, "size");
    struct mv *options = mg_src(d->mem, c->after, "options");
    const struct mv *exact = mv_get(options, "size");
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
}

/* One collMod for all that differs: it takes them together, and takes all or none. */
static int collmod(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command = mg_command(d->mem, "collMod", mg_name(d->mem, c->after));
    if (changed(c, "validator") || changed(c, "check_level") || changed(c, "on_invalid"))
        if (put_validator(d, command, c, e))
            return -1;
    if (changed(c, "images")) {
        struct mv *images = mv_new(d->mem, MV_DOCUMENT);
        mv_add(images, STR("enabled"), mv_bool(d->mem, obj_true(c->after, "images")));
        mv_add(command, STR("changeStreamPreAndPostImages"), images);
    }
    put_limits(d, c, command);
    bool buckets =
        changed(c, "granularity") || changed(c, "bucket_max_span") || changed(c, "bucket_rounding");
    if (buckets && put_time_series(d, c, command, e))
        return -1;
    if (check_version(d, command, e))
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

const struct alter mg_collection_modify = {.name = "collection.modify",
                                           .fn = collmod,
                                           .applies = stays_in_kind,
                                           .other = &mg_immutable,
                                           .loses = collmod_loses,
                                           .tells = collmod_tells,
                                           .doc = "collMod"};
const struct alter mg_collection_create = {
    .name = "collection.create", .fn = collection_create, .doc = "create"};
const struct alter mg_collection_drop = {
    .name = "collection.drop", .fn = collection_drop, .doc = "drop"};
