/* One tree as JSON or YAML; see scribe.h. */

#include "snapshot/scribe.h"

#include "core/escape.h"

static void new_line(struct scribe *s)
{
    sb_char(s->out, '\n');
    sb_pad(s->out, ' ', 2 * (size_t)(s->yaml ? s->depth - 1 : s->depth));
}

/* What stands before a value. */
static void begin(struct scribe *s, const char *key)
{
    bool *any = &s->any[s->depth];
    if (*any && !s->yaml)
        sb_char(s->out, ',');
    if (!s->inside && (*any || s->depth > 1 || !s->yaml))
        new_line(s);
    s->inside = false;
    *any = true;
    if (key && s->yaml)
        sb_c(s->out, key);
    else if (key)
        esc_json_yaml(s->out, str_c(key));
    else if (s->yaml)
        sb_char(s->out, '-');
    if (key)
        sb_char(s->out, ':');
}

static void open(struct scribe *s, const char *key, bool list)
{
    begin(s, key);
    if (!s->yaml) {
        sb_c(s->out, key ? " " : "");
        sb_char(s->out, list ? '[' : '{');
    } else if (!key) {
        sb_char(s->out, ' ');
        s->inside = true;
    }
    s->depth++;
    s->list[s->depth] = list;
    s->any[s->depth] = false;
}

struct scribe scribe_begin(struct strbuf *out, bool yaml)
{
    struct scribe s = {.out = out, .yaml = yaml, .depth = 1};
    if (!yaml)
        sb_char(out, '{');
    return s;
}

void scribe_end(struct scribe *s)
{
    sb_c(s->out, s->yaml ? "\n" : "\n}\n");
}

void scribe_map(struct scribe *s, const char *key)
{
    open(s, key, false);
}

void scribe_list(struct scribe *s, const char *key)
{
    open(s, key, true);
}

void scribe_close(struct scribe *s)
{
    bool list = s->list[s->depth--];
    if (s->yaml)
        return;
    new_line(s);
    sb_char(s->out, list ? ']' : '}');
}

void scribe_text(struct scribe *s, const char *key, struct str text)
{
    begin(s, key);
    if (key || s->yaml)
        sb_char(s->out, ' ');
    esc_json_yaml(s->out, text);
}

void scribe_word(struct scribe *s, const char *key, struct str word)
{
    begin(s, key);
    if (key || s->yaml)
        sb_char(s->out, ' ');
    sb_str(s->out, word);
}
