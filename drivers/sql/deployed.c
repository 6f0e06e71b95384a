/* What deployers have written down, out of their tables of any release; see deployed.h. */

#include "drivers/sql/deployed.h"

const struct deployer deployers[] = {
    {"liquibase",
     "databasechangelog",
     {"id", "author", "filename", "deployment_id", "description", "dateexecuted", "exectype",
      "orderexecuted", NULL}},
    {"flyway",
     "flyway_schema_history",
     {"version", "installed_by", "script", NULL, "description", "installed_on", "type",
      "installed_rank", "success"}},
    {NULL, NULL, {NULL}},
};

/* The column as the table spells it, or absent. */
static struct str spelled(const char *column, const struct str *have, uint32_t nhave)
{
    for (uint32_t i = 0; column && i < nhave; i++)
        if (str_eq_fold_c(have[i], column))
            return have[i];
    return STR_NULL;
}

bool deployed_select(struct strbuf *out, const struct sql_dialect *dia, const struct deployer *d,
                     const struct str *have, uint32_t nhave, struct str from)
{
    if (str_is_null(spelled(d->columns[DEPLOYED_ID], have, nhave)))
        return false;
    for (int i = 0; i < DEPLOYED_FIELDS; i++) {
        struct str column = spelled(d->columns[i], have, nhave);
        sb_c(out, i ? ", " : "SELECT ");
        if (str_is_null(column))
            sb_c(out, "NULL");
        else
            sql_ident(out, dia, column);
    }
    sql_fmt(out, dia, " FROM %S", from);
    return true;
}

static bool is_false(struct str value)
{
    return str_eq_c(value, "0") || str_eq_c(value, "f") || str_eq_fold_c(value, "false");
}

struct deployed deployed_row(const struct deployer *d, const struct str *values)
{
    int64_t order = 0;
    struct str id = values[DEPLOYED_ID];
    struct deployed row = {.tool = str_c(d->tool),
                           .id = str_is_null(id) ? STR("") : id,
                           .author = values[DEPLOYED_AUTHOR],
                           .file = values[DEPLOYED_FILE],
                           .deployment = values[DEPLOYED_DEPLOYMENT],
                           .text = values[DEPLOYED_TEXT],
                           .when = values[DEPLOYED_WHEN],
                           .how = values[DEPLOYED_HOW]};
    if (is_false(values[DEPLOYED_DONE]))
        row.how = STR("FAILED");
    row.order = str_int(values[DEPLOYED_ORDER], &order) && order > 0 ? (uint64_t)order : 0;
    return row;
}

void deployed_put_id(void *ctx, const struct deployed *d)
{
    const struct deployed_ids *ids = ctx;
    ids->put(ids->ctx, d->id);
}
