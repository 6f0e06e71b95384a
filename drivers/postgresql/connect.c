/* Connecting by libpq: where to, as whom, how long it may take, what a failure is. */

#include "drivers/postgresql/conn.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "core/escape.h"
#include "core/interrupt.h"

enum { MAX_KEYS = 40, LOOK_MS = 200, CONNECT_MS = 30000 };

/* Words of the server that are no error are not for the terminal. */
static void no_notice(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

/* What libpq says of a failed connection: one part for each address that it has tried, each of
 * several lines. With the verbose form the server's part holds its SQLSTATE, in any language:
 * "FATAL:  28P01: password authentication failed". */
struct failure {
    char state[6];  /* "" : not the server's */
    char text[400]; /* one line, without the state */
};

/* Where "XXXXX: " begins in a line; its length where it does not. */
static size_t state_at(struct str line)
{
    for (size_t i = 0; i + 9 < line.n; i++) {
        if (memcmp(line.p + i, ":  ", 3) != 0 || memcmp(line.p + i + 8, ": ", 2) != 0)
            continue;
        bool state = true;
        for (size_t k = i + 3; k < i + 8; k++)
            state = state && (ascii_is_digit(line.p[k]) || (line.p[k] >= 'A' && line.p[k] <= 'Z'));
        if (state)
            return i + 3;
    }
    return line.n;
}

static void read_failure(const char *words, struct failure *f)
{
    struct str rest = str_c(words), line;
    *f = (struct failure){.text = ""};
    while (str_cut(&rest, '\n', &line)) {
        size_t at = state_at(line);
        if (at < line.n) {
            memcpy(f->state, line.p + at, 5);
            snprintf(f->text, sizeof f->text, "%.*s%.*s", (int)at, line.p,
                     STR_ARG(str_from(line, at + 7)));
        } else if (!f->text[0]) {
            snprintf(f->text, sizeof f->text, "%.*s", STR_ARG(str_trim(line)));
        }
    }
}

static bool says(const struct failure *f, const char *words)
{
    return strstr(f->text, words) != NULL;
}

/* The failure as ours. *again: it may pass by itself. */
static int refused(struct session *s, const struct failure *f, bool *again, struct err *e)
{
    bool server = f->state[0] != '\0';
    *again = !server || strcmp(f->state, "57P03") == 0 || strcmp(f->state, "53300") == 0;
    if (strncmp(f->state, "28", 2) == 0 || strcmp(f->state, "42501") == 0 ||
        PQconnectionNeedsPassword(s->db)) {
        *again = false;
        err_set(e, E_ACCESS_DENIED, "%.*s: %s", STR_ARG(s->label), f->text);
        if (strcmp(f->state, "42501") == 0)
            return err_hint(e, "GRANT CONNECT ON DATABASE to the role");
        return PQconnectionNeedsPassword(s->db)
                   ? err_hint(e, "~/.pgpass, PGPASSWORD, or password_env, password_file or "
                                 "password_command of snap.yml give the password")
                   : -1;
    }
    if (!server && !says(f, "invalid response") && (says(f, "SSL") || says(f, "certificate"))) {
        *again = false;
        return err_set(e, E_TLS_FAILED, "%.*s: %s", STR_ARG(s->label), f->text);
    }
    err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(s->label), f->text);
    if (strcmp(f->state, "3D000") == 0)
        return err_hint(e, "psql -l lists the databases of a server");
    if (server && *again)
        return err_hint(e, "the server is there, but takes no connections now: --retries 5 waits");
    return err_hint(e, "psql with the same URL shows whether the server can be reached");
}

/* Milliseconds that connecting may still take. */
static int64_t left_ms(const struct session *s, int64_t begin)
{
    int64_t end = begin + (s->connect_ms ? s->connect_ms : CONNECT_MS);
    end = s->deadline_ms && s->deadline_ms < end ? s->deadline_ms : end;
    return end - clock_ms();
}

/* Looks at signals and at the time while libpq connects; false: not connected. */
static bool poll_connection(struct session *s, bool *late)
{
    int64_t begin = clock_ms();
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;
    *late = false;
    while (want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED) {
        int64_t left = left_ms(s, begin);
        struct pollfd p = {PQsocket(s->db),
                           (short)(want == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        *late = left <= 0;
        if (*late || interrupt_seen())
            return false;
        int ready = poll(&p, 1, left < LOOK_MS ? (int)left : LOOK_MS);
        if (ready > 0)
            want = PQconnectPoll(s->db);
        else if (ready < 0 && errno != EINTR)
            return false;
    }
    return want == PGRES_POLLING_OK;
}

static const char *value_of(const char *const *keys, const char *const *values, const char *key)
{
    const char *found = NULL;
    for (size_t i = 0; keys[i]; i++)
        if (strcmp(keys[i], key) == 0)
            found = values[i];
    return found;
}

/* Of several hosts libpq goes on to the next one when one gives no answer, but only in the call
 * that waits by itself. */
static bool several_hosts(const char *const *keys, const char *const *values)
{
    const char *host = value_of(keys, values, "host");
    return host && strchr(host, ',');
}

static int connect_once(struct session *s, const char *const *keys, const char *const *values,
                        bool *again, struct err *e)
{
    struct failure f;
    bool late = false;
    *again = false;
    s->db = PQconnectStartParams(keys, values, 0);
    if (s->db && PQstatus(s->db) != CONNECTION_BAD) {
        PQsetErrorVerbosity(s->db, PQERRORS_VERBOSE);
        PQsetNoticeProcessor(s->db, no_notice, NULL);
        if (poll_connection(s, &late)) {
            PQsetErrorVerbosity(s->db, PQERRORS_DEFAULT);
            return 0;
        }
    }
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (late && several_hosts(keys, values)) {
        PQfinish(s->db);
        s->db = PQconnectdbParams(keys, values, 0);
        if (s->db)
            PQsetNoticeProcessor(s->db, no_notice, NULL);
        if (PQstatus(s->db) == CONNECTION_OK)
            return 0;
    } else if (late && s->deadline_ms && clock_ms() >= s->deadline_ms) {
        return err_set(e, E_TIMEOUT, "%.*s: the time is up before it answers", STR_ARG(s->label));
    } else if (late) {
        *again = true;
        err_set(e, E_CANNOT_OPEN, "%.*s: %s does not answer", STR_ARG(s->label), PQhost(s->db));
        return err_hint(e, "--connect-timeout gives it more time than %u s",
                        (s->connect_ms ? s->connect_ms : CONNECT_MS) / 1000);
    }
    read_failure(s->db ? PQerrorMessage(s->db) : "out of memory", &f);
    return refused(s, &f, again, e);
}

static bool has_time(const struct session *s, unsigned pause_ms)
{
    return !s->deadline_ms || clock_ms() + pause_ms < s->deadline_ms;
}

/* What the server calls itself. AlloyDB calls itself PostgreSQL; a role tells. */
static int ask_product(struct session *s, struct err *e)
{
    PGresult *r;
    if (pg_query(s,
                 "SELECT version() || CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE "
                 "rolname = 'alloydbsuperuser') THEN ' AlloyDB' ELSE '' END",
                 &r, e))
        return -1;
    s->says = arena_str(s->mem, pg_value(r, 0, 0));
    PQclear(r);
    return 0;
}

int pg_connect(struct session *s, const char *const *keys, const char *const *values, struct err *e)
{
    bool again;
    unsigned pause_ms = 250;
    for (unsigned left = s->tries ? s->tries - 1 : 0; connect_once(s, keys, values, &again, e);
         left--) {
        struct timespec pause = {pause_ms / 1000, (long)(pause_ms % 1000) * 1000000L};
        if (!again || !left || !has_time(s, pause_ms))
            return -1;
        PQfinish(s->db);
        s->db = NULL;
        nanosleep(&pause, NULL);
        pause_ms = pause_ms < 4000 ? pause_ms * 2 : pause_ms;
    }
    s->version = PQserverVersion(s->db) / 10000;
    s->cancel = PQgetCancel(s->db);
    if (s->version < 12)
        return err_set(e, E_CANNOT_OPEN, "%.*s: PostgreSQL %s is older than 12", STR_ARG(s->label),
                       PQparameterStatus(s->db, "server_version"));
    if (s->scratch)
        return pg_pin(s, e);
    return ask_product(s, e) || pg_begin(s, e) ? -1 : 0;
}

/* Parameters of a connection, as libpq wants them. */
struct params {
    struct arena *mem;
    const char *keys[MAX_KEYS], *values[MAX_KEYS];
    uint32_t n;
};

static void param(struct params *p, const char *key, struct str value)
{
    if (!value.n || p->n + 1 >= MAX_KEYS)
        return;
    p->keys[p->n] = key;
    p->values[p->n++] = arena_cstr(p->mem, value);
}

/* user:password@host:port,host:port */
static void authority(struct params *p, struct str text)
{
    size_t at = text.n;
    for (size_t i = 0; i < text.n; i++)
        at = text.p[i] == '@' ? i : at;
    if (at < text.n) {
        struct str user = str_sub(text, 0, at);
        size_t colon = str_chr(user, ':');
        param(p, "user", url_decode(p->mem, str_sub(user, 0, colon)));
        param(p, "password", url_decode(p->mem, str_from(user, colon + 1)));
        text = str_from(text, at + 1);
    }
    struct strbuf hosts = sb_new(p->mem, 0), ports = sb_new(p->mem, 0);
    struct str one;
    for (bool any = false; str_cut(&text, ',', &one); any = true) {
        size_t close = str_starts(one, STR("[")) ? str_chr(one, ']') : 0;
        size_t colon = close + str_chr(str_from(one, close), ':');
        struct str host = str_sub(one, 0, colon);
        if (close)
            host = str_sub(host, 1, close);
        if (any) {
            sb_char(&hosts, ',');
            sb_char(&ports, ',');
        }
        sb_str(&hosts, url_decode(p->mem, host));
        sb_str(&ports, str_from(one, colon + 1));
    }
    param(p, "host", sb_view(&hosts));
    param(p, "port", sb_view(&ports));
}

static void parse_place(struct params *p, struct str raw)
{
    if (str_starts(raw, STR("//"))) {
        raw = str_from(raw, 2);
        size_t slash = str_chr(raw, '/');
        authority(p, str_sub(raw, 0, slash));
        param(p, "dbname", url_decode(p->mem, str_from(raw, slash + 1)));
    } else {
        param(p, "dbname", url_decode(p->mem, str_starts(raw, STR("/")) ? str_from(raw, 1) : raw));
    }
}

/* libpq takes the last of two values for a key. */
static int connect_source(struct session *s, const struct source *src, struct str database,
                          struct arena *mem, struct err *e)
{
    struct params p = {.mem = mem};
    unsigned wait_ms = s->connect_ms ? s->connect_ms : CONNECT_MS;
    param(&p, "connect_timeout", arena_printf(mem, "%u", (wait_ms + 999) / 1000));
    param(&p, "password", src->password);
    parse_place(&p, src->raw);
    for (uint32_t i = 0; i < src->nkeys; i++) {
        int64_t seconds;
        if (str_eq(src->keys[i].key, STR("connect_timeout")) && !s->connect_ms &&
            str_int(src->keys[i].value, &seconds) && seconds > 0 && seconds <= 86400)
            s->connect_ms = (unsigned)seconds * 1000;
        param(&p, arena_cstr(mem, src->keys[i].key), src->keys[i].value);
    }
    param(&p, "application_name", STR("snap"));
    param(&p, "client_encoding", STR("UTF8"));
    param(&p, "dbname", database);
    p.keys[p.n] = NULL;
    return pg_connect(s, p.keys, p.values, e);
}

int pg_connect_place(struct session *s, const struct source *place, struct str database,
                     struct err *e)
{
    s->connect_ms = place->connect_ms;
    s->tries = place->tries;
    return connect_source(s, place, database, s->mem, e);
}

int pg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e)
{
    struct session *s = NEW(mem, struct session);
    *s = (struct session){.mem = mem,
                          .label = src->text,
                          .timeout_ms = src->timeout_ms,
                          .statement_ms = src->statement_ms,
                          .connect_ms = src->connect_ms,
                          .tries = src->tries,
                          .deadline_ms = src->timeout_ms ? clock_ms() + src->timeout_ms : 0};
    *out = s;
    return connect_source(s, src, STR_NULL, mem, e);
}
