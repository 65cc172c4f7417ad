/* One record: how the learner has it signed, and the preceptor's page, which shows that record and nothing else. */
#include "rotate.h"

#include "draw/paper.h"
#include "draw/qr.h"
#include "page_words.h"

#include "rotate_sign.html.h"

#include <string.h>

/* ---- the learner's page of a record ---- */

static void fill_notes(item_page_t *page, arena_t *a, const rotation_t *r, const char *id)
{
    page->notes = arena_array(a, (size_t)r->note_count + 1, sizeof *page->notes);
    for (int i = 0; page->notes != NULL && i < r->note_count; i++)
        if (strcmp(r->notes[i].what, id) == 0)
            page->notes[page->note_count++] = (note_row_t){
                words(a, "%s", r->notes[i].name), words_date(a, r->notes[i].at_ms), words(a, "%s", r->notes[i].text)};
    for (int i = 0; i < r->pin_count; i++) page->pin_count += !r->pins[i].off;
}

/* The record of the address, copied; false: it answered 404. */
static bool find_item(item_view_t *view, item_page_t *page, web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    err_t err;
    const char *id = request_route(request, "id");
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return false;
    }
    const rotation_item_t *item = rotation_find(r, id);
    if (item != NULL) rotate_item(view, request->arena, r, item);
    if (item != NULL && page != NULL) fill_notes(page, request->arena, r, id);
    app_rotation_leave(web_app(web));
    if (item == NULL)
        response_error(response, 404, "There is no such record. The list of entries shows what there is.");
    return item != NULL;
}

static void item_page(web_t *web, const request_t *request, response_t *response, item_page_t *page)
{
    rotate_frame(&page->r, request, "Record", NULL);
    if (!find_item(&page->item, page, web, request, response)) return;
    page->r.frame.title = page->item.title;
    rotate_item_page(response_html(response), page);
}

static void get_item(web_t *web, const request_t *request, response_t *response)
{
    item_page_t page = {0};
    item_page(web, request, response, &page);
}

static void post_note(web_t *web, const request_t *request, response_t *response)
{
    item_page_t page = {0};
    err_t err;
    const char *id = request_route(request, "id");
    if (app_rotation_note(web_app(web), id, rotate_field(request, "name"), rotate_field(request, "text"),
                          rotate_ticked(request, "no_patient"), rotate_field(request, "request"), &err)) {
        response_redirect(response, "/rotate/item/%s", id);
        return;
    }
    page.note_name = rotate_field(request, "name");
    page.note_text = rotate_field(request, "text");
    page.ask_patient = err.code == ERR_STATE;
    rotate_frame(&page.r, request, "Record", NULL);
    if (!find_item(&page.item, &page, web, request, response)) return;
    rotate_refused(&page.r, response, &err);
    rotate_item_page(response_html(response), &page);
}

static void add_percent(text_t *out, const char *text)
{
    for (; *text != '\0'; text++) text_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
}

static const char *mail_of(arena_t *arena, const char *link)
{
    text_t out;
    text_init(&out, 4000);
    text_add(&out, "mailto:?subject=");
    add_percent(&out, "Please sign: rotation record");
    text_add(&out, "&body=");
    add_percent(&out, words(arena, "This link opens one record for your signature, once:\r\n%s\r\n", link));
    const char *href = out.data != NULL ? words(arena, "%s", out.data) : "mailto:";
    text_free(&out);
    return href;
}

/* The token is told in this answer alone, so it is a page and no redirect. */
static void post_link(web_t *web, const request_t *request, response_t *response)
{
    item_page_t page = {0};
    char token[APP_TOKEN_MAX];
    int64_t expires;
    text_t qr;
    err_t err;
    if (!app_rotation_ask(web_app(web), request_route(request, "id"), false, token, &expires, &err)) {
        response_failed(response, &err);
        return;
    }
    const char *base = web_url(web);
    page.link = words(request->arena, "%ssign/%s", base, token);
    page.expires = words_date(request->arena, expires);
    page.mailto = mail_of(request->arena, page.link);
    text_init(&qr, 256 * 1024);
    if (!draw_qr(&qr, page.link, "QR code of the one-time link", &err)) {
        text_free(&qr);
        response_failed(response, &err);
        return;
    }
    page.qr = arena_text(request->arena, qr.data, qr.length);
    text_free(&qr);
    item_page(web, request, response, &page);
}

/* ---- paper ---- */

static const rotation_rules_t *rules_of(web_t *web, err_t *err)
{
    const rotation_t *r;
    if (!app_rotation(web_app(web), &r, err)) return NULL;
    const rotation_rules_t *rules = r->rules; /* they stay while the program runs */
    app_rotation_leave(web_app(web));
    return rules;
}

/* A line for each behavior, a box for each rating. */
static paper_block_t behaviors_block(arena_t *a, const rotation_rules_t *rules)
{
    enum { COLUMNS = 8 };
    const char **c = arena_array(a, (size_t)BEHAVIORS_MAX * COLUMNS, sizeof *c);
    for (int i = 0; c != NULL && i < rules->behavior_count; i++) c[COLUMNS * i] = rules->behaviors[i].text;
    return (paper_block_t){
        .kind = PAPER_TABLE,
        .table = {.columns = COLUMNS,
                  .rows = c != NULL ? rules->behavior_count : 0,
                  .names = {"Behavior: mark one; R needs remediation, N not seen", "1", "2", "3", "4", "5", "R", "N"},
                  .cells = c,
                  .share = {0.65, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05}}};
}

/* What the preceptor writes on the sheet: the judgment, then lines with room for a hand. */
static int preceptor_blocks(paper_block_t *blocks, arena_t *a, const rotation_rules_t *rules, const item_view_t *item)
{
    static const char *const lines[] = {"Comment\n\n\n", NULL, "Name in print, role\n\n", NULL,
                                        "Day\n\n",       NULL, "Signature\n\n",           NULL};
    int n = 0;
    blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Preceptor"};
    if (item->kind == ITEM_EVALUATION)
        blocks[n++] = behaviors_block(a, rules);
    else
        blocks[n++] = (paper_block_t){
            .kind = PAPER_TEXT,
            .text =
                item->kind == ITEM_ENTRY
                    ? "The day is confirmed as it stands:   [   ] yes   [   ] no, see the comment"
                    : "Mark one:   [   ] 1 observed only   [   ] 2 direct supervision   [   ] 3 supervision at hand\n"
                      "[   ] 4 independent   [   ] 5 could teach   [   ] needs remediation"};
    if (item->kind != ITEM_ENTRY)
        blocks[n++] = (paper_block_t){.kind = PAPER_TEXT,
                                      .text = "1 (observed only), 5 (could teach) and remediation need a comment."};
    blocks[n++] =
        (paper_block_t){.kind = PAPER_TABLE,
                        .table = {.columns = 2, .rows = 4, .names = {"", ""}, .cells = lines, .share = {0.3, 0.7}}};
    return n;
}

static void post_sheet(web_t *web, const request_t *request, response_t *response)
{
    enum { MOST = 8 };
    item_view_t item;
    char code[APP_TOKEN_MAX];
    int64_t expires;
    err_t err;
    arena_t *a = request->arena;
    const rotation_rules_t *rules = rules_of(web, &err);
    if (rules == NULL) {
        response_failed(response, &err);
        return;
    }
    if (!find_item(&item, NULL, web, request, response)) return;
    if (!app_rotation_ask(web_app(web), item.id, true, code, &expires, &err)) {
        response_failed(response, &err);
        return;
    }
    const char *facts[2 * ITEM_PAIRS_MAX];
    for (int i = 0; i < item.pair_count; i++) {
        facts[2 * i] = item.pairs[i].name;
        facts[2 * i + 1] = item.pairs[i].value;
    }
    paper_block_t blocks[MOST] = {
        {.kind = PAPER_FIELDS, .table = {.columns = 2, .rows = item.pair_count, .cells = facts}}};
    int n = 1 + preceptor_blocks(&blocks[1], a, rules, &item);
    blocks[n++] =
        (paper_block_t){.kind = PAPER_HEADING, .text = words(a, "Code:  %.4s-%.4s-%.4s", code, code + 4, code + 8)};
    blocks[n++] = (paper_block_t){
        .kind = PAPER_TEXT,
        .text =
            words(a,
                  "Type the code in under Rotation, “Type in the code of a paper sheet”, until %s, and copy what the "
                  "preceptor wrote. The code is good once and for this version of the record alone. Keep this paper: "
                  "it is the original.",
                  words_day(a, expires))};
    paper_t sheet = {.size = PAPER_LETTER,
                     .title = "Record to be signed",
                     .subtitle = item.title,
                     .date = words_day(a, request->now_ms),
                     .note = "For training records only. Nothing about patients belongs here.",
                     .blocks = blocks,
                     .block_count = n};
    if (!draw_paper(response_body(response, "application/pdf"), &sheet, NULL, &err))
        response_failed(response, &err);
    else
        response_download(response, "sign-sheet.pdf");
}

/* ---- the preceptor's page ---- */

static void sign_frame(sign_page_t *page, const request_t *request)
{
    rotate_frame(&page->r, request, "Sign", NULL);
    page->heading = "Sign this record";
    page->rating = RATING_NONE;
    page->name = rotate_field(request, "name");
    page->role = rotate_field(request, "role");
    page->comment = rotate_field(request, "comment");
    const char *rating = rotate_field(request, "rating");
    if (rating[0] >= '0' && rating[0] <= '5' && rating[1] == '\0') page->rating = rating[0] - '0';
}

/* With the state held. */
static void sign_fill(sign_page_t *page, const request_t *request, const rotation_t *r, const rotation_item_t *item)
{
    signed char chosen[BEHAVIORS_MAX];
    rotate_item(&page->item, request->arena, r, item);
    rotate_read_behaviors(request, r->rules, chosen);
    rotate_behaviors(page->behaviors, &page->behavior_count, r->rules, chosen);
}

static app_sign_t read_sign(const request_t *request, const sign_page_t *page, const rotation_rules_t *rules,
                            signed char behaviors[BEHAVIORS_MAX])
{
    rotate_read_behaviors(request, rules, behaviors);
    return (app_sign_t){.name = page->name,
                        .role = page->role,
                        .comment = page->comment,
                        .rating = page->rating,
                        .behaviors = behaviors,
                        .no_patient = rotate_ticked(request, "no_patient"),
                        .returned = strcmp(rotate_field(request, "do"), "return") == 0};
}

static void sign_refused(sign_page_t *page, response_t *response, const err_t *err)
{
    rotate_refused(&page->r, response, err);
    page->notice_kind = "crit";
    page->notice = err->text;
    page->ask_patient = err->code == ERR_STATE;
}

/* The record as it is now, signed or given back. */
static bool look_again(item_view_t *view, const char *id, app_t *app, arena_t *arena)
{
    const rotation_t *rotation = NULL;
    if (!app_rotation(app, &rotation, NULL)) return false;
    const rotation_item_t *item = rotation_find(rotation, id);
    if (item != NULL) rotate_item(view, arena, rotation, item);
    app_rotation_leave(app);
    return item != NULL;
}

static void sign_done(sign_page_t *page, web_t *web, const request_t *request, bool returned)
{
    item_view_t now;
    page->done = true;
    page->returned = returned;
    page->heading = returned ? "Given back" : "Signed";
    page->notice_kind = "ok";
    page->notice = returned ? "Given back." : "Signed. Thank you.";
    if (look_again(&now, page->item.id, web_app(web), request->arena)) page->item = now;
}

/* A bad token: its own bare page, so that nothing of the program is told. */
static void no_link(const request_t *request, response_t *response, const err_t *err)
{
    code_page_t page = {.code = "", .notice = err->text};
    rotate_frame(&page.r, request, "Sign", NULL);
    response_status(response, err->code == ERR_LIMIT ? 429 : err->code == ERR_DENIED ? 404 : 503);
    rotate_code_page(response_html(response), &page);
}

/* Opens the record behind the token; false: answered. */
static bool open_link(sign_page_t *page, web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    const rotation_item_t *item;
    err_t err;
    const char *token = request_route(request, "token");
    sign_frame(page, request);
    if (!app_rotation_link(web_app(web), token, request->session, &r, &item, &err)) {
        no_link(request, response, &err);
        return false;
    }
    sign_fill(page, request, r, item);
    app_rotation_leave(web_app(web));
    page->action = words(request->arena, "/sign/%s", token);
    page->paper = strlen(token) < APP_TOKEN_MAX - 2;
    return true;
}

static void get_sign(web_t *web, const request_t *request, response_t *response)
{
    sign_page_t page = {0};
    if (!open_link(&page, web, request, response)) return;
    response_header(response, "X-Robots-Tag", "noindex");
    rotate_sign_page(response_html(response), &page);
}

static void post_sign(web_t *web, const request_t *request, response_t *response)
{
    sign_page_t page = {0};
    char receipt[ROTATION_HASH_TEXT];
    signed char behaviors[BEHAVIORS_MAX];
    err_t err;
    if (!open_link(&page, web, request, response)) return;
    const rotation_rules_t *rules = rules_of(web, &err);
    if (rules == NULL) {
        response_failed(response, &err);
        return;
    }
    app_sign_t sign = read_sign(request, &page, rules, behaviors);
    if (app_rotation_sign_link(web_app(web), request_route(request, "token"), request->session, &sign, receipt, &err))
        sign_done(&page, web, request, sign.returned);
    else
        sign_refused(&page, response, &err);
    rotate_sign_page(response_html(response), &page);
}

/* ---- by PIN ---- */

/* Fills in record and names; false: answered. */
static bool open_pin(sign_page_t *page, web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    err_t err;
    arena_t *a = request->arena;
    const char *id = request_route(request, "id"), *chosen = rotate_field(request, "pin_of");
    sign_frame(page, request);
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return false;
    }
    const rotation_item_t *item = rotation_find(r, id);
    bool there = item != NULL && item->signature < 0;
    if (there) sign_fill(page, request, r, item);
    page->pins = arena_array(a, ROTATION_PINS_MAX, sizeof *page->pins);
    for (int i = 0; page->pins != NULL && i < r->pin_count; i++)
        if (!r->pins[i].off)
            page->pins[page->pin_count++] =
                (option_t){words(a, "%s", r->pins[i].id), words(a, "%s, %s", r->pins[i].name, r->pins[i].role),
                           strcmp(r->pins[i].id, chosen) == 0};
    app_rotation_leave(web_app(web));
    if (!there) {
        response_error(response, 404, "There is no such record that waits for a signature; it may be signed already.");
        return false;
    }
    page->action = words(a, "/rotate/item/%s/pin", id);
    page->back = words(a, "/rotate/item/%s", id);
    return true;
}

static void get_pin(web_t *web, const request_t *request, response_t *response)
{
    sign_page_t page = {0};
    if (open_pin(&page, web, request, response)) rotate_sign_page(response_html(response), &page);
}

static void post_pin(web_t *web, const request_t *request, response_t *response)
{
    sign_page_t page = {0};
    char receipt[ROTATION_HASH_TEXT];
    signed char behaviors[BEHAVIORS_MAX];
    err_t err;
    if (!open_pin(&page, web, request, response)) return;
    const rotation_rules_t *rules = rules_of(web, &err);
    if (rules == NULL) {
        response_failed(response, &err);
        return;
    }
    app_sign_t sign = read_sign(request, &page, rules, behaviors);
    if (app_rotation_sign_pin(web_app(web), request_route(request, "id"), rotate_field(request, "pin_of"),
                              rotate_field(request, "pin"), request->session, &sign, receipt, &err))
        sign_done(&page, web, request, sign.returned);
    else
        sign_refused(&page, response, &err);
    rotate_sign_page(response_html(response), &page);
}

static void pins_page(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    const rotation_t *r;
    pins_page_t page = {.name = rotate_field(request, "name"), .role = rotate_field(request, "role")};
    err_t err;
    arena_t *a = request->arena;
    rotate_frame(&page.r, request, "PINs of preceptors", NULL);
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    page.rows = arena_array(a, ROTATION_PINS_MAX, sizeof *page.rows);
    for (int i = 0; page.rows != NULL && i < r->pin_count; i++)
        if (!r->pins[i].off)
            page.rows[page.count++] = (pin_row_t){words(a, "%s", r->pins[i].id), words(a, "%s", r->pins[i].name),
                                                  words(a, "%s", r->pins[i].role), words_day(a, r->pins[i].at_ms)};
    app_rotation_leave(web_app(web));
    if (refusal != NULL) rotate_refused(&page.r, response, refusal);
    rotate_pins_page(response_html(response), &page);
}

static void get_pins(web_t *web, const request_t *request, response_t *response)
{
    pins_page(web, request, response, NULL);
}

static void post_pins(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_rotation_pin(web_app(web), rotate_field(request, "name"), rotate_field(request, "role"),
                         rotate_field(request, "pin"), rotate_field(request, "again"), &err))
        response_redirect(response, "/rotate/pins");
    else
        pins_page(web, request, response, &err);
}

static void post_pin_off(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_rotation_pin_off(web_app(web), rotate_field(request, "id"), rotate_field(request, "pin"), request->session,
                             &err))
        response_redirect(response, "/rotate/pins");
    else
        pins_page(web, request, response, &err);
}

/* ---- the code of a sheet ---- */

static void get_code(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    code_page_t page = {.code = ""};
    rotate_frame(&page.r, request, "Code of a paper sheet", NULL);
    rotate_code_page(response_html(response), &page);
}

static void post_code(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    char code[41];
    size_t n = 0;
    for (const char *c = rotate_field(request, "code"); *c != '\0' && n + 1 < sizeof code; c++)
        if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')) code[n++] = *c;
    code[n] = '\0';
    response_redirect(response, n > 0 ? "/sign/%s" : "/sign%s", code);
}

static const web_route_t routes[] = {
    {"GET", "/rotate/item/:id", get_item},
    {"POST", "/rotate/item/:id/link", post_link},
    {"POST", "/rotate/item/:id/sheet", post_sheet},
    {"GET", "/rotate/item/:id/pin", get_pin},
    {"POST", "/rotate/item/:id/pin", post_pin},
    {"POST", "/rotate/item/:id/note", post_note},
    {"GET", "/rotate/pins", get_pins},
    {"POST", "/rotate/pins", post_pins},
    {"POST", "/rotate/pins/off", post_pin_off},
    {"GET", "/sign", get_code},
    {"POST", "/sign", post_code},
    {"GET", "/sign/:token", get_sign},
    {"POST", "/sign/:token", post_sign},
};

const web_route_t *rotate_sign_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
