#ifndef SNAP_CORE_STR_H
#define SNAP_CORE_STR_H

/*
 * Text that we do not own: a pointer and a length in bytes. It may hold NUL and need not end
 * with one. {NULL, 0} means "absent", {"", 0} means "empty"; str_is_null tells them apart.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_NULL ((struct str){NULL, 0})
/* For printf: printf("%.*s", STR_ARG(s)). Values longer than INT_MAX are cut. */
#define STR_ARG(s) ((int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n)), ((s).p ? (s).p : "")

/* A C string as a str; NULL becomes the absent str. */
struct str str_c(const char *s);
/* The bytes [p, end). */
struct str str_range(const char *p, const char *end);
bool str_is_null(struct str s);
bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *b);
/* Equal but for the case of ASCII letters. */
bool str_eq_fold(struct str a, struct str b);
bool str_eq_fold_c(struct str a, const char *b);
/* Order by bytes, shorter first on a tie: <0, 0, >0. Never by locale. */
int str_cmp(struct str a, struct str b);
/* The same for qsort and bsearch over an array of struct str. */
int str_order(const void *a, const void *b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* The part from byte `from` on; empty when from is past the end. */
struct str str_from(struct str s, size_t from);
/* Bytes [from, to), both cut to the length. */
struct str str_sub(struct str s, size_t from, size_t to);
/* Position of the first byte c, or s.n when there is none. */
size_t str_chr(struct str s, char c);
/* Position of the first occurrence of needle, or s.n when there is none. */
size_t str_find(struct str s, struct str needle);
/* Number, from 1, of the line of the text in which `at`, a place of it, stands. */
int str_line(struct str text, const char *at);
/* Without blanks, tabs and line ends at both ends. */
struct str str_trim(struct str s);
/* Cuts the next part that ends at byte c (or at the end) off *rest; false when nothing is left. */
bool str_cut(struct str *rest, char c, struct str *part);
/* Whether the comma separated list holds the word. */
bool str_has_word(struct str list, struct str word);
/* A decimal integer with optional sign that fills the whole text; false otherwise or on overflow.
 */
bool str_int(struct str s, int64_t *out);
/* True when the bytes are well-formed UTF-8 without NUL. */
bool str_is_utf8(struct str s);

/* ASCII only; the ctype functions depend on the locale. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(char c)
{
    char l = ascii_lower(c);
    return l >= 'a' && l <= 'z';
}
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif
