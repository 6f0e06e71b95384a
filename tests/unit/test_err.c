/* Errors as values: the table, messages that are safe to print, and programming errors. */

#include "core/err.h"

#include <string.h>

#include "tests/harness/crash.h"
#include "tests/harness/unit.h"

static void rows(void **state)
{
    (void)state;
    assert_string_equal(err_name(E_OK), "OK");
    assert_int_equal(err_exit_code(E_OK), 0);
    assert_string_equal(err_name(E_NO_SUCH_FILE), "NO_SUCH_FILE");
    assert_string_equal(err_name(E_INTERRUPTED), "INTERRUPTED");
    assert_int_equal(err_exit_code(E_USAGE), 2);
    assert_int_equal(err_exit_code(E_CYCLE), 3);
    assert_int_equal(err_exit_code(E_VERIFY_FAILED), 4);
    assert_int_equal(err_exit_code(E_NO_SUCH_FILE), 5);
    assert_int_equal(err_exit_code(E_TIMEOUT), 6);
    assert_string_equal(err_doc(E_BUSY), "another process holds the database for writing");
    assert_string_equal(err_row_hint(E_USAGE), "see snap help");
}

static void setting(void **state)
{
    struct err e = {0};
    (void)state;
    assert_err(err_set(&e, E_CYCLE, "%s needs %d", "a", 2), e, E_CYCLE);
    assert_string_equal(e.msg, "a needs 2");
    assert_string_equal(e.hint, err_row_hint(E_CYCLE));
    assert_err(err_set(&e, E_LIMIT, "other"), e, E_LIMIT);
    assert_string_equal(e.hint, "");
}

static void hints_and_context(void **state)
{
    struct err e = {0};
    (void)state;
    err_set(&e, E_CYCLE, "inner");
    assert_err(err_hint(&e, "try %d", 7), e, E_CYCLE);
    assert_string_equal(e.hint, "try 7");
    assert_err(err_wrap(&e, "file %s", "a.snap"), e, E_CYCLE);
    assert_err(err_wrap(&e, "outer"), e, E_CYCLE);
    assert_string_equal(e.msg, "outer: file a.snap: inner");
    assert_string_equal(e.hint, "try 7");
}

/* A hint without room for all of it ends behind a word. */
static void long_hints(void **state)
{
    struct err e = {0};
    char list[700];
    (void)state;
    for (size_t i = 0; i < sizeof list; i++)
        list[i] = "wordy,"[i % 6];
    list[sizeof list - 1] = 0;
    err_hint(&e, "known: %s", list);
    assert_true(strlen(e.hint) < sizeof e.hint && strlen(e.hint) > 500);
    assert_string_equal(e.hint + strlen(e.hint) - 9, "wordy,...");
    err_hint(&e, "known: %.400s", list);
    assert_int_equal(strlen(e.hint), 407);
}

static void nothing_acts_on_a_terminal(void **state)
{
    struct err e = {0};
    (void)state;
    err_set(&e, E_LIMIT, "table %s", "\x1b[31mx\n\xff\xc2\x9b\xe2\x80\xae");
    assert_string_equal(e.msg, "table \\x1b[31mx\\x0a\\xff\\xc2\\x9b\\xe2\\x80\\xae");
    err_hint(&e, "%s", "\a");
    assert_string_equal(e.hint, "\\x07");
    err_wrap(&e, "%s", "\r");
    assert_ptr_equal(strstr(e.msg, "\\x0d: table \\x1b"), e.msg);
}

static void secrets_are_hidden(void **state)
{
    struct err e = {0};
    (void)state;
    err_set(&e, E_LIMIT, "cannot open pg://u:hunter2@host/db?sslpassword=hunter3");
    assert_null(strstr(e.msg, "hunter"));
    assert_non_null(strstr(e.msg, "pg://u:*******@host/db?sslpassword=*******"));
    err_hint(&e, "pg://u:hunter2@host");
    assert_null(strstr(e.hint, "hunter"));
    err_set(&e, E_LIMIT, "x");
    err_wrap(&e, "pg://u:hunter2@host");
    assert_null(strstr(e.msg, "hunter"));
}

static void long_texts_are_cut(void **state)
{
    static char text[10001];
    struct err e = {0};
    (void)state;
    memset(text, 'x', 10000);
    err_set(&e, E_LIMIT, "%s", text);
    assert_true(strlen(e.msg) < sizeof e.msg);
    assert_string_equal(e.msg + strlen(e.msg) - 4, "x...");
    err_hint(&e, "%s", text);
    assert_true(strlen(e.hint) < sizeof e.hint);
    err_wrap(&e, "%s", text);
    assert_true(strlen(e.msg) < sizeof e.msg);
    err_set(&e, E_LIMIT, "short");
    err_wrap(&e, "%s", text);
    assert_true(strlen(e.msg) < sizeof e.msg);
}

/* A text that is cut must not end in the middle of a character. */
static void cut_between_characters(void **state)
{
    char text[1023];
    struct err e = {0};
    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = i % 2 ? '\xa4' : '\xc3';
    text[sizeof text - 1] = '\0';
    for (size_t n = 1; n < 6; n++) {
        err_set(&e, E_LIMIT, "%s", text);
        err_wrap(&e, "%.*s", (int)n, "abcdef");
        assert_true(str_is_utf8(str_c(e.msg)));
        assert_int_equal(e.msg[n], ':');
    }
}

static void make_bug(void *arg)
{
    (void)arg;
    BUG("this cannot be");
}

static void programming_errors_abort(void **state)
{
    char said[200];
    (void)state;
    assert_true(aborts(make_bug, NULL, said, sizeof said));
    assert_non_null(strstr(said, "BUG at tests/unit/test_err.c:"));
    assert_non_null(strstr(said, ": this cannot be\n"));
}

#ifndef NDEBUG
static void make_never(void *arg)
{
    if (NEVER(arg == NULL))
        return;
}

static void make_always(void *arg)
{
    if (ALWAYS(arg != NULL))
        return;
}
#endif

static void checks_of_a_checking_build(void **state)
{
    (void)state;
    assert_true(ALWAYS(1 == 1));
    assert_false(NEVER(1 == 2));
#ifndef NDEBUG
    char said[200];
    assert_true(aborts(make_never, NULL, said, sizeof said));
    assert_non_null(strstr(said, "never: "));
    assert_true(aborts(make_always, NULL, said, sizeof said));
    assert_non_null(strstr(said, "not always: "));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows),
                                       cmocka_unit_test(setting),
                                       cmocka_unit_test(hints_and_context),
                                       cmocka_unit_test(long_hints),
                                       cmocka_unit_test(nothing_acts_on_a_terminal),
                                       cmocka_unit_test(secrets_are_hidden),
                                       cmocka_unit_test(long_texts_are_cut),
                                       cmocka_unit_test(cut_between_characters),
                                       cmocka_unit_test(programming_errors_abort),
                                       cmocka_unit_test(checks_of_a_checking_build)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
