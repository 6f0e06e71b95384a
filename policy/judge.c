/* Rules on a state: every object that a rule looks at is held against it. */

#include "core/pattern.h"
#include "policy/internal.h"

struct judge {
    const struct policy_rule *rule;
    const struct catalog *cat;
    struct policy_report *r;
    struct arena *mem;
    struct name_pattern pattern;
    struct err *e;
};

void policy_add(struct policy_report *r, struct policy_finding f, struct arena *mem)
{
    VEC_PUSH(mem, *r, f);
}

void policy_idle(struct policy_report *r, const struct policy_rule *rule, struct arena *mem)
{
    if (r->nidle == r->idle_cap)
        r->idle = vec_grow(mem, r->idle, &r->idle_cap, sizeof *r->idle);
    r->idle[r->nidle++] = rule->id;
}

static bool in_list(const struct policy_list *list, struct str word)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return true;
    return false;
}

static enum role kind_role(const struct engine *eng, const struct kind_desc *kind)
{
    struct obj o = {.kind = (uint16_t)engine_kind(eng, str_c(kind->name))};
    return role_of(eng, &o);
}

/* Kinds that a type of rule is about where the rule names none. */
static bool is_usual(enum policy_type type, enum role role)
{
    switch (type) {
    case POLICY_RESERVED:
        return role == ROLE_TABLE || role == ROLE_VIEW || role == ROLE_COLUMN;
    case POLICY_COMMENT:
        return role == ROLE_TABLE;
    case POLICY_COLUMN_TYPE:
        return role == ROLE_COLUMN;
    case POLICY_NAME:
    case POLICY_NAME_LENGTH:
    case POLICY_PRIMARY_KEY:
    case POLICY_FOREIGN_KEY:
    case POLICY_FORBID:
    case POLICY_TYPE_COUNT:
        break;
    }
    return true;
}

/* A kind of key that may lie below such a table; NULL: the engine has none. */
static const struct kind_desc *key_below(const struct engine *eng, const struct kind_desc *kind)
{
    for (size_t i = 0; i < eng->nkinds; i++)
        if (kind_role(eng, eng->kinds[i]) == ROLE_PRIMARY_KEY &&
            word_in(eng->kinds[i]->parents, str_c(kind->name)))
            return eng->kinds[i];
    return NULL;
}

bool policy_fits_kind(const struct policy_rule *rule, const struct engine *eng,
                      const struct kind_desc *kind)
{
    enum role role = kind_role(eng, kind);
    if (rule->type == POLICY_FORBID)
        return false;
    if (rule->type == POLICY_RESERVED && !eng->reserved)
        return false;
    if (rule->type == POLICY_COMMENT && !kind_attr(kind, STR("comment")))
        return false;
    if (rule->type == POLICY_COLUMN_TYPE && !kind_attr(kind, STR("type")))
        return false;
    if (rule->type == POLICY_PRIMARY_KEY)
        return role == ROLE_TABLE && key_below(eng, kind);
    if (rule->type == POLICY_FOREIGN_KEY)
        return role == ROLE_FOREIGN_KEY;
    if (rule->kinds.n)
        return in_list(&rule->kinds, str_c(kind->name));
    return !(kind->facet & (F_DATA | F_ACL)) &&
           is_usual(rule->type, role); /* not named by people */
}

bool policy_looks_at(const struct policy_rule *rule, const struct engine *eng, struct str path,
                     struct arena *mem)
{
    return (!rule->only.n || pattern_covers(eng, rule->only.v, rule->only.n, path, mem)) &&
           !pattern_covers(eng, rule->except.v, rule->except.n, path, mem);
}

static void broken(struct judge *j, const struct obj *o, struct str message, struct str expected)
{
    struct strbuf human = sb_new(j->mem, 0);
    obj_human(&human, o);
    policy_add(j->r,
               (struct policy_finding){.rule = j->rule,
                                       .path = o->path,
                                       .object = sb_view(&human),
                                       .message = message,
                                       .expected = expected,
                                       .source = j->cat->label,
                                       .line = o->line},
               j->mem);
}

/* Some keys have a name that is no part of their path. False: such an object never has one. */
static bool name_of(const struct judge *j, const struct obj *o, struct relation *rel)
{
    if (!str_is_null(rel->name))
        return true;
    rel->name = obj_text(j->mem, o, "constraint");
    return !str_is_null(rel->name) || !str_eq(path_name_raw(o->path), STR("#")) ||
           kind_attr(obj_kind(j->cat->eng, o), STR("constraint"));
}

static int judge_name(struct judge *j, const struct obj *o, struct relation *rel)
{
    struct str expected, message;
    bool fits = false;
    if (!name_of(j, o, rel))
        return 0;
    bool unnamed = str_is_null(rel->name);
    if (unnamed)
        rel->name = STR("");
    if (name_pattern_fits(&j->pattern, j->cat, o, rel, j->mem, &fits, &expected, j->e))
        return -1;
    if (fits && !unnamed)
        return 0;
    message = arena_printf(j->mem, "%s fit %.*s",
                           unnamed ? "has no name, which does not" : "has a name that does not",
                           STR_ARG(j->rule->match));
    broken(j, o, message, expected);
    return 0;
}

static void judge_length(struct judge *j, const struct obj *o, struct relation *rel)
{
    if (!name_of(j, o, rel) || (int64_t)rel->name.n <= j->rule->max)
        return;
    broken(j, o, arena_printf(j->mem, "has a name of %zu bytes", rel->name.n),
           arena_printf(j->mem, "at most %lld bytes", (long long)j->rule->max));
}

static void judge_reserved(struct judge *j, const struct obj *o, struct relation *rel)
{
    if (!name_of(j, o, rel) || !rel->name.n || !j->cat->eng->reserved(j->cat->version, rel->name))
        return;
    broken(j, o,
           arena_printf(j->mem, "has a name that is a reserved word of %s", j->cat->eng->title),
           STR("a name that needs no quotes"));
}

static struct str lower(struct str s, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < s.n; i++)
        sb_char(&b, ascii_lower(s.p[i]));
    return sb_view(&b);
}

static void judge_type(struct judge *j, const struct obj *o)
{
    struct str type = obj_text(j->mem, o, "type");
    for (uint32_t i = 0; i < j->rule->types.n && type.n; i++) {
        struct str glob = j->rule->types.v[i];
        if (!glob_match(lower(glob, j->mem), lower(type, j->mem)))
            continue;
        broken(j, o, arena_printf(j->mem, "has the type %.*s", STR_ARG(type)),
               arena_printf(j->mem, "another type than %.*s", STR_ARG(glob)));
        return;
    }
}

/* The end of what lies at or below a path, from `at` on. */
static uint32_t end_of(const struct catalog *cat, uint32_t at, struct str path)
{
    while (at < cat->n && path_within(cat->v[at].path, path))
        at++;
    return at;
}

static void judge_primary_key(struct judge *j, const struct obj *table)
{
    const struct catalog *cat = j->cat;
    uint32_t at = cat_lower(cat, table->path), end = end_of(cat, at, table->path);
    for (; at < end; at++)
        if (role_of(cat->eng, &cat->v[at]) == ROLE_PRIMARY_KEY &&
            str_eq(path_parent(cat->v[at].path), table->path))
            return;
    broken(j, table, STR("has no primary key"), STR("a primary key"));
}

/* Whether the first terms of a key are the columns, in any order. */
static bool leads(const struct relation *key, const struct relation *fk)
{
    if (key->nterms < fk->nterms || key->where.n || key->special)
        return false;
    for (uint32_t i = 0; i < fk->nterms; i++) {
        uint32_t k = 0;
        while (k < fk->nterms && !str_eq(key->terms[k].column, fk->terms[i].column))
            k++;
        if (k == fk->nterms)
            return false;
    }
    return true;
}

static void judge_foreign_key(struct judge *j, const struct obj *o, const struct relation *rel)
{
    const struct catalog *cat = j->cat;
    struct str table = path_parent(o->path);
    struct strbuf columns = sb_new(j->mem, 0);
    for (uint32_t i = 0; i < rel->nterms; i++)
        sb_printf(&columns, "%s%.*s", i ? ", " : "", STR_ARG(rel->terms[i].column));
    uint32_t at = cat_lower(cat, table), end = end_of(cat, at, table);
    for (; at < end; at++) {
        const struct obj *k = &cat->v[at];
        enum role role = role_of(cat->eng, k);
        if ((role != ROLE_INDEX && role != ROLE_PRIMARY_KEY && role != ROLE_UNIQUE) ||
            !str_eq(path_parent(k->path), table))
            continue;
        struct relation key = relation_of(cat, k, j->mem);
        if (leads(&key, rel))
            return;
    }
    broken(j, o, STR("has no index that finds its rows"),
           arena_printf(j->mem, "an index that begins with (%.*s)", STR_ARG(sb_view(&columns))));
}

static int judge_object(struct judge *j, const struct obj *o)
{
    struct relation rel = relation_of(j->cat, o, j->mem);
    switch (j->rule->type) {
    case POLICY_NAME:
        return judge_name(j, o, &rel);
    case POLICY_NAME_LENGTH:
        judge_length(j, o, &rel);
        break;
    case POLICY_RESERVED:
        judge_reserved(j, o, &rel);
        break;
    case POLICY_COMMENT:
        if (!rel.comment.n)
            broken(j, o, STR("has no comment"), STR("a comment"));
        break;
    case POLICY_COLUMN_TYPE:
        judge_type(j, o);
        break;
    case POLICY_PRIMARY_KEY:
        judge_primary_key(j, o);
        break;
    case POLICY_FOREIGN_KEY:
        judge_foreign_key(j, o, &rel);
        break;
    case POLICY_FORBID:
    case POLICY_TYPE_COUNT:
        break;
    }
    return 0;
}

static int one_rule(struct judge *j, bool *seen)
{
    const struct engine *eng = j->cat->eng;
    bool *fits = NEW_ARRAY(j->mem, bool, eng->nkinds);
    bool any = false;
    for (size_t i = 0; i < eng->nkinds; i++)
        any |= fits[i] = policy_fits_kind(j->rule, eng, eng->kinds[i]);
    if (!any) {
        policy_idle(j->r, j->rule, j->mem);
        return 0;
    }
    if (j->rule->type == POLICY_COMMENT && !(j->cat->captured & F_COMMENTS))
        return err_set(j->e, E_FACET_MISSING, "%.*s holds no comments, and rule %.*s is about them",
                       STR_ARG(j->cat->label), STR_ARG(j->rule->id));
    any = !j->rule->only.n;
    for (uint32_t i = 0; i < j->cat->n; i++) {
        const struct obj *o = &j->cat->v[i];
        if (!fits[o->kind] || (o->flags & OBJ_IGNORED) ||
            !policy_looks_at(j->rule, eng, o->path, j->mem))
            continue;
        seen[i] = any = true;
        if (judge_object(j, o))
            return err_wrap(j->e, "rule %.*s", STR_ARG(j->rule->id));
    }
    if (!any)
        policy_idle(j->r, j->rule, j->mem);
    return 0;
}

int policy_state(const struct policy *p, const struct catalog *cat, struct policy_report *r,
                 struct arena *mem, struct err *e)
{
    bool *seen = NEW_ARRAY(mem, bool, cat->n);
    int rc = 0;
    for (uint32_t i = 0; i < p->n && !rc; i++) {
        struct judge j = {.rule = &p->v[i], .cat = cat, .r = r, .mem = mem, .e = e};
        j.pattern = (struct name_pattern){.text = p->v[i].match,
                                          .ignore_case = p->v[i].ignore_case,
                                          .compiled = STR_NULL,
                                          .cut = cat->eng->name_cut};
        if (p->v[i].type != POLICY_FORBID)
            rc = one_rule(&j, seen);
        name_pattern_close(&j.pattern);
    }
    for (uint32_t i = 0; i < cat->n; i++)
        r->judged += seen[i];
    r->unjudged = cat->ledger;
    r->nunjudged = cat->nledger;
    return rc;
}
