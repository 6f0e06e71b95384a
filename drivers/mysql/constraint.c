/* CHECKs, periods and foreign keys. The first two are part of their table's ALTER TABLE; a foreign
 * key ties two tables, so it comes and goes by itself. */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/table.h"

void my_put_check(struct strbuf *out, const struct obj *o)
{
    sb_c(out, "CONSTRAINT ");
    my_put_name(out, my_name(out->mem, o->path));
    sb_printf(out, " CHECK (%.*s)", STR_ARG(obj_text(out->mem, o, "expr")));
    if (obj_true(o, "not_enforced"))
        sb_c(out, " NOT ENFORCED");
}

void my_check_facts(struct catalog *cat, const struct my_check *c, struct str table)
{
    struct fact f;
    fact_begin(&f, cat, "check", table, c->name);
    fact_text(&f, "expr", c->expr);
    fact_bool(&f, "not_enforced", c->not_enforced);
    fact_end(&f);
}

/* The character set of a column that holds text or bytes; empty: of another one. */
static struct str charset_of(struct arena *mem, const struct obj *column)
{
    struct str collation = obj_text(mem, column, "collation"), type = obj_text(mem, column, "type");
    if (collation.n)
        return my_charset_of(collation);
    return str_starts(type, STR("binary")) || str_starts(type, STR("varbinary")) ||
                   str_find(type, STR("blob")) < type.n
               ? STR("binary")
               : STR("");
}

/* The check names a column whose character set is not that of a literal in it. */
static bool is_rewritten(struct ddl *d, const struct view *v, const struct obj *check)
{
    struct str expr = obj_text(d->mem, check, "expr"), literals = STR("");
    for (int pass = 0; pass < 2; pass++) {
        struct my_lex l = {expr, 0};
        for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
            struct str path = my_column_path(d->mem, path_parent(check->path),
                                             t.type == MY_NAME ? my_unquote(d->mem, t) : t.text);
            const struct obj *column = t.type == MY_NAME ? view_get(v, path) : NULL;
            struct str charset = column ? charset_of(d->mem, column) : STR("");
            if (t.type == MY_WORD && t.text.p[0] == '_' && my_peek(&l).type == MY_STRING) {
                struct str own = str_from(t.text, 1);
                if (literals.n && !str_eq(literals, own))
                    return true;
                literals = own;
            } else if (pass && literals.n && charset.n && !str_eq(charset, literals)) {
                return true;
            }
        }
    }
    return false;
}

void my_restate_checks(struct ddl *d, struct str table)
{
    struct strbuf text = sb_new(d->mem, 0);
    struct my_work w = {0};
    uint32_t n;
    const struct obj **list = my_below(d->mem, d->after, table, "check", &n);
    for (uint32_t i = 0; i < n && !my_for_mariadb(d); i++) {
        if (!is_rewritten(d, d->before, list[i]) && !is_rewritten(d, d->after, list[i]))
            continue;
        sb_c(&text, text.n ? ",\n  DROP CONSTRAINT " : "DROP CONSTRAINT ");
        my_put_name(&text, my_name(d->mem, list[i]->path));
        sb_c(&text, ",\n  ADD ");
        my_put_check(&text, list[i]);
        my_note(&w, MY_DROP_CHECK);
        my_note(&w, obj_true(list[i], "not_enforced") ? MY_RELAX_CHECK : MY_ADD_CHECK);
        w.clauses += 2;
    }
    if (text.n)
        my_alter(d, table, &w, sb_view(&text));
}

void my_put_period(struct strbuf *out, const struct obj *o)
{
    struct str name = my_name(out->mem, o->path);
    uint32_t n;
    struct str *columns = my_list(out->mem, obj_raw(o, "columns"), &n);
    sb_c(out, "PERIOD FOR ");
    if (str_eq(name, STR("SYSTEM_TIME")))
        sb_str(out, name);
    else
        my_put_name(out, name);
    sb_c(out, " (");
    my_put_name(out, columns[0]);
    sb_c(out, ", ");
    my_put_name(out, columns[1]);
    sb_char(out, ')');
}

void my_period_facts(struct catalog *cat, const struct my_period *p, struct str table)
{
    struct str columns[] = {p->from, p->to};
    struct fact f;
    fact_begin(&f, cat, "period", table, p->name);
    fact_list(&f, "columns", columns, 2);
    fact_end(&f);
}

int my_keeps_period(struct ddl *d, struct str table, struct err *e)
{
    const struct obj *was = view_get(d->before, table), *is = view_get(d->after, table);
    uint32_t n, m;
    const struct obj **old = my_below(d->mem, d->before, table, "column", &n);
    const struct obj **new = my_below(d->mem, d->after, table, "column", &m);
    if (!obj_true(was, "versioned") || !obj_true(is, "versioned"))
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str expr = obj_text(d->mem, old[i], "generated");
        if (!str_starts(expr, STR("ROW ")) || view_get(d->after, old[i]->path))
            continue;
        for (uint32_t k = 0; k < m; k++)
            if (str_eq(obj_text(d->mem, new[k], "generated"), expr))
                return err_set(
                    e, E_UNSUPPORTED_CHANGE,
                    "table %.*s: %.*s is its %.*s, which can get another name "
                    "(--rename %.*s.%.*s=%.*s) but no other column",
                    STR_ARG(my_name(d->mem, table)), STR_ARG(my_name(d->mem, old[i]->path)),
                    STR_ARG(expr), STR_ARG(my_name(d->mem, table)),
                    STR_ARG(my_name(d->mem, old[i]->path)), STR_ARG(my_name(d->mem, new[k]->path)));
    }
    return 0;
}

static void put_names(struct strbuf *out, struct str raw)
{
    uint32_t n;
    struct str *names = my_list(out->mem, raw, &n);
    sb_char(out, '(');
    for (uint32_t i = 0; i < n; i++) {
        sb_c(out, i ? ", " : "");
        my_put_name(out, names[i]);
    }
    sb_char(out, ')');
}

static void put_action(struct strbuf *out, const struct obj *o, const char *attr, const char *words)
{
    struct str action = obj_text(out->mem, o, attr);
    if (action.n)
        sb_printf(out, " %s %.*s", words, STR_ARG(action));
}

void my_put_foreign_key(struct strbuf *out, const struct obj *o)
{
    struct str schema = obj_text(out->mem, o, "ref_schema");
    sb_c(out, "CONSTRAINT ");
    my_put_name(out, my_name(out->mem, o->path));
    sb_c(out, " FOREIGN KEY ");
    put_names(out, obj_raw(o, "columns"));
    sb_c(out, " REFERENCES ");
    if (schema.n) {
        my_put_name(out, schema);
        sb_char(out, '.');
    }
    my_put_name(out, obj_text(out->mem, o, "ref_table"));
    sb_char(out, ' ');
    put_names(out, obj_raw(o, "ref_columns"));
    put_action(out, o, "on_delete", "ON DELETE");
    put_action(out, o, "on_update", "ON UPDATE");
}

void my_foreign_key_facts(struct catalog *cat, const struct my_foreign_key *k, struct str table)
{
    struct fact f;
    struct str other = my_top(cat->tmp, "table", k->ref_table);
    fact_begin(&f, cat, "foreign_key", table, k->name);
    fact_list(&f, "columns", k->columns, k->ncolumns);
    fact_text(&f, "on_delete", k->on_delete);
    fact_text(&f, "on_update", k->on_update);
    fact_list(&f, "ref_columns", k->ref_columns, k->nref);
    fact_text(&f, "ref_schema", k->ref_schema);
    fact_text(&f, "ref_table", k->ref_table);
    for (uint32_t i = 0; i < k->ncolumns; i++)
        fact_dep(&f, my_column_path(cat->tmp, table, k->columns[i]));
    for (uint32_t i = 0; i < k->nref && str_is_null(k->ref_schema); i++)
        fact_dep(&f, my_column_path(cat->tmp, other, k->ref_columns[i]));
    if (str_is_null(k->ref_schema))
        fact_dep(&f, other);
    fact_end(&f);
}

/* The table that it points at is not there: the server takes such a key only unchecked. */
static bool is_dangling(const struct ddl *d, const struct obj *o)
{
    if (obj_raw(o, "ref_schema").n)
        return str_eq(obj_src(d->mem, o, "dangling"), STR("1"));
    return !view_get(d->after, my_top(d->mem, "table", obj_text(d->mem, o, "ref_table")));
}

/* A key of the table, which begins with the columns of the foreign key, is one that the server
 * finds for it. */
static bool has_key(struct ddl *d, const struct obj *fk)
{
    static const char *const kinds[] = {"primary_key", "index"};
    uint32_t n, nkeys;
    struct str *columns = my_list(d->mem, obj_raw(fk, "columns"), &n);
    struct strbuf begin = sb_new(d->mem, 0);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf name = sb_new(d->mem, 0);
        my_put_name(&name, columns[i]);
        columns[i] = sb_view(&name);
    }
    jc_put_list(&begin, columns, n);
    begin.n--; /* its bracket */
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct obj **list =
            my_below(d->mem, d->after, path_parent(fk->path), kinds[k], &nkeys);
        for (uint32_t i = 0; i < nkeys; i++)
            if (str_starts(obj_raw(list[i], "parts"), sb_view(&begin)))
                return true;
    }
    return false;
}

/* Names that MariaDB makes out of long ones of tables, and takes from nobody. */
static bool is_too_long(struct str name)
{
    size_t characters = 0;
    for (size_t i = 0; i < name.n; i++)
        characters += ((unsigned char)name.p[i] & 0xC0) != 0x80;
    return characters > 64;
}

/* The name that the server gives to the next foreign key of the table that has none. */
static struct str next_name(struct ddl *d, struct str table)
{
    struct str begin = my_text(d->mem, "%S_ibfk_", my_name(d->mem, table));
    int64_t highest = 0, one;
    uint32_t n;
    const struct obj **list = my_below(d->mem, d->before, table, "foreign_key", &n);
    for (uint32_t i = 0; i < n; i++) {
        struct str name = my_name(d->mem, list[i]->path);
        if (str_starts(name, begin) && str_int(str_from(name, begin.n), &one) && one > highest)
            highest = one;
    }
    return arena_printf(d->mem, "%.*s%lld", STR_ARG(begin), (long long)highest + 1);
}

static int put_named(struct ddl *d, const struct obj *o, struct strbuf *out, struct err *e)
{
    struct str name = my_name(d->mem, o->path), table = path_parent(o->path);
    struct strbuf text = sb_new(d->mem, 0), quoted = sb_new(d->mem, 0);
    my_put_foreign_key(&text, o);
    my_put_name(&quoted, name);
    if (is_too_long(name) && !str_eq(name, next_name(d, table)))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "foreign key %.*s: its name is too long to be written, and the server would "
                       "give it another one",
                       STR_ARG(name));
    sb_str(out, is_too_long(name) ? str_from(sb_view(&text), STR("CONSTRAINT  ").n + quoted.n)
                                  : sb_view(&text));
    return 0;
}

static int foreign_key_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf text = sb_new(d->mem, 0);
    struct my_work w = {0};
    bool unchecked = is_dangling(d, c->after);
    /* a descending key serves once the foreign key is there, but the server would make another */
    static const char helper[] = "snap_helper";
    struct str table = path_parent(c->after->path);
    struct str kept = my_kept_keys(d, table, c->after);
    bool helped = !has_key(d, c->after);
    sb_printf(&text, "%.*s%s", STR_ARG(kept), kept.n ? ", " : "");
    if (helped) {
        sb_printf(&text, "ADD INDEX %s ", helper);
        put_names(&text, obj_raw(c->after, "columns"));
        sb_c(&text, ", ");
    }
    sb_c(&text, "ADD ");
    if (put_named(d, c->after, &text, e))
        return -1;
    my_permit(d, table, true);
    if (unchecked)
        my_assign(d, "foreign_key_checks", STR("0"));
    if (!unchecked)
        my_depends(d, c->after->path, "fails where a row refers to none");
    my_note(&w, unchecked ? MY_ADD_UNCHECKED : MY_ADD_FOREIGN_KEY);
    uint32_t stmt = my_alter(d, table, &w, sb_view(&text));
    my_locks_parent(d, stmt, c->after, unchecked ? MY_ADD_UNCHECKED : MY_ADD_FOREIGN_KEY);
    if (unchecked)
        my_restore(d, "foreign_key_checks");
    if (helped) {
        w = (struct my_work){0};
        my_note(&w, MY_DROP_INDEX);
        my_alter(d, table, &w, my_text(d->mem, "DROP INDEX %s", helper));
    }
    my_restate_checks(d, table);
    my_permit(d, table, false);
    return 0;
}

static int foreign_key_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct my_work w = {0};
    struct str table = path_parent(c->before->path);
    (void)e;
    my_permit(d, table, true);
    my_note(&w, MY_DROP_FOREIGN_KEY);
    uint32_t stmt = my_alter(
        d, table, &w, my_text(d->mem, "DROP FOREIGN KEY %I", my_name(d->mem, c->before->path)));
    my_locks_parent(d, stmt, c->before, MY_DROP_FOREIGN_KEY);
    my_restate_checks(d, table);
    my_permit(d, table, false);
    return 0;
}

static bool is_text(struct str type)
{
    return str_starts(type, STR("varchar(")) || str_starts(type, STR("char("));
}

/* A foreign key of the table sets the column to NULL. */
static bool is_set_null(const struct ddl *d, const struct view *v, const struct obj *column)
{
    uint32_t n;
    const struct obj **keys = my_below(d->mem, v, path_parent(column->path), "foreign_key", &n);
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(obj_raw(keys[i], "on_delete"), STR("\"SET NULL\"")) ||
            str_eq(obj_raw(keys[i], "on_update"), STR("\"SET NULL\"")))
            return true;
    return false;
}

bool my_minds_keys(const struct ddl *d, const struct change *c)
{
    if (c->op != OP_ALTER)
        return false;
    struct str was = obj_text(d->mem, c->before, "type"), is = obj_text(d->mem, c->after, "type");
    if (!str_eq(obj_raw(c->before, "collation"), obj_raw(c->after, "collation")))
        return true;
    if (!str_eq(was, is) && !(is_text(was) && is_text(is)))
        return true;
    return !str_eq(obj_raw(c->before, "notnull"), obj_raw(c->after, "notnull")) &&
           (is_set_null(d, d->before, c->before) || is_set_null(d, d->after, c->after));
}

static void check_brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "(%.*s)%s", STR_ARG(obj_text(out->mem, o, "expr")),
              obj_true(o, "not_enforced") ? " not enforced" : "");
}

static void foreign_key_brief(const struct obj *o, struct strbuf *out)
{
    struct strbuf text = sb_new(out->mem, 0);
    my_put_foreign_key(&text, o);
    sb_str(out, str_from(sb_view(&text), str_find(sb_view(&text), STR("FOREIGN KEY")) + 12));
}

static const struct alter create_fk = {
    .name = "foreign_key.create", .fn = foreign_key_create, .doc = "ALTER TABLE ADD CONSTRAINT"};
static const struct alter drop_fk = {
    .name = "foreign_key.drop", .fn = foreign_key_drop, .doc = "ALTER TABLE DROP FOREIGN KEY"};

/* clang-format off */
static const struct attr_desc check_attrs[] = {
    {"expr",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "condition"},
    {"not_enforced", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "NOT ENFORCED"},
};
static const struct attr_desc period_attrs[] = {
    {"columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "its begin and its end"},
};
static const struct attr_desc foreign_key_attrs[] = {
    {"columns",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns"},
    {"on_delete",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON DELETE, where it is written"},
    {"on_update",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON UPDATE, where it is written"},
    {"ref_columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns of the other table"},
    {"ref_schema",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its schema, where it is another"},
    {"ref_table",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "the other table"},
};
/* clang-format on */

const struct kind_desc my_check_kind = {
    .name = "check",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_GUARDS,
    .rank = 24,
    .facet = F_STRUCTURE,
    .attrs = check_attrs,
    .nattrs = sizeof check_attrs / sizeof *check_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .brief = check_brief,
    .names = "/check",
    .doc = "CHECK constraint of a table",
};

const struct kind_desc my_period_kind = {
    .name = "period",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 25,
    .facet = F_STRUCTURE,
    .attrs = period_attrs,
    .nattrs = sizeof period_attrs / sizeof *period_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .doc = "PERIOD FOR (MariaDB)",
};

const struct kind_desc my_foreign_key_kind = {
    .name = "foreign_key",
    .parents = "table",
    .flags = KF_CASCADE | KF_GUARDS,
    .rank = 40,
    .facet = F_STRUCTURE,
    .attrs = foreign_key_attrs,
    .nattrs = sizeof foreign_key_attrs / sizeof *foreign_key_attrs,
    .create = &create_fk,
    .drop = &drop_fk,
    .brief = foreign_key_brief,
    .names = "/foreign_key",
    .doc = "foreign key of a table",
};
