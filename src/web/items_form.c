/* The form of an item: what is posted becomes a draft, a draft the fields with their complaints. */
#include "items.h"

#include "items_form.html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 240 };

static const item_choice_t types[] = {
    {"single", "one right answer", false},  {"several", "all that apply", false},
    {"order", "put in order", false},       {"match", "match pairs", false},
    {"numeric", "a number", false},         {"hotspot", "a place in a picture", false},
    {"count", "count in a picture", false}, {"next", "what to do next at a bench screen", false}};
static const item_choice_t levels[] = {
    {"recall", "recall", false}, {"interpret", "interpret", false}, {"solve", "solve", false}};
enum { TYPES = sizeof types / sizeof *types, LEVELS = sizeof levels / sizeof *levels };

typedef struct {
    arena_t *arena;
    const bank_t *bank;
    const item_draft_t *draft;
    item_complaint_t complaints[ITEM_COMPLAINTS_MAX];
    int complaint_count, errors;
} filling_t;

/* ---- posted -> draft ---- */

const char *items_posted(const request_t *request, const char *name)
{
    const char *value = request_form(request, name);
    char *copy = value ? arena_text(request->arena, value, strlen(value)) : NULL, *to = copy;
    if (!copy) return "";
    for (const char *from = copy; *from; from++)
        if (*from != '\r') *to++ = *from; /* browsers send CR LF */
    *to = '\0';
    return copy;
}

static void take_form(const request_t *request, item_draft_t *draft)
{
    item_draft_init(draft);
    const struct {
        const char *name, **to;
    } fields[] = {{"type", &draft->type},
                  {"area", &draft->area},
                  {"subarea", &draft->subarea},
                  {"objective", &draft->objective},
                  {"level", &draft->level},
                  {"difficulty", &draft->difficulty},
                  {"source", &draft->source},
                  {"difficulty_sd", &draft->difficulty_sd},
                  {"as_of", &draft->as_of},
                  {"stem", &draft->stem},
                  {"why", &draft->why},
                  {"value", &draft->value},
                  {"tolerance", &draft->tolerance},
                  {"unit", &draft->unit},
                  {"decimals", &draft->decimals},
                  {"set", &draft->set},
                  {"set_text", &draft->set_text},
                  {"draw", &draft->draw},
                  {"seed", &draft->seed},
                  {"alt", &draft->alt},
                  {"counts", &draft->counts},
                  {"times", &draft->times},
                  {"enemies", &draft->enemies}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) *fields[i].to = items_posted(request, fields[i].name);
    const char *value;
    draft->data = items_posted_data(request);
    for (size_t i = 0; i < 3 && (value = params_nth(&request->form, "programs", i)); i++)
        draft->programs |= item_programs(value);
    /* area and subarea are chosen together */
    char *slash = strchr(draft->area, '/') ? arena_text(request->arena, draft->area, strlen(draft->area)) : NULL;
    if (slash) {
        draft->area = slash;
        slash = strchr(slash, '/');
        *slash = '\0';
        draft->subarea = slash + 1;
    }
    for (int i = 0; i < ITEM_PARTS_MAX; i++) {
        char name[ITEM_DRAFT_FIELD_MAX];
        item_draft_part_t part = {0};
        const char **to[] = {&part.text, &part.right, &part.why, &part.value};
        static const char *const keys[] = {"text", "right", "why", "value"};
        for (int k = 0; k < 4; k++) {
            snprintf(name, sizeof name, "p%d.%s", i, keys[k]);
            *to[k] = items_posted(request, name);
        }
        snprintf(name, sizeof name, "p%d.key", i);
        part.key = request_form(request, name) != NULL;
        if (part.text[0] || part.right[0] || part.why[0] || part.value[0]) draft->part[draft->parts++] = part;
    }
}

/* ---- draft -> page ---- */

static const char *wrong(const filling_t *in, const char *field)
{
    for (int i = 0; i < in->complaint_count; i++)
        if (strcmp(in->complaints[i].field, field) == 0) return in->complaints[i].text;
    return NULL;
}

static item_field_t line(const filling_t *in, const char *name, const char *label, const char *value, const char *hint,
                         int max)
{
    return (item_field_t){.input = max > 60 ? ITEM_AREA : ITEM_LINE,
                          .name = name,
                          .label = label,
                          .value = value,
                          .hint = hint,
                          .max = max,
                          .wrong = wrong(in, name)};
}

item_field_t items_choice(arena_t *arena, const char *name, const char *label, const item_choice_t *from, int count,
                          const char *value, const char *none)
{
    item_field_t field = {.input = ITEM_SELECT, .name = name, .label = label};
    field.choices = arena_array(arena, (size_t)count + 1, sizeof *field.choices);
    if (!field.choices) return field;
    if (none) field.choices[field.choice_count++] = (item_choice_t){"", none, false};
    for (int i = 0; i < count; i++) {
        field.choices[field.choice_count] = from[i];
        field.choices[field.choice_count++].chosen = strcmp(from[i].value, value) == 0;
    }
    return field;
}

static item_field_t choice(const filling_t *in, const char *name, const char *label, const item_choice_t *from,
                           int count, const char *value)
{
    item_field_t field = items_choice(in->arena, name, label, from, count, value, "choose");
    field.wrong = wrong(in, name);
    return field;
}

item_choice_t *items_areas(arena_t *arena, const bank_t *bank, int *count)
{
    item_choice_t *list = arena_array(arena, CHOICES_MAX, sizeof *list);
    const char *area, *subarea;
    *count = 0;
    for (size_t i = 0; list && *count < CHOICES_MAX && bank_area_at(bank, i, &area, &subarea); i++)
        list[(*count)++] =
            (item_choice_t){words(arena, "%s/%s", area, subarea), words(arena, "%s: %s", area, subarea), false};
    return list;
}

item_choice_t *items_lessons(arena_t *arena, const bank_t *bank, int *count)
{
    item_choice_t *list = arena_array(arena, BANK_LESSONS_MAX, sizeof *list);
    const char *lesson;
    *count = 0;
    for (size_t i = 0; list && *count < BANK_LESSONS_MAX && (lesson = bank_lesson_at(bank, i)); i++)
        list[(*count)++] =
            (item_choice_t){lesson, words(arena, "%s %s", lesson, bank_lesson_words(bank, lesson)), false};
    return list;
}

static item_field_t area_field(const filling_t *in)
{
    const item_draft_t *d = in->draft;
    int count;
    const item_choice_t *list = items_areas(in->arena, in->bank, &count);
    item_field_t field =
        choice(in, "area", "Area", list, count, d->area[0] ? words(in->arena, "%s/%s", d->area, d->subarea) : "");
    if (!field.wrong) field.wrong = wrong(in, "subarea");
    return field;
}

static item_field_t objective_field(const filling_t *in)
{
    int objectives = 0, count = 0;
    bank_lesson(in->bank, in->draft->lesson, &objectives);
    item_choice_t *list = arena_array(in->arena, CHOICES_MAX, sizeof *list);
    for (int i = 1; list && i <= objectives && count < CHOICES_MAX; i++) {
        const char *id = words(in->arena, "%s.%d", in->draft->lesson, i);
        list[count++] = (item_choice_t){id, words(in->arena, "%d. %s", i, bank_objective_words(in->bank, id)), false};
    }
    return choice(in, "objective", "Objective", list, count, in->draft->objective);
}

static void fill_head(item_form_t *page, const filling_t *in)
{
    const item_draft_t *d = in->draft;
    item_field_t fields[] = {
        choice(in, "type", "Type", types, TYPES, d->type),
        line(in, "stem", "Stem", d->stem, "One clear question; numbers with their units and reference intervals.",
             ITEM_STEM_MAX),
        area_field(in),
        objective_field(in),
        choice(in, "level", "Level", levels, LEVELS, d->level),
        line(in, "difficulty", "Difficulty, logits", d->difficulty,
             "-2.5 easy, 0 for half of entry-level people, 2.5 hard.", 12),
        line(in, "difficulty_sd", "Its uncertainty", d->difficulty_sd, "0.8 to 1.2 before there are data.", 12),
        line(in, "as_of", "As of", d->as_of, "A month such as 2026-11.", 7),
        line(in, "source", "Source", d->source, "Where the key can be verified.", ITEM_SOURCE_MAX),
        line(in, "enemies", "Never in one test with", d->enemies,
             "Ids of items and names of families that ask the same or give this answer away, such as L60-02 anion-gap. "
             "May "
             "be empty.",
             ITEM_ENEMIES_MAX * (ITEM_NAME_MAX + 1))};
    page->set = d->set;
    page->set_text = d->set_text;
    page->head_count = sizeof fields / sizeof *fields;
    memcpy(page->head, fields, sizeof fields);
    static const char *const names[] = {"PBT", "MLA", "MLT"};
    for (int i = 0; i < 3; i++) page->programs[i] = (item_choice_t){names[i], names[i], (d->programs >> i) & 1u};
    page->programs_wrong = wrong(in, "programs");
}

static void fill_answer(item_form_t *page, const filling_t *in, int type)
{
    const item_draft_t *d = in->draft;
    bool number = type == ITEM_NUMERIC || type == ITEM_COUNT;
    if (type == ITEM_COUNT) {
        page->answer[page->answer_count++] =
            line(in, "counts", "What is counted", d->counts,
                 "In a film a kind of cell or several joined by +; in a chamber: by the border rule, or: on the lines "
                 "that count.",
                 60);
        page->answer[page->answer_count++] =
            line(in, "times", "Times", d->times, "The answer is the count times this; 1 when empty.", 12);
    }
    if (number) {
        page->answer[page->answer_count++] = line(in, "value", "Right number", d->value, NULL, 20);
        page->answer[page->answer_count++] =
            line(in, "tolerance", "Give or take", d->tolerance, "0 for exactly this.", 20);
        page->answer[page->answer_count++] =
            line(in, "unit", "Unit", d->unit, "Printed beside the box; may be empty.", 24);
        page->answer[page->answer_count++] = line(in, "decimals", "Decimals", d->decimals, NULL, 2);
    }
    if (item_draft_whole_why(type))
        page->answer[page->answer_count++] =
            line(in, "why", number ? "Why, with the working shown" : "Why, of the whole", d->why, NULL, ITEM_WHY_MAX);
}

static void fill_part(item_form_part_t *to, const filling_t *in, int type, int i)
{
    static const char *const legends[ITEM_TYPES] = {
        "Option", "Option", "Step", "Pair", "Usual wrong number", "Place", "Usual wrong number", "Option"};
    const item_draft_part_t *part = &in->draft->part[i];
    bool number = type == ITEM_NUMERIC || type == ITEM_COUNT;
    const char *name = words(in->arena, "p%d.%s", i, number ? "value" : "text");
    *to = (item_form_part_t){.legend = words(in->arena, "%s %d", legends[type], i + 1)};
    if (!item_draft_whole_why(type)) { /* it has options */
        to->key_name = words(in->arena, "p%d.key", i);
        to->key = part->key;
    }
    to->fields[to->count] = line(in, name,
                                 type == ITEM_MATCH     ? "Left"
                                 : number               ? "Number"
                                 : type == ITEM_HOTSPOT ? "Name of the place, as in a line \"region\""
                                                        : "Text",
                                 number ? part->value : part->text, NULL, number ? 20 : ITEM_OPTION_MAX);
    to->count++;
    if (type == ITEM_MATCH)
        to->fields[to->count++] =
            line(in, words(in->arena, "p%d.right", i), "What belongs to it", part->right, NULL, ITEM_OPTION_MAX);
    to->fields[to->count++] = line(in, words(in->arena, "p%d.why", i), "Why", part->why, NULL, ITEM_WHY_MAX);
}

static void fill_mistakes(item_form_t *page, const filling_t *in)
{
    page->mistakes = arena_array(in->arena, ITEM_COMPLAINTS_MAX, sizeof *page->mistakes);
    page->error_count = in->errors;
    for (int i = 0; page->mistakes && i < in->complaint_count; i++) {
        const item_complaint_t *c = &in->complaints[i];
        const char *field = strcmp(c->field, "subarea") == 0 ? "area" : c->field[0] ? c->field : "stem";
        page->mistakes[page->mistake_count++] =
            (item_mistake_t){.href = words(in->arena, "#f-%s", field),
                             .text = words(in->arena, "%s%s%s", c->field, c->field[0] ? ": " : "", c->text),
                             .warning = c->warning};
    }
}

static bool fill_form(item_form_t *page, app_t *app, const item_draft_t *draft, bool check, arena_t *arena, err_t *err)
{
    static const int rows[ITEM_TYPES] = {4, 6, 6, 6, 4, 6, 4, 4};
    static const char *const hints[ITEM_TYPES] = {
        "Three or four options, one of them right.",
        "Four to six options, at least two of them right and not all; the stem says \"Choose all that apply.\"",
        "Four to six steps, in the right order.",
        "Three to six pairs.",
        "Numbers that usual mistakes lead to, at least one.",
        "Two to eight places of the picture, one of them right.",
        "Numbers that usual mistakes lead to; there may be none.",
        "Three or four options, one of them right."};
    filling_t in = {.arena = arena, .draft = draft};
    if (!app_bank(app, &in.bank, err)) return false;
    if (check && !item_draft_check(draft, in.bank, arena, in.complaints, &in.complaint_count, &in.errors, err))
        return false;
    int type = item_draft_type(draft);
    fill_head(page, &in);
    fill_mistakes(page, &in);
    page->parts_wrong = wrong(&in, "parts");
    if (type < 0) return true;
    fill_answer(page, &in, type);
    if (!items_picture_fields(page, app, in.bank, draft, arena, err)) return false;
    page->kind.wrong = wrong(&in, "draw");
    page->seed.wrong = wrong(&in, "seed");
    page->alt.wrong = wrong(&in, "alt");
    page->data_wrong = wrong(&in, "data");
    page->parts_hint = hints[type];
    page->parts = arena_array(arena, ITEM_PARTS_MAX, sizeof *page->parts);
    int count = draft->parts > rows[type] ? draft->parts : rows[type];
    for (int i = 0; page->parts && i < count; i++) fill_part(&page->parts[page->part_count++], &in, type, i);
    return true;
}

static void show_form(web_t *web, const request_t *request, response_t *response, const app_item_t *item,
                      const item_draft_t *draft, bool check, const char *refused)
{
    item_form_t page = {.parts_hint = ""};
    err_t err;
    page.id = words(request->arena, "%s", item->id);
    page.title = words(request->arena, "Item %s", item->id);
    page.action = words(request->arena, "/items/%s", item->id);
    frame_init(&page.frame, request, page.title);
    page.frame.main_class = "wide";
    page.frame.here = words(request->arena, "/items/%s/edit", item->id);
    page.seq = item->seq;
    const char *typed = request_form(request, "author");
    page.author = (item_field_t){.name = "author",
                                 .label = "Author",
                                 .max = APP_NAME_MAX,
                                 .value = words(request->arena, "%s", typed ? typed : item->author),
                                 .hint = "Your name; somebody else reviews the item."};
    if (check && !page.author.value[0]) page.author.wrong = "author is empty; write your name";
    if (!fill_form(&page, web_app(web), draft, check, request->arena, &err)) {
        response_failed(response, &err);
        return;
    }
    if (check && page.author.wrong && page.mistakes && page.mistake_count < ITEM_COMPLAINTS_MAX) {
        page.mistakes[page.mistake_count++] = (item_mistake_t){"#f-author", page.author.wrong, false};
        page.error_count++;
    }
    if (refused) {
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        response_status(response, 409);
    }
    item_form_page(response_html(response), &page);
}

void items_form_edit(web_t *web, const request_t *request, response_t *response)
{
    app_item_t item;
    item_draft_t draft;
    text_t file;
    err_t err = {0};
    text_init(&file, 2 * ITEM_DRAFT_BYTES_MAX);
    bool ok = app_item_get(web_app(web), request_route(request, "id"),
                           (int)request_query_int(request, "version", 1, 999, 0), &item, &file, &err) &&
              item_draft_read(&draft, request->arena, file.data ? file.data : "", file.length, &err);
    text_free(&file);
    if (ok)
        show_form(web, request, response, &item, &draft, request_query(request, "check") != NULL, NULL);
    else
        response_failed(response, &err);
}

void items_form_save(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    app_item_t item, newest;
    item_draft_t draft;
    int version = 0;
    err_t err = {0}, ignored;
    const char *id = request_route(request, "id"), *author = request_form(request, "author");
    if (!app_item_get(app, id, 0, &item, NULL, &err)) {
        response_failed(response, &err);
        return;
    }
    take_form(request, &draft);
    draft.lesson = words(request->arena, "%s", item.lesson);
    const char *wanted = request_form(request, "do");
    if (wanted && strcmp(wanted, "show") == 0) {
        draft.id = item.id;
        item.seq = request_form_int(request, "seq", 0, INT32_MAX, 0);
        show_form(web, request, response, &item, &draft, false, NULL);
        return;
    }
    if (app_item_save(app, item.id, request_form_int(request, "seq", 0, INT32_MAX, 0), author ? author : "", &draft,
                      &version, &err)) {
        response_redirect(response, version > 0 ? "/items/%s?saved=1" : "/items/%s/edit?check=1", item.id);
        return;
    }
    bool again =
        (err.code == ERR_CONFLICT || err.code == ERR_LIMIT) && app_item_get(app, item.id, 0, &newest, NULL, &ignored);
    if (again)
        show_form(web, request, response, &newest, &draft, false,
                  words(request->arena, "%s Your text is below: save again to put it in place.", err.text));
    else
        response_failed(response, &err);
}

/* ---- a new one: its lesson and type first ---- */

static void show_new(web_t *web, const request_t *request, response_t *response, const char *refused)
{
    item_form_t page = {.parts_hint = "", .title = "New item", .action = "/items"};
    item_draft_t draft;
    err_t err;
    filling_t in = {.arena = request->arena, .draft = &draft};
    int count;
    item_draft_init(&draft);
    frame_init(&page.frame, request, "New item");
    page.frame.main_class = "wide";
    if (!app_bank(web_app(web), &in.bank, &err)) {
        response_failed(response, &err);
        return;
    }
    const item_choice_t *list = items_lessons(request->arena, in.bank, &count);
    page.head[page.head_count++] = choice(&in, "lesson", "Lesson", list, count, items_posted(request, "lesson"));
    page.head[page.head_count++] = choice(&in, "type", "Type", types, TYPES, items_posted(request, "type"));
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"PBT", "MLA", "MLT"};
        page.programs[i] = (item_choice_t){names[i], names[i], false};
    }
    page.author = (item_field_t){.name = "author",
                                 .label = "Author",
                                 .max = APP_NAME_MAX,
                                 .value = items_posted(request, "author"),
                                 .hint = "Your name; somebody else reviews the item."};
    if (refused) {
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        response_status(response, 422);
    }
    item_form_page(response_html(response), &page);
}

void items_form_new(web_t *web, const request_t *request, response_t *response)
{
    show_new(web, request, response, NULL);
}

void items_form_create(web_t *web, const request_t *request, response_t *response)
{
    item_draft_t draft;
    char id[APP_ITEM_ID_MAX];
    int version;
    err_t err = {0};
    take_form(request, &draft);
    draft.lesson = items_posted(request, "lesson");
    draft.difficulty_sd = "1.0";
    bool ok = item_draft_type(&draft) >= 0 || err_set(&err, ERR_INPUT, "Choose the type of the item.");
    ok = ok && app_item_create(web_app(web), items_posted(request, "author"), &draft, id, &version, &err);
    if (ok)
        response_redirect(response, "/items/%s/edit", id);
    else
        show_new(web, request, response, words(request->arena, "%s", err.text));
}
