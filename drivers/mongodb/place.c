/* What an engine tells of URLs without a connection: one server or two, and the role that reads. */

#include "drivers/mongodb/uri.h"

#include <string.h>

#include "core/escape.h"

/* Services that speak the protocol and are no MongoDB, by the names of their hosts: Amazon's and
 * Microsoft's manuals for connecting. */
const char *mg_service(const struct mg_uri *u)
{
    static const struct {
        const char *end, *name;
    } rows[] = {{".docdb.amazonaws.com", "Amazon DocumentDB"},
                {".docdb-elastic.amazonaws.com", "Amazon DocumentDB"},
                {".cosmos.azure.com", "Azure Cosmos DB"}};
    for (uint32_t i = 0; i < u->nhosts; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            struct str host = u->hosts[i].name, end = str_c(rows[k].end);
            if (host.n > end.n && str_eq_fold(str_from(host, host.n - end.n), end))
                return rows[k].name;
        }
    return NULL;
}

static bool is_here(struct str host)
{
    static const char local[] = "localhost,127.0.0.1,::1,0.0.0.0";
    return !host.n || host.p[0] == '/' || word_in(local, host);
}

bool mg_same_server(const struct source *a, const struct source *b, struct arena *mem)
{
    struct mg_uri u[2];
    struct err none;
    if (mg_parse_uri(a, mem, &u[0], &none) || mg_parse_uri(b, mem, &u[1], &none) ||
        u[0].srv != u[1].srv)
        return false;
    for (uint32_t i = 0; i < u[0].nhosts; i++)
        for (uint32_t k = 0; k < u[1].nhosts; k++) {
            const struct mg_host *x = &u[0].hosts[i], *y = &u[1].hosts[k];
            bool host = str_eq_fold(x->name, y->name) || (is_here(x->name) && is_here(y->name));
            if (host && (!x->port || !y->port || x->port == y->port))
                return true;
        }
    return false;
}

void mg_reading_role(const struct source *src, struct arena *mem, struct strbuf *out)
{
    struct mg_uri u;
    struct err none;
    struct strbuf name = sb_new(mem, 0), database = sb_new(mem, 0);
    (void)mg_parse_uri(src, mem, &u, &none);
    esc_json(&name, u.user.n ? u.user : STR("snap_ro"));
    esc_json(&database, u.database.n ? u.database : STR("DATABASE"));
    struct str n = sb_view(&name), d = sb_view(&database);
    sb_printf(
        out,
        "// What a role needs to read this schema with snap, for mongosh. Of documents it reads\n"
        "// those alone in which Liquibase notes what it has run. Servers before 7.0 do not know\n"
        "// listSearchIndexes: leave it out there.\n"
        "db.getSiblingDB(\"admin\").createRole({role: \"snap_reader\", roles: [], privileges: [\n"
        "  {resource: {db: %.*s, collection: \"\"},\n"
        "   actions: [\"listCollections\", \"listIndexes\", \"listSearchIndexes\"]},\n"
        "  {resource: {db: %.*s, collection: \"DATABASECHANGELOG\"}, actions: [\"find\"]}]});\n"
        "db.getSiblingDB(\"admin\").createUser({user: %.*s, pwd: passwordPrompt(),\n"
        "  roles: [\"snap_reader\"]});\n",
        STR_ARG(d), STR_ARG(d), STR_ARG(n));
    sb_printf(
        out,
        "\n// Roles and users, where --facets acl asks for them:\n"
        "db.getSiblingDB(\"admin\").createRole({role: \"snap_acl\", roles: [], privileges: [\n"
        "  {resource: {db: %.*s, collection: \"\"}, actions: [\"viewRole\", \"viewUser\"]}]});\n"
        "db.getSiblingDB(\"admin\").grantRolesToUser(%.*s, [\"snap_acl\"]);\n"
        "\n// Shard keys and zones, of a cluster:\n"
        "db.getSiblingDB(\"admin\").grantRolesToUser(%.*s, [{role: \"read\", db: \"config\"}]);\n",
        STR_ARG(d), STR_ARG(n), STR_ARG(n));
}
