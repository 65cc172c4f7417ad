/* Rules over many items: where the keys stand, how often the longest option is the key, the mix of levels and
 * difficulties, what covers which lesson and outline, and who has read what without seeing the key. */
#include "bank_private.h"

#include <math.h>
#include <string.h>

enum {
    KEY_LOW_PCT = 20,
    KEY_HIGH_PCT = 30,
    LONGEST_PCT = 30,
    FILE_LEAST = 8,     /* items a file needs before its mix is judged */
    SUBJECT_LEAST = 30, /* and a subject */
    LEVEL_SLACK_PCT = 10,
    OUTLINE_LEAST = 100,    /* items of a credential before its outline is judged */
    PROPORTION_LEAST = 250, /* items in an outline's proportions: two forms and a half */
    PLACES = 4,
};

static const double LEVEL_AIM_PCT[ITEM_LEVELS] = {40, 35, 25};
static const double DIFFICULTY_MEAN_MAX = 0.4, DIFFICULTY_SD_LOW = 0.6, DIFFICULTY_SD_HIGH = 1.4;

typedef struct {
    int items;
    int four, place[PLACES]; /* items with four options and one key; where the key stands */
    int compared, longest;   /* items with one key in words; those whose key is longer than every distractor */
    int level[ITEM_LEVELS];
    int negative;
    double sum, squares; /* of difficulty */
} mix_t;

static void mix_add(mix_t *mix, const item_t *item)
{
    mix->items++;
    mix->level[item->level]++;
    mix->sum += item->difficulty;
    mix->squares += item->difficulty * item->difficulty;
    mix->negative += strstr(item->stem, "NOT") || strstr(item->stem, "EXCEPT");
    if (!item_has_one_key(item->type)) return;
    int key = item_key(item);
    double value;
    if (item->parts == PLACES) {
        mix->four++;
        mix->place[key]++;
    }
    if (word_number(item->part[key].text, &value)) return; /* the length of a number says nothing */
    bool longest = true;
    for (int i = 0; i < item->parts; i++)
        longest = longest && (i == key || strlen(item->part[i].text) < strlen(item->part[key].text));
    mix->compared++;
    mix->longest += longest;
}

/* 20 to 30 %, or as even as so few items can be. */
static bool place_even(int at, int of)
{
    int low = of / PLACES, high = (of + PLACES - 1) / PLACES;
    bool near = at >= low && at <= high;
    return near || (at * 100 >= KEY_LOW_PCT * of && at * 100 <= KEY_HIGH_PCT * of);
}

static void judge_keys(bank_t *bank, finding_kind_t kind, const char *file, const mix_t *mix)
{
    for (int i = 0; i < PLACES && mix->four; i++) {
        if (place_even(mix->place[i], mix->four)) continue;
        bank_say(bank, kind, file, 0, "",
                 "of %d items with four options the key is first in %d, second in %d, third in %d, "
                 "fourth in %d; each place takes 20 to 30 %%",
                 mix->four, mix->place[0], mix->place[1], mix->place[2], mix->place[3]);
        break;
    }
    if (mix->longest * 100 > LONGEST_PCT * mix->compared)
        bank_say(
            bank, kind, file, 0, "",
            "the key is longer than every distractor in %d of %d items; make distractors as long and precise (under "
            "%d %%)",
            mix->longest, mix->compared, (int)LONGEST_PCT);
}

static void judge_file(bank_t *bank, const char *file, const mix_t *mix)
{
    if (mix->items < FILE_LEAST) return;
    judge_keys(bank, FINDING_WARNING, file, mix);
    if (mix->negative * 10 > mix->items)
        bank_say(bank, FINDING_WARNING, file, 0, "", "%d of %d stems are negative (NOT, EXCEPT); keep them rare",
                 mix->negative, mix->items);
}

static void judge_subject(bank_t *bank, const char *area, const mix_t *mix)
{
    if (mix->items < SUBJECT_LEAST) return;
    for (int i = 0; i < ITEM_LEVELS; i++) {
        double pct = 100.0 * mix->level[i] / mix->items;
        if (exact_abs(pct - LEVEL_AIM_PCT[i]) > LEVEL_SLACK_PCT)
            bank_say(bank, FINDING_WARNING, "", 0, "", "%s: %.0f %% of %d items are at the level %s; aim at %.0f %%",
                     area, pct, mix->items, item_level_word((item_level_t)i), LEVEL_AIM_PCT[i]);
    }
    double mean = mix->sum / mix->items, sd = exact_sqrt(exact_abs(mix->squares / mix->items - mean * mean));
    if (exact_abs(mean) > DIFFICULTY_MEAN_MAX || sd < DIFFICULTY_SD_LOW || sd > DIFFICULTY_SD_HIGH)
        bank_say(bank, FINDING_WARNING, "", 0, "", "%s: the difficulties have mean %.2f and SD %.2f; aim at 0 and 1",
                 area, mean, sd);
}

static void judge_files(bank_t *bank)
{
    mix_t mix = {0};
    for (size_t i = 0; i < bank->count; i++) {
        const item_t *item = bank->items[i];
        if (i > 0 && item->file != bank->items[i - 1]->file) {
            judge_file(bank, bank->items[i - 1]->file, &mix);
            mix = (mix_t){0};
        }
        if (item->state != STATE_RETIRED) mix_add(&mix, item);
    }
    if (bank->count) judge_file(bank, bank->items[bank->count - 1]->file, &mix);
}

static void judge_subjects(bank_t *bank)
{
    for (size_t a = 0; a < bank->area_count; a++) {
        mix_t mix = {0};
        if (a > 0 && strcmp(bank->areas[a].area, bank->areas[a - 1].area) == 0) continue;
        for (size_t i = 0; i < bank->count; i++)
            if (bank->items[i]->state != STATE_RETIRED && strcmp(bank->items[i]->area, bank->areas[a].area) == 0)
                mix_add(&mix, bank->items[i]);
        judge_subject(bank, bank->areas[a].area, &mix);
    }
}

/* ---- reviews ---- */

static void judge_reviews(bank_t *bank)
{
    for (size_t i = 0; i < bank->count; i++) {
        const item_t *item = bank->items[i];
        int read = 0, against = 0;
        if (item->state != STATE_IN_USE && item->state != STATE_REVIEWED) continue;
        for (size_t k = 0; k < bank->review_count; k++) {
            const bank_review_t *r = &bank->reviews[k];
            if (strcmp(r->item, item->id) != 0 || r->version != item->version) continue;
            read++;
            against += !r->agrees && !r->resolved;
        }
        if (!read)
            bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                     "the item is %s and %s has no blind review of its version %d; add one, or set it back to draft",
                     item_state_word(item->state), BANK_REVIEWS, item->version);
        if (against)
            bank_say(bank, FINDING_ERROR, item->file, item->line, item->id,
                     "a reader disagrees with the key and %s has no resolution; settle it first", BANK_REVIEWS);
    }
}

/* A review of something that the bank does not hold is a slip of the pen. */
static void judge_review_rows(bank_t *bank)
{
    for (size_t k = 0; k < bank->review_count; k++) {
        const bank_review_t *r = &bank->reviews[k];
        const item_t *item = bank_find(bank, r->item);
        if (!item)
            bank_say(bank, FINDING_ERROR, BANK_REVIEWS, r->line, r->item, "there is no item \"%.40s\"", r->item);
        else if (r->version > item->version)
            bank_say(bank, FINDING_ERROR, BANK_REVIEWS, r->line, r->item, "version %d is not written yet; it is at %d",
                     r->version, item->version);
    }
}

/* ---- coverage ---- */

static void judge_lessons(bank_t *bank)
{
    for (size_t i = 0; i < bank->lesson_count; i++) {
        size_t k = 0;
        while (k < bank->count && strcmp(bank->items[k]->lesson, bank->lessons[i].id) != 0) k++;
        if (k == bank->count)
            bank_say(bank, FINDING_WARNING, "", 0, "", "the lesson %s has no item", bank->lessons[i].id);
    }
}

/* The outline's area of an item: of its subarea, else of its area; NULL when the outline does not say. */
const char *bank_outline(const bank_t *bank, const item_t *item, const char *credential)
{
    const char *found = NULL;
    for (size_t i = 0; i < bank->outline_count; i++) {
        const bank_outline_t *o = &bank->outlines[i];
        if (strcmp(o->credential, credential) != 0 || strcmp(o->area, item->area) != 0) continue;
        if (strcmp(o->subarea, item->subarea) == 0) return o->outline;
        if (!o->subarea[0]) found = o->outline;
    }
    return found;
}

static unsigned credential_program(const char *credential)
{
    static const struct {
        const char *credential;
        unsigned program;
    } known[] = {{"ASCP-MLT", PROGRAM_MLT}, {"AMT-MLT", PROGRAM_MLT},  {"ASCP-PBT", PROGRAM_PBT},
                 {"AMT-RPT", PROGRAM_PBT},  {"ASCP-MLA", PROGRAM_MLA}, {"AMT-CMLA", PROGRAM_MLA}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].credential, credential) == 0) return known[i].program;
    return 0;
}

/* Whether so many items can be taken with each area within its share; NULL: yes, else the area of which there are too
 * few. More of an area than its upper limit is left aside. */
static const char *too_few(const bank_t *bank, const char *credential, const int here[BANK_SHARES_MAX], int count,
                           int without_share)
{
    double most = without_share;
    const char *least_area = NULL;
    for (size_t i = 0; i < bank->share_count; i++) {
        const bank_share_t *share = &bank->shares[i];
        if (strcmp(share->credential, credential) != 0 || share->low != share->low) continue;
        if (here[i] < share->low * count / 100) least_area = share->area;
        most += fmin(here[i], share->high * count / 100);
    }
    return least_area ? least_area : most < count - 1e-9 ? "the areas together" : NULL;
}

int bank_in_proportion(const bank_t *bank, const char *credential, int *placed, const char **limit)
{
    int here[BANK_SHARES_MAX] = {0}, without_share = 0;
    *placed = 0;
    *limit = "";
    for (size_t k = 0; k < bank->count; k++) {
        const item_t *item = bank->items[k];
        const char *outline = bank_outline(bank, item, credential);
        if (!(item->programs & credential_program(credential)) || item->state == STATE_RETIRED || !outline ||
            strcmp(outline, "unknown") == 0)
            continue;
        bool shared = false;
        for (size_t i = 0; i < bank->share_count; i++) {
            const bank_share_t *share = &bank->shares[i];
            if (strcmp(share->credential, credential) != 0 || strcmp(share->area, outline) != 0) continue;
            here[i]++;
            shared = share->low == share->low;
        }
        without_share += !shared;
        ++*placed;
    }
    int count = *placed;
    for (const char *area; count > 0 && (area = too_few(bank, credential, here, count, without_share)); count--)
        *limit = area;
    return count;
}

const char *bank_credential(const bank_t *bank, size_t index)
{
    for (size_t i = 0; i < bank->share_count; i++) {
        size_t k = 0;
        while (strcmp(bank->shares[k].credential, bank->shares[i].credential) != 0) k++;
        if (k == i && credential_program(bank->shares[i].credential) && index-- == 0) return bank->shares[i].credential;
    }
    return NULL;
}

/* A form takes its published share from each area; the bank must hold enough for some forms that share no item. */
static void judge_outline(bank_t *bank, const char *credential)
{
    int placed;
    const char *limit;
    int count = bank_in_proportion(bank, credential, &placed, &limit);
    if (placed >= OUTLINE_LEAST && count < PROPORTION_LEAST && limit[0])
        bank_say(bank, FINDING_WARNING, "", 0, "",
                 "%s: of %d items only %d can be taken in the outline's proportions; more are needed of %s", credential,
                 placed, count, limit);
}

void bank_whole_rules(bank_t *bank, bool whole)
{
    mix_t mix = {0};
    judge_files(bank);
    judge_subjects(bank);
    for (size_t i = 0; i < bank->count; i++)
        if (bank->items[i]->state != STATE_RETIRED) mix_add(&mix, bank->items[i]);
    if (mix.items >= SUBJECT_LEAST) judge_keys(bank, FINDING_ERROR, "", &mix);
    judge_reviews(bank);
    if (!whole) return;
    judge_review_rows(bank);
    judge_lessons(bank);
    const char *credential;
    for (size_t i = 0; (credential = bank_credential(bank, i)); i++) judge_outline(bank, credential);
}

bool bank_check(bank_t *bank, bool whole, err_t *err)
{
    for (size_t i = 0; i < bank->count; i++)
        if (bank->items[i]->state != STATE_RETIRED) bank_rules(bank, bank->items[i]);
    if (!bank_near_rules(bank, err)) return false;
    bank_set_rules(bank, whole);
    bank_whole_rules(bank, whole);
    return true;
}
