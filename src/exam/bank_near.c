/* Near-duplicates: items whose stem and key share most of their three-word sequences (Jaccard index of shingles).
 *
 * Each item is a set of hashes; all (hash, item) pairs are sorted, so that the items that share a hash stand
 * together, and only those are compared: the work grows with what is shared, not with the square of the bank.
 * A sequence that more than NEAR_COMMON_MAX items share is a manner of speech ("which of the following") and
 * brings nobody together, but it counts in the index. */
#include "bank_private.h"

#include <stdlib.h>
#include <string.h>

enum { NEAR_WORDS = 3, NEAR_SHINGLES_MAX = 400, NEAR_COMMON_MAX = 40, NEAR_PERCENT = 60 };

typedef struct {
    uint64_t hash;
    uint32_t item;
} shingle_t;

typedef struct {
    const bank_t *bank;
    uint32_t *sizes;   /* [count] shingles of each item */
    shingle_t *sorted; /* by hash, then item */
    size_t shingles;
    uint32_t *shared;  /* [count] with the item at hand */
    uint32_t *touched; /* items with shared > 0 */
    uint64_t **hashes; /* [count] sorted, distinct */
} near_t;

static int by_hash(const void *a, const void *b)
{
    const shingle_t *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Distinct hashes of the three-word sequences of stem and key, sorted. */
static uint32_t shingle(const item_t *item, uint64_t *out)
{
    uint64_t last[NEAR_WORDS] = {0};
    uint32_t count = 0, distinct = 0;
    size_t words = 0;
    for (int part = -1; part < item->parts; part++) {
        if (part >= 0 && !item->part[part].key) continue;
        const char *text = part < 0 ? item->stem : item->part[part].text;
        char word[WORD_MAX];
        while (word_next(&text, word) && count < NEAR_SHINGLES_MAX) {
            memmove(last, last + 1, (NEAR_WORDS - 1) * sizeof *last);
            last[NEAR_WORDS - 1] = hash_bytes(HASH_START, word, strlen(word));
            if (++words < NEAR_WORDS) continue;
            uint64_t hash = HASH_START;
            for (int i = 0; i < NEAR_WORDS; i++) hash = hash_u64(hash, last[i]);
            out[count++] = hash;
        }
    }
    qsort(out, count, sizeof *out, by_value);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || out[i] != out[i - 1]) out[distinct++] = out[i];
    return distinct;
}

/* The run of one hash in the sorted pairs. */
static const shingle_t *run_of(const near_t *near, uint64_t hash, size_t *length)
{
    size_t low = 0, high = near->shingles;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (near->sorted[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < near->shingles && near->sorted[end].hash == hash && end - low <= NEAR_COMMON_MAX) end++;
    *length = end - low;
    return near->sorted + low;
}

static uint32_t common(const near_t *near, uint32_t a, uint32_t b)
{
    uint32_t i = 0, j = 0, both = 0;
    while (i < near->sizes[a] && j < near->sizes[b]) {
        uint64_t x = near->hashes[a][i], y = near->hashes[b][j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return both;
}

/* Compares item `at` with the earlier ones that share a sequence with it. */
static void compare(near_t *near, bank_t *bank, uint32_t at)
{
    uint32_t met = 0;
    for (uint32_t k = 0; k < near->sizes[at]; k++) {
        size_t length;
        const shingle_t *run = run_of(near, near->hashes[at][k], &length);
        if (length > NEAR_COMMON_MAX) continue;
        for (size_t i = 0; i < length && run[i].item < at; i++)
            if (near->shared[run[i].item]++ == 0) near->touched[met++] = run[i].item;
    }
    for (uint32_t i = 0; i < met; i++) {
        uint32_t other = near->touched[i], both = common(near, at, other);
        uint32_t any = near->sizes[at] + near->sizes[other] - both;
        near->shared[other] = 0;
        if (both * 100 < any * NEAR_PERCENT) continue;
        const item_t *a = bank->items[at], *b = bank->items[other];
        bank_say(bank, FINDING_ERROR, a->file, a->line, a->id,
                 "nearly the same as %s (%s:%d): %u %% of their words in sequence; ask something else, or retire one",
                 b->id, b->file, b->line, both * 100 / any);
    }
}

bool bank_near_rules(bank_t *bank, err_t *err)
{
    arena_t *arena = arena_new((size_t)1 << 28);
    near_t near = {.bank = bank};
    size_t count = bank->count, total = 0;
    bool good = arena != NULL;
    if (good) {
        near.sizes = arena_array(arena, count + 1, sizeof *near.sizes);
        near.shared = arena_array(arena, count + 1, sizeof *near.shared);
        near.touched = arena_array(arena, count + 1, sizeof *near.touched);
        near.hashes = arena_array(arena, count + 1, sizeof *near.hashes);
        good = near.sizes && near.shared && near.touched && near.hashes;
    }
    for (size_t i = 0; good && i < count; i++) {
        uint64_t hashes[NEAR_SHINGLES_MAX];
        if (bank->items[i]->state == STATE_RETIRED) continue;
        near.sizes[i] = shingle(bank->items[i], hashes);
        near.hashes[i] = arena_array(arena, near.sizes[i] + 1u, sizeof *hashes);
        good = near.hashes[i] != NULL;
        if (good) memcpy(near.hashes[i], hashes, near.sizes[i] * sizeof *hashes);
        total += near.sizes[i];
    }
    if (good) near.sorted = arena_array(arena, total + 1, sizeof *near.sorted);
    if (!good || !near.sorted) {
        arena_free(arena);
        return err_set(err, ERR_MEMORY, "the items are too many to compare in memory");
    }
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < near.sizes[i]; k++)
            near.sorted[near.shingles++] = (shingle_t){near.hashes[i][k], (uint32_t)i};
    qsort(near.sorted, near.shingles, sizeof *near.sorted, by_hash);
    for (size_t i = 0; i < count; i++) compare(&near, bank, (uint32_t)i);
    arena_free(arena);
    return true;
}
