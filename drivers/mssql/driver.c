/*
 * SQL Server, as Liquibase snapshots know it. What its servers do with Liquibase's changes is told
 * by Liquibase's generators (classes of liquibase.sqlgenerator.core, 4.28 and 5.0) and by the
 * product's manual: nothing here was tried on a server.
 */

#include "drivers/liquibase/liquibase.h"

/* PK__Orders__C3905BAF6A30C649, DF__Orders__status__3B75D760 */
static bool made_up(enum lq_named what, struct str product, struct str name)
{
    size_t at = name.n;
    (void)what;
    (void)product;
    while (at > 2 && !(name.p[at - 1] == '_' && name.p[at - 2] == '_'))
        at--;
    return name.n > 4 && name.p[2] == '_' && name.p[3] == '_' && at > 4 &&
           (lq_hex(str_from(name, at), 8, 8) || lq_hex(str_from(name, at), 16, 16));
}

static const struct lq_dialect dialect = {
    .quote = {'[', ']'},
    .retype_drops_notnull = true,
    .retype_in_the_way = true,
    .sequence_type = "bigint",
    .sequence_alters = "increment,min,max,cache",
    .named_defaults = true,
    .clustered = true,
    .included = true,
    .views_replace = true,
    .unsized = "bigint,bit,date,datetime,geography,geometry,hierarchyid,image,int,integer,money,"
               "ntext,real,rowversion,smalldatetime,smallint,smallmoney,sql_variant,sysname,text,"
               "timestamp,tinyint,uniqueidentifier,xml",
    .fractions = "datetime2,datetimeoffset,time",
    .max_size = 1073741823,
    .made_up = made_up,
};

const struct engine engine_mssql = {
    .lang = LANG_CHANGE,
    .name = "mssql",
    .title = "SQL Server",
    .schemes = "mssql,sqlserver,jdbc:sqlserver,jdbc:jtds:sqlserver",
    .dbms = "mssql",
    .liquibase_names = "mssql",
    .from_liquibase = lq_from_liquibase,
    .no_driver = "jdbc:sqlserver://HOST;databaseName=DB",
    .own = &dialect,
    .home = "dbo",
    .model = 1,
    .kinds = lq_kinds,
    .nkinds = LQ_NKINDS,
    .url_keys = "",
    .facets = F_STRUCTURE | F_COMMENTS | F_STORAGE,
    .fold = lq_fold_case,
    .split = lq_split,
    .called = lq_called,
    .uses = lq_uses,
    .relate = lq_relate,
    .renamed = lq_renamed,
};
