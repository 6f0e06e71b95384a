/*
 * Commands as changes of a Liquibase changelog. The forms are those that the open extension for
 * MongoDB command documents and the vendor's both take. Each reads the text of a command with the
 * client library's parser of Extended JSON, so that a JSON escape reaches it as it is written:
 * \u0024{ is no parameter of the changelog.
 */

#include "emit/command.h"

#include "core/escape.h"

enum { WIDTH = 90, INDENT = 2 };

/* The end of the token that begins at `at`: a string, a bracket, a comma, a colon, a word. */
static size_t token_end(struct str s, size_t at)
{
    size_t i = at + 1;
    if (s.p[at] == '"') {
        while (i < s.n && s.p[i] != '"')
            i += s.p[i] == '\\' ? 2 : 1;
        return i < s.n ? i + 1 : s.n;
    }
    if (at < s.n && str_chr(STR("{}[],:"), s.p[at]) < 6)
        return i;
    while (i < s.n && str_chr(STR("{}[],:\""), s.p[i]) == 7)
        i++;
    return i;
}

static void put_token(struct strbuf *out, struct str token)
{
    sb_str(out, token);
    if (token.p[0] == ',' || token.p[0] == ':')
        sb_char(out, ' ');
}

static bool opens(char c)
{
    return c == '{' || c == '[';
}

static bool closes(char c)
{
    return c == '}' || c == ']';
}

/* Puts what begins with a bracket on one line of at most `room` bytes; *at is then behind it. */
static bool put_flat(struct strbuf *out, struct str s, size_t *at, size_t room)
{
    size_t from = out->n, i = *at, depth = 0;
    do {
        size_t end = token_end(s, i);
        depth = opens(s.p[i]) ? depth + 1 : closes(s.p[i]) ? depth - 1 : depth;
        put_token(out, str_sub(s, i, end));
        i = end;
    } while (depth && i < s.n && out->n - from <= room);
    if (depth || out->n - from > room) {
        sb_cut(out, from);
        return false;
    }
    *at = i;
    return true;
}

static void new_line(struct strbuf *out, size_t depth, size_t *line)
{
    sb_char(out, '\n');
    *line = out->n;
    sb_pad(out, ' ', INDENT * depth);
}

void command_lines(struct strbuf *out, struct str json, size_t width)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_json_text(&safe, json);
    struct str s = sb_view(&safe);
    size_t depth = 0, line = out->n;
    for (size_t i = 0; i < s.n && !out->over;) {
        char c = s.p[i];
        size_t end = token_end(s, i), used = out->n - line + 1; /* a comma may follow */
        bool empty = opens(c) && end < s.n && closes(s.p[end]);
        if (opens(c) && put_flat(out, s, &i, empty ? 2 : used < width ? width - used : 0))
            continue;
        depth -= closes(c) && depth;
        if (closes(c))
            new_line(out, depth, &line);
        if (c == ',')
            sb_char(out, c);
        else
            put_token(out, str_sub(s, i, end));
        if (opens(c))
            depth++;
        if (opens(c) || c == ',')
            new_line(out, depth, &line);
        i = end;
    }
}

/* Of the keys of a typed change the name of a collection is plain text, the others are documents.
 * Words and blanks that a reader of changelogs takes for nothing are no such name. */
static bool is_plain(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < 0x20 || name.p[i] > 0x7e)
            return false;
    return name.n && str_find(name, STR("${")) == name.n && str_eq(str_trim(name), name) &&
           !str_eq_fold(name, STR("null"));
}

static bool is_name(const struct typed_key *k)
{
    return str_eq_c(STR("collectionName"), k->key);
}

static bool keeps_all(const struct typed *t)
{
    for (uint32_t i = 0; i < t->nkeys; i++)
        if (is_name(&t->key[i]) && !is_plain(t->key[i].value))
            return false;
    return !t->ncolumns;
}

static void put_document(struct arena *mem, struct val *up, const char *key, struct str json)
{
    struct strbuf text = sb_new(mem, 0);
    command_lines(&text, json, WIDTH - 10);
    val_text(mem, up, key, sb_view(&text))->lines = true;
}

void command_change(struct arena *mem, struct val *list, const struct stmt *s, bool typed)
{
    const struct typed *t = typed && s->typed && keeps_all(s->typed) ? s->typed : NULL;
    const char *raw = s->flags & ST_ADMIN ? "adminCommand" : "runCommand";
    struct val *item = val_new(mem, list, NULL, VAL_MAP);
    struct val *change = val_new(mem, item, t ? t->name : raw, VAL_MAP);
    if (!t)
        put_document(mem, change, "command", s->text);
    for (uint32_t i = 0; t && i < t->nkeys; i++)
        if (is_name(&t->key[i]))
            val_text(mem, change, t->key[i].key, t->key[i].value);
        else
            put_document(mem, change, t->key[i].key, t->key[i].value);
}

void command_nothing(struct arena *mem, struct val *list)
{
    val_new(mem, val_new(mem, list, NULL, VAL_MAP), "empty", VAL_MAP);
}
