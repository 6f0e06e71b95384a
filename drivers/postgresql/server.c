/*
 * A private throwaway server from the installed binaries: a folder of its own, a Unix socket only,
 * no durability. Between snap and the server stands a keeper, a forked child that waits for the
 * other end of a socket to close, which the kernel does however snap ends; then it ends the server
 * and removes the folder. Should the keeper itself be killed, the kernel ends the server, and the
 * next snap sweeps the folder.
 */

#include "drivers/postgresql/server.h"

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

#include "core/interrupt.h"
#include "drivers/postgresql/conn.h"

#define PREFIX "snap_scratch_pg_"

enum { START_MS = 60000, TRY_MS = 10, NEWEST = 40, OLDEST = 12 };

/* Where a folder may be: in memory where there is room, which halves the time of a start. */
static const char *const places[] = {"/dev/shm", "/tmp"};
static const uint64_t ROOM = 1ull << 30;

/* The one server of this process. */
static struct server {
    char folder[64], bin[256];
    int major; /* that was asked for */
    pid_t owner, keeper;
    int sock; /* to the keeper */
    uid_t uid;
    gid_t gid;
} server;

static bool has_binaries(const char *bin)
{
    char path[300];
    snprintf(path, sizeof path, "%s/initdb", bin);
    if (access(path, X_OK))
        return false;
    snprintf(path, sizeof path, "%s/postgres", bin);
    return access(path, X_OK) == 0;
}

static bool has_major(int major, char *out, size_t n)
{
    snprintf(out, n, "/usr/lib/postgresql/%d/bin", major); /* Debian */
    if (has_binaries(out))
        return true;
    snprintf(out, n, "/usr/pgsql-%d/bin", major); /* Red Hat */
    return has_binaries(out);
}

/* The major version that a server program says of itself, "postgres (PostgreSQL) 15.20"; 0: it says
 * none. */
static int major_of(const char *bin)
{
    char program[300], words[128] = "", option[] = "--version";
    int ends[2], status;
    snprintf(program, sizeof program, "%s/postgres", bin);
    char *argv[] = {program, option, NULL};
    if (pipe(ends))
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (dup2(ends[1], STDOUT_FILENO) >= 0 && close(ends[0]) == 0)
            execv(program, argv);
        _exit(127);
    }
    close(ends[1]);
    ssize_t n = pid > 0 ? read(ends[0], words, sizeof words - 1) : 0;
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    const char *at = n > 0 ? strstr(words, ") ") : NULL;
    return at ? (int)strtol(at + 2, NULL, 10) : 0;
}

/* The folder of the wanted version among those that SNAP_POSTGRESQL_BIN names, separated by colons;
 * else the first. */
static bool find_named(struct str list, int major, char *out, size_t n)
{
    char one[256];
    struct str folder;
    bool any = false;
    while (str_cut(&list, ':', &folder)) {
        snprintf(one, sizeof one, "%.*s", STR_ARG(folder));
        if (!has_binaries(one))
            continue;
        bool fits = major && major_of(one) == major;
        if (!any || fits)
            snprintf(out, n, "%.255s", one);
        if (fits)
            return true;
        any = true;
    }
    return any;
}

/* Those that SNAP_POSTGRESQL_BIN names, else of the wanted version, else the newest, else on PATH.
 */
static bool find_binaries(int major, char *out, size_t n)
{
    const char *named = getenv("SNAP_POSTGRESQL_BIN"), *path = getenv("PATH");
    if (named && *named)
        return find_named(str_c(named), major, out, n);
    if (major && has_major(major, out, n))
        return true;
    for (int i = NEWEST; i >= OLDEST; i--)
        if (has_major(i, out, n))
            return true;
    struct str rest = str_c(path ? path : ""), one;
    while (str_cut(&rest, ':', &one)) {
        snprintf(out, n, "%.*s", STR_ARG(one));
        if (one.n && one.p[0] == '/' && has_binaries(out))
            return true;
    }
    return false;
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
static void sweep(const char *place)
{
    DIR *dir = opendir(place);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char path[300];
        struct stat st;
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", place, entry->d_name);
        /* as root the folder is the server's account's, but for the moment in which it is made */
        bool ours = lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
                    (st.st_uid == geteuid() || geteuid() == 0);
        if (ours && is_gone(strtol(entry->d_name + strlen(PREFIX), NULL, 10)))
            remove_folder(path);
    }
    if (dir)
        closedir(dir);
}

/* In the server's process: without root's rights, with its words in the log of the folder. */
static void become(const struct server *s)
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
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

static pid_t spawn(const struct server *s, const char *const *argv)
{
    pid_t parent = getpid(), pid = fork();
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

/* Waits for the child or for the end of snap, which ends the child. The child's exit status; -1:
 * snap has ended, or the child was killed. */
static int wait_child(const struct server *s, pid_t pid)
{
    fd_set set;
    sigset_t none;
    int status = 0;
    sigemptyset(&none);
    while (pid > 0 && waitpid(pid, &status, WNOHANG) != pid) {
        FD_ZERO(&set);
        FD_SET(s->sock, &set);
        if (pselect(s->sock + 1, &set, NULL, NULL, NULL, &none) <= 0)
            continue;
        kill(pid, SIGQUIT);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
        return -1;
    }
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Makes a cluster and serves it. Returns when the server has ended; the step that it came to. */
static char serve(const struct server *s)
{
    char initdb[300], postgres[300], data[96], socket_at[128];
    snprintf(initdb, sizeof initdb, "%s/initdb", s->bin);
    snprintf(postgres, sizeof postgres, "%s/postgres", s->bin);
    snprintf(data, sizeof data, "%s/data", s->folder);
    snprintf(socket_at, sizeof socket_at, "unix_socket_directories=%s", s->folder);
    const char *const make[] = {initdb,      "-D",
                                data,        "-U",
                                "postgres",  "-A",
                                "trust",     "-E",
                                "UTF8",      "--locale=C.UTF-8",
                                "--no-sync", "--wal-segsize=1",
                                NULL};
    const char *const run[] = {postgres,
                               "-D",
                               data,
                               "-c",
                               socket_at,
                               "-c",
                               "listen_addresses=",
                               "-c",
                               "fsync=off",
                               "-c",
                               "full_page_writes=off",
                               "-c",
                               "synchronous_commit=off",
                               "-c",
                               "autovacuum=off",
                               "-c",
                               "shared_buffers=32MB",
                               "-c",
                               "max_connections=20",
                               "-c",
                               "wal_level=minimal",
                               "-c",
                               "max_wal_senders=0",
                               "-c",
                               "max_locks_per_transaction=1024",
                               "-c",
                               "jit=off",
                               "-c",
                               "max_wal_size=256MB",
                               "-c",
                               "max_parallel_workers_per_gather=0",
                               NULL};
    if (wait_child(s, spawn(s, make)) != 0)
        return 'i';
    (void)wait_child(s, spawn(s, run));
    return 's';
}

/* Nothing of snap's stays open in the keeper but its end of the socket. */
static void let_go(const struct server *s)
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
static _Noreturn void keep(struct server *s)
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
        word = serve(s);
        /* the log can be read until snap lets go */
        if (send(s->sock, &word, 1, MSG_NOSIGNAL) == 1)
            while (read(s->sock, &any, 1) > 0)
                continue;
        remove_folder(s->folder);
    }
    _exit(0);
}

/* At the end of the process. */
static void stop(void)
{
    if (server.keeper <= 0 || server.owner != getpid())
        return;
    close(server.sock);
    while (waitpid(server.keeper, NULL, 0) < 0 && errno == EINTR)
        continue;
    server.keeper = 0;
}

static int failed(const char *what, struct err *e)
{
    char log[96], text[400] = "";
    snprintf(log, sizeof log, "%s/log", server.folder);
    int fd = open(log, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    ssize_t n = size <= 0 ? 0
                          : pread(fd, text, sizeof text - 1,
                                  size > (off_t)sizeof text ? size - (off_t)sizeof text + 1 : 0);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < n; i++)
        text[i] = text[i] == '\n' ? ' ' : text[i];
    stop();
    err_set(e, E_CANNOT_VERIFY, "the private scratch server: %s: %s", what, text);
    return err_hint(e, "install the server's package, or --no-verify writes without the proof");
}

/* Who runs it: root may not. */
static int find_account(struct err *e)
{
    if (geteuid() != 0)
        return 0;
    const struct passwd *user = getpwnam("postgres");
    user = user ? user : getpwnam("nobody");
    if (!user)
        return err_set(e, E_CANNOT_VERIFY,
                       "there is no account postgres or nobody to run a server");
    server.uid = user->pw_uid;
    server.gid = user->pw_gid;
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
static int make_folder(struct err *e)
{
    snprintf(server.folder + strlen(server.folder), sizeof server.folder - strlen(server.folder),
             "%ld", (long)server.keeper);
    if (mkdir(server.folder, 0700) ||
        (geteuid() == 0 && chown(server.folder, server.uid, server.gid)))
        return err_set(e, E_CANNOT_VERIFY, "%s: %s", server.folder, strerror(errno));
    return 0;
}

static int start_keeper(struct err *e)
{
    int pair[2];
    snprintf(server.folder, sizeof server.folder, "%s/" PREFIX, find_place());
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return err_set(e, E_CANNOT_VERIFY, "no scratch server: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        server.sock = pair[1];
        keep(&server);
    }
    close(pair[1]);
    server.sock = pair[0];
    if (pid < 0) {
        close(pair[0]);
        return err_set(e, E_CANNOT_VERIFY, "no scratch server: %s", strerror(errno));
    }
    server.owner = getpid();
    server.keeper = pid;
    if (make_folder(e) || send(server.sock, "g", 1, MSG_NOSIGNAL) != 1) {
        stop();
        return -1;
    }
    return 0;
}

static int wait_ready(int64_t deadline_ms, struct err *e)
{
    /* all that PGPORT and the like would say otherwise */
    const char *keys[] = {"host", "port", "user", "dbname", "sslmode", NULL};
    const char *values[] = {server.folder, "5432", "postgres", "postgres", "disable", NULL};
    char socket_file[96], word = 0;
    struct stat st;
    int64_t begin = clock_ms();
    snprintf(socket_file, sizeof socket_file, "%s/.s.PGSQL.5432", server.folder);
    while (clock_ms() < begin + START_MS) {
        struct pollfd p = {server.sock, POLLIN, 0};
        if (stat(socket_file, &st) == 0 && PQpingParams(keys, values, 0) == PQPING_OK)
            return 0;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (deadline_ms && clock_ms() > deadline_ms)
            return err_set(e, E_TIMEOUT,
                           "starting the scratch server took longer than --timeout "
                           "allows");
        if (poll(&p, 1, TRY_MS) > 0) {
            bool told = recv(server.sock, &word, 1, MSG_DONTWAIT) == 1;
            return failed(told && word == 'i' ? "initdb" : "it has ended", e);
        }
    }
    return failed("it does not answer", e);
}

int pg_server_start(int major, int64_t deadline_ms, const char **folder, struct err *e)
{
    static bool at_exit;
    *folder = server.folder;
    if (server.keeper > 0 && server.owner == getpid() && (!major || major == server.major))
        return 0;
    stop();
    server = (struct server){.sock = -1, .major = major};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        sweep(places[i]);
    if (!find_binaries(major, server.bin, sizeof server.bin)) {
        err_set(e, E_CANNOT_VERIFY, "no PostgreSQL server is installed for a scratch database");
        return err_hint(e, "apt install postgresql, or --no-verify writes without the proof");
    }
    if (find_account(e) || start_keeper(e))
        return -1;
    if (!at_exit && atexit(stop) == 0)
        at_exit = true;
    if (wait_ready(deadline_ms, e) == 0)
        return 0;
    stop();
    return -1;
}
