/* The worker pool: fork, one pipe each, poll. A worker ends through main like any run of snap, so
 * that what it has started ends with it. */

#include "cli/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "core/clock.h"
#include "core/err.h"
#include "core/interrupt.h"

enum { LOOK_MS = 200, GRACE_MS = 5000, DEFAULT_MOST = 8 };

struct slot {
    pid_t pid; /* 0: free */
    int fd;
    uint32_t job;
    struct strbuf record;
};
struct running {
    const struct pool *pool;
    struct slot *slots;
    struct pollfd *polled;
    uint32_t next, busy;
};

int pool_workers(struct str text, unsigned *out, struct err *e)
{
    int64_t n = sysconf(_SC_NPROCESSORS_ONLN);
    n = n < 1 ? 1 : n > DEFAULT_MOST ? DEFAULT_MOST : n;
    if (text.n && (!str_int(text, &n) || n < 1 || n > POOL_MOST))
        return err_set(e, E_BAD_VALUE, "--jobs takes a number from 1 to %d, not %.*s", POOL_MOST,
                       STR_ARG(text));
    *out = (unsigned)n;
    return 0;
}

/* A parent that is killed takes its workers along: nobody is left to read what they find. */
static void follow_parent(pid_t parent)
{
    setpgid(0, 0); /* signals of the terminal go to the parent, which tells its workers */
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != parent)
        raise(SIGTERM);
}

static void be_worker(const struct running *r, int out, uint32_t job, struct arena *mem)
{
    struct strbuf record = sb_new(mem, POOL_RECORD);
    for (unsigned i = 0; i < r->pool->workers; i++)
        if (r->slots[i].pid)
            close(r->slots[i].fd);
    r->pool->work(r->pool->ctx, job, &record);
    struct str text = record.over ? STR_NULL : sb_view(&record);
    while (text.n) {
        ssize_t n = write(out, text.p, text.n);
        if (n < 0 && errno != EINTR)
            break;
        text = str_from(text, n > 0 ? (size_t)n : 0);
    }
    close(out);
}

/* 1 in the worker. */
static int start(struct running *r, struct slot *slot, struct arena *mem, struct err *e)
{
    int fds[2];
    pid_t parent = getpid();
    if (pipe(fds) != 0)
        return err_set(e, E_LIMIT, "no pipe for a worker: %s", strerror(errno));
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    fflush(NULL); /* or the worker would write it once more */
    slot->job = r->next;
    pid_t pid = fork();
    if (pid < 0) {
        close(fds[0]);
        close(fds[1]);
        return err_set(e, E_LIMIT, "no process for a worker: %s", strerror(errno));
    }
    if (!pid) {
        close(fds[0]);
        follow_parent(parent);
        be_worker(r, fds[1], slot->job, mem);
        return 1;
    }
    close(fds[1]);
    slot->pid = pid;
    slot->fd = fds[0];
    sb_cut(&slot->record, 0);
    slot->record.over = false;
    r->next++;
    r->busy++;
    return 0;
}

/* The end of a worker: what became of it, or NULL where it ended well. */
static const char *reap(struct running *r, struct slot *slot, char *why, size_t cap)
{
    int status = 0;
    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(slot->fd);
    slot->pid = 0;
    r->busy--;
    if (WIFSIGNALED(status))
        snprintf(why, cap, "its worker was ended by signal %d", WTERMSIG(status));
    else if (slot->record.over)
        snprintf(why, cap, "its result is larger than %d MiB", POOL_RECORD >> 20);
    else if (!slot->record.n || WEXITSTATUS(status))
        snprintf(why, cap, "its worker ended with status %d", WEXITSTATUS(status));
    else
        return NULL;
    return why;
}

/* What a worker has sent; at the end of it, the job is done. */
static int take(struct running *r, struct slot *slot, struct err *e)
{
    char buf[16384], text[80];
    ssize_t n = read(slot->fd, buf, sizeof buf);
    if (n > 0) {
        sb_put(&slot->record, buf, (size_t)n);
        return 0;
    }
    if (n < 0 && errno == EINTR)
        return 0;
    const char *why = reap(r, slot, text, sizeof text);
    return r->pool->done(r->pool->ctx, slot->job, sb_view(&slot->record), why, e);
}

/* Waits for workers to write or to end, up to `ms`. */
static int attend(struct running *r, int ms, struct err *e)
{
    for (unsigned i = 0; i < r->pool->workers; i++)
        r->polled[i] =
            (struct pollfd){.fd = r->slots[i].pid ? r->slots[i].fd : -1, .events = POLLIN};
    if (poll(r->polled, r->pool->workers, ms) <= 0)
        return 0;
    for (unsigned i = 0; i < r->pool->workers; i++)
        if (r->slots[i].pid && r->polled[i].revents && take(r, &r->slots[i], e))
            return -1;
    return 0;
}

static void signal_all(const struct running *r, int number)
{
    for (unsigned i = 0; i < r->pool->workers; i++)
        if (r->slots[i].pid)
            kill(r->slots[i].pid, number);
}

/* No worker is left behind; what they still say is not listened to. */
static void end_all(struct running *r)
{
    int64_t deadline = clock_ms() + GRACE_MS;
    bool killed = false;
    signal_all(r, SIGTERM);
    while (r->busy) {
        for (unsigned i = 0; i < r->pool->workers; i++) {
            struct slot *slot = &r->slots[i];
            if (!slot->pid || waitpid(slot->pid, NULL, WNOHANG) != slot->pid)
                continue;
            close(slot->fd);
            slot->pid = 0;
            r->busy--;
        }
        if (r->busy)
            poll(NULL, 0, 10);
        if (!killed && clock_ms() > deadline) {
            signal_all(r, SIGKILL);
            killed = true;
        }
    }
}

int pool_run(const struct pool *p, struct arena *mem, struct err *e)
{
    struct running r = {.pool = p,
                        .slots = NEW_ARRAY(mem, struct slot, p->workers),
                        .polled = NEW_ARRAY(mem, struct pollfd, p->workers)};
    int rc = 0;
    for (unsigned i = 0; i < p->workers; i++)
        r.slots[i].record = sb_new(mem, POOL_RECORD + 1);
    while (!rc && (r.next < p->njobs || r.busy)) {
        for (unsigned i = 0; i < p->workers && !rc && r.next < p->njobs; i++)
            if (!r.slots[i].pid)
                rc = start(&r, &r.slots[i], mem, e);
        if (rc == 1)
            return 1;
        rc = rc ? rc : attend(&r, LOOK_MS, e);
        if (!rc && interrupt_seen())
            rc = err_set(e, E_INTERRUPTED, "interrupted");
    }
    if (rc)
        end_all(&r);
    return rc;
}
