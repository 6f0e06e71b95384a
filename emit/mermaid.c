/*
 * Mermaid's erDiagram. Facts about its language are those of mermaid 11.17: names of entities are
 * words, what people read stands in a label; an attribute is `type name keys "comment"`, its words
 * begin with a letter; texts stand between double quotes without an escape but #NN; and what looks
 * like %%{ is a directive wherever it stands.
 */

#include "emit/mermaid.h"

#include "core/escape.h"
#include "core/hash.h"

/* Mermaid's maxTextSize is 50,000. */
enum { MAX_TEXT = 49000, MAX_TYPE = 60 };

static bool is_word(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_';
}

/* Between double quotes: what is no letter, digit or harmless sign is its number. */
static void put_text(struct strbuf *b, struct str text)
{
    struct strbuf safe = sb_new(b->mem, 0);
    esc_terminal(&safe, text);
    for (size_t i = 0; i < safe.n; i++) {
        char c = safe.p[i];
        struct str plain = STR(" _-.,()=+/'!?~|@");
        if ((unsigned char)c >= 0x80 || is_word(c) || str_chr(plain, c) < plain.n)
            sb_char(b, c);
        else
            sb_printf(b, "#%d;", c);
    }
    if (!safe.n)
        sb_c(b, "#32;");
}

/* A word of an attribute: what does not fit is _; false where something did not. A word that
 * begins like the mark of a key would be taken for one. */
static bool put_word(struct strbuf *b, struct str text, const char *more)
{
    struct str also = str_c(more);
    bool begins = text.n && (ascii_is_alpha(text.p[0]) || text.p[0] == '_') &&
                  !str_starts(text, STR("PK")) && !str_starts(text, STR("FK")) &&
                  !str_starts(text, STR("UK"));
    bool same = begins;
    if (!begins)
        sb_char(b, '_');
    for (size_t i = 0; i < text.n; i++) {
        bool fits = is_word(text.p[i]) || str_chr(also, text.p[i]) < also.n;
        same = same && fits;
        sb_char(b, fits ? text.p[i] : '_');
    }
    return same;
}

/* t-schema-table: the same in every diagram; where a name holds other signs, a hash tells it from
 * others. No word of the language begins so. */
static void put_id(struct strbuf *b, const struct picture *p, uint32_t table)
{
    struct str title = p->tables[table].title;
    bool same = title.n <= MAX_TYPE;
    sb_c(b, "t-");
    for (size_t i = 0; i < title.n && i < MAX_TYPE; i++) {
        same = same && (is_word(title.p[i]) || title.p[i] == '.');
        sb_char(b, title.p[i] == '.' ? '-' : is_word(title.p[i]) ? title.p[i] : '_');
    }
    if (same)
        return;
    sb_char(b, '-');
    hash_hex(b, hash_bytes(p->tables[table].part.obj->path), 8);
}

static void put_comment(struct strbuf *b, const struct picture *p, const struct pic_column *c,
                        bool named)
{
    struct strbuf text = sb_new(b->mem, 0);
    if (!named)
        sb_str(&text, c->part.rel.name);
    if (c->part.mark != MARK_SAME) {
        static const char *const signs[] = {"", "+ added", "- dropped", "~ "};
        sb_c(&text, text.n ? ": " : "");
        sb_c(&text, signs[c->part.mark]);
        picture_what(&text, p, &c->part);
    }
    if (!text.n)
        return;
    sb_c(b, " \"");
    put_text(b, sb_view(&text));
    sb_char(b, '"');
}

static void put_column(struct strbuf *b, const struct picture *p, const struct pic_column *c)
{
    const char *before = " ";
    const struct {
        bool is;
        const char *word;
    } keys[] = {{c->primary, "PK"}, {c->foreign, "FK"}, {c->unique && !c->primary, "UK"}};
    sb_c(b, "        ");
    if (c->part.rel.type.n)
        put_word(b, str_sub(c->part.rel.type, 0, MAX_TYPE), "(),[]");
    else
        sb_c(b, "any");
    sb_char(b, ' ');
    bool named = put_word(b, c->part.rel.name, "");
    for (size_t i = 0; i < 3; i++)
        if (keys[i].is) {
            sb_printf(b, "%s%s", before, keys[i].word);
            before = ", ";
        }
    put_comment(b, p, c, named);
    sb_char(b, '\n');
}

static void put_table(struct strbuf *b, const struct picture *p, uint32_t table, bool all)
{
    const struct pic_table *t = &p->tables[table];
    sb_c(b, "    ");
    put_id(b, p, table);
    sb_c(b, "[\"");
    put_text(b, t->title);
    if (t->part.mark == MARK_ADDED || t->part.mark == MARK_DROPPED)
        sb_printf(b, " (%s)", mark_word(t->part.mark));
    sb_c(b, "\"] {\n");
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        const struct pic_column *c = &t->columns[i];
        if (all || c->primary || c->foreign || c->part.mark != MARK_SAME)
            put_column(b, p, c);
    }
    sb_c(b, "    }\n");
}

/* Who points stands right, at whom left: one or none of these for any number of those. */
static void put_link(struct strbuf *b, const struct picture *p, const struct pic_link *l)
{
    struct strbuf label = sb_new(b->mem, 0);
    for (uint32_t i = 0; i < l->key->rel.nterms; i++) {
        sb_c(&label, i ? ", " : "");
        sb_str(&label, l->key->rel.terms[i].text);
    }
    if (l->key->mark != MARK_SAME)
        sb_printf(&label, " (%s)", mark_word(l->key->mark));
    sb_c(b, "    ");
    put_id(b, p, l->to);
    sb_printf(b, " %s%s%s ", l->optional ? "|o" : "||", l->key->mark == MARK_DROPPED ? ".." : "--",
              l->one ? "o|" : "o{");
    put_id(b, p, l->from);
    sb_c(b, " : \"");
    put_text(b, sb_view(&label));
    sb_c(b, "\"\n");
}

static void put_classes(struct strbuf *b, const struct picture *p, const bool *in)
{
    static const char *const styles[] = {NULL, "fill:#dafbe1,stroke:#1a7f37,color:#0b2e13",
                                         "fill:#ffebe9,stroke:#cf222e,color:#43090d",
                                         "fill:#fff8c5,stroke:#9a6700,color:#3b2300"};
    for (int mark = MARK_ADDED; mark <= MARK_CHANGED; mark++) {
        bool any = false;
        for (uint32_t i = 0; i < p->ntables; i++) {
            if (!in[i] || p->tables[i].part.mark != (enum mark)mark)
                continue;
            sb_c(b, any ? "," : "    class ");
            put_id(b, p, i);
            any = true;
        }
        if (!any)
            continue;
        sb_printf(b, " %s\n    classDef %s %s\n", mark_word((enum mark)mark),
                  mark_word((enum mark)mark), styles[mark]);
    }
}

static void put_all(struct strbuf *b, const struct picture *p, const bool *in, bool all)
{
    sb_c(b, "erDiagram\n");
    for (uint32_t i = 0; i < p->ntables; i++)
        if (in[i])
            put_table(b, p, i, all);
    for (uint32_t i = 0; i < p->nlinks; i++)
        if (in[p->links[i].from] && in[p->links[i].to])
            put_link(b, p, &p->links[i]);
    put_classes(b, p, in);
}

void mermaid_diagram(struct strbuf *out, const struct picture *p, const bool *in)
{
    struct strbuf b = sb_new(out->mem, 0);
    bool *left = NEW_ARRAY(out->mem, bool, p->ntables);
    uint32_t n = 0, gone = 0;
    for (uint32_t i = 0; i < p->ntables; i++) {
        left[i] = in[i];
        n += in[i];
    }
    put_all(&b, p, left, true);
    bool all = b.n <= MAX_TEXT;
    for (uint32_t drop = 0; b.n > MAX_TEXT; drop = n / 8 + 1) {
        for (uint32_t i = p->ntables; i-- > 0 && drop;) {
            drop -= left[i];
            gone += left[i];
            n -= left[i];
            left[i] = false;
        }
        sb_cut(&b, 0);
        put_all(&b, p, left, false);
    }
    if (!all)
        sb_c(out, "%% only columns with a key or a change are shown\n");
    if (gone)
        sb_printf(out, "%%%% %u tables more do not fit\n", gone);
    sb_str(out, sb_view(&b));
}
