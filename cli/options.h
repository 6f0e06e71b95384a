#ifndef SNAP_CLI_OPTIONS_H
#define SNAP_CLI_OPTIONS_H

/* The command line: commands, the one option table, and values from options, variables, snap.yml.
 */

#include "core/arena.h"
#include "core/err.h"

enum command_bit {
    C_SNAPSHOT = 1 << 0,
    C_DIFF = 1 << 1,
    C_CHANGELOG = 1 << 2,
    C_VERIFY = 1 << 3,
    C_DRIFT = 1 << 4,
    C_ENV = 1 << 5,
    C_FEATURES = 1 << 6,
    C_VERSION = 1 << 7,
    C_COMPLETION = 1 << 8,
    C_HELP = 1 << 9,
    C_EXPLAIN = 1 << 10,
    C_INFER = 1 << 11,
    C_CHECK = 1 << 12,
    C_APPEND = 1 << 13,
    C_LINT = 1 << 14,
    C_DOCS = 1 << 15,
    C_LOG = 1 << 16,
    C_SHOW = 1 << 17,
    C_BLAME = 1 << 18,
    C_IGNORE = 1 << 19,
    C_REPORT = 1 << 20,
};
#define C_ALL ((1 << 21) - 1)
#define C_READ                                                                                     \
    (C_SNAPSHOT | C_DIFF | C_CHANGELOG | C_VERIFY | C_DRIFT | C_ENV | C_EXPLAIN | C_INFER |        \
     C_CHECK | C_DOCS | C_IGNORE)

/* Read snap.yml, and a history. */
#define C_HISTORY (C_LOG | C_SHOW | C_BLAME)

enum option_id {
#define OPTION(id, name, letter, arg, commands, argname, doc) OPT_##id,
#define ALIAS(id, name)
#include "cli/options.def"
#undef OPTION
#undef ALIAS
    OPTION_COUNT
};

enum option_arg { ARG_NONE, ARG_NEED, ARG_MAY };

struct option_row {
    enum option_id id;
    const char *name;
    char letter;
    enum option_arg arg;
    unsigned commands;
    const char *argname, *doc;
    bool alias; /* another spelling of the row before it with the same id */
};
extern const struct option_row option_rows[];
extern const size_t option_row_count;

struct context;
struct command {
    unsigned bit;
    const char *name, *alias; /* alias NULL: none */
    const char *args;         /* "FROM TO" */
    unsigned min_args, max_args;
    const char *doc;      /* one line */
    const char *text;     /* paragraphs of the help */
    const char *examples; /* one per line: command TAB what it does */
    int (*run)(struct context *ctx, struct err *e);
};
extern const struct command commands[];
extern const size_t command_count;
const struct command *command_find(struct str name);

struct option_values {
    struct str *v[OPTION_COUNT]; /* values in the order given */
    uint32_t n[OPTION_COUNT], cap[OPTION_COUNT];
};

/* What the command line says. args: what is no option. */
struct cmdline {
    const struct command *command;
    struct option_values given;
    const char **args;
    uint32_t nargs;
};
/* Parses argv (as of main). E_UNKNOWN_COMMAND, E_UNKNOWN_OPTION, E_USAGE. `help` is the command
 * when none is given. */
int cmdline_parse(int argc, char **argv, struct arena *mem, struct cmdline *out, struct err *e);
/* Adds SNAP_ variables to what is not given. */
int options_from_env(struct cmdline *c, struct arena *mem, struct err *e);
/* What a flag takes: true, false, yes, no, on, off, 1, 0, also in quotes as pipelines write it. */
bool option_bool(struct str value, bool *on);
/* E_BAD_VALUE for a flag's value that is none of them; `place` says who gave it: a variable, a
 * line. */
int option_check(const struct option_row *row, struct str value, struct str place, struct err *e);
/* The row of a long name, aliases too; NULL. */
const struct option_row *option_by_name(struct str name);
void option_add(struct option_values *v, enum option_id id, struct str value, struct arena *mem);

#endif
