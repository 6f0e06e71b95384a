/*
 * Subscriptions. Where they connect to is readable for a superuser only, and its password is never
 * a fact: it stays where the subscription does, and somebody has to set it where one is made.
 */

#include "drivers/postgresql/foreign.h"

static struct str names_of(struct ddl *d, const struct obj *o)
{
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t n;
    struct str *names = pg_list(d->mem, obj_raw(o, "publications"), &n);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%I", i ? ", " : "", names[i]);
    return sb_view(&b);
}

static int subscription_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct strbuf b = sb_new(d->mem, 0);
    struct str key, value;
    sql_fmt(&b, &pg_dialect,
            "CREATE SUBSCRIPTION %S CONNECTION %L PUBLICATION %S\n    WITH (connect = false",
            pg_id(d->mem, o), obj_text(d->mem, o, "connection"), names_of(d, o));
    for (struct jc_iter it = jc_iter(obj_raw(o, "options")); jc_next(&it, &key, &value);)
        sql_fmt(&b, &pg_dialect, ", %S = %S", key, jc_text(d->mem, value));
    sb_char(&b, ')');
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "SUBSCRIPTION", pg_id(d->mem, o), o);
    pg_secrets_missing(d, o);
    return 0;
}

/* With its slot it would connect to where it reads from and drop the slot there, which a
 * transaction cannot; the slot stays. */
static int subscription_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str id = pg_id(d->mem, c->before);
    pg_ddl(d, 0, "ALTER SUBSCRIPTION %S DISABLE", id);
    pg_ddl(d, 0, "ALTER SUBSCRIPTION %S SET (slot_name = NONE)", id);
    pg_ddl(d, 0, "DROP SUBSCRIPTION %S", id);
    return 0;
}

static int subscription_names(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER SUBSCRIPTION %S SET PUBLICATION %S WITH (refresh = false)",
           pg_id(d->mem, c->after), names_of(d, c->after));
    return 0;
}

/* The server puts the passwords that it has behind the new words. */
static void connect_with_secrets(struct ddl *d, const struct obj *o)
{
    struct str head = pg_text(d->mem, "ALTER SUBSCRIPTION %S CONNECTION ", pg_id(d->mem, o));
    struct str body = pg_text(
        d->mem,
        "BEGIN\n"
        "    EXECUTE %L || (SELECT pg_catalog.quote_literal(pg_catalog.concat(%L, (\n"
        "        SELECT pg_catalog.string_agg(' ' || m[1], '') FROM pg_catalog.regexp_matches(\n"
        "            s.subconninfo, %L, 'gi') m))) FROM pg_catalog.pg_subscription s\n"
        "        WHERE s.subname = %L AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d\n"
        "                                              WHERE d.datname = current_database()));\n"
        "END",
        head, obj_text(d->mem, o, "connection"),
        STR("\\m((?:ssl)?password\\s*=\\s*(?:'(?:[^'\\\\]|\\\\.)*'|(?:\\\\.|[^\\s\\\\])+))"),
        path_name(d->mem, o->path));
    pg_ddl(d, 0, "DO %L", body);
}

static int subscription_connection(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    bool had = obj_src(d->mem, c->before, "secrets").n > 0;
    bool has = obj_src(d->mem, c->after, "secrets").n > 0;
    bool words = obj_src(d->mem, c->before, "words").n && obj_src(d->mem, c->after, "words").n;
    if (words ? has && !had : has || had)
        ddl_hazard(d, HZ_SECRET_MISSING, c->after->path, "password: set by hand");
    if (words && (has || had)) {
        connect_with_secrets(d, c->after);
        return 0;
    }
    pg_ddl(d, 0, "ALTER SUBSCRIPTION %S CONNECTION %L", pg_id(d->mem, c->after),
           obj_text(d->mem, c->after, "connection"));
    return 0;
}

/* These two can only be said when it is made. */
static bool options_stay(const struct ddl *d, const struct change *c)
{
    static const char *const fixed[] = {"two_phase", "failover"};
    struct str before = obj_raw(c->before, "options"), after = obj_raw(c->after, "options");
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!str_eq(pg_map_text(d->mem, before, str_c(fixed[i])),
                    pg_map_text(d->mem, after, str_c(fixed[i]))))
            return false;
    return true;
}

static struct str default_of(struct ddl *d, struct str key, struct str path)
{
    if (str_eq(key, STR("slot_name")))
        return pg_text(d->mem, "%L", path_name(d->mem, path));
    if (str_eq(key, STR("synchronous_commit")) || str_eq(key, STR("streaming")))
        return STR("off");
    if (str_eq(key, STR("password_required")))
        return STR("true");
    return str_eq(key, STR("origin")) ? STR("any") : STR("false");
}

static int subscription_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    struct str before = obj_raw(c->before, "options"), after = obj_raw(c->after, "options");
    struct str key, value;
    for (struct jc_iter it = jc_iter(after); jc_next(&it, &key, &value);)
        if (!str_eq(pg_map_text(d->mem, before, key), jc_text(d->mem, value)))
            sql_fmt(&b, &pg_dialect, "%s%S = %S", b.n ? ", " : "", key, jc_text(d->mem, value));
    for (struct jc_iter it = jc_iter(before); jc_next(&it, &key, &value);)
        if (str_is_null(pg_map_text(d->mem, after, key)))
            sql_fmt(&b, &pg_dialect, "%s%S = %S", b.n ? ", " : "", key,
                    default_of(d, key, c->after->path));
    pg_ddl(d, 0, "ALTER SUBSCRIPTION %S SET (%S)", pg_id(d->mem, c->after), sb_view(&b));
    return 0;
}

ALTER(create, "subscription.create", subscription_create, "CREATE SUBSCRIPTION");
ALTER(drop, "subscription.drop", subscription_drop, "DROP SUBSCRIPTION");
ALTER(names, "subscription.publications", subscription_names, "SET PUBLICATION");
ALTER(connection, "subscription.connection", subscription_connection, "CONNECTION");
static const struct alter options = {.name = "subscription.options",
                                     .fn = subscription_options,
                                     .applies = options_stay,
                                     .other = &alter_replace,
                                     .doc = "ALTER SUBSCRIPTION SET"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_COMMENT,
    {"connection",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &connection, 1, false, 0, "where it connects to, less passwords; absent: not readable"},
    {"options",      A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &options,    1, false, 0, "those that are not the default, as SQL"},
    PG_OWNER,
    {"publications", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &names,      1, false, 0, "what it subscribes to"},
};
/* clang-format on */

const struct kind_desc pg_subscription_kind = {
    .name = "subscription",
    .parents = "",
    .rank = 96,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "subscription",
};
