/* What stands between the client library and a server that does not keep to the protocol, while the
 * library says hello and logs in. */

#include "drivers/mongodb/live.h"

#include <errno.h>

enum { HEAD = 16, STREAM_TYPE = 0x736f, MOST_MESSAGE = 16 * 1024 * 1024 };
enum { OP_REPLY = 1, OP_MSG = 2013, REPLY_HEAD = HEAD + 20, MSG_HEAD = HEAD + 5 };

struct guard {
    mongoc_stream_t base;
    struct session *s;
    mongoc_stream_t *below;
    char *p;           /* one message */
    size_t cap, n, at; /* how much of it is here, and handed on */
    bool bad;
};

static uint32_t int_at(const char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v |= (uint32_t)(unsigned char)p[i] << (8 * i);
    return v;
}

static bool is_document(struct str bytes)
{
    struct arena *mem = arena_new(0);
    struct mv *doc;
    struct err none;
    bool is = mv_from_bson(mem, bytes, &doc, &none) == 0;
    arena_free(mem);
    return is;
}

/* A whole message with one document, of one of the two kinds that answer. */
static bool is_answer(const struct guard *g)
{
    uint32_t kind = int_at(g->p + 12);
    if (kind == OP_MSG)
        return g->n > MSG_HEAD && int_at(g->p + HEAD) == 0 && g->p[HEAD + 4] == 0 &&
               is_document((struct str){g->p + MSG_HEAD, g->n - MSG_HEAD});
    return kind == OP_REPLY && g->n > REPLY_HEAD && int_at(g->p + HEAD + 16) == 1 &&
           is_document((struct str){g->p + REPLY_HEAD, g->n - REPLY_HEAD});
}

/* Reads on until a whole message is here: 1; 0: the end; -1 with errno. */
static int fetch(struct guard *g, int32_t ms)
{
    for (;;) {
        size_t whole = g->n < 4 ? HEAD : int_at(g->p);
        if (whole < HEAD || whole > MOST_MESSAGE ||
            (g->n >= HEAD && g->n == whole && !is_answer(g)))
            break;
        if (g->n >= HEAD && g->n == whole)
            return 1;
        if (whole > g->cap)
            g->p = arena_grow(g->s->mem, g->p, g->cap, whole);
        g->cap = whole > g->cap ? whole : g->cap;
        ssize_t got = mongoc_stream_read(g->below, g->p + g->n, whole - g->n, 0, ms);
        if (got <= 0)
            return (int)got;
        g->n += (size_t)got;
    }
    g->bad = true;
    if (g->s->refusal < MG_GARBLED)
        g->s->refusal = MG_GARBLED;
    errno = EPROTO;
    return -1;
}

static ssize_t guard_readv(mongoc_stream_t *stream, mongoc_iovec_t *iov, size_t n, size_t least,
                           int32_t ms)
{
    struct guard *g = (struct guard *)stream;
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t at = 0; at < iov[i].iov_len;) {
            if (g->at == g->n) {
                g->at = g->n = 0;
                if (all && all >= least)
                    return (ssize_t)all;
            }
            int rc = g->bad ? -1 : g->at ? 1 : fetch(g, ms);
            if (rc <= 0)
                return rc < 0 || least ? -1 : 0;
            size_t part = g->n - g->at, room = iov[i].iov_len - at;
            part = part < room ? part : room;
            memcpy((char *)iov[i].iov_base + at, g->p + g->at, part);
            g->at += part;
            at += part;
            all += part;
        }
    }
    return (ssize_t)all;
}

static ssize_t guard_writev(mongoc_stream_t *stream, mongoc_iovec_t *iov, size_t n, int32_t ms)
{
    return mongoc_stream_writev(((struct guard *)stream)->below, iov, n, ms);
}

static void guard_destroy(mongoc_stream_t *stream)
{
    mongoc_stream_destroy(((struct guard *)stream)->below);
}

static int guard_close(mongoc_stream_t *stream)
{
    return mongoc_stream_close(((struct guard *)stream)->below);
}

static int guard_flush(mongoc_stream_t *stream)
{
    return mongoc_stream_flush(((struct guard *)stream)->below);
}

static int guard_setsockopt(mongoc_stream_t *stream, int level, int name, void *value,
                            mongoc_socklen_t n)
{
    return mongoc_stream_setsockopt(((struct guard *)stream)->below, level, name, value, n);
}

static mongoc_stream_t *guard_below(mongoc_stream_t *stream)
{
    return ((struct guard *)stream)->below;
}

static bool guard_check_closed(mongoc_stream_t *stream)
{
    return mongoc_stream_check_closed(((struct guard *)stream)->below);
}

static bool guard_timed_out(mongoc_stream_t *stream)
{
    return mongoc_stream_timed_out(((struct guard *)stream)->below);
}

static bool guard_should_retry(mongoc_stream_t *stream)
{
    struct guard *g = (struct guard *)stream;
    return !g->bad && mongoc_stream_should_retry(g->below);
}

mongoc_stream_t *mg_guard(struct session *s, mongoc_stream_t *below)
{
    struct guard *g = NEW(s->mem, struct guard);
    g->base = (mongoc_stream_t){.type = STREAM_TYPE,
                                .destroy = guard_destroy,
                                .failed = guard_destroy,
                                .close = guard_close,
                                .flush = guard_flush,
                                .readv = guard_readv,
                                .writev = guard_writev,
                                .setsockopt = guard_setsockopt,
                                .get_base_stream = guard_below,
                                .check_closed = guard_check_closed,
                                .timed_out = guard_timed_out,
                                .should_retry = guard_should_retry};
    g->s = s;
    g->below = below;
    return &g->base;
}
