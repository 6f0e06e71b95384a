/*
 * Sends a message to a webhook by libcurl, which is loaded when there is something to send: no
 * other run pays for it, and a machine without it can do everything else. The URL is a secret and
 * is never shown. Certificates are verified, redirects are not followed.
 */

#include "cli/tell.h"

#include <assert.h>
#include <poll.h>

#include "core/interrupt.h"
#include "snapshot/snapshot.h"

enum { MAX_URL = 8 << 10, TRIES = 3, PAUSE_MS = 1000, LOOK_MS = 100 };

/* The first line of where it is said. */
static int find_url(struct context *ctx, const struct config_tell *t, struct str *out,
                    struct err *e)
{
    struct str text = t->url;
    if (t->url_env.n) {
        const char *value = getenv(arena_cstr(ctx->mem, t->url_env));
        text = str_c(value ? value : "");
    } else if (t->url_file.n &&
               file_read(arena_cstr(ctx->mem, t->url_file), MAX_URL, ctx->mem, &text, e)) {
        e->code = E_CONFIG_SECRET;
        return -1;
    }
    *out = str_trim(str_sub(text, 0, str_chr(text, '\n')));
    if (out->n && str_chr(*out, '\0') == out->n)
        return 0;
    struct str where = t->url_env.n ? t->url_env : t->url_file;
    err_set(e, E_CONFIG_SECRET, "webhook: %s %.*s gives no URL",
            t->url_env.n ? "the variable" : "the file", STR_ARG(where));
    return err_hint(e, "its first line is the URL; cron has few variables");
}

/* Whether the host is this machine. */
static bool is_loopback(struct str rest)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    size_t end = str_chr(rest, '/');
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct str after = str_from(str_sub(rest, 0, end), strlen(hosts[i]));
        if (str_starts(rest, str_c(hosts[i])) && (!after.n || after.p[0] == ':') &&
            str_chr(after, '@') == after.n)
            return true;
    }
    return false;
}

static int check_url(const struct config_tell *t, struct str url, struct err *e)
{
    if (str_starts(url, STR("https://")))
        return 0;
    bool http = str_starts(url, STR("http://"));
    if (http && (t->plain_http || is_loopback(str_from(url, 7))))
        return 0;
    err_set(e, E_BAD_VALUE, "webhook: its URL does not begin with https://");
    return http ? err_hint(e, "http: true under webhook: allows plain http to another machine")
                : err_hint(e, "an http or https URL is wanted");
}

#ifdef SNAP_WITH_CURL

#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>
#include <dlfcn.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo

static const char *const forms[] = {"json", "slack", "teams"};

static int failed(const struct config_tell *t, const struct message *msg, const char *what,
                  struct err *e)
{
    err_set(e, E_NOTIFY_FAILED, "%.*s: webhook (%s): %s", STR_ARG(msg->result->target.env),
            forms[t->form], what);
    return -1;
}

/* What of it is used. */
struct library {
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*get)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    const char *(*why)(CURLcode);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_list)(struct curl_slist *);
};

static bool load(struct library *lib)
{
    static const char *const names[] = {
        "curl_easy_init",    "curl_easy_setopt",   "curl_easy_perform", "curl_easy_getinfo",
        "curl_easy_cleanup", "curl_easy_strerror", "curl_slist_append", "curl_slist_free_all"};
    void *found[sizeof names / sizeof *names];
    void *so = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!so)
        so = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        found[i] = so ? dlsym(so, names[i]) : NULL;
        if (!found[i])
            return false;
    }
    /* POSIX: an object pointer of dlsym holds a function */
    static_assert(sizeof *lib == sizeof found, "one pointer for each name");
    memcpy(lib, found, sizeof found);
    return true;
}

static size_t drop(char *text, size_t size, size_t n, void *ctx)
{
    (void)text;
    (void)ctx;
    return size * n;
}

static int watch(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)ctx;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return interrupt_seen();
}

/* One attempt; *status is what the server said, 0: it said nothing. */
static CURLcode attempt(const struct library *lib, CURL *c, const struct message *msg, long *status)
{
    int64_t left = msg->end_ms - clock_ms();
    *status = 0;
    lib->set(c, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
    lib->set(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(left > 0 ? left : 1));
    CURLcode rc = lib->perform(c);
    if (rc == CURLE_OK)
        lib->get(c, CURLINFO_RESPONSE_CODE, status);
    return rc;
}

static bool set_up(const struct library *lib, CURL *c, const struct config_tell *t, const char *url,
                   struct str body, const char *ca)
{
    long protocols = str_starts(str_c(url), STR("https")) ? CURLPROTO_HTTPS : CURLPROTO_HTTP;
    bool ok =
        !lib->set(c, CURLOPT_URL, url) && !lib->set(c, CURLOPT_NOSIGNAL, 1L) &&
        !lib->set(c, CURLOPT_FOLLOWLOCATION, 0L) && !lib->set(c, CURLOPT_PROTOCOLS, protocols) &&
        !lib->set(c, CURLOPT_SSL_VERIFYPEER, 1L) && !lib->set(c, CURLOPT_SSL_VERIFYHOST, 2L) &&
        !lib->set(c, CURLOPT_USERAGENT, "snap/" SNAP_VERSION) && !lib->set(c, CURLOPT_POST, 1L) &&
        !lib->set(c, CURLOPT_POSTFIELDS, body.p) &&
        !lib->set(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) &&
        !lib->set(c, CURLOPT_WRITEFUNCTION, drop) && !lib->set(c, CURLOPT_NOPROGRESS, 0L) &&
        !lib->set(c, CURLOPT_XFERINFOFUNCTION, watch);
    return ok && (!t->ca_file.n || !lib->set(c, CURLOPT_CAINFO, ca));
}

/* Worth another try: what may pass by itself. */
static bool may_pass(CURLcode rc, long status)
{
    if (rc != CURLE_OK)
        return rc != CURLE_PEER_FAILED_VERIFICATION && rc != CURLE_SSL_CACERT_BADFILE &&
               rc != CURLE_URL_MALFORMAT && rc != CURLE_UNSUPPORTED_PROTOCOL;
    return status >= 500 || status == 429 || status == 408;
}

static int tell_why(const struct library *lib, const struct config_tell *t,
                    const struct message *msg, CURLcode rc, long status, struct err *e)
{
    char what[200];
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (rc != CURLE_OK)
        return failed(t, msg, lib->why(rc), e);
    snprintf(what, sizeof what, "the server answers %ld%s", status,
             status >= 300 && status < 400 ? ": a redirect, which is not followed" : "");
    return failed(t, msg, what, e);
}

static int post(const struct library *lib, CURL *c, const struct config_tell *t,
                const struct message *msg, struct err *e)
{
    CURLcode rc = CURLE_OK;
    long status = 0;
    for (unsigned i = 0; i < TRIES; i++) {
        rc = attempt(lib, c, msg, &status);
        if (rc == CURLE_OK && status >= 200 && status < 300)
            return 0;
        int64_t go_on = clock_ms() + (int64_t)PAUSE_MS * (1 << i);
        if (i + 1 == TRIES || !may_pass(rc, status) || go_on >= msg->end_ms)
            break;
        while (clock_ms() < go_on && !interrupt_seen())
            (void)poll(NULL, 0, LOOK_MS);
        if (interrupt_seen())
            break;
    }
    return tell_why(lib, t, msg, rc, status, e);
}

static int deliver(struct context *ctx, const struct config_tell *t, const struct message *msg,
                   struct str url, struct str body, struct err *e)
{
    struct library lib;
    if (!load(&lib)) {
        err_set(e, E_NO_CLIENT, "webhook: this machine has no libcurl");
        return err_hint(e, "install libcurl (Debian: libcurl4), or use notify: with a program");
    }
    CURL *c = lib.init();
    struct curl_slist *head = lib.append(NULL, "Content-Type: application/json");
    struct curl_slist *more = head ? lib.append(head, "Expect:") : NULL;
    int rc = c && more &&
                     set_up(&lib, c, t, arena_cstr(ctx->mem, url), body,
                            arena_cstr(ctx->mem, t->ca_file)) &&
                     !lib.set(c, CURLOPT_HTTPHEADER, more)
                 ? post(&lib, c, t, msg, e)
                 : failed(t, msg, "libcurl cannot do it", e);
    if (c)
        lib.cleanup(c);
    lib.free_list(head);
    return rc;
}

#else

static int deliver(struct context *ctx, const struct config_tell *t, const struct message *msg,
                   struct str url, struct str body, struct err *e)
{
    (void)ctx;
    (void)t;
    (void)msg;
    (void)url;
    (void)body;
    return err_set(e, E_NO_CLIENT, "webhook: this build is without libcurl");
}

#endif

int webhook_check(struct context *ctx, const struct config_tell *t, struct err *e)
{
    struct str url;
    return find_url(ctx, t, &url, e) || check_url(t, url, e) ? -1 : 0;
}

int webhook_send(struct context *ctx, const struct config_tell *t, const struct message *msg,
                 struct str body, struct err *e)
{
    struct str url;
    if (find_url(ctx, t, &url, e) || check_url(t, url, e))
        return -1;
    return deliver(ctx, t, msg, url, body, e);
}
