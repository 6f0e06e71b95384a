/*
 * A scripted MongoDB server: what it holds comes from a fixture, and what goes wrong from rules. It
 * shows shapes of versions, and faults, that the servers of the tests cannot.
 *
 * usage: replay [--fixture FILE | --generate COLLECTIONSxINDEXES [--change N]] [--rule JSON]...
 *               [--log FILE] [--far MS]
 *
 * Listens on 127.0.0.1, prints the port and serves until it is ended, a process a connection.
 * The log gets a line a command: number of the connection, name, database, target. A server that
 * is far answers when no more commands have come for so long, all of them at once, and notes
 * "answers" then: each is a wait of the client.
 *
 * A rule is a document, here or in the fixture's array `rules`. Which commands it fits:
 *   command       its name, "*" for all but hello and what ends a session, "connect" for accept
 *   on, db        the target, the database; with, without: a field that stands in it or does not
 *   nth           only the n-th of those that fit; with `after` all from there on
 * What it does: the first rule that fits decides.
 *   wait: ms      before anything else            gone: name, grow: name   the collection goes,
 * comes close, hang   no answer                       raw: bytes of its own error: [code, name,
 * text], reply: document, bson: bytes in place of the document ok: value     in place of the
 * fixture's pad: bytes    that much more in the reply     cut: only so many bytes, then the end
 *   length, to, opcode, flags, kind: put into the frame's head as they are
 *   checksum      with one; compressor: n         the frame as an OP_COMPRESSED that is not so
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/mongodb/answer.h"
#include "tests/mongodb/wire.h"

enum { MAX_RULES = 64, HEAD = 16 };

static struct store store;
static struct shared *shared;
static bson_t *rules[MAX_RULES];
static int nrules, log_fd = -1, far_ms;
/* Of a server that is far: what is to be sent. */
static struct {
    uint8_t *bytes;
    size_t n, room;
} later;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "replay: %s: %s\n", what, why);
    exit(2);
}

static void add_rule(bson_t *rule)
{
    if (!rule || nrules == MAX_RULES)
        fail("rule", rule ? "there are too many" : "it is no JSON document");
    rules[nrules++] = rule;
}

static bool same_or_absent(const bson_t *rule, const char *key, const char *text)
{
    const char *want = bson_text(rule, key);
    return !want || !strcmp(want, text);
}

static bool rule_fits(const bson_t *rule, const struct call *c)
{
    static const char *const quiet[] = {"hello",   "isMaster",    "ismaster",
                                        "connect", "endSessions", "killCursors"};
    const char *command = bson_text(rule, "command");
    const char *with = bson_text(rule, "with"), *without = bson_text(rule, "without");
    const char *name =
        strcmp(c->name, "isMaster") && strcmp(c->name, "ismaster") ? c->name : "hello";
    if (command && !strcmp(command, "*")) {
        for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
            if (!strcmp(quiet[i], name))
                return false;
    } else if (!command || strcmp(command, name) != 0) {
        return false;
    }
    return same_or_absent(rule, "on", c->target) && same_or_absent(rule, "db", c->db) &&
           (!with || bson_has_field(c->command, with)) &&
           (!without || !bson_has_field(c->command, without));
}

/* The rule that decides; those before it have counted this command. */
static const bson_t *rule_of(const struct call *c)
{
    for (int i = 0; i < nrules; i++) {
        if (!rule_fits(rules[i], c))
            continue;
        int seen = atomic_fetch_add(&shared->seen[i], 1) + 1;
        int64_t nth = bson_number(rules[i], "nth", 0);
        if (!nth || nth == seen || (seen > nth && bson_flag(rules[i], "after")))
            return rules[i];
    }
    return NULL;
}

static void pause_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void put32(uint8_t *p, int64_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)((uint64_t)v >> 8 * i);
}

static const uint8_t *rule_bytes(const bson_t *rule, const char *key, uint32_t *n)
{
    bson_iter_t it;
    const uint8_t *data;
    if (!rule || !bson_iter_init_find(&it, rule, key) || !BSON_ITER_HOLDS_BINARY(&it))
        return NULL;
    bson_iter_binary(&it, NULL, n, &data);
    return data;
}

/* CRC-32C, which OP_MSG has for its checksum. */
static uint32_t checksum(const uint8_t *p, size_t n)
{
    uint32_t crc = 0xffffffff;
    while (n--) {
        crc ^= *p++;
        for (int i = 0; i < 8; i++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return ~crc;
}

static void rule_error(const bson_t *rule, bson_t *out)
{
    bson_t e;
    bson_iter_t it;
    int64_t code = 0;
    const char *name = NULL, *text = NULL;
    if (!bson_sub(rule, "error", &e))
        return;
    code = bson_number(&e, "0", 0);
    name = bson_text(&e, "1");
    text = bson_text(&e, "2");
    answer_error(out, (int)code, name, text);
    if (bson_sub(rule, "more", &e) && bson_iter_init(&it, &e))
        bson_concat(out, &e);
}

/* The reply's document. */
static void compose(const struct call *c, const bson_t *rule, bson_t *out)
{
    bson_t part;
    bson_iter_t it;
    int64_t pad = rule ? bson_number(rule, "pad", 0) : 0;
    if (rule && bson_has_field(rule, "error"))
        rule_error(rule, out);
    else if (rule && bson_sub(rule, "reply", &part))
        bson_concat(out, &part);
    else
        answer(c, out);
    if (pad > 0) {
        uint8_t *zeros = calloc(1, (size_t)pad);
        BSON_APPEND_BINARY(out, "pad", BSON_SUBTYPE_BINARY, zeros, (uint32_t)pad);
        free(zeros);
    }
    if (bson_has_field(out, "ok"))
        return;
    if ((rule && bson_iter_init_find(&it, rule, "ok")) ||
        bson_iter_init_find(&it, store.fixture, "ok"))
        bson_append_iter(out, "ok", -1, &it);
    else
        BSON_APPEND_DOUBLE(out, "ok", 1);
    if (store_member(&store, "tail", &part))
        bson_concat(out, &part);
}

/* The frame of a reply; `raw` in place of the document where it is not NULL. */
static uint8_t *frame_of(const struct wire *request, const bson_t *doc, const uint8_t *raw,
                         uint32_t raw_n, size_t *n)
{
    bson_t none = BSON_INITIALIZER;
    uint8_t *frame = wire_answer(request, raw ? &none : doc, n);
    if (!raw)
        return frame;
    *n -= none.len;
    frame = realloc(frame, *n + raw_n + 1);
    memcpy(frame + *n, raw, raw_n);
    *n += raw_n;
    put32(frame, (int64_t)*n);
    return frame;
}

/* What a rule does to the bytes. */
static uint8_t *bend(const bson_t *rule, uint8_t *frame, size_t *n)
{
    bson_iter_t it;
    if (bson_flag(rule, "checksum")) {
        frame = realloc(frame, *n + 4);
        frame[HEAD] |= 1;
        put32(frame, (int64_t)*n + 4);
        put32(frame + *n, checksum(frame, *n));
        *n += 4;
    }
    if (bson_iter_init_find(&it, rule, "compressor")) {
        frame = realloc(frame, *n + 9);
        memmove(frame + HEAD + 9, frame + HEAD, *n - HEAD);
        memcpy(frame + HEAD, frame + 12, 4);
        put32(frame + 12, 2012);
        put32(frame + HEAD + 4, (int64_t)*n - HEAD);
        frame[HEAD + 8] = (uint8_t)bson_iter_as_int64(&it);
        *n += 9;
        put32(frame, (int64_t)*n);
    }
    static const struct {
        const char *key;
        size_t at;
    } fields[] = {{"length", 0}, {"to", 8}, {"opcode", 12}, {"flags", HEAD}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (bson_iter_init_find(&it, rule, fields[i].key))
            put32(frame + fields[i].at, bson_iter_as_int64(&it));
    if (bson_iter_init_find(&it, rule, "kind"))
        frame[HEAD + 4] = (uint8_t)bson_iter_as_int64(&it);
    return frame;
}

static bool send_or_keep(int fd, const uint8_t *bytes, size_t n)
{
    if (!far_ms)
        return wire_write(fd, bytes, n);
    if (later.n + n > later.room) {
        later.room = (later.n + n) * 2;
        later.bytes = realloc(later.bytes, later.room);
    }
    memcpy(later.bytes + later.n, bytes, n);
    later.n += n;
    return true;
}

/* Until the peer is gone; nothing that it says is answered. */
static void hang(int fd)
{
    uint8_t lost[512];
    while (read(fd, lost, sizeof lost) > 0)
        continue;
}

static void change_state(const bson_t *rule)
{
    const char *gone = bson_text(rule, "gone"), *grow = bson_text(rule, "grow");
    if (gone)
        snprintf(shared->gone, sizeof shared->gone, "%s", gone);
    if (grow) /* another one each time */
        snprintf(shared->grown, sizeof shared->grown, "%s%d", grow, atomic_load(&shared->lists));
}

/* false: the connection ends. */
static bool reply(int fd, const struct wire *request, const struct call *c, const bson_t *rule)
{
    uint32_t raw_n = 0;
    size_t n;
    bson_t doc = BSON_INITIALIZER;
    if (rule) {
        pause_ms(bson_number(rule, "wait", 0));
        change_state(rule);
        if (bson_flag(rule, "close"))
            return false;
        if (bson_flag(rule, "hang")) {
            hang(fd);
            return false;
        }
    }
    const uint8_t *raw = rule_bytes(rule, "raw", &raw_n);
    if (raw)
        return wire_write(fd, raw, raw_n);
    compose(c, rule, &doc);
    raw = rule_bytes(rule, "bson", &raw_n);
    uint8_t *frame = frame_of(request, &doc, raw, raw_n, &n);
    bson_destroy(&doc);
    int64_t cut = -1;
    if (rule) {
        frame = bend(rule, frame, &n);
        cut = bson_number(rule, "cut", -1);
    }
    if (cut >= 0 && (size_t)cut < n)
        n = (size_t)cut;
    bool sent = send_or_keep(fd, frame, n);
    free(frame);
    return sent && cut < 0;
}

/* A monitor's hello waits for news, which never come; with exhaustAllowed it gets one answer after
 * the other unasked. */
static bool await(int fd, struct wire *request, const struct call *c)
{
    int64_t wait = bson_number(c->command, "maxAwaitTimeMS", 0);
    bool stream = request->flags & 1 << 16;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, (int)wait) == 0) {
        bson_t doc = BSON_INITIALIZER;
        size_t n;
        compose(c, NULL, &doc);
        uint8_t *frame = wire_answer(request, &doc, &n);
        if (stream)
            frame[HEAD] |= WIRE_MORE_TO_COME;
        memcpy(&request->id, frame + 4, 4); /* the next one answers this one */
        bool sent = wire_write(fd, frame, n);
        free(frame);
        bson_destroy(&doc);
        if (!sent || !stream)
            return sent;
    }
    return true;
}

static void note(int number, const struct call *c)
{
    char line[600];
    int n = snprintf(line, sizeof line, "%d %s %s %s\n", number, c->name, c->db, c->target);
    if (log_fd >= 0 && n > 0)
        wire_write(log_fd, line, (size_t)n < sizeof line ? (size_t)n : sizeof line);
}

/* Sends what is kept when nothing more comes; false: the connection ends. */
static bool send_kept(int fd, int number)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    struct call c = {.name = "answers", .db = "", .target = ""};
    if (!later.n || poll(&p, 1, far_ms) > 0)
        return true;
    note(number, &c);
    bool sent = wire_write(fd, later.bytes, later.n);
    later.n = 0;
    return sent;
}

/* The command within a frame; false: there is none. */
static bool call_of(const struct wire *w, const bson_t *doc, struct call *c, char db[256])
{
    bson_iter_t it;
    const char *name = bson_text(doc, "$db"), *dot;
    if (!bson_iter_init(&it, doc) || !bson_iter_next(&it))
        return false;
    snprintf(db, 256, "%s", name ? name : w->namespace ? w->namespace : "admin");
    if (!name && (dot = strchr(db, '.')))
        db[dot - db] = 0;
    *c = (struct call){.store = &store, .shared = shared, .command = doc, .db = db};
    c->name = bson_iter_key(&it);
    c->target = BSON_ITER_HOLDS_UTF8(&it) ? bson_iter_utf8(&it, NULL) : "";
    return true;
}

static void serve(int fd)
{
    struct wire w = {0};
    struct call c = {.store = &store, .shared = shared, .db = "", .target = "", .name = "connect"};
    bson_t doc = BSON_INITIALIZER;
    int number = atomic_fetch_add(&shared->connections, 1) + 1;
    char db[256];
    c.command = &doc;
    note(number, &c);
    const bson_t *rule = rule_of(&c);
    if (rule && !reply(fd, &w, &c, rule))
        return;
    while (send_kept(fd, number) && wire_read(fd, &w) == 1 && wire_document(&w, &doc)) {
        bson_t inner;
        if (w.opcode == WIRE_QUERY && bson_sub(&doc, "$query", &inner))
            doc = inner;
        if (!call_of(&w, &doc, &c, db))
            break;
        note(number, &c);
        bool waits = bson_has_field(&doc, "maxAwaitTimeMS") && c.name[0] != 'g';
        rule = rule_of(&c);
        if (w.flags & WIRE_MORE_TO_COME && w.opcode == WIRE_MSG)
            continue;
        if (waits && !rule ? !await(fd, &w, &c) : !reply(fd, &w, &c, rule))
            break;
    }
    wire_free(&w);
}

static int start(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 128) ||
        getsockname(fd, (struct sockaddr *)&at, &size))
        fail("127.0.0.1", "cannot listen there");
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void options(int argc, char **argv)
{
    unsigned collections = 0, indexes = 0, change = 0;
    const char *fixture = NULL;
    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(name, "--fixture"))
            fixture = value;
        else if (!strcmp(name, "--generate") && sscanf(value, "%ux%u", &collections, &indexes) == 2)
            continue;
        else if (!strcmp(name, "--change"))
            change = (unsigned)strtoul(value, NULL, 10);
        else if (!strcmp(name, "--far"))
            far_ms = (int)strtoul(value, NULL, 10);
        else if (!strcmp(name, "--log"))
            log_fd = open(value, O_WRONLY | O_CREAT | O_APPEND, 0600);
        else if (!strcmp(name, "--rule"))
            add_rule(bson_new_from_json((const uint8_t *)value, -1, NULL));
        else
            fail(name, "see the head of replay.c");
    }
    if (fixture)
        store_load(&store, fixture);
    else
        store_generate(&store, collections, indexes, change);
}

int main(int argc, char **argv)
{
    bson_t list, one;
    bson_iter_t it;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("memory", "there is none");
    options(argc, argv);
    if (store_member(&store, "rules", &list) && bson_iter_init(&it, &list))
        while (bson_iter_next(&it))
            add_rule(bson_sub(&list, bson_iter_key(&it), &one) ? bson_copy(&one) : NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    int fd = start();
    for (;;) {
        int peer = accept(fd, NULL, NULL), yes = 1;
        if (peer < 0)
            continue;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            close(fd);
            serve(peer);
            _exit(0);
        }
        close(peer);
    }
}
