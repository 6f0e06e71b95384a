/*
 * Commands for indexes: createIndexes, dropIndexes by name, collMod for what it can do; and the way
 * to unique, which is one change in three steps.
 */

#include "drivers/mongodb/mongodb.h"

/* Its words; of a snapshot that was made by hand there may be none, and then no command is right.
 */
static struct mv *spec_of(struct arena *mem, const struct obj *o)
{
    struct mv *spec = mg_src(mem, o, "spec");
    return spec && spec->type == MV_DOCUMENT ? spec : mv_new(mem, MV_DOCUMENT);
}

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

static void ttl_hazard(struct ddl *d, const struct obj *before, const struct obj *after)
{
    if (expires_sooner(before, after))
        ddl_hazard(d, HZ_DATA_LOSS, after->path,
                   "documents older than %.*s seconds are deleted at once",
                   STR_ARG(obj_raw(after, "expire_after")));
}

static int index_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *spec = mg_src(d->mem, c->after, "spec");
    if (!spec)
        return err_set(e, E_UNSUPPORTED_CHANGE, "index %.*s: the snapshot does not hold its words",
                       STR_ARG(mg_name(d->mem, c->after)));
    put_create(d, c->after, spec);
    if (!mg_is_there(d, path_parent(c->after->path)))
        return 0; /* the collection is new and holds no documents */
    ttl_hazard(d, d->origin ? cat_find(d->origin, c->after->path) : NULL, c->after);
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

/* prepareUnique stands alone in its command; where the index becomes unique it goes by itself. */
static int set_hidden(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *index, *command = collmod(d->mem, c->after, &index);
    struct str seconds = obj_raw(c->after, "expire_after");
    (void)e;
    bool converts = obj_true(c->before, "unique") != obj_true(c->after, "unique");
    if (!converts &&
        obj_true(c->before, "prepare_unique") != obj_true(c->after, "prepare_unique")) {
        mv_add(index, STR("prepareUnique"), mv_bool(d->mem, obj_true(c->after, "prepare_unique")));
        mg_ddl(d, command);
        command = collmod(d->mem, c->after, &index);
    }
    if (obj_true(c->before, "hidden") != obj_true(c->after, "hidden"))
        mv_add(index, STR("hidden"), mv_bool(d->mem, obj_true(c->after, "hidden")));
    if (seconds.n && !str_eq(obj_raw(c->before, "expire_after"), seconds))
        mv_add(index, STR("expireAfterSeconds"), mv_int(d->mem, jc_int(seconds)));
    if (index->n > 1)
        mg_ddl(d, command);
    return 0;
}

/* Dropped and made again within one step: what only goes one way, on the way back. */
static int make_again(struct ddl *d, const struct change *c)
{
    struct mv *spec = spec_of(d->mem, c->after), *prepared = mv_take(spec, "prepareUnique");
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
        return make_again(d, c); /* no command takes the seconds away */
    ttl_hazard(d, c->before, c->after);
    return set_hidden(d, c, e);
}

static const struct obj *in_from(const struct ddl *d, const struct change *c)
{
    return d->origin ? cat_find(d->origin, change_obj(c)->path) : NULL;
}

/* An index of one field other than _id gets its seconds by collMod since 5.1; to lose them it is
 * made anew. */
static bool sets_ttl(const struct ddl *d, const struct change *c)
{
    const struct obj *from = in_from(d, c);
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
    struct mv *index, *command = collmod(d->mem, c->after, &index);
    bool was = obj_true(c->before, "unique"), is = obj_true(c->after, "unique");
    (void)e;
    if (was && !is)
        return make_again(d, c); /* no command takes it away */
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

/* The object with one attribute of its own, and the same in its words. */
static const struct obj *stage(struct arena *mem, unsigned facets, const struct obj *o,
                               const char *attr, const char *option, bool check)
{
    struct obj *out = NEW(mem, struct obj);
    struct strbuf src = sb_new(mem, 0);
    struct mv *spec = spec_of(mem, o);
    *out = *o;
    out->a = obj_with(mem, &engine_mongodb, o, attr, STR("true"));
    mv_take(spec, option);
    mv_add(spec, str_c(option), mv_bool(mem, true));
    sb_char(&src, '{');
    if (check)
        sb_c(&src, "\"check\":\"true\",");
    struct str text = mv_json(mem, spec);
    sb_c(&src, "\"spec\":");
    struct strbuf list = sb_new(mem, 0);
    jc_put_list(&list, &text, 1);
    sb_str(&src, str_sub(sb_view(&list), 1, list.n - 1));
    sb_char(&src, '}');
    out->src = sb_view(&src);
    out->hash = obj_hash(&engine_mongodb, out, facets);
    return out;
}

/* What else differs goes before: prepareUnique stands alone in its collMod. */
static const struct obj *rest_of(const struct change *c, unsigned facets, struct arena *mem)
{
    struct obj *out = NEW(mem, struct obj);
    struct mv *spec = spec_of(mem, c->after);
    struct strbuf src = sb_new(mem, 0), list = sb_new(mem, 0);
    *out = *c->after;
    out->a = obj_with(mem, &engine_mongodb, out, "unique", STR_NULL);
    mv_take(spec, "unique");
    struct str text = mv_json(mem, spec);
    jc_put_list(&list, &text, 1);
    sb_printf(&src, "{\"spec\":%.*s}", STR_ARG(str_sub(sb_view(&list), 1, list.n - 1)));
    out->src = sb_view(&src);
    out->hash = obj_hash(&engine_mongodb, out, facets);
    return out;
}

/* --online: an index is hidden before it is dropped, so that what misses it is seen in time. */
static uint32_t hide_stages(const struct change *c, unsigned facets, struct arena *mem,
                            const struct obj **between)
{
    if (obj_true(c->before, "hidden"))
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
        !can_convert(from))
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
    return obj_raw(c->after, "expire_after").n && mg_is_there(d, path_parent(c->after->path));
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
