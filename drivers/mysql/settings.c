/*
 * Settings of a server that change what a statement means there, or whether it is taken. They go
 * with the facts of the database, beside its attributes: a proof runs under those of the server
 * that the statements are for, and no two servers differ by them.
 */

#include "drivers/mysql/settings.h"

#include <string.h>

/* In the order of their names. */
static const char *const names[] = {
    "character_set_collations",
    "default_collation_for_utf8mb4",
    "default_storage_engine",
    "explicit_defaults_for_timestamp",
    "innodb_default_encryption_key_id",
    "innodb_default_row_format",
    "innodb_strict_mode",
    "lower_case_table_names",
    "sql_generate_invisible_primary_key",
    "sql_mode",
    "sql_require_primary_key",
};
enum { COUNT = sizeof names / sizeof *names };

struct str my_settings_query(struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    sb_c(&out, "SHOW GLOBAL VARIABLES WHERE Variable_name IN (");
    for (size_t i = 0; i < COUNT; i++)
        sb_printf(&out, "%s'%s'", i ? "," : "", names[i]);
    sb_c(&out, ")");
    return sb_view(&out);
}

void my_setting(struct my_settings *s, struct str name, struct str value)
{
    for (size_t i = 0; i < COUNT; i++)
        if (str_eq_fold_c(name, names[i]))
            s->v[i] = value;
}

void my_put_settings(struct fact *f, const struct my_settings *s)
{
    for (size_t i = 0; i < COUNT; i++)
        fact_src(f, names[i], s->v[i]);
}

bool my_get_settings(const struct catalog *cat, struct arena *mem, struct my_settings *out)
{
    const struct obj *o = cat ? cat_find(cat, my_top(mem, "database", STR("database"))) : NULL;
    bool any = false;
    *out = (struct my_settings){0};
    for (size_t i = 0; o && i < COUNT; i++) {
        out->v[i] = obj_src(mem, o, names[i]);
        any = any || !str_is_null(out->v[i]);
    }
    return any;
}

/* Numbers are written without quotes: the server takes a text for no number. */
static bool is_number(struct str text)
{
    int64_t n;
    return str_int(text, &n);
}

struct str my_set_setting(struct arena *mem, const struct my_settings *s, size_t i)
{
    static const char *const elsewhere[] = {"innodb_default_row_format", "lower_case_table_names"};
    if (i >= COUNT)
        return STR_NULL;
    for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
        if (strcmp(names[i], elsewhere[k]) == 0)
            return STR("");
    if (str_is_null(s->v[i]))
        return STR("");
    return my_text(mem, is_number(s->v[i]) ? "%s = %S" : "%s = %L", names[i], s->v[i]);
}

struct str my_setting_of(const struct my_settings *s, const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return s->v[i];
    return STR_NULL;
}
