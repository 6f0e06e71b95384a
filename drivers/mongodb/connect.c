/* Connecting: which server, as whom, by TLS or not, how long it may take, what a failure is. */

#include "drivers/mongodb/live.h"

#include "core/clock.h"
#include "core/escape.h"
#include "core/interrupt.h"
#include "core/suggest.h"

enum { WHOLE_MS = 30000, HOST_MS = 10000, ELECTION_MS = 10000 };

/* Of the server itself. */
static const char own_databases[] = "admin,local,config";

/* ---- the client library ---- */

/* What it has to say comes with its errors. */
static void hush(mongoc_log_level_t level, const char *domain, const char *message, void *data)
{
    (void)level;
    (void)domain;
    (void)message;
    (void)data;
}

static void begin_library(void)
{
    static bool begun;
    if (begun)
        return;
    begun = true;
    mongoc_log_set_handler(hush, NULL);
    mongoc_init();
}

static struct str bytes_of(const bson_t *b)
{
    return (struct str){(const char *)bson_get_data(b), b->len};
}

/* ---- failures ---- */

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

static int no_tls(const struct session *s, struct err *e)
{
    err_set(e, E_TLS_FAILED, "%.*s: %.*s", STR_ARG(s->label), STR_ARG(s->why));
    if (holds(s->why, "wrong version number") || holds(s->why, "timed out") ||
        holds(s->why, "Success") || holds(s->why, "Connection reset") || holds(s->why, "eof"))
        return err_hint(e, "the server may speak without TLS there: tls=false of the URL does, "
                           "where nobody listens");
    if (holds(s->why, "file with certificates"))
        return err_hint(e, "tlsCAFile and tlsCertificateKeyFile of the URL name files in PEM form");
    return err_hint(e, "tlsCAFile of the URL names the file of certificates that are trusted, "
                       "tlsCertificateKeyFile the client's own");
}

/* Whether a failure is one of logging in: the library's own number, or the server's. */
static bool is_of_login(const bson_error_t *error)
{
    static const uint32_t codes[] = {MG_UNAUTHORIZED, 18, 11, 334, 8000};
    if (error->domain == MONGOC_ERROR_CLIENT)
        return error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (error->domain == MONGOC_ERROR_SERVER && error->code == codes[i])
            return true;
    return error->domain == MONGOC_ERROR_SASL || error->domain == MONGOC_ERROR_SCRAM;
}

static int denied(struct session *s, const bson_error_t *error, struct err *e)
{
    const struct mg_uri *u = &s->uri;
    struct str words = mg_said(s, str_c(error->message));
    if (str_is_null(u->user) && !u->key_file.n) {
        err_set(e, E_ACCESS_DENIED, "%.*s: %.*s", STR_ARG(s->label), STR_ARG(words));
        return err_hint(e, "the URL names no user: mongodb://USER@host/DATABASE, the password by "
                           "password_env of snap.yml");
    }
    err_set(e, E_ACCESS_DENIED, "%.*s: the server refuses the user %.*s: %.*s", STR_ARG(s->label),
            STR_ARG(u->user), STR_ARG(words));
    if (!u->auth_source && u->database.n)
        return err_hint(
            e,
            "the user is sought in the database %.*s; authSource=admin of the URL where "
            "it was made in admin",
            STR_ARG(u->database));
    return err_hint(e, "the password, authSource and authMechanism of the URL decide");
}

static int unreached(struct session *s, const bson_error_t *error, struct err *e)
{
    struct str words = mg_said(s, str_c(error->message)), begin = STR("No suitable servers found");
    if (str_starts(words, begin))
        words = str_trim(str_from(words, str_chr(words, ':') + 1));
    if (!words.n)
        words = STR("the replica set has another name, or no primary");
    err_set(e, E_CANNOT_OPEN, "%.*s: %.*s", STR_ARG(s->label),
            STR_ARG(s->refusal == MG_TAKEN ? words : s->why));
    if (s->uri.srv && !s->client)
        return err_hint(e, "the DNS tells the servers of such a URL; mongodb:// names them");
    if (s->refusal == MG_TAKEN)
        return err_hint(e, "hosts, replicaSet and directConnection of the URL decide which server "
                           "is read");
    return err_hint(e, "mongosh with the same URL shows whether the server can be reached");
}

/* The failure as ours. *again: it may pass by itself. */
static int refused(struct session *s, const bson_error_t *error, bool *again, struct err *e)
{
    *again = false;
    if (s->stop == MG_SIGNAL)
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (s->stop == MG_LATE)
        return err_set(e, E_TIMEOUT, "%.*s: connecting took longer than --timeout allows",
                       STR_ARG(s->label));
    if (s->chosen && is_of_login(error) && s->refusal == MG_TAKEN && s->stop == MG_GOES)
        return denied(s, error, e);
    if (s->refusal == MG_NO_TLS)
        return no_tls(s, e);
    if (s->refusal == MG_GARBLED) {
        err_set(e, E_CANNOT_OPEN, "%.*s: what listens there does not keep to the wire protocol",
                STR_ARG(s->label));
        return err_hint(e, "another program may listen there, or stand between");
    }
    *again = true;
    if (s->stop == MG_SILENT || s->refusal == MG_UNANSWERED) {
        err_set(e, E_CANNOT_OPEN, "%.*s: the server does not answer", STR_ARG(s->label));
        return err_hint(e, "--connect-timeout gives it more time");
    }
    if (s->refusal == MG_ENDED) {
        err_set(e, E_CANNOT_OPEN, "%.*s: the server ends the connection without an answer",
                STR_ARG(s->label));
        return s->uri.tls ? -1 : err_hint(e, "it may speak by TLS alone: tls=true of the URL");
    }
    return unreached(s, error, e);
}

/* Members of a replica set are there and none is the primary: an election. */
static bool waits_for_primary(const struct session *s)
{
    size_t n = 0;
    bool any = false;
    mongoc_server_description_t **all =
        s->client ? mongoc_client_get_server_descriptions(s->client, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        any = any || strncmp(mongoc_server_description_type(all[i]), "RS", 2) == 0;
    if (all)
        mongoc_server_descriptions_destroy_all(all, n);
    return any;
}

bool mg_pause(const struct session *s, unsigned tries)
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

/* ---- one try ---- */

static mongoc_client_t *new_client(struct session *s, bson_error_t *error)
{
    mongoc_uri_t *uri = mongoc_uri_new_with_error(s->uri.client.p, error);
    mongoc_client_t *client = NULL;
    unsigned ms = s->connect_ms ? s->connect_ms : s->uri.connect_ms ? s->uri.connect_ms : HOST_MS;
    if (!uri) /* its words may hold parts of the URL */
        bson_set_error(error, MONGOC_ERROR_CLIENT, 0, "the client library does not take this URL");
    if (!uri)
        return NULL;
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_CONNECTTIMEOUTMS, (int32_t)ms);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, (int32_t)ms);
    mongoc_uri_set_option_as_bool(uri, MONGOC_URI_SERVERSELECTIONTRYONCE, true);
    client = mongoc_client_new_from_uri_with_error(uri, error);
    mongoc_uri_destroy(uri);
    if (!client)
        return NULL;
    mongoc_client_set_error_api(client, 2);
    mongoc_client_set_stream_initiator(client, mg_wire_open, s);
    return client;
}

/* What the server says in its first answer. */
static int note_hello(struct session *s, struct str bytes, struct err *e)
{
    struct mv *hello;
    int64_t wire = 0;
    if (mv_from_bson(s->mem, bytes, &hello, e))
        return err_wrap(e, "%.*s: the answer to hello", STR_ARG(s->label));
    (void)mv_whole(mv_get(hello, "maxWireVersion"), &wire);
    s->server = (struct mg_server){.wire = (int)wire};
    s->server.sharded = str_eq(mv_string(mv_get(hello, "msg")), STR("isdbgrid"));
    s->server.replica_set = mv_string(mv_get(hello, "setName")).n > 0;
    s->server.secondary = mv_truth(mv_get(hello, "secondary"));
    return 0;
}

/* Logs in, by the library's first command, and takes the stream. */
static bool log_in(struct session *s, const mongoc_server_description_t *sd, bson_error_t *error)
{
    bson_t ping = BSON_INITIALIZER, reply;
    const mongoc_host_list_t *host = mongoc_server_description_host(sd);
    BSON_APPEND_INT32(&ping, "ping", 1);
    s->refusal = MG_TAKEN;
    bool ok = mongoc_client_command_simple_with_server_id(
        s->client, "admin", &ping, NULL, mongoc_server_description_id(sd), &reply, error);
    bson_destroy(&ping);
    bson_destroy(&reply);
    s->stream = ok ? mg_wire_to(s, host->host_and_port) : NULL;
    return s->stream != NULL;
}

/* `waits`: only an election is in the way. */
static int connect_once(struct session *s, bool *again, bool *waits, struct err *e)
{
    bson_error_t error = {0};
    unsigned whole = s->connect_ms ? s->connect_ms : WHOLE_MS;
    *waits = *again = s->chosen = false;
    s->stop = MG_GOES;
    s->refusal = MG_TAKEN;
    s->why = STR("");
    s->call_end_ms = clock_ms() + whole;
    s->client = new_client(s, &error);
    if (!s->client)
        return refused(s, &error, again, e);
    mongoc_server_description_t *sd = mongoc_client_select_server(s->client, true, NULL, &error);
    if (!sd) {
        *waits = s->stop == MG_GOES && waits_for_primary(s);
        return refused(s, &error, again, e);
    }
    s->chosen = true;
    struct str hello = arena_str(s->mem, bytes_of(mongoc_server_description_hello_response(sd)));
    int rc = log_in(s, sd, &error) ? note_hello(s, hello, e) : refused(s, &error, again, e);
    mongoc_server_description_destroy(sd);
    return rc;
}

void mg_disconnect(struct session *s)
{
    s->stream = NULL;
    if (s->client)
        mongoc_client_destroy(s->client);
    s->client = NULL;
    s->sent = s->stale = 0;
}

/* ---- who it is ---- */

static int note_version(struct session *s, struct err *e)
{
    struct mv *command = mv_new(s->mem, MV_DOCUMENT), *reply;
    mv_add(command, STR("buildInfo"), mv_int(s->mem, 1));
    if (mg_run(s, STR("admin"), command, s->mem, &reply, NULL, e))
        return -1;
    struct str version = mv_string(mv_get(reply, "version"));
    struct str ferret = mv_string(mv_get(mv_get(reply, "ferretdb"), "version"));
    if (str_starts(ferret, STR("v")))
        ferret = str_from(ferret, 1);
    s->server.version = version;
    const char *service = mg_service(&s->uri);
    s->server.product = ferret.n  ? arena_printf(s->mem, "FerretDB %.*s", STR_ARG(ferret))
                        : service ? str_c(service)
                                  : STR("MongoDB");
    return 0;
}

int mg_connect(struct session *s, const struct source *src, struct str database, struct err *e)
{
    unsigned tries = 0, rounds = 0;
    bool again, waits;
    int rc;
    begin_library();
    if (mg_parse_uri(src, s->mem, &s->uri, e))
        return -1;
    s->label = s->uri.label;
    s->database = str_is_null(database) ? s->uri.database : database;
    int64_t elected = clock_ms() + (s->uri.select_ms ? s->uri.select_ms : ELECTION_MS);
    while ((rc = connect_once(s, &again, &waits, e)) != 0) {
        mg_disconnect(s);
        waits = waits && !s->uri.try_once && clock_ms() < elected;
        if ((!waits && (!again || ++tries >= s->tries)) || !mg_pause(s, ++rounds))
            return rc;
    }
    return note_version(s, e);
}

/* ---- databases ---- */

static struct mv *list_databases(struct arena *mem, bool authorized)
{
    struct mv *command = mv_new(mem, MV_DOCUMENT);
    mv_add(command, STR("listDatabases"), mv_int(mem, 1));
    mv_add(command, STR("nameOnly"), mv_bool(mem, true));
    if (authorized)
        mv_add(command, STR("authorizedDatabases"), mv_bool(mem, true));
    return command;
}

enum { MOST_SHOWN = 20 };

struct names {
    VEC(struct str) v;
    struct str list;  /* comma separated; absent where the server does not tell */
    struct str shown; /* the first of them, for people */
};

/* The databases of the server, or those that the role may see. */
static void databases(struct session *s, struct names *out)
{
    struct mv *reply = NULL;
    struct err none;
    struct strbuf list = sb_new(s->mem, 0), shown = sb_new(s->mem, 0);
    int code;
    int rc = mg_run(s, STR("admin"), list_databases(s->mem, true), s->mem, &reply, &code, &none);
    if (rc && code)
        rc = mg_run(s, STR("admin"), list_databases(s->mem, false), s->mem, &reply, &code, &none);
    const struct mv *all = rc ? NULL : mv_get(reply, "databases");
    *out = (struct names){0};
    for (const struct mv *d = all ? all->first : NULL; d; d = d->next) {
        struct str name = mv_string(mv_get(d, "name"));
        if (!name.n || word_in(own_databases, name))
            continue;
        VEC_PUSH(s->mem, out->v, name);
        sb_printf(&list, "%s%.*s", list.n ? "," : "", STR_ARG(name));
        if (out->v.n <= MOST_SHOWN)
            sb_printf(&shown, "%s%.*s", shown.n ? ", " : "", STR_ARG(name));
    }
    if (out->v.n > MOST_SHOWN)
        sb_printf(&shown, " and %u more", out->v.n - MOST_SHOWN);
    out->shown = sb_view(&shown);
    if (all)
        out->list = sb_view(&list);
}

static int no_database(struct session *s, struct err *e)
{
    struct names names = {0};
    if (s->stream)
        databases(s, &names);
    err_set(e, E_BAD_VALUE, "%.*s names no database", STR_ARG(s->label));
    if (names.list.n)
        return err_hint(e, "mongodb://host/DATABASE; the server has %.*s", STR_ARG(names.shown));
    return err_hint(e, "mongodb://user@host:27017/DATABASE");
}

/* A server takes any name for that of an empty database: a slip in it would be one that lost
 * everything. Where it does not tell, it is believed. */
static int need_database(struct session *s, struct err *e)
{
    struct names names;
    if (word_in(own_databases, s->database))
        return 0;
    databases(s, &names);
    if (!s->stream)
        return err_set(e, E_CONNECTION_LOST, "%.*s: the server ended the connection",
                       STR_ARG(s->label));
    for (uint32_t i = 0; i < names.v.n; i++)
        if (str_eq(names.v.v[i], s->database))
            return 0;
    if (str_is_null(names.list))
        return 0;
    err_set(e, E_CANNOT_OPEN, "%.*s: the server has no database %.*s, or the role may not see it",
            STR_ARG(s->label), STR_ARG(s->database));
    struct str near = suggest_word(s->database, names.list.p);
    if (near.n)
        return err_hint(e, "did you mean %.*s? The server has %.*s", STR_ARG(near),
                        STR_ARG(names.shown));
    return err_hint(e,
                    "a database comes with its first collection, and `empty` stands for one "
                    "without; the server has %.*s",
                    STR_ARG(names.list.n ? names.shown : STR("none")));
}

int mg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e)
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
    int rc = mg_connect(s, src, STR_NULL, e);
    if (s->uri.label.n && !s->database.n && (!rc || e->code == E_CANNOT_OPEN))
        return no_database(s, e);
    return rc ? rc : need_database(s, e);
}

void mg_close(struct session *s)
{
    if (!s)
        return;
    mg_scratch_closed(s);
    mg_disconnect(s);
}
