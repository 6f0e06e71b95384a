/*
 * Every other product that Liquibase makes snapshots of. They share their kinds and changes; which
 * product it is stands first in a catalog's version, and two of them are never compared. H2 and
 * HSQLDB are tried: tests/liquibase/foreign.py.
 */

#include "drivers/liquibase/liquibase.h"

/* H2 takes as much of a hash as makes the name its own, or all of it and a number: PRIMARY_KEY_4,
 * CONSTRAINT_8F, U_INDEX_2, CONSTRAINT_1A2B3C4D_0. */
static bool h2_tail(struct str s)
{
    size_t at = str_chr(s, '_');
    return lq_hex(str_sub(s, 0, at), 1, 8) && (at == s.n || lq_digits(str_from(s, at + 1)));
}

static bool h2_name(enum lq_named what, struct str name)
{
    static const char *const heads[] = {"CONSTRAINT_", "PRIMARY_KEY_", "_INDEX_"};
    size_t n = sizeof heads / sizeof *heads - (what != LQ_INDEX);
    for (size_t i = 0; i < n; i++) {
        struct str head = str_c(heads[i]);
        size_t at = str_find(name, head);
        if (at < name.n && (!at || i == 2) && h2_tail(str_from(name, at + head.n)))
            return true;
    }
    return false;
}

/* HSQLDB: SYS_PK_10092, SYS_IDX_NAME_10094; Db2 and Derby: SQL231231231231. */
static bool made_up(enum lq_named what, struct str product, struct str name)
{
    size_t at = name.n;
    if (str_eq_fold_c(product, "h2"))
        return h2_name(what, name);
    while (at && name.p[at - 1] != '_')
        at--;
    if (str_eq_fold_c(product, "hsqldb"))
        return str_starts(name, STR("SYS_")) && lq_digits(str_from(name, at));
    if (word_in("db2,db2z,db2i,derby", product))
        return str_starts(name, STR("SQL")) && lq_digits(str_from(name, 3));
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
    .one_size = "tinyint,smallint,integer,int,mediumint,bigint,int2,int4,int8,int64,serial,serial8,"
                "bigserial,smallserial,counter,real,double,double precision,float4,float8,float64,"
                "smallfloat,boolean,bool,bit,date,timestamptz,timetz,uuid,geometry,json,money",
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
