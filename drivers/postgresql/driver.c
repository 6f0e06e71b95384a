/* The PostgreSQL engine: what kinds there are, how names and URLs look. Pure half. */

#include "core/engine.h"

#include <string.h>

#include "drivers/postgresql/postgresql.h"

#ifdef SNAP_WITH_POSTGRESQL
extern const struct live_ops pg_live;
#define LIVE &pg_live
#else
#define LIVE NULL
#endif

/* clang-format off */
static const struct kind_desc *const kinds[] = {
    &pg_schema_kind,
    &pg_extension_kind,
    &pg_enum_kind,
    &pg_composite_kind,
    &pg_attribute_kind,
    &pg_range_kind,
    &pg_domain_kind,
    &pg_table_kind,
    &pg_column_kind,
    &pg_default_kind,
    &pg_partition_kind,
    &pg_primary_key_kind,
    &pg_unique_kind,
    &pg_check_kind,
    &pg_exclude_kind,
    &pg_foreign_key_kind,
    &pg_index_kind,
    &pg_sequence_kind,
    &pg_owned_by_kind,
    &pg_view_kind,
    &pg_matview_kind,
    &pg_view_column_kind,
    &pg_function_kind,
    &pg_aggregate_kind,
    &pg_trigger_kind,
    &pg_rule_kind,
    &pg_event_trigger_kind,
    &pg_policy_kind,
    &pg_default_acl_kind,
    &pg_statistics_kind,
    &pg_publication_kind,
    &pg_publication_table_kind,
    &pg_publication_schema_kind,
    &pg_subscription_kind,
    &pg_fdw_kind,
    &pg_server_kind,
    &pg_user_mapping_kind,
    &pg_operator_kind,
    &pg_operator_family_kind,
    &pg_operator_class_kind,
    &pg_cast_kind,
    &pg_access_method_kind,
    &pg_transform_kind,
    &pg_language_kind,
    &pg_collation_kind,
    &pg_conversion_kind,
    &pg_ts_parser_kind,
    &pg_ts_template_kind,
    &pg_ts_dictionary_kind,
    &pg_ts_configuration_kind,
};
/* clang-format on */

/* The server tells names apart by case. */
static struct str fold(struct arena *mem, struct str name)
{
    (void)mem;
    return name;
}

/* $tag$ at p, or 0. */
static size_t dollar_tag(struct str s, size_t at)
{
    size_t i = at + 1;
    while (i < s.n && (ascii_is_alpha(s.p[i]) || ascii_is_digit(s.p[i]) || s.p[i] == '_' ||
                       (unsigned char)s.p[i] >= 0x80))
        i++;
    bool digit = at + 1 < s.n && ascii_is_digit(s.p[at + 1]);
    return i < s.n && s.p[i] == '$' && !digit ? i + 1 - at : 0;
}

/* Behind a quoted text or comment that begins at `at`; at itself where none does. */
static size_t skip_quoted(struct str s, size_t at)
{
    char c = s.p[at], next = at + 1 < s.n ? s.p[at + 1] : '\0';
    size_t i = at + 1;
    if (c == '-' && next == '-')
        return at + str_chr(str_from(s, at), '\n');
    if (c == '/' && next == '*') {
        int depth = 1;
        for (i = at + 2; i < s.n && depth; i++) {
            if (s.p[i] == '/' && i + 1 < s.n && s.p[i + 1] == '*')
                depth++, i++;
            else if (s.p[i] == '*' && i + 1 < s.n && s.p[i + 1] == '/')
                depth--, i++;
        }
        return i;
    }
    if (c == '$') {
        size_t n = dollar_tag(s, at);
        if (!n)
            return at;
        struct str tag = str_sub(s, at, at + n), rest = str_from(s, at + n);
        size_t hit = str_find(rest, tag);
        return hit == rest.n ? s.n : at + n + hit + n;
    }
    if (c != '\'' && c != '"')
        return at;
    bool escapes = c == '\'' && at > 0 && (s.p[at - 1] == 'E' || s.p[at - 1] == 'e') &&
                   (at < 2 || !(ascii_is_alpha(s.p[at - 2]) || ascii_is_digit(s.p[at - 2]) ||
                                s.p[at - 2] == '_'));
    for (; i < s.n; i++) {
        if (escapes && s.p[i] == '\\')
            i++;
        else if (s.p[i] == c && i + 1 < s.n && s.p[i + 1] == c)
            i++;
        else if (s.p[i] == c)
            return i + 1;
    }
    return s.n;
}

static bool word_at(struct str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    bool before = at > 0 && (ascii_is_alpha(s.p[at - 1]) || ascii_is_digit(s.p[at - 1]) ||
                             s.p[at - 1] == '_');
    struct str rest = str_from(s, at);
    if (before || rest.n < n || !str_eq_fold(str_sub(rest, 0, n), str_c(word)))
        return false;
    return rest.n == n ||
           !(ascii_is_alpha(rest.p[n]) || ascii_is_digit(rest.p[n]) || rest.p[n] == '_');
}

/* ATOMIC is a word only behind BEGIN, elsewhere a name as any other. */
static bool atomic_follows(struct str s, size_t begin)
{
    size_t i = begin + strlen("begin");
    while (i < s.n) {
        size_t past = ascii_is_space(s.p[i]) ? i + 1 : skip_quoted(s, i);
        if (past == i)
            break;
        i = past;
    }
    return i < s.n && word_at(s, i, "atomic");
}

/* The end of the statement that begins at `at`: its semicolon, but for those inside parentheses and
 * inside BEGIN ATOMIC ... END. */
static size_t statement_end(struct str s, size_t at)
{
    int parens = 0, blocks = 0;
    bool atomic = false;
    for (size_t i = at; i < s.n;) {
        size_t past = skip_quoted(s, i);
        if (past > i) {
            i = past;
            continue;
        }
        if (s.p[i] == '(')
            parens++;
        else if (s.p[i] == ')')
            parens--;
        else if (word_at(s, i, "begin") && atomic_follows(s, i))
            atomic = true, blocks++;
        else if (atomic && word_at(s, i, "case"))
            blocks++;
        else if (atomic && word_at(s, i, "end"))
            blocks--;
        else if (s.p[i] == ';' && parens <= 0 && blocks <= 0)
            return i;
        i++;
    }
    return s.n;
}

/* Lines that are for psql: \connect, \restrict ... */
static bool split(struct str *script, struct str *stmt)
{
    struct str s = *script;
    size_t i = 0;
    while (i < s.n) {
        size_t past = s.p[i] == '-' || s.p[i] == '/' ? skip_quoted(s, i) : i;
        if (s.p[i] == '\\')
            past = i + str_chr(str_from(s, i), '\n');
        else if (ascii_is_space(s.p[i]) || s.p[i] == ';')
            past = i + 1;
        if (past == i)
            break;
        i = past;
    }
    if (i >= s.n) {
        *script = STR_NULL;
        return false;
    }
    size_t end = statement_end(s, i);
    *stmt = str_trim(str_sub(s, i, end));
    *script = str_from(s, end + 1);
    return true;
}

static void refuse(struct str why, struct strbuf *out)
{
    sql_fmt(out, &pg_dialect, "DO $snap$ BEGIN RAISE EXCEPTION USING MESSAGE = %L; END $snap$",
            why);
}

const struct engine engine_postgresql = {
    .name = "postgresql",
    .title = "PostgreSQL",
    .schemes = "postgresql,postgres,jdbc:postgresql",
    .dbms = "postgresql",
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .url_keys =
        "host,hostaddr,port,user,password,dbname,passfile,service,sslmode,sslrootcert,sslcert,"
        "sslkey,sslcrl,sslcrldir,sslpassword,sslsni,ssl_min_protocol_version,ssl_max_protocol_"
        "version,"
        "channel_binding,connect_timeout,gssencmode,krbsrvname,target_session_attrs,"
        "keepalives,keepalives_idle,keepalives_interval,keepalives_count,tcp_user_timeout,"
        "options,requirepeer,gsslib,load_balance_hosts,require_auth,sslnegotiation,sslcertmode",
    .facets = F_DEFAULT,
    .fold = fold,
    .split = split,
    .refuse = refuse,
    .begin = "BEGIN",
    .commit = "COMMIT",
    .script_head = "\\set ON_ERROR_STOP on\nSET check_function_bodies = off;\n",
    .script_run = "psql -X -v ON_ERROR_STOP=1 -f SCRIPT DATABASE",
    .live = LIVE,
};
