/* Which objects a name that people write may mean, at any time. */

#include <stdlib.h>

#include "history/store.h"

/* How well a name fits; the best ones are told. */
enum fit { FIT_NONE, FIT_FOLDED, FIT_END, FIT_WHOLE, FIT_PATH };

static bool same(struct str a, struct str b, bool fold)
{
    return fold ? str_eq_fold(a, b) : str_eq(a, b);
}

/* Whether the text ends with the name behind a mark. */
static bool ends_at(struct str text, char mark, struct str name, bool fold)
{
    return text.n > name.n && text.p[text.n - name.n - 1] == mark &&
           same(str_from(text, text.n - name.n), name, fold);
}

/* "index orders.note_idx" and "index:orders.note_idx" name a kind first. */
static struct str cut_kind(struct str name, struct str kind)
{
    for (size_t i = 0; i < kind.n; i++)
        if (i >= name.n || (name.p[i] != kind.p[i] && !(kind.p[i] == '_' && name.p[i] == ' ')))
            return STR_NULL;
    if (name.n <= kind.n || (name.p[kind.n] != ' ' && name.p[kind.n] != ':'))
        return STR_NULL;
    return str_trim(str_from(name, kind.n + 1));
}

static enum fit fit_dotted(struct str dotted, struct str plain, struct str name)
{
    if (str_eq(dotted, name) || str_eq(plain, name))
        return FIT_WHOLE;
    if (ends_at(dotted, '.', name, false))
        return FIT_END;
    if (str_eq_fold(dotted, name) || str_eq_fold(plain, name) || ends_at(dotted, '.', name, true))
        return FIT_FOLDED;
    return FIT_NONE;
}

static enum fit fit_of(struct str path, struct str name, struct arena *tmp)
{
    if (str_eq(path, name))
        return FIT_PATH;
    if (ends_at(path, '/', name, false))
        return FIT_END;
    struct strbuf dotted = sb_new(tmp, 0);
    path_dotted(&dotted, path);
    struct str plain = path_name(tmp, path), rest = cut_kind(name, path_kind(path));
    bool top = !path_parent(path).n;
    enum fit fit = fit_dotted(sb_view(&dotted), top ? plain : sb_view(&dotted), name);
    if (!fit && str_eq(plain, name))
        fit = FIT_END;
    enum fit other =
        str_is_null(rest) ? FIT_NONE : fit_dotted(sb_view(&dotted), top ? plain : STR(""), rest);
    return other > fit ? other : fit;
}

/* A pattern that every path which the name may mean fits: the last word of it. */
static struct str like_of(struct str name, struct arena *mem)
{
    size_t end = name.n;
    while (end && !ascii_is_alpha(name.p[end - 1]) && !ascii_is_digit(name.p[end - 1]))
        end--;
    size_t from = end;
    while (from && (ascii_is_alpha(name.p[from - 1]) || ascii_is_digit(name.p[from - 1])))
        from--;
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '%');
    for (size_t i = from; i < end; i++)
        sb_char(&b, ascii_lower(name.p[i]));
    sb_char(&b, '%');
    return sb_view(&b);
}

struct found {
    struct str path;
    enum fit fit;
};

static int by_path(const void *a, const void *b)
{
    return path_cmp(*(const struct str *)a, *(const struct str *)b);
}

int history_find(struct history *h, struct str env, struct str name, struct arena *mem,
                 struct str **paths, uint32_t *n, struct err *e)
{
    static const char sql[] =
        "SELECT p.text FROM path p WHERE lower(p.text) LIKE $1 AND EXISTS (SELECT 1 FROM fact f "
        "WHERE f.env = $2 AND f.path = p.id)";
    struct store *s = h->store;
    int64_t number;
    struct rows *r = NULL;
    VEC(struct found) v = {0};
    VEC(struct str) out = {0};
    enum fit best = FIT_FOLDED;
    struct arena *tmp = arena_new(0);
    int rc = env_number(h, env, &number, e);
    const struct store_arg args[] = {A_STR(like_of(name, mem)), A_NUM(number)};
    if (!rc)
        rc = s->ops->query(s, sql, args, 2, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct arena_mark mark = arena_mark(tmp);
        struct found one = {s->ops->text(r, 0), fit_of(s->ops->text(r, 0), name, tmp)};
        arena_release(tmp, mark);
        rc = 0;
        if (one.fit < best)
            continue;
        best = one.fit;
        one.path = arena_str(mem, one.path);
        VEC_PUSH(mem, v, one);
    }
    s->ops->done(r);
    arena_free(tmp);
    for (uint32_t i = 0; i < v.n; i++)
        if (v.v[i].fit == best)
            VEC_PUSH(mem, out, v.v[i].path);
    if (out.n)
        qsort(out.v, out.n, sizeof *out.v, by_path);
    *paths = out.v;
    *n = out.n;
    return rc;
}
