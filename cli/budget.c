/* The time of a drift check: a wait by chance before it, and one budget for all that it does. */

#include "cli/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "core/interrupt.h"

enum { LOOK_MS = 200, LOCK_WAIT_MS = 10000 };

/* From the kernel: many machines start their checks in the same second. */
static uint64_t by_chance(void)
{
    uint64_t n = 0;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, &n, sizeof n) != (ssize_t)sizeof n)
            n = (uint64_t)clock_ms();
        close(fd);
    }
    return n;
}

int budget_begin(struct context *ctx, struct err *e)
{
    unsigned most = 0;
    if (context_time(ctx, OPT_JITTER, "jitter", &most, e))
        return -1;
    int64_t end = clock_ms() + (most ? (int64_t)(by_chance() % (most + 1)) : 0);
    if (most)
        say(ctx, "waiting %lld ms by chance", (long long)(end - clock_ms()));
    for (int64_t left = end - clock_ms(); left > 0; left = end - clock_ms()) {
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        (void)poll(NULL, 0, left < LOOK_MS ? (int)left : LOOK_MS);
    }
    budget_anew(ctx);
    return 0;
}

void budget_anew(struct context *ctx)
{
    budget_go_on(ctx, 0);
}

void budget_go_on(struct context *ctx, int64_t spent_ms)
{
    int64_t left = (int64_t)ctx->timeout_ms - spent_ms;
    ctx->end_ms = ctx->timeout_ms ? clock_ms() + (left > 0 ? left : 0) : 0;
}

unsigned budget_left(const struct context *ctx, unsigned most)
{
    if (!ctx->end_ms)
        return most;
    int64_t left = ctx->end_ms - clock_ms();
    unsigned ms = left < 1 ? 1 : (unsigned)left;
    return most && ms > most ? most : ms;
}

unsigned budget_timeout(const struct context *ctx)
{
    return ctx->end_ms ? budget_left(ctx, 0) : ctx->timeout_ms;
}

int budget_lock_wait(const struct context *ctx, unsigned *ms, struct err *e)
{
    unsigned wait = LOCK_WAIT_MS;
    if (context_time(ctx, OPT_LOCK_WAIT, "lock-wait", &wait, e))
        return -1;
    *ms = budget_left(ctx, wait);
    return 0;
}
