/*
 * The file of metrics, as the textfile collector of node_exporter reads it: whole or not there. A
 * lock on the folder keeps two checks from reading the same old file. What stands in it is
 * emit/metrics.c's.
 */

#include "cli/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/interrupt.h"
#include "emit/tell.h"
#include "snapshot/snapshot.h"

enum { MAX_FILE = 16 << 20, LOCK_MS = 10000, LOOK_MS = 20 };

static int read_old(struct arena *mem, struct metrics *m, const char *path, struct err *e)
{
    struct str text;
    if (access(path, F_OK))
        return 0;
    if (file_read(path, MAX_FILE, mem, &text, e)) {
        e->code = E_WRITE_FAILED;
        return -1;
    }
    if (metrics_read(m, text))
        return 0;
    err_set(e, E_PROTECTED, "metrics: %s holds something else", path);
    return err_hint(e, "name a file of its own for snap's metrics");
}

/* Locks the folder of the file: -1 where that cannot be had, which is no error by itself. */
static int lock_folder(const struct context *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    struct str folder = !slash ? STR(".") : n ? (struct str){path, n} : STR("/");
    int64_t end = clock_ms() + budget_left(ctx, LOCK_MS);
    int fd = open(arena_cstr(ctx->mem, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK && clock_ms() < end &&
           !interrupt_seen())
        (void)poll(NULL, 0, LOOK_MS);
    return fd;
}

static struct str place_of(const struct context *ctx, const struct drift_result *r)
{
    struct str given = opt(ctx, OPT_METRICS);
    return given.n ? given : r->target.known ? r->target.known->drift.tell.metrics : STR_NULL;
}

/* One file, with all environments of the run that name it. */
static int write_file(struct context *ctx, struct str place, const struct drift_result *v,
                      uint32_t n, struct err *e)
{
    struct metrics *m = metrics_new(ctx->mem);
    const char *path = arena_cstr(ctx->mem, place);
    if (context_check_output(ctx, place, false, e))
        return -1;
    int lock = lock_folder(ctx, path);
    int rc = read_old(ctx->mem, m, path, e);
    for (uint32_t i = 0; !rc && i < n; i++)
        if (str_eq(place_of(ctx, &v[i]), place)) {
            struct tell_env env = drift_told(ctx->mem, &v[i]);
            metrics_put(m, &env);
        }
    if (!rc)
        rc = out_file(ctx->mem, path, metrics_text(m), e);
    if (lock >= 0)
        close(lock);
    return rc;
}

int drift_metrics(struct context *ctx, const struct drift_result *v, uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        struct str place = place_of(ctx, &v[i]);
        bool seen = false;
        for (uint32_t k = 0; k < i; k++)
            seen = seen || str_eq(place_of(ctx, &v[k]), place);
        if (place.n && !seen && write_file(ctx, place, v, n, e))
            return -1;
    }
    return 0;
}
