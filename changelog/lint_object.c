/* Objects that several changeSets make or touch, and statements of one text; see lint.h. */

#include "changelog/lint.h"

enum { BUCKETS = 4096 };

/* An object as it is after the sets so far. */
struct object {
    struct touch touch;
    const struct log_set *by;
    bool there; /* made, and not dropped since */
    struct object *next;
};

struct objects {
    struct lint *l;
    struct object *bucket[BUCKETS];
};

static size_t bucket_of(const struct touch *t)
{
    return (size_t)(hash_bytes(t->name).lo % BUCKETS);
}

static struct object *find(struct objects *o, const struct touch *t)
{
    for (struct object *x = o->bucket[bucket_of(t)]; x; x = x->next)
        if (touch_same(&x->touch, t))
            return x;
    return NULL;
}

/* What goes with a table. */
static void drop_below(struct objects *o, const struct touch *table)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct object *x = o->bucket[i]; x; x = x->next)
            if (str_eq(x->touch.parent, table->name))
                x->there = false;
}

/* Sets that never run in one database have nothing to do with each other. */
static bool may_meet(const struct log_set *a, const struct log_set *b)
{
    return str_eq_fold(a->contexts, b->contexts) && log_share_dbms(a, b) &&
           !node_get(a->node, "preConditions") && !node_get(b->node, "preConditions");
}

static struct str object_name(struct arena *mem, const struct touch *t)
{
    bool inner = t->parent.n && str_eq_c(STR("column"), t->kind);
    return arena_printf(mem, "%s %.*s%s%.*s", t->kind, STR_ARG(inner ? t->parent : t->name),
                        inner ? "." : "", STR_ARG(inner ? t->name : STR("")));
}

static void tell(struct lint *l, const struct touch *t, const struct object *x,
                 const struct log_set *s)
{
    struct str name = object_name(l->mem, t);
    if (t->verb == TOUCH_MAKE && x->there) {
        bool column = str_eq_c(STR("column"), t->kind);
        lint_say(l, true, column ? "column-twice" : "made-twice", s->in, s->line,
                 "%.*s is made by changeSet %.*s (%.*s line %u), too, and not dropped in between",
                 STR_ARG(name), STR_ARG(x->by->id), STR_ARG(x->by->in->path), x->by->line);
    } else if (x->by->in == s->in) {
        lint_say(l, false, "touched-twice", s->in, s->line,
                 "changeSet %.*s (line %u) touches %.*s, too", STR_ARG(x->by->id), x->by->line,
                 STR_ARG(name));
    }
}

static void take(struct objects *o, const struct touch *t, const struct log_set *s)
{
    if (t->verb == TOUCH_USE)
        return;
    struct object *x = find(o, t);
    if (x && x->by != s && may_meet(x->by, s))
        tell(o->l, t, x, s);
    if (!x) {
        x = NEW(o->l->mem, struct object);
        x->next = o->bucket[bucket_of(t)];
        o->bucket[bucket_of(t)] = x;
    }
    x->touch = *t;
    x->by = s;
    x->there = t->verb == TOUCH_MAKE || (t->verb == TOUCH_ALTER && x->there);
    if (t->verb == TOUCH_DROP && str_eq_c(STR("table"), t->kind))
        drop_below(o, t);
}

void lint_objects(struct lint *l)
{
    struct objects *o = NEW(l->mem, struct objects);
    o->l = l;
    for (uint32_t i = 0; i < l->m->n; i++) {
        const struct log_set *s = &l->m->sets[i];
        for (uint32_t k = 0; k < s->touches.n; k++)
            take(o, &s->touches.v[k], s);
    }
}

static size_t skip_to(struct str s, struct str end)
{
    size_t at = str_find(s, end);
    return at == s.n ? s.n : at + end.n;
}

/* Length of what stands in quotes, in a comment or between dollars at the start; else 0. */
static size_t opaque(struct str s)
{
    char c = s.p[0];
    if (c == '\'' || c == '"' || c == '`')
        return 1 + skip_to(str_from(s, 1), str_sub(s, 0, 1));
    if (str_starts(s, STR("--")))
        return skip_to(s, STR("\n"));
    if (str_starts(s, STR("/*")))
        return 2 + skip_to(str_from(s, 2), STR("*/"));
    if (c != '$')
        return 0;
    size_t n = 1;
    while (n < s.n && (ascii_is_alpha(s.p[n]) || s.p[n] == '_'))
        n++;
    if (n == s.n || s.p[n] != '$')
        return 0;
    struct str tag = str_sub(s, 0, n + 1);
    return tag.n + skip_to(str_from(s, tag.n), tag);
}

static bool begins_with(struct str s, const char *word)
{
    size_t n = str_c(word).n;
    return str_eq_fold_c(str_sub(s, 0, n), word) &&
           (s.n == n || (!ascii_is_alpha(s.p[n]) && !ascii_is_digit(s.p[n]) && s.p[n] != '_'));
}

/* CREATE of something with a body, in which semicolons are its own. */
static bool has_body(struct str sql)
{
    static const char *const words[] = {"trigger", "function", "procedure", "event", "package"};
    struct str s = str_trim(sql);
    if (begins_with(s, "begin") || begins_with(s, "do") || begins_with(s, "declare"))
        return true;
    if (!begins_with(s, "create"))
        return false;
    for (size_t i = 6; i < s.n && i < 200 && s.p[i] != '('; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (ascii_is_space(s.p[i - 1]) && begins_with(str_from(s, i), words[k]))
                return true;
    return false;
}

unsigned lint_statements(struct str sql)
{
    unsigned n = 0;
    bool some = false;
    if (has_body(sql))
        return 1;
    while (sql.n) {
        size_t skip = opaque(sql);
        bool comment = str_starts(sql, STR("--")) || str_starts(sql, STR("/*"));
        if (!skip && sql.p[0] == ';') {
            n += some;
            some = false;
        } else if (!comment && !ascii_is_space(sql.p[0])) {
            some = true;
        }
        sql = str_from(sql, skip ? skip : 1);
    }
    return n + some;
}
