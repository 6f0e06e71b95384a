/* Forms for --online, each of which leaves what the plain one leaves. What stops half way is run
 * again from the start: the first statement takes away what was left behind. */

#include "drivers/postgresql/online.h"

#include <limits.h>
#include <string.h>

#include "drivers/postgresql/foreign.h"
#include "drivers/postgresql/locks.h"

bool pg_online(const struct ddl *d, struct str path)
{
    struct str table = path_parent(path);
    return d->online && view_get(d->before, table) && !pg_table_is_new(d, path);
}

int pg_major(const struct ddl *d)
{
    struct str version = d->before->base->version;
    struct str number = str_from(version, str_chr(version, ' ') + 1);
    int64_t major = 0;
    (void)str_int(str_sub(number, 0, str_chr(number, '.')), &major);
    return major > 0 && major < 1000 ? (int)major : INT_MAX;
}

static bool is_kind(struct str path, const char *kind)
{
    return str_eq(path_kind(path), str_c(kind));
}

static bool is_partitioned(const struct obj *table)
{
    return obj_raw(table, "partition_by").n > 0;
}

/* The attributes with not_valid among them. */
static struct str not_valid(struct arena *mem, struct str attrs)
{
    struct strbuf b = sb_new(mem, 0);
    struct jc_iter it = jc_iter(attrs);
    struct str key, value;
    bool put = false;
    sb_char(&b, '{');
    while (jc_next(&it, &key, &value)) {
        if (!put && str_cmp(key, STR("not_valid")) > 0) {
            sb_printf(&b, "%s\"not_valid\":true", b.n > 1 ? "," : "");
            put = true;
        }
        sb_printf(&b, "%s\"%.*s\":", b.n > 1 ? "," : "", STR_ARG(key));
        sb_str(&b, value);
    }
    if (!put)
        sb_printf(&b, "%s\"not_valid\":true", b.n > 1 ? "," : "");
    sb_char(&b, '}');
    return sb_view(&b);
}

/* A foreign key of a partitioned table cannot be NOT VALID before 18. */
uint32_t pg_stages(const struct change *c, const struct catalog *from, bool online,
                   struct arena *mem, const struct obj **between)
{
    if (!online || c->op != OP_ADD)
        return 0;
    const struct obj *o = c->after, *table = cat_find(from, path_parent(o->path));
    bool key = is_kind(o->path, "foreign_key");
    if (!table || !is_kind(table->path, "table") || pg_is_foreign(table) ||
        (!key && !is_kind(o->path, "check")) || (key && is_partitioned(table)) ||
        obj_true(o, "not_valid") || obj_raw(o, "part_of").n)
        return 0;
    struct obj *half = NEW(mem, struct obj);
    *half = *o;
    half->a = not_valid(mem, o->a);
    half->hash = obj_hash(from->eng, half, from->facets);
    between[0] = half;
    return 1;
}

void pg_drop_leftover(struct ddl *d, struct str index)
{
    pg_ddl(d, ST_NO_TX,
           "DO $snap$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = "
           "pg_catalog.to_regclass(%L) AND NOT indisvalid) THEN DROP INDEX %S; END IF; END $snap$",
           index, index);
}

/* UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c) DEFERRABLE: the words before the parentheses, what
 * an index takes, and the rest. */
static bool take_apart(struct str def, struct str *words, struct str *index, struct str *rest)
{
    size_t open = str_chr(def, '('), close = def.n;
    while (close > open && def.p[close - 1] != ')')
        close--;
    if (open >= close)
        return false;
    *words = str_sub(def, 0, open);
    *index = str_sub(def, open, close);
    *rest = str_from(def, close);
    return true;
}

bool pg_online_key(struct ddl *d, const struct obj *o)
{
    struct str def = obj_text(d->mem, o, "def"), words, index, rest;
    struct str name = pg_last(d->mem, o->path), schema = pg_name(d->mem, o->path, 1);
    struct str table = pg_table_of(d->mem, o->path), space = obj_text(d->mem, o, "tablespace");
    bool primary = is_kind(o->path, "primary_key");
    if (!pg_online(d, o->path) || (!primary && !is_kind(o->path, "unique")) ||
        is_partitioned(view_get(d->before, path_parent(o->path))) || obj_raw(o, "part_of").n ||
        str_find(def, STR("WITHOUT OVERLAPS")) < def.n || !take_apart(def, &words, &index, &rest))
        return false;
    bool nulls = str_find(words, STR("NULLS NOT DISTINCT")) < words.n;
    struct str with = STR("");
    size_t at = str_find(index, STR(") WITH ("));
    if (at < index.n) {
        with = str_from(index, at + 1);
        index = str_sub(index, 0, at + 1);
    }
    pg_drop_leftover(d, pg_text(d->mem, "%S.%S", schema, name));
    pg_ddl(d, ST_NO_TX, "CREATE UNIQUE INDEX CONCURRENTLY %S ON %S %S%s%S%S", name, table, index,
           nulls ? " NULLS NOT DISTINCT" : "", with,
           space.n ? pg_text(d->mem, " TABLESPACE %I", space) : STR(""));
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S ADD CONSTRAINT %S %s USING INDEX %S%S", table, name,
           primary ? "PRIMARY KEY" : "UNIQUE", name, rest);
    return true;
}

bool pg_online_notnull(struct ddl *d, const struct obj *column)
{
    struct str table = path_parent(column->path), t = pg_table_of(d->mem, column->path);
    struct str c = pg_last(d->mem, column->path);
    struct str own = path_join(d->mem, table, STR("check"), STR("snap_not_null"));
    if (!pg_online(d, column->path) || pg_is_foreign(view_get(d->before, table)) ||
        view_get(d->before, own) || pg_proves_notnull(d, table, path_name(d->mem, column->path)))
        return false;
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S DROP CONSTRAINT IF EXISTS snap_not_null", t);
    pg_ddl(d, ST_NO_TX,
           "ALTER TABLE %S ADD CONSTRAINT snap_not_null CHECK (%S IS NOT NULL) NOT VALID", t, c);
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S VALIDATE CONSTRAINT snap_not_null", t);
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S ALTER COLUMN %S SET NOT NULL", t, c);
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S DROP CONSTRAINT snap_not_null", t);
    return true;
}

/* Where there is a default partition it is refused; before 14 it is not known. */
static bool can_detach(struct ddl *d, struct str parent)
{
    struct view_iter it = view_iter(d->before, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (is_kind(o->path, "partition") && str_eq(obj_text(d->mem, o, "of"), parent) &&
            str_eq(obj_text(d->mem, o, "bound"), STR("DEFAULT")))
            return false;
    return pg_major(d) >= 14;
}

/* The server leaves a CHECK with the old bound on the table, under a name that it chooses. */
static void drop_bound(struct ddl *d, struct str path)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct view_iter it = view_iter(d->before, path);
    struct str table = pg_name(d->mem, path, 2);
    sql_fmt(&b, &pg_dialect,
            "DO $snap$ DECLARE c name; BEGIN FOR c IN SELECT conname FROM pg_catalog.pg_constraint "
            "WHERE conrelid = %L::pg_catalog.regclass AND contype = 'c' AND conname NOT IN (''",
            table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (is_kind(o->path, "check") && str_eq(path_parent(o->path), path))
            sql_fmt(&b, &pg_dialect, ", %L", path_name(d->mem, o->path));
    sql_fmt(&b, &pg_dialect,
            ") LOOP EXECUTE pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', %L, c); END "
            "LOOP; END $snap$",
            table);
    ddl_stmt(d, sb_view(&b), ST_NO_TX);
}

bool pg_online_detach(struct ddl *d, const struct obj *o)
{
    struct str parent = obj_text(d->mem, o, "of");
    if (!pg_online(d, o->path) || !can_detach(d, parent))
        return false;
    pg_ddl(d, ST_NO_TX, "ALTER TABLE %S DETACH PARTITION %S CONCURRENTLY", parent,
           pg_table_of(d->mem, o->path));
    drop_bound(d, path_parent(o->path));
    return true;
}
