/*
 * What hangs on the database itself: grants, comment, connection limit, and the settings that its
 * sessions begin with, for everybody or for one role. Its name, its owner, its encoding and locale
 * are no facts, so that databases of any name compare; the statements take the name from the
 * server.
 */

#include <string.h>

#include "drivers/postgresql/postgresql.h"

/* Runs head, the database's name, tail. */
static void run(struct ddl *d, struct str head, struct str tail)
{
    struct str body = pg_text(d->mem,
                              "BEGIN EXECUTE %L || pg_catalog.quote_ident(current_database()) || "
                              "%L; END",
                              head, tail);
    pg_ddl(d, 0, "DO %L", body);
}

static void limit(struct ddl *d, const struct obj *o)
{
    struct str n = obj_raw(o, "connections");
    run(d, STR("ALTER DATABASE "), pg_text(d->mem, " CONNECTION LIMIT %S", n.n ? n : STR("-1")));
}

static void comment(struct ddl *d, const struct obj *o)
{
    struct str text = obj_text(d->mem, o, "comment");
    run(d, STR("COMMENT ON DATABASE "),
        str_is_null(obj_raw(o, "comment")) ? STR(" IS NULL") : pg_text(d->mem, " IS %L", text));
}

/* The statements that GRANT ON DATABASE takes are made with marks in place of two names. */
#define NAME "\001"
#define OWNER "\002"

static void grants(struct ddl *d, const struct obj *before, const struct obj *after)
{
    static const char owner[] =
        "(SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(datdba)) "
        "FROM pg_catalog.pg_database WHERE datname = current_database())";
    uint32_t first = d->stmts.n, last;
    struct obj none = {.a = STR("{}")};
    pg_database_grants(d, STR(NAME), STR(OWNER), before ? before : &none, after ? after : &none);
    last = d->stmts.n;
    for (uint32_t i = first; i < last; i++) {
        struct str text = d->stmts.v[i].text, mark = STR("\"" OWNER "\"");
        size_t at = str_find(text, STR(NAME)), to = str_find(text, mark);
        if (at == text.n)
            continue; /* whose grants the next ones are */
        struct str head = str_sub(text, 0, at), tail = str_from(text, at + 1), who = STR("");
        if (to < text.n) {
            tail = str_sub(text, at + 1, to);
            who = pg_text(d->mem, " || %s || %L", owner, str_from(text, to + mark.n));
        }
        struct str body = pg_text(d->mem,
                                  "BEGIN EXECUTE %L || pg_catalog.quote_ident(current_database()) "
                                  "|| %L%S; END",
                                  head, tail, who);
        d->stmts.v[i].text = pg_text(d->mem, "DO %L", body);
    }
}

static int database_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (obj_raw(c->after, "connections").n)
        limit(d, c->after);
    if (!str_is_null(obj_raw(c->after, "comment")) && (d->facets & F_COMMENTS))
        comment(d, c->after);
    if (obj_raw(c->after, "acl").n && (d->facets & F_ACL))
        grants(d, NULL, c->after);
    return 0;
}

static int database_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (obj_raw(c->before, "connections").n)
        limit(d, NULL);
    if (!str_is_null(obj_raw(c->before, "comment")) && (d->facets & F_COMMENTS))
        comment(d, NULL);
    if (obj_raw(c->before, "acl").n && (d->facets & F_ACL))
        grants(d, c->before, NULL);
    return 0;
}

static int database_acl(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    grants(d, c->before, c->after);
    return 0;
}

static int database_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    comment(d, c->after);
    return 0;
}

static int database_limit(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    limit(d, c->after);
    return 0;
}

/* Of these the server keeps a list of names, quoted where they must be, and takes one of texts. */
static bool is_list(struct str parameter)
{
    return word_in("local_preload_libraries,search_path,session_preload_libraries,"
                   "shared_preload_libraries,temp_tablespaces,unix_socket_directories",
                   parameter);
}

static struct str texts_of(struct arena *mem, struct str list)
{
    struct strbuf out = sb_new(mem, 0), one = sb_new(mem, 0);
    bool quoted = false;
    for (size_t i = 0; i <= list.n; i++) {
        char c = i < list.n ? list.p[i] : ',';
        if (c == '"' && quoted && i + 1 < list.n && list.p[i + 1] == '"') {
            sb_char(&one, '"');
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            sql_fmt(&out, &pg_dialect, "%s%L", out.n ? ", " : "", sb_view(&one));
            one = sb_new(mem, 0);
        } else if (quoted || c != ' ') {
            sb_char(&one, c);
        }
    }
    return sb_view(&out);
}

static void setting(struct ddl *d, const struct obj *o, struct str clause)
{
    uint32_t n;
    struct str *roles = pg_list(d->mem, obj_raw(o, "roles"), &n);
    struct str head =
        n ? pg_text(d->mem, "ALTER ROLE %I IN DATABASE ", roles[0]) : STR("ALTER DATABASE ");
    run(d, head, clause);
}

static int setting_set(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str name = obj_src(d->mem, c->after, "parameter");
    struct str value = obj_text(d->mem, c->after, "value");
    value = is_list(name) ? texts_of(d->mem, value) : pg_text(d->mem, "%L", value);
    setting(d, c->after, pg_text(d->mem, " SET %I TO %S", name, value));
    return 0;
}

static int setting_reset(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    setting(d, c->before, pg_text(d->mem, " RESET %I", obj_src(d->mem, c->before, "parameter")));
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "value"));
}

ALTER(create, "database.create", database_create, "COMMENT ON, GRANT ON, ALTER DATABASE");
ALTER(drop, "database.drop", database_drop, "back to what a new database has");
ALTER(acl, "database.grants", database_acl, "GRANT, REVOKE");
ALTER(words, "database.comment", database_comment, "COMMENT ON DATABASE");
ALTER(most, "database.connections", database_limit, "CONNECTION LIMIT");
ALTER(set, "database_setting.set", setting_set, "ALTER DATABASE SET, ALTER ROLE IN DATABASE SET");
ALTER(reset, "database_setting.reset", setting_reset, "RESET");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"acl",         A_MAP,  CMP_VALUE, F_ACL,       NULL, &acl,   1, false, 0, "grants by grantee where not the default; \"\" is the owner"},
    {"comment",     A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &words, 1, false, 0, "COMMENT ON"},
    {"connections", A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &most,  1, false, 0, "CONNECTION LIMIT"},
};
static const struct attr_desc s_attrs[] = {
    {"roles", A_SET,  CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, AF_DERIVED, "the role, unless it is for everybody"},
    {"value", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set, 1, false, 0, "as the server keeps it"},
};
/* clang-format on */

const struct kind_desc pg_database_kind = {
    .name = "database",
    .parents = "",
    .rank = 97,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "what hangs on the database itself, less its name, owner and locale",
};

const struct kind_desc pg_database_setting_kind = {
    .name = "database_setting",
    .parents = "",
    .rank = 98,
    .facet = F_STRUCTURE,
    .attrs = s_attrs,
    .nattrs = sizeof s_attrs / sizeof *s_attrs,
    .create = &set,
    .drop = &reset,
    .brief = brief,
    .doc = "parameter that sessions in the database begin with",
};
