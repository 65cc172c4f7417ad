/* Item files from strangers: read, checked; what is accepted is scored, shuffled and never breaks a bound. */
#include "base/content.h"
#include "exam/bank.h"

#include <stdlib.h>

static void answer(const item_t *item)
{
    int shown[ITEM_PARTS_MAX];
    item_answer_t response = {.count = item->parts, .value = item->value};
    double credit;
    err_t err;
    item_shuffle(item, 7, shown);
    for (int i = 0; i < item->parts; i++) response.chosen[i] = i;
    if (item_has_one_key(item->type)) response = (item_answer_t){.count = 1, .chosen = {item_key(item)}};
    if (!item_score(item, &response, &credit, &err) || credit < 0 || credit > 1) abort();
    if (item->type != ITEM_SEVERAL && credit != 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bank_t *bank;
    err_t err;
    if (!bank_open(&bank, content_source(), &err)) abort();
    if (bank_read(bank, "fuzz", data, size, &err) && bank_check(bank, true, &err))
        for (size_t i = 0; i < bank_count(bank); i++) answer(bank_item(bank, i));
    bank_close(bank);
    return 0;
}
