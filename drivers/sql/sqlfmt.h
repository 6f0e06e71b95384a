#ifndef SNAP_DRIVERS_SQL_SQLFMT_H
#define SNAP_DRIVERS_SQL_SQLFMT_H

/*
 * Quoting inside the formatter, so that a name or a text cannot reach SQL raw.
 *   %I  struct str   identifier, quoted where it must be
 *   %L  struct str   string literal
 *   %S  struct str   text that the engine itself produced (canonical attribute, its own clause)
 *   %s  const char * constant text of ours
 *   %d  int64_t
 *   %%
 */

#include <stdarg.h>

#include "core/ddl.h"

struct sql_dialect {
    char quote;                                           /* of identifiers */
    bool (*is_keyword)(struct str name);                  /* must be quoted as a name; any case */
    void (*literal)(struct strbuf *out, struct str text); /* writes strings; NULL: '' doubled */
};

void sql_ident(struct strbuf *out, const struct sql_dialect *dia, struct str name);
void sql_literal(struct strbuf *out, const struct sql_dialect *dia, struct str text);
void sql_vfmt(struct strbuf *out, const struct sql_dialect *dia, const char *fmt, va_list ap);
void sql_fmt(struct strbuf *out, const struct sql_dialect *dia, const char *fmt, ...);

#endif
