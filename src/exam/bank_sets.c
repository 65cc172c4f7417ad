/* Items that belong together, and items that exclude one another.
 *
 * A set is a case with 2 to 6 items that are given whole and in the order of their file, so they must count for the
 * same area of every outline. Enemies are items of which a test takes one: near-duplicates, or one that tells
 * another's answer; a family may be one, for all its items. Each names the other, and enemies of one item are enemies
 * of each other, so that they are groups (cat.h). An item of a set has its enemies outside of sets and within its area:
 * a test that has one of them has no place for the set. */
#include "bank_private.h"

#include <string.h>

static bool names(const item_t *item, const char *id)
{
    for (int i = 0; i < item->enemies; i++)
        if (strcmp(item->enemy[i], id) == 0) return true;
    return false;
}

bool items_are_enemies(const item_t *a, const item_t *b)
{
    return names(a, b->id) || names(b, a->id);
}

static bool same_outline(const bank_t *bank, const item_t *a, const item_t *b, const char **credential)
{
    for (size_t i = 0; i < bank->outline_count; i++) {
        *credential = bank->outlines[i].credential;
        const char *x = bank_outline(bank, a, *credential), *y = bank_outline(bank, b, *credential);
        if ((x == NULL) != (y == NULL) || (x && strcmp(x, y) != 0)) return false;
    }
    return true;
}

/* ---- enemies ---- */

static const item_t *find(const bank_t *bank, const char *id)
{
    const item_t *item = bank_find(bank, id);
    for (size_t i = 0; i < bank->head_count && !item; i++)
        if (strcmp(bank->heads[i].id, id) == 0) item = &bank->heads[i];
    return item;
}

static bool is_family_name(const char *id)
{
    return id[0] != 'L';
}

static void judge_enemy(bank_t *bank, const item_t *item, const char *id, bool whole)
{
    const item_t *other = find(bank, id);
    const char *credential = "";
    size_t lesson = strlen(item->lesson);
    bool of_file = strncmp(id, item->lesson, lesson) == 0 && id[lesson] == '-';
    bool known = is_family_name(id) ? bank->heads != NULL : whole || of_file; /* who is not here is nowhere */
    if (!other && known)
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id, "its enemy %.40s is no %s; mend the name", id,
                 is_family_name(id) ? "family" : "item");
    if (!other) return;
    if (!names(other, item->id))
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "%s (%s:%d) does not name it as an enemy; enemies name each other", id, other->file, other->line);
    for (int i = 0; i < item->enemies; i++)
        if (strcmp(item->enemy[i], id) != 0 && find(bank, item->enemy[i]) && !names(other, item->enemy[i]))
            bank_say(bank, FINDING_ERROR, other->file, other->line, other->id,
                     "%s and it are enemies of %s, so of each other; name it", item->enemy[i], item->id);
    if (item->set && other->set)
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "its enemy %s belongs to a set too; ask one of them by itself", id);
    else if (item->set && !same_outline(bank, item, other, &credential))
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "its enemy %s counts for another area of %s; an item of a set has enemies of its own area", id,
                 credential);
}

void bank_enemy_rules(bank_t *bank, const item_t *item)
{
    for (int i = 0; i < item->enemies; i++) {
        const char *id = item->enemy[i];
        if (find(bank, id)) continue;
        if (is_family_name(id) && bank->heads)
            bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                     "its enemy %.40s is no family; mend the name", id);
        else if (!is_family_name(id))
            bank_say(bank, FINDING_WARNING, item->file, item->line, item->id,
                     "its enemy %.40s is no item of the content; is the id of one that was written here?", id);
    }
}

/* ---- sets ---- */

/* Compares an item of a set with its first one. */
static void judge_member(bank_t *bank, const item_t *first, const item_t *item)
{
    const char *credential = "";
    if (item->programs != first->programs)
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "%s of the same set is for other programs; a set is given whole", first->id);
    if (!same_outline(bank, first, item, &credential))
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "%s of the same set counts for another area of %s; a set lies in one area", first->id, credential);
    if (!item_has_one_key(item->type))
        bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                 "an item of a set has one key, so that adaptive forms can give the set whole");
}

static void judge_set(bank_t *bank, const bank_set_t *set)
{
    const item_t *first = NULL;
    size_t last = 0;
    int count = 0;
    for (size_t i = 0; i < bank->count; i++) {
        const item_t *item = bank->items[i];
        if (!item->set || strcmp(item->set, set->id) != 0) continue;
        if (first && i != last + 1)
            bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                     "another item stands between it and the rest of %s; items of a set follow one another", set->id);
        if (!first) first = item;
        judge_member(bank, first, item);
        last = i;
        count++;
    }
    if (count < 2 || count > SET_ITEMS_MAX)
        bank_say(bank, FINDING_ERROR, set->file, set->line, "", "the case %s has %d items; it takes 2 to %d", set->id,
                 count, (int)SET_ITEMS_MAX);
}

void bank_set_rules(bank_t *bank, bool whole)
{
    for (size_t i = 0; i < bank->count; i++)
        for (int k = 0; k < bank->items[i]->enemies; k++)
            judge_enemy(bank, bank->items[i], bank->items[i]->enemy[k], whole);
    for (size_t i = 0; i < bank->head_count; i++)
        for (int k = 0; k < bank->heads[i].enemies; k++)
            judge_enemy(bank, &bank->heads[i], bank->heads[i].enemy[k], whole);
    for (size_t i = 0; i < bank->set_count; i++) judge_set(bank, &bank->sets[i]);
}
