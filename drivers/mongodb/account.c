/*
 * Roles and users of the database, read on request (facet acl). What a user proves itself by is no
 * part of a schema, so none is made.
 *
 * A server names the database in every role and resource. Two databases of one schema have two
 * names, so the own one is OWN in facts and src; other names stay.
 */

#include "drivers/mongodb/mongodb.h"

#include <stdlib.h>

/* No database is called so: a name may hold no point. */
static const char OWN[] = ".";

static void put_own(struct mv *v, struct str own)
{
    if (v->type == MV_STRING && own.n && str_eq_c(v->key, "db") && str_eq(v->text, own))
        v->text = str_c(OWN);
    for (struct mv *m = v->first; m; m = m->next)
        put_own(m, own);
}

/* A member of what a server lists of an account, at all depths without the name of its database. */
static struct mv *of_account(struct arena *mem, const struct mv *doc, const char *key)
{
    struct str own = mv_string(mv_get(doc, "db"));
    const struct mv *v = mv_get(doc, key);
    struct mv *out = v ? mv_copy(mem, v) : mv_new(mem, MV_ARRAY);
    put_own(out, own);
    return out;
}

static bool is_own(const struct mv *v)
{
    return str_eq_c(mv_string(mv_get(v, "db")), OWN);
}

/* Members of a list, each as text, as a set; those of documents in order of their keys. */
static struct mv *in_order(struct arena *mem, const struct mv *v)
{
    struct str text = v->type == MV_DOCUMENT ? mg_canon_definition(mem, v) : mv_json(mem, v);
    return mv_text(mem, text.n ? text : STR("{}"));
}

static void put_set(struct fact *f, const char *attr, const struct mv *list)
{
    struct arena *mem = f->cat->tmp;
    struct str *texts = NEW_ARRAY(mem, struct str, list ? list->n : 0);
    uint32_t n = 0, k = 0;
    for (const struct mv *m = list ? list->first : NULL; m; m = m->next)
        texts[n++] = in_order(mem, m)->text;
    if (n)
        qsort(texts, n, sizeof *texts, str_order);
    for (uint32_t i = 0; i < n; i++)
        if (!k || !str_eq(texts[k - 1], texts[i]))
            texts[k++] = texts[i];
    fact_list(f, attr, texts, k);
}

/* A privilege with its actions in order. */
static struct mv *privileges_of(struct arena *mem, const struct mv *list)
{
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = list ? list->first : NULL; m; m = m->next) {
        struct mv *one = mv_copy(mem, m), *actions = mv_take(one, "actions");
        struct mv *sorted = mv_new(mem, MV_ARRAY);
        VEC(struct str) words = {0};
        for (const struct mv *a = actions ? actions->first : NULL; a; a = a->next)
            VEC_PUSH(mem, words, mv_string(a));
        if (words.n)
            qsort(words.v, words.n, sizeof *words.v, str_order);
        for (uint32_t i = 0; i < words.n; i++)
            mv_add(sorted, STR_NULL, mv_text(mem, words.v[i]));
        mv_add(one, STR("actions"), sorted);
        mv_add(out, STR_NULL, one);
    }
    return out;
}

static void put_restrictions(struct fact *f, const struct mv *list)
{
    if (list && list->n)
        fact_text(f, "restrictions", mv_json(f->cat->tmp, list));
}

void mg_role_fact(struct catalog *cat, const struct mv *doc)
{
    struct mv *kept = mv_new(cat->tmp, MV_DOCUMENT);
    struct fact f;
    static const char *const keys[] = {"privileges", "roles", "authenticationRestrictions"};
    if (mv_truth(mv_get(doc, "isBuiltin")))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        mv_add(kept, str_c(keys[i]), of_account(cat->tmp, doc, keys[i]));
    fact_begin(&f, cat, "role", STR(""), mv_string(mv_get(doc, "role")));
    put_set(&f, "privileges", privileges_of(cat->tmp, mv_get(kept, "privileges")));
    put_set(&f, "roles", mv_get(kept, "roles"));
    put_restrictions(&f, mv_get(doc, "authenticationRestrictions"));
    fact_src(&f, "doc", mv_json(cat->tmp, kept));
    fact_end(&f);
}

void mg_user_fact(struct catalog *cat, const struct mv *doc)
{
    struct mv *kept = mv_new(cat->tmp, MV_DOCUMENT);
    const struct mv *roles = mv_add(kept, STR("roles"), of_account(cat->tmp, doc, "roles"));
    struct fact f;
    fact_begin(&f, cat, "user", STR(""), mv_string(mv_get(doc, "user")));
    put_set(&f, "roles", roles);
    put_set(&f, "mechanisms", mv_get(doc, "mechanisms"));
    put_restrictions(&f, mv_get(doc, "authenticationRestrictions"));
    fact_src(&f, "doc", mv_json(cat->tmp, kept));
    fact_end(&f);
}

/* A role of the own database is its name alone. */
static struct mv *roles_of(struct arena *mem, const struct mv *list)
{
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = list->first; m; m = m->next)
        mv_add(out, STR_NULL,
               is_own(m) ? mv_text(mem, mv_string(mv_get(m, "role"))) : mv_copy(mem, m));
    return out;
}

/* A resource is written with the name of its database, and which one the changelog will be run on
 * is not known. */
static int check_privileges(struct ddl *d, const struct change *c, const char *verb,
                            const struct mv *list, struct err *e)
{
    for (const struct mv *m = list->first; m; m = m->next) {
        if (!is_own(mv_get(m, "resource")))
            continue;
        err_set(e, E_UNSUPPORTED_CHANGE,
                "role %.*s: its privileges on the database itself would have to name the database",
                STR_ARG(mg_name(d->mem, c->after)));
        return err_hint(e, "make it by %s by hand, or leave it out: --facets -acl", verb);
    }
    return 0;
}

/* Whether a member of the command differs; all of them do where the account is made. */
static bool differs(const struct change *c, struct str key)
{
    if (!c->before)
        return true;
    struct str attr = str_eq_c(key, "authenticationRestrictions") ? STR("restrictions") : key;
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (str_eq_c(attr, c->attrs[i].attr->name))
            return true;
    return false;
}

static int put_account(struct ddl *d, const char *verb, const struct change *c, struct err *e)
{
    struct mv *command = mg_command(d->mem, verb, mg_name(d->mem, c->after));
    const struct mv *doc = mg_src(d->mem, c->after, "doc");
    for (const struct mv *m = doc ? doc->first : NULL; m; m = m->next) {
        if (!differs(c, m->key))
            continue;
        if (str_eq_c(m->key, "privileges") && check_privileges(d, c, verb, m, e))
            return -1;
        bool roles = str_eq_c(m->key, "roles");
        mv_add(command, m->key, roles ? roles_of(d->mem, m) : mv_copy(d->mem, m));
    }
    mg_ddl(d, command);
    return 0;
}

static int role_create(struct ddl *d, const struct change *c, struct err *e)
{
    return put_account(d, "createRole", c, e);
}

static int role_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    mg_ddl(d, mg_command(d->mem, "dropRole", mg_name(d->mem, c->before)));
    return 0;
}

static int role_update(struct ddl *d, const struct change *c, struct err *e)
{
    return put_account(d, "updateRole", c, e);
}

static int user_create(struct ddl *d, const struct change *c, struct err *e)
{
    err_set(e, E_SECRET_UNKNOWN, "user %.*s: its password is no part of a schema",
            STR_ARG(mg_name(d->mem, c->after)));
    return err_hint(e, "make it by createUser, or leave it out: --facets -acl");
}

static int user_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    mg_ddl(d, mg_command(d->mem, "dropUser", mg_name(d->mem, c->before)));
    return 0;
}

static int user_update(struct ddl *d, const struct change *c, struct err *e)
{
    return put_account(d, "updateUser", c, e);
}

static int refuse(struct ddl *d, const struct change *c, struct err *e)
{
    return err_set(e, E_UNSUPPORTED_CHANGE,
                   "user %.*s: how it proves itself differs, and that takes its password",
                   STR_ARG(mg_name(d->mem, c->after)));
}

static const struct alter create_role = {
    .name = "role.create", .fn = role_create, .doc = "createRole"};
static const struct alter drop_role = {.name = "role.drop", .fn = role_drop, .doc = "dropRole"};
static const struct alter update_role = {
    .name = "role.update", .fn = role_update, .doc = "updateRole"};
static const struct alter create_user = {
    .name = "user.create", .fn = user_create, .doc = "refused: its password is not known"};
static const struct alter drop_user = {.name = "user.drop", .fn = user_drop, .doc = "dropUser"};
static const struct alter update_user = {
    .name = "user.update", .fn = user_update, .doc = "updateUser"};
static const struct alter by_hand = {.name = "user.refuse", .fn = refuse, .doc = "refused"};

/* clang-format off */
static const struct attr_desc role_attrs[] = {
    {"privileges",   A_SET,  CMP_VALUE, F_ACL, NULL, &update_role, 1, false, 0, "what it may do to what"},
    {"restrictions", A_EXPR, CMP_VALUE, F_ACL, NULL, &update_role, 1, false, 0, "addresses that it may come from"},
    {"roles",        A_SET,  CMP_VALUE, F_ACL, NULL, &update_role, 1, false, 0, "roles that it has"},
};
static const struct attr_desc user_attrs[] = {
    {"mechanisms",   A_SET,  CMP_VALUE, F_ACL, NULL, &by_hand,     1, false, 0, "how it may prove itself"},
    {"restrictions", A_EXPR, CMP_VALUE, F_ACL, NULL, &by_hand,     1, false, 0, "addresses that it may come from"},
    {"roles",        A_SET,  CMP_VALUE, F_ACL, NULL, &update_user, 1, false, 0, "roles that it has"},
};
/* clang-format on */

const struct kind_desc mg_role_kind = {
    .name = "role",
    .parents = "",
    .rank = 50,
    .facet = F_ACL,
    .attrs = role_attrs,
    .nattrs = sizeof role_attrs / sizeof *role_attrs,
    .create = &create_role,
    .drop = &drop_role,
    .doc = "role of the database, read on request",
};
const struct kind_desc mg_user_kind = {
    .name = "user",
    .parents = "",
    .rank = 51,
    .facet = F_ACL,
    .attrs = user_attrs,
    .nattrs = sizeof user_attrs / sizeof *user_attrs,
    .create = &create_user,
    .drop = &drop_user,
    .doc = "user of the database, without its password; read on request",
};
