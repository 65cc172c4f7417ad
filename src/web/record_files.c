/* The record as files: documents that are attached, export, import, print; and its deletion. */
#include "record.h"

#include "app/ledger.h"
#include "page_words.h"
#include "record_form.html.h"

#include <stdio.h>
#include <string.h>

static const char DELETE_WORDS[] = "delete my record";

static const char *request_id(const request_t *request)
{
    const char *id = request_form(request, "request");
    return id ? id : "";
}

/* ---- documents ---- */

static void upload(web_t *web, const request_t *request, response_t *response)
{
    const upload_t *file = request_file(request, "file");
    const char *entry = request_route(request, "id");
    char id[APP_ID_MAX];
    err_t err;
    bool ok = file != NULL && file->name[0] != '\0'
                  ? app_document_add(web_app(web), APP_RECORD_ME, entry, file->name, file->bytes, file->length,
                                     request_id(request), id, &err)
                  : err_set(&err, ERR_INPUT, "Choose a file first, then attach it.");
    if (ok)
        response_redirect(response, "/record/entry/%s?saved=1#documents", entry);
    else if (err.code == ERR_INPUT || err.code == ERR_LIMIT)
        record_show_entry(web, request, response, entry, err.text);
    else
        response_failed(response, &err);
}

/* Always to be saved, never shown as a page; a picture inside a page of ours is shown all the same. */
static void document(web_t *web, const request_t *request, response_t *response)
{
    app_document_t document;
    text_t bytes;
    err_t err;
    text_init(&bytes, APP_DOCUMENT_BYTES);
    if (app_document_read(web_app(web), APP_RECORD_ME, request_route(request, "id"), &document, &bytes, &err)) {
        text_t *out = response_body(response, document.type);
        text_add_n(out, bytes.data, bytes.length);
        response_foreign(response);
        response_download(response, document.name);
    } else {
        response_failed(response, &err);
    }
    text_free(&bytes);
}

static void remove_document(web_t *web, const request_t *request, response_t *response)
{
    const char *entry = request_form(request, "entry");
    err_t err;
    if (app_document_remove(web_app(web), APP_RECORD_ME, request_route(request, "id"), request_id(request), &err))
        response_redirect(response, "/record/entry/%s?saved=1#documents", entry ? entry : "");
    else
        response_failed(response, &err);
}

/* ---- out ---- */

static void json(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    (void)request;
    if (app_record_json(web_app(web), APP_RECORD_ME, response_json(response), &err))
        response_download(response, "record.json");
    else
        response_failed(response, &err);
}

static void pack(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    (void)request;
    response_large(response, WEB_ARCHIVE_MAX);
    if (app_record_pack(web_app(web), APP_RECORD_ME, response_body(response, "application/zip"), &err))
        response_download(response, "record.zip");
    else
        response_failed(response, &err);
}

static void csv(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    (void)request;
    if (app_record_csv(web_app(web), APP_RECORD_ME, response_body(response, "text/csv; charset=utf-8"), &err))
        response_download(response, "record.csv");
    else
        response_failed(response, &err);
}

static void pdf(web_t *web, const request_t *request, response_t *response)
{
    const char *size = request_query(request, "size");
    bool a4 = size != NULL && strcmp(size, "a4") == 0;
    err_t err;
    if (app_record_paper(web_app(web), APP_RECORD_ME, a4, words_day(request->arena, request->now_ms),
                         response_body(response, "application/pdf"), &err))
        response_download(response, "record.pdf");
    else
        response_failed(response, &err);
}

/* ---- in ---- */

static const char *const what_words[] = {
    [IMPORT_NEW] = "New", [IMPORT_CORRECTION] = "Correction", [IMPORT_SAME] = "Same"};

static bool fill_plan(record_import_page_t *page, const app_t *app, const app_import_t *plan, arena_t *arena)
{
    page->planned = true;
    page->added = plan->added;
    page->corrected = plan->corrected;
    page->same = plan->same;
    page->none = plan->none_count;
    page->documents = plan->documents;
    page->rows = arena_array(arena, (size_t)plan->count + 1, sizeof *page->rows);
    for (int i = 0; page->rows && i < plan->count; i++) {
        const app_import_entry_t *e = &plan->entries[i];
        if (e->what == IMPORT_SAME) continue;
        page->rows[page->count++] = (record_import_row_t){.section = app_record_section(e->section)->title,
                                                          .title = app_record_title(app, e->section, e->values, arena),
                                                          .sub = app_record_rest(app, e->section, e->values, arena),
                                                          .what = what_words[e->what]};
    }
    return page->rows != NULL;
}

static void show_import(web_t *web, const request_t *request, response_t *response, const app_unpacked_t *plan,
                        const char *text, const char *wrong)
{
    record_import_page_t page = {.wrong = wrong, .text = text, .kilobytes = APP_RECORD_FILE / 1024};
    frame_init(&page.frame, request, "Import a record");
    page.frame.main_class = "wide";
    if (wrong != NULL) response_status(response, 422);
    if (plan != NULL) {
        page.archive = text == NULL;
        page.ledger_added = plan->ledger.added;
        page.ledger_corrected = plan->ledger.corrected;
        page.ledger_same = plan->ledger.same;
    }
    if (plan != NULL && !fill_plan(&page, web_app(web), &plan->record, request->arena))
        response_error(response, 503, "There is not enough memory for this page.");
    else
        record_import_page(response_html(response), &page);
}

static void import_form(web_t *web, const request_t *request, response_t *response)
{
    show_import(web, request, response, NULL, NULL, NULL);
}

/* A ZIP is too large to be carried to the page and back: it is looked at, and chosen again to be taken in. */
static void import_archive(web_t *web, const request_t *request, response_t *response, const upload_t *file)
{
    const char *go = request_form(request, "go");
    bool save = go != NULL && strcmp(go, "import") == 0;
    app_unpacked_t done;
    err_t err;
    if (!app_record_unpack(web_app(web), APP_RECORD_ME, file->bytes, file->length, save, request->arena, &done, &err))
        show_import(web, request, response, NULL, NULL, err.text);
    else if (save)
        response_redirect(response, "/record?done=imported");
    else
        show_import(web, request, response, &done, NULL, NULL);
}

/* First the file, which is only looked at; then its text with the confirmation, which is checked again. */
static void import(web_t *web, const request_t *request, response_t *response)
{
    const upload_t *file = request_file(request, "file");
    const char *text = request_form(request, "text");
    app_unpacked_t plan = {.attached = 0};
    err_t err;
    app_t *app = web_app(web);
    if (text != NULL) {
        if (app_record_import(app, APP_RECORD_ME, text, strlen(text), request->arena, &plan.record, &err))
            response_redirect(response, "/record?done=imported");
        else
            show_import(web, request, response, NULL, NULL, err.text);
        return;
    }
    bool ok = file != NULL && file->name[0] != '\0' ? true : err_set(&err, ERR_INPUT, "Choose a file first.");
    if (ok && app_is_archive(file->bytes, file->length)) {
        import_archive(web, request, response, file);
        return;
    }
    ok =
        ok && app_record_import_plan(app, APP_RECORD_ME, file->bytes, file->length, request->arena, &plan.record, &err);
    const char *again = ok ? arena_text(request->arena, file->bytes, file->length) : NULL;
    if (ok && again == NULL) ok = err_set(&err, ERR_MEMORY, "There is not enough memory for this file.");
    show_import(web, request, response, ok ? &plan : NULL, again, ok ? NULL : err.text);
}

/* ---- away ---- */

static void show_delete(web_t *web, const request_t *request, response_t *response, const char *wrong)
{
    record_delete_page_t page = {.wrong = wrong, .words = DELETE_WORDS};
    app_entries_t record;
    err_t err;
    frame_init(&page.frame, request, "Delete the record");
    page.frame.main_class = "read";
    if (app_record_entries(web_app(web), APP_RECORD_ME, request->arena, &record, &err)) {
        page.entries = record.count;
        page.documents = record.document_count;
    } /* what cannot be read can still be deleted */
    if (wrong != NULL) response_status(response, 422);
    record_delete_page(response_html(response), &page);
}

static void delete_form(web_t *web, const request_t *request, response_t *response)
{
    show_delete(web, request, response, NULL);
}

static void delete_record(web_t *web, const request_t *request, response_t *response)
{
    const char *said = request_form(request, "words");
    err_t err;
    if (said == NULL || strcmp(said, DELETE_WORDS) != 0)
        show_delete(web, request, response,
                    "Nothing was deleted: the words are not the same. Type them as they stand here.");
    else if (app_record_erase(web_app(web), APP_RECORD_ME, &err))
        response_redirect(response, "/record?done=deleted");
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {
    {"POST", "/record/entry/:id/upload", upload},
    {"GET", "/record/document/:id", document},
    {"POST", "/record/document/:id/remove", remove_document},
    {"GET", "/record.json", json},
    {"GET", "/record.zip", pack},
    {"GET", "/record.csv", csv},
    {"GET", "/record.pdf", pdf},
    {"GET", "/record/import", import_form},
    {"POST", "/record/import", import},
    {"GET", "/record/delete", delete_form},
    {"POST", "/record/delete", delete_record},
};

const web_route_t *record_file_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
