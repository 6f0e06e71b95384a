/* Escapers; see escape.h. Pure functions on text. */

#include "core/escape.h"

#include <stdio.h>
#include <string.h>

size_t utf8_char(struct str s, size_t at, uint32_t *cp)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    struct str one = str_sub(s, at, at + len);
    if (c == 0) {
        *cp = 0;
        return 1;
    }
    if (one.n < len || !str_is_utf8(one)) {
        *cp = UINT32_MAX;
        return 1;
    }
    static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *cp = c & mask[len];
    for (size_t i = 1; i < len; i++)
        *cp = *cp << 6 | ((unsigned char)s.p[at + i] & 0x3f);
    return len;
}

static bool is_dangerous(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == UINT32_MAX || cp == 0xfeff ||
           cp == 0x061c || (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || (cp >= 0xfff9 && cp <= 0xffff) ||
           (cp >= 0xe0000 && cp <= 0xe007f);
}

static void put_hex(struct strbuf *out, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        sb_printf(out, "\\x%02x", (unsigned char)bytes.p[i]);
}

static void terminal(struct strbuf *out, struct str s, bool keep_lines)
{
    uint32_t cp;
    for (size_t i = 0, len; i < s.n; i += len) {
        len = utf8_char(s, i, &cp);
        bool line = keep_lines && (cp == '\n' || cp == '\t');
        if (is_dangerous(cp) && !line)
            put_hex(out, str_sub(s, i, i + len));
        else
            sb_str(out, str_sub(s, i, i + len));
    }
}

void esc_terminal(struct strbuf *out, struct str s)
{
    terminal(out, s, false);
}

void esc_terminal_text(struct strbuf *out, struct str s)
{
    terminal(out, s, true);
}

void esc_sql_comment(struct strbuf *out, struct str s)
{
    terminal(out, s, false);
}

void esc_terminal_fixed(char *dst, size_t cap, struct str s)
{
    size_t n = 0;
    uint32_t cp;
    for (size_t i = 0, len; i < s.n; i += len) {
        len = utf8_char(s, i, &cp);
        size_t need = is_dangerous(cp) ? 4 * len : len;
        if (n + need + 4 > cap) {
            memcpy(dst + n, "...", 3);
            n += 3;
            break;
        }
        if (is_dangerous(cp))
            for (size_t k = 0; k < len; k++)
                n += (size_t)snprintf(dst + n, 5, "\\x%02x", (unsigned char)s.p[i + k]);
        else
            for (size_t k = 0; k < len; k++)
                dst[n++] = s.p[i + k];
    }
    dst[n] = '\0';
}

static size_t width_of(uint32_t cp)
{
    static const struct {
        uint32_t lo, hi;
        size_t width;
    } rows[] = {{0x0300, 0x036f, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05bd, 0},
                {0x064b, 0x065f, 0},   {0x1100, 0x115f, 2},   {0x1ab0, 0x1aff, 0},
                {0x1dc0, 0x1dff, 0},   {0x20d0, 0x20ff, 0},   {0x2e80, 0x303e, 2},
                {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},
                {0xfe00, 0xfe0f, 0},   {0xfe20, 0xfe2f, 0},   {0xfe30, 0xfe6f, 2},
                {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
                {0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (cp >= rows[i].lo && cp <= rows[i].hi)
            return rows[i].width;
    return 1;
}

size_t esc_width(struct str s)
{
    size_t width = 0;
    uint32_t cp;
    for (size_t i = 0, len; i < s.n; i += len) {
        len = utf8_char(s, i, &cp);
        width += is_dangerous(cp) ? 4 * len : width_of(cp);
    }
    return width;
}

void esc_json(struct strbuf *out, struct str s)
{
    static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    size_t from = 0;
    sb_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        sb_str(out, str_sub(s, from, i));
        from = i + 1;
        const char *hit = c ? strchr(shorts, c) : NULL;
        if (hit) {
            sb_char(out, '\\');
            sb_char(out, hit[1]);
        } else {
            sb_printf(out, "\\u%04X", c);
        }
    }
    sb_str(out, str_from(s, from));
    sb_char(out, '"');
}

static void put_u(struct strbuf *out, uint32_t cp)
{
    if (cp > 0xffff) {
        cp -= 0x10000;
        sb_printf(out, "\\u%04X\\u%04X", 0xd800 + (cp >> 10), 0xdc00 + (cp & 0x3ff));
    } else {
        sb_printf(out, "\\u%04X", cp);
    }
}

void esc_json_yaml(struct strbuf *out, struct str s)
{
    uint32_t cp;
    sb_char(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t len = utf8_char(s, i, &cp), at = i;
        i += len;
        if (cp == '"' || cp == '\\')
            sb_printf(out, "\\%c", (char)cp);
        else if (cp == '\n' || cp == '\t')
            sb_c(out, cp == '\n' ? "\\n" : "\\t");
        else if (cp >= 0x20 && cp < 0x7f)
            sb_char(out, (char)cp);
        else if (cp <= 0xffff)
            sb_printf(out, "\\u%04x", cp);
        else
            sb_str(out, str_sub(s, at, i));
    }
    sb_char(out, '"');
}

bool esc_xml(struct strbuf *out, struct str s, bool attribute)
{
    uint32_t cp;
    bool sound = true;
    for (size_t i = 0, len; i < s.n; i += len) {
        len = utf8_char(s, i, &cp);
        bool line = cp == '\n' || cp == '\t';
        if ((cp < 0x20 && !line && cp != '\r') || cp == UINT32_MAX || cp == 0xfffe || cp == 0xffff)
            sound = false;
        else if (cp == '&' || cp == '<' || cp == '>')
            sb_c(out, cp == '&' ? "&amp;" : cp == '<' ? "&lt;" : "&gt;");
        else if (cp == '"' && attribute)
            sb_c(out, "&quot;");
        else if (is_dangerous(cp) && (attribute || !line))
            sb_printf(out, "&#%u;", cp);
        else
            sb_str(out, str_sub(s, i, i + len));
    }
    return sound;
}

void esc_xml_comment(struct strbuf *out, struct str s)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal(&safe, s);
    for (size_t i = 0; i < safe.n; i++)
        sb_c(out, safe.p[i] == '-' && i && safe.p[i - 1] == '-' ? " -" : (char[]){safe.p[i], 0});
}

void esc_json_text(struct strbuf *out, struct str json)
{
    bool quoted = false;
    uint32_t cp;
    for (size_t i = 0, len; i < json.n; i += len) {
        len = utf8_char(json, i, &cp);
        struct str one = str_sub(json, i, i + len);
        if (cp == '"')
            quoted = !quoted;
        if (quoted && cp == '\\') {
            sb_str(out, str_sub(json, i, i + ++len)); /* an escape that is there */
        } else if (quoted && ((cp != UINT32_MAX && is_dangerous(cp)) ||
                              str_starts(str_from(json, i), STR("${")))) {
            put_u(out, cp);
        } else {
            sb_str(out, one);
        }
    }
}

void esc_json_quiet(struct strbuf *out, struct str s)
{
    struct strbuf safe = sb_new(out->mem, 0), json = sb_new(out->mem, 0);
    if (!str_is_utf8(s)) {
        esc_terminal(&safe, s);
        s = sb_view(&safe);
    }
    esc_json(&json, s);
    esc_json_text(out, sb_view(&json));
}

void esc_github(struct strbuf *out, struct str s, bool property)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal(&safe, s);
    for (size_t i = 0; i < safe.n; i++) {
        char c = safe.p[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            sb_printf(out, "%%%02X", (unsigned char)c);
        else
            sb_char(out, c);
    }
}

void esc_uri(struct strbuf *out, struct str path)
{
    if (str_starts(path, STR("/")))
        sb_c(out, "file://");
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (ascii_is_alpha(c) || ascii_is_digit(c) || (c && strchr("-._~/", c)))
            sb_char(out, c);
        else
            sb_printf(out, "%%%02X", (unsigned char)c);
    }
}

void esc_markdown(struct strbuf *out, struct str s)
{
    struct strbuf safe = sb_new(out->mem, out->max);
    esc_terminal(&safe, s);
    for (size_t i = 0; i < safe.n; i++) {
        char c = safe.p[i];
        if (c == '<' || c == '>' || c == '&')
            sb_c(out, c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;");
        else if (strchr("\\`*_{}[]()#+!|~$@", c))
            sb_printf(out, "\\%c", c);
        else
            sb_char(out, c);
    }
    out->over = out->over || safe.over;
}

static bool is_url_end(char c)
{
    return c == '\0' || ascii_is_space(c) || c == '"' || c == '\'' || c == '<' || c == '>';
}

struct str url_decode(struct arena *mem, struct str s)
{
    char *p = arena_alloc(mem, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int v = 0, digits = 0;
        for (size_t k = i + 1; s.p[i] == '%' && k < i + 3 && k < s.n; k++) {
            const char *hex = "0123456789abcdef", *hit = strchr(hex, ascii_lower(s.p[k]));
            if (!hit || !s.p[k])
                break;
            v = v * 16 + (int)(hit - hex);
            digits++;
        }
        p[n++] = digits == 2 ? (char)v : s.p[i];
        i += digits == 2 ? 2 : 0;
    }
    p[n] = '\0';
    return (struct str){p, n};
}

/* The password of one authority part [p, end): between the first ':' and the last '@'. */
static void redact_authority(char *p, const char *end)
{
    char *colon = NULL, *at = NULL;
    for (char *c = p; c < end; c++) {
        if (*c == ':' && !colon)
            colon = c;
        if (*c == '@')
            at = c;
    }
    if (!colon || !at || colon > at)
        return;
    for (char *c = colon + 1; c < at; c++)
        *c = '*';
}

/* Whether the value of a key of a query is a secret, or may hold one. */
static bool is_secret_key(struct str key)
{
    static const char *const ends[] = {"password", "token", "secret"};
    static const char *const whole[] = {"passwd", "pwd", "key", "authmechanismproperties"};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        if (key.n >= strlen(ends[k]) &&
            str_eq_fold_c(str_from(key, key.n - strlen(ends[k])), ends[k]))
            return true;
    for (size_t k = 0; k < sizeof whole / sizeof *whole; k++)
        if (str_eq_fold_c(key, whole[k]))
            return true;
    return false;
}

static void redact_query(char *p, const char *end)
{
    for (char *c = p; c < end; c++) {
        if (*c != '?' && *c != '&')
            continue;
        char *v = c + 1;
        while (v < end && *v != '=' && *v != '&' && *v != '?' && !is_url_end(*v))
            v++;
        if (v == end || *v != '=' || !is_secret_key(str_range(c + 1, v)))
            continue;
        for (v++; v < end && *v != '&' && !is_url_end(*v); v++)
            *v = '*';
    }
}

void redact_urls(char *text)
{
    for (char *p = strstr(text, "://"); p; p = strstr(p + 3, "://")) {
        char *end = p + 3;
        while (!is_url_end(*end))
            end++;
        char *slash = end;
        for (char *c = p + 3; c < end; c++)
            if (*c == '/' || *c == '?') {
                slash = c;
                break;
            }
        /* A password may hold '/' unescaped: the authority ends at the last '@' before a blank. */
        for (char *c = slash; c < end && *c != '?'; c++)
            if (*c == '@')
                slash = c + 1;
        redact_authority(p + 3, slash);
    }
    redact_query(text, text + strlen(text)); /* also of scheme:name?password=... */
}
