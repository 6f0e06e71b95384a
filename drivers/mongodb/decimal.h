#ifndef SNAP_DRIVERS_MONGODB_DECIMAL_H
#define SNAP_DRIVERS_MONGODB_DECIMAL_H

/*
 * Numbers and their texts, whatever the locale is. A decimal is the 16 bytes of BSON: IEEE 754-2008
 * decimal128 with a binary coefficient, little endian. Its text is that of the BSON specification's
 * decimal128.
 */

#include "core/strbuf.h"

enum { MG_DECIMAL_BYTES = 16 };

/* The text of a decimal: 1.500, 1E+6144, NaN, -Infinity. Not canonical encodings (a coefficient of
 * more than 34 digits, a NaN or an infinity with other bits) are 0, NaN and Infinity. */
void mg_decimal_put(struct strbuf *out, const unsigned char bytes[MG_DECIMAL_BYTES]);
/* The reverse; false for a text that is no number, or one that a decimal cannot hold exactly. */
bool mg_decimal_read(struct str text, unsigned char bytes[MG_DECIMAL_BYTES]);
/* Whether both have the same text. */
bool mg_decimal_same(const unsigned char a[MG_DECIMAL_BYTES],
                     const unsigned char b[MG_DECIMAL_BYTES]);
/* The integer that it is; false where it is none within 64 bits. */
bool mg_decimal_whole(const unsigned char bytes[MG_DECIMAL_BYTES], int64_t *out);
/* Its number in words, so that equal numbers have equal words and others do not: as
 * mg_double_words where a double is the very same number, else digits with the suffix `m`. */
void mg_decimal_words(struct strbuf *out, const unsigned char bytes[MG_DECIMAL_BYTES]);

/* The shortest text that reads back as the same double, always with a point, an exponent or a
 * name: 1.0, -0.0, 0.1, 1e300, NaN, -Infinity. */
void mg_double_put(struct strbuf *out, double d);
/* Its number in words: 1, 0 (also for -0.0), 0.1, 1e300. Equal to that of an integer that it is. */
void mg_double_words(struct strbuf *out, double d);
/* A JSON number or one of NaN, Infinity, -Infinity; false for anything else and for what is beyond
 * the largest double. */
bool mg_double_read(struct str text, double *out);

#endif
