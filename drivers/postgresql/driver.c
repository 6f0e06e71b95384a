/* The PostgreSQL engine: what kinds there are, how names and URLs look. Pure half. */

#include "core/engine.h"

#include "drivers/postgresql/liquibase.h"
#include "drivers/postgresql/locks.h"
#include "drivers/postgresql/online.h"
#include "drivers/postgresql/script.h"
#include "drivers/postgresql/versions.h"

#ifdef SNAP_WITH_POSTGRESQL
extern const struct live_ops pg_live;
#define LIVE &pg_live
#else
#define LIVE NULL
#endif

/* clang-format off */
static const struct kind_desc *const kinds[] = {
    &pg_schema_kind,
    &pg_extension_kind,
    &pg_enum_kind,
    &pg_composite_kind,
    &pg_attribute_kind,
    &pg_range_kind,
    &pg_shell_type_kind,
    &pg_base_type_kind,
    &pg_type_function_kind,
    &pg_domain_kind,
    &pg_table_kind,
    &pg_column_kind,
    &pg_default_kind,
    &pg_identity_sequence_kind,
    &pg_partition_kind,
    &pg_replica_identity_kind,
    &pg_primary_key_kind,
    &pg_unique_kind,
    &pg_check_kind,
    &pg_exclude_kind,
    &pg_foreign_key_kind,
    &pg_index_kind,
    &pg_sequence_kind,
    &pg_owned_by_kind,
    &pg_view_kind,
    &pg_matview_kind,
    &pg_view_column_kind,
    &pg_function_kind,
    &pg_aggregate_kind,
    &pg_trigger_kind,
    &pg_rule_kind,
    &pg_event_trigger_kind,
    &pg_policy_kind,
    &pg_default_acl_kind,
    &pg_statistics_kind,
    &pg_publication_kind,
    &pg_publication_table_kind,
    &pg_publication_schema_kind,
    &pg_subscription_kind,
    &pg_database_kind,
    &pg_database_setting_kind,
    &pg_fdw_kind,
    &pg_server_kind,
    &pg_user_mapping_kind,
    &pg_operator_kind,
    &pg_operator_family_kind,
    &pg_operator_class_kind,
    &pg_cast_kind,
    &pg_access_method_kind,
    &pg_transform_kind,
    &pg_language_kind,
    &pg_collation_kind,
    &pg_conversion_kind,
    &pg_ts_parser_kind,
    &pg_ts_template_kind,
    &pg_ts_dictionary_kind,
    &pg_ts_configuration_kind,
    &pg_rows_kind,
    &pg_row_kind,
};
/* clang-format on */

/* The server tells names apart by case. */
static struct str fold(struct arena *mem, struct str name)
{
    (void)mem;
    return name;
}

static void refuse(struct str why, struct strbuf *out)
{
    sql_fmt(out, &pg_dialect, "DO $snap$ BEGIN RAISE EXCEPTION USING MESSAGE = %L; END $snap$",
            why);
}

const struct engine engine_postgresql = {
    .name = "postgresql",
    .title = "PostgreSQL",
    .schemes = "postgresql,postgres,jdbc:postgresql",
    .dbms = "postgresql,cockroachdb,edb",
    .liquibase_names = "postgresql",
    .from_liquibase = pg_from_liquibase,
    .liquibase_holds = pg_liquibase_holds,
    .liquibase_same = pg_liquibase_same,
    .liquibase_part = pg_liquibase_part,
    .liquibase_settle = pg_liquibase_settle,
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .url_keys =
        "host,hostaddr,port,user,password,dbname,passfile,service,sslmode,sslrootcert,sslcert,"
        "sslkey,sslcrl,sslcrldir,sslpassword,sslsni,ssl_min_protocol_version,ssl_max_protocol_"
        "version,"
        "channel_binding,connect_timeout,gssencmode,krbsrvname,target_session_attrs,"
        "keepalives,keepalives_idle,keepalives_interval,keepalives_count,tcp_user_timeout,"
        "options,requirepeer,gsslib,load_balance_hosts,require_auth,sslnegotiation,sslcertmode",
    .url_values = "sslmode=disable|allow|prefer|require|verify-ca|verify-full,"
                  "gssencmode=disable|prefer|require,channel_binding=disable|prefer|require,"
                  "target_session_attrs=any|read-write|read-only|primary|standby|prefer-standby,"
                  "load_balance_hosts=disable|random,sslnegotiation=postgres|direct,"
                  "sslcertmode=disable|allow|require,sslsni=0|1,connect_timeout=#,keepalives=#,"
                  "keepalives_idle=#,keepalives_interval=#,keepalives_count=#,tcp_user_timeout=#",
    .facets = F_DEFAULT,
    .fold = fold,
    .split = pg_split,
    .spell = pg_spell,
    .shell = pg_shell,
    .relate = pg_relate,
    .to_liquibase = pg_to_liquibase,
    .reserved = pg_reserved,
    .name_cut = 63,
    .lowers = true,
    .home = "public",
    .called = pg_called,
    .uses = pg_uses,
    .refuse = refuse,
    .stages = pg_stages,
    .effects = pg_effects,
    .same_server = pg_same_server,
    .grants = pg_reading_role,
    .level = pg_level,
    .carry = pg_carry,
    .tells = pg_tells,
    .begin = "BEGIN",
    .commit = "COMMIT",
    .plain_begin = "START TRANSACTION",
    .plain_commit = "COMMIT",
    .many_at_once = true,
    .has_block = pg_has_block,
    .script_head = "\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\nSET client_encoding = 'UTF8';\n"
                   "SET standard_conforming_strings = on;\n",
    .online_head = "SET lock_timeout = '5s';\n",
    .script_run = "psql -X -v ON_ERROR_STOP=1 -f SCRIPT DATABASE",
    .live = LIVE,
};
