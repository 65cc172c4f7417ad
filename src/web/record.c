/* Your record: the overview by section, an entry with its history and documents, the forms. A form that is refused
 * comes back with what was typed; corrections and withdrawals append. */
#include "record.h"

#include "page_words.h"
#include "record.html.h"
#include "record_form.html.h"

#include "road/identifier.h"

#include <stdio.h>
#include <string.h>

enum { FOLD_FROM = 16, VALUE_MAX = APP_RECORD_NOTE + 200 };

/* ---- words ---- */

static bool is_note(const record_field_t *field)
{
    return field->kind == RECORD_FIELD_NOTE;
}

static const char *size_words(arena_t *arena, size_t bytes)
{
    return bytes >= 1048576 ? words(arena, "%s MB", words_fixed(arena, (double)bytes / 1048576, 1))
                            : words(arena, "%zu KB", bytes / 1024 + (bytes > 0));
}

static bool memory(err_t *err)
{
    return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
}

/* ---- the overview ---- */

static void fill_part(record_part_t *part, const app_t *app, const app_entries_t *record, int section, arena_t *arena)
{
    const record_section_t *s = app_record_section(section);
    *part = (record_part_t){.key = s->key, .title = s->title, .one = s->one, .about = s->about};
    part->none = record->none[section];
    part->single = s->single;
    part->cards = arena_array(arena, APP_RECORD_SECTION_MAX, sizeof *part->cards);
    for (int i = 0; part->cards && i < record->count && part->count < APP_RECORD_SECTION_MAX; i++) {
        const app_entry_t *e = &record->entries[i];
        if (e->section != section || e->withdrawn) continue;
        part->cards[part->count++] = (record_card_t){.id = e->id,
                                                     .title = app_record_title(app, section, e->values, arena),
                                                     .sub = app_record_rest(app, section, e->values, arena),
                                                     .documents = e->documents,
                                                     .corrections = e->corrections};
    }
    part->full = part->count >= (s->single ? 1 : APP_RECORD_SECTION_MAX);
}

static bool fill_page(record_page_t *page, app_t *app, const app_entries_t *record, arena_t *arena, err_t *err)
{
    page->part_count = app_record_section_count();
    page->parts = arena_array(arena, (size_t)page->part_count, sizeof *page->parts);
    if (!page->parts) return memory(err);
    for (int s = 0; s < page->part_count; s++) {
        fill_part(&page->parts[s], app, record, s, arena);
        if (!page->parts[s].cards) return memory(err);
        page->entries += page->parts[s].count;
    }
    page->documents = record->document_count;
    page->megabytes = size_words(arena, record->document_bytes);
    if (record->seq > 0) page->frame.saved = words(arena, "Saved %s", words_date(arena, record->changed_ms));
    return true;
}

static void overview(web_t *web, const request_t *request, response_t *response)
{
    record_page_t page = {0};
    app_entries_t record;
    err_t err;
    const char *done = request_query(request, "done");
    frame_init(&page.frame, request, "Your record");
    page.frame.main_class = "wide";
    if (done != NULL) {
        page.frame.notice_kind = "ok";
        page.frame.notice = strcmp(done, "deleted") == 0 ? "The record is deleted for good."
                            : strcmp(done, "imported") == 0
                                ? "The file is taken in."
                                : "The entry is withdrawn; its history stays in the export.";
    }
    if (app_record_entries(web_app(web), APP_RECORD_ME, request->arena, &record, &err) &&
        fill_page(&page, web_app(web), &record, request->arena, &err))
        record_page(response_html(response), &page);
    else
        response_failed(response, &err);
}

/* ---- one entry ---- */

static record_line_t *lines_of(const app_t *app, int section, const char *const *values, arena_t *arena, int *count)
{
    const record_section_t *s = app_record_section(section);
    record_line_t *lines = arena_array(arena, APP_RECORD_FIELDS, sizeof *lines);
    *count = 0;
    for (int i = 0; lines && i < s->count; i++) {
        if (!values[i] || !values[i][0]) continue;
        lines[(*count)++] = (record_line_t){s->fields[i].label, app_record_say(app, &s->fields[i], values[i], arena)};
    }
    return lines;
}

static void fill_step(record_step_t *to, const app_t *app, const app_entry_t *entry, const app_entry_step_t *step,
                      arena_t *arena)
{
    *to = (record_step_t){.when = words_date(arena, step->at_ms)};
    switch (step->what) {
    case ENTRY_ENTERED:
    case ENTRY_CORRECTED:
        to->what = step->what == ENTRY_ENTERED ? "entered" : "corrected to";
        to->lines = lines_of(app, entry->section, step->values, arena, &to->count);
        break;
    case ENTRY_WITHDRAWN:
        to->what = "withdrawn";
        break;
    case ENTRY_ATTACHED:
        to->what = words(arena, "attached: %s", step->document);
        break;
    case ENTRY_DETACHED:
        to->what = words(arena, "removed for good: %s", step->document);
        break;
    }
}

/* What a text of the entry looks like, when it may name a patient. */
static const char *warning_of(const app_entry_t *entry, arena_t *arena)
{
    const record_section_t *s = app_record_section(entry->section);
    for (int i = 0; i < s->count; i++) {
        identifier_t found;
        const record_field_t *f = &s->fields[i];
        bool free_text = (f->kind == RECORD_FIELD_TEXT && !f->number_of_own) || is_note(f);
        if (!free_text || !identifier_find(entry->values[i], 0, &found)) continue;
        return words(arena, "%s: \"%.*s\" looks like %s.", f->label, (int)(found.length < 60 ? found.length : 60),
                     entry->values[i] + found.at, identifier_looks_like(found.kind));
    }
    return NULL;
}

static bool fill_documents(record_entry_page_t *page, const app_entries_t *record, const app_entry_t *entry,
                           arena_t *arena)
{
    page->documents = arena_array(arena, APP_DOCUMENTS, sizeof *page->documents);
    for (int i = 0; page->documents && i < record->document_count; i++) {
        const app_document_t *d = &record->documents[i];
        if (&record->entries[d->entry] != entry) continue;
        page->documents[page->document_count++] =
            (record_document_t){.id = d->id,
                                .name = d->name,
                                .type = strchr(d->type, '/') + 1,
                                .size = size_words(arena, d->bytes),
                                .added = words_date(arena, d->at_ms),
                                .picture = app_document_shows(d),
                                .telephone = strncmp(d->type, "image/hei", 9) == 0};
    }
    return page->documents != NULL;
}

static bool fill_entry(record_entry_page_t *page, const app_t *app, const app_entries_t *record,
                       const app_entry_t *entry, arena_t *arena, err_t *err)
{
    page->id = entry->id;
    page->section = app_record_section(entry->section)->title;
    page->section_key = app_record_section(entry->section)->key;
    page->title = app_record_title(app, entry->section, entry->values, arena);
    page->frame.title = page->title;
    page->withdrawn = entry->withdrawn;
    page->lines = lines_of(app, entry->section, entry->values, arena, &page->count);
    page->steps = arena_array(arena, (size_t)entry->step_count, sizeof *page->steps);
    if (!page->lines || !page->steps || !fill_documents(page, record, entry, arena)) return memory(err);
    for (int i = entry->step_count - 1; i >= 0; i--) /* the newest first */
        fill_step(&page->steps[page->step_count++], app, entry, &entry->steps[i], arena);
    return true;
}

void record_show_entry(web_t *web, const request_t *request, response_t *response, const char *id, const char *wrong)
{
    record_entry_page_t page = {0};
    app_entries_t record;
    err_t err;
    app_t *app = web_app(web);
    frame_init(&page.frame, request, "Entry");
    page.frame.main_class = "wide";
    page.frame.here = words(request->arena, "/record/entry/%s", id);
    page.wrong = wrong;
    bool ok = app_record_entries(app, APP_RECORD_ME, request->arena, &record, &err);
    const app_entry_t *entry = ok ? app_record_find(&record, id, &err) : NULL;
    if (!entry || !fill_entry(&page, app, &record, entry, request->arena, &err)) {
        response_failed(response, &err);
        return;
    }
    if (wrong != NULL) {
        response_status(response, 422);
    } else if (request_query(request, "saved") != NULL) {
        page.looks_like = warning_of(entry, request->arena);
        if (page.looks_like == NULL) {
            page.frame.notice_kind = "ok";
            page.frame.notice = "Saved.";
        }
    }
    page.frame.saved = words(request->arena, "Saved %s", words_date(request->arena, entry->changed_ms));
    record_entry_page(response_html(response), &page);
}

static void entry_page(web_t *web, const request_t *request, response_t *response)
{
    record_show_entry(web, request, response, request_route(request, "id"), NULL);
}

/* ---- forms ---- */

static bool has_token(const char *value, const char *token)
{
    size_t n = strlen(token);
    for (const char *at = value; *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, token, n) == 0 && (at[n] == ',' || at[n] == '\0')) return true;
    return false;
}

static bool fill_field(record_input_field_t *to, const app_t *app, const record_field_t *field, const char *value,
                       arena_t *arena)
{
    *to = (record_input_field_t){.key = field->key,
                                 .label = field->label,
                                 .hint = field->hint,
                                 .value = value,
                                 .needed = field->needed,
                                 .mode = field->kind == RECORD_FIELD_NUMBER ? "decimal" : NULL,
                                 .input = is_note(field)                        ? RECORD_AREA
                                          : field->kind == RECORD_FIELD_CHOICE  ? RECORD_SELECT
                                          : field->kind == RECORD_FIELD_SEVERAL ? RECORD_CHECKS
                                                                                : RECORD_INPUT};
    const record_word_t *list = app_record_words(app, field, &to->count);
    to->choices = arena_array(arena, (size_t)to->count + 1, sizeof *to->choices);
    for (int i = 0; to->choices && i < to->count; i++) {
        to->choices[i] = (record_choice_t){list[i].token, list[i].words, has_token(value, list[i].token)};
        to->chosen += to->choices[i].chosen;
    }
    to->folded = to->count > FOLD_FROM;
    return to->choices != NULL;
}

/* The sentence of a field without the label, which stands above it. */
static const char *at_field(const record_field_t *field, const char *sentence)
{
    size_t n = strlen(field->label);
    bool labeled = strncmp(sentence, field->label, n) == 0 && strncmp(sentence + n, ": ", 2) == 0;
    return labeled ? sentence + n + 2 : sentence;
}

/* The form with these values; `id` NULL: of a new entry. */
static void show_form(web_t *web, const request_t *request, response_t *response, int section, const char *id,
                      int64_t seq, const char *const *values, const record_wrong_t *wrong)
{
    record_form_page_t page = {0};
    const record_section_t *s = app_record_section(section);
    arena_t *arena = request->arena;
    const char *title = id ? words(arena, "Correct: %s", s->title) : words(arena, "Add %s", s->one);
    frame_init(&page.frame, request, title);
    page.frame.main_class = "wide";
    page.title = title;
    page.about = s->about;
    page.seq = seq;
    page.corrects = id != NULL;
    page.action = id ? words(arena, "/record/entry/%s/correct", id) : words(arena, "/record/%s/add", s->key);
    page.back = id ? words(arena, "/record/entry/%s", id) : words(arena, "/record#%s", s->key);
    page.fields = arena_array(arena, APP_RECORD_FIELDS, sizeof *page.fields);
    bool ok = page.fields != NULL;
    for (int i = 0; ok && i < s->count; i++)
        ok = fill_field(&page.fields[page.count++], web_app(web), &s->fields[i], values[i] ? values[i] : "", arena);
    if (!ok) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    if (wrong != NULL) {
        response_status(response, wrong->err.code == ERR_STATE ? 409 : 422);
        if (wrong->field >= 0)
            page.fields[wrong->field].wrong = at_field(&s->fields[wrong->field], wrong->err.text);
        else
            page.wrong = wrong->err.text;
    }
    record_form_page(response_html(response), &page);
}

/* What was posted, by field; boxes that were ticked are joined by commas. */
static bool read_values(const request_t *request, int section, const char **values)
{
    const record_section_t *s = app_record_section(section);
    for (int i = 0; i < s->count; i++) {
        const char *value = request_form(request, s->fields[i].key);
        values[i] = value ? value : "";
        for (size_t n = 1; s->fields[i].kind == RECORD_FIELD_SEVERAL; n++) {
            const char *more = params_nth(&request->form, s->fields[i].key, n);
            if (more == NULL) break;
            values[i] = words(request->arena, "%s,%s", values[i], more);
        }
    }
    return true;
}

static int section_of(const request_t *request, response_t *response)
{
    int section = app_record_section_find(request_route(request, "section"));
    if (section < 0) response_error(response, 404, "A record has no such section. Start again from the record.");
    return section;
}

static void add_form(web_t *web, const request_t *request, response_t *response)
{
    static const char *const empty[APP_RECORD_FIELDS] = {0};
    int section = section_of(request, response);
    if (section >= 0) show_form(web, request, response, section, NULL, 0, empty, NULL);
}

static const char *request_id(const request_t *request)
{
    const char *id = request_form(request, "request");
    return id ? id : "";
}

static void add(web_t *web, const request_t *request, response_t *response)
{
    const char *values[APP_RECORD_FIELDS] = {0};
    record_wrong_t wrong;
    char id[APP_ID_MAX];
    int section = section_of(request, response);
    if (section < 0 || !read_values(request, section, values)) return;
    if (app_record_enter(web_app(web), APP_RECORD_ME, section, values, request_id(request), id, &wrong))
        response_redirect(response, "/record/entry/%s?saved=1", id);
    else
        show_form(web, request, response, section, NULL, 0, values, &wrong);
}

/* The entry of the address; NULL when the answer is already made. */
static const app_entry_t *entry_of(web_t *web, const request_t *request, response_t *response)
{
    app_entries_t *record = arena_alloc(request->arena, sizeof *record);
    err_t err;
    bool ok = record ? app_record_entries(web_app(web), APP_RECORD_ME, request->arena, record, &err) : memory(&err);
    const app_entry_t *entry = ok ? app_record_find(record, request_route(request, "id"), &err) : NULL;
    if (entry && entry->withdrawn) {
        err_set(&err, ERR_STATE, "This entry was withdrawn. Enter it anew.");
        entry = NULL;
    }
    if (!entry) response_failed(response, &err);
    return entry;
}

static void correct_form(web_t *web, const request_t *request, response_t *response)
{
    const app_entry_t *entry = entry_of(web, request, response);
    if (entry) show_form(web, request, response, entry->section, entry->id, entry->seq, entry->values, NULL);
}

static void correct(web_t *web, const request_t *request, response_t *response)
{
    const char *values[APP_RECORD_FIELDS] = {0};
    record_wrong_t wrong;
    const app_entry_t *entry = entry_of(web, request, response);
    if (!entry || !read_values(request, entry->section, values)) return;
    int64_t seq = request_form_int(request, "seq", 0, INT64_MAX, 0);
    if (app_record_correct(web_app(web), APP_RECORD_ME, entry->id, seq, values, request_id(request), &wrong))
        response_redirect(response, "/record/entry/%s?saved=1", entry->id);
    else
        show_form(web, request, response, entry->section, entry->id, seq, values, &wrong);
}

static void withdraw(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_record_withdraw(web_app(web), APP_RECORD_ME, request_route(request, "id"), request_id(request), &err))
        response_redirect(response, "/record?done=withdrawn");
    else
        response_failed(response, &err);
}

static void none(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    int section = section_of(request, response);
    const char *said = request_form(request, "none");
    if (section < 0) return;
    bool yes = said != NULL && strcmp(said, "yes") == 0;
    if (app_record_none(web_app(web), APP_RECORD_ME, section, yes, request_id(request), &err))
        response_redirect(response, "/record#%s", app_record_section(section)->key);
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {
    {"GET", "/record", overview},
    {"GET", "/record/entry/:id", entry_page},
    {"GET", "/record/entry/:id/correct", correct_form},
    {"POST", "/record/entry/:id/correct", correct},
    {"POST", "/record/entry/:id/withdraw", withdraw},
    {"GET", "/record/:section/add", add_form},
    {"POST", "/record/:section/add", add},
    {"POST", "/record/:section/none", none},
};

const web_route_t *record_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
