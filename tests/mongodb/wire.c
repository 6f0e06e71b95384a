/* Frames of the MongoDB wire protocol. */

#include "tests/mongodb/wire.h"

#include <errno.h>
#include <unistd.h>

enum { HEAD = 16 };

static int32_t get32(const uint8_t *p)
{
    return (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                     (uint32_t)p[3] << 24);
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
    return p + 4;
}

/* How many bytes came before the end of file; -1 on an error. */
static ssize_t fill(int fd, uint8_t *to, size_t n)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = read(fd, to + have, n - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static bool make_room(struct wire *w, size_t n)
{
    if (n <= w->room)
        return true;
    uint8_t *bytes = realloc(w->bytes, n);
    if (!bytes)
        return false;
    w->bytes = bytes;
    w->room = n;
    return true;
}

/* The length of the document or section at `at`, 0 where it does not fit. */
static size_t length_at(const struct wire *w, size_t at)
{
    if (at + 5 > w->size)
        return 0;
    int32_t n = get32(w->bytes + at);
    return n < 5 || (size_t)n > w->size - at ? 0 : (size_t)n;
}

/* One body anywhere among the sections; what stands beside it is given as `more` where the body is
 * the first, as all drivers have it. */
static bool parse_msg(struct wire *w)
{
    w->flags = (uint32_t)get32(w->bytes + HEAD);
    size_t end = w->size - (w->flags & 1 ? 4 : 0);
    for (size_t at = HEAD + 4; at < end;) {
        uint8_t kind = w->bytes[at++];
        size_t n = length_at(w, at);
        if (!n || n > end - at || kind > 1)
            return false;
        if (kind == 0) {
            w->body = w->bytes + at;
            w->body_size = n;
            w->more = w->body + n;
            w->more_size = end - at - n;
        }
        at += n;
    }
    return w->body_size > 0;
}

/* flags, name of a collection, skip, limit, document */
static bool parse_query(struct wire *w)
{
    const uint8_t *name = w->bytes + HEAD + 4;
    const uint8_t *nul = memchr(name, 0, w->size - HEAD - 4);
    if (!nul)
        return false;
    w->namespace = (const char *)name;
    size_t at = (size_t)(nul + 1 - w->bytes) + 8;
    w->body_size = length_at(w, at);
    w->body = w->bytes + at;
    return w->body_size > 0;
}

/* flags, cursor, start, count, documents */
static bool parse_reply(struct wire *w)
{
    size_t at = HEAD + 20;
    w->body_size = length_at(w, at);
    w->body = w->bytes + at;
    return w->body_size > 0;
}

static bool parse(struct wire *w)
{
    if (w->size < HEAD + 5)
        return true; /* a kind that is none of ours */
    switch (w->opcode) {
    case WIRE_MSG:
        return parse_msg(w);
    case WIRE_QUERY:
        return parse_query(w);
    case WIRE_REPLY:
        return parse_reply(w);
    default:
        return true;
    }
}

int wire_read(int fd, struct wire *w)
{
    *w = (struct wire){.bytes = w->bytes, .room = w->room};
    if (!make_room(w, 4096))
        return -1;
    ssize_t got = fill(fd, w->bytes, HEAD);
    if (got != HEAD)
        return got == 0 ? 0 : -1;
    int32_t n = get32(w->bytes);
    if (n < HEAD || n > WIRE_MAX || !make_room(w, (size_t)n))
        return -1;
    w->size = (size_t)n;
    if (fill(fd, w->bytes + HEAD, w->size - HEAD) != (ssize_t)(w->size - HEAD))
        return -1;
    w->id = get32(w->bytes + 4);
    w->response_to = get32(w->bytes + 8);
    w->opcode = get32(w->bytes + 12);
    return parse(w) ? 1 : -1;
}

bool wire_write(int fd, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return true;
}

bool wire_document(const struct wire *w, bson_t *doc)
{
    return w->body_size > 0 && bson_init_static(doc, w->body, w->body_size);
}

uint8_t *wire_answer(const struct wire *request, const bson_t *doc, size_t *n)
{
    static uint32_t number;
    bool query = request->opcode == WIRE_QUERY;
    *n = (query ? HEAD + 20u : HEAD + 5u) + doc->len;
    uint8_t *frame = malloc(*n);
    if (!frame)
        return NULL;
    uint8_t *p = put32(frame, (uint32_t)*n);
    p = put32(p, ++number);
    p = put32(p, (uint32_t)request->id);
    p = put32(p, query ? WIRE_REPLY : WIRE_MSG);
    if (query) {
        p = put32(p, 8); /* AwaitCapable, as all servers have it */
        p = put32(p, 0); /* no cursor: two halves */
        p = put32(p, 0);
        p = put32(p, 0); /* from the first */
        p = put32(p, 1); /* one document */
    } else {
        p = put32(p, 0); /* flags */
        *p++ = 0;        /* a body */
    }
    memcpy(p, bson_get_data(doc), doc->len);
    return frame;
}

bool wire_send(int fd, const struct wire *request, const bson_t *doc)
{
    size_t n;
    uint8_t *frame = wire_answer(request, doc, &n);
    bool sent = frame && wire_write(fd, frame, n);
    free(frame);
    return sent;
}

void wire_free(struct wire *w)
{
    free(w->bytes);
    *w = (struct wire){0};
}
