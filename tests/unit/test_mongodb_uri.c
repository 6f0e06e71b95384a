/* What a URL of MongoDB may hold, and what of it the client library gets. */

#include "drivers/mongodb/uri.h"
#include "snapshot/snapshot.h"
#include "tests/harness/unit.h"

extern const struct engine engine_mongodb;
static const struct engine *const engines[] = {&engine_mongodb, NULL};

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

/* Parsed by snap and by the driver; `password`: from outside the URL. */
static int parse(struct arena *mem, const char *url, const char *password, struct mg_uri *out,
                 struct err *e)
{
    struct source_spec s;
    if (source_parse(str_c(url), engines, mem, &s, e))
        return -1;
    s.live.password = str_c(password);
    return mg_parse_uri(&s.live, mem, out, e);
}

static const struct {
    const char *url, *client;
} takes[] = {
    {"mongodb://h/db", "mongodb://h:27017/db?tls=false&appname=snap"},
    {"mongodb://h", "mongodb://h:27017/?tls=false&appname=snap"},
    {"mongodb://h/", "mongodb://h:27017/?tls=false&appname=snap"},
    {"mongodb://h:1/?w=majority", "mongodb://h:1/?tls=false&appname=snap"},
    {"mongodb://h?appName=x%20y", "mongodb://h:27017/?tls=false&appname=x%20y"},
    {"MongoDB://h/db", "mongodb://h:27017/db?tls=false&appname=snap"},
    {"mongodb://a:1,b_c.d-e:65535,c/db",
     "mongodb://a:1,b_c.d-e:65535,c:27017/db?tls=false&appname=snap"},
    {"mongodb://127.0.0.1/db", "mongodb://127.0.0.1:27017/db?tls=false&appname=snap"},
    {"mongodb://[::1]/db", "mongodb://[::1]:27017/db?tls=false&appname=snap"},
    {"mongodb://[fe80::1%25eth0]:9/db", "mongodb://[fe80::1%eth0]:9/db?tls=false&appname=snap"},
    {"mongodb://%2Ftmp%2Fm-27017.sock/db",
     "mongodb://%2Ftmp%2Fm-27017.sock/db?tls=false&appname=snap"},
    {"mongodb://u:p@h/db", "mongodb://u:p@h:27017/db?tls=false&appname=snap"},
    {"mongodb://u%40x:p%3A%2F%25@h/db",
     "mongodb://u%40x:p%3A%2F%25@h:27017/db?tls=false&appname=snap"},
    {"mongodb://u:p$!&()*+,;=~@h/db",
     "mongodb://u:p%24%21%26%28%29%2A%2B%2C%3B%3D~@h:27017/db?tls=false&appname=snap"},
    {"mongodb://u:@h/db", "mongodb://u:@h:27017/db?tls=false&appname=snap"},
    {"mongodb://h/a%20b?tls=true", NULL},
    {"mongodb://h/d%C3%A9", "mongodb://h:27017/d%C3%A9?tls=false&appname=snap"},
    {"mongodb+srv://c.example.com/db", "mongodb+srv://c.example.com/db?tls=true&appname=snap"},
    {"mongodb+srv://c.example.com/db?tls=false&srvMaxHosts=2&srvServiceName=m",
     "mongodb+srv://c.example.com/db?tls=false&appname=snap&srvServiceName=m&srvMaxHosts=2"},
    {"mongodb://h/db?TLS=true&tlscafile=/c%20a.pem",
     "mongodb://h:27017/db?tls=true&appname=snap&tlsCAFile=%2Fc%20a.pem"},
    {"mongodb://h/db?ssl=true", "mongodb://h:27017/db?tls=true&appname=snap"},
    {"mongodb://h/db?sslCertificateAuthorityFile=c",
     "mongodb://h:27017/db?tls=true&appname=snap&tlsCAFile=c"},
    {"mongodb://h/db?tlsInsecure=false&tlsAllowInvalidCertificates=true", NULL},
    {"mongodb://h/db?tls=false&tlsInsecure=false", "mongodb://h:27017/db?tls=false&appname=snap"},
    {"mongodb://h/db?tlsCertificateKeyFile=k&tlsCertificateKeyFilePassword=s",
     "mongodb://h:27017/db?tls=true&appname=snap&tlsCertificateKeyFile=k"
     "&tlsCertificateKeyFilePassword=s"},
    {"mongodb://u:p@h/db?AUTHSOURCE=admin&authMechanism=SCRAM-SHA-256",
     "mongodb://u:p@h:27017/db?tls=false&appname=snap&authSource=admin"
     "&authMechanism=SCRAM-SHA-256"},
    {"mongodb://h/db?authMechanism=MONGODB-X509&tls=true&tlsCertificateKeyFile=k",
     "mongodb://h:27017/db?tls=true&appname=snap&tlsCertificateKeyFile=k"
     "&authMechanism=MONGODB-X509"},
    {"mongodb://a:s@h/db?authMechanism=MONGODB-AWS"
     "&authMechanismProperties=AWS_SESSION_TOKEN:t%2Fk",
     "mongodb://a:s@h:27017/db?tls=false&appname=snap&authMechanism=MONGODB-AWS"
     "&authMechanismProperties=AWS_SESSION_TOKEN%3At%2Fk"},
    {"mongodb://u@h/db?authMechanism=GSSAPI&gssapiServiceName=m",
     "mongodb://u@h:27017/db?tls=false&appname=snap&authMechanism=GSSAPI"
     "&gssapiServiceName=m"},
    {"mongodb://a,b/db?replicaSet=rs0",
     "mongodb://a:27017,b:27017/db?tls=false&appname=snap&replicaSet=rs0"},
    {"mongodb://h/db?directConnection=true",
     "mongodb://h:27017/db?tls=false&appname=snap&directConnection=true"},
    {"mongodb://h/db?loadBalanced=true&directConnection=false",
     "mongodb://h:27017/db?tls=false&appname=snap&directConnection=false&loadBalanced=true"},
    /* one server is read, from its primary */
    {"mongodb://h/"
     "db?readPreference=secondaryPreferred&retryWrites=true&maxPoolSize=5&compressors=zstd",
     "mongodb://h:27017/db?tls=false&appname=snap"},
};

static void taken(void **state)
{
    struct mg_uri u;
    struct err e = {0};
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++) {
        if (!takes[i].client) {
            assert_err(parse(*state, takes[i].url, NULL, &u, &e), e, E_BAD_VALUE);
            continue;
        }
        assert_ok(parse(*state, takes[i].url, NULL, &u, &e), e);
        assert_str(u.client, takes[i].client);
    }
}

/* Each is refused in words that name the part and hold no secret. */
static const struct {
    const char *url, *words;
} refuses[] = {
    {"mongodb://u:s3cr@t@h/db", "the password holds @ as it is"},
    {"mongodb://u:s3cr:t@h/db", "the password holds : as it is"},
    {"mongodb://u:s3cr/t@h/db", "an @ stands behind the first /"},
    {"mongodb://u:s3cr?t@h/db", "written %3F"},
    {"mongodb://u:s3cr#t@h/db", "the password holds # as it is"},
    {"mongodb://u:s3cr't@h/db", "the password holds ' as it is"},
    {"mongodb://u:s3cr t@h/db", "blank or control character"},
    {"mongodb://u:s3cr%t@h/db", "a % of the password begins no code"},
    {"mongodb://u:s3cr%@h/db", "a % of the password begins no code"},
    {"mongodb://u:s3cr%FFt@h/db", "the password is no UTF-8"},
    {"mongodb://a@b:s3cr@h/db", "the user holds @ as it is"},
    {"mongodb://a[b:s3cr@h/db", "the user holds [ as it is"},
    {"mongodb://:s3cr@h/db", "no user stands before the @"},
    {"mongodb://@h/db", "no user stands before the @"},
    {"mongodb://u@h/db", "a user and no password"},
    {"mongodb:///db", "names no host"},
    {"mongodb://u:s3cr@/db", "names no host"},
    {"mongodb:///tmp/m.sock", "names no host"},
    {"mongodb://a,,b/db", "it is empty"},
    {"mongodb://a,/db", "it is empty"},
    {"mongodb://,a/db", "it is empty"},
    {"mongodb://h:0/db", "a port is a number"},
    {"mongodb://h:65536/db", "a port is a number"},
    {"mongodb://h:/db", "a port is a number"},
    {"mongodb://h:+1/db", "a port is a number"},
    {"mongodb://h:x/db", "a port is a number"},
    {"mongodb://u:s3cr/db", "a port is a number"},
    {"mongodb://u:s3cr", "is no host"},
    {"mongodb://u:s3cr/t/db", "is no host"},
    {"mongodb://h,u:1s3cr,b/db", "is no host"},
    {"mongodb://u*:s3cr/db", "is no host"},
    {"mongodb+srv://u:s3cr/db", "is no host"},
    {"mongodb+srv://u:s3cr,t/db", "is no host"},
    {"mongodb://::1/db", "is no host"},
    {"mongodb://fe80::1/db", "in brackets"},
    {"mongodb://[::1/db", "in brackets"},
    {"mongodb://[h]/db", "in brackets"},
    {"mongodb://[::1]x/db", "a port is a number"},
    {"mongodb://h%41%/db", "begins no code"},
    {"mongodb://h*/db", "is no host"},
    {"mongodb://%2Ftmp%2Fx/db", "ends in .sock"},
    {"mongodb://h/a%2Fb", "is no name of a database"},
    {"mongodb://h/a.b", "is no name of a database"},
    {"mongodb://h/a%20b", "is no name of a database"},
    {"mongodb://h/a$b", "is no name of a database"},
    {"mongodb://h/a%FF", "is no name of a database"},
    {"mongodb://h/a/b", "is no name of a database"},
    {"mongodb://h/a123456789b123456789c123456789d123456789e123456789f123456789g123",
     "is no name of a database"},
    {"mongodb+srv://c.example.com:27017/db", "takes one name"},
    {"mongodb+srv://a.example.com,b.example.com/db", "takes one name"},
    {"mongodb+srv://localhost/db", "takes one name"},
    {"mongodb+srv://c.example.com/db?directConnection=true", "takes one host"},
    {"mongodb://h/db?srvMaxHosts=1", "is for mongodb+srv"},
    {"mongodb://h/db?srvServiceName=x", "is for mongodb+srv"},
    {"mongodb+srv://c.example.com/db?srvMaxHosts=1&replicaSet=r", "do not go together"},
    {"mongodb+srv://c.example.com/db?srvMaxHosts=1&loadBalanced=true", "do not go together"},
    {"mongodb+srv://c.example.com/db?srvMaxHosts=-1", "up to 1000"},
    {"mongodb://a,b/db?directConnection=true", "takes one host"},
    {"mongodb://a,b/db?loadBalanced=true", "takes one host"},
    {"mongodb://a/db?loadBalanced=true&replicaSet=r", "do not go together"},
    {"mongodb://a/db?loadBalanced=true&directConnection=true", "do not go together"},
    {"mongodb://h/db?tls=true&ssl=true", "tls stands there twice"},
    {"mongodb://h/db?tls=true&TLS=false", "tls stands there twice"},
    {"mongodb://h/db?tls=", "tls has no value"},
    {"mongodb://h/db?tls=false&tlsCAFile=x", "tls and tlsCAFile do not go together"},
    {"mongodb://h/db?tls=false&tlsInsecure=true", "do not go together"},
    {"mongodb://h/db?tlsInsecure=true&tlsAllowInvalidCertificates=true", "do not go together"},
    {"mongodb://h/db?tlsInsecure=true&tlsAllowInvalidHostnames=false", "do not go together"},
    {"mongodb://h/db?tlsCertificateKeyFilePassword=s3cr", "nothing without"},
    {"mongodb://h/db?authMechanism=PLAIN", "nothing without a user"},
    {"mongodb://h/db?authMechanism=MONGODB-X509", "needs tls=true"},
    {"mongodb://u:s3cr@h/db?authMechanism=MONGODB-X509&tlsCertificateKeyFile=k",
     "takes no password"},
    {"mongodb://u@h/db?authMechanism=GSSAPI&authSource=admin", "do not go together"},
    {"mongodb://h/db?connectTimeoutMS=-1", "number of milliseconds"},
    {"mongodb://h/db?socketTimeoutMS=99999999999", "number of milliseconds"},
    {"mongodb://h/db?readPreference=secondary", "it is the primary that snap reads"},
    {"mongodb:h/db", "behind the scheme"},
};

static void refused(void **state)
{
    struct mg_uri u;
    struct err e = {0};
    for (size_t i = 0; i < sizeof refuses / sizeof *refuses; i++) {
        assert_err(parse(*state, refuses[i].url, NULL, &u, &e), e, E_BAD_VALUE);
        if (!holds(str_c(e.msg), refuses[i].words))
            fail_msg("%s: %s", refuses[i].url, e.msg);
        if (strstr(e.msg, "s3cr") || strstr(e.hint, "s3cr"))
            fail_msg("%s: %s [%s]", refuses[i].url, e.msg, e.hint);
    }
}

/* What snap looks at itself, by the driver's lists. */
static void keys(void **state)
{
    struct mg_uri u;
    struct err e = {0};
    assert_err(parse(*state, "mongodb://h/db?tlsCAFiel=x", NULL, &u, &e), e, E_UNKNOWN_URL_KEY);
    assert_true(holds(str_c(e.hint), "did you mean tlsCAFile?"));
    assert_err(parse(*state, "mongodb://h/db?timeoutMS=5", NULL, &u, &e), e, E_UNKNOWN_URL_KEY);
    assert_err(parse(*state, "mongodb://h/db?tls=yes", NULL, &u, &e), e, E_BAD_VALUE);
    assert_err(parse(*state, "mongodb://h/db?DirectConnection=1", NULL, &u, &e), e, E_BAD_VALUE);
    assert_true(holds(str_c(e.hint), "true|false") || holds(str_c(e.hint), "true,false"));
    assert_err(parse(*state, "mongodb://h/db?connectTimeoutMS=1s", NULL, &u, &e), e, E_BAD_VALUE);
    assert_err(parse(*state, "mongodb://u:p@h/db?authMechanism=SCRAM", NULL, &u, &e), e,
               E_BAD_VALUE);
}

static void parts(void **state)
{
    struct mg_uri u;
    struct err e = {0};
    assert_ok(parse(*state,
                    "mongodb://u%2Fx:old@h:1,[::1]:2/db?tlsInsecure=true&connectTimeoutMS=5"
                    "&socketTimeoutMS=6&serverSelectionTimeoutMS=7&serverSelectionTryOnce=true",
                    "n\xc3\xa9w@", &u, &e),
              e);
    assert_str(u.user, "u/x");
    assert_str(u.password, "n\xc3\xa9w@");
    assert_str(u.database, "db");
    assert_str(u.label, "mongodb://h:1,[::1]:2/db");
    assert_int_equal(u.nhosts, 2);
    assert_str(u.hosts[1].name, "::1");
    assert_int_equal(u.hosts[1].port, 2);
    assert_true(u.tls && u.any_certificate && u.any_host_name && u.try_once);
    assert_int_equal(u.connect_ms, 5);
    assert_int_equal(u.silence_ms, 6);
    assert_int_equal(u.select_ms, 7);
    assert_true(holds(u.client, "//u%2Fx:n%C3%A9w%40@h:1,[::1]:2/db?"));
    assert_err(parse(*state, "mongodb://h/db", "p", &u, &e), e, E_BAD_VALUE);
    assert_true(holds(str_c(e.msg), "a password, and no user"));
    assert_ok(parse(*state, "mongodb://h", NULL, &u, &e), e);
    assert_true(str_is_null(u.database) && str_is_null(u.user) && !u.tls);
}

static void one_server(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"mongodb://h/a", "mongodb://H:27017/b", true},
        {"mongodb://h:1/a", "mongodb://h:2/a", false},
        {"mongodb://a,b/x", "mongodb://b,c/x", true},
        {"mongodb://a,b/x", "mongodb://c,d/x", false},
        {"mongodb://localhost/a", "mongodb://[::1]/b", true},
        {"mongodb://%2Ftmp%2Fm.sock/a", "mongodb://127.0.0.1:5/b", true},
        {"mongodb+srv://c.example.com/a", "mongodb+srv://c.example.com/b", true},
        {"mongodb+srv://c.example.com/a", "mongodb://c.example.com/b", false},
    };
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec a, b;
        assert_ok(source_parse(str_c(rows[i].a), engines, *state, &a, &e), e);
        assert_ok(source_parse(str_c(rows[i].b), engines, *state, &b, &e), e);
        assert_int_equal(mg_same_server(&a.live, &b.live, *state), rows[i].same);
        assert_int_equal(mg_same_server(&b.live, &a.live, *state), rows[i].same);
    }
}

static void services(void **state)
{
    static const char *const rows[][2] = {
        {"mongodb://x.cluster-y.eu-west-1.docdb.amazonaws.com/db", "Amazon DocumentDB"},
        {"mongodb://x.MONGO.cosmos.azure.com:10255/db", "Azure Cosmos DB"},
        {"mongodb+srv://x.mongocluster.cosmos.azure.com/db", "Azure Cosmos DB"},
        {"mongodb+srv://x.abc.mongodb.net/db", NULL},
        {"mongodb://docdb.amazonaws.com.example.com/db?readPreference=secondary"
         "&directConnection=true",
         NULL},
    };
    struct mg_uri u;
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(parse(*state, rows[i][0], NULL, &u, &e), e);
        assert_true(rows[i][1] ? mg_service(&u) && !strcmp(mg_service(&u), rows[i][1])
                               : !mg_service(&u));
    }
}

static void reading_role(void **state)
{
    struct source_spec s;
    struct strbuf out = sb_new(*state, 0);
    struct err e;
    assert_ok(source_parse(STR("mongodb://re%22ad:x@h/shop"), engines, *state, &s, &e), e);
    mg_reading_role(&s.live, *state, &out);
    assert_true(holds(sb_view(&out), "user: \"re\\\"ad\""));
    assert_true(holds(sb_view(&out), "resource: {db: \"shop\", collection: \"\"}"));
    sb_cut(&out, 0);
    assert_ok(source_parse(STR("mongodb://h"), engines, *state, &s, &e), e);
    mg_reading_role(&s.live, *state, &out);
    assert_true(holds(sb_view(&out), "user: \"snap_ro\"") &&
                holds(sb_view(&out), "db: \"DATABASE\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(taken),      TEST(refused),      TEST(keys),     TEST(parts),
        TEST(one_server), TEST(reading_role), TEST(services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
