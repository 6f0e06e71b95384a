/* Built-in queries; see query.h. */

#include "drivers/sql/query.h"

#include <string.h>

#include "core/strbuf.h"

static bool line_is_for(struct str line, int version)
{
    size_t at = str_find(line, STR(" -- "));
    int64_t number;
    if (at == line.n)
        return true;
    struct str mark = str_trim(str_from(line, at + 4));
    if (str_starts(mark, STR("<")) && str_int(str_from(mark, 1), &number))
        return version < number;
    if (str_ends(mark, STR("+")) && str_int(str_sub(mark, 0, mark.n - 1), &number))
        return version >= number;
    return true;
}

char *sql_query(struct arena *mem, const char *engine, const char *name, int version)
{
    const struct sql_query *q = sql_queries;
    while (q->text && (strcmp(q->engine, engine) != 0 || strcmp(q->name, name) != 0))
        q++;
    if (!q->text)
        return NULL;
    struct strbuf out = sb_new(mem, 0);
    struct str rest = str_c(q->text), line;
    while (str_cut(&rest, '\n', &line)) {
        if (!line_is_for(line, version))
            continue;
        sb_str(&out, line);
        sb_char(&out, '\n');
    }
    return out.p;
}
