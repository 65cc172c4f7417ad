/* Shapes of identifiers, read word by word from the left. See identifier.h. Only ASCII letters and digits are looked
 * at; bytes of other letters end a word. */
#include "road/identifier.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    RECORD_DIGITS = 6, /* a number of so many digits may be a record's; lot numbers share that shape */
    CUED_DIGITS = 4,   /* after a cue */
    CUE_REACH = 24,    /* bytes between a cue and what it announces */
    AGE_MAX_TOLD = 89,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_letter(char c)
{
    return isalpha((unsigned char)c) && (unsigned char)c < 0x80;
}
static bool is_word(char c)
{
    return is_digit(c) || is_letter(c);
}

static bool starts_word(const char *text, size_t at)
{
    return is_word(text[at]) && (at == 0 || !is_word(text[at - 1]));
}

/* Length of one of `words` at this place, whatever its case; 0: none. A blank in a cue stands for one or no blank,
 * period or hyphen. */
static size_t cue(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        const char *t = text;
        const char *w = *words;
        for (; *w != '\0'; w++) {
            if (*w == ' ') {
                if (*t == ' ' || *t == '.' || *t == '-') t++;
                if (*t == ' ') t++;
            } else if (tolower((unsigned char)*t) == *w) {
                t++;
            } else {
                break;
            }
        }
        if (*w == '\0' && !is_letter(*t)) return (size_t)(t - text);
    }
    return 0;
}

/* ---- shapes ---- */

/* '0' stands for a digit. The length, or 0. */
static size_t shaped(const char *text, const char *shape)
{
    const char *t = text;
    for (; *shape != '\0'; shape++) {
        if (*shape == '0' ? !is_digit(*t) : *t != *shape) return 0;
        t++;
    }
    return is_digit(*t) ? 0 : (size_t)(t - text);
}

static size_t number(const char *text, int most, int *value)
{
    size_t n = 0;
    *value = 0;
    while (n < (size_t)most && is_digit(text[n])) *value = *value * 10 + (text[n++] - '0');
    return is_digit(text[n]) ? 0 : n;
}

static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};

/* "Mar", "March". */
static size_t month_word(const char *text)
{
    size_t n = 0;
    while (is_letter(text[n])) n++;
    for (size_t i = 0; n >= 3 && i < sizeof months / sizeof *months; i++)
        if (n <= strlen(months[i]) && strncasecmp(text, months[i], n) == 0) return text[n] == '.' ? n + 1 : n;
    return 0;
}

static size_t year(const char *text, bool short_too)
{
    int value;
    size_t n = number(text, 4, &value);
    if (n == 4) return value >= 1880 && value < 2200 ? 4 : 0;
    return n == 2 && short_too ? 2 : 0;
}

/* 3/14/1962, 14.3.62, 1962-03-14: three numbers with the same mark between them. */
static size_t date_numbers(const char *text)
{
    int a, b;
    size_t n = number(text, 4, &a), m, last;
    char mark = text[n];
    if (n == 0 || n == 3 || mark == '\0' || strchr("/-.", mark) == NULL) return 0;
    m = number(text + n + 1, 2, &b);
    if (m == 0 || b < 1 || b > 31 || text[n + 1 + m] != mark) return 0;
    last = n + 2 + m;
    if (n == 4) { /* the year first */
        int d;
        size_t k = number(text + last, 2, &d);
        return year(text, false) && b <= 12 && k > 0 && d >= 1 && d <= 31 ? last + k : 0;
    }
    size_t k = year(text + last, true);
    return a >= 1 && a <= 31 && (a <= 12 || b <= 12) && k > 0 ? last + k : 0;
}

/* March 14, 1962 and 14 March 1962. */
static size_t date_words(const char *text)
{
    size_t n = month_word(text), k;
    int day;
    if (n > 0 && text[n] == ' ') {
        size_t d = number(text + n + 1, 2, &day);
        if (d == 0 || day < 1 || day > 31) return 0;
        n += 1 + d;
        if (text[n] == ',') n++;
        if (text[n] != ' ') return 0;
        k = year(text + n + 1, false);
        return k > 0 ? n + 1 + k : 0;
    }
    n = number(text, 2, &day);
    if (n == 0 || day < 1 || day > 31 || (text[n] != ' ' && text[n] != '-')) return 0;
    k = month_word(text + n + 1);
    if (k == 0) return 0;
    n += 1 + k;
    if (text[n] != ' ' && text[n] != '-') return 0;
    k = year(text + n + 1, false);
    return k > 0 ? n + 1 + k : 0;
}

static size_t date(const char *text)
{
    size_t n = date_numbers(text);
    return n > 0 ? n : date_words(text);
}

static size_t phone(const char *text)
{
    static const char *const shapes[] = {"(000) 000-0000", "(000)000-0000", "000-000-0000", "000.000.0000",
                                         "000 000 0000"};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t n = shaped(text, shapes[i]);
        if (n > 0) return n;
    }
    return 0;
}

static size_t email(const char *text)
{
    size_t n = 0, host;
    while (is_word(text[n]) || (text[n] != '\0' && strchr("._%+-", text[n]) != NULL)) n++;
    if (n == 0 || text[n] != '@') return 0;
    host = ++n;
    while (is_word(text[n]) || text[n] == '.' || text[n] == '-') n++;
    while (n > host && !is_word(text[n - 1])) n--;
    return memchr(text + host, '.', n - host) != NULL ? n : 0;
}

/* "92-year-old", "age 94", "aged 101". */
static size_t age(const char *text)
{
    static const char *const before[] = {"age", "aged", NULL}, *const after[] = {"year", "years", "yr", "yrs",
                                                                                 "yo",   "y o",   NULL};
    int years;
    size_t cued = cue(text, before), n;
    if (cued > 0 && text[cued] == ' ') {
        n = number(text + cued + 1, 3, &years);
        return n > 0 && years > AGE_MAX_TOLD && years < 130 ? cued + 1 + n : 0;
    }
    n = number(text, 3, &years);
    if (n == 0 || years <= AGE_MAX_TOLD || years >= 130) return 0;
    size_t gap = text[n] == ' ' || text[n] == '-' ? 1 : 0, said = cue(text + n + gap, after);
    return said > 0 ? n + gap + said : 0;
}

/* Letters, digits and hyphens in one piece with at least `least` digits: "M0042117", "26-004512". */
static size_t code(const char *text, int least)
{
    size_t n = 0;
    int digits = 0;
    while (is_word(text[n]) || (text[n] == '-' && is_word(text[n + 1]))) digits += is_digit(text[n++]);
    return digits >= least ? n : 0;
}

/* A number that a cue announces: "MRN: 44 1207" is found at its cue. */
static size_t record(const char *text)
{
    static const char *const cues[] = {"mrn",
                                       "mr #",
                                       "mr no",
                                       "medical record number",
                                       "medical record",
                                       "record number",
                                       "record no",
                                       "record #",
                                       "chart number",
                                       "chart no",
                                       "chart #",
                                       "patient id",
                                       "patient number",
                                       "pt id",
                                       "account number",
                                       "account no",
                                       "account",
                                       "acct",
                                       "visit number",
                                       "encounter number",
                                       "encounter",
                                       "csn",
                                       "fin",
                                       "accession",
                                       "accession number",
                                       NULL};
    size_t n = cue(text, cues);
    for (size_t i = 0; n > 0 && i < CUE_REACH && text[n + i] != '\0'; i++) {
        size_t k = starts_word(text, n + i) ? code(text + n + i, CUED_DIGITS) : 0;
        if (k > 0) return n + i + k;
    }
    return 0;
}

static size_t birth(const char *text)
{
    static const char *const cues[] = {"dob",       "d o b",    "date of birth", "birth date",
                                       "birthdate", "birthday", "born",          NULL};
    size_t n = cue(text, cues);
    for (size_t i = 0; n > 0 && i < CUE_REACH && text[n + i] != '\0'; i++) {
        size_t k = starts_word(text, n + i) ? date(text + n + i) : 0;
        if (k > 0) return n + i + k;
    }
    return 0;
}

/* A capitalized word after a title or "patient"; "Patient Care" begins many a heading, so a word after "patient"
 * counts only when the sentence did not begin with it. */
static size_t name(const char *text, size_t at)
{
    static const char *const titles[] = {"mr ", "mrs ", "ms ", "miss", "mr", "mrs", "ms", NULL}, *const patients[] = {
                                                                                                     "patient", "pt ",
                                                                                                     "pt",
                                                                                                     "patient named",
                                                                                                     NULL};
    const char *t = text + at;
    bool title = is_letter(*t) && isupper((unsigned char)*t) && cue(t, titles) > 0;
    size_t n = title ? cue(t, titles) : islower((unsigned char)*t) ? cue(t, patients) : 0;
    if (n == 0) return 0;
    while (t[n] == '.' || t[n] == ' ' || t[n] == ':') n++;
    if (t[n - 1] == 'r' || !isupper((unsigned char)t[n]) || !islower((unsigned char)t[n + 1])) return 0;
    while (is_letter(t[n])) n++;
    return n;
}

static size_t kind_at(identifier_kind_t kind, const char *text, size_t at)
{
    const char *t = text + at;
    switch (kind) {
    case IDENTIFIER_RECORD:
        return record(t);
    case IDENTIFIER_BIRTH:
        return birth(t);
    case IDENTIFIER_DATE:
        return date(t);
    case IDENTIFIER_AGE:
        return age(t);
    case IDENTIFIER_SSN:
        return shaped(t, "000-00-0000");
    case IDENTIFIER_PHONE:
        return phone(t);
    case IDENTIFIER_EMAIL:
        return email(t);
    case IDENTIFIER_NAME:
        return name(text, at);
    case IDENTIFIER_KINDS:
        break;
    }
    return 0;
}

bool identifier_find(const char *text, size_t from, identifier_t *found)
{
    static const identifier_kind_t order[] = {IDENTIFIER_BIRTH, IDENTIFIER_EMAIL,  IDENTIFIER_SSN, IDENTIFIER_PHONE,
                                              IDENTIFIER_DATE,  IDENTIFIER_RECORD, IDENTIFIER_AGE, IDENTIFIER_NAME};
    assert(text != NULL);
    for (size_t at = from; text[at] != '\0'; at++) {
        bool begins = starts_word(text, at) || (text[at] == '(' && is_digit(text[at + 1]));
        for (size_t k = 0; begins && k < sizeof order / sizeof *order; k++) {
            size_t n = kind_at(order[k], text, at);
            if (n > 0) return *found = (identifier_t){order[k], at, n}, true;
        }
        size_t n = begins ? code(text + at, RECORD_DIGITS) : 0;
        if (n > 0) return *found = (identifier_t){IDENTIFIER_RECORD, at, n}, true;
    }
    return false;
}

const char *identifier_looks_like(identifier_kind_t kind)
{
    static const char *const words[IDENTIFIER_KINDS] = {
        [IDENTIFIER_RECORD] = "a record, account or specimen number",
        [IDENTIFIER_BIRTH] = "a date of birth",
        [IDENTIFIER_DATE] = "a full date, which may be a patient's",
        [IDENTIFIER_AGE] = "an age of 90 or more",
        [IDENTIFIER_SSN] = "a social security number",
        [IDENTIFIER_PHONE] = "a telephone number",
        [IDENTIFIER_EMAIL] = "an e-mail address",
        [IDENTIFIER_NAME] = "a name",
    };
    assert(kind >= 0 && kind < IDENTIFIER_KINDS);
    return words[kind];
}
