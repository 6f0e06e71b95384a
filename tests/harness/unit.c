/* What unit tests share; see unit.h. */

#include "tests/harness/unit.h"

int arena_setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}
