/* Arenas as a list of blocks, the newest first. A block is at least BLOCK_BYTES. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGN = 16 };

typedef struct block {
    struct block *next;
    size_t capacity, used;
    _Alignas(16) unsigned char data[];
} block_t;

struct arena {
    size_t limit, used;
    block_t *blocks;
};

arena_t *arena_new(size_t limit)
{
    arena_t *arena = calloc(1, sizeof *arena);
    if (arena) arena->limit = limit;
    return arena;
}

static void free_blocks(block_t *block)
{
    while (block) {
        block_t *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(arena_t *arena)
{
    if (!arena) return;
    free_blocks(arena->blocks);
    free(arena);
}

void arena_reset(arena_t *arena)
{
    block_t *first = arena->blocks;
    if (!first) return;
    free_blocks(first->next);
    first->next = NULL;
    memset(first->data, 0, first->used);
    first->used = 0;
    arena->used = 0;
}

void *arena_alloc(arena_t *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGN) return NULL;
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size == 0) size = ALIGN;
    if (size > arena->limit - arena->used) return NULL;
    block_t *block = arena->blocks;
    if (!block || block->capacity - block->used < size) {
        size_t capacity = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        block = calloc(1, sizeof *block + capacity); /* calloc: large blocks come zeroed from the system */
        if (!block) return NULL;
        block->capacity = capacity;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *given = block->data + block->used;
    block->used += size;
    arena->used += size;
    return given;
}

void *arena_array(arena_t *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) return NULL;
    return arena_alloc(arena, count * size);
}

char *arena_text(arena_t *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1) : NULL;
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

size_t arena_used(const arena_t *arena)
{
    return arena->used;
}
