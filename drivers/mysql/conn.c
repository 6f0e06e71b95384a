/* A session: where to, how it is pinned, how statements are run, what errors mean. */

#include "drivers/mysql/live.h"

#include <errmsg.h>
#include <string.h>
#include <time.h>

#include "core/escape.h"
#include "core/interrupt.h"

enum { CONNECT_MS = 30000, DEFAULT_PORT = 3306 };

int64_t my_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Numbers of the server's errors: mysqld_error.h of either server. */
enum {
    ER_DBACCESS_DENIED = 1044,
    ER_ACCESS_DENIED = 1045,
    ER_BAD_DB = 1049,
    ER_TABLEACCESS_DENIED = 1142,
    ER_LOCK_WAIT = 1205,
    ER_SPECIFIC_ACCESS = 1227,
    ER_QUERY_INTERRUPTED = 1317,
    ER_STATEMENT_TIMEOUT = 1969,
    ER_QUERY_TIMEOUT = 3024,
};

int my_error(struct session *s, const char *what, struct err *e)
{
    unsigned code = mysql_errno(s->db);
    const char *words = mysql_error(s->db);
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (s->deadline_ms && my_now_ms() > s->deadline_ms)
        return err_set(e, E_TIMEOUT, "%.*s: %s took longer than --timeout allows",
                       STR_ARG(s->label), what);
    if (code == CR_SERVER_LOST || code == CR_SERVER_GONE_ERROR)
        return err_set(e, E_CONNECTION_LOST, "%.*s: %s: %s", STR_ARG(s->label), what, words);
    if (code == ER_QUERY_INTERRUPTED || code == ER_STATEMENT_TIMEOUT || code == ER_QUERY_TIMEOUT)
        return err_set(e, E_TIMEOUT, "%.*s: %s took longer than --statement-timeout allows",
                       STR_ARG(s->label), what);
    if (code == ER_LOCK_WAIT) {
        err_set(e, E_BUSY, "%.*s: %s: another session holds a lock", STR_ARG(s->label), what);
        return err_hint(e, "run it again when that session is done, or with more --retries");
    }
    if (code == ER_TABLEACCESS_DENIED || code == ER_SPECIFIC_ACCESS || code == ER_DBACCESS_DENIED)
        return err_set(e, E_NO_PRIVILEGE, "%.*s: %s: %s", STR_ARG(s->label), what, words);
    return err_set(e, E_CANNOT_OPEN, "%.*s: %s: %s", STR_ARG(s->label), what, words);
}

static int refused(struct session *s, struct err *e)
{
    unsigned code = mysql_errno(s->db);
    const char *words = mysql_error(s->db);
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (code == ER_ACCESS_DENIED || code == ER_DBACCESS_DENIED)
        return err_set(e, E_ACCESS_DENIED, "%.*s: %s", STR_ARG(s->label), words);
    if (code == CR_SSL_CONNECTION_ERROR)
        return err_set(e, E_TLS_FAILED, "%.*s: %s", STR_ARG(s->label), words);
    err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(s->label), words);
    if (code == ER_BAD_DB)
        return err_hint(e, "SHOW DATABASES lists the databases of a server");
    return err_hint(e, "the mysql client with the same host and port shows whether the server can "
                       "be reached");
}

/* user:password@host:port of a URL, and the database behind it. */
struct target {
    char *user, *password, *host, *socket, *database;
    unsigned port;
};

static int parse_target(const struct source *src, struct arena *mem, struct target *t,
                        struct err *e)
{
    struct str raw = str_starts(src->raw, STR("//")) ? str_from(src->raw, 2) : src->raw;
    size_t slash = str_chr(raw, '/'), at = slash;
    struct str host = str_sub(raw, 0, slash), user = STR("");
    int64_t port = DEFAULT_PORT;
    for (size_t i = 0; i < host.n; i++)
        at = host.p[i] == '@' ? i : at;
    if (at < slash) {
        user = str_sub(host, 0, at);
        host = str_from(host, at + 1);
    }
    size_t colon = str_chr(user, ':');
    t->user = user.n ? arena_cstr(mem, url_decode(mem, str_sub(user, 0, colon))) : NULL;
    t->password =
        colon < user.n ? arena_cstr(mem, url_decode(mem, str_from(user, colon + 1))) : NULL;
    if (!str_is_null(src->password))
        t->password = arena_cstr(mem, src->password);
    colon = str_chr(host, ':');
    if (colon < host.n && (!str_int(str_from(host, colon + 1), &port) || port < 1 || port > 65535))
        return err_set(e, E_BAD_VALUE, "%.*s: the port is no number from 1 to 65535",
                       STR_ARG(src->text));
    t->host = arena_cstr(mem, url_decode(mem, str_sub(host, 0, colon)));
    t->port = (unsigned)port;
    t->socket = NULL;
    for (uint32_t i = 0; i < src->nkeys; i++)
        if (str_eq_c(src->keys[i].key, "socket"))
            t->socket = arena_cstr(mem, src->keys[i].value);
    t->database = arena_cstr(mem, url_decode(mem, str_from(raw, slash + 1)));
    if (!*t->database) {
        err_set(e, E_BAD_VALUE, "%.*s names no database", STR_ARG(src->text));
        return err_hint(e, "mysql://user@host:3306/DATABASE");
    }
    return 0;
}

/* LOCAL INFILE is off: a server may ask for any file of the client's. */
static void set_options(struct session *s)
{
    unsigned off = 0, wait_s = ((s->connect_ms ? s->connect_ms : CONNECT_MS) + 999) / 1000;
    mysql_options(s->db, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(s->db, MYSQL_OPT_CONNECT_TIMEOUT, &wait_s);
    mysql_options(s->db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options4(s->db, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "snap");
    if (s->timeout_ms) {
        unsigned read_s = (s->timeout_ms + 999) / 1000;
        mysql_options(s->db, MYSQL_OPT_READ_TIMEOUT, &read_s);
    }
}

/* Everything that changes how the server writes a schema down. */
static int pin(struct session *s, struct err *e)
{
    if (my_query(s,
                 STR("SET SESSION sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00', "
                     "lock_wait_timeout = 3, group_concat_max_len = 1048576"),
                 NULL, e))
        return -1;
    if (s->mariadb)
        return 0;
    return my_query(s,
                    STR("SET SESSION information_schema_stats_expiry = 0, "
                        "show_gipk_in_create_table_and_information_schema = 1, "
                        "show_create_table_verbosity = 0"),
                    NULL, e);
}

static void note_version(struct session *s)
{
    struct str says = str_c(mysql_get_server_info(s->db));
    s->mariadb = str_find(says, STR("MariaDB")) < says.n;
    struct str number = str_sub(says, 0, str_chr(says, '-'));
    if (s->mariadb && str_starts(says, STR("5.5.5-")))
        number = str_sub(str_from(says, 6), 0, str_chr(str_from(says, 6), '-'));
    s->version = arena_printf(s->mem, "%s %.*s", s->mariadb ? "MariaDB" : "MySQL", STR_ARG(number));
}

int my_connect(struct session *s, const struct source *src, struct str database, struct err *e)
{
    struct target t = {0};
    if (parse_target(src, s->mem, &t, e))
        return -1;
    s->db = mysql_init(NULL);
    if (!s->db)
        oom_exit(sizeof(MYSQL));
    set_options(s);
    char *name = str_is_null(database) ? t.database : arena_cstr(s->mem, database);
    if (!mysql_real_connect(s->db, *t.host ? t.host : NULL, t.user, t.password, *name ? name : NULL,
                            t.port, t.socket, CLIENT_MULTI_STATEMENTS))
        return refused(s, e);
    s->database = str_c(name);
    note_version(s);
    return pin(s, e);
}

int my_open(const struct source *src, struct arena *mem, struct session **out, struct err *e)
{
    struct session *s = NEW(mem, struct session);
    *s = (struct session){.mem = mem,
                          .label = src->text,
                          .timeout_ms = src->timeout_ms,
                          .statement_ms = src->statement_ms,
                          .connect_ms = src->connect_ms,
                          .tries = src->tries,
                          .deadline_ms = src->timeout_ms ? my_now_ms() + src->timeout_ms : 0};
    *out = s;
    return my_connect(s, src, STR_NULL, e);
}

int my_query(struct session *s, struct str sql, MYSQL_RES **out, struct err *e)
{
    if (mysql_real_query(s->db, sql.p, (unsigned long)sql.n))
        return my_error(s, "a query", e);
    MYSQL_RES *r = mysql_store_result(s->db);
    if (!r && mysql_field_count(s->db))
        return my_error(s, "a query", e);
    if (out)
        *out = r;
    else if (r)
        mysql_free_result(r);
    /* CALL and scripts bring more than one */
    while (mysql_more_results(s->db) && mysql_next_result(s->db) == 0) {
        MYSQL_RES *more = mysql_store_result(s->db);
        if (more)
            mysql_free_result(more);
    }
    return mysql_errno(s->db) ? my_error(s, "a query", e) : 0;
}

static int take_rows(struct session *s, uint32_t index, my_row_fn *row, void *ctx, struct err *e)
{
    MYSQL_RES *r = mysql_use_result(s->db);
    MYSQL_ROW one;
    int rc = 0;
    if (!r)
        return mysql_field_count(s->db) ? my_error(s, "reading the schema", e) : 0;
    unsigned n = mysql_num_fields(r);
    while ((one = mysql_fetch_row(r)))
        rc = rc ? rc : row(ctx, index, one, mysql_fetch_lengths(r), n, e);
    if (!rc && mysql_errno(s->db))
        rc = my_error(s, "reading the schema", e);
    mysql_free_result(r);
    return rc;
}

int my_batch(struct session *s, struct str sql, my_row_fn *row, void *ctx, struct err *e)
{
    int rc = 0, more = 0;
    if (mysql_real_query(s->db, sql.p, (unsigned long)sql.n))
        return my_error(s, "reading the schema", e);
    for (uint32_t i = 0; !more; i++) {
        int bad = take_rows(s, i, row, ctx, e);
        rc = rc ? rc : bad;
        more = mysql_next_result(s->db);
    }
    return more > 0 && !rc ? my_error(s, "reading the schema", e) : rc;
}

void my_cancel(struct session *s)
{
    (void)s;
}

void my_close(struct session *s)
{
    if (!s)
        return;
    my_scratch_closed(s);
    if (s->db)
        mysql_close(s->db);
    s->db = NULL;
}
