/* XML documents as trees; see xml_tree.h. */

#include "markup/xml_tree.h"

#include "core/strbuf.h"

#include <expat.h>
#include <string.h>

enum { MAX_DEPTH = 24, MAX_NODES = 1 << 18, MAX_ATTRS = 64, MAX_BYTES = 24 << 20 };

struct builder {
    XML_Parser parser;
    struct arena *mem;
    struct str label;
    struct err *e;
    bool failed;
    struct xml_node *open[MAX_DEPTH]; /* elements that are not closed yet */
    struct xml_node *last[MAX_DEPTH]; /* their last member */
    unsigned depth;
    struct strbuf run; /* text since the last tag */
    unsigned run_line;
    size_t run_from;
    uint32_t nodes;
    struct xml_node *root;
};

static void stop(struct builder *b)
{
    b->failed = true;
    XML_StopParser(b->parser, XML_FALSE);
}

static void bad(struct builder *b, const char *what)
{
    err_set(b->e, E_CHANGELOG_SYNTAX, "%.*s line %lu: %s", STR_ARG(b->label),
            (unsigned long)XML_GetCurrentLineNumber(b->parser), what);
    stop(b);
}

static void limit(struct builder *b, const char *what, int most)
{
    err_set(b->e, E_LIMIT, "%.*s line %lu: more than %d %s", STR_ARG(b->label),
            (unsigned long)XML_GetCurrentLineNumber(b->parser), most, what);
    stop(b);
}

static struct xml_node *add_node(struct builder *b)
{
    struct xml_node *n = NEW(b->mem, struct xml_node);
    if (++b->nodes > MAX_NODES) {
        limit(b, "elements and texts", MAX_NODES);
        return NULL;
    }
    if (!b->depth)
        b->root = n;
    else if (b->last[b->depth - 1])
        b->last[b->depth - 1]->next = n;
    else
        b->open[b->depth - 1]->first = n;
    if (b->depth)
        b->last[b->depth - 1] = n;
    return n;
}

/* The run of text ends at a tag. */
static void end_run(struct builder *b)
{
    if (str_trim(sb_view(&b->run)).n) {
        struct xml_node *n = add_node(b);
        if (n) {
            n->text = arena_str(b->mem, sb_view(&b->run));
            n->line = b->run_line;
            n->from = b->run_from;
        }
    }
    sb_cut(&b->run, 0);
}

static struct str without_prefix(struct arena *mem, const char *name, bool *prefixed)
{
    const char *colon = strchr(name, ':');
    *prefixed = colon && colon != name && colon[1];
    return arena_str(mem, str_c(*prefixed ? colon + 1 : name));
}

static void put_attrs(struct builder *b, struct xml_node *n, const char **attrs)
{
    while (attrs[2 * (size_t)n->nattrs])
        if (++n->nattrs > MAX_ATTRS) {
            limit(b, "attributes of an element", MAX_ATTRS);
            return;
        }
    n->attrs = NEW_ARRAY(b->mem, struct xml_attr, n->nattrs);
    for (uint32_t i = 0; i < n->nattrs; i++) {
        struct xml_attr *a = &n->attrs[i];
        a->name = without_prefix(b->mem, attrs[2 * (size_t)i], &a->prefixed);
        a->value = arena_str(b->mem, str_c(attrs[2 * (size_t)i + 1]));
    }
}

static void on_start(void *data, const char *name, const char **attrs)
{
    struct builder *b = data;
    bool prefixed;
    if (b->failed)
        return;
    end_run(b);
    if (b->depth == MAX_DEPTH) {
        limit(b, "elements in each other", MAX_DEPTH);
        return;
    }
    struct xml_node *n = b->failed ? NULL : add_node(b);
    if (!n)
        return;
    n->name = without_prefix(b->mem, name, &prefixed);
    n->line = (unsigned)XML_GetCurrentLineNumber(b->parser);
    n->from = (size_t)XML_GetCurrentByteIndex(b->parser);
    put_attrs(b, n, attrs);
    b->last[b->depth] = NULL;
    b->open[b->depth++] = n;
}

static void on_end(void *data, const char *name)
{
    struct builder *b = data;
    (void)name;
    if (b->failed)
        return;
    end_run(b);
    if (b->failed)
        return;
    struct xml_node *n = b->open[--b->depth];
    n->close = (size_t)XML_GetCurrentByteIndex(b->parser);
    n->to = n->close + (size_t)XML_GetCurrentByteCount(b->parser);
}

static void on_text(void *data, const char *text, int n)
{
    struct builder *b = data;
    if (b->failed)
        return;
    if (!b->run.n) {
        b->run_line = (unsigned)XML_GetCurrentLineNumber(b->parser);
        b->run_from = (size_t)XML_GetCurrentByteIndex(b->parser);
    }
    sb_put(&b->run, text, (size_t)n);
}

static void on_doctype(void *data, const char *name, const char *sysid, const char *pubid,
                       int has_internal)
{
    (void)name, (void)sysid, (void)pubid, (void)has_internal;
    bad(data, "a document type is not taken: it could define entities");
}

static void on_declaration(void *data, const char *version, const char *encoding, int standalone)
{
    (void)version, (void)standalone;
    if (encoding && !str_eq_fold(str_c(encoding), STR("UTF-8")) &&
        !str_eq_fold(str_c(encoding), STR("US-ASCII")))
        bad(data, "an encoding that is not UTF-8");
}

static int parse(struct builder *b, struct str text)
{
    XML_Parser p = b->parser;
    XML_SetUserData(p, b);
    XML_SetElementHandler(p, on_start, on_end);
    XML_SetCharacterDataHandler(p, on_text);
    XML_SetStartDoctypeDeclHandler(p, on_doctype);
    XML_SetXmlDeclHandler(p, on_declaration);
    if (XML_Parse(p, text.p ? text.p : "", (int)text.n, XML_TRUE) == XML_STATUS_OK && !b->failed)
        return 0;
    enum XML_Error code = XML_GetErrorCode(p);
    if (b->failed)
        return -1;
    if (code == XML_ERROR_NO_MEMORY)
        return err_set(b->e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(b->label));
    return err_set(b->e, E_CHANGELOG_SYNTAX, "%.*s line %lu: %s", STR_ARG(b->label),
                   (unsigned long)XML_GetCurrentLineNumber(p), XML_ErrorString(code));
}

int xml_tree(struct str text, struct str label, struct arena *mem, struct xml_node **out,
             struct err *e)
{
    struct builder b = {.mem = mem, .label = label, .e = e, .run = sb_new(mem, 0)};
    *out = NULL;
    if (text.n > MAX_BYTES)
        return err_set(e, E_LIMIT, "%.*s is larger than %d MiB", STR_ARG(label), MAX_BYTES >> 20);
    b.parser = XML_ParserCreate("UTF-8");
    if (!b.parser)
        return err_set(e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(label));
    int rc = parse(&b, text);
    XML_ParserFree(b.parser);
    if (!rc)
        *out = b.root;
    return rc;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
    for (const struct xml_node *n = node ? node->first : NULL; n; n = n->next)
        if (str_eq_c(n->name, name) && n->name.p)
            return n;
    return NULL;
}

struct str xml_attr(const struct xml_node *node, const char *name)
{
    for (uint32_t i = 0; node && i < node->nattrs; i++)
        if (!node->attrs[i].prefixed && str_eq_c(node->attrs[i].name, name))
            return node->attrs[i].value;
    return STR_NULL;
}

struct str xml_text(const struct xml_node *node, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (const struct xml_node *n = node->first; n; n = n->next)
        if (str_is_null(n->name))
            sb_str(&b, n->text);
    return sb_view(&b);
}
