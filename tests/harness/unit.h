#ifndef SNAP_TESTS_HARNESS_UNIT_H
#define SNAP_TESTS_HARNESS_UNIT_H

/* For every unit test: cmocka in the order in which it wants its headers, and short forms. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/strbuf.h"

/* Two texts are equal; shows both when they are not. */
#define assert_str(got, want)                                                                      \
    do {                                                                                           \
        struct str got_ = (got), want_ = str_c(want);                                              \
        if (!str_eq(got_, want_))                                                                  \
            fail_msg("got  <%.*s>\nwant <%.*s>", STR_ARG(got_), STR_ARG(want_));                   \
    } while (0)
/* A call that fails with this code. */
#define assert_err(call, e, want)                                                                  \
    do {                                                                                           \
        assert_int_equal((call), -1);                                                              \
        if ((e).code != (want))                                                                    \
            fail_msg("got %s: %s, want %s", err_name((e).code), (e).msg, err_name(want));          \
    } while (0)
/* A call that does not fail. */
#define assert_ok(call, e)                                                                         \
    do {                                                                                           \
        if ((call) != 0)                                                                           \
            fail_msg("%s: %s", err_name((e).code), (e).msg);                                       \
    } while (0)

/* An arena for a test: pass arena_setup and arena_teardown to cmocka_unit_test_setup_teardown;
 * *state is then a struct arena *. */
int arena_setup(void **state);
int arena_teardown(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

#endif
