/* What documents hold: counts against counting by hand, reports, verdicts, validators. */

#include "tests/harness/mongodb.h"

#include <math.h>
#include <string.h>

#include "drivers/mongodb/sample_parts.h"

static struct str report_of(struct arena *mem, const struct mg_sample *s, bool all)
{
    struct strbuf out = sb_new(mem, 0);
    mg_report_begin(&out);
    mg_report_collection(&out, s, all, 40000);
    mg_report_end(&out);
    return sb_view(&out);
}

static struct str report_of_texts(struct arena *mem, const char *const *texts, size_t n, bool all)
{
    struct mg_sample *s = mg_sample_new(mem, STR("c"));
    for (size_t i = 0; i < n; i++)
        mg_sample_add(s, value_of(mem, texts[i]), 1);
    return report_of(mem, s, all);
}
#define REPORT(mem, texts, all) report_of_texts(mem, texts, sizeof texts / sizeof *texts, all)

/* path in documents missing type:count ... of each field, a line each. */
static struct str lines_of(struct arena *mem, struct str text)
{
    struct report r;
    struct err e = {0};
    struct strbuf out = sb_new(mem, 0);
    assert_ok(mg_report_read(mem, text, &r, &e), e);
    assert_int_equal(r.n, 1);
    for (uint32_t i = 0; i < r.v[0].nfields; i++) {
        const struct seen_field *f = &r.v[0].fields[i];
        sb_printf(&out, "%.*s %d %d %d", STR_ARG(f->path), (int)f->in, (int)f->documents,
                  (int)f->missing);
        for (uint32_t k = 0; k < f->ntypes; k++)
            sb_printf(&out, " %.*s:%d", STR_ARG(f->types[k].name), (int)f->types[k].documents);
        sb_char(&out, '\n');
    }
    return sb_view(&out);
}

static const char *const some[] = {
    "{\"a\":\"x\",\"b\":{\"c\":1,\"d\":[1,2.5,{\"e\":true},3]},\"u\":[]}",
    "{\"a\":1,\"b\":{\"c\":null},\"x.y\":{\"$uuid\":\"00112233-4455-6677-8899-aabbccddeeff\"}}",
    "{\"b\":[{\"q\":1},{\"r\":1},{\"q\":\"x\",\"r\":1}],\"u\":[[1],[]]}",
    "{\"b\":[{\"q\":1}],\"u\":[],\"\":1,\"\\u001b[31m\":1,\"a b\":1,\"*\":1}",
};

static void counted(void **state)
{
    struct str text = REPORT(*state, some, true);
    assert_str(lines_of(*state, text), "\"\" 4 1 3 int:1\n"
                                       "\"*\" 4 1 3 int:1\n"
                                       "\"\\u001b[31m\" 4 1 3 int:1\n"
                                       "\"a b\" 4 1 3 int:1\n"
                                       "\"x.y\" 4 1 3 binData(4):1\n"
                                       "a 4 2 2 string:1 int:1\n"
                                       "b 4 4 0 object:2 array:2\n"
                                       "b.c 2 2 0 null:1 int:1\n"
                                       "b.d 2 1 1 array:1\n"
                                       "b.d[] 1 1 0 double:1 object:1 int:1\n"
                                       "b.d[].e 1 1 0 bool:1\n"
                                       "b[] 2 2 0 object:2\n"
                                       "b[].q 2 2 1 string:1 int:2\n"
                                       "b[].r 2 1 2 int:1\n"
                                       "u 4 3 1 array:3\n"
                                       "u[] 3 1 2 array:1\n"
                                       "u[][] 1 1 1 int:1\n");
    assert_true(str_starts(text, STR("{\"snap_infer\":1,\"engine\":\"mongodb\",")));
    assert_int_equal(str_find(text, STR("\x1b")), text.n);
    /* The same documents in another order give the same bytes. */
    const char *const turned[] = {some[2], some[3], some[0], some[1]};
    assert_true(str_eq(REPORT(*state, turned, true), text));
}

/* A field that comes in the middle of a document is missing in it once, before and after. */
static void missing_once(void **state)
{
    static const char *const texts[] = {"{\"b\":[{},{\"r\":1},{},{\"r\":1},{}]}",
                                        "{\"b\":[{\"r\":1}]}", "{\"b\":[]}", "{\"b\":[{}]}"};
    assert_str(lines_of(*state, REPORT(*state, texts, true)), "b 4 4 0 array:4\n"
                                                              "b[] 4 3 1 object:3\n"
                                                              "b[].r 3 2 2 int:2\n");
}

/* Many of one kind at once count as much as one after the other. */
static void at_once(void **state)
{
    struct mg_sample *each = mg_sample_new(*state, STR("c")),
                     *all = mg_sample_new(*state, STR("c"));
    for (uint64_t i = 0; i < sizeof some / sizeof *some; i++) {
        mg_sample_add(all, value_of(*state, some[i]), 3 * i);
        for (uint64_t k = 0; k < 3 * i; k++)
            mg_sample_add(each, value_of(*state, some[i]), 1);
    }
    assert_int_equal(mg_sample_documents(all), 18);
    assert_true(str_eq(report_of(*state, all, true), report_of(*state, each, true)));
}

static void every_type(void **state)
{
    static const char *const texts[] = {
        "{\"a\":[{\"$numberDouble\":\"1.0\"},\"x\",{},[],{\"$undefined\":true},"
        "{\"$binary\":{\"base64\":\"\",\"subType\":\"00\"}},"
        "{\"$binary\":{\"base64\":\"\",\"subType\":\"80\"}},"
        "{\"$oid\":\"0123456789abcdef01234567\"},true,{\"$date\":1},null,"
        "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"\"}},"
        "{\"$dbPointer\":{\"$ref\":\"a\",\"$id\":{\"$oid\":\"0123456789abcdef01234567\"}}},"
        "{\"$code\":\"f\"},{\"$symbol\":\"s\"},{\"$code\":\"f\",\"$scope\":{}},1,"
        "{\"$timestamp\":{\"t\":1,\"i\":1}},{\"$numberLong\":\"1\"},{\"$numberDecimal\":\"1\"},"
        "{\"$minKey\":1},{\"$maxKey\":1},1,1]}"};
    assert_str(lines_of(*state, REPORT(*state, texts, true)),
               "a 1 1 0 array:1\n"
               "a[] 1 1 0 double:1 string:1 object:1 array:1 binData(0):1 binData(128):1"
               " undefined:1 objectId:1 bool:1 date:1 null:1 regex:1 dbPointer:1 javascript:1"
               " symbol:1 javascriptWithScope:1 int:1 timestamp:1 long:1 decimal:1 maxKey:1"
               " minKey:1\n");
}

/* The same numbers on every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static struct mv *random_value(struct arena *mem, uint64_t *seed, int depth)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    uint64_t kind = next_random(seed) % (depth < 4 ? 6 : 4);
    if (kind == 0)
        return mv_text(mem, STR("x"));
    if (kind == 1)
        return mv_bool(mem, true);
    if (kind == 2)
        return mv_new(mem, MV_NULL);
    if (kind == 3)
        return mv_int(mem, 1);
    struct mv *v = mv_new(mem, kind == 4 ? MV_DOCUMENT : MV_ARRAY);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (next_random(seed) % 3 == 0)
            mv_add(v, kind == 4 ? str_c(keys[i]) : STR_NULL, random_value(mem, seed, depth + 1));
    return v;
}

/* Counting by hand: all there is to be said of a document, as words; "path=type", "path?" for a
 * container that has it not (of all paths that there are). */
struct words {
    VEC(struct str) v;
};

static void say(struct arena *mem, struct words *w, struct str word)
{
    for (uint32_t i = 0; i < w->v.n; i++)
        if (str_eq(w->v.v[i], word))
            return;
    VEC_PUSH(mem, w->v, word);
}

static void describe(struct arena *mem, const struct mv *v, struct str path,
                     const struct words *paths, struct words *out)
{
    static const char *const types[] = {
        [MV_STRING] = "string", [MV_DOCUMENT] = "object", [MV_ARRAY] = "array",
        [MV_BOOL] = "bool",     [MV_NULL] = "null",       [MV_INT32] = "int"};
    if (path.n)
        say(mem, out, arena_printf(mem, "%.*s=%s", STR_ARG(path), types[v->type]));
    if (v->type != MV_DOCUMENT && v->type != MV_ARRAY)
        return;
    const char *point = path.n ? "." : "";
    for (const struct mv *m = v->first; m; m = m->next)
        describe(mem, m,
                 v->type == MV_ARRAY
                     ? arena_printf(mem, "%.*s[]", STR_ARG(path))
                     : arena_printf(mem, "%.*s%s%.*s", STR_ARG(path), point, STR_ARG(m->key)),
                 paths, out);
    for (uint32_t i = 0; paths && i < paths->v.n; i++) {
        struct str last, parent = mg_path_parent(paths->v.v[i], &last);
        bool members = str_eq_c(last, "[]");
        if (str_eq(parent, path) && members == (v->type == MV_ARRAY) &&
            (members ? !v->first : !mv_get_str(v, last)))
            say(mem, out, arena_printf(mem, "%.*s?", STR_ARG(paths->v.v[i])));
    }
}

static void as_by_hand(void **state)
{
    enum { DOCUMENTS = 150 };
    uint64_t seed = 4711;
    struct mv *docs[DOCUMENTS];
    struct words words[DOCUMENTS], paths = {0}, none;
    struct mg_sample *s = mg_sample_new(*state, STR("c"));
    for (int i = 0; i < DOCUMENTS; i++) {
        do
            docs[i] = random_value(*state, &seed, 0);
        while (docs[i]->type != MV_DOCUMENT);
        mg_sample_add(s, docs[i], 1);
        none = (struct words){0};
        describe(*state, docs[i], STR(""), NULL, &none);
        for (uint32_t k = 0; k < none.v.n; k++)
            say(*state, &paths, str_sub(none.v.v[k], 0, str_chr(none.v.v[k], '=')));
    }
    for (int i = 0; i < DOCUMENTS; i++) {
        words[i] = (struct words){0};
        describe(*state, docs[i], STR(""), &paths, &words[i]);
    }
    struct report r;
    struct err e = {0};
    assert_ok(mg_report_read(*state, report_of(*state, s, true), &r, &e), e);
    assert_int_equal(r.v[0].nfields, paths.v.n);
    assert_true(paths.v.n > 100);
    for (uint32_t k = 0; k < r.v[0].nfields; k++) {
        const struct seen_field *f = &r.v[0].fields[k];
        for (uint32_t t = 0; t <= f->ntypes; t++) {
            struct str word = t < f->ntypes ? arena_printf(*state, "%.*s=%.*s", STR_ARG(f->path),
                                                           STR_ARG(f->types[t].name))
                                            : arena_printf(*state, "%.*s?", STR_ARG(f->path));
            uint64_t by_hand = 0;
            for (int i = 0; i < DOCUMENTS; i++)
                for (uint32_t w = 0; w < words[i].v.n; w++)
                    by_hand += str_eq(words[i].v.v[w], word) ? 1 : 0;
            assert_int_equal(by_hand, t < f->ntypes ? f->types[t].documents : f->missing);
        }
    }
}

/* Names that are data: one by one while they are few, then as one, whatever the order is. */
static void maps(void **state)
{
    for (int names = 11; names <= 13; names++)
        for (int turned = 0; turned < 2; turned++) {
            struct mg_sample *s = mg_sample_new(*state, STR("c"));
            for (int i = 0; i < names; i++) {
                int day = turned ? names - i : i + 1;
                struct str text = arena_printf(
                    *state, "{\"m\":{\"2024-01-%02d\":{\"n\":%d},\"kept\":1,\"x@y.z%d\":true}}",
                    day, day, day / 12);
                mg_sample_add(s, value_of(*state, text.p), 1);
            }
            struct str lines = lines_of(*state, report_of(*state, s, true));
            bool one = str_find(lines, STR("m.* ")) < lines.n;
            assert_int_equal(one, true); /* the addresses make them 12 */
            assert_int_equal(str_find(lines, STR("2024")), lines.n);
            assert_int_equal(str_find(lines, STR("@")), lines.n);
            struct str want = arena_printf(*state,
                                           "m %d %d 0 object:%d\n"
                                           "m.* %d %d 0 object:%d bool:%d\n"
                                           "m.*.n %d %d 0 int:%d\n"
                                           "m.kept %d %d 0 int:%d\n",
                                           names, names, names, names, names, names, names, names,
                                           names, names, names, names, names);
            assert_true(str_eq(lines, want));
        }
    static const char *const few[] = {"{\"v1\":1,\"v2\":{\"2024\":1,\"2025\":{\"7\":1}},\"2\":1}"};
    assert_str(lines_of(*state, REPORT(*state, few, true)), "2 1 1 0 int:1\n"
                                                            "v1 1 1 0 int:1\n"
                                                            "v2 1 1 0 object:1\n"
                                                            "v2.* 1 1 0 object:1 int:1\n"
                                                            "v2.*.* 1 1 0 int:1\n");
}

/* Names of data within names of data, many levels deep, cost no more than their levels. */
static void deep_maps(void **state)
{
    struct strbuf text = sb_new(*state, 0);
    for (int i = 0; i < 100; i++)
        sb_c(&text, "{\"1\":");
    sb_c(&text, "1");
    sb_pad(&text, '}', 100);
    struct mg_sample *s = mg_sample_new(*state, STR("c"));
    for (int i = 0; i < 50; i++)
        mg_sample_add(s, value_of(*state, text.p), 1);
    struct str report = report_of(*state, s, true);
    assert_true(str_find(report, STR("\"more\":true")) < report.n);
    assert_true(str_find(report, STR("1.*.*.*")) < report.n);
}

/* Memory depends on the fields, and no value is in the report. */
static void only_fields(void **state)
{
    struct arena *mine = arena_new(0), *docs = arena_new(0);
    struct mg_sample *s = mg_sample_new(mine, STR("c"));
    uint64_t seed = 99;
    size_t after = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(docs);
        struct str text =
            arena_printf(docs, "{\"name\":\"canary%d\",\"n\":%d,\"m\":{\"%llu\":\"canary\"}}", i, i,
                         (unsigned long long)next_random(&seed));
        mg_sample_add(s, value_of(docs, text.p), 1);
        arena_release(docs, mark);
        after = i == 100 ? arena_used(mine) : after;
    }
    assert_int_equal(arena_used(mine), after);
    assert_int_equal(mg_sample_documents(s), 20000);
    struct str report = report_of(*state, s, true);
    assert_int_equal(str_find(report, STR("canary")), report.n);
    assert_str(lines_of(*state, report), "m 20000 20000 0 object:20000\n"
                                         "m.* 20000 20000 0 string:20000\n"
                                         "n 20000 20000 0 int:20000\n"
                                         "name 20000 20000 0 string:20000\n");
    arena_free(mine);
    arena_free(docs);
}

static void limits(void **state)
{
    struct mg_sample *s = mg_sample_new(*state, STR("c"));
    struct mv *doc = mv_new(*state, MV_DOCUMENT);
    for (int i = 0; i < SAMPLE_KEYS + 5; i++) {
        char key[] = "aaaaa";
        for (int k = 0, left = i; k < 5; k++, left /= 26)
            key[k] = (char)('a' + left % 26);
        mv_add(doc, arena_str(*state, str_c(key)), mv_int(*state, 1));
    }
    mg_sample_add(s, doc, 1);
    struct report r;
    struct err e = {0};
    assert_ok(mg_report_read(*state, report_of(*state, s, true), &r, &e), e);
    assert_true(r.v[0].more);
    assert_int_equal(r.v[0].nfields, SAMPLE_KEYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counted), TEST(at_once),   TEST(missing_once), TEST(every_type), TEST(as_by_hand),
        TEST(maps),    TEST(deep_maps), TEST(only_fields),  TEST(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
