/* Values of changes as trees; see changeset.h. */

#include "core/json.h"
#include "emit/changeset.h"

struct val *val_new(struct arena *mem, struct val *up, const char *key, enum val_type type)
{
    struct val *v = NEW(mem, struct val);
    v->type = type;
    v->key = str_c(key);
    v->up = up;
    if (up && up->last)
        up->last->next = v;
    else if (up)
        up->first = v;
    if (up)
        up->last = v;
    return v;
}

struct val *val_text(struct arena *mem, struct val *up, const char *key, struct str text)
{
    struct val *v = val_new(mem, up, key, VAL_TEXT);
    v->text = text;
    return v;
}

struct val *val_word(struct arena *mem, struct val *up, const char *key, const char *word)
{
    struct val *v = val_new(mem, up, key, VAL_WORD);
    v->text = str_c(word);
    return v;
}

const struct val *val_walk(const struct val *root, const struct val *v, unsigned *depth)
{
    if (v->first) {
        ++*depth;
        return v->first;
    }
    while (v != root && !v->next) {
        v = v->up;
        --*depth;
    }
    return v == root ? NULL : v->next;
}

bool val_next(struct val_iter *it)
{
    if (!it->v || (!it->leaving && it->v->first)) {
        it->depth += it->v != NULL;
        it->v = it->v ? it->v->first : it->root;
        return true;
    }
    if (it->v == it->root)
        return false;
    it->leaving = !it->v->next;
    it->depth -= it->leaving;
    it->v = it->v->next ? it->v->next : it->v->up;
    return true;
}

/* Text, word or the empty map or list of a value; NULL: none of these. */
static struct val *one_value(struct arena *mem, struct val *up, struct str key, struct str json)
{
    const char *name = str_is_null(key) ? NULL : arena_cstr(mem, key);
    char c = json.n ? json.p[0] : 0;
    if (c == '{' || c == '[')
        return val_new(mem, up, name, c == '{' ? VAL_MAP : VAL_LIST);
    if (c == '"')
        return val_text(mem, up, name, jc_text(mem, json));
    return c == 'n' || !c ? NULL : val_word(mem, up, name, arena_cstr(mem, json));
}

bool val_of_json(struct arena *mem, struct val *up, struct str json)
{
    struct jc_iter open[JC_MAX_DEPTH + 1];
    struct val *at[JC_MAX_DEPTH + 1];
    unsigned depth = 0;
    struct str key, value;
    at[0] = one_value(mem, up, STR_NULL, json);
    if (!at[0] || at[0]->type != VAL_MAP)
        return false;
    open[0] = jc_iter(json);
    for (;;) {
        if (!jc_next(&open[depth], &key, &value)) {
            if (!depth--)
                return true;
            continue;
        }
        bool in_list = at[depth]->type == VAL_LIST;
        struct val *v = one_value(mem, at[depth], in_list ? STR_NULL : key, value);
        if (!v || (in_list && v->type == VAL_LIST))
            return false;
        if (v->type != VAL_MAP && v->type != VAL_LIST)
            continue;
        if (depth == JC_MAX_DEPTH)
            return false;
        at[++depth] = v;
        open[depth] = jc_iter(value);
    }
}
