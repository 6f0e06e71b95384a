/* Liquibase change types that are lossless on SQLite; see typed.h. */

#include "drivers/sqlite/typed.h"

#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/parse.h"
#include "drivers/sqlite/sqlite.h"

/* Liquibase quotes a name by rules of its own; a plain one stays as it is in every version. */
static bool is_plain(struct str name)
{
    bool ok = name.n > 0 && !ascii_is_digit(name.p[0]) && !lite_is_keyword(name);
    for (size_t i = 0; ok && i < name.n; i++)
        ok = ascii_is_alpha(name.p[i]) || ascii_is_digit(name.p[i]) || name.p[i] == '_';
    return ok;
}

static void add(struct typed *t, const char *key, struct str value)
{
    t->key[t->nkeys++] = (struct typed_key){key, value, false};
}

void lite_typed_name(struct ddl *d, const char *type, const char *key, struct str name)
{
    struct typed t = {.name = type};
    if (!is_plain(name))
        return;
    add(&t, key, name);
    ddl_typed(d, &t);
}

void lite_typed_rename(struct ddl *d, const char *type, struct str from, struct str to)
{
    struct typed t = {.name = type};
    if (!is_plain(from) || !is_plain(to))
        return;
    add(&t, "newTableName", to);
    add(&t, "oldTableName", from);
    ddl_typed(d, &t);
}

void lite_typed_rename_column(struct ddl *d, struct str table, struct str from, struct str to)
{
    struct typed t = {.name = "renameColumn"};
    if (!is_plain(table) || !is_plain(from) || !is_plain(to))
        return;
    add(&t, "newColumnName", to);
    add(&t, "oldColumnName", from);
    add(&t, "tableName", table);
    ddl_typed(d, &t);
}

void lite_typed_view(struct ddl *d, struct str name, struct str query)
{
    struct typed t = {.name = "createView"};
    if (!is_plain(name))
        return;
    t.key[t.nkeys++] = (struct typed_key){"fullDefinition", STR("false"), true};
    add(&t, "selectQuery", query);
    add(&t, "viewName", name);
    ddl_typed(d, &t);
}

/* "name" or "name desc"; anything more has no place in createIndex. */
static bool plain_term(struct arena *mem, struct str term, struct typed_column *out)
{
    (void)mem;
    out->descending = str_ends(term, STR(" desc"));
    out->name = str_sub(term, 0, term.n - (out->descending ? 5 : 0));
    return is_plain(out->name);
}

void lite_typed_index(struct ddl *d, const struct lite_index *index)
{
    struct typed t = {.name = "createIndex", .ncolumns = index->nterms};
    if (!is_plain(index->name) || !is_plain(index->table) || !str_is_null(index->where))
        return;
    t.columns = NEW_ARRAY(d->mem, struct typed_column, index->nterms);
    struct str table = lite_top_path(d->mem, "table", index->table);
    for (uint32_t i = 0; i < index->nterms; i++) {
        /* "x" that names no column is a text, which only SQL can write. */
        if (!plain_term(d->mem, index->terms[i], &t.columns[i]) ||
            !view_get(d->after, path_join(d->mem, table, STR("column"),
                                          lite_fold(d->mem, t.columns[i].name))))
            return;
    }
    add(&t, "indexName", index->name);
    add(&t, "tableName", index->table);
    if (index->unique)
        t.key[t.nkeys++] = (struct typed_key){"unique", STR("true"), true};
    ddl_typed(d, &t);
}

static struct str get(const struct typed *t, const char *key)
{
    for (uint32_t i = 0; i < t->nkeys; i++)
        if (str_eq(str_c(t->key[i].key), str_c(key)))
            return t->key[i].value;
    return STR_NULL;
}

static void index_sql(const struct typed *t, struct strbuf *out)
{
    bool unique = str_eq(get(t, "unique"), STR("true"));
    sql_fmt(out, &lite_dialect, "CREATE %sINDEX %I ON %I (", unique ? "UNIQUE " : "",
            get(t, "indexName"), get(t, "tableName"));
    for (uint32_t i = 0; i < t->ncolumns; i++)
        sql_fmt(out, &lite_dialect, "%s%I%s", i ? ", " : "", t->columns[i].name,
                t->columns[i].descending ? " DESC" : "");
    sb_char(out, ')');
}

bool lite_typed_sql(const struct typed *t, struct strbuf *out)
{
    static const struct {
        const char *type, *fmt, *keys[3];
    } rows[] = {
        {"createView", "CREATE VIEW %I AS %S", {"viewName", "selectQuery", NULL}},
        {"dropIndex", "DROP INDEX %I", {"indexName", NULL, NULL}},
        {"dropTable", "DROP TABLE %I", {"tableName", NULL, NULL}},
        {"dropView", "DROP VIEW %I", {"viewName", NULL, NULL}},
        {"renameColumn",
         "ALTER TABLE %I RENAME COLUMN %I TO %I",
         {"tableName", "oldColumnName", "newColumnName"}},
        {"renameTable", "ALTER TABLE %I RENAME TO %I", {"oldTableName", "newTableName", NULL}},
    };
    struct str type = str_c(t->name);
    if (str_eq(type, STR("createIndex")) && t->ncolumns) {
        uint32_t known = 2u + !str_is_null(get(t, "unique"));
        index_sql(t, out);
        return t->nkeys == known && !str_is_null(get(t, "indexName")) &&
               !str_is_null(get(t, "tableName"));
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_eq_c(type, rows[i].type))
            continue;
        struct str v[3] = {STR_NULL, STR_NULL, STR_NULL};
        uint32_t known = 0;
        for (; known < 3 && rows[i].keys[known]; known++) {
            v[known] = get(t, rows[i].keys[known]);
            if (str_is_null(v[known]))
                return false;
        }
        /* another key, such as replaceIfExists, may change what Liquibase runs */
        known += i == 0 && str_eq(get(t, "fullDefinition"), STR("false"));
        if (t->nkeys != known || t->ncolumns)
            return false;
        sql_fmt(out, &lite_dialect, rows[i].fmt, v[0], v[1], v[2]);
        return true;
    }
    return false;
}
