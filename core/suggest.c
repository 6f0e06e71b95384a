/* Nearest word by Damerau-Levenshtein distance (with swaps of neighbours). */

#include "core/suggest.h"

enum { MAX_WORD = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

static size_t distance(struct str a, struct str b)
{
    size_t row[3][MAX_WORD + 1];
    for (size_t k = 0; k <= b.n; k++)
        row[0][k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            bool same = ascii_lower(a.p[i - 1]) == ascii_lower(b.p[k - 1]);
            now[k] = min3(last[k] + 1, now[k - 1] + 1, last[k - 1] + !same);
            bool swapped = i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1];
            if (swapped && before[k - 2] + 1 < now[k])
                now[k] = before[k - 2] + 1;
        }
    }
    return row[a.n % 3][b.n];
}

struct str suggest_word(struct str typed, const char *list)
{
    struct str rest = str_c(list), word, best = STR_NULL;
    size_t least = SIZE_MAX;
    if (typed.n > MAX_WORD)
        return best;
    while (str_cut(&rest, ',', &word)) {
        while (word.n && word.p[0] == ' ')
            word = str_from(word, 1);
        if (!word.n || word.n > MAX_WORD)
            continue;
        size_t d = distance(typed, word);
        bool near =
            3 * d <= word.n || (d == 1 && word.n > 1) || (typed.n >= 3 && str_starts(word, typed));
        if (near && d < least) {
            least = d;
            best = word;
        }
    }
    return best;
}
