/* Starts Liquibase with words of its own, no shell, no password among them. Command line and
 * variables: docs.liquibase.com, CLI of 4.x and 5.x. */

#include "cli/liquibase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/interrupt.h"

enum { MAX_WORDS = 12, MAX_SAID = 1 << 18, CALL_MS = 300000, LOOK_MS = 100, END_MS = 5000 };
enum { WORDS_SHOWN = 400 };

struct liquibase {
    struct context *ctx;
    char *program;
    struct str folder, file; /* of the changelog */
};

int liquibase_wanted(const struct context *ctx, bool *wanted, struct err *e)
{
    struct str with = opt(ctx, OPT_WITH);
    *wanted = with.n > 0;
    if (!with.n || str_eq(with, STR("liquibase")))
        return 0;
    return err_set(e, E_BAD_VALUE, "--with %.*s: the program that is known is liquibase",
                   STR_ARG(with));
}

static _Noreturn void child(char **argv, const struct reach *at, struct arena *mem, int out)
{
    int null = open("/dev/null", O_RDONLY);
    setpgid(0, 0); /* a script that starts a JVM is ended together with it */
    setenv("LIQUIBASE_ANALYTICS_ENABLED", "false", 1);
    setenv("LIQUIBASE_HEADLESS", "true", 1);
    if (at->password.n)
        setenv("LIQUIBASE_COMMAND_PASSWORD", arena_cstr(mem, at->password), 1);
    /* liquibase.properties of the folder in which snap runs are for another database */
    if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 || chdir("/"))
        _exit(127);
    execvp(argv[0], argv);
    _exit(127);
}

/* All that it says; false: it took too long, or was interrupted. */
static bool drain(int fd, int64_t end, struct strbuf *said)
{
    char buf[4096];
    while (!interrupt_seen() && clock_ms() < end) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, LOOK_MS) <= 0)
            continue;
        ssize_t n = read(fd, buf, sizeof buf);
        if (n == 0)
            return true;
        if (n > 0)
            sb_put(said, buf, (size_t)n);
        else if (errno != EINTR)
            return false;
    }
    return false;
}

/* What a person needs of it: the line of the error, else the last one. */
static struct str essence(struct str said)
{
    static const char *const marks[] = {
        "Unexpected error running Liquibase: ", "ERROR: ", "Error: "};
    struct str rest = said, line, last = STR("it said nothing");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = str_find(said, str_c(marks[i]));
        if (at < said.n)
            return str_trim(str_sub(str_from(said, at), 0, WORDS_SHOWN));
    }
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).n)
            last = str_trim(line);
    return str_sub(last, 0, WORDS_SHOWN);
}

static int answer(const struct liquibase *l, const char *command, int status, struct str said,
                  struct err *e)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == 126)) {
        err_set(e, E_CANNOT_VERIFY, "%s cannot be started: %.*s", l->program,
                STR_ARG(essence(said)));
        return err_hint(e, "--liquibase PATH, or defaults: { liquibase: PATH } in snap.yml, names "
                           "the program");
    }
    return err_set(e, E_VERIFY_FAILED, "liquibase %s: %.*s", command, STR_ARG(essence(said)));
}

/* Waits for its end; where it is to end (`stop`), asks, and after a while does not ask any more. */
static int wait_for(pid_t pid, bool stop)
{
    int64_t end = clock_ms() + END_MS;
    int status = -1;
    pid_t done;
    if (stop)
        kill(-pid, SIGTERM);
    while ((done = waitpid(pid, &status, stop ? WNOHANG : 0)) == 0 && clock_ms() < end)
        poll(NULL, 0, LOOK_MS);
    if (stop)
        kill(-pid, SIGKILL);
    while (done == 0 || (done < 0 && errno == EINTR))
        done = waitpid(pid, &status, 0);
    return status;
}

static int start(const struct liquibase *l, char **argv, const struct reach *at,
                 const char *command, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct strbuf said = sb_new(mem, MAX_SAID);
    int64_t end = clock_ms() + (l->ctx->timeout_ms ? l->ctx->timeout_ms : CALL_MS);
    int ends[2];
    pid_t pid = pipe(ends) ? -1 : fork();
    if (pid == 0)
        child(argv, at, mem, ends[1]);
    if (pid > 0)
        setpgid(pid, pid); /* who of the two comes first */
    if (pid < 0) {
        arena_free(mem);
        return err_set(e, E_CANNOT_VERIFY, "%s cannot be started: %s", l->program, strerror(errno));
    }
    close(ends[1]);
    bool whole = drain(ends[0], end, &said);
    close(ends[0]);
    int status = wait_for(pid, !whole);
    int rc = interrupt_seen() ? err_set(e, E_INTERRUPTED, "interrupted")
             : !whole         ? err_set(e, E_TIMEOUT, "liquibase %s took too long", command)
                              : answer(l, command, status, sb_view(&said), e);
    arena_free(mem);
    return rc;
}

static int run(void *ctx, enum outside_call call, const struct reach *at, struct err *e)
{
    static const char *const names[] = {"update-count", "update", "rollback-count"};
    const struct liquibase *l = ctx;
    struct arena *mem = l->ctx->mem;
    char *argv[MAX_WORDS];
    size_t n = 0;
    argv[n++] = l->program;
    argv[n++] = arena_cstr(mem, arena_printf(mem, "--search-path=%.*s", STR_ARG(l->folder)));
    argv[n++] = arena_cstr(mem, STR("--show-banner=false"));
    argv[n++] = arena_cstr(mem, str_c(names[call]));
    if (call != OUTSIDE_ALL)
        argv[n++] = arena_cstr(mem, STR("--count=1"));
    argv[n++] = arena_cstr(mem, arena_printf(mem, "--changelog-file=%.*s", STR_ARG(l->file)));
    argv[n++] = arena_cstr(mem, arena_printf(mem, "--url=%.*s", STR_ARG(at->url)));
    if (at->user.n)
        argv[n++] = arena_cstr(mem, arena_printf(mem, "--username=%.*s", STR_ARG(at->user)));
    argv[n] = NULL;
    say(l->ctx, "liquibase %s", names[call]);
    return start(l, argv, at, names[call], e);
}

int liquibase_verify(struct context *ctx, const struct sides *s, const char *path,
                     struct outside_report *out, struct err *e)
{
    struct str program = opt(ctx, OPT_LIQUIBASE);
    struct verify_options vo = context_verify(ctx, s);
    char *real = realpath(path, NULL);
    if (!real)
        return err_set(e, E_NO_SUCH_FILE, "%s: %s", path, strerror(errno));
    struct str whole = arena_str(ctx->mem, str_c(real));
    free(real);
    size_t at = whole.n;
    while (at && whole.p[at - 1] != '/')
        at--;
    char *own = program.n ? realpath(arena_cstr(ctx->mem, program), NULL) : NULL;
    if (own)
        program = arena_str(ctx->mem, str_c(own));
    free(own);
    struct liquibase l = {.ctx = ctx,
                          .program = arena_cstr(ctx->mem, program.n ? program : STR("liquibase")),
                          .folder = str_sub(whole, 0, at),
                          .file = str_from(whole, at)};
    struct outside by = {run, &l};
    return verify_outside(&by, s->opened[0].catalog, s->opened[1].catalog, &vo, ctx->mem, out, e);
}
