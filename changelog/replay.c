/*
 * Reads the changelogs that snap writes, for the replay: Liquibase changelogs whose changes are
 * single SQL statements, commands or change types that the engine knows, and scripts. Whatever
 * cannot be replayed as Liquibase would run it is refused by name.
 */

#include "changelog/changelog.h"
#include "changelog/forms.h"
#include "core/command.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const struct engine *eng;
    struct arena *mem;
    struct str label;
    struct err *e;
    const char *dollar; /* the form that stands for ${ in this changelog */
    struct str set;     /* the id of the changeSet that is read; NULL: none */
};

static int foreign(const struct reading *r, const struct node *n, const char *what)
{
    err_set(r->e, E_CHANGELOG_FOREIGN, "%.*s line %u: %s%s%.*s", STR_ARG(r->label), n->line, what,
            r->set.n ? ", in changeSet " : "", STR_ARG(r->set));
    return err_hint(r->e, "snap verify replays what snap writes");
}

/* The form that stands for ${ in a changelog, back to it. */
static int undo_dollar(const struct reading *r, const struct node *n, struct str *out)
{
    struct str rest = n->text, want = str_c(r->dollar);
    struct strbuf b = sb_new(r->mem, 0);
    for (size_t at = str_find(rest, STR("${")); at < rest.n; at = str_find(rest, STR("${"))) {
        if (!str_starts(str_from(rest, at), want))
            return foreign(r, n, "a ${parameter}, which depends on where Liquibase runs");
        sb_str(&b, str_sub(rest, 0, at));
        sb_c(&b, "${");
        rest = str_from(rest, at + want.n);
    }
    sb_str(&b, rest);
    *out = sb_view(&b);
    return 0;
}

struct stmts {
    struct stmt *v;
    uint32_t n, cap;
};

static void push(const struct reading *r, struct stmts *list, struct str text)
{
    struct stmt s = {.lang = r->eng->lang, .text = text};
    VEC_PUSH(r->mem, *list, s);
}

/* One statement a change: of two, some drivers run only the first. */
static int one_statement(const struct reading *r, const struct node *n, struct str text,
                         struct stmts *list)
{
    struct script rest = {.rest = text};
    struct str first, second;
    if (!r->eng->split(&rest, &first))
        return foreign(r, n, "a change without a statement");
    if (r->eng->split(&rest, &second))
        return foreign(r, n, "a change with more than one statement");
    push(r, list, first);
    return 0;
}

static bool is_false(const struct node *n)
{
    return n && n->type == NODE_SCALAR && str_eq(n->text, STR("false"));
}

static int read_sql(const struct reading *r, const struct node *change, struct stmts *list)
{
    const struct node *sql = node_get(change, "sql");
    struct str text;
    for (const struct node *n = change->first; n; n = n->next)
        if (!word_in("sql,splitStatements,stripComments,comment", n->key))
            return foreign(r, n, "a key of sql that snap does not replay");
    if (r->eng->lang != LANG_SQL)
        return foreign(r, change, "a statement of SQL, where commands are run");
    if (!sql || sql->type != NODE_SCALAR)
        return foreign(r, change, "an sql change without text");
    if (!is_false(node_get(change, "splitStatements")))
        return foreign(r, change, "splitStatements must be false");
    return undo_dollar(r, sql, &text) || one_statement(r, sql, text, list) ? -1 : 0;
}

static bool is_command(struct str key)
{
    return word_in("runCommand,adminCommand", key);
}

static int read_command(const struct reading *r, const struct node *change, struct stmts *list)
{
    const struct node *command = node_get(change, "command");
    struct strbuf line = sb_new(r->mem, 0);
    if (r->eng->lang != LANG_COMMAND)
        return foreign(r, change, "a command, where statements of SQL are run");
    if (!command || command->type != NODE_SCALAR || command->next || change->first != command)
        return foreign(r, change, "a command is wanted, and nothing else");
    if (!command_line(command->text, &line))
        return foreign(r, command,
                       "a command that is no document of JSON, or holds a ${parameter}");
    push(r, list, sb_view(&line));
    list->v[list->n - 1].flags = str_eq(change->key, STR("adminCommand")) ? ST_ADMIN : 0;
    return 0;
}

static int read_columns(const struct reading *r, const struct node *list, struct typed *t)
{
    uint32_t n = 0;
    for (const struct node *item = list->first; item; item = item->next)
        n++;
    t->columns = NEW_ARRAY(r->mem, struct typed_column, n);
    for (const struct node *item = list->first; item; item = item->next) {
        const struct node *column = node_get(item, "column"), *name = node_get(column, "name");
        struct typed_column *out = &t->columns[t->ncolumns++];
        if (!name || undo_dollar(r, name, &out->name))
            return foreign(r, item, "a column without a name");
        for (const struct node *k = column->first; k; k = k->next)
            if (!word_in("name,descending", k->key))
                return foreign(r, k, "a key of column that snap does not replay");
        const struct node *descending = node_get(column, "descending");
        out->descending = descending && str_eq(descending->text, STR("true"));
    }
    return 0;
}

static int read_typed(const struct reading *r, const struct node *change, struct stmts *list)
{
    struct typed t = {.name = arena_cstr(r->mem, change->key)};
    struct strbuf sql = sb_new(r->mem, 0);
    for (const struct node *n = change->first; n; n = n->next) {
        if (str_eq(n->key, STR("columns")) && n->type == NODE_LIST) {
            if (read_columns(r, n, &t))
                return -1;
            continue;
        }
        struct str value;
        if (n->type != NODE_SCALAR || t.nkeys == sizeof t.key / sizeof *t.key ||
            undo_dollar(r, n, &value))
            return foreign(r, n, "a change that snap cannot replay");
        t.key[t.nkeys++] = (struct typed_key){arena_cstr(r->mem, n->key), value, false};
    }
    if (!r->eng->typed_sql || !r->eng->typed_sql(&t, &sql))
        return foreign(r, change, "a change type that snap cannot replay");
    push(r, list, sb_view(&sql));
    return 0;
}

static int read_change(const struct reading *r, const struct node *change, struct stmts *list)
{
    return str_eq(change->key, STR("sql")) ? read_sql(r, change, list)
           : is_command(change->key)       ? read_command(r, change, list)
                                           : read_typed(r, change, list);
}

static int read_changes(const struct reading *r, const struct node *changes, struct stmts *list)
{
    if (changes->type != NODE_LIST)
        return foreign(r, changes, "a list of changes is wanted");
    for (const struct node *item = changes->first; item; item = item->next) {
        const struct node *change = item->type == NODE_MAP ? item->first : NULL;
        if (!change || change->next || change->type != NODE_MAP)
            return foreign(r, item, "a change that snap cannot replay");
        if (str_eq(change->key, STR("tagDatabase")) ||
            (str_eq(change->key, STR("empty")) && !change->first))
            continue; /* changes nothing of the schema */
        if (read_change(r, change, list))
            return -1;
    }
    return 0;
}

/* A transaction around the list, as Liquibase makes one for a changeSet. */
static struct stmts in_transaction(const struct reading *r, const struct stmts *list)
{
    struct stmts out = {0};
    push(r, &out, str_c(r->eng->begin));
    for (uint32_t i = 0; i < list->n; i++)
        push(r, &out, list->v[i].text);
    push(r, &out, str_c(r->eng->commit));
    return out;
}

/* Whether Liquibase runs the changeSet on this engine. */
static bool is_for_engine(const struct reading *r, const struct node *dbms)
{
    struct str rest = dbms->text, word;
    if (dbms->type != NODE_SCALAR || !rest.n)
        return false;
    while (str_cut(&rest, ',', &word))
        if (!word_in(r->eng->dbms, str_trim(word)))
            return false;
    return true;
}

static int read_change_set(const struct reading *all, const struct node *set,
                           struct replay_step *out)
{
    const struct node *id = node_get(set, "id"), *changes = node_get(set, "changes");
    struct reading one = *all, *r = &one;
    one.set = id && id->type == NODE_SCALAR ? id->text : STR_NULL;
    const struct node *rollback = node_get(set, "rollback");
    struct stmts fwd = {0}, back = {0};
    for (const struct node *n = set->first; n; n = n->next)
        if (!word_in("id,author,comment,context,contextFilter,created,dbms,labels,"
                     "runInTransaction,changes,rollback",
                     n->key))
            return foreign(r, n, "a key of changeSet that snap does not replay");
    if (node_get(set, "dbms") && !is_for_engine(r, node_get(set, "dbms")))
        return foreign(r, node_get(set, "dbms"), "a changeSet that another engine runs");
    if (!id || id->type != NODE_SCALAR || !changes)
        return foreign(r, set, "a changeSet wants an id and changes");
    if (read_changes(r, changes, &fwd))
        return -1;
    bool empty =
        rollback && rollback->type == NODE_SCALAR && str_eq_fold(rollback->text, STR("empty"));
    if (rollback && !empty && read_changes(r, rollback, &back))
        return -1;
    if (!is_false(node_get(set, "runInTransaction")) && r->eng->begin) {
        fwd = in_transaction(r, &fwd);
        if (back.n)
            back = in_transaction(r, &back);
    }
    *out = (struct replay_step){id->text, fwd.v, back.v, fwd.n, back.n, !back.n, STR_NULL};
    const struct node *author = node_get(set, "author");
    if (author && author->type == NODE_SCALAR)
        out->author = author->text;
    return 0;
}

/* The one property that snap writes: what stands behind the form of safe texts. */
static bool is_dollar(const struct node *n)
{
    const struct node *name = node_get(n, "name"), *value = node_get(n, "value");
    return name && value && str_eq(name->text, STR("snap.d")) && str_eq(value->text, STR("${"));
}

static int read_sets(const struct reading *r, enum changelog_form form, struct str text,
                     struct replay *out)
{
    struct node *root;
    VEC(struct replay_step) steps = {0};
    if (changelog_tree(form, text, r->label, r->eng, r->mem, &root, r->e))
        return -1;
    const struct node *log = node_get(root, "databaseChangeLog");
    if (!log || log->type != NODE_LIST)
        return err_set(r->e, E_CHANGELOG_SYNTAX,
                       "%.*s is no changelog: databaseChangeLog is "
                       "missing",
                       STR_ARG(r->label));
    for (const struct node *item = log->first; item; item = item->next) {
        const struct node *set = node_get(item, "changeSet");
        struct replay_step step;
        for (const struct node *n = item->first; n; n = n->next)
            if (!word_in("changeSet,property", n->key) ||
                (str_eq(n->key, STR("property")) && !is_dollar(n)))
                return foreign(r, n, "an item that snap does not replay");
        if (!set && form != FORM_YAML && item->first)
            continue; /* the property */
        if (!set)
            return foreign(r, item, "an item that is no changeSet");
        if (read_change_set(r, set, &step))
            return -1;
        VEC_PUSH(r->mem, steps, step);
    }
    *out = (struct replay){steps.v, steps.n};
    return 0;
}

static int read_script(const struct reading *r, struct str text, struct stmts *list)
{
    struct script rest = {.rest = text};
    struct command_script commands = {.rest = text, .label = r->label};
    struct stmt command;
    struct str one;
    bool more = true;
    while (r->eng->lang == LANG_SQL && r->eng->split(&rest, &one))
        push(r, list, one);
    while (r->eng->lang == LANG_COMMAND && more) {
        if (command_next(&commands, r->mem, &command, &more, r->e))
            return -1;
        if (more)
            VEC_PUSH(r->mem, *list, command);
    }
    return 0;
}

/* The script is one step: it runs in one transaction, and so does its rollback. */
static int read_scripts(const struct reading *r, struct str text, struct str rollback,
                        struct replay *out)
{
    struct stmts fwd = {0}, back = {0};
    if (read_script(r, text, &fwd) || (!str_is_null(rollback) && read_script(r, rollback, &back)))
        return -1;
    if (!fwd.n) {
        *out = (struct replay){0};
        return 0;
    }
    out->v = NEW(r->mem, struct replay_step);
    out->v[0] = (struct replay_step){r->label, fwd.v, back.v, fwd.n, back.n, !back.n, STR_NULL};
    out->n = 1;
    return 0;
}

/* A script is in the language of the engine's shell. */
static int check_script(const struct reading *r)
{
    bool sql = r->eng->lang == LANG_SQL;
    if (!str_ends(r->label, sql ? STR(".js") : STR(".sql")))
        return 0;
    err_set(r->e, E_CHANGELOG_FOREIGN, "%.*s: the statements of %s are %s", STR_ARG(r->label),
            r->eng->title, engine_statements(r->eng));
    return err_hint(r->e, "snap verify replays what snap writes");
}

int changelog_read(struct str text, struct str rollback, struct str label, const struct engine *eng,
                   struct arena *mem, struct replay *out, struct err *e)
{
    struct reading r = {eng, mem, label, e, "${${snap.d}}${${snap.d}}snap.d}}", STR_NULL};
    enum changelog_form form;
    *out = (struct replay){0};
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    if (!changelog_form(label, text, &form))
        return check_script(&r) ? -1 : read_scripts(&r, text, rollback, out);
    if (!str_is_null(rollback))
        return err_set(e, E_USAGE,
                       "--rollback goes with a script; %.*s holds its rollback "
                       "itself",
                       STR_ARG(label));
    if (form != FORM_YAML) /* one pass over it, not two */
        r.dollar = "${snap.d}";
    return read_sets(&r, form, text, out);
}
