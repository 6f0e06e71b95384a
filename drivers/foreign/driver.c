/*
 * Every other product that Liquibase makes snapshots of. They share their kinds and changes; which
 * product it is stands first in a catalog's version, and two of them are never compared. H2 and
 * HSQLDB are tried: tests/liquibase/foreign.py.
 */

#include "drivers/liquibase/liquibase.h"

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

/* H2: CONSTRAINT_8F, PRIMARY_KEY_4, ..._INDEX_2; HSQLDB: SYS_PK_10092; Db2 and Derby:
 * SQL231231231231. */
static bool made_up(enum lq_named what, struct str product, struct str name)
{
    if (str_eq_fold_c(product, "h2"))
        return str_starts(name, STR("CONSTRAINT_")) || str_starts(name, STR("PRIMARY_KEY_")) ||
               (what == LQ_INDEX && str_find(name, STR("_INDEX_")) < name.n);
    if (str_eq_fold_c(product, "hsqldb"))
        return str_starts(name, STR("SYS_"));
    if (word_in("db2,db2z,db2i,derby", product))
        return str_starts(name, STR("SQL")) && digits(str_from(name, 3));
    return false;
}

static const struct lq_dialect dialect = {
    .quote = {'"', '"'},
    .retype_drops_notnull = true,
    .sequence_alters = "increment",
    .no_remarks = "hsqldb,firebird,cockroachdb,informix,derby,ingres",
    .views_replace = false,
    .sized = "char,character,varchar,character varying,varchar_ignorecase,nvarchar,nchar,"
             "nvarchar2,varchar2,lvarchar,bpchar,binary,varbinary,binary varying,bit varying,raw,"
             "decimal,numeric,number,dec,graphic,vargraphic,time,timestamp,"
             "time with time zone,timestamp with time zone,datetime",
    .fractions = "time,timestamp,time with time zone,timestamp with time zone,datetime",
    .made_up = made_up,
};

#define PRODUCTS                                                                                   \
    "h2,hsqldb,db2,db2z,db2i,derby,firebird,informix,ingres,sybase,asany,cockroachdb,edb,"         \
    "snowflake,redshift,databricks,bigquery,cassandra,teradata,vertica,hana,cache,netezza,"        \
    "greenplum,enterprisedb,spanner,yugabytedb,trino,tibero,dm,duckdb,singlestore,unsupported"

const struct engine engine_foreign = {
    .lang = LANG_CHANGE,
    .name = "foreign",
    .title = "a product that Liquibase knows",
    .schemes = "jdbc:h2,jdbc:hsqldb,jdbc:db2,jdbc:derby,jdbc:firebirdsql,jdbc:informix-sqli,"
               "jdbc:sybase,jdbc:sqlanywhere,jdbc:snowflake,jdbc:redshift,jdbc:sap,jdbc:teradata,"
               "h2,hsqldb,db2,derby,firebird,informix,sybase,snowflake,redshift,cockroachdb",
    .liquibase_names = PRODUCTS,
    .from_liquibase = lq_from_liquibase,
    .no_driver = "JDBC-URL",
    .own = &dialect,
    .model = 1,
    .kinds = lq_kinds,
    .nkinds = LQ_NKINDS,
    .url_keys = "",
    .facets = F_STRUCTURE | F_COMMENTS | F_STORAGE,
    .fold = lq_fold,
    .split = lq_split,
    .called = lq_called,
    .uses = lq_uses,
    .relate = lq_relate,
    .comparable = lq_comparable,
    .dbms = PRODUCTS,
    .dbms_of = lq_dbms,
    .renamed = lq_renamed,
};
