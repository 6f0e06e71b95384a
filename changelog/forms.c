/* Which form a changelog has, and its tree; see forms.h. */

#include "changelog/forms.h"

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

int changelog_tree(enum changelog_form form, struct str text, struct str label,
                   const struct engine *eng, struct arena *mem, struct node **out, struct err *e)
{
    return form == FORM_XML   ? xml_form(text, label, mem, out, e)
           : form == FORM_SQL ? sql_form(text, label, eng, mem, out, e)
                              : yaml_tree(text, label, mem, out, e);
}

struct node *node_add(struct arena *mem, struct node *up, struct node **last, struct str key,
                      enum node_type type, unsigned line)
{
    struct node *n = NEW(mem, struct node);
    n->type = type;
    n->key = key;
    n->line = line;
    if (*last)
        (*last)->next = n;
    else if (up)
        up->first = n;
    *last = n;
    return n;
}
