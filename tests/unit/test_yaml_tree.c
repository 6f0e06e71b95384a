/* YAML as a tree: what it holds, what is refused. */

#include "markup/yaml_tree.h"

#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int read_tree(struct arena *mem, const char *text, struct node **out, struct err *e)
{
    *e = (struct err){0};
    return yaml_tree(str_c(text), STR("x.yaml"), mem, out, e);
}

/* {key:"text" key:plain key:[..]} */
static void put(struct strbuf *b, const struct node *n)
{
    if (n->key.p)
        sb_printf(b, "%.*s:", STR_ARG(n->key));
    if (n->type == NODE_SCALAR) {
        sb_printf(b, n->plain ? "%.*s" : "\"%.*s\"", STR_ARG(n->text));
        return;
    }
    sb_char(b, n->type == NODE_MAP ? '{' : '[');
    for (const struct node *m = n->first; m; m = m->next) {
        put(b, m);
        sb_c(b, m->next ? " " : "");
    }
    sb_char(b, n->type == NODE_MAP ? '}' : ']');
}

static void trees(void **state)
{
    static const char *const rows[][2] = {
        {"a", "a"},
        {"'a'", "\"a\""},
        {"\"\\x41\\n\"", "\"A\n\""},
        {"|2-\n  x\n   y\n", "\"x\n y\""},
        {"{}", "{}"},
        {"[]", "[]"},
        {"a: 1\nb: 'x'\nc:\n- p\n- q: [r, {s: t}]\n- []\nd:",
         "{a:1 b:\"x\" c:[p {q:[r {s:t}]} []] d:}"},
        {"{\"a\": {\"b\": [1, \"2\", null]}, \"c\": {}}", "{a:{b:[1 \"2\" null]} c:{}}"},
        {"--- !!str x", "x"},
        {" {\"a\": \"\\uD83D\\uDE00x\\\\uD83D\"}", "{a:\"\xf0\x9f\x98\x80x\\uD83D\"}"},
        {"- - - x", "[[[x]]]"},
        {"a: {x: 1}\nb: {x: 2}", "{a:{x:1} b:{x:2}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        struct node *n;
        struct err e;
        assert_ok(read_tree(*state, rows[i][0], &n, &e), e);
        put(&b, n);
        assert_str(sb_view(&b), rows[i][1]);
    }
}

/* Places are those of the document, whatever is joined in it. */
static void places(void **state)
{
    static const char text[] = "{\"\\uD83D\\uDE00\": \"\xc3\xa9\\ud83d\\ude00\", \"b\": [\"c\"]}";
    struct node *n;
    struct err e;
    assert_ok(read_tree(*state, text, &n, &e), e);
    assert_str(str_sub(str_c(text), n->first->from, n->first->to), "\"\xc3\xa9\\ud83d\\ude00\"");
    assert_str(str_sub(str_c(text), n->first->next->from, n->first->next->to), "[\"c\"]");
    assert_int_equal(n->to, str_c(text).n);
}

static void looking_up(void **state)
{
    struct node *n;
    struct err e;
    assert_ok(read_tree(*state, "# c\na: 1\nb:\n  c: 2\n", &n, &e), e);
    assert_str(node_get(n, "a")->text, "1");
    assert_int_equal(node_get(n, "a")->line, 2);
    assert_int_equal(node_get(node_get(n, "b"), "c")->line, 4);
    assert_null(node_get(n, "c"));
    assert_null(node_get(NULL, "a"));
    assert_null(node_get(node_get(n, "a"), "a"));
}

static void refused(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"", E_CHANGELOG_SYNTAX, "x.yaml is empty"},
        {"# only words\n", E_CHANGELOG_SYNTAX, "x.yaml is empty"},
        {"a: 1\na: 2\n", E_CHANGELOG_SYNTAX, "line 2: a key stands twice"},
        {"a: 1\nb:\n  c: 1\n  c: 1\n", E_CHANGELOG_SYNTAX, "line 4: a key stands twice"},
        {"{\"a\": 1, \"a\": 1}", E_CHANGELOG_SYNTAX, "line 1: a key stands twice"},
        {"{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1, j: 1, k: 1, l: 1, m: 1, n: 1, o: "
         "1,"
         "p: 1, q: 1, r: 1, b: 2}",
         E_CHANGELOG_SYNTAX, "line 1: a key stands twice"},
        {"a: &x 1\nb: *x\n", E_CHANGELOG_SYNTAX, "line 2: aliases"},
        {"a: !!int 7\n", E_CHANGELOG_SYNTAX, "line 1: tags"},
        {"a: !x 7\n", E_CHANGELOG_SYNTAX, "line 1: tags"},
        {"a: 1\n---\nb: 1\n", E_CHANGELOG_SYNTAX, "line 2: a second document"},
        {"{[a]: 1}", E_CHANGELOG_SYNTAX, "line 1: a key that is no text"},
        {"? {a: b}\n: 1\n", E_CHANGELOG_SYNTAX, "a key that is no text"},
        {"a: 1\nb: ]\n", E_CHANGELOG_SYNTAX, "line 2"},
        {"a: 'x\n", E_CHANGELOG_SYNTAX, "line"},
        {"a: \x01", E_CHANGELOG_SYNTAX, "line 1"},
        {"a: \xff\xff", E_CHANGELOG_SYNTAX, "line 1"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", E_LIMIT, "nested too deeply"},
        {"- - - - - - - - - - - - - - - - - - - - - - - - - x", E_LIMIT, "nested too deeply"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct node *n;
        struct err e;
        if (read_tree(*state, rows[i].text, &n, &e) != -1 || e.code != rows[i].code ||
            !says(&e, rows[i].says))
            fail_msg("%s: %s %s", rows[i].text, err_name(e.code), e.msg);
    }
}

/* The depth that is just taken. */
static void depth(void **state)
{
    for (unsigned n = 20; n < 30; n++) {
        struct strbuf b = sb_new(*state, 0);
        struct node *root;
        struct err e;
        sb_pad(&b, '[', n);
        sb_pad(&b, ']', n);
        int rc = read_tree(*state, sb_view(&b).p, &root, &e);
        assert_int_equal(rc, n <= 24 ? 0 : -1);
    }
}

static void too_many_values(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct arena *mem = arena_new(0);
    struct node *n;
    struct err e;
    sb_char(&b, '[');
    for (int i = 0; i < (4 << 20) + 1; i++)
        sb_c(&b, "a,");
    sb_char(&b, ']');
    assert_err(read_tree(mem, sb_view(&b).p, &n, &e), e, E_LIMIT);
    assert_true(says(&e, "more than 4194304 values"));
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(trees),   TEST(places), TEST(looking_up),
        TEST(refused), TEST(depth),  TEST(too_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
