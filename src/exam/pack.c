/* See pack.h. Patterns are sorted by group, completeness and total score: neighbors then have their posteriors at the
 * same nodes, which the loops of kernel.c like. */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *codes;
    size_t packs;
    int group, missing, score;
} person_t;

static int by_pattern(const void *a, const void *b)
{
    const person_t *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if ((x->missing > 0) != (y->missing > 0)) return x->missing > 0 ? 1 : -1;
    if (x->score != y->score) return x->score < y->score ? -1 : 1;
    return memcmp(x->codes, y->codes, x->packs);
}

static void lay_out(pack_t *pack, const int8_t *answers, const int *categories)
{
    size_t codes = PACK_CODES_MAX;
    for (size_t i = 0; i < pack->items; i++) {
        packed_item_t *item = &pack->item[i];
        bool missing = false;
        for (size_t p = 0; p < pack->persons && !missing; p++) missing = answers[p * pack->items + i] < 0;
        item->categories = categories[i];
        item->options = categories[i] + missing;
        if (codes * (size_t)item->options > PACK_CODES_MAX) { /* the next pack */
            pack->first[pack->packs++] = i;
            codes = 1;
        }
        item->pack = pack->packs - 1;
        item->radix = codes;
        codes *= (size_t)item->options;
        pack->codes_of[item->pack] = codes;
    }
    pack->first[pack->packs] = pack->items;
}

static void encode(const pack_t *pack, const int8_t *answers, person_t *person, uint8_t *codes)
{
    memset(codes, 0, pack->packs);
    for (size_t i = 0; i < pack->items; i++) {
        const packed_item_t *item = &pack->item[i];
        int option = answers[i] < 0 ? item->categories : answers[i];
        codes[item->pack] = (uint8_t)(codes[item->pack] + (size_t)option * item->radix);
        person->missing += answers[i] < 0;
        person->score += answers[i] < 0 ? 0 : answers[i];
    }
    person->codes = codes;
    person->packs = pack->packs;
}

static void collapse(pack_t *pack, person_t *persons)
{
    size_t kept = 0;
    for (size_t p = 0; p < pack->persons; p++) {
        if (kept && by_pattern(&persons[kept - 1], &persons[p]) == 0) {
            pack->weight[kept - 1] += 1;
            continue;
        }
        persons[kept] = persons[p];
        pack->weight[kept++] = 1;
    }
    pack->patterns = kept;
    for (size_t s = 0; s < kept; s++) {
        pack->group[s] = (uint8_t)persons[s].group;
        for (size_t k = 0; k < pack->packs; k++) pack->codes[k * kept + s] = persons[s].codes[k];
    }
    for (int g = 0; g < pack->groups; g++) {
        size_t s = pack->begin[g];
        while (s < kept && persons[s].group == g && persons[s].missing == 0) s++;
        pack->whole[g] = s;
        while (s < kept && persons[s].group == g) s++;
        pack->begin[g + 1] = s;
    }
}

bool pack_make(pack_t *pack, arena_t *arena, const int8_t *answers, size_t persons, size_t items, const int *categories,
               const int *group_of, int groups, err_t *err)
{
    *pack = (pack_t){.persons = persons, .items = items, .groups = groups};
    pack->item = arena_array(arena, items, sizeof *pack->item);
    pack->first = arena_array(arena, items + 1, sizeof *pack->first);
    pack->codes_of = arena_array(arena, items, sizeof *pack->codes_of);
    pack->group = arena_array(arena, persons, 1);
    pack->weight = arena_array(arena, persons, sizeof *pack->weight);
    pack->begin = arena_array(arena, (size_t)groups + 1, sizeof *pack->begin);
    pack->whole = arena_array(arena, (size_t)groups, sizeof *pack->whole);
    if (!pack->item || !pack->first || !pack->codes_of || !pack->group || !pack->weight || !pack->begin || !pack->whole)
        return err_set(err, ERR_MEMORY, "the responses do not fit into memory");
    lay_out(pack, answers, categories);
    person_t *sorted = calloc(persons, sizeof *sorted);
    uint8_t *codes = calloc(persons, pack->packs);
    pack->codes = arena_array(arena, persons, pack->packs);
    bool good = sorted && codes && pack->codes;
    if (good) {
        for (size_t p = 0; p < persons; p++) {
            sorted[p].group = group_of ? group_of[p] : 0;
            encode(pack, answers + p * items, &sorted[p], codes + p * pack->packs);
        }
        qsort(sorted, persons, sizeof *sorted, by_pattern);
        collapse(pack, sorted);
    }
    free(codes);
    free(sorted);
    return good || err_set(err, ERR_MEMORY, "the responses do not fit into memory");
}
