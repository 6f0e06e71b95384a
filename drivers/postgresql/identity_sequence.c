/*
 * What the sequence of an identity has of its own: grants, a comment, and whether it is logged
 * other than its table. GRANT ON ALL SEQUENCES reaches it; all else about it is the column's.
 */

#include "drivers/postgresql/postgresql.h"

/* Whether the sequence is there: it comes and goes with the column's identity. */
static bool is_there(const struct view *state, const struct obj *o)
{
    return obj_raw(view_get(state, path_parent(o->path)), "identity").n > 0;
}

static bool names_it(struct arena *mem, const struct obj *o, struct str role)
{
    struct jc_iter it = jc_iter(obj_raw(o, "acl"));
    struct str key, value;
    while (jc_next(&it, &key, &value))
        if (str_eq(pg_key(mem, key), role))
            return true;
    return false;
}

/* OWNER TO of the table puts the grants of its new owner and of the old one together. */
static int owners_apart(struct ddl *d, const struct obj *before, const struct obj *after,
                        struct err *e)
{
    struct str table = path_parent(path_parent((after ? after : before)->path));
    const struct obj *was = d->origin ? cat_find(d->origin, table) : NULL;
    const struct obj *is = d->goal ? cat_find(d->goal, table) : NULL;
    struct str old = obj_text(d->mem, was, "owner"), now = obj_text(d->mem, is, "owner");
    if (!was || !is || str_eq(old, now) ||
        !(names_it(d->mem, before, old) || names_it(d->mem, before, now) ||
          names_it(d->mem, after, old) || names_it(d->mem, after, now)))
        return 0;
    err_set(e, E_UNSUPPORTED_CHANGE,
            "the sequence of an identity of table %.*s has grants for its old or new owner",
            STR_ARG(pg_name(d->mem, table, 2)));
    return err_hint(e, "change the owner of the table by hand first");
}

static void set_persistence(struct ddl *d, struct str id, const struct obj *o)
{
    const struct obj *table = view_get(d->after, path_parent(path_parent(o->path)));
    struct str own = obj_text(d->mem, o, "persistence");
    pg_ddl(d, 0, "ALTER SEQUENCE %S SET %S", id,
           own.n                         ? own
           : obj_true(table, "unlogged") ? STR("UNLOGGED")
                                         : STR("LOGGED"));
}

int pg_sequences_apart(struct ddl *d, struct str table, struct err *e)
{
    const struct view *states[] = {d->before, d->after};
    for (size_t i = 0; i < 2; i++) {
        struct view_iter it = view_iter(states[i], table);
        for (const struct obj *o = view_next(&it); o; o = view_next(&it))
            if (str_eq(path_kind(o->path), STR("identity_sequence")) &&
                obj_raw(o, "persistence").n) {
                err_set(
                    e, E_UNSUPPORTED_CHANGE,
                    "the sequence of an identity of table %.*s is LOGGED or UNLOGGED on its own",
                    STR_ARG(pg_name(d->mem, table, 2)));
                return err_hint(e, "change the table to LOGGED or UNLOGGED by hand first");
            }
    }
    return 0;
}

static int of_sequence(struct ddl *d, struct str id, const struct obj *before,
                       const struct obj *after, struct err *e)
{
    if (owners_apart(d, before, after, e) != 0)
        return -1;
    if (!str_eq(obj_raw(before, "persistence"), obj_raw(after, "persistence")))
        set_persistence(d, id, after);
    if (d->facets & F_ACL)
        pg_grants(d, "SEQUENCE", id, before, after, STR(""));
    if ((d->facets & F_COMMENTS) && !str_eq(obj_raw(before, "comment"), obj_raw(after, "comment")))
        pg_comment(d, "SEQUENCE", id,
                   str_is_null(obj_raw(after, "comment")) ? STR_NULL
                                                          : obj_text(d->mem, after, "comment"));
    return 0;
}

static int sequence_create(struct ddl *d, const struct change *c, struct err *e)
{
    return is_there(d->after, c->after) ? of_sequence(d, pg_id(d->mem, c->after), NULL, c->after, e)
                                        : 0;
}

static int sequence_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct obj none = *c->before;
    none.a = STR("{}");
    none.src = STR("{}");
    if (!is_there(d->after, c->before))
        return 0;
    return of_sequence(d, pg_id(d->mem, c->before), c->before, &none, e);
}

static int sequence_grants(struct ddl *d, const struct change *c, struct err *e)
{
    if (owners_apart(d, c->before, c->after, e) != 0)
        return -1;
    pg_grants(d, "SEQUENCE", pg_id(d->mem, c->after), c->before, c->after, STR(""));
    return 0;
}

static int sequence_persistence(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_persistence(d, pg_id(d->mem, c->after), c->after);
    return 0;
}

ALTER(create, "identity_sequence.create", sequence_create, "GRANT, COMMENT ON");
ALTER(drop, "identity_sequence.drop", sequence_drop, "REVOKE, COMMENT ON");
ALTER(grants, "identity_sequence.grants", sequence_grants, "GRANT, REVOKE");
ALTER(persistence, "identity_sequence.persistence", sequence_persistence,
      "SET LOGGED, SET UNLOGGED");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"acl", A_MAP, CMP_VALUE, F_ACL, NULL, &grants, 1, false, 0, "grants by grantee (empty: the owner) that are not the default"},
    PG_COMMENT,
    {"persistence", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &persistence, 1, false, 0, "LOGGED or UNLOGGED, other than the table (15)"},
};
/* clang-format on */

const struct kind_desc pg_identity_sequence_kind = {
    .name = "identity_sequence",
    .parents = "column",
    .flags = KF_CASCADE,
    .rank = 72,
    .facet = F_ACL,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "what an identity's sequence has of its own",
};
