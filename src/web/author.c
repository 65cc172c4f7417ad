/* Writing scenarios: the list, the form, import and export. Every button of the form posts the whole form; what was
 * typed is saved first, right or wrong (a draft keeps it), then the button's wish is done, then the browser is sent
 * back to the form: so nothing typed is lost, reloading is harmless, and no script is needed.
 * Instructor's side: these pages show what is planted. */
#include "author.h"

#include "home.h"

#include "author.html.h"
#include "author_form.html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SHOWN = 120, VERSIONS_SHOWN = 50 };

/* ---- the list ---- */

static bool fill_list(author_list_t *page, app_t *app, arena_t *arena, err_t *err)
{
    const lab_t *lab = app_lab(app);
    app_scenario_t *list = arena_array(arena, APP_LIST_MAX, sizeof *list);
    size_t models = (size_t)scenario_count(lab) + APP_LIST_MAX;
    page->cards = arena_array(arena, APP_LIST_MAX, sizeof *page->cards);
    page->models = arena_array(arena, models, sizeof *page->models);
    if (!list || !page->cards || !page->models)
        return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_scenario_list(app, list, APP_LIST_MAX, &page->count, err)) return false;
    for (int i = 0; i < page->count; i++) {
        const app_scenario_t *s = &list[i];
        const char *title = words(arena, "%s", s->unfinished ? s->draft_title : s->title);
        if (!title[0]) title = "(no title yet)";
        page->cards[i] = (author_card_t){
            .id = words(arena, "%s", s->id),
            .title = title,
            .state = s->version == 0 ? "unfinished"
                     : s->unfinished ? words(arena, "version %d, and unfinished changes", s->version)
                                     : words(arena, "version %d", s->version),
            .changed = words_date(arena, s->changed_ms),
            .facts = s->version == 0 ? NULL
                                     : words(arena, "%s of shift time · about %d specimens",
                                             words_length(arena, s->length_s), s->specimens),
            .playable = s->version > 0,
            .mode = s->mode,
        };
        page->models[page->model_count++] =
            (author_choice_t){page->cards[i].id, words(arena, "Yours: %s", title), false};
    }
    for (int i = 0; i < scenario_count(lab); i++) {
        scenario_view_t view;
        scenario_view(scenario_get(lab, i), &view);
        page->models[page->model_count++] = (author_choice_t){view.id, view.title, false};
    }
    return true;
}

static void list(web_t *web, const request_t *request, response_t *response)
{
    author_list_t page = {0};
    err_t err;
    frame_init(&page.frame, request, "Write scenarios");
    if (request_query(request, "removed") != NULL) {
        page.frame.notice_kind = "ok";
        page.frame.notice = "The scenario is off the list. Shifts that were worked in it stay as they are.";
    }
    if (!fill_list(&page, web_app(web), request->arena, &err)) {
        response_failed(response, &err);
        return;
    }
    author_list_page(response_html(response), &page);
}

/* ---- texts and drafts ---- */

static bool write_draft(const draft_t *draft, text_t *text, err_t *err)
{
    text_init(text, DRAFT_FILE_MAX + 1024);
    return draft_write(draft, text, err);
}

/* A scenario to begin from, built in or authored. */
static bool read_model(app_t *app, const char *id, draft_t *draft, arena_t *arena, err_t *err)
{
    app_scenario_t scenario;
    text_t text;
    if (scenario_find(app_lab(app), id) != NULL) return draft_read_built_in(draft, arena, app_lab(app), id, err);
    text_init(&text, APP_SCENARIO_MAX + 1);
    bool ok = app_scenario_get(app, id, 0, &scenario, &text, err) &&
              draft_read(draft, arena, "scenario", text.data ? text.data : "", text.length, err);
    text_free(&text);
    return ok;
}

static void set_root(draft_t *draft, const char *key, const char *value)
{
    int field = draft_field(draft, DRAFT_ROOT, 0, key);
    if (field >= 0) draft_set(draft, DRAFT_ROOT, 0, field, value);
}

static void create(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *from = request_form(request, "from");
    char id[APP_ID_MAX];
    draft_t draft;
    text_t text = {0};
    err_t err = {0}, why;
    int version;
    bool copy = from != NULL && from[0] != '\0', ok = true;
    if (copy)
        ok = read_model(app, from, &draft, request->arena, &err);
    else
        draft_blank(&draft, request->arena);
    if (ok && copy) { /* another scenario: its own title and name */
        set_root(&draft, "title", words(request->arena, "Copy of %.100s", draft_value(&draft, DRAFT_ROOT, 0, "title")));
        set_root(&draft, "id", "");
        draft_name(&draft);
    }
    ok = ok && write_draft(&draft, &text, &err) &&
         app_scenario_create(app, draft_value(&draft, DRAFT_ROOT, 0, "title"), text.data, text.length, id, &version,
                             &why, &err);
    text_free(&text);
    if (ok)
        response_redirect(response, "/author/%s", id);
    else
        response_failed(response, &err);
}

/* ---- the form ---- */

static bool fill_versions(author_form_t *page, app_t *app, arena_t *arena, err_t *err)
{
    app_scenario_t *list = arena_array(arena, VERSIONS_SHOWN, sizeof *list);
    page->versions = arena_array(arena, VERSIONS_SHOWN, sizeof *page->versions);
    if (!list || !page->versions) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_scenario_versions(app, page->id, list, VERSIONS_SHOWN, &page->version_count, err)) return false;
    for (int i = 0; i < page->version_count; i++)
        page->versions[i] = (author_version_t){.number = list[i].version,
                                               .date = words_date(arena, list[i].changed_ms),
                                               .newest = i == 0 && !page->unfinished};
    return true;
}

static void show_form(web_t *web, const request_t *request, response_t *response, const app_scenario_t *scenario,
                      const draft_t *draft, const char *refused)
{
    author_form_t page = {0};
    err_t err;
    const char *saved = request_query(request, "saved");
    frame_init(&page.frame, request, "Scenario");
    page.frame.main_class = "wide";
    page.frame.here = words(request->arena, "/author/%s", scenario->id);
    page.id = words(request->arena, "%s", scenario->id);
    page.title = draft_value(draft, DRAFT_ROOT, 0, "title");
    if (!page.title[0]) page.title = "New scenario";
    page.frame.title = page.title;
    page.seq = scenario->seq;
    page.version = scenario->version;
    page.unfinished = scenario->unfinished;
    if (refused != NULL) {
        page.frame.notice_kind = "crit";
        page.frame.notice = refused;
        response_status(response, 409);
    } else if (saved != NULL && scenario->version > 0 && !scenario->unfinished) {
        page.frame.notice_kind = "ok";
        page.frame.notice =
            words(request->arena, "Saved as version %d. It can be previewed and played.", scenario->version);
    }
    bool check = refused == NULL && request_query(request, "check") != NULL;
    if (!fill_versions(&page, web_app(web), request->arena, &err) ||
        !author_fill(&page, app_lab(web_app(web)), draft, check, request_query(request, "open"), request->arena,
                     &err)) {
        response_failed(response, &err);
        return;
    }
    page.frame.saved = words(request->arena, "Saved %s", words_date(request->arena, scenario->changed_ms));
    author_form_page(response_html(response), &page);
}

static void form(web_t *web, const request_t *request, response_t *response)
{
    app_scenario_t scenario;
    text_t text;
    draft_t draft;
    err_t err = {0};
    text_init(&text, APP_SCENARIO_MAX + 1);
    bool ok = app_scenario_get(web_app(web), request_route(request, "id"), 0, &scenario, &text, &err) &&
              draft_read(&draft, request->arena, "scenario", text.data ? text.data : "", text.length, &err);
    text_free(&text);
    if (ok)
        show_form(web, request, response, &scenario, &draft, NULL);
    else
        response_failed(response, &err);
}

/* The number behind "remove-p3": the part's group and row; false when there is none. */
static bool part_of(const draft_t *draft, const char *part, int *group, int *row)
{
    *group = part[0] == 'p' ? DRAFT_PLANTED : part[0] == 'c' ? DRAFT_CALLS : -1;
    *row = part[0] ? atoi(part + 1) : -1;
    return *group > 0 && *row >= 0 && *row < draft->count[*group];
}

/* Does what the pressed button wants with the rows; the part to open afterward is written to `open`. */
static void change_rows(const request_t *request, draft_t *draft, const char *wish, char open[AUTHOR_PART_MAX])
{
    int group, row;
    open[0] = '\0';
    if (strcmp(wish, "add-planted") == 0) {
        const char *kind = request_form(request, "kind");
        if (kind != NULL && draft_kind_help(kind)[0] && (row = draft_add(draft, DRAFT_PLANTED, kind)) >= 0)
            snprintf(open, AUTHOR_PART_MAX, "p%d", row);
    } else if (strcmp(wish, "add-call") == 0) {
        if ((row = draft_add(draft, DRAFT_CALLS, NULL)) >= 0) snprintf(open, AUTHOR_PART_MAX, "c%d", row);
    } else if (strncmp(wish, "remove-", 7) == 0 && part_of(draft, wish + 7, &group, &row)) {
        draft_remove(draft, group, row);
        snprintf(open, AUTHOR_PART_MAX, "planted");
    }
}

static void save(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *id = words(request->arena, "%s", request_route(request, "id")), *wish = request_form(request, "do");
    char open[AUTHOR_PART_MAX];
    draft_t draft;
    text_t text = {0};
    err_t err = {0}, why = {0};
    int version = 0;
    if (wish == NULL) wish = "save";
    if (!author_posted(request, &draft, &err)) {
        response_failed(response, &err);
        return;
    }
    change_rows(request, &draft, wish, open);
    draft_name(&draft);
    bool ok =
        write_draft(&draft, &text, &err) &&
        app_scenario_save(app, id, request_form_int(request, "seq", 0, INT32_MAX, 0),
                          draft_value(&draft, DRAFT_ROOT, 0, "title"), text.data, text.length, &version, &why, &err);
    text_free(&text);
    if (!ok && (err.code == ERR_CONFLICT || err.code == ERR_LIMIT)) {
        app_scenario_t newest; /* the page again with what was typed; saving it once more replaces the other's */
        err_t ignored;
        if (app_scenario_get(app, id, 0, &newest, NULL, &ignored)) {
            show_form(web, request, response, &newest, &draft,
                      words(request->arena, "%s Your text is below: save again to put it in place.", err.text));
            return;
        }
    }
    if (!ok)
        response_failed(response, &err);
    else if (open[0])
        response_redirect(response, "/author/%s?open=%s", id, open);
    else if (version == 0)
        response_redirect(response, "/author/%s?check=1", id);
    else if (strcmp(wish, "preview") == 0)
        response_redirect(response, "/author/%s/preview", id);
    else
        response_redirect(response, "/author/%s?saved=1", id);
}

/* An old version becomes the newest: nothing in between is lost. */
static void bring_back(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *id = request_route(request, "id");
    app_scenario_t old, last;
    text_t text;
    err_t err = {0}, why;
    int version = (int)request_form_int(request, "version", 1, INT32_MAX, 1);
    text_init(&text, APP_SCENARIO_MAX + 1);
    bool ok = app_scenario_get(app, id, version, &old, &text, &err) &&
              app_scenario_get(app, id, 0, &last, NULL, &err) &&
              app_scenario_save(app, id, last.seq, old.title, text.data, text.length, &version, &why, &err);
    text_free(&text);
    if (ok)
        response_redirect(response, "/author/%s?%s=1", old.id, version > 0 ? "saved" : "check");
    else
        response_failed(response, &err);
}

static void remove_one(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_scenario_remove(web_app(web), request_route(request, "id"), &err))
        response_redirect(response, "/author?removed=1");
    else
        response_failed(response, &err);
}

/* ---- files ---- */

static void export(web_t *web, const request_t *request, response_t *response)
{
    app_scenario_t scenario;
    err_t err;
    int version = (int)request_query_int(request, "version", 1, INT32_MAX, 0);
    text_t *body = response_body(response, "application/yaml; charset=utf-8");
    if (!app_scenario_get(web_app(web), request_route(request, "id"), version, &scenario, body, &err))
        response_failed(response, &err);
    else
        response_download(response, words(request->arena, "%s.yaml", scenario.name[0] ? scenario.name : scenario.id));
}

/* "file:12: sentence" */
static int line_of(const char *complaint)
{
    const char *colon = strchr(complaint, ':');
    return colon ? atoi(colon + 1) : 0;
}

static void show_import(const request_t *request, response_t *response, const char *text, const char *wrong)
{
    author_import_t page = {.text = text, .wrong = wrong, .kilobytes = DRAFT_FILE_MAX / 1024};
    frame_init(&page.frame, request, "Import a scenario");
    page.frame.here = "/author/import";
    if (wrong != NULL) {
        response_status(response, 422);
        page.line = line_of(wrong);
        const char *c = text ? text : "";
        for (int line = 1; line < page.line && *c; line++) c += strcspn(c, "\n") + (c[strcspn(c, "\n")] == '\n');
        size_t n = strcspn(c, "\r\n");
        if (page.line > 0) page.line_text = words(request->arena, "%.*s", (int)(n < LINE_SHOWN ? n : LINE_SHOWN), c);
    }
    author_import_page(response_html(response), &page);
}

static void import(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    show_import(request, response, NULL, NULL);
}

/* A file that is right becomes a scenario, as the form would write it; any other stays in the box. */
static void import_text(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    const char *pasted = request_form(request, "text");
    char id[APP_ID_MAX];
    draft_t draft;
    scenario_t *scenario = NULL;
    text_t text = {0};
    err_t err = {0}, why = {0};
    int version;
    size_t length = pasted ? strlen(pasted) : 0;
    bool ok = length > 0 || err_set(&err, ERR_INPUT, "Paste the text of a scenario file, or choose a file.");
    ok = ok && (length <= DRAFT_FILE_MAX ||
                err_set(&err, ERR_LIMIT, "The file is larger than %d KB: it is no scenario, or its texts are too long.",
                        DRAFT_FILE_MAX / 1024));
    ok = ok && scenario_read(app_lab(app), "file", (const unsigned char *)pasted, length, &scenario, &err);
    scenario_free(scenario);
    ok = ok && draft_read(&draft, request->arena, "file", pasted, length, &err) && write_draft(&draft, &text, &err) &&
         app_scenario_create(app, draft_value(&draft, DRAFT_ROOT, 0, "title"), text.data, text.length, id, &version,
                             &why, &err);
    text_free(&text);
    if (!ok)
        show_import(request, response, pasted, words(request->arena, "%s", err.text));
    else
        response_redirect(response, "/author/%s?%s=1", id, version > 0 ? "saved" : "check");
}

static const web_route_t routes[] = {
    {"GET", "/author", list},
    {"POST", "/author", create},
    {"GET", "/author/import", import},
    {"POST", "/author/import", import_text},
    {"GET", "/author/:id", form},
    {"POST", "/author/:id", save},
    {"GET", "/author/:id/preview", author_preview},
    {"GET", "/author/:id/export", export},
    {"POST", "/author/:id/version", bring_back},
    {"POST", "/author/:id/remove", remove_one},
};

const web_route_t *author_routes(size_t *count)
{
    *count = sizeof routes / sizeof routes[0];
    return routes;
}
