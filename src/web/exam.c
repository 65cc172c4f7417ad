/* Forms, the exam room, outcomes. Whoever reads this file cannot tell a key: app/exam.h has none. */
#include "exam.h"

#include "exam_view.h"
#include "lab/lab.h"
#include "page_words.h"
#include "web/template.h"

#include "exam_list.html.h"
#include "exam_room.html.h"
#include "outcomes.html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_SHOWN = 100, INTERVALS_SHOWN = 24 };

const char *exam_device(const request_t *request)
{
    return words(request->arena, "%.*s", APP_DEVICE_MAX - 1, request->session);
}

static const char *query_words(arena_t *arena, const char *sentence)
{
    text_t text;
    text_init(&text, 2000);
    template_url(&text, sentence);
    const char *out = words(arena, "%s", text.failed ? "" : text.data);
    text_free(&text);
    return out;
}

static const char *time_words(arena_t *arena, int64_t ms)
{
    int s = (int)(ms / 1000);
    if (s < 0) s = 0;
    return words(arena, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* ---- forms and sittings ---- */

static sitting_row_t row_of(arena_t *arena, const app_sitting_t *s)
{
    return (sitting_row_t){.id = words(arena, "%s", s->id),
                           .title = words(arena, "%s", s->title),
                           .over = s->over,
                           .started = words_date(arena, s->started_ms),
                           .answered = words(arena, "%d of %d answered", s->answered, s->items),
                           .score = s->over && s->score == s->score ? words(arena, "%.0f ± %.0f", s->score, 196 * s->se)
                                                                    : "",
                           .href = words(arena, s->over ? "/sitting/%s/report" : "/sitting/%s", s->id)};
}

static bool fill_list(exam_list_t *page, app_t *app, arena_t *arena, err_t *err)
{
    app_sitting_t *list = arena_array(arena, APP_LIST_MAX, sizeof *list);
    page->forms = arena_array(arena, EXAM_FORMS_SHOWN, sizeof *page->forms);
    page->areas = arena_array(arena, EXAM_AREAS_SHOWN, sizeof *page->areas);
    page->rows = arena_array(arena, APP_LIST_MAX, sizeof *page->rows);
    if (!list || !page->forms || !page->areas || !page->rows)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_form_list(app, page->forms, EXAM_FORMS_SHOWN, &page->form_count, err) ||
        !app_area_list(app, page->areas, EXAM_AREAS_SHOWN, &page->area_count, err) ||
        !app_sitting_list(app, list, APP_LIST_MAX, &page->count, err))
        return false;
    for (int over = 0, n = 0; over < 2; over++) {
        for (int i = 0; i < page->count; i++)
            if (list[i].over == (over == 1)) page->rows[n++] = row_of(arena, &list[i]);
        if (!over) page->open = n;
    }
    return true;
}

static void show_list(web_t *web, const request_t *request, response_t *response, int status, const char *why)
{
    exam_list_t page = {.typed_items = "10", .typed_minutes = "15"};
    err_t err;
    frame_init(&page.frame, request, "Exams");
    page.frame.here = "/exams";
    if (!fill_list(&page, web_app(web), request->arena, &err)) {
        response_failed(response, &err);
        return;
    }
    if (why) {
        page.frame.notice_kind = "crit";
        page.frame.notice = why;
        if (request_form(request, "items")) page.typed_items = request_form(request, "items");
        if (request_form(request, "minutes")) page.typed_minutes = request_form(request, "minutes");
        response_status(response, status);
    }
    exam_list_page(response_html(response), &page);
}

static void get_list(web_t *web, const request_t *request, response_t *response)
{
    show_list(web, request, response, 200, NULL);
}

static void post_start(web_t *web, const request_t *request, response_t *response)
{
    const char *area = request_form(request, "area"), *from = request_form(request, "from"),
               *manners = request_form(request, "manners"), *factor = request_form(request, "factor");
    app_sitting_start_t start = {.form = request_form(request, "form"),
                                 .area = area && area[0] ? area : NULL,
                                 .mistakes = from && strcmp(from, "mistakes") == 0,
                                 .pictures = from && strcmp(from, "pictures") == 0,
                                 .exam = manners && strcmp(manners, "exam") == 0,
                                 .items = (int)request_form_int(request, "items", 1, APP_QUIZ_MAX, 0),
                                 .minutes = (int)request_form_int(request, "minutes", 1, 240, 0),
                                 .factor = factor && factor[0] ? strtod(factor, NULL) : 1,
                                 .breaks = (int)request_form_int(request, "breaks", 0, 4, 0)};
    char id[APP_ID_MAX];
    err_t err;
    if (app_sitting_create(web_app(web), &start, exam_device(request), id, &err))
        response_redirect(response, "/sitting/%s", id);
    else if (err.code == ERR_INPUT || err.code == ERR_STATE || err.code == ERR_NOT_FOUND)
        show_list(web, request, response, 422, words(request->arena, "%s", err.text));
    else
        response_failed(response, &err);
}

/* ---- the room ---- */

static int mark_order(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return x[0] - y[0];
}

static void fill_stem(exam_room_t *page, arena_t *arena)
{
    const app_question_t *q = &page->room.question;
    int marks[APP_MARKS_MAX][2], at = 0, length = (int)strlen(q->stem);
    for (int i = 0; i < q->marks; i++) marks[i][0] = q->mark[i].from, marks[i][1] = q->mark[i].to;
    qsort(marks, (size_t)q->marks, sizeof *marks, mark_order);
    page->stem = arena_array(arena, EXAM_SEGMENTS, sizeof *page->stem);
    for (int i = 0; page->stem && i <= q->marks; i++) {
        int from = i < q->marks ? marks[i][0] : length, to = i < q->marks ? marks[i][1] : length;
        if (from > at)
            page->stem[page->stem_count++] = (stem_part_t){words(arena, "%.*s", from - at, q->stem + at), false};
        if (to > from)
            page->stem[page->stem_count++] = (stem_part_t){words(arena, "%.*s", to - from, q->stem + from), true};
        at = to;
    }
}

/* The stem cut after . , ; : ? and at ends of lines, for who has no pointer to select words with. */
static void fill_phrases(exam_room_t *page, arena_t *arena)
{
    const app_question_t *q = &page->room.question;
    const char *stem = q->stem;
    page->phrases = arena_array(arena, EXAM_PHRASES, sizeof *page->phrases);
    for (int from = 0; page->phrases && stem[from] && page->phrase_count < EXAM_PHRASES;) {
        int to = from;
        while (stem[to] && stem[to] != '\n' && !(strchr(".,;:?", stem[to]) && (stem[to + 1] == ' ' || !stem[to + 1])))
            to++;
        if (stem[to] && stem[to] != '\n') to++;
        if (page->phrase_count == EXAM_PHRASES - 1) to = (int)strlen(stem);
        bool marked = false;
        for (int i = 0; i < q->marks; i++) marked = marked || (q->mark[i].from < to && q->mark[i].to > from);
        if (to > from)
            page->phrases[page->phrase_count++] =
                (phrase_t){words(arena, "%.*s", to - from, stem + from), from, to, marked};
        from = to + (int)strspn(stem + to, " \n");
    }
}

static void fill_grid(exam_room_t *page, arena_t *arena)
{
    const app_room_t *room = &page->room;
    page->grid = arena_array(arena, (size_t)room->count + 1, sizeof *page->grid);
    for (int i = 0; page->grid && i < room->count; i++) {
        bool answered = room->entry[i] & ROOM_ANSWERED, flagged = room->entry[i] & ROOM_FLAGGED;
        bool open = room->may_go_back || i == room->current;
        page->grid[page->grid_count++] =
            (grid_cell_t){.href = open ? words(arena, "/sitting/%s?n=%d", room->id, i + 1) : NULL,
                          .text = words(arena, "%s%d%s", answered ? "● " : "○ ", i + 1, flagged ? " ⚑" : ""),
                          .says = answered ? (flagged ? "answered, flagged" : "answered")
                                           : (flagged ? "not answered, flagged" : "not answered"),
                          .current = i == room->current,
                          .answered = answered,
                          .flagged = flagged};
    }
}

static void fill_intervals(exam_room_t *page, const lab_t *lab, arena_t *arena)
{
    static const char *const ids[] = {"sodium",     "potassium", "chloride", "bicarbonate", "glucose",
                                      "creatinine", "urea",      "calcium",  "albumin",     "WBC",
                                      "HGB",        "HCT",       "MCV",      "PLT"};
    page->intervals = arena_array(arena, INTERVALS_SHOWN, sizeof *page->intervals);
    for (size_t i = 0; page->intervals && i < sizeof ids / sizeof *ids; i++) {
        int a = lab_analyte_find(lab, ids[i]);
        if (a < 0) continue;
        const analyte_t *about = lab_analyte(lab, a);
        page->intervals[page->interval_count++] =
            words(arena, "%s: women %s to %s, men %s to %s %s", about->name,
                  words_fixed(arena, about->ri_low[SEX_FEMALE], about->decimals),
                  words_fixed(arena, about->ri_high[SEX_FEMALE], about->decimals),
                  words_fixed(arena, about->ri_low[SEX_MALE], about->decimals),
                  words_fixed(arena, about->ri_high[SEX_MALE], about->decimals), words_unit(arena, about->unit));
    }
}

static void fill_question(exam_room_t *page, arena_t *arena)
{
    app_room_t *room = &page->room;
    const app_question_t *q = &room->question;
    bool front = !room->may_go_back;
    page->hotspot = strcmp(q->type, "hotspot") == 0 && !q->gone;
    page->single = (page->hotspot || strcmp(q->type, "single") == 0 || strcmp(q->type, "next") == 0) && !q->gone;
    page->several = strcmp(q->type, "several") == 0 && !q->gone;
    page->order = strcmp(q->type, "order") == 0 && !q->gone;
    page->match = strcmp(q->type, "match") == 0 && !q->gone;
    page->numeric = (strcmp(q->type, "numeric") == 0 || strcmp(q->type, "count") == 0) && !q->gone;
    page->tutor_done = room->form.tutor && q->answered;
    for (int i = 0; i < APP_PARTS_MAX; i++) page->letter[i] = words(arena, "%c", 'a' + i);
    page->free = !front;
    page->previous = page->free && q->n > 0;
    bool more = q->n + 1 < room->count && page->tutor_done;
    page->next = more ? words(arena, "/sitting/%s?n=%d", room->id, q->n + 2) : NULL;
    if (page->tutor_done && !more) page->next = words(arena, "/sitting/%s?list=1", room->id);
    page->answer_last = q->n + 1 >= room->items;
    if (q->about[0] && q->about_last > q->about_first)
        page->about = words(arena, "Items %d to %d are about this case.", q->about_first + 1, q->about_last + 1);
    else if (q->about[0])
        page->about = "The case:";
    fill_stem(page, arena);
    fill_phrases(page, arena);
    exhibit_view_t *view = &page->exhibit;
    exhibit_fill(view, &q->exhibit, words(arena, "/sitting/%s/picture/%d", room->id, q->n + 1), arena);
    view->resize = words(arena, "/sitting/%s?n=%d%s", room->id, q->n + 1, view->large ? "" : "&large=1");
    view->choosing = page->hotspot && !page->tutor_done;
}

/* What was chosen or typed and not yet kept, when another verb of the form was used: it came back in the address. */
static void take_typed(const request_t *request, app_question_t *q)
{
    if (!request_query(request, "typed")) return;
    bool box = strcmp(q->type, "order") != 0 && strcmp(q->type, "match") != 0;
    const char *number = request_query(request, "number");
    if (number) q->number = number;
    q->sure = (int)request_query_int(request, "sure", 1, 3, 0);
    for (int i = 0; i < q->parts; i++) q->part[i].chosen = box ? 0 : -1;
    for (size_t k = 0; k < request->query.count; k++) {
        const param_t *p = &request->query.items[k];
        int64_t value, part;
        bool choice = strcmp(p->name, "choice") == 0,
             rank = strncmp(p->name, "rank-", 5) == 0 || strncmp(p->name, "pair-", 5) == 0;
        if (!text_to_int(p->value, strlen(p->value), &value) || value < 0 || value >= q->parts) continue;
        if (choice && box) q->part[value].chosen = 1;
        if (rank && !box && text_to_int(p->name + 5, strlen(p->name + 5), &part) && part >= 0 && part < q->parts)
            q->part[part].chosen = (int)value;
    }
}

static const char *typed_words(const request_t *request)
{
    static const char *const names[] = {"choice", "number", "sure", "rank-", "pair-"};
    const char *out = "&typed=1";
    for (size_t i = 0; i < request->form.count; i++) {
        const param_t *p = &request->form.items[i];
        bool takes = false;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            takes = takes || strncmp(p->name, names[k], strlen(names[k])) == 0;
        if (takes && strlen(p->name) < 10 && strlen(p->value) <= 30 && p->value[0])
            out = words(request->arena, "%s&%s=%s", out, p->name, query_words(request->arena, p->value));
    }
    return out;
}

/* Seconds before the end that are told, of those that this sitting is longer than. */
static void fill_time(exam_room_t *page, arena_t *arena)
{
    static const int warnings[] = {900, 300, 60};
    const app_room_t *room = &page->room;
    page->left = time_words(arena, room->left_ms);
    page->soon = page->soon_at = "";
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++) {
        int at = warnings[i];
        if (room->limit_ms <= 1000LL * at) continue;
        page->soon_at = words(arena, "%s%s%d", page->soon_at, page->soon_at[0] ? " " : "", at);
        if (room->left_ms <= 1000LL * at)
            page->soon = words(arena, at > 60 ? "Less than %d minutes left." : "Less than a minute left.", at / 60);
    }
}

static void get_room(web_t *web, const request_t *request, response_t *response)
{
    static const frame_key_t keys[] = {{"1 to 8", "Choose an option; a, b, d and e too (c is the calculator)"},
                                       {"x 1 to x 8", "Strike out an option; x a to x e too"},
                                       {"n", "Keep the answer, next"},
                                       {"p", "Previous"},
                                       {"f", "Flag"},
                                       {"v", "New numbers, where an item is computed and there is a tutor"},
                                       {"l", "List of items"},
                                       {"c", "Calculator"},
                                       {"z", "Enlarge the picture"},
                                       {"h", "Highlight what is selected, or choose a phrase to highlight"}};
    app_t *app = web_app(web);
    arena_t *arena = request->arena;
    const char *id = request_route(request, "id"), *calc = request_query(request, "calc"),
               *said = request_query(request, "said");
    exam_room_t *page = arena_alloc(arena, sizeof *page);
    err_t err = {0};
    if (!page) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    *page = (exam_room_t){.show_list = request_query(request, "list") != NULL,
                          .confirm = request_query(request, "end") != NULL,
                          .exhibit = {.large = request_query(request, "large") != NULL}};
    frame_init(&page->frame, request, "Exam room");
    if (page->exhibit.large) page->frame.main_class = "wide";
    int n = (int)request_query_int(request, "n", 1, APP_SITTING_ITEMS_MAX, 0) - 1;
    if (!app_room(app, id, exam_device(request), n, arena, &page->room, &err)) {
        response_failed(response, &err);
        return;
    }
    app_room_t *room = &page->room;
    if (room->state == ROOM_OVER) {
        response_redirect(response, "/sitting/%s/report", room->id);
        return;
    }
    if (n < 0 && room->state == ROOM_REVIEW && !request_query(request, "n")) page->show_list = true;
    if (said && said[0]) {
        page->frame.notice = said;
        page->frame.notice_kind = "crit";
    }
    page->frame.where = room->form.title;
    page->frame.keys = keys;
    page->frame.key_count = sizeof keys / sizeof *keys;
    page->frame.saved = words(arena, "Saved %s", words_date(arena, room->saved_ms));
    page->act = words(arena, "/sitting/%s/act", room->id);
    page->place = page->show_list ? words(arena, "%s: items", room->form.title)
                                  : words(arena, "Item %d of %d", room->question.n + 1, room->items);
    const char *clock = request_cookie(request, "clock");
    page->clock_hidden = clock && strcmp(clock, "hidden") == 0;
    fill_time(page, arena);
    take_typed(request, &room->question);
    page->unanswered = room->items - room->answered;
    page->list = page->show_list ? words(arena, "/sitting/%s?n=%d", room->id, room->current + 1)
                                 : words(arena, "/sitting/%s?list=1", room->id);
    page->calc = calc ? calc : "";
    page->calc_said = "";
    if (calc && calc[0]) {
        double value;
        err_t why = {0};
        page->calc_said =
            app_calculate(calc, &value, &why) ? words(arena, "= %.10g", value) : words(arena, "%s", why.text);
    }
    if (room->form.drawer) fill_intervals(page, app_lab(app), arena);
    fill_grid(page, arena);
    fill_question(page, arena);
    exam_room_page(response_html(response), page);
}

static void get_picture(web_t *web, const request_t *request, response_t *response)
{
    char tag[EXHIBIT_TAG_MAX];
    const char *number = request_route(request, "n");
    int64_t n = 0;
    text_t svg;
    err_t err = {0};
    text_init(&svg, EXHIBIT_BYTES);
    if (!text_to_int(number, strlen(number), &n) || n < 1 || n > APP_SITTING_ITEMS_MAX)
        response_error(response, 404, "There is no such picture.");
    else if (app_room_picture(web_app(web), request_route(request, "id"), (int)n - 1, exhibit_dark(request), &svg, tag,
                              &err))
        exhibit_answer(request, response, &svg, tag);
    else
        response_failed(response, &err);
    text_free(&svg);
}

/* ---- acts ---- */

static void take_ranks(const request_t *request, room_act_t *act, const char *prefix, bool order)
{
    int place_of_rank[APP_PARTS_MAX];
    for (int i = 0; i < APP_PARTS_MAX; i++) place_of_rank[i] = -1;
    for (int i = 0; i < APP_PARTS_MAX; i++) {
        const char *name = words(request->arena, "%s-%d", prefix, i);
        if (!request_form(request, name)) break;
        int at = (int)request_form_int(request, name, 0, APP_PARTS_MAX - 1, -1);
        act->count = i + 1;
        if (!order)
            act->chosen[i] = at;
        else if (at >= 0)
            place_of_rank[at] = i;
    }
    for (int r = 0; order && r < act->count; r++) act->chosen[r] = place_of_rank[r];
}

static bool read_answer(const request_t *request, room_act_t *act)
{
    act->number = request_form(request, "number");
    act->sure = (int)request_form_int(request, "sure", 1, 3, 0);
    if (request_form(request, "rank-0")) {
        take_ranks(request, act, "rank", true);
        for (int i = 0; i < act->count; i++)
            if (act->chosen[i] < 0) return false;
        return true;
    }
    if (request_form(request, "pair-0")) {
        take_ranks(request, act, "pair", false);
        for (int i = 0; i < act->count; i++)
            if (act->chosen[i] >= 0) return true;
        return false;
    }
    for (size_t i = 0; i < request->form.count && act->count < APP_PARTS_MAX; i++) {
        int64_t place;
        const param_t *p = &request->form.items[i];
        if (strcmp(p->name, "choice") == 0 && text_to_int(p->value, strlen(p->value), &place) && place >= 0 &&
            place < APP_PARTS_MAX)
            act->chosen[act->count++] = (int)place;
    }
    return act->count > 0 || act->number;
}

/* Nothing is chosen, typed or put in its place. */
static bool is_blank(const request_t *request)
{
    for (size_t i = 0; i < request->form.count; i++) {
        const param_t *p = &request->form.items[i];
        bool answers = strcmp(p->name, "choice") == 0 || strcmp(p->name, "number") == 0 ||
                       strncmp(p->name, "rank-", 5) == 0 || strncmp(p->name, "pair-", 5) == 0;
        if (answers && p->value[0]) return false;
    }
    return true;
}

static const char *note_of(const request_t *request)
{
    const char *note = request_form(request, "note");
    char *out = note ? arena_alloc(request->arena, strlen(note) + 1) : NULL;
    size_t n = 0;
    for (; out && *note; note++)
        if (*note != '\r') out[n++] = *note; /* browsers add them to the ends of lines */
    if (out) out[n] = '\0';
    return out;
}

/* The verb: of the button that was pressed, or by Enter. */
static const char *word_of(const request_t *request)
{
    const char *word = request_form(request, "do"), *enter = request_form(request, "enter"),
               *calc = request_form(request, "calc"), *before = request_form(request, "calculated");
    if (word || !enter) return word;
    return calc && calc[0] && strcmp(calc, before ? before : "") != 0 ? "calc" : enter;
}

static bool read_act(const request_t *request, room_act_t *act, const char **why)
{
    static const struct {
        const char *word;
        room_act_kind_t kind;
    } kinds[] = {
        {"answer", ROOM_ANSWER}, {"next", ROOM_ANSWER},       {"previous", ROOM_ANSWER}, {"calc", ROOM_NOTE},
        {"flag", ROOM_FLAG},     {"unflag", ROOM_FLAG},       {"mark", ROOM_MARK},       {"renew", ROOM_RENEW},
        {"note", ROOM_NOTE},     {"break-on", ROOM_BREAK_ON}, {"take", ROOM_TAKE},       {"break-off", ROOM_BREAK_OFF},
        {"end", ROOM_END}};
    const char *word = word_of(request);
    *act = (room_act_t){.kind = ROOM_ACTS,
                        .n = (int)request_form_int(request, "n", 0, APP_SITTING_ITEMS_MAX, -1),
                        .on = word && strcmp(word, "flag") == 0,
                        .from = (int)request_form_int(request, "from", 0, 100000, -1),
                        .to = (int)request_form_int(request, "to", 0, 100000, -1),
                        .text = note_of(request),
                        .place = (int)request_form_int(request, "strike", 0, APP_PARTS_MAX - 1, -1)};
    if (request_form(request, "strike")) act->kind = ROOM_STRIKE;
    const char *phrase = request_form(request, "phrase");
    if (phrase && sscanf(phrase, "%d-%d", &act->from, &act->to) == 2) act->kind = ROOM_MARK;
    for (size_t i = 0; word && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i].word) == 0) act->kind = kinds[i].kind;
    *why = "Choose what to do.";
    if (act->kind == ROOM_ACTS) return false;
    *why = request_form(request, "rank-0") ? "Give each step its place first." : "Choose an answer first.";
    return act->kind != ROOM_ANSWER || read_answer(request, act);
}

/* Where an act leads: on after an answer, else the same item with what is chosen on it. */
static void answer_act(const request_t *request, response_t *response, const room_act_t *act, const app_room_t *room)
{
    const char *id = request_route(request, "id"), *word = word_of(request), *calc = request_form(request, "calc");
    if (act->kind == ROOM_ANSWER) {
        bool back = word && strcmp(word, "previous") == 0;
        int n = room->form.tutor ? act->n
                : back           ? act->n - 1
                                 : act->n + 1; /* with a tutor it stays, to be talked about */
        if (room->state == ROOM_OVER || n >= room->items)
            response_redirect(response, "/sitting/%s?list=1", id);
        else
            response_redirect(response, "/sitting/%s?n=%d", id, n < 0 ? 1 : n + 1);
    } else if (act->kind == ROOM_END || act->n < 0) {
        response_redirect(response, "/sitting/%s", id);
    } else if (act->kind == ROOM_RENEW) {
        response_redirect(response, "/sitting/%s?n=%d", id, act->n + 1);
    } else if (word && strcmp(word, "calc") == 0) {
        response_redirect(response, "/sitting/%s?n=%d%s&calc=%s", id, act->n + 1, typed_words(request),
                          query_words(request->arena, calc ? calc : ""));
    } else {
        response_redirect(response, "/sitting/%s?n=%d%s", id, act->n + 1, typed_words(request));
    }
}

static void refuse_act(const request_t *request, response_t *response, const room_act_t *act, const err_t *err)
{
    const char *id = request_route(request, "id"), *said = query_words(request->arena, err->text);
    if (err->code == ERR_NOT_FOUND || err->code == ERR_IO || err->code == ERR_MEMORY)
        response_failed(response, err);
    else if (act->n >= 0)
        response_redirect(response, "/sitting/%s?n=%d&said=%s%s", id, act->n + 1, said, typed_words(request));
    else
        response_redirect(response, "/sitting/%s?said=%s", id, said);
}

static void post_act(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *id = request_route(request, "id"), *why, *ticket = request_form(request, "request"),
               *word = word_of(request);
    room_act_t act;
    app_room_t *room = arena_alloc(request->arena, sizeof *room);
    err_t err = {0};
    if (word && (strcmp(word, "hide-clock") == 0 || strcmp(word, "show-clock") == 0)) {
        response_cookie(response, "clock", word[0] == 'h' ? "hidden" : "shown", 31536000);
        int n = (int)request_form_int(request, "n", 0, APP_SITTING_ITEMS_MAX, -1);
        if (n < 0)
            response_redirect(response, "/sitting/%s?list=1", id);
        else
            response_redirect(response, "/sitting/%s?n=%d%s", id, n + 1, typed_words(request));
        return;
    }
    bool ok = room || err_set(&err, ERR_MEMORY, "There is not enough memory for this page.");
    ok = ok && (read_act(request, &act, &why) || err_set(&err, ERR_INPUT, "%s", why));
    bool moves = word && (strcmp(word, "next") == 0 || strcmp(word, "previous") == 0);
    if (ok || !moves || !is_blank(request)) {
        ok = ok && app_room_act(app, id, exam_device(request), &act, ticket ? ticket : "", &err);
    } else { /* to and fro without an answer: the pad alone is kept */
        room_act_t note = {.kind = ROOM_NOTE, .n = act.n, .text = act.text};
        ok = app_room_act(app, id, exam_device(request), &note, ticket ? ticket : "", &err);
    }
    if (ok && act.kind == ROOM_ANSWER) ok = app_room(app, id, exam_device(request), -1, request->arena, room, &err);
    if (ok)
        answer_act(request, response, &act, room);
    else
        refuse_act(request, response, &act, &err);
}

/* ---- outcomes ---- */

static void show_outcomes(web_t *web, const request_t *request, response_t *response, const char *why)
{
    outcomes_page_t page = {.date = "", .score = ""};
    app_outcome_t *list = arena_array(request->arena, OUTCOMES_SHOWN, sizeof *list);
    err_t err;
    frame_init(&page.frame, request, "Outcomes");
    page.frame.here = "/outcomes";
    page.rows = arena_array(request->arena, OUTCOMES_SHOWN, sizeof *page.rows);
    if (!list || !page.rows || !app_outcome_list(web_app(web), list, OUTCOMES_SHOWN, &page.count, &err)) {
        response_error(response, 503, "The list cannot be read at this moment. Try again.");
        return;
    }
    for (int i = 0; i < page.count; i++)
        page.rows[i] =
            (outcome_row_t){.id = words(request->arena, "%s", list[i].id),
                            .exam = words(request->arena, "%s", list[i].exam),
                            .date = words(request->arena, "%s", list[i].date),
                            .result = list[i].passed ? "passed" : "not passed",
                            .score = list[i].score >= 0 ? words(request->arena, "score %d", list[i].score) : ""};
    if (why) {
        page.frame.notice_kind = "crit";
        page.frame.notice = why;
        if (request_form(request, "date")) page.date = request_form(request, "date");
        if (request_form(request, "score")) page.score = request_form(request, "score");
        response_status(response, 422);
    }
    outcomes_page(response_html(response), &page);
}

static void get_outcomes(web_t *web, const request_t *request, response_t *response)
{
    show_outcomes(web, request, response, NULL);
}

static void post_outcome(web_t *web, const request_t *request, response_t *response)
{
    const char *exam = request_form(request, "exam"), *date = request_form(request, "date"),
               *score = request_form(request, "score");
    char id[APP_ID_MAX];
    err_t err;
    int64_t value = -1;
    bool number = !score || !score[0] || text_to_int(score, strlen(score), &value);
    if (!number) value = -2;
    if (app_outcome_add(web_app(web), exam ? exam : "", date ? date : "",
                        (int)request_form_int(request, "passed", 0, 1, -1), (int)value,
                        request_form(request, "consent") != NULL, id, &err))
        response_redirect(response, "/outcomes");
    else if (err.code == ERR_INPUT)
        show_outcomes(web, request, response, words(request->arena, "%s", err.text));
    else
        response_failed(response, &err);
}

static void post_withdraw(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_outcome_withdraw(web_app(web), request_route(request, "id"), &err))
        response_redirect(response, "/outcomes");
    else
        response_failed(response, &err);
}

const web_route_t *exam_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/exams", get_list},
                                         {"POST", "/exams", post_start},
                                         {"GET", "/sitting/:id", get_room},
                                         {"GET", "/sitting/:id/picture/:n", get_picture},
                                         {"POST", "/sitting/:id/act", post_act},
                                         {"GET", "/outcomes", get_outcomes},
                                         {"POST", "/outcomes", post_outcome},
                                         {"POST", "/outcomes/:id/withdraw", post_withdraw}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
