/* The signal flag. Each test runs in a child: the flag can only be set once. */

#include "core/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "core/out.h"
#include "tests/harness/crash.h"
#include "tests/harness/folder.h"
#include "tests/harness/unit.h"

static void nothing_seen(void *arg)
{
    (void)arg;
    interrupt_install();
    if (!interrupt_seen() && interrupt_signal() == 0)
        exit(7);
}

static void without_a_signal(void **state)
{
    char said[100];
    (void)state;
    assert_int_equal(ends_with(nothing_seen, NULL, said, sizeof said), 7);
}

static void one_signal(void *number)
{
    interrupt_install();
    raise(*(int *)number);
    if (interrupt_seen() && interrupt_signal() == *(int *)number)
        exit(7);
}

static void the_first_sets_the_flag(void **state)
{
    int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    char said[100];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ends_with(one_signal, &numbers[i], said, sizeof said), 7);
}

struct place {
    struct arena *mem;
    char *path;
};

static void two_signals(void *arg)
{
    struct place *p = arg;
    struct out *o;
    struct err e;
    interrupt_install();
    if (out_open(p->mem, p->path, &o, &e) || out_write(o, STR("half"), &e))
        return;
    raise(SIGINT);
    raise(SIGTERM);
}

static void the_second_ends_and_leaves_nothing(void **state)
{
    char said[100], *folder = folder_new(*state);
    struct place p = {*state, folder_path(*state, folder, "f")};
    assert_int_equal(ends_with(two_signals, &p, said, sizeof said), 128 + SIGTERM);
    /* The folder can only go when there is no temporary file in it. */
    assert_int_equal(rmdir(folder), 0);
}

static void write_to_nobody(void *arg)
{
    int ends[2];
    (void)arg;
    interrupt_install();
    if (pipe(ends) || close(ends[0]))
        return;
    if (write(ends[1], "x", 1) < 0 && errno == EPIPE)
        exit(7);
}

static void a_broken_pipe_is_an_error_and_no_end(void **state)
{
    char said[100];
    (void)state;
    assert_int_equal(ends_with(write_to_nobody, NULL, said, sizeof said), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(without_a_signal), TEST(the_first_sets_the_flag),
                                       TEST(the_second_ends_and_leaves_nothing),
                                       TEST(a_broken_pipe_is_an_error_and_no_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
