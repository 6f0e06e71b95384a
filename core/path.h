#ifndef SNAP_CORE_PATH_H
#define SNAP_CORE_PATH_H

/*
 * The name of a fact: kind:name segments joined by '/', parent first, as in
 * table:orders/column:total. In names `~` is written ~0 and `/` is written ~1. The kind is the
 * last segment's tag; it holds no ':', so a name may.
 */

#include "core/strbuf.h"

/* Order of facts: bytes, with '/' below every other byte, so a parent is followed by its whole
 * subtree (a plain byte sort puts table:a-b between table:a and its columns). */
int path_cmp(struct str a, struct str b);
/* The path without its last segment; empty at the top. */
struct str path_parent(struct str path);
/* The first segment: the object that owns the fact. */
struct str path_top(struct str path);
/* Kind tag and encoded name of the last segment. */
struct str path_kind(struct str path);
struct str path_name_raw(struct str path);
/* The name of the last segment, decoded, in the arena. */
struct str path_name(struct arena *a, struct str path);
/* True when path is `above` or lies below it. */
bool path_within(struct str path, struct str above);
/* parent + "/" + kind:name, name encoded; parent may be empty. */
struct str path_join(struct arena *a, struct str parent, struct str kind, struct str name);
/* Well-formed: segments kind:name, kind [a-z_]+, ~ only as ~0 or ~1. A name may be empty. */
bool path_is_valid(struct str path);
/* Whether the last part stands for no name: # alone, or # and hexadecimal digits (of what it is
 * made of, #2 the second of such). An object at the top always has a name. */
bool path_is_unnamed(struct str path);
/* For people: "column orders.total"; what has no name is "check of orders". Parts with other
 * than [A-Za-z0-9_$] in double quotes. */
void path_human(struct strbuf *out, struct str path);
/* The dotted names alone: orders.total */
void path_dotted(struct strbuf *out, struct str path);
/* One name of an object of that kind as path_dotted writes it: quoted unless it is a plain word.
 * The arguments of a function, which are part of its name, stay as they are behind it. */
void path_quote_name(struct strbuf *out, struct str kind, struct str name);

#endif
