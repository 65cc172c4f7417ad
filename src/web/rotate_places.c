/* Sites with their places and capacity, and what learners say of a site. */
#include "rotate.h"

#include "page_words.h"

#include "rotate_places.html.h"

#include <string.h>

static const char *const questions[ROTATION_SITE_QUESTIONS] = {
    "I knew what was expected of me", "I worked with my own hands", "Somebody had time for my questions",
    "I was treated with respect", "I would send another student here"};

static const char *const day_names[7] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static slot_row_t slot_row(arena_t *a, const rotation_t *r, const rotation_slot_t *s)
{
    const rotation_site_t *site = rotation_site(r, s->site);
    const char *days = "", *students = "";
    for (size_t i = 0; i < 7 && s->days[i] != '\0'; i++)
        if (s->days[i] != '.') days = words(a, "%s%s%s", days, days[0] ? " " : "", day_names[i]);
    for (int i = 0; i < r->placed_count; i++)
        if (strcmp(r->placed[i].slot, s->id) == 0)
            students = words(a, "%s%s%s", students, students[0] ? ", " : "", r->placed[i].student);
    return (slot_row_t){.id = words(a, "%s", s->id),
                        .site = words(a, "%s", site != NULL ? site->name : s->site),
                        .department = rotate_department_title(r, s->department),
                        .dates = words(a, "%s to %s", rotate_day_words(a, s->first), rotate_day_words(a, s->last)),
                        .days = days,
                        .hours = words(a, "%s to %s", s->from, s->to),
                        .students = students,
                        .capacity = s->capacity,
                        .placed = s->placed};
}

/* Below five answers nothing of them is shown, not even a comment. */
static site_row_t site_row(arena_t *a, const rotation_t *r, const rotation_site_t *s)
{
    site_row_t row = {.name = words(a, "%s", s->name), .answers = s->answers};
    if (s->answers < ROTATION_SITE_ANSWERS_MIN) return row;
    for (int i = 0; i < ROTATION_SITE_QUESTIONS; i++) row.scores[i] = words_fixed(a, (double)s->sum[i] / s->answers, 1);
    const char **comments = arena_array(a, (size_t)s->answers, sizeof *comments);
    for (int i = 0; comments != NULL && i < r->view_count && row.comment_count < s->answers; i++)
        if (strcmp(r->views[2 * i], s->id) == 0 && r->views[2 * i + 1][0] != '\0')
            comments[row.comment_count++] = words(a, "%s", r->views[2 * i + 1]);
    row.comments = comments;
    return row;
}

static void places(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    const rotation_t *r;
    places_page_t page = {0};
    err_t err;
    arena_t *a = request->arena;
    rotate_frame(&page.r, request, "Sites", "/rotate/sites");
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    page.sites = arena_array(a, ROTATION_SITES_MAX, sizeof *page.sites);
    page.rows = arena_array(a, ROTATION_SITES_MAX, sizeof *page.rows);
    page.slots = arena_array(a, ROTATION_SLOTS_MAX, sizeof *page.slots);
    page.departments = arena_array(a, DEPARTMENTS_MAX, sizeof *page.departments);
    bool ok = page.sites != NULL && page.rows != NULL && page.slots != NULL && page.departments != NULL;
    for (int i = 0; ok && i < r->rules->department_count; i++)
        page.departments[page.department_count++] =
            (option_t){r->rules->departments[i].id, r->rules->departments[i].title, false};
    for (int i = 0; ok && i < r->site_count; i++) {
        page.rows[i] = site_row(a, r, &r->sites[i]);
        page.sites[page.site_count++] = (option_t){words(a, "%s", r->sites[i].id), page.rows[i].name, false};
    }
    for (int i = 0; ok && i < r->slot_count; i++) page.slots[page.slot_count++] = slot_row(a, r, &r->slots[i]);
    app_rotation_leave(web_app(web));
    memcpy(page.questions, questions, sizeof questions);
    memcpy(page.days, day_names, sizeof day_names);
    if (refusal != NULL) {
        rotate_refused(&page.r, response, refusal);
        page.ask_patient = refusal->code == ERR_STATE;
    }
    rotate_places_page(response_html(response), &page);
}

static void get_places(web_t *web, const request_t *request, response_t *response)
{
    places(web, request, response, NULL);
}

static void answer(web_t *web, const request_t *request, response_t *response, bool ok, const err_t *err)
{
    if (ok)
        response_redirect(response, "/rotate/sites");
    else
        places(web, request, response, err);
}

static void post_site(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    bool ok = app_rotation_site(web_app(web), rotate_field(request, "name"), &err);
    answer(web, request, response, ok, &err);
}

static void post_slot(web_t *web, const request_t *request, response_t *response)
{
    static const char letters[] = "MTWTFSS";
    char days[8] = ".......";
    err_t err;
    for (int i = 0; i < 7; i++)
        if (rotate_ticked(request, words(request->arena, "d%d", i))) days[i] = letters[i];
    app_slot_t slot = {.site = rotate_field(request, "site"),
                       .department = rotate_field(request, "department"),
                       .from = rotate_field(request, "from"),
                       .to = rotate_field(request, "to"),
                       .days = days,
                       .capacity = rotate_number(rotate_field(request, "capacity"), 0)};
    bool ok = (rotate_day(rotate_field(request, "first"), &slot.first) &&
               rotate_day(rotate_field(request, "last"), &slot.last)) ||
              err_set(&err, ERR_INPUT, "Write the first and the last day as 2026-11-27.");
    ok = ok && app_rotation_slot(web_app(web), &slot, &err);
    answer(web, request, response, ok, &err);
}

static void post_place(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    bool ok = app_rotation_place(web_app(web), rotate_field(request, "slot"), rotate_field(request, "student"),
                                 strcmp(rotate_field(request, "do"), "away") == 0, &err);
    answer(web, request, response, ok, &err);
}

static void post_view(web_t *web, const request_t *request, response_t *response)
{
    int scores[ROTATION_SITE_QUESTIONS];
    err_t err;
    for (int i = 0; i < ROTATION_SITE_QUESTIONS; i++)
        scores[i] = rotate_number(rotate_field(request, words(request->arena, "q%d", i)), 0);
    bool ok = app_rotation_site_view(web_app(web), rotate_field(request, "site"), scores,
                                     rotate_field(request, "comment"), rotate_ticked(request, "no_patient"), &err);
    answer(web, request, response, ok, &err);
}

static const web_route_t routes[] = {
    {"GET", "/rotate/sites", get_places},     {"POST", "/rotate/sites", post_site},
    {"POST", "/rotate/slots", post_slot},     {"POST", "/rotate/place", post_place},
    {"POST", "/rotate/site-view", post_view},
};

const web_route_t *rotate_place_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
