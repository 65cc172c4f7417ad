/* Applications for work: what is open, how far each has come, what is next. Only what the person enters; nothing is
 * fetched from anywhere. */
#include "work.h"

#include "app/applications.h"
#include "calendar_answer.h"
#include "page_words.h"
#include "work_view.h"

#include "work_apply.html.h"

#include <string.h>

static const char *typed(const request_t *request, const char *name)
{
    const char *value = request_form(request, name);
    return value ? value : "";
}

static const char *history_of(arena_t *a, const application_t *x)
{
    const char *all = "";
    for (int i = 0; i < x->step_count; i++)
        all = words(a, "%s%s%s %s", all, i ? " → " : "", application_title(x->steps[i].state),
                    words_day(a, x->steps[i].at_ms));
    return all;
}

static apply_row_t row_of(arena_t *a, const application_t *x)
{
    bool closed = application_closed(x->state);
    return (apply_row_t){
        .id = x->id,
        .employer = x->employer,
        .title = x->title,
        .place = x->place,
        .pay = x->pay,
        .state = application_title(x->state),
        .tone = x->state == APPLICATION_OFFER || x->state == APPLICATION_ACCEPTED ? "ok"
                : closed                                                          ? "plain"
                                                                                  : "info",
        .deadline = x->deadline[0] ? x->deadline : "–",
        .next = x->next_day[0] || x->next[0] ? words(a, "%s %s", x->next_day, x->next) : "–",
        .history = history_of(a, x),
        .href = words(a, "/applications/%s", x->id),
    };
}

static const column_t columns[] = {
    COLUMN(apply_row_t, "employer", "Employer", employer), COLUMN(apply_row_t, "title", "Position", title),
    COLUMN(apply_row_t, "state", "State", state),          COLUMN(apply_row_t, "next", "Next", next),
    COLUMN(apply_row_t, "deadline", "Apply by", deadline), COLUMN_LEAST(apply_row_t, "place", "Place", place),
    COLUMN_LEAST(apply_row_t, "pay", "Pay", pay),          COLUMN_LEAST(apply_row_t, "history", "History", history),
};

static void applications(web_t *web, const request_t *request, response_t *response)
{
    apply_page_t page = {0};
    application_t *list;
    int count;
    err_t err;
    frame_init(&page.frame, request, "Applications");
    page.frame.main_class = "wide";
    if (!app_applications(web_app(web), request->arena, &list, &count, &err)) {
        response_failed(response, &err);
        return;
    }
    page.rows = arena_array(request->arena, (size_t)count + 1, sizeof *page.rows);
    page.count = page.rows ? count : 0;
    for (int i = 0; i < page.count; i++) {
        page.rows[i] = row_of(request->arena, &list[i]);
        page.open += !application_closed(list[i].state);
    }
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "applications.csv"))
        apply_list_page(response_html(response), &page);
}

static application_t typed_application(const request_t *request, const char *id)
{
    int state = application_from(typed(request, "state"));
    return (application_t){.id = id,
                           .employer = typed(request, "employer"),
                           .title = typed(request, "title"),
                           .place = typed(request, "place"),
                           .pay = typed(request, "pay"),
                           .notes = typed(request, "notes"),
                           .state = state < 0 ? APPLICATION_SAVED : (application_state_t)state,
                           .deadline = typed(request, "deadline"),
                           .next_day = typed(request, "next_day"),
                           .next = typed(request, "next")};
}

static void form(web_t *web, const request_t *request, response_t *response, const char *id, const err_t *why)
{
    apply_form_t page = {.id = id, .history = ""};
    application_t *list, shown = typed_application(request, id);
    int count;
    err_t err;
    bool found = id[0] == '\0';
    frame_init(&page.frame, request, id[0] ? "Application" : "New application");
    page.frame.main_class = "wide";
    if (!app_applications(web_app(web), request->arena, &list, &count, &err)) {
        response_failed(response, &err);
        return;
    }
    for (int i = 0; id[0] && i < count; i++) {
        if (strcmp(list[i].id, id) != 0) continue;
        found = true;
        page.history = history_of(request->arena, &list[i]);
        if (!why) shown = list[i];
    }
    if (!found) {
        response_error(response, 404, "There is no such application.");
        return;
    }
    page.employer = shown.employer, page.title = shown.title, page.place = shown.place, page.pay = shown.pay;
    page.notes = shown.notes, page.deadline = shown.deadline, page.next_day = shown.next_day, page.next = shown.next;
    for (int s = 0; s < APPLICATION_STATES && s < APPLY_STATES; s++)
        page.states[s] = (apply_state_t){application_word((application_state_t)s),
                                         application_title((application_state_t)s), s == (int)shown.state};
    if (why) {
        page.frame.notice_kind = "crit";
        page.frame.notice = words(request->arena, "%s", why->text);
        response_status(response, 422);
    }
    apply_form_page(response_html(response), &page);
}

static void get_form(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    form(web, request, response, id ? id : "", NULL);
}

static void post_form(web_t *web, const request_t *request, response_t *response)
{
    const char *id = request_route(request, "id");
    char made[APP_ID_MAX];
    err_t err;
    application_t a = typed_application(request, id ? id : "");
    if (app_application_save(web_app(web), &a, typed(request, "request"), made, &err))
        response_redirect(response, "/applications");
    else if (err.code == ERR_INPUT || err.code == ERR_LIMIT)
        form(web, request, response, id ? id : "", &err);
    else
        response_failed(response, &err);
}

static void post_remove(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_application_remove(web_app(web), request_route(request, "id"), &err))
        response_redirect(response, "/applications");
    else
        response_failed(response, &err);
}

static void calendar(web_t *web, const request_t *request, response_t *response)
{
    application_t *list;
    int count;
    err_t err;
    if (!app_applications(web_app(web), request->arena, &list, &count, &err)) {
        response_failed(response, &err);
        return;
    }
    applications_calendar(calendar_body(response), list, count, request->now_ms);
    calendar_answer(response, "applications.ics",
                    "No open application has a deadline or a next step with its day: there is nothing to put into a "
                    "calendar.");
}

static const web_route_t routes[] = {
    {"GET", "/applications", applications},
    {"GET", "/applications.ics", calendar},
    {"GET", "/applications/new", get_form},
    {"POST", "/applications/new", post_form},
    {"GET", "/applications/:id", get_form},
    {"POST", "/applications/:id", post_form},
    {"POST", "/applications/:id/remove", post_remove},
};

const web_route_t *work_apply_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
