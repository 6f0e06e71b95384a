/*
 * Views. One whose text changes is dropped and created again, so that views on views, and the
 * columns that they name, come and go in order, both ways. A view whose tables are gone stays, and
 * is broken.
 */

#include "drivers/mysql/mysql.h"

static void put_view(struct strbuf *out, const struct obj *o, unsigned facets)
{
    struct str definer = obj_text(out->mem, o, "definer"), name = my_name(out->mem, o->path);
    struct str check = obj_text(out->mem, o, "check_option");
    struct str columns = obj_text(out->mem, o, "columns");
    sb_printf(out, "CREATE OR REPLACE ALGORITHM=%.*s ",
              STR_ARG(obj_text(out->mem, o, "algorithm")));
    if ((facets & F_OWNER) && definer.n)
        sb_printf(out, "DEFINER=%.*s ", STR_ARG(definer));
    sb_printf(out, "SQL SECURITY %.*s VIEW ", STR_ARG(obj_text(out->mem, o, "security")));
    my_put_name(out, name);
    if (columns.n)
        sb_printf(out, " (%.*s)", STR_ARG(columns));
    sb_printf(out, " AS %.*s", STR_ARG(obj_text(out->mem, o, "query")));
    if (check.n)
        sb_printf(out, " WITH %.*s CHECK OPTION", STR_ARG(check));
}

/* Its deps say that something is missing. */
static bool is_broken(const struct obj *o)
{
    return str_find(o->deps, STR("\"!")) < o->deps.n;
}

static int view_make(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf text = sb_new(d->mem, 0);
    if (is_broken(c->after))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "view %.*s: it refers to what is not there, so no statement makes it",
                       STR_ARG(my_name(d->mem, c->after->path)));
    put_view(&text, c->after, d->facets);
    my_set(d, c->after, "charset", "character_set_client");
    my_set(d, c->after, "collation", "collation_connection");
    my_put_stmt(d, sb_view(&text));
    my_unset(d, c->after, "collation", "collation_connection");
    my_unset(d, c->after, "charset", "character_set_client");
    return 0;
}

/* It names no other view, which may be gone for a moment. */
static bool stands_alone(const struct ddl *d, const struct change *c)
{
    struct name_uses uses = {0};
    my_uses(d->mem, c->after, &uses);
    for (uint32_t i = 0; i < uses.n; i++) {
        struct str path = my_top(d->mem, "view", uses.v[i]);
        if (!str_eq(path, c->after->path) &&
            (view_get(d->before, path) || view_get(d->after, path)))
            return false;
    }
    return true;
}

static int view_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    my_ddl(d, 0, "DROP VIEW %I", my_name(d->mem, c->before->path));
    return 0;
}

/* The text of a view without the name of its own database, which MariaDB writes where the view
 * looks into another one too. As it is where that name stands for something else: an alias. */
static struct str without_database(struct arena *mem, struct str body, struct str database)
{
    struct my_lex l = {body, 0};
    struct strbuf out = sb_new(mem, 0);
    size_t end = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (t.type != MY_NAME || !str_eq(my_unquote(mem, t), database))
            continue;
        if (!my_is(my_peek(&l), "."))
            return body;
        sb_str(&out, str_sub(body, end, t.at));
        my_next(&l);
        end = l.at;
    }
    sb_str(&out, str_from(body, end));
    return sb_view(&out);
}

/* A literal has the charset and collation of the session that the view was made in. */
static bool has_literals(struct str body)
{
    struct my_lex l = {body, 0};
    struct my_tok t = my_next(&l), was = {MY_END, STR(""), 0};
    for (; t.type != MY_END; was = t, t = my_next(&l))
        if (t.type == MY_STRING &&
            !(was.type == MY_WORD && str_starts(was.text, STR("_")) && was.at + was.text.n == t.at))
            return true;
    return false;
}

/* CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`b` SQL SECURITY DEFINER VIEW `v` [(`a`, `b`)] AS ... */
bool my_view_facts(struct catalog *cat, const struct my_view *v)
{
    struct my_lex l = {v->text, 0};
    struct str algorithm = STR("UNDEFINED"), definer, security = STR("DEFINER"), columns = STR("");
    struct str check = STR_NULL, body;
    if (str_chr(v->text, '\0') < v->text.n || !my_take(&l, "CREATE"))
        return false; /* a byte 0 cannot be in a fact */
    if (my_take(&l, "ALGORITHM")) {
        my_next(&l);
        algorithm = my_next(&l).text;
    }
    definer = my_definer(&l);
    if (my_take(&l, "SQL SECURITY"))
        security = my_next(&l).text;
    if (!my_take(&l, "VIEW"))
        return false;
    struct my_tok called = my_next(&l);
    if (my_is(my_peek(&l), ".")) {
        my_next(&l);
        called = my_next(&l);
    }
    if (!str_eq(my_unquote(cat->tmp, called), v->name))
        return false;
    my_parens(&l, &columns);
    if (!my_take(&l, "AS"))
        return false;
    body = str_trim(str_from(v->text, l.at));
    if (str_ends(body, STR(" WITH CASCADED CHECK OPTION")))
        check = STR("CASCADED");
    else if (str_ends(body, STR(" WITH LOCAL CHECK OPTION")))
        check = STR("LOCAL");
    if (check.n)
        body = str_trim(str_sub(body, 0, body.n - check.n - STR(" WITH  CHECK OPTION").n));
    body = without_database(cat->tmp, body, v->database);
    struct fact f;
    bool literals = has_literals(body);
    fact_begin(&f, cat, "view", STR(""), v->name);
    fact_text(&f, "algorithm", algorithm);
    fact_text(&f, "charset", literals ? v->charset : STR_NULL);
    fact_text(&f, "check_option", check);
    fact_text(&f, "collation", literals ? v->collation : STR_NULL);
    if (columns.n)
        fact_text(&f, "columns", columns);
    fact_text(&f, "definer", definer);
    if (v->broken)
        fact_dep(&f, STR("!something that it refers to"));
    fact_text(&f, "query", body);
    fact_text(&f, "security", security);
    fact_end(&f);
    return true;
}

static const struct alter make = {
    .name = "view.make", .fn = view_make, .doc = "CREATE OR REPLACE VIEW"};
static const struct alter replace = {.name = "view.replace",
                                     .fn = view_make,
                                     .applies = stands_alone,
                                     .other = &alter_replace,
                                     .doc = "CREATE OR REPLACE VIEW"};
static const struct alter drop = {.name = "view.drop", .fn = view_drop, .doc = "DROP VIEW"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"algorithm",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "ALGORITHM"},
    {"charset",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "character_set_client of its session, where it holds literals"},
    {"check_option", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "WITH CHECK OPTION"},
    {"collation",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "collation_connection of its session, where it holds literals"},
    {"columns",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "names given to its columns"},
    {"definer",      A_TEXT, CMP_VALUE, F_OWNER,     NULL, &replace, 1, false, 0, "DEFINER"},
    {"query",        A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "SELECT, as the server writes it"},
    {"security",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "SQL SECURITY"},
};
/* clang-format on */

const struct kind_desc my_view_kind = {
    .name = "view",
    .parents = "",
    .rank = 50,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &make,
    .drop = &drop,
    .doc = "view",
};
