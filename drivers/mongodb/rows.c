/* Documents for the proof: some into every collection that takes them, whether they are all there
 * still; how many documents a collection has; and what a deployer has noted. */

#include "drivers/mongodb/live.h"

#include "core/hash.h"

enum { DOCUMENTS = 3, MOST_LEVELS = 8, DAY_MS = 86400000 };

static bool is_collection(const struct obj *o)
{
    return str_eq(path_kind(o->path), STR("collection"));
}

/* Runs a command that may fail for reasons of the documents. */
static int try(struct session *s, const struct mv *command, struct arena *mem, bool *done,
               struct err *e)
{
    struct mv *reply;
    int code;
    *done = mg_run(s, STR_NULL, command, mem, &reply, &code, e) == 0;
    return *done || (code && e->code != E_CONNECTION_LOST && e->code != E_TIMEOUT) ? 0 : -1;
}

/* ---- values ---- */

/* How documents look: by the validator's schema, and with something in each indexed field. */
enum shape { BY_BOTH, BY_SCHEMA, BY_INDEXES, PLAIN, SHAPES };

static struct mv *schema_value(struct arena *mem, const struct mv *schema, int i, int level);

static struct mv *day(struct arena *mem, int i)
{
    struct mv *v = mv_new(mem, MV_DATE);
    v->i = 1577836800000 + (int64_t)i * DAY_MS;
    return v;
}

static struct mv *new_double(struct arena *mem, double d)
{
    struct mv *v = mv_new(mem, MV_DOUBLE);
    v->d = d;
    return v;
}

/* The first of the types that a schema allows. */
static struct str type_of(const struct mv *schema)
{
    const struct mv *t = mv_get(schema, "bsonType");
    t = t ? t : mv_get(schema, "type");
    t = t && t->type == MV_ARRAY ? t->first : t;
    return mv_string(t);
}

static struct mv *schema_document(struct arena *mem, const struct mv *schema, int i, int level)
{
    struct mv *doc = mv_new(mem, MV_DOCUMENT);
    const struct mv *fields = mv_get(schema, "properties"), *must = mv_get(schema, "required");
    for (const struct mv *f = fields ? fields->first : NULL; f && level < MOST_LEVELS; f = f->next)
        if (!str_eq(f->key, STR("_id")))
            mv_add(doc, f->key, schema_value(mem, f, i, level + 1));
    for (const struct mv *f = must && must->type == MV_ARRAY ? must->first : NULL; f; f = f->next) {
        struct str name = mv_string(f);
        if (name.n && !str_eq(name, STR("_id")) && !mv_get_str(doc, name))
            mv_add(doc, name, mv_int(mem, i));
    }
    return doc;
}

static struct mv *schema_number(struct arena *mem, const struct mv *schema, struct str type, int i)
{
    int64_t least = 0, most = INT32_MAX;
    (void)mv_whole(mv_get(schema, "minimum"), &least);
    (void)mv_whole(mv_get(schema, "maximum"), &most);
    int64_t n = least + i < most ? least + i : least;
    struct mv *v = mv_int(mem, n);
    if (str_eq(type, STR("double")))
        return new_double(mem, (double)n + 0.5);
    if (str_eq(type, STR("long")))
        v->type = MV_INT64;
    if (str_eq(type, STR("decimal"))) { /* n, little endian, with the exponent 0 */
        static const char exponent[] = "\x40\x30";
        char *p = arena_zalloc(mem, 16, 1);
        for (int k = 0; k < 8; k++)
            p[k] = (char)((uint64_t)n >> (8 * k) & 0xff);
        p[15] = exponent[1];
        p[14] = exponent[0];
        v = mv_new(mem, MV_DECIMAL);
        v->text = (struct str){p, 16};
    }
    return v;
}

static struct mv *schema_value(struct arena *mem, const struct mv *schema, int i, int level)
{
    struct str type = type_of(schema);
    const struct mv *words = mv_get(schema, "enum");
    int64_t least = 0;
    if (words && words->first)
        return mv_copy(mem, words->first);
    if (str_eq(type, STR("object")))
        return schema_document(mem, schema, i, level);
    if (str_eq(type, STR("array"))) {
        struct mv *list = mv_new(mem, MV_ARRAY);
        (void)mv_whole(mv_get(schema, "minItems"), &least);
        for (int64_t k = 0; k < least && k < 10 && level < MOST_LEVELS; k++)
            mv_add(list, STR_NULL, schema_value(mem, mv_get(schema, "items"), i, level + 1));
        return list;
    }
    if (str_eq(type, STR("date")))
        return day(mem, i);
    if (str_eq(type, STR("bool")))
        return mv_bool(mem, i % 2);
    if (str_eq(type, STR("null")))
        return mv_new(mem, MV_NULL);
    if (str_eq(type, STR("objectId")) || str_eq(type, STR("binData"))) {
        struct mv *v = mv_new(mem, str_eq(type, STR("binData")) ? MV_BINARY : MV_OBJECTID);
        v->text = arena_printf(mem, "%012d", i);
        return v;
    }
    if (str_eq(type, STR("string"))) {
        struct strbuf text = sb_new(mem, 0);
        (void)mv_whole(mv_get(schema, "minLength"), &least);
        sb_printf(&text, "x%d@example.com", i);
        if (least > 0 && least < 10000 && text.n < (size_t)least)
            sb_pad(&text, 'x', (size_t)least - text.n);
        return mv_text(mem, sb_view(&text));
    }
    return schema_number(mem, schema, type, i);
}

/* A value at a path with dots; nothing where another is in the way. */
static void put_at(struct arena *mem, struct mv *doc, struct str path, struct mv *v)
{
    struct str name;
    while (str_cut(&path, '.', &name)) {
        struct mv *m = (struct mv *)(uintptr_t)mv_get_str(doc, name);
        if (m && (!path.n || m->type != MV_DOCUMENT))
            return;
        if (!m)
            m = mv_add(doc, name, path.n ? mv_new(mem, MV_DOCUMENT) : v);
        doc = m;
    }
}

static struct mv *point(struct arena *mem, int i)
{
    struct mv *at = mv_new(mem, MV_ARRAY);
    mv_add(at, STR_NULL, new_double(mem, i));
    mv_add(at, STR_NULL, new_double(mem, i));
    return at;
}

/* A value for a field of an index. */
static struct mv *indexed_value(struct arena *mem, const struct mv *kind, int i)
{
    struct str word = mv_string(kind);
    struct mv *geo;
    if (str_eq(word, STR("2d")))
        return point(mem, i);
    if (str_eq(word, STR("2dsphere"))) {
        geo = mv_new(mem, MV_DOCUMENT);
        mv_add(geo, STR("type"), mv_text(mem, STR("Point")));
        mv_add(geo, STR("coordinates"), point(mem, i));
        return geo;
    }
    if (str_eq(word, STR("text")))
        return mv_text(mem, arena_printf(mem, "word%d", i));
    return mv_int(mem, i);
}

static void put_indexed(struct arena *mem, const struct catalog *cat, const struct obj *c,
                        struct mv *doc, int i)
{
    for (uint32_t k = cat_lower(cat, c->path); k < cat->n; k++) {
        const struct obj *o = &cat->v[k];
        if (!path_within(o->path, c->path))
            break;
        const struct mv *spec =
            str_eq(path_kind(o->path), STR("index")) ? mg_src(mem, o, "spec") : NULL;
        const struct mv *key = mv_get(spec, "key"), *ttl = mv_get(spec, "expireAfterSeconds");
        for (const struct mv *m = key ? key->first : NULL; m; m = m->next)
            /* what has a date goes some time */
            if (str_find(m->key, STR("$**")) == m->key.n && !(m->key.p[0] == '_') && !ttl)
                put_at(mem, doc, m->key, indexed_value(mem, m, i));
    }
}

static struct mv *document(struct arena *mem, const struct catalog *cat, const struct obj *c, int i,
                           enum shape shape)
{
    const struct mv *options = mg_src(mem, c, "options"), *series = mv_get(options, "timeseries");
    const struct mv *schema = mv_get(mv_get(options, "validator"), "$jsonSchema");
    struct mv *doc = mv_new(mem, MV_DOCUMENT);
    struct str time = mv_string(mv_get(series, "timeField"));
    mv_add(doc, STR("_id"), mv_int(mem, i));
    if (shape <= BY_SCHEMA && schema) {
        struct mv *fields = schema_document(mem, schema, i, 0), *next;
        for (struct mv *m = fields->first; m; m = next) {
            next = m->next;
            m->next = NULL;
            mv_add(doc, m->key, m);
        }
    }
    if (time.n)
        put_at(mem, doc, time, day(mem, i));
    if (shape == BY_BOTH || shape == BY_INDEXES)
        put_indexed(mem, cat, c, doc, i);
    if (shape == PLAIN)
        mv_add(doc, STR("n"), mv_text(mem, arena_printf(mem, "%d", i)));
    return doc;
}

/* ---- the interface ---- */

static struct mv *insert(struct arena *mem, struct str name, struct mv *doc)
{
    struct mv *command = mg_command(mem, "insert", name), *list = mv_new(mem, MV_ARRAY);
    mv_add(list, STR_NULL, doc);
    mv_add(command, STR("documents"), list);
    return command;
}

/* The first shape that the validator and the indexes let in; none may be. */
static int fill_one(struct session *s, const struct catalog *cat, const struct obj *c, int i,
                    struct err *e)
{
    bool done = false;
    int rc = 0;
    for (enum shape k = BY_BOTH; !rc && !done && k < SHAPES; k++) {
        struct arena *mem = arena_new(0);
        struct str name = path_name(mem, c->path);
        rc = try(s, insert(mem, name, document(mem, cat, c, i, k)), mem, &done, e);
        arena_free(mem);
    }
    return rc;
}

int mg_fill(struct session *s, const struct catalog *cat, struct err *e)
{
    for (uint32_t k = 0; k < cat->n; k++)
        for (int i = 1; is_collection(&cat->v[k]) && i <= DOCUMENTS; i++)
            if (fill_one(s, cat, &cat->v[k], i, e))
                return -1;
    return 0;
}

/* A capped collection of servers before 5.0 gives nothing back: what is there may stay. */
int mg_empty(struct session *s, const struct catalog *cat, struct err *e)
{
    struct arena *mem = arena_new(0);
    bool done;
    int rc = 0;
    for (uint32_t k = 0; !rc && k < cat->n; k++) {
        if (!is_collection(&cat->v[k]))
            continue;
        struct mv *command = mg_command(mem, "delete", path_name(mem, cat->v[k].path));
        struct mv *list = mv_new(mem, MV_ARRAY), *all = mv_new(mem, MV_DOCUMENT);
        mv_add(all, STR("q"), mv_new(mem, MV_DOCUMENT));
        mv_add(all, STR("limit"), mv_int(mem, 0));
        mv_add(list, STR_NULL, all);
        mv_add(command, STR("deletes"), list);
        rc = try(s, command, mem, &done, e);
    }
    arena_free(mem);
    return rc;
}

struct digest {
    struct hasher *hash;
    struct strbuf bytes;
    uint64_t n;
};

static int add_document(void *ctx, const struct mv *doc, struct err *e)
{
    struct digest *d = ctx;
    (void)e;
    sb_cut(&d->bytes, 0);
    mv_put_bson(&d->bytes, doc);
    hasher_add(d->hash, sb_view(&d->bytes));
    d->n++;
    return 0;
}

/* Documents in the order of _id, byte for byte. */
int mg_rows(struct session *s, const struct catalog *cat, struct arena *mem,
            void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e)
{
    struct digest d = {.hash = hasher_new(mem), .bytes = sb_new(mem, 0)};
    int code;
    for (uint32_t k = 0; k < cat->n; k++) {
        if (!is_collection(&cat->v[k]))
            continue;
        struct mv *command = mg_command(mem, "find", path_name(mem, cat->v[k].path));
        struct mv *order = mv_new(mem, MV_DOCUMENT);
        struct strbuf text = sb_new(mem, 0);
        mv_add(order, STR("_id"), mv_int(mem, 1));
        mv_add(command, STR("sort"), order);
        hasher_reset(d.hash);
        d.n = 0;
        if (mg_each(s, STR_NULL, command, add_document, &d, &code, e))
            return -1;
        sb_printf(&text, "%llu documents ", (unsigned long long)d.n);
        hash_hex(&text, hasher_done(d.hash), HASH_HEX);
        put(ctx, cat->v[k].path, sb_view(&text));
    }
    return 0;
}

/* Where the server does not tell, it is not known. */
int mg_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = 0, code;
    for (uint32_t i = 0; !rc && i < n; i++) {
        struct str top = path_top(v[i].path);
        struct mv *reply;
        int64_t data = 0, indexes = 0;
        if (!str_eq(path_kind(top), STR("collection")))
            continue;
        rc = mg_run(s, STR_NULL, mg_command(mem, "collStats", path_name(mem, top)), mem, &reply,
                    &code, e);
        if (rc && code) {
            rc = 0;
            continue;
        }
        if (rc)
            break;
        (void)mv_whole(mv_get(reply, "count"), &v[i].rows);
        if (mv_whole(mv_get(reply, "storageSize"), &data) &&
            mv_whole(mv_get(reply, "totalIndexSize"), &indexes))
            v[i].bytes = data + indexes;
    }
    arena_free(mem);
    return rc;
}
