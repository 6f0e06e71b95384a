/* YAML and JSON that other programs have made, from a file; see yaml_file.h. */

#include "markup/yaml_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "core/interrupt.h"
#include "core/strbuf.h"

enum { CHUNK = 16 << 10, FEW_KEYS = 16 };

struct level {
    struct node *node, *last;
    uint32_t members;
};

struct loader {
    struct arena *mem;
    struct str label;
    const char *root_key;
    struct err *e;
    size_t at, n;       /* of buf */
    uint64_t fed, seen; /* bytes given to the parser; where its last event ended */
    uint64_t values;
    struct str key;
    struct node *root;
    enum err_code code;
    int fd;
    unsigned depth;
    bool begun, block, line_start, over;
    bool failed; /* e is set */
    bool have_key, done;
    struct level open[YAML_FILE_DEPTH];
    char buf[YAML_FILE_HEAD];
};

static bool is_start(struct str line, const char *root)
{
    struct str name = str_c(root), rest = line;
    if (!line.n || line.p[0] != '{')
        return str_starts(line, name) && line.n > name.n && line.p[name.n] == ':';
    do
        rest = str_from(rest, 1);
    while (rest.n && ascii_is_space(rest.p[0]));
    if (rest.n && (rest.p[0] == '"' || rest.p[0] == '\''))
        rest = str_from(rest, 1);
    return str_starts(rest, name);
}

size_t yaml_file_start(struct str head, const char *root)
{
    for (size_t at = 0; at < head.n;) {
        if (is_start(str_from(head, at), root))
            return at;
        at += str_chr(str_from(head, at), '\n') + 1;
    }
    return head.n;
}

static int fail(struct loader *l, int rc)
{
    l->failed = true;
    return rc;
}

/* More of the file into buf; 0 at its end too. */
static int refill(struct loader *l, size_t max)
{
    l->at = l->n = 0;
    while (l->n < max) {
        ssize_t got = read(l->fd, l->buf + l->n, max - l->n);
        if (got < 0 && errno == EINTR && !interrupt_seen())
            continue;
        if (interrupt_seen())
            return fail(l, err_set(l->e, E_INTERRUPTED, "interrupted"));
        if (got < 0)
            return fail(
                l, err_set(l->e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(l->label), strerror(errno)));
        if (got == 0)
            break;
        l->n += (size_t)got;
    }
    return 0;
}

/* How much of buf still belongs to a document in block style: all lines behind the first are
 * indented. */
static size_t block_end(struct loader *l)
{
    for (size_t i = l->at; i < l->n; i++) {
        char c = l->buf[i];
        if (l->line_start && c != ' ' && c != '\n' && c != '\r' && c != '#' && c != '-')
            return i;
        l->line_start = c == '\n';
    }
    return l->n;
}

static int begin(struct loader *l)
{
    if (refill(l, sizeof l->buf))
        return -1;
    struct str head = {l->buf, l->n};
    l->at = yaml_file_start(head, l->root_key);
    l->begun = true;
    l->block = l->at < l->n && l->buf[l->at] != '{';
    if (l->block) /* its first line */
        l->line_start = false;
    return 0;
}

/* What libyaml reads by. */
static int feed(void *arg, unsigned char *out, size_t size, size_t *given)
{
    struct loader *l = arg;
    *given = 0;
    if (l->failed)
        return 0;
    if (!l->begun && begin(l))
        return 0;
    if (l->at == l->n && !l->over && refill(l, CHUNK))
        return 0;
    size_t end = l->over ? l->at : l->n;
    if (l->block && !l->over) {
        end = block_end(l);
        l->over = end < l->n;
        l->n = end;
    }
    size_t n = end - l->at < size ? end - l->at : size;
    if (l->block && l->at + n < end) /* looked at again with the next piece */
        l->line_start = n && l->buf[l->at + n - 1] == '\n';
    memcpy(out, l->buf + l->at, n);
    l->at += n;
    l->fed += n;
    *given = n;
    if (l->fed > YAML_FILE_MAX || l->fed - l->seen > YAML_FILE_TEXT)
        return fail(l, err_set(l->e, E_LIMIT, "%.*s: %s", STR_ARG(l->label),
                               l->fed > YAML_FILE_MAX ? "larger than 64 MiB"
                                                      : "a text is larger than 8 MiB")) == 0;
    return 1;
}

static int bad(struct loader *l, const yaml_event_t *ev, const char *what)
{
    return err_set(l->e, l->code, "%.*s line %zu: %s", STR_ARG(l->label), ev->start_mark.line + 1,
                   what);
}

static int too_many(struct loader *l, const yaml_event_t *ev)
{
    if (++l->values <= YAML_FILE_VALUES ||
        (l->values - YAML_FILE_VALUES) * 16 <= ev->start_mark.index)
        return 0;
    return err_set(l->e, E_LIMIT, "%.*s line %zu: too many values for its size", STR_ARG(l->label),
                   ev->start_mark.line + 1);
}

static int put(struct loader *l, const yaml_event_t *ev, struct node *n)
{
    n->line = (unsigned)ev->start_mark.line + 1;
    if (too_many(l, ev))
        return -1;
    if (!l->depth) {
        l->root = n;
        return 0;
    }
    struct level *in = &l->open[l->depth - 1];
    if (in->node->type == NODE_MAP) {
        n->key = l->key;
        l->have_key = false;
    }
    if (in->last)
        in->last->next = n;
    else
        in->node->first = n;
    in->last = n;
    in->members++;
    return 0;
}

static bool wants_key(const struct loader *l)
{
    return l->depth && l->open[l->depth - 1].node->type == NODE_MAP && !l->have_key;
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ascii_is_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Base64 with blanks in it; false where it is none, or not a text. */
static bool decode(struct arena *mem, struct str in, struct str *out)
{
    struct strbuf b = sb_new(mem, 0);
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < in.n && in.p[i] != '='; i++) {
        if (ascii_is_space(in.p[i]))
            continue;
        int six = sextet(in.p[i]);
        if (six < 0)
            return false;
        bits = (bits << 6 | (unsigned)six) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            sb_char(&b, (char)(bits >> have & 0xff));
        }
    }
    *out = b.n ? sb_view(&b) : STR("");
    return str_is_utf8(*out);
}

static int on_scalar(struct loader *l, const yaml_event_t *ev)
{
    struct str raw = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
    const char *tag = (const char *)ev->data.scalar.tag;
    struct str text;
    if (tag && strcmp(tag, "tag:yaml.org,2002:binary") == 0) {
        if (!decode(l->mem, raw, &text))
            return bad(l, ev, "!!binary that is no text in Base64");
    } else if (tag && strcmp(tag, YAML_STR_TAG) != 0)
        return bad(l, ev, "a tag other than !!binary");
    else
        text = arena_str(l->mem, raw);
    if (wants_key(l)) {
        struct level *in = &l->open[l->depth - 1];
        if (in->members < FEW_KEYS && node_get(in->node, text.p))
            return bad(l, ev, "a key stands twice");
        l->key = text;
        l->have_key = true;
        return 0;
    }
    struct node *n = NEW(l->mem, struct node);
    n->type = NODE_SCALAR;
    n->text = text;
    n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return put(l, ev, n);
}

static int on_open(struct loader *l, const yaml_event_t *ev, enum node_type type)
{
    struct node *n = NEW(l->mem, struct node);
    const yaml_char_t *tag =
        type == NODE_LIST ? ev->data.sequence_start.tag : ev->data.mapping_start.tag;
    n->type = type;
    if (tag)
        return bad(l, ev, "a tag other than !!binary");
    if (wants_key(l))
        return bad(l, ev, "a key that is no text");
    if (put(l, ev, n))
        return -1;
    if (l->depth == YAML_FILE_DEPTH)
        return err_set(l->e, E_LIMIT, "%.*s line %zu: nested too deeply", STR_ARG(l->label),
                       ev->start_mark.line + 1);
    l->open[l->depth++] = (struct level){.node = n};
    l->have_key = false;
    return 0;
}

/* Of few keys each was looked for as it came. */
static int check_keys(struct loader *l, const yaml_event_t *ev, const struct level *in)
{
    bool many = in->node->type == NODE_MAP && in->members > FEW_KEYS;
    return many && node_has_twins(in->node, l->mem) ? bad(l, ev, "a key stands twice") : 0;
}

static int on_event(struct loader *l, const yaml_event_t *ev)
{
    l->seen = l->fed;
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(l, ev);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(l, ev, NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return on_open(l, ev, NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        l->depth--;
        l->have_key = false;
        l->done = !l->depth;
        return check_keys(l, ev, &l->open[l->depth]);
    case YAML_ALIAS_EVENT:
        return bad(l, ev, "aliases are not taken");
    case YAML_DOCUMENT_END_EVENT:
    case YAML_STREAM_END_EVENT:
        l->done = true;
        break;
    case YAML_DOCUMENT_START_EVENT:
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
        break;
    }
    return 0;
}

static int parse(struct loader *l, yaml_parser_t *parser)
{
    int rc = 0;
    while (!rc && !l->done) {
        yaml_event_t ev;
        if (!yaml_parser_parse(parser, &ev)) {
            if (l->failed)
                return -1;
            return parser->error == YAML_MEMORY_ERROR
                       ? err_set(l->e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(l->label))
                       : err_set(l->e, l->code, "%.*s line %zu: %s", STR_ARG(l->label),
                                 parser->problem_mark.line + 1,
                                 parser->problem ? parser->problem : "no YAML");
        }
        rc = on_event(l, &ev);
        yaml_event_delete(&ev);
    }
    return rc;
}

int yaml_file(int fd, struct str label, const char *root, enum err_code code, struct arena *mem,
              struct node **out, struct err *e)
{
    struct loader *l = NEW(mem, struct loader);
    yaml_parser_t parser;
    struct stat st;
    *l = (struct loader){
        .mem = mem, .label = label, .root_key = root, .code = code, .e = e, .fd = fd};
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > YAML_FILE_MAX)
        return err_set(e, E_LIMIT, "%.*s: larger than 64 MiB", STR_ARG(label));
    if (!yaml_parser_initialize(&parser))
        return err_set(e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(label));
    yaml_parser_set_input(&parser, feed, l);
    int rc = parse(l, &parser);
    yaml_parser_delete(&parser);
    if (!rc && !node_get(l->root, root))
        rc = err_set(e, code, "%.*s holds no %s", STR_ARG(label), root);
    *out = l->root;
    return rc;
}
