/* Where a program in Java finds a scratch database: the drivers there know no Unix sockets. */

#include "drivers/mysql/live.h"

int my_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e)
{
    const MYSQL *db = s->db;
    if (!s->place || db->unix_socket || !db->host) {
        err_set(e, E_CANNOT_VERIFY,
                "the scratch server listens on a Unix socket alone, which a "
                "program in Java does not reach");
        return err_hint(e, "name a server with a port: scratch: { mysql: URL } in snap.yml");
    }
    *out = (struct reach){
        .url = arena_printf(mem, "jdbc:%s://%s:%u/%s", s->mariadb ? "mariadb" : "mysql", db->host,
                            db->port, s->made),
        .user = arena_str(mem, str_c(db->user)),
        .password = db->passwd && *db->passwd ? arena_str(mem, str_c(db->passwd)) : STR_NULL};
    return 0;
}
