#ifndef SNAP_DRIVERS_SQLITE_CURSOR_H
#define SNAP_DRIVERS_SQLITE_CURSOR_H

/* Reading a CREATE statement token by token. Errors stick: after the first, every call does nothing
 * and `bad` is set, so a reader checks once at the end. */

#include "drivers/sql/lex.h"
#include "drivers/sqlite/canon.h"

struct cursor {
    struct arena *mem;
    struct lexer lex;
    struct tok tok; /* the current token */
    size_t end;     /* offset after the token that was taken last */
    bool bad;
};

struct cursor cur_open(struct arena *mem, struct str sql);
void cur_step(struct cursor *c);
/* Takes the token when it is this keyword (any case) or operator. */
bool cur_accept(struct cursor *c, const char *keyword);
bool cur_accept_op(struct cursor *c, const char *op);
/* The same, but anything else is an error. */
void cur_expect(struct cursor *c, const char *keyword);
void cur_expect_op(struct cursor *c, const char *op);
/* Takes a name, without quotes. */
struct str cur_name(struct cursor *c);
/* Takes [schema.]name and IF NOT EXISTS before it. */
struct str cur_object_name(struct cursor *c);
/* Takes a balanced (...); the text inside. */
struct str cur_parens(struct cursor *c);
/* The text from offset `from` to the end of the token taken last. */
struct str cur_text(const struct cursor *c, size_t from);
/* The rest of the statement, less blanks and a final semicolon. */
struct str cur_rest(const struct cursor *c);
/* A canonical copy of text, in mem. */
struct str cur_canon(const struct cursor *c, struct str text, const struct lite_names *known);
/* Takes (name, name ...), folded when asked. */
struct str *cur_names(struct cursor *c, bool fold, uint32_t *n);
/* Takes (term, term ...): canonical, ASC dropped, "a collate nocase desc". AUTOINCREMENT may stand
 * before the closing parenthesis where `autoincrement` is not NULL. */
struct str *cur_terms(struct cursor *c, const struct lite_names *known, uint32_t *n,
                      bool *autoincrement);

#endif
