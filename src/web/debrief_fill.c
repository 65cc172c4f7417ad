/* The debrief in words: score, comparison with the careful run, causes, signal detection, service,
 * competencies and plan. Every figure stands beside its number of observations. */
#include "debrief_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *fixed(const debrief_load_t *load, double value, int decimals)
{
    return words_fixed(load->arena, value, decimals);
}

static const char *count_words(const debrief_load_t *load, int count)
{
    return words(load->arena, "%d", count);
}

/* ---- score ---- */

static int count_kind(const debrief_t *d, finding_kind_t kind)
{
    int count = 0;
    for (int i = 0; i < d->finding_count; i++) count += d->findings[i].kind == kind;
    return count;
}

static void part(debrief_page_t *page, const debrief_load_t *load, const char *name, double lost, const char *evidence)
{
    page->parts[page->part_count++] =
        (debrief_part_t){.name = name, .lost = fixed(load, lost, 1), .evidence = evidence};
}

static void fill_parts(debrief_page_t *page, const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    arena_t *a = load->arena;
    int timed = d->turnaround[0].n + d->turnaround[1].n + d->turnaround[2].n;
    int late = d->turnaround[0].late + d->turnaround[1].late + d->turnaround[2].late;
    part(page, load, "Safety", d->lost.safety,
         words(a, "%d of %d released results wrong with a cue to be seen (%d severe, %d moderate, %d minor)",
               d->harmful_releases, d->released, d->harmful_by_severity[HARM_SEVERE],
               d->harmful_by_severity[HARM_MODERATE], d->harmful_by_severity[HARM_MINOR]));
    int reviewed = count_kind(d, FINDING_REVIEW_DONE);
    int reviews = reviewed + count_kind(d, FINDING_REVIEW_WRONG) + count_kind(d, FINDING_REVIEW_MISSED) +
                  count_kind(d, FINDING_REVIEW_NEEDLESS);
    part(page, load, "Quality control", d->lost.quality_control,
         words(a, "%d control runs; %d of %d faults found; %d false rejections%s", d->qc_runs, d->qc_detected,
               d->qc_faults, d->qc_false_rejections,
               reviews ? words(a, "; %d of %d judgements of months right", reviewed, reviews) : ""));
    part(page, load, "Critical values", d->lost.criticals,
         words(a, "%d of %d called in time", d->criticals_called_in_time, d->criticals_due));
    part(page, load, "Over-reaction", d->lost.over_reaction,
         words(a, "%d good of %d specimens rejected; %d needless calls", d->rejected_wrong, d->specimens,
               d->needless_calls));
    part(page, load, "Turnaround", d->lost.turnaround, words(a, "%d specimens late; %d finished", late, timed));
    part(page, load, "Records", d->lost.records,
         words(a, "%d findings on records, %d on the telephone, in %d actions", count_kind(d, FINDING_BLANK_RECORD),
               count_kind(d, FINDING_PHONE), d->actions));
    int wrong = 0;
    for (int k = FINDING_CARE_UNSIGNED; k <= FINDING_CARE_FALSE; k++) wrong += count_kind(d, (finding_kind_t)k);
    part(page, load, "Analyzer care", d->lost.care,
         words(a, "%d things of care, stores and downtime done as they should be, %d not",
               count_kind(d, FINDING_CARE_DONE), wrong));
}

/* ---- the careful run beside ---- */

static void compare(debrief_page_t *page, const char *name, const char *you, const char *expert)
{
    if (page->compared_count < DEBRIEF_COMPARED)
        page->compared[page->compared_count++] = (debrief_compared_t){name, you, expert};
}

static void fill_compared(debrief_page_t *page, const debrief_load_t *load, const debrief_t *e)
{
    const debrief_t *d = load->debrief;
    arena_t *a = load->arena;
    const double lost[] = {e->lost.safety,     e->lost.quality_control, e->lost.criticals, e->lost.over_reaction,
                           e->lost.turnaround, e->lost.records,         e->lost.care};
    for (int i = 0; i < page->part_count; i++) page->parts[i].expert_lost = fixed(load, lost[i], 1);
    page->expert_score = fixed(load, e->score, 0);
    compare(page, "Harmful releases", count_words(load, d->harmful_releases), count_words(load, e->harmful_releases));
    compare(page, "Faults stopped (hits)", words(a, "%d of %d", d->hits, d->hits + d->misses),
            words(a, "%d of %d", e->hits, e->hits + e->misses));
    compare(page, "False alarms", words(a, "%d of %d", d->false_alarms, d->false_alarms + d->correct_passes),
            words(a, "%d of %d", e->false_alarms, e->false_alarms + e->correct_passes));
    compare(page, "Critical calls in time", words(a, "%d of %d", d->criticals_called_in_time, d->criticals_due),
            words(a, "%d of %d", e->criticals_called_in_time, e->criticals_due));
    compare(page, "Control faults found", words(a, "%d of %d", d->qc_detected, d->qc_faults),
            words(a, "%d of %d", e->qc_detected, e->qc_faults));
    compare(page, "STAT median, min", fixed(load, d->turnaround[PRIORITY_STAT].median_min, 0),
            fixed(load, e->turnaround[PRIORITY_STAT].median_min, 0));
    compare(page, "Results released", count_words(load, d->released), count_words(load, e->released));
    compare(page, "Actions", count_words(load, d->actions), count_words(load, e->actions));
}

/* ---- causes ---- */

static bool fill_planted(debrief_page_t *page, const debrief_load_t *load, err_t *err)
{
    const debrief_t *d = load->debrief;
    page->planted = arena_array(load->arena, DEBRIEF_PLANTS, sizeof *page->planted);
    if (page->planted == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < d->planted_count; i++) {
        const planted_t *p = &d->planted[i];
        const char *verdict = "not caught";
        if (!p->came)
            verdict = "it had not come when the shift ended";
        else if (p->caught && p->caught_s != INT32_MIN)
            verdict = words(load->arena, "caught at %s", words_clock(load->arena, load->shift, p->caught_s));
        else if (p->caught)
            verdict = "nothing wrong of it went out";
        page->planted[page->planted_count++] = (debrief_plant_t){
            .what = debrief_plant_words(load, p->what),
            .where = words(load->arena, "%s", p->where),
            .at = words_clock(load->arena, load->shift, p->at_s),
            .verdict = verdict,
            .cue = p->cue[0] != '\0' ? words(load->arena, "Cue: %s.", p->cue) : "",
            .caught = p->came && p->caught,
        };
        page->caught_count += p->came && p->caught;
        page->came_count += p->came;
    }
    return true;
}

/* ---- hits and false alarms ---- */

static const char *rate(const debrief_load_t *load, int part_of, int whole)
{
    if (whole < DEBRIEF_MINIMUM_OBSERVATIONS) return "too few to say a rate";
    return words(load->arena, "%s %%", fixed(load, 100.0 * part_of / whole, 0));
}

static void fill_signals(debrief_page_t *page, const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    int bad = d->hits + d->misses, good = d->false_alarms + d->correct_passes;
    page->hits = words(load->arena, "%d of %d with a fault", d->hits, bad);
    page->hit_rate = rate(load, d->hits, bad);
    page->false_alarms = words(load->arena, "%d of %d without", d->false_alarms, good);
    page->false_rate = rate(load, d->false_alarms, good);
    bool enough = bad >= DEBRIEF_MINIMUM_OBSERVATIONS && good >= DEBRIEF_MINIMUM_OBSERVATIONS;
    if (!enough || isnan(d->d_prime)) {
        page->d_prime = words(load->arena, "too few to say (%d and %d observations; %d of each are needed)", bad, good,
                              DEBRIEF_MINIMUM_OBSERVATIONS);
        page->bias = "too few to say";
        return;
    }
    page->d_prime = fixed(load, d->d_prime, 2);
    page->bias = fixed(load, d->bias, 2);
    page->bias_words = d->bias > 0.2 ? "leaning to let pass" : d->bias < -0.2 ? "leaning to stop" : "about even";
}

/* ---- service and competencies ---- */

static void fill_service(debrief_page_t *page, const debrief_load_t *load)
{
    static const char *const names[] = {
        [PRIORITY_ROUTINE] = "Routine", [PRIORITY_URGENT] = "Urgent", [PRIORITY_STAT] = "STAT"};
    const debrief_t *d = load->debrief;
    for (int p = PRIORITY_STAT; p >= PRIORITY_ROUTINE; p--) {
        const turnaround_t *t = &d->turnaround[p];
        page->turnaround[page->turnaround_count++] = (debrief_turnaround_t){
            .priority = names[p],
            .n = count_words(load, t->n),
            .median = fixed(load, t->n > 0 ? t->median_min : NAN, 0),
            .p90 = fixed(load, t->n >= DEBRIEF_MINIMUM_OBSERVATIONS ? t->p90_min : NAN, 0),
            .target = fixed(load, t->target_min, 0),
            .late = words(load->arena, "%d", t->late),
        };
    }
    page->criticals =
        words(load->arena, "%d of %d true criticals called in time with a right read-back; %d needless calls",
              d->criticals_called_in_time, d->criticals_due, d->needless_calls);
    specimen_view_t worst;
    if (d->stat_in_rack.tubes > 0 && shift_specimen(load->shift, d->stat_in_rack.longest, &worst))
        page->stat_in_rack = words(load->arena,
                                   "%d waited in a rack behind routine tubes while the STAT port had room; %s the "
                                   "longest, %d min",
                                   d->stat_in_rack.tubes, worst.accession, d->stat_in_rack.longest_min);
    page->sops = words(load->arena, "opened %d times", d->sop_opened);
    page->records = words(load->arena, "%d actions, %d results amended", d->actions, d->amended);
}

static bool fill_competencies(debrief_page_t *page, const debrief_load_t *load, err_t *err)
{
    const debrief_t *d = load->debrief;
    page->minimum = DEBRIEF_MINIMUM_OBSERVATIONS;
    page->competencies = arena_array(load->arena, DEBRIEF_COMPETENCIES, sizeof *page->competencies);
    if (page->competencies == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < d->competency_count; i++) {
        const competency_t *c = &d->competency[i];
        int bad = c->hits + c->misses, good = c->false_alarms + c->correct_passes;
        page->competencies[page->competence_count++] = (debrief_competence_t){
            .name = c->name,
            .element = c->element,
            .observations = count_words(load, c->observations),
            .said = load->reflection.by_competence[i] < 0
                        ? "–"
                        : words(load->arena, "%d of %d", load->reflection.by_competence[i], APP_RATING_MAX),
            .verdict = c->observations < DEBRIEF_MINIMUM_OBSERVATIONS
                           ? "too few to say"
                           : words(load->arena, "%d of %d", c->right, c->observations),
            .hits = bad > 0 ? words(load->arena, "%d of %d", c->hits, bad) : "–",
            .false_alarms = good > 0 ? words(load->arena, "%d of %d", c->false_alarms, good) : "–",
        };
    }
    return true;
}

/* ---- the minute ---- */

static const char *at_href(const debrief_load_t *load, int minute, bool all)
{
    return words(load->arena, "/shift/%s/debrief?at=%d%s", load->id, minute, all ? "&all=1" : "");
}

static void fill_steps(debrief_page_t *page, const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    int at = page->at_min, last = page->length_min, previous = -1, next = last + 1;
    for (int i = 0; i < d->finding_count; i++) {
        int minute = debrief_minute_of(load, d->findings[i].at_s);
        if (minute < at && minute > previous) previous = minute;
        if (minute > at && minute < next) next = minute;
    }
    if (previous >= 0) page->previous_href = at_href(load, previous, page->all);
    if (next <= last) page->next_href = at_href(load, next, page->all);
    if (at > 0) page->back_href = at_href(load, at > DEBRIEF_STEP_MIN ? at - DEBRIEF_STEP_MIN : 0, page->all);
    if (at < last)
        page->forward_href = at_href(load, at + DEBRIEF_STEP_MIN < last ? at + DEBRIEF_STEP_MIN : last, page->all);
    page->all_href = at_href(load, at, !page->all);
}

static bool fill_timeline(debrief_page_t *page, debrief_load_t *load, err_t *err)
{
    const char *all = request_query(load->request, "all");
    timeline_chart_t chart;
    text_t alt;
    page->all = all != NULL && strcmp(all, "1") == 0;
    page->at_min = debrief_minute(load);
    page->length_min = load->end_s / 60;
    page->at_clock = words_clock(load->arena, load->shift, page->at_min * 60);
    page->end_clock = words_clock(load->arena, load->shift, load->end_s);
    page->picture_href = words(load->arena, "/shift/%s/debrief/timeline.svg?at=%d", load->id, page->at_min);
    page->png_href = words(load->arena, "/shift/%s/debrief/timeline.png?at=%d", load->id, page->at_min);
    fill_steps(page, load);
    if (!debrief_timeline(&chart, load, page->at_min, err)) return false;
    page->picture_width = TIMELINE_WIDTH;
    picture_t picture = {.kind = PICTURE_TIMELINE, .timeline = &chart};
    double width, height;
    if (draw_picture_size(&picture, &width, &height, NULL)) page->picture_height = (int)height;
    text_init(&alt, 4096);
    draw_timeline_describe(&alt, &chart);
    page->picture_alt = alt.data != NULL ? words(load->arena, "%s", alt.data) : "Timeline of the shift";
    text_free(&alt);
    return debrief_fill_seen(page, load, err);
}

static bool fill_moments(debrief_page_t *page, const debrief_load_t *load, const shift_t *worked, err_t *err)
{
    const debrief_t *d = load->debrief;
    page->moments = arena_array(load->arena, (size_t)d->finding_count + 1, sizeof *page->moments);
    if (page->moments == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < d->finding_count; i++) {
        page->moments[i] = debrief_moment_of(load, &d->findings[i]);
        bool severe = d->findings[i].points > 0 && d->findings[i].harm == HARM_SEVERE;
        page->severe_count += severe;
        if (severe && page->critical_count < DEBRIEF_CRITICALS)
            page->critical[page->critical_count++] = &page->moments[i];
        if (i < DEBRIEF_MOMENTS && worked != NULL)
            page->moments[i].expert = debrief_expert_words(load, worked, &d->findings[i]);
        if (i < DEBRIEF_MOMENTS && d->findings[i].points > 0) page->moment_count = i + 1;
    }
    page->finding_count = d->finding_count;
    return true;
}

/* ---- what was asked for, and what was said afterward ---- */

static const char *hint_words(const debrief_load_t *load)
{
    switch (load->visit.summary.mode) {
    case MODE_COACH:
        return "stood beside the work (Coach)";
    case MODE_ASSESS:
        return "none (Assess)";
    default:
        return words(load->arena, "%d asked for (Practice)", load->visit.hints);
    }
}

static void fill_remarks(debrief_page_t *page, const debrief_load_t *load)
{
    for (int i = 0; i < load->reflection.remark_count; i++) {
        const app_remark_t *r = &load->reflection.remarks[i];
        page->remarks[page->remark_count++] = (debrief_remark_t){
            .name = words(load->arena, "%s", r->name),
            .day = words_day(load->arena, r->at_ms),
            .text = words(load->arena, "%s", r->text),
            .grade = r->grade >= 0 ? words(load->arena, "%d", r->grade) : NULL,
        };
        if (r->grade >= 0) page->grade = page->remarks[page->remark_count - 1].grade;
    }
}

bool debrief_fill(debrief_page_t *page, debrief_load_t *load, const debrief_t *expert, const shift_t *worked,
                  const char *why, err_t *err)
{
    const debrief_t *d = load->debrief;
    const shift_summary_t *summary = &load->visit.summary;
    page->id = load->id;
    page->title = summary->title;
    page->scenario_id = summary->scenario_id;
    page->mode = mode_title(summary->mode);
    page->mode_word = shift_mode_word(summary->mode);
    page->seed = words(load->arena, "%" PRIu64, summary->seed);
    page->date = words_day(load->arena, summary->started_ms);
    page->score = fixed(load, d->score, 0);
    page->prevalence = d->drill ? "Drill: faults are many here, on purpose" : "Real life: faults are few, as at work";
    page->self_rating = words(load->arena, "%d", load->reflection.self_rating);
    page->reaction = load->reflection.reaction[0] != '\0' ? load->reflection.reaction : NULL;
    fill_parts(page, load);
    if (expert != NULL)
        fill_compared(page, load, expert);
    else
        page->expert_missing = why;
    fill_signals(page, load);
    fill_service(page, load);
    page->judged = d->hits + d->misses + d->false_alarms + d->correct_passes;
    page->hints = hint_words(load);
    fill_remarks(page, load);
    return fill_timeline(page, load, err) && fill_moments(page, load, worked, err) && fill_planted(page, load, err) &&
           fill_competencies(page, load, err) && debrief_fill_plan(page, load, err);
}
