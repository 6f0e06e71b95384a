/* Catching the end of a program; see crash.h. */

#include "tests/harness/crash.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_abort(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

static void read_all(int fd, char *said, size_t cap)
{
    char rest[512];
    size_t n = 0;
    ssize_t got;
    while (n + 1 < cap && (got = read(fd, said + n, cap - 1 - n)) > 0)
        n += (size_t)got;
    said[n] = '\0';
    /* To the end: the child must not die of a pipe that nobody reads. */
    while (read(fd, rest, sizeof rest) > 0)
        ;
    close(fd);
}

bool aborts(void (*fn)(void *arg), void *arg, char *said, size_t cap)
{
    struct sigaction act = {.sa_handler = on_abort}, before;
    int ends[2], old = dup(STDERR_FILENO);
    volatile bool hit = true;
    if (old < 0 || pipe(ends))
        return false;
    sigemptyset(&act.sa_mask);
    sigaction(SIGABRT, &act, &before);
    dup2(ends[1], STDERR_FILENO);
    if (!sigsetjmp(back, 1)) {
        fn(arg);
        hit = false;
    }
    dup2(old, STDERR_FILENO);
    close(old);
    close(ends[1]);
    sigaction(SIGABRT, &before, NULL);
    read_all(ends[0], said, cap);
    return hit;
}

enum { CAME_BACK = 99 };

int ends_with(void (*fn)(void *arg), void *arg, char *said, size_t cap)
{
    int ends[2], status;
    if (pipe(ends))
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        fn(arg);
        _exit(CAME_BACK);
    }
    close(ends[1]);
    read_all(ends[0], said, cap);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    if (WIFSIGNALED(status))
        return 128 + WTERMSIG(status);
    return WEXITSTATUS(status) == CAME_BACK ? -1 : WEXITSTATUS(status);
}
