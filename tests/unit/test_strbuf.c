/* Growing text: what is appended, the NUL at the end, the maximum. */

#include "core/strbuf.h"

#include "tests/harness/unit.h"

static void a_new_one_is_empty(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    assert_false(str_is_null(sb_view(&b)));
    assert_str(sb_view(&b), "");
    sb_str(&b, STR_NULL);
    assert_str(sb_view(&b), "");
    assert_int_equal(b.p[0], '\0');
    assert_int_equal(b.max, SB_MAX);
}

static void every_way_to_append(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    sb_put(&b, "ab\0c", 4);
    sb_str(&b, STR("-str"));
    sb_c(&b, "-c");
    sb_char(&b, '!');
    sb_pad(&b, '.', 3);
    sb_pad(&b, '.', 0);
    sb_printf(&b, "%d%s", 7, "p");
    sb_int(&b, INT64_MIN);
    static const char want[] = "ab\0c-str-c!...7p-9223372036854775808";
    assert_int_equal(b.n, sizeof want - 1);
    assert_memory_equal(b.p, want, sizeof want);
    assert_false(b.over);
}

static void a_nul_stands_after_every_write(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    for (int i = 0; i < 10000; i++) {
        switch (i % 4) {
        case 0:
            sb_char(&b, 'a');
            break;
        case 1:
            sb_pad(&b, 'b', 3);
            break;
        case 2:
            sb_printf(&b, "%c", 'c');
            break;
        default:
            sb_c(&b, "d");
        }
        assert_int_equal(b.p[b.n], '\0');
    }
    assert_int_equal(b.n, 15000);
    assert_memory_equal(b.p, "abbbcdabbbcd", 12);
    assert_memory_equal(b.p + 14994, "abbbcd", 6);
}

static void two_buffers_take_turns(void **state)
{
    struct strbuf a = sb_new(*state, 0), b = sb_new(*state, 0);
    for (int i = 0; i < 1000; i++) {
        sb_c(&a, "aa");
        sb_c(&b, "b");
    }
    assert_int_equal(a.n, 2000);
    assert_int_equal(b.n, 1000);
    for (size_t i = 0; i < b.n; i++)
        assert_true(b.p[i] == 'b' && a.p[i] == 'a');
}

static void the_maximum(void **state)
{
    struct strbuf b = sb_new(*state, 5);
    sb_c(&b, "12345");
    assert_false(b.over);
    sb_char(&b, '6');
    assert_true(b.over);
    assert_str(sb_view(&b), "12345");
    /* What is left out stays out: no hole in the middle of a text. */
    sb_cut(&b, 2);
    sb_char(&b, 'x');
    assert_str(sb_view(&b), "12");
}

static void nothing_is_written_in_part(void **state)
{
    struct strbuf a = sb_new(*state, 4), b = sb_new(*state, 4), c = sb_new(*state, 4);
    sb_c(&a, "12345");
    sb_pad(&b, 'x', SIZE_MAX);
    sb_printf(&c, "%d", 12345);
    assert_true(a.over && b.over && c.over);
    assert_str(sb_view(&a), "");
    assert_str(sb_view(&b), "");
    assert_str(sb_view(&c), "");
}

static void cutting(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    sb_cut(&b, 0);
    sb_c(&b, "hello");
    sb_cut(&b, 99);
    sb_cut(&b, 5);
    assert_str(sb_view(&b), "hello");
    sb_cut(&b, 2);
    assert_str(sb_view(&b), "he");
    assert_int_equal(b.p[2], '\0');
    sb_cut(&b, 0);
    assert_str(sb_view(&b), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_new_one_is_empty),
                                       TEST(every_way_to_append),
                                       TEST(a_nul_stands_after_every_write),
                                       TEST(two_buffers_take_turns),
                                       TEST(the_maximum),
                                       TEST(nothing_is_written_in_part),
                                       TEST(cutting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
