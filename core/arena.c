/* Block arena. The only malloc of the program outside the client libraries. */

#include "core/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/err.h"

enum {
    FIRST_BLOCK = 16 * 1024,
    MAX_BLOCK = 1024 * 1024,
};

struct block {
    struct block *prev;
    size_t cap, used;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *top;
    size_t total, limit;
};

static void (*oom_hook)(void);

void oom_set_hook(void (*hook)(void))
{
    oom_hook = hook;
}

_Noreturn void oom_exit(size_t wanted)
{
    char msg[160];
    if (oom_hook)
        oom_hook();
    /* stdio may want memory; write(2) does not. */
    int n = snprintf(msg, sizeof msg,
                     "snap: OUT_OF_MEMORY: no room for %zu more bytes; nothing was written, "
                     "give it more memory or a narrower --include\n",
                     wanted);
    if (n > 0 && write(STDERR_FILENO, msg, (size_t)n) < 0)
        _exit(3);
    exit(err_exit_code(E_OUT_OF_MEMORY));
}

size_t mul_size(size_t a, size_t b)
{
    size_t r;
    if (__builtin_mul_overflow(a, b, &r))
        oom_exit(SIZE_MAX);
    return r;
}

void *malloc_or_exit(size_t n)
{
    void *p = malloc(n);
    if (!p)
        oom_exit(n);
    return p;
}

static struct block *block_new(size_t cap, struct block *prev)
{
    struct block *b = malloc_or_exit(sizeof *b + cap);
    b->prev = prev;
    b->cap = cap;
    b->used = 0;
    return b;
}

struct arena *arena_new(size_t limit)
{
    struct arena *a = malloc_or_exit(sizeof *a);
    *a = (struct arena){NULL, 0, limit ? limit : (size_t)4 << 30};
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    while (a->top) {
        struct block *prev = a->top->prev;
        free(a->top);
        a->top = prev;
    }
    free(a);
}

static size_t round_up(size_t n)
{
    size_t align = alignof(max_align_t);
    return (n + align - 1) & ~(align - 1);
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > a->limit || a->total > a->limit - n)
        oom_exit(n);
    size_t need = round_up(n ? n : 1);
    if (!a->top || a->top->cap - a->top->used < need) {
        size_t cap = a->top ? a->top->cap * 2 : FIRST_BLOCK;
        if (cap > MAX_BLOCK)
            cap = MAX_BLOCK;
        a->top = block_new(cap < need ? need : cap, a->top);
    }
    void *p = a->top->data + a->top->used;
    a->top->used += need;
    a->total += need;
    return p;
}

void *arena_zalloc(struct arena *a, size_t n, size_t size)
{
    size_t bytes = mul_size(n, size);
    return memset(arena_alloc(a, bytes), 0, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n)
{
    struct block *b = a->top;
    size_t had = round_up(old_n ? old_n : 1), need = round_up(new_n ? new_n : 1);
    bool last = old && b && (char *)old + had == b->data + b->used;
    bool allowed = a->total <= a->limit && a->limit - a->total >= need - had;
    if (last && need >= had && b->cap - b->used >= need - had && allowed) {
        b->used += need - had;
        a->total += need - had;
        return old;
    }
    void *p = arena_alloc(a, new_n);
    if (old_n)
        memcpy(p, old, old_n);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    if (str_is_null(s))
        return s;
    return (struct str){arena_cstr(a, s), s.n};
}

char *arena_cstr(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        BUG("bad format");
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->used : 0, a->total};
}

void arena_release(struct arena *a, struct arena_mark m)
{
    while (a->top != m.block) {
        struct block *prev = a->top->prev;
        free(a->top);
        a->top = prev;
    }
    if (a->top)
        a->top->used = m.used;
    a->total = m.total;
}

void *vec_grow(struct arena *a, void *old, uint32_t *cap, size_t size)
{
    uint32_t had = *cap, want = had ? had * 2 : 8;
    if (want <= had)
        oom_exit(SIZE_MAX);
    *cap = want;
    return arena_grow(a, old, mul_size(had, size), mul_size(want, size));
}
