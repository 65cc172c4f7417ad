/* The list of items, and one of them: as a candidate sees it, with its key, its history, its reviews and its state. */
#include "items.h"

#include "items.html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_SEED = 1 };

const char *items_state_words(item_state_t state)
{
    static const char *const said[ITEM_STATES] = {"draft", "reviewed", "in use", "retired"};
    return said[state];
}

const char *items_program_words(unsigned programs, arena_t *arena)
{
    const char *pbt = programs & PROGRAM_PBT ? "PBT " : "", *mla = programs & PROGRAM_MLA ? "MLA " : "",
               *mlt = programs & PROGRAM_MLT ? "MLT" : "";
    return words(arena, "%s%s%s", pbt, mla, mlt);
}

/* ---- the list ---- */

static const column_t columns[] = {
    COLUMN(item_row_t, "id", "Item", id),
    COLUMN(item_row_t, "stem", "Question", stem),
    COLUMN(item_row_t, "by-lesson", "Lesson", lesson),
    COLUMN(item_row_t, "by-area", "Area", area),
    COLUMN(item_row_t, "by-type", "Type", type),
    COLUMN(item_row_t, "by-program", "Programs", programs),
    COLUMN(item_row_t, "by-state", "State", state),
    COLUMN(item_row_t, "version", "Version", version),
    COLUMN_BY(item_row_t, "difficulty", "Difficulty", difficulty_text, difficulty),
    COLUMN_BY(item_row_t, "given", "Given", given_text, given),
    COLUMN_BY(item_row_t, "right", "Right %", right_text, right),
    COLUMN_LEAST(item_row_t, "changed", "Changed", changed),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct {
    const char *name, *label;
} filters[ITEM_FILTERS] = {
    {"area", "Area"}, {"lesson", "Lesson"}, {"state", "State"}, {"type", "Type"}, {"program", "Program"}};

static const char *value_of(const app_item_t *item, int filter)
{
    const char *const values[] = {item->area, item->lesson, items_state_words(item->state), item->type};
    return values[filter];
}

static bool admitted(const request_t *request, const app_item_t *item)
{
    for (int i = 0; i < ITEM_FILTERS; i++) {
        const char *wanted = request_query(request, filters[i].name);
        if (!wanted || !wanted[0]) continue;
        if (i == ITEM_FILTERS - 1 ? !(item->programs & item_programs(wanted)) : strcmp(value_of(item, i), wanted) != 0)
            return false;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    return strcmp(((const item_choice_t *)a)->value, ((const item_choice_t *)b)->value);
}

/* Every value that occurs, once. */
static void fill_filter(item_filter_t *filter, const request_t *request, const app_item_t *items, int count, int which)
{
    static const char *const programs[] = {"PBT", "MLA", "MLT"};
    enum { CHOICES = 240 };
    const char *wanted = request_query(request, filters[which].name);
    *filter = (item_filter_t){.name = filters[which].name, .label = filters[which].label};
    filter->choices = arena_array(request->arena, CHOICES, sizeof *filter->choices);
    for (int i = 0; filter->choices && i < (which == ITEM_FILTERS - 1 ? 3 : count); i++) {
        const char *value = which == ITEM_FILTERS - 1 ? programs[i] : value_of(&items[i], which);
        int k = 0;
        while (k < filter->count && strcmp(filter->choices[k].value, value) != 0) k++;
        if (k < filter->count || k == CHOICES || !value[0]) continue;
        value = words(request->arena, "%s", value);
        filter->choices[filter->count++] = (item_choice_t){value, value, wanted && strcmp(wanted, value) == 0};
    }
    if (filter->count > 1) qsort(filter->choices, (size_t)filter->count, sizeof *filter->choices, by_value);
}

static void fill_row(item_row_t *row, const app_item_t *item, arena_t *arena)
{
    double share = item->given > 0 ? 100.0 * item->right / item->given : NAN;
    *row = (item_row_t){
        .id = words(arena, "%s", item->id),
        .stem = words(arena, "%s", item->stem),
        .lesson = words(arena, "%s", item->lesson),
        .area = words(arena, "%s", item->area),
        .type = words(arena, "%s", item->type),
        .programs = items_program_words(item->programs, arena),
        .state = words(arena, "%s%s", items_state_words(item->state), item->unfinished ? ", unfinished changes" : ""),
        .version = words(arena, "%d", item->version),
        .difficulty = item->difficulty,
        .difficulty_text = words_fixed(arena, item->difficulty, 1),
        .given = item->given,
        .given_text = words(arena, "%d", item->given),
        .right = share,
        .right_text = words_fixed(arena, share, 0),
        .changed = item->written ? words_day(arena, item->changed_ms) : ""};
}

/* Other signs need not be kept: no value has them. */
static const char FILTER_SIGNS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- ";

/* What the heads, the CSV and the filter box link to keeps the choices, too. */
static void keep_choices(table_t *table, const request_t *request)
{
    text_t kept;
    text_init(&kept, WEB_URL_MAX);
    for (int i = 0; i < ITEM_FILTERS; i++) {
        const char *value = request_query(request, filters[i].name);
        if (!value || !value[0] || strspn(value, FILTER_SIGNS) != strlen(value)) continue;
        text_addf(&kept, "&%s=", filters[i].name);
        for (const char *c = value; *c; c++) text_add_char(&kept, *c == ' ' ? '+' : *c);
    }
    const char *tail = kept.data && !kept.failed ? kept.data : "";
    for (int i = 0; tail[0] && i < table->column_count; i++)
        table->heads[i].href =
            words(request->arena, "%s%s%s", table->heads[i].href, strchr(table->heads[i].href, '?') ? "" : "?", tail);
    if (tail[0]) table->csv_href = words(request->arena, "%s%s", table->csv_href, tail);
    for (int i = 0; i < ITEM_FILTERS && table->kept_count < TABLE_KEPT_MAX; i++) {
        const char *value = request_query(request, filters[i].name);
        if (!value || !value[0]) continue;
        table->kept[table->kept_count].name = filters[i].name;
        table->kept[table->kept_count++].value = value;
    }
    text_free(&kept);
}

/* The export begins with what is chosen here. */
static const char *export_href(const request_t *request)
{
    const char *href = "/items/export";
    for (int i = 0; i < ITEM_FILTERS; i++) {
        const char *value = request_query(request, filters[i].name);
        if (value && value[0] && strspn(value, FILTER_SIGNS) == strlen(value))
            href = words(request->arena, "%s%c%s=%s", href, strchr(href, '?') ? '&' : '?', filters[i].name,
                         strcmp(value, "in use") == 0 ? "in_use" : value);
    }
    return href;
}

static void get_list(web_t *web, const request_t *request, response_t *response)
{
    item_list_t page = {0};
    err_t err;
    int count = 0;
    app_item_t *items = calloc(APP_ITEMS_MAX, sizeof *items);
    if (!items || !app_item_list(web_app(web), items, APP_ITEMS_MAX, &count, &err)) {
        if (items)
            response_failed(response, &err);
        else
            response_error(response, 503, "There is not enough memory for this page.");
        free(items);
        return;
    }
    frame_init(&page.frame, request, "Items");
    page.frame.main_class = "wide";
    table_init(&page.table, request, columns, COLUMNS, NULL);
    keep_choices(&page.table, request);
    page.sort = request_query(request, "sort");
    page.export_href = export_href(request);
    for (int i = 0; i < ITEM_FILTERS; i++) fill_filter(&page.filters[i], request, items, count, i);
    page.rows = arena_array(request->arena, (size_t)count + 1, sizeof *page.rows);
    for (int i = 0; page.rows && i < count; i++)
        if (admitted(request, &items[i])) fill_row(&page.rows[page.count++], &items[i], request->arena);
    free(items);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "items.csv"))
        item_list_page(response_html(response), &page);
}

/* ---- one item ---- */

/* In the order in which a candidate might see the parts; an unfinished item in its own. */
static void fill_shown(item_page_t *page, const item_draft_t *draft, arena_t *arena)
{
    item_t item = {.id = draft->id, .type = (item_type_t)item_draft_type(draft), .parts = draft->parts};
    int order[ITEM_PARTS_MAX], rights[ITEM_PARTS_MAX];
    for (int i = 0; i < draft->parts; i++) {
        order[i] = rights[i] = i;
        item.part[i] =
            (item_part_t){.text = draft->part[i].text, .right = draft->part[i].right, .key = draft->part[i].key};
    }
    bool places = item.type == ITEM_HOTSPOT; /* their letters stand in the picture as the options do */
    if (!page->draft && !page->match && !places) item_shuffle(&item, SHOWN_SEED, order);
    if (!page->draft && page->match) item_shuffle(&item, SHOWN_SEED + 1, rights);
    page->shown = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->shown);
    page->rights = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->rights);
    for (int i = 0; page->shown && page->rights && i < draft->parts; i++) {
        page->shown[i] = words(arena, "%s", draft->part[order[i]].text);
        page->rights[i] = words(arena, "%s", draft->part[rights[i]].right);
        page->shown_count++;
    }
}

static void fill_key(item_page_t *page, const item_draft_t *draft, arena_t *arena)
{
    page->parts = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->parts);
    for (int i = 0; page->parts && i < draft->parts; i++) {
        const item_draft_part_t *part = &draft->part[i];
        page->parts[page->part_count++] = (item_part_row_t){.text = page->numeric ? part->value : part->text,
                                                            .right = part->right,
                                                            .why = part->why,
                                                            .key = part->key,
                                                            .mark = part->key       ? "right"
                                                                    : page->numeric ? "a usual mistake"
                                                                    : page->order   ? words(arena, "%d", i + 1)
                                                                                    : ""};
    }
    page->answer =
        page->numeric ? words(arena, "%s %s, give or take %s", draft->value, draft->unit, draft->tolerance) : "";
}

static void fill_steps(item_page_t *page, const app_item_t *item)
{
    static const char *const labels[ITEM_STATES] = {"Back to draft", "It is reviewed", "Put it in use", "Retire it"};
    if (!item->written || item->unfinished || item->version == 0) return;
    if (item->state < STATE_RETIRED)
        page->steps[page->step_count++] = (item_step_t){item_state_word(item->state + 1), labels[item->state + 1]};
    if (item->state != STATE_DRAFT) page->steps[page->step_count++] = (item_step_t){"draft", labels[STATE_DRAFT]};
}

static const char *event_words(const app_item_event_t *e, arena_t *arena)
{
    if (strcmp(e->kind, "version") == 0) return words(arena, "version %d by %s", e->version, e->name);
    if (strcmp(e->kind, "draft") == 0) return words(arena, "unfinished changes%s%s", e->name[0] ? " by " : "", e->name);
    if (strcmp(e->kind, "review") == 0)
        return words(arena, "version %d reviewed by %s, who answered %s: %s%s%s", e->version, e->name, e->answer,
                     e->agrees ? "agrees" : "does not agree", e->note[0] ? "; " : "", e->note);
    return words(arena, "version %d: %s, by %s", e->version, strcmp(e->note, "in_use") == 0 ? "in use" : e->note,
                 e->name);
}

static bool fill_events(item_page_t *page, app_t *app, arena_t *arena, err_t *err)
{
    int count;
    app_item_event_t *list = calloc(APP_ITEM_EVENTS_MAX, sizeof *list);
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    bool ok = app_item_events(app, page->id, list, APP_ITEM_EVENTS_MAX, &count, err);
    page->events = arena_array(arena, APP_ITEM_EVENTS_MAX, sizeof *page->events);
    for (int i = 0; ok && page->events && i < count; i++)
        page->events[page->event_count++] =
            (item_event_row_t){.when = words_date(arena, list[i].at_ms),
                               .what = event_words(&list[i], arena),
                               .href = strcmp(list[i].kind, "version") == 0
                                           ? words(arena, "/items/%s?version=%d", page->id, list[i].version)
                                           : NULL};
    free(list);
    return ok;
}

static bool fill_warnings(item_page_t *page, app_t *app, const item_draft_t *draft, arena_t *arena, err_t *err)
{
    const bank_t *bank;
    item_complaint_t list[ITEM_COMPLAINTS_MAX];
    int count, errors;
    if (!app_bank(app, &bank, err) || !item_draft_check(draft, bank, arena, list, &count, &errors, err)) return false;
    page->warnings = arena_array(arena, ITEM_COMPLAINTS_MAX, sizeof *page->warnings);
    for (int i = 0; page->warnings && i < count; i++)
        page->warnings[page->warning_count++] =
            words(arena, "%s%s%s", list[i].field, list[i].field[0] ? ": " : "", list[i].text);
    return true;
}

static void fill_words(item_page_t *page, app_t *app, const app_item_t *item, const item_draft_t *draft, arena_t *arena)
{
    const bank_t *bank;
    err_t ignored;
    bool known = app_bank(app, &bank, &ignored);
    page->about = draft->set_text;
    page->enemies = draft->enemies;
    page->stem = draft->stem;
    page->why = draft->why;
    page->unit = draft->unit;
    page->state =
        words(arena, "Version %d, %s%s%s", item->version, items_state_words(item->state),
              item->unfinished ? "; unfinished changes" : "",
              item->used > 0 && item->used != item->version ? words(arena, "; exams use version %d", item->used)
              : item->used > 0                              ? "; exams use it"
                                                            : "; exams do not use it");
    page->facts = words(arena, "Objective %s: %s Level: %s. Difficulty %s ± %s. Programs: %s. Source: %s, as of %s.",
                        draft->objective, known ? bank_objective_words(bank, draft->objective) : "", draft->level,
                        draft->difficulty, draft->difficulty_sd, items_program_words(draft->programs, arena),
                        draft->source, draft->as_of);
    page->statistics = item->given == 0 ? "It was given in no sitting that is over."
                                        : words(arena, "Given %d times, answered right %d times (%.0f %%).",
                                                item->given, item->right, 100.0 * item->right / item->given);
}

/* The difficulty that answers gave it; nothing where none counts. */
static void fill_rating(item_page_t *page, app_t *app, arena_t *arena)
{
    app_item_rating_t r;
    err_t none;
    page->rating = "";
    if (!app_item_rating(app, page->id, &r, &none)) return; /* not in use yet */
    if (r.voided)
        page->rating = "It is voided: its answers do not count.";
    else if (r.answers > 0 || r.calibrated_ms > 0)
        page->rating =
            words(arena, "Difficulty %s ± %s from %d answers to version %d%s; its author said %s ± %s.",
                  words_fixed(arena, r.difficulty, 2), words_fixed(arena, r.sd, 2), r.answers, r.version,
                  r.calibrated_ms > 0 ? words(arena, ", calibrated %s", words_date(arena, r.calibrated_ms)) : "",
                  words_fixed(arena, r.author, 2), words_fixed(arena, r.author_sd, 2));
}

static void show_item(web_t *web, const request_t *request, response_t *response, const char *refused)
{
    app_t *app = web_app(web);
    arena_t *arena = request->arena;
    app_item_t item;
    item_draft_t draft;
    item_page_t page = {.typed_name = "", .typed_answer = "", .typed_resolution = "", .version_note = ""};
    text_t file;
    err_t err = {0};
    int version = (int)request_query_int(request, "version", 1, 999, 0);
    text_init(&file, 2 * ITEM_DRAFT_BYTES_MAX);
    page.id = words(arena, "%s", request_route(request, "id"));
    bool ok = app_item_get(app, page.id, version, &item, &file, &err) &&
              item_draft_read(&draft, arena, file.data ? file.data : "", file.length, &err);
    text_free(&file);
    if (ok) {
        int type = item_draft_type(&draft);
        frame_init(&page.frame, request, words(arena, "Item %s", page.id));
        page.frame.here = words(arena, "/items/%s", page.id);
        page.frame.main_class = "wide";
        page.single = type == ITEM_SINGLE || type == ITEM_HOTSPOT || type == ITEM_NEXT;
        page.several = type == ITEM_SEVERAL;
        page.order = type == ITEM_ORDER;
        page.match = type == ITEM_MATCH;
        page.numeric = type == ITEM_NUMERIC || type == ITEM_COUNT;
        page.draft = item.unfinished || type < 0;
        page.shown_version = version;
        page.has_version = item.written && !item.unfinished && item.version > 0 && version == 0;
        if (version > 0)
            page.version_note =
                words(arena, "This is version %d. Saving its form brings it back as the newest.", version);
        fill_words(&page, app, &item, &draft, arena);
        fill_rating(&page, app, arena);
        fill_shown(&page, &draft, arena);
        fill_key(&page, &draft, arena);
        fill_steps(&page, &item);
        items_exhibit(&page.exhibit, &page.seen, app, &draft, arena);
        for (int i = 0; page.shown && i < page.shown_count && i < page.exhibit.spot_count; i++)
            page.shown[i] = words(arena, "%s: %s", page.exhibit.spots[i].letter, page.shown[i]);
        ok = fill_events(&page, app, arena, &err) && fill_warnings(&page, app, &draft, arena, &err);
    }
    if (!ok) {
        response_failed(response, &err);
        return;
    }
    if (refused) {
        const char *name = request_form(request, "name"), *answer = request_form(request, "answer"),
                   *resolution = request_form(request, "resolution");
        page.typed_name = name ? name : "";
        page.typed_answer = answer ? answer : "";
        page.typed_resolution = resolution ? resolution : "";
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        response_status(response, 409);
    } else if (request_query(request, "saved")) {
        page.frame.notice_kind = "ok";
        page.frame.notice = "Saved.";
    }
    item_view_page(response_html(response), &page);
}

static void get_item(web_t *web, const request_t *request, response_t *response)
{
    show_item(web, request, response, NULL);
}

static void answer_change(web_t *web, const request_t *request, response_t *response, bool ok, const err_t *err)
{
    if (ok)
        response_redirect(response, "/items/%s?saved=1", request_route(request, "id"));
    else if (err->code == ERR_NOT_FOUND)
        response_failed(response, err);
    else
        show_item(web, request, response, words(request->arena, "%s", err->text));
}

static void post_review(web_t *web, const request_t *request, response_t *response)
{
    const char *name = request_form(request, "name"), *answer = request_form(request, "answer"),
               *agrees = request_form(request, "agrees"), *resolution = request_form(request, "resolution");
    err_t err = {0};
    bool ok = app_item_review(web_app(web), request_route(request, "id"), name ? name : "", answer ? answer : "",
                              agrees && strcmp(agrees, "yes") == 0, resolution ? resolution : "", &err);
    answer_change(web, request, response, ok, &err);
}

static void post_state(web_t *web, const request_t *request, response_t *response)
{
    const char *name = request_form(request, "name"), *wanted = request_form(request, "state");
    err_t err = {0};
    int state = 0;
    while (state < ITEM_STATES && (!wanted || strcmp(wanted, item_state_word((item_state_t)state)) != 0)) state++;
    bool ok = state < ITEM_STATES ? app_item_set_state(web_app(web), request_route(request, "id"), (item_state_t)state,
                                                       name ? name : "", &err)
                                  : err_set(&err, ERR_INPUT, "There is no such state.");
    answer_change(web, request, response, ok, &err);
}

static const web_route_t routes[] = {
    {"GET", "/items", get_list},
    {"GET", "/items/new", items_form_new},
    {"GET", "/items/calibration", items_calibration_get},
    {"POST", "/items/calibration", items_calibration_post},
    {"GET", "/items/calibration/changes.svg", items_calibration_chart},
    {"GET", "/items/export", items_wire_export},
    {"GET", "/items/export/file", items_wire_file},
    {"GET", "/items/picture", items_picture},
    {"GET", "/items/place", items_place},
    {"GET", "/items/import", items_wire_import},
    {"POST", "/items/import", items_wire_take},
    {"POST", "/items", items_form_create},
    {"GET", "/items/:id", get_item},
    {"GET", "/items/:id/edit", items_form_edit},
    {"POST", "/items/:id", items_form_save},
    {"POST", "/items/:id/review", post_review},
    {"POST", "/items/:id/state", post_state},
};

const web_route_t *items_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
