#ifndef SNAP_CORE_ARENA_H
#define SNAP_CORE_ARENA_H

/*
 * Memory by phase: everything a phase makes lives in one arena and goes with it. This is the only
 * place that calls malloc. Allocation never returns NULL: when the machine or the arena's limit
 * has no more, the program ends through oom_exit.
 */

#include <stdarg.h>

#include "core/str.h"

struct arena;

/* A new arena that may hold up to `limit` bytes (0: the default, 4 GiB). Free with arena_free. */
struct arena *arena_new(size_t limit);
/* NULL is allowed. */
void arena_free(struct arena *a);
/* n bytes, aligned for any type, not cleared. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
/* n * size bytes, cleared to zero; the product is checked. */
void *arena_zalloc(struct arena *a, size_t n, size_t size);
/* Room for new_n bytes with the old_n bytes of old in front; in place where old was the last
 * allocation, otherwise a copy (the old bytes are lost until the arena goes). */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n);
/* A copy that ends with NUL (not counted in n). The absent str stays absent. */
struct str arena_str(struct arena *a, struct str s);
/* A copy as a C string. */
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

/* A point to go back to: everything allocated after it is freed by arena_release. */
struct arena_mark {
    void *block;
    size_t used, total;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct arena_mark m);

#define NEW(a, T) ((T *)arena_zalloc((a), 1, sizeof(T)))
#define NEW_ARRAY(a, T, n) ((T *)arena_zalloc((a), (n), sizeof(T)))

/* a * b, or oom_exit when it does not fit in size_t. */
size_t mul_size(size_t a, size_t b);
/* Ends the program with exit code 3 and a message; runs the hook (files half written go). */
_Noreturn void oom_exit(size_t wanted);
/* malloc for a client library that does not survive a NULL: oom_exit instead. Freed by free. */
void *malloc_or_exit(size_t n);
/* What oom_exit runs before it ends; set once by the program, NULL for none. */
void oom_set_hook(void (*hook)(void));

/* An array that grows in an arena. VEC(struct x) v = {0}; VEC_PUSH(a, v, item); */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *v;                                                                                      \
        uint32_t n, cap;                                                                           \
    }
#define VEC_PUSH(a, vec, item)                                                                     \
    do {                                                                                           \
        if ((vec).n == (vec).cap)                                                                  \
            (vec).v = vec_grow((a), (vec).v, &(vec).cap, sizeof *(vec).v);                         \
        (vec).v[(vec).n++] = (item);                                                               \
    } while (0)
void *vec_grow(struct arena *a, void *old, uint32_t *cap, size_t size);

#endif
