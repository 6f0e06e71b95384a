/* Confirmed renames, tried on a scratch database: a server rewrites views, checks and triggers
 * after a rename and every child's path moves, so what follows is planned from what is read then.
 */

#include "verify/internal.h"

#include "core/suggest.h"

/* "column orders.note", "orders.note", "orders": the kind may be left out. */
struct wanted {
    struct str kind;
    struct str parts[8];
    uint32_t n;
};

static bool parse_name(struct str text, struct arena *mem, struct wanted *out)
{
    size_t i = 0;
    *out = (struct wanted){.kind = STR_NULL};
    text = str_trim(text);
    size_t colon = str_chr(text, ':'), blank = str_chr(text, ' ');
    size_t cut = colon < blank ? colon : blank;
    if (cut < text.n && str_chr(str_sub(text, 0, cut), '"') == cut) {
        out->kind = str_sub(text, 0, cut);
        text = str_trim(str_from(text, cut + 1));
    }
    while (i < text.n && out->n < 8) {
        struct strbuf part = sb_new(mem, 0);
        if (text.p[i] == '"') {
            for (i++; i < text.n; i++) {
                if (text.p[i] == '"' && (i + 1 >= text.n || text.p[i + 1] != '"'))
                    break;
                i += text.p[i] == '"';
                sb_char(&part, text.p[i]);
            }
            if (i++ >= text.n || (i < text.n && text.p[i] != '(' && text.p[i] != '.'))
                return false;
        }
        /* the arguments of a function may hold dots, and quotes that hold anything */
        bool quoted = false;
        for (int depth = 0; i < text.n && (text.p[i] != '.' || depth > 0); i++) {
            quoted ^= depth > 0 && text.p[i] == '"';
            depth += quoted ? 0 : (text.p[i] == '(') - (text.p[i] == ')');
            sb_char(&part, text.p[i]);
        }
        if (!part.n)
            return false;
        out->parts[out->n++] = sb_view(&part);
        if (i < text.n && (text.p[i] != '.' || ++i == text.n))
            return false;
    }
    return out->n > 0 && i >= text.n;
}

enum fit { FIT_NOT, FIT_END, FIT_WHOLE };

/* Whether the wanted names are all those of a path, or the last of them. */
static enum fit path_fits(const struct catalog *cat, const struct obj *o, const struct wanted *w,
                          struct arena *mem)
{
    struct str up = o->path;
    if (!str_is_null(w->kind) && !str_eq(path_kind(o->path), w->kind))
        return FIT_NOT;
    for (uint32_t i = w->n; i-- > 0; up = path_parent(up))
        if (!up.n || !str_eq(path_name(mem, up), cat->eng->fold(mem, w->parts[i])))
            return FIT_NOT;
    return up.n ? FIT_END : FIT_WHOLE;
}

/* The objects whose names they all are, else those whose last names they are: orders.note may leave
 * out the schema. */
struct found {
    const struct obj *first;
    enum fit fit;
    uint32_t n;
};

static struct found look_up(const struct catalog *cat, const struct wanted *w, struct arena *mem)
{
    struct found f = {0};
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        enum fit fit = obj_kind(cat->eng, o)->rename ? path_fits(cat, o, w, mem) : FIT_NOT;
        if (fit == FIT_NOT || fit < f.fit)
            continue;
        f = (struct found){fit == f.fit ? f.first : o, fit, fit == f.fit ? f.n + 1 : 1};
    }
    return f;
}

/* Which of several is meant, nobody can tell: the hint names the first of them. */
static void ambiguous(const struct catalog *cat, const struct rename_spec *spec,
                      const struct wanted *w, const struct found *f, struct arena *mem,
                      struct err *e)
{
    enum { MAX_SHOWN = 4 };
    struct strbuf names = sb_new(mem, 0);
    for (uint32_t i = 0, n = 0; i < cat->n && n < MAX_SHOWN; i++) {
        const struct obj *o = &cat->v[i];
        if (!obj_kind(cat->eng, o)->rename || path_fits(cat, o, w, mem) != f->fit)
            continue;
        sb_c(&names, n++ ? ", " : "");
        obj_human(&names, o);
    }
    if (f->n > MAX_SHOWN)
        sb_printf(&names, " and %u more", f->n - MAX_SHOWN);
    err_set(e, E_RENAME_UNKNOWN, "--rename %.*s: there is more than one", STR_ARG(spec->from));
    err_hint(e, "write one of them in full, with its kind: %.*s", STR_ARG(sb_view(&names)));
}

static const struct obj *find(const struct catalog *cat, const struct rename_spec *spec,
                              struct arena *mem, struct err *e)
{
    struct wanted w;
    if (!parse_name(spec->from, mem, &w)) {
        err_set(e, E_BAD_VALUE, "--rename %.*s: not a name", STR_ARG(spec->from));
        err_hint(e, "write it as the diff shows it: --rename orders.note=remark");
        return NULL;
    }
    struct found f = look_up(cat, &w, mem);
    if (f.n > 1) {
        ambiguous(cat, spec, &w, &f, mem, e);
        return NULL;
    }
    if (!f.n)
        err_set(e, E_RENAME_UNKNOWN,
                "--rename %.*s: %.*s holds nothing of that name that can be "
                "renamed",
                STR_ARG(spec->from), STR_ARG(cat->label));
    return f.first;
}

/* The new name: one part, or the old one with another last part. */
static int new_name(const struct catalog *cat, const struct rename_spec *spec, const struct obj *o,
                    struct arena *mem, struct str *out, struct err *e)
{
    struct wanted w;
    if (!parse_name(spec->to, mem, &w))
        return err_set(e, E_BAD_VALUE, "--rename: %.*s is no name", STR_ARG(spec->to));
    *out = w.parts[w.n - 1];
    struct str up = path_parent(o->path);
    bool same = str_is_null(w.kind) || str_eq(w.kind, path_kind(o->path));
    for (uint32_t i = w.n - 1; same && i-- > 0; up = path_parent(up))
        same = up.n && str_eq(path_name(mem, up), cat->eng->fold(mem, w.parts[i]));
    if (same)
        return 0;
    err_set(e, E_BAD_VALUE, "--rename %.*s=%.*s: a rename cannot move it elsewhere",
            STR_ARG(spec->from), STR_ARG(spec->to));
    return err_hint(e, "the new name alone will do: --rename orders.note=remark");
}

bool verify_rename_applies(const struct catalog *from, const struct catalog *to,
                           const struct rename_spec *spec, struct arena *mem)
{
    struct err none;
    struct str name;
    struct wanted w;
    if (parse_name(spec->from, mem, &w) && look_up(from, &w, mem).n > 1)
        return true; /* to be refused by name */
    const struct obj *o = find(from, spec, mem, &none);
    if (!o || new_name(from, spec, o, mem, &name, &none))
        return false;
    struct str parent = path_parent(o->path);
    if (!to)
        return true;
    return cat_find(to, path_join(mem, parent, path_kind(o->path), from->eng->fold(mem, name))) ||
           (parent.n && !cat_find(to, parent));
}

int verify_renames_reach(const struct catalog *to, const struct rename_list *list,
                         const struct plan_rename *renames, struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < list->n; i++) {
        struct str path = renames[i].after->path;
        for (uint32_t k = i + 1; k < list->n; k++) {
            struct str old = renames[k].before->path;
            if (path_within(path, old))
                path = arena_printf(mem, "%.*s%.*s", STR_ARG(renames[k].after->path),
                                    STR_ARG(str_from(path, old.n)));
        }
        if (cat_find(to, path))
            continue;
        return err_set(e, E_RENAME_UNKNOWN, "--rename %.*s=%.*s: %.*s holds nothing of that name",
                       STR_ARG(list->v[i].from), STR_ARG(list->v[i].to), STR_ARG(to->label));
    }
    return 0;
}

/* Where what the spec names would be, in `state`; *now: where it is. False: not clear yet. */
static bool aims_at(const struct catalog *state, const struct rename_spec *spec, struct arena *mem,
                    struct str *now, struct str *path)
{
    struct err none;
    struct str name;
    const struct obj *o = find(state, spec, mem, &none);
    if (!o || new_name(state, spec, o, mem, &name, &none))
        return false;
    *now = o->path;
    *path = path_join(mem, path_parent(o->path), path_kind(o->path), state->eng->fold(mem, name));
    return true;
}

/* The spec, of those from `from` on, whose object is at that path; n where there is none. */
static uint32_t spec_of(const struct catalog *state, const struct rename_list *list, uint32_t from,
                        struct str path, struct arena *mem)
{
    struct str now, aim;
    uint32_t k = from;
    while (k < list->n && !(aims_at(state, &list->v[k], mem, &now, &aim) && str_eq(now, path)))
        k++;
    return k;
}

/* A name as --rename takes it, in full, with another last part where that is given. */
static struct str written(struct arena *mem, struct str path, struct str last)
{
    struct str kind = path_kind(path);
    struct strbuf out = sb_new(mem, 0);
    sb_printf(&out, "%.*s ", STR_ARG(kind));
    path_dotted(&out, str_is_null(last) ? path : path_join(mem, path_parent(path), kind, last));
    return sb_view(&out);
}

/* Names in a circle: the object of spec i takes a name that is free, for a while. */
static void break_circle(const struct catalog *state, struct rename_list *list, uint32_t i,
                         struct str path, struct arena *mem)
{
    struct rename_spec first = list->v[i];
    struct str name = STR("snap_swap"), parent = path_parent(path), kind = path_kind(path);
    for (unsigned k = 2; cat_find(state, path_join(mem, parent, kind, name)); k++)
        name = arena_printf(mem, "snap_swap%u", k);
    for (uint32_t k = list->n++; k > i; k--)
        list->v[k] = list->v[k - 1];
    list->v[i] = (struct rename_spec){first.from, name};
    list->v[i + 1] = (struct rename_spec){written(mem, path, name), first.to};
}

/* Spec i is one whose new name is free: what has that name now and is to have another goes first.
 */
static void make_way(const struct catalog *state, struct rename_list *list, uint32_t i,
                     struct arena *mem)
{
    struct str now, aim, first = STR_NULL;
    uint32_t k = i, tries = 0;
    for (; tries <= list->n; tries++) {
        if (!aims_at(state, &list->v[k], mem, &now, &aim))
            return;
        first = str_is_null(first) ? now : first;
        if (!cat_find(state, aim) || str_eq(aim, now))
            break;
        k = spec_of(state, list, i, aim, mem);
        if (k == list->n)
            return; /* the server will say that the name is taken */
        if (k == i) {
            break_circle(state, list, i, first, mem);
            return;
        }
    }
    struct rename_spec free = list->v[k];
    for (; k > i; k--)
        list->v[k] = list->v[k - 1];
    list->v[i] = free;
    if (tries > list->n)
        make_way(state, list, i, mem); /* it is in a circle that the first one is not in */
}

static int try_one(const struct catalog *state, struct session *s, const struct plan_rename *r,
                   const struct verify_options *opt, struct arena *mem, struct err *e)
{
    struct view v = {state, NULL, 0};
    struct change c = {.op = OP_ALTER, .before = r->before, .after = r->after};
    struct ddl d = {
        .mem = mem, .eng = state->eng, .before = &v, .after = &v, .facets = opt->facets};
    if (obj_kind(state->eng, r->before)->rename->fn(&d, &c, e))
        return -1;
    for (uint32_t i = 0; i < d.stmts.n; i++)
        if (state->eng->live->exec(s, &d.stmts.v[i], e)) {
            char why[512];
            snprintf(why, sizeof why, "%.500s", e->msg);
            struct strbuf name = sb_new(mem, 0);
            obj_human(&name, r->before);
            err_set(e, E_UNSUPPORTED_CHANGE, "renaming %.*s: %s", STR_ARG(sb_view(&name)), why);
            return err_hint(e, "a rename comes before every other change: drop what is in its way "
                               "by hand first");
        }
    return 0;
}

/* The state after a rename, less what the filters leave out. */
static int read_state(const struct catalog *from, struct session *s,
                      const struct verify_options *opt, struct arena *mem,
                      const struct catalog **out, struct err *e)
{
    struct catalog *cat;
    if (scratch_read(from->eng, s, opt, NULL, 0, true, mem, &cat, e))
        return -1;
    cat->label = from->label;
    cat->version = from->version;
    *out = cat;
    return cat_cut(cat, opt, e);
}

static int each(struct rename_list *list, struct session *s, const struct verify_options *opt,
                struct arena *mem, const struct catalog **states, struct plan_rename *renames,
                struct err *e)
{
    for (uint32_t i = 0; i < list->n; i++) {
        struct str name;
        make_way(states[i], list, i, mem);
        const struct obj *o = find(states[i], &list->v[i], mem, e);
        if (!o)
            return -1;
        if (new_name(states[i], &list->v[i], o, mem, &name, e))
            return -1;
        renames[i] = (struct plan_rename){o, obj_renamed(mem, states[i]->eng, o, name)};
        if (!s) {
            struct catalog *next;
            if (states[0]->eng->renamed(states[i], o, renames[i].after, mem, &next, e))
                return -1;
            states[i + 1] = next;
        } else if (try_one(states[i], s, &renames[i], opt, mem, e) ||
                   read_state(states[0], s, opt, mem, &states[i + 1], e))
            return -1;
    }
    return 0;
}

int verify_renames(const struct catalog *from, struct rename_list *list,
                   const struct verify_options *opt, struct arena *mem,
                   const struct catalog ***states, struct plan_rename **renames, struct err *e)
{
    struct session *s = NULL;
    const uint32_t most = 2 * list->n; /* with one more for each circle */
    struct rename_spec *own = NEW_ARRAY(mem, struct rename_spec, most + 1);
    for (uint32_t i = 0; i < list->n; i++)
        own[i] = list->v[i];
    list->v = own;
    *states = NEW_ARRAY(mem, const struct catalog *, most + 1);
    *renames = NEW_ARRAY(mem, struct plan_rename, most);
    (*states)[0] = from;
    if (!list->n)
        return 0;
    int rc = from->eng->renamed ? 0 : scratch_build(from, NULL, opt, mem, &s, e);
    if (!rc)
        rc = each(list, s, opt, mem, *states, *renames, e);
    if (s)
        from->eng->live->close(s);
    return rc;
}
