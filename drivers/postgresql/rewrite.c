/* Whether a change of a column makes the server write or read every row: its own rules, tried
 * on 15. */

#include "drivers/postgresql/locks.h"

#include <string.h>

#include "drivers/sql/lex.h"

/* A type as it is written: what stands around the parentheses, and the numbers in them. */
struct type {
    struct str base;
    int64_t number[2];
    uint32_t n;
};

static struct type read_type(struct arena *mem, struct str text)
{
    struct type t = {.base = str_trim(text)};
    size_t open = str_chr(text, '('), close = str_chr(text, ')');
    struct str numbers, one;
    if (open == text.n || close < open || (open && text.p[0] == '"'))
        return t;
    numbers = str_sub(text, open + 1, close);
    while (t.n < 2 && str_cut(&numbers, ',', &one))
        if (!str_int(str_trim(one), &t.number[t.n++]))
            return (struct type){.base = str_trim(text)};
    t.base = pg_text(mem, "%S%S", str_trim(str_sub(text, 0, open)), str_from(text, close + 1));
    return t;
}

static bool is_one_of(struct str word, const char *const *list)
{
    for (; *list; list++)
        if (str_eq_c(word, *list))
            return true;
    return false;
}

static const struct obj *domain_of(struct ddl *d, struct str type)
{
    struct lexer l = lex_open(type);
    struct tok schema = lex_next(&l), dot = lex_next(&l), name = lex_next(&l);
    if (!tok_is_name(schema) || !tok_is_op(dot, ".") || !tok_is_name(name) ||
        lex_next(&l).type != T_END)
        return NULL;
    struct str path = path_join(d->mem, STR(""), STR("schema"), tok_name(d->mem, schema));
    path = path_join(d->mem, path, STR("domain"), tok_name(d->mem, name));
    const struct obj *o = view_get(d->before, path);
    return o ? o : view_get(d->after, path);
}

static bool has_rules(struct ddl *d, const struct obj *domain)
{
    struct view_iter it = view_iter(d->after, domain->path);
    if (obj_true(domain, "notnull"))
        return true;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("check")))
            return true;
    return false;
}

/* A length or precision that takes all that the old one took. No number: the largest. */
static bool is_wider(const struct type *was, const struct type *is)
{
    return !is->n || (was->n && was->number[0] <= is->number[0]);
}

/* Types whose values are stored alike, so that no row is touched, as pg_cast has it. */
static bool same_bytes(const struct type *was, const struct type *is)
{
    static const char *const texts[] = {"character varying", "text", NULL};
    static const char *const bits[] = {"bit varying", NULL};
    static const char *const times[] = {"timestamp without time zone",
                                        "timestamp with time zone",
                                        "time without time zone",
                                        "time with time zone",
                                        "interval",
                                        NULL};
    static const char *const oids[] = {"integer", "oid",          "regclass",  "regproc",
                                       "regtype", "regprocedure", "regoper",   "regoperator",
                                       "regrole", "regnamespace", "regconfig", "regdictionary",
                                       NULL};
    static const char *const numbers[] = {"integer", "oid", NULL};
    bool equal = str_eq(was->base, is->base);
    if (is_one_of(was->base, texts) && is_one_of(is->base, texts))
        return is_wider(was, is);
    if (equal && (is_one_of(is->base, bits) || is_one_of(is->base, times)))
        return is_wider(was, is);
    if (equal && str_eq(is->base, STR("numeric")))
        return !is->n || (was->n && was->number[0] <= is->number[0] &&
                          (was->n > 1 ? was->number[1] : 0) == (is->n > 1 ? is->number[1] : 0));
    if (equal)
        return was->n == is->n && was->number[0] == is->number[0] &&
               was->number[1] == is->number[1];
    if (is_one_of(is->base, texts) && !is->n && str_eq(was->base, STR("xml")))
        return true;
    if (str_eq(is->base, STR("inet")) && str_eq(was->base, STR("cidr")))
        return true;
    return is_one_of(was->base, oids) && is_one_of(is->base, oids) &&
           (is_one_of(was->base, numbers) || is_one_of(is->base, numbers));
}

/* timestamp with and without time zone hold the same bytes where the session is at UTC. */
static bool same_at_utc(const struct type *was, const struct type *is)
{
    static const char *const stamps[] = {"timestamp without time zone", "timestamp with time zone",
                                         NULL};
    return is_one_of(was->base, stamps) && is_one_of(is->base, stamps) &&
           !str_eq(was->base, is->base) && is_wider(was, is);
}

/* The type in ALTER COLUMN c TYPE t COLLATE x USING y. */
static struct str wanted_type(struct str rest)
{
    size_t end = rest.n;
    const char *const words[] = {" COLLATE ", " USING "};
    for (size_t i = 0; i < 2; i++) {
        size_t at = str_find(rest, str_c(words[i]));
        end = at < end ? at : end;
    }
    return str_trim(str_sub(rest, 0, end));
}

/* An index whose terms name the column. */
static bool is_indexed(struct ddl *d, struct str column)
{
    struct view_iter it = view_iter(d->before, path_parent(column));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str kind = path_kind(o->path), key, raw;
        struct jc_iter deps = jc_iter(o->deps);
        if (!str_eq(kind, STR("index")) && !str_eq(kind, STR("unique")) &&
            !str_eq(kind, STR("primary_key")) && !str_eq(kind, STR("exclude")))
            continue;
        while (jc_next(&deps, &key, &raw))
            if (str_eq(jc_text(d->mem, raw), column))
                return true;
    }
    return false;
}

void pg_judge_type(struct pg_found *f)
{
    struct ddl *d = f->d;
    struct str path = path_join(d->mem, f->table, STR("column"), f->name);
    const struct obj *o = view_get(d->before, path);
    struct str old = obj_text(d->mem, o, "type"), new = wanted_type(f->rest);
    const struct obj *was_domain = domain_of(d, old), *is_domain = domain_of(d, new);
    bool anew = str_eq(old, new) && !str_eq(obj_text(d->mem, view_get(d->after, path), "collation"),
                                            obj_text(d->mem, o, "collation"));
    if (str_eq(old, new) && anew) {
        if (is_indexed(d, path))
            f->flags |= FX_INDEX | FX_SCAN;
        return;
    }
    if (is_domain && !str_eq(old, new)) {
        if (has_rules(d, is_domain))
            is_domain = NULL;
        else
            new = obj_text(d->mem, is_domain, "type");
    }
    if (was_domain && !str_eq(old, new))
        old = obj_text(d->mem, was_domain, "type");
    struct type was = read_type(d->mem, old), is = read_type(d->mem, new);
    bool same_name = str_eq(obj_text(d->mem, o, "type"), wanted_type(f->rest));
    if (o && !same_name && same_bytes(&was, &is))
        return;
    f->flags |= FX_REWRITE;
    f->safer = "add a column, fill it in parts, then swap the names";
    if (same_at_utc(&was, &is)) {
        f->note = "not in a session whose TimeZone is UTC";
        f->safer = "SET TimeZone = 'UTC', where the old values mean that";
    }
}

/* Functions of the server whose every call gives something else. All others are at least stable. */
static const char *const volatile_functions[] = {"random",
                                                 "random_normal",
                                                 "gen_random_uuid",
                                                 "uuidv4",
                                                 "uuidv7",
                                                 "clock_timestamp",
                                                 "timeofday",
                                                 "nextval",
                                                 "setval",
                                                 "currval",
                                                 "lastval",
                                                 "pg_sleep",
                                                 "setseed",
                                                 "txid_current",
                                                 "pg_current_xact_id",
                                                 "pg_backend_pid",
                                                 NULL};

enum volatility { STEADY, IN_DOUBT, VOLATILE };

/* A function of the user's is volatile where nothing else is said; but the server may write the
 * body of one in SQL in its place. */
static enum volatility user_function(struct ddl *d, struct str schema, struct str name)
{
    static const char *const steady[] = {" IMMUTABLE", " STABLE"};
    struct str top = path_join(d->mem, STR(""), STR("schema"), schema);
    struct str head = path_join(d->mem, top, STR("function"), pg_text(d->mem, "%S(", name));
    enum volatility worst = STEADY;
    bool any = false;
    struct view_iter it = view_iter(d->after, top);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str def = obj_text(d->mem, o, "def");
        size_t body = str_find(def, STR("\nAS "));
        bool said = false;
        if (!str_starts(o->path, head))
            continue;
        any = true;
        def = str_sub(def, 0, body);
        for (size_t i = 0; i < 2; i++)
            said = said || str_find(def, str_c(steady[i])) < def.n;
        enum volatility one = said                                         ? STEADY
                              : str_find(def, STR("LANGUAGE sql")) < def.n ? IN_DOUBT
                                                                           : VOLATILE;
        worst = one > worst ? one : worst;
    }
    return any ? worst : IN_DOUBT;
}

static enum volatility volatility(struct ddl *d, struct str expression)
{
    struct lexer l = lex_open(expression);
    struct tok before = {0}, dot = {0}, t = lex_next(&l);
    enum volatility worst = STEADY;
    for (; t.type != T_END; before = dot, dot = t, t = lex_next(&l)) {
        if (!tok_is_name(t) || t.type == T_STRING || !tok_is_op(lex_peek(&l), "("))
            continue;
        struct str name = tok_name(d->mem, t);
        enum volatility one = STEADY;
        if (tok_is_op(dot, "."))
            one = user_function(d, tok_name(d->mem, before), name);
        else if (is_one_of(name, volatile_functions))
            one = VOLATILE;
        worst = one > worst ? one : worst;
    }
    return worst;
}

/* A constant is kept beside the table and written with the rows as they change. */
void pg_judge_add_column(struct pg_found *f)
{
    struct ddl *d = f->d;
    struct str path = path_join(d->mem, f->table, STR("column"), f->name);
    const struct obj *o = view_get(d->after, path);
    const struct obj *dflt = view_get(d->after, path_join(d->mem, path, STR("default"), STR("#")));
    const struct obj *domain = o ? domain_of(d, obj_text(d->mem, o, "type")) : NULL;
    if (!o)
        return;
    const struct obj *source = dflt ? dflt : domain;
    enum volatility hangs_on = source ? volatility(d, obj_text(d->mem, source, "default")) : STEADY;
    if (obj_raw(o, "generated").n ? !obj_true(o, "virtual") : obj_raw(o, "identity").n > 0)
        f->flags |= FX_REWRITE;
    else if (hangs_on == VOLATILE || (domain && has_rules(d, domain)))
        f->flags |= FX_REWRITE;
    else if (hangs_on == IN_DOUBT)
        f->flags |= FX_REWRITE | FX_DOUBT;
    else if (obj_true(o, "notnull") && !dflt && !obj_raw(o, "generated").n)
        f->flags |= FX_SCAN;
    if (f->flags & FX_DOUBT)
        f->note = "unless the function is one in SQL that gives the same each time";
    if (f->flags & FX_REWRITE)
        f->safer = "add the column bare, fill it in parts, then set the default and the rest";
}

bool pg_proves_notnull(const struct ddl *d, struct str table, struct str column)
{
    struct str needle = pg_text(d->mem, "(%I IS NOT NULL)", column);
    struct view_iter it = view_iter(d->before, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str def = obj_text(d->mem, o, "def");
        bool own = str_eq(path_kind(o->path), STR("check")) &&
                   str_eq(path_parent(o->path), table) && !obj_true(o, "not_valid") &&
                   !obj_true(o, "not_enforced");
        if (own && str_find(def, needle) < def.n && str_find(def, STR(" OR ")) == def.n &&
            str_find(def, STR("CASE ")) == def.n && str_find(def, STR("NOT (")) == def.n)
            return true;
    }
    return false;
}

/* A CHECK that has been validated and says the same proves it; also one that this step has added
 * and validated before. */
void pg_judge_notnull(struct pg_found *f)
{
    struct ddl *d = f->d;
    struct str check = pg_text(d->mem, " CHECK (%I IS NOT NULL)", f->name);
    bool proven = pg_proves_notnull(d, f->table, f->name);
    for (uint32_t i = 0; i + 1 < f->stmt; i++) {
        struct str sql = d->stmts.v[i].text;
        proven = proven || (str_starts(sql, STR("ALTER TABLE ")) &&
                            str_ends(sql, STR(" NOT VALID")) && str_find(sql, check) < sql.n);
    }
    if (proven)
        f->flags = 0;
    else
        f->safer =
            "--online proves it first by a CHECK that is validated while reads and writes go on";
}

static unsigned tells(struct ddl *d, const struct change *c, void (*judge)(struct pg_found *f))
{
    struct pg_found f = {.d = d,
                         .table = path_parent(c->after->path),
                         .name = path_name(d->mem, c->after->path),
                         .rest = obj_text(d->mem, c->after, "type")};
    judge(&f);
    bool rows = !obj_src(d->mem, c->after, "foreign").n;
    return rows && (f.flags & FX_REWRITE) ? 1u << HZ_REWRITE : 0;
}

unsigned pg_type_tells(struct ddl *d, const struct change *c)
{
    return tells(d, c, pg_judge_type);
}

unsigned pg_add_column_tells(struct ddl *d, const struct change *c)
{
    return tells(d, c, pg_judge_add_column);
}
