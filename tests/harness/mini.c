/* The small engine of mini.h. */

#include "tests/harness/mini.h"

/* clang-format off */
static const struct attr_desc table_attrs[] = {
    {"comment",  A_TEXT, CMP_VALUE, F_COMMENTS,  NULL,       NULL, 1, false, 0, "what people say about it"},
    {"name",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, true,  0, "the name as spelled"},
    {"strict",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, false, 0, "types are kept to"},
};
static const struct attr_desc column_attrs[] = {
    {"default",  A_EXPR, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, true,  0, "default"},
    {"name",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, true,  0, "the name as spelled"},
    {"notnull",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, true,  0, "NOT NULL"},
    {"position", A_INT,  CMP_VALUE, F_ORDER,     "0",        NULL, 1, false, 0, "place in the table"},
    {"tags",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, false, 0, "words"},
    {"type",     A_TYPE, CMP_VALUE, F_STRUCTURE, "\"text\"", NULL, 1, true,  0, "type"},
};
static const struct attr_desc check_attrs[] = {
    {"expr",     A_EXPR, CMP_VALUE, F_STRUCTURE, NULL,       NULL, 1, false, 0, "what must hold"},
};
/* clang-format on */

static const struct kind_desc table = {.name = "table",
                                       .parents = "",
                                       .flags = KF_DATA,
                                       .facet = F_STRUCTURE,
                                       .attrs = table_attrs,
                                       .nattrs = sizeof table_attrs / sizeof *table_attrs,
                                       .doc = "table"};
static const struct kind_desc column = {.name = "column",
                                        .parents = "table",
                                        .facet = F_STRUCTURE,
                                        .attrs = column_attrs,
                                        .nattrs = sizeof column_attrs / sizeof *column_attrs,
                                        .doc = "column"};
static const struct kind_desc check = {.name = "check",
                                       .parents = "table",
                                       .facet = F_STRUCTURE,
                                       .attrs = check_attrs,
                                       .nattrs = sizeof check_attrs / sizeof *check_attrs,
                                       .doc = "check"};
static const struct kind_desc counter = {
    .name = "row_counter", .parents = "", .facet = F_COUNTERS, .doc = "moves by itself"};

static struct str fold(struct arena *mem, struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++)
        sb_char(&b, ascii_lower(name.p[i]));
    return sb_view(&b);
}

static const struct kind_desc *const kinds[] = {&table, &column, &check, &counter};

const struct engine engine_mini = {
    .name = "mini",
    .title = "Mini",
    .schemes = "mini",
    .dbms = "mini",
    .model = 7,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .facets = F_DEFAULT,
    .fold = fold,
    .begin = "BEGIN",
    .commit = "COMMIT",
};

struct obj mini_obj(const char *path, const char *a)
{
    int kind = engine_kind(&engine_mini, path_kind(str_c(path)));
    return (struct obj){.path = str_c(path), .a = str_c(a), .kind = (uint16_t)kind};
}

struct catalog *mini_cat(struct arena *mem)
{
    return cat_new(mem, &engine_mini, F_DEFAULT, STR("mini.db"));
}

void mini_add(struct catalog *cat, const char *path, const char *a)
{
    struct obj o = mini_obj(path, a);
    cat_add(cat, &o);
}
