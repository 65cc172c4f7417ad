/* Scoring an answer, and the order in which the parts of an item are shown. The rules stand in bank.h. */
#include "bank_private.h"

#include <assert.h>
#include <string.h>

enum { DRAW_SHUFFLE = 9100 };

static bool valid_choices(const item_t *item, const item_answer_t *r, bool each_once, int lowest, err_t *err)
{
    unsigned seen = 0;
    for (int i = 0; i < r->count; i++) {
        int at = r->chosen[i];
        if (at < lowest || at >= item->parts)
            return err_set(err, ERR_INPUT, "%s has the parts 0 to %d; the answer names %d", item->id, item->parts - 1,
                           at);
        if (at >= 0 && each_once && (seen & 1u << at))
            return err_set(err, ERR_INPUT, "the answer to %s names part %d twice; name it once", item->id, at);
        if (at >= 0) seen |= 1u << at;
    }
    return true;
}

static double score_several(const item_t *item, const item_answer_t *r)
{
    int keys = 0, net = 0;
    for (int i = 0; i < item->parts; i++) keys += item->part[i].key;
    for (int i = 0; i < r->count; i++) net += item->part[r->chosen[i]].key ? 1 : -1;
    return net > 0 ? (double)net / keys : 0;
}

static double score_order(const item_answer_t *r)
{
    int net = 0, pairs = r->count * (r->count - 1) / 2;
    for (int i = 0; i < r->count; i++)
        for (int j = i + 1; j < r->count; j++) net += r->chosen[i] < r->chosen[j] ? 1 : -1;
    return net > 0 ? (double)net / pairs : 0;
}

/* Two pairs may have the same right side; then either is right. */
static double score_match(const item_t *item, const item_answer_t *r)
{
    int right = 0;
    for (int i = 0; i < r->count; i++)
        right += r->chosen[i] >= 0 && strcmp(item->part[r->chosen[i]].right, item->part[i].right) == 0;
    return (double)right / item->parts;
}

/* Units are compared without blanks and case, and with one way to write micro. */
static bool same_unit(const char *a, const char *b)
{
    static const char *const micros[] = {"\xc2\xb5", "\xce\xbc"};
    for (;;) {
        while (*a == ' ') a++;
        while (*b == ' ') b++;
        char x = *a, y = *b;
        for (int i = 0; i < 2; i++) {
            if (strncmp(a, micros[i], 2) == 0) x = 'u', a++;
            if (strncmp(b, micros[i], 2) == 0) y = 'u', b++;
        }
        if (x >= 'A' && x <= 'Z') x = (char)(x - 'A' + 'a');
        if (y >= 'A' && y <= 'Z') y = (char)(y - 'A' + 'a');
        if (x != y) return false;
        if (!x) return true;
        a++;
        b++;
    }
}

/* Within the tolerance; the last bits of binary numbers do not put 2.36 outside of 2.34 +- 0.02. */
static bool close_to(const item_t *item, double value, double target)
{
    double slack = 1e-9 * (1 + exact_abs(target));
    return exact_abs(value - target) <= item->tolerance + slack;
}

bool item_score(const item_t *item, const item_answer_t *r, double *credit, err_t *err)
{
    *credit = 0;
    if (item_is_number(item->type)) {
        if (r->value - r->value != 0) return err_set(err, ERR_INPUT, "the answer to %s is a number", item->id);
        *credit = close_to(item, r->value, item->value) && (!r->unit || same_unit(r->unit, item->unit));
        return true;
    }
    if (r->count < 0 || r->count > item->parts)
        return err_set(err, ERR_INPUT, "an answer to %s names at most %d parts", item->id, item->parts);
    bool whole = item->type == ITEM_ORDER || item->type == ITEM_MATCH;
    if (whole && r->count != item->parts)
        return err_set(err, ERR_INPUT, "an answer to %s places all of its %d parts", item->id, item->parts);
    if (item_has_one_key(item->type) && r->count != 1)
        return err_set(err, ERR_INPUT, "an answer to %s is one option", item->id);
    if (!valid_choices(item, r, item->type != ITEM_MATCH, item->type == ITEM_MATCH ? -1 : 0, err)) return false;
    if (item->type == ITEM_SEVERAL)
        *credit = score_several(item, r);
    else if (item->type == ITEM_ORDER)
        *credit = score_order(r);
    else if (item->type == ITEM_MATCH)
        *credit = score_match(item, r);
    else
        *credit = item->part[r->chosen[0]].key;
    return true;
}

bool item_number(const char *text, double *value)
{
    while (*text == ' ') text++;
    if (*text == '<' || *text == '>' || *text == '=' || *text == '~') return false;
    const char *rest = word_number(text, value);
    return rest && !rest[strspn(rest, " ")];
}

int item_mistake(const item_t *item, double value)
{
    if (!item_is_number(item->type)) return -1;
    for (int i = 0; i < item->parts; i++)
        if (close_to(item, value, item->part[i].value)) return i;
    return -1;
}

static bool numbers(const item_t *item)
{
    double value;
    for (int i = 0; i < item->parts; i++)
        if (!word_number(item->part[i].text, &value)) return false;
    return true;
}

void item_shuffle(const item_t *item, uint64_t seed, int shown[ITEM_PARTS_MAX])
{
    rng_t rng = rng_at(seed, DRAW_SHUFFLE, hash_bytes(HASH_START, item->id, strlen(item->id)), 0);
    for (int i = 0; i < item->parts; i++) shown[i] = i;
    if (item->type != ITEM_ORDER && numbers(item)) return;
    for (int i = item->parts - 1; i > 0; i--) {
        int j = (int)rng_below(&rng, (uint32_t)i + 1), kept = shown[i];
        shown[i] = shown[j];
        shown[j] = kept;
    }
    if (item->type != ITEM_ORDER) return;
    for (int i = 0; i < item->parts; i++)
        if (shown[i] != i) return;
    assert(item->parts >= 2);
    shown[0] = 1;
    shown[1] = 0;
}
