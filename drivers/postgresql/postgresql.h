#ifndef SNAP_DRIVERS_POSTGRESQL_POSTGRESQL_H
#define SNAP_DRIVERS_POSTGRESQL_POSTGRESQL_H

/* What the rooms of this engine share. The pure half: no client library. */

#include "core/ddl.h"
#include "core/engine.h"
#include "core/fact.h"
#include "drivers/sql/sqlfmt.h"

extern const struct engine engine_postgresql;
extern const struct sql_dialect pg_dialect;

/* Kinds, each in its room. */
extern const struct kind_desc pg_schema_kind, pg_extension_kind, pg_rows_kind, pg_row_kind;
extern const struct kind_desc pg_table_kind, pg_column_kind, pg_default_kind, pg_partition_kind,
    pg_replica_identity_kind, pg_identity_sequence_kind;
extern const struct kind_desc pg_primary_key_kind, pg_unique_kind, pg_check_kind, pg_exclude_kind,
    pg_foreign_key_kind, pg_domain_check_kind;
extern const struct kind_desc pg_index_kind, pg_sequence_kind, pg_owned_by_kind;
extern const struct kind_desc pg_view_kind, pg_matview_kind, pg_view_column_kind, pg_rule_kind;
extern const struct kind_desc pg_function_kind, pg_aggregate_kind, pg_trigger_kind, pg_policy_kind,
    pg_event_trigger_kind;
extern const struct kind_desc pg_enum_kind, pg_domain_kind, pg_composite_kind, pg_attribute_kind,
    pg_range_kind, pg_database_kind, pg_database_setting_kind, pg_base_type_kind,
    pg_type_function_kind, pg_shell_type_kind;
extern const struct kind_desc pg_default_acl_kind, pg_statistics_kind, pg_publication_kind,
    pg_publication_table_kind, pg_publication_schema_kind, pg_subscription_kind;
extern const struct kind_desc pg_fdw_kind, pg_server_kind, pg_user_mapping_kind;
extern const struct kind_desc pg_operator_kind, pg_operator_family_kind, pg_operator_class_kind,
    pg_cast_kind, pg_access_method_kind, pg_transform_kind, pg_language_kind, pg_collation_kind,
    pg_conversion_kind, pg_ts_parser_kind, pg_ts_template_kind, pg_ts_dictionary_kind,
    pg_ts_configuration_kind;

/* sql_fmt into the arena. */
struct str pg_text(struct arena *mem, const char *fmt, ...);
/* Appends a statement to d. */
void pg_ddl(struct ddl *d, unsigned flags, const char *fmt, ...);

/* The first n segments of a path as a qualified name: public.orders (2), public.orders.total (3).
 * Where the object's facts hold the server's own reference (src `id`), that. */
struct str pg_name(struct arena *mem, struct str path, unsigned segments);
/* How statements name an object: its src `id`, else its path as a qualified name. */
struct str pg_id(struct arena *mem, const struct obj *o);
/* Name of the last segment, quoted. */
struct str pg_last(struct arena *mem, struct str path);
/* The qualified name of the table (view ...) that the object lies in. */
struct str pg_table_of(struct arena *mem, struct str path);

/* What belongs to every object. `what` is the keyword of ALTER, COMMENT ON and GRANT ON: "TABLE".
 */
/* Owner, comment and grants of a new object; nothing where they are the default. */
void pg_dress(struct ddl *d, const char *what, struct str id, const struct obj *o);
void pg_comment(struct ddl *d, const char *what, struct str id, struct str comment);
/* Grants that turn those of `before` (NULL: a new object, with the default ones) into those of
 * `after`, in its order. `column` is "" or a list in parentheses behind each privilege. */
void pg_grants(struct ddl *d, const char *what, struct str id, const struct obj *before,
               const struct obj *after, struct str column);
/* The same after OWNER TO, which has given the old owner's grants to the new one. */
void pg_grants_under_owner(struct ddl *d, const char *what, struct str id, const struct change *c);
/* The same on the database, with these words for its name and its owner. */
void pg_database_grants(struct ddl *d, struct str name, struct str owner, const struct obj *before,
                        const struct obj *after);
/* The same for the sequences that columns of a table own, which get its owner with it. */
void pg_sequences_under_owner(struct ddl *d, struct str table);
/* Refuses SET LOGGED or UNLOGGED of a table, which the sequences of its identities follow, where
 * one of them is to differ from it. */
int pg_sequences_apart(struct ddl *d, struct str table, struct err *e);
/* The same for default privileges on `objects`, TABLES ..., each statement behind `prefix`; NULL
 * before or after: those that nobody has changed. */
void pg_default_grants(struct ddl *d, struct str prefix, struct str objects,
                       const struct obj *before, const struct obj *after);
/* Names; "" the owner, public everybody. */
struct pg_names {
    struct str *v;
    uint32_t n, cap;
};
/* Whom default privileges, before or after the step, may have given something on a new object. */
struct pg_names pg_default_grantees(struct ddl *d, const char *what, const struct obj *o);
/* Takes from a new object what default privileges have given, and gives what they have taken, so
 * that it has the grants of an object without them. */
void pg_undo_defaults(struct ddl *d, const char *what, struct str id, const struct obj *o);
/* Text of a key of a map; the key as it stands in the JSON, and as a text. */
struct str pg_map_text(struct arena *mem, struct str map, struct str raw_key);
struct str pg_key(struct arena *mem, struct str raw_key);

/* Rows of a kind's attributes that all kinds have; the handlers find the keyword by the kind. */
/* .rename of a kind: the new name is the last part of the path. */
extern const struct alter pg_rename;
extern const struct alter pg_alter_owner, pg_alter_comment, pg_alter_acl;
/* CREATE of a kind that has all of it in the attribute `def`; DROP keyword id. */
int pg_def_create(struct ddl *d, const struct change *c, struct err *e);
int pg_def_drop(struct ddl *d, const struct change *c, struct err *e);
/* The keyword of a kind in ALTER, COMMENT and GRANT. */
const char *pg_keyword(const struct engine *eng, const struct obj *o);
/* Roles that an object's facts name; returns how many were put into names. */
uint32_t pg_roles_of(struct arena *mem, const struct obj *o, struct str *names, uint32_t max);

/* Texts of an attribute that is a list; *n of them. */
struct str *pg_list(struct arena *mem, struct str raw, uint32_t *n);
/* An expression as it must be written so that the server reads it as what it was. */
struct str pg_respell(struct arena *mem, struct str text);
/* Options as a clause  k='v', k2='v2'. */
struct str pg_options(struct arena *mem, const struct obj *o);
/* RESET and SET behind `head`, "ALTER TABLE t". */
void pg_alter_options(struct ddl *d, struct str head, const struct change *c);
/* ALTER FUNCTION f DEPENDS ON EXTENSION x for what differs between two sets; `head` is all of it
 * that names the object. */
void pg_extensions(struct ddl *d, struct str head, struct str before, struct str after);
/* Value of an attribute of the change: before and after, raw; absent where it is no part of it. */
const struct attr_change *pg_changed(const struct change *c, const char *attr);
/* The fact that the table is a partition, or NULL. */
const struct obj *pg_partition(const struct view *state, struct arena *mem, struct str table);
/* What an index or constraint of a partition comes and goes with: the partition's own change, or
 * the change of what it is a part of; absent where neither changes. */
struct str pg_part_rides(const struct ddl *d, const struct change *c);
/* The rows of a partition that is dropped go to what it was a part of, where that stays: into the
 * partitions that are there instead. */
void pg_partition_save_rows(struct ddl *d, const struct obj *table);
/* What the copies of triggers of a partition have for themselves, which was lost while it was
 * detached for a moment. */
void pg_triggers_of_part(struct ddl *d, struct str table);
void pg_index_make(struct ddl *d, const struct obj *o);
void pg_constraint_make(struct ddl *d, const struct obj *o);
/* CREATE OR REPLACE of a function with its owner, comment and grants; its change in place. */
void pg_function_make(struct ddl *d, const struct obj *o);
extern const struct alter pg_alter_function;
/* Whether the table of an object is new in this plan: no rows can be in the way. */
bool pg_table_is_new(const struct ddl *d, struct str path);

/* row.c. ADD COLUMN of a column that takes no NULL to a table that may hold rows, with a value for
 * them; false: none is known, and nothing was written. */
bool pg_column_filled(struct ddl *d, const struct obj *o);
/* What the user gave goes where a column that takes no NULL any more holds one. */
void pg_fill_nulls(struct ddl *d, const struct change *c);

/* See struct engine. */
struct str pg_called(struct arena *mem, const struct obj *o);
void pg_uses(struct arena *mem, const struct obj *o, struct name_uses *out);
/* privileges.c. What a role needs to read a schema: those of the source's URL, else snap_ro. */
void pg_reading_role(const struct source *src, struct arena *mem, struct strbuf *out);
/* place.c. Whether two sources are on one server; this machine is one host by whatever way. */
bool pg_same_server(const struct source *a, const struct source *b, struct arena *mem);

/* An alter that always applies. */
#define ALTER(id, nm, f, text) static const struct alter id = {.name = nm, .fn = f, .doc = text}

/* The rows that most kinds begin with. */
#define PG_COMMENT                                                                                 \
    {                                                                                              \
        "comment", A_TEXT, CMP_VALUE, F_COMMENTS, NULL, &pg_alter_comment, 1, false, 0,            \
            "COMMENT ON"                                                                           \
    }
#define PG_OWNER                                                                                   \
    {                                                                                              \
        "owner", A_TEXT, CMP_VALUE, F_OWNER, NULL, &pg_alter_owner, 1, false, 0, "owner"           \
    }
#define PG_ACL                                                                                     \
    {                                                                                              \
        "acl", A_MAP, CMP_VALUE, F_ACL, NULL, &pg_alter_acl, 1, false, 0,                          \
            "grants by grantee (empty: the owner) that are not the default"                        \
    }

struct relation;
/* See struct engine. */
void pg_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r);
/* What a Liquibase snapshot says of an object; see to_liquibase of struct engine. */
void pg_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                     struct arena *mem, struct lb_words *w);
/* engine.reserved. */
bool pg_reserved(struct str version, struct str name);

#endif
