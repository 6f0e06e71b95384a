/* The command line, parsed by getopt_long from the one table. */

#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/suggest.h"

#define NONE ARG_NONE
#define NEED ARG_NEED
#define MAY ARG_MAY
const struct option_row option_rows[] = {
#define OPTION(id, name, letter, arg, commands, argname, doc)                                      \
    {OPT_##id, name, letter, arg, commands, argname, doc, false},
#define ALIAS(id, name) {OPT_##id, name, 0, ARG_NONE, 0, "", "", true},
#include "cli/options.def"
#undef OPTION
#undef ALIAS
};
#undef NONE
#undef NEED
#undef MAY
const size_t option_row_count = sizeof option_rows / sizeof *option_rows;

/* The row that an alias stands for. */
static const struct option_row *canonical(const struct option_row *row)
{
    for (size_t i = 0; row->alias && i < option_row_count; i++)
        if (!option_rows[i].alias && option_rows[i].id == row->id)
            return &option_rows[i];
    return row;
}

const struct option_row *option_by_name(struct str name)
{
    for (size_t i = 0; i < option_row_count; i++)
        if (str_eq_c(name, option_rows[i].name))
            return canonical(&option_rows[i]);
    return NULL;
}

const struct command *command_find(struct str name)
{
    for (size_t i = 0; i < command_count; i++)
        if (str_eq_c(name, commands[i].name) ||
            (commands[i].alias && str_eq_c(name, commands[i].alias)))
            return &commands[i];
    return NULL;
}

static bool word_is(struct str value, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_fold_c(value, *words))
            return true;
    return false;
}

bool option_bool(struct str value, bool *on)
{
    static const char *const yes[] = {"true", "1", "yes", "on", NULL};
    static const char *const no[] = {"false", "0", "no", "off", NULL};
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = str_sub(value, 1, value.n - 1);
    *on = word_is(value, yes);
    return *on || word_is(value, no);
}

int option_check(const struct option_row *row, struct str value, struct str place, struct err *e)
{
    bool flag = row->arg == ARG_NONE || strcmp(row->argname, "BOOL") == 0, on;
    if (!flag || option_bool(value, &on))
        return 0;
    return err_set(e, E_BAD_VALUE, "%.*s takes true or false, not %.*s", STR_ARG(place),
                   STR_ARG(value));
}

void option_add(struct option_values *v, enum option_id id, struct str value, struct arena *mem)
{
    if (v->n[id] == v->cap[id])
        v->v[id] = vec_grow(mem, v->v[id], &v->cap[id], sizeof *v->v[id]);
    v->v[id][v->n[id]++] = value;
}

static struct str option_names(unsigned bit, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < option_row_count; i++) {
        if (!(canonical(&option_rows[i])->commands & bit))
            continue;
        if (b.n)
            sb_char(&b, ',');
        sb_c(&b, option_rows[i].name);
    }
    return sb_view(&b);
}

static int unknown_option(const struct command *cmd, struct str word, struct arena *mem,
                          struct err *e)
{
    struct str name = word;
    while (name.n && name.p[0] == '-')
        name = str_from(name, 1);
    name = str_sub(name, 0, str_chr(name, '='));
    struct str near = suggest_word(name, option_names(cmd->bit, mem).p);
    bool elsewhere = option_by_name(name) != NULL;
    err_set(e, E_UNKNOWN_OPTION,
            elsewhere ? "snap %s takes no %.*s" : "snap %s: unknown option %.*s", cmd->name,
            STR_ARG(word));
    if (near.n && !elsewhere)
        return err_hint(e, "did you mean --%.*s?", STR_ARG(near));
    return err_hint(e, "snap help %s lists its options", cmd->name);
}

static int unknown_command(struct str word, struct arena *mem, struct err *e)
{
    struct strbuf names = sb_new(mem, 0);
    for (size_t i = 0; i < command_count; i++)
        sb_printf(&names, "%s%s", i ? "," : "", commands[i].name);
    struct str near = suggest_word(word, sb_view(&names).p);
    err_set(e, E_UNKNOWN_COMMAND, "snap has no command %.*s", STR_ARG(word));
    return near.n ? err_hint(e, "did you mean snap %.*s?", STR_ARG(near)) : -1;
}

/* Tables for getopt_long: every option of the program, so that one of another command is told from
 * one that does not exist. */
struct getopt_tables {
    struct option *longs;
    char shorts[128];
};

static void make_tables(struct getopt_tables *t, struct arena *mem)
{
    static const int has_arg[] = {no_argument, required_argument, optional_argument};
    size_t n = 0;
    t->longs = NEW_ARRAY(mem, struct option, option_row_count + 1);
    t->shorts[n++] = ':'; /* errors are ours to tell */
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = canonical(&option_rows[i]);
        t->longs[i] =
            (struct option){option_rows[i].name, has_arg[row->arg], NULL, 256 + (int)row->id};
        if (!option_rows[i].letter)
            continue;
        t->shorts[n++] = option_rows[i].letter;
        for (enum option_arg a = ARG_NONE; a < row->arg; a++)
            t->shorts[n++] = ':';
    }
    t->shorts[n] = '\0';
}

static const struct option_row *row_of(int code)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!row->alias && (code == 256 + (int)row->id || (row->letter && code == row->letter)))
            return row;
    }
    return NULL;
}

static int parse_options(int argc, char **argv, struct cmdline *out, struct arena *mem,
                         struct err *e)
{
    struct getopt_tables t;
    int code;
    make_tables(&t, mem);
    optind = 0; /* start anew, also in tests */
    opterr = 0;
    while ((code = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
        const char *word = argv[optind > 0 ? optind - 1 : 0];
        if (code == ':') {
            err_set(e, E_USAGE, "%s needs a value", word);
            return err_hint(e, "snap help %s shows how to write it", out->command->name);
        }
        const struct option_row *row = code == '?' ? NULL : row_of(code);
        if (!row && optopt > 0 && optopt < 256)
            return unknown_option(out->command, arena_printf(mem, "-%c", optopt), mem, e);
        if (!row)
            return unknown_option(out->command, str_c(word), mem, e);
        if (!(row->commands & out->command->bit))
            return unknown_option(out->command, arena_printf(mem, "--%s", row->name), mem, e);
        option_add(&out->given, row->id, str_c(optarg ? optarg : "true"), mem);
    }
    for (; optind < argc; optind++)
        out->args[out->nargs++] = argv[optind];
    return 0;
}

static int check_count(const struct cmdline *c, struct err *e)
{
    const struct command *cmd = c->command;
    bool enough = c->nargs >= cmd->min_args || c->given.n[OPT_HELP] || c->given.n[OPT_URL] ||
                  c->given.n[OPT_REFERENCE_URL];
    if (enough && c->nargs <= cmd->max_args)
        return 0;
    err_set(e, E_USAGE, "snap %s: %s", cmd->name,
            enough ? "too many arguments" : "an argument is missing");
    return err_hint(e, "usage: snap %s %s", cmd->name, cmd->args);
}

/* Whether the value of this option is the next word: --config FILE, -c FILE. */
static bool takes_next(const char *word)
{
    bool is_long = word[1] == '-';
    const struct option_row *row = is_long        ? option_by_name(str_c(word + 2))
                                   : word[2] == 0 ? row_of((unsigned char)word[1])
                                                  : NULL;
    return row && row->arg == ARG_NEED;
}

int cmdline_parse(int argc, char **argv, struct arena *mem, struct cmdline *out, struct err *e)
{
    int at = 1;
    *out = (struct cmdline){0};
    out->args = NEW_ARRAY(mem, const char *, (size_t)argc + 1);
    /* Options of all commands may stand before the command; it is the first word that is none. */
    while (at < argc && argv[at][0] == '-' && argv[at][1])
        at += takes_next(argv[at]) ? 2 : 1;
    bool only_version = argc == 2 && strcmp(argv[1], "--version") == 0;
    struct str word = at < argc ? str_c(argv[at]) : only_version ? STR("version") : STR("help");
    out->command = command_find(word);
    if (!out->command)
        return unknown_command(word, mem, e);
    if (only_version)
        return 0;
    char **rest = NEW_ARRAY(mem, char *, (size_t)argc + 1);
    int n = 0;
    for (int i = 0; i < argc; i++)
        if (i != at)
            rest[n++] = argv[i];
    if (parse_options(n, rest, out, mem, e))
        return -1;
    return check_count(out, e);
}

int options_from_env(struct cmdline *c, struct arena *mem, struct err *e)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        char name[64] = "SNAP_";
        size_t n = 5;
        if (row->alias || c->given.n[row->id] || !(row->commands & c->command->bit))
            continue;
        for (const char *p = row->name; *p && n < sizeof name - 1; p++)
            name[n++] = *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
        name[n] = '\0';
        const char *value = getenv(name);
        if (!value || !*value)
            continue;
        if (option_check(row, str_c(value), str_c(name), e))
            return -1;
        option_add(&c->given, row->id, arena_str(mem, str_c(value)), mem);
    }
    return 0;
}
