/* Arenas: room, limits, growth, marks, and what happens when there is no more memory. */

#include "core/arena.h"

#include <stdalign.h>
#include <unistd.h>

#include "core/err.h"
#include "tests/harness/crash.h"
#include "tests/harness/unit.h"

/* A request that no machine can meet must come back as NULL from malloc under the sanitizer too. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void blocks_are_aligned_and_apart(void **state)
{
    char *before = NULL;
    for (size_t n = 0; n < 200; n++) {
        char *p = arena_alloc(*state, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        assert_ptr_not_equal(p, before);
        memset(p, 0xa5, n);
        before = p;
    }
}

static void larger_than_a_block(void **state)
{
    size_t n = 5 * 1024 * 1024;
    char *big = arena_alloc(*state, n);
    memset(big, 1, n);
    char *small = arena_alloc(*state, 10);
    memset(small, 2, 10);
    assert_int_equal(big[n - 1], 1);
    assert_true(arena_used(*state) >= n + 10);
}

static void zeroed(void **state)
{
    struct arena_mark mark = arena_mark(*state);
    memset(arena_alloc(*state, 4000), 0xff, 4000);
    arena_release(*state, mark);
    unsigned char *p = arena_zalloc(*state, 1000, 4);
    for (size_t i = 0; i < 4000; i++)
        assert_int_equal(p[i], 0);
    assert_non_null(arena_zalloc(*state, 0, 4));
    int64_t *one = NEW(*state, int64_t), *many = NEW_ARRAY(*state, int64_t, 3);
    assert_true(*one == 0 && many[0] == 0 && many[2] == 0);
}

static void growing(void **state)
{
    char *p = arena_alloc(*state, 10);
    memcpy(p, "012345678", 10);
    /* The last one grows where it stands. */
    char *same = arena_grow(*state, p, 10, 500);
    assert_ptr_equal(same, p);
    memset(same + 10, 'x', 490);
    char *after = arena_alloc(*state, 8);
    memcpy(after, "neighbor", 8);
    /* One with a neighbour moves and takes its bytes along. */
    char *moved = arena_grow(*state, same, 500, 1000);
    assert_ptr_not_equal(moved, same);
    assert_memory_equal(moved, "012345678", 10);
    memset(moved, 'y', 1000);
    assert_memory_equal(after, "neighbor", 8);
    /* So does one that does not fit in its block. */
    char *huge = arena_grow(*state, moved, 1000, 3 * 1024 * 1024);
    assert_int_equal(huge[999], 'y');
    assert_non_null(arena_grow(*state, NULL, 0, 10));
}

static void copies(void **state)
{
    struct str s = arena_str(*state, (struct str){"a\0b", 3});
    assert_int_equal(s.n, 3);
    assert_memory_equal(s.p, "a\0b", 4);
    assert_true(str_is_null(arena_str(*state, STR_NULL)));
    assert_false(str_is_null(arena_str(*state, STR(""))));
    assert_string_equal(arena_cstr(*state, STR_NULL), "");
    assert_string_equal(arena_cstr(*state, str_sub(STR("hello"), 1, 3)), "el");
}

static void printing(void **state)
{
    assert_str(arena_printf(*state, "%s%d", "x", -7), "x-7");
    assert_str(arena_printf(*state, "%s", ""), "");
    struct str longer = arena_printf(*state, "%10000d", 1);
    assert_int_equal(longer.n, 10000);
    assert_int_equal(longer.p[9999], '1');
    assert_int_equal(longer.p[10000], '\0');
}

static void marks(void **state)
{
    struct arena_mark empty = arena_mark(*state);
    arena_release(*state, empty);
    assert_int_equal(arena_used(*state), 0);
    char *kept = arena_cstr(*state, STR("kept"));
    struct arena_mark mark = arena_mark(*state);
    size_t used = arena_used(*state);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(*state, 50000), i, 50000);
    assert_true(arena_used(*state) >= 100 * 50000);
    arena_release(*state, mark);
    assert_int_equal(arena_used(*state), used);
    assert_string_equal(kept, "kept");
    /* What was given back is handed out again. */
    struct arena_mark again = arena_mark(*state);
    assert_ptr_equal(again.block, mark.block);
    assert_int_equal(again.used, mark.used);
    arena_release(*state, empty);
    assert_int_equal(arena_used(*state), 0);
}

static void vectors(void **state)
{
    VEC(int) v = {0};
    for (int i = 0; i < 10000; i++)
        VEC_PUSH(*state, v, i);
    assert_int_equal(v.n, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(v.v[i], i);
}

static void no_arena_to_free(void **state)
{
    (void)state;
    arena_free(NULL);
}

/* For children that end in the middle: reachable to the last, so that it is no leak. */
static struct arena *kept(size_t limit)
{
    static struct arena *volatile a;
    a = arena_new(limit);
    return a;
}

static void take(void *n)
{
    arena_alloc(kept(1000), *(size_t *)n);
}

static void the_limit_ends_the_program(void **state)
{
    char said[1000];
    size_t over = 1001, all = 1000;
    (void)state;
    assert_int_equal(ends_with(take, &over, said, sizeof said), 3);
    assert_non_null(strstr(said, "OUT_OF_MEMORY"));
    assert_non_null(strstr(said, "1001 more bytes"));
    assert_int_equal(ends_with(take, &all, said, sizeof said), -1);
    over = SIZE_MAX;
    assert_int_equal(ends_with(take, &over, said, sizeof said), 3);
}

static void take_twice(void *arg)
{
    struct arena *a = kept(1000);
    (void)arg;
    arena_alloc(a, 600);
    arena_alloc(a, 600);
}

static void grow_past(void *arg)
{
    struct arena *a = kept(100);
    (void)arg;
    /* 97 bytes take 112, so less than nothing is left. */
    arena_grow(a, arena_alloc(a, 97), 97, 200);
}

static void grow_past_in_place(void *arg)
{
    struct arena *a = kept(1024);
    (void)arg;
    arena_grow(a, arena_alloc(a, 512), 512, 2048);
}

static void the_limit_is_of_the_sum(void **state)
{
    char said[1000];
    (void)state;
    assert_int_equal(ends_with(take_twice, NULL, said, sizeof said), 3);
    assert_int_equal(ends_with(grow_past, NULL, said, sizeof said), 3);
    assert_int_equal(ends_with(grow_past_in_place, NULL, said, sizeof said), 3);
}

static void take_more_than_there_is(void *arg)
{
    (void)arg;
    arena_alloc(kept(SIZE_MAX / 2), SIZE_MAX / 4);
}

static void the_machine_has_no_more(void **state)
{
    char said[4000];
    (void)state;
    assert_int_equal(ends_with(take_more_than_there_is, NULL, said, sizeof said), 3);
    assert_non_null(strstr(said, "OUT_OF_MEMORY"));
}

static void malloc_more_than_there_is(void *arg)
{
    (void)arg;
    free(malloc_or_exit(SIZE_MAX / 4));
}

static void memory_for_a_library(void **state)
{
    char said[4000], *p = malloc_or_exit(100);
    (void)state;
    memset(p, 1, 100);
    free(p);
    assert_int_equal(ends_with(malloc_more_than_there_is, NULL, said, sizeof said), 3);
    assert_non_null(strstr(said, "OUT_OF_MEMORY"));
}

static void products(void **state)
{
    (void)state;
    assert_true(mul_size(SIZE_MAX / 2, 2) == SIZE_MAX - 1);
    assert_int_equal(mul_size(0, SIZE_MAX), 0);
}

static void too_large_a_product(void *arg)
{
    (void)arg;
    arena_zalloc(kept(0), SIZE_MAX / 2, 3);
}

static void too_many_elements(void *arg)
{
    uint32_t cap = UINT32_C(0x80000000);
    (void)arg;
    vec_grow(kept(0), NULL, &cap, 1);
}

static void overflow_ends_the_program(void **state)
{
    char said[1000];
    (void)state;
    assert_int_equal(ends_with(too_large_a_product, NULL, said, sizeof said), 3);
    assert_int_equal(ends_with(too_many_elements, NULL, said, sizeof said), 3);
}

static void hook(void)
{
    (void)!write(STDERR_FILENO, "hook ran\n", 9);
}

static void end_with_hook(void *with)
{
    oom_set_hook(with ? hook : NULL);
    oom_exit(7);
}

static void the_hook_runs_first(void **state)
{
    char said[1000], yes = 1;
    (void)state;
    assert_int_equal(ends_with(end_with_hook, &yes, said, sizeof said), 3);
    assert_ptr_equal(strstr(said, "hook ran\n"), said);
    assert_non_null(strstr(said, "7 more bytes"));
    assert_int_equal(ends_with(end_with_hook, NULL, said, sizeof said), 3);
    assert_null(strstr(said, "hook ran"));
}

static void end_without_stderr(void *arg)
{
    (void)arg;
    close(STDERR_FILENO);
    oom_exit(7);
}

static void the_status_needs_no_stderr(void **state)
{
    char said[100];
    (void)state;
    assert_int_equal(ends_with(end_without_stderr, NULL, said, sizeof said), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(blocks_are_aligned_and_apart),
                                       TEST(larger_than_a_block),
                                       TEST(zeroed),
                                       TEST(growing),
                                       TEST(copies),
                                       TEST(printing),
                                       TEST(marks),
                                       TEST(vectors),
                                       TEST(no_arena_to_free),
                                       TEST(the_limit_ends_the_program),
                                       TEST(the_limit_is_of_the_sum),
                                       TEST(the_machine_has_no_more),
                                       TEST(memory_for_a_library),
                                       TEST(products),
                                       TEST(overflow_ends_the_program),
                                       TEST(the_hook_runs_first),
                                       TEST(the_status_needs_no_stderr)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
