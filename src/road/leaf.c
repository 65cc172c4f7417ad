/* The conditions, one function a kind. Each looks at one part of the record and says what must hold and what can. */
#include "leaf.h"

#include <string.h>

enum { SUM_PARTS_MAX = 3, THIRDS = 3 /* of a semester hour, so that two thirds of a quarter hour are whole */ };

possible_t possible_within(when_t when, when_t day, int64_t years)
{
    possible_t happened = {when.first <= day.first, when.first <= day.last};
    if (years == 0) return happened;
    possible_t recent = {when.first >= day_add_years(day.last, -(int)years),
                         when.last >= day_add_years(day.first, -(int)years)};
    return possible_and(happened, recent);
}

static possible_t reach(range_t have, int64_t need, measure_t *measure)
{
    *measure = (measure_t){true, have.least, have.most, need};
    return possible_reach(have, need);
}

static range_t range_of(amount_t amount)
{
    return amount.known ? (range_t){amount.milli, amount.milli} : (range_t){0, -1};
}

static range_t range_add(range_t a, range_t b)
{
    return (range_t){a.least + b.least, a.most < 0 || b.most < 0 ? -1 : a.most + b.most};
}

/* ---- education ---- */

static bool is_country(const char *country, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(country, names[i]) == 0) return true;
    return false;
}

static bool is_us(const char *country)
{
    return is_country(country, (const char *const[]){"US", "USA", "us", "usa", "United_States", "united_states", NULL});
}

static possible_t degree_fits(const degree_t *degree, const leaf_t *leaf, when_t day)
{
    possible_t fits = degree->level == LEVEL_UNKNOWN ? POSSIBLE_MAYBE : possible_of(degree->level >= leaf->level);
    if (leaf->any.known) fits = possible_and(fits, possible_in(degree->field, &leaf->any));
    if (leaf->accredited) fits = possible_and(fits, possible_tri(degree->accredited));
    return possible_and(fits, possible_within(degree->awarded, day, leaf->within_years));
}

static possible_t degree(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->degree.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->degree.count; i++)
        fits = possible_or(fits, degree_fits(&asked->record->degree.items[i], leaf, asked->day));
    return fits;
}

static possible_t foreign_degree(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->degree.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->degree.count; i++) {
        const degree_t *d = &asked->record->degree.items[i];
        possible_t one = d->level == LEVEL_UNKNOWN ? POSSIBLE_MAYBE : possible_of(d->level >= LEVEL_ASSOCIATE);
        one = possible_and(one, possible_tri(d->evaluated)); /* who has been evaluated came from abroad */
        if (d->country != NULL) one = possible_and(one, possible_of(!is_us(d->country)));
        one = possible_and(one, possible_within(d->awarded, asked->day, leaf->within_years));
        fits = possible_or(fits, one);
    }
    return fits;
}

/* Subjects that are the sum of others, and those that hold at least the sum of others. */
typedef struct {
    const char *subject;
    bool exactly;
    const char *parts[SUM_PARTS_MAX + 1];
} sum_t;
static const sum_t sums[] = {
    {"biology_or_chemistry", true, {"biology", "chemistry", NULL}},
    {"biology_chemistry_or_medical_science", true, {"biology", "chemistry", "medical_science", NULL}},
    {"biology_chemistry_or_medical_laboratory_technology",
     true,
     {"biology", "chemistry", "medical_laboratory_technology", NULL}},
    {"physical_or_biological_science", false, {"biology", "chemistry", "physics", NULL}},
    {"science_related", false, {"biology", "chemistry", "physics", NULL}},
    {"any", false, {"biology", "chemistry", "physics", NULL}},
};

static const char *const science_accreditors[] = {"NAACLS", "CAAHEP", "ABHES"};

/* g.program_science, in thirds of thousandths: science inside an accredited laboratory program counts too. */
static range_t program_science(const asked_t *asked, const char *subject)
{
    range_t hours = {0, 0};
    for (size_t i = 0; asked->goal->program_science && i < asked->record->programs.count; i++) {
        const program_t *p = &asked->record->programs.items[i];
        amount_t amount = amounts_get(&p->science_hours, subject);
        possible_t counts = p->accreditors.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
        for (size_t k = 0; k < sizeof science_accreditors / sizeof *science_accreditors; k++)
            if (tokens_have(&p->accreditors, science_accreditors[k])) counts = POSSIBLE_YES;
        counts = possible_and(counts, possible_within(p->completed, asked->day, 0));
        if (counts.must) hours.least += amount.milli * THIRDS;
        if (counts.can) hours.most += amount.milli * THIRDS;
    }
    return hours;
}

/* Credit in one subject as the record names it, in thirds of thousandths of a semester hour; a quarter hour is two
 * thirds (g.quarter). Continuing education is no credit (g.ce_not_credit): no subject that a rule names holds it. */
static range_t named_hours(const asked_t *asked, const char *subject, bool *named)
{
    amount_t semester = amounts_get(&asked->record->semester_hours, subject);
    amount_t quarter = amounts_get(&asked->record->quarter_hours, subject);
    int64_t thirds = semester.milli * THIRDS + quarter.milli * (THIRDS - 1);
    range_t hours = {thirds, thirds};
    *named = semester.known || quarter.known;
    if (!*named) hours.most = -1;
    bool science = strcmp(subject, "biology") == 0 || strcmp(subject, "chemistry") == 0;
    return science ? range_add(hours, program_science(asked, subject)) : hours;
}

static range_t subject_hours(const asked_t *asked, const char *subject)
{
    bool named, part_named;
    range_t hours = named_hours(asked, subject, &named);
    if (named) return hours;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        if (strcmp(sums[i].subject, subject) != 0) continue;
        range_t all = {0, sums[i].exactly ? 0 : -1};
        for (size_t k = 0; sums[i].parts[k] != NULL; k++)
            all = range_add(all, named_hours(asked, sums[i].parts[k], &part_named));
        return all;
    }
    return hours;
}

static possible_t semester_hours(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    range_t thirds = subject_hours(asked, leaf->word);
    possible_t enough = possible_reach(thirds, leaf->min * THIRDS);
    *measure = (measure_t){true, thirds.least / THIRDS, thirds.most < 0 ? -1 : thirds.most / THIRDS, leaf->min};
    if (leaf->within_years > 0)
        enough =
            possible_and(enough, possible_within(asked->record->coursework_completed, asked->day, leaf->within_years));
    return enough;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Organic chemistry is a course of chemistry: "clearly biology or chemistry by title" (g.ce_not_credit). */
static possible_t course_is(const char *subject, const char *wanted)
{
    static const char *const general[] = {"biology", "chemistry", "mathematics"};
    if (subject == NULL) return POSSIBLE_MAYBE;
    if (strcmp(wanted, "organic_or_biochemistry") == 0)
        return possible_of(strcmp(subject, wanted) == 0 || strcmp(subject, "organic_chemistry") == 0 ||
                           strcmp(subject, "biochemistry") == 0);
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
        if (strcmp(general[i], wanted) == 0) return possible_of(ends_with(subject, wanted));
    return possible_of(strcmp(subject, wanted) == 0);
}

static possible_t course(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    range_t all = {0, asked->record->courses.known ? 0 : -1};
    for (size_t i = 0; i < asked->record->courses.count; i++) {
        const course_t *c = &asked->record->courses.items[i];
        possible_t fits = course_is(c->subject, leaf->word);
        range_t semesters = range_of(c->semesters);
        if (fits.must) all.least += semesters.least;
        if (fits.can) all.most = all.most < 0 || semesters.most < 0 ? -1 : all.most + semesters.most;
    }
    return reach(all, leaf->min, measure);
}

/* ---- programs ---- */

static possible_t program(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    bool any = tokens_have(&leaf->labs, "*");
    possible_t fits = asked->record->programs.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->programs.count; i++) {
        const program_t *p = &asked->record->programs.items[i];
        possible_t accredited = any || !p->accreditors.known ? POSSIBLE_MAYBE : POSSIBLE_NO;
        if (any) accredited = POSSIBLE_YES;
        for (size_t k = 0; k < p->accreditors.count; k++)
            if (tokens_have(&leaf->labs, p->accreditors.items[k])) accredited = POSSIBLE_YES;
        possible_t one = possible_and(possible_in(p->kind, &leaf->any), accredited);
        one = possible_and(one, possible_within(p->completed, asked->day, leaf->within_years));
        fits = possible_or(fits, one);
    }
    return fits;
}

static possible_t training_hours(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    range_t all = {0, asked->record->programs.known ? 0 : -1};
    for (size_t i = 0; i < asked->record->programs.count; i++) {
        const program_t *p = &asked->record->programs.items[i];
        possible_t fits = possible_in(p->kind, &leaf->any);
        fits = possible_and(fits, possible_within(p->completed, asked->day, 0));
        range_t hours = range_of(amounts_get(&p->hours, leaf->word));
        if (fits.must) all.least += hours.least;
        if (fits.can) all.most = all.most < 0 || hours.most < 0 ? -1 : all.most + hours.most;
    }
    return reach(all, leaf->min, measure);
}

static possible_t military(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->military.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->military.count; i++) {
        const military_t *m = &asked->record->military.items[i];
        possible_t one = possible_reach(range_of(m->weeks), leaf->min);
        one = possible_and(one, possible_within(m->completed, asked->day, leaf->within_years));
        if (leaf->credits_accepted) one = possible_and(one, possible_tri(m->credits_accepted_by_college));
        if (leaf->occupation_held) one = possible_and(one, possible_tri(m->occupation_held));
        if (leaf->word != NULL)
            one = possible_and(one, m->kind == NULL ? POSSIBLE_MAYBE : possible_of(strcmp(m->kind, leaf->word) == 0));
        fits = possible_or(fits, one);
    }
    return fits;
}

/* ---- certificates, licenses, exams ---- */

/* MT(AMT) became MLS(AMT) in 2023; the two ids are one certificate (g.cmp_name). */
static const char *certificate_id(const char *id)
{
    return id != NULL && strcmp(id, "AMT-MT") == 0 ? "AMT-MLS" : id;
}

/* In its maintenance cycle on the day (g.cert_valid). */
static possible_t certificate_valid(const certificate_t *c, when_t day)
{
    possible_t runs = {c->expires.first >= day.last, c->expires.last >= day.first};
    bool dated = !when_is_unknown(c->expires);
    if (c->status == NULL) return dated ? runs : POSSIBLE_MAYBE;
    if (strcmp(c->status, "valid") != 0) return POSSIBLE_NO;
    return dated ? runs : POSSIBLE_YES;
}

static possible_t certificate(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->certificates.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->certificates.count; i++) {
        const certificate_t *c = &asked->record->certificates.items[i];
        possible_t one = possible_in(certificate_id(c->id), &leaf->any);
        if (leaf->valid_only) one = possible_and(one, certificate_valid(c, asked->day));
        fits = possible_or(fits, one);
    }
    return fits;
}

static possible_t state_license(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->state_licences.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->state_licences.count; i++) {
        const state_license_t *s = &asked->record->state_licences.items[i];
        possible_t one = s->level == NULL ? POSSIBLE_MAYBE : possible_of(strcmp(s->level, leaf->word) == 0);
        one = possible_and(one, s->status == NULL ? POSSIBLE_MAYBE : possible_of(strcmp(s->status, "valid") == 0));
        fits = possible_or(fits, one);
    }
    return fits;
}

static possible_t exam_passed(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    possible_t fits = asked->record->exams_passed.known ? POSSIBLE_NO : POSSIBLE_MAYBE;
    for (size_t i = 0; i < asked->record->exams_passed.count; i++) {
        const exam_passed_t *e = &asked->record->exams_passed.items[i];
        possible_t one = e->level == NULL ? POSSIBLE_MAYBE : possible_of(strcmp(e->level, leaf->word) == 0);
        possible_t accepted =
            e->accepted_by.known ? possible_of(tokens_have(&e->accepted_by, leaf->word2)) : POSSIBLE_MAYBE;
        fits = possible_or(fits, possible_and(one, accepted));
    }
    return fits;
}

/* ---- the rest ---- */

static possible_t experience(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    range_t fte;
    possible_t enough = experience_within(asked, leaf, leaf->within_years, &fte);
    *measure = (measure_t){!leaf->any_amount, fte.least, fte.most, leaf->fte_years};
    return enough;
}

static possible_t work_hours(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    return reach(work_hours_within(asked, leaf), leaf->min, measure);
}

static possible_t draws(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    return reach(range_of(amounts_get(&asked->record->draws, leaf->word)), leaf->min, measure);
}

static possible_t age(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    return reach(range_of(asked->record->age), leaf->min, measure);
}

static possible_t professional_education(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    const tokens_t *has = &asked->record->professional_education;
    for (size_t i = 0; i < has->count; i++)
        if (tokens_have(&leaf->any, has->items[i])) return POSSIBLE_YES;
    return has->known ? POSSIBLE_NO : POSSIBLE_MAYBE;
}

static possible_t lab_orientation(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)leaf, (void)measure;
    return possible_tri(asked->record->lab_orientation);
}

static possible_t eligible_for(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    const tokens_t *said = &asked->record->eligible_for;
    return said->known ? possible_of(tokens_have(said, leaf->word)) : POSSIBLE_MAYBE;
}

static possible_t stated(const asked_t *asked, const leaf_t *leaf, measure_t *measure)
{
    (void)measure;
    return possible_tri(answers_get(&asked->record->statements, leaf->word));
}

typedef possible_t leaf_fn(const asked_t *asked, const leaf_t *leaf, measure_t *measure);
static leaf_fn *const kinds[LEAF_KINDS] = {
    [LEAF_DEGREE] = degree,
    [LEAF_SEMESTER_HOURS] = semester_hours,
    [LEAF_COURSE] = course,
    [LEAF_PROGRAM] = program,
    [LEAF_TRAINING_HOURS] = training_hours,
    [LEAF_EXPERIENCE] = experience,
    [LEAF_WORK_HOURS] = work_hours,
    [LEAF_CERTIFICATE] = certificate,
    [LEAF_MILITARY] = military,
    [LEAF_DRAWS] = draws,
    [LEAF_AGE] = age,
    [LEAF_PROFESSIONAL_EDUCATION] = professional_education,
    [LEAF_LAB_ORIENTATION] = lab_orientation,
    [LEAF_EXAM_PASSED] = exam_passed,
    [LEAF_ELIGIBLE_FOR] = eligible_for,
    [LEAF_STATE_LICENSE] = state_license,
    [LEAF_FOREIGN_DEGREE] = foreign_degree,
    [LEAF_STATED] = stated,
};

verdict_t leaf_evaluate(const record_t *record, const goal_t *goal, const leaf_t *leaf, when_t day, measure_t *measure)
{
    asked_t asked = {record, goal, day};
    *measure = (measure_t){0};
    possible_t holds = kinds[leaf->kind](&asked, leaf, measure);
    verdict_t verdict = {holds.must ? VALUE_MET : VALUE_MISSING, holds.can ? VALUE_MET : VALUE_MISSING};
    if (!leaf->window_unread || leaf->within_years > 0) return verdict;
    range_t fte;
    possible_t recent = experience_within(&asked, leaf, UNREAD_WINDOW_YEARS, &fte);
    if (verdict.worst == VALUE_MET && !recent.must) verdict.worst = VALUE_REVIEW;
    if (verdict.best == VALUE_MET && !recent.can) verdict.best = VALUE_REVIEW;
    return verdict;
}
