/*
 * A schema in DBML: tables, columns, indexes and references; notes say what changes. Facts about
 * the language are those of @dbml/core 10.2: a name between double quotes takes \" and \\ and no
 * newline, an expression between backticks has no escape, a table has a column, and no two
 * references have the same ends.
 */

#include "core/escape.h"
#include "emit/picture.h"

struct dbml {
    struct strbuf *b;
    const struct picture *p;
};

/* Between `quote`s, with backslashes before what would end it. */
static void put_quoted(struct strbuf *b, struct str text, char quote)
{
    struct strbuf safe = sb_new(b->mem, 0);
    esc_terminal(&safe, text);
    sb_char(b, quote);
    for (size_t i = 0; i < safe.n; i++) {
        if (safe.p[i] == quote || safe.p[i] == '\\')
            sb_char(b, '\\');
        sb_char(b, safe.p[i]);
    }
    sb_char(b, quote);
}

static void put_name(struct strbuf *b, struct str name)
{
    put_quoted(b, name, '"');
}

static void put_comment(struct strbuf *b, const char *before, struct str text)
{
    sb_c(b, before);
    esc_terminal(b, text);
}

/* "schema"."table" */
static void put_table_name(struct dbml *d, const struct pic_table *t)
{
    struct str parent = path_parent(t->part.obj->path);
    if (parent.n) {
        put_name(d->b, path_name(d->b->mem, parent));
        sb_char(d->b, '.');
    }
    put_name(d->b, t->part.rel.name);
}

/* Whether a text can stand between backticks as it is. */
static bool is_plain(struct arena *mem, struct str text)
{
    struct strbuf safe = sb_new(mem, 0);
    esc_terminal(&safe, text);
    return text.n && str_eq(sb_view(&safe), text) && str_chr(text, '`') == text.n &&
           str_chr(text, '\\') == text.n;
}

/* Settings in brackets, one behind the other. */
static void setting(struct dbml *d, bool *first, const char *word)
{
    sb_c(d->b, *first ? " [" : ", ");
    sb_c(d->b, word);
    *first = false;
}

static void end_settings(struct dbml *d, bool first)
{
    sb_c(d->b, first ? "" : "]");
}

static void add_note(struct strbuf *note, const char *before, struct str text)
{
    if (str_is_null(text))
        return;
    sb_c(note, note->n ? "; " : "");
    sb_c(note, before);
    sb_str(note, text);
}

static void add_mark(struct strbuf *note, const struct picture *p, const struct pic_part *part)
{
    struct strbuf what = sb_new(note->mem, 0);
    if (part->mark == MARK_SAME)
        return;
    picture_what(&what, p, part);
    add_note(note, what.n ? "CHANGED: " : "",
             what.n                       ? sb_view(&what)
             : part->mark == MARK_ADDED   ? STR("ADDED")
             : part->mark == MARK_DROPPED ? STR("DROPPED")
                                          : STR("CHANGED"));
}

static void put_note(struct dbml *d, bool *first, const struct strbuf *note)
{
    if (!note->n)
        return;
    setting(d, first, "note: ");
    put_quoted(d->b, sb_view(note), '\'');
}

static bool is_only_key(const struct pic_table *t, const struct pic_column *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->ncolumns; i++)
        n += t->columns[i].primary;
    return c->primary && n == 1;
}

static void put_column(struct dbml *d, const struct pic_table *t, const struct pic_column *c)
{
    const struct relation *r = &c->part.rel;
    struct strbuf note = sb_new(d->b->mem, 0);
    bool first = true;
    add_mark(&note, d->p, &c->part);
    add_note(&note, "", r->comment);
    add_note(&note, "generated: ", r->generated);
    if (r->dflt.n && !is_plain(d->b->mem, r->dflt))
        add_note(&note, "default: ", r->dflt);
    sb_c(d->b, "  ");
    put_name(d->b, r->name);
    sb_char(d->b, ' ');
    put_name(d->b, r->type.n ? r->type : STR("any"));
    if (is_only_key(t, c))
        setting(d, &first, "pk");
    if (r->counts)
        setting(d, &first, "increment");
    if (r->notnull)
        setting(d, &first, "not null");
    if (c->unique && !c->primary)
        setting(d, &first, "unique");
    if (is_plain(d->b->mem, r->dflt)) {
        setting(d, &first, "default: `");
        sb_str(d->b, r->dflt);
        sb_char(d->b, '`');
    }
    put_note(d, &first, &note);
    end_settings(d, first);
    sb_char(d->b, '\n');
}

static void put_terms(struct dbml *d, uint32_t table, const struct relation *r)
{
    sb_c(d->b, "    (");
    for (uint32_t i = 0; i < r->nterms; i++) {
        const struct term *term = &r->terms[i];
        const struct pic_column *c = picture_column(d->p, table, term->column);
        sb_c(d->b, i ? ", " : "");
        if (c && !str_is_null(term->column)) {
            put_name(d->b, c->part.rel.name);
        } else {
            struct strbuf safe = sb_new(d->b->mem, 0);
            esc_terminal(&safe, term->text);
            sb_char(d->b, '`');
            for (size_t k = 0; k < safe.n; k++)
                sb_char(d->b, safe.p[k] == '`' ? '"' : safe.p[k]);
            sb_char(d->b, '`');
        }
    }
    sb_char(d->b, ')');
}

/* Keys of one column stand at the column. */
static bool stands_at_column(struct dbml *d, uint32_t table, const struct pic_part *part)
{
    const struct relation *r = &part->rel;
    bool same = part->mark == MARK_SAME || part->mark == d->p->tables[table].part.mark;
    return same && part->mark != MARK_CHANGED && r->nterms == 1 && !r->where.n &&
           !str_is_null(r->terms[0].column) && picture_column(d->p, table, r->terms[0].column) &&
           (r->role == ROLE_PRIMARY_KEY || r->role == ROLE_UNIQUE);
}

static void put_key(struct dbml *d, uint32_t table, const struct pic_part *part)
{
    const struct relation *r = &part->rel;
    struct strbuf note = sb_new(d->b->mem, 0);
    bool first = true;
    add_mark(&note, d->p, part);
    add_note(&note, "", r->comment);
    add_note(&note, "where ", r->where);
    put_terms(d, table, r);
    if (r->role == ROLE_PRIMARY_KEY && part->mark != MARK_DROPPED)
        setting(d, &first, "pk");
    else if (r->unique)
        setting(d, &first, "unique");
    if (r->name.n) {
        setting(d, &first, "name: ");
        put_quoted(d->b, r->name, '\'');
    }
    put_note(d, &first, &note);
    end_settings(d, first);
    sb_char(d->b, '\n');
}

static void put_keys(struct dbml *d, uint32_t table)
{
    const struct pic_table *t = &d->p->tables[table];
    bool any = false;
    for (uint32_t i = 0; i < t->nparts; i++) {
        const struct relation *r = &t->parts[i].rel;
        if (r->role < ROLE_PRIMARY_KEY || r->role > ROLE_INDEX || !r->nterms ||
            stands_at_column(d, table, &t->parts[i]))
            continue;
        sb_c(d->b, any ? "" : "\n  indexes {\n");
        any = true;
        put_key(d, table, &t->parts[i]);
    }
    sb_c(d->b, any ? "  }\n" : "");
}

/* Whether a key or reference has a word of the language. */
static bool is_said(const struct dbml *d, const struct relation *r)
{
    if (r->role == ROLE_FOREIGN_KEY)
        return picture_table(d->p, r->ref) < d->p->ntables;
    return r->role >= ROLE_PRIMARY_KEY && r->role <= ROLE_INDEX && r->nterms;
}

/* What the language has no word for, below a table. */
static void put_rest(struct dbml *d, const struct pic_table *t)
{
    for (uint32_t i = 0; i < t->nparts; i++) {
        const struct pic_part *part = &t->parts[i];
        struct strbuf name = sb_new(d->b->mem, 0);
        if (is_said(d, &part->rel))
            continue;
        report_kind(&name, path_kind(part->obj->path));
        put_comment(d->b, "  // ", sb_view(&name));
        sb_c(d->b, part->rel.name.n ? " " : "");
        esc_terminal(d->b, part->rel.name);
        if (part->mark != MARK_SAME)
            sb_printf(d->b, ": %s", mark_word(part->mark));
        if (part->rel.role == ROLE_CHECK)
            put_comment(d->b, ": ", part->rel.text);
        if (part->rel.role == ROLE_FOREIGN_KEY) {
            struct strbuf to = sb_new(d->b->mem, 0);
            picture_terms(&to, &part->rel);
            sb_c(&to, " > ");
            path_dotted(&to, part->rel.ref);
            put_comment(d->b, ": ", sb_view(&to));
            sb_c(d->b, ", which is not there");
        }
        sb_char(d->b, '\n');
    }
}

static void put_table(struct dbml *d, uint32_t table)
{
    static const char *const colors[] = {"", " [headercolor: #1a7f37]", " [headercolor: #cf222e]",
                                         " [headercolor: #9a6700]"};
    const struct pic_table *t = &d->p->tables[table];
    struct strbuf note = sb_new(d->b->mem, 0);
    sb_c(d->b, "\nTable ");
    put_table_name(d, t);
    sb_printf(d->b, "%s {\n", colors[t->part.mark]);
    for (uint32_t i = 0; i < t->ncolumns; i++)
        put_column(d, t, &t->columns[i]);
    if (!t->ncolumns)
        sb_c(d->b, "  \"-\" \"-\" [note: 'has no columns of its own']\n");
    put_keys(d, table);
    put_rest(d, t);
    add_mark(&note, d->p, &t->part);
    add_note(&note, "", t->part.rel.comment);
    if (note.n) {
        sb_c(d->b, "\n  Note: ");
        put_quoted(d->b, sb_view(&note), '\'');
        sb_char(d->b, '\n');
    }
    sb_c(d->b, "}\n");
}

static void put_end(struct dbml *d, uint32_t table, const struct str *names, uint32_t n)
{
    put_table_name(d, &d->p->tables[table]);
    sb_c(d->b, ".(");
    for (uint32_t i = 0; i < n; i++) {
        const struct pic_column *c = picture_column(d->p, table, names[i]);
        sb_c(d->b, i ? ", " : "");
        put_name(d->b, c ? c->part.rel.name : names[i]);
    }
    sb_char(d->b, ')');
}

/* Both ends as a text, or nothing where the language cannot say them. */
static bool link_ends(struct dbml *d, const struct pic_link *l, struct strbuf *ends)
{
    const struct relation *fk = &l->key->rel;
    struct str *names = NEW_ARRAY(d->b->mem, struct str, fk->nterms);
    struct dbml to = {ends, d->p};
    uint32_t n;
    struct str *targets = picture_ref_columns(d->p, l, &n);
    bool good = n == fk->nterms && n > 0, same = l->from == l->to;
    for (uint32_t i = 0; good && i < n; i++) {
        names[i] = fk->terms[i].column;
        good = picture_column(d->p, l->from, names[i]) && picture_column(d->p, l->to, targets[i]);
        same = same && str_eq(names[i], targets[i]);
    }
    if (!good || same)
        return false;
    put_end(&to, l->from, names, n);
    sb_c(ends, l->one ? " - " : " > ");
    put_end(&to, l->to, targets, n);
    return true;
}

static void put_link(struct dbml *d, const struct pic_link *l, struct str ends, const char *out_by)
{
    const struct relation *fk = &l->key->rel;
    bool first = true;
    sb_c(d->b, out_by ? "// " : "");
    sb_c(d->b, "Ref ");
    if (fk->name.n) {
        put_name(d->b, fk->name);
        sb_char(d->b, ' ');
    }
    sb_c(d->b, ": ");
    if (!ends.n) {
        put_table_name(d, &d->p->tables[l->from]);
        sb_c(d->b, " > ");
        put_table_name(d, &d->p->tables[l->to]);
    }
    sb_str(d->b, ends);
    if (fk->on_delete.n) {
        setting(d, &first, "delete: ");
        sb_str(d->b, fk->on_delete);
    }
    if (fk->on_update.n) {
        setting(d, &first, "update: ");
        sb_str(d->b, fk->on_update);
    }
    if (l->key->mark != MARK_SAME)
        setting(d, &first, l->key->mark == MARK_DROPPED ? "color: #cf222e" : "color: #1a7f37");
    end_settings(d, first);
    if (l->key->mark != MARK_SAME)
        sb_printf(d->b, " // %s", mark_word(l->key->mark));
    if (out_by)
        sb_printf(d->b, " // %s", out_by);
    sb_char(d->b, '\n');
}

static void put_links(struct dbml *d)
{
    struct str *done = NEW_ARRAY(d->b->mem, struct str, d->p->nlinks);
    sb_c(d->b, d->p->nlinks ? "\n" : "");
    for (uint32_t i = 0; i < d->p->nlinks; i++) {
        struct strbuf ends = sb_new(d->b->mem, 0);
        bool good = link_ends(d, &d->p->links[i], &ends), again = false;
        for (uint32_t k = 0; k < i && good; k++)
            again = again || str_eq(done[k], sb_view(&ends));
        done[i] = sb_view(&ends);
        put_link(d, &d->p->links[i], sb_view(&ends),
                 again   ? "DBML takes these ends once"
                 : !good ? "its columns are not both there"
                         : NULL);
    }
}

static void put_head(struct dbml *d, const struct emit_in *in)
{
    if (in->changes) {
        struct report r = report_make(in->changes, in->mem);
        r.renamed = in->nrenames;
        put_comment(d->b, "// changes that turn ", in->changes->from.label);
        put_comment(d->b, " into ", in->changes->to.label);
        sb_c(d->b, "\n// ");
        report_summary(d->b, &r);
        sb_char(d->b, '\n');
    } else {
        put_comment(d->b, "// ", in->to->label);
        sb_char(d->b, '\n');
    }
    for (uint32_t i = 0; i < in->nrenames; i++) {
        put_comment(d->b, "// ", in->renames[i]);
        sb_char(d->b, '\n');
    }
}

static void put_others(struct dbml *d, const struct pic_part *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf name = sb_new(d->b->mem, 0);
        obj_human(&name, v[i].obj);
        put_comment(d->b, "// ", sb_view(&name));
        if (v[i].mark != MARK_SAME)
            sb_printf(d->b, ": %s", mark_word(v[i].mark));
        sb_char(d->b, '\n');
    }
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct picture p = picture_of(in);
    struct dbml d = {out, &p};
    (void)second;
    (void)e;
    put_head(&d, in);
    for (uint32_t i = 0; i < p.ntables; i++)
        put_table(&d, i);
    put_links(&d);
    sb_c(out, p.nothers ? "\n" : "");
    put_others(&d, p.others, p.nothers);
    put_others(&d, p.inside, p.ninside);
    return 0;
}

const struct emitter emitter_dbml = {
    .name = "dbml",
    .ext = ".dbml",
    .doc = "tables, keys and references for a diagram tool, changes in notes",
    .use = EMIT_DIFF | EMIT_PICTURE,
    .run = run,
};
