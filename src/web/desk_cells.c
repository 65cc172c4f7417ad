/* Hematology and coagulation in the browser: flags and rules in words, histograms, scattergram, clot curves, studies,
 * what can be done with the tube; and the pictures, which are drawn when somebody looks. */
#include "desk_cells.h"

#include "desk_view.h"
#include "draw/cell.h"
#include "draw/clot.h"
#include "lab/bench.h"
#include "lab/calc.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DOTS = 2500, CURVE_POINTS = 240, STUDIES_SHOWN = 32, FLAGS_SHOWN = 64, PICTURES = 8, CACHE_S = 12 * 3600 };

static const char *const curve_ids[COUNT_CURVES] = {"rbc", "plt", "wbc"};
static const char *const curve_titles[COUNT_CURVES] = {"Red cells", "Platelets", "White cells"};

/* ---- pictures ---- */

static bool histogram_of(const desk_t *d, int32_t specimen, count_curve_t curve, float bins[COUNT_BINS],
                         histogram_t *histogram)
{
    if (!shift_count_curve(d->shift, specimen, curve, bins)) return false;
    *histogram = (histogram_t){.title = curve_titles[curve],
                               .bins = bins,
                               .bin_count = COUNT_BINS,
                               .first = count_curve_low(curve),
                               .last = count_curve_high(curve)};
    return true;
}

static int scatter_of(const desk_t *d, int32_t specimen, scatter_point_t *points, scatter_t *scatter)
{
    static const scatter_class_t classes[] = {[DOT_DEBRIS] = {"debris", SCATTER_DOT, INK_TEXT_3},
                                              [DOT_LYMPH] = {"lymphocytes", SCATTER_DOT, INK_INFO},
                                              [DOT_MONO] = {"monocytes", SCATTER_TRIANGLE, INK_OK},
                                              [DOT_NEUT] = {"neutrophils", SCATTER_DOT, INK_BRAND},
                                              [DOT_EOS] = {"eosinophils", SCATTER_PLUS, INK_CRIT},
                                              [DOT_BASO] = {"basophils", SCATTER_CROSS, INK_TEXT},
                                              [DOT_IG] = {"immature granulocytes", SCATTER_DASH, INK_WARN},
                                              [DOT_BLAST] = {"other cells", SCATTER_RING, INK_TEXT_2}};
    count_dot_t *dots = arena_array(d->arena, DOTS, sizeof *dots);
    int n = dots ? shift_count_dots(d->shift, specimen, DOTS, dots) : 0;
    for (int i = 0; i < n; i++) points[i] = (scatter_point_t){dots[i].ssc, dots[i].sfl, dots[i].cluster};
    *scatter = (scatter_t){.title = "White cells",
                           .x_axis = "side scatter (granularity)",
                           .y_axis = "side fluorescence (nucleic acid)",
                           .points = points,
                           .point_count = n,
                           .class_count = (int)(sizeof classes / sizeof *classes)};
    memcpy(scatter->classes, classes, sizeof classes);
    return n;
}

static bool clot_of(const desk_t *d, int32_t specimen, int analyte, clot_point_t *points, curve_point_t *drawn,
                    clot_curve_t *curve)
{
    result_view_t v;
    int32_t newest = shift_specimen_result(d->shift, specimen, analyte);
    if (newest < 0 || !shift_result(d->shift, newest, &v) ||
        !shift_clot_curve(d->shift, specimen, analyte, points, CURVE_POINTS))
        return false;
    for (int i = 0; i < CURVE_POINTS; i++) drawn[i] = (curve_point_t){points[i].second, points[i].signal};
    bool clotted = v.value == v.value && v.below_or_above <= 0;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    double full = 1; /* the clot of 400 mg/dL fibrinogen */
    for (int i = 0; i < CURVE_POINTS; i++)
        if (points[i].signal > full) full = points[i].signal;
    *curve = (clot_curve_t){.title = about->name,
                            .full = full,
                            .limit_s = about->amr_high,
                            .run_count = 1,
                            .runs = {{.name = "this specimen",
                                      .points = drawn,
                                      .point_count = CURVE_POINTS,
                                      .clot_s = clotted ? v.raw : (double)NAN,
                                      .baseline = points[0].signal}}};
    return true;
}

static int study_values(const desk_t *d, int32_t specimen, int analyte, mixing_t *mixing)
{
    static const struct {
        treatment_t treatment;
        const char *name;
        bool mixed;
    } ways[] = {{TREAT_MIX, "1:1 mix, at once", true},
                {TREAT_MIX_INCUBATED, "1:1 mix, incubated", true},
                {TREAT_MIX_CONTROL, "incubated apart", true},
                {TREAT_HEPARINASE, "heparin neutralized", false},
                {TREAT_ADSORB, "anticoagulant removed", false}};
    double mean, high;
    result_view_t v;
    int32_t newest = shift_specimen_result(d->shift, specimen, analyte);
    if (newest < 0 || !shift_result_facts(d->shift, newest, &v) || !shift_normal_pool(d->shift, analyte, &mean, &high))
        return 0;
    const analyte_t *about = lab_analyte(d->lab, analyte);
    bool clotted = v.value == v.value && v.below_or_above <= 0;
    *mixing = (mixing_t){.title = about->name, .low = about->ri_low[SEX_MALE], .high = high};
    mixing->rows[mixing->row_count++] = (mixing_row_t){"patient", clotted ? v.value : about->amr_high, !clotted, false};
    mixing->rows[mixing->row_count++] = (mixing_row_t){"normal plasma", mean, false, false};
    study_view_t *studies = arena_array(d->arena, STUDIES_SHOWN, sizeof *studies);
    int n = studies ? shift_studies(d->shift, specimen, studies, STUDIES_SHOWN) : 0, found = 0;
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        for (int i = n - 1; i >= 0; i--) {
            if (studies[i].analyte != analyte || studies[i].treatment != ways[w].treatment) continue;
            bool clot = studies[i].value == studies[i].value;
            mixing->rows[mixing->row_count++] =
                (mixing_row_t){ways[w].name, clot ? studies[i].value : about->amr_high, !clot, ways[w].mixed};
            found++;
            break;
        }
    return found;
}

static const char *told(const desk_t *d, text_t *says)
{
    const char *words_of_it = words(d->arena, "%s", says->data ? says->data : "");
    text_free(says);
    return words_of_it;
}

/* A picture is named by what it was drawn from, so that a browser may keep it: another run, another number. */
static int version_of(const desk_t *d, int32_t specimen, const char *family, const char *what)
{
    count_view_t view;
    study_view_t studies[STUDIES_SHOWN];
    if (strcmp(family, "count") == 0) return shift_count(d->shift, specimen, &view) ? view.runs : 0;
    int a = lab_analyte_find(d->lab, what);
    int newest = a < 0 ? 0 : (int)shift_specimen_result(d->shift, specimen, a) + 1;
    if (strcmp(family, "clot") == 0) return newest;
    return newest * STUDIES_SHOWN + shift_studies(d->shift, specimen, studies, STUDIES_SHOWN - 1);
}

static void picture(bench_part_t *p, int32_t specimen, const char *family, const char *what, const char *name,
                    text_t *says)
{
    const desk_t *d = p->d;
    const char *alt = told(d, says), *asked = request_query(d->request, "picture"),
               *key = words(d->arena, "%s-%s", family, what);
    if (p->picture_count == PICTURES) return;
    bool large = text_equal(asked, key);
    p->pictures[p->picture_count++] =
        (bench_picture_t){.src = words(d->arena, "/shift/%s/%s/%s/%s?v=%d%s", d->id, family, p->accession, what,
                                       version_of(d, specimen, family, what), large ? "&large=1" : ""),
                          .alt = alt,
                          .name = name,
                          .large = large,
                          .href = large ? d->here : words(d->arena, "%s?picture=%s", d->here, key)};
}

/* ---- hematology ---- */

static void fill_count(bench_part_t *p, int32_t specimen)
{
    const desk_t *d = p->d;
    count_view_t view;
    if (!shift_count(d->shift, specimen, &view)) return;
    p->shown = p->count = true;
    p->mode = words(d->arena, "run %d, %s", view.runs, counter_mode_words(view.mode));
    p->flags = arena_array(d->arena, FLAGS_SHOWN, sizeof *p->flags);
    for (int f = 0; p->flags && f < CF_COUNT; f++)
        if (view.flags & count_flag_bit(f)) p->flags[p->flag_count++] = count_flag_words(f);
    const review_t *review = lab_review(d->lab);
    p->rules = arena_array(d->arena, (size_t)review_count(review) + 1, sizeof *p->rules);
    for (int r = 0; p->rules && r < review_count(review); r++) {
        const review_rule_t *rule = review_rule(review, r);
        if ((view.review >> r) & 1)
            p->rules[p->rule_count++] =
                (choice_t){words(d->arena, "%s: %s", rule->parameter, rule->criterion), rule->action};
    }
    float bins[COUNT_BINS];
    text_t says;
    for (int c = 0; c < COUNT_CURVES; c++) {
        histogram_t histogram;
        if (!histogram_of(d, specimen, (count_curve_t)c, bins, &histogram)) continue;
        text_init(&says, 4096);
        draw_histogram_describe(&says, &histogram);
        picture(p, specimen, "count", curve_ids[c], curve_titles[c], &says);
    }
    scatter_t scatter;
    scatter_point_t *points = arena_array(d->arena, DOTS, sizeof *points);
    if (points && scatter_of(d, specimen, points, &scatter) > 0) {
        text_init(&says, 4096);
        draw_scatter_describe(&says, &scatter);
        picture(p, specimen, "count", "scatter", "Scattergram", &says);
    }
    text_init(&says, 4096);
    if (shift_film(d->shift, specimen, &says) && says.length)
        p->film = told(d, &says);
    else
        text_free(&says);
}

/* ---- coagulation ---- */

static void fill_clot(bench_part_t *p, int32_t specimen)
{
    static const char *const clotting[] = {"PT", "APTT", "TT"};
    const desk_t *d = p->d;
    clot_point_t *points = arena_array(d->arena, CURVE_POINTS, sizeof *points);
    curve_point_t *drawn = arena_array(d->arena, CURVE_POINTS, sizeof *drawn);
    text_t says;
    for (size_t i = 0; points && drawn && i < sizeof clotting / sizeof *clotting; i++) {
        int a = lab_analyte_find(d->lab, clotting[i]);
        clot_curve_t curve;
        mixing_t mixing;
        double mean, high;
        if (a < 0 || !clot_of(d, specimen, a, points, drawn, &curve)) continue;
        p->shown = true;
        text_init(&says, 4096);
        draw_clot_curve_describe(&says, &curve);
        picture(p, specimen, "clot", clotting[i], words(d->arena, "%s curve", curve.title), &says);
        if (shift_normal_pool(d->shift, a, &mean, &high))
            p->pool =
                words(d->arena, "%s%s%s %.1f s, to %.1f", p->pool ? p->pool : "normal plasma: ", p->pool ? " · " : "",
                      lab_analyte(d->lab, a)->name, mean, high);
        if (study_values(d, specimen, a, &mixing) == 0) continue;
        text_init(&says, 4096);
        draw_mixing_describe(&says, &mixing);
        picture(p, specimen, "mixing", clotting[i], words(d->arena, "%s, mixing", mixing.title), &says);
    }
    double isi, mnpt;
    shift_inr_lot(d->shift, &isi, &mnpt);
    p->lot = words(d->arena, "INR by ISI %.2f, mean normal PT %.1f s", isi, mnpt);
    int32_t results[2];
    if (shift_specimen_results(d->shift, specimen, results, 2) > 0) p->shown = true;
    study_view_t *studies = arena_array(d->arena, STUDIES_SHOWN, sizeof *studies);
    p->studies = arena_array(d->arena, STUDIES_SHOWN, sizeof *p->studies);
    int n = studies && p->studies ? shift_studies(d->shift, specimen, studies, STUDIES_SHOWN) : 0;
    for (int i = 0; i < n; i++)
        p->studies[p->study_count++] =
            (bench_study_t){words_clock(d->arena, d->shift, studies[i].at_s),
                            words(d->arena, "%s: %s", lab_analyte(d->lab, studies[i].analyte)->name,
                                  treatment_words(studies[i].treatment)),
                            words(d->arena, "%s %s", studies[i].text, studies[i].value == studies[i].value ? "s" : "")};
}

/* ---- what can be done ---- */

static void fill_ways(bench_part_t *p, bench_t bench)
{
    static const char *const keys[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"};
    enum { WAY_KEYS = sizeof keys / sizeof *keys };
    p->treatments = arena_array(p->d->arena, TREAT_COUNT, sizeof *p->treatments);
    p->study_ways = arena_array(p->d->arena, TREAT_COUNT, sizeof *p->study_ways);
    for (int t = 0, way = 0; p->treatments && p->study_ways && t < TREAT_COUNT; t++) {
        treatment_t treatment = (treatment_t)t;
        if (treatment_bench(treatment) != bench) continue;
        int minutes = treatment_minutes(treatment);
        bench_way_t made = {.code = words(p->d->arena, "%d", t), .text = treatment_words(treatment), .key = ""};
        if (minutes) made.text = words(p->d->arena, "%s (%d min)", made.text, minutes);
        if (way < WAY_KEYS) made.key = keys[way];
        way++;
        if (treatment_of_test(treatment))
            p->study_ways[p->study_way_count++] = made;
        else
            p->treatments[p->treatment_count++] = made;
    }
}

/* "Being done with the tube until 07:51: warm to 37 °C and rerun." */
static const char *busy_words(const desk_t *d, int32_t specimen, int32_t until)
{
    const char *what = "";
    for (int32_t i = shift_action_count(d->shift) - 1; i >= 0 && !what[0]; i--) {
        log_view_t log;
        if (shift_log(d->shift, i, &log) && log.specimen == specimen && log.kind == ACT_TREAT && log.code >= 0 &&
            log.code < TREAT_COUNT)
            what = treatment_words((treatment_t)log.code);
    }
    return words(d->arena, "Being done with the tube until %s: %s.", words_clock(d->arena, d->shift, until), what);
}

static void fill_choices(bench_part_t *p, const specimen_view_t *s)
{
    const desk_t *d = p->d;
    int32_t results[256];
    int n = (int)shift_specimen_results(d->shift, s->index, results, 256);
    p->held = arena_array(d->arena, (size_t)n + 1, sizeof *p->held);
    for (int i = 0; p->held && i < n; i++) {
        result_view_t v;
        if (shift_result(d->shift, results[i], &v) && v.state == RESULT_HELD)
            p->held[p->held_count++] =
                (choice_t){words(d->arena, "%d", (int)results[i]),
                           words(d->arena, "%s %s", lab_analyte(d->lab, v.analyte)->name, v.text)};
    }
    p->corrections = desk_codes(d, CODE_CORRECTION, &p->correction_count);
    p->tests = arena_array(d->arena, LAB_MAX_ANALYTES, sizeof *p->tests);
    for (int a = 0; p->tests && a < lab_analyte_count(d->lab); a++) {
        const analyte_t *about = lab_analyte(d->lab, a);
        bool ordered = (s->tests[a / 64] >> (a % 64)) & 1;
        if (about->bench == s->bench && about->measured && !ordered)
            p->tests[p->test_count++] = (choice_t){about->id, about->name};
    }
}

void desk_bench_part(desk_t *desk, int32_t specimen, bench_part_t *part)
{
    specimen_view_t s;
    *part = (bench_part_t){.d = desk};
    if (!shift_specimen(desk->shift, specimen, &s) || s.bench == BENCH_CHEMISTRY) return;
    part->accession = words(desk->arena, "%s", s.accession);
    part->index = words(desk->arena, "%d", (int)specimen);
    part->pictures = arena_array(desk->arena, PICTURES, sizeof *part->pictures);
    if (!part->pictures) return;
    if (s.bench == BENCH_HEMATOLOGY)
        fill_count(part, specimen);
    else
        fill_clot(part, specimen);
    desk_checks_fill(part, specimen, s.bench);
    fill_ways(part, s.bench);
    fill_choices(part, &s);
    int32_t until = shift_treated_until_s(desk->shift, specimen);
    if (until != INT_MIN) part->busy = busy_words(desk, specimen, until);
}

/* ---- routes ---- */

/* What a picture is drawn from, taken while the shift stands still; drawn after it has gone on. */
typedef struct {
    enum { DRAW_NOTHING, DRAW_HISTOGRAM, DRAW_SCATTER, DRAW_CLOT, DRAW_MIXING } kind;
    float bins[COUNT_BINS];
    histogram_t histogram;
    scatter_t scatter;
    clot_curve_t curve;
    mixing_t mixing;
} drawing_t;

static void take_count(const desk_t *d, int32_t specimen, const char *what, drawing_t *w)
{
    scatter_point_t *points = arena_array(d->arena, DOTS, sizeof *points);
    if (strcmp(what, "scatter") == 0 && points && scatter_of(d, specimen, points, &w->scatter) > 0)
        w->kind = DRAW_SCATTER;
    for (int c = 0; c < COUNT_CURVES; c++)
        if (strcmp(what, curve_ids[c]) == 0 && histogram_of(d, specimen, (count_curve_t)c, w->bins, &w->histogram))
            w->kind = DRAW_HISTOGRAM;
}

static void take_clot(const desk_t *d, int32_t specimen, const char *what, drawing_t *w)
{
    clot_point_t *points = arena_array(d->arena, CURVE_POINTS, sizeof *points);
    curve_point_t *drawn = arena_array(d->arena, CURVE_POINTS, sizeof *drawn);
    int a = lab_analyte_find(d->lab, what);
    if (points && drawn && a >= 0 && clot_of(d, specimen, a, points, drawn, &w->curve)) w->kind = DRAW_CLOT;
}

static void take_mixing(const desk_t *d, int32_t specimen, const char *what, drawing_t *w)
{
    int a = lab_analyte_find(d->lab, what);
    if (a >= 0 && study_values(d, specimen, a, &w->mixing) > 0) w->kind = DRAW_MIXING;
}

static bool draw(const drawing_t *w, text_t *out, draw_look_t look, err_t *err)
{
    switch (w->kind) {
    case DRAW_HISTOGRAM:
        return draw_histogram(out, &w->histogram, look, err);
    case DRAW_SCATTER:
        return draw_scatter(out, &w->scatter, look, err);
    case DRAW_CLOT:
        return draw_clot_curve(out, &w->curve, look, err);
    case DRAW_MIXING:
        return draw_mixing(out, &w->mixing, look, err);
    default:
        return err_set(err, ERR_NOT_FOUND, "There is no such picture of that specimen.");
    }
}

static void answer(web_t *web, const request_t *request, response_t *response, const char *family,
                   void (*take)(const desk_t *d, int32_t specimen, const char *what, drawing_t *w))
{
    desk_t d;
    err_t err = {0};
    drawing_t *w = arena_array(request->arena, 1, sizeof *w);
    if (!desk_open(web, request, response, TAB_VERIFICATION, "Picture", &d)) return;
    const char *what = request_route(request, "what");
    int32_t at = shift_find_accession(d.shift, request_route(request, "accession"));
    if (w && at >= 0) take(&d, at, what, w);
    bool same = at >= 0 && request_query_int(request, "v", 1, INT_MAX, 0) == version_of(&d, at, family, what);
    desk_close(web, &d);
    if (!w) {
        response_error(response, 503, "There is not enough memory for the picture. Try again.");
        return;
    }
    bool large = request_query(request, "large") != NULL;
    w->histogram.small = w->scatter.small = w->curve.small = !large;
    text_t body;
    text_init(&body, DRAW_BYTES_LIMIT);
    if (draw(w, &body, desk_look(request), &err)) {
        text_add_n(response_body(response, "image/svg+xml"), body.data, body.length);
        if (same) response_cache(response, CACHE_S);
    } else {
        response_failed(response, &err);
    }
    text_free(&body);
}

static void get_count(web_t *web, const request_t *request, response_t *response)
{
    answer(web, request, response, "count", take_count);
}

static void get_clot(web_t *web, const request_t *request, response_t *response)
{
    answer(web, request, response, "clot", take_clot);
}

static void get_mixing(web_t *web, const request_t *request, response_t *response)
{
    answer(web, request, response, "mixing", take_mixing);
}

const web_route_t *desk_cells_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/count/:accession/:what", get_count},
                                         {"GET", "/shift/:id/clot/:accession/:what", get_clot},
                                         {"GET", "/shift/:id/mixing/:accession/:what", get_mixing}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
