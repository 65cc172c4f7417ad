/* Seen and true side by side: at one minute of the shift, for one specimen, in one decision. */
#include "debrief_parts.h"

#include "lab/bench.h"

#include <math.h>
#include <string.h>

enum { RESULTS_MAX = 200, STUDIES_MAX = 40 };

int debrief_minute_of(const debrief_load_t *load, int32_t at_s)
{
    int minute = at_s > 0 ? (at_s + 59) / 60 : 0, last = load->end_s / 60;
    return minute < last ? minute : last;
}

int debrief_minute(const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    int fallback = d->finding_count > 0 ? debrief_minute_of(load, d->findings[0].at_s) : load->end_s / 60;
    return (int)request_query_int(load->request, "at", 0, load->end_s / 60, fallback);
}

/* Further from the truth than the allowable total error: the greater of percentage and amount.
 * "> 700" is right of all that is above it. A test without an allowable error is not judged. */
static bool is_apart(const debrief_load_t *load, const result_view_t *result, const seen_true_t *row)
{
    const analyte_t *analyte = lab_analyte(load->lab, result->analyte);
    double reported = row->reported, truth = row->truth_in_patient, allowed = 0;
    if (result->measured_s == INT32_MIN || isnan(reported) || isnan(truth)) return false;
    if (!result->amended && result->below_or_above > 0 && truth > reported) return false;
    if (!result->amended && result->below_or_above < 0 && truth < reported) return false;
    if (!isnan(analyte->tea_pct)) allowed = analyte->tea_pct / 100 * (truth < 0 ? -truth : truth);
    if (!isnan(analyte->tea_abs) && analyte->tea_abs > allowed) allowed = analyte->tea_abs;
    return allowed > 0 && (reported > truth ? reported - truth : truth - reported) > allowed;
}

static debrief_seen_t seen_row(const debrief_load_t *load, const specimen_view_t *specimen, const seen_true_t *row)
{
    result_view_t result;
    debrief_seen_t out = {.accession = "", .href = "", .test = "", .unit = "", .state = ""};
    if (!shift_result(load->shift, row->result, &result)) return out;
    const analyte_t *analyte = lab_analyte(load->lab, result.analyte);
    int decimals = analyte->decimals;
    bool measured = result.measured_s != INT32_MIN;
    out.accession = words(load->arena, "%s", specimen->accession);
    out.href = words(load->arena, "/shift/%s/debrief/specimen/%s", load->id, specimen->accession);
    out.test = analyte->name;
    out.unit = words_unit(load->arena, analyte->unit);
    out.reported = words_fixed(load->arena, measured ? row->reported : NAN, decimals);
    if (measured && result.below_or_above != 0 && !result.amended) out.reported = words(load->arena, "%s", result.text);
    if (measured && (result.flags & FLAG_VOTE_OUT) && isnan(row->reported)) out.reported = "--- (no number given)";
    out.in_patient = words_fixed(load->arena, row->truth_in_patient, decimals);
    out.in_tube = words_fixed(load->arena, row->truth_in_tube, decimals);
    if (load->si && words_has_si(analyte)) {
        int sign = measured && !result.amended ? result.below_or_above : 0;
        const char *number = measured ? words_si_number(load->arena, analyte, row->reported) : NULL;
        if (number && sign) number = words(load->arena, "%s %s", sign > 0 ? ">" : "<", number);
        out.si[0] = number;
        out.si[1] = words_si_number(load->arena, analyte, row->truth_in_patient);
        out.si[2] = words_si_number(load->arena, analyte, row->truth_in_tube);
        out.si[3] = words_unit(load->arena, analyte->si_unit);
    }
    out.state = !measured ? "not measured" : row->released ? "released" : "not released";
    out.apart = is_apart(load, &result, row);
    return out;
}

/* The results of one specimen into the page's rows, within what it has room for. */
static bool seen_of(debrief_page_t *page, const debrief_load_t *load, int32_t index, int32_t at_s, seen_true_t *rows,
                    err_t *err)
{
    specimen_view_t specimen;
    if (!shift_specimen(load->shift, index, &specimen) || specimen.arrived_s > at_s) return true;
    int count = debrief_specimen_at(load->shift, index, at_s, rows, RESULTS_MAX, err);
    if (count < 0) return false;
    for (int i = 0; i < count && i < RESULTS_MAX; i++) {
        result_view_t result;
        if (!shift_result(load->shift, rows[i].result, &result) || result.measured_s == INT32_MIN) continue;
        if (isnan(rows[i].reported) && !(result.flags & FLAG_VOTE_OUT)) continue;
        bool apart = is_apart(load, &result, &rows[i]);
        page->resulted++;
        page->apart += apart;
        if (!apart && !page->all) continue;
        if (page->seen_count < DEBRIEF_SEEN_ROWS)
            page->seen[page->seen_count++] = seen_row(load, &specimen, &rows[i]);
        else
            page->seen_left++;
    }
    return true;
}

bool debrief_fill_seen(debrief_page_t *page, const debrief_load_t *load, err_t *err)
{
    seen_true_t *rows = arena_array(load->arena, RESULTS_MAX, sizeof *rows);
    page->seen = arena_array(load->arena, DEBRIEF_SEEN_ROWS, sizeof *page->seen);
    if (rows == NULL || page->seen == NULL)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    int arrived = shift_specimen_count(load->shift);
    for (int32_t order = 0; order < arrived; order++) {
        int32_t specimen = shift_arrived_specimen(load->shift, order);
        if (specimen >= 0 && !seen_of(page, load, specimen, page->at_min * 60, rows, err)) return false;
    }
    return true;
}

/* ---- one decision ---- */

static const char *kind_words(finding_kind_t kind)
{
    static const char *const names[FINDING_KINDS] = {
        [FINDING_HARMFUL_RELEASE] = "A wrong result went out",
        [FINDING_CAUGHT] = "Caught",
        [FINDING_UNKNOWABLE] = "Wrong, and not knowable",
        [FINDING_WRONG_REJECTION] = "A good specimen rejected",
        [FINDING_RIGHT_REJECTION] = "Rightly rejected",
        [FINDING_UNFIT_TAKEN] = "An unfit specimen taken",
        [FINDING_UNFIT_SETTLED] = "Asked for what was missing",
        [FINDING_CRITICAL_LATE] = "A critical value not called in time",
        [FINDING_CRITICAL_CALLED] = "Critical value called",
        [FINDING_QC_MISSED] = "Control fault missed",
        [FINDING_QC_CAUGHT] = "Control fault caught",
        [FINDING_QC_FALSE_ALARM] = "False alarm at the controls",
        [FINDING_NEEDLESS_CALL] = "Needless call",
        [FINDING_NEEDLESS_REPEAT] = "Needless repeat",
        [FINDING_LATE_RESULT] = "Late result",
        [FINDING_BLANK_RECORD] = "Record left blank",
        [FINDING_PHONE] = "On the telephone",
        [FINDING_WORKUP_DONE] = "Done what the blood asked for",
        [FINDING_WORKUP_MISSED] = "What the blood asked for, not done",
        [FINDING_SURVEY_PASSED] = "Proficiency specimen, passed",
        [FINDING_SURVEY_FAILED] = "Proficiency specimen, failed",
        [FINDING_CARE_DONE] = "Care of the analyzers, done",
        [FINDING_CARE_UNSIGNED] = "A list or log not signed",
        [FINDING_CARE_INVENTED] = "Signed without looking",
        [FINDING_CARE_OUT_OF_RANGE] = "Out of range, signed as acceptable",
        [FINDING_CARE_EXCURSION] = "Temperature not dealt with",
        [FINDING_CARE_STOCK] = "Stores",
        [FINDING_CARE_ALARM] = "Alarm not looked after",
        [FINDING_CARE_UNVERIFIED] = "Patients before the checks",
        [FINDING_CARE_DOWNTIME] = "Downtime",
        [FINDING_CARE_ENTRY] = "Entry from paper",
        [FINDING_CARE_FALSE] = "Needless care",
        [FINDING_TUBE_DONE] = "Tubes, done",
        [FINDING_TUBE_SPIN] = "Spun too short",
        [FINDING_TUBE_LABEL] = "Label",
        [FINDING_TUBE_ADD_ON] = "Added test",
        [FINDING_TUBE_ALIQUOT] = "Aliquot",
        [FINDING_TUBE_UNSTORED] = "Tubes left on the bench",
        [FINDING_REVIEW_DONE] = "Month of controls reviewed",
        [FINDING_REVIEW_WRONG] = "Wrong limits signed",
        [FINDING_REVIEW_MISSED] = "Month of controls, missed",
        [FINDING_REVIEW_NEEDLESS] = "Month of controls, needless doubt",
    };
    return names[kind];
}

static const char *cue_words(const debrief_load_t *load, const finding_t *f)
{
    if (f->visible_s == INT32_MIN) return "nothing to be seen beforehand";
    const char *clock = words_clock(load->arena, load->shift, f->visible_s);
    int before = (f->at_s - f->visible_s) / 60;
    if (before > 0) return words(load->arena, "to be seen since %s, %d min before", clock, before);
    return words(load->arena, "to be seen at %s", clock);
}

static const char *value_words(const debrief_load_t *load, const finding_t *f, double value)
{
    if (isnan(value)) return "no number";
    if (f->analyte < 0) return words_fixed(load->arena, value, 1);
    const analyte_t *analyte = lab_analyte(load->lab, f->analyte);
    const char *si = load->si ? words_si(load->arena, analyte, value, 0) : NULL;
    return words(load->arena, si ? "%s %s %s (%s)" : "%s %s %s", analyte->name,
                 words_fixed(load->arena, value, analyte->decimals), words_unit(load->arena, analyte->unit), si);
}

debrief_moment_t debrief_moment_of(const debrief_load_t *load, const finding_t *f)
{
    static const char *const harms[] = {"no harm", "minor harm", "moderate harm", "severe harm"};
    static const char *const chips[] = {"plain", "info", "warn", "crit"};
    specimen_view_t specimen;
    debrief_moment_t m = {
        .kind = kind_words(f->kind),
        .harm = harms[f->harm],
        .chip = chips[f->harm],
        .points = f->points > 0 ? words(load->arena, "−%s", words_fixed(load->arena, f->points, 1)) : "0",
        .at = words_clock(load->arena, load->shift, f->at_s),
        .since = cue_words(load, f),
        .seen = value_words(load, f, f->seen),
        .truth = value_words(load, f, f->truth),
        .text = words_readable(load->arena, f->text),
        .at_href = words(load->arena, "/shift/%s/debrief?at=%d#timeline", load->id, debrief_minute_of(load, f->at_s)),
    };
    if (f->specimen >= 0 && shift_specimen(load->shift, f->specimen, &specimen)) {
        m.accession = words(load->arena, "%s", specimen.accession);
        m.specimen_href = words(load->arena, "/shift/%s/debrief/specimen/%s", load->id, specimen.accession);
    }
    return m;
}

/* ---- one specimen ---- */

static const char *state_words(specimen_state_t state)
{
    static const char *const names[] = {
        [SPECIMEN_COMING] = "not here",
        [SPECIMEN_TRAY] = "in the tray, undecided",
        [SPECIMEN_ON_HOLD] = "put aside",
        [SPECIMEN_REJECTED] = "rejected",
        [SPECIMEN_RECEIVED] = "received",
        [SPECIMEN_SPINNING] = "in the centrifuge",
        [SPECIMEN_SPUN] = "spun",
        [SPECIMEN_QUEUED] = "waiting on a line",
        [SPECIMEN_RUNNING] = "on the analyzer",
        [SPECIMEN_RESULTED] = "results in",
        [SPECIMEN_DONE] = "done",
    };
    return names[state];
}

static bool specimen_truth(debrief_specimen_page_t *page, const debrief_load_t *load, int32_t specimen, err_t *err)
{
    text_t text;
    text_init(&text, 4096);
    bool done = debrief_specimen_truth(load->shift, specimen, &text, err);
    bool nothing = text.data == NULL || text.data[0] == '\0';
    /* what the patient has is told of every specimen; it is no fault of the tube */
    bool sound = nothing || strncmp(text.data, "The patient has", strlen("The patient has")) == 0;
    page->truth = words(load->arena, "%s%s", sound ? "Nothing was wrong with it. " : "", nothing ? "" : text.data);
    text_clear(&text);
    shift_specimen_panels(load->shift, specimen, &text);
    page->panels = text.data != NULL ? words(load->arena, "%s", text.data) : "";
    text_free(&text);
    return done;
}

static const char *tube_words(const debrief_load_t *load, const specimen_view_t *view)
{
    int index = lab_tube_find(load->lab, view->tube != NULL && view->tube[0] != '\0' ? view->tube : view->ordered_tube);
    if (index < 0) return "–";
    const tube_t *tube = lab_tube(load->lab, index);
    return words(load->arena, "%s (%s)", tube->name, tube->color);
}

/* Studies and the film of it: evidence that is not reported. */
static bool fill_studies(debrief_specimen_page_t *page, const debrief_load_t *load, int32_t specimen, err_t *err)
{
    study_view_t *views = arena_array(load->arena, STUDIES_MAX, sizeof *views);
    page->studies = arena_array(load->arena, STUDIES_MAX, sizeof *page->studies);
    if (views == NULL || page->studies == NULL)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    int count = shift_studies(load->shift, specimen, views, STUDIES_MAX);
    for (int i = 0; i < count && i < STUDIES_MAX; i++) {
        const analyte_t *analyte = lab_analyte(load->lab, views[i].analyte);
        page->studies[page->study_count++] = (debrief_study_t){
            .at = words_clock(load->arena, load->shift, views[i].at_s),
            .treatment = treatment_words(views[i].treatment),
            .test = analyte->name,
            .value = words(load->arena, "%s %s", views[i].text, words_unit(load->arena, analyte->unit)),
        };
    }
    text_t film;
    text_init(&film, 2000);
    if (shift_film(load->shift, specimen, &film) && film.data != NULL) page->film = words(load->arena, "%s", film.data);
    text_free(&film);
    return true;
}

bool debrief_fill_specimen(debrief_specimen_page_t *page, const debrief_load_t *load, int32_t specimen, err_t *err)
{
    specimen_view_t view;
    if (!shift_specimen(load->shift, specimen, &view))
        return err_set(err, ERR_NOT_FOUND, "This shift has no such specimen.");
    seen_true_t *rows = arena_array(load->arena, RESULTS_MAX, sizeof *rows);
    const debrief_t *d = load->debrief;
    page->rows = arena_array(load->arena, RESULTS_MAX, sizeof *page->rows);
    page->moments = arena_array(load->arena, (size_t)d->finding_count + 1, sizeof *page->moments);
    if (rows == NULL || page->rows == NULL || page->moments == NULL)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    page->id = load->id;
    page->title = load->visit.summary.title;
    page->accession = words(load->arena, "%s", view.accession);
    page->patient = words(load->arena, "%s, %s, %d y, %c, %s", view.order.family, view.order.given, view.order.age_y,
                          view.order.sex, view.order.mrn);
    page->place = view.location;
    page->collected = words_clock(load->arena, load->shift, view.collected_s);
    page->arrived = words_clock(load->arena, load->shift, view.arrived_s);
    page->state = state_words(view.state);
    page->mode = mode_title(load->visit.summary.mode);
    if (!fill_studies(page, load, specimen, err)) return false;
    page->tube = tube_words(load, &view);
    if (!specimen_truth(page, load, specimen, err)) return false;
    int count = debrief_specimen_at(load->shift, specimen, load->end_s, rows, RESULTS_MAX, err);
    if (count < 0) return false;
    for (int i = 0; i < count && i < RESULTS_MAX; i++) page->rows[page->row_count++] = seen_row(load, &view, &rows[i]);
    for (int i = 0; i < d->finding_count; i++)
        if (d->findings[i].specimen == specimen)
            page->moments[page->moment_count++] = debrief_moment_of(load, &d->findings[i]);
    return true;
}
