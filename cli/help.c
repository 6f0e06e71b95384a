/* Help, man page: all from the tables of commands and options. */

#include "cli/context.h"

#include <string.h>

enum { WIDTH = 98 };

/* Words wrapped at WIDTH; an empty line between paragraphs. */
static void put_wrapped(struct strbuf *out, struct str text, size_t indent)
{
    struct str rest = text, word;
    size_t col = 0;
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\n')
            n++;
        word = str_sub(rest, 0, n);
        bool paragraph = str_starts(str_from(rest, n), STR("\n\n"));
        rest = str_from(rest, n + (paragraph ? 2 : 1));
        if (col && col + 1 + word.n > WIDTH) {
            sb_char(out, '\n');
            col = 0;
        }
        if (!col)
            sb_pad(out, ' ', indent);
        else
            sb_char(out, ' ');
        col = (col ? col + 1 : indent) + word.n;
        sb_str(out, word);
        if (paragraph) {
            sb_c(out, "\n\n");
            col = 0;
        }
    }
    sb_char(out, '\n');
}

/* "-o, --output FILE (also --output-file)" */
static void put_spelling(struct strbuf *out, const struct option_row *row)
{
    bool also = false;
    if (row->letter)
        sb_printf(out, "-%c, ", row->letter);
    sb_printf(out, "--%s", row->name);
    if (row->arg == ARG_NEED)
        sb_printf(out, " %s", row->argname);
    else if (row->arg == ARG_MAY)
        sb_printf(out, "[=%s]", row->argname);
    for (size_t i = 0; i < option_row_count; i++)
        if (option_rows[i].alias && option_rows[i].id == row->id) {
            sb_printf(out, "%s--%s", also ? ", " : " (also ", option_rows[i].name);
            also = true;
        }
    if (also)
        sb_char(out, ')');
}

static void put_options(struct strbuf *out, unsigned bit, bool general)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        bool all = row->commands == C_ALL;
        if (row->alias || !(row->commands & bit) || all != general)
            continue;
        sb_c(out, "  ");
        put_spelling(out, row);
        sb_char(out, '\n');
        put_wrapped(out, str_c(row->doc), 10);
    }
}

void help_command(const struct command *c, struct strbuf *out)
{
    struct str rest = str_c(c->examples), line;
    sb_printf(out, "snap %s %s\n", c->name, c->args);
    put_wrapped(out, str_c(c->doc), 2);
    if (c->alias)
        sb_printf(out, "  Also: snap %s\n", c->alias);
    if (c->text[0]) {
        sb_char(out, '\n');
        put_wrapped(out, str_c(c->text), 2);
    }
    sb_c(out, "\nExamples\n");
    while (str_cut(&rest, '\n', &line)) {
        size_t tab = str_chr(line, '\t');
        sb_printf(out, "  %.*s\n      %.*s\n", STR_ARG(str_sub(line, 0, tab)),
                  STR_ARG(str_from(line, tab + 1)));
    }
    sb_c(out, "\nOptions\n");
    put_options(out, c->bit, false);
    sb_c(out, "\nOptions of every command\n");
    put_options(out, c->bit, true);
}

void help_overview(struct strbuf *out)
{
    sb_c(out, "snap: schema snapshot, diff, proven changelog and drift check\n\n"
              "usage: snap COMMAND [options] [arguments]\n\n");
    for (size_t i = 0; i < command_count; i++)
        sb_printf(out, "  %-11s %s\n", commands[i].name, commands[i].doc);
    sb_c(out, "\nsnap help COMMAND shows its options and examples.\n"
              "Exit status: 0 same or done, 1 they differ, 2 usage, 3 cannot be told, 4 proof "
              "failed,\n5 no source, 6 time or some targets failed, 130/143 ended by a signal.\n");
}

/* Text for man: a backslash, and a dot or quote that begins a line, mean something there. */
static void put_man(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool start = i == 0 || text.p[i - 1] == '\n';
        if (start && (text.p[i] == '.' || text.p[i] == '\''))
            sb_c(out, "\\&");
        if (text.p[i] == '\\')
            sb_c(out, "\\e");
        else if (text.p[i] == '-')
            sb_c(out, "\\-");
        else
            sb_char(out, text.p[i]);
    }
}

static void man_options(struct strbuf *out, unsigned bit, bool general)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        struct strbuf spelling = sb_new(out->mem, 0);
        if (row->alias || !(row->commands & bit) || (row->commands == C_ALL) != general)
            continue;
        put_spelling(&spelling, row);
        sb_c(out, ".TP\n.B ");
        put_man(out, sb_view(&spelling));
        sb_char(out, '\n');
        put_man(out, str_c(row->doc));
        sb_char(out, '\n');
    }
}

static void man_command(struct strbuf *out, const struct command *c)
{
    struct str rest = str_c(c->text), paragraph;
    sb_printf(out, ".SS \"snap %s %s\"\n", c->name, c->args);
    put_man(out, str_c(c->doc));
    sb_c(out, ".\n");
    while (rest.n && str_cut(&rest, '\n', &paragraph))
        if (paragraph.n) {
            sb_c(out, ".PP\n");
            put_man(out, paragraph);
            sb_char(out, '\n');
        }
    man_options(out, c->bit, false);
    sb_c(out, ".PP\nExamples:\n.nf\n");
    rest = str_c(c->examples);
    while (str_cut(&rest, '\n', &paragraph)) {
        put_man(out, str_sub(paragraph, 0, str_chr(paragraph, '\t')));
        sb_char(out, '\n');
    }
    sb_c(out, ".fi\n");
}

static void man_exit_status(struct strbuf *out)
{
    static const char *const rows[][2] = {
        {"0", "same; done"},
        {"1", "they differ; findings"},
        {"2", "usage or configuration error"},
        {"3", "cannot be told: never an invented drop, never a false same"},
        {"4", "the proof failed"},
        {"5", "a source cannot be opened"},
        {"6", "time ran out, or some of several targets failed"},
        {"130, 143", "ended by a signal; nothing is half written"}};
    sb_c(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        sb_printf(out, ".TP\n.B %s\n%s\n", rows[i][0], rows[i][1]);
}

void man_page(struct strbuf *out)
{
    sb_c(out, ".TH SNAP 1\n.SH NAME\nsnap \\- schema snapshot, diff, proven changelog and drift "
              "check\n.SH SYNOPSIS\n.B snap\n.I COMMAND\n[options] [arguments]\n.SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++)
        man_command(out, &commands[i]);
    sb_c(out, ".SH OPTIONS OF EVERY COMMAND\n");
    man_options(out, C_ALL, true);
    man_exit_status(out);
    sb_c(out,
         ".SH ENVIRONMENT\nEvery long option is also a variable SNAP_NAME (\\-\\- and \\- "
         "become _) and a key under defaults: of snap.yml. An option counts before a variable, "
         "a variable before the file.\n.SH FILES\n.TP\n.B snap.yml\nfound by walking up from "
         "the working directory\n");
}
