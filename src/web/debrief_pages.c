/* The debrief over HTTP. Every address here passes through open_debrief: a shift that is not over
 * answers with one sentence, and nothing of the score is shown before the trainee has said how it was. */
#include "home.h"

#include "debrief_parts.h"

#include "debrief.html.h"
#include "debrief_specimen.html.h"
#include "reflect.html.h"

#include <inttypes.h>
#include <string.h>

static void close_debrief(debrief_load_t *load)
{
    debrief_free(load->debrief);
    app_leave(load->app, &load->visit);
}

static void not_yet(const request_t *request, response_t *response, const char *id, const char *where)
{
    debrief_closed_t page = {.id = id};
    frame_init(&page.frame, request, "Not yet");
    page.frame.where = where;
    response_status(response, 409);
    debrief_closed_page(response_html(response), &page);
}

/* Visits a shift that is over. False when the answer has been written. */
static bool open_over(web_t *web, const request_t *request, response_t *response, debrief_load_t *load)
{
    err_t err;
    memset(load, 0, sizeof *load);
    load->request = request;
    load->arena = request->arena;
    load->app = web_app(web);
    load->si = frame_si(request);
    if (!app_peek(load->app, request_route(request, "id"), &load->visit, &err)) {
        response_failed(response, &err);
        return false;
    }
    load->shift = load->visit.shift;
    load->lab = shift_lab(load->shift);
    load->id = words(load->arena, "%s", load->visit.summary.id);
    load->end_s = shift_now_s(load->shift);
    if (shift_over(load->shift)) return true;
    const shift_summary_t *summary = &load->visit.summary;
    const char *where = words(load->arena, "%s · %s", mode_title(summary->mode), summary->title);
    app_leave(load->app, &load->visit);
    not_yet(request, response, load->id, where);
    return false;
}

/* As open_over, and the trainee has rated the shift. False when the answer has been written. */
static bool open_debrief(web_t *web, const request_t *request, response_t *response, debrief_load_t *load)
{
    err_t err;
    app_reflection_t reflection = {0};
    if (!app_reflection(web_app(web), request_route(request, "id"), &reflection, &err)) {
        response_failed(response, &err);
        return false;
    }
    if (!open_over(web, request, response, load)) return false;
    if (!reflection.done) {
        app_leave(load->app, &load->visit);
        response_redirect(response, "/shift/%s/debrief", load->id);
        return false;
    }
    load->reflection = reflection;
    if (debrief_make(load->shift, &load->debrief, &err)) return true;
    app_leave(load->app, &load->visit);
    response_failed(response, &err);
    return false;
}

/* ---- before: how was it ---- */

bool reflect_is(const char *typed, size_t number)
{
    int64_t value;
    return typed != NULL && text_to_int(typed, strlen(typed), &value) && value == (int64_t)number;
}

static void reflect_form(const request_t *request, response_t *response, const debrief_load_t *load, const char *wrong)
{
    reflect_t page = {.id = load->id, .title = load->visit.summary.title, .wrong = wrong};
    frame_init(&page.frame, request, "The shift is over");
    page.frame.here = words(request->arena, "/shift/%s/debrief", load->id);
    page.mode = mode_title(load->visit.summary.mode);
    page.frame.where = words(request->arena, "%s · %s", page.mode, page.title);
    for (int i = 0; i < APP_COMPETENCES; i++) {
        page.each[i].name = app_competence_name(i);
        page.each[i].field = words(request->arena, "each-%d", i);
        page.each[i].typed = request_form(request, page.each[i].field);
    }
    page.each_count = APP_COMPETENCES;
    page.reaction = request_form(request, "reaction");
    page.rating = request_form(request, "rating");
    if (wrong != NULL) {
        page.frame.notice_kind = "crit";
        page.frame.notice = wrong;
        response_status(response, 422);
    }
    reflect_page(response_html(response), &page);
}

static void reflect(web_t *web, const request_t *request, response_t *response)
{
    debrief_load_t load;
    if (!open_over(web, request, response, &load)) return;
    app_leave(load.app, &load.visit);
    const char *reaction = request_form(request, "reaction");
    int64_t rating = request_form_int(request, "rating", 0, 100, -1);
    if (reaction == NULL || reaction[0] == '\0') {
        reflect_form(request, response, &load, "Write one line on how it was; one word will do.");
        return;
    }
    if (strlen(reaction) >= APP_NOTE_MAX) {
        reflect_form(request, response, &load, "One line, please: the reaction is too long to keep.");
        return;
    }
    if (rating < 0) {
        reflect_form(request, response, &load, "Rate yourself with a whole number from 0 to 100.");
        return;
    }
    int each[APP_COMPETENCES];
    for (int i = 0; i < APP_COMPETENCES; i++)
        each[i] = (int)request_form_int(request, words(request->arena, "each-%d", i), 0, APP_RATING_MAX, -1);
    err_t err;
    if (!app_reflect(load.app, load.id, reaction, (int)rating, each, &err)) {
        response_failed(response, &err);
        return;
    }
    response_redirect(response, "/shift/%s/debrief", load.id);
}

/* ---- the report ---- */

static bool fill_report(debrief_page_t *page, debrief_load_t *load, err_t *err)
{
    debrief_t *expert = NULL;
    shift_t *worked = NULL;
    err_t why;
    const char *missing = NULL;
    if (!debrief_expert(load->shift, &expert, &worked, &why))
        missing = words(load->arena, "The careful run could not be made: %s", why.text);
    bool filled = debrief_fill(page, load, expert, worked, missing, err);
    debrief_free(expert);
    shift_free(worked);
    return filled;
}

static const frame_key_t report_keys[] = {
    {"p", "Previous moment"}, {"n", "Next moment"}, {"h", "15 minutes back"}, {"l", "15 minutes on"}};

/* The report, with what was typed into a form of it that was refused. */
static void report(const request_t *request, response_t *response, debrief_load_t *load, const char *refused)
{
    debrief_page_t page = {0};
    err_t err;
    frame_init(&page.frame, request, "Debrief");
    page.frame.main_class = "wide";
    page.frame.keys = report_keys;
    page.frame.key_count = sizeof report_keys / sizeof report_keys[0];
    page.frame.here = words(request->arena, "/shift/%s/debrief", load->id);
    if (refused != NULL) {
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        page.remark_wrong = refused;
        page.remark_name = request_form(request, "name");
        page.remark_text = request_form(request, "comment");
        page.remark_grade = request_form(request, "grade");
        response_status(response, 422);
    }
    if (fill_report(&page, load, &err)) {
        page.frame.where = words(request->arena, "%s · %s", page.mode, page.title);
        debrief_report_page(response_html(response), &page);
    } else {
        response_failed(response, &err);
    }
}

static void debrief(web_t *web, const request_t *request, response_t *response)
{
    app_reflection_t reflection = {0};
    debrief_load_t load;
    err_t err;
    if (!app_reflection(web_app(web), request_route(request, "id"), &reflection, &err)) {
        response_failed(response, &err);
        return;
    }
    if (!reflection.done) {
        if (!open_over(web, request, response, &load)) return;
        app_leave(load.app, &load.visit);
        reflect_form(request, response, &load, NULL);
        return;
    }
    if (!open_debrief(web, request, response, &load)) return;
    report(request, response, &load, NULL);
    close_debrief(&load);
}

/* ---- plan and remarks ---- */

static void keep(web_t *web, const request_t *request, response_t *response)
{
    debrief_load_t load;
    debrief_page_t page = {0};
    err_t err;
    if (!open_debrief(web, request, response, &load)) return;
    int number = (int)request_form_int(request, "line", 0, DEBRIEF_PLAN_LINES - 1, -1);
    int days = (int)request_form_int(request, "days", 0, APP_PLAN_DAYS_MAX, -1);
    bool filled = fill_report(&page, &load, &err);
    debrief_free(load.debrief);
    load.debrief = NULL;
    app_leave(load.app, &load.visit); /* saving visits the shift itself */
    if (!filled || !debrief_keep(&page, &load, number, days, &err))
        response_failed(response, &err);
    else
        response_redirect(response, "/shift/%s/debrief#plan", load.id);
}

static void remark(web_t *web, const request_t *request, response_t *response)
{
    const char *name = request_form(request, "name"), *text = request_form(request, "comment"),
               *grade = request_form(request, "grade");
    bool graded = grade != NULL && grade[0] != '\0';
    int value = graded ? (int)request_form_int(request, "grade", 0, 100, -2) : -1;
    debrief_load_t load;
    err_t err;
    const char *id = request_route(request, "id");
    if (app_remark(web_app(web), id, name != NULL ? name : "", text != NULL ? text : "", value, &err)) {
        response_redirect(response, "/shift/%s/debrief#said", id);
        return;
    }
    if (err.code != ERR_INPUT && err.code != ERR_LIMIT) {
        response_failed(response, &err);
        return;
    }
    if (!open_debrief(web, request, response, &load)) return;
    report(request, response, &load, words(request->arena, "%s", err.text));
    close_debrief(&load);
}

static void paper(web_t *web, const request_t *request, response_t *response)
{
    debrief_load_t load;
    debrief_page_t page = {0};
    err_t err;
    if (!open_debrief(web, request, response, &load)) return;
    const char *size = request_query(request, "size");
    paper_size_t sheet = size != NULL && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER;
    bool done = fill_report(&page, &load, &err) &&
                debrief_paper(response_body(response, "application/pdf"), &page, &load, sheet, &err);
    if (!done)
        response_failed(response, &err);
    else
        response_download(response, words(request->arena, "debrief-%s.pdf", load.id));
    close_debrief(&load);
}

static void picture(web_t *web, const request_t *request, response_t *response, draw_look_t look)
{
    debrief_load_t load;
    timeline_chart_t chart;
    err_t err;
    if (!open_debrief(web, request, response, &load)) return;
    text_t *body = response_body(response, draw_media_type(look.format));
    if (!debrief_timeline(&chart, &load, debrief_minute(&load), &err) || !draw_timeline(body, &chart, look, &err))
        response_failed(response, &err);
    close_debrief(&load);
}

static void picture_svg(web_t *web, const request_t *request, response_t *response)
{
    const char *scheme = request_query(request, "scheme");
    bool dark = scheme != NULL && strcmp(scheme, "dark") == 0;
    picture(web, request, response, (draw_look_t){.format = DRAW_SVG, .scheme = dark ? DRAW_DARK : DRAW_LIGHT});
}

static void picture_png(web_t *web, const request_t *request, response_t *response)
{
    picture(web, request, response, (draw_look_t){.format = DRAW_PNG, .scheme = DRAW_LIGHT});
}

/* ---- one specimen ---- */

static void specimen(web_t *web, const request_t *request, response_t *response)
{
    debrief_load_t load;
    debrief_specimen_page_t page = {0};
    err_t err;
    if (!open_debrief(web, request, response, &load)) return;
    int32_t index = shift_find_accession(load.shift, request_route(request, "accession"));
    frame_init(&page.frame, request, "Specimen");
    page.frame.main_class = "wide";
    if (index < 0) {
        response_error(response, 404, "This shift has no specimen of that number. Open one from the debrief.");
    } else if (!debrief_fill_specimen(&page, &load, index, &err)) {
        response_failed(response, &err);
    } else {
        page.frame.title = words(request->arena, "Specimen %s", page.accession);
        page.frame.where = words(request->arena, "%s · %s", page.mode, page.title);
        debrief_specimen_report(response_html(response), &page);
    }
    close_debrief(&load);
}

static const web_route_t routes[] = {
    {"GET", "/shift/:id/debrief", debrief},
    {"POST", "/shift/:id/debrief/reflect", reflect},
    {"POST", "/shift/:id/debrief/plan", keep},
    {"POST", "/shift/:id/debrief/remark", remark},
    {"GET", "/shift/:id/debrief.pdf", paper},
    {"GET", "/shift/:id/debrief/timeline.svg", picture_svg},
    {"GET", "/shift/:id/debrief/timeline.png", picture_png},
    {"GET", "/shift/:id/debrief/specimen/:accession", specimen},
};

const web_route_t *debrief_routes(size_t *count)
{
    *count = sizeof routes / sizeof routes[0];
    return routes;
}
