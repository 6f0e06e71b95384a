/*
 * Commands for indexes: createIndexes, dropIndexes by name, collMod for what it can do; and the way
 * to unique, which is one change in three steps.
 */

#include "drivers/mongodb/mongodb.h"

static struct mv *collmod(struct arena *mem, const struct obj *o, struct mv **index)
{
    struct mv *command = mg_command(mem, "collMod", mg_collection_of(mem, o));
    *index = mv_add(command, STR("index"), mv_new(mem, MV_DOCUMENT));
    mv_add(*index, STR("name"), mv_text(mem, mg_name(mem, o)));
    return command;
}

static void put_create(struct ddl *d, const struct obj *o, struct mv *spec)
{
    struct mv *command = mg_command(d->mem, "createIndexes", mg_collection_of(d->mem, o));
    mv_add(mv_add(command, STR("indexes"), mv_new(d->mem, MV_ARRAY)), STR_NULL, spec);
    mg_ddl(d, command);
}

static void put_drop(struct ddl *d, const struct obj *o)
{
    struct mv *command = mg_command(d->mem, "dropIndexes", mg_collection_of(d->mem, o));
    mv_add(command, STR("index"), mv_text(d->mem, mg_name(d->mem, o)));
    mg_ddl(d, command);
}

/* Documents go sooner than before. */
static bool expires_sooner(const struct obj *before, const struct obj *after)
{
    struct str was = obj_raw(before, "expire_after"), is = obj_raw(after, "expire_after");
    return is.n && (!was.n || jc_int(is) < jc_int(was));
}

/* Whether FROM expires documents of the collection by the same keys as soon, under whatever name.
 */
static bool expired_before(const struct ddl *d, const struct obj *index)
{
    struct str above = path_parent(index->path), keys = obj_raw(index, "keys");
    for (uint32_t i = cat_lower(d->origin, above);
         i < d->origin->n && path_within(d->origin->v[i].path, above); i++) {
        const struct obj *o = &d->origin->v[i];
        if (str_eq(path_kind(o->path), STR("index")) && str_eq(obj_raw(o, "keys"), keys) &&
            str_eq(obj_raw(o, "partial"), obj_raw(index, "partial")) && !expires_sooner(o, index))
            return true;
    }
    return false;
}

static void ttl_hazard(struct ddl *d, const struct obj *before, const struct obj *after)
{
    if (expires_sooner(before, after))
        ddl_hazard(d, HZ_DATA_LOSS, after->path,
                   "documents older than %.*s seconds are deleted at once",
                   STR_ARG(obj_raw(after, "expire_after")));
}

static int index_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *spec;
    if (mg_need_src(d->mem, c->after, "spec", &spec, e))
        return -1;
    put_create(d, c->after, spec);
    if (!mg_is_there(d, path_parent(c->after->path)))
        return 0; /* the collection is new and holds no documents */
    if (!expired_before(d, c->after))
        ttl_hazard(d, NULL, c->after);
    if (obj_true(c->after, "unique"))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
                   "fails when two documents are equal in the key");
    ddl_hazard(d, HZ_INDEX_BUILD, c->after->path, "the collection is read whole");
    return 0;
}

static int index_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    put_drop(d, c->before);
    return 0;
}

static bool differs(const struct change *c, const char *attr)
{
    return !str_eq(obj_raw(c->before, attr), obj_raw(c->after, attr));
}

/* One collMod for what it takes together. */
static void put_modify(struct ddl *d, const struct change *c)
{
    struct mv *index, *command = collmod(d->mem, c->after, &index);
    if (differs(c, "hidden"))
        mv_add(index, STR("hidden"), mv_bool(d->mem, obj_true(c->after, "hidden")));
    if (differs(c, "expire_after"))
        mv_add(index, STR("expireAfterSeconds"),
               mv_int(d->mem, jc_int(obj_raw(c->after, "expire_after"))));
    if (index->n > 1)
        mg_ddl(d, command);
}

/* prepareUnique stands alone in its command; where the index becomes unique it goes by itself. */
static void put_prepare(struct ddl *d, const struct change *c)
{
    struct mv *index, *command = collmod(d->mem, c->after, &index);
    if (differs(c, "unique") || !differs(c, "prepare_unique"))
        return;
    mv_add(index, STR("prepareUnique"), mv_bool(d->mem, obj_true(c->after, "prepare_unique")));
    mg_ddl(d, command);
}

static int set_hidden(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (differs(c, "expire_after"))
        return 0; /* set_ttl does both */
    put_prepare(d, c);
    put_modify(d, c);
    return 0;
}

/* Dropped and made again within one step: what only goes one way, on the way back. */
static int make_again(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *spec, *prepared;
    if (mg_need_src(d->mem, c->after, "spec", &spec, e))
        return -1;
    prepared = mv_take(spec, "prepareUnique");
    put_drop(d, c->before);
    put_create(d, c->after, spec);
    if (prepared) {
        struct mv *index, *command = collmod(d->mem, c->after, &index);
        mv_add(index, STR("prepareUnique"), mv_bool(d->mem, true));
        mg_ddl(d, command);
    }
    return 0;
}

static int set_ttl(struct ddl *d, const struct change *c, struct err *e)
{
    if (!obj_raw(c->after, "expire_after").n)
        return make_again(d, c, e); /* no command takes the seconds away */
    if (differs(c, "expire_after"))
        ttl_hazard(d, c->before, c->after);
    else
        return 0; /* a stage on the way to unique */
    put_prepare(d, c);
    put_modify(d, c);
    return 0;
}

static const struct obj *in_from(const struct ddl *d, const struct change *c)
{
    return d->origin ? cat_find(d->origin, change_obj(c)->path) : NULL;
}

/* An index of one field other than _id gets its seconds by collMod since 5.1; to lose them it is
 * made anew. */
static bool sets_ttl(const struct ddl *d, const struct change *c)
{
    const struct obj *from = d->origin ? in_from(d, c) : c->before; /* a diff alone has no FROM */
    struct str keys = obj_raw(c->after, "keys");
    if (obj_raw(c->before, "expire_after").n && obj_raw(c->after, "expire_after").n)
        return true;
    if (mg_is_before(d->origin, 5, 1) || jc_count(keys) != 1 || !from ||
        obj_raw(from, "expire_after").n)
        return false;
    return str_ends(keys, STR(" 1\"]")) || str_ends(keys, STR(" -1\"]"));
}

/* Plain to unique, in steps: since 6.0, and on MongoDB itself alone. */
static bool can_convert(const struct catalog *from)
{
    return mg_is_mongodb(from) && !mg_is_before(from, 6, 0);
}

static bool becomes_unique(const struct ddl *d, const struct change *c)
{
    const struct obj *from = in_from(d, c);
    return from && !obj_true(from, "unique") && can_convert(d->origin);
}

/* A stage of the conversion; see mg_index_stages. */
static int set_unique(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *index, *spec, *command = collmod(d->mem, c->after, &index);
    bool was = obj_true(c->before, "unique"), is = obj_true(c->after, "unique");
    if (was && !is)
        return make_again(d, c, e); /* no command takes it away */
    if (mg_need_src(d->mem, c->after, "spec", &spec, e))
        return -1;
    if (!is && mg_src(d->mem, c->after, "check") == NULL)
        return 0; /* the way back from the check */
    mv_add(index, STR("unique"), mv_bool(d->mem, true));
    if (!is)
        mv_add(command, STR("dryRun"), mv_bool(d->mem, true));
    mg_ddl(d, command);
    ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
               "fails when two documents are equal in the key");
    return 0;
}

/* The object with other attributes and words; `check`: the stage at which the server is asked. */
static const struct obj *with_spec(struct arena *mem, unsigned facets, const struct obj *o,
                                   struct str a, const struct mv *spec, bool check)
{
    struct obj *out = NEW(mem, struct obj);
    struct strbuf src = sb_new(mem, 0), list = sb_new(mem, 0);
    struct str text = mv_json(mem, spec);
    jc_put_list(&list, &text, 1);
    sb_printf(&src, "{%s\"spec\":%.*s}", check ? "\"check\":\"true\"," : "",
              STR_ARG(str_sub(sb_view(&list), 1, list.n - 1)));
    *out = *o;
    out->a = a;
    out->src = sb_view(&src);
    out->hash = obj_hash(&engine_mongodb, out, facets);
    return out;
}

/* The object with one attribute set, and the same in its words. */
static const struct obj *stage(struct arena *mem, unsigned facets, const struct obj *o,
                               const char *attr, const char *option, bool check)
{
    struct mv *spec = mg_src(mem, o, "spec");
    mv_take(spec, option);
    mv_add(spec, str_c(option), mv_bool(mem, true));
    return with_spec(mem, facets, o, obj_with(mem, &engine_mongodb, o, attr, STR("true")), spec,
                     check);
}

/* What else differs goes before: prepareUnique stands alone in its collMod. */
static const struct obj *rest_of(const struct change *c, unsigned facets, struct arena *mem)
{
    struct mv *spec = mg_src(mem, c->after, "spec");
    mv_take(spec, "unique");
    return with_spec(mem, facets, c->after,
                     obj_with(mem, &engine_mongodb, c->after, "unique", STR_NULL), spec, false);
}

/* Without words there are no stages, and the handlers refuse what they need them for. */
static bool has_words(struct arena *mem, const struct obj *o)
{
    struct mv *spec = mg_src(mem, o, "spec");
    return spec && spec->type == MV_DOCUMENT;
}

/* --online: an index is hidden before it is dropped, so that what misses it is seen in time. */
static uint32_t hide_stages(const struct change *c, unsigned facets, struct arena *mem,
                            const struct obj **between)
{
    if (obj_true(c->before, "hidden") || !has_words(mem, c->before))
        return 0;
    between[0] = stage(mem, facets, c->before, "hidden", "hidden", false);
    return 1;
}

uint32_t mg_index_stages(const struct change *c, const struct catalog *from, bool online,
                         struct arena *mem, const struct obj **between)
{
    uint32_t n = 0;
    if (online && c->op == OP_DROP && c->before && !c->after)
        return hide_stages(c, from->facets, mem, between);
    if (!c->before || !c->after || obj_true(c->before, "unique") || !obj_true(c->after, "unique") ||
        !can_convert(from) || !has_words(mem, c->after))
        return 0;
    const struct obj *at = rest_of(c, from->facets, mem);
    if (!str_eq(at->a, c->before->a) && !obj_true(c->before, "prepare_unique"))
        between[n++] = at;
    at = stage(mem, from->facets, at, "prepare_unique", "prepareUnique", false);
    if (!str_eq(at->a, c->before->a))
        between[n++] = at;
    between[n++] = stage(mem, from->facets, at, "prepare_unique", "prepareUnique", true);
    return n;
}

static bool ttl_loses(const struct ddl *d, const struct change *c)
{
    (void)d;
    return expires_sooner(c->before, c->after);
}

static bool create_loses(const struct ddl *d, const struct change *c)
{
    struct str above = path_parent(c->after->path);
    bool there = d->origin ? mg_is_there(d, above)
                           : view_get(d->before, above) || !view_get(d->after, above);
    return there && obj_raw(c->after, "expire_after").n;
}

const struct alter mg_index_create = {
    .name = "index.create", .fn = index_create, .loses = create_loses, .doc = "createIndexes"};
const struct alter mg_index_drop = {
    .name = "index.drop", .fn = index_drop, .doc = "dropIndexes, by name"};
const struct alter mg_index_hide = {.name = "index.modify", .fn = set_hidden, .doc = "collMod"};
const struct alter mg_index_ttl = {.name = "index.ttl",
                                   .fn = set_ttl,
                                   .applies = sets_ttl,
                                   .other = &alter_replace,
                                   .loses = ttl_loses,
                                   .doc = "collMod"};
const struct alter mg_index_convert = {.name = "index.unique",
                                       .fn = set_unique,
                                       .applies = becomes_unique,
                                       .other = &alter_replace,
                                       .doc = "collMod in three steps"};
