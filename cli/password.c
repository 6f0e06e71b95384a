/* Passwords of environments: from a variable, a file or a command. Never kept longer than the
 * command runs, never shown. */

#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/interrupt.h"
#include "snapshot/snapshot.h"

enum { MAX_PASSWORD = 64 << 10, COMMAND_MS = 60000, LOOK_MS = 200 };

/* The first line of what was given; `where` and what to do when there is none. */
static int first_line(const struct config_env *env, struct str text, struct str where,
                      const char *hint, struct str *out, struct err *e)
{
    *out = str_sub(text, 0, str_chr(text, '\n'));
    if (str_ends(*out, STR("\r")))
        *out = str_sub(*out, 0, out->n - 1);
    if (!out->n || str_chr(*out, '\0') < out->n) {
        err_set(e, E_CONFIG_SECRET, "environment %.*s: %.*s gives no password", STR_ARG(env->name),
                STR_ARG(where));
        return err_hint(e, "%s", hint);
    }
    return 0;
}

static pid_t start(char **argv, const char *folder, int *out)
{
    int ends[2];
    if (pipe(ends))
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);
        if (null < 0 || dup2(null, 0) < 0 || dup2(ends[1], 1) < 0 || (*folder && chdir(folder)))
            _exit(127);
        close(ends[0]);
        close(ends[1]);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    if (pid < 0)
        close(ends[0]);
    *out = ends[0];
    return pid;
}

/* All that it prints; false: too much, too long, or interrupted. */
static bool drain(int fd, struct strbuf *text)
{
    int64_t end = clock_ms() + COMMAND_MS;
    char buf[4096];
    while (!interrupt_seen() && clock_ms() < end && !text->over) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, LOOK_MS) <= 0)
            continue;
        ssize_t n = read(fd, buf, sizeof buf);
        if (n == 0)
            return true;
        if (n > 0)
            sb_put(text, buf, (size_t)n);
        else if (errno != EINTR)
            return false;
    }
    return false;
}

static int from_command(const struct config_env *env, struct str folder, struct arena *mem,
                        struct str *out, struct err *e)
{
    struct strbuf text = sb_new(mem, MAX_PASSWORD);
    char **argv = NEW_ARRAY(mem, char *, env->npassword_command + 1);
    int fd, status = -1;
    for (uint32_t i = 0; i < env->npassword_command; i++)
        argv[i] = arena_cstr(mem, env->password_command[i]);
    pid_t pid = start(argv, arena_cstr(mem, folder), &fd);
    if (pid < 0)
        return err_set(e, E_CONFIG_SECRET, "environment %.*s: password_command: %s",
                       STR_ARG(env->name), strerror(errno));
    bool whole = drain(fd, &text);
    close(fd);
    if (!whole)
        kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        err_set(e, E_CONFIG_SECRET, "environment %.*s: password_command %s failed",
                STR_ARG(env->name), argv[0]);
        return err_hint(e, "it is run without a shell, in the folder of snap.yml, and prints the "
                           "password");
    }
    return first_line(env, sb_view(&text), STR("password_command"),
                      "the first line that it prints is the password", out, e);
}

int config_password(const struct config *c, const struct config_env *env, struct arena *mem,
                    struct str *out, struct err *e)
{
    struct str text;
    *out = STR_NULL;
    if (env->npassword_command)
        return from_command(env, c->folder, mem, out, e);
    if (env->password_env.n) {
        const char *value = getenv(arena_cstr(mem, env->password_env));
        struct str where =
            arena_printf(mem, "the variable %.*s of password_env", STR_ARG(env->password_env));
        return first_line(env, str_c(value ? value : ""), where,
                          "set it, and export it to what snap runs in (cron has few variables)",
                          out, e);
    }
    if (!env->password_file.n)
        return 0;
    bool relative = env->password_file.p[0] != '/' && c->folder.n;
    struct str path =
        relative ? arena_printf(mem, "%.*s/%.*s", STR_ARG(c->folder), STR_ARG(env->password_file))
                 : env->password_file;
    if (file_read(arena_cstr(mem, path), MAX_PASSWORD, mem, &text, e)) {
        e->code = E_CONFIG_SECRET;
        return -1;
    }
    return first_line(env, text, arena_printf(mem, "password_file %.*s", STR_ARG(path)),
                      "its first line is the password", out, e);
}
