/* Where output goes: a file, standard output, or a pager on a terminal. */

#include "cli/context.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static uint32_t count_lines(struct str text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static bool wants_pager(const struct context *ctx, struct str text)
{
    struct winsize size = {0};
    const char *term = getenv("TERM");
    if (opt_on(ctx, OPT_NO_PAGER) || !isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || !term ||
        strcmp(term, "dumb") == 0)
        return false;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row)
        return false;
    return count_lines(text) >= size.ws_row;
}

/* PAGER cut at blanks; no shell reads it. */
static _Noreturn void exec_pager(struct arena *mem, int in)
{
    const char *pager = getenv("PAGER");
    struct str rest = str_c(pager && *pager ? pager : "less"), word;
    char *argv[16];
    size_t n = 0;
    while (n < 15 && str_cut(&rest, ' ', &word))
        if (word.n)
            argv[n++] = arena_cstr(mem, word);
    argv[n] = NULL;
    setenv("LESS", "FRX", 0);
    if (n && dup2(in, STDIN_FILENO) >= 0)
        execvp(argv[0], argv);
    _exit(127);
}

static void write_all(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = write(fd, text.p, text.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* the reader has gone */
        text = str_from(text, (size_t)n);
    }
}

/* False when there is no pager to be had. */
static bool page_text(struct context *ctx, struct str text)
{
    int fds[2], status = 0;
    if (pipe(fds) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[1]);
        exec_pager(ctx->mem, fds[0]);
    }
    close(fds[0]);
    if (pid > 0)
        write_all(fds[1], text);
    close(fds[1]);
    if (pid < 0)
        return false;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

static bool is_database(const char *path)
{
    char head[64];
    struct stat st;
    bool found = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? pread(fd, head, sizeof head, 0) : 0;
    close(fd);
    for (size_t i = 0; n > 0 && all_engines[i]; i++)
        found = found ||
                (all_engines[i]->is_database &&
                 all_engines[i]->is_database((struct str){head, (size_t)n}, (uint64_t)st.st_size));
    return found;
}

int context_no_database(const char *path, struct err *e)
{
    if (!is_database(path))
        return 0;
    err_set(e, E_PROTECTED, "%s is a database", path);
    return err_hint(e, "name another file with -o");
}

int context_write(struct context *ctx, struct str path, struct str text, bool page, struct err *e)
{
    bool to_stdout = !path.n || str_eq(path, STR("-"));
    if (to_stdout && page && wants_pager(ctx, text) && page_text(ctx, text))
        return 0;
    char *file = to_stdout ? arena_cstr(ctx->mem, STR("-")) : arena_cstr(ctx->mem, path);
    if (!to_stdout && context_check_output(ctx, path, false, e))
        return -1;
    return out_file(ctx->mem, file, text, e);
}
