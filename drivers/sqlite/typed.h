#ifndef SNAP_DRIVERS_SQLITE_TYPED_H
#define SNAP_DRIVERS_SQLITE_TYPED_H

/*
 * The allow-list of Liquibase change types on SQLite: what arrives exactly as meant, as shown by a
 * run of the real Liquibase for each row (tests/liquibase). Everything else is written as `sql`.
 */

#include "core/ddl.h"

/* Each gives the last statement of d its change type, where its names need no quotes. */
void lite_typed_name(struct ddl *d, const char *type, const char *key, struct str name);
void lite_typed_rename(struct ddl *d, const char *type, struct str from, struct str to);
void lite_typed_rename_column(struct ddl *d, struct str table, struct str from, struct str to);
void lite_typed_view(struct ddl *d, struct str name, struct str query);
struct lite_index;
void lite_typed_index(struct ddl *d, const struct lite_index *index);

/* engine.typed_sql: what Liquibase runs for a change type of the list. */
bool lite_typed_sql(const struct typed *t, struct strbuf *out);

#endif
