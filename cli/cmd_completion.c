/* Completion scripts for shells, from the tables. */

#include "cli/context.h"

static void put_options(struct strbuf *b, unsigned bit)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = option_by_name(str_c(option_rows[i].name));
        if (!(row->commands & bit))
            continue;
        sb_printf(b, "%s--%s", b->n && b->p[b->n - 1] != '"' ? " " : "", option_rows[i].name);
    }
}

static void bash(struct strbuf *b)
{
    sb_c(b, "_snap() {\n    local cur=${COMP_WORDS[COMP_CWORD]} cmd=${COMP_WORDS[1]} words=\n"
            "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"");
    for (size_t i = 0; i < command_count; i++)
        sb_printf(b, "%s%s", i ? " " : "", commands[i].name);
    sb_c(b, "\"\n    else\n        case $cmd in\n");
    for (size_t i = 0; i < command_count; i++) {
        sb_printf(b, "        %s%s%s) words=\"", commands[i].name, commands[i].alias ? "|" : "",
                  commands[i].alias ? commands[i].alias : "");
        put_options(b, commands[i].bit);
        sb_c(b, "\" ;;\n");
    }
    sb_c(b, "        esac\n    fi\n    case $cur in\n    -*) ;;\n"
            "    *) [ \"$COMP_CWORD\" -gt 1 ] && { compopt -o default 2>/dev/null; return; } ;;\n"
            "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
            "complete -F _snap snap\n");
}

/* Text inside single quotes of zsh and fish. */
static void put_doc(struct strbuf *b, const char *doc, bool zsh)
{
    for (const char *p = doc; *p; p++) {
        if (*p == '\'')
            sb_c(b, zsh ? "'\\''" : "\\'");
        else if (zsh && (*p == '[' || *p == ']' || *p == ':' || *p == '\\'))
            sb_printf(b, "\\%c", *p);
        else
            sb_char(b, *p);
    }
}

static void zsh(struct strbuf *b)
{
    sb_c(b, "#compdef snap\n_snap() {\n  local -a commands\n  commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        sb_printf(b, "    '%s:", commands[i].name);
        put_doc(b, commands[i].doc, true);
        sb_c(b, "'\n");
    }
    sb_c(b, "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
            "  case $words[2] in\n");
    for (size_t i = 0; i < command_count; i++) {
        sb_printf(b, "  %s%s%s)\n    _arguments -s", commands[i].name, commands[i].alias ? "|" : "",
                  commands[i].alias ? commands[i].alias : "");
        for (size_t k = 0; k < option_row_count; k++) {
            const struct option_row *row = option_by_name(str_c(option_rows[k].name));
            if (!(row->commands & commands[i].bit))
                continue;
            sb_printf(b, " \\\n      '--%s%s[", option_rows[k].name,
                      row->arg == ARG_NONE   ? ""
                      : row->arg == ARG_NEED ? "="
                                             : "=-");
            put_doc(b, row->doc, true);
            sb_printf(b, "]%s%s%s'",
                      row->arg == ARG_NEED  ? ":"
                      : row->arg == ARG_MAY ? "::"
                                            : "",
                      row->arg == ARG_NONE ? "" : row->argname,
                      row->arg == ARG_NONE ? "" : ":_files");
        }
        sb_c(b, " \\\n      '*:source:_files' ;;\n");
    }
    sb_c(b, "  esac\n}\n_snap \"$@\"\n");
}

static void fish(struct strbuf *b)
{
    sb_c(b, "complete -c snap -n __fish_use_subcommand -f\n");
    for (size_t i = 0; i < command_count; i++) {
        sb_printf(b, "complete -c snap -n __fish_use_subcommand -a %s -d '", commands[i].name);
        put_doc(b, commands[i].doc, false);
        sb_c(b, "'\n");
    }
    for (size_t i = 0; i < command_count; i++)
        for (size_t k = 0; k < option_row_count; k++) {
            const struct option_row *row = option_by_name(str_c(option_rows[k].name));
            if (!(row->commands & commands[i].bit))
                continue;
            sb_printf(b, "complete -c snap -n '__fish_seen_subcommand_from %s' -l %s",
                      commands[i].name, option_rows[k].name);
            if (option_rows[k].letter)
                sb_printf(b, " -s %c", option_rows[k].letter);
            sb_c(b, row->arg == ARG_NEED ? " -r -d '" : " -d '");
            put_doc(b, row->doc, false);
            sb_c(b, "'\n");
        }
}

int cmd_completion(struct context *ctx, struct err *e)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    struct str shell = str_c(ctx->cmd.args[0]);
    if (str_eq(shell, STR("bash")))
        bash(&b);
    else if (str_eq(shell, STR("zsh")))
        zsh(&b);
    else if (str_eq(shell, STR("fish")))
        fish(&b);
    else
        return err_set(e, E_USAGE, "snap completion knows bash, zsh and fish, not %.*s",
                       STR_ARG(shell));
    return context_write(ctx, STR("-"), sb_view(&b), false, e) ? -1 : 0;
}
