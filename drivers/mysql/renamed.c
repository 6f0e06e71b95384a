/*
 * A column takes another name. MariaDB writes it anew in everything that speaks of it; MySQL
 * refuses (3959, 3108, 3837, 3766) unless the same ALTER makes that anew: checks, generated
 * columns, defaults and keys on expressions.
 */

#include "core/escape.h"
#include "core/json.h"
#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/mysql.h"
#include "drivers/mysql/table.h"

struct renaming {
    struct ddl *d;
    struct str table, from, to; /* path; names */
    struct strbuf text;
    struct my_work work;
};

static void clause(struct renaming *r, enum my_deed deed, struct str text)
{
    my_note(&r->work, deed);
    sb_c(&r->text, r->work.clauses++ ? ",\n  " : "");
    sb_str(&r->text, text);
}

/* The expression with the new name; absent where it does not speak of the column. The server quotes
 * every name in it, and no name in it is another table's. */
static struct str in_new_words(const struct renaming *r, struct str expr)
{
    struct my_lex l = {expr, 0};
    struct strbuf out = sb_new(r->d->mem, 0);
    size_t done = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (t.type != MY_NAME || !str_eq_fold(my_unquote(r->d->mem, t), r->from))
            continue;
        sb_str(&out, str_sub(expr, done, t.at));
        my_put_name(&out, r->to);
        done = t.at + t.text.n;
    }
    if (!done)
        return STR_NULL;
    sb_str(&out, str_from(expr, done));
    return sb_view(&out);
}

/* The object with an attribute in new words, or NULL. */
static struct obj *anew(const struct renaming *r, const struct obj *o, const char *attr)
{
    struct arena *mem = r->d->mem;
    struct str said = in_new_words(r, obj_text(mem, o, attr));
    if (str_is_null(said))
        return NULL;
    struct strbuf raw = sb_new(mem, 0);
    struct obj *copy = NEW(mem, struct obj);
    esc_json(&raw, said);
    *copy = *o;
    copy->a = obj_with(mem, r->d->eng, o, attr, sb_view(&raw));
    return copy;
}

static void checks(struct renaming *r)
{
    uint32_t n;
    const struct obj **list = my_below(r->d->mem, r->d->before, r->table, "check", &n);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf text = sb_new(r->d->mem, 0);
        const struct obj *o = anew(r, list[i], "expr");
        if (!o)
            continue;
        clause(r, MY_DROP_CHECK,
               my_text(r->d->mem, "DROP CONSTRAINT %I", my_name(r->d->mem, o->path)));
        sb_c(&text, "ADD ");
        my_put_check(&text, o);
        clause(r, obj_true(o, "not_enforced") ? MY_RELAX_CHECK : MY_ADD_CHECK, sb_view(&text));
    }
}

/* Beside what is generated anew every row is copied. */
static void columns(struct renaming *r)
{
    uint32_t n;
    const struct obj **list = my_columns(r->d->mem, r->d->before, r->table, &n);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf text = sb_new(r->d->mem, 0);
        const struct obj *generated = anew(r, list[i], "generated");
        const struct obj *o = generated ? generated : anew(r, list[i], "default");
        if (!o)
            continue;
        sb_c(&text, "MODIFY COLUMN ");
        my_put_column(&text, r->d->before, o);
        clause(r, generated ? MY_CHANGE_TYPE : MY_SET_DEFAULT, sb_view(&text));
    }
}

/* A part that is an expression stands in parentheses. */
static const struct obj *key_anew(const struct renaming *r, const struct obj *key)
{
    struct strbuf parts = sb_new(r->d->mem, 0);
    struct obj *copy = NULL;
    uint32_t n;
    struct str *list = my_list(r->d->mem, obj_raw(key, "parts"), &n);
    for (uint32_t i = 0; i < n; i++) {
        struct str said = str_starts(list[i], STR("(")) ? in_new_words(r, list[i]) : STR_NULL;
        if (str_is_null(said))
            continue;
        copy = copy ? copy : NEW(r->d->mem, struct obj);
        list[i] = said;
    }
    if (!copy)
        return NULL;
    jc_put_list(&parts, list, n);
    *copy = *key;
    copy->a = obj_with(r->d->mem, r->d->eng, key, "parts", sb_view(&parts));
    return copy;
}

static void keys(struct renaming *r)
{
    uint32_t n;
    const struct obj **list = my_below(r->d->mem, r->d->before, r->table, "index", &n);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf text = sb_new(r->d->mem, 0);
        const struct obj *o = key_anew(r, list[i]);
        if (!o)
            continue;
        clause(r, MY_DROP_INDEX, my_text(r->d->mem, "DROP INDEX %I", my_name(r->d->mem, o->path)));
        sb_c(&text, "ADD ");
        my_put_key(&text, o, false);
        clause(r, MY_CHANGE_TYPE, sb_view(&text));
    }
}

static int column_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct renaming r = {.d = d,
                         .table = path_parent(c->before->path),
                         .from = my_name(d->mem, c->before->path),
                         .to = my_name(d->mem, c->after->path),
                         .text = sb_new(d->mem, 0)};
    (void)e;
    clause(&r, MY_RENAME, my_text(d->mem, "RENAME COLUMN %I TO %I", r.from, r.to));
    if (!my_for_mariadb(d)) {
        checks(&r);
        columns(&r);
        keys(&r);
    }
    my_alter(d, r.table, &r.work, sb_view(&r.text));
    my_restate_checks(d, r.table);
    return 0;
}

const struct alter my_rename_column = {
    .name = "column.rename", .fn = column_rename, .doc = "ALTER TABLE RENAME COLUMN"};
