/* The SQLite engine: what kinds there are, how names and URLs look. Pure half. */

#include "core/engine.h"
#include "drivers/sqlite/liquibase.h"
#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/typed.h"

#ifdef SNAP_WITH_SQLITE
extern const struct live_ops lite_live;
#define LIVE &lite_live
#else
#define LIVE NULL
#endif

static const struct kind_desc *const kinds[] = {
    &lite_table_kind,   &lite_column_kind,      &lite_primary_key_kind, &lite_unique_kind,
    &lite_check_kind,   &lite_foreign_key_kind, &lite_index_kind,       &lite_view_kind,
    &lite_trigger_kind, &lite_virtual_kind,     &lite_pragma_kind,      &lite_rows_kind,
    &lite_row_kind,
};

/* A database of SQLite 3: its magic, or a file without any byte, which is an empty one. */
static bool is_database(struct str head, uint64_t size)
{
    return size == 0 || str_starts(head, (struct str){"SQLite format 3\0", 16});
}

/* A command of the shell stands at the begin of a line. */
static bool is_dot(struct str script, struct tok t)
{
    return tok_is_op(t, ".") && (t.at == 0 || script.p[t.at - 1] == '\n');
}

/* A command of the shell that changes nothing in the database: it may be passed over. */
static bool is_harmless(struct str line)
{
    static const char *const harmless[] = {
        "bail", "changes",   "echo",   "eqp",     "explain",  "fullschema", "header", "headers",
        "mode", "nullvalue", "output", "print",   "progress", "prompt",     "schema", "separator",
        "show", "stats",     "tables", "timeout", "timer",    "trace",      "width"};
    struct lexer l = lex_open(str_from(line, 1));
    struct tok t = lex_next(&l);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (tok_is(t, harmless[i]))
            return true;
    return false;
}

/* Where the statement that begins with t ends, as sqlite3_complete() has it: at a semicolon; that
 * of a trigger at one behind END behind another one. */
static size_t statement_end(struct lexer *l, struct tok t)
{
    bool create = tok_is(t, "create"), trigger = false;
    size_t end = t.at;
    for (int words = 0, closing = 0; t.type != T_END; t = lex_next(l), words++) {
        trigger = trigger || (create && words <= 2 && tok_is(t, "trigger"));
        if (tok_is_op(t, ";") && (!trigger || closing == 2))
            return end;
        closing = tok_is_op(t, ";") ? 1 : closing == 1 && tok_is(t, "end") ? 2 : 0;
        end = t.at + t.text.n;
    }
    return end;
}

static bool split_off(struct str *script, struct str *stmt)
{
    struct lexer l = lex_open(*script);
    struct tok t = lex_next(&l);
    while (tok_is_op(t, ";") || is_dot(*script, t)) {
        if (is_dot(*script, t)) {
            struct str line = str_from(*script, t.at);
            line = str_sub(line, 0, str_chr(line, '\n'));
            l.at = t.at + line.n;
            if (!is_harmless(line)) {
                *stmt = line;
                *script = str_from(*script, l.at);
                return true;
            }
        }
        t = lex_next(&l);
    }
    if (t.type == T_END) {
        *script = STR_NULL;
        return false;
    }
    *stmt = str_sub(*script, t.at, statement_end(&l, t));
    *script = str_from(*script, l.at);
    return true;
}

static bool split(struct script *script, struct str *stmt)
{
    return split_off(&script->rest, stmt);
}

/* Blanks between tokens lose nothing by a newline in place of a carriage return, form feed or
 * vertical tab; inside quotes they mean themselves. A comment keeps all but its carriage returns;
 * in one that ends with its line a carriage return is a blank, since a newline would let its rest
 * out as SQL. */
static void spell_gap(struct str gap, struct strbuf *out)
{
    enum { BLANKS, LINE, BLOCK } in = BLANKS;
    for (size_t i = 0, open = 0; i < gap.n; i++) {
        char c = gap.p[i], next = i + 1 < gap.n ? gap.p[i + 1] : '\0';
        bool closes = in == BLOCK && c == '/' && i > open + 2 && gap.p[i - 1] == '*';
        if (closes || (in == LINE && c == '\n')) {
            in = BLANKS;
        } else if (in == BLANKS && ((c == '-' && next == '-') || (c == '/' && next == '*'))) {
            in = c == '-' ? LINE : BLOCK;
            open = i;
        }
        if (c == '\r' && next == '\n')
            continue;
        if (c == '\r')
            c = in == LINE ? ' ' : '\n';
        else if (in == BLANKS && (c == '\f' || c == '\v'))
            c = '\n';
        sb_char(out, c);
    }
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t' && s.p[i] != '\n')
            return true;
    return false;
}

/* A name without quotes that Liquibase's lexer does not take. Quotes would change what a type is
 * called. */
static bool ends_liquibase(struct tok t)
{
    for (size_t i = 0; t.type == T_WORD && i < t.text.n; i++)
        if (lex_liquibase_ends(t.text, i))
            return true;
    return false;
}

static bool spell(struct str sql, struct strbuf *out)
{
    struct lexer l = lex_open(sql);
    size_t end = 0;
    for (;;) {
        struct tok t = lex_next(&l);
        spell_gap(str_sub(sql, end, t.at), out);
        if (t.type == T_END)
            return true;
        if (str_chr(t.text, '\r') < t.text.n || ends_liquibase(t))
            return false;
        if (t.type == T_QUOTED && t.text.p[0] != '"' && has_control(t.text))
            sql_fmt(out, &lite_dialect, "%I", tok_name(out->mem, t));
        else
            sb_str(out, t.text);
        end = t.at + t.text.n;
    }
}

static void refuse(struct str why, struct strbuf *out)
{
    sql_fmt(out, &lite_dialect, "SELECT snap_irreversible(%L)", why);
}

const struct engine engine_sqlite = {
    .name = "sqlite",
    .title = "SQLite",
    .schemes = "sqlite,jdbc:sqlite",
    .dbms = "sqlite",
    .liquibase_names = "sqlite",
    .from_liquibase = lite_from_liquibase,
    .liquibase_holds = lite_liquibase_holds,
    .liquibase_same = lite_liquibase_same,
    .liquibase_part = lite_liquibase_part,
    .liquibase_settle = lite_liquibase_settle,
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .url_keys = "immutable,lenient",
    .facets = F_DEFAULT,
    .file_based = true,
    .is_database = is_database,
    .fold = lite_fold,
    .split = split,
    .typed_sql = lite_typed_sql,
    .spell = spell,
    .relate = lite_relate,
    .to_liquibase = lite_to_liquibase,
    .reserved = lite_reserved,
    .refuse = refuse,
    .begin = "BEGIN IMMEDIATE",
    .commit = "COMMIT",
    .plain_begin = "SAVEPOINT snap",
    .plain_commit = "RELEASE snap",
    .script_head = ".bail on\n",
    .script_run = "sqlite3 DATABASE < SCRIPT",
    .live = LIVE,
};
