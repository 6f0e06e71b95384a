/* Which form a changelog has, and its tree; see forms.h. */

#include "changelog/forms.h"

#include "changelog/doc.h"

static bool begins(struct str text, struct str word)
{
    return str_starts(str_trim(text), word);
}

/* The first line that holds something, as Liquibase looks for it. */
static bool is_formatted_sql(struct str text)
{
    struct str line, rest = str_trim(text);
    if (!str_starts(rest, STR("--")) || !str_cut(&rest, '\n', &line))
        return false;
    line = str_trim(str_from(line, 2));
    if (!str_eq_fold(str_sub(line, 0, 9), STR("liquibase")))
        return false;
    return str_eq_fold(str_sub(str_trim(str_from(line, 9)), 0, 9), STR("formatted"));
}

bool changelog_form(struct str label, struct str text, enum changelog_form *out)
{
    if (str_ends(label, STR(".js")))
        return false;
    if (str_ends(label, STR(".sql"))) {
        *out = FORM_SQL;
        return is_formatted_sql(text);
    }
    *out = FORM_YAML;
    if (str_ends(label, STR(".yaml")) || str_ends(label, STR(".yml")) ||
        str_ends(label, STR(".json")))
        return true;
    *out = FORM_XML;
    if (str_ends(label, STR(".xml")) || begins(text, STR("<?xml")) ||
        begins(text, STR("<databaseChangeLog")))
        return true;
    *out = is_formatted_sql(text) ? FORM_SQL : FORM_YAML;
    return *out == FORM_SQL || str_find(text, STR("databaseChangeLog")) < text.n;
}

/* <rollback/> is the form of XML for "empty". */
static void name_empty(struct node *set)
{
    for (struct node *n = set ? set->first : NULL; n; n = n->next)
        if (str_eq(n->key, STR("rollback")) && n->type == NODE_SCALAR && !n->text.n)
            n->text = STR("empty");
}

static int xml_form(struct str text, struct str label, struct arena *mem, struct node **out,
                    struct err *e)
{
    struct log_doc doc = {.form = LOG_XML, .text = text, .label = label};
    if (log_read_xml(&doc, mem, e))
        return -1;
    for (struct node *item = doc.items->first; item; item = item->next)
        name_empty(item->first);
    *out = node_made(mem, NODE_MAP, STR(""), 1);
    struct node_list members = {*out, NULL};
    doc.items->key = STR("databaseChangeLog");
    node_append(&members, doc.items);
    return 0;
}

int changelog_tree(enum changelog_form form, struct str text, struct str label,
                   const struct engine *eng, struct arena *mem, struct node **out, struct err *e)
{
    return form == FORM_XML   ? xml_form(text, label, mem, out, e)
           : form == FORM_SQL ? sql_form(text, label, eng, mem, out, e)
                              : yaml_tree(text, label, mem, out, e);
}
