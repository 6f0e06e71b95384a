/* Commands as texts; see command.h. */

#include "core/command.h"

#include <string.h>

enum { MAX_DEPTH = 512 };

/* The end of the string that begins at `at`, behind its quote; 0: it has none, or JSON does not
 * take what is in it. */
static size_t string_end(struct str s, size_t at)
{
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] == '"')
            return i + 1;
        if (s.p[i] == '\\')
            i++;
        if (i == s.n || (unsigned char)s.p[i] < 0x20)
            return 0;
    }
    return 0;
}

static bool in_word(char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c) || (c && strchr("+-.", c));
}

/* The end of the number, true, false or null that begins at `at`; 0: it is none. */
static size_t word_end(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.n && in_word(s.p[end]))
        end++;
    struct str word = str_sub(s, at, end);
    if (str_eq(word, STR("true")) || str_eq(word, STR("false")) || str_eq(word, STR("null")))
        return end;
    for (size_t i = 0; i < word.n; i++)
        if (ascii_is_alpha(word.p[i]) && ascii_lower(word.p[i]) != 'e')
            return 0;
    return word.n && (ascii_is_digit(word.p[0]) || word.p[0] == '-') ? end : 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Brackets that are open, as bits: set for a brace. */
struct nest {
    bool brace[MAX_DEPTH];
    unsigned depth;
};

static bool put_bracket(struct nest *n, char c)
{
    if (c == '{' || c == '[') {
        if (n->depth == MAX_DEPTH)
            return false;
        n->brace[n->depth++] = c == '{';
        return true;
    }
    return n->depth && n->brace[--n->depth] == (c == '}');
}

bool command_line(struct str json, struct strbuf *out)
{
    struct nest nest = {.depth = 0};
    bool begun = false, apart = false; /* apart: a blank stands behind a word */
    if (str_find(json, STR("${")) < json.n || !str_is_utf8(json))
        return false;
    for (size_t i = 0, end; i < json.n; i = end) {
        char c = json.p[i];
        end = i + 1;
        if (is_blank(c)) {
            apart = true;
            continue;
        }
        if (!nest.depth && (begun || c != '{'))
            return false;
        begun = true;
        if (c == '"')
            end = string_end(json, i);
        else if (c && strchr("{}[]", c))
            end = put_bracket(&nest, c) ? end : 0;
        else if (c != ',' && c != ':')
            end = word_end(json, i);
        if (!end || (apart && in_word(c) && in_word(out->p[out->n - 1])))
            return false;
        apart = false;
        sb_str(out, str_sub(json, i, end));
    }
    return begun && !nest.depth;
}

static int foreign(const struct command_script *s, struct err *e)
{
    err_set(e, E_CHANGELOG_FOREIGN, "%.*s line %u: nothing that snap writes into a script",
            STR_ARG(s->label), s->line);
    return err_hint(e, "db.runCommand(EJSON.parse('...', {relaxed: false})); is replayed, and "
                       "nothing else");
}

static bool skip(struct str *rest, const char *word)
{
    bool found = str_starts(*rest, str_c(word));
    if (found)
        *rest = str_from(*rest, strlen(word));
    return found;
}

/* Takes a literal '...' off; of its escapes only those that are written: \' and \\ . */
static bool take_literal(struct str *rest, struct strbuf *out)
{
    if (!skip(rest, "'"))
        return false;
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] == '\'') {
            *rest = str_from(*rest, i + 1);
            return true;
        }
        if (rest->p[i] == '\\' && (++i == rest->n || !strchr("'\\", rest->p[i])))
            return false;
        sb_char(out, rest->p[i]);
    }
    return false;
}

static bool next_line(struct command_script *s, struct str *line)
{
    s->line++;
    return str_cut(&s->rest, '\n', line);
}

/* '...' or a list of such on lines of their own, joined. */
static bool take_text(struct command_script *s, struct str *line, struct strbuf *out)
{
    if (!skip(line, "["))
        return take_literal(line, out);
    for (;;) {
        if (line->n && (!take_literal(line, out) || (line->n && !skip(line, ","))))
            return false;
        if (line->n || !next_line(s, line))
            return false;
        *line = str_trim(*line);
        if (skip(line, "].join('')"))
            return true;
    }
}

int command_next(struct command_script *s, struct arena *mem, struct stmt *out, bool *more,
                 struct err *e)
{
    struct str line;
    struct strbuf text = sb_new(mem, 0), one = sb_new(mem, 0);
    *more = false;
    do {
        if (!s->rest.n)
            return 0;
        next_line(s, &line);
        line = str_trim(line);
    } while (!line.n || str_starts(line, STR("//")));
    *out = (struct stmt){.lang = LANG_COMMAND};
    if (skip(&line, "db.adminCommand"))
        out->flags = ST_ADMIN;
    else if (!skip(&line, "db.runCommand"))
        return foreign(s, e);
    if (!skip(&line, "(EJSON.parse(") || !take_text(s, &line, &text) ||
        !str_eq(line, STR(", {relaxed: false}));")) || !command_line(sb_view(&text), &one))
        return foreign(s, e);
    out->text = sb_view(&one);
    *more = true;
    return 0;
}
