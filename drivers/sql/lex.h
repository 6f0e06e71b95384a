#ifndef SNAP_DRIVERS_SQL_LEX_H
#define SNAP_DRIVERS_SQL_LEX_H

/* SQL text as tokens, for the SQL engines. Never fails: what it does not know is T_BAD. */

#include "core/arena.h"

enum tok_type {
    T_END,
    T_WORD,   /* unquoted name or keyword */
    T_QUOTED, /* "name" `name` [name] */
    T_STRING, /* 'text' */
    T_BLOB,   /* x'00' */
    T_NUMBER,
    T_PARAM, /* ?1 :name @name $name */
    T_OP,    /* operators and punctuation, the longest that fits */
    T_BAD,   /* unterminated quote or a byte that begins nothing */
};

struct tok {
    enum tok_type type;
    struct str text; /* as written */
    size_t at;       /* offset in the text */
};

struct lexer {
    struct str sql;
    size_t at; /* where the next token is looked for */
};

struct lexer lex_open(struct str sql);
/* The next token; blanks and comments are skipped. T_END at the end, again and again. */
struct tok lex_next(struct lexer *l);
/* The next token without taking it. */
struct tok lex_peek(const struct lexer *l);
/* A word equal to this keyword, in any case. */
bool tok_is(struct tok t, const char *keyword);
/* An operator or punctuation. */
bool tok_is_op(struct tok t, const char *op);
/* The name of a T_WORD, T_QUOTED or T_STRING token without its quotes. */
struct str tok_name(struct arena *a, struct tok t);
/* Can this token stand for a name? */
bool tok_is_name(struct tok t);
/* Skips a balanced (...) whose opening parenthesis is the next token; the text between the
 * parentheses in *inside. False when it is not balanced. */
bool lex_parens(struct lexer *l, struct str *inside);
/* Whether Liquibase's own lexer (4.28, 5.0.4), which looks at every statement, ends with an error
 * at the character that begins at `at`, where it stands outside of what it takes for quotes and
 * comments: control characters, U+FFFE and U+FFFF. */
bool lex_liquibase_ends(struct str s, size_t at);

#endif
