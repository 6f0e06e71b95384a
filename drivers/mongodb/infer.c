/*
 * Documents as they are: a sample by chance, or all of them. For all of them the server is asked
 * for the shapes of the documents, each with its number, so that no value leaves it and little is
 * sent; where it cannot do that, or a document is deeper than is asked for, the documents
 * themselves go by.
 */

#include "drivers/mongodb/live.h"
#include "drivers/mongodb/sample.h"

#include <string.h>

#include "core/clock.h"

/* Levels that the server looks into; the stages below are nested so deep. */
enum { SHAPE_DEPTH = 6, BATCH = 1000 };

/* The numbers of JSON end there. */
static const int64_t most_documents = (int64_t)1 << 53;

struct looking {
    struct session *s;
    struct str name;
    struct arena *mem; /* of one collection */
    struct mg_sample *sample;
    bool unsure; /* a shape ends at the last level, or holds a binary, whose subtype it does not
                    tell */
};

/* ---- the pipeline ---- */

static struct mv *doc(struct arena *mem)
{
    return mv_new(mem, MV_DOCUMENT);
}

static struct mv *one(struct arena *mem, const char *key, struct mv *v)
{
    struct mv *d = doc(mem);
    mv_add(d, str_c(key), v);
    return d;
}

static struct mv *word(struct arena *mem, const char *text)
{
    return mv_text(mem, str_c(text));
}

static struct mv *list(struct arena *mem, struct mv *a, struct mv *b, struct mv *c)
{
    struct mv *out = mv_new(mem, MV_ARRAY);
    mv_add(out, STR_NULL, a);
    if (b)
        mv_add(out, STR_NULL, b);
    if (c)
        mv_add(out, STR_NULL, c);
    return out;
}

static struct mv *map(struct arena *mem, struct mv *input, struct str as, struct mv *in)
{
    struct mv *m = doc(mem);
    mv_add(m, STR("input"), input);
    mv_add(m, STR("as"), mv_text(mem, as));
    mv_add(m, STR("in"), in);
    return one(mem, "$map", m);
}

/* The shape of what an expression gives: the name of its type, or {t: type, m: [{k: key, s:
 * shape}]} for a document, and for an array, whose members' shapes stand once each. */
static struct mv *shape(struct arena *mem, struct str value, int depth)
{
    struct mv *type = one(mem, "$type", mv_text(mem, value));
    if (!depth)
        return type;
    struct str x = arena_printf(mem, "x%d", depth), y = arena_printf(mem, "y%d", depth);
    struct mv *member = doc(mem), *element = doc(mem), *object = doc(mem);
    struct mv *below = shape(mem, arena_printf(mem, "$$%.*s.v", STR_ARG(x)), depth - 1);
    mv_add(member, STR("k"), mv_text(mem, arena_printf(mem, "$$%.*s.k", STR_ARG(x))));
    mv_add(member, STR("s"), below);
    struct mv *wrapped = one(mem, "v", mv_text(mem, arena_printf(mem, "$$%.*s", STR_ARG(y))));
    mv_add(wrapped, STR("k"), word(mem, ""));
    mv_add(element, STR("t"), word(mem, "array"));
    mv_add(
        element, STR("m"),
        one(mem, "$setUnion",
            list(mem, map(mem, map(mem, mv_text(mem, value), y, wrapped), x, member), NULL, NULL)));
    mv_add(object, STR("t"), word(mem, "object"));
    mv_add(object, STR("m"),
           map(mem, one(mem, "$objectToArray", mv_text(mem, value)), x, mv_copy(mem, member)));
    struct mv *is_object =
        one(mem, "$eq", list(mem, mv_copy(mem, type), word(mem, "object"), NULL));
    struct mv *rest = one(mem, "$cond", list(mem, is_object, object, mv_copy(mem, type)));
    struct mv *is_array = one(mem, "$isArray", list(mem, mv_text(mem, value), NULL, NULL));
    return one(mem, "$cond", list(mem, is_array, element, rest));
}

/* A census takes as long as it takes where nobody says how long a query may. */
static void limit(const struct session *s, struct arena *mem, struct mv *command, bool census)
{
    int64_t left = s->deadline_ms ? s->deadline_ms - clock_ms() : 0;
    if (!census || s->statement_ms)
        mg_limit(s, mem, command);
    else if (left > 0)
        mv_add(command, STR("maxTimeMS"), mv_int(mem, left < INT32_MAX ? left : INT32_MAX));
}

static struct mv *aggregate(struct arena *mem, struct str collection, struct mv *pipeline)
{
    struct mv *command = mg_command(mem, "aggregate", collection);
    mv_add(command, STR("pipeline"), pipeline);
    mv_add(command, STR("cursor"), one(mem, "batchSize", mv_int(mem, BATCH)));
    mv_add(command, STR("allowDiskUse"), mv_bool(mem, true));
    return command;
}

static struct mv *shapes(const struct session *s, struct arena *mem, struct str collection)
{
    struct mv *group = one(mem, "_id", shape(mem, STR("$$ROOT"), SHAPE_DEPTH));
    mv_add(group, STR("n"), one(mem, "$sum", mv_int(mem, 1)));
    struct mv *command =
        aggregate(mem, collection, list(mem, one(mem, "$group", group), NULL, NULL));
    limit(s, mem, command, true);
    return command;
}

/* ---- shapes as documents without values ---- */

static enum mv_type type_of(struct str name)
{
    static const struct {
        const char *name;
        enum mv_type type;
    } names[] = {{"double", MV_DOUBLE},       {"string", MV_STRING},
                 {"object", MV_DOCUMENT},     {"array", MV_ARRAY},
                 {"binData", MV_BINARY},      {"undefined", MV_UNDEFINED},
                 {"objectId", MV_OBJECTID},   {"bool", MV_BOOL},
                 {"date", MV_DATE},           {"null", MV_NULL},
                 {"regex", MV_REGEX},         {"dbPointer", MV_DBPOINTER},
                 {"javascript", MV_CODE},     {"javascriptWithScope", MV_CODE_SCOPE},
                 {"symbol", MV_SYMBOL},       {"int", MV_INT32},
                 {"timestamp", MV_TIMESTAMP}, {"long", MV_INT64},
                 {"decimal", MV_DECIMAL},     {"minKey", MV_MINKEY},
                 {"maxKey", MV_MAXKEY}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_c(name, names[i].name))
            return names[i].type;
    return MV_NULL;
}

static struct mv *blank(struct looking *l, const struct mv *s)
{
    const struct mv *members = mv_get(s, "m");
    struct str name = mv_string(s && s->type == MV_STRING ? s : mv_get(s, "t"));
    struct mv *v = mv_new(l->mem, type_of(name));
    if (v->type == MV_BINARY || ((v->type == MV_DOCUMENT || v->type == MV_ARRAY) && !members))
        l->unsure = true;
    for (const struct mv *m = members ? members->first : NULL; m; m = m->next)
        mv_add(v, v->type == MV_ARRAY ? STR_NULL : mv_string(mv_get(m, "k")),
               blank(l, mv_get(m, "s")));
    return v;
}

/* The first that is not sure ends it: all documents go by then. */
static int take_shape(void *ctx, const struct mv *found, struct err *e)
{
    struct looking *l = ctx;
    int64_t n = 0, room = most_documents - (int64_t)mg_sample_documents(l->sample);
    struct arena_mark mark = arena_mark(l->mem);
    struct mv *d = blank(l, mv_get(found, "_id"));
    if (l->unsure)
        return -1;
    if (d->type != MV_DOCUMENT || !mv_whole(mv_get(found, "n"), &n) || n < 1 || n > room)
        return err_set(e, E_NOT_UNDERSTOOD,
                       "%.*s: aggregate of %.*s gives a shape without a number of documents",
                       STR_ARG(l->s->label), STR_ARG(l->name));
    mg_sample_add(l->sample, d, (uint64_t)n);
    arena_release(l->mem, mark);
    return 0;
}

static int take_document(void *ctx, const struct mv *d, struct err *e)
{
    struct looking *l = ctx;
    (void)e;
    mg_sample_add(l->sample, d, 1);
    return 0;
}

/* All documents: by their shapes, else one by one. */
static int census(struct looking *l, struct str name, struct err *e)
{
    struct err why;
    int code = 0;
    if (mg_stream(l->s, shapes(l->s, l->mem, name), take_shape, l, &code, &why) == 0)
        return 0;
    if (!l->unsure && (!code || why.code == E_TIMEOUT)) { /* not that the server cannot */
        *e = why;
        return -1;
    }
    l->sample = mg_sample_new(l->s->mem, name);
    struct mv *command = mg_command(l->mem, "find", name);
    mv_add(command, STR("batchSize"), mv_int(l->mem, BATCH));
    limit(l->s, l->mem, command, true);
    return mg_stream(l->s, command, take_document, l, &code, e);
}

/* How many documents there are, as the server has it at hand; -1: it does not say. */
static int64_t estimate(struct looking *l, struct str name)
{
    struct mv *command = mg_command(l->mem, "count", name), *reply;
    struct err none;
    int64_t n;
    limit(l->s, l->mem, command, false);
    if (mg_run(l->s, STR_NULL, command, l->mem, &reply, NULL, &none) ||
        !mv_whole(mv_get(reply, "n"), &n) || n < 0 || n > most_documents)
        return -1;
    return n;
}

/* Of MongoDB's $sample each document comes by itself. Elsewhere whole pages may come, whose
 * documents are of one time (measured on documentdb 1.0), and then chance is not what it is counted
 * with: there each document draws for itself, which reads all of them. */
static struct mv *by_chance(struct looking *l, struct str name, uint64_t n)
{
    struct arena *mem = l->mem;
    int64_t all = estimate(l, name);
    struct mv *size = one(mem, "size", mv_int(mem, (int64_t)n)), *share = mv_new(mem, MV_DOUBLE);
    if (str_starts(l->s->server.product, STR("MongoDB")) || all < 0)
        return one(mem, "$sample", size);
    share->d = all > (int64_t)n ? (double)n / (double)all : 1;
    struct mv *drawn = one(mem, "$lt", list(mem, one(mem, "$rand", doc(mem)), share, NULL));
    return one(mem, "$match", one(mem, "$expr", drawn));
}

static int sample(struct looking *l, struct str name, uint64_t n, struct err *e)
{
    struct mv *stages = list(l->mem, by_chance(l, name, n), NULL, NULL);
    struct mv *command = aggregate(l->mem, name, stages);
    int code;
    limit(l->s, l->mem, command, false);
    return mg_stream(l->s, command, take_document, l, &code, e);
}

/* What a validator would meet: a time series takes none, another one would be replaced. */
struct met {
    struct str name;
    bool timeseries, validator;
};
struct met_list {
    struct arena *mem;
    VEC(struct met) v;
};

static int take_met(void *ctx, const struct mv *d, struct err *e)
{
    struct met_list *l = ctx;
    const struct mv *options = mv_get(d, "options"), *validator = mv_get(options, "validator");
    struct met m = {.timeseries = mv_get(options, "timeseries") != NULL,
                    .validator = validator && validator->n};
    (void)e;
    if (!m.timeseries && !m.validator)
        return 0;
    m.name = arena_str(l->mem, mv_string(mv_get(d, "name")));
    VEC_PUSH(l->mem, l->v, m);
    return 0;
}

static int find_met(struct session *s, struct met_list *out, struct err *e)
{
    struct mv *command = one(out->mem, "listCollections", mv_int(out->mem, 1));
    mv_add(command, STR("cursor"), doc(out->mem));
    mg_limit(s, out->mem, command);
    return mg_each(s, STR_NULL, command, take_met, out, NULL, e);
}

static void note_met(struct mg_sample *sample, struct str name, const struct met_list *all)
{
    for (uint32_t i = 0; i < all->v.n; i++)
        if (str_eq(all->v.v[i].name, name))
            mg_sample_note(sample, all->v.v[i].timeseries, all->v.v[i].validator);
}

int mg_infer_look(struct session *s, const struct infer_want *want, struct arena *mem,
                  struct strbuf *out, struct err *e)
{
    struct met_list met = {.mem = mem};
    if (find_met(s, &met, e))
        return -1;
    mg_report_begin(out);
    for (uint32_t i = 0; i < want->npaths; i++) {
        struct str name = path_name(mem, want->paths[i]);
        struct looking l = {.s = s, .name = name, .mem = arena_new(0)};
        l.sample = mg_sample_new(mem, name);
        int rc = want->sample ? sample(&l, name, want->sample, e) : census(&l, name, e);
        note_met(l.sample, name, &met);
        if (!rc)
            mg_report_collection(out, l.sample, !want->sample,
                                 want->sample ? estimate(&l, name) : -1);
        arena_free(l.mem);
        if (rc)
            return -1;
    }
    mg_report_end(out);
    return 0;
}
