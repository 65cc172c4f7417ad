/* A table with open addressing; see memo.h. It is never more than half full. */
#include "memo.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

/* The slot of an entry, or the free one where it would go. */
static uint16_t *slot_of(memo_t *memo, int64_t owner, const char *text)
{
    uint64_t at = hash_bytes(hash_u64(HASH_START, (uint64_t)owner), text, strlen(text));
    for (;; at++) {
        uint16_t *slot = &memo->slots[at % MEMO_SLOTS];
        if (*slot == 0) return slot;
        const memo_entry_t *entry = &memo->entries[*slot - 1];
        if (entry->owner == owner && strcmp(entry->text, text) == 0) return slot;
    }
}

void memo_clear(memo_t *memo)
{
    memo->count = 0;
    memset(memo->slots, 0, sizeof memo->slots);
}

memo_entry_t *memo_find(memo_t *memo, int64_t owner, const char *text)
{
    uint16_t slot = *slot_of(memo, owner, text);
    return slot ? &memo->entries[slot - 1] : NULL;
}

memo_entry_t *memo_add(memo_t *memo, int64_t owner, const char *text, int64_t id, int64_t last)
{
    size_t size = strlen(text) + 1;
    uint16_t *slot = slot_of(memo, owner, text);
    assert(*slot == 0 && memo->count < MEMO_MAX && size <= sizeof memo->entries[0].text);
    memo_entry_t *entry = &memo->entries[memo->count++];
    *slot = (uint16_t)memo->count;
    entry->owner = owner;
    entry->id = id;
    entry->last = last;
    memcpy(entry->text, text, size);
    return entry;
}
