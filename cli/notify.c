/* Runs the command that is told of drift: argv and no shell, the report on standard input, a time
 * limit. It gets no open file of snap's but its three; one that takes too long is ended with all
 * that it has started. */

#include "cli/tell.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/interrupt.h"

enum { LOOK_MS = 20, GRACE_MS = 300, NVARS = 4 };

extern char **environ;

/* The environment as it is, and the variables of the message in place of any of their names. */
static char **variables(struct arena *mem, const struct message *msg)
{
    static const char *const names[NVARS] = {
        "SNAP_ENV=", "SNAP_STATUS=", "SNAP_NEW=", "SNAP_DRIFT="};
    size_t n = 0, k = 0;
    while (environ[n])
        n++;
    char **v = NEW_ARRAY(mem, char *, n + NVARS + 1);
    for (size_t i = 0; i < n; i++) {
        bool ours = false;
        for (size_t j = 0; j < NVARS; j++)
            ours = ours || str_starts(str_c(environ[i]), str_c(names[j]));
        if (!ours)
            v[k++] = environ[i];
    }
    v[k++] =
        arena_cstr(mem, arena_printf(mem, "%s%.*s", names[0], STR_ARG(msg->result->target.env)));
    v[k++] = arena_cstr(mem, arena_printf(mem, "%sdrift", names[1]));
    v[k++] = arena_cstr(mem, arena_printf(mem, "%s%u", names[2], msg->news.n));
    v[k++] = arena_cstr(mem, arena_printf(mem, "%s%u", names[3], msg->news.open));
    return v;
}

/* Whatever a client library left open is closed in what is started. */
static void keep_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        if (fd > 2)
            (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    if (dir)
        closedir(dir);
    for (int fd = 3; !dir && fd < 1024; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* In the child: what it prints goes to standard error, which is no report. `tell` gets errno where
 * the command cannot be started. */
static _Noreturn void become(char **argv, char **vars, const char *folder, int in, int tell)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    environ = vars;
    if (dup2(in, 0) >= 0 && dup2(2, 1) >= 0 && (!*folder || chdir(folder) == 0))
        execvp(argv[0], argv);
    int why = errno;
    if (write(tell, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

/* Starts it; *in is the end to write to. errno on failure. */
static pid_t start(char **argv, char **vars, const char *folder, int *in)
{
    int ends[2], tells[2], why = 0;
    if (pipe(ends))
        return -1;
    if (pipe(tells)) {
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    keep_files();
    pid_t pid = fork();
    if (pid == 0)
        become(argv, vars, folder, ends[0], tells[1]);
    close(ends[0]);
    close(tells[1]);
    ssize_t n = 0;
    if (pid > 0) {
        setpgid(pid, pid); /* whoever is first */
        do
            n = read(tells[0], &why, sizeof why);
        while (n < 0 && errno == EINTR);
    }
    close(tells[0]);
    if (pid > 0 && n != (ssize_t)sizeof why) {
        *in = ends[1];
        return pid;
    }
    close(ends[1]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (pid > 0)
        errno = why;
    return -1;
}

/* Ends it with all that it has started: asked first. */
static void end(pid_t pid, int *status)
{
    int64_t until = clock_ms() + GRACE_MS;
    kill(-pid, SIGTERM);
    while (clock_ms() < until) {
        if (waitpid(pid, status, WNOHANG) == pid) {
            kill(-pid, SIGKILL);
            return;
        }
        (void)poll(NULL, 0, LOOK_MS);
    }
    kill(-pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        continue;
}

/* Writes and waits, whichever comes; true when it ended by itself. One that does not read all of
 * its input has read enough. */
static bool feed(pid_t pid, int in, struct str text, int64_t end_ms, int *status)
{
    bool open = true, ended = false;
    (void)fcntl(in, F_SETFL, O_NONBLOCK);
    while (!ended && !interrupt_seen() && clock_ms() < end_ms) {
        struct pollfd p = {in, POLLOUT, 0};
        if (open && poll(&p, 1, LOOK_MS) > 0) {
            ssize_t n = text.n ? write(in, text.p, text.n) : 0;
            if (n > 0)
                text = str_from(text, (size_t)n);
            if (!text.n || (n < 0 && errno != EAGAIN && errno != EINTR)) {
                close(in);
                open = false;
            }
        } else if (!open) {
            (void)poll(NULL, 0, LOOK_MS);
        }
        ended = waitpid(pid, status, WNOHANG) == pid;
    }
    if (open)
        close(in);
    return ended;
}

int notify_run(struct arena *mem, char **argv, struct str folder, const struct message *msg,
               struct str text, struct err *e)
{
    int in, status = 0;
    pid_t pid = start(argv, variables(mem, msg), arena_cstr(mem, folder), &in);
    if (pid < 0) {
        err_set(e, E_NOTIFY_FAILED, "notify: %s cannot be started: %s", argv[0], strerror(errno));
        return err_hint(e, "it is run without a shell, in the folder of snap.yml where it stands "
                           "there");
    }
    if (!feed(pid, in, text, msg->end_ms, &status)) {
        end(pid, &status);
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        return err_set(e, E_NOTIFY_FAILED, "notify: %s took too long and was ended", argv[0]);
    }
    if (WIFSIGNALED(status))
        return err_set(e, E_NOTIFY_FAILED, "notify: %s was ended by signal %d", argv[0],
                       WTERMSIG(status));
    if (WEXITSTATUS(status))
        return err_set(e, E_NOTIFY_FAILED, "notify: %s ended with exit status %d", argv[0],
                       WEXITSTATUS(status));
    return 0;
}
