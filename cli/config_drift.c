/* The sections of snap.yml that a drift check is made of; trees become structs, unknown keys and
 * words are refused. A key of an environment is a row of `keys`. */

#include "cli/config_drift.h"

#include "cli/config_tell.h"
#include "core/clock.h"
#include "core/pattern.h"
#include "snapshot/snapshot.h"

typedef int take_fn(const struct maker *m, const struct node *n, struct config_env *env);

/* Calls `take` for a text, or for each of a list. */
static int each_text(const struct maker *m, const struct node *n,
                     int (*take)(const struct maker *, const struct node *, void *), void *ctx)
{
    if (n->type == NODE_MAP)
        return tree_syntax(m, n, "a text or a list of texts is wanted here");
    if (n->type == NODE_SCALAR)
        return take(m, n, ctx);
    for (const struct node *one = n->first; one; one = one->next)
        if (take(m, one, ctx))
            return -1;
    return 0;
}

/* A text that may be a URL with a password. */
static int take_place(const struct maker *m, const struct node *n, struct str *out)
{
    if (tree_text(m, n, out))
        return -1;
    if (!m->c->open_to_others || !config_holds_password(*out))
        return 0;
    err_set(m->e, E_CONFIG_SECRET, "%.*s holds a password and others may read the file",
            STR_ARG(n->key));
    err_hint(m->e, "chmod 600 the file, or leave the password to the client's own (~/.pgpass)");
    return tree_at_line(m, n);
}

static int take_baseline(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct str text;
    if (take_place(m, n, &text))
        return -1;
    struct str prefix = STR("changelog:"), file = str_from(text, prefix.n);
    bool relative = str_starts(text, prefix) && file.n && file.p[0] != '/';
    env->drift.baseline =
        relative ? arena_printf(m->mem, "changelog:%.*s/%.*s", STR_ARG(m->c->folder), STR_ARG(file))
        : str_starts(text, prefix) ? text
                                   : source_beside(text, m->c->folder, m->engines, m->mem);
    return 0;
}

static int take_history(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct str text;
    if (take_place(m, n, &text))
        return -1;
    bool url = str_find(text, STR("://")) < text.n;
    if (str_eq(text, STR("none")))
        env->drift.history = STR_NULL;
    else if (url || text.p[0] == '/')
        env->drift.history = text;
    else
        env->drift.history =
            arena_printf(m->mem, "%.*s/%.*s", STR_ARG(m->c->folder), STR_ARG(text));
    return 0;
}

static int add_fail_on(const struct maker *m, const struct node *n, void *ctx)
{
    struct str *list = ctx, word;
    if (tree_text(m, n, &word))
        return -1;
    *list = list->n ? arena_printf(m->mem, "%.*s,%.*s", STR_ARG(*list), STR_ARG(word)) : word;
    return 0;
}

static int take_fail_on(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct fail_on checked;
    if (each_text(m, n, add_fail_on, &env->drift.fail_on))
        return -1;
    if (fail_on_parse(env->drift.fail_on, &checked, m->e))
        return tree_at_line(m, n);
    return 0;
}

static int take_severity(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct strbuf facets = sb_new(m->mem, 0);
    facet_list(&facets, (1u << FACET_COUNT) - 1);
    if (n->type != NODE_MAP)
        return tree_syntax(m, n, "facets with their severity are wanted here");
    for (const struct node *one = n->first; one; one = one->next) {
        struct str word;
        int bit = 0;
        if (!facet_bit(one->key))
            return tree_unknown(m, one, E_CONFIG_KEY, "facet", one->key, sb_view(&facets).p);
        if (tree_text(m, one, &word))
            return -1;
        while (1u << bit != facet_bit(one->key))
            bit++;
        if (!severity_parse(word, &env->drift.severity.of[bit]))
            return tree_unknown(m, one, E_BAD_VALUE, "severity", word, "note,warning,error");
    }
    return 0;
}

static const struct {
    const char *name;
    take_fn *take;
} keys[] = {
    {"baseline", take_baseline}, {"history", take_history},
    {"fail_on", take_fail_on},   {"severity", take_severity},
    {"notify", config_notify},   {"notify_format", config_notify_format},
    {"webhook", config_webhook}, {"metrics", config_metrics},
};

static int take_env(const struct maker *m, const struct node *map, struct config_env *env)
{
    struct strbuf known = sb_new(m->mem, 0);
    if (map->type != NODE_MAP)
        return tree_syntax(m, map, "a mapping (baseline: ...) is wanted here");
    env->drift.given = true;
    env->drift.history = arena_printf(m->mem, "%.*s/.snap/history.db", STR_ARG(m->c->folder));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        sb_printf(&known, "%s%s", i ? "," : "", keys[i].name);
    for (const struct node *n = map->first; n; n = n->next) {
        size_t i = 0;
        while (i < sizeof keys / sizeof *keys && !str_eq_c(n->key, keys[i].name))
            i++;
        if (i == sizeof keys / sizeof *keys)
            return tree_unknown(m, n, E_CONFIG_KEY, "key", n->key, sb_view(&known).p);
        if (keys[i].take(m, n, env))
            return -1;
    }
    return 0;
}

static struct config_env *env_of(const struct maker *m, struct str name)
{
    for (uint32_t i = 0; i < m->c->nenvs; i++)
        if (str_eq(m->c->envs[i].name, name))
            return &m->c->envs[i];
    return NULL;
}

static int unknown_env(const struct maker *m, const struct node *n, struct str name)
{
    struct strbuf known = sb_new(m->mem, 0);
    if (!m->c->nenvs) {
        err_set(m->e, E_CONFIG_KEY, "%.*s line %u: %.*s is no environment, and there is none",
                STR_ARG(m->c->path), n->line, STR_ARG(name));
        return err_hint(m->e, "write it under environments: first, with its url:");
    }
    for (uint32_t i = 0; i < m->c->nenvs; i++)
        sb_printf(&known, "%s%.*s", i ? "," : "", STR_ARG(m->c->envs[i].name));
    return tree_unknown(m, n, E_CONFIG_KEY, "environment", name, sb_view(&known).p);
}

static int take_drift(const struct maker *m, const struct node *map)
{
    if (map->type != NODE_MAP)
        return tree_syntax(m, map, "a mapping (ENV: {baseline: ...}) is wanted here");
    for (const struct node *n = map->first; n; n = n->next) {
        struct config_env *env = env_of(m, n->key);
        if (!env)
            return unknown_env(m, n, n->key);
        if (take_env(m, n, env))
            return -1;
    }
    return 0;
}

static int take_match(const struct maker *m, const struct node *n, struct str *out)
{
    struct strbuf known = sb_new(m->mem, 0);
    if (tree_text(m, n, out))
        return -1;
    struct str kind = pattern_kind(*out);
    if (kind.n == out->n)
        return tree_syntax(m, n, "an object is named as KIND:GLOB, as in table:tmp_*");
    for (const struct engine *const *eng = m->engines; *eng; eng++)
        for (size_t i = 0; i < (*eng)->nkinds; i++) {
            if (str_eq_c(kind, (*eng)->kinds[i]->name))
                return 0;
            sb_printf(&known, "%s%s", known.n ? "," : "", (*eng)->kinds[i]->name);
        }
    return tree_unknown(m, n, E_BAD_VALUE, "kind", kind, sb_view(&known).p);
}

static int take_day(const struct maker *m, const struct node *n, struct str *out)
{
    int64_t days;
    if (tree_text(m, n, out))
        return -1;
    if (out->n == 10 && clock_day(*out, &days))
        return 0;
    err_set(m->e, E_BAD_VALUE, "expires: %.*s is no day", STR_ARG(*out));
    err_hint(m->e, "write the last day on which the rule holds as 2026-12-31");
    return tree_at_line(m, n);
}

static int add_facet(const struct maker *m, const struct node *n, void *ctx)
{
    unsigned *facets = ctx;
    struct strbuf known = sb_new(m->mem, 0);
    struct str word;
    facet_list(&known, (1u << FACET_COUNT) - 1);
    if (tree_text(m, n, &word))
        return -1;
    *facets |= facet_bit(word);
    return facet_bit(word) ? 0 : tree_unknown(m, n, E_BAD_VALUE, "facet", word, sb_view(&known).p);
}

static int add_op(const struct maker *m, const struct node *n, void *ctx)
{
    unsigned *ops = ctx;
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    unsigned op = str_eq(word, STR("added"))     ? 1u << OP_ADD
                  : str_eq(word, STR("dropped")) ? 1u << OP_DROP
                  : str_eq(word, STR("changed")) ? 1u << OP_ALTER
                                                 : 0;
    *ops |= op;
    return op ? 0 : tree_unknown(m, n, E_BAD_VALUE, "op", word, "added,dropped,changed");
}

struct names {
    struct str *v;
    uint32_t n, cap;
};

static int add_env(const struct maker *m, const struct node *n, void *ctx)
{
    struct names *names = ctx;
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    if (m->c->nenvs && !env_of(m, word))
        return unknown_env(m, n, word);
    VEC_PUSH(m->mem, *names, word);
    return 0;
}

static int take_rule_key(const struct maker *m, const struct node *n, struct ignore_rule *r)
{
    struct names envs = {0};
    int64_t number;
    if (str_eq(n->key, STR("match")))
        return take_match(m, n, &r->match);
    if (str_eq(n->key, STR("reason")))
        return tree_text(m, n, &r->reason);
    if (str_eq(n->key, STR("owner")))
        return tree_text(m, n, &r->owner);
    if (str_eq(n->key, STR("expires")))
        return take_day(m, n, &r->expires);
    if (str_eq(n->key, STR("facets")))
        return each_text(m, n, add_facet, &r->facets);
    if (str_eq(n->key, STR("op")))
        return each_text(m, n, add_op, &r->ops);
    if (str_eq(n->key, STR("env"))) {
        if (each_text(m, n, add_env, &envs))
            return -1;
        r->envs = envs.v;
        r->nenvs = envs.n;
        return 0;
    }
    if (tree_number(m, n, &number))
        return -1;
    r->most = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    return 0;
}

static int take_rule(const struct maker *m, const struct node *map)
{
    static const char known[] = "match,reason,owner,expires,most,facets,op,env";
    struct ignore_rule r = {.line = map->line};
    if (map->type != NODE_MAP)
        return tree_syntax(m, map, "a rule (match: ..., reason: ...) is wanted here");
    for (const struct node *n = map->first; n; n = n->next) {
        if (!word_in(known, n->key))
            return tree_unknown(m, n, E_CONFIG_KEY, "key", n->key, known);
        if (take_rule_key(m, n, &r))
            return -1;
    }
    if (!r.match.n)
        return tree_syntax(m, map, "a rule says what it is for: match: table:tmp_*");
    if (!r.reason.n)
        return tree_syntax(m, map, "a rule says why: reason: ...");
    struct config *c = m->c;
    if (c->nignore == c->ignore_cap)
        c->ignore = vec_grow(m->mem, c->ignore, &c->ignore_cap, sizeof *c->ignore);
    c->ignore[c->nignore++] = r;
    return 0;
}

static int add_preset(const struct maker *m, const struct node *n, void *ctx)
{
    struct config *c = m->c;
    struct str word;
    uint32_t count;
    (void)ctx;
    if (tree_text(m, n, &word))
        return -1;
    const struct ignore_rule *rules = drift_preset(word, &count);
    if (!rules) {
        struct strbuf known = sb_new(m->mem, 0);
        drift_preset_names(&known);
        return tree_unknown(m, n, E_BAD_VALUE, "preset", word, sb_view(&known).p);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (c->nignore == c->ignore_cap)
            c->ignore = vec_grow(m->mem, c->ignore, &c->ignore_cap, sizeof *c->ignore);
        c->ignore[c->nignore++] = rules[i];
    }
    return 0;
}

static int take_rules(const struct maker *m, const struct node *list)
{
    if (list->type != NODE_LIST)
        return tree_syntax(m, list, "a list of rules is wanted here");
    for (const struct node *n = list->first; n; n = n->next)
        if (take_rule(m, n))
            return -1;
    return 0;
}

int config_ignore(const struct node *list, const struct engine *const *engines, struct arena *mem,
                  struct config *c, struct err *e)
{
    struct maker m = {engines, mem, c, e};
    return take_rules(&m, list);
}

int config_drift(const struct drift_sections *s, const struct engine *const *engines,
                 struct arena *mem, struct config *c, struct err *e)
{
    struct maker m = {engines, mem, c, e};
    if ((s->drift && take_drift(&m, s->drift)) || (s->ignore && take_rules(&m, s->ignore)))
        return -1;
    return s->presets ? each_text(&m, s->presets, add_preset, NULL) : 0;
}
