/* Who is told of drift, as snap.yml says it: a command, a webhook, a file of metrics. */

#include "cli/config_tell.h"

int config_notify(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct config_tell *t = &env->drift.tell;
    struct str word;
    if (n->type == NODE_MAP)
        return tree_syntax(m, n, "a program, or a list of it and its arguments, is wanted here");
    for (const struct node *one = n->type == NODE_LIST ? n->first : n; one;
         one = n->type == NODE_LIST ? one->next : NULL) {
        if (tree_text(m, one, &word))
            return -1;
        if (t->nnotify == t->notify_cap)
            t->notify = vec_grow(m->mem, t->notify, &t->notify_cap, sizeof *t->notify);
        t->notify[t->nnotify++] = word;
    }
    return t->nnotify ? 0 : tree_syntax(m, n, "the list is empty");
}

int config_notify_format(const struct maker *m, const struct node *n, struct config_env *env)
{
    return tree_text(m, n, &env->drift.tell.notify_format);
}

/* A path is relative to the folder of snap.yml. */
static int take_path(const struct maker *m, const struct node *n, struct str *out)
{
    if (tree_text(m, n, out))
        return -1;
    if (out->p[0] != '/' && m->c->folder.n)
        *out = arena_printf(m->mem, "%.*s/%.*s", STR_ARG(m->c->folder), STR_ARG(*out));
    return 0;
}

static int take_url(const struct maker *m, const struct node *n, struct str *out)
{
    if (tree_text(m, n, out))
        return -1;
    if (!m->c->open_to_others)
        return 0;
    err_set(m->e, E_CONFIG_SECRET,
            "the URL of a webhook is a secret, and others may read this file");
    err_hint(m->e, "chmod 600 the file, or use url_env or url_file");
    return tree_at_line(m, n);
}

static int take_form(const struct maker *m, const struct node *n, enum webhook_form *out)
{
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    *out = str_eq(word, STR("slack"))   ? WEBHOOK_SLACK
           : str_eq(word, STR("teams")) ? WEBHOOK_TEAMS
                                        : WEBHOOK_JSON;
    return *out != WEBHOOK_JSON || str_eq(word, STR("json"))
               ? 0
               : tree_unknown(m, n, E_BAD_VALUE, "form", word, "slack,teams,json");
}

static int take_webhook_key(const struct maker *m, const struct node *n, struct config_tell *t)
{
    if (str_eq(n->key, STR("url")))
        return take_url(m, n, &t->url);
    if (str_eq(n->key, STR("url_env")))
        return tree_text(m, n, &t->url_env);
    if (str_eq(n->key, STR("url_file")))
        return take_path(m, n, &t->url_file);
    if (str_eq(n->key, STR("ca_file")))
        return take_path(m, n, &t->ca_file);
    if (str_eq(n->key, STR("form")))
        return take_form(m, n, &t->form);
    if (str_eq(n->key, STR("http")))
        return tree_flag(m, n, &t->plain_http);
    return tree_unknown(m, n, E_CONFIG_KEY, "key", n->key,
                        "url,url_env,url_file,ca_file,form,http");
}

int config_webhook(const struct maker *m, const struct node *n, struct config_env *env)
{
    struct config_tell *t = &env->drift.tell;
    if (n->type != NODE_MAP)
        return tree_syntax(m, n, "a mapping (url_env: ..., form: ...) is wanted here");
    for (const struct node *one = n->first; one; one = one->next)
        if (take_webhook_key(m, one, t))
            return -1;
    t->webhook = true;
    int given = (t->url.n > 0) + (t->url_env.n > 0) + (t->url_file.n > 0);
    return given == 1 ? 0
                      : tree_syntax(m, n, "one of url, url_env and url_file says where it goes");
}

int config_metrics(const struct maker *m, const struct node *n, struct config_env *env)
{
    return take_path(m, n, &env->drift.tell.metrics);
}
