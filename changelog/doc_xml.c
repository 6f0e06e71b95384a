/* Changelogs in XML in the shape of YAML's; see doc.h. */

#include "changelog/doc.h"
#include "markup/xml_tree.h"

enum role { ROLE_PLAIN, ROLE_SET, ROLE_CHANGES };

/* An element whose members still have to be made. */
struct open_element {
    const struct xml_node *from;
    struct node *into;
    enum role role;
};
struct work {
    struct arena *mem;
    VEC(struct open_element) open;
};

/* The attribute that the text of an element stands for. */
static const char *text_key(struct str element)
{
    static const char *const keys[][2] = {{"sql", "sql"},
                                          {"createView", "selectQuery"},
                                          {"createProcedure", "procedureText"},
                                          {"createFunction", "functionText"},
                                          {"createTrigger", "triggerText"},
                                          {"sqlCheck", "sql"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq_c(element, keys[i][0]))
            return keys[i][1];
    return "text";
}

static bool has_elements(const struct xml_node *x)
{
    for (const struct xml_node *n = x->first; n; n = n->next)
        if (n->name.n)
            return true;
    return false;
}

static struct node *make(struct work *w, const struct xml_node *x, enum node_type type)
{
    struct node *n = node_made(w->mem, type, x->name, x->line);
    n->from = x->from;
    n->to = x->to;
    return n;
}

/* A map, whose members come later. */
static struct node *later(struct work *w, const struct xml_node *x, enum node_type type,
                          enum role role)
{
    struct node *n = make(w, x, type);
    struct open_element one = {x, n, role};
    VEC_PUSH(w->mem, w->open, one);
    return n;
}

/* {column: {...}} in a list. */
static void put_in(struct work *w, struct node_list *list, struct node *n)
{
    struct node *item = node_made(w->mem, NODE_MAP, STR(""), n->line);
    struct node_list one = {item, NULL};
    item->from = n->from;
    item->to = n->to;
    node_append(&one, n);
    node_append(list, item);
}

static struct node *plain_member(struct work *w, const struct xml_node *x)
{
    if (x->nattrs || has_elements(x))
        return later(w, x, NODE_MAP, ROLE_PLAIN);
    struct node *n = make(w, x, NODE_SCALAR);
    n->text = str_trim(xml_text(x, w->mem));
    return n;
}

static bool is_change(struct str name)
{
    static const char *const others[] = {"comment", "preConditions", "rollback", "validCheckSum",
                                         "modifySql"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq_c(name, others[i]))
            return false;
    return true;
}

struct members {
    struct node_list all, changes, columns;
};

static void put_list(struct work *w, struct members *m, struct node_list *list, const char *key,
                     struct node *n)
{
    if (!list->parent) {
        list->parent = node_made(w->mem, NODE_LIST, str_c(key), n->line);
        node_append(&m->all, list->parent);
    }
    put_in(w, list, n);
}

/* {sql: {sql: TEXT}} of the text in an element, where there is one. */
static void put_sql(struct work *w, struct node_list *list, const struct xml_node *x)
{
    struct str text = str_trim(xml_text(x, w->mem));
    struct node *sql = node_made(w->mem, NODE_MAP, STR("sql"), x->line);
    struct node_list one = {sql, NULL};
    if (!text.n)
        return;
    node_append(&one, node_scalar(w->mem, STR("sql"), text, x->line));
    put_in(w, list, sql);
}

/* Text alone is SQL, elements are changes, attributes name another changeSet. */
static void put_rollback(struct work *w, struct members *m, const struct xml_node *x)
{
    if (has_elements(x))
        node_append(&m->all, later(w, x, NODE_LIST, ROLE_CHANGES));
    else
        node_append(&m->all, plain_member(w, x));
}

/* Several rollbacks of a changeSet run one after the other: one list of changes. */
static void put_rollbacks(struct work *w, struct members *m, const struct xml_node *set)
{
    struct node *all = node_made(w->mem, NODE_LIST, STR("rollback"), set->line);
    struct node_list list = {all, NULL};
    for (const struct xml_node *x = set->first; x; x = x->next) {
        if (!str_eq(x->name, STR("rollback")))
            continue;
        put_sql(w, &list, x);
        for (const struct xml_node *k = x->first; k; k = k->next)
            if (k->name.n)
                put_in(w, &list, later(w, k, NODE_MAP, ROLE_PLAIN));
    }
    node_append(&m->all, all);
}

static unsigned count_rollbacks(const struct open_element *t)
{
    unsigned n = 0;
    for (const struct xml_node *x = t->from->first; x && t->role == ROLE_SET; x = x->next)
        n += str_eq(x->name, STR("rollback"));
    return n;
}

static void fill_map(struct work *w, const struct open_element *t)
{
    struct members m = {.all = {t->into, NULL}};
    for (uint32_t i = 0; i < t->from->nattrs; i++)
        if (!t->from->attrs[i].prefixed && !str_eq(t->from->attrs[i].name, STR("xmlns")))
            node_append(&m.all, node_scalar(w->mem, t->from->attrs[i].name, t->from->attrs[i].value,
                                            t->from->line));
    unsigned rollbacks = count_rollbacks(t);
    if (rollbacks > 1)
        put_rollbacks(w, &m, t->from);
    for (const struct xml_node *x = t->from->first; x; x = x->next) {
        if (!x->name.n || (rollbacks > 1 && str_eq(x->name, STR("rollback"))))
            continue;
        if (t->role == ROLE_SET && str_eq(x->name, STR("rollback")))
            put_rollback(w, &m, x);
        else if (t->role == ROLE_SET && is_change(x->name))
            put_list(w, &m, &m.changes, "changes", later(w, x, NODE_MAP, ROLE_PLAIN));
        else if (str_eq(x->name, STR("column")))
            put_list(w, &m, &m.columns, "columns", later(w, x, NODE_MAP, ROLE_PLAIN));
        else
            node_append(&m.all, plain_member(w, x));
    }
    struct str text = t->role == ROLE_PLAIN ? str_trim(xml_text(t->from, w->mem)) : STR("");
    if (text.n)
        node_append(&m.all,
                    node_scalar(w->mem, str_c(text_key(t->from->name)), text, t->from->line));
}

static void fill_changes(struct work *w, const struct open_element *t)
{
    struct node_list list = {t->into, NULL};
    put_sql(w, &list, t->from);
    for (const struct xml_node *x = t->from->first; x; x = x->next)
        if (x->name.n)
            put_in(w, &list, later(w, x, NODE_MAP, ROLE_PLAIN));
}

int log_read_xml(struct log_doc *out, struct arena *mem, struct err *e)
{
    struct xml_node *root;
    struct work w = {.mem = mem};
    if (xml_tree(out->text, out->label, mem, &root, e))
        return -1;
    if (!str_eq(root->name, STR("databaseChangeLog")))
        return err_set(e, E_CHANGELOG_SYNTAX, "%.*s is no changelog: its root is %.*s",
                       STR_ARG(out->label), STR_ARG(root->name));
    out->root_from = root->from;
    out->root_close = root->close;
    out->root_to = root->to;
    out->items = node_made(mem, NODE_LIST, STR(""), root->line);
    struct node_list items = {out->items, NULL};
    for (uint32_t i = 0; i < root->nattrs; i++) {
        if (root->attrs[i].prefixed || str_eq(root->attrs[i].name, STR("xmlns")))
            continue;
        put_in(&w, &items, node_scalar(mem, root->attrs[i].name, root->attrs[i].value, root->line));
    }
    for (const struct xml_node *x = root->first; x; x = x->next)
        if (x->name.n)
            put_in(
                &w, &items,
                later(&w, x, NODE_MAP, str_eq(x->name, STR("changeSet")) ? ROLE_SET : ROLE_PLAIN));
    for (uint32_t i = 0; i < w.open.n; i++) { /* the list grows while it is worked off */
        struct open_element t = w.open.v[i];
        if (t.role == ROLE_CHANGES)
            fill_changes(&w, &t);
        else
            fill_map(&w, &t);
    }
    return 0;
}
