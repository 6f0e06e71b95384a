/* Commands: messages of the wire protocol (OP_MSG, its specification) over the stream of a server,
 * and what the errors of servers mean. */

#include "drivers/mongodb/live.h"

#include <errno.h>

#include "core/clock.h"
#include "core/escape.h"
#include "core/interrupt.h"

/* Servers end most commands by themselves when their time is up, and have a moment to say so. */
enum { STATEMENT_MS = 60000, MOMENT_MS = 500 };
/* Of one message: 48 MB, the most that servers send; and of one cursor. */
enum { HEAD = 16, MOST_MESSAGE = 48 * 1000 * 1000 + 65536, MOST_BYTES = 1 << 29 };
enum { OP_MSG = 2013, CHECKSUM = 1, MORE_TO_COME = 2 };
/* Requests on their way: their bytes must fit where a server keeps what it has not read yet. */
enum { MOST_WORDS = 1200, WINDOW = 128, MOST_ASKED = 24 * 1024, MOST_EMPTY = 1000 };

/* ---- errors ---- */

static const char *word_of(struct arena *mem, const struct mv *command)
{
    return command->first ? arena_cstr(mem, command->first->key) : "";
}

/* The call ended before an answer was whole. */
static int lost(struct session *s, const char *what, struct err *e)
{
    int why = errno;
    s->stream = NULL;
    if (s->stop == MG_SIGNAL)
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (s->stop != MG_GOES && s->scratch)
        return err_set(e, E_TIMEOUT, "the scratch database took longer than --timeout allows");
    if (s->stop != MG_GOES) {
        bool late = s->stop == MG_LATE;
        err_set(e, E_TIMEOUT, "%.*s: %s took longer than %s allows", STR_ARG(s->label), what,
                late ? "--timeout" : "--statement-timeout");
        return late ? -1 : err_hint(e, "--statement-timeout gives each command more time");
    }
    return err_set(e, E_CONNECTION_LOST, "%.*s: %s: %s", STR_ARG(s->label), what,
                   why ? strerror(why) : "the server ended the connection");
}

/* No message of the protocol: where the next one begins is unknown. */
static int garbled(struct session *s, const char *what, const char *why, struct err *e)
{
    s->stream = NULL;
    err_set(e, E_CONNECTION_LOST, "%.*s: the answer to %s is no message of the wire protocol: %s",
            STR_ARG(s->label), what, why);
    return err_hint(e, "another program may listen there, or stand between");
}

/* A message, and nothing that a server says. */
static int strange(struct session *s, const char *what, const char *why, struct err *e)
{
    err_set(e, E_NOT_UNDERSTOOD, "%.*s: the answer to %s: %s", STR_ARG(s->label), what, why);
    return err_hint(e, "run it again; if it stays so, please report it with the server's version");
}

/* How an error of a server is told, by its number. */
static enum err_code meaning(int code)
{
    switch (code) {
    case MG_UNAUTHORIZED:
        return E_NO_PRIVILEGE;
    case 18: /* AuthenticationFailed */
        return E_ACCESS_DENIED;
    case 50:  /* MaxTimeMSExpired */
    case 262: /* ExceededTimeLimit */
        return E_TIMEOUT;
    case 24: /* LockTimeout */
    case 46: /* LockBusy */
        return E_BUSY;
    case MG_NO_NAMESPACE:
    case MG_CURSOR_GONE:
    case 175: /* QueryPlanKilled: the collection went, or an index */
    case 237: /* CursorKilled */
        return E_TORN;
    case 91:    /* ShutdownInProgress */
    case 189:   /* PrimarySteppedDown */
    case 10107: /* NotWritablePrimary */
    case 11600: /* InterruptedAtShutdown */
    case 11602: /* InterruptedDueToReplStateChange */
    case 13435: /* NotPrimaryNoSecondaryOk */
    case 13436: /* NotPrimaryOrSecondary */
        return E_CONNECTION_LOST;
    }
    return E_NOT_UNDERSTOOD;
}

/* Also the begin of one at the end, where the library has cut a text. */
static void cross_out(char *text, struct str secret)
{
    size_t n = strlen(text);
    for (char *p = text; secret.n && (p = strstr(p, secret.p)); p += secret.n)
        memset(p, '*', secret.n);
    for (size_t k = n < secret.n ? n : secret.n; k > 2; k--)
        if (str_eq(str_sub(secret, 0, k), str_from(str_c(text), n - k)))
            memset(text + n - k, '*', k);
}

struct str mg_said(struct session *s, struct str words)
{
    struct strbuf encoded = sb_new(s->mem, 0);
    char *text = arena_cstr(s->mem, str_sub(words, 0, MOST_WORDS));
    if (s->uri.password.n) {
        mg_encode(&encoded, s->uri.password);
        cross_out(text, arena_str(s->mem, s->uri.password));
        cross_out(text, sb_view(&encoded));
    }
    return str_sub(str_c(text), 0, MOST_WORDS / 2);
}

/* The error that a reply tells, with the server's words; returns -1. */
static int refused(struct session *s, const char *what, const struct mv *reply, int code,
                   struct err *e)
{
    struct str name = mv_string(mv_get(reply, "codeName")),
               words = mv_string(mv_get(reply, "errmsg"));
    enum err_code as = meaning(code);
    struct strbuf number = sb_new(s->mem, 0);
    if (code)
        sb_printf(&number, " (%d%s%.*s)", code, name.n ? " " : "", STR_ARG(name));
    words = words.n ? mg_said(s, words) : STR("the server refuses it");
    err_set(e, as, "%.*s: %s: %.*s%.*s", STR_ARG(s->label), what, STR_ARG(words),
            STR_ARG(sb_view(&number)));
    if (code == MG_UNAUTHORIZED && str_is_null(s->uri.user) && !s->uri.key_file.n) {
        e->code = E_ACCESS_DENIED;
        return err_hint(e, "the URL names no user: mongodb://USER@host/DATABASE, the password by "
                           "password_env of snap.yml");
    }
    if (as == E_NOT_UNDERSTOOD)
        return err_hint(e, "run it again; if it stays so, please report it with the server's "
                           "version");
    if (as == E_TIMEOUT)
        return err_hint(e, "--statement-timeout gives each command more time");
    if (as == E_BUSY)
        return err_hint(e, "run it again when that operation is done, or with more --retries");
    return as == E_CONNECTION_LOST
               ? err_hint(e, "the server is stopping, or another one has become "
                             "the primary: run it again")
               : -1;
}

/* The first member of an array or NULL. */
static const struct mv *first_of(const struct mv *list)
{
    return list && list->type == MV_ARRAY ? list->first : NULL;
}

/* Whether a reply is an error; *code and the document that tells it. */
static const struct mv *error_in(const struct mv *reply, int *code)
{
    const struct mv *bad = NULL, *concern = mv_get(reply, "writeConcernError");
    int64_t number = 0;
    if (!mv_truth(mv_get(reply, "ok")))
        bad = reply;
    else if (first_of(mv_get(reply, "writeErrors")))
        bad = first_of(mv_get(reply, "writeErrors"));
    else if (concern && concern->type == MV_DOCUMENT)
        bad = concern;
    if (bad)
        (void)mv_whole(mv_get(bad, "code"), &number);
    *code = number > 0 && number < INT32_MAX ? (int)number : 0;
    return bad;
}

/* ---- messages ---- */

static void put_int(char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (char)(v >> (8 * i) & 0xff);
}

static uint32_t get_int(const char *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v |= (uint32_t)(unsigned char)p[i] << (8 * i);
    return v;
}

/* From now on the server may say nothing for so long. */
static void begin_wait(struct session *s)
{
    unsigned ms = s->scratch ? 0 : s->statement_ms ? s->statement_ms : s->uri.silence_ms;
    ms = ms || s->scratch ? ms : STATEMENT_MS;
    s->call_end_ms = ms ? clock_ms() + ms + MOMENT_MS : 0;
    s->stop = s->stop == MG_SILENT || s->closing ? MG_GOES : s->stop;
}

static void put_text(struct strbuf *out, const char *key, struct str text)
{
    char size[4];
    put_int(size, (uint32_t)text.n + 1);
    sb_char(out, MV_STRING);
    sb_put(out, key, strlen(key) + 1);
    sb_put(out, size, sizeof size);
    sb_str(out, text);
    sb_char(out, '\0');
}

/* Appends a message with the command; its number is s->sent then. */
static void put_message(struct session *s, struct strbuf *out, struct str database,
                        const struct mv *command)
{
    size_t begin = out->n, doc = begin + HEAD + 5, inner;
    for (int i = 0; i < HEAD + 5; i++)
        sb_char(out, '\0');
    mv_put_bson(out, command);
    sb_cut(out, out->n - 1);
    put_text(out, "$db", database);
    if (s->server.secondary) { /* asked for by directConnection=true */
        sb_char(out, MV_DOCUMENT);
        sb_put(out, "$readPreference", sizeof "$readPreference");
        inner = out->n;
        sb_put(out, "\0\0\0", 4);
        put_text(out, "mode", STR("primaryPreferred"));
        sb_char(out, '\0');
        put_int(out->p + inner, (uint32_t)(out->n - inner));
    }
    sb_char(out, '\0');
    s->sent = s->sent == INT32_MAX ? 1 : s->sent + 1;
    put_int(out->p + begin, (uint32_t)(out->n - begin));
    put_int(out->p + begin + 4, (uint32_t)s->sent);
    put_int(out->p + begin + 12, OP_MSG);
    put_int(out->p + doc, (uint32_t)(out->n - doc));
}

static int send_all(struct session *s, struct str bytes, const char *what, struct err *e)
{
    char *p = (char *)(uintptr_t)bytes.p;
    begin_wait(s);
    errno = 0;
    if (!s->stream || mongoc_stream_write(s->stream, p, bytes.n, -1) != (ssize_t)bytes.n)
        return lost(s, what, e);
    return 0;
}

static bool read_all(struct session *s, char *p, size_t n)
{
    errno = 0;
    return s->stream && mongoc_stream_read(s->stream, p, n, n, -1) == (ssize_t)n;
}

/* Reads one message: the bytes of its document, and which request it answers. */
static int read_message(struct session *s, const char *what, struct arena *mem, int32_t *to,
                        struct str *doc, struct err *e)
{
    char head[HEAD];
    if (!read_all(s, head, HEAD))
        return lost(s, what, e);
    uint32_t size = get_int(head);
    if (get_int(head + 12) != OP_MSG)
        return garbled(s, what, "its kind is another", e);
    if (size > MOST_MESSAGE)
        return garbled(s, what, "it is larger than servers send", e);
    if (size < HEAD + 5 + 5)
        return garbled(s, what, "it is too short", e);
    *to = (int32_t)get_int(head + 8);
    size -= HEAD;
    char *body = arena_alloc(mem, size);
    if (!read_all(s, body, size))
        return lost(s, what, e);
    uint32_t flags = get_int(body), end = flags & CHECKSUM ? size - 4 : size;
    if (flags & ~(uint32_t)CHECKSUM || body[4] != 0)
        return garbled(s, what, "its parts are not those that were asked for", e);
    *doc = (struct str){body + 5, end - 5};
    begin_wait(s);
    return 0;
}

static int parse(struct session *s, const char *what, struct str bytes, struct arena *mem,
                 struct mv **out, struct err *e)
{
    if (get_int(bytes.p) != bytes.n)
        return garbled(s, what, "the document in it does not end where it says", e);
    if (mv_from_bson(mem, bytes, out, e) == 0)
        return 0;
    s->stream = NULL;
    return err_wrap(e, "%.*s: the answer to %s", STR_ARG(s->label), what);
}

/* The answer to the last message; those to earlier ones that nobody waits for any more are passed
 * over. */
static int await_answer(struct session *s, const char *what, struct arena *mem, struct mv **reply,
                        struct err *e)
{
    struct str doc;
    int32_t to;
    do {
        if (read_message(s, what, mem, &to, &doc, e))
            return -1;
    } while (s->stale && to >= s->stale && to < s->sent);
    s->stale = 0;
    return to == s->sent ? parse(s, what, doc, mem, reply, e)
                         : garbled(s, what, "it answers another request", e);
}

int mg_run(struct session *s, struct str database, const struct mv *command, struct arena *mem,
           struct mv **reply, int *code, struct err *e)
{
    struct strbuf out = sb_new(mem, 0);
    const char *what = word_of(mem, command);
    int number = 0;
    *(code ? code : &number) = 0;
    put_message(s, &out, str_is_null(database) ? s->database : database, command);
    if (send_all(s, sb_view(&out), what, e) || await_answer(s, what, mem, reply, e))
        return -1;
    const struct mv *bad = error_in(*reply, &number);
    if (code)
        *code = number;
    return bad ? refused(s, what, bad, number, e) : 0;
}

/* ---- cursors ---- */

struct batch {
    int64_t id;
    struct str collection; /* for the next */
    const struct mv *docs;
};

/* Takes a reply with a cursor apart; out->id is 0 before the first. */
static int cursor_of(struct session *s, const char *what, const struct mv *reply, struct batch *out,
                     struct err *e)
{
    const struct mv *c = mv_get(reply, "cursor");
    const struct mv *docs = mv_get(c, out->id ? "nextBatch" : "firstBatch");
    struct str ns = mv_string(mv_get(c, "ns"));
    if (!docs || docs->type != MV_ARRAY || !mv_whole(mv_get(c, "id"), &out->id))
        return strange(s, what, "it holds no cursor", e);
    for (const struct mv *d = docs->first; d; d = d->next)
        if (d->type != MV_DOCUMENT)
            return strange(s, what, "a list holds something else than documents", e);
    if (mv_truth(mv_get(c, "partialResultsReturned"))) {
        err_set(e, E_HIDDEN, "%.*s: %s: a shard does not answer, so that a part is unknown",
                STR_ARG(s->label), what);
        return err_hint(e, "run it again when all shards are there");
    }
    out->docs = docs;
    out->collection = str_from(ns, str_chr(ns, '.') + 1);
    return 0;
}

static struct mv *get_more(struct arena *mem, const struct batch *b)
{
    struct mv *command = mv_new(mem, MV_DOCUMENT), *id = mv_new(mem, MV_INT64);
    id->i = b->id;
    mv_add(command, STR("getMore"), id);
    mv_add(command, STR("collection"), mv_text(mem, arena_str(mem, b->collection)));
    return command;
}

/* Best effort: the server ends it by itself some time. */
static void kill_cursor(struct session *s, struct str database, const struct batch *b)
{
    struct arena *mem = arena_new(0);
    struct mv *command = mv_new(mem, MV_DOCUMENT), *list = mv_new(mem, MV_ARRAY), *reply;
    struct mv *id = mv_new(mem, MV_INT64);
    struct err none;
    id->i = b->id;
    mv_add(list, STR_NULL, id);
    mv_add(command, STR("killCursors"), mv_text(mem, b->collection));
    mv_add(command, STR("cursors"), list);
    if (s->stream && s->stop == MG_GOES)
        (void)mg_run(s, database, command, mem, &reply, NULL, &none);
    arena_free(mem);
}

/* `most`: bytes of all documents together; 0: no limit. */
static int each_of(struct session *s, struct str database, const struct mv *command, size_t most,
                   mg_each_fn *each, void *ctx, int *code, struct err *e)
{
    const char *what = word_of(s->mem, command);
    struct arena *mem = arena_new(0);
    struct batch b = {0};
    unsigned empty = 0;
    size_t bytes = 0;
    int rc;
    do {
        struct mv *reply;
        size_t before = arena_used(mem);
        if (b.id)
            command = get_more(mem, &b);
        rc = mg_run(s, database, command, mem, &reply, code, e) || cursor_of(s, what, reply, &b, e)
                 ? -1
                 : 0;
        if (rc)
            break;
        for (const struct mv *d = b.docs->first; d && !rc; d = d->next)
            rc = each(ctx, d, e);
        empty = b.docs->n ? 0 : empty + 1;
        bytes += arena_used(mem) - before;
        if (!rc && b.id && (empty > MOST_EMPTY || (most && bytes > most)))
            rc = err_set(e, E_LIMIT, "%.*s: %s gives more than any schema holds", STR_ARG(s->label),
                         what);
        if (!rc && b.id) { /* the name of the cursor's collection is all that is kept */
            struct arena *next = arena_new(0);
            b.collection = arena_str(next, b.collection);
            arena_free(mem);
            mem = next;
        }
    } while (!rc && b.id);
    if (rc && b.id && b.collection.n)
        kill_cursor(s, database, &b);
    arena_free(mem);
    return rc;
}

int mg_each(struct session *s, struct str database, const struct mv *command, mg_each_fn *each,
            void *ctx, int *code, struct err *e)
{
    return each_of(s, database, command, MOST_BYTES, each, ctx, code, e);
}

int mg_stream(struct session *s, const struct mv *command, mg_each_fn *each, void *ctx, int *code,
              struct err *e)
{
    return each_of(s, STR_NULL, command, 0, each, ctx, code, e);
}

/* ---- many at once ---- */

/* A request on its way. */
struct slot {
    struct arena *mem;
    struct arena_mark begin; /* what is behind goes when it has been answered */
    int32_t sent;            /* 0: free */
    int64_t more;            /* its cursor, once there is one */
    unsigned batches;
    uint32_t i;
    size_t bytes; /* of its request */
    const struct mv *command;
    VEC(const struct mv *) docs;
};

struct pool {
    struct session *s;
    mg_ask_fn *ask;
    mg_answer_fn *put;
    void *ctx;
    int *code;
    struct arena *mem;
    char word[32]; /* the commands' name */
    struct slot slot[WINDOW];
    uint32_t on_way;
    size_t bytes;  /* of requests on their way */
    int32_t first; /* number of the first request */
    struct strbuf out;
};

static void send_later(struct pool *p, struct slot *slot, const struct mv *command)
{
    size_t before = p->out.n;
    put_message(p->s, &p->out, p->s->database, command);
    slot->sent = p->s->sent;
    p->bytes += p->out.n - before - slot->bytes;
    slot->bytes = p->out.n - before;
}

static void ask_first(struct pool *p, struct slot *slot, uint32_t i)
{
    if (!slot->mem)
        slot->mem = arena_new(0);
    slot->begin = arena_mark(slot->mem);
    slot->i = i;
    slot->command = p->ask(p->ctx, i, slot->mem);
    snprintf(p->word, sizeof p->word, "%.*s", STR_ARG(slot->command->first->key));
    send_later(p, slot, slot->command);
    p->on_way++;
}

/* What it is about is the value of a command's first member. */
static int refused_one(struct pool *p, const struct slot *slot, const struct mv *bad, int code,
                       struct err *e)
{
    struct str what =
        arena_printf(slot->mem, "%s of %.*s", p->word, STR_ARG(mv_string(slot->command->first)));
    *p->code = code;
    refused(p->s, what.p, bad, code, e);
    if (e->code == E_NO_PRIVILEGE)
        e->code = E_HIDDEN;
    return -1;
}

/* The reply to one request: asks for more, or hands all over. */
static int answered(struct pool *p, struct slot *slot, const struct mv *reply, struct err *e)
{
    int code, rc;
    const struct mv *bad = error_in(reply, &code);
    struct batch b = {.id = bad ? 0 : slot->more};
    if (bad && code != MG_NO_NAMESPACE && code != MG_IS_VIEW)
        return refused_one(p, slot, bad, code, e);
    if (!bad && cursor_of(p->s, p->word, reply, &b, e))
        return -1;
    for (const struct mv *d = b.docs ? b.docs->first : NULL; d; d = d->next)
        VEC_PUSH(slot->mem, slot->docs, d);
    if (b.id && ++slot->batches > MOST_EMPTY)
        return err_set(e, E_LIMIT, "%.*s: %s of %.*s does not end", STR_ARG(p->s->label), p->word,
                       STR_ARG(mv_string(slot->command->first)));
    slot->more = b.id;
    if (b.id) {
        send_later(p, slot, get_more(slot->mem, &b));
        return 0;
    }
    rc = p->put(p->ctx, slot->i, slot->docs.v, slot->docs.n, bad ? code : 0, e);
    arena_release(slot->mem, slot->begin);
    p->bytes -= slot->bytes;
    *slot = (struct slot){.mem = slot->mem};
    p->on_way--;
    return rc;
}

/* Servers may answer in any order. */
static int take_one(struct pool *p, struct err *e)
{
    struct arena_mark mark = arena_mark(p->mem);
    struct slot *slot = NULL;
    struct str bytes = STR_NULL;
    struct mv *reply;
    int32_t to = 0;
    do {
        if (read_message(p->s, p->word, p->mem, &to, &bytes, e))
            return -1;
    } while (p->s->stale && to >= p->s->stale && to < p->first);
    for (uint32_t k = 0; k < WINDOW && to; k++)
        slot = p->slot[k].sent == to ? &p->slot[k] : slot;
    if (!slot)
        return garbled(p->s, p->word, "it answers another request", e);
    bytes = arena_str(slot->mem, bytes);
    arena_release(p->mem, mark);
    return parse(p->s, p->word, bytes, slot->mem, &reply, e) ? -1 : answered(p, slot, reply, e);
}

int mg_many(struct session *s, uint32_t n, mg_ask_fn *ask, mg_answer_fn *put, void *ctx, int *code,
            struct err *e)
{
    struct arena *mem = arena_new(0), *text = arena_new(0);
    struct pool *p = NEW(mem, struct pool);
    uint32_t next = 0;
    int rc = 0;
    *p = (struct pool){.s = s, .mem = mem, .ask = ask, .put = put, .ctx = ctx, .code = code};
    p->first = s->sent + 1;
    p->out = sb_new(text, 0);
    *code = 0;
    while (!rc && (next < n || p->on_way)) {
        for (uint32_t k = 0; k < WINDOW && next < n && p->bytes < MOST_ASKED; k++)
            if (!p->slot[k].sent)
                ask_first(p, &p->slot[k], next++);
        if (p->out.n)
            rc = send_all(s, sb_view(&p->out), p->word, e);
        sb_cut(&p->out, 0);
        rc = rc ? rc : take_one(p, e);
    }
    if (rc && p->on_way && !s->stale)
        s->stale = p->first;
    for (uint32_t k = 0; k < WINDOW; k++)
        arena_free(p->slot[k].mem);
    arena_free(text);
    arena_free(mem);
    return rc;
}
