/* The three work samples: made from a seed with their keys, and scored. A seed names its own streams of random numbers,
 * so that a sample is the same on every machine. */
#include "road/fit.h"

#include "base/exact.h"
#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DOMAIN_PAIR = 0x666c, DOMAIN_PLACES, DOMAIN_COLUMN, DOMAIN_COLUMNS_NONE, DOMAIN_TESTS };
static const char *const caps[] = {"gold", "lavender", "light blue", "light green", "gray", "red"};
enum { CAPS = sizeof caps / sizeof *caps };
enum { LABELS_S = 180, ODD_S = 120, PROCEDURE_S = 240 };

/* ---- attempts ---- */

const char *fit_sample_word(fit_sample_t sample)
{
    static const char *const words[FIT_SAMPLES] = {"labels", "odd", "procedure"};
    return words[sample];
}

int fit_sample_limit_s(fit_sample_t sample, int extra)
{
    static const int limits[FIT_SAMPLES] = {LABELS_S, ODD_S, PROCEDURE_S};
    return limits[sample] * extra / 100;
}

bool fit_extra_valid(int64_t extra)
{
    return extra == 100 || extra == 150 || extra == 200;
}

static bool answers_valid(fit_sample_t sample, const char *answers)
{
    size_t n = strlen(answers);
    if (sample == FIT_LABELS) return n == FIT_PAIRS && strspn(answers, "sd-") == n;
    if (sample == FIT_ODD) return n == FIT_COLUMNS && strspn(answers, "0123456789n-") == n;
    int bars = 0, run = 0;
    if (n > FIT_ANSWERS_MAX) return false;
    for (const char *c = answers; *c; c++) {
        if (*c < ' ' || *c > '~') return false;
        bars += *c == '~';
        run = *c == '~' ? 0 : run + 1;
        if (run > FIT_ENTRY_MAX) return false;
    }
    return bars == FIT_STEPS - 1;
}

static bool number(const char **text, int64_t low, int64_t high, int64_t *value)
{
    const char *dot = strchr(*text, '.');
    if (!dot || !text_to_int(*text, (size_t)(dot - *text), value) || *value < low || *value > high) return false;
    *text = dot + 1;
    return true;
}

bool fit_attempt_read(fit_sample_t sample, const char *text, fit_attempt_t *attempt)
{
    int64_t seed, elapsed, extra;
    *attempt = (fit_attempt_t){0};
    if (!text || !text[0]) return true;
    if (!number(&text, 1, FIT_SEED_MAX, &seed) || !number(&text, 0, 86400, &elapsed) ||
        !number(&text, 100, 200, &extra) || !fit_extra_valid(extra) || !answers_valid(sample, text))
        return false;
    *attempt = (fit_attempt_t){.seed = (uint32_t)seed, .elapsed_s = (int)elapsed, .extra = (int)extra};
    memcpy(attempt->answers, text, strlen(text) + 1);
    return true;
}

void fit_attempt_write(text_t *out, const fit_attempt_t *attempt)
{
    if (attempt->seed)
        text_addf(out, "%u.%d.%d.%s", attempt->seed, attempt->elapsed_s, attempt->extra, attempt->answers);
}

/* Too late by more than the way of the answer, and the pace: by the time that was used, at least a second. */
static bool is_late(fit_sample_t sample, const fit_attempt_t *attempt)
{
    return attempt->elapsed_s > fit_sample_limit_s(sample, attempt->extra) + FIT_GRACE_S;
}

static double pace(int answered, const fit_attempt_t *attempt)
{
    return 60.0 * answered / (attempt->elapsed_s > 0 ? attempt->elapsed_s : 1);
}

/* Marks `some` of `count` places, each set of places as likely as another. */
static void choose(rng_t *rng, bool *marked, int count, int some)
{
    for (int i = 0; i < count; i++) {
        marked[i] = (int)rng_below(rng, (uint32_t)(count - i)) < some;
        some -= marked[i];
    }
}

/* ---- label pairs ---- */

static void put(fit_pair_t *pair, fit_field_t field, const char *text)
{
    snprintf(pair->label[field], sizeof pair->label[field], "%s", text);
    snprintf(pair->order[field], sizeof pair->order[field], "%s", text);
}

/* Two neighboring letters exchanged, inside the family name; the letters differ, so the name does. */
static void exchange_letters(rng_t *rng, char *name)
{
    int places[16], count = 0;
    for (int i = 1; name[i] && name[i] != ',' && name[i + 1] != ',' && count < 16; i++)
        if (name[i] != name[i + 1]) places[count++] = i;
    assert(count > 0);
    int at = places[rng_below(rng, (uint32_t)count)];
    char c = name[at];
    name[at] = name[at + 1];
    name[at + 1] = c;
}

static void make_pair(const fit_facts_t *facts, uint32_t seed, int n, bool differ, fit_pair_t *pair)
{
    rng_t rng = rng_at(seed, DOMAIN_PAIR, (uint64_t)n, 0);
    char text[40];
    uint32_t family = rng_below(&rng, (uint32_t)facts->family_count);
    uint32_t given = rng_below(&rng, (uint32_t)facts->given_count);
    snprintf(text, sizeof text, "%s, %s", facts->family_names[family], facts->given_names[given]);
    *pair = (fit_pair_t){.differs = differ ? (fit_field_t)rng_below(&rng, FIT_FIELDS) : FIT_AGREE};
    put(pair, FIT_FIELD_NAME, text);
    snprintf(text, sizeof text, "T%07u", 1000000 + rng_below(&rng, 9000000)); /* T: no hospital's number */
    put(pair, FIT_FIELD_NUMBER, text);
    uint32_t month = 1 + rng_below(&rng, 12), year = 1935 + rng_below(&rng, 70);
    uint32_t day = 1 + rng_below(&rng, pair->differs == FIT_FIELD_BIRTH ? 12 : 28);
    if (pair->differs == FIT_FIELD_BIRTH && day == month) day = day % 12 + 1;
    snprintf(text, sizeof text, "%02u/%02u/%u", month, day, year);
    put(pair, FIT_FIELD_BIRTH, text);
    uint32_t cap = rng_below(&rng, CAPS);
    put(pair, FIT_FIELD_CAP, caps[cap]);
    char *order = pair->differs < FIT_AGREE ? pair->order[pair->differs] : NULL;
    if (pair->differs == FIT_FIELD_NAME) exchange_letters(&rng, order);
    if (pair->differs == FIT_FIELD_NUMBER) {
        uint32_t at = 2 + rng_below(&rng, 6); /* behind the letter and the first digit */
        order[at] = (char)('0' + ((uint32_t)(order[at] - '0') + 1 + rng_below(&rng, 9)) % 10);
    }
    if (pair->differs == FIT_FIELD_BIRTH) snprintf(order, sizeof pair->order[0], "%02u/%02u/%u", day, month, year);
    if (pair->differs == FIT_FIELD_CAP)
        snprintf(order, sizeof pair->order[0], "%s", caps[(cap + 1 + rng_below(&rng, CAPS - 1)) % CAPS]);
}

void fit_labels_make(const fit_facts_t *facts, uint32_t seed, fit_pair_t pairs[FIT_PAIRS])
{
    bool differ[FIT_PAIRS];
    rng_t places = rng_at(seed, DOMAIN_PLACES, 0, 0);
    choose(&places, differ, FIT_PAIRS_EVEN, FIT_PAIRS_EVEN / 2);
    choose(&places, differ + FIT_PAIRS_EVEN, FIT_PAIRS_RARE, FIT_RARE_DIFFER);
    for (int i = 0; i < FIT_PAIRS; i++) make_pair(facts, seed, i, differ[i], &pairs[i]);
}

static void count_pair(fit_detection_t *d, bool differs, bool said)
{
    d->hits += differs && said;
    d->missed += differs && !said;
    d->false_alarms += !differs && said;
    d->passes += !differs && !said;
}

static void detectability(fit_labels_score_t *score)
{
    const fit_detection_t *d = &score->all;
    int signals = d->hits + d->missed, others = d->false_alarms + d->passes;
    score->d_prime = score->criterion = (double)NAN;
    if (!signals || !others) return;
    double hit = exact_normal_quantile((d->hits + 0.5) / (signals + 1.0));
    double alarm = exact_normal_quantile((d->false_alarms + 0.5) / (others + 1.0));
    score->d_prime = hit - alarm;
    score->criterion = -(hit + alarm) / 2;
}

void fit_labels_score(const fit_pair_t pairs[FIT_PAIRS], const fit_attempt_t *attempt, fit_labels_score_t *score)
{
    *score = (fit_labels_score_t){.late = is_late(FIT_LABELS, attempt)};
    for (int i = 0; i < FIT_PAIRS && attempt->answers[i]; i++) {
        char c = attempt->answers[i];
        if (c != 's' && c != 'd') continue;
        bool differs = pairs[i].differs != FIT_AGREE, said = c == 'd';
        score->answered++;
        score->right += differs == said;
        score->wrong += differs != said;
        count_pair(&score->all, differs, said);
        count_pair(i < FIT_PAIRS_EVEN ? &score->even : &score->rare, differs, said);
        if (i >= FIT_PAIRS_EVEN)
            count_pair(i < FIT_PAIRS_EVEN + FIT_PAIRS_RARE / 2 ? &score->rare_first : &score->rare_second, differs,
                       said);
    }
    score->net = score->right - score->wrong;
    score->per_min = pace(score->answered, attempt);
    detectability(score);
}

/* ---- the odd one in a column ---- */

/* Values lie within `spread` of the middle; the odd one lies at least 20 spreads and 30 % off it, so that nobody who
 * looks can doubt it and nothing else in the column is like it. */
static double odd_value(rng_t *rng, const fit_test_t *test, double middle)
{
    double off = 0.3 + 0.3 * rng_uniform(rng);
    if (off < 20 * test->spread) off = 20 * test->spread;
    switch (rng_below(rng, 3)) {
    case 0:
        return middle * (1 + off);
    case 1:
        return middle * (1 - off);
    default:
        return rng_below(rng, 2) ? middle * 10 : middle / 10; /* a decimal point slipped */
    }
}

static void make_column(const fit_facts_t *facts, uint32_t seed, int n, int test, bool none, fit_column_t *column)
{
    rng_t rng = rng_at(seed, DOMAIN_COLUMN, (uint64_t)n, 0);
    const fit_test_t *t = &facts->tests[test];
    double middle = t->low + (t->high - t->low) * rng_uniform(&rng);
    uint32_t odd = rng_below(&rng, FIT_COLUMN_ROWS);
    *column = (fit_column_t){.test = t, .odd = none ? FIT_NONE : (int)odd};
    for (int i = 0; i < FIT_COLUMN_ROWS; i++) {
        double value =
            i == column->odd ? odd_value(&rng, t, middle) : middle * (1 + t->spread * (2 * rng_uniform(&rng) - 1));
        size_t length = text_fixed(column->value[i], value, t->decimals);
        bool read = text_to_double(column->value[i], length, &column->number[i]);
        assert(read);
        (void)read;
    }
}

void fit_odd_make(const fit_facts_t *facts, uint32_t seed, fit_column_t columns[FIT_COLUMNS])
{
    bool none[FIT_COLUMNS];
    rng_t places = rng_at(seed, DOMAIN_COLUMNS_NONE, 0, 0), tests = rng_at(seed, DOMAIN_TESTS, 0, 0);
    choose(&places, none, FIT_COLUMNS, FIT_COLUMNS_NONE);
    for (int i = 0; i < FIT_COLUMNS; i++) {
        int test = (int)rng_below(&tests, (uint32_t)facts->test_count);
        make_column(facts, seed, i, test, none[i], &columns[i]);
    }
}

void fit_odd_score(const fit_column_t columns[FIT_COLUMNS], const fit_attempt_t *attempt, fit_odd_score_t *score)
{
    *score = (fit_odd_score_t){.late = is_late(FIT_ODD, attempt)};
    for (int i = 0; i < FIT_COLUMNS && attempt->answers[i]; i++) {
        char c = attempt->answers[i];
        if (c == '-') continue;
        int said = c == 'n' ? FIT_NONE : c - '0', key = columns[i].odd;
        score->answered++;
        score->right += said == key;
        score->wrong += said != key;
        score->missed += key != FIT_NONE && said == FIT_NONE;
        score->wrong_row += key != FIT_NONE && said != FIT_NONE && said != key;
        score->false_alarms += key == FIT_NONE && said != FIT_NONE;
    }
    score->net = score->right - score->wrong;
    score->per_min = pace(score->answered, attempt);
}

/* ---- scoring of the procedure; fit_procedure.c makes it ---- */

void fit_procedure_entry(fit_attempt_t *attempt, int step, const char *entry)
{
    size_t at = strlen(attempt->answers), end;
    while (*entry == ' ' || *entry == '\t') entry++;
    end = strlen(entry);
    while (end > 0 && (entry[end - 1] == ' ' || entry[end - 1] == '\t')) end--;
    if (end > FIT_ENTRY_MAX) end = FIT_ENTRY_MAX;
    if (step > 0) attempt->answers[at++] = '~';
    for (size_t i = 0; i < end; i++) attempt->answers[at++] = entry[i] >= ' ' && entry[i] < '~' ? entry[i] : '?';
    attempt->answers[at] = '\0';
}

void fit_procedure_said(const fit_attempt_t *attempt, int step, char out[FIT_ENTRY_MAX + 1])
{
    const char *at = attempt->answers;
    for (int i = 0; i < step && at; i++) at = strchr(at, '~') ? strchr(at, '~') + 1 : NULL;
    size_t n = at ? strcspn(at, "~") : 0;
    if (n > FIT_ENTRY_MAX) n = FIT_ENTRY_MAX;
    memcpy(out, at ? at : "", n);
    out[n] = '\0';
}

void fit_procedure_score(const fit_procedure_t *procedure, const fit_attempt_t *attempt, fit_procedure_score_t *score)
{
    *score = (fit_procedure_score_t){.late = is_late(FIT_PROCEDURE, attempt)};
    for (int i = 0; i < FIT_STEPS; i++) {
        char said[FIT_ENTRY_MAX + 1];
        fit_procedure_said(attempt, i, said);
        if (!said[0]) continue;
        score->ok[i] = strcmp(said, procedure->key[i]) == 0;
        score->answered++;
        score->right += score->ok[i];
        score->wrong += !score->ok[i];
    }
    score->per_min = pace(score->answered, attempt);
}
