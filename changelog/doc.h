#ifndef SNAP_CHANGELOG_DOC_H
#define SNAP_CHANGELOG_DOC_H

/*
 * A Liquibase changelog that anybody may have written, as one tree with the places of its parts
 * (for what snap writes and replays, see forms.h), in the shape that YAML has: a list of items,
 * each a map with one or more of changeSet, include, includeAll, property ... . XML's attributes
 * are members, its elements for columns the list `columns`; formatted SQL is one `sql` a changeSet.
 */

#include "markup/yaml_tree.h"

enum log_form { LOG_YAML, LOG_JSON, LOG_XML, LOG_SQL };

struct log_doc {
    enum log_form form;
    struct str text, label;
    struct node *items; /* a list; of `databaseChangeLog:` alone it is empty */
    /* YAML and JSON: the value of databaseChangeLog as it stands, and the root map; else NULL */
    const struct node *list, *root;
    size_t root_from, root_close,
        root_to; /* XML: the root element's tags, as xml_tree.h has them */
    bool raw;    /* SQL without the header: Liquibase makes one changeSet of it */
};

/* Which form a file has: by its ending, else by what stands in it. */
enum log_form log_form_of(struct str text, struct str label);
const char *log_form_name(enum log_form form);
/* Everything lives in mem and points into text, which must live as long. E_CHANGELOG_SYNTAX,
 * E_LIMIT. */
int log_doc_read(struct str text, struct str label, struct arena *mem, struct log_doc *out,
                 struct err *e);

/* One form each; `out` has form, text and label. */
int log_read_xml(struct log_doc *out, struct arena *mem, struct err *e);
int log_read_sql(struct log_doc *out, struct arena *mem, struct err *e);

/* Trees are made from the front: a parent and its last member. */
struct node_list {
    struct node *parent, *last;
};
struct node *node_made(struct arena *mem, enum node_type type, struct str key, unsigned line);
void node_append(struct node_list *list, struct node *n);
/* A scalar. */
struct node *node_scalar(struct arena *mem, struct str key, struct str text, unsigned line);
/* The text of a scalar member; absent where there is none, or it is no scalar. */
struct str node_word(const struct node *map, const char *key);

#endif
