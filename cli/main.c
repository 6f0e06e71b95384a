/* The program: parses, runs one command, prints the error, ends. */

#include "cli/context.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"
#include "core/interrupt.h"
#include "emit/tell.h"

static int exit_status(const struct err *e)
{
    int number = interrupt_signal();
    return e->code == E_INTERRUPTED && number ? 128 + number : err_exit_code(e->code);
}

static void print_error(const struct err *e)
{
    fprintf(stderr, "snap: %s: %s\n", err_name(e->code), e->msg);
    if (e->hint[0])
        fprintf(stderr, "      %s\n", e->hint);
}

static int run(int argc, char **argv, struct context *ctx, struct err *e)
{
    if (cmdline_parse(argc, argv, ctx->mem, &ctx->cmd, e))
        return -1;
    if (ctx->cmd.given.n[OPT_HELP]) {
        struct strbuf b = sb_new(ctx->mem, 0);
        help_command(ctx->cmd.command, &b);
        return context_write(ctx, STR("-"), sb_view(&b), true, e);
    }
    return context_init(ctx, e) ? -1 : ctx->cmd.command->run(ctx, e);
}

/* The command line is for everybody to see (ps): passwords in it are hidden as soon as snap has a
 * copy of its own. */
static char **take_arguments(int argc, char **argv, struct arena *mem)
{
    char **own = NEW_ARRAY(mem, char *, (size_t)argc + 1);
    for (int i = 0; i < argc; i++) {
        own[i] = arena_cstr(mem, str_c(argv[i]));
        redact_urls(argv[i]);
    }
    return own;
}

int main(int argc, char **argv)
{
    struct context ctx = {.mem = arena_new(0)};
    struct err e = {0};
    oom_set_hook(out_cleanup);
    interrupt_install();
#ifdef SNAP_TEST_HOOKS
    /* NAME or NAME:back leaves out the statements of one alter: the proof must notice. */
    const char *hook = getenv("SNAP_TEST_BREAK");
    if (hook) {
        struct str text = str_c(hook);
        plan_break_back = str_ends(text, STR(":back"));
        plan_break_alter = arena_cstr(ctx.mem, str_sub(text, 0, str_chr(text, ':')));
    }
#endif
    int status = run(argc, take_arguments(argc, argv, ctx.mem), &ctx, &e);
    if (status < 0 && ctx.cmd.command && ctx.cmd.given.n[OPT_NAGIOS]) {
        struct strbuf line = sb_new(ctx.mem, 0);
        status = tell_nagios(NULL, 0, &e, &line);
        fputs(sb_view(&line).p, stdout);
    } else if (status < 0) {
        print_error(&e);
        status = exit_status(&e);
    }
    arena_free(ctx.mem);
    return status;
}
