/* What rules there are, what they take, and whether one of a user makes sense. */

#include "core/pattern.h"
#include "core/suggest.h"
#include "policy/internal.h"

static const struct {
    const char *name, *doc, *keys;
} types[POLICY_TYPE_COUNT] = {
    [POLICY_NAME] = {"name", "names fit a pattern", "kind,match,ignore_case"},
    [POLICY_NAME_LENGTH] = {"name-length", "names are no longer than so many bytes", "kind,max"},
    [POLICY_RESERVED] = {"reserved-word", "names are no reserved words of the engine", "kind"},
    [POLICY_COMMENT] = {"comment", "there is a comment", "kind"},
    [POLICY_COLUMN_TYPE] = {"column-type", "columns are of none of these types", "kind,types"},
    [POLICY_PRIMARY_KEY] = {"primary-key", "tables have a primary key", ""},
    [POLICY_FOREIGN_KEY] = {"foreign-key-index", "an index finds the rows of a foreign key", ""},
    [POLICY_FORBID] = {"forbid", "no step of a change is one of these", "steps,in"},
};
static const char own_words[] = "destructive,breaking,irreversible";

const char *policy_type_name(enum policy_type t)
{
    return types[t].name;
}

const char *policy_type_doc(enum policy_type t)
{
    return types[t].doc;
}

const char *policy_type_keys(enum policy_type t)
{
    return types[t].keys;
}

void policy_type_names(struct strbuf *out)
{
    for (int i = 0; i < POLICY_TYPE_COUNT; i++)
        sb_printf(out, "%s%s", i ? "," : "", types[i].name);
}

bool policy_type_find(struct str name, enum policy_type *out)
{
    for (int i = 0; i < POLICY_TYPE_COUNT; i++) {
        if (!str_eq_c(name, types[i].name))
            continue;
        *out = (enum policy_type)i;
        return true;
    }
    return false;
}

void policy_step_words(struct strbuf *out)
{
    sb_c(out, own_words);
    for (unsigned i = 1; i < HAZARD_COUNT; i++)
        sb_printf(out, ",%s", hazard_name((enum hazard_code)i));
}

static bool any_kind(const struct engine *const *engines, struct str tag)
{
    for (; *engines; engines++)
        if (engine_kind(*engines, tag) >= 0)
            return true;
    return false;
}

static int unknown_kind(const struct engine *const *engines, struct str tag, struct arena *mem,
                        struct err *e)
{
    struct strbuf known = sb_new(mem, 0);
    for (; *engines; engines++)
        for (size_t i = 0; i < (*engines)->nkinds; i++)
            sb_printf(&known, "%s%s", known.n ? "," : "", (*engines)->kinds[i]->name);
    struct str near = suggest_word(tag, sb_view(&known).p);
    err_set(e, E_BAD_VALUE, "no engine has objects of the kind %.*s", STR_ARG(tag));
    return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                  : err_hint(e, "snap features ENGINE lists the kinds");
}

static int check_kinds(const struct policy_rule *rule, const struct engine *const *engines,
                       struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < rule->kinds.n; i++)
        if (!any_kind(engines, rule->kinds.v[i]))
            return unknown_kind(engines, rule->kinds.v[i], mem, e);
    return 0;
}

static int check_patterns(const struct policy_list *list, const struct engine *const *engines,
                          struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < list->n; i++) {
        struct str tag = pattern_kind(list->v[i]);
        if (tag.n == list->v[i].n) {
            err_set(e, E_BAD_VALUE, "%.*s: want KIND:GLOB", STR_ARG(list->v[i]));
            return err_hint(e,
                            "table:legacy_* names the tables that begin so, and what is in them");
        }
        if (!any_kind(engines, tag))
            return unknown_kind(engines, tag, mem, e);
    }
    return 0;
}

static int check_steps(const struct policy_rule *rule, struct arena *mem, struct err *e)
{
    struct strbuf known = sb_new(mem, 0);
    policy_step_words(&known);
    for (uint32_t i = 0; i < rule->steps.n; i++) {
        struct str word = rule->steps.v[i];
        if (word_in(sb_view(&known).p, word))
            continue;
        struct str near = suggest_word(word, sb_view(&known).p);
        err_set(e, E_BAD_VALUE, "%.*s is nothing that a step can be", STR_ARG(word));
        return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                      : err_hint(e, "%s, or a hazard: snap help hazards", own_words);
    }
    return 0;
}

static int wanted(const char *key, const char *what, struct err *e)
{
    return err_set(e, E_BAD_VALUE, "%s is wanted: %s", key, what);
}

static int check_own(const struct policy_rule *rule, struct arena *mem, struct err *e)
{
    switch (rule->type) {
    case POLICY_NAME:
        if (!rule->match.n)
            return wanted("match", "the pattern that names fit", e);
        if (!rule->kinds.n)
            return wanted("kind", "whose names it is about", e);
        return name_pattern_check(rule->match, mem, e);
    case POLICY_NAME_LENGTH:
        return rule->max > 0 ? 0 : wanted("max", "a number of bytes", e);
    case POLICY_COLUMN_TYPE:
        return rule->types.n ? 0 : wanted("types", "the types that are forbidden", e);
    case POLICY_FORBID:
        return rule->steps.n ? check_steps(rule, mem, e) : wanted("steps", "what is forbidden", e);
    case POLICY_RESERVED:
    case POLICY_COMMENT:
    case POLICY_PRIMARY_KEY:
    case POLICY_FOREIGN_KEY:
    case POLICY_TYPE_COUNT:
        break;
    }
    return 0;
}

int policy_check(const struct policy *p, const struct policy_rule *rule,
                 const struct engine *const *engines, struct arena *mem, struct err *e)
{
    if (!rule->id.n || rule->id.n > 100 || !str_is_utf8(rule->id))
        return err_set(e, E_BAD_VALUE, "a rule has an id of 1 to 100 bytes");
    for (uint32_t i = 0; i < p->n; i++)
        if (&p->v[i] != rule && str_eq(p->v[i].id, rule->id))
            return err_set(e, E_BAD_VALUE, "the rule of line %u has that id too", p->v[i].line);
    return check_kinds(rule, engines, mem, e) || check_patterns(&rule->only, engines, mem, e) ||
                   check_patterns(&rule->except, engines, mem, e) || check_own(rule, mem, e)
               ? -1
               : 0;
}
