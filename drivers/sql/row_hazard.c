/*
 * What the writing of rows does beside it: triggers and rules of their table, and foreign keys of
 * other tables that delete or change what points at them. Those tables' rows are in no plan, so
 * that no rollback brings them back.
 */

#include "core/relation.h"
#include "drivers/sql/row.h"

struct harm {
    struct ddl *d;
    struct str data;        /* names that --data has, as JSON */
    VEC(struct str) tables; /* whose rows go, the written one first */
};

static void name_triggers(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    struct strbuf names = sb_new(d->mem, 0);
    const struct obj *o;
    while ((o = view_next(&it))) {
        if (!word_in("trigger,rule", path_kind(o->path)))
            continue;
        sb_c(&names, names.n ? ", " : "");
        obj_human(&names, o);
    }
    if (names.n)
        ddl_hazard(d, HZ_TRIGGERS_FIRE, table, "%.*s", STR_ARG(sb_view(&names)));
}

/* Whether rows of the table are facts: then the plan says itself what becomes of them. */
static bool is_taken(const struct harm *h, struct str table)
{
    struct jc_iter it = jc_iter(h->data);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (data_name_fits(jc_text(h->d->mem, raw), h->d->eng, table, h->d->mem))
            return true;
    return false;
}

static bool sets(const struct row_deeds *deeds, const struct relation *r, bool freed)
{
    for (uint32_t i = 0; i < deeds->set.n; i++)
        for (uint32_t k = 0; k < r->nref; k++)
            if ((deeds->set.v[i].freed || !freed) &&
                str_eq(r->ref_columns[k], deeds->set.v[i].column))
                return true;
    return false;
}

static bool acts(struct str action)
{
    return word_in("cascade,set null,set default", action);
}

static void tell(struct harm *h, enum hazard_code code, const struct obj *key, const char *on,
                 struct str action, const char *what)
{
    struct strbuf name = sb_new(h->d->mem, 0);
    obj_human(&name, key);
    ddl_hazard(h->d, code, path_parent(key->path), "%.*s, %s %.*s: %s", STR_ARG(sb_view(&name)), on,
               STR_ARG(action), what);
}

/* Rows go that the foreign key points at. */
static void rows_go(struct harm *h, const struct obj *key, struct str action)
{
    struct str table = path_parent(key->path);
    bool cascades = str_eq(action, STR("cascade")), known = !cascades;
    tell(h, HZ_DATA_LOSS, key, "ON DELETE", action,
         cascades ? "rows that point at rows which go are deleted"
                  : "what points at rows which go is lost");
    for (uint32_t i = 0; i < h->tables.n && !known; i++)
        known = str_eq(h->tables.v[i], table);
    if (!known)
        VEC_PUSH(h->d->mem, h->tables, table);
}

/* Values change that the foreign key points at: it follows, but never to a NULL and back. */
static void values_change(struct harm *h, const struct obj *key, struct str action, bool freed)
{
    bool follows = str_eq(action, STR("cascade")) && !freed;
    tell(h, follows ? HZ_CONVERT : HZ_DATA_LOSS, key, "ON UPDATE", action,
         follows ? "what points at values that change changes too"
                 : "what points at values that change is lost");
}

/* One foreign key, where it points at table `at` of the list. */
static void follow(struct harm *h, uint32_t at, const struct obj *key,
                   const struct row_deeds *deeds)
{
    const struct catalog cat = {.eng = h->d->eng}; /* of a foreign key no more is asked */
    struct relation r = relation_of(&cat, key, h->d->mem);
    struct str table = path_parent(key->path);
    bool empty = h->d->origin && !cat_find(h->d->origin, table);
    if (!str_eq(r.ref, h->tables.v[at]) || empty || is_taken(h, table))
        return;
    if (acts(r.on_delete) && (at || deeds->deletes))
        rows_go(h, key, r.on_delete);
    if (!at && acts(r.on_update) && sets(deeds, &r, false))
        values_change(h, key, r.on_update, sets(deeds, &r, true));
}

void row_hazards(struct ddl *d, struct str table, const struct row_deeds *deeds)
{
    const struct catalog *end = d->origin ? d->origin : d->goal;
    struct harm h = {.d = d, .data = jc_get(end ? end->scope : STR_NULL, "data")};
    name_triggers(d, table);
    if (!deeds->deletes && !deeds->set.n)
        return;
    VEC_PUSH(d->mem, h.tables, table);
    for (uint32_t i = 0; i < h.tables.n; i++) {
        struct view_iter it = view_iter(d->before, STR(""));
        for (const struct obj *o = view_next(&it); o; o = view_next(&it))
            if (role_of(d->eng, o) == ROLE_FOREIGN_KEY)
                follow(&h, i, o, deeds);
    }
}
