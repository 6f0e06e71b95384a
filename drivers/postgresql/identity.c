/* Identity columns: the sequence that the server keeps for a column. */

#include "drivers/postgresql/column.h"

struct str pg_identity_options(struct arena *mem, struct str map)
{
    struct strbuf b = sb_new(mem, 0);
    struct jc_iter it = jc_iter(map);
    struct str key, value;
    while (jc_next(&it, &key, &value))
        sql_fmt(&b, &pg_dialect, "%s%S %S", b.n ? " " : "", key, jc_text(mem, value));
    return sb_view(&b);
}

static int64_t identity_number(struct ddl *d, const struct obj *o, const char *key)
{
    int64_t n = 0;
    str_int(pg_map_text(d->mem, obj_raw(o, "identity_options"), str_c(key)), &n);
    return n;
}

static int64_t identity_max(struct ddl *d, const struct obj *o)
{
    return identity_number(d, o, "MAXVALUE");
}

/* The place where the sequence stands is moved inside the new bounds. */
static void identity_inside(struct ddl *d, const struct change *c)
{
    int64_t min = identity_number(d, c->after, "MINVALUE"), max = identity_max(d, c->after);
    int64_t start = identity_number(d, c->before, "START WITH");
    struct str table = pg_table_of(d->mem, c->after->path);
    struct str from = pg_text(d->mem,
                              "pg_get_serial_sequence(%L, %L) s WHERE "
                              "coalesce(pg_sequence_last_value(s::regclass), %d)",
                              table, path_name(d->mem, c->after->path), start);
    if (min > identity_number(d, c->before, "MINVALUE"))
        pg_ddl(d, 0, "SELECT setval(s, %d, false) FROM %S < %d", min, from, min);
    if (max < identity_max(d, c->before))
        pg_ddl(d, 0, "SELECT setval(s, %d, true) FROM %S > %d", max, from, max);
}

void pg_identity_change(struct ddl *d, const struct change *c)
{
    struct str was = obj_text(d->mem, c->before, "identity"), key, value;
    struct str now = obj_text(d->mem, c->after, "identity");
    struct jc_iter it = jc_iter(obj_raw(c->after, "identity_options"));
    struct strbuf b = sb_new(d->mem, 0);
    bool anew = identity_number(d, c->after, "MINVALUE") > identity_max(d, c->before) ||
                identity_max(d, c->after) < identity_number(d, c->before, "MINVALUE");
    if (!str_eq(was, now))
        pg_alter_column(d, c->after, "SET GENERATED %S", now);
    if (!pg_changed(c, "identity_options"))
        return;
    if (!anew)
        identity_inside(d, c);
    while (jc_next(&it, &key, &value))
        if (!str_eq(key, STR("SEQUENCE NAME")))
            sql_fmt(&b, &pg_dialect, "%sSET %S %S", b.n ? " " : "", key, jc_text(d->mem, value));
    if (anew)
        sb_c(&b, " RESTART");
    pg_alter_column(d, c->after, "%S", sb_view(&b));
}

void pg_serial_catch_up(struct ddl *d, struct str sequence, const struct obj *column, int64_t by)
{
    struct str type = obj_text(d->mem, column, "type"), name = pg_last(d->mem, column->path);
    const char *furthest = by < 0 ? "min" : "max";
    if (pg_table_is_new(d, column->path) ||
        !(str_eq(type, STR("integer")) || str_eq(type, STR("bigint")) ||
          str_eq(type, STR("smallint"))))
        return;
    pg_ddl(d, 0,
           "SELECT setval(%S, v) FROM (SELECT %s(%S) AS v FROM %S) t, pg_sequence "
           "WHERE seqrelid = %S AND v BETWEEN seqmin AND seqmax",
           sequence, furthest, name, pg_table_of(d->mem, column->path), sequence);
}

/* Grants of its own come on top of none. */
void pg_identity_undo_defaults(struct ddl *d, const struct obj *column)
{
    struct str name = obj_src(d->mem, column, "sequence");
    const struct obj *table = view_get(d->after, path_parent(column->path));
    if (obj_raw(column, "identity").n && name.n && table && (d->facets & F_ACL))
        pg_undo_defaults(d, "SEQUENCE",
                         pg_text(d->mem, "%S.%I", pg_name(d->mem, column->path, 1), name), table);
}

void pg_identity_add(struct ddl *d, const struct change *c)
{
    struct str options = obj_raw(c->after, "identity_options");
    struct str table = pg_table_of(d->mem, c->after->path);
    if (pg_default_of(d->before, d->mem, c->before))
        pg_alter_column_only(d, c->after, "DROP DEFAULT", STR_NULL);
    if (!obj_true(c->before, "notnull"))
        pg_notnull_comes(d, c);
    pg_alter_column(d, c->after, "ADD GENERATED %S",
                    pg_text(d->mem, "%S AS IDENTITY (%S)", obj_text(d->mem, c->after, "identity"),
                            pg_identity_options(d->mem, options)));
    pg_identity_undo_defaults(d, c->after);
    pg_serial_catch_up(d,
                       pg_text(d->mem, "pg_get_serial_sequence(%L, %L)::regclass", table,
                               path_name(d->mem, c->after->path)),
                       c->after, identity_number(d, c->after, "INCREMENT BY"));
}

struct str pg_identity_sequence(struct arena *mem, const struct obj *o)
{
    struct str name = obj_src(mem, o, "sequence");
    return name.n ? path_join(mem, path_top(o->path), STR("sequence"), name) : STR_NULL;
}

int pg_identity_alter(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str was = obj_raw(c->before, "identity"), now = obj_text(d->mem, c->after, "identity");
    if (was.n && !now.n) {
        pg_alter_column(d, c->after, "DROP IDENTITY", STR_NULL);
    } else if (!was.n && pg_column_type_differs(c->before, c->after)) {
        return 0; /* after the type's change, which does it */
    } else if (!was.n) {
        pg_identity_add(d, c);
    } else if (!pg_column_type_differs(c->before, c->after)) {
        pg_identity_change(d, c); /* else the change of the type does it */
    }
    return 0;
}

bool pg_identity_shrinks(struct ddl *d, const struct change *c)
{
    return identity_max(d, c->after) < identity_max(d, c->before);
}
