/*
 * A plan as formatted SQL of Liquibase: a file of statements whose comments are the changeSets. It
 * is read line by line, and what a line of a text looks like counts, wherever it stands: such texts
 * are refused by name. Liquibase cuts a changeSet of several statements at a word of its own line;
 * its lexer (tried on 4.28 and 5.0.4) takes BEGIN for the start of a block and knows two kinds of
 * quotes, so every statement must end outside of both.
 */

#include "core/escape.h"
#include "emit/changeset.h"
#include "emit/cut.h"

struct writer {
    const struct engine *eng;
    struct arena *mem;
    struct strbuf *out;
    struct err *e;
    struct str end; /* the word between two statements; occurs in none */
    bool dollar;
};

static int refuse(struct writer *w, const struct change_set *s, const char *what)
{
    err_set(w->e, E_UNSUPPORTED_CHANGE, "%.*s: %s", STR_ARG(s->comment), what);
    return err_hint(w->e, "--format liquibase-yaml keeps it");
}

static bool holds_fold(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (str_eq_fold(str_sub(text, i, i + word.n), word))
            return true;
    return false;
}

static bool starts_fold(struct str text, struct str word)
{
    return text.n >= word.n && str_eq_fold(str_sub(text, 0, word.n), word);
}

/* A line that Liquibase takes for one of its own, or for one of these with a mistake in it. */
static bool is_word_of_liquibase(struct str line)
{
    static const char words[] = "changeset,rollback,property,comment,validchecksum,ignore,"
                                "precondition,liquibase,tagdatabase,include";
    struct str rest = str_c(words), word;
    line = str_trim(line);
    if (str_starts(line, STR("/*")))
        return starts_fold(str_trim(str_from(line, 2)), STR("liquibase"));
    size_t dashes = 0;
    while (dashes < line.n && line.p[dashes] == '-')
        dashes++;
    line = str_trim(str_from(line, dashes));
    while (dashes && str_cut(&rest, ',', &word))
        if (starts_fold(line, word))
            return true;
    return false;
}

static const char *line_why(struct str text)
{
    struct str rest = text, line;
    if (str_chr(text, '\r') < text.n)
        return "a text in it holds a carriage return, which Liquibase would lose";
    while (str_cut(&rest, '\n', &line))
        if (is_word_of_liquibase(line))
            return "a line of a text in it would be read as an instruction to Liquibase";
    return NULL;
}

/* Lines of a rollback are comments: characters that end a line for Java would end them. */
static const char *rollback_why(struct str text)
{
    static const char *const ends[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_find(text, str_c(ends[i])) < text.n)
            return "a text in the rollback holds a line separator of Unicode";
    if (holds_fold(text, STR("changesetid")))
        return "a text in the rollback holds the word changeSetId, which names another changeSet";
    if (str_chr(text, '\r') < text.n)
        return "a text in the rollback holds a carriage return, which Liquibase would lose";
    return NULL;
}

static bool can_be_cut(struct str text)
{
    for (unsigned how = 0; how < 4; how++)
        if (!cut_ends_plain(text, (struct lexing){how & 1, how & 2}))
            return false;
    return true;
}

/* The statements of a list of changes; those that open and end a transaction in words that begin no
 * block. */
struct texts {
    struct str *v;
    uint32_t n, cap;
    bool own_tx;
};

static struct texts collect(struct writer *w, const struct val *list)
{
    struct texts t = {0};
    for (const struct val *item = list ? list->first : NULL; item; item = item->next) {
        struct str text = item->first->first->text;
        bool begin = w->eng->begin && str_eq_c(text, w->eng->begin);
        bool commit = w->eng->begin && str_eq_c(text, w->eng->commit);
        t.own_tx |= begin;
        if (begin && w->eng->plain_begin)
            text = str_c(w->eng->plain_begin);
        if (commit && t.own_tx && w->eng->plain_commit)
            text = str_c(w->eng->plain_commit);
        VEC_PUSH(w->mem, t, text);
    }
    return t;
}

/* Whether Liquibase must cut them: the driver runs one statement of a text alone, or does not see
 * where one ends. */
static bool is_cut(const struct writer *w, const struct change_set *s, const struct texts *t)
{
    bool cut = !w->eng->many_at_once || (s->no_tx && !t->own_tx);
    for (uint32_t i = 0; i < t->n; i++)
        cut |= w->eng->has_block && w->eng->has_block(t->v[i]);
    return t->n > 1 && cut;
}

/* The statements as one text. */
static int join(struct writer *w, const struct change_set *s, const struct texts *t,
                struct str *out)
{
    struct strbuf b = sb_new(w->mem, 0);
    bool cut = is_cut(w, s, t);
    for (uint32_t i = 0; i < t->n; i++) {
        struct str text = t->v[i];
        if (cut && !can_be_cut(text))
            return refuse(w, s,
                          "Liquibase would not see where a statement of it ends: a quote or a "
                          "block is open there");
        sb_str(&b, text);
        if (t->n == 1)
            continue;
        /* behind a comment to the end of the line */
        bool comment = str_find(text, STR("--")) < text.n;
        sb_printf(&b, cut ? "\n%.*s\n" : comment ? "\n;\n" : ";\n", STR_ARG(w->end));
    }
    *out = safe_dollar(w->mem, sb_view(&b), ONE_PASS, &w->dollar);
    return 0;
}

/* A value of the line of attributes, which Liquibase searches for each of them. */
static int put_quoted(struct writer *w, const struct change_set *s, const char *key,
                      struct str value)
{
    static const char words[] = "statements:,comments:,delimiter:,runwith:,file:,change:,always:,"
                                "context:,filter:,path:,labels:,transaction:,dbms:,ignore:,error:";
    struct strbuf shown = sb_new(w->mem, 0);
    struct str rest = str_c(words), word;
    esc_terminal(&shown, value);
    bool bad = !str_eq(sb_view(&shown), value) || str_chr(value, '"') < value.n;
    while (!bad && str_cut(&rest, ',', &word))
        bad = holds_fold(value, word);
    if (bad)
        return refuse(w, s,
                      "its id, author, labels or contexts hold a quote, a control character or "
                      "the name of an attribute, which formatted SQL cannot keep apart");
    sb_printf(w->out, "%s\"%.*s\"", key, STR_ARG(safe_dollar(w->mem, value, ONE_PASS, &w->dollar)));
    return 0;
}

/* The id, with ' for " in the words behind it. */
static struct str id_of(const struct writer *w, const struct change_set *s)
{
    struct strbuf b = sb_new(w->mem, 0);
    for (size_t i = 0; i < s->id.n; i++)
        sb_char(&b, i > s->described && s->id.p[i] == '"' ? '\'' : s->id.p[i]);
    return sb_view(&b);
}

static int put_head(struct writer *w, const struct change_set *s, bool cut, bool cut_back)
{
    sb_c(w->out, "\n--changeset ");
    if (put_quoted(w, s, "", s->author) || put_quoted(w, s, ":", id_of(w, s)) ||
        (s->created.n && put_quoted(w, s, " created:", s->created)) ||
        (s->labels.n && put_quoted(w, s, " labels:", s->labels)) ||
        (s->contexts.n && put_quoted(w, s, " contextFilter:", s->contexts)))
        return -1;
    sb_printf(w->out, " dbms:%.*s%s", STR_ARG(s->dbms), s->no_tx ? " runInTransaction:false" : "");
    /* in this order: the last that ends in the same letters counts */
    if (cut || cut_back)
        sb_printf(w->out, " rollbackEndDelimiter:%.*s endDelimiter:%.*s", STR_ARG(w->end),
                  STR_ARG(w->end));
    sb_printf(w->out, " rollbackSplitStatements:%s splitStatements:%s stripComments:false\n",
              cut_back ? "true" : "false", cut ? "true" : "false");
    struct str words = change_set_words(s, w->mem);
    if (words.n) {
        sb_c(w->out, "--comment ");
        esc_sql_comment(w->out, words);
        sb_char(w->out, '\n');
    }
    return 0;
}

static void put_rollback(struct writer *w, struct str text)
{
    struct str rest = str_ends(text, STR("\n")) ? str_sub(text, 0, text.n - 1) : text, line;
    while (str_cut(&rest, '\n', &line))
        sb_printf(w->out, "--rollback %.*s\n", STR_ARG(line));
}

static int put_set(struct writer *w, const struct change_set *s)
{
    struct texts fwd = collect(w, s->changes), back = collect(w, s->rollback);
    struct str text, undo;
    if (join(w, s, &fwd, &text) || join(w, s, &back, &undo))
        return -1;
    const char *why = line_why(text);
    if (!why)
        why = rollback_why(undo);
    if (!fwd.n)
        why = "it has no statement";
    if (why)
        return refuse(w, s, why);
    if (put_head(w, s, is_cut(w, s, &fwd), is_cut(w, s, &back)))
        return -1;
    sb_printf(w->out, "%.*s%s", STR_ARG(text), str_ends(text, STR("\n")) ? "" : "\n");
    if (back.n)
        put_rollback(w, undo);
    else
        sb_c(w->out, "--rollback empty\n");
    return 0;
}

/* A word that no statement holds. */
static struct str end_word(const struct writer *w, const struct change_sets *sets)
{
    for (unsigned n = 0;; n++) {
        struct str word = n ? arena_printf(w->mem, "snap_end_%u", n) : STR("snap_end");
        bool taken = false;
        for (uint32_t i = 0; i < sets->n && !taken; i++)
            for (int back = 0; back < 2; back++) {
                const struct val *list = back ? sets->v[i].rollback : sets->v[i].changes;
                for (const struct val *v = list ? list->first : NULL; v; v = v->next)
                    taken |= holds_fold(v->first->first->text, word);
            }
        if (!taken)
            return word;
    }
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct strbuf body = sb_new(in->mem, 0);
    struct writer w = {.eng = in->plan->eng, .mem = in->mem, .out = &body, .e = e};
    struct emit_in how = *in;
    struct change_sets sets;
    (void)second;
    if (in->tag.n) {
        err_set(e, E_USAGE,
                "--tag: formatted SQL has no form for it that Liquibase reads without "
                "a licence");
        return err_hint(e, "leave it out and run liquibase tag, or --format liquibase-yaml");
    }
    how.sql_only = true;
    if (change_sets(&how, "", &sets, e))
        return -1;
    w.end = end_word(&w, &sets);
    for (uint32_t i = 0; i < sets.n; i++)
        if (put_set(&w, &sets.v[i]))
            return -1;
    sb_c(out, "--liquibase formatted sql\n");
    if (in->proof.n) {
        sb_c(out, "-- ");
        esc_sql_comment(out, in->proof);
        sb_char(out, '\n');
    }
    if (w.dollar)
        sb_c(out, "--property name:" DOLLAR_NAME " value:" DOLLAR_VALUE " global:false\n");
    sb_str(out, sb_view(&body));
    return 0;
}

const struct emitter emitter_liquibase_sql = {
    .name = "liquibase-sql",
    .doc = "the same in formatted SQL, statements alone",
    .use = EMIT_CHANGELOG,
    .langs = 1 << LANG_SQL,
    .run = run,
};
