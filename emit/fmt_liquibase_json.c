/*
 * A plan as a Liquibase changelog in JSON, in ASCII alone. Liquibase reads it as YAML, with the
 * same two passes over ${. JSON has no comments: hazards stand in the comment of their changeSet,
 * and what was proven is a member of the root that Liquibase does not look at (4.28, 5.0.4).
 */

#include "core/escape.h"
#include "emit/changeset.h"

struct writer {
    struct arena *mem;
    struct strbuf *out;
    bool dollar;
};

static void put_scalar(struct writer *w, const struct val *v)
{
    if (v->type == VAL_WORD)
        sb_str(w->out, v->text);
    else if (v->type == VAL_TEXT)
        esc_json_yaml(w->out, safe_dollar(w->mem, v->text, TWO_PASSES, &w->dollar));
    else
        sb_c(w->out, v->type == VAL_MAP ? "{}" : "[]");
}

static void new_line(struct writer *w, unsigned depth)
{
    sb_char(w->out, '\n');
    sb_pad(w->out, ' ', 2 * (size_t)depth);
}

static void put_tree(struct writer *w, const struct val *root)
{
    struct val_iter it = {.root = root};
    while (val_next(&it)) {
        const struct val *v = it.v;
        bool map = v->type == VAL_MAP;
        if (it.leaving) {
            new_line(w, it.depth);
            sb_char(w->out, map ? '}' : ']');
        } else {
            if (it.depth)
                new_line(w, it.depth);
            if (!str_is_null(v->key)) {
                esc_json_yaml(w->out, v->key);
                sb_c(w->out, ": ");
            }
            if (v->first)
                sb_char(w->out, map ? '{' : '[');
            else
                put_scalar(w, v);
        }
        if ((it.leaving || !v->first) && v->next)
            sb_char(w->out, ',');
    }
    sb_char(w->out, '\n');
}

static void put_text(struct writer *w, struct val *up, const char *key, struct str text)
{
    if (text.n)
        val_text(w->mem, up, key, text);
}

static void put_list(struct writer *w, struct val *up, const char *key, const struct val *list)
{
    struct val *v = val_new(w->mem, up, key, VAL_LIST);
    v->first = list->first;
    for (struct val *m = v->first; m; m = m->next)
        m->up = v;
}

static void put_set(struct writer *w, struct val *list, const struct change_set *s)
{
    struct val *item = val_new(w->mem, list, NULL, VAL_MAP);
    struct val *set = val_new(w->mem, item, "changeSet", VAL_MAP);
    val_text(w->mem, set, "id", s->id);
    val_text(w->mem, set, "author", s->author);
    put_text(w, set, "comment", change_set_words(s, w->mem));
    put_text(w, set, "contextFilter", s->contexts);
    put_text(w, set, "created", s->created);
    put_text(w, set, "dbms", s->dbms);
    put_text(w, set, "labels", s->labels);
    if (s->no_tx)
        val_word(w->mem, set, "runInTransaction", "false");
    put_list(w, set, "changes", s->changes);
    if (s->empty_rollback)
        val_text(w->mem, set, "rollback", STR("empty"));
    else if (s->rollback)
        put_list(w, set, "rollback", s->rollback);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct writer w = {.mem = in->mem, .out = out};
    struct val *root = val_new(in->mem, NULL, NULL, VAL_MAP);
    put_text(&w, root, "snap", in->proof);
    struct val *list = val_new(in->mem, root, "databaseChangeLog", VAL_LIST);
    struct change_sets sets;
    size_t start = out->n;
    (void)second;
    if (change_sets(in, "", &sets, e))
        return -1;
    for (uint32_t i = 0; i < sets.n; i++)
        put_set(&w, list, &sets.v[i]);
    put_tree(&w, root);
    if (!w.dollar)
        return 0;
    /* in one item with the first changeSet, as in YAML */
    struct val *property = val_new(in->mem, list->first, "property", VAL_MAP);
    val_text(in->mem, property, "name", STR(DOLLAR_NAME));
    val_word(in->mem, property, "value", "\"" DOLLAR_VALUE "\"");
    val_word(in->mem, property, "global", "false");
    sb_cut(out, start);
    put_tree(&w, root);
    return 0;
}

const struct emitter emitter_liquibase_json = {
    .name = "liquibase-json",
    .ext = ".json",
    .doc = "the same in JSON",
    .use = EMIT_CHANGELOG,
    .run = run,
};
