/*
 * The private server on which scratch databases are made: installed binaries of MySQL or MariaDB, a
 * Unix socket only, no durability. Folder and processes are the keeper's.
 */

#include "drivers/mysql/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/mysql/live.h"
#include "drivers/sql/keeper.h"

/* A flavour and its release: MariaDB 10.11, MySQL 9.7. Neither: none. */
struct flavour {
    bool mariadb, mysql;
    unsigned major, minor;
};

static struct flavour of_number(bool mariadb, const char *at)
{
    struct flavour f = {.mariadb = mariadb, .mysql = !mariadb};
    char *end;
    f.major = (unsigned)strtoul(at, &end, 10);
    f.minor = *end == '.' ? (unsigned)strtoul(end + 1, NULL, 10) : 0;
    return f;
}

/* "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for ...", "mysqld  Ver 9.7.4 for Linux ..." */
static struct flavour of_program(const char *program)
{
    char words[256];
    keeper_version(program, words, sizeof words);
    const char *at = strstr(words, "Ver ");
    return at ? of_number(strstr(words, "MariaDB") != NULL, at + 4) : (struct flavour){0};
}

/* "MariaDB 10.11.19", "MySQL 9.7.4" */
static struct flavour of_source(struct arena *mem, struct str version)
{
    size_t space = str_chr(version, ' ');
    if (space >= version.n)
        return (struct flavour){0};
    return of_number(str_starts(version, STR("MariaDB")),
                     arena_cstr(mem, str_from(version, space + 1)));
}

/* How well a server fits: 0 not at all, 1 the flavour does, 2 the release too. */
static int fit(struct flavour want, struct flavour got)
{
    if (!got.mariadb && !got.mysql)
        return 0;
    if (!want.mariadb && !want.mysql)
        return 2;
    if (want.mariadb != got.mariadb)
        return 0;
    return want.major == got.major && want.minor == got.minor ? 2 : 1;
}

struct found {
    char program[256];
    struct flavour is;
    int fit;
};

/* The better one of a folder's programs and what was found before. */
static void look_in(struct str folder, struct flavour want, struct found *best)
{
    static const char *const names[] = {"mariadbd", "mysqld"};
    char program[256];
    for (size_t i = 0; i < sizeof names / sizeof *names && best->fit < 2; i++) {
        int n = snprintf(program, sizeof program, "%.*s/%s", STR_ARG(folder), names[i]);
        if (n < 0 || (size_t)n >= sizeof program || program[0] != '/' || access(program, X_OK))
            continue;
        struct flavour is = of_program(program);
        int fits = fit(want, is);
        if (fits <= best->fit)
            continue;
        best->fit = fits;
        best->is = is;
        memcpy(best->program, program, sizeof program);
    }
}

static void look_through(struct str folders, struct flavour want, struct found *best)
{
    struct str one;
    while (str_cut(&folders, ':', &one))
        if (one.n)
            look_in(one, want, best);
}

/* In the folders that SNAP_MYSQL_BIN names, separated by colons, else where servers are installed.
 */
static struct found find_program(struct flavour want)
{
    const char *named = getenv("SNAP_MYSQL_BIN"), *path = getenv("PATH");
    struct found best = {.fit = 0};
    if (named && *named) {
        look_through(str_c(named), want, &best);
        return best;
    }
    look_through(STR("/usr/sbin:/usr/libexec:/usr/local/mysql/bin:/usr/local/mariadb/bin"), want,
                 &best);
    if (best.fit < 2)
        look_through(str_c(path ? path : ""), want, &best);
    return best;
}

static char serve_mariadb(const struct keeper *k);
static char serve_mysql(const struct keeper *k);
static bool answers(const struct keeper *k);

static const char *const accounts[] = {"mysql", "nobody", NULL};
static const struct keeper_kind mariadb_kind = {
    .prefix = "snap_scratch_my_",
    .accounts = accounts,
    .end = SIGKILL,
    .hint = "apt install mariadb-server, or --no-verify writes without the proof",
    .serve = serve_mariadb,
    .making = 'i',
    .maker = "mariadb-install-db",
    .ready = answers,
};
static const struct keeper_kind mysql_kind = {
    .prefix = "snap_scratch_my_",
    .accounts = accounts,
    .end = SIGKILL,
    .hint = "install the server's package, or --no-verify writes without the proof",
    .serve = serve_mysql,
    .making = 'i',
    .maker = "mysqld --initialize",
    .ready = answers,
};

/* The one server of this process. */
static struct keeper server;
static struct flavour running;
static bool folding; /* names of tables, to lower case */
static char socket_path[96];

/* Options of both servers, of one that makes its data too. */
#define QUICK                                                                                      \
    "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF",                              \
        "--innodb-buffer-pool-size=64M", "--innodb-flush-method=nosync", "--skip-log-bin"
/* Of MySQL: nobody comes to it by TLS, and keys and a large log take a third of the start. */
#define KEYLESS                                                                                    \
    "--loose-auto-generate-certs=OFF", "--loose-caching-sha2-password-auto-generate-rsa-keys=OFF", \
        "--loose-sha256-password-auto-generate-rsa-keys=OFF",                                      \
        "--loose-innodb-redo-log-capacity=32M"
#define PRIVATE                                                                                    \
    "--skip-networking", "--local-infile=OFF", "--max-connections=20", "--event-scheduler=OFF",    \
        "--character-set-server=utf8mb4", "--performance-schema=OFF"

/* Beside the server, or where the system has its programs. */
static void installer(const struct keeper *k, char *out, size_t n)
{
    const char *slash = strrchr(k->bin, '/');
    int folder = (int)(slash - k->bin);
    static const char *const names[] = {"mariadb-install-db", "mysql_install_db"};
    static const char *const places[] = {"", "/../bin", "/../scripts"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            snprintf(out, n, "%.*s%s/%s", folder, k->bin, places[p], names[i]);
            if (access(out, X_OK) == 0)
                return;
        }
}

/* MySQL must have it when the data are made, too. */
static const char *folding_option(void)
{
    return folding ? "--lower-case-table-names=1" : NULL;
}

static char serve_mariadb(const struct keeper *k)
{
    char install[400], data[96], at[128], pid[96], tmp[96];
    installer(k, install, sizeof install);
    snprintf(data, sizeof data, "--datadir=%s/data", k->folder);
    snprintf(at, sizeof at, "--socket=%s/s", k->folder);
    snprintf(pid, sizeof pid, "--pid-file=%s/pid", k->folder);
    snprintf(tmp, sizeof tmp, "--tmpdir=%s", k->folder);
    const char *const make[] = {install,
                                "--no-defaults",
                                data,
                                tmp,
                                "--auth-root-authentication-method=normal",
                                "--skip-test-db",
                                "--skip-name-resolve",
                                "--innodb-flush-log-at-trx-commit=0",
                                "--innodb-doublewrite=OFF",
                                "--innodb-log-file-size=8M",
                                NULL};
    const char *const run[] = {k->bin,
                               "--no-defaults",
                               data,
                               at,
                               pid,
                               tmp,
                               QUICK,
                               PRIVATE,
                               "--innodb-log-file-size=32M",
                               folding_option(),
                               NULL};
    if (keeper_run(k, make) != 0)
        return 'i';
    (void)keeper_run(k, run);
    return 's';
}

static char serve_mysql(const struct keeper *k)
{
    char data[96], at[128], pid[96], tmp[96];
    snprintf(data, sizeof data, "--datadir=%s/data", k->folder);
    snprintf(at, sizeof at, "--socket=%s/s", k->folder);
    snprintf(pid, sizeof pid, "--pid-file=%s/pid", k->folder);
    snprintf(tmp, sizeof tmp, "--tmpdir=%s", k->folder);
    const char *const make[] = {k->bin, "--no-defaults", "--initialize-insecure", data, tmp,
                                QUICK,  KEYLESS,         folding_option(),        NULL};
    const char *const run[] = {k->bin,
                               "--no-defaults",
                               data,
                               at,
                               pid,
                               tmp,
                               QUICK,
                               PRIVATE,
                               KEYLESS,
                               "--secure-file-priv=NULL",
                               "--loose-mysqlx=OFF",
                               folding_option(),
                               NULL};
    if (keeper_run(k, make) != 0)
        return 'i';
    (void)keeper_run(k, run);
    return 's';
}

static bool answers(const struct keeper *k)
{
    char at[96];
    snprintf(at, sizeof at, "%s/s", k->folder);
    MYSQL *db = access(at, F_OK) == 0 ? mysql_init(NULL) : NULL;
    bool yes = db && mysql_real_connect(db, NULL, "root", NULL, NULL, 0, at, 0);
    if (db)
        mysql_close(db);
    return yes;
}

int my_server_start(struct str version, bool folds, int64_t deadline_ms, const char **path,
                    struct err *e)
{
    struct arena *mem = arena_new(0);
    struct flavour want = of_source(mem, version);
    arena_free(mem);
    *path = socket_path;
    if (keeper_serves(&server) && fit(want, running) && folds == folding)
        return 0;
    keeper_stop(&server);
    struct found found = find_program(want);
    if (!found.fit) {
        bool named = want.mysql || want.mariadb;
        err_set(e, E_CANNOT_VERIFY, "no server of %s is installed for a scratch database",
                named ? want.mariadb ? "MariaDB" : "MySQL" : "MySQL or MariaDB");
        return err_hint(e, "SNAP_MYSQL_BIN names folders of server programs, scratch: URL in "
                           "snap.yml a server; --no-verify writes without the proof");
    }
    server.kind = found.is.mariadb ? &mariadb_kind : &mysql_kind;
    memcpy(server.bin, found.program, sizeof server.bin);
    folding = folds;
    if (keeper_start(&server, deadline_ms, e))
        return -1;
    running = found.is;
    snprintf(socket_path, sizeof socket_path, "%s/s", server.folder);
    return 0;
}
