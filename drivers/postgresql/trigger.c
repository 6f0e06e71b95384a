/* Triggers of tables and views, and event triggers. */

#include "drivers/postgresql/postgresql.h"

static struct str on_table(struct ddl *d, struct str path)
{
    return pg_text(d->mem, "%S ON %S", pg_last(d->mem, path), pg_table_of(d->mem, path));
}

static void set_state(struct ddl *d, const struct obj *o, struct str state)
{
    pg_ddl(d, 0, "ALTER TABLE %s%S %S TRIGGER %S", obj_true(o, "clone") ? "ONLY " : "",
           pg_table_of(d->mem, o->path), state.n ? state : STR("ENABLE"), pg_last(d->mem, o->path));
}

static void extensions(struct ddl *d, const struct obj *o, struct str before)
{
    pg_extensions(d, pg_text(d->mem, "ALTER TRIGGER %S", on_table(d, o->path)), before,
                  obj_raw(o, "extensions"));
}

void pg_triggers_of_part(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const struct obj *was = view_get(d->before, o->path);
        if (!str_eq(path_kind(o->path), STR("trigger")) || !obj_true(o, "clone") || !was)
            continue;
        set_state(d, was, obj_text(d->mem, was, "enabled"));
        extensions(d, was, STR_NULL);
        if (!str_is_null(obj_raw(was, "comment")) && (d->facets & F_COMMENTS))
            pg_comment(d, "TRIGGER", on_table(d, o->path), obj_text(d->mem, was, "comment"));
    }
}

/* A partition's copy of a trigger comes and goes with it; it is a fact where its state is not that
 * of the trigger on the topmost table. */
static int trigger_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    struct str state = obj_text(d->mem, o, "enabled");
    (void)e;
    if (!obj_true(o, "clone"))
        pg_ddl(d, 0, "%S", obj_text(d->mem, o, "def"));
    if (state.n)
        set_state(d, o, state);
    extensions(d, o, STR_NULL);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "TRIGGER", on_table(d, o->path), obj_text(d->mem, o, "comment"));
    return 0;
}

static int trigger_drop(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->before;
    (void)e;
    if (!obj_true(o, "clone")) {
        pg_ddl(d, 0, "DROP TRIGGER %S", on_table(d, o->path));
        return 0;
    }
    set_state(d, o, obj_src(d->mem, o, "inherited"));
    pg_extensions(d, pg_text(d->mem, "ALTER TRIGGER %S", on_table(d, o->path)),
                  obj_raw(o, "extensions"), STR_NULL);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "TRIGGER", on_table(d, o->path), STR_NULL);
    return 0;
}

static int trigger_enable(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_state(d, c->after, obj_text(d->mem, c->after, "enabled"));
    return 0;
}

static int trigger_extensions(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    extensions(d, c->after, obj_raw(c->before, "extensions"));
    return 0;
}

static int trigger_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_comment(d, "TRIGGER", on_table(d, c->after->path),
               str_is_null(obj_raw(c->after, "comment")) ? STR_NULL
                                                         : obj_text(d->mem, c->after, "comment"));
    return 0;
}

/* "BEFORE INSERT FOR EACH ROW EXECUTE FUNCTION public.f()" */
static void brief(const struct obj *o, struct strbuf *out)
{
    static const char *const times[] = {" BEFORE ", " AFTER ", " INSTEAD OF "};
    struct str def = obj_text(out->mem, o, "def");
    size_t at = def.n;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        size_t hit = str_find(def, str_c(times[i]));
        at = hit < at ? hit : at;
    }
    sb_str(out, str_trim(str_from(def, at)));
    if (obj_raw(o, "enabled").n)
        sb_printf(out, "%s%.*s", out->n ? ", " : "", STR_ARG(obj_text(out->mem, o, "enabled")));
}

static void event_state(struct ddl *d, const struct obj *o)
{
    struct str state = obj_text(d->mem, o, "enabled");
    pg_ddl(d, 0, "ALTER EVENT TRIGGER %S %S", pg_id(d->mem, o), state.n ? state : STR("ENABLE"));
}

static int event_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    uint32_t n = 0;
    struct str *tags = pg_list(d->mem, obj_raw(o, "tags"), &n);
    struct strbuf b = sb_new(d->mem, 0);
    (void)e;
    sql_fmt(&b, &pg_dialect, "CREATE EVENT TRIGGER %S ON %I", pg_id(d->mem, o),
            obj_text(d->mem, o, "event"));
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%L", i ? ", " : "\n    WHEN TAG IN (", tags[i]);
    sql_fmt(&b, &pg_dialect, "%s\n    EXECUTE FUNCTION %S()", n ? ")" : "",
            obj_text(d->mem, o, "function"));
    ddl_stmt(d, sb_view(&b), 0);
    if (obj_raw(o, "enabled").n)
        event_state(d, o);
    pg_dress(d, "EVENT TRIGGER", pg_id(d->mem, o), o);
    return 0;
}

static int event_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP EVENT TRIGGER %S", pg_id(d->mem, c->before));
    return 0;
}

static int event_enable(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    event_state(d, c->after);
    return 0;
}

static void event_brief(const struct obj *o, struct strbuf *out)
{
    struct str event = obj_text(out->mem, o, "event"), function = obj_text(out->mem, o, "function");
    sb_printf(out, "on %.*s execute %.*s()", STR_ARG(event), STR_ARG(function));
}

ALTER(create, "trigger.create", trigger_create, "CREATE TRIGGER");
ALTER(drop, "trigger.drop", trigger_drop, "DROP TRIGGER");
/* On a partitioned table the state is set on the copies, too: those that differ are set again. */
static const struct alter enable = {.name = "trigger.enable",
                                    .fn = trigger_enable,
                                    .rebuilds = "trigger",
                                    .doc = "ENABLE TRIGGER, DISABLE TRIGGER"};
ALTER(comment, "trigger.comment", trigger_comment, "COMMENT ON TRIGGER");
ALTER(depends, "trigger.extensions", trigger_extensions, "DEPENDS ON EXTENSION");
ALTER(e_create, "event_trigger.create", event_create, "CREATE EVENT TRIGGER");
ALTER(e_drop, "event_trigger.drop", event_drop, "DROP EVENT TRIGGER");
ALTER(e_enable, "event_trigger.enable", event_enable, "ENABLE, DISABLE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"clone",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "a partition's copy, here because its state is its own"},
    {"comment", A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &comment, 1, false, 0, "COMMENT ON"},
    {"def",     A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "CREATE TRIGGER as the server writes it"},
    {"enabled", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &enable,  1, false, 0, "DISABLE, ENABLE REPLICA or ENABLE ALWAYS"},
    {"extensions", A_SET, CMP_VALUE, F_STRUCTURE, NULL, &depends, 1, false, 0, "extensions that take it along when they go"},
};
static const struct attr_desc e_attrs[] = {
    PG_COMMENT,
    {"enabled",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &e_enable, 1, false, 0, "DISABLE, ENABLE REPLICA or ENABLE ALWAYS"},
    {"event",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, false, 0, "ddl_command_start, ddl_command_end, sql_drop or table_rewrite"},
    {"function", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, false, 0, "what it executes"},
    PG_OWNER,
    {"tags",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, false, 0, "commands that it is for, as ordered by the server; all when empty"},
};
/* clang-format on */

const struct kind_desc pg_trigger_kind = {
    .name = "trigger",
    .parents = "table,view",
    .flags = KF_CASCADE,
    .rank = 75,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "trigger",
};

const struct kind_desc pg_event_trigger_kind = {
    .name = "event_trigger",
    .parents = "",
    .rank = 90,
    .facet = F_STRUCTURE,
    .attrs = e_attrs,
    .nattrs = sizeof e_attrs / sizeof *e_attrs,
    .create = &e_create,
    .drop = &e_drop,
    .rename = &pg_rename,
    .brief = event_brief,
    .doc = "trigger on commands",
};
