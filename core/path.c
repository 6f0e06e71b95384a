/* Paths of facts; see path.h. */

#include "core/path.h"

#include <string.h>

int path_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        unsigned char x = (unsigned char)a.p[i], y = (unsigned char)b.p[i];
        if (x == y)
            continue;
        if (x == '/' || y == '/')
            return x == '/' ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

/* Start of the last segment. */
static size_t last_start(struct str path)
{
    size_t i = path.n;
    while (i && path.p[i - 1] != '/')
        i--;
    return i;
}

struct str path_parent(struct str path)
{
    size_t at = last_start(path);
    return at ? str_sub(path, 0, at - 1) : STR("");
}

struct str path_top(struct str path)
{
    return str_sub(path, 0, str_chr(path, '/'));
}

struct str path_kind(struct str path)
{
    struct str last = str_from(path, last_start(path));
    return str_sub(last, 0, str_chr(last, ':'));
}

struct str path_name_raw(struct str path)
{
    struct str last = str_from(path, last_start(path));
    return str_from(last, str_chr(last, ':') + 1);
}

static struct str decode(struct arena *a, struct str raw)
{
    if (str_chr(raw, '~') == raw.n)
        return raw;
    char *p = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        bool escape = raw.p[i] == '~' && i + 1 < raw.n;
        p[n++] = escape ? (raw.p[i + 1] == '1' ? '/' : '~') : raw.p[i];
        i += escape;
    }
    p[n] = '\0';
    return (struct str){p, n};
}

struct str path_name(struct arena *a, struct str path)
{
    return decode(a, path_name_raw(path));
}

bool path_within(struct str path, struct str above)
{
    return str_starts(path, above) && (path.n == above.n || path.p[above.n] == '/');
}

struct str path_join(struct arena *a, struct str parent, struct str kind, struct str name)
{
    struct strbuf b = sb_new(a, 0);
    sb_str(&b, parent);
    if (parent.n)
        sb_char(&b, '/');
    sb_str(&b, kind);
    sb_char(&b, ':');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '~' || name.p[i] == '/')
            sb_c(&b, name.p[i] == '~' ? "~0" : "~1");
        else
            sb_char(&b, name.p[i]);
    }
    return sb_view(&b);
}

static bool segment_is_valid(struct str s)
{
    size_t colon = str_chr(s, ':');
    if (colon == 0 || colon == s.n)
        return false;
    for (size_t i = 0; i < colon; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '_')
            return false;
    for (size_t i = colon + 1; i < s.n; i++)
        if (s.p[i] == '~' && (i + 1 == s.n || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
            return false;
    return true;
}

bool path_is_valid(struct str path)
{
    struct str rest = path, segment;
    if (path.n == 0)
        return false;
    while (str_cut(&rest, '/', &segment))
        if (!segment_is_valid(segment))
            return false;
    return true;
}

static bool is_plain(struct str text, const char *also)
{
    for (size_t i = 0; i < text.n; i++)
        if (!ascii_is_alpha(text.p[i]) && !ascii_is_digit(text.p[i]) &&
            (!text.p[i] || !strchr(also, text.p[i])))
            return false;
    return true;
}

static void quote(struct strbuf *out, struct str name)
{
    if (name.n && is_plain(name, "_$")) {
        sb_str(out, name);
        return;
    }
    sb_char(out, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"')
            sb_char(out, '"');
        sb_char(out, name.p[i]);
    }
    sb_char(out, '"');
}

/* Where the arguments begin in due(bigint, shop.state); the end where there are none. Found from
 * behind: what stands before them may hold anything, and names of types in quotes too. */
static size_t arguments(struct str name)
{
    bool quoted = false;
    for (size_t i = name.n, depth = 0; i-- > 0;) {
        quoted ^= name.p[i] == '"';
        if (quoted)
            continue;
        depth += name.p[i] == ')';
        if (!depth)
            return name.n;
        depth -= name.p[i] == '(';
        if (!depth)
            return i;
    }
    return name.n;
}

void path_quote_name(struct strbuf *out, struct str kind, struct str name)
{
    static const char *const with_arguments[] = {"function", "aggregate", "procedure",
                                                 "type_function"};
    size_t at = name.n;
    for (size_t i = 0; i < sizeof with_arguments / sizeof *with_arguments; i++)
        if (str_eq_c(kind, with_arguments[i]))
            at = arguments(name);
    quote(out, str_sub(name, 0, at));
    sb_str(out, str_from(name, at));
}

void path_dotted(struct strbuf *out, struct str path)
{
    struct str rest = path, segment;
    bool first = true;
    while (str_cut(&rest, '/', &segment)) {
        if (!first && rest.n && str_eq(path_name_raw(segment), STR("#")))
            continue; /* it only holds others */
        if (!first)
            sb_char(out, '.');
        first = false;
        path_quote_name(out, path_kind(segment), path_name(out->mem, segment));
    }
}

bool path_is_unnamed(struct str path)
{
    struct str name = path_name_raw(path);
    if (!str_starts(name, STR("#")) || path_parent(path).n == 0)
        return false;
    for (size_t i = 1; i < name.n; i++)
        if (!ascii_is_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'f') &&
            !(name.p[i] == '#' && i > 1))
            return false;
    return true;
}

void path_human(struct strbuf *out, struct str path)
{
    struct str kind = path_kind(path);
    bool unnamed = path_is_unnamed(path);
    for (size_t i = 0; i < kind.n; i++)
        sb_char(out, kind.p[i] == '_' ? ' ' : kind.p[i]);
    sb_c(out, unnamed ? " of " : " ");
    path_dotted(out, unnamed ? path_parent(path) : path);
}
