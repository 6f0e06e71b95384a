/* Schemas and snapshots in one call each; see schema.h. */

#include "tests/harness/schema.h"

#include <unistd.h>

#include "core/escape.h"
#include "diff/diff.h"
#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

const struct engine *const mini_engines[] = {&engine_mini, NULL};

struct catalog *sql_catalog(struct arena *mem, const char *sql, const char *label)
{
    const struct engine *eng = &engine_sqlite;
    struct scratch_want want = {0};
    struct scope scope = {.facets = eng->facets};
    struct session *s;
    struct err e = {0};
    struct catalog *cat = cat_new(mem, eng, eng->facets, str_c(label));
    assert_ok(eng->live->scratch(&want, mem, &s, &e), e);
    assert_ok(eng->live->script(s, str_c(sql), str_c(label), &e), e);
    assert_ok(eng->live->introspect(s, &scope, cat, &e), e);
    eng->live->close(s);
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

struct changes *sql_changes(struct arena *mem, const char *from, const char *to)
{
    struct catalog *a = sql_catalog(mem, from, "from.db"), *b = sql_catalog(mem, to, "to.db");
    struct changes *c;
    struct err e = {0};
    assert_ok(diff_catalogs(a, b, a->facets, mem, &c, &e), e);
    diff_rename_hints(c, 60, mem);
    return c;
}

struct plan *sql_plan(struct arena *mem, const char *from, const char *to)
{
    struct catalog *a = sql_catalog(mem, from, "from.db"), *b = sql_catalog(mem, to, "to.db");
    const struct catalog **states = NEW_ARRAY(mem, const struct catalog *, 1);
    struct changes *c;
    struct plan *p;
    struct err e = {0};
    assert_ok(diff_catalogs(a, b, a->facets, mem, &c, &e), e);
    states[0] = a;
    struct plan_request req = {.changes = c, .states = states, .to = b, .facets = a->facets};
    assert_ok(plan_make(&req, mem, &p, &e), e);
    return p;
}

/* 10,000 characters, after the others: filled in by nasty_sql. */
const char *const nasty[] = {"quote \" and ' and ` here",
                             "two\nlines",
                             "esc \x1b[31m red",
                             "dollar ${x} $${y} ${",
                             "emoji \xf0\x9f\x98\x80",
                             "c1 \xc2\x9b[2J",
                             "bidi \xe2\x80\xae",
                             "line \xe2\x80\xa8 separator \xef\xbb\xbf",
                             "back\\slash \\x41 \\n",
                             "<img src=x onerror=alert(1)> &amp;",
                             "| a | b | [x](http://x) **b** _i_ #1 @me",
                             "*/ -- ; ```",
                             "tab\there",
                             "a: b # c",
                             "- x",
                             "%s%n",
                             "del \x7f",
                             "---\n...",
                             NULL};

static void put_quoted(struct strbuf *b, char quote, const char *prefix, const char *text)
{
    sb_char(b, quote);
    sb_c(b, prefix);
    for (; *text; text++) {
        if (*text == quote)
            sb_char(b, quote);
        sb_char(b, *text);
    }
    sb_char(b, quote);
}

char *nasty_sql(struct arena *mem, bool second)
{
    struct strbuf b = sb_new(mem, 0), wide = sb_new(mem, 0);
    sb_pad(&wide, 'w', 10000);
    for (size_t i = 0; i == 0 || nasty[i - 1]; i++) {
        const char *n = nasty[i] ? nasty[i] : sb_view(&wide).p;
        sb_c(&b, "CREATE TABLE ");
        put_quoted(&b, '"', "t ", n);
        sb_c(&b, " (id INTEGER, ");
        put_quoted(&b, '"', "", n);
        sb_c(&b, " TEXT DEFAULT ");
        put_quoted(&b, '\'', second ? "new " : "", n);
        if (second == (i % 2 == 0)) {
            sb_c(&b, ", ");
            put_quoted(&b, '"', "more ", n);
        }
        sb_c(&b, ");\nCREATE VIEW ");
        put_quoted(&b, '"', second == (i % 3 == 0) ? "v " : "w ", n);
        sb_c(&b, " AS SELECT ");
        put_quoted(&b, '\'', second ? "after " : "before ", n);
        sb_c(&b, " AS ");
        put_quoted(&b, '"', "", n);
        sb_c(&b, ";\n");
    }
    return arena_cstr(mem, sb_view(&b));
}

struct str emitted(const struct emitter *em, const struct emit_in *in, struct str *second)
{
    struct strbuf out = sb_new(in->mem, 0), other = sb_new(in->mem, 0);
    struct err e = {0};
    assert_ok(em->run(in, &out, second ? &other : NULL, &e), e);
    if (second)
        *second = sb_view(&other);
    return sb_view(&out);
}

struct catalog *mini_sample(struct arena *mem)
{
    struct catalog *cat = mini_cat(mem);
    struct err e = {0};
    struct obj check = mini_obj("table:a/check:#1", "{\"expr\":\"b > 0\"}");
    struct obj column = mini_obj("table:a/column:b", "{\"notnull\":true,\"tags\":[\"p\",\"q\"],"
                                                     "\"type\":\"int\"}");
    check.deps = STR("[\"!no such thing\",\"table:a/column:b\"]");
    column.src = STR("{\"def\":\"b INT NOT NULL\",\"words\":[\"b\"]}");
    cat->version = STR("Mini 1");
    mini_add(cat, "table:a", "{\"comment\":\"one\"}");
    cat_add(cat, &check);
    cat_add(cat, &column);
    mini_add(cat, "table:b", "{\"strict\":true}");
    cat_add_ledger(cat, "gadget", STR("g\xff"), STR_NULL, STR("text of g"), "not modelled");
    cat_add_ledger(cat, "gadget", STR("h"), STR_NULL, STR("text of h"), "");
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

struct str mini_text(struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    snapshot_text(mini_sample(mem), &b);
    return sb_view(&b);
}

int fd_of(struct str text)
{
    const char *root = getenv("TMPDIR");
    char name[512];
    snprintf(name, sizeof name, "%s/snap-unit-XXXXXX", root ? root : "/tmp");
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    for (size_t at = 0; at < text.n;) {
        ssize_t n = write(fd, text.p + at, text.n - at);
        assert_true(n > 0);
        at += (size_t)n;
    }
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

int snapshot_read(struct str text, struct arena *mem, struct catalog **out, struct err *e)
{
    struct reader *r;
    int rc = reader_open(fd_of(text), STR("x.json"), mini_engines, 0, mem, &r, e);
    if (!rc)
        rc = catalog_of_stream(reader_stream(r), mem, out, e);
    reader_close(r);
    return rc;
}

struct str swapped(struct arena *mem, struct str text, const char *what, const char *with)
{
    size_t at = str_find(text, str_c(what));
    struct strbuf b = sb_new(mem, 0);
    if (at == text.n)
        fail_msg("<%s> does not stand in <%.*s>", what, STR_ARG(text));
    sb_str(&b, str_sub(text, 0, at));
    sb_c(&b, with);
    sb_str(&b, str_from(text, at + strlen(what)));
    return sb_view(&b);
}

bool says(const struct err *e, const char *words)
{
    return strstr(e->msg, words) || strstr(e->hint, words);
}

bool acts_on_terminal(struct str text)
{
    struct strbuf safe;
    struct arena *mem = arena_new(0);
    bool acts = false;
    struct str rest = text, line;
    while (str_cut(&rest, '\n', &line)) {
        safe = sb_new(mem, 0);
        esc_terminal(&safe, line);
        acts = acts || !str_eq(sb_view(&safe), line);
    }
    arena_free(mem);
    return acts;
}

size_t widest_line(struct str text)
{
    struct str rest = text, line;
    size_t widest = 0;
    while (str_cut(&rest, '\n', &line))
        widest = esc_width(line) > widest ? esc_width(line) : widest;
    return widest;
}
