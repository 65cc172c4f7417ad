/* Arenas: memory that is given out piece by piece and taken back all at once
 * (one arena a request, a shift, a load). Every arena has a limit. */
#ifndef TITER_BASE_ARENA_H
#define TITER_BASE_ARENA_H

#include <stddef.h>

typedef struct arena arena_t;

/* A new arena that gives out at most `limit` bytes, or NULL when memory is out. */
arena_t *arena_new(size_t limit);
void arena_free(arena_t *arena);
/* Takes everything back but keeps the first block for reuse. */
void arena_reset(arena_t *arena);
/* `size` zeroed bytes aligned for any type, or NULL when the limit or memory is reached. */
void *arena_alloc(arena_t *arena, size_t size);
/* `count` zeroed elements; NULL also when count * size overflows. */
void *arena_array(arena_t *arena, size_t count, size_t size);
/* A zero-terminated copy of `length` bytes of `text`, or NULL. */
char *arena_text(arena_t *arena, const char *text, size_t length);
/* Bytes given out so far. */
size_t arena_used(const arena_t *arena);

#endif
