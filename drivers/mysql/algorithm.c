/* The table of algorithms; see algorithm.h. */

#include "drivers/mysql/algorithm.h"

static const struct {
    enum my_way mysql, mariadb;
    unsigned flags;
} rows[MY_DEEDS] = {
    [MY_ADD_COLUMN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_COLUMN_BETWEEN] = {MY_INSTANT, MY_COPY, 0},
    [MY_ADD_STORED] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_VIRTUAL] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_AUTO_INCREMENT] = {MY_COPY, MY_SHARED, FX_REWRITE},
    [MY_DROP_COLUMN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_DROP_STORED] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_DROP_VIRTUAL] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_MOVE_COLUMN] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_CHANGE_TYPE] = {MY_COPY, MY_COPY, 0},
    [MY_SET_NOT_NULL] = {MY_INPLACE, MY_COPY, FX_REWRITE},
    [MY_SET_NULL] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_WIDEN_TEXT] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_LABELS] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_SET_DEFAULT] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_SET_COMMENT] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_TABLE_CHARSET] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_INDEX] = {MY_INPLACE, MY_INPLACE, FX_INDEX | FX_SCAN},
    [MY_ADD_FULLTEXT] = {MY_SHARED, MY_SHARED, FX_INDEX | FX_SCAN},
    [MY_DROP_INDEX] = {MY_INPLACE, MY_INPLACE, 0},
    [MY_HIDE_INDEX] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_REPLACE_PRIMARY_KEY] = {MY_COPY, MY_INPLACE, FX_REWRITE},
    [MY_DROP_PRIMARY_KEY] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_FOREIGN_KEY] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_FOREIGN_KEY] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_CHECK] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_CHECK] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_REBUILD] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_COUNTER] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_TABLE_COMMENT] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_PARTITION] = {MY_COPY, MY_COPY, 0},
    [MY_RENAME] = {MY_INSTANT, MY_INSTANT, 0},
};

enum my_way my_way_of(enum my_deed deed, bool mariadb)
{
    return mariadb ? rows[deed].mariadb : rows[deed].mysql;
}

unsigned my_flags_of(enum my_deed deed, bool mariadb)
{
    return rows[deed].flags | (my_way_of(deed, mariadb) == MY_COPY ? FX_REWRITE : 0);
}

const char *my_way_name(enum my_way way)
{
    static const char *const names[] = {"none", "INSTANT", "INPLACE, LOCK=NONE",
                                        "INPLACE, LOCK=SHARED", "COPY, LOCK=SHARED"};
    return names[way];
}

/* Each takes the metadata lock for a moment at its begin and end, and waits for open transactions.
 */
const char *my_way_blocks(enum my_way way)
{
    return way >= MY_SHARED ? "writes wait" : "reads and writes go on";
}

static bool is_text(struct str type)
{
    return str_starts(type, STR("varchar(")) || str_starts(type, STR("varbinary("));
}

static int64_t length_of(struct str type)
{
    int64_t n = 0;
    size_t open = str_chr(type, '(');
    str_int(str_sub(type, open + 1, str_chr(type, ')')), &n);
    return n;
}

/* Bytes of a character at most. */
static int64_t width_of(struct arena *mem, const struct obj *o)
{
    struct str collation = obj_text(mem, o, "collation");
    return str_starts(collation, STR("utf8mb4"))                                        ? 4
           : str_starts(collation, STR("utf8"))                                         ? 3
           : str_starts(collation, STR("utf16")) || str_starts(collation, STR("utf32")) ? 4
           : str_starts(collation, STR("ucs2")) || str_starts(collation, STR("gbk"))    ? 2
                                                                                        : 1;
}

/* Longer, and the length itself takes as many bytes: one up to 255, then two. */
static bool widens(struct arena *mem, const struct obj *was, const struct obj *is)
{
    struct str a = obj_text(mem, was, "type"), b = obj_text(mem, is, "type");
    int64_t width = width_of(mem, is);
    size_t head = str_chr(a, '(');
    if (!is_text(a) || !is_text(b) || !str_eq(str_sub(a, 0, head), str_sub(b, 0, str_chr(b, '('))))
        return false;
    return length_of(a) <= length_of(b) &&
           (length_of(a) * width > 255) == (length_of(b) * width > 255);
}

static bool adds_labels(struct str a, struct str b)
{
    bool labels = str_starts(a, STR("enum(")) || str_starts(a, STR("set("));
    return labels && a.n < b.n && str_starts(b, str_sub(a, 0, a.n - 1)) && b.p[a.n - 1] == ',';
}

enum my_deed my_column_deed(struct arena *mem, const struct obj *was, const struct obj *is)
{
    struct str a = obj_text(mem, was, "type"), b = obj_text(mem, is, "type");
    bool charset = str_eq(obj_raw(was, "collation"), obj_raw(is, "collation"));
    bool generated = str_eq(obj_raw(was, "generated"), obj_raw(is, "generated"));
    bool number = obj_true(was, "auto_increment") == obj_true(is, "auto_increment");
    if (!charset || !generated || !number)
        return MY_CHANGE_TYPE;
    if (!str_eq(a, b) && !widens(mem, was, is) && !adds_labels(a, b))
        return MY_CHANGE_TYPE;
    if (obj_true(was, "notnull") != obj_true(is, "notnull"))
        return obj_true(is, "notnull") ? MY_SET_NOT_NULL : MY_SET_NULL;
    if (!str_eq(a, b))
        return adds_labels(a, b) ? MY_ADD_LABELS : MY_WIDEN_TEXT;
    return str_eq(obj_raw(was, "default"), obj_raw(is, "default")) ? MY_SET_COMMENT
                                                                   : MY_SET_DEFAULT;
}
