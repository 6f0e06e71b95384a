/*
 * A plan as a Liquibase changelog in YAML: one step a changeSet, each with its rollback, in forms
 * that Liquibase 4.28 and 5 and mikefarah's yq keep byte for byte.
 */

#include "core/escape.h"
#include "emit/changeset.h"
#include "emit/yaml.h"

struct writer {
    struct arena *mem;
    struct strbuf *out;
    bool dollar; /* some text holds ${ */
};

static void put_quoted(struct writer *w, const char *key, struct str value)
{
    sb_printf(w->out, "    %s: ", key);
    yaml_quoted(w->out, safe_dollar(w->mem, value, TWO_PASSES, &w->dollar));
    sb_char(w->out, '\n');
}

/* Behind its key, which stands at a column. */
static void put_value(struct writer *w, const struct val *v, size_t column)
{
    struct str text = safe_dollar(w->mem, v->text, TWO_PASSES, &w->dollar);
    if (v->type == VAL_WORD)
        sb_str(w->out, text);
    else if (v->type == VAL_TEXT && v->lines)
        yaml_text(w->out, text, column);
    else if (v->type == VAL_TEXT)
        yaml_quoted(w->out, text);
    else if (!v->first)
        sb_c(w->out, v->type == VAL_MAP ? "{}" : "[]");
}

/* Items of a list stand at the column of its key, members of a map two behind it. */
static void put_list(struct writer *w, const struct val *list, size_t indent)
{
    size_t column[32] = {indent};
    unsigned depth = 0;
    bool dash = false; /* the line holds the dash of an item already */
    for (const struct val *v = val_walk(list, list, &depth); v; v = val_walk(list, v, &depth)) {
        bool item = v->up->type == VAL_LIST;
        size_t at = column[depth - 1];
        if (!dash)
            sb_pad(w->out, ' ', at);
        if (item)
            sb_c(w->out, "- ");
        else
            sb_printf(w->out, "%.*s:", STR_ARG(v->key));
        dash = item && v->type == VAL_MAP && v->first;
        column[depth] = v->type == VAL_LIST ? at : at + 2;
        if (dash)
            continue;
        if (!item && !v->first)
            sb_char(w->out, ' ');
        put_value(w, v, at);
        sb_char(w->out, '\n');
    }
}

static void put_set(struct writer *w, const struct change_set *s)
{
    for (uint32_t i = 0; i < s->nnotes; i++)
        sb_printf(w->out, "# %.*s\n", STR_ARG(s->notes[i]));
    sb_c(w->out, "- changeSet:\n");
    put_quoted(w, "id", s->id);
    put_quoted(w, "author", s->author);
    if (s->comment.n)
        put_quoted(w, "comment", s->comment);
    if (s->contexts.n)
        put_quoted(w, "contextFilter", s->contexts);
    if (s->created.n)
        put_quoted(w, "created", s->created);
    put_quoted(w, "dbms", s->dbms);
    if (s->labels.n)
        put_quoted(w, "labels", s->labels);
    if (s->no_tx)
        sb_c(w->out, "    runInTransaction: false\n");
    sb_c(w->out, "    changes:\n");
    put_list(w, s->changes, 4);
    if (s->rollback)
        sb_c(w->out, s->empty_rollback ? "    rollback: empty\n" : "    rollback:\n");
    if (s->rollback)
        put_list(w, s->rollback, 4);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    static const char property[] =
        "  property: {name: " DOLLAR_NAME ", value: \"" DOLLAR_VALUE "\", global: false}\n";
    struct strbuf body = sb_new(in->mem, 0);
    struct writer w = {in->mem, &body, false};
    struct change_sets sets;
    size_t first = 0; /* where the first item ends */
    (void)second;
    if (change_sets(in, "", &sets, e))
        return -1;
    if (!sets.n) {
        sb_c(out, "databaseChangeLog: []\n");
        return 0;
    }
    for (uint32_t i = 0; i < sets.n; i++) {
        put_set(&w, &sets.v[i]);
        if (i == 0)
            first = body.n;
    }
    if (in->proof.n) {
        sb_c(out, "# ");
        esc_terminal(out, in->proof);
        sb_char(out, '\n');
    }
    sb_c(out, "databaseChangeLog:\n");
    /* The property stands in one item with the first changeSet: an item of its own would be given a
     * changeSet without author by tools that edit every item. Liquibase looks for properties before
     * it replaces anything, so it may stand behind, where items that begin with their changeSet are
     * counted rightly. */
    sb_str(out, str_sub(sb_view(&body), 0, first));
    if (w.dollar)
        sb_c(out, property);
    sb_str(out, str_from(sb_view(&body), first));
    return 0;
}

const struct emitter emitter_liquibase_yaml = {
    .name = "liquibase-yaml",
    .ext = ".yaml,.yml",
    .doc = "Liquibase changelog, each changeSet with its rollback",
    .use = EMIT_CHANGELOG,
    .run = run,
};
