/* Versions of servers as text. */

#include "core/version.h"

static const struct str as = {" as ", 4};

struct str version_as(struct arena *mem, struct str version, struct str words)
{
    return arena_printf(mem, "%.*s%.*s%.*s", STR_ARG(version), STR_ARG(as), STR_ARG(words));
}

struct str version_words(struct str version)
{
    for (size_t at = str_find(version, as); at < version.n; at = str_find(version, as))
        version = str_from(version, at + as.n);
    return version;
}

struct str version_own(struct str version)
{
    return str_sub(version, 0, str_find(version, as));
}
