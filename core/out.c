/* Atomic files; see out.h. */

#include "core/out.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_OPEN = 8, SCRATCH_OLD = 24 * 60 * 60 };

struct out {
    const char *path, *temp; /* temp NULL: written plainly */
    int fd;
    int slot;
    bool done;
    bool gone; /* standard output, and nobody reads it any more: the rest is dropped quietly */
};

/* Names of temporary files that out_cleanup must remove; the one list of the program that has to be
 * reachable when nothing else is. */
static const char *volatile pending[MAX_OPEN];

void out_cleanup(void)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i])
            unlink(pending[i]);
}

static int remember(const char *path)
{
    int slot = 0;
    while (slot < MAX_OPEN && pending[slot])
        slot++;
    if (slot == MAX_OPEN)
        BUG("too many open outputs");
    pending[slot] = path;
    return slot;
}

static int failed(const struct out *o, const char *what, struct err *e)
{
    int why = errno;
    err_set(e, E_WRITE_FAILED, "%s: %s: %s", o->path, what, strerror(why));
    if (why == ENOSPC || why == EDQUOT)
        err_hint(e, "make room on the disk; the old file is as it was");
    else if (why == EACCES || why == EPERM || why == EROFS)
        err_hint(e, "choose a folder that you may write to");
    else if (why == ENOENT)
        err_hint(e, "the folder must exist");
    return -1;
}

static int open_plain(struct out *o, struct err *e)
{
    o->fd = str_eq_c(STR("-"), o->path) ? STDOUT_FILENO : open(o->path, O_WRONLY | O_CLOEXEC);
    return o->fd < 0 ? failed(o, "cannot open", e) : 0;
}

static int open_temp(struct arena *mem, struct out *o, mode_t mode, struct err *e)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        struct str temp = arena_printf(mem, "%s.snap-%ld-%u.tmp", o->path, (long)getpid(), attempt);
        o->fd = open(temp.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (o->fd < 0 && errno == EEXIST)
            continue;
        if (o->fd < 0)
            return failed(o, "cannot make a temporary file beside it", e);
        o->temp = temp.p;
        o->slot = remember(o->temp);
        return 0;
    }
    return failed(o, "cannot make a temporary file beside it", e);
}

int out_open(struct arena *mem, const char *path, struct out **out, struct err *e)
{
    struct stat st;
    struct out *o = NEW(mem, struct out);
    o->path = arena_cstr(mem, str_c(path));
    o->fd = -1;
    *out = o;
    if (str_eq_c(STR("-"), path))
        return open_plain(o, e);
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return err_set(e, E_WRITE_FAILED, "%s: is a directory", path);
        if (!S_ISREG(st.st_mode))
            return open_plain(o, e);
        /* Through a symbolic link the target is replaced and not the link. */
        char *real = realpath(path, NULL);
        if (!real)
            return failed(o, "cannot resolve", e);
        o->path = arena_cstr(mem, str_c(real));
        free(real);
        if (open_temp(mem, o, st.st_mode & 0777, e))
            return -1;
        if (fchmod(o->fd, st.st_mode & 0777))
            return failed(o, "cannot keep its permissions", e);
        return 0;
    }
    return open_temp(mem, o, 0666, e);
}

int out_write(struct out *o, struct str text, struct err *e)
{
    size_t at = 0;
    while (at < text.n && !o->gone) {
        ssize_t n = write(o->fd, text.p + at, text.n - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EPIPE && o->fd == STDOUT_FILENO) {
            o->gone = true;
            break;
        }
        if (n < 0)
            return failed(o, "cannot write", e);
        at += (size_t)n;
    }
    return 0;
}

static int sync_folder(const struct out *o, struct err *e)
{
    const char *slash = strrchr(o->path, '/');
    char folder[4096] = ".";
    if (slash && (size_t)(slash - o->path) < sizeof folder - 1) {
        size_t n = slash == o->path ? 1 : (size_t)(slash - o->path);
        memcpy(folder, o->path, n);
        folder[n] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return 0; /* a folder that may be written but not read cannot be synced: nothing to tell */
    int rc = fsync(fd);
    int why = errno;
    close(fd);
    errno = why;
    /* Some file systems cannot sync a folder and say so. */
    return rc && why != EINVAL && why != ENOTSUP ? failed(o, "cannot sync its folder", e) : 0;
}

int out_prepare(struct out *o, struct err *e)
{
    if (!o->temp || o->fd < 0)
        return 0;
    int rc = fsync(o->fd);
    if (rc)
        failed(o, "cannot sync", e);
    if (close(o->fd) && !rc)
        rc = failed(o, "cannot write", e);
    o->fd = -1;
    return rc;
}

int out_commit(struct out *o, struct err *e)
{
    if (!o->temp) {
        o->done = true;
        if (o->fd != STDOUT_FILENO && close(o->fd))
            return failed(o, "cannot write", e);
        return 0;
    }
    int rc = out_prepare(o, e);
    if (!rc && rename(o->temp, o->path))
        rc = failed(o, "cannot rename the temporary file to it", e);
    if (rc) {
        out_abort(o);
        return -1;
    }
    pending[o->slot] = NULL;
    o->done = true;
    return sync_folder(o, e);
}

void out_abort(struct out *o)
{
    if (!o || o->done)
        return;
    o->done = true;
    if (o->fd >= 0 && o->fd != STDOUT_FILENO)
        close(o->fd);
    if (o->temp) {
        unlink(o->temp);
        pending[o->slot] = NULL;
    }
}

int out_file(struct arena *mem, const char *path, struct str text, struct err *e)
{
    struct out *o;
    int rc = out_open(mem, path, &o, e);
    if (!rc)
        rc = out_write(o, text, e);
    if (!rc)
        rc = out_commit(o, e);
    out_abort(o);
    return rc;
}

/* A run that was killed could not take its file along. Only plain files of this user are touched.
 */
static void sweep(const char *dir)
{
    static const char prefix[] = "snap_scratch_";
    DIR *d = opendir(dir);
    struct dirent *entry;
    struct stat st;
    time_t old = time(NULL) - SCRATCH_OLD;
    while (d && (entry = readdir(d)))
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0 &&
            fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_mtime < old)
            unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
}

int out_scratch(struct arena *mem, char **path, struct err *e)
{
    const char *set = getenv("TMPDIR"), *dir = set && *set ? set : "/tmp";
    sweep(dir);
    *path = arena_cstr(mem, arena_printf(mem, "%s/snap_scratch_XXXXXX", dir));
    /* Before it is made, so that no signal comes between: mkstemp writes the name in place. */
    int slot = remember(*path), fd = mkstemp(*path);
    if (fd < 0) {
        pending[slot] = NULL;
        return err_set(e, E_CANNOT_VERIFY, "no scratch database: %s: %s", *path, strerror(errno));
    }
    close(fd);
    return 0;
}

void out_scratch_remove(const char *path)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i] && strcmp(pending[i], path) == 0) {
            unlink(path);
            pending[i] = NULL;
        }
}
