/* The reaction curve of one chemistry result: the picture, what was read and computed, and the same as a table. Nothing
 * is computed before somebody opens it. */
#include "desk_view.h"

#include "desk_reaction.html.h"
#include "draw/picture.h"
#include "lab/reaction.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { LINE_POINTS = 60, TABLE_STEP_S = 60, SMALL_WIDTH = 340, CACHE_S = 12 * 3600 };

static bool photometric(const reaction_method_t *m)
{
    return m->kind == REACTION_ENDPOINT || m->kind == REACTION_TWO_POINT || m->kind == REACTION_RATE;
}

static const char *wavelengths(const desk_t *d, const reaction_method_t *m)
{
    if (!m->second_nm) return words(d->arena, "%d nm", m->main_nm);
    return words(d->arena, "%d less %d nm", m->main_nm, m->second_nm);
}

static const char *unit_of(const desk_t *d, int analyte)
{
    return words_unit(d->arena, lab_analyte(d->lab, analyte)->unit);
}

/* ---- pictures ---- */

static void curve_chart(const desk_t *d, const result_view_t *v, const reaction_view_t *view, reaction_chart_t *chart)
{
    const reaction_method_t *m = view->method;
    *chart = (reaction_chart_t){.title = lab_analyte(d->lab, v->analyte)->name,
                                .signal = words(d->arena, "absorbance, %s", wavelengths(d, m)),
                                .absorbance = view->absorbance,
                                .count = REACTION_POINTS,
                                .step_s = REACTION_STEP_S,
                                .from_s = m->from_s,
                                .to_s = m->to_s,
                                .added_count = 2,
                                .added = {{0, "sample, first reagent"}, {m->start_s, "second reagent"}}};
}

/* False when there is no memory for its points. */
static bool standards_chart(const desk_t *d, const result_view_t *v, const reaction_view_t *view,
                            standards_chart_t *chart)
{
    const analyte_t *about = lab_analyte(d->lab, v->analyte);
    bool electrode = view->method->kind == REACTION_ISE;
    standard_point_t *standards = arena_array(d->arena, REACTION_STANDARDS, sizeof *standards);
    standard_point_t *line = arena_array(d->arena, LINE_POINTS, sizeof *line);
    if (!standards || !line) return false;
    for (int i = 0; i < view->standards; i++) standards[i] = (standard_point_t){view->standard[i], view->signal[i]};
    double low = log(standards[0].x), high = log(standards[view->standards - 1].x), zero = low, wide = high - low;
    double within = view->number == view->number ? view->number / v->dilution : (double)NAN;
    if (within > 0 && electrode) { /* an electrode's line goes on beyond its standards */
        low = fmin(low, log(within));
        high = fmax(high, log(within));
    }
    for (int i = 0; i < LINE_POINTS; i++) {
        double at = low + (high - low) * i / (LINE_POINTS - 1), x = exp(at);
        double mv = standards[0].y + (standards[1].y - standards[0].y) * (at - zero) / wide;
        line[i] = (standard_point_t){x, electrode ? mv : reaction_signal(d->lab, v->analyte, x)};
    }
    *chart = (standards_chart_t){.title = about->name,
                                 .x_axis = unit_of(d, v->analyte),
                                 .y_axis = electrode ? "potential, mV" : "signal, relative units",
                                 .log_signal = !electrode,
                                 .x_decimals = about->decimals,
                                 .y_decimals = electrode ? 1 : 0,
                                 .standards = standards,
                                 .standard_count = view->standards,
                                 .line = line,
                                 .line_count = LINE_POINTS,
                                 .sample_x = within > 0 ? within : (double)NAN,
                                 .sample_y = view->read};
    return true;
}

typedef struct {
    picture_t picture;
    reaction_chart_t curve;
    standards_chart_t standards;
    reaction_view_t view;
} drawing_t;

/* The picture of a result, or false: its method has none. */
static bool take(const desk_t *d, int32_t result, const result_view_t *v, drawing_t *w)
{
    if (!shift_reaction(d->shift, result, &w->view)) return false;
    if (photometric(w->view.method)) {
        curve_chart(d, v, &w->view, &w->curve);
        w->picture = (picture_t){.kind = PICTURE_REACTION, .reaction = &w->curve};
        return true;
    }
    w->picture = (picture_t){.kind = PICTURE_STANDARDS, .standards = &w->standards};
    return standards_chart(d, v, &w->view, &w->standards);
}

/* ---- the page ---- */

static const char *flag_words(const desk_t *d, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *says;
    } list[] = {{FLAG_CLOT, "clot at the probe"},
                {FLAG_SHORT, "short sample"},
                {FLAG_BUBBLE, "bubble"},
                {FLAG_LINEARITY, "beyond linearity"},
                {FLAG_NOISE, "noise"},
                {FLAG_CARRY_OVER, "carry-over"},
                {FLAG_DEPLETION, "absorbance at the start of the reading out of limits: substrate depletion"}};
    const char *all = "none";
    for (size_t i = 0, n = 0; i < sizeof list / sizeof *list; i++)
        if (flags & list[i].flag)
            all = n++ ? words(d->arena, "%s; %s", all, list[i].says) : words(d->arena, "%s", list[i].says);
    return all;
}

static void fact(reaction_page_t *p, const char *name, const char *value)
{
    if (p->fact_count < REACTION_FACTS) p->facts[p->fact_count++] = (choice_t){name, value};
}

static void row(reaction_page_t *p, const char *at, const char *value, const char *what)
{
    if (p->row_count < REACTION_ROWS) p->rows[p->row_count++] = (reaction_row_t){at, value, what};
}

static void fill_curve_rows(reaction_page_t *p, const reaction_view_t *view)
{
    const desk_t *d = p->d;
    const reaction_method_t *m = view->method;
    p->heads[0] = "Second", p->heads[1] = "Absorbance", p->heads[2] = "What";
    for (int s = 0; s <= REACTION_END_S; s += REACTION_STEP_S) {
        const char *what = s == 0            ? "sample and first reagent"
                           : s == m->start_s ? "second reagent"
                           : s == m->from_s  ? "reading begins"
                           : s == m->to_s    ? "reading ends"
                                             : "";
        if (s % TABLE_STEP_S && !what[0]) continue;
        row(p, words(d->arena, "%d", s), words_fixed(d->arena, view->absorbance[s / REACTION_STEP_S], 3), what);
    }
}

static void fill_standard_rows(reaction_page_t *p, const reaction_view_t *view, const analyte_t *about)
{
    const desk_t *d = p->d;
    bool electrode = view->method->kind == REACTION_ISE;
    p->heads[0] = words(d->arena, "Concentration, %s", words_unit(d->arena, about->unit));
    p->heads[1] = electrode ? "Potential, mV" : "Signal", p->heads[2] = "What";
    for (int i = 0; i < view->standards; i++)
        row(p, words_fixed(d->arena, view->standard[i], about->decimals),
            words_fixed(d->arena, view->signal[i], electrode ? 1 : 0), words(d->arena, "standard %d", i + 1));
    row(p, view->number == view->number ? words_fixed(d->arena, view->number / p->dilution, about->decimals) : "–",
        words_fixed(d->arena, view->read, electrode ? 1 : 0), "sample in the cup");
}

/* "0.1234 A/min x 1746 = 215 U/L". */
static void fill_sum(reaction_page_t *p, const reaction_view_t *view, const analyte_t *about)
{
    const desk_t *d = p->d;
    const char *unit = words_unit(d->arena, about->unit),
               *number = words_fixed(d->arena, view->number, about->decimals);
    const char *times = p->dilution > 1 ? words(d->arena, " × %d (dilution)", p->dilution) : "";
    bool rate = view->method->kind == REACTION_RATE, made = view->number == view->number;
    if (photometric(view->method)) {
        fact(p, "Read",
             words(d->arena, "%s of %s %s", view->method->falls ? "fall" : "rise", words_fixed(d->arena, view->read, 4),
                   rate ? "A/min" : "A"));
        fact(p, "Factor",
             words(d->arena, "%s %s for 1 %s", words_fixed(d->arena, view->factor, view->factor < 100 ? 2 : 0), unit,
                   rate ? "A/min" : "A"));
    } else {
        bool electrode = view->method->kind == REACTION_ISE;
        fact(p, "Read",
             words(d->arena, "%s %s", words_fixed(d->arena, view->read, electrode ? 1 : 0),
                   electrode ? "mV" : "relative units"));
        if (electrode) fact(p, "Slope", words(d->arena, "%s mV a decade", words_fixed(d->arena, view->slope_mv, 1)));
    }
    fact(p, "Number of the analyzer",
         made ? words(d->arena, "%s%s = %s %s", photometric(view->method) ? "factor × read" : "read off the line",
                      times, number, unit)
              : "none: outside its measuring range");
}

static void fill_page(reaction_page_t *p, int32_t result, const result_view_t *v)
{
    const desk_t *d = p->d;
    const analyte_t *about = lab_analyte(d->lab, v->analyte);
    const reaction_method_t *m = lab_reaction(d->lab, v->analyte);
    drawing_t *w = arena_array(d->arena, 1, sizeof *w);
    if (!m || !w) return;
    p->dilution = v->dilution;
    p->principle = m->principle;
    p->source = m->source;
    bool drawn = take(d, result, v, w);
    if (!drawn) {
        p->none = m->kind == REACTION_CALCULATED ? "This result is computed from other results: nothing was recorded."
                                                 : "The curve of this method is not modeled.";
        return;
    }
    text_t says;
    text_init(&says, 4096);
    draw_picture_describe(&says, &w->picture);
    p->alt = words(d->arena, "%s", says.data ? says.data : "");
    text_free(&says);
    p->src = words(d->arena, "/shift/%s/reaction/%d/picture?v=%d", d->id, (int)result, (int)result + 1);
    fact(p, "Reported", words(d->arena, "%s %s", v->text, words_unit(d->arena, about->unit)));
    fact(p, "Flags of the analyzer", flag_words(d, v->flags));
    if (photometric(m)) {
        fact(p, "Kind", words(d->arena, "%s, %s", reaction_kind_words(m->kind), m->falls ? "falling" : "rising"));
        fact(p, "Wavelength", wavelengths(d, m));
        fact(p, "Read window", words(d->arena, "%d to %d s; started at %d s", m->from_s, m->to_s, m->start_s));
        fill_curve_rows(p, &w->view);
    } else {
        fact(p, "Kind",
             words(d->arena, "%s%s", reaction_kind_words(m->kind),
                   m->kind == REACTION_ISE ? ""
                   : m->falls              ? ", competitive"
                                           : ", sandwich"));
        fill_standard_rows(p, &w->view, about);
    }
    fill_sum(p, &w->view, about);
}

static bool asked(const desk_t *d, const request_t *request, int32_t *result, result_view_t *v)
{
    int64_t number;
    const char *text = request_route(request, "result");
    if (!text || !text_to_int(text, strlen(text), &number) || number < 0 || number > INT_MAX) return false;
    *result = (int32_t)number;
    return shift_result(d->shift, *result, v) && lab_reaction(d->lab, v->analyte) != NULL;
}

static void get_reaction(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int32_t result;
    result_view_t v;
    specimen_view_t s;
    if (!desk_open(web, request, response, TAB_VERIFICATION, "Reaction curve", &d)) return;
    if (!asked(&d, request, &result, &v) || !shift_specimen(d.shift, v.specimen, &s)) {
        response_error(response, 404, "There is no chemistry result of that number in this shift.");
    } else {
        reaction_page_t page = {.d = &d};
        desk_specimen_row(&d, v.specimen, &page.at);
        page.test = lab_analyte(d.lab, v.analyte)->name;
        page.measured = words(d.arena, "%s at %s", line_name(v.line), words_clock(d.arena, d.shift, v.measured_s));
        page.back = words(d.arena, "/shift/%s/%s/%s", d.id, s.held ? "verification" : "specimen", s.accession);
        fill_page(&page, result, &v);
        reaction_page(response_html(response), &page);
    }
    desk_close(web, &d);
}

static void get_picture(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    int32_t result = -1;
    result_view_t v;
    err_t err = {0};
    drawing_t *w = arena_array(request->arena, 1, sizeof *w);
    if (!desk_open(web, request, response, TAB_VERIFICATION, "Picture", &d)) return;
    bool drawn = w && asked(&d, request, &result, &v) && take(&d, result, &v, w);
    desk_close(web, &d);
    if (!drawn) {
        response_error(response, 404, "There is no reaction curve of that result.");
        return;
    }
    text_t body;
    text_init(&body, DRAW_BYTES_LIMIT);
    draw_look_t look = desk_look(request);
    if (request_query(request, "small")) look.width = SMALL_WIDTH; /* letters keep their size on a narrow page */
    if (draw_picture(&body, &w->picture, look, &err)) {
        text_add_n(response_body(response, "image/svg+xml"), body.data, body.length);
        if (request_query_int(request, "v", 1, INT_MAX, 0) == result + 1) response_cache(response, CACHE_S);
    } else {
        response_failed(response, &err);
    }
    text_free(&body);
}

const web_route_t *desk_reaction_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/reaction/:result", get_reaction},
                                         {"GET", "/shift/:id/reaction/:result/picture", get_picture}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
