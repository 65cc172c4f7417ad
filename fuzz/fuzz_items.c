/* Tables of item parameters: what is read must be items that can be computed with, and come back as they were written.
 */
#include "exam/ability.h"
#include "exam/items.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(16 * 1024 * 1024);
    items_t items, again;
    err_t err;
    if (arena && items_read(&items, arena, "fuzz.csv", data, size, &err)) {
        text_t text;
        text_init(&text, 8 * 1024 * 1024);
        items_write(items.items, items.count, &text);
        for (size_t i = 0; i < items.count && i < 20; i++) {
            irt_answer_t answer = {&items.items[i], items.items[i].categories - 1};
            ability_options_t options = ability_defaults();
            ability_t ability = ability_estimate(&answer, 1, &options);
            assert(ability.theta >= -6 && ability.theta <= 6 && ability.se > 0);
        }
        /* nine decimals may make two thresholds one, and then the copy is refused; otherwise it is the same bank */
        if (!text.failed && items_read(&again, arena, "copy.csv", (const unsigned char *)text.data, text.length, &err))
            assert(again.count == items.count && strcmp(again.items[0].id, items.items[0].id) == 0);
        text_free(&text);
    }
    arena_free(arena);
    return 0;
}
