/* A server of ours: commands carried out on a database in memory. It refuses what MongoDB 7 does,
 * as far as plans could come to it. */

#include "drivers/mongodb/canon.h"
#include "tests/harness/mongo_db.h"

/* What a server keeps of a command is its own. */
static struct mv *kept(struct arena *mem, const struct mv *v)
{
    return mv_copy(mem, v);
}

static void set(struct mv *doc, const char *key, struct mv *v)
{
    mv_take(doc, key);
    if (v)
        mv_add(doc, str_c(key), v);
}

static struct mv *find(struct mv *doc, struct str key)
{
    for (struct mv *m = doc ? doc->first : NULL; m; m = m->next)
        if (str_eq(m->key, key))
            return m;
    return NULL;
}

static struct mv *index_of(struct mv *indexes, struct str name)
{
    for (struct mv *x = indexes ? indexes->first : NULL; x; x = x->next)
        if (str_eq(mv_string(mv_get(x, "name")), name))
            return x;
    return NULL;
}

/* Since 6.3 a time series has an index over its fields from the start. */
static void default_index(struct arena *mem, struct mv *entry, const struct mv *t)
{
    struct str meta = mv_string(mv_get(t, "metaField")), at = mv_string(mv_get(t, "timeField"));
    struct mv *indexes = find(entry, STR("indexes"));
    if (!meta.n || !indexes)
        return;
    struct mv *x = mv_add(indexes, STR_NULL, mv_new(mem, MV_DOCUMENT));
    struct mv *key = mv_add(x, STR("key"), mv_new(mem, MV_DOCUMENT));
    mv_add(key, meta, mv_int(mem, 1));
    mv_add(key, at, mv_int(mem, 1));
    mv_add(x, STR("name"),
           mv_text(mem, arena_printf(mem, "%.*s_1_%.*s_1", STR_ARG(meta), STR_ARG(at))));
}

static const char *create(struct arena *mem, struct mv *db, const struct mv *command)
{
    struct mv *options = mv_new(mem, MV_DOCUMENT), *entry = mv_new(mem, MV_DOCUMENT);
    bool view = mv_get(command, "viewOn") != NULL;
    if (find(db, mv_string(command->first)))
        return "create: it is there";
    for (const struct mv *m = command->first->next; m; m = m->next)
        mv_add(options, m->key, kept(mem, m));
    mv_add(entry, view ? STR("view") : STR("options"), options);
    if (!view)
        mv_add(entry, STR("indexes"), mv_new(mem, MV_ARRAY));
    mv_add(db, mv_string(command->first), entry);
    default_index(mem, entry, mv_get(command, "timeseries"));
    return NULL;
}

/* {a: 1, t: "text", b: 1} is listed as {a: 1, _fts: "text", _ftsx: 1, b: 1} with weights. */
static void list_text(struct arena *mem, struct mv *x)
{
    struct mv *key = mv_new(mem, MV_DOCUMENT), *weights = mv_take(x, "weights");
    bool any = false;
    if (!weights)
        weights = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = mv_get(x, "key")->first; m; m = m->next) {
        bool is = str_eq_c(mv_string(m), "text");
        if (!is)
            mv_add(key, m->key, kept(mem, m));
        if (is && !mv_get_str(weights, m->key))
            mv_add(weights, m->key, mv_int(mem, 1));
        if (is && !any) {
            mv_add(key, STR("_fts"), mv_text(mem, STR("text")));
            mv_add(key, STR("_ftsx"), mv_int(mem, 1));
            any = true;
        }
    }
    if (!any)
        return;
    set(x, "key", key);
    set(x, "weights", weights);
    set(x, "textIndexVersion", mv_int(mem, 3));
}

/* What no two indexes of a collection have in common, whatever their names (error 85). */
static struct str signature(struct arena *mem, const struct mv *x)
{
    struct strbuf b = sb_new(mem, 0);
    for (const struct mv *m = mv_get(x, "key")->first; m; m = m->next) {
        double d = m->type == MV_DOUBLE ? m->d : (double)m->i;
        if (str_eq_c(m->key, "_fts"))
            return STR("text"); /* one of them is all that a collection has */
        sb_printf(&b, "%.*s %.*s%d,", STR_ARG(m->key), STR_ARG(mv_string(m)), d < 0);
    }
    sb_str(&b, mg_canon_collation(mem, mv_get(x, "collation")));
    sb_str(&b, mg_canon_query(mem, mv_get(x, "partialFilterExpression")));
    sb_str(&b, mg_canon_projection(mem, mv_get(x, "wildcardProjection")));
    sb_printf(&b, "%d%d", mv_truth(mv_get(x, "unique")), mv_truth(mv_get(x, "sparse")));
    return sb_view(&b);
}

static bool is_double(struct arena *mem, const struct mv *indexes, const struct mv *x)
{
    for (const struct mv *m = indexes->first; m; m = m->next)
        if (m != x && str_eq(signature(mem, m), signature(mem, x)))
            return true;
    return false;
}

static const char *create_indexes(struct arena *mem, struct mv *db, const struct mv *command)
{
    struct mv *entry = find(db, mv_string(command->first)), *indexes = find(entry, STR("indexes"));
    const struct mv *specs = mv_get(command, "indexes");
    const struct mv *collation = mv_get(mv_get(entry, "options"), "collation");
    if (!indexes)
        return "createIndexes: no such collection";
    for (const struct mv *m = specs->first; m; m = m->next) {
        if (!mv_string(mv_get(m, "name")).n || !mv_get(m, "key"))
            return "createIndexes: no name or no key";
        const struct mv *there = index_of(indexes, mv_string(mv_get(m, "name")));
        if (there && mv_same(mv_get(there, "key"), mv_get(m, "key")) && m->n == 2)
            continue; /* it is there: nothing is done */
        if (there)
            return "createIndexes: the name is taken";
        struct mv *x = mv_add(indexes, STR_NULL, kept(mem, m));
        list_text(mem, x);
        if (collation && !mv_get(x, "collation"))
            mv_add(x, STR("collation"), kept(mem, collation)); /* it takes that of the collection */
        if (is_double(mem, indexes, x))
            return "createIndexes: it is there under another name";
    }
    return NULL;
}

static const char *drop_indexes(struct arena *mem, struct mv *db, const struct mv *command)
{
    struct mv *entry = find(db, mv_string(command->first)), *rest = mv_new(mem, MV_ARRAY);
    struct mv *indexes = find(entry, STR("indexes"));
    struct mv *gone = index_of(indexes, mv_string(mv_get(command, "index")));
    if (!gone)
        return "dropIndexes: no such index";
    for (const struct mv *x = indexes->first; x; x = x->next)
        if (x != gone)
            mv_add(rest, STR_NULL, kept(mem, x));
    set(entry, "indexes", rest);
    return NULL;
}

static const char *index_modify(struct arena *mem, struct mv *entry, const struct mv *command)
{
    const struct mv *how = mv_get(command, "index");
    struct mv *x = index_of(find(entry, STR("indexes")), mv_string(mv_get(how, "name")));
    bool prepare = mv_get(how, "prepareUnique") != NULL;
    if (!x)
        return "collMod: no such index";
    if (prepare && how->n != 2)
        return "collMod: prepareUnique stands alone";
    if (prepare)
        set(x, "prepareUnique", kept(mem, mv_get(how, "prepareUnique")));
    if (mv_get(how, "hidden"))
        set(x, "hidden", kept(mem, mv_get(how, "hidden")));
    if (mv_get(how, "expireAfterSeconds") && mv_get(x, "key")->n != 1)
        return "collMod: a compound index has no TTL";
    if (mv_get(how, "expireAfterSeconds"))
        set(x, "expireAfterSeconds", kept(mem, mv_get(how, "expireAfterSeconds")));
    if (!mv_get(how, "unique"))
        return NULL;
    if (!mv_truth(mv_get(how, "unique")) || !mv_truth(mv_get(x, "prepareUnique")))
        return "collMod: unique needs prepareUnique";
    if (mv_truth(mv_get(command, "dryRun")))
        return NULL;
    set(x, "unique", mv_bool(mem, true));
    mv_take(x, "prepareUnique");
    return NULL;
}

static const char *limits(struct arena *mem, struct mv *o, const struct mv *m)
{
    int64_t n = 0;
    if (str_eq_c(m->key, "cappedSize") || str_eq_c(m->key, "cappedMax")) {
        bool max = str_eq_c(m->key, "cappedMax");
        if (!mv_truth(mv_get(o, "capped")) || !mv_whole(m, &n))
            return "collMod: not capped, or no number";
        set(o, max ? "max" : "size", n > 0 ? kept(mem, m) : NULL);
        return NULL;
    }
    if (!mv_get(o, "timeseries") && !mv_get(o, "clusteredIndex"))
        return "collMod: expireAfterSeconds on a plain collection";
    set(o, "expireAfterSeconds", m->type == MV_STRING ? NULL : kept(mem, m));
    return NULL;
}

static int coarseness(const struct mv *t)
{
    struct str word = mv_string(mv_get(t, "granularity"));
    return str_eq_c(word, "hours") ? 2 : str_eq_c(word, "minutes") ? 1 : 0;
}

static const char *buckets(struct arena *mem, struct mv *o, const struct mv *m)
{
    struct mv *t = find(o, STR("timeseries"));
    if (!t || coarseness(m) < coarseness(t))
        return "collMod: buckets only grow";
    for (const struct mv *x = m->first; x; x = x->next)
        set(t, arena_cstr(mem, x->key), kept(mem, x));
    mv_take(t, "bucketMaxSpanSeconds");
    return NULL;
}

static const char *collmod(struct arena *mem, struct mv *db, const struct mv *command)
{
    static const char *const plain =
        "validator,validationLevel,validationAction,changeStreamPreAndPostImages";
    struct mv *entry = find(db, mv_string(command->first)), *view = find(entry, STR("view"));
    struct mv *o = find(entry, STR("options"));
    if (!entry)
        return "collMod: no such collection";
    for (const struct mv *m = command->first->next; m; m = m->next) {
        const char *wrong = NULL;
        if (str_has_word(STR("viewOn,pipeline"), m->key) && view)
            set(view, arena_cstr(mem, m->key), kept(mem, m));
        else if (str_has_word(str_c(plain), m->key) && o)
            set(o, arena_cstr(mem, m->key), kept(mem, m));
        else if (str_has_word(STR("cappedSize,cappedMax,expireAfterSeconds"), m->key) && o)
            wrong = limits(mem, o, m);
        else if (str_eq_c(m->key, "timeseries") && o)
            wrong = buckets(mem, o, m);
        else if (str_eq_c(m->key, "index") && o)
            wrong = index_modify(mem, entry, command);
        else if (!str_eq_c(m->key, "dryRun"))
            wrong = "collMod: unknown member";
        if (wrong)
            return wrong;
    }
    return NULL;
}

const char *mongo_run(struct arena *mem, struct mv *db, const struct mv *command)
{
    struct str verb = command->first ? command->first->key : STR("");
    if (str_eq_c(verb, "create"))
        return create(mem, db, command);
    if (str_eq_c(verb, "createIndexes"))
        return create_indexes(mem, db, command);
    if (str_eq_c(verb, "dropIndexes"))
        return drop_indexes(mem, db, command);
    if (str_eq_c(verb, "collMod"))
        return collmod(mem, db, command);
    if (!str_eq_c(verb, "drop"))
        return "no such command";
    return mv_take(db, arena_cstr(mem, mv_string(command->first))) ? NULL : "drop: it is not there";
}
