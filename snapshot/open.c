/* Opening a source: as a stream of facts, whatever it is. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/interrupt.h"
#include "snapshot/liquibase.h"

enum { MAX_SCRIPT = 256 << 20, GIT_TIMEOUT_MS = 60000 };

static int finish_catalog(struct catalog *cat, const struct source_options *opt, struct err *e)
{
    if (cat_finish(cat, e))
        return -1;
    if (opt->filter->nmaps && (filter_map(opt->filter, cat, e) || cat_finish(cat, e)))
        return -1;
    filter_apply(opt->filter, cat);
    return filter_map_check(opt->filter, cat, e) ? -1 : cat_finish(cat, e);
}

static void as_opened(struct catalog *cat, struct arena *mem, struct opened *out)
{
    out->catalog = cat;
    out->stream = NEW(mem, struct stream);
    *out->stream = stream_of_catalog(cat, mem);
}

/* A filter on what is opened already: count and fingerprint of the stream are those of what is
 * left. */
static int cut_catalog(struct opened *o, const struct filter *f, struct arena *mem, struct err *e)
{
    if (f->nmaps && cat_finish(o->catalog, e))
        return -1;
    filter_apply(f, o->catalog);
    if (filter_map_check(f, o->catalog, e) || cat_finish(o->catalog, e))
        return -1;
    *o->stream = stream_of_catalog(o->catalog, mem);
    return 0;
}

static int need_live(const struct source_spec *spec, struct err *e)
{
    if (spec->eng->live)
        return 0;
    return err_set(e, E_NO_CLIENT, "%.*s: this build has no client library for %s",
                   STR_ARG(spec->label), spec->eng->title);
}

/* A fact that the role may not see whole says so in its src, and what would help. What counts must
 * be known: it may differ where nothing shows. */
static int check_hidden(const struct catalog *cat, struct arena *mem, struct err *e)
{
    uint32_t n = 0, first = 0;
    for (uint32_t i = cat->n; i > 0; i--)
        if (!(cat->v[i - 1].flags & OBJ_IGNORED) &&
            !str_is_null(obj_src(mem, &cat->v[i - 1], "hidden"))) {
            n++;
            first = i - 1;
        }
    if (!n)
        return 0;
    const struct obj *o = &cat->v[first];
    struct strbuf name = sb_new(mem, 0);
    path_human(&name, o->path);
    err_set(e, E_HIDDEN, "%.*s: the role may not see %.*s%s, %.*s", STR_ARG(cat->label),
            STR_ARG(sb_view(&name)), n > 1 ? " and others" : "",
            STR_ARG(obj_src(mem, o, "hidden")));
    return err_hint(e, "snap env grants prints the whole; --exclude '%.*s:*' leaves it out",
                    STR_ARG(path_kind(o->path)));
}

static int open_session(const struct source_spec *spec, const struct source_options *opt,
                        struct arena *mem, struct session **out, struct err *e)
{
    struct source live = spec->live;
    live.timeout_ms = opt->timeout_ms;
    return spec->eng->live->open(&live, mem, out, e);
}

int source_ahead(const struct source_spec *spec, const struct source_options *opt,
                 struct arena *mem, struct session **out, struct err *e)
{
    struct scope scope = {.facets = opt->facets, .data = opt->filter->data};
    *out = NULL;
    if (spec->kind != SRC_LIVE || !spec->eng->live || !spec->eng->live->ahead)
        return 0;
    if (open_session(spec, opt, mem, out, e) == 0 && spec->eng->live->ahead(*out, &scope, e) == 0)
        return 0;
    spec->eng->live->close(*out);
    *out = NULL;
    return -1;
}

static int open_live(const struct source_spec *spec, const struct source_options *opt,
                     struct arena *mem, struct opened *out, struct err *e)
{
    struct session *s = opt->ahead;
    struct scope scope = {.facets = opt->facets, .data = opt->filter->data};
    struct catalog *cat = cat_new(mem, spec->eng, opt->facets, spec->label);
    if (need_live(spec, e))
        return -1;
    int rc = s ? 0 : open_session(spec, opt, mem, &s, e);
    if (!rc)
        rc = spec->eng->live->introspect(s, &scope, cat, e);
    spec->eng->live->close(s);
    if (!rc)
        rc = finish_catalog(cat, opt, e);
    if (!rc)
        rc = check_hidden(cat, mem, e);
    if (!rc)
        as_opened(cat, mem, out);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum { MAX_FOLDERS = 16 };

struct scripts {
    char **v;
    uint32_t n, cap;
    struct str ext;
};

/* The scripts of a folder, by their ending, and of those in it, hidden ones left out. */
static int find_scripts(const char *folder, int depth, struct arena *mem, struct scripts *list,
                        struct err *e)
{
    DIR *dir = depth < MAX_FOLDERS ? opendir(folder) : NULL;
    struct dirent *entry;
    int rc = 0;
    if (depth == MAX_FOLDERS)
        errno = ELOOP;
    if (!dir)
        return err_set(e, E_CANNOT_OPEN, "%s: %s", folder, strerror(errno));
    while (!rc && (entry = readdir(dir))) {
        struct stat st;
        char *path = arena_cstr(mem, arena_printf(mem, "%s/%s", folder, entry->d_name));
        if (entry->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            rc = find_scripts(path, depth + 1, mem, list, e);
        else if (str_ends(str_c(path), list->ext))
            VEC_PUSH(mem, *list, path);
    }
    closedir(dir);
    return rc;
}

/* In the order of the paths' bytes. */
static int list_scripts(const char *folder, const struct engine *eng, struct arena *mem,
                        char ***names, uint32_t *n, struct err *e)
{
    struct scripts list = {.ext = str_c(engine_script_ext(eng))};
    if (find_scripts(folder, 0, mem, &list, e))
        return -1;
    if (!list.n)
        return err_set(e, E_NO_SUCH_FILE, "%s holds no %.*s file", folder, STR_ARG(list.ext));
    qsort(list.v, list.n, sizeof *list.v, by_name);
    *names = list.v;
    *n = list.n;
    return 0;
}

static int run_scripts(const struct source_spec *spec, struct session *s, struct arena *mem,
                       struct err *e)
{
    char *one = arena_cstr(mem, spec->live.place), **names = &one;
    uint32_t n = 1;
    struct stat st;
    if (stat(one, &st) == 0 && S_ISDIR(st.st_mode) &&
        list_scripts(one, spec->eng, mem, &names, &n, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        struct str text;
        if (file_read(names[i], MAX_SCRIPT, mem, &text, e) ||
            spec->eng->live->script(s, text, str_c(names[i]), e))
            return -1;
    }
    return 0;
}

static int open_script(const struct source_spec *spec, const struct source_options *opt,
                       struct arena *mem, struct opened *out, struct err *e)
{
    struct session *s = NULL;
    struct scratch_want want = {
        .timeout_ms = opt->timeout_ms, .place = opt->place, .like = opt->like};
    struct scope scope = {.facets = opt->facets, .data = opt->filter->data};
    struct catalog *cat;
    if (need_live(spec, e))
        return -1;
    cat = cat_new(mem, spec->eng, opt->facets, spec->label);
    int rc = spec->eng->live->scratch(&want, mem, &s, e);
    if (!rc)
        rc = run_scripts(spec, s, mem, e);
    if (!rc)
        rc = spec->eng->live->introspect(s, &scope, cat, e);
    spec->eng->live->close(s);
    if (!rc)
        rc = finish_catalog(cat, opt, e);
    if (!rc)
        as_opened(cat, mem, out);
    return rc;
}

static int unlinked_file(struct err *e)
{
    const char *dir = getenv("TMPDIR");
    char name[4096];
    if (snprintf(name, sizeof name, "%s/snap-git-XXXXXX", dir && *dir ? dir : "/tmp") >=
        (int)sizeof name)
        return err_set(e, E_CANNOT_OPEN, "TMPDIR is too long");
    int fd = mkstemp(name);
    if (fd < 0)
        return err_set(e, E_CANNOT_OPEN, "%s: %s", name, strerror(errno));
    unlink(name);
    return fd;
}

/* A file holds the rows of the tables that it was made with, and no others. */
static int check_data(const struct opened *o, const struct data_want *want, struct err *e)
{
    for (uint32_t i = 0; i < want->n; i++) {
        bool held = false;
        for (uint32_t k = 0; k < o->scope.data.n && !held; k++)
            held = str_eq(o->scope.data.names[k], want->names[i]);
        if (held)
            continue;
        err_set(e, E_FACET_MISSING, "%.*s does not hold the rows of %.*s",
                STR_ARG(o->stream->label), STR_ARG(want->names[i]));
        return err_hint(e, "make it again with --data %.*s", STR_ARG(want->names[i]));
    }
    return 0;
}

static int open_liquibase(const struct source_spec *spec, int fd, const struct source_options *opt,
                          struct arena *mem, struct opened *out, struct err *e)
{
    struct arena *tmp = arena_new(0); /* the file as it stands; the facts are copies */
    struct lb_snapshot *in;
    struct catalog *cat;
    struct str label = arena_str(mem, spec->label);
    int rc = liquibase_read(fd, label, tmp, &in, e);
    if (!rc)
        rc = liquibase_catalog(in, opt->engines, spec->offline, opt->facets, mem, &cat, e);
    if (!rc && !cat->facets)
        cat->facets = cat->eng->facets;
    arena_free(tmp);
    if (fd > STDERR_FILENO)
        close(fd);
    if (!rc)
        rc = finish_catalog(cat, opt, e);
    if (!rc)
        as_opened(cat, mem, out);
    if (!rc)
        rc = check_data(out, &opt->filter->data, e);
    return rc;
}

static bool holds_liquibase(int fd)
{
    char bytes[LIQUIBASE_HEAD];
    ssize_t n = pread(fd, bytes, sizeof bytes, lseek(fd, 0, SEEK_CUR));
    struct str head = {bytes, n > 0 ? (size_t)n : 0};
    return !snapshot_is(head) && liquibase_is(head);
}

/* What comes through a pipe is looked at before it is read, so it is kept in a file meanwhile. */
static int keep_pipe(int *fd, struct err *e)
{
    char buf[16384];
    ssize_t n = 0;
    if (lseek(*fd, 0, SEEK_CUR) >= 0)
        return 0;
    int kept = unlinked_file(e);
    if (kept < 0)
        return -1;
    while ((n = read(*fd, buf, sizeof buf)) != 0 && !interrupt_seen()) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || write(kept, buf, (size_t)n) != n)
            break;
    }
    int why = errno;
    if (*fd > STDERR_FILENO)
        close(*fd);
    *fd = kept;
    if (!n && lseek(kept, 0, SEEK_SET) == 0)
        return 0;
    close(kept);
    return interrupt_seen() ? err_set(e, E_INTERRUPTED, "interrupted")
                            : err_set(e, E_CANNOT_OPEN, "a pipe: %s", strerror(why));
}

/* A Liquibase snapshot that snap wrote holds one of ours, whole: that is read in its place. */
static int unpack_own(const struct source_spec *spec, int *fd, const struct source_options *opt,
                      struct err *e)
{
    char bytes[LIQUIBASE_HEAD];
    ssize_t n = pread(*fd, bytes, sizeof bytes, lseek(*fd, 0, SEEK_CUR));
    struct str text, own;
    if (!liquibase_own_is((struct str){bytes, n > 0 ? (size_t)n : 0}))
        return 0;
    struct arena *tmp = arena_new(0);
    int kept = -1, rc = fd_read(*fd, SNAPSHOT_MAX_OWN, spec->label, tmp, &text, e);
    if (!rc)
        rc = liquibase_own_text(text, spec->label, opt->engines, tmp, &own, e);
    if (!rc && (kept = unlinked_file(e)) < 0)
        rc = -1;
    for (size_t done = 0; !rc && done<own.n; done += n> 0 ? (size_t)n : 0)
        if ((n = write(kept, own.p + done, own.n - done)) < 0 && errno != EINTR)
            rc = err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(spec->label), strerror(errno));
    arena_free(tmp);
    if (rc && kept >= 0)
        close(kept);
    if (rc)
        return -1;
    if (*fd > STDERR_FILENO)
        close(*fd);
    *fd = kept;
    return lseek(kept, 0, SEEK_SET) == 0 ? 0 : err_set(e, E_CANNOT_OPEN, "%s", strerror(errno));
}

/* Rows that nobody asked for are not there. */
static void drop_data(struct catalog *cat, const struct data_want *want)
{
    struct arena *mem = arena_new(0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct arena_mark mark = arena_mark(mem);
        struct str table;
        if (!data_is_row(cat->eng, cat->v[i].path, &table) ||
            data_wants(want, cat->eng, table, mem))
            cat->v[n++] = cat->v[i];
        arena_release(mem, mark);
    }
    cat->n = n;
    if (!want->n)
        cat->captured &= ~(unsigned)F_DATA;
    arena_free(mem);
}

static int open_reader(const struct source_spec *spec, int fd, const struct source_options *opt,
                       struct arena *mem, struct opened *out, struct err *e)
{
    if (keep_pipe(&fd, e) || unpack_own(spec, &fd, opt, e))
        return -1;
    if (holds_liquibase(fd))
        return open_liquibase(spec, fd, opt, mem, out, e);
    struct filter scope;
    if (reader_open(fd, spec->label, opt->engines, opt->facets, mem, &out->reader, e))
        return -1;
    out->stream = reader_stream(out->reader);
    if (spec->eng && spec->eng != out->stream->eng)
        return err_set(e, E_ENGINE_MISMATCH, "%.*s holds a schema of %s", STR_ARG(spec->label),
                       out->stream->eng->title);
    if (filter_from_scope(reader_scope(out->reader), mem, &scope, e))
        return -1;
    out->partial = filter_cuts_objects(&scope, out->stream->eng);
    out->scope = scope;
    bool cut = opt->filter->ninclude || opt->filter->nexclude || opt->filter->nmaps;
    bool rows = opt->facets && (scope.data.n || opt->filter->data.n);
    if (!cut && !rows)
        return 0;
    if ((rows && check_data(out, &opt->filter->data, e)) || source_catalog(out, mem, e) ||
        filter_map(opt->filter, out->catalog, e))
        return -1;
    filter_map_scope(opt->filter, &out->scope, mem);
    if (rows)
        drop_data(out->catalog, &opt->filter->data);
    if (cut)
        return cut_catalog(out, opt->filter, mem, e);
    if (cat_finish(out->catalog, e))
        return -1;
    *out->stream = stream_of_catalog(out->catalog, mem);
    return 0;
}

/* The child's side of git cat-file: only async-signal-safe calls after fork. */
static _Noreturn void exec_git(const char *folder, char *object, int out, int err)
{
    char git[] = "git", command[] = "cat-file", type[] = "blob";
    char *argv[] = {git, command, type, object, NULL};
    if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0 || chdir(folder) < 0)
        _exit(126);
    execvp(argv[0], argv);
    _exit(127);
}

/* Waits for the child, but not for ever: git may fetch, and so hang. */
static int wait_child(pid_t pid, int *status, const struct source_spec *spec, unsigned timeout_ms,
                      struct err *e)
{
    static const struct timespec nap = {0, 2000000};
    int64_t deadline = clock_ms() + (timeout_ms ? timeout_ms : GIT_TIMEOUT_MS);
    while (waitpid(pid, status, WNOHANG) == 0) {
        bool late = clock_ms() > deadline;
        if (!late && !interrupt_seen()) {
            nanosleep(&nap, NULL);
            continue;
        }
        kill(pid, SIGKILL);
        while (waitpid(pid, status, 0) < 0 && errno == EINTR)
            ;
        return late ? err_set(e, E_TIMEOUT, "%.*s: git took too long", STR_ARG(spec->label))
                    : err_set(e, E_INTERRUPTED, "interrupted");
    }
    return 0;
}

static int wait_git(pid_t pid, int err_fd, const struct source_spec *spec, unsigned timeout_ms,
                    struct err *e)
{
    int status = 0;
    char why[400];
    if (wait_child(pid, &status, spec, timeout_ms, e))
        return -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return err_set(e, E_GIT, "%.*s: git is not installed", STR_ARG(spec->label));
    ssize_t n = pread(err_fd, why, sizeof why, 0);
    struct str text = str_trim((struct str){why, n > 0 ? (size_t)n : 0});
    err_set(e, E_GIT, "%.*s: %.*s", STR_ARG(spec->label), STR_ARG(text));
    return !spec->folder.n
               ? -1
               : err_hint(e, "git was run in %.*s, the folder of snap.yml", STR_ARG(spec->folder));
}

static int open_git(const struct source_spec *spec, const struct source_options *opt,
                    struct arena *mem, struct opened *out, struct err *e)
{
    char *object =
        arena_cstr(mem, arena_printf(mem, "%.*s:%.*s", STR_ARG(spec->rev), STR_ARG(spec->path)));
    const char *folder = spec->folder.n ? arena_cstr(mem, spec->folder) : ".";
    int fd = unlinked_file(e), err_fd = fd < 0 ? -1 : unlinked_file(e);
    if (err_fd < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0)
        exec_git(folder, object, fd, err_fd);
    int rc = pid < 0 ? err_set(e, E_GIT, "%.*s: %s", STR_ARG(spec->label), strerror(errno))
                     : wait_git(pid, err_fd, spec, opt->timeout_ms, e);
    close(err_fd);
    if (rc || lseek(fd, 0, SEEK_SET) < 0) {
        close(fd);
        return rc ? rc : err_set(e, E_GIT, "%.*s: %s", STR_ARG(spec->label), strerror(errno));
    }
    return open_reader(spec, fd, opt, mem, out, e);
}

static int open_file(const struct source_spec *spec, const struct source_options *opt,
                     struct arena *mem, struct opened *out, struct err *e)
{
    if (str_eq(spec->live.place, STR("-")))
        return open_reader(spec, STDIN_FILENO, opt, mem, out, e);
    const char *path = arena_cstr(mem, spec->live.place);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        char cwd[1024];
        int why = errno;
        err_set(e, why == ENOENT ? E_NO_SUCH_FILE : E_CANNOT_OPEN, "%s: %s", path, strerror(why));
        return path[0] != '/' && getcwd(cwd, sizeof cwd) ? err_hint(e, "looked for it in %s", cwd)
                                                         : -1;
    }
    return open_reader(spec, fd, opt, mem, out, e);
}

/* A copy of what the caller has: filters and facets of this command change marks and hashes. */
static int open_catalog(const struct source_spec *spec, const struct source_options *opt,
                        struct arena *mem, struct opened *out, struct err *e)
{
    struct catalog *cat = NEW(mem, struct catalog);
    *cat = *spec->catalog;
    cat->v = NEW_ARRAY(mem, struct obj, cat->n);
    cat->cap = cat->n;
    for (uint32_t i = 0; i < cat->n; i++)
        cat->v[i] = spec->catalog->v[i];
    cat->mem = cat->tmp = mem;
    cat->label = spec->label;
    cat->facets = opt->facets ? opt->facets : cat->facets;
    if (filter_from_scope(cat->scope, mem, &out->scope, e))
        return -1;
    out->partial = filter_cuts_objects(&out->scope, cat->eng);
    if (opt->facets)
        drop_data(cat, &opt->filter->data);
    if (finish_catalog(cat, opt, e))
        return -1;
    as_opened(cat, mem, out);
    return opt->facets ? check_data(out, &opt->filter->data, e) : 0;
}

int source_open(const struct source_spec *spec, const struct source_options *opt, struct arena *mem,
                struct opened *out, struct err *e)
{
    *out = (struct opened){0};
    switch (spec->kind) {
    case SRC_EMPTY: {
        struct catalog *cat = cat_new(mem, spec->eng, opt->facets, spec->label);
        cat->version = str_c(spec->eng->title);
        cat->captured = ~0u;
        if (finish_catalog(cat, opt, e))
            return -1;
        as_opened(cat, mem, out);
        return 0;
    }
    case SRC_LIVE:
        return open_live(spec, opt, mem, out, e);
    case SRC_SCRIPT:
        return open_script(spec, opt, mem, out, e);
    case SRC_GIT:
        return open_git(spec, opt, mem, out, e);
    case SRC_CATALOG:
        return open_catalog(spec, opt, mem, out, e);
    case SRC_SNAPSHOT:
        break;
    }
    return open_file(spec, opt, mem, out, e);
}

int source_catalog(struct opened *o, struct arena *mem, struct err *e)
{
    if (o->catalog)
        return 0;
    if (catalog_of_stream(o->stream, mem, &o->catalog, e))
        return -1;
    o->catalog->scope = arena_str(mem, reader_scope(o->reader));
    *o->stream = stream_of_catalog(o->catalog, mem);
    return 0;
}

/* What the scope of one side leaves out, the other side does not count either. */
static int align_one(struct opened *o, const struct filter *scope, struct arena *mem, struct err *e)
{
    if (!scope->ninclude && !scope->nexclude)
        return 0;
    if (source_catalog(o, mem, e))
        return -1;
    return cut_catalog(o, scope, mem, e);
}

int source_rows(struct opened *o, const struct data_want *want, struct arena *mem, struct err *e)
{
    if (!o->reader || (!o->scope.data.n && !want->n))
        return 0;
    if (check_data(o, want, e) || source_catalog(o, mem, e))
        return -1;
    drop_data(o->catalog, want);
    if (cat_finish(o->catalog, e))
        return -1;
    *o->stream = stream_of_catalog(o->catalog, mem);
    return 0;
}

int source_align(struct opened *a, struct opened *b, struct arena *mem, struct err *e)
{
    bool cut = a->scope.ninclude || a->scope.nexclude || b->scope.ninclude || b->scope.nexclude;
    /* Where something is cut, what is left is counted before it is compared. */
    if (cut && (source_catalog(a, mem, e) || source_catalog(b, mem, e)))
        return -1;
    if (align_one(a, &b->scope, mem, e) || align_one(b, &a->scope, mem, e))
        return -1;
    const struct engine *eng = a->stream->eng;
    if (!eng || !eng->comparable || eng != b->stream->eng)
        return 0;
    return source_catalog(a, mem, e) || source_catalog(b, mem, e) ||
                   eng->comparable(a->catalog, b->catalog, mem, e)
               ? -1
               : 0;
}

void source_close(struct opened *o)
{
    reader_close(o->reader);
    o->reader = NULL;
}
