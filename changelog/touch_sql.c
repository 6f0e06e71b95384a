/* Which objects statements touch, as far as their heads tell; see master.h. */

#include "changelog/master.h"

/* Tokens of a statement: words, quoted names, and single characters. Comments and strings are
 * passed over; a string is one token without text. */
struct token {
    struct str text;
    bool word; /* a word or a quoted name */
};
struct lexer {
    struct str rest;
    struct token now;
    bool body; /* a routine or trigger was made: what follows may be its statements */
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

/* One of the words of a list with commas. */
static bool is_any(const struct lexer *l, const char *words)
{
    struct str rest = str_c(words), word;
    while (l->now.word && str_cut(&rest, ',', &word))
        if (str_eq_fold(l->now.text, word))
            return true;
    return false;
}

static bool take(struct lexer *l, const char *word)
{
    if (!is(l, word))
        return false;
    next(l);
    return true;
}

/* a.b."c": the last part, and the one before it. The lexer stands behind it. */
static struct str take_path(struct lexer *l, struct str *before)
{
    struct str name = STR("");
    *before = name;
    while (l->now.word) {
        *before = name;
        name = l->now.text;
        next(l);
        if (!take(l, "."))
            break;
    }
    return name;
}

static struct str take_name(struct lexer *l)
{
    struct str before;
    return take_path(l, &before);
}

/* The next words, so many: what tells statements of a kind apart that has no rule of its own. */
static void put_other(struct lexer *l, int words, struct touches *out, struct arena *mem)
{
    static const char no_names[] = "or,replace,if,not,exists,on";
    struct strbuf b = sb_new(mem, 0);
    for (; words && l->now.word; next(l)) {
        if (is_any(l, no_names))
            continue;
        if (b.n)
            sb_char(&b, ' ');
        sb_str(&b, l->now.text);
        words--;
    }
    touch_put(out, mem, TOUCH_USE, "other", sb_view(&b), STR(""));
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
static void skip_item(struct lexer *l)
{
    unsigned at = 0;
    while (l->now.text.n || l->rest.n) {
        if (!at && (is(l, ",") || is(l, ";") || is(l, ")")))
            return;
        at += is(l, "(");
        at -= is(l, ")") && at;
        if (!next(l))
            return;
    }
}

static bool begins_no_column(const struct lexer *l)
{
    return is_any(l, "constraint,primary,unique,foreign,check,exclude,like,key,index,period,"
                     "fulltext,spatial");
}

static void table_columns(struct lexer *l, enum touch_verb verb, struct str table,
                          struct touches *out, struct arena *mem)
{
    if (!take(l, "("))
        return;
    for (;;) {
        if (l->now.word && !begins_no_column(l))
            touch_put(out, mem, verb, "column", l->now.text, table);
        skip_item(l);
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

/* What has no rule of its own, though a word that is a kind may follow. */
static bool is_other_kind(const struct lexer *l)
{
    static const char words[] = "extension,publication,subscription,statistics,operator,rule,cast,"
                                "default,user,role,server,database,collation,conversion,language,"
                                "access,text,transform,aggregate,tablespace,data,group,system";
    return is_any(l, words);
}

/* The kind of the object within the first words, which say how it is made; NULL: the lexer stands
 * where it was. */
static const char *find_kind(struct lexer *l, bool *replaces)
{
    enum { WORDS = 16 };
    const struct lexer start = *l;
    for (int i = 0; i < WORDS; i++) {
        const char *kind = kind_of(l);
        if (is_other_kind(l))
            break;
        if (kind) {
            next(l);
            if (!str_eq_c(STR("event"), kind) || !is(l, "trigger"))
                return kind;
            break; /* an event trigger is neither */
        }
        *replaces = *replaces || is(l, "replace");
        if (is(l, ";") || is(l, "(") || !next(l))
            break;
    }
    *l = start;
    return NULL;
}

static void on_create(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool replaces = false;
    const char *kind = find_kind(l, &replaces);
    if (!kind) {
        put_other(l, 2, out, mem);
        return;
    }
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
    touch_put(out, mem, verb, kind, name, parent);
    l->body = l->body || str_has_word(STR("trigger,routine,event"), str_c(kind));
    if (str_eq_c(str_c(kind), "table"))
        table_columns(l, verb, name, out, mem);
}

static void on_drop(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool unused = false;
    const char *kind = find_kind(l, &unused);
    if (!kind) {
        put_other(l, 2, out, mem);
        return;
    }
    take(l, "concurrently");
    take_if(l);
    do {
        struct str name = take_name(l), parent = take(l, "on") ? take_name(l) : STR("");
        touch_put(out, mem, TOUCH_DROP, kind, name, parent);
        if (is(l, "(")) /* arguments of a routine */
            skip_item(l);
    } while (take(l, ","));
}

/* What an action of ALTER TABLE does that has no name of its own. */
static void put_table(struct str table, struct touches *out, struct arena *mem)
{
    touch_put(out, mem, TOUCH_USE, "table", table, STR(""));
}

/* A key, an index or a check of a table. */
static void on_key(struct lexer *l, enum touch_verb verb, struct str table, struct touches *out,
                   struct arena *mem)
{
    if (is(l, "primary")) {
        touch_put(out, mem, verb, "primary key", table, table);
        return;
    }
    bool constraint = is(l, "foreign") || is(l, "check");
    bool named = take(l, "unique") || take(l, "fulltext") || take(l, "spatial") ||
                 take(l, "foreign") || take(l, "check");
    named = take(l, "index") || take(l, "key") || named;
    take_if(l);
    struct str name = named ? take_name(l) : STR("");
    if (!name.n) {
        put_table(table, out, mem);
        return;
    }
    const char *kind = constraint ? "constraint" : "index";
    touch_put(out, mem, verb, kind, name, table);
    if (take(l, "to"))
        touch_put(out, mem, TOUCH_MAKE, kind, take_name(l), table);
}

static void rename_table(struct lexer *l, struct str table, struct touches *out, struct arena *mem)
{
    touch_put(out, mem, TOUCH_DROP, "table", table, STR(""));
    touch_put(out, mem, TOUCH_MAKE, "table", take_name(l), STR(""));
}

/* One action of ALTER TABLE. */
static void on_action(struct lexer *l, struct str table, struct touches *out, struct arena *mem)
{
    bool rename = is(l, "rename");
    bool change = is(l, "alter") || is(l, "modify") || is(l, "change");
    enum touch_verb verb = is(l, "add")              ? TOUCH_MAKE
                           : is(l, "drop") || rename ? TOUCH_DROP
                           : change                  ? TOUCH_ALTER
                                                     : TOUCH_USE;
    if (verb == TOUCH_USE) {
        put_table(table, out, mem);
        return;
    }
    next(l);
    if (take(l, "constraint")) {
        bool maybe = take_if(l);
        touch_put(out, mem, maybe || rename ? TOUCH_ALTER : verb, "constraint", take_name(l),
                  table);
        return;
    }
    if (rename && (take(l, "to") || take(l, "as"))) {
        rename_table(l, table, out, mem);
        return;
    }
    take(l, "column");
    bool maybe = take_if(l);
    if (begins_no_column(l) || !l->now.word) {
        on_key(l, verb, table, out, mem);
        return;
    }
    touch_put(out, mem, maybe ? TOUCH_ALTER : verb, "column", take_name(l), table);
    if (rename && take(l, "to"))
        touch_put(out, mem, TOUCH_MAKE, "column", take_name(l), table);
}

static void on_alter(struct lexer *l, struct touches *out, struct arena *mem)
{
    bool unused = false;
    const char *kind = find_kind(l, &unused);
    if (!kind) {
        put_other(l, 2, out, mem);
        return;
    }
    take_if(l);
    take(l, "only");
    struct str name = take_name(l);
    if (!str_eq_c(str_c(kind), "table")) {
        touch_put(out, mem, TOUCH_ALTER, kind, name, STR(""));
        return;
    }
    do {
        on_action(l, name, out, mem);
        skip_item(l);
    } while (take(l, ","));
}

/* RENAME TABLE a TO b, c TO d */
static void on_rename(struct lexer *l, struct touches *out, struct arena *mem)
{
    take(l, "table");
    do {
        struct str name = take_name(l);
        if (take(l, "to"))
            rename_table(l, name, out, mem);
    } while (take(l, ","));
}

/* COMMENT ON kind name [ON table] */
static void on_comment(struct lexer *l, struct touches *out, struct arena *mem)
{
    take(l, "on");
    take(l, "materialized");
    struct str above;
    bool column = is(l, "column");
    const char *kind = column ? "column" : is(l, "constraint") ? "constraint" : kind_of(l);
    if (!kind) {
        put_other(l, 2, out, mem);
        return;
    }
    next(l);
    struct str name = take_path(l, &above), parent = take(l, "on") ? take_name(l) : STR("");
    touch_put(out, mem, TOUCH_USE, kind, name, column ? above : parent);
}

/* GRANT and REVOKE ... ON [kind] name, name */
static void on_grant(struct lexer *l, struct touches *out, struct arena *mem)
{
    while (!is(l, "on") && !is(l, ";") && next(l))
        continue;
    if (!take(l, "on") || is(l, "all")) {
        touch_put(out, mem, TOUCH_USE, "other", STR("grant"), STR(""));
        return;
    }
    const char *kind = kind_of(l);
    if (kind)
        next(l);
    do {
        touch_put(out, mem, TOUCH_USE, kind ? kind : "table", take_name(l), STR(""));
        if (is(l, "("))
            skip_item(l);
    } while (take(l, ","));
}

/* INSERT, UPDATE and the like: the table, within the first words. */
static void on_rows(struct lexer *l, struct touches *out, struct arena *mem)
{
    static const char before[] = "into,from,table,only,or,replace,ignore,rollback,abort,fail,"
                                 "low_priority,high_priority,delayed,quick";
    while (is_any(l, before))
        next(l);
    struct str table = take_name(l);
    touch_put(out, mem, TOUCH_USE, "rows", table, table);
}

static void on_statement(struct lexer *l, struct touches *out, struct arena *mem)
{
    static const char of_rows[] = "insert,replace,update,delete,truncate,merge";
    static const char silent[] = "select,set,reset,pragma,begin,start,commit,end,rollback,"
                                 "savepoint,release,use,lock,unlock,show,explain,analyze,vacuum";
    if (take(l, "create"))
        on_create(l, out, mem);
    else if (take(l, "drop"))
        on_drop(l, out, mem);
    else if (take(l, "alter"))
        on_alter(l, out, mem);
    else if (l->body || !l->now.word || is_any(l, silent))
        return;
    else if (take(l, "rename"))
        on_rename(l, out, mem);
    else if (take(l, "comment"))
        on_comment(l, out, mem);
    else if (take(l, "grant") || take(l, "revoke"))
        on_grant(l, out, mem);
    else if (!is_any(l, of_rows))
        put_other(l, 2, out, mem);
    else if (next(l))
        on_rows(l, out, mem);
}

void touch_sql(struct str text, struct arena *mem, struct touches *out)
{
    struct lexer l = {.rest = text};
    next(&l);
    while (l.now.text.n || l.rest.n) {
        on_statement(&l, out, mem);
        /* a body may hold semicolons: its statements are looked at like others */
        while ((l.now.text.n || l.rest.n) && !is(&l, ";"))
            next(&l);
        take(&l, ";");
    }
}
