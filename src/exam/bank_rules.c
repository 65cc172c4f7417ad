/* What one item must keep to besides its format: no cues, no "all of the above", numbers in order, a stem that a
 * first-year learner reads. An error is a fault by itself; a warning asks for a second look. */
#include "bank_private.h"

#include <string.h>

enum {
    RULE_GRADE_MAX = 16, /* reading grade of a stem; see item_reading_grade */
    RULE_CLUE_LETTERS = 7,
    RULE_LONG_NUMERATOR = 3, /* the key is at most 3/2 as long as the longest distractor, or 25 bytes longer */
    RULE_LONG_DENOMINATOR = 2,
    RULE_LONG_BYTES = 25,
};

#define SAY(kind, ...) bank_say(bank, kind, item->file, item->line, item->id, __VA_ARGS__)

static void no_catch_all(bank_t *bank, const item_t *item)
{
    static const char *const phrases[] = {"all of the above", "none of the above", "all of these",    "none of these",
                                          "all the above",    "both a and b",      "both b and c",    "a and b",
                                          "a and c",          "b and c",           "any of the above"};
    for (int i = 0; i < item->parts; i++)
        for (size_t k = 0; k < sizeof phrases / sizeof *phrases; k++) {
            bool letters = strlen(phrases[k]) == strlen("a and b"); /* "type A and B antigens" is no such option */
            if (!words_in(item->part[i].text, phrases[k])) continue;
            if (letters && strlen(item->part[i].text) > strlen("a and b") + 1) continue;
            SAY(FINDING_ERROR, "an option says \"%s\"; write an option that stands by itself", phrases[k]);
            return;
        }
}

/* Absolute words tell a distractor, unless the key has one too. */
static void no_absolute_cues(bank_t *bank, const item_t *item)
{
    static const char *const words[] = {"always", "never", "only", "all", "must"};
    bool key_has = false;
    for (int i = 0; i < item->parts; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (item->part[i].key && word_in(item->part[i].text, words[k])) key_has = true;
    for (int i = 0; i < item->parts && !key_has; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (!item->part[i].key && word_in(item->part[i].text, words[k])) {
                SAY(FINDING_ERROR,
                    "a distractor says \"%s\" and the key has no such word; say it without, or use one in the key too",
                    words[k]);
                return;
            }
}

/* Options that are numbers in one unit stand in ascending order. */
static void numbers_ascend(bank_t *bank, const item_t *item)
{
    double before = 0, value;
    const char *unit = NULL;
    bool ascends = true;
    for (int i = 0; i < item->parts; i++) {
        const char *rest = word_number(item->part[i].text, &value);
        if (!rest || (unit && strcmp(unit, rest) != 0)) return;
        ascends = ascends && (i == 0 || value >= before);
        before = value;
        unit = rest;
    }
    if (!ascends) SAY(FINDING_ERROR, "the options are numbers; put them in ascending order");
}

/* The last sentence of a stem: what is asked. */
static const char *question(const char *stem)
{
    const char *at = stem;
    for (const char *p = stem; *p && p[1]; p++)
        if ((*p == '.' || *p == '?' || *p == '!') && (p[1] == ' ' || p[1] == '\n') && p[2]) at = p + 2;
    return at;
}

static void plain_question(bank_t *bank, const item_t *item)
{
    const char *asked = question(item->stem);
    size_t length = strlen(item->stem);
    for (const char *p = asked; (p = strstr(p, "not")); p += 3) {
        bool alone = (p == asked || p[-1] == ' ') && (p[3] == ' ' || p[3] == '?' || p[3] == 0);
        if (!alone || strncmp(p, "not yet", 7) == 0) continue;
        SAY(FINDING_ERROR, "the question is negative (\"not\"); ask it positively, or write NOT");
        return;
    }
    if (strstr(asked, "except")) SAY(FINDING_ERROR, "write EXCEPT in capitals");
    if ((length > 2 && strcmp(item->stem + length - 2, " a") == 0) ||
        (length > 3 && strcmp(item->stem + length - 3, " an") == 0))
        SAY(FINDING_ERROR, "the stem ends with \"a\" or \"an\", which tells how the key begins; end it with \"a(n)\"");
    if (item->type == ITEM_SEVERAL && !strstr(item->stem, "Choose all that apply."))
        SAY(FINDING_ERROR, "the stem of a several item says \"Choose all that apply.\"");
}

/* A long word of the stem that stands in the key and in no distractor gives the key away. */
static void no_clue(bank_t *bank, const item_t *item)
{
    char word[WORD_MAX];
    const char *text = item->part[item_key(item)].text;
    while (word_next(&text, word)) {
        if (strlen(word) < RULE_CLUE_LETTERS || !word_in(item->stem, word)) continue;
        bool shared = false;
        for (int i = 0; i < item->parts; i++)
            shared = shared || (!item->part[i].key && word_in(item->part[i].text, word));
        if (shared) continue;
        SAY(FINDING_WARNING, "\"%s\" stands in the stem and in the key alone; say it otherwise", word);
        return;
    }
}

static void key_not_long(bank_t *bank, const item_t *item)
{
    size_t key = 0, longest = 0;
    for (int i = 0; i < item->parts; i++) {
        size_t length = strlen(item->part[i].text);
        if (item->part[i].key)
            key = length;
        else if (length > longest)
            longest = length;
    }
    if (key * RULE_LONG_DENOMINATOR > longest * RULE_LONG_NUMERATOR && key > longest + RULE_LONG_BYTES)
        SAY(FINDING_WARNING, "the key is much longer than every distractor; even them out");
}

/* ---- the words for a picture ---- */

/* "sixteen" and such; 0: no number. */
static int spelled(const char *word)
{
    static const char *const words[] = {"one",     "two",       "three",    "four",     "five",
                                        "six",     "seven",     "eight",    "nine",     "ten",
                                        "eleven",  "twelve",    "thirteen", "fourteen", "fifteen",
                                        "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return (int)i + 1;
    return 0;
}

static bool says_number(const char *alt, const item_t *item)
{
    char word[WORD_MAX];
    double value;
    for (const char *at = alt; *at; at++)
        if ((at == alt || at[-1] == ' ') && word_number(at, &value) && value >= item->value - item->tolerance - 1e-9 &&
            value <= item->value + item->tolerance + 1e-9)
            return true;
    while (word_next(&alt, word)) {
        value = spelled(word);
        if (value > 0 && value >= item->value - item->tolerance - 1e-9 && value <= item->value + item->tolerance + 1e-9)
            return true;
    }
    return false;
}

/* Who cannot see the picture is told what is to be seen, not the answer. */
static void alt_tells_nothing(bank_t *bank, const item_t *item)
{
    const char *alt = item->picture.alt;
    char word[WORD_MAX];
    bool keys = item_has_one_key(item->type) || item->type == ITEM_SEVERAL;
    if (!alt || !alt[0]) return;
    if (item_is_number(item->type) && says_number(alt, item))
        SAY(FINDING_ERROR,
            "the words for the picture (alt) tell the answer, a number; say what is drawn, not how many");
    for (int i = 0; i < item->parts && keys; i++) {
        bool all = true;
        for (int k = 0; k < item->parts; k++) all = all && words_in(alt, item->part[k].text);
        if (!item->part[i].key || all) continue;
        if (words_in(alt, item->part[i].text)) {
            SAY(FINDING_ERROR, "the words for the picture (alt) say the key \"%.60s\"; say what is to be seen",
                item->part[i].text);
            return;
        }
        const char *text = item->part[i].text;
        while (word_next(&text, word)) {
            bool shared = strlen(word) < RULE_CLUE_LETTERS || !word_in(alt, word);
            for (int k = 0; k < item->parts; k++)
                shared = shared || (!item->part[k].key && word_in(item->part[k].text, word));
            if (shared) continue;
            SAY(FINDING_WARNING, "\"%s\" stands in the words for the picture (alt) and in the key alone", word);
            return;
        }
    }
}

void bank_rules(bank_t *bank, const item_t *item)
{
    double grade = item_reading_grade(item->stem);
    plain_question(bank, item);
    alt_tells_nothing(bank, item);
    if (grade > RULE_GRADE_MAX)
        bank_say(bank, FINDING_WARNING, item->file, item->line, item->id,
                 "the stem reads at grade %.1f; shorter sentences and words bring it to %d or less", grade,
                 (int)RULE_GRADE_MAX);
    if (item_is_number(item->type) || item->type == ITEM_ORDER || item->type == ITEM_MATCH) return;
    no_catch_all(bank, item);
    no_absolute_cues(bank, item);
    numbers_ascend(bank, item);
    if (!item_has_one_key(item->type)) return;
    no_clue(bank, item);
    key_not_long(bank, item);
}
