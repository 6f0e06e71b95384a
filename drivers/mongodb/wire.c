/* Streams below the client library. Its own wait on and on when a signal comes, and tell only in
 * words what went wrong. */

#include "drivers/mongodb/live.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/interrupt.h"

enum { LOOK_MS = 200, HOST_MS = 10000, STREAM_TYPE = 0x736e };

struct mg_wire {
    mongoc_stream_t base; /* the library knows it as this */
    struct session *s;
    struct mg_wire *next;
    mongoc_stream_t *top; /* the stream by TLS over it, or itself */
    struct str place;     /* host:port, as the library writes it */
    int fd;
    int error; /* of the last call; 0: none */
};

/* ---- waiting ---- */

/* Whether nothing is to be waited for any more. */
static bool is_stopped(struct session *s)
{
    int64_t now = clock_ms();
    if (s->stop != MG_GOES)
        return true;
    if (interrupt_seen() && !s->closing)
        s->stop = MG_SIGNAL;
    else if (s->deadline_ms && now > s->deadline_ms)
        s->stop = MG_LATE;
    else if (s->call_end_ms && now > s->call_end_ms)
        s->stop = MG_SILENT;
    return s->stop != MG_GOES;
}

/* Unless something that tells more is known. */
static void note(struct session *s, enum mg_refusal refusal)
{
    s->refusal = refusal > s->refusal ? refusal : s->refusal;
}

/* The end of a wait of so many milliseconds: 0 at once, less for ever. */
static int64_t end_of(int32_t ms)
{
    return ms < 0 ? INT64_MAX : ms ? clock_ms() + ms : 0;
}

/* Until one of the events; false with w->error. */
static bool await(struct mg_wire *w, short events, int64_t end)
{
    for (;;) {
        struct pollfd p = {w->fd, events, 0};
        int64_t left = end ? end - clock_ms() : 0;
        w->error = !end ? EAGAIN : ETIMEDOUT;
        if (end && left <= 0)
            note(w->s, MG_UNANSWERED);
        if (is_stopped(w->s) || left <= 0)
            return false;
        int n = poll(&p, 1, left < LOOK_MS ? (int)left : LOOK_MS);
        w->error = n < 0 ? errno : 0;
        if (n > 0 || (n < 0 && errno != EINTR))
            return n > 0;
    }
}

/* ---- the stream ---- */

static ssize_t read_some(struct mg_wire *w, char *p, size_t n, int64_t end)
{
    for (;;) {
        ssize_t got = recv(w->fd, p, n, 0);
        w->error = got < 0 ? errno : 0;
        if (got > 0)
            return got;
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            note(w->s, MG_ENDED);
            return got;
        }
        if (!await(w, POLLIN, end)) {
            if (w->error == ETIMEDOUT)
                note(w->s, MG_UNANSWERED);
            return -1;
        }
    }
}

/* As that of the library's sockets: at least `least` bytes and at most one time round where that is
 * 0; what comes with an end or an error is -1, unless it was enough. */
static ssize_t wire_readv(mongoc_stream_t *stream, mongoc_iovec_t *iov, size_t n, size_t least,
                          int32_t ms)
{
    struct mg_wire *w = (struct mg_wire *)stream;
    int64_t end = end_of(ms);
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t at = 0; at < iov[i].iov_len;) {
            ssize_t got = read_some(w, (char *)iov[i].iov_base + at, iov[i].iov_len - at, end);
            if (got <= 0) {
                bool enough = all >= least && (all || got == 0);
                errno = w->error;
                return enough ? (ssize_t)all : -1;
            }
            at += (size_t)got;
            all += (size_t)got;
            if (all >= least)
                return (ssize_t)all;
        }
    }
    return (ssize_t)all;
}

static ssize_t wire_writev(mongoc_stream_t *stream, mongoc_iovec_t *iov, size_t n, int32_t ms)
{
    struct mg_wire *w = (struct mg_wire *)stream;
    int64_t end = end_of(ms);
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t at = 0; at < iov[i].iov_len;) {
            ssize_t put =
                send(w->fd, (char *)iov[i].iov_base + at, iov[i].iov_len - at, MSG_NOSIGNAL);
            w->error = put < 0 ? errno : 0;
            if (put < 0 && (errno == EAGAIN || errno == EINTR) && await(w, POLLOUT, end))
                continue;
            if (put < 0) {
                errno = w->error;
                return all ? (ssize_t)all : -1;
            }
            at += (size_t)put;
            all += (size_t)put;
        }
    }
    return (ssize_t)all;
}

/* Several are asked at once while the library looks for a server. Where all is to end each of them
 * has failed, or it would ask again. */
static ssize_t wire_poll(mongoc_stream_poll_t *streams, size_t n, int32_t ms)
{
    struct session *s = ((struct mg_wire *)streams[0].stream)->s;
    struct arena_mark mark = arena_mark(s->mem);
    struct pollfd *p = NEW_ARRAY(s->mem, struct pollfd, n);
    int64_t end = end_of(ms), left;
    int ready = 0, ended = 0;
    for (size_t i = 0; i < n; i++) {
        p[i].fd = ((struct mg_wire *)streams[i].stream)->fd;
        p[i].events = (short)streams[i].events;
        ended += p[i].fd < 0;
    }
    end = ended ? 0 : end;
    do {
        left = end ? end - clock_ms() : 0;
        left = left < 0 ? 0 : left < LOOK_MS ? left : LOOK_MS;
        ready = is_stopped(s) ? 0 : poll(p, (nfds_t)n, (int)left);
    } while (ready <= 0 && s->stop == MG_GOES && (ready == 0 || errno == EINTR) && left > 0);
    if (ms > 0 && ready == 0 && !ended)
        note(s, MG_UNANSWERED);
    for (size_t i = 0; i < n; i++)
        p[i].revents = p[i].fd < 0 ? POLLHUP : p[i].revents;
    ready = ready > 0 ? ready + ended : ended ? ended : ready;
    for (size_t i = 0; i < n; i++) {
        streams[i].revents = s->stop == MG_GOES ? p[i].revents : POLLERR | POLLHUP;
        if (p[i].fd >= 0 && (streams[i].revents & (POLLERR | POLLHUP)))
            note(s, MG_ENDED);
    }
    arena_release(s->mem, mark);
    return s->stop == MG_GOES ? ready : (ssize_t)n;
}

static int wire_close(mongoc_stream_t *stream)
{
    struct mg_wire *w = (struct mg_wire *)stream;
    int fd = w->fd;
    w->fd = -1;
    return fd < 0 ? 0 : close(fd);
}

/* Its memory goes with the session's. */
static void wire_destroy(mongoc_stream_t *stream)
{
    struct mg_wire *w = (struct mg_wire *)stream, **at = &w->s->wires;
    while (*at && *at != w)
        at = &(*at)->next;
    if (*at)
        *at = w->next;
    if (w->s->stream == w->top)
        w->s->stream = NULL;
    wire_close(stream);
}

static int wire_flush(mongoc_stream_t *stream)
{
    (void)stream;
    return 0;
}

static int wire_setsockopt(mongoc_stream_t *stream, int level, int name, void *value,
                           mongoc_socklen_t n)
{
    return setsockopt(((struct mg_wire *)stream)->fd, level, name, value, n);
}

static bool wire_check_closed(mongoc_stream_t *stream)
{
    char c;
    ssize_t n = recv(((struct mg_wire *)stream)->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static bool wire_timed_out(mongoc_stream_t *stream)
{
    return ((struct mg_wire *)stream)->error == ETIMEDOUT;
}

static bool wire_should_retry(mongoc_stream_t *stream)
{
    return ((struct mg_wire *)stream)->error == EAGAIN;
}

static struct mg_wire *new_wire(struct session *s, int fd, const char *place)
{
    struct mg_wire *w = NEW(s->mem, struct mg_wire);
    w->base = (mongoc_stream_t){.type = STREAM_TYPE,
                                .destroy = wire_destroy,
                                .failed = wire_destroy,
                                .close = wire_close,
                                .flush = wire_flush,
                                .readv = wire_readv,
                                .writev = wire_writev,
                                .poll = wire_poll,
                                .setsockopt = wire_setsockopt,
                                .check_closed = wire_check_closed,
                                .timed_out = wire_timed_out,
                                .should_retry = wire_should_retry};
    w->s = s;
    w->fd = fd;
    w->place = arena_str(s->mem, str_c(place));
    w->top = &w->base;
    w->next = s->wires;
    s->wires = w;
    return w;
}

/* ---- connecting ---- */

/* Notes a failure, unless one that tells more is known. The stream is one that has ended: where a
 * member of a replica set gives none at all, the library waits for itself for ever (1.23). */
static mongoc_stream_t *refuse(struct session *s, enum mg_refusal refusal, const char *place,
                               const char *words)
{
    if (refusal >= s->refusal) {
        s->refusal = refusal;
        s->why = arena_printf(s->mem, "%s: %s", place, words);
    }
    return new_wire(s, -1, place)->top;
}

/* One address; -1 with errno. */
static int dial(struct session *s, const struct sockaddr *to, socklen_t n, int64_t end)
{
    int one = 1, why = 0;
    socklen_t size = sizeof why;
    struct mg_wire w = {.s = s, .fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (w.fd < 0)
        return -1;
    (void)fcntl(w.fd, F_SETFL, fcntl(w.fd, F_GETFL) | O_NONBLOCK);
    if (to->sa_family != AF_UNIX) {
        (void)setsockopt(w.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        (void)setsockopt(w.fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    }
    if (connect(w.fd, to, n) == 0)
        return w.fd;
    why = errno;
    if (why == EINPROGRESS || why == EINTR)
        why = !await(&w, POLLOUT, end)                              ? w.error
              : getsockopt(w.fd, SOL_SOCKET, SO_ERROR, &why, &size) ? errno
                                                                    : why;
    if (!why)
        return w.fd;
    close(w.fd);
    errno = why;
    return -1;
}

static int dial_socket(struct session *s, const char *path, int64_t end)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(to.sun_path, path, strlen(path) + 1);
    return dial(s, (const struct sockaddr *)&to, sizeof to, end);
}

static int dial_host(struct session *s, const mongoc_host_list_t *host, int64_t end, int *name)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    char port[16];
    int fd = -1, why = ECONNREFUSED;
    snprintf(port, sizeof port, "%u", (unsigned)host->port);
    *name = getaddrinfo(host->host, port, &hints, &list);
    for (struct addrinfo *a = *name ? NULL : list; a && fd < 0; a = a->ai_next) {
        fd = dial(s, a->ai_addr, a->ai_addrlen, end);
        why = fd < 0 ? errno : 0;
    }
    if (list)
        freeaddrinfo(list);
    errno = why;
    return fd;
}

static mongoc_stream_t *by_tls(struct mg_wire *w, const mongoc_host_list_t *host, int64_t end,
                               bson_error_t *error)
{
    struct session *s = w->s;
    const struct mg_uri *u = &s->uri;
    mongoc_ssl_opt_t opt = {.pem_file = u->key_file.p,
                            .pem_pwd = u->key_password.p,
                            .ca_file = u->ca_file.p,
                            .weak_cert_validation = u->any_certificate,
                            .allow_invalid_hostname = u->any_host_name};
    mongoc_stream_t *tls = mongoc_stream_tls_new_with_hostname(&w->base, host->host, &opt, 1);
    if (!tls) {
        wire_destroy(&w->base);
        return refuse(s, MG_NO_TLS, host->host_and_port,
                      "a file with certificates or keys cannot be read");
    }
    w->top = tls;
    int64_t left = end - clock_ms();
    if (mongoc_stream_tls_handshake_block(tls, host->host, left > 0 ? (int32_t)left : 0, error))
        return tls;
    struct str words = arena_str(s->mem, str_c(error->message));
    mongoc_stream_destroy(tls);
    return refuse(s, MG_NO_TLS, host->host_and_port, words.p);
}

static mongoc_stream_t *open_wire(struct session *s, const mongoc_host_list_t *host,
                                  bson_error_t *error)
{
    unsigned ms = s->connect_ms ? s->connect_ms : s->uri.connect_ms;
    int64_t end = clock_ms() + (ms ? ms : HOST_MS);
    int name = 0, fd;
    if (is_stopped(s))
        return refuse(s, MG_TAKEN, host->host_and_port, "stopped");
    fd = host->family == AF_UNIX ? dial_socket(s, host->host, end) : dial_host(s, host, end, &name);
    if (name)
        return refuse(s, MG_NO_NAME, host->host_and_port, gai_strerror(name));
    if (fd < 0)
        return refuse(s, errno == ETIMEDOUT ? MG_UNANSWERED : MG_REFUSED, host->host_and_port,
                      strerror(errno));
    struct mg_wire *w = new_wire(s, fd, host->host_and_port);
    return s->uri.tls ? by_tls(w, host, end, error) : w->top;
}

mongoc_stream_t *mg_wire_open(const mongoc_uri_t *uri, const mongoc_host_list_t *host,
                              void *session, bson_error_t *error)
{
    struct session *s = session;
    (void)uri;
    return mg_guard(s, open_wire(s, host, error));
}

mongoc_stream_t *mg_wire_to(const struct session *s, const char *place)
{
    for (struct mg_wire *w = s->wires; w; w = w->next)
        if (w->fd >= 0 && str_eq_c(w->place, place))
            return w->top;
    return NULL;
}

void mg_cancel(struct session *s)
{
    for (struct mg_wire *w = s ? s->wires : NULL; w; w = w->next)
        if (w->fd >= 0)
            shutdown(w->fd, SHUT_RDWR);
}
