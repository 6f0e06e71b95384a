/*
 * Include, exclude, and the bookkeeping tables of deployers. A filtered fact is marked and not
 * removed: an index that is not compared must still survive the rebuild of its table.
 */

#include "core/escape.h"
#include "core/pattern.h"
#include "snapshot/snapshot.h"

/* Tables that are never part of a schema. Compared without regard to case. */
static const char *const bookkeeping[] = {"databasechangelog*", "flyway_schema_history"};

/* The table may lie in a schema, and what lies in it goes with it. A view of that name is the
 * user's. */
static bool is_bookkeeping(const struct engine *eng, struct str path, struct arena *mem)
{
    for (struct str up = path; up.n; up = path_parent(up)) {
        int kind = engine_kind(eng, path_kind(up));
        if (kind < 0 || (eng->kinds[kind]->flags & (KF_DATA | KF_INLINE)) != KF_DATA)
            continue;
        struct strbuf name = sb_new(mem, 0);
        struct str raw = path_name_raw(up);
        for (size_t i = 0; i < raw.n; i++)
            sb_char(&name, ascii_lower(raw.p[i]));
        for (size_t i = 0; i < sizeof bookkeeping / sizeof *bookkeeping; i++)
            if (glob_match(str_c(bookkeeping[i]), sb_view(&name)))
                return true;
    }
    return false;
}

/* With --include, what is above an included object counts too: its table, its schema. */
static bool above_included(const struct filter *f, const struct catalog *cat, struct str path,
                           struct arena *mem)
{
    for (uint32_t i = cat_lower(cat, path); i < cat->n && path_within(cat->v[i].path, path); i++)
        if (pattern_covers(cat->eng, f->include, f->ninclude, cat->v[i].path, mem))
            return true;
    return false;
}

static bool is_left_out(const struct filter *f, const struct catalog *cat, struct str path,
                        struct arena *mem)
{
    if (is_bookkeeping(cat->eng, path, mem))
        return true;
    if (pattern_covers(cat->eng, f->exclude, f->nexclude, path, mem))
        return true;
    return f->ninclude && !pattern_covers(cat->eng, f->include, f->ninclude, path, mem) &&
           !above_included(f, cat, path, mem);
}

void filter_note(struct catalog *cat, struct str cut)
{
    bool all = str_eq(cut, STR("{}"));
    struct str known = cat->cuts.n ? cat->cuts
                       : str_eq(cat->scope, STR("{}"))
                           ? STR("[]")
                           : arena_printf(cat->mem, "[%.*s]", STR_ARG(cat->scope));
    struct str inner = str_sub(known, 1, known.n - 1),
               tail = arena_printf(cat->mem, ",%.*s", STR_ARG(cut));
    if (str_eq(inner, cut) || str_ends(inner, tail) || (all && str_ends(inner, STR("]}"))))
        return;
    bool alone = !inner.n || (str_eq(inner, STR("{}")) && str_is_null(jc_get(cut, "data")));
    cat->cuts = alone ? arena_printf(cat->mem, "[%.*s]", STR_ARG(cut))
                      : arena_printf(cat->mem, "[%.*s%.*s]", STR_ARG(inner), STR_ARG(tail));
}

static void put_scope(const struct filter *f, struct catalog *cat)
{
    struct strbuf b = sb_new(cat->mem, 0);
    if (!f->ninclude && !f->nexclude && !f->data.n) {
        filter_note(cat, STR("{}"));
        return;
    }
    sb_char(&b, '{');
    if (f->data.n) {
        jc_put_key(&b, STR("data"));
        jc_put_list(&b, f->data.names, f->data.n);
    }
    if (f->nexclude) {
        jc_put_key(&b, STR("exclude"));
        jc_put_list(&b, f->exclude, f->nexclude);
    }
    if (f->ninclude) {
        jc_put_key(&b, STR("include"));
        jc_put_list(&b, f->include, f->ninclude);
    }
    sb_char(&b, '}');
    filter_note(cat, sb_view(&b));
    cat->scope = sb_view(&b);
}

void filter_apply(const struct filter *f, struct catalog *cat)
{
    struct arena *mem = arena_new(0);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct arena_mark mark = arena_mark(mem);
        if (is_left_out(f, cat, cat->v[i].path, mem))
            cat->v[i].flags |= OBJ_IGNORED;
        arena_release(mem, mark);
    }
    arena_free(mem);
    put_scope(f, cat);
}

bool filter_pattern_fits(struct str pattern, const struct catalog *cat)
{
    struct arena *mem = arena_new(0);
    bool fits = false;
    for (uint32_t i = 0; i < cat->n && !fits; i++) {
        struct arena_mark mark = arena_mark(mem);
        fits = pattern_names(cat->eng, pattern, cat->v[i].path, mem);
        arena_release(mem, mark);
    }
    arena_free(mem);
    return fits;
}

/* "table:a,view:b": no name is likely to hold that, and as one glob it would fit nothing. */
static bool is_list(struct str glob)
{
    struct str word;
    str_cut(&glob, ',', &word);
    while (str_cut(&glob, ',', &word)) {
        size_t i = 0;
        word = str_trim(word);
        while (i < word.n && (ascii_is_alpha(word.p[i]) || word.p[i] == '_'))
            i++;
        if (i && i < word.n && word.p[i] == ':')
            return true;
    }
    return false;
}

static int check_patterns(const struct str *v, uint32_t n, const char *option,
                          const struct engine *eng, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        struct str kind = pattern_kind(v[i]);
        if (kind.n == v[i].n || kind.n + 1 == v[i].n) {
            err_set(e, E_BAD_VALUE, "--%s %.*s: want KIND:GLOB", option, STR_ARG(v[i]));
            return err_hint(e, "for example --%s 'table:tmp_*'", option);
        }
        if (is_list(str_from(v[i], kind.n + 1))) {
            err_set(e, E_BAD_VALUE, "--%s %.*s: one pattern at a time", option, STR_ARG(v[i]));
            return err_hint(e, "repeat --%s, or write a list in snap.yml: defaults: { %s: [A, B] }",
                            option, option);
        }
        if (eng && engine_kind(eng, kind) < 0) {
            err_set(e, E_BAD_VALUE, "--%s %.*s: %s has no kind %.*s", option, STR_ARG(v[i]),
                    eng->title, STR_ARG(kind));
            return err_hint(e, "snap features lists the kinds");
        }
    }
    return 0;
}

int filter_check(const struct filter *f, const struct engine *eng, struct err *e)
{
    if (check_patterns(f->include, f->ninclude, "include", eng, e))
        return -1;
    return check_patterns(f->exclude, f->nexclude, "exclude", eng, e);
}

static uint32_t texts(struct str list, struct arena *mem, const struct str **out)
{
    struct jc_iter it = jc_iter(list);
    struct str key, value, *v = NEW_ARRAY(mem, struct str, jc_count(list));
    uint32_t n = 0;
    while (jc_next(&it, &key, &value))
        v[n++] = jc_text(mem, value);
    *out = v;
    return n;
}

int filter_from_scope(struct str scope, struct arena *mem, struct filter *out, struct err *e)
{
    (void)e;
    *out = (struct filter){0};
    out->ninclude = texts(jc_get(scope, "include"), mem, &out->include);
    out->nexclude = texts(jc_get(scope, "exclude"), mem, &out->exclude);
    out->data.n = texts(jc_get(scope, "data"), mem, &out->data.names);
    return 0;
}

static bool is_part(const struct engine *eng, struct str pattern)
{
    int kind = engine_kind(eng, pattern_kind(pattern));
    return kind < 0 || !kind_is_top(eng->kinds[kind]);
}

bool filter_cuts_objects(const struct filter *f, const struct engine *eng)
{
    for (uint32_t i = 0; i < f->ninclude; i++)
        if (is_part(eng, f->include[i]))
            return true;
    for (uint32_t i = 0; i < f->nexclude; i++)
        if (is_part(eng, f->exclude[i]))
            return true;
    return false;
}
