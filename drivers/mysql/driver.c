/* MySQL and MariaDB: what kinds there are, how names and scripts look. Pure half. */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/liquibase.h"

#ifdef SNAP_WITH_MYSQL
extern const struct live_ops my_live;
#define LIVE &my_live
#else
#define LIVE NULL
#endif

/* clang-format off */
static const struct kind_desc *const kinds[] = {
    &my_database_kind,
    &my_table_kind,
    &my_column_kind,
    &my_primary_key_kind,
    &my_index_kind,
    &my_check_kind,
    &my_period_kind,
    &my_foreign_key_kind,
    &my_sequence_kind,
    &my_view_kind,
    &my_function_kind,
    &my_procedure_kind,
    &my_package_kind,
    &my_package_body_kind,
    &my_trigger_kind,
    &my_event_kind,
    &my_grant_kind,
    &my_rows_kind,
    &my_row_kind,
};
/* clang-format on */

/* Names keep their case in paths: tables differ by it on most servers. */
static struct str fold(struct arena *mem, struct str name)
{
    (void)mem;
    return name;
}

/* SIGNAL stands alone as a statement on both servers. */
static void refuse(struct str why, struct strbuf *out)
{
    sql_fmt(out, &my_dialect, "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = %L",
            str_sub(why, 0, 128));
}

const struct engine engine_mysql = {
    .name = "mysql",
    .title = "MySQL and MariaDB",
    .schemes = "mysql,mariadb,jdbc:mysql,jdbc:mariadb",
    .dbms = "mysql,mariadb",
    .liquibase_names = "mysql,mariadb",
    .from_liquibase = my_from_liquibase,
    .liquibase_holds = my_liquibase_holds,
    .liquibase_same = my_liquibase_same,
    .liquibase_part = my_liquibase_part,
    .liquibase_settle = my_liquibase_settle,
    .tested = "MySQL 9.7, MariaDB 10.11 and 11.8",
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    /* in the second line those of JDBC, then what decides nothing here and stands in its URLs */
    .url_keys =
        "socket,ssl-mode,ssl-ca,ssl-cert,ssl-key,user,password,"
        "localSocket,sslMode,useSSL,requireSSL,trustServerCertificate,verifyServerCertificate,"
        "serverSslCert,allowLoadLocalInfile,allowMultiQueries,allowPublicKeyRetrieval,"
        "autoReconnect,cachePrepStmts,characterEncoding,connectTimeout,connectionCollation,"
        "connectionTimeZone,createDatabaseIfNotExist,forceConnectionTimeZoneToSession,"
        "noAccessToProcedureBodies,nullCatalogMeansCurrent,passwordCharacterEncoding,"
        "permitMysqlScheme,prepStmtCacheSize,prepStmtCacheSqlLimit,preserveInstants,"
        "rewriteBatchedStatements,serverTimezone,sessionVariables,socketTimeout,tinyInt1isBit,"
        "useInformationSchema,useJDBCCompliantTimezoneShift,useLegacyDatetimeCode,"
        "useServerPrepStmts,useUnicode,zeroDateTimeBehavior",
    .url_values = "ssl-mode=DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY,"
                  "sslMode=DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY|disable|trust|"
                  "verify-ca|verify-full,useSSL=true|false,requireSSL=true|false,"
                  "trustServerCertificate=true|false,verifyServerCertificate=true|false",
    .facets = F_DEFAULT | F_ORDER,
    .fold = fold,
    .split = my_split,
    .spell = my_spell,
    .relate = my_relate,
    .to_liquibase = my_to_liquibase,
    .reserved = my_reserved,
    .shell = my_shell,
    .escapes_seen = true,
    .called = my_called,
    .uses = my_uses,
    .refuse = refuse,
    .same_server = my_same_server,
    .grants = my_reading_role,
    .comparable = my_comparable,
    .level = my_level,
    .carry = my_carry,
    .carries = true,
    .effects = my_effects,
    .lock_word = "",
    .online_head = "SET SESSION lock_wait_timeout = 5;\n",
    .script_run = "mysql --binary-mode --comments DATABASE < SCRIPT",
    .live = LIVE,
};
