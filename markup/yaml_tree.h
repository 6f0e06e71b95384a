#ifndef SNAP_MARKUP_YAML_TREE_H
#define SNAP_MARKUP_YAML_TREE_H

/* A YAML or JSON document as a tree, by libyaml's events: bounded in depth and size, without
 * aliases, tags or duplicate keys. */

#include "core/arena.h"
#include "core/err.h"

enum node_type { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_type type;
    struct str text; /* scalar */
    bool plain;      /* scalar without quotes: true, 1 and null mean themselves */
    bool flow;       /* list or map in brackets */
    unsigned line;
    size_t from, to; /* bytes of the document: where it begins, and behind it. A block list begins
                        at its first dash, a block map at its first key; both end with their last
                        member. */
    struct str key;  /* of a member of a map */
    struct node *first, *next; /* members, and the sibling after this one */
};

/* Of a JSON document two escapes of one character above U+FFFF are read as SnakeYAML reads them.
 * E_CHANGELOG_SYNTAX, E_LIMIT. */
int yaml_tree(struct str text, struct str label, struct arena *mem, struct node **out,
              struct err *e);
/* Whether two members of a map have one key. */
bool node_has_twins(const struct node *map, struct arena *mem);
/* The member of a map, or NULL. */
const struct node *node_get(const struct node *map, const char *key);

#endif
