/* The one flag that a signal handler sets; see interrupt.h. */

#include "core/interrupt.h"

#include <signal.h>

#include "core/out.h"

static volatile sig_atomic_t seen;

static void on_signal(int number)
{
    /* A second one does not wait any longer. unlink and _exit are async-signal-safe. */
    if (seen) {
        out_cleanup();
        _Exit(128 + number);
    }
    seen = number;
}

void interrupt_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction act = {.sa_handler = on_signal};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction was;
        /* What the parent has told it to ignore, as nohup does, stays ignored. */
        if (sigaction(numbers[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            sigaction(numbers[i], &act, NULL);
    }
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
}

int interrupt_signal(void)
{
    return seen;
}
