/* Which objects changes touch: by the keys of change types, and by the heads of statements. */

#include "changelog/master.h"

#include "core/path.h"

bool touch_same(const struct touch *a, const struct touch *b)
{
    bool parents = str_eq(a->parent, b->parent) || !a->parent.n || !b->parent.n;
    return str_eq_c(str_c(a->kind), b->kind) && str_eq(a->name, b->name) && parents;
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

static void put(struct touches *out, struct arena *mem, enum touch_verb verb, const char *kind,
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
    {"addPrimaryKey",            TOUCH_MAKE,  "primary key","tableName",      NULL},
    {"dropPrimaryKey",           TOUCH_DROP,  "primary key","tableName",      NULL},
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
        put(out, mem, verb, "column", node_word(column ? column : item, "name"), table);
    }
}

static void touch_typed(const struct node *change, struct touches *out, struct arena *mem)
{
    bool replaces = str_eq(node_word(change, "replaceIfExists"), STR("true")) ||
                    str_eq(node_word(change, "ifNotExists"), STR("true"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_c(change->key, rows[i].type))
            put(out, mem, replaces ? TOUCH_ALTER : rows[i].verb, rows[i].kind,
                node_word(change, rows[i].name),
                rows[i].parent ? node_word(change, rows[i].parent) : STR(""));
    if (str_eq(change->key, STR("createTable")) || str_eq(change->key, STR("addColumn")))
        typed_columns(change, replaces ? TOUCH_ALTER : TOUCH_MAKE, out, mem);
    if (str_eq(change->key, STR("dropColumn")))
        typed_columns(change, TOUCH_DROP, out, mem);
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

/* Tokens of a statement: words, quoted names, and single characters. Comments and strings are
 * passed over; a string is one token without text. */
struct token {
    struct str text;
    bool word; /* a word or a quoted name */
};
struct lexer {
    struct str rest;
    struct token now;
};

static size_t skip_quoted(struct str s, char q)
{
    size_t n = 1;
    while (n < s.n) {
        if (s.p[n] == q && (n + 1 == s.n || s.p[n + 1] != q))
            return n + 1;
        n += s.p[n] == q ? 2 : 1;
    }
    return s.n;
}

/* $tag$ ... $tag$, or one character. */
static size_t skip_dollars(struct str s)
{
    size_t n = 1;
    while (n < s.n && (ascii_is_alpha(s.p[n]) || ascii_is_digit(s.p[n]) || s.p[n] == '_'))
        n++;
    if (n >= s.n || s.p[n] != '$')
        return 1;
    struct str tag = str_sub(s, 0, n + 1), body = str_from(s, n + 1);
    size_t end = str_find(body, tag);
    return end == body.n ? s.n : n + 1 + end + tag.n;
}

static bool in_word(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

static struct str skip_blanks(struct str s)
{
    for (;;) {
        s = str_trim(s);
        if (str_starts(s, STR("--")) || str_starts(s, STR("#")))
            s = str_from(s, str_chr(s, '\n'));
        else if (str_starts(s, STR("/*")))
            s = str_from(s, str_find(s, STR("*/")) + 2);
        else
            return s;
    }
}

static bool next(struct lexer *l)
{
    struct str s = skip_blanks(l->rest);
    size_t n = 1;
    l->now = (struct token){STR(""), false};
    if (!s.n) {
        l->rest = s;
        return false;
    }
    if (s.p[0] == '\'') {
        n = skip_quoted(s, '\'');
    } else if (s.p[0] == '$') {
        n = skip_dollars(s);
    } else if (s.p[0] == '"' || s.p[0] == '`' || s.p[0] == '[') {
        n = skip_quoted(s, s.p[0] == '[' ? ']' : s.p[0]);
        l->now = (struct token){str_sub(s, 0, n), true};
    } else if (in_word(s.p[0])) {
        while (n < s.n && in_word(s.p[n]))
            n++;
        l->now = (struct token){str_sub(s, 0, n), true};
    } else {
        l->now.text = str_sub(s, 0, 1);
    }
    l->rest = str_from(s, n);
    return true;
}

static bool is(const struct lexer *l, const char *word)
{
    return str_eq_fold_c(l->now.text, word);
}

static bool take(struct lexer *l, const char *word)
{
    if (!is(l, word))
        return false;
    next(l);
    return true;
}

/* a.b."c": the last part. The lexer stands behind it. */
static struct str take_name(struct lexer *l)
{
    struct str name = STR("");
    while (l->now.word) {
        name = l->now.text;
        next(l);
        if (!take(l, "."))
            break;
    }
    return name;
}

static bool take_if(struct lexer *l)
{
    if (!take(l, "if"))
        return false;
    take(l, "not");
    take(l, "exists");
    return true;
}

/* Up to a comma or the end on this level. */
static void skip_item(struct lexer *l, unsigned depth)
{
    unsigned at = depth;
    while (l->now.text.n || l->rest.n) {
        if (at == depth && (is(l, ",") || is(l, ";") || is(l, ")")))
            return;
        at += is(l, "(");
        at -= is(l, ")") && at;
        if (!next(l))
            return;
    }
}

static bool begins_no_column(const struct lexer *l)
{
    static const char *const words[] = {"constraint", "primary", "unique",   "foreign",
                                        "check",      "exclude", "like",     "key",
                                        "index",      "period",  "fulltext", "spatial"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(l, words[i]))
            return true;
    return false;
}

static void table_columns(struct lexer *l, enum touch_verb verb, struct str table,
                          struct touches *out, struct arena *mem)
{
    if (!take(l, "("))
        return;
    for (;;) {
        if (l->now.word && !begins_no_column(l))
            put(out, mem, verb, "column", l->now.text, table);
        skip_item(l, 0);
        if (!take(l, ","))
            return;
    }
}

static const char *kind_of(const struct lexer *l)
{
    static const char *const kinds[][2] = {
        {"table", "table"},       {"view", "view"},         {"index", "index"},
        {"trigger", "trigger"},   {"sequence", "sequence"}, {"function", "routine"},
        {"procedure", "routine"}, {"type", "type"},         {"domain", "type"},
        {"schema", "schema"},     {"event", "event"},       {"policy", "policy"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is(l, kinds[i][0]))
            return kinds[i][1];
    return NULL;
}

/* The kind of the object within the first words, which say how it is made. */
static const char *find_kind(struct lexer *l, bool *replaces)
{
    enum { WORDS = 16 };
    for (int i = 0; i < WORDS; i++) {
        const char *kind = kind_of(l);
        if (kind) {
            next(l);
            return kind;
        }
        *replaces = *replaces || is(l, "replace");
        if (is(l, ";") || is(l, "(") || !next(l))
            return NULL;
    }
    return NULL;
}

static void on_create(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool replaces = false;
    const char *kind = find_kind(l, &replaces);
    if (!kind)
        return;
    take(l, "concurrently");
    replaces = take_if(l) || replaces;
    struct str name = take_name(l), parent = STR("");
    bool index = str_eq_c(str_c(kind), "index");
    for (int i = 0; i < 16 && (index || str_eq_c(str_c(kind), "trigger")); i++) {
        if (take(l, "on")) {
            take(l, "only");
            parent = take_name(l);
            break;
        }
        if (is(l, ";") || !next(l))
            break;
    }
    enum touch_verb verb = replaces ? TOUCH_ALTER : TOUCH_MAKE;
    if (index && str_eq_fold_c(name, "on"))
        return; /* an index without a name */
    put(out, mem, verb, kind, name, parent);
    if (str_eq_c(str_c(kind), "table"))
        table_columns(l, verb, name, out, mem);
}

static void on_drop(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool unused = false;
    const char *kind = find_kind(l, &unused);
    if (!kind)
        return;
    take(l, "concurrently");
    take_if(l);
    struct str name = take_name(l), parent = take(l, "on") ? take_name(l) : STR("");
    put(out, mem, TOUCH_DROP, kind, name, parent);
}

/* One action of ALTER TABLE. */
static void on_action(struct lexer *l, struct str table, struct touches *out, struct arena *mem)
{
    bool add = is(l, "add"), drop = is(l, "drop"), rename = is(l, "rename");
    bool change = is(l, "alter") || is(l, "modify") || is(l, "change");
    if (!add && !drop && !rename && !change)
        return;
    next(l);
    if (take(l, "constraint")) {
        bool maybe = take_if(l);
        put(out, mem,
            maybe || change || rename ? TOUCH_ALTER
            : add                     ? TOUCH_MAKE
                                      : TOUCH_DROP,
            "constraint", take_name(l), table);
        return;
    }
    if (rename && take(l, "to")) {
        put(out, mem, TOUCH_DROP, "table", table, STR(""));
        put(out, mem, TOUCH_MAKE, "table", take_name(l), STR(""));
        return;
    }
    take(l, "column");
    bool maybe = take_if(l);
    if (begins_no_column(l) || !l->now.word)
        return;
    struct str name = take_name(l);
    if (add || drop)
        put(out, mem, maybe ? TOUCH_ALTER : add ? TOUCH_MAKE : TOUCH_DROP, "column", name, table);
    else if (change)
        put(out, mem, TOUCH_ALTER, "column", name, table);
    else if (take(l, "to")) {
        put(out, mem, TOUCH_DROP, "column", name, table);
        put(out, mem, TOUCH_MAKE, "column", take_name(l), table);
    }
}

static void on_alter(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool unused = false;
    const char *kind = find_kind(l, &unused);
    if (!kind)
        return;
    take_if(l);
    take(l, "only");
    struct str name = take_name(l);
    if (!str_eq_c(str_c(kind), "table")) {
        put(out, mem, TOUCH_ALTER, kind, name, STR(""));
        return;
    }
    do {
        on_action(l, name, out, mem);
        skip_item(l, 0);
    } while (take(l, ","));
}

void touch_sql(struct str text, struct arena *mem, struct touches *out)
{
    struct lexer l = {.rest = text};
    next(&l);
    while (l.now.text.n || l.rest.n) {
        if (take(&l, "create"))
            on_create(&l, out, mem);
        else if (take(&l, "drop"))
            on_drop(&l, out, mem);
        else if (take(&l, "alter"))
            on_alter(&l, out, mem);
        /* a body may hold semicolons: its statements are looked at like others */
        while ((l.now.text.n || l.rest.n) && !is(&l, ";"))
            next(&l);
        take(&l, ";");
    }
}
