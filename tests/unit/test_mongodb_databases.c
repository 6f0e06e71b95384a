/* Whole databases of MongoDB: what does not matter is no difference, one change that matters is one
 * change, and its commands lead there and back. 10,000 pairs from fixed seeds. */

#include "diff/diff.h"
#include "drivers/mongodb/mongodb.h"
#include "tests/harness/mongo_db.h"
#include "tests/harness/unit.h"

enum { PAIRS = 10000 };
#define VERSION "MongoDB 8.0.4"
#define HOW(i, k) ((uint64_t)(i)*4 + (k))

static struct str facts_text(struct arena *mem, const struct catalog *cat)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < cat->n; i++)
        sb_printf(&b, "%.*s %.*s\n", STR_ARG(cat->v[i].path), STR_ARG(cat->v[i].a));
    return sb_view(&b);
}

static void assert_same(struct arena *mem, const struct catalog *got, const struct catalog *want,
                        const char *what, uint32_t i)
{
    if (!hash_eq(got->fingerprint, want->fingerprint) || got->nledger)
        fail_msg("%u: %s\ngot\n%.*swant\n%.*s", i, what, STR_ARG(facts_text(mem, got)),
                 STR_ARG(facts_text(mem, want)));
}

static struct changes *changes_of(struct arena *mem, const struct catalog *from,
                                  const struct catalog *to)
{
    struct changes *c = NULL;
    struct err e = {0};
    assert_ok(diff_catalogs(from, to, engine_mongodb.facets, mem, &c, &e), e);
    return c;
}

struct how {
    bool online, recreate;
};

static int plan_of(struct arena *mem, const struct changes *c, const struct catalog *from,
                   const struct catalog *to, struct how how, struct plan **plan, struct err *e)
{
    struct plan_request req = {.changes = c,
                               .states = &from,
                               .to = to,
                               .facets = engine_mongodb.facets,
                               .online = how.online,
                               .recreate = how.recreate};
    return plan_make(&req, mem, plan, e);
}

/* Carries the statements out; their verbs go to `verbs`. */
static void run(struct arena *mem, struct mv *db, const struct stmt *v, uint32_t n,
                struct strbuf *verbs, uint32_t i)
{
    for (uint32_t k = 0; k < n; k++) {
        struct mv *command = NULL;
        struct err e = {0};
        assert_int_equal(v[k].lang, LANG_COMMAND);
        assert_ok(mv_from_json(mem, v[k].text, &command, &e), e);
        const char *wrong = mongo_run(mem, db, command);
        if (wrong)
            fail_msg("%u: %s\n%.*s", i, wrong, STR_ARG(v[k].text));
        sb_printf(verbs, "%s%.*s", verbs->n ? " " : "", STR_ARG(command->first->key));
    }
}

/* There, and back where there is a way back. */
static void there_and_back(struct arena *mem, const struct plan *p, const struct mv *db,
                           const struct catalog *from, const struct catalog *to,
                           struct strbuf *verbs, uint32_t i)
{
    struct mv *at = mv_copy(mem, db);
    bool back = true;
    for (uint32_t k = 0; k < p->n; k++) {
        run(mem, at, p->v[k].fwd, p->v[k].nfwd, verbs, i);
        back = back && p->v[k].rev != REV_NONE;
    }
    assert_same(mem, mongo_facts(mem, at, VERSION), to, "forward", i);
    sb_c(verbs, " <-");
    if (!back)
        return;
    for (uint32_t k = p->n; k > 0; k--)
        run(mem, at, p->v[k - 1].back, p->v[k - 1].nback, verbs, i);
    assert_same(mem, mongo_facts(mem, at, VERSION), from, "back", i);
}

/* The create commands alone say all that the facts do. */
static void from_nothing(struct arena *mem, const struct catalog *to, uint32_t i)
{
    const struct mv *none = mv_new(mem, MV_DOCUMENT);
    const struct catalog *empty = mongo_facts(mem, none, VERSION);
    struct strbuf verbs = sb_new(mem, 0);
    struct plan *p = NULL;
    struct err e = {0};
    assert_ok(plan_of(mem, changes_of(mem, empty, to), empty, to, (struct how){0}, &p, &e), e);
    there_and_back(mem, p, none, empty, to, &verbs, i);
}

/* --- what commands a change is expected to have --- */

#define MADE_ANEW "dropIndexes createIndexes <- dropIndexes createIndexes"
#define BY_COLLMOD "collMod <- collMod"

static void put_times(struct strbuf *b, const char *word, uint32_t n)
{
    while (n--)
        sb_c(b, word);
}

/* The collection goes with its indexes, and comes again with them. */
static struct str with_indexes(struct arena *mem, const struct catalog *from, const struct obj *o)
{
    struct strbuf b = sb_new(mem, 0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < from->n; i++)
        n += str_eq(path_parent(from->v[i].path), o->path);
    sb_c(&b, "refused: drop create");
    put_times(&b, " createIndexes", n);
    sb_c(&b, " <-");
    put_times(&b, " dropIndexes", n);
    sb_c(&b, " drop create");
    put_times(&b, " createIndexes", n);
    return sb_view(&b);
}

static struct str for_index(const struct change *c, struct str attr)
{
    if (str_eq_c(attr, "hidden"))
        return STR(BY_COLLMOD);
    if (str_eq_c(attr, "expire_after"))
        return obj_raw(c->before, "expire_after").n ? STR(BY_COLLMOD)
                                                    : STR("collMod <- dropIndexes createIndexes");
    if (str_eq_c(attr, "unique") && obj_true(c->after, "unique"))
        return STR("collMod collMod collMod <- dropIndexes createIndexes collMod collMod");
    return STR(MADE_ANEW);
}

static struct str for_collection(struct arena *mem, const struct catalog *from,
                                 const struct change *c, struct str attr)
{
    if (str_has_word(STR("validator,check_level,on_invalid,images,size,max,expire_after"), attr))
        return STR(BY_COLLMOD);
    /* Seconds are not written, so it is the coarser one that is there on one side only; hours to
     * seconds and minutes to hours are told apart by what stands before. */
    if (str_eq_c(attr, "granularity") &&
        !str_eq(obj_raw(c->before, "granularity"), STR("\"hours\"")))
        return STR("collMod <-");
    return with_indexes(mem, from, c->before);
}

static struct str expected(struct arena *mem, const struct catalog *from, const struct change *c)
{
    struct str kind = path_kind(change_obj(c)->path);
    bool index = str_eq_c(kind, "index");
    if (c->op == OP_ADD)
        return index ? STR("createIndexes <- dropIndexes") : STR("create <- drop");
    assert_int_equal(c->op, OP_ALTER);
    /* Another field of a text index is in its keys and in its weights. */
    bool field = c->nattrs == 2 && str_eq_c(str_c(c->attrs[1].attr->name), "weights");
    if (c->nattrs != 1 && !field)
        fail_msg("%.*s: %s and %s", STR_ARG(c->after->path), c->attrs[0].attr->name,
                 c->attrs[1].attr->name);
    struct str attr = str_c(c->attrs[0].attr->name);
    if (index)
        return for_index(c, attr);
    if (str_eq_c(kind, "collection"))
        return for_collection(mem, from, c, attr);
    return str_eq_c(attr, "collation") ? STR("drop create <- drop create") : STR(BY_COLLMOD);
}

/* The index that a time series has by itself goes right behind its create; that is no part of what
 * is expected of a change. */
static struct str without_default_index(struct arena *mem, struct str verbs)
{
    struct str pair = STR(" create dropIndexes");
    struct strbuf b = sb_new(mem, 0);
    for (size_t at = str_find(verbs, pair); at < verbs.n; at = str_find(verbs, pair)) {
        sb_str(&b, str_sub(verbs, 0, at));
        sb_c(&b, " create");
        verbs = str_from(verbs, at + pair.n);
    }
    sb_str(&b, verbs);
    return sb_view(&b);
}

static bool has_default_index(const struct obj *o)
{
    return obj_raw(o, "time_field").n && obj_raw(o, "meta_field").n;
}

static void commands(struct arena *mem, const struct changes *changes, const struct mv *db,
                     const struct catalog *from, const struct catalog *to, uint32_t i)
{
    struct strbuf verbs = sb_new(mem, 0);
    struct plan *p = NULL;
    struct err e = {0};
    if (plan_of(mem, changes, from, to, (struct how){0}, &p, &e)) {
        assert_int_equal(e.code, E_UNSUPPORTED_CHANGE);
        assert_ok(plan_of(mem, changes, from, to, (struct how){.recreate = true}, &p, &e), e);
        sb_c(&verbs, "refused:");
    }
    there_and_back(mem, p, db, from, to, &verbs, i);
    struct str want = expected(mem, from, &changes->v[0]), got = sb_view(&verbs);
    if (has_default_index(change_obj(changes->v)))
        got = without_default_index(mem, got);
    if (!str_eq(got, want))
        fail_msg("%u: %.*s\ngot  %.*s\nwant %.*s", i, STR_ARG(change_obj(changes->v)->path),
                 STR_ARG(got), STR_ARG(want));
}

static void one_pair(struct arena *mem, uint32_t i)
{
    struct spec s1 = spec_new(mem, i, HOW(i, 0), UINT32_MAX);
    struct spec s2 = spec_new(mem, i, HOW(i, 1), UINT32_MAX);
    struct mv *a = spec_database(&s1), *b = spec_database(&s2);
    struct spec dice = spec_new(mem, i, HOW(i, 2), 0);
    struct spec s3 = spec_new(mem, i, HOW(i, 3), spec_how(&dice, s1.points));
    struct mv *c = spec_database(&s3);
    struct catalog *from = mongo_facts(mem, a, VERSION), *same = mongo_facts(mem, b, VERSION);
    struct catalog *to = mongo_facts(mem, c, VERSION);
    assert_same(mem, same, from, "written in another way", i);
    assert_int_equal(changes_of(mem, from, same)->n, 0);
    assert_non_null(s3.changed);
    if (hash_eq(from->fingerprint, to->fingerprint))
        fail_msg("%u: %s is not seen\n%.*s", i, s3.changed, STR_ARG(facts_text(mem, from)));
    struct changes *changes = changes_of(mem, from, to);
    if (changes->n != 1)
        fail_msg("%u: %s: %u changes\n%.*s---\n%.*s", i, s3.changed, changes->n,
                 STR_ARG(facts_text(mem, from)), STR_ARG(facts_text(mem, to)));
    commands(mem, changes, a, from, to, i);
    if (i % 4 == 0)
        from_nothing(mem, from, i);
}

/* Many changes at once: whatever the order of the commands, each is one that a server takes. */
static void many_changes(void **state)
{
    struct arena *mem = *state;
    for (uint32_t i = 0; i < PAIRS / 20; i++) {
        struct arena_mark mark = arena_mark(mem);
        struct spec s = spec_new(mem, i, HOW(i, 0), UINT32_MAX), t = s;
        t.some = i;
        t.one_in = 2 + i % 20;
        struct mv *a = spec_database(&s), *b = spec_database(&t);
        struct catalog *from = mongo_facts(mem, a, VERSION), *to = mongo_facts(mem, b, VERSION);
        for (uint32_t k = 0; k < 4; k++) {
            struct catalog *x = k % 2 ? to : from, *y = k % 2 ? from : to;
            struct how how = {.online = k > 1, .recreate = true};
            struct strbuf verbs = sb_new(mem, 0);
            struct plan *p = NULL;
            struct err e = {0};
            assert_ok(plan_of(mem, changes_of(mem, x, y), x, y, how, &p, &e), e);
            there_and_back(mem, p, k % 2 ? b : a, x, y, &verbs, i);
        }
        arena_release(mem, mark);
    }
}

static void shuffles_and_changes(void **state)
{
    struct arena *mem = *state;
    for (uint32_t i = 0; i < PAIRS; i++) {
        struct arena_mark mark = arena_mark(mem);
        one_pair(mem, i);
        arena_release(mem, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(shuffles_and_changes), TEST(many_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
