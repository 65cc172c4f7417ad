/* What the activities of a ledger count for. Of each activity and each obligation: does it count for certain, not at
 * all, or cannot it be told; for how much; and why. Sums are kept twice, what is sure and what is possible, so that
 * "missing" is said only when even the possible is too little. */
#include "road/ce.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    arena_t *arena;
    const ce_t *ce;
    const ledger_t *ledger;
    const ce_held_t *held;
    const ce_rule_t *rule;
    int32_t today;
    ce_result_t *result;
} judge_t;

static void remark(judge_t *j, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void remark(judge_t *j, const char *format, ...)
{
    char line[400];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || j->result->remark_count == CE_REMARKS_MAX) return;
    const char *copy = arena_text(j->arena, line, strlen(line));
    if (copy) j->result->remarks[j->result->remark_count++] = copy;
}

/* ---- the window in which an activity must lie ---- */

static int32_t clamp(int32_t day)
{
    return day < DAY_FIRST ? DAY_FIRST : day > DAY_LAST ? DAY_LAST : day;
}

static when_t years_later(when_t w, int years, int days)
{
    return (when_t){clamp(day_add_years(w.first, years) + days), clamp(day_add_years(w.last, years) + days)};
}

static int year_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return y;
}

/* A deadline known to its year only, of a body whose periods all end on one day. */
static void narrow_to_end(const ce_rule_t *rule, when_t *deadline)
{
    int month, day;
    int32_t number;
    if (when_is_day(*deadline) || year_of(deadline->first) != year_of(deadline->last)) return;
    if (sscanf(rule->ends, "%2d-%2d", &month, &day) != 2) return;
    if (day_make(year_of(deadline->first), month, day, &number) && number >= deadline->first &&
        number <= deadline->last)
        *deadline = when_day(number);
}

static void calendar_years(judge_t *j, when_t renewal)
{
    int years = j->rule->cycle_years;
    ce_result_t *r = j->result;
    int32_t first = DAY_FIRST, last = DAY_LAST;
    r->start = r->deadline = when_unknown();
    if (when_is_unknown(renewal)) return;
    day_make(year_of(renewal.first) - years, 1, 1, &first);
    day_make(year_of(renewal.last) - years, 1, 1, &last);
    r->start = (when_t){first, last};
    first = DAY_FIRST, last = DAY_LAST;
    day_make(year_of(renewal.first) - 1, 12, 31, &first);
    day_make(year_of(renewal.last) - 1, 12, 31, &last);
    r->deadline = (when_t){first, last};
    remark(j, "Counted over the %d calendar years before the year of renewal, not over the license's own term.", years);
}

static void find_window(judge_t *j)
{
    when_t start = j->held->start, deadline = j->held->deadline;
    int years = j->rule->cycle_years;
    narrow_to_end(j->rule, &deadline);
    if (when_is_unknown(deadline) && !when_is_unknown(start) && years > 0) {
        deadline = years_later(start, years, -1);
        remark(j, "The deadline is worked out: %d year%s from the start.", years, years == 1 ? "" : "s");
    }
    if (j->rule->calendar_before) {
        calendar_years(j, deadline);
        return;
    }
    if (when_is_unknown(start) && !when_is_unknown(deadline) && years > 0) {
        start = years_later(deadline, -years, 1);
        remark(j, "The start is worked out: %d year%s before the deadline.", years, years == 1 ? "" : "s");
    }
    j->result->start = start;
    j->result->deadline = deadline;
    if (j->rule->total != 0 && (when_is_unknown(start) || when_is_unknown(deadline)))
        remark(j, "The period is not known: enter its start or its deadline.");
}

/* ---- one activity ---- */

static ce_line_t line(ce_tri_t counts, int32_t amount, const char *why)
{
    return (ce_line_t){.counts = counts, .amount = amount, .why = why};
}

static int32_t times(int32_t hours, int32_t rate)
{
    return (int32_t)((int64_t)hours * rate / CE_UNIT);
}

/* How much it gives, as far as that was read. */
static ce_line_t amount_of(const ce_rule_t *rule, const ce_activity_t *a)
{
    bool no_hours = a->hours == CE_NOT_READ;
    if (a->kind == CE_ACADEMIC && no_hours) {
        if (a->semester_hours == CE_NOT_READ && a->quarter_hours == CE_NOT_READ)
            return line(CE_UNSURE, CE_NOT_READ, "how many semester or quarter hours it had is not entered");
        int32_t semester = a->semester_hours == CE_NOT_READ ? 0 : a->semester_hours;
        int32_t quarter = a->quarter_hours == CE_NOT_READ ? 0 : a->quarter_hours;
        if ((semester > 0 && rule->per_semester_hour == CE_NOT_READ) ||
            (quarter > 0 && rule->per_quarter_hour == CE_NOT_READ))
            return line(CE_UNSURE, CE_NOT_READ, "what a semester or quarter hour gives here was not read");
        return line(CE_YES,
                    (semester > 0 ? times(semester, rule->per_semester_hour) : 0) +
                        (quarter > 0 ? times(quarter, rule->per_quarter_hour) : 0),
                    "counts as college credit");
    }
    if (no_hours) return line(CE_UNSURE, CE_NOT_READ, "its hours are not entered");
    if (rule->per_hour == CE_NOT_READ) return line(CE_UNSURE, CE_NOT_READ, "what an hour gives here was not read");
    if (a->kind == CE_WRITING || a->kind == CE_TEACHING || a->kind == CE_SERVICE)
        return line(CE_UNSURE, CE_NOT_READ, "what this kind of activity gives here was not read");
    return line(CE_YES, times(a->hours, rule->per_hour), "counts");
}

static ce_tri_t in_window(const judge_t *j, const ce_activity_t *a, const char **why)
{
    when_t start = j->result->start, deadline = j->result->deadline, date = a->date;
    if (date.last > j->today) date.last = j->today; /* it was done */
    *why = "";
    if (when_is_unknown(a->date)) return *why = "its date is not known", CE_UNSURE;
    if (date.first > deadline.last) return *why = "after the period", CE_NO;
    if (date.last < start.first) {
        if (j->rule->carries_nothing) return *why = "before the period, and nothing carries over", CE_NO;
        return *why = "before the period; whether hours carry over was not read", CE_UNSURE;
    }
    if (when_is_unknown(start) || when_is_unknown(deadline)) return *why = "the period is not known", CE_UNSURE;
    if (date.first >= start.last && date.last <= deadline.first) return CE_YES;
    return *why = "the dates are known only in part, so it may lie outside the period", CE_UNSURE;
}

static ce_tri_t about(const judge_t *j, const ce_activity_t *a, const char **why)
{
    if (!j->rule->only_laboratory) return CE_YES;
    ce_tri_t best = CE_NO;
    if (!a->topics) return *why = "it must be about laboratory practice: enter its topic", CE_UNSURE;
    for (int t = 0; t < j->ce->topic_count; t++) {
        if (!(a->topics >> t & 1)) continue;
        if (j->ce->topics[t].laboratory == CE_YES) return CE_YES;
        if (j->ce->topics[t].laboratory == CE_UNSURE) best = CE_UNSURE;
    }
    *why = best == CE_NO ? "it is not about laboratory practice" : "whether this topic is taken here was not read";
    return best;
}

static ce_line_t judge(const judge_t *j, const ce_activity_t *a)
{
    const char *why = "", *topic_why = "";
    if (a->date.first > j->today) return line(CE_NO, 0, "not done yet");
    if (j->rule->excluded[a->kind]) return line(CE_NO, 0, "this kind of activity does not count here");
    ce_tri_t inside = in_window(j, a, &why), topic = about(j, a, &topic_why);
    if (inside == CE_NO) return line(CE_NO, 0, why);
    if (topic == CE_NO) return line(CE_NO, 0, topic_why);
    ce_line_t l = amount_of(j->rule, a);
    if (inside == CE_UNSURE) return line(CE_UNSURE, l.amount, why);
    if (topic == CE_UNSURE) return line(CE_UNSURE, l.amount, topic_why);
    if (j->rule->kind_most_percent[a->kind] != CE_NOT_READ && l.counts == CE_YES)
        l.why = "counts, within the most that this kind may give";
    if (!j->rule->counted[a->kind])
        return line(CE_UNSURE, l.amount, "whether this kind of activity counts here was not read");
    return l;
}

/* ---- sums ---- */

typedef struct {
    int64_t sure[CE_KINDS], possible[CE_KINDS], verified[CE_KINDS];
    bool open_ended;
} sums_t;

static void add(sums_t *s, const ce_line_t *l, const ce_activity_t *a, bool sure)
{
    if (l->counts == CE_NO) return;
    if (l->amount == CE_NOT_READ) {
        s->open_ended = true;
        return;
    }
    s->possible[a->kind] += l->amount;
    if (!sure || l->counts != CE_YES) return;
    s->sure[a->kind] += l->amount;
    if (a->verified_by[0]) s->verified[a->kind] += l->amount;
}

static int32_t capped(const ce_rule_t *rule, const int64_t by_kind[CE_KINDS])
{
    int64_t sum = 0;
    for (int k = 0; k < CE_KINDS; k++) {
        int64_t most = by_kind[k];
        if (rule->kind_most_percent[k] != CE_NOT_READ && rule->total > 0) {
            int64_t limit = (int64_t)rule->total * rule->kind_most_percent[k] / 100;
            if (most > limit) most = limit;
        }
        sum += most;
    }
    return sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}

static ce_need_t needed(const ce_rule_t *rule, int topic, int32_t need, const sums_t *s)
{
    ce_need_t n = {.topic = topic,
                   .need = need,
                   .sure = capped(rule, s->sure),
                   .possible = capped(rule, s->possible),
                   .open_ended = s->open_ended};
    n.declared = n.sure - capped(rule, s->verified);
    if (n.declared < 0) n.declared = 0;
    if (need == CE_NOT_READ)
        n.state = CE_CANNOT_TELL;
    else if (n.sure >= need)
        n.state = need == 0 ? CE_NONE_ASKED : CE_MET;
    else
        n.state = n.open_ended || n.possible >= need ? CE_CANNOT_TELL : CE_MISSING;
    return n;
}

static void sum_total(judge_t *j)
{
    sums_t sums = {0};
    for (int i = 0; i < j->ledger->activity_count; i++)
        add(&sums, &j->result->lines[i], &j->ledger->activities[i], true);
    bool first = j->held->first && j->rule->first_total != CE_NOT_READ;
    j->result->total = needed(j->rule, -1, first ? j->rule->first_total : j->rule->total, &sums);
}

/* An hour that treats several topics is sure for none of them: how it divides is not entered. */
static void sum_topic(judge_t *j, int topic, int32_t need)
{
    sums_t sums = {0};
    uint64_t bit = UINT64_C(1) << topic;
    for (int i = 0; i < j->ledger->activity_count; i++) {
        const ce_activity_t *a = &j->ledger->activities[i];
        if (a->topics & bit) add(&sums, &j->result->lines[i], a, a->topics == bit);
    }
    assert(j->result->least_count < CE_TOPICS_MAX);
    j->result->least[j->result->least_count++] = needed(j->rule, topic, need, &sums);
}

static void sum_topics(judge_t *j)
{
    const ce_rule_t *r = j->rule;
    bool first = j->held->first && r->first_total != CE_NOT_READ;
    uint64_t seen = 0;
    for (int i = 0; i < (first ? r->first_least_count : r->least_count); i++) {
        const ce_least_t *least = first ? &r->first_least[i] : &r->least[i];
        sum_topic(j, least->topic, least->amount);
        seen |= UINT64_C(1) << least->topic;
    }
    for (int t = 0; !first && r->each_license_category > 0 && t < j->ce->topic_count; t++)
        if ((j->held->license_topics & ~seen) >> t & 1) sum_topic(j, t, r->each_license_category);
}

static void conclude(judge_t *j)
{
    ce_result_t *out = j->result;
    const ce_rule_t *r = j->rule;
    bool first = j->held->first && r->first_total != CE_NOT_READ, unread = false;
    ce_state_t state = out->total.state;
    if (state == CE_CANNOT_TELL && out->total.need == CE_NOT_READ) remark(j, "How much is asked was not read.");
    if (j->held->first && !first && r->first_says[0]) {
        remark(j, "%s", r->first_says);
        if (state == CE_MISSING) state = CE_CANNOT_TELL;
    }
    for (int i = 0; i < out->least_count; i++) {
        if (out->least[i].state == CE_MISSING) state = CE_MISSING;
        if (out->least[i].state == CE_CANNOT_TELL && state != CE_MISSING) state = CE_CANNOT_TELL;
    }
    if (state == CE_NONE_ASKED) {
        remark(j, "No continuing education is asked, as far as the sources say.");
        out->state = state;
        return;
    }
    if (!first && r->each_license_category > 0 && !j->held->license_topics) {
        remark(j, "At least one hour in each category of the license is asked: enter the categories of yours.");
        unread = true;
    }
    if (!first && (r->least_read == CE_READ_NOT || r->least_read == CE_READ_SOME)) {
        remark(j, r->least_read == CE_READ_SOME ? "Minimums by topic are asked besides; how many was not read."
                                                : "Whether minimums by topic are asked was not read.");
        unread = true;
    }
    out->state = state == CE_MET && unread ? CE_CANNOT_TELL : state;
}

static bool check_one(judge_t *j)
{
    ce_result_t *r = j->result;
    r->lines = arena_array(j->arena, (size_t)j->ledger->activity_count + 1, sizeof *r->lines);
    if (!r->lines) return false;
    find_window(j);
    for (int i = 0; i < j->ledger->activity_count; i++) {
        r->lines[i] = judge(j, &j->ledger->activities[i]);
        r->lines[i].activity = i;
    }
    sum_total(j);
    sum_topics(j);
    conclude(j);
    r->overdue = r->deadline.last < j->today;
    return true;
}

bool ce_check(ce_result_t **results, arena_t *arena, const ce_t *ce, const ledger_t *ledger, int32_t today, err_t *err)
{
    *results = arena_array(arena, (size_t)ledger->held_count + 1, sizeof **results);
    for (int i = 0; *results && i < ledger->held_count; i++) {
        (*results)[i].held = i;
        judge_t j = {arena, ce, ledger, &ledger->held[i], &ce->rules[ledger->held[i].rule], today, &(*results)[i]};
        if (!check_one(&j)) *results = NULL;
    }
    return *results != NULL || err_set(err, ERR_MEMORY, "There is not enough memory for the ledger.");
}
