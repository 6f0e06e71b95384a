/* Tables: facts from SHOW CREATE TABLE, CREATE, DROP, RENAME. What changes in one is alter.c. */

#include "drivers/mysql/table.h"
#include "drivers/mysql/algorithm.h"

/* Options that are attributes of their own. */
static bool is_own(struct str key)
{
    return word_in("ENGINE,AUTO_INCREMENT,CHARSET,COLLATE,COMMENT", key);
}

static void put_lines(struct strbuf *out, struct str line, bool *first)
{
    sb_c(out, *first ? "\n  " : ",\n  ");
    *first = false;
    sb_str(out, line);
}

/* Columns, keys, CHECKs and periods of a new table; foreign keys come by themselves. */
static void put_body(struct strbuf *out, const struct view *v, struct str path, bool mariadb)
{
    static const char *const kinds[] = {"primary_key", "index", "period", "check"};
    bool first = true;
    uint32_t n;
    const struct obj **list = my_columns(out->mem, v, path, &n);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf line = sb_new(out->mem, 0);
        my_put_column(&line, v, list[i]);
        put_lines(out, sb_view(&line), &first);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        list = my_below(out->mem, v, path, kinds[k], &n);
        for (uint32_t i = 0; i < n; i++) {
            struct strbuf line = sb_new(out->mem, 0);
            if (k < 2)
                my_put_key(&line, list[i], mariadb);
            else if (k == 2)
                my_put_period(&line, list[i]);
            else
                my_put_check(&line, list[i]);
            put_lines(out, sb_view(&line), &first);
        }
    }
}

void my_put_option(struct strbuf *out, struct str key, struct str value)
{
    if (key.n && key.p[0] != '`' && str_eq(key, STR("TABLESPACE")))
        sb_printf(out, "%.*s %.*s", STR_ARG(key), STR_ARG(value));
    else
        sb_printf(out, "%.*s=%.*s", STR_ARG(key), STR_ARG(value));
}

static void put_options(struct strbuf *out, const struct obj *o, unsigned facets)
{
    struct jc_iter it = jc_iter(obj_raw(o, "options"));
    struct str key, value, comment = obj_text(out->mem, o, "comment");
    if (obj_raw(o, "engine").n) /* a Liquibase snapshot does not tell it, nor the character set */
        sb_printf(out, " ENGINE=%.*s", STR_ARG(obj_text(out->mem, o, "engine")));
    if ((facets & F_COUNTERS) && obj_raw(o, "auto_increment").n)
        sb_printf(out, " AUTO_INCREMENT=%.*s", STR_ARG(obj_raw(o, "auto_increment")));
    if (obj_raw(o, "charset").n)
        sb_printf(out, " DEFAULT CHARSET=%.*s", STR_ARG(obj_text(out->mem, o, "charset")));
    if (!str_is_null(obj_raw(o, "collation")))
        sb_printf(out, " COLLATE=%.*s", STR_ARG(obj_text(out->mem, o, "collation")));
    while (jc_next(&it, &key, &value)) {
        sb_char(out, ' ');
        my_put_option(out, my_key_text(out->mem, key), jc_text(out->mem, value));
    }
    if (comment.n) {
        sb_c(out, " COMMENT=");
        my_put_string(out, comment);
    }
    if (obj_true(o, "versioned"))
        sb_c(out, " WITH SYSTEM VERSIONING");
}

/* A default that NO_ZERO_DATE and NO_ZERO_IN_DATE refuse. */
static bool has_zero_date(struct arena *mem, const struct view *v, struct str table)
{
    uint32_t n;
    const struct obj **list = my_below(mem, v, table, "column", &n);
    for (uint32_t i = 0; i < n; i++) {
        struct str type = obj_text(mem, list[i], "type"), value = obj_text(mem, list[i], "default");
        bool date = str_starts(type, STR("date")) || str_starts(type, STR("timestamp"));
        if (date && str_starts(value, STR("'")) && str_find(value, STR("-00")) < value.n)
            return true;
    }
    return false;
}

void my_permit(struct ddl *d, struct str table, bool begin)
{
    const struct obj *was = view_get(d->before, table);
    bool zero = has_zero_date(d->mem, d->before, table) || has_zero_date(d->mem, d->after, table);
    bool history = was && obj_true(was, "versioned");
    if (zero && begin)
        my_assign(d, "sql_mode",
                  STR("REPLACE(REPLACE(@@SESSION.sql_mode, 'NO_ZERO_DATE', ''), "
                      "'NO_ZERO_IN_DATE', '')"));
    if (history && begin)
        my_assign(d, "system_versioning_alter_history", STR("KEEP"));
    if (history && !begin)
        my_restore(d, "system_versioning_alter_history");
    if (zero && !begin)
        my_restore(d, "sql_mode");
}

const char *my_reset_option(struct str key)
{
    static const struct {
        const char *key, *value;
    } rows[] = {{"ROW_FORMAT", "DEFAULT"},
                {"KEY_BLOCK_SIZE", "0"},
                {"STATS_PERSISTENT", "DEFAULT"},
                {"STATS_AUTO_RECALC", "DEFAULT"},
                {"STATS_SAMPLE_PAGES", "DEFAULT"},
                {"MIN_ROWS", "0"},
                {"MAX_ROWS", "0"},
                {"AVG_ROW_LENGTH", "0"},
                {"PACK_KEYS", "DEFAULT"},
                {"CHECKSUM", "0"},
                {"PAGE_CHECKSUM", "DEFAULT"},
                {"TRANSACTIONAL", "DEFAULT"},
                {"DELAY_KEY_WRITE", "0"},
                {"COMPRESSION", "''"},
                {"ENCRYPTION", "'N'"},
                {"CONNECTION", "''"},
                {"UNION", "()"},
                {"INSERT_METHOD", "NO"},
                {"AUTOEXTEND_SIZE", "0"},
                {"ENGINE_ATTRIBUTE", "''"},
                {"SECONDARY_ENGINE", "NULL"}};
    if (key.n && key.p[0] == '`')
        return "DEFAULT";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_fold_c(key, rows[i].key))
            return rows[i].value;
    return NULL;
}

/* When an option goes: an engine that does not know an attribute refuses the word, and Aria writes
 * its own down again for as long as the table is there. */
enum when { BEFORE, WITHIN, BEHIND };

static enum when when_reset(const struct obj *was, const struct obj *is, struct str key)
{
    return str_eq(obj_raw(was, "engine"), obj_raw(is, "engine")) ? WITHIN
           : key.n && key.p[0] == '`'                            ? BEFORE
           : word_in("PAGE_CHECKSUM,TRANSACTIONAL", key)         ? BEHIND
                                                                 : WITHIN;
}

bool my_resets_apart(const struct obj *was, const struct obj *is, struct str key)
{
    return when_reset(was, is, key) != WITHIN;
}

void my_reset_apart(struct ddl *d, const struct obj *was, const struct obj *is, bool behind)
{
    struct jc_iter it = jc_iter(obj_raw(was, "options"));
    struct strbuf text = sb_new(d->mem, 0);
    struct my_work w = {0};
    struct str key, value;
    while (jc_next(&it, &key, &value)) {
        struct str name = my_key_text(d->mem, key);
        if (jc_get(obj_raw(is, "options"), arena_cstr(d->mem, key)).n ||
            when_reset(was, is, name) != (behind ? BEHIND : BEFORE))
            continue;
        sb_printf(&text, "%s%.*s=DEFAULT", text.n ? ", " : "", STR_ARG(name));
        my_note(&w, my_option_deed(name));
    }
    if (text.n)
        my_alter(d, is->path, &w, sb_view(&text));
}

/* What no clause of CREATE TABLE says of a column. Whether there is such a one. */
static bool odd_columns(struct ddl *d, struct str table)
{
    struct my_inheriting inheriting = {0};
    struct strbuf bare = sb_new(d->mem, 0);
    uint32_t n;
    const struct obj **list = my_columns(d->mem, d->after, table, &n);
    for (uint32_t i = 0; i < n; i++) {
        my_put_inheriting(d, &inheriting, list[i]);
        my_put_bare(&bare, list[i]);
    }
    my_alter_inheriting(d, table, &inheriting);
    my_alter_bare(d, table, sb_view(&bare));
    return inheriting.n || bare.n;
}

static int table_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf text = sb_new(d->mem, 0);
    struct str partition = obj_text(d->mem, c->after, "partition");
    (void)e;
    put_body(&text, d->after, c->after->path, my_for_mariadb(d));
    sb_c(&text, "\n)");
    put_options(&text, c->after, d->facets);
    if (partition.n)
        sb_printf(&text, "\nPARTITION BY %.*s", STR_ARG(partition));
    my_permit(d, c->after->path, true);
    my_put_stmt(
        d, my_text(d->mem, "CREATE TABLE %I (%S", my_name(d->mem, c->after->path), sb_view(&text)));
    if (!my_for_mariadb(d) && odd_columns(d, c->after->path))
        my_restate_checks(d, c->after->path);
    my_permit(d, c->after->path, false);
    return 0;
}

static int table_drop(struct ddl *d, const struct change *c, struct err *e)
{
    bool wanted = my_is_referred(d, d->after, c->before->path); /* from then on, to nowhere */
    (void)e;
    if (wanted)
        my_assign(d, "foreign_key_checks", STR("0"));
    my_ddl(d, 0, "DROP TABLE %I", my_name(d->mem, c->before->path));
    if (wanted)
        my_restore(d, "foreign_key_checks");
    return 0;
}

static int table_rename(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    my_ddl(d, 0, "RENAME TABLE %I TO %I", my_name(d->mem, c->before->path),
           my_name(d->mem, c->after->path));
    return 0;
}

static int table_counter(struct ddl *d, const struct change *c, struct err *e)
{
    struct str value = obj_raw(c->after, "auto_increment");
    struct my_work w = {0};
    int64_t was = 1, is = 1;
    (void)e;
    str_int(obj_raw(c->before, "auto_increment"), &was);
    str_int(value, &is);
    if (is < was)
        ddl_hazard(d, HZ_COUNTER_LOST, c->after->path,
                   "numbers from %lld on come again, but those up to the highest of a row",
                   (long long)is);
    my_permit(d, c->after->path, true);
    my_note(&w, MY_COUNTER);
    my_alter(d, c->after->path, &w,
             my_text(d->mem, "AUTO_INCREMENT=%S", value.n ? value : STR("1")));
    my_restate_checks(d, c->after->path);
    my_permit(d, c->after->path, false);
    return 0;
}

static int table_triggers(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    my_triggers_again(d, c->after);
    return 0;
}

static void table_brief(const struct obj *o, struct strbuf *out)
{
    struct strbuf text = sb_new(out->mem, 0);
    put_options(&text, o, 0);
    sb_str(out, str_from(sb_view(&text), 1));
}

static const struct alter create = {
    .name = "table.create", .fn = table_create, .doc = "CREATE TABLE"};
static const struct alter drop = {.name = "table.drop", .fn = table_drop, .doc = "DROP TABLE"};
static const struct alter rename_table = {
    .name = "table.rename", .fn = table_rename, .doc = "RENAME TABLE"};
static const struct alter counter = {
    .name = "table.counter", .fn = table_counter, .doc = "ALTER TABLE AUTO_INCREMENT"};

static const struct alter triggers = {
    .name = "table.triggers", .fn = table_triggers, .doc = "its triggers are made again"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"auto_increment", A_INT,  CMP_VALUE, F_COUNTERS,  NULL, &counter,        1, false, 0, "next number of the AUTO_INCREMENT column"},
    {"charset",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "character set of new columns"},
    {"collation",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "collation of new columns"},
    {"columns",        A_LIST, CMP_ORDER, F_ORDER,     NULL, &my_alter_table, 1, true,  0, "names of the columns, in order"},
    {"comment",        A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &my_alter_table, 1, false, 0, "COMMENT"},
    {"engine",         A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "storage engine"},
    {"options",        A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &my_alter_table, 1, false, 0, "ROW_FORMAT and other options, as written"},
    {"partition",      A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_partitions, 1, false, AF_GUARDS, "PARTITION BY"},
    {"triggers",       A_LIST, CMP_ORDER, F_STRUCTURE, NULL, &triggers,       1, false, 0, "names of its triggers, in the order in which they run"},
    {"versioned",      A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "WITH SYSTEM VERSIONING (MariaDB)"},
};
/* clang-format on */

const struct kind_desc my_table_kind = {
    .name = "table",
    .parents = "",
    .flags = KF_DATA,
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &rename_table,
    .brief = table_brief,
    .doc = "table",
};

/* A line of SHOW CREATE without the marks of version comments, with one blank where there are
 * several. */
static struct str plain(struct arena *mem, struct str line)
{
    struct my_lex l = {line, 0};
    struct strbuf out = sb_new(mem, 0);
    size_t end = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (out.n && t.at > end)
            sb_char(&out, ' ');
        sb_str(&out, t.text);
        end = l.at;
    }
    return sb_view(&out);
}

static bool same(struct arena *mem, struct str line, const struct strbuf *ours)
{
    return str_eq(plain(mem, line), plain(mem, sb_view(ours)));
}

/* What a fact gives when it is written down, beside the server's line. */
static bool reads_back(struct catalog *cat, const struct obj *o, struct str line)
{
    struct arena *mem = cat->tmp;
    struct str kind = path_kind(o->path);
    for (int mariadb = 0; mariadb < 2; mariadb++) {
        struct strbuf text = sb_new(mem, 0);
        if (str_eq(kind, STR("column")))
            my_show_column(&text, o, mariadb);
        else if (str_eq(kind, STR("primary_key")) || str_eq(kind, STR("index")))
            my_put_key(&text, o, mariadb);
        else if (str_eq(kind, STR("check")))
            my_put_check(&text, o);
        else if (str_eq(kind, STR("period")))
            my_put_period(&text, o);
        else
            my_put_foreign_key(&text, o);
        if (same(mem, line, &text))
            return true;
    }
    return false;
}

static void table_fact(struct catalog *cat, const struct my_table *t)
{
    struct str *names = NEW_ARRAY(cat->tmp, struct str, t->columns.n), comment;
    struct strbuf options = sb_new(cat->tmp, 0);
    struct fact f;
    int64_t next;
    fact_begin(&f, cat, "table", STR(""), t->name);
    for (uint32_t i = 0; i < t->columns.n; i++)
        names[i] = t->columns.v[i].name;
    if (str_int(my_option(t, "AUTO_INCREMENT"), &next))
        fact_int(&f, "auto_increment", next);
    fact_text(&f, "charset", my_option(t, "CHARSET"));
    fact_text(&f, "collation", my_option(t, "COLLATE"));
    fact_list(&f, "columns", names, t->columns.n);
    comment = my_option(t, "COMMENT");
    if (comment.n) {
        struct my_lex l = {comment, 0};
        fact_text(&f, "comment", my_unquote(cat->tmp, my_next(&l)));
    }
    fact_text(&f, "engine", my_option(t, "ENGINE"));
    my_map_begin(&options);
    for (uint32_t i = 0; i < t->options.n; i++)
        if (!is_own(t->options.v[i].key))
            my_map_put(&options, t->options.v[i].key, t->options.v[i].value);
    fact_raw(&f, "options", my_map_end(&options));
    fact_text(&f, "partition", t->partition);
    fact_bool(&f, "versioned", t->versioned);
    fact_end(&f);
}

/* The lines of the parts in the order in which their facts were made. */
static bool check_facts(struct catalog *cat, const struct my_table *t, uint32_t first,
                        struct str *why)
{
    VEC(struct str) lines = {0};
    for (uint32_t i = 0; i < t->columns.n; i++)
        VEC_PUSH(cat->tmp, lines, t->columns.v[i].text);
    for (uint32_t i = 0; i < t->keys.n; i++)
        VEC_PUSH(cat->tmp, lines, t->keys.v[i].text);
    for (uint32_t i = 0; i < t->checks.n; i++)
        VEC_PUSH(cat->tmp, lines, t->checks.v[i].text);
    for (uint32_t i = 0; i < t->periods.n; i++)
        VEC_PUSH(cat->tmp, lines, t->periods.v[i].text);
    for (uint32_t i = 0; i < t->foreign_keys.n; i++)
        VEC_PUSH(cat->tmp, lines, t->foreign_keys.v[i].text);
    for (uint32_t i = 0; i < lines.n; i++) {
        *why = lines.v[i];
        if (!reads_back(cat, &cat->v[first + i], lines.v[i]))
            return false;
    }
    return true;
}

bool my_table_facts(struct catalog *cat, struct str text, const struct str *collations,
                    uint32_t ncollations, struct str *why)
{
    struct my_table t;
    uint32_t had = cat->n;
    if (!my_show_table(cat->tmp, text, &t, why) || t.columns.n != ncollations)
        return false;
    struct str path = my_top(cat->tmp, "table", t.name);
    table_fact(cat, &t);
    for (uint32_t i = 0; i < t.columns.n; i++)
        my_column_facts(cat, &t.columns.v[i], path, collations[i]);
    for (uint32_t i = 0; i < t.keys.n; i++)
        my_key_facts(cat, &t.keys.v[i], path);
    for (uint32_t i = 0; i < t.checks.n; i++)
        my_check_facts(cat, &t.checks.v[i], path);
    for (uint32_t i = 0; i < t.periods.n; i++)
        my_period_facts(cat, &t.periods.v[i], path);
    for (uint32_t i = 0; i < t.foreign_keys.n; i++)
        my_foreign_key_facts(cat, &t.foreign_keys.v[i], path);
    if (check_facts(cat, &t, had + 1, why))
        return true;
    cat->n = had;
    return false;
}
