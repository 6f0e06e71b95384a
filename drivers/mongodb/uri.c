/* URLs: what they may hold, what does not go together, and the one that the client library gets. */

#include "drivers/mongodb/uri.h"

#include <string.h>

#include "core/escape.h"
#include "core/json.h"

enum { DEFAULT_PORT = 27017, MOST_DATABASE_NAME = 63 };

/* The last two lines stand in URLs and decide nothing here: one server is read, from its primary.
 */
const char mg_url_keys[] =
    "tls,ssl,tlsCAFile,tlsCertificateKeyFile,tlsCertificateKeyFilePassword,"
    "tlsAllowInvalidCertificates,tlsAllowInvalidHostnames,tlsInsecure,"
    "sslCertificateAuthorityFile,sslClientCertificateKeyFile,sslClientCertificateKeyPassword,"
    "sslAllowInvalidCertificates,sslAllowInvalidHostnames,"
    "authSource,authMechanism,authMechanismProperties,gssapiServiceName,canonicalizeHostname,"
    "replicaSet,directConnection,loadBalanced,srvServiceName,srvMaxHosts,appName,"
    "connectTimeoutMS,socketTimeoutMS,serverSelectionTimeoutMS,serverSelectionTryOnce,"
    "compressors,zlibCompressionLevel,heartbeatFrequencyMS,localThresholdMS,maxIdleTimeMS,"
    "maxPoolSize,minPoolSize,maxStalenessSeconds,readConcernLevel,readPreference,"
    "readPreferenceTags,retryReads,retryWrites,socketCheckIntervalMS,w,journal,wtimeoutMS,"
    "waitQueueMultiple,waitQueueTimeoutMS";

const char mg_url_values[] =
    "tls=true|false,ssl=true|false,tlsAllowInvalidCertificates=true|false,"
    "tlsAllowInvalidHostnames=true|false,tlsInsecure=true|false,"
    "sslAllowInvalidCertificates=true|false,sslAllowInvalidHostnames=true|false,"
    "authMechanism=SCRAM-SHA-1|SCRAM-SHA-256|MONGODB-X509|GSSAPI|PLAIN|MONGODB-AWS,"
    "canonicalizeHostname=true|false,directConnection=true|false,loadBalanced=true|false,"
    "srvMaxHosts=#,connectTimeoutMS=#,socketTimeoutMS=#,serverSelectionTimeoutMS=#,"
    "serverSelectionTryOnce=true|false,retryReads=true|false,retryWrites=true|false,"
    "journal=true|false,"
    "readPreference=primary|primaryPreferred|secondary|secondaryPreferred|nearest";

enum opt {
    O_TLS,
    O_CA,
    O_KEY,
    O_KEY_PASSWORD,
    O_ANY_CERTIFICATE,
    O_ANY_HOST,
    O_INSECURE,
    O_AUTH_SOURCE,
    O_MECHANISM,
    O_PROPERTIES,
    O_SERVICE,
    O_CANONICAL,
    O_REPLICA_SET,
    O_DIRECT,
    O_BALANCED,
    O_SRV_SERVICE,
    O_SRV_HOSTS,
    O_APP,
    O_CONNECT,
    O_SILENCE,
    O_SELECT,
    O_TRY_ONCE,
    O_READ,
    O_COUNT
};

struct option {
    const char *name;
    enum opt opt;
    bool passed; /* on to the client library */
};
/* The first name of an option is its own, others are older ones. */
static const struct option options[] = {
    {"tls", O_TLS, false},
    {"ssl", O_TLS, false},
    {"tlsCAFile", O_CA, true},
    {"sslCertificateAuthorityFile", O_CA, false},
    {"tlsCertificateKeyFile", O_KEY, true},
    {"sslClientCertificateKeyFile", O_KEY, false},
    {"tlsCertificateKeyFilePassword", O_KEY_PASSWORD, true},
    {"sslClientCertificateKeyPassword", O_KEY_PASSWORD, false},
    {"tlsAllowInvalidCertificates", O_ANY_CERTIFICATE, true},
    {"sslAllowInvalidCertificates", O_ANY_CERTIFICATE, false},
    {"tlsAllowInvalidHostnames", O_ANY_HOST, true},
    {"sslAllowInvalidHostnames", O_ANY_HOST, false},
    {"tlsInsecure", O_INSECURE, true},
    {"authSource", O_AUTH_SOURCE, true},
    {"authMechanism", O_MECHANISM, true},
    {"authMechanismProperties", O_PROPERTIES, true},
    {"gssapiServiceName", O_SERVICE, true},
    {"canonicalizeHostname", O_CANONICAL, true},
    {"replicaSet", O_REPLICA_SET, true},
    {"directConnection", O_DIRECT, true},
    {"loadBalanced", O_BALANCED, true},
    {"srvServiceName", O_SRV_SERVICE, true},
    {"srvMaxHosts", O_SRV_HOSTS, true},
    {"appName", O_APP, false},
    {"connectTimeoutMS", O_CONNECT, false},
    {"socketTimeoutMS", O_SILENCE, false},
    {"serverSelectionTimeoutMS", O_SELECT, false},
    {"serverSelectionTryOnce", O_TRY_ONCE, false},
    {"readPreference", O_READ, false},
};

struct parts {
    struct mg_uri *out;
    struct arena *mem;
    struct err *e;
    struct str scheme, user, hosts, path; /* as they stand in the URL; user: absent where none is */
    bool hidden; /* the hosts may be a user and a password without the @ behind them */
    struct str value[O_COUNT];
};

static const char *name_of(enum opt opt)
{
    size_t i = 0;
    while (options[i].opt != opt)
        i++;
    return options[i].name;
}

static bool is_true(const struct parts *p, enum opt opt)
{
    return str_eq_c(p->value[opt], "true");
}

static bool is_false(const struct parts *p, enum opt opt)
{
    return str_eq_c(p->value[opt], "false");
}

static bool has(const struct parts *p, enum opt opt)
{
    return !str_is_null(p->value[opt]);
}

/* ---- who ---- */

static bool is_hex(char c)
{
    char l = ascii_lower(c);
    return ascii_is_digit(c) || (l >= 'a' && l <= 'f');
}

/* Every % begins a code. */
static bool is_encoded(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '%' && (i + 2 >= s.n || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2])))
            return false;
    return true;
}

/* The first character that a user or password may not hold as it is; 0: none. */
static char unescaped(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("@:/?#[]<>\"'\\^`{|}", s.p[i]) || s.p[i] <= ' ' || s.p[i] == 0x7f)
            return s.p[i];
    return 0;
}

static int must_escape(const struct parts *p, const char *where, char c)
{
    bool shows = c > ' ' && c < 0x7f;
    err_set(p->e, E_BAD_VALUE, "%.*s: the %s holds %c%s as it is", STR_ARG(p->out->label), where,
            shows ? c : 'a', shows ? "" : " blank or control character");
    return err_hint(p->e, "in a URL it is written %%%02X", (unsigned char)c);
}

static int one_secret(const struct parts *p, const char *where, struct str raw, struct str *out)
{
    char c = unescaped(raw);
    if (c)
        return must_escape(p, where, c);
    if (!is_encoded(raw)) {
        err_set(p->e, E_BAD_VALUE, "%.*s: a %% of the %s begins no code", STR_ARG(p->out->label),
                where);
        return err_hint(p->e, "in a URL it is written %%25");
    }
    *out = url_decode(p->mem, raw);
    if (!str_is_utf8(*out))
        return err_set(p->e, E_BAD_VALUE, "%.*s: the %s is no UTF-8, or holds a NUL",
                       STR_ARG(p->out->label), where);
    return 0;
}

static int parse_user(struct parts *p, struct str password)
{
    struct mg_uri *u = p->out;
    if (!str_is_null(p->user)) {
        size_t colon = str_chr(p->user, ':');
        struct str name = str_sub(p->user, 0, colon);
        if (!name.n)
            return err_set(p->e, E_BAD_VALUE, "%.*s: no user stands before the @",
                           STR_ARG(u->label));
        if (one_secret(p, "user", name, &u->user))
            return -1;
        if (colon < p->user.n &&
            one_secret(p, "password", str_from(p->user, colon + 1), &u->password))
            return -1;
    }
    if (!str_is_null(password))
        u->password = password;
    return 0;
}

/* ---- where ---- */

static int no_host(const struct parts *p, struct str host, const char *why)
{
    if (!p->hidden)
        return err_set(p->e, E_BAD_VALUE, "%.*s: %.*s is no host: %s", STR_ARG(p->out->label),
                       STR_ARG(host), why);
    err_set(p->e, E_BAD_VALUE, "%.*s: what stands behind :// is no host: %s",
            STR_ARG(p->out->label), why);
    return err_hint(p->e, "a user stands before an @: mongodb://USER@host:27017/DATABASE, the "
                          "password by password_env of snap.yml");
}

static bool is_name(struct str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '.' && c != '-' && c != '_')
            return false;
    }
    return host.n > 0;
}

static bool is_ipv6(struct str host)
{
    size_t zone = str_chr(host, '%');
    for (size_t i = 0; i < zone; i++)
        if (!is_hex(host.p[i]) && host.p[i] != ':' && host.p[i] != '.')
            return false;
    return str_chr(host, ':') < zone && (zone == host.n || is_name(str_from(host, zone + 1)));
}

static int parse_host(struct parts *p, struct str raw, struct mg_host *out)
{
    int64_t port = DEFAULT_PORT;
    struct str text = url_decode(p->mem, raw), name, rest;
    bool v6 = str_starts(text, STR("["));
    if (!raw.n)
        return no_host(p, raw, "it is empty");
    if (!is_encoded(raw) || !str_is_utf8(text))
        return no_host(p, raw, "a % in it begins no code");
    if (text.p[0] == '/') {
        *out = (struct mg_host){text, 0};
        return str_ends(text, STR(".sock"))
                   ? 0
                   : no_host(p, raw, "the path of a Unix socket ends in .sock");
    }
    size_t end = v6 ? str_chr(text, ']') : str_chr(text, ':');
    name = str_sub(text, v6 ? 1 : 0, end);
    rest = str_from(text, end + (v6 ? 1 : 0));
    if (v6 ? end == text.n || !is_ipv6(name) : !is_name(name))
        return no_host(p, raw,
                       v6 ? "an IPv6 address stands in brackets: [::1]"
                          : "a name of letters, digits, - and . is wanted");
    if (rest.n && (rest.p[0] != ':' || !str_int(str_from(rest, 1), &port) || port < 1 ||
                   port > 65535 || !ascii_is_digit(rest.p[1])))
        return no_host(p, raw,
                       !v6 && str_chr(str_from(rest, 1), ':') < rest.n - 1
                           ? "an IPv6 address stands in brackets: [::1]"
                           : "a port is a number from 1 to 65535");
    *out = (struct mg_host){name, (unsigned)port};
    return 0;
}

static unsigned count(struct str s, char c)
{
    unsigned n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

/* The specification of SRV records: one name of three parts or more, without a port. */
static int parse_srv(const struct parts *p)
{
    const struct mg_host *h = p->out->hosts;
    if (p->out->nhosts == 1 && h->port && str_chr(p->hosts, ':') == p->hosts.n &&
        count(h->name, '.') >= 2 && h->name.p[0] != '.' && h->name.p[h->name.n - 1] != '.')
        return 0;
    err_set(p->e, E_BAD_VALUE, "%.*s: mongodb+srv:// takes one name of the DNS and no port",
            STR_ARG(p->out->label));
    return err_hint(p->e, "mongodb+srv://cluster.example.com/DATABASE; hosts and ports are "
                          "written behind mongodb://");
}

static int parse_hosts(struct parts *p)
{
    struct str rest = p->hosts, one;
    VEC(struct mg_host) list = {0};
    struct mg_host host;
    if (!p->hosts.n) {
        err_set(p->e, E_BAD_VALUE, "%.*s names no host", STR_ARG(p->out->label));
        return err_hint(p->e, "mongodb://user@host:27017/DATABASE; a Unix socket is a host, too: "
                              "%%2Ftmp%%2Fmongodb-27017.sock");
    }
    while (str_cut(&rest, ',', &one)) {
        if (parse_host(p, one, &host))
            return -1;
        VEC_PUSH(p->mem, list, host);
    }
    if (str_ends(p->hosts, STR(",")))
        return no_host(p, STR(""), "it is empty");
    p->out->hosts = list.v;
    p->out->nhosts = list.n;
    return p->out->srv ? parse_srv(p) : 0;
}

static int parse_database(struct parts *p)
{
    struct str name = url_decode(p->mem, p->path);
    if (!name.n)
        return 0;
    bool bad = !is_encoded(p->path) || !str_is_utf8(name) || name.n > MOST_DATABASE_NAME;
    for (size_t i = 0; i < name.n; i++)
        bad = bad || strchr("/\\. \"$", name.p[i]);
    if (bad)
        return err_set(p->e, E_BAD_VALUE, "%.*s: %.*s is no name of a database",
                       STR_ARG(p->out->label), STR_ARG(name));
    p->out->database = name;
    return 0;
}

/* ---- options ---- */

static int take_options(struct parts *p, const struct source *src)
{
    for (uint32_t k = 0; k < src->nkeys; k++) {
        const struct url_key *key = &src->keys[k];
        const struct option *o = NULL;
        for (size_t i = 0; i < sizeof options / sizeof *options; i++)
            if (str_eq_fold_c(key->key, options[i].name))
                o = &options[i];
        if (!key->value.n)
            return err_set(p->e, E_BAD_VALUE, "%.*s: %.*s has no value", STR_ARG(p->out->label),
                           STR_ARG(key->key));
        if (!o)
            continue;
        if (has(p, o->opt))
            return err_set(p->e, E_BAD_VALUE, "%.*s: %s stands there twice", STR_ARG(p->out->label),
                           name_of(o->opt));
        p->value[o->opt] = key->value;
    }
    return 0;
}

static int together(const struct parts *p, enum opt a, enum opt b)
{
    return err_set(p->e, E_BAD_VALUE, "%.*s: %s and %s do not go together", STR_ARG(p->out->label),
                   name_of(a), name_of(b));
}

static int take_tls(struct parts *p)
{
    static const enum opt others[] = {O_CA,       O_KEY,     O_KEY_PASSWORD, O_ANY_CERTIFICATE,
                                      O_ANY_HOST, O_INSECURE};
    struct mg_uri *u = p->out;
    u->tls = u->srv || is_true(p, O_TLS);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (has(p, others[i]) && is_false(p, O_TLS) && !is_false(p, others[i]))
            return together(p, O_TLS, others[i]);
        u->tls = u->tls || (has(p, others[i]) && !is_false(p, others[i]));
    }
    if (is_false(p, O_TLS))
        u->tls = false;
    if (has(p, O_INSECURE) && has(p, O_ANY_CERTIFICATE))
        return together(p, O_INSECURE, O_ANY_CERTIFICATE);
    if (has(p, O_INSECURE) && has(p, O_ANY_HOST))
        return together(p, O_INSECURE, O_ANY_HOST);
    if (has(p, O_KEY_PASSWORD) && !has(p, O_KEY))
        return err_set(p->e, E_BAD_VALUE, "%.*s: %s is nothing without %s", STR_ARG(u->label),
                       name_of(O_KEY_PASSWORD), name_of(O_KEY));
    u->any_certificate = is_true(p, O_INSECURE) || is_true(p, O_ANY_CERTIFICATE);
    u->any_host_name = is_true(p, O_INSECURE) || is_true(p, O_ANY_HOST);
    u->ca_file = p->value[O_CA];
    u->key_file = p->value[O_KEY];
    u->key_password = p->value[O_KEY_PASSWORD];
    return 0;
}

static int take_auth(struct parts *p)
{
    struct mg_uri *u = p->out;
    struct str m = u->mechanism = p->value[O_MECHANISM];
    bool x509 = str_eq_c(m, "MONGODB-X509"), aws = str_eq_c(m, "MONGODB-AWS");
    bool gssapi = str_eq_c(m, "GSSAPI");
    u->auth_source = has(p, O_AUTH_SOURCE);
    if (!str_is_null(m) && !x509 && !aws && str_is_null(u->user))
        return err_set(p->e, E_BAD_VALUE, "%.*s: authMechanism=%.*s is nothing without a user",
                       STR_ARG(u->label), STR_ARG(m));
    if (x509 && (!u->tls || !u->key_file.n))
        return err_set(p->e, E_BAD_VALUE,
                       "%.*s: authMechanism=MONGODB-X509 needs tls=true and tlsCertificateKeyFile",
                       STR_ARG(u->label));
    if (x509 && !str_is_null(u->password))
        return err_set(p->e, E_BAD_VALUE, "%.*s: authMechanism=MONGODB-X509 takes no password",
                       STR_ARG(u->label));
    if ((x509 || gssapi) && has(p, O_AUTH_SOURCE) &&
        !str_eq_c(p->value[O_AUTH_SOURCE], "$external"))
        return err_set(p->e, E_BAD_VALUE,
                       "%.*s: authMechanism=%.*s and authSource=%.*s do not go "
                       "together",
                       STR_ARG(u->label), STR_ARG(m), STR_ARG(p->value[O_AUTH_SOURCE]));
    bool asks = !str_is_null(u->user) && !x509 && !gssapi;
    if (asks && str_is_null(u->password)) {
        err_set(p->e, E_BAD_VALUE, "%.*s names a user and no password", STR_ARG(u->label));
        return err_hint(p->e,
                        "password_env, password_file or password_command of snap.yml give it");
    }
    if (str_is_null(u->user) && !str_is_null(u->password))
        return err_set(p->e, E_BAD_VALUE, "%.*s: there is a password, and no user",
                       STR_ARG(u->label));
    return 0;
}

static int take_topology(const struct parts *p)
{
    const struct mg_uri *u = p->out;
    bool many = u->nhosts > 1, balanced = is_true(p, O_BALANCED);
    int64_t hosts = 0;
    if (is_true(p, O_DIRECT) && (many || u->srv))
        return err_set(p->e, E_BAD_VALUE, "%.*s: directConnection=true takes one host",
                       STR_ARG(u->label));
    if (str_eq_c(p->value[O_READ], "secondary") && !is_true(p, O_DIRECT)) {
        err_set(p->e, E_BAD_VALUE,
                "%.*s: readPreference=secondary, but it is the primary that "
                "snap reads",
                STR_ARG(u->label));
        return err_hint(p->e, "directConnection=true reads the server that is named, a secondary, "
                              "too; secondaryPreferred takes what there is");
    }
    if (balanced && many)
        return err_set(p->e, E_BAD_VALUE, "%.*s: loadBalanced=true takes one host",
                       STR_ARG(u->label));
    if (balanced && has(p, O_REPLICA_SET))
        return together(p, O_BALANCED, O_REPLICA_SET);
    if (balanced && is_true(p, O_DIRECT))
        return together(p, O_BALANCED, O_DIRECT);
    for (enum opt o = O_SRV_SERVICE; o <= O_SRV_HOSTS; o++)
        if (has(p, o) && !u->srv)
            return err_set(p->e, E_BAD_VALUE, "%.*s: %s is for mongodb+srv://", STR_ARG(u->label),
                           name_of(o));
    str_int(p->value[O_SRV_HOSTS], &hosts);
    if (hosts < 0 || hosts > 1000)
        return err_set(p->e, E_BAD_VALUE, "%.*s: srvMaxHosts is a number up to 1000",
                       STR_ARG(u->label));
    if (hosts && has(p, O_REPLICA_SET))
        return together(p, O_SRV_HOSTS, O_REPLICA_SET);
    return hosts && balanced ? together(p, O_SRV_HOSTS, O_BALANCED) : 0;
}

/* A time in milliseconds; 0 is no limit there and the default here. */
static int take_ms(const struct parts *p, enum opt opt, unsigned *out)
{
    int64_t ms = 0;
    if (has(p, opt) && (!str_int(p->value[opt], &ms) || ms < 0 || ms > INT32_MAX))
        return err_set(p->e, E_BAD_VALUE, "%.*s: %s is a number of milliseconds",
                       STR_ARG(p->out->label), name_of(opt));
    *out = (unsigned)ms;
    return 0;
}

/* ---- the client library's ---- */

void mg_encode(struct strbuf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (ascii_is_alpha(c) || ascii_is_digit(c) || (c && strchr("-_.~", c)))
            sb_char(out, c);
        else
            sb_printf(out, "%%%02X", (unsigned char)c);
    }
}

static struct str for_client(const struct parts *p)
{
    const struct mg_uri *u = p->out;
    struct strbuf b = sb_new(p->mem, 0);
    sb_printf(&b, "%s://", u->srv ? "mongodb+srv" : "mongodb");
    mg_encode(&b, u->user);
    if (!str_is_null(u->password)) {
        sb_char(&b, ':');
        mg_encode(&b, u->password);
    }
    sb_c(&b, str_is_null(u->user) ? "" : "@");
    for (uint32_t i = 0; i < u->nhosts; i++) {
        const struct mg_host *h = &u->hosts[i];
        bool v6 = str_chr(h->name, ':') < h->name.n && h->port;
        sb_c(&b, i ? "," : "");
        if (v6)
            sb_printf(&b, "[%.*s]", STR_ARG(h->name));
        else
            mg_encode(&b, h->name);
        if (h->port && !u->srv)
            sb_printf(&b, ":%u", h->port);
    }
    sb_char(&b, '/');
    mg_encode(&b, u->database);
    sb_printf(&b, "?tls=%s&appname=", u->tls ? "true" : "false");
    mg_encode(&b, has(p, O_APP) ? p->value[O_APP] : STR("snap"));
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *o = &options[i];
        /* false of what goes with TLS alone would turn it on */
        if (!o->passed || !has(p, o->opt) || (o->opt < O_AUTH_SOURCE && is_false(p, o->opt)))
            continue;
        sb_printf(&b, "&%s=", o->name);
        mg_encode(&b, p->value[o->opt]);
    }
    return sb_view(&b);
}

/* Behind the : of a host is no port: the @ that ends a user and password may be forgotten. */
static bool may_hold_password(const struct parts *p)
{
    struct str rest = p->hosts, one;
    bool may = false;
    while (str_is_null(p->user) && !may && str_cut(&rest, ',', &one)) {
        size_t colon = str_starts(one, STR("[")) ? one.n : str_chr(one, ':');
        may = colon < one.n && (p->out->srv || colon + 1 == one.n);
        for (size_t i = colon + 1; i < one.n; i++)
            may = may || !ascii_is_digit(one.p[i]);
    }
    return may;
}

/* Cuts the URL apart. No secret is in the label. */
static int cut(struct parts *p, const struct source *src)
{
    struct str raw = str_starts(src->raw, STR("//")) ? str_from(src->raw, 2) : src->raw;
    size_t slash = str_chr(raw, '/'), at = slash;
    struct str authority = str_sub(raw, 0, slash);
    p->scheme = str_sub(src->text, 0, str_chr(src->text, ':'));
    p->out->srv = str_eq_fold_c(p->scheme, "mongodb+srv");
    p->path = str_from(raw, slash + 1);
    for (size_t i = 0; i < authority.n; i++)
        at = authority.p[i] == '@' ? i : at;
    p->user = at < slash ? str_sub(authority, 0, at) : STR_NULL;
    p->hosts = at < slash ? str_from(authority, at + 1) : authority;
    p->out->label = arena_printf(p->mem, "%.*s://...", STR_ARG(p->scheme));
    if (str_chr(p->path, '@') < p->path.n) {
        err_set(p->e, E_BAD_VALUE, "%.*s: an @ stands behind the first /", STR_ARG(p->out->label));
        return err_hint(p->e, "a / in a user or password is written %%2F");
    }
    p->hidden = may_hold_password(p);
    if (!p->hidden)
        p->out->label = arena_printf(p->mem, "%.*s://%.*s%s%.*s", STR_ARG(p->scheme),
                                     STR_ARG(p->hosts), slash < raw.n ? "/" : "", STR_ARG(p->path));
    if (!str_starts(src->raw, STR("//")))
        return err_set(p->e, E_BAD_VALUE, "%.*s: // stands behind the scheme",
                       STR_ARG(p->out->label));
    return 0;
}

int mg_parse_uri(const struct source *src, struct arena *mem, struct mg_uri *out, struct err *e)
{
    struct parts p = {.out = out, .mem = mem, .e = e};
    *out = (struct mg_uri){0};
    if (cut(&p, src) || parse_user(&p, src->password) || parse_hosts(&p) || parse_database(&p) ||
        take_options(&p, src) || take_tls(&p) || take_auth(&p) || take_topology(&p) ||
        take_ms(&p, O_CONNECT, &out->connect_ms) || take_ms(&p, O_SILENCE, &out->silence_ms) ||
        take_ms(&p, O_SELECT, &out->select_ms))
        return -1;
    out->try_once = is_true(&p, O_TRY_ONCE);
    out->client = for_client(&p);
    return 0;
}
