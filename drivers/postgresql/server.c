/*
 * The private server on which scratch databases are made: PostgreSQL's binaries, a Unix socket
 * only, no durability. Folder and processes are the keeper's.
 */

#include "drivers/postgresql/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/postgresql/conn.h"
#include "drivers/sql/keeper.h"

enum { NEWEST = 40, OLDEST = 12 };

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
    char program[300], words[128];
    snprintf(program, sizeof program, "%s/postgres", bin);
    keeper_version(program, words, sizeof words);
    const char *at = strstr(words, ") ");
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

/* Makes a cluster and serves it. Returns when the server has ended; the step that it came to. */
static char serve(const struct keeper *s)
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
    if (keeper_run(s, make) != 0)
        return 'i';
    (void)keeper_run(s, run);
    return 's';
}

static bool answers(const struct keeper *k)
{
    /* all that PGPORT and the like would say otherwise */
    const char *keys[] = {"host", "port", "user", "dbname", "sslmode", NULL};
    const char *values[] = {k->folder, "5432", "postgres", "postgres", "disable", NULL};
    char socket_file[96];
    struct stat st;
    snprintf(socket_file, sizeof socket_file, "%s/.s.PGSQL.5432", k->folder);
    return stat(socket_file, &st) == 0 && PQpingParams(keys, values, 0) == PQPING_OK;
}

static const char *const accounts[] = {"postgres", "nobody", NULL};
static const struct keeper_kind kind = {
    .prefix = "snap_scratch_pg_",
    .accounts = accounts,
    .end = SIGQUIT,
    .hint = "install the server's package, or --no-verify writes without the proof",
    .serve = serve,
    .making = 'i',
    .maker = "initdb",
    .ready = answers,
};

/* The one server of this process. */
static struct keeper server = {.kind = &kind};

int pg_server_start(int major, int64_t deadline_ms, const char **folder, struct err *e)
{
    static int asked; /* the version that it was started for */
    *folder = server.folder;
    if (keeper_serves(&server) && (!major || major == asked))
        return 0;
    keeper_stop(&server);
    asked = major;
    if (!find_binaries(major, server.bin, sizeof server.bin)) {
        err_set(e, E_CANNOT_VERIFY, "no PostgreSQL server is installed for a scratch database");
        return err_hint(e, "apt install postgresql, or --no-verify writes without the proof");
    }
    return keeper_start(&server, deadline_ms, e);
}
