/* Items out to other programs' formats and in again: a choice with what would be lost, a file with what would be kept.
 */
#include "items.h"
#include "items_wire_view.h"

#include "app/items_wire.h"
#include "items_wire.html.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILE_BYTES = 600 * 1024,            /* of a pasted file: percent-encoded it fits into WEB_LARGE_BODY_MAX */
    EXPORT_BYTES = WEB_ANSWER_MAX - 64, /* of a file that is saved */
    LOST_BYTES = 1024 * 1024,
    IMPORT_BYTES = 128 * 1024 * 1024
};

static const item_choice_t formats[] = {
    {"moodle", "Moodle XML", false}, {"gift", "GIFT", false}, {"csv", "CSV, for a spreadsheet", false}};
static const item_choice_t types[] = {{"single", "one right answer", false},
                                      {"several", "all that apply", false},
                                      {"order", "put in order", false},
                                      {"match", "match pairs", false},
                                      {"numeric", "a number", false}};
static const item_choice_t states[] = {{"draft", "draft", false},
                                       {"reviewed", "reviewed", false},
                                       {"in_use", "in use", false},
                                       {"retired", "retired", false}};
static const item_choice_t levels[] = {
    {"recall", "recall", false}, {"interpret", "interpret", false}, {"solve", "solve", false}};
static const item_choice_t programs[] = {{"PBT", "PBT", false}, {"MLA", "MLA", false}, {"MLT", "MLT", false}};
static const item_choice_t known[] = {{"refuse", "leave as they are, and say so", false},
                                      {"version", "take as newer versions of them", false},
                                      {"new", "take as new items", false}};
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const char *asked(const request_t *request, const char *name)
{
    const char *value = request_query(request, name);
    return value ? value : "";
}

/* ---- export ---- */

static const char *const export_names[] = {"lesson", "area", "type", "state", "program", "ids"};

static void take_choice(const request_t *request, app_items_choice_t *choice)
{
    *choice = (app_items_choice_t){.lesson = asked(request, "lesson"),
                                   .area = asked(request, "area"),
                                   .type = asked(request, "type"),
                                   .state = asked(request, "state"),
                                   .programs = item_programs(asked(request, "program")),
                                   .ids = asked(request, "ids")};
    if (strcmp(choice->state, "in use") == 0) choice->state = "in_use"; /* as the list of items says it */
}

/* Each area once. */
static item_choice_t *areas_alone(arena_t *arena, const bank_t *bank, int *count)
{
    item_choice_t *list = arena_array(arena, BANK_AREAS_MAX, sizeof *list);
    const char *area, *subarea;
    *count = 0;
    for (size_t i = 0; list && bank_area_at(bank, i, &area, &subarea); i++)
        if (*count == 0 || strcmp(list[*count - 1].value, area) != 0)
            list[(*count)++] = (item_choice_t){area, area, false};
    return list;
}

static void fill_export(items_export_t *page, const request_t *request, const bank_t *bank,
                        const app_items_choice_t *choice)
{
    arena_t *arena = request->arena;
    int lessons, areas;
    const item_choice_t *lesson = items_lessons(arena, bank, &lessons), *area = areas_alone(arena, bank, &areas);
    const char *format = asked(request, "format");
    const item_field_t fields[] = {
        items_choice(arena, "format", "Format", formats, COUNT(formats), format[0] ? format : "moodle", NULL),
        items_choice(arena, "lesson", "Lesson", lesson, lessons, choice->lesson, "all"),
        items_choice(arena, "area", "Area", area, areas, choice->area, "all"),
        items_choice(arena, "type", "Type", types, COUNT(types), choice->type, "all"),
        items_choice(arena, "state", "State", states, COUNT(states), choice->state, "all"),
        items_choice(arena, "program", "Program", programs, COUNT(programs), asked(request, "program"), "all"),
        {.name = "ids",
         .label = "Or these items",
         .value = choice->ids,
         .max = 400,
         .hint = "Their names, such as L52-01, L52-07."}};
    page->field_count = COUNT(fields);
    memcpy(page->fields, fields, sizeof fields);
}

/* The lines of a text; what is beyond the list is counted. */
static void fill_lost(items_export_t *page, const text_t *lost, arena_t *arena)
{
    char *text = lost->length ? arena_text(arena, lost->data, lost->length) : NULL;
    page->lost = arena_array(arena, ITEMS_LOST_SHOWN, sizeof *page->lost);
    for (char *line = text, *end; page->lost && line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (page->lost_count < ITEMS_LOST_SHOWN)
            page->lost[page->lost_count++] = line;
        else
            page->lost_more++;
    }
}

static const char *file_href(const request_t *request)
{
    text_t query;
    text_init(&query, WEB_URL_MAX);
    text_addf(&query, "/items/export/file?format=%s", asked(request, "format"));
    for (int i = 0; i < COUNT(export_names); i++) {
        const char *value = asked(request, export_names[i]);
        if (!value[0]) continue;
        text_addf(&query, "&%s=", export_names[i]);
        for (; *value; value++)
            if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_,", *value))
                text_add_char(&query, *value);
            else
                text_addf(&query, "%%%02X", (unsigned)(unsigned char)*value);
    }
    const char *href = query.failed ? "/items/export" : words(request->arena, "%s", query.data);
    text_free(&query);
    return href;
}

void items_wire_export(web_t *web, const request_t *request, response_t *response)
{
    items_export_t page = {0};
    app_items_choice_t choice;
    const bank_t *bank;
    text_t out, lost;
    err_t err = {0};
    int count = 0;
    wire_format_t format = wire_format(asked(request, "format"));
    frame_init(&page.frame, request, "Export items");
    page.frame.main_class = "wide";
    take_choice(request, &choice);
    if (!app_bank(web_app(web), &bank, &err)) {
        response_failed(response, &err);
        return;
    }
    fill_export(&page, request, bank, &choice);
    text_init(&out, EXPORT_BYTES);
    text_init(&lost, LOST_BYTES);
    if (format < WIRE_FORMATS && app_items_export(web_app(web), &choice, format, &out, &lost, &count, &err)) {
        page.file_href = file_href(request);
        page.file_name = wire_file_name(format);
        page.summary = words(request->arena, "%d item%s", count, count == 1 ? "" : "s");
        fill_lost(&page, &lost, request->arena);
    } else if (format < WIRE_FORMATS) {
        page.frame.notice_kind = "warn";
        page.frame.notice = err.code == ERR_NOT_FOUND ? "No item is chosen by these words; choose fewer of them."
                                                      : words(request->arena, "%s", err.text);
    }
    text_free(&out);
    text_free(&lost);
    items_export_page(response_html(response), &page);
}

void items_wire_file(web_t *web, const request_t *request, response_t *response)
{
    static const char *const media[WIRE_FORMATS] = {"text/csv; charset=utf-8", "text/plain; charset=utf-8",
                                                    "application/xml; charset=utf-8"};
    app_items_choice_t choice;
    text_t out, lost;
    err_t err = {0};
    int count;
    wire_format_t format = wire_format(asked(request, "format"));
    take_choice(request, &choice);
    text_init(&out, EXPORT_BYTES);
    text_init(&lost, LOST_BYTES);
    bool ok = format < WIRE_FORMATS || err_set(&err, ERR_INPUT, "The format is csv, gift or moodle.");
    if (ok && app_items_export(web_app(web), &choice, format, &out, &lost, &count, &err)) {
        text_add_n(response_body(response, media[format]), out.data, out.length);
        response_download(response, wire_file_name(format));
    } else {
        response_failed(response, &err);
    }
    text_free(&out);
    text_free(&lost);
}

/* ---- import ---- */

static item_field_t line(const request_t *request, const char *name, const char *label, int max, const char *hint)
{
    return (item_field_t){.name = name, .label = label, .value = items_posted(request, name), .max = max, .hint = hint};
}

static void fill_import(items_import_t *page, const request_t *request, const bank_t *bank)
{
    arena_t *arena = request->arena;
    int lessons, areas;
    const item_choice_t *lesson = items_lessons(arena, bank, &lessons), *area = items_areas(arena, bank, &areas);
    frame_init(&page->frame, request, "Import items");
    page->frame.main_class = "wide";
    page->frame.here = "/items/import";
    page->kilobytes = FILE_BYTES / 1024;
    page->bytes = FILE_BYTES;
    page->text = items_posted(request, "text");
    page->format = items_choice(arena, "format", "Format", formats, COUNT(formats), items_posted(request, "format"),
                                "as it looks");
    page->known = items_choice(arena, "known", "Items that are here already", known, COUNT(known),
                               items_posted(request, "known"), NULL);
    page->author = line(request, "author", "Author", APP_NAME_MAX,
                        "Who wrote or imports them; somebody else reviews them. Needed for the import.");
    const item_field_t facts[] = {
        items_choice(arena, "lesson", "Lesson", lesson, lessons, items_posted(request, "lesson"), "choose"),
        line(request, "objective", "Objective", 12, "Such as L52.1."),
        items_choice(arena, "area", "Area", area, areas, items_posted(request, "area"), "choose"),
        items_choice(arena, "level", "Level", levels, COUNT(levels), items_posted(request, "level"), "choose"),
        line(request, "difficulty", "Difficulty, logits", 12, "-2.5 easy, 0 for half of entry-level people, 2.5 hard."),
        line(request, "as_of", "As of", 7, "A month such as 2026-11."),
        line(request, "source", "Source", ITEM_SOURCE_MAX, "Where the keys can be verified.")};
    page->fact_count = COUNT(facts);
    memcpy(page->facts, facts, sizeof facts);
    page->facts[COUNT(facts) - 1].input = ITEM_AREA;
}

void items_wire_import(web_t *web, const request_t *request, response_t *response)
{
    items_import_t page = {0};
    const bank_t *bank;
    err_t err = {0};
    if (!app_bank(web_app(web), &bank, &err)) {
        response_failed(response, &err);
        return;
    }
    fill_import(&page, request, bank);
    if (request_query(request, "kept")) {
        int64_t kept = request_query_int(request, "kept", 0, WIRE_QUESTIONS_MAX, 0),
                unfinished = request_query_int(request, "unfinished", 0, WIRE_QUESTIONS_MAX, 0),
                refused = request_query_int(request, "refused", 0, WIRE_QUESTIONS_MAX, 0);
        page.frame.notice_kind = "ok";
        page.frame.notice =
            words(request->arena,
                  "%lld imported as drafts, %lld of them to be mended first; %lld refused. They stand in the list of "
                  "items; sort it by Changed to have them first.",
                  (long long)(kept + unfinished), (long long)unfinished, (long long)refused);
    }
    items_import_page(response_html(response), &page);
}

static void take_how(const request_t *request, app_import_t *how)
{
    const char *area = items_posted(request, "area"), *slash = strchr(area, '/');
    *how = (app_import_t){.author = items_posted(request, "author")};
    how->save = strcmp(items_posted(request, "do"), "keep") == 0;
    while (how->known < APP_KNOWN_WAYS && strcmp(items_posted(request, "known"), app_known_word(how->known)) != 0)
        how->known++;
    if (how->known == APP_KNOWN_WAYS) how->known = APP_KNOWN_REFUSE;
    how->fact[WIRE_LESSON] = items_posted(request, "lesson");
    how->fact[WIRE_OBJECTIVE] = items_posted(request, "objective");
    how->fact[WIRE_AREA] = slash ? words(request->arena, "%.*s", (int)(slash - area), area) : "";
    how->fact[WIRE_SUBAREA] = slash ? slash + 1 : "";
    how->fact[WIRE_LEVEL] = items_posted(request, "level");
    how->fact[WIRE_DIFFICULTY] = items_posted(request, "difficulty");
    how->fact[WIRE_SOURCE] = items_posted(request, "source");
    how->fact[WIRE_AS_OF] = items_posted(request, "as_of");
}

static void fill_rows(items_import_t *page, const app_import_row_t *rows, int count, arena_t *arena)
{
    static const char *const said[APP_IMPORT_OUTCOMES] = {"complete draft", "draft to mend", "here already", "refused"};
    static const char *const chips[APP_IMPORT_OUTCOMES] = {"ok", "warn", "plain", "crit"};
    int counts[APP_IMPORT_OUTCOMES] = {0};
    page->rows = arena_array(arena, ITEMS_ROWS_SHOWN, sizeof *page->rows);
    for (int i = 0; i < count; i++) {
        const app_import_row_t *from = &rows[i];
        counts[from->outcome]++;
        if (!page->rows || page->row_count == ITEMS_ROWS_SHOWN) {
            page->row_more++;
            continue;
        }
        bool here = from->outcome == APP_IMPORT_SAME && from->id[0];
        page->rows[page->row_count++] = (items_import_row_t){.line = from->line,
                                                             .what = from->what,
                                                             .outcome = said[from->outcome],
                                                             .chip = chips[from->outcome],
                                                             .href = here ? words(arena, "/items/%s", from->id) : NULL,
                                                             .say = from->say,
                                                             .count = from->count};
    }
    page->looked = true;
    page->keep = counts[APP_IMPORT_ACCEPTED] + counts[APP_IMPORT_UNFINISHED];
    page->summary = words(arena, "%d complete, %d to mend, %d here already, %d refused", counts[APP_IMPORT_ACCEPTED],
                          counts[APP_IMPORT_UNFINISHED], counts[APP_IMPORT_SAME], counts[APP_IMPORT_REFUSED]);
}

static void redirect_done(response_t *response, const app_import_row_t *rows, int done)
{
    int counts[APP_IMPORT_OUTCOMES] = {0};
    for (int i = 0; i < done; i++) counts[rows[i].outcome]++;
    response_redirect(response, "/items/import?kept=%d&unfinished=%d&refused=%d", counts[APP_IMPORT_ACCEPTED],
                      counts[APP_IMPORT_UNFINISHED], counts[APP_IMPORT_REFUSED]);
}

static bool read_file(wire_t *wire, arena_t *arena, const request_t *request, const char *text, err_t *err)
{
    size_t length = strlen(text);
    wire_format_t format = wire_format(items_posted(request, "format"));
    if (!text[strspn(text, " \n")]) return err_set(err, ERR_INPUT, "Paste the text of a file, or choose a file.");
    if (format == WIRE_FORMATS) format = wire_guess(text, length);
    return wire_read(wire, arena, format, "file", text, length, err);
}

/* What would become of the questions; with `do` keep they become it. */
void items_wire_take(web_t *web, const request_t *request, response_t *response)
{
    items_import_t page = {0};
    const bank_t *bank;
    app_import_t how;
    wire_t wire;
    err_t err = {0};
    int done = 0;
    arena_t *arena = arena_new(IMPORT_BYTES);
    if (!arena || !app_bank(web_app(web), &bank, &err)) {
        response_error(response, 503, "%s", arena ? err.text : "There is not enough memory to read a file.");
        arena_free(arena);
        return;
    }
    fill_import(&page, request, bank);
    take_how(request, &how);
    bool ok = read_file(&wire, arena, request, page.text, &err);
    if (!ok) page.wrong = err.text;
    app_import_row_t *rows = ok ? arena_array(arena, (size_t)wire.count, sizeof *rows) : NULL;
    if (ok && !rows) ok = err_set(&err, ERR_MEMORY, "There is not enough memory to read the file.");
    ok = ok && app_items_import(web_app(web), arena, &wire, &how, rows, &done, &err);
    if (ok && how.save) {
        redirect_done(response, rows, done);
        arena_free(arena);
        return;
    }
    if (!ok && !page.wrong) {
        page.frame.notice_kind = "crit";
        page.frame.notice =
            done ? words(request->arena, "%d questions were taken, then: %s", done, err.text) : err.text;
        err_t ignored;
        how.save = false; /* the preview stays */
        if (rows) app_items_import(web_app(web), arena, &wire, &how, rows, &done, &ignored);
    }
    if (!ok) response_status(response, 422);
    if (rows && done) fill_rows(&page, rows, done, request->arena);
    if (rows) page.note = wire.note;
    items_import_page(response_html(response), &page);
    arena_free(arena);
}
