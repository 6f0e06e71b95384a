/* A process before FerretDB, one child a connection. usage: front PORT SOCKET CONNINFO: listens on
 * 127.0.0.1:PORT, FerretDB on the Unix socket, PostgreSQL as libpq wants it. */

#include "tests/mongodb/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* FerretDB's words for a document that a validator refuses; MongoDB says 121. */
enum { REFUSED_BY_VALIDATOR = 525074461, DOCUMENT_VALIDATION_FAILURE = 121 };

static const struct code {
    int code;
    const char *name;
} codes[] = {
    {1, "InternalError"},
    {2, "BadValue"},
    {5, "GraphContainsCycle"},
    {9, "FailedToParse"},
    {14, "TypeMismatch"},
    {26, "NamespaceNotFound"},
    {27, "IndexNotFound"},
    {48, "NamespaceExists"},
    {67, "CannotCreateIndex"},
    {72, "InvalidOptions"},
    {73, "InvalidNamespace"},
    {85, "IndexOptionsConflict"},
    {86, "IndexKeySpecsConflict"},
    {115, "CommandNotSupported"},
    {166, "CommandNotSupportedOnView"},
    {359, "CannotConvertIndexToUnique"},
    {40324, "Location40324"},
    {40415, "Location40415"},
    {51047, "Location51047"},
};

bool front_refuse(struct front *f, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(f->error, sizeof f->error, format, args);
    va_end(args);
    f->code = code;
    return false;
}

static void error_reply(const struct front *f, bson_t *out)
{
    const char *name = "UnknownError";
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == f->code)
            name = codes[i].name;
    BSON_APPEND_DOUBLE(out, "ok", 0.0);
    BSON_APPEND_UTF8(out, "errmsg", f->error);
    BSON_APPEND_INT32(out, "code", f->code);
    BSON_APPEND_UTF8(out, "codeName", name);
}

bool front_call(struct front *f, const bson_t *command, bson_t *reply)
{
    struct wire request = {.opcode = WIRE_MSG};
    return wire_send(f->server, &request, command) && wire_read(f->server, &f->answer) == 1 &&
           wire_document(&f->answer, reply);
}

bool front_run(struct front *f, const bson_t *command, bson_t *reply)
{
    if (!front_call(f, command, reply))
        return front_refuse(f, 1, "FerretDB is gone%s", "");
    if (doc_truth(reply, "ok"))
        return true;
    bson_iter_t it;
    const char *words = doc_text(reply, "errmsg");
    return front_refuse(f, bson_iter_init_find(&it, reply, "code") ? bson_iter_int32(&it) : 1, "%s",
                        words ? words : "");
}

static void write_errors(bson_t *out, const bson_iter_t *array)
{
    bson_iter_t it, member;
    bson_t errors, one;
    BSON_APPEND_ARRAY_BEGIN(out, "writeErrors", &errors);
    if (bson_iter_recurse(array, &it))
        while (bson_iter_next(&it)) {
            BSON_APPEND_DOCUMENT_BEGIN(&errors, bson_iter_key(&it), &one);
            bson_iter_recurse(&it, &member);
            while (bson_iter_next(&member))
                if (!strcmp(bson_iter_key(&member), "code") &&
                    bson_iter_as_int64(&member) == REFUSED_BY_VALIDATOR)
                    BSON_APPEND_INT32(&one, "code", DOCUMENT_VALIDATION_FAILURE);
                else
                    bson_append_iter(&one, NULL, 0, &member);
            bson_append_document_end(&errors, &one);
        }
    bson_append_array_end(out, &errors);
}

/* `ok` is a double for every driver, and numbers of errors are MongoDB's. */
static void usual(bson_t *out, const bson_t *reply)
{
    bson_iter_t it;
    bson_iter_init(&it, reply);
    while (bson_iter_next(&it))
        if (!strcmp(bson_iter_key(&it), "ok"))
            BSON_APPEND_DOUBLE(out, "ok", bson_iter_as_bool(&it) ? 1.0 : 0.0);
        else if (!strcmp(bson_iter_key(&it), "writeErrors") && BSON_ITER_HOLDS_ARRAY(&it))
            write_errors(out, &it);
        else
            bson_append_iter(out, NULL, 0, &it);
}

static bool is_collmod_of_index(const bson_t *command)
{
    return doc_has(command, "index");
}

/* The handler of a command, if it is one of ours. */
static handler *handler_of(const char *verb, const bson_t *command)
{
    if (!strcmp(verb, "create"))
        return front_create;
    if (!strcmp(verb, "createIndexes"))
        return front_create_indexes;
    if (!strcmp(verb, "collMod"))
        return is_collmod_of_index(command) ? front_collmod_index : front_collmod;
    return NULL;
}

/* One request; false ends the connection. */
static bool serve(struct front *f)
{
    bson_t command, reply, out = BSON_INITIALIZER;
    bool silent = f->ask.opcode == WIRE_MSG && f->ask.flags & WIRE_MORE_TO_COME;
    bool known = f->ask.opcode == WIRE_MSG && wire_document(&f->ask, &command);
    bson_iter_t first;
    const char *verb = "", *db = NULL;
    if (known && bson_iter_init(&first, &command) && bson_iter_next(&first)) {
        verb = bson_iter_key(&first);
        db = doc_text(&command, "$db");
    }
    handler *own = db && BSON_ITER_HOLDS_UTF8(&first) ? handler_of(verb, &command) : NULL;
    bool alive = true;
    if (own) {
        if (!own(f, db, &command, &out)) {
            bson_reinit(&out);
            error_reply(f, &out);
        }
        alive = silent || wire_send(f->client, &f->ask, &out);
    } else {
        alive = wire_write(f->server, f->ask.bytes, f->ask.size) &&
                (silent || wire_read(f->server, &f->answer) == 1);
        if (alive && !silent && known && wire_document(&f->answer, &reply)) {
            if (!db || !front_listed(f, db, &command, &reply, &out))
                usual(&out, &reply);
            alive = wire_send(f->client, &f->ask, &out);
        } else if (alive && !silent) {
            alive = wire_write(f->client, f->answer.bytes, f->answer.size);
        }
    }
    bson_destroy(&out);
    return alive;
}

static int dial(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void converse(int client, const char *path, const char *conninfo)
{
    struct front f = {.client = client, .server = dial(path), .conninfo = conninfo};
    if (f.server >= 0)
        while (wire_read(client, &f.ask) == 1 && serve(&f))
            ;
    if (f.sql)
        PQfinish(f.sql);
    wire_free(&f.ask);
    wire_free(&f.answer);
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 128) != 0) {
        fprintf(stderr, "front: port %s: %s\n", port, strerror(errno));
        exit(3);
    }
    return fd;
}

/* Its children end with it. */
static void end(int sig)
{
    signal(sig, SIG_IGN);
    kill(0, sig);
    _exit(0);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: front PORT SOCKET CONNINFO\n");
        return 2;
    }
    int fd = listen_on(argv[1]);
    setpgid(0, 0);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGTERM, end);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client < 0)
            continue;
        pid_t pid = fork();
        if (pid == 0) {
            close(fd);
            signal(SIGTERM, SIG_DFL);
            converse(client, argv[2], argv[3]);
            _exit(0);
        }
        close(client);
    }
}
