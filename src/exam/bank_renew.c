/* Newer versions of items: a bank that shares another one's items and takes what was written since. See bank.h. */
#include "bank_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FORK_MEMORY = 64 * 1024 * 1024 };

bool bank_fork(bank_t **out, const bank_t *from, err_t *err)
{
    bank_t *bank = malloc(sizeof *bank);
    *out = NULL;
    if (bank) {
        *bank = *from;
        bank->arena = arena_new(FORK_MEMORY);
        bank->finding_count = bank->error_count = 0;
    }
    if (bank && bank->arena) {
        bank->items = arena_array(bank->arena, BANK_ITEMS_MAX, sizeof *bank->items);
        bank->past = arena_array(bank->arena, BANK_PAST_MAX, sizeof *bank->past);
        bank->findings = arena_array(bank->arena, BANK_FINDINGS_MAX, sizeof *bank->findings);
        bank->sets = arena_array(bank->arena, BANK_SETS_MAX, sizeof *bank->sets);
        bank->set_count = 0; /* for the files of newer versions; older items know their cases */
    }
    if (!bank || !bank->arena || !bank->items || !bank->past || !bank->findings || !bank->sets) {
        bank_close(bank);
        return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
    }
    memcpy(bank->items, from->items, from->count * sizeof *bank->items);
    if (from->past_count > 0) memcpy(bank->past, from->past, from->past_count * sizeof *bank->past);
    *out = bank;
    return true;
}

/* The last item takes the place of an earlier one of its id. */
static void take_place(bank_t *bank)
{
    item_t *item = bank->items[bank->count - 1];
    for (size_t i = 0; i + 1 < bank->count; i++) {
        if (strcmp(bank->items[i]->id, item->id) != 0) continue;
        if (bank->past_count < BANK_PAST_MAX) bank->past[bank->past_count++] = bank->items[i];
        bank->items[i] = item;
        bank->count--;
        return;
    }
}

bool bank_renew(bank_t *bank, const char *file, const unsigned char *bytes, size_t length, item_state_t state,
                err_t *err)
{
    size_t before = bank->count, findings = bank->finding_count, errors = bank->error_count;
    if (!bank->past || findings == BANK_FINDINGS_MAX)
        return err_set(err, ERR_STATE, "newer versions are read into a fork of the bank");
    bank->renewing = true;
    bool ok = bank_read(bank, file, bytes, length, err);
    bank->renewing = false;
    if (ok && bank->error_count > errors) ok = err_set(err, ERR_INPUT, "%s", bank->findings[findings].text);
    if (ok && bank->count != before + 1) ok = err_set(err, ERR_INPUT, "this is a file of one item");
    if (!ok) {
        bank->count = before;
        return false;
    }
    bank->items[before]->state = state;
    take_place(bank);
    return true;
}

const item_t *bank_find_version(const bank_t *bank, const char *id, int version)
{
    const item_t *newest = bank_find(bank, id);
    if (newest && newest->version == version) return newest;
    for (size_t i = bank->past_count; i > 0; i--)
        if (strcmp(bank->past[i - 1]->id, id) == 0 && bank->past[i - 1]->version == version) return bank->past[i - 1];
    return newest;
}

bool bank_rate(bank_t *bank, size_t index, double difficulty, double difficulty_sd, err_t *err)
{
    assert(index < bank->count);
    item_t *rated = arena_alloc(bank->arena, sizeof *rated);
    if (!rated) return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
    *rated = *bank->items[index];
    rated->difficulty = difficulty;
    rated->difficulty_sd = difficulty_sd;
    bank->items[index] = rated;
    return true;
}

bool bank_withdraw(bank_t *bank, size_t index, err_t *err)
{
    assert(index < bank->count);
    item_t *spoiled = arena_alloc(bank->arena, sizeof *spoiled);
    if (!spoiled) return err_set(err, ERR_MEMORY, "the item bank does not fit into memory");
    *spoiled = *bank->items[index];
    spoiled->state = STATE_RETIRED;
    bank->items[index] = spoiled;
    return true;
}

void bank_check_item(bank_t *bank, const item_t *item)
{
    bank_rules(bank, item);
    bank_enemy_rules(bank, item);
}

bool bank_kind_at(const bank_t *bank, size_t index, bank_kind_view_t *kind)
{
    if (index >= bank->picture_count) return false;
    const bank_picture_t *p = &bank->pictures[index];
    *kind = (bank_kind_view_t){p->draw, p->shows, p->screen};
    return true;
}

bool bank_area_at(const bank_t *bank, size_t index, const char **area, const char **subarea)
{
    if (index >= bank->area_count) return false;
    *area = bank->areas[index].area;
    *subarea = bank->areas[index].subarea;
    return true;
}

const char *bank_lesson_at(const bank_t *bank, size_t index)
{
    return index < bank->lesson_count ? bank->lessons[index].id : NULL;
}
