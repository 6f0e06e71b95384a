/* Which objects changes touch, by the keys of change types; see master.h. */

#include "changelog/master.h"

bool touch_same(const struct touch *a, const struct touch *b)
{
    return str_eq(a->name, b->name) && str_eq_c(str_c(a->kind), b->kind) &&
           (!a->parent.n || !b->parent.n || str_eq(a->parent, b->parent));
}

/* Names in lower case and without their quotes, the last part alone. */
static struct str fold(struct str s, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    s = str_trim(s);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '"' && s.p[i] != '`' && s.p[i] != '[' && s.p[i] != ']')
            sb_char(&b, ascii_lower(s.p[i]));
    struct str name = sb_view(&b);
    size_t dot = name.n;
    while (dot && name.p[dot - 1] != '.')
        dot--;
    return dot && dot < name.n ? str_from(name, dot) : name;
}

void touch_put(struct touches *out, struct arena *mem, enum touch_verb verb, const char *kind,
               struct str name, struct str parent)
{
    struct touch t = {verb, kind, fold(name, mem), parent.n ? fold(parent, mem) : STR("")};
    if (t.name.n)
        VEC_PUSH(mem, *out, t);
}

/* Change types: what they do to which object. */
struct row {
    const char *type;
    enum touch_verb verb;
    const char *kind, *name, *parent;
};
/* clang-format off */
static const struct row rows[] = {
    {"createTable",              TOUCH_MAKE,  "table",      "tableName",      NULL},
    {"dropTable",                TOUCH_DROP,  "table",      "tableName",      NULL},
    {"renameTable",              TOUCH_DROP,  "table",      "oldTableName",   NULL},
    {"renameTable",              TOUCH_MAKE,  "table",      "newTableName",   NULL},
    {"setTableRemarks",          TOUCH_ALTER, "table",      "tableName",      NULL},
    {"dropColumn",               TOUCH_DROP,  "column",     "columnName",     "tableName"},
    {"renameColumn",             TOUCH_DROP,  "column",     "oldColumnName",  "tableName"},
    {"renameColumn",             TOUCH_MAKE,  "column",     "newColumnName",  "tableName"},
    {"modifyDataType",           TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"addNotNullConstraint",     TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"dropNotNullConstraint",    TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"addDefaultValue",          TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"dropDefaultValue",         TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"setColumnRemarks",         TOUCH_ALTER, "column",     "columnName",     "tableName"},
    {"createIndex",              TOUCH_MAKE,  "index",      "indexName",      "tableName"},
    {"dropIndex",                TOUCH_DROP,  "index",      "indexName",      "tableName"},
    {"createView",               TOUCH_MAKE,  "view",       "viewName",       NULL},
    {"dropView",                 TOUCH_DROP,  "view",       "viewName",       NULL},
    {"renameView",               TOUCH_DROP,  "view",       "oldViewName",    NULL},
    {"renameView",               TOUCH_MAKE,  "view",       "newViewName",    NULL},
    {"addPrimaryKey",            TOUCH_MAKE,  "primary key","tableName",      "tableName"},
    {"dropPrimaryKey",           TOUCH_DROP,  "primary key","tableName",      "tableName"},
    {"addUniqueConstraint",      TOUCH_MAKE,  "constraint", "constraintName", "tableName"},
    {"dropUniqueConstraint",     TOUCH_DROP,  "constraint", "constraintName", "tableName"},
    {"addForeignKeyConstraint",  TOUCH_MAKE,  "constraint", "constraintName", "baseTableName"},
    {"dropForeignKeyConstraint", TOUCH_DROP,  "constraint", "constraintName", "baseTableName"},
    {"createSequence",           TOUCH_MAKE,  "sequence",   "sequenceName",   NULL},
    {"alterSequence",            TOUCH_ALTER, "sequence",   "sequenceName",   NULL},
    {"dropSequence",             TOUCH_DROP,  "sequence",   "sequenceName",   NULL},
    {"createProcedure",          TOUCH_ALTER, "routine",    "procedureName",  NULL},
    {"dropProcedure",            TOUCH_DROP,  "routine",    "procedureName",  NULL},
    {"createCollection",         TOUCH_MAKE,  "collection", "collectionName", NULL},
    {"dropCollection",           TOUCH_DROP,  "collection", "collectionName", NULL},
    {"insert",                   TOUCH_USE,   "rows",       "tableName",      "tableName"},
    {"update",                   TOUCH_USE,   "rows",       "tableName",      "tableName"},
    {"delete",                   TOUCH_USE,   "rows",       "tableName",      "tableName"},
    {"loadData",                 TOUCH_USE,   "rows",       "tableName",      "tableName"},
    {"loadUpdateData",           TOUCH_USE,   "rows",       "tableName",      "tableName"},
};
/* clang-format on */

/* Columns of createTable and addColumn, and those that dropColumn lists. */
static void typed_columns(const struct node *change, enum touch_verb verb, struct touches *out,
                          struct arena *mem)
{
    const struct node *list = node_get(change, "columns");
    struct str table = node_word(change, "tableName");
    if (!list || list->type != NODE_LIST)
        return;
    for (const struct node *item = list->first; item; item = item->next) {
        const struct node *column = node_get(item, "column");
        touch_put(out, mem, verb, "column", node_word(column ? column : item, "name"), table);
    }
}

/* The text in quotes in front of *rest, which then stands behind it; "" where there is none. */
static struct str cut_quoted(struct str *rest)
{
    struct str s = str_trim(*rest);
    if (!str_starts(s, STR("\"")))
        return STR("");
    s = str_from(s, 1);
    size_t end = str_chr(s, '"');
    *rest = str_from(s, end + 1);
    return str_sub(s, 0, end);
}

/* {"create": "name", ...}: what it does, and what it is about; false where a command is none. */
static bool touch_command(struct str command, struct touches *out, struct arena *mem)
{
    struct str rest = str_from(command, str_chr(command, '{') + 1), word = cut_quoted(&rest);
    rest = str_from(rest, str_chr(rest, ':') + 1);
    struct str name = cut_quoted(&rest);
    bool drop = str_eq(word, STR("drop"));
    if (drop || str_eq(word, STR("create")))
        touch_put(out, mem, drop ? TOUCH_DROP : TOUCH_MAKE, "collection", name, STR(""));
    else
        touch_put(out, mem, TOUCH_USE, "other", name, name);
    return name.n > 0;
}

/* A change of another type: by what it says to be about, else all of its type are one. */
static void touch_other(const struct node *change, struct touches *out, struct arena *mem)
{
    static const char *const keys[] = {"collectionName", "tableName", "baseTableName", "viewName"};
    struct str name = STR("");
    if (touch_command(node_word(change, "command"), out, mem))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !name.n; i++)
        name = node_word(change, keys[i]);
    touch_put(out, mem, TOUCH_USE, "other", name.n ? name : change->key, name);
}

static void touch_typed(const struct node *change, struct touches *out, struct arena *mem)
{
    bool replaces = str_eq(node_word(change, "replaceIfExists"), STR("true")) ||
                    str_eq(node_word(change, "ifNotExists"), STR("true"));
    uint32_t had = out->n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_c(change->key, rows[i].type))
            touch_put(out, mem, replaces ? TOUCH_ALTER : rows[i].verb, rows[i].kind,
                      node_word(change, rows[i].name),
                      rows[i].parent ? node_word(change, rows[i].parent) : STR(""));
    if (str_eq(change->key, STR("createTable")) || str_eq(change->key, STR("addColumn")))
        typed_columns(change, replaces ? TOUCH_ALTER : TOUCH_MAKE, out, mem);
    if (str_eq(change->key, STR("dropColumn")))
        typed_columns(change, TOUCH_DROP, out, mem);
    if (out->n == had)
        touch_other(change, out, mem);
}

void log_touches(const struct log_set *s, struct arena *mem, struct touches *out)
{
    for (const struct node *item = log_first_change(s, false); item; item = log_next_change(item)) {
        const struct node *change = log_change(item);
        struct str sql = log_sql(change);
        if (sql.n)
            touch_sql(sql, mem, out);
        else if (change && change->type == NODE_MAP)
            touch_typed(change, out, mem);
    }
}
