/* Collations and conversions: both come and go as a whole. */

#include "drivers/postgresql/postgresql.h"

#define ALTER(id, nm, f, text) static const struct alter id = {.name = nm, .fn = f, .doc = text}
ALTER(create, "collation.create", pg_def_create, "CREATE COLLATION");
ALTER(drop, "collation.drop", pg_def_drop, "DROP COLLATION");
ALTER(c_create, "conversion.create", pg_def_create, "CREATE CONVERSION");
ALTER(c_drop, "conversion.drop", pg_def_drop, "DROP CONVERSION");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its CREATE"},
    PG_OWNER,
};
/* clang-format on */

const struct kind_desc pg_collation_kind = {
    .name = "collation",
    .parents = "schema",
    .rank = 18,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "collation",
};

const struct kind_desc pg_conversion_kind = {
    .name = "conversion",
    .parents = "schema",
    .rank = 36,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &c_create,
    .drop = &c_drop,
    .doc = "conversion between encodings",
};
