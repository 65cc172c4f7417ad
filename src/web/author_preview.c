/* What a scenario would bring, before anybody works it: the autopilots on a number of seeds say whether it is solvable
 * and fair, and one shift of the careful one shows who comes, what is planted and what the results would be. */
#include "author.h"
#include "lab/debrief.h"

#include "author_preview.html.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECK_SEEDS = 20, VALUES_MAX = 64, SPECIMENS_MAX = 4 };

typedef struct {
    author_preview_t *page;
    const lab_t *lab;
    const draft_t *draft;
    const shift_t *shift; /* worked to its end by the careful autopilot */
    const debrief_t *debrief;
    arena_t *arena;
} preview_t;

static const char *const pilot_names[PILOT_COUNT][2] = {
    {"Careful", "Looks at every cue a technician would see, and acts on it."},
    {"Accept everything", "Releases every result as it comes."},
    {"Reject everything", "Sends back every specimen."},
    {"Call everything", "Releases everything and calls about every abnormal result."},
};

static void fill_verdict(preview_t *in, const scenario_verdict_t *v)
{
    author_preview_t *page = in->page;
    page->solvable = v->solvable;
    page->fair = v->fair;
    page->anything_planted = v->planted;
    page->seeds = v->seeds;
    page->least = SCENARIO_SOLVABLE;
    page->margin = SCENARIO_MARGIN;
    page->quiet_margin = SCENARIO_QUIET_MARGIN;
    page->why = v->why[0] ? words(in->arena, "%s", v->why) : NULL;
    for (int p = 0; p < PILOT_COUNT && p < AUTHOR_PILOTS; p++)
        page->pilots[page->pilot_count++] =
            (author_pilot_t){.name = pilot_names[p][0],
                             .help = pilot_names[p][1],
                             .mean = words_fixed(in->arena, v->mean[p], 0),
                             .low = words_fixed(in->arena, v->low[p], 0),
                             .lead = p == PILOT_CAREFUL ? NULL : words(in->arena, "%.0f %%", 100 * v->beaten[p]),
                             .careful = p == PILOT_CAREFUL};
}

static void fill_hours(preview_t *in)
{
    author_preview_t *page = in->page;
    for (int32_t from = 0; from < shift_length_s(in->shift) && page->hour_count < AUTHOR_HOURS; from += 3600) {
        author_hour_t *hour = &page->hours[page->hour_count++];
        int32_t to = from + 3600 < shift_length_s(in->shift) ? from + 3600 : shift_length_s(in->shift);
        hour->hours = words(in->arena, "%s to %s", words_clock(in->arena, in->shift, from),
                            words_clock(in->arena, in->shift, to));
        for (int32_t i = 0; i < shift_specimen_count(in->shift); i++) {
            specimen_view_t s;
            int32_t index = shift_arrived_specimen(in->shift, i);
            if (index < 0 || !shift_specimen(in->shift, index, &s)) continue;
            bool first = from == 0 && s.arrived_s < from; /* those waiting at the start */
            if (!first && (s.arrived_s < from || s.arrived_s >= to)) continue;
            hour->count++;
            hour->stat += s.priority == PRIORITY_STAT;
        }
        if (hour->count > page->most) page->most = hour->count;
    }
}

/* ---- what is planted ---- */

static bool fill_specimen(preview_t *in, author_planted_t *planted, int32_t index)
{
    seen_true_t rows[VALUES_MAX];
    err_t ignored;
    specimen_view_t view;
    int count = debrief_specimen_at(in->shift, index, shift_now_s(in->shift), rows, VALUES_MAX, &ignored);
    author_specimen_t *to = &planted->specimens[planted->specimen_count];
    if (!shift_specimen(in->shift, index, &view)) return true;
    to->values = arena_array(in->arena, VALUES_MAX, sizeof *to->values);
    if (!to->values) return false;
    to->accession = words(in->arena, "%s", view.accession);
    to->who = words(in->arena, "%c %d, %s, %s", view.order.sex, view.order.age_y, view.location,
                    words_clock(in->arena, in->shift, view.arrived_s));
    for (int i = 0; i < count; i++) {
        result_view_t result;
        if (!shift_result(in->shift, rows[i].result, &result)) continue;
        const analyte_t *a = lab_analyte(in->lab, result.analyte);
        double tube = a->derived ? NAN : rows[i].truth_in_tube, patient = rows[i].truth_in_patient;
        double limit = isnan(a->tea_pct) ? 0 : fabs(patient) * a->tea_pct / 100;
        if (!isnan(a->tea_abs) && a->tea_abs > limit) limit = a->tea_abs;
        to->values[to->count++] =
            (author_value_t){.test = a->name,
                             .unit = words_unit(in->arena, a->unit),
                             .reported = words(in->arena, "%s", result.text[0] ? result.text : "–"),
                             .in_tube = words_fixed(in->arena, tube, a->decimals),
                             .in_patient = words_fixed(in->arena, patient, a->decimals),
                             .differs = fabs((a->derived ? result.value : tube) - patient) > limit};
    }
    planted->specimen_count++;
    return true;
}

/* `where` holds the accessions, commas between. */
static bool fill_specimens(preview_t *in, author_planted_t *planted, const char *where)
{
    planted->specimens = arena_array(in->arena, SPECIMENS_MAX, sizeof *planted->specimens);
    if (!planted->specimens) return false;
    for (const char *c = where; *c && planted->specimen_count < SPECIMENS_MAX;) {
        size_t n = strcspn(c, ",");
        int32_t index = shift_find_accession(in->shift, words(in->arena, "%.*s", (int)n, c));
        if (index >= 0 && !fill_specimen(in, planted, index)) return false;
        c += n;
        c += strspn(c, ", ");
    }
    return true;
}

/* What tells the fault from others, where its table says. */
static const char *clue_of(const preview_t *in, int row)
{
    fault_view_t fault;
    const char *id = draft_value(in->draft, DRAFT_PLANTED, row, "fault");
    bool known = id[0] && lab_fault(in->lab, lab_fault_find(in->lab, id), &fault) && fault.clue && fault.clue[0];
    return known ? fault.clue : NULL;
}

static bool fill_planted(preview_t *in, const scenario_verdict_t *v)
{
    author_preview_t *page = in->page;
    page->planted = arena_array(in->arena, DEBRIEF_PLANTS, sizeof *page->planted);
    if (!page->planted) return false;
    for (int i = 0; i < in->debrief->planted_count && i < in->draft->count[DRAFT_PLANTED]; i++) {
        const planted_t *p = &in->debrief->planted[i];
        author_planted_t *to = &page->planted[page->planted_count++];
        *to = (author_planted_t){
            .number = i + 1,
            .seeds = v->seeds,
            .what = author_planted_words(in->lab, in->draft, i, in->arena),
            .when = p->at_s < 0 ? words(in->arena, "%.1f h before the start", -p->at_s / 3600.0)
                                : words_clock(in->arena, in->shift, p->at_s),
            .where = p->where[0] ? words(in->arena, "%s", p->where) : "nowhere: it did not come in this shift",
            .cue = p->cue[0] ? words(in->arena, "%s", p->cue) : clue_of(in, i),
            .share = words(in->arena, "%.0f %%", 100 * v->caught[i]),
            .overlooked = words(in->arena, "%.0f %%", 100 * v->overlooked[i]),
            .weak = v->overlooked[i] < 0.5,
            .caught = p->caught,
            .outcome = !p->caught ? "missed"
                       : p->caught_s == INT32_MIN
                           ? "did no harm"
                           : words(in->arena, "caught at %s", words_clock(in->arena, in->shift, p->caught_s)),
        };
        if (!fill_specimens(in, to, p->where)) return false;
    }
    return true;
}

/* ---- the shift in numbers ---- */

static void add_fact(preview_t *in, const char *name, const char *value)
{
    if (in->page->fact_count < AUTHOR_FACTS) in->page->facts[in->page->fact_count++] = (author_fact_t){name, value};
}

static void fill_facts(preview_t *in)
{
    const debrief_t *d = in->debrief;
    int held = 0, critical = 0, calls = 0;
    for (int32_t i = 0; i < shift_result_count(in->shift); i++) {
        result_view_t r;
        if (!shift_result(in->shift, i, &r)) continue;
        held += r.hold != 0;
        critical += r.critical;
    }
    for (int32_t i = 0; i < shift_call_count(in->shift); i++) {
        call_view_t call;
        calls += shift_call(in->shift, i, &call) && call.incoming;
    }
    add_fact(in, "Specimens that came", words(in->arena, "%d", d->specimens));
    add_fact(in, "Results", words(in->arena, "%d", d->results));
    add_fact(in, "Held for review", words(in->arena, "%d", held));
    add_fact(in, "Critical on their face", words(in->arena, "%d", critical));
    add_fact(in, "True criticals to call", words(in->arena, "%d", d->criticals_due));
    add_fact(in, "Calls that rang", words(in->arena, "%d", calls));
    add_fact(in, "Runs of controls", words(in->arena, "%d", d->qc_runs));
    add_fact(in, "Careful's score", words(in->arena, "%s of 100", words_fixed(in->arena, d->score, 0)));
    add_fact(in, "Careful's actions", words(in->arena, "%d", d->actions));
}

/* ---- running it ---- */

static bool fill(preview_t *in, const scenario_t *scenario, uint64_t seed, err_t *err)
{
    shift_t *shift = NULL;
    debrief_t *debrief = NULL;
    scenario_verdict_t verdict;
    bool ok = debrief_check_scenario(in->lab, scenario, CHECK_SEEDS, &verdict, err) &&
              shift_start(&shift, in->lab, scenario, seed, MODE_PRACTICE, err) &&
              pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), NULL, NULL, err) &&
              debrief_make(shift, &debrief, err);
    if (ok) {
        in->shift = shift;
        in->debrief = debrief;
        fill_verdict(in, &verdict);
        fill_hours(in);
        fill_facts(in);
        ok = fill_planted(in, &verdict) || err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    }
    debrief_free(debrief);
    shift_free(shift);
    return ok;
}

void author_preview(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *id = request_route(request, "id");
    author_preview_t page = {0};
    app_scenario_t known;
    draft_t draft;
    scenario_t *scenario = NULL;
    text_t text;
    err_t err = {0};
    uint64_t seed = (uint64_t)request_query_int(request, "seed", 1, INT64_MAX, 1);
    text_init(&text, APP_SCENARIO_MAX + 1);
    frame_init(&page.frame, request, "Preview");
    page.frame.main_class = "wide";
    bool ok = app_scenario_get(app, id, 0, &known, NULL, &err);
    if (ok && known.version == 0) {
        text_free(&text);
        response_redirect(response, "/author/%s?check=1", known.id);
        return;
    }
    ok = ok && app_scenario_get(app, id, known.version, &known, &text, &err) &&
         scenario_read(app_lab(app), known.name, (const unsigned char *)text.data, text.length, &scenario, &err) &&
         draft_read(&draft, request->arena, known.name, text.data, text.length, &err);
    text_free(&text);
    preview_t in = {.page = &page, .lab = app_lab(app), .draft = &draft, .arena = request->arena};
    page.id = words(request->arena, "%s", known.id);
    page.title = words(request->arena, "%s", known.title);
    page.frame.title = words(request->arena, "Preview: %s", known.title);
    page.version = known.version;
    page.mode = shift_mode_word(known.mode);
    page.seed = words(request->arena, "%" PRIu64, seed);
    ok = ok && fill(&in, scenario, seed, &err);
    scenario_free(scenario);
    if (ok)
        author_preview_page(response_html(response), &page);
    else
        response_failed(response, &err);
}
