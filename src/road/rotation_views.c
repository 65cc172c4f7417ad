/* What the folded record says: hours against what is asked, procedures done, competencies. Nothing unsigned counts as
 * done, nothing whose chain is broken counts as signed. */
#include "road/rotation.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const char *rating_words(int rating)
{
    static const char *const words[] = {"needs remediation",   "observed only", "direct supervision",
                                        "supervision at hand", "independent",   "could teach"};
    return rating >= RATING_REMEDIATION && rating <= RATING_TEACH ? words[rating] : "not rated";
}

bool rating_needs_comment(int rating)
{
    return rating == RATING_REMEDIATION || rating == RATING_OBSERVED || rating == RATING_TEACH;
}

const char *sign_method_words(sign_method_t method)
{
    static const char *const words[SIGN_METHODS] = {"one-time link", "PIN on a shared computer",
                                                    "paper sheet, typed in"};
    assert(method >= 0 && method < SIGN_METHODS);
    return words[method];
}

/* ---- finding ---- */

const rotation_item_t *rotation_find(const rotation_t *r, const char *id)
{
    for (int i = r->entry_count - 1; i >= 0; i--)
        if (strcmp(r->entries[i].item.id, id) == 0) return &r->entries[i].item;
    for (int i = r->skill_count - 1; i >= 0; i--)
        if (strcmp(r->skills[i].item.id, id) == 0) return &r->skills[i].item;
    for (int i = r->evaluation_count - 1; i >= 0; i--)
        if (strcmp(r->evaluations[i].item.id, id) == 0) return &r->evaluations[i].item;
    return NULL;
}

rotation_item_t *rotation_item(rotation_t *r, const char *id)
{
    return (rotation_item_t *)(uintptr_t)rotation_find(r, id); /* r is not constant here */
}

const rotation_entry_t *rotation_entry(const rotation_item_t *item)
{
    assert(item->kind == ITEM_ENTRY);
    return (const rotation_entry_t *)(const void *)item;
}

const rotation_skill_t *rotation_skill(const rotation_item_t *item)
{
    assert(item->kind == ITEM_SKILL);
    return (const rotation_skill_t *)(const void *)item;
}

const rotation_evaluation_t *rotation_evaluation(const rotation_item_t *item)
{
    assert(item->kind == ITEM_EVALUATION);
    return (const rotation_evaluation_t *)(const void *)item;
}

const rotation_signature_t *rotation_signed(const rotation_t *r, const rotation_item_t *item)
{
    return item->signature >= 0 ? &r->signatures[item->signature] : NULL;
}

ask_state_t rotation_ask(const rotation_t *r, const char *token_hash, int64_t now_ms, const rotation_ask_t **ask)
{
    *ask = NULL;
    for (int i = 0; i < r->ask_count && *ask == NULL; i++)
        if (strcmp(r->asks[i].token, token_hash) == 0) *ask = &r->asks[i];
    if (*ask == NULL) return ASK_UNKNOWN;
    if ((*ask)->used) return ASK_USED;
    if (now_ms >= (*ask)->expires_ms) return ASK_EXPIRED;
    const rotation_item_t *item = rotation_find(r, (*ask)->what);
    assert(item != NULL);
    if (item->signature >= 0) return ASK_USED;
    return item->seq == (*ask)->version ? ASK_GOOD : ASK_OLD;
}

/* ---- hours ---- */

static bool counts(const rotation_t *r, const rotation_item_t *item)
{
    const rotation_signature_t *s = rotation_signed(r, item);
    return s != NULL && s->sound;
}

static void add_entry(const rotation_t *r, rotation_hours_t *h, const rotation_entry_t *e)
{
    *(counts(r, &e->item) ? &h->signed_min : &h->waiting_min) += e->minutes;
    h->days++;
    h->days_without_hands += !e->hands_on;
}

static double asked(const rotation_t *r, const char *key)
{
    for (int i = 0; i < r->rules->requirement_count; i++) {
        const requirement_t *q = &r->rules->requirements[i];
        if (!q->is_count && strcmp(q->id, r->requirement) == 0 && strcmp(q->key, key) == 0) return q->amount;
    }
    return (double)NAN;
}

bool rotation_key_has(const char *key, const char *department)
{
    size_t n = strlen(department);
    if (strcmp(key, "total") == 0) return true;
    for (const char *c = key;; c++) {
        size_t k = strcspn(c, "+");
        if (k == n && strncmp(c, department, n) == 0) return true;
        c += k;
        if (*c == '\0') return false;
    }
}

void rotation_hours(const rotation_t *r, const char *key, rotation_hours_t *h)
{
    int single = rotation_department(r->rules, key);
    *h = (rotation_hours_t){.required = single >= 0 ? r->own_hours[single] : (double)NAN};
    if (isnan(h->required)) h->required = asked(r, key);
    for (int i = 0; i < r->entry_count; i++)
        if (rotation_key_has(key, r->entries[i].item.department)) add_entry(r, h, &r->entries[i]);
}

void rotation_done(const rotation_t *r, const char *procedure, int *is_signed, int *waiting)
{
    *is_signed = *waiting = 0;
    for (int i = 0; i < r->entry_count; i++)
        for (int k = 0; k < r->entries[i].work_count; k++)
            if (strcmp(r->entries[i].work[k].id, procedure) == 0)
                *(counts(r, &r->entries[i].item) ? is_signed : waiting) += r->entries[i].work[k].count;
}

/* ---- competencies ---- */

void rotation_competency(const rotation_t *r, const char *competency, skill_view_t *view)
{
    *view = (skill_view_t){.self_then = RATING_NONE};
    for (int i = 0; i < r->skill_count; i++) {
        const rotation_skill_t *s = &r->skills[i];
        if (strcmp(s->competency, competency) != 0) continue;
        view->last = s;
        const rotation_signature_t *by = rotation_signed(r, &s->item);
        if (by == NULL || !by->sound) continue;
        view->signatures++;
        if (view->by != NULL && by->seq < view->by->seq) continue;
        view->by = by;
        view->self_then = s->self;
    }
    if (view->by == NULL)
        view->state = view->last != NULL ? SKILL_WAITING : SKILL_NOT_SEEN;
    else if (view->by->rating == RATING_REMEDIATION)
        view->state = SKILL_REMEDIATION;
    else
        view->state = view->by->rating >= RATING_NEEDED ? SKILL_COMPLETE : SKILL_SHORT;
}
