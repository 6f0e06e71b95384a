/* The option file of MySQL's clients: who connects, where neither the URL nor snap.yml says so.
 * Pure half. */

#include "drivers/mysql/optfile.h"

#include "core/kind.h"

/* Groups that every client reads. */
static const char groups[] = "client,client-server,client-mariadb,client_mariadb";

/* A value without its quotes, with what backslashes stand for; a # behind an unquoted one begins a
 * comment. */
static struct str value_of(struct arena *mem, struct str raw)
{
    static const char from[] = "bntrs\\", to[] = "\b\n\t\r \\";
    char quote = raw.n && (raw.p[0] == '"' || raw.p[0] == '\'') ? raw.p[0] : 0;
    if (quote)
        raw = str_sub(raw, 1, 1 + str_chr(str_from(raw, 1), quote));
    else
        raw = str_trim(str_sub(raw, 0, str_chr(raw, '#')));
    struct strbuf b = sb_new(mem, raw.n);
    for (size_t i = 0; i < raw.n; i++) {
        size_t which = i + 1 < raw.n ? str_chr(STR("bntrs\\"), raw.p[i + 1]) : sizeof from;
        if (raw.p[i] == '\\' && which < sizeof from - 1)
            sb_char(&b, to[which]), i++;
        else
            sb_char(&b, raw.p[i]);
    }
    return sb_view(&b);
}

struct my_login my_option_file(struct str text, struct arena *mem)
{
    struct my_login l = {STR_NULL, STR_NULL, STR_NULL};
    struct str line;
    bool ours = false;
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_starts(line, STR("["))) {
            ours = word_in(groups, str_sub(line, 1, str_chr(line, ']')));
            continue;
        }
        size_t equals = str_chr(line, '=');
        if (!ours || equals == line.n || line.p[0] == '#' || line.p[0] == ';')
            continue;
        struct str key = str_trim(str_sub(line, 0, equals));
        struct str value = value_of(mem, str_trim(str_from(line, equals + 1)));
        if (str_eq_c(key, "user"))
            l.user = value;
        else if (str_eq_c(key, "password"))
            l.password = value;
        else if (str_eq_c(key, "host"))
            l.host = value;
    }
    return l;
}
