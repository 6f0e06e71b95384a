/*
 * Foreign data: wrappers, servers, user mappings; the options of these and of foreign tables. A
 * secret is no fact: it stays where the object does, and somebody has to set it where the object is
 * made anew.
 */

#include "drivers/postgresql/foreign.h"

struct str pg_foreign_options(struct arena *mem, const struct obj *o, const char *attr)
{
    struct strbuf b = sb_new(mem, 0);
    struct str key, value;
    for (struct jc_iter it = jc_iter(obj_raw(o, attr)); jc_next(&it, &key, &value);)
        sql_fmt(&b, &pg_dialect, "%s%I %L", b.n ? ", " : " OPTIONS (", pg_key(mem, key),
                jc_text(mem, value));
    if (b.n)
        sb_char(&b, ')');
    return sb_view(&b);
}

void pg_secrets_missing(struct ddl *d, const struct obj *o)
{
    struct str names = obj_src(d->mem, o, "secrets");
    if (names.n)
        ddl_hazard(d, HZ_SECRET_MISSING, o->path, "%.*s: set by hand", STR_ARG(names));
}

static void clause(struct ddl *d, struct strbuf *b, const char *verb, struct str raw_key)
{
    sql_fmt(b, &pg_dialect, "%s%s %I", b->n ? ", " : "", verb, pg_key(d->mem, raw_key));
}

void pg_alter_foreign(struct ddl *d, struct str head, const struct change *c, const char *attr)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct str was = obj_raw(c->before, attr), is = obj_raw(c->after, attr), key, value;
    for (struct jc_iter it = jc_iter(was); jc_next(&it, &key, &value);)
        if (str_is_null(pg_map_text(d->mem, is, key)))
            clause(d, &b, "DROP", key);
    for (struct jc_iter it = jc_iter(is); jc_next(&it, &key, &value);) {
        struct str old = pg_map_text(d->mem, was, key), now = jc_text(d->mem, value);
        if (!str_is_null(old) && str_eq(old, now))
            continue;
        clause(d, &b, str_is_null(old) ? "ADD" : "SET", key);
        sql_fmt(&b, &pg_dialect, " %L", now);
    }
    if (b.n)
        pg_ddl(d, 0, "%S OPTIONS (%S)", head, sb_view(&b));
}

bool pg_is_foreign(const struct obj *table)
{
    return table && obj_raw(table, "server").n > 0;
}

static int options_fn(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const char *what = pg_keyword(d->eng, c->after);
    pg_alter_foreign(d, pg_text(d->mem, "ALTER %s %S", what, pg_id(d->mem, c->after)), c,
                     "options");
    return 0;
}

/* NO HANDLER where there is none. */
static struct str functions(struct ddl *d, const struct obj *o, bool is_new)
{
    struct str handler = obj_text(d->mem, o, "handler");
    struct str validator = obj_text(d->mem, o, "validator");
    struct strbuf b = sb_new(d->mem, 0);
    if (handler.n || !is_new)
        sql_fmt(&b, &pg_dialect, " %s%S", handler.n ? "HANDLER " : "NO HANDLER", handler);
    if (validator.n || !is_new)
        sql_fmt(&b, &pg_dialect, " %s%S", validator.n ? "VALIDATOR " : "NO VALIDATOR", validator);
    return sb_view(&b);
}

static int fdw_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    pg_ddl(d, 0, "CREATE FOREIGN DATA WRAPPER %S%S%S", pg_id(d->mem, o), functions(d, o, true),
           pg_foreign_options(d->mem, o, "options"));
    pg_dress(d, "FOREIGN DATA WRAPPER", pg_id(d->mem, o), o);
    pg_secrets_missing(d, o);
    return 0;
}

static int fdw_functions(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER FOREIGN DATA WRAPPER %S%S", pg_id(d->mem, c->after),
           functions(d, c->after, false));
    return 0;
}

static int server_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE SERVER %S", pg_id(d->mem, o));
    if (obj_raw(o, "type").n)
        sql_fmt(&b, &pg_dialect, " TYPE %L", obj_text(d->mem, o, "type"));
    if (obj_raw(o, "version").n)
        sql_fmt(&b, &pg_dialect, " VERSION %L", obj_text(d->mem, o, "version"));
    sql_fmt(&b, &pg_dialect, " FOREIGN DATA WRAPPER %I%S", obj_text(d->mem, o, "wrapper"),
            pg_foreign_options(d->mem, o, "options"));
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "SERVER", pg_id(d->mem, o), o);
    pg_secrets_missing(d, o);
    return 0;
}

static int server_version(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str version = obj_raw(c->after, "version").n
                             ? pg_text(d->mem, "%L", obj_text(d->mem, c->after, "version"))
                             : STR("NULL");
    pg_ddl(d, 0, "ALTER SERVER %S VERSION %S", pg_id(d->mem, c->after), version);
    return 0;
}

static int mapping_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "CREATE USER MAPPING %S%S", obj_src(d->mem, c->after, "who"),
           pg_foreign_options(d->mem, c->after, "options"));
    pg_secrets_missing(d, c->after);
    return 0;
}

static int mapping_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP USER MAPPING %S", obj_src(d->mem, c->before, "who"));
    return 0;
}

static int mapping_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str who = obj_src(d->mem, c->after, "who");
    pg_alter_foreign(d, pg_text(d->mem, "ALTER USER MAPPING %S", who), c, "options");
    return 0;
}

static int column_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str path = c->after->path;
    pg_alter_foreign(d,
                     pg_text(d->mem, "ALTER FOREIGN TABLE %S ALTER COLUMN %S",
                             pg_table_of(d->mem, path), pg_last(d->mem, path)),
                     c, "foreign_options");
    return 0;
}
const struct alter pg_alter_column_foreign = {.name = "column.foreign_options",
                                              .fn = column_options,
                                              .doc = "ALTER COLUMN OPTIONS (ADD, SET, DROP)"};

ALTER(create, "fdw.create", fdw_create, "CREATE FOREIGN DATA WRAPPER");
ALTER(drop, "fdw.drop", pg_def_drop, "DROP FOREIGN DATA WRAPPER");
ALTER(options, "foreign.options", options_fn, "OPTIONS (ADD, SET, DROP)");
ALTER(handlers, "fdw.functions", fdw_functions, "HANDLER, VALIDATOR");
ALTER(s_create, "server.create", server_create, "CREATE SERVER");
ALTER(s_drop, "server.drop", pg_def_drop, "DROP SERVER");
ALTER(s_version, "server.version", server_version, "ALTER SERVER VERSION");
ALTER(u_create, "user_mapping.create", mapping_create, "CREATE USER MAPPING");
ALTER(u_drop, "user_mapping.drop", mapping_drop, "DROP USER MAPPING");
ALTER(u_options, "user_mapping.options", mapping_options, "ALTER USER MAPPING OPTIONS");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    PG_COMMENT,
    {"handler",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &handlers, 1, false, 0, "HANDLER"},
    {"options",   A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &options,  1, false, 0, "OPTIONS, but for secrets"},
    PG_OWNER,
    {"validator", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &handlers, 1, false, 0, "VALIDATOR"},
};
static const struct attr_desc s_attrs[] = {
    PG_ACL,
    PG_COMMENT,
    {"options", A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &options,   1, false, 0, "OPTIONS, but for secrets"},
    PG_OWNER,
    {"type",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "TYPE"},
    {"version", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &s_version, 1, false, 0, "VERSION"},
    {"wrapper", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "FOREIGN DATA WRAPPER"},
};
static const struct attr_desc u_attrs[] = {
    {"options", A_MAP, CMP_VALUE, F_STRUCTURE, NULL, &u_options, 1, false, 0, "OPTIONS, but for secrets"},
    {"roles",   A_SET, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, AF_DERIVED, "the role, unless it is for everybody"},
};
/* clang-format on */

#define KIND(id, word, above, order, rows, make, gone, renamed, text)                              \
    const struct kind_desc id = {                                                                  \
        .name = word,                                                                              \
        .parents = above,                                                                          \
        .rank = order,                                                                             \
        .facet = F_STRUCTURE,                                                                      \
        .attrs = rows,                                                                             \
        .nattrs = sizeof rows / sizeof *rows,                                                      \
        .create = &make,                                                                           \
        .drop = &gone,                                                                             \
        .rename = renamed,                                                                         \
        .doc = text,                                                                               \
    }
KIND(pg_fdw_kind, "fdw", "", 15, attrs, create, drop, &pg_rename, "foreign data wrapper");
KIND(pg_server_kind, "server", "", 16, s_attrs, s_create, s_drop, &pg_rename, "foreign server");
KIND(pg_user_mapping_kind, "user_mapping", "server", 17, u_attrs, u_create, u_drop, NULL,
     "user mapping of a foreign server");
