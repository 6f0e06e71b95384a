/*
 * Text that the server writes and does not read back as the same: `x IN ('a', 'b')` on varchar
 * comes out as `(x)::text = ANY ((ARRAY['a'::character varying, ...])::text[])`, which read again
 * becomes an array of casts. Written as IN it arrives.
 */

#include <string.h>

#include "drivers/postgresql/postgresql.h"

/* Behind the literal that begins at `at`; 0 where none does. */
static size_t literal_end(struct str s, size_t at)
{
    if (at >= s.n || s.p[at] != '\'')
        return 0;
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] != '\'')
            continue;
        if (i + 1 >= s.n || s.p[i + 1] != '\'')
            return i + 1;
        i++;
    }
    return 0;
}

/* 'a'::character varying, 'b'::character varying])::text[]) behind `at` as 'a', 'b'; where it ends,
 * or 0. */
static size_t elements(struct str s, size_t at, struct strbuf *out)
{
    static const struct str type = {"::character varying", 19}, end = {"])::text[])", 11};
    for (bool first = true;; first = false) {
        size_t stop = literal_end(s, at);
        if (!stop || !str_starts(str_from(s, stop), type))
            return 0;
        if (!first)
            sb_c(out, ", ");
        sb_str(out, str_sub(s, at, stop));
        at = stop + type.n;
        if (str_starts(str_from(s, at), end))
            return at + end.n;
        if (!str_starts(str_from(s, at), STR(", ")))
            return 0;
        at += 2;
    }
}

/* The place in out of the parenthesis that the last byte closes, or -1. Quotes are not looked at: a
 * wrong guess only leaves the text as it is. */
static long opening(const struct strbuf *out)
{
    int depth = 0;
    for (size_t i = out->n; i-- > 0;) {
        if (out->p[i] == '\'' || out->p[i] == '"')
            return -1;
        depth += out->p[i] == ')' ? 1 : out->p[i] == '(' ? -1 : 0;
        if (!depth)
            return (long)i;
    }
    return -1;
}

/* One comparison that begins at `at` behind `(x)::text` in out; where it ends, or 0. */
static size_t comparison(struct str s, size_t at, struct strbuf *out)
{
    static const struct {
        const char *was, *now;
    } forms[] = {{" = ANY ((ARRAY[", " IN ("}, {" <> ALL ((ARRAY[", " NOT IN ("}};
    static const struct str cast = {")::text", 7};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!str_starts(str_from(s, at), str_c(forms[i].was)) || !str_ends(sb_view(out), cast))
            continue;
        struct strbuf list = sb_new(out->mem, 0);
        size_t end = elements(s, at + strlen(forms[i].was), &list);
        if (!end)
            return 0;
        sb_cut(out, out->n - cast.n + 1);
        if (opening(out) < 0) {
            sb_c(out, "::text");
            return 0;
        }
        sb_c(out, forms[i].now);
        sb_str(out, sb_view(&list));
        sb_char(out, ')');
        return end;
    }
    return 0;
}

struct str pg_respell(struct arena *mem, struct str text)
{
    if (str_find(text, STR(" ((ARRAY[")) == text.n)
        return text;
    struct strbuf out = sb_new(mem, 0);
    for (size_t i = 0; i < text.n;) {
        size_t quoted = literal_end(text, i);
        size_t end = text.p[i] == ' ' ? comparison(text, i, &out) : 0;
        if (quoted) {
            sb_str(&out, str_sub(text, i, quoted));
            i = quoted;
        } else if (end) {
            i = end;
        } else {
            sb_char(&out, text.p[i++]);
        }
    }
    return sb_view(&out);
}
