/* Mistakes in changelogs, changeSet by changeSet; see lint.h. */

#include "changelog/lint.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 255, MAX_DEPTH = 64 };

void lint_say(struct lint *l, bool error, const char *rule, const struct log_file *in,
              unsigned line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct finding f = {error, rule, in, line, arena_vprintf(l->mem, fmt, ap)};
    va_end(ap);
    VEC_PUSH(l->mem, *l->out, f);
}

static bool is_one_of(struct str word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(word, list[i]))
            return true;
    return false;
}
#define ONE_OF(word, list) is_one_of((word), (list), sizeof(list) / sizeof *(list))

/* What YAML makes another text of when it stands without quotes: 007, 1.10, yes, 2020-01-01. */
static bool yaml_changes(struct str s)
{
    static const char *const words[] = {"yes", "no", "on", "off", "true", "false", "~"};
    size_t digits = 0, others = 0, dots = 0, dashes = 0, colons = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        digits += ascii_is_digit(c);
        dots += c == '.';
        dashes += c == '-' && i;
        colons += c == ':';
        others += !ascii_is_digit(c) && !strchr(".-:_+", c);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_fold_c(s, words[i]))
            return true;
    if (str_starts(s, STR("0x")) && s.n > 2)
        return true;
    if (!digits || others)
        return false;
    if (dashes)
        return dashes == 2 && !dots && digits >= 6 && digits <= 8 && str_chr(s, '-') == 4;
    if (dots || colons)
        return dots + colons == 1 || !dots;
    return s.p[0] == '0' ? s.n > 1 : str_chr(s, '_') < s.n || s.p[0] == '+';
}

static void check_name(struct lint *l, const struct log_set *s, const char *key, struct str value)
{
    const struct node *n = node_get(s->node, key);
    bool yaml = s->in->doc.form == LOG_YAML || s->in->doc.form == LOG_JSON;
    if (!value.n) {
        lint_say(l, true, str_eq_c(STR("id"), key) ? "missing-id" : "missing-author", s->in,
                 s->line, "a changeSet without %s", key);
        return;
    }
    if (str_eq_fold(value, STR("null")))
        lint_say(l, true, "null-name", s->in, n->line,
                 "%s null is stored as nothing, which fails after the changes have run", key);
    else if (yaml && n->plain && yaml_changes(value))
        lint_say(l, true, "name-changed", s->in, n->line,
                 "%s %.*s without quotes is no text: Liquibase stores something else", key,
                 STR_ARG(value));
    if (value.n > MAX_WORD)
        lint_say(l, true, "too-long", s->in, n->line, "%s has more than %d characters", key,
                 MAX_WORD);
}

static const char *const set_keys[] = {"id",
                                       "author",
                                       "context",
                                       "contextFilter",
                                       "created",
                                       "dbms",
                                       "failOnError",
                                       "labels",
                                       "logicalFilePath",
                                       "objectQuotingStrategy",
                                       "runAlways",
                                       "alwaysRun",
                                       "onValidationFail",
                                       "runInTransaction",
                                       "runOnChange",
                                       "runOrder",
                                       "runWith",
                                       "runWithSpoolFile",
                                       "ignore",
                                       "validCheckSum",
                                       "preConditions",
                                       "changes",
                                       "rollback",
                                       "comment",
                                       "modifySql",
                                       "rollbackSplitStatements",
                                       "rollbackEndDelimiter",
                                       "ignoreLines"};
static const char *const sql_keys[] = {
    "sql", "splitStatements", "stripComments", "endDelimiter", "comment", "dbms", "rerunnable"};
static const char *const item_keys[] = {"changeSet",
                                        "include",
                                        "includeAll",
                                        "property",
                                        "preConditions",
                                        "logicalFilePath",
                                        "objectQuotingStrategy",
                                        "context",
                                        "contextFilter",
                                        "includeContextFilter",
                                        "removeChangeSetProperty",
                                        "modifyChangeSets",
                                        "changeLogId",
                                        "includeLabels",
                                        "includeIgnore"};

static void check_keys(struct lint *l, const struct log_set *s)
{
    for (const struct node *n = s->node->first; n; n = n->next)
        if (!ONE_OF(n->key, set_keys))
            lint_say(l, true, "unknown-key", s->in, n->line,
                     "Liquibase passes over %.*s of a changeSet%s", STR_ARG(n->key),
                     str_eq(n->key, STR("contexts")) ? "; contextFilter is the word" : "");
    for (int back = 0; back < 2; back++)
        for (const struct node *item = log_first_change(s, back); item;
             item = log_next_change(item)) {
            const struct node *c = log_change(item);
            if (!c || !str_eq(c->key, STR("sql")) || c->type != NODE_MAP)
                continue;
            for (const struct node *n = c->first; n; n = n->next)
                if (!ONE_OF(n->key, sql_keys))
                    lint_say(l, true, "unknown-key", s->in, n->line,
                             "Liquibase passes over %.*s of sql", STR_ARG(n->key));
        }
}

/* Change types whose way back Liquibase knows. */
static const char *const invertible[] = {
    "addColumn",           "addDefaultValue", "addForeignKeyConstraint",
    "addLookupTable",      "addPrimaryKey",   "addNotNullConstraint",
    "addUniqueConstraint", "createIndex",     "createSequence",
    "createTable",         "createView",      "dropNotNullConstraint",
    "renameColumn",        "renameTable",     "renameView",
    "renameSequence",      "createSynonym",   "createCollection",
    "tagDatabase",         "empty",           "output"};

static void check_rollback(struct lint *l, const struct log_set *s)
{
    const struct node *n = node_get(s->node, "rollback");
    bool yaml = s->in->doc.form == LOG_YAML || s->in->doc.form == LOG_JSON;
    if (s->rollback == ROLLBACK_ABSENT) {
        for (const struct node *item = log_first_change(s, false); item;
             item = log_next_change(item)) {
            const struct node *c = log_change(item);
            if (!c || ONE_OF(c->key, invertible))
                continue;
            lint_say(l, true, "missing-rollback", s->in, s->line,
                     "changeSet %.*s has no rollback, and %.*s no way back of its own",
                     STR_ARG(s->id), STR_ARG(c->key));
            return;
        }
    } else if (s->rollback == ROLLBACK_VOID && !s->idle) {
        lint_say(l, false, "void-rollback", s->in, n->line,
                 "an empty rollback does nothing and says nothing; `rollback: empty` says so");
    } else if (s->rollback == ROLLBACK_TEXT && yaml) {
        struct str text = str_trim(n->text);
        if (str_eq_fold(text, STR("not required")))
            lint_say(l, true, "rollback-text", s->in, n->line,
                     "\"not required\" is sent to the database as SQL");
        else if (lint_statements(text) > 1 || str_chr(text, ';') + 1 < text.n)
            lint_say(l, false, "rollback-text", s->in, n->line,
                     "a rollback that is one text is cut at each semicolon; a list of changes is "
                     "not");
    }
}

static bool is_false(struct str word)
{
    return str_eq_fold(word, STR("false"));
}

static void check_changes(struct lint *l, const struct log_set *s)
{
    if (!log_first_change(s, false))
        lint_say(l, false, "no-changes", s->in, s->line, "changeSet %.*s changes nothing",
                 STR_ARG(s->id));
    for (int back = 0; back < 2; back++)
        for (const struct node *item = log_first_change(s, back); item;
             item = log_next_change(item)) {
            const struct node *c = log_change(item);
            struct str sql = log_sql(c);
            if (c && c->type == NODE_MAP && is_false(node_word(c, "splitStatements")) &&
                lint_statements(sql) > 1)
                lint_say(l, false, "several-statements", s->in, c->line,
                         "several statements in one sql that is not split: some drivers run the "
                         "first alone, others refuse it");
        }
}

static void find_properties(struct lint *l)
{
    for (uint32_t i = 0; i < l->m->nfiles; i++)
        for (const struct node *item = l->m->files[i]->doc.items->first; item; item = item->next)
            if (node_get(item, "property"))
                VEC_PUSH(l->mem, l->properties, node_word(node_get(item, "property"), "name"));
}

static bool is_property(const struct lint *l, struct str name)
{
    for (uint32_t i = 0; i < l->properties.n; i++)
        if (str_eq_fold(l->properties.v[i], name))
            return true;
    return false;
}

/* The first ${name} of a text that no property explains. */
static struct str parameter_of(struct lint *l, struct str text)
{
    struct str rest = text, form = STR("${${snap.d}}${${snap.d}}snap.d}}");
    for (size_t at = str_find(rest, STR("${")); at < rest.n; at = str_find(rest, STR("${"))) {
        rest = str_from(rest, at);
        if (str_starts(rest, form)) {
            rest = str_from(rest, form.n);
            continue;
        }
        struct str name = str_sub(rest, 2, str_chr(rest, '}'));
        if (name.n + 2 < rest.n && name.n && !is_property(l, str_trim(name)))
            return name;
        rest = str_from(rest, 2);
    }
    return STR_NULL;
}

/* All texts of a set; one finding for it. */
static void check_parameters(struct lint *l, const struct log_set *s)
{
    const struct node *stack[MAX_DEPTH], *n = s->node->first;
    unsigned depth = 0;
    while (n) {
        struct str name = n->type == NODE_SCALAR ? parameter_of(l, n->text) : STR_NULL;
        if (name.n) {
            lint_say(l, false, "parameter", s->in, n->line,
                     "${%.*s} is no property of the changelog: where it runs, an environment "
                     "variable or system property of that name takes its place",
                     STR_ARG(str_sub(name, 0, 80)));
            return;
        }
        if (n->first && depth < MAX_DEPTH) {
            stack[depth++] = n;
            n = n->first;
            continue;
        }
        while (!n->next && depth)
            n = stack[--depth];
        n = n->next;
    }
}

static void check_duplicates(struct lint *l)
{
    const struct log_names names = log_names_of(l->m, l->mem);
    for (uint32_t i = 1; i < names.n; i++) {
        const struct log_set *a = names.v[i - 1], *b = names.v[i];
        if (b->id.n && log_identity_cmp(a, b) == 0)
            lint_say(l, true, "duplicate-id", b->in, b->line,
                     "changeSet %.*s of %.*s stands in %.*s line %u, too: Liquibase refuses both",
                     STR_ARG(b->id), STR_ARG(b->author), STR_ARG(a->in->path), a->line);
    }
}

static void check_items(struct lint *l, const struct log_file *f)
{
    for (const struct node *item = f->doc.items->first; item; item = item->next)
        for (const struct node *n = item->first; n; n = n->next)
            if (!ONE_OF(n->key, item_keys))
                lint_say(l, true, "unknown-key", f, n->line, "Liquibase knows no %.*s here",
                         STR_ARG(n->key));
}

static int by_place(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int c = str_cmp(x->in->path, y->in->path);
    if (c || x->line != y->line)
        return c ? c : x->line < y->line ? -1 : 1;
    c = strcmp(x->rule, y->rule);
    return c ? c : str_cmp(x->text, y->text);
}

void log_lint(const struct master *m, struct str dbms, struct arena *mem, struct findings *out)
{
    struct lint l = {.m = m, .dbms = dbms, .mem = mem, .out = out};
    find_properties(&l);
    for (uint32_t i = 0; i < m->ntroubles; i++)
        lint_say(&l, true, m->troubles[i].rule, m->troubles[i].in, m->troubles[i].line, "%.*s",
                 STR_ARG(m->troubles[i].text));
    for (uint32_t i = 0; i < m->nfiles; i++)
        check_items(&l, m->files[i]);
    for (uint32_t i = 0; i < m->n; i++) {
        const struct log_set *s = &m->sets[i];
        check_name(&l, s, "id", s->id);
        check_name(&l, s, "author", s->author);
        check_keys(&l, s);
        check_rollback(&l, s);
        check_changes(&l, s);
        check_parameters(&l, s);
        lint_filters(&l, s);
    }
    check_duplicates(&l);
    lint_objects(&l);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_place);
}
