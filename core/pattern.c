/* Patterns that name objects; see pattern.h. */

#include "core/pattern.h"

bool glob_match(struct str glob, struct str text)
{
    size_t g = 0, t = 0, star = SIZE_MAX, back = 0;
    while (t < text.n) {
        if (g < glob.n && glob.p[g] == '*') {
            star = g++;
            back = t;
        } else if (g < glob.n && (glob.p[g] == '?' || glob.p[g] == text.p[t])) {
            g++;
            t++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            t = ++back;
        } else {
            return false;
        }
    }
    while (g < glob.n && glob.p[g] == '*')
        g++;
    return g == glob.n;
}

struct str pattern_kind(struct str pattern)
{
    return str_sub(pattern, 0, str_chr(pattern, ':'));
}

bool pattern_names(const struct engine *eng, struct str pattern, struct str path, struct arena *mem)
{
    struct str glob = eng->fold(mem, str_from(pattern, pattern_kind(pattern).n + 1));
    struct strbuf dotted = sb_new(mem, 0);
    struct str rest = path, segment;
    if (!str_eq(pattern_kind(pattern), path_kind(path)))
        return false;
    while (str_cut(&rest, '/', &segment)) {
        if (dotted.n)
            sb_char(&dotted, '.');
        sb_str(&dotted, path_name(mem, segment));
    }
    return glob_match(glob, eng->fold(mem, sb_view(&dotted))) ||
           glob_match(glob, eng->fold(mem, path_name(mem, path)));
}

bool pattern_covers(const struct engine *eng, const struct str *patterns, uint32_t n,
                    struct str path, struct arena *mem)
{
    for (struct str up = path; up.n; up = path_parent(up))
        for (uint32_t i = 0; i < n; i++)
            if (pattern_names(eng, patterns[i], up, mem))
                return true;
    return false;
}
