/* Work in a window: full-time-equivalent years of jobs, clock hours of entries.
 *
 * ASCP BOC, "Verify your experience" (g.fte): full time is at least 35 hours a week, part-time work is prorated, jobs
 * at the same time together count no more than 35 hours. So each day counts min(full time, sum of the hours a week of
 * that day's jobs) / full time, and 365 such days of full time are a year. Everything is integers: thousandths of
 * weekly hours, added over days. */
#include "leaf.h"

#include <assert.h>
#include <stdlib.h>

typedef struct {
    int32_t first, last;
} span_t;

typedef struct {
    int32_t day;
    int64_t change; /* of the hours a week, in thousandths */
} edge_t;

typedef struct {
    edge_t edges[2 * RECORD_ITEMS_MAX];
    size_t count;
} load_t;

static span_t clip(span_t a, span_t b)
{
    return (span_t){a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
}

/* The days that count: from N years before the application to the application itself, before `before`; at their
 * narrowest or at their widest when the application date is half-known. */
static span_t window(const leaf_t *leaf, when_t day, int64_t years, bool widest)
{
    int32_t from = widest ? day.first : day.last, to = widest ? day.last : day.first;
    span_t span = {years == 0 ? DAY_FIRST : day_add_years(from, -(int)years), to};
    if (leaf->before < DAY_LAST && leaf->before - 1 < span.last) span.last = leaf->before - 1;
    return span;
}

static void load_add(load_t *load, span_t span, int64_t hours)
{
    assert(load->count + 2 <= sizeof load->edges / sizeof *load->edges);
    load->edges[load->count++] = (edge_t){span.first, hours};
    load->edges[load->count++] = (edge_t){span.last + 1, -hours};
}

static int by_day(const void *a, const void *b)
{
    const edge_t *x = a, *y = b;
    return x->day < y->day ? -1 : x->day > y->day;
}

/* Thousandths of weekly hours times days, at most `full` on any day. */
static int64_t load_sum(load_t *load, int64_t full)
{
    int64_t sum = 0, hours = 0;
    qsort(load->edges, load->count, sizeof *load->edges, by_day);
    for (size_t i = 0; i + 1 < load->count; i++) {
        hours += load->edges[i].change;
        sum += (hours < full ? hours : full) * (load->edges[i + 1].day - load->edges[i].day);
    }
    return sum;
}

static possible_t area_covered(const asked_t *asked, const char *area, const possible_t *counted)
{
    possible_t covered = POSSIBLE_NO;
    for (size_t i = 0; i < asked->record->jobs.count; i++) {
        const job_t *job = &asked->record->jobs.items[i];
        possible_t has = job->areas.known ? possible_of(tokens_have(&job->areas, area)) : POSSIBLE_MAYBE;
        covered = possible_or(covered, possible_and(counted[i], has));
    }
    return covered;
}

possible_t experience_within(const asked_t *asked, const leaf_t *leaf, int64_t years, range_t *fte)
{
    *fte = (range_t){0, -1};
    if (!asked->record->jobs.known) return POSSIBLE_MAYBE;
    load_t least = {.count = 0}, most = {.count = 0};
    possible_t counted[RECORD_ITEMS_MAX], some = POSSIBLE_NO;
    bool any_lab = leaf->labs.count == 0 || tokens_have(&leaf->labs, "*");
    span_t narrow = window(leaf, asked->day, years, false), wide = window(leaf, asked->day, years, true);
    for (size_t i = 0; i < asked->record->jobs.count; i++) {
        const job_t *job = &asked->record->jobs.items[i];
        when_t end = job->ongoing ? when_day(DAY_LAST) : job->end;
        possible_t fits = possible_in(job->setting, &leaf->any);
        if (!any_lab) fits = possible_and(fits, possible_in(job->lab, &leaf->labs));
        span_t inner = clip((span_t){job->start.last, end.first}, narrow);
        span_t outer = clip((span_t){job->start.first, end.last}, wide);
        int64_t low = job->hours_per_week.known ? job->hours_per_week.milli : 0;
        int64_t high = job->hours_per_week.known ? low : leaf->full_time;
        counted[i].must = fits.must && inner.first <= inner.last && low > 0;
        counted[i].can = fits.can && outer.first <= outer.last && high > 0;
        if (counted[i].must) load_add(&least, inner, low);
        if (counted[i].can) load_add(&most, outer, high);
        some = possible_or(some, counted[i]);
    }
    int64_t year = leaf->full_time * FTE_YEAR_DAYS; /* in the unit of load_sum */
    int64_t low = load_sum(&least, leaf->full_time), high = load_sum(&most, leaf->full_time);
    *fte = (range_t){low * 1000 / year, high * 1000 / year};
    possible_t enough = {low * 1000 >= leaf->fte_years * year, high * 1000 >= leaf->fte_years * year};
    enough = possible_and(enough, some);
    for (size_t i = 0; i < leaf->areas.count; i++)
        enough = possible_and(enough, area_covered(asked, leaf->areas.items[i], counted));
    return enough;
}

/* Of an entry that stands partly outside the window, as many hours as the days allow may lie on either side. */
static range_t entry_hours(const work_hours_t *entry, const leaf_t *leaf, when_t day)
{
    enum { DAY_HOURS = 24 };
    amount_t amount = leaf->word2 == NULL ? entry->hours : amounts_get(&entry->focus, leaf->word2);
    int64_t least = amount.known ? amount.milli : 0, most = (int64_t)RECORD_AMOUNT_MAX * 1000;
    if (amount.known || entry->hours.known) most = amount.known ? amount.milli : entry->hours.milli;
    span_t narrow = window(leaf, day, leaf->within_years, false), wide = window(leaf, day, leaf->within_years, true);
    if (when_is_unknown(entry->from) && when_is_unknown(entry->to))
        return leaf->within_years == 0 ? (range_t){least, most} : (range_t){0, most};
    span_t longest = {entry->from.first, entry->to.last};
    if (when_is_unknown(entry->to)) longest.last = day.last;
    span_t inside = clip(longest, wide), surely = clip(longest, narrow);
    if (inside.first > inside.last) return (range_t){0, 0};
    int64_t outside = longest.last - longest.first;
    outside -= surely.first > surely.last ? -1 : surely.last - surely.first;
    int64_t room = (int64_t)(inside.last - inside.first + 1) * DAY_HOURS * 1000;
    least = least > outside * DAY_HOURS * 1000 ? least - outside * DAY_HOURS * 1000 : 0;
    if (most > room) most = room;
    return (range_t){least, most > least ? most : least}; /* more hours than days have: the record's word is taken */
}

range_t work_hours_within(const asked_t *asked, const leaf_t *leaf)
{
    range_t all = {0, 0};
    if (!asked->record->work_hours.known) return (range_t){0, -1};
    for (size_t i = 0; i < asked->record->work_hours.count; i++) {
        const work_hours_t *entry = &asked->record->work_hours.items[i];
        possible_t fits = possible_in(entry->setting, &leaf->any);
        range_t hours = entry_hours(entry, leaf, asked->day);
        if (hours.most >= (int64_t)RECORD_AMOUNT_MAX * 1000) hours.most = -1;
        if (fits.must) all.least += hours.least;
        if (fits.can) all.most = hours.most < 0 || all.most < 0 ? -1 : all.most + hours.most;
    }
    return all;
}
