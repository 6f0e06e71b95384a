/* Canonical JSON. jansson parses foreign bytes; what has passed it is scanned by hand. */

#include "core/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

static int dump(json_t *v, struct strbuf *out, int depth, struct err *e);

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int dump_object(json_t *v, struct strbuf *out, int depth, struct err *e)
{
    size_t n = json_object_size(v), i = 0;
    const char **keys = NEW_ARRAY(out->mem, const char *, n);
    const char *key;
    json_t *item;
    json_object_foreach(v, key, item)
    {
        keys[i++] = key;
    }
    qsort(keys, n, sizeof *keys, by_bytes);
    sb_char(out, '{');
    for (i = 0; i < n; i++) {
        jc_put_key(out, str_c(keys[i]));
        if (dump(json_object_get(v, keys[i]), out, depth + 1, e))
            return -1;
    }
    sb_char(out, '}');
    return 0;
}

static int dump_list(json_t *v, struct strbuf *out, int depth, struct err *e)
{
    sb_char(out, '[');
    for (size_t i = 0; i < json_array_size(v); i++) {
        if (i)
            sb_char(out, ',');
        if (dump(json_array_get(v, i), out, depth + 1, e))
            return -1;
    }
    sb_char(out, ']');
    return 0;
}

static int dump(json_t *v, struct strbuf *out, int depth, struct err *e)
{
    if (depth > JC_MAX_DEPTH)
        return err_set(e, E_SNAPSHOT_LIMIT, "JSON deeper than %d levels", JC_MAX_DEPTH);
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return dump_object(v, out, depth, e);
    case JSON_ARRAY:
        return dump_list(v, out, depth, e);
    case JSON_STRING:
        esc_json(out, (struct str){json_string_value(v), json_string_length(v)});
        return 0;
    case JSON_INTEGER:
        sb_int(out, json_integer_value(v));
        return 0;
    case JSON_REAL:
        return err_set(e, E_SNAPSHOT_SYNTAX, "a number that is no 64-bit integer");
    case JSON_TRUE:
        sb_c(out, "true");
        return 0;
    case JSON_FALSE:
        sb_c(out, "false");
        return 0;
    case JSON_NULL:
        sb_c(out, "null");
    }
    return 0;
}

static json_t *load(struct str text, struct err *e)
{
    /* jansson 2.14 writes past its buffer when it gets no memory in the middle of a string. */
    json_set_alloc_funcs(malloc_or_exit, free);
    json_error_t why;
    json_t *v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (v)
        return v;
    switch (json_error_code(&why)) {
    case json_error_duplicate_key:
        err_set(e, E_SNAPSHOT_DUPLICATE, "a key stands twice (%s)", why.text);
        break;
    case json_error_stack_overflow:
        err_set(e, E_SNAPSHOT_LIMIT, "JSON nested too deeply");
        break;
    default:
        err_set(e, E_SNAPSHOT_SYNTAX, "no valid JSON: %s at column %d", why.text, why.column);
    }
    return NULL;
}

int jc_canon(struct str text, struct strbuf *out, struct err *e)
{
    json_t *v = load(text, e);
    if (!v)
        return -1;
    int rc = dump(v, out, 1, e);
    json_decref(v);
    return rc;
}

int jc_check(struct arena *mem, struct str text, struct err *e)
{
    if (jc_surely(text, NULL))
        return 0;
    struct arena_mark mark = arena_mark(mem);
    struct strbuf again = sb_new(mem, 0);
    int rc = jc_canon(text, &again, e);
    if (rc == 0 && !str_eq(sb_view(&again), text))
        rc = err_set(e, E_SNAPSHOT_SYNTAX,
                     "JSON that is not in canonical form (sorted keys, no blanks)");
    arena_release(mem, mark);
    return rc;
}

int jc_check_ordered(struct arena *mem, struct str text, const char *const *keys, struct err *e)
{
    if (jc_surely(text, keys))
        return 0;
    struct arena_mark mark = arena_mark(mem);
    struct strbuf again = sb_new(mem, 0);
    json_t *v = load(text, e);
    size_t known = 0;
    int rc = v ? 0 : -1;
    sb_char(&again, '{');
    for (; v && rc == 0 && *keys; keys++) {
        json_t *item = json_object_get(v, *keys);
        if (!item)
            continue;
        known++;
        jc_put_key(&again, str_c(*keys));
        rc = dump(item, &again, 2, e);
    }
    sb_char(&again, '}');
    if (rc == 0 && (known != json_object_size(v) || !str_eq(sb_view(&again), text)))
        rc = err_set(e, E_SNAPSHOT_SYNTAX,
                     "JSON that is not in canonical form (order of keys, blanks)");
    json_decref(v);
    arena_release(mem, mark);
    return rc;
}

/* The end of the string that opens at s.p[at]. */
static size_t string_end(struct str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        if (s.p[at] == '\\')
            at++;
    return at < s.n ? at + 1 : s.n;
}

/* The end of the value that begins at s.p[at]. */
static size_t value_end(struct str s, size_t at)
{
    size_t depth = 0;
    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = string_end(s, at);
        } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
            return at;
        } else {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
            at++;
        }
        if (depth == 0 && (c == '"' || c == '}' || c == ']'))
            return at;
    }
    return at;
}

struct jc_iter jc_iter(struct str value)
{
    bool object = value.n >= 2 && value.p[0] == '{';
    if (!object && !jc_is_list(value))
        return (struct jc_iter){STR_NULL, false};
    return (struct jc_iter){str_sub(value, 1, value.n - 1), object};
}

bool jc_next(struct jc_iter *it, struct str *key, struct str *value)
{
    struct str s = it->rest;
    size_t at = 0;
    if (s.n == 0)
        return false;
    *key = STR("");
    if (it->object) {
        size_t end = string_end(s, 0);
        *key = str_sub(s, 1, end - 1);
        at = end + 1;
    }
    size_t end = value_end(s, at);
    *value = str_sub(s, at, end);
    it->rest = str_from(s, end + 1);
    return true;
}

size_t jc_count(struct str value)
{
    struct jc_iter it = jc_iter(value);
    struct str k, v;
    size_t n = 0;
    while (jc_next(&it, &k, &v))
        n++;
    return n;
}

bool jc_has(struct str value, struct str raw)
{
    struct jc_iter it = jc_iter(value);
    struct str k, v;
    while (jc_next(&it, &k, &v))
        if (str_eq(v, raw))
            return true;
    return false;
}

struct str jc_get(struct str object, const char *key)
{
    struct jc_iter it = jc_iter(object);
    struct str want = str_c(key), k, v;
    while (it.object && jc_next(&it, &k, &v))
        if (str_eq(k, want))
            return v;
    return STR_NULL;
}

bool jc_is_string(struct str raw)
{
    return raw.n >= 2 && raw.p[0] == '"';
}

bool jc_is_list(struct str raw)
{
    return raw.n >= 2 && raw.p[0] == '[';
}

bool jc_is_true(struct str raw)
{
    return str_eq(raw, STR("true"));
}

int64_t jc_int(struct str raw)
{
    int64_t v;
    return str_int(raw, &v) ? v : 0;
}

/* One escape after the backslash: canonical text has \uXXXX for controls only. */
static size_t unescape(struct str s, char *out)
{
    static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
    const char *hit = strchr(from, s.p[0]);
    if (hit && s.p[0]) {
        *out = to[hit - from];
        return 1;
    }
    unsigned v = 0;
    for (size_t i = 1; i < 5 && i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        v = v * 16 + (unsigned)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    *out = (char)v;
    return 5;
}

struct str jc_text(struct arena *a, struct str raw)
{
    if (!jc_is_string(raw))
        return raw;
    struct str s = str_sub(raw, 1, raw.n - 1);
    if (str_chr(s, '\\') == s.n)
        return s;
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n)
            i += unescape(str_from(s, i + 1), &p[n++]);
        else
            p[n++] = s.p[i];
    }
    p[n] = '\0';
    return (struct str){p, n};
}

void jc_put_list(struct strbuf *out, const struct str *items, size_t n)
{
    sb_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            sb_char(out, ',');
        esc_json(out, items[i]);
    }
    sb_char(out, ']');
}

void jc_put_key(struct strbuf *out, struct str key)
{
    char last = out->n ? out->p[out->n - 1] : '{';
    if (last != '{' && last != '[')
        sb_char(out, ',');
    esc_json(out, key);
    sb_char(out, ':');
}
