/* After the end of a sitting: its report, each item with its key and rationales; with a tutor, the rationale of an item
 * that was answered. */
#include "exam.h"

#include "app/pictures.h"
#include "exam_report_view.h"
#include "page_words.h"

#include "exam_report.html.h"

#include <stdlib.h>
#include <string.h>

static const char *minutes_words(arena_t *arena, int64_t ms)
{
    int s = (int)(ms / 1000);
    return s < 60 ? words(arena, "%d s", s) : words(arena, "%d:%02d min", s / 60, s % 60);
}

/* ---- the report ---- */

static double place(double score)
{
    double x = (score - 100) / 2;
    return x < 0 ? 0 : x > 400 ? 400 : x;
}

static void fill_areas(exam_report_t *page, const report_t *r, arena_t *arena)
{
    page->areas = arena_array(arena, FORM_AREAS_MAX, sizeof *page->areas);
    for (int i = 0; page->areas && i < r->area_count; i++) {
        const report_area_t *a = &r->areas[i];
        if (a->items == 0) continue;
        page->areas[page->area_count++] = (area_row_t){.area = words(arena, "%s", a->area),
                                                       .right = words(arena, "%d of %d", a->right, a->items),
                                                       .expected = words_fixed(arena, a->expected, 1),
                                                       .minutes = minutes_words(arena, a->spent_ms),
                                                       .note = a->lightly ? "few items: read lightly" : ""};
    }
}

static void fill_objectives(exam_report_t *page, const app_report_t *in, arena_t *arena)
{
    const report_t *r = &in->report;
    page->objectives = arena_array(arena, REPORT_OBJECTIVES_MAX, sizeof *page->objectives);
    for (int i = 0; page->objectives && i < r->objective_count; i++)
        page->objectives[page->objective_count++] = (objective_row_t){
            .words = words(arena, "%s", r->objectives[i].words),
            .lesson = words(arena, "%s", bank_lesson_words(in->sitting.bank, r->objectives[i].lesson)),
            .missed = words(arena, "%d of %d missed", r->objectives[i].wrong, r->objectives[i].items)};
}

static const char *mark_words(const sitting_entry_t *entry)
{
    if (entry->voided) return "– voided";
    if (!entry->item) return "– gone";
    if (!entry->answered) return "○ no answer";
    if (sitting_right(entry)) return "● right";
    return entry->credit > 0 ? "◐ in part" : "✕ wrong";
}

static const char *sure_word(sure_t sure)
{
    static const char *const said[SURES] = {"", "a guess", "think so", "sure"};
    return said[sure];
}

static void fill_answers(exam_report_t *page, const app_report_t *in, arena_t *arena)
{
    const sitting_t *s = &in->sitting;
    page->answers = arena_array(arena, (size_t)s->count + 1, sizeof *page->answers);
    for (int i = 0; page->answers && i < s->count; i++) {
        const sitting_entry_t *entry = &s->entry[i];
        page->answers[page->answer_count++] = (answer_row_t){
            .n = words(arena, "%d", i + 1),
            .href = words(arena, "/sitting/%s/item/%d", page->id, i + 1),
            .what = entry->item ? words(arena, "%.90s%s", entry->item->stem, strlen(entry->item->stem) > 90 ? " …" : "")
                                : "",
            .mark = mark_words(entry),
            .said = sure_word(entry->sure),
            .chance = words_fixed(arena, report_chance(entry, in->report.ability.theta), 2),
            .minutes = minutes_words(arena, entry->spent_ms)};
    }
}

static void fill_earlier(exam_report_t *page, const app_report_t *in, arena_t *arena)
{
    static const char *const compared[] = {"No difference beyond the error.", "Now higher, beyond the error.",
                                           "Now lower, beyond the error."};
    page->earlier = arena_array(arena, APP_EARLIER_MAX, sizeof *page->earlier);
    for (int i = 0; page->earlier && i < in->earlier_count; i++) {
        const app_sitting_t *e = &in->earlier[i];
        compare_t c = report_compare(in->report.score, in->report.se, e->score, e->se);
        page->earlier[page->earlier_count++] =
            (earlier_row_t){.when = words_day(arena, e->started_ms),
                            .score = words(arena, "%.0f ± %.0f", e->score, 196 * e->se),
                            .compared = compared[c],
                            .href = words(arena, "/sitting/%s/report", e->id)};
    }
}

static void fill_words(exam_report_t *page, const app_report_t *in, arena_t *arena)
{
    const report_t *r = &in->report;
    const sitting_t *s = &in->sitting;
    page->score = words(arena, "%.0f", r->score);
    page->interval = words(arena, "%.0f and %.0f", r->low, r->high);
    page->low_at = place(r->low);
    page->at = place(r->score);
    page->high_at = place(r->high);
    page->too_few = r->items < REPORT_LEAST;
    page->extreme = r->items > 0 && (r->right == 0 || r->right == r->items);
    page->counted = words(arena, "%d of %d items right%s%s.", r->right, r->items,
                          r->unanswered ? words(arena, "; %d without an answer count as wrong", r->unanswered) : "",
                          r->voided ? words(arena, "; %d voided", r->voided) : "");
    page->ended = words(arena, "Begun %s · %s · seed %llu", words_date(arena, s->started_ms),
                        s->end == END_TIME ? "ended by time" : "ended by you", (unsigned long long)s->seed);
    page->time =
        words(arena, "%s of %s used; half of the answers took less than %s; %d wrong in less than half of that.",
              minutes_words(arena, r->used_ms), minutes_words(arena, s->limit_ms), minutes_words(arena, r->median_ms),
              r->quick_wrong);
    page->away = s->away_ms > 0
                     ? words(arena, "Not counted, while the program stood still: %s.", minutes_words(arena, s->away_ms))
                     : "";
    int sure = r->said[SURE_YES], guess = r->said[SURE_GUESS];
    page->sure =
        sure + guess + r->said[SURE_THINK] == 0
            ? "Not said."
            : words(arena, "Sure of %d, right in %d; a guess %d, right in %d. %s", sure, r->said_right[SURE_YES], guess,
                    r->said_right[SURE_GUESS],
                    r->overconfident ? "Surer than right: what one is sure of should be right nine times in ten."
                    : sure < REPORT_SURE_LEAST ? "Too few to say more."
                                               : "About as sure as right.");
    page->slips = words(arena, "%d wrong although likely right at your measure (slips); %d wrong and beyond it (gaps).",
                        r->slips, r->gaps);
    page->changed = words(arena, "%d items", r->changed);
}

static void get_report(web_t *web, const request_t *request, response_t *response)
{
    arena_t *arena = request->arena;
    app_report_t *in = calloc(1, sizeof *in);
    exam_report_t page = {0};
    err_t err;
    if (!in) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    page.id = words(arena, "%s", request_route(request, "id"));
    frame_init(&page.frame, request, "Report");
    if (!app_report(web_app(web), page.id, in, &err)) {
        if (err.code == ERR_STATE)
            response_redirect(response, "/sitting/%s", page.id);
        else
            response_failed(response, &err);
        free(in);
        return;
    }
    page.title = words(arena, "%s", in->title);
    fill_words(&page, in, arena);
    fill_areas(&page, &in->report, arena);
    fill_objectives(&page, in, arena);
    fill_answers(&page, in, arena);
    fill_earlier(&page, in, arena);
    exam_report_page(response_html(response), &page);
    app_report_leave(web_app(web), in);
    free(in);
}

/* ---- one item ---- */

static bool was_chosen(const sitting_entry_t *entry, int part)
{
    for (int i = 0; entry->answered && i < entry->response.count; i++)
        if (entry->response.chosen[i] == part) return true;
    return false;
}

static void fill_rows(exam_item_t *page, const sitting_entry_t *entry, arena_t *arena)
{
    const item_t *item = entry->item;
    page->rows = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->rows);
    for (int i = 0; page->rows && i < item->parts; i++) {
        why_row_t *row = &page->rows[page->count++];
        if (item->type == ITEM_MATCH) {
            int put = entry->answered && i < entry->response.count ? entry->response.chosen[i] : -1;
            bool right = put >= 0 && strcmp(item->part[put].right, item->part[i].right) == 0;
            *row = (why_row_t){.text = words(arena, "%s: %s", item->part[i].text, item->part[i].right),
                               .why = words(arena, "%s", item->part[i].why),
                               .key = right,
                               .mark = right      ? "yours too"
                                       : put >= 0 ? words(arena, "yours: %s", item->part[put].right)
                                                  : ""};
        } else if (item->type == ITEM_ORDER) {
            int rank = -1;
            for (int k = 0; entry->answered && k < entry->response.count; k++)
                if (entry->response.chosen[k] == i) rank = k;
            *row = (why_row_t){.text = words(arena, "%d. %s", i + 1, item->part[i].text),
                               .why = words(arena, "%s", item->part[i].why),
                               .key = rank == i,
                               .mark = rank < 0 ? "" : words(arena, "yours: %d", rank + 1)};
        } else {
            int at = entry->shown[i];
            bool key = item->part[at].key, chosen = was_chosen(entry, at);
            *row = (why_row_t){.text = words(arena, "%s", item->part[at].text),
                               .why = words(arena, "%s", item->part[at].why),
                               .key = key,
                               .mark = key && chosen ? "right, yours"
                                       : key         ? "right"
                                       : chosen      ? "yours"
                                                     : ""};
        }
    }
}

static void fill_number(exam_item_t *page, const sitting_entry_t *entry, arena_t *arena)
{
    const item_t *item = entry->item;
    page->right = words(arena, "%.*f %s (± %g)", item->decimals, item->value, item->unit, item->tolerance);
    if (!entry->answered) return;
    page->yours = words(arena, "%.*f", item->decimals, entry->response.value);
    int mistake = sitting_right(entry) ? -1 : item_mistake(item, entry->response.value);
    if (mistake < 0) return;
    page->rows = arena_array(arena, 1, sizeof *page->rows);
    if (page->rows)
        page->rows[page->count++] = (why_row_t){
            .text = page->yours, .why = words(arena, "%s", item->part[mistake].why), .mark = "a usual mistake"};
}

static void fill_item(exam_item_t *page, const app_report_t *in, int n, arena_t *arena)
{
    const sitting_t *s = &in->sitting;
    const sitting_entry_t *entry = &s->entry[n];
    const item_t *item = entry->item;
    page->over = s->state == SITTING_OVER;
    page->voided = entry->voided;
    page->again = item && item->computed && !entry->kept;
    page->version = entry->version;
    page->place = words(arena, "Item %d of %d", n + 1, s->form.items);
    page->item = words(arena, "%.*s", (int)strcspn(entry->id, "@"), entry->id);
    page->lead = entry->voided          ? "It does not count."
                 : !entry->answered     ? "No answer."
                 : sitting_right(entry) ? "Right."
                 : entry->credit > 0    ? words(arena, "Right in part: %.0f %%.", 100 * entry->credit)
                                        : "Wrong.";
    page->yours = page->right = page->why = page->about = page->stem = page->source = page->objective = page->level =
        "";
    page->back = words(arena, page->over ? "/sitting/%s/report" : "/sitting/%s", page->id);
    bool more = n + 1 < s->count;
    page->next = more ? words(arena, page->over ? "/sitting/%s/item/%d" : "/sitting/%s?n=%d", page->id, n + 2) : NULL;
    if (!item) return;
    page->about = words(arena, "%s", item->set_text ? item->set_text : "");
    page->stem = words(arena, "%s", item->stem);
    page->why = words(arena, "%s", item->why);
    page->source = words(arena, "%s, as of %s", item->source, item->as_of);
    page->objective = words(arena, "%s", bank_objective_words(s->bank, item->objective));
    page->level = item_level_word(item->level);
    if (item_is_number(item->type))
        fill_number(page, entry, arena);
    else
        fill_rows(page, entry, arena);
}

/* As the candidate saw it, its places under the same letters. */
static void fill_exhibit(exam_item_t *page, app_t *app, const sitting_entry_t *entry, int n, arena_t *arena)
{
    err_t ignored;
    page->seen = (app_exhibit_t){.alt = ""};
    if (entry->item && !app_exhibit_of(app_lab(app), entry->item, entry->shown, arena, &page->seen, &ignored))
        page->seen = (app_exhibit_t){.alt = "The picture cannot be shown."};
    exhibit_fill(&page->exhibit, &page->seen, words(arena, "/sitting/%s/picture/%d", page->id, n), arena);
    for (int i = 0; i < page->count && i < page->exhibit.spot_count; i++)
        page->rows[i].text = words(arena, "%s: %s", page->exhibit.spots[i].letter, page->rows[i].text);
}

static void get_item(web_t *web, const request_t *request, response_t *response)
{
    arena_t *arena = request->arena;
    const char *number = request_route(request, "n");
    app_report_t *in = calloc(1, sizeof *in);
    exam_item_t page = {0}; /* a few kilobytes */
    err_t err = {0};
    int64_t n = 0;
    if (!in || !text_to_int(number, strlen(number), &n) || n < 1 || n > APP_SITTING_ITEMS_MAX) {
        response_error(response, in ? 404 : 503, "There is no such item in this sitting.");
        free(in);
        return;
    }
    page.id = words(arena, "%s", request_route(request, "id"));
    frame_init(&page.frame, request, "Item");
    if (app_tutor(web_app(web), page.id, (int)n - 1, in, &err)) {
        fill_item(&page, in, (int)n - 1, arena);
        fill_exhibit(&page, web_app(web), &in->sitting.entry[n - 1], (int)n, arena);
        exam_item_page(response_html(response), &page);
        app_report_leave(web_app(web), in);
    } else {
        response_failed(response, &err);
    }
    free(in);
}

static void post_void(web_t *web, const request_t *request, response_t *response)
{
    const char *why = request_form(request, "why"), *back = request_form(request, "back");
    err_t err;
    if (!app_item_void(web_app(web), request_route(request, "id"),
                       (int)request_form_int(request, "version", 1, 1000000, 0), why ? why : "", &err))
        response_failed(response, &err);
    else if (back && strspn(back, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(back) && back[0])
        response_redirect(response, "/sitting/%s/report", back);
    else
        response_redirect(response, "/exams");
}

const web_route_t *exam_report_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/sitting/:id/report", get_report},
                                         {"GET", "/sitting/:id/item/:n", get_item},
                                         {"POST", "/items/:id/void", post_void}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
