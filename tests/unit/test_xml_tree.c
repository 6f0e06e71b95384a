/* XML documents as trees: what is read, where it stands, and what is refused. */

#include <string.h>

#include "core/strbuf.h"
#include "markup/xml_tree.h"
#include "tests/harness/unit.h"

static int tree(struct arena *mem, struct str text, struct xml_node **out, struct err *e)
{
    *e = (struct err){0};
    return xml_tree(text, STR("x.xml"), mem, out, e);
}

static struct xml_node *tree_of(struct arena *mem, const char *text)
{
    struct xml_node *root;
    struct err e;
    assert_ok(tree(mem, str_c(text), &root, &e), e);
    return root;
}

static void refused(struct arena *mem, struct str text, enum err_code code, const char *why)
{
    struct xml_node *root;
    struct err e;
    assert_int_equal(tree(mem, text, &root, &e), -1);
    assert_int_equal(e.code, code);
    if (!strstr(e.msg, why))
        fail_msg("%s does not say %s", e.msg, why);
    assert_null(root);
}

static void elements_and_attributes(void **state)
{
    struct xml_node *root =
        tree_of(*state, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><a xmlns=\"u\" "
                        "x:y=\"1\" y=\"2&amp;&#10;\"><b/>\n<x:c>t</x:c><b n=''/></a>");
    assert_str(root->name, "a");
    assert_str(xml_attr(root, "y"), "2&\n");
    assert_str(xml_attr(root, "xmlns"), "u");
    assert_true(str_is_null(xml_attr(root, "z")));
    assert_true(root->attrs[1].prefixed);
    const struct xml_node *b = xml_child(root, "b");
    assert_int_equal(b->line, 2);
    assert_str(b->next->name, "c");
    assert_int_equal(b->next->line, 3);
    assert_str(xml_text(b->next, *state), "t");
    assert_str(xml_text(b, *state), "");
    assert_null(xml_child(root, "d"));
    assert_null(xml_child(NULL, "d"));
    assert_true(str_is_null(xml_attr(NULL, "d")));
}

static void texts(void **state)
{
    struct xml_node *root =
        tree_of(*state, "<a> \n<b> 1 &lt;<![CDATA[<x>]]]]><![CDATA[>&amp;]]>\r\n"
                        "&#13;<!-- no -->2 </b> x <c/> y </a>");
    assert_str(xml_text(xml_child(root, "b"), *state), " 1 <<x>]]>&amp;\n\r2 ");
    assert_str(xml_text(root, *state), " x  y ");
    assert_str(root->first->name, "b"); /* the blanks before it are left out */
    assert_true(str_is_null(root->first->next->name));
    assert_str(root->first->next->text, " x ");
}

/* What edits a file by them stands on these. */
static void offsets(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf<!-- \xc3\xa9 --><a>\xc3\xa9<b k='\xc3\xa9'>x</b ><c /></a >\n";
    struct xml_node *root = tree_of(*state, text);
    const struct xml_node *b = xml_child(root, "b"), *c = xml_child(root, "c");
    assert_memory_equal(text + root->from, "<a>", 3);
    assert_memory_equal(text + root->close, "</a >", 5);
    assert_memory_equal(text + root->to, "\n", 1);
    assert_memory_equal(text + root->first->from, "\xc3\xa9<b", 4);
    assert_memory_equal(text + b->from, "<b k", 4);
    assert_memory_equal(text + b->close, "</b >", 5);
    assert_memory_equal(text + b->to, "<c />", 5);
    assert_int_equal(c->from, b->to);
    assert_int_equal(c->close, c->to);
    assert_memory_equal(text + c->to, "</a >", 5);
}

static void what_is_no_xml(void **state)
{
    refused(*state, STR(""), E_CHANGELOG_SYNTAX, "line 1: no element");
    refused(*state, STR("<a>\n<b></a>"), E_CHANGELOG_SYNTAX, "x.xml line 2: mismatched tag");
    refused(*state, STR("<a/><b/>"), E_CHANGELOG_SYNTAX, "junk");
    refused(*state, STR("<a>\x01</a>"), E_CHANGELOG_SYNTAX, "not well-formed");
    refused(*state, STR("<a>\xff</a>"), E_CHANGELOG_SYNTAX, "not well-formed");
    refused(*state, STR("<a>\0</a>"), E_CHANGELOG_SYNTAX, "not well-formed");
    refused(*state, STR("<a b='1' b='2'/>"), E_CHANGELOG_SYNTAX, "duplicate attribute");
    refused(*state, STR("<a>&x;</a>"), E_CHANGELOG_SYNTAX, "undefined entity");
    refused(*state, STR("<?xml version='1.0' encoding='latin1'?><a/>"), E_CHANGELOG_SYNTAX,
            "UTF-8");
    refused(*state, STR("<!DOCTYPE a><a/>"), E_CHANGELOG_SYNTAX, "document type");
    refused(*state, STR("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), E_CHANGELOG_SYNTAX,
            "document type");
}

static struct str repeated(struct arena *mem, const char *head, const char *part, size_t n)
{
    struct strbuf b = sb_new(mem, 0);
    sb_c(&b, head);
    for (size_t i = 0; i < n; i++)
        sb_c(&b, part);
    return sb_view(&b);
}

/* In 64 MiB with the document, or the program ends. */
static void bomb(const char *head, const char *part, size_t n, enum err_code code, const char *why)
{
    struct arena *mem = arena_new(64 << 20);
    refused(mem, repeated(mem, head, part, n), code, why);
    arena_free(mem);
}

static void bombs(void **state)
{
    struct strbuf many = sb_new(*state, 0);
    bomb("<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
         "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>",
         "", 0, E_CHANGELOG_SYNTAX, "document type");
    bomb("", "<a>", 1000000, E_LIMIT, "24 elements in each other");
    bomb("<r>", "<a/>", 1000000, E_LIMIT, "elements and texts");
    bomb("<r>", "x<a/>", 400000, E_LIMIT, "elements and texts");
    bomb("<a>", "0123456789abcdef", (24 << 16) + 1, E_LIMIT, "24 MiB");
    sb_c(&many, "<a");
    for (int i = 0; i < 65; i++)
        sb_printf(&many, " a%d='x'", i);
    sb_c(&many, "/>");
    refused(*state, sb_view(&many), E_LIMIT, "attributes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(elements_and_attributes), TEST(texts), TEST(offsets),
        TEST(what_is_no_xml),          TEST(bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
