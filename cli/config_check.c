/* The `check:` section of snap.yml: a tree becomes rules, unknown keys and words are refused. */

#include "cli/config_check.h"

#include "cli/config_tree.h"

/* One text or a list of them. */
static int take_list(const struct maker *m, const struct node *n, struct policy_list *out)
{
    struct str text;
    if (n->type == NODE_MAP)
        return tree_syntax(m, n, "a text or a list of texts is wanted here");
    for (const struct node *one = n->type == NODE_LIST ? n->first : n; one;
         one = n->type == NODE_LIST ? one->next : NULL) {
        if (tree_text(m, one, &text))
            return -1;
        VEC_PUSH(m->mem, *out, text);
    }
    return out->n ? 0 : tree_syntax(m, n, "the list is empty");
}

static int take_severity(const struct maker *m, const struct node *n, enum policy_severity *out)
{
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    *out = str_eq(word, STR("warning")) ? POLICY_WARNING : POLICY_ERROR;
    return *out == POLICY_WARNING || str_eq(word, STR("error"))
               ? 0
               : tree_unknown(m, n, E_BAD_VALUE, "severity", word, "error,warning");
}

static int take_type(const struct maker *m, const struct node *n, enum policy_type *out)
{
    struct strbuf known = sb_new(m->mem, 0);
    struct str word;
    policy_type_names(&known);
    if (tree_text(m, n, &word))
        return -1;
    return policy_type_find(word, out)
               ? 0
               : tree_unknown(m, n, E_BAD_VALUE, "rule", word, sb_view(&known).p);
}

static int take_key(const struct maker *m, const struct node *n, struct policy_rule *r)
{
    struct str key = n->key;
    if (str_eq(key, STR("id")))
        return tree_text(m, n, &r->id);
    if (str_eq(key, STR("rule")))
        return take_type(m, n, &r->type);
    if (str_eq(key, STR("severity")))
        return take_severity(m, n, &r->severity);
    if (str_eq(key, STR("reason")))
        return tree_text(m, n, &r->reason);
    if (str_eq(key, STR("match")))
        return tree_text(m, n, &r->match);
    if (str_eq(key, STR("ignore_case")))
        return tree_flag(m, n, &r->ignore_case);
    if (str_eq(key, STR("max")))
        return tree_number(m, n, &r->max);
    struct policy_list *list = str_eq(key, STR("kind"))     ? &r->kinds
                               : str_eq(key, STR("only"))   ? &r->only
                               : str_eq(key, STR("except")) ? &r->except
                               : str_eq(key, STR("types"))  ? &r->types
                               : str_eq(key, STR("steps"))  ? &r->steps
                                                            : &r->in;
    return take_list(m, n, list);
}

/* An environment that rules are for is one of the file. */
static int check_envs(const struct maker *m, const struct node *n, const struct policy_list *in)
{
    for (uint32_t i = 0; i < in->n; i++) {
        struct strbuf known = sb_new(m->mem, 0);
        bool there = str_eq(in->v[i], STR("*"));
        for (uint32_t k = 0; k < m->c->nenvs; k++) {
            there = there || str_eq(m->c->envs[k].name, in->v[i]);
            sb_printf(&known, "%s%.*s", k ? "," : "", STR_ARG(m->c->envs[k].name));
        }
        if (!there)
            return tree_unknown(m, n, E_CONFIG_KEY, "environment", in->v[i], sb_view(&known).p);
    }
    return 0;
}

static int add_rule(const struct maker *m, const struct node *n, struct policy_rule *r)
{
    r->line = n->line;
    if (check_envs(m, n, &r->in))
        return -1;
    VEC_PUSH(m->mem, m->c->check, *r);
    return 0;
}

static int one_rule(const struct maker *m, const struct node *n)
{
    static const char common[] = "id,rule,severity,only,except,reason";
    struct policy_rule r = {.type = POLICY_TYPE_COUNT, .reason = STR_NULL};
    const struct node *type = node_get(n, "rule");
    if (n->type != NODE_MAP)
        return tree_syntax(m, n, "a rule (id: ..., rule: ...) is wanted here");
    if (!type || !node_get(n, "id"))
        return tree_syntax(m, n, type ? "a rule has an id" : "a rule says what it is: rule: name");
    if (take_type(m, type, &r.type))
        return -1;
    const char *own = policy_type_keys(r.type);
    char *known = arena_cstr(m->mem, arena_printf(m->mem, "%s%s%s", common, *own ? "," : "", own));
    for (const struct node *key = n->first; key; key = key->next) {
        if (!word_in(known, key->key))
            return tree_unknown(m, key, E_CONFIG_KEY, "key", key->key, known);
        if (take_key(m, key, &r))
            return -1;
    }
    return add_rule(m, n, &r);
}

static int take_rules(const struct maker *m, const struct node *list)
{
    if (list->type != NODE_LIST)
        return tree_syntax(m, list, "a list of rules is wanted here");
    for (const struct node *n = list->first; n; n = n->next)
        if (one_rule(m, n))
            return -1;
    return 0;
}

/* names: {index: PATTERN} is short for rules of their own. */
static int take_names(const struct maker *m, const struct node *map)
{
    if (map->type != NODE_MAP)
        return tree_syntax(m, map, "kinds with the pattern of their names are wanted here");
    for (const struct node *n = map->first; n; n = n->next) {
        struct policy_rule r = {.type = POLICY_NAME, .reason = STR_NULL};
        r.id = arena_printf(m->mem, "name-%.*s", STR_ARG(n->key));
        VEC_PUSH(m->mem, r.kinds, n->key);
        if (tree_text(m, n, &r.match) || add_rule(m, n, &r))
            return -1;
    }
    return 0;
}

/* forbid: {prod: [destructive]} is short for a rule of its own. */
static int take_forbid(const struct maker *m, const struct node *map)
{
    if (map->type != NODE_MAP)
        return tree_syntax(m, map, "environments with what is forbidden there are wanted here");
    for (const struct node *n = map->first; n; n = n->next) {
        struct policy_rule r = {.type = POLICY_FORBID, .reason = STR_NULL};
        r.id = arena_printf(m->mem, "forbid-%.*s", STR_ARG(n->key));
        VEC_PUSH(m->mem, r.in, n->key);
        if (take_list(m, n, &r.steps) || add_rule(m, n, &r))
            return -1;
    }
    return 0;
}

int config_check(const struct node *section, const struct engine *const *engines, struct arena *mem,
                 struct config *c, struct err *e)
{
    struct maker m = {engines, mem, c, e};
    c->check.file = c->path;
    if (section->type != NODE_MAP)
        return tree_syntax(&m, section, "a mapping (rules: ...) is wanted here");
    for (const struct node *n = section->first; n; n = n->next) {
        if (!word_in("rules,names,forbid", n->key))
            return tree_unknown(&m, n, E_CONFIG_KEY, "key", n->key, "rules,names,forbid");
        int rc = str_eq(n->key, STR("rules"))   ? take_rules(&m, n)
                 : str_eq(n->key, STR("names")) ? take_names(&m, n)
                                                : take_forbid(&m, n);
        if (rc)
            return -1;
    }
    for (uint32_t i = 0; i < c->check.n; i++)
        if (policy_check(&c->check, &c->check.v[i], engines, mem, e)) {
            struct node at = {.line = c->check.v[i].line};
            err_wrap(e, "rule %.*s", STR_ARG(c->check.v[i].id));
            return tree_at_line(&m, &at);
        }
    return 0;
}
