/* What a role needs to read a schema, as statements. Pure half. */

#include "core/escape.h"
#include "drivers/postgresql/postgresql.h"

static struct str key_of(const struct source *src, const char *key)
{
    for (uint32_t i = 0; i < src->nkeys; i++)
        if (str_eq_c(src->keys[i].key, key))
            return src->keys[i].value;
    return STR_NULL;
}

/* user and database of //user:password@host:port/database, or of the keys. */
static void who_and_where(const struct source *src, struct arena *mem, struct str *role,
                          struct str *database)
{
    struct str rest = src->raw, authority = STR("");
    if (str_starts(rest, STR("//"))) {
        rest = str_from(rest, 2);
        authority = str_sub(rest, 0, str_chr(rest, '/'));
        rest = str_from(rest, authority.n);
    }
    size_t at = authority.n;
    for (size_t i = 0; i < authority.n; i++)
        at = authority.p[i] == '@' ? i : at;
    struct str user = at < authority.n ? str_sub(authority, 0, at) : STR("");
    *role = url_decode(mem, str_sub(user, 0, str_chr(user, ':')));
    *database = url_decode(mem, str_starts(rest, STR("/")) ? str_from(rest, 1) : rest);
    if (key_of(src, "user").n)
        *role = key_of(src, "user");
    if (key_of(src, "dbname").n)
        *database = key_of(src, "dbname");
}

/* A DO block; the body is a text, whatever a name in it holds. */
static void put_block(struct strbuf *out, const struct strbuf *body)
{
    sql_fmt(out, &pg_dialect, "DO %L;\n", sb_view(body));
}

/* A grant that is only shown, on one line. */
static void put_optional(struct arena *mem, struct strbuf *out, const char *grant, struct str role)
{
    struct strbuf line = sb_new(mem, 0);
    sql_fmt(&line, &pg_dialect, "GRANT SELECT %s TO %I;", grant, role);
    sb_c(out, "-- ");
    esc_sql_comment(out, sb_view(&line));
    sb_char(out, '\n');
}

void pg_reading_role(const struct source *src, struct arena *mem, struct strbuf *out)
{
    struct str role, database;
    struct strbuf make = sb_new(mem, 0), changelog = sb_new(mem, 0);
    who_and_where(src, mem, &role, &database);
    role = role.n && !str_eq(role, STR("postgres")) ? role : STR("snap_ro");
    sb_c(out,
         "-- What a role needs to read this schema with snap, for a superuser to run in the\n"
         "-- database itself. Every role may read the catalogs, so it gets no rights on tables.\n"
         "-- A new role needs a password, too: ALTER ROLE ... PASSWORD, or \\password in psql.\n");
    sql_fmt(&make, &pg_dialect,
            "BEGIN\n"
            "    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %L) THEN\n"
            "        CREATE ROLE %I LOGIN;\n"
            "        ALTER ROLE %I SET default_transaction_read_only = on;\n"
            "    END IF;\n"
            "END",
            role, role, role);
    put_block(out, &make);
    if (database.n)
        sql_fmt(out, &pg_dialect, "GRANT CONNECT ON DATABASE %I TO %I;\n", database, role);
    sb_c(out,
         "\n-- What deployers wrote down: snap changelog asks what has run, snap log and blame "
         "tell who\n-- deployed what.\n");
    sql_fmt(&changelog, &pg_dialect,
            "DECLARE t record; BEGIN\n"
            "    FOR t IN SELECT n.nspname, c.relname FROM pg_catalog.pg_class c\n"
            "             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
            "             WHERE c.relname IN (%L, %L)\n"
            "               AND c.relkind = %L AND c.relpersistence <> %L LOOP\n"
            "        EXECUTE pg_catalog.format(%L, t.nspname, %L);\n"
            "        EXECUTE pg_catalog.format(%L,\n"
            "                                  t.nspname, t.relname, %L);\n"
            "    END LOOP;\n"
            "END",
            STR("databasechangelog"), STR("flyway_schema_history"), STR("r"), STR("t"),
            STR("GRANT USAGE ON SCHEMA %I TO %I"), role, STR("GRANT SELECT ON %I.%I TO %I"), role);
    put_block(out, &changelog);
    sb_c(
        out,
        "\n"
        "-- Only where there are subscriptions or user mappings: what they hold may be a "
        "password,\n"
        "-- which the role then sees, and which snap never shows. Without these rights snap calls\n"
        "-- them HIDDEN; --exclude 'subscription:*' --exclude 'user_mapping:*' leaves them out.\n");
    put_optional(mem, out, "(oid, subsynccommit, subconninfo) ON pg_catalog.pg_subscription", role);
    put_optional(mem, out, "(oid, umoptions) ON pg_catalog.pg_user_mapping", role);
}
