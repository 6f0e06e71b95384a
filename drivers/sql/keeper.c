/* Private throwaway servers: folder, keeper, the programs that it runs. */

#include "drivers/sql/keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/interrupt.h"

enum { START_MS = 60000, TRY_MS = 10 };

/* Where a folder may be: in memory where there is room, which halves the time of a start. */
static const char *const places[] = {"/dev/shm", "/tmp"};
static const uint64_t ROOM = 1ull << 30;

/* Those that this process has started. */
static struct keeper *all;

void keeper_version(const char *program, char *out, size_t n)
{
    char option[] = "--version";
    int ends[2], status;
    char *argv[] = {(char *)(uintptr_t)program, option, NULL};
    out[0] = '\0';
    if (pipe(ends))
        return;
    pid_t pid = fork();
    if (pid == 0) {
        if (dup2(ends[1], STDOUT_FILENO) >= 0 && close(ends[0]) == 0)
            execv(program, argv);
        _exit(127);
    }
    close(ends[1]);
    ssize_t got = pid > 0 ? read(ends[0], out, n - 1) : 0;
    out[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool is_gone(long pid)
{
    return pid > 1 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* Folders of a keeper that is no more. The server in them has ended with it. */
static void sweep(const char *place, const char *prefix)
{
    DIR *dir = opendir(place);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char path[300];
        struct stat st;
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", place, entry->d_name);
        /* as root the folder is the server's account's, but for the moment in which it is made */
        bool ours = lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
                    (st.st_uid == geteuid() || geteuid() == 0);
        if (ours && is_gone(strtol(entry->d_name + strlen(prefix), NULL, 10)))
            remove_folder(path);
    }
    if (dir)
        closedir(dir);
}

/* In the server's process: without root's rights, with its words in the log of the folder. */
static void become(const struct keeper *s)
{
    sigset_t none;
    char log[96];
    snprintf(log, sizeof log, "%s/log", s->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        _exit(126);
    if (geteuid() == 0 && (fchown(fd, s->uid, s->gid) || setgid(s->gid) || setuid(s->uid)))
        _exit(126);
    if (chdir(s->folder))
        _exit(126);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, s->kind->end);
}

static pid_t spawn(const struct keeper *s, const char *const *argv)
{
    pid_t parent = getpid(), pid = fork();
    if (pid > 0)
        setpgid(pid, pid);
    if (pid)
        return pid;
    become(s);
    if (getppid() != parent)
        _exit(126);
    char *env[] = {(char *)(uintptr_t) "PATH=/usr/bin:/bin", (char *)(uintptr_t) "LC_ALL=C.UTF-8",
                   (char *)(uintptr_t) "TZ=UTC", NULL};
    execve(argv[0], (char *const *)(uintptr_t)argv, env);
    _exit(127);
}

static void on_child(int number)
{
    (void)number; /* only to end pselect */
}

int keeper_run(const struct keeper *s, const char *const *argv)
{
    fd_set set;
    sigset_t none;
    int status = 0;
    pid_t pid = spawn(s, argv);
    sigemptyset(&none);
    while (pid > 0 && waitpid(pid, &status, WNOHANG) != pid) {
        FD_ZERO(&set);
        FD_SET(s->sock, &set);
        if (pselect(s->sock + 1, &set, NULL, NULL, NULL, &none) <= 0)
            continue;
        kill(-pid, s->kind->end); /* with what it has started */
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
        return -1;
    }
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Nothing of snap's stays open in the keeper but its end of the socket. */
static void let_go(const struct keeper *s)
{
    int null = open("/dev/null", O_RDWR);
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    for (int fd = 0; null >= 0 && fd < 3; fd++)
        (void)dup2(null, fd);
    while (dir && (entry = readdir(dir))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        if (fd > 2 && fd != s->sock && fd != dirfd(dir))
            close(fd);
    }
    if (dir)
        closedir(dir);
}

/* The keeper: in a session of its own, so that the terminal's signals reach snap alone. */
static _Noreturn void keep(struct keeper *s)
{
    struct sigaction child = {.sa_handler = on_child};
    sigset_t mask;
    char word, any;
    setsid();
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigaction(SIGCHLD, &child, NULL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    let_go(s);
    /* snap names the folder after the keeper, and says when it is there */
    if (read(s->sock, &any, 1) == 1) {
        snprintf(s->folder + strlen(s->folder), sizeof s->folder - strlen(s->folder), "%ld",
                 (long)getpid());
        word = s->kind->serve(s);
        /* the log can be read until snap lets go */
        if (send(s->sock, &word, 1, MSG_NOSIGNAL) == 1)
            while (read(s->sock, &any, 1) > 0)
                continue;
        remove_folder(s->folder);
    }
    _exit(0);
}

bool keeper_serves(const struct keeper *k)
{
    return k->pid > 0 && k->owner == getpid();
}

void keeper_stop(struct keeper *k)
{
    if (!keeper_serves(k))
        return;
    close(k->sock);
    while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    k->pid = 0;
}

/* At the end of the process. */
static void stop_all(void)
{
    for (struct keeper *k = all; k; k = k->next)
        keeper_stop(k);
}

static int failed(struct keeper *k, const char *what, struct err *e)
{
    char log[96], text[400] = "";
    snprintf(log, sizeof log, "%s/log", k->folder);
    int fd = open(log, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    ssize_t n = size <= 0 ? 0
                          : pread(fd, text, sizeof text - 1,
                                  size > (off_t)sizeof text ? size - (off_t)sizeof text + 1 : 0);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < n; i++)
        text[i] = text[i] == '\n' ? ' ' : text[i];
    keeper_stop(k);
    err_set(e, E_CANNOT_VERIFY, "the private scratch server: %s: %s", what, text);
    return err_hint(e, "%s", k->kind->hint);
}

/* Who runs it: root may not. */
static int find_account(struct keeper *k, struct err *e)
{
    const struct passwd *user = NULL;
    if (geteuid() != 0)
        return 0;
    for (const char *const *name = k->kind->accounts; !user && *name; name++)
        user = getpwnam(*name);
    if (!user)
        return err_set(e, E_CANNOT_VERIFY, "there is no account %s to run a server",
                       k->kind->accounts[0]);
    k->uid = user->pw_uid;
    k->gid = user->pw_gid;
    return 0;
}

static const char *find_place(void)
{
    struct statvfs st;
    for (size_t i = 0; i + 1 < sizeof places / sizeof *places; i++)
        if (statvfs(places[i], &st) == 0 && !(st.f_flag & ST_RDONLY) &&
            access(places[i], W_OK) == 0 && (uint64_t)st.f_bavail * st.f_frsize > ROOM)
            return places[i];
    return places[sizeof places / sizeof *places - 1];
}

/* The folder has the keeper's number, which tells whether anybody still takes care of it. A folder
 * of that name that is there already is not taken: somebody else may have made it. */
static int make_folder(struct keeper *k, struct err *e)
{
    snprintf(k->folder + strlen(k->folder), sizeof k->folder - strlen(k->folder), "%ld",
             (long)k->pid);
    if (mkdir(k->folder, 0700) || (geteuid() == 0 && chown(k->folder, k->uid, k->gid)))
        return err_set(e, E_CANNOT_VERIFY, "%s: %s", k->folder, strerror(errno));
    return 0;
}

static int start_keeper(struct keeper *k, struct err *e)
{
    int pair[2];
    snprintf(k->folder, sizeof k->folder, "%s/%s", find_place(), k->kind->prefix);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return err_set(e, E_CANNOT_VERIFY, "no scratch server: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        k->sock = pair[1];
        keep(k);
    }
    close(pair[1]);
    k->sock = pair[0];
    if (pid < 0) {
        close(pair[0]);
        return err_set(e, E_CANNOT_VERIFY, "no scratch server: %s", strerror(errno));
    }
    k->owner = getpid();
    k->pid = pid;
    if (make_folder(k, e) || send(k->sock, "g", 1, MSG_NOSIGNAL) != 1) {
        keeper_stop(k);
        return -1;
    }
    return 0;
}

static int wait_ready(struct keeper *k, int64_t deadline_ms, struct err *e)
{
    char word = 0;
    int64_t begin = clock_ms();
    while (clock_ms() < begin + START_MS) {
        struct pollfd p = {k->sock, POLLIN, 0};
        if (k->kind->ready(k))
            return 0;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (deadline_ms && clock_ms() > deadline_ms)
            return err_set(e, E_TIMEOUT,
                           "starting the scratch server took longer than --timeout "
                           "allows");
        if (poll(&p, 1, TRY_MS) > 0) {
            bool told = recv(k->sock, &word, 1, MSG_DONTWAIT) == 1;
            return failed(k, told && word == k->kind->making ? k->kind->maker : "it has ended", e);
        }
    }
    return failed(k, "it does not answer", e);
}

int keeper_start(struct keeper *k, int64_t deadline_ms, struct err *e)
{
    static bool at_exit;
    k->sock = -1;
    k->pid = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        sweep(places[i], k->kind->prefix);
    if (find_account(k, e) || start_keeper(k, e))
        return -1;
    if (!k->listed) {
        k->next = all;
        k->listed = true;
        all = k;
    }
    if (!at_exit && atexit(stop_all) == 0)
        at_exit = true;
    if (wait_ready(k, deadline_ms, e) == 0)
        return 0;
    keeper_stop(k);
    return -1;
}
