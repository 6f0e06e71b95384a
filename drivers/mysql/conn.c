/* A session: how it is pinned, how statements are run, what errors mean. */

#include "drivers/mysql/live.h"

#include <errmsg.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "core/clock.h"
#include "core/interrupt.h"

/* The server ends most statements by itself when their time is up, and has a moment to say so. */
enum { LOOK_MS = 200, STATEMENT_MS = 60000, MOMENT_MS = 500 };
/* Of one wait: statements have at most so many answers, and these so many bytes. */
enum { MOST_ANSWERS = 1 << 20, MOST_BYTES = 1 << 29 };

/* Numbers of the server's errors: mysqld_error.h of either server. */
enum {
    ER_DBACCESS_DENIED = 1044,
    ER_TABLEACCESS_DENIED = 1142,
    ER_LOCK_WAIT = 1205,
    ER_DEADLOCK = 1213,
    ER_SPECIFIC_ACCESS = 1227,
    ER_QUERY_INTERRUPTED = 1317,
    ER_NEW_ABORTING = 1184,
    ER_KILLED = 1927,
    ER_STATEMENT_TIMEOUT = 1969,
    ER_QUERY_TIMEOUT = 3024,
};

/* The object went, or became another one, while it was asked about. */
static bool is_torn(unsigned code)
{
    /* no such table, routine, trigger, event, sequence; not a view, sequence; definition changed,
     * deadlock */
    static const unsigned codes[] = {1051, 1146, 1305, 1360, 1539, 4091, 1347, 4089, 1412, 1213};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static bool is_late(const struct session *s)
{
    return s->deadline_ms && clock_ms() > s->deadline_ms;
}

static int too_late(struct session *s, const char *what, struct err *e)
{
    bool late = is_late(s);
    if (s->scratch)
        return err_set(e, E_TIMEOUT, "the scratch database took longer than --timeout allows");
    err_set(e, E_TIMEOUT, "%.*s: %s took longer than %s allows", STR_ARG(s->label), what,
            late ? "--timeout" : "--statement-timeout");
    return late ? -1 : err_hint(e, "--statement-timeout gives each query more time");
}

int my_locked(struct session *s, const char *what, struct err *e)
{
    err_set(e, E_BUSY, "%.*s: %s: another session holds a lock", STR_ARG(s->label), what);
    return err_hint(e, "run it again when that session is done, or with more --retries");
}

int my_error(struct session *s, const char *what, struct err *e)
{
    unsigned code = mysql_errno(s->db);
    const char *words = mysql_error(s->db);
    if (interrupt_seen() && !s->closing)
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (s->silent || is_late(s) || code == ER_STATEMENT_TIMEOUT || code == ER_QUERY_TIMEOUT)
        return too_late(s, what, e);
    if (code == CR_SERVER_LOST || code == CR_SERVER_GONE_ERROR || code == ER_QUERY_INTERRUPTED ||
        code == ER_KILLED || code == ER_NEW_ABORTING)
        return err_set(e, E_CONNECTION_LOST, "%.*s: %s: %s", STR_ARG(s->label), what, words);
    if (code == ER_LOCK_WAIT)
        return my_locked(s, what, e);
    if (code == ER_TABLEACCESS_DENIED || code == ER_SPECIFIC_ACCESS || code == ER_DBACCESS_DENIED)
        return err_set(e, E_NO_PRIVILEGE, "%.*s: %s: %s", STR_ARG(s->label), what, words);
    if (is_torn(code))
        return err_set(e, E_TORN, "%.*s: %s: %s", STR_ARG(s->label), what, words);
    return err_set(e, E_CANNOT_OPEN, "%.*s: %s: %s", STR_ARG(s->label), what, words);
}

static int holder_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                      unsigned n, struct err *e)
{
    struct strbuf *out = ctx;
    (void)index;
    (void)n;
    (void)e;
    if (row[0] && !out->n)
        sb_str(out, (struct str){row[0], lengths[0]});
    return 0;
}

/* Metadata locks are told by performance_schema, which may be off; else it is the session that has
 * run the longest. */
int my_busy(struct session *s, struct err *e)
{
    static const char locks[] =
        "SELECT CONCAT(l.object_name, ' is locked by connection ', t.processlist_id, ' (', "
        "t.processlist_user, '@', t.processlist_host, ', ', t.processlist_command, ' since ', "
        "t.processlist_time, ' s)') FROM performance_schema.metadata_locks l JOIN "
        "performance_schema.threads t ON t.thread_id = l.owner_thread_id WHERE l.object_type = "
        "'TABLE' AND l.object_schema = DATABASE() AND l.lock_status = 'GRANTED' AND l.lock_type = "
        "'EXCLUSIVE' AND t.processlist_id <> CONNECTION_ID() LIMIT 1";
    static const char sessions[] =
        "SELECT CONCAT('connection ', id, ' (', user, '@', host, ', ', command, ' since ', time, "
        "' s) may hold it') FROM information_schema.processlist WHERE db = DATABASE() AND id <> "
        "CONNECTION_ID() ORDER BY command = 'Sleep', time DESC LIMIT 1";
    struct strbuf words = sb_new(s->mem, 0);
    struct err none;
    if (my_batch(s, str_c(locks), holder_row, &words, &none) || !words.n)
        (void)my_batch(s, str_c(sessions), holder_row, &words, &none);
    return words.n ? err_wrap(e, "%.*s", STR_ARG(sb_view(&words))) : -1;
}

/* Waits until a call of the library can go on. A signal, or the end of the time given, ends the
 * connection, and with it the call. */
int my_await(struct session *s, int want)
{
    int64_t begin = clock_ms();
    int64_t end = want & MYSQL_WAIT_TIMEOUT ? clock_ms() + mysql_get_timeout_value_ms(s->db) : 0;
    for (;;) {
        short events = (short)((want & MYSQL_WAIT_READ ? POLLIN : 0) |
                               (want & MYSQL_WAIT_WRITE ? POLLOUT : 0) |
                               (want & MYSQL_WAIT_EXCEPT ? POLLPRI : 0));
        struct pollfd p = {mysql_get_socket(s->db), events, 0};
        s->silent = s->silent || (s->limit_ms && clock_ms() - begin > s->limit_ms);
        if ((interrupt_seen() && !s->closing) || is_late(s) || s->silent)
            shutdown(p.fd, SHUT_RDWR);
        int ready = poll(&p, 1, LOOK_MS);
        if (ready > 0)
            return (p.revents & POLLIN ? MYSQL_WAIT_READ : 0) |
                   (p.revents & POLLOUT ? MYSQL_WAIT_WRITE : 0) |
                   (p.revents & POLLPRI ? MYSQL_WAIT_EXCEPT : 0) |
                   (p.revents & (POLLHUP | POLLERR | POLLNVAL)
                        ? want & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE)
                        : 0);
        if (end && clock_ms() > end)
            return MYSQL_WAIT_TIMEOUT;
        if (ready < 0 && errno != EINTR)
            return want & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
    }
}

static int run(struct session *s, struct str sql)
{
    int rc, wait = mysql_real_query_start(&rc, s->db, sql.p, (unsigned long)sql.n);
    while (wait)
        wait = mysql_real_query_cont(&rc, s->db, my_await(s, wait));
    return rc;
}

static MYSQL_RES *store(struct session *s)
{
    MYSQL_RES *r;
    int wait = mysql_store_result_start(&r, s->db);
    while (wait)
        wait = mysql_store_result_cont(&r, s->db, my_await(s, wait));
    return r;
}

/* 0: there is one more; -1: none; else a failure. */
static int next(struct session *s)
{
    int rc, wait = mysql_next_result_start(&rc, s->db);
    while (wait)
        wait = mysql_next_result_cont(&rc, s->db, my_await(s, wait));
    return rc;
}

static MYSQL_ROW fetch(struct session *s, MYSQL_RES *r)
{
    MYSQL_ROW row;
    int wait = mysql_fetch_row_start(&row, r);
    while (wait)
        wait = mysql_fetch_row_cont(&row, r, my_await(s, wait));
    return row;
}

/* Everything that changes how the server writes a schema down, in one wait. */
int my_pin(struct session *s, struct err *e)
{
    static const char both[] =
        "SET SESSION sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00', "
        "lock_wait_timeout = 1, group_concat_max_len = 1048576";
    unsigned ms = s->scratch ? 0 : s->statement_ms ? s->statement_ms : STATEMENT_MS;
    s->limit_ms = ms ? ms + MOMENT_MS : 0;
    if (s->mariadb)
        return my_query(
            s, arena_printf(s->mem, "%s, max_statement_time = %u.%03u", both, ms / 1000, ms % 1000),
            NULL, e);
    /* what releases before know nothing of stands in comments that name the release */
    return my_query(s,
                    arena_printf(s->mem,
                                 "%s, max_execution_time = %u, /*!80003 "
                                 "information_schema_stats_expiry = 0, */ /*!80030 "
                                 "show_gipk_in_create_table_and_information_schema = 1, */ "
                                 "show_create_table_verbosity = 0",
                                 both, ms),
                    NULL, e);
}

int my_query(struct session *s, struct str sql, MYSQL_RES **out, struct err *e)
{
    if (run(s, sql))
        return my_error(s, "a query", e);
    MYSQL_RES *r = store(s);
    if (!r && mysql_field_count(s->db))
        return my_error(s, "a query", e);
    if (out)
        *out = r;
    else if (r)
        mysql_free_result(r);
    /* CALL and scripts bring more than one */
    while (mysql_more_results(s->db) && next(s) == 0) {
        MYSQL_RES *more = store(s);
        if (more)
            mysql_free_result(more);
    }
    return mysql_errno(s->db) ? my_error(s, "a query", e) : 0;
}

/* More than any schema is, from a server that does not stop: the connection ends. */
static int too_much(struct session *s, struct err *e)
{
    my_cancel(s);
    return err_set(e, E_LIMIT, "%.*s: the server's answer is larger than any schema",
                   STR_ARG(s->label));
}

static int take_rows(struct session *s, uint32_t index, uint64_t *bytes, my_row_fn *row, void *ctx,
                     struct err *e)
{
    MYSQL_RES *r = mysql_use_result(s->db);
    MYSQL_ROW one;
    int rc = 0;
    if (!r)
        return mysql_field_count(s->db) ? my_error(s, "reading the schema", e) : 0;
    unsigned n = mysql_num_fields(r);
    while ((one = fetch(s, r))) {
        const unsigned long *lengths = mysql_fetch_lengths(r);
        for (unsigned i = 0; i < n; i++)
            *bytes += lengths[i] + 1;
        if (*bytes > MOST_BYTES)
            rc = too_much(s, e);
        rc = rc ? rc : row(ctx, index, one, lengths, n, e);
    }
    if (!rc && mysql_errno(s->db))
        rc = my_error(s, "reading the schema", e);
    mysql_free_result(r);
    return rc;
}

int my_batch(struct session *s, struct str sql, my_row_fn *row, void *ctx, struct err *e)
{
    int rc = 0, more = 0;
    uint64_t bytes = 0;
    if (run(s, sql))
        return my_error(s, "reading the schema", e);
    for (uint32_t i = 0; !more; i++) {
        int bad = i < MOST_ANSWERS ? take_rows(s, i, &bytes, row, ctx, e) : too_much(s, e);
        rc = rc ? rc : bad;
        more = next(s);
    }
    return more > 0 && !rc ? my_error(s, "reading the schema", e) : rc;
}

/* The call that runs ends with its connection. */
void my_cancel(struct session *s)
{
    if (s && s->db)
        shutdown(mysql_get_socket(s->db), SHUT_RDWR);
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
