/* Which server a source is on, as far as its URL tells. Pure. */

#include <stdlib.h>

#include "core/escape.h"
#include "drivers/postgresql/postgresql.h"

/* One host:port of a URL, which may name several. */
struct place {
    struct str host, port;
};
struct places {
    struct place *v;
    uint32_t n, cap;
};

static struct str value_of(const struct source *src, const char *key, const char *variable)
{
    for (uint32_t i = src->nkeys; i-- > 0;)
        if (str_eq_c(src->keys[i].key, key))
            return src->keys[i].value;
    const char *value = variable ? getenv(variable) : NULL;
    return value ? str_c(value) : STR("");
}

/* This machine, by whatever way: a socket and an address may lead to one server. */
static struct str host_of(struct arena *mem, struct str name)
{
    static const char local[] = "localhost,127.0.0.1,::1,0.0.0.0";
    struct str host = url_decode(mem, name);
    if (str_starts(host, STR("[")))
        host = str_sub(host, 1, str_chr(host, ']'));
    return !host.n || host.p[0] == '/' || host.p[0] == '@' || word_in(local, host)
               ? STR("localhost")
               : host;
}

/* The part before the database: user:password@host:port,host:port as two lists. */
static void authority(struct str raw, struct strbuf *hosts, struct strbuf *ports)
{
    struct str rest = str_starts(raw, STR("//")) ? str_from(raw, 2) : STR(""), one;
    rest = str_sub(rest, 0, str_chr(rest, '/'));
    size_t user = 0;
    for (size_t i = 0; i < rest.n; i++)
        user = rest.p[i] == '@' ? i + 1 : user;
    rest = str_from(rest, user);
    for (bool more = false; str_cut(&rest, ',', &one); more = true) {
        size_t close = str_starts(one, STR("[")) ? str_chr(one, ']') : 0;
        size_t colon = close + str_chr(str_from(one, close), ':');
        sb_c(hosts, more ? "," : "");
        sb_c(ports, more ? "," : "");
        sb_str(hosts, str_sub(one, 0, colon));
        sb_str(ports, str_from(one, colon + 1));
    }
}

/* As libpq has it: a key goes before what stands in the URL, and that before the environment; one
 * port is for all hosts. */
static struct places places_of(const struct source *src, struct arena *mem)
{
    struct places all = {0};
    struct strbuf h = sb_new(mem, 0), p = sb_new(mem, 0);
    authority(src->raw, &h, &p);
    struct str hosts = value_of(src, "hostaddr", h.n ? NULL : "PGHOSTADDR");
    struct str ports = value_of(src, "port", p.n ? NULL : "PGPORT"), host, port = STR("");
    if (!hosts.n)
        hosts = value_of(src, "host", h.n ? NULL : "PGHOST");
    hosts = hosts.n ? hosts : sb_view(&h);
    ports = ports.n ? ports : sb_view(&p);
    for (bool more = true; more; more = hosts.n > 0) {
        if (!str_cut(&hosts, ',', &host))
            host = STR("");
        if (ports.n)
            (void)str_cut(&ports, ',', &port);
        struct place one = {host_of(mem, host), port.n ? port : STR("5432")};
        VEC_PUSH(mem, all, one);
    }
    return all;
}

bool pg_same_server(const struct source *a, const struct source *b, struct arena *mem)
{
    struct str service = value_of(a, "service", "PGSERVICE");
    if (service.n || value_of(b, "service", "PGSERVICE").n)
        return str_eq(service, value_of(b, "service", "PGSERVICE"));
    struct places x = places_of(a, mem), y = places_of(b, mem);
    for (uint32_t i = 0; i < x.n; i++)
        for (uint32_t k = 0; k < y.n; k++)
            if (str_eq_fold(x.v[i].host, y.v[k].host) && str_eq(x.v[i].port, y.v[k].port))
                return true;
    return false;
}
