/* YAML documents as trees; see yaml_tree.h. */

#include "markup/yaml_tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/strbuf.h"

enum { MAX_DEPTH = 24, MAX_NODES = 4 << 20, FEW_KEYS = 16, PAIR_LESS = 2 };

struct builder {
    struct arena *mem;
    struct str label;
    struct err *e;
    struct node *open[MAX_DEPTH]; /* lists and maps that are not closed yet */
    struct node *last[MAX_DEPTH]; /* their last member */
    uint32_t members[MAX_DEPTH];
    unsigned depth;
    struct str key; /* read, its value not yet */
    bool have_key;
    uint32_t nodes;
    struct node *root;
    struct str text;    /* as libyaml reads it */
    size_t index, byte; /* a place of the text, in characters as libyaml counts, and in bytes */
    VEC(size_t) pairs;  /* where two escapes of the document are one, which is PAIR_LESS shorter */
    uint32_t pair;      /* how many of them are before `byte` */
};

static int bad(struct builder *b, const yaml_event_t *ev, const char *what)
{
    return err_set(b->e, E_CHANGELOG_SYNTAX, "%.*s line %zu: %s", STR_ARG(b->label),
                   ev->start_mark.line + 1, what);
}

/* Places come in order but for a few, so the last one is a good start. */
static size_t byte_of(struct builder *b, size_t index)
{
    const struct str t = b->text;
    while (b->index < index && b->byte < t.n) {
        do
            b->byte++;
        while (b->byte < t.n && ((unsigned char)t.p[b->byte] & 0xc0) == 0x80);
        b->index++;
    }
    while (b->index > index && b->byte) {
        do
            b->byte--;
        while (b->byte && ((unsigned char)t.p[b->byte] & 0xc0) == 0x80);
        b->index--;
    }
    while (b->pair < b->pairs.n && b->pairs.v[b->pair] < b->byte)
        b->pair++;
    while (b->pair && b->pairs.v[b->pair - 1] >= b->byte)
        b->pair--;
    return b->byte + (size_t)PAIR_LESS * b->pair;
}

static bool hex_of(struct str text, size_t at, unsigned *out)
{
    *out = 0;
    if (!str_starts(str_from(text, at), STR("\\u")) || at + 6 > text.n)
        return false;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = ascii_lower(text.p[i]);
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        *out = *out * 16 + (unsigned)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* JSON writes a character above U+FFFF as two escapes, which YAML 1.1 knows as one: libyaml refuses
 * the two, SnakeYAML joins them. */
static void join_pairs(struct builder *b, struct str json)
{
    struct strbuf out = sb_new(b->mem, 0);
    unsigned high, low;
    b->text = json;
    size_t start = str_starts(json, STR("\xef\xbb\xbf")) ? 3 : 0;
    if (!str_starts(str_trim(str_from(json, start)), STR("{")) ||
        str_find(json, STR("\\u")) == json.n)
        return;
    for (size_t i = 0; i < json.n;) {
        if (hex_of(json, i, &high) && high >> 10 == 0x36 && hex_of(json, i + 6, &low) &&
            low >> 10 == 0x37) {
            VEC_PUSH(b->mem, b->pairs, out.n);
            sb_printf(&out, "\\U%08X", 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff));
            i += 12;
            continue;
        }
        size_t n = json.p[i] == '\\' && i + 1 < json.n ? 2 : 1;
        sb_put(&out, json.p + i, n);
        i += n;
    }
    b->text = sb_view(&out);
}

static int add_node(struct builder *b, const yaml_event_t *ev, struct node *n)
{
    struct node *parent = b->depth ? b->open[b->depth - 1] : NULL;
    n->line = (unsigned)ev->start_mark.line + 1;
    n->from = byte_of(b, ev->start_mark.index);
    n->to = n->type == NODE_SCALAR ? byte_of(b, ev->end_mark.index) : n->from;
    if (++b->nodes > MAX_NODES)
        return err_set(b->e, E_LIMIT, "%.*s holds more than %d values", STR_ARG(b->label),
                       MAX_NODES);
    if (!parent) {
        b->root = n;
        return 0;
    }
    if (parent->type == NODE_MAP) {
        n->key = b->key;
        b->have_key = false;
    }
    if (b->last[b->depth - 1])
        b->last[b->depth - 1]->next = n;
    else
        parent->first = n;
    b->last[b->depth - 1] = n;
    b->members[b->depth - 1]++;
    return 0;
}

static bool wants_key(const struct builder *b)
{
    return b->depth && b->open[b->depth - 1]->type == NODE_MAP && !b->have_key;
}

static int twice(struct builder *b, const yaml_event_t *ev)
{
    return bad(b, ev, "a key stands twice; Liquibase would silently take the last one");
}

/* Of few keys each is looked for as it comes, more are looked at together at the end. */
static int take_key(struct builder *b, const yaml_event_t *ev, struct str text)
{
    if (b->members[b->depth - 1] < FEW_KEYS && node_get(b->open[b->depth - 1], text.p))
        return twice(b, ev);
    b->key = text;
    b->have_key = true;
    return 0;
}

static int on_scalar(struct builder *b, const yaml_event_t *ev)
{
    struct str raw = {(const char *)ev->data.scalar.value, ev->data.scalar.length};
    struct str text = arena_str(b->mem, raw);
    if (ev->data.scalar.tag && strcmp((char *)ev->data.scalar.tag, YAML_STR_TAG) != 0)
        return bad(b, ev, "tags are not taken");
    if (wants_key(b))
        return take_key(b, ev, text);
    struct node *n = NEW(b->mem, struct node);
    n->type = NODE_SCALAR;
    n->text = text;
    n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return add_node(b, ev, n);
}

static int on_open(struct builder *b, const yaml_event_t *ev, enum node_type type)
{
    struct node *n = NEW(b->mem, struct node);
    n->type = type;
    n->flow = type == NODE_LIST ? ev->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                                : ev->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    if (wants_key(b))
        return bad(b, ev, "a key that is no text");
    if (add_node(b, ev, n))
        return -1;
    if (b->depth == MAX_DEPTH)
        return err_set(b->e, E_LIMIT, "%.*s is nested too deeply", STR_ARG(b->label));
    b->last[b->depth] = NULL;
    b->members[b->depth] = 0;
    b->open[b->depth++] = n;
    b->have_key = false;
    return 0;
}

static int on_close(struct builder *b, const yaml_event_t *ev)
{
    struct node *n = b->open[--b->depth];
    b->have_key = false;
    if (n->flow)
        n->to = byte_of(b, ev->end_mark.index);
    else if (b->last[b->depth])
        n->to = b->last[b->depth]->to;
    bool many = n->type == NODE_MAP && b->members[b->depth] > FEW_KEYS;
    return many && node_has_twins(n, b->mem) ? twice(b, ev) : 0;
}

static int on_event(struct builder *b, const yaml_event_t *ev)
{
    switch (ev->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(b, ev);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(b, ev, NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return on_open(b, ev, NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_close(b, ev);
    case YAML_ALIAS_EVENT:
        return bad(b, ev, "aliases are not taken");
    case YAML_DOCUMENT_START_EVENT:
        return b->root ? bad(b, ev, "a second document") : 0;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return 0;
}

int yaml_tree(struct str text, struct str label, struct arena *mem, struct node **out,
              struct err *e)
{
    struct builder b = {.mem = mem, .label = label, .e = e};
    yaml_parser_t parser;
    bool end = false;
    int rc = 0;
    join_pairs(&b, text);
    b.byte = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0; /* libyaml does not count it */
    if (!yaml_parser_initialize(&parser))
        return err_set(e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(label));
    yaml_parser_set_input_string(&parser, (const unsigned char *)b.text.p, b.text.n);
    while (!rc && !end) {
        yaml_event_t ev;
        if (!yaml_parser_parse(&parser, &ev)) {
            rc = parser.error == YAML_MEMORY_ERROR
                     ? err_set(e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(label))
                     : err_set(e, E_CHANGELOG_SYNTAX, "%.*s line %zu: %s", STR_ARG(label),
                               parser.problem_mark.line + 1,
                               parser.problem ? parser.problem : "no YAML");
            break;
        }
        rc = on_event(&b, &ev);
        end = ev.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&ev);
    }
    yaml_parser_delete(&parser);
    if (!rc && !b.root)
        rc = err_set(e, E_CHANGELOG_SYNTAX, "%.*s is empty", STR_ARG(label));
    *out = b.root;
    return rc;
}

bool node_has_twins(const struct node *map, struct arena *mem)
{
    struct arena_mark mark = arena_mark(mem);
    size_t n = 0;
    for (const struct node *m = map->first; m; m = m->next)
        n++;
    struct str *keys = NEW_ARRAY(mem, struct str, n);
    n = 0;
    for (const struct node *m = map->first; m; m = m->next)
        keys[n++] = m->key;
    if (n)
        qsort(keys, n, sizeof *keys, str_order);
    bool twins = false;
    for (size_t i = 1; i < n && !twins; i++)
        twins = str_eq(keys[i - 1], keys[i]);
    arena_release(mem, mark);
    return twins;
}

const struct node *node_get(const struct node *map, const char *key)
{
    if (!map || map->type != NODE_MAP)
        return NULL;
    for (const struct node *n = map->first; n; n = n->next)
        if (str_eq_c(n->key, key))
            return n;
    return NULL;
}
