/*
 * GRANT and REVOKE from one list of grants to another. The server keeps grants in the order in
 * which they came, and pg_dump writes them so: what stands behind the first difference is taken
 * away and granted again in the wanted order.
 */

#include <string.h>

#include "drivers/postgresql/acl.h"

struct grantee {
    struct str name; /* "" the owner, public everybody */
    struct str list; /* "INSERT,SELECT*"; for the owner's default ALL */
};
struct grantees {
    struct grantee *v;
    uint32_t n, cap;
};

/* GRANT names some kinds otherwise. */
static const char *grant_word(const char *what)
{
    if (strcmp(what, "VIEW") == 0 || strcmp(what, "MATERIALIZED VIEW") == 0)
        return "TABLE";
    if (strcmp(what, "FOREIGN TABLE") == 0)
        return "TABLE";
    if (strcmp(what, "SERVER") == 0)
        return "FOREIGN SERVER";
    return strcmp(what, "AGGREGATE") == 0 ? "FUNCTION" : what;
}

/* What everybody has by default. */
static const char *public_default(const char *word)
{
    static const char *const usage = "TYPE,DOMAIN,LANGUAGE,TYPES";
    if (word_in(usage, str_c(word)))
        return "USAGE";
    if (strcmp(word, "DATABASE") == 0)
        return "CONNECT,TEMPORARY";
    return word_in("FUNCTION,PROCEDURE,FUNCTIONS", str_c(word)) ? "EXECUTE" : NULL;
}

/* As acldefault() has it: everybody first. */
static struct grantees defaults(struct arena *mem, const char *word, bool column)
{
    struct grantees all = {0};
    struct grantee everybody = {STR("public"), str_c(public_default(word))};
    struct grantee owner = {STR(""), STR("ALL")};
    if (column)
        return all;
    if (everybody.list.n)
        VEC_PUSH(mem, all, everybody);
    VEC_PUSH(mem, all, owner);
    return all;
}

static bool has(const struct grantees *all, struct str name)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].name, name))
            return true;
    return false;
}

/* The grants of an object, those by default written out, in their order. */
static struct grantees grants_of(struct arena *mem, const struct obj *o, const char *word,
                                 bool column)
{
    struct grantees base = defaults(mem, word, column), all = {0};
    struct str map = obj_raw(o, "acl"), key, value;
    struct jc_iter it = jc_iter(jc_get(o ? o->src : STR_NULL, "who"));
    while (jc_next(&it, &key, &value)) {
        struct grantee one = {jc_text(mem, value), STR_NULL};
        VEC_PUSH(mem, all, one);
    }
    for (uint32_t i = 0; i < base.n; i++)
        if (!all.n || !has(&all, base.v[i].name))
            VEC_PUSH(mem, all, base.v[i]);
    for (it = jc_iter(map); jc_next(&it, &key, &value);)
        if (!has(&all, pg_key(mem, key))) {
            struct grantee one = {pg_key(mem, key), STR_NULL};
            VEC_PUSH(mem, all, one);
        }
    struct grantees out = {0};
    for (uint32_t i = 0; i < all.n; i++) {
        struct grantee one = {all.v[i].name, STR_NULL};
        for (it = jc_iter(map); jc_next(&it, &key, &value);)
            if (str_eq(pg_key(mem, key), one.name))
                one.list = jc_text(mem, value);
        for (uint32_t k = 0; str_is_null(one.list) && k < base.n; k++)
            if (str_eq(base.v[k].name, one.name))
                one.list = base.v[k].list;
        if (one.list.n)
            VEC_PUSH(mem, out, one);
    }
    return out;
}

struct grant_target {
    struct ddl *d;
    const char *word;
    struct str id; /* with a blank before it, or "" */
    struct str owner, column;
    struct str prefix; /* of each statement */
    bool chained;      /* others than the owner have granted something */
    struct grantees revoked;
};

static struct str role(const struct grant_target *t, struct str grantee)
{
    if (!grantee.n)
        return t->owner.n ? pg_text(t->d->mem, "%I", t->owner) : STR("CURRENT_USER");
    return str_eq(grantee, STR("public")) ? STR("PUBLIC") : pg_text(t->d->mem, "%I", grantee);
}

/* The words of `list` that are not in `less` as a list of privileges; `options` those with the
 * grant option, else those without. */
static struct str words(const struct grant_target *t, struct str list, struct str less,
                        bool options)
{
    struct strbuf b = sb_new(t->d->mem, 0);
    struct str one;
    while (str_cut(&list, ',', &one)) {
        bool option = str_ends(one, STR("*"));
        if (option != options || str_has_word(less, one))
            continue;
        if (b.n)
            sb_c(&b, ", ");
        sb_str(&b, str_sub(one, 0, one.n - option));
        sb_str(&b, t->column);
    }
    return sb_view(&b);
}

/* Others than the owner grant in their own name: the server takes it from the current role. */
static void as_role(struct grant_target *t, struct str by)
{
    if (by.n)
        pg_ddl(t->d, 0, "SET ROLE %I", by);
}

static void as_before(struct grant_target *t, struct str by)
{
    if (by.n)
        pg_ddl(t->d, 0, "RESET ROLE");
}

/* What the owner has granted. */
static void grant(struct grant_target *t, const struct grantee *g, struct str less)
{
    for (int option = 0; option < 2; option++) {
        struct str list = words(t, g->list, less, option == 1);
        if (list.n)
            pg_ddl(t->d, 0, "%SGRANT %S ON %s%S TO %S%s", t->prefix, list, t->word, t->id,
                   role(t, g->name), option ? " WITH GRANT OPTION" : "");
    }
}

static void revoke(struct grant_target *t, const struct grantee *g)
{
    VEC_PUSH(t->d->mem, t->revoked, *g);
    pg_ddl(t->d, 0, "%SREVOKE ALL%S ON %s%S FROM %S%s", t->prefix, t->column, t->word, t->id,
           role(t, g->name), t->chained ? " CASCADE" : "");
}

/* A part of a list of grants. */
struct part {
    struct grantee to; /* of one grantor */
    struct str by;     /* "" the owner */
    bool done;
};
struct parts {
    struct part *v;
    uint32_t n, cap;
};

static struct parts parts_of(struct arena *mem, const struct grantees *list)
{
    struct parts all = {0};
    for (uint32_t i = 0; i < list->n; i++) {
        struct part one = {.to.name = list->v[i].name};
        struct str rest = list->v[i].list;
        while (pg_acl_part(mem, &rest, &one.to.list, &one.by))
            VEC_PUSH(mem, all, one);
    }
    return all;
}

static bool is_chained(struct arena *mem, const struct grantees *list)
{
    struct parts all = parts_of(mem, list);
    for (uint32_t i = 0; i < all.n; i++)
        if (all.v[i].by.n)
            return true;
    return false;
}

static bool has_option(const struct part *p, struct str name)
{
    return str_eq(p->to.name, name) && str_chr(p->to.list, '*') < p->to.list.n;
}

/* Whoever grants must have been granted it before. */
static bool is_ready(const struct parts *all, const struct part *p)
{
    for (uint32_t i = 0; p->by.n && i < all->n; i++)
        if (!all->v[i].done && has_option(&all->v[i], p->by))
            return false;
    return true;
}

/* In their order, but for those that wait for others. A circle, which no server makes, is run as it
 * stands, for the server to refuse. */
static void grant_all(struct grant_target *t, const struct grantees *list)
{
    struct parts all = parts_of(t->d->mem, list);
    bool stuck = false;
    for (uint32_t left = all.n; left > 0;) {
        uint32_t before = left;
        for (uint32_t i = 0; i < all.n; i++) {
            struct part *p = &all.v[i];
            if (p->done || !(stuck || is_ready(&all, p)))
                continue;
            as_role(t, p->by);
            grant(t, &p->to, STR(""));
            as_before(t, p->by);
            p->done = true;
            left--;
        }
        stuck = left == before;
    }
}

static bool any_option(const struct parts *all, struct str name)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (has_option(&all->v[i], name))
            return true;
    return false;
}

/* What the owner revokes takes along what was granted on the strength of it. Who has granted a
 * column on the strength of the table's grants revokes it. */
static void revoke_all(struct grant_target *t, const struct grantees *list)
{
    struct parts all = parts_of(t->d->mem, list);
    for (uint32_t i = all.n; i-- > 0;)
        if (all.v[i].by.n && !any_option(&all, all.v[i].by)) {
            as_role(t, all.v[i].by);
            revoke(t, &all.v[i].to);
            as_before(t, all.v[i].by);
        }
    for (uint32_t i = 0; i < all.n; i++)
        if (!all.v[i].by.n)
            revoke(t, &all.v[i].to);
}

/* One grantee keeps its place: first what is added, then what is taken away. */
static void change_in_place(struct grant_target *t, const struct grantee *was,
                            const struct grantee *now)
{
    if (str_eq(was->list, now->list))
        return;
    if (str_eq(was->list, STR("ALL")) || str_eq(now->list, STR("ALL"))) {
        if (str_eq(was->list, STR("ALL")))
            revoke(t, was);
        grant(t, now, STR(""));
        return;
    }
    grant(t, now, was->list);
    struct str rest = was->list, one;
    while (str_cut(&rest, ',', &one)) {
        bool option = str_ends(one, STR("*"));
        struct str word = str_sub(one, 0, one.n - option);
        struct str with = arena_printf(t->d->mem, "%.*s*", STR_ARG(word));
        bool plain = str_has_word(now->list, word), more = str_has_word(now->list, with);
        if (!plain && (!more || option))
            VEC_PUSH(t->d->mem, t->revoked, *was);
        if (!plain && !more)
            pg_ddl(t->d, 0, "%SREVOKE %S%S ON %s%S FROM %S%s", t->prefix, word, t->column, t->word,
                   t->id, role(t, was->name), t->chained ? " CASCADE" : "");
        else if (option && !more)
            pg_ddl(t->d, 0, "%SREVOKE GRANT OPTION FOR %S%S ON %s%S FROM %S%s", t->prefix, word,
                   t->column, t->word, t->id, role(t, was->name), t->chained ? " CASCADE" : "");
    }
}

/* REVOKE on a table takes the same privileges on its columns along: they are granted again. */
static void grant_columns_again(struct grant_target *t, const struct obj *table)
{
    struct view_iter it = view_iter(t->d->after, table->path);
    if (strcmp(t->word, "TABLE") != 0)
        return;
    for (const struct obj *o = view_next(&it); o && t->revoked.n; o = view_next(&it)) {
        if (o == table || !obj_raw(o, "acl").n)
            continue;
        struct grantees list = grants_of(t->d->mem, o, t->word, true);
        t->column = pg_text(t->d->mem, " (%S)", pg_last(t->d->mem, o->path));
        bool chained = is_chained(t->d->mem, &list);
        if (chained)
            grant_all(t, &list);
        for (uint32_t i = 0; i < list.n && !chained; i++)
            if (has(&t->revoked, list.v[i].name))
                grant(t, &list.v[i], STR(""));
    }
}

static bool same_grants(const struct grantees *a, const struct grantees *b)
{
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = str_eq(a->v[i].name, b->v[i].name) && str_eq(a->v[i].list, b->v[i].list);
    return same;
}

/* Whether something below a table is granted by others than the owner: REVOKE on the table reaches
 * it. */
static bool columns_chained(struct ddl *d, const struct obj *table)
{
    const struct view *const states[] = {d->before, d->after};
    for (int i = 0; i < 2 && table; i++) {
        struct view_iter it = view_iter(states[i], table->path);
        for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
            struct grantees list = grants_of(d->mem, o, "TABLE", true);
            if (o != table && is_chained(d->mem, &list))
                return true;
        }
    }
    return false;
}

static void turn(struct grant_target *t, const struct grantees *was, const struct grantees *now)
{
    uint32_t same = 0;
    if (is_chained(t->d->mem, was) || is_chained(t->d->mem, now)) {
        t->chained = true;
        if (!same_grants(was, now)) {
            revoke_all(t, was);
            grant_all(t, now);
        }
        return;
    }
    while (same < was->n && same < now->n && str_eq(was->v[same].name, now->v[same].name))
        same++;
    for (uint32_t i = 0; i < same; i++)
        change_in_place(t, &was->v[i], &now->v[i]);
    for (uint32_t i = same; i < was->n; i++)
        revoke(t, &was->v[i]);
    for (uint32_t i = same; i < now->n; i++)
        grant(t, &now->v[i], STR(""));
}

/* A column's owner is its table's, as is that of an identity's sequence. */
static struct str owner_of(struct ddl *d, const struct obj *o)
{
    struct str owner = obj_text(d->mem, o, "owner");
    for (struct str path = path_parent(o->path); !owner.n && path.n; path = path_parent(path))
        owner = obj_text(d->mem, view_get(d->after, path), "owner");
    return owner;
}

void pg_grants(struct ddl *d, const char *what, struct str id, const struct obj *before,
               const struct obj *after, struct str column)
{
    struct grant_target t = {.d = d,
                             .word = grant_word(what),
                             .id = pg_text(d->mem, " %S", id),
                             .prefix = STR(""),
                             .owner = owner_of(d, after),
                             .chained = !column.n && columns_chained(d, after),
                             .column = column};
    if (str_eq(obj_raw(before, "acl"), obj_raw(after, "acl")))
        return;
    struct grantees was = grants_of(d->mem, before, t.word, column.n > 0);
    struct grantees now = grants_of(d->mem, after, t.word, column.n > 0);
    turn(&t, &was, &now);
    if (before && !column.n)
        grant_columns_again(&t, after);
}

void pg_database_grants(struct ddl *d, struct str name, struct str owner, const struct obj *before,
                        const struct obj *after)
{
    struct grant_target t = {.d = d,
                             .word = "DATABASE",
                             .id = pg_text(d->mem, " %S", name),
                             .prefix = STR(""),
                             .owner = owner,
                             .column = STR("")};
    struct grantees was = grants_of(d->mem, before, t.word, false);
    struct grantees now = grants_of(d->mem, after, t.word, false);
    turn(&t, &was, &now);
}

void pg_default_grants(struct ddl *d, struct str prefix, struct str objects,
                       const struct obj *before, const struct obj *after)
{
    const struct obj *o = after ? after : before;
    struct grant_target t = {.d = d,
                             .word = arena_cstr(d->mem, objects),
                             .id = STR(""),
                             .prefix = prefix,
                             .owner = obj_text(d->mem, o, "owner"),
                             .column = STR("")};
    /* those of a schema come on top of the others */
    bool none = obj_raw(o, "schema").n > 0;
    struct grantees was = grants_of(d->mem, before, t.word, none);
    struct grantees now = grants_of(d->mem, after, t.word, none);
    turn(&t, &was, &now);
}

void pg_undo_defaults(struct ddl *d, const char *what, struct str id, const struct obj *o)
{
    struct grant_target t = {.d = d,
                             .word = grant_word(what),
                             .id = pg_text(d->mem, " %S", id),
                             .prefix = STR(""),
                             .owner = obj_text(d->mem, o, "owner"),
                             .column = STR("")};
    struct pg_names names = pg_default_grantees(d, what, o);
    struct grantees base = defaults(d->mem, t.word, false);
    for (uint32_t i = 0; i < names.n; i++) {
        struct grantee one = {names.v[i], STR("")};
        if (!one.name.n || str_eq(one.name, t.owner))
            continue;
        revoke(&t, &one);
        for (uint32_t k = 0; k < base.n; k++)
            if (str_eq(base.v[k].name, one.name))
                grant(&t, &base.v[k], STR(""));
    }
    /* the owner may have been granted less, or been a grantee before it became the owner */
    for (uint32_t i = 0; i < names.n; i++)
        if (!names.v[i].n || str_eq(names.v[i], t.owner)) {
            grant(&t, &base.v[base.n - 1], STR(""));
            break;
        }
}

void pg_grants_under_owner(struct ddl *d, const char *what, struct str id, const struct change *c)
{
    struct grant_target t = {.d = d,
                             .word = grant_word(what),
                             .id = pg_text(d->mem, " %S", id),
                             .prefix = STR(""),
                             .owner = obj_text(d->mem, c->after, "owner"),
                             .column = STR("")};
    struct str old = obj_text(d->mem, c->before, "owner");
    struct grantees was = grants_of(d->mem, c->before, t.word, false);
    struct grantees now = grants_of(d->mem, c->after, t.word, false);
    bool merged = has(&was, t.owner) || has(&now, old);
    if (str_eq(obj_raw(c->before, "acl"), obj_raw(c->after, "acl")) && !merged)
        return;
    if (!has(&was, STR(""))) {
        struct grantee owner = {STR(""), STR("ALL")};
        VEC_PUSH(d->mem, was, owner);
    }
    t.chained =
        is_chained(d->mem, &was) || is_chained(d->mem, &now) || columns_chained(d, c->after);
    for (uint32_t i = 0; i < was.n; i++)
        if (!str_eq(was.v[i].name, t.owner))
            revoke(&t, &was.v[i]);
    grant_all(&t, &now);
    grant_columns_again(&t, c->after);
}

static int acl_fn(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const char *what = pg_keyword(d->eng, c->after);
    struct str id = pg_id(d->mem, c->after), column = STR("");
    if (pg_changed(c, "owner"))
        return 0; /* after the change of the owner */
    if (strcmp(what, "COLUMN") == 0) {
        column = pg_text(d->mem, " (%S)", pg_last(d->mem, c->after->path));
        id = pg_table_of(d->mem, c->after->path);
        what = "TABLE";
    }
    pg_grants(d, what, id, c->before, c->after, column);
    return 0;
}

const struct alter pg_alter_acl = {.name = "grants.alter", .fn = acl_fn, .doc = "GRANT, REVOKE"};
