/* A sitting; see sitting.h. */
#include "exam/sitting.h"

#include "base/rng.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DRAW_RIGHTS = 9300 };

bool sitting_begin(sitting_t *s, const bank_t *bank, const exam_form_t *form, uint64_t seed, double factor, int breaks,
                   int64_t at_ms, err_t *err)
{
    if (!(factor >= 1 && factor <= 2.5)) return err_set(err, ERR_INPUT, "Extra time is 1 to 2.5 times the usual.");
    if (breaks < 0 || breaks > SITTING_BREAKS_MAX)
        return err_set(err, ERR_INPUT, "There are 0 to %d breaks.", SITTING_BREAKS_MAX);
    *s = (sitting_t){.bank = bank,
                     .form = *form,
                     .seed = seed,
                     .started_ms = at_ms,
                     .last_ms = at_ms,
                     .limit_ms = (int64_t)(form->minutes * 60000.0 * factor),
                     .breaks_left = breaks};
    return true;
}

static uint64_t entry_seed(const sitting_t *s, int n)
{
    return rng_mix(s->seed ^ rng_mix((uint64_t)n + 1));
}

/* What belongs to the left sides, in an order of its own. */
static void shuffle_rights(const sitting_t *s, int n, sitting_entry_t *entry)
{
    rng_t rng = rng_at(entry_seed(s, n), DRAW_RIGHTS, 0, 0);
    for (int i = 0; i < entry->item->parts; i++) entry->rights[i] = i;
    for (int i = entry->item->parts - 1; i > 0; i--) {
        int k = (int)rng_below(&rng, (uint32_t)i + 1), swapped = entry->rights[i];
        entry->rights[i] = entry->rights[k];
        entry->rights[k] = swapped;
    }
}

void sitting_base(const char *id, char base[SITTING_ITEM_ID])
{
    snprintf(base, SITTING_ITEM_ID, "%.*s", (int)strcspn(id, "@"), id);
}

bool sitting_compute(const sitting_t *s, const char *id, arena_t *arena, family_item_t *made, err_t *err)
{
    const char *at = strchr(id, '@');
    char base[SITTING_ITEM_ID];
    int64_t seed;
    sitting_base(id, base);
    if (!at || !s->families || !text_to_int(at + 1, strlen(at + 1), &seed) || seed < 0)
        return err_set(err, ERR_NOT_FOUND, "\"%.40s\" is no computed item.", id);
    int family = families_find(s->families, base, err);
    return family >= 0 && family_make(s->families, family, (uint64_t)seed, arena, made, err);
}

/* The item of that id; a variant is as it was shown, or computed. An unknown one, or one that its family cannot compute
 * any more, is NULL as an item that has left the bank. False only when memory is out. */
static bool find_item(const sitting_t *s, const char *id, int version, const item_t **item, err_t *err)
{
    bool variant = strchr(id, '@') != NULL;
    err_t unknown = {0};
    if (!id[0] || strlen(id) >= SITTING_ITEM_ID) return err_set(err, ERR_INPUT, "That is no id of an item.");
    *item = variant ? NULL : bank_find_version(s->bank, id, version);
    for (int i = 0; variant && i < s->shown_count && !*item; i++)
        if (strcmp(s->shown[i]->id, id) == 0) *item = s->shown[i];
    if (!variant || *item || !s->families) return true;
    family_item_t *made = arena_alloc(s->variants, sizeof *made);
    bool fits = made != NULL;
    if (fits && sitting_compute(s, id, s->variants, made, &unknown))
        *item = &made->item;
    else
        fits = fits && unknown.code != ERR_MEMORY;
    return fits || err_set(err, ERR_MEMORY, "There is not enough memory for the computed items of this sitting.");
}

static bool was_shown(const sitting_t *s, const item_t *item)
{
    for (int i = 0; i < s->shown_count; i++)
        if (s->shown[i] == item) return true;
    return false;
}

/* Puts what was given into place n. */
static void seat_item(sitting_t *s, int n, const char *id, int version, const item_t *item)
{
    sitting_entry_t *entry = &s->entry[n];
    *entry = (sitting_entry_t){.version = version, .item = item, .kept = was_shown(s, item)};
    memcpy(entry->id, id, strlen(id) + 1);
    if (!item) return;
    entry->difficulty = item->difficulty;
    entry->difficulty_sd = item->difficulty_sd;
    item_shuffle(item, entry_seed(s, n), entry->shown);
    shuffle_rights(s, n, entry);
}

bool sitting_give(sitting_t *s, const char *id, int version, err_t *err)
{
    const item_t *item;
    if (s->count == FORM_ITEMS_MAX) return err_set(err, ERR_LIMIT, "A sitting has at most %d items.", FORM_ITEMS_MAX);
    if (!find_item(s, id, version, &item, err)) return false;
    seat_item(s, s->count++, id, version, item);
    return true;
}

void sitting_rate(sitting_t *s, double difficulty, double difficulty_sd)
{
    assert(s->count > 0);
    s->entry[s->count - 1].difficulty = difficulty;
    s->entry[s->count - 1].difficulty_sd = difficulty_sd;
}

bool sitting_may_renew(const sitting_t *s, int n, err_t *err)
{
    if (!sitting_may_look(s, n, err)) return false;
    if (!s->form.tutor) return err_set(err, ERR_STATE, "In an exam the numbers stay as they are.");
    if (!strchr(s->entry[n].id, '@')) return err_set(err, ERR_STATE, "This item has no other numbers.");
    if (s->entry[n].answered) return err_set(err, ERR_STATE, "You have answered it with these numbers. Go on.");
    if (s->fresh == SITTING_FRESH_MAX)
        return err_set(err, ERR_LIMIT, "New numbers were asked for %d times; answer with these.", SITTING_FRESH_MAX);
    return true;
}

bool sitting_renew(sitting_t *s, int n, const char *id, err_t *err)
{
    char before[SITTING_ITEM_ID], after[SITTING_ITEM_ID];
    if (!sitting_may_renew(s, n, err)) return false;
    sitting_base(s->entry[n].id, before);
    sitting_base(id, after);
    if (strcmp(before, after) != 0) return err_set(err, ERR_INPUT, "That is another family's item.");
    sitting_entry_t old = s->entry[n];
    const item_t *item;
    if (!find_item(s, id, old.version, &item, err)) return false;
    seat_item(s, n, id, item ? item->version : old.version, item);
    sitting_entry_t *entry = &s->entry[n];
    entry->difficulty = old.difficulty;
    entry->difficulty_sd = old.difficulty_sd;
    entry->spent_ms = old.spent_ms;
    entry->flagged = old.flagged;
    entry->voided = old.voided;
    entry->seen = true;
    s->fresh++;
    return true;
}

/* ---- time ---- */

bool sitting_clock(sitting_t *s, int64_t at_ms, bool stopped)
{
    int64_t passed = at_ms - s->last_ms;
    s->last_ms = at_ms;
    if (s->state == SITTING_OVER || s->state == SITTING_BREAK || passed <= 0) return false;
    if (stopped && passed > SITTING_STOP_MS) {
        s->away_ms += passed - SITTING_STOP_MS;
        passed = SITTING_STOP_MS;
    }
    if (passed > s->limit_ms - s->used_ms) passed = s->limit_ms - s->used_ms;
    s->used_ms += passed;
    if (s->current < s->count) s->entry[s->current].spent_ms += passed;
    if (s->used_ms < s->limit_ms) return false;
    s->state = SITTING_OVER;
    s->end = END_TIME;
    return true;
}

int64_t sitting_left_ms(const sitting_t *s)
{
    return s->limit_ms - s->used_ms;
}

/* ---- looking and answering ---- */

static bool is_running(const sitting_t *s, err_t *err)
{
    if (s->state == SITTING_OVER) return err_set(err, ERR_STATE, "This sitting is over. Its report is open.");
    if (s->state == SITTING_BREAK) return err_set(err, ERR_STATE, "You are on a break. Go on first.");
    return true;
}

bool sitting_may_look(const sitting_t *s, int n, err_t *err)
{
    if (!is_running(s, err)) return false;
    if (n < 0 || n >= s->count) return err_set(err, ERR_INPUT, "There is no such item in this sitting yet.");
    if (s->form.navigation == NAVIGATE_FREE || s->state == SITTING_REVIEW) return true;
    int front = sitting_answered(s); /* answered one after another */
    if (n == front || (s->form.tutor && n == front - 1)) return true;
    if (s->form.navigation == NAVIGATE_REVIEW && n < front)
        return err_set(err, ERR_STATE, "Items are reviewed after the last one. Go on with item %d.", front + 1);
    if (n < front) return err_set(err, ERR_STATE, "In this form an answer is final. Go on with item %d.", front + 1);
    return err_set(err, ERR_STATE, "In this form each item is answered before the next. Answer item %d.", front + 1);
}

int sitting_answered(const sitting_t *s)
{
    int answered = 0;
    for (int i = 0; i < s->count; i++) answered += s->entry[i].answered;
    return answered;
}

static bool whole(const sitting_t *s)
{
    return s->count >= s->form.items;
}

bool sitting_wants_next(const sitting_t *s)
{
    return s->state == SITTING_RUNNING && !whole(s) && sitting_answered(s) == s->count;
}

void sitting_look(sitting_t *s, int n)
{
    if (n < 0 || n >= s->count) return;
    s->current = n;
    s->entry[n].seen = true;
}

/* An answer to an item that nobody knows any more was one when it was given: the sitting goes on, and nothing counts.
 */
static bool answer_unknown(sitting_entry_t *entry)
{
    entry->answered = entry->seen = true;
    entry->credit = 0;
    return true;
}

static bool same_answer(const sitting_entry_t *entry, const item_answer_t *r)
{
    const item_answer_t *old = &entry->response;
    if (!entry->answered) return false;
    if (item_is_number(entry->item->type)) return old->value == r->value;
    return old->count == r->count && memcmp(old->chosen, r->chosen, (size_t)r->count * sizeof *r->chosen) == 0;
}

bool sitting_answer(sitting_t *s, int n, const item_answer_t *response, sure_t sure, err_t *err)
{
    double credit;
    if (!sitting_may_look(s, n, err)) return false;
    sitting_entry_t *entry = &s->entry[n];
    if (!entry->item) return answer_unknown(entry);
    bool final = s->form.navigation == NAVIGATE_FORWARD && entry->answered;
    if (final) return err_set(err, ERR_STATE, "In this form an answer is final. Go on with the next item.");
    if (!item_score(entry->item, response, &credit, err)) return false;
    entry->changes += entry->answered && !same_answer(entry, response);
    entry->answered = entry->seen = true;
    entry->response = *response;
    snprintf(entry->unit, sizeof entry->unit, "%s", response->unit ? response->unit : "");
    entry->response.unit = NULL;
    entry->credit = credit;
    entry->sure = sure;
    if (s->form.navigation == NAVIGATE_REVIEW && whole(s) && sitting_answered(s) == s->count) s->state = SITTING_REVIEW;
    return true;
}

bool sitting_flag(sitting_t *s, int n, bool on, err_t *err)
{
    if (!sitting_may_look(s, n, err)) return false;
    s->entry[n].flagged = on;
    return true;
}

bool sitting_strike(sitting_t *s, int n, int place, err_t *err)
{
    if (!sitting_may_look(s, n, err)) return false;
    const item_t *item = s->entry[n].item;
    if (!item) return true;
    if (place < 0 || place >= item->parts) return err_set(err, ERR_INPUT, "There is no such option.");
    s->entry[n].struck ^= 1u << place;
    return true;
}

bool sitting_mark(sitting_t *s, int n, int from, int to, err_t *err)
{
    if (!sitting_may_look(s, n, err)) return false;
    sitting_entry_t *entry = &s->entry[n];
    if (!entry->item) return true;
    int length = (int)strlen(entry->item->stem);
    if (from < 0 || to > length || from >= to) return err_set(err, ERR_INPUT, "Select words of the question first.");
    for (int i = 0; i < entry->marks; i++)
        if (from < entry->mark[i].to && to > entry->mark[i].from) {
            entry->mark[i] = entry->mark[--entry->marks];
            return true;
        }
    if (entry->marks == SITTING_MARKS_MAX)
        return err_set(err, ERR_LIMIT, "A question has at most %d highlights.", SITTING_MARKS_MAX);
    entry->mark[entry->marks].from = from;
    entry->mark[entry->marks++].to = to;
    return true;
}

bool sitting_note(sitting_t *s, const char *text, err_t *err)
{
    if (!is_running(s, err)) return false;
    if (strlen(text) >= SITTING_NOTE_MAX)
        return err_set(err, ERR_LIMIT, "The note pad holds %d characters.", SITTING_NOTE_MAX - 1);
    snprintf(s->note, sizeof s->note, "%s", text);
    return true;
}

bool sitting_break(sitting_t *s, bool on, err_t *err)
{
    if (s->state == SITTING_OVER) return err_set(err, ERR_STATE, "This sitting is over. Its report is open.");
    if (!on) {
        if (s->state == SITTING_BREAK)
            s->state = s->form.navigation == NAVIGATE_REVIEW && whole(s) && sitting_answered(s) == s->count
                           ? SITTING_REVIEW
                           : SITTING_RUNNING;
        return true;
    }
    if (s->state == SITTING_BREAK) return true;
    if (s->breaks_left == 0) return err_set(err, ERR_STATE, "There is no break left in this sitting.");
    s->breaks_left--;
    s->breaks++;
    s->state = SITTING_BREAK;
    return true;
}

bool sitting_finish(sitting_t *s, sitting_end_t why, err_t *err)
{
    if (s->state == SITTING_OVER) return err_set(err, ERR_STATE, "This sitting is over already.");
    s->state = SITTING_OVER;
    s->end = why;
    return true;
}

void sitting_void(sitting_t *s, const char *id, int version)
{
    char base[SITTING_ITEM_ID];
    for (int i = 0; i < s->count; i++) {
        sitting_base(s->entry[i].id, base);
        if (strcmp(base, id) == 0 && (version == 0 || version == s->entry[i].version)) s->entry[i].voided = true;
    }
}

/* ---- places and parts ---- */

static int place_of(const int *order, int count, int part)
{
    for (int i = 0; i < count; i++)
        if (order[i] == part) return i;
    return -1;
}

void sitting_to_parts(const sitting_entry_t *entry, item_answer_t *r)
{
    const int *order = entry->item->type == ITEM_MATCH ? entry->rights : entry->shown;
    int chosen[ITEM_PARTS_MAX] = {0};
    for (int i = 0; i < r->count; i++)
        chosen[i] = r->chosen[i] >= 0 && r->chosen[i] < entry->item->parts ? order[r->chosen[i]] : -1;
    memcpy(r->chosen, chosen, sizeof chosen);
}

void sitting_to_places(const sitting_entry_t *entry, item_answer_t *r)
{
    const int *order = entry->item->type == ITEM_MATCH ? entry->rights : entry->shown;
    for (int i = 0; i < r->count; i++) r->chosen[i] = place_of(order, entry->item->parts, r->chosen[i]);
}
