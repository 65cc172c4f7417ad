/* The record of a day of a plan: what the applicant has, and what the finished steps add, each dated when it ends. */
#include "plan_private.h"

#include <assert.h>
#include <string.h>

enum { DAYS_BACK = PATH_MONTHS_MAX, DAYS_KEPT = 3 * PATH_MONTHS_MAX };

struct sim {
    const plans_t *plans;
    int32_t today;
    int32_t day[DAYS_KEPT]; /* of month i - DAYS_BACK: a search asks for them without end */
    record_t base;          /* with room behind every list for PLAN_ADDED_MAX more */
    record_t now;
    named_amount_t focus[PATH_STEPS_MAX]; /* of the hours of work that a plan adds */
    path_placed_t done[PATH_STEPS_MAX];   /* what `now` holds, at month `month` */
    int count, month;
};

/* ---- what a plan counts on ---- */

/* A list of the record, with room behind it; an unknown one is empty. */
#define ROOM(list)                                                                                                     \
    do {                                                                                                               \
        void *items = arena_array(arena, (list)->count + PLAN_ADDED_MAX, sizeof *(list)->items);                       \
        if (items == NULL) return false;                                                                               \
        if ((list)->count > 0) memcpy(items, (list)->items, (list)->count * sizeof *(list)->items);                    \
        (list)->items = items;                                                                                         \
        (list)->known = true;                                                                                          \
    } while (0)

static amount_t *amount_at(amounts_t *amounts, const char *name)
{
    for (size_t i = 0; i < amounts->count; i++)
        if (strcmp(amounts->items[i].name, name) == 0) return &amounts->items[i].amount;
    return NULL;
}

/* The amount of that name, made 0 when it was not there; NULL when the list is full. */
static amount_t *amount_of(amounts_t *amounts, const char *name, size_t room)
{
    amount_t *amount = amount_at(amounts, name);
    if (amount == NULL && amounts->count < room) {
        amounts->items[amounts->count] = (named_amount_t){name, {true, 0}};
        amount = &amounts->items[amounts->count++].amount;
    }
    if (amount != NULL && !amount->known) *amount = (amount_t){true, 0};
    return amount;
}

/* Hours of these count among the sciences, whatever their name. */
static const char *const sciences[] = {"biology", "chemistry", "physics"};
static const char *const science_sums[] = {"physical_or_biological_science", "science_related"};
enum { SCIENCES = sizeof sciences / sizeof *sciences, SCIENCE_SUMS = sizeof science_sums / sizeof *science_sums };

static bool is_one_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

/* Subjects that the record does not name have no hours; those that are sums (leaf.c) hold what their parts have. */
static bool know_hours(amounts_t *hours, const plans_t *plans, arena_t *arena)
{
    int64_t science = 0;
    ROOM(hours);
    for (int i = 0; i < SCIENCES; i++) science += amount_of(hours, sciences[i], hours->count + 1)->milli;
    for (int i = 0; i < SCIENCE_SUMS; i++) {
        if (amount_at(hours, science_sums[i]) != NULL) continue;
        amount_of(hours, science_sums[i], hours->count + 1)->milli = science;
    }
    for (int i = 0; i < plans->subject_count; i++)
        if (strstr(plans->subjects[i], "_or_") == NULL) (void)amount_of(hours, plans->subjects[i], hours->count + 1);
    return true;
}

static bool know_draws(amounts_t *draws, arena_t *arena)
{
    static const char *const kinds[] = {"venipuncture", "skin_puncture", "unaided_nondonor"};
    ROOM(draws);
    for (int i = 0; i < 3; i++) (void)amount_of(draws, kinds[i], draws->count + 1);
    return true;
}

static bool know(record_t *r, const plans_t *plans, arena_t *arena)
{
    static const degree_t high_school = {
        .level = LEVEL_HIGH_SCHOOL, .awarded = {DAY_FIRST, DAY_LAST}, .accredited = TRI_YES, .country = "US"};
    static const amount_t grown = {true, 18000};
    bool told = r->degree.known;
    ROOM(&r->degree);
    if (!told) r->degree.items[r->degree.count++] = high_school;
    if (!r->age.known) r->age = grown;
    ROOM(&r->courses);
    ROOM(&r->programs);
    ROOM(&r->jobs);
    ROOM(&r->work_hours);
    ROOM(&r->certificates);
    ROOM(&r->military);
    ROOM(&r->exams_passed);
    ROOM(&r->state_licences);
    ROOM(&r->professional_education);
    ROOM(&r->eligible_for);
    if (r->lab_orientation == TRI_UNKNOWN) r->lab_orientation = TRI_NO;
    r->quarter_hours.known = true;
    return know_hours(&r->semester_hours, plans, arena) && know_draws(&r->draws, arena);
}

sim_t *sim_new(const plans_t *plans, const record_t *base, int32_t today, arena_t *arena)
{
    sim_t *sim = arena_alloc(arena, sizeof *sim);
    if (sim == NULL) return NULL;
    *sim = (sim_t){.plans = plans, .today = today, .base = *base, .month = -1};
    if (!know(&sim->base, plans, arena)) return NULL;
    for (int i = 0; i < DAYS_KEPT; i++) sim->day[i] = day_add_months(today, i - DAYS_BACK);
    sim->now = sim->base;
    named_amount_t *hours = arena_array(arena, sim->base.semester_hours.count + PLAN_ADDED_MAX, sizeof *hours);
    named_amount_t *draws = arena_array(arena, sim->base.draws.count + PLAN_ADDED_MAX, sizeof *draws);
    sim->now.semester_hours.items = hours;
    sim->now.draws.items = draws;
    return hours != NULL && draws != NULL ? sim : NULL; /* `now` is made when first asked for: no month is -1 */
}

/* ---- a day ---- */

int32_t sim_day(const sim_t *sim, int month)
{
    bool kept = month >= -DAYS_BACK && month < DAYS_KEPT - DAYS_BACK;
    return kept ? sim->day[month + DAYS_BACK] : day_add_months(sim->today, month);
}

static void start_amounts(amounts_t *now, const amounts_t *base)
{
    now->count = base->count;
    if (base->count > 0) memcpy(now->items, base->items, base->count * sizeof *base->items);
}

static void add_hours(sim_t *sim, const option_t *option)
{
    amounts_t *hours = &sim->now.semester_hours;
    const amounts_t *added = &option->adds->semester_hours;
    size_t room = sim->base.semester_hours.count + PLAN_ADDED_MAX;
    for (size_t i = 0; i < added->count; i++) {
        const char *name = added->items[i].name;
        amount_t *has = amount_of(hours, name, room);
        int64_t more = added->items[i].amount.milli;
        if (has == NULL) continue;
        if (option->reach) more = more > has->milli ? more - has->milli : 0;
        has->milli += more;
        if (option->reach) amount_of(hours, "any", room)->milli += more;
        for (int k = 0; k < SCIENCE_SUMS && is_one_of(name, sciences, SCIENCES); k++)
            amount_of(hours, science_sums[k], room)->milli += more;
    }
}

static void add_draws(sim_t *sim, const option_t *option)
{
    const amounts_t *added = &option->adds->draws;
    size_t room = sim->base.draws.count + PLAN_ADDED_MAX;
    for (size_t i = 0; i < added->count; i++) {
        amount_t *has = amount_of(&sim->now.draws, added->items[i].name, room);
        if (has != NULL) has->milli += added->items[i].amount.milli * (option->months > 0 ? option->months : 1);
    }
}

static void add_option(sim_t *sim, const option_t *option, int32_t start, int32_t end)
{
    const record_t *a = option->adds;
    for (size_t i = 0; i < a->degree.count; i++) {
        degree_t degree = a->degree.items[i];
        degree.awarded = when_day(end);
        sim->now.degree.items[sim->now.degree.count++] = degree;
    }
    for (size_t i = 0; i < a->programs.count; i++) {
        program_t program = a->programs.items[i];
        program.completed = when_day(end);
        sim->now.programs.items[sim->now.programs.count++] = program;
    }
    for (size_t i = 0; i < a->jobs.count; i++) {
        job_t job = a->jobs.items[i];
        job.start = when_day(start);
        job.end = when_day(end);
        sim->now.jobs.items[sim->now.jobs.count++] = job;
    }
    for (size_t i = 0; i < a->military.count; i++) {
        military_t training = a->military.items[i];
        training.completed = when_day(end);
        sim->now.military.items[sim->now.military.count++] = training;
    }
    record_t *r = &sim->now;
    for (size_t i = 0; i < a->courses.count; i++) r->courses.items[r->courses.count++] = a->courses.items[i];
    for (size_t i = 0; i < a->certificates.count; i++)
        r->certificates.items[r->certificates.count++] = a->certificates.items[i];
    for (size_t i = 0; i < a->exams_passed.count; i++)
        r->exams_passed.items[r->exams_passed.count++] = a->exams_passed.items[i];
    for (size_t i = 0; i < a->state_licences.count; i++)
        r->state_licences.items[r->state_licences.count++] = a->state_licences.items[i];
    add_draws(sim, option);
    if (a->semester_hours.count > 0) {
        add_hours(sim, option);
        sim->now.coursework_completed = when_day(end);
    }
}

static void add_work_hours(sim_t *sim, const option_t *option, int32_t start, int32_t end, named_amount_t *focus)
{
    for (size_t i = 0; i < option->adds->work_hours.count; i++) {
        work_hours_t work = option->adds->work_hours.items[i];
        work.hours.milli *= option->months;
        work.from = when_day(start);
        work.to = when_day(end);
        if (work.focus.count > 0) {
            *focus = work.focus.items[0];
            focus->amount.milli *= option->months;
            work.focus = (amounts_t){true, 1, focus};
        }
        sim->now.work_hours.items[sim->now.work_hours.count++] = work;
    }
}

const record_t *sim_record(sim_t *sim, const path_placed_t *done, int count, int now)
{
    record_t *r = &sim->now;
    if (sim->month == now && sim->count == count &&
        (count == 0 || memcmp(sim->done, done, (size_t)count * sizeof *done) == 0))
        return r;
    sim->month = now;
    sim->count = count;
    if (count > 0) memcpy(sim->done, done, (size_t)count * sizeof *done);
    named_amount_t *hours = r->semester_hours.items, *draws = r->draws.items;
    *r = sim->base; /* the lists themselves stay; what was added behind them is forgotten */
    r->semester_hours.items = hours;
    r->draws.items = draws;
    start_amounts(&r->semester_hours, &sim->base.semester_hours);
    start_amounts(&r->draws, &sim->base.draws);
    for (int i = 0; i < count; i++) {
        const option_t *option = &sim->plans->options[done[i].step];
        int32_t start = sim_day(sim, done[i].start), end = sim_day(sim, done[i].end);
        add_option(sim, option, start, end);
        add_work_hours(sim, option, start, end, &sim->focus[i]);
    }
    r->application_date = when_day(sim_day(sim, now));
    if (r->age.known) r->age.milli += (int64_t)now * 1000 / 12;
    return r;
}

/* ---- what may change a condition ---- */

static bool some_setting(const option_t *option, const leaf_t *leaf)
{
    const record_t *a = option->adds;
    for (size_t i = 0; i < a->jobs.count; i++)
        if (tokens_have(&leaf->any, a->jobs.items[i].setting)) return true;
    for (size_t i = 0; i < a->work_hours.count; i++)
        if (tokens_have(&leaf->any, a->work_hours.items[i].setting)) return true;
    return false;
}

static bool some_program(const option_t *option, const leaf_t *leaf)
{
    for (size_t i = 0; i < option->adds->programs.count; i++)
        if (tokens_have(&leaf->any, option->adds->programs.items[i].kind)) return true;
    return false;
}

static bool some_certificate(const option_t *option, const leaf_t *leaf)
{
    for (size_t i = 0; i < option->adds->certificates.count; i++)
        if (tokens_have(&leaf->any, option->adds->certificates.items[i].id)) return true;
    return false;
}

static bool some_course(const option_t *option, const leaf_t *leaf)
{
    for (size_t i = 0; i < option->adds->courses.count; i++)
        if (strcmp(option->adds->courses.items[i].subject, leaf->word) == 0) return true;
    return false;
}

static bool some_exam(const option_t *option, const leaf_t *leaf)
{
    for (size_t i = 0; i < option->adds->exams_passed.count; i++)
        if (tokens_have(&option->adds->exams_passed.items[i].accepted_by, leaf->word2)) return true;
    return false;
}

/* Hours of a subject are also changed by what is summed into it; a sum's name holds the names of its parts. */
static bool some_hours(const option_t *option, const leaf_t *leaf)
{
    const amounts_t *hours = &option->adds->semester_hours;
    if (strcmp(leaf->word, "any") == 0) return hours->count > 0;
    for (size_t i = 0; i < hours->count; i++)
        if (strstr(leaf->word, hours->items[i].name) != NULL) return true;
    return false;
}

bool option_touches(const option_t *option, const leaf_t *leaf)
{
    switch (leaf->kind) {
    case LEAF_DEGREE:
    case LEAF_FOREIGN_DEGREE:
        return option->adds->degree.count > 0;
    case LEAF_SEMESTER_HOURS:
        return some_hours(option, leaf);
    case LEAF_COURSE:
        return some_course(option, leaf);
    case LEAF_PROGRAM:
    case LEAF_TRAINING_HOURS:
        return some_program(option, leaf);
    case LEAF_EXPERIENCE:
    case LEAF_WORK_HOURS:
        return some_setting(option, leaf);
    case LEAF_CERTIFICATE:
        return some_certificate(option, leaf);
    case LEAF_MILITARY:
        return option->adds->military.count > 0;
    case LEAF_DRAWS:
        return amounts_get(&option->adds->draws, leaf->word).known;
    case LEAF_EXAM_PASSED:
        return some_exam(option, leaf);
    case LEAF_STATE_LICENSE: /* no plan goes by the license of another state */
    case LEAF_AGE:
    case LEAF_PROFESSIONAL_EDUCATION:
    case LEAF_LAB_ORIENTATION:
    case LEAF_ELIGIBLE_FOR:
    case LEAF_STATED:
    case LEAF_KINDS:
        break;
    }
    return false; /* no step changes it */
}
