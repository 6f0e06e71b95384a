/* One fact's line: cut apart by its layout, then checked strictly against the engine's tables. */

#include "snapshot/snapshot.h"

static const char *const keys[] = {"path", "a", "deps", "src", NULL};

int fact_cut(const struct engine *eng, struct str line, struct obj *o)
{
    struct jc_iter it = jc_iter(line);
    struct str key, value;
    *o = (struct obj){.path = STR_NULL, .src = STR_NULL, .deps = STR_NULL};
    while (it.object && jc_next(&it, &key, &value)) {
        if (str_eq(key, STR("path")))
            o->path = value;
        else if (str_eq(key, STR("a")))
            o->a = value;
        else if (str_eq(key, STR("deps")))
            o->deps = value;
        else if (str_eq(key, STR("src")))
            o->src = value;
    }
    if (!jc_is_string(o->path) || !o->a.n || o->a.p[0] != '{')
        return -1;
    int kind = engine_kind(eng, path_kind(str_sub(o->path, 1, o->path.n - 1)));
    o->kind = kind < 0 ? UINT16_MAX : (uint16_t)kind;
    return 0;
}

struct where {
    const struct obj *o;
    struct str label;
    uint64_t line;
};

#define AT "%.*s line %llu"
#define AT_ARG(w) STR_ARG((w)->label), (unsigned long long)(w)->line

static bool type_fits(enum attr_type type, struct str raw)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value;
    int64_t number;
    switch (type) {
    case A_BOOL:
        return jc_is_true(raw);
    case A_INT:
        return str_int(raw, &number);
    case A_LIST:
    case A_SET:
        if (!jc_is_list(raw) || jc_count(raw) == 0)
            return false;
        break;
    case A_MAP:
        if (!it.object || jc_count(raw) == 0)
            return false;
        break;
    case A_TEXT:
    case A_TYPE:
    case A_EXPR:
    case A_BODY:
    case A_REF:
        return jc_is_string(raw);
    }
    while (jc_next(&it, &key, &value))
        if (!jc_is_string(value))
            return false;
    return true;
}

static int check_attrs(const struct engine *eng, const struct where *w, struct err *e)
{
    const struct kind_desc *kind = obj_kind(eng, w->o);
    struct jc_iter it = jc_iter(w->o->a);
    struct str key, value;
    while (jc_next(&it, &key, &value)) {
        const struct attr_desc *row = kind_attr(kind, key);
        if (!row)
            return err_set(e, E_SNAPSHOT_ATTRIBUTE, AT ": %s has no attribute %.*s", AT_ARG(w),
                           kind->name, STR_ARG(key));
        if (!type_fits(row->type, value))
            return err_set(e, E_SNAPSHOT_ATTRIBUTE,
                           AT ": attribute %.*s has a value of a wrong type", AT_ARG(w),
                           STR_ARG(key));
        if (row->dflt && str_eq_c(value, row->dflt))
            return err_set(e, E_SNAPSHOT_ATTRIBUTE,
                           AT ": attribute %.*s holds its default, which is never written",
                           AT_ARG(w), STR_ARG(key));
    }
    return 0;
}

static int check_path(const struct engine *eng, const struct where *w, struct err *e)
{
    struct str path = w->o->path, parent = path_parent(path);
    if (!path_is_valid(path))
        return err_set(e, E_SNAPSHOT_SYNTAX, AT ": path %.*s is malformed", AT_ARG(w),
                       STR_ARG(path));
    if (w->o->kind == UINT16_MAX)
        return err_set(e, E_SNAPSHOT_KIND, AT ": %s has no kind %.*s", AT_ARG(w), eng->title,
                       STR_ARG(path_kind(path)));
    const char *parents = obj_kind(eng, w->o)->parents;
    bool fits = parent.n ? word_in(parents, path_kind(parent)) : kind_is_top(obj_kind(eng, w->o));
    if (!fits)
        return err_set(e, E_SNAPSHOT_KIND, AT ": %.*s does not belong below %s", AT_ARG(w),
                       STR_ARG(path_kind(path)), parent.n ? "that" : "nothing");
    return 0;
}

static int check_deps(const struct where *w, struct arena *mem, struct err *e)
{
    struct jc_iter it = jc_iter(w->o->deps);
    struct str key, value, last = STR("");
    if (!str_is_null(w->o->deps) && !jc_is_list(w->o->deps))
        return err_set(e, E_SNAPSHOT_SYNTAX, AT ": deps is no list", AT_ARG(w));
    while (jc_next(&it, &key, &value)) {
        struct str dep = jc_text(mem, value);
        if (!jc_is_string(value) || (!path_is_valid(dep) && !str_starts(dep, STR("!"))))
            return err_set(e, E_SNAPSHOT_SYNTAX, AT ": deps holds %.*s, which is no path",
                           AT_ARG(w), STR_ARG(dep));
        if (last.n && path_cmp(last, dep) >= 0)
            return err_set(e, E_SNAPSHOT_ORDER, AT ": deps is not in order", AT_ARG(w));
        last = dep;
    }
    return 0;
}

static int check_src(const struct where *w, struct err *e)
{
    struct jc_iter it = jc_iter(w->o->src);
    struct str key, value;
    if (!str_is_null(w->o->src) && !it.object)
        return err_set(e, E_SNAPSHOT_SYNTAX, AT ": src is no object", AT_ARG(w));
    while (jc_next(&it, &key, &value))
        if (!jc_is_string(value) && !jc_is_list(value))
            return err_set(e, E_SNAPSHOT_SYNTAX, AT ": src.%.*s is neither text nor list",
                           AT_ARG(w), STR_ARG(key));
    return 0;
}

int fact_check(const struct engine *eng, const struct obj *o, struct str line, struct str label,
               uint64_t number, struct arena *mem, struct err *e)
{
    struct where w = {o, label, number};
    struct arena_mark mark = arena_mark(mem);
    if (jc_check_ordered(mem, line, keys, e))
        return err_wrap(e, AT, AT_ARG(&w));
    int rc = check_path(eng, &w, e);
    if (!rc)
        rc = check_attrs(eng, &w, e);
    if (!rc)
        rc = check_deps(&w, mem, e);
    if (!rc)
        rc = check_src(&w, e);
    arena_release(mem, mark);
    return rc;
}
