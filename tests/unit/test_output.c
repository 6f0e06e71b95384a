/* Where output goes: a file, standard output, a pager on a terminal only. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/context.h"
#include "tests/harness/folder.h"
#include "tests/harness/unit.h"

/* Gives standard input and output to the test and takes them back. */
struct taken {
    int in, out, terminal, master;
};

static struct taken take(struct arena *mem, const char *file, unsigned short rows)
{
    struct taken t = {dup(0), dup(1), -1, -1};
    (void)mem;
    fflush(stdout);
    if (file) {
        t.terminal = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    } else {
        t.master = posix_openpt(O_RDWR | O_NOCTTY);
        assert_true(t.master >= 0 && grantpt(t.master) == 0 && unlockpt(t.master) == 0);
        t.terminal = open(ptsname(t.master), O_RDWR | O_NOCTTY);
        struct winsize size = {.ws_row = rows, .ws_col = 80};
        assert_int_equal(ioctl(t.terminal, TIOCSWINSZ, &size), 0);
        dup2(t.terminal, 0);
    }
    assert_true(t.terminal >= 0);
    dup2(t.terminal, 1);
    return t;
}

static void give_back(struct taken *t)
{
    dup2(t->in, 0);
    dup2(t->out, 1);
    close(t->in);
    close(t->out);
    close(t->terminal);
}

static struct str on_terminal(struct arena *mem, const struct taken *t)
{
    char buf[4096];
    fcntl(t->master, F_SETFL, O_NONBLOCK);
    ssize_t n = read(t->master, buf, sizeof buf);
    close(t->master);
    return arena_str(mem, (struct str){buf, n > 0 ? (size_t)n : 0});
}

static void files(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "x");
    struct context ctx = {.mem = mem};
    struct err e = {0};
    assert_ok(context_write(&ctx, str_c(path), STR("text\n"), true, &e), e);
    assert_str(file_text(mem, path), "text\n");
    assert_err(context_write(&ctx, str_c(folder), STR("text\n"), true, &e), e, E_WRITE_FAILED);
    for (int i = 0; i < 2; i++) {
        struct taken t = take(mem, path, 0);
        int rc = context_write(&ctx, i ? STR("-") : STR(""), STR("plain\n"), true, &e);
        give_back(&t);
        assert_ok(rc, e);
        assert_str(file_text(mem, path), "plain\n");
    }
    folder_remove(mem, folder);
}

/* What a run on a terminal of five lines shows; the pager puts a word in front. */
static struct str shown(struct arena *mem, const char *text, bool page, bool no_pager,
                        const char *pager, const char *term)
{
    struct context ctx = {.mem = mem};
    struct err e = {0};
    if (no_pager)
        option_add(&ctx.cmd.given, OPT_NO_PAGER, STR("true"), mem);
    setenv("PAGER", pager, 1);
    setenv("TERM", term, 1);
    struct taken t = take(mem, NULL, 5);
    int rc = context_write(&ctx, STR("-"), str_c(text), page, &e);
    give_back(&t);
    assert_ok(rc, e);
    unsetenv("PAGER");
    return on_terminal(mem, &t);
}

static void pager(void **state)
{
    static const char five[] = "1\n2\n3\n4\n5\n", four[] = "1\n2\n3\n4\n";
    static const char sed[] = "sed  s/^/p/";
    assert_str(shown(*state, five, true, false, sed, "xterm"), "p1\r\np2\r\np3\r\np4\r\np5\r\n");
    assert_str(shown(*state, four, true, false, sed, "xterm"), "1\r\n2\r\n3\r\n4\r\n");
    assert_str(shown(*state, five, false, false, sed, "xterm"), "1\r\n2\r\n3\r\n4\r\n5\r\n");
    assert_str(shown(*state, five, true, true, sed, "xterm"), "1\r\n2\r\n3\r\n4\r\n5\r\n");
    assert_str(shown(*state, five, true, false, sed, "dumb"), "1\r\n2\r\n3\r\n4\r\n5\r\n");
    /* one that is not there, and one that does not read */
    assert_str(shown(*state, five, true, false, "no-such-pager", "xterm"),
               "1\r\n2\r\n3\r\n4\r\n5\r\n");
    assert_str(shown(*state, five, true, false, "true", "xterm"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(files), TEST(pager)};
    signal(SIGPIPE, SIG_IGN); /* as main has it */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
