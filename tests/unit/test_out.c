/* Files that are whole or not there: writing, failing, and what is left behind. */

#include "core/out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness/crash.h"
#include "tests/harness/folder.h"
#include "tests/harness/unit.h"

/* A folder and a file's name in it. */
struct place {
    struct arena *mem;
    char *folder, *file;
};

static struct place place(struct arena *mem)
{
    char *folder = folder_new(mem);
    return (struct place){mem, folder, folder_path(mem, folder, "out file.txt")};
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void a_new_file(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *o;
    mode_t mask = umask(0027);
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_write(o, STR("one\n"), &e), e);
    assert_ok(out_write(o, STR_NULL, &e), e);
    assert_ok(out_write(o, (struct str){"t\0o", 3}, &e), e);
    assert_true(str_is_null(file_text(p.mem, p.file)));
    assert_ok(out_commit(o, &e), e);
    out_abort(o);
    assert_true(str_eq(file_text(p.mem, p.file), (struct str){"one\nt\0o", 7}));
    assert_int_equal(mode_of(p.file), 0640);
    assert_int_equal(folder_count(p.folder), 1);
    umask(mask);
    folder_remove(p.mem, p.folder);
}

static void an_old_file_is_there_until_the_end(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *o;
    file_put(p.file, "old text");
    chmod(p.file, 0664);
    /* The mask is for new files only. */
    mode_t mask = umask(0077);
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_write(o, STR("new"), &e), e);
    assert_str(file_text(p.mem, p.file), "old text");
    assert_ok(out_commit(o, &e), e);
    assert_str(file_text(p.mem, p.file), "new");
    assert_int_equal(mode_of(p.file), 0664);
    umask(mask);
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void thrown_away(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *o;
    file_put(p.file, "old");
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_write(o, STR("new"), &e), e);
    assert_int_equal(folder_count(p.folder), 2);
    out_abort(o);
    out_abort(o);
    out_abort(NULL);
    assert_str(file_text(p.mem, p.file), "old");
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void in_one_call(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct strbuf b = sb_new(p.mem, 0);
    sb_pad(&b, 'x', 3000000);
    assert_ok(out_file(p.mem, p.file, sb_view(&b), &e), e);
    assert_true(str_eq(file_text(p.mem, p.file), sb_view(&b)));
    assert_ok(out_file(p.mem, p.file, STR(""), &e), e);
    assert_str(file_text(p.mem, p.file), "");
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void a_file_in_the_working_folder(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    int here = open(".", O_RDONLY);
    assert_true(here >= 0);
    assert_int_equal(chdir(p.folder), 0);
    assert_ok(out_file(p.mem, "name", STR("x"), &e), e);
    assert_ok(out_file(p.mem, "name", STR("y"), &e), e);
    assert_int_equal(fchdir(here), 0);
    close(here);
    assert_str(file_text(p.mem, folder_path(p.mem, p.folder, "name")), "y");
    folder_remove(p.mem, p.folder);
}

static void a_link_stays_a_link(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct stat st;
    char *link = folder_path(p.mem, p.folder, "link");
    file_put(p.file, "old");
    assert_int_equal(symlink(p.file, link), 0);
    assert_ok(out_file(p.mem, link, STR("new"), &e), e);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_str(file_text(p.mem, p.file), "new");
    folder_remove(p.mem, p.folder);
}

static void a_leftover_of_another_run_is_no_obstacle(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    for (int i = 0; i < 3; i++)
        file_put(arena_printf(p.mem, "%s.snap-%ld-%d.tmp", p.file, (long)getpid(), i).p, "left");
    assert_ok(out_file(p.mem, p.file, STR("x"), &e), e);
    assert_str(file_text(p.mem, p.file), "x");
    for (int i = 3; i < 100; i++)
        file_put(arena_printf(p.mem, "%s.snap-%ld-%d.tmp", p.file, (long)getpid(), i).p, "left");
    assert_err(out_file(p.mem, p.file, STR("y"), &e), e, E_WRITE_FAILED);
    assert_str(file_text(p.mem, p.file), "x");
    assert_int_equal(folder_count(p.folder), 101);
    folder_remove(p.mem, p.folder);
}

static void where_nothing_can_be_written(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    assert_err(out_file(p.mem, folder_path(p.mem, p.folder, "none/f"), STR("x"), &e), e,
               E_WRITE_FAILED);
    assert_string_equal(e.hint, "the folder must exist");
    assert_non_null(strstr(e.msg, "none/f: cannot make a temporary file beside it: "));
    assert_err(out_file(p.mem, p.folder, STR("x"), &e), e, E_WRITE_FAILED);
    assert_non_null(strstr(e.msg, "is a directory"));
    assert_err(out_file(p.mem, "/dev/full", STR("x"), &e), e, E_WRITE_FAILED);
    assert_string_equal(e.hint, "make room on the disk; the old file is as it was");
    assert_int_equal(folder_count(p.folder), 0);
    folder_remove(p.mem, p.folder);
}

static void a_folder_of_somebody_else(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    uid_t me = geteuid();
    file_put(p.file, "old");
    assert_int_equal(chmod(p.folder, 0555), 0);
    /* Root may write everywhere. */
    assert_true(me != 0 || seteuid(65534) == 0);
    int rc = out_file(p.mem, p.file, STR("x"), &e);
    assert_true(me != 0 || seteuid(me) == 0);
    assert_err(rc, e, E_WRITE_FAILED);
    assert_string_equal(e.hint, "choose a folder that you may write to");
    chmod(p.folder, 0755);
    assert_str(file_text(p.mem, p.file), "old");
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

/* It cannot be opened to be synced; that is no reason to fail. */
static void a_folder_that_cannot_be_read(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    uid_t me = geteuid();
    assert_int_equal(chmod(p.folder, 0333), 0);
    assert_true(me != 0 || seteuid(65534) == 0);
    int rc = out_file(p.mem, p.file, STR("x"), &e);
    assert_true(me != 0 || seteuid(me) == 0);
    assert_ok(rc, e);
    chmod(p.folder, 0700);
    assert_str(file_text(p.mem, p.file), "x");
    folder_remove(p.mem, p.folder);
}

static void a_disk_that_fills_up(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct rlimit old, small;
    struct strbuf b = sb_new(p.mem, 0);
    sb_pad(&b, 'x', 100000);
    file_put(p.file, "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 50000;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = out_file(p.mem, p.file, sb_view(&b), &e);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, before);
    assert_err(rc, e, E_WRITE_FAILED);
    assert_non_null(strstr(e.msg, "cannot write"));
    assert_str(file_text(p.mem, p.file), "old");
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void the_name_is_taken_meanwhile(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *o;
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_write(o, STR("x"), &e), e);
    assert_int_equal(mkdir(p.file, 0700), 0);
    assert_err(out_commit(o, &e), e, E_WRITE_FAILED);
    assert_non_null(strstr(e.msg, "cannot rename"));
    assert_int_equal(folder_count(p.folder), 1);
    out_abort(o);
    assert_int_equal(rmdir(p.file), 0);
    folder_remove(p.mem, p.folder);
}

static void clean_up_without_the_outs(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *a, *b;
    assert_ok(out_open(p.mem, p.file, &a, &e), e);
    assert_ok(out_open(p.mem, folder_path(p.mem, p.folder, "b"), &b, &e), e);
    assert_int_equal(folder_count(p.folder), 2);
    out_cleanup();
    assert_int_equal(folder_count(p.folder), 0);
    assert_err(out_commit(a, &e), e, E_WRITE_FAILED);
    out_abort(b);
    out_cleanup();
    folder_remove(p.mem, p.folder);
}

/* Of two files, both are whole before the first one gets its name. */
static void prepared_and_not_yet_visible(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct out *o;
    file_put(p.file, "old");
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_write(o, STR("new"), &e), e);
    assert_ok(out_prepare(o, &e), e);
    assert_ok(out_prepare(o, &e), e);
    assert_str(file_text(p.mem, p.file), "old");
    assert_int_equal(folder_count(p.folder), 2);
    assert_ok(out_commit(o, &e), e);
    assert_str(file_text(p.mem, p.file), "new");
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    assert_ok(out_prepare(o, &e), e);
    out_abort(o);
    assert_str(file_text(p.mem, p.file), "new");
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void make_old(const char *path)
{
    struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Scratch files go with their run, or later; what is no scratch file of ours stays. */
static void scratch_files(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    char *old = folder_path(p.mem, p.folder, "snap_scratch_old000"), *one, *two;
    char *fresh = folder_path(p.mem, p.folder, "snap_scratch_fresh0");
    char *other = folder_path(p.mem, p.folder, "snap_other"),
         *inside = folder_path(p.mem, p.folder, "snap_scratch_folder");
    file_put(old, "x");
    file_put(fresh, "x");
    file_put(other, "x");
    assert_int_equal(mkdir(inside, 0700), 0);
    make_old(old);
    make_old(other);
    make_old(inside);
    const char *was = getenv("TMPDIR");
    char *kept = was ? arena_cstr(p.mem, str_c(was)) : NULL;
    assert_int_equal(setenv("TMPDIR", p.folder, 1), 0);
    assert_ok(out_scratch(p.mem, &one, &e), e);
    assert_int_equal(access(old, F_OK), -1);
    assert_int_equal(access(fresh, F_OK) | access(other, F_OK) | access(inside, F_OK), 0);
    assert_non_null(strstr(one, "/snap_scratch_"));
    assert_ok(out_scratch(p.mem, &two, &e), e);
    out_scratch_remove(one);
    assert_int_equal(access(one, F_OK), -1);
    out_cleanup();
    assert_int_equal(access(two, F_OK), -1);
    out_scratch_remove(two);
    assert_int_equal(setenv("TMPDIR", folder_path(p.mem, p.folder, "none"), 1), 0);
    assert_err(out_scratch(p.mem, &one, &e), e, E_CANNOT_VERIFY);
    if (kept)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    rmdir(inside);
    folder_remove(p.mem, p.folder);
}

static void clean_up_leaves_what_is_done(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    assert_ok(out_file(p.mem, p.file, STR("x"), &e), e);
    out_cleanup();
    assert_str(file_text(p.mem, p.file), "x");
    folder_remove(p.mem, p.folder);
}

static struct out *many[9];

static void open_many(void *arg)
{
    struct place *p = arg;
    struct err e;
    for (size_t i = 0; i < 9; i++)
        if (out_open(p->mem, p->file, &many[i], &e))
            return;
}

static void more_outs_than_there_are_places(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    char said[1000];
    assert_true(aborts(open_many, &p, said, sizeof said));
    assert_non_null(strstr(said, "too many open outputs"));
    for (size_t i = 0; i < 8; i++)
        out_abort(many[i]);
    /* The places are free again. */
    assert_ok(out_file(p.mem, p.file, STR("x"), &e), e);
    folder_remove(p.mem, p.folder);
}

static void through_a_pipe_with_a_name(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    assert_int_equal(mkfifo(p.file, 0600), 0);
    pid_t reader = fork();
    if (reader == 0) {
        char got[10];
        int fd = open(p.file, O_RDONLY);
        ssize_t n = fd < 0 ? -1 : read(fd, got, sizeof got);
        _exit(n == 5 && memcmp(got, "hello", 5) == 0 ? 0 : 1);
    }
    int status = 1;
    assert_ok(out_file(p.mem, p.file, STR("hello"), &e), e);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
    assert_int_equal(folder_count(p.folder), 1);
    folder_remove(p.mem, p.folder);
}

static void ignore_alarm(int number)
{
    (void)number;
}

/* Exits with 0 when so many bytes come, after it has let the writer wait. */
static void read_slowly(const char *path, size_t want)
{
    const struct timespec wait = {0, 60000000};
    char part[4096];
    size_t n = 0;
    ssize_t got;
    int fd = open(path, O_RDONLY);
    nanosleep(&wait, NULL);
    while ((got = read(fd, part, sizeof part)) > 0)
        n += (size_t)got;
    _exit(n == want ? 0 : 1);
}

static void signals_do_not_break_a_write(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    struct sigaction act = {.sa_handler = ignore_alarm}, before;
    const struct itimerval often = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};
    struct strbuf b = sb_new(p.mem, 0);
    int status = 1;
    sb_pad(&b, 'x', 1000000);
    assert_int_equal(mkfifo(p.file, 0600), 0);
    pid_t reader = fork();
    if (reader == 0)
        read_slowly(p.file, b.n);
    struct out *o;
    assert_ok(out_open(p.mem, p.file, &o, &e), e);
    sigaction(SIGALRM, &act, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    int rc = out_write(o, sb_view(&b), &e);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    assert_ok(rc, e);
    assert_ok(out_commit(o, &e), e);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
    folder_remove(p.mem, p.folder);
}

/* Standard output is put aside while fn writes "-". */
static int to_stdout(struct arena *mem, int fd, struct err *e)
{
    fflush(stdout);
    int old = dup(STDOUT_FILENO);
    if (fd < 0)
        close(STDOUT_FILENO);
    else
        dup2(fd, STDOUT_FILENO);
    int rc = out_file(mem, "-", STR("to stdout"), e);
    dup2(old, STDOUT_FILENO);
    close(old);
    return rc;
}

static void standard_output(void **state)
{
    struct place p = place(*state);
    struct err e = {0};
    int fd = open(p.file, O_WRONLY | O_CREAT, 0600);
    assert_ok(to_stdout(p.mem, fd, &e), e);
    close(fd);
    assert_str(file_text(p.mem, p.file), "to stdout");
    fd = open("/dev/full", O_WRONLY);
    assert_err(to_stdout(p.mem, fd, &e), e, E_WRITE_FAILED);
    close(fd);
    assert_err(to_stdout(p.mem, -1, &e), e, E_WRITE_FAILED);
    folder_remove(p.mem, p.folder);
}

static void nobody_reads_standard_output(void **state)
{
    struct err e = {0};
    int ends[2];
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    /* `snap ... | head` is no error. */
    assert_ok(to_stdout(*state, ends[1], &e), e);
    close(ends[1]);
    signal(SIGPIPE, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_new_file),
                                       TEST(an_old_file_is_there_until_the_end),
                                       TEST(thrown_away),
                                       TEST(in_one_call),
                                       TEST(a_file_in_the_working_folder),
                                       TEST(a_link_stays_a_link),
                                       TEST(a_leftover_of_another_run_is_no_obstacle),
                                       TEST(where_nothing_can_be_written),
                                       TEST(a_folder_of_somebody_else),
                                       TEST(a_folder_that_cannot_be_read),
                                       TEST(a_disk_that_fills_up),
                                       TEST(the_name_is_taken_meanwhile),
                                       TEST(clean_up_without_the_outs),
                                       TEST(prepared_and_not_yet_visible),
                                       TEST(scratch_files),
                                       TEST(clean_up_leaves_what_is_done),
                                       TEST(more_outs_than_there_are_places),
                                       TEST(through_a_pipe_with_a_name),
                                       TEST(signals_do_not_break_a_write),
                                       TEST(standard_output),
                                       TEST(nobody_reads_standard_output)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
