/* Connecting: where to, as whom, by TLS or not, how long it may take, what a failure is. */

#include "drivers/mysql/live.h"

#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/clock.h"
#include "core/escape.h"
#include "core/interrupt.h"
#include "drivers/mysql/optfile.h"

enum { CONNECT_MS = 30000, DEFAULT_PORT = 3306, MAX_OPTION_FILE = 1 << 16 };

/* Numbers of the server's errors. */
enum {
    ER_TOO_MANY = 1040,
    ER_DBACCESS_DENIED = 1044,
    ER_ACCESS_DENIED = 1045,
    ER_BAD_DB = 1049,
    ER_SHUTDOWN = 1053,
    ER_TOO_MANY_OF_USER = 1226,
    ER_ACCESS_DENIED_NO_PASSWORD = 1698,
};

/* Words of ssl-mode, by what they ask for. */
enum tls { TLS_DISABLED, TLS_PREFERRED, TLS_REQUIRED, TLS_CA, TLS_IDENTITY };

/* user:password@host:port of a URL, and the database behind it. */
struct target {
    char *user, *password, *host, *socket, *database;
    char *ca, *cert, *key;
    enum tls tls;
    bool tcp; /* a port is named: localhost means no socket */
    unsigned port;
};

/* Nobody can stand between: this machine. */
static bool is_here(const struct target *t)
{
    return t->socket || !*t->host || strcmp(t->host, "localhost") == 0 ||
           strncmp(t->host, "127.", 4) == 0 || strcmp(t->host, "::1") == 0;
}

/* Those of the clients and of both JDBC drivers. */
static enum tls tls_word(struct str word)
{
    static const struct {
        const char *word;
        enum tls tls;
    } rows[] = {{"DISABLED", TLS_DISABLED}, {"disable", TLS_DISABLED}, {"PREFERRED", TLS_PREFERRED},
                {"REQUIRED", TLS_REQUIRED}, {"trust", TLS_REQUIRED},   {"VERIFY_CA", TLS_CA},
                {"verify-ca", TLS_CA}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_fold_c(word, rows[i].word))
            return rows[i].tls;
    return TLS_IDENTITY;
}

/* As the mysql client takes them, or as JDBC does; the words were looked at before. */
static void parse_tls(const struct source *src, struct target *t)
{
    struct str mode = my_url_key(src, "ssl-mode", "sslMode"), use = my_url_key(src, "useSSL", "");
    bool wanted = str_eq_c(use, "true") || str_eq_c(my_url_key(src, "requireSSL", ""), "true");
    bool trusts = str_eq_c(my_url_key(src, "trustServerCertificate", ""), "true") ||
                  str_eq_c(my_url_key(src, "verifyServerCertificate", ""), "false");
    t->tls = !is_here(t) ? TLS_IDENTITY : t->ca ? TLS_CA : TLS_PREFERRED;
    if (wanted && t->tls < TLS_REQUIRED)
        t->tls = TLS_REQUIRED;
    if (trusts && t->tls > TLS_REQUIRED)
        t->tls = TLS_REQUIRED;
    if (str_eq_c(use, "false"))
        t->tls = TLS_DISABLED;
    if (!str_is_null(mode))
        t->tls = tls_word(mode);
}

static char *key_text(const struct source *src, struct arena *mem, const char *key,
                      const char *other)
{
    struct str value = my_url_key(src, key, other);
    return str_is_null(value) ? NULL : arena_cstr(mem, value);
}

static void parse_keys(const struct source *src, struct arena *mem, struct target *t)
{
    t->socket = key_text(src, mem, "socket", "localSocket");
    t->ca = key_text(src, mem, "ssl-ca", "serverSslCert");
    t->cert = key_text(src, mem, "ssl-cert", "");
    t->key = key_text(src, mem, "ssl-key", "");
    if (!t->user)
        t->user = key_text(src, mem, "user", "");
    if (!t->password)
        t->password = key_text(src, mem, "password", "");
    parse_tls(src, t);
}

/* ~/.my.cnf, as the clients take it: not where anybody may write. Empty where there is none. */
static struct str option_file(struct arena *mem)
{
    const char *home = getenv("HOME");
    struct stat st;
    struct strbuf text = sb_new(mem, MAX_OPTION_FILE);
    FILE *f =
        home && *home ? fopen(arena_cstr(mem, arena_printf(mem, "%s/.my.cnf", home)), "r") : NULL;
    if (!f)
        return STR("");
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && !(st.st_mode & S_IWOTH)) {
        char part[4096];
        for (size_t n; text.n < MAX_OPTION_FILE && (n = fread(part, 1, sizeof part, f)) > 0;)
            sb_str(&text, (struct str){part, n});
    }
    fclose(f);
    return sb_view(&text);
}

/* Who connects, where only the option file says so; what it says of another host or user is not
 * meant. */
static void parse_option_file(struct arena *mem, struct target *t)
{
    if (t->password)
        return;
    struct my_login l = my_option_file(option_file(mem), mem);
    if ((!str_is_null(l.host) && !str_eq_c(l.host, t->host)) ||
        (t->user && !str_is_null(l.user) && !str_eq_c(l.user, t->user)))
        return;
    if (!t->user && !str_is_null(l.user))
        t->user = arena_cstr(mem, l.user);
    if (!str_is_null(l.password))
        t->password = arena_cstr(mem, l.password);
}

/* The forms of JDBC that name more than one server, or none: jdbc:mysql:replication://, a,b,
 * (host=). */
static bool is_many(const struct source *src, struct str host)
{
    return !str_starts(src->raw, STR("//")) || str_chr(host, ',') < host.n ||
           str_chr(host, '(') < host.n;
}

static int parse_target(const struct source *src, struct arena *mem, struct target *t,
                        bool database, struct err *e)
{
    struct str raw = str_starts(src->raw, STR("//")) ? str_from(src->raw, 2) : src->raw;
    size_t slash = str_chr(raw, '/'), at = slash;
    struct str host = str_sub(raw, 0, slash), user = STR("");
    int64_t port = DEFAULT_PORT;
    if (is_many(src, host)) {
        err_set(e, E_BAD_VALUE, "%.*s: the URL of one server is wanted", STR_ARG(src->text));
        return err_hint(e, "mysql://user@host:3306/DATABASE, or the same behind jdbc:");
    }
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
    size_t close = str_starts(host, STR("[")) ? str_chr(host, ']') : 0;
    colon = close + str_chr(str_from(host, close), ':');
    if (colon < host.n && (!str_int(str_from(host, colon + 1), &port) || port < 1 || port > 65535))
        return err_set(e, E_BAD_VALUE, "%.*s: the port is no number from 1 to 65535",
                       STR_ARG(src->text));
    t->host =
        arena_cstr(mem, url_decode(mem, close ? str_sub(host, 1, close) : str_sub(host, 0, colon)));
    t->port = (unsigned)port;
    t->tcp = colon < host.n || str_starts(src->text, STR("jdbc:"));
    parse_keys(src, mem, t);
    parse_option_file(mem, t);
    if (t->tls == TLS_CA && !t->ca) {
        err_set(e, E_BAD_VALUE, "%.*s: ssl-mode=VERIFY_CA is nothing without ssl-ca",
                STR_ARG(src->text));
        return err_hint(e, "ssl-ca=FILE names the certificates that are trusted");
    }
    t->database = arena_cstr(mem, url_decode(mem, str_from(raw, slash + 1)));
    if (database && !*t->database) {
        err_set(e, E_BAD_VALUE, "%.*s names no database", STR_ARG(src->text));
        return err_hint(e, "mysql://user@host:3306/DATABASE");
    }
    return 0;
}

/* LOCAL INFILE is off: a server may ask for any file of the client's. */
static void set_options(struct session *s, const struct target *t)
{
    unsigned off = 0, wait_s = ((s->connect_ms ? s->connect_ms : CONNECT_MS) + 999) / 1000;
    my_bool tls = t->tls != TLS_DISABLED, identity = t->tls == TLS_IDENTITY;
    mysql_options(s->db, MYSQL_OPT_NONBLOCK, 0);
    mysql_options(s->db, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(s->db, MYSQL_OPT_CONNECT_TIMEOUT, &wait_s);
    mysql_options(s->db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options4(s->db, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "snap");
    unsigned tcp = MYSQL_PROTOCOL_TCP;
    if (t->tcp && !t->socket)
        mysql_options(s->db, MYSQL_OPT_PROTOCOL, &tcp);
    if (tls)
        mysql_ssl_set(s->db, t->key, t->cert, t->ca, NULL, NULL);
    /* a server that has not proven who it is may not ask for the password itself */
    if (t->tls < TLS_CA)
        mysql_options(s->db, MARIADB_OPT_RESTRICTED_AUTH,
                      "mysql_native_password,caching_sha2_password,sha256_password,"
                      "client_ed25519,parsec,auth_gssapi_client");
    mysql_options(s->db, MYSQL_OPT_SSL_ENFORCE, &tls);
    mysql_options(s->db, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &identity);
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

/* The failure as ours. *again: it may pass by itself. */
static int refused(struct session *s, bool late, bool *again, struct err *e)
{
    unsigned code = mysql_errno(s->db);
    const char *words = mysql_error(s->db);
    *again = false;
    if (interrupt_seen() && !s->closing)
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (s->deadline_ms && clock_ms() > s->deadline_ms)
        return err_set(e, E_TIMEOUT, "%.*s: connecting took longer than --timeout allows",
                       STR_ARG(s->label));
    if (code == ER_ACCESS_DENIED || code == ER_DBACCESS_DENIED ||
        code == ER_ACCESS_DENIED_NO_PASSWORD) {
        err_set(e, E_ACCESS_DENIED, "%.*s: %s", STR_ARG(s->label), words);
        if (code == ER_DBACCESS_DENIED)
            return err_hint(e, "snap env grants prints what a role needs to read a database");
        return err_hint(e, "password_env, password_file or password_command of snap.yml, or "
                           "~/.my.cnf, give the password; CREATE USER and GRANT say who may "
                           "connect from where");
    }
    if (code == CR_SSL_CONNECTION_ERROR) {
        err_set(e, E_TLS_FAILED, "%.*s: %s", STR_ARG(s->label), words);
        return err_hint(e, "ssl-mode and ssl-ca of the URL say what is wanted and who is trusted");
    }
    *again = code != ER_BAD_DB;
    if (late) {
        err_set(e, E_CANNOT_OPEN, "%.*s: the server does not answer", STR_ARG(s->label));
        return err_hint(e, "--connect-timeout gives it more time");
    }
    err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(s->label), words);
    if (code == ER_BAD_DB)
        return err_hint(e, "SHOW DATABASES lists the databases of a server");
    if (code == ER_TOO_MANY || code == ER_TOO_MANY_OF_USER || code == ER_SHUTDOWN)
        return err_hint(e, "the server is there, but takes no connections now: --retries 5 waits");
    return err_hint(e, "the mysql client with the same host and port shows whether the server can "
                       "be reached");
}

/* *late: the time to connect was over. */
static bool connect_once(struct session *s, const struct target *t, char *name, bool *late)
{
    int64_t whole = s->deadline_ms;
    int64_t end = clock_ms() + (s->connect_ms ? s->connect_ms : CONNECT_MS);
    MYSQL *done = NULL;
    s->db = mysql_init(NULL);
    if (!s->db)
        oom_exit(sizeof(MYSQL));
    set_options(s, t);
    s->deadline_ms = whole && whole < end ? whole : end;
    int wait =
        mysql_real_connect_start(&done, s->db, *t->host ? t->host : NULL, t->user, t->password,
                                 *name ? name : NULL, t->port, t->socket, CLIENT_MULTI_STATEMENTS);
    while (wait)
        wait = mysql_real_connect_cont(&done, s->db, my_await(s, wait));
    *late = clock_ms() >= end;
    s->deadline_ms = whole;
    return done != NULL;
}

/* The library takes a server without TLS for as good, whatever is wanted, unless it verifies. */
static int need_tls(struct session *s, const struct target *t, struct err *e)
{
    if (t->tls < TLS_REQUIRED || mysql_get_ssl_cipher(s->db))
        return 0;
    err_set(e, E_TLS_FAILED, "%.*s: the server offers no TLS", STR_ARG(s->label));
    return err_hint(e, "ssl-mode=DISABLED of the URL goes without, where nobody listens");
}

int my_connect(struct session *s, const struct source *src, struct str database, struct err *e)
{
    struct target t = {0};
    unsigned tries = 0;
    bool late, again = false;
    if (parse_target(src, s->mem, &t, str_is_null(database), e))
        return -1;
    char *name = str_is_null(database) ? t.database : arena_cstr(s->mem, database);
    while (!connect_once(s, &t, name, &late)) {
        int rc = refused(s, late, &again, e);
        mysql_close(s->db);
        s->db = NULL;
        if (!again || ++tries >= s->tries || !my_pause(s, tries))
            return rc;
    }
    s->database = str_c(name);
    note_version(s);
    return need_tls(s, &t, e) || my_pin(s, e) ? -1 : 0;
}

/* Longer each time; false: a signal, or no time is left. */
bool my_pause(const struct session *s, unsigned tries)
{
    struct timespec t = {0, 50L * 1000 * 1000};
    int64_t end = clock_ms() + (tries < 6 ? 50 << tries : 3200);
    while (clock_ms() < end) {
        if (interrupt_seen() || (s->deadline_ms && clock_ms() > s->deadline_ms))
            return false;
        nanosleep(&t, NULL);
    }
    return true;
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
                          .deadline_ms = src->timeout_ms ? clock_ms() + src->timeout_ms : 0};
    *out = s;
    return my_connect(s, src, STR_NULL, e);
}
