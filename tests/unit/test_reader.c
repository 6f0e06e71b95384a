/* The strict reader: everything that is not what snap writes is an error with a name and a line. */

#include <fcntl.h>
#include <unistd.h>

#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static void reads_what_is_written(void **state)
{
    struct arena *mem = *state;
    struct str text = mini_text(mem);
    struct strbuf again = sb_new(mem, 0);
    struct catalog *cat;
    struct err e = {0};
    assert_ok(snapshot_read(text, mem, &cat, &e), e);
    assert_int_equal(cat->n, 4);
    assert_int_equal(cat->nledger, 2);
    assert_str(cat->ledger[0].name, "g\\xff");
    assert_str(cat->v[1].deps, "[\"!no such thing\",\"table:a/column:b\"]");
    assert_int_equal(cat->v[2].line, 4);
    snapshot_text(cat, &again);
    assert_true(str_eq(sb_view(&again), text));
}

static void what_a_reader_tells(void **state)
{
    struct arena *mem = *state;
    struct reader *r;
    struct err e = {0};
    struct obj o;
    struct str line;
    assert_ok(reader_open(fd_of(mini_text(mem)), STR("x"), mini_engines, 0, mem, &r, &e), e);
    struct stream *s = reader_stream(r);
    assert_str(reader_scope(r), "{}");
    assert_int_equal(reader_facets(r), F_DEFAULT);
    assert_int_equal(s->captured, F_CAPTURED);
    assert_str(s->version, "Mini 1");
    while (s->next(s, &o, &line, &e) == 1)
        assert_ok(s->check(s, &o, line, &e), e);
    assert_int_equal(s->count, 4);
    assert_int_equal(s->nledger, 2);
    assert_true(hash_eq(s->fingerprint, mini_sample(mem)->fingerprint));
    reader_close(r);
    reader_close(r);
    reader_close(NULL);
}

/* Hashes are those of the facets that were asked for; the file's own are checked all the same. */
static void other_facets(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = mini_sample(mem), *got;
    struct reader *r;
    struct err e = {0};
    for (unsigned facets = 1; facets < 64; facets++) {
        cat->facets = facets;
        assert_ok(cat_finish(cat, &e), e);
        struct hash128 want = cat->fingerprint;
        assert_ok(reader_open(fd_of(mini_text(mem)), STR("x"), mini_engines, facets, mem, &r, &e),
                  e);
        assert_ok(catalog_of_stream(reader_stream(r), mem, &got, &e), e);
        assert_int_equal(got->facets, facets);
        assert_true(hash_eq(got->fingerprint, want));
        assert_true(hash_eq(reader_stream(r)->fingerprint, want));
        reader_close(r);
    }
    struct str bad = swapped(mem, mini_text(mem), "one", "two");
    assert_ok(reader_open(fd_of(bad), STR("x"), mini_engines, F_STORAGE, mem, &r, &e), e);
    assert_err(catalog_of_stream(reader_stream(r), mem, &got, &e), e, E_SNAPSHOT_FINGERPRINT);
    reader_close(r);
}

static const struct spoiled {
    const char *what, *with;
    enum err_code code;
    const char *says;
} spoiled[] = {
    /* the head */
    {"{\"snap\":1", "{\"snap\":2", E_SNAPSHOT_VERSION, "x.json line 1: format 2"},
    {"\"model\":7", "\"model\":8", E_SNAPSHOT_VERSION, "line 1"},
    {"\"engine\":\"mini\"", "\"engine\":\"maxi\"", E_UNKNOWN_ENGINE, "line 1: a snapshot of maxi"},
    {"{\"snap\":1", "{ \"snap\":1", E_SNAPSHOT_SYNTAX, "line 1"},
    {"\"scope\":{}", "\"scope\":{},\"scope\":{}", E_SNAPSHOT_DUPLICATE, "line 1"},
    /* keys and layout of a line */
    {"\"a\":{\"comment\"", "\"a\":{},\"a\":{\"comment\"", E_SNAPSHOT_DUPLICATE, "line 2"},
    {"{\"comment\":\"one\"", "{\"comment\":\"one\",\"comment\":\"one\"", E_SNAPSHOT_DUPLICATE,
     "line 2"},
    {"\"a\":{\"comment\":\"one\"}", "\"a\":{\"comment\":\"one\"},\"more\":1", E_SNAPSHOT_SYNTAX,
     "line 2"},
    {"\"a\":{\"comment\":\"one\"}", "\"b\":{}", E_SNAPSHOT_SYNTAX, "line 2: this is no fact"},
    {"\"a\":{\"comment\":\"one\"}", "\"a\":[]", E_SNAPSHOT_SYNTAX, "line 2: this is no fact"},
    {"\"path\":\"table:a\"", "\"path\":5", E_SNAPSHOT_SYNTAX, "line 2: this is no fact"},
    {"{\"comment\":\"one\"}", "{\"comment\": \"one\"}", E_SNAPSHOT_SYNTAX, "line 2"},
    {"{\"comment\":\"one\"}", "{\"comment\":\"\\u006fne\"}", E_SNAPSHOT_SYNTAX, "line 2"},
    {"{\"comment\":\"one\"}", "{\"comment\":\"one\xff\"}", E_SNAPSHOT_SYNTAX, "line 2"},
    {"{\"comment\":\"one\"}", "{\"comment\":1.5}", E_SNAPSHOT_SYNTAX, "line 2"},
    {"{\"notnull\":true,\"tags\"", "{\"tags\"", E_SNAPSHOT_FINGERPRINT, "fingerprint"},
    {"\"notnull\":true,\"tags\":[\"p\",\"q\"]", "\"tags\":[\"p\",\"q\"],\"notnull\":true",
     E_SNAPSHOT_SYNTAX, "line 4"},
    {"\"one\"}},\n", "\"one\"}}\n", E_SNAPSHOT_SYNTAX, "line 3: a comma is missing"},
    {"\"one\"}},\n", "\"one\"}},,\n", E_SNAPSHOT_SYNTAX, "line 2"},
    {"\"one\"}},\n", "\"one\"}}, \n", E_SNAPSHOT_SYNTAX, "line 2"},
    {"\"one\"}},\n", "\"one\"}},\n\n", E_SNAPSHOT_SYNTAX, "line 3: this is no fact"},
    {"{\"strict\":true}}\n", "{\"strict\":true}},\n", E_SNAPSHOT_SYNTAX, "line 6: a comma"},
    /* kinds, attributes, paths */
    {"\"path\":\"table:b\"", "\"path\":\"tible:b\"", E_SNAPSHOT_KIND, "line 5: Mini has no kind"},
    {"\"path\":\"table:b\"", "\"path\":\"column:b\"", E_SNAPSHOT_ORDER, "line 5"},
    {"\"path\":\"table:b\"", "\"path\":\"table:a/table:b\"", E_SNAPSHOT_KIND, "line 5"},
    {"\"path\":\"table:b\"", "\"path\":\"table:b~2\"", E_SNAPSHOT_SYNTAX, "line 5"},
    {"\"path\":\"table:b\"", "\"path\":\"\"", E_SNAPSHOT_ORDER, "line 5"},
    {"\"path\":\"table:b\"", "\"path\":\"table:b/column:c\"", E_SNAPSHOT_SYNTAX,
     "line 5: table:b/column:c stands without"},
    {"\"path\":\"table:a\"", "\"path\":\"table:A\"", E_SNAPSHOT_SYNTAX, "line 3"},
    {"\"strict\":true", "\"strikt\":true", E_SNAPSHOT_ATTRIBUTE, "line 5: table has no attribute"},
    {"\"strict\":true", "\"strict\":1", E_SNAPSHOT_ATTRIBUTE, "line 5: attribute strict"},
    {"\"strict\":true", "\"strict\":false", E_SNAPSHOT_ATTRIBUTE, "line 5"},
    {"\"type\":\"int\"", "\"type\":\"text\"", E_SNAPSHOT_ATTRIBUTE, "line 4: attribute type holds"},
    /* order */
    {"\"path\":\"table:b\"", "\"path\":\"table:a\"", E_SNAPSHOT_ORDER, "line 5: table:a comes"},
    {"column:b\",\"a\":{\"not", "check:#1\",\"a\":{\"not", E_SNAPSHOT_DUPLICATE, "line 4: table:a"},
    {"[\"!no such thing\",\"table:a/column:b\"]", "[\"table:a/column:b\",\"!no\"]",
     E_SNAPSHOT_ORDER, "line 3: deps"},
    /* the foot */
    {"\"count\":4", "\"count\":5", E_SNAPSHOT_FINGERPRINT, "line 6: it says that the file holds 5"},
    {"\"count\":4", "\"count\":\"4\"", E_SNAPSHOT_SYNTAX, "line 6: the count"},
    {"\"count\":4", "\"count\":-4", E_SNAPSHOT_SYNTAX, "line 6: the count"},
    {"\"count\":4,", "", E_SNAPSHOT_SYNTAX, "line 6: the count"},
    {"\"count\":4", "\"count\":4,\"count\":4", E_SNAPSHOT_DUPLICATE, "line 6"},
    {"\"count\":4", "\"count\":4,\"more\":4", E_SNAPSHOT_SYNTAX, "line 6"},
    {"\"fingerprint\":\"", "\"fingerprint\":\"x", E_SNAPSHOT_SYNTAX, "line 6"},
    {"\"digest\":\"", "\"digest\":\"x", E_SNAPSHOT_SYNTAX, "line 6"},
    {"],\"ledger\":[", "],\"lodger\":[", E_SNAPSHOT_SYNTAX, "line 6: the foot has no ledger"},
    {"],\"ledger\":[", "] ,\"ledger\":[", E_SNAPSHOT_SYNTAX, "line 6"},
    {"\"name\":\"h\"", "\"name\":7", E_SNAPSHOT_SYNTAX, "line 6: the ledger"},
    {"\"name\":\"h\",", "", E_SNAPSHOT_SYNTAX, "line 6: the ledger"},
    {"},\n{\"kind\"", "};\n{\"kind\"", E_SNAPSHOT_SYNTAX, "line 6: the ledger"},
    {"},\n{\"kind\"", "},\n\n{\"kind\"", E_SNAPSHOT_SYNTAX, "line 8: an empty line"},
    {"\"}],\"count\"", "\"},],\"count\"", E_SNAPSHOT_SYNTAX, "line 6: the ledger"},
    {"why\":\"\"", "why\":\"\",\"why\":\"\"", E_SNAPSHOT_SYNTAX, "line 6: the ledger"},
};

static void each_fault_has_a_name(void **state)
{
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof spoiled / sizeof *spoiled; i++) {
        const struct spoiled *s = &spoiled[i];
        struct catalog *cat;
        struct err e = {0};
        int rc = snapshot_read(swapped(mem, mini_text(mem), s->what, s->with), mem, &cat, &e);
        if (rc != -1 || e.code != s->code || !says(&e, s->says))
            fail_msg("%s -> %s: %d %s: %s", s->what, s->with, rc, err_name(e.code), e.msg);
    }
}

/* One wrong digit in any of the hashes, or one other byte in a text that the digest covers. */
static void hashes(void **state)
{
    static const char *const keys[] = {"\"fingerprint\":\"", "\"digest\":\""};
    struct arena *mem = *state;
    struct catalog *cat;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < HASH_HEX; i += 5) {
            struct str text = arena_str(mem, mini_text(mem));
            struct err e = {0};
            char *p = (char *)(uintptr_t)text.p + str_find(text, str_c(keys[k])) + strlen(keys[k]);
            p[i] = p[i] == '0' ? '1' : '0';
            assert_err(snapshot_read(text, mem, &cat, &e), e, E_SNAPSHOT_FINGERPRINT);
            assert_true(says(&e, k ? "digest" : "fingerprint") && says(&e, "line 6"));
        }
    struct err e = {0};
    struct str src = swapped(mem, mini_text(mem), "b INT NOT NULL", "b INT not null");
    assert_err(snapshot_read(src, mem, &cat, &e), e, E_SNAPSHOT_FINGERPRINT);
    assert_true(says(&e, "digest"));
}

/* Cut anywhere, it is an error; only the last newline may be missing. */
static void truncated_at_each_byte(void **state)
{
    struct arena *mem = *state;
    struct str text = mini_text(mem);
    struct catalog *cat;
    for (size_t n = 0; n < text.n; n++) {
        struct err e = {0};
        int rc = snapshot_read(str_sub(text, 0, n), mem, &cat, &e);
        bool whole = n + 1 == text.n;
        if (rc != (whole ? 0 : -1) || (!whole && e.code != E_SNAPSHOT_SYNTAX) ||
            (!whole && n && !says(&e, "line ")))
            fail_msg("%zu bytes: %d %s: %s", n, rc, err_name(e.code), e.msg);
    }
}

static void trailing_bytes(void **state)
{
    static const char *const more[] = {"x", " ", "\n", "x\n", "{}", "]", "\n\n", "\x1a", "null"};
    struct arena *mem = *state;
    struct catalog *cat;
    struct err e = {0};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        struct str text = arena_printf(mem, "%.*s%s", STR_ARG(mini_text(mem)), more[i]);
        if (snapshot_read(text, mem, &cat, &e) == 0 || e.code != E_SNAPSHOT_SYNTAX ||
            !says(&e, "line "))
            fail_msg("%zu: %s %s", i, err_name(e.code), e.msg);
    }
    struct strbuf nul = sb_new(mem, 0);
    sb_str(&nul, mini_text(mem));
    sb_char(&nul, '\0');
    assert_err(snapshot_read(sb_view(&nul), mem, &cat, &e), e, E_SNAPSHOT_SYNTAX);
}

static void too_deep(void **state)
{
    struct arena *mem = *state;
    for (unsigned depth = 1; depth < 6000; depth = depth < 20 ? depth + 1 : depth * 3) {
        struct strbuf b = sb_new(mem, 0);
        struct catalog *cat;
        struct err e = {0};
        sb_c(&b, "{\"def\":");
        sb_pad(&b, '[', depth);
        sb_pad(&b, ']', depth);
        struct str text =
            swapped(mem, mini_text(mem), "{\"def\":\"b INT NOT NULL\"", sb_view(&b).p);
        assert_int_equal(snapshot_read(text, mem, &cat, &e), -1);
        assert_int_equal(e.code, depth <= 14 ? E_SNAPSHOT_FINGERPRINT : E_SNAPSHOT_LIMIT);
        assert_true(depth <= 14 || says(&e, "line 4"));
    }
}

/* Longer than the buffer is fine, longer than the limit is not. */
static void long_lines(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = mini_cat(mem), *got;
    struct strbuf a = sb_new(mem, 0), text = sb_new(mem, 0);
    struct reader *r;
    struct err e = {0};
    sb_c(&a, "{\"comment\":\"");
    sb_pad(&a, 'x', 300000);
    sb_c(&a, "\"}");
    mini_add(cat, "table:a", sb_view(&a).p);
    mini_add(cat, "table:b", "{}");
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &text);
    assert_ok(snapshot_read(sb_view(&text), mem, &got, &e), e);
    assert_true(str_eq(got->v[0].a, sb_view(&a)));
    int fd = fd_of(STR(""));
    assert_int_equal(ftruncate(fd, SNAPSHOT_MAX_LINE + 10), 0);
    assert_err(reader_open(fd, STR("x.json"), mini_engines, 0, mem, &r, &e), e, E_SNAPSHOT_LIMIT);
    assert_true(says(&e, "line 1 is longer than 64 MiB"));
    reader_close(r);
}

static void long_ledger(void **state)
{
    struct arena *mem = *state;
    struct strbuf b = sb_new(mem, 0);
    struct catalog *cat;
    struct err e = {0};
    sb_str(&b, str_sub(mini_text(mem), 0, str_find(mini_text(mem), STR("\n],\"ledger\"")) + 1));
    sb_c(&b, "],\"ledger\":[\n");
    for (int i = 0; i < 65; i++) {
        sb_pad(&b, 'x', 1 << 20);
        sb_char(&b, '\n');
    }
    assert_err(snapshot_read(sb_view(&b), mem, &cat, &e), e, E_SNAPSHOT_LIMIT);
    assert_true(says(&e, "the ledger is too long"));
}

static void no_file(void **state)
{
    struct arena *mem = *state;
    struct reader *r;
    struct err e = {0};
    int fd = open("/", O_RDONLY);
    assert_err(reader_open(fd, STR("x.json"), mini_engines, 0, mem, &r, &e), e, E_CANNOT_OPEN);
    reader_close(r);
    assert_err(reader_open(fd_of(STR("")), STR("x.json"), mini_engines, 0, mem, &r, &e), e,
               E_SNAPSHOT_SYNTAX);
    assert_true(says(&e, "empty"));
    reader_close(r);
}

/* Pages that the process holds now. */
static long pages(void)
{
    char text[128];
    FILE *f = fopen("/proc/self/statm", "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    fclose(f);
    return strtol(strchr(text, ' '), NULL, 10);
}

/* One line at a time: memory does not grow with the number of facts. */
static void memory_is_bounded(void **state)
{
    struct arena *mem = *state, *own = arena_new(0);
    struct catalog *cat = mini_cat(mem);
    struct strbuf name = sb_new(mem, 0), text = sb_new(mem, 0);
    struct reader *r;
    struct err e = {0};
    struct obj o;
    struct str line;
    sb_pad(&name, '"', 800); /* is not in the file as it is, so it has to be copied */
    for (int i = 0; i < 20000; i++)
        mini_add(cat, arena_printf(mem, "table:%05d%s", i, sb_view(&name).p).p, "{}");
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &text);
    assert_true(text.n > 16000000);
    int fd = fd_of(sb_view(&text));
    long before = pages();
    assert_ok(reader_open(fd, STR("x"), mini_engines, 0, own, &r, &e), e);
    struct stream *s = reader_stream(r);
    while (s->next(s, &o, &line, &e) == 1)
        assert_ok(s->check(s, &o, line, &e), e);
    assert_int_equal(s->count, 20000);
    assert_true(arena_used(own) < 300000);
#ifndef __SANITIZE_ADDRESS__ /* that keeps what is freed */
    assert_true((pages() - before) * sysconf(_SC_PAGESIZE) < 8000000);
#else
    (void)before;
#endif
    reader_close(r);
    arena_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_what_is_written),
        TEST(what_a_reader_tells),
        TEST(other_facets),
        TEST(each_fault_has_a_name),
        TEST(hashes),
        TEST(truncated_at_each_byte),
        TEST(trailing_bytes),
        TEST(too_deep),
        TEST(long_lines),
        TEST(long_ledger),
        TEST(no_file),
        TEST(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
