#ifndef SNAP_DRIVERS_MYSQL_TEXT_H
#define SNAP_DRIVERS_MYSQL_TEXT_H

/*
 * SQL as MySQL and MariaDB write and read it: strings with backslashes, names in backquotes,
 * comments that are code (version comments). Pure; never fails: what is not closed runs to the end.
 */

#include "core/arena.h"
#include "core/strbuf.h"

enum my_tok_type {
    MY_END,
    MY_WORD,   /* unquoted name, keyword, number, @variable; also _latin1 */
    MY_NAME,   /* `name` */
    MY_STRING, /* 'text' or "text" */
    MY_OP,     /* one byte of punctuation */
};

struct my_tok {
    enum my_tok_type type;
    struct str text; /* as written */
    size_t at;       /* offset in the text */
};

struct my_lex {
    struct str sql;
    size_t at; /* where the next token is looked for */
};

/* The next token; blanks and comments are skipped, the marks of version comments are too, so that
 * what is in them is read as code. MY_END at the end, again and again. */
struct my_tok my_next(struct my_lex *l);
struct my_tok my_peek(const struct my_lex *l);
/* A word equal to the keyword, in any case. */
bool my_is(struct my_tok t, const char *keyword);
bool my_is_op(struct my_tok t, char c);
/* Takes the words of `phrase`, "NOT NULL", when they stand next. */
bool my_take(struct my_lex *l, const char *phrase);
/* Takes a balanced (...) and gives the text between the parentheses; false when none stands next.
 */
bool my_parens(struct my_lex *l, struct str *inside);
/* Name of a MY_NAME or MY_WORD token without its quotes; text of a MY_STRING without its escapes.
 */
struct str my_unquote(struct arena *mem, struct my_tok t);
/* Cuts the next part that ends at a comma outside quotes and parentheses off *rest; trimmed. False
 * when nothing is left. */
bool my_cut(struct str *rest, struct str *part);

/* The text without comments and without the marks of those that are code; blanks as they are, one
 * where a mark stood. */
struct str my_uncommented(struct arena *mem, struct str text);

/* `name`, always in quotes, as SHOW CREATE has it. */
void my_put_name(struct strbuf *out, struct str name);
/* 'text' with the escapes of SHOW CREATE. */
void my_put_string(struct strbuf *out, struct str text);

#endif
