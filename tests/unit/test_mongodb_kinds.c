/* Facts from what a server lists, and the commands that a plan makes of two of them. */

#include "diff/diff.h"
#include "drivers/mongodb/mongodb.h"
#include "tests/harness/unit.h"

#define NEW_7 "MongoDB 7.0.12"
#define OLD_5 "MongoDB 5.0.1"

static struct mv *parse(struct arena *mem, const char *json)
{
    struct mv *v = NULL;
    struct err e = {0};
    if (mv_from_json(mem, str_c(json), &v, &e))
        fail_msg("%s: %s", json, e.msg);
    return v;
}

/* A database as {"name": {"options": {...}, "indexes": [...]} or {"view": {...}}, ...}. */
static struct catalog *database(struct arena *mem, const char *version, const char *json)
{
    struct catalog *cat =
        cat_new(mem, &engine_mongodb, engine_mongodb.facets | F_SHARDING | F_ACL, STR("db"));
    struct mv *all = parse(mem, json);
    struct mg_listed *list = NEW_ARRAY(mem, struct mg_listed, all->n);
    uint32_t n = 0;
    struct err e = {0};
    cat->version = str_c(version);
    cat->captured = F_CAPTURED;
    for (const struct mv *m = all->first; m; m = m->next) {
        const struct mv *view = mv_get(m, "view");
        list[n++] = (struct mg_listed){m->key, view != NULL, view ? view : mv_get(m, "options")};
    }
    n = 0;
    for (const struct mv *m = all->first; m; m = m->next, n++) {
        const struct mv *indexes = mv_get(m, "indexes"), *searches = mv_get(m, "searches");
        if (list[n].view)
            mg_view_fact(cat, &list[n], list, all->n);
        else
            mg_collection_fact(cat, &list[n]);
        for (const struct mv *x = indexes ? indexes->first : NULL; x; x = x->next)
            mg_index_fact(cat, &list[n], x, false);
        for (const struct mv *x = searches ? searches->first : NULL; x; x = x->next)
            mg_search_index_fact(cat, "collection", m->key, x);
        for (const struct mv *x = mv_get(m, "roles") ? mv_get(m, "roles")->first : NULL; x;
             x = x->next)
            mg_role_fact(cat, x);
        if (mv_get(m, "sharded"))
            mg_sharding_fact(cat, m->key, mv_get(m, "sharded"));
    }
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static struct str facts(struct arena *mem, const struct catalog *cat)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < cat->n; i++)
        sb_printf(&b, "%.*s %.*s\n", STR_ARG(cat->v[i].path), STR_ARG(cat->v[i].a));
    for (uint32_t i = 0; i < cat->nledger; i++)
        sb_printf(&b, "ledger %.*s %.*s\n", STR_ARG(cat->ledger[i].kind),
                  STR_ARG(cat->ledger[i].name));
    return sb_view(&b);
}

struct how {
    bool online, recreate;
    unsigned facets;
};

/* Each step: its commands, and behind "<-" those that take it back. */
static int plan_of(struct arena *mem, const struct catalog *from, const struct catalog *to,
                   struct how how, struct strbuf *out, struct err *e)
{
    struct changes *c;
    struct plan *plan;
    unsigned facets = how.facets ? how.facets : engine_mongodb.facets;
    assert_ok(diff_catalogs(from, to, facets, mem, &c, e), *e);
    struct plan_request req = {.changes = c,
                               .states = &from,
                               .to = to,
                               .facets = facets,
                               .online = how.online,
                               .recreate = how.recreate};
    if (plan_make(&req, mem, &plan, e))
        return -1;
    for (uint32_t i = 0; i < plan->n; i++) {
        const struct step *s = &plan->v[i];
        if (s->phase)
            sb_printf(out, "%s: ", phase_name(s->phase));
        for (uint32_t k = 0; k < s->nfwd; k++)
            sb_printf(out, "%.*s\n", STR_ARG(s->fwd[k].text));
        for (uint32_t k = 0; k < s->nback; k++)
            sb_printf(out, "<- %.*s\n", STR_ARG(s->back[k].text));
        for (uint32_t k = 0; k < s->nhz; k++)
            sb_printf(out, "! %s\n", hazard_name(s->hz[k].code));
        if (s->rev == REV_NONE)
            sb_c(out, "! no way back\n");
    }
    return 0;
}

static struct str plan_text(struct arena *mem, const char *version, const char *from,
                            const char *to, struct how how)
{
    struct strbuf out = sb_new(mem, 0);
    struct err e = {0};
    if (plan_of(mem, database(mem, version, from), database(mem, version, to), how, &out, &e)) {
        sb_cut(&out, 0);
        sb_printf(&out, "%s: %s\n", err_name(e.code), e.msg);
    }
    return sb_view(&out);
}

#define PLAN(from, to, want) assert_str(plan_text(*state, NEW_7, from, to, (struct how){0}), want)

static void collections(void **state)
{
    assert_str(
        facts(*state, database(*state, NEW_7,
                               "{\"c\":{\"options\":{\"capped\":true,\"size\":5000,\"max\":3,"
                               "\"validator\":{},\"validationLevel\":\"strict\"}},"
                               "\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\","
                               "\"granularity\":\"seconds\",\"bucketMaxSpanSeconds\":3600}}},"
                               "\"x\":{\"options\":{\"newOption\":{\"b\":1.0}}}}")),
        "collection:c {\"capped\":true,\"max\":3,\"size\":5120}\n"
        "collection:t {\"time_field\":\"at\"}\n"
        "collection:x {\"options\":\"{\\\"newOption\\\":{\\\"b\\\":1}}\"}\n");
}

/* What text cannot hold is named, and is no fact. */
static void without_text(void **state)
{
    struct catalog *cat = database(*state, NEW_7, "{}");
    struct mv *options = mv_new(*state, MV_DOCUMENT);
    struct mv *validator = mv_add(options, STR("validator"), mv_new(*state, MV_DOCUMENT));
    struct mv *literal = mv_add(validator, STR("a"), mv_new(*state, MV_DOCUMENT));
    mv_add(literal, STR("$oid"), mv_text(*state, STR("0123456789abcdef01234567")));
    mg_collection_fact(cat, &(struct mg_listed){STR("c"), false, options});
    assert_str(facts(*state, cat), "ledger collection c\n");
}

static void indexes(void **state)
{
    assert_str(
        facts(*state,
              database(*state, NEW_7,
                       "{\"c\":{\"indexes\":["
                       "{\"v\":2,\"key\":{\"_id\":1},\"name\":\"_id_\"},"
                       "{\"v\":2,\"key\":{\"a\":1.0,\"b\":{\"$numberLong\":\"-3\"}},\"name\":\"x\","
                       "\"ns\":\"db.c\",\"background\":true,\"unique\":true,\"sparse\":false},"
                       "{\"v\":1,\"key\":{\"p\":1,\"_fts\":\"text\",\"_ftsx\":1,\"q\":-1},"
                       "\"name\":\"t\",\"weights\":{\"z\":10,\"a\":1},\"textIndexVersion\":3,"
                       "\"default_language\":\"english\",\"language_override\":\"lang\"},"
                       "{\"v\":2,\"key\":{\"loc\":\"2d\"},\"name\":\"g\",\"bits\":26,\"min\":-180,"
                       "\"max\":90.5},"
                       "{\"v\":2,\"key\":{\"at\":1},\"name\":\"e\",\"expireAfterSeconds\":60.0}"
                       "]}}")),
        "collection:c {}\n"
        "collection:c/index:e {\"expire_after\":60,\"keys\":[\"at 1\"]}\n"
        "collection:c/index:g {\"keys\":[\"loc 2d\"],\"max\":\"90.5\"}\n"
        "collection:c/index:t {\"keys\":[\"p 1\",\"a text\",\"z text\",\"q -1\"],"
        "\"language_field\":\"lang\",\"version\":1,\"weights\":[\"z 10\"]}\n"
        "collection:c/index:x {\"keys\":[\"a 1\",\"b -1\"],\"unique\":true}\n");
}

/* An index without a collation on a collection with one is written with the locale "simple". */
static void inherited(void **state)
{
    struct catalog *cat =
        database(*state, NEW_7,
                 "{\"c\":{\"options\":{\"collation\":{\"locale\":\"fr\"}},\"indexes\":["
                 "{\"key\":{\"a\":1},\"name\":\"plain\"},"
                 "{\"key\":{\"a\":1},\"name\":\"own\",\"collation\":{\"locale\":\"fr\"}}]}}");
    const struct obj *plain = cat_find(cat, STR("collection:c/index:plain"));
    const struct obj *own = cat_find(cat, STR("collection:c/index:own"));
    assert_true(str_is_null(obj_raw(plain, "collation")));
    assert_false(str_is_null(obj_raw(own, "collation")));
    assert_str(obj_src(*state, plain, "spec"),
               "{\"key\":{\"a\":1},\"name\":\"plain\",\"collation\":{\"locale\":\"simple\"}}");
}

static void whole_collections(void **state)
{
    PLAN("{}",
         "{\"c\":{\"options\":{\"capped\":true,\"size\":8192},\"indexes\":[{\"key\":{\"a\":1},"
         "\"name\":\"a_1\"}]}}",
         "{\"create\":\"c\",\"capped\":true,\"size\":8192}\n<- {\"drop\":\"c\"}\n"
         "{\"createIndexes\":\"c\",\"indexes\":[{\"key\":{\"a\":1},\"name\":\"a_1\"}]}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"a_1\"}\n");
    PLAN("{\"c\":{\"indexes\":[{\"key\":{\"a\":1},\"name\":\"a_1\"}]}}", "{}",
         "{\"drop\":\"c\"}\n<- {\"create\":\"c\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{\"key\":{\"a\":1},\"name\":\"a_1\"}]}\n"
         "! DATA_LOSS\n");
}

static void collmod(void **state)
{
    PLAN("{\"c\":{\"options\":{\"validator\":{\"a\":1},\"validationLevel\":\"moderate\"}}}",
         "{\"c\":{\"options\":{\"validator\":{},\"validationLevel\":\"strict\","
         "\"changeStreamPreAndPostImages\":{\"enabled\":true}}}}",
         "{\"collMod\":\"c\",\"validator\":{},\"validationLevel\":\"strict\",\"validationAction\":"
         "\"error\",\"changeStreamPreAndPostImages\":{\"enabled\":true}}\n"
         "<- {\"collMod\":\"c\",\"validator\":{\"a\":1},\"validationLevel\":\"moderate\","
         "\"validationAction\":\"error\",\"changeStreamPreAndPostImages\":{\"enabled\":false}}\n");
    PLAN("{\"c\":{\"options\":{\"capped\":true,\"size\":8192,\"max\":5}}}",
         "{\"c\":{\"options\":{\"capped\":true,\"size\":4096}}}",
         "{\"collMod\":\"c\",\"cappedSize\":4096,\"cappedMax\":0}\n"
         "<- {\"collMod\":\"c\",\"cappedSize\":8192,\"cappedMax\":5}\n! DATA_LOSS\n");
    assert_str(plan_text(*state, OLD_5, "{\"c\":{\"options\":{\"capped\":true,\"size\":8192}}}",
                         "{\"c\":{\"options\":{\"capped\":true,\"size\":4096}}}", (struct how){0}),
               "UNSUPPORTED_CHANGE: collection c: servers before 6.0 do not know cappedSize\n");
    PLAN("{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\"},\"expireAfterSeconds\":60}}}",
         "{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\",\"granularity\":\"hours\"}}}}",
         "{\"collMod\":\"t\",\"expireAfterSeconds\":\"off\",\"timeseries\":{\"granularity\":"
         "\"hours\"}}\n<- {\"snapIrreversible\":\"collection t: a server only raises its "
         "granularity\"}\n! no way back\n");
}

static void for_life(void **state)
{
    assert_str(plan_text(*state, NEW_7,
                         "{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\","
                         "\"granularity\":\"hours\"}}}}",
                         "{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\","
                         "\"bucketMaxSpanSeconds\":7200,\"bucketRoundingSeconds\":7200}}}}",
                         (struct how){0}),
               "UNSUPPORTED_CHANGE: collection t: a server only raises its bucket_max_span, "
               "bucket_rounding, granularity\n");
    assert_str(
        plan_text(*state, OLD_5, "{\"c\":{}}",
                  "{\"c\":{\"options\":{\"changeStreamPreAndPostImages\":{\"enabled\":true}}}}",
                  (struct how){0}),
        "UNSUPPORTED_CHANGE: collection c: servers before 6.0 do not know "
        "changeStreamPreAndPostImages\n");
    static const char *const pairs[][3] = {
        {"{\"c\":{\"options\":{\"collation\":{\"locale\":\"fr\"}}}}", "{\"c\":{}}", "collation"},
        {"{\"c\":{}}", "{\"c\":{\"options\":{\"capped\":true,\"size\":4096}}}", "capped, size"},
        {"{\"c\":{\"options\":{\"timeseries\":{\"timeField\":\"a\"}}}}",
         "{\"c\":{\"options\":{\"timeseries\":{\"timeField\":\"b\"}}}}", "time_field"},
        {"{\"c\":{}}",
         "{\"c\":{\"options\":{\"clusteredIndex\":{\"key\":{\"_id\":1},\"unique\":true}}}}",
         "clustered"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct str refused = plan_text(*state, NEW_7, pairs[i][0], pairs[i][1], (struct how){0});
        struct str made =
            plan_text(*state, NEW_7, pairs[i][0], pairs[i][1], (struct how){.recreate = true});
        if (!str_starts(refused, STR("UNSUPPORTED_CHANGE: collection c: no command changes its ")))
            fail_msg("%s: %.*s", pairs[i][2], STR_ARG(refused));
        assert_true(str_find(refused, str_sub(str_c(pairs[i][2]), 0, 6)) < refused.n);
        if (!str_starts(made, STR("{\"drop\":\"c\"}\n<- {\"create\":\"c\"")) ||
            str_find(made, STR("! DATA_LOSS\n{\"create\":\"c\"")) == made.n)
            fail_msg("%s: %.*s", pairs[i][2], STR_ARG(made));
    }
    assert_str(plan_text(*state, NEW_7,
                         "{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\","
                         "\"granularity\":\"hours\"}}}}",
                         "{\"t\":{\"options\":{\"timeseries\":{\"timeField\":\"at\"}}}}",
                         (struct how){0}),
               "UNSUPPORTED_CHANGE: collection t: a server only raises its granularity\n");
    struct str made = plan_text(*state, NEW_7, "{\"c\":{}}",
                                "{\"c\":{\"view\":{\"viewOn\":\"d\",\"pipeline\":[]}},\"d\":{}}",
                                (struct how){0});
    if (!str_starts(made, STR("UNSUPPORTED_CHANGE: collection c: it becomes a view")))
        fail_msg("%.*s", STR_ARG(made));
}

#define C_WITH(index) "{\"c\":{\"indexes\":[" index "]}}"
#define A "\"key\":{\"a\":1},\"name\":\"a\""

static void index_changes(void **state)
{
    PLAN(C_WITH("{" A "}"), C_WITH("{" A ",\"hidden\":true}"),
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":true}}\n"
         "<- {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":false}}\n");
    PLAN(C_WITH("{" A ",\"expireAfterSeconds\":60}"), C_WITH("{" A ",\"expireAfterSeconds\":50}"),
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"expireAfterSeconds\":50}}\n"
         "<- {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"expireAfterSeconds\":60}}\n"
         "! DATA_LOSS\n");
    PLAN(
        C_WITH("{" A "}"), C_WITH("{" A ",\"expireAfterSeconds\":50,\"hidden\":true}"),
        "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":true,\"expireAfterSeconds\":50}}\n"
        "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
        "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n! DATA_LOSS\n");
    /* no command takes the seconds away */
    PLAN(C_WITH("{" A "}"), C_WITH("{" A ",\"expireAfterSeconds\":50}"),
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"expireAfterSeconds\":50}}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n! DATA_LOSS\n");
    PLAN(C_WITH("{" A ",\"expireAfterSeconds\":50}"), C_WITH("{" A "}"),
         "{\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A ",\"expireAfterSeconds\":50}]}\n"
         "{\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n! INDEX_BUILD\n");
    /* the new one is there before the old one goes, unless they are in each other's way */
    PLAN(C_WITH("{" A "}"), C_WITH("{\"key\":{\"b\":1},\"name\":\"b\"}"),
         "{\"createIndexes\":\"c\",\"indexes\":[{\"key\":{\"b\":1},\"name\":\"b\"}]}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"b\"}\n! INDEX_BUILD\n"
         "{\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n");
    PLAN(C_WITH("{" A "}"), C_WITH("{\"key\":{\"a\":1},\"name\":\"b\"}"),
         "{\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n"
         "{\"createIndexes\":\"c\",\"indexes\":[{\"key\":{\"a\":1},\"name\":\"b\"}]}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"b\"}\n! INDEX_BUILD\n");
    assert_str(
        plan_text(*state, NEW_7, C_WITH("{" A "}"), C_WITH(""), (struct how){.online = true}),
        "expand: {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":true}}\n"
        "<- {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":false}}\n"
        "contract: {\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
        "<- {\"createIndexes\":\"c\",\"indexes\":[{" A ",\"hidden\":true}]}\n");
}

static void to_unique(void **state)
{
    const char *plain = C_WITH("{" A "}"), *unique = C_WITH("{" A ",\"unique\":true}");
    PLAN(plain, unique,
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"prepareUnique\":true}}\n"
         "<- {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"prepareUnique\":false}}\n"
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"unique\":true},\"dryRun\":true}\n"
         "! DATA_DEPENDENT\n"
         "{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"unique\":true}}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n"
         "<- {\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"prepareUnique\":true}}\n"
         "! DATA_DEPENDENT\n");
    /* what else differs goes before */
    struct str both = plan_text(*state, NEW_7, plain,
                                C_WITH("{" A ",\"unique\":true,\"hidden\":true}"), (struct how){0});
    assert_true(
        str_starts(both, STR("{\"collMod\":\"c\",\"index\":{\"name\":\"a\",\"hidden\":true}}")));
    assert_str(plan_text(*state, OLD_5, plain, unique, (struct how){0}),
               "{\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
               "<- {\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n"
               "{\"createIndexes\":\"c\",\"indexes\":[{" A ",\"unique\":true}]}\n"
               "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n! DATA_DEPENDENT\n! INDEX_BUILD\n");
    PLAN(unique, plain,
         "{\"dropIndexes\":\"c\",\"index\":\"a\"}\n"
         "<- {\"createIndexes\":\"c\",\"indexes\":[{" A ",\"unique\":true}]}\n"
         "{\"createIndexes\":\"c\",\"indexes\":[{" A "}]}\n"
         "<- {\"dropIndexes\":\"c\",\"index\":\"a\"}\n! INDEX_BUILD\n");
}

#define VIEW(name, on, pipeline)                                                                   \
    "\"" name "\":{\"view\":{\"viewOn\":\"" on "\",\"pipeline\":[" pipeline "]}}"

static void views(void **state)
{
    PLAN("{\"c\":{}}",
         "{\"a\":{\"view\":{\"viewOn\":\"b\",\"pipeline\":[{\"$facet\":{\"x\":[{\"$lookup\":"
         "{\"from\":\"z\",\"as\":\"q\"}}]}}]}},\"b\":{\"view\":{\"viewOn\":\"c\",\"pipeline\":[]}},"
         "\"c\":{},\"z\":{\"view\":{\"viewOn\":\"gone\",\"pipeline\":[{\"$unionWith\":\"b\"}]}}}",
         "{\"create\":\"b\",\"viewOn\":\"c\",\"pipeline\":[]}\n<- {\"drop\":\"b\"}\n"
         "{\"create\":\"z\",\"viewOn\":\"gone\",\"pipeline\":[{\"$unionWith\":\"b\"}]}\n"
         "<- {\"drop\":\"z\"}\n"
         "{\"create\":\"a\",\"viewOn\":\"b\",\"pipeline\":[{\"$facet\":{\"x\":[{\"$lookup\":"
         "{\"from\":\"z\",\"as\":\"q\"}}]}}]}\n<- {\"drop\":\"a\"}\n");
    PLAN("{" VIEW("v", "c", "") "}", "{" VIEW("v", "d", "{\"$match\":{\"a\":1}}") "}",
         "{\"collMod\":\"v\",\"viewOn\":\"d\",\"pipeline\":[{\"$match\":{\"a\":1}}]}\n"
         "<- {\"collMod\":\"v\",\"viewOn\":\"c\",\"pipeline\":[]}\n");
    /* what each reads turns round */
    PLAN("{\"c\":{}," VIEW("v", "c", "") "," VIEW("w", "v", "") "}",
         "{\"c\":{}," VIEW("v", "w", "") "," VIEW("w", "c", "") "}",
         "{\"collMod\":\"w\",\"viewOn\":\"c\",\"pipeline\":[]}\n"
         "<- {\"collMod\":\"w\",\"viewOn\":\"v\",\"pipeline\":[]}\n"
         "{\"collMod\":\"v\",\"viewOn\":\"w\",\"pipeline\":[]}\n"
         "<- {\"collMod\":\"v\",\"viewOn\":\"c\",\"pipeline\":[]}\n");
}

/* What the documents that are there, and the views that stay, get to feel. */
static void hazards(void **state)
{
    PLAN("{\"c\":{}}", "{\"c\":{\"options\":{\"validator\":{\"a\":1}}}}",
         "{\"collMod\":\"c\",\"validator\":{\"a\":1},\"validationLevel\":\"strict\","
         "\"validationAction\":\"error\"}\n"
         "<- {\"collMod\":\"c\",\"validator\":{},\"validationLevel\":\"strict\","
         "\"validationAction\":\"error\"}\n! OLD_DOCUMENTS\n");
    PLAN("{\"c\":{}," VIEW("v", "c", "") "}", "{" VIEW("v", "c", "") "}",
         "{\"drop\":\"c\"}\n<- {\"create\":\"c\"}\n! DATA_LOSS\n! DANGLING\n");
    PLAN("{}", "{\"c\":{\"options\":{\"collation\":{\"locale\":\"fr\",\"version\":\"57.1\"}}}}",
         "{\"create\":\"c\",\"collation\":{\"locale\":\"fr\"}}\n<- {\"drop\":\"c\"}\n");
}

/* Each is a difference, whether or not snap knows what it means. */
static void nothing_lost(void **state)
{
    static const char *const pairs[][2] = {
        {"{\"timeseries\":{\"timeField\":\"t\"}}",
         "{\"timeseries\":{\"timeField\":\"t\",\"x\":5}}"},
        {"{\"changeStreamPreAndPostImages\":{\"enabled\":true}}",
         "{\"changeStreamPreAndPostImages\":{\"enabled\":true,\"after\":9}}"},
        {"{}", "{\"validationLevel\":5}"},
        {"{}", "{\"timeseries\":5}"},
        {"{}", "{\"clusteredIndex\":true}"},
        {"{}", "{\"later\":1}"},
    };
    static const char *const options[] = {"\"later\":1", "\"weights\":5", "\"sparse\":\"yes\"",
                                          "\"2dsphereIndexVersion\":\"x\"", "\"collation\":1"};
    struct str plain = database(*state, NEW_7, C_WITH("{" A "}"))->v[1].a;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct str a[2];
        for (int k = 0; k < 2; k++)
            a[k] = database(*state, NEW_7,
                            arena_printf(*state, "{\"c\":{\"options\":%s}}", pairs[i][k]).p)
                       ->v[0]
                       .a;
        if (str_eq(a[0], a[1]))
            fail_msg("%s is %s", pairs[i][0], pairs[i][1]);
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct str json = arena_printf(*state, "{\"c\":{\"indexes\":[{" A ",%s}]}}", options[i]);
        if (str_eq(database(*state, NEW_7, json.p)->v[1].a, plain))
            fail_msg("%s is nothing", options[i]);
    }
    /* null and {} are nothing, there as well */
    assert_str(facts(*state, database(*state, NEW_7, "{\"c\":{\"options\":{\"zzz\":null}}}")),
               "collection:c {}\n");
}

/* What a diff tells without a plan. */
static void told_early(void **state)
{
    static const char *const pairs[][2] = {
        {C_WITH("{" A "}"), C_WITH("{" A ",\"expireAfterSeconds\":9}")},
        {C_WITH(""), C_WITH("{" A ",\"expireAfterSeconds\":9}")},
    };
    struct changes *c;
    struct err e = {0};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_ok(diff_catalogs(database(*state, NEW_7, pairs[i][0]),
                                database(*state, NEW_7, pairs[i][1]), engine_mongodb.facets, *state,
                                &c, &e),
                  e);
        assert_int_equal(c->n, 1);
        assert_true(c->v[0].hazards & 1u << HZ_DATA_LOSS);
    }
    assert_ok(diff_catalogs(database(*state, NEW_7, "{}"), database(*state, NEW_7, pairs[1][1]),
                            engine_mongodb.facets, *state, &c, &e),
              e);
    for (uint32_t i = 0; i < c->n; i++)
        assert_false(c->v[i].hazards & 1u << HZ_DATA_LOSS);
}

/* A snapshot that was edited: commands come from its words, which must be those of the facts. */
static void edited(void **state)
{
    static const char *const words[] = {"{}",
                                        "{\"options\":\"5\"}",
                                        "{\"options\":\"[1]\"}",
                                        "{\"options\":\"{}\"}",
                                        "{\"spec\":\"{}\"}",
                                        "{\"options\":\"{\\\"viewOn\\\":\\\"x\\\"}\"}"};
    const char *json = "{\"c\":{\"options\":{\"validator\":{\"a\":1}},\"indexes\":[{" A
                       ",\"unique\":true}]}," VIEW("v", "c", "") "}";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (uint32_t k = 0; k < 3; k++) {
            struct catalog *from = database(*state, NEW_7, "{}");
            struct catalog *to = database(*state, NEW_7, json);
            struct strbuf out = sb_new(*state, 0);
            struct err e = {0};
            to->v[k].src = str_c(words[i]);
            assert_err(plan_of(*state, from, to, (struct how){0}, &out, &e), e,
                       E_UNSUPPORTED_CHANGE);
        }
}

#define ENCRYPTED(id, more)                                                                        \
    "{\"c\":{\"options\":{\"validator\":{\"$jsonSchema\":{\"properties\":{\"a\":{\"encrypt\":"     \
    "{\"keyId\":[{\"$uuid\":\"00000000-0000-0000-0000-00000000000" id "\"}]}}" more "}}}}}}"

/* Keys of encryption are no difference, and another environment's are never written. */
static void keys_of_encryption(void **state)
{
    PLAN(ENCRYPTED("1", ""), ENCRYPTED("2", ""), "");
    struct str made = plan_text(*state, NEW_7, "{}", ENCRYPTED("2", ""), (struct how){0});
    struct str changed =
        plan_text(*state, NEW_7, ENCRYPTED("1", ""),
                  ENCRYPTED("2", ",\"b\":{\"bsonType\":\"int\"}"), (struct how){0});
    struct str dropped = plan_text(*state, NEW_7, ENCRYPTED("1", ""), "{}", (struct how){0});
    assert_true(
        str_starts(made, STR("UNSUPPORTED_CHANGE: collection c: its validator names keys")));
    assert_true(
        str_starts(changed, STR("UNSUPPORTED_CHANGE: collection c: its validator names k")));
    assert_true(str_starts(dropped, STR("{\"drop\":\"c\"}\n<- {\"create\":\"c\",\"validator\"")));
}

static void searches(void **state)
{
    const char *was =
        "{\"c\":{\"searches\":[{\"name\":\"s\",\"type\":\"search\",\"status\":\"READY\","
        "\"latestDefinition\":{\"mappings\":{\"dynamic\":true}}}]}}";
    const char *is =
        "{\"c\":{\"searches\":[{\"name\":\"s\",\"type\":\"search\",\"status\":\"BUILDING\","
        "\"latestDefinition\":{\"mappings\":{\"dynamic\":false}}}]}}";
    PLAN(was, is,
         "{\"updateSearchIndex\":\"c\",\"name\":\"s\",\"definition\":{\"mappings\":{\"dynamic\":"
         "false}}}"
         "\n<- "
         "{\"updateSearchIndex\":\"c\",\"name\":\"s\",\"definition\":{\"mappings\":{\"dynamic\":"
         "true}}}\n");
    /* its keys have no order */
    PLAN("{\"c\":{\"searches\":[{\"name\":\"s\",\"latestDefinition\":{\"a\":{\"x\":1,"
         "\"y\":2}}}]}}",
         "{\"c\":{\"searches\":[{\"name\":\"s\",\"latestDefinition\":{\"a\":{\"y\":2,"
         "\"x\":1}}}]}}",
         "");
}

#define ROLE(db, privileges, roles)                                                                \
    "{\"c\":{\"roles\":[{\"role\":\"r\",\"db\":\"" db "\",\"privileges\":[" privileges             \
    "],\"roles\":[" roles "]}]}}"
#define MAY(db, verb)                                                                              \
    "{\"resource\":{\"db\":\"" db "\",\"collection\":\"c\"},\"actions\":[\"" verb "\"]}"
#define HAS(db, role) "{\"role\":\"" role "\",\"db\":\"" db "\"}"

/* What is the own database on one side is the own one on the other. */
static void roles_of_two_databases(void **state)
{
    struct how how = {.facets = F_STRUCTURE | F_ACL};
    const char *dev = ROLE("dev", MAY("dev", "find"), HAS("dev", "read"));
    struct str text =
        plan_text(*state, NEW_7, dev, ROLE("prod", MAY("prod", "find"), HAS("prod", "read")), how);
    assert_str(text, "");
    text =
        plan_text(*state, NEW_7, dev,
                  ROLE("prod", MAY("prod", "find"), HAS("prod", "write") "," HAS("x", "w")), how);
    assert_str(text, "{\"updateRole\":\"r\",\"roles\":[\"write\",{\"role\":\"w\",\"db\":\"x\"}]}\n"
                     "<- {\"updateRole\":\"r\",\"roles\":[\"read\"]}\n");
    text = plan_text(*state, NEW_7, ROLE("dev", "", ""), ROLE("prod", MAY("x", "find"), ""), how);
    assert_str(text, "{\"updateRole\":\"r\",\"privileges\":[" MAY(
                         "x", "find") "]}\n"
                                      "<- {\"updateRole\":\"r\",\"privileges\":[]}\n");
    /* A resource has to name its database. */
    text = plan_text(*state, NEW_7, dev, ROLE("prod", MAY("prod", "insert"), ""), how);
    if (!str_starts(text, STR("UNSUPPORTED_CHANGE: role r: ")))
        fail_msg("%.*s", STR_ARG(text));
    text = plan_text(*state, NEW_7, dev, "{\"c\":{}}", how);
    if (!str_ends(text, STR("\n! no way back\n")))
        fail_msg("%.*s", STR_ARG(text));
}

static void sharding(void **state)
{
    struct str refused =
        plan_text(*state, NEW_7, "{\"c\":{}}", "{\"c\":{\"sharded\":{\"key\":{\"a\":\"hashed\"}}}}",
                  (struct how){.facets = F_STRUCTURE | F_SHARDING});
    if (!str_starts(refused, STR("UNSUPPORTED_CHANGE: collection c: how it is sharded differs")))
        fail_msg("%.*s", STR_ARG(refused));
    PLAN("{\"c\":{}}", "{\"c\":{\"sharded\":{\"key\":{\"a\":\"hashed\"}}}}", "");
}

static void changelog_words(void **state)
{
    struct typed t = {.name = "createCollection",
                      .key = {{"collectionName", STR("c"), false},
                              {"options", STR("{\"capped\":true,\"size\":1}"), false}},
                      .nkeys = 2};
    struct strbuf b = sb_new(*state, 0);
    assert_true(engine_mongodb.typed_sql(&t, &b));
    assert_str(sb_view(&b), "{\"create\":\"c\",\"capped\":true,\"size\":1}");
    t.name = "dropCollection";
    assert_false(engine_mongodb.typed_sql(&t, &b));
    struct script s = {.rest = STR(" {\"a\":\"}\\\"{\"}\n{\"b\":{}} ")};
    struct str one;
    assert_true(engine_mongodb.split(&s, &one));
    assert_str(one, "{\"a\":\"}\\\"{\"}");
    assert_true(engine_mongodb.split(&s, &one));
    assert_str(one, "{\"b\":{}}");
    assert_false(engine_mongodb.split(&s, &one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(collections),
        TEST(without_text),
        TEST(indexes),
        TEST(inherited),
        TEST(whole_collections),
        TEST(collmod),
        TEST(for_life),
        TEST(index_changes),
        TEST(to_unique),
        TEST(views),
        TEST(hazards),
        TEST(searches),
        TEST(sharding),

        TEST(roles_of_two_databases),
        TEST(nothing_lost),
        TEST(told_early),
        TEST(edited),
        TEST(changelog_words),
        TEST(keys_of_encryption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
