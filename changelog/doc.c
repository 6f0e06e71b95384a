/* Which form a changelog has, and its YAML and JSON; see doc.h. */

#include "changelog/doc.h"

static const char *const names[] = {"YAML", "JSON", "XML", "formatted SQL"};

const char *log_form_name(enum log_form form)
{
    return names[form];
}

enum log_form log_form_of(struct str text, struct str label)
{
    static const struct {
        const char *end;
        enum log_form form;
    } ends[] = {{".yaml", LOG_YAML},
                {".yml", LOG_YAML},
                {".json", LOG_JSON},
                {".xml", LOG_XML},
                {".sql", LOG_SQL}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = str_c(ends[i].end).n;
        if (label.n > n && str_eq_fold_c(str_from(label, label.n - n), ends[i].end))
            return ends[i].form;
    }
    struct str head = str_starts(text, STR("\xef\xbb\xbf")) ? str_from(text, 3) : text;
    head = str_trim(head);
    if (str_starts(head, STR("<")))
        return LOG_XML;
    if (str_starts(head, STR("{")))
        return LOG_JSON;
    return str_starts(head, STR("--")) && !str_starts(head, STR("---")) ? LOG_SQL : LOG_YAML;
}

struct node *node_made(struct arena *mem, enum node_type type, struct str key, unsigned line)
{
    struct node *n = NEW(mem, struct node);
    n->type = type;
    n->key = key;
    n->line = line;
    return n;
}

void node_append(struct node_list *list, struct node *n)
{
    if (list->last)
        list->last->next = n;
    else
        list->parent->first = n;
    list->last = n;
}

struct node *node_scalar(struct arena *mem, struct str key, struct str text, unsigned line)
{
    struct node *n = node_made(mem, NODE_SCALAR, key, line);
    n->text = text;
    return n;
}

struct str node_word(const struct node *map, const char *key)
{
    const struct node *n = node_get(map, key);
    return n && n->type == NODE_SCALAR ? n->text : STR_NULL;
}

static int no_changelog(const struct log_doc *d, const char *what, struct err *e)
{
    return err_set(e, E_CHANGELOG_SYNTAX, "%.*s is no changelog: %s", STR_ARG(d->label), what);
}

/* A plain null, or nothing at all. */
static bool is_null(const struct node *n)
{
    return n->type == NODE_SCALAR && n->plain &&
           (!n->text.n || str_eq(n->text, STR("~")) || str_eq_fold(n->text, STR("null")));
}

static int read_yaml(struct log_doc *d, struct arena *mem, struct err *e)
{
    struct node *root;
    if (yaml_tree(d->text, d->label, mem, &root, e))
        return -1;
    const struct node *list = node_get(root, "databaseChangeLog");
    if (!list)
        return no_changelog(d, "databaseChangeLog is missing", e);
    d->root = root;
    d->list = list;
    d->items = node_made(mem, NODE_LIST, STR(""), list->line);
    if (is_null(list))
        return 0;
    if (list->type != NODE_LIST)
        return no_changelog(d, "databaseChangeLog is no list", e);
    for (const struct node *n = list->first; n; n = n->next)
        if (n->type != NODE_MAP)
            return err_set(e, E_CHANGELOG_SYNTAX, "%.*s line %u: an item that is no map",
                           STR_ARG(d->label), n->line);
    d->items->first = list->first;
    return 0;
}

int log_doc_read(struct str text, struct str label, struct arena *mem, struct log_doc *out,
                 struct err *e)
{
    *out = (struct log_doc){.form = log_form_of(text, label), .text = text, .label = label};
    if (str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff")))
        return no_changelog(out, "it is UTF-16, and UTF-8 is wanted", e);
    switch (out->form) {
    case LOG_XML:
        return log_read_xml(out, mem, e);
    case LOG_SQL:
        return log_read_sql(out, mem, e);
    case LOG_YAML:
    case LOG_JSON:
        break;
    }
    return read_yaml(out, mem, e);
}
