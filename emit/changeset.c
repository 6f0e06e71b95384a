/*
 * From the steps of a plan to changeSets: their ids, words, changes and rollbacks. What Liquibase
 * does with texts is measured; the rules are in ARCHITECTURE.md.
 */

#include "emit/changeset.h"

#include "core/escape.h"
#include "emit/command.h"
#include "emit/report.h"

enum { MAX_ID = 255, MAX_COMMENT = 250 };

struct maker {
    const struct emit_in *in;
    const struct plan *plan;
    struct arena *mem;
    struct str untyped;
    struct err *e;
};

struct str safe_dollar(struct arena *mem, struct str text, enum passes passes, bool *used)
{
    const char *form =
        passes == ONE_PASS ? "${" DOLLAR_NAME "}" : "${${snap.d}}${${snap.d}}snap.d}}";
    struct str rest = text;
    size_t at = str_find(rest, STR("${"));
    if (at == rest.n)
        return text;
    struct strbuf b = sb_new(mem, 0);
    *used = true;
    for (; at < rest.n; at = str_find(rest, STR("${"))) {
        sb_str(&b, str_sub(rest, 0, at));
        sb_c(&b, form);
        rest = str_from(rest, at + 2);
    }
    sb_str(&b, rest);
    return sb_view(&b);
}

struct str change_set_words(const struct change_set *set, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_str(&b, set->comment);
    for (uint32_t i = 0; i < set->nnotes; i++) {
        sb_c(&b, i ? "; " : " (");
        sb_str(&b, set->notes[i]);
    }
    if (set->nnotes)
        sb_char(&b, ')');
    return sb_view(&b);
}

/* A statement as Liquibase keeps it. */
static int spell(struct maker *w, const struct stmt *s, const struct step *step, struct str *out)
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

static void put_sql(struct maker *w, struct val *list, struct str text)
{
    struct val *sql = val_new(w->mem, val_new(w->mem, list, NULL, VAL_MAP), "sql", VAL_MAP);
    val_text(w->mem, sql, "sql", text)->lines = true;
    val_word(w->mem, sql, "splitStatements", "false");
    val_word(w->mem, sql, "stripComments", "false");
}

static void put_typed(struct maker *w, struct val *list, const struct typed *t)
{
    struct val *change = val_new(w->mem, val_new(w->mem, list, NULL, VAL_MAP), t->name, VAL_MAP);
    struct val *columns = t->ncolumns ? val_new(w->mem, change, "columns", VAL_LIST) : NULL;
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        struct val *item = val_new(w->mem, columns, NULL, VAL_MAP);
        struct val *column = val_new(w->mem, item, "column", VAL_MAP);
        if (t->columns[i].descending)
            val_word(w->mem, column, "descending", "true");
        val_text(w->mem, column, "name", t->columns[i].name);
    }
    for (uint32_t i = 0; i < t->nkeys; i++) {
        const struct typed_key *k = &t->key[i];
        if (k->is_bool)
            val_word(w->mem, change, k->key, arena_cstr(w->mem, k->value));
        else
            val_text(w->mem, change, k->key, k->value)->lines =
                str_chr(k->value, '\n') < k->value.n;
    }
}

/* A change type has to carry every byte: what is lost in SQL is lost in it as well. */
static bool use_typed(const struct maker *w, const struct stmt *s, struct str spelled)
{
    if (!s->typed || w->in->sql_only || !str_eq(spelled, s->text) ||
        str_has_word(w->untyped, str_c(s->typed->name)))
        return false;
    for (uint32_t i = 0; i < s->typed->nkeys; i++)
        if (str_chr(s->typed->key[i].value, '\r') < s->typed->key[i].value.n)
            return false;
    return true;
}

static int put_change(struct maker *w, struct val *list, const struct stmt *s,
                      const struct step *step)
{
    struct str text;
    if (s->lang == LANG_COMMAND) {
        command_change(w->mem, list, s, !w->in->sql_only);
        return 0;
    }
    if (s->lang == LANG_CHANGE)
        return val_of_json(w->mem, list, s->text)
                   ? 0
                   : err_set(w->e, E_UNSUPPORTED_CHANGE, "%.*s: %.*s is no change of Liquibase",
                             STR_ARG(step->title), STR_ARG(s->text));
    if (spell(w, s, step, &text))
        return -1;
    if (use_typed(w, s, text))
        put_typed(w, list, s->typed);
    else
        put_sql(w, list, text);
    return 0;
}

static int make_list(struct maker *w, const struct step *step, bool back, struct val **out)
{
    uint32_t n;
    bool own_tx;
    struct stmt *list = step_script(w->plan, step, back, w->mem, &n, &own_tx);
    *out = val_new(w->mem, NULL, NULL, VAL_LIST);
    for (uint32_t i = 0; i < n; i++)
        if (put_change(w, *out, &list[i], step))
            return -1;
    if (!n && w->plan->eng->lang == LANG_COMMAND)
        command_nothing(w->mem, *out);
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

/* *described: where the description begins. */
static struct str step_id_text(struct maker *w, const struct step *s, size_t *described)
{
    struct strbuf id = sb_new(w->mem, 0), text = sb_new(w->mem, 0);
    if (w->in->ids)
        sb_str(&id, w->in->ids[s - w->plan->v]);
    else
        hash_hex(&id, s->id, 16);
    if (s->repeat && !w->in->ids)
        sb_printf(&id, ".%u", s->repeat);
    *described = id.n;
    if (w->in->id_description && id.n + 8 < MAX_ID) {
        put_description(&text, s);
        struct str shown = cut(sb_view(&text), MAX_ID - id.n - 3);
        sb_printf(&id, " (%.*s)", STR_ARG(shown));
    }
    return sb_view(&id);
}

static void put_hazard(struct strbuf *b, const char *whose, const struct hazard *h)
{
    sb_cut(b, 0);
    sb_printf(b, "%s%s: ", whose, hazard_name(h->code));
    esc_terminal(b, cut(h->object, 200));
    sb_c(b, ": ");
    esc_terminal(b, cut(h->detail, 400));
}

static void add_note(struct maker *w, struct change_set *set, struct str text)
{
    set->notes[set->nnotes++] = arena_str(w->mem, text);
}

static void make_notes(struct maker *w, const struct step *s, struct change_set *set)
{
    struct strbuf b = sb_new(w->mem, 0);
    set->notes = NEW_ARRAY(w->mem, struct str, s->nhz + s->nback_hz + 1);
    for (uint32_t i = 0; i < s->nhz; i++) {
        put_hazard(&b, "", &s->hz[i]);
        add_note(w, set, sb_view(&b));
    }
    for (uint32_t i = 0; i < s->nback_hz && s->rev != REV_NONE; i++)
        if (step_back_loses(s, &s->back_hz[i])) {
            put_hazard(&b, "rollback: ", &s->back_hz[i]);
            add_note(w, set, sb_view(&b));
        }
    if (s->rev == REV_SCHEMA)
        add_note(w, set,
                 w->plan->eng->lang == LANG_COMMAND
                     ? STR("the rollback restores the schema and not the data")
                     : STR("the rollback restores the schema and not the rows or values"));
    if (s->rev == REV_CLOSE)
        add_note(w, set, STR("the rollback is not exact"));
    if (s->rev == REV_NONE)
        add_note(w, set, STR("there is no rollback"));
}

/* Liquibase's word for the product that the plan is for. */
static struct str dbms_of(const struct maker *w)
{
    const struct engine *eng = w->plan->eng;
    if (!eng->dbms_of)
        return str_c(eng->dbms);
    const struct catalog *cat = w->plan->to->n ? w->plan->to : w->plan->states[0];
    return eng->dbms_of(w->mem, cat->version);
}

/* Of every changeSet, so that a run with a filter, or on another engine, takes all of them or none;
 * but the phases of an online plan are labels of their own. */
static void put_filters(struct maker *w, enum phase phase, struct change_set *set)
{
    const struct emit_in *in = w->in;
    set->author = in->author;
    set->contexts = in->contexts;
    set->created = in->created;
    set->dbms = dbms_of(w);
    if (in->labels.n || phase)
        set->labels = arena_printf(w->mem, "%.*s%s%s", STR_ARG(in->labels),
                                   in->labels.n && phase ? "," : "", phase_name(phase));
}

static int make_set(struct maker *w, const struct step *s, struct change_set *set)
{
    struct strbuf title = sb_new(w->mem, 0);
    enum lang lang = w->plan->eng->lang;
    esc_terminal(&title, s->title);
    set->id = step_id_text(w, s, &set->described);
    set->comment = w->in->comment.n ? w->in->comment : cut(sb_view(&title), MAX_COMMENT);
    put_filters(w, s->phase, set);
    make_notes(w, s, set);
    set->no_tx = lang == LANG_SQL && step_own_tx(s);
    if (make_list(w, s, false, &set->changes))
        return -1;
    if (s->nback && !(s->rev == REV_NONE && w->in->allow_lossy))
        return make_list(w, s, true, &set->rollback);
    /* "empty" is read as a statement of SQL. The open extension for commands passes that over; of
     * a change that does nothing it has to pass over nothing. */
    set->empty_rollback = lang != LANG_COMMAND;
    set->rollback = val_new(w->mem, NULL, NULL, VAL_LIST);
    if (!set->empty_rollback)
        command_nothing(w->mem, set->rollback);
    return 0;
}

static void make_tag(struct maker *w, struct change_set *set)
{
    put_filters(w, PHASE_NONE, set);
    set->id = arena_printf(w->mem, "tag-%.*s", STR_ARG(w->in->tag));
    set->described = set->id.n;
    set->changes = val_new(w->mem, NULL, NULL, VAL_LIST);
    struct val *item = val_new(w->mem, set->changes, NULL, VAL_MAP);
    val_text(w->mem, val_new(w->mem, item, "tagDatabase", VAL_MAP), "tag", w->in->tag);
}

int change_sets(const struct emit_in *in, const char *untyped, struct change_sets *out,
                struct err *e)
{
    struct maker w = {in, in->plan, in->mem, str_c(untyped), e};
    *out = (struct change_sets){0};
    for (uint32_t i = 0; i < in->plan->n; i++) {
        struct change_set set = {0};
        if (make_set(&w, &in->plan->v[i], &set))
            return -1;
        VEC_PUSH(in->mem, *out, set);
    }
    if (in->tag.n) {
        struct change_set set = {0};
        make_tag(&w, &set);
        VEC_PUSH(in->mem, *out, set);
    }
    return 0;
}
