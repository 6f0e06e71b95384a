/*
 * A private throwaway server from the installed binaries: a folder of its own, a Unix socket only,
 * no durability. It runs as a child, which the kernel ends when snap ends, however that happens;
 * folders whose snap is gone are swept by the next one.
 */

#define _GNU_SOURCE

#include "drivers/postgresql/conn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/interrupt.h"

#define FOLDER "/tmp/snap_scratch_pg_"

enum { START_TRIES = 600, TRY_MS = 50 };

struct pg_server {
    char folder[64];
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

/* The newest installed server, or the one that SNAP_POSTGRESQL_BIN names. */
static bool find_binaries(char *out, size_t n)
{
    const char *named = getenv("SNAP_POSTGRESQL_BIN");
    DIR *dir;
    struct dirent *entry;
    long best = 0;
    if (named && *named) {
        snprintf(out, n, "%s", named);
        return true;
    }
    dir = opendir("/usr/lib/postgresql");
    while (dir && (entry = readdir(dir))) {
        long major = strtol(entry->d_name, NULL, 10);
        char path[128];
        snprintf(path, sizeof path, "/usr/lib/postgresql/%ld/bin/initdb", major);
        if (major > best && access(path, X_OK) == 0)
            best = major;
    }
    if (dir)
        closedir(dir);
    snprintf(out, n, "/usr/lib/postgresql/%ld/bin", best);
    return best > 0;
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

/* Folders of a snap that is no more. The server in them has ended with it. */
static void sweep(void)
{
    DIR *dir = opendir("/tmp");
    struct dirent *entry;
    const char *prefix = FOLDER + strlen("/tmp/");
    while (dir && (entry = readdir(dir))) {
        char path[300];
        struct stat st;
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        long pid = strtol(entry->d_name + strlen(prefix), NULL, 10);
        snprintf(path, sizeof path, "/tmp/%s", entry->d_name);
        bool ours = lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
                    (st.st_uid == geteuid() || geteuid() == 0);
        if (pid > 1 && ours && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            remove_folder(path);
    }
    if (dir)
        closedir(dir);
}

/* In the child: without root's rights, with its words in the log of the folder. */
static void become(const struct pg_server *s)
{
    char log[96];
    snprintf(log, sizeof log, "%s/log", s->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int null = open("/dev/null", O_RDONLY);
    setsid();
    if (null < 0 || fd < 0 || dup2(null, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        _exit(126);
    if (geteuid() == 0 && (fchown(fd, s->uid, s->gid) || setgid(s->gid) || setuid(s->uid)))
        _exit(126);
    if (chdir(s->folder))
        _exit(126);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

static pid_t spawn(const struct pg_server *s, const char *const *argv)
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

static int run(const struct pg_server *s, const char *const *argv)
{
    int status = 0;
    pid_t pid = spawn(s, argv);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int failed(const struct pg_server *s, const char *what, struct err *e)
{
    char log[96], text[400] = "";
    snprintf(log, sizeof log, "%s/log", s->folder);
    int fd = open(log, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < n; i++)
        text[i] = text[i] == '\n' ? ' ' : text[i];
    err_set(e, E_CANNOT_VERIFY, "the private scratch server: %s: %s", what, text);
    return err_hint(e, "install the server's package, or configure scratch: in snap.yml");
}

static int make_folder(struct pg_server *s, struct err *e)
{
    snprintf(s->folder, sizeof s->folder, FOLDER "%ld_XXXXXX", (long)getpid());
    if (!mkdtemp(s->folder))
        return err_set(e, E_CANNOT_VERIFY, "%s: %s", s->folder, strerror(errno));
    if (geteuid() != 0)
        return 0;
    const struct passwd *user = getpwnam("postgres");
    user = user ? user : getpwnam("nobody");
    if (!user)
        return err_set(e, E_CANNOT_VERIFY,
                       "there is no account postgres or nobody to run a server");
    s->uid = user->pw_uid;
    s->gid = user->pw_gid;
    return chown(s->folder, s->uid, s->gid)
               ? err_set(e, E_CANNOT_VERIFY, "%s: %s", s->folder, strerror(errno))
               : 0;
}

static int wait_ready(struct pg_server *s, struct err *e)
{
    const char *keys[] = {"host", "user", "dbname", NULL};
    const char *values[] = {s->folder, "postgres", "postgres", NULL};
    for (int i = 0; i < START_TRIES; i++) {
        int status;
        struct timespec pause = {0, TRY_MS * 1000000L};
        if (PQpingParams(keys, values, 0) == PQPING_OK)
            return 0;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
            s->pid = 0;
            return failed(s, "it has ended", e);
        }
        nanosleep(&pause, NULL);
    }
    return failed(s, "it does not answer", e);
}

static int start(struct pg_server *s, const char *bin, struct err *e)
{
    char initdb[160], postgres[160], data[96], socket[128];
    snprintf(initdb, sizeof initdb, "%s/initdb", bin);
    snprintf(postgres, sizeof postgres, "%s/postgres", bin);
    snprintf(data, sizeof data, "%s/data", s->folder);
    snprintf(socket, sizeof socket, "unix_socket_directories=%s", s->folder);
    const char *const make[] = {initdb,      "-D",
                                data,        "-U",
                                "postgres",  "-A",
                                "trust",     "-E",
                                "UTF8",      "--locale=C.UTF-8",
                                "--no-sync", "--no-instructions",
                                NULL};
    const char *const serve[] = {postgres,
                                 "-D",
                                 data,
                                 "-c",
                                 socket,
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
                                 NULL};
    if (run(s, make) != 0)
        return failed(s, "initdb", e);
    s->pid = spawn(s, serve);
    return s->pid > 0 ? wait_ready(s, e) : failed(s, "fork", e);
}

int pg_server_start(struct arena *mem, struct pg_server **out, struct err *e)
{
    char bin[128];
    struct pg_server *s = NEW(mem, struct pg_server);
    *s = (struct pg_server){.pid = 0};
    *out = s;
    sweep();
    if (!find_binaries(bin, sizeof bin)) {
        err_set(e, E_CANNOT_VERIFY, "no PostgreSQL server is installed for a scratch database");
        return err_hint(e, "apt install postgresql, or --no-verify writes without the proof");
    }
    return make_folder(s, e) || start(s, bin, e) ? -1 : 0;
}

const char *pg_server_socket(const struct pg_server *server)
{
    return server->folder;
}

void pg_server_stop(struct pg_server *server)
{
    if (!server)
        return;
    if (server->pid > 0) {
        kill(server->pid, SIGQUIT);
        while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    server->pid = 0;
    if (server->folder[0])
        remove_folder(server->folder);
    server->folder[0] = '\0';
}
