/* Help topics that are tables: errors, hazards, options. Written as Markdown, which a terminal
 * shows as well; docs/ holds them too. */

#include "cli/context.h"

void topic_errors(struct strbuf *out)
{
    sb_c(out,
         "# Errors\n\nEach error has a stable name, which stands first on standard error. `snap "
         "help "
         "NAME` shows one.\n\n| name | exit status | meaning | what to do |\n|---|---|---|---|\n");
    for (unsigned i = 1; i < ERR_COUNT; i++) {
        enum err_code code = (enum err_code)i;
        sb_printf(out, "| `%s` | %d | %s | %s |\n", err_name(code), err_exit_code(code),
                  err_doc(code), err_row_hint(code));
    }
}

static const char *const severity_words[] = {"", "worth knowing", "can fail or block",
                                             "loses data"};

void topic_hazards(struct strbuf *out)
{
    sb_c(out, "# Hazards\n\nWhat a step of a plan may bring with it. A changelog names them all; a "
              "diff, which has no plan, data loss, rewrites and what the rows may not allow.\n\n| "
              "name | severity | meaning | the safer way |\n|---|---|---|---|\n");
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        sb_printf(out, "| `%s` | %s | %s | %s |\n", hazard_name(code),
                  severity_words[hazard_severity(code)], hazard_doc(code), hazard_safer(code));
    }
}

bool topic_hazard(struct str name, struct strbuf *out)
{
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        if (!str_eq_fold_c(name, hazard_name(code)))
            continue;
        sb_printf(out, "%s (a hazard: %s): %s\n  %s\n", hazard_name(code),
                  severity_words[hazard_severity(code)], hazard_doc(code), hazard_safer(code));
        return true;
    }
    return false;
}

static void put_commands(struct strbuf *out, unsigned bits)
{
    bool first = true;
    if (bits == C_ALL) {
        sb_c(out, "all");
        return;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (!(bits & commands[i].bit))
            continue;
        sb_printf(out, "%s%s", first ? "" : ", ", commands[i].name);
        first = false;
    }
}

static void put_variable(struct strbuf *out, const char *name)
{
    sb_c(out, "SNAP_");
    for (const char *p = name; *p; p++)
        sb_char(out, *p == '-' ? '_' : (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
}

void topic_options(struct strbuf *out)
{
    sb_c(out,
         "# Options\n\nAn option counts before its variable, the variable before the key of the "
         "same name under `defaults:` of snap.yml.\n\n| option | commands | variable | what it "
         "does |\n|---|---|---|---|\n");
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (row->alias)
            continue;
        sb_c(out, "| `");
        if (row->letter)
            sb_printf(out, "-%c`, `", row->letter);
        sb_printf(out, "--%s%s%s%s`", row->name,
                  row->arg == ARG_NONE   ? ""
                  : row->arg == ARG_NEED ? " "
                                         : "[=",
                  row->argname, row->arg == ARG_MAY ? "]" : "");
        for (size_t k = 0; k < option_row_count; k++)
            if (option_rows[k].alias && option_rows[k].id == row->id)
                sb_printf(out, ", `--%s`", option_rows[k].name);
        sb_c(out, " | ");
        put_commands(out, row->commands);
        sb_c(out, " | `");
        put_variable(out, row->name);
        sb_printf(out, "` | %s |\n", row->doc);
    }
}

bool topic_error(struct str name, struct strbuf *out)
{
    for (unsigned i = 1; i < ERR_COUNT; i++) {
        enum err_code code = (enum err_code)i;
        if (!str_eq_fold_c(name, err_name(code)))
            continue;
        sb_printf(out, "%s (exit status %d): %s\n", err_name(code), err_exit_code(code),
                  err_doc(code));
        if (err_row_hint(code)[0])
            sb_printf(out, "  %s\n", err_row_hint(code));
        return true;
    }
    return false;
}
