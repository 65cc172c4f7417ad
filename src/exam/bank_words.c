/* Words of items: splitting, finding, and the reading grade. English, ASCII case folding; other bytes are letters. */
#include "bank_private.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Does a mark at `at` stand inside a word or a number: don't, B-cell, 1,200, 7.4? */
static bool joins(const char *at)
{
    if (*at == '\'' || *at == '-') return is_letter(at[1]) || is_digit(at[1]);
    return (*at == '.' || *at == ',') && is_digit(at[-1]) && is_digit(at[1]);
}

bool word_next(const char **text, char word[WORD_MAX])
{
    const char *p = *text;
    size_t n = 0;
    while (*p && !is_letter(*p) && !is_digit(*p)) p++;
    if (!*p) return *text = p, false;
    for (; is_letter(*p) || is_digit(*p) || joins(p); p++) {
        if ((is_letter(*p) || is_digit(*p) || *p == '.') && n < WORD_MAX - 1) word[n++] = small(*p);
    }
    word[n] = 0;
    *text = p;
    return true;
}

bool word_in(const char *text, const char *word)
{
    char next[WORD_MAX];
    while (word_next(&text, next))
        if (strcmp(next, word) == 0) return true;
    return false;
}

bool words_in(const char *text, const char *words)
{
    char first[WORD_MAX], next[WORD_MAX], want[WORD_MAX];
    const char *rest = words;
    if (!word_next(&rest, first)) return true;
    while (word_next(&text, next)) {
        if (strcmp(next, first) != 0) continue;
        const char *p = text, *w = rest;
        bool same = true, more;
        while (same && (more = word_next(&w, want))) same = word_next(&p, next) && strcmp(next, want) == 0;
        if (same) return true;
    }
    return false;
}

const char *word_number(const char *text, double *value)
{
    char digits[WORD_MAX];
    size_t n = 0;
    bool any = false;
    while (*text == ' ' || *text == '<' || *text == '>' || *text == '=' || *text == '~') text++;
    if (*text == '-' || *text == '+') digits[n++] = *text++;
    for (; n < sizeof digits - 1; text++) {
        if (*text == ',' && any && is_digit(text[1])) continue;
        if (!is_digit(*text) && !(*text == '.' && is_digit(text[1]))) break;
        any = true;
        digits[n++] = *text;
    }
    return any && text_to_double(digits, n, value) ? text : NULL;
}

/* Vowel groups, without a silent e at the end; at least one, at most three (see item_reading_grade). */
static int syllables(const char *word)
{
    int count = 0;
    bool before = false;
    size_t length = strlen(word);
    for (size_t i = 0; i < length; i++) {
        if (is_digit(word[i])) return 1;
        bool vowel = strchr("aeiouy", word[i]) != NULL;
        if (vowel && !before) count++;
        before = vowel;
    }
    if (length > 2 && word[length - 1] == 'e' && !strchr("aeiouyl", word[length - 2])) count--;
    return count < 1 ? 1 : count > 3 ? 3 : count;
}

/* Ends of sentences: . ? ! before a blank or the end; a full stop after one letter or a number is none. */
static int sentences(const char *text)
{
    int count = 0;
    bool open = false;
    for (const char *p = text; *p; p++) {
        if (is_letter(*p) || is_digit(*p)) open = true;
        bool end = *p == '?' || *p == '!' || *p == '.';
        if (end && open && (p[1] == 0 || p[1] == ' ' || p[1] == '\n' || p[1] == '"')) {
            count++;
            open = false;
        }
    }
    return count + open;
}

double item_reading_grade(const char *text)
{
    char word[WORD_MAX];
    int words = 0, beats = 0, ends = sentences(text);
    while (word_next(&text, word)) {
        words++;
        beats += syllables(word);
    }
    if (words == 0) return 0;
    return 0.39 * words / ends + 11.8 * beats / words - 15.59;
}
