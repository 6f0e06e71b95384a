/*
 * Oracle, as Liquibase snapshots know it. What its servers do with Liquibase's changes is told by
 * Liquibase's generators (classes of liquibase.sqlgenerator.core, 4.28 and 5.0) and by the
 * product's manual: nothing here was tried on a server.
 */

#include "drivers/liquibase/liquibase.h"

/* SYS_C0012345 of constraints and the indexes behind them, SYS_IL... of large objects. */
static bool made_up(enum lq_named what, struct str product, struct str name)
{
    (void)what;
    (void)product;
    static const struct str key = {"SYS_C", 5}, large = {"SYS_IL", 6};
    struct str rest = str_from(name, large.n);
    return (str_starts(name, key) && lq_digits(str_from(name, key.n))) ||
           (str_starts(name, large) && lq_digits(str_sub(rest, 0, str_chr(rest, 'C'))));
}

/* Liquibase writes VARCHAR for VARCHAR2 (ColumnSnapshotGenerator), other snapshots do not. */
static struct str type_name(struct arena *mem, struct str name)
{
    (void)mem;
    return str_eq_fold_c(name, "VARCHAR")    ? STR("VARCHAR2")
           : str_eq_fold_c(name, "NVARCHAR") ? STR("NVARCHAR2")
                                             : name;
}

static const struct lq_dialect dialect = {
    .quote = {'"', '"'},
    .start_moves = true,
    .sequence_alters = "increment,min,max,cache,cycle,ordered",
    .views_replace = true,
    .sized = "char,varchar,varchar2,nchar,nvarchar2,number,float,raw,urowid",
    .in_units = "char,varchar2",
    .type_name = type_name,
    .made_up = made_up,
};

const struct engine engine_oracle = {
    .lang = LANG_CHANGE,
    .name = "oracle",
    .title = "Oracle",
    .schemes = "oracle,jdbc:oracle",
    .dbms = "oracle",
    .liquibase_names = "oracle",
    .from_liquibase = lq_from_liquibase,
    .no_driver = "jdbc:oracle:thin:@//HOST:1521/SERVICE",
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
    .renamed = lq_renamed,
};
