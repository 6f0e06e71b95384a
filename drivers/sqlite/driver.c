/* The SQLite engine: what kinds there are, how names and URLs look. Pure half. */

#include "core/engine.h"
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
    &lite_trigger_kind, &lite_virtual_kind,     &lite_pragma_kind,
};

/* A database of SQLite 3: its magic, or a file without any byte, which is an empty one. */
static bool is_database(struct str head, uint64_t size)
{
    return size == 0 || str_starts(head, (struct str){"SQLite format 3\0", 16});
}

/* Words that decide where a statement of a script ends: the body of a trigger holds semicolons. */
static bool split(struct str *script, struct str *stmt)
{
    struct lexer l = lex_open(*script);
    struct tok t = lex_next(&l);
    while (tok_is_op(t, ";") || (tok_is_op(t, ".") && (t.at == 0 || script->p[t.at - 1] == '\n'))) {
        if (tok_is_op(t, ".")) /* a command of the shell: the line */
            l.at = t.at + str_chr(str_from(*script, t.at), '\n');
        t = lex_next(&l);
    }
    if (t.type == T_END) {
        *script = STR_NULL;
        return false;
    }
    size_t from = t.at, end = from, words = 0, begins = 0;
    bool create = tok_is(t, "create"), trigger = false;
    for (; t.type != T_END; t = lex_next(&l), words++) {
        if (create && words <= 2 && tok_is(t, "trigger"))
            trigger = true;
        if (trigger && (tok_is(t, "begin") || tok_is(t, "case")))
            begins++;
        if (trigger && tok_is(t, "end") && begins)
            begins--;
        if (tok_is_op(t, ";") && !begins)
            break;
        end = t.at + t.text.n;
    }
    *stmt = str_sub(*script, from, end);
    *script = str_from(*script, t.type == T_END ? script->n : t.at + 1);
    return true;
}

/* Blanks between tokens, and comments, lose nothing by a newline in place of a carriage return or
 * form feed; inside quotes they mean themselves. */
static void spell_gap(struct str gap, struct strbuf *out)
{
    for (size_t i = 0; i < gap.n; i++) {
        char c = gap.p[i];
        bool crlf = c == '\r' && i + 1 < gap.n && gap.p[i + 1] == '\n';
        if (crlf)
            continue;
        sb_char(out, c == '\r' || c == '\f' || c == '\v' ? '\n' : c);
    }
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t' && s.p[i] != '\n')
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
        if (str_chr(t.text, '\r') < t.text.n)
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
    .refuse = refuse,
    .begin = "BEGIN IMMEDIATE",
    .commit = "COMMIT",
    .script_head = ".bail on\n",
    .script_run = "sqlite3 DATABASE < SCRIPT",
    .live = LIVE,
};
