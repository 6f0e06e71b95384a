/*
 * A changelog in XML as the tree of YAML. Attributes are members of their element, and so are its
 * elements; columns become a list, and the text of a statement or body gets its key.
 */

#include "changelog/forms.h"
#include "core/strbuf.h"
#include "markup/xml_tree.h"

/* Elements that become maps and are not filled yet. */
struct job {
    const struct xml_node *from;
    struct node *to;
};
struct converter {
    struct arena *mem;
    VEC(struct job) jobs;
};

static void put_text(struct converter *c, struct node *map, struct node **last, struct str key,
                     struct str text, unsigned line)
{
    node_add(c->mem, map, last, key, NODE_SCALAR, line)->text = text;
}

static void put_attrs(struct converter *c, const struct xml_node *x, struct node *map,
                      struct node **last)
{
    for (uint32_t i = 0; i < x->nattrs; i++)
        if (!x->attrs[i].prefixed && !str_eq(x->attrs[i].name, STR("xmlns")))
            put_text(c, map, last, x->attrs[i].name, x->attrs[i].value, x->line);
}

static bool is_element(const struct xml_node *x)
{
    return !str_is_null(x->name);
}

static bool has_elements(const struct xml_node *x)
{
    for (const struct xml_node *m = x->first; m; m = m->next)
        if (is_element(m))
            return true;
    return false;
}

/* The key of the text that stands in a change. */
static struct str text_key(struct str change)
{
    static const char *const keys[][2] = {{"sql", "sql"},
                                          {"createView", "selectQuery"},
                                          {"createProcedure", "procedureText"},
                                          {"createFunction", "functionText"},
                                          {"createTrigger", "triggerText"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq_c(change, keys[i][0]))
            return str_c(keys[i][1]);
    return STR("value");
}

static struct str trimmed_text(struct converter *c, const struct xml_node *x)
{
    return str_trim(xml_text(x, c->mem));
}

static struct node *put_map(struct converter *c, const struct xml_node *x, struct node *up,
                            struct node **last)
{
    struct node *map = node_add(c->mem, up, last, x->name, NODE_MAP, x->line);
    VEC_PUSH(c->mem, c->jobs, ((struct job){x, map}));
    return map;
}

/* The item of a list: a map of one member. */
static void put_item(struct converter *c, const struct xml_node *x, struct node *list,
                     struct node **last)
{
    struct node *inner = NULL;
    put_map(c, x, node_add(c->mem, list, last, STR_NULL, NODE_MAP, x->line), &inner);
}

/* A change, a column of one, or what stands in these. */
static void fill(struct converter *c, const struct xml_node *x, struct node *map)
{
    struct node *last = NULL, *columns = NULL, *last_column = NULL;
    struct str text = trimmed_text(c, x);
    put_attrs(c, x, map, &last);
    if (text.n)
        put_text(c, map, &last, text_key(x->name), text, x->line);
    for (const struct xml_node *m = x->first; m; m = m->next) {
        if (!is_element(m))
            continue;
        if (str_eq(m->name, STR("column"))) {
            if (!columns)
                columns = node_add(c->mem, map, &last, STR("columns"), NODE_LIST, m->line);
            put_item(c, m, columns, &last_column);
        } else if (m->nattrs || has_elements(m)) {
            put_map(c, m, map, &last);
        } else {
            put_text(c, map, &last, m->name, trimmed_text(c, m), m->line);
        }
    }
}

static void put_rollback(struct converter *c, const struct xml_node *x, struct node *set,
                         struct node **last)
{
    struct node *inner = NULL;
    struct str text = trimmed_text(c, x);
    if (x->nattrs) {
        put_attrs(c, x, node_add(c->mem, set, last, x->name, NODE_MAP, x->line), &inner);
        return;
    }
    if (text.n || !has_elements(x)) {
        put_text(c, set, last, x->name, text.n ? text : STR("empty"), x->line);
        return;
    }
    struct node *list = node_add(c->mem, set, last, x->name, NODE_LIST, x->line);
    for (const struct xml_node *m = x->first; m; m = m->next)
        if (is_element(m))
            put_item(c, m, list, &inner);
}

static void fill_set(struct converter *c, const struct xml_node *x, struct node *set)
{
    struct node *last = NULL, *last_change = NULL, *changes;
    put_attrs(c, x, set, &last);
    changes = node_add(c->mem, set, &last, STR("changes"), NODE_LIST, x->line);
    for (const struct xml_node *m = x->first; m; m = m->next) {
        if (!is_element(m))
            continue;
        if (str_eq(m->name, STR("comment")))
            put_text(c, set, &last, m->name, trimmed_text(c, m), m->line);
        else if (str_eq(m->name, STR("rollback")))
            put_rollback(c, m, set, &last);
        else if (str_eq(m->name, STR("preConditions")) || str_eq(m->name, STR("modifySql")) ||
                 str_eq(m->name, STR("validCheckSum")))
            put_map(c, m, set, &last);
        else
            put_item(c, m, changes, &last_change);
    }
}

int xml_form(struct str text, struct str label, struct arena *mem, struct node **out, struct err *e)
{
    struct converter c = {.mem = mem};
    struct xml_node *root;
    struct node *last = NULL, *last_item = NULL;
    *out = NULL;
    if (xml_tree(text, label, mem, &root, e))
        return -1;
    if (!str_eq(root->name, STR("databaseChangeLog")))
        return err_set(e, E_CHANGELOG_SYNTAX,
                       "%.*s is no changelog: its element is %.*s and not databaseChangeLog",
                       STR_ARG(label), STR_ARG(root->name));
    *out = NEW(mem, struct node);
    (*out)->type = NODE_MAP;
    (*out)->line = 1;
    struct node *list = node_add(mem, *out, &last, root->name, NODE_LIST, root->line);
    for (const struct xml_node *m = root->first; m; m = m->next)
        if (is_element(m))
            put_item(&c, m, list, &last_item);
    for (uint32_t i = 0; i < c.jobs.n; i++) {
        struct job job = c.jobs.v[i];
        if (str_eq(job.from->name, STR("changeSet")))
            fill_set(&c, job.from, job.to);
        else
            fill(&c, job.from, job.to);
    }
    return 0;
}
