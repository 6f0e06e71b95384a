/*
 * A plan as a Liquibase changelog in XML 1.0. Liquibase passes once over ${ here, and trims what
 * stands in an element. Commands are elements of the extensions' namespace. The schema of the file
 * is the newest that the program itself brings along, so that none is fetched.
 */

#include "core/escape.h"
#include "emit/changeset.h"

struct writer {
    struct arena *mem;
    struct strbuf *out;
    bool dollar;
    bool commands; /* elements of the extensions */
    bool bad;      /* a text has no form in XML */
};

static void put_text(struct writer *w, struct str text, bool attribute)
{
    w->bad |= !esc_xml(w->out, safe_dollar(w->mem, text, ONE_PASS, &w->dollar), attribute);
}

static void put_attribute(struct writer *w, struct str key, struct str value)
{
    sb_printf(w->out, " %.*s=\"", STR_ARG(key));
    put_text(w, value, true);
    sb_char(w->out, '"');
}

static bool is_scalar(const struct val *v)
{
    return v->type == VAL_TEXT || v->type == VAL_WORD;
}

/* What stands as text in its element: statements, and the bodies of what is created. */
static bool is_direct(const struct val *v)
{
    static const char *const keys[][2] = {{"sql", "sql"},
                                          {"createView", "selectQuery"},
                                          {"createProcedure", "procedureText"},
                                          {"createFunction", "functionText"},
                                          {"createTrigger", "triggerText"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq_c(v->up->key, keys[i][0]) && str_eq_c(v->key, keys[i][1]))
            return true;
    return false;
}

/* What is an element of its own though it is one text. */
static bool is_nested(const struct writer *w, const struct val *v)
{
    return (w->commands && v->lines) || str_eq(v->key, STR("where"));
}

static bool is_attribute(const struct writer *w, const struct val *v)
{
    return is_scalar(v) && !str_is_null(v->key) && !is_direct(v) && !is_nested(w, v);
}

static const char *prefix(const struct writer *w, const struct val *v)
{
    return w->commands && !str_eq(v->key, STR("empty")) && !str_eq(v->key, STR("tagDatabase"))
               ? "ext:"
               : "";
}

/* A text that people read: as it is where it can be. */
static void put_body(struct writer *w, struct str text)
{
    struct str safe = safe_dollar(w->mem, text, ONE_PASS, &w->dollar);
    struct strbuf escaped = sb_new(w->mem, 0), plain = sb_new(w->mem, 0);
    w->bad |= !esc_xml(&escaped, safe, false);
    /* only the characters of markup were replaced, and there is no end of a section */
    for (size_t i = 0; i < safe.n; i++)
        sb_c(&plain, safe.p[i] == '&'   ? "&amp;"
                     : safe.p[i] == '<' ? "&lt;"
                     : safe.p[i] == '>' ? "&gt;"
                                        : (char[]){safe.p[i], 0});
    bool markup = escaped.n != safe.n && str_eq(sb_view(&escaped), sb_view(&plain));
    if (markup && str_find(safe, STR("]]>")) == safe.n)
        sb_printf(w->out, "<![CDATA[%.*s]]>", STR_ARG(safe));
    else
        sb_str(w->out, sb_view(&escaped));
}

static bool has_content(const struct writer *w, const struct val *v)
{
    for (const struct val *m = v->first; m; m = m->next)
        if (!is_attribute(w, m) && (is_scalar(m) || m->first || m->type == VAL_MAP))
            return true;
    return false;
}

/* Whether the end tag stands on the line where its text ends. */
static bool is_inline(const struct val *v)
{
    for (const struct val *m = v->first; m; m = m->next)
        if (is_scalar(m) && is_direct(m))
            return true;
    return false;
}

static void put_start(struct writer *w, const struct val *v, unsigned indent)
{
    sb_pad(w->out, ' ', indent);
    sb_printf(w->out, "<%s%.*s", prefix(w, v), STR_ARG(v->key));
    for (const struct val *m = v->first; m; m = m->next)
        if (is_attribute(w, m))
            put_attribute(w, m->key, m->text);
    sb_c(w->out, !has_content(w, v) ? "/>\n" : is_inline(v) ? ">" : ">\n");
}

static void put_member(struct writer *w, const struct val *v, unsigned indent)
{
    if (is_attribute(w, v))
        return;
    if (is_direct(v)) {
        put_body(w, v->text);
        return;
    }
    struct str name = str_is_null(v->key) ? v->up->key : v->key;
    sb_pad(w->out, ' ', indent);
    sb_printf(w->out, "<%s%.*s>", prefix(w, v), STR_ARG(name));
    put_body(w, v->text);
    sb_printf(w->out, "</%s%.*s>\n", prefix(w, v), STR_ARG(name));
}

/* Lists and their items are no elements: what is in them stands in the element around them. */
static void put_list(struct writer *w, const struct val *list, unsigned indent)
{
    struct val_iter it = {.root = list};
    while (val_next(&it)) {
        const struct val *v = it.v;
        bool element = v->type == VAL_MAP && !str_is_null(v->key);
        if (element && it.leaving && has_content(w, v)) {
            sb_pad(w->out, ' ', is_inline(v) ? 0 : indent);
            sb_printf(w->out, "</%s%.*s>\n", prefix(w, v), STR_ARG(v->key));
        } else if (element && !it.leaving) {
            put_start(w, v, indent);
        } else if (is_scalar(v)) {
            put_member(w, v, indent);
        }
        /* the indent follows elements alone */
        if (element && !it.leaving && v->first)
            indent += 2;
        const struct val *up = v->up;
        if ((it.leaving || !v->first) && v != list && !v->next && up->type == VAL_MAP &&
            !str_is_null(up->key))
            indent -= 2;
    }
}

static void put_if(struct writer *w, const char *key, struct str value)
{
    if (value.n)
        put_attribute(w, str_c(key), value);
}

static void put_set(struct writer *w, const struct change_set *s)
{
    for (uint32_t i = 0; i < s->nnotes; i++) {
        sb_c(w->out, "  <!-- ");
        esc_xml_comment(w->out, s->notes[i]);
        sb_c(w->out, " -->\n");
    }
    sb_c(w->out, "  <changeSet");
    put_attribute(w, STR("id"), s->id);
    put_attribute(w, STR("author"), s->author);
    put_if(w, "contextFilter", s->contexts);
    put_if(w, "created", s->created);
    put_if(w, "dbms", s->dbms);
    put_if(w, "labels", s->labels);
    if (s->no_tx)
        put_attribute(w, STR("runInTransaction"), STR("false"));
    sb_c(w->out, ">\n");
    if (s->comment.n) {
        sb_c(w->out, "    <comment>");
        put_text(w, s->comment, false);
        sb_c(w->out, "</comment>\n");
    }
    put_list(w, s->changes, 4);
    if (s->rollback && !s->rollback->first)
        sb_c(w->out, "    <rollback/>\n");
    if (s->rollback && s->rollback->first) {
        sb_c(w->out, "    <rollback>\n");
        put_list(w, s->rollback, 6);
        sb_c(w->out, "    </rollback>\n");
    }
    sb_c(w->out, "  </changeSet>\n");
}

static void put_head(struct strbuf *out, const struct emit_in *in, bool commands)
{
    static const char ns[] = "http://www.liquibase.org/xml/ns/dbchangelog";
    sb_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (in->proof.n) {
        sb_c(out, "<!-- ");
        esc_xml_comment(out, in->proof);
        sb_c(out, " -->\n");
    }
    sb_printf(out,
              "<databaseChangeLog xmlns=\"%s\"\n"
              "    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n",
              ns);
    if (commands)
        sb_printf(out, "    xmlns:ext=\"%s-ext\"\n", ns);
    sb_printf(out, "    xsi:schemaLocation=\"%s %s/dbchangelog-latest.xsd\">\n", ns, ns);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct strbuf body = sb_new(in->mem, 0);
    bool commands = in->plan->eng->lang == LANG_COMMAND;
    struct writer w = {.mem = in->mem, .out = &body, .commands = commands};
    struct change_sets sets;
    (void)second;
    /* the schema wants a tableName of it, which the plain form has not */
    if (change_sets(in, "dropIndex", &sets, e))
        return -1;
    for (uint32_t i = 0; i < sets.n; i++) {
        put_set(&w, &sets.v[i]);
        if (!w.bad)
            continue;
        err_set(e, E_UNSUPPORTED_CHANGE,
                "%.*s: a text in it holds a control character, which XML has no form for",
                STR_ARG(sets.v[i].comment));
        return err_hint(e, "--format liquibase-yaml keeps it");
    }
    put_head(out, in, commands);
    if (w.dollar)
        sb_c(out, "  <property name=\"" DOLLAR_NAME "\" value=\"" DOLLAR_VALUE
                  "\" global=\"false\"/>\n");
    sb_str(out, sb_view(&body));
    sb_c(out, "</databaseChangeLog>\n");
    return 0;
}

const struct emitter emitter_liquibase_xml = {
    .name = "liquibase-xml",
    .ext = ".xml",
    .doc = "the same in XML",
    .use = EMIT_CHANGELOG,
    .run = run,
};
