/*
 * Fault injection: snap's main runs once; at each allocation, read, write, fsync or rename it
 * forks, and the call fails in the child, which goes on to its end while the parent waits. After
 * each: the child's exit status must be that of the error, or the normal one with the whole output;
 * it may leave no temporary file; the output file must be whole or as it was; the leak checker must
 * be silent.
 *
 * usage: fault KIND OUTPUT START STRIDE ARGUMENT...   (KIND: alloc, read, write, fsync, rename)
 * From the START-th call on, only every STRIDE-th fails. Works in the current folder.
 */

#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml.h>

int snap_main(int argc, char **argv);

enum kind { K_ALLOC, K_READ, K_WRITE, K_FSYNC, K_RENAME, KINDS };
static const char *const kind_names[KINDS] = {"alloc", "read", "write", "fsync", "rename"};

/* Shared by the processes. */
struct shared {
    long seen, tried, bad;
    long only; /* the one call to fork at; 0: all that START and STRIDE name, -1: none */
    long late; /* the first call after which the parent's temporary file stood there; 0: none */
};
static struct shared *shared;
static enum kind wanted_kind;
static long start, stride;

static int fork_here(void);
static int temps(void);

static int fails(enum kind kind)
{
    if (!shared || kind != wanted_kind || shared->only < 0)
        return 0;
    long n = ++shared->seen;
    if (shared->only)
        return n == shared->only && fork_here();
    if (shared->late || (n > start && n % stride))
        return 0;
    if (temps() > 0) {
        shared->late = n;
        return 0;
    }
    return fork_here();
}

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_malloc(size_t n)
{
    return fails(K_ALLOC) ? NULL : __real_malloc(n);
}

ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n)
{
    errno = EIO;
    return fails(K_READ) ? -1 : __real_read(fd, buf, n);
}

ssize_t __real_write(int fd, const void *buf, size_t n);
ssize_t __wrap_write(int fd, const void *buf, size_t n);
ssize_t __wrap_write(int fd, const void *buf, size_t n)
{
    errno = ENOSPC;
    return fd > 2 && fails(K_WRITE) ? -1 : __real_write(fd, buf, n);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    errno = EIO;
    return fails(K_FSYNC) ? -1 : __real_fsync(fd);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    errno = EACCES;
    return fails(K_RENAME) ? -1 : __real_rename(from, to);
}

/* The libraries' own allocations. */
static sqlite3_mem_methods plain;
static void *lite_malloc(int n)
{
    return fails(K_ALLOC) ? NULL : plain.xMalloc(n);
}
static void *lite_realloc(void *p, int n)
{
    return fails(K_ALLOC) ? NULL : plain.xRealloc(p, n);
}
/* libyaml calls these through its exported names, which the program's own come before. */
void *yaml_malloc(size_t n);
void *yaml_malloc(size_t n)
{
    return fails(K_ALLOC) ? NULL : __real_malloc(n ? n : 1);
}
void *yaml_realloc(void *p, size_t n);
void *yaml_realloc(void *p, size_t n)
{
    return fails(K_ALLOC) ? NULL : realloc(p, n ? n : 1);
}
void yaml_free(void *p);
void yaml_free(void *p)
{
    free(p);
}
yaml_char_t *yaml_strdup(const yaml_char_t *s);
yaml_char_t *yaml_strdup(const yaml_char_t *s)
{
    return !s || fails(K_ALLOC) ? NULL : (yaml_char_t *)strdup((const char *)s);
}

/* Reads of the database go through SQLite's own table of system calls. */
static ssize_t lite_pread(int fd, void *buf, size_t n, off_t at)
{
    errno = EIO;
    return fails(K_READ) ? -1 : pread(fd, buf, n, at);
}

static void hook_libraries(void)
{
    sqlite3_mem_methods mine;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    mine = plain;
    mine.xMalloc = lite_malloc;
    mine.xRealloc = lite_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
    sqlite3_initialize();
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    vfs->xSetSystemCall(vfs, "pread", (sqlite3_syscall_ptr)lite_pread);
    vfs->xSetSystemCall(vfs, "pread64", (sqlite3_syscall_ptr)lite_pread);
}

static int temps(void)
{
    DIR *dir = opendir(".");
    struct dirent *entry;
    int found = 0;
    while (dir && (entry = readdir(dir)))
        found += strstr(entry->d_name, ".snap-") != NULL;
    closedir(dir);
    return found;
}

struct text {
    char *p;
    long n; /* -1: no such file */
};

static struct text slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct text t = {NULL, -1};
    if (!f)
        return t;
    fseek(f, 0, SEEK_END);
    t.n = ftell(f);
    rewind(f);
    t.p = __real_malloc((size_t)t.n + 1);
    if (fread(t.p, 1, (size_t)t.n, f) != (size_t)t.n)
        t.n = -1;
    fclose(f);
    return t;
}

static int exit_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What is normal, from a run without a fault. */
static const char *output;
static struct text whole;
static int normal;

/* What a run may end with, by what was made to fail. */
static int status_fits(int status, int is_whole)
{
    if (status == normal && is_whole)
        return 1; /* it did without */
    return status == 3 || (wanted_kind == K_READ && status == 5);
}

static void judge(int status, int temps_before)
{
    struct text out = slurp(output);
    int is_whole = out.n == whole.n && memcmp(out.p, whole.p, (size_t)whole.n) == 0;
    int left = temps() - temps_before;
    free(out.p);
    if (status_fits(status, is_whole) && (is_whole || out.n < 0) && left <= 0) {
        /* what is said is kept from the first that is wrong */
        if (!shared->bad && ftruncate(STDERR_FILENO, 0) == 0)
            lseek(STDERR_FILENO, 0, SEEK_SET);
        return;
    }
    fprintf(stderr, "%s %ld: exit %d, output %s%s\n", kind_names[wanted_kind], shared->seen, status,
            is_whole    ? "whole"
            : out.n < 0 ? "not there"
                        : "in part",
            left > 0 ? ", a temporary file" : "");
    shared->bad++;
}

/* 1 in the child, whose call fails; 0 in the parent, once the child was judged. */
static int fork_here(void)
{
    int before = temps(), status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        shared = NULL; /* one fault is enough */
        return 1;
    }
    waitpid(pid, &status, 0);
    shared->tried++;
    judge(exit_of(status), before);
    if (shared->bad > 5)
        _exit(97);
    return 0;
}

static int run_main(int argc, char **argv, long only)
{
    fflush(NULL);
    unlink(output);
    shared->only = only;
    shared->seen = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("child.out", "w", stdout) || !freopen("child.err", "w", stderr))
            _exit(98);
        exit(snap_main(argc, argv));
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return exit_of(status);
}

/* A child that fails takes the parent's temporary file along, after which the parent's run is no
 * longer the normal one: from there on, each call gets a run of its own. */
static void run_faults(int argc, char **argv)
{
    long at = 1;
    if (wanted_kind == K_ALLOC) {
        run_main(argc, argv, 0);
        at = shared->late;
    }
    for (long first = at; at && (at == first || shared->seen >= at - 1); at++)
        run_main(argc, argv, at);
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    output = argv[2];
    start = strtol(argv[3], NULL, 10);
    stride = strtol(argv[4], NULL, 10);
    char **args = argv + 4;
    args[0] = (char *)"snap";
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared->only = -1;
    for (int k = 0; k < KINDS; k++)
        if (strcmp(argv[1], kind_names[k]) == 0)
            wanted_kind = (enum kind)k;
    hook_libraries();
    normal = run_main(argc - 4, args, -1);
    whole = slurp(output);
    if (normal <= 1 && whole.p)
        run_faults(argc - 4, args);
    struct text said = slurp("child.err");
    if (normal > 1 || !whole.p || shared->bad)
        printf("ended with %d without a fault; said:\n%.*s\n", normal,
               (int)(said.n > 6000 ? 6000 : said.n), said.n > 0 ? said.p : "");
    free(said.p);
    free(whole.p);
    printf("fault: %s %s: %ld failed one by one of %ld, %ld wrong\n", argv[1], args[1],
           shared->tried, shared->seen, shared->bad);
    return shared->bad || !shared->tried;
}
