#ifndef SNAP_MARKUP_XML_TREE_H
#define SNAP_MARKUP_XML_TREE_H

/*
 * An XML document as a tree, by expat's events: UTF-8, bounded in size, depth and attributes,
 * without a document type, so that there are no entities but the five of XML itself.
 */

#include "core/arena.h"
#include "core/err.h"

struct xml_attr {
    struct str name, value; /* name without its prefix */
    bool prefixed;          /* it had one: xsi:schemaLocation */
};

/* An element, or a run of text between two tags (name absent). Runs of blanks alone are left out;
 * comments and processing instructions are. Offsets are bytes of the document. */
struct xml_node {
    struct str name; /* without its prefix */
    struct str text; /* of a run: references and CDATA sections resolved, line ends \n */
    struct xml_attr *attrs;
    uint32_t nattrs;
    unsigned line;
    size_t from;                   /* where the element begins, or the run */
    size_t close;                  /* where its end tag begins; in <x/> the same as `to` */
    size_t to;                     /* behind it; of a run not told */
    struct xml_node *first, *next; /* what is in it, and the sibling after this one */
};

/* The root element, in mem. A byte order mark at the start is passed over and counts as bytes.
 * E_CHANGELOG_SYNTAX (no XML, a document type, another encoding than UTF-8), E_LIMIT. */
int xml_tree(struct str text, struct str label, struct arena *mem, struct xml_node **out,
             struct err *e);
/* The first element of that name in an element, or NULL; node may be NULL. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
/* The value of an attribute without prefix, absent where there is none. */
struct str xml_attr(const struct xml_node *node, const char *name);
/* All runs of text that stand directly in an element; "" where there is none. */
struct str xml_text(const struct xml_node *node, struct arena *mem);

#endif
