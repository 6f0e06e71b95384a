/* What a check of many stands on: workers and what becomes of them, the journal, the file of
 * targets, who is in which part. */

#include "cli/journal.h"
#include "cli/pool.h"
#include "cli/targets.h"
#include "core/record.h"
#include "emit/matrix.h"

#include <signal.h>
#include <unistd.h>

#include "tests/harness/folder.h"
#include "tests/harness/unit.h"

enum { JOBS = 40 };

struct seen {
    uint32_t got[JOBS], n;
    const char *why[JOBS];
    struct arena *mem;
};

/* Job 7 is killed, job 8 says nothing, job 9 says too much; the others tell their number. */
static void work(void *ctx, uint32_t job, struct strbuf *record)
{
    (void)ctx;
    if (job == 7)
        raise(SIGKILL);
    for (uint32_t i = 0; job == 9 && i < POOL_RECORD / 4; i++)
        sb_c(record, "12345");
    if (job != 8)
        sb_int(record, job + 1000);
}

static int done(void *ctx, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct seen *s = ctx;
    int64_t n = 0;
    (void)e;
    s->n++;
    s->why[job] = why ? arena_cstr(s->mem, str_c(why)) : NULL;
    if (!why)
        assert_true(str_int(record, &n));
    s->got[job] = (uint32_t)n;
    return 0;
}

static void each_worker_tells_its_own(void **state)
{
    struct seen s = {.mem = *state};
    struct pool p = {3, JOBS, &s, work, done};
    struct err e = {0};
    int rc = pool_run(&p, *state, &e);
    if (rc == 1)
        _exit(0);
    assert_ok(rc, e);
    assert_int_equal(s.n, JOBS);
    for (uint32_t i = 0; i < JOBS; i++)
        if (i < 7 || i > 9) {
            assert_null(s.why[i]);
            assert_int_equal(s.got[i], i + 1000);
        }
    assert_string_equal(s.why[7], "its worker was ended by signal 9");
    assert_string_equal(s.why[8], "its worker ended with status 0");
    assert_non_null(s.why[9]);
}

static int refuse(void *ctx, uint32_t job, struct str record, const char *why, struct err *e)
{
    (void)ctx;
    (void)record;
    (void)why;
    return err_set(e, E_LIMIT, "job %u", job);
}

static void what_the_parent_cannot_take_ends_all(void **state)
{
    struct pool p = {4, JOBS, NULL, work, refuse};
    struct err e = {0};
    int rc = pool_run(&p, *state, &e);
    if (rc == 1)
        _exit(0);
    assert_err(rc, e, E_LIMIT);
}

static void numbers_of_workers(void **state)
{
    struct err e = {0};
    unsigned n;
    (void)state;
    assert_ok(pool_workers(STR("17"), &n, &e), e);
    assert_int_equal(n, 17);
    assert_ok(pool_workers(STR_NULL, &n, &e), e);
    assert_true(n >= 1 && n <= 8);
    assert_err(pool_workers(STR("0"), &n, &e), e, E_BAD_VALUE);
    assert_err(pool_workers(STR("257"), &n, &e), e, E_BAD_VALUE);
    assert_err(pool_workers(STR("x"), &n, &e), e, E_BAD_VALUE);
}

static void collect(void *ctx, struct str record)
{
    struct strbuf *out = ctx;
    sb_printf(out, "%.*s;", STR_ARG(record));
}

static struct journal *reopen(struct arena *mem, struct str folder, int64_t now, bool resume,
                              struct strbuf *seen)
{
    struct journal *j;
    struct err e = {0};
    struct journal_want want = {folder, {1, 2}, resume, now, collect, seen};
    sb_cut(seen, 0);
    assert_ok(journal_open(&want, mem, &j, &e), e);
    return j;
}

static void a_journal_comes_back_but_for_its_torn_end(void **state)
{
    struct arena *mem = *state;
    char *name = folder_new(mem);
    struct str folder = arena_printf(mem, "%s/.snap", name);
    struct strbuf seen = sb_new(mem, 0);
    struct err e = {0};
    struct journal *j = reopen(mem, folder, 1000000, true, &seen);
    assert_ok(journal_add(j, STR("one"), &e), e);
    assert_ok(journal_add(j, STR("two"), &e), e);
    journal_close(j);
    j = reopen(mem, folder, 1000000, true, &seen);
    assert_str(sb_view(&seen), "one;two;");
    assert_ok(journal_add(j, STR("three"), &e), e);
    journal_close(j);
    const char *path =
        arena_printf(mem, "%.*s/targets-0000000000000001.journal", STR_ARG(folder)).p;
    struct str text;
    assert_ok(file_read(path, 1 << 20, mem, &text, &e), e);
    assert_int_equal(truncate(path, (off_t)text.n - 3), 0);
    j = reopen(mem, folder, 1000000, true, &seen);
    assert_str(sb_view(&seen), "one;two;");
    assert_ok(journal_add(j, STR("four"), &e), e);
    journal_close(j);
    j = reopen(mem, folder, 1000000, true, &seen);
    assert_str(sb_view(&seen), "one;two;four;");
    journal_close(j);
    /* a line that is not what was written ends it, too */
    assert_ok(file_read(path, 1 << 20, mem, &text, &e), e);
    char *damaged = arena_cstr(mem, text);
    damaged[str_find(text, STR("four"))] = 'F';
    file_put(path, damaged);
    j = reopen(mem, folder, 1000000, true, &seen);
    assert_str(sb_view(&seen), "one;two;");
    journal_close(j);
    /* a day later, or not asked for, it begins anew */
    j = reopen(mem, folder, 1000000 + JOURNAL_HOURS * 3600, true, &seen);
    assert_str(sb_view(&seen), "");
    assert_ok(journal_add(j, STR("five"), &e), e);
    journal_close(j);
    j = reopen(mem, folder, 1000000 + JOURNAL_HOURS * 3600, false, &seen);
    assert_str(sb_view(&seen), "");
    journal_end(j);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_not_equal(access(arena_cstr(mem, folder), F_OK), 0);
    folder_remove(mem, name);
}

static void errors_and_hashes_pass_through_a_record(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct err e = {0}, back = {0};
    struct hash128 h = {0x0123456789abcdef, 42};
    err_set(&e, E_NO_SUCH_FILE, "a \"b\"\\c");
    err_hint(&e, "do this");
    sb_char(&b, '{');
    record_error(&b, "error", &e);
    record_hash(&b, "print", h);
    sb_char(&b, '}');
    assert_true(record_to_error(jc_get(sb_view(&b), "error"), *state, &back));
    assert_int_equal(back.code, e.code);
    assert_string_equal(back.msg, e.msg);
    assert_string_equal(back.hint, e.hint);
    assert_true(hash_eq(record_to_hash(jc_get(sb_view(&b), "print"), *state), h));
    assert_false(record_to_error(STR_NULL, *state, &back));
}

static void parts_hang_on_the_name_alone(void **state)
{
    struct target v[200], w[200];
    uint32_t n = 0;
    struct err e = {0};
    for (uint32_t i = 0; i < 200; i++)
        v[i] = (struct target){.name = arena_printf(*state, "t%u", i)};
    for (uint32_t part = 0; part < 3; part++) {
        struct target_list l = {.v = w, .n = 200}, half = {.v = w + 100, .n = 100};
        for (uint32_t i = 0; i < 200; i++)
            w[i] = v[i];
        assert_ok(targets_shard(&l, arena_printf(*state, "%u/3", part), &e), e);
        assert_true(l.n > 40 && l.n < 95);
        n += l.n;
        for (uint32_t i = 100; i < 200; i++)
            w[i] = v[i];
        assert_ok(targets_shard(&half, arena_printf(*state, "%u/3", part), &e), e);
        assert_true(half.n > 10 && half.n < 60);
    }
    assert_int_equal(n, 200);
    struct target_list l = {.v = w, .n = 1};
    assert_err(targets_shard(&l, STR("3/3"), &e), e, E_BAD_VALUE);
    assert_err(targets_shard(&l, STR("-1/3"), &e), e, E_BAD_VALUE);
    assert_err(targets_shard(&l, STR("1"), &e), e, E_BAD_VALUE);
}

static void names_of_groups(void **state)
{
    static const struct {
        uint32_t group;
        const char *name;
    } rows[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        matrix_group(&b, rows[i].group);
        assert_str(sb_view(&b), rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_worker_tells_its_own),
        TEST(what_the_parent_cannot_take_ends_all),
        TEST(numbers_of_workers),
        TEST(a_journal_comes_back_but_for_its_torn_end),
        TEST(errors_and_hashes_pass_through_a_record),
        TEST(parts_hang_on_the_name_alone),
        TEST(names_of_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
