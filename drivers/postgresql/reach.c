/* Where a program in Java finds a scratch database: pgjdbc knows no Unix sockets. */

#include "drivers/postgresql/conn.h"

#include <string.h>

int pg_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e)
{
    const char *host = PQhost(s->db), *password = PQpass(s->db);
    if (!s->place || !host || !*host || *host == '/') {
        err_set(e, E_CANNOT_VERIFY,
                "the scratch server listens on a Unix socket alone, which a "
                "program in Java does not reach");
        return err_hint(e, "name a server with a port: scratch: { postgresql: URL } in snap.yml");
    }
    bool six = strchr(host, ':') != NULL;
    *out = (struct reach){.url = arena_printf(mem, "jdbc:postgresql://%s%s%s:%s/%s", six ? "[" : "",
                                              host, six ? "]" : "", PQport(s->db), s->database),
                          .user = arena_str(mem, str_c(PQuser(s->db))),
                          .password =
                              password && *password ? arena_str(mem, str_c(password)) : STR_NULL};
    return 0;
}
