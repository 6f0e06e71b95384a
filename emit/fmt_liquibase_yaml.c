/*
 * A plan as a Liquibase changelog in YAML: one step a changeSet, each with its rollback, in forms
 * that Liquibase 4.28 and 5 and mikefarah's yq keep byte for byte. What they do with text is
 * measured; the rules are in ARCHITECTURE.md.
 */

#include "core/escape.h"
#include "emit/command.h"
#include "emit/report.h"
#include "emit/yaml.h"

enum { MAX_ID = 255, MAX_COMMENT = 250 };

struct writer {
    const struct emit_in *in;
    const struct plan *plan;
    struct arena *mem;
    struct strbuf *out;
    struct err *e;
    bool dollar; /* some text holds ${ */
};

/* Liquibase replaces ${name} in every value, also by environment variables. This form becomes ${
 * again in its two passes, whatever stands behind it. */
static struct str safe_dollar(struct writer *w, struct str text)
{
    static const char form[] = "${${snap.d}}${${snap.d}}snap.d}}";
    struct str rest = text;
    struct strbuf b = sb_new(w->mem, 0);
    size_t at = str_find(rest, STR("${"));
    if (at == rest.n)
        return text;
    w->dollar = true;
    for (; at < rest.n; at = str_find(rest, STR("${"))) {
        sb_str(&b, str_sub(rest, 0, at));
        sb_c(&b, form);
        rest = str_from(rest, at + 2);
    }
    sb_str(&b, rest);
    return sb_view(&b);
}

static void put_key(struct writer *w, size_t indent, const char *key)
{
    sb_pad(w->out, ' ', indent);
    sb_c(w->out, key);
    sb_c(w->out, ": ");
}

static void put_quoted(struct writer *w, size_t indent, const char *key, struct str value)
{
    put_key(w, indent, key);
    yaml_quoted(w->out, safe_dollar(w, value));
    sb_char(w->out, '\n');
}

/* A statement as Liquibase keeps it. */
static int spell(struct writer *w, const struct stmt *s, const struct step *step, struct str *out)
{
    struct strbuf spelled = sb_new(w->mem, 0);
    *out = s->text;
    if (!w->plan->eng->spell)
        return 0;
    if (!w->plan->eng->spell(s->text, &spelled)) {
        err_set(w->e, E_UNSUPPORTED_CHANGE,
                "%.*s: a text in it holds a carriage return or another character that Liquibase "
                "would change",
                STR_ARG(step->title));
        return err_hint(w->e, "--format sql keeps it");
    }
    *out = sb_view(&spelled);
    return 0;
}

static void put_sql(struct writer *w, struct str text)
{
    sb_c(w->out, "    - sql:\n        sql: ");
    yaml_text(w->out, safe_dollar(w, text), 8);
    sb_c(w->out, "\n        splitStatements: false\n        stripComments: false\n");
}

static void put_typed(struct writer *w, const struct typed *t)
{
    sb_printf(w->out, "    - %s:\n", t->name);
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        if (!i)
            sb_c(w->out, "        columns:\n");
        sb_c(w->out, "        - column:\n");
        if (t->columns[i].descending)
            sb_c(w->out, "            descending: true\n");
        put_quoted(w, 12, "name", t->columns[i].name);
    }
    for (uint32_t i = 0; i < t->nkeys; i++) {
        put_key(w, 8, t->key[i].key);
        if (t->key[i].is_bool)
            sb_str(w->out, t->key[i].value);
        else if (str_chr(t->key[i].value, '\n') < t->key[i].value.n)
            yaml_text(w->out, safe_dollar(w, t->key[i].value), 8);
        else
            yaml_quoted(w->out, safe_dollar(w, t->key[i].value));
        sb_char(w->out, '\n');
    }
}

/* A change type has to carry every byte: what is lost in SQL is lost in it as well. */
static bool use_typed(const struct writer *w, const struct stmt *s, struct str spelled)
{
    if (!s->typed || w->in->sql_only || !str_eq(spelled, s->text))
        return false;
    for (uint32_t i = 0; i < s->typed->nkeys; i++)
        if (str_chr(s->typed->key[i].value, '\r') < s->typed->key[i].value.n)
            return false;
    return true;
}

static int put_list(struct writer *w, const struct step *step, bool back)
{
    uint32_t n;
    bool own_tx;
    struct stmt *list = step_script(w->plan, step, back, w->mem, &n, &own_tx);
    if (w->plan->eng->lang == LANG_COMMAND) {
        for (uint32_t i = 0; i < n; i++)
            command_change(w->out, &list[i], !w->in->sql_only);
        if (!n)
            command_nothing(w->out);
        return 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct str text;
        if (spell(w, &list[i], step, &text))
            return -1;
        if (use_typed(w, &list[i], text))
            put_typed(w, list[i].typed);
        else
            put_sql(w, text);
    }
    return 0;
}

/* The words that readers of real Liquibase output know: "createTable tableName=t". */
static void put_description(struct strbuf *b, const struct step *s)
{
    static const struct {
        const char *kind, *noun;
    } nouns[] = {{"table", "Table"},
                 {"collection", "Collection"},
                 {"column", "Column"},
                 {"index", "Index"},
                 {"view", "View"}};
    const struct member *m = &s->members[0];
    struct str kind = path_kind(s->subject), above = path_parent(s->subject);
    const char *noun = NULL;
    for (uint32_t i = 0; i < s->nmembers; i++)
        if (str_eq((s->members[i].before ? s->members[i].before : s->members[i].after)->path,
                   s->subject))
            m = &s->members[i];
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (str_eq_c(kind, nouns[i].kind))
            noun = nouns[i].noun;
    if (!noun) {
        esc_terminal(b, s->title);
        return;
    }
    bool column = str_eq(kind, STR("column"));
    const char *verb = !m->before ? column ? "add" : "create" : !m->after ? "drop" : "alter";
    if (m->before && m->after && !str_eq(m->before->path, m->after->path))
        verb = "rename";
    sb_printf(b, "%s%s %.*sName=", verb, noun, STR_ARG(kind));
    esc_terminal(b, path_name(b->mem, s->subject));
    if (above.n) {
        sb_printf(b, ", %.*sName=", STR_ARG(path_kind(above)));
        esc_terminal(b, path_name(b->mem, above));
    }
}

/* Whole characters up to a number of bytes. */
static struct str cut(struct str s, size_t max)
{
    size_t n = s.n < max ? s.n : max;
    while (n < s.n && n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_sub(s, 0, n);
}

static struct str step_id_text(struct writer *w, const struct step *s)
{
    struct strbuf id = sb_new(w->mem, 0), text = sb_new(w->mem, 0);
    hash_hex(&id, s->id, 16);
    if (s->repeat)
        sb_printf(&id, ".%u", s->repeat);
    if (w->in->id_description) {
        put_description(&text, s);
        struct str shown = cut(sb_view(&text), MAX_ID - id.n - 3);
        sb_printf(&id, " (%.*s)", STR_ARG(shown));
    }
    return sb_view(&id);
}

static void put_hazard(struct writer *w, const char *whose, const struct hazard *h)
{
    sb_printf(w->out, "# %s%s: ", whose, hazard_name(h->code));
    esc_terminal(w->out, cut(h->object, 200));
    sb_c(w->out, ": ");
    esc_terminal(w->out, cut(h->detail, 400));
    sb_char(w->out, '\n');
}

static void put_hazards(struct writer *w, const struct step *s)
{
    for (uint32_t i = 0; i < s->nhz; i++)
        put_hazard(w, "", &s->hz[i]);
    for (uint32_t i = 0; i < s->nback_hz && s->rev != REV_NONE; i++)
        if (step_back_loses(s, &s->back_hz[i]))
            put_hazard(w, "rollback: ", &s->back_hz[i]);
    if (s->rev == REV_SCHEMA)
        sb_c(w->out, w->plan->eng->lang == LANG_SQL
                         ? "# the rollback restores the schema and not the rows or values\n"
                         : "# the rollback restores the schema and not the data\n");
    if (s->rev == REV_CLOSE)
        sb_c(w->out, "# the rollback is not exact\n");
    if (s->rev == REV_NONE)
        sb_c(w->out, "# there is no rollback\n");
}

/* Of every changeSet, so that a run with a filter, or on another engine, takes all of them or none;
 * but the phases of an online plan are labels of their own. */
static void put_filters(struct writer *w, enum phase phase)
{
    const struct emit_in *in = w->in;
    if (in->contexts.n)
        put_quoted(w, 4, "contextFilter", in->contexts);
    if (in->created.n)
        put_quoted(w, 4, "created", in->created);
    put_quoted(w, 4, "dbms", str_c(w->plan->eng->dbms));
    if (in->labels.n || phase)
        put_quoted(w, 4, "labels",
                   arena_printf(w->mem, "%.*s%s%s", STR_ARG(in->labels),
                                in->labels.n && phase ? "," : "", phase_name(phase)));
}

static void put_attributes(struct writer *w, const struct step *s)
{
    const struct emit_in *in = w->in;
    struct strbuf title = sb_new(w->mem, 0);
    put_quoted(w, 4, "id", step_id_text(w, s));
    put_quoted(w, 4, "author", in->author);
    esc_terminal(&title, s->title);
    put_quoted(w, 4, "comment", in->comment.n ? in->comment : cut(sb_view(&title), MAX_COMMENT));
    put_filters(w, s->phase);
    if (w->plan->eng->lang == LANG_SQL && step_own_tx(s))
        sb_c(w->out, "    runInTransaction: false\n");
}

/* `rollback: empty` is read as a statement of SQL. The open extension passes that over; of this
 * form nothing has to be passed over. */
static void put_empty_rollback(struct writer *w)
{
    bool sql = w->plan->eng->lang == LANG_SQL;
    sb_c(w->out, sql ? "    rollback: empty\n" : "    rollback:\n");
    if (!sql)
        command_nothing(w->out);
}

static int put_step(struct writer *w, const struct step *s)
{
    sb_c(w->out, "- changeSet:\n");
    put_attributes(w, s);
    sb_c(w->out, "    changes:\n");
    if (put_list(w, s, false))
        return -1;
    if (!s->nback || (s->rev == REV_NONE && w->in->allow_lossy)) {
        put_empty_rollback(w);
        return 0;
    }
    sb_c(w->out, "    rollback:\n");
    return put_list(w, s, true);
}

static void put_tag(struct writer *w)
{
    struct strbuf id = sb_new(w->mem, 0);
    sb_c(w->out, "- changeSet:\n");
    sb_printf(&id, "tag-%.*s", STR_ARG(w->in->tag));
    put_quoted(w, 4, "id", sb_view(&id));
    put_quoted(w, 4, "author", w->in->author);
    put_filters(w, PHASE_NONE);
    sb_c(w->out, "    changes:\n    - tagDatabase:\n");
    put_quoted(w, 8, "tag", w->in->tag);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    static const char property[] = "  property: {name: snap.d, value: \"${\", global: false}\n";
    struct strbuf body = sb_new(in->mem, 0);
    struct writer w = {in, in->plan, in->mem, &body, e, false};
    size_t first = 0; /* where the first item ends */
    (void)second;
    if (!in->plan->n && !in->tag.n) {
        sb_c(out, "databaseChangeLog: []\n");
        return 0;
    }
    for (uint32_t i = 0; i < in->plan->n; i++) {
        put_hazards(&w, &in->plan->v[i]);
        if (put_step(&w, &in->plan->v[i]))
            return -1;
        if (i == 0)
            first = body.n;
    }
    if (in->tag.n)
        put_tag(&w);
    if (!first)
        first = body.n;
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
    .langs = 1 << LANG_SQL | 1 << LANG_COMMAND,
    .run = run,
};
