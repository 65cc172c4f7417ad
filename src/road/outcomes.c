/* Outcome arithmetic: how each person counts (the rules of content/road/outcome_rules.csv, one function a measure),
 * and sums over years. See outcomes.h. */
#include "road/outcomes.h"

#include "base/csv.h"
#include "road/when.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const measure_words[OUTCOME_MEASURES] = {"certification", "graduation", "placement", "attrition",
                                                            "retention"};
static const char *const placed_words[PLACED_WORDS] = {"",           "placed",   "related",     "studying",
                                                       "not-placed", "no-reply", "not-seeking", "unavailable"};

const char *outcome_measure_word(outcome_measure_t measure)
{
    return measure_words[measure];
}

/* ---- the cohort's table ---- */

enum { COHORT_COLUMNS = 11, COHORT_NEEDED = 7 };
static const char *const column_names[COHORT_COLUMNS] = {"id",        "cohort", "final_half", "graduated",
                                                         "exam",      "passed", "placement",  "enrolled",
                                                         "reentered", "left",   "placed_on"};

static bool read_day(const csv_t *csv, size_t row, int column, int32_t *day, err_t *err)
{
    when_t when;
    err_t why;
    *day = NO_DAY;
    const char *text = column >= 0 ? csv_text(csv, row, column) : "";
    if (text[0] == '\0') return true;
    if (!when_read(text, &when, &why) || !when_is_day(when))
        return csv_fail(csv, row, err, "%s is a day written 2024-05-17, or empty; found \"%.20s\"", csv->names[column],
                        text);
    *day = when.first;
    return true;
}

static bool read_placement(const csv_t *csv, size_t row, const char *text, placed_t *placement, err_t *err)
{
    for (int i = 0; i < PLACED_WORDS; i++)
        if (strcmp(text, placed_words[i]) == 0) return *placement = (placed_t)i, true;
    return csv_fail(csv, row, err,
                    "placement is placed, related, studying, not-placed, no-reply, not-seeking, unavailable or empty; "
                    "found \"%.20s\"",
                    text);
}

/* Left, and did not come back. */
static bool has_left(const cohort_person_t *p)
{
    return p->left != NO_DAY && (p->reentered == NO_DAY || p->reentered < p->left);
}

/* What cannot be: an examination passed and never taken, a graduation before the final half. */
static bool check_order(const csv_t *csv, size_t row, const cohort_person_t *p, err_t *err)
{
    if (p->passed != NO_DAY && p->exam == NO_DAY)
        return csv_fail(csv, row, err, "the examination is passed but there is no day in \"exam\" (its first attempt)");
    if (p->passed != NO_DAY && p->passed < p->exam)
        return csv_fail(csv, row, err, "\"passed\" is before \"exam\", the first attempt");
    if (p->exam != NO_DAY && p->graduated != NO_DAY && p->exam < p->graduated - 366)
        return csv_fail(csv, row, err, "\"exam\" is more than a year before \"graduated\"");
    if (p->graduated != NO_DAY && p->final_half != NO_DAY && p->graduated < p->final_half)
        return csv_fail(csv, row, err, "\"graduated\" is before \"final_half\"");
    if (p->graduated != NO_DAY && has_left(p))
        return csv_fail(csv, row, err, "both \"graduated\" and \"left\" are set: keep one");
    if (p->graduated != NO_DAY && p->final_half == NO_DAY)
        return csv_fail(csv, row, err, "who graduated also began the final half: fill in \"final_half\"");
    if (p->placement != PLACED_UNKNOWN && p->graduated == NO_DAY)
        return csv_fail(csv, row, err, "\"placement\" is of graduates: \"graduated\" is empty");
    return true;
}

static bool read_person(const csv_t *csv, size_t row, const int *column, cohort_person_t *p, err_t *err)
{
    int64_t year;
    p->id = csv_text(csv, row, column[0]);
    size_t length = strlen(p->id);
    if (length == 0 || length > COHORT_ID_MAX || strchr(p->id, ' ') != NULL)
        return csv_fail(csv, row, err, "id is a code of 1 to %d characters without blanks, never a name",
                        COHORT_ID_MAX);
    if (!csv_int(csv, row, column[1], &year, err)) return false;
    if (year < 1990 || year > 2150) return csv_fail(csv, row, err, "cohort is a year, as in 2024");
    p->cohort = (int)year;
    int32_t *days[] = {&p->final_half, &p->graduated, &p->exam, &p->passed};
    for (int i = 0; i < 4; i++)
        if (!read_day(csv, row, column[2 + i], days[i], err)) return false;
    int32_t *more[] = {&p->enrolled, &p->reentered, &p->left, &p->placed_on};
    for (int i = 0; i < 4; i++)
        if (!read_day(csv, row, column[COHORT_NEEDED + i], more[i], err)) return false;
    return read_placement(csv, row, csv_text(csv, row, column[6]), &p->placement, err) && check_order(csv, row, p, err);
}

/* An id that is there twice, found through a table of places. */
static bool check_ids(const csv_t *csv, arena_t *arena, const cohort_t *cohort, err_t *err)
{
    enum { SLOTS = 8192 }; /* above twice COHORT_PERSONS_MAX */
    int *slots = arena_array(arena, SLOTS, sizeof *slots);
    if (slots == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this table.");
    for (int i = 0; i < cohort->count; i++) {
        uint32_t h = 2166136261u;
        for (const char *c = cohort->persons[i].id; *c != '\0'; c++) h = (h ^ (unsigned char)*c) * 16777619u;
        uint32_t at = h % SLOTS;
        for (; slots[at] != 0; at = (at + 1) % SLOTS)
            if (strcmp(cohort->persons[slots[at] - 1].id, cohort->persons[i].id) == 0)
                return csv_fail(csv, (size_t)i, err, "the id \"%s\" is there twice", cohort->persons[i].id);
        slots[at] = i + 1;
    }
    return true;
}

bool cohort_read(cohort_t *cohort, arena_t *arena, const char *file, const unsigned char *bytes, size_t length,
                 err_t *err)
{
    csv_t csv;
    int column[COHORT_COLUMNS];
    *cohort = (cohort_t){0};
    if (!csv_read(&csv, arena, file, bytes, length, err)) return false;
    if (csv.rows == 0) return err_set(err, ERR_INPUT, "%s has a header but no person.", file);
    if (csv.rows > COHORT_PERSONS_MAX)
        return err_set(err, ERR_LIMIT, "%s has %zu persons; at most %d are read.", file, csv.rows, COHORT_PERSONS_MAX);
    for (int i = 0; i < COHORT_COLUMNS; i++) {
        column[i] = csv_column(&csv, column_names[i]);
        if (i < COHORT_NEEDED && !csv_need(&csv, column_names[i], &column[i], err)) return false;
    }
    cohort->persons = arena_array(arena, csv.rows, sizeof *cohort->persons);
    if (cohort->persons == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this table.");
    for (size_t row = 0; row < csv.rows; row++) {
        if (!read_person(&csv, row, column, &cohort->persons[row], err)) return false;
        cohort->count++;
    }
    return check_ids(&csv, arena, cohort, err);
}

/* ---- the rules' table ---- */

bool outcome_rules_read(outcome_rules_t *rules, arena_t *arena, const source_t *source, err_t *err)
{
    static const char path[] = "road/outcome_rules.csv";
    static const char *const names[] = {"accreditor", "title",      "numerator", "denominator", "standard", "source",
                                        "as_of",      "confidence", "measure",   "threshold",   "years"};
    int c[11];
    csv_t csv;
    const source_file_t *file = source_find(source, path);
    rules->count = 0;
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "%s is missing from the content.", path);
    if (!csv_read(&csv, arena, path, file->bytes, file->length, err)) return false;
    for (int i = 0; i < 11; i++)
        if (!csv_need(&csv, names[i], &c[i], err)) return false;
    for (size_t row = 0; row < csv.rows; row++) {
        if (rules->count == OUTCOME_RULES_MAX) return csv_fail(&csv, row, err, "at most %d rules", OUTCOME_RULES_MAX);
        outcome_rule_t *r = &rules->rules[rules->count++];
        const char **texts[] = {&r->accreditor, &r->title,  &r->numerator, &r->denominator,
                                &r->standard,   &r->source, &r->as_of,     &r->confidence};
        for (int i = 0; i < 8; i++) *texts[i] = csv_text(&csv, row, c[i]);
        if (r->source[0] == '\0' || r->as_of[0] == '\0')
            return csv_fail(&csv, row, err, "a rule without source and date is not read");
        int m = 0;
        int64_t years;
        while (m < OUTCOME_MEASURES && strcmp(measure_words[m], csv_text(&csv, row, c[8])) != 0) m++;
        if (m == OUTCOME_MEASURES) return csv_fail(&csv, row, err, "there is no such measure");
        r->measure = (outcome_measure_t)m;
        if (!csv_double_or(&csv, row, c[9], (double)NAN, &r->threshold, err) || !csv_int(&csv, row, c[10], &years, err))
            return false;
        if (years < 1 || years > 10) return csv_fail(&csv, row, err, "years is 1 to 10");
        r->years = (int)years;
    }
    return true;
}

/* ---- how a person counts ---- */

static outcome_person_t out(const char *why)
{
    return (outcome_person_t){COUNTED_NOT, 0, false, why};
}
static outcome_person_t below(const char *why, bool open)
{
    return (outcome_person_t){COUNTED_BELOW, 1, open, why};
}
static outcome_person_t above(const char *why)
{
    return (outcome_person_t){COUNTED_ABOVE, 1, false, why};
}

/* The last day of the first year after graduating. */
static int32_t year_after(int32_t graduated)
{
    return day_add_years(graduated, 1);
}

static outcome_person_t certification(const cohort_person_t *p, int32_t today)
{
    if (p->graduated == NO_DAY) return out("did not graduate");
    int32_t end = year_after(p->graduated);
    bool open = today < end;
    if (p->exam == NO_DAY || p->exam > end) {
        outcome_person_t none = out(open ? "has not taken the examination; the year is still open"
                                         : "did not take the examination within a year");
        none.open = open;
        return none;
    }
    if (p->passed == NO_DAY)
        return below(open ? "took it, not passed; the year is still open" : "took it, did not pass", open);
    if (p->passed > end) return below("took it within the year, passed after it", false);
    return above("passed within a year of graduating");
}

static outcome_person_t graduation(const cohort_person_t *p)
{
    if (p->final_half == NO_DAY) return out("did not begin the final half");
    if (p->graduated != NO_DAY) return above("began the final half and graduated");
    if (has_left(p)) return below("began the final half and left", false);
    return below("began the final half, still enrolled", true);
}

static outcome_person_t attrition(const cohort_person_t *p)
{
    if (p->final_half == NO_DAY) return out("did not begin the final half");
    if (has_left(p)) return above("left without graduating");
    if (p->graduated != NO_DAY) return below("graduated", false);
    return below("still enrolled", true);
}

/* Going on to study counts as placed for NAACLS and takes the person out of the denominator for ABHES. */
static outcome_person_t placement(const cohort_person_t *p, bool abhes, int32_t today)
{
    if (p->graduated == NO_DAY) return out("did not graduate");
    bool open = today < year_after(p->graduated);
    bool late = p->placed_on != NO_DAY && p->placed_on > year_after(p->graduated) && !abhes;
    switch (p->placement) {
    case PLACED_FIELD:
        return late ? below("found work in the field after more than a year", false) : above("works in the field");
    case PLACED_RELATED:
        return late ? below("found related work after more than a year", false) : above("works in a related field");
    case PLACED_STUDYING:
        if (abhes) return out("goes on studying: unavailable by the rules of ABHES");
        return late ? below("went on studying after more than a year", false)
                    : above("goes on studying: counts as placed");
    case PLACED_NOT:
        return below("seeks work, not placed", open);
    case PLACED_UNAVAILABLE:
        return out("unavailable for a documented reason");
    case PLACED_NOT_SEEKING:
        return abhes ? below("does not seek work: not among the documented reasons", open) : out("does not seek work");
    case PLACED_NO_REPLY:
        return abhes ? below("no reply: not placed by the rules of ABHES", open) : out("no reply to the survey");
    case PLACED_UNKNOWN:
    case PLACED_WORDS:
        break;
    }
    outcome_person_t none = abhes ? below("not known yet", open) : out("not known yet");
    none.open = open;
    return none;
}

static bool within(int32_t day, int32_t first, int32_t last)
{
    return day != NO_DAY && day >= first && day <= last;
}

/* ABHES: the reporting year runs from 1 July to 30 June of `year`. */
static outcome_person_t retention(const cohort_person_t *p, int year, int32_t today)
{
    int32_t first, last;
    bool real = day_make(year - 1, 7, 1, &first) && day_make(year, 6, 30, &last);
    assert(real);
    (void)real;
    if (p->enrolled == NO_DAY) return out("no day in \"enrolled\"");
    int32_t gone = p->graduated != NO_DAY ? p->graduated : has_left(p) ? p->left : NO_DAY;
    bool back = within(p->reentered, first, last);
    bool ended_before = gone != NO_DAY && gone < first;
    if (p->enrolled > last || (ended_before && !back)) return out("not enrolled in this reporting year");
    bool still = gone == NO_DAY || gone > last, graduated = within(p->graduated, first, last);
    bool there_before = p->enrolled < first && !ended_before && !back; /* who comes back was away at the beginning */
    outcome_person_t counted = {still || graduated ? COUNTED_ABOVE : COUNTED_BELOW, 0, today <= last,
                                graduated ? "graduated in the reporting year"
                                : still   ? "enrolled at its end"
                                          : "left in the reporting year"};
    counted.times = (there_before ? 1 : 0) + (within(p->enrolled, first, last) ? 1 : 0) + (back ? 1 : 0);
    return counted;
}

outcome_person_t outcome_of(const outcome_rule_t *rule, const cohort_person_t *p, int year, int32_t today)
{
    switch (rule->measure) {
    case OUTCOME_CERTIFICATION:
        return certification(p, today);
    case OUTCOME_GRADUATION:
        return graduation(p);
    case OUTCOME_ATTRITION:
        return attrition(p);
    case OUTCOME_PLACEMENT:
        return placement(p, strcmp(rule->accreditor, "abhes") == 0, today);
    case OUTCOME_RETENTION:
        return retention(p, year, today);
    case OUTCOME_MEASURES:
        break;
    }
    return out("");
}

/* ---- sums ---- */

static bool add_year(outcome_rate_t *o, int year, err_t *err)
{
    int at = 0;
    while (at < o->year_count && o->years[at].year < year) at++;
    if (at < o->year_count && o->years[at].year == year) return true;
    if (o->year_count == COHORT_YEARS_MAX)
        return err_set(err, ERR_LIMIT, "There are more than %d cohort years.", COHORT_YEARS_MAX);
    memmove(&o->years[at + 1], &o->years[at], (size_t)(o->year_count - at) * sizeof *o->years);
    o->years[at] = (outcome_year_t){.year = year};
    o->year_count++;
    return true;
}

bool outcome_compute(const outcome_rule_t *rule, const cohort_t *cohort, int32_t today, outcome_rate_t *o, err_t *err)
{
    bool every_year = rule->measure == OUTCOME_RETENTION; /* a person is enrolled in more than one year */
    *o = (outcome_rate_t){0};
    for (int i = 0; i < cohort->count; i++)
        if (!add_year(o, cohort->persons[i].cohort, err)) return false;
    for (int y = 0; y < o->year_count; y++)
        for (int i = 0; i < cohort->count; i++) {
            const cohort_person_t *p = &cohort->persons[i];
            if (!every_year && p->cohort != o->years[y].year) continue;
            outcome_person_t counted = outcome_of(rule, p, o->years[y].year, today);
            o->years[y].denominator += counted.times;
            o->years[y].numerator += counted.counted == COUNTED_ABOVE;
            o->years[y].open += counted.open;
        }
    o->from = o->year_count > rule->years ? o->year_count - rule->years : 0;
    for (int y = o->from; y < o->year_count; y++) {
        o->numerator += o->years[y].numerator;
        o->denominator += o->years[y].denominator;
        o->open += o->years[y].open;
    }
    return true;
}

double outcome_rate(int numerator, int denominator)
{
    return denominator > 0 ? 100.0 * numerator / denominator : (double)NAN;
}
