/* The tables that code stands on hold together: those of every engine and output of this build, and
 * those of errors, hazards and common attributes. */

#include "core/emitter.h"
#include "core/engine.h"
#include "core/fact.h"
#include "core/hazard.h"
#include "tests/harness/unit.h"

extern const struct engine *const all_engines[];
extern const struct emitter *const all_emitters[];

static const struct {
    const char *name, *meaning;
} vocab[] = {
#define VOCAB(attribute, meaning) {#attribute, meaning},
#include "core/vocab.def"
#undef VOCAB
};
enum { NVOCAB = sizeof vocab / sizeof *vocab };

/* Where a check stands, for the message: "engine sqlite, column, type". */
extern const struct engine engine_sqlite;

static char place[200];

#define HOLDS(what)                                                                                \
    do {                                                                                           \
        if (!(what))                                                                               \
            fail_msg("%s: not so: %s", place, #what);                                              \
    } while (0)

/* Letters a-z, digits, and the others given; begins with a letter. */
static bool is_word(const char *s, const char *others)
{
    if (!s || *s < 'a' || *s > 'z')
        return false;
    for (; *s; s++)
        if (!(*s >= 'a' && *s <= 'z') && !ascii_is_digit(*s) && !strchr(others, *s))
            return false;
    return true;
}

static bool is_code(const char *s)
{
    for (const char *p = s; *p; p++)
        if (!(*p >= 'A' && *p <= 'Z') && *p != '_')
            return false;
    return *s && *s != '_';
}

/* One line of ASCII that fits into a sentence, a cell of Markdown and so many columns. */
static bool is_doc(const char *s, size_t width)
{
    size_t n = s ? strlen(s) : 0;
    if (n == 0 || n > width || s[n - 1] == '.' || s[0] == ' ' || s[n - 1] == ' ')
        return false;
    for (; *s; s++)
        if (*s < 0x20 || *s > 0x7e || *s == '|')
            return false;
    return true;
}

static bool is_one_bit(unsigned facet)
{
    return facet && !(facet & (facet - 1)) && facet < 1u << FACET_COUNT;
}

/* Every word of the list is the tag of a kind. */
static bool are_kinds(const struct engine *eng, const char *list)
{
    struct str rest = str_c(list), word;
    while (str_cut(&rest, ',', &word))
        if (word.n && engine_kind(eng, word) < 0)
            return false;
    return true;
}

static void errors(void **state)
{
    (void)state;
    for (int code = 1; code < ERR_COUNT; code++) {
        const char *name = err_name(code), *hint = err_row_hint(code);
        int status = err_exit_code(code);
        snprintf(place, sizeof place, "error %s", name);
        HOLDS(is_code(name));
        HOLDS((status >= 2 && status <= 7) || status == 130);
        HOLDS(is_doc(err_doc(code), 100));
        HOLDS(!*hint || is_doc(hint, 90));
        /* By status: so they stand in the document. */
        HOLDS(status >= err_exit_code(code - 1));
        for (int k = 0; k < code; k++)
            HOLDS(strcmp(name, err_name(k)) != 0);
    }
}

static void hazards(void **state)
{
    (void)state;
    for (int code = 1; code < HAZARD_COUNT; code++) {
        snprintf(place, sizeof place, "hazard %s", hazard_name(code));
        HOLDS(is_code(hazard_name(code)));
        HOLDS(hazard_severity(code) >= 1 && hazard_severity(code) <= 3);
        HOLDS(is_doc(hazard_doc(code), 120));
        HOLDS(is_doc(hazard_safer(code), 60));
        for (int k = 0; k < code; k++)
            HOLDS(strcmp(hazard_name(code), hazard_name(k)) != 0);
    }
    /* A change holds them as bits. */
    assert_true(HAZARD_COUNT <= 32);
}

static void common_attributes(void **state)
{
    (void)state;
    for (size_t i = 0; i < NVOCAB; i++) {
        snprintf(place, sizeof place, "vocab.def, %s", vocab[i].name);
        HOLDS(is_word(vocab[i].name, "_"));
        HOLDS(is_doc(vocab[i].meaning, 80));
        HOLDS(i == 0 || strcmp(vocab[i - 1].name, vocab[i].name) < 0);
    }
}

static void outputs(void **state)
{
    (void)state;
    assert_non_null(all_emitters[0]);
    for (const struct emitter *const *p = all_emitters; *p; p++) {
        const struct emitter *em = *p;
        const unsigned all = EMIT_DIFF | EMIT_CHANGELOG | EMIT_SNAPSHOT | EMIT_ROLLBACK |
                             EMIT_PICTURE | EMIT_FILES | EMIT_FINDINGS;
        snprintf(place, sizeof place, "format %s", em->name ? em->name : "?");
        HOLDS(is_word(em->name, "-"));
        HOLDS(is_doc(em->doc, 70));
        HOLDS(em->run);
        HOLDS((em->use & (EMIT_DIFF | EMIT_CHANGELOG)) && !(em->use & ~all));
        /* What is made from a plan is a changelog too; a second text is one. */
        HOLDS(!(em->use & (EMIT_SNAPSHOT | EMIT_ROLLBACK)) || (em->use & EMIT_CHANGELOG));
        struct str rest = str_c(em->ext), ext;
        while (str_cut(&rest, ',', &ext)) {
            HOLDS(ext.n >= 2 && ext.p[0] == '.');
            for (const struct emitter *const *q = all_emitters; q < p; q++)
                HOLDS(!((*q)->use & em->use) || !word_in((*q)->ext, ext));
        }
        for (const struct emitter *const *q = all_emitters; q < p; q++)
            HOLDS(strcmp((*q)->name, em->name) != 0);
    }
}

static void live_half(const struct live_ops *live)
{
    if (!live)
        return;
    HOLDS(live->open && live->introspect && live->scratch && live->exec);
    HOLDS(live->script && live->cancel && live->close);
}

static void engines(void **state)
{
    (void)state;
    assert_non_null(&engine_sqlite);
    for (const struct engine *const *p = all_engines; *p; p++) {
        const struct engine *eng = *p;
        snprintf(place, sizeof place, "engine %s", eng->name ? eng->name : "?");
        HOLDS(is_word(eng->name, ""));
        HOLDS(is_doc(eng->title, 40));
        HOLDS(eng->dbms && *eng->dbms);
        HOLDS(eng->model >= 1);
        HOLDS(eng->nkinds > 0 && eng->nkinds <= UINT16_MAX);
        HOLDS(eng->facets && !(eng->facets >> FACET_COUNT));
        HOLDS(!(eng->facets & ~(unsigned)F_CAPTURED));
        HOLDS(eng->fold && eng->split);
        HOLDS(!eng->begin == !eng->commit);
        HOLDS(!eng->begin || (*eng->begin && *eng->commit));
        HOLDS(!eng->script_run || is_doc(eng->script_run, 80));
        HOLDS(!eng->script_head || str_ends(str_c(eng->script_head), STR("\n")));
        HOLDS(!eng->file_based || eng->is_database);
        live_half(eng->live);
        struct str rest = str_c(eng->schemes), scheme;
        HOLDS(rest.n > 0);
        while (str_cut(&rest, ',', &scheme)) {
            HOLDS(scheme.n > 0 && str_eq(scheme, str_trim(scheme)));
            for (const struct engine *const *q = all_engines; q < p; q++)
                HOLDS(!word_in((*q)->schemes, scheme));
        }
        rest = eng->url_keys ? str_c(eng->url_keys) : STR_NULL;
        while (str_cut(&rest, ',', &scheme))
            HOLDS(!rest.n || !word_in(rest.p, scheme));
        for (const struct engine *const *q = all_engines; q < p; q++)
            HOLDS(strcmp((*q)->name, eng->name) != 0);
    }
}

static void kind_row(const struct engine *eng, const struct kind_desc *k)
{
    struct str rest = str_c(k->parents), parent;
    HOLDS(is_word(k->name, "_"));
    HOLDS(!strpbrk(k->name, "0123456789"));
    HOLDS(is_doc(k->doc, 70));
    HOLDS(is_one_bit(k->facet));
    HOLDS(k->parents && (!*k->parents || are_kinds(eng, k->parents)));
    HOLDS(k->create && k->drop);
    HOLDS(k->nattrs <= FACT_MAX_ATTRS);
    /* Only what has a parent can be written inside of it or die with it. */
    HOLDS(*k->parents || !(k->flags & (KF_INLINE | KF_CASCADE)));
    HOLDS(!(k->flags &
            ~(unsigned)(KF_INLINE | KF_CASCADE | KF_DATA | KF_SOFT | KF_GLOBAL | KF_GUARDS |
                        KF_HOLDER | KF_TIE | KF_LASTS | KF_GRANTED | KF_LATE_DROP | KF_ROWS)));
    HOLDS(!k->names || is_word(k->names + (k->names[0] == '/'), "_"));
    while (*k->parents && str_cut(&rest, ',', &parent)) {
        if (!parent.n)
            continue; /* at the top too */
        const struct kind_desc *up = eng->kinds[engine_kind(eng, parent)];
        HOLDS(up->rank <= k->rank);
        const struct attr_desc *order = kind_attr(up, str_c(k->ordered_by ? k->ordered_by : ""));
        HOLDS(!k->ordered_by || (order && order->type == A_LIST));
    }
}

static void kinds(void **state)
{
    (void)state;
    for (const struct engine *const *p = all_engines; *p; p++)
        for (size_t i = 0; i < (*p)->nkinds; i++) {
            const struct kind_desc *k = (*p)->kinds[i];
            snprintf(place, sizeof place, "engine %s, %s", (*p)->name, k->name);
            kind_row(*p, k);
            HOLDS(engine_kind(*p, str_c(k->name)) == (int)i);
        }
}

/* The default as it would stand in a file, and of the type that the row says. */
static bool is_default_of(struct arena *mem, const struct attr_desc *attr)
{
    struct str d = str_c(attr->dflt);
    struct err e;
    int64_t number;
    if (jc_check(mem, d, &e))
        return false;
    switch (attr->type) {
    case A_BOOL:
        return str_eq(d, STR("true")) || str_eq(d, STR("false"));
    case A_INT:
        return str_int(d, &number);
    case A_LIST:
    case A_SET:
        return jc_is_list(d);
    case A_MAP:
        return d.p[0] == '{';
    default:
        return jc_is_string(d);
    }
}

static void attr_row(struct arena *mem, const struct engine *eng, const struct attr_desc *attr)
{
    bool known = false;
    for (size_t v = 0; v < NVOCAB; v++)
        known = known || strcmp(vocab[v].name, attr->name) == 0;
    HOLDS(is_word(attr->name, "_"));
    HOLDS(strlen(attr->name) <= 16); /* the column in `snap features` */
    HOLDS(is_doc(attr->doc, 70));
    HOLDS(is_one_bit(attr->facet));
    HOLDS(attr->type >= A_BOOL && attr->type <= A_REF);
    HOLDS(attr->cmp == CMP_VALUE || (attr->cmp == CMP_ORDER && attr->type == A_LIST));
    HOLDS(attr->since >= 1 && attr->since <= eng->model);
    HOLDS(!attr->portable || known);
    HOLDS(!(attr->flags &
            ~(unsigned)(AF_CONVERTS | AF_DERIVED | AF_GUARDS | AF_TIES | AF_LINK | AF_FILLS)));
    HOLDS(!attr->dflt || is_default_of(mem, attr));
}

static void attributes(void **state)
{
    for (const struct engine *const *p = all_engines; *p; p++)
        for (size_t i = 0; i < (*p)->nkinds; i++) {
            const struct kind_desc *k = (*p)->kinds[i];
            for (size_t n = 0; n < k->nattrs; n++) {
                snprintf(place, sizeof place, "engine %s, %s, %s", (*p)->name, k->name,
                         k->attrs[n].name);
                attr_row(*state, *p, &k->attrs[n]);
                /* Facts are written in table order, so it is that of canonical JSON. */
                HOLDS(n == 0 || strcmp(k->attrs[n - 1].name, k->attrs[n].name) < 0);
            }
        }
}

enum { MAX_ALTERS = 500 };
struct alters {
    const struct alter *v[MAX_ALTERS];
    size_t n;
};

/* Adds the row and what stands in for it, each once. */
static void collect(struct alters *all, const struct alter *a)
{
    size_t steps = 0;
    for (; a && a != &alter_replace; a = a->other) {
        size_t i = 0;
        HOLDS(++steps < 10); /* no circle */
        while (i < all->n && all->v[i] != a)
            i++;
        if (i < all->n)
            continue;
        HOLDS(all->n < MAX_ALTERS);
        all->v[all->n++] = a;
    }
}

static void alter_row(const struct engine *eng, const struct alter *a)
{
    const char *dot = a->name ? strchr(a->name, '.') : NULL;
    HOLDS(dot && is_word(a->name, "._") && is_word(dot + 1, "_"));
    HOLDS(is_doc(a->doc, 70));
    HOLDS(!a->fn != !a->rides); /* one of the two */
    /* Only what may say no has something that does it otherwise. */
    HOLDS(!a->other || a->applies || a->rides);
    HOLDS(!a->recreates || are_kinds(eng, a->recreates));
    HOLDS(!a->recreates || a->at_owner);
    HOLDS(a->hazard >= 0 && a->hazard < HAZARD_COUNT);
}

static void alters(void **state)
{
    (void)state;
    for (const struct engine *const *p = all_engines; *p; p++) {
        struct alters all = {.n = 0};
        for (size_t i = 0; i < (*p)->nkinds; i++) {
            const struct kind_desc *k = (*p)->kinds[i];
            snprintf(place, sizeof place, "engine %s, %s", (*p)->name, k->name);
            collect(&all, k->create);
            collect(&all, k->drop);
            collect(&all, k->rename);
            for (size_t n = 0; n < k->nattrs; n++)
                collect(&all, k->attrs[n].alter);
        }
        for (size_t i = 0; i < all.n; i++) {
            snprintf(place, sizeof place, "engine %s, %s", (*p)->name,
                     all.v[i]->name ? all.v[i]->name : "?");
            alter_row(*p, all.v[i]);
            /* The tests' hooks break a handler by its name. */
            for (size_t n = 0; n < i; n++)
                HOLDS(strcmp(all.v[n]->name, all.v[i]->name) != 0);
        }
    }
}

/* What every engine's functions promise for nothing at all. */
static void functions(void **state)
{
    for (const struct engine *const *p = all_engines; *p; p++) {
        const struct engine *eng = *p;
        struct script script = {.rest = STR("")}, blank = {.rest = STR(" \n\t ")};
        struct str stmt;
        snprintf(place, sizeof place, "engine %s", eng->name);
        HOLDS(!eng->split(&script, &stmt));
        HOLDS(!eng->split(&blank, &stmt));
        HOLDS(eng->fold(*state, STR("")).n == 0);
        struct str once = eng->fold(*state, STR("a\xc3\xa4_1$ x"));
        HOLDS(str_eq(once, eng->fold(*state, once)));
        if (eng->refuse) {
            struct strbuf out = sb_new(*state, 0);
            eng->refuse(STR("it's \"so\"\n;"), &out);
            struct script text = {.rest = sb_view(&out)};
            struct str one;
            HOLDS(eng->split(&text, &one) && !eng->split(&text, &stmt));
        }
        if (eng->spell) {
            struct strbuf out = sb_new(*state, 0);
            struct str plain = STR("select 'a'");
            HOLDS(eng->spell(plain, &out));
            HOLDS(str_eq(sb_view(&out), plain));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(errors),     TEST(hazards), TEST(common_attributes),
                                       TEST(outputs),    TEST(engines), TEST(kinds),
                                       TEST(attributes), TEST(alters),  TEST(functions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
